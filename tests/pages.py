"""HTML pages as tests want to see them: ids, links, headings, and tables as lists of rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

VOID = frozenset({'area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'wbr'})
HEADINGS = ('h1', 'h2', 'h3', 'h4', 'h5', 'h6')


class Element:
    """An element of a page, with its attributes, elements and texts."""

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Element | str] = []

    def walk(self) -> Iterator[Element]:
        """The element and all that are in it, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, *tags: str, cls: str = '') -> list[Element]:
        """Elements of these tags (of all, without) that have the class."""
        return [
            element
            for element in self.walk()
            if (not tags or element.tag in tags) and (not cls or cls in element.classes)
        ]

    @property
    def classes(self) -> list[str]:
        """The classes of the element."""
        return self.attributes.get('class', '').split()

    @property
    def text(self) -> str:
        """The text in it on one line as it is seen, without permalinks."""
        return ' '.join(''.join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for child in self.children:
            if isinstance(child, str):
                yield child
            elif not {'headerlink', 'raci-word'} & set(child.classes):
                # Paragraphs are words of their own, however the page is written.
                yield ' ' if child.tag in {'p', 'li', 'br', 'div'} else ''
                yield from child._texts()

    @property
    def ids(self) -> list[str]:
        """The ids of all elements in it but the names of tables, each as often as it occurs."""
        found = [element.attributes['id'] for element in self.walk() if 'id' in element.attributes]
        return [ident for ident in found if not ident.startswith('raci.table-')]

    @property
    def links(self) -> list[tuple[str, str]]:
        """Text and address of all links in it, permalinks aside."""
        found = [element for element in self.all('a') if 'href' in element.attributes]
        return [(element.text, element.attributes['href']) for element in found if 'headerlink' not in element.classes]

    @property
    def headings(self) -> list[tuple[str, str]]:
        """Tag and text of all headings in it."""
        return [(element.tag, element.text) for element in self.all(*HEADINGS)]

    @property
    def tables(self) -> list[list[list[str]]]:
        """The tables of matrices and parties in it, each as rows of the texts of its cells, heads included."""
        return [table.rows for table in self.all('table', cls='raci-table')]

    @property
    def rows(self) -> list[list[str]]:
        """The rows of a table as the texts of their cells."""
        return [[cell.text for cell in row.all('td', 'th')] for row in self.all('tr')]

    def row(self, anchor: str) -> list[str]:
        """The row of a table in which the anchor stands; the innermost, where a table stands in another."""
        row = [row for row in self.all('tr') if anchor in row.ids][-1]
        return [cell.text for cell in row.all('td', 'th')]

    def part(self, anchor: str) -> Element:
        """The element of this id; it must be there once."""
        [element] = [element for element in self.walk() if element.attributes.get('id') == anchor]
        return element


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element('', {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or '' for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.open[-1].tag == tag, f'</{tag}> closes <{self.open[-1].tag}>'
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open[-1].tag not in {'script', 'style'}:
            self.open[-1].children.append(data)


def parse_whole(html: str) -> Element:
    """All of a page, head and sidebar included."""
    builder = _Builder()
    builder.feed(html)
    assert builder.open == [builder.root], 'an element is not closed'
    return builder.root


def parse(html: str) -> Element:
    """The body of a page: what its document says."""
    [body] = parse_whole(html).all('div', cls='body')
    return body


def page(folder: Path, docname: str) -> Element:
    """The body of the page of a document."""
    return parse((folder / f'{docname}.html').read_text('utf-8'))


def resolve(docname: str, href: str) -> tuple[str, str]:
    """The document and the anchor that a link on a page leads to."""
    address, anchor = urldefrag(href)
    parts = docname.split('/')[:-1]
    for part in unquote(address).removesuffix('.html').split('/') if address else []:
        if part == '..':
            parts.pop()
        else:
            parts.append(part)
    return ('/'.join(parts) if address else docname), unquote(anchor)


def broken_links(folder: Path) -> list[tuple[str, str]]:
    """The links of a site, as page and address, that lead to no page or to no id on it; ids that occur twice too."""
    pages = {path.relative_to(folder).as_posix().removesuffix('.html'): path for path in folder.rglob('*.html')}
    roots = {name: parse_whole(path.read_text('utf-8')) for name, path in pages.items()}
    ids = {name: root.ids for name, root in roots.items()}
    broken = [(name, f'two ids {anchor}') for name in ids for anchor in set(ids[name]) if ids[name].count(anchor) > 1]
    for name, root in roots.items():
        for element in root.all('a'):
            href = element.attributes.get('href', '')
            if not href or re.match(r'[a-z]+:', href):
                continue
            target, anchor = resolve(name, href)
            good = not anchor or anchor in ids[target] if target in ids else (folder / target).exists()
            if not good:
                broken.append((name, href))
    return sorted(broken)


def dead_links(folder: Path) -> list[tuple[str, str]]:
    """The links between the files of a site, as file and address, that lead to no file or to no id in it."""
    roots = {path: parse_whole(path.read_text('utf-8')) for path in folder.rglob('*.html')}
    ids = {path: set(root.ids) for path, root in roots.items()}
    dead = []
    for path, root in roots.items():
        for element in root.all('a', 'link'):
            href = element.attributes.get('href', '')
            if not href or re.match(r'[a-z]+:', href):
                continue
            address, anchor = urldefrag(href)
            target = (path.parent / unquote(address.partition('?')[0])).resolve() if address else path
            target = target / 'index.html' if target.is_dir() else target
            if not target.is_file() or (anchor and unquote(anchor) not in ids[target]):
                dead.append((path.relative_to(folder).as_posix(), href))
    return sorted(dead)

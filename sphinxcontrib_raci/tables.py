"""Tables as plain data become docutils tables, when a document is about to be written.

That late, they cost no transform and no pickling; writers and the XML builder see ordinary tables all the same.  Pages
of HTML make even their rows one by one: of large tables, nodes take most of the memory, and of the time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from math import ceil
from operator import methodcaller

from docutils import nodes
from sphinx.builders import Builder
from sphinx.errors import NoUri
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode

from sphinxcontrib_raci import latex, monospaced, narrow, paper
from sphinxcontrib_raci.content import (
    Cell,
    Inline,
    Letters,
    Mark,
    Markup,
    Paragraph,
    Ref,
    Row,
    Share,
    Table,
    Tags,
    Url,
)
from sphinxcontrib_raci.domain import RaciDomain, domain_of
from sphinxcontrib_raci.links import address, is_full
from sphinxcontrib_raci.nodes import (
    ROW_FORMATS,
    letters_node,
    mark_node,
    raci_cell,
    raci_filter,
    raci_heading,
    raci_note,
    raci_pending_table,
    raci_row,
    raci_rows,
    raci_table,
    raci_title_row,
    share_node,
    tag_nodes,
)
from sphinxcontrib_raci.packing import unpacked

LATE = {'html', 'dirhtml'}
"""The builders that write rows as they make them.  Others of HTML change links when pages are put together."""


class ExpandTables(SphinxPostTransform):
    """Put the tables in place, or make them ready to be, after all other transforms, which would walk each cell.

    What they might want to see, the markup and the links of cells, stands among the table's children from the start.
    """

    default_priority = 990

    def run(self, **kwargs: object) -> None:
        """Deal with every table of the document that is still on its way."""
        domain = domain_of(self.env)
        if domain.builder.format == 'latex':
            latex.lead(self.document)
            latex.leave_anchors(self.document, self.document.findall(raci_pending_table))
        filtered: dict[str, list[str]] = {}
        for number, node in enumerate(list(self.document.findall(raci_pending_table)), 1):
            # No anchor of a matrix can be that id: they begin with "raci-".
            # The box that some themes put around a table gets its ids too, and no id may be there twice.
            if isinstance(node.parent, nodes.container):
                node.parent['ids'] = [ident for ident in node.parent['ids'] if ident not in node['ids']]
            name_id = f'raci.table-{number}'
            filtered.setdefault(node.get('filter', ''), []).append(name_id)
            node['name_id'] = name_id
            if domain.builder.name in LATE:
                node += nodes.Text(unpacked(node['words']))
            else:
                node.replace_self(expanded(node, domain.builder))
        names: Counter[str] = Counter()
        for form in list(self.document.findall(raci_filter)):
            # No id of a matrix has a dot, so that the name of a second one is nobody else's.
            names[form['content'].name] += 1
            if (number := names[form['content'].name]) > 1:
                form['content'] = replace(form['content'], name=f'{form["content"].name}.{number}')
            form['controls'] = ' '.join(filtered.get(form['key'], ()))
            # Pages that are part of something else, such as a book, run no scripts.
            if domain.builder.format != 'html' or getattr(domain.builder, 'embedded', False) or not form['controls']:
                form.parent.remove(form)


def expanded(node: raci_pending_table, builder: Builder) -> list[nodes.Node]:
    """What a table is for a builder."""
    return _Expansion(domain_of(builder.env), node).table(node['name_id'])


class _Expansion:
    """One table on its way to nodes."""

    def __init__(self, domain: RaciDomain, node: raci_pending_table) -> None:
        self.domain = domain
        self.builder = domain.builder
        self.node = node
        self.content: Table = unpacked(node['content'])
        self.html = self.builder.format == 'html'
        self.late = self.builder.name in LATE
        self.linked = monospaced.LINKED.get(self.builder.format, ())
        self.classes = narrow.classes(self.content) if self.html else []
        # Where a page is too narrow, a row stands as a list, in which each cell says which column it is in.
        stacked = 'raci-stacked' in self.classes
        titles = (str(getattr(column.title, 'text', column.title)) for column in self.content.columns)
        self.heads = [title if stacked else '' for title in titles]
        self.latex = self.builder.format == 'latex'
        self.per_cent = paper.LANDSCAPE if node['landscape'] else paper.PORTRAIT
        # Copies go as soon as their row is written, and the page can be written again.
        own = map(methodcaller('deepcopy'), node.children) if self.late else iter(node.children)
        # The title is the first of them.
        titled = any(isinstance(child, nodes.title) for child in node.children[:1])
        self.titles: list[nodes.Node] = [next(own)] if titled else []
        self.parsed: Iterator[nodes.Node] = own

    def table(self, name_id: str) -> list[nodes.Node]:
        columns = self.content.columns
        group = nodes.tgroup('', cols=len(columns))
        group += [nodes.colspec('', colwidth=column.width) for column in columns]
        heads = [Cell(((column.title,),), (), 'col') for column in columns]
        turned = self.latex and paper.turns(columns, self.per_cent)
        head = self.row(tuple(heads))
        if turned:
            latex.turn(head.children[1:], paper.turned_height(columns, self.per_cent))
        group += nodes.thead('', head)
        group += self.bodies()
        for title in self.titles if self.html else ():
            # The link beside it is not part of the name.
            title.children = [nodes.inline('', '', *title.children, ids=[name_id])]
        table = raci_table('', *self.titles, group, ids=self.node['ids'], names=self.node['names'])
        table['name_id'], table['label'] = name_id, self.content.label
        table['classes'] = ['raci-table', 'colwidths-given', *self.node['classes'], *self.classes]
        table.source, table.line = self.node.source, self.node.line
        if self.builder.format in monospaced.ROOMS:
            return monospaced.laid_out(table, self.builder.format)
        return latex.set_up(table, turned) if self.latex else [table]

    def bodies(self) -> list[nodes.tbody]:
        """The rows; in HTML, each title that heads a group of rows begins a body of its own."""
        groups: list[list[Row]] = [[]]
        for row in paper.rows_that_fit(self.content, self.per_cent) if self.latex else self.content.rows:
            first = row[0]
            if self.html and isinstance(first, Cell) and first.scope == 'rowgroup' and groups[-1]:
                groups.append([])
            groups[-1].append(row)
        if self.late:
            return [raci_rows('', rows=map(self.row, rows)) for rows in groups]
        return [nodes.tbody('', *map(self.row, rows)) for rows in groups]

    def row(self, row: Row) -> nodes.row:
        cells = [cell if isinstance(cell, Cell) else self.plain_cell(cell) for cell in row]
        plain: list[Paragraph] = []
        if self.builder.format in ROW_FORMATS:
            while cells and (text := _plain(cells[-1])) is not None:
                plain.insert(0, text)
                cells.pop()
        made = [self.cell(cell, len(row) == 1, head) for cell, head in zip(cells, self.heads, strict=False)]
        if self.latex and paper.heads_rows(row):
            return raci_title_row('', *made)
        heads = self.heads[len(made) :]
        return raci_row('', *made, content=plain, heads=heads) if plain else nodes.row('', *made)

    def plain_cell(self, content: Inline) -> Cell:
        # That a party has no part is said to those who cannot see it.
        empty = content == '' or (isinstance(content, Letters) and not content.codes and not self.html)
        return Cell(() if empty else ((content,),))

    def cell(self, cell: Cell, spanning: bool, head: str) -> nodes.entry:
        entry: nodes.entry = raci_cell('', head=head) if head else nodes.entry()
        if self.html and cell.scope:
            entry = raci_heading('', scope=cell.scope)
        if cell.heat is not None:
            entry['classes'] += ['raci-heat', f'raci-part-{ceil(cell.heat / 10)}']
        if spanning and len(self.content.columns) > 1:
            entry['morecols'] = len(self.content.columns) - 1
        anchors = [anchor for anchor in cell.anchors if anchor not in self.node['without']]
        first, *rest = [self.inlines(paragraph) for paragraph in cell.paragraphs] or [[]]
        if self.html:
            entry += self.html_text(entry, first, anchors, cell.level)
        elif self.latex and cell.heat is not None:
            entry += [latex.shade(cell.heat), _text(cell, first, anchors)]
        elif first or not rest:
            entry += _text(cell, first, anchors)
        for paragraph, made in zip(cell.paragraphs[1:], rest, strict=True):
            entry += raci_note('', '', *made, classes=_note_classes(paragraph))
        return entry

    def html_text(self, entry: nodes.entry, text: list[nodes.Node], anchors: list[str], level: int) -> list[nodes.Node]:
        """The main text of a cell for HTML, which has anchors on cells and needs no paragraph."""
        entry['ids'] += anchors
        entry['classes'] += [f'raci-level-{level}'] if level else []
        # Sphinx's writer wants a reference within text.
        linked = any(isinstance(node, nodes.reference) for node in text)
        return [nodes.inline('', '', *text)] if linked else text

    def inlines(self, paragraph: Paragraph) -> list[nodes.Node]:
        made: list[nodes.Node] = []
        for part in paragraph:
            for node in self.inline(part):
                before = made[-2] if len(made) > 1 else None
                # Several counts that lead to one place are one link.
                if isinstance(before, nodes.reference) and _target(before) == _target(node):
                    before += [made.pop(), *node.children]
                else:
                    made.append(node)
        return made

    def inline(self, part: Inline) -> list[nodes.Node]:
        match part:
            case str():
                return latex.divided(part) if self.latex else [nodes.Text(part)]
            case Letters():
                return [letters_node(part)]
            case Ref():
                return [self.reference(part)]
            case Markup():
                return [self.next_parsed()]
            case Url():
                return self.link(part)
            case Tags():
                return tag_nodes(part)
            case Mark():
                return [mark_node(part)]
            case Share():
                return [share_node(part)]

    def link(self, part: Url) -> list[nodes.Node]:
        parsed = self.next_parsed()
        leads = address(part.url, self.builder, self.node['refdoc'])
        assert isinstance(parsed, nodes.Element)
        if leads and not is_full(part.url):
            children = list(parsed.children)
            parsed.clear()
            parsed += nodes.reference('', '', *children, refuri=leads, internal=False)
        # The writer of plain text leaves out where a link leads.
        return [parsed, nodes.Text(f' <{leads or part.url}>')] if self.builder.format == 'text' else [parsed]

    def next_parsed(self) -> nodes.Node:
        parsed = next(self.parsed)
        if self.latex and isinstance(parsed, nodes.Element):
            latex.divide(parsed)
        return parsed

    def words(self, text: str) -> nodes.Node:
        return nodes.inline('', '', *latex.divided(text)) if self.latex else nodes.Text(text)

    def reference(self, part: Ref) -> nodes.Node:
        """A link to where the object stands, or its text alone where it stands nowhere in this output."""
        text = self.next_parsed() if isinstance(part.text, Markup) else self.words(part.text)
        found = self.domain.locate(part.kind, part.name)
        unlinked = self.builder.format in monospaced.ROOMS and part.kind not in self.linked
        if found is None or unlinked:
            return text
        if isinstance(part.text, Markup):
            # No link can hold another one.  Not replace_self(), which wants a place for classes.
            for link in list(text.findall(nodes.reference)):
                link.parent.replace(link, link.children)
        try:
            return make_refnode(self.builder, self.node['refdoc'], found.docname, found.anchor, text)
        except NoUri:
            return text


def _target(node: nodes.Node) -> tuple[str, str] | None:
    """Where a link leads."""
    return (node.get('refuri', ''), node.get('refid', '')) if isinstance(node, nodes.reference) else None


def _plain(cell: Cell) -> Paragraph | None:
    """The text of a cell that holds nothing but words and letters."""
    if cell.scope or cell.heat is not None or len(cell.paragraphs) > 1:
        return None
    text = cell.paragraphs[0] if cell.paragraphs else ()
    return text if all(isinstance(part, (str, Letters)) for part in text) else None


def _text(cell: Cell, text: list[nodes.Node], anchors: list[str]) -> nodes.paragraph:
    """The main text of a cell for all other writers, which make nothing of the ids of an entry.

    It is a paragraph: LaTeX hyphenates in nothing else.
    """
    targets = [nodes.target('', '', ids=anchors)] if anchors else []
    if cell.scope == 'rowgroup':
        indent = nodes.Text('\N{NO-BREAK SPACE}' * 4 * (cell.level - 1))
        text = [*([indent] if indent else []), nodes.strong('', '', *text)]
    return nodes.paragraph('', '', *targets, *text)


def _note_classes(paragraph: Paragraph) -> list[str]:
    kinds = {Url: 'raci-links', Tags: 'raci-tags', Mark: 'raci-waived'}
    kind = kinds.get(type(paragraph[0]))
    return ['raci-note', kind] if kind else ['raci-note']

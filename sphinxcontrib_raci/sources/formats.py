"""The formats that can be read, and how each becomes a tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sphinxcontrib_raci.settings import Settings
from sphinxcontrib_raci.sources.ids import stem
from sphinxcontrib_raci.sources.page import Page
from sphinxcontrib_raci.sources.problems import Problems, untitled
from sphinxcontrib_raci.sources.tables import read_page
from sphinxcontrib_raci.sources.tree import PLAIN_BREAK, Mapping_, Node, Scalar, Sequence, Stop, decode

_PIPES = re.compile(r'^\s*\|?[\s:|]*-{2,}[\s:|-]*$', re.MULTILINE)
_GRID = re.compile(r'^\s*(?:\+-+[+-]*\+|={2,}(?: +={2,})+|\.\. (?:list-|csv-)?table::.*)\s*$', re.MULTILINE)


@dataclass(slots=True)
class Request:
    """One file to be read: its bytes and name, and how it is to be read.

    ``own`` comes to say whether it is in the project's own format.
    """

    data: bytes
    name: str
    settings: Settings
    problems: Problems
    sheet: str = ''
    base_url: str = ''
    own: bool = True


@dataclass(frozen=True, slots=True)
class Format:
    """One format: what it is called, how the names of its files end, and what reads it."""

    name: str
    suffixes: tuple[str, ...]
    reader: Callable[[Request], Node | Page | None]
    extra: str = ''

    def tree(self, request: Request) -> Node | None:
        """The tree that a file holds.

        :raises Stop: where it cannot be read at all; that has been reported.
        """
        _sniff(self, request)
        try:
            found = self.reader(request)
        except ImportError as error:
            text = f"reading {self.name} needs {error.name}: pip install 'sphinxcontrib-raci[{self.extra}]'"
            request.problems.add(None, text, 'syntax')
            raise Stop from None
        if isinstance(found, Page):
            arguments = request.name, request.settings, request.problems, request.base_url, request.sheet
            found, request.own = read_page(found, *arguments)
            if found is None:
                raise Stop
        return found


def _yaml(request: Request) -> Node | Page | None:
    from sphinxcontrib_raci.sources.yamlfile import read_yaml

    return _ours(read_yaml(decode(request.data, request.problems), request.problems), request)


def _json(request: Request) -> Node | Page | None:
    from sphinxcontrib_raci.sources.jsonfile import read_json

    return _ours(read_json(decode(request.data, request.problems, PLAIN_BREAK), request.problems), request)


def _ours(tree: Node | None, request: Request) -> Node | Page | None:
    """The tree itself where it is in our format, or meant to be; otherwise what a tree of another shape means."""
    from sphinxcontrib_raci.sources.almost import from_almost

    nodes = tree.items if isinstance(tree, Sequence) else (tree,)
    pairs = {key.text: value for node in nodes if isinstance(node, Mapping_) for key, value in node.pairs}
    keys = {key for key, value in pairs.items() if key != 'raci' or isinstance(value, Scalar)}
    # What lacks its version alone is told so by the reader.
    if not isinstance(tree, Sequence | Mapping_) or tree.cut or 'raci' in keys or {'title', 'parties'} <= keys:
        return tree
    found = from_almost(tree, request.problems)
    if found is None:
        raise Stop
    text = "the file does not begin with 'raci: 1'; it is read as far as it is clear, and can be converted"
    request.problems.add(tree, text, 'structure', 'warning')
    request.own = False
    return _titled(found, request) if isinstance(found, Mapping_) else found


def _titled(tree: Mapping_, request: Request) -> Mapping_:
    """The tree with the name of the file for a title where it has none."""
    if any(key.text == 'title' for key, _ in tree.pairs):
        return tree
    title = untitled(stem(request.name), request.problems)
    pair = Scalar('title', True, tree.line, tree.column), Scalar(title, False, tree.line, tree.column)
    return Mapping_((*tree.pairs, pair), tree.line, tree.column, tree.cut, tree.twice)


def _csv(request: Request) -> Page | None:
    from sphinxcontrib_raci.sources.sheets.csvfile import read_csv

    return _some(read_csv(request.data, request.problems))


def _xlsx(request: Request) -> Page | None:
    from sphinxcontrib_raci.sources.sheets.xlsxfile import read_xlsx

    return _some(read_xlsx(request.data, request.problems, request.sheet))


def _some(page: Page | None) -> Page:
    if page is None:
        raise Stop
    return page


def _markdown(request: Request) -> Page | None:
    from sphinxcontrib_raci.sources.markdown import read_markdown

    text = decode(request.data, request.problems, PLAIN_BREAK)
    return _with_tables(text, read_markdown(text, request.problems), request)


def _rst(request: Request) -> Page | None:
    from sphinxcontrib_raci.sources.rst import read_rst

    text = decode(request.data, request.problems)
    return _with_tables(text, read_rst(text, request.problems), request)


def _text(request: Request) -> Page | None:
    text = request.data.decode('utf-8', 'replace')
    return _rst(request) if _GRID.search(text) and not _PIPES.search(text) else _markdown(request)


def _with_tables(text: str, page: Page | None, request: Request) -> Page | None:
    from sphinxcontrib_raci.sources.flattened import refuse_flattened

    if page is None or refuse_flattened(text, page, request.problems):
        raise Stop
    return page


_ALL = (
    Format('YAML', ('.yaml', '.yml'), _yaml),
    Format('JSON', ('.json',), _json),
    Format('CSV', ('.csv', '.tsv'), _csv),
    Format('XLSX', ('.xlsx', '.xlsm'), _xlsx, 'xlsx'),
    Format('Markdown', ('.md', '.markdown', '.mdx'), _markdown, 'markdown'),
    Format('reStructuredText', ('.rst', '.rest'), _rst),
    Format('text', ('.txt',), _text, 'markdown'),
)
_DECODED = ('YAML', 'JSON', 'CSV')
"""What tells of NUL bytes itself, line by line."""

FORMATS: Mapping[str, Format] = {suffix: one for one in _ALL for suffix in one.suffixes}
"""All formats, by how the names of their files end."""

SOURCES = tuple(f'.raci{suffix}' for suffix in ('.yaml', '.yml', '.json', '.csv', '.xlsx', '.md'))
"""How the names of sources of a documentation end."""


def format_of(name: str) -> Format | None:
    """The format of a file of this name."""
    dot = name.rfind('.')
    return FORMATS.get(name[dot:].lower()) if dot >= 0 else None


def sheets_in(chosen: Format | None, data: bytes) -> tuple[str, ...]:
    """The names of the sheets of a spreadsheet, none for a file of another format."""
    if chosen is None or '.xlsx' not in chosen.suffixes:
        return ()
    from sphinxcontrib_raci.sources.sheets.xlsxfile import sheet_names

    return tuple(sheet_names(data))


def _sniff(chosen: Format, request: Request) -> None:
    """Refuse what is plainly another format than its name says."""
    data, what = request.data, ''
    if chosen.name == 'XLSX':
        return
    if data.startswith(b'PK\x03\x04'):
        what = 'a ZIP archive, as office documents are'
    elif data.startswith(b'%PDF-'):
        what = 'a PDF'
    elif b'\0' in data and chosen.name not in _DECODED and not data.startswith((b'\xff\xfe', b'\xfe\xff')):
        what = 'binary data'
    if what:
        hint = 'save the text or the table as one of the formats that can be read'
        request.problems.add(None, f'the file holds {what}, not {chosen.name}; {hint}', 'syntax')
        raise Stop

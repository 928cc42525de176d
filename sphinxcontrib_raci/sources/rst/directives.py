"""The directives of reStructuredText, as far as a page of tables needs them.

Tables keep the rows that docutils would refuse, and know the true line of each row.  What a directive means beyond the
text and the tables in it is not asked.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from typing import Any, cast

from docutils import nodes, statemachine
from docutils.parsers.rst import Directive, directives, states
from docutils.parsers.rst.directives import images, misc, tables

from sphinxcontrib_raci.sources.rst.text import elements
from sphinxcontrib_raci.wording import quoted

_PROSE = frozenset(
    {
        'admonition',
        'attention',
        'caution',
        'centered',
        'class',
        'compound',
        'container',
        'cssclass',
        'danger',
        'deprecated',
        'epigraph',
        'error',
        'highlights',
        'hint',
        'ifconfig',
        'important',
        'note',
        'only',
        'pull-quote',
        'rst-class',
        'rubric',
        'seealso',
        'sidebar',
        'tip',
        'topic',
        'versionadded',
        'versionchanged',
        'versionremoved',
        'warning',
    }
)
"""What frames text that belongs to the page."""

_NO_WORDS = frozenset({'class', 'container', 'cssclass', 'ifconfig', 'only', 'rst-class'})
"""Those of them whose argument no reader sees."""

_SILENT = frozenset(
    {
        'class',
        'contents',
        'cssclass',
        'default-domain',
        'default-role',
        'highlight',
        'index',
        'role',
        'rst-class',
        'section-numbering',
        'sectnum',
        'tabularcolumns',
    }
)
"""What only says how something looks, and holds nothing itself."""

_TABLE = re.compile(r'^\s*(\+[-=]+\+|={2,}( +={2,})+\s*$|\.\. (csv-|list-)?table::)', re.MULTILINE)


class Beside(nodes.General, nodes.Element):
    """Something that no matrix can hold, in ``line``: ``what`` names it, or ``file`` the file that it stands for."""


class Lost(nodes.General, nodes.Element):
    """A table that cannot be read: ``first`` and ``last`` are its lines."""


def find_directive(name: str) -> type[Directive]:
    """The class for the directive of this name, whatever the name is."""
    return _DIRECTIVES.get(name.lower(), _Unknown)


def block_lines(block: statemachine.StringList) -> list[int]:
    """The line of each line of a block in the file."""
    return [(offset or 0) + 1 for _source, offset in block.items]


class _Options(dict[str, Callable[[str], Any]]):
    """The options of a directive, with those that nobody knows: one more option is no reason to lose a table."""

    def __missing__(self, name: str) -> Callable[[str], Any]:
        return directives.unchanged


def _options(*names: str) -> Any:
    """The options of these names as docutils reads them, all others as texts."""
    known = {name: tables.CSVTable.option_spec[name] for name in names}
    return _Options({'class': directives.unchanged, **cast('dict[str, Any]', known)})


def _line(directive: Directive) -> int:
    line: int = directive.state_machine.get_source_and_line(directive.lineno)[1] or directive.lineno
    return line


class _Directive(Directive):
    """What may have any argument, option and content."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = _options()

    @property
    def line(self) -> int:
        """The line where it begins."""
        return _line(self)

    def parsed(self) -> nodes.container:
        """What its content is."""
        box = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, box)
        return box

    def words(self) -> list[nodes.Node]:
        """Its argument as a paragraph."""
        if not self.arguments:
            return []
        text, messages = self.state.inline_text(self.arguments[0], self.lineno)
        paragraph = nodes.paragraph(self.arguments[0], '', *text)
        paragraph.line = self.line
        return [paragraph, *messages]

    def gone(self) -> list[nodes.Node]:
        """What stands for a table that cannot be read."""
        return [Lost(first=self.line, last=self.line + len(self.block_text.rstrip().splitlines()) - 1)]


class _Unknown(_Directive):
    """Any other directive."""

    def run(self) -> list[nodes.Node]:
        """Its content where that is text of the page or has a table in it."""
        if isinstance(self.state, states.SubstitutionDef) or (self.name in _SILENT and not self.content):
            return []
        name = self.name.lower()
        if name in _PROSE or _TABLE.search('\n'.join(self.content)):
            return [*([] if name in _NO_WORDS else self.words()), self.parsed()]
        return [Beside(what=f'the directive {quoted(self.name)}', line=self.line)]


class _Include(_Directive):
    """A directive that stands for another file."""

    def run(self) -> list[nodes.Node]:
        """A message: other files are not read."""
        return [Beside(file=' '.join(self.arguments), line=self.line)]


class _RSTTable(_Directive):
    """``table``: a title and a table."""

    def run(self) -> list[nodes.Node]:
        """The title as a paragraph, and all that is in it."""
        return [*self.words(), self.parsed()]


class _CSVTable(tables.CSVTable, _Directive):
    """``csv-table``, in which rows keep their length and know their lines."""

    option_spec = _options('header-rows', 'header', 'delim', 'keepspace', 'quote', 'escape', 'file', 'url')
    widths = ''

    def run(self) -> Any:
        """The title as a paragraph, and the table."""
        elsewhere = self.options.get('file') or self.options.get('url')
        if elsewhere:
            return [Beside(file=elsewhere, line=self.line), *(self.gone() if self.content else ())]
        title = self.words()
        self.arguments = []
        found = super().run()
        for node in found:
            if isinstance(node, nodes.table):
                node.line = self.line
                return [*title, *found]
        return [*title, *found, *(self.gone() if self.content else ())]

    def check_table_dimensions(self, rows: Any, header_rows: Any, stub_columns: Any) -> None:
        """Any number of rows and columns will do."""

    def extend_short_rows_with_empty_cells(self, columns: Any, parts: Any) -> None:
        """Keep the cells that are really there."""

    def parse_csv_data_into_rows(self, csv_data: Any, dialect: Any, source: Any) -> tuple[list[Any], int]:
        """The cells of each row, each with its lines, and the greatest number of cells."""
        offsets = [line - 1 for line in self._data_lines(csv_data)]
        reader = csv.reader((line + '\n' for line in csv_data), dialect=dialect)
        rows: list[Any] = []
        at = 0
        for row in reader:
            cells = []
            # A blank line comes as a row without cells.
            for text in row:
                lines = text.splitlines() or ['']
                items = [(source, offsets[min(at + index, len(offsets) - 1)]) for index in range(len(lines))]
                cells.append((0, 0, 0, statemachine.StringList(lines, items=items)))
                at += text.count('\n')
            if cells:
                rows.append(cells)
            at = reader.line_num
        return rows, max(map(len, rows), default=0)

    def _data_lines(self, data: Any) -> list[int]:
        """The line of each line of the data: the content, or the option ``header``."""
        if data is self.content:
            return block_lines(self.content)
        block = self.block_text.splitlines()
        option = next((index for index, text in enumerate(block) if ':header:' in text), 0)
        first = next((index for index in range(option, len(block)) if data[0].strip() in block[index]), option)
        return [self.line + first + index for index in range(len(data))]


class _Image(images.Image):
    """``image``, with its line, which older docutils does not note."""

    def run(self) -> list[nodes.Node]:
        """The image, or the link around it."""
        found = list(super().run())
        for node in found:
            node.line = _line(self)
        return found


class _ListTable(_Directive):
    """``list-table``, in which rows keep their length: docutils refuses the whole table where one is short."""

    option_spec = _options('header-rows')

    def run(self) -> list[nodes.Node]:
        """The title as a paragraph, the table, and what is beside the list."""
        content = self.parsed()
        items = [item for part in content if isinstance(part, nodes.bullet_list) for item in elements(part)]
        rest = [part for part in content if not isinstance(part, nodes.bullet_list)]
        rows = [_list_row(item) for item in items]
        if not rows:
            return [*self.words(), *rest, *self.gone()]
        head = self.options.get('header-rows', 0)
        group = nodes.tgroup('', cols=max(len(row) for row in rows))
        if rows[:head]:
            group += nodes.thead('', *rows[:head])
        group += nodes.tbody('', *rows[head:])
        table = nodes.table('', group)
        table.line = self.line
        return [*self.words(), table, *rest]


def _list_row(item: nodes.Element) -> nodes.row:
    """A row from an item: its cells are the items of the list in it, or it is one cell itself."""
    inner = elements(item)
    cells = elements(inner[0]) if len(inner) == 1 and isinstance(inner[0], nodes.bullet_list) else [item]
    row = nodes.row('', *(_list_cell(cell) for cell in cells))
    row.line = item.line
    return row


def _list_cell(item: nodes.Element) -> nodes.entry:
    entry = nodes.entry('', *item.children)
    entry.line = item.line
    entry.rawsource = item.rawsource.split('\n', 1)[0].strip()
    return entry


_DIRECTIVES: dict[str, type[Directive]] = {
    'csv-table': _CSVTable,
    'image': _Image,
    'include': _Include,
    'list-table': _ListTable,
    'literalinclude': _Include,
    'replace': misc.Replace,
    'table': _RSTTable,
    'unicode': misc.Unicode,
}

"""XLSX to a page with one table for each sheet."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from sphinxcontrib_raci.addresses import ROWS, address, coordinates, letters
from sphinxcontrib_raci.sources.page import Block, Cell, Heading, Page, Row, Table
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.sheets.archive import AGAIN, MOST_COLUMNS, Archive, Refused, Texts, row_of
from sphinxcontrib_raci.wording import listed, quoted

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as BookCell
    from openpyxl.worksheet.worksheet import Worksheet

MOST_CELLS = 300_000
"""So many cells the used range of one sheet may have."""

MATRIX, LEGEND = 'Matrix', 'Legend'
"""The sheets of a workbook that this package writes: the matrix by keys and values, and the letters for people."""

_MOST_TEXT = 20_000_000
_ESCAPED = re.compile('_x([0-9A-Fa-f]{4})_')
"""A character that XML cannot hold, or that an underscore makes look like one (ISO/IEC 29500-1, 22.4.2.4)."""
_THREAD = re.compile(r'\[Threaded comment\].*?Comment:\s*', re.DOTALL)


def sheet_names(data: bytes) -> list[str]:
    """The names of all sheets in their order; none where the file is no sound workbook."""
    try:
        return list(Archive(data).sheets)
    except Refused:
        return []


def read_xlsx(data: bytes, problems: Problems, sheet: str = '') -> Page | None:
    """The page that a workbook holds: a table for each visible sheet with content, or for ``sheet`` alone.

    The lines of the page count on from sheet to sheet; :func:`locator` knows which is where.  ``None`` where the file
    cannot be read.

    :raises ImportError: where openpyxl is not installed.
    """
    import openpyxl

    try:
        archive = Archive(data)
        with warnings.catch_warnings():
            # What openpyxl warns that it leaves out (such as drawings) is nothing that a matrix could hold.
            warnings.simplefilter('ignore')
            book = openpyxl.load_workbook(archive.reduced(), data_only=True, keep_links=False)
        return _Book(archive, book.worksheets, problems).page(sheet)
    except Refused as refused:
        problems.add_at(refused.line, refused.column, str(refused), 'syntax')
    # openpyxl trusts a file: what it raises over a damaged one depends on where the damage is, and no list of types
    # (KeyError, ValueError, TypeError, IndexError, AttributeError, ParseError, …) would be complete.
    except Exception as error:
        why = f'{type(error).__name__}: {error}'.partition('\n')[0]
        problems.add_at(0, 0, f'the workbook is damaged ({quoted(why)}); {AGAIN}', 'syntax')
    return None


class _Book:
    """Reads the sheets of a workbook."""

    def __init__(self, archive: Archive, sheets: Sequence[Worksheet], problems: Problems) -> None:
        names = list(archive.sheets)
        texts = Texts(problems, _MOST_TEXT)
        self._names = names
        self._problems = problems
        self._sheets = [
            _Sheet(sheet, names.index(sheet.title) * ROWS, archive.unsaved.get(archive.sheets[sheet.title], []), texts)
            for sheet in sheets
        ]
        self._footnotes: dict[str, str] = {}

    def page(self, chosen: str) -> Page:
        """The page with the chosen sheet, with all where none is.

        :raises Refused: where there is no such sheet, or one is too large.
        """
        if chosen and chosen not in self._names:
            raise Refused(f'no sheet is called {quoted(chosen)}; the workbook has {listed(self._names)}', 0)
        keys = [sheet for sheet in self._sheets if sheet.holds_keys]
        legends = [sheet for sheet in self._sheets if sheet.name == LEGEND]
        others = [sheet for sheet in self._sheets if sheet not in keys and sheet not in legends]
        if chosen:
            legends = [sheet for sheet in legends if keys or sheet.name == chosen]
            others = [sheet for sheet in others if sheet.name == chosen]
        else:
            legends, others = self._visible(legends), self._visible(others)
        blocks: list[Block] = [self._table(sheet) for sheet in keys]
        for sheet in sorted([*others, *legends], key=lambda sheet: sheet.before):
            if sheet in others and len(others) > 1:
                blocks.append(Heading(sheet.name, 1, sheet.before + 1))
            blocks.append(self._table(sheet))
        return Page(tuple(blocks), footnotes=self._footnotes)

    def _visible(self, sheets: list[_Sheet]) -> list[_Sheet]:
        """Those sheets that have content and are shown; those that are not shown are reported."""
        visible = []
        for sheet in sheets:
            if sheet.rows and sheet.hidden:
                rows = f'{sheet.rows} row{"s" if sheet.rows > 1 else ""}'
                text = f'sheet {quoted(sheet.name)} is hidden and left out, with {rows}; show it to have it read'
                self._problems.add_at(sheet.before + 1, 1, text, 'read', 'warning')
            elif sheet.rows:
                visible.append(sheet)
        return visible

    def _table(self, sheet: _Sheet) -> Table:
        sheet.report(self._problems)
        self._footnotes.update(sheet.footnotes)
        return Table(tuple(sheet.table()), sheet.before + 1)


@dataclass(frozen=True, slots=True)
class _Content:
    text: str
    strong: bool
    links: tuple[tuple[str, str], ...]


class _Sheet:
    """One sheet.  ``before`` is what its lines count on from, ``rows`` how many rows have content.

    :raises Refused: where its texts are too long.
    """

    def __init__(self, sheet: Worksheet, before: int, unsaved: list[str], texts: Texts) -> None:
        self.name: str = sheet.title
        self.before = before
        self.hidden = sheet.sheet_state != 'visible'
        self.footnotes: dict[str, str] = {}
        self._comments: list[tuple[int, int]] = []
        self._sheet = sheet
        self._unsaved = unsaved
        self._texts = texts
        from openpyxl.cell.cell import Cell as BookCell

        # Nothing public gives the cells that are there: all else makes those that are not.
        cells = sheet._cells
        contents = {place: self._content(cell, *place) for place, cell in cells.items() if isinstance(cell, BookCell)}
        self._found = {place: content for place, content in contents.items() if content.text.strip()}
        self.rows = len({row for row, _ in self._found})
        self._last = max((row for row, _ in self._found), default=0)
        columns = [column for _, column in self._found]
        self._columns = range(min(columns, default=1), max(columns, default=0) + 1)
        self._titles: dict[int, int] = {}

    @property
    def holds_keys(self) -> bool:
        """Whether it is what this package writes a matrix's own keys into."""
        top = self._found.get((1, 1))
        return self.name == MATRIX and top is not None and top.text.strip() == 'raci'

    def report(self, problems: Problems) -> None:
        """Say what in the sheet is not as it seems."""
        for row in sorted({row for row, _ in self._found}):
            if row in self._sheet.row_dimensions and self._sheet.row_dimensions[row].hidden:
                text = f'row {row} is hidden in the spreadsheet; it is read like the others'
                problems.add_at(self.before + row, 1, text, 'read', 'warning')
        for column in sorted(self._hidden_columns() & {column for _, column in self._found}):
            text = f'column {letters(column)} is hidden in the spreadsheet; it is read like the others'
            problems.add_at(self.before + 1, column, text, 'read', 'warning')
        for row, column in self._comments:
            text = 'the comment in the cell is read as a note'
            problems.add_at(self.before + row, column, text, 'read', 'info')
        for row, column in map(coordinates, self._unsaved):
            text = (
                'the formula has no stored value and is read as blank; open and save the file in a spreadsheet program'
            )
            problems.add_at(self.before + row, column, text, 'cell', 'warning')
        for (row, column), content in self._found.items():
            if self._sheet._cells[row, column].data_type == 'e':
                text = f'the formula ends in the error {quoted(content.text)}; correct it in the spreadsheet'
                problems.add_at(self.before + row, column, text, 'cell', 'warning')

    def table(self) -> Iterator[Row]:
        """The rows, each with all columns that are used, without any cell where it is blank.

        :raises Refused: where there are too many.
        """
        if self._last * len(self._columns) > MOST_CELLS or len(self._columns) > MOST_COLUMNS:
            corner = f'{address(1, self._columns[0])}:{address(self._last, self._columns[-1])}'
            text = f'sheet {quoted(self.name)} uses the range {corner}, which is too large; delete what stands far out'
            raise Refused(text, self.before + self._last, self._columns[-1])
        self._expand()
        filled = {row for row, _ in self._found}
        for row in range(1, self._last + 1):
            line = self.before + row
            if row in self._titles:
                column = self._titles[row]
                yield Row((self._cell(row, column),), line, title=True)
            elif row in filled:
                yield row_of((self._cell(row, column) for column in self._columns), line)
            else:
                yield Row((), line)

    def _cell(self, row: int, column: int) -> Cell:
        content = self._found.get((row, column), _BLANK)
        return Cell(content.text, self.before + row, column, content.strong, content.links)

    def _expand(self) -> None:
        """Give every cell of a merged range its content, except where the range is a title."""
        filled: dict[int, list[int]] = {}
        for row, column in self._found:
            filled.setdefault(row, []).append(column)
        for area in self._sheet.merged_cells.ranges:
            content = self._found.get((area.min_row, area.min_col))
            if content is None:
                continue
            columns = range(area.min_col, min(area.max_col, self._columns[-1]) + 1)
            if len(columns) >= max(2, len(self._columns) - 1) and filled[area.min_row] == [area.min_col]:
                self._titles[area.min_row] = area.min_col
                continue
            for row in range(area.min_row, min(area.max_row, self._last) + 1):
                for column in columns:
                    self._found.setdefault((row, column), content)

    def _hidden_columns(self) -> set[int]:
        return {
            column
            for dimension in self._sheet.column_dimensions.values()
            if dimension.hidden
            for column in self._columns
            if (dimension.min or 0) <= column <= (dimension.max or 0)
        }

    def _content(self, cell: BookCell, row: int, column: int) -> _Content:
        comment = cell.comment
        if cell.value is None and comment is None:
            return _BLANK
        line = self.before + row
        text = self._texts.fit(_unescaped(_shown(cell.value)), line, column)
        target = cell.hyperlink.target if cell.hyperlink else None
        links = ((text, target),) if target else ()
        if comment is not None:
            label = f'note-{self.before // ROWS + 1}-{address(row, column)}'
            words = (comment.text or '').removeprefix(f'{comment.author}:').strip()
            self.footnotes[label] = self._texts.fit(_THREAD.sub('', words), line, column)
            text = f'{text}[^{label}]'
            self._comments.append((row, column))
        return _Content(text, cell.value is not None and _is_strong(cell), links)


_BLANK = _Content('', False, ())


def _is_strong(cell: BookCell) -> bool:
    return bool(cell.font.b) or str(cell.style).startswith(('Heading', 'Title'))


def _unescaped(text: str) -> str:
    """A text with the characters that are escaped in it; all ways to end a line are one."""
    if '_x' not in text:
        return text
    text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).replace('\r\n', '\n').replace('\r', '\n')
    # The halves of a character outside the basic plane are escaped each by itself.
    return text.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace')


def _shown(value: object) -> str:
    """A value as a spreadsheet shows it, dates as ISO 8601 has them."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f'{value:.0f}' if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(' ', 'minutes')
    return '' if value is None else str(value)

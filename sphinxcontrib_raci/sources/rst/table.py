"""Tables of docutils to tables of a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import east_asian_width

from docutils import nodes

from sphinxcontrib_raci.sources.page import Cell, Other, Row, Table
from sphinxcontrib_raci.sources.rst.directives import Beside
from sphinxcontrib_raci.sources.rst.lines import Lines
from sphinxcontrib_raci.sources.rst.text import is_strong, links, words

_SIMPLE = re.compile(r'=+( +=+)+\s*$')
_WIDEST = 2_000
"""So many characters a line has at most in which the border of a table is looked for."""
_GRID = re.compile(r'\+[-+]+\+\s*$')


def read_table(node: nodes.table, lines: Lines) -> tuple[Table, tuple[Other, ...]]:
    """A table, and what stands in its cells but has no place there.  ``lines`` are those of the file."""
    return _Reader(node, lines).table()


class _Reader:
    """Reads one table.  ``_carried`` has, by column, the cells that reach into the rows below, and how far."""

    def __init__(self, node: nodes.table, lines: Lines) -> None:
        self._group = next(iter(node.findall(nodes.tgroup)))
        self._lines = lines
        self._line = node.line or 1
        self._lefts = self._borders()
        self._carried: dict[int, tuple[Cell, int]] = {}

    def table(self) -> tuple[Table, tuple[Other, ...]]:
        """The table, and what its cells cannot hold."""
        parts = [part for part in self._group.children if isinstance(part, nodes.thead | nodes.tbody)]
        rows = tuple(self._row(row) for part in parts for row in part.children if isinstance(row, nodes.row))
        head = any(isinstance(part, nodes.thead) for part in parts)
        return Table(rows, self._line, head), tuple(self._others())

    def _borders(self) -> list[int]:
        """Where the columns begin, from 0, in a table that is drawn; nothing for one that is written as a list."""
        top = self._lines.shown[self._line - 1]
        if len(top) > _WIDEST:
            return []
        simple = _SIMPLE.search(top)
        if simple:
            return [simple.start() + column.start() for column in re.finditer('=+', simple[0])]
        grid = _GRID.search(top)
        if not grid:
            return []
        lefts = [grid.start() + 1]
        for column in self._group.findall(nodes.colspec):
            lefts.append(lefts[-1] + column['colwidth'] + 1)
        return lefts

    def _row(self, row: nodes.row) -> Row:
        carried, self._carried = self._carried, {}
        entries = [entry for entry in row.children if isinstance(entry, nodes.entry)]
        line = row.line or next((entry.line for entry in entries if entry.line), self._line)
        if len(entries) == 1 < self._group['cols'] <= entries[0].get('morecols', 0) + 1:
            return Row((self._cell(entries[0], 0, line, {}),), line, title=True)
        cells: list[Cell] = []
        ends: dict[int, int] = {}
        while entries or carried:
            column = len(cells)
            if column in carried or not entries:
                cell, more = carried.pop(column if column in carried else min(carried))
                width = 1
            else:
                entry = entries.pop(0)
                cell, more = self._cell(entry, column, line, ends), entry.get('morerows', 0) + 1
                width = entry.get('morecols', 0) + 1
            if more > 1:
                self._carried.update(dict.fromkeys(range(column, column + width), (cell, more - 1)))
            cells += [cell] * width
        return Row(tuple(cells), line)

    def _cell(self, entry: nodes.entry, column: int, line: int, ends: dict[int, int]) -> Cell:
        """A cell.  ``ends`` says for each line where the cell before this one ends: the search goes on behind it."""
        line = entry.line or line
        shown = self._lines.shown[line - 1]
        left = _index(shown, self._lefts[column]) if column < len(self._lefts) else ends.get(line, 0)
        raw = entry.rawsource
        at = left if self._lefts else -1
        # In CSV, quotes within a cell are written twice.
        for written in (raw, raw.replace('"', '""')):
            found = shown.find(written, left) if raw else -1
            if found >= 0:
                at, ends[line] = found, found + len(written)
                break
        return Cell(words(entry), line, self._lines.column(line, at), is_strong(entry), links(entry))

    def _others(self) -> Iterator[Other]:
        for entry in self._group.findall(nodes.entry):
            for part in entry.findall(Beside):
                what = part['what'] if 'what' in part else f'the content of the file {part["file"]}'
                yield Other(f'{what} inside a table', part['line'])
            for inner in entry.findall(nodes.table):
                yield Other('a table inside a table', inner.line or entry.line or self._line)


def _index(line: str, position: int) -> int:
    """The index of the character at a position of a drawn table, in which wide characters take two."""
    if line.isascii():
        return position
    width = 0
    for index, char in enumerate(line):
        if width >= position:
            return index
        width += 2 if east_asian_width(char) in 'WF' else 1
    return len(line)

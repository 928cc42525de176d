"""Which rows of a table are no activities but titles of sections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sphinxcontrib_raci.sources.page import Cell, Row
from sphinxcontrib_raci.sources.tables.cells import plain
from sphinxcontrib_raci.sources.tables.heads import filled
from sphinxcontrib_raci.sources.tables.layouts import Column

NUMBERED = re.compile(
    r'(?P<number>\d{1,3}(?:\.\d{1,3})*)(?P<end>[.)]?(?:\s*[-–—:](?=\s))?)(?:\s+|(?<=[.)])(?=[^\W\d_]))(?P<title>\S.*)',
    re.DOTALL,
)
"""A title with a number before it."""

_LETTERS = re.compile(r'\S{1,6}')
_COUNT = re.compile(r'\d{1,3}(?:\.\d{1,3})*\.?')

ABSENT = Cell('', 0, 0)
"""What stands where a row has no cell."""


def at(row: Row, column: Column) -> Cell:
    """The cell of a row in a column."""
    return row.cells[column.index] if column.index < len(row.cells) else ABSENT


class Titles:
    """Which rows of a table are titles of sections, as the table as a whole shows."""

    def __init__(
        self, rows: Sequence[Row], name: Column, parties: Sequence[Column], numbers: Sequence[Column] = ()
    ) -> None:
        self._numbers = numbers
        self._rows = rows
        self._name = name
        self._lettered = [any(at(row, one).text.strip() for one in parties) for row in rows]
        # Rows with nothing but a name are titles where there is one at the top, and activities below it.
        self._grouped = len(rows) > 1 and not self._lettered[0] and self._lettered[1] and self._is_alone(0)
        named = (at(row, name).text for row, lettered in zip(rows, self._lettered, strict=True) if lettered)
        self._counted = any(is_numbered(text) for text in named)

    def is_title(self, index: int) -> bool:
        """Whether a row is a title."""
        cells = self._filled(index)
        if len({cell.text for cell in cells}) != 1:
            return False
        if self._is_marked(index) and (len(cells) > 1 or not self._lettered[index]):
            return True
        # A title that spans the row stands in each of its cells.
        if len(cells) > 1 and not _LETTERS.fullmatch(cells[0].text.strip()):
            return True
        title = at(self._rows[index], self._name).text
        if self._lettered[index] or not self._is_alone(index):
            return False
        # At the end nothing stands below it, and where titles have no number, what has one is an activity.
        grouped = self._grouped and index + 1 < len(self._rows) and self._has_number(index) == self._has_number(0)
        return grouped or (is_numbered(title) and not self._counted)

    def is_bare(self, index: int) -> bool:
        """Whether a title may as well be an activity that lost its letters: nothing marks it, and none stands below."""
        below = index + 1 < len(self._rows) and not self.is_title(index + 1)
        return not below and not self._is_marked(index) and not is_numbered(self.title(index).text)

    def title(self, index: int) -> Cell:
        """The title in a row, with the number that stands in a column of its own."""
        cell = next(iter(self._filled(index)), ABSENT)
        number = next((at(self._rows[index], one).text.strip() for one in self._numbers), '')
        return replace(cell, text=f'{number.rstrip(".")}. {cell.text}') if _COUNT.fullmatch(number) else cell

    def _filled(self, index: int) -> list[Cell]:
        numbers = [at(self._rows[index], one) for one in self._numbers]
        found = filled(self._rows[index])
        return [cell for cell in found if cell not in numbers] or found

    def _is_marked(self, index: int) -> bool:
        row, cell = self._rows[index], self._filled(index)[0]
        return row.title or cell.strong or plain(cell.text) != cell.text.strip()

    def _has_number(self, index: int) -> bool:
        return any(at(self._rows[index], one).text.strip() for one in self._numbers)

    def _is_alone(self, index: int) -> bool:
        return self._filled(index) == [at(self._rows[index], self._name)]


def is_numbered(text: str) -> bool:
    """Whether a title has a number before it, beyond doubt."""
    match = NUMBERED.fullmatch(text.strip())
    return match is not None and bool(match['end'] or '.' in match['number'])

"""Addresses of cells, as spreadsheet programs write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sphinxcontrib_raci.model import Matrix, Place

ROWS = 2_000_000
"""Lines are counted on from sheet to sheet, by so many for each."""

_PLAIN_NAME = re.compile(r'(?!(?i:[a-z]{1,3}\d+|r?\d*c?\d*)\Z)[^\W\d][\w.]*')


def locator(names: Sequence[str]) -> Callable[[str, int, int], Place]:
    """What makes a place of a line and column in these sheets (``Sheet1!C14``), for ``Problems(path, locate)``."""

    def locate(path: str, line: int, column: int) -> Place:
        index, row = divmod(line, ROWS)
        if not row or index >= len(names):
            return Place(path)
        return Place(path, row, column, f'{_in_address(names[index])}!{address(row, max(column, 1))}')

    return locate


def place_of(matrix: Matrix, line: int, column: int = 0) -> Place:
    """A place in the source of a matrix."""
    return locator(matrix.sheets)(matrix.path, line, column) if matrix.sheets else Place(matrix.path, line, column)


def address(row: int, column: int) -> str:
    """The address of a cell in its sheet."""
    return f'{letters(column)}{row}'


def letters(column: int) -> str:
    """The letters of a column, as openpyxl has them; places are needed without it, too."""
    text = ''
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = chr(ord('A') + rest) + text
    return text


def coordinates(text: str) -> tuple[int, int]:
    """The row and the column of an address."""
    from openpyxl.utils.cell import coordinate_to_tuple

    return coordinate_to_tuple(text)


def _in_address(name: str) -> str:
    """The name of a sheet in an address, quoted where a spreadsheet quotes it."""
    return name if _PLAIN_NAME.fullmatch(name) else "'" + name.replace("'", "''") + "'"

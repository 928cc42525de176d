"""A matrix as CSV: its keys and values, a blank row, and one table of all activities."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sphinxcontrib_raci.model import Matrix
from sphinxcontrib_raci.sources.sheets.csvfile import guarded
from sphinxcontrib_raci.writers.tables import grid, pairs

_PARTS = re.compile(r'[",;|\t\r\n]|^\s|\s$')


def write(matrix: Matrix, name: str) -> bytes:
    """The bytes of the file ``name``."""
    return encoded([*pairs(matrix, name), (), *grid(matrix)])


def encoded(rows: Iterable[Iterable[str]]) -> bytes:
    """Rows of texts as CSV: UTF-8, in which no spreadsheet runs a text as a formula.

    Where there is more than ASCII, a mark at the start says that it is UTF-8: spreadsheet programs guess otherwise.
    """
    text = ''.join(','.join(map(_field, row)) + '\n' for row in rows)
    return text.encode('utf-8' if text.isascii() else 'utf-8-sig')


def _field(text: str) -> str:
    """A text as a field: in quotes where anything in it may part fields, whatever a program takes for that."""
    text = guarded(text)
    return '"' + text.replace('"', '""') + '"' if _PARTS.search(text) else text

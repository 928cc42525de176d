"""A matrix as CSV: its keys and values, a blank row, and one table of all activities."""

from __future__ import annotations

import csv
import io

from sphinxcontrib_raci.model import Matrix
from sphinxcontrib_raci.sources.sheets.csvfile import guarded
from sphinxcontrib_raci.writers.tables import grid, pairs


def write(matrix: Matrix, name: str) -> bytes:
    """The bytes of the file ``name``: UTF-8, in which no spreadsheet runs a text as a formula.

    Where there is more than ASCII, a mark at the start says that it is UTF-8: spreadsheet programs guess otherwise.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator='\n')
    for row in [*pairs(matrix, name), (), *grid(matrix)]:
        writer.writerow([guarded(text) for text in row])
    text = file.getvalue()
    return text.encode('utf-8' if text.isascii() else 'utf-8-sig')

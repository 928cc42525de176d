"""A matrix as a workbook: a sheet with all activities, one with the letters, one with keys and values."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sphinxcontrib_raci.model import Matrix
from sphinxcontrib_raci.sources.sheets.csvfile import guarded
from sphinxcontrib_raci.sources.sheets.xlsxfile import LEGEND, MATRIX
from sphinxcontrib_raci.writers.tables import grid, pairs

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

SHEETS = ('Activities', LEGEND, MATRIX)
"""The names of the sheets."""

_NARROWEST, _WIDEST = 6, 60
_EPOCH = datetime(1980, 1, 1)
"""The time that the file carries, so that the same matrix gives the same bytes: the earliest that a zip can hold."""

_PROPERTIES = 'docProps/core.xml'
_LIKE_ESCAPED = re.compile('_(?=x[0-9A-Fa-f]{4}_)')


def write(matrix: Matrix, name: str) -> bytes:
    """The bytes of the file ``name``, in which every cell is a text.

    :raises ImportError: where openpyxl is not installed.
    """
    book = begun(grid(matrix))
    letters = ((letter.code, letter.name, letter.meaning) for letter in matrix.scheme.letters)
    _fill(book.create_sheet(SHEETS[1]), [('Letter', 'Name', 'Meaning'), *letters], head=True)
    _fill(book.create_sheet(SHEETS[2]), pairs(matrix, name))
    return saved(book)


def begun(rows: Sequence[Sequence[str]]) -> Workbook:
    """A workbook whose first sheet has these rows, the head first.

    :raises ImportError: where openpyxl is not installed.
    """
    from openpyxl import Workbook  # Loaded when it is needed: it takes long, and need not be installed.
    from openpyxl.worksheet.properties import PageSetupProperties

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEETS[0]
    _fill(sheet, rows, head=True)
    sheet.freeze_panes = 'A2'
    sheet.auto_filter.ref = sheet.dimensions
    # On paper: across the page, as wide as it is, with the head on each page.
    sheet.page_setup.orientation = 'landscape'
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = '1:1'
    return book


def _fill(sheet: Worksheet, rows: Sequence[Sequence[str]], *, head: bool = False) -> None:
    """Write rows of texts into a sheet, wide enough to be read."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    layout, bold = Alignment(wrap_text=True, vertical='top'), Font(name='Calibri', size=11, bold=True)
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            if text:
                cell = sheet.cell(number, column)
                _put(cell, text)
                cell.alignment = layout
                if head and number == 1:
                    cell.font = bold
    for column, texts in enumerate(zip(*rows, strict=True), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = _width(texts)


def _put(cell: Cell | MergedCell, text: str) -> None:
    # Readers of workbooks take what looks like an escaped character for that.
    cell.value = _LIKE_ESCAPED.sub('_x005F_', text)
    # The library guesses types: formulas and errors, of what is only a text.
    cell.data_type = 's'
    if guarded(text) != text:
        # Whoever edits the cell in a spreadsheet keeps a text, too.
        cell.quotePrefix = True


def _width(texts: Iterable[str]) -> int:
    longest = max((len(line) for text in texts for line in text.split('\n')), default=0)
    return min(max(longest + 2, _NARROWEST), _WIDEST)


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook, without anything of the time at which they are written."""
    from openpyxl.xml.functions import tostring

    book.properties.creator = 'sphinxcontrib-raci'
    draft = io.BytesIO()
    book.save(draft)
    book.properties.created = book.properties.modified = _EPOCH
    file = io.BytesIO()
    with zipfile.ZipFile(draft) as source, zipfile.ZipFile(file, 'w', zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            data = tostring(book.properties.to_tree()) if info.filename == _PROPERTIES else source.read(info)
            target.writestr(zipfile.ZipInfo(info.filename, _EPOCH.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()

"""Files that are a grid of cells, CSV and XLSX: what both share, and unpacking a workbook safely."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree
from xml.parsers import expat

from sphinxcontrib_raci.sources.page import Cell, Row
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tree import clean
from sphinxcontrib_raci.wording import quoted

MOST_SHEETS = 200
MOST_COLUMNS = 1_000
"""No row may have more columns: nobody could read the matrix, and every one of them costs memory."""

LARGEST_BOOK = 60_000_000
"""So many bytes the parts of a workbook that are read may have when they are unpacked, and so many the file itself."""

AGAIN = 'open it in a spreadsheet program and save it as .xlsx'

_MOST_PARTS = 5_000
_MOST_ELEMENTS = 400_000
_MOST_SMALL = 100_000
# What one element costs openpyxl, against an ordinary one.
_COSTS = {'c': 2, 'row': 5, 'dataValidation': 5, 'conditionalFormatting': 10, 'cfRule': 10}
_MOST_SPREAD = 150_000
_DEEPEST = 60
_BOOK = 'xl/workbook.xml'
_OLE = b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'

_PART = re.compile(
    r'(?!docProps/|customXml/|xl/(?:drawings|charts|media|theme|pivot\w*|externalLinks|persons|ctrlProps|activeX)/)'
    r'.*\.(?:xml|rels)',
    re.IGNORECASE | re.DOTALL,
)
_DRAWN = re.compile(
    rb'<(?:\w+:)?Relationship\b[^>]*\bType\s*=\s*["\'][^"\']*/(?:drawing|pivotTable|image)["\'][^>]*/>'
    rb'|<(\w+:)?pivotCaches\b.*?</(?:\w+:)?pivotCaches>',
    re.DOTALL,
)
_AREA = re.compile(r'\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?')
_BREAK = re.compile('\r\n?')


class Refused(Exception):
    """A file cannot be read at all; the text says why, and what to do."""

    def __init__(self, text: str, line: int = 1, column: int = 1) -> None:
        super().__init__(text)
        self.line, self.column = line, column


def one_break(text: str) -> str:
    """The text with LF as its only line break; Unicode's own separators stay, as characters of the text."""
    return _BREAK.sub('\n', text) if '\r' in text else text


class Texts:
    """Makes texts of cells fit to be kept, each different one once: a file may hold the same long text very often.

    ``most`` is how many characters all cells together may have.
    """

    def __init__(self, problems: Problems, most: int) -> None:
        self._problems = problems
        self._known: dict[str, str] = {}
        self._left = most

    def fit(self, text: str, line: int, column: int) -> str:
        """The text with plain line breaks and without forbidden characters, which are reported.

        :raises Refused: where all texts together are too long.
        """
        self._left -= len(text)
        if self._left < 0:
            raise Refused('the cells together hold too much text; split the file', line, column)
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = clean(one_break(text), line, column, self._problems)
        return known


def row_of(cells: Iterable[Cell], line: int) -> Row:
    """The row with these cells, or without any where all are blank."""
    kept = tuple(cells)
    return Row(kept if any(cell.text.strip() for cell in kept) else (), line)


class Archive:
    """The zip archive that a workbook is.

    ``sheets`` has the part of each sheet by its name, ``unsaved`` the cells of each part that have a formula without
    a stored value; the latter is known when the workbook has been :meth:`reduced`.

    :raises Refused: where it is no workbook, or not a safe one.
    """

    def __init__(self, data: bytes) -> None:
        self.unsaved: dict[str, list[str]] = {}
        _check(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._parts = {info.filename: info for info in self._zip.infolist()}
            self._check_parts()
            self.sheets = dict(self._sheets())
            if len(set(self.sheets.values())) < len(self.sheets):
                raise Refused(f'two sheets of the workbook share one part; {AGAIN}', 0)
            if len(self.sheets) > MOST_SHEETS:
                raise Refused(f'the workbook has {len(self.sheets):,} sheets; it may have {MOST_SHEETS}', 0)
        except Refused:
            raise
        # What a damaged archive raises is no closed list: BadZipFile, RuntimeError (a password), zlib.error, KeyError …
        except Exception as error:
            raise Refused(f'the workbook is damaged ({quoted(str(error))}); {AGAIN}', 0) from error

    def reduced(self) -> io.BytesIO:
        """The workbook with only those parts that are to be read, after a look at each."""
        buffer = io.BytesIO()
        left = _MOST_ELEMENTS
        with zipfile.ZipFile(buffer, 'w') as reduced:
            for name in self._parts:
                if not _PART.fullmatch(name):
                    continue
                data, look = self._part(name)
                left -= look.elements
                if left < 0:
                    raise Refused('the workbook has too many elements; split it', 0)
                self.unsaved[name] = look.unsaved
                # What is left out must not be asked for.
                rewritten = name == _BOOK or name.endswith('.rels')
                reduced.writestr(name, _DRAWN.sub(b'', data) if rewritten else data)
        buffer.seek(0)
        return buffer

    def _check_parts(self) -> None:
        if _BOOK not in self._parts:
            what = next((what for part, what in _OTHERS.items() if part in self._parts), 'a zip archive')
            raise Refused(f'the file is {what} and no .xlsx workbook; {AGAIN}', 0)
        read = [info for name, info in self._parts.items() if _PART.fullmatch(name)]
        size = sum(info.file_size for info in read)
        if size > LARGEST_BOOK:
            raise Refused(f'the workbook has {size:,} bytes when it is unpacked; it may have {LARGEST_BOOK:,}', 0)
        if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in read):
            raise Refused(f'the workbook is packed in a way that .xlsx does not know; {AGAIN}', 0)

    def _part(self, name: str) -> tuple[bytes, _Look]:
        data = self._zip.read(self._parts[name])
        return data, _Look(name, data)

    def _sheets(self) -> Iterator[tuple[str, str]]:
        relations = ElementTree.fromstring(self._part('xl/_rels/workbook.xml.rels')[0])
        targets = {relation.get('Id'): relation.get('Target', '') for relation in relations}
        for element in ElementTree.fromstring(self._part(_BOOK)[0]).iter():
            if element.tag.endswith('}sheet'):
                ident = next((value for key, value in element.items() if key.endswith('}id')), '')
                yield (
                    element.get('name', ''),
                    posixpath.normpath(posixpath.join('/xl', targets.get(ident, ''))).lstrip('/'),
                )


_OTHERS = {
    'word/document.xml': 'a Word document',
    'ppt/presentation.xml': 'a presentation',
    'xl/workbook.bin': 'a binary workbook (.xlsb)',
    'content.xml': 'an OpenDocument file',
}


def _check(data: bytes) -> None:
    if data.startswith(_OLE):
        raise Refused(f'the workbook is encrypted, or an old .xls; {AGAIN}, without a password', 0)
    if not data.startswith(b'PK'):
        raise Refused(f'the file is no .xlsx workbook; {AGAIN}', 0)
    if len(data) > LARGEST_BOOK:
        raise Refused(f'the workbook has {len(data):,} bytes; it may have {LARGEST_BOOK:,}', 0)
    # Each entry of the directory becomes an object as soon as the archive is opened.
    if data.count(b'PK\x01\x02') > _MOST_PARTS:
        raise Refused(f'the workbook has more than {_MOST_PARTS:,} parts; {AGAIN}', 0)


class _Look:
    """A look at one part of a workbook, before a reader that trusts it: ``elements`` by their cost, ``unsaved`` cells.

    :raises Refused: where reading it would cost without bound, or reach out of the file.
    """

    def __init__(self, name: str, data: bytes) -> None:
        self.elements = 0
        self.unsaved: list[str] = []
        self._name = name
        self._most = _MOST_ELEMENTS if 'sheets/' in name or 'trings' in name else _MOST_SMALL
        self._depth = self._spread = 0
        self._cell = ''
        self._formula = self._stored = self._in_value = False
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise Refused(f'the workbook is damaged ({quoted(f"{name}: {error}")}); {AGAIN}', 0) from error

    def _doctype(self, *_: object) -> None:
        raise Refused(f'{quoted(self._name)} in the workbook has a DOCTYPE, which no workbook has; {AGAIN}', 0)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(':')[2]
        self.elements += _COSTS.get(tag, 1)
        self._depth += 1
        if self.elements > self._most or self._depth > _DEEPEST:
            raise Refused(f'{quoted(self._name)} in the workbook has too many elements; split the workbook', 0)
        self._in_value = tag == 'v'
        if tag == 'c':
            self._cell, self._formula = attributes.get('r', ''), False
            # A formula whose stored result is an empty text says so by its type.
            self._stored = attributes.get('t') == 'str'
        elif tag == 'f':
            self._formula = True
        elif tag in ('mergeCell', 'hyperlink'):
            self._spread += _area(attributes.get('ref', ''))
            if self._spread > _MOST_SPREAD:
                raise Refused(f'{quoted(self._name)} in the workbook merges or links too many cells', 0)

    def _text(self, text: str) -> None:
        if self._in_value:
            self._stored = True

    def _end(self, tag: str) -> None:
        self._depth -= 1
        self._in_value = False
        if self._formula and tag.rpartition(':')[2] == 'c':
            if not self._stored:
                self.unsaved.append(self._cell)
            self._formula = False


def _area(reference: str) -> int:
    """How many cells a range such as ``A1:C3`` has; very many where it is none."""
    found = _AREA.fullmatch(reference)
    if not found:
        return _MOST_SPREAD
    left, top, right, bottom = (found[1], found[2], found[3] or found[1], found[4] or found[2])
    return (abs(_number(right) - _number(left)) + 1) * (abs(int(bottom) - int(top)) + 1)


def _number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord('A') + 1
    return number

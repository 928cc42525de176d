"""What holds for whatever a reader is given; each law is an assertion, so that a broken one says what is wrong."""

from __future__ import annotations

import re
import tempfile
import time
from contextlib import suppress
from datetime import date
from pathlib import Path
from zlib import crc32

from fuzz_inputs import SETTINGS, Reader

from sphinxcontrib_raci.cli import configuration
from sphinxcontrib_raci.cli.insert import Refused, derived, insert_ids
from sphinxcontrib_raci.content import digest
from sphinxcontrib_raci.model import Matrix, Place, Problem, Reading
from sphinxcontrib_raci.project import assemble
from sphinxcontrib_raci.sources import read_bytes
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.sheets.csvfile import detect
from sphinxcontrib_raci.sources.sheets.xlsxfile import sheet_names
from sphinxcontrib_raci.sources.tree import LINE_BREAK, PLAIN_BREAK, Stop, decode
from sphinxcontrib_raci.views import (
    FindingsQuery,
    LegendQuery,
    LoadQuery,
    MatrixQuery,
    OverviewQuery,
    PartyQuery,
    Query,
)
from sphinxcontrib_raci.views.common import CannotShow
from sphinxcontrib_raci.wording import FORBIDDEN
from sphinxcontrib_raci.writers import FORMATS, SUFFIXES, write
from sphinxcontrib_raci.writers.lost import lost

SECONDS = 5
"""So much time of the processor an input of a megabyte may take."""
SUFFIX_OF = {fmt: suffix for suffix, fmt in reversed(SUFFIXES.items())}
_LINES = re.compile(FORBIDDEN.pattern + '|[\n\r\x85\u2028\u2029]')
_CELL = re.compile(r'(.+)!([A-Z]{1,3})([1-9]\d{0,6})', re.DOTALL)


def obeys(reader: Reader, data: bytes, *, every: bool = False) -> Matrix | None:
    """Check that an input breaks no law; the matrix that it holds.

    ``every`` writes the matrix in every format, and not in one that depends on the input.

    :raises AssertionError: where one does not hold.
    """
    if reader.name == 'config':
        start = time.process_time()
        configured(data)
        assert time.process_time() - start < SECONDS, 'reading takes too long'
        return None
    start = time.process_time()
    reading = read_bytes(data, reader.file, SETTINGS)
    took = time.process_time() - start
    assert took < SECONDS, f'reading takes {took:.1f} seconds'
    assert read_bytes(data, reader.file, SETTINGS) == reading, 'reading it again gives something else'
    assert reading.matrix or reading.problems, 'there is nothing, and nothing says why'
    placed(data, reader.file, reading.problems)
    if reading.matrix is None:
        return None
    given(data, reader.file, reading)
    formats = FORMATS if every else (FORMATS[crc32(data) % len(FORMATS)],)
    sound = all(problem.level != 'error' for problem in reading.problems)
    for fmt in formats:
        written(reading.matrix, fmt, sound)
    shown(reading.matrix)
    return reading.matrix


def placed(data: bytes, name: str, problems: tuple[Problem, ...]) -> None:
    """Each problem has a place in the file, and is told in one line."""
    lines = [] if name.endswith('.xlsx') else lines_of(data, name)
    sheets = sheet_names(data) if name.endswith('.xlsx') else []
    for problem in problems:
        place = problem.place
        assert place.path == name, f'a problem of another file: {place}'
        assert not _LINES.search(problem.text), f'not one line: {problem.text!r}'
        assert place.line or not place.column, f'a column without a line: {place}'
        if place.line and sheets:
            found = _CELL.fullmatch(place.cell)
            assert found, f'no cell: {place}'
            assert found[1].strip("'").replace("''", "'") in [sheet.strip("'") for sheet in sheets], (
                f'no such sheet: {place}'
            )
        elif place.line:
            assert place.line <= len(lines), f'behind the last of {len(lines)} lines: {place}: {problem.text}'
            length = len(lines[place.line - 1])
            assert place.column <= length + 1, f'behind the end of a line of {length}: {place}: {problem.text}'


def lines_of(data: bytes, name: str) -> list[str]:
    """The lines of a file, as its format counts them."""
    if name.endswith('.csv'):
        layout = detect(data, Problems(name))
        return PLAIN_BREAK.split(layout.text if layout else data.decode('latin-1'))
    line_break = LINE_BREAK if name.endswith(('.yaml', '.rst')) else PLAIN_BREAK
    try:
        text = decode(data, Problems(name), line_break)
    except Stop:
        text = data.decode('latin-1')
    return line_break.split(text)


def written(matrix: Matrix, fmt: str, sound: bool) -> None:
    """A matrix can be written, and one without problems reads back as the same."""
    name = f'fuzz.raci{SUFFIX_OF[fmt]}'
    data = write(matrix, fmt, name)
    assert write(matrix, fmt, name) == data, f'{fmt}: writing it again gives other bytes'
    back = read_bytes(data, name, SETTINGS)
    if not sound:
        return
    wrong = [problem.text for problem in back.problems if problem.level != 'info']
    assert not wrong, f'{fmt}: reading it back has problems: {wrong[0]}'
    different = lost(matrix, back.matrix)
    assert not different, f'{fmt}: reading it back gives something else: {different}'


def queries(matrix: Matrix) -> list[Query]:
    """One of each kind of page, with what is on it."""
    parties = [party.id for party in matrix.parties[:2]]
    return [
        MatrixQuery(matrix.id, filter_from=1, downloads=('csv', 'json')),
        MatrixQuery(matrix.id, layout='table', numbered=True),
        *(PartyQuery(party, filter_from=1) for party in parties),
        *(PartyQuery(party, by='letter') for party in parties),
        OverviewQuery(),
        OverviewQuery(by='section'),
        LegendQuery(matrix.id),
        FindingsQuery(),
        LoadQuery(),
        LoadQuery(by='section'),
    ]


def shown(matrix: Matrix) -> None:
    """Every page about it can be made, and is the same each time."""
    project, _ = assemble([matrix], SETTINGS, day=date(2025, 1, 1))
    for query in queries(matrix):
        with suppress(CannotShow):
            assert digest(query.view(project)) == digest(query.view(project)), f'{query}: not the same each time'


def given(data: bytes, name: str, reading: Reading) -> None:
    """Ids can be written into it, or a message says why not."""
    assert reading.matrix is not None
    if not derived(reading.matrix):
        return
    try:
        change = insert_ids(data, name, reading, SETTINGS)
    except Refused:
        return
    placed(data, name, change.problems)
    after = read_bytes(change.data, name, SETTINGS)
    assert after.matrix is not None, 'with ids, it cannot be read'
    assert not lost(reading.matrix, after.matrix), 'with ids, it is something else'
    left = len(derived(reading.matrix)) - len(change.written)
    assert len(derived(after.matrix)) == left == len(change.problems), 'an id is neither written nor told of'


def configured(data: bytes) -> None:
    """A configuration is used, or its problems are told."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, 'pyproject.toml')
        path.write_bytes(data)
        problems: tuple[Problem, ...] | None = None
        try:
            configuration.load(str(path))
        except configuration.Wrong as error:
            problems = error.problems
    assert problems != (), 'it cannot be used, and nothing says why'
    for problem in problems or ():
        assert problem.place == Place(str(path)), f'a problem of another file: {problem.place}'
        assert not _LINES.search(problem.text), f'not one line: {problem.text!r}'

"""Real pages, read as a person reads them.

``corpus.json`` holds what a person found on each page: parties, the letters of each activity in order by section,
which rows are no activities, the lines of the legend, and what a reader must be told.  The pages themselves are not
part of the project; without them these tests are left out.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sphinxcontrib_raci.model import Reading, Section
from sphinxcontrib_raci.schemes import SCHEMES
from sphinxcontrib_raci.sources import read

SHARED = Path(__file__).parents[2] / 'shared'
EXPECTED = json.loads((Path(__file__).parent / 'corpus.json').read_text('utf-8'))
PAGES = {path.name: path for folder in ('corpus', 'seeds') for path in (SHARED / folder).glob('*') if path.is_file()}

pytestmark = pytest.mark.skipif(not PAGES, reason='the pages are not there')


def reading(name: str) -> Reading:
    return read(PAGES[name], name=name)


def letters(section: Section, path: str = '') -> list[list[object]]:
    """For each section with activities its position, and the letters of its activities."""
    found: list[list[object]] = []
    if section.activities:
        rows = ['|'.join(''.join(cell.letters) for cell in activity.assignments) for activity in section.activities]
        found.append([path, rows])
    for number, child in enumerate(section.sections, start=1):
        found += letters(child, f'{path}.{number}'.lstrip('.'))
    return found


def test_every_page_is_expected() -> None:
    assert set(PAGES) - {'README.md', 'kms-2024-11-25.txt'} == set(EXPECTED)


@pytest.mark.parametrize('name', EXPECTED)
def test_a_page_says_what_a_person_reads(name: str) -> None:
    matrix = reading(name).matrix
    assert matrix is not None
    assert [party.name for party in matrix.parties] == EXPECTED[name]['parties']
    assert letters(matrix.root) == EXPECTED[name]['sections']


@pytest.mark.parametrize('name', EXPECTED)
def test_rows_that_are_left_out_are_named_once(name: str) -> None:
    lines = [problem.place.line for problem in reading(name).problems if problem.kind == 'row']
    assert lines == EXPECTED[name]['left_out']


@pytest.mark.parametrize('name', EXPECTED)
def test_letters_mean_what_the_legend_says(name: str) -> None:
    matrix = reading(name).matrix
    assert matrix is not None
    lines = PAGES[name].read_text('utf-8').splitlines()
    for code, line in EXPECTED[name]['legend'].items():
        letter = matrix.scheme.letter(code)
        known = {one.meaning for scheme in SCHEMES.values() for one in scheme.letters}
        words = (letter.name if letter.meaning in known else letter.meaning).split()
        assert all(word in lines[line - 1].replace('_', '').replace('*', '') for word in words), (code, line)


@pytest.mark.parametrize('name', EXPECTED)
def test_messages(name: str) -> None:
    """All of them: level, place and kind, but for the rows that are tested above."""
    found = [
        f'{problem.place.line}:{problem.place.column} {problem.level} {problem.kind}'
        for problem in reading(name).problems
        if problem.kind != 'row'
    ]
    assert found == EXPECTED[name]['messages']


def test_a_page_without_columns_is_refused() -> None:
    found = reading('kms-2024-11-25.txt')
    assert found.matrix is None
    (problem,) = found.problems
    assert problem.level == 'error'
    assert '13 rows cannot be assigned' in problem.text
    lines = [62, 63, 64, 65, 66, 74, 75, 77, 78, 81, 88, 113, 125]
    assert all(f' {line} ' in problem.text for line in lines)
    assert 'convert the file that the page was made from' in problem.text

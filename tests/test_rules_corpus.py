"""The rules against real pages, and against a count that knows nothing of this package.

``EXPECTED`` was written down from the pages.  :func:`counted` finds the same rows with a few lines of plain Python, and
so must the rules.  Two pages have columns R, A, C and I that hold parties; no page uses another
scheme than RACI.  The pages themselves are not part of the project; without them these tests are left out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from sphinxcontrib_raci.model import Section
from sphinxcontrib_raci.rules.engine import check
from sphinxcontrib_raci.settings import NO_SETTINGS
from sphinxcontrib_raci.sources import read

SHARED = Path(__file__).parents[2] / 'shared'
PAGES = {path.name: path for folder in ('corpus', 'seeds') for path in (SHARED / folder).glob('*') if path.is_file()}

pytestmark = pytest.mark.skipif(not PAGES, reason='the pages are not there')

DAY = date(2025, 1, 1)
"""None of these pages says by when it is to be reviewed."""


@dataclass
class Count:
    """The lines of a page with rows that break the method."""

    two_a: list[int] = field(default_factory=list)
    no_a: list[int] = field(default_factory=list)
    """Letters, but no A."""
    a_without_r: list[int] = field(default_factory=list)
    neither: list[int] = field(default_factory=list)
    """Letters, but no A and no R: these are among those without A, too."""
    empty: list[int] = field(default_factory=list)
    """No letter at all."""


NONE = Count()

EXPECTED = {
    'algosup-team3.raci.md': NONE,
    # Customer "AI", provider "RA"; four rows that lost their letters.
    'block-storage.en-gb.20221223.md': Count(two_a=[122], empty=[85, 86, 87, 88]),
    'cloud-temple-network-raci.de.md': NONE,
    'cloud-temple-network-raci.en.md': NONE,
    'cloud-temple-network-raci.fr.md': NONE,
    'cloud-temple-paas-raci.en.md': NONE,
    'cloud-temple-paas-raci.fr.md': NONE,
    # "RA" twice, in a row about logs; rows that are one cell short have "RA" in the other.
    'databases.en-gb.33134e3.md': Count(two_a=[86]),
    'its-lab.inverted.md': NONE,
    'kms-2024-10-02.md': Count(two_a=[111]),
    'kms.fr-fr.f74e13d.md': Count(two_a=[111]),
    'kms.fr-fr.fa1f685.md': Count(two_a=[111]),
    # "A" and "I": nobody does it.
    'kubernetes.en-gb.20230705.md': Count(a_without_r=[27, 28, 31]),
    'kubernetes.fr-fr.2255c02.md': Count(a_without_r=[28, 29, 32]),
    'nutanix.en-gb.20220713.md': Count(two_a=[142, 143]),
    'ocp-ci.raci.md': Count(two_a=[25], no_a=[12, 15, 18]),
    # "A*", with a footnote, is an A; in the sixth chapter the gates have an A and no R.
    'salesincentive.raci.md': Count(
        two_a=[119, 258, 270],
        no_a=[264, 265, 267, 269],
        a_without_r=[117, *range(252, 259), 270],
        neither=[267],
    ),
    'sap.en-gb.20231214.md': NONE,
    # Rows in bold letters, without letters of the method, are headings.
    'stephnrl.raci.csv': Count(empty=[2, 8, 13, 17, 22, 28, 33]),
    'uidaho.role-responsibility-matrix.md': Count(
        no_a=[34, 45, 58],
        a_without_r=[19, 20, 22, 27, 28, 32, 40, 43, 47, 59],
        empty=[18, 23, 29, 36, 42, 46, 52, 57],
    ),
    'vmware.en-gb.20230207.md': Count(two_a=[168]),
    'web-hosting.en-gb.20230829.md': NONE,
    'youvisa.raci.csv': NONE,
}


def counted(path: Path) -> Count:
    """What plain Python counts on a page."""
    count = Count()
    for line, cells in rows_of(path):
        a, r = (sum(letter in cell for cell in cells) for letter in 'AR')
        if not any(cells):
            count.empty.append(line)
            continue
        for wrong, lines in (
            (a > 1, count.two_a),
            (not a, count.no_a),
            (a and not r, count.a_without_r),
            (not a and not r, count.neither),
        ):
            if wrong:
                lines.append(line)
    return count


def rows_of(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of the tables on a page that hold letters: line, and the letters of each cell but the first."""
    table: list[tuple[int, list[str]]] = []
    for line, cells in [*lines_of(path), (0, [])]:
        if cells:
            table.append((line, cells))
            continue
        heads = [index for index, (_, row) in enumerate(table) if all(re.fullmatch(':?-+:?', cell) for cell in row)]
        first = heads[0] + 1 if heads else 0
        head = table[first - 2][1] if heads else []
        found = [(number, letters(row[1:], head[1:])) for number, row in table[first:]]
        if any(any(row) for _, row in found):
            yield from found
        table = []


def lines_of(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each line with its cells; none where it is no row."""
    text = path.read_text('utf-8')
    if path.suffix == '.csv':
        for number, row in enumerate(csv.reader(text.splitlines()), start=1):
            yield number, [cell.strip() for cell in row]
            if number == 1:
                yield number, ['---'] * len(row)
        return
    for number, line in enumerate(text.splitlines(), start=1):
        row = line.strip()
        yield number, [cell.strip() for cell in row.strip('|').split('|')] if row.startswith('|') else []


def letters(cells: list[str], head: list[str]) -> list[str]:
    """The letters of each party: those in its cell, or where it stands in a column that is called by a letter."""
    if head == ['R', 'A', 'C', 'I']:
        pairs = [(name, letter) for cell, letter in zip(cells, head, strict=True) for name in re.split('[,/] ?', cell)]
        return [''.join(letter for other, letter in pairs if other == name) for name in dict(pairs) if name]
    # What is bold, a footnote or a separator is no letter.
    bare = [re.sub(r'[*_/, ]|\(\d+\)', '', cell) for cell in cells]
    return [cell if re.fullmatch('[RACI]+', cell) else '' for cell in bare]


def section_lines(section: Section) -> set[int]:
    return {section.line}.union(*map(section_lines, section.sections))


def test_every_page_is_counted() -> None:
    # The one page that is left out is text that was taken from a PDF: no matrix can be read from it.
    assert set(PAGES) - {'README.md', 'kms-2024-11-25.txt'} == set(EXPECTED)


@pytest.mark.parametrize('name', EXPECTED)
def test_plain_counting_finds_what_was_written_down(name: str) -> None:
    assert counted(PAGES[name]) == EXPECTED[name]


@pytest.mark.parametrize('name', EXPECTED)
def test_the_rules_find_the_same_rows(name: str) -> None:
    reading = read(PAGES[name], name=name)
    matrix, expected = reading.matrix, EXPECTED[name]
    assert matrix is not None
    findings = check([matrix], NO_SETTINGS, DAY)[matrix.id]
    lines = {
        code: [finding.place.line for finding in findings if finding.rule == code]
        for code in ('several-accountable', 'no-accountable', 'no-responsible', 'no-part')
    }

    assert len(findings) == sum(map(len, lines.values()))
    assert lines['several-accountable'] == expected.two_a
    assert lines['no-accountable'] == expected.no_a
    # The rule counts rows without R, be there an A or not.
    assert lines['no-responsible'] == sorted([*expected.a_without_r, *expected.neither])
    # A row of a page without a letter becomes no activity: it is a heading, or it is reported when the page is read.
    assert lines['no-part'] == []
    left_out = {problem.place.line for problem in reading.problems if problem.kind == 'row'}
    assert set(expected.empty) <= section_lines(matrix.root) | left_out


def test_so_many_pages_have_a_row_that_does_not_have_one_accountable() -> None:
    assert sum(bool(count.two_a or count.no_a) for count in EXPECTED.values()) == 10

"""The overview by section: who carries how much of which part of a matrix, in words, counts and shades."""

from __future__ import annotations

import pytest
from conftest import Project, Result
from pages import page

MILL = """\
raci: 1
title: Mill
parties: {ann: Ann, ben: Ben, cat: Cat}
activities:
  - {id: open, name: Open the mill, who: {ann: RA, cat: I}}
sections:
  - title: Grain
    activities:
      - {id: buy, name: Buy grain, who: {ann: A, ben: R}}
      - id: store
        name: Store it
        who: {ben: RA, cat: C}
    sections:
      - title: Old grain
        activities:
          - {id: sell, name: Sell it, who: {ann: RA, ben: C}}
          - {id: feed, name: Feed the hens, who: {ben: RA}}
  - title: Nothing yet
"""
DACI = """\
raci: 1
title: Choices
scheme: daci
parties: {ann: Ann, ben: Ben}
sections:
  - title: Colours
    activities:
      - {id: door, name: Choose the colour of the door, who: {ann: D, ben: A}}
"""


@pytest.fixture
def mill(project: Project) -> Project:
    project.conf(raci_party_pages='parties')
    return project.write(
        {
            'mill.raci.yaml': MILL,
            'choices.raci.yaml': DACI,
            'index.rst': 'Mill\n====\n\n.. toctree::\n   :glob:\n\n   *\n   parties/*\n',
            'shown.rst': 'Shown\n=====\n\n.. raci:: mill\n\n.. raci:: choices\n',
            'overview.rst': 'Overview\n========\n\n.. raci:parties::\n   :by: section\n',
        }
    )


def rows(result: Result) -> list[list[str]]:
    [table] = page(result.out, 'overview').all('table', cls='raci-table')
    return [[cell.text.replace('\N{NO-BREAK SPACE}', ' ') for cell in row.all('th', 'td')] for row in table.all('tr')]


def test_a_row_for_each_section_of_a_matrix_with_what_is_in_those_within_it(mill: Project) -> None:
    result = mill.build()

    assert result.warnings == []
    assert rows(result) == [
        ['Section', 'Ann', 'Ben', 'Cat'],
        ['Choices'],
        ['Colours Activities: 1', 'D 1', 'A 1', ''],
        ['Mill'],
        ['Without a section Activities: 1', 'R 1, A 1', '', 'I 1'],
        ['Grain Activities: 4', 'R 1, A 2', 'R 3, A 2, C 1', 'C 1'],
    ]


def test_a_cell_is_shaded_by_the_part_that_the_party_answers_for_or_carries_out(mill: Project) -> None:
    [table] = page(mill.build().out, 'overview').all('table', cls='raci-table')
    shades = [
        [next(name for name in cell.classes if name.startswith('raci-part-')) for cell in row.all('td')]
        for row in table.all('tr')
        if row.all('td')
    ]
    assert all('raci-heat' in cell.classes for cell in table.all('td'))
    # Ann: two of four; Ben: three of four; Cat: none.
    assert shades[2] == ['raci-part-5', 'raci-part-8', 'raci-part-0']
    # In DACI, the driver carries the work and the approver answers for it.
    assert shades[0] == ['raci-part-10', 'raci-part-10', 'raci-part-0']


def test_each_count_leads_to_where_those_activities_are_listed(mill: Project) -> None:
    [table] = page(mill.build().out, 'overview').all('table', cls='raci-table')
    cells = [cell for cell in table.all('td') if cell.text]
    assert all(cell.all('a') for cell in cells)
    links = [link.attributes['href'] for link in cells[-1].all('a')]
    assert links == ['parties/cat.html#raci-party.cat.mill']


def test_it_says_what_shades_mean(mill: Project) -> None:
    assert 'The stronger the shade of a cell' in mill.build().text('overview.html')


def test_in_a_pdf_cells_are_grey(mill: Project) -> None:
    result = mill.build('latex')
    [tex] = [path for path in result.out.glob('*.tex') if 'sphinx' not in path.name]
    text = tex.read_text('utf-8')
    assert text.count(r'\cellcolor[gray]{0.70}') == 3
    assert text.count(r'\cellcolor[gray]{0.85}') == 1


def test_a_change_in_a_section_is_seen(mill: Project) -> None:
    mill.build()
    mill.replace('mill.raci.yaml', 'Feed the hens, who: {ben: RA}}', 'Feed the hens, who: {cat: RA}}')
    assert rows(mill.build())[-1][-1] == 'R 1, A 1, C 1'


def test_by_takes_matrix_or_section(mill: Project) -> None:
    mill.replace('overview.rst', ':by: section', ':by: party')
    warnings = ' '.join(' '.join(mill.build().warnings).split())
    assert 'overview.rst:4' in warnings
    assert '"party" unknown; choose from "matrix"' in warnings
    assert 'or "section"' in warnings

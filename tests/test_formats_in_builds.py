"""Sources of a documentation in other formats than YAML: the pages are the same, and builds behave the same."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import HOSTING, Project

from sphinxcontrib_raci.sources import read_bytes
from sphinxcontrib_raci.writers import write

FORMATS = {'csv': '.raci.csv', 'xlsx': '.raci.xlsx', 'markdown': '.raci.md', 'json': '.raci.json'}
PARTIES = {'customer': 'Customer'}
INDEX = """\
Test
====

.. toctree::
   :glob:

   hosting
   parties/*

.. raci:parties::

See :raci:activity:`hosting.tickets` and :raci:activity:`hosting.mail`.
"""
PAGE = 'Hosting page\n============\n\n.. raci:: hosting\n'
SAME = ('*.html', '*.txt', 'objects.inv', 'searchindex.js')


def fill(project: Project, form: str, source: str = HOSTING) -> Project:
    """A project whose matrix is in a format."""
    project.conf(raci_party_pages='parties', raci_parties=PARTIES, extensions=['sphinxcontrib_raci', 'myst_parser'])
    project.write({'index.rst': INDEX, 'hosting.rst': PAGE})
    return source_of(project, form, source)


def source_of(project: Project, form: str, source: str) -> Project:
    if form == 'yaml':
        return project.write({'hosting.raci.yaml': source})
    matrix = read_bytes(source.encode(), 'hosting.raci.yaml').matrix
    assert matrix is not None
    name = f'hosting{FORMATS[form]}'
    return project.write({name: write(matrix, form, name)})


def pages(folder: Path) -> dict[str, bytes]:
    """Everything that a reader of a site gets, but for copies of sources."""
    found = [path for pattern in SAME for path in folder.rglob(pattern) if '_sources' not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


@pytest.mark.parametrize('builder', ['html', 'text', 'dirhtml'])
@pytest.mark.parametrize('form', FORMATS)
def test_the_same_matrix_gives_the_same_pages(new_project: Callable[[str], Project], form: str, builder: str) -> None:
    first = fill(new_project('yaml'), 'yaml').build(builder)
    other = fill(new_project(form), form).build(builder)
    assert (first.warnings, other.warnings) == ([], [])
    assert len(pages(first.out)) > 3
    assert pages(other.out) == pages(first.out)


@pytest.mark.parametrize('form', FORMATS)
def test_a_change_is_seen_and_nothing_else(project: Project, form: str) -> None:
    fill(project, form).build()
    assert project.build().read == []
    result = source_of(project, form, HOSTING.replace('Answer tickets', 'Answer all tickets')).build()
    assert set(result.read) >= {'hosting', 'parties/customer', 'parties/provider'}
    assert 'Answer all tickets' in result.text('hosting.html')
    assert project.build().read == []


@pytest.mark.skipif(sys.platform == 'win32', reason='Sphinx reads in parallel where it can fork')
@pytest.mark.parametrize('form', FORMATS)
def test_parallel_builds_give_the_same(new_project: Callable[[str], Project], form: str) -> None:
    one = fill(new_project('one'), form).build()
    four = fill(new_project('four'), form).build(parallel=4)
    assert pages(four.out) == pages(one.out)


def test_a_source_in_markdown_is_no_document(project: Project) -> None:
    result = fill(project, 'markdown').build()
    assert result.warnings == []
    assert 'hosting.raci' not in result.app.env.all_docs
    assert result.app.env.all_docs.keys() == {'index', 'hosting', 'parties/customer', 'parties/provider'}


def test_problems_of_a_spreadsheet_name_the_cell(project: Project) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = 'Who does what'
    for row in (['Activity', 'Customer', 'Provider'], ['Place the order', 'RA', 'I'], ['Answer', 'R', 'maybe']):
        sheet.append(row)
    project.conf().write({'hosting.rst': PAGE, 'index.rst': 'T\n=\n\n.. toctree::\n\n   hosting\n'})
    book.save(project.folder / 'hosting.raci.xlsx')
    result = project.build()
    (warning,) = result.warnings
    assert "hosting.raci.xlsx:'Who does what'!C3: WARNING: the row 'Answer' is left out: 'maybe'" in warning
    # The reader of the page is told as well.
    assert 'Answer' in result.text('hosting.html')


def test_a_page_of_people_is_a_source(project: Project) -> None:
    page = (
        '---\ntitle: Hosting\nupdated: 2025-03-01\n---\n\n## 1. Start\n\n| Activity | Customer | Provider |\n'
        '|---|---|---|\n| Place the order | **RA** | I |\n\n### 1.1 More\n\n| Activity | Customer | Provider |\n'
        '|---|---|---|\n| Wait | - | R/A |\n'
    )
    project.conf().write({'hosting.raci.md': page, 'index.rst': 'T\n=\n\n.. raci:: hosting\n'})
    result = project.build()
    assert result.warnings == []
    text = result.text('index.html')
    assert all(
        part in text for part in ('Place the order', 'Start', 'More', '2025-03-01', 'raci-hosting.place-the-order')
    )


def test_more_than_a_hundred_problems_are_counted(project: Project) -> None:
    rows = ''.join(f'| Row {number} | x | y |\n' for number in range(150))
    page = '| Activity | Customer |\n|---|---|\n| First | R |\n\n# Other\n\n| a | b | c |\n|---|---|---|\n' + rows
    project.conf().write({'hosting.raci.md': page, 'index.rst': 'T\n=\n\n.. raci:: hosting\n'})
    warnings = project.build().warnings
    assert len(warnings) == 101
    assert '… and 50 more problems; sphinx-raci check shows all' in warnings[-1]


@pytest.mark.parametrize('name', ['~$hosting.raci.xlsx', '.#hosting.raci.csv', '.~lock.hosting.raci.csv'])
def test_what_a_program_keeps_beside_an_open_file_is_no_source(project: Project, name: str) -> None:
    fill(project, 'csv').write({name: b'\0locked'})
    assert project.build().warnings == []

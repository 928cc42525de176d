"""Files for readers: what is in them, how they are called, and that an output never has one that it should not have."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import HOSTING, Project, Result
from hypothesis import HealthCheck, given, settings
from matrices import matrices
from pages import Element, page, parse_whole

from sphinxcontrib_raci.files import write_pieces
from sphinxcontrib_raci.model import Matrix
from sphinxcontrib_raci.sources import read_bytes
from sphinxcontrib_raci.writers import write
from sphinxcontrib_raci.writers.lost import lost
from sphinxcontrib_raci.writers.whole import NAME, whole

FORMATS = ('csv', 'xlsx', 'json')
ALL = ':download: csv, xlsx, json'

KEYS = """\
raci: 1
title: Keys
revision: "2024-11-25"
review-by: "2031-01-01"
intro: Who has which key.
scheme: ours
parties: [customer, provider]
scopes: {bare: On bare metal}
sections:
  - title: Before
    activities:
      - name: Order a key
        who: {customer: {letters: D, note: "=asks"}, provider: W}
        note: By letter.
        scopes: [bare]
      - name: Order a key
        who: {provider: D}
      - id: burn
        name: "=Burn it"
        who: {customer: D, provider: D}
        waive: {several-accountable: Each has a fire}
"""
"""What the project alone knows: the letters, the names of the parties; and two activities without an id."""

SCHEMES = {'ours': {'D': {'name': 'Does', 'per-activity': '1'}, 'W': {'name': 'Watches', 'meaning': 'looks on'}}}
PARTIES = {'customer': 'Customer', 'provider': {'name': 'Provider', 'description': 'Runs it'}}


def keys(project: Project, option: str = ALL, **conf: object) -> Project:
    """A project with one matrix on one page, and what ``option`` says of its downloads."""
    project.conf(raci_schemes=SCHEMES, raci_parties=PARTIES, **conf)
    return project.write(
        {
            'keys.raci.yaml': KEYS,
            'index.rst': 'Test\n====\n\n.. toctree::\n   :glob:\n\n   *\n',
            'keys.rst': f'Page\n====\n\n.. raci:: keys\n   {option}\n',
        }
    )


def customers(project: Project, option: str = ALL, **conf: object) -> Project:
    """The same with a page for the customer, and no downloads of the matrix."""
    keys(project, ':download: none', **conf)
    return project.write({'us.rst': f'Us\n==\n\n.. raci:party:: customer\n   {option}\n'})


def files(result: Result) -> list[str]:
    """The names of the files to download in an output."""
    folder = result.out / '_downloads/raci'
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def data(result: Result, name: str) -> bytes:
    return (result.out / '_downloads/raci' / name).read_bytes()


def line(result: Result, docname: str) -> Element:
    """The line of a page that offers files."""
    [found] = page(result.out, docname).all('p', cls='raci-downloads')
    return found


def shown(result: Result, name: str = 'keys') -> Matrix:
    """A matrix as the project of a build has it."""
    return result.app.env.get_domain('raci').registry.project.matrices[name]


# -- on the page -------------------------------------------------------------------------------------------------------


def test_a_line_before_the_table_links_to_a_file_in_each_format(project: Project) -> None:
    result = keys(project, ':download: csv, xlsx, json\n   :layout: table').build()

    assert result.warnings == []
    offered = line(result, 'keys')
    assert offered.text == 'Download: CSV, Excel, JSON'
    assert [href for _text, href in offered.links] == [f'_downloads/raci/keys.2024-11-25.{fmt}' for fmt in FORMATS]
    assert all('download' in link.attributes for link in offered.all('a'))
    order = [element for element in page(result.out, 'keys').walk() if element.tag in {'ul', 'p', 'table'}]
    [table] = page(result.out, 'keys').all('table')
    assert [element.tag for element in order if element.tag != 'p' or 'raci-downloads' in element.classes] == [
        'ul',
        'p',
        table.tag,
    ]


def test_formats_come_in_the_order_in_which_they_are_named_each_once(project: Project) -> None:
    result = keys(project, ':download: json, csv, json').build()

    assert line(result, 'keys').text == 'Download: JSON, CSV'


def test_without_the_option_there_is_nothing(project: Project) -> None:
    result = keys(project, ':layout: table').build()

    assert files(result) == []
    assert not (result.out / '_downloads').exists()
    assert 'Download' not in page(result.out, 'keys').text


def test_the_project_can_offer_files_of_all_whole_matrices_and_of_all_party_pages(project: Project) -> None:
    keys(project, ':layout: table', raci_downloads=['csv'], raci_party_pages='parties')
    project.write(
        {
            'part.rst': 'Part\n====\n\n.. raci:: keys\n   :section: Before\n   :no-index:\n',
            'one.rst': 'One\n===\n\n.. raci:: keys\n   :parties: customer\n   :no-index:\n',
            'does.rst': 'Does\n====\n\n.. raci:party:: customer\n   :letters: D\n   :no-index:\n',
            'again.rst': 'Again\n=====\n\n.. raci:: keys\n   :no-index:\n   :download: none\n',
            'all.rst': 'All\n===\n\n.. toctree::\n   :glob:\n\n   parties/*\n',
        }
    )
    result = project.build()

    assert result.warnings == []
    assert files(result) == ['keys.2024-11-25.csv', 'party.customer.csv', 'party.provider.csv']
    assert line(result, 'parties/customer').links == [('CSV', '../_downloads/raci/party.customer.csv')]
    for name in ('part', 'one', 'does', 'again'):
        assert 'Download' not in page(result.out, name).text


def test_an_extract_offers_the_whole_matrix_and_says_so(project: Project) -> None:
    result = keys(project, ':section: Before\n   :parties: customer\n   :download: csv').build()

    assert line(result, 'keys').text == 'Download the whole matrix: CSV'
    assert b'Provider' in data(result, 'keys.2024-11-25.csv')


@pytest.mark.parametrize('builder', ['html', 'dirhtml', 'singlehtml'])
def test_links_lead_to_the_files_from_wherever_a_page_is(project: Project, builder: str) -> None:
    keys(project).write({'deep/er/us.rst': 'Us\n==\n\n.. raci:party:: customer\n   :download: csv\n'})
    result = keys(project).replace('index.rst', '   *\n', '   *\n   deep/er/us\n').build(builder)

    assert result.warnings == []
    found = set()
    for path in result.out.rglob('*.html'):
        for element in parse_whole(path.read_text('utf-8')).all('a', cls='download'):
            found.add((path.parent / element.attributes['href']).resolve().relative_to(result.out.resolve()).as_posix())
    assert found == {f'_downloads/raci/{name}' for name in files(result)}
    assert len(found) == 4


@pytest.mark.parametrize('builder', ['epub', 'htmlhelp', 'latex', 'text', 'man', 'xml', 'gettext'])
def test_an_output_that_cannot_offer_files_does_not_speak_of_them(project: Project, builder: str) -> None:
    result = keys(project).build(builder)

    assert [warning for warning in result.warnings if 'EPUB' not in warning] == []
    assert files(result) == []
    paths = [path for path in result.out.rglob('*') if path.is_file() and path.suffix != '.css']
    texts = [path.read_text('utf-8', 'replace') for path in paths]
    assert len(texts) > 0
    assert not any('Download:' in text or 'raci-downloads' in text for text in texts)


def test_it_works_in_markdown(project: Project) -> None:
    keys(project, extensions=['sphinxcontrib_raci', 'myst_parser'])
    (project.folder / 'keys.rst').unlink()
    result = project.write({'keys.md': '# Page\n\n```{raci} keys\n:download: csv\n```\n'}).build()

    assert line(result, 'keys').links == [('CSV', '_downloads/raci/keys.2024-11-25.csv')]


def test_a_matrix_with_rows_that_could_not_be_read_offers_nothing(project: Project) -> None:
    keys(project).write({'us.rst': f'Us\n==\n\n.. raci:party:: customer\n   {ALL}\n'})
    project.replace('keys.raci.yaml', 'provider: W', 'provider: XY')
    result = project.build()

    # Nor does the page of a party: a file could not say that something is missing.
    assert files(result) == []
    assert 'not complete' in page(result.out, 'keys').text


def test_what_cannot_be_shown_offers_nothing(project: Project) -> None:
    result = keys(project, ':section: Nowhere\n   :download: csv').build()

    assert files(result) == []


def test_a_party_without_a_part_has_no_file(project: Project) -> None:
    result = customers(project, ':letters: W\n   :download: csv').build()

    assert files(result) == []


# -- what is wrong -----------------------------------------------------------------------------------------------------


def test_an_unknown_format_is_reported_at_the_directive_and_the_others_are_there(project: Project) -> None:
    result = keys(project, ':download: csv, xslx').build()

    [warning] = result.warnings
    assert warning.endswith(
        "keys.rst:4: WARNING: unknown format 'xslx'; did you mean 'xlsx'? (in :download:) [raci.directive]"
    )
    assert files(result) == ['keys.2024-11-25.csv']


def test_an_unknown_format_of_the_project_is_reported_once(project: Project) -> None:
    result = keys(project, ':layout: table', raci_downloads=['pdf', 'json', 'json']).build()

    [warning] = result.warnings
    assert "unknown format 'pdf'; known are: csv, xlsx, json (in raci_downloads) [raci.config]" in warning
    assert line(result, 'keys').text == 'Download: JSON'
    assert files(result) == ['keys.2024-11-25.json']


@pytest.mark.parametrize('value', ['csv', [1], 3])
def test_formats_of_the_project_must_be_a_list_of_names(project: Project, value: object) -> None:
    result = keys(project, ':layout: table', raci_downloads=value).build()

    assert any('raci_downloads must be a list of formats' in warning for warning in result.warnings)
    assert files(result) == []


def test_what_is_not_installed_is_reported_and_not_offered(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, 'openpyxl', None)
    monkeypatch.setattr('sphinxcontrib_raci.views.downloads.find_spec', lambda name: None)
    result = keys(project).build()

    [warning] = result.warnings
    assert 'keys.rst:4: WARNING: :download:: xlsx files need openpyxl' in warning
    assert "pip install 'sphinxcontrib-raci[xlsx]' [raci.directive]" in warning
    assert line(result, 'keys').text == 'Download: CSV, JSON'
    assert files(result) == ['keys.2024-11-25.csv', 'keys.2024-11-25.json']


# -- what is in the files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize('fmt', FORMATS)
def test_a_file_reads_back_to_the_matrix_without_its_project(project: Project, fmt: str) -> None:
    result = keys(project, raci_rules={'several-accountable': True}).build()

    name = f'keys.2024-11-25.{fmt}'
    # Whatever a browser calls it.
    for called in (name, f'other (1).{fmt}'):
        reading = read_bytes(data(result, name), called)
        assert reading.problems == ()
        assert reading.matrix is not None
        # A scheme of the project has no name elsewhere.
        expected = shown(result)
        assert lost(replace(expected, scheme=replace(expected.scheme, name='own')), reading.matrix) == []
        assert [party.name for party in reading.matrix.parties] == ['Customer', 'Provider']


@pytest.mark.parametrize('fmt', FORMATS)
def test_a_file_has_the_ids_to_which_the_site_has_anchors(project: Project, fmt: str) -> None:
    result = keys(project).build()
    matrix = read_bytes(data(result, f'keys.2024-11-25.{fmt}'), f'x.{fmt}').matrix
    assert matrix is not None

    ids = [activity.id for activity in matrix.walk()]
    assert ids == ['order-a-key', 'order-a-key-2', 'burn']
    assert {f'raci-keys.{ident}' for ident in ids} <= set(page(result.out, 'keys').ids)
    assert not any(activity.derived for activity in matrix.walk())


@pytest.mark.parametrize('fmt', FORMATS)
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(matrix=matrices())
def test_any_matrix_reads_back_with_its_ids(fmt: str, matrix: Matrix) -> None:
    reading = read_bytes(write(whole(matrix), fmt, NAME), f'x.{fmt}')

    assert reading.problems == ()
    assert lost(matrix, reading.matrix) == []


def test_whole_changes_nothing_else() -> None:
    matrix = read_bytes(HOSTING.encode(), 'hosting.raci.yaml').matrix
    assert matrix is not None

    assert lost(matrix, whole(matrix)) == []


def table(text: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.decode('utf-8-sig'))))


def test_the_part_of_a_party_is_a_row_for_each_activity(project: Project) -> None:
    result = customers(project, raci_rules={'several-accountable': True}).build()

    first, burn = table(data(result, 'party.customer.csv'))
    assert first == {
        'Party': 'Customer',
        'Matrix': 'Keys',
        'Revision': '2024-11-25',
        'Section': 'Before',
        'Id': 'keys.order-a-key',
        'Activity': 'Order a key',
        'Letters': 'D',
        'In words': 'Does',
        'Note for the party': "'=asks",
        'Note': 'By letter.',
        'Exceptions': '',
        'Other parties': 'Provider: W',
    }
    # No spreadsheet runs it.
    assert burn['Activity'] == "'=Burn it"


def test_exceptions_that_a_party_page_tells_are_in_the_file(project: Project) -> None:
    source = HOSTING.replace('who: {customer: RA, provider: I}', 'who: {customer: RA, provider: A}').replace(
        'title: Start\n', 'title: Start\n    waive: {several-accountable: Both pay}\n'
    )
    project.conf(raci_rules={'several-accountable': True, 'unused-waiver': False})
    text = 'Us\n==\n\n.. raci:: hosting\n\n.. raci:party:: customer\n   :download: csv, json\n'
    result = project.write({'hosting.raci.yaml': source, 'index.rst': text}).build()

    rows = table(data(result, 'party.customer.csv'))
    assert [row['Exceptions'] for row in rows] == ['Exception (several parties with A): Both pay', '']
    records = json.loads(data(result, 'party.customer.json'))
    assert [record.get('exceptions') for record in records] == [[rows[0]['Exceptions']], None]


def test_the_part_of_a_party_says_the_same_in_every_format(project: Project) -> None:
    import openpyxl

    result = customers(project).build()
    book = openpyxl.load_workbook(io.BytesIO(data(result, 'party.customer.xlsx')))
    [sheet] = book.worksheets
    head, *rows = [[cell.value or '' for cell in row] for row in sheet.iter_rows()]

    plain = [
        {name: text.removeprefix("'") for name, text in row.items()}
        for row in table(data(result, 'party.customer.csv'))
    ]
    assert [dict(zip(head, row, strict=True)) for row in rows] == plain
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {'s'}
    assert json.loads(data(result, 'party.customer.json')) == [
        {
            'party': 'customer',
            'matrix': 'keys',
            'title': 'Keys',
            'revision': '2024-11-25',
            'section': ['Before'],
            'id': 'keys.order-a-key',
            'activity': 'Order a key',
            'letters': ['D'],
            'words': ['Does'],
            'party-note': '=asks',
            'note': 'By letter.',
            'others': {'provider': ['W']},
        },
        {
            'party': 'customer',
            'matrix': 'keys',
            'title': 'Keys',
            'revision': '2024-11-25',
            'section': ['Before'],
            'id': 'keys.burn',
            'activity': '=Burn it',
            'letters': ['D'],
            'words': ['Does'],
            'others': {'provider': ['D']},
        },
    ]


def test_a_file_has_what_the_page_of_the_party_lists_and_no_more(project: Project) -> None:
    project.write({'other.raci.yaml': KEYS.replace('Keys', 'Other'), 'other.rst': 'O\n=\n\n.. raci:: other\n'})
    customers(project, ':letters: D\n   :matrices: other\n   :download: csv')
    project.replace('other.raci.yaml', 'customer: D, provider: D', 'customer: W, provider: D')
    result = project.build()

    assert result.warnings == []
    [name] = files(result)
    assert [row['Id'] for row in table(data(result, name))] == ['other.order-a-key']


# -- names -------------------------------------------------------------------------------------------------------------


def named(project: Project, **revisions: str) -> list[str]:
    """The files of matrices with these ids and revisions, one of each in one document."""
    documents = ''
    for ident, revision in revisions.items():
        name = ident.replace('_', '-')
        source = HOSTING.replace('title: Hosting', f'title: {name}\nrevision: {json.dumps(revision)}')
        project.write({f'{name}.raci.yaml': source})
        documents += f'.. raci:: {name}\n   :download: csv\n\n'
    return files(project.conf().write({'index.rst': f'Test\n====\n\n{documents}'}).build())


def test_names_of_different_matrices_do_not_meet(project: Project) -> None:
    assert named(project, kms='2024', kms_2024='', a='b-c', a_b='c') == [
        'a-b.c.csv',
        'a.b-c.csv',
        'kms-2024.csv',
        'kms.2024.csv',
    ]


@pytest.mark.parametrize(
    ('revision', 'name'),
    [
        ('2024-11-25', 'kms.2024-11-25.csv'),
        ('', 'kms.csv'),
        ('1.10', 'kms.1-10.csv'),
        ('../../x', 'kms.x.csv'),
        ('Fassung März/B', 'kms.fassung-marz-b.csv'),
        ('第二版', 'kms.csv'),
        ('?*:|', 'kms.csv'),
        ('x' * 300, f'kms.{"x" * 60}.csv'),
    ],
)
def test_a_revision_is_made_fit_for_a_name(project: Project, revision: str, name: str) -> None:
    assert named(project, kms=revision) == [name]


def test_a_choice_of_what_a_party_has_is_another_file(project: Project) -> None:
    customers(project, ':download: csv')
    for number, option in enumerate(['', ':letters: D', ':letters: D, W', ':matrices: keys', ':by: letter']):
        text = f'P\n=\n\n.. raci:party:: customer\n   :no-index:\n   :download: csv\n   {option}\n'
        project.write({f'p{number}.rst': text})

    assert files(project.build()) == [
        'party.customer.csv',
        'party.customer.keys.csv',
        'party.customer_d-w.csv',
        'party.customer_d.csv',
    ]


def test_a_long_choice_has_a_short_name(project: Project) -> None:
    names = [f'matrix-with-a-long-name-{number}' for number in range(9)]
    customers(project, f':matrices: {", ".join(names)}\n   :download: csv')
    project.write({f'{name}.raci.yaml': KEYS for name in names})

    [name] = files(project.build())
    assert len(name) < 40


# -- what is left behind -----------------------------------------------------------------------------------------------


def output(result: Result) -> dict[str, bytes]:
    return {name: data(result, name) for name in files(result)}


def test_two_builds_give_the_same_bytes(new_project: Callable[[str], Project]) -> None:
    one, two = (keys(customers(new_project(name)), ALL).build() for name in ('one', 'two'))

    assert len(output(one)) == 6
    assert output(one) == output(two)


def test_a_build_without_a_change_writes_no_file(project: Project) -> None:
    result = keys(customers(project), ALL).build()
    before = {path: path.stat().st_mtime_ns for path in (result.out / '_downloads/raci').iterdir()}
    project.build(fresh=True)
    project.build()

    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert len(before) == 6


def test_a_file_that_is_gone_from_the_output_is_written_again(project: Project) -> None:
    result = keys(project).build()
    (result.out / '_downloads/raci/keys.2024-11-25.csv').unlink()

    assert len(files(project.build())) == 3


def test_a_new_revision_takes_the_place_of_the_old_one(project: Project) -> None:
    keys(customers(project), ':download: csv').build()
    project.replace('keys.raci.yaml', '2024-11-25', '2025-02-01')
    result = project.build()

    assert files(result)[0] == 'keys.2025-02-01.csv'
    assert 'keys.2024-11-25.csv' not in files(result)
    assert b'2025-02-01' in data(result, 'party.customer.csv')


def test_what_only_the_file_says_makes_it_be_written_again(project: Project) -> None:
    customers(project).build()
    project.replace('keys.raci.yaml', 'By letter', 'By post')
    result = project.build()

    assert 'us' not in result.read
    assert b'By post' in data(result, 'party.customer.csv')


def test_nothing_is_left_when_the_last_one_goes_and_what_others_offer_stays(project: Project) -> None:
    keys(project).write({'notes.txt': 'x', 'plain.rst': 'Plain\n=====\n\n:download:`notes.txt`\n'}).build()
    project.replace('keys.rst', f'   {ALL}\n', '')
    result = project.build()

    assert files(result) == []
    assert not (result.out / '_downloads/raci').exists()
    assert [path.name for path in (result.out / '_downloads').rglob('*') if path.is_file()] == ['notes.txt']


def test_no_folder_is_left_when_the_last_one_goes(project: Project) -> None:
    keys(project).build()
    project.replace('keys.rst', f'   {ALL}\n', '')

    assert not (project.build().out / '_downloads').exists()


def test_a_file_that_does_not_belong_there_is_removed(project: Project) -> None:
    folder = keys(project).build().out / '_downloads/raci'
    (folder / 'left-over.csv').write_text('x')
    (folder / 'own').mkdir()

    assert 'left-over.csv' not in files(project.build())


@pytest.mark.skipif(sys.platform == 'win32', reason='Sphinx reads in parallel where it can fork')
@pytest.mark.filterwarnings('ignore:.*use of fork:DeprecationWarning')
def test_four_processes_give_the_same_files(new_project: Callable[[str], Project]) -> None:
    one, four = (keys(customers(new_project(name)), ALL) for name in ('one', 'four'))
    for place in (one, four):
        place.write({f'plain{number}.rst': 'Plain\n=====\n' for number in range(8)})

    found = output(four.build(parallel=4))
    assert len(found) == 6
    assert found == output(one.build())


def test_matrices_without_downloads_cost_no_record(project: Project) -> None:
    keys(project, ':layout: table').build()

    assert list(project.folder.parent.rglob('raci-downloads-*')) == []


def test_a_file_that_cannot_be_written_is_a_warning(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: Path, pieces: Iterable[bytes], *rest: Any) -> None:
        if '_downloads' in path.parts:
            raise OSError(28, 'No space left on device')
        write_pieces(path, pieces, *rest)

    monkeypatch.setattr('sphinxcontrib_raci.files.write_pieces', broken)
    result = keys(project).build()

    warnings = [text for text in result.warnings if 'raci.page' in text]
    assert warnings
    for warning in warnings:
        assert 'the files to download cannot be written or removed: No space left on device' in warning

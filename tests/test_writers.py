"""Writing matrices."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import zipfile
from dataclasses import replace
from itertools import chain

import openpyxl
import pytest
import yaml
from conftest import often
from docutils import nodes
from docutils.core import publish_doctree
from hypothesis import HealthCheck, example, given, settings
from markdown_it import MarkdownIt
from markdown_it.token import Token
from matrices import ODD, lines, matrices, unplaced
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from sphinxcontrib_raci.model import Activity, Assignment, Link, Matrix, Party, Section, Waiver
from sphinxcontrib_raci.schemes import RACI, SCHEMES, Letter, Scheme
from sphinxcontrib_raci.sources import read_bytes
from sphinxcontrib_raci.sources.sheets.csvfile import unguarded
from sphinxcontrib_raci.writers import FORMATS, SUFFIXES, write
from sphinxcontrib_raci.writers.lost import lost
from sphinxcontrib_raci.writers.tables import Tables, grid, pairs

quick = settings(max_examples=often(30), deadline=None, suppress_health_check=list(HealthCheck))


def hosting(**more: object) -> Matrix:
    """A small matrix with something of everything."""
    tickets = Activity(
        id='tickets',
        name='Answer tickets',
        assignments=(Assignment(('C',), 'says what is broken'), Assignment(('R', 'A'))),
        note='Around the clock.',
        links=(Link('Service hours', 'https://example.org/hours'),),
        tags=('support', 'night shift'),
        scopes=('bare',),
        formerly=('mail',),
        waive=(Waiver('several-accountable', 'Each side answers for its half'),),
    )
    order = Activity('place-the-order', 'Place the order', (Assignment(('R', 'A')), Assignment(('I',))), derived=True)
    nobody = Activity('wait', 'Wait', (Assignment(), Assignment()))
    running = Section(
        'Running', sections=(Section('Incidents', 'incidents', 'First words.\n\nMore words.', (tickets, nobody)),)
    )
    matrix = Matrix(
        id='hosting',
        title='Hosting',
        parties=(Party('customer', 'Customer'), Party('provider', 'Provider', 'Runs the machines')),
        root=Section('', sections=(Section('Start', activities=(order,)), running)),
        revision='2024-11-25',
        scopes=(('bare', 'On bare metal'), ('vm', 'On virtual machines')),
        rules=(('several-accountable', False), ('overloaded-party', 80)),
    )
    return dataclasses.replace(matrix, **more)  # type: ignore[arg-type]


HOSTING_YAML = """\
raci: 1
title: Hosting
revision: "2024-11-25"
parties:
  customer: Customer
  provider: {name: Provider, description: Runs the machines}
scopes: {bare: On bare metal, vm: On virtual machines}
rules: {several-accountable: false, overloaded-party: 80}
sections:
  - title: Start
    activities:
      - name: Place the order
        who: {customer: RA, provider: I}
  - title: Running
    sections:
      - id: incidents
        title: Incidents
        intro: |
          First words.

          More words.
        activities:
          - id: tickets
            name: Answer tickets
            who:
              customer: {letters: C, note: says what is broken}
              provider: RA
            note: Around the clock.
            links: [{text: Service hours, url: "https://example.org/hours"}]
            tags: [support, night shift]
            scopes: [bare]
            formerly: [mail]
            waive: {several-accountable: Each side answers for its half}
          - id: wait
            name: Wait
            who: {}
"""

HOSTING_CSV = """\
raci,1
title,Hosting
revision,2024-11-25
parties.customer,Customer
parties.provider.name,Provider
parties.provider.description,Runs the machines
scopes.bare,On bare metal
scopes.vm,On virtual machines
rules.several-accountable,false
rules.overloaded-party,80

id,section,activity,Customer,Provider,On bare metal,On virtual machines,note,tags,links,formerly,waive
,Start,Place the order,RA,I,X,X,,,,,
incidents,Running > Incidents,,,,,,"First words.

More words.",,,,
tickets,Running > Incidents,Answer tickets,C (says what is broken),RA,X,,Around the clock.,"support, night shift",\
Service hours <https://example.org/hours>,mail,several-accountable: Each side answers for its half
wait,Running > Incidents,Wait,,,X,X,,,,,
"""

HOSTING_MD = """\
---
raci: 1
revision: "2024-11-25"
parties:
  customer: Customer
  provider: {name: Provider, description: Runs the machines}
scopes: {bare: On bare metal, vm: On virtual machines}
rules: {several-accountable: false, overloaded-party: 80}
---

# Hosting

## Start

| Activity | Customer | Provider | On bare metal | On virtual machines |
| --- | --- | --- | --- | --- |
| Place the order | RA | I | X | X |

## Running

### Incidents

<!-- id: incidents -->

First words.

More words.

| Activity | Customer | Provider | On bare metal | On virtual machines | Id | Note | Tags | Links | Formerly | Waive |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
| Answer tickets | C (says what is broken) | RA | X |  | tickets | Around the clock. | support, night shift | \
[Service hours](<https://example.org/hours>) | mail | several-accountable: Each side answers for its half |
| Wait |  |  | X | X | wait |  |  |  |  |  |
"""

HOSTING_RST = """\
Hosting
=======

:raci: 1
:revision: 2024-11-25
:parties.customer: Customer
:parties.provider.name: Provider
:parties.provider.description: Runs the machines
:scopes.bare: On bare metal
:scopes.vm: On virtual machines
:rules.several-accountable: false
:rules.overloaded-party: 80

Start
-----

.. list-table::
   :header-rows: 1

   * - Activity
     - Customer
     - Provider
     - On bare metal
     - On virtual machines
   * - Place the order
     - RA
     - I
     - X
     - X

Running
-------

Incidents
~~~~~~~~~

.. id: incidents

First words.

More words.
"""


@pytest.mark.parametrize(
    ('fmt', 'expected'), [('yaml', HOSTING_YAML), ('csv', HOSTING_CSV), ('markdown', HOSTING_MD), ('rst', HOSTING_RST)]
)
def test_how_a_matrix_looks(fmt: str, expected: str) -> None:
    assert write(hosting(), fmt, 'hosting').decode()[: len(expected) + (fmt != 'rst')] == expected


def test_every_suffix_is_that_of_a_format_and_every_format_has_one() -> None:
    assert set(SUFFIXES.values()) == set(FORMATS)


class TestTrees:
    """YAML and JSON hold everything."""

    @pytest.mark.parametrize('fmt', ['yaml', 'json'])
    @quick
    @given(matrix=matrices())
    def test_what_is_written_reads_back_as_the_same(self, fmt: str, matrix: Matrix) -> None:
        data = write(matrix, fmt, f'x.raci.{fmt}')
        reading = read_bytes(data, f'x.raci.{fmt}')
        assert reading.problems == ()
        assert reading.matrix is not None
        assert unplaced(reading.matrix) == matrix
        assert write(reading.matrix, fmt) == data

    @quick
    @given(matrix=matrices())
    def test_other_tools_see_texts_as_texts(self, matrix: Matrix) -> None:
        """The same tree comes out of the safe loader of YAML 1.1 and of JSON, types included."""
        told = yaml.safe_load(write(matrix, 'yaml'))
        meant = json.loads(write(matrix, 'json'))
        for tree in _sections(told) + _sections(meant):
            tree['intro'] = ' '.join(tree.get('intro', '').split())
        assert told == meant

    def test_json_is_as_short_as_yaml(self) -> None:
        text = write(hosting(), 'json').decode()
        assert '        "who": {"customer": "RA", "provider": "I"}\n' in text
        assert text.startswith('{\n  "raci": 1,\n')
        assert text.endswith('\n}\n')

    @pytest.mark.parametrize(
        'text', ['no', 'y', '1.10', '2024-11-25', '-', '~', '12:30', 'a: b', 'a #b', '1_000', '0o17']
    )
    def test_what_a_tool_may_misread_is_in_quotes(self, text: str) -> None:
        assert f'revision: "{text}"\n' in write(hosting(revision=text), 'yaml').decode()

    @pytest.mark.parametrize('text', ['3rd of May', 'a, b [c]', 'x-1', "it's", 'noon', 'R&D'])
    def test_what_is_safe_is_plain(self, text: str) -> None:
        assert f'revision: {text}\n' in write(hosting(revision=text), 'yaml').decode()

    @pytest.mark.parametrize('fmt', ['yaml', 'json', 'csv', 'xlsx', 'markdown', 'rst'])
    def test_the_id_is_left_out_where_the_name_of_the_file_gives_it(self, fmt: str) -> None:
        matrix = hosting()
        assert write(matrix, fmt, 'docs/hosting.raci.x') != write(matrix, fmt, 'docs/other.raci.x')
        assert write(dataclasses.replace(matrix, path='a/hosting.x'), fmt) == write(matrix, fmt, 'hosting')
        assert 'id: hosting\n' in write(matrix, 'yaml', 'other').decode()
        assert 'id: hosting\n' in write(matrix, 'yaml', 'Hosting').decode()

    def test_only_what_differs_from_the_scheme_is_said(self) -> None:
        words = {'A': ('Answerable', ''), 'C': ('', 'is heard'), 'I': ('Told', 'is told')}
        letters = tuple(
            replace(
                one,
                name=words.get(one.code, ('', ''))[0] or one.name,
                meaning=words.get(one.code, ('', ''))[1] or one.meaning,
            )
            for one in SCHEMES['rasci'].letters
        )
        text = write(hosting(scheme=replace(SCHEMES['rasci'], letters=letters)), 'yaml').decode()
        assert (
            'scheme: rasci\nletters:\n  A: Answerable\n  C: {meaning: is heard}\n  I: {name: Told, meaning: is told}\n'
            in text
        )
        assert 'scheme' not in write(hosting(), 'yaml').decode()

    def test_an_own_scheme_is_a_mapping(self) -> None:
        scheme = Scheme('own', (Letter('R', 'Does'), Letter('RA', 'Leads', 'has the say'), Letter('A', 'Signs')))
        cells = (Assignment(('R', 'A')), Assignment(('RA',)))
        root = Section('', activities=(Activity('a', 'A', cells),))
        text = write(hosting(scheme=scheme, root=root), 'yaml').decode()
        assert 'scheme:\n  R: Does\n  RA: {name: Leads, meaning: has the say}\n  A: Signs\n' in text
        assert 'who: {customer: R/A, provider: RA}\n' in text

    def test_long_lines_are_parted_where_that_changes_nothing(self) -> None:
        words = ' '.join(['word'] * 40)
        root = Section(
            '', intro=words, activities=(Activity('a', 'A', (Assignment(), Assignment()), tags=(words, 'b')),)
        )
        text = write(hosting(root=root), 'yaml').decode()
        assert f'intro: >-\n  {" ".join(["word"] * 19)}\n' in text
        assert f'    tags:\n      - {words}\n      - b\n' in text

    def test_sections_may_lie_deep(self) -> None:
        section = Section('1', activities=(Activity('a', 'A', (Assignment(), Assignment(('R', 'A')))),))
        for number in range(2, 24):
            section = Section(str(number), sections=(section,))
        matrix = hosting(root=Section('', sections=(section, Section('Other'))))
        for fmt in ('yaml', 'json'):
            assert lost(matrix, read_bytes(write(matrix, fmt, 'hosting'), f'hosting.{fmt}').matrix) == []
        document = rst_page(write(matrix, 'rst').decode())
        assert len(list(document.findall(nodes.section))) == 1 + 23 + 1

    def test_nobody_has_a_part_however_deep_the_line_is(self) -> None:
        section = Section('1', activities=(Activity('a', 'A', (Assignment(), Assignment()), scopes=()),))
        for number in range(2, 24):
            section = Section(str(number), sections=(section,))
        matrix = hosting(root=Section('', sections=(section,)))
        assert lost(matrix, read_bytes(write(matrix, 'yaml', 'hosting'), 'hosting.yaml').matrix) == []

    def test_a_derived_id_that_would_come_out_otherwise_is_given(self) -> None:
        """The same name twice: who comes second gets a number, and the order of a file decides who that is."""
        source = (
            b'raci: 1\ntitle: T\nparties: {a: A}\nsections:\n- title: S\n  activities: [{name: Do, who: {}}]\n'
            b'activities: [{name: Do, who: {}}]\n'
        )
        matrix = read_bytes(source, 'x.raci.yaml').matrix
        assert matrix is not None
        assert [(one.id, one.derived) for one in matrix.walk()] == [('do-2', True), ('do', True)]
        kept = write(matrix, 'yaml').decode()
        assert kept.index('sections:') < kept.index('\nactivities:')
        assert 'id:' not in kept
        assert [row[0] for row in grid(matrix)] == ['id', 'do-2', 'do']


def _sections(tree: dict) -> list[dict]:  # type: ignore[type-arg]
    return [tree, *chain.from_iterable(_sections(one) for one in tree.get('sections', ()))]


class TestGrids:
    """CSV and XLSX hold a grid of texts."""

    @quick
    @given(matrix=matrices())
    def test_csv_holds_the_grid(self, matrix: Matrix) -> None:
        data = write(matrix, 'csv', 'x.csv').decode('utf-8-sig')
        rows = list(csv.reader(io.StringIO(data, newline='')))
        blank = rows.index([])
        assert rows[0] == ['raci', '1']
        assert [[unguarded(text) for text in row] for row in rows[:blank]] == list(map(list, pairs(matrix, 'x.csv')))
        assert [[unguarded(text) for text in row] for row in rows[blank + 1 :]] == grid(matrix)

    @quick
    @given(matrix=matrices())
    def test_csv_holds_no_formula(self, matrix: Matrix) -> None:
        cells = chain.from_iterable(csv.reader(io.StringIO(write(matrix, 'csv').decode(), newline='')))
        assert not [
            cell for cell in cells if cell.startswith(('=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'))
        ]

    def test_nothing_in_a_workbook_looks_like_an_escaped_character(self) -> None:
        data = write(hosting(title='_x0041_ and __x000D_x005f__'), 'xlsx')
        values = dict(openpyxl.load_workbook(io.BytesIO(data))['Matrix'].values)
        assert values['title'] == '_x005F_x0041_ and __x005F_x000D_x005F_x005f__'

    @staticmethod
    def rows(book: openpyxl.Workbook, sheet: str) -> list[list[str]]:
        # What looks like an escaped character is escaped.
        return [[str(value or '').replace('_x005F_', '_') for value in row] for row in book[sheet].values]

    @quick
    @given(matrix=matrices())
    def test_a_workbook_holds_the_same_texts(self, matrix: Matrix) -> None:
        data = write(matrix, 'xlsx', 'x.xlsx')
        book = openpyxl.load_workbook(io.BytesIO(data))
        assert book.sheetnames == ['Activities', 'Legend', 'Matrix']
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert {cell.data_type for cell in cells} == {'s'}
        assert [cell.value for cell in cells if not cell.quotePrefix and cell.value[0] in '=+-@'] == []
        assert self.rows(book, 'Activities') == grid(matrix)
        assert self.rows(book, 'Matrix') == [list(pair) for pair in pairs(matrix, 'x.xlsx')]
        assert [row[0] for row in book['Legend'].iter_rows(values_only=True)] == ['Letter', *matrix.scheme.codes]

    def test_a_workbook_is_easy_to_read(self) -> None:
        sheet = openpyxl.load_workbook(io.BytesIO(write(hosting(), 'xlsx')))['Activities']
        assert sheet.freeze_panes == 'A2'
        assert sheet.auto_filter.ref == sheet.dimensions == 'A1:L5'
        widths = [sheet.column_dimensions[letter].width for letter in 'CDJ']
        assert widths == [len('Place the order') + 2, len('C (says what is broken)') + 2, 43]
        assert sheet['A1'].font.bold
        assert not sheet['C2'].font.bold
        assert sheet['H3'].alignment.wrap_text

    def test_no_column_is_wider_than_a_screen(self) -> None:
        sheet = openpyxl.load_workbook(io.BytesIO(write(hosting(title='word ' * 100), 'xlsx')))['Matrix']
        assert sheet.column_dimensions['B'].width == 60

    def test_nothing_of_the_time_of_writing_is_in_a_workbook(self) -> None:
        data = write(hosting(), 'xlsx')
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            core = archive.read('docProps/core.xml').decode()
        assert core.count('1980-01-01T00:00:00') == 2
        assert '20' + '26' not in core

    def test_columns_that_nobody_uses_are_left_out(self) -> None:
        root = Section('', activities=(Activity('a', 'A', (Assignment(), Assignment()), derived=True),))
        assert grid(hosting(root=root, scopes=())) == [['activity', 'Customer', 'Provider'], ['A', '', '']]

    def test_a_section_has_a_row_where_its_activities_do_not_say_all(self) -> None:
        row = Activity('a', 'A', (Assignment(), Assignment()), derived=True)
        other = dataclasses.replace(row, id='a-2')
        root = Section(
            '',
            sections=(
                Section('One', activities=(row,)),
                Section('One', activities=(other,)),
                Section('Empty'),
                Section(
                    'Waived', sections=(Section('In > it'),), waive=(Waiver('no-part', 'b'), Waiver('missing-id', 'd'))
                ),
            ),
        )
        assert [row[:2] + row[-1:] for row in grid(hosting(root=root, scopes=()))] == [
            ['section', 'activity', 'waive'],
            ['One', 'A', ''],
            ['One', '', ''],
            ['One', 'A', ''],
            ['Empty', '', ''],
            ['Waived', '', 'no-part: b\nmissing-id: d'],
            ['Waived > In \\> it', '', ''],
        ]

    @pytest.mark.parametrize(
        ('names', 'titles'),
        [
            ({'a': 'One', 'b': 'Two'}, ['One', 'Two']),
            ({'a': 'Same', 'b': ' same:'}, ['a', 'b']),
            ({'a': 'Note', 'b': 'Activity'}, ['a', 'b']),
            ({'a': 'b', 'b': 'Two'}, ['a', 'Two']),
            ({'note': 'Note', 'b': '*'}, ['parties.note', 'b']),
        ],
    )
    def test_no_two_columns_have_one_title(self, names: dict[str, str], titles: list[str]) -> None:
        parties = tuple(Party(ident, name) for ident, name in names.items())
        assert grid(hosting(parties=parties, root=Section(''), scopes=()))[0] == ['activity', *titles]

    @quick
    @given(matrix=matrices())
    def test_titles_of_columns_are_always_different(self, matrix: Matrix) -> None:
        titles = [title.casefold() for title in grid(matrix)[0]]
        assert len(set(titles)) == len(titles)


def plain_rows(matrix: Matrix) -> list[list[str]]:
    """The cells of all tables of a page, one row after the other, without links."""
    tables = Tables(matrix)
    rows = []
    for part in tables.parts():
        activities = part.section.activities
        columns = tables.columns(activities)
        if activities:
            rows.append([one.title if one.kind in ('party', 'scope') else one.title.capitalize() for one in columns])
        for activity in activities:
            entries = [tables.entries(activity, column) for column in columns]
            rows.append(['\n'.join(one.text if isinstance(one, Link) else one for one in cell) for cell in entries])
    return rows


def prose(matrix: Matrix) -> list[str]:
    """The paragraphs of a page."""
    return [text for part in Tables(matrix).parts() for text in part.section.intro.split('\n\n') if text]


def titles(matrix: Matrix) -> list[str]:
    return [matrix.title, *(part.section.title for part in Tables(matrix).parts() if part.depth)]


def inline_text(token: Token) -> str:
    text = ''
    for child in token.children or ():
        assert child.type in ('text', 'text_special', 'html_inline', 'link_open', 'link_close'), child.type
        assert child.type != 'html_inline' or child.content == '<br>'
        text += '\n' if child.type == 'html_inline' else child.content
    return text


def markdown_page(tokens: list[Token]) -> dict[str, list]:  # type: ignore[type-arg]
    """What is on a page: headings, paragraphs, rows of cells and the links in them."""
    page: dict[str, list] = {'heading': [], 'paragraph': [], 'rows': [], 'links': []}  # type: ignore[type-arg]
    opened = ''
    for token in tokens:
        if token.type == 'tr_open':
            page['rows'].append([])
        elif token.type in ('heading_open', 'paragraph_open', 'th_open', 'td_open'):
            opened = token.type.removesuffix('_open')
        elif token.type == 'inline':
            (page['rows'][-1] if opened in ('th', 'td') else page[opened]).append(inline_text(token))
            page['links'] += [child.attrs['href'] for child in token.children or () if child.type == 'link_open']
        else:
            assert token.type in KNOWN, token.type
    return page


KNOWN = {'front_matter', 'html_block', *(f'{one}_close' for one in ('heading', 'paragraph', 'th', 'td', 'tr'))}
KNOWN |= {f'{one}_{way}' for one in ('table', 'thead', 'tbody') for way in ('open', 'close')}

MYST = ('amsmath', 'attrs_block', 'attrs_inline', 'colon_fence', 'deflist', 'dollarmath', 'fieldlist', 'strikethrough')


def _myst() -> MarkdownIt:
    from myst_parser.mdit_to_docutils.base import DocutilsRenderer

    extensions = {*MYST, 'substitution', 'tasklist'}
    return create_md_parser(MdParserConfig(enable_extensions=extensions), DocutilsRenderer)


PARSERS = {
    'a code-hosting site': MarkdownIt('commonmark').enable(['table', 'strikethrough']),
    'MyST': _myst(),
}


class TestMarkdown:
    """Every text is on the page as it is, whatever it looks like."""

    @pytest.mark.parametrize('where', PARSERS)
    @quick
    @given(matrix=matrices())
    def test_the_page_says_what_the_matrix_says(self, where: str, matrix: Matrix) -> None:
        text = write(matrix, 'markdown', 'x.md').decode()
        if where != 'MyST':
            # Such a site shows what stands between the two lines on its own.
            text = text.split('\n---\n', 1)[1]
        parser = PARSERS[where]
        parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
        page = markdown_page(parser.parse(text))
        assert page['heading'] == titles(matrix)
        assert page['paragraph'] == prose(matrix)
        assert page['rows'] == plain_rows(matrix)
        assert page['links'] == [link.url for activity in matrix.walk() for link in activity.links]

    @quick
    @given(matrix=matrices())
    def test_the_front_is_that_of_yaml(self, matrix: Matrix) -> None:
        front = yaml.safe_load(write(matrix, 'markdown', 'x').decode().split('\n---\n', 1)[0][4:])
        whole = yaml.safe_load(write(matrix, 'yaml', 'x'))
        assert front == {key: whole[key] for key in whole if key not in ('title', 'intro', 'sections', 'activities')}

    @quick
    @given(text=lines())
    @example(text='a --> b')
    @example(text='&gt;')
    def test_no_reason_ends_the_comment_that_holds_it(self, text: str) -> None:
        root = Section('', sections=(Section('S', waive=(Waiver('no-part', text),)),))
        page = write(hosting(root=root), 'markdown').decode().split('\n---\n', 1)[1]
        blocks = (token.content for token in MarkdownIt('commonmark').parse(page) if token.type == 'html_block')
        comment = next(blocks)
        assert comment.endswith(' -->\n')
        assert '>' not in comment[:-2]

    def test_headings_end_at_the_sixth_level(self) -> None:
        section = Section('7')
        for title in '65432':
            section = Section(title, sections=(section,))
        text = write(hosting(root=Section('', sections=(section,))), 'markdown').decode()
        assert text.endswith('\n##### 5\n\n###### 6\n\n###### 7\n')


class TestRst:
    """Every text is on the page as it is, whatever it looks like."""

    @quick
    @given(matrix=matrices())
    def test_the_page_says_what_the_matrix_says(self, matrix: Matrix) -> None:
        document = rst_page(write(matrix, 'rst', 'x.rst').decode())
        assert [node.astext() for node in document.findall(nodes.title)] == titles(matrix)
        rows = [[_lines(entry) for entry in row.children] for row in document.findall(nodes.row)]
        assert rows == plain_rows(matrix)
        outside = [node for node in document.findall(nodes.paragraph) if isinstance(node.parent, nodes.section)]
        assert [node.astext() for node in outside] == prose(matrix)
        fields = [(node[0].astext(), node[1].astext()) for node in document.findall(nodes.field)]
        assert fields == [pair for pair in pairs(matrix, 'x.rst') if pair[0] not in ('title', 'intro')]
        links = [node['refuri'] for node in document.findall(nodes.reference)]
        assert links == [link.url for activity in matrix.walk() for link in activity.links]

    @quick
    @given(matrix=matrices())
    def test_ids_and_waivers_of_sections_are_comments(self, matrix: Matrix) -> None:
        expected = []
        for part in Tables(matrix).parts():
            if part.depth:
                section = part.section
                expected += [f'id: {section.id}'] if section.id else []
                expected += [f'waive: {waiver.rule}: {waiver.reason}' for waiver in section.waive]
        document = rst_page(write(matrix, 'rst').decode())
        assert [node.astext() for node in document.findall(nodes.comment)] == expected

    @pytest.mark.parametrize('title', ['日本語のサービス', 'e\u0301' * 9, 'A', '*', '1. a', '====', ':a: b'])
    def test_titles_are_underlined_in_full(self, title: str) -> None:
        document = rst_page(write(hosting(title=title), 'rst').decode())
        assert next(document.findall(nodes.title)).astext() == title


def rst_page(text: str) -> nodes.document:
    settings_ = {'report_level': 2, 'halt_level': 2, 'doctitle_xform': False, 'docinfo_xform': False}
    document = publish_doctree(text, settings_overrides=settings_)
    assert [node.astext() for node in document.findall(nodes.system_message) if node['level'] > 1] == []
    return document


def _lines(entry: nodes.Node) -> str:
    found = list(entry.findall(nodes.line)) or list(entry.findall(nodes.paragraph))
    return '\n'.join(node.astext() for node in found)


class TestLost:
    """What a format could not hold, in words."""

    @quick
    @given(matrix=matrices())
    def test_nothing_is_lost_of_what_is_the_same(self, matrix: Matrix) -> None:
        assert lost(matrix, read_bytes(write(matrix, 'yaml', 'x.yaml'), 'x.yaml').matrix) == []

    def test_scopes_named_in_full_are_the_same_as_none_named(self) -> None:
        assert lost(_with_tickets(scopes=None), _with_tickets(scopes=('vm', 'bare'))) == []
        assert lost(_with_tickets(scopes=None), _with_tickets(scopes=())) == ["the scopes of activity 'Answer tickets'"]

    @pytest.mark.parametrize(
        ('changed', 'said'),
        [
            ({'id': 'x'}, ['the id of the matrix']),
            ({'revision': '', 'review_by': '2030-01-01'}, ['the revision', 'the date of the next review']),
            ({'scheme': SCHEMES['rasci']}, ['the name of the scheme', 'the names and meanings of the letters']),
            ({'scheme': Scheme('raci', RACI.letters[:3])}, ['the names and meanings of the letters']),
            ({'markup': True, 'rules': ()}, ['the markup of the texts', 'the settings of the rules']),
            (
                {'parties': (Party('customer', 'You'), Party('provider', 'We', ''))},
                ['the names of 2 parties', "the description of party 'provider'"],
            ),
            ({'scopes': (('bare', 'Bare'), ('vm', 'On virtual machines'))}, ["the name of scope 'bare'"]),
        ],
    )
    def test_what_belongs_to_the_matrix_is_named(self, changed: dict[str, object], said: list[str]) -> None:
        assert lost(hosting(), hosting(**changed)) == said

    def test_what_belongs_to_an_activity_is_named(self) -> None:
        changed = _with_tickets(note='', tags=(), links=(), formerly=(), waive=(), id='x')
        assert lost(_with_tickets(), changed) == [
            f"the {what} of activity 'Answer tickets'" for what in ('id', 'note', 'links', 'tags', 'old ids', 'waivers')
        ]

    def test_notes_of_assignments_are_counted(self) -> None:
        bare = (Assignment(('C',)), Assignment(('R', 'A')))
        assert lost(_with_tickets(), _with_tickets(assignments=bare)) == [
            "the note of 1 assignment in activity 'Answer tickets'"
        ]

    def test_several_of_a_kind_are_counted(self) -> None:
        root = hosting().root
        start, running = root.sections
        plain = dataclasses.replace(
            root, sections=(dataclasses.replace(start, id='a'), dataclasses.replace(running, id='b'))
        )
        assert lost(hosting(), hosting(root=plain)) == ['the ids of 2 sections']

    def test_rows_that_are_missing_or_new_are_named(self) -> None:
        root = Section('', activities=tuple(hosting().walk())[:1], sections=hosting().root.sections[1:])
        assert lost(hosting(), hosting(root=root)) == ["section 'Start'", "the section of activity 'Place the order'"]
        assert lost(hosting(), hosting(root=Section(''))) == [
            "3 sections: 'Start', 'Running', 'Incidents'",
            "3 activities: 'Place the order', 'Answer tickets', 'Wait'",
        ]
        assert lost(hosting(root=Section('')), hosting(root=Section('', activities=tuple(hosting().walk())[:1]))) == [
            "new activity 'Place the order'"
        ]

    def test_a_file_that_cannot_be_read_back_has_lost_everything(self) -> None:
        assert lost(hosting(), None) == ['everything: the file cannot be read back']


def _with_tickets(**changed: object) -> Matrix:
    tickets = next(one for one in hosting().walk() if one.id == 'tickets')
    return hosting(root=Section('', activities=(dataclasses.replace(tickets, **changed),)))  # type: ignore[arg-type]


READABLE = {'csv': 'csv', 'markdown': 'md', 'rst': 'rst'}


@pytest.mark.parametrize('fmt', READABLE)
def test_tables_read_back_as_the_same(fmt: str) -> None:
    name = f'hosting.raci.{READABLE[fmt]}'
    data = write(hosting(), fmt, name)
    reading = read_bytes(data, name)
    assert reading.problems == ()
    assert lost(hosting(), reading.matrix) == []
    assert reading.matrix is not None
    assert write(reading.matrix, fmt) == data


def test_all_odd_texts_survive_in_one_place() -> None:
    """The strategy draws them at random; here each of them is tried."""
    rows = tuple(Activity(f'a-{n}', text, (Assignment(), Assignment())) for n, text in enumerate(ODD))
    matrix = hosting(root=Section('', activities=rows))
    for fmt in ('yaml', 'json'):
        assert lost(matrix, read_bytes(write(matrix, fmt, 'hosting'), f'hosting.{fmt}').matrix) == []

"""How CSV files and workbooks become pages: where a field stands, what a cell says, and what is refused."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.styles import Font

from sphinxcontrib_raci.addresses import locator
from sphinxcontrib_raci.model import Problem
from sphinxcontrib_raci.sources.page import Heading, Page, Row, Table
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.sheets.csvfile import detect, guarded, read_csv, scan, unguarded
from sphinxcontrib_raci.sources.sheets.xlsxfile import read_xlsx, sheet_names

FORMULA = tuple('=+-@\t\r\n＝＋－＠')


def csv_page(data: bytes | str) -> tuple[Page | None, tuple[Problem, ...]]:
    problems = Problems('m.csv')
    page = read_csv(data.encode() if isinstance(data, str) else data, problems)
    return page, problems.result()


def csv_rows(data: bytes | str) -> list[Row]:
    page, problems = csv_page(data)
    assert page is not None
    assert [problem.text for problem in problems if problem.level != 'info'] == []
    (table,) = page.blocks
    assert isinstance(table, Table)
    assert not table.head
    return list(table.rows)


def texts(rows: list[Row]) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in rows]


def refusal(found: tuple[Page | None, tuple[Problem, ...]]) -> str:
    """What the one error of a refused file says."""
    page, problems = found
    assert page is None
    (problem,) = [problem for problem in problems if problem.level == 'error']
    assert problem.kind == 'syntax'
    return f'{problem.place}: {problem.text}'


# --- CSV: fields


def test_every_cell_has_the_line_and_column_where_its_field_begins() -> None:
    rows = csv_rows('Task,Owner\r\n"Plan,\r\nthen do","R ""A"""\r\n\r\nÜben,I\r\n')
    assert texts(rows) == [['Task', 'Owner'], ['Plan,\nthen do', 'R "A"'], [], ['Üben', 'I']]
    assert [(row.line, [(cell.line, cell.column) for cell in row.cells]) for row in rows] == [
        (1, [(1, 1), (1, 6)]),
        (2, [(2, 1), (3, 10)]),
        (4, []),
        (5, [(5, 1), (5, 6)]),
    ]


def test_a_row_without_content_keeps_its_line_and_trailing_empty_cells_are_kept() -> None:
    rows = csv_rows('a,b,c\n,,\nx,,\n')
    assert [(row.line, len(row.cells)) for row in rows] == [(1, 3), (2, 0), (3, 3)]


@given(
    st.lists(st.lists(st.text(st.sampled_from('ab \'",;\t|\r\n\u2028\x85é')), min_size=1), min_size=1),
    st.sampled_from(',;\t|'),
    # The csv module quotes only those line breaks that it writes itself.
    st.sampled_from([(csv.QUOTE_MINIMAL, '\r\n'), *((csv.QUOTE_ALL, end) for end in ('\n', '\r\n', '\r'))]),
)
def test_fields_are_those_of_the_csv_module_and_stand_where_they_say(
    records: list[list[str]], separator: str, how: tuple[int, str]
) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator, quoting=how[0], lineterminator=how[1]).writerows(records)
    text = buffer.getvalue()
    found = list(scan(text, separator))
    assert [[field.text for field in record] for record in found] == records
    lines = text.replace('\r\n', '\n').replace('\r', '\n').split('\n')
    for record in found:
        for field in record:
            raw = text[field.start : field.end]
            (alone,) = next(csv.reader(io.StringIO(raw, newline=''), delimiter=separator), [''])
            assert alone == field.text
            shown = raw.replace('\r\n', '\n').replace('\r', '\n').partition('\n')[0]
            assert lines[field.line - 1][field.column - 1 :].startswith(shown)
            assert not field.unclosed


@given(st.text(st.sampled_from('a",\r\n ')), st.sampled_from([',', '']))
def test_whatever_the_text_is_its_fields_and_what_parts_them_are_all_of_it(text: str, separator: str) -> None:
    position = 0
    for record in scan(text, separator):
        for field in record:
            assert text[position : field.start] in ('', ',', '\n', '\r', '\r\n')
            position = field.end
    assert text[position:] in ('', '\n', '\r', '\r\n')


def test_text_after_a_closing_quote_is_kept() -> None:
    assert texts(csv_rows('a,b\n"x" y,"1"2"\n')) == [['a', 'b'], ['x y', '12"']]


@pytest.mark.parametrize(
    ('rest', 'expected'),
    [
        ('x,I\n', [['"open', 'R'], ['x', 'I']]),
        ('"x, y",I\nz,C\n', [['"open', 'R'], ['x, y', 'I'], ['z', 'C']]),
    ],
)
def test_a_quote_that_never_closes_does_not_swallow_the_rows_after_it(rest: str, expected: list[list[str]]) -> None:
    page, problems = csv_page('Task,Owner\n"open,R\n' + rest)
    assert page is not None
    (table,) = page.blocks
    assert isinstance(table, Table)
    assert texts(list(table.rows)) == [['Task', 'Owner'], *expected]
    assert [(str(problem.place), problem.kind, problem.level) for problem in problems] == [
        ('m.csv:2:1', 'syntax', 'error')
    ]
    assert 'never closes' in problems[0].text


def test_separators_of_unicode_are_characters_of_a_field() -> None:
    rows = csv_rows('a\u2028b,c\x85d\nx,y\n')
    assert texts(rows) == [['a\u2028b', 'c\x85d'], ['x', 'y']]
    assert rows[1].line == 2


# --- CSV: what a spreadsheet would run


@given(st.text() | st.text(st.sampled_from("'=+-@\t\r\n＝a")))
@example("'=")
@example("''-")
def test_the_guard_comes_off_again_and_no_guarded_text_is_a_formula(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(FORMULA)


def test_the_guard_is_taken_off_where_it_is_one_and_nowhere_else() -> None:
    rows = csv_rows("a,b,c,d\n'=1,''+1,'tis,-\n")
    assert texts(rows)[1] == ['=1', "'+1", "'tis", '-']


# --- CSV: separator and encoding


@pytest.mark.parametrize('separator', [',', ';', '\t', '|'])
def test_the_separator_is_found(separator: str) -> None:
    data = [
        ['Who does what; a list, of sorts'],
        [''],
        ['Task', 'Owner', 'Host', 'Hours'],
        ['Plan, agree; sign | file', 'R,A', 'C;I', '1,5'],
        ['Run', 'I', 'R/A', '2,25'],
        ['Stop, and clean up', '', 'R|A', '3,5'],
    ]
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator).writerows(data)
    assert [row for row in texts(csv_rows(buffer.getvalue())) if row] == [row for row in data if row != ['']]


def test_a_decimal_comma_is_no_separator() -> None:
    assert texts(csv_rows('Task;Hours\nPlan;1,5\nRun;2,5\n'))[1] == ['Plan', '1,5']


def test_prose_in_one_column_is_not_cut_at_its_commas() -> None:
    rows = csv_rows('Task\nPlan, agree, sign\nRun it\nStop, then clean up\n')
    assert texts(rows) == [['Task'], ['Plan, agree, sign'], ['Run it'], ['Stop, then clean up']]


@pytest.mark.parametrize('line', ['sep=;\r\n', '"sep=;"\n', 'SEP=;\r'])
def test_a_line_that_names_the_separator_is_followed_and_no_row(line: str) -> None:
    rows = csv_rows(line + 'a,b;c,d\n')
    assert texts(rows) == [['a,b', 'c,d']]
    assert rows[0].cells[1].line == 2
    assert rows[0].cells[1].column == 5


@pytest.mark.parametrize(
    'encode',
    [
        lambda text: text.encode('utf-8'),
        lambda text: text.encode('utf-8-sig'),
        lambda text: b'\xff\xfe' + text.encode('utf-16-le'),
        lambda text: b'\xfe\xff' + text.encode('utf-16-be'),
        lambda text: text.encode('utf-16-le'),
        lambda text: text.encode('utf-16-be'),
        lambda text: text.encode('cp1252'),
    ],
    ids=['utf-8', 'utf-8-bom', 'utf-16-le-bom', 'utf-16-be-bom', 'utf-16-le', 'utf-16-be', 'cp1252'],
)
def test_the_encoding_is_found_and_the_bytes_can_be_written_again(encode: Callable[[str], bytes]) -> None:
    data = encode('Tâche,Équipe\nPréparer – vite,R\n')
    rows = csv_rows(data)
    assert texts(rows) == [['Tâche', 'Équipe'], ['Préparer – vite', 'R']]
    assert (rows[0].cells[0].line, rows[0].cells[0].column) == (1, 1)
    layout = detect(data, Problems('m.csv'))
    assert layout is not None
    assert layout.encoded(layout.text) == data


def test_reading_as_cp1252_is_said() -> None:
    _, problems = csv_page('é,à\n'.encode('cp1252'))
    assert [(problem.kind, problem.level) for problem in problems] == [('read', 'info')]
    assert 'cp1252' in problems[0].text


def test_a_byte_that_cp1252_lacks_is_an_error_at_its_place() -> None:
    page, problems = csv_page(b'\xe9,b\nxy\x81,\xe0\n')
    assert page is not None
    assert [str(problem) for problem in problems if problem.level == 'error'] != []
    (problem,) = [problem for problem in problems if problem.level == 'error']
    assert str(problem.place) == 'm.csv:2:3'
    assert problem.text == 'byte 0x81 is not Windows-1252; save the file as UTF-8'


def test_utf_8_that_is_damaged_in_one_place_stays_utf_8() -> None:
    page, problems = csv_page('Tâche,Équipe,Été\nx,y,'.encode() + b'\xff\n')
    assert page is not None
    assert [(str(problem.place), problem.text) for problem in problems] == [
        ('m.csv:2:5', 'byte 0xFF is not UTF-8; save the file as UTF-8')
    ]


def test_a_control_character_is_reported_and_replaced() -> None:
    page, problems = csv_page('a,b\r\n"x\r\ny\x01\x02",c\r\n')
    assert page is not None
    (table,) = page.blocks
    assert isinstance(table, Table)
    assert table.rows[1].cells[0].text == 'x\ny��'
    assert [(str(problem.place), problem.kind) for problem in problems] == [('m.csv:3:2', 'syntax')]
    assert 'U+0001' in problems[0].text


# --- CSV: what is refused


@pytest.mark.parametrize(
    ('data', 'message'),
    [
        (b'a,b\nc\0d\n', 'm.csv:2:1: the file is no text but a binary file; save it as CSV in UTF-8'),
        (b'PK\x03\x04\0\0\0', 'an Excel workbook'),
        (b'\xff\xfea\0,', 'breaks off inside a character'),
        (b'\xff\xfe\0\0a\0\0\0', 'binary'),
        (b'a,b\n' + b'x,' * 100_000, 'm.csv:2:1: the row has 100,001 columns; a matrix may have 1,000'),
        (b'a,b\nc,' + b'x' * 2_000_000, 'm.csv:2:3: a field of 2,000,000 characters; one may have 1,000,000'),
        (b'a,b\n' * 400_000, 'too many rows, or more than 300,000 fields'),
        (b'\n' * 400_000, 'too many rows, or more than 300,000 fields'),
        (b'x,' * 100_000_000, 'the file has 200,000,000 bytes'),
    ],
    ids=['nul', 'zip', 'utf-16', 'utf-32', 'columns', 'field', 'fields', 'lines', 'bytes'],
)
def test_what_cannot_be_read_is_refused_in_one_clear_message(data: bytes, message: str) -> None:
    start = time.process_time()
    assert message in refusal(csv_page(data))
    assert time.process_time() - start < 10


@pytest.mark.parametrize('piece', [b'"', b'"a\n""b', b'"a\n', b'"a\nb"c', b'""', b'"\n'])
def test_quotes_cost_time_in_proportion(piece: bytes) -> None:
    start = time.process_time()
    csv_page(piece * (900_000 // len(piece)))
    assert time.process_time() - start < 10


def test_an_empty_file_is_a_table_without_rows() -> None:
    assert csv_rows(b'') == []


@settings(max_examples=200)
@given(st.binary(max_size=60))
def test_no_bytes_raise(data: bytes) -> None:
    page, problems = csv_page(data)
    assert page is not None or problems


# --- XLSX

SHEET = 'xl/worksheets/sheet1.xml'
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def book(fill: Callable[[openpyxl.Workbook], object]) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active.title = 'Tasks'
    fill(workbook)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def filled(*rows: list[object]) -> Callable[[openpyxl.Workbook], None]:
    def fill(workbook: openpyxl.Workbook) -> None:
        for row in rows:
            workbook.active.append(row)

    return fill


def changed(parts: dict[str, bytes | None], data: bytes | None = None) -> bytes:
    """A workbook with other parts; ``None`` takes one out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data or book(filled(['x'])))) as old:
        kept = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(buffer, 'w', zipfile.ZIP_DEFLATED) as new:
        for name, content in (kept | parts).items():
            if content is not None:
                new.writestr(name, content)
    return buffer.getvalue()


def sheet(rows: bytes, rest: bytes = b'') -> bytes:
    return changed({SHEET: HEAD + rows + b'</sheetData>' + rest + b'</worksheet>'})


def xlsx_page(data: bytes, name: str = '') -> tuple[Page | None, tuple[Problem, ...]]:
    problems = Problems('m.xlsx', locator(sheet_names(data)))
    page = read_xlsx(data, problems, name)
    return page, problems.result()


def xlsx_page_only(data: bytes, name: str = '') -> Page:
    page, problems = xlsx_page(data, name)
    assert page is not None
    assert problems == ()
    return page


def xlsx_rows(data: bytes) -> list[Row]:
    (table,) = xlsx_page_only(data).blocks
    assert isinstance(table, Table)
    return list(table.rows)


def named(problems: tuple[Problem, ...]) -> list[tuple[str, str, str]]:
    return [(problem.place.cell, problem.kind, problem.level) for problem in problems]


def outline(page: Page) -> list[object]:
    """The headings, and of each table the first text."""
    return [
        f'# {block.text}' if isinstance(block, Heading) else block.rows[0].cells[0].text
        for block in page.blocks
        if isinstance(block, Heading | Table)
    ]


def test_values_are_read_as_they_are_shown() -> None:
    values = [1, 1.0, 1.5, True, False, date(2031, 2, 3), datetime(2031, 2, 3, 4, 5), 'a\nb', "'=1"]
    rows = xlsx_rows(book(filled(list(values))))
    shown = ['1', '1', '1.5', 'TRUE', 'FALSE', '2031-02-03', '2031-02-03 04:05', 'a\nb', "'=1"]
    assert texts(rows) == [shown]


def test_escaped_characters_are_read_as_what_they_stand_for() -> None:
    values = ['x_x000D_\ny', 'x_x000a_y', '_x0041_', '_x005F_x0041_', '_xD83D__xDE00_', '_xD83D_', '_x41_']
    rows = xlsx_rows(book(filled(list(values))))
    assert texts(rows) == [['x\ny', 'x\ny', 'A', '_x0041_', '\U0001f600', '\ufffd', '_x41_']]


def test_rows_have_all_used_columns_and_their_own_lines() -> None:
    rows = xlsx_rows(book(filled(['a', 'b', 'c'], [], ['x'], [' '], [None, 'y'])))
    assert texts(rows) == [['a', 'b', 'c'], [], ['x', '', ''], [], ['', 'y', '']]
    assert [row.line for row in rows] == [1, 2, 3, 4, 5]
    assert [(cell.line, cell.column) for cell in rows[4].cells] == [(5, 1), (5, 2), (5, 3)]


def test_a_table_that_begins_in_another_column_has_no_empty_ones_before_it() -> None:
    rows = xlsx_rows(book(lambda workbook: workbook.active.cell(3, 2, 'x')))
    assert texts(rows) == [[], [], ['x']]
    assert rows[2].cells[0].column == 2


def test_formats_without_content_do_not_make_a_sheet_larger() -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        workbook.active['A1'] = 'x'
        workbook.active['XFD1048576'].font = Font(bold=True)

    assert texts(xlsx_rows(book(fill))) == [['x']]


def test_merged_cells_all_have_the_value_and_a_merged_row_is_a_title() -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        filled(['All of it'], [], ['Task', 'A', 'B', 'C'], ['Plan', 'R', 'I', 'C'], [None, 'I'], ['Part', '', '', ''])(
            workbook
        )
        for area in ('A1:D2', 'A4:A5', 'B5:C5', 'A6:C6'):
            workbook.active.merge_cells(area)

    rows = xlsx_rows(book(fill))
    assert texts(rows) == [
        ['All of it'],
        [],
        ['Task', 'A', 'B', 'C'],
        ['Plan', 'R', 'I', 'C'],
        ['Plan', 'I', 'I', ''],
        ['Part'],
    ]
    assert [row.title for row in rows] == [True, False, False, False, False, True]


def test_a_merged_cell_beside_others_is_no_title() -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        filled(['a', 'b', 'c'], ['x', None, 'R'])(workbook)
        workbook.active.merge_cells('A2:B2')

    rows = xlsx_rows(book(fill))
    assert texts(rows)[1] == ['x', 'x', 'R']
    assert not rows[1].title


def test_bold_cells_and_headings_are_strong() -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        filled(['a', 'b', 'c'])(workbook)
        workbook.active['A1'].font = Font(bold=True)
        workbook.active['B1'].style = 'Title'

    (row,) = xlsx_rows(book(fill))
    assert [cell.strong for cell in row.cells] == [True, True, False]


def test_links_and_comments_are_kept() -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        filled(['Terms', 'R'])(workbook)
        workbook.active['A1'].hyperlink = 'https://example.org/terms'
        workbook.active['B1'].comment = Comment('Ann:\nonly on Mondays', 'Ann')

    page, problems = xlsx_page(book(fill))
    assert [(problem.level, problem.place.cell) for problem in problems] == [('info', 'Tasks!B1')]
    assert page is not None
    (table,) = page.blocks
    assert isinstance(table, Table)
    terms, letters = table.rows[0].cells
    assert (terms.text, terms.links) == ('Terms', (('Terms', 'https://example.org/terms'),))
    (label,) = page.footnotes
    assert letters.text == f'R[^{label}]'
    assert page.footnotes[label] == 'only on Mondays'


def test_formulas_give_their_stored_value_and_are_reported_without_one() -> None:
    cells = b'<c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>C9</f></c><c r="C1" t="str"><f>C9</f><v></v></c>'
    cells += b'<c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    page, problems = xlsx_page(sheet(b'<row r="1">' + cells + b'</row>'))
    assert page is not None
    (table,) = page.blocks
    assert isinstance(table, Table)
    assert texts(list(table.rows)) == [['2', '', '', '#DIV/0!']]
    assert named(problems) == [('Tasks!B1', 'cell', 'warning'), ('Tasks!D1', 'cell', 'warning')]
    assert 'no stored value' in problems[0].text


def test_hidden_rows_and_columns_are_read_and_reported() -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        filled(['a', 'b', 'c'], ['x', 'y', 'z'])(workbook)
        workbook.active.row_dimensions[2].hidden = True
        workbook.active.row_dimensions[9].hidden = True
        workbook.active.column_dimensions.group('B', 'C', hidden=True)

    page, problems = xlsx_page(book(fill))
    assert page is not None
    assert [problem.text for problem in problems] == [
        'column B is hidden in the spreadsheet; it is read like the others',
        'column C is hidden in the spreadsheet; it is read like the others',
        'row 2 is hidden in the spreadsheet; it is read like the others',
    ]
    assert {(problem.kind, problem.level) for problem in problems} == {('read', 'warning')}


def several(workbook: openpyxl.Workbook) -> None:
    workbook.active['A1'] = 'first'
    for name in ('Legend', 'My sheet', 'Empty', 'Matrix'):
        workbook.create_sheet(name)
    workbook['Legend']['A1'] = 'letters'
    workbook['My sheet']['A1'] = 'second'
    workbook['Matrix'].append(['raci', '1'])


def test_sheets_get_headings_and_the_keys_come_first() -> None:
    page = xlsx_page_only(book(several))
    assert outline(page) == ['raci', '# Tasks', 'first', 'letters', '# My sheet', 'second']
    assert len({block.line for block in page.blocks if isinstance(block, Table)}) == 4


def test_one_sheet_with_what_belongs_to_it_has_no_heading() -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        several(workbook)
        workbook.remove(workbook['My sheet'])

    assert outline(xlsx_page_only(book(fill))) == ['raci', 'first', 'letters']


def test_a_sheet_that_is_merely_called_matrix_is_one_like_others() -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        several(workbook)
        workbook['Matrix']['A1'] = 'third'

    assert outline(xlsx_page_only(book(fill)))[-2:] == ['# Matrix', 'third']


def test_one_sheet_can_be_chosen() -> None:
    data = book(several)
    assert outline(xlsx_page_only(data, 'My sheet')) == ['raci', 'letters', 'second']
    assert "no sheet is called 'my'; the workbook has 'Tasks'" in refusal(xlsx_page(data, 'my'))


def test_a_hidden_sheet_is_left_out_and_reported_with_its_rows() -> None:
    def fill(workbook: openpyxl.Workbook) -> None:
        several(workbook)
        workbook['My sheet'].sheet_state = 'veryHidden'
        workbook['Empty'].sheet_state = 'hidden'

    page, problems = xlsx_page(book(fill))
    assert page is not None
    assert outline(page) == ['raci', 'first', 'letters']
    assert named(problems) == [("'My sheet'!A1", 'read', 'warning')]
    assert 'with 1 row;' in problems[0].text


@pytest.mark.parametrize(
    ('name', 'shown'),
    [
        ('Tasks', 'Tasks'),
        ('Été_2.b', 'Été_2.b'),
        ('My sheet', "'My sheet'"),
        ("Ann's", "'Ann''s'"),
        ('A1', "'A1'"),
        ('R1C1', "'R1C1'"),
        ('2031', "'2031'"),
        ('a-b', "'a-b'"),
    ],
)
def test_places_name_sheet_and_cell_as_a_spreadsheet_does(name: str, shown: str) -> None:
    place = locator(['first', name])('m.xlsx', 2_000_014, 28)
    assert (place.line, place.column, place.cell) == (14, 28, f'{shown}!AB14')
    assert str(locator([name])('m.xlsx', 0, 0)) == 'm.xlsx'


def test_drawings_and_pivot_tables_are_not_looked_at() -> None:
    rels = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    rels += b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/drawing" '
    rels += b'Target="/xl/drawings/drawing1.xml"/></Relationships>'
    parts = {'xl/worksheets/_rels/sheet1.xml.rels': rels, 'xl/drawings/drawing1.xml': b'no XML at all'}
    assert texts(xlsx_rows(changed(parts))) == [['x']]


# --- XLSX: what is refused

FAR = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
ENTITY = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + HEAD + b'</sheetData></worksheet>'


def zipped(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, 'w') as archive:
        archive.writestr(name, 'x')
    return buffer.getvalue()


@pytest.mark.parametrize(
    ('data', 'message'),
    [
        (b'', 'no .xlsx workbook'),
        (b'a,b', 'no .xlsx workbook'),
        (b'\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1' + bytes(512), 'encrypted'),
        (zipped('word/document.xml'), 'a Word document'),
        (zipped('readme.txt'), 'a zip archive'),
        (book(filled(['x']))[:-30], 'damaged'),
        (sheet(b'<row>'), 'damaged'),
        (sheet(b'<row r="1"><c r="A1" t="s"><v>77</v></c></row>'), 'damaged'),
        (changed({'xl/_rels/workbook.xml.rels': None}), 'damaged'),
        (changed({SHEET: ENTITY}), 'DOCTYPE'),
        (sheet(b' ' * 100_000_000), 'when it is unpacked'),
        (sheet(b'<a>' * 10_000 + b'</a>' * 10_000), 'too many elements'),
        (sheet(b'<row/>' * 1_100_000), 'too many elements'),
        (sheet(FAR), 'uses the range A1:XFD1048576'),
        (sheet(b'', b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'), 'merges or links too many cells'),
        (sheet(b'', b'<hyperlinks><hyperlink ref="A1:XFD1048576"/></hyperlinks>'), 'merges or links too many cells'),
        (b'PK' + b'PK\x01\x02' * 6_000, 'more than 5,000 parts'),
    ],
    ids=[
        *('empty', 'text', 'ole', 'docx', 'zip', 'cut', 'xml', 'string', 'rels', 'entity', 'bomb', 'deep'),
        *('rows', 'far', 'merged', 'linked', 'parts'),
    ],
)
def test_what_is_no_sound_workbook_is_refused_in_one_clear_message(data: bytes, message: str) -> None:
    start = time.process_time()
    assert message in refusal(xlsx_page(data))
    assert time.process_time() - start < 10


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 4_000), st.binary(min_size=1, max_size=8))
def test_no_damage_raises(offset: int, bytes_: bytes) -> None:
    data = book(filled(['a', 'b'], ['x', 1]))
    page, problems = xlsx_page(data[:offset] + bytes_ + data[offset + len(bytes_) :])
    assert page is not None or problems

"""How reStructuredText becomes a page of headings, prose and tables, each at its true place."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Callable

import pytest
from docutils import nodes
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinxcontrib_raci.model import Problem
from sphinxcontrib_raci.sources.front import unflatten
from sphinxcontrib_raci.sources.page import Cell, Heading, Other, Page, Prose, Row, Table
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.rst import parser, read_rst
from sphinxcontrib_raci.sources.tree import Mapping_, Node, Scalar


def read(text: str) -> tuple[Page, tuple[Problem, ...]]:
    problems = Problems('page.rst')
    page = read_rst(text, problems)
    assert page is not None
    return page, problems.result()


def sound(text: str) -> Page:
    """The page of a text in which nothing is wrong."""
    page, problems = read(text)
    assert problems == ()
    return page


def tables(page: Page) -> list[Table]:
    return [block for block in page.blocks if isinstance(block, Table)]


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def at(text: str, cell: Cell) -> str:
    """What stands in the source at the place of a cell, as far as its text goes."""
    return text.splitlines()[cell.line - 1][cell.column - 1 :]


GRID = """\
Bakery
======

+-----------+-------+-------+
| Activity  | Baker | Shop  |
+===========+=======+=======+
| Bake the  | R A   |       |
| bread     |       | I     |
+-----------+-------+-------+
| **By day**                |
+-----------+-------+-------+
| Sell      | R     | RA    |
+-----------+       +-------+
| Count     |       | C     |
+-----------+-------+-------+
| Close     | I             |
+-----------+---------------+
"""

SIMPLE = """\
=========  =====  ====
Activity    Who knows
---------  -----------
..         Baker  Shop
=========  =====  ====
Bake       R A    I
                  too
Sell              RA
=========  =====  ====
"""

LIST = """\
.. list-table:: Who bakes
   :header-rows: 1
   :widths: 10 1 1
   :unheard-of: yes

   * - Activity
     - Baker
     - Shop
   * - Bake

       at night
     - R A
     -
   * - Sell
     - R
   * **By day**
"""

CSV = '''\
.. csv-table:: Who bakes
   :header: Activity, "Baker, first", Shop

   "Bake the
   bread", R A, I

   "Sell ""all""", , `RA <https://example.org/a>`_
   Close, R
'''


def test_a_grid_table_keeps_its_cells_and_their_places() -> None:
    [table] = tables(sound(GRID))
    assert table.head
    assert table.line == 4
    assert texts(table) == [
        ['Activity', 'Baker', 'Shop'],
        ['Bake the bread', 'R A', 'I'],
        ['By day'],
        ['Sell', 'R', 'RA'],
        ['Count', 'R', 'C'],
        ['Close', 'I', 'I'],
    ]
    assert [(row.line, row.title) for row in table.rows] == [
        (5, False),
        (7, False),
        (10, True),
        (12, False),
        (14, False),
        (16, False),
    ]
    assert [(cell.line, cell.column) for cell in table.rows[1].cells] == [(7, 3), (7, 15), (8, 23)]
    assert table.rows[2].cells[0].strong


def test_a_simple_table_keeps_its_cells_and_their_places() -> None:
    [table] = tables(sound(SIMPLE))
    assert table.head
    assert texts(table) == [
        ['Activity', 'Who knows', 'Who knows'],
        ['', 'Baker', 'Shop'],
        ['Bake', 'R A', 'I too'],
        ['Sell', '', 'RA'],
    ]
    assert [row.line for row in table.rows] == [2, 4, 6, 8]
    assert [(cell.line, cell.column) for cell in table.rows[3].cells] == [(8, 1), (8, 12), (8, 19)]


def test_a_list_table_keeps_its_cells_and_their_places_though_rows_are_short() -> None:
    page = sound(LIST)
    [table] = tables(page)
    assert page.blocks[0] == Prose('Who bakes', 1)
    assert table.head
    assert texts(table) == [['Activity', 'Baker', 'Shop'], ['Bake\nat night', 'R A', ''], ['Sell', 'R'], ['By day']]
    assert [row.line for row in table.rows] == [6, 9, 14, 16]
    assert [(cell.line, cell.column) for cell in table.rows[1].cells] == [(9, 8), (12, 8), (13, 1)]
    assert table.rows[3].cells[0].strong


def test_a_csv_table_keeps_its_cells_and_their_places_though_rows_are_short() -> None:
    [table] = tables(sound(CSV))
    assert table.head
    assert texts(table) == [
        ['Activity', 'Baker, first', 'Shop'],
        ['Bake the bread', 'R A', 'I'],
        ['Sell "all"', '', 'RA'],
        ['Close', 'R'],
    ]
    assert [row.line for row in table.rows] == [2, 4, 7, 8]
    assert at(CSV, table.rows[0].cells[1]).startswith('Baker, first"')
    assert at(CSV, table.rows[1].cells[1]).startswith('R A')
    assert at(CSV, table.rows[2].cells[0]).startswith('Sell ""all""')
    assert table.rows[2].cells[2].links == (('RA', 'https://example.org/a'),)


def test_columns_are_those_of_the_file_whatever_docutils_makes_of_tabs() -> None:
    [listed] = tables(sound('.. list-table::\n\n\t* - Bake\tbread\n\t  - R\n'))
    [drawn] = tables(sound('====  ===  ===\nBake  \tR\tA\n====  ===  ===\n'))

    assert [(cell.line, cell.column) for cell in listed.rows[0].cells] == [(3, 6), (4, 6)]
    assert [(cell.line, cell.column) for cell in drawn.rows[0].cells] == [(2, 1), (2, 8), (2, 10)]


def test_a_cell_that_its_line_does_not_reach_is_at_the_end_of_it() -> None:
    [table] = tables(sound('====  ===  ===\nBake  R\n====  ===  ===\n'))

    assert [(cell.line, cell.column) for cell in table.rows[0].cells] == [(2, 1), (2, 7), (2, 8)]


def test_in_a_text_of_very_many_marks_no_markup_is_looked_for() -> None:
    page, problems = read('A\n=\n\n' + '`Bake * - ' * 5000)

    assert [(problem.place.line, problem.level) for problem in problems] == [(4, 'warning')]
    assert 'so many marks' in problems[0].text
    assert [len(block.text) > 49_000 for block in page.blocks if isinstance(block, Prose)] == [True]


FRAMES = ['- item\n\n', '.. only:: html\n\n', '.. tab-set::\n\n   .. tab-item:: x\n\n', '   q\n\n']


@pytest.mark.parametrize('source', [GRID, SIMPLE, LIST, CSV], ids=['grid', 'simple', 'list', 'csv'])
@pytest.mark.parametrize('frame', FRAMES)
def test_places_are_true_inside_something_else_too(source: str, frame: str) -> None:
    body = source.removeprefix('Bakery\n======\n\n')
    prefix = 'First.\n\n' + frame
    indent = {'-': '  ', '.': '   ', ' ': '   '}[frame[0]] * (2 if 'tab-set' in frame else 1)
    [table] = tables(sound(prefix + textwrap.indent(body, indent)))
    [alone] = tables(sound(body))
    shift = prefix.count('\n')

    def places(rows: tuple[Row, ...], down: int, right: int) -> list[list[tuple[str, int, int]]]:
        return [
            # A column that is not known is 1 everywhere.
            [(c.text, c.line + down, c.column + right if c.text else 0) for c in row.cells]
            for row in rows
        ]

    assert places(table.rows, 0, 0) == places(alone.rows, shift, len(indent))
    assert [row.line for row in table.rows] == [row.line + shift for row in alone.rows]


CELL = st.sampled_from(['R', 'RA', 'C I', '', 'Do it', 'お茶', 'R*', 'A, C'])


@settings(deadline=None)
@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6),
    st.sampled_from(['list', 'csv', 'grid']),
)
def test_each_cell_is_at_its_place(rows: list[list[str]], kind: str) -> None:
    rows = [[f'row {number}', *row] for number, row in enumerate(rows)]
    source = {'list': _list_table, 'csv': _csv_table, 'grid': _grid_table}[kind](rows)
    [table] = tables(sound(source))
    assert texts(table) == rows
    for row in table.rows:
        assert row.cells[0].line == row.line
        for cell in row.cells:
            assert not cell.text or at(source, cell).replace('\\*', '*').startswith(cell.text)


def _escaped(rows: list[list[str]]) -> list[list[str]]:
    return [[cell.replace('*', '\\*') for cell in row] for row in rows]


def _list_table(rows: list[list[str]]) -> str:
    lines = [f'   {"* -" if index == 0 else "  -"} {cell}' for row in _escaped(rows) for index, cell in enumerate(row)]
    return '.. list-table::\n\n' + '\n'.join(lines) + '\n'


def _csv_table(rows: list[list[str]]) -> str:
    return '.. csv-table::\n\n' + ''.join('   "' + '", "'.join(row) + '"\n' for row in _escaped(rows))


def _grid_table(rows: list[list[str]]) -> str:
    def padded(cell: str) -> str:
        return cell + ' ' * (8 - len(cell) - sum(char > '\u2e80' for char in cell))

    rule = '+' + '----------+' * 4 + '\n'
    return rule + ''.join('| ' + ' | '.join(map(padded, row)) + ' |\n' + rule for row in _escaped(rows))


def test_the_cells_of_a_row_have_text_without_markup() -> None:
    page = sound(
        '.. |tick| image:: tick.png\n   :alt: yes\n.. |who| replace:: the *baker*\n\n'
        '.. list-table::\n\n'
        '   * - *Bake* ``bread`` with `flour <https://example.org/f>`__\n'
        '     - |tick| and |who|\n'
        '     - R [1]_ [#n]_\n'
        '     - | one\n       | two\n'
        '     - **R** **A**\n'
        '     - **R** A\n\n'
        '.. [1] Only on\n   Mondays.\n.. [#n] Never.\n'
    )
    [table] = tables(page)
    cells = table.rows[0].cells
    assert [cell.text for cell in cells] == [
        'Bake bread with flour',
        'yes and the baker',
        'R [^1] [^2]',
        'one\ntwo',
        'R A',
        'R A',
    ]
    assert cells[0].links == (('flour', 'https://example.org/f'),)
    assert [cell.strong for cell in cells] == [False] * 4 + [True, False]
    assert page.footnotes == {'1': 'Only on Mondays.', '2': 'Never.'}
    assert page.blocks == (table,)


@pytest.mark.parametrize(
    ('role', 'text'),
    [
        (':doc:`The page </a/b>`', 'The page'),
        (':ref:`target`', 'target'),
        (':py:func:`~a.b.c`', 'c'),
        (':term:`!word`', 'word'),
        (':strong:`word`', 'word'),
        (':kbd:`<Enter>`', '<Enter>'),
        ('`word`', 'word'),
        ('`No target`_', 'No target'),
    ],
)
def test_a_role_that_nobody_knows_gives_its_text(role: str, text: str) -> None:
    assert sound(f'Say {role}.\n').blocks == (Prose(f'Say {text}.', 1),)


def test_headings_prose_and_the_rest_come_in_order() -> None:
    page = sound(
        '=====\nTitle\n=====\n\nIntro over\ntwo lines.\n\nBelow\n-----\n\n.. id: below\n\n* one\n* two\n\n'
        'R\n   Responsible\n\n   quoted\n\n::\n\n   code\n\n.. code-block:: sh\n\n   ls\n\n.. note:: Mind this.\n\n'
        '.. raci:: kms\n\n.. image:: x.png\n\nBelow\n-----\n'
    )
    assert page.blocks == (
        Heading('Title', 1, 2),
        Prose('Intro over two lines.', 5),
        Heading('Below', 2, 8),
        Prose('id: below', 11, 'comment'),
        Prose('one', 13, 'item'),
        Prose('two', 14, 'item'),
        Prose('R: Responsible quoted', 16, 'item'),
        Other('a block of code', 23),
        Other("the directive 'code-block'", 25),
        Prose('Mind this.', 29),
        Other("the directive 'raci'", 31),
        Other('an image', 33),
        Heading('Below', 2, 35),
    )


def test_without_a_lone_title_sections_begin_at_level_1() -> None:
    assert sound('One\n===\n\nIn\n--\n\nTwo\n===\n').blocks == (
        Heading('One', 1, 1),
        Heading('In', 2, 4),
        Heading('Two', 1, 7),
    )


def plain(node: Node) -> object:
    if isinstance(node, Mapping_):
        return {key.text: plain(value) for key, value in node.pairs}
    return node.text if isinstance(node, Scalar) and not (node.plain and not node.text) else None


@pytest.mark.parametrize('start', ['Title\n=====\n\n', '', '.. A comment\n\n'])
def test_fields_with_our_key_are_a_tree(start: str) -> None:
    page = sound(start + ':raci: 1\n:parties.baker.name: The *baker*\n:parties.shop:\n:letters.A.meaning: signs\n')
    assert page.front is not None
    assert plain(page.front) == {
        'raci': '1',
        'parties': {'baker': {'name': 'The baker'}, 'shop': None},
        'letters': {'A': {'meaning': 'signs'}},
    }
    [_, (key, value), _] = page.front.pairs
    assert (key.line, key.column) == (start.count('\n') + 2, 2)
    assert isinstance(value, Mapping_)
    [(baker, _), (shop, _)] = value.pairs
    assert (baker.column, shop.line) == (10, start.count('\n') + 3)
    assert not any(isinstance(block, Prose) and block.kind != 'comment' for block in page.blocks)


def test_other_fields_are_flat() -> None:
    page, problems = read('Title\n=====\n\n:Version: 2\n:a.b: c\n:Version: 3\n\nText.\n')
    assert page.front is not None
    assert plain(page.front) == {'Version': '2', 'a.b': 'c'}
    assert [(p.place.line, p.level, p.kind) for p in problems] == [(6, 'warning', 'read')]
    assert page.blocks[1:] == (Prose('Text.', 8),)


def test_fields_further_down_are_items() -> None:
    page = sound('Text.\n\n:R: does it\n:A: answers for it\n')
    assert page.front is None
    assert page.blocks[1:] == (Prose('R: does it', 3, 'item'), Prose('A: answers for it', 4, 'item'))


@pytest.mark.parametrize(
    ('keys', 'wrong'),
    [
        (['a', 'a'], 2),
        (['a.b', 'a.b'], 2),
        (['a', 'a.b'], 2),
        (['a.b', 'a'], 2),
        (['a.b', 'a.b.c'], 2),
        (['a..b'], 1),
        (['.a'], 1),
        (['.'.join('a' * 60)], 1),
    ],
)
def test_dotted_keys_that_do_not_fit_together_are_reported(keys: list[str], wrong: int) -> None:
    problems = Problems('x')
    unflatten([(Scalar(key, True, line, 1), Scalar('v', False, line, 9)) for line, key in enumerate(keys, 1)], problems)
    assert [(p.place.line, p.kind, p.level) for p in problems.result()] == [(wrong, 'structure', 'error')]


KEYS = st.from_regex('[a-z]{1,3}', fullmatch=True)


TREES = st.recursive(KEYS, lambda inner: st.dictionaries(KEYS, inner, min_size=1, max_size=4))


@given(st.dictionaries(KEYS, TREES, min_size=1, max_size=4))
def test_unflatten_undoes_flattening(tree: dict[str, object]) -> None:
    def flat(node: object, path: tuple[str, ...] = ()) -> list[tuple[str, str]]:
        if isinstance(node, dict):
            return [pair for key, value in node.items() for pair in flat(value, (*path, key))]
        return [('.'.join(path), str(node))]

    problems = Problems('x')
    pairs = [(Scalar(key, True, 1, 1), Scalar(value, False, 1, 1)) for key, value in flat(tree)]
    result = plain(unflatten(pairs, problems))
    assert problems.result() == ()
    assert result == tree
    assert str(result) == str(tree)  # In the same order.


BROKEN = {
    'grid': ('+---+---+\n| a | b |\n+---+---\n| c | d |\n+---+---+\n', 3, 7),
    'simple': ('=== ===\na   b\n=== ===\nclash across\n=== ===\n', 3, 7),
    'no end': ('=== ===\na   b\n\nText.\n', 3, 6),
    'csv': ('.. csv-table::\n\n   "a" b, c\n   d, e\n', 3, 6),
    'list': ('.. list-table::\n\n   text only\n', 3, 5),
}


@pytest.mark.parametrize('kind', BROKEN)
def test_a_table_that_cannot_be_read_is_one_error_that_names_its_lines(kind: str) -> None:
    source, first, last = BROKEN[kind]
    page, problems = read('Text.\n\n' + source + '\nAfter.\n')
    lost = [problem for problem in problems if problem.kind == 'row']
    assert [(problem.level, problem.place.line) for problem in lost] == [('error', first)]
    # Without its end a table reaches to that of the file.
    assert f'lines {first} to {last}' in lost[0].text or kind == 'no end'
    assert tables(page) == []
    if kind not in ('list',):
        assert any(problem.kind == 'syntax' and problem.level == 'error' for problem in problems)


@pytest.mark.parametrize(
    'text',
    [
        '.. include:: other.rst\n',
        '.. include:: /etc/passwd\n   :literal:\n',
        '.. csv-table::\n   :file: other.csv\n',
        '.. csv-table:: Title\n   :url: https://example.org/x.csv\n',
    ],
)
def test_other_files_are_not_opened_but_named(text: str) -> None:
    page, [problem] = read('Text.\n\n' + text)
    assert (problem.level, problem.place.line) == ('error', 3)
    assert 'convert that file itself' in problem.text
    assert page.blocks == (Prose('Text.', 1),)


def test_raw_html_is_left_out_by_name() -> None:
    assert sound('.. raw:: html\n\n   <b>x</b>\n').blocks == (Other("the directive 'raw'", 1),)


def test_what_a_cell_cannot_hold_comes_after_the_table() -> None:
    page = sound('.. list-table::\n\n   * - a\n\n       .. code-block:: sh\n\n          ls\n     - R\n')
    assert texts(tables(page)[0]) == [['a', 'R']]
    assert page.blocks[1:] == (Other("the directive 'code-block' inside a table", 5),)


def test_nothing_is_written_to_the_terminal_and_no_setting_is_read(
    capfd: pytest.CaptureFixture[str], tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / 'docutils.conf'
    config.write_text('[general]\ntab_width: 2\nreport_level: 1\nsmart_quotes: yes\n')
    monkeypatch.setenv('DOCUTILSCONFIG', str(config))
    monkeypatch.chdir(tmp_path)
    page, problems = read('Title\n==\n\n"a" |b| *c\n\n+--+\n|x\n+-+\n')
    assert any(isinstance(block, Prose) and block.text.startswith('"a"') for block in page.blocks)
    assert problems
    assert capfd.readouterr() == ('', '')


def test_docutils_own_parser_is_left_as_it_was() -> None:
    from docutils.core import publish_doctree
    from docutils.nodes import system_message

    sound(LIST)
    tree = publish_doctree('- a\n\n' + textwrap.indent(LIST, '  '), settings_overrides={'report_level': 5})
    assert list(tree.findall(system_message))


def test_deep_nesting_is_an_error_and_no_crash() -> None:
    problems = Problems('x')
    text = '\n\n'.join(' ' * depth + 'x' for depth in range(1200))
    start = time.process_time()
    assert read_rst(text, problems) is None
    assert time.process_time() - start < 30
    assert [(problem.kind, problem.level) for problem in problems.result()] == [('syntax', 'error')]


def test_a_line_that_is_far_too_long_is_an_error() -> None:
    problems = Problems('x')
    assert read_rst('a\n\n' + 'x ' * 100_000, problems) is None
    assert [(problem.place.line, problem.kind) for problem in problems.result()] == [(3, 'syntax')]


@pytest.mark.parametrize(
    'text',
    [
        '* * * * a\n' * 10,
        ':a: :b: c\n' * 10,
        '*a* ' * 31,
        '`a <b>`_ ' * 4,
        '|a| ' * 4,
        '.. |a| replace:: :b: c\n' * 16,
        '.. _a: b\n' * 4,
    ],
)
def test_more_items_words_and_links_than_a_page_may_have_are_an_error(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parser, 'MOST_PARTS', 30)
    problems = Problems('x')
    assert read_rst(f'a\n\n{text}', problems) is None
    [problem] = problems.result()
    assert problem.place.line >= 3
    parts = 'the file has more than 30 items and marked words, or 3 links and targets'
    assert problem.text == f'{parts}; no page of a matrix has so many'
    monkeypatch.setattr(parser, 'MOST_PARTS', 300)
    assert read_rst(f'a\n\n{text}', Problems('x')) is not None


def test_names_that_are_there_twice_are_reported_and_nothing_is_written_beside_them() -> None:
    """docutils would look at all that stands there again, for each of them."""
    text = 'a\n\n.. _b: c\n.. _b: d\n'
    problems = Problems('x')

    document, heard = parser.parse(text)
    read_rst(text, problems)

    assert len(heard) == 1
    assert not list(document.findall(nodes.system_message))
    assert [(problem.place.line, problem.text) for problem in problems.result()] == [
        (4, 'reStructuredText: Duplicate explicit target name: "b".')
    ]


def test_a_paragraph_that_is_far_too_long_is_an_error() -> None:
    problems = Problems('x')
    assert read_rst('a\n\n' + ('x' * 50_000 + '\n') * 2, problems) is None
    assert [(problem.place.line, problem.kind) for problem in problems.result()] == [(3, 'syntax')]
    assert 'the paragraph has more than 100,000 characters' in problems.result()[0].text


def test_lists_cost_no_state_that_they_do_not_come_to(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def noted(state: type) -> Callable[..., object]:
        def make(*args: object) -> object:
            made.append(state.__name__)
            return state(*args)

        return make

    for name, state in list(parser._CLASSES.items()):
        monkeypatch.setitem(parser._CLASSES, name, noted(state))
    sound('a\n\n' + '* a\n\n  * b\n' * 5)
    # Machines for what stands in items are used again.
    assert {'BulletList'} <= set(made) <= {'Body', 'BulletList', 'Text'}


@settings(deadline=None)
@given(st.text(alphabet='ab R|+-=*:.`_<>\n\t"\\ 1[]#', max_size=120))
def test_any_text_gives_a_page(text: str) -> None:
    page, _ = read(text)
    lines = len(text.splitlines()) or 1
    for table in tables(page):
        assert all(1 <= cell.line <= lines for row in table.rows for cell in row.cells)

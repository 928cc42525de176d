"""How trees of YAML and JSON that are almost ours are read."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sphinxcontrib_raci.model import Activity, Matrix, Problem, Section
from sphinxcontrib_raci.settings import NO_SETTINGS
from sphinxcontrib_raci.sources.almost import from_almost
from sphinxcontrib_raci.sources.page import Page
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.reader import read_matrix
from sphinxcontrib_raci.sources.tree import Mapping_
from sphinxcontrib_raci.sources.yamlfile import read_yaml


class Read(NamedTuple):
    result: Mapping_ | Page | None
    matrix: Matrix | None
    problems: tuple[Problem, ...]

    def said(self) -> list[str]:
        return [f'{p.place.line}:{p.place.column} {p.level} {p.kind}' for p in self.problems]


def almost(text: str) -> Read:
    problems = Problems('almost.json')
    tree = read_yaml(text, problems)
    assert tree is not None
    result = from_almost(tree, problems)
    matrix = read_matrix(result, 'almost.json', NO_SETTINGS, problems) if isinstance(result, Mapping_) else None
    return Read(result, matrix, problems.result())


def letters(activity: Activity) -> str:
    return ' '.join(''.join(part.letters) or '-' for part in activity.assignments)


def rows(text: str) -> list[tuple[str, str]]:
    read = almost(text)
    assert read.matrix is not None, read.problems
    return [(activity.name, letters(activity)) for activity in read.matrix.walk()]


@pytest.mark.parametrize('groups', ['sections', 'groups', 'categories', 'phases', 'areas', 'domains', 'workstreams'])
@pytest.mark.parametrize('tasks', ['activities', 'tasks', 'items', 'rows', 'deliverables', 'processes'])
def test_groups_with_titles_are_sections(groups: str, tasks: str) -> None:
    read = almost(f'title: T\n{groups}:\n- name: Garden\n  {tasks}:\n  - {{name: Dig, who: {{Gardener: R}}}}\n')
    assert read.problems == ()
    assert read.matrix is not None
    assert read.matrix.title == 'T'
    [section] = read.matrix.root.sections
    assert (section.title, section.line) == ('Garden', 3)
    [activity] = section.activities
    assert (activity.name, letters(activity), activity.line) == ('Dig', 'R', 5)


def test_groups_may_be_a_mapping_of_titles_to_activities() -> None:
    read = almost(
        'title: T\n'
        'groups:\n'
        '  Spring:\n'
        '  - {name: Sow, who: {G: R}}\n'
        '  Autumn:\n'
        '    pick: {name: Pick apples, who: {G: A}}\n'
        '    Press them: {G: R}\n'
    )
    assert read.problems == ()
    assert read.matrix is not None

    def shape(section: Section) -> tuple[str, list[tuple[str, str]]]:
        return section.title, [(activity.id, activity.name) for activity in section.activities]

    assert [shape(section) for section in read.matrix.root.sections] == [
        ('Spring', [('sow', 'Sow')]),
        ('Autumn', [('pick', 'Pick apples'), ('press-them', 'Press them')]),
    ]


@pytest.mark.parametrize(
    'who',
    [
        'who: {Baker: RA, Shop: I}',
        'assignments: {Baker: [R, A], Shop: [I]}',
        'roles: {Baker: "Responsible, Accountable", Shop: informed}',
        'raci: {R: Baker, A: [Baker], I: Shop}',
        'raci: {responsible: Baker, accountable: Baker, informed: Shop, consulted: }',
        'assigned: [{party: Baker, letters: RA}, {party: Shop, letters: I}]',
        'matrix: [{role: Baker, type: Responsible}, {role: Baker, type: Accountable}, {role: Shop, type: Informed}]',
        'Baker: RA\n  Shop: I',
        'responsible: Baker\n  accountable: Baker\n  informed: [Shop]',
    ],
)
@pytest.mark.parametrize('parties', ['parties: [Baker, Shop]', 'teams: [{name: Baker}, {id: shop, name: Shop}]'])
def test_who_may_have_many_shapes(who: str, parties: str) -> None:
    assert rows(f'title: T\n{parties}\ntasks:\n- name: Bake\n  {who}\n') == [('Bake', 'RA I')]


def test_parties_are_collected_in_order_where_nobody_lists_them() -> None:
    read = almost('title: T\ntasks:\n- {name: a, who: {Zoë K: R}}\n- {name: b, who: {Ann: A, Zoë K: I}}\n')
    assert read.matrix is not None
    assert [(party.id, party.name) for party in read.matrix.parties] == [('zoe-k', 'Zoë K'), ('ann', 'Ann')]
    assert [letters(activity) for activity in read.matrix.walk()] == ['R -', 'I A']


def test_parties_may_be_called_like_letters() -> None:
    assert rows('title: T\nparties: {a: A, c: C}\ntasks: [{name: x, who: {A: R, C: I}}]') == [('x', 'R I')]
    assert rows('title: T\ntasks: [{name: x, who: {A: R, C: I}}]') == [('x', 'R I')]


def test_a_second_text_is_the_note() -> None:
    read = almost('title: T\ntasks: [{task: Bake, description: at night, who: {B: R}}]')
    assert read.matrix is not None
    [activity] = read.matrix.walk()
    assert (activity.name, activity.note) == ('Bake', 'at night')


def test_an_id_that_cannot_be_one_is_reported_and_derived() -> None:
    read = almost('title: T\ntasks:\n- {id: T 1, name: Bake, who: {B: R}}\n- {id: t-2, name: Sell, who: {B: R}}')
    assert read.matrix is not None
    assert [(activity.id, activity.derived) for activity in read.matrix.walk()] == [('bake', True), ('t-2', False)]
    assert read.said() == ['3:8 info read']


def test_a_supporting_part_makes_it_rasci() -> None:
    read = almost('title: T\ntasks: [{name: x, who: {B: R, H: Support}}]')
    assert read.matrix is not None
    assert read.matrix.scheme.name == 'rasci'
    assert [letters(activity) for activity in read.matrix.walk()] == ['R S']


def test_letters_of_another_alphabet_are_read_and_reported() -> None:
    read = almost('title: T\ntasks:\n- name: x\n  who: {B: "С", H: "Ｒ"}')
    assert [letters(activity) for activity in (read.matrix and read.matrix.walk()) or ()] == ['C R']
    assert read.said() == ['4:12 warning cell', '4:20 warning cell']


def test_what_is_no_letter_is_reported_at_its_place() -> None:
    read = almost('title: T\nparties: [B]\ntasks:\n- name: x\n  who: {B: Q}\n- name: y\n  who: {Other: R}\n')
    assert read.said() == ['5:12 error meaning', '7:9 error meaning']
    assert read.matrix is not None
    assert read.matrix.unread == (('x', 4), ('y', 6))


def test_keys_that_are_not_understood_are_named() -> None:
    read = almost(
        'title: T\ncolour: red\ngroups:\n- name: G\n  weight: 3\n  tasks:\n  - {name: x, who: {B: R}, cost: 4}\n'
    )
    assert read.said() == ['2:1 warning read', '5:3 warning read', '7:28 warning read']
    assert [problem.text.split("'")[1] for problem in read.problems] == ['colour', 'weight', 'cost']


def test_each_record_that_cannot_be_used_is_named_once() -> None:
    read = almost(
        'title: T\n'
        'tasks:\n'
        '- {name: good, who: {B: R}}\n'
        '- just a text\n'
        '- {who: {B: R}}\n'
        '- {name: nobody}\n'
        'chores:\n'
        '- {name: lost, who: {B: R}}\n'
        'groups: [text]\n'
    )
    lost = [problem.place.line for problem in read.problems if problem.kind == 'row']
    assert lost == [4, 5, 6, 8, 9]
    assert all(problem.level == 'error' for problem in read.problems if problem.kind == 'row')


@pytest.mark.parametrize('text', ['foo: bar', '[1, 2]', 'just a text', 'tasks: none', '{}'])
def test_what_has_nothing_of_a_matrix_gives_one_error_that_says_what_was_looked_for(text: str) -> None:
    read = almost(text)
    assert read.result is None
    [problem] = read.problems
    assert (problem.level, problem.place.line) == ('error', 1)
    assert "'activities'" in problem.text
    assert "'raci: 1'" in problem.text


def test_a_list_of_flat_records_is_a_table() -> None:
    read = almost('- {Activity: Sow, Ann: RA, Bob: }\n- {Activity: Reap, Bob: [R, A]}\n- 3\n')
    assert isinstance(read.result, Page)
    [table] = read.result.blocks
    assert [[cell.text for cell in row.cells] for row in table.rows] == [  # type: ignore[union-attr]
        ['Activity', 'Ann', 'Bob'],
        ['Sow', 'RA', ''],
        ['Reap', '', 'R, A'],
    ]
    assert [(row.line, row.cells[1].column) for row in table.rows] == [(1, 19), (1, 24), (2, 3)]  # type: ignore[union-attr]
    assert read.said() == ['2:3 warning cell', '3:3 error row']


def test_flat_records_below_a_title_are_a_table_too() -> None:
    read = almost('title: T\nrows:\n- {Activity: Sow, Ann: RA}\n')
    assert isinstance(read.result, Page)
    assert read.result.front is not None
    assert [(key.text, value.text) for key, value in read.result.front.pairs] == [('title', 'T')]  # type: ignore[union-attr]
    assert len(read.result.blocks) == 1


def test_a_matrix_may_stand_below_one_key() -> None:
    assert rows('matrix: {title: T, tasks: [{name: x, who: {B: R}}]}') == [('x', 'R')]


WORD = st.from_regex('[a-z]{2,8}', fullmatch=True)
TREE = st.recursive(
    WORD | st.sampled_from(['R', 'RA', 'C, I', 'null', '-']),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(['title', 'name', 'who', 'tasks', 'groups', 'parties', 'id', 'R', 'note', 'other']),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


def _yaml(tree: object) -> str:
    if isinstance(tree, list):
        return '[' + ', '.join(map(_yaml, tree)) + ']'
    if isinstance(tree, dict):
        return '{' + ', '.join(f'{key}: {_yaml(value)}' for key, value in tree.items()) + '}'
    return f'"{tree}"'


@given(TREE)
def test_any_tree_gives_a_result_or_an_error(tree: object) -> None:
    read = almost(_yaml(tree))
    assert read.result is not None or any(problem.level == 'error' for problem in read.problems)


TASK = st.fixed_dictionaries({}, optional={'name': WORD, 'who': st.dictionaries(WORD, st.just('R'), max_size=3)}) | WORD


@given(st.lists(TASK, min_size=1, max_size=8))
def test_each_record_is_an_activity_or_in_one_message(tasks: list[object]) -> None:
    text = 'title: T\ngroups:\n- title: G\n  tasks:\n' + ''.join(f'  - {_yaml(task)}\n' for task in tasks)
    read = almost(text)
    assert isinstance(read.result, Mapping_)
    [section] = next(value for key, value in read.result.pairs if key.text == 'sections').items  # type: ignore[union-attr]
    kept = next(value for key, value in section.pairs if key.text == 'activities').items  # type: ignore[union-attr]
    lost = [problem.place.line for problem in read.problems if problem.kind == 'row']
    assert sorted([*lost, *(node.line for node in kept if isinstance(node, Mapping_))]) == list(
        range(5, 5 + len(tasks))
    )

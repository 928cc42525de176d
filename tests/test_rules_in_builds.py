"""Rules in a build: findings are warnings, waivers are on the page, and pages for reviewers show both."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import CONF, Project, Result, new
from pages import page

from sphinxcontrib_raci.rules import RULES

ALL_DEFAULTS: dict[str, object] = {}
"""``raci_rules`` of a project that sets none."""

BAKERY = """\
raci: 1
title: Bakery
parties: {baker: Baker, owner: Owner, driver: Driver}
sections:
  - title: Morning
    activities:
      - {id: dough, name: Make the dough, who: {baker: RA, owner: I}}
      - {id: oven, name: Heat the oven, who: {baker: A, owner: A}}
      - {id: sweep, name: Sweep the floor, who: {baker: C, owner: I}}
  - title: Evening
    activities:
      - {id: count, name: Count the till, who: {}}
"""

FOUND = {
    'bakery.raci.yaml:8: several-accountable',
    'bakery.raci.yaml:8: no-responsible',
    'bakery.raci.yaml:9: no-accountable',
    'bakery.raci.yaml:9: no-responsible',
    'bakery.raci.yaml:12: no-part',
}

FILES = {'bakery.raci.yaml': BAKERY, 'index.rst': 'Bakery\n======\n\n.. raci:: bakery\n   :no-legend:\n'}


def found(result: Result) -> list[str]:
    """The warnings of a build as ``file:line: code``."""
    matches = (
        re.search(r'([^/:]+):(\d+)(?::\d+)?: WARNING: .* \[raci\.([a-z-]+)\]$', line) for line in result.warnings
    )
    return [f'{match[1]}:{match[2]}: {match[3]}' for match in matches if match]


@pytest.fixture
def bakery(tmp_path: Path) -> Project:
    return new(tmp_path, FILES, raci_rules=ALL_DEFAULTS)


class TestWarnings:
    def test_each_finding_is_a_warning_with_the_code_of_its_rule_at_its_line(self, bakery: Project) -> None:
        result = bakery.build()
        assert len(found(result)) == len(result.warnings)
        assert sorted(found(result)) == sorted(FOUND)
        assert any(
            line.endswith(
                "bakery.raci.yaml:8:9: WARNING: 2 parties have A (Accountable) in 'Heat the oven' "
                '(Baker: A, Owner: A); leave it to one [raci.several-accountable]'
            )
            for line in result.warnings
        )

    @pytest.mark.parametrize('parallel', [1, 4])
    def test_a_full_build_reports_each_once_with_any_number_of_workers(self, bakery: Project, parallel: int) -> None:
        bakery.write({f'page{number}.rst': f':orphan:\n\nPage {number}\n======\n' for number in range(12)})
        assert sorted(found(bakery.build(parallel=parallel))) == sorted(FOUND)

    def test_they_can_be_suppressed_by_code(self, bakery: Project) -> None:
        bakery.conf(raci_rules={}, suppress_warnings=['raci.no-responsible', 'raci.no-part'])
        assert sorted(found(bakery.build())) == [
            'bakery.raci.yaml:8: several-accountable',
            'bakery.raci.yaml:9: no-accountable',
        ]

    def test_a_build_after_a_change_repeats_those_of_the_source_that_changed_alone(self, bakery: Project) -> None:
        shop = BAKERY.replace('Bakery', 'Shop')
        bakery.write({'shop.raci.yaml': shop, 'shop.rst': ':orphan:\n\nShop\n====\n\n.. raci:: shop\n'})
        assert len(found(bakery.build())) == 2 * len(FOUND)
        assert found(bakery.build()) == []

        bakery.replace('shop.raci.yaml', 'Sweep the floor', 'Wipe the floor')
        assert sorted(found(bakery.build())) == sorted(line.replace('bakery', 'shop') for line in FOUND)

    def test_a_rule_that_is_turned_on_reports_what_it_finds_and_nothing_else(self, bakery: Project) -> None:
        bakery.build()
        bakery.conf(raci_rules={'same-party-does-and-answers': True})
        assert found(bakery.build()) == ['bakery.raci.yaml:7: same-party-does-and-answers']

    def test_a_build_that_reads_all_documents_anew_repeats_all(self, bakery: Project) -> None:
        bakery.build()
        bakery.conf(raci_rules={}, rst_prolog='.. |x| replace:: y')
        assert sorted(found(bakery.build())) == sorted(FOUND)

    def test_what_another_source_brings_about_is_reported_in_a_source_that_has_not_changed(
        self, bakery: Project
    ) -> None:
        bakery.conf(raci_rules={**dict.fromkeys(RULES, False), 'duplicate-activity': True})
        assert found(bakery.build()) == []
        shop = BAKERY.replace('Bakery', 'Shop').replace('{baker: RA, owner: I}', '{baker: R, owner: A}')
        bakery.write({'shop.raci.yaml': shop, 'shop.rst': ':orphan:\n\nShop\n====\n\n.. raci:: shop\n'})
        bakery.write({'f.rst': ':orphan:\n\nF\n=\n\n.. raci:findings::\n'})
        result = bakery.build()
        assert sorted(found(result)) == [
            'bakery.raci.yaml:7: duplicate-activity',
            'shop.raci.yaml:7: duplicate-activity',
        ]
        assert str(bakery.folder) not in result.text('f.html'), 'a page does not depend on where it is built'

    def test_the_day_of_the_build_is_that_of_source_date_epoch(
        self, bakery: Project, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bakery.conf(raci_rules={**dict.fromkeys(RULES, False), 'review-overdue': True})
        bakery.replace('bakery.raci.yaml', 'title: Bakery\n', 'title: Bakery\nreview-by: "2031-05-01"\n')
        monkeypatch.setenv('SOURCE_DATE_EPOCH', '1935359999')  # the last second of 2031-04-30
        assert found(bakery.build()) == []
        monkeypatch.setenv('SOURCE_DATE_EPOCH', '1935532800')  # 2031-05-03
        assert found(bakery.build()) == ['bakery.raci.yaml:1: review-overdue']

    def test_a_project_adds_a_rule_with_a_function(self, bakery: Project) -> None:
        rule = '''
from sphinxcontrib_raci.rules import Finding

def driver(matrix):
    """Work for the driver."""
    for activity in matrix.walk():
        if not activity.assignments[matrix.column('driver')].letters:
            yield Finding(f'the driver has nothing to do in {activity.name}', activity)
'''
        rules = f'{{**{dict.fromkeys(RULES, False)!r}, "driver-at-work": driver}}'
        bakery.write({'conf.py': CONF + rule + f'raci_rules = {rules}\n'})
        first = bakery.build()
        assert found(first) == [f'bakery.raci.yaml:{line}: driver-at-work' for line in (7, 8, 9, 12)]
        assert first.warnings[0].endswith('the driver has nothing to do in Make the dough [raci.driver-at-work]')
        assert found(bakery.build()) == [], 'a function in conf.py must not make Sphinx read everything again'


WRONG = [
    ({'raci_rules': {'no-acountable': True}}, "did you mean 'no-accountable'?"),
    ({'raci_rules': {'no-part': 3}}, 'it must be true or false'),
    ({'raci_rules': {'many-informed': -1}}, 'a whole number'),
    ({'raci_rules': ['no-part']}, 'raci_rules must be a dict'),
    ({'raci_schemes': {'ours': {'extends': 'rasic-vs'}}}, 'rasic-vs'),
    ({'raci_schemes': {'ours': {'letters': {'R': {}}}}}, "no 'name'"),
    ({'raci_schemes': 'raci'}, 'raci_schemes must be a dict'),
]


@pytest.mark.parametrize(('values', 'text'), WRONG, ids=[text for _values, text in WRONG])
def test_wrong_configuration_is_a_warning_and_the_build_goes_on(
    bakery: Project, values: dict[str, object], text: str
) -> None:
    bakery.conf(**{'raci_rules': dict.fromkeys(RULES, False), **values})
    result = bakery.build()
    assert any(text in line and line.endswith('[raci.config]') for line in result.warnings), result.warnings
    assert 'Make the dough' in result.text('index.html')


WAIVED = """\
raci: 1
title: Bakery
parties: {baker: Baker, owner: Owner, driver: Driver}
rules: {idle-party: true}
waive: {idle-party: The driver is on the list of the union, no-part: Nobody has to}
sections:
  - title: Morning
    waive: {no-responsible: Whoever is there first does it, several-responsible: Nothing is like this}
    activities:
      - {id: dough, name: Make the dough, who: {baker: RA, owner: I}}
      - {id: oven, name: Heat the oven, who: {baker: A, owner: A}, waive: {several-accountable: Each has a key}}
      - {id: sweep, name: Sweep the floor, who: {baker: A, owner: I}}
  - title: Evening
    activities:
      - {id: count, name: Count the till, who: {}}
"""


@pytest.fixture(scope='module')
def site(tmp_path_factory: pytest.TempPathFactory) -> Result:
    files = {
        'bakery.raci.yaml': WAIVED,
        'index.rst': 'Bakery\n======\n\n.. raci:: bakery\n   :no-legend:\n',
        'table.rst': ':orphan:\n\nT\n=\n\n.. raci:: bakery\n   :layout: table\n   :no-legend:\n   :no-index:\n',
        'some.rst': ':orphan:\n\nS\n=\n\n.. raci:: bakery\n   :parties: baker\n   :no-index:\n',
        'evening.rst': ':orphan:\n\nE\n=\n\n.. raci:: bakery\n   :section: Evening\n   :no-index:\n',
        'owner.rst': ':orphan:\n\nO\n=\n\n.. raci:party:: owner\n',
        'waived.rst': ':orphan:\n\nW\n=\n\n.. raci:findings::\n   :waived:\n',
        'all.rst': ':orphan:\n\nF\n=\n\n.. raci:findings::\n',
        'one.rst': ':orphan:\n\nO\n=\n\n.. raci:findings::\n   :rule: no-part,no-responsible\n   :matrix: bakery',
    }
    return new(tmp_path_factory.mktemp('waived'), files, raci_rules=ALL_DEFAULTS).build()


class TestWaivers:
    def test_what_is_waived_is_no_warning_and_what_is_not_needed_is_one(self, site: Result) -> None:
        assert found(site) == ['bakery.raci.yaml:8: unused-waiver']

    def test_the_row_has_a_mark_and_below_it_the_reason(self, site: Result) -> None:
        [morning, _evening] = page(site.out, 'index').tables
        assert [row[0] for row in morning[1:]] == [
            'Make the dough',
            'Heat the oven † †2 † Exception (several parties with A): Each has a key',
            'Sweep the floor †2',
        ]

    def test_what_a_section_or_the_matrix_waives_is_said_there_with_a_mark_of_its_own(self, site: Result) -> None:
        text = page(site.out, 'index').text
        assert 'Exception (a party without a letter: Driver): The driver is on the list of the union' in text
        assert '†1 Exception in rows with this mark (no party with any letter): Nobody has to' in text
        section = text.index('†2 Exception in rows with this mark (no party with R): Whoever is there first does it')
        assert text.index('Morning') < section < text.index('Make the dough')
        assert 'Nothing is like this' not in text, 'a reader would take it for a fact'

    def test_a_table_says_the_same(self, site: Result) -> None:
        [table] = page(site.out, 'table').tables
        assert table[1] == [
            'Morning †2 Exception in rows with this mark (no party with R): Whoever is there first does it'
        ]
        assert table[3][0] == 'Heat the oven † †2 † Exception (several parties with A): Each has a key'

    def test_an_extract_explains_the_marks_that_it_has_and_no_others(self, site: Result) -> None:
        text = page(site.out, 'evening').text
        assert '†1 Exception in rows with this mark (no party with any letter): Nobody has to' in text
        assert 'Count the till †1' in text
        assert 'first does it' not in text
        assert 'union' not in text

    def test_an_extract_says_nothing_of_parties_that_it_does_not_show(self, site: Result) -> None:
        text = page(site.out, 'some').text
        assert 'Each has a key' in text
        assert 'union' not in text

    def test_a_list_of_them_can_be_published(self, site: Result) -> None:
        [table] = page(site.out, 'waived').tables
        assert table == [
            ['Activity', 'Exception', 'Reason'],
            ['Driver Bakery', 'a party without a letter', 'The driver is on the list of the union'],
            ['Heat the oven Bakery', 'several parties with A', 'Each has a key'],
            ['Heat the oven Sweep the floor Bakery', 'no party with R', 'Whoever is there first does it'],
            ['Count the till Bakery', 'no party with any letter', 'Nobody has to'],
        ]

    def test_the_table_of_findings_has_those_that_are_open_first(self, site: Result) -> None:
        [head, first, *others] = page(site.out, 'all').tables[0]
        assert head == ['Activity', 'Rule', 'Finding']
        assert first[:2] == ['Bakery', 'unused-waiver']
        assert [row[1] for row in others] == [
            'idle-party',
            'several-accountable',
            'no-responsible',
            'no-responsible',
            'no-part',
        ]
        assert all('† Waived: ' in row[2] for row in others)
        assert 'Findings: 1. Waived: 5.' in page(site.out, 'all').text

    def test_it_can_show_some_rules_of_some_matrices(self, site: Result) -> None:
        [_head, *rows] = page(site.out, 'one').tables[0]
        assert [row[1] for row in rows] == ['no-responsible', 'no-responsible', 'no-part']

    def test_the_page_of_a_party_has_them_too(self, site: Result) -> None:
        [_head, *rows] = page(site.out, 'owner').tables[0]
        assert [row[0] for row in rows] == [
            'Make the dough',
            'Heat the oven † Exception (several parties with A): Each has a key'
            ' † Exception (no party with R): Whoever is there first does it',
            'Sweep the floor † Exception (no party with R): Whoever is there first does it',
        ]

    def test_each_activity_in_it_is_a_link_to_its_row(self, site: Result) -> None:
        [table] = page(site.out, 'waived').all('table')
        assert ('Heat the oven', 'index.html#raci-bakery.oven') in table.links


@pytest.mark.parametrize(('builder', 'suffix'), [('text', 'txt'), ('latex', 'tex'), ('man', '1'), ('xml', 'xml')])
def test_every_output_says_what_is_waived_and_what_is_found(tmp_path: Path, builder: str, suffix: str) -> None:
    index = 'Bakery\n======\n\n.. raci:: bakery\n\n.. raci:findings::\n\n.. raci:load::\n'
    project = new(tmp_path, {'bakery.raci.yaml': WAIVED, 'index.rst': index}, raci_rules=ALL_DEFAULTS)
    [path] = [path for path in project.build(builder).out.glob(f'*.{suffix}') if 'sphinx' not in path.name]
    text = ' '.join(path.read_text('utf-8').split())
    assert 'Each has a key' in text
    assert 'unused' in text
    assert re.search(r'3\W+75', text), 'three of four activities have an A of the baker'


class TestNothingFound:
    def test_a_page_says_that_all_is_well(self, tmp_path: Path) -> None:
        source = 'raci: 1\ntitle: Stall\nparties: {a: Ann}\nactivities: [{id: sell, name: Sell, who: {a: RA}}]\n'
        index = 'Stall\n=====\n\n.. raci:: stall\n\n.. raci:findings::\n\n.. raci:findings::\n   :waived:\n'
        project = new(tmp_path, {'stall.raci.yaml': source, 'index.rst': index}, raci_rules=ALL_DEFAULTS)
        result = project.build()
        assert result.warnings == []
        text = page(result.out, 'index').text
        assert 'All is well: the rules find nothing in any matrix. Matrices: 1.' in text
        assert 'There are no exceptions.' in text

        project.replace('stall.raci.yaml', 'RA', 'R')
        result = project.build()
        assert found(result) == ['stall.raci.yaml:4: no-accountable']
        assert 'All is well' not in page(result.out, 'index').text

    def test_a_source_that_cannot_be_read_is_not_passed_over(self, bakery: Project) -> None:
        bakery.write({'broken.raci.yaml': 'raci: [', 'f.rst': ':orphan:\n\nF\n=\n\n.. raci:findings::\n'})
        assert 'This page is not complete' in page(bakery.build().out, 'f').text

    @pytest.mark.parametrize(
        ('option', 'message'),
        [
            (':rule: no-acountable', "unknown rule 'no-acountable'; did you mean 'no-accountable'?"),
            (':rule: x', "unknown rule 'x'; known are: no-accountable, "),
            (':matrix: bakry', "unknown matrix 'bakry'; did you mean 'bakery'?"),
        ],
    )
    def test_a_name_that_does_not_exist_is_a_warning(self, bakery: Project, option: str, message: str) -> None:
        bakery.conf().write({'f.rst': f':orphan:\n\nF\n=\n\n.. raci:findings::\n   {option}\n'})
        [warning] = bakery.build().warnings
        assert message in warning
        assert warning.endswith('[raci.directive]')


class TestLoad:
    def load(self, project: Project, options: str = '', **conf: object) -> Result:
        project.conf(**conf).write({'load.rst': f':orphan:\n\nLoad\n====\n\n.. raci:load::\n{options}'})
        return project.build()

    def test_it_counts_for_each_party_the_activities_with_each_letter_and_with_none(self, bakery: Project) -> None:
        [table] = page(self.load(bakery).out, 'load').tables
        assert table == [
            ['Party', 'R', 'A', 'C', 'I', 'No part'],
            ['Baker', '1 (25 %)', '2 (50 %)', '1 (25 %)', '0', '1 (25 %)'],
            ['Owner', '0', '1 (25 %)', '0', '2 (50 %)', '1 (25 %)'],
            ['Driver', '0', '0', '0', '0', '4 (100 %)'],
        ]

    def test_a_share_is_a_bar_of_as_many_tenths(self, bakery: Project) -> None:
        text = self.load(bakery).text('load.html')
        assert re.findall(r'raci-part-(\d+)', text)[:5] == ['3', '5', '3', '0', '3']
        assert 'style=' not in text.partition('raci-table')[2].partition('</table>')[0].replace('<col style=', '')

    def test_section_by_section(self, bakery: Project) -> None:
        [table] = page(self.load(bakery, '   :by: section\n   :parties: baker\n').out, 'load').tables
        assert table[1:] == [
            ['Morning'],
            ['Baker', '1 (33 %)', '2 (67 %)', '1 (33 %)', '0', '0'],
            ['Evening'],
            ['Baker', '0', '0', '0', '0', '1 (100 %)'],
        ]

    def test_matrices_of_different_schemes_keep_their_letters_and_legends(self, bakery: Project) -> None:
        plan = (
            'raci: 1\ntitle: Plan\nscheme: daci\nparties: {owner: Owner}\n'
            'activities: [{id: grow, name: Grow, who: {owner: DA}}]\n'
        )
        bakery.write({'plan.raci.yaml': plan, 'plan.rst': ':orphan:\n\nPlan\n====\n\n.. raci:: plan\n'})
        body = page(self.load(bakery).out, 'load')
        assert [table[0] for table in body.tables] == [
            ['Party', 'R', 'A', 'C', 'I', 'No part'],
            ['Party', 'D', 'A', 'C', 'I', 'No part'],
        ]
        assert 'Letters in Bakery:' in body.text
        assert 'Letters in Plan:' in body.text
        assert 'Approver: decides' in body.text

    def test_a_party_that_does_not_exist_is_a_warning(self, bakery: Project) -> None:
        [warning] = self.load(bakery, '   :parties: bakr\n').warnings
        assert "unknown party 'bakr'; did you mean 'baker'?" in warning


class TestSchemesOfAProject:
    def test_a_scheme_of_conf_py_is_read_shown_and_checked(self, tmp_path: Path) -> None:
        source = (
            'raci: 1\ntitle: Works\nscheme: ours\nparties: {a: Ann, b: Ben}\n'
            'activities:\n'
            '  - {id: dig, name: Dig, who: {a: R VS, b: A}}\n  - {id: fill, name: Fill, who: {a: R, b: VS}}\n'
        )
        scheme: dict[str, Any] = {'extends': 'raci', 'letters': {'VS': {'name': 'Verifies', 'per-activity': '1'}}}
        index = 'Works\n=====\n\n.. raci:: works\n\n.. raci:legend:: ours\n'
        project = new(
            tmp_path,
            {'works.raci.yaml': source, 'index.rst': index},
            raci_rules=ALL_DEFAULTS,
            raci_schemes={'ours': scheme},
        )
        result = project.build()
        assert found(result) == ['works.raci.yaml:7: no-accountable']
        body = page(result.out, 'index')
        assert body.tables[0][1] == ['Dig', 'R VS', 'A']
        assert body.text.count('VS Verifies') == 2

        scheme['letters']['A'] = {'per-activity': '0..*'}
        project.conf(raci_rules={}, raci_schemes={'ours': {**scheme, 'accountable': 'VS'}})
        assert found(project.build()) == [], 'it is the VS now that answers'


def test_waivers_in_a_table_of_markdown_and_of_a_spreadsheet_are_found_by_their_cells(
    tmp_path: Path, new_project: Callable[[str], Project]
) -> None:
    pytest.importorskip('openpyxl')
    from sphinxcontrib_raci.sources import read_bytes
    from sphinxcontrib_raci.writers import write

    matrix = read_bytes(BAKERY.encode(), 'bakery.raci.yaml').matrix
    assert matrix is not None
    project = new_project('sheet').conf(raci_rules={})
    project.folder.joinpath('bakery.raci.xlsx').write_bytes(write(matrix, 'xlsx', 'bakery.raci.xlsx'))
    project.write({'index.rst': FILES['index.rst']})
    warnings = project.build().warnings
    assert len(warnings) == len(FOUND)
    assert any(
        'bakery.raci.xlsx:' in line and '!' in line and '[raci.several-accountable]' in line for line in warnings
    )

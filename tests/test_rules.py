"""The rules of the method: a specification by example.

In a source the mark ``⟦`` stands where a finding must be reported, to the column; a finding about the matrix as a whole
is reported at its first line.
"""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

import pytest
from conftest import often
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from matrices import matrices

from sphinxcontrib_raci.model import Activity, Assignment, Matrix, Party, Section
from sphinxcontrib_raci.options import settings_of
from sphinxcontrib_raci.rules import RULES, Finding, engine
from sphinxcontrib_raci.rules.engine import check
from sphinxcontrib_raci.schemes import SCHEMES
from sphinxcontrib_raci.settings import NO_SETTINGS, Settings
from sphinxcontrib_raci.sources import read_bytes
from sphinxcontrib_raci.writers import write

MARK = '⟦'
DAY = date(2031, 3, 15)
FOUR = 'ann: Ann, ben: Ben, cat: Cat, dan: Dan'
SOUND = '{id: sell, name: Sell, who: {ann: RA}}'


def source(*rows: str, parties: str = FOUR, top: str = '') -> str:
    """A source with these activities; ``top`` holds more lines for its head."""
    head = ['raci: 1', 'title: Shop', f'parties: {{{parties}}}', *filter(None, top.split('\n'))]
    return '\n'.join([*head, 'activities:', *(f'  - {row}' for row in rows), ''])


def matrix_of(text: str, name: str = 'shop.raci.yaml', settings: Settings = NO_SETTINGS) -> Matrix:
    """The matrix of a source in which nothing is wrong."""
    reading = read_bytes(text.replace(MARK, '').encode(), name, settings)
    assert reading.problems == ()
    assert reading.matrix is not None
    return reading.matrix


def configured(**values: Any) -> Settings:
    """The settings that values of ``conf.py`` give, none of which is wrong."""
    wrong: list[str] = []
    settings = settings_of(values, wrong.append)
    assert wrong == []
    return settings


def only(code: str, setting: Any = True) -> Settings:
    """Settings in which one rule is on."""
    return configured(rules={**dict.fromkeys(RULES, False), code: setting})


def found(text: str, settings: Settings = NO_SETTINGS, **options: Any) -> list[Finding]:
    """What is found in a source, waived or not."""
    matrix = matrix_of(text, settings=settings)
    return list(check([matrix], settings, options.pop('day', DAY), **options)[matrix.id])


def codes(text: str, settings: Settings = NO_SETTINGS, **options: Any) -> list[str]:
    """The codes of what is found and not waived."""
    return [finding.rule for finding in found(text, settings, **options) if finding.waiver is None]


def marks(text: str) -> list[tuple[int, int]]:
    """Where the marks of a source stand, by line and column."""
    return [
        (number, part.index(MARK) + 1) for number, part in enumerate(text.splitlines(), start=1) if MARK in part
    ] or [(1, 0)]


class Fires(NamedTuple):
    code: str
    text: str
    messages: tuple[str, ...]
    setting: Any = True

    def __str__(self) -> str:
        return self.code


DACI = 'scheme: daci'
OWN = 'scheme: {X: {name: Extra, per-activity: "2..3"}, Y: Why}'

FIRES = [
    Fires(
        'no-accountable',
        source(SOUND, '⟦{name: Buy, who: {ann: R, ben: CI}}'),
        ("no party has A (Accountable) in 'Buy' (Ann: R, Ben: CI); give it to one",),
    ),
    Fires(
        'several-accountable',
        source('⟦{name: Buy, who: {ann: RA, ben: I, cat: A}}', SOUND),
        ("2 parties have A (Accountable) in 'Buy' (Ann: RA, Ben: I, Cat: A); leave it to one",),
    ),
    Fires(
        'no-responsible',
        source(SOUND, '⟦{name: Buy, who: {ann: A}}', '⟦{name: Give, who: {ann: I}}'),
        (
            "no party has R (Responsible) in 'Buy' (Ann: A); give it to one",
            "no party has R (Responsible) in 'Give' (Ann: I); give it to one",
        ),
    ),
    Fires(
        'no-part',
        source(SOUND, '⟦{name: Buy, who: {}}', '⟦{name: Give, who: {ann: "-", ben: N/A}}'),
        ("no party has a letter in 'Buy'; say who does it", "no party has a letter in 'Give'; say who does it"),
    ),
    Fires(
        'letter-count',
        source('⟦{name: Buy, who: {ann: DA, ben: D}}', '{name: Sell, who: {ann: DA}}', top=DACI),
        ("2 parties have D (Driver) in 'Buy' (Ann: DA, Ben: D); leave it to one",),
    ),
    Fires(
        'letter-count',
        source(
            '⟦{name: One, who: {ann: X}}',
            '⟦{name: None, who: {ann: Y}}',
            '⟦{name: Four, who: {ann: X, ben: X, cat: X, dan: X}}',
            '{name: Two, who: {ann: X, ben: X}}',
            '{name: Three, who: {ann: X, ben: X, cat: X}}',
            top=OWN,
        ),
        (
            "1 party has X (Extra) in 'One' (Ann: X); the scheme wants 2..3",
            "no party has X (Extra) in 'None' (Ann: Y); the scheme wants 2..3",
            "4 parties have X (Extra) in 'Four' (Ann: X, Ben: X, Cat: X, Dan: X); leave it to 3 at most",
        ),
    ),
    Fires(
        'contradictory-letters',
        source(
            '{name: Buy, who: {ann: RA, ben: C, cat: I}}',
            '⟦{name: Sell, who: {ann: R, ben: AI}}',
        ),
        ("'Ben' has AI in 'Sell': A (Accountable) goes without I (Informed); leave one of the two",),
    ),
    Fires(
        'several-responsible',
        source(SOUND, '⟦{name: Buy, who: {ann: RA, ben: R}}'),
        ("2 parties have R (Responsible) in 'Buy' (Ann: RA, Ben: R); leave it to one",),
    ),
    Fires(
        'many-consulted',
        source('⟦{name: Buy, who: {ann: C, ben: C, cat: C, dan: RAC}}', '{name: Sell, who: {ann: C, ben: C, cat: C}}'),
        ("4 parties have C (Consulted) in 'Buy' (Ann: C, Ben: C, Cat: C, Dan: RAC); leave it to 3 at most",),
    ),
    Fires(
        'many-informed',
        source(
            '{name: Five, who: {ann: I, ben: I, cat: I, dan: I, eve: I}}',
            '⟦{name: Six, who: {ann: I, ben: I, cat: I, dan: I, eve: I, fay: RI}}',
            parties=f'{FOUR}, eve: Eve, fay: Fay',
        ),
        (
            "6 parties have I (Informed) in 'Six' (Ann: I, Ben: I, Cat: I, Dan: I, Eve: I, Fay: RI); "
            'leave it to 5 at most',
        ),
    ),
    Fires(
        'idle-party',
        source(SOUND, '{name: Buy, who: {ben: {letters: "-", note: not yet}}}', parties='ann: Ann, ⟦ben: Ben'),
        ("'Ben' has no letter in any activity of 'Shop'; take it off the list",),
    ),
    Fires(
        'no-decision-for-party',
        source(
            *(SOUND, '{name: Buy, who: {ben: I, cat: R}}', '{name: Ask, who: {ben: IC}}'),
            parties='ann: Ann, ⟦ben: Ben, cat: Cat',
        ),
        (
            "'Ben' has neither A (Accountable) nor R (Responsible) in any activity of 'Shop', "
            'only C (Consulted), I (Informed)',
        ),
    ),
    Fires(
        'overloaded-party',
        source(SOUND, '{name: Buy, who: {ann: RA}}', '{name: Give, who: {ben: RA}}', parties=f'⟦{FOUR}'),
        ("'Ann' has A (Accountable) in 2 of the 3 activities of 'Shop', more than 50 %",),
    ),
    Fires(
        'same-party-does-and-answers',
        source('⟦{name: Buy, who: {ann: RA, ben: R}}', '{name: Sell, who: {ann: R, ben: A}}'),
        ("'Ann' has both R (Responsible) and A (Accountable) in 'Buy'; give one of them to another",),
    ),
    Fires(
        'duplicate-activity',
        source(SOUND, '{name: Buy, who: {ann: RA}}', '⟦{name: SELL, who: {ann: RA}}'),
        ("'SELL' is the name of the activity in line 5 too",),
    ),
    Fires(
        'missing-id',
        source(SOUND, '⟦{name: Buy the goods, who: {ann: RA}}'),
        (
            "'Buy the goods' has no id of its own, and links to it break when its name changes; "
            "write 'id: buy-the-goods'",
        ),
    ),
    Fires(
        'review-overdue',
        source(SOUND, top='review-by: 2031-03-14'),
        ("'Shop' was to be reviewed by 2031-03-14; review it, and write another day for 'review-by'",),
    ),
    Fires(
        'unused-waiver',
        source(SOUND, top='waive:\n  ⟦no-part: a draft'),
        ("'no-part' is waived, but nothing here breaks that rule; take the waiver away",),
    ),
]  # fmt: skip


@pytest.mark.parametrize('case', FIRES, ids=str)
def test_a_rule_says_what_is_wrong_and_where(case: Fires) -> None:
    findings = found(case.text, only(case.code, case.setting))

    assert [finding.text for finding in findings] == list(case.messages)
    assert [(finding.place.line, finding.place.column) for finding in findings] == marks(case.text)
    assert {(finding.rule, finding.matrix, finding.place.path) for finding in findings} == {
        (case.code, 'shop', 'shop.raci.yaml')
    }


def test_every_rule_has_such_an_example() -> None:
    assert {case.code for case in FIRES} == set(RULES)


DEFAULTS = {
    *('no-accountable', 'several-accountable', 'no-responsible', 'no-part', 'letter-count', 'review-overdue'),
    'unused-waiver',
}


@pytest.mark.parametrize('case', FIRES, ids=str)
def test_a_rule_is_on_or_off_by_default(case: Fires) -> None:
    assert (case.code in codes(case.text)) == (case.code in DEFAULTS)


@pytest.mark.parametrize('case', FIRES, ids=str)
def test_a_rule_is_set_in_the_configuration_and_the_source_wins(case: Fires) -> None:
    on, off = (configured(rules={case.code: value}) for value in (True, False))
    told_on, told_off = (
        case.text.replace('activities:', f'rules: {{{case.code}: {word}}}\nactivities:') for word in ('true', 'false')
    )

    assert case.code in codes(case.text, on)
    assert case.code not in codes(case.text, off)
    assert case.code in codes(told_on, off)
    assert case.code in codes(told_on)
    assert case.code not in codes(told_off, on)


def test_a_source_sets_rules_for_itself_alone() -> None:
    row = '{name: Sell, who: {ann: R}}'
    settings = configured(rules={'several-responsible': True})
    one = matrix_of(source(row, top='rules: {no-accountable: false}'), 'one.raci.yaml')
    two = matrix_of(source(row), 'two.raci.yaml')

    result = check([one, two], settings, DAY)

    assert [len(result[ident]) for ident in ('one', 'two')] == [0, 1]


ALL_ON = configured(rules=dict.fromkeys(RULES, True))


def test_a_sound_matrix_has_no_finding_even_with_all_rules_on() -> None:
    rows = (
        '{id: plan, name: Plan, who: {ann: A, ben: R, cat: C, dan: I}}',
        '{id: build, name: Build, who: {ann: I, ben: A, cat: R, dan: C}}',
        '{id: test, name: Test, who: {ann: C, ben: I, cat: A, dan: R}}',
        '{id: ship, name: Ship, who: {ann: R, ben: C, cat: I, dan: A}}',
    )

    assert found(source(*rows, top='review-by: 2031-03-15'), ALL_ON) == []


class TestLimits:
    @pytest.mark.parametrize(('code', 'letter'), [('many-consulted', 'C'), ('many-informed', 'I')])
    @pytest.mark.parametrize(('limit', 'count', 'fires'), [(2, 2, False), (2, 3, True), (0, 0, False), (0, 1, True)])
    def test_a_number_is_what_there_may_be(self, code: str, letter: str, limit: int, count: int, fires: bool) -> None:
        cells = ', '.join(f'{party}: {letter}' for party in ('ann', 'ben', 'cat')[:count])
        text = source(f'{{name: Buy, who: {{{cells}}}}}')
        in_source = text.replace('activities:', f'rules: {{{code}: {limit}}}\nactivities:')

        assert codes(text, only(code, limit)) == [code] * fires
        assert codes(in_source, only(code, 9)) == [code] * fires

    def test_a_number_of_none_says_so(self) -> None:
        [finding] = found(source('{name: Buy, who: {ann: I}}'), only('many-informed', 0))

        assert finding.text == "1 party has I (Informed) in 'Buy' (Ann: I); leave it to none"

    def test_true_after_a_number_is_the_usual_number(self) -> None:
        text = source('{name: Buy, who: {ann: C, ben: C, cat: C}}', top='rules: {many-consulted: true}')

        assert codes(text, only('many-consulted', 1)) == []

    @pytest.mark.parametrize(('parties', 'fires'), [(3, False), (4, True)])
    def test_a_party_is_overloaded_from_four_parties_on(self, parties: int, fires: bool) -> None:
        names = ', '.join(FOUR.split(', ')[:parties])

        assert bool(codes(source(SOUND, parties=names), only('overloaded-party'))) is fires

    @pytest.mark.parametrize(
        ('limit', 'rows', 'fires'),
        [(50, 2, False), (49, 2, True), (34, 3, False), (33, 3, True), (100, 1, False), (0, 3, True)],
    )
    def test_a_share_is_over_the_limit_and_not_at_it(self, limit: int, rows: int, fires: bool) -> None:
        others = ['{name: Buy, who: {ben: R}}'] * (rows - 1)

        assert bool(codes(source(SOUND, *others), only('overloaded-party', limit))) is fires

    @pytest.mark.parametrize(('day', 'fires'), [(14, False), (15, False), (16, True)])
    def test_a_review_is_overdue_on_the_day_after(self, day: int, fires: bool) -> None:
        text = source(SOUND, top='review-by: 2031-03-15')

        assert bool(codes(text, day=date(2031, 3, day))) is fires

    def test_without_a_day_no_review_is_overdue(self) -> None:
        assert codes(source(SOUND), only('review-overdue'), day=date.max) == []

    def test_a_matrix_without_activities_has_no_finding(self) -> None:
        matrix = matrix_of('raci: 1\ntitle: Shop\nparties: {ann: Ann}\nactivities: []\n')

        assert check([matrix], ALL_ON, DAY)['shop'] == ()

    def test_a_row_without_letters_is_asked_nothing_else(self) -> None:
        own = 'scheme: {extends: raci, letters: {S: {name: Sign, per-activity: "1"}}}'

        assert codes(source(SOUND.replace('RA', 'RAS'), '{name: Buy, who: {}}', top=own)) == ['no-part']

    def test_a_party_without_letters_is_asked_nothing_else(self) -> None:
        text = source(SOUND, parties='ann: Ann, ben: Ben')

        assert codes(text, configured(rules={'idle-party': True, 'no-decision-for-party': True})) == ['idle-party']

    def test_one_party_with_either_letter_decides(self) -> None:
        rows = ('{name: Buy, who: {ann: A, ben: R}}', '{name: Sell, who: {ann: I, ben: I}}')

        assert codes(source(*rows, parties='ann: Ann, ben: Ben'), only('no-decision-for-party')) == []

    def test_each_cell_with_a_contradiction_is_one_finding(self) -> None:
        text = source('{name: Buy, who: {ann: RACI, ben: CI, cat: RA}}')

        assert [finding.text.split(': ', 1) for finding in found(text, only('contradictory-letters'))] == [
            ["'Ann' has RACI in 'Buy'", 'R (Responsible) goes without C (Consulted); leave one of the two'],
            ["'Ben' has CI in 'Buy'", 'C (Consulted) goes without I (Informed); leave one of the two'],
        ]

    def test_letters_that_include_each_other_are_one_finding_too(self) -> None:
        own = 'scheme: {X: {name: Ex, includes: Y}, Y: {name: Why, includes: X}}'

        assert len(found(source('{name: Buy, who: {ann: XY}}', top=own), only('contradictory-letters'))) == 1

    def test_one_letter_for_both_parts_is_that_of_the_party_that_answers(self) -> None:
        own = 'scheme: {letters: {O: Owns, H: Helps}, accountable: O, responsible: O}'
        text = source(
            '{name: Buy, who: {ann: O}}', '{name: Sell, who: {ann: H}}', '{name: Rent, who: {ann: O, ben: O}}', top=own
        )

        rules = (f'{how}-{part}' for how in ('no', 'several') for part in ('accountable', 'responsible'))
        asked = Settings(values={**dict.fromkeys(RULES, False), **dict.fromkeys(rules, True)})
        assert codes(text, asked) == ['no-accountable', 'several-accountable']
        assert codes(text, only('same-party-does-and-answers')) == []

    @pytest.mark.parametrize(('cell', 'fires'), [('RI', 1), ('RC', 1), ('RA', 0), ('AC', 0), ('AI', 1), ('CI', 1)])
    def test_letters_of_raci_that_contradict(self, cell: str, fires: int) -> None:
        assert len(codes(source(f'{{name: Buy, who: {{ann: {cell}}}}}'), only('contradictory-letters'))) == fires

    def test_letters_with_long_codes_are_parted_in_messages(self) -> None:
        own = 'scheme: {letters: {VS: {name: Verify, includes: I}, I: Informed}}'
        [finding] = found(source('{name: Buy, who: {ann: VS I}}', top=own), only('contradictory-letters'))

        assert finding.text.startswith("'Ann' has VS I in 'Buy': VS (Verify) goes without I (Informed)")

    def test_long_names_are_cut_in_messages(self) -> None:
        [finding] = found(source(f'{{name: {"word " * 100}, who: {{}}}}'))

        assert '…' in finding.text
        assert len(finding.text) < 120


class TestToday:
    def test_it_is_the_day_of_source_date_epoch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv('SOURCE_DATE_EPOCH', '951782399')

        assert engine.today() == date(2000, 2, 28)

    @pytest.mark.parametrize('value', ['', 'soon', '1e9', '12.5', '9' * 18, '9' * 40, '-' + '9' * 40])
    def test_it_is_the_day_of_the_clock_where_that_says_nothing(
        self, monkeypatch: pytest.MonkeyPatch, value: str
    ) -> None:
        monkeypatch.setenv('SOURCE_DATE_EPOCH', value)
        monkeypatch.setattr(engine.time, 'time', lambda: 1_000_000_000.0)

        assert engine.today() in {date(2001, 9, 8), date(2001, 9, 9)}

    def test_it_is_the_day_of_the_clock_where_that_is_not_set(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv('SOURCE_DATE_EPOCH', raising=False)
        monkeypatch.setattr(engine.time, 'time', lambda: 1_000_000_000.0)

        assert engine.today() in {date(2001, 9, 8), date(2001, 9, 9)}


NESTED = """\
raci: 1
title: Shop
parties: {{ann: Ann, ben: Ben}}
waive: {{{matrix}}}
sections:
  - title: Outer
    waive: {{{outer}}}
    sections:
      - title: Inner
        waive: {{{section}}}
        activities:
          - name: Buy
            who: {{ann: RA, ben: A}}
            waive: {{{activity}}}
  - title: Other
    activities:
      - {{name: Sell, who: {{ann: RA}}}}
"""
LEVELS = ('matrix', 'outer', 'section', 'activity')


def nested(**waivers: str) -> str:
    """A source with two accountable parties, and waivers at some of its levels."""
    return NESTED.format(**{level: waivers.get(level, '') for level in LEVELS})


class TestWaivers:
    @pytest.mark.parametrize('level', LEVELS)
    def test_a_finding_is_waived_at_any_level(self, level: str) -> None:
        [finding] = found(nested(**{level: 'several-accountable: Both answer'}))

        assert (finding.rule, finding.place.line) == ('several-accountable', 12)
        assert finding.waiver is not None
        assert finding.waiver.reason == 'Both answer'

    @pytest.mark.parametrize('count', range(1, 5))
    def test_the_nearest_wins_and_all_that_apply_are_used(self, count: int) -> None:
        text = nested(**{level: f'several-accountable: Said by {level}' for level in LEVELS[:count]})

        [finding] = found(text)

        assert finding.waiver is not None
        assert finding.waiver.reason == f'Said by {LEVELS[count - 1]}'

    def test_a_waiver_beside_the_activity_does_not_hold_for_it(self) -> None:
        text = nested().replace('  - title: Other\n', '  - title: Other\n    waive: {several-accountable: Not here}\n')

        assert codes(text) == ['several-accountable', 'unused-waiver']

    def test_a_waiver_of_another_rule_does_not_hold(self) -> None:
        assert codes(nested(activity='no-part: A draft')) == ['several-accountable', 'unused-waiver']

    @pytest.mark.parametrize(('level', 'line'), [*zip(LEVELS, (4, 7, 10, 14), strict=True)])
    def test_a_waiver_that_nothing_needs_is_named_at_its_own_line(self, level: str, line: int) -> None:
        text = nested(**{level: '⟦no-part: A draft'})

        [finding] = [finding for finding in found(text) if finding.rule == 'unused-waiver']

        assert (finding.place.line, finding.place.column) == marks(text)[0]
        assert finding.place.line == line

    @pytest.mark.parametrize('own', LEVELS)
    @pytest.mark.parametrize('level', LEVELS)
    def test_unused_waivers_are_waived_at_the_same_level_and_above(self, level: str, own: str) -> None:
        waivers = {level: 'no-part: A draft'}
        waivers[own] = f'{waivers[own]}, unused-waiver: Not yet' if own in waivers else 'unused-waiver: Not yet'

        findings = [finding for finding in found(nested(**waivers)) if finding.rule == 'unused-waiver']

        if LEVELS.index(own) <= LEVELS.index(level):
            assert [finding.waiver and finding.waiver.reason for finding in findings] == ['Not yet']
        else:
            assert [finding.waiver for finding in findings] == [None, None]

    def test_a_waiver_of_unused_waivers_that_nothing_needs_is_unused(self) -> None:
        [finding] = found(source(SOUND, top='waive: {⟦unused-waiver: Why not}'))

        assert finding.text == "'unused-waiver' is waived, but nothing here breaks that rule; take the waiver away"
        assert finding.waiver is None

    def test_readers_are_told_of_a_waiver_whose_rule_is_off(self) -> None:
        text = source(
            '{name: Buy, who: {ann: RA, ben: R}, waive: {several-responsible: They share it}}',
            '{name: Sell, who: {ann: RA, ben: R}}',
        )

        [finding] = found(text)

        assert (finding.rule, finding.place.line) == ('several-responsible', 5)
        assert finding.waiver is not None

    @pytest.mark.parametrize('case', FIRES, ids=str)
    def test_every_rule_is_waived_for_the_matrix(self, case: Fires) -> None:
        reason = f'{case.code}: It is meant'
        more = f'waive:\n  {reason}\n  no-part' if case.code == 'unused-waiver' else f'waive: {{{reason}}}\nactivities'
        old = 'waive:\n  ⟦no-part' if case.code == 'unused-waiver' else 'activities'
        text = case.text.replace(old, more, 1)

        findings = [finding for finding in found(text, configured(rules={case.code: False})) if finding.waiver]

        assert [finding.text for finding in findings] == [
            message.replace('line 5', 'line 6') for message in case.messages
        ]

    def test_a_party_is_waived_by_the_matrix_alone(self) -> None:
        row = '{name: Sell, who: {ann: RA}, waive: {idle-party: Comes later}}'

        assert codes(source(row, parties='ann: Ann, ben: Ben'), only('idle-party')) == ['idle-party']


INCOMPLETE = source(SOUND, '{name: Buy, who: {ben: X}}', '{name: Give, who: {}}', top='waive: {several-accountable: x}')


class TestRowsThatAreNotRead:
    def test_rules_about_the_whole_say_nothing(self) -> None:
        matrix = read_bytes(INCOMPLETE.encode(), 'shop.raci.yaml').matrix
        assert matrix is not None
        assert matrix.unread

        result = check([matrix], ALL_ON, DAY)['shop']

        assert {finding.rule for finding in result} == {'same-party-does-and-answers', 'no-part', 'missing-id'}

    def test_they_do_where_all_is_read(self) -> None:
        expected = {'idle-party', 'no-decision-for-party', 'unused-waiver', 'no-part', 'missing-id'}

        assert set(codes(INCOMPLETE.replace('X', 'C'), ALL_ON)) >= expected


def workbook() -> bytes:
    """A workbook in which rows 3 and 4 of a sheet break rules."""
    openpyxl = pytest.importorskip('openpyxl')
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = 'Our shop'
    for row in (
        ('Activity', 'Ann', 'Ben'),
        ('Sell', 'RA', 'I'),
        ('Buy', 'A', 'A'),
        ('Sell', 'RA', ''),
    ):
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def test_a_finding_in_a_workbook_is_at_its_cell() -> None:
    matrix = read_bytes(workbook(), 'shop.raci.xlsx').matrix
    assert matrix is not None

    result = check([matrix], configured(rules={'duplicate-activity': True}), DAY)['shop']

    assert [(finding.rule, str(finding.place)) for finding in result] == [
        ('several-accountable', "shop.raci.xlsx:'Our shop'!A3"),
        ('no-responsible', "shop.raci.xlsx:'Our shop'!A3"),
        ('duplicate-activity', "shop.raci.xlsx:'Our shop'!A4"),
    ]
    assert result[2].text == "'Sell' is the name of the activity in 'Our shop'!A2 too"


class TestNamesInTwoMatrices:
    def differences(self, one: str, two: str) -> list[list[str]]:
        pair = [matrix_of(text, name) for name, text in (('one.raci.yaml', one), ('two.raci.yaml', two))]
        result = check(pair, only('duplicate-activity'), DAY)
        return [[finding.text for finding in result[matrix.id]] for matrix in pair]

    def test_other_letters_are_named_in_both(self) -> None:
        one = source('{name: Sell, who: {ann: RA, ben: I, cat: C}}')
        two = source('{name: Buy, who: {ann: RA}}', '{name: sell, who: {ann: R, ben: I}}')

        assert self.differences(one, two) == [
            ["'Sell' has other letters in two.sell ('Shop'): Ann RA here, R there; Cat C here, - there"],
            ["'sell' has other letters in one.sell ('Shop'): Ann R here, RA there; Cat - here, C there"],
        ]

    def test_the_same_letters_are_no_finding(self) -> None:
        assert self.differences(source(SOUND), source(SOUND)) == [[], []]

    def test_parties_that_only_one_has_do_not_count(self) -> None:
        one = source('{name: Sell, who: {ann: RA, ben: I}}', parties='ann: Ann, ben: Ben')
        two = source('{name: Sell, who: {ann: RA, cat: I}}', parties='cat: Cat, ann: Ann')

        assert self.differences(one, two) == [[], []]

    def test_letters_of_different_schemes_do_not_compare(self) -> None:
        one = source('{name: Sell, who: {ann: A, ben: I}}')
        two = source('{name: Sell, who: {ann: D, ben: I}}', top='scheme: daci')

        assert self.differences(one, two) == [[], []]

    def test_schemes_of_two_sources_of_their_own_are_different_ones(self) -> None:
        one = source('{name: Sell, who: {ann: X}}', top='scheme: {X: Extra, Y: Yes}')
        two = source('{name: Sell, who: {ann: Y}}', top='scheme: {Y: Yes, N: No}')

        assert self.differences(one, two) == [[], []]

    def test_other_words_for_the_same_letters_do_not_matter(self) -> None:
        one = source('{name: Sell, who: {ann: RA}}', top='letters: {R: Doer}')
        two = source('{name: Sell, who: {ann: R}}')

        assert [len(texts) for texts in self.differences(one, two)] == [1, 1]


class TestOwnRules:
    def found(self, function: Callable[[Matrix], Any], text: str = source(SOUND)) -> list[Finding]:
        settings = configured(rules={**dict.fromkeys(RULES, False), 'our-rule': function})
        return found(text, settings)

    def test_a_function_that_gives_a_list(self) -> None:
        def no_sales(matrix: Matrix) -> Iterable[Finding]:
            return [Finding('nothing is sold here', activity, matrix.parties[0]) for activity in matrix.walk()]

        [finding] = self.found(no_sales)

        assert (finding.rule, finding.text, finding.matrix) == ('our-rule', 'nothing is sold here', 'shop')
        assert (finding.place.line, finding.party and finding.party.id) == (5, 'ann')

    def test_a_generator(self) -> None:
        def each_party(matrix: Matrix) -> Iterator[Finding]:
            for party in matrix.parties:
                yield Finding(f'{party.name} is here', party=party)

        names = ('Ann', 'Ben', 'Cat', 'Dan')
        assert [finding.text for finding in self.found(each_party)] == [f'{name} is here' for name in names]

    def test_one_that_finds_nothing_may_give_none(self) -> None:
        assert self.found(lambda matrix: None) == []

    def test_a_finding_without_an_activity_is_at_the_matrix(self) -> None:
        [finding] = self.found(lambda matrix: [Finding('too plain')])

        assert str(finding.place) == 'shop.raci.yaml:1'

    def test_an_activity_of_elsewhere_is_none_of_the_matrix(self) -> None:
        [elsewhere] = matrix_of(source('{name: Away, who: {ann: RA}, id: away}')).walk()

        [finding] = self.found(lambda matrix: [Finding('x', elsewhere)])
        assert finding.text.startswith("the rule gave 'Finding(")
        # A copy is as good as what it was made of.
        copied = self.found(lambda matrix: [Finding('x', replace(one, line=9999)) for one in matrix.walk()])
        assert [one.place.line for one in copied] == [5]

    def test_that_it_failed_cannot_be_waived(self) -> None:
        for waived in (SOUND.replace('who', 'waive: {our-rule: Yes}, who'), SOUND):
            text = source(waived, top='waive: {our-rule: Yes}')
            settings = configured(rules={'our-rule': lambda matrix: 1 // 0})
            [finding] = found(text, settings)
            assert (finding.rule, finding.waiver) == ('our-rule', None)

    def test_one_without_an_end_is_cut_off(self) -> None:
        def endless(matrix: Matrix) -> Iterator[Finding]:
            while True:
                yield Finding('again')

        *many, last = self.found(endless)
        assert len(many) == 10_000
        assert last.text == 'the rule has more than 10,000 findings here; the rest is left out'

    def test_a_docstring_that_is_no_text_gives_no_title(self) -> None:
        class Odd:
            __doc__ = 5  # type: ignore[assignment]

            def __call__(self, matrix: Matrix) -> list[Finding]:
                return []

        assert configured(rules={'our-rule': Odd()}).rules['our-rule'].title == 'our rule'

    def test_it_is_waived_and_set_by_its_code(self) -> None:
        rule = {'our-rule': lambda matrix: [Finding('no', activity) for activity in matrix.walk()]}
        settings = configured(rules=rule)
        waived = source(SOUND.replace('who', 'waive: {our-rule: Yes}, who'))

        [finding] = found(waived, settings)

        assert finding.waiver is not None
        assert codes(source(SOUND, top='rules: {our-rule: false}'), settings) == []
        assert codes(source(SOUND), settings) == ['our-rule']

    def test_one_that_fails_is_a_finding(self) -> None:
        def broken(matrix: Matrix) -> Iterator[Finding]:
            yield Finding('one')
            raise KeyError('two\nlines')

        def broken_at_once(matrix: Matrix) -> list[Finding]:
            raise ZeroDivisionError('nothing\n  there')

        def texts(function: Callable[[Matrix], Any]) -> list[str]:
            return [re.sub(r'line \d+', 'line …', finding.text) for finding in self.found(function)]

        where = 'the rule itself failed in line … of test_rules.py'
        assert texts(broken) == ['one', f"{where}: KeyError: 'two\\nlines'"]
        assert texts(broken_at_once) == [f'{where}: ZeroDivisionError: nothing there']

    @pytest.mark.parametrize(
        ('value', 'shown'),
        [
            (['a text'], "the rule gave 'a text'"),
            ([3], "the rule gave '3'"),
            ([Finding('x', 'sell')], "the rule gave 'Finding("),  # type: ignore[arg-type]
            ([Finding('x', party='ann')], "the rule gave 'Finding("),  # type: ignore[arg-type]
            ([Finding(None)], "the rule gave 'Finding("),  # type: ignore[arg-type]
            (7, 'the rule itself failed: TypeError'),
            (Finding('one'), 'one'),
            ([Finding('odd\x1b[31m \udc80\n::error::x')], 'odd\ufffd[31m \ufffd ::error::x'),
        ],
    )
    def test_nonsense_is_a_finding_that_says_so(self, value: object, shown: str) -> None:
        [finding] = self.found(lambda matrix: value)

        assert finding.text.startswith(shown)
        assert finding.place.line == 1

    def test_a_text_is_no_list_of_findings(self) -> None:
        assert len(self.found(lambda matrix: 'something is wrong')) == 1

    def test_its_title_is_the_first_line_of_its_documentation(self) -> None:
        def share(matrix: Matrix) -> list[Finding]:
            """More than 50 % of all.

            And this is why.
            """
            return []

        rules = configured(rules={'our-share': share, 'without-words': lambda matrix: []}).rules

        assert rules['our-share'].titled(SCHEMES['raci']) == 'More than 50 % of all'
        assert rules['without-words'].titled(SCHEMES['raci']) == 'without words'


def test_titles_name_the_letters_of_the_scheme() -> None:
    titles = [RULES['same-party-does-and-answers'].titled(SCHEMES[name]) for name in ('raci', 'daci', 'rapid')]

    assert titles == ['R and A in one hand', 'D and A in one hand', 'P and D in one hand']


class TestSelect:
    TEXT = source('{name: Buy, who: {ann: RA, ben: RA}}')

    def test_only_the_rules_that_are_selected_are_on(self) -> None:
        assert codes(self.TEXT) == ['several-accountable']
        assert codes(self.TEXT, select={'several-responsible'}) == ['several-responsible']
        assert codes(self.TEXT, select=set()) == []

    def test_the_settings_of_neither_project_nor_source_matter(self) -> None:
        text = self.TEXT.replace('activities:', 'rules: {several-accountable: false}\nactivities:')
        settings = configured(rules={'several-accountable': False})

        assert codes(text, settings, select={'several-accountable'}) == ['several-accountable']

    def test_but_the_numbers_do(self) -> None:
        text = source('{name: Buy, who: {ann: C, ben: C}}')

        assert codes(text, configured(rules={'many-consulted': 1}), select={'many-consulted'}) == ['many-consulted']
        assert codes(text, select={'many-consulted'}) == []


def test_findings_are_in_the_order_of_the_source_and_then_of_the_rules() -> None:
    text = source(
        '{name: Buy, who: {ben: R, ann: R}}', '{id: b, name: Ask, who: {}}', parties='ann: Ann, ben: Ben, cat: Cat'
    )

    assert codes(text, ALL_ON) == ['idle-party', 'no-accountable', 'several-responsible', 'missing-id', 'no-part']


# A sound matrix, and what becomes of it when a letter is lost or doubled.

Row = tuple[tuple[str, ...], ...]
PARTIES = tuple(Party(name, name.title()) for name in ('ann', 'ben', 'cat', 'dan'))


def matrix_with(rows: Iterable[Row]) -> Matrix:
    """A matrix with one activity a line."""
    activities = tuple(
        Activity(f'a{line}', f'Step {line}', tuple(map(Assignment, row)), line=line)
        for line, row in enumerate(rows, start=1)
    )
    return Matrix('shop', 'Shop', PARTIES, Section('', activities=activities), path='shop.raci.yaml')


@st.composite
def sound_rows(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Row:
    """One row of four parties: exactly one with A, one or more with R."""
    return sound_row(
        draw(st.integers(0, 3)),
        draw(st.sets(st.integers(0, 3), min_size=1)),
        draw(st.lists(st.sampled_from(['', 'C', 'I']), min_size=4, max_size=4)),
    )


def sound_row(accountable: int, responsible: set[int], others: list[str]) -> Row:
    def cell(index: int) -> tuple[str, ...]:
        letters = 'R' * (index in responsible) + 'A' * (index == accountable)
        return tuple(letters or others[index])

    return tuple(map(cell, range(4)))


def mutations(row: Row) -> Iterator[Row]:
    """The row without its A, without its R, and with a second A in each of the other cells."""
    for lost in 'AR':
        yield tuple(tuple(letter for letter in cell if letter != lost) for cell in row)
    for index, cell in enumerate(row):
        if 'A' not in cell:
            letters = tuple(letter for letter in 'RACI' if letter in {*cell, 'A'})
            yield (*row[:index], letters, *row[index + 1 :])


def assert_each_mutation_is_found(rows: list[Row]) -> None:
    assert check([matrix_with(rows)], NO_SETTINGS, DAY)['shop'] == ()
    for index, row in enumerate(rows):
        for changed in mutations(row):
            broken = matrix_with([*rows[:index], changed, *rows[index + 1 :]])
            lines = {finding.place.line for finding in check([broken], NO_SETTINGS, DAY)['shop']}
            assert lines == {index + 1}, (row, changed)


@examples(max_examples=often(12), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(sound_rows(), min_size=18, max_size=22))
def test_whatever_letter_is_lost_or_doubled_is_found_and_nothing_else(rows: list[Row]) -> None:
    assert_each_mutation_is_found(rows)


def test_so_it_is_in_every_row_that_there_can_be() -> None:
    choice = random.Random(4)
    rows = [
        sound_row(accountable, {index for index in range(4) if bits >> index & 1}, choice.choices(['', 'C', 'I'], k=4))
        for accountable in range(4)
        for bits in range(1, 16)
    ]
    assert len(rows) == 60

    assert_each_mutation_is_found(rows)


# What holds of any matrix.

law = examples(max_examples=often(20), deadline=None, suppress_health_check=list(HealthCheck))


def written(matrix: Matrix, name: str) -> Matrix:
    """The matrix as it is read from a file, with lines; it sets no rules."""
    return matrix_of(write(replace(matrix, id='', rules=()), 'yaml', name).decode(), name)


def lines_of(section: Section) -> set[int]:
    found = {waiver.line for waiver in section.waive}
    for activity in section.activities:
        found |= {activity.line, *(waiver.line for waiver in activity.waive)}
    return found.union(*map(lines_of, section.sections))


def rules_on(codes: Iterable[str]) -> Mapping[str, bool]:
    wanted = set(codes)
    return {code: code in wanted for code in RULES}


@law
@given(matrices(), matrices())
def test_laws(one: Matrix, two: Matrix) -> None:
    pair = [written(one, 'one.raci.yaml'), written(two, 'two.raci.yaml')]

    result = check(pair, ALL_ON, DAY)

    for matrix in pair:
        # Each is at something that the source says.
        places = {matrix.line, *(party.line for party in matrix.parties), *lines_of(matrix.root)}
        assert {finding.place.line for finding in result[matrix.id]} <= places
        assert {(finding.place.path, finding.matrix) for finding in result[matrix.id]} <= {(matrix.path, matrix.id)}
        assert all('\n' not in finding.text for finding in result[matrix.id])
    for code in RULES:
        # A rule that is off takes its own findings away, but for those of which readers are told.
        less = check(pair, replace(NO_SETTINGS, values=rules_on(set(RULES) - {code})), DAY)
        for matrix in pair:
            assert less[matrix.id] == tuple(
                finding for finding in result[matrix.id] if finding.rule != code or finding.waiver
            )


# What is wrong in a configuration.


class Wrong(NamedTuple):
    name: str
    value: Any
    messages: tuple[str, ...]


def nothing(matrix: Matrix) -> list[Finding]:
    return []


SWITCH = 'it must be true or false'
NUMBER = 'it must be true, false or a whole number up to'
OWN_CODE = 'must have a code of its own: lower-case letters and single hyphens, not that of a rule'
NAMES = 'must have a name of lower-case letters, digits and single hyphens'

WRONG = [
    *(
        Wrong('rules', value, (f'raci_rules must be a dict of codes and settings, not {value!r}',))
        for value in (['no-part'], 'no-part', 3, 0, '', [], None, False)
    ),
    Wrong('rules', {'no-parts': True}, ("raci_rules['no-parts'] is no known rule; did you mean 'no-part'?",)),
    Wrong('rules', {'x': True}, ("raci_rules['x'] is no known rule; the rules are 'no-accountable', ",)),
    Wrong('rules', {3: True, None: True}, ('raci_rules[3] is no known', 'raci_rules[None] is no known')),
    Wrong('rules', {(): nothing, 1: nothing}, (f'raci_rules[()] {OWN_CODE}', f'raci_rules[1] {OWN_CODE}')),
    Wrong('rules', {'no-part': nothing}, (f"raci_rules['no-part'] {OWN_CODE}",)),
    *(
        Wrong('rules', {code: nothing}, (f'raci_rules[{code!r}] {OWN_CODE}',))
        for code in ('Big', 'a b', '-a', 'a--b', 'a1', '', 'a\n')
    ),
    *(
        Wrong('rules', {'no-part': value}, (f"raci_rules['no-part'] is {value!r}; {SWITCH}",))
        for value in (3, 0, 1, -1, 'yes', None, 1.0, [], {})
    ),
    *(
        Wrong('rules', {'many-informed': value}, (f"raci_rules['many-informed'] is {value!r}; {NUMBER} 999,999",))
        for value in (-1, 1_000_000, 10**30, '3', None, 3.0, float('nan'), [3])
    ),
    Wrong('rules', {'overloaded-party': 101}, (f"raci_rules['overloaded-party'] is 101; {NUMBER} 100",)),
    *(
        Wrong('schemes', value, (f'raci_schemes must be a dict of names and definitions, not {value!r}',))
        for value in (['raci'], 'raci', 5, None)
    ),
    *(
        Wrong('schemes', {name: {'R': 'Doer'}}, (f'raci_schemes[{name!r}] {NAMES}',))
        for name in ('Ours', 'a b', '', 3, None, 'ours_')
    ),
    *(
        Wrong('schemes', {'ours': value}, (f"raci_schemes['ours']: {message}",))
        for value, message in (
            ({'extends': 'racy'}, "'extends' is 'racy'; did you mean 'raci'?"),
            ({'extends': 'ours'}, "'extends' is 'ours'; the schemes are 'raci', "),
            ({'extends': ['raci']}, "'extends' must be a text, not a list"),
            ({'extends': 'raci', 'letters': ['S']}, "'letters' must be a mapping ('key: value'), not a list"),
            ({'letters': 'RACI'}, "'letters' must be a mapping ('key: value'), not a text"),
            ({'letters': {}}, "'ours' is empty; it needs at least one letter"),
            ({'accountable': 'A'}, "'ours' is empty; it needs at least one letter"),
            ({}, "'ours' is empty; it needs at least one letter"),
            (['R', 'A'], "'ours' must be the name of a scheme, or a mapping of letters to names, not a list"),
            ('racy', "'ours' is 'racy'; did you mean 'raci'?"),
            (5, "'ours' is '5'; the schemes are 'raci', "),
            (None, "'ours' must be a text, not nothing"),
            ({'letters': {'LONG': 'Long'}}, "key 'LONG' in 'ours' is not possible; write one to three letters"),
            ({'4': 'Four'}, "key '4' in 'ours' is not possible"),
            ({'': 'Nothing'}, "key '' in 'ours' is not possible"),
            ({1: 'One'}, "key '1' in 'ours' is not possible"),
            ({'letters': {'r': 'Doer', 'R': 'Doer'}}, "letter 'R' is here twice, with capitals or without"),
            ({'R': None}, "letter 'R' has no text; write one"),
            ({'R': ''}, "letter 'R' has no text; write one"),
            ({'R': ['Doer']}, "letter 'R' must be a text, not a list"),
            ({'R': {'meaning': 'does it'}}, "letter 'R' has no 'name'; add it"),
            ({'R': {'name': 'Doer', 'per-row': 1}}, "unknown key 'per-row'"),
            ({'R': {'name': 'Doer', 'includes': 'X'}}, "unknown letter 'X'; the letters of the scheme are 'R'"),
            ({'R': {'name': 'Doer', 'includes': {'X': 1}}}, "'includes' must be codes of letters, not a mapping"),
            ({'R': {'name': 'Doer', 'includes': [['X']]}}, "'includes' must be codes of letters, not a list"),
            ({'extends': 'raci', 'accountable': 'X'}, "'accountable' is 'X'; the letters of the scheme are 'R', 'A'"),
            ({'extends': 'raci', 'informed': ['I']}, "'informed' must be the code of a letter, not a list"),
            ({'extends': 'raci', 'extra': 1}, "unknown key 'extra'"),
        )
    ),
    *(
        Wrong('schemes', {'ours': {'R': {'name': 'Doer', 'per-activity': value}}}, (message,))
        for value, message in (
            ('2..1', "raci_schemes['ours']: 'per-activity' is '2..1', which nothing can be; write how many"),
            ('0', "raci_schemes['ours']: 'per-activity' is '0', which nothing can be; write how many"),
            ('0..0', "raci_schemes['ours']: 'per-activity' is '0..0', which nothing can be; write how many"),
            ('x', "raci_schemes['ours']: 'per-activity' is 'x'; write how many"),
            (-1, "raci_schemes['ours']: 'per-activity' is '-1'; write how many"),
            ('1..', "raci_schemes['ours']: 'per-activity' is '1..'; write how many"),
            ('*', "raci_schemes['ours']: 'per-activity' is '*'; write how many"),
            (True, "raci_schemes['ours']: 'per-activity' is 'True'; write how many"),
            ([1], "raci_schemes['ours']: 'per-activity' must be a text, not a list"),
        )
    ),
    *(
        Wrong('parties', value, (f'raci_parties must be a dict of ids and names, not {value!r}',))
        for value in (['ann'], 'ann', 5, None)
    ),
    *(
        Wrong('parties', {key: value}, (f"raci_parties[{key!r}] must be an id such as 'service-desk' with a name",))
        for key, value in (
            *(('Ann', 'Ann'), (3, 'Ann'), ('ann', ''), ('ann', None), ('ann', {}), ('ann', ['Ann']), ('', 'Ann')),
            *(('ann', {'name': ''}), ('ann', {'name': 3}), ('ann', {'name': 'Ann', 'mail': 'x'})),
        )
    ),
]


@pytest.mark.parametrize(
    'case', WRONG, ids=lambda case: re.sub(' at 0x[0-9a-f]+', '', f'{case.name}={case.value!r}')[:60]
)
def test_a_wrong_configuration_is_named_and_the_rest_of_it_holds(case: Wrong) -> None:
    values: dict[str, Any] = {
        'rules': {'several-responsible': True, 'our-rule': nothing},
        'schemes': {'first': {'X': 'Extra'}},
        'parties': {'host': 'Host'},
    }
    sound = settings_of(values, pytest.fail)
    told: list[str] = []
    value = case.value
    if isinstance(value, dict):
        last = {'last': 'raci'} if case.name == 'schemes' else {}
        values[case.name] = {**values[case.name], **value, **last}
    else:
        values[case.name] = value

    settings = settings_of(values, told.append)

    assert len(told) == len(case.messages)
    assert all(text.startswith(start) for text, start in zip(told, case.messages, strict=True)), told
    if not isinstance(value, dict):
        return
    assert settings.values == sound.values
    assert set(settings.rules) == {*RULES, 'our-rule'}
    assert set(settings.schemes) == {*SCHEMES, 'first', *(['last'] if case.name == 'schemes' else ())}
    assert set(settings.parties) == {'host'}


def test_names_of_values_begin_as_they_do_where_they_are_written() -> None:
    told: list[str] = []
    settings_of({'rules': {'no-part': 3}, 'parties': 1}, told.append, prefix='')

    assert [text.split(' ')[0] for text in told] == ['parties', "rules['no-part']"]


def test_a_project_that_says_nothing_has_what_the_package_has() -> None:
    assert settings_of({}, pytest.fail) == NO_SETTINGS


SCALARS = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.binary(max_size=3)),
    st.just(nothing),
    st.sampled_from(['raci', 'R', 'A', 'C, I', '1..*', '2..1', 'no-part', 'ours', 'extends', 'letters', 'name']),
)  # fmt: skip
KEYS = st.one_of(
    st.sampled_from(['extends', 'letters', 'accountable', 'R', 'r', 'A', 'name', 'per-activity', 'includes', 'ours']),
    st.sampled_from(['raci', 'no-part', 'many-informed', 'host', 'description']),
    st.none() | st.integers() | st.text(max_size=5),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        *(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4), st.tuples(inner)),
        st.sets(KEYS, max_size=2),
    ),
    max_leaves=10,
)  # fmt: skip


@examples(max_examples=often(120), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from(['rules', 'schemes', 'parties']), VALUES))
def test_whatever_is_configured_nothing_is_raised_and_what_remains_can_be_used(values: dict[str, Any]) -> None:
    told: list[str] = []

    settings = settings_of(values, told.append)

    assert all(told)
    for name in settings.schemes:
        matrix = read_bytes(source(SOUND, top=f'scheme: {name}').encode(), 'shop.raci.yaml', settings).matrix
        assert matrix is not None
        check([matrix], settings, DAY)

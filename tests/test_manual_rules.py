"""What the manual says of rules and schemes is true: its tables are compared, and its examples are checked."""

from __future__ import annotations

import csv
import re
import textwrap
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import pytest
from conftest import EXAMPLE, Project

from sphinxcontrib_raci.model import Matrix
from sphinxcontrib_raci.options import settings_of
from sphinxcontrib_raci.rules import RULES, engine
from sphinxcontrib_raci.schemes import PARTS, SCHEMES
from sphinxcontrib_raci.settings import NO_SETTINGS, Settings
from sphinxcontrib_raci.sources import read_bytes

GUIDE = EXAMPLE / 'guide'
SOURCE = '/project/docs/mail.raci.yaml'
DAY = date(2026, 1, 1)


def text_of(page: str) -> str:
    return (GUIDE / page).read_text('utf-8')


def blocks(text: str) -> list[tuple[str, str, str]]:
    """The blocks of code in a text: language, caption and content."""
    found = re.findall(r'(?m)^\.\. code-block:: (\S+)\n(?:   :caption: (.+)\n)?\n((?:\n|   .*\n)+)', text)
    return [(language, caption, textwrap.dedent(content).strip('\n') + '\n') for language, caption, content in found]


def table(name: str) -> list[dict[str, str]]:
    with (GUIDE / 'examples' / name).open(encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


def reference(text: str, kind: str) -> str:
    """The text of a link, which leads to the section of that name."""
    match = re.fullmatch(rf':ref:`(?P<text>\S+) <{kind}-(?P<target>\S+)>`', text)
    assert match
    assert match['text'] == match['target']
    return match['text']


def literal(text: str) -> str:
    return '' if text == '–' else text.removeprefix('``').removesuffix('``')


def matrix_in(source: str, settings: Settings = NO_SETTINGS) -> Matrix:
    reading = read_bytes(source.encode(), SOURCE, settings)
    assert reading.problems == ()
    assert reading.matrix
    return reading.matrix


def configured(**values: Any) -> Settings:
    """The settings of these values, none of which is wrong."""
    wrong: list[str] = []
    settings = settings_of(values, wrong.append)
    assert wrong == []
    return settings


def warnings(source: str, settings: Settings) -> list[str]:
    """What a build prints of a source."""
    matrix = matrix_in(source, settings)
    found = engine.check([matrix], settings, DAY)[matrix.id]
    return [
        f'{finding.place}: WARNING: {finding.text} [raci.{finding.rule}]' for finding in found if finding.waiver is None
    ]


# -- Rules -------------------------------------------------------------------------------------------------------------


def test_the_table_has_all_rules_in_order_with_their_defaults() -> None:
    rows = [(reference(row['Code'], 'rule'), row['Default']) for row in table('rules.csv')]

    assert rows == [
        (
            rule.code,
            ('off', 'on')[rule.default is True] + (f'; ``true`` is {rule.number}' if rule.number is not None else ''),
        )
        for rule in RULES.values()
    ]


@cache
def sections() -> Mapping[str, str]:
    """The section of each rule, in the order of the page."""
    parts = re.split(r'(?m)^\.\. _(.+):$', text_of('rules.rst'))
    labelled = dict(zip(parts[1::2], parts[2::2], strict=True))
    return {label.removeprefix('rule-'): text for label, text in labelled.items() if label.startswith('rule-')}


def head() -> str:
    """What the examples that are no whole source stand below."""
    [found] = [content for _, caption, content in blocks(text_of('rules.rst')) if caption == 'mail.raci.yaml']
    return found


def test_each_rule_has_a_section_in_the_order_of_the_table() -> None:
    assert list(sections()) == list(RULES)


@pytest.mark.parametrize('code', RULES)
def test_a_section_says_why_and_how_to_mend_and_when_to_waive(code: str) -> None:
    title = sections()[code].strip().splitlines()[0]
    terms = re.findall(r'(?m)^((?:Why|How|When) .*)$', sections()[code])

    assert title == f'``{code}``'
    assert terms == ['Why it matters', 'How to mend it', 'When to waive it']


@pytest.mark.parametrize('code', RULES)
def test_the_example_of_a_rule_gives_the_message_that_is_shown(code: str) -> None:
    [(language, _, example), (_, _, message)] = blocks(sections()[code])
    source = example if example.startswith('raci: 1') else head() + textwrap.indent(example, '  ')
    alone = configured(rules={**dict.fromkeys(RULES, False), code: True})

    assert language == 'yaml'
    assert warnings(source, alone) == [' '.join(message.split())]


@pytest.mark.parametrize('code', [code for code, rule in RULES.items() if rule.default is True])
def test_the_example_of_a_rule_that_is_on_breaks_no_other(code: str) -> None:
    (_, _, example), (_, _, message) = blocks(sections()[code])
    source = example if example.startswith('raci: 1') else head() + textwrap.indent(example, '  ')

    assert warnings(source, NO_SETTINGS) == [' '.join(message.split())]


@pytest.mark.parametrize('page', ['rules.rst', 'messages.rst'])
def test_the_message_that_a_chapter_begins_with_is_that_of_its_example(page: str) -> None:
    _, (_, _, message) = blocks(sections()['no-accountable'])
    shown = [' '.join(content.split()) for language, _, content in blocks(text_of(page)) if language == 'text']

    assert ' '.join(message.split()) in shown


def settings_shown() -> list[str]:
    """The values of ``conf.py`` that the chapter shows."""
    return [content for language, _, content in blocks(text_of('rules.rst')) if language == 'python']


def test_the_settings_that_are_shown_can_be_used() -> None:
    names: dict[str, Any] = {}
    exec(settings_shown()[0], names)

    assert configured(rules=names['raci_rules']).values == names['raci_rules']


def test_the_settings_and_waivers_of_sources_that_are_shown_can_be_used() -> None:
    shown = [content for language, _, content in blocks(text_of('rules.rst')) if language == 'yaml']
    [setting] = [content for content in shown if content.startswith('rules:')]
    [waiver] = [content for content in shown if content.startswith('waive:')]
    top = 'raci: 1\ntitle: Mail\nparties: {customer: Customer, provider: Provider, auditor: Auditor}\n'

    assert matrix_in(f'{top}{setting}activities: []\n').rules == (('several-responsible', False), ('many-informed', 8))
    everything = configured(rules=dict.fromkeys(RULES, True))
    assert warnings(f'{top}{waiver}', configured(rules={'idle-party': True})) == []
    matrix = matrix_in(f'{top}{waiver}')
    waived = [finding for finding in engine.check([matrix], everything, DAY)[matrix.id] if finding.waiver]
    assert [finding.rule for finding in waived] == ['idle-party', 'no-responsible']


def own_rule() -> tuple[str, str, str]:
    """The example of a rule of a project's own: its ``conf.py``, its source, its message."""
    [(_, _, conf), (_, _, source), (_, _, message)] = blocks(text_of('rules.rst').partition('.. _own-rules:')[2])
    return conf, source, ' '.join(message.split())


def test_the_rule_of_a_project_gives_the_message_that_is_shown() -> None:
    conf, source, message = own_rule()
    names: dict[str, Any] = {}
    exec(conf, names)

    settings = configured(rules=names['raci_rules'])
    assert warnings(source, settings) == [message]
    assert warnings(source.replace('RA', 'R').replace(': C', ': A'), settings) == []
    assert warnings(source.replace('contractor:', 'c:'), settings) == []
    assert settings.rules['no-contractor-decides'].title == 'a contractor that is accountable'


def test_a_build_and_the_command_know_the_rule_of_the_project(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from sphinxcontrib_raci.cli import main

    conf, source, message = own_rule()
    said = message.partition('WARNING: ')[2]
    settings = "extensions = ['sphinxcontrib_raci']\nshow_warning_types = True\n"
    index = 'Mail\n====\n\n.. raci:: mail\n'
    project.write({'conf.py': settings + conf, 'mail.raci.yaml': source, 'index.rst': index})

    [warning] = project.build().warnings
    monkeypatch.chdir(project.folder)
    code = main(['check', '.', '-c', '.'])

    assert said in warning
    assert code == 1
    assert said.replace('raci.', '') in capsys.readouterr().out


def test_the_attributes_that_a_rule_may_use_exist() -> None:
    rows = re.findall(r'(?m)^   \* - (``(?:matrix|activity)\..+)$', text_of('rules.rst'))
    names = re.findall(r'``(matrix|activity)\.(\w+)', '\n'.join(rows))
    matrix = matrix_in(own_rule()[1])
    subjects = {'matrix': matrix, 'activity': next(matrix.walk())}

    assert len(names) == 15
    assert [name for owner, name in names if not hasattr(subjects[owner], name)] == []


# -- Schemes -----------------------------------------------------------------------------------------------------------


def test_the_table_of_parts_is_that_of_the_schemes() -> None:
    rows = {
        reference(row['Scheme'], 'scheme'): tuple(literal(row[part.capitalize()]) for part in PARTS)
        for row in table('scheme-parts.csv')
    }

    assert rows == {name: tuple(getattr(scheme, part) for part in PARTS) for name, scheme in SCHEMES.items()}


def test_the_table_of_letters_is_that_of_the_schemes() -> None:
    rows = {
        reference(row['Scheme'], 'scheme'): (row['How many per activity'], row['Which includes which'])
        for row in table('scheme-letters.csv')
    }

    assert rows.keys() == SCHEMES.keys()
    for name, (counts, included) in rows.items():
        letters = SCHEMES[name].letters
        assert re.findall(r'``(\w+)`` ([^,]+)', counts) == [
            (letter.code, letter.per_activity) for letter in letters if letter.per_activity != '0..*'
        ]
        assert [(code, tuple(codes.split(', '))) for code, codes in re.findall(r'``(\w+)``: ([^;]+)', included)] == [
            (letter.code, letter.includes) for letter in letters if letter.includes
        ]


def test_each_scheme_has_a_section_with_its_legend_in_the_order_of_the_tables() -> None:
    found = re.findall(
        r'(?m)^\.\. _scheme-(\S+):\n\n``(\S+)``\n~+\n\n\.\. raci:legend:: (\S+)\n\n\S', text_of('schemes.rst')
    )
    order = [reference(row['Scheme'], 'scheme') for row in table('scheme-parts.csv')]

    assert found == [(name, name, name) for name in order]
    assert [reference(row['Scheme'], 'scheme') for row in table('scheme-letters.csv')] == order


def test_the_directive_for_legends_and_the_changes_name_all_schemes() -> None:
    legend = text_of('directives.rst').partition('.. raci:legend:: [')[2].partition('.. code-block')[0]
    changes = (EXAMPLE.parent / 'CHANGES.rst').read_text('utf-8')

    for text in (legend, changes):
        assert [name for name in SCHEMES if f'``{name}``' not in text] == []
    assert f'* {len(SCHEMES)} schemes' in changes
    assert f': {len(RULES)} of them' in changes


def test_the_scheme_in_its_full_form_is_read_as_shown() -> None:
    [source] = [content for _, caption, content in blocks(text_of('schemes.rst')) if caption == 'release.raci.yaml']
    scheme = matrix_in(source).scheme

    assert [(letter.code, letter.per_activity, letter.includes) for letter in scheme.letters] == [
        ('O', '1', ()),
        ('D', '1..*', ('H',)),
        ('H', '0..2', ()),
        ('V', '0..*', ('D',)),
    ]
    assert [getattr(scheme, part) for part in PARTS] == ['O', 'D', '', '']
    assert warnings(source, NO_SETTINGS) == []
    [finding] = warnings(source.replace('OD', 'D'), NO_SETTINGS)
    assert 'no party has O (Owns)' in finding


def test_the_schemes_of_a_project_are_read_as_shown() -> None:
    shown = [content for language, _, content in blocks(text_of('schemes.rst')) if language == 'python']
    named: dict[str, Any] = {}
    redefined: dict[str, Any] = {}
    exec(shown[0], named)
    exec(shown[1], redefined)

    schemes = configured(schemes=named['raci_schemes']).schemes
    assert schemes['ours'].codes == ('R', 'A', 'C', 'I', 'S')
    assert schemes['ours-signed'].codes == ('R', 'A', 'C', 'I', 'S', 'Z')
    assert schemes['ours-signed'].accountable == 'A'

    raci = configured(schemes=redefined['raci_schemes']).schemes['raci']
    assert raci.codes == SCHEMES['raci'].codes
    assert raci.letter('A').meaning == 'has the last word, and pays'
    assert raci.letter('A').per_activity == '1'


def test_other_pieces_of_sources_about_schemes_can_be_used() -> None:
    shown = [
        content for language, caption, content in blocks(text_of('schemes.rst')) if language == 'yaml' and not caption
    ]
    settings = configured(schemes={'ours': {'extends': 'raci'}})
    rest = 'raci: 1\ntitle: Mail\nparties: {customer: Customer}\nactivities: []\n'

    assert len(shown) == 4
    for content in shown:
        assert matrix_in(rest + content, settings).scheme.letters


# -- Messages ----------------------------------------------------------------------------------------------------------


def messages(values: dict[str, Any]) -> list[str]:
    wrong: list[str] = []
    settings_of(values, wrong.append)
    return wrong


@pytest.mark.parametrize(
    'values',
    [
        {'rules': {'several-responsable': True}},
        {'rules': {'overloaded-party': 120}},
        {'rules': {'no-part': lambda matrix: ()}},
        {'schemes': {'ours': {'extends': 'raki'}}},
    ],
    ids=['unknown', 'too large', 'not its own', 'unknown scheme'],
)
def test_what_is_said_of_a_wrong_value_is_in_the_list_of_messages(values: dict[str, Any]) -> None:
    shown = [' '.join(content.split()) for _, _, content in blocks(text_of('messages.rst'))]

    [said] = messages(values)
    assert said in shown


@pytest.mark.parametrize(
    'line',
    ['waive: {several-acountable: Meant}', "waive: {no-part: ''}", 'scheme: dacy'],
)
def test_what_is_said_of_a_wrong_source_is_in_the_list_of_messages(line: str) -> None:
    shown = [' '.join(content.split()) for _, _, content in blocks(text_of('messages.rst'))]
    activity = 'activities:\n  - {id: filter, name: Filter mail, who: {a: RA}}\n'

    reading = read_bytes(f'raci: 1\ntitle: Mail\nparties: {{a: Aa}}\n{line}\n{activity}'.encode(), SOURCE)

    [problem] = reading.problems
    assert problem.text in shown
    assert reading.matrix
    assert len(list(reading.matrix.walk())) == 1


@pytest.mark.parametrize(
    'given', [lambda matrix: ['nobody decides'], lambda matrix: {}['contractor']], ids=['gave', 'failed']
)
def test_what_is_said_of_a_rule_that_fails_is_in_the_list_of_messages(given: Any) -> None:
    shown = [' '.join(content.split()) for _, _, content in blocks(text_of('messages.rst'))]
    settings = configured(rules={'own': given})
    matrix = matrix_in(own_rule()[1])

    [finding] = engine.check([matrix], settings, DAY)[matrix.id]
    assert re.sub(r'line \d+ of [\w.]+', 'line 12 of conf.py', finding.text) in shown

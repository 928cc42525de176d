"""``sphinx-raci check``: what it checks, what it reports and in which format, and when it fails."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import textwrap
import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest
import yaml
from conftest import EXAMPLE, Project

from sphinxcontrib_raci import __version__
from sphinxcontrib_raci.cli import main, reading
from sphinxcontrib_raci.cli.outputs.text import excerpt
from sphinxcontrib_raci.model import Reading
from sphinxcontrib_raci.rules import RULES
from sphinxcontrib_raci.sources import read_bytes
from sphinxcontrib_raci.sources.formats import SOURCES
from sphinxcontrib_raci.writers import write

CHECKOUT = EXAMPLE.parent

SOUND = """\
raci: 1
title: Mail
parties: {customer: Customer, provider: Provider}
activities:
  - {id: open, name: Open accounts, who: {customer: RA, provider: I}}
"""
FINDING = SOUND + '  - {id: filter, name: Filter mail, who: {customer: A, provider: RA}}\n'
WAIVED = (
    SOUND
    + '  - {id: filter, name: Filter mail, who: {customer: A, provider: RA}, waive: {several-accountable: Both}}\n'
)
NAMED = FINDING.replace('title', 'id: mail\ntitle')
LINES = '  - id: {id}\n    name: {name}\n    who: {{{who}}}\n'
BROKEN = SOUND + '  - {id: lost, name: Lose mail, who: {customer: RX}}\n'


@dataclass
class Run:
    """What a run printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def heads(self) -> list[str]:
        """The messages, without the lines of sources."""
        return [line for line in self.out.splitlines() if re.match(r'\S', line)]


class Check:
    """Runs the command in a folder of its own."""

    def __init__(self, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capfd = capfd

    def __call__(self, *args: str) -> Run:
        self._capfd.readouterr()
        code = main(['check', *args])
        return Run(code, *self._capfd.readouterr())

    def write(self, **files: str) -> None:
        """Write sources, each called after its argument."""
        for name, text in files.items():
            self.file(f'{name}.raci.yaml', text)

    def file(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def json(self, *args: str) -> list[dict[str, Any]]:
        content = json.loads(self(*args, '--format', 'json').out)
        assert content.keys() == {'version', 'findings'}
        assert content['version'] == 1
        found: list[dict[str, Any]] = content['findings']
        return found

    def sarif(self, *args: str) -> dict[str, Any]:
        log: dict[str, Any] = json.loads(self(*args, '--format', 'sarif').out)
        jsonschema.Draft7Validator(SARIF).validate(log)
        return log

    def codes(self, *args: str) -> list[str]:
        return [found['code'] for found in self.json(*args)]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Check:
    folder = tmp_path / 'work'
    folder.mkdir()
    monkeypatch.chdir(folder)
    return Check(folder, capfd)


# -- The manual --------------------------------------------------------------------------------------------------------


def shown(page: str, after: str, before: str) -> str:
    """The block of code on a page between two texts."""
    text = (EXAMPLE / 'guide' / page).read_text('utf-8').partition(f'{after}\n')[2].partition(f'\n\n{before}')[0]
    return textwrap.dedent(text)


def test_the_example_of_the_manual_is_what_the_command_prints(check: Check) -> None:
    check.write(
        mail=SOUND.partition('  - ')[0]
        + LINES.format(id='open', name='Open accounts', who='customer: RA')
        + LINES.format(id='filter', name='Filter mail', who='customer: A, provider: RA')
    )
    block = shown('command.rst', ':caption: two parties answer for one activity', '.. program:: sphinx-raci check')
    command, *lines = block.strip().splitlines()

    run = check(*shlex.split(command)[3:])

    # Long messages are broken in the manual.
    assert (run.out + run.err).splitlines() == re.sub('\n +(?=[(])', ' ', '\n'.join(lines)).splitlines()


def test_the_table_of_the_manual_is_a_configuration(check: Check) -> None:
    check.file('pyproject.toml', shown('command.rst', ':caption: pyproject.toml', 'All keys'))
    check.file(
        'services/mail.raci.yaml',
        SOUND.replace('{customer: Customer, provider: Provider}', '[customer]')
        .replace(', provider: I', '')
        .replace('title', 'scheme: ours\ntitle')
        .replace('RA', 'RAS'),
    )
    check.file('services/drafts/draft.raci.yaml', BROKEN)
    check.file('other.raci.yaml', BROKEN)

    run = check()

    assert (run.code, run.out, run.err) == (0, '', 'no errors in 1 file\n')


# -- What is checked ---------------------------------------------------------------------------------------------------


def test_without_arguments_all_sources_in_the_current_folder_are_checked(check: Check) -> None:
    for name in (
        'a.raci.yaml',
        'deep/er/b.raci.yml',
        '_build/c.raci.yaml',
        '.hidden/d.raci.yaml',
        'deep/_downloads/e.raci.yaml',
        'notes.yaml',
        '.f.raci.yaml',
    ):
        check.file(name, FINDING.replace('title', f'id: m{len(name)}\ntitle'))

    assert [found['path'] for found in check.json()] == ['a.raci.yaml', 'deep/er/b.raci.yml']


def test_a_file_is_checked_whatever_it_is_called_and_wherever_it_is(check: Check) -> None:
    check.file('page.md', '# Mail\n\n| Activity | Customer | Provider |\n|---|---|---|\n| Filter mail | A | RA |\n')
    check.file('_build/mail.yaml', FINDING)
    check.file('list.csv', 'activity,Customer,Provider\nFilter mail,A,RA\n')

    found = check.json('page.md', '_build/mail.yaml', 'list.csv', '--select', 'several-accountable')

    assert [entry['path'] for entry in found if entry['code'] == 'several-accountable'] == [
        '_build/mail.yaml',
        'list.csv',
        'page.md',
    ]


def test_a_file_counts_once_however_often_it_is_named(check: Check) -> None:
    path = check.file('mail.raci.yaml', FINDING)
    (check.folder / 'link.raci.yaml').symlink_to(path)

    run = check('mail.raci.yaml', './mail.raci.yaml', str(path), '.')

    assert len(run.heads) == 1
    assert run.err == '1 warning in 1 file\n'


@pytest.mark.parametrize('args', [[], ['.'], ['-c', '.'], ['linked'], ['-c', '.', 'linked']])
def test_links_to_folders_are_followed(check: Check, args: list[str]) -> None:
    check.file('../shared/mail.raci.yaml', FINDING)
    check.file('conf.py', '')
    (check.folder / 'linked').symlink_to('../shared')

    assert [found['path'] for found in check.json(*args)] == ['linked/mail.raci.yaml']


def test_paths_are_told_from_the_current_folder_or_as_they_are_given(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    check.file('in/a.raci.yaml', FINDING)
    check.file('out/b.raci.yaml', FINDING)
    monkeypatch.chdir(check.folder / 'in')

    names = [found['path'] for found in check.json('./a.raci.yaml', '../out')]
    assert sorted(names) == ['../out/b.raci.yaml', 'a.raci.yaml']
    assert [found['path'] for found in check.json(str(check.folder / 'in'))] == ['a.raci.yaml']
    assert [found['path'] for found in check.json(str(check.folder / 'out'))] == [str(check.folder / 'out/b.raci.yaml')]


def test_an_id_that_two_files_have_is_found(check: Check) -> None:
    check.write(a='id: same\n' + SOUND, b='id: same\n' + SOUND)

    [found] = check.json()

    assert (found['path'], found['level'], found['code'], found['matrix']) == (
        'b.raci.yaml',
        'error',
        'meaning',
        'same',
    )
    assert "the id 'same' is already that of the matrix in a.raci.yaml" in found['text']


@pytest.mark.parametrize(
    ('args', 'said'),
    [
        (['missing.raci.yaml'], "there is no file or folder 'missing.raci.yaml'"),
        (['empty'], "there is no source in 'empty'"),
        ([], 'there is no source in the current folder'),
        (['a.yaml', '--select', 'no-prt'], "'no-prt' in --select is no rule; did you mean 'no-part'?"),
        (['a.yaml', '--ignore', 'zzz'], "'zzz' in --ignore is no rule; the rules are 'no-accountable', "),
        (['a.yaml', '--select', ','], '--select needs codes of rules'),
        (['a.yaml', '--ignore', ''], '--ignore needs codes of rules'),
        (['a.yaml', '--fail-on', 'errors'], "'errors' in --fail-on is no rule; did you mean 'error'?"),
        (['a.yaml', '--fail-on', ''], '--fail-on needs codes of rules'),
        (['a.yaml', '--format', 'xml'], 'invalid choice'),
        (['a.yaml', '-o', ''], "'-o' needs a file"),
        (['a.yaml', '-o', './a.yaml'], "'./a.yaml' is one of the files to check"),
    ],
)
def test_a_command_that_cannot_be_followed_says_why(check: Check, args: list[str], said: str) -> None:
    check.file('a.yaml', SOUND)
    (check.folder / 'empty').mkdir()

    run = check(*args)

    assert (run.code, run.out) == (2, '')
    assert said in run.err
    assert (check.folder / 'a.yaml').read_text() == SOUND


# -- What is reported --------------------------------------------------------------------------------------------------


def test_errors_and_findings_come_file_by_file_and_line_by_line(check: Check) -> None:
    both = BROKEN + '  - {id: filter, name: Filter mail, who: {customer: A, provider: RA}}\n'
    check.write(b=both, a=FINDING)

    assert [(found['path'], found['line'], found['level'], found['code']) for found in check.json()] == [
        ('a.raci.yaml', 6, 'warning', 'several-accountable'),
        ('b.raci.yaml', 6, 'error', 'meaning'),
        ('b.raci.yaml', 7, 'warning', 'several-accountable'),
    ]


def test_how_something_was_understood_is_not_reported(check: Check) -> None:
    check.file('mail.csv', 'activity,Customer,Provider\nOpen accounts,RA,I\n')

    assert any(problem.level == 'info' for problem in read_bytes(b'activity,A,B\nx,RA,I\n', 'mail.csv').problems)
    assert check('mail.csv').out == ''


BINARY = bytes(range(256)) * 4
LONG = SOUND + '  - {id: long, name: "' + 'very ' * 100_000 + 'long", who: {customer: RX}}\n'


@pytest.mark.parametrize(
    ('name', 'content', 'said'),
    [
        ('cut.raci.yaml', 'raci: [', 'not YAML'),
        ('nothing.raci.yaml', '', ''),
        ('binary.raci.yaml', BINARY, ''),
        ('binary.raci.xlsx', BINARY, ''),
        ('wide.raci.yaml', SOUND.encode('utf-16'), 'UTF-16'),
        ('latin.raci.yaml', SOUND.replace('Open', 'Öffne').encode('latin-1'), 'is not UTF-8'),
        ('long.raci.yaml', LONG, "unknown letter 'X'"),
        ('picture.png', BINARY, 'does not say what is in it'),
    ],
)
@pytest.mark.parametrize('fmt', ['text', 'sarif', 'github', 'json'])
def test_a_source_that_cannot_be_read_is_an_error_among_others(
    check: Check, name: str, content: str | bytes, said: str, fmt: str
) -> None:
    check.file(name, content)
    check.write(zz=FINDING)

    run = check(name, 'zz.raci.yaml', '--format', fmt)

    assert run.code == 1
    assert said in run.out
    assert 'several-accountable' in run.out
    assert re.fullmatch(r'\d+ errors?, 1 warning in 2 files\n', run.err)
    assert max(map(len, run.out.splitlines())) < 1_000
    assert all(char.isprintable() for char in run.out.replace('\n', ''))


def test_a_broken_link_and_a_folder_with_the_name_of_a_source_are_errors(check: Check) -> None:
    (check.folder / 'gone.raci.yaml').symlink_to('nowhere')

    assert check.codes('gone.raci.yaml') == ['syntax']


def test_a_fault_in_one_file_does_not_stop_the_next(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    check.write(a=SOUND, b=FINDING)
    read = reading.read

    def fails(path: Path, **more: Any) -> Reading:
        if path.name == 'a.raci.yaml':
            raise ZeroDivisionError('by zero')
        return read(path, **more)

    monkeypatch.setattr(reading, 'read', fails)

    assert check.codes() == ['fault', 'several-accountable']
    assert check('--format', 'sarif').code == 1


# -- Which rules -------------------------------------------------------------------------------------------------------

DRAFT = SOUND.replace('id: open, ', '')


@pytest.mark.parametrize(
    ('args', 'expected'),
    [
        ([], ['several-accountable']),
        (['--select', 'missing-id'], ['missing-id']),
        (['--select', 'missing-id,several-accountable'], ['missing-id', 'several-accountable']),
        (['--select', 'missing-id', '--select', ' several-accountable '], ['missing-id', 'several-accountable']),
        (['--select', 'no-part'], []),
        (['--ignore', 'several-accountable'], []),
        (['--ignore', 'no-part'], ['several-accountable']),
        (['--ignore', 'all'], []),
        (
            ['--select', 'all', '--ignore', 'several-responsible,same-party-does-and-answers,contradictory-letters'],
            ['missing-id', 'several-accountable'],
        ),
    ],
)
def test_select_and_ignore_choose_rules(check: Check, args: list[str], expected: list[str]) -> None:
    check.write(mail=DRAFT + FINDING.splitlines()[-1] + '\n')

    assert check.codes(*args) == expected


def test_select_wins_over_the_source_and_the_configuration(check: Check) -> None:
    check.write(mail=FINDING.replace('title', 'rules: {several-accountable: false, missing-id: true}\ntitle'))
    check.file('pyproject.toml', '[tool.sphinxcontrib-raci.rules]\nseveral-accountable = false\n')

    assert check.codes() == []
    assert check.codes('--select', 'several-accountable') == ['several-accountable']


def test_what_is_wrong_in_a_source_is_reported_whatever_is_selected(check: Check) -> None:
    check.write(mail=BROKEN)

    assert check.codes('--select', 'missing-id', '--ignore', 'no-part') == ['meaning']


def test_what_is_waived_is_not_counted_and_fails_nothing(check: Check) -> None:
    check.write(mail=WAIVED)

    for fmt in ('text', 'github'):
        run = check('--format', fmt, '--fail-on', 'several-accountable')
        assert (run.code, run.out, run.err) == (0, '', 'no errors in 1 file\n')
    [found] = check.json()
    assert (found['code'], found['waived']) == ('several-accountable', 'Both')
    [result] = check.sarif()['runs'][0]['results']
    assert result['suppressions'] == [{'kind': 'inSource', 'justification': 'Both'}]
    assert check.json('--ignore', 'several-accountable') == []


# -- Exit codes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize('fmt', ['text', 'json', 'sarif', 'github'])
@pytest.mark.parametrize(
    ('source', 'fail_on', 'code'),
    [
        (SOUND, '', 0),
        (SOUND, 'error', 0),
        (SOUND, 'never', 0),
        (FINDING, '', 1),
        (FINDING, 'warning', 1),
        (FINDING, 'error', 0),
        (FINDING, 'never', 0),
        (FINDING, 'several-accountable', 1),
        (FINDING, 'no-part,several-accountable', 1),
        (FINDING, 'no-part', 0),
        (FINDING, 'all', 1),
        (BROKEN, '', 1),
        (BROKEN, 'error', 1),
        (BROKEN, 'no-part', 1),
        (BROKEN, 'never', 0),
        (WAIVED, 'warning', 0),
        (WAIVED, 'all', 0),
    ],
)
def test_the_exit_code_says_whether_anything_fails(
    check: Check, source: str, fail_on: str, code: int, fmt: str
) -> None:
    check.write(mail=source)

    run = check('--format', fmt, *(['--fail-on', fail_on] if fail_on else []))

    assert run.code == code
    assert run.err.endswith(' in 1 file\n')


def test_quiet_leaves_out_that_all_is_fine(check: Check) -> None:
    check.write(mail=SOUND)
    assert check('-q').err == ''
    check.write(mail=FINDING)
    assert check('-q').err == '1 warning in 1 file\n'


# -- Configuration -----------------------------------------------------------------------------------------------------

OWN = """\
from sphinxcontrib_raci.rules import Finding

print('conf.py says hello')
raci_parties = {'customer': 'Customer', 'provider': 'Provider'}
exclude_patterns = ['drafts']
templates_path = ['_templates']


def short(matrix):
    '''Names of one word.'''
    for activity in matrix.walk():
        if ' ' not in activity.name:
            yield Finding(f'{activity.name} is one word', activity, matrix.parties[0])


raci_rules = {'one-word': short, 'several-accountable': False}
"""
BARE = 'raci: 1\ntitle: Mail\nparties: [customer]\nactivities:\n  - {id: go, name: Go, who: {customer: RA}}\n'


@pytest.mark.parametrize('given', ['docs', 'docs/conf.py'])
def test_conf_py_gives_parties_patterns_and_rules_of_the_project(check: Check, given: str) -> None:
    check.file('docs/conf.py', OWN)
    check.file('docs/mail.raci.yaml', BARE)
    check.file('docs/drafts/bad.raci.yaml', 'raci: [')
    check.file('docs/_templates/bad.raci.yaml', 'raci: [')
    check.file('elsewhere.raci.yaml', 'raci: [')

    for paths in ([], ['docs'], ['.'], ['docs/mail.raci.yaml']):
        [found] = check.json('-c', given, *paths)
        assert (found['path'], found['line'], found['code']) == ('docs/mail.raci.yaml', 5, 'one-word')
        assert (found['activity'], found['party'], found['text']) == ('go', 'customer', 'Go is one word')
    [run] = check.sarif('-c', given)['runs']
    assert run['tool']['driver']['rules'][run['results'][0]['ruleIndex']] == {
        'id': 'one-word',
        'shortDescription': {'text': 'Names of one word'},
        'defaultConfiguration': {'enabled': True, 'level': 'warning'},
    }
    assert check.codes('-c', given, '--ignore', 'one-word') == []
    assert check('-c', given, '--fail-on', 'one-word').code == 1


def test_without_configuration_a_party_that_is_not_named_is_an_error(check: Check) -> None:
    check.write(mail=BARE)

    assert 'meaning' in check.codes()
    assert 'conf.py' not in check().err


def test_of_a_conf_py_that_is_not_named_a_problem_brings_a_hint(check: Check) -> None:
    hint = "docs/conf.py: info: its settings are not known here; to use them, add '-c docs/conf.py' [config]\n"
    check.file('docs/conf.py', OWN)
    check.file('docs/sources/mail.raci.yaml', BARE)

    assert check('docs').err == f'{hint}1 error in 1 file\n'
    assert hint not in check('-c', 'docs').err
    assert hint not in check('-q', 'docs').err
    check.file('docs/sources/mail.raci.yaml', SOUND)
    assert check('docs').err == 'no errors in 1 file\n'


def test_the_next_pyproject_with_a_table_of_ours_counts(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    check.file(
        'pyproject.toml', '[tool.sphinxcontrib-raci]\nparties = {customer = "Customer"}\nexclude = ["inner/no"]\n'
    )
    check.file('inner/pyproject.toml', '[project]\nname = "other"\n')
    check.file('inner/mail.raci.yaml', BARE)
    check.file('inner/no/mail.raci.yaml', 'raci: [')
    check.file('outside.raci.yaml', 'raci: [')
    monkeypatch.chdir(check.folder / 'inner')

    assert check('.').err == 'no errors in 1 file\n'
    assert check('-c', '../pyproject.toml', 'mail.raci.yaml').err == 'no errors in 1 file\n'


def test_a_folder_elsewhere_has_patterns_that_count_from_there(check: Check) -> None:
    check.file('here/pyproject.toml', '[tool.sphinxcontrib-raci]\nsources = ["*.raci.yaml", "../shared/*.raci.yaml"]\n')
    check.file('here/a.raci.yaml', SOUND)
    check.file('shared/b.raci.yaml', SOUND)
    check.file('shared/deep/c.raci.yaml', SOUND)
    check.file('far/d.raci.yaml', SOUND)
    check.file('far/deep/e.raci.yaml', SOUND)

    counts = {folder: check('-c', 'here/pyproject.toml', *folder.split()).err for folder in ('', '.', 'shared', 'far')}

    assert counts == {
        '': 'no errors in 1 file\n',
        '.': 'no errors in 2 files\n',
        'shared': 'no errors in 1 file\n',
        'far': 'no errors in 1 file\n',
    }


@pytest.mark.parametrize(
    ('text', 'said'),
    [
        ('sources = "x"', "sources must be a list of texts, not '"),
        ('exclude = [1]', "exclude must be a list of texts, not '[1]'"),
        ('parties = ["customer"]', 'parties must be a table'),
        ('rules = true', "rules must be a table, not 'True'"),
        ('schemes = 1', 'schemes must be a table'),
        ('rule = {}', "unknown key 'rule' in [tool.sphinxcontrib-raci]; did you mean 'rules'?"),
        ('xyz = 1', "unknown key 'xyz' in [tool.sphinxcontrib-raci]; the keys are 'sources', "),
        ('rules = {no-prt = true}', "rules['no-prt'] is no known rule; did you mean 'no-part'?"),
        ('rules = {no-part = 3}', "rules['no-part'] is 3; it must be true or false"),
        ('rules = {many-informed = 1.5}', "rules['many-informed'] is 1.5; it must be true, false or a whole number"),
        ('parties = {"Big One" = "x"}', "parties['Big One'] must be an id"),
        ('parties = {us = 1}', "parties['us'] must be an id such as"),
        ('schemes = {ours = {extends = "rac"}}', "schemes['ours']: "),
        ('schemes = {ours = 2024-01-01}', "schemes['ours']"),
        ('sources = [', 'the file is no TOML as it should be: '),
    ],
)
def test_what_is_wrong_in_pyproject_is_told_and_nothing_is_checked(check: Check, text: str, said: str) -> None:
    check.file('pyproject.toml', f'[tool.sphinxcontrib-raci]\n{text}\n')
    check.write(mail=FINDING)

    run = check()

    assert (run.code, run.out) == (2, '')
    assert re.fullmatch(r'.*pyproject\.toml: error: .+ \[config\]', run.err.splitlines()[0])
    assert said in run.err
    assert 'Traceback' not in run.err


@pytest.mark.parametrize('text', ['tool = 3', '[tool]\nsphinxcontrib-raci = 3', '# sphinxcontrib-raci\n\xff'])
def test_a_pyproject_of_another_shape_is_told_of(check: Check, text: str) -> None:
    check.file('pyproject.toml', f'# sphinxcontrib-raci\n{text}\n'.encode('latin-1'))
    check.write(mail=FINDING)

    assert check().code == 2


def test_a_broken_pyproject_that_has_nothing_to_do_with_matrices_is_no_matter(check: Check) -> None:
    check.file('pyproject.toml', 'sources = [')
    check.write(mail=SOUND)

    assert check().code == 0


@pytest.mark.parametrize(
    ('text', 'place', 'said'),
    [
        ('1 +', 'conf.py:1', 'the file is no Python: '),
        (
            '\nimport sphinx\nnothing_here\n',
            'conf.py:3',
            "the file cannot be run: NameError: name 'nothing_here' is not",
        ),
        ('import no_such_module\n', 'conf.py:1', "ModuleNotFoundError: No module named 'no_such_module'"),
        ('raise SystemExit', 'conf.py', 'ends the program'),
        ('from sphinx.errors import ConfigError\nraise ConfigError("not so")\n', 'conf.py', 'not so'),
        ('raci_sources = "x"', 'conf.py', "raci_sources must be a list of texts, not '"),
        ('exclude_patterns = [1]', 'conf.py', 'exclude_patterns must be a list of texts'),
        ('templates_path = None', 'conf.py', 'templates_path must be a list of texts'),
        ('raci_rules = {"no-prt": True}', 'conf.py', "raci_rules['no-prt'] is no known rule; did you mean 'no-part'?"),
        ('raci_rules = {"no-part": print}', 'conf.py', "raci_rules['no-part'] must have a code of its own"),
        ('raci_parties = ["x"]', 'conf.py', 'raci_parties must be a dict'),
        ('raci_schemes = {"x": {}}', 'conf.py', "raci_schemes['x']"),
    ],
)
def test_what_is_wrong_in_conf_py_is_told_and_nothing_is_checked(
    check: Check, text: str, place: str, said: str
) -> None:
    check.file('conf.py', text)
    check.write(mail=FINDING)

    run = check('-c', 'conf.py')

    assert (run.code, run.out) == (2, '')
    [line] = run.err.splitlines()
    assert line.startswith(f'{place}: error: ')
    assert line.endswith(' [config]')
    assert said in line


@pytest.mark.parametrize('given', ['nowhere', 'empty', 'nowhere.toml', '', 'other.toml', 'mail.raci.yaml'])
def test_a_configuration_that_is_not_there_is_an_error(check: Check, given: str) -> None:
    check.write(mail=SOUND)
    check.file('other.toml', '[project]\n')
    (check.folder / 'empty').mkdir()

    run = check('-c', given)

    assert (run.code, run.out) == (2, '')
    assert run.err.endswith('[config]\n')


def test_a_rule_that_fails_is_a_finding(check: Check) -> None:
    check.file('conf.py', 'raci_rules = {"my-rule": lambda matrix: 1 // 0}')
    check.write(mail=SOUND)

    [found] = check.json('-c', '.')

    assert (found['code'], found['level']) == ('my-rule', 'warning')
    assert 'ZeroDivisionError' in found['text']


# -- Text --------------------------------------------------------------------------------------------------------------


def test_a_message_is_followed_by_its_line_and_a_mark(check: Check) -> None:
    check.write(mail=FINDING)

    head, line, mark = check().out.splitlines()

    assert head.startswith('mail.raci.yaml:6:5: warning: 2 parties have A (Accountable) ')
    assert head.endswith(' [several-accountable]')
    assert line == '     6 |   - {id: filter, name: Filter mail, who: {customer: A, provider: RA}}'
    assert mark == '       |     ^'


def columns(text: str) -> int:
    """What a terminal makes of a text, as its standards have it."""
    return sum(2 if unicodedata.east_asian_width(char) in ('W', 'F') else 1 for char in text)


@pytest.mark.parametrize(
    'before',
    [
        '',
        'name: ',
        '\t',
        'a\tb\t',
        '責任 ',
        '\N{FULLWIDTH LATIN CAPITAL LETTER A}x',
        'x\x1b[31my',
        'x\x07',
        'ü',
        '\u200b',
    ],
)
def test_the_mark_is_below_the_column(before: str) -> None:
    line, mark = excerpt(f'{before}# rest', 7, len(before) + 1)

    assert line.isprintable()
    assert columns(line[: line.index('#')]) == mark.index('^')


def test_a_character_that_stands_on_another_takes_no_room() -> None:
    line, mark = excerpt('cafe\N{COMBINING ACUTE ACCENT} #', 7, 7)
    assert line.index('#') - 1 == mark.index('^')


@pytest.mark.parametrize('column', [1, 30, 41, 60, 5_000, 9_990, 10_000, 10_001])
def test_of_a_long_line_only_what_is_near_the_column_is_shown(column: int) -> None:
    text = 'x' * (column - 1) + '#' + 'y' * (10_000 - column)

    line, mark = excerpt(text[:10_000], 7, column)

    assert len(line) < 120
    assert '…' in line
    assert line[mark.index('^') : mark.index('^') + 1] == ('#' if column <= 10_000 else '')


def test_a_line_without_a_column_has_no_mark() -> None:
    assert list(excerpt('title: Mail', 2, 0)) == ['     2 | title: Mail']


def test_a_spreadsheet_has_addresses_and_no_lines(check: Check) -> None:
    matrix = read_bytes(FINDING.encode(), 'mail.raci.yaml').matrix
    assert matrix
    check.file('mail.raci.xlsx', write(matrix, 'xlsx', 'mail.raci.xlsx'))

    [line] = check().out.splitlines()
    assert re.match(r'mail\.raci\.xlsx:Activities![A-Z]+3: warning: 2 parties', line)
    [found] = check.json()
    assert re.fullmatch(r'Activities![A-Z]+3', found['cell'])
    [result] = check.sarif()['runs'][0]['results']
    [location] = result['locations']
    assert location['physicalLocation'] == {'artifactLocation': {'uri': 'mail.raci.xlsx'}}
    assert location['logicalLocations'] == [{'fullyQualifiedName': found['cell']}]
    [(level, properties, text)] = commands(check('--format', 'github').out)
    assert (level, properties) == ('warning', {'file': 'mail.raci.xlsx', 'title': 'several-accountable'})
    assert text == f'{found["cell"]}: {found["text"]}'


@pytest.mark.parametrize(
    ('terminal', 'no_color', 'colored'), [(True, '', True), (True, '1', False), (False, '', False)]
)
def test_levels_have_colours_on_a_terminal_alone(
    check: Check, monkeypatch: pytest.MonkeyPatch, terminal: bool, no_color: str, colored: bool
) -> None:
    check.write(mail=FINDING)
    monkeypatch.setenv('NO_COLOR', no_color)
    monkeypatch.setattr(sys.stdout, 'isatty', lambda: terminal)

    assert ('\x1b[33mwarning\x1b[0m' in check().out) == colored
    assert '\x1b' not in check('--format', 'github').out
    check('-o', 'result.txt')
    assert '\x1b' not in (check.folder / 'result.txt').read_text()


# -- Names of files ----------------------------------------------------------------------------------------------------

ODD = [
    'a b.raci.yaml',
    'a,b.raci.yaml',
    'a:b=c.raci.yaml',
    '50%25 #1?.raci.yaml',
    'größe責.raci.yaml',
    'sub dir/x;y.raci.yaml',
]


@pytest.mark.parametrize('name', ODD)
def test_a_file_of_any_name_is_told_rightly_in_every_format(check: Check, name: str) -> None:
    check.file(name, NAMED)

    assert check().out.startswith(f'{name}:7:5: warning: ')
    assert [found['path'] for found in check.json()] == [name]
    [(_, properties, _)] = commands(check('--format', 'github').out)
    assert properties == {'file': name, 'line': '7', 'col': '5', 'title': 'several-accountable'}
    [result] = check.sarif()['runs'][0]['results']
    uri = result['locations'][0]['physicalLocation']['artifactLocation']['uri']
    assert re.fullmatch(r'[A-Za-z0-9._~/%-]+', uri)
    assert unquote(uri) == name


def test_a_name_that_is_no_text_stops_nothing(check: Check) -> None:
    path = os.fsencode(check.folder) + b'/\xff\x1b[0m.raci.yaml'
    try:
        with open(path, 'wb') as file:
            file.write(NAMED.encode())
    except OSError:
        pytest.skip('this file system has no such names')

    assert check().out.startswith(r'\udcff\x1b[0m.raci.yaml:7:5: warning: ')
    assert [found['path'] for found in check.json()] == ['\udcff\x1b[0m.raci.yaml']
    assert check('--format', 'github').code == 1
    [result] = check.sarif()['runs'][0]['results']
    assert result['locations'][0]['physicalLocation']['artifactLocation']['uri'] == '%FF%1B%5B0m.raci.yaml'


# -- Formats for programs ----------------------------------------------------------------------------------------------


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Workflow commands as a runner reads them: level, properties and message."""

    def plain(value: str, codes: dict[str, str]) -> str:
        return re.sub('|'.join(codes), lambda match: codes[match[0]], value)

    message = {'%25': '%', '%0D': '\r', '%0A': '\n'}
    found = []
    for line in text.splitlines():
        match = re.fullmatch('::([a-z]+) (.*?)::(.*)', line)
        assert match, line
        pairs = (pair.split('=', 1) for pair in match[2].split(','))
        properties = {key: plain(value, message | {'%3A': ':', '%2C': ','}) for key, value in pairs}
        found.append((match[1], properties, plain(match[3], message)))
    return found


def test_every_format_says_the_same(check: Check) -> None:
    check.write(a=BROKEN, b=FINDING)
    check.file('c.raci.yaml', 'raci: [')

    found = check.json()
    assert len(found) > 2
    assert {entry['level'] for entry in found} == {'error', 'warning'}

    texts = [f'{e["path"]}:{e["line"]}:{e["column"]}: {e["level"]}: {e["text"]} [{e["code"]}]' for e in found]
    assert check().heads == texts
    assert [
        f'{p["file"]}:{p["line"]}:{p["col"]}: {level}: {text} [{p["title"]}]'
        for level, p, text in commands(check('--format', 'github').out)
    ] == texts
    [run] = check.sarif()['runs']
    results = []
    for result in run['results']:
        place = result['locations'][0]['physicalLocation']
        where = f'{place["artifactLocation"]["uri"]}:{place["region"]["startLine"]}:{place["region"]["startColumn"]}'
        assert run['tool']['driver']['rules'][result['ruleIndex']]['id'] == result['ruleId']
        results.append(f'{where}: {result["level"]}: {result["message"]["text"]} [{result["ruleId"]}]')
    assert results == texts


def test_a_message_of_several_lines_stays_one_command(check: Check) -> None:
    check.file(
        'conf.py',
        'from sphinxcontrib_raci.rules import Finding\n'
        'raci_rules = {"my-rule": lambda matrix: [Finding("100 %: a,\\r\\nb %0A")]}\n',
    )
    check.write(mail=SOUND)

    [(_, _, text)] = commands(check('-c', '.', '--format', 'github').out)

    assert text == '100 %: a, b %0A'
    assert check('-c', '.').heads[0].endswith('100 %: a, b %0A [my-rule]')


def test_a_place_in_sarif_is_where_the_activity_stands(check: Check) -> None:
    rows = ''.join(
        f'  # nothing\n  - id: a{n}\n    name: Do {n}\n    who: {{customer: A, provider: RA}}\n' for n in range(20)
    )
    check.write(mail=SOUND + rows)
    lines = (check.folder / 'mail.raci.yaml').read_text().split('\n')

    results = check.sarif()['runs'][0]['results']

    assert len(results) == 20
    for number, result in enumerate(results):
        region = result['locations'][0]['physicalLocation']['region']
        assert f"'Do {number}'" in result['message']['text']
        assert lines[region['startLine'] - 1][region['startColumn'] - 1 :] == f'id: a{number}'


def test_sarif_lists_the_rules_with_their_defaults(check: Check) -> None:
    check.write(mail=SOUND)

    log = check.sarif()

    driver = log['runs'][0]['tool']['driver']
    rules = {rule['id']: rule['defaultConfiguration'] for rule in driver['rules']}
    assert (driver['name'], driver['version']) == ('sphinx-raci', __version__)
    assert log['$schema'].endswith('sarif-2.1.0.json')
    assert {code: rules[code]['enabled'] for code in RULES} == {
        code: rule.default is not False for code, rule in RULES.items()
    }
    assert rules['syntax'] == {'enabled': True, 'level': 'error'}


TEXT = {'type': 'string', 'minLength': 1}
NUMBER = {'type': 'integer', 'minimum': 1}
LEVEL = {'enum': ['none', 'note', 'warning', 'error']}


def record(required: list[str], /, **properties: Any) -> dict[str, Any]:
    return {'type': 'object', 'required': required, 'properties': properties, 'additionalProperties': False}


def several(items: dict[str, Any]) -> dict[str, Any]:
    return {'type': 'array', 'items': items}


MESSAGE = record(['text'], text=TEXT)
SARIF = record(
    ['$schema', 'version', 'runs'],
    **{'$schema': TEXT},
    version={'enum': ['2.1.0']},
    runs=several(
        record(
            ['tool', 'results'],
            columnKind={'enum': ['utf16CodeUnits', 'unicodeCodePoints']},
            tool=record(
                ['driver'],
                driver=record(
                    ['name'],
                    name=TEXT,
                    version=TEXT,
                    rules=several(
                        record(
                            ['id'],
                            id=TEXT,
                            shortDescription=MESSAGE,
                            defaultConfiguration=record([], enabled={'type': 'boolean'}, level=LEVEL),
                        )
                    )
                    | {'uniqueItems': True},
                ),
            ),
            results=several(
                record(
                    ['message', 'ruleId'],
                    ruleId=TEXT,
                    ruleIndex={'type': 'integer', 'minimum': -1},
                    kind={'enum': ['notApplicable', 'pass', 'fail', 'review', 'open', 'informational']},
                    level=LEVEL,
                    message=MESSAGE,
                    locations=several(
                        record(
                            [],
                            physicalLocation=record(
                                ['artifactLocation'],
                                artifactLocation=record(['uri'], uri={'type': 'string', 'pattern': r'^[!-~]+$'}),
                                region=record(['startLine'], startLine=NUMBER, startColumn=NUMBER),
                            ),
                            logicalLocations=several(record([], fullyQualifiedName=TEXT)),
                        )
                    ),
                    suppressions=several(record(['kind'], kind={'enum': ['inSource', 'external']}, justification=TEXT)),
                )
            ),
        )
    ),
)
"""What the published schema of SARIF 2.1.0 says of the parts that are written here."""


# -- Where the result goes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize('fmt', ['text', 'json', 'sarif', 'github'])
def test_the_result_can_be_written_to_a_file(check: Check, fmt: str) -> None:
    check.write(mail=FINDING)
    printed = check('--format', fmt).out

    for _ in range(2):
        run = check('--format', fmt, '-o', 'out/result')
        assert (run.code, run.out, run.err) == (1, '', '1 warning in 1 file\n')
        assert (check.folder / 'out/result').read_text('utf-8') == printed


def test_a_result_that_cannot_be_written_is_an_error_of_the_command(check: Check) -> None:
    check.write(mail=FINDING)
    (check.folder / 'folder').mkdir()

    run = check('-o', 'folder')

    assert run.code == 2
    assert re.fullmatch(r'folder: error: the result cannot be written: .+ \[write\]\n', run.err)


# -- A build, many files, a hook ---------------------------------------------------------------------------------------


@pytest.mark.parametrize('parallel', [1, 4])
def test_the_findings_are_those_of_a_build(parallel: int, project: Project, capfd: pytest.CaptureFixture[str]) -> None:
    project.conf(
        raci_parties={'customer': 'Customer', 'provider': 'Provider'},
        raci_rules={'many-informed': 1, 'missing-id': True, 'duplicate-activity': True, 'idle-party': True},
        exclude_patterns=['drafts'],
        suppress_warnings=['raci.unshown'],
    )
    project.write(
        {
            'index.rst': 'Test\n====\n',
            'a.raci.yaml': BROKEN,
            'b.raci.yaml': FINDING.replace('id: open, ', '') + '  - {name: None of us, who: {}}\n',
            'c.raci.yaml': WAIVED.replace('waive: {sev', 'waive: {no-part: Never, sev'),
            'd.raci.csv': 'activity,Customer,Provider,Partner\nOpen accounts,I,I,\nFilter mail,,RA,\n',
            'sub/a.raci.yaml': 'id: b\n' + SOUND.replace('Customer', 'Client'),
            'e.raci.yaml': 'raci: [',
            'drafts/x.raci.yaml': 'raci: [',
        }
    )
    built = project.build(parallel=parallel).warnings

    capfd.readouterr()
    assert main(['check', '-c', str(project.folder), '--format', 'json']) == 1
    entries = [e for e in json.loads(capfd.readouterr().out)['findings'] if not e['waived']]

    def line(entry: dict[str, Any]) -> str:
        place = ':'.join(str(part) for part in (entry['path'], entry['line'], entry['column']) if part)
        code = entry['code'] if entry['code'] in RULES else 'source'
        return f'{place}: WARNING: {entry["text"]} [raci.{code}]'

    assert {'no-part', 'missing-id', 'unused-waiver', 'duplicate-activity', 'idle-party', 'many-informed'} <= {
        entry['code'] for entry in entries
    }
    assert sorted(map(line, entries)) == sorted(built)


def test_which_of_two_with_one_id_counts_does_not_depend_on_the_current_folder(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ('z', 'sub/b'):
        check.file(f'{name}.raci.yaml', FINDING.replace('raci: 1', 'raci: 1\nid: same'))
    (check.folder / 'conf.py').write_text('', 'utf-8')
    here = [head.partition(': ')[2] for head in check('-c', '.').heads]
    monkeypatch.chdir(check.folder / 'sub')
    there = [head.partition(': ')[2] for head in check('-c', '..').heads]
    assert [re.sub(r'\S+yaml', '', text) for text in here] == [re.sub(r'\S+yaml', '', text) for text in there]
    assert [Path(head.partition(':')[0]).name for head in check('-c', '..').heads if 'accountable' in head] == [
        'b.raci.yaml'
    ]


def test_several_processes_find_what_one_finds(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    check.file('conf.py', OWN)
    for number in range(200):
        text = (FINDING, BROKEN, WAIVED.replace('waive: {', 'waive: {one-word: Yes, '), BARE)[number % 4]
        check.file(f'm{number}.raci.yaml', text)
    used = []
    several = reading._from_processes
    monkeypatch.setattr(reading, '_from_processes', lambda *given: used.append(given[2]) or several(*given))

    monkeypatch.setattr(os, 'cpu_count', lambda: 2)
    many = check.json('-c', '.', '--select', 'all')
    assert used == [2]
    monkeypatch.setattr(os, 'cpu_count', lambda: 1)
    one = check.json('-c', '.', '--select', 'all')

    assert used == [2]
    assert len(one) > 200
    assert many == one


def test_where_there_can_be_no_processes_one_reads_all(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_given: Any) -> Any:
        yield read_bytes(FINDING.encode(), 'm0.raci.yaml')
        raise OSError('no semaphores here')

    check.write(**{f'm{number}': FINDING for number in range(3)})
    monkeypatch.setattr(reading, 'SHARE', 1)
    monkeypatch.setattr(os, 'cpu_count', lambda: 2)
    monkeypatch.setattr(reading, '_from_processes', fails)

    assert [found['path'] for found in check.json()] == ['m0.raci.yaml', 'm1.raci.yaml', 'm2.raci.yaml']


def test_the_hook_runs_and_takes_the_files_of_sources(check: Check) -> None:
    [hook] = yaml.safe_load((CHECKOUT / '.pre-commit-hooks.yaml').read_text('utf-8'))
    check.write(good=SOUND, bad=FINDING)

    assert (hook['id'], hook['language'], hook['require_serial']) == ('sphinx-raci-check', 'python', True)
    assert [suffix for suffix in SOURCES if not re.search(hook['files'], f'docs/mail{suffix}')] == []
    assert not re.search(hook['files'], 'docs/mail.yaml')
    words = shlex.split(hook['entry'])
    project = tomllib.loads((CHECKOUT / 'pyproject.toml').read_text('utf-8'))['project']
    assert project['scripts'][words[0]] == 'sphinxcontrib_raci.cli:main'
    command = [
        sys.executable,
        '-c',
        'import sys; from sphinxcontrib_raci.cli import main; sys.exit(main())',
        *words[1:],
    ]

    def run(*files: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*command, *files], capture_output=True, text=True, check=False)

    done = run('good.raci.yaml', 'bad.raci.yaml')
    assert (done.returncode, done.stderr) == (1, '1 warning in 2 files\n')
    assert done.stdout.startswith('bad.raci.yaml:6:5: warning: ')
    assert run('good.raci.yaml').returncode == 0


def test_the_hook_of_the_manual_is_that_of_the_repository() -> None:
    block = shown('command.rst', ':caption: .pre-commit-config.yaml', 'The repository')
    [told] = yaml.safe_load(block)['repos'][0]['hooks']
    [hook] = yaml.safe_load((CHECKOUT / '.pre-commit-hooks.yaml').read_text('utf-8'))

    for key in ('id', 'entry', 'language', 'files', 'require_serial'):
        assert told[key] == hook[key]

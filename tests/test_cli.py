"""The command ``sphinx-raci``: what it reads and writes, what it says, and what it leaves alone."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
import yaml

from sphinxcontrib_raci import __version__
from sphinxcontrib_raci.cli import completion, convert, main, reports
from sphinxcontrib_raci.model import Place, Problem
from sphinxcontrib_raci.sources import read, read_bytes
from sphinxcontrib_raci.writers import FORMATS

GOOD = """\
raci: 1
title: Backups
parties:
  owner: Owner
  host: {name: Host, description: Has the racks}
activities:
  - id: restore
    name: Try a restore
    who: {owner: RA, host: I}
"""
WRONG = GOOD.replace('RA', 'RQ')


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def source(name: str = 'backups.raci.yaml', text: str = GOOD) -> Path:
    path = Path(name)
    path.write_bytes(text.encode())
    return path


def ran(*args: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    """A run as a process of its own."""
    return subprocess.run([sys.executable, '-m', 'sphinxcontrib_raci', *args], capture_output=True, check=False, **more)


def content(data: bytes, name: str) -> tuple[Any, ...]:
    """What a source says, wherever in it."""
    matrix = read_bytes(data, name).matrix
    assert matrix is not None
    return matrix.id, matrix.title, matrix.parties, [(row.id, row.name, row.assignments) for row in matrix.walk()]


# --- What a newcomer meets


def test_help_names_each_command_and_each_command_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(['--help']) == 0
    text = capsys.readouterr().out
    for command in ('convert', 'ids', 'schema'):
        assert f'\n    {command} ' in text
        assert main([command, '--help']) == 0
        assert f'examples:\n  sphinx-raci {command} ' in capsys.readouterr().out


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(['--version']) == 0
    assert capsys.readouterr().out == f'sphinx-raci {__version__}\n'


@pytest.mark.parametrize(
    ('args', 'said'),
    [
        ([], 'required: COMMAND'),
        (['convrt'], 'invalid choice'),
        (['convert'], 'required: SOURCE'),
        (['convert', 'a', '--to', 'docx'], 'invalid choice'),
        (['convert', 'a', 'b'], "several sources need a folder to be written to: '-o FOLDER/'"),
        (['convert', 'a', 'b', '-o', 'c.yaml'], 'several sources need a folder'),
        (['convert', 'a', '-o', ''], "'-o' needs a file or a folder"),
        (['convert', '-'], "'-' needs the format of what comes in: add '--from FORMAT'"),
        (['convert', '-', '-', '--from', 'csv', '-o', 'out/'], "'-' is given more than once"),
        (['convert', 'a', '--from', 'csv'], "'--from' belongs to the source '-'"),
        (['convert', 'a.csv', '--sheets', 'matrices', '-o', 'out/'], "is for .xlsx files, which 'a.csv' is not"),
        (['convert', 'a.xlsx', '--sheets', 'matrices'], "name a folder: '-o FOLDER/'"),
        (['convert', 'a.md', 'a.csv', '-o', 'out/'], "'a.md' and 'a.csv' would both become 'out/a.raci.yaml'"),
        (['convert', 'a.md', 'A.csv', '-o', 'out/'], "'a.md' and 'A.csv' would both become 'out/A.raci.yaml'"),
        (['ids'], 'required: FILE'),
    ],
)
def test_a_command_that_cannot_be_followed_says_why(
    folder: Path, capsys: pytest.CaptureFixture[str], args: list[str], said: str
) -> None:
    assert main(args) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert 'usage: sphinx-raci' in captured.err
    assert not captured.out
    assert not list(folder.iterdir())


def test_a_spreadsheet_is_not_sent_to_a_terminal(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source()
    monkeypatch.setattr(sys.stdout, 'isatty', lambda: True)
    assert main(['convert', 'backups.raci.yaml', '--to', 'xlsx']) == 2
    assert "say which file to write: '-o FILE'" in capsys.readouterr().err


# --- Messages


def test_a_message_names_file_line_column_level_and_code(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source(text=WRONG)
    assert main(['ids', 'backups.raci.yaml']) == 1
    assert capsys.readouterr().err.splitlines() == [
        "backups.raci.yaml:9:18: error: unknown letter 'Q' in 'RQ'; the letters of the scheme are 'R', 'A', 'C', 'I' "
        '[meaning]',
        '1 error in 1 file',
    ]


def told(capsys: pytest.CaptureFixture[str], *problems: Problem, quiet: bool = False, files: int = 1) -> str:
    with reports.Reports(quiet=quiet) as found:
        found.extend(problems)
        found.summary(files)
    return capsys.readouterr().err


INFO = Problem(Place('a.md', 3), 'the first table is a legend', 'read', 'info')
WARNING = Problem(Place('book.xlsx', 14, 3, 'Sheet1!C14'), 'read as no part', 'cell', 'warning')
ERROR = Problem(Place('a\x1b[2J\n.md', 3, 1), 'no such party', 'meaning')


def test_a_cell_of_a_spreadsheet_has_its_address_and_all_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, INFO, WARNING, ERROR, ERROR, files=3).splitlines() == [
        'a.md:3: info: the first table is a legend [read]',
        'book.xlsx:Sheet1!C14: warning: read as no part [cell]',
        *['a\\x1b[2J\\n.md:3:1: error: no such party [meaning]'] * 2,
        '2 errors, 1 warning in 3 files',
    ]


def test_quiet_leaves_out_what_is_no_problem(capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, INFO, quiet=True) == ''
    assert told(capsys, INFO, WARNING, quiet=True).splitlines()[1:] == ['1 warning in 1 file']


@pytest.mark.parametrize(('terminal', 'no_color', 'colored'), [(1, '', True), (1, '1', False), (0, '', False)])
def test_only_a_terminal_that_wants_them_gets_colors(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, terminal: int, no_color: str, colored: bool
) -> None:
    monkeypatch.setattr(sys.stderr, 'isatty', lambda: bool(terminal))
    monkeypatch.setenv('NO_COLOR', no_color)
    assert ('\x1b[' in told(capsys, WARNING)) == colored


@pytest.mark.parametrize(
    ('terminal', 'shown'),
    [
        (False, 'reading b.md (2 of 3)\na.md:3: info: the first table is a legend [read]\n'),
        (True, '\r\x1b[Kreading b.md (2 of 3)\r\x1b[Ka.md:3: info: the first table is a legend [read]\n\r\x1b[K'),
    ],
)
def test_a_long_run_tells_what_it_is_at(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, terminal: bool, shown: str
) -> None:
    monkeypatch.setattr(sys.stderr, 'isatty', lambda: terminal)
    monkeypatch.setenv('NO_COLOR', '1')
    with reports.Reports() as found:
        found.start('a.md', 3)
        found.waited()
        capsys.readouterr()
        found.start('b.md', 3)
        found.add(INFO)
    assert capsys.readouterr().err == shown


def test_one_long_file_is_told_too(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reports, 'PATIENCE', 0.01)
    with reports.Reports() as found:
        found.start('a.md', 1)
        found._timer.join()
    assert capsys.readouterr().err == 'reading a.md (1 of 1)\n'


@pytest.mark.parametrize(
    ('error', 'code', 'said'),
    [
        (KeyboardInterrupt(), 130, ''),
        (RecursionError(), 1, 'backups.raci.yaml: error: the file is too large, or nested too deeply'),
        (MemoryError(), 1, 'the file is too large, or nested too deeply'),
        (OSError(28, 'No space left on device', 'x.yaml'), 1, 'error: x.yaml: No space left on device [fault]'),
        (ZeroDivisionError('oh'), 1, 'a fault of sphinx-raci itself; please report it: ZeroDivisionError: oh [fault]'),
    ],
)
def test_no_traceback_whatever_happens(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    code: int,
    said: str,
) -> None:
    def fail(*_: Any) -> None:
        raise error

    source()
    monkeypatch.setattr(convert, 'run', fail)
    assert main(['convert', 'backups.raci.yaml']) == code
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ('command', 'said'),
    [
        ('convert backups.raci.yaml >&-', 'standard output is closed'),
        ('convert backups.raci.yaml >/dev/full', 'No space left on device'),
        ('check --format json backups.raci.yaml >/dev/full', 'No space left on device'),
        ('schema >/dev/full', 'No space left on device'),
        ('convert - --from yaml <&-', '<stdin>: error: standard input is closed'),
    ],
)
# An empty value is none: what is written waits until the end then.
@pytest.mark.parametrize('unbuffered', ['', '1'])
def test_a_stream_that_is_closed_or_full_is_an_error(folder: Path, command: str, said: str, unbuffered: str) -> None:
    source()
    command = f'{sys.executable} -m sphinxcontrib_raci {command}'
    env = {**os.environ, 'PYTHONUNBUFFERED': unbuffered}
    done = subprocess.run(['/bin/sh', '-c', command], capture_output=True, check=False, text=True, env=env)
    assert done.returncode == 1
    assert said in done.stderr
    assert 'fault of sphinx-raci' not in done.stderr
    assert 'Traceback' not in done.stderr


def test_a_reader_that_goes_away_is_no_error(folder: Path) -> None:
    command = f'{sys.executable} -m sphinxcontrib_raci schema | head -c 1'
    done = subprocess.run(['/bin/sh', '-c', command], capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (b'{', b'')


# --- convert


def test_without_a_target_the_text_goes_to_standard_output(folder: Path) -> None:
    source()
    done = ran('convert', 'backups.raci.yaml', '--to', 'json')
    assert done.returncode == 0, done.stderr
    assert content(done.stdout, 'backups.raci.json') == content(GOOD.encode(), 'backups.raci.yaml')
    assert done.stderr == b'no errors in 1 file\n'
    assert os.listdir() == ['backups.raci.yaml']


@pytest.mark.parametrize(
    ('args', 'path', 'start'),
    [
        (['-o', 'x.raci.json'], 'x.raci.json', '{'),
        (['-o', 'x.json'], 'x.json', '{'),
        (['-o', 'x'], 'x', 'raci: 1\n'),
        (['-o', 'x.txt', '--to', 'json'], 'x.txt', '{'),
        (['-o', 'there'], 'there/backups.raci.yaml', 'raci: 1\n'),
        (['-o', 'new/', '--to', 'json'], 'new/backups.raci.json', '{'),
    ],
)
def test_the_target_says_where_and_in_which_format(folder: Path, args: list[str], path: str, start: str) -> None:
    source()
    Path('there').mkdir()
    assert main(['convert', 'backups.raci.yaml', *args]) == 0
    assert Path(path).read_text('utf-8').startswith(start)


def test_the_name_of_the_target_gives_the_id_where_that_of_the_page_cannot(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path('Mail (final).csv').write_text('Task,Ann,Bob\nSow,R,A\n', 'utf-8')
    assert main(['convert', 'Mail (final).csv', '-o', 'mail.raci.yaml']) == 0
    assert 'gives no id' not in capsys.readouterr().err
    assert main(['convert', 'Mail (final).csv', '-o', 'Mail.raci.yaml']) == 1
    assert 'gives no id' in capsys.readouterr().err


def test_several_sources_become_a_file_each(folder: Path) -> None:
    source('a.raci.yaml')
    source('b.raci.yaml')
    assert main(['convert', 'a.raci.yaml', 'b.raci.yaml', '-o', 'out/', '--to', 'json']) == 0
    assert sorted(os.listdir('out')) == ['a.raci.json', 'b.raci.json']


def test_standard_input_is_a_source_and_its_messages_say_so(folder: Path) -> None:
    done = ran('convert', '-', '--from', 'yaml', '--to', 'json', input=WRONG.encode())
    assert done.returncode == 1
    assert done.stderr.startswith(b"<stdin>:9:18: error: unknown letter 'Q'")
    assert json.loads(done.stdout)['title'] == 'Backups'


@pytest.mark.parametrize('fmt', FORMATS)
def test_what_is_written_in_any_format_reads_back(folder: Path, fmt: str) -> None:
    source()
    target = f'backups.raci{convert.SUFFIX_OF[fmt]}'
    assert main(['convert', 'backups.raci.yaml', '--to', fmt, '-o', 'out/']) == 0
    found = read(Path('out', target)).matrix
    assert found is not None
    assert [(row.id, row.name) for row in found.walk()] == [('restore', 'Try a restore')]


def test_what_a_format_does_not_hold_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source()
    monkeypatch.setattr(convert, 'lost', lambda before, after: [f'{before.title} and {after.title} differ'])
    assert main(['convert', 'backups.raci.yaml', '-o', 'x.json']) == 1
    assert 'yaml: warning: not the same in json: Backups and Backups differ [lost]\n' in capsys.readouterr().err
    assert Path('x.json').exists()


def test_what_cannot_be_read_back_is_not_written(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source()
    monkeypatch.setattr(convert, 'write', lambda *_: b'[]')
    assert main(['convert', 'backups.raci.yaml', '-o', 'x.json']) == 1
    assert 'json cannot hold this matrix, and nothing is written' in capsys.readouterr().err
    assert not Path('x.json').exists()


def test_a_library_that_is_missing_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: Any) -> bytes:
        raise ModuleNotFoundError("No module named 'openpyxl'", name='openpyxl')

    source()
    monkeypatch.setattr(convert, 'write', missing)
    assert main(['convert', 'backups.raci.yaml', '-o', 'x.xlsx']) == 1
    said = "to write xlsx, openpyxl is needed: pip install 'sphinxcontrib-raci[xlsx]' [write]"
    assert said in capsys.readouterr().err


def test_what_exists_is_overwritten_only_by_force(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source('a.raci.yaml')
    source('b.raci.yaml')
    Path('out').mkdir()
    Path('out/b.raci.yaml').write_text('mine')
    assert main(['convert', 'a.raci.yaml', 'b.raci.yaml', '-o', 'out']) == 1
    assert capsys.readouterr().err.splitlines() == [
        "out/b.raci.yaml: error: the file exists, and nothing is written; to overwrite it, add '--force' [exists]",
        '1 error in 2 files',
    ]
    assert os.listdir('out') == ['b.raci.yaml']
    assert Path('out/b.raci.yaml').read_text() == 'mine'
    assert main(['convert', 'a.raci.yaml', 'b.raci.yaml', '-o', 'out', '--force']) == 0
    assert Path('out/b.raci.yaml').read_text().startswith('raci: 1')


def test_a_source_is_its_own_target_by_force(folder: Path) -> None:
    path = source()
    assert main(['convert', 'backups.raci.yaml', '-o', 'backups.raci.yaml', '--force']) == 0
    once = path.read_bytes()
    assert main(['convert', 'backups.raci.yaml', '-o', 'backups.raci.yaml', '--force']) == 0
    assert path.read_bytes() == once


@pytest.mark.parametrize(
    ('target', 'said'),
    [
        ('nowhere/x.yaml', "nowhere/x.yaml: error: there is no folder 'nowhere'; make it first [write]"),
        ('backups.raci.yaml/x.yaml', 'the file cannot be written: Not a directory [write]'),
        ('pipe', 'pipe: error: this is no regular file; write to another place [write]'),
        ('/dev/null', '/dev/null: error: this is no regular file'),
        ('loop', 'the file cannot be written: Too many levels of symbolic links [write]'),
        ('x' * 300, 'the file cannot be written: File name too long [write]'),
    ],
)
def test_a_target_that_cannot_be_one_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], target: str, said: str
) -> None:
    source()
    os.mkfifo('pipe')
    os.symlink('loop', 'loop')
    before = sorted(os.listdir())
    assert main(['convert', 'backups.raci.yaml', '-o', target, '--force']) == 1
    assert said in capsys.readouterr().err
    assert sorted(os.listdir()) == before


def test_a_link_stays_a_link_and_a_mode_stays(folder: Path) -> None:
    source()
    Path('real').write_text('')
    Path('real').chmod(0o640)
    Path('x.yaml').symlink_to('real')
    assert main(['convert', 'backups.raci.yaml', '-o', 'x.yaml', '--force']) == 0
    assert Path('x.yaml').is_symlink()
    assert Path('real').read_text().startswith('raci: 1')
    assert Path('real').stat().st_mode & 0o777 == 0o640


def test_a_failed_write_leaves_the_old_file_whole(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, 'No space left on device')

    source()
    Path('x.yaml').write_text('old')
    monkeypatch.setattr(os, 'replace', full)
    assert main(['convert', 'backups.raci.yaml', '-o', 'x.yaml', '--force']) == 1
    assert 'x.yaml: error: the file cannot be written: No space left on device [write]' in capsys.readouterr().err
    assert Path('x.yaml').read_text() == 'old'
    assert sorted(os.listdir()) == ['backups.raci.yaml', 'x.yaml']


@pytest.mark.parametrize(
    ('make', 'said'),
    [
        (lambda path: None, 'No such file or directory'),
        (os.mkdir, 'it is a directory'),
        (os.mkfifo, 'it is no regular file'),
        (lambda path: os.symlink('/dev/zero', path), 'it is no regular file'),
        (lambda path: Path(path).write_bytes(b'\0\x89PNG\xff' * 99), 'error'),
        (lambda path: Path(path).write_bytes(b''), 'nothing is in the file'),
        (lambda path: Path(path).write_text('[' * 100_000), 'nested more than 50 levels'),
    ],
)
@pytest.mark.parametrize('command', [['convert', '-o', 'x.yaml'], ['ids'], ['ids', '--write'], ['schema']])
def test_what_is_no_source_is_an_error_and_gives_no_target(
    folder: Path, capsys: pytest.CaptureFixture[str], command: list[str], make: Any, said: str
) -> None:
    make('a.raci.yaml')
    assert main([*command, 'a.raci.yaml']) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith('a.raci.yaml')
    assert said in captured.err
    assert not captured.out
    assert not Path('x.yaml').exists()


def test_each_sheet_can_become_a_matrix(folder: Path) -> None:
    openpyxl = pytest.importorskip('openpyxl')
    book = openpyxl.Workbook()
    for number, title in enumerate(['Key service', 'key-service ', 'Größe']):
        sheet = book.active if not number else book.create_sheet()
        sheet.title = title
        for row in (('Activity', 'Owner', 'Host'), (f'Try {number}', 'RA', 'I'), ('Look', 'R', 'A')):
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    Path('book.xlsx').write_bytes(stream.getvalue())
    main(['convert', 'book.xlsx', '-o', 'out/', '--sheets', 'matrices'])
    assert sorted(os.listdir('out')) == [
        'book-grosse.raci.yaml',
        'book-key-service-2.raci.yaml',
        'book-key-service.raci.yaml',
    ]
    first = read(Path('out/book-key-service.raci.yaml')).matrix
    assert first is not None
    assert [row.name for row in first.walk()] == ['Try 0', 'Look']


# --- schema


def test_the_schema_is_printed_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(['schema']) == 0
    captured = capsys.readouterr()
    assert captured.out == completion.schema_text()
    assert captured.err == ''


OWN = """\
raci: 1
title: Networks
scheme: {Do: Does it, As: Answers}
parties: {host: Carrier, guest: Guest}
sections:
  - title: All
    activities:
      - {name: Lay cables, who: {host: "as, do", guest: {letters: [Do], note: digs}}}
"""


def schema_of(capsys: pytest.CaptureFixture[str], *files: Path) -> dict[str, Any]:
    assert main(['schema', *map(str, files)]) == 0
    schema: dict[str, Any] = json.loads(capsys.readouterr().out)
    jsonschema.Draft7Validator.check_schema(schema)
    return schema


def test_with_files_the_schema_knows_their_parties_and_letters(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = schema_of(capsys, source(), source('networks.raci.yaml', OWN))
    who = schema['definitions']['activity']['properties']['who']['properties']
    assert {ident: (cell['title'], cell['description']) for ident, cell in who.items()} == {
        'owner': ('Owner', 'The part of Owner in the activity.'),
        'host': ('Host, Carrier', 'Has the racks'),
        'guest': ('Guest', 'The part of Guest in the activity.'),
    }
    letters = schema['definitions']['known-letters']['enum']
    assert letters == ['R', 'A', 'C', 'I', 'Do', 'As', 'RA', 'Do, As']
    assert all(cell['anyOf'][0] == {'$ref': '#/definitions/known-letters'} for cell in who.values())


@pytest.mark.parametrize('who', [{'owner': 'a/r'}, {'host': None}, {'owner': ['I', 'r']}, {'new': 'R'}, {'owner': '-'}])
def test_a_schema_with_completions_refuses_nothing_that_is_right(
    folder: Path, capsys: pytest.CaptureFixture[str], who: dict[str, Any]
) -> None:
    files = source(), source('networks.raci.yaml', OWN)
    validator = jsonschema.Draft7Validator(schema_of(capsys, *files))
    for path in files:
        validator.validate(yaml.safe_load(path.read_text()))
    changed = yaml.safe_load(GOOD)
    changed['activities'][0]['who'] = who
    validator.validate(changed)
    changed['activities'][0]['hwo'] = who
    assert not validator.is_valid(changed)


def test_a_schema_of_files_with_errors_tells_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source(text=WRONG)
    assert main(['schema', 'backups.raci.yaml', 'nowhere.raci.yaml']) == 1
    captured = capsys.readouterr()
    assert '2 errors in 2 files' in captured.err
    assert 'owner' in captured.out


# --- main() is all that the script calls


def test_the_module_is_the_command(folder: Path) -> None:
    source(text=WRONG)
    done = ran('ids', 'backups.raci.yaml')
    assert done.returncode == 1
    assert b'Traceback' not in done.stderr
    assert b'\x1b' not in done.stderr
    assert done.stderr.endswith(b'1 error in 1 file\n')


PAGE = '| Activity | Customer | Provider |\n|---|---|---|\n| Order | RA | I |\n'


def test_the_id_and_the_title_of_a_page_come_from_the_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path('page.md').write_text(PAGE, 'utf-8')
    assert main(['convert', 'page.md', '-o', 'hosting.raci.yaml']) == 0
    text = Path('hosting.raci.yaml').read_text('utf-8')
    assert text.startswith('raci: 1\ntitle: hosting\n')


def test_a_source_of_ours_keeps_its_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path('hosting.raci.yaml').write_text('raci: 1\ntitle: H\nparties: {a: A}\nactivities: []\n', 'utf-8')
    assert main(['convert', 'hosting.raci.yaml', '-o', 'other.raci.yaml']) == 0
    assert 'id: hosting\n' in Path('other.raci.yaml').read_text('utf-8')


@pytest.mark.parametrize('suffix', ['yaml', 'json', 'csv', 'xlsx', 'md', 'rst'])
def test_parties_that_only_conf_py_names_stay_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    monkeypatch.chdir(tmp_path)
    source = (
        'raci: 1\ntitle: H\nparties: [customer, provider]\nactivities:\n'
        '  - name: Order\n    who: {customer: RA, provider: I}\n'
    )
    Path('h.raci.yaml').write_text(source, 'utf-8')
    assert main(['convert', 'h.raci.yaml', '-o', f'other/h.raci.{suffix}']) == 1  # There is no such folder.
    Path('other').mkdir()
    assert main(['convert', 'h.raci.yaml', '-o', f'other/h.raci.{suffix}']) == 0
    assert main(['convert', f'other/h.raci.{suffix}', '-o', 'back/']) == 0
    assert Path('back/h.raci.yaml').read_text('utf-8') == source


def test_each_sheet_is_called_after_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    book = openpyxl.Workbook()
    for sheet, title in ((book.active, 'Mail'), (book.create_sheet(), 'Web')):
        sheet.title = title
        for row in (['Activity', 'Customer'], ['Order', 'RA']):
            sheet.append(row)
    book.save('services.xlsx')
    assert main(['convert', 'services.xlsx', '-o', 'out/', '--sheets', 'matrices']) == 0
    texts = {path.name: path.read_text('utf-8') for path in Path('out').iterdir()}
    assert texts.keys() == {'services-mail.raci.yaml', 'services-web.raci.yaml'}
    assert texts['services-mail.raci.yaml'].startswith('raci: 1\ntitle: Mail\nparties:')


def test_a_fault_in_one_file_does_not_stop_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path('a.md').write_text(PAGE, 'utf-8')
    Path('b.md').write_text(PAGE, 'utf-8')
    run = convert.run

    def fails(job: convert.Job, options: convert.Options) -> convert.Done:
        if job.source == 'a.md':
            raise ValueError('odd')
        return run(job, options)

    monkeypatch.setattr(convert, 'run', fails)
    assert main(['convert', 'a.md', 'b.md', '-o', 'out/']) == 1
    assert [path.name for path in Path('out').iterdir()] == ['b.raci.yaml']


def test_a_target_whose_name_says_no_format_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path('a.md').write_text(PAGE, 'utf-8')
    assert main(['convert', 'a.md', '-o', 'a.docx']) == 2
    assert not Path('a.docx').exists()


class TestConfiguration:
    """Schemes of a project are known to all commands: without them, no cell of theirs can be read."""

    SOURCE = """\
raci: 1
title: Works
scheme: ours
parties: [ann, ben]
activities:
  - name: Dig
    who: {ann: R VS, ben: A}
"""
    TABLE = '[tool.sphinxcontrib-raci.schemes.ours]\nextends = "raci"\nletters = {VS = "Verifies"}\n'

    @pytest.fixture(autouse=True)
    def works(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        Path('works.raci.yaml').write_text(self.SOURCE, 'utf-8')

    def test_a_pyproject_is_found(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(['convert', 'works.raci.yaml', '--to', 'markdown']) == 1
        assert "'scheme' is 'ours'" in capsys.readouterr().err
        Path('pyproject.toml').write_text(self.TABLE, 'utf-8')
        main(['convert', 'works.raci.yaml', '--to', 'markdown'])
        assert '| Dig | RVS | A |' in capsys.readouterr().out

    def test_a_configuration_can_be_named(self, capsys: pytest.CaptureFixture[str]) -> None:
        Path('docs').mkdir()
        conf = "raci_schemes = {'ours': {'extends': 'raci', 'letters': {'VS': 'Verifies'}}}\n"
        Path('docs/conf.py').write_text(conf, 'utf-8')
        assert main(['ids', 'works.raci.yaml', '--write', '-c', 'docs']) == 0
        assert 'id: dig' in Path('works.raci.yaml').read_text('utf-8')
        assert main(['schema', 'works.raci.yaml', '-c', 'docs']) == 0
        assert '"VS"' in capsys.readouterr().out

    @pytest.mark.parametrize('command', ['convert', 'ids', 'schema'])
    def test_one_that_cannot_be_used_is_told(self, command: str, capsys: pytest.CaptureFixture[str]) -> None:
        Path('pyproject.toml').write_text(self.TABLE.replace('"raci"', '"rici"'), 'utf-8')
        assert main([command, 'works.raci.yaml']) == 2
        assert "did you mean 'raci'?" in capsys.readouterr().err

"""Whatever is the matter with disks, folders and files: nothing is lost, nobody waits, and messages name the file."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from conftest import HOSTING, Project, Result
from pages import parse
from test_incremental import Tree

from sphinxcontrib_raci.cli import insert, main
from sphinxcontrib_raci.files import read_regular
from sphinxcontrib_raci.model import Matrix
from sphinxcontrib_raci.sources import SUFFIXES, read_bytes
from sphinxcontrib_raci.writers import write

FULL = 'No space left on device'
OTHER = """\
raci: 1
title: Übergröße
parties: {us: Wir}
activities: [{id: one, größe: x, name: Prüfen — 責任, who: {us: R}}]
"""
WITHOUT_IDS = """\
raci: 1
title: Mail
parties: {us: Us}
activities:
  - name: Sort letters
    who: {us: RA}
"""
INDEX = 'Test\n====\n\n.. toctree::\n   :glob:\n\n   *\n'


@pytest.fixture(autouse=True)
def _impatient() -> Iterator[None]:
    """What waits for a pipe, or reads a device to its end, fails, and does not take the machine with it."""

    def stop(*arguments: object) -> None:
        # Nothing that treats exceptions as trouble with a file treats this one so.
        pytest.fail('somebody waits for a file')

    memory = resource.getrlimit(resource.RLIMIT_AS)
    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(300)
    with suppress(ValueError, OSError):  # Not every system has such a limit.
        resource.setrlimit(resource.RLIMIT_AS, (4_000_000_000, memory[1]))
    yield
    resource.setrlimit(resource.RLIMIT_AS, memory)
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def ours(result: Result) -> list[str]:
    """The warnings of this extension, without the folder of the project."""
    lines = [line for line in result.warnings if re.search(r'\[raci\.[a-z-]+\]$', line)]
    return [line.replace(f'{Path(result.app.srcdir).parent}/', '') for line in lines]


def left(folder: Path) -> list[Path]:
    """Files that somebody began to write."""
    return [path for path in folder.rglob('.raci-*') if path.is_file()]


def differences(result: Result, project: Project) -> list[str]:
    """The files of an output that a clean build would make otherwise."""
    return Tree.of(result.out).differences(Tree.of(project.build(out='clean').out))


# -- full and read-only disks ------------------------------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk."""
    place = tmp_path / 'disk'
    place.mkdir()
    command = ['mount', '-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', str(place)]
    if not shutil.which('mount') or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip('nothing can be mounted here')
    yield place
    subprocess.run(['umount', '-l', str(place)], check=True)


def fill(disk: Path) -> None:
    """Leave no room on a disk."""
    with (disk / 'filler').open('wb', buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))


def free(disk: Path) -> None:
    (disk / 'filler').unlink(missing_ok=True)


FILLED = """
from pathlib import Path
from test_files import fill, free

DISK = Path({disk!r})

def setup(app):
    # Before anything of the extension runs; Sphinx itself needs room for doctrees and pages.
    app.connect('{when}', lambda *arguments: fill(DISK), priority=1)
    app.connect('env-before-read-docs', lambda *arguments: free(DISK))
"""


def hosting_on(disk: Path, when: str) -> Project:
    """A project on a disk that is full at this event."""
    folder = disk / 'docs'
    folder.mkdir()
    project = Project(folder).conf(raci_party_pages='parties', raci_downloads=['csv', 'json'])
    page = 'Hosting page\n============\n\n.. raci:: hosting\n'
    project.write({'hosting.raci.yaml': HOSTING, 'index.rst': INDEX + '   parties/*\n', 'hosting.rst': page})
    project.write({'conf.py': (folder / 'conf.py').read_text() + FILLED.format(disk=str(disk), when=when)})
    return project


def emptied(project: Project, disk: Path) -> Project:
    """The project as it is when the disk has room again."""
    free(disk)
    path = project.folder / 'conf.py'
    path.write_text(path.read_text().partition('\nfrom pathlib')[0])
    return project


def test_party_pages_that_a_full_disk_has_no_room_for_are_named_and_all_else_is_built(disk: Path) -> None:
    project = hosting_on(disk, 'builder-inited')

    result = project.build()

    kept = 'what the next build would take from this file cannot be kept, so it will take longer'
    assert ours(result) == [
        f'build/html/doctrees/raci-pages.pickle:: WARNING: {kept}: {FULL} [raci.page]',
        'docs/parties:: WARNING: these party pages cannot be written or removed (raci_party_pages in conf.py): '
        f"{FULL}: 'customer.rst', 'provider.rst' [raci.page]",
    ]
    assert parse(result.text('hosting.html')).row('raci-hosting.order') == ['Place the order', 'RA', 'I']
    assert list((project.folder / 'parties').iterdir()) == []

    mended = emptied(project, disk).build()

    assert mended.warnings == []
    assert sorted(path.name for path in (project.folder / 'parties').iterdir()) == ['customer.rst', 'provider.rst']
    assert differences(mended, project) == []


def test_a_page_stays_as_it_was_where_a_full_disk_has_no_room_for_a_new_one(disk: Path, hosting: Project) -> None:
    (hosting.folder / 'parties').symlink_to(disk)
    hosting.build()
    before = (disk / 'customer.rst').read_bytes()
    hosting.replace('hosting.raci.yaml', 'customer: Customer', 'customer: The customer and its staff')
    fill(disk)

    [warning] = ours(hosting.build())

    text = 'this party page cannot be written or removed (raci_party_pages in conf.py)'
    assert warning == f'docs/parties/customer.rst:1: WARNING: {text}: {FULL} [raci.page]'
    assert (disk / 'customer.rst').read_bytes() == before
    assert left(disk) == []
    free(disk)
    assert hosting.build().warnings == []
    assert 'The customer and its staff' in (disk / 'customer.rst').read_text()


def test_files_of_the_output_that_a_full_disk_has_no_room_for_are_named_and_written_by_the_next_build(
    disk: Path,
) -> None:
    project = hosting_on(disk, 'build-finished')

    result = project.build()

    output = 'build/html/html'
    named = [line.partition(':: WARNING: ')[0] for line in ours(result)]
    assert [name for name in named if name.startswith(output)] == [
        *(
            f'{output}/_downloads/raci/{name}.{suffix}'
            for name in ('hosting', 'party.customer', 'party.provider')
            for suffix in ('csv', 'json')
        ),
        f'{output}/raci.json',
    ]
    [record] = [name for name in named if not name.startswith(output)]
    assert record.startswith('build/html/doctrees/raci-written-')
    assert all(line.endswith(f': {FULL} [raci.page]') for line in ours(result))
    assert not (result.out / 'raci.json').exists()
    assert left(disk) == []

    mended = emptied(project, disk).build()

    assert mended.warnings == []
    assert differences(mended, project) == []


def test_a_file_that_could_not_be_written_is_written_by_the_next_build_though_nothing_else_has_changed(
    hosting: Project,
) -> None:
    hosting.conf(raci_party_pages='parties', raci_downloads=['csv'])
    in_its_place = hosting.folder.parent / 'build/html/html/_downloads/raci/hosting.csv'
    (in_its_place / 'note').mkdir(parents=True)

    [warning] = ours(hosting.build())

    assert warning.startswith('build/html/html/_downloads/raci/hosting.csv:: WARNING: the files to download cannot be ')
    shutil.rmtree(in_its_place)
    assert ours(hosting.build()) == []
    assert in_its_place.is_file()


COMMANDS = {
    'convert': (['convert', 'mail.raci.yaml', '-o', 'mail.raci.json'], 1, 'mail.raci.json: error: the file cannot be '),
    'convert to itself': (
        ['convert', 'mail.raci.yaml', '-o', 'mail.raci.yaml', '--force'],
        1,
        'mail.raci.yaml: error: the file cannot be written: ',
    ),
    'ids': (['ids', 'mail.raci.yaml', '--write'], 1, 'mail.raci.yaml: error: the file cannot be written: '),
    'check': (['check', '--format', 'json', '-o', 'result'], 2, 'result: error: the result cannot be written: '),
}


@pytest.mark.parametrize('name', COMMANDS)
def test_a_command_on_a_full_disk_says_so_and_takes_nothing_away(
    disk: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command, code, said = COMMANDS[name]
    monkeypatch.chdir(disk)
    Path('mail.raci.yaml').write_text(WITHOUT_IDS)
    fill(disk)

    assert main(command) == code

    told = capsys.readouterr().err
    assert said in told
    assert f'{FULL} [write]' in told
    assert Path('mail.raci.yaml').read_text() == WITHOUT_IDS
    assert sorted(os.listdir()) == ['filler', 'mail.raci.yaml']


def test_a_source_folder_that_is_read_only_keeps_party_pages_away_and_nothing_else(disk: Path, tmp_path: Path) -> None:
    project = emptied(hosting_on(disk, 'builder-inited'), disk)
    subprocess.run(['mount', '-o', 'remount,ro', str(disk)], check=True)

    done = sphinx_build(project.folder, tmp_path / 'out')

    assert done.returncode == 0, done.stderr
    assert [line for line in done.stderr.splitlines() if '[raci.' in line] == [
        f'{disk}/docs/parties:: WARNING: these party pages cannot be written or removed (raci_party_pages in conf.py): '
        "Read-only file system: 'customer.rst', 'provider.rst' [raci.page]"
    ]
    page = parse((tmp_path / 'out/hosting.html').read_text())
    assert page.row('raci-hosting.order') == ['Place the order', 'RA', 'I']


def test_a_source_folder_that_is_read_only_is_no_matter_where_the_pages_are_there(disk: Path, tmp_path: Path) -> None:
    project = emptied(hosting_on(disk, 'builder-inited'), disk)
    project.build()
    subprocess.run(['mount', '-o', 'remount,ro', str(disk)], check=True)

    done = sphinx_build(project.folder, tmp_path / 'out', '-W')

    assert (done.returncode, done.stderr) == (0, '')
    assert (tmp_path / 'out/parties/customer.html').is_file()


# -- what may not be read or written -----------------------------------------------------------------------------------


def without_rights() -> list[str]:
    """What a command begins with so that rights of files hold for it: for this user, they may not."""
    if os.geteuid():
        return []
    start = ['setpriv', '--bounding-set', '-dac_override,-dac_read_search']
    if not shutil.which('setpriv') or subprocess.run([*start, 'true'], capture_output=True, check=False).returncode:
        pytest.skip('this user may read and write everything')
    return start


def run(command: Sequence[str], **more: Any) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {'NO_COLOR': '1'} | more.pop('env', {})
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment, **more)


def sphinx_build(source: Path, out: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """A build in a process of its own, by a user for whom rights of files hold."""
    command = [*without_rights(), sys.executable, '-m', 'sphinx', '-q', '-d', f'{out}.doctrees', *options]
    return run([*command, str(source), str(out)])


@pytest.fixture
def closed() -> Iterator[Callable[..., None]]:
    """Takes rights from files and folders, until the end of the test."""
    done: list[Path] = []

    def close(path: Path, mode: int = 0) -> None:
        done.append(path)
        path.chmod(mode)

    yield close
    for path in reversed(done):
        path.chmod(0o755)


def test_what_may_not_be_read_or_written_is_named_and_all_else_is_built(
    hosting: Project, closed: Callable[..., None], tmp_path: Path
) -> None:
    hosting.write({'secret.raci.yaml': OTHER, 'parties/customer.rst': 'Mine\n====\n', 'out.json': '{}'})
    hosting.write({'closed/inner.raci.yaml': OTHER, '../out/other.json': '{}', '../out/raci.json': '{}'})
    docs = hosting.folder
    for path in ('secret.raci.yaml', 'parties/customer.rst', 'closed', '../out/other.json', '../out/raci.json'):
        closed(docs / path)
    closed(docs / 'parties', 0o555)

    done = sphinx_build(docs, tmp_path / 'out')

    assert done.returncode == 0, done.stderr
    text = 'this party page cannot be written or removed (raci_party_pages in conf.py): Permission denied [raci.page]'
    other = 'another file has this name, so it is not written; set raci_json to another name, or to none [raci.page]'
    assert [line for line in done.stderr.splitlines() if '[raci.' in line] == [
        f'{docs}/secret.raci.yaml:: WARNING: the file cannot be read: Permission denied [raci.source]',
        f'{docs}/parties:: WARNING: {text.replace("this party page", "these party pages").partition(" [")[0]}: '
        "'customer.rst', 'provider.rst' [raci.page]",
        f'{tmp_path}/out/raci.json:: WARNING: {other}',
    ]
    assert 'Traceback' not in done.stderr
    assert 'Place the order' in (tmp_path / 'out/hosting.html').read_text('utf-8')


def test_a_file_of_somebody_else_that_may_not_be_read_keeps_no_file_of_ours_away(
    hosting: Project, closed: Callable[..., None], tmp_path: Path
) -> None:
    hosting.write({'../out/other.json': '{}', 'parties/notes.txt': 'Mine'})
    closed(tmp_path / 'out/other.json')
    closed(hosting.folder / 'parties/notes.txt')

    done = sphinx_build(hosting.folder, tmp_path / 'out', '-W')

    assert (done.returncode, done.stderr) == (0, '')
    assert (tmp_path / 'out/raci.json').is_file()
    assert (hosting.folder / 'parties/customer.rst').is_file()


@pytest.mark.parametrize('mode', [0, 0o444])
def test_a_folder_of_party_pages_that_may_not_be_entered_is_named_once(
    hosting: Project, closed: Callable[..., None], tmp_path: Path, mode: int
) -> None:
    hosting.build()
    hosting.replace('hosting.raci.yaml', 'customer: Customer', 'customer: Buyer')
    closed(hosting.folder / 'parties', mode)

    done = sphinx_build(hosting.folder, tmp_path / 'out')

    assert done.returncode == 0, done.stderr
    [warning] = [line for line in done.stderr.splitlines() if '[raci.page]' in line]
    assert warning.startswith(f'{hosting.folder}/parties:: WARNING: these party pages cannot be written')


def test_a_template_that_may_not_be_read_is_named(
    hosting: Project, closed: Callable[..., None], tmp_path: Path
) -> None:
    hosting.conf(raci_party_pages='parties', templates_path=['_templates'])
    hosting.write({'_templates/raci/party.rst': '{{ heading }}\n'})
    template = hosting.folder / '_templates/raci/party.rst'
    closed(template)

    done = sphinx_build(hosting.folder, tmp_path / 'out')

    assert done.returncode == 0, done.stderr
    assert f'{template}:: WARNING: party pages cannot be written: PermissionError: ' in done.stderr


REFUSED = {
    'convert from': (
        ['convert', 'secret.raci.yaml', '-o', 'x.json'],
        1,
        'secret.raci.yaml: error: the file cannot be r',
    ),
    'convert to a folder': (['convert', 'mail.raci.yaml', '-o', 'locked/x.json'], 1, 'locked/x.json: error: the file '),
    'convert to a file': (
        ['convert', 'mail.raci.yaml', '-o', 'fixed.raci.yaml', '--force'],
        1,
        'fixed.raci.yaml: error: the file cannot be written: it is write-protected [write]',
    ),
    'ids': (['ids', 'secret.raci.yaml', '--write'], 1, 'secret.raci.yaml: error: the file cannot be read: '),
    'ids in a folder': (
        ['ids', 'locked/mail.raci.yaml', '--write'],
        1,
        'locked/mail.raci.yaml: error: the file cannot',
    ),
    'ids in a file': (['ids', 'fixed.raci.yaml', '--write'], 1, 'fixed.raci.yaml: error: the file cannot be written: '),
    'check': (['check', 'secret.raci.yaml'], 1, 'secret.raci.yaml: error: the file cannot be read: Permission denied'),
    'check to a folder': (['check', 'mail.raci.yaml', '-o', 'locked/x'], 2, 'locked/x: error: the result cannot be w'),
    'configuration': (['check', '-c', 'pyproject.toml'], 2, 'pyproject.toml: error: the file cannot be read: '),
}


@pytest.mark.parametrize('name', REFUSED)
def test_a_command_names_what_it_may_not_read_or_write(tmp_path: Path, closed: Callable[..., None], name: str) -> None:
    command, code, said = REFUSED[name]
    project = Project(tmp_path, None)
    sources = ['mail', 'secret', 'fixed', 'locked/mail']
    project.write({f'{path}.raci.yaml': WITHOUT_IDS for path in sources})
    closed(tmp_path / 'secret.raci.yaml')
    closed(tmp_path / 'fixed.raci.yaml', 0o444)
    closed(tmp_path / 'locked', 0o555)
    if name == 'configuration':
        project.write({'pyproject.toml': ''})
        closed(tmp_path / 'pyproject.toml')

    done = run([*without_rights(), sys.executable, '-m', 'sphinxcontrib_raci', *command], cwd=tmp_path)

    assert done.returncode == code, done.stderr
    assert said in done.stderr + done.stdout
    assert 'fault of sphinx-raci' not in done.stderr
    assert 'Traceback' not in done.stderr
    assert left(tmp_path) == []
    assert not (tmp_path / 'x.json').exists()
    (tmp_path / 'secret.raci.yaml').chmod(0o644)
    assert {(tmp_path / f'{path}.raci.yaml').read_text() for path in sources} == {WITHOUT_IDS}


@pytest.mark.skipif(os.geteuid() != 0, reason='only root can give files away')
@pytest.mark.parametrize('command', [['ids', '--write'], ['convert', '-o', 'mail.raci.yaml', '--force']])
def test_a_file_stays_that_of_its_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / 'mail.raci.yaml'
    path.write_text(WITHOUT_IDS)
    os.chown(path, 65534, 65533)
    path.chmod(0o640)

    assert main([*command, 'mail.raci.yaml']) == 0

    found = path.stat()
    assert path.read_text() != WITHOUT_IDS
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (65534, 65533, 0o640)


# -- files that are others when they are read --------------------------------------------------------------------------


def between(monkeypatch: pytest.MonkeyPatch, path: Path, change: Callable[[], object]) -> None:
    """Do something when it is known what a file is, and before it is opened."""
    before = os.open

    def opened(name: Any, *arguments: Any, **more: Any) -> int:
        if os.fspath(name) == str(path):
            monkeypatch.setattr(os, 'open', before)
            change()
        return before(name, *arguments, **more)

    monkeypatch.setattr(os, 'open', opened)


@pytest.mark.parametrize(('more', 'read'), [(b'', b'12345'), (b'67', b'1234567'), (b'6789abcde', b'123456789')])
def test_a_file_that_grows_while_it_is_read_is_read_as_far_as_it_may_be(
    more: bytes, read: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, before = tmp_path / 'log', os.fstat
    path.write_bytes(b'12345')

    def known(handle: int) -> os.stat_result:
        status = before(handle)
        with open(path, 'ab') as file:
            file.write(more)
        return status

    monkeypatch.setattr(os, 'fstat', known)
    data = read_regular(path, most=8)

    assert data == read


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def test_a_source_that_becomes_a_pipe_just_now_is_reported(hosting: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    source = hosting.folder / 'hosting.raci.yaml'
    between(monkeypatch, source, lambda: pipe(source))

    result = hosting.build()

    assert 'docs/hosting.raci.yaml:: WARNING: the file cannot be read: it is no regular file [raci.source]' in ours(
        result
    )


def test_a_source_that_is_being_written_is_shown_as_far_as_it_was_read_and_next_time_whole(
    hosting: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = hosting.folder / 'hosting.raci.yaml'
    half = HOSTING[: HOSTING.index('            note: Around')]
    between(monkeypatch, source, lambda: source.write_text(half))
    seen = hosting.build()
    assert 'Around the clock' not in seen.text('hosting.html')
    source.write_text(HOSTING)

    result = hosting.build()

    assert result.warnings == []
    assert differences(result, hosting) == []


def test_ids_are_not_written_into_a_file_that_somebody_else_has_just_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / 'mail.raci.yaml'
    path.write_text(WITHOUT_IDS)
    ask = insert.insert_ids

    def meanwhile(*arguments: Any) -> insert.Change:
        path.write_text(WITHOUT_IDS + '    note: New\n')
        return ask(*arguments)

    monkeypatch.setattr(insert, 'insert_ids', meanwhile)

    assert main(['ids', str(path), '--write']) == 1

    said = 'error: no ids are written: somebody else has changed the file meanwhile; run the command again [refused]'
    assert f'{path}: {said}' in capsys.readouterr().err
    assert path.read_text() == WITHOUT_IDS + '    note: New\n'


# -- what stands in the place of a file --------------------------------------------------------------------------------

IN_PLACE: dict[str, Callable[[Path], object]] = {
    'a folder': lambda path: path.mkdir(),
    'a pipe': os.mkfifo,
    'a device': lambda path: path.symlink_to('/dev/zero'),
    'a link to itself': lambda path: path.symlink_to(path.name),
    'a link to nowhere': lambda path: path.symlink_to('nowhere'),
}


def put(path: Path, kind: str) -> None:
    """Put something else in the place of a file."""
    path.unlink(missing_ok=True)
    IN_PLACE[kind](path)


def remove(path: Path) -> None:
    path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()


@pytest.mark.parametrize('kind', IN_PLACE)
def test_a_source_that_is_none_any_more_goes_from_its_page_and_comes_back(hosting: Project, kind: str) -> None:
    hosting.build()
    source = hosting.folder / 'hosting.raci.yaml'
    put(source, kind)

    result = hosting.build()

    assert 'Place the order' not in result.text('hosting.html')
    assert any(line.startswith('docs/hosting.rst:4: WARNING: ') for line in ours(result))
    named = [line for line in ours(result) if line.startswith('docs/hosting.raci.yaml:: WARNING: the file cannot be r')]
    assert len(named) == (kind != 'a folder')
    remove(source)
    source.write_text(HOSTING)
    assert differences(hosting.build(), hosting) == []


@pytest.mark.parametrize('kind', IN_PLACE)
def test_what_stands_in_the_place_of_a_party_page_is_named_and_stays(hosting: Project, kind: str) -> None:
    # Sphinx reads whatever has the name of a document.
    hosting.conf(raci_party_pages='parties', exclude_patterns=['parties/customer.rst'])
    (hosting.folder / 'parties').mkdir()
    put(hosting.folder / 'parties/customer.rst', kind)
    before = os.lstat(hosting.folder / 'parties/customer.rst')

    result = hosting.build()

    [warning] = ours(result)
    assert warning.startswith(
        'docs/parties/customer.rst:1: WARNING: this party page cannot be written or removed (raci_'
    )
    assert os.path.samestat(before, os.lstat(hosting.folder / 'parties/customer.rst'))
    assert (hosting.folder / 'parties/provider.rst').is_file()


@pytest.mark.parametrize('kind', IN_PLACE)
def test_what_stands_in_the_place_of_what_a_build_keeps_does_no_harm(hosting: Project, kind: str) -> None:
    hosting.conf(raci_party_pages='parties', raci_downloads=['csv'])
    hosting.build()
    kept = sorted((hosting.folder.parent / 'build/html/doctrees').glob('raci-*.pickle'))
    assert len(kept) == 5
    for path in kept:
        put(path, kind)
    hosting.replace('hosting.raci.yaml', 'Place the order', 'Send the order')

    result = hosting.build()

    if kind == 'a folder':
        assert sorted(line.partition('::')[0].rpartition('/')[2] for line in ours(result)) == [p.name for p in kept]
        assert all('what the next build would take from this file cannot be kept' in line for line in ours(result))
    else:
        assert result.warnings == []
        assert all(path.is_file() and not path.is_symlink() for path in kept)
    assert 'Send the order' in result.text('hosting.html')
    assert differences(result, hosting) == []


@pytest.mark.parametrize('kind', IN_PLACE)
def test_what_stands_in_the_place_of_a_file_for_readers_is_named_or_gives_way(hosting: Project, kind: str) -> None:
    hosting.conf(raci_party_pages='parties', raci_downloads=['csv'])
    out = hosting.build().out
    for name in ('raci.json', '_downloads/raci/hosting.csv'):
        put(out / name, kind)

    result = hosting.build()

    named = [line.partition('::')[0].removeprefix('build/html/html/') for line in ours(result)]
    for name in ('raci.json', '_downloads/raci/hosting.csv'):
        assert name in named or ((out / name).is_file() and not (out / name).is_symlink())
    assert left(hosting.folder.parent) == []


@pytest.mark.parametrize('kind', [kind for kind in IN_PLACE if kind != 'a folder'])
def test_a_pyproject_that_is_no_file_keeps_no_command_waiting(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path('mail.raci.yaml').write_text(WITHOUT_IDS)
    put(tmp_path / 'pyproject.toml', kind)

    code = main(['check', 'mail.raci.yaml'])

    said = '' if kind == 'a link to nowhere' else 'pyproject.toml: error: the file cannot be read: '
    assert said in capsys.readouterr().err
    assert code == (2 if said else 0)


@pytest.mark.parametrize('command', [['check', 'mail.raci.yaml', '-o', 'x'], ['convert', 'mail.raci.yaml', '-o', 'x']])
def test_a_result_that_is_a_link_to_itself_is_an_error(
    tmp_path: Path, command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path('mail.raci.yaml').write_text(WITHOUT_IDS)
    put(tmp_path / 'x', 'a link to itself')

    assert main(command) == (2 if command[0] == 'check' else 1)
    assert 'Too many levels of symbolic links [write]' in capsys.readouterr().err


# -- links -------------------------------------------------------------------------------------------------------------


def test_a_source_that_is_a_link_out_of_the_folder_is_read_and_followed(hosting: Project) -> None:
    source = hosting.folder / 'hosting.raci.yaml'
    source.rename(hosting.folder.parent / 'elsewhere.yaml')
    source.symlink_to('../elsewhere.yaml')
    assert hosting.build().warnings == []
    hosting.replace('../elsewhere.yaml', 'Place the order', 'Send the order')

    result = hosting.build()

    assert 'hosting' in result.read
    assert parse(result.text('hosting.html')).row('raci-hosting.order')[0] == 'Send the order'


def test_a_source_by_several_names_is_one_matrix_which_is_called_after_the_file_itself(hosting: Project) -> None:
    hosting.write({'sources/deep/real.raci.yaml': HOSTING}).replace('hosting.rst', ':: hosting', ':: real')
    (hosting.folder / 'hosting.raci.yaml').unlink()
    (hosting.folder / 'another.raci.yaml').symlink_to('sources/deep/real.raci.yaml')
    (hosting.folder / 'sources/deep/a.raci.yaml').symlink_to('real.raci.yaml')
    (hosting.folder / 'sources/deep/again').symlink_to('..')

    result = hosting.build()

    assert result.warnings == []
    assert [matrix.path for matrix in result.app.env.get_domain('raci').registry.project.matrices.values()] == [
        f'{hosting.folder}/sources/deep/real.raci.yaml'
    ]


def test_a_folder_of_party_pages_may_be_a_link(hosting: Project) -> None:
    elsewhere = hosting.folder.parent / 'elsewhere'
    elsewhere.mkdir()
    (hosting.folder / 'parties').symlink_to('../elsewhere')

    assert hosting.build().warnings == []
    assert sorted(path.name for path in elsewhere.iterdir()) == ['customer.rst', 'provider.rst']
    hosting.conf()
    result = hosting.write({'index.rst': INDEX}).build()
    assert result.warnings == []
    assert list(elsewhere.iterdir()) == []
    assert (hosting.folder / 'parties').is_symlink()


def test_a_party_page_that_is_a_link_is_written_in_its_place_and_not_where_it_leads(hosting: Project) -> None:
    hosting.build()
    page, elsewhere = hosting.folder / 'parties/customer.rst', hosting.folder.parent / 'elsewhere'
    page.rename(elsewhere)
    page.symlink_to(elsewhere)
    before = elsewhere.read_bytes()

    result = hosting.replace('hosting.raci.yaml', 'customer: Customer', 'customer: Buyer').build()

    assert result.warnings == []
    assert (page.is_symlink(), 'Buyer' in page.read_text(), elsewhere.read_bytes()) == (False, True, before)


def test_a_folder_of_party_pages_that_leads_to_itself_is_named(hosting: Project) -> None:
    (hosting.folder / 'parties').symlink_to('parties')

    [warning] = ours(hosting.build())

    assert warning.startswith(
        'docs/parties:: WARNING: these party pages cannot be written or removed (raci_party_pages'
    )


# -- capitals ----------------------------------------------------------------------------------------------------------


def test_names_that_differ_in_capitals_alone_are_one_id_and_reported_with_both_files(project: Project) -> None:
    second = HOSTING.replace('Place', 'Send')
    project.write({'Kms.raci.yaml': HOSTING, 'kms.raci.yaml': second, 'index.rst': 'Test\n====\n\n.. raci:: kms\n'})
    if len(list(project.folder.glob('*.raci.yaml'))) < 2:
        pytest.skip('this file system does not tell capitals from small letters')

    result = project.build()

    no_id, same = ours(result)
    assert no_id.startswith(
        "docs/Kms.raci.yaml:1:1: WARNING: the name of the file gives no id, as 'Kms' cannot be one; "
    )
    assert same.startswith("docs/kms.raci.yaml:1: WARNING: the id 'kms' is already that of the matrix in ")
    assert f"{project.folder.name}/Kms.raci.yaml; give one of them another 'id' [raci.source]" in same
    assert parse(result.text('index.html')).row('raci-kms.order')[0] == 'Place the order'


def test_names_of_files_that_are_written_have_no_capitals(hosting: Project) -> None:
    hosting.conf(raci_party_pages='parties', raci_downloads=['csv', 'json', 'xlsx'])
    hosting.replace('hosting.raci.yaml', 'title: Hosting', 'title: HOSTING\nrevision: Version A')
    hosting.write({'index.rst': INDEX + '   parties/*\n\n.. raci:party:: provider\n   :letters: R, A\n   :no-index:\n'})

    out = hosting.build().out

    names = [*(hosting.folder / 'parties').iterdir(), *(out / '_downloads/raci').iterdir(), *out.glob('*.json')]
    assert len(names) > 10
    assert [path.name for path in names if path.name != path.name.lower()] == []


def test_a_party_page_whose_name_has_got_capitals_is_removed_before_the_right_one_is_written(
    hosting: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where capitals make no difference, both are one file."""
    hosting.build()
    page = hosting.folder / 'parties/customer.rst'
    twin = page.rename(page.with_name('Customer.rst'))
    real = os.path.exists
    monkeypatch.setattr(os.path, 'exists', lambda path: real(path) or (str(path) == str(page) and real(twin)))
    done: list[str] = []
    unlink, replace = Path.unlink, os.replace
    monkeypatch.setattr(Path, 'unlink', lambda path, **more: (done.append(path.name), unlink(path, **more))[1])
    monkeypatch.setattr(os, 'replace', lambda old, new: (done.append(Path(new).name), replace(old, new))[1])

    hosting.build()

    assert [name for name in done if name.lower() == 'customer.rst'] == ['Customer.rst', 'customer.rst']
    assert page.is_file()


# -- ends of lines and byte order marks --------------------------------------------------------------------------------


def content(suffix: str) -> bytes:
    """A source with an activity, whose name is not of ASCII, in each format."""
    text = OTHER.replace('größe: x, ', '')
    if suffix in ('.raci.yaml', '.raci.yml'):
        return text.encode()
    matrix = read_bytes(text.encode(), 'x.raci.yaml').matrix
    assert matrix is not None
    return write(matrix, suffix.rpartition('.')[2].replace('md', 'markdown'), f'x{suffix}')


@pytest.mark.parametrize('suffix', [suffix for suffix in SUFFIXES if suffix != '.raci.xlsx'])
def test_a_source_means_the_same_with_any_ends_of_lines_and_a_byte_order_mark(suffix: str) -> None:
    plain = content(suffix).removeprefix(b'\xef\xbb\xbf').replace(b'\r\n', b'\n')
    expected = read_bytes(plain, f'x{suffix}')
    assert isinstance(expected.matrix, Matrix)
    assert [activity.name for activity in expected.matrix.walk()] == ['Prüfen — 責任']

    for end, mark in product((b'\n', b'\r\n', b'\r'), (b'', b'\xef\xbb\xbf')):
        assert read_bytes(mark + plain.replace(b'\n', end), f'x{suffix}') == expected


def test_a_stub_that_version_control_has_given_other_ends_of_lines_is_still_a_stub(hosting: Project) -> None:
    hosting.build()
    page = hosting.folder / 'parties/customer.rst'
    page.write_bytes(page.read_bytes().replace(b'\n', b'\r\n'))

    assert hosting.build().warnings == []
    assert b'\r\n' in page.read_bytes()
    hosting.replace('hosting.raci.yaml', 'customer: Customer', 'customer: Buyer').build()
    assert b'Buyer' in page.read_bytes()


def test_a_template_gives_the_same_stub_with_any_ends_of_lines(hosting: Project) -> None:
    hosting.conf(raci_party_pages='parties', templates_path=['_templates'])
    stubs = []
    for end in ('\n', '\r\n', '\r'):
        template = '{{ title }}\n******************\n\n.. raci:party:: {{ id }}\n'
        hosting.write({'_templates/raci/party.rst': template.replace('\n', end)}).build()
        stubs.append((hosting.folder / 'parties/customer.rst').read_bytes())

    assert stubs[0].endswith(b'.. raci:party:: customer\n')
    assert stubs == [stubs[0]] * 3


def test_a_pyproject_may_begin_with_a_byte_order_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path('mail.raci.yaml').write_text(WITHOUT_IDS.replace('{us: Us}', '[us]'))
    table = '[tool.sphinxcontrib-raci.parties]\r\nus = "Wir"\r\n'
    Path('pyproject.toml').write_bytes(b'\xef\xbb\xbf' + table.encode())

    assert main(['check', 'mail.raci.yaml']) == 0, capsys.readouterr()


# -- locale ------------------------------------------------------------------------------------------------------------

PLAIN = {'LC_ALL': 'C', 'PYTHONUTF8': '0', 'PYTHONCOERCECLOCALE': '0', 'PYTHONIOENCODING': 'ascii'}


def test_a_build_in_the_locale_c_gives_the_same_pages_and_messages_in_ascii(project: Project) -> None:
    project.conf(raci_party_pages='parties', raci_downloads=['csv', 'json'])
    project.write({'größe-責.raci.yaml': OTHER.replace('raci: 1', 'raci: 1\nid: other')})
    project.write({'index.rst': INDEX + '   parties/*\n\n.. raci:: other\n\n:raci:matrix:`ungültig`\n'})
    built = {}
    for locale in ('plain', 'utf-8'):
        out = project.folder.parent / locale
        command = [sys.executable, '-m', 'sphinx', '-q', '-E', str(project.folder), str(out)]
        done = run(command, env=PLAIN if locale == 'plain' else {'PYTHONUTF8': '1'})
        assert done.returncode == 0, done.stderr
        assert 'Traceback' not in done.stderr
        unknown = 'größe' if locale == 'utf-8' else r'gr\xf6\xdfe'
        assert f"raci.yaml:5:24: WARNING: unknown key '{unknown}' (an activity has" in done.stderr
        assert done.stderr.isascii() == (locale == 'plain')
        shutil.rmtree(out / '.doctrees')
        built[locale] = Tree.of(out)

    assert built['plain'].differences(built['utf-8']) == []


def test_a_command_in_the_locale_c_writes_the_same_and_says_it_in_ascii(tmp_path: Path) -> None:
    Project(tmp_path, None).write({'größe-責.raci.yaml': OTHER})
    made = {}
    for locale in ('plain', 'utf-8'):
        environment = PLAIN if locale == 'plain' else {'PYTHONUTF8': '1'}

        def command(*arguments: str, env: dict[str, str] = environment) -> subprocess.CompletedProcess[str]:
            return run([sys.executable, '-m', 'sphinxcontrib_raci', *arguments], cwd=tmp_path, env=env)

        checked = command('check', '--format', 'text')
        name_of_row = 'Prüfen — 責任' if locale == 'utf-8' else r'Pr\xfcfen \u2014 \u8cac\u4efb'
        assert (checked.returncode, f"no party has A (Accountable) in '{name_of_row}'" in checked.stdout) == (1, True)
        assert (checked.stdout + checked.stderr).isascii() == (locale == 'plain')
        done = command('convert', 'größe-責.raci.yaml', '-o', f'{locale}.raci.json')
        assert 'Traceback' not in done.stderr
        made[locale] = (tmp_path / f'{locale}.raci.json').read_bytes()
        assert command('check', '--format', 'json', '-o', f'{locale}.out').returncode == 1
        assert command('--help').returncode == 0

    assert made['plain'] == made['utf-8']
    assert 'Prüfen — 責任' in made['plain'].decode()


# -- paths of Windows --------------------------------------------------------------------------------------------------


def test_folders_may_be_written_as_windows_has_them(project: Project) -> None:
    project.conf(raci_party_pages='docs\\parties', raci_sources=['.\\sources\\**.raci.yaml', '..\\shared\\*.raci.yaml'])
    project.write({'sources/deep/hosting.raci.yaml': HOSTING})
    project.write({'../shared/other.raci.yaml': OTHER.replace('größe: x, ', '')})
    project.write(
        {
            'index.rst': 'Test\n====\n\n'
            '.. raci:: sources\\deep\\hosting.raci.yaml\n\n'
            '.. raci:: ..\\shared\\other.raci.yaml\n\n'
            '.. raci:parties::\n   :toctree:\n'
        }
    )

    result = project.build()

    assert result.warnings == []
    assert len(parse(result.text('index.html')).tables) >= 3
    assert (project.folder / 'docs/parties/customer.rst').is_file()


@pytest.mark.parametrize(
    'folder', ['C:\\x', 'C:x', 'c:/x', '\\x', '\\\\server\\share', '..\\x', 'a\\..\\..\\x', 'a\0b', 'NUL', 'a/com1.x/b']
)
def test_a_folder_of_party_pages_elsewhere_is_refused_as_windows_has_it(hosting: Project, folder: str) -> None:
    hosting.conf(raci_party_pages=folder)

    [warning] = ours(hosting.build())

    what = f'must be a folder within the source folder, on every system, not {folder!r}'
    assert warning == f'WARNING: raci_party_pages {what} [raci.config]'
    assert sorted(path.name for path in hosting.folder.iterdir()) == [
        'conf.py',
        'hosting.raci.yaml',
        'hosting.rst',
        'index.rst',
    ]


@pytest.mark.parametrize('pattern', ['C:\\x\\*.raci.yaml', 'C:/x/*.raci.yaml', '/x/*.raci.yaml', '\\x\\*.raci.yaml'])
def test_a_pattern_of_sources_that_begins_at_a_root_is_reported(hosting: Project, pattern: str) -> None:
    hosting.conf(raci_sources=[pattern, '*.raci.yaml'])

    [warning] = ours(hosting.build())

    text = f'raci_sources must have patterns that count from the source folder, not {pattern!r}'
    assert warning == f'WARNING: {text} [raci.config]'


def test_an_absolute_path_in_a_directive_is_reported_there(hosting: Project) -> None:
    hosting.write({'page.rst': 'Page\n====\n\n.. raci:: C:\\docs\\hosting.raci.yaml\n'})

    assert any(line.startswith('docs/page.rst:4: WARNING: no source ') for line in ours(hosting.build()))

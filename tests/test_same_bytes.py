"""The same bytes, however a project is built: after any edits, by any number of processes, anywhere, and after a kill.

``tests/soak.py`` does the same for as long as one likes.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from conftest import Project
from edits import Site
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from machine import Machine
from processes import Kills, many_matrices, said_by, started
from trees import Tree, clean_build, made

SOME = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    print_blob=False,
    suppress_health_check=list(HealthCheck),
)


# -- after edits -------------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings('ignore:.*use of fork:DeprecationWarning')
def test_each_build_after_some_edits_leaves_what_a_clean_one_does() -> None:
    before = Machine.steps

    run_state_machine_as_test(Machine, settings=settings(SOME, max_examples=1, stateful_step_count=5))

    assert Machine.steps - before >= 4


@pytest.mark.slow
@pytest.mark.filterwarnings('ignore:.*use of fork:DeprecationWarning')
@pytest.mark.parametrize('part', range(4))
def test_each_build_after_hundreds_of_edits_leaves_what_a_clean_one_does(part: int) -> None:
    # What is drawn depends on the class too.
    machine = type(f'Machine{part}', (Machine,), {})
    before = Machine.steps

    run_state_machine_as_test(machine, settings=settings(SOME, max_examples=4, stateful_step_count=20))

    assert Machine.steps - before >= 70


# -- what Sphinx does without this extension ---------------------------------------------------------------------------


@pytest.fixture
def bare(tmp_path: Path) -> Project:
    """A project without this extension."""
    return Project(made(tmp_path / 'here' / 'docs'), conf="html_theme = 'basic'\n")


def test_sphinx_gives_text_the_quotes_of_html_when_that_has_read_the_document(bare: Project) -> None:
    bare.write({'index.rst': 'Index\n=====\n\nSay "yes".\n'}).build(out='shared')

    assert bare.build('text', out='shared').text('index.txt') != clean_build(bare, 'text')[1].text('index.txt')


def test_sphinx_keeps_the_page_of_an_index_that_is_empty_now(bare: Project) -> None:
    bare.write({'index.rst': 'Index\n=====\n\n.. py:module:: mine\n'}).build()
    bare.write({'index.rst': 'Index\n=====\n'})

    assert (bare.build().out / 'py-modindex.html').exists()
    assert not (clean_build(bare, 'html')[1].out / 'py-modindex.html').exists()


# -- in other circumstances --------------------------------------------------------------------------------------------

CIRCUMSTANCES = {
    'another-folder': ('-j1', {}),
    'four-processes': ('-j4', {'PYTHONHASHSEED': '1', 'TZ': 'Pacific/Auckland', 'LC_ALL': 'C'}),
    'a-process-per-core': ('-jauto', {'PYTHONHASHSEED': 'random', 'TZ': 'America/Los_Angeles', 'LC_ALL': 'POSIX'}),
    # Another alphabet, another encoding and other rules of capitals; messages of Sphinx would be in that language, too.
    'turkish': ('-j1', {'LC_ALL': '', 'LANG': 'tr_TR.ISO-8859-9', 'LC_MESSAGES': 'C', 'PYTHONIOENCODING': 'utf-8'}),
}
PLAIN = {'PYTHONHASHSEED': '0', 'TZ': 'UTC', 'LC_ALL': 'C.UTF-8', 'SOURCE_DATE_EPOCH': '1735689600'}


def site(folder: Path) -> Project:
    """A project with something of everything, and enough documents for several processes."""
    project = Project(made(folder / 'docs'))
    contents = Site()
    contents.conf |= {
        'raci_downloads': ['csv', 'json', 'xlsx', 'yaml'],
        'raci_parties': {'customer': 'Customer', 'auditor': 'Auditor', 'onlooker': 'Onlooker'},
        'raci_rules': {},
        'html_last_updated_fmt': '%c',
    }
    contents.documents['one'].blocks += ['.. raci:legend::', '.. raci:load::', '.. raci:findings::']
    contents.sources['b.raci.yaml'].more = {'revision': '2025-01-01', 'review-by': '2025-01-01', 'markup': 'rst'}
    contents.write(project, {})
    return project


@pytest.fixture(scope='module')
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Tree, list[str]]]:
    """What each builder makes of the project, and says of it, where nothing is unusual."""
    return outputs(site(tmp_path_factory.mktemp('plain')), '-j1', PLAIN)


def outputs(project: Project, jobs: str, environment: dict[str, str]) -> dict[str, tuple[Tree, list[str]]]:
    """What each builder makes of a project, and the lines that it says, in whatever order."""
    found = {}
    for builder in ('html', 'latex', 'text'):
        said = said_by(started(project, builder, builder, jobs, **environment))
        lines = sorted(said.replace(str(project.folder.parent), '').splitlines())
        found[builder] = Tree.of(project.folder.parent / 'build' / builder / builder), lines
    return found


def made_locale(folder: Path, name: str, encoding: str) -> str:
    """Make a locale in a folder, and see that Python finds it there, given that folder as ``LOCPATH``."""
    subprocess.run(['localedef', '-i', name, '-f', encoding, str(folder / f'{name}.{encoding}')], check=True)
    environment = {'LOCPATH': str(folder), 'LC_ALL': f'{name}.{encoding}', 'PYTHONUTF8': '0'}
    program = 'import locale; print(locale.setlocale(locale.LC_ALL, ""), locale.getencoding())'
    said = subprocess.run([sys.executable, '-c', program], env=environment, check=True, capture_output=True, text=True)
    assert said.stdout.split() == [f'{name}.{encoding}', encoding]
    return str(folder)


@pytest.mark.parametrize(
    'name',
    [
        'four-processes',
        *(pytest.param(name, marks=pytest.mark.slow) for name in CIRCUMSTANCES if name != 'four-processes'),
    ],
)
def test_nothing_depends_on_where_and_how_a_project_is_built(
    name: str, plain: dict[str, tuple[Tree, list[str]]], tmp_path: Path
) -> None:
    jobs, environment = CIRCUMSTANCES[name]
    if 'LANG' in environment:
        environment = environment | {'LOCPATH': made_locale(tmp_path, *environment['LANG'].split('.'))}

    found = outputs(site(tmp_path / name), jobs, PLAIN | environment)

    html, said = found['html']
    assert {'raci.json', 'objects.inv', 'parties/onlooker.html'} <= html.files.keys()
    assert [file for file in html.files if file.endswith('.xlsx')]
    assert [line for line in said if '[raci.' in line]
    for builder, (tree, lines) in found.items():
        assert not tree.differences(plain[builder][0]), tree.explained(plain[builder][0])
        assert lines == plain[builder][1]


# -- killed ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_build_after_one_that_was_killed_repairs_everything(project: Project) -> None:
    kills = Kills(project, Random(6))

    for _round in range(60):
        assert kills.round() == ''
        if kills.killed >= 15 and kills.own >= 3:
            return
    pytest.fail(f'only {kills.killed} builds were killed, {kills.own} of them with a page of the user')


@pytest.mark.filterwarnings('ignore:.*use of fork:DeprecationWarning')
@pytest.mark.parametrize('folder', ['docs/parties', 'html/_downloads/raci', 'build/html/html'])
def test_nothing_is_left_of_a_file_that_a_killed_build_was_writing(folder: str, hosting: Project) -> None:
    hosting.conf(raci_party_pages='parties', raci_downloads=['json'])

    killed_while_writing_into(folder, hosting)
    left = [path for path in hosting.folder.parent.rglob('.raci-*') if str(path.parent).endswith(folder)]
    hosting.build()

    assert len(left) == 1
    assert not left[0].exists()


def killed_while_writing_into(folder: str, project: Project) -> None:
    """Build in a process that is killed when a file of ours is there, with nothing in it."""
    begun: list[Path] = []

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if begun:
            begun.clear()  # To kill is an event, too.
            os.kill(os.getpid(), signal.SIGKILL)
        if event == 'open' and '.raci-' in str(arguments[0]) and str(Path(str(arguments[0])).parent).endswith(folder):
            begun.append(Path(str(arguments[0])))

    process = os.fork()
    if not process:
        try:
            sys.addaudithook(watch)
            project.build()
        finally:
            os._exit(1)
    assert os.WIFSIGNALED(os.waitpid(process, 0)[1])


# -- at once -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize('number', [30, pytest.param(1000, marks=pytest.mark.slow)])
def test_two_builds_at_once_from_one_folder_do_not_disturb_each_other(number: int, project: Project) -> None:
    many_matrices(project.folder, number)

    builds = [started(project, 'html', out) for out in ('first', 'second')]

    assert [said_by(build) for build in builds] == ['', '']
    first, second = (Tree.of(project.folder.parent / 'build' / out / 'html') for out in ('first', 'second'))
    assert len(first.files) > 2 * number
    assert not first.differences(second), first.explained(second)
    shutil.rmtree(project.folder.parent / 'build')


def test_a_party_page_may_be_removed_by_two_builds_at_once(hosting: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    hosting.conf(raci_party_pages='parties', raci_parties={'onlooker': 'Onlooker'}).build()
    hosting.conf(raci_party_pages='parties')
    page = hosting.folder / 'parties/onlooker.rst'
    is_file = Path.is_file

    def lost(path: Path) -> bool:
        there = is_file(path)
        if path == page:
            page.unlink(missing_ok=True)
        return there

    monkeypatch.setattr(Path, 'is_file', lost)

    assert hosting.build().warnings == []
    assert not page.exists()

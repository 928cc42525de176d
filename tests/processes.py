"""Builds in processes of their own: in other circumstances, at once, and killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from conftest import Project
from edits import EDITS, Site, add_party, own_page, remove_party, rename_party, title
from machine import not_said, said
from trees import Tree, clean_build, differences

KILLED = """
import os, signal, sys
left, empty, place = int(sys.argv[1]), sys.argv[2] == 'empty', sys.argv[3]
del sys.argv[1:4]

def watch(event, arguments):
    global left
    if event == 'open' and str(arguments[0]).startswith(place) and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        left -= 1
        if left == 0:
            if empty:
                os.close(os.open(arguments[0], os.O_WRONLY | os.O_CREAT | os.O_TRUNC))
            os.killpg(0, signal.SIGKILL)

sys.addaudithook(watch)
from sphinx.cmd.build import main
sys.exit(main())
"""
"""A build that is killed when it opens its n-th file to write, be it before it has the file or when that is empty."""
OF_PARTIES = (add_party, own_page, own_page, remove_party, rename_party)
"""Edits after which pages of parties are written or removed, and some are the user's own."""
QUIET = {'NO_COLOR': '1', 'PYTHONWARNINGS': 'ignore'}


def started(
    project: Project, builder: str, out: str, *options: str, run: tuple[str, ...] = ('-m', 'sphinx'), **environment: str
) -> subprocess.Popen[str]:
    """A build that goes on, in a group of processes of its own; it builds where :meth:`Project.build` does."""
    place = project.folder.parent / 'build' / out
    folders = [str(project.folder), str(place / builder)]
    return subprocess.Popen(
        [sys.executable, *run, '-q', '-b', builder, '-d', str(place / 'doctrees'), *options, *folders],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **QUIET, **environment},
        start_new_session=True,
    )


def said_by(process: subprocess.Popen[str]) -> str:
    """What a build says, when it has ended well."""
    said, _nothing = process.communicate(timeout=300)
    assert process.returncode == 0, said
    return said


@dataclass
class Kills:
    """A project whose builds are killed.  ``seconds`` is how long one takes that is not, ``killed`` how many were, and
    ``own`` how many of them where a page of a party was the user's own.

    ``known`` are the warnings of the last clean build, ``language`` is what text was written in.
    """

    project: Project
    random: Random
    seconds: float = 0
    killed: int = 0
    own: int = 0
    language: object = None
    known: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.site = Site()
        # SPHINX: quotes become what the builder wants that reads a document, and stay so for the others.
        self.site.conf |= {'smartquotes': False, 'raci_rules': {}}
        self.written = self.site.write(self.project, {})
        started_at = time.monotonic()
        self.known = self.lines(said_by(started(self.project, 'html', 'shared')))
        self.seconds = time.monotonic() - started_at

    def round(self) -> str:
        """Edit, build and kill, once or some times; then build, and compare: what differs from a clean build."""
        heard: Counter[str] = Counter()
        for _time in range(self.random.choice((1, 1, 2, 3))):
            # Where only words of a page have changed, nothing of ours would have it written again.
            for function in (title, self.random.choice(self.random.choice(([title], EDITS, OF_PARTIES)))):
                function(self.site, self.random.choice)
            self.written = self.site.write(self.project, self.written)
            heard |= self.kill()
        # SPHINX: it ends with an IndexError, and so it does without this extension, where this file is empty.
        info = self.project.folder.parent / 'build/shared/html/.buildinfo'
        if info.exists() and not info.read_bytes():
            info.unlink()
        result = self.project.build('html', out='shared')
        copy, clean = clean_build(self.project, 'html', stubs=self.site.unusable)
        stubs = Tree.of(self.project.folder).explained(Tree.of(copy.folder))
        before, self.known = self.known, said(copy, clean)
        unsaid = not_said(self.known, before, said(self.project, result) | heard)
        wrong = differences(result, clean) + stubs + self.lost() + ''.join(f'not said: {line}\n' for line in unsaid)
        return wrong + self.text()

    def text(self) -> str:
        """What differs from a clean build in plain text."""
        if self.site.conf.get('language') != self.language:
            # SPHINX: what HTML has read anew is not written again as text in another language.
            self.language = self.site.conf.get('language')
            shutil.rmtree(self.project.folder.parent / 'build/shared/text', ignore_errors=True)
        result = self.project.build('text', out='shared')
        return differences(result, clean_build(self.project, 'text', stubs=self.site.unusable)[1])

    def kill(self) -> Counter[str]:
        """Begin to build, and kill all of it at some moment, or when it is about to write some file.

        The warnings of one that had read everything, which the next need not repeat.
        """
        builder = self.random.choice(('html', 'html', 'text', 'latex'))
        how = (self.project, builder, 'shared', '-j', self.random.choice('12'))
        environment = self.project.folder.parent / 'build/shared/doctrees/environment.pickle'
        before = environment.read_bytes() if environment.exists() else b''
        if self.random.random() < 0.3:
            process = started(*how)
            time.sleep(self.random.uniform(0.3, 1) * self.seconds)
            os.killpg(process.pid, signal.SIGKILL)
        else:
            shared = self.project.folder.parent / 'build' / 'shared'
            # Pages of parties are the only files in the folder of the sources, and there are not many.
            sources, output = self.project.folder, shared / builder
            folder, last = self.random.choice(((sources, 4), (sources, 4), (shared / 'doctrees', 12), (output, 12)))
            file, state = self.random.randrange(1, last), self.random.choice(('empty', 'not there'))
            process = started(*how, run=('-c', KILLED, str(file), state, str(folder)))
        text, _nothing = process.communicate()
        self.killed += process.returncode < 0
        self.own += process.returncode < 0 and 'parties/customer.rst' in self.site.files
        ended = process.returncode == 0 or (environment.exists() and environment.read_bytes() != before)
        return self.lines(text) if ended else Counter()

    def lines(self, text: str) -> Counter[str]:
        """What a build said, wherever its project stands."""
        return Counter(text.replace(str(self.project.folder.parent), '').splitlines())

    def lost(self) -> str:
        """Files of the user's that are not as they were."""
        there = {name: self.project.folder / name for name in self.written}
        lost = [name for name, path in there.items() if not path.is_file() or path.read_text() != self.written[name]]
        return ''.join(f'{name} is not what it was\n' for name in lost)


def many_matrices(folder: Path, number: int) -> Project:
    """A project of so many matrices, each with a page, and of a tenth as many parties, each with a page."""
    project = Project(folder)
    project.conf(raci_party_pages='parties', today='today')
    for index in range(number):
        party = f'party-{index % (number // 10)}'
        project.write(
            {
                f'sources/m{index}.raci.yaml': (
                    f'raci: 1\ntitle: Matrix {index}\nparties: {{customer: Customer, {party}: Party {party}}}\n'
                    f'activities:\n  - {{id: one, name: Do this, who: {{customer: RA, {party}: I}}}}\n'
                    f'  - {{id: two, name: Do that, who: {{customer: I, {party}: RA}}}}\n'
                ),
                f'pages/m{index}.rst': f'Page {index}\n=========\n\n.. raci:: m{index}\n',
            }
        )
    toctree = '.. toctree::\n   :glob:\n\n   pages/*\n   parties/*\n'
    return project.write({'index.rst': f'Index\n=====\n\n{toctree}\n.. raci:parties::\n   :parties: customer\n'})

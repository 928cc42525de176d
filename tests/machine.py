"""Edits of a project by chance; after each of them, builds are compared with clean builds of the same files."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import ClassVar

from conftest import Project, Result
from edits import EDITS, Site
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from trees import Tree, clean_build, differences

BUILDERS = ('html', 'latex', 'text')


class Machine(RuleBasedStateMachine):
    """A project that is edited and built, each time by three builders, which share their doctrees or do not."""

    steps: ClassVar = 0
    """So many times files or values have been changed and builds compared, by all machines."""

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp(prefix='raci-'))
        folder = self.place / 'here' / 'docs'
        folder.mkdir(parents=True)
        self.project = Project(folder)
        self.site = Site()
        self.past: list[Site] = []
        self.written: dict[str, str] = {}
        self.known: dict[str, Counter[str]] = {}
        self.random = Random()
        self.turn = 0
        self.shared = False

    @initialize(shared=st.booleans(), number=st.integers(0, 2**32))
    def begin(self, shared: bool, number: int) -> None:
        """Build everything once.

        All that is done later follows from one number: what Hypothesis tries first, and comes back to, is the first of
        everything, and that would be to leave the project as it is.
        """
        self.random.seed(f'{type(self).__name__} {number}')
        self.shared = shared
        if shared:
            # SPHINX: quotes become what the builder wants that reads a document, and stay so for the others.
            self.site.conf['smartquotes'] = False
        self.compare()

    @rule()
    def edit(self) -> None:
        """Do one thing, or some at once, so that something is not as it was."""
        self.past.append(deepcopy(self.site))
        while self.site.state() == self.past[-1].state():
            for function in self.random.choices(EDITS, k=self.random.choice((1, 1, 2, 3))):
                function(self.site, self.random.choice)
        self.compare()
        Machine.steps += 1

    @precondition(lambda self: self.past and self.turn % 4 == 0)
    @rule()
    def undo(self) -> None:
        """Make everything as it was some edits ago."""
        before, self.site = self.site, deepcopy(self.random.choice(self.past[-4:]))
        self.compare()
        Machine.steps += before.state() != self.site.state()

    def compare(self) -> None:
        """Build with all builders, each time in another order, and with one process or several."""
        new = self.site.texts()
        changed = {name for name in new if new[name] != self.written.get(name)}
        note(f'changed: {sorted(changed)}; gone: {sorted(self.written.keys() - new.keys())}; {self.site.conf}')
        jobs = self.random.choice((1, 1, 1, 2, 4))
        self.written = self.site.write(self.project, self.written)
        self.turn += 1
        order = [BUILDERS[(self.turn + index) % len(BUILDERS)] for index in range(len(BUILDERS))]
        heard: Counter[str] = Counter()
        for builder in order:
            result = build(self.project, builder, self.shared, jobs)
            copy, clean = clean_build(self.project, builder, stubs=self.site.unusable)
            wrong = differences(result, clean) or Tree.of(self.project.folder).explained(Tree.of(copy.folder))
            assert not wrong, wrong
            first = not self.shared or builder == order[0]
            assert_same_warnings(self.project, result, copy, clean, changed if first else set())
            heard = said(self.project, result) | (heard if self.shared else Counter())
            lost = not_said(said(copy, clean), self.known.get(builder, Counter()), heard)
            assert not lost, f'not said, though new: {lost}'
            self.known[builder] = said(copy, clean)
        # LaTeX is always written anew.
        again = build(self.project, 'html', self.shared)
        assert not again.read + again.written, f'read {again.read} and wrote {again.written} for nothing'

    def teardown(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.place)


def build(project: Project, builder: str, shared: bool, jobs: int = 1) -> Result:
    """Build, with doctrees of its own or with those of the others."""
    return project.build(builder, out='shared' if shared else builder, parallel=jobs)


def said(project: Project, result: Result) -> Counter[str]:
    """The warnings of a build, wherever its project stands."""
    return Counter(line.replace(str(project.folder.parent), '') for line in result.warnings)


def not_said(theirs: Counter[str], before: Counter[str], ours: Counter[str]) -> Counter[str]:
    """Our warnings that a clean build gives, and one of the files as they were before did not, but ours do not have."""
    return Counter({line: count for line, count in (theirs - before - ours).items() if '[raci.' in line})


def assert_same_warnings(project: Project, result: Result, copy: Project, clean: Result, changed: set[str]) -> None:
    """A build says nothing that a clean one does not say, and all that concerns what it has read."""
    ours, theirs = said(project, result), said(copy, clean)
    assert not ours - theirs, f'said for no reason: {ours - theirs}'
    concerned = tuple(f'/docs/{name}' for name in [*changed, *(f'{docname}.rst' for docname in result.read)])
    expected = Counter({line: count for line, count in theirs.items() if line.startswith(concerned)})
    assert not expected - ours, f'not said: {expected - ours}'

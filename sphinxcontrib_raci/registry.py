"""Which files are the project's sources, and what is in them; each is read once, and again when its bytes change."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from sphinx.application import Sphinx
from sphinx.environment import CONFIG_OK
from sphinx.util import logging

from sphinxcontrib_raci import __version__, files, sourcefiles, sources
from sphinxcontrib_raci.config import settings_in
from sphinxcontrib_raci.model import Matrix, Place, Problem, Reading
from sphinxcontrib_raci.packing import packed, unpacked
from sphinxcontrib_raci.project import Project, assemble
from sphinxcontrib_raci.rules import RULES, Finding
from sphinxcontrib_raci.rules.engine import today
from sphinxcontrib_raci.settings import Settings
from sphinxcontrib_raci.sources.problems import SHOWN
from sphinxcontrib_raci.wording import counted

logger = logging.getLogger(__name__)
CACHE = 'raci-sources.pickle'


class Entry(NamedTuple):
    """A source as it was read last: the digest of its bytes, what they gave, and what the rules had to say of it.

    What they gave is kept as bytes: a build in which nothing has changed need not look into them.
    """

    digest: str
    reading: bytes
    findings: frozenset[str] = frozenset()

    def matrix(self) -> Matrix | None:
        """The matrix, as far as it could be read."""
        reading: Reading = unpacked(self.reading)
        return reading.matrix


class Notes:
    """What one build leaves for the next: the sources as they were read, and what was said of them.

    They are stored when the environment is, and not before: the build after one that was killed says all of it again.
    """

    def __init__(self, path: Path, key: str, kept: dict[str, Any]) -> None:
        self.path = path
        self.key = key
        self.kept = kept
        self.now = dict(kept)

    def store(self) -> None:
        """Keep them, where they are others than those of the last build."""
        if self.now != self.kept:
            files.store(self.path, self.key, self.now)
            self.kept = dict(self.now)


@dataclass(frozen=True)
class Registry:
    """The project's sources as one build sees them.  ``fingerprint`` differs where any of their bytes do."""

    fingerprint: str
    assembled: Callable[[], Project]
    notes: Notes

    @cached_property
    def project(self) -> Project:
        """All that is in them."""
        return self.assembled()


def load(app: Sphinx) -> Registry:
    """Read the sources, report what is wrong in those that are new or changed, and note it for the next build."""
    settings = settings_in(app.config)
    cache = Path(app.doctreedir, CACHE)
    # How sources are read; what was read otherwise is of no use.
    how = (__version__, settings.parties, settings.schemes, sorted(settings.rules), sources.installed())
    key = _digest(how)
    found, kept = files.load(cache) if app.env.all_docs else ('', {})
    notes = Notes(cache, key, kept if found == key else {})
    kept = notes.kept
    old: dict[str, Entry] = kept.get('sources', {})
    new = {str(path): _read(path, old.get(str(path)), settings) for path in find(app)}
    # A build that reads all documents, as there are none from before or the configuration is another one, reports
    # everything once more.
    full = app.env.config_status != CONFIG_OK
    changed = {path for path, entry in new.items() if full or entry is not old.get(path)}
    day = today()
    # Rules of the project's own may find anything at any time.
    asked = '' if settings.rules != RULES else _digest((day, sorted(settings.values.items())))
    if asked and not changed and new.keys() == old.keys() and kept.get('asked') == asked:
        return Registry(kept['fingerprint'], lambda: _assembled(new, settings, day)[0], notes)
    for path, entry in new.items():
        if path in changed:
            report(unpacked(entry.reading).problems)
    project, problems = _assembled(new, settings, day)
    if new.keys() != old.keys() or changed:
        report(problems)
    for matrix in project.matrices.values():
        entry = new[matrix.path]
        open_ = [finding for finding in project.findings[matrix.id] if finding.waiver is None]
        # What another source, a setting or the day brings about in a source that has not changed is news too.
        known = frozenset() if matrix.path in changed else entry.findings
        _report_findings(finding for finding in open_ if _line(finding) not in known)
        new[matrix.path] = entry._replace(findings=frozenset(map(_line, open_)))
    fingerprint = _fingerprint(new, key, project)
    notes.now |= {'sources': new, 'asked': asked, 'fingerprint': fingerprint}
    return Registry(fingerprint, lambda: project, notes)


def _assembled(entries: Mapping[str, Entry], settings: Settings, day: date) -> tuple[Project, list[Problem]]:
    """The project that was read, and the problems that only show when sources are put side by side."""
    matrices = {path: entry.matrix() for path, entry in entries.items()}
    broken = [path for path, matrix in matrices.items() if matrix is None]
    return assemble(filter(None, matrices.values()), settings, broken, day=day)


def find(app: Sphinx) -> list[Path]:
    """The files that ``raci_sources`` matches, but none in the output of the build."""
    build = [os.path.relpath(folder, app.srcdir) for folder in (app.outdir, app.doctreedir)]
    others = [pattern for pattern in app.config.exclude_patterns if pattern != sources.HIDDEN]
    excluded = [*others, *app.config.templates_path, *(f'{folder}/**' for folder in build)]
    return sourcefiles.find(Path(app.srcdir), app.config.raci_sources, excluded)


def _read(path: Path, old: Entry | None, settings: Settings) -> Entry:
    data = sources.load(path, str(path))
    digest = repr(data.problems) if isinstance(data, Reading) else blake2b(data, digest_size=16).hexdigest()
    if old and old.digest == digest:
        return old
    reading = data if isinstance(data, Reading) else sources.read_bytes(data, str(path), settings)
    return Entry(digest, packed(reading))


def report(problems: Sequence[Problem]) -> None:
    """Log problems of sources, each at its place; what is no problem at all only where the build is verbose."""
    wrong = [problem for problem in problems if problem.level != 'info']
    for problem in problems:
        if problem.level == 'info':
            logger.verbose('%s: %s', problem.place, problem.text)
    for problem in wrong[:SHOWN]:
        _warn(problem, problem.text)
    if len(wrong) > SHOWN:
        _warn(wrong[SHOWN], f'… and {counted(len(wrong) - SHOWN, "more problem")}; sphinx-raci check shows all')


def _warn(problem: Problem, text: str) -> None:
    logger.warning('%s', text, location=_location(problem.place), type='raci', subtype='source')


def _report_findings(findings: Iterable[Finding]) -> None:
    for finding in findings:
        logger.warning('%s', finding.text, location=_location(finding.place), type='raci', subtype=finding.rule)


def _location(place: Place) -> str:
    # Without a colon, Sphinx would take it for the name of a document.
    return str(place) if place.line else f'{place.path}:'


def _line(finding: Finding) -> str:
    return f'{finding.place}: {finding.text} [{finding.rule}]'


def _fingerprint(entries: Mapping[str, Entry], key: str, project: Project) -> str:
    # Pages say what is waived, and in which words; both may come from conf.py.
    findings = [
        (_line(finding), finding.waiver, project.settings.rules[finding.rule].title)
        for found in project.findings.values()
        for finding in found
    ]
    return _digest([key, *((path, entry.digest) for path, entry in entries.items()), findings])


def _digest(value: object) -> str:
    return blake2b(repr(value).encode()).hexdigest()

"""Which files are the project's sources, and what is in them; each is read once, and again when its bytes change."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.matching import get_matching_files

from sphinxcontrib_raci import __version__, files, sources
from sphinxcontrib_raci.config import configured_parties
from sphinxcontrib_raci.model import Party, Problem, Reading
from sphinxcontrib_raci.project import Project, assemble
from sphinxcontrib_raci.sources.problems import SHOWN, counted

logger = logging.getLogger(__name__)
CACHE = 'raci-sources.pickle'


class Entry(NamedTuple):
    """A source as it was read last: the digest of its bytes, and what they gave."""

    digest: str
    reading: Reading


@dataclass(frozen=True, slots=True)
class Registry:
    """The project's sources as one build sees them.  ``fingerprint`` differs where any of their bytes do."""

    project: Project
    fingerprint: str


def load(app: Sphinx) -> Registry:
    """Read the sources, report what is wrong in those that are new or changed, and keep them for the next build."""
    parties = configured_parties(app.config)
    cache = Path(app.doctreedir, CACHE)
    # How sources are read; what was read otherwise is of no use.
    key = blake2b(repr((__version__, parties, sources.installed())).encode()).hexdigest()
    # Without an environment from before, this is a full build: it reports everything once more.
    found, kept = files.load(cache) if app.env.all_docs else ('', {})
    old: dict[str, Entry] = kept if found == key else {}
    new = {str(path): _read(path, old.get(str(path)), parties) for path in find(app)}
    for path, entry in new.items():
        if entry is not old.get(path):
            report(entry.reading.problems)
    project, problems = assemble(
        (entry.reading.matrix for entry in new.values() if entry.reading.matrix),
        parties,
        [path for path, entry in new.items() if entry.reading.matrix is None],
    )
    if new != old:
        report(problems)
        files.store(cache, key, new)
    return Registry(project, _fingerprint(new, key))


def find(app: Sphinx) -> list[Path]:
    """The files that ``raci_sources`` matches, in order, each once even if links lead to it by several ways."""
    build = [os.path.relpath(folder, app.srcdir) for folder in (app.outdir, app.doctreedir)]
    others = [pattern for pattern in app.config.exclude_patterns if pattern != sources.HIDDEN]
    excluded = [*others, *app.config.templates_path, *(f'{folder}/**' for folder in build)]
    found: dict[str, Path] = {}
    patterns: dict[Path, list[str]] = {}
    for pattern in app.config.raci_sources:
        folder, rest = _outside(Path(app.srcdir), pattern)
        # Sphinx's "**/" wants a folder; everyone else's, and the reader's, takes none as well.
        patterns.setdefault(folder, []).extend([rest, rest.removeprefix('**/')])
    for folder, wanted in patterns.items():
        for name in get_matching_files(folder, wanted, excluded):
            # Beside an open file, editors and spreadsheet programs keep one of their own.
            if name.endswith(sources.SUFFIXES) and not Path(name).name.startswith(('.', '~$')):
                path = folder / name
                known = found.setdefault(os.path.realpath(path), path)
                if len(path.parts) < len(known.parts):
                    found[os.path.realpath(path)] = path
    return sorted(found.values())


def _outside(folder: Path, pattern: str) -> tuple[Path, str]:
    """Take ``..`` off the start of a pattern, as Sphinx's matching stays within the folder that it is given."""
    while pattern.startswith('../'):
        folder, pattern = folder.parent, pattern.removeprefix('../')
    return folder, pattern


def _read(path: Path, old: Entry | None, parties: Mapping[str, Party]) -> Entry:
    data = sources.load(path, str(path))
    if isinstance(data, Reading):
        return Entry(repr(data.problems), data)
    digest = blake2b(data, digest_size=16).hexdigest()
    return old if old and old.digest == digest else Entry(digest, sources.read_bytes(data, str(path), parties=parties))


def report(problems: Sequence[Problem]) -> None:
    """Log problems of sources, each at its place; what is no problem at all only where the build is verbose."""
    wrong = [problem for problem in problems if problem.level != 'info']
    for problem in problems:
        if problem.level == 'info':
            logger.verbose('%s: %s', problem.place, problem.text)
    for problem in wrong[:SHOWN]:
        _warn(problem, problem.text)
    if len(wrong) > SHOWN:
        _warn(wrong[SHOWN], f'… and {counted(len(wrong) - SHOWN, "more problem")}; sphinx-raci convert shows all')


def _warn(problem: Problem, text: str) -> None:
    # Without a colon, Sphinx would take it for the name of a document.
    location = str(problem.place) if problem.place.line else f'{problem.place.path}:'
    logger.warning('%s', text, location=location, type='raci', subtype='source')


def _fingerprint(entries: Mapping[str, Entry], key: str) -> str:
    return blake2b(repr([key, *((path, entry.digest) for path, entry in entries.items())]).encode()).hexdigest()

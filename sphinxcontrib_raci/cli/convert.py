"""From any format that can be read to any that can be written."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sphinxcontrib_raci.cli.saving import save
from sphinxcontrib_raci.model import Matrix, Place, Problem, Reading
from sphinxcontrib_raci.settings import NO_SETTINGS, Settings
from sphinxcontrib_raci.sources import LARGEST, load, read, read_bytes
from sphinxcontrib_raci.sources.fields import ID
from sphinxcontrib_raci.sources.ids import Free, slug, stem
from sphinxcontrib_raci.sources.reader import NO_ID
from sphinxcontrib_raci.sources.sheets.xlsxfile import LEGEND, MATRIX, sheet_names
from sphinxcontrib_raci.wording import quoted
from sphinxcontrib_raci.writers import SUFFIXES, write
from sphinxcontrib_raci.writers.lost import lost

SUFFIX_OF = {fmt: suffix for suffix, fmt in reversed(SUFFIXES.items())}
"""What the name of a file of each format ends with."""

STDIN = '<stdin>'


class Usage(Exception):
    """The command was not given in a way that can be followed; the argument says what to write instead."""


@dataclass(frozen=True)
class Options:
    """What to convert, where to and how; as on the command line."""

    sources: tuple[str, ...]
    output: str = ''
    to: str = ''
    from_: str = ''
    force: bool = False
    sheets: str = 'sections'
    base_url: str = ''
    terminal: bool = False
    settings: Settings = NO_SETTINGS


@dataclass(frozen=True)
class Job:
    """One matrix to convert: where it is, what its messages call it, and the file to write (none: standard output).

    ``stem`` is what the file is called up to its first dot, ``sheet`` the only sheet to read of a spreadsheet.
    """

    source: str
    stem: str
    format: str
    target: Path | None = None
    sheet: str = ''

    @property
    def name(self) -> str:
        """What messages call the source."""
        return STDIN if self.source == '-' else self.source

    @property
    def file_name(self) -> str:
        """The name of a source that holds the result."""
        return f'{self.stem}.raci{SUFFIX_OF[self.format]}'


@dataclass(frozen=True)
class Done:
    """What one job gave: ``output`` are the bytes for standard output, where that is the target."""

    problems: tuple[Problem, ...]
    output: bytes = b''


@dataclass(frozen=True)
class Plan:
    """The jobs; ``problems`` are in the way of all of them."""

    jobs: tuple[Job, ...]
    problems: tuple[Problem, ...] = ()


def plan(options: Options) -> Plan:
    """What is to be done, before anything is written.

    :raises Usage: where the options do not say what is to be done.
    """
    if options.sources.count('-') > 1:
        raise Usage("'-' is given more than once; standard input can be read once")
    if '-' in options.sources and not options.from_:
        raise Usage("'-' needs the format of what comes in: add '--from FORMAT'")
    if options.from_ and '-' not in options.sources:
        raise Usage("'--from' belongs to the source '-'; the format of a file is in its name")
    jobs, problems = _jobs(options)
    _distinct(jobs)
    return Plan(jobs, (*problems, *_in_the_way(jobs, options)))


def _jobs(options: Options) -> tuple[tuple[Job, ...], tuple[Problem, ...]]:
    folder = _folder(options.output)
    if options.sheets == 'matrices':
        return _sheet_jobs(options, folder)
    if folder is None and len(options.sources) > 1:
        raise Usage("several sources need a folder to be written to: '-o FOLDER/'")
    known = SUFFIXES.get(_suffix(options.output))
    if _suffix(options.output) and not (options.to or folder or known):
        raise Usage(f"{quoted(options.output)} does not say which format to write; add '--to FORMAT'")
    fmt = options.to or ('yaml' if folder or not known else known)
    if fmt == 'xlsx' and not options.output and options.terminal:
        raise Usage("a spreadsheet is no text for a terminal; say which file to write: '-o FILE'")
    return tuple(_job(source, options, folder, fmt) for source in options.sources), ()


def _job(source: str, options: Options, folder: Path | None, fmt: str) -> Job:
    if folder is None and options.output not in ('', '-', None):
        target = Path(options.output)
        return Job(source, _stem(target.name), fmt, target)
    stem = 'stdin' if source == '-' else _stem(Path(source).name)
    job = Job(source, stem, fmt)
    return job if folder is None else replace(job, target=folder / job.file_name)


def _sheet_jobs(options: Options, folder: Path | None) -> tuple[tuple[Job, ...], tuple[Problem, ...]]:
    """A job for each sheet of each spreadsheet."""
    if folder is None:
        raise Usage("'--sheets matrices' writes several files; name a folder: '-o FOLDER/'")
    jobs: list[Job] = []
    problems: list[Problem] = []
    for source in options.sources:
        if _suffix(source) not in ('.xlsx', '.xlsm'):
            raise Usage(f"'--sheets matrices' is for .xlsx files, which {quoted(source)} is not")
        names, wrong = _sheet_names(source)
        problems += wrong
        free = Free(())
        for name in [one for one in names if not {LEGEND, MATRIX} <= set(names) or one not in (LEGEND, MATRIX)]:
            stem = f'{_stem(Path(source).name)}-{free(slug(name) or "sheet")}'
            job = Job(source, stem, options.to or 'yaml', sheet=name)
            jobs.append(replace(job, target=folder / job.file_name))
    return tuple(jobs), tuple(problems)


def _sheet_names(source: str) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The sheets of a spreadsheet, or why it has none."""
    path = Path(source)
    data = load(path, source)
    names = sheet_names(data) if isinstance(data, bytes) else []
    if names:
        return tuple(names), ()
    # Reading says best what is wrong with a file.
    return (), _complained(source, read(path, name=source).problems)


def _distinct(jobs: Iterable[Job]) -> None:
    """Check that no two jobs write the same file.

    :raises Usage: naming the sources of two that do.
    """
    taken: dict[str, Job] = {}
    for job in jobs:
        # Many file systems do not tell capitals from small letters.
        other = taken.setdefault(os.path.realpath(job.target or '').casefold(), job)
        if other is not job:
            text = f'{quoted(other.source)} and {quoted(job.source)} would both become {quoted(str(job.target))}'
            raise Usage(f'{text}; convert them into different folders')


def _in_the_way(jobs: Iterable[Job], options: Options) -> list[Problem]:
    """What forbids to write the targets."""
    found = ((job, _obstacle(job.target, options)) for job in jobs if job.target is not None)
    return [Problem(Place(str(job.target)), text, kind) for job, (text, kind) in found if text]


def _obstacle(target: Path, options: Options) -> tuple[str, str]:
    """What is in the way of a target and the code of that; two empty texts where nothing is."""
    try:
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        return f'the file cannot be written: {_reason(error)}', 'write'
    else:
        if not stat.S_ISREG(mode):
            return 'this is no regular file; write to another place', 'write'
        if not options.force:
            return "the file exists, and nothing is written; to overwrite it, add '--force'", 'exists'
    if target.parent.is_dir() or _folder(options.output) == target.parent:
        return '', ''
    return f'there is no folder {quoted(str(target.parent))}; make it first', 'write'


def run(job: Job, options: Options) -> Done:
    """Convert one source; what goes wrong is among the problems."""
    reading = _reading(job, options)
    if reading.matrix is None:
        return Done(_complained(job.name, reading.problems))
    data, lost = _written(job, reading.matrix, options.settings)
    problems = (*reading.problems, *lost)
    if data is None or job.target is None:
        return Done(problems, data or b'')
    try:
        save(job.target, data)
    except (OSError, ValueError, RuntimeError) as error:
        text = f'the file cannot be written: {_reason(error)}'
        return Done((*problems, Problem(Place(str(job.target)), text, 'write')))
    return Done(problems)


def _complained(name: str, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """The problems of a source without a matrix: one of them at least is an error."""
    if any(problem.level == 'error' for problem in problems):
        return problems
    return (*problems, Problem(Place(name), 'no matrix was found here, so nothing is written', 'structure'))


def _reading(job: Job, options: Options) -> Reading:
    more: dict[str, Any] = {'sheet': job.sheet} if job.sheet else {}
    more |= {'base_url': options.base_url} if options.base_url else {}
    if job.source != '-':
        reading = read(Path(job.source), settings=options.settings, name=job.name, **more)
        return _called(reading, job)
    if sys.stdin is None:
        return Reading(None, (Problem(Place(STDIN), 'standard input is closed', 'syntax'),))
    data = sys.stdin.buffer.read(LARGEST + 1)
    if len(data) > LARGEST:
        text = f'there is more than {LARGEST // 1_000_000} MB of it; no matrix is as large'
        return Reading(None, (Problem(Place(STDIN), text, 'syntax'),))
    # Its name gives the format, and the id where the matrix has none.
    name = f'{job.stem}.raci{SUFFIX_OF[options.from_]}'
    reading = read_bytes(data, name, options.settings, **more)
    problems = tuple(replace(found, place=replace(found.place, path=STDIN)) for found in reading.problems)
    return replace(reading, problems=problems)


def _called(reading: Reading, job: Job) -> Reading:
    """The reading with the id, and the title, that its target gives where the source has none of its own."""
    matrix, source = reading.matrix, stem(job.source)
    if matrix is None or reading.own or not ID.fullmatch(job.stem):
        return reading
    title = job.stem if matrix.title == source else matrix.title
    problems = tuple(problem for problem in reading.problems if not problem.text.startswith(NO_ID))
    return Reading(replace(matrix, id=job.stem, title=title), problems)


def _written(job: Job, matrix: Matrix, settings: Settings) -> tuple[bytes | None, list[Problem]]:
    """The matrix in another format, and what that does not hold; read back, as nothing else knows for certain."""
    place = Place(job.name)
    try:
        data = write(matrix, job.format, job.file_name)
    except ImportError as error:
        text = f"to write {job.format}, {error.name} is needed: pip install 'sphinxcontrib-raci[{job.format}]'"
        return None, [Problem(place, text, 'write')]
    back = read_bytes(data, job.file_name, settings)
    if back.matrix is None:
        first = back.problems[0].text if back.problems else 'no matrix is in it'
        text = f'{job.format} cannot hold this matrix, and nothing is written; reading it back says: {first}'
        return None, [Problem(place, text, 'lost')]
    return data, [
        Problem(place, f'not the same in {job.format}: {text}', 'lost', 'warning') for text in lost(matrix, back.matrix)
    ]


def _folder(output: str) -> Path | None:
    """The folder that is to be written to; ``None`` where the output is a file or nothing."""
    if output and (output.endswith(('/', os.sep)) or os.path.isdir(output)):
        return Path(output)
    return None


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()


def _stem(name: str) -> str:
    return name.split('.', 1)[0] or 'matrix'


def _reason(error: Exception) -> str:
    return getattr(error, 'strerror', None) or str(error)

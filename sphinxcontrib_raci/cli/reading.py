"""Reading many sources, by several processes where that is faster."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from sphinxcontrib_raci.cli.reports import fault
from sphinxcontrib_raci.model import Party, Place, Problem, Reading
from sphinxcontrib_raci.rules import RULES, Rule
from sphinxcontrib_raci.schemes import Scheme
from sphinxcontrib_raci.settings import Settings
from sphinxcontrib_raci.sources import read

SHARE = 100
"""A process takes longer to begin than to read fewer files than this."""

_CHUNK = 25
_MOST = 8


@dataclass(frozen=True)
class _Known:
    """Of the settings of a project, what readers need and what another process can be given: no functions."""

    parties: Mapping[str, Party]
    schemes: Mapping[str, Scheme]
    rules: tuple[str, ...]

    def settings(self) -> Settings:
        own = {code: Rule(code, code, lambda subject: (), True) for code in self.rules}
        return Settings(self.parties, self.schemes, {**RULES, **own})


def read_all(paths: Sequence[str], settings: Settings, begun: Callable[[str], object]) -> list[Reading]:
    """The reading of each file, in the order of the paths; ``begun`` is told of each in turn."""
    found: list[Reading] = []
    processes = min(os.cpu_count() or 1, len(paths) // SHARE, _MOST)
    if processes > 1:
        try:
            for reading in _told(_from_processes(paths, settings, processes), paths, begun):
                found.append(reading)
        except (BrokenProcessPool, ImportError, OSError):
            # Some systems have no room for it, or none of what it needs: the rest is read here.
            pass
    rest = paths[len(found) :]
    return [*found, *_told((_read(path, settings) for path in rest), rest, begun)]


def _told(readings: Iterator[Reading], paths: Sequence[str], begun: Callable[[str], object]) -> Iterator[Reading]:
    for path in paths:
        begun(path)
        yield next(readings)


def _from_processes(paths: Sequence[str], settings: Settings, processes: int) -> Iterator[Reading]:
    own = tuple(code for code in settings.rules if code not in RULES)
    known = _Known(settings.parties, settings.schemes, own)
    chunks = [paths[start : start + _CHUNK] for start in range(0, len(paths), _CHUNK)]
    # A copy of this process would have its locks, but not the threads that hold them.
    with ProcessPoolExecutor(processes, get_context('spawn'), _uninterrupted) as pool:
        for readings in pool.map(_read_chunk, chunks, [known] * len(chunks)):
            yield from readings


def _uninterrupted() -> None:
    """Leave it to the first process to say that the user has ended the run."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _read_chunk(paths: Sequence[str], known: _Known) -> list[Reading]:
    settings = known.settings()
    return [_read(path, settings) for path in paths]


def _read(path: str, settings: Settings) -> Reading:
    """A fault that one file brings to light does not keep the next from its turn."""
    try:
        return read(Path(path), settings=settings, name=path)
    except Exception as error:
        return Reading(None, (Problem(Place(path), fault(error), 'fault'),))

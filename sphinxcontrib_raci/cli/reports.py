"""What a command says on standard error: messages, progress, and a last line that counts."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from threading import Lock, Timer
from types import TracebackType
from typing import TextIO

from sphinxcontrib_raci.model import Problem
from sphinxcontrib_raci.wording import counted

PATIENCE = 1.0
"""After so many seconds, a run tells what it is at."""

_COLORS = {'error': '\x1b[31m', 'warning': '\x1b[33m', 'info': '\x1b[36m'}
_PLAIN = '\x1b[0m'
_CLEAR = '\r\x1b[K'


class Reports:
    """Says it, and counts; to be used in a ``with`` statement, which ends the progress."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.files: list[str] = []
        self.current = ''
        self._quiet = quiet
        self.failed: bool | None = None
        """Whether the run has failed, where something else than the messages decides it."""
        self._counts: Counter[str] = Counter()
        self.terminal = bool(sys.stderr and sys.stderr.isatty())
        self._color = colored(sys.stderr)
        self._total = 0
        self._late = False
        self._lock = Lock()
        self._timer = Timer(PATIENCE, self.waited)
        self._timer.daemon = True

    def __enter__(self) -> Reports:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()
        with self._lock:
            if self._late and self.terminal and not self._quiet:
                sys.stderr.write(_CLEAR)
            self._late = False

    def start(self, name: str, total: int) -> None:
        """A file is begun, one of ``total``."""
        with self._lock:
            self.files.append(name)
            self.current, self._total = name, total
            self._show()

    def extend(self, problems: Iterable[Problem]) -> None:
        """Say several problems."""
        for problem in problems:
            self.add(problem)

    def add(self, problem: Problem) -> None:
        """Say a problem."""
        self._counts[problem.level] += 1
        if problem.level == 'info' and self._quiet:
            return
        self._line(message(str(problem.place), problem.level, problem.text, problem.kind, color=self._color))

    def count(self, levels: Iterable[str]) -> None:
        """Count what has been said elsewhere."""
        self._counts.update(levels)

    def summary(self, files: int) -> bool:
        """Say how many problems there were in so many files; whether that makes the run a failure."""
        errors, warnings = self._counts['error'], self._counts['warning']
        if files and not (self._quiet and not errors and not warnings):
            parts = [counted(count, noun) for count, noun in ((errors, 'error'), (warnings, 'warning')) if count]
            self._line(f'{", ".join(parts) or "no errors"} in {counted(files, "file")}')
        return bool(errors or warnings) if self.failed is None else self.failed

    def _line(self, text: str) -> None:
        if sys.stderr is None:
            return
        with self._lock:
            clear = _CLEAR if self._late and self.terminal else ''
            print(clear + text, file=sys.stderr, flush=True)

    def waited(self) -> None:
        """The run takes long: from now on, it tells what it is at."""
        # Whoever reads the messages may be gone; the next message finds out.
        with self._lock, suppress(OSError, ValueError):
            self._late = True
            self._show()

    def _show(self) -> None:
        """Tell what the run is at."""
        if not self._late or self._quiet or not self.current or sys.stderr is None:
            return
        text = f'reading {printable(self.current)} ({len(self.files)} of {self._total})'
        sys.stderr.write(_CLEAR + text if self.terminal else text + '\n')
        sys.stderr.flush()


def message(place: str, level: str, text: str, code: str, *, color: bool) -> str:
    """A message as every command says it, in one line."""
    level = f'{_COLORS[level]}{level}{_PLAIN}' if color else level
    return f'{printable(place)}: {level}: {printable(text)} [{code}]'


def colored(stream: TextIO | None) -> bool:
    """Whether what is written there may have colours."""
    return bool(stream and stream.isatty()) and not os.environ.get('NO_COLOR')


def printable(text: str) -> str:
    """The text without what would upset a terminal: names of files may hold anything."""
    if text.isprintable():
        return text
    return ''.join(char if char.isprintable() else char.encode('unicode_escape').decode('ascii') for char in text)


def fault(error: Exception) -> str:
    """What to say of an error that nothing before has understood."""
    if isinstance(error, MemoryError | RecursionError):
        return 'the file is too large, or nested too deeply, to be read; divide it'
    if isinstance(error, OSError):
        return ': '.join(str(part) for part in (error.filename, error.strerror or error) if part)
    return f'this is a fault of sphinx-raci itself; please report it: {type(error).__name__}: {error}'

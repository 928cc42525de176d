"""What a command says on standard error: messages, progress, and a last line that counts."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from threading import Lock, Timer
from types import TracebackType

from sphinxcontrib_raci.model import Problem

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
        self._counts: Counter[str] = Counter()
        self._terminal = bool(sys.stderr and sys.stderr.isatty())
        self._color = self._terminal and not os.environ.get('NO_COLOR')
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
            if self._late and self._terminal and not self._quiet:
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
        level = problem.level
        level = f'{_COLORS[level]}{level}{_PLAIN}' if self._color else level
        self._line(f'{_printable(str(problem.place))}: {level}: {_printable(problem.text)} [{problem.kind}]')

    def summary(self, files: int) -> bool:
        """Say how many problems there were in so many files; whether there were any."""
        errors, warnings = self._counts['error'], self._counts['warning']
        if files and not (self._quiet and not errors and not warnings):
            parts = [_number(count, noun) for count, noun in ((errors, 'error'), (warnings, 'warning')) if count]
            self._line(f'{", ".join(parts) or "no errors"} in {_number(files, "file")}')
        return bool(errors or warnings)

    def _line(self, text: str) -> None:
        if sys.stderr is None:
            return
        with self._lock:
            clear = _CLEAR if self._late and self._terminal else ''
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
        text = f'reading {_printable(self.current)} ({len(self.files)} of {self._total})'
        sys.stderr.write(_CLEAR + text if self._terminal else text + '\n')
        sys.stderr.flush()


def _number(count: int, noun: str) -> str:
    return f'{count} {noun}{"" if count == 1 else "s"}'


def _printable(text: str) -> str:
    """The text without what would upset a terminal: names of files may hold anything."""
    return ''.join(char if char.isprintable() else char.encode('unicode_escape').decode('ascii') for char in text)

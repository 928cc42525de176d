"""Collecting what is wrong in a source, and the words that all its messages share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Protocol

from sphinxcontrib_raci.model import Place, Problem
from sphinxcontrib_raci.wording import LONGEST_NAME, counted, nearest, quoted

SHOWN = 100
"""So many problems of one source are reported; a last one counts the rest."""

_KEPT = 10 * SHOWN


class Located(Protocol):
    """Anything that knows where it stands in a source."""

    @property
    def line(self) -> int:
        """The line, from 1."""

    @property
    def column(self) -> int:
        """The column, from 1."""


class Problems:
    """The problems of one source, in whatever order they are found."""

    def __init__(self, path: str, locate: Callable[[str, int, int], Place] = Place) -> None:
        self._path = path
        self._locate = locate
        self._found: dict[Problem, tuple[int, int]] = {}
        self._more = 0
        self.broken_at = 0
        """The line of the last problem with the notation itself, 0 where there is none."""
        self.stopped_at = 0
        """The line from which on nothing could be read, 0 where all was read."""

    def add(self, at: Located | None, text: str, kind: str = 'structure', level: str = 'error') -> None:
        """Report ``text`` at the place of ``at``, at the file as a whole where there is none."""
        if at is None:
            self.add_at(0, 0, text, kind, level)
        else:
            self.add_at(at.line, at.column, text, kind, level)

    def add_at(self, line: int, column: int, text: str, kind: str = 'structure', level: str = 'error') -> None:
        """Report ``text`` at a line and column."""
        if kind == 'syntax':
            self.broken_at = line
        column = column if line else 0
        # A hostile source may hold millions of them: they are not worth the memory.  But no row goes in silence.
        if kind == 'row' or len(self._found) < _KEPT:
            self._found[Problem(self._locate(self._path, line, column), text, kind, level)] = line, column
        else:
            self._more += 1

    def suggestion(self, word: str, known: Iterable[str]) -> str:
        """``; did you mean 'x'?`` for the known word that is most like ``word``, empty where none is."""
        # Comparing costs the product of both lengths, and nobody reads the hundredth suggestion.
        if len(word) > LONGEST_NAME or len(self._found) > SHOWN:
            return ''
        near = nearest(word.lower(), islice(known, _KEPT))
        return f'; did you mean {quoted(near)}?' if near else ''

    def result(self) -> tuple[Problem, ...]:
        """All problems by line and column, each once; the last one counts those that are left out.

        Rows that are left out of the matrix are all there.
        """
        # By line of the source: in a spreadsheet, one sheet after the other.
        found = sorted(self._found, key=lambda problem: (self._found[problem], problem.text))
        others = [problem for problem in found if problem.kind != 'row']
        rest = set(others[SHOWN:])
        shown = [problem for problem in found if problem not in rest] if rest else found
        if rest:
            more = f'… and {counted(len(rest) + self._more, "more problem")}'
            first = others[SHOWN]
            shown.append(Problem(first.place, more, max(problem.kind for problem in rest), first.level))
        return tuple(shown)


def untitled(name: str, problems: Problems) -> str:
    """Report that a source has no title; what stands in for one is its ``name``."""
    problems.add(None, f'no title was found; {quoted(name)}, the name of the file, is taken', 'read', 'info')
    return name

"""The lines of a file, and where in them something stands."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from docutils.statemachine import string2lines

_TAB = 8


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines as docutils reads them (``shown``), with spaces for tabs and without those at the end, and ``written``
    as they are in the file.
    """

    shown: list[str]
    written: list[str]

    def column(self, line: int, index: int) -> int:
        """The column in the file, from 1, of what is at an index of a shown line; at most the one behind its end."""
        return bisect_left(_begins(self.written[line - 1]), index) + 1


@lru_cache(maxsize=16)
def _begins(written: str) -> list[int]:
    """Where each character of a line begins in the shown one.  A line is asked about once for each of its cells."""
    begins, end = [], 0
    for char in written:
        begins.append(end)
        end += _TAB - end % _TAB if char == '\t' else 1
    return begins


def lines_of(text: str) -> Lines:
    """The lines of a text."""
    return Lines(string2lines(text, tab_width=_TAB, convert_whitespace=True), text.splitlines())

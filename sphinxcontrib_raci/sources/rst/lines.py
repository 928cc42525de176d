"""The lines of a file, and where in them something stands."""

from __future__ import annotations

from dataclasses import dataclass

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
        written, width = self.written[line - 1], 0
        for at, char in enumerate(written):
            if width >= index:
                return at + 1
            width += _TAB - width % _TAB if char == '\t' else 1
        return len(written) + 1


def lines_of(text: str) -> Lines:
    """The lines of a text."""
    return Lines(string2lines(text, tab_width=_TAB, convert_whitespace=True), text.splitlines())

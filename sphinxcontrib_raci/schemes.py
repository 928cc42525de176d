"""Sets of letters, and how a cell of letters is read.

The meanings of R, A, C and I follow the responsibility assignment matrix of the PMBOK Guide (Project Management
Institute); RASCI adds the supporting party, DACI (Intuit) speaks of decisions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter of a scheme: its code as written in a cell, its name and what it means."""

    code: str
    name: str
    meaning: str = ''


@dataclass(frozen=True, slots=True)
class Scheme:
    """A set of letters, in the order in which cells and legends show them."""

    name: str
    letters: tuple[Letter, ...]

    def letter(self, code: str) -> Letter:
        """The letter of this code.

        :raises KeyError: where the scheme has no such letter.
        """
        for letter in self.letters:
            if letter.code == code:
                return letter
        raise KeyError(code)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all letters, in order."""
        return tuple(letter.code for letter in self.letters)

    def __hash__(self) -> int:
        return hash((self.name, self.codes))


_R = Letter('R', 'Responsible', 'carries out the activity')
_A = Letter('A', 'Accountable', 'answers for its success and has the last word')
_S = Letter('S', 'Supporting', 'helps to carry it out')
_C = Letter('C', 'Consulted', 'is asked before it is done')
_I = Letter('I', 'Informed', 'is told of the result')

RACI = Scheme('raci', (_R, _A, _C, _I))
SCHEMES: dict[str, Scheme] = {
    scheme.name: scheme
    for scheme in (
        RACI,
        Scheme('rasci', (_R, _A, _S, _C, _I)),
        Scheme(
            'daci',
            (
                Letter('D', 'Driver', 'brings the decision about'),
                Letter('A', 'Approver', 'decides'),
                Letter('C', 'Contributor', 'brings in knowledge'),
                Letter('I', 'Informed', 'is told of the decision'),
            ),
        ),
    )
}

NOTHING = frozenset({'', '-', '\N{EN DASH}', '\N{EM DASH}', 'N/A'})
"""What a cell may hold, in upper case, to say that a party has no part."""


class UnknownLetter(ValueError):
    """A cell holds something that is no letter of its scheme; the argument is that something."""


@lru_cache(maxsize=4096)
def read_letters(cell: str, scheme: Scheme) -> tuple[str, ...]:
    """The letters that a cell holds, each once, in the order of the scheme.

    Case, order and the separators ``/ , ; & + |`` and space do not matter.  Longer codes are tried first, so that codes
    of two characters work.

    :raises UnknownLetter: naming what is no letter of the scheme.
    """
    text = cell.strip().upper()
    known = {code.upper(): code for code in scheme.codes}
    if text == 'N/A' and {'N', 'A'} <= known.keys():
        raise UnknownLetter(text)  # It could mean either.
    if text in NOTHING:
        return ()
    pattern = '|'.join(re.escape(code) for code in sorted(known, key=len, reverse=True))
    found: set[str] = set()
    for word in re.split(r'[\s/,;&+|]+', text):
        parts = re.findall(pattern, word)
        if ''.join(parts) != word:
            rest = re.sub(pattern, '', word)
            raise UnknownLetter(rest if len(rest) == 1 else word)
        found.update(known[part] for part in parts)
    return tuple(code for code in scheme.codes if code in found)

"""Sets of letters, and how a cell of letters is read.

Where each definition comes from, and where authors differ, is said in the chapter "Schemes" of the manual.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

Part = Literal['accountable', 'responsible', 'consulted', 'informed']
PARTS: tuple[Part, ...] = ('accountable', 'responsible', 'consulted', 'informed')
"""What rules may know a letter of a scheme as."""

OWN = 'own'
"""What a scheme of a source's own is called."""

USUAL: Mapping[Part, tuple[int, int | None]] = MappingProxyType({'accountable': (1, 1), 'responsible': (1, None)})
"""How many parties an activity has with such a letter, at least and at most, where a scheme does not say."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter of a scheme: its code as written in a cell, its name and what it means.

    An activity has at least ``least`` and at most ``most`` parties with it (``None``: any number).  ``includes`` has
    the codes of letters that make no sense beside it in one cell: what they say, it says already or rules out.
    """

    code: str
    name: str
    meaning: str = ''
    least: int = 0
    most: int | None = None
    includes: tuple[str, ...] = ()

    @property
    def per_activity(self) -> str:
        """How many parties may have it, as the source format says it: ``1``, ``0..1``, ``1..*``."""
        if self.least == self.most:
            return str(self.least)
        return f'{self.least}..{"*" if self.most is None else self.most}'


@dataclass(frozen=True, slots=True)
class Scheme:
    """A set of letters, in the order in which cells and legends show them.

    The codes of four letters are known to rules: of the party that answers for the activity, of those that do it, that
    are asked before and told after.  Each is empty where the scheme has no such letter.
    """

    name: str
    letters: tuple[Letter, ...]
    accountable: str = ''
    responsible: str = ''
    consulted: str = ''
    informed: str = ''

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


def _raci(name: str, *letters: Letter) -> Scheme:
    """A scheme with the four letters of RACI, as far as it has them."""
    codes = [letter.code for letter in letters]
    return Scheme(name, letters, 'A', 'R', 'C' if 'C' in codes else '', 'I')


_R = Letter('R', 'Responsible', 'carries out the activity', 1, includes=('C', 'I'))
_A = Letter('A', 'Accountable', 'answers for its success and has the last word', 1, 1, includes=('I',))
_S = Letter('S', 'Supporting', 'helps to carry it out', includes=('I',))
_C = Letter('C', 'Consulted', 'is asked before it is done', includes=('I',))
_I = Letter('I', 'Informed', 'is told of the result')
_R_WITH_S = replace(_R, includes=('S', 'C', 'I'))

RACI = _raci('raci', _R, _A, _C, _I)
COMMON = (
    RACI,
    _raci('rasci', _R_WITH_S, _A, _S, _C, _I),
    Scheme(
        'daci',
        (
            Letter('D', 'Driver', 'brings the decision about', 1, 1, includes=('C', 'I')),
            Letter('A', 'Approver', 'decides', 1, 1, includes=('C', 'I')),
            Letter('C', 'Contributor', 'brings in knowledge', includes=('I',)),
            Letter('I', 'Informed', 'is told of the decision'),
        ),
        'A',
        'D',
        'C',
        'I',
    ),
)
"""The schemes that a page may use without a word about its letters."""

_OTHERS = (
    _raci('arci', _A, _R, _C, _I),
    _raci('rasic', _R_WITH_S, _A, _S, _I, _C),
    _raci('rasi', replace(_R, includes=('S', 'I')), _A, _S, _I),
    _raci('raciq', _R, _A, _C, _I, Letter('Q', 'Quality review', 'checks the quality of the result', includes=('I',))),
    _raci(
        'raci-vs',
        _R,
        _A,
        _C,
        _I,
        Letter('V', 'Verifier', 'checks the result against what was agreed', includes=('I',)),
        Letter('S', 'Signatory', 'signs the result off on the strength of that check', includes=('I',)),
    ),
    # Whoever is left out can have no other letter.
    _raci(
        'cairo', _C, _A, _I, _R, Letter('O', 'Omitted', 'is left out of it on purpose', includes=('C', 'A', 'I', 'R'))
    ),
    Scheme(
        'dci',
        (
            Letter('D', 'Decision maker', 'decides, and answers for the decision', 1, 1, includes=('C', 'I')),
            Letter('C', 'Consulted', 'is asked before the decision', includes=('I',)),
            Letter('I', 'Informed', 'is told of the decision'),
        ),
        'D',
        '',
        'C',
        'I',
    ),
    Scheme(
        'rapid',
        (
            Letter('R', 'Recommend', 'proposes what to decide', 1, 1, includes=('I',)),
            Letter('A', 'Agree', 'must agree before the proposal goes on', includes=('I',)),
            Letter('P', 'Perform', 'carries out the decision', 1),
            Letter('I', 'Input', 'gives facts and advice for the proposal'),
            Letter('D', 'Decide', 'takes the decision and answers for it', 1, 1, includes=('A', 'I')),
        ),
        'D',
        'P',
        'I',
    ),
    Scheme(
        'ratsi',
        (
            Letter('R', 'Responsibility', 'sees to it that the work gets done', 1, 1, includes=('I',)),
            Letter('A', 'Authority', 'has the last word', 1, 1, includes=('I',)),
            Letter('T', 'Task', 'does the work', 1, includes=('S', 'I')),
            Letter('S', 'Support', 'helps to do it', includes=('I',)),
            Letter('I', 'Informed', 'is told that it begins or is done'),
        ),
        'A',
        'T',
        '',
        'I',
    ),
    Scheme(
        'paris',
        (
            Letter('P', 'Participant', 'takes part in the work', 1),
            Letter('A', 'Accountable', 'answers for the activity', 1, 1),
            Letter('R', 'Review', 'has to review the result'),
            Letter('I', 'Input', 'has to be asked for input'),
            Letter('S', 'Sign-off', 'has to sign the result off'),
        ),
        'A',
        'P',
        'I',
    ),
    Scheme(
        'pacsi',
        (
            Letter('P', 'Perform', 'carries out the activity', 1, includes=('I',)),
            Letter('A', 'Accountable', 'answers for the result', 1, 1, includes=('I',)),
            Letter('C', 'Control', 'reviews the result and can reject it', includes=('S', 'I')),
            Letter('S', 'Suggest', 'gives advice that does not bind', includes=('I',)),
            Letter('I', 'Informed', 'is told of the result'),
        ),
        'A',
        'P',
        'S',
        'I',
    ),
    _raci(
        'drasci',
        Letter('D', 'Driver', 'keeps those who do it to the aim and the dates', 0, 1, includes=('I',)),
        _R_WITH_S,
        _A,
        _S,
        _C,
        _I,
    ),
    Scheme(
        'clam',
        (
            Letter('C', 'Contributes', 'gives work or knowledge'),
            Letter('L', 'Leads', 'leads the activity and sees it through', 1, 1, includes=('C', 'M')),
            Letter('A', 'Approves', 'approves the result', 1, 1),
            Letter('M', 'Monitors', 'watches how it goes'),
        ),
        'A',
        'L',
        'C',
        'M',
    ),
)

SCHEMES: dict[str, Scheme] = {scheme.name: scheme for scheme in (*COMMON, *_OTHERS)}
"""The known schemes by name."""

NOTHING = frozenset({'', '-', '\N{EN DASH}', '\N{EM DASH}', 'N/A'})
"""What a cell may hold, in upper case, to say that a party has no part."""


def joined(codes: Iterable[str]) -> str:
    """Letters as people read them: ``RA``, or ``VS R`` where a code has more than one character."""
    found = tuple(codes)
    return ('' if all(len(code) == 1 for code in found) else ' ').join(found)


class UnknownLetter(ValueError):
    """A cell holds something that is no letter of its scheme; the argument is that something."""


@lru_cache(maxsize=4096)
def read_letters(cell: str, scheme: Scheme) -> tuple[str, ...]:
    """The letters that a cell holds, each once, in the order of the scheme.

    Case, order and the separators ``/ , ; & + |`` and space do not matter.  Longer codes are tried first, so that codes
    of two characters work.

    :raises UnknownLetter: naming what is no letter of the scheme.
    """
    text = cell.strip()
    known = {code.upper(): code for code in scheme.codes}
    if text.upper() == 'N/A' and {'N', 'A'} <= known.keys():
        raise UnknownLetter(text)  # It could mean either.
    if text.upper() in NOTHING:
        return ()
    pattern = '|'.join(re.escape(code) for code in sorted(known, key=len, reverse=True))
    found: set[str] = set()
    for word in re.split(r'[\s/,;&+|]+', text):
        parts = re.findall(pattern, word.upper())
        if ''.join(parts) != word.upper():
            rest = re.sub(pattern, '', word, flags=re.IGNORECASE)
            raise UnknownLetter(rest if len(rest) == 1 else word)
        found.update(known[part] for part in parts)
    return tuple(code for code in scheme.codes if code in found)

"""What a rule is, what it is asked about, and what it finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sphinxcontrib_raci.model import Activity, Matrix, Party, Place, Waiver
from sphinxcontrib_raci.schemes import PARTS, Scheme

Setting = bool | int
"""Whether a rule is on; for a rule that counts, the number beyond which it fires."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a rule does not hold.

    A rule gives the text and, as far as it is about one, the activity and the party.  The rest is filled in by
    :func:`~sphinxcontrib_raci.rules.engine.check`: the code of the rule, the id of the matrix, the place in the source,
    and the waiver where there is one.
    """

    text: str
    activity: Activity | None = None
    party: Party | None = None
    waiver: Waiver | None = None
    rule: str = ''
    matrix: str = ''
    place: Place = field(default=Place(''))


@dataclass(frozen=True)
class Build:
    """What rules may need to know beside their matrix: the day of the build, and all matrices of the project."""

    today: date
    matrices: Sequence[Matrix]

    @cached_property
    def by_name(self) -> Mapping[str, Collection[tuple[Matrix, Activity]]]:
        """By its name, capitals or not, the first activity of each way in which those of that name are assigned."""
        found: dict[str, dict[object, tuple[Matrix, Activity]]] = {}
        for matrix in self.matrices:
            parties = tuple(party.id for party in matrix.parties)
            for activity in matrix.walk():
                way = matrix.scheme.name, parties, tuple(cell.letters for cell in activity.assignments)
                found.setdefault(activity.name.casefold(), {}).setdefault(way, (matrix, activity))
        return {name: ways.values() for name, ways in found.items()}


@dataclass(frozen=True)
class Subject:
    """A matrix as rules look at it.  ``number`` is the setting of a rule that counts."""

    matrix: Matrix
    build: Build
    number: int = 0
    rows: Sequence[tuple[Activity, Mapping[str, int]]] = ()
    """Each activity with the number of parties that have each letter; nothing for letters that none has."""

    @property
    def scheme(self) -> Scheme:
        """The scheme of the matrix."""
        return self.matrix.scheme


def rows_of(matrix: Matrix) -> list[tuple[Activity, Mapping[str, int]]]:
    """What :class:`Subject` needs to know of each activity."""
    # Most activities of a matrix share a few rows of letters.
    counts: dict[int, Mapping[str, int]] = {}
    rows = []
    for activity in matrix.walk():
        key = id(activity.assignments)
        if key not in counts:
            counts[key] = Counter(code for cell in activity.assignments for code in cell.letters)
        rows.append((activity, counts[key]))
    return rows


Find = Callable[[Subject], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check of the method.

    ``title`` says in a few words what it finds, with ``%(accountable)s`` and the like for letters of the scheme.
    ``default`` is its setting where nobody gives one.  A rule that counts has the ``number`` that "true" stands for,
    and the ``most`` that can be set.  One about whole matrices (``whole``) says nothing of one with rows unread.
    """

    code: str
    title: str
    find: Find
    default: Setting = False
    number: int | None = None
    most: int = 999_999
    whole: bool = False

    def titled(self, scheme: Scheme) -> str:
        """The title, with the letters of a scheme."""
        return self.title % {part: getattr(scheme, part) or part for part in PARTS}

    def why_not(self, value: object) -> str:
        """What to write instead of a setting that the rule cannot have; empty where it can."""
        if isinstance(value, bool):
            return ''
        if self.number is None:
            return 'true or false'
        if isinstance(value, int) and 0 <= value <= self.most:
            return ''
        return f'true, false or a whole number up to {self.most:,}'

    def limit(self, setting: Setting) -> int:
        """The number that a setting means; that of "true" where the rule is off."""
        return (self.number or 0) if isinstance(setting, bool) else setting


def letters_in(matrix: Matrix, activity: Activity) -> str:
    """Who has which letters, for a message: ``Customer: RA, Provider: I``."""
    cells = zip(matrix.parties, activity.assignments, strict=True)
    return ', '.join(f'{party.name}: {joined(cell.letters)}' for party, cell in cells if cell.letters)


def joined(letters: Iterable[str]) -> str:
    """Letters for a message: ``RA``, or ``VS R`` where a code has more than one character."""
    codes = tuple(letters)
    return ('' if all(len(code) == 1 for code in codes) else ' ').join(codes)


def named(scheme: Scheme, code: str) -> str:
    """A letter for a message: ``A (Accountable)``."""
    return f'{code} ({scheme.letter(code).name})'


def holders(matrix: Matrix, activity: Activity, code: str) -> Iterator[Party]:
    """The parties that have a letter in an activity."""
    for party, cell in zip(matrix.parties, activity.assignments, strict=True):
        if code in cell.letters:
            yield party

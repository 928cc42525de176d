"""What a rule is, what it is asked about, and what it finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sphinxcontrib_raci.model import Activity, Matrix, Party, Place, Waiver
from sphinxcontrib_raci.schemes import OWN, PARTS, Letter, Scheme, joined

Side = tuple[str | tuple[Letter, ...], str]
"""What makes letters comparable, and a party."""

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
    fault: bool = False
    """That it is about the rule, which failed: nobody can waive that."""


@dataclass(frozen=True)
class Build:
    """What rules may need to know beside their matrix: the day of the build, and all matrices of the project."""

    today: date
    matrices: Sequence[Matrix]

    @cached_property
    def by_name(self) -> Mapping[str, Mapping[Side, Mapping[tuple[str, ...], Sequence[tuple[Matrix, Activity]]]]]:
        """By its name, capitals or not, who has which letters in activities of that name.

        For each party of a scheme, its different letters, each with where they are: once or, where the same name stands
        in several matrices, in two of them.  No more is kept, as a name may stand in thousands.
        """
        found: dict[str, dict[Side, dict[tuple[str, ...], list[tuple[Matrix, Activity]]]]] = {}
        for matrix in self.matrices:
            scheme = _same(matrix.scheme)
            for activity in matrix.walk():
                sides = found.setdefault(activity.name.casefold(), {})
                for party, cell in zip(matrix.parties, activity.assignments, strict=True):
                    places = sides.setdefault((scheme, party.id), {}).setdefault(cell.letters, [])
                    if not places or (len(places) == 1 and places[0][0] is not matrix):
                        places.append((matrix, activity))
        return found

    def elsewhere(self, matrix: Matrix, activity: Activity) -> tuple[Matrix, Activity] | None:
        """An activity of the same name in another matrix, in which a party has other letters."""
        scheme = _same(matrix.scheme)
        for party, cell in zip(matrix.parties, activity.assignments, strict=True):
            for letters, places in self.by_name[activity.name.casefold()][scheme, party.id].items():
                for other, its in places if letters != cell.letters else ():
                    if other is not matrix:
                        return other, its
        return None


def _same(scheme: Scheme) -> str | tuple[Letter, ...]:
    """What schemes have in common whose letters compare: those that sources call their own share just that name."""
    return scheme.letters if scheme.name == OWN else scheme.name


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


def named(scheme: Scheme, code: str) -> str:
    """A letter for a message: ``A (Accountable)``."""
    return f'{code} ({scheme.letter(code).name})'

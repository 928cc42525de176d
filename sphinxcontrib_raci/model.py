"""A responsibility assignment matrix as data.

Everything that a page can say about a matrix is in these records, and nothing else is: they know no file format, no
Sphinx and no docutils.  They are made by :mod:`sphinxcontrib_raci.sources` and never changed afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sphinxcontrib_raci.packing import Packable
from sphinxcontrib_raci.schemes import RACI, Scheme


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a source; line and column count from 1, 0 means "the file as a whole".

    ``cell`` is the address in a spreadsheet (``Sheet1!C14``), where the source is one.
    """

    path: str
    line: int = 0
    column: int = 0
    cell: str = ''

    def __str__(self) -> str:
        """``path:line:column``, as far as known: the form in which Sphinx prints a location."""
        if self.cell:
            return f'{self.path}:{self.cell}'
        return ':'.join([self.path, *(str(number) for number in (self.line, self.column) if number)])


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a source that is not as the format asks.

    ``kind`` is ``structure`` for what the JSON Schema finds too, ``meaning`` for what needs more than the schema (an id
    used twice, an unknown party or letter), ``syntax`` for what stands in the way of reading the file as such: it is
    missing, it breaks off, or it uses what the format leaves out of YAML.  Tables have three more: ``row`` names a row
    that is neither an activity nor a section nor a letter's meaning in the matrix, ``cell`` one that is read in another
    way than it is written, ``read`` says how something was understood.  Commands have more of their own, which the
    chapter "The command" of the manual lists.

    ``level`` is ``error`` or ``warning``, or ``info`` where nothing is wrong and the reader is only told.
    """

    place: Place
    text: str
    kind: str = 'structure'
    level: str = 'error'


@dataclass(frozen=True, slots=True)
class Party:
    """Who takes part: one column of a matrix.  ``named`` says that the matrix itself gives the name.

    ``line`` and ``column`` are its place in the source of the matrix.
    """

    id: str
    name: str
    description: str = ''
    named: bool = field(default=True, compare=False)
    line: int = field(default=0, compare=False)
    column: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Assignment(Packable):
    """The part of one party in one activity: codes in the order of the scheme (``('R', 'A')``), none for no part."""

    letters: tuple[str, ...] = ()
    note: str = ''


NO_PART = Assignment()


@dataclass(frozen=True, slots=True)
class Link:
    """A link that belongs to an activity."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """The reason why a rule, named by its code, need not hold; ``line`` and ``column`` are its place in the source."""

    rule: str
    reason: str
    line: int = field(default=0, compare=False)
    column: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Activity(Packable):
    """One row: what is to be done, and by whom.

    ``assignments`` holds one entry for each party of the matrix, in the order of the matrix.  ``derived`` says that the
    id was made from the name, as the source gives none.  ``line`` and ``column`` are its place in the source.
    """

    id: str
    name: str
    assignments: tuple[Assignment, ...]
    line: int = 0
    column: int = 0
    note: str = ''
    links: tuple[Link, ...] = ()
    tags: tuple[str, ...] = ()
    scopes: tuple[str, ...] | None = None
    formerly: tuple[str, ...] = ()
    waive: tuple[Waiver, ...] = ()
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A titled group of activities and of further sections.  ``id`` is empty where the source gives none."""

    title: str
    id: str = ''
    intro: str = ''
    activities: tuple[Activity, ...] = ()
    sections: tuple[Section, ...] = ()
    waive: tuple[Waiver, ...] = ()
    line: int = 0

    def walk(self) -> Iterator[Activity]:
        """All activities in it, in the order of the source."""
        yield from self.activities
        for section in self.sections:
            yield from section.walk()


@dataclass(frozen=True, slots=True)
class Matrix:
    """One responsibility assignment matrix: the whole of one source.

    ``root`` is a section without a title that holds the activities and sections of the top.  ``unread`` names the rows
    that could not be read, each with its line: a reader of the page is told that they are missing.
    """

    id: str
    title: str
    parties: tuple[Party, ...]
    root: Section
    path: str = ''
    revision: str = ''
    review_by: str = ''
    scheme: Scheme = RACI
    scopes: tuple[tuple[str, str], ...] = ()
    markup: bool = False
    rules: tuple[tuple[str, bool | int], ...] = ()
    unread: tuple[tuple[str, int], ...] = ()
    line: int = 0
    sheets: tuple[str, ...] = field(default=(), compare=False)

    def walk(self) -> Iterator[Activity]:
        """All activities, in the order of the source."""
        return self.root.walk()

    def column(self, party: str) -> int | None:
        """The index of a party's column, ``None`` where the matrix does not list it."""
        return next((index for index, entry in enumerate(self.parties) if entry.id == party), None)


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one source gave: the matrix as far as it is sound, and every problem found on the way.

    ``own`` says that the source is in the project's own format, and no table or tree of another shape.
    """

    matrix: Matrix | None
    problems: tuple[Problem, ...] = field(default=())
    own: bool = True

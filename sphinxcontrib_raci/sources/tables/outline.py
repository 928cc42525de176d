"""The sections of a page: from headings, numbers, columns and rows of titles to a tree."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence as Many
from dataclasses import dataclass, field

from sphinxcontrib_raci.sources.page import Cell, Heading
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tables.titles import NUMBERED, is_numbered
from sphinxcontrib_raci.sources.tree import Mapping_, Node, Scalar, Sequence
from sphinxcontrib_raci.wording import squeezed

_ARROW = re.compile(r'(?<![^ ])\\(\\*>)(?![^ ])')


def text_node(text: str, line: int, column: int) -> Scalar:
    """A text in the tree that never means "no value"."""
    return Scalar(text, False, line, column)


def mapping(line: int, column: int, **values: Node | None) -> Mapping_:
    """A mapping of the given values, without those that are ``None``."""
    keys = {key.replace('_', '-'): value for key, value in values.items() if value is not None}
    pairs = tuple((Scalar(key, True, line, column), value) for key, value in keys.items())
    return Mapping_(pairs, line, column)


@dataclass(slots=True)
class Part:
    """A section that is being put together.  ``depth`` is 0 for the whole page."""

    title: str
    depth: int
    line: int = 0
    column: int = 1
    holds: bool = False
    activities: list[Node] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    intro: list[str] = field(default_factory=list)
    ident: Scalar | None = None
    waive: list[tuple[Scalar, Node]] = field(default_factory=list)

    def wanted(self) -> bool:
        """Whether anything of the matrix stands in it."""
        return self.holds or bool(self.activities) or any(part.wanted() for part in self.parts)

    def values(self) -> dict[str, Node | None]:
        """What it holds, by the keys of the source format."""
        line, column = self.line, self.column
        sections = tuple(mapping(part.line, part.column, **part.values()) for part in self.parts if part.wanted())
        intro = '\n\n'.join(self.intro)
        return {
            'id': self.ident,
            'title': text_node(self.title, line, column) if self.depth else None,
            'intro': text_node(intro, line, column) if intro else None,
            'waive': Mapping_(tuple(self.waive), line, column) if self.waive else None,
            'activities': Sequence(tuple(self.activities), line, column) if self.activities else None,
            'sections': Sequence(sections, line, column) if sections else None,
        }


class Outline:
    """Puts rows where they belong.  ``own`` says that the page was written by this package: its titles stay as is."""

    def __init__(self, headings: Many[Heading], problems: Problems, own: bool) -> None:
        self.root = Part('', 0)
        self._problems = problems
        self._own = own
        self._numbers = {} if own else _numbers(headings)
        depths = {heading.level: Counter[int]() for heading in headings}
        for heading in headings:
            if heading in self._numbers:
                depths[heading.level][len(self._numbers[heading][0])] += 1
        self._depths = {level: counts.most_common(1)[0][0] for level, counts in depths.items() if counts}
        self._stack = [self.root]
        self._level = 0
        self._groups: list[Part] = []
        self._seen: dict[tuple[str, ...], int] = {}

    @property
    def current(self) -> Part:
        """The section of the last heading."""
        return self._stack[-1]

    def heading(self, heading: Heading) -> None:
        """A heading begins a section, for the time being."""
        self._groups = []
        number, title = self._numbers.get(heading, ((), heading.text))
        if number:
            depth = len(number)
            first = self._seen.setdefault(number, heading.line)
            if first != heading.line:
                text = f'the number {".".join(number)} is that of the heading in line {first} too; numbers are left out'
                self._problems.add(heading, text, 'read', 'info')
        elif self._own:
            depth = max(heading.level - 1, 1)
        elif self._numbers and self.current.depth and heading.level > self._level:
            depth = self.current.depth + 1
        else:
            depth = self._depths.get(heading.level, heading.level)
        self._level = heading.level
        while self._stack[-1].depth >= depth:
            self._stack.pop()
        part = Part(title, depth, heading.line, heading.column, holds=self._own)
        self._stack[-1].parts.append(part)
        self._stack.append(part)

    def table(self) -> None:
        """A table of the matrix begins: titles of earlier tables end."""
        self._groups = []
        self.current.holds = True

    def group(self, cell: Cell) -> None:
        """A row of a table is the title of a section."""
        title = squeezed(cell.text)
        match = NUMBERED.fullmatch(title) if is_numbered(title) else None
        depth = len(match['number'].split('.')) if match else 1
        while self._groups and self._groups[-1].depth >= depth:
            self._groups.pop()
        part = Part(match['title'] if match else title, depth, cell.line, cell.column, holds=True)
        (self._groups[-1] if self._groups else self.current).parts.append(part)
        self._groups.append(part)

    def open(self, path: Many[str], line: int, column: int, *, new: bool = False) -> Part:
        """The section that columns of a table name; ``new`` begins it even if the one before has the same title."""
        part = self._groups[-1] if self._groups else self.current
        titles = [title for step in path for title in split_path(step)]
        for index, title in enumerate(titles, start=1):
            last = part.parts[-1] if part.parts else None
            if last is None or last.title != title or (new and index == len(titles)):
                last = Part(title, part.depth + 1, line, column, holds=True)
                part.parts.append(last)
            part = last
        return part


def split_path(text: str) -> list[str]:
    """The titles in ``A > B``; a ``>`` with a backslash before it belongs to a title."""
    return [_ARROW.sub(r'\1', squeezed(title)) for title in text.split(' > ')]


def _numbers(headings: Many[Heading]) -> dict[Heading, tuple[tuple[str, ...], str]]:
    """The numbers of headings, each with the title without it; none where the page does not number its headings."""
    found = {heading: match for heading in headings if (match := NUMBERED.fullmatch(heading.text))}
    numbers = {heading: tuple(match['number'].split('.')) for heading, match in found.items()}
    sure = {heading for heading, match in found.items() if match['end'] or len(numbers[heading]) > 1}
    firsts = {numbers[heading][0] for heading in sure}
    # "5 nines" is a title, unless there is a "5.1" too, or "1", "2", "3" stand in a row.
    bare = [numbers[heading][0] for heading in headings if heading in found and heading not in sure]
    counted = bare[:1] == ['1'] and len(bare) > 1
    # A number without a dot goes on where others have one.
    after = {str(int(first) + 1) for first in firsts}
    chosen = [one for one in found if one in sure or counted or numbers[one][0] in firsts | after]
    # A single one may be anything, unless it has several parts.
    certain = len(chosen) > 1 or any(len(numbers[one]) > 1 for one in chosen)
    return {one: (numbers[one], found[one]['title']) for one in chosen} if certain else {}

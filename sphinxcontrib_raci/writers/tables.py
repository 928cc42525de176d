"""A matrix as plain text in tables: what CSV, XLSX, Markdown and reStructuredText have in common."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sphinxcontrib_raci.model import Activity, Link, Matrix, Section, Waiver
from sphinxcontrib_raci.sources.vocabulary import COLUMNS, key
from sphinxcontrib_raci.writers.tree import Value, given_ids, head, letters_text

TICK = 'X'
"""What stands in the column of a scope that an activity applies to."""

_BETWEEN = ' > '
# A title may hold, or begin or end with, what stands between titles.
_ARROW = re.compile(r'(?<![^ ])(\\*>)(?![^ ])')
_LISTS = ('tags', 'formerly')

Entry = str | Link


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``kind`` is one of the known titles, ``party`` or ``scope``; the latter two have an index."""

    kind: str
    title: str
    index: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A section with its depth (1 for those at the top), and the path of titles that leads to it, its own included."""

    section: Section
    depth: int
    path: tuple[str, ...]
    again: bool = False
    """Whether a section before it, in the same section, has the same title."""


class Tables:
    """A matrix as rows of texts."""

    def __init__(self, matrix: Matrix) -> None:
        self.matrix = matrix
        self._given = given_ids(matrix.root, list(matrix.walk()))
        titles = _titles(matrix)
        count = len(matrix.parties)
        self._parties = [Column('party', title, index) for index, title in enumerate(titles[:count])]
        self._scopes = [Column('scope', title, index) for index, title in enumerate(titles[count:])]

    def parts(self) -> Iterator[Part]:
        """The matrix itself as a section of depth 0, then all sections, each before those in it."""
        return _parts(self.matrix.root, 0, ())

    def columns(self, activities: Sequence[Activity]) -> list[Column]:
        """The columns that a table of these activities needs, the activity first."""
        more = [
            Column(word, word)
            for word in ('id', 'note', *COLUMNS[COLUMNS.index('tags') :])
            if any(any(self.entries(activity, Column(word, word))) for activity in activities)
        ]
        return [Column('activity', 'activity'), *self._parties, *self._scopes, *more]

    def entries(self, activity: Activity, column: Column) -> tuple[Entry, ...]:
        """What stands in the cell of an activity: nothing, or one text or link after the other."""
        kind = column.kind
        if kind == 'party':
            return (self._part(activity, column.index),)
        if kind == 'scope':
            applies = activity.scopes is None or self.matrix.scopes[column.index][0] in activity.scopes
            return (TICK if applies else '',)
        if kind in _LISTS:
            return (', '.join(activity.tags if kind == 'tags' else activity.formerly),)
        if kind == 'links':
            return activity.links
        if kind == 'waive':
            return waived(activity.waive)
        texts = {'id': activity.id if activity.id in self._given else '', 'activity': activity.name}
        return (texts.get(kind, activity.note),)

    def _part(self, activity: Activity, index: int) -> str:
        cell = activity.assignments[index]
        letters = letters_text(cell.letters, self.matrix.scheme)
        return f'{letters} ({cell.note})'.strip() if cell.note else letters


def pairs(matrix: Matrix, name: str = '') -> list[tuple[str, str]]:
    """All that a matrix has beside its rows, as texts under keys with dots: ``parties.provider.name``."""
    return list(_flat(head(matrix, name), ''))


def waived(waive: Iterable[Waiver]) -> tuple[str, ...]:
    """Each waiver as one text: ``rule: reason``."""
    return tuple(f'{waiver.rule}: {waiver.reason}' for waiver in waive)


def grid(matrix: Matrix) -> list[list[str]]:
    """One table of the whole matrix, its head first: a row for each activity, and for each section that needs one."""
    tables = Tables(matrix)
    rows: list[dict[str, str]] = []
    for part in tables.parts():
        path = _BETWEEN.join(_ARROW.sub(r'\\\1', title) for title in part.path)
        if part.depth and _needs_row(part):
            rows.append(_section_row(part.section) | {'section': path})
        columns = tables.columns(part.section.activities)
        for activity in part.section.activities:
            cells = {column.title: _joined(tables.entries(activity, column)) for column in columns}
            rows.append(cells | {'section': path})
    used = {title for row in rows for title, text in row.items() if text}
    always = [column.title for column in tables.columns(())]
    first = [word for word in ('id', 'section') if word in used]
    last = [word for word in COLUMNS[COLUMNS.index('note') :] if word in used]
    titles = [*first, *always, *last]
    return [titles, *([row.get(title, '') for title in titles] for row in rows)]


def _joined(entries: Iterable[Entry]) -> str:
    return '\n'.join(f'{entry.text} <{entry.url}>' if isinstance(entry, Link) else entry for entry in entries)


def _needs_row(part: Part) -> bool:
    """Whether the rows of its activities do not say all of a section."""
    section = part.section
    empty = not section.activities and not section.sections
    return bool(section.id or section.intro or section.waive or empty or part.again)


def _section_row(section: Section) -> dict[str, str]:
    return {'id': section.id, 'note': section.intro, 'waive': _joined(waived(section.waive))}


def _parts(section: Section, depth: int, path: tuple[str, ...], again: bool = False) -> Iterator[Part]:
    yield Part(section, depth, path, again)
    seen: set[str] = set()
    for below in section.sections:
        yield from _parts(below, depth + 1, (*path, below.title), below.title in seen)
        seen.add(below.title)


def _titles(matrix: Matrix) -> list[str]:
    """The titles of the columns of parties and scopes, no two alike: names, ids where names are not enough."""
    columns = [('parties', party.id, party.name) for party in matrix.parties]
    columns += [('scopes', ident, name) for ident, name in matrix.scopes]
    names = Counter(key(name) for _, _, name in columns)
    ids = Counter(ident for _, ident, _ in columns)
    taken = {'', *COLUMNS}

    def title(group: str, ident: str, name: str) -> str:
        if names[key(name)] == 1 and key(name) not in taken and key(name) not in ids.keys() - {ident}:
            return name
        free = ids[ident] == 1 and ident not in taken and names[ident] == (key(name) == ident)
        return ident if free else f'{group}.{ident}'

    return [title(*column) for column in columns]


def _flat(value: Value, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, entry in value.items():
            yield from _flat(entry, f'{path}.{name}' if path else name)
    else:
        yield path, str(value).lower() if isinstance(value, bool) else str(value)

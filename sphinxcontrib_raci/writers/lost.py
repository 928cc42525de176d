"""What one matrix has and another lacks: how a tool says what a format could not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sphinxcontrib_raci.model import Activity, Matrix, Section
from sphinxcontrib_raci.wording import listed, quoted

Get = Callable[[Any], object]
Titled = tuple[tuple[str, ...], Section]


def lost(before: Matrix, after: Matrix | None) -> list[str]:
    """Each kind of difference in words, none where the matrices say the same; places do not count.

    ``after`` is what was read back of the file that ``before`` was written to.
    """
    if after is None:
        return ['everything: the file cannot be read back']
    return [
        *(f'the {name}' for name, get in _MATRIX if get(before) != get(after)),
        *_columns('party', 'parties', _parties(before), _parties(after)),
        *_columns('scope', 'scopes', list(before.scopes), list(after.scopes)),
        *_sections(before, after),
        *_activities(before, after),
    ]


_MATRIX: tuple[tuple[str, Callable[[Matrix], object]], ...] = (
    ('id of the matrix', lambda matrix: matrix.id),
    ('title of the matrix', lambda matrix: matrix.title),
    ('intro of the matrix', lambda matrix: matrix.root.intro),
    ('revision', lambda matrix: matrix.revision),
    ('date of the next review', lambda matrix: matrix.review_by),
    ('name of the scheme', lambda matrix: matrix.scheme.name),
    ('names and meanings of the letters', lambda matrix: matrix.scheme.letters),
    ('markup of the texts', lambda matrix: matrix.markup),
    ('settings of the rules', lambda matrix: sorted(matrix.rules)),
    ('waivers of the matrix', lambda matrix: matrix.root.waive),
)

_SECTION: tuple[tuple[str, str, Callable[[Titled], object]], ...] = (
    ('title', 'titles', lambda entry: entry[1].title),
    ('place', 'places', lambda entry: entry[0][:-1]),
    ('id', 'ids', lambda entry: entry[1].id),
    ('intro', 'intros', lambda entry: entry[1].intro),
    ('waivers', 'waivers', lambda entry: entry[1].waive),
)


def _parties(matrix: Matrix) -> list[tuple[str, ...]]:
    return [(party.id, party.name, party.description) for party in matrix.parties]


def _columns(
    one: str, several: str, before: Sequence[tuple[str, ...]], after: Sequence[tuple[str, ...]]
) -> Iterator[str]:
    """Differences of parties or scopes, which are given as tuples that begin with an id."""
    ids, other = [entry[0] for entry in before], [entry[0] for entry in after]
    if ids != other:
        missing = [ident for ident in ids if ident not in other]
        yield f'{_counted(missing, one, several)}' if missing else f'the {several}, which are {listed(other)} now'
        return
    names = [old[0] for old, new in zip(before, after, strict=True) if old[1] != new[1]]
    texts = [old[0] for old, new in zip(before, after, strict=True) if old[2:] != new[2:]]
    for what, whats, changed in (('name', 'names', names), ('description', 'descriptions', texts)):
        if changed:
            yield _of(what, whats, [f'{one} {quoted(name)}' for name in changed], several)


def _sections(before: Matrix, after: Matrix) -> Iterator[str]:
    pairs, missing, new = _aligned(
        list(_titled(before.root, ())), list(_titled(after.root, ())), lambda entry: entry[0]
    )
    if missing:
        yield _counted([entry[1].title for entry in missing], 'section', 'sections')
    if new:
        yield _counted([entry[1].title for entry in new], 'new section', 'new sections')
    for one, several, get in _SECTION:
        changed = [f'section {quoted(old[1].title)}' for old, other in pairs if get(old) != get(other)]
        if changed:
            yield _of(one, several, changed, 'sections')


def _titled(section: Section, path: tuple[str, ...]) -> Iterator[Titled]:
    for part in section.sections:
        yield (*path, part.title), part
        yield from _titled(part, (*path, part.title))


def _activities(before: Matrix, after: Matrix) -> Iterator[str]:
    pairs, missing, new = _aligned(list(before.walk()), list(after.walk()), lambda activity: activity.name)
    if missing:
        yield _counted([activity.name for activity in missing], 'activity', 'activities')
    if new:
        yield _counted([activity.name for activity in new], 'new activity', 'new activities')
    for one, several, old_get, new_get in _activity_fields(before, after):
        changed = [old.name for old, other in pairs if old_get(old) != new_get(other)]
        if changed:
            yield _of(one, several, [f'activity {quoted(name)}' for name in changed], 'activities')
    notes = [(old.name, count) for old, other in pairs if (count := _notes(old, other))]
    if notes:
        total = sum(count for _, count in notes)
        owner = f'activity {quoted(notes[0][0])}' if len(notes) == 1 else f'{len(notes)} activities'
        yield f'the note{"s" if total > 1 else ""} of {total} assignment{"s" if total > 1 else ""} in {owner}'


def _activity_fields(before: Matrix, after: Matrix) -> Iterator[tuple[str, str, Get, Get]]:
    def same(one: str, several: str, get: Get) -> tuple[str, str, Get, Get]:
        return one, several, get, get

    old_places, new_places = _places(before.root), _places(after.root)
    yield 'section', 'sections', lambda entry: old_places[id(entry)], lambda entry: new_places[id(entry)]
    yield same('id', 'ids', lambda entry: entry.id)
    yield same('name', 'names', lambda entry: entry.name)
    yield same('letters', 'letters', lambda entry: [cell.letters for cell in entry.assignments])
    yield same('note', 'notes', lambda entry: entry.note)
    yield same('links', 'links', lambda entry: entry.links)
    yield same('tags', 'tags', lambda entry: entry.tags)
    yield 'scopes', 'scopes', _scopes(before), _scopes(after)
    yield same('old ids', 'old ids', lambda entry: entry.formerly)
    yield same('waivers', 'waivers', lambda entry: entry.waive)


def _scopes(matrix: Matrix) -> Get:
    """What gives the scopes of an activity: none named, and all of them, is the same."""
    every = frozenset(ident for ident, _ in matrix.scopes)
    return lambda activity: every if activity.scopes is None else frozenset(activity.scopes)


def _places(root: Section) -> dict[int, tuple[str, ...]]:
    """The path of titles for each activity, by identity: ids may be what differs."""
    found = {id(activity): () for activity in root.activities}
    return found | {id(activity): path for path, part in _titled(root, ()) for activity in part.activities}


def _notes(before: Activity, after: Activity) -> int:
    notes = [[cell.note for cell in activity.assignments] for activity in (before, after)]
    return sum(old != new for old, new in zip(*notes, strict=False))


def _aligned(before: list[Any], after: list[Any], get: Get) -> tuple[list[tuple[Any, Any]], list[Any], list[Any]]:
    """What belongs together, what is missing and what is new."""
    if len(before) == len(after):
        return list(zip(before, after, strict=True)), [], []
    # Of several with one name, the first belongs to the first.
    waiting: dict[object, list[Any]] = {}
    for entry in reversed(after):
        waiting.setdefault(get(entry), []).append(entry)
    pairs, missing = [], []
    for entry in before:
        if found := waiting.get(get(entry)):
            pairs.append((entry, found.pop()))
        else:
            missing.append(entry)
    left = {id(entry) for entries in waiting.values() for entry in entries}
    return pairs, missing, [entry for entry in after if id(entry) in left]


def _of(one: str, several: str, owners: list[str], kinds: str) -> str:
    return f'the {one} of {owners[0]}' if len(owners) == 1 else f'the {several} of {len(owners)} {kinds}'


def _counted(names: list[str], one: str, several: str) -> str:
    return f'{one} {quoted(names[0])}' if len(names) == 1 else f'{len(names)} {several}: {listed(names)}'

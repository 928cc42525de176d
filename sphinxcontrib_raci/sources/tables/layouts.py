"""What the columns of a table are: finding the head, the activities, the parties, and which way the table lies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice, pairwise

from sphinxcontrib_raci.sources import vocabulary
from sphinxcontrib_raci.sources.page import Cell, Row, Table
from sphinxcontrib_raci.sources.tables.cells import CellReader, plain
from sphinxcontrib_raci.sources.tables.heads import TICKS, filled, find_head, letter_columns, texts_of, whole_head
from sphinxcontrib_raci.sources.vocabulary import key

ENOUGH = 1000
"""So many rows of a table tell what its columns are."""

_SHORT = 12


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    ``kind`` is ``activity``, ``party``, ``scope``, ``section``, ``note``, ``id``, ``tags``, ``links``, ``formerly``,
    ``waive``, ``number`` (numbers of rows), ``letters`` (in a long table), ``letter:R`` (parties that have this
    letter), ``text`` (any other text), ``empty``, or ``unknown``: letters without a title, a title that ours has not.
    """

    kind: str
    index: int
    head: Cell

    @property
    def title(self) -> str:
        """Its title, on one line."""
        return ' '.join(plain(self.head.text).split())


@dataclass(frozen=True)
class Layout:
    """How a table is to be read.

    ``kind`` is ``wide`` (a row for each activity, a column for each party), ``turned`` (the other way round),
    ``letters`` (columns of letters that hold parties), ``long`` (a row for each assignment), or ``foreign`` where the
    table is no matrix.  ``second`` is the second row of a head that has two.
    """

    kind: str
    above: tuple[Row, ...] = ()
    head: Row | None = None
    second: Row | None = None
    body: tuple[Row, ...] = ()
    columns: tuple[Column, ...] = ()

    @cached_property
    def _by_kind(self) -> dict[str, list[Column]]:
        # Each row asks for them.
        return {kind: [one for one in self.columns if one.kind == kind] for kind in {one.kind for one in self.columns}}

    def of(self, kind: str) -> list[Column]:
        """The columns of a kind, in order."""
        return self._by_kind.get(kind, [])


def keys_of(row: Row) -> list[str]:
    """The texts of a row as titles are compared."""
    return [key(cell.text) for cell in row.cells]


def is_again(row: Row, layout: Layout) -> bool:
    """Whether the head stands in a row once more, be it with another text in its corner."""
    return layout.head is not None and len(filled(row)) > 2 and keys_of(row)[1:] == keys_of(layout.head)[1:]


def corner_of(row: Row) -> str:
    """The title in the corner of a head, empty where it only says what stands below it."""
    title = keys_of(row)[0] if row.cells else ''
    return '' if vocabulary.names_activities(title) or title in vocabulary.PARTY else title


def find_layout(table: Table, cells: CellReader, known: frozenset[str], others: frozenset[str] = frozenset()) -> Layout:
    """How a table is to be read.

    ``known`` are names of parties, as :func:`~.vocabulary.key` makes them, ``others`` titles of columns that hold
    something else in another table.
    """
    index = find_head(table, cells)
    if index is None:
        return Layout('foreign', body=table.rows)
    head, second, body = whole_head(table.rows, index, cells)
    layout = Layout('foreign', table.rows[:index], head, second, body)
    several = (row for row in body if len(filled(row)) > 1 and not row.title and not is_again(row, layout))
    rows = list(islice(several, ENOUGH))
    letters = letter_columns(head, rows, cells)
    if letters:
        return replace(layout, kind='letters', columns=_with_activity(head, rows, letters))
    columns = tuple(_classified(column, cell, rows, cells, known) for column, cell in enumerate(head.cells))
    long = _long(columns, rows)
    if long:
        return replace(layout, kind='long', columns=long)
    parties = [column for column in columns if column.kind == 'party']
    lettered = any(cells.is_part(text) for one in parties for text in texts_of(one.index, rows))
    lettered = lettered and _is_matrix(head, parties, rows, cells, known)
    # One without rows may be a section that is not filled yet.
    if not lettered and (body or not parties):
        return layout
    columns = _parties_between(columns, others)
    columns = _with_activity(head, rows, {one.index: one.kind for one in columns})
    if not any(column.kind == 'activity' for column in columns):
        return layout
    turned = _is_turned(columns, rows, cells, known)
    return replace(layout, kind='turned' if turned else 'wide', columns=columns)


def _is_matrix(
    head: Row, parties: Sequence[Column], rows: Sequence[Row], cells: CellReader, known: frozenset[str]
) -> bool:
    """Whether letters are those of a matrix, and not grades or priorities: words and names say so, or R is there."""
    titles = {key(cell.text) for cell in head.cells}
    if titles & (known | vocabulary.ACTIVITY | vocabulary.PARTY):
        return True
    texts = (text for one in parties for text in texts_of(one.index, rows) if cells.is_part(text))
    return any(cells.codes[0] in cells.read(text).letters for text in texts)


def counted(layout: Layout, cells: CellReader) -> int:
    """How many cells of a table say that a party has a part."""
    rows = list(islice((row for row in layout.body if len(filled(row)) > 1), ENOUGH))
    if layout.kind == 'letters':
        columns = [column for column in layout.columns if column.kind.startswith('letter:')]
        return sum(len(texts_of(column.index, rows)) for column in columns)
    kind = {'long': 'letters', 'wide': 'party', 'turned': 'party'}.get(layout.kind, '')
    return sum(cells.is_part(text) for column in layout.of(kind) for text in texts_of(column.index, rows))


def _special(title: str) -> str:
    words = {'id': vocabulary.ID, 'section': vocabulary.SECTION, 'note': vocabulary.NOTE, 'number': vocabulary.NUMBER}
    found = next((kind for kind, titles in words.items() if title in titles), '')
    return found or (title if title in vocabulary.KEYS else '')


def _classified(index: int, head: Cell, rows: Sequence[Row], cells: CellReader, known: frozenset[str]) -> Column:
    texts = texts_of(index, rows)
    kind = _kind(key(head.text), texts, cells, known)
    if kind == 'unknown' and index == 0:
        # At the left, what has no title counts or groups the rows.
        kind = 'number' if max(map(len, texts)) == 1 and len(set(texts)) == len(texts) else 'text'
    return Column(kind, index, head)


def has_letters(layout: Layout, column: Column, cells: CellReader) -> bool:
    """Whether anybody has a part in a column."""
    return any(column.index < len(row.cells) and cells.is_part(row.cells[column.index].text) for row in layout.body)


def _kind(title: str, texts: list[str], cells: CellReader, known: frozenset[str]) -> str:
    parts = sum(map(cells.is_part, texts))
    readable = parts + sum(map(cells.is_none, texts))
    by_title = _kind_by_title(title, known, certain=bool(parts) and readable == len(texts))
    if by_title == 'party' and 2 * readable < len(texts):
        by_title = ''
    if by_title:
        return by_title
    if parts and not title:
        return 'unknown'
    if parts and 2 * readable >= len(texts):
        return 'party'
    if texts and all(text.casefold() in TICKS for text in texts):
        return 'scope'
    if _special(title):
        return _special(title)
    if readable == len(texts):
        return 'maybe' if title else 'empty'
    # Beside columns of letters, one with a few of them has wrong letters rather than notes.
    wrong = [text for text in texts if not (cells.is_part(text) or cells.is_none(text))]
    if parts and max(map(len, wrong)) <= _SHORT:
        return 'maybe'
    return 'number' if not title and all(text.strip('.').replace('.', '').isdigit() for text in texts) else 'text'


def _kind_by_title(title: str, known: frozenset[str], *, certain: bool) -> str:
    """What a column is by its title alone, empty where its texts have to tell; ``certain``: all of them are letters."""
    if title in known:
        return 'party'
    # An activity may be called "CI".
    if title in vocabulary.OTHER or (title in vocabulary.ACTIVITY and title not in vocabulary.LETTERS):
        return 'text'
    special = _special(title)
    return '' if special in ('', 'note') or certain else special


def _parties_between(columns: tuple[Column, ...], others: frozenset[str]) -> tuple[Column, ...]:
    """The columns with those that have no letters, or few, taken for parties beside others that have them."""
    maybe = [column for column in columns if column.kind == 'maybe']
    named = [column for column in maybe if key(column.head.text) in vocabulary.ACTIVITY | others]
    if not any(column.kind == 'text' for column in columns):
        # Something has to name the activities: "CI" and "QA" may be among them.
        named = named or maybe[:1]
    if not any(column.kind == 'party' for column in columns):
        named = maybe
    kinds = {column.index: 'text' if column in named else 'party' for column in maybe}
    return tuple(replace(column, kind=kinds.get(column.index, column.kind)) for column in columns)


def _long(columns: tuple[Column, ...], rows: Sequence[Row]) -> tuple[Column, ...]:
    """The columns of a long table; none where it is no such table."""
    lettered = [column for column in columns if column.kind == 'party']
    if len(lettered) != 1 or not rows:
        return ()
    rest = [column for column in columns if column.kind in ('text', 'section', 'id', 'maybe')]
    who = next((column for column in rest if key(column.head.text) in vocabulary.PARTY), None)
    what = next((column for column in rest if column is not who and key(column.head.text) in vocabulary.ACTIVITY), None)
    what = what or next((column for column in rest if column is not who and column.kind == 'text'), None)
    named = [column for column in (what, *(one for one in rest if one.kind == 'id')) if column]
    if who is None or not named:
        return ()
    if key(lettered[0].head.text) not in vocabulary.LETTERS and len(texts_of(who.index, rows)) < len(rows):
        return ()
    kinds: Mapping[int, str] = {lettered[0].index: 'letters', who.index: 'party'} | (
        {what.index: 'activity'} if what else {}
    )
    return tuple(replace(column, kind=kinds.get(column.index, column.kind)) for column in columns)


def _with_activity(head: Row, rows: Sequence[Row], kinds: Mapping[int, str]) -> tuple[Column, ...]:
    """The columns with the one that names the activities found among those that hold text."""
    titles = [key(cell.text) for cell in head.cells]
    default = {index: _special(title) or 'text' for index, title in enumerate(titles)}
    found = {index: kinds.get(index, default[index]) for index in range(len(titles))}
    if 'activity' not in found.values():
        chosen = _activity(titles, found, rows)
        for index in [index for index in chosen[:-1] if found[index] == 'text']:
            found[index] = 'section'
        if chosen:
            found[chosen[-1]] = 'activity'
    return tuple(Column(found[index], index, cell) for index, cell in enumerate(head.cells))


def _activity(titles: list[str], kinds: Mapping[int, str], rows: Sequence[Row]) -> list[int]:
    """The columns that lead to the one that names the activities, this one last: those before it group the rows."""
    texts = [index for index, kind in kinds.items() if kind == 'text']
    strong = [
        index for index in texts if vocabulary.names_activities(titles[index]) and titles[index] not in vocabulary.WEAK
    ]
    named = strong or [index for index in texts if titles[index] in vocabulary.ACTIVITY]
    # Where nothing else is left, a column called "Phase" or "Note" is what names the rows.
    candidates = named or texts or [index for index, kind in kinds.items() if kind in ('section', 'note', 'id')]
    if not candidates:
        return []
    chosen = candidates[0]
    left = [index for index in texts if index < chosen and titles[index] not in vocabulary.OTHER]
    before = [index for index in left if _groups(index, rows) or titles[index] in vocabulary.WEAK]
    after = [index for index in texts if index == chosen + 1]
    if after and not (named and after[0] not in named) and _groups(chosen, rows) and not _groups(after[0], rows):
        return [*before, chosen, after[0]]
    return [*before, chosen]


def _groups(index: int, rows: Sequence[Row]) -> bool:
    """Whether a column groups rows: it has blanks below a text, or the same text again in the next row."""
    texts = [row.cells[index].text.strip() if index < len(row.cells) else '' for row in rows]
    if not texts or not texts[0]:
        return False
    return '' in texts or any(one == other for one, other in pairwise(texts))


def _is_turned(columns: tuple[Column, ...], rows: Sequence[Row], cells: CellReader, known: frozenset[str]) -> bool:
    """Whether parties stand in rows and activities in columns."""
    corner = next(column for column in columns if column.kind == 'activity')
    title = key(corner.head.text)
    across = [column for column in columns if column.kind == 'party']
    heads = {key(column.head.text) for column in across}
    names = {key(text) for text in texts_of(corner.index, rows)}
    if known & heads or title in vocabulary.ACTIVITY:
        return False
    if names and known and names <= known:
        return True
    by_column = [_accountable(texts_of(one.index, rows), cells) for one in across]
    by_row = [_accountable((cell.text for cell in row.cells[1:]), cells) for row in rows]
    # Each activity has one accountable party: where only the columns have, they are the activities.
    if set(by_row) == {1} and set(by_column) != {1}:
        return False
    return title in vocabulary.PARTY or (len(across) > 2 and len(rows) > 1 and set(by_column) == {1} != set(by_row))


def _accountable(texts: Iterable[str], cells: CellReader) -> int:
    return sum('A' in cells.read(text).letters for text in texts if cells.is_part(text))

"""What the columns of a table are: finding the head, the activities, the parties, and which way the table lies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from sphinxcontrib_raci.sources import vocabulary
from sphinxcontrib_raci.sources.page import Cell, Row, Table
from sphinxcontrib_raci.sources.tables.cells import CellReader, NotLetters, plain
from sphinxcontrib_raci.sources.tables.legends import in_text
from sphinxcontrib_raci.sources.vocabulary import key

TICKS = frozenset({'x', '✓', '✔', '☑', '✅', '✗x', 'yes', 'oui', 'ja', 'sí', 'si', 'sim', 'true', '●', '•'})
UNTICKED = frozenset({'', '-', '–', '—', 'no', 'non', 'nein', 'não', 'false', '✗', '✘', '☐', '❌', 'n/a'})
_SHORT = 4
_SEARCHED = 50
"""So many rows are looked at for the head of a table."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    ``kind`` is ``activity``, ``party``, ``scope``, ``section``, ``note``, ``id``, ``tags``, ``links``, ``formerly``,
    ``waive``, ``number`` (numbers of rows), ``letters`` (in a long table), ``letter:R`` (parties that have this
    letter), ``text`` (any other text), ``empty``, or ``unknown`` in a table of ours.
    """

    kind: str
    index: int
    head: Cell

    @property
    def title(self) -> str:
        """Its title, on one line."""
        return ' '.join(plain(self.head.text).split())


@dataclass(frozen=True, slots=True)
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

    def of(self, *kinds: str) -> list[Column]:
        """The columns of these kinds, in order."""
        return [column for column in self.columns if column.kind in kinds]


def is_blank(row: Row) -> bool:
    """Whether nothing stands in a row."""
    return not any(cell.text.strip() for cell in row.cells)


def filled(row: Row) -> list[Cell]:
    """The cells of a row in which something stands."""
    return [cell for cell in row.cells if cell.text.strip()]


def find_layout(table: Table, cells: CellReader, known: frozenset[str]) -> Layout:
    """How a table is to be read; ``known`` are names of parties, as :func:`~.vocabulary.key` makes them."""
    index = _head(table, cells)
    if index is None:
        return Layout('foreign', body=table.rows)
    head, second, body = _whole_head(table.rows, index, cells)
    layout = Layout('foreign', table.rows[:index], head, second, body)
    rows = [row for row in body if len(filled(row)) > 1 and not row.title]
    letters = _letter_columns(head, rows, cells)
    if letters:
        return replace(layout, kind='letters', columns=_with_activity(head, rows, letters))
    columns = tuple(_classified(column, cell, rows, cells, known) for column, cell in enumerate(head.cells))
    long = _long(columns, rows)
    if long:
        return replace(layout, kind='long', columns=long)
    parties = [column for column in columns if column.kind == 'party']
    lettered = any(cells.is_part(text) for one in parties for text in _texts(one.index, rows))
    lettered = lettered and _is_matrix(head, parties, rows, cells, known)
    # One without rows may be a section that is not filled yet.
    if not lettered and (body or not parties):
        return layout
    columns = _parties_between(columns)
    columns = _with_activity(head, rows, {one.index: one.kind for one in columns})
    if not any(column.kind == 'activity' for column in columns):
        return layout
    turned = _is_turned(columns, rows, cells, known)
    return replace(layout, kind='turned' if turned else 'wide', columns=columns)


def _is_matrix(
    head: Row, parties: Sequence[Column], rows: Sequence[Row], cells: CellReader, known: frozenset[str]
) -> bool:
    """Whether letters are those of a matrix, and not grades or priorities: R is among them, or words and names say so."""
    titles = {key(cell.text) for cell in head.cells}
    if titles & (known | vocabulary.ACTIVITY | vocabulary.PARTY):
        return True
    texts = (text for one in parties for text in _texts(one.index, rows) if cells.is_part(text))
    return any(cells.codes[0] in cells.read(text).letters for text in texts)


def _whole_head(rows: tuple[Row, ...], index: int, cells: CellReader) -> tuple[Row, Row | None, tuple[Row, ...]]:
    """The head, its second row if it has one, and the rows below; titles in a second row belong to those above that span them."""
    head, body = rows[index], rows[index + 1 :]
    below = body[0] if len(body) > 1 else None
    corner = next((place for place, cell in enumerate(head.cells) if cell.text.strip()), 0)
    if below is None or len(below.cells) <= corner or below.cells[corner].text.strip() or below.title:
        return head, None, body
    texts = filled(below)
    if (
        len(texts) < 2
        or any(cells.is_part(cell.text) for cell in texts)
        or not any(
            cells.is_part(text) for column in range(corner + 1, len(below.cells)) for text in _texts(column, body[1:])
        )
    ):
        return head, None, body
    width = max(len(head.cells), len(below.cells))
    empty = Cell('', below.line, 1)
    above = [*head.cells, *[empty] * (width - len(head.cells))]
    titles = [*below.cells, *[empty] * (width - len(below.cells))]
    whole = tuple(two if two.text.strip() else one for one, two in zip(above, titles, strict=True))
    return Row(whole, head.line), below, body[1:]


def counted(layout: Layout, cells: CellReader) -> int:
    """How many cells of a table say that a party has a part."""
    rows = [row for row in layout.body if len(filled(row)) > 1]
    if layout.kind == 'letters':
        columns = [column for column in layout.columns if column.kind.startswith('letter:')]
        return sum(len(_texts(column.index, rows)) for column in columns)
    kinds = {'long': ('letters',), 'wide': ('party',), 'turned': ('party',)}.get(layout.kind, ())
    return sum(cells.is_part(text) for column in layout.of(*kinds) for text in _texts(column.index, rows))


def is_grid_head(row: Row, below: Sequence[Row], cells: CellReader) -> bool:
    """Whether a row can only be the head of a table, as the rows ``below`` it show, or the words that stand in it."""
    titles = [key(cell.text) for cell in filled(row)]
    first = filled(row)[:1]
    if len(titles) < 2 or any(cells.is_part(cell.text) and titles[0] not in vocabulary.LETTERS for cell in first):
        return False
    if below and _letter_columns(row, below[:3], cells):
        return True
    named = any(title in vocabulary.ACTIVITY or title in vocabulary.PARTY for title in titles)
    # A party may be called "CI", but not most of them.
    return named and 2 * sum(cells.is_part(cell.text) for cell in filled(row)) < len(titles)


def _head(table: Table, cells: CellReader) -> int | None:
    """The index of the row that is the head."""
    rows = table.rows
    if table.head and len(filled(rows[0])) > 1:
        return 0
    first = None
    for index, row in enumerate(rows[:_SEARCHED]):
        if is_grid_head(row, rows[index + 1 :], cells):
            return index
        if first is None and any(cells.is_part(cell.text) for cell in filled(row)[1:]):
            first = index
    # Otherwise the nearest row above the first letters that has titles for several columns.
    above = range((first or 0) - 1, -1, -1)
    return next((index for index in above if len(filled(rows[index])) > 1 and not rows[index].title), None)


def letter_of(title: str, cells: CellReader) -> str | None:
    """The code of the letter that a title of a column names: ``R``, ``Responsible`` or ``Responsible (R)``."""
    text = plain(title)
    meaning = in_text(text, 0)
    if meaning and meaning.code and meaning.name:
        text = meaning.code
    # "a", "b", "c" are titles of something else.
    if len(text) == 1 and not text.isupper():
        return None
    try:
        part = cells.read(text)
    except NotLetters:
        return None
    return part.letters[0] if len(part.letters) == 1 and not part.note else None


def _letter_columns(head: Row, rows: Sequence[Row], cells: CellReader) -> dict[int, str]:
    """The columns whose titles are letters, where they can only be that: each once, R among them, parties below."""
    found = {index: code for index, cell in enumerate(head.cells) if (code := letter_of(cell.text, cells)) is not None}
    codes = set(found.values())
    if len(codes) < 2 or len(codes) < len(found) or cells.codes[0] not in codes:
        return {}
    texts = [text for index in found for text in _texts(index, rows)]
    others = [text for text in texts if not cells.is_part(text) and plain(text).casefold() not in TICKS | UNTICKED]
    if not others or 2 * len(others) < len(texts) or len(found) == len(head.cells):
        return {}
    return {index: f'letter:{code}' for index, code in found.items()}


def _texts(index: int, rows: Sequence[Row]) -> list[str]:
    found = (row.cells[index].text.strip() for row in rows if index < len(row.cells))
    return [text for text in found if text]


def _special(title: str) -> str:
    words = {'id': vocabulary.ID, 'section': vocabulary.SECTION, 'note': vocabulary.NOTE, 'number': vocabulary.NUMBER}
    found = next((kind for kind, titles in words.items() if title in titles), '')
    return found or (title if title in vocabulary.KEYS else '')


def _classified(index: int, head: Cell, rows: Sequence[Row], cells: CellReader, known: frozenset[str]) -> Column:
    return Column(_kind(key(head.text), _texts(index, rows), cells, known), index, head)


def _kind(title: str, texts: list[str], cells: CellReader, known: frozenset[str]) -> str:
    parts = sum(map(cells.is_part, texts))
    readable = parts + sum(_is_none(text, cells) for text in texts)
    special = _special(title)
    if title in known and 2 * readable >= len(texts):
        return 'party'
    # What is not even a word is rather a slip than a note.
    if parts and (2 * readable >= len(texts) or (3 * readable >= len(texts) and max(map(len, texts)) <= _SHORT)):
        return 'party'
    if special:
        return special
    if texts and all(text.casefold() in TICKS for text in texts):
        return 'scope'
    if readable == len(texts):
        return 'maybe' if title else 'empty'
    return 'number' if not title and all(text.strip('.').replace('.', '').isdigit() for text in texts) else 'text'


def _is_none(text: str, cells: CellReader) -> bool:
    try:
        return not cells.read(text).letters
    except NotLetters:
        return False


def _parties_between(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns with those that have no letters at all taken for parties, if they stand among these."""
    found = [column.index for column in columns if column.kind == 'party']
    titles = {key(column.head.text) for column in columns if column.kind == 'maybe'}
    return tuple(
        replace(column, kind='party' if found and not titles & vocabulary.ACTIVITY else 'text')
        if column.kind == 'maybe'
        else column
        for column in columns
    )


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
    if key(lettered[0].head.text) not in vocabulary.LETTERS and len(_texts(who.index, rows)) < len(rows):
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
    named = [index for index in texts if titles[index] in vocabulary.ACTIVITY]
    # Where nothing else is left, a column called "Phase" or "Note" is what names the rows.
    candidates = named or texts or [index for index, kind in kinds.items() if kind in ('section', 'note', 'id')]
    if not candidates:
        return []
    chosen = candidates[0]
    before = [index for index in texts if index < chosen and _groups(index, rows)]
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
    names = {key(text) for text in _texts(corner.index, rows)}
    if known & heads or title in vocabulary.ACTIVITY:
        return False
    if title in vocabulary.PARTY or (names and known and names <= known):
        return True
    by_column = [_accountable(_texts(one.index, rows), cells) for one in across]
    by_row = [_accountable((cell.text for cell in row.cells[1:]), cells) for row in rows]
    # Each activity has one accountable party: where only the columns have, they are the activities.
    return len(across) > 2 and len(rows) > 1 and set(by_column) == {1} and set(by_row) != {1}


def _accountable(texts: Iterable[str], cells: CellReader) -> int:
    return sum('A' in cells.read(text).letters for text in texts if cells.is_part(text))

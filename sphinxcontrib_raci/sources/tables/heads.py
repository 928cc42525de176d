"""Finding the row that is the head of a table."""

from __future__ import annotations

from collections.abc import Sequence

from sphinxcontrib_raci.sources import vocabulary
from sphinxcontrib_raci.sources.page import Cell, Row, Table
from sphinxcontrib_raci.sources.tables.cells import CellReader, NotLetters, plain
from sphinxcontrib_raci.sources.tables.legends import in_text
from sphinxcontrib_raci.sources.vocabulary import key

TICKS = frozenset({'x', '✓', '✔', '☑', '✅', '✗x', 'yes', 'oui', 'ja', 'sí', 'si', 'sim', 'true', '●', '•'})
UNTICKED = frozenset({'', '-', '–', '—', 'no', 'non', 'nein', 'não', 'false', '✗', '✘', '☐', '❌', 'n/a'})
_SEARCHED = 50
"""So many rows are looked at for the head of a table."""


def is_blank(row: Row) -> bool:
    """Whether nothing stands in a row."""
    return not any(cell.text.strip() for cell in row.cells)


def filled(row: Row) -> list[Cell]:
    """The cells of a row in which something stands."""
    return [cell for cell in row.cells if cell.text.strip()]


def texts_of(index: int, rows: Sequence[Row]) -> list[str]:
    """What stands in a column, without the blanks."""
    found = (row.cells[index].text.strip() for row in rows if index < len(row.cells))
    return [text for text in found if text]


def find_head(table: Table, cells: CellReader) -> int | None:
    """The index of the row that is the head."""
    rows = table.rows
    if table.head and len(filled(rows[0])) > 1:
        return 0
    first = None
    titled = False
    for index, row in enumerate(rows[:_SEARCHED]):
        if is_grid_head(row, rows[index + 1 :], cells, titled):
            return index
        titled |= len(filled(row)) > 1
        if first is None and any(cells.is_part(cell.text) for cell in filled(row)[1:]):
            first = index
    # Otherwise the nearest row above the first letters that has titles for several columns.
    above = range((first or 0) - 1, -1, -1)
    return next((index for index in above if len(filled(rows[index])) > 1 and not rows[index].title), None)


def is_grid_head(row: Row, below: Sequence[Row], cells: CellReader, titled: bool = False) -> bool:
    """Whether a row can only be the head of a table, as the rows ``below`` it show, or the words that stand in it.

    ``titled`` says that a row above has titles for several columns: then this one is none for its letters alone.
    """
    titles = [key(cell.text) for cell in filled(row)]
    first = filled(row)[:1]
    if len(titles) < 2 or any(cells.is_part(cell.text) and titles[0] not in vocabulary.LETTERS for cell in first):
        return False
    if below and (not titled or titles[0] in vocabulary.ACTIVITY) and letter_columns(row, below[:3], cells):
        return True
    named = any(vocabulary.names_activities(title) or title in vocabulary.PARTY for title in titles)
    # A party may be called "CI", but not most of them.
    return named and 2 * sum(cells.is_part(cell.text) for cell in filled(row)) < len(titles)


def letter_of(title: str, cells: CellReader) -> str | None:
    """The code of the letter that a title names (``R``, ``Responsible``, ``Responsible (R)``), or several codes."""
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
    return ','.join(part.letters) if part.letters and not part.note else None


def letter_columns(head: Row, rows: Sequence[Row], cells: CellReader) -> dict[int, str]:
    """The columns whose titles are letters, where they can only be that: each once, R among them, parties below."""
    found = {index: code for index, cell in enumerate(head.cells) if (code := letter_of(cell.text, cells)) is not None}
    codes = [code for several in found.values() for code in several.split(',')]
    if len(found) < 2 or len(codes) > len(set(codes)) or cells.codes[0] not in codes:
        return {}
    texts = [text for index in found for text in texts_of(index, rows)]
    others = [text for text in texts if not cells.is_part(text) and plain(text).casefold() not in TICKS | UNTICKED]
    if not others or 2 * len(others) < len(texts) or len(found) == len(head.cells):
        return {}
    return {index: f'letter:{code}' for index, code in found.items()}


def whole_head(rows: tuple[Row, ...], index: int, cells: CellReader) -> tuple[Row, Row | None, tuple[Row, ...]]:
    """The head, its second row where one title above spans several columns, and the rows below."""
    head, body = rows[index], rows[index + 1 :]
    below = body[0] if len(body) > 1 else None
    corner = next((place for place, cell in enumerate(head.cells) if cell.text.strip()), 0)
    if below is None or len(below.cells) <= corner or below.title:
        return head, None, body
    # A cell that is merged over both rows stands in both.
    same = [two.text.strip() in ('', one.text.strip()) for one, two in zip(head.cells, below.cells, strict=False)]
    if not same[corner]:
        return head, None, body
    texts = [cell for index, cell in enumerate(below.cells) if cell.text.strip() and not (same + [False] * 1000)[index]]
    if (
        len(texts) < 2
        or any(cells.is_part(cell.text) for cell in texts)
        or not any(
            cells.is_part(text) for column in range(corner + 1, len(below.cells)) for text in texts_of(column, body[1:])
        )
    ):
        return head, None, body
    width = max(len(head.cells), len(below.cells))
    empty = Cell('', below.line, 1)
    above = [*head.cells, *[empty] * (width - len(head.cells))]
    titles = [*below.cells, *[empty] * (width - len(below.cells))]
    whole = tuple(two if two.text.strip() else one for one, two in zip(above, titles, strict=True))
    return Row(whole, head.line), below, body[1:]

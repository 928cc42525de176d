"""How much room things take on paper, as far as one can tell before they are set.

Sphinx's margins and least size of font are taken for granted.  What is larger than it was taken for wraps or leaves a
gap; nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import ceil
from textwrap import wrap
from unicodedata import east_asian_width

from sphinxcontrib_raci.content import Block, Cell, Column, Group, Inline, Markup, Paragraph, Ref, Row, Table, Tags, Url

PORTRAIT, LANDSCAPE = 4.5, 6.4
"""The width of text is about 450 points on A4, with Sphinx's margins: this many a per cent.  Letter is not narrower."""
PADDING = 12
"""What a cell loses of its width on both sides together, in points (twice ``\\tabcolsep``)."""
TURNED_PADDING, TURNED_LINE = 4.4, 11.5
"""The same in a table with turned headings, which is tighter, and the height of a line of such a heading."""
NARROW, WIDE = frozenset(".,:;!|()[]/-' fijlrtI"), frozenset('mwMW@%')
NARROW_CHARACTER, CHARACTER, CAPITAL, WIDE_CHARACTER = 3.3, 5.6, 7.3, 8.5
"""How wide characters are in headings, in points, at the least size of font that Sphinx offers."""
SMALL, TEXT = 0.9, 0.88
"""By how much characters are smaller in turned headings, and in the text of cells."""
TITLE, PROSE, TABLE, PAGE, PAGE_ACROSS = 3, 3, 4, 40, 28
"""Lines of a page: for a title, for a paragraph, for what is above and below the rows of a table, and in all."""


# -- Headings --------------------------------------------------------------------------------------------------------


def turns(columns: Sequence[Column], per_cent: float = PORTRAIT) -> bool:
    """Whether the longest word of some heading is too long for its column, so that headings are better turned."""
    return any(_longest_word(column) > column.width * per_cent - PADDING for column in columns[1:])


def turned_height(columns: Sequence[Column], per_cent: float = PORTRAIT) -> int:
    """The height in points of turned headings: as many lines as fit the columns, and so long that all fit on them.

    Half a page is left for rows.
    """
    highest = _page(per_cent) // 2 * TURNED_LINE
    return ceil(min(highest, max(_turned_height(column, per_cent) for column in columns[1:])))


def _turned_height(column: Column, per_cent: float) -> float:
    lines = max(1, int((column.width * per_cent - TURNED_PADDING) / TURNED_LINE))
    length, longest = _points(_text(column.title)), _longest_word(column)
    # Lines break at words: each but the last may be short by most of one.
    return SMALL * (length if lines == 1 else max(longest, length / lines + longest / 2)) + PADDING


def _longest_word(column: Column) -> float:
    return max(map(_points, _text(column.title).split()), default=0)


def _points(text: str) -> float:
    """The width of a text in a heading, about."""
    return sum(map(_width, text))


def _width(character: str) -> float:
    if character in NARROW:
        return NARROW_CHARACTER
    if character in WIDE or east_asian_width(character) in 'WF':
        return WIDE_CHARACTER
    return CAPITAL if character.isupper() else CHARACTER


# -- Rows ------------------------------------------------------------------------------------------------------------


def lines(blocks: Iterable[Block], per_cent: float = PORTRAIT) -> int:
    """So many lines of a page these blocks want at their start: to the first row of their first table, head included.

    That is as far as one can tell before they are set.
    """
    wanted = 0
    for block in blocks:
        if isinstance(block, Group):
            return min(_page(per_cent), wanted + TITLE + lines(block.blocks, per_cent))
        if isinstance(block, Table):
            return min(
                _page(per_cent), wanted + TABLE + _head_lines(block.columns, per_cent) + _first_lines(block, per_cent)
            )
        wanted += PROSE
    return min(_page(per_cent), wanted)


def _page(per_cent: float) -> int:
    return PAGE if per_cent == PORTRAIT else PAGE_ACROSS


def _head_lines(columns: Sequence[Column], per_cent: float) -> int:
    if turns(columns, per_cent):
        return int(turned_height(columns, per_cent) / TURNED_LINE) + 1
    most = max(_points(_text(column.title)) / (column.width * per_cent - PADDING) for column in columns)
    return min(_page(per_cent) // 2, ceil(most))


def _first_lines(table: Table, per_cent: float) -> int:
    """The lines of the first activity, with the titles of sections before it."""
    wanted = 0
    for row in table.rows:
        paragraphs = row[0].paragraphs if isinstance(row[0], Cell) else ((row[0],),)
        wanted += _height(paragraphs, _first_width(row, table.columns, per_cent))
        if not heads_rows(row):
            break
    return wanted


def _first_width(row: Row, columns: Sequence[Column], per_cent: float) -> float:
    total = sum(column.width for column in columns)
    return (1 if len(row) == 1 else columns[0].width / total) * 100 * per_cent - PADDING


def _height(paragraphs: Iterable[Paragraph], width: float) -> int:
    """How many lines these paragraphs have in a cell of this width."""
    return sum(ceil(sum(_points(_text(part)) for part in text) * TEXT / width) for text in paragraphs)


def rows_that_fit(table: Table, per_cent: float) -> Iterator[Row]:
    """The rows; instead of one that is higher than a page, several that fit: LaTeX would let it run over the foot."""
    height = _page(per_cent) - _head_lines(table.columns, per_cent)
    for row in table.rows:
        width = _first_width(row, table.columns, per_cent)
        yield from [row] if _fits(row, height, width) else _pieces(row, height, width)


def _fits(row: Row, height: int, width: float) -> bool:
    cell = row[0]
    if not isinstance(cell, Cell):
        return True
    characters = sum(len(_text(part)) for text in cell.paragraphs for part in text)
    # Most rows would fit with the widest characters too, which is seen sooner.
    most = characters * WIDE_CHARACTER * TEXT / width + len(cell.paragraphs)
    return most <= height or _height(cell.paragraphs, width) <= height


def _pieces(row: Row, height: int, width: float) -> list[Row]:
    cell, *others = row
    # The parsed markup of cells is taken in their order.
    if not isinstance(cell, Cell) or any(map(_is_rich, others)):
        return [row]
    parts: list[list[Paragraph]] = [[]]
    for number, paragraph in enumerate(cell.paragraphs):
        for text in _cut(paragraph, int(height * width / CHARACTER)):
            if parts[-1] and _height([*parts[-1], text], width) > height:
                # What is a note stays one.
                parts.append([()] if number else [])
            parts[-1].append(text)
    rows: list[Row] = [(replace(cell, paragraphs=tuple(parts[0])), *others)]
    return rows + [(Cell(tuple(part)), *([''] * len(others))) for part in parts[1:]]


def _is_rich(content: Inline | Cell) -> bool:
    texts = [part for text in content.paragraphs for part in text] if isinstance(content, Cell) else [content]
    return any(isinstance(part.text if isinstance(part, Ref) else part, (Markup, Url)) for part in texts)


def _cut(paragraph: Paragraph, most: int) -> list[Paragraph]:
    """The paragraph in several, where it has so long a text; markup stays whole."""
    made: list[Paragraph] = [()]
    for part in paragraph:
        first, *rest = wrap(part, most) if isinstance(part, str) and len(part) > most else [part]
        made[-1] += (first,)
        made += [(text,) for text in rest]
    return made


def heads_rows(row: Row) -> bool:
    """Whether a row is the title of the next ones."""
    return isinstance(row[0], Cell) and row[0].scope == 'rowgroup'


def _text(part: Inline) -> str:
    match part:
        case Ref() | Markup() | Url():
            return _text(part.text)
        case Tags():
            return ', '.join(part.names)
    return str(part)

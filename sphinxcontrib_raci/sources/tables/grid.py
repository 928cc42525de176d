"""Tables as they stand in sheets: keys and values above them, and several parted by blank rows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from sphinxcontrib_raci.schemes import Letter, Scheme
from sphinxcontrib_raci.sources.front import unflatten
from sphinxcontrib_raci.sources.page import Block, Heading, Page, Row, Table
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tables.cells import CellReader
from sphinxcontrib_raci.sources.tables.heads import filled, is_blank, is_grid_head
from sphinxcontrib_raci.sources.tables.legends import in_grid
from sphinxcontrib_raci.sources.tables.outline import text_node
from sphinxcontrib_raci.sources.tree import Mapping_, Scalar
from sphinxcontrib_raci.sources.vocabulary import REVISIONS, TITLES, key

_TITLES = 2
"""So many rows with titles may stand above the head of a table, without a blank row between."""

_KEYS = 6
_LEGEND = 3
"""So many letters are explained by what may be a legend beside a matrix."""

_ANY = Scheme('any', tuple(Letter(code, code) for code in ('R', 'A', 'S', 'C', 'I', 'D')))


def split(page: Page, problems: Problems) -> tuple[Page, Mapping_ | None]:
    """The page with each of its tables whole and apart, and the keys and values of our own format above them."""
    blocks: list[Block] = []
    front = page.front if page.front and any(one.text == 'raci' for one, _ in page.front.pairs) else None
    cells = CellReader(_ANY, {})
    # The place of the table to which loose rows belong: they do not cross a heading.
    last: int | None = None
    for block in page.blocks:
        if isinstance(block, Heading):
            last = None
        if not isinstance(block, Table) or block.head:
            last = len(blocks) if isinstance(block, Table) else last
            blocks.append(block)
        elif block.loose:
            last = _join(blocks, last, block, cells, problems)
        else:
            rows = block.rows
            if front is None and is_front(rows):
                end = next((index for index, row in enumerate(rows) if is_blank(row)), len(rows))
                front = unflatten(((_key(row, 0), _key(row, 1)) for row in rows[:end]), problems, in_text=False)
                rows = rows[end:]
            sides = [rows] if front is not None else _sides(rows)
            for side in sides:
                blocks += _whole(side) if front is not None else _apart(side, cells)
    return Page(tuple(blocks), page.front, page.footnotes), front


def _join(blocks: list[Block], last: int | None, block: Table, cells: CellReader, problems: Problems) -> int:
    """Put loose rows to the table above, unless they have a head of their own; the place of their table."""
    above = blocks[last] if last is not None else None
    if last is None or not isinstance(above, Table) or is_grid_head(block.rows[0], block.rows[1:], cells):
        blocks.append(Table(block.rows, block.line))
        return len(blocks) - 1
    text = 'the table above goes on here, below a blank line or a text, which ends it in most programs'
    problems.add_at(block.line, 1, text, 'read', 'warning')
    blocks[last] = Table((*above.rows, *block.rows), above.line, above.head)
    return last


def is_front(rows: tuple[Row, ...]) -> bool:
    """Whether rows begin with the version of our own format."""
    return bool(rows) and [cell.text for cell in filled(rows[0])[:2]] == ['raci', '1']


def _key(row: Row, index: int) -> Scalar:
    cell = row.cells[index] if index < len(row.cells) else row.cells[-1]
    return text_node(cell.text if index < len(row.cells) else '', cell.line, cell.column)


def _sides(rows: tuple[Row, ...]) -> list[tuple[Row, ...]]:
    """The rows, without the legend that stands beside them, and this one."""
    width = max((len(row.cells) for row in rows), default=0)
    blank = [not any(row.cells[at : at + 1] and row.cells[at].text.strip() for row in rows) for at in range(width)]
    for gap in (at for at in range(1, width - 1) if blank[at]):
        left = tuple(Row(row.cells[:gap], row.line, row.title) for row in rows)
        right = tuple(Row(row.cells[gap + 1 :], row.line) for row in rows)
        for side, other in ((right, left), (left, right)):
            found = in_grid(Table(side, 1))
            if found and sum(map(len, found.values())) >= _LEGEND:
                return [other, side]
    return [rows]


def _whole(rows: tuple[Row, ...]) -> list[Table]:
    """The one table that a sheet of ours has."""
    found = tuple(row for row in rows if not is_blank(row))
    return [Table(found, found[0].line)] if found else []


def _apart(rows: tuple[Row, ...], cells: CellReader) -> Iterator[Table]:
    """The tables of a sheet.  Blank rows part them, but rows with letters go on with the table above."""
    tables: list[list[Row]] = []
    titles: list[Row] = []
    goes_on = False
    for blank, group in groupby(rows, is_blank):
        chunk = [] if blank else list(group)
        if not chunk:
            continue
        kind = _kind(chunk, cells)
        if kind == 'titles':
            titles += chunk
        elif kind == 'rows' and goes_on:
            tables[-1] += [*titles, *chunk]
            titles = []
        elif kind == 'other':
            tables += [[*titles], chunk] if titles else [chunk]
            titles, goes_on = [], False
        else:
            tables.append([*titles, *chunk])
            titles, goes_on = [], True
    yield from (Table(tuple(table), table[0].line) for table in [*tables, titles] if table)


def _kind(chunk: list[Row], cells: CellReader) -> str:
    """What rows without a blank between them are: a table with its ``head``, ``rows``, ``titles``, or anything else."""
    if any(is_grid_head(row, chunk[index + 1 :], cells) for index, row in enumerate(chunk[: _TITLES + 1])):
        return 'head'
    if any(cells.is_part(cell.text) for row in chunk for cell in row.cells[1:]):
        return 'rows'
    texts = [list(dict.fromkeys(cell.text for cell in filled(row))) for row in chunk]
    single = all(len(found) == 1 or (len(found) == 2 and key(found[0]) in TITLES | REVISIONS) for found in texts)
    # A few keys with values, such as "Project | Garden".
    single |= len(texts) <= _KEYS and all(len(found) <= 2 for found in texts) and len(texts[0]) == 1
    return 'titles' if single else 'other'

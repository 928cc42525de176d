"""Tables as they stand in sheets: keys and values above them, and several parted by blank rows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from sphinxcontrib_raci.schemes import RACI
from sphinxcontrib_raci.sources.front import unflatten
from sphinxcontrib_raci.sources.page import Block, Page, Row, Table
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tables.cells import CellReader
from sphinxcontrib_raci.sources.tables.layouts import filled, is_blank, is_grid_head
from sphinxcontrib_raci.sources.tables.outline import text_node
from sphinxcontrib_raci.sources.tree import Mapping_, Scalar

_TITLES = 2
"""So many rows with titles may stand between a blank row and the head of a table."""

_LOOKED_AT = 8


def split(page: Page, problems: Problems) -> tuple[Page, Mapping_ | None]:
    """The page with each of its tables apart, and the keys and values of our own format that stand above them."""
    blocks: list[Block] = []
    front = page.front if page.front and any(one.text == 'raci' for one, _ in page.front.pairs) else None
    for block in page.blocks:
        if not isinstance(block, Table) or block.head:
            blocks.append(block)
            continue
        rows = block.rows
        if front is None and is_front(rows):
            end = next((index for index, row in enumerate(rows) if is_blank(row)), len(rows))
            front = unflatten(((_key(row, 0), _key(row, 1)) for row in rows[:end]), problems)
            rows = rows[end:]
        blocks += _tables(rows, one=front is not None)
    return Page(tuple(blocks), page.front, page.footnotes), front


def is_front(rows: tuple[Row, ...]) -> bool:
    """Whether rows begin with the version of our own format."""
    return bool(rows) and [cell.text for cell in filled(rows[0])[:2]] == ['raci', '1']


def _key(row: Row, index: int) -> Scalar:
    cell = row.cells[index] if index < len(row.cells) else row.cells[-1]
    return text_node(cell.text if index < len(row.cells) else '', cell.line, cell.column)


def _tables(rows: tuple[Row, ...], *, one: bool) -> Iterator[Table]:
    """The tables in a sheet: a new one begins after a blank row where it has a head of its own.

    ``one`` says that there is but one, whatever stands in it.
    """
    cells = CellReader(RACI, {})
    groups: list[list[Row]] = []
    fresh = True
    for index, row in enumerate(rows):
        if is_blank(row):
            fresh = True
            continue
        if fresh and (not groups or (not one and _begins(rows[index : index + _LOOKED_AT], cells))):
            groups.append([])
        fresh = False
        groups[-1].append(row)
    yield from (Table(tuple(group), group[0].line) for group in groups)


def _begins(rows: tuple[Row, ...], cells: CellReader) -> bool:
    """Whether a head stands in the first of some rows, or in one below it without a blank between."""
    together = list(takewhile(lambda row: not is_blank(row), rows))
    return any(is_grid_head(row, together[index + 1 :], cells) for index, row in enumerate(together[: _TITLES + 1]))

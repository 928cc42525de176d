"""From a page of tables to the tree of a matrix, in the shape of the project's own format.

In the order in which a page goes through them: ``grid`` (several tables in a sheet), ``legends`` (what letters mean),
``prose`` (footnotes), ``layouts`` (what the columns are), ``items`` with ``cells`` and ``names`` (what the rows say),
``outline`` (sections), ``people`` and ``activities`` (the tree), put together by ``matrix``.  Where the package wrote
the page itself, ``own`` knows what the columns are, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping

from sphinxcontrib_raci.model import Party
from sphinxcontrib_raci.schemes import Scheme
from sphinxcontrib_raci.sources import vocabulary
from sphinxcontrib_raci.sources.page import Page, Row, Table
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tables import legends
from sphinxcontrib_raci.sources.tables.cells import CellReader
from sphinxcontrib_raci.sources.tables.grid import split
from sphinxcontrib_raci.sources.tables.layouts import counted, find_layout
from sphinxcontrib_raci.sources.tables.matrix import Assembly, Laid
from sphinxcontrib_raci.sources.tables.own import OwnTables, scheme_of
from sphinxcontrib_raci.sources.tables.people import People
from sphinxcontrib_raci.sources.tables.prose import footnotes, text_of
from sphinxcontrib_raci.sources.tree import Mapping_
from sphinxcontrib_raci.sources.vocabulary import key

__all__ = ['read_page']


def read_page(
    page: Page, name: str, parties: Mapping[str, Party], problems: Problems, base_url: str = ''
) -> Mapping_ | None:
    """The tree of the matrix on a page; ``None``, after a message, where there is none.

    ``name`` is the path of the source, ``parties`` are the project's own, ``base_url`` completes links.
    """
    page, front = split(page, problems)
    if front is not None:
        given = {entry.text: node for entry, node in front.pairs}
        scheme = scheme_of(given)
        own = OwnTables(given, parties, problems)
        tables = [(table, own.layout(table)) for table in page.blocks if isinstance(table, Table)]
        laid = [Laid(table, layout) if layout else None for table, layout in tables]
        _compare([table for table, layout in tables if layout is None], scheme, problems)
        cells = CellReader(scheme, page.footnotes, own=True)
        return Assembly(page, given, scheme, People({}), cells, {}, problems, name).tree(laid, ())
    notes, marked = footnotes(page)
    meanings, rest = _meanings(page, problems)
    # What a table says of the letters is certain, what a sentence seems to say is not.
    texts = [] if meanings else [block for block in text_of(page.blocks) if block not in marked]
    explained = legends.in_prose(texts)
    meanings += [one for some in explained.values() for one in some]
    people = People(parties)
    scheme, found = _best(legends.fitting(meanings), rest, notes, people.names)
    cells = CellReader(scheme, notes)
    assembly = Assembly(page, {}, scheme, people, cells, notes, problems, name, base_url)
    return assembly.tree(found, {*marked, *explained})


def _meanings(page: Page, problems: Problems) -> tuple[list[legends.Meaning], list[Table | None]]:
    """What tables say of letters, and each table without the rows that say it; ``None`` where nothing else is in it."""
    found: list[legends.Meaning] = []
    rest: list[Table | None] = []
    for table in (block for block in page.blocks if isinstance(block, Table)):
        legend = legends.in_table(table) or (None if table.head else legends.in_grid(table))
        rest.append(_without(table, legend, problems) if legend else table)
        found += [meaning for meaning in (legend or {}).values() if meaning.code]
    return found, rest


def _without(table: Table, legend: Mapping[Row, legends.Meaning], problems: Problems) -> Table | None:
    for row, meaning in legend.items():
        if not meaning.code:
            problems.add(row.cells[0], 'a sign for no part needs no meaning; this row is left out', 'row', 'info')
    first = table.rows.index(next(iter(legend)))
    titles = table.rows[first - 1] if first and not table.head else None
    if titles and titles not in legend and titles.cells and key(titles.cells[0].text) in vocabulary.LETTERS:
        problems.add(titles.cells[0], 'the head of the legend is left out', 'row', 'info')
        legend = {**legend, titles: legends.Meaning('', '', '', titles.line)}
    rows = tuple(row for row in table.rows if row not in legend)
    head = table.head and bool(rows) and rows[0] is table.rows[0]
    if not rows or (head and len(rows) == 1) or (not table.head and all(len(row.cells) < 2 for row in rows)):
        return None
    return Table(rows, rows[0].line, head)


def _compare(tables: list[Table], scheme: Scheme, problems: Problems) -> None:
    """Report where a legend for people says something else than the keys and values that hold."""
    names = {letter.code: [letter.name, letter.meaning] for letter in scheme.letters}
    for row in (row for table in tables for row in table.rows[1:] if row.cells):
        code, *texts = [cell.text for cell in row.cells]
        if names.get(code) != texts:
            text = f"what the legend says of {code} does not hold; write it as 'letters.{code}.meaning'"
            problems.add(row.cells[0], text, 'read', 'warning')


def _best(
    schemes: list[Scheme], tables: list[Table | None], notes: Mapping[str, str], parties: frozenset[str]
) -> tuple[Scheme, list[Laid | None]]:
    """Of some schemes the first with which most of the letters can be read, and how the tables are then to be read."""
    tried = []
    for scheme in schemes:
        cells = CellReader(scheme, notes)
        laid = _layouts(tables, cells, parties)
        parts, others = map(sum, zip((0, 0), *(counted(one.layout, cells) for one in laid if one), strict=True))
        tried.append((2 * others - parts, scheme, laid))
        if parts and not others:
            break
    _, scheme, laid = min(tried, key=lambda one: one[0])
    return scheme, laid


def _layouts(tables: list[Table | None], cells: CellReader, parties: frozenset[str]) -> list[Laid | None]:
    """How each table is to be read; a table may tell which columns of another one are parties."""
    first = [find_layout(table, cells, parties) for table in tables if table]
    found = {key(column.title) for layout in first if layout.kind == 'wide' for column in layout.of('party')}
    return [Laid(table, find_layout(table, cells, parties | found)) if table else None for table in tables]

"""From a page of tables to the tree of a matrix, in the shape of the project's own format.

In the order in which a page goes through them: ``grid`` (several tables in a sheet), ``legends`` (what letters mean),
``prose`` (footnotes), ``layouts`` (what the columns are), ``items`` with ``cells`` and ``names`` (what the rows say),
``outline`` (sections), ``people`` and ``activities`` (the tree), put together by ``matrix``.  Where the package wrote
the page itself, ``own`` knows what the columns are, and nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sphinxcontrib_raci.schemes import Scheme
from sphinxcontrib_raci.settings import Settings
from sphinxcontrib_raci.sources import vocabulary
from sphinxcontrib_raci.sources.page import Page, Prose, Table
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tables import legends
from sphinxcontrib_raci.sources.tables.cells import CellReader
from sphinxcontrib_raci.sources.tables.grid import split
from sphinxcontrib_raci.sources.tables.layouts import counted, find_layout, has_letters
from sphinxcontrib_raci.sources.tables.matrix import Assembly, Laid
from sphinxcontrib_raci.sources.tables.own import OwnTables, scheme_of
from sphinxcontrib_raci.sources.tables.people import People, scheme_nodes
from sphinxcontrib_raci.sources.tables.prose import footnotes, text_of
from sphinxcontrib_raci.sources.tree import Mapping_
from sphinxcontrib_raci.sources.vocabulary import key
from sphinxcontrib_raci.wording import quoted

__all__ = ['read_page']


def read_page(
    page: Page, name: str, settings: Settings, problems: Problems, base_url: str = '', sheet: str = ''
) -> tuple[Mapping_ | None, bool]:
    """The tree of the matrix on a page, and whether this package wrote it; ``None``, after a message, for no matrix.

    ``name`` is the path of the source, ``settings`` are those of its project, ``base_url`` completes links,
    ``sheet`` is the name of the sheet where that is all of the page.
    """
    page, front = split(page, problems)
    if front is not None:
        given = {entry.text: node for entry, node in front.pairs}
        scheme = scheme_of(given, settings)
        own = OwnTables(given, settings, problems)
        tables = [(table, own.layout(table)) for table in page.blocks if isinstance(table, Table)]
        laid = [Laid(table, layout) if layout else None for table, layout in tables]
        _compare([table for table, layout in tables if layout is None], scheme, problems)
        cells = CellReader(scheme, {}, own=True)
        return Assembly(page, given, {}, People({}), cells, {}, problems, name).tree(laid, ()), True
    notes, marked = footnotes(page)
    people = People(settings.parties)
    texts = [block for block in text_of(page.blocks) if block not in marked]
    legend = _legend(page, texts, weak=False)
    scheme, found, parts = _best(legend, notes, people.names, settings)
    if not parts and not legend.meanings:
        # Where no known letter is used, what explains any others says which they are.
        legend = _legend(page, texts, weak=True)
        scheme, found, parts = _best(legend, notes, people.names, settings)
    _tell(legend, problems)
    cells = CellReader(scheme, notes)
    words = scheme_nodes(scheme, settings.schemes)
    assembly = Assembly(page, {}, words, people, cells, notes, problems, name, base_url, sheet)
    return assembly.tree(found, {*marked, *legend.texts}), False


@dataclass(frozen=True, slots=True)
class _Legend:
    """What a page says of its letters, the text that says so, and its tables without the rows that do.

    A table is ``None`` where nothing else is in it.
    """

    meanings: list[legends.Meaning]
    texts: dict[Prose, list[legends.Meaning]]
    rows: list[legends.Rows]
    tables: list[Table | None]


def _legend(page: Page, texts: list[Prose], *, weak: bool) -> _Legend:
    found: list[legends.Rows] = []
    rest: list[Table | None] = []
    for table in (block for block in page.blocks if isinstance(block, Table)):
        rows = legends.in_table(table, weak=weak) or legends.in_grid(table) or {}
        found.append(rows)
        rest.append(_without(table, rows) if rows else table)
    meanings = [one for rows in found for several in rows.values() for one in several]
    # What a table says of the letters is certain, what a sentence seems to say is not.
    explained = {} if meanings else legends.in_prose(texts, weak=weak)
    meanings += [one for some in explained.values() for one in some]
    return _Legend(meanings, explained, found, rest)


def _without(table: Table, legend: legends.Rows) -> Table | None:
    """The table without its legend, and without the head of that."""
    first = next(index for index, row in enumerate(table.rows) if row in legend)
    titles = table.rows[first - 1] if first and not table.head else None
    if titles and titles.cells and key(titles.cells[0].text) in vocabulary.LETTERS:
        legend[titles] = ()
    rows = tuple(row for row in table.rows if row not in legend)
    head = table.head and bool(rows) and rows[0] is table.rows[0]
    if not rows or (head and len(rows) == 1) or (not table.head and all(len(row.cells) < 2 for row in rows)):
        return None
    return Table(rows, rows[0].line, head)


def _tell(legend: _Legend, problems: Problems) -> None:
    """Name the rows of a legend that explain no letter."""
    for rows in legend.rows:
        for row in (row for row, meanings in rows.items() if not meanings and row.cells):
            problems.add(row.cells[0], 'this row of a legend explains no single letter; it is left out', 'row', 'info')


def _compare(tables: list[Table], scheme: Scheme, problems: Problems) -> None:
    """Report where a legend for people says something else than the keys and values that hold."""
    names = {letter.code: [letter.name, letter.meaning] for letter in scheme.letters}
    for row in (row for table in tables for row in table.rows[1:] if row.cells):
        code, *texts = [cell.text for cell in row.cells]
        if names.get(code) != texts:
            key = quoted(f'letters.{code}.meaning')
            text = f'what the legend says of {quoted(code)} does not hold; write it as {key}'
            problems.add(row.cells[0], text, 'read', 'warning')


def _best(
    legend: _Legend, notes: Mapping[str, str], parties: frozenset[str], settings: Settings
) -> tuple[Scheme, list[Laid | None], int]:
    """The first of the schemes that fit with which most letters can be read, the tables, and how many letters."""
    tried = []
    for scheme in legends.fitting(legend.meanings, settings.schemes):
        cells = CellReader(scheme, notes)
        laid = _layouts(legend.tables, cells, parties)
        tried.append((sum(counted(one.layout, cells) for one in laid if one), scheme, laid))
    parts, scheme, laid = max(tried, key=lambda one: one[0])
    return scheme, laid, parts


def _layouts(tables: list[Table | None], cells: CellReader, parties: frozenset[str]) -> list[Laid | None]:
    """How each table is to be read; a table may tell which columns of another one are parties."""
    first = [find_layout(table, cells, parties) for table in tables if table]
    wide = [layout for layout in first if layout.kind == 'wide']
    found = {key(one.title) for layout in wide for one in layout.of('party') if has_letters(layout, one, cells)}
    texts = {key(column.title) for layout in first for kind in ('text', 'note') for column in layout.of(kind)}
    others = frozenset(texts - found - parties)
    return [Laid(table, find_layout(table, cells, parties | found, others)) if table else None for table in tables]

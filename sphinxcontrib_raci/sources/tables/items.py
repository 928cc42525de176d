"""From the rows of a table, whichever way it lies, to activities and titles of sections; no row goes in silence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sphinxcontrib_raci.sources.page import Cell, Row
from sphinxcontrib_raci.sources.problems import Located, Problems
from sphinxcontrib_raci.sources.tables.cells import CellReader, NotLetters, Part, plain
from sphinxcontrib_raci.sources.tables.heads import TICKS, UNTICKED, filled, is_blank
from sphinxcontrib_raci.sources.tables.layouts import Column, Layout, corner_of, is_again, keys_of
from sphinxcontrib_raci.sources.tables.names import Names
from sphinxcontrib_raci.sources.tables.titles import ABSENT, Titles, at
from sphinxcontrib_raci.wording import listed, quoted, squeezed

_MORE = ('note', 'text', 'id', 'tags', 'links', 'formerly', 'waive')


@dataclass(slots=True)
class Item:
    """One activity as it stands in a table.

    ``who`` has a cell and what it says for each party by its title, ``path`` the titles of the sections that columns
    of the table put it into, ``ticks`` the scopes that are ticked, ``more`` the cells of further columns.
    """

    name: Cell
    who: dict[str, tuple[Cell, Part]] = field(default_factory=dict)
    path: tuple[str, ...] = ()
    ticks: tuple[str, ...] | None = None
    more: tuple[tuple[Column, Cell], ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """The title of a section as it stands in a table; ``path`` and ``more`` as for an activity."""

    title: Cell | None
    path: tuple[str, ...] = ()
    more: tuple[tuple[Column, Cell], ...] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """A row of which the reason why it is left out has been reported."""

    name: str
    line: int
    column: int


class Rows:
    """Reads the rows of tables.  ``own`` says that the page was written by this package."""

    def __init__(self, cells: CellReader, problems: Problems, own: bool = False) -> None:
        self._cells = cells
        self._problems = problems
        self._own = own

    def read(self, layout: Layout) -> Iterator[Item | Group | Lost]:
        """All that is in the body of a table."""
        readers = {'wide': self._wide, 'turned': self._turned, 'long': self._long, 'letters': self._letters}
        yield from readers[layout.kind](layout, list(self._rows(layout)))

    def leave_out(self, at: Located, name: str, why: str, level: str = 'error') -> Lost:
        """Report that a row is left out."""
        what = f'the row {quoted(name)}' if name else 'a row'
        self._problems.add(at, f'{what} is left out: {why}', 'row', level)
        return Lost(name if level == 'error' else '', at.line, at.column)

    def leave_out_blank(self, row: Row) -> None:
        """Report a row in which nothing stands, where it has cells at all."""
        if row.cells:
            self._problems.add(row.cells[0], 'an empty row is left out', 'row', 'info')

    def _rows(self, layout: Layout) -> Iterator[Row]:
        """The rows with something in them, without heads that stand there again."""
        head = keys_of(layout.head) if layout.head else []
        if layout.second:
            self._problems.add(layout.second.cells[0], 'a second row of the head is read with the first', 'row', 'info')
        for row in layout.body:
            if is_blank(row):
                self.leave_out_blank(row)
            elif keys_of(row) == head or (is_again(row, layout) and not corner_of(row)):
                self._problems.add(row.cells[0], 'the head of the table stands here again', 'row', 'info')
            else:
                yield row

    def _wide(self, layout: Layout, rows: Sequence[Row]) -> Iterator[Item | Group | Lost]:
        activity = layout.of('activity')
        if not activity:
            # Only a table of ours can come to this, whose head somebody has changed.
            why = "the table has no column 'activity'; give that title to the column with their names"
            yield from (self.leave_out(row.cells[0], squeezed(filled(row)[0].text), why) for row in rows)
            return
        name = activity[0]
        parties = layout.of('party')
        titles = Titles(rows, name, parties, [*layout.of('number'), *layout.of('id')])
        path: dict[int, str] = {}
        for index, row in enumerate(rows):
            section = self._path(row, layout, path)
            title = at(row, name)
            if self._own and not title.text.strip() and section:
                yield Group(None, section, self._more(row, layout))
            elif not self._own and (titles.is_title(index) or is_again(row, layout)):
                path.clear()
                if titles.is_bare(index):
                    self._bare(title)
                yield Group(titles.title(index), section)
            else:
                yield self._activity(row, layout, title, parties, section)

    def _bare(self, title: Cell) -> None:
        text = f'{quoted(squeezed(title.text))} is read as the title of a section; if it is an activity, write letters'
        self._problems.add(title, text, 'cell', 'warning')

    def _path(self, row: Row, layout: Layout, path: dict[int, str]) -> tuple[str, ...]:
        """The sections that the columns of a table put a row into; a blank means the same as above."""
        columns = layout.of('section')
        for column in columns:
            text = squeezed(at(row, column).text if self._own else plain(at(row, column).text))
            if text and text != path.get(column.index):
                path[column.index] = text
                for below in (one.index for one in columns if one.index > column.index):
                    path.pop(below, None)
            elif self._own:
                path[column.index] = text
        return tuple(path[column.index] for column in columns if path.get(column.index))

    def _activity(
        self, row: Row, layout: Layout, title: Cell, parties: Sequence[Column], path: tuple[str, ...]
    ) -> Item | Lost:
        name = squeezed(title.text)
        start = title if title.text else filled(row)[0]
        width = len(layout.columns)
        beyond = [cell for cell in row.cells[width:] if cell.text.strip()]
        if not name:
            return self.leave_out(start, '', f'it has {quoted(start.text)} but names no activity')
        if beyond:
            hint = 'what parts cells needs a backslash before it within a text of Markdown, and quotes around it in CSV'
            why = f'it has {len(row.cells)} cells and the head of its table {width}; {hint}'
            return self.leave_out(beyond[0], name, why)
        unknown = next((one for one in layout.of('unknown') if at(row, one).text.strip()), None)
        if unknown:
            return self.leave_out(
                at(row, unknown), name, f'it has a text in the unknown column {quoted(unknown.title)}'
            )
        missing = [one for one in parties if one.index >= len(row.cells)]
        if missing and len(missing) == len(parties):
            hint = '' if self._own else '; if it is the title of a section, make it bold'
            return self.leave_out(start, name, f'it has no cell for any party; write the letters of each{hint}')
        who = self._who(row, name, [one for one in parties if one not in missing])
        scopes = layout.of('scope')
        ticks = self._ticks(row, name, scopes) if who is not None else None
        if who is None or (scopes and ticks is None):
            return Lost(name, start.line, start.column)
        for one in missing:
            text = f'activity {quoted(name)} has no cell for {quoted(one.title)}; that is read as no part'
            self._problems.add(start, text, 'cell', 'warning')
        if not self._own and parties and not any(part.letters or cell.text.strip() for cell, part in who.values()):
            text = f'nobody has a part in activity {quoted(name)}; if it is the title of a section, make it bold'
            self._problems.add(start, text, 'cell', 'warning')
        return Item(title, who, path, ticks, self._more(row, layout))

    def _who(self, row: Row, name: str, parties: Sequence[Column]) -> dict[str, tuple[Cell, Part]] | None:
        """What each party has; ``None`` after one message where any cell cannot be read."""
        found: dict[str, tuple[Cell, Part]] = {}
        wrong: list[tuple[Cell, str]] = []
        for one in parties:
            cell = at(row, one)
            try:
                part = self._cells.read(cell.text)
            except NotLetters as error:
                inside = '' if str(error) == cell.text.strip() else f' in {quoted(cell.text)}'
                wrong.append((cell, f'{quoted(str(error))}{inside} of {quoted(one.title)}'))
                continue
            if one.title in found and part != found[one.title][1]:
                self.leave_out(cell, name, f'two columns are called {quoted(one.title)}; give each party its own name')
                return None
            found[one.title] = cell, part
        if wrong:
            what = ', '.join(text for _, text in wrong)
            is_none = 'is no letter' if len(wrong) == 1 else 'are no letters'
            why = f'{what} {is_none}; the letters are {listed(self._cells.codes)}, and a blank or - for no part'
            self.leave_out(wrong[0][0], name, why)
            return None
        for title, (cell, part) in found.items():
            if part.meant:
                self._looks_alike(cell, part, f'of {quoted(title)} in activity {quoted(name)}')
        return found

    def _looks_alike(self, cell: Cell, part: Part, where: str) -> None:
        names = ', '.join(f'U+{ord(char):04X}' for char in part.meant if ord(char) > 127)
        text = f'{quoted(part.meant)} {where} is written with {names}, not with Latin letters'
        self._problems.add(cell, f'{text}; it is read as {"".join(part.letters)}', 'cell', 'warning')

    def _ticks(self, row: Row, name: str, scopes: Sequence[Column]) -> tuple[str, ...] | None:
        """The titles of the ticked scopes; ``None`` without scopes, and after a message where a cell cannot be read."""
        if not scopes:
            return None
        found = []
        for one in scopes:
            cell = at(row, one)
            text = plain(cell.text).casefold()
            if text in TICKS:
                found.append(one.title)
            elif text not in UNTICKED:
                why = f'{quoted(cell.text)} in {quoted(one.title)} is neither X nor blank'
                self.leave_out(cell, name, why)
                return None
        # Of one scope alone, the others are simply without it.
        if not found and len(scopes) > 1 and not self._own:
            text = (
                f'activity {quoted(name)} applies to nothing: none of {listed(one.title for one in scopes)} is ticked'
            )
            self._problems.add(at(row, scopes[0]), text, 'cell', 'warning')
        return tuple(found)

    def _more(self, row: Row, layout: Layout) -> tuple[tuple[Column, Cell], ...]:
        found = ((column, at(row, column)) for kind in _MORE for column in layout.of(kind))
        return tuple((column, cell) for column, cell in found if cell.text.strip())

    def _turned(self, layout: Layout, rows: Sequence[Row]) -> Iterator[Item | Lost]:
        """A row for each party, a column for each activity."""
        corner = layout.of('activity')[0]
        items = [Item(column.head) for column in layout.of('party')]
        bad: set[int] = set()
        for row in rows:
            party = squeezed(plain(at(row, corner).text))
            if not party or len(filled(row)) < 2:
                why = 'it has no letters, and no title of parties is kept' if party else 'it names no party'
                yield self.leave_out(row.cells[0], party, why)
                continue
            for index, column in enumerate(layout.of('party')):
                cell = at(row, column)
                who = self._who(Row((cell,), row.line), column.title, [Column('party', 0, Cell(party, 0, 0))])
                if who is None:
                    bad.add(index)
                else:
                    items[index].who |= who
        for index, item in enumerate(items):
            yield Lost(item.name.text, item.name.line, item.name.column) if index in bad else item

    def _long(self, layout: Layout, rows: Sequence[Row]) -> Iterator[Item | Lost]:
        """A row for each assignment."""
        names = layout.of('activity') or layout.of('id')
        party, letters = layout.of('party')[0], layout.of('letters')[0]
        found: dict[tuple[str, ...], Item] = {}
        lost: list[Lost] = []
        path: dict[int, str] = {}
        last = ABSENT
        for row in rows:
            name = at(row, names[0])
            # As in other tables, a blank means the same as above.
            name = last = name if name.text.strip() else last
            who = squeezed(plain(at(row, party).text))
            section = self._path(row, layout, path)
            if not who or not name.text.strip():
                lost.append(self.leave_out(row.cells[0], squeezed(name.text), 'it names no activity or no party'))
                continue
            read = self._who(row, squeezed(name.text), [Column('party', letters.index, Cell(who, 0, 0))])
            if read is None:
                lost.append(Lost(squeezed(name.text), row.line, 1))
                continue
            item = found.setdefault((*section, squeezed(name.text)), Item(name, {}, section, None))
            if who in item.who:
                why = f'{quoted(who)} has its letters already, in line {item.who[who][0].line}'
                lost.append(self.leave_out(row.cells[0], squeezed(name.text), why))
            else:
                item.who |= read
                item.more = item.more or self._more(row, layout)
        yield from found.values()
        yield from lost

    def _letters(self, layout: Layout, rows: Sequence[Row]) -> Iterator[Item | Group | Lost]:
        """A column for each letter, with parties in the cells."""
        name = layout.of('activity')[0]
        columns = [column for column in layout.columns if column.kind.startswith('letter:')]
        names = Names([at(row, column) for row in rows for column in columns], self._problems)
        titles = Titles(rows, name, columns)
        path: dict[int, str] = {}
        for index, row in enumerate(rows):
            title = at(row, name)
            section = self._path(row, layout, path)
            if titles.is_title(index):
                yield Group(filled(row)[0], section)
                continue
            if not any(one.index < len(row.cells) for one in columns):
                why = 'it has no cell for any letter; if it is the title of a section, make it bold'
                yield self.leave_out(row.cells[0], squeezed(title.text), why)
                continue
            item = self._activity(row, layout, title, [], section)
            if isinstance(item, Item):
                cells = {code: at(row, one) for one in columns for code in one.kind.partition(':')[2].split(',')}
                item.who = names.who(cells, self._cells.codes)
            yield item

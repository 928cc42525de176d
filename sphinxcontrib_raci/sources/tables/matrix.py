"""Putting the matrix of a page together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sphinxcontrib_raci.sources.ids import Free, slug, stem
from sphinxcontrib_raci.sources.page import Cell, Heading, Other, Page, Prose, Row, Table
from sphinxcontrib_raci.sources.problems import Problems, untitled
from sphinxcontrib_raci.sources.tables.activities import Activities, waived
from sphinxcontrib_raci.sources.tables.cells import CellReader, plain
from sphinxcontrib_raci.sources.tables.heads import filled, is_blank
from sphinxcontrib_raci.sources.tables.items import Group, Item, Lost, Rows
from sphinxcontrib_raci.sources.tables.layouts import Layout, corner_of, is_again
from sphinxcontrib_raci.sources.tables.outline import Outline, mapping, text_node
from sphinxcontrib_raci.sources.tables.people import People, shortened, tell_shortened
from sphinxcontrib_raci.sources.tables.prose import Texts, headings_of
from sphinxcontrib_raci.sources.tables.titles import is_numbered
from sphinxcontrib_raci.sources.tree import Broken, Mapping_, Node, Scalar, Sequence
from sphinxcontrib_raci.sources.vocabulary import REVISIONS, TITLES, key
from sphinxcontrib_raci.wording import quoted, squeezed

_NO_MATRIX = (
    'no table in the file is a matrix; looked for a table with a column of activities and a column of letters '
    '(such as R, A, C, I) for each party, for one with a row for each party, and for one with columns R, A, C and I'
)


class Laid(NamedTuple):
    """A table, and how it is to be read."""

    table: Table
    layout: Layout


class Assembly:
    """Makes the tree of one matrix."""

    def __init__(
        self,
        page: Page,
        given: Mapping[str, Node],
        letters: Mapping[str, Node | None],
        people: People,
        cells: CellReader,
        footnotes: Mapping[str, str],
        problems: Problems,
        name: str,
        base_url: str = '',
        sheet: str = '',
    ) -> None:
        self._page = page
        self._given = given
        self._own = bool(given)
        self._letters = letters
        self._people = people
        self._problems = problems
        self._name = name
        self._rows = Rows(cells, problems, self._own)
        self._title, headings = self._find_title()
        self._outline = Outline(headings, problems, self._own)
        self._texts = Texts(self._outline.root, problems, self._own)
        self._scopes: dict[str, tuple[str, Cell]] = {}
        self._ids = Free(())
        self._footnotes = footnotes
        self._base = base_url
        self._sheet = sheet
        self._revision: Scalar | None = None
        self._short: dict[str, str] = {}
        self._many = 0

    def tree(self, tables: Collection[Laid | None], used: Collection[Prose]) -> Mapping_ | None:
        """The tree.

        ``tables`` are those of the page in their order, as far as they are no legends; ``used`` is text that is known
        already.
        """
        found = [laid.layout for laid in tables if laid and laid.layout.kind != 'foreign']
        self._many = len(found)
        self._learn(found)
        waiting = iter(tables)
        for block in self._page.blocks:
            if isinstance(block, Heading):
                if block is not self._title:
                    self._outline.heading(block)
            elif isinstance(block, Table):
                laid = next(waiting)
                if laid:
                    self._table(*laid)
            elif isinstance(block, Other):
                self._texts.leave_out(block)
            elif block not in used:
                self._texts.add(self._outline.current, block)
        self._texts.finish()
        if not found and not self._own:
            self._problems.add(None, _NO_MATRIX, 'structure')
            return None
        return self._top()

    def _find_title(self) -> tuple[Heading | None, list[Heading]]:
        """The heading that is the title of the page, and all others."""
        headings = headings_of(self._page.blocks)
        first = headings[0] if headings else None
        tops = [heading for heading in headings if heading.level == 1]
        if not self._own:
            # Numbered ones are sections, whatever their level.
            tops = [heading for heading in tops if not is_numbered(heading.text)]
        # One that stands above all others; several of them are sections.
        if first is None or tops != [first]:
            return None, headings
        return first, headings[1:]

    def _learn(self, layouts: list[Layout]) -> None:
        """What all tables together tell: the titles of parties, and the scopes."""
        columns = [column for layout in layouts if layout.kind == 'wide' for column in layout.of('party')]
        if not self._own:
            self._short = shortened(column.title for column in columns)
            tell_shortened(self._short, {column.title: column.head for column in reversed(columns)}, self._problems)
        for layout in layouts:
            titles = [key(column.title) for column in layout.of('party')] if layout.kind == 'wide' else []
            for column in layout.of('party') if layout.kind == 'wide' else []:
                self._people.id_of(self._short.get(column.title, column.title), column.head)
                if titles.count(key(column.title)) > 1:
                    text = f'two columns are called {quoted(column.title)}; give each party a name of its own'
                    self._problems.add(column.head, text)
            for column in layout.of('scope'):
                self._scope(column.title, column.head)
            for column in layout.of('number'):
                text = f'the column {quoted(column.title)} counts the rows; it is left out, as numbers are made anew'
                self._problems.add(column.head, text, 'read', 'info')
            for column in layout.of('unknown') if not self._own else []:
                self._problems.add(column.head, 'the column has letters but no title; write the name of its party')
        self._activities = Activities(
            self._people,
            {title: ident for title, (ident, _) in self._scopes.items()},
            self._footnotes,
            self._problems,
            self._own,
            self._base,
        )

    def _scope(self, title: str, head: Cell) -> None:
        if title in self._scopes:
            return
        # In a table of ours it is called by its id.
        self._scopes[title] = title if self._own else self._ids(slug(title) or 'scope'), head
        if not self._own:
            text = f'the column {quoted(title)} is read as a scope: what the ticked activities apply to'
            self._problems.add(head, text, 'read', 'info')

    def _table(self, block: Table, layout: Layout) -> None:
        """Deal with all rows of a table."""
        if layout.kind == 'foreign':
            self._foreign(block, layout)
            return
        self._outline.table()
        self._texts.table()
        self._above(layout)
        self._corner(layout)
        for found in self._rows.read(layout):
            self._put(found)

    def _corner(self, layout: Layout) -> None:
        """Where the head has a number and a title in its corner, that is the title of a section."""
        for column in layout.of('activity') if not self._own else []:
            again = {corner_of(row) for row in layout.body if is_again(row, layout)}
            if is_numbered(column.title) or (corner_of(Row((column.head,), 0)) and again - {'', key(column.title)}):
                self._outline.group(column.head)

    def _put(self, found: Item | Group | Lost) -> None:
        if isinstance(found, Group):
            self._group(found)
        elif isinstance(found, Lost):
            self._outline.open((), found.line, found.column).activities.append(
                Broken(found.line, found.column, found.name)
            )
        else:
            part = self._outline.open(found.path, found.name.line, found.name.column)
            part.activities.append(self._activities.node(found, self._short))

    def _group(self, found: Group) -> None:
        if found.title is not None:
            self._outline.group(found.title)
            return
        cells = [cell for _, cell in found.more]
        part = self._outline.open(found.path, cells[0].line if cells else 0, 1, new=True)
        for column, cell in found.more:
            if column.kind == 'id':
                part.ident = text_node(cell.text, cell.line, cell.column)
            elif column.kind == 'note':
                part.intro.append(cell.text)
            elif column.kind == 'waive':
                part.waive += (waived([cell]) or Mapping_((), 0, 0)).pairs

    def _foreign(self, block: Table, layout: Layout) -> None:
        """Name each row of a table that is no matrix."""
        body = block.rows[1:] if block.head else block.rows
        for row in body:
            cells = filled(row)
            if cells:
                why = 'no column of its table holds letters' if layout.head else 'its table has no head with parties'
                self._rows.leave_out(cells[0], squeezed(cells[0].text), why, 'warning')
            else:
                self._rows.leave_out_blank(row)

    def _above(self, layout: Layout) -> None:
        """Rows above the head of a table: a title, a date, or text."""
        for row in (row for row in layout.above if not is_blank(row)):
            texts = list(dict.fromkeys(squeezed(plain(cell.text)) for cell in filled(row)))
            cell, what = filled(row)[0], 'a text'
            if len(texts) == 2 and key(texts[0]) in REVISIONS:
                self._revision, what = text_node(texts[1], cell.line, cell.column), 'the revision'
            elif len(texts) == 2 and key(texts[0]) in TITLES:
                self._title, what = Heading(texts[1], 1, cell.line, cell.column), 'the title'
            elif self._many > 1 and len(texts) == 1 and not self._is_above_all(row, layout):
                what = 'the title of a section'
                self._outline.group(Cell(texts[0], cell.line, cell.column))
            elif self._title is None and len(texts) == 1 and not self._outline.current.depth:
                self._title, what = Heading(texts[0], 1, cell.line, cell.column), 'the title'
            else:
                self._texts.add(self._outline.current, Prose(' '.join(texts), cell.line))
            # A title of a section is in the matrix as what it is.
            kind = 'read' if what == 'the title of a section' else 'row'
            self._problems.add(cell, f'{quoted(" ".join(texts))} is read as {what}', kind, 'info')

    def _is_above_all(self, row: Row, layout: Layout) -> bool:
        """Whether a title stands apart from the first table below it, or in a part of its own: it is no section."""
        apart = layout.head is not None and layout.above[-1].line + 1 < layout.head.line
        return self._outline.current.depth > 0 or (
            not self._outline.root.parts and (apart or row is not layout.above[-1])
        )

    def _top(self) -> Mapping_:
        values = self._outline.root.values()
        rows = {name: values[name] for name in ('activities', 'sections')}
        if not any(rows.values()):
            rows['activities'] = Sequence((), 1, 1)
        found = self._title
        title = text_node(found.text, found.line, found.column) if found else None
        if self._own:
            texts: dict[str, Node | None] = {'title': title, 'intro': values['intro']}
            return mapping(1, 1, **(texts | dict(self._given) | rows))
        return mapping(
            1,
            1,
            raci=text_node('1', 1, 1),
            title=self._front(TITLES) or title or text_node(self._stand_in(), 1, 1),
            intro=values['intro'],
            revision=self._front(REVISIONS) or self._revision,
            **self._letters,
            parties=self._people.node(),
            scopes=self._scopes_node(),
            **rows,
        )

    def _front(self, keys: Collection[str]) -> Scalar | None:
        """What stands before the page under the first of some keys that other tools use, too."""
        pairs = self._page.front.pairs if self._page.front else ()
        found = {entry.text.casefold(): value for entry, value in pairs if isinstance(value, Scalar) and value.text}
        value = next((found[name] for name in found if name in keys), None)
        return text_node(value.text, value.line, value.column) if value else None

    def _stand_in(self) -> str:
        """What stands in for a title: the name of the sheet, or of the file."""
        if self._sheet:
            return self._sheet
        return untitled(stem(self._name), self._problems)

    def _scopes_node(self) -> Node | None:
        pairs = [
            (Scalar(ident, False, cell.line, cell.column), text_node(title, cell.line, cell.column))
            for title, (ident, cell) in self._scopes.items()
        ]
        return Mapping_(tuple(pairs), 1, 1) if pairs else None

"""From one activity of a table to what the source format has for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urljoin

from sphinxcontrib_raci.sources.fields import ID
from sphinxcontrib_raci.sources.ids import slug
from sphinxcontrib_raci.sources.page import Cell
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tables.cells import Part, footnote
from sphinxcontrib_raci.sources.tables.items import Item
from sphinxcontrib_raci.sources.tables.layouts import Column
from sphinxcontrib_raci.sources.tables.outline import mapping, text_node
from sphinxcontrib_raci.sources.tables.people import People
from sphinxcontrib_raci.sources.tree import Mapping_, Node, Scalar, Sequence
from sphinxcontrib_raci.wording import quoted, squeezed

_ADDRESS = re.compile(r'[a-z][a-z0-9+.-]*:', re.IGNORECASE)
_WRITTEN_LINK = re.compile(r'(?P<text>.+) <(?P<url>\S+)>|(?P<bare>(?:https?://|mailto:)\S+)')
_WORD = re.compile(r'\w')
# Of many blanks, signs or brackets, none but the first is where to begin.
_MARK = re.compile(
    r'(?<!\s)\s*+(?:\((?P<a>\d{1,3}|[*†‡§]++)\)|\[(?P<b>\^?[^][\s]++)\]|(?<![*†‡§¹²³⁰⁴-⁹])(?P<c>[*†‡§¹²³⁰⁴-⁹]++))$'
)


class Activities:
    """Makes activities.

    ``scopes`` has the id of each scope by its title, ``footnotes`` the text of each footnote by its mark; ``base`` is
    the address against which links are complete.
    """

    def __init__(
        self,
        people: People,
        scopes: Mapping[str, str],
        footnotes: Mapping[str, str],
        problems: Problems,
        own: bool,
        base: str = '',
    ) -> None:
        self._people = people
        self._scopes = scopes
        self._footnotes = footnotes
        self._problems = problems
        self._own = own
        self._base = base
        self._told: set[tuple[int, int]] = set()

    def node(self, item: Item, short: Mapping[str, str]) -> Mapping_:
        """The activity; ``short`` has other titles for parties."""
        cell = item.name
        name, notes = (squeezed(cell.text), []) if self._own else self._unmarked(squeezed(cell.text))
        found: dict[str, list[tuple[Column, Cell]]] = {}
        for column, more in item.more:
            found.setdefault(column.kind, []).append((column, more))
        notes = [*self._notes(found.get('note', []) + found.get('text', [])), *notes]
        links = [*self._links(found.get('links', []))]
        if not self._own:
            others = [cell, *(more for _, more in found.get('text', []) + found.get('note', []))]
            links += self._addresses(link for one in others for link in ((one, *link) for link in one.links))
        return mapping(
            cell.line,
            cell.column,
            id=self._id(found.get('id', [])),
            name=text_node(name, cell.line, cell.column),
            who=self._who(item.who, short),
            note=text_node(_together(notes), cell.line, cell.column) if notes else None,
            links=_listed(links, cell),
            tags=_listed(list(_entries(found.get('tags', []))), cell),
            scopes=self._ticked(item, cell),
            formerly=_listed(list(_entries(found.get('formerly', []))), cell),
            waive=waived([more for _, more in found.get('waive', [])]),
        )

    def _unmarked(self, name: str) -> tuple[str, list[str]]:
        """The name without the sign of a footnote at its end, and the text of that footnote."""
        match = _MARK.search(name)
        if match:
            text = footnote(self._footnotes, match['a'] or match['b'] or match['c'])
            if match.start() and text:
                return name[: match.start()], [text]
        return name, []

    def _who(self, who: Mapping[str, tuple[Cell, Part]], short: Mapping[str, str]) -> Mapping_:
        pairs = []
        line, column = 1, 1
        for title, (cell, part) in who.items():
            line, column = cell.line or line, cell.column or column
            ident = self._people.id_of(short.get(title, title), cell)
            if part.letters or part.note:
                letters = Scalar(' '.join(part.letters) or '-', False, line, column)
                note = text_node(part.note, line, column)
                value = mapping(line, column, letters=letters, note=note) if part.note else letters
                pairs.append((Scalar(ident, False, line, column), value))
        return Mapping_(tuple(pairs), line, column)

    def _notes(self, columns: Iterable[tuple[Column, Cell]]) -> Iterator[str]:
        for column, cell in columns:
            text = squeezed(cell.text)
            if column.kind == 'text' and column.title:
                text = f'{column.title}: {text}'
            self._tell(column, f'the column {quoted(column.title)} is read as a note')
            yield text

    def _tell(self, column: Column, text: str) -> None:
        place = column.head.line, column.head.column
        if not self._own and place not in self._told:
            self._told.add(place)
            self._problems.add(column.head, text, 'read', 'info')

    def _id(self, columns: list[tuple[Column, Cell]]) -> Scalar | None:
        for _, cell in columns:
            text = cell.text.strip()
            ident = text if self._own or ID.fullmatch(text) else slug(text)
            if self._own or (ident and not ident.isdigit()):
                if ident != text:
                    self._problems.add(cell, f'the id {quoted(text)} is read as {quoted(ident)}', 'read', 'info')
                return text_node(ident, cell.line, cell.column)
        return None

    def _links(self, columns: list[tuple[Column, Cell]]) -> Iterator[Mapping_]:
        for _, cell in columns:
            written, text, rest = [(cell, *link) for link in cell.links], cell.text, []
            for words, _target in cell.links:
                text = re.sub(r'\s+'.join(map(re.escape, words.split())), '', text, count=1)
            for line in text.split('\n'):
                if found := _WRITTEN_LINK.fullmatch(line.strip()):
                    written.append((cell, found['text'] or '', found['url'] or found['bare']))
                elif _WORD.search(line):
                    rest.append(line.strip())
            if rest:
                what = f'{quoted(" ".join(rest))} in the column of links is left out, as it is no link'
                level = 'error' if self._own else 'warning'
                self._problems.add(cell, f"{what}; its address must begin with 'https://' or 'mailto:'", 'read', level)
            yield from self._addresses(written)

    def _addresses(self, links: Iterable[tuple[Cell, str, str]]) -> Iterator[Mapping_]:
        for cell, text, target in links:
            url = target if _ADDRESS.match(target) or not self._base else urljoin(self._base, target)
            # In a table of ours, it is for the reader of the matrix to say what is wrong with it.
            if self._own or _ADDRESS.match(url):
                yield mapping(
                    cell.line,
                    cell.column,
                    text=text_node(text or url, cell.line, cell.column),
                    url=text_node(url, cell.line, cell.column),
                )
            else:
                what = f'the link to {quoted(target)} is left out, as it is no full address'
                self._problems.add(cell, f'{what}; convert with --base-url to complete it', 'read', 'warning')

    def _ticked(self, item: Item, cell: Cell) -> Node | None:
        if item.ticks is None or set(item.ticks) == set(self._scopes):
            return None
        return _list([text_node(self._scopes[title], cell.line, cell.column) for title in item.ticks], cell)


def _together(notes: list[str]) -> str:
    """Some notes as one, each but the last with its full stop."""
    first = [note if note[-1] in '.!?:;' else f'{note}.' for note in notes[:-1]]
    return ' '.join([*first, *notes[-1:]])


def waived(cells: Iterable[Cell]) -> Mapping_ | None:
    """The waivers in some cells, one in each line: ``rule: reason``."""
    pairs: list[tuple[Scalar, Node]] = []
    for cell in cells:
        for line in cell.text.split('\n'):
            rule, _, reason = line.partition(':')
            pairs.append((text_node(rule.strip(), cell.line, cell.column), text_node(reason, cell.line, cell.column)))
    return Mapping_(tuple(pairs), pairs[0][0].line, pairs[0][0].column) if pairs else None


def _entries(columns: Iterable[tuple[Column, Cell]]) -> Iterator[Scalar]:
    for _, cell in columns:
        for entry in re.split('[,\n]', cell.text):
            if entry.strip():
                yield text_node(squeezed(entry), cell.line, cell.column)


def _listed(nodes: list[Node] | list[Mapping_] | list[Scalar], cell: Cell) -> Sequence | None:
    return _list(nodes, cell) if nodes else None


def _list(nodes: Iterable[Node], cell: Cell) -> Sequence:
    return Sequence(tuple(nodes), cell.line, cell.column)

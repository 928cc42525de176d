"""Tables that this package wrote: their columns are known by name, and nothing about them is to be found out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from sphinxcontrib_raci.schemes import Scheme
from sphinxcontrib_raci.settings import Settings
from sphinxcontrib_raci.sources.columns import Columns
from sphinxcontrib_raci.sources.fields import Fields
from sphinxcontrib_raci.sources.letters import Letters
from sphinxcontrib_raci.sources.page import Cell, Table
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tables.layouts import Column, Layout
from sphinxcontrib_raci.sources.tree import Node
from sphinxcontrib_raci.sources.vocabulary import COLUMNS, key
from sphinxcontrib_raci.wording import listed, quoted

LEGEND = ['letter', 'name', 'meaning']
"""The titles of a table that is there for people alone."""


def scheme_of(given: Mapping[str, Node], settings: Settings) -> Scheme:
    """The scheme that keys and values of the source format name."""
    quiet = Letters(_quiet(), settings.schemes)
    named = quiet.scheme(given['scheme'], '') if 'scheme' in given else None
    letters = quiet.letters(given['letters'], '') if 'letters' in given else ()
    return quiet.overridden(named or quiet.default, letters or ())


class OwnTables:
    """Knows the columns.  ``given`` are the keys and values of the matrix, ``settings`` those of the project."""

    def __init__(self, given: Mapping[str, Node], settings: Settings, problems: Problems) -> None:
        self._problems = problems
        quiet = Columns(_quiet(), settings.parties)
        found = quiet.parties(given['parties'], '') if 'parties' in given else None
        scopes = quiet.scopes(given['scopes'], '') if 'scopes' in given else None
        named = [('party', ident, party.name) for ident, party in (found or {}).items()]
        named += [('scope', ident, name) for ident, (_, name) in (scopes or {}).items()]
        names = Counter(key(name) for _, _, name in named)
        groups = {'party': 'parties', 'scope': 'scopes'}
        self._titles: dict[str, tuple[str, str]] = {}
        # The first that fits: words of ours, names that only one has, ids, ids with what they are ids of.
        for word in COLUMNS:
            self._titles[word] = word, word
        for kind, ident, name in named:
            if names[key(name)] == 1:
                self._titles.setdefault(key(name), (kind, ident))
        for kind, ident, _ in named:
            self._titles.setdefault(ident, (kind, ident))
            self._titles.setdefault(f'{groups[kind]}.{ident}', (kind, ident))

    def layout(self, table: Table) -> Layout | None:
        """How a table is to be read; ``None`` for what is there for people alone."""
        head, body = table.rows[0], table.rows[1:]
        if [key(cell.text) for cell in head.cells] == LEGEND:
            return None
        columns = tuple(self._column(index, cell) for index, cell in enumerate(head.cells))
        return Layout('wide', head=head, body=body, columns=columns)

    def _column(self, index: int, cell: Cell) -> Column:
        """The column of a title.  That of a party or a scope is called by its id from here on."""
        kind, ident = self._titles.get(key(cell.text), ('unknown' if cell.text.strip() else 'empty', cell.text))
        if kind == 'unknown':
            hint = self._problems.suggestion(cell.text, self._titles)
            text = f'unknown column {quoted(cell.text)}{hint or f"; the columns are {listed(self._titles)}"}'
            self._problems.add(cell, text)
        return Column(kind, index, replace(cell, text=ident))


def _quiet() -> Fields:
    """What reads keys and values without a message: they are read once more, with one."""
    return Fields(Problems(''))

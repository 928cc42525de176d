"""Parties as they stand in the cells of a table whose columns are letters: several in a cell, parted in many ways."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from sphinxcontrib_raci.schemes import NOTHING
from sphinxcontrib_raci.sources.page import Cell
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tables.cells import LONGEST, Part, plain
from sphinxcontrib_raci.sources.vocabulary import key
from sphinxcontrib_raci.wording import listed, quoted, squeezed

_BETWEEN = re.compile(r'[,;\n](?![^(]*\))')
_PERHAPS = re.compile(r'\s*[/&+](?![^(]*\))\s*')
_BRACKETS = re.compile(r'(.+?)\s*\(([^()]+)\)')
EVERYONE = frozenset({'all', 'everyone', 'everybody', 'tous', 'alle', 'todos', 'tutti', 'allen', 'tout le monde'})


class Names:
    """The parties in some cells.

    A comma, a semicolon or a new line stands between two parties.  A slash may as well belong to a name: it parts
    two of them where one of the parts is a party of its own in another cell.
    """

    def __init__(self, cells: Iterable[Cell], problems: Problems) -> None:
        self._problems = problems
        self._titles: dict[str, str] = {}
        self._told: set[str] = set()
        self._known: dict[str, list[str]] = {}
        pieces = [piece for text in {cell.text: None for cell in cells} for piece in _pieces(text)]
        self._alone = {key(piece) for piece in pieces if len(piece) > LONGEST or not _PERHAPS.search(piece)}

    def who(self, cells: Mapping[str, Cell], codes: Sequence[str]) -> dict[str, tuple[Cell, Part]]:
        """What each party has in one activity; ``cells`` are those of the activity by the letter of their column."""
        found: dict[str, tuple[Cell, list[str]]] = {}
        notes: dict[str, str] = {}
        for code, cell in cells.items():
            names = self._known.get(cell.text)
            if names is None:
                # A table has few different cells, and what is to be said of one is said once.
                names = self._known[cell.text] = list(self._parties(cell))
            for whole in names:
                party, note = self._noted(whole)
                found.setdefault(party, (cell, []))[1].append(code)
                notes |= {party: note} if note else {}
        return {
            party: (cell, Part(tuple(code for code in codes if code in letters), notes.get(party, '')))
            for party, (cell, letters) in found.items()
        }

    def _noted(self, name: str) -> tuple[str, str]:
        """A party and a note: what stands in brackets is one where the party stands alone in another cell."""
        match = _BRACKETS.fullmatch(name)
        known = self._titles.get(key(match[1])) if match else None
        if match and (known or key(match[1]) in self._alone):
            return known or match[1], match[2]
        return name, ''

    def _parties(self, cell: Cell) -> Iterable[str]:
        for piece in _pieces(cell.text):
            parts = _PERHAPS.split(piece) if len(piece) <= LONGEST else [piece]
            names = [name for name in parts if name]
            together = len(names) < 2 or not any(key(name) in self._alone for name in names)
            names = [piece] if together else names
            if len(parts) > 1:
                what = 'one party' if together else f'the parties {listed(names)}'
                self._tell(cell, piece, f'is read as {what}', 'info')
            for name in names:
                if key(name) in EVERYONE:
                    text = 'is read as the name of a party; if it means all of them, name each one'
                    self._tell(cell, name, text, 'warning')
                # The first way to write a name is the one that stays.
                yield self._titles.setdefault(key(name), name)

    def _tell(self, cell: Cell, name: str, text: str, level: str) -> None:
        if name not in self._told:
            self._told.add(name)
            self._problems.add(cell, f'{quoted(name)} {text}', 'read', level)


def _pieces(text: str) -> list[str]:
    if len(text) > LONGEST:
        return [squeezed(text)]
    found = (squeezed(plain(piece)) for piece in _BETWEEN.split(text))
    return [piece for piece in found if piece.upper() not in NOTHING]

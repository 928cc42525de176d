"""The parties and the letters of a page, as the source format has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sphinxcontrib_raci.model import Party
from sphinxcontrib_raci.schemes import RACI, Letter, Scheme
from sphinxcontrib_raci.sources import vocabulary
from sphinxcontrib_raci.sources.ids import Free, slug
from sphinxcontrib_raci.sources.page import Cell
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tables.outline import mapping, text_node
from sphinxcontrib_raci.sources.tree import Mapping_, Node, Scalar
from sphinxcontrib_raci.sources.vocabulary import key
from sphinxcontrib_raci.wording import quoted


class People:
    """Who takes part; ``known`` are the project's own parties."""

    def __init__(self, known: Mapping[str, Party]) -> None:
        self._known = dict(known)
        self._ids: dict[str, str] = {}
        for ident, party in known.items():
            # Of two with one name, only the ids are certain.
            self._ids.setdefault(key(party.name), ident)
        self._ids |= {key(ident): ident for ident in known}
        self._found: dict[str, tuple[str, Cell]] = {}
        self._free = Free(self._ids.values())

    @property
    def names(self) -> frozenset[str]:
        """The names and ids that are known."""
        return frozenset(self._ids)

    def id_of(self, title: str, cell: Cell) -> str:
        """The id of the party that is called so; it takes part from now on."""
        ident = self._ids.get(key(title))
        if ident is None:
            ident = self._ids[key(title)] = self._free(slug(title) or 'party')
        self._found.setdefault(ident, (title, cell))
        return ident

    def node(self) -> Mapping_:
        """The parties as the source format has them."""
        pairs = []
        for ident, (title, cell) in self._found.items():
            # The project's own name of a party is not to be said again.
            value = Scalar('', True, cell.line, cell.column) if ident in self._known else None
            value = value or text_node(title, cell.line, cell.column)
            pairs.append((Scalar(ident, False, cell.line, cell.column), value))
        return Mapping_(tuple(pairs), 1, 1)


def shortened(titles: Iterable[str]) -> dict[str, str]:
    """What the titles of columns are without a word such as "role" that all of them begin or end with."""
    found = {}
    for title in dict.fromkeys(titles):
        words = title.split()
        if len(words) > 1 and key(words[0]) in vocabulary.REDUNDANT:
            found[title] = ' '.join(words[1:])
        elif len(words) > 1 and key(words[-1]) in vocabulary.REDUNDANT:
            found[title] = ' '.join(words[:-1])
        else:
            return {}
    return found if len({key(title) for title in found.values()}) == len(found) else {}


def tell_shortened(short: Mapping[str, str], cells: Mapping[str, Cell], problems: Problems) -> None:
    """Say which titles were made shorter."""
    for title, name in short.items():
        problems.add(cells[title], f'the column {quoted(title)} is read as the party {quoted(name)}', 'read', 'info')


def scheme_nodes(scheme: Scheme, known: Mapping[str, Scheme]) -> dict[str, Node | None]:
    """What the source format has for a scheme: its name, or all of it, and what its letters are called instead."""
    base = known.get(scheme.name)
    if base is None:
        letters = _letters(scheme.letters)
        extends = text_node(RACI.name, 1, 1) if scheme.accountable else None
        return {'scheme': mapping(1, 1, extends=extends, letters=letters) if extends else letters}
    new = [letter for letter in scheme.letters if letter not in base.letters]
    name = None if scheme.name == RACI.name else text_node(scheme.name, 1, 1)
    return {'scheme': name, 'letters': _letters(new) if new else None}


def _letters(letters: Iterable[Letter]) -> Mapping_:
    pairs = []
    for letter in letters:
        meaning = text_node(letter.meaning, 1, 1) if letter.meaning else None
        names = mapping(1, 1, name=text_node(letter.name, 1, 1), meaning=meaning)
        pairs.append((Scalar(letter.code, False, 1, 1), names))
    return Mapping_(tuple(pairs), 1, 1)

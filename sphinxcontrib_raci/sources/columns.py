"""What the cells of a matrix are made of: its parties, scopes and letters."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sphinxcontrib_raci.model import Party
from sphinxcontrib_raci.schemes import SCHEMES, Letter, Scheme
from sphinxcontrib_raci.sources.fields import ID, ID_HINT, Fields, Record
from sphinxcontrib_raci.sources.ids import Free, slug
from sphinxcontrib_raci.sources.problems import listed, quoted
from sphinxcontrib_raci.sources.tree import Mapping_, Node, Scalar, Sequence, is_null

_CODE = re.compile('[A-Za-z][A-Za-z0-9]{0,2}')
_CODE_HINT = "one to three letters and digits, a letter first, such as 'R'"


class Columns:
    """The takes of ``parties``, ``scopes``, ``scheme`` and ``letters``."""

    def __init__(self, fields: Fields, known: Mapping[str, Party]) -> None:
        self._fields = fields
        self._problems = fields.problems
        self._known = known
        texts = {'name': fields.line, 'description': fields.line}
        self._party = Record('a party', texts)
        meanings = {'name': fields.line, 'meaning': fields.line}
        self._letter = Record('a letter', meanings, required=('name',))
        self._override = Record('a letter', meanings)

    def parties(self, node: Node, what: str) -> dict[str, Party] | None:
        """Take the parties, each under the id that the source uses.

        A party with something wrong keeps its column: otherwise each row would be wrong because of it.
        """
        if isinstance(node, Sequence):
            keys = [(key, None) for key in (self._listed(entry) for entry in node.items) if key]
        elif isinstance(node, Mapping_):
            keys = list(node.pairs)  # type: ignore[arg-type]
        else:
            self._fields.wrong(node, what, 'a mapping of ids to names, or a list of ids')
            return None
        if not keys and not node.cut and not (isinstance(node, Sequence) and node.items):
            self._problems.add(node, f'{what} is empty; a matrix needs at least one party')
        found: dict[str, Party] = {}
        free = Free(key.text for key, _ in keys)
        for key, value in keys:
            if key.text in found:
                self._problems.add(key, f'party {quoted(key.text)} is listed twice; list it once', 'meaning')
            else:
                found[key.text] = self._one(key, value, free)
        return found or None

    def _listed(self, node: Node) -> Scalar | None:
        """Take an entry of a bare list of parties."""
        if isinstance(node, Scalar) and not is_null(node):
            return node
        self._fields.wrong(node, "an entry of 'parties'", 'the id of a party')
        return None

    def _one(self, key: Scalar, value: Node | None, free: Free) -> Party:
        ident = key.text
        if not self._fields.key(key, "'parties'", ID, ID_HINT):
            ident = free(slug(ident) or 'party')
        name = description = ''
        readable = True
        if isinstance(value, Mapping_):
            values = self._fields.record(value, self._party)
            name, description = values.get('name', ''), values.get('description', '')
            readable = values.sound
        elif value is not None:
            text = self._fields.line(value, f'party {quoted(key.text)}')
            name, readable = text or '', text is not None
        if not name and readable:
            return self._project(key, ident, description)
        return Party(ident, name or key.text, description)

    def _project(self, key: Scalar, ident: str, description: str) -> Party:
        """The project's own party of this id."""
        known = self._known.get(key.text)
        if known:
            return Party(ident, known.name, description or known.description, named=False)
        if ident == key.text:
            hint = self._problems.suggestion(key.text, self._known)
            text = f'party {quoted(key.text)} is not in raci_parties{hint or "; add it there, or give it a name here"}'
            self._problems.add(key, text, 'meaning')
        return Party(ident, key.text, description, named=False)

    def scopes(self, node: Node, what: str) -> dict[str, tuple[str, str]] | None:
        """Take the scopes, each with its id and name under the id that the source uses."""
        pairs = self._fields.pairs(node, what)
        if pairs is None:
            return None
        found: dict[str, tuple[str, str]] = {}
        free = Free(key.text for key, _ in pairs)
        for key, value in pairs:
            good = self._fields.key(key, what, ID, ID_HINT)
            name = self._fields.some(value, f'scope {quoted(key.text)}')
            ident = key.text if good else free(slug(key.text) or 'scope')
            found[key.text] = ident, name or key.text
        return found

    def scheme(self, node: Node, what: str) -> Scheme | None:
        """Take the name of a scheme, or a mapping of letters."""
        if isinstance(node, Scalar):
            name = self._fields.choice(SCHEMES)(node, what)
            return SCHEMES[name] if name else None
        if not isinstance(node, Mapping_):
            self._fields.wrong(node, what, 'the name of a scheme, or a mapping of letters to names')
            return None
        if not node.pairs and not node.cut:
            self._problems.add(node, f'{what} is empty; it needs at least one letter')
        letters: dict[str, Letter] = {}
        for key, value in node.pairs:
            letter = self._own(key, value)
            if letter and letters.setdefault(letter.code.upper(), letter) is not letter:
                self._problems.add(key, f'letter {quoted(key.text)} is here twice, with capitals or without', 'meaning')
        return Scheme('own', tuple(letters.values())) if letters else None

    def _own(self, key: Scalar, value: Node) -> Letter | None:
        """Take one letter of a scheme of the source's own."""
        good = self._fields.key(key, "'scheme'", _CODE, _CODE_HINT)
        what = f'letter {quoted(key.text)}'
        if isinstance(value, Mapping_):
            values = self._fields.record(value, self._letter)
            name, meaning = values.get('name', ''), values.get('meaning', '')
        else:
            name, meaning = self._fields.some(value, what) or '', ''
        return Letter(key.text, name or key.text, meaning) if good else None

    def letters(self, node: Node, what: str) -> tuple[tuple[Scalar, str, str], ...] | None:
        """Take other names and meanings for letters: each with its key, a name and a meaning, empty where not given."""
        pairs = self._fields.pairs(node, what)
        return None if pairs is None else tuple((key, *self._names(key, value)) for key, value in pairs)

    def _names(self, key: Scalar, value: Node) -> tuple[str, str]:
        if isinstance(value, Mapping_):
            values = self._fields.record(value, self._override)
            return values.get('name', ''), values.get('meaning', '')
        return self._fields.line(value, f'letter {quoted(key.text)}') or '', ''

    def overridden(self, scheme: Scheme, letters: tuple[tuple[Scalar, str, str], ...]) -> Scheme:
        """The scheme with the names and meanings that the source gives instead."""
        found = {letter.code.upper(): letter for letter in scheme.letters}
        for key, name, meaning in letters:
            letter = found.get(key.text.upper())
            if letter is None:
                text = f'letter {quoted(key.text)} is not in the scheme; its letters are {listed(scheme.codes)}'
                self._problems.add(key, text, 'meaning')
            else:
                new = Letter(letter.code, name or letter.name, meaning or letter.meaning)
                found[letter.code.upper()] = new
        return Scheme(scheme.name, tuple(found.values())) if letters else scheme

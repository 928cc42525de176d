"""The columns of a matrix: its parties and scopes."""

from __future__ import annotations

from collections.abc import Mapping

from sphinxcontrib_raci.model import Party
from sphinxcontrib_raci.sources.fields import ID, ID_HINT, Fields, Record
from sphinxcontrib_raci.sources.ids import Free, slug
from sphinxcontrib_raci.sources.tree import Mapping_, Node, Scalar, Sequence, is_null
from sphinxcontrib_raci.wording import quoted


class Columns:
    """The takes of ``parties`` and ``scopes``; ``known`` are the project's own parties."""

    def __init__(self, fields: Fields, known: Mapping[str, Party]) -> None:
        self._fields = fields
        self._problems = fields.problems
        self._known = known
        texts = {'name': fields.line, 'description': fields.line}
        self._party = Record('a party', texts)

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
        return Party(ident, name or key.text, description, line=key.line, column=key.column)

    def _project(self, key: Scalar, ident: str, description: str) -> Party:
        """The project's own party of this id."""
        known = self._known.get(key.text)
        if known:
            return Party(ident, known.name, description or known.description, False, key.line, key.column)
        if ident == key.text:
            hint = self._problems.suggestion(key.text, self._known)
            text = f'party {quoted(key.text)} is not in raci_parties{hint or "; add it there, or give it a name here"}'
            self._problems.add(key, text, 'meaning')
        return Party(ident, key.text, description, False, key.line, key.column)

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

"""Who does what in a tree that is almost ours: its parties, and the letters of an activity."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from sphinxcontrib_raci.sources.fields import ID
from sphinxcontrib_raci.sources.ids import Free, slug
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tree import Mapping_, Node, Scalar, Sequence, is_null
from sphinxcontrib_raci.wording import quoted, squeezed

WORDS = {
    'responsible': 'R',
    'accountable': 'A',
    'support': 'S',
    'supporting': 'S',
    'supportive': 'S',
    'consulted': 'C',
    'consult': 'C',
    'informed': 'I',
    'inform': 'I',
}
"""The letters that words mean, as they are known in every language."""

PARTY = ('party', 'role', 'team', 'stakeholder', 'person', 'member', 'actor', 'name', 'id')
LETTERS = ('letters', 'letter', 'raci', 'type', 'responsibility', 'responsibilities', 'assignment', 'code', 'value')
NOTES = ('note', 'notes', 'comment', 'comments', 'remark', 'remarks')

_CODES = frozenset('RASCI')
_ALIKE = str.maketrans('АСІЅасіѕΑΙ', 'ACISacisAI')
_BETWEEN = re.compile(r'(\s*[,/;&+|]\s*|\s+and\s+|\s+)')
_LISTED = re.compile(r'\s*[,;]\s*')


def code_of(word: str) -> str:
    """The letter that a key or a word means, empty where it means none."""
    text = word.strip()
    return WORDS.get(text.lower(), text.upper() if text.upper() in _CODES else '')


class Parties:
    """The parties of a tree, by the ids that they get.  ``declared`` says that the tree lists them itself."""

    def __init__(self, problems: Problems) -> None:
        self.declared = False
        self._problems = problems
        self._free = Free(())
        self._pairs: dict[str, tuple[Scalar, Node]] = {}
        self._known: dict[str, str] = {}

    def declare(self, node: Node) -> None:
        """Take the list of parties of the tree: names, records or a mapping of ids to either."""
        self.declared = True
        if isinstance(node, Mapping_):
            for key, value in node.pairs:
                self._declare(key, value)
            return
        for item in node.items if isinstance(node, Sequence) else ():
            if isinstance(item, Scalar) and not is_null(item):
                self._add(item, item)
            elif isinstance(item, Mapping_):
                self._declare(None, item)
            else:
                text = "an entry of the parties is neither a text nor a mapping with 'name'; it is left out"
                self._problems.add(item, text)
        if not isinstance(node, Mapping_ | Sequence):
            self.declared = False
            self._problems.add(node, 'the parties are neither a list nor a mapping; they are left out')

    def _declare(self, key: Scalar | None, value: Node) -> None:
        if not isinstance(value, Mapping_):
            if key:
                self._add(key, value if isinstance(value, Scalar) and not is_null(value) else key)
            return
        texts = {entry.text.lower(): part for entry, part in value.pairs if isinstance(part, Scalar)}
        ident = key or texts.get('id') or texts.get('key')
        name = next((texts[word] for word in ('name', 'title', 'label') if word in texts), ident)
        if name is None:
            self._problems.add(value, "a party has no 'name'; it is left out", 'structure')
            return
        note = texts.get('description')
        for entry, _part in value.pairs:
            if entry.text.lower() not in ('id', 'key', 'name', 'title', 'label', 'description'):
                ignored(entry, self._problems)
        self._add(ident or name, name, note)

    def _add(self, key: Scalar, name: Scalar, note: Scalar | None = None) -> str:
        ident = self._free(key.text if ID.fullmatch(key.text) else slug(key.text) or 'party')
        value: Node = Scalar(name.text, False, name.line, name.column)
        if note:
            pairs = ((_at('name', name), value), (_at('description', note), note))
            value = Mapping_(pairs, name.line, name.column)
        self._pairs[ident] = _at(ident, key), value
        for text in (name.text, key.text):
            self._known.setdefault(_folded(text), ident)
        return ident

    def knows(self, text: str) -> bool:
        """Whether a party has this id or name."""
        return _folded(text) in self._known

    def key(self, name: Scalar) -> Scalar:
        """The key of a party in ``who``.  One that a list of parties lacks stays as it is, for the reader to report."""
        ident = self._known.get(_folded(name.text))
        if ident is None:
            ident = name.text if self.declared else self._add(name, name)
        return _at(ident, name)

    def node(self, at: Mapping_ | Sequence) -> Mapping_:
        """``parties`` of our own format."""
        first = next(iter(self._pairs.values()), None)
        place = first[0] if first else at
        return Mapping_(tuple(self._pairs.values()), place.line, place.column)


class Who:
    """Reads the assignments of activities.  ``codes`` gathers the letters that were used."""

    def __init__(self, parties: Parties, problems: Problems) -> None:
        self.codes: set[str] = set()
        self._parties = parties
        self._problems = problems

    def read(self, node: Node) -> Mapping_ | None:
        """``who`` of our own format; ``None`` where the shape is not clear."""
        if isinstance(node, Mapping_):
            by_letter = self._is_by_letter(node)
            pairs = list(self._by_letter(node)) if by_letter else [(key, value) for key, value in node.pairs]
            return self._merged(node, pairs)
        if isinstance(node, Sequence) and all(isinstance(item, Mapping_) for item in node.items):
            found = [self._record(item) for item in node.items if isinstance(item, Mapping_)]
            known = [pair for pair in found if pair]
            return self._merged(node, known) if len(known) == len(found) else None
        return None

    def _is_by_letter(self, node: Mapping_) -> bool:
        """Whether the keys stand for letters and not for parties, which may well be called ``A``."""
        keys = [key.text for key, _ in node.pairs]
        if not keys or not all(code_of(key) and not self._parties.knows(key) for key in keys):
            return False
        if self._parties.declared or any(key.strip().lower() in WORDS for key in keys):
            return True
        return not all(_is_cell(text) for _, value in node.pairs for text in _texts(value))

    def _by_letter(self, node: Mapping_) -> Iterator[tuple[Scalar, Node]]:
        """Each party with the letter below which it stands."""
        for key, value in node.pairs:
            letter = Scalar(code_of(key.text), False, key.line, key.column)
            for part in value.items if isinstance(value, Sequence) else (value,):
                if isinstance(part, Mapping_):
                    part = next((name for entry, name in part.pairs if entry.text.lower() in PARTY), part)
                if isinstance(part, Scalar):
                    yield from ((name, letter) for name in self._names(part))
                else:
                    text = f'an entry below {quoted(key.text)} is no name of a party; write the name alone'
                    self._problems.add(part, text)

    def _names(self, node: Scalar) -> list[Scalar]:
        """The parties that a text names: one, or several with commas between them."""
        if is_null(node) or node.text.strip() in ('', '-', '–', '—'):
            return []
        if self._parties.knows(node.text):
            return [node]
        return [Scalar(name, False, node.line, node.column) for name in _LISTED.split(node.text) if name]

    def _record(self, node: Mapping_) -> tuple[Scalar, Node] | None:
        """The party and the letters of a record that holds both."""
        keys = {key.text.lower(): key for key, _ in node.pairs}
        values = {key.text.lower(): value for key, value in node.pairs}
        party = next((word for word in PARTY if word in values), '')
        letters = next((word for word in LETTERS if word in values and word != party), '')
        name = values.get(party)
        if not isinstance(name, Scalar) or not letters:
            return None
        value = values[letters]
        note = next((word for word in NOTES if word in values), '')
        if note:
            pairs = ((_at('letters', keys[letters]), value), (_at('note', keys[note]), values[note]))
            value = Mapping_(pairs, node.line, node.column)
        for word, key in keys.items():
            if word not in (party, letters, note):
                ignored(key, self._problems)
        return name, value

    def _merged(self, node: Mapping_ | Sequence, pairs: list[tuple[Scalar, Node]]) -> Mapping_:
        """``who``, in which each party stands once."""
        found: dict[str, tuple[Scalar, Node]] = {}
        for name, value in pairs:
            key = self._parties.key(name)
            letters = self._letters(value)
            if key.text in found:
                first = found[key.text][1]
                letters = Sequence((*_items(first), *_items(letters)), first.line, first.column)
            found[key.text] = found.get(key.text, (key,))[0], letters
        twice = node.twice if isinstance(node, Mapping_) else ()
        return Mapping_(tuple(found.values()), node.line, node.column, node.cut, twice)

    def _letters(self, node: Node) -> Node:
        """Letters where words or look-alikes stand; anything else as it is."""
        if isinstance(node, Sequence):
            return Sequence(tuple(self._letters(item) for item in node.items), node.line, node.column, node.cut)
        if isinstance(node, Mapping_):
            pairs = tuple((key, self._letters(value) if key.text == 'letters' else value) for key, value in node.pairs)
            return Mapping_(pairs, node.line, node.column, node.cut, node.twice)
        if not isinstance(node, Scalar) or is_null(node):
            return node
        plain = unicodedata.normalize('NFKC', node.text).translate(_ALIKE)
        parts = _BETWEEN.split(plain.strip())
        if not _is_cell(plain):
            return node
        text = ''.join(', ' if _BETWEEN.fullmatch(part) else WORDS.get(part.lower(), part) for part in parts)
        self.codes.update(set(text.upper()) & _CODES)
        if plain != node.text:
            message = f'{quoted(node.text)} holds letters of another alphabet that look like Latin ones; read as {text}'
            self._problems.add(node, message, 'cell', 'warning')
        return Scalar(text, node.plain, node.line, node.column) if text != plain or plain != node.text else node


def ignored(key: Scalar, problems: Problems) -> None:
    """Say that a key is left out."""
    text = f'key {quoted(key.text)} is not understood; it is left out with all that is in it'
    problems.add(key, text, 'read', 'warning')


def _is_cell(text: str) -> bool:
    """Whether a text can be letters."""
    words = [word for word in _BETWEEN.split(text) if not _BETWEEN.fullmatch(word)]
    return all(code_of(word) or set(word.upper()) <= {*_CODES, '-'} for word in words)


def _at(text: str, place: Scalar) -> Scalar:
    return Scalar(text, False, place.line, place.column)


def _folded(text: str) -> str:
    return squeezed(text).casefold()


def _items(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else (node,)


def _texts(node: Node) -> Iterator[str]:
    for part in _items(node):
        if isinstance(part, Scalar):
            if not is_null(part):
                yield part.text
        else:
            yield '?'

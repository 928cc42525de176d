"""What a source says of its letters: a scheme by name, a scheme of its own, other names and meanings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import replace
from typing import Any

from sphinxcontrib_raci.schemes import OWN, PARTS, RACI, USUAL, Letter, Scheme, UnknownLetter, read_letters
from sphinxcontrib_raci.sources.fields import ID, Fields, Record, Take, Values
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tree import Mapping_, Node, Scalar, Sequence, is_null
from sphinxcontrib_raci.wording import listed, quoted

_CODE = re.compile('[A-Za-z][A-Za-z0-9]{0,2}')
_CODE_HINT = "one to three letters and digits, a letter first, such as 'R'"
_NAME_HINT = "the name of a scheme, such as 'rasci', or letters with their names"
_LIMITS = re.compile(r'([0-9]{1,3})(?:\.\.([0-9]{1,3}|\*))?')
_LIMITS_HINT = "how many parties may have the letter: '1', '0..1', '1..*', '0..*'"

Named = tuple[Scalar, str, str]
"""A letter with another name and meaning, each empty where it keeps its own."""


class Letters:
    """The takes of ``scheme`` and ``letters``; ``known`` are the schemes that have a name."""

    def __init__(self, fields: Fields, known: Mapping[str, Scheme]) -> None:
        self._fields = fields
        self._problems: Problems = fields.problems
        self._known = known
        texts = {'name': fields.line, 'meaning': fields.line}
        self._named = Record('a letter', texts)
        limits = {'per-activity': fields.pattern(_LIMITS, _LIMITS_HINT), 'includes': self._codes}
        self._letter = Record('a letter', {**texts, **limits})
        parts: dict[str, Take[Any]] = dict.fromkeys(PARTS, self._part)
        self._scheme = Record('a scheme', {'extends': self._name, 'letters': self._pairs, **parts})

    @property
    def default(self) -> Scheme:
        """The scheme of a source that names none."""
        return self._known[RACI.name]

    def scheme(self, node: Node, what: str) -> Scheme | None:
        """Take the name of a scheme, a mapping of letters, or a mapping that says all there is to a scheme."""
        if isinstance(node, Scalar):
            return self._name(node, what)
        if not isinstance(node, Mapping_):
            self._fields.wrong(node, what, 'the name of a scheme, or a mapping of letters to names')
            return None
        full = any(key.text in self._scheme.takes for key, _value in node.pairs)
        values = self._fields.record(node, self._scheme) if full else Values({'letters': node.pairs}, sound=True)
        extends = any(key.text == 'extends' and not is_null(value) for key, value in node.pairs)
        # What extends a scheme that is not known most likely has the usual letters.
        base: Scheme = values.get('extends', self.default if extends else Scheme(OWN, ()))
        pairs: tuple[tuple[Scalar, Node], ...] = values.get('letters', ())
        if not pairs and not base.letters:
            # Where the letters, or what it was to extend, could not be used, that has been reported already.
            if values.sound and not node.cut:
                self._problems.add(node, f'{what} is empty; it needs at least one letter')
            return None
        scheme = self._extended(base, pairs, 'meaning' if full else 'structure', what)
        free = {key.text.upper() for key, value in pairs if not _has_limits(value)}
        return self._with_parts(scheme, values, free.difference(code.upper() for code in base.codes))

    def _name(self, node: Node, what: str) -> Scheme | None:
        name = self._fields.pattern(ID, _NAME_HINT)(node, what)
        if name and name not in self._known:
            hint = self._problems.suggestion(name, self._known) or f'; the schemes are {listed(self._known)}'
            self._problems.add(node, f'{what} is {quoted(name)}{hint}', 'meaning')
        return self._known.get(name or '')

    def _pairs(self, node: Node, what: str) -> tuple[tuple[Scalar, Node], ...] | None:
        return self._fields.pairs(node, what)

    def _extended(self, base: Scheme, pairs: tuple[tuple[Scalar, Node], ...], kind: str, what: str) -> Scheme:
        """The scheme with these letters: known ones as they are said to be, new ones after them."""
        letters = {letter.code.upper(): letter for letter in base.letters}
        included: list[tuple[str, Sequence]] = []
        seen = set()
        for key, value in pairs:
            code = key.text.upper()
            if not self._fields.key(key, what, _CODE, _CODE_HINT):
                continue
            if code in seen:
                self._problems.add(key, f'letter {quoted(key.text)} is here twice, with capitals or without', 'meaning')
                continue
            seen.add(code)
            letters[code], codes = self._one(key, value, letters.get(code), kind)
            included += [(code, codes)] if codes else []
        scheme = replace(base, name=OWN, letters=tuple(letters.values()))
        for code, codes in included:
            letters[code] = replace(letters[code], includes=self._included(scheme, letters[code], codes))
        return replace(scheme, letters=tuple(letters.values()))

    def _one(self, key: Scalar, node: Node, known: Letter | None, kind: str) -> tuple[Letter, Sequence | None]:
        """One letter, and what it says that it includes."""
        letter = known or Letter(key.text, '')
        if not isinstance(node, Mapping_):
            name = self._fields.some(node, f'letter {quoted(key.text)}')
            return replace(letter, name=name or letter.name or key.text), None
        values = self._fields.record(node, self._letter)
        name = values.get('name', letter.name)
        if not name and values.sound:
            self._problems.add(node, f"letter {quoted(key.text)} has no 'name'; add it", kind)
        limits = values.get('per-activity', letter.per_activity)
        least, most = self._limits(limits, node)
        meaning = values.get('meaning', letter.meaning)
        changed = replace(letter, name=name or key.text, meaning=meaning, least=least, most=most)
        return changed, values.found.get('includes')

    def _limits(self, text: str, node: Node) -> tuple[int, int | None]:
        match = _LIMITS.fullmatch(text)
        assert match is not None
        least = int(match[1])
        most = least if match[2] is None else None if match[2] == '*' else int(match[2])
        if most is not None and most < max(least, 1):
            self._problems.add(
                node, f"'per-activity' is {quoted(text)}, which nothing can be; write {_LIMITS_HINT}", 'meaning'
            )
            return 0, None
        return least, most

    def _codes(self, node: Node, what: str) -> Sequence | None:
        """Take codes of letters, in a list or in a text; which ones there are is only known later."""
        if isinstance(node, Scalar) and not is_null(node):
            return Sequence((node,), node.line, node.column)
        if isinstance(node, Sequence) and all(isinstance(entry, Scalar) for entry in node.items):
            return node
        self._fields.wrong(node, what, 'codes of letters')
        return None

    def _included(self, scheme: Scheme, letter: Letter, codes: Sequence) -> tuple[str, ...]:
        found: list[str] = []
        for entry in codes.items:
            assert isinstance(entry, Scalar)
            try:
                found += [code for code in read_letters(entry.text, scheme) if code != letter.code]
            except UnknownLetter as error:
                text = f'unknown letter {quoted(str(error))}; the letters of the scheme are {listed(scheme.codes)}'
                self._problems.add(entry, text, 'meaning')
        return tuple(code for code in scheme.codes if code in found)

    def _part(self, node: Node, what: str) -> Scalar | None:
        """Take the code of the letter that has a part of its own in the rules."""
        if isinstance(node, Scalar) and not is_null(node):
            return node
        self._fields.wrong(node, what, 'the code of a letter')
        return None

    def _with_parts(self, scheme: Scheme, values: Values, free: Set[str]) -> Scheme:
        """The scheme with the letters that rules know; those in ``free`` get the usual limits of their part."""
        codes = {code.upper(): code for code in scheme.codes}
        parts: dict[str, Any] = {}
        for part in PARTS:
            node: Scalar | None = values.found.get(part)
            if node is not None and node.text.upper() in codes:
                parts[part] = codes[node.text.upper()]
            elif node is not None:
                text = f"'{part}' is {quoted(node.text)}; the letters of the scheme are {listed(scheme.codes)}"
                self._problems.add(node, text, 'meaning')
        # One letter for both is above all that of the party that answers.
        limits = {parts[part]: USUAL[part] for part in reversed(PARTS) if part in parts and part in USUAL}
        letters = tuple(
            replace(letter, least=limits[letter.code][0], most=limits[letter.code][1])
            if letter.code in limits and letter.code.upper() in free
            else letter
            for letter in scheme.letters
        )
        return replace(scheme, letters=letters, **parts)

    def letters(self, node: Node, what: str) -> tuple[Named, ...] | None:
        """Take other names and meanings for letters."""
        pairs = self._fields.pairs(node, what)
        return None if pairs is None else tuple((key, *self._names(key, value)) for key, value in pairs)

    def _names(self, key: Scalar, value: Node) -> tuple[str, str]:
        if isinstance(value, Mapping_):
            values = self._fields.record(value, self._named)
            return values.get('name', ''), values.get('meaning', '')
        return self._fields.line(value, f'letter {quoted(key.text)}') or '', ''

    def overridden(self, scheme: Scheme, letters: tuple[Named, ...]) -> Scheme:
        """The scheme with the names and meanings that the source gives instead."""
        found = {letter.code.upper(): letter for letter in scheme.letters}
        for key, name, meaning in letters:
            letter = found.get(key.text.upper())
            if letter is None:
                text = f'letter {quoted(key.text)} is not in the scheme; its letters are {listed(scheme.codes)}'
                self._problems.add(key, text, 'meaning')
            else:
                new = replace(letter, name=name or letter.name, meaning=meaning or letter.meaning)
                found[letter.code.upper()] = new
        return replace(scheme, letters=tuple(found.values())) if letters else scheme


def _has_limits(node: Node) -> bool:
    """Whether a letter says how many parties may have it."""
    return isinstance(node, Mapping_) and any(
        key.text == 'per-activity' and not is_null(value) for key, value in node.pairs
    )

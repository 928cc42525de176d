"""Reading values and records out of a tree: what every part of the format is made of.

A *take* is a function from a node, and the words that name it in a message, to a value; it gives ``None`` where the
node cannot be used, after saying why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tree import Broken, Mapping_, Node, Scalar, Sequence, is_null
from sphinxcontrib_raci.wording import listed, quoted, squeezed

T = TypeVar('T')
Take = Callable[[Node, str], T | None]

ID = re.compile(r'[a-z0-9]+(-[a-z0-9]+)*')
_DATE = re.compile(r'[0-9]{4}-[0-9]{2}-[0-9]{2}')
# Of an address without a scheme, nothing may look like one, or like the name of another host.
_URL = re.compile(r'(https?://|mailto:)\S+|(?![/\\?#]|www\.)[^\s:/?#@\\]+([/?#][^\s\\]*)?')
_BREAKS = re.compile('\r\n|[\r\x85\u2028]')
_BLANK_LINE = re.compile('\n[ \t]*\n\\s*|\u2029')

ID_HINT = "lower-case letters, digits and single hyphens between them, such as 'order-identity'"


class Record:
    """A mapping with known keys: its name in messages, the take of each key, and the keys that it must have."""

    def __init__(self, name: str, takes: Mapping[str, Take[Any]], required: tuple[str, ...] = ()) -> None:
        self.name = name
        self.required = required
        self.takes = {key: (take, quoted(key)) for key, take in takes.items()}
        self.allowed = f'{name} has {listed(takes)}'


@dataclass(frozen=True)
class Values:
    """The usable values of a record by key.  ``sound`` says that nothing at all was wrong with it."""

    found: dict[str, Any]
    sound: bool

    def get(self, key: str, default: T) -> T:
        """The value of a key, or what stands in for it."""
        value: T = self.found.get(key, default)
        return value


class Fields:
    """The takes that all parts of a source share, and where they report to."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems

    def wrong(self, node: Node, what: str, wanted: str) -> None:
        """Report that a node is of another type than wanted."""
        if not isinstance(node, Broken):
            self.problems.add(node, f'{what} must be {wanted}, not {_noun(node)}')

    def record(self, node: Mapping_, record: Record) -> Values:
        """The values of a mapping with known keys."""
        found: dict[str, Any] = {}
        sound = not node.cut and not node.twice
        unusable = set()
        hints = ''
        for key, value in node.pairs:
            take, what = record.takes.get(key.text, (None, ''))
            if take is None:
                hints += self._unknown(key, record)
                sound = False
            elif not is_null(value):
                result = take(value, what)
                if result is None:
                    unusable.add(key.text)
                elif result != '':
                    found[key.text] = result
        missing = [key for key in record.required if key not in found and key not in unusable]
        # One message is enough where an unknown key was meant for the missing one.
        self._missing(node, record, [key for key in missing if quoted(key) not in hints])
        return Values(found, sound and not unusable and not missing)

    def _unknown(self, key: Scalar, record: Record) -> str:
        """Report an unknown key; the hint that names what was probably meant."""
        hint = self.problems.suggestion(key.text, record.takes)
        self.problems.add(key, f'unknown key {quoted(key.text)}{hint} ({record.allowed})')
        return hint

    def _missing(self, node: Mapping_, record: Record, missing: list[str]) -> None:
        # What is cut off may well have had them.
        if node.cut:
            return
        keys = {key.text: key for key, _ in node.pairs} if missing else {}
        for key in missing:
            if key in keys:
                self.problems.add(keys[key], f'{quoted(key)} has no value; {record.name} needs one')
            else:
                self.problems.add(node, f'{record.name} has no {quoted(key)}; add it')

    def line(self, node: Node, what: str) -> str | None:
        """Take a text as one line; empty where there is no value."""
        if isinstance(node, Scalar):
            return '' if is_null(node) else squeezed(node.text)
        self.wrong(node, what, 'a text')
        return None

    def some(self, node: Node, what: str) -> str | None:
        """Take a text as one line that must not be empty."""
        text = self.line(node, what)
        if text == '':
            self.problems.add(node, f'{what} has no text; write one')
        return text or None

    def paragraphs(self, node: Node, what: str) -> str | None:
        """Take a text whose blank lines part paragraphs."""
        if not isinstance(node, Scalar):
            return self.line(node, what)
        parts = (squeezed(part) for part in _BLANK_LINE.split(_BREAKS.sub('\n', node.text)))
        return '\n\n'.join(part for part in parts if part)

    def identifier(self, node: Node, what: str) -> str | None:
        """Take an id."""
        return self.pattern(ID, ID_HINT)(node, what)

    def pattern(self, pattern: re.Pattern[str], hint: str) -> Take[str]:
        """A take for a text that must look as the pattern asks."""

        def take(node: Node, what: str) -> str | None:
            if not isinstance(node, Scalar) or is_null(node):
                self.wrong(node, what, 'a text')
            elif pattern.fullmatch(node.text):
                return node.text
            else:
                self.problems.add(node, f'{what} is {quoted(node.text)}; write {hint}')
            return None

        return take

    def choice(self, known: Iterable[str]) -> Take[str]:
        """A take for one of some words."""
        words = tuple(known)

        def take(node: Node, what: str) -> str | None:
            if not isinstance(node, Scalar):
                self.wrong(node, what, 'a text')
            elif node.text in words:
                return node.text
            else:
                hint = self.problems.suggestion(node.text, words)
                text = f'{what} is {quoted(node.text)}{hint}' + ('' if hint else f'; write one of {listed(words)}')
                self.problems.add(node, text)
            return None

        return take

    def url(self, node: Node, what: str) -> str | None:
        """Take the address of a link."""
        hint = (
            "an address that starts with 'https://', 'http://' or 'mailto:', or that counts from the root of the site "
            "such as 'terms/sla.html', and has no space"
        )
        return self.pattern(_URL, hint)(node, what)

    def day(self, node: Node, what: str) -> str | None:
        """Take a date."""
        text = self.pattern(_DATE, "a date such as '2025-06-30'")(node, what)
        try:
            return text and date.fromisoformat(text).isoformat()
        except ValueError:
            self.problems.add(node, f'{what} is {quoted(text or "")}; there is no such day', 'meaning')
            return None

    def entries(self, node: Node, what: str) -> tuple[Node, ...] | None:
        """Take a list."""
        if isinstance(node, Sequence):
            return node.items
        self.wrong(node, what, "a list ('- ' before each entry, or brackets around all)")
        return None

    def list_of(self, take: Take[T]) -> Take[tuple[T, ...]]:
        """A take for a list; entries that cannot be used are left out."""

        def take_all(node: Node, what: str) -> tuple[T, ...] | None:
            nodes = self.entries(node, what)
            if nodes is None:
                return None
            results = (take(entry, f'an entry of {what}') for entry in nodes)
            return tuple(result for result in results if result is not None)

        return take_all

    def pairs(self, node: Node, what: str) -> tuple[tuple[Scalar, Node], ...] | None:
        """Take a mapping."""
        if isinstance(node, Mapping_):
            return node.pairs
        self.wrong(node, what, "a mapping ('key: value')")
        return None

    def key(self, key: Scalar, what: str, pattern: re.Pattern[str], hint: str) -> bool:
        """Whether a key looks as the pattern asks."""
        if pattern.fullmatch(key.text):
            return True
        self.problems.add(key, f'key {quoted(key.text)} in {what} is not possible; write {hint}')
        return False


def _noun(node: Node) -> str:
    if is_null(node):
        return 'nothing'
    return {Scalar: 'a text', Sequence: 'a list', Mapping_: 'a mapping'}.get(type(node), 'nothing')

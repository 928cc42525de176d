"""A source as a tree of texts, lists and mappings, each with its place; what YAML and JSON have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.wording import FORBIDDEN, quoted

DEEPEST = 50
"""So many levels of lists and mappings may be nested; what walks the tree may rely on it."""

MOST_NODES = 2_500_000
"""So many texts, lists and mappings a source may hold: enough for 200,000 activities."""

NULLS = frozenset({'', '~', 'null', 'Null', 'NULL'})
"""How "no value" is written, without quotes."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text as it is written in the source; ``plain`` where it stands there without quotes."""

    text: str
    plain: bool
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list.  ``cut`` says that something of it is missing: the source ends inside it, or it cannot be relied on."""

    items: tuple[Node, ...]
    line: int
    column: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Mapping_:  # noqa: N801 - the plain name is what the standard library calls another thing
    """A mapping, each key once; ``twice`` holds the keys that the source gives again, ``cut`` is as in a list."""

    pairs: tuple[tuple[Scalar, Node], ...]
    line: int
    column: int
    cut: bool = False
    twice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a value stands that cannot be used; what is wrong with it has been reported already.

    ``text`` is what is known of it.
    """

    line: int
    column: int
    text: str = ''


Node = Scalar | Sequence | Mapping_ | Broken


def is_null(node: Node) -> bool:
    """Whether the node says "no value"."""
    return isinstance(node, Scalar) and node.plain and node.text in NULLS


def node_of(value: object, depth: int = 0) -> Node:
    """The tree of a value of Python: dicts, lists and whatever stands in them, which counts as a text.

    What is nested too deeply, as it may hold itself, is a text too.
    """
    inner = partial(node_of, depth=depth + 1)
    if isinstance(value, Mapping) and depth < DEEPEST:
        return Mapping_(tuple((Scalar(str(key), False, 0, 0), inner(entry)) for key, entry in value.items()), 0, 0)
    if isinstance(value, list | tuple) and depth < DEEPEST:
        return Sequence(tuple(inner(entry) for entry in value), 0, 0)
    return Scalar('' if value is None else str(value), value is None, 0, 0)


class Stop(Exception):
    """Nothing more of the source is to be read."""


class _Open:
    """A list or mapping that is being read.  ``key`` is the key whose value comes next, in a mapping."""

    __slots__ = ('column', 'cut', 'items', 'key', 'line', 'mapping', 'pairs', 'seen', 'twice')

    def __init__(self, mapping: bool, line: int, column: int, cut: bool) -> None:
        self.mapping, self.line, self.column, self.cut = mapping, line, column, cut
        self.items: list[Node] = []
        self.pairs: list[tuple[Scalar, Node]] = []
        self.key: Node | None = None
        self.seen: dict[str, int] = {}
        self.twice: list[str] = []

    def node(self) -> Node:
        """It, as far as it has been read."""
        if self.mapping:
            return Mapping_(tuple(self.pairs), self.line, self.column, self.cut, tuple(self.twice))
        return Sequence(tuple(self.items), self.line, self.column, self.cut)


class Builder:
    """Makes the tree from what a parser meets, in the order of the source."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.root: Node | None = None
        self._open: list[_Open] = []
        self._count = 0

    def open(self, mapping: bool, line: int, column: int, cut: bool = False) -> None:
        """A list or mapping begins.

        :raises Stop: where too many are open.
        """
        if len(self._open) >= DEEPEST:
            text = f'lists and mappings are nested more than {DEEPEST} levels deep; use fewer levels of sections'
            self.problems.add_at(line, column, text, 'syntax')
            raise Stop
        self._open.append(_Open(mapping, line, column, cut))

    def close(self) -> None:
        """The list or mapping that was opened last ends."""
        self.put(self._open.pop().node())

    def put(self, node: Node) -> None:
        """A node has been read: an entry, a key or a value of what is open.

        :raises Stop: where there are too many.
        """
        self._count += 1
        if self._count > MOST_NODES:
            text = f'the file holds more than {MOST_NODES:,} texts, lists and mappings; divide it'
            self.problems.add_at(node.line, node.column, text, 'syntax')
            self._count = 0
            raise Stop
        if not self._open:
            self.root = node
            return
        top = self._open[-1]
        if not top.mapping:
            top.items.append(node)
        elif top.key is None:
            top.key = self._key(top, node)
        else:
            self._pair(top, top.key, node)
            top.key = None

    def finish(self) -> Node | None:
        """The whole tree; what is still open was cut off."""
        while self._open:
            top = self._open[-1]
            top.cut = True
            top.key = None
            self._open.pop()
            self.put(top.node())
        return self.root

    @property
    def innermost(self) -> tuple[bool, int] | None:
        """Of what is open: whether the innermost is a mapping, and the line where it begins."""
        return (self._open[-1].mapping, self._open[-1].line) if self._open else None

    def _key(self, top: _Open, node: Node) -> Node:
        if isinstance(node, Scalar) and not (node.plain and node.text == '<<'):
            return node
        top.cut = True
        if isinstance(node, Scalar):
            self.problems.add(node, "merge key '<<'; write the keys out where they are needed", 'syntax')
        elif not isinstance(node, Broken):
            self.problems.add(node, 'a list or mapping used as a key; write a text as the key', 'syntax')
        return Broken(node.line, node.column)

    def _pair(self, top: _Open, key: Node, node: Node) -> None:
        if not isinstance(key, Scalar):
            return
        first = top.seen.setdefault(key.text, key.line)
        if len(top.seen) > len(top.pairs):
            top.pairs.append((key, node))
            return
        top.twice.append(key.text)
        text = f'key {quoted(key.text)} is here a second time, after line {first}; write each key once'
        self.problems.add(key, text, 'syntax')


LINE_BREAK = re.compile('\r\n|[\r\n\x85\u2028\u2029]')
"""What ends a line for YAML and reStructuredText."""

PLAIN_BREAK = re.compile('\r\n|[\r\n]')
"""What ends a line for everyone else."""

_BOM = '\ufeff'
_WIDE = (b'\xff\xfe', b'\xfe\xff', b'\0')


def decode(data: bytes, problems: Problems, line_break: re.Pattern[str] = LINE_BREAK) -> str:
    """The text of a source, whose lines end as its format has it.

    What is no UTF-8 and what no text may hold is reported, the first of each line, and comes out as U+FFFD.

    :raises Stop: where it is another encoding altogether.
    """
    if data.startswith(_WIDE) or data[1:2] == b'\0':
        problems.add_at(1, 1, 'the file looks like UTF-16 or UTF-32; save it as UTF-8', 'syntax')
        raise Stop
    text = data.decode('utf-8', 'surrogateescape').removeprefix(_BOM)
    if not FORBIDDEN.search(text):
        return text
    for number, line in enumerate(line_break.split(text), start=1):
        if found := FORBIDDEN.search(line):
            problems.add_at(number, found.start() + 1, _complaint(found[0]), 'syntax')
    return FORBIDDEN.sub('\N{REPLACEMENT CHARACTER}', text)


def clean(text: str, line: int, column: int, problems: Problems) -> str:
    """A text that was written with escapes, without what no text may hold; that is reported."""
    found = FORBIDDEN.search(text)
    if not found:
        return text
    problems.add_at(line, column, f'the text holds {named_char(found[0])}, which no text may; leave it out', 'syntax')
    return FORBIDDEN.sub('\N{REPLACEMENT CHARACTER}', text)


def _complaint(char: str) -> str:
    if '\udc80' <= char <= '\udcff':
        return f'byte 0x{ord(char) - 0xDC00:02X} is not UTF-8; save the file as UTF-8'
    return f'{named_char(char)} may not stand in a text; remove it'


def named_char(char: str) -> str:
    """What a message calls such a character."""
    what = 'half a surrogate pair' if '\ud800' <= char <= '\udfff' else 'control character'
    return f'{what} U+{ord(char):04X}'

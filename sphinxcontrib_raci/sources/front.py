"""Keys and values that stand before a table, as the tree that YAML would give.

A format without nesting writes nested keys with dots: ``parties.provider.name``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tree import DEEPEST, Mapping_, Scalar
from sphinxcontrib_raci.wording import quoted


@dataclass
class _Branch:
    """A mapping that is being filled; ``key`` is the one that it was first named by."""

    key: Scalar
    entries: dict[str, tuple[Scalar, Scalar | _Branch]] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)

    def node(self) -> Mapping_:
        pairs = tuple(
            (key, value.node() if isinstance(value, _Branch) else value) for key, value in self.entries.values()
        )
        return Mapping_(pairs, self.key.line, self.key.column, twice=tuple(self.twice))


def unflatten(pairs: Iterable[tuple[Scalar, Scalar]], problems: Problems, *, in_text: bool = True) -> Mapping_:
    """The tree that keys with dots mean: ``a.b: 1`` is ``a: {b: 1}``.

    Keys keep their order and their places; ``in_text`` says that columns are those of characters, and not of cells.
    A key that is given twice, that is a text here and a mapping there, or that has an empty part is reported and left
    out.
    """
    root: _Branch | None = None
    for key, value in pairs:
        root = root or _Branch(key)
        parts = _parts(key, problems, in_text)
        branch = _descend(root, parts[:-1], key, problems) if parts else None
        if branch is not None:
            _put(branch, parts[-1], key, value, problems)
    return root.node() if root else Mapping_((), 1, 1)


def _parts(key: Scalar, problems: Problems, in_text: bool) -> list[Scalar]:
    """The parts of a key, each at its place; none where the key cannot be used."""
    texts = key.text.split('.')
    if not all(text.strip() for text in texts):
        text = f"key {quoted(key.text)} has an empty part; write a name on both sides of each '.'"
        problems.add(key, text)
        return []
    if len(texts) >= DEEPEST:
        problems.add(key, f'key {quoted(key.text)} has more than {DEEPEST - 1} parts; use fewer')
        return []
    parts, column = [], key.column
    for text in texts:
        parts.append(Scalar(text.strip(), key.plain, key.line, column))
        column += len(text) + 1 if in_text else 0
    return parts


def _descend(branch: _Branch, parts: list[Scalar], key: Scalar, problems: Problems) -> _Branch | None:
    """The mapping that the parts lead to, made where it is missing."""
    for part in parts:
        first, below = branch.entries.setdefault(part.text, (part, _Branch(part)))
        if not isinstance(below, _Branch):
            _conflict(key, part, first, problems)
            return None
        branch = below
    return branch


def _put(branch: _Branch, part: Scalar, key: Scalar, value: Scalar, problems: Problems) -> None:
    first, there = branch.entries.setdefault(part.text, (part, value))
    if first is part:
        return
    if isinstance(there, _Branch):
        _conflict(key, part, first, problems)
        return
    branch.twice.append(part.text)
    text = f'key {quoted(key.text)} is here a second time, after line {first.line}; write each key once'
    problems.add(key, text)


def _conflict(key: Scalar, part: Scalar, first: Scalar, problems: Problems) -> None:
    text = (
        f'key {quoted(key.text)} does not go with line {first.line}, as {quoted(part.text)} is a text in one of them '
        'and has keys below it in the other; keep one of the two'
    )
    problems.add(key, text)

"""A matrix as JSON: the same tree as in YAML."""

from __future__ import annotations

import json

from sphinxcontrib_raci.model import Matrix
from sphinxcontrib_raci.writers.tree import Value, as_tree

WIDTH = 100
"""A list or mapping of texts stays on one line up to here."""


def write(matrix: Matrix, name: str) -> bytes:
    """The bytes of the file ``name``."""
    return encoded(as_tree(matrix, name))


def encoded(value: Value) -> bytes:
    """A tree as JSON that people can read."""
    return (_dumped(value, '', 0) + '\n').encode()


def _dumped(value: Value, indent: str, used: int) -> str:
    """The JSON of a value; ``used`` is how much of its line is taken already."""
    if not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False)
    parts = list(value.values()) if isinstance(value, dict) else value
    if not any(isinstance(part, dict | list) for part in parts):
        flat = json.dumps(value, ensure_ascii=False)
        if len(indent) + used + len(flat) <= WIDTH:
            return flat
    inner = indent + '  '
    starts = (
        [f'{json.dumps(key, ensure_ascii=False)}: ' for key in value] if isinstance(value, dict) else [''] * len(parts)
    )
    lines = [start + _dumped(part, inner, len(start)) for start, part in zip(starts, parts, strict=True)]
    opening, closing = '{}' if isinstance(value, dict) else '[]'
    return f'{opening}\n{inner}' + f',\n{inner}'.join(lines) + f'\n{indent}{closing}'

"""A matrix as YAML, in the form in which a person would type it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.emitter import Emitter
from yaml.resolver import Resolver

from sphinxcontrib_raci.model import Matrix
from sphinxcontrib_raci.writers.tree import Tree, Value, as_tree

WIDTH = 100
"""Lines are at most this long, where they can be parted at all."""

_ALWAYS_BLOCK = frozenset({'scheme', 'letters', 'parties', 'sections', 'activities'})
_ROWS = frozenset({'sections', 'activities'})
_TEXT = 'tag:yaml.org,2002:str'
# What PyYAML takes for a text and other tools may not: 'y', and numbers of another notation.
_MAYBE_NO_TEXT = re.compile(r'[yYnN]|[-+]?\.?[0-9][0-9_.,:a-fA-FxXoO+-]*')
_UNPRINTABLE = re.compile('[\x7f-\x9f\u2028\u2029\ufeff]')


def write(matrix: Matrix, name: str) -> bytes:
    """The bytes of the file ``name``."""
    return dump(as_tree(matrix, name)).encode()


def dump(tree: Tree) -> str:
    """The YAML of a tree: short mappings and lists in brackets, one key per line otherwise."""
    return ''.join(f'{line}\n' for line in _mapping(tree, 0))


def _mapping(tree: Tree, indent: int) -> Iterator[str]:
    for key, value in tree.items():
        yield from _pair(key, value, indent)


def _pair(key: str, value: Value, indent: int) -> Iterator[str]:
    start = f'{" " * indent}{scalar(key)}:'
    if key == 'parties' and isinstance(value, dict) and value and not any(value.values()):
        # What the project names needs no name here.
        value = list(value)
    if value == '':
        yield start
    elif not isinstance(value, dict | list):
        text = f'{start} {scalar(value)}'
        yield from _prose(start, value, indent + 2) if _is_long(key, value, text) else [text]
    elif not value or (_may_flow(key, value) and len(f'{start} {_flow(value)}') <= WIDTH):
        yield f'{start} {_flow(value)}'
    else:
        yield start
        if isinstance(value, dict):
            yield from _mapping(value, indent + 2)
        else:
            for entry in value:
                yield from _entry(entry, indent + 2, rows=key in _ROWS)


def _entry(value: Value, indent: int, *, rows: bool) -> Iterator[str]:
    """One entry of a list that has a line for each."""
    start = ' ' * indent + '- '
    if isinstance(value, dict) and (rows or len(start + _flow(value)) > WIDTH):
        lines = _mapping(value, indent + 2)
        yield start + next(lines)[indent + 2 :]
        yield from lines
    else:
        yield start + _flow(value, inside=False)


def _may_flow(key: str, value: dict[str, Value] | list[Value]) -> bool:
    """Whether a mapping or list is better in brackets, if that is short enough."""
    nested = isinstance(value, dict) and any(isinstance(entry, dict) for entry in value.values())
    return (key not in _ALWAYS_BLOCK or (key == 'parties' and isinstance(value, list))) and not nested


def _flow(value: Value, *, inside: bool = True) -> str:
    if isinstance(value, dict):
        return '{' + ', '.join(f'{scalar(key, flow=True)}: {_flow(entry)}' for key, entry in value.items()) + '}'
    if isinstance(value, list):
        return '[' + ', '.join(_flow(entry) for entry in value) + ']'
    return scalar(value, flow=inside)


def scalar(value: str | bool | int, *, flow: bool = False) -> str:
    """A value on one line: plain where every tool reads that as the same text, else in double quotes.

    ``flow`` says that it stands in brackets, where less is plain.
    """
    if not isinstance(value, str):
        return str(value).lower()
    analysis = _analysis(value)
    plain = analysis.allow_flow_plain if flow else analysis.allow_block_plain
    return value if plain and _is_text(value) else _double_quoted(value)


def _analysis(text: str) -> Any:
    # What may stand where, the library knows; it has no other door to it.
    return Emitter(io.StringIO(), allow_unicode=True).analyze_scalar(text)


def _is_text(text: str) -> bool:
    """Whether no tool takes the plain text for a number, a date, a truth value or nothing."""
    tag = Resolver().resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return bool(tag == _TEXT and not _MAYBE_NO_TEXT.fullmatch(text))


def _double_quoted(text: str) -> str:
    # All escapes of JSON are escapes of YAML.
    return _UNPRINTABLE.sub(lambda found: f'\\u{ord(found[0]):04X}', json.dumps(text, ensure_ascii=False))


def _is_long(key: str, value: str | bool | int, line: str) -> bool:
    if key != 'intro' or not isinstance(value, str) or not _analysis(value).allow_block:
        return False
    return '\n' in value or len(line) > WIDTH


def _prose(start: str, text: Value, indent: int) -> Iterator[str]:
    """A text of paragraphs, in lines."""
    paragraphs = str(text).split('\n\n')
    yield f'{start} {"|" if len(paragraphs) > 1 else ">-"}'
    for number, paragraph in enumerate(paragraphs):
        if number:
            yield ''
        for line in _wrapped(paragraph, WIDTH - indent):
            yield ' ' * indent + line


def _wrapped(text: str, width: int) -> Iterator[str]:
    # Not textwrap: it drops no-break spaces that stand alone.
    line = ''
    for word in text.split(' '):
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f'{line} {word}' if line else word
    yield line

"""A matrix as a page of Markdown that MyST and code-hosting sites show alike."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from sphinxcontrib_raci.model import Activity, Link, Matrix, Section
from sphinxcontrib_raci.writers.tables import Column, Entry, Tables, waived
from sphinxcontrib_raci.writers.tree import head
from sphinxcontrib_raci.writers.yamlfile import dump

DEEPEST = 6
"""Markdown has so many levels of headings; what lies deeper gets one of the last."""

_ON_PAGE = ('title', 'intro')
_SPECIAL = re.compile(r'[\\`*_{}\[\]<>|~$]|&(?=#?\w+;)|(?<!\S)#')
# What makes a block of a line that begins with it: a list, a rule, a comment or a target of MyST, a definition.
_BLOCK = re.compile(r'[-+=:%]|\((?=.*\)=$)')
_NUMBERED = re.compile(r'[0-9]{1,9}(?=[.)](?!\S))')
_IN_URL = re.compile(r'[\\<>|]|&(?=#?\w+;)')


def write(matrix: Matrix, name: str) -> bytes:
    """The bytes of the file ``name``."""
    front = {key: value for key, value in head(matrix, name).items() if key not in _ON_PAGE}
    blocks = [f'---\n{dump(front)}---', f'# {escaped(matrix.title)}', *_blocks(matrix)]
    return ('\n\n'.join(blocks) + '\n').encode()


def escaped(text: str) -> str:
    """The text so that nothing in it is markup."""
    return _SPECIAL.sub(r'\\\g<0>', text)


def paragraph(text: str) -> str:
    """The text as a paragraph of its own, which is nothing else than that."""
    inner = escaped(text)
    numbered = _NUMBERED.match(inner)
    if numbered:
        return f'{numbered[0]}\\{inner[numbered.end() :]}'
    return '\\' + inner if _BLOCK.match(inner) else inner


def _blocks(matrix: Matrix) -> Iterator[str]:
    tables = Tables(matrix)
    for part in tables.parts():
        section = part.section
        if part.depth:
            yield f'{"#" * min(part.depth + 1, DEEPEST)} {escaped(section.title)}'
            yield from _comments(section)
        yield from (paragraph(text) for text in section.intro.split('\n\n') if text)
        if section.activities:
            yield '\n'.join(_table(tables, section.activities))


def _comments(section: Section) -> Iterator[str]:
    """What readers of the page need not see."""
    texts = ([f'id: {section.id}'] if section.id else []) + [f'waive: {text}' for text in waived(section.waive)]
    yield from (f'<!-- {html.escape(text, quote=False)} -->' for text in texts)


def _table(tables: Tables, activities: Sequence[Activity]) -> Iterator[str]:
    columns = tables.columns(activities)
    yield _row(escaped(_title(column)) for column in columns)
    yield _row('---' for _ in columns)
    for activity in activities:
        yield _row('<br>'.join(map(_entry, tables.entries(activity, column))) for column in columns)


def _title(column: Column) -> str:
    return column.title if column.kind in ('party', 'scope') else column.title.capitalize()


def _row(cells: Iterator[str]) -> str:
    return '| ' + ' | '.join(cells) + ' |'


def _entry(entry: Entry) -> str:
    if isinstance(entry, Link):
        url = _IN_URL.sub(r'\\\g<0>', entry.url)
        return f'[{escaped(entry.text)}](<{url}>)'
    return escaped(entry)

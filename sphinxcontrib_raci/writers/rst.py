"""A matrix as a page of reStructuredText."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from docutils.utils import column_width

from sphinxcontrib_raci.model import Activity, Link, Matrix, Section
from sphinxcontrib_raci.writers.tables import Column, Entry, Tables, pairs, waived

_UNDERLINES = '=-~^"+*#:.\'`_!$%&,/;<>?@|'
_ON_PAGE = ('title', 'intro')
# Beside markup: what ends in '::' begins a literal block, and addresses become links by themselves.
_SPECIAL = re.compile(r'[\\*`_|@]|(?<=:):|(?<=[A-Za-z0-9]):(?=\S)')
_SPECIAL_IN_LINK = re.compile(r'[\\*`_|@<>]')
# A paragraph that begins with anything but a letter or figure may be another kind of block, and so may a numbered one.
_BLOCK = re.compile(r'[^\w\\]|\w+[.)](?!\S)')


def write(matrix: Matrix, name: str) -> bytes:
    """The bytes of the file ``name``."""
    fields = [f':{key}: {paragraph(text)}' for key, text in pairs(matrix, name) if key not in _ON_PAGE]
    blocks = [_heading(matrix.title, 0), '\n'.join(fields), *_blocks(matrix)]
    return ('\n\n'.join(blocks) + '\n').encode()


def escaped(text: str) -> str:
    """The text so that nothing in it is markup."""
    return _SPECIAL.sub(r'\\\g<0>', text)


def paragraph(text: str) -> str:
    """The text as a paragraph of its own, which is nothing else than that."""
    inner = escaped(text)
    if inner and not inner.strip('\\'):
        # A line of backslashes alone is a rule; an escaped blank is nothing.
        return '\\ ' + inner
    return '\\' + inner if _BLOCK.match(inner) else inner


def _heading(title: str, depth: int) -> str:
    text = paragraph(title)
    return f'{text}\n{_UNDERLINES[depth] * max(column_width(text), 4)}'


def _blocks(matrix: Matrix) -> Iterator[str]:
    tables = Tables(matrix)
    for part in tables.parts():
        section = part.section
        if part.depth:
            yield _heading(section.title, min(part.depth, len(_UNDERLINES) - 1))
            yield from _comments(section)
        yield from (paragraph(text) for text in section.intro.split('\n\n') if text)
        if section.activities:
            yield '\n'.join(_table(tables, section.activities))


def _comments(section: Section) -> Iterator[str]:
    """What readers of the page need not see."""
    if section.id:
        yield f'.. id: {section.id}'
    yield from (f'.. waive: {text}' for text in waived(section.waive))


def _table(tables: Tables, activities: Sequence[Activity]) -> Iterator[str]:
    columns = tables.columns(activities)
    yield from ('.. list-table::', '   :header-rows: 1', '')
    yield from _row([[paragraph(_title(column))] for column in columns])
    for activity in activities:
        yield from _row([_cell(tables.entries(activity, column)) for column in columns])


def _title(column: Column) -> str:
    return column.title if column.kind in ('party', 'scope') else column.title.capitalize()


def _row(cells: list[list[str]]) -> Iterator[str]:
    for number, lines in enumerate(cells):
        first, *rest = lines or ['']
        yield f'   {" " if number else "*"} - {first}'.rstrip(' ')
        yield from (f'       {line}' for line in rest)


def _cell(entries: Sequence[Entry]) -> list[str]:
    """The lines of a cell: one entry is a paragraph, several are lines of a line block."""
    if len(entries) < 2:
        return [_entry(entry) for entry in entries]
    return [f'| {_entry(entry)}' for entry in entries]


def _entry(entry: Entry) -> str:
    if isinstance(entry, Link):
        text = _SPECIAL_IN_LINK.sub(r'\\\g<0>', entry.text)
        url = _SPECIAL_IN_LINK.sub(r'\\\g<0>', entry.url)
        return f'`{text} <{url}>`__'
    return paragraph(entry)

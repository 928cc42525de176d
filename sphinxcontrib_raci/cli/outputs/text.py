"""Messages for people: each with the line of the source, and a mark under the column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from sphinxcontrib_raci.cli.outputs.report import Entry, Report
from sphinxcontrib_raci.cli.reports import message, printable
from sphinxcontrib_raci.model import Place
from sphinxcontrib_raci.sources import load

BEFORE, AFTER = 40, 60
"""So many characters of a long line are shown before its column and from there on."""

LinesOf = Callable[[str], tuple[str, ...]]
"""Gives the lines of a file."""

_TAB = '    '
_LINE_BREAK = re.compile('\r\n|[\r\n\x85\u2028\u2029]')
"""What readers count as the end of a line."""


def text(report: Report) -> str:
    """The entries that are not waived."""
    # Entries come file by file.
    lines_of = lru_cache(maxsize=1)(_source_lines)
    return ''.join(f'{line}\n' for entry in report.open() for line in _lines(entry, report.color, lines_of))


def _lines(entry: Entry, color: bool, lines_of: LinesOf) -> Iterator[str]:
    place = entry.place
    yield message(str(place), entry.level, entry.text, entry.code, color=color)
    # The rows of a spreadsheet are no lines of its file.
    source = '' if place.cell else _source_line(place, lines_of)
    if source:
        yield from excerpt(source, place.line, place.column)


def excerpt(source: str, number: int, column: int) -> Iterator[str]:
    """A line of a source with its number, and below it a line with a mark under the column, if there is one.

    Of a long line, only what is near the column is shown.  Wide characters take the room of two.
    """
    at = min(max(column - 1, 0), len(source))
    start = at - BEFORE if len(source) > BEFORE + AFTER and at > BEFORE else 0
    end = max(at, start + BEFORE) + AFTER
    before = ('…' if start else '') + _shown(source[start:at])
    yield f'{number:>6} | {before}{_shown(source[at:end])}'.rstrip() + ('…' if end < len(source) else '')
    if column:
        yield f'{"":>6} | {" " * _width(before)}^'


def _source_line(place: Place, lines_of: LinesOf) -> str:
    """The line at a place; empty where there is none, or nothing in it."""
    lines = lines_of(place.path) if place.line else ()
    line = lines[place.line - 1] if place.line <= len(lines) and lines else ''
    return line if line.strip() else ''


def _source_lines(path: str) -> tuple[str, ...]:
    data = load(Path(path), path)
    if not isinstance(data, bytes) or b'\0' in data:
        return ()
    return tuple(_LINE_BREAK.split(data.decode('utf-8', 'replace').removeprefix('\ufeff')))


def _shown(part: str) -> str:
    return printable(part.replace('\t', _TAB))


def _width(shown: str) -> int:
    """The columns of a terminal that a text takes."""
    return sum(0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in 'WF') for char in shown)

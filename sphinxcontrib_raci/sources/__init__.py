"""Reading sources: a file in, a matrix and everything that is wrong with it out.

Formats that are trees (YAML, JSON) are read into :mod:`~sphinxcontrib_raci.sources.tree`, those that hold tables
(Markdown, CSV, XLSX, reStructuredText) into :mod:`~sphinxcontrib_raci.sources.page` and from there, by
:mod:`~sphinxcontrib_raci.sources.tables`, into the same tree.
"""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from sphinxcontrib_raci.addresses import locator
from sphinxcontrib_raci.files import LARGEST, read_regular
from sphinxcontrib_raci.model import Matrix, Place, Problem, Reading
from sphinxcontrib_raci.settings import NO_SETTINGS, Settings
from sphinxcontrib_raci.sources.formats import FORMATS, SOURCES, Request, format_of, sheets_in
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.reader import read_matrix
from sphinxcontrib_raci.sources.tree import Stop

__all__ = ['FORMATS', 'LARGEST', 'SUFFIXES', 'read', 'read_bytes']

SUFFIXES: tuple[str, ...] = SOURCES
"""How the names of sources of a documentation end."""

HIDDEN = '**.raci.md'
"""The sources that a parser of documents would take for one of them."""


def read(
    path: Path,
    *,
    settings: Settings = NO_SETTINGS,
    name: str | None = None,
    sheet: str = '',
    base_url: str = '',
) -> Reading:
    """Read a source, whatever is in it.

    ``settings`` are those of its project; ``name`` is the path to give in places, where it differs.
    ``sheet`` names the one sheet of a spreadsheet that is to be read, ``base_url`` is what links are relative to.
    Nothing is raised: what goes wrong is among the problems of the reading.
    """
    name = str(path) if name is None else name
    data = load(path, name)
    return data if isinstance(data, Reading) else read_bytes(data, name, settings, sheet=sheet, base_url=base_url)


def load(path: Path, name: str) -> bytes | Reading:
    """The bytes of a source, or a reading that says why it has none; ``name`` is the path to give in places."""
    try:
        data = read_regular(path)
    except (OSError, ValueError) as error:
        return _unreadable(name, getattr(error, 'strerror', None) or str(error))
    if len(data) > LARGEST:
        return _unreadable(name, f'it has more than {LARGEST // 1_000_000} MB; no matrix is as large')
    return data


def read_bytes(
    data: bytes, name: str, settings: Settings = NO_SETTINGS, *, sheet: str = '', base_url: str = ''
) -> Reading:
    """Read the bytes of a source; its format is what its name says."""
    chosen = format_of(name)
    sheets = sheets_in(chosen, data)
    problems = Problems(name, locator(sheets) if sheets else Place)
    matrix: Matrix | None = None
    if chosen is None:
        known = ', '.join(FORMATS)
        problems.add(None, f'the name of the file does not say what is in it; names end in one of {known}', 'syntax')
        return Reading(None, problems.result())
    request = Request(data, name, settings, problems, sheet, base_url)
    try:
        tree = chosen.tree(request)
        if tree is not None or not problems.broken_at:
            matrix = read_matrix(tree, name, settings, problems)
    except Stop:
        pass
    return Reading(matrix and replace(matrix, sheets=sheets), problems.result(), request.own)


def installed() -> tuple[bool, ...]:
    """Which of the libraries that some formats need are there: another set of them may read a source in another way."""
    return tuple(find_spec(name) is not None for name in ('markdown_it', 'openpyxl'))


def _unreadable(name: str, why: str) -> Reading:
    return Reading(None, (Problem(Place(name), f'the file cannot be read: {why}', 'syntax'),))

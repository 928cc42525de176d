"""Reading sources: a file in, a matrix and everything that is wrong with it out."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from sphinxcontrib_raci.model import Party, Place, Problem, Reading
from sphinxcontrib_raci.sources.jsonfile import read_json
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.reader import read_matrix
from sphinxcontrib_raci.sources.tree import Stop, decode
from sphinxcontrib_raci.sources.yamlfile import read_yaml

__all__ = ['SUFFIXES', 'read', 'read_bytes']

SUFFIXES: tuple[str, ...] = ('.raci.yaml', '.raci.yml', '.raci.json')
"""How the names of sources end."""

_NO_PARTIES: Mapping[str, Party] = MappingProxyType({})


def read(path: Path, *, parties: Mapping[str, Party] = _NO_PARTIES, name: str | None = None) -> Reading:
    """Read a source, whatever is in it.

    ``parties`` are the project's own, by id; ``name`` is the path to give in places, where it differs.
    Nothing is raised: what goes wrong is among the problems of the reading.
    """
    name = str(path) if name is None else name
    try:
        # A pipe or a device would never end.
        if not stat.S_ISREG(path.stat().st_mode):
            return _unreadable(name, 'it is a directory' if path.is_dir() else 'it is no regular file')
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        return _unreadable(name, getattr(error, 'strerror', None) or str(error))
    return read_bytes(data, name, parties)


def read_bytes(data: bytes, name: str, parties: Mapping[str, Party] = _NO_PARTIES) -> Reading:
    """Read the bytes of a source; whether they are YAML or JSON, its name says."""
    problems = Problems(name)
    try:
        text = decode(data, problems)
    except Stop:
        return Reading(None, problems.result())
    tree = (read_json if name.lower().endswith('.json') else read_yaml)(text, problems)
    if tree is None and problems.broken_at:
        return Reading(None, problems.result())
    matrix = read_matrix(tree, name, parties, problems)
    return Reading(matrix, problems.result())


def _unreadable(name: str, why: str) -> Reading:
    return Reading(None, (Problem(Place(name), f'the file cannot be read: {why}', 'syntax'),))

"""Which files are sources: what patterns match in a folder, for a build as for the command."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from sphinx.util.matching import get_matching_files

from sphinxcontrib_raci.sources import SUFFIXES


def find(folder: Path, patterns: Iterable[str], excluded: Iterable[str]) -> list[Path]:
    """The sources that patterns match, in order, each once even if links lead to it by several ways.

    Patterns are those of Sphinx, with slashes or, as Windows has them, backslashes between folders.  They count from
    ``folder``, which is an absolute path; ``../`` at the beginning of a pattern leads out of it.
    """
    left_out = tuple(excluded)
    found: dict[str, Path] = {}
    wanted: dict[Path, list[str]] = {}
    for pattern in patterns:
        start, rest = _outside(folder, pattern.replace('\\', '/').removeprefix('./'))
        # Sphinx's "**/" wants a folder; everyone else's, and the reader's, takes none as well.
        wanted.setdefault(start, []).extend([rest, rest.removeprefix('**/')])
    for start, included in wanted.items():
        for name in get_matching_files(start, included, left_out):
            # Beside an open file, editors and spreadsheet programs keep one of their own.
            if name.endswith(SUFFIXES) and not Path(name).name.startswith(('.', '~$')):
                path, real = start / name, os.path.realpath(start / name)
                found[real] = min(found.get(real, path), path, key=_distance)
    return sorted(found.values())


def _distance(path: Path) -> tuple[bool, int]:
    """Rather a file itself than a link to it, which may have another name, and rather by a short way."""
    return path.is_symlink(), len(path.parts)


def _outside(folder: Path, pattern: str) -> tuple[Path, str]:
    """Take ``..`` off the start of a pattern, as Sphinx's matching stays within the folder that it is given."""
    while pattern.startswith('../'):
        folder, pattern = folder.parent, pattern.removeprefix('../')
    return folder, pattern

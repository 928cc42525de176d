"""One content, written as several Sphinx projects: a module for each way to write it."""

from collections.abc import Callable
from pathlib import Path

from content import Content

from . import bare, datatemplates, list_table, myst, needs, raci
from .common import Files

WRITERS: dict[str, Callable[[Content], Files]] = {
    'raci': raci.files,
    'list-table': list_table.files,
    'myst': myst.files,
    'datatemplates': datatemplates.files,
    'needs': needs.files,
    'bare': bare.files,
}

# Pages that show an edit of another file only if a person touches them as well.
STALE = {'needs': 'parties/*.rst'}


def write_project(name: str, folder: Path, content: Content) -> None:
    """Write those files of a project that do not hold what they should: of an edit, those that it concerns."""
    for path, lines in WRITERS[name](content):
        target, text = folder / path, '\n'.join(lines) + '\n'
        if not target.exists() or target.read_text(encoding='utf-8') != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding='utf-8')


def edit_project(name: str, folder: Path, content: Content) -> None:
    """All that a person must do so that the next build says what the content says."""
    write_project(name, folder, content)
    for path in folder.glob(STALE[name]) if name in STALE else ():
        path.touch()

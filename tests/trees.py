"""Folders of files compared byte for byte, and clean builds to compare others with."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from difflib import unified_diff
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from conftest import Project, Result

from sphinxcontrib_raci.pages import _stubs_among


@dataclass
class Tree:
    """Files by name."""

    files: dict[str, bytes]

    @classmethod
    def of(cls, folder: Path) -> Tree:
        """The files of a folder."""
        paths = [path for path in folder.rglob('*') if path.is_file()]
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
        if 'searchindex.js' in files:
            files['searchindex.js'] = without_lost_words(files['searchindex.js'])
        return cls(files)

    def differences(self, other: Tree) -> list[str]:
        """The names of files that only one of the two has, or that are not the same."""
        return sorted(name for name in {*self.files, *other.files} if self.files.get(name) != other.files.get(name))

    def explained(self, other: Tree) -> str:
        """The differences from another tree, with the first lines that differ."""
        lines = []
        for name in self.differences(other):
            texts = [tree.files.get(name, b'(no such file)\n').decode(errors='replace') for tree in (self, other)]
            found = list(unified_diff(*(text.splitlines() for text in texts), n=0, lineterm=''))[3:9]
            lines += [f'{name}:', *(f'    {line[:300]}' for line in found)]
        return '\n'.join(lines)


def without_lost_words(index: bytes) -> bytes:
    """Sphinx's search index without words that are on no page: it keeps those that were on one once."""
    start, end = index.index(b'{'), index.rindex(b'}') + 1
    data = json.loads(index[start:end])
    for part in ('terms', 'titleterms'):
        data[part] = {word: pages for word, pages in data[part].items() if pages != []}
    return index[:start] + json.dumps(data).encode() + index[end:]


def made(folder: Path) -> Path:
    """The folder, which is new."""
    folder.mkdir(parents=True)
    return folder


def is_stub(path: Path) -> bool:
    """Whether this extension wrote a file, and nobody has changed it."""
    return bool(_stubs_among([path]))


def clean_build(project: Project, builder: str, *, stubs: bool = False, **options: Any) -> tuple[Project, Result]:
    """Build a copy of the project, with its stubs or without, in a place where nothing has been built before."""
    place = project.folder.parent.parent / 'clean'
    shutil.rmtree(place, ignore_errors=True)
    copy = Project(made(place / 'docs'))
    shutil.copytree(project.folder, copy.folder, dirs_exist_ok=True)
    for path in copy.folder.rglob('*.rst'):
        if is_stub(path) and not stubs:
            path.unlink()
    return copy, copy.build(builder, **options)


def leftovers(result: Result) -> set[str]:
    """Files of documents that are no more: Sphinx never removes the output of a document, generated or not."""
    documents = result.app.env.found_docs
    left = set()
    for name in Tree.of(result.out).files:
        docname, dot, suffix = name.removeprefix('_sources/').partition('.')
        page = suffix in {'html', 'txt', 'rst.txt'} and docname not in {'genindex', 'search', 'raci-activities'}
        if dot and page and docname not in documents:
            left.add(name)
    return left


SPHINX_KEEPS = ('raci-activities.html', '.buildinfo.bak', '_static/*-stemmer.js', '_static/translations.js')
"""What Sphinx never removes: the page of an index in which nothing is any more, and files of an old configuration."""


def differences(result: Result, clean: Result) -> str:
    """What an output has that a clean build does not make, or the other way round."""
    ours, theirs = Tree.of(result.out), Tree.of(clean.out)
    for name in leftovers(result):
        del ours.files[name]
    for name in ours.files.keys() - theirs.files.keys():
        if any(fnmatch(name, pattern) for pattern in SPHINX_KEEPS):
            del ours.files[name]
    return ours.explained(theirs)


def assert_as_clean(project: Project, builder: str, result: Result) -> None:
    """The output of a build, and the stubs, are those of a clean build of the same tree, byte for byte."""
    copy, clean = clean_build(project, builder)
    assert differences(result, clean) == ''
    assert Tree.of(project.folder).differences(Tree.of(copy.folder)) == []

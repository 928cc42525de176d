"""Party pages: a stub for each party, which shows what :rst:dir:`raci:party` gives.  No stub ever holds data.

A party with very many activities has one for each matrix too, below the one that all links lead to.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from hashlib import blake2b
from itertools import takewhile
from pathlib import Path
from traceback import extract_tb
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.template import ReSTRenderer

from sphinxcontrib_raci import files
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.outputs import key_of
from sphinxcontrib_raci.project import Project
from sphinxcontrib_raci.registry import Registry
from sphinxcontrib_raci.wording import listed

logger = logging.getLogger(__name__)

CACHE = 'raci-pages.pickle'
TEMPLATES = Path(__file__).with_name('templates')
COMMENTS = {'.rst': '.. ', '.md': '% '}
"""How a comment begins, by suffix of a page."""
MARKUPS = {'.rst': 'restructuredtext', '.md': 'markdown'}
"""What Sphinx calls the markup of each suffix; a project may give it other suffixes."""
SPECIAL = {'.rst': re.compile(r'[!-/:-@[-`{-~•‣⁃]'), '.md': re.compile(r'[!-/:-@[-`{-~]')}
"""What is to be escaped in a title, by suffix of a page.  Dots too: Sphinx makes one character of three."""
MARK = re.compile(r'(?:\.\.|%) Written by sphinxcontrib-raci \((\w+)\)\. [^\n]*\n\n(.*)', re.DOTALL)
"""The first line of a stub, with the digest of all that follows it: a stub that a user has edited does not match."""


def _line_of(error: Exception) -> str:
    """Where in a template an error arose."""
    if isinstance(error, TemplateSyntaxError):
        return f'{error.filename or error.name}:{error.lineno}'
    if isinstance(error, OSError) and error.filename:
        return f'{error.filename}:'
    # Jinja puts the lines of the template into the traceback.
    last = extract_tb(error.__traceback__)[-1]
    return f'{last.filename}:{last.lineno}'


def update(app: Sphinx, registry: Registry) -> None:
    """Write, rewrite and remove stubs so that each party has its own; other people's files are left alone."""
    folder = Path(app.srcdir, app.config.raci_party_pages)
    wanted, folders = _kept(app, registry)
    pages = _render(app, folder, _with_file(wanted)) if app.config.raci_party_pages else {}
    stubs = {path: text for path, text in pages.items() if not _is_elsewhere(path, app.config.source_suffix)}
    # Builds into other outputs may be writing the same pages right now.
    writer = f'-{key_of(app)}'
    failed: dict[str, list[Path]] = {}
    there = [path for name in folders for path in _files_in(Path(app.srcdir, name))]
    # First, as one of them may be, but for capitals, the page that is to be written.
    for path in _stubs_among(path for path in there if path not in stubs):
        _try(path, partial(_remove, path, Path(app.srcdir)), failed)
    for place in {folder, *(path.parent for path in stubs)}:
        _try(place, partial(files.sweep, place, writer), failed)
    for path, text in stubs.items():
        _try(path, partial(_write, path, text, writer), failed)
    for why, paths in failed.items():
        _report(why, paths)


def _with_file(wanted: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The stubs that can have a file of their name wherever the documentation is built."""
    for values in wanted:
        if not files.DEVICES.fullmatch(values['id']):
            yield values
        elif not values['matrix']:
            message = _("'%s' gets no page, as no file can have this name on Windows; give it another id")
            logger.warning(message, values['id'], type='raci', subtype='page')


def _try(path: Path, action: Callable[[], None], failed: dict[str, list[Path]]) -> None:
    """Do something with one page; what is wrong with it must not keep the others from being written."""
    try:
        action()
    except OSError as error:
        failed.setdefault(error.strerror or str(error), []).append(path)


def _report(why: str, paths: list[Path]) -> None:
    """Say which pages could not be written or removed, once for all that have the same reason."""
    if len(paths) == 1:
        message = _('this party page cannot be written or removed (raci_party_pages in conf.py): %s')
        logger.warning(message, why, location=f'{paths[0]}:1', type='raci', subtype='page')
    else:
        message = _('these party pages cannot be written or removed (raci_party_pages in conf.py): %s: %s')
        names = listed(path.name for path in paths)
        logger.warning(message, why, names, location=f'{paths[0].parent}:', type='raci', subtype='page')


def _remove(path: Path, root: Path) -> None:
    # Another build, into another output, may be doing the same.
    path.unlink(missing_ok=True)
    # A folder stays where something else is in it, or where it is a link.
    with suppress(OSError):
        for folder in takewhile(lambda folder: folder != root, path.parents):
            folder.rmdir()


def _values(project: Project, most: int) -> Iterator[dict[str, Any]]:
    """What the template is told for each stub: of each party, and of each matrix of one with over ``most`` rows."""
    for party in project.parties.values():
        rows = project.rows(party.id)
        split = 0 < most < sum(rows.values())
        yield {'id': party.id, 'name': party.name, 'matrix': '', 'split': split}
        for matrix in rows if split else ():
            name = f'{party.name}: {project.matrices[matrix].title}'
            yield {'id': party.id, 'name': name, 'matrix': matrix, 'split': False}


def _kept(app: Sphinx, registry: Registry) -> tuple[list[dict[str, Any]], list[str]]:
    """What the template is told for each stub, and the folders that may have stubs in them.

    The sources are only asked where they have changed.  A folder is known for as long as stubs are in it, whichever is
    configured; the new one from before the first is written, as the build may be killed.
    """
    path = Path(app.doctreedir, CACHE)
    given = app.config.raci_party_pages
    key = f'{registry.fingerprint} {app.config.raci_party_rows}' if given else ''
    found, kept = files.load(path)
    known = filter(None, dict.fromkeys([*kept.get('folders', ()), given]))
    folders = [name for name in known if name == given or _stubs_among(_files_in(Path(app.srcdir, name)))]
    if given:
        same = found == key and 'stubs' in kept
        stubs = kept['stubs'] if same else list(_values(registry.project, app.config.raci_party_rows))
    else:
        stubs = []
    new = {'stubs': stubs, 'folders': folders}
    if (given or kept) and (found, kept) != (key, new):
        files.store(path, key, new)
    return stubs, folders


def _render(app: Sphinx, folder: Path, wanted: Iterable[Mapping[str, Any]]) -> dict[Path, str]:
    """The text of each stub, from the template ``raci/party.rst`` (or ``.md``); ``templates_path`` wins."""
    suffix, markup = _markup(app.config.source_suffix)
    if not markup:
        message = _('raci_party_pages needs reStructuredText or Markdown among the values of source_suffix')
        logger.warning(message, type='raci', subtype='page')
        return {}
    folders = [str(Path(app.confdir, name)) for name in app.config.templates_path]
    renderer = ReSTRenderer([*folders, str(TEMPLATES)], app.config.language)
    renderer.env.keep_trailing_newline = True
    renderer.env.undefined = StrictUndefined
    stubs = {}
    try:
        for values in wanted:
            title = _escaped(values['name'], markup)
            text = renderer.render(f'raci/party{markup}', {**values, 'title': title})
            # In one language only: builds of other languages share the file.
            mark = f'Written by sphinxcontrib-raci ({_digest(text)}). Remove this line to keep the page as your own.'
            name = '/'.join(filter(None, (values['id'], values['matrix'])))
            stubs[folder / f'{name}{suffix}'] = f'{COMMENTS[markup]}{mark}\n\n{text}'
    except Exception as error:  # A template of a user's may raise anything.
        message = _('party pages cannot be written: %s: %s')
        name = type(error).__name__
        logger.warning(message, name, error, location=_line_of(error), type='raci', subtype='page')
        return {path: _text(path) for path in _stubs_among(_files_in(folder))}
    return stubs


def _markup(suffixes: Mapping[str, str | None]) -> tuple[str, str]:
    """The suffix that stubs have in this project, and the one that says what markup they are in."""
    for markup, parser in MARKUPS.items():
        for suffix, name in suffixes.items():
            if name == parser or (name is None and suffix == markup):
                return suffix, markup
    return '', ''


def _escaped(name: str, markup: str) -> str:
    title = SPECIAL[markup].sub(r'\\\g<0>', name)
    # A line of nothing but backslashes would be a transition.
    return rf'\ {title}' if markup == '.rst' and not name.strip('\\') else title


def _write(path: Path, text: str, writer: str) -> None:
    if path.is_symlink() and not os.path.exists(path):
        raise FileNotFoundError(errno.ENOENT, _('a link that leads nowhere is in its place'))
    if os.path.exists(path):
        found = _text(path)
        if found == text:
            return
        mark = MARK.match(found)
        if mark is None:
            return
        if mark[1] != _digest(mark[2]):
            message = _('this party page has been edited, so it is not updated; remove its first line to keep it so')
            logger.warning(message, location=f'{path}:1', type='raci', subtype='page')
            return
    files.write_atomically(path, text.encode(), writer=writer)


def _is_elsewhere(path: Path, suffixes: Iterable[str]) -> bool:
    """Whether the user has a page of this name in another markup, which would make two of one document."""
    # Not Path.is_file(): it raises where a name is too long for any file.
    others = [other for suffix in suffixes if (other := path.with_suffix(suffix)) != path and os.path.isfile(other)]
    return len(others) > len(_stubs_among(others))


def _stubs_among(paths: Iterable[Path]) -> list[Path]:
    """Those of the files that are stubs as this extension wrote them."""
    found = []
    for path in dict.fromkeys(paths):
        with suppress(OSError):  # What cannot be read was not written here, or no more.
            mark = MARK.match(_text(path))
            if mark and mark[1] == _digest(mark[2]):
                found.append(path)
    return found


def _files_in(folder: Path) -> list[Path]:
    """What may be a stub in the folder of party pages: of a party, or in a folder below, of a matrix."""
    entries = _entries(folder)
    return [*entries, *(path for entry in entries if os.path.isdir(entry) for path in _entries(entry))]


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _text(path: Path) -> str:
    """The text of a file, with the line ends that a stub is written with; none when another build has just removed it.

    :raises OSError: where it cannot be read.
    """
    try:
        data = files.read_regular(path)
    except FileNotFoundError:
        return ''
    return data.decode('utf-8', 'replace').replace('\r\n', '\n').replace('\r', '\n')


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()

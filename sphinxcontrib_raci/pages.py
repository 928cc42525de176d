"""Party pages: a stub for each party, which shows what :rst:dir:`raci:party` gives.  No stub ever holds data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from hashlib import blake2b
from os.path import isfile
from pathlib import Path
from traceback import extract_tb

from jinja2 import StrictUndefined, TemplateSyntaxError
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.template import ReSTRenderer

from sphinxcontrib_raci.files import write_atomically
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.model import Party

logger = logging.getLogger(__name__)

TEMPLATES = Path(__file__).with_name('templates')
COMMENTS = {'.rst': '.. ', '.md': '% '}
"""How a comment begins, by suffix of a page."""
MARKUPS = {'.rst': 'restructuredtext', '.md': 'markdown'}
"""What Sphinx calls the markup of each suffix; a project may give it other suffixes."""
SPECIAL = {'.rst': re.compile(r'[!-/:-@[-`{-~•‣⁃]'), '.md': re.compile(r'[!-/:-@[-`{-~]')}
"""What is to be escaped in a title, by suffix of a page.  Dots too: Sphinx makes one character of three."""
MARK = re.compile(r'(?:\.\.|%) Written by sphinxcontrib-raci \((\w+)\)\. [^\n]*\n\n(.*)', re.DOTALL)
"""The first line of a stub, with the digest of all that follows it: a stub that a user has edited does not match."""


DEVICES = re.compile(r'con|prn|aux|nul|com[0-9]|lpt[0-9]')
"""What no file can be called on Windows, whatever its suffix."""


def _line_of(error: Exception) -> str:
    """Where in a template an error arose."""
    if isinstance(error, TemplateSyntaxError):
        return f'{error.filename or error.name}:{error.lineno}'
    # Jinja puts the lines of the template into the traceback.
    last = extract_tb(error.__traceback__)[-1]
    return f'{last.filename}:{last.lineno}'


def update(app: Sphinx, parties: Mapping[str, Party], before: Iterable[Path] = ()) -> None:
    """Write, rewrite and remove stubs so that there is one for each party; other people's files are left alone.

    ``before`` are pages of the last build, which may stand in a folder that is no longer configured.
    """
    folder = Path(app.srcdir, app.config.raci_party_pages)
    used = bool(app.config.raci_party_pages)
    pages = _render(app, folder, _with_file(parties)) if used else {}
    stubs = {path: text for path, text in pages.items() if not _is_elsewhere(path, app.config.source_suffix)}
    for path, text in stubs.items():
        _try(path, partial(_write, path, text))
    for path in _stubs_among([*before, *(folder.glob('*') if used else ())]):
        if path not in stubs:
            _try(path, partial(_remove, path, Path(app.srcdir)))


def _with_file(parties: Mapping[str, Party]) -> dict[str, Party]:
    """The parties that can have a file of their name wherever the documentation is built."""
    for ident in filter(DEVICES.fullmatch, parties):
        message = _("the party '%s' gets no page, as no file can have this name on Windows; give it another id")
        logger.warning(message, ident, type='raci', subtype='page')
    return {ident: party for ident, party in parties.items() if not DEVICES.fullmatch(ident)}


def _try(path: Path, action: Callable[[], None]) -> None:
    """Do something with one page; what is wrong with it must not keep the others from being written."""
    try:
        action()
    except OSError as error:
        message = _('this party page cannot be written or removed: %s')
        logger.warning(message, error.strerror or error, location=f'{path}:1', type='raci', subtype='page')


def _remove(path: Path, root: Path) -> None:
    path.unlink()
    if not any(path.parent.iterdir()) and path.parent != root:
        path.parent.rmdir()


def _render(app: Sphinx, folder: Path, parties: Mapping[str, Party]) -> dict[Path, str]:
    """The stub of each party, from the template ``raci/party.rst`` (or ``.md``); ``templates_path`` wins."""
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
        for party in parties.values():
            values = {'id': party.id, 'name': party.name, 'title': _escaped(party.name, markup)}
            text = renderer.render(f'raci/party{markup}', values)
            # In one language only: builds of other languages share the file.
            mark = f'Written by sphinxcontrib-raci ({_digest(text)}). Remove this line to keep the page as your own.'
            stubs[folder / f'{party.id}{suffix}'] = f'{COMMENTS[markup]}{mark}\n\n{text}'
    except Exception as error:  # A template of a user's may raise anything.
        message = _('party pages cannot be written: %s: %s')
        name = type(error).__name__
        logger.warning(message, name, error, location=_line_of(error), type='raci', subtype='page')
        return {path: text for path in _stubs_among(folder.glob('*')) if (text := path.read_text('utf-8'))}
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


def _write(path: Path, text: str) -> None:
    if path.exists():
        found = path.read_text('utf-8', errors='replace')
        if found == text:
            return
        mark = MARK.match(found)
        if mark is None:
            return
        if mark[1] != _digest(mark[2]):
            message = _('this party page has been edited, so it is not updated; remove its first line to keep it so')
            logger.warning(message, location=f'{path}:1', type='raci', subtype='page')
            return
    write_atomically(path, text.encode())


def _is_elsewhere(path: Path, suffixes: Iterable[str]) -> bool:
    """Whether the user has a page of this name in another markup, which would make two of one document."""
    # Not Path.is_file(): it raises where a name is too long for any file.
    others = [other for suffix in suffixes if (other := path.with_suffix(suffix)) != path and isfile(other)]
    return len(others) > len(_stubs_among(others))


def _stubs_among(paths: Iterable[Path]) -> list[Path]:
    """Those of the files that are stubs as this extension wrote them."""
    files = [path for path in dict.fromkeys(paths) if path.is_file()]
    marks = ((path, MARK.match(path.read_text('utf-8', errors='replace'))) for path in files)
    return [path for path, mark in marks if mark and mark[1] == _digest(mark[2])]


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()

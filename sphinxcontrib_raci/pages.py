"""Party pages: a stub for each party, which shows what :rst:dir:`raci:party` gives.  No stub ever holds data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
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
MARKUP = {'.rst': re.compile(r'[!-/:-@[-`{-~•‣⁃]'), '.md': re.compile(r'[!-/:-@[-`{-~]')}
"""What is to be escaped in a title, by suffix of a page.  Dots too: Sphinx makes one character of three."""
MARK = re.compile(r'(?:\.\.|%) Written by sphinxcontrib-raci \((\w+)\)\. [^\n]*\n\n(.*)', re.DOTALL)
"""The first line of a stub, with the digest of all that follows it: a stub that a user has edited does not match."""


class _BadTemplate(Exception):
    """A template that cannot be rendered."""

    def __init__(self, location: str, message: str) -> None:
        super().__init__(message)
        self.location = location


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
    suffix = next((suffix for suffix in COMMENTS if suffix in app.config.source_suffix), '.rst')
    used = bool(app.config.raci_party_pages)
    try:
        rendered = _render(app, parties, suffix) if used else ()
        pages = {folder / f'{party.id}{suffix}': text for party, text in rendered}
        stubs = {path: text for path, text in pages.items() if not _is_elsewhere(path, app.config.source_suffix)}
        for path, text in stubs.items():
            _write(path, text)
        for path in _stubs_among([*before, *(folder.glob('*') if used else ())]):
            if path not in stubs:
                path.unlink()
                if not any(path.parent.iterdir()) and path.parent != Path(app.srcdir):
                    path.parent.rmdir()
    except (OSError, _BadTemplate) as error:
        location = error.location if isinstance(error, _BadTemplate) else None
        logger.warning(_('party pages cannot be written: %s'), error, location=location, type='raci', subtype='page')


def _render(app: Sphinx, parties: Mapping[str, Party], suffix: str) -> Iterator[tuple[Party, str]]:
    """The stub of each party, from the template ``raci/party.rst`` (or ``.md``); ``templates_path`` wins."""
    folders = [str(Path(app.confdir, folder)) for folder in app.config.templates_path]
    renderer = ReSTRenderer([*folders, str(TEMPLATES)], app.config.language)
    renderer.env.keep_trailing_newline = True
    renderer.env.undefined = StrictUndefined
    for party in parties.values():
        title = MARKUP[suffix].sub(r'\\\g<0>', party.name)
        if suffix == '.rst' and not party.name.strip('\\'):
            title = rf'\ {title}'  # A line of nothing but backslashes would be a transition.
        try:
            text = renderer.render(f'raci/party{suffix}', {'id': party.id, 'name': party.name, 'title': title})
        except Exception as error:  # A template of a user's may raise anything.
            raise _BadTemplate(_line_of(error), f'{type(error).__name__}: {error}') from error
        # In one language only: builds of other languages share the file.
        mark = f'Written by sphinxcontrib-raci ({_digest(text)}). Remove this line to keep the page as your own.'
        yield party, f'{COMMENTS[suffix]}{mark}\n\n{text}'


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
    others = [other for suffix in suffixes if (other := path.with_suffix(suffix)) != path and other.is_file()]
    return len(others) > len(_stubs_among(others))


def _stubs_among(paths: Iterable[Path]) -> list[Path]:
    """Those of the files that are stubs as this extension wrote them."""
    files = [path for path in dict.fromkeys(paths) if path.suffix in COMMENTS and path.is_file()]
    marks = ((path, MARK.match(path.read_text('utf-8', errors='replace'))) for path in files)
    return [path for path, mark in marks if mark and mark[1] == _digest(mark[2])]


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()

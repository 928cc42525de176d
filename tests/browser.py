"""A headless Chromium in which tests look at pages and use them as a reader does."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from conftest import MANDATORY, Result
from playwright.sync_api import Browser, Page, sync_playwright

PROGRAM = next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome'))), None)
FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic']
PHONE, DESK = 390, 1280

_PALETTE = [
    {'media': f'(prefers-color-scheme: {scheme})', 'scheme': name, 'primary': 'indigo'}
    for scheme, name in (('light', 'default'), ('dark', 'slate'))
]
_THEMES: dict[str, dict[str, Any]] = {
    'basic': {},
    'alabaster': {},
    'furo': {},
    'sphinx_rtd_theme': {},
    'pydata_sphinx_theme': {},
    'sphinx_book_theme': {},
    'sphinx_immaterial': {
        'extensions': ['sphinxcontrib_raci', 'sphinx_immaterial'],
        # Fonts are not to be fetched.
        'html_theme_options': {'font': False, 'palette': _PALETTE},
    },
}
THEMES = {
    name: {'html_theme': name, **conf}
    for name, conf in _THEMES.items()
    if MANDATORY or name in {'basic', 'alabaster'} or find_spec(name)
}
"""The themes that pages are looked at in, by name, each with the values of ``conf.py`` that it needs."""
DARK = [name for name in THEMES if name in {'furo', 'pydata_sphinx_theme', 'sphinx_book_theme', 'sphinx_immaterial'}]
"""Those that have a dark mode, which follows the reader's system."""


@contextmanager
def running() -> Iterator[Browser]:
    """The browser of this machine."""
    assert PROGRAM, 'there is no browser'
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=PROGRAM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def opened(chromium: Browser, result: Result, address: str, width: int = DESK, **media: Any) -> Iterator[Page]:
    """A page of a site; ``media`` is what the reader's system asks for, such as ``color_scheme='dark'``."""
    path, rest = re.fullmatch(r'([^?#]*)(.*)', address).groups()  # type: ignore[union-attr]
    with chromium.new_context(viewport={'width': width, 'height': 800}, **media) as context:
        # Some themes ask for fonts and icons of others.
        context.set_offline(True)
        page = context.new_page()
        page.goto((result.out / path).as_uri() + rest)
        yield page


def ask(
    chromium: Browser, result: Result, question: str, pages: Mapping[str, tuple[str, int]], **media: Any
) -> dict[str, Any]:
    """What an expression of JavaScript gives on each page: an address and a width."""
    answers = {}
    for name, (address, width) in pages.items():
        with opened(chromium, result, address, width, **media) as page:
            if 'search.html?' in address:
                page.wait_for_selector('#search-results li')
            answers[name] = page.evaluate(f'({question})')
    return answers

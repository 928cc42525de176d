"""Every configuration value, declared once: its default, its types, and what it is for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PureWindowsPath
from typing import Any, Literal

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from sphinxcontrib_raci.files import DEVICES
from sphinxcontrib_raci.options import Warn, settings_of
from sphinxcontrib_raci.settings import Settings
from sphinxcontrib_raci.sources import HIDDEN, SUFFIXES
from sphinxcontrib_raci.views.downloads import usable
from sphinxcontrib_raci.wording import FORBIDDEN

logger = logging.getLogger(__name__)

JSON_NAME = re.compile(rf'(?!raci-site\.schema\.|(?i:{DEVICES.pattern})\.)[\w-][\w.-]*\.json|')
"""What the file of all matrices may be called; nothing for none."""


@dataclass(frozen=True, slots=True)
class Option:
    """One value of ``conf.py``."""

    name: str
    default: Any
    rebuild: Literal['', 'env', 'html']
    types: tuple[type, ...]
    help: str


OPTIONS = (
    Option(
        'raci_sources',
        [f'**/*{suffix}' for suffix in SUFFIXES],
        'env',
        (list, tuple),
        'Patterns of the files, under the source folder, that are the sources of matrices.',
    ),
    Option(
        'raci_parties', {}, 'env', (dict,), 'The parties of the whole project: id to name, or to name and description.'
    ),
    Option('raci_schemes', {}, 'env', (dict,), 'Schemes of the project: name to definition.'),
    # Functions cannot be kept from build to build, and need not: what they find is compared.
    Option('raci_rules', {}, '', (dict,), 'Which rules are on, and rules of the project: code to setting or function.'),
    Option(
        'raci_party_pages', '', 'env', (str,), 'The folder, in the source folder, of a generated page for each party.'
    ),
    Option(
        'raci_party_rows',
        5000,
        'env',
        (int,),
        'The number of activities beyond which a generated party page is divided by matrix; 0 for never.',
    ),
    Option(
        'raci_filter',
        10,
        'env',
        (int,),
        'The number of activities from which on readers can filter the tables of a page; 0 for no filter at all.',
    ),
    # Documents have the marks anyway, and LaTeX is always written anew.
    Option('raci_latex_footer', False, '', (bool,), 'Whether pages of a PDF say which matrix stands on them.'),
    Option('raci_legend', True, 'env', (bool,), 'Whether a matrix shows what its letters mean.'),
    Option('raci_downloads', [], 'env', (list, tuple), 'The formats in which readers get each matrix and party page.'),
    Option('raci_json', 'raci.json', '', (str,), 'The name of the file that tells other systems what the pages say.'),
)


_KINDS: dict[tuple[type, ...], str] = {(int,): 'a whole number', (bool,): 'True or False'}


def settings_in(config: Config, warn: Warn = lambda text: None) -> Settings:
    """The settings that the values give; ``warn`` is told of what cannot be used."""
    return settings_of({name: config[f'raci_{name}'] for name in ('parties', 'schemes', 'rules')}, warn)


def check(app: Sphinx, config: Config) -> None:
    """Warn of values that cannot be used, and take the defaults (``config-inited``).

    Sources in Markdown are kept from being taken for documents.
    """
    config.exclude_patterns = [*config.exclude_patterns, HIDDEN]
    settings_in(config, lambda text: _warn('%s', text))
    for option in OPTIONS:
        kind, value = _KINDS.get(option.types), config[option.name]
        # True is a whole number to Python, but to nobody else.
        if kind and type(value) not in option.types:
            _warn('%s must be %s, not %r', option.name, kind, value)
            setattr(config, option.name, option.default)
    if not _are_texts(config.raci_sources):
        _warn('raci_sources must be a list of patterns, not %r', config.raci_sources)
        config.raci_sources = OPTIONS[0].default
    if not _are_texts(config.raci_downloads):
        _warn("raci_downloads must be a list of formats such as ['csv', 'xlsx'], not %r", config.raci_downloads)
        config.raci_downloads = []
    config.raci_downloads = list(usable(config.raci_downloads, 'raci_downloads', lambda text: _warn('%s', text)))
    if not isinstance(config.raci_json, str) or not JSON_NAME.fullmatch(config.raci_json):
        _warn("raci_json must be the name of a file such as 'raci.json', without a folder, not %r", config.raci_json)
        config.raci_json = ''
    for pattern in config.raci_sources:
        if PureWindowsPath(pattern).anchor:
            _warn('raci_sources must have patterns that count from the source folder, not %r', pattern)
    folder = _within(config.raci_party_pages)
    if folder is None:
        message = 'raci_party_pages must be a folder within the source folder, on every system, not %r'
        _warn(message, config.raci_party_pages)
    config.raci_party_pages = folder or ''


def _within(folder: object) -> str | None:
    """The folder with slashes, whichever it has; ``None`` where it leads out of the source folder."""
    if not isinstance(folder, str) or FORBIDDEN.search(folder):
        return None
    folder = folder.replace('\\', '/')
    # On any system, as the same conf.py may come to another one: '/x', 'C:/x' and '//server/x'.
    if any(part == '..' or DEVICES.fullmatch(part.partition('.')[0]) for part in folder.split('/')):
        return None
    return None if PureWindowsPath(folder).anchor else folder.strip('/')


def _are_texts(value: object) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(entry, str) for entry in value)


def _warn(message: str, *arguments: object) -> None:
    logger.warning(message, *arguments, type='raci', subtype='config')


def setup(app: Sphinx) -> None:
    """Register the values."""
    for option in OPTIONS:
        app.add_config_value(option.name, option.default, option.rebuild, option.types, option.help)
    app.connect('config-inited', check)

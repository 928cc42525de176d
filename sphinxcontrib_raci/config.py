"""Every configuration value, declared once: its default, its types, and what it is for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from sphinxcontrib_raci.model import Party
from sphinxcontrib_raci.sources import HIDDEN, SUFFIXES
from sphinxcontrib_raci.sources.fields import squeezed

logger = logging.getLogger(__name__)
ID = re.compile(r'[a-z0-9]+(-[a-z0-9]+)*')


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
    Option(
        'raci_party_pages', '', 'env', (str,), 'The folder, in the source folder, of a generated page for each party.'
    ),
    Option('raci_legend', True, 'env', (bool,), 'Whether a matrix shows what its letters mean.'),
)


def configured_parties(config: Config) -> dict[str, Party]:
    """The parties of ``raci_parties``, as far as they are well-formed."""
    parties = (_party(key, value) for key, value in config.raci_parties.items())
    return {party.id: party for party in parties if party is not None}


def _party(key: object, value: object) -> Party | None:
    if not (isinstance(key, str) and ID.fullmatch(key)):
        return None
    if isinstance(value, str) and value.strip():
        return Party(key, squeezed(value))
    if isinstance(value, Mapping) and _is_record(value):
        name, description = (squeezed(value.get(field, '')) for field in ('name', 'description'))
        return Party(key, name, description)
    return None


def _is_record(value: Mapping[Any, Any]) -> bool:
    return (
        set(value) <= {'name', 'description'}
        and all(isinstance(text, str) for text in value.values())
        and bool(value.get('name', '').strip())
    )


def check(app: Sphinx, config: Config) -> None:
    """Warn of values that cannot be used (``config-inited``); Sphinx itself warns of those of a wrong type.

    Sources in Markdown are kept from being taken for documents.
    """
    config.exclude_patterns = [*config.exclude_patterns, HIDDEN]
    known = configured_parties(config) if isinstance(config.raci_parties, dict) else {}
    if not isinstance(config.raci_parties, dict):
        _warn('raci_parties must be a dict of ids and names, not %r', config.raci_parties)
        config.raci_parties = {}
    for key in config.raci_parties:
        if key not in known:
            _warn(
                "raci_parties[%r] must be an id such as 'service-desk' with a name, or with 'name' and 'description'",
                key,
            )
    if not _are_texts(config.raci_sources):
        _warn('raci_sources must be a list of patterns, not %r', config.raci_sources)
        config.raci_sources = OPTIONS[0].default
    folder = config.raci_party_pages
    if not isinstance(folder, str) or folder.startswith('/') or '..' in folder.split('/'):
        _warn('raci_party_pages must be a folder within the source folder, not %r', folder)
        config.raci_party_pages = ''
    else:
        config.raci_party_pages = folder.strip('/')


def _are_texts(value: object) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(entry, str) for entry in value)


def _warn(message: str, *arguments: object) -> None:
    logger.warning(message, *arguments, type='raci', subtype='config')


def setup(app: Sphinx) -> None:
    """Register the values."""
    for option in OPTIONS:
        app.add_config_value(option.name, option.default, option.rebuild, option.types, option.help)
    app.connect('config-inited', check)

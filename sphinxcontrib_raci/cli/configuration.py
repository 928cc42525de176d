"""The configuration of ``sphinx-raci check``: a ``conf.py``, or a table in a ``pyproject.toml``."""

from __future__ import annotations

import io
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from traceback import walk_tb
from typing import Any

from sphinxcontrib_raci.files import read_regular
from sphinxcontrib_raci.model import Place, Problem
from sphinxcontrib_raci.options import settings_of
from sphinxcontrib_raci.settings import NO_SETTINGS, Settings
from sphinxcontrib_raci.sources import SUFFIXES
from sphinxcontrib_raci.wording import listed, nearest, quoted

TABLE = 'sphinxcontrib-raci'
_PATTERNS = tuple(f'**/*{suffix}' for suffix in SUFFIXES)
_TABLES = ('parties', 'schemes', 'rules')
_LISTS = ('sources', 'exclude')
_LARGEST = 1_000_000
# tomllib takes time and memory for such a key that grow with the square of its length.
_LONG_KEY = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){100}""")
_NEEDED = "'-c' needs a conf.py, the folder of one, or a pyproject.toml"


class Wrong(Exception):
    """The configuration cannot be used; ``problems`` say why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__()
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Configuration:
    """What is configured.  The patterns count from ``folder``; where there is none, from each folder to check."""

    settings: Settings = NO_SETTINGS
    sources: tuple[str, ...] = _PATTERNS
    excluded: tuple[str, ...] = ()
    folder: Path | None = None


def load(given: str | None) -> Configuration:
    """The configuration in the file or folder that is given, or else in the next ``pyproject.toml`` that has one.

    :raises Wrong: where it cannot be used.
    """
    if given is None:
        here = Path.cwd()
        candidates = (folder / 'pyproject.toml' for folder in (here, *here.parents))
        return next(filter(None, map(_from_toml, candidates)), Configuration())
    path = Path(given)
    if path.is_dir():
        path = path / 'conf.py'
    if not path.is_file():
        raise _wrong(path, f'there is no such file; {_NEEDED}')
    if path.name == 'conf.py':
        return _from_conf(path)
    if path.suffix != '.toml':
        raise _wrong(path, f'the file is no configuration; {_NEEDED}')
    found = _from_toml(path)
    if found is None:
        raise _wrong(path, f'there is no table [tool.{TABLE}] in it')
    return found


def _from_conf(path: Path) -> Configuration:
    # A check without a conf.py does not wait for Sphinx.
    from sphinx.config import Config
    from sphinx.errors import ConfigError
    from sphinx.util.tags import Tags

    try:
        # What it prints is no part of the result.
        with redirect_stdout(sys.stderr or io.StringIO()):
            config = Config.read(str(path.absolute().parent), overrides={}, tags=Tags())
    except ConfigError as error:
        raise Wrong([_failure(path, error)]) from None
    for name, default in (('sources', list(_PATTERNS)), *((name, {}) for name in _TABLES)):
        config.add(f'raci_{name}', default, rebuild='env', types=())
    values = {name: config[f'raci_{name}'] for name in ('sources', *_TABLES)}
    lists = ('raci_sources', 'exclude_patterns', 'templates_path')
    problems = _list_problems(path, {name: config[name] for name in lists})
    if not problems:
        values['exclude'] = [*config.exclude_patterns, *config.templates_path]
    return _configuration(path, values, problems, 'raci_')


def _failure(path: Path, error: Exception) -> Problem:
    """What went wrong in a ``conf.py``, at its line where it has one."""
    cause = error.__cause__
    if isinstance(cause, SyntaxError):
        return Problem(Place(str(path), cause.lineno or 0), f'the file is no Python: {cause.msg}', 'config')
    if isinstance(cause, SystemExit):
        return Problem(Place(str(path)), 'the file, or a module that it imports, ends the program', 'config')
    if cause is None:
        return Problem(Place(str(path)), str(error), 'config')
    own = str(path.absolute())
    lines = [line for frame, line in walk_tb(cause.__traceback__) if frame.f_code.co_filename == own]
    said = ' '.join(f'{type(cause).__name__}: {cause}'.split())
    return Problem(Place(str(path), lines[-1] if lines else 0), f'the file cannot be run: {said}', 'config')


def _tools(text: str) -> Any:
    """The tables of tools in a ``pyproject.toml``.

    :raises ValueError: where it is no TOML, or too much to be read.
    """
    if len(text) > _LARGEST:
        raise ValueError(f'it has more than {_LARGEST:,} characters')
    if long := _LONG_KEY.search(text):
        line = text.count('\n', 0, long.start()) + 1
        raise ValueError(f'a key has more than 100 parts (at line {line})')
    return tomllib.loads(text).get('tool', {})


def _from_toml(path: Path) -> Configuration | None:
    """The configuration in a ``pyproject.toml``; ``None`` where there is no such file, or no such table in it."""
    try:
        # Windows likes to begin a text with a byte order mark.
        text = read_regular(path).decode('utf-8-sig')
        # Nothing is said of files that have nothing to do with us.
        table = _tools(text).get(TABLE) if TABLE in text else None
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as error:
        raise _wrong(path, f'the file cannot be read: {error.strerror or error}') from None
    except (ValueError, AttributeError) as error:
        raise _wrong(path, f'the file is no TOML as it should be: {error}') from None
    except RecursionError:
        raise _wrong(path, 'lists or tables in the file are nested too deeply') from None
    if table is None:
        return None
    if not isinstance(table, dict):
        raise _wrong(path, f'[tool.{TABLE}] must be a table, not {quoted(repr(table))}')
    problems = [
        *_unknown(path, table),
        *_list_problems(path, {name: table.get(name, []) for name in _LISTS}),
        *(
            Problem(Place(str(path)), f'{name} must be a table, not {quoted(repr(table[name]))}', 'config')
            for name in _TABLES
            if not isinstance(table.get(name, {}), dict)
        ),
    ]
    return _configuration(path, table, problems, '')


def _unknown(path: Path, table: Mapping[str, Any]) -> Iterable[Problem]:
    known = (*_LISTS, *_TABLES)
    for key in table:
        if key not in known:
            near = nearest(key, known)
            hint = f'did you mean {quoted(near)}?' if near else f'the keys are {listed(known)}'
            yield Problem(Place(str(path)), f'unknown key {quoted(key)} in [tool.{TABLE}]; {hint}', 'config')


def _list_problems(path: Path, values: Mapping[str, Any]) -> list[Problem]:
    return [
        Problem(Place(str(path)), f'{name} must be a list of texts, not {quoted(repr(value))}', 'config')
        for name, value in values.items()
        if not (isinstance(value, list | tuple) and all(isinstance(entry, str) for entry in value))
    ]


def _configuration(path: Path, values: Mapping[str, Any], problems: list[Problem], prefix: str) -> Configuration:
    """The configuration that these values give.

    :raises Wrong: where there are problems, these or others.
    """
    if not problems:
        settings = settings_of(values, lambda text: problems.append(Problem(Place(str(path)), text, 'config')), prefix)
    if problems:
        raise Wrong(problems)
    return Configuration(
        settings=settings,
        sources=tuple(values.get('sources', _PATTERNS)),
        excluded=tuple(values.get('exclude', ())),
        folder=path.absolute().parent,
    )


def _wrong(path: Path, text: str) -> Wrong:
    return Wrong([Problem(Place(str(path)), text, 'config')])

"""From the values of a configuration, be it ``conf.py`` or ``pyproject.toml``, to :class:`.Settings`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sphinxcontrib_raci.model import Party
from sphinxcontrib_raci.rules import RULES, Rule, Setting
from sphinxcontrib_raci.rules.own import RESERVED, own_rule
from sphinxcontrib_raci.schemes import PARTS, SCHEMES, Scheme
from sphinxcontrib_raci.settings import Settings
from sphinxcontrib_raci.sources.fields import ID, Fields
from sphinxcontrib_raci.sources.letters import Letters
from sphinxcontrib_raci.sources.method import CODE
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tree import DEEPEST, node_of
from sphinxcontrib_raci.wording import FORBIDDEN, listed, nearest, squeezed

Warn = Callable[[str], None]
"""Is told what is wrong with a value."""


def settings_of(values: Mapping[str, Any], warn: Warn, prefix: str = 'raci_') -> Settings:
    """The settings that these values give, by their names without the prefix: ``parties``, ``schemes``, ``rules``.

    What cannot be used is left out, and ``warn`` is told why; the names in its messages begin with ``prefix``.
    """
    parties = _entries(values, 'parties', 'ids and names', warn, prefix)
    schemes = _entries(values, 'schemes', 'names and definitions', warn, prefix)
    given = _entries(values, 'rules', 'codes and settings', warn, prefix)
    rules, settings = _rules(given, warn, f'{prefix}rules')
    return Settings(
        parties={party.id: party for party in _parties(parties, warn, f'{prefix}parties')},
        schemes=_schemes(schemes, warn, f'{prefix}schemes'),
        rules=rules,
        values=settings,
    )


def _entries(values: Mapping[str, Any], name: str, what: str, warn: Warn, prefix: str) -> Mapping[Any, Any]:
    value = values.get(name, {})
    if isinstance(value, Mapping):
        return value
    warn(f'{prefix}{name} must be a dict of {what}, not {value!r}')
    return {}


def _parties(values: Mapping[Any, Any], warn: Warn, name: str) -> Iterator[Party]:
    for key, value in values.items():
        party = _party(key, value)
        if party:
            yield party
        else:
            warn(
                f"{name}[{key!r}] must be an id such as 'service-desk' with a name, or with 'name' and 'description'",
            )


def _party(key: object, value: object) -> Party | None:
    if not (isinstance(key, str) and ID.fullmatch(key)):
        return None
    if not _is_clean(value):
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


def _is_clean(value: object, depth: int = 0) -> bool:
    """Whether a value has nothing but texts, numbers, lists and mappings, and the texts nothing that none may hold."""
    if isinstance(value, str):
        return not FORBIDDEN.search(value)
    if isinstance(value, Mapping) and depth < DEEPEST:
        return all(_is_clean(part, depth + 1) for entry in value.items() for part in entry)
    if isinstance(value, list | tuple) and depth < DEEPEST:
        return all(_is_clean(part, depth + 1) for part in value)
    return value is None or isinstance(value, int)


def _schemes(values: Mapping[Any, Any], warn: Warn, name: str) -> dict[str, Scheme]:
    """The known schemes with those of the project, each of which may extend any before it."""
    known = dict(SCHEMES)
    for key, value in values.items():
        what = f'{name}[{key!r}]'
        if not (isinstance(key, str) and ID.fullmatch(key)):
            warn(f"{what} must have a name of lower-case letters, digits and single hyphens, such as 'our-raci'")
            continue
        if not _is_clean(value):
            warn(f'{what} must hold texts without control characters, whole numbers, lists and dicts alone')
            continue
        problems = Problems(what)
        scheme = Letters(Fields(problems), known).scheme(node_of(value), f"'{key}'")
        wrong = problems.result()
        for problem in wrong:
            warn(f'{what}: {problem.text}')
        if scheme and not wrong:
            known[key] = Scheme(key, scheme.letters, *(getattr(scheme, part) for part in PARTS))
    return known


def _rules(values: Mapping[Any, Any], warn: Warn, name: str) -> tuple[dict[str, Rule], dict[str, Setting]]:
    """The known rules with those of the project, and how they are set."""
    rules = dict(RULES)
    settings: dict[str, Setting] = {}
    for key, value in values.items():
        what = f'{name}[{key!r}]'
        if callable(value):
            if not isinstance(key, str) or not CODE.fullmatch(key) or key in RULES or key in RESERVED:
                hint = 'lower-case letters and single hyphens, not that of a rule or of another message'
                warn(f'{what} must have a code of its own: {hint}')
            else:
                rules[key] = own_rule(key, value)
        elif key not in rules:
            near = nearest(str(key), rules)
            hint = f"did you mean '{near}'?" if near else f'the rules are {listed(rules)}'
            warn(f'{what} is no known rule; {hint}')
        elif wanted := rules[key].why_not(value):
            warn(f'{what} is {value!r}; it must be {wanted}')
        else:
            settings[key] = value
    return rules, settings

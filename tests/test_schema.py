"""The JSON Schema finds exactly what the reader calls a problem of structure."""

from __future__ import annotations

import copy
import json
import re
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
import yaml
from conftest import often
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sphinxcontrib_raci.schemes import SCHEMES
from sphinxcontrib_raci.sources import read_bytes

SCHEMA: dict[str, Any] = json.loads(
    files('sphinxcontrib_raci').joinpath('schema/raci.schema.json').read_text(encoding='utf-8')
)


def _pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Any:
    # In JSON Schema '$' is the very end, in Python it is also what comes before a last line break.
    if isinstance(instance, str) and not re.search(pattern.replace('$', r'\Z'), instance):
        yield jsonschema.ValidationError(f'{instance!r} does not match {pattern!r}')


VALIDATOR = jsonschema.validators.extend(jsonschema.Draft7Validator, {'pattern': _pattern})(SCHEMA)

SMALL: dict[str, Any] = {
    'raci': 1,
    'title': 'Backups',
    'parties': {'owner': 'Owner'},
    'activities': [{'name': 'Try a restore', 'who': {'owner': 'RA'}}],
}
LARGE: dict[str, Any] = {
    'raci': '1',
    'id': 'backup',
    'title': 'Backups',
    'intro': 'First.\n\nSecond.',
    'revision': 1.5,
    'review-by': '2031-01-31',
    'scheme': {'R': 'Runs', 'A': {'name': 'Answers', 'meaning': 'for all'}, 'I': 7},
    'letters': {'R': 'Really runs', 'I': {'meaning': 'hears of it'}, 'A': None},
    'parties': {'owner': 'Owner', 'host': {'name': 'Host', 'description': 'has the racks'}, 'auditor': None},
    'scopes': {'disk': 'On disk', 'tape': 'On tape'},
    'markup': 'rst',
    'rules': {'several-accountable': True, 'many-informed': 3, 'no-part': 'false', 'other': None},
    'waive': {'no-part': 'Drafting'},
    'sections': [
        {
            'id': 'daily',
            'title': 'Every day',
            'intro': 'Short.',
            'waive': None,
            'sections': [{'title': 'Nights', 'activities': []}],
            'activities': [
                {
                    'id': 'rotate',
                    'name': 'Rotate the media',
                    'who': {'owner': {'letters': ['R', 'A'], 'note': 'by hand'}, 'host': ['I'], 'auditor': None},
                    'note': True,
                    'links': [{'text': 'How', 'url': 'https://example.org/how'}],
                    'tags': ['media', 5],
                    'scopes': ['tape'],
                    'formerly': ['swap', 12],
                    'waive': {'several-accountable': 'Both answer'},
                }
            ],
        }
    ],
    'activities': [],
}


def structural(data: bytes, name: str) -> list[str]:
    return [str(problem) for problem in read_bytes(data, name).problems if problem.kind == 'structure']


def agree(instance: Any) -> bool:
    """Whether the instance is valid, once schema and reader have been seen to say the same."""
    valid = bool(VALIDATOR.is_valid(instance))
    found = structural(json.dumps(instance).encode(), 'backup.raci.json')
    errors = [error.message for error in VALIDATOR.iter_errors(instance)]
    assert valid == (not found), (instance, found, errors)
    return valid


def changed(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A copy of the document with the value at the path; ``...`` takes it away."""
    result: Any = copy.deepcopy(document)
    *way, last = [int(step) if step.isdigit() else step for step in path.split('/')]
    inner = result
    for step in way:
        inner = inner[step]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return dict(result)


def test_the_schema_is_one() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA['$id'] == 'https://sphinxcontrib-raci.readthedocs.io/raci-1.schema.json'


def test_every_key_is_explained() -> None:
    waiting: list[Any] = [SCHEMA]
    explained = 0
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            for part in ('properties', 'definitions'):
                for name, entry in node.get(part, {}).items():
                    assert entry.get('description', '').endswith('.'), f'{part}: {name}'
                    explained += 1
            waiting += node.values()
    assert explained > 50


def test_no_object_takes_unknown_keys() -> None:
    waiting: list[Any] = [SCHEMA]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            if 'object' in node.get('type', ()):
                assert 'additionalProperties' in node, node.get('description')
            waiting += node.values()


def test_the_known_schemes_are_those_of_the_package() -> None:
    assert SCHEMA['properties']['scheme']['anyOf'][0]['anyOf'][0]['enum'] == list(SCHEMES)


@pytest.mark.parametrize('document', [SMALL, LARGE], ids=['small', 'large'])
def test_good_documents(document: dict[str, Any]) -> None:
    assert agree(document)


GOOD_CHANGES: list[tuple[str, Any]] = [
    ('id', 5),
    ('id', None),
    ('id', True),
    ('title', False),
    ('title', -1.5),
    ('review-by', '2031-02-30'),
    ('scheme', 'daci'),
    ('scheme', None),
    ('scheme', 'raci-vs'),
    ('scheme', 'of-a-project'),
    ('scheme', {'extends': 'raci'}),
    ('scheme', {'extends': 'raci', 'letters': None, 'informed': 'C'}),
    ('scheme', {'extends': 'raci', 'letters': {'S': {'meaning': 'no name'}, 'A': {'per-activity': '1..2'}}}),
    ('scheme', {'extends': 'nothing', 'accountable': 'Q'}),
    ('scheme', {'letters': {'R': 'Runs', 'A': {'name': 'Answers', 'includes': ['R', 'Q']}}, 'accountable': 'a'}),
    ('scheme', {'R': {'name': 'Runs', 'per-activity': 1, 'includes': 'R'}}),
    ('scheme', {'R': {'name': 'Runs', 'per-activity': '2..1', 'includes': None}}),
    ('letters', {'Q': 'no such letter'}),
    ('parties', ['owner', 'host', 3]),
    ('parties/owner', {}),
    ('scopes', {}),
    ('rules/many-informed', 999999),
    ('rules/many-informed', 'TRUE'),
    ('sections', None),
    ('sections', ...),
    ('activities', ...),
    ('sections/0/activities/0/id', None),
    ('sections/0/activities/0/who', {}),
    ('sections/0/activities/0/who/nobody', 'R'),
    ('sections/0/activities/0/who/owner', 'Q'),
    ('sections/0/activities/0/who/owner', 5),
    ('sections/0/activities/0/who/owner', []),
    ('sections/0/activities/0/who/owner/letters', ''),
    ('sections/0/activities/0/scopes', ['nowhere', False]),
    ('sections/0/activities/0/links', []),
]


@pytest.mark.parametrize(('path', 'value'), GOOD_CHANGES)
def test_still_good_after(path: str, value: Any) -> None:
    assert agree(changed(LARGE, path, value))


BAD_CHANGES: list[tuple[str, Any]] = [
    ('raci', 2),
    ('raci', True),
    ('raci', None),
    ('raci', ...),
    ('id', -5),
    ('id', 1.5),
    ('id', 'party'),
    ('id', 'Backup'),
    ('id', ''),
    ('id', 'a\n'),
    ('title', ' \n'),
    ('title', None),
    ('title', ...),
    ('title', []),
    ('intro', {}),
    ('review-by', '31.01.2031'),
    ('review-by', 20310131),
    ('scheme', 'Rasci'),
    ('scheme', 'own scheme'),
    ('scheme', {'extends': None}),
    ('scheme', {'letters': {}}),
    ('scheme', {'letters': {'R': None}}),
    ('scheme', {'extends': 'raci', 'letters': []}),
    ('scheme', {'extends': 'raci', 'letter': {}}),
    ('scheme', {'extends': ['raci']}),
    ('scheme', {'extends': 'raci', 'accountable': ['A']}),
    ('scheme', {'R': {'name': 'Runs', 'per-activity': 'many'}}),
    ('scheme', {'R': {'name': 'Runs', 'per-activity': 1.5}}),
    ('scheme', {'R': {'name': 'Runs', 'includes': {}}}),
    ('scheme', {'R': {'name': 'Runs', 'includes': [[]]}}),
    ('scheme', {}),
    ('scheme', {'RACI': 'too long'}),
    ('scheme', {'R': None}),
    ('scheme', {'R': {'meaning': 'no name'}}),
    ('letters', []),
    ('letters/I/title', 'x'),
    ('parties', {}),
    ('parties', []),
    ('parties', None),
    ('parties', 'owner'),
    ('parties', ['Owner']),
    ('parties', [None]),
    ('parties', [{'owner': 'Owner'}]),
    ('parties/Owner', 'x'),
    ('parties/owner', []),
    ('scopes/disk', None),
    ('scopes/a b', 'x'),
    ('markup', 'md'),
    ('rules/many-informed', -1),
    ('rules/many-informed', 1000000),
    ('rules/many-informed', 'no'),
    ('rules/many-informed', []),
    ('rules/Most', 1),
    ('waive/no-part', None),
    ('waive/no-part', ' '),
    ('waive/x1', 'because'),
    ('sections', {}),
    ('sections/0', 'x'),
    ('sections/0', None),
    ('sections/0/title', ...),
    ('sections/0/name', 'x'),
    ('activities', 'none'),
    ('sections/0/activities/0', []),
    ('sections/0/activities/0/name', ...),
    ('sections/0/activities/0/who', ...),
    ('sections/0/activities/0/who', None),
    ('sections/0/activities/0/who', 'owner'),
    ('sections/0/activities/0/who/owner/letters', None),
    ('sections/0/activities/0/who/owner/letters', {}),
    ('sections/0/activities/0/who/owner/letter', 'R'),
    ('sections/0/activities/0/who/host', [None]),
    ('sections/0/activities/0/who/host', [[]]),
    ('sections/0/activities/0/links', {'text': 'x', 'url': 'https://example.org'}),
    ('sections/0/activities/0/links/0', 'https://example.org'),
    ('sections/0/activities/0/links/0/url', 'www.example.org'),
    ('sections/0/activities/0/links/0/url', 'https://example.org/a b'),
    ('sections/0/activities/0/links/0/url', None),
    ('sections/0/activities/0/links/0/text', ...),
    ('sections/0/activities/0/tags', ['a,b']),
    ('sections/0/activities/0/tags', ['']),
    ('sections/0/activities/0/tags', 'media'),
    ('sections/0/activities/0/scopes', [None]),
    ('sections/0/activities/0/formerly', ['Old']),
    ('sections/0/activities/0/formerly', [1.5]),
]


@pytest.mark.parametrize(('path', 'value'), BAD_CHANGES)
def test_no_longer_good_after(path: str, value: Any) -> None:
    assert not agree(changed(LARGE, path, value))


@pytest.mark.parametrize('document', [None, 'text', 5, [], {}, [SMALL]])
def test_no_matrix_at_all(document: Any) -> None:
    assert not agree(document)


def test_neither_sections_nor_activities() -> None:
    assert not agree(changed(SMALL, 'activities', ...))
    assert not agree(changed(SMALL, 'activities', None))


# What no text may hold is another kind of problem.  A schema cannot tell 5.0 from 5, so such numbers are not made here.
_TEXTS = st.text(st.characters(exclude_categories=('Cc', 'Cs'), exclude_characters='\ufffe\uffff'), max_size=8)
_WORDS = st.sampled_from(
    [
        '',
        ' ',
        'a',
        'owner',
        'host',
        'R',
        'RA',
        '-',
        'a-b',
        'A b',
        '5',
        'true',
        'False',
        'null',
        '~',
        'x,y',
        '\n',
        'a\n',
        'rst',
        'raci',
        'party',
        '1',
        '2030-01-01',
        '2030-02-31',
        'https://example.org',
        'tel:1',
        'mailto: a',
        'a\n\nb',
    ]
)
_NUMBERS = st.integers(-3, 1000001) | st.floats(allow_nan=False, allow_infinity=False).filter(
    lambda number: not number.is_integer()
)
_SCALARS = st.none() | st.booleans() | _NUMBERS | _WORDS | _TEXTS
_KEYS = st.sampled_from(
    [key for part in (SCHEMA, *SCHEMA['definitions'].values()) for key in part.get('properties', {})]
    + ['letters', 'name', 'description', 'meaning', 'owner', 'host', 'R', 'a-b', 'A b', '', 'x1']
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS | _TEXTS, inner, max_size=3),
    max_leaves=6,
)


def _containers(node: Any) -> list[Any]:
    """All lists and mappings of a document."""
    found = []
    waiting = [node]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, list | dict):
            found.append(inner)
            waiting += inner.values() if isinstance(inner, dict) else inner
    return found


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """A good document in which something has been changed, taken away or added a few times."""
    document = copy.deepcopy(draw(st.sampled_from([SMALL, LARGE])))
    for _ in range(draw(st.integers(0, 3))):
        container = draw(st.sampled_from(_containers(document)))
        places = list(container) if isinstance(container, dict) else list(range(len(container)))
        what = draw(st.sampled_from(['change', 'remove', 'add']))
        if what == 'add' and isinstance(container, list):
            container.append(draw(_VALUES))
        elif what == 'add' or not places:
            if isinstance(container, dict):
                container[draw(_KEYS | _TEXTS)] = draw(_VALUES)
        elif what == 'remove':
            del container[draw(st.sampled_from(places))]
        else:
            container[draw(st.sampled_from(places))] = draw(_VALUES)
    return dict(document)


@settings(max_examples=often(600), deadline=None)
@given(documents())
def test_schema_and_reader_agree_on_json(document: dict[str, Any]) -> None:
    agree(document)


@settings(max_examples=often(200), deadline=None)
@given(st.dictionaries(_KEYS, _VALUES, max_size=6))
def test_schema_and_reader_agree_on_anything(document: dict[str, Any]) -> None:
    agree({'raci': 1, 'title': 'T', 'parties': {'owner': 'Owner'}, 'activities': [document], 'sections': [document]})
    agree(document)


class _Plain(yaml.SafeDumper):
    """Writes no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


@settings(max_examples=often(300), deadline=None)
@given(documents())
def test_schema_and_reader_agree_on_yaml(document: dict[str, Any]) -> None:
    text = yaml.dump(document, Dumper=_Plain, allow_unicode=True, sort_keys=False)
    assume(yaml.safe_load(text) == document)
    valid = VALIDATOR.is_valid(document)
    assert valid == (not structural(text.encode(), 'backup.raci.yaml')), text

"""``raci.json``: what it says, that its schema holds, and that it says neither more nor less than the pages."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

import pytest
from conftest import EXAMPLE, HOSTING, Project, Result
from jsonschema import Draft202012Validator
from pages import parse_whole

from sphinxcontrib_raci.files import write_pieces
from sphinxcontrib_raci.site import SCHEMA

RULES = {'several-accountable': True}


def validator() -> Draft202012Validator:
    schema = json.loads(SCHEMA.read_text('utf-8'))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def site(result: Result, name: str = 'raci.json') -> Any:
    """What a site says, which the schema allows."""
    found = json.loads(result.text(name))
    assert [error.message for error in validator().iter_errors(found)] == []
    return found


def urls(value: Any) -> Iterator[str]:
    """All addresses on the site itself."""
    if isinstance(value, dict):
        yield from (part for key, part in value.items() if key == 'url' and '//' not in part)
        for part in value.values():
            yield from urls(part)
    elif isinstance(value, list):
        for part in value:
            yield from urls(part)


def test_it_says_all_that_the_pages_say_of_a_matrix(hosting: Project) -> None:
    source = HOSTING.replace('title: Hosting\n', 'title: Hosting\nrevision: "7"\nscopes: {big: Big plans}\n').replace(
        '{customer: RA, provider: I}\n', '{customer: RA, provider: A}\n        scopes: []\n'
    )
    source = source.replace('name: Place', 'waive: {several-accountable: Both pay}\n        name: Place')
    hosting.conf(raci_party_pages='parties', project='Shop', release='1.2', raci_rules=RULES)
    hosting.write({'hosting.raci.yaml': source})
    result = hosting.build()

    assert result.warnings == []
    found = site(result)
    [matrix] = found.pop('matrices')
    letters = matrix['scheme'].pop('letters')
    assert found == {
        '$schema': 'raci-site.schema.json',
        'version': 1,
        'project': 'Shop',
        'release': '1.2',
        'language': 'en',
        'parties': [
            {'id': 'customer', 'name': 'Customer', 'url': 'parties/customer.html#raci-party.customer'},
            {
                'id': 'provider',
                'name': 'Provider',
                'description': 'Runs the machines',
                'url': 'parties/provider.html#raci-party.provider',
            },
        ],
    }
    assert letters[1] == {
        'code': 'A',
        'name': 'Accountable',
        'meaning': 'answers for its success and has the last word',
    }
    assert matrix == {
        'id': 'hosting',
        'title': 'Hosting',
        'revision': '7',
        'url': 'hosting.html#raci-hosting',
        'scheme': {'name': 'raci'},
        'scopes': [{'id': 'big', 'name': 'Big plans'}],
        'parties': ['customer', 'provider'],
        'activities': [
            {
                'id': 'order',
                'name': 'Place the order',
                'url': 'hosting.html#raci-hosting.order',
                'section': ['Start'],
                'who': {'customer': {'letters': ['R', 'A']}, 'provider': {'letters': ['A']}},
                'waive': {'several-accountable': 'Both pay'},
                'scopes': [],
            },
            {
                'id': 'tickets',
                'name': 'Answer tickets',
                'url': 'hosting.html#raci-hosting.tickets',
                'section': ['Running', 'Incidents'],
                'who': {
                    'customer': {'letters': ['C'], 'note': 'says what is broken'},
                    'provider': {'letters': ['R', 'A']},
                },
                'note': 'Around the clock.',
                'links': [{'text': 'Service hours', 'url': 'https://example.org/hours'}],
                'tags': ['support'],
                'formerly': ['mail'],
            },
        ],
    }


def test_its_schema_is_beside_it_and_describes_everything(hosting: Project) -> None:
    result = hosting.build()

    assert (result.out / 'raci-site.schema.json').read_bytes() == SCHEMA.read_bytes()
    assert site(result)['$schema'] == 'raci-site.schema.json'
    schema = json.loads(SCHEMA.read_text('utf-8'))
    for part in [schema, *(part for part in schema['$defs'].values() if part['type'] == 'object')]:
        assert part['additionalProperties'] is False
        assert all('description' in entry for entry in part['properties'].values())


def test_the_example_of_the_manual_is_of_the_format() -> None:
    chapter = (EXAMPLE / 'guide/downloads.rst').read_text('utf-8')
    block = chapter.partition('.. code-block:: json\n')[2].partition('\n``version``')[0]

    found = json.loads(block)
    assert found['matrices'][0]['activities'][0]['id'] == 'tickets'
    assert [error.message for error in validator().iter_errors(found)] == []


@pytest.mark.parametrize('change', [{'version': 2}, {'more': 1}, {'matrices': []}, {'parties': [{'id': 'A b'}]}])
def test_its_schema_refuses_what_is_not_of_the_format(hosting: Project, change: dict[str, object]) -> None:
    found = site(hosting.build()) | change

    assert list(validator().iter_errors(found)) != []


@pytest.mark.parametrize('builder', ['html', 'dirhtml', 'singlehtml'])
def test_every_address_leads_to_its_anchor(hosting: Project, builder: str) -> None:
    # A document of a name that addresses cannot hold as it is, and one that is the root.
    hosting.write({'a b/web.rst': 'Web\n===\n\n.. raci:: web\n', 'web.raci.yaml': HOSTING.replace('Hosting', 'Web')})
    hosting.replace('index.rst', '   *\n', '   *\n   a b/*\n')
    hosting.replace('index.rst', '.. toctree', '.. raci:: root\n\n.. toctree')
    hosting.write({'root.raci.yaml': HOSTING.replace('title: Hosting', 'title: Root')})
    result = hosting.build(builder)

    found = list(urls(site(result)))
    assert len(found) == 2 + 3 * 3
    for url in found:
        address, anchor = urldefrag(url)
        assert address
        assert ' ' not in address
        path = result.out / address.replace('%20', ' ')
        path = path / 'index.html' if path.is_dir() else path
        assert anchor in parse_whole(path.read_text('utf-8')).ids


def test_what_no_page_shows_is_not_in_it(hosting: Project) -> None:
    secret = HOSTING.replace('Hosting', 'Secret').replace('customer: Customer', 'spy: Spy').replace('customer', 'spy')
    hosting.conf()
    hosting.write({'secret.raci.yaml': secret, 'hosting.rst': 'H\n=\n\n.. raci:: hosting\n   :section: Start\n'})
    hosting.replace('index.rst', '   parties/*\n', '')
    result = hosting.build()

    text = result.text('raci.json')
    assert 'Place the order' in text
    assert [word for word in ('secret', 'Secret', 'spy', 'Spy', 'tickets', 'says what') if word in text] == []
    site(result)


def test_parties_that_are_left_out_of_the_tables_are_not_in_it(hosting: Project) -> None:
    hosting.conf()
    hosting.write({'hosting.rst': 'H\n=\n\n.. raci:: hosting\n   :parties: provider\n'})
    hosting.replace('index.rst', '   parties/*\n', '')
    result = hosting.build()

    assert 'customer' not in result.text('raci.json').lower()
    [matrix] = site(result)['matrices']
    assert matrix['parties'] == ['provider']
    assert [activity['who'] for activity in matrix['activities']] == [
        {'provider': {'letters': ['I']}},
        {'provider': {'letters': ['R', 'A']}},
    ]


def test_rows_that_could_not_be_read_are_counted(hosting: Project) -> None:
    result = hosting.replace('hosting.raci.yaml', 'provider: RA\n', 'provider: XY\n').build()

    [matrix] = site(result)['matrices']
    assert (matrix['unread'], [activity['id'] for activity in matrix['activities']]) == (1, ['order'])


def test_markup_is_named(hosting: Project) -> None:
    hosting.replace('hosting.raci.yaml', 'title: Hosting', 'title: Hosting\nmarkup: rst')
    hosting.replace('hosting.raci.yaml', 'Answer tickets', 'Answer *all* tickets')
    [matrix] = site(hosting.build())['matrices']

    assert matrix['markup'] == 'rst'
    assert matrix['activities'][1]['name'] == 'Answer *all* tickets'


def test_its_name_can_be_another_one(hosting: Project) -> None:
    hosting.build()
    result = hosting.conf(raci_party_pages='parties', raci_json='who-does-what.json').build()

    site(result, 'who-does-what.json')
    assert sorted(path.name for path in result.out.glob('*.json')) == ['raci-site.schema.json', 'who-does-what.json']
    assert result.read == []


@pytest.mark.parametrize(
    'name',
    [
        '../raci.json',
        '/raci.json',
        'a/raci.json',
        'raci.txt',
        '.json',
        'raci-site.schema.json',
        'Con.json',
        'nul.b.json',
        3,
    ],
)
def test_a_name_that_is_none_is_reported(hosting: Project, name: object) -> None:
    result = hosting.conf(raci_party_pages='parties', raci_json=name).build()

    assert any('raci_json must be the name of a file' in text and '[raci.config]' in text for text in result.warnings)
    assert list(result.out.glob('*.json')) == []


def test_without_a_name_there_is_none(hosting: Project) -> None:
    assert list(hosting.build().out.glob('*.json')) != []
    result = hosting.conf(raci_party_pages='parties', raci_json='').build()

    assert result.warnings == []
    assert list(result.out.glob('*.json')) == []


def test_it_goes_with_the_last_matrix(hosting: Project) -> None:
    hosting.build()
    (hosting.folder / 'hosting.raci.yaml').unlink()
    hosting.write({'hosting.rst': 'Hosting page\n============\n'})
    result = hosting.build()

    assert list(result.out.glob('*.json')) == []


def test_a_file_of_somebody_else_is_left_alone(hosting: Project) -> None:
    hosting.write({'extra/raci.json': '{"ours": 1}', 'extra/other.json': '{}'})
    hosting.conf(raci_party_pages='parties', html_extra_path=['extra'], exclude_patterns=['extra'])
    result = hosting.build()

    [warning] = result.warnings
    assert 'raci.json:: WARNING: another file has this name' in warning
    assert result.text('raci.json') == '{"ours": 1}'
    assert sorted(path.name for path in result.out.glob('*.json')) == ['other.json', 'raci.json']


@pytest.mark.parametrize('builder', ['epub', 'htmlhelp', 'latex', 'text', 'xml'])
def test_other_outputs_have_none(hosting: Project, builder: str) -> None:
    assert list(hosting.build(builder).out.rglob('*.json')) == []


def test_a_build_without_a_change_does_not_write_it(hosting: Project) -> None:
    path = hosting.build().out / 'raci.json'
    before = path.stat().st_mtime_ns
    hosting.build(fresh=True)

    assert path.stat().st_mtime_ns == before


def test_a_change_is_in_it(hosting: Project) -> None:
    hosting.build()
    result = hosting.replace('hosting.raci.yaml', 'Answer tickets', 'Answer every ticket').build()

    assert site(result)['matrices'][0]['activities'][1]['name'] == 'Answer every ticket'


@pytest.mark.skipif(sys.platform == 'win32', reason='Sphinx reads in parallel where it can fork')
@pytest.mark.filterwarnings('ignore:.*use of fork:DeprecationWarning')
def test_four_processes_give_the_same_bytes(new_project: Callable[[str], Project]) -> None:
    texts = []
    for name, processes in (('one', 1), ('four', 4)):
        project = new_project(name).conf(raci_party_pages='parties')
        project.write({f'm{number}.raci.yaml': HOSTING for number in range(8)})
        project.write({f'm{number}.rst': f'M\n=\n\n.. raci:: m{number}\n' for number in range(8)})
        project.write({'index.rst': 'Test\n====\n\n.. toctree::\n   :glob:\n\n   *\n   parties/*\n'})
        texts.append(project.build(parallel=processes).text('raci.json'))

    assert texts[0] == texts[1]
    assert [matrix['id'] for matrix in json.loads(texts[0])['matrices']] == [f'm{number}' for number in range(8)]


def test_a_file_that_cannot_be_written_is_a_warning(hosting: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: Path, pieces: Iterable[bytes], *rest: Any) -> None:
        if path.suffix == '.json':
            raise OSError(28, 'No space left on device')
        write_pieces(path, pieces, *rest)

    monkeypatch.setattr('sphinxcontrib_raci.files.write_pieces', broken)

    [warning] = hosting.build().warnings
    assert 'raci.json:: WARNING: this file cannot be written or removed: No space left on device' in warning

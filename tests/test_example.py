"""The manual of this project: it builds everywhere, its links lead somewhere, and its example says what is so."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sphinx
from conftest import EXAMPLE, Project, Result, copy_example
from pages import dead_links, parse_whole

from sphinxcontrib_raci import sources
from sphinxcontrib_raci.model import Section

SEEDS = EXAMPLE.parents[1] / 'shared' / 'seeds'

KMS = [
    # Per section: the letters of customer and provider, activity by activity.
    ('1', []),
    ('1.1', ['RA I', 'RA I']),
    ('2', []),
    ('2.1', ['I RA', 'I RA']),
    ('2.2', ['RA I']),
    ('2.3', ['RA I']),
    ('3', []),
    ('3.1', []),
    ('3.1.1', ['- RA', '- RA', '- RA', '- RA', 'RA -']),
    ('3.1.2', ['RA I', 'I RA', 'RA I']),
    ('3.1.3', ['- RA', '- RA', 'I RA', '- RA', 'RA -']),
    ('3.1.4', ['- RA']),
    ('3.1.5', ['I RA']),
    ('3.1.6', ['I RA', '- RA']),
    ('3.1.7', ['I RA']),
    ('3.2', []),
    ('3.2.1', ['AI RA', 'I RA']),
    ('3.2.2', ['I RA']),
    ('4', []),
    ('4.1', ['RA I']),
    ('4.2', ['RA -']),
    ('5', []),
    ('5.1', ['I RA']),
    ('5.2', ['- RA']),
]
"""The key management service as published: chapters, sections and letters of revision 2024-11-25."""


def numbered(section: Section, number: tuple[int, ...] = ()) -> Iterator[tuple[str, list[str]]]:
    """Every section under its number, with the letters of its activities."""
    for index, child in enumerate(section.sections, 1):
        place = (*number, index)
        pairs = [' '.join(''.join(part.letters) or '-' for part in row.assignments) for row in child.activities]
        yield '.'.join(map(str, place)), pairs
        yield from numbered(child, place)


def test_the_key_management_service_has_the_letters_of_the_published_page_in_its_order() -> None:
    reading = sources.read(EXAMPLE / 'services/kms.raci.yaml')

    assert reading.problems == ()
    assert reading.matrix is not None
    assert reading.matrix.revision == '2024-11-25'
    assert [party.id for party in reading.matrix.parties] == ['customer', 'provider']
    assert list(numbered(reading.matrix.root)) == KMS
    assert len(list(reading.matrix.walk())) == sum(len(pairs) for _number, pairs in KMS) == 31


@pytest.mark.skipif(not SEEDS.is_dir(), reason='the published page is not beside the checkout')
def test_those_letters_are_the_ones_of_the_published_page() -> None:
    published: list[tuple[str, list[str]]] = []
    for line in (SEEDS / 'kms-2024-10-02.md').read_text('utf-8').splitlines():
        cells = [cell.strip() for cell in line.strip().strip('|').split('|')]
        if line.startswith('###'):
            published.append((line.strip('#* ').split()[0].rstrip('.'), []))
        elif len(cells) == 3 and not cells[0].startswith(('**', '---')):
            published[-1][1].append(' '.join(cell or '-' for cell in cells[1:]))

    assert published == KMS


BUILDERS = [
    'html',
    'dirhtml',
    'singlehtml',
    'epub',
    'latex',
    'text',
    'man',
    'texinfo',
    'xml',
    'pseudoxml',
    'gettext',
]


@pytest.fixture(scope='module')
def build_example(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Result]:
    """Builds the manual, each builder once; the documents are read by the first alone."""
    folder = copy_example(tmp_path_factory.mktemp('example'))
    done: dict[str, Result] = {}

    def build(builder: str) -> Result:
        if builder not in done:
            done[builder] = Project(folder, conf=None).build(builder, confoverrides={'nitpicky': True})
        return done[builder]

    return build


@pytest.mark.parametrize('builder', BUILDERS)
def test_the_manual_builds_without_a_warning(build_example: Callable[[str], Result], builder: str) -> None:
    result = build_example(builder)

    assert [line for line in result.warnings if 'RemovedInSphinx' not in line] == []
    assert any(path.stat().st_size for path in result.out.rglob('*') if path.is_file())


@pytest.mark.parametrize(
    'builder',
    [
        'html',
        'dirhtml',
        pytest.param(
            'singlehtml',
            marks=pytest.mark.xfail(
                sphinx.version_info >= (8, 2), reason='sphinx-doc/sphinx#14221: fragments of other documents'
            ),
        ),
    ],
)
def test_every_link_of_the_site_leads_to_a_place_that_is_there(
    build_example: Callable[[str], Result], builder: str
) -> None:
    assert dead_links(build_example(builder).out) == []


def test_all_activities_and_parties_are_in_the_site(build_example: Callable[[str], Result]) -> None:
    result = build_example('html')
    page = parse_whole(result.text('services/kms.html'))
    matrix = sources.read(EXAMPLE / 'services/kms.raci.yaml').matrix
    assert matrix is not None

    names = [row[0] for table in page.tables for row in table[1:]]

    assert [name for activity, name in zip(matrix.walk(), names, strict=True) if activity.name not in name] == []
    assert {f'raci-kms.{activity.id}' for activity in matrix.walk()} <= set(page.ids)
    for party in ('customer', 'provider'):
        assert f'raci-party.{party}' in parse_whole(result.text(f'parties/{party}.html')).ids


def test_the_texts_of_a_source_are_in_no_catalogue_of_a_page(build_example: Callable[[str], Result]) -> None:
    catalogues = '\n'.join(path.read_text('utf-8') for path in build_example('gettext').out.rglob('*.pot'))

    assert 'Deal with incidents raised by ticket or telephone' not in catalogues
    assert 'How often each party has each letter' in catalogues

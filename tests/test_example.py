"""The manual of this project: every builder of Sphinx builds it without a warning, and its links lead somewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag
from xml.etree import ElementTree

import pytest
import sphinx
from conftest import EXAMPLE, copy_example
from pages import Element, parse_whole
from sphinx.cmd.build import main

from sphinxcontrib_raci import sources
from sphinxcontrib_raci.model import Matrix, Party, Section
from sphinxcontrib_raci.rules.engine import check
from sphinxcontrib_raci.settings import NO_SETTINGS, Settings

BUILDERS = ('html', 'dirhtml', 'singlehtml', 'epub', 'latex', 'text', 'man', 'texinfo', 'xml', 'gettext')

KMS = [
    ('1.1', [('RA', 'I'), ('RA', 'I')]),
    ('2.1', [('I', 'RA'), ('I', 'RA')]),
    ('2.2', [('RA', 'I')]),
    ('2.3', [('RA', 'I')]),
    ('3.1.1', [('', 'RA'), ('', 'RA'), ('', 'RA'), ('', 'RA'), ('RA', '')]),
    ('3.1.2', [('RA', 'I'), ('I', 'RA'), ('RA', 'I')]),
    ('3.1.3', [('', 'RA'), ('', 'RA'), ('I', 'RA'), ('', 'RA'), ('RA', '')]),
    ('3.1.4', [('', 'RA')]),
    ('3.1.5', [('I', 'RA')]),
    ('3.1.6', [('I', 'RA'), ('', 'RA')]),
    ('3.1.7', [('I', 'RA')]),
    ('3.2.1', [('AI', 'RA'), ('I', 'RA')]),
    ('3.2.2', [('I', 'RA')]),
    ('4.1', [('RA', 'I')]),
    ('4.2', [('RA', '')]),
    ('5.1', [('I', 'RA')]),
    ('5.2', [('', 'RA')]),
]
"""The letters of customer and provider in the key management service, section by section, as it publishes them."""

SEEDS = EXAMPLE.parents[1] / 'shared/seeds'


@cache
def kms() -> Matrix:
    """The key management service of the manual."""
    reading = sources.read(EXAMPLE / 'services/kms.raci.yaml')
    assert reading.problems == ()
    assert reading.matrix
    return reading.matrix


def test_its_one_finding_is_waived_with_a_reason() -> None:
    [finding] = check([kms()], NO_SETTINGS, date(2031, 1, 1))[kms().id]
    assert (finding.rule, finding.activity and finding.activity.id) == ('several-accountable', 'tickets')
    assert finding.waiver
    assert finding.waiver.reason == 'Each side answers for its own half'


def test_no_other_matrix_of_the_manual_has_a_finding_that_is_not_waived() -> None:
    parties = {ident: Party(ident, ident) for ident in ('customer', 'provider')}
    readings = [sources.read(path, settings=Settings(parties)) for path in EXAMPLE.rglob('*.raci.*') if path.is_file()]
    matrices = [reading.matrix for reading in readings if reading.matrix]
    assert len(matrices) > 6
    found = check(matrices, NO_SETTINGS, date(2031, 1, 1))
    assert [finding.text for findings in found.values() for finding in findings if not finding.waiver] == []


Build = Callable[[str], Path]


@pytest.fixture(scope='module')
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Builds the manual once per builder, with ``-n -W``; the output, after no warning."""
    folder = tmp_path_factory.mktemp('manual')
    source = copy_example(folder)

    @cache
    def built(builder: str) -> Path:
        out = folder / builder
        warnings = folder / f'{builder}.log'
        arguments = ['-n', '-W', '--keep-going', '-E', '-q', '-b', builder, '-w', str(warnings)]
        status = main([*arguments, '-d', str(folder / f'{builder}-doctrees'), str(source), str(out)])
        assert warnings.read_text('utf-8') == ''
        assert status == 0
        return out

    return built


def read(folder: Path, name: str) -> str:
    return (folder / name).read_text('utf-8')


def body(html: str) -> Element:
    """What the document of a page says, in the theme of the manual."""
    [article] = parse_whole(html).all('article')
    return article


# -- the letters -------------------------------------------------------------------------------------------------------


def test_the_key_management_service_has_31_activities_of_two_parties() -> None:
    assert len(list(kms().walk())) == sum(len(pairs) for _, pairs in KMS) == 31
    assert [party.id for party in kms().parties] == ['customer', 'provider']
    assert kms().revision == '2024-11-25'
    assert kms().id == 'kms'


def test_its_sections_have_the_letters_that_are_published() -> None:
    found = [
        (number, [tuple(''.join(cell.letters) for cell in activity.assignments) for activity in section.activities])
        for number, section in sections(kms().root)
        if section.activities
    ]

    assert found == KMS


def test_it_has_as_many_chapters_and_headings_as_are_published() -> None:
    numbers = [number for number, _ in sections(kms().root)]

    assert len([number for number in numbers if '.' not in number]) == 5
    assert len(numbers) == 24


def sections(section: Section, number: str = '') -> Iterator[tuple[str, Section]]:
    """The sections in a section, each with its number."""
    for index, child in enumerate(section.sections, 1):
        its_number = f'{number}.{index}' if number else str(index)
        yield its_number, child
        yield from sections(child, its_number)


def test_its_page_shows_these_letters_in_this_order(build: Build) -> None:
    page = body(read(build('html'), 'services/kms.html'))

    shown = [(row[1], row[2]) for table in page.tables for row in table[1:]]
    assert shown == [pair for _, pairs in KMS for pair in pairs]
    numbers = [text.partition(' ')[0] for tag, text in page.headings if tag != 'h1']
    assert numbers == [number for number, _ in sections(kms().root)]
    assert {tuple(table[0]) for table in page.tables} == {('Activity', 'Customer', 'Cloud provider')}
    assert len(page.tables) == len(KMS)


def test_every_activity_of_its_source_says_its_id() -> None:
    assert [activity.name for activity in kms().walk() if activity.derived] == []


@pytest.mark.skipif(not SEEDS.is_dir(), reason='the published page is not here')
class TestPublishedPage:
    """The published page, where it is at hand."""

    ROW = re.compile(r'\|(?P<name>[^|]+)\|(?P<customer>[ RACI]*)\|(?P<provider>[ RACI]*)\|')
    LINE = re.compile(r'(?P<name>.+?)(?P<letters>( [RACI]+){1,2})')
    NUMBER = re.compile(r'[#* ]*(?P<number>\d(\.\d)*)\. .*')

    def older(self) -> list[tuple[str, list[tuple[str, str]], list[str]]]:
        """Numbers, letters and names of the older revision."""
        text = (SEEDS / 'kms-2024-10-02.md').read_text('utf-8')
        found: list[tuple[str, list[tuple[str, str]], list[str]]] = []
        for line in text.splitlines():
            if number := self.NUMBER.fullmatch(line):
                found.append((number['number'], [], []))
            elif found and (row := self.ROW.fullmatch(line)):
                found[-1][1].append((row['customer'].strip(), row['provider'].strip()))
                found[-1][2].append(row['name'].strip())
        return found

    def newer(self) -> list[tuple[str, list[list[str]], list[str]]]:
        """Numbers, letters (without empty cells) and names of the newer revision."""
        text = (SEEDS / 'kms-2024-11-25.txt').read_text('utf-8')
        found: list[tuple[str, list[list[str]], list[str]]] = []
        for line in text.splitlines():
            if number := self.NUMBER.fullmatch(line):
                found.append((number['number'], [], []))
            elif found and (row := self.LINE.fullmatch(line)):
                found[-1][1].append(row['letters'].split())
                found[-1][2].append(row['name'])
        return found

    def test_the_letters_are_those_of_the_older_revision(self) -> None:
        assert [(number, pairs) for number, pairs, _ in self.older() if pairs] == KMS

    def test_the_letters_are_those_of_the_newer_revision(self) -> None:
        without_empty = [(number, [[cell for cell in pair if cell] for pair in pairs]) for number, pairs in KMS]
        assert [(number, letters) for number, letters, _ in self.newer() if letters] == without_empty

    def test_the_sections_are_those_of_both(self) -> None:
        numbers = [number for number, _ in sections(kms().root)]
        assert [number for number, _, _ in self.older()] == numbers
        assert [number for number, _, _ in self.newer()] == numbers

    def test_the_sentences_are_not_copied(self) -> None:
        published = {name.casefold() for _, _, names in (*self.older(), *self.newer()) for name in names}
        assert len(published) > 31
        assert published & {activity.name.casefold() for activity in kms().walk()} == set()


# -- every builder -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize('builder', BUILDERS)
def test_the_manual_is_built_without_a_warning(build: Build, builder: str) -> None:
    assert any(build(builder).iterdir())


@pytest.mark.parametrize(
    ('builder', 'path'),
    [
        ('html', 'services/kms.html'),
        ('dirhtml', 'services/kms/index.html'),
        ('singlehtml', 'index.html'),
        ('epub', 'services/kms.xhtml'),
    ],
)
def test_a_page_of_every_kind_of_html_holds_every_activity_with_its_anchor(
    build: Build, builder: str, path: str
) -> None:
    text = read(build(builder), path)
    page = body(text) if builder != 'epub' else parse_whole(text)

    for activity in kms().walk():
        assert page.part(f'raci-kms.{activity.id}').text.startswith(activity.name)


@pytest.mark.parametrize(
    ('builder', 'path'),
    [
        ('latex', 'sphinxcontrib-raci.tex'),
        ('texinfo', 'sphinxcontrib-raci.texi'),
        ('man', 'sphinxcontrib-raci.7'),
        ('xml', 'services/kms.xml'),
    ],
)
def test_other_builders_write_every_activity(build: Build, builder: str, path: str) -> None:
    text = plain(read(build(builder), path))

    missing = [activity.name for activity in kms().walk() if plain(activity.name) not in text]
    assert missing == []


def test_no_label_of_latex_is_there_twice(build: Build) -> None:
    labels = re.findall(r'\\label\{([^}]*)\}', read(build('latex'), 'sphinxcontrib-raci.tex'))
    assert len(labels) > 100
    assert [label for label, count in Counter(labels).items() if count > 1] == []


def plain(text: str) -> str:
    """Letters and digits alone: every format has its own way to escape all others."""
    return re.sub(r'[\W_]+|sphinxhyphen|textquotesingle|&#x27;', '', text.replace(r'\(aq', ''))


@pytest.mark.parametrize('name', ['services/kms.html', 'services/review.html'])
def test_readers_see_what_is_waived_and_why(build: Build, name: str) -> None:
    body = parse_whole(read(build('html'), name))
    assert 'Each side answers for its own half' in body.text
    assert '†' in body.text


def test_a_plain_text_holds_every_letter_of_the_matrix(build: Build) -> None:
    text = read(build('text'), 'services/kms.txt')

    cells = [
        tuple(cell.strip() for cell in line.strip().strip('|').split('|')[1:])
        for line in text.splitlines()
        if '|' in line
    ]
    letters = [pair for pair in cells if len(pair) == 2 and any(re.fullmatch('[RACI]+', cell) for cell in pair)]
    assert letters == [pair for _, pairs in KMS for pair in pairs]


def test_pages_of_the_book_and_of_the_xml_builder_are_well_formed(build: Build) -> None:
    paths = [*build('epub').rglob('*.xhtml'), *build('xml').rglob('*.xml')]

    assert len(paths) > 30
    for path in paths:
        ElementTree.parse(path)


def test_no_text_of_the_matrices_is_in_a_catalogue_of_the_manual(build: Build) -> None:
    catalogues = {path.name: path.read_text('utf-8') for path in build('gettext').rglob('*.pot')}

    assert 'services.pot' in catalogues
    assert catalogues
    names = [activity.name for activity in kms().walk()]
    assert [name for name in names for text in catalogues.values() if f'msgid "{name}"' in text] == []


# -- links -------------------------------------------------------------------------------------------------------------


def broken(folder: Path) -> list[tuple[str, str]]:
    """The addresses in a site, each with its page, that lead to no file, or to no id in it."""
    roots = {path: parse_whole(path.read_text('utf-8')) for path in folder.rglob('*.html')}
    ids = {path: set(root.ids) for path, root in roots.items()}
    found = []
    for path, root in roots.items():
        for address in addresses(root):
            file, fragment = urldefrag(address)
            target = (path.parent / unquote(file.partition('?')[0])).resolve() if file else path
            target = target / 'index.html' if target.is_dir() else target
            if not target.exists() or (fragment and target in ids and unquote(fragment) not in ids[target]):
                found.append((path.relative_to(folder).as_posix(), address))
    return found


def addresses(root: Element) -> Iterator[str]:
    """The addresses on a page that are within the site."""
    for element in root.walk():
        for attribute in ('href', 'src'):
            address = element.attributes.get(attribute, '')
            if address and not re.match('[a-z]+:|//', address):
                yield address


@pytest.mark.parametrize('builder', ['html', 'dirhtml'])
def test_every_address_of_the_site_leads_to_a_file_and_an_id(build: Build, builder: str) -> None:
    folder = build(builder)
    pages = {path.relative_to(folder).as_posix() for path in folder.rglob('*.html')}

    ends = ('.html', '/index.html')[builder == 'dirhtml']
    assert {'index.html', *(f'{name}{ends}' for name in ('search', 'genindex', 'raci-activities'))} <= pages
    assert {f'parties/customer{ends}', f'services/kms{ends}'} <= pages
    assert broken(folder) == []


@pytest.mark.parametrize('builder', ['html', 'dirhtml'])
def test_no_page_of_the_site_has_an_id_twice(build: Build, builder: str) -> None:
    folder = build(builder)

    for path in folder.rglob('*.html'):
        elements = parse_whole(path.read_text('utf-8')).walk()
        # The box that furo puts around every table, whosever it is, repeats the id of the table.
        ids = [element.attributes.get('id') for element in elements if 'table-wrapper' not in element.classes]
        assert [anchor for anchor in set(ids) - {None} if ids.count(anchor) > 1] == [], path


@pytest.mark.xfail(
    sphinx.version_info >= (8, 2), reason='sphinx-doc/sphinx#14221: addresses with two fragments in singlehtml'
)
def test_every_address_on_the_single_page_has_one_fragment_that_is_an_id(build: Build) -> None:
    assert [address for _, address in broken(build('singlehtml')) if '#' in address] == []


def test_every_address_on_the_single_page_that_has_one_fragment_leads_to_an_id(build: Build) -> None:
    folder = build('singlehtml')

    assert len([address for address in addresses(parse_whole(read(folder, 'index.html'))) if '#' in address]) > 300
    assert [address for _, address in broken(folder) if address.count('#') == 1] == []
    # Sphinx writes no index and no search for a single page; the manual refers to them all the same.
    without = {'genindex.html', 'search.html', 'raci-activities.html'}
    assert {address for _, address in broken(folder) if '#' not in address} <= without


def test_the_permalinks_of_activities_work_on_the_single_page(build: Build) -> None:
    page = body(read(build('singlehtml'), 'index.html'))

    for activity in kms().walk():
        cell = page.part(f'raci-kms.{activity.id}')
        assert [link.attributes['href'] for link in cell.all('a', cls='headerlink')] == [f'#raci-kms.{activity.id}']


# -- what the manual shows ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(('party', 'column'), [('customer', 0), ('provider', 1)])
def test_the_page_of_a_party_lists_what_it_has_a_part_in_and_links_each_row(
    build: Build, party: str, column: int
) -> None:
    page = body(read(build('html'), f'parties/{party}.html'))

    expected = [
        (f'../services/kms.html#raci-kms.{activity.id}', ''.join(activity.assignments[column].letters))
        for activity in kms().walk()
        if activity.assignments[column].letters
    ]
    rows = [row for table in page.all('table') for row in table.all('tbody')[0].all('tr')]
    found = [(row.links[0][1], row.all('td', 'th')[1].text) for row in rows]
    assert [row for row in found if '#raci-kms.' in row[0]] == expected


def test_the_manual_shows_three_services_and_their_parties(build: Build) -> None:
    overview = body(read(build('html'), 'services/overview.html'))
    table, by_section = overview.tables

    assert len(table) == 5
    assert len(by_section) == 1 + 3 + 15
    assert {'Customer', 'Cloud provider'} <= set(table[0])
    assert {row[0] for row in table[1:]} > {'Key management service'}


@pytest.mark.parametrize('path', sorted(EXAMPLE.rglob('*.raci.*')), ids=lambda path: path.name)
def test_every_source_of_the_manual_is_sound_by_itself(path: Path) -> None:
    from sphinxcontrib_raci.model import Party

    parties = {'customer': Party('customer', 'Customer'), 'provider': Party('provider', 'Cloud provider')}
    reading = sources.read(path, settings=Settings(parties))

    assert reading.problems == ()
    assert reading.matrix
    assert reading.matrix.unread == ()

"""A text of a source is a text in everything that is made of it, in whichever format it was written.

Every field that holds a text has a hostile one, with a word of its own behind it; beside it is the same matrix with
innocent words.  What is made of both must be the same but for these texts.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from html import escape, unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from babel.messages.pofile import read_po
from conftest import HOSTING, Project, Result
from pages import parse, parse_whole
from sphinx.util import texescape
from test_hostile import exact, kinds, skeleton

from sphinxcontrib_raci.cli import main
from sphinxcontrib_raci.model import Matrix
from sphinxcontrib_raci.sources import read_bytes
from sphinxcontrib_raci.wording import FORBIDDEN
from sphinxcontrib_raci.writers import FORMATS, SUFFIXES, write
from sphinxcontrib_raci.writers.lost import lost

# Words are short: LaTeX would divide long ones.
HOSTILE = {
    'element': '"><img src=x onerror=x()> </p></td> <svg/onload=x()>',
    'script': '</script><b> </style><i> --> ]]> <![CDATA[ <?php ?>',
    'attribute': '\' onclick=\'x()\' " onload="x()" `x`=',
    'address': 'javascript:x() data:text/html,x https://e.org//x',
    'latex': '\\input{/etc/x} \\write18{ls} \\end{x} $x$ %x #1 ^^M',
    'rst': '.. include:: /etc/x',
    'rst inline': ':raw:`x` |x| `x <y>`_ x_ [1]_ **b** \\',
    'markdown': '![x](y) [x](data:y) <u>x</u> {x}`y` # x',
    'jinja': '{% include "x" %} {{ config }} {# x #}',
    'formula': "=cmd|'/C calc'!A0",
    'sum': '@SUM(1+1)*x',
    'plus': '+1+1 -2 @x',
    'roff': '.so /etc/x \\fB \\n(x',
    'roff quote': "'br \\&.x",
    'texinfo': '@include x @end ifinfo @{x@}',
    'catalogue': '" msgid "x" \\n %s %(x)s {0} $x',
    'command': '::error file=x::y ##[x] %0A x',
}
INNOCENT = 'innocent words'
ALL = {'innocent': INNOCENT, **HOSTILE}
NUMBERS = {name: number for number, name in enumerate(ALL, 10)}
SOURCES = ('.json', '.yaml', '.csv', '.xlsx', '.md')
FIELDS = (
    *('title', 'intro', 'revision', 'lettername', 'meaning', 'scope', 'party', 'description', 'other', 'section'),
    *(
        'sectionintro',
        'name',
        'note',
        'cellnote',
        'link',
        'tag',
        'waiver',
        'sectionwaiver',
        'matrixwaiver',
        'inner',
        'open',
    ),
)


def source(number: int, payload: str) -> dict[str, Any]:
    """A source with the payload in every field that holds a text, and behind it a word that says which field it is."""

    def of(field: str) -> str:
        assert field in FIELDS
        # A tag has no comma.
        return f'{payload.replace(",", "") if field == "tag" else payload} q{field}q'

    party, other = f'p{number}', f'q{number}'
    return {
        'raci': '1',
        'id': f'm{number}',
        'title': of('title'),
        'intro': of('intro'),
        'revision': of('revision'),
        'letters': {'R': {'name': of('lettername'), 'meaning': of('meaning')}},
        'scopes': {'bare': of('scope'), 'vm': 'Elsewhere'},
        'parties': {party: {'name': of('party'), 'description': of('description')}, other: of('other')},
        'waive': {'same-party-does-and-answers': of('matrixwaiver')},
        'sections': [
            {
                'title': of('section'),
                'id': 'whole',
                'intro': of('sectionintro'),
                'waive': {'no-responsible': of('sectionwaiver')},
                'activities': [
                    {
                        'id': 'shown',
                        'name': of('name'),
                        'note': of('note'),
                        'who': {party: {'letters': 'RA', 'note': of('cellnote')}, other: 'RA'},
                        'links': [{'text': of('link'), 'url': 'https://example.org/?a="<i>&\'b'}],
                        'tags': [of('tag')],
                        'scopes': ['bare'],
                        'waive': {'several-accountable': of('waiver')},
                    }
                ],
                'sections': [
                    {
                        'title': of('inner'),
                        'activities': [
                            {'id': 'more', 'name': 'Something', 'who': {other: 'A'}},
                            {'id': 'open', 'name': of('open'), 'who': {other: 'R'}},
                        ],
                    }
                ],
            }
        ],
    }


def matrix(name: str) -> Matrix:
    """The matrix with this payload."""
    data = json.dumps(source(NUMBERS[name], ALL[name])).encode()
    reading = read_bytes(data, f'm{NUMBERS[name]}.raci.json')
    assert (reading.problems, reading.matrix is None) == ((), False)
    assert reading.matrix
    return reading.matrix


# -- formats -----------------------------------------------------------------------------------------------------------

SUFFIX_OF = {fmt: suffix for suffix, fmt in reversed(SUFFIXES.items())}


@pytest.mark.parametrize('fmt', FORMATS)
@pytest.mark.parametrize('name', ALL)
def test_every_format_holds_every_field_as_it_is(name: str, fmt: str) -> None:
    file = f'm{NUMBERS[name]}.raci{SUFFIX_OF[fmt]}'

    back = read_bytes(write(matrix(name), fmt, file), file)

    assert back.problems == ()
    assert lost(matrix(name), back.matrix) == []


RUN = tuple('=+-@\t\r＝＋－＠')
"""What a spreadsheet takes for the beginning of a formula."""


@pytest.mark.parametrize('name', HOSTILE)
def test_no_spreadsheet_runs_anything(name: str) -> None:
    rows = csv.reader(io.StringIO(write(matrix(name), 'csv', 'x.raci.csv').decode()))
    assert [cell for row in rows for cell in row if cell.startswith(RUN)] == []
    with zipfile.ZipFile(io.BytesIO(write(matrix(name), 'xlsx', 'x.raci.xlsx'))) as archive:
        sheets = [ElementTree.fromstring(archive.read(part)) for part in archive.namelist() if 'sheets/' in part]
    cells = [element for sheet in sheets for element in sheet.iter() if element.tag.endswith('}c')]
    assert len(cells) > 20
    assert {cell.get('t') for cell in cells} <= {'s', 'inlineStr'}
    assert not [child for cell in cells for child in cell if child.tag.endswith('}f')]


# -- outputs -----------------------------------------------------------------------------------------------------------

DOCUMENT = """\
The page
========

.. raci:: m{0}
   :filter:
   :download: csv, xlsx, json

.. raci:: m{0}
   :layout: table
   :numbered:
   :no-index:

.. raci:party:: p{0}
   :by: letter
   :no-index:
   :filter:
   :download: csv, xlsx, json
   :matrices: m{0}

.. raci:parties::
   :parties: p{0}
   :matrices: m{0}

.. raci:parties::
   :by: section
   :parties: p{0}
   :matrices: m{0}

.. raci:load::
   :matrices: m{0}

.. raci:findings::
   :matrix: m{0}

.. raci:findings::
   :matrix: m{0}
   :waived:

.. raci:legend:: m{0}

.. raci:legend:: s{0}

:raci:matrix:`m{0}` :raci:activity:`m{0}.shown` :raci:party:`p{0}` :any:`m{0}.shown`
"""


@pytest.fixture(scope='module')
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A page and party pages for each payload, whose sources are in one format after the other."""
    folder = tmp_path_factory.mktemp('injection') / 'docs'
    folder.mkdir()
    numbers = NUMBERS.values()
    project = Project(folder).conf(
        raci_party_pages='parties',
        raci_latex_footer=True,
        raci_rules={'same-party-does-and-answers': True},
        raci_parties={f'c{number}': {'name': ALL[name], 'description': ALL[name]} for name, number in NUMBERS.items()},
        raci_schemes={
            f's{number}': {'R': {'name': ALL[name], 'meaning': ALL[name]}, 'A': ALL[name]}
            for name, number in NUMBERS.items()
        },
        latex_documents=[(f'm{number}', f'm{number}.tex', 'Title', 'Author', 'howto') for number in numbers],
        man_pages=[(f'm{number}', f'm{number}', 'Title', 'Author', 1) for number in numbers],
        texinfo_documents=[(f'm{number}', f'm{number}', 'T', 'A', f'm{number}', 'D', 'C') for number in numbers],
        latex_domain_indices=False,
        gettext_compact=False,
        smartquotes=False,
    )
    project.write({'index.rst': 'Index\n=====\n\n.. toctree::\n   :glob:\n\n   m*\n   parties/*\n'})
    for name, number in NUMBERS.items():
        suffix = SOURCES[number % len(SOURCES)]
        file = f'm{number}.raci{suffix}'
        project.write({file: write(matrix(name), SUFFIXES[suffix], file), f'm{number}.rst': DOCUMENT.format(number)})
    return project


@pytest.fixture(scope='module')
def html(project: Project) -> Result:
    """The project as HTML."""
    return project.build('html')


def plain(text: str, name: str) -> str:
    """A text with innocent words for the payload, whatever the number."""
    for payload in (ALL[name], ALL[name].replace(',', '')):
        text = text.replace(payload, INNOCENT)
    return re.sub(r'\b([mpqcs])\d\d\b', r'\1', text)


def test_nothing_is_said_of_them_but_what_rules_find(html: Result) -> None:
    assert [line for line in html.warnings if not re.search(r'WARNING: .* \[raci\.[a-z-]+\]$', line)] == []
    codes = Counter(re.findall(r'\[raci\.([a-z-]+)\]$', '\n'.join(html.warnings), re.MULTILINE))
    # Each matrix has the same findings.
    assert codes
    assert {count % len(ALL) for count in codes.values()} == {0}


def test_the_innocent_page_shows_every_field(html: Result) -> None:
    page = exact(parse(html.text(f'm{NUMBERS["innocent"]}.html')))

    assert [field for field in FIELDS if f'{INNOCENT} q{field}q' not in page] == []


@pytest.mark.parametrize('page', ['m{}', 'parties/p{}', 'parties/c{}'])
@pytest.mark.parametrize('name', HOSTILE)
def test_pages_have_the_same_elements_and_attributes(html: Result, name: str, page: str) -> None:
    hostile, innocent = (html.text(f'{page.format(NUMBERS[one])}.html') for one in (name, 'innocent'))

    assert kinds(hostile) <= kinds(innocent)
    ours, theirs = (
        json.dumps(skeleton(parse(text), 'no such text'), ensure_ascii=False) for text in (hostile, innocent)
    )
    escaped = json.dumps(ALL[name], ensure_ascii=False)[1:-1]
    for payload in (escaped, escaped.replace(',', '')):
        ours = ours.replace(payload, INNOCENT)
    assert sizeless(ours) == sizeless(theirs)


def sizeless(text: str) -> str:
    """Without what depends on the width of words, or on the name of the format."""
    text = re.sub(r'\b([mpqcs])\d\d\b', r'\1', text)
    text = re.sub(r'raci/(m|party\.p)[^"]*\.', r'raci/\1.', text)
    return re.sub(r'\["col", \{[^}]*\}\]|"data-lines": "[^"]*"', '', text)


@pytest.mark.parametrize('page', ['index.html', 'genindex.html', 'search.html', 'raci-activities.html'])
def test_other_pages_have_no_element_of_theirs(html: Result, page: str) -> None:
    whole = parse_whole(html.text(page))

    assert {'img', 'svg', 'b', 'u', 'i'} & {element.tag for element in whole.walk()} <= {'img'}
    assert [name for element in whole.walk() for name in element.attributes if name.startswith('on')] == []
    assert all(element.attributes['src'].endswith(('.png', '.svg')) for element in whole.all('img'))


def test_the_search_index_has_titles_as_they_are(html: Result) -> None:
    index = html.search_index

    titles = dict(zip(index['docnames'], index['titles'], strict=True))
    for name, number in NUMBERS.items():
        # As texts, which the script of the search page escapes, in HTML before Sphinx 9; what is found by objects
        # is escaped here.
        assert unescape(titles[f'parties/p{number}']) == unescape(f'{ALL[name]} qpartyq')
    # What stands before the last dot is kept apart.
    shown = {f'{start}.{entry[-1]}'.lstrip('.') for start, entries in index['objects'].items() for entry in entries}
    for text in ALL.values():
        assert {escape(f'{text} q{field}q').lstrip('.') for field in ('title', 'name', 'party')} <= shown


def test_the_inventory_has_names_of_ids_and_texts_as_they_are(html: Result) -> None:
    data = (html.out / 'objects.inv').read_bytes()
    lines = zlib.decompress(data.split(b'\n', 4)[4]).decode().splitlines()

    ours = [line.split(' ', 4) for line in lines if ' raci:' in line]
    assert len(ours) == len(ALL) * (1 + 3 + 3)
    assert all(re.fullmatch(r'[a-z0-9.-]+', name) and re.fullmatch(r'[\w./#$-]+', uri) for name, _, _, uri, _ in ours)
    titles = {(kind, name): title for name, kind, _, _, title in ours}
    for name, number in NUMBERS.items():
        assert titles['raci:matrix', f'm{number}'] == f'{ALL[name]} qtitleq'
        assert titles['raci:activity', f'm{number}.shown'] == f'{ALL[name]} qnameq'
        assert titles['raci:party', f'p{number}'] == f'{ALL[name]} qpartyq'


def strings(value: object) -> Iterator[str]:
    """All texts in a tree of JSON."""
    if isinstance(value, str):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(child)


def test_raci_json_has_texts_as_they_are(html: Result) -> None:
    tree = json.loads(html.text('raci.json'))

    for entry in tree['matrices']:
        name = list(ALL)[int(entry['id'][1:]) - 10]
        marked = [text for text in strings(entry) if re.search(r'q[a-z]+q$', text)]
        assert len(marked) > 10
        assert {text.rpartition(' ')[0] for text in marked} <= {ALL[name], ALL[name].replace(',', '')}


def test_files_to_download_run_nothing_and_say_the_same(html: Result) -> None:
    folder = html.out / '_downloads' / 'raci'
    files = sorted(path.name for path in folder.iterdir())

    assert len(files) == len(ALL) * 6
    assert all(re.fullmatch(r'[a-z0-9._-]+', name) for name in files)
    for path in folder.glob('*.csv'):
        rows = csv.reader(io.StringIO(path.read_bytes().decode('utf-8-sig')))
        assert [cell for row in rows for cell in row if cell.startswith(RUN)] == [], path.name
    for name, number in NUMBERS.items():
        for path in folder.glob(f'm{number}.*'):
            reading = read_bytes(path.read_bytes(), path.name)
            assert reading.matrix
            assert reading.matrix.title == f'{ALL[name]} qtitleq'
        tree = json.loads(next(folder.glob(f'party.p{number}*.json')).read_text('utf-8'))
        assert f'{ALL[name]} qnameq' in set(strings(tree))


def test_latex_gets_no_command_from_them(project: Project) -> None:
    result = project.build('latex')

    def commands(name: str) -> set[str]:
        body = result.text(f'm{NUMBERS[name]}.tex').partition(r'\begin{document}')[2]
        assert body.count('qnameq') >= 3
        for payload in (ALL[name], ALL[name].replace(',', '')):
            body = body.replace(texescape.escape(payload, 'pdflatex'), '')
        body = re.sub(r'\\detokenize\{[^}]*\}', '', body)
        return set(re.findall(r'\\(?:[a-zA-Z@]+\*?|.)', body))

    innocent = commands('innocent')
    assert {name: found for name in HOSTILE if (found := commands(name) - innocent - DEPEND_ON_WIDTH)} == {}


DEPEND_ON_WIDTH = {r'\raciturned', r'\racibreak', r'\racihyphen', r'\racitie', r'\racicomma'}


def test_manual_pages_get_no_request_from_them(project: Project) -> None:
    result = project.build('man')

    def requests(name: str) -> set[str]:
        text = result.text(f'm{NUMBERS[name]}.1')
        assert text.count('qnameq') >= 3
        return {word for line in text.splitlines() if (word := line.split(' ')[0]).startswith(('.', "'"))}

    innocent = requests('innocent')
    assert {name: found for name in HOSTILE if (found := requests(name) - innocent)} == {}
    assert escapes(result, HOSTILE) - escapes(result, ['innocent']) <= {r'\e', r'\(', r'\-', r'\&'}


def escapes(result: Result, names: Iterable[str]) -> set[str]:
    """What follows backslashes in manual pages, but in titles: Sphinx leaves those as they are, in capitals."""
    lines = [line for name in names for line in result.text(f'm{NUMBERS[name]}.1').splitlines()]
    return {found for line in lines if not line.startswith(('.SH', '.SS')) for found in re.findall(r'\\.', line)}


def test_texinfo_gets_no_command_from_them(project: Project) -> None:
    result = project.build('texinfo')

    def commands(name: str) -> set[str]:
        text = result.text(f'm{NUMBERS[name]}.texi')
        assert text.count('qnameq') >= 3
        return set(re.findall(r'@\w+', re.sub("@([@{}]|comma{}|w{['`]})", '', text)))

    innocent = commands('innocent')
    assert {name: found for name in HOSTILE if (found := commands(name) - innocent)} == {}


def test_plain_text_shows_them(project: Project) -> None:
    result = project.build('text')

    for name, number in NUMBERS.items():
        text = ' '.join(result.text(f'm{number}.txt').split())
        assert ' '.join(f'{ALL[name]} qintroq'.split()) in text, name


@pytest.mark.parametrize('builder', ['xml', 'pseudoxml'])
def test_documents_as_xml_have_the_same_elements(project: Project, builder: str) -> None:
    result = project.build(builder)

    def elements(number: int) -> list[object]:
        if builder == 'pseudoxml':
            text = result.text(f'm{number}.pseudoxml')
            return sorted(set(re.findall(r'^ *<(\w+)', text, re.MULTILINE)))
        root = ElementTree.fromstring(result.text(f'm{number}.xml'))
        return [(element.tag, sorted(element.keys())) for element in root.iter()]

    for number in NUMBERS.values():
        assert elements(number) == elements(NUMBERS['innocent'])


def test_a_book_is_well_formed_and_has_the_same_elements(project: Project) -> None:
    result = project.build('epub')

    for path in [*result.out.rglob('*.xhtml'), *result.out.rglob('*.opf'), *result.out.rglob('*.ncx')]:
        ElementTree.fromstring(path.read_text('utf-8').replace('&nbsp;', ' ').replace('&copy;', ' '))
    innocent = kinds_of_xml(result.out / f'm{NUMBERS["innocent"]}.xhtml')
    for number in NUMBERS.values():
        assert kinds_of_xml(result.out / f'm{number}.xhtml') <= innocent


def kinds_of_xml(path: Path) -> set[tuple[str, ...]]:
    root = ElementTree.fromstring(path.read_text('utf-8').replace('&nbsp;', ' ').replace('&copy;', ' '))
    return {(element.tag, *sorted(element.keys())) for element in root.iter()}


def test_catalogues_have_whole_messages(project: Project) -> None:
    result = project.build('gettext')

    def messages(name: str) -> list[str]:
        catalog = read_po(io.BytesIO((result.out / f'm{NUMBERS[name]}.pot').read_bytes()), abort_invalid=True)
        return sorted(plain(str(message.id), name) for message in catalog if message.id)

    for name in HOSTILE:
        assert messages(name) == messages('innocent')


# -- the command -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize('fmt', ['json', 'sarif', 'github', 'text'])
def test_reports_say_the_same_of_all(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], fmt: str
) -> None:
    monkeypatch.chdir(project.folder)

    def told(name: str) -> list[str]:
        file = f'm{NUMBERS[name]}.raci.json'
        changed = source(NUMBERS[name], ALL[name])
        del changed['sections'][0]['activities'][0]['waive']
        changed['sections'][0]['activities'].append({'id': 'bad', 'name': ALL[name], 'who': {ALL[name]: ALL[name]}})
        changed[f'{ALL[name]} key'] = ALL[name]
        Path('report').mkdir(exist_ok=True)
        Path('report', file).write_text(json.dumps(changed, indent=1))
        main(['check', f'report/{file}', '--format', fmt])
        said = capsys.readouterr().out
        if fmt in ('json', 'sarif'):
            return sorted({re.sub(r'\d+', '', key) for key in keys(json.loads(said))})
        return [
            re.sub(r'm\d\d|\d+', '', line.partition(' ')[0])
            for line in said.splitlines()
            if '::' in line[:9] or fmt == 'text'
        ]

    def keys(tree: object) -> Iterator[str]:
        if isinstance(tree, dict):
            yield from tree
        for child in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
            yield from keys(child)

    innocent = told('innocent')
    assert len(innocent) > 2
    for name in HOSTILE:
        assert told(name) == innocent


# -- what authors of documents write -----------------------------------------------------------------------------------

ROLES = """\
The page
========

.. raci:: {argument}

.. raci:: hosting
   :section: {argument}
   :no-index:

.. raci:: hosting
   :parties: {argument}
   :no-index:

.. raci:: hosting
   :tags: {argument}
   :no-index:

.. raci:: hosting
   :class: {argument}
   :name: {argument}
   :caption: Plain
   :no-index:

.. raci:party:: {word}

.. raci:legend:: {word}

.. raci:findings::
   :rule: {argument}

:raci:matrix:`{role}` :raci:party:`{role}` :raci:activity:`{role}` :raci:activity:`hosting.{role}`
"""


@pytest.fixture(scope='module')
def written(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Pages whose directives and roles ask for texts instead of names."""
    folder = tmp_path_factory.mktemp('written') / 'docs'
    folder.mkdir()
    files = {
        'hosting.raci.yaml': HOSTING,
        'index.rst': 'Index\n=====\n\n.. toctree::\n   :glob:\n\n   m*\n\n.. raci:: hosting\n',
    }
    for name, number in NUMBERS.items():
        role = re.sub(r'([\\`<>])', r'\\\1', ALL[name])
        page = ROLES.format(argument=ALL[name], word=ALL[name].replace(' ', '_'), role=role)
        files[f'm{number}.rst'] = page
    return Project(folder).conf(smartquotes=False, nitpicky=True).write(files).build('html')


@pytest.mark.parametrize('name', HOSTILE)
def test_names_that_are_none_are_shown_as_texts(written: Result, name: str) -> None:
    page, innocent = (written.text(f'm{NUMBERS[one]}.html') for one in (name, 'innocent'))

    def quiet(text: str) -> set[tuple[str, ...]]:
        # What is quoted as it was found stands in a block of code where an option cannot be used at all.
        return {(tag, source, *names) for tag, source, *names in kinds(text) if tag not in {'pre', 'span', 'div'}}

    assert quiet(page) <= quiet(innocent) | {('a', '', 'class', 'href', 'id')}
    assert exact(parse(page)).count(ALL[name]) >= 2
    classes = {one for element in parse_whole(page).walk() for one in element.classes}
    assert all(re.fullmatch(r'[\w-]+', one) for one in classes)


def test_each_of_them_is_a_warning_in_its_line(written: Result) -> None:
    for number in NUMBERS.values():
        found = [line for line in written.warnings if f'm{number}.rst:' in line]
        lines = {int(place[1]) for line in found if (place := re.search(r'\.rst:(\d+)', line))}
        # One of them has an option alone that may have any text.
        starts = [at for at, line in enumerate(ROLES.splitlines(), start=1) if line.startswith(('.. raci', ':raci'))]
        assert set(starts) - lines <= {starts[4]}
    assert 'Traceback' not in '\n'.join(written.warnings)


# -- names of files ----------------------------------------------------------------------------------------------------

LONG = '-'.join(['long'] * 60)
PLAIN = 'raci: 1\ntitle: {0}\nid: {1}\nparties: {{{2}: Us}}\nactivities: [{{id: a, name: Row, who: {{{2}: RA}}}}]\n'


@pytest.mark.parametrize('suffixes', [['.rst'], ['.rst', '.md']])
def test_a_name_too_long_for_a_file_is_reported_and_the_rest_is_built(
    project_of_names: Project, suffixes: list[str]
) -> None:
    parsers = {'.rst': 'restructuredtext', '.md': 'markdown'}
    project_of_names.conf(
        extensions=['sphinxcontrib_raci', 'myst_parser'],
        source_suffix={suffix: parsers[suffix] for suffix in suffixes},
        raci_party_pages='parties',
        raci_downloads=['csv'],
    )
    project_of_names.write(
        {
            'long.raci.yaml': PLAIN.format('Long', LONG, LONG),
            'm.raci.yaml': PLAIN.format('M', 'm', 'us'),
            'index.rst': f'I\n=\n\n.. toctree::\n   :glob:\n\n   parties/*\n\n.. raci:: m\n\n.. raci:: {LONG}\n',
        }
    )

    project_of_names.build()
    # The folder of the party pages is there by now.
    result = project_of_names.build(fresh=True)

    assert any('cannot be written' in line and '[raci.page]' in line for line in result.warnings)
    assert (result.out / 'parties/us.html').exists()
    assert (result.out / '_downloads/raci/m.csv').exists()
    assert len(parse(result.text('index.html')).tables) == 2


@pytest.fixture
def project_of_names(tmp_path: Path) -> Project:
    """A project in a folder of its own."""
    folder = tmp_path / 'docs'
    folder.mkdir()
    return Project(folder)


@pytest.mark.parametrize('ident', ['con', 'nul', 'aux', 'prn', 'com1', 'lpt9'])
def test_a_party_called_like_a_device_gets_no_page_and_a_message(project_of_names: Project, ident: str) -> None:
    project_of_names.conf(raci_party_pages='parties')
    project_of_names.write({'m.raci.yaml': PLAIN.format('M', 'm', ident), 'index.rst': 'I\n=\n\n.. raci:: m\n'})

    result = project_of_names.build()

    [warning] = result.warnings
    assert f"'{ident}'" in warning
    assert warning.endswith('[raci.page]')
    assert not (project_of_names.folder / 'parties').exists()
    assert parse(result.text('index.html')).tables == [[['Activity', 'Us'], ['Row', 'RA']]]


def test_ids_that_differ_in_capitals_only_are_refused(project_of_names: Project) -> None:
    source = PLAIN.format('M', 'kms', 'us').replace('{us: Us}', '{us: Us, Us: We}')
    project_of_names.conf(raci_parties={'Us': 'Us', 'us': 'Us'}, raci_party_pages='parties')
    project_of_names.write({'kms.raci.yaml': source, 'Kms.raci.yaml': source.replace('id: kms', 'id: Kms')})
    project_of_names.write({'index.rst': 'I\n=\n\n.. raci:: kms\n'})

    result = project_of_names.build()

    assert any("'id' is 'Kms'" in line for line in result.warnings)
    assert any("'Us'" in line and '[raci.config]' in line for line in result.warnings)
    names = [path.name.casefold() for path in (project_of_names.folder / 'parties').iterdir()]
    assert 'us.rst' in names
    assert len(set(names)) == len(names)


def test_files_that_differ_in_capitals_only_are_two_sources(project_of_names: Project) -> None:
    project_of_names.conf(raci_downloads=['csv'])
    project_of_names.write(
        {
            'a.raci.yaml': PLAIN.format('Small', 'small', 'us'),
            'A.raci.yaml': PLAIN.format('Large', 'large', 'us'),
            'index.rst': 'I\n=\n\n.. raci:: a.raci.yaml\n\n.. raci:: A.raci.yaml\n',
        }
    )
    if len(list(project_of_names.folder.glob('*.raci.yaml'))) < 2:
        pytest.skip('this file system does not tell capitals from small letters')

    result = project_of_names.build()

    assert result.warnings == []
    names = sorted(path.name for path in (result.out / '_downloads/raci').iterdir())
    assert names == ['large.csv', 'small.csv']


@pytest.mark.parametrize('title', ['../../x', '/x', 'CON', 'x' * 300, '..', 'a:b', 'A?*"<>|'])
def test_sheets_become_files_in_the_folder_that_was_named(tmp_path: Path, title: str) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.worksheets[0].append(['Task', 'Ann'])
    book.worksheets[0].append(['Sow', 'R'])
    book.save(tmp_path / 'book.xlsx')
    with zipfile.ZipFile(tmp_path / 'book.xlsx') as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    escaped = title.replace('&', '&amp;').replace('<', '&lt;').replace('"', '&quot;')
    parts['xl/workbook.xml'] = re.sub(rb'name="Sheet"', f'name="{escaped}"'.encode(), parts['xl/workbook.xml'])
    with zipfile.ZipFile(tmp_path / 'book.xlsx', 'w') as archive:
        for name, data in parts.items():
            archive.writestr(name, data)

    main(['convert', '--sheets', 'matrices', str(tmp_path / 'book.xlsx'), '-o', f'{tmp_path}/deep/out/'])

    made = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob('*') if path.is_file()]
    assert all(re.fullmatch(r'book\.xlsx|deep/out/book-[a-z0-9-]+\.raci\.yaml', name) for name in made)


PAGES = ('html', 'dirhtml', 'singlehtml', 'json', 'epub')
OTHERS = ('latex', 'text', 'man', 'texinfo', 'xml', 'pseudoxml', 'gettext')
TEXTS = {
    *('.html', '.xhtml', '.fjson', '.json', '.js', '.csv', '.ncx', '.opf', '.tex', '.txt', '.1'),
    '.texi',
    '.xml',
    '.pot',
}
ODD = (b'\xff.raci.yaml', b'a\x1b[31m.raci.yaml', b'b\n.so x.raci.yaml', b'c\xe2\x80\xa8d.raci.yaml')


@pytest.fixture(scope='module')
def odd(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Sources that cannot be read, and one that can, in files whose names are no texts."""
    folder = tmp_path_factory.mktemp('odd') / 'docs'
    folder.mkdir()
    project = Project(folder).conf(raci_party_pages='parties', raci_downloads=['csv', 'json'], keep_warnings=True)
    sound = PLAIN.format('Sound', 'sound', 'us').replace('name: Row', 'name: "*Row* `x`_ :raw:`y`"')
    try:
        for name in ODD:
            Path(os.fsdecode(os.fsencode(folder) + b'/' + name)).write_bytes(b'raci: 1\nparties: [')
        Path(os.fsdecode(os.fsencode(folder) + b'/\xfe.raci.yaml')).write_text(f'markup: rst\n{sound}')
    except OSError:
        pytest.skip('this file system has texts for names')
    index = 'I\n=\n\n.. toctree::\n   :glob:\n\n   parties/*\n\n.. raci:: sound\n\n.. raci:: missing\n\n'
    bad = '.. raci:: /missing.raci.yaml\n\n'
    rest = '.. raci:parties::\n\n.. raci:load::\n\n.. raci:findings::\n\n.. raci:party:: us\n   :no-index:\n'
    return project.write({'index.rst': index + bad + rest})


@pytest.mark.parametrize('builder', [*PAGES, *OTHERS])
def test_pages_name_files_whose_names_are_no_texts(odd: Project, builder: str) -> None:
    result = odd.build(builder)

    assert len([line for line in result.warnings if '[raci.source]' in line]) >= len(ODD)
    [unknown] = [line for line in result.warnings if 'no source' in line]
    assert not FORBIDDEN.search(unknown)
    for path in result.out.rglob('*'):
        if path.suffix in TEXTS and '_static' not in path.parts:
            text = path.read_text('utf-8')
            assert not FORBIDDEN.search(text), path.name
            assert not re.search(r'&#5[67]\d{3};|\\ud[c-f]', text), path.name
            assert '\n.so' not in text
            if path.suffix in {'.xml', '.xhtml'}:
                ElementTree.fromstring(re.sub('&(nbsp|copy);', ' ', text))
    if builder == 'text':
        page = result.text('index.txt')
        for name in ('\N{REPLACEMENT CHARACTER}', 'a\N{REPLACEMENT CHARACTER}[31m', 'b\N{REPLACEMENT CHARACTER}.so x'):
            assert f'{name}.raci.yaml: everything' in page

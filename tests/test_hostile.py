"""Texts are texts: whatever they hold, pages show them as they are written, and nothing on a page is made by them.

One page with innocent words says what must be where.  The page of a hostile text must be the same page, element by
element, with that text in place of the words.
"""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest
from conftest import Project, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pages import Element, parse, parse_whole
from sphinx.util import texescape

from sphinxcontrib_raci.config import OPTIONS
from sphinxcontrib_raci.model import Link, Reading
from sphinxcontrib_raci.sources import read_bytes
from sphinxcontrib_raci.writers import SUFFIXES, write

INNOCENT = 'innocent words'

HOSTILE = {
    'script': '<script>document.title = "owned"</script>',
    'tags': '<img src=x onerror="alert(1)"></th></td></tr></table><style>* {color: red}</style>',
    'entities': '&lt;b&gt; & &amp;amp; &#x41; &nbsp',
    'comment': '<!-- a comment --> <![CDATA[ data ]]> <?php x ?>',
    'quotes': "\"double\" 'single' ``two`` it's",
    'dashes and dots': 'so -- and so --- and so ...',
    'jinja': '{{ 7*7 }} {% raw %} {# gone #} {{ config }} {% endraw %} {% include "x" %}',
    'latex commands': r'\input{/etc/passwd} \write18{ls} \end{document} \\ \begin{x} \def\x{y}',
    'latex characters': "$x_1^2$ #&%~ {} _ ^ \\ $$E$$ ^^M --- `` '' <> |",
    'rst': '*em* **strong** ``code`` |sub| foo_ foo__ `x`_ _`t` [1]_ [#]_ :role:`x` :raci:party:`other` a::',
    'rst directive': '.. raw:: html',
    'rst comment': '.. a comment',
    'rst field': ':field: value',
    'rst option': '-o FILE --long=x /V',
    'rst underline': '=========',
    'rst line block': '| line',
    'rst doctest': '>>> 1 + 1',
    'rst table': '+---+---+ === ===',
    'rst anonymous': '__ x',
    'dash bullet': '- item',
    'star bullet': '* item',
    'plus bullet': '+ item',
    'round bullet': '• item',
    'arabic enumerator': '1. item',
    'letter enumerator': 'A) item',
    'automatic enumerator': '#. item',
    'markdown': '# Head [text](http://e.org) ![i](x.png) <http://e.org> ~~s~~ | a | **b** `c`',
    'myst': '{doc}`index` {{ sub }} (target)= +++ % comment ::: {note} [](#x) ^ [^1]',
    'addresses': 'https://example.org/?a=1&b=2 me@example.org javascript:alert(1) www.example.org',
    'formats': '%s %d %(x)s {0} {x} {} $x ${y} 100 %',
    'backslashes': 'C:\\Users\\new \\* a\\ b \\',
    'right to left': 'שלום עולם مرحبا \u202eevil\u202c \u2067x\u2069 \u200f',
    'combining': 'e\u0301 a\u0308 Z\u0351\u036b\u0343 x\u0300',
    'only combining': '\u0301\u0308',
    'astral': '😀 𝕊𝕡𝕙𝕚𝕟𝕩 👩\u200d👩\u200d👧 🇩🇪',
    'zero width': 'a\u200bb\u200cc\u200dd\ufeffe\u2060f\u00adg',
    'only zero width': '\u200b',
    'spaces that are no layout': 'a\u00a0b\u3000c\u2003d\u202fe',
    'wide': '责任 担当者 책임 ｆｕｌｌ',
    'long word': 'Donaudampfschiff' * 32,
}
ALL = {'innocent': INNOCENT, **HOSTILE}
NUMBERS = {name: number for number, name in enumerate(ALL, 10)}

DOCUMENT = """\
The page
========

.. raci:: m{0}

.. raci:: m{0}
   :layout: table
   :no-index:
   :numbered:

.. raci:parties::
   :parties: p{0}
   :matrices: m{0}

.. raci:party:: p{0}
   :by: letter
   :no-index:
   :matrices: m{0}

.. raci:legend:: m{0}

:raci:matrix:`m{0}` :raci:activity:`m{0}.shown` :raci:party:`p{0}` :any:`m{0}.shown`
"""


def source(number: int, text: str) -> str:
    """A source with this text in every field that holds a text, and one row that cannot be read."""
    party, other = f'p{number}', f'q{number}'
    return json.dumps(
        {
            'raci': '1',
            'id': f'm{number}',
            'title': text,
            'intro': text,
            'revision': text,
            'scheme': {'R': {'name': text, 'meaning': text}, 'A': {'name': 'Accountable'}},
            'letters': {'A': text},
            'scopes': {'bare': text, 'other': 'Elsewhere'},
            'parties': {party: {'name': text, 'description': text}, other: text},
            'sections': [
                {
                    'title': text,
                    'id': 'whole',
                    'intro': text,
                    'activities': [
                        {
                            'id': 'shown',
                            'name': text,
                            'note': text,
                            'who': {party: {'letters': 'RA', 'note': text}, other: 'R'},
                            'links': [{'text': text, 'url': 'https://example.org/?a=1&b="<i>"'}],
                            'tags': [text],
                            'scopes': ['bare'],
                            'waive': {'several-accountable': text},
                        },
                        {'id': 'lost', 'name': text, 'who': {'nobody': 'R'}},
                    ],
                    'sections': [
                        {'title': text, 'activities': [{'id': 'more', 'name': 'Something', 'who': {other: 'A'}}]}
                    ],
                }
            ],
        }
    )


def exact(element: Element) -> str:
    """The text of an element, each character of it, without permalinks."""
    return ''.join(
        child if isinstance(child, str) else '' if 'headerlink' in child.classes else exact(child)
        for child in element.children
    )


def skeleton(element: Element, text: str) -> list[object]:
    """An element as nested lists: tag, attributes, contents; innocent words where it has the text."""
    attributes = {name: words(value, text) for name, value in element.attributes.items()}
    # Whether a table fits a phone depends on how long its words are.
    attributes.pop('data-head', None)
    if element.tag == 'table':
        attributes['class'] = attributes.get('class', '').replace(' raci-stacked', '')
    for name in ('id', 'href'):
        # Sections without an id get theirs from their titles; what it looks like is docutils' business.
        if re.fullmatch('#?[a-z0-9-]*', attributes.get(name, '.')):
            attributes[name] = 'from a title'
    contents = [
        words(child, text) if isinstance(child, str) else skeleton(child, text)
        for child in element.children
        if not isinstance(child, str) or child.strip(' \n')
    ]
    return [element.tag, attributes, *contents]


def words(value: str, text: str) -> str:
    """A value with the innocent words in place of a text, whatever the number of the page is."""
    return re.sub(r'\b([mpq])\d\d\b', r'\1', value.replace(text, INNOCENT))


@pytest.fixture(scope='module')
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with a matrix, a page and a party page for each text."""
    folder = tmp_path_factory.mktemp('hostile') / 'docs'
    folder.mkdir()
    project = Project(folder)
    documents = [(f'm{number}', f'm{number}.tex', 'Title', 'Author', 'howto') for number in NUMBERS.values()]
    project.conf(raci_party_pages='parties', latex_documents=documents, latex_domain_indices=False)
    project.write({'index.rst': 'Index\n=====\n\n.. toctree::\n   :glob:\n\n   m*\n   parties/*\n'})
    for name, text in ALL.items():
        number = NUMBERS[name]
        # A tag has no comma: it would be two tags in an option.
        assert ',' not in text
        project.write({f'm{number}.raci.json': source(number, text), f'm{number}.rst': DOCUMENT.format(number)})
    return project


@pytest.fixture(scope='module')
def html(hostile: Project) -> Result:
    """The project as HTML."""
    return hostile.build('html')


@pytest.fixture(scope='module')
def latex(hostile: Project) -> Result:
    """The project as LaTeX, a file for each page."""
    return hostile.build('latex')


def test_the_only_warnings_are_those_of_the_rows_that_cannot_be_read(html: Result, latex: Result) -> None:
    for result in (html, latex):
        assert len(result.warnings) == len(ALL)
        assert all("unknown party 'nobody'" in line for line in result.warnings)


def test_the_innocent_page_shows_the_text_of_every_field(html: Result) -> None:
    page = parse(html.text(f'm{NUMBERS["innocent"]}.html'))

    shown = [exact(element).strip() for element in page.all('p', 'h2', 'h3') if INNOCENT in exact(element)]
    assert shown[:10] == [
        f'{INNOCENT} (line 1)',
        INNOCENT,
        f'Revision {INNOCENT}',
        f'R {INNOCENT}: {INNOCENT}',
        f'A {INNOCENT}',
        INNOCENT,
        INNOCENT,
        INNOCENT,
        f'{INNOCENT}: {INNOCENT}',
        INNOCENT,
    ]
    sections, *_ = page.tables
    notes = f'{INNOCENT} {INNOCENT}: {INNOCENT} {INNOCENT} Tags: {INNOCENT}'
    assert sections == [
        ['Activity', INNOCENT, 'Elsewhere', INNOCENT, INNOCENT],
        [f'{INNOCENT} {notes}', '✓', '', 'RA', 'R'],
    ]
    assert page.all('table')[0].all('abbr')[0].attributes['title'] == INNOCENT
    assert [text for text, _ in page.links][-4:] == [INNOCENT] * 4


@pytest.mark.parametrize('name', HOSTILE)
def test_a_page_shows_every_text_as_it_is_written_and_has_no_element_more(html: Result, name: str) -> None:
    page = parse(html.text(f'm{NUMBERS[name]}.html'))
    innocent = parse(html.text(f'm{NUMBERS["innocent"]}.html'))

    assert skeleton(page, HOSTILE[name]) == skeleton(innocent, INNOCENT)


@pytest.mark.parametrize('name', HOSTILE)
def test_a_party_page_shows_every_text_as_it_is_written_and_has_no_element_more(html: Result, name: str) -> None:
    page = parse(html.text(f'parties/p{NUMBERS[name]}.html'))
    innocent = parse(html.text(f'parties/p{NUMBERS["innocent"]}.html'))

    assert skeleton(page, HOSTILE[name]) == skeleton(innocent, INNOCENT)


@pytest.mark.parametrize('name', ALL)
def test_the_title_of_a_party_page_is_the_name_exactly(html: Result, name: str) -> None:
    whole = parse_whole(html.text(f'parties/p{NUMBERS[name]}.html'))

    assert [exact(heading) for heading in parse(html.text(f'parties/p{NUMBERS[name]}.html')).all('h1')] == [ALL[name]]
    [title] = whole.all('title')
    assert exact(title).startswith(' '.join(ALL[name].split()))


def test_tables_of_contents_show_the_names_exactly(html: Result) -> None:
    page = parse(html.text('index.html'))

    entries = [exact(link) for link in page.all('a') if re.fullmatch(r'parties/p\d\d\.html', link.attributes['href'])]
    assert entries == list(ALL.values())


def test_no_page_has_a_script_or_an_element_that_the_theme_does_not_make(html: Result) -> None:
    pages = [f'm{number}.html' for number in NUMBERS.values()]
    tags = {'innocent': kinds(html.text(f'm{NUMBERS["innocent"]}.html'))}
    for page in pages:
        assert kinds(html.text(page)) - tags['innocent'] == set(), page


def kinds(html: str) -> set[tuple[str, ...]]:
    """What elements a page has: tags, with the names of their attributes, and where scripts come from."""
    return {
        (element.tag, element.attributes.get('src', ''), *sorted(element.attributes))
        for element in parse_whole(html).walk()
    }


def test_the_index_of_activities_shows_the_texts_and_is_well_formed(html: Result) -> None:
    page = parse(html.text('raci-activities.html'))

    names = [exact(code) for code in page.all('code')]
    assert sorted(names) == sorted([*ALL.values(), *ALL.values(), *['Something'] * len(ALL)])
    tags = {element.tag for element in page.walk()}
    assert tags <= {'div', 'h1', 'a', 'strong', 'table', 'tr', 'td', 'img', 'code', 'em'}
    heads = [row.attributes['id'] for row in page.all('tr', cls='cap')]
    assert len(heads) == len(set(heads)) > 10
    assert heads == [f'cap-{exact(row).strip()}' for row in page.all('tr', cls='cap')]
    assert all(re.fullmatch(r'cap-(\w|\*)', head) for head in heads)
    assert [link.attributes['href'] for link in page.all('a')][: len(heads)] == [f'#{head}' for head in heads]


# A word higher than a page becomes several rows.
@pytest.mark.parametrize('name', [name for name in HOSTILE if name != 'long word'])
def test_latex_escapes_every_text_and_gets_no_command_from_it(latex: Result, name: str) -> None:
    page = plain_latex(latex.text(f'm{NUMBERS[name]}.tex'), HOSTILE[name])
    innocent = plain_latex(latex.text(f'm{NUMBERS["innocent"]}.tex'), INNOCENT)

    assert innocent.count(INNOCENT) > 30
    assert page == innocent


TURNED = re.compile(r'\\(begin|end)\{raciturned\}(\{\d+pt\})?|\\raci(break|hyphen)\{\}|(?<=\{raci)turned(?=table\})')


def plain_latex(tex: str, text: str) -> str:
    """The body of a LaTeX document with the innocent words in place of a text, without what labels are called."""
    body = tex.partition(r'\begin{document}')[2]
    # A word too long for its column turns the heads of a table, or is divided, for whatever text.
    body = re.sub(r'raciroom\{\d+', 'raciroom{', TURNED.sub('', body))
    body = body.replace(texescape.escape(text, 'pdflatex'), INNOCENT)
    body = re.sub(r'(\\label\{|\\hyperref\[|\\hypertarget\{)\\detokenize\{(?!m\d\d:raci)[^}]*\}', r'\1', body)
    return re.sub(r'\n+', '\n', re.sub(r'\b([mpq])\d\d\b', r'\1', body))


@pytest.mark.parametrize('name', ALL)
def test_a_stub_holds_a_title_and_a_directive_and_no_other_text(hostile: Project, html: Result, name: str) -> None:
    stub = (hostile.folder / 'parties' / f'p{NUMBERS[name]}.rst').read_text('utf-8')

    comment, blank, title, underline, *rest = stub.split('\n')
    assert comment.startswith('.. Written by sphinxcontrib-raci (')
    assert (blank, rest) == ('', ['', f'.. raci:party:: p{NUMBERS[name]}', ''])
    assert re.sub(r'\\(.)', r'\1', title) == ALL[name]
    assert set(underline) == {'='}


@pytest.mark.parametrize('smartquotes', [True, False])
def test_stubs_in_markdown_show_the_names_exactly_too(project: Project, smartquotes: bool) -> None:
    parties = {f'p{NUMBERS[name]}': text for name, text in ALL.items()}
    project.conf(
        extensions=['sphinxcontrib_raci', 'myst_parser'],
        source_suffix={'.md': 'markdown'},
        myst_enable_extensions=['substitution', 'dollarmath'],
        raci_party_pages='parties',
        raci_parties=parties,
        smartquotes=smartquotes,
    )
    project.write({'index.md': '# Index\n\n```{toctree}\n:glob:\nparties/*\n```\n'})

    result = project.build()

    assert result.warnings == []
    assert {
        party: [exact(heading) for heading in parse(result.text(f'parties/{party}.html')).all('h1')]
        for party in parties
    } == {party: [text] for party, text in parties.items()}


def test_xml_is_well_formed_whatever_the_texts_are(hostile: Project) -> None:
    from xml.etree import ElementTree

    result = hostile.build('xml')

    for name, number in NUMBERS.items():
        root = ElementTree.fromstring(result.text(f'm{number}.xml'))
        assert len([text for text in root.itertext() if text == ALL[name]]) > 20


# -- any name at all ---------------------------------------------------------------------------------------------------

CHARACTERS = st.one_of(
    st.sampled_from('<>&"\'`*_|\\{}[]()$#%~^:;.,-+=!?/@ \u00a0\u200b\u200d\u0301\u202e•'),
    st.characters(exclude_categories=('Cs', 'Cc'), exclude_characters='\ufffe\uffff'),
)
LAYOUT = re.compile('[ \t\r\n\x85\u2028\u2029]+')
NAMES = st.text(CHARACTERS, min_size=1, max_size=30).map(lambda text: LAYOUT.sub(' ', text).strip()).filter(bool)


@pytest.fixture(scope='module')
def any_names(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that is built again for each example."""
    folder = tmp_path_factory.mktemp('any-names') / 'docs'
    folder.mkdir()
    return Project(folder).conf(raci_party_pages='parties')


@settings(
    max_examples=6,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(names=st.lists(NAMES, min_size=25, max_size=40, unique=True))
def test_any_name_is_shown_as_it_is_written(any_names: Project, names: list[str]) -> None:
    parties = {f'p{index}': name for index, name in enumerate(names[:5])}
    activities = [{'id': f'a{index}', 'name': name, 'who': {'p0': 'R'}} for index, name in enumerate(names)]
    any_names.write(
        {
            'm.raci.json': json.dumps({'raci': 1, 'title': names[0], 'parties': parties, 'activities': activities}),
            'index.rst': 'Index\n=====\n\n.. toctree::\n   :glob:\n\n   parties/*\n\n.. raci:: m\n',
        }
    )

    result = any_names.build()
    latex = any_names.build('latex')

    page = parse(result.text('index.html'))
    assert [exact(page.part(f'raci-m.a{index}')) for index in range(len(names))] == names
    [head] = page.all('thead')
    assert [exact(cell) for cell in head.all('th')] == ['Activity', *parties.values()]
    titles = [parse(result.text(f'parties/{party}.html')).all('h1') for party in parties]
    assert [[exact(title) for title in found] for found in titles] == [[name] for name in parties.values()]
    [tex] = [path.read_text('utf-8') for path in latex.out.glob('*.tex')]
    for index, name in enumerate(names):
        label = rf'\label{{\detokenize{{index:raci-m.a{index}}}}}'
        assert texescape.escape(name, 'pdflatex') in tex.partition(label)[2].split(r'\sphinxtableatstartofbodyrow')[0]


def show(argument: str) -> str:
    return f'Index\n=====\n\n.. raci:: {argument}\n'


# -- addresses of links ------------------------------------------------------------------------------------------------

REFUSED = (
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'java\tscript:alert(1)',
    '\u200bjavascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'file:///etc/passwd',
    'ftp://example.org/x',
    'tel:+441',
    'HTTPS://example.org',
    '//example.org/x',
    '/\\example.org/x',
    '\\\\example.org\\x',
    '/etc/passwd',
    '#here',
    '?x',
    'www.example.org',
    'someone@example.org',
    'java\nscript:alert(1)',
    'https://example.org/" onclick="alert(1)',
)


def test_addresses_that_run_scripts_or_lead_to_files_are_refused_and_the_row_is_shown_without(project: Project) -> None:
    lines = [
        f'  - {{id: a{index}, name: Row {index}, who: {{us: R}}, links: [{{text: Link, url: {json.dumps(url)}}}]}}\n'
        for index, url in enumerate(REFUSED)
    ]
    project.write(
        {
            'm.raci.yaml': 'raci: 1\ntitle: M\nparties: {us: Us}\nactivities:\n' + ''.join(lines),
            'index.rst': show('m'),
        }
    )

    result = project.build()

    page = parse(result.text('index.html'))
    assert page.links == []
    assert page.tables == [[['Activity', 'Us'], *([f'Row {index}', 'R'] for index in range(len(REFUSED)))]]
    assert len(result.warnings) == len(REFUSED)
    for line, warning in enumerate(result.warnings, 5):
        assert re.match(rf'.*/m\.raci\.yaml:{line}:\d+: WARNING: ', warning)
        assert warning.endswith('[raci.source]')
        assert 'https://' in warning


def replaced(data: bytes, old: bytes, new: bytes) -> bytes:
    """A source with one text in the place of another, be it an archive."""
    if not data.startswith(b'PK'):
        return data.replace(old, new)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(made, 'w') as after:
        for name in before.namelist():
            after.writestr(name, before.read(name).replace(old, new))
    return made.getvalue()


@pytest.mark.parametrize('suffix', SUFFIXES)
def test_an_address_that_runs_a_script_is_a_link_in_no_format(suffix: str) -> None:
    name, good = f'm.raci{suffix}', 'https://example.org/x'
    row = f'{{id: a, name: Row, who: {{us: R}}, links: [{{text: Link, url: "{good}"}}]}}'
    source = f'raci: 1\ntitle: M\nparties: {{us: Us}}\nactivities: [{row}]\n'
    matrix = read_bytes(source.encode(), 'm.raci.yaml').matrix
    assert matrix
    data = write(matrix, SUFFIXES[suffix], name)
    assert [link.url for link in links(read_bytes(data, name))] == [good]

    reading = read_bytes(replaced(data, good.encode(), b'javascript:x(1)'), name)

    assert links(reading) == []
    assert reading.matrix
    [activity] = reading.matrix.root.activities
    assert [found for found in [activity.note, *(one.text for one in reading.problems)] if 'javascript:x(1)' in found]


def links(reading: Reading) -> list[Link]:
    """The links of all activities."""
    assert reading.matrix
    return [link for activity in reading.matrix.root.activities for link in activity.links]


def test_other_addresses_are_linked_as_they_are_written(project: Project) -> None:
    urls = ['https://example.org/?a=1&b=%22#x', 'http://example.org', 'mailto:a@example.org']
    links = ', '.join(f'{{text: Link, url: "{url}"}}' for url in urls)
    project.write(
        {
            'm.raci.yaml': 'raci: 1\ntitle: M\nparties: {us: Us}\nactivities:\n'
            f'  - {{id: a, name: Row, who: {{us: R}}, links: [{links}]}}\n',
            'index.rst': show('m'),
        }
    )

    result = project.build()

    assert result.warnings == []
    # docutils writes the @ of a mail address as %40.
    found = [(text, url.replace('a%40e', 'a@e')) for text, url in parse(result.text('index.html')).links]
    assert found == [('Link', url) for url in urls]


RELATIVE = [
    *('terms/sla.html#part', '../other/', 'terms', './a.pdf?b=c:d'),
    *('javascript%3Aalert(1)', '&#106;avascript:alert(1)', 'a"onclick=x<b>'),
]


@pytest.fixture
def relative(project: Project) -> Project:
    """A project with links to its own site, on a page that is not at its root."""
    links = ', '.join(f'{{text: Link, url: {json.dumps(url)}}}' for url in RELATIVE)
    source = f'raci: 1\ntitle: M\nparties: {{us: Us}}\nactivities: [{{name: Row, who: {{us: R}}, links: [{links}]}}]\n'
    return project.write(
        {'m.raci.yaml': source, 'index.rst': ':orphan:\n\nX\n=\n', 'guide/page.rst': show('/m.raci.yaml')}
    )


@pytest.mark.parametrize(('builder', 'name'), [('html', 'guide/page.html'), ('dirhtml', 'guide/page/index.html')])
def test_addresses_without_a_scheme_count_from_the_root_of_the_site(relative: Project, builder: str, name: str) -> None:
    result = relative.replace('guide/page.rst', 'Index\n', ':orphan:\n\nIndex\n').build(builder)

    assert result.warnings == []
    root = '../' * name.count('/')
    assert parse(result.text(name)).links == [('Link', f'{root}{url}') for url in RELATIVE]


@pytest.mark.parametrize('base', ['', 'https://example.org/docs'])
def test_they_lead_out_of_other_outputs_only_where_the_site_is_known(relative: Project, base: str) -> None:
    relative.conf(html_baseurl=base, root_doc='guide/page')

    tex = relative.build('latex').text('projectnamenotset.tex')
    text = relative.build('text').text('guide/page.txt')

    assert ('https://example.org/docs/terms/sla.html\\#part' in tex) == bool(base)
    assert ('sla.html' in tex) == bool(base)
    assert ('https://example.org/other/>' in text) == bool(base)
    assert 'terms/sla.html#part>' in text


# -- paths -------------------------------------------------------------------------------------------------------------

OUTSIDE = 'raci: 1\ntitle: Outside\nparties: {us: Us}\nactivities: [{id: a, name: Look in, who: {us: R}}]\n'


def test_a_file_outside_the_source_folder_is_shown_where_it_is_a_source(project: Project) -> None:
    project.conf(raci_sources=['../*.raci.yaml'])
    arguments = {
        'index': ['../outside.raci.yaml', '/../outside.raci.yaml', './other/../../outside.raci.yaml', 'outside'],
        'guide/page': ['../../outside.raci.yaml', '/../outside.raci.yaml', 'outside'],
    }
    project.write({'../outside.raci.yaml': OUTSIDE})
    for name, entries in arguments.items():
        shown = ''.join(f'.. raci:: {argument}\n   :no-index:\n\n' for argument in entries)
        # One of them owns the anchors.
        shown = shown if name != 'index' else shown.replace('   :no-index:\n', '', 1)
        project.write({f'{name}.rst': f':orphan:\n\nTitle\n=====\n\n{shown}'})

    result = project.build()

    assert result.warnings == []
    for name, entries in arguments.items():
        tables = parse(result.text(f'{name}.html')).tables
        assert tables == [[['Activity', 'Us'], ['Look in', 'R']]] * len(entries)


NO_SOURCES = (
    '../outside.raci.yaml',
    '/../outside.raci.yaml',
    '/../../../../../../../../../../etc/passwd',
    '../../../../../../../../../../etc/passwd',
    '/etc/passwd',
    '//etc/passwd',
    'file:///etc/passwd',
    'https://example.org/x.raci.yaml',
    '~/outside.raci.yaml',
    'C:\\outside.raci.yaml',
    '..',
    '/',
    './',
    '.raci.yaml',
    '*.raci.yaml',
    '../*',
    'a/b.raci.yaml' + 'x' * 5000,
    '<script>alert(1)</script>',
    '{{ 7*7 }}/%s',
)


@pytest.fixture(scope='module')
def no_sources(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A page that asks for what is no source, in every third line."""
    folder = tmp_path_factory.mktemp('no-sources') / 'docs'
    folder.mkdir()
    shown = ''.join(f'.. raci:: {argument}\n\n\n' for argument in NO_SOURCES)
    return Project(folder).write({'../outside.raci.yaml': OUTSIDE, 'index.rst': f'Title\n=====\n\n{shown}'}).build()


@pytest.mark.parametrize('argument', NO_SOURCES, ids=lambda argument: argument[:40])
def test_a_file_that_is_no_source_is_not_read_and_a_message_says_where(no_sources: Result, argument: str) -> None:
    index = NO_SOURCES.index(argument)
    notice = parse(no_sources.text('index.html')).all('div', cls='warning')[index].all('p')[1]

    assert re.search(rf'/index\.rst:{4 + 3 * index}: WARNING: .*\[raci\.directive\]$', no_sources.warnings[index])
    assert exact(notice) == f'The matrix ‘{argument}’ cannot be shown here.'


def test_nothing_of_files_that_are_no_sources_is_on_the_page(no_sources: Result) -> None:
    assert len(no_sources.warnings) == len(NO_SOURCES)
    assert parse(no_sources.text('index.html')).tables == []
    assert 'Look in' not in no_sources.text('index.html')
    assert 'root:' not in no_sources.text('index.html')


def test_a_source_that_is_an_absolute_path_in_raci_sources_is_not_found(project: Project) -> None:
    outside = project.folder.parent / 'outside.raci.yaml'
    project.conf(raci_sources=[str(outside)])
    project.write({'../outside.raci.yaml': OUTSIDE, 'index.rst': show('outside')})

    result = project.build()

    pattern, warning = result.warnings
    assert f'raci_sources must have patterns that count from the source folder, not {str(outside)!r}' in pattern
    assert "index.rst:4: WARNING: unknown matrix 'outside'" in warning


def test_sources_above_the_source_folder_are_excluded_as_sphinx_excludes_documents(project: Project) -> None:
    project.conf(raci_sources=['../shared/**.raci.yaml'], exclude_patterns=['**/drafts'])
    project.write(
        {
            '../shared/outside.raci.yaml': OUTSIDE,
            '../shared/drafts/draft.raci.yaml': OUTSIDE.replace('Outside', 'Draft'),
            'index.rst': show('outside') + '\n.. raci:: draft\n',
        }
    )

    result = project.build()

    [warning] = result.warnings
    assert "index.rst:6: WARNING: unknown matrix 'draft'" in warning


def test_a_page_is_read_again_when_its_source_outside_the_source_folder_changes(project: Project) -> None:
    project.conf(raci_sources=['../*.raci.yaml'])
    project.write({'../outside.raci.yaml': OUTSIDE, 'index.rst': show('outside')})
    project.build()
    project.replace('../outside.raci.yaml', 'Look in', 'Look out')

    result = project.build()

    assert result.read == ['index']
    assert parse(result.text('index.html')).tables == [[['Activity', 'Us'], ['Look out', 'R']]]


@pytest.mark.parametrize('folder', ['../outside', '/elsewhere/x', 'a/../../b', '..'])
def test_party_pages_are_not_written_outside_the_source_folder(project: Project, folder: str) -> None:
    project.conf(raci_party_pages=folder)
    project.write({'m.raci.yaml': OUTSIDE, 'index.rst': show('m')})

    result = project.build()

    [warning] = result.warnings
    assert 'raci_party_pages must be a folder within the source folder' in warning
    assert warning.endswith('[raci.config]')
    assert [path.name for path in project.folder.parent.rglob('us.rst')] == []


def test_the_id_of_a_party_cannot_lead_out_of_the_folder_of_party_pages(project: Project) -> None:
    project.conf(raci_party_pages='parties', raci_parties={'../evil': 'Evil', 'a/b': 'Evil', 'ok': 'Fine'})
    source = OUTSIDE.replace('{us: Us}', '{us: Us, ../../evil: Evil, /elsewhere/evil: Evil}')
    toctree = '.. toctree::\n   :glob:\n\n   parties/*\n'
    project.write({'m.raci.yaml': source, 'index.rst': f'{show("m")}\n{toctree}'})

    result = project.build()

    written = sorted(path.relative_to(project.folder).as_posix() for path in project.folder.rglob('*.rst'))
    assert 'parties/us.rst' in written
    assert 'parties/ok.rst' in written
    assert all(re.fullmatch(r'index\.rst|parties/[a-z0-9-]+\.rst', name) for name in written)
    assert [path.name for path in project.folder.parent.glob('*evil*')] == []
    assert len([line for line in result.warnings if '[raci.config]' in line]) == 2
    assert len([line for line in result.warnings if 'm.raci.yaml:3:' in line and '[raci.source]' in line]) == 2


VALUES = [None, 7, True, 2.5, 'text', [], ['text'], [[]], {}, {'text': 'text'}, {7: [7]}]


@pytest.mark.parametrize('kept', ['', 'raci_party_pages'])
@pytest.mark.parametrize('value', [*map(repr, VALUES), 'object()', '{"a": object()}', 'len', '[len]'])
def test_values_of_a_wrong_type_are_reported_and_the_defaults_are_taken(
    hosting: Project, value: str, kept: str
) -> None:
    options = [option for option in OPTIONS if option.name != kept]
    conf = hosting.folder / 'conf.py'
    conf.write_text(conf.read_text() + ''.join(f'{option.name} = {value}\n' for option in options))

    result = hosting.build()

    assert result.app
    kind = type(eval(value))
    told = ' '.join(line for line in result.warnings if line.startswith('WARNING: '))
    wrong = [option for option in options if kind not in option.types]
    assert [option.name for option in wrong if option.name not in told] == []
    simple = {option.name: result.app.config[option.name] for option in wrong if option.types[0] in {int, bool}}
    assert simple == {option.name: option.default for option in OPTIONS if option.name in simple}
    assert (result.out / 'hosting.html').exists()


@pytest.mark.parametrize(('name', 'kind'), [('raci_filter', 'a whole number'), ('raci_legend', 'True or False')])
def test_a_message_about_a_wrong_type_says_what_to_write(project: Project, name: str, kind: str) -> None:
    [warning] = project.write({'index.rst': 'I\n=\n'}).conf(**{name: '5'}).build().warnings

    assert warning == f"WARNING: {name} must be {kind}, not '5' [raci.config]"

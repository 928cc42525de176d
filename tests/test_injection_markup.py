"""With ``markup: rst``, a text of a source is markup, but no way to run, read or write anything, in any format.

Each source here is in another format, and has all the payloads in all fields that can have markup.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from conftest import HOSTING, Project, Result, new
from pages import parse, parse_whole
from test_injection import SOURCES

from sphinxcontrib_raci.domain import domain_of
from sphinxcontrib_raci.model import Matrix
from sphinxcontrib_raci.sources import read_bytes
from sphinxcontrib_raci.writers import SUFFIXES, write
from sphinxcontrib_raci.writers.lost import lost

# Each with a part of the message, and with the text that is shown.
REFUSED = {
    '`anonymous <javascript:x()>`__': ('link', 'anonymous'),
    '`named <JaVaScript:x()>`_': ('link', 'named'),
    r'`escaped <java\script\:x()>`__': ('link', 'escaped'),
    '`spaced <java script:x()>`__': ('link', 'spaced'),
    'standalone javascript:x there': ('link', 'standalone javascript:x there'),
    'file:///etc/x there': ('link', 'file:///etc/x there'),
    '`file <file:///etc/x>`__': ('link', 'file'),
    '`data <data:text/html,x>`__': ('link', 'data'),
    '`script <vbscript:x>`__': ('link', 'script'),
    ':download:`up </../../../../../../../../../../etc/hostname>`': ('source folder', 'up'),
    ':download:`../../../../../../../../../../../etc/hostname`': (
        'source folder',
        '../../../../../../../../../../../etc/hostname',
    ),
    ':download:`//etc/hostname`': ('source folder', '//etc/hostname'),
    ':download:`run <javascript://x%0ax()>`': ('link', 'run'),
    ':download:`read <file:///etc/hostname>`': ('link', 'read'),
    r':math:`\input{/etc/hostname} \alpha`': ('formula', r'\input{/etc/hostname} \alpha'),
    ':html:`<script>x()</script>`': ('raw', '<script>x()</script>'),
    ':html:`<img src=x onerror=x()>`': ('raw', '<img src=x onerror=x()>'),
    r':tex:`\input{/etc/hostname}`': ('raw', r'\input{/etc/hostname}'),
    r':styled:`\input{/etc/hostname}`': ('raw', r'\input{/etc/hostname}'),
    ':numref:`{number.x} <fig>`': ("without '{'", '{number.x}'),
    ':any:`' + 'a<' * 50 + '`': ('without the role', 'a<' * 50),
    ':cpp:expr:`' + '(' * 500 + '`': ('without the role', '(' * 500),
    ':failing:`it`': ('its role failed (ZeroDivisionError: why)', 'it'),
}
ALLOWED = (
    '`the terms <https://example.org/a(b)?c=d#e>`__ and http://example.org and `us <mailto:a@example.org>`__',
    '`here <guide/terms.html#x:y>`__ `there </x>`__ `above <../x>`__ `below <#x>`__',
    'you@example.org *soft* **strong** ``literal`` :file:`/etc/{x}` :kbd:`Ctrl` :envvar:`HOME` :abbr:`CA (authority)`',
    ':index:`word` :samp:`a {b}` :code:`x` :guilabel:`&Go` |known| :doc:`/index` :pep:`8`',
    ':download:`conf.py` :classy:`8`',
    # The name of what was refused elsewhere.
    'back to named_',
)
TEXTS = (*REFUSED, *ALLOWED)
PROLOG = """\
.. role:: html(raw)
   :format: html

.. role:: tex(raw)
   :format: latex

.. role:: styled(raw)
   :format: latex
   :class: x

.. role:: classy(pep-reference)
   :class: x

.. |known| replace:: something
"""
CODE = """
def fail(*_arguments):
    raise ZeroDivisionError('why')

def setup(app):
    app.add_role('failing', fail)
"""


def source(name: str) -> dict[str, Any]:
    """A source with all texts in all fields that can have markup."""
    sections = [
        {
            'title': f'Part {number}',
            'intro': text,
            'activities': [
                {
                    'id': f'row-{number}',
                    'name': text,
                    'note': text,
                    'who': {'us': {'letters': 'RA', 'note': text}},
                }
            ],
        }
        for number, text in enumerate(TEXTS)
    ]
    intro = '\n\n'.join(TEXTS)
    head = {'raci': '1', 'id': name, 'title': 'A matrix', 'markup': 'rst', 'intro': intro}
    return head | {'parties': {'us': 'Us'}, 'sections': sections}


def matrix(name: str) -> Matrix:
    """The matrix of such a source."""
    reading = read_bytes(json.dumps(source(name)).encode(), f'{name}.raci.json')
    assert reading.problems == ()
    assert reading.matrix
    return reading.matrix


NAMES = {suffix: f'm-{suffix[1:]}' for suffix in SOURCES}


def written(suffix: str) -> bytes:
    """The source in the format of this suffix."""
    return write(matrix(NAMES[suffix]), SUFFIXES[suffix], f'{NAMES[suffix]}.raci{suffix}')


@pytest.mark.parametrize('suffix', SOURCES)
def test_every_format_holds_markup_as_it_is(suffix: str) -> None:
    back = read_bytes(written(suffix), f'{NAMES[suffix]}.raci{suffix}')

    assert back.problems == ()
    assert lost(matrix(NAMES[suffix]), back.matrix) == []


FIGURE = """\
.. _fig:

.. table:: Numbered

   ===  ===
   a    b
   ===  ===
"""
PAGE = """\
The page
========

.. raci:: {0}

.. raci:party:: us
   :matrices: {0}
   :no-index:
"""


@pytest.fixture(scope='module')
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A page for each format."""
    names = NAMES.values()
    files = {'index.rst': f'Index\n=====\n\n.. toctree::\n   :glob:\n\n   *\n\n{FIGURE}'}
    files |= {f'{name}.rst': PAGE.format(name) for name in names}
    project = new(
        tmp_path_factory.mktemp('marked'),
        files,
        rst_prolog=PROLOG,
        numfig=True,
        latex_documents=[(name, f'{name}.tex', 'Title', 'Author', 'howto') for name in names],
        man_pages=[(name, name, 'Title', 'Author', 1) for name in names],
        texinfo_documents=[(name, name, 'T', 'A', name, 'D', 'C') for name in names],
    )
    conf = project.folder / 'conf.py'
    conf.write_text(conf.read_text() + CODE)
    return project.write({f'{name}.raci{suffix}': written(suffix) for suffix, name in NAMES.items()})


SAFE = re.compile(r'(?:https?|mailto):|[^:]*(?:[/#?]|$)')


@pytest.mark.parametrize('builder', ['html', 'singlehtml'])
def test_pages_have_no_element_and_no_address_that_does_anything(project: Project, builder: str) -> None:
    result = project.build(builder)

    for page in result.out.glob('index.html' if builder == 'singlehtml' else 'm-*.html'):
        whole = parse_whole(result.text(page.name))
        addresses = [element.attributes.get(name, '') for element in whole.walk() for name in ('href', 'src')]
        assert 'https://example.org/a(b)?c=d#e' in addresses
        assert [one for one in addresses if not SAFE.match(one)] == []
        assert [name for element in whole.walk() for name in element.attributes if name.startswith('on')] == []
        assert '<script>x' not in result.text(page.name)
        assert result.text(page.name).count('&lt;script&gt;x()') >= 6
    hidden = {path.name for path in (result.out / '_downloads').rglob('*') if path.is_file()}
    assert hidden == {'conf.py'}


def test_latex_gets_no_command_and_no_address_from_them(project: Project) -> None:
    result = project.build('latex')

    for name in NAMES.values():
        body = result.text(f'{name}.tex').partition(r'\begin{document}')[2]
        assert re.findall(r'\\(?:input|write18|alpha)\b|\\\(', body) == []
        addresses = re.findall(r'\\(?:sphinx)?href\{([^}]*)', body)
        assert r'https://example.org/a(b)?c=d\#e' in addresses
        assert [one for one in addresses if not SAFE.match(one)] == []


@pytest.mark.parametrize('builder', ['xml', 'pseudoxml'])
def test_documents_as_xml_have_nothing_raw(project: Project, builder: str) -> None:
    result = project.build(builder)

    for name in NAMES.values():
        text = result.text(f'{name}.{builder}')
        assert re.findall(r'<(?:math|image)|<raw[^>]*>(?!\s*\\raci)', text) == []
        assert re.findall('(?:refuri|reftarget)="[a-z]*script:', text, re.IGNORECASE) == []
        if builder == 'xml':
            ElementTree.fromstring(text)


def test_a_book_is_well_formed_and_leads_nowhere_else(project: Project) -> None:
    result = project.build('epub')

    for path in result.out.rglob('m-*.xhtml'):
        root = ElementTree.fromstring(path.read_text('utf-8').replace('&nbsp;', ' ').replace('&copy;', ' '))
        addresses = [element.get(name, '') for element in root.iter() for name in ('href', 'src')]
        assert [one for one in addresses if not SAFE.match(one)] == []


@pytest.mark.parametrize(
    ('builder', 'suffix'), [('man', '1'), ('texinfo', 'texi'), ('text', 'txt'), ('gettext', 'pot')]
)
def test_others_get_texts_alone(project: Project, builder: str, suffix: str) -> None:
    result = project.build(builder)

    for name in NAMES.values():
        text = result.text(f'{name}.{suffix}')
        assert re.findall(r'@math|@u\w+\{(?i:\w*script|file|data):|<(?:java|vb)script|^\.so', text, re.MULTILINE) == []
        assert builder == 'gettext' or 'anonymous' in text


# -- messages ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope='module')
def told(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Each text on a line of its own."""
    rows = ''.join(f'  - {{id: a{at}, who: {{us: R}}, name: {json.dumps(text)}}}\n' for at, text in enumerate(TEXTS))
    files = {
        'm.raci.yaml': f'raci: 1\ntitle: M\nmarkup: rst\nparties: {{us: Us}}\nactivities:\n{rows}',
        'index.rst': f'The page\n========\n\n{FIGURE}\n.. raci:: m\n',
    }
    project = new(tmp_path_factory.mktemp('told'), files, rst_prolog=PROLOG, numfig=True)
    conf = project.folder / 'conf.py'
    conf.write_text(conf.read_text() + CODE)
    return project.build()


@pytest.mark.parametrize('text', REFUSED)
def test_each_is_shown_as_text_and_is_one_warning_at_its_line(told: Result, text: str) -> None:
    at = TEXTS.index(text)
    found = [line for line in told.warnings if f'm.raci.yaml:{at + 6}:' in line]

    message, shown = REFUSED[text]
    assert len(found) == 1
    assert message in found[0]
    assert found[0].endswith('[raci.source]')
    assert shown == parse(told.text('index.html')).tables[-1][at + 1][0]


def test_what_does_no_harm_is_left_and_gets_no_warning(told: Result) -> None:
    places = [f'm.raci.yaml:{TEXTS.index(text) + 6}:' for text in ALLOWED]

    assert [line for line in told.warnings if any(place in line for place in places)] == []
    page = parse(told.text('index.html'))
    links = {element.attributes.get('href', '').replace('%40', '@') for element in page.all('a')}
    assert {'https://example.org/a(b)?c=d#e', 'http://example.org', 'mailto:a@example.org'} <= links
    assert {'guide/terms.html#x:y', '/x', '../x', '#x', 'mailto:you@example.org'} <= links


def test_a_link_within_the_source_folder_may_not_leave_it_by_a_symbolic_link(project_of_one: Project) -> None:
    outside = project_of_one.folder.parent / 'outside'
    outside.mkdir()
    (outside / 'secret.txt').write_text('secret')
    (project_of_one.folder / 'way').symlink_to(outside)
    project_of_one.replace('hosting.raci.yaml', 'Place the order', ':download:`/way/secret.txt`')

    result = project_of_one.build()

    assert ['source folder' in line for line in result.warnings] == [True]
    assert list(result.out.rglob('secret.txt')) == []


def test_the_title_of_an_activity_has_no_message_about_its_markup(project_of_one: Project) -> None:
    project_of_one.replace('hosting.raci.yaml', 'Place the order', 'Place :nosuch:`it`')

    result = project_of_one.build()

    assert result.app
    assert any('nosuch' in line for line in result.warnings)
    assert domain_of(result.app.env).found['activity', 'hosting.order'].title == 'Place :nosuch:`it`'


# -- formulas and code of the project's own ----------------------------------------------------------------------------


@pytest.fixture
def project_of_one(tmp_path: Path) -> Project:
    """A matrix with markup."""
    files = {
        'hosting.raci.yaml': HOSTING.replace('raci: 1', 'raci: 1\nmarkup: rst').replace(
            'Place the order', '"Place the order"'
        ),
        'index.rst': 'Index\n=====\n\n.. raci:: hosting\n',
    }
    prolog = (
        '.. |share| replace:: :math:`\\frac{\\alpha}{2}\\mathrm{Verylongname}`\n\n'
        '.. role:: py(code)\n   :language: python\n'
    )
    return new(tmp_path, files, rst_prolog=prolog)


def test_formulas_that_documents_define_and_code_are_not_divided(project_of_one: Project) -> None:
    project_of_one.replace(
        'hosting.raci.yaml', 'Place the order', 'Keep |share| of :py:`averylongname_of_a_function()`'
    )

    result = project_of_one.build('latex')

    assert result.warnings == []
    text = result.text('projectnamenotset.tex')
    assert r'\(\frac{\alpha}{2}\mathrm{Verylongname}\)' in text
    assert 'averylongname' in re.sub(r'\\PYG\{\w+\}', '', text)
    assert 'racibreak' not in text

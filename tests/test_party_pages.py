"""Party pages and the overview: the stubs, what the pages say, and that every count leads to what it counts."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Project, Result, killed, new
from pages import Element, broken_links, page, resolve

KEYS = """\
raci: 1
title: Keys
parties:
  customer:
  provider: {name: Provider, description: Runs the machines}
sections:
  - title: Before
    activities:
      - id: order
        name: Order a key
        who: {customer: RA, provider: I}
  - title: After
    activities:
      - id: rotate
        name: Rotate a key
        who:
          customer: {letters: C, note: says when}
          provider: {letters: RA, note: does it at night}
        note: Once a year.
      - id: watch
        name: Watch keys
        who: {provider: RA}
"""

BACKUP = """\
raci: 1
title: Backup
parties: [provider, customer, auditor]
activities:
  - id: choose
    name: Choose what to keep
    who: {customer: RA, provider: C}
  - id: check
    name: Check *all* of it, see :raci:activity:`keys.watch`
    who: {provider: R, auditor: {letters: A, note: "**unasked**"}}
markup: rst
"""

ARCHIVE = """\
raci: 1
title: Archive
parties: [customer, auditor]
activities:
  - id: keep
    name: Keep the files
    who: {customer: R, auditor: AC}
"""

DECISIONS = """\
raci: 1
title: Decisions
scheme: daci
parties: [customer, provider]
activities:
  - id: move
    name: Decide to move
    who: {customer: A, provider: D}
"""

FILES = {
    'keys.raci.yaml': KEYS,
    'backup.raci.yaml': BACKUP,
    'archive.raci.yaml': ARCHIVE,
    'decisions.raci.yaml': DECISIONS,
    'index.rst': """\
Index
=====

.. toctree::

   shown
   overview
   letter
   one-letter
   one-matrix
   small
   nothing
   both
""",
    'shown.rst': """\
Shown
=====

.. raci:: keys

.. raci:: backup

.. raci:: decisions
""",
    'overview.rst': 'Overview\n========\n\n.. raci:parties::\n   :toctree:\n',
    'letter.rst': 'By letter\n=========\n\n.. raci:party:: customer\n   :by: letter\n   :no-index:\n',
    'one-letter.rst': 'Only C\n======\n\n.. raci:party:: customer\n   :letters: C, I\n   :no-index:\n',
    'one-matrix.rst': 'Only keys\n=========\n\n.. raci:party:: customer\n   :matrices: keys\n   :no-index:\n',
    'small.rst': 'Small\n=====\n\n.. raci:parties::\n   :parties: provider, customer\n   :matrices: keys\n',
    'nothing.rst': 'Nothing\n=======\n\n.. raci:party:: auditor\n   :matrices: keys\n   :no-index:\n',
    'both.rst': """\
Both
====

.. raci:party:: provider
   :by: letter
   :letters: R
   :matrices: keys, backup
   :no-index:
""",
}

PARTIES = {
    'customer': {'name': 'Customer', 'description': 'Orders and pays'},
    'provider': 'Provider',
    'auditor': 'Auditor',
    'onlooker': 'Onlooker',
}

STUB = """\
Customer
========

.. raci:party:: customer
"""


@pytest.fixture(scope='module')
def site(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A project with party pages, an overview, and pages that show parties in other ways."""
    folder = tmp_path_factory.mktemp('parties')
    return new(folder, FILES, raci_party_pages='parties', raci_parties=PARTIES, nitpicky=True).build()


@pytest.fixture
def small(project: Project) -> Project:
    """A project with one matrix and party pages."""
    project.conf(raci_party_pages='parties', raci_parties=PARTIES)
    index = 'Index\n=====\n\n.. raci:: keys\n\n.. raci:parties::\n   :toctree:\n'
    return project.write({'keys.raci.yaml': KEYS, 'index.rst': index})


def body_of(stub: Path) -> str:
    """A stub without its first line, which says who has written it."""
    first, _, rest = stub.read_text('utf-8').partition('\n\n')
    assert re.fullmatch(r'(\.\.|%) Written by sphinxcontrib-raci \([0-9a-f]{16}\)\. .*', first)
    return rest


def texts(element: Element) -> list[str]:
    """The paragraphs of a page that stand outside of tables."""
    inside = {id(paragraph) for table in element.all('table') for paragraph in table.all('p')}
    return [paragraph.text for paragraph in element.all('p') if id(paragraph) not in inside]


def places(docname: str, element: Element) -> list[tuple[str, str]]:
    """The links in an element, each as its text and the document and anchor that it leads to."""
    return [(text, '#'.join(resolve(docname, href))) for text, href in element.links]


# -- stubs -------------------------------------------------------------------------------------------------------------


def test_a_stub_holds_a_title_and_a_directive_and_no_data(small: Project) -> None:
    small.build()

    stubs = sorted(path.name for path in (small.folder / 'parties').iterdir())
    assert stubs == ['auditor.rst', 'customer.rst', 'onlooker.rst', 'provider.rst']
    assert body_of(small.folder / 'parties/customer.rst') == STUB


def test_a_stub_is_not_touched_when_a_source_changes(small: Project) -> None:
    small.build()
    stub = small.folder / 'parties/customer.rst'
    before = (stub.read_bytes(), stub.stat().st_mtime_ns, stub.stat().st_ino)

    small.replace('keys.raci.yaml', 'Order a key', 'Buy a key').replace('keys.raci.yaml', 'says when', 'asks')
    result = small.build()

    assert (stub.read_bytes(), stub.stat().st_mtime_ns, stub.stat().st_ino) == before
    assert page(result.out, 'parties/customer').tables[0][1:] == [
        ['Buy a key', 'RA', 'Provider I'],
        ['Rotate a key asks', 'C', 'Provider RA'],
    ]


def test_a_stub_is_the_same_in_every_language(small: Project) -> None:
    small.build()
    before = {path: path.read_bytes() for path in (small.folder / 'parties').iterdir()}

    for language in ('de', 'ja'):
        small.build(out=language, confoverrides={'language': language})

        assert {path: path.read_bytes() for path in (small.folder / 'parties').iterdir()} == before


def test_a_stub_is_written_again_when_the_name_of_its_party_changes(small: Project) -> None:
    small.build()

    small.conf(raci_party_pages='parties', raci_parties={**PARTIES, 'customer': 'The buyer'})
    small.build()

    assert body_of(small.folder / 'parties/customer.rst') == STUB.replace('Customer\n========', 'The buyer\n=========')


def test_a_file_of_ones_own_is_left_alone(small: Project) -> None:
    own = 'Us\n==\n\nCall us.\n\n.. raci:party:: customer\n'
    small.write({'parties/customer.rst': own})

    result = small.build()

    assert result.warnings == []
    assert (small.folder / 'parties/customer.rst').read_text() == own
    assert page(result.out, 'parties/customer').headings[0] == ('h1', 'Us')


def test_a_page_of_ones_own_in_the_other_markup_is_the_page_of_the_party(small: Project) -> None:
    small.conf(
        extensions=['sphinxcontrib_raci', 'myst_parser'], raci_party_pages='parties', raci_parties=PARTIES
    ).write({'parties/customer.md': '# Us\n\n```{raci:party} customer\n```\n'})

    result = small.build()

    assert result.warnings == []
    assert not (small.folder / 'parties/customer.rst').exists()
    assert page(result.out, 'parties/customer').headings[0] == ('h1', 'Us')
    assert (small.folder / 'parties/provider.rst').exists()


def test_an_edited_stub_is_left_alone_with_a_warning_that_says_where_and_why(small: Project) -> None:
    small.build()
    stub = small.folder / 'parties/customer.rst'
    edited = stub.read_text() + '\nCall us.\n'
    stub.write_text(edited)
    small.conf(raci_party_pages='parties', raci_parties={**PARTIES, 'customer': 'The buyer'})

    result = small.build()

    assert stub.read_text() == edited
    [warning] = result.warnings
    assert warning.startswith(f'{stub}:1: WARNING: this party page has been edited')
    assert warning.endswith('[raci.page]')
    assert 'Call us.' in texts(page(result.out, 'parties/customer'))


def test_an_edited_stub_without_its_first_line_is_a_page_of_ones_own(small: Project) -> None:
    small.build()
    stub = small.folder / 'parties/customer.rst'
    stub.write_text(body_of(stub) + '\nCall us.\n')

    assert small.build().warnings == []
    assert stub.read_text() == STUB + '\nCall us.\n'


def test_the_stub_of_a_party_that_is_no_more_is_removed_and_nothing_else(small: Project) -> None:
    others = {
        'parties/notes.rst': ':orphan:\n\nNotes\n=====\n',
        'parties/photo.png': 'PNG',
        'parties/deep/customer.rst': ':orphan:\n\nDeep\n====\n',
    }
    small.write(others)
    small.build()
    kept = small.folder / 'parties/auditor.rst'
    kept.write_text(kept.read_text() + '\nMore.\n')
    small.conf(raci_party_pages='parties', raci_parties={'customer': 'Customer'})

    small.build()

    left = sorted(path.relative_to(small.folder).as_posix() for path in (small.folder / 'parties').rglob('*.*'))
    assert left == sorted([*others, 'parties/auditor.rst', 'parties/customer.rst', 'parties/provider.rst'])


def test_stubs_go_when_the_folder_of_party_pages_is_another_or_none(small: Project) -> None:
    small.build()
    small.write({'parties/notes.rst': ':orphan:\n\nNotes\n=====\n'})

    small.conf(raci_party_pages='who', raci_parties=PARTIES)
    assert small.build().warnings == []

    assert [path.name for path in (small.folder / 'parties').iterdir()] == ['notes.rst']
    assert len(list((small.folder / 'who').iterdir())) == 4
    small.conf(raci_parties=PARTIES).replace('index.rst', '   :toctree:\n', '')
    assert small.build().warnings == []
    assert not (small.folder / 'who').exists()


def test_stubs_without_our_directive_go_with_their_folder_even_if_the_build_is_killed(
    small: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = {'_templates/raci/party.rst': '{{ title | heading }}\n\nAsk {{ name }}.\n'}
    options = {'templates_path': ['_templates'], 'raci_parties': PARTIES}
    small.write(template).conf(raci_party_pages='parties', **options).build()
    small.write({'parties/notes.rst': ':orphan:\n\nNotes\n=====\n'})
    small.conf(raci_party_pages='who', **options)
    with monkeypatch.context() as patch:
        patch.setattr('sphinxcontrib_raci.interrupted.on_env_before_read_docs', killed)
        with pytest.raises(KeyboardInterrupt):
            small.build()
    assert len(list((small.folder / 'who').iterdir())) == 4
    small.conf(raci_party_pages='deep/who', **options).build()

    assert [path.name for path in (small.folder / 'parties').iterdir()] == ['notes.rst']
    assert not (small.folder / 'who').exists()
    assert len(list((small.folder / 'deep/who').iterdir())) == 4


def test_no_stubs_are_written_without_the_option(small: Project) -> None:
    small.conf(raci_parties=PARTIES)

    result = small.build()

    assert not (small.folder / 'parties').exists()
    [warning] = result.warnings
    assert warning.startswith(f'{small.folder}/index.rst:6: WARNING: there is no party page for :toctree:')


def test_a_stub_that_cannot_be_written_is_left_as_it_was(small: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    small.build()
    before = (small.folder / 'parties/customer.rst').read_bytes()
    small.conf(raci_party_pages='parties', raci_parties={**PARTIES, 'customer': 'The buyer'})

    def fail(source: str, target: Path) -> None:
        if Path(target).suffix == '.rst':
            raise OSError('the disk is full')
        replace(source, target)

    replace = os.replace
    monkeypatch.setattr(os, 'replace', fail)
    result = small.build()

    assert [line for line in result.warnings if 'the disk is full' in line and '[raci.page]' in line]
    assert (small.folder / 'parties/customer.rst').read_bytes() == before
    assert len(list((small.folder / 'parties').iterdir())) == 4, 'no half-written file is left'


def test_a_template_of_ones_own_is_used(small: Project) -> None:
    template = '{{ title | heading }}\n\nAll about {{ title }}.\n\n.. raci:party:: {{ id }}\n   :by: letter\n'
    small.write({'_templates/raci/party.rst': template})
    small.conf(templates_path=['_templates'], raci_party_pages='parties', raci_parties=PARTIES)

    result = small.build()

    assert body_of(small.folder / 'parties/customer.rst') == (
        'Customer\n========\n\nAll about Customer.\n\n.. raci:party:: customer\n   :by: letter\n'
    )
    assert ('h2', 'Consulted (C)') in page(result.out, 'parties/customer').headings


BROKEN_TEMPLATES = {
    'syntax': '{{ title',
    'name': '{{ title | nothing }}',
    'value': '{{ name.more.still }}',
    'error': '{{ 1 // 0 }}',
    'include': '{% include "nothing.rst" %}',
    'encoding': b'\xff\xfe{{ title }}',
}


@pytest.mark.parametrize('name', BROKEN_TEMPLATES)
def test_a_template_that_cannot_be_used_is_a_warning(name: str, small: Project) -> None:
    small.write({'_templates/raci/party.rst': BROKEN_TEMPLATES[name]})
    small.conf(templates_path=['_templates'], raci_party_pages='parties', raci_parties=PARTIES)

    result = small.build()

    [warning] = [line for line in result.warnings if '[raci.page]' in line]
    assert 'party pages cannot be written' in warning
    assert page(result.out, 'index').row('raci-keys.order')[1:] == ['RA', 'I']


MARKDOWN = {
    'extensions': ['sphinxcontrib_raci', 'myst_parser'],
    'source_suffix': {'.md': 'markdown'},
    'raci_party_pages': 'parties',
}


def test_a_project_in_myst_alone_gets_pages_in_myst(project: Project) -> None:
    index = '# Index\n\n```{raci} keys\n```\n\n```{raci:parties}\n:toctree:\n```\n'
    project.conf(**MARKDOWN, raci_parties=PARTIES).write({'keys.raci.yaml': KEYS, 'index.md': index})

    result = project.build()

    assert result.warnings == []
    stubs = sorted(path.name for path in (project.folder / 'parties').iterdir())
    assert stubs == ['auditor.md', 'customer.md', 'onlooker.md', 'provider.md']
    assert body_of(project.folder / 'parties/customer.md') == '# Customer\n\n```{raci:party} customer\n```\n'
    body = page(result.out, 'parties/customer')
    assert body.headings == [('h1', 'Customer'), ('h2', 'Keys')]
    assert body.tables[0][1] == ['Order a key', 'RA', 'Provider I']
    assert broken_links(result.out) == []
    assert project.build().read == []


NAMES = [
    *r"""
* star|- dash|+ plus|• dot|‣ arrow|⁃ hyphen|1. First|A. Team|i) roman|(a) team|#. auto|...|!!!|=====|-|?|+---+|____
:field: x|:field:|.. note::|.. _x:|__ x|x_|_x|x__|[1]_|[x]|>>> x|*x*|**x**|`x`|``x``|:doc:`index`|`x <y>`_|x::|/V x
--long|-a b|%s %(party)s|~|# Head|## Head ##|[x](y)|![x](y)|<x>|{x}`y`|{{ x }}|{% x %}|{# x #}|$x$|&amp; & <b>|~~x~~
<script>alert(1)</script>|https://example.org|me@example.org|C:\dir\|\|\\|a\*b|"Ops" team's -- and --- more...|'quoted'
. . .|(c) (tm)|x ``y`` z|تقنية المعلومات|צוות 1|Ünïcödé|日本語|ﾃｽﾄ|ⅳ|①|§|„x“|0|no|null|true|^x^
""".strip()
    .replace('\n', '|')
    .split('|'),
    *('|x|', '| line', 'x  y', 'e\u0301quipe', 'Z\u0338\u034d', '\u0301', '\u202etxet', 'a\u00a0b'),
    *('\N{GRINNING FACE} \N{WOMAN}\u200d\N{PERSONAL COMPUTER}', '\U00020000', 'x' * 300, ' '.join(['very long'] * 60)),
]


@pytest.fixture(scope='module', params=['rst', 'md'])
def hostile(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A project whose parties have names that mean something to a parser, in each markup."""
    parties = {f'p{number}': {'name': name} for number, name in enumerate(NAMES)}
    conf = MARKDOWN if request.param == 'md' else {'raci_party_pages': 'parties'}
    index = {
        'md': '# Index\n\n```{raci:parties}\n:toctree:\n```\n',
        'rst': 'Index\n=====\n\n.. raci:parties::\n   :toctree:\n',
    }[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    return new(folder, {f'index.{request.param}': index}, raci_parties=parties, **conf).build()


def test_hostile_names_of_parties_are_titles_as_they_are_written(hostile: Result) -> None:
    assert hostile.warnings == []
    for number, name in enumerate(NAMES):
        body = page(hostile.out, f'parties/p{number}')
        wanted = ' '.join(name.split())
        assert body.headings == [('h1', wanted)]
        assert texts(body) == [f'{wanted} has no part in any activity.']
        assert [href for _text, href in body.links] == []


def test_hostile_names_of_parties_are_right_in_the_contents(hostile: Result) -> None:
    entries = hostile.app.env.titles
    whole = hostile.text('parties/p0.html')

    assert [entries[f'parties/p{number}'].astext().split() for number in range(len(NAMES))] == [
        name.split() for name in NAMES
    ]
    assert '<script>alert' not in whole + hostile.text('index.html')


def test_hostile_names_in_a_source_are_shown_everywhere_as_they_are_written(project: Project) -> None:
    names = ['<script>alert(1)</script>', '|x| *y* `z`', '"a" -- b...', 'תיק']
    parties = ''.join(f'  p{number}: {name!r}\n' for number, name in enumerate(names))
    who = ', '.join(f'p{number}: R' for number in range(len(names)))
    source = f'raci: 1\ntitle: T\nparties:\n{parties}activities:\n  - {{id: x, name: "*X* <b>", who: {{{who}}}}}\n'
    index = 'Index\n=====\n\n.. raci:: t\n\n.. raci:parties::\n   :toctree:\n'
    project.conf(raci_party_pages='parties').write({'t.raci.yaml': source, 'index.rst': index})

    result = project.build()

    assert result.warnings == []
    matrix, overview = page(result.out, 'index').tables
    assert matrix == [['Activity', *names], ['*X* <b>', *('R' * len(names))]]
    assert overview[0] == ['Matrix', *names]
    for number, name in enumerate(names):
        body = page(result.out, f'parties/p{number}')
        others = ', '.join(f'{other} R' for other in names if other != name)
        assert body.headings == [('h1', name), ('h2', 'T')]
        assert body.tables == [[['Activity', 'Letters', 'Other parties'], ['*X* <b>', 'R', others]]]


# -- what a page says --------------------------------------------------------------------------------------------------


def test_nothing_is_warned_about_but_the_matrix_that_no_document_shows_and_that_once(site: Result) -> None:
    [warning] = site.warnings

    assert warning.startswith(f'{site.app.srcdir}/archive.raci.yaml:1: WARNING: no document shows the matrix')
    assert warning.endswith('[raci.unshown]')
    assert broken_links(site.out) == []


def test_a_party_page_begins_with_what_the_party_is_and_its_totals(site: Result) -> None:
    assert texts(page(site.out, 'parties/customer'))[:2] == [
        'Orders and pays',
        'Customer has a part in 5 of the 7 activities of 4 matrices: '
        'Responsible 3, Accountable 2, Approver 1, Consulted 1.',
    ]
    assert texts(page(site.out, 'parties/auditor'))[0] == (
        'Auditor has a part in 2 of the 7 activities of 4 matrices: Accountable 2, Consulted 1.'
    )


def test_a_party_without_a_part_says_so(site: Result) -> None:
    body = page(site.out, 'parties/onlooker')

    assert texts(body) == ['Onlooker has no part in any activity.']
    assert (body.tables, body.headings) == ([], [('h1', 'Onlooker')])
    assert 'raci-party.onlooker' in body.ids


def test_a_party_page_lists_activities_by_matrix_with_letters_notes_and_the_others(site: Result) -> None:
    body = page(site.out, 'parties/customer')

    assert body.headings == [
        ('h1', 'Customer'),
        ('h2', 'Archive'),
        ('h2', 'Backup'),
        ('h2', 'Decisions'),
        ('h2', 'Keys'),
    ]
    head = ['Activity', 'Letters', 'Other parties']
    assert body.tables == [
        [head, ['Keep the files', 'R', 'Auditor AC']],
        [head, ['Choose what to keep', 'RA', 'Provider C']],
        [head, ['Decide to move', 'A', 'Provider D']],
        # The note for the customer, and neither that for the provider nor that of the activity.
        [head, ['Order a key', 'RA', 'Provider I'], ['Rotate a key says when', 'C', 'Provider RA']],
    ]
    assert texts(body.part('raci-party.customer.keys')) == ['Keys: Responsible 1, Accountable 1, Consulted 1']
    assert texts(body.part('raci-party.customer.decisions')) == ['Decisions: Approver 1']


def test_another_party_sees_its_own_notes(site: Result) -> None:
    rows = page(site.out, 'parties/provider').part('raci-party.provider.keys').tables[0]

    assert rows[1:] == [
        ['Order a key', 'I', 'Customer RA'],
        ['Rotate a key does it at night', 'RA', 'Customer C'],
        ['Watch keys', 'RA', ''],
    ]


def test_every_activity_on_a_party_page_is_a_link_to_its_row(site: Result) -> None:
    body = page(site.out, 'parties/customer')

    assert places('parties/customer', body.part('raci-party.customer.keys')) == [
        ('Keys', 'shown#raci-keys'),
        ('Order a key', 'shown#raci-keys.order'),
        ('Rotate a key', 'shown#raci-keys.rotate'),
    ]


def test_the_letters_of_a_party_explain_themselves(site: Result) -> None:
    body = page(site.out, 'parties/customer')

    decisions = body.part('raci-party.customer.decisions').all('abbr', cls='raci-letter')
    assert [(letter.text, letter.attributes['title']) for letter in decisions] == [('A', 'Approver'), ('D', 'Driver')]
    keys = body.part('raci-party.customer.keys').all('abbr', cls='raci-letter')
    assert [(letter.text, letter.attributes['title']) for letter in keys][:3] == [
        ('R', 'Responsible'),
        ('A', 'Accountable'),
        ('I', 'Informed'),
    ]


def test_activities_of_a_matrix_that_no_document_shows_are_no_links(site: Result) -> None:
    part = page(site.out, 'parties/customer').part('raci-party.customer.archive')

    assert part.tables[0][1] == ['Keep the files', 'R', 'Auditor AC']
    assert part.links == []


def test_markup_in_an_activity_and_its_notes_is_markup_on_a_party_page(site: Result) -> None:
    part = page(site.out, 'parties/auditor').part('raci-party.auditor.backup')

    assert part.tables[0][1] == ['Check all of it, see Watch keys unasked', 'A', 'Provider R']
    assert [element.text for element in part.all('em')] == ['all']
    assert [element.text for element in part.all('strong')] == ['unasked']


def test_a_link_in_the_name_of_an_activity_is_not_a_link_within_a_link(site: Result) -> None:
    part = page(site.out, 'parties/auditor').part('raci-party.auditor.backup')

    assert [len(link.all('a')) for link in part.all('a')] == [1] * len(part.all('a'))
    assert 'shown#raci-backup.check' in [place for _text, place in places('parties/auditor', part)]


def test_a_page_by_letter_lists_the_activities_of_each_letter(site: Result) -> None:
    body = page(site.out, 'letter')

    head = ['Matrix', 'Activity', 'Letters', 'Other parties']
    assert body.headings == [
        ('h1', 'By letter'),
        ('h2', 'Responsible (R)'),
        # The A of another scheme means something else, and stands under its own name too.
        ('h2', 'Accountable / Approver (A)'),
        ('h2', 'Consulted (C)'),
    ]
    assert body.tables == [
        [
            head,
            ['Archive', 'Keep the files', 'R', 'Auditor AC'],
            ['Backup', 'Choose what to keep', 'RA', 'Provider C'],
            ['Keys', 'Order a key', 'RA', 'Provider I'],
        ],
        [
            head,
            ['Backup', 'Choose what to keep', 'RA', 'Provider C'],
            ['Decisions', 'Decide to move', 'A', 'Provider D'],
            ['Keys', 'Order a key', 'RA', 'Provider I'],
        ],
        [head, ['Keys', 'Rotate a key says when', 'C', 'Provider RA']],
    ]
    assert places('letter', body)[-2:] == [('Keys', 'shown#raci-keys'), ('Rotate a key', 'shown#raci-keys.rotate')]


def test_only_the_letters_that_are_asked_for_are_listed_and_counted(site: Result) -> None:
    body = page(site.out, 'one-letter')

    assert body.tables == [[['Activity', 'Letters', 'Other parties'], ['Rotate a key says when', 'C', 'Provider RA']]]
    assert texts(body)[1] == 'Customer has C, I in 1 of the 7 activities of 4 matrices: Consulted 1.'


def test_a_party_that_has_none_of_the_letters_is_not_said_to_have_no_part(small: Project) -> None:
    small.write({'index.rst': 'Index\n=====\n\n.. raci:: keys\n\n.. raci:party:: customer\n   :letters: I\n'})
    small.conf(raci_parties=PARTIES)

    result = small.build()

    assert texts(page(result.out, 'index'))[-1] == 'Customer has no I in any activity.'


def test_only_the_matrices_that_are_asked_for_are_listed_and_counted(site: Result) -> None:
    body = page(site.out, 'one-matrix')

    assert [heading for heading in body.headings if heading[0] == 'h2'] == [('h2', 'Keys')]
    assert [row[0] for row in body.tables[0]] == ['Activity', 'Order a key', 'Rotate a key says when']
    assert texts(body)[1] == (
        'Customer has a part in 2 of the 3 activities: Responsible 1, Accountable 1, Consulted 1.'
    )


def test_a_party_without_a_part_in_the_matrices_that_are_asked_for_says_so(site: Result) -> None:
    assert texts(page(site.out, 'nothing')) == ['Auditor has no part in any activity.']


def test_options_go_together(site: Result) -> None:
    body = page(site.out, 'both')

    assert body.tables == [
        [
            ['Matrix', 'Activity', 'Letters', 'Other parties'],
            ['Keys', 'Rotate a key does it at night', 'RA', 'Customer C'],
            ['Keys', 'Watch keys', 'RA', ''],
            ['Backup', 'Check all of it, see Watch keys', 'R', 'Auditor A'],
        ]
    ]
    assert body.headings[1:] == [('h2', 'Responsible (R)')]


def test_a_party_shown_without_index_has_no_anchors(site: Result) -> None:
    for docname in ('letter', 'one-letter', 'both'):
        assert [anchor for anchor in page(site.out, docname).ids if anchor.startswith('raci-')] == []


MISTAKES = {
    '.. raci:party:: custommer': "unknown party 'custommer'; did you mean 'customer'?",
    '.. raci:party:: custommer\n   :toctree:': "unknown party 'custommer'; did you mean 'customer'?",
    '.. raci:party:: customer\n   :letters: X': "unknown letter 'X'; known are: R, A, C, I",
    '.. raci:party:: customer\n   :matrices: locks': "unknown matrix 'locks'; known are: keys",
    '.. raci:parties::\n   :parties: nobody': (
        "unknown party 'nobody'; known are: customer, provider, auditor, onlooker"
    ),
    '.. raci:parties::\n   :matrices: locks': "unknown matrix 'locks'; known are: keys",
}


@pytest.mark.parametrize('markup', MISTAKES)
def test_what_cannot_be_shown_is_said_on_the_page_and_in_a_warning(markup: str, small: Project) -> None:
    small.write({'index.rst': f'Index\n=====\n\n.. raci:: keys\n\n{markup}\n\nText.\n'}).conf(raci_parties=PARTIES)

    result = small.build()

    assert result.warnings == [
        f'{small.folder}/index.rst:6: WARNING: {MISTAKES[markup]} [raci.directive]',
    ]
    body = page(result.out, 'index')
    assert 'cannot be shown here' in body.all('div', cls='warning')[0].text
    assert texts(body)[-1] == 'Text.'


# -- the overview ------------------------------------------------------------------------------------------------------


def test_the_overview_counts_the_letters_of_every_party_in_every_matrix(site: Result) -> None:
    [table] = page(site.out, 'overview').tables

    assert table == [
        ['Matrix', 'Customer', 'Provider', 'Auditor', 'Onlooker'],
        ['Archive', 'R 1', '', 'A 1, C 1', ''],
        ['Backup', 'R 1, A 1', 'R 1, C 1', 'A 1', ''],
        ['Decisions', 'A 1', 'D 1', '', ''],
        ['Keys', 'R 1, A 1, C 1', 'R 2, A 2, I 1', '', ''],
        # What A is in "Decisions" is not what it is elsewhere.
        ['All with R, A, C, I', 'R 3, A 2, C 1', 'R 3, A 2, C 1, I 1', 'A 2, C 1', ''],
    ]


@pytest.mark.parametrize('docname', ['overview', 'parties/customer', 'letter'])
def test_a_page_about_matrices_of_several_schemes_has_the_legend_of_each(docname: str, site: Result) -> None:
    body = page(site.out, docname)

    of_raci, of_daci = body.all('ul', cls='raci-legend')
    assert 'A Accountable: answers for its success and has the last word' in of_raci.text
    assert 'A Approver: decides' in of_daci.text
    assert body.text.index('Letters in Archive, Backup, Keys:') < body.text.index('Letters in Decisions:')


def test_a_page_about_matrices_of_one_scheme_needs_none(site: Result) -> None:
    assert page(site.out, 'one-matrix').all('ul', cls='raci-legend') == []


def counted(site: Result, docname: str) -> list[tuple[str, str, str, str, int, str]]:
    """All counts of an overview: party, matrix, document, anchor, number and letter."""
    [table] = page(site.out, docname).all('table', cls='raci-table')
    head, *rows = table.all('tr')
    parties = [cell.text for cell in head.all('th')]
    found = []
    for row in rows:
        cells = row.all('td', 'th')
        for party, cell in zip(parties[1:], cells[1:], strict=True):
            for text, href in cell.links:
                for count in text.split(', '):
                    letter, number = count.split()
                    found.append((party, cells[0].text, *resolve(docname, href), int(number), letter))
    return found


@pytest.mark.parametrize('docname', ['overview', 'small'])
def test_every_count_leads_to_a_list_of_just_so_many_activities(docname: str, site: Result) -> None:
    counts = counted(site, docname)

    assert len(counts) == {'overview': 16, 'small': 6}[docname]
    for party, matrix, target, anchor, number, letter in counts:
        body = page(site.out, target)
        assert body.headings[0] == ('h1', party)
        part = body.part(anchor)
        assert part.headings == [('h2', matrix)]
        [[_head, *rows]] = part.tables
        assert len([row for row in rows if letter in row[1]]) == number


def test_counts_lead_to_the_letters_where_a_page_lists_by_letter(small: Project) -> None:
    template = '{{ title | heading }}\n\n.. raci:party:: {{ id }}\n   :by: letter\n'
    small.write({'_templates/raci/party.rst': template})
    small.conf(templates_path=['_templates'], raci_party_pages='parties', raci_parties=PARTIES)

    result = small.build()

    body = page(result.out, 'index')
    cell = body.all('table', cls='raci-table')[-1].all('tr')[1].all('td')[1]
    assert places('index', cell) == [
        ('R 2', 'parties/provider#raci-party.provider.letter.r'),
        ('A 2', 'parties/provider#raci-party.provider.letter.a'),
        ('I 1', 'parties/provider#raci-party.provider.letter.i'),
    ]
    part = page(result.out, 'parties/provider').part('raci-party.provider.letter.r')
    assert [row[1] for row in part.tables[0]] == ['Activity', 'Rotate a key does it at night', 'Watch keys']


def test_counts_lead_to_the_matrix_where_there_is_no_party_page(small: Project) -> None:
    small.conf(raci_parties=PARTIES).replace('index.rst', '   :toctree:\n', '')

    result = small.build()

    body = page(result.out, 'index')
    cell = body.all('table', cls='raci-table')[-1].all('tr')[1].all('td')[0]
    assert places('index', cell) == [('R 1, A 1, C 1', 'index#raci-keys')]
    assert broken_links(result.out) == []


def test_the_overview_takes_a_choice_of_parties_and_matrices_in_their_order(site: Result) -> None:
    [table] = page(site.out, 'small').tables

    # With one matrix there is nothing to add up.
    assert table == [['Matrix', 'Provider', 'Customer'], ['Keys', 'R 2, A 2, I 1', 'R 1, A 1, C 1']]


def test_the_heads_of_the_overview_are_links_to_matrices_and_parties(site: Result) -> None:
    [table] = page(site.out, 'overview').all('table', cls='raci-table')

    heads = [place for cell in table.all('th') for place in places('overview', cell)]
    assert heads == [
        ('Customer', 'parties/customer#raci-party.customer'),
        ('Provider', 'parties/provider#raci-party.provider'),
        ('Auditor', 'parties/auditor#raci-party.auditor'),
        ('Onlooker', 'parties/onlooker#raci-party.onlooker'),
        # No document shows the archive.
        ('Backup', 'shown#raci-backup'),
        ('Decisions', 'shown#raci-decisions'),
        ('Keys', 'shown#raci-keys'),
    ]


def test_the_overview_puts_the_party_pages_into_the_contents_in_their_order(site: Result) -> None:
    included = site.app.env.toctree_includes['overview']

    assert included == ['parties/customer', 'parties/provider', 'parties/auditor', 'parties/onlooker']


def test_the_contents_follow_the_choice_of_parties(small: Project) -> None:
    small.replace('index.rst', '   :toctree:\n', '   :toctree:\n   :parties: provider, customer\n')

    result = small.build()

    assert result.app.env.toctree_includes['index'] == ['parties/provider', 'parties/customer']


def test_an_overview_of_nothing_says_so(project: Project) -> None:
    project.write({'index.rst': 'Index\n=====\n\n.. raci:parties::\n'})

    result = project.build()

    assert (result.warnings, texts(page(result.out, 'index'))) == ([], ['There is no matrix.'])


# -- the folder --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize('folder', ['parties', 'parties/', './parties', 'who/does-what', 'who//does-what', '.', 'a b'])
def test_party_pages_can_be_in_any_folder_of_the_sources(folder: str, small: Project) -> None:
    small.conf(raci_party_pages=folder, raci_parties=PARTIES)

    result = small.build()

    place = os.path.normpath(f'{folder}/customer')
    assert result.warnings == []
    assert (small.folder / f'{place}.rst').exists()
    assert result.app.env.toctree_includes['index'][0] == place
    assert broken_links(result.out) == []
    assert small.build().read == []


@pytest.mark.parametrize('folder', ['/parties', '/', '../parties', 'a/../../b', 7, ['parties']])
def test_a_folder_outside_of_the_sources_is_refused(folder: object, small: Project) -> None:
    small.conf(raci_party_pages=folder, raci_parties=PARTIES).replace('index.rst', '   :toctree:\n', '')

    result = small.build()

    assert len([line for line in result.warnings if 'raci_party_pages' in line and '[raci.config]' in line]) == 1
    assert sorted(path.name for path in small.folder.iterdir()) == ['conf.py', 'index.rst', 'keys.raci.yaml']
    assert sorted(path.name for path in small.folder.parent.iterdir()) == ['build', 'docs']


def test_a_file_where_the_folder_should_be_is_a_warning(small: Project) -> None:
    small.write({'parties': 'A file.'}).replace('index.rst', '   :toctree:\n', '')

    result = small.build()

    [warning] = result.warnings
    assert warning.startswith(f'{small.folder}/parties:: WARNING: these party pages cannot be written or removed (')
    assert [name for name in PARTIES if f"'{name}.rst'" not in warning] == []
    assert warning.endswith('[raci.page]')
    assert (small.folder / 'parties').read_text() == 'A file.'


def test_one_page_that_cannot_be_written_keeps_none_of_the_others_away(small: Project) -> None:
    small.write({'parties/provider.rst/note.txt': 'A folder where the page should be.'})

    result = small.build()

    [warning] = [line for line in result.warnings if '[raci.page]' in line]
    assert 'parties/provider.rst:1: WARNING: this party page cannot be written' in warning
    assert {path.name for path in (small.folder / 'parties').iterdir()} >= {'customer.rst', 'auditor.rst'}


def test_stubs_have_the_suffix_of_the_project(small: Project) -> None:
    small.conf(raci_party_pages='parties', raci_parties=PARTIES, source_suffix={'.txt': 'restructuredtext'})
    for path in small.folder.glob('*.rst'):
        path.rename(path.with_suffix('.txt'))

    result = small.build()

    assert result.warnings == []
    assert sorted({path.suffix for path in (small.folder / 'parties').iterdir()}) == ['.txt']
    assert 'raci-party.customer' in page(result.out, 'parties/customer').ids


def test_projects_do_not_know_of_each_other(new_project: Callable[[str], Project]) -> None:
    for name in ('one', 'two'):
        project = new_project(name).conf(raci_party_pages='parties')
        project.write({f'{name}.raci.yaml': KEYS.replace('customer:\n', f'{name}: {name}\n').replace('customer', name)})
        project.write({'index.rst': f'Index\n=====\n\n.. raci:: {name}\n\n.. raci:parties::\n   :toctree:\n'})

        assert project.build().warnings == []
        assert sorted(path.name for path in (project.folder / 'parties').iterdir()) == sorted(
            [f'{name}.rst', 'provider.rst']
        )

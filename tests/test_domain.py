"""The ``raci`` domain: references, anchors, the inventory, search, and what is said of targets that clash or miss."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import HOSTING, Project, Result, new
from pages import Element, broken_links, page, parse, resolve

from sphinxcontrib_raci import build

BACKUP = """\
raci: 1
title: Backup
parties: [customer, provider]
markup: rst
sections:
  - title: Before
    id: before
    activities:
      - id: choose
        name: Choose *what* to keep
        who: {customer: RA, provider: C}
  - title: After
    id: after
    activities:
      - id: restore
        name: Restore a file
        who: {customer: A, provider: R}
        tags: [support]
"""

HIDDEN = """\
raci: 1
title: Hidden
parties: [customer]
activities:
  - id: secret
    name: Keep a secret
    who: {customer: RA}
"""

# One matrix has the same name as a party.
AUDITOR = HIDDEN.replace('Hidden', 'Audits').replace('Keep a secret', 'Make an audit').replace('secret', 'audit')

PARTIES = {'customer': 'Customer', 'provider': 'Provider', 'auditor': 'Auditor'}

INDEX = 'Index\n=====\n\n.. toctree::\n   :glob:\n\n   *\n   parties/*\n'

# What is written, what the link says, and where it leads.
REFERENCES = {
    'activity': (':raci:activity:`hosting.tickets`', 'Answer tickets', 'hosting#raci-hosting.tickets'),
    'matrix': (':raci:matrix:`hosting`', 'Hosting', 'hosting#raci-hosting'),
    'party': (':raci:party:`customer`', 'Customer', 'parties/customer#raci-party.customer'),
    'title': (':raci:activity:`by mail <hosting.tickets>`', 'by mail', 'hosting#raci-hosting.tickets'),
    'title-of-a-party': (':raci:party:`you <customer>`', 'you', 'parties/customer#raci-party.customer'),
    'short': (':raci:activity:`~hosting.tickets`', 'tickets', 'hosting#raci-hosting.tickets'),
    'short-matrix': (':raci:matrix:`~hosting`', 'hosting', 'hosting#raci-hosting'),
    'old-id': (':raci:activity:`hosting.mail`', 'Answer tickets', 'hosting#raci-hosting.mail'),
    'markup': (':raci:activity:`backup.choose`', 'Choose what to keep', 'before#raci-backup.choose'),
    'part-of-a-matrix': (':raci:activity:`backup.restore`', 'Restore a file', 'after#raci-backup.restore'),
    'any-activity': (':any:`hosting.tickets`', 'Answer tickets', 'hosting#raci-hosting.tickets'),
    'any-old-id': (':any:`hosting.mail`', 'Answer tickets', 'hosting#raci-hosting.mail'),
    'any-matrix': (':any:`backup`', 'Backup', 'after#raci-backup'),
    'any-party': (':any:`customer`', 'Customer', 'parties/customer#raci-party.customer'),
    'any-title': (':any:`them <provider>`', 'them', 'parties/provider#raci-party.provider'),
    'same-name-matrix': (':raci:matrix:`auditor`', 'Audits', 'audits#raci-auditor'),
    'same-name-party': (':raci:party:`auditor`', 'Auditor', 'parties/auditor#raci-party.auditor'),
    'index': (':ref:`raci-activities`', 'Activities', 'raci-activities#'),
    'section': (':ref:`hosting:Incidents`', 'Incidents', 'hosting#incidents'),
}

FILES = {
    'index.rst': INDEX,
    'hosting.raci.yaml': HOSTING,
    'backup.raci.yaml': BACKUP,
    'auditor.raci.yaml': AUDITOR,
    'hosting.rst': 'Hosting page\n============\n\n.. raci:: hosting\n',
    'before.rst': 'Before\n======\n\n.. raci:: backup\n   :section: before\n',
    'after.rst': 'After\n=====\n\n.. raci:: backup\n   :section: after\n',
    'audits.rst': 'Audits page\n===========\n\n.. raci:: auditor\n',
    'again.rst': 'Again\n=====\n\n.. raci:: hosting\n   :layout: table\n   :no-index:\n',
    'references.rst': 'References\n==========\n\n'
    + ''.join(f'.. container:: ref-{name}\n\n   {text}\n\n' for name, (text, _title, _place) in REFERENCES.items())
    + '.. container:: no-link\n\n   :raci:activity:`!hosting.tickets`\n',
}


@pytest.fixture(scope='module')
def site(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Some matrices, one of them in two documents, party pages, and references to all of it."""
    project = new(
        tmp_path_factory.mktemp('site'),
        FILES,
        raci_party_pages='parties',
        raci_parties=PARTIES,
        extensions=['sphinxcontrib_raci', 'sphinx.ext.autosectionlabel'],
        autosectionlabel_prefix_document=True,
        suppress_warnings=['autosectionlabel.*'],
    )
    return project.build()


def places(result: Result, docname: str) -> list[str]:
    """The links on a page, each as document and anchor."""
    return ['#'.join(resolve(docname, href)) for _text, href in page(result.out, docname).links]


def inventory(path: Path) -> dict[tuple[str, str], tuple[str, str, str]]:
    """The priority, the address and the title of each object in a file as intersphinx reads it."""
    data = path.read_bytes()
    body = data.split(b'\n', 4)[4]
    found = {}
    for line in zlib.decompress(body).decode().splitlines():
        name, kind, priority, uri, title = line.split(' ', 4)
        found[kind, name] = (priority, uri.replace('$', name), title.replace('-', name, 1) if title == '-' else title)
    return found


def raci_warnings(result: Result) -> list[str]:
    """The warnings of this extension, paths without their folders."""
    found = [line for line in result.warnings if '[raci.' in line or 'raci:' in line]
    folder = f'{Path(result.app.srcdir)}/'
    return [line.replace(folder, '') for line in found]


# -- roles -------------------------------------------------------------------------------------------------------------


def test_a_site_with_all_kinds_of_references_is_built_without_a_warning(site: Result) -> None:
    assert site.warnings == []
    assert broken_links(site.out) == []


@pytest.mark.parametrize('name', REFERENCES)
def test_a_reference_says_and_leads_to_what_it_should(name: str, site: Result) -> None:
    _text, title, place = REFERENCES[name]

    [box] = page(site.out, 'references').all('div', cls=f'ref-{name}')

    [(text, href)] = box.links
    assert (text, '#'.join(resolve('references', href))) == (title, place)


def test_a_reference_with_an_exclamation_mark_is_no_link(site: Result) -> None:
    [box] = page(site.out, 'references').all('div', cls='no-link')

    assert (box.text, box.links) == ('hosting.tickets', [])


def test_a_link_to_an_activity_has_its_name_as_its_tooltip_where_its_text_is_another(site: Result) -> None:
    [link] = page(site.out, 'references').all('div', cls='ref-short')[0].all('a')

    assert link.attributes['title'] == 'Answer tickets'


UNKNOWN = {
    ':raci:activity:`hosting.nothing`': 'raci:activity reference target not found: hosting.nothing',
    ':raci:activity:`~hosting.nothing`': 'raci:activity reference target not found: hosting.nothing',
    ':raci:activity:`that <hosting.nothing>`': 'raci:activity reference target not found: hosting.nothing',
    ':raci:activity:`hosting`': 'raci:activity reference target not found: hosting',
    ':raci:matrix:`nothing`': 'raci:matrix reference target not found: nothing',
    ':raci:party:`nobody`': 'raci:party reference target not found: nobody',
    ':any:`hosting.nothing`': "'any' reference target not found: hosting.nothing",
    # Sources that no document shows have no place to refer to.
    ':raci:matrix:`hidden`': 'raci:matrix reference target not found: hidden',
    ':raci:activity:`hidden.secret`': 'raci:activity reference target not found: hidden.secret',
    # Without a party page, a party has none either.
    ':raci:party:`customer`': 'raci:party reference target not found: customer',
}


@pytest.fixture(scope='module')
def dangling(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A project with references to what is not there."""
    references = '\n\n'.join(UNKNOWN)
    files = {
        'hosting.raci.yaml': HOSTING,
        'hidden.raci.yaml': HIDDEN,
        'index.rst': f'Index\n=====\n\n.. raci:: hosting\n\nLinks\n-----\n\n{references}\n',
    }
    return new(tmp_path_factory.mktemp('dangling'), files, raci_parties=PARTIES).build()


@pytest.mark.parametrize('markup', UNKNOWN)
def test_a_reference_to_nothing_is_warned_about_where_it_stands(markup: str, dangling: Result) -> None:
    line = 9 + 2 * list(UNKNOWN).index(markup)

    place = f'{dangling.app.srcdir}/index.rst:{line}:'
    [warned] = [warning for warning in dangling.warnings if warning.startswith(place)]

    assert f'WARNING: {UNKNOWN[markup]}' in warned


def test_nothing_else_is_warned_about_but_the_matrix_that_no_document_shows(dangling: Result) -> None:
    others = [warning for warning in dangling.warnings if 'reference target not found' not in warning]

    assert len(others) == 1
    assert "no document shows the matrix 'hidden'" in others[0]
    assert others[0].startswith(f'{dangling.app.srcdir}/hidden.raci.yaml:1: WARNING')
    assert '[raci.unshown]' in others[0]


def test_any_is_ambiguous_where_a_matrix_and_a_party_have_one_name(new_project: Callable[[str], Project]) -> None:
    project = new_project('ambiguous').conf(raci_party_pages='parties', raci_parties=PARTIES)
    project.write({**FILES, 'references.rst': 'References\n==========\n\n:any:`auditor`\n'})

    [warning] = project.build().warnings

    assert "more than one target found for 'any' cross-reference 'auditor'" in warning
    assert 'could be :raci:matrix:`Audits` or :raci:party:`Auditor`' in warning
    assert f'{project.folder}/references.rst:4:' in warning


# -- anchors, and who owns them ----------------------------------------------------------------------------------------


def test_every_activity_has_its_anchor_and_those_of_its_old_ids(site: Result) -> None:
    body = page(site.out, 'hosting')

    assert body.row('raci-hosting.tickets')[1:] == ['C', 'RA']
    assert body.row('raci-hosting.mail') == body.row('raci-hosting.tickets')
    assert body.row('raci-hosting.order')[1:] == ['RA', 'I']
    assert body.ids.count('raci-hosting') == 1
    assert body.part('raci-hosting.running').headings[0] == ('h2', 'Running')


def test_no_index_shows_everything_and_owns_no_anchor(site: Result) -> None:
    body = page(site.out, 'again')

    # A cell holds more than the name of the activity.
    assert [(row[0][:15], row[1:]) for row in body.tables[0]] == [
        ('Activity', ['Customer', 'Provider']),
        ('Start', []),
        ('Place the order', ['RA', 'I']),
        ('Running', []),
        ('Incidents', []),
        ('Answer tickets ', ['C', 'RA']),
    ]
    assert [anchor for anchor in body.ids if anchor.startswith('raci-')] == []


def test_two_parts_of_one_matrix_do_not_clash(site: Result) -> None:
    assert page(site.out, 'before').row('raci-backup.choose')[1:] == ['RA', 'C']
    assert page(site.out, 'after').row('raci-backup.restore')[1:] == ['A', 'R']
    # The first of the two in the order of their names is where the matrix is.
    assert places(site, 'parties/customer').count('after#raci-backup') == 1


def test_a_matrix_shown_twice_is_warned_about_with_both_places(new_project: Callable[[str], Project]) -> None:
    project = new_project('twice').write({'index.rst': INDEX, 'hosting.raci.yaml': HOSTING})
    project.write({f'{name}.rst': f'{name}\n=\n\nText.\n\n.. raci:: hosting\n' for name in 'ab'})
    project.write({'c.rst': 'c\n=\n\n:raci:activity:`hosting.order`\n'})

    result = project.build()

    assert raci_warnings(result) == [
        "b.rst:6: WARNING: the matrix 'hosting' is shown twice, first at a.rst:6; "
        'add :no-index: to one of the two [raci.duplicate]'
    ]
    assert places(result, 'c') == ['a#raci-hosting.order']
    # Both pages have their anchors, as whoever has linked to one of them may go on doing so.
    assert 'raci-hosting.order' in page(result.out, 'b').ids


def test_a_matrix_shown_twice_in_one_document_has_its_anchors_once(new_project: Callable[[str], Project]) -> None:
    project = new_project('twice').write({'hosting.raci.yaml': HOSTING})
    project.write({'index.rst': 'Index\n=====\n\n.. raci:: hosting\n\n.. raci:: hosting\n   :layout: table\n'})

    result = project.build()

    assert raci_warnings(result) == [
        "index.rst:6: WARNING: the matrix 'hosting' is shown twice, first at index.rst:4; "
        'add :no-index: to one of the two [raci.duplicate]'
    ]
    assert broken_links(result.out) == []
    assert page(result.out, 'index').ids.count('raci-hosting.tickets') == 1


def test_an_activity_in_two_parts_is_warned_about(new_project: Callable[[str], Project]) -> None:
    project = new_project('parts').write({'index.rst': INDEX, 'hosting.raci.yaml': HOSTING})
    project.write({'a.rst': 'a\n=\n\n.. raci:: hosting\n   :section: running\n'})
    project.write({'b.rst': 'b\n=\n\n.. raci:: hosting\n   :tags: support\n'})

    assert raci_warnings(project.build()) == [
        "b.rst:4: WARNING: the activity 'hosting.tickets' is shown twice, first at a.rst:4; "
        'add :no-index: to one of the two [raci.duplicate]'
    ]


def test_parts_that_share_a_section_give_its_anchor_once(new_project: Callable[[str], Project]) -> None:
    source = """\
raci: 1
title: Hosting
parties: {customer: Customer}
sections:
  - id: start
    title: Start
    activities:
      - {id: order, name: Place the order, who: {customer: RA}, tags: [sales]}
      - {id: fees, name: Pay the fees, who: {customer: R}, tags: [support]}
"""
    parts = '.. raci:: hosting\n   :tags: sales\n\n.. raci:: hosting\n   :tags: support\n'
    project = new_project('parts').write({'hosting.raci.yaml': source, 'index.rst': f'Index\n=====\n\n{parts}'})

    result = project.build()

    assert result.warnings == []
    assert broken_links(result.out) == []
    body = page(result.out, 'index')
    assert body.row('raci-hosting.order')[1:] == ['RA']
    assert body.row('raci-hosting.fees')[1:] == ['R']
    assert (body.ids.count('raci-hosting'), body.ids.count('raci-hosting.start')) == (1, 1)


def test_a_link_to_a_matrix_prefers_the_document_that_shows_all_of_it(new_project: Callable[[str], Project]) -> None:
    project = new_project('whole').write({'index.rst': INDEX, 'backup.raci.yaml': BACKUP})
    project.conf(raci_parties=PARTIES)
    project.write({'a.rst': 'a\n=\n\n.. raci:: backup\n   :section: before\n   :no-index:\n'})
    project.write({'b.rst': 'b\n=\n\n.. raci:: backup\n   :section: after\n'})
    project.write({'c.rst': 'c\n=\n\n.. raci:: backup\n'})
    project.write({'d.rst': 'd\n=\n\n:raci:matrix:`backup`\n'})

    assert places(project.build(), 'd') == ['c#raci-backup']


def test_a_title_that_makes_the_anchor_of_a_matrix_does_not_double_it(new_project: Callable[[str], Project]) -> None:
    project = new_project('title').write({'hosting.raci.yaml': HOSTING})
    project.write({'index.rst': 'RACI: hosting\n=============\n\n.. raci:: hosting\n\nSee :raci:matrix:`hosting`.\n'})

    result = project.build()

    assert result.warnings == []
    assert broken_links(result.out) == []
    assert places(result, 'index')[-1] == 'index#raci-hosting'


def test_a_party_shown_twice_is_warned_about(new_project: Callable[[str], Project]) -> None:
    project = new_project('twice').write({**FILES, 'us.rst': 'Us\n==\n\n.. raci:party:: customer\n'})
    project.conf(raci_party_pages='parties', raci_parties=PARTIES).write({'references.rst': 'R\n=\n'})

    assert raci_warnings(project.build()) == [
        "us.rst:4: WARNING: the party 'customer' is shown twice, first at parties/customer.rst:6; "
        'add :no-index: to one of the two [raci.duplicate]'
    ]


# -- index, inventory, search ------------------------------------------------------------------------------------------


def test_the_index_of_very_many_activities_has_the_matrices_alone(
    hosting: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def entries() -> list[str]:
        body = page(hosting.build(fresh=True).out, 'raci-activities')
        return [text for text, _href in body.all('table', cls='indextable')[0].links]

    monkeypatch.setattr('sphinxcontrib_raci.index.MOST', 2)
    assert entries() == ['Hosting', 'Place the order', 'Answer tickets']
    monkeypatch.setattr('sphinxcontrib_raci.index.MOST', 1)
    assert entries() == ['Hosting']


def test_the_index_lists_every_activity_under_its_matrix(site: Result) -> None:
    body = page(site.out, 'raci-activities')

    assert body.headings[0] == ('h1', 'Activities')
    [table] = body.all('table', cls='indextable')
    assert [row[1] for row in table.rows if len(row) > 1 and row[1]] == [
        'A',
        'Audits',
        'Make an audit',
        'B',
        'Backup',
        'Choose what to keep',
        'Restore a file',
        'H',
        'Hosting',
        'Place the order',
        'Answer tickets',
    ]
    assert ['#'.join(resolve('raci-activities', href)) for _text, href in table.links] == [
        'audits#raci-auditor',
        'audits#raci-auditor.audit',
        'after#raci-backup',
        'before#raci-backup.choose',
        'after#raci-backup.restore',
        'hosting#raci-hosting',
        'hosting#raci-hosting.order',
        'hosting#raci-hosting.tickets',
    ]


def test_the_inventory_holds_every_object_with_its_title_and_place(site: Result) -> None:
    objects = {key: value for key, value in inventory(site.out / 'objects.inv').items() if key[0].startswith('raci:')}

    assert objects == {
        ('raci:matrix', 'auditor'): ('1', 'audits.html#raci-auditor', 'Audits'),
        ('raci:matrix', 'backup'): ('1', 'after.html#raci-backup', 'Backup'),
        ('raci:matrix', 'hosting'): ('1', 'hosting.html#raci-hosting', 'Hosting'),
        ('raci:activity', 'auditor.audit'): ('1', 'audits.html#raci-auditor.audit', 'Make an audit'),
        ('raci:activity', 'backup.choose'): ('1', 'before.html#raci-backup.choose', 'Choose what to keep'),
        ('raci:activity', 'backup.restore'): ('1', 'after.html#raci-backup.restore', 'Restore a file'),
        ('raci:activity', 'hosting.order'): ('1', 'hosting.html#raci-hosting.order', 'Place the order'),
        ('raci:activity', 'hosting.tickets'): ('1', 'hosting.html#raci-hosting.tickets', 'Answer tickets'),
        # An old id can be linked to, and is not what search would offer.
        ('raci:activity', 'hosting.mail'): ('-1', 'hosting.html#raci-hosting.mail', 'Answer tickets'),
        ('raci:party', 'auditor'): ('1', 'parties/auditor.html#raci-party.auditor', 'Auditor'),
        ('raci:party', 'customer'): ('1', 'parties/customer.html#raci-party.customer', 'Customer'),
        ('raci:party', 'provider'): ('1', 'parties/provider.html#raci-party.provider', 'Provider'),
    }


def test_search_offers_objects_by_their_titles_and_no_old_ids(site: Result) -> None:
    index = site.search_index

    kinds = {number: names for number, names in index['objnames'].items() if names[0] == 'raci'}
    found = {
        (index['objtypes'][str(kind)], name, index['docnames'][document], anchor)
        for entries in index['objects'].values()
        for document, kind, _priority, anchor, name in entries
        if str(kind) in kinds
    }

    assert sorted(names[1] for names in kinds.values()) == ['activity', 'matrix', 'party']
    assert found == {
        ('raci:matrix', 'Audits', 'audits', 'raci-auditor'),
        ('raci:matrix', 'Backup', 'after', 'raci-backup'),
        ('raci:matrix', 'Hosting', 'hosting', 'raci-hosting'),
        ('raci:activity', 'Make an audit', 'audits', 'raci-auditor.audit'),
        ('raci:activity', 'Choose what to keep', 'before', 'raci-backup.choose'),
        ('raci:activity', 'Restore a file', 'after', 'raci-backup.restore'),
        ('raci:activity', 'Place the order', 'hosting', 'raci-hosting.order'),
        ('raci:activity', 'Answer tickets', 'hosting', 'raci-hosting.tickets'),
        ('raci:party', 'Auditor', 'parties/auditor', 'raci-party.auditor'),
        ('raci:party', 'Customer', 'parties/customer', 'raci-party.customer'),
        ('raci:party', 'Provider', 'parties/provider', 'raci-party.provider'),
    }


def test_search_does_not_list_very_many_activities(hosting: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def offered() -> set[str]:
        index = hosting.build(fresh=True).search_index
        assert 'ticket' in index['terms']
        return {entry[-1] for entries in index['objects'].values() for entry in entries}

    others = {'Hosting', 'Customer', 'Provider'}
    monkeypatch.setattr('sphinxcontrib_raci.domain.MOST_SEARCHED', 2)
    assert offered() == others | {'Place the order', 'Answer tickets'}
    monkeypatch.setattr('sphinxcontrib_raci.domain.MOST_SEARCHED', 1)
    assert offered() == others


def test_search_finds_the_words_of_activities_on_their_page(site: Result) -> None:
    index = site.search_index

    # One document is a number, several are a list of them.
    found = index['terms']['clock']
    documents = [index['docnames'][number] for number in ([found] if isinstance(found, int) else found)]

    assert documents == ['again', 'hosting']


ALL_TEXTS = """\
raci: 1
title: Texts
markup: rst
parties: {us: Us, them: Them}
activities:
  - id: one
    name: Oneword and *twoword*
    who: {us: {letters: RA, note: threeword}, them: I}
    note: Fourword and ``fiveword``.
    tags: [sixword]
    links: [{text: Sevenword, url: "https://example.org/"}]
"""


@pytest.mark.parametrize('builder', ['html', 'dirhtml'])
def test_search_finds_every_text_of_a_row(project: Project, builder: str) -> None:
    project.write({'m.raci.yaml': ALL_TEXTS, 'index.rst': 'Index\n=====\n\n.. raci:: m\n   :caption: Eightword\n'})
    index = project.build(builder).search_index

    words = [f'{number}word' for number in ('one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight')]
    assert [word for word in words if word not in index['terms'].keys() | index['titleterms'].keys()] == []


MANY = """\
raci: 1
title: Many
markup: rst
parties: {us: Us}
sections:
"""


def test_rows_of_html_go_when_they_are_written_and_can_be_written_again(project: Project) -> None:
    sections = ''.join(
        f'  - {{title: S {number}, activities: [{{name: "Sow *{number}*", who: {{us: RA}}}}]}}\n'
        for number in range(200)
    )
    source = '.. raci:: m\n   :layout: table\n'
    project.write({'m.raci.yaml': MANY + sections, 'index.rst': f'Index\n=====\n\n{source}'})
    listener = """
import gc
from docutils import nodes

def look(app, page, template, context, doctree):
    if page == 'index':
        gc.collect()
        app.env.rows = sum(isinstance(found, nodes.row) and 'Sow' in found.astext() for found in gc.get_objects())
        body = app.builder.create_translator(doctree, app.builder)
        doctree.walkabout(body)
        app.env.again = ''.join(body.body)

def setup(app):
    app.connect('html-page-context', look)
"""
    project.write({'conf.py': (project.folder / 'conf.py').read_text() + listener})

    result = project.build()

    assert result.app is not None
    assert result.app.env.rows < 20  # type: ignore[attr-defined]
    table = result.text('index.html').partition('<table')[2].partition('</table>')[0]
    assert table.count('<tr') == 401
    assert table in result.app.env.again  # type: ignore[attr-defined]


# -- other projects, and MyST ------------------------------------------------------------------------------------------

THERE = 'https://there.example/docs/'

MYST = """\
# Ours

{raci:activity}`hosting.tickets` and {raci:activity}`by mail <hosting.mail>`

{raci:activity}`~hosting.tickets`

{external+there:raci:matrix}`hosting` of {raci:party}`customer`

{any}`hosting.order`

[that one](inv:there:raci:activity#hosting.order)
"""

REST = """\
Ours too
========

:raci:activity:`hosting.tickets` and :raci:activity:`by mail <hosting.mail>`

:raci:activity:`~hosting.tickets`

:external+there:raci:matrix:`hosting` of :raci:party:`customer`

:any:`hosting.order`
"""

EXPECTED_THERE = [
    ('Answer tickets', f'{THERE}hosting.html#raci-hosting.tickets'),
    ('by mail', f'{THERE}hosting.html#raci-hosting.mail'),
    ('tickets', f'{THERE}hosting.html#raci-hosting.tickets'),
    ('Hosting', f'{THERE}hosting.html#raci-hosting'),
    ('Customer', f'{THERE}parties/customer.html#raci-party.customer'),
    ('Place the order', f'{THERE}hosting.html#raci-hosting.order'),
]


@pytest.fixture(scope='module')
def elsewhere(tmp_path_factory: pytest.TempPathFactory, site: Result) -> Result:
    """Another project, which refers to the first one."""
    files = {
        'index.rst': 'Index\n=====\n\n.. toctree::\n\n   rest\n   myst\n   missing\n',
        'rest.rst': REST,
        'myst.md': MYST,
        'missing.rst': 'Missing\n=======\n\n:raci:activity:`hosting.nothing`\n',
    }
    project = new(
        tmp_path_factory.mktemp('elsewhere'),
        files,
        extensions=['sphinxcontrib_raci', 'myst_parser', 'sphinx.ext.intersphinx'],
        intersphinx_mapping={'there': (THERE, str(site.out / 'objects.inv'))},
    )
    return project.build()


def test_another_project_refers_to_activities_from_restructuredtext(elsewhere: Result) -> None:
    assert page(elsewhere.out, 'rest').links == EXPECTED_THERE


def test_another_project_refers_to_activities_from_myst(elsewhere: Result) -> None:
    links = page(elsewhere.out, 'myst').links

    assert links == [*EXPECTED_THERE, ('that one', f'{THERE}hosting.html#raci-hosting.order')]


def test_what_the_other_project_does_not_have_is_warned_about(elsewhere: Result) -> None:
    [warning] = elsewhere.warnings

    assert warning.startswith(f'{elsewhere.app.srcdir}/missing.rst:4: WARNING: ')
    assert 'raci:activity reference target not found: hosting.nothing' in warning


MYST_PAGE = """\
# Hosting in MyST

See {raci:activity}`hosting.tickets` and {raci:matrix}`the table <backup>`.

```{raci} hosting
:numbered:
```

## Copies

:::{note}
Who does what:

```{raci} backup
```
:::

Text after it.
"""


@pytest.fixture(scope='module')
def myst(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Matrices in a MyST document."""
    files = {'index.md': MYST_PAGE, 'hosting.raci.yaml': HOSTING, 'backup.raci.yaml': BACKUP}
    project = new(
        tmp_path_factory.mktemp('myst'),
        files,
        extensions=['sphinxcontrib_raci', 'myst_parser'],
        source_suffix={'.md': 'markdown'},
        myst_enable_extensions=['colon_fence'],
        raci_parties=PARTIES,
    )
    return project.build()


def test_the_sections_of_a_matrix_are_sections_of_a_myst_document(myst: Result) -> None:
    assert myst.warnings == []
    body = page(myst.out, 'index')
    assert body.headings == [
        ('h1', 'Hosting in MyST'),
        ('h2', '1 Start'),
        ('h2', '2 Running'),
        ('h3', '2.1 Incidents'),
        ('h2', 'Copies'),
    ]
    assert body.part('raci-hosting.running').row('raci-hosting.tickets')[1:] == ['C', 'RA']
    assert broken_links(myst.out) == []


def test_a_matrix_in_an_admonition_of_myst_has_rubrics_for_sections(myst: Result) -> None:
    [note] = page(myst.out, 'index').all('div', cls='note')

    assert [element.text for element in note.all('p', cls='rubric')] == ['Before', 'After']
    assert [rows[1][0] for rows in note.tables] == ['Choose what to keep', 'Restore a file Tags: support']
    assert 'raci-backup.before' in note.ids
    assert [element.text for element in note.all('em')] == ['what']


def test_references_in_a_myst_document_are_links(myst: Result) -> None:
    assert page(myst.out, 'index').links[:2] == [
        ('Answer tickets', '#raci-hosting.tickets'),
        ('the table', '#raci-backup'),
    ]


PLACES = {
    'admonition': '.. note::\n\n   .. raci:: hosting\n',
    'list': '* One\n\n  .. raci:: hosting\n\n* Two\n',
    'cell': '.. list-table::\n\n   * - One\n     - .. raci:: hosting\n',
    'quotation': 'Text\n\n   .. raci:: hosting\n',
    'definition': 'Term\n   .. raci:: hosting\n',
}


@pytest.mark.parametrize('name', PLACES)
def test_rubrics_stand_in_for_sections_where_none_can_be(name: str, project: Project) -> None:
    project.write({'hosting.raci.yaml': HOSTING, 'index.rst': f'Index\n=====\n\n{PLACES[name]}\n'})

    result = project.build()

    body = page(result.out, 'index')
    assert result.warnings == []
    assert body.headings == [('h1', 'Index')]
    assert [element.text for element in body.all('p', cls='rubric')] == ['Start', 'Running', 'Incidents']
    assert body.row('raci-hosting.tickets')[1:] == ['C', 'RA']
    assert broken_links(result.out) == []


def test_parsing_a_page_leaves_nothing_out() -> None:
    body = parse('<div class="body"><p>a <a href="b.html#c">d</a><a class="headerlink" href="#x">¶</a><br>e</p></div>')

    assert isinstance(body, Element)
    assert (body.text, body.links) == ('a d e', [('d', 'b.html#c')])


@pytest.mark.parametrize('builder', ['json', 'pickle'])
def test_builders_that_store_the_words_of_pages_store_those_of_the_index(hosting: Project, builder: str) -> None:
    result = hosting.build(builder)

    assert result.warnings == []
    if builder == 'json':
        page = json.loads(result.text('index.fjson'))
        assert ['raci-activities', 'Activities', '', 'activities'] in page['rellinks']


@pytest.mark.filterwarnings('ignore:.*use of fork:DeprecationWarning')
@pytest.mark.parametrize(('jobs', 'collects'), [(1, True), (2, False)])
def test_what_pages_leave_behind_is_collected_in_a_process_of_its_own(
    jobs: int, collects: bool, hosting: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosting.write({f'page-{number}.rst': f':orphan:\n\nPage {number}\n======\n' for number in range(8)})
    collected: list[bool] = []
    monkeypatch.setattr(build, 'YOUNG', -1)
    monkeypatch.setattr(build.gc, 'collect', lambda: collected.append(True))

    hosting.build(parallel=jobs)

    assert bool(collected) == collects

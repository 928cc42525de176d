"""A build after a change reads what the change concerns and nothing else, and leaves what a clean build leaves."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import SILENT, Project
from trees import Tree, assert_as_clean, clean_build

HOSTING = """\
raci: 1
title: Hosting
parties:
  customer:
  provider: {name: Provider, description: Runs the machines}
sections:
  - title: Start
    activities:
      - id: order
        name: Place the order
        who: {customer: RA, provider: I}
  - title: Running
    id: running
    intro: Day and night.
    activities:
      - id: watch
        name: Watch the machines
        who: {provider: RA}
    sections:
      - title: Incidents
        activities:
          - id: tickets
            name: Answer tickets
            who:
              customer: {letters: C, note: says what is broken}
              provider: RA
            note: Around the clock.
            tags: [support]
            links: [{text: Service hours, url: "https://example.org/hours"}]
            formerly: [mail]
"""

BACKUP = """\
raci: 1
title: Backup
revision: "2025-03-01"
parties: {customer: , provider: Provider, auditor: }
markup: rst
sections:
  - title: Before
    id: before
    activities:
      - id: choose
        name: Choose *what* to keep, see :doc:`/plain`
        who: {customer: RA, provider: C}
  - title: After
    id: after
    activities:
      - id: restore
        name: Restore a file of :raci:party:`customer`
        who: {customer: A, provider: {letters: R, note: "within **a day**"}}
      - id: check
        name: Check that backups are made
        who: {provider: R, auditor: A}
"""

NETWORK = """\
raci: 1
title: Network
parties:
  provider: Provider
  carrier: Carrier
sections:
  - title: Lines
    id: lines
    activities:
      - id: cable
        name: Lay cables
        who: {provider: A, carrier: R}
"""

POST = """\
{"raci": 1, "title": "Post", "scheme": "rasci", "parties": {"provider": "Provider", "auditor": null},
 "activities": [{"id": "spam", "name": "Keep spam out", "who": {"provider": "RA", "auditor": "S"}}]}
"""

HIDDEN = """\
raci: 1
title: Hidden
parties: {customer: , carrier: Carrier}
activities:
  - id: secret
    name: Keep a secret
    who: {customer: R, carrier: A}
"""

STUB = """\
{{ title | heading }}

.. raci:party:: {{ id }}
   :by: letter
"""

DOCUMENTS = {
    'index.rst': """\
Index
=====

.. toctree::
   :maxdepth: 2

   hosting
   start
   running
   sheet
   before
   after
   network
   mail
   guide
   plain
   letters
   overview
""",
    'hosting.rst': 'Hosting page\n============\n\n.. raci:: hosting\n',
    'start.rst': 'How it starts\n=============\n\n.. raci:: hosting\n   :section: Start\n   :no-index:\n',
    'running.rst': """\
How it runs
===========

.. raci:: hosting
   :section: Running > Incidents
   :no-index:
   :parties: provider
""",
    'sheet.rst': """\
One sheet
=========

.. raci:: hosting
   :layout: table
   :no-index:
   :numbered:

.. raci:: post
   :no-index:
""",
    'before.rst': 'Before\n======\n\n.. raci:: backup\n   :section: before\n',
    'after.rst': 'After\n=====\n\n.. raci:: backup\n   :section: after\n   :caption: What comes after\n',
    'network.rst': 'Network page\n============\n\n.. raci:: network\n   :layout: table\n   :name: lines\n',
    'mail.rst': 'Post page\n=========\n\n.. raci:: sources/post.raci.json\n',
    'guide.rst': """\
Guide
=====

Who answers tickets: :raci:activity:`hosting.tickets`, once :raci:activity:`hosting.mail`.
See :any:`network.cable`, :raci:matrix:`backup` and :raci:party:`auditor`.
""",
    'plain.rst': 'Plain\n=====\n\nNothing of note.\n',
    'letters.rst': 'Letters\n=======\n\n.. raci:legend::\n',
    'overview.rst': 'Overview\n========\n\n.. raci:parties::\n   :toctree:\n',
}

SOURCES = {
    'sources/hosting.raci.yaml': HOSTING,
    'sources/backup.raci.yaml': BACKUP,
    'sources/network.raci.yml': NETWORK,
    'sources/post.raci.json': POST,
    'sources/hidden.raci.yaml': HIDDEN,
}

CONFIG = {
    'raci_parties': {'customer': 'Customer', 'auditor': 'Auditor', 'onlooker': 'Onlooker'},
    'raci_party_pages': 'parties',
    'raci_downloads': ['csv', 'xlsx', 'json'],
    'templates_path': ['_templates'],
    # The date of the build is no part of what is compared.
    'today': 'today',
}

ALL = sorted(
    [name.removesuffix('.rst') for name in DOCUMENTS]
    + [f'parties/{party}' for party in ('auditor', 'carrier', 'customer', 'onlooker', 'provider')]
)


class Workshop:
    """A built project that is put back into its first state, files' times included, for every test that changes it."""

    def __init__(self, folder: Path) -> None:
        self.here = folder / 'here'
        self.kept = folder / 'kept'
        self.project = Project(self.make(self.here / 'docs'))
        self.project.write({**DOCUMENTS, **SOURCES}).conf(**CONFIG)

    @staticmethod
    def make(folder: Path) -> Path:
        folder.mkdir(parents=True)
        return folder

    def keep(self) -> None:
        """Remember the state as it is now."""
        shutil.copytree(self.here, self.kept)

    def restore(self) -> Project:
        """The project in the state that is remembered."""
        shutil.rmtree(self.here)
        shutil.copytree(self.kept, self.here)
        return self.project


@pytest.fixture(scope='module')
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The project, built once as HTML."""
    workshop = Workshop(tmp_path_factory.mktemp('workshop'))
    first = workshop.project.build()
    assert first.read == ALL
    assert len(first.warnings) == 1, 'only that a matrix is not shown'
    workshop.keep()
    return workshop


@pytest.fixture
def built(workshop: Workshop) -> Project:
    """The project as its first build has left it."""
    return workshop.restore()


# -- what is read and written ------------------------------------------------------------------------------------------


def test_a_second_build_without_a_change_reads_and_writes_nothing(built: Project) -> None:
    again = built.build()

    assert (again.read, again.written, again.warnings) == ([], [], [])


def test_a_source_that_is_only_touched_makes_nothing_be_read(built: Project) -> None:
    for name in SOURCES:
        (built.folder / name).touch()

    again = built.build()

    assert (again.read, again.written) == ([], [])


def test_a_source_written_again_with_the_same_content_makes_nothing_be_read(built: Project) -> None:
    built.write(SOURCES)

    again = built.build()

    assert (again.read, again.written) == ([], [])


def test_a_comment_in_a_source_makes_nothing_be_read(built: Project) -> None:
    built.write({'sources/network.raci.yml': '# What lines there are.\n' + NETWORK})

    again = built.build()

    assert (again.read, again.written) == ([], [])


def test_a_stub_is_not_written_again_when_nothing_has_changed(built: Project) -> None:
    before = {path: path.stat().st_mtime_ns for path in (built.folder / 'parties').iterdir()}

    built.build()

    assert {path: path.stat().st_mtime_ns for path in (built.folder / 'parties').iterdir()} == before
    assert len(before) == 5


def test_only_documents_that_show_an_activity_are_read_when_its_wording_changes(built: Project) -> None:
    built.replace('sources/hosting.raci.yaml', 'Answer tickets', 'Answer every ticket')

    again = built.build()

    # Not "start" (another section), "parties/carrier" and "parties/onlooker" (no part in it), or "overview" (counts).
    shown_on = ['hosting', 'parties/customer', 'parties/provider', 'running', 'sheet']
    assert again.read == shown_on
    # "guide" refers to the activity; Sphinx itself writes again what has one of these in its table of contents.
    assert again.written == sorted([*shown_on, 'guide', 'index', 'overview'])
    assert 'Answer every ticket' in again.text('guide.html')


def test_nobody_else_is_read_when_the_wording_of_an_activity_of_two_parties_changes(built: Project) -> None:
    built.replace('sources/network.raci.yml', 'Lay cables', 'Lay good cables')

    again = built.build()

    assert again.read == ['network', 'parties/carrier', 'parties/provider']
    assert again.written == sorted([*again.read, 'guide', 'index', 'overview'])


def test_the_overview_is_read_when_a_letter_changes(built: Project) -> None:
    built.replace('sources/hosting.raci.yaml', 'who: {provider: RA}', 'who: {customer: I, provider: RA}')

    again = built.build()

    assert again.read == ['hosting', 'overview', 'parties/customer', 'parties/provider', 'sheet']
    assert 'guide' not in again.written


def test_a_note_is_read_by_pages_of_the_matrix_and_of_the_party_that_it_is_meant_for(built: Project) -> None:
    built.replace('sources/hosting.raci.yaml', 'says what is broken', 'says what has broken')

    again = built.build()

    # "running" shows the column of the provider alone.
    assert again.read == ['hosting', 'parties/customer', 'sheet']


def test_no_party_page_is_read_when_the_note_of_an_activity_changes(built: Project) -> None:
    built.replace('sources/hosting.raci.yaml', 'Around the clock', 'Day and night')

    assert built.build().read == ['hosting', 'running', 'sheet']


def test_party_pages_are_written_and_not_read_when_a_matrix_moves_to_another_document(built: Project) -> None:
    move_the_network(built)

    again = built.build()

    assert again.read == ['network', 'plain']
    # The guide links to an activity of it, the overview to the matrix.
    assert again.written == ['guide', 'index', 'network', 'overview', 'parties/carrier', 'parties/provider', 'plain']
    assert 'plain.html#raci-network.cable' in again.text('parties/carrier.html')


def test_a_document_that_refers_to_something_new_is_written_when_it_appears(built: Project) -> None:
    built.write({'plain.rst': DOCUMENTS['plain.rst'] + '\n:raci:activity:`network.dig`\n'})
    first = built.build()
    assert [line for line in first.warnings if 'network.dig' in line]

    built.replace('sources/network.raci.yml', 'id: cable', 'id: dig')
    again = built.build()

    assert 'plain' not in again.read
    assert 'network.html#raci-network.dig' in again.text('plain.html')


def test_a_document_that_refers_no_more_is_not_written(built: Project) -> None:
    built.write({'guide.rst': 'Guide\n=====\n'}).build()

    built.replace('sources/network.raci.yml', 'Lay cables', 'Lay good cables')

    assert 'guide' not in built.build().written


def test_a_comment_in_a_template_makes_no_party_page_be_read(built: Project) -> None:
    built.write({'_templates/raci/party.rst': '{# ours #}{{ title | heading }}\n\n.. raci:party:: {{ id }}\n'})

    assert built.build().read == []


def test_all_party_pages_are_read_when_their_template_changes(built: Project) -> None:
    built.write({'_templates/raci/party.rst': STUB})

    assert built.build().read == [name for name in ALL if name.startswith('parties/')]


# -- an incremental build leaves what a clean one does -----------------------------------------------------------------

Step = Callable[[Project], object]


def source(old: str, new: str, name: str = 'hosting.raci.yaml') -> Step:
    """Replace text in a source."""
    return lambda project: project.replace(f'sources/{name}', old, new)


def document(name: str, old: str, new: str) -> Step:
    """Replace text in a document."""
    return lambda project: project.replace(f'{name}.rst', old, new)


def write(name: str, content: str) -> Step:
    """Write a file."""
    return lambda project: project.write({name: content})


def remove(*names: str) -> Step:
    """Remove files."""
    return lambda project: [(project.folder / name).unlink() for name in names]


def block(folder: str) -> Step:
    """Have a file where a folder of stubs was."""
    return lambda project: (shutil.rmtree(project.folder / folder), project.write({folder: 'A file.'}))


def rename(old: str, new: str) -> Step:
    """Give a file another name."""
    return lambda project: (project.folder / old).rename(project.folder / new)


def configure(**values: object) -> Step:
    """Change the configuration."""
    return lambda project: project.conf(**{**CONFIG, **values})


def both(*steps: Step) -> Step:
    """Several things at once."""
    return lambda project: [step(project) for step in steps]


def move_the_network(project: Project) -> None:
    """Show the network in another document."""
    directive = DOCUMENTS['network.rst'].partition('\n\n')[2]
    project.replace('network.rst', directive, 'Moved.\n')
    project.write({'plain.rst': DOCUMENTS['plain.rst'] + '\n' + directive})


WEB = HIDDEN.replace('Hidden', 'Web').replace('secret', 'site')
WEB_PAGE = 'Web page\n========\n\n.. raci:: web\n'
WITH_WEB = document('index', '   overview\n', '   overview\n   web\n')

# Each change has one or more steps; after each of them is a build.
REVIEW = both(
    write('review.rst', 'Review\n======\n\n.. raci:load::\n\n.. raci:findings::\n'),
    document('index', '   overview\n', '   overview\n   review\n'),
)

SHOWING = ('hosting', 'start', 'running', 'sheet', 'before', 'after', 'network', 'mail', 'letters')

CHANGES: dict[str, list[Step]] = {
    'wording': [source('Answer tickets', 'Answer every ticket')],
    'wording-of-markup': [source('Choose *what* to keep', 'Choose **all** that is kept', 'backup.raci.yaml')],
    'lines-moved': [source('raci: 1\n', 'raci: 1\n\n\n', 'backup.raci.yaml')],
    'letters': [source('{customer: RA, provider: I}', '{customer: A, provider: RC}')],
    'letters-lost': [source('{customer: RA, provider: I}', '{provider: RA}')],
    'note-of-a-party': [source('says what is broken', 'says what has broken')],
    'old-id': [
        source('formerly: [mail]', 'formerly: [mail, letters]'),
        source('formerly: [mail, letters]', 'tags: []'),
    ],
    'title-of-a-matrix': [source('title: Backup', 'title: Copies', 'backup.raci.yaml')],
    'title-of-a-section': [source('title: Running', 'title: In use')],
    'intro-and-revision': [source('2025-03-01', '2025-04-01', 'backup.raci.yaml'), source('Day and', 'By')],
    'scheme': [source('title: Network', 'title: Network\nscheme: rasci', 'network.raci.yml')],
    'activity-added-and-removed': [
        source('activities:\n', 'activities:\n      - {id: x, name: Dig, who: {carrier: RA}}\n', 'network.raci.yml'),
        source('      - {id: x, name: Dig, who: {carrier: RA}}\n', '', 'network.raci.yml'),
    ],
    'activity-renamed': [
        source('id: tickets', 'id: calls'),
        document('guide', 'hosting.tickets', 'hosting.calls'),
    ],
    'section-moved-to-the-end': [
        lambda project: project.write(
            {'sources/hosting.raci.yaml': re.sub(r'(?s)(  - title: Start.*?)(  - title: Running.*)', r'\2\1', HOSTING)}
        )
    ],
    'source-added-with-its-page': [
        both(write('sources/web.raci.yaml', WEB), write('web.rst', WEB_PAGE), WITH_WEB),
        both(remove('sources/web.raci.yaml', 'web.rst'), document('index', '   web\n', '')),
    ],
    'source-added-after-its-page': [both(write('web.rst', WEB_PAGE), WITH_WEB), write('sources/web.raci.yaml', WEB)],
    'source-added-before-its-page': [write('sources/web.raci.yaml', WEB), both(write('web.rst', WEB_PAGE), WITH_WEB)],
    'source-removed-and-back': [remove('sources/network.raci.yml'), write('sources/network.raci.yml', NETWORK)],
    'source-nobody-shows-removed': [remove('sources/hidden.raci.yaml')],
    'source-renamed-and-its-id': [
        rename('sources/hosting.raci.yaml', 'sources/cloud.raci.yaml'),
        both(*(document(name, ':: hosting', ':: cloud') for name in ('hosting', 'start', 'running', 'sheet'))),
    ],
    'source-renamed-but-not-its-id': [
        source('raci: 1\n', 'raci: 1\nid: hosting\n'),
        rename('sources/hosting.raci.yaml', 'sources/cloud.raci.yaml'),
    ],
    'source-shown-by-path-renamed': [
        rename('sources/post.raci.json', 'sources/letters.raci.json'),
        both(document('mail', 'post.raci', 'letters.raci'), document('sheet', ':: post', ':: letters')),
    ],
    'source-of-another-format': [
        both(remove('sources/network.raci.yml'), write('sources/network.raci.yaml', NETWORK)),
    ],
    'id-changed': [
        source('raci: 1\n', 'raci: 1\nid: wires\n', 'network.raci.yml'),
        both(document('network', ':: network', ':: wires'), document('guide', 'network.cable', 'wires.cable')),
    ],
    'id-used-twice-and-mended': [
        write('sources/again.raci.yaml', HIDDEN.replace('raci: 1', 'raci: 1\nid: network')),
        source('id: network', 'id: again', 'again.raci.yaml'),
    ],
    'source-broken-and-mended': [
        write('sources/hosting.raci.yaml', 'raci: [1\n'),
        write('sources/hosting.raci.yaml', HOSTING),
    ],
    'row-broken-and-mended': [
        source('who: {provider: RA}', 'who: {provider: XY}'),
        source('who: {provider: XY}', 'who: {provider: RA}'),
    ],
    'source-that-is-no-text': [
        lambda project: project.write({'sources/network.raci.yml': b'\xff\xfe\x00'}),
        write('sources/network.raci.yml', NETWORK),
    ],
    'party-added-and-removed': [
        both(
            source('  carrier: Carrier', '  carrier: Carrier\n  digger: Digger', 'network.raci.yml'),
            source('carrier: R}', 'carrier: R, digger: I}', 'network.raci.yml'),
        ),
        write('sources/network.raci.yml', NETWORK),
    ],
    'party-removed-with-its-part': [
        both(
            source('\n  carrier: Carrier', '', 'network.raci.yml'),
            source(', carrier: R', '', 'network.raci.yml'),
            remove('sources/hidden.raci.yaml'),
        )
    ],
    'party-renamed': [
        both(
            source('carrier: Carrier', 'carrier: Telephone company', 'network.raci.yml'),
            source('carrier: Carrier', 'carrier: Telephone company', 'hidden.raci.yaml'),
        )
    ],
    'party-named-differently-and-mended': [
        source('carrier: Carrier', 'carrier: Telephone company', 'network.raci.yml'),
        source('carrier: Carrier', 'carrier: Telephone company', 'hidden.raci.yaml'),
    ],
    'id-of-a-party': [
        both(
            source('carrier', 'telco', 'network.raci.yml'),
            source('carrier', 'telco', 'hidden.raci.yaml'),
        )
    ],
    'description-of-a-party': [source('Runs the machines', 'Runs it all')],
    'parties-in-another-order': [
        source('provider: Provider\n  carrier: Carrier', 'carrier: Carrier\n  provider: Provider', 'network.raci.yml')
    ],
    'config-renames-parties': [
        configure(raci_parties={**CONFIG['raci_parties'], 'customer': 'Client', 'carrier': 'X'})
    ],
    'config-drops-a-party': [configure(raci_parties={'customer': 'Customer', 'auditor': 'Auditor'})],
    'config-adds-a-party': [configure(raci_parties={**CONFIG['raci_parties'], 'buyer': {'name': 'Buyer'}})],
    'config-of-the-rules': [
        REVIEW,
        configure(raci_rules={**SILENT, 'same-party-does-and-answers': True}),
        configure(raci_rules=SILENT),
    ],
    'config-of-the-schemes': [
        configure(raci_schemes={'raci': {'extends': 'raci', 'letters': {'A': 'Answerable'}}}),
        configure(raci_schemes={'raci': {'extends': 'rasci', 'letters': {'A': {'per-activity': '0..*'}}}}),
    ],
    'waiver-added-changed-and-removed': [
        REVIEW,
        source('tags: [support]', 'tags: [support]\n            waive: {same-party-does-and-answers: A small team}'),
        source('A small team', 'A very small team'),
        write('sources/hosting.raci.yaml', HOSTING),
    ],
    'waiver-of-a-section-moves-to-the-matrix': [
        source('id: running\n', 'id: running\n    waive: {same-party-does-and-answers: A small team}\n'),
        both(
            source('    waive: {same-party-does-and-answers: A small team}\n', ''),
            source('title: Hosting\n', 'title: Hosting\nwaive: {same-party-does-and-answers: A small team}\n'),
        ),
    ],
    'config-of-the-legend': [configure(raci_legend=False)],
    'config-of-the-downloads': [
        configure(raci_downloads=['json']),
        configure(raci_downloads=[]),
        configure(raci_downloads=['csv']),
    ],
    'config-of-the-json': [configure(raci_json='who.json'), configure(raci_json=''), configure()],
    'config-of-the-sources': [configure(raci_sources=['sources/h*.raci.yaml', 'sources/backup*', 'sources/*.json'])],
    'config-moves-party-pages': [configure(raci_party_pages='who/does-what')],
    'config-without-party-pages': [
        both(configure(raci_party_pages=''), document('overview', '   :toctree:\n', '')),
    ],
    'template-added-changed-and-removed': [
        write('_templates/raci/party.rst', STUB),
        write('_templates/raci/party.rst', STUB.replace('letter', 'matrix') + '\nAsk us.\n'),
        remove('_templates/raci/party.rst'),
    ],
    'directive-moved': [move_the_network],
    'directive-removed-and-back': [
        write('network.rst', 'Network page\n============\n'),
        write('network.rst', DOCUMENTS['network.rst']),
    ],
    'directive-twice-and-mended': [
        document('plain', 'Nothing', '.. raci:: network\n\nNothing'),
        document('plain', '.. raci:: network', '.. raci:: network\n   :no-index:'),
    ],
    'shown-by-whom-it-was-only-referred-to': [
        document('guide', 'Guide\n=====\n', 'Guide\n=====\n\n.. raci:: hidden\n')
    ],
    'options-changed': [
        document('start', ':section: Start', ':section: running'),
        document('start', 'running', 'gone'),
    ],
    'download-of-one-document-added-changed-and-removed': [
        document('start', ':section: Start', ':section: Start\n   :download: csv'),
        document('start', ':download: csv', ':download: none'),
        both(
            document('start', '   :download: none\n', ''),
            document('hosting', ':: hosting', ':: hosting\n   :download: none'),
            document('sheet', ':layout: table', ':layout: table\n   :download: none'),
        ),
    ],
    'no-index-taken-to-the-other-document': [
        both(
            document('hosting', ':: hosting', ':: hosting\n   :no-index:'),
            document('sheet', ':layout: table\n   :no-index:', ':layout: table'),
        )
    ],
    'document-removed': [both(remove('network.rst'), document('index', '   network\n', ''))],
    'document-renamed': [both(rename('hosting.rst', 'cloud.rst'), document('index', '   hosting\n', '   cloud\n'))],
    'document-before-another-in-the-alphabet': [
        both(
            write('a.rst', 'A\n=\n\n.. raci:: backup\n   :section: after\n\n.. raci:: hidden\n'),
            document('index', '   hosting\n', '   a\n   hosting\n'),
        )
    ],
    'party-page-made-ones-own-and-given-back': [
        write('parties/customer.rst', 'Us\n==\n\n.. raci:party:: customer\n   :letters: R\n'),
        remove('parties/customer.rst'),
    ],
    'folder-of-party-pages-blocked-and-free': [
        both(write('who', 'A file.'), configure(raci_party_pages='who')),
        remove('who'),
        both(block('who'), write('sources/web.raci.yaml', WEB)),
        remove('who'),
    ],
    'folder-of-pages-about-matrices-blocked-and-free': [
        configure(raci_party_rows=1),
        block('parties/customer'),
        remove('parties/customer'),
    ],
    'stylesheet-of-ones-own-added-changed-and-removed': [
        both(write('_static/own.css', ''), configure(html_static_path=['_static'])),
        write('_static/raci.css', '.raci-table { color: red }'),
        write('_static/raci.css', '.raci-table { color: blue }'),
        remove('_static/raci.css'),
    ],
    'stylesheet-of-ones-own-as-a-file-changed': [
        both(write('own/raci.css', '.raci-table { color: red }'), configure(html_static_path=['own/raci.css'])),
        write('own/raci.css', '.raci-table { color: blue }'),
    ],
    'all-sources-broken-so-that-the-index-is-empty-and-mended': [
        both(*(write(name, 'raci: [1\n') for name in SOURCES)),
        both(*(write(name, text) for name, text in SOURCES.items())),
    ],
    'everything-removed': [
        both(
            remove(*SOURCES),
            *(write(f'{name}.rst', 'A title\n=======\n') for name in (*SHOWING, 'guide', 'overview')),
            configure(raci_parties={}),
        )
    ],
    'overview-without-contents': [document('overview', '   :toctree:\n', '')],
}


@pytest.mark.parametrize('name', CHANGES)
def test_html_is_that_of_a_clean_build_after_a_change(name: str, built: Project) -> None:
    for step in CHANGES[name]:
        step(built)
        result = built.build()
        assert_as_clean(built, 'html', result)

    again = built.build()
    assert (again.read, again.written) == ([], [])


@pytest.mark.parametrize('builder', ['latex', 'text'])
def test_other_output_is_that_of_a_clean_build_after_changes_one_after_the_other(builder: str, built: Project) -> None:
    built.build(builder)

    for name in (
        'wording',
        'wording-of-markup',
        'party-renamed',
        'directive-moved',
        'source-added-with-its-page',
        'id-used-twice-and-mended',
        'document-renamed',
    ):
        for step in CHANGES[name]:
            step(built)
        assert_as_clean(built, builder, built.build(builder))


def test_stubs_stay_as_they_are_while_their_template_is_broken(built: Project) -> None:
    before = Tree.of(built.folder / 'parties')
    built.write({'_templates/raci/party.rst': '{{ title'})

    broken = built.build()

    assert [line for line in broken.warnings if '[raci.page]' in line] == [broken.warnings[0]]
    assert Tree.of(built.folder / 'parties') == before
    built.write({'_templates/raci/party.rst': STUB})
    assert_as_clean(built, 'html', built.build())


# -- parallel builds ---------------------------------------------------------------------------------------------------


several_processes = pytest.mark.filterwarnings('ignore:.*use of fork:DeprecationWarning')
"""Sphinx forks, and Python warns of that where the process that runs the tests has threads."""


@several_processes
def test_four_processes_give_the_same_bytes_as_one(built: Project) -> None:
    _copy, one = clean_build(built, 'html')
    expected = Tree.of(one.out)

    copy, four = clean_build(built, 'html', parallel=4)

    assert four.read == ALL
    assert Tree.of(four.out).differences(expected) == []
    assert Tree.of(copy.folder).differences(Tree.of(built.folder)) == []
    assert sorted(four.warnings) == sorted(one.warnings)


@several_processes
def test_what_four_processes_have_read_is_known_to_the_next_build(built: Project) -> None:
    assert built.build(parallel=4, fresh=True).read == ALL
    for name in ('wording', 'directive-moved'):
        for step in CHANGES[name]:
            step(built)

    again = built.build()

    assert again.read == ['hosting', 'network', 'parties/customer', 'parties/provider', 'plain', 'running', 'sheet']
    assert_as_clean(built, 'html', again)


@several_processes
def test_four_processes_after_a_change_give_the_same_bytes_as_a_clean_build(built: Project) -> None:
    for name in ('letters', 'directive-moved', 'party-renamed'):
        for step in CHANGES[name]:
            step(built)

    result = built.build(parallel=4)

    assert len(result.read) > 5, 'or Sphinx would use one process'
    assert_as_clean(built, 'html', result)

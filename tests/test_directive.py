"""``.. raci::``: what it shows, and how its options change that."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from conftest import Project, Result
from pages import Element, page, parse, parse_whole

SERVICE = """\
raci: 1
title: Backup service
intro: |
  Said of all of it,
  in two lines.

  And in a second paragraph.
revision: 1.10
parties:
  customer: Customer
  provider: {name: Provider, description: Runs the machines}
  auditor: Auditor
activities:
  - {id: contract, name: Sign the contract, who: {customer: RA, provider: C}}
sections:
  - title: Before
    intro: Said of the first section.
    activities:
      - {id: order, name: Place the order, who: {customer: AR, provider: i}, tags: [sales]}
    sections:
      - title: Details
        activities:
          - {id: region, name: Choose a region, who: {customer: r/a, provider: N/A, auditor: I}}
  - title: In use
    id: use
    sections:
      - title: Incidents
        id: incidents
        activities:
          - id: tickets
            name: Answer tickets
            who:
              customer: {letters: C, note: says what is broken}
              provider: {letters: RA, note: answers and mends}
            note: Around the clock.
            links:
              - {text: Service hours, url: "https://example.org/hours"}
              - {text: Ticket system, url: "https://example.org/tickets"}
            tags: [support, night]
            formerly: [mail]
          - {id: alarms, name: Watch the alarms, who: {provider: RA}, tags: [night]}
      - title: Details
        activities:
          - {id: restore, name: Restore a file, who: {customer: A, provider: R}, tags: [support]}
"""

HEAD = ['Activity', 'Customer', 'Provider', 'Auditor']
CONTRACT = ['Sign the contract', 'RA', 'C', '']
ORDER = ['Place the order Tags: sales', 'RA', 'I', '']
REGION = ['Choose a region', 'RA', '', 'I']
TICKETS = [
    'Answer tickets Around the clock. Customer: says what is broken Provider: answers and mends '
    'Service hours, Ticket system Tags: support, night',
    'C',
    'RA',
    '',
]
ALARMS = ['Watch the alarms Tags: night', '', 'RA', '']
RESTORE = ['Restore a file Tags: support', 'A', 'R', '']

VARIANTS = {
    'sections': ':layout: sections',
    'table': ':layout: table',
    'section-by-id': ':section: incidents',
    'section-by-title': ':section: Incidents',
    'section-by-title-in-capitals': ':section: INCIDENTS',
    'section-by-path': ':section: In use > Details',
    'section-by-path-with-spaces': ':section:   in use   >details',
    'section-with-sections': ':section: use',
    'section-as-table': ':section: Before\n   :layout: table',
    'parties': ':parties: auditor, customer',
    'one-party': ':parties: customer',
    'tags': ':tags: support',
    'two-tags': ':tags: sales, night',
    'tags-as-table': ':tags: night\n   :layout: table',
    'tags-of-a-section': ':tags: night\n   :section: use',
    'caption': ':caption: Who *backs up* what',
    'caption-of-a-table': ':caption: Who *backs up* what\n   :layout: table',
    'numbered': ':numbered:',
    'numbered-table': ':numbered:\n   :layout: table',
    'numbered-section': ':numbered:\n   :section: incidents',
    'numbered-section-with-sections': ':numbered:\n   :section: In use',
    'numbered-section-as-table': ':numbered:\n   :section: In use > Details\n   :layout: table',
    'numbered-tags': ':numbered:\n   :tags: night',
    'legend': ':legend:',
    'no-legend': ':no-legend:',
    'class': ':class: wide striped',
    'all-at-once': (
        ':section: use\n   :parties: provider, customer\n   :tags: support\n   :numbered:\n   :no-legend:\n'
        '   :layout: table\n   :class: wide\n   :caption: All'
    ),
}


def document(title: str, body: str) -> str:
    return f'{title}\n{"=" * len(title)}\n\n{body}\n'


@pytest.fixture(scope='module')
def site(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A site with a page for each variant; ``index`` alone owns the anchors."""
    folder = tmp_path_factory.mktemp('directive') / 'docs'
    folder.mkdir()
    project = Project(folder).write({'service.raci.yaml': SERVICE})
    for name, options in VARIANTS.items():
        project.write({f'{name}.rst': document(name, f'.. raci:: service\n   :no-index:\n   {options}\n')})
    toctree = '.. toctree::\n   :glob:\n\n   *\n'
    project.write({'index.rst': document('Index', '.. raci:: service\n') + toctree})
    result = project.build()
    assert result.warnings == []
    return result


@pytest.fixture(scope='module')
def shown(site: Result) -> Callable[[str], Element]:
    """The page of a variant."""
    return lambda name: page(site.out, name)


Shown = Callable[[str], Element]


def texts(element: Element) -> list[str]:
    """The paragraphs of a page that stand in no table."""
    inside = {id(paragraph) for table in element.all('table') for paragraph in table.all('p')}
    return [paragraph.text for paragraph in element.all('p') if id(paragraph) not in inside]


# -- the whole, in both layouts ----------------------------------------------------------------------------------------


def test_a_matrix_is_shown_with_its_sections_as_sections_of_the_document(shown: Shown) -> None:
    assert shown('index').headings == [
        ('h1', 'Index'),
        ('h2', 'Before'),
        ('h3', 'Details'),
        ('h2', 'In use'),
        ('h3', 'Incidents'),
        ('h3', 'Details'),
    ]


def test_each_section_has_a_table_of_its_own_with_the_letters_in_the_order_of_the_scheme(shown: Shown) -> None:
    assert shown('index').tables == [
        [HEAD, CONTRACT],
        [HEAD, ORDER],
        [HEAD, REGION],
        [HEAD, TICKETS, ALARMS],
        [HEAD, RESTORE],
    ]


def test_sections_are_the_layout_by_default(shown: Shown) -> None:
    assert shown('sections').tables == shown('index').tables
    assert shown('sections').headings[1:] == shown('index').headings[1:]


def test_all_tables_of_a_matrix_have_the_same_column_widths(shown: Shown) -> None:
    widths = [
        [column.attributes['style'] for column in table.all('col')]
        for table in shown('index').all('table', cls='raci-table')
    ]

    assert len(widths) == 5
    assert len({tuple(columns) for columns in widths}) == 1
    [first, *others] = [float(re.sub('[^0-9.]', '', style)) for style in widths[0]]
    assert sum([first, *others]) == pytest.approx(100)
    assert first > max(others)
    assert len(set(others)) == 1


def test_sections_are_in_the_contents_of_the_page(site: Result) -> None:
    sidebars = parse_whole(site.text('index.html')).all('div', cls='sphinxsidebarwrapper')

    links = [text for text, address in sidebars[0].all('ul')[0].links if address.startswith('#')]
    assert links == ['Index', 'Before', 'Details', 'In use', 'Incidents', 'Details']


def test_intro_revision_and_legend_stand_before_the_tables(shown: Shown) -> None:
    assert texts(shown('index'))[:8] == [
        'Said of all of it, in two lines.',
        'And in a second paragraph.',
        'Revision 1.10',
        'R Responsible: carries out the activity',
        'A Accountable: answers for its success and has the last word',
        'C Consulted: is asked before it is done',
        'I Informed: is told of the result',
        'Said of the first section.',
    ]


def test_the_intro_of_a_section_stands_under_its_title(shown: Shown) -> None:
    [section] = [section for section in shown('index').all('section') if section.headings[0] == ('h2', 'Before')]

    assert texts(section) == ['Said of the first section.']


def test_in_the_layout_of_one_table_section_titles_are_rows_that_span_it(shown: Shown) -> None:
    assert shown('table').headings == [('h1', 'table')]
    assert shown('table').tables == [
        [
            HEAD,
            CONTRACT,
            ['Before Said of the first section.'],
            ORDER,
            ['Details'],
            REGION,
            ['In use'],
            ['Incidents'],
            TICKETS,
            ALARMS,
            ['Details'],
            RESTORE,
        ]
    ]
    spanning = [row.all('th', 'td') for row in shown('table').all('tr') if len(row.all('th', 'td')) == 1]
    assert [(cell.tag, cell.attributes['colspan'], cell.attributes['scope']) for [cell] in spanning] == [
        ('th', '4', 'rowgroup')
    ] * 5


@pytest.mark.parametrize('name', ['index', 'table'])
def test_heads_of_columns_and_rows_are_header_cells_that_say_what_they_head(shown: Shown, name: str) -> None:
    for table in shown(name).all('table', cls='raci-table'):
        [head] = table.all('thead')
        assert [(cell.tag, cell.attributes['scope']) for cell in head.all('th', 'td')] == [('th', 'col')] * 4
        for row in table.all('tbody')[0].all('tr'):
            [first, *rest] = row.all('th', 'td')
            assert first.tag == 'th'
            assert first.attributes['scope'] == ('row' if rest else 'rowgroup')
            assert {cell.tag for cell in rest} <= {'td'}


def test_letters_explain_themselves(shown: Shown) -> None:
    [row] = [row for row in shown('index').all('tr') if 'raci-service.tickets' in row.ids]

    assert [(letter.text, letter.attributes['title']) for letter in row.all('abbr')] == [
        ('C', 'Consulted'),
        ('R', 'Responsible'),
        ('A', 'Accountable'),
    ]


def test_a_row_shows_notes_links_and_tags_each_on_a_line_of_its_own(shown: Shown) -> None:
    cell = shown('index').part('raci-service.tickets')

    assert [paragraph.text for paragraph in cell.all('p')] == [
        'Around the clock.',
        'Customer: says what is broken',
        'Provider: answers and mends',
        'Service hours, Ticket system',
        'Tags: support, night',
    ]
    assert cell.links == [
        ('Service hours', 'https://example.org/hours'),
        ('Ticket system', 'https://example.org/tickets'),
    ]
    assert [tag.text for tag in cell.all('span', cls='raci-tag')] == ['support', 'night']


def test_activities_and_sections_with_an_id_have_anchors(shown: Shown) -> None:
    ids = shown('index').ids

    assert {anchor for anchor in ids if anchor.startswith('raci-')} == {
        'raci-service',
        'raci-service.contract',
        'raci-service.order',
        'raci-service.region',
        'raci-service.use',
        'raci-service.incidents',
        'raci-service.tickets',
        'raci-service.mail',
        'raci-service.alarms',
        'raci-service.restore',
    }
    assert len(ids) == len(set(ids))


def test_each_activity_has_a_permalink(shown: Shown) -> None:
    for cell in shown('index').all('th'):
        if cell.attributes['scope'] == 'row':
            [permalink] = cell.all('a', cls='headerlink')
            assert permalink.attributes['href'].removeprefix('#') in cell.ids


@pytest.mark.parametrize('name', VARIANTS)
def test_without_index_nothing_has_an_anchor_or_a_permalink(shown: Shown, name: str) -> None:
    assert [anchor for anchor in shown(name).ids if anchor.startswith('raci-')] == []
    assert [link for cell in shown(name).all('th') for link in cell.all('a', cls='headerlink')] == []


def test_nothing_is_read_or_written_when_nothing_has_changed(hosting: Project) -> None:
    hosting.build()

    again = hosting.build()

    assert (again.read, again.written) == ([], [])


# -- a part of it ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize('name', ['section-by-id', 'section-by-title', 'section-by-title-in-capitals'])
def test_a_section_is_chosen_by_its_id_or_its_title(shown: Shown, name: str) -> None:
    assert shown(name).headings[1:] == [('h2', 'Incidents')]
    assert shown(name).tables == [[HEAD, TICKETS, ALARMS]]
    assert 'Said of all of it, in two lines.' not in texts(shown(name))


@pytest.mark.parametrize('name', ['section-by-path', 'section-by-path-with-spaces'])
def test_a_section_is_chosen_by_the_path_of_its_titles(shown: Shown, name: str) -> None:
    assert shown(name).headings[1:] == [('h2', 'Details')]
    assert shown(name).tables == [[HEAD, RESTORE]]


def test_a_section_brings_the_sections_in_it(shown: Shown) -> None:
    assert shown('section-with-sections').headings[1:] == [('h2', 'In use'), ('h3', 'Incidents'), ('h3', 'Details')]
    assert shown('section-with-sections').tables == [[HEAD, TICKETS, ALARMS], [HEAD, RESTORE]]


def test_a_section_can_be_a_table(shown: Shown) -> None:
    assert shown('section-as-table').tables == [
        [HEAD, ['Before Said of the first section.'], ORDER, ['Details'], REGION]
    ]


def test_parties_are_shown_in_the_order_of_the_option(shown: Shown) -> None:
    head = ['Activity', 'Auditor', 'Customer']
    assert shown('parties').tables[:3] == [
        [head, ['Sign the contract', '', 'RA']],
        [head, ['Place the order Tags: sales', '', 'RA']],
        [head, ['Choose a region', 'I', 'RA']],
    ]


def test_notes_of_parties_that_are_not_shown_are_left_out(shown: Shown) -> None:
    [tickets, *_] = shown('one-party').tables[3][1]

    assert 'Customer: says what is broken' in tickets
    assert 'answers and mends' not in tickets
    assert 'Around the clock.' in tickets


def test_tags_choose_the_activities_that_have_one_of_them(shown: Shown) -> None:
    assert shown('tags').headings[1:] == [('h2', 'In use'), ('h3', 'Incidents'), ('h3', 'Details')]
    assert shown('tags').tables == [[HEAD, TICKETS], [HEAD, RESTORE]]
    assert shown('two-tags').headings[1:] == [('h2', 'Before'), ('h2', 'In use'), ('h3', 'Incidents')]
    assert shown('two-tags').tables == [[HEAD, ORDER], [HEAD, TICKETS, ALARMS]]
    assert shown('tags-as-table').tables == [[HEAD, ['In use'], ['Incidents'], TICKETS, ALARMS]]
    assert shown('tags-of-a-section').tables == [[HEAD, TICKETS, ALARMS]]


# -- titles and captions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize('name', ['caption', 'caption-of-a-table'])
def test_the_first_table_has_the_caption(shown: Shown, name: str) -> None:
    [first, *others] = shown(name).all('table', cls='raci-table')

    [caption] = first.all('caption')
    assert caption.text == 'Who backs up what'
    assert [emphasis.text for emphasis in caption.all('em')] == ['backs up']
    assert [caption.text for table in others for caption in table.all('caption') if not caption.classes] == []


def test_numbers_are_computed_from_the_order(shown: Shown) -> None:
    assert shown('numbered').headings[1:] == [
        ('h2', '1 Before'),
        ('h3', '1.1 Details'),
        ('h2', '2 In use'),
        ('h3', '2.1 Incidents'),
        ('h3', '2.2 Details'),
    ]
    rows = [cells[0] for cells in shown('numbered-table').tables[0] if len(cells) == 1]
    assert rows == ['1 Before Said of the first section.', '1.1 Details', '2 In use', '2.1 Incidents', '2.2 Details']


def test_a_section_that_is_shown_alone_keeps_its_number(shown: Shown) -> None:
    assert shown('numbered-section').headings[1:] == [('h2', '2.1 Incidents')]
    assert shown('numbered-section-with-sections').headings[1:] == [
        ('h2', '2 In use'),
        ('h3', '2.1 Incidents'),
        ('h3', '2.2 Details'),
    ]
    assert shown('numbered-section-as-table').tables == [[HEAD, ['2.2 Details'], RESTORE]]


def test_a_section_keeps_its_number_where_those_before_it_have_none_of_the_tags(shown: Shown) -> None:
    assert shown('numbered-tags').headings[1:] == [('h2', '2 In use'), ('h3', '2.1 Incidents')]


def test_links_to_sections_do_not_depend_on_numbers(project: Project) -> None:
    source = SERVICE.replace('    id: use\n', '').replace('        id: incidents\n', '')
    project.write({'service.raci.yaml': source, 'index.rst': document('Index', '.. raci:: service\n')})
    ids = page(project.build().out, 'index').ids
    project.replace('index.rst', 'service\n', 'service\n   :numbered:\n')

    assert page(project.build().out, 'index').ids == ids


# -- legend ------------------------------------------------------------------------------------------------------------


def legend(element: Element) -> list[str]:
    """The items of the legends on a page."""
    return [item.text for found in element.all('ul', cls='raci-legend') for item in found.all('li')]


def test_the_legend_can_be_left_out(shown: Shown) -> None:
    assert len(legend(shown('index'))) == len(legend(shown('legend'))) == 4
    assert legend(shown('no-legend')) == []


def test_the_legend_can_be_left_out_everywhere_and_asked_for(project: Project) -> None:
    project.conf(raci_legend=False).write({'service.raci.yaml': SERVICE})
    for name, options in {'index': '', 'legend': '   :legend:\n', 'no-legend': '   :no-legend:\n'}.items():
        body = f'.. raci:: service\n   :no-index:\n{options}'
        project.write({f'{name}.rst': ':orphan:\n\n' + document('Title', body)})

    result = project.build()

    assert {name: len(legend(page(result.out, name))) for name in ('index', 'legend', 'no-legend')} == {
        'index': 0,
        'legend': 4,
        'no-legend': 0,
    }


# -- classes and names -------------------------------------------------------------------------------------------------


def test_classes_are_given_to_every_table(shown: Shown) -> None:
    tables = shown('class').all('table', cls='raci-table')

    assert len(tables) == 5
    assert all({'wide', 'striped'} <= set(table.classes) for table in tables)


def test_options_go_together(shown: Shown) -> None:
    assert shown('all-at-once').tables == [
        [
            ['Activity', 'Provider', 'Customer'],
            ['2 In use'],
            ['2.1 Incidents'],
            [
                'Answer tickets Around the clock. Provider: answers and mends Customer: says what is broken '
                'Service hours, Ticket system Tags: support, night',
                'RA',
                'C',
            ],
            ['2.2 Details'],
            ['Restore a file Tags: support', 'R', 'A'],
        ]
    ]
    assert legend(shown('all-at-once')) == []
    [table] = shown('all-at-once').all('table', cls='wide')
    assert [caption.text for caption in table.all('caption')] == ['All']


@pytest.mark.parametrize('builder', ['html', 'latex', 'text', 'man'])
def test_of_a_matrix_without_rows_nothing_may_be_left(project: Project, builder: str) -> None:
    project.conf(raci_legend=False)
    empty = 'raci: 1\ntitle: Empty\nparties: {us: Us}\nsections: []\n'
    body = '.. raci:: empty\n\n.. only:: not never\n\n   .. raci:: empty\n      :no-index:\n'
    project.write({'empty.raci.yaml': empty, 'index.rst': document('Index', body)})

    result = project.build(builder)

    assert [line for line in result.warnings if 'man_pages' not in line] == []


@pytest.mark.parametrize('builder', ['html', 'latex'])
@pytest.mark.parametrize('layout', ['sections', 'table'])
def test_a_name_makes_the_first_table_a_target(project: Project, builder: str, layout: str) -> None:
    project.conf(numfig=True)
    body = (
        f'.. raci:: service\n   :layout: {layout}\n   :name: who\n   :caption: Who does what\n\n'
        ':ref:`who` :ref:`the table <who>` :numref:`who` :numref:`No. {number}: {name} <who>` who_\n'
    )
    project.write({'service.raci.yaml': SERVICE, 'index.rst': document('Index', body)})

    result = project.build(builder)

    assert result.warnings == []
    if builder == 'html':
        element = page(result.out, 'index')
        [first, *_] = element.all('table', cls='raci-table')
        assert 'who' in first.ids
        assert [caption.text for caption in first.all('caption')] == ['Table 1 Who does what']
        links = [text for text, address in element.links if address == '#who']
        assert links == ['Who does what', 'the table', 'Table 1', 'No. 1: Who does what', 'who']
    else:
        [tex] = [path.read_text('utf-8') for path in result.out.glob('*.tex')]
        assert len(re.findall(r'\\label\{\\detokenize\{index:who\}\}', tex)) == 1
        assert len(re.findall(r'\\hyperref\[\\detokenize\{index:who\}\]', tex)) == 5


def test_a_name_without_a_caption_is_a_target_too(project: Project) -> None:
    body = '.. raci:: service\n   :name: who\n\n:ref:`the table <who>`\n'
    project.write({'service.raci.yaml': SERVICE, 'index.rst': document('Index', body)})

    result = project.build()

    assert result.warnings == []
    assert ('the table', '#who') in page(result.out, 'index').links


# -- where no section can stand ----------------------------------------------------------------------------------------

PLACES = {
    'note': '.. note::\n\n   .. raci:: service\n',
    'list': '* Item\n\n  .. raci:: service\n',
    'numbered list': '1. Item\n\n   .. raci:: service\n',
    'definition': 'Word\n   .. raci:: service\n',
    'field': ':Field:\n   .. raci:: service\n',
    'quote': 'Text\n\n   .. raci:: service\n',
    'list table': '.. list-table::\n\n   * - Cell\n     - .. raci:: service\n',
    'grid table': f'+------+{"-" * 22}+\n| Cell | .. raci:: service    |\n+------+{"-" * 22}+\n',
    'footnote': 'Text [1]_\n\n.. [1] .. raci:: service\n',
    'topic': '.. container:: box\n\n   .. raci:: service\n',
    'sidebar': '.. sidebar:: Aside\n\n   .. raci:: service\n',
    'nested': '* .. note::\n\n     * .. raci:: service\n',
}


@pytest.mark.parametrize('place', PLACES)
def test_where_no_section_can_stand_titles_are_rubrics(project: Project, place: str) -> None:
    body = f'{PLACES[place]}\nAfter.\n\nNext\n----\n\nText.\n'
    project.write({'service.raci.yaml': SERVICE, 'index.rst': document('Index', body)})

    result = project.build()

    assert result.warnings == []
    element = page(result.out, 'index')
    assert [text for _, text in element.headings] == ['Index', 'Next']
    rubrics = [rubric.text for rubric in element.all('p', cls='rubric')]
    assert rubrics == ['Before', 'Details', 'In use', 'Incidents', 'Details']
    assert element.tables == [
        [HEAD, CONTRACT],
        [HEAD, ORDER],
        [HEAD, REGION],
        [HEAD, TICKETS, ALARMS],
        [HEAD, RESTORE],
    ]
    assert {'raci-service.tickets', 'raci-service.use', 'raci-service'} <= set(element.ids)
    assert len(element.ids) == len(set(element.ids))


# A table within a table is more than Sphinx's own writers for text and manual pages can do, whosever it is.
TABLES = ('list table', 'grid table')
SUFFIXES = {'.tex', '.txt', '.1', '.texi', '.xml'}


@pytest.mark.parametrize('builder', ['latex', 'text', 'man', 'texinfo', 'xml'])
def test_other_builders_write_a_matrix_in_any_place(project: Project, builder: str) -> None:
    places = [place for place in PLACES if place not in TABLES or builder not in {'text', 'man'}]
    project.conf(latex_domain_indices=False, texinfo_domain_indices=False)
    project.write({'service.raci.yaml': SERVICE})
    project.write({f'p{index}.rst': document('Title', PLACES[place]) for index, place in enumerate(places)})
    project.write({'index.rst': document('Index', '.. toctree::\n   :glob:\n\n   p*\n')})

    result = project.build(builder)

    assert [line for line in result.warnings if '[raci.duplicate]' not in line] == []
    written = ''.join(path.read_text('utf-8') for path in result.out.rglob('*') if path.suffix in SUFFIXES)
    assert written.count('Watch the alarms') == len(places)


def test_sections_come_back_after_a_place_that_holds_none(project: Project) -> None:
    body = f'{PLACES["list"]}\n.. raci:: service\n   :no-index:\n'
    project.write({'service.raci.yaml': SERVICE, 'index.rst': document('Index', body)})

    result = project.build()

    assert result.warnings == []
    assert [text for _, text in page(result.out, 'index').headings][1:3] == ['Before', 'Details']


def test_sections_nest_under_the_section_that_the_directive_stands_in(project: Project) -> None:
    body = 'Part\n----\n\nChapter\n~~~~~~~\n\n.. raci:: service\n\nOther\n~~~~~\n\nEnd\n---\n'
    project.write({'service.raci.yaml': SERVICE, 'index.rst': document('Index', body)})

    result = project.build()

    assert result.warnings == []
    assert page(result.out, 'index').headings == [
        ('h1', 'Index'),
        ('h2', 'Part'),
        ('h3', 'Chapter'),
        ('h4', 'Before'),
        ('h5', 'Details'),
        ('h4', 'In use'),
        ('h5', 'Incidents'),
        ('h5', 'Details'),
        ('h3', 'Other'),
        ('h2', 'End'),
    ]


# -- what cannot be shown ----------------------------------------------------------------------------------------------

UNKNOWN = {
    '.. raci:: servce': "unknown matrix 'servce'; did you mean 'service'?",
    '.. raci:: service\n   :section: Nowhere': (
        "unknown section 'Nowhere' of the matrix 'service'; known are: 'Before', 'Before > Details', 'In use', "
        "'In use > Incidents', 'In use > Details'"
    ),
    '.. raci:: service\n   :section: Details': "more than one section 'Details' of the matrix 'service'",
    '.. raci:: service\n   :section: Before > Incidents': "unknown section 'Before > Incidents'",
    '.. raci:: service\n   :parties: customer, nobody': (
        "unknown party 'nobody' of the matrix 'service'; known are: customer, provider, auditor"
    ),
    '.. raci:: other.raci.yaml': "other.raci.yaml'; known are: service",
    '.. raci:: service\n   :tags: support, nihgt': (
        "no activity of the matrix 'service' has the tag 'nihgt'; known are: night, sales, support"
    ),
}


@pytest.mark.parametrize('directive', UNKNOWN)
def test_what_is_not_there_is_said_in_a_warning_and_on_the_page(project: Project, directive: str) -> None:
    project.write({'service.raci.yaml': SERVICE})
    project.write({'index.rst': document('Index', f'.. raci:: service\n   :layout: table\n\n{directive}\n')})

    result = project.build()

    [warning] = result.warnings
    assert warning.startswith(f'{project.folder}/index.rst:7: WARNING: ')
    assert warning.endswith(' [raci.directive]')
    assert UNKNOWN[directive] in warning
    [notice] = page(result.out, 'index').all('div', cls='warning')
    assert notice.all('p')[1].text.endswith('’ cannot be shown here.')


WRONG = {
    '.. raci::': '1 argument(s) required, 0 supplied',
    '.. raci:: service\n   :layout: wide': '"wide" unknown; choose from "sections"',
    '.. raci:: service\n   :section:': 'invalid option value: (option: "section"; value: None)',
    '.. raci:: service\n   :parties: customer,,provider': 'expected names separated by commas',
    '.. raci:: service\n   :tags:': 'invalid option value: (option: "tags"; value: None)',
    '.. raci:: service\n   :numbered: 3': 'no argument is allowed; "3" supplied',
    '.. raci:: service\n   :colour: red': 'unknown option: "colour"',
    '.. raci:: service\n\n   Text.': 'no content permitted',
}


@pytest.mark.parametrize('directive', WRONG)
def test_options_that_cannot_be_are_errors_as_those_of_other_directives(project: Project, directive: str) -> None:
    project.write({'service.raci.yaml': SERVICE})
    project.write({'index.rst': document('Index', f'.. raci:: service\n   :layout: table\n\n{directive}\n')})

    result = project.build()

    text = '\n'.join(result.warnings)
    assert f'{project.folder}/index.rst:7: ERROR: ' in text
    assert WRONG[directive] in text
    assert len(page(result.out, 'index').tables) == 1


@pytest.mark.parametrize(
    ('place', 'argument'),
    [
        ('index', 'service'),
        ('index', 'sources/service.raci.yaml'),
        ('index', './sources/service.raci.yaml'),
        ('index', '/sources/service.raci.yaml'),
        ('guide/page', '../sources/service.raci.yaml'),
        ('guide/page', '/sources/service.raci.yaml'),
        ('sources/page', 'service.raci.yaml'),
        ('sources/page', 'service'),
    ],
)
def test_a_matrix_is_named_by_its_id_or_by_a_path_as_other_directives_take_it(
    project: Project, place: str, argument: str
) -> None:
    project.write({'sources/service.raci.yaml': SERVICE, 'index.rst': document('Index', '')})
    project.write({f'{place}.rst': ':orphan:\n\n' + document('Title', f'.. raci:: {argument}\n')})

    result = project.build()

    assert result.warnings == []
    assert len(page(result.out, place).tables) == 5


# -- scopes, schemes, letters ------------------------------------------------------------------------------------------

VARIED = """\
raci: 1
title: Varied
scheme:
  VS: {name: Verifies and signs, meaning: has the last word}
  R: Runs it
  Q: {name: Questioned}
parties: {us: Us, them: Them}
scopes: {bare: On bare metal, cloud: In the cloud}
activities:
  - {id: all, name: Everywhere, who: {us: RVS, them: q}}
  - {id: bare, name: Only there, who: {us: [R]}, scopes: [bare]}
  - {id: both, name: In both, who: {us: "vs, r"}, scopes: [cloud, bare]}
  - {id: none, name: In none, who: {us: R}, scopes: []}
"""


@pytest.fixture(scope='module')
def varied(tmp_path_factory: pytest.TempPathFactory) -> Element:
    """A page with scopes and a scheme of its own."""
    folder = tmp_path_factory.mktemp('varied') / 'docs'
    folder.mkdir()
    project = Project(folder).write({'varied.raci.yaml': VARIED, 'index.rst': document('Index', '.. raci:: varied\n')})
    result = project.build()
    assert result.warnings == []
    return page(result.out, 'index')


def test_scopes_are_ticked_columns_before_the_parties(varied: Element) -> None:
    assert varied.tables == [
        [
            ['Activity', 'On bare metal', 'In the cloud', 'Us', 'Them'],
            ['Everywhere', '✓', '✓', 'VS R', 'Q'],
            ['Only there', '✓', '', 'R', ''],
            ['In both', '✓', '✓', 'VS R', ''],
            ['In none', '', '', 'R', ''],
        ]
    ]


def test_a_scheme_of_its_own_has_its_own_legend(varied: Element) -> None:
    assert legend(varied) == ['VS Verifies and signs: has the last word', 'R Runs it', 'Q Questioned']
    assert [letter.attributes['title'] for letter in varied.all('table')[0].all('abbr')][:3] == [
        'Verifies and signs',
        'Runs it',
        'Questioned',
    ]


def test_letters_of_a_known_scheme_can_be_given_other_names_and_meanings(project: Project) -> None:
    letters = 'letters:\n  r: Doer\n  A: {meaning: pays}\n  C: {name: Adviser, meaning: knows}\n'
    source = (
        f'raci: 1\ntitle: M\nscheme: rasci\n{letters}parties: {{us: Us}}\nactivities: [{{name: N, who: {{us: ARS}}}}]\n'
    )
    project.write({'m.raci.yaml': source, 'index.rst': document('Index', '.. raci:: m\n')})

    result = project.build()

    assert result.warnings == []
    element = page(result.out, 'index')
    assert legend(element) == [
        'R Doer: carries out the activity',
        'A Accountable: pays',
        'S Supporting: helps to carry it out',
        'C Adviser: knows',
        'I Informed: is told of the result',
    ]
    assert [letter.attributes['title'] for letter in element.all('table')[0].all('abbr')] == [
        'Doer',
        'Accountable',
        'Supporting',
    ]


# -- markup in a source ------------------------------------------------------------------------------------------------

MARKED = """\
raci: 1
title: Marked
markup: rst
intro: |
  See :doc:`/guide`, it is *good*.

  And |release|.
parties: {us: Us}
sections:
  - title: Some *stars* stay
    intro: As ``code``, see :raci:party:`us`.
    activities:
      - id: one
        name: Read :doc:`the guide </guide>`, **all** of it
        note: Mind the :abbr:`MOTD (message of the day)`.
        who: {us: {letters: R, note: "with `a link <https://example.org>`__ and ``code`` of |release|"}}
        links: [{text: Plain *link*, url: "https://example.org/plain"}]
        tags: [plain *tag*]
      - id: two
        name: See :raci:activity:`marked.one` and :ref:`genindex`
        who: {us: A}
      - id: three
        name: H\\ :sub:`2`\\ O and \\*no stars\\*
        note: "``{{ 7*7 }}`` -- \\"quoted\\""
        who: {us: I}
"""


@pytest.fixture(scope='module')
def marked(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A site with one source shown in reStructuredText and in MyST."""
    folder = tmp_path_factory.mktemp('marked') / 'docs'
    folder.mkdir()
    project = Project(folder).conf(extensions=['sphinxcontrib_raci', 'myst_parser'], release='7.8')
    project.write(
        {
            'marked.raci.yaml': MARKED,
            'index.rst': document('Title', '.. toctree::\n\n   guide\n   in-rst\n   in-myst\n\n.. raci:party:: us\n'),
            'guide.rst': document('The guide', ''),
            'in-rst.rst': document('Title', '.. raci:: marked\n'),
            'in-myst.md': '# Title\n\n```{raci} marked\n:no-index:\n```\n',
        }
    )
    result = project.build()
    assert result.warnings == []
    return result


def test_markup_is_markup_in_names_notes_and_intros(marked: Result) -> None:
    element = page(marked.out, 'in-rst')

    assert texts(element)[:2] == ['See The guide, it is good.', 'And 7.8.']
    assert element.tables == [
        [
            ['Activity', 'Us'],
            [
                'Read the guide, all of it Mind the MOTD. Us: with a link and code of 7.8 '
                'Plain *link* Tags: plain *tag*',
                'R',
            ],
            ['See Read the guide, all of it and Index', 'A'],
            ['H2O and *no stars* {{ 7*7 }} -- "quoted"', 'I'],
        ]
    ]
    one = element.part('raci-marked.one')
    assert [strong.text for strong in one.all('strong')] == ['all']
    assert [code.text for code in one.all('code')] == ['code']
    assert one.links == [
        ('the guide', 'guide.html'),
        ('a link', 'https://example.org'),
        ('Plain *link*', 'https://example.org/plain'),
    ]
    assert element.part('raci-marked.two').links == [
        ('Read the guide, all of it', '#raci-marked.one'),
        ('Index', 'genindex.html'),
    ]
    assert [sub.text for sub in element.part('raci-marked.three').all('sub')] == ['2']


def test_titles_have_no_markup(marked: Result) -> None:
    assert page(marked.out, 'in-rst').headings == [('h1', 'Title'), ('h2', 'Some *stars* stay')]


def test_markup_means_the_same_on_a_page_in_myst(marked: Result) -> None:
    rst, myst = page(marked.out, 'in-rst'), page(marked.out, 'in-myst')

    assert myst.tables == rst.tables
    assert texts(myst) == texts(rst)
    assert myst.headings == rst.headings
    assert [text for text, _ in myst.links] == [text for text, _ in rst.links]
    kinds = ('em', 'strong', 'code', 'sub', 'abbr')
    assert [(e.tag, e.text) for e in myst.all(*kinds)] == [(e.tag, e.text) for e in rst.all(*kinds)]


BAD_MARKUP = {
    'unresolved role': (':doc:`/nowhere`', "WARNING: unknown document: '/nowhere' [ref.doc]"),
    'unresolved reference': (':raci:activity:`m.nothing`', 'm.nothing'),
    'unresolved label': (':ref:`nothing`', "undefined label: 'nothing'"),
    'unknown role': (':nosuch:`x`', 'Unknown interpreted text role "nosuch"'),
    'unclosed': ('*open', 'Inline emphasis start-string without end-string.'),
    'unclosed code': ('``open', 'Inline literal start-string without end-string.'),
}


@pytest.mark.parametrize('document_suffix', ['.rst', '.md'])
@pytest.mark.parametrize('name', BAD_MARKUP)
def test_what_is_wrong_in_markup_is_located_in_the_source(project: Project, name: str, document_suffix: str) -> None:
    markup, message = BAD_MARKUP[name]
    source = (
        'raci: 1\ntitle: M\nmarkup: rst\nparties: {us: Us}\nactivities:\n  - {name: Fine, who: {us: R}}\n'
        f'  - name: |\n      See {markup} here\n    who: {{us: R}}\n'
    )
    body = {'.rst': document('Index', '.. raci:: m\n'), '.md': '# Index\n\n```{raci} m\n```\n'}[document_suffix]
    project.conf(extensions=['sphinxcontrib_raci', 'myst_parser'], nitpicky=True)
    project.write({'m.raci.yaml': source, f'index{document_suffix}': body})

    result = project.build()

    located = [line for line in result.warnings if line.startswith(f'{project.folder}/m.raci.yaml:7: ')]
    assert any(message in line for line in located), result.warnings
    assert [line for line in result.warnings if line not in located and 'WARNING' in line] == []
    assert page(result.out, 'index').tables[0][1] == ['Fine', 'R']
    assert page(result.out, 'index').tables[0][2][1] == 'R'


def test_markup_is_text_where_the_source_does_not_turn_it_on(project: Project) -> None:
    source = 'raci: 1\ntitle: M\nparties: {us: Us}\nactivities: [{name: "*A* :doc:`/x` |y|", who: {us: R}}]\n'
    project.write({'m.raci.yaml': source, 'index.rst': document('Index', '.. raci:: m\n')})

    result = project.build()

    assert result.warnings == []
    assert page(result.out, 'index').tables[0][1] == ['*A* :doc:`/x` |y|', 'R']


# -- what else comes with a page ---------------------------------------------------------------------------------------


def test_the_texts_of_a_source_are_not_in_the_catalogues_of_pages(project: Project) -> None:
    body = 'Words of the page.\n\n.. raci:: service\n   :caption: Caption of the page\n\n.. raci:party:: customer\n'
    project.write({'service.raci.yaml': SERVICE, 'index.rst': document('Index', body)})

    result = project.build('gettext')

    messages = re.findall(r'^msgid "(.+)"$', result.text('index.pot'), re.MULTILINE)
    assert messages == ['Index', 'Words of the page.', 'Caption of the page']


def test_texts_with_markup_are_not_in_the_catalogues_of_pages_either(project: Project) -> None:
    source = MARKED.replace('/guide', '/index')
    body = '.. raci:: marked\n\n.. raci:party:: us\n\n.. raci:parties::\n\n.. raci:legend::\n'
    project.write({'marked.raci.yaml': source, 'index.rst': document('Index', body)})

    result = project.build('gettext')

    assert re.findall(r'^msgid "(.+)"$', result.text('index.pot'), re.MULTILINE) == ['Index']


@pytest.mark.parametrize('builder', ['html', 'dirhtml', 'singlehtml', 'epub'])
def test_the_stylesheet_is_loaded_on_pages_that_show_something_of_ours_and_on_no_other(
    project: Project, builder: str
) -> None:
    directives = {
        'matrix': 'raci:: service',
        'party': 'raci:party:: customer',
        'all': 'raci:parties::',
        'key': 'raci:legend::',
    }
    project.write({'service.raci.yaml': SERVICE, 'plain.rst': document('Plain', ':raci:matrix:`service`')})
    project.write({f'{name}.rst': document(name, f'.. {text}\n') for name, text in directives.items()})
    project.write({'index.rst': document('Index', '.. toctree::\n   :glob:\n\n   *\n')})
    project.conf(epub_show_urls='no', version='1')

    result = project.build(builder)

    suffix = {'dirhtml': '/index.html', 'epub': '.xhtml'}.get(builder, '.html')
    names = ['index'] if builder == 'singlehtml' else [*directives, 'plain', 'genindex', 'search', 'raci-activities']
    found = {
        name: stylesheets(result, f'{name}{suffix}') for name in names if (result.out / f'{name}{suffix}').exists()
    }
    wanted = {'index'} if builder == 'singlehtml' else set(directives)
    assert {name for name, sheets in found.items() if sheets} == wanted
    assert len(found) > 4 or builder == 'singlehtml'
    assert (result.out / '_static/raci.css').exists()


def test_a_stylesheet_of_the_same_name_takes_the_place_of_ours(hosting: Project) -> None:
    hosting.conf(html_static_path=['_static']).write({'_static/raci.css': '.raci-table { color: red }'})

    result = hosting.build()

    assert result.text('_static/raci.css') == '.raci-table { color: red }'
    assert (result.out / '_static/raci.js').exists()


def stylesheets(result: Result, name: str) -> list[str]:
    """How often a page loads our stylesheet."""
    links = parse_whole(result.text(name)).all('link')
    return [link.attributes['href'] for link in links if 'raci.css' in link.attributes['href']]


def test_a_page_gets_the_stylesheet_once_however_many_matrices_it_shows(project: Project) -> None:
    body = '.. raci:: service\n\n.. raci:: service\n   :no-index:\n\n.. raci:legend::\n'
    project.write({'service.raci.yaml': SERVICE, 'index.rst': document('Index', body)})

    assert len(stylesheets(project.build(), 'index.html')) == 1


def test_pages_are_well_formed(site: Result) -> None:
    for name in VARIANTS:
        parse(site.text(f'{name}.html'))

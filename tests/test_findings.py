"""What reviews and trials of the extension found, and must not come back."""

from __future__ import annotations

import pytest
from conftest import HOSTING, Project
from pages import Element, page, parse

OTHER = """\
raci: 1
title: Backup
parties: {customer: Customer}
activities:
  - {id: keep, name: Keep copies, who: {customer: R}}
  - {id: lost, name: Lose copies, who: {customer: X}}
"""


def notices(body: Element) -> list[str]:
    return [notice.text for notice in body.all('div', cls='warning')]


def test_party_pages_and_the_overview_say_which_sources_are_not_complete(hosting: Project) -> None:
    hosting.write(
        {
            'backup.raci.yaml': OTHER,
            'broken.raci.yaml': 'raci: [',
            'backup.rst': 'Backup\n======\n\n.. raci:: backup\n',
            'overview.rst': 'Overview\n========\n\n.. raci:parties::\n',
        }
    )

    result = hosting.build()

    lead = 'Warning This page is not complete. These sources could not be read in full:'
    both = f'{lead} Backup: 1 or more rows broken.raci.yaml: everything'
    assert notices(page(result.out, 'overview')) == [both]
    assert notices(page(result.out, 'parties/customer')) == [both]
    # The provider has no column in that matrix, but may have had one in the file that could not be read.
    assert notices(page(result.out, 'parties/provider')) == [f'{lead} broken.raci.yaml: everything']
    assert notices(page(result.out, 'hosting')) == []


@pytest.mark.parametrize('builder', ['html', 'latex', 'text'])
def test_more_parties_than_a_page_has_room_for_are_no_error(project: Project, builder: str) -> None:
    parties = ', '.join(f'p{number}' for number in range(60))
    names = ', '.join(f'p{number}: Party {number}' for number in range(60))
    project.write(
        {
            'many.raci.yaml': f'raci: 1\ntitle: M\nparties: {{{names}}}\nactivities: [{{name: a, who: {{p3: R}}}}]\n',
            'index.rst': f'Many\n====\n\n.. raci:parties::\n   :parties: {parties}\n\n.. raci:: many\n',
        }
    )

    assert project.build(builder).warnings == []


def test_a_path_shows_its_own_file_even_where_another_has_the_same_id(hosting: Project) -> None:
    hosting.write(
        {
            'hosting.raci.yml': HOSTING.replace('Place the order', 'Order by fax'),
            'other.rst': 'Other\n=====\n\n.. raci:: hosting.raci.yml\n   :no-index:\n',
        }
    )

    result = hosting.build()

    assert page(result.out, 'other').tables[0][1][0] == 'Order by fax'
    assert page(result.out, 'hosting').tables[0][1][0] == 'Place the order'
    [warning] = result.warnings
    assert "the id 'hosting' is already that of the matrix in" in warning


@pytest.mark.parametrize('markup', ['|missing|', '[MISSING]_', '[#missing]_', '`missing`_'])
def test_markup_that_is_looked_up_late_is_located_in_the_source_too(hosting: Project, markup: str) -> None:
    hosting.conf().replace('hosting.raci.yaml', 'title: Hosting\n', 'title: Hosting\nmarkup: rst\n')
    hosting.replace('hosting.raci.yaml', 'Place the order', f'"Place {markup} the order"')

    warnings = [line for line in hosting.build().warnings if 'toctree' not in line]

    assert warnings
    assert [line for line in warnings if 'hosting.raci.yaml:10:' not in line] == []


@pytest.mark.parametrize('value', [['customer'], 'customer', None])
def test_raci_parties_of_a_wrong_type_is_reported(hosting: Project, value: object) -> None:
    hosting.conf(raci_parties=value)

    assert any('raci_parties must be a dict' in line and '[raci.config]' in line for line in hosting.build().warnings)


def test_pages_of_ones_own_are_found_by_the_toctree_when_they_are_added(hosting: Project) -> None:
    hosting.conf().write(
        {
            'index.rst': 'Test\n====\n\n.. toctree::\n\n   hosting\n   overview\n',
            'overview.rst': 'Overview\n========\n\n.. raci:parties::\n   :toctree: people\n',
            'people/customer.rst': 'Customer\n========\n\n.. raci:party:: customer\n',
        }
    )
    hosting.build()
    hosting.write({'people/provider.rst': 'Provider\n========\n\n.. raci:party:: provider\n'})

    assert hosting.build().warnings == []


def test_a_choice_that_leaves_nothing_is_reported(hosting: Project) -> None:
    hosting.replace('hosting.rst', '.. raci:: hosting\n', '.. raci:: hosting\n   :section: Start\n   :tags: support\n')

    [warning] = [line for line in hosting.build().warnings if 'raci.directive' in line]

    assert "no activity of the matrix 'hosting' is in that section with those tags" in warning


@pytest.mark.parametrize('builder', ['html', 'text', 'latex'])
def test_sections_in_sections_in_sections_are_no_error(project: Project, builder: str) -> None:
    lines = ['raci: 1', 'title: Deep', 'parties: {us: Us}']
    for depth in range(12):
        lines += [f'{"  " * depth}sections:', f'{"  " * depth}- title: Level {depth}']
    lines += [f'{"  " * 12}activities: [{{id: deep, name: Down here, who: {{us: RA}}}}]']
    project.write({'deep.raci.yaml': '\n'.join(lines), 'index.rst': 'Deep\n====\n\n.. raci:: deep\n'})

    result = project.build(builder)

    assert result.warnings == []
    name = {'html': 'index.html', 'text': 'index.txt'}.get(builder) or next(result.out.glob('*.tex')).name
    assert 'Level 11' in result.text(name)
    assert 'Down here' in result.text(name)


def test_the_name_of_a_party_is_in_no_catalogue_of_a_page(hosting: Project) -> None:
    result = hosting.build('gettext')

    catalogues = '\n'.join(path.read_text('utf-8') for path in result.out.rglob('*.pot'))
    assert 'Hosting page' in catalogues
    assert 'msgid "Customer"' not in catalogues


def test_a_reference_that_leads_nowhere_names_the_nearest_one(hosting: Project) -> None:
    hosting.write({'prose.rst': 'Prose\n=====\n\nSee :raci:activity:`hosting.ordre`.\n'})

    [warning] = hosting.build().warnings

    assert "raci:activity reference target not found: hosting.ordre; did you mean 'hosting.order'?" in warning


def test_a_reference_names_none_that_differs_in_a_number(hosting: Project) -> None:
    hosting.write({'prose.rst': 'Prose\n=====\n\nSee :raci:activity:`hosting.order-2`.\n'})
    hosting.replace('hosting.raci.yaml', 'id: order', 'id: order-1')

    [warning] = hosting.build().warnings

    assert 'raci:activity reference target not found: hosting.order-2' in warning
    assert 'order-1' not in warning


def test_an_undefined_name_in_a_template_is_reported_with_its_line(hosting: Project) -> None:
    hosting.conf(raci_party_pages='parties', templates_path=['templates'])
    hosting.write({'templates/raci/party.rst': 'Line\n====\n\n{{ titel }}\n'})

    [warning] = [line for line in hosting.build().warnings if 'raci.page' in line]

    assert "templates/raci/party.rst:4: WARNING: party pages cannot be written: UndefinedError: 'titel'" in warning


def test_an_extract_says_so_and_links_to_the_whole(hosting: Project) -> None:
    hosting.replace('hosting.raci.yaml', 'title: Hosting\n', 'title: Hosting\nintro: All of it.\nrevision: 7\n')
    hosting.write({'part.rst': 'Part\n====\n\n.. raci:: hosting\n   :section: running\n   :no-index:\n'})

    body = parse(hosting.build().text('part.html'))

    assert 'Extract of Hosting, revision 7' in body.text
    assert ('Hosting', 'hosting.html#raci-hosting') in body.links
    assert 'All of it.' not in body.text


INTERNAL = 'Internal\n========\n\n.. only:: internal\n\n   .. raci:: hosting\n      :download: csv\n'


def test_what_a_condition_keeps_out_of_a_page_is_in_no_file_and_no_index_either(hosting: Project) -> None:
    hosting.write({'hosting.rst': INTERNAL, 'party.rst': 'Party\n=====\n\n.. raci:parties::\n'})

    public = hosting.build()
    assert public.warnings == []
    assert 'Place the order' not in public.text('hosting.html')
    assert not (public.out / 'raci.json').exists()
    assert not (public.out / '_downloads').exists()
    assert not (public.out / 'raci-activities.html').exists()
    assert 'hosting.html#raci-hosting' not in public.text('party.html')

    internal = hosting.build(fresh=True, tags=['internal'], out='internal')
    assert 'Place the order' in internal.text('hosting.html')
    assert 'hosting.order' in internal.text('raci.json')
    assert [path.name for path in (internal.out / '_downloads/raci').iterdir()] == ['hosting.csv']
    assert 'raci-shown' not in internal.text('hosting.html')


@pytest.mark.parametrize('builder', ['html', 'text', 'man', 'latex', 'texinfo'])
def test_sections_below_headings_of_any_level_have_titles_that_builders_can_write(
    hosting: Project, builder: str
) -> None:
    deep = 'activities: []'
    for level in range(8, 0, -1):
        activities = f'activities: [{{name: Do {level}, who: {{customer: AR}}}}]'
        inner = deep.replace('\n', '\n    ')
        deep = f'{activities}\nsections:\n  - title: Level {level}\n    {inner}'
    headings = ''.join(f'Heading {level}\n{mark * 9}\n\n' for level, mark in enumerate('=-~+'))
    hosting.write(
        {
            'hosting.raci.yaml': f'raci: 1\ntitle: Deep\nparties: {{customer: Customer}}\n{deep}\n',
            'hosting.rst': f'{headings}.. raci:: hosting\n',
        }
    )
    result = hosting.build(builder)
    assert result.warnings == []
    if builder == 'html':
        body = page(result.out, 'hosting')
        assert [heading.text for heading in body.all('h6')] == ['Level 2']
        assert body.all('h7') == []
        assert 'Level 8' in body.text


@pytest.mark.parametrize(('outer', 'inner'), [('html', 'internal'), ('internal', 'html')])
def test_conditions_within_conditions_all_count(hosting: Project, outer: str, inner: str) -> None:
    # A table has no headings: Sphinx 7.4 cannot build headings within two conditions, whoever wrote them.
    table = '      .. raci:: hosting\n         :layout: table\n'
    hosting.write({'hosting.rst': f'Internal\n========\n\n.. only:: {outer}\n\n   .. only:: {inner}\n\n{table}'})
    assert not (hosting.build().out / 'raci.json').exists()
    both = hosting.build(fresh=True, tags=['internal'], out='both')
    assert (both.out / 'raci.json').exists()


def test_the_load_by_section_of_a_matrix_without_activities_is_no_table(hosting: Project) -> None:
    hosting.write(
        {
            'empty.raci.yaml': 'raci: 1\ntitle: Empty\nparties: {customer: Customer}\nsections: [{title: Later}]\n',
            'empty.rst': 'Empty\n=====\n\n.. raci:: empty\n\n.. raci:load::\n   :by: section\n   :matrices: empty\n',
        }
    )
    result = hosting.build()
    assert result.warnings == []
    assert page(result.out, 'empty').all('table') == []


def test_a_title_that_ends_a_table_of_latex_ends_as_other_rows_do(hosting: Project) -> None:
    source = HOSTING + '  - title: Later\n    intro: Not yet.\n'
    hosting.write(
        {'hosting.raci.yaml': source, 'hosting.rst': 'Hosting\n=======\n\n.. raci:: hosting\n   :layout: table\n'}
    )
    [tex] = [path for path in hosting.build('latex').out.glob('*.tex') if 'sphinx' not in path.name]
    text = tex.read_text('utf-8')
    assert r'\racirowend' in text
    assert not any(line.startswith(r'\racirowend{}\sphinxbottomrule') for line in text.splitlines())
    assert 'Not yet.' in text


def test_a_long_line_across_all_columns_makes_no_table_of_text_wider(hosting: Project) -> None:
    source = HOSTING + f'  - title: Later\n    intro: {"Many words to be read. " * 8}\n'
    hosting.write(
        {'hosting.raci.yaml': source, 'hosting.rst': 'Hosting\n=======\n\n.. raci:: hosting\n   :layout: table\n'}
    )
    lines = hosting.build('text').text('hosting.txt').splitlines()
    assert max(map(len, lines)) <= 80


def test_long_words_of_links_are_divided_on_paper_too(hosting: Project) -> None:
    hosting.replace('hosting.raci.yaml', 'Place the order', 'Set OS_KMS_BACKEND_CONFIGURATION_TIMEOUT_SECONDS')
    [tex] = [path for path in hosting.build('latex').out.glob('*.tex') if 'sphinx' not in path.name]
    text = tex.read_text('utf-8')
    assert text.count(r'OS\_\racibreak{}KMS') == 3, 'in the matrix and on the pages of two parties'


@pytest.mark.parametrize(
    ('word', 'divided'),
    [
        ('responsibilityassignmentmatrix_responsibility', True),
        ('अन्तर्राष्ट्रीयकरणअन्तर्राष्ट्रीय', False),
        ('責任分担表' * 12, True),
    ],
)
def test_words_are_divided_between_characters_that_stand_for_themselves(word: str, divided: bool) -> None:
    from sphinxcontrib_raci import latex

    made = latex.divided(word)
    assert (len(made) > 1) == divided
    assert ''.join(node.astext() for node in made if not isinstance(node, latex.nodes.raw)) == word
    macros = {node.astext() for node in made if isinstance(node, latex.nodes.raw)}
    assert r'\racihyphen{}' not in macros or word.isascii()


def test_one_file_that_cannot_be_written_keeps_no_other_from_being_there(hosting: Project) -> None:
    long = 'x' * 252
    hosting.conf(raci_downloads=['csv'])
    hosting.write({f'{long[:100]}.raci.yaml': HOSTING.replace('raci: 1\n', f'raci: 1\nid: {long}\n')})
    hosting.write({'aaa.rst': f'A\n=\n\n.. raci:: {long}\n'})

    result = hosting.build()

    assert [path.name for path in (result.out / '_downloads/raci').iterdir()] == ['hosting.csv']
    assert len([text for text in result.warnings if 'File name too long' in text]) == 1

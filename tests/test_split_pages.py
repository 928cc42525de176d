"""A party with very many activities: an overview, a page for each matrix, and every link still in its place."""

from __future__ import annotations

import re

import pytest
from conftest import Project, Result, new
from pages import broken_links, page, resolve

KEYS = """\
raci: 1
title: Keys
parties: {customer: , provider: Provider}
activities:
  - {id: order, name: Order a key, who: {customer: RA, provider: I}}
  - {id: rotate, name: Rotate a key, who: {customer: C, provider: RA}}
  - {id: watch, name: Watch keys, who: {provider: RA}}
"""
BACKUP = """\
raci: 1
title: Backup
parties: {customer: , provider: Provider}
activities:
  - {id: choose, name: Choose what to keep, who: {customer: RA, provider: C}}
  - {id: check, name: Check copies, who: {customer: RA}}
"""
IDLE = """\
raci: 1
title: Archive
parties: {provider: Provider, customer: }
activities:
  - {id: keep, name: Keep files, who: {provider: RA}}
"""
FILES = {
    'keys.raci.yaml': KEYS,
    'backup.raci.yaml': BACKUP,
    'archive.raci.yaml': IDLE,
    'index.rst': 'Index\n=====\n\n.. raci:: keys\n\n.. raci:: backup\n\n.. raci:: archive\n\n'
    'See :raci:party:`customer`.\n\n.. raci:parties::\n   :toctree:\n',
}
CONF = {'raci_party_pages': 'parties', 'raci_parties': {'customer': 'Customer'}, 'nitpicky': True, 'raci_rules': {}}
MAIN, OF_KEYS, OF_BACKUP = 'parties/customer', 'parties/customer/keys', 'parties/customer/backup'


@pytest.fixture(scope='module')
def site(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A site on which the customer, with four activities, has more than the three that one page is to hold."""
    result = new(tmp_path_factory.mktemp('split'), FILES, **CONF, raci_party_rows=3).build()
    assert [text for text in result.warnings if 'raci.' not in text] == []
    return result


def stubs(project: Project) -> list[str]:
    folder = project.folder / 'parties'
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob('*.rst'))


def leads_to(result: Result, docname: str, text: str) -> str:
    """The document and the anchor that the first link with this text leads to."""
    [href, *_] = [href for found, href in page(result.out, docname).links if found == text]
    return '#'.join(resolve(docname, href))


def test_a_party_below_the_limit_has_one_page(project: Project) -> None:
    project.write(FILES).conf(**CONF, raci_party_rows=5).build()
    assert stubs(project) == ['customer.rst', 'provider.rst']


@pytest.mark.parametrize('most', [0, -1, 5000])
def test_no_limit_divides_no_page(project: Project, most: int) -> None:
    project.write(FILES).conf(**CONF, raci_party_rows=most).build()
    assert stubs(project) == ['customer.rst', 'provider.rst']


def test_a_party_above_it_has_an_overview_and_a_page_for_each_matrix(site: Result) -> None:
    assert page(site.out, MAIN).headings == [('h1', 'Customer')]
    assert page(site.out, MAIN).tables == [
        [['Matrix', 'Activities', 'Letters'], ['Backup', '2', 'R 2, A 2'], ['Keys', '2', 'R 1, A 1, C 1']]
    ]
    assert 'Customer has a part in 4 of the 6 activities of 3 matrices' in page(site.out, MAIN).text
    assert page(site.out, OF_KEYS).headings == [('h1', 'Customer: Keys'), ('h2', 'Keys')]
    [table] = page(site.out, OF_KEYS).tables
    assert [row[0] for row in table] == ['Activity', 'Order a key', 'Rotate a key']
    assert not (site.out / 'parties/customer/archive.html').exists()


def test_links_to_the_party_lead_to_its_overview(site: Result) -> None:
    assert leads_to(site, 'index', 'Customer') == f'{MAIN}#raci-party.customer'
    assert 'raci-party.customer' in page(site.out, MAIN).ids


def test_counts_lead_to_what_they_count(site: Result) -> None:
    for docname in ('index', MAIN):
        assert leads_to(site, docname, 'R 2, A 2') == f'{OF_BACKUP}#raci-party.customer.backup'
    assert leads_to(site, MAIN, 'Keys') == f'{OF_KEYS}#raci-party.customer.keys'
    assert broken_links(site.out) == []


def test_links_from_before_the_page_was_divided_still_find_their_place(site: Result) -> None:
    """As ``parties/customer.html#raci-party.customer.keys`` in a mail."""
    assert {'raci-party.customer.keys', 'raci-party.customer.backup'} <= set(page(site.out, MAIN).ids)


def test_the_pages_are_below_the_overview_in_the_table_of_contents(site: Result) -> None:
    text = site.text(f'{OF_KEYS}.html')
    assert re.search(r'rel="prev" title="Customer: Backup" href="backup.html"', text)


def test_letters_leads_and_notices_are_on_each_page(project: Project) -> None:
    project.write(FILES).conf(**CONF, raci_party_rows=2, raci_downloads=['csv'])
    result = project.replace(
        'keys.raci.yaml', 'provider: RA}}\n  - {id: watch', 'provider: X}}\n  - {id: watch'
    ).build()
    for docname in (MAIN, OF_KEYS):
        assert 'This page is not complete' in page(result.out, docname).text
    assert 'Download: CSV' in page(result.out, OF_BACKUP).text


def test_a_source_that_cannot_be_read_is_missing_where_all_matrices_are_and_not_on_pages_of_others(
    project: Project,
) -> None:
    project.write(FILES | {'lost.raci.yaml': 'raci: [1\n'}).conf(**CONF, raci_party_rows=2)
    result = project.build()
    assert 'lost.raci.yaml: everything' in page(result.out, MAIN).text
    assert 'not complete' not in page(result.out, OF_KEYS).text


def test_no_page_of_a_matrix_outlives_it(project: Project) -> None:
    project.write(FILES).conf(**CONF, raci_party_rows=2).build()
    assert stubs(project) == [
        *('customer.rst', 'customer/backup.rst', 'customer/keys.rst', 'provider.rst'),
        *('provider/archive.rst', 'provider/backup.rst', 'provider/keys.rst'),
    ]
    (project.folder / 'archive.raci.yaml').unlink()
    result = project.replace('index.rst', '.. raci:: archive\n\n', '').build()
    assert result.warnings == []
    assert 'provider/archive.rst' not in stubs(project)

    project.conf(**CONF).build()
    assert stubs(project) == ['customer.rst', 'provider.rst']
    assert not (project.folder / 'parties/customer').exists()


def test_pages_of_the_users_own_stay(project: Project) -> None:
    own = 'Our keys\n========\n\n.. raci:party:: customer\n   :matrices: keys\n   :by: letter\n'
    project.write(FILES | {'parties/customer/keys.rst': own}).conf(**CONF, raci_party_rows=3)
    result = project.build()
    assert (project.folder / 'parties/customer/keys.rst').read_text() == own
    assert leads_to(result, MAIN, 'Keys') == f'{OF_KEYS}#raci-party.customer.letter.r'

    project.conf(**CONF).replace(
        'index.rst', ':toctree:', ':toctree:\n\n.. toctree::\n\n   parties/customer/keys'
    ).build()
    assert stubs(project) == ['customer.rst', 'customer/keys.rst', 'provider.rst']


def test_in_markdown_too(project: Project) -> None:
    project.conf(**CONF, raci_party_rows=3, extensions=['sphinxcontrib_raci', 'myst_parser'], source_suffix=['.md'])
    index = '# Index\n\n```{raci} keys\n```\n\n```{raci} backup\n```\n\n```{raci:parties}\n:toctree:\n```\n'
    project.write({name: text for name, text in FILES.items() if 'archive' not in name and name != 'index.rst'})
    result = project.write({'index.md': index}).build()
    assert result.warnings == []
    assert leads_to(result, MAIN, 'Keys') == f'{OF_KEYS}#raci-party.customer.keys'


def test_the_option_without_such_pages_is_a_warning(project: Project) -> None:
    project.write(FILES | {'index.rst': 'Index\n=====\n\n.. raci:party:: customer\n   :toctree:\n'})
    [warning] = [
        text for text in project.conf(raci_parties=CONF['raci_parties']).build().warnings if ':toctree:' in text
    ]
    assert "index.rst:4: WARNING: there is no page of a matrix for :toctree: in 'index'" in warning


def test_in_print_the_pages_follow_the_overview(project: Project) -> None:
    result = project.write(FILES).conf(**CONF, raci_party_rows=3).build('latex')
    [tex] = [path for path in result.out.glob('*.tex') if 'sphinx' not in path.name]
    text = tex.read_text('utf-8')
    assert text.index('{Customer}') < text.index('{Customer: Backup}') < text.index('{Customer: Keys}')

"""Tables for everyone: the structure that is read aloud, the keyboard, and what axe-core finds in several themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import THEMES, ask, opened
from conftest import Project, Result, new
from pages import Element, page
from playwright.sync_api import Browser

from sphinxcontrib_raci.rules import RULES

SHOP = """\
raci: 1
title: Shop
parties: {ann: Ann, ben: Ben, cat: Cat, dan: Dan}
scopes: {big: Big shops}
sections:
  - title: Morning
    activities:
      - {id: open, name: Open the door, who: {ann: RA, ben: I}, scopes: [], tags: [keys]}
      - id: light
        name: Switch the lights on
        who: {ann: A, ben: A}
        formerly: [lamps]
        waive: {several-accountable: Each has a key}
  - title: Evening
    sections:
      - title: After work
        id: after
        activities:
          - {id: close, name: Close the door, who: {ben: RA, cat: C}, note: At six.}
"""

FILES = {
    'shop.raci.yaml': SHOP,
    'index.rst': 'Shop\n====\n\n.. toctree::\n   :glob:\n\n   *\n   parties/*\n',
    'sections.rst': 'Sections\n========\n\n.. raci:: shop\n   :no-index:\n',
    'table.rst': 'Table\n=====\n\n.. raci:: shop\n   :layout: table\n   :caption: *Who* does what\n   :no-index:\n',
    'anchors.rst': 'Anchors\n=======\n\n.. raci:: shop\n   :layout: table\n',
    'overview.rst': 'Overview\n========\n\n.. raci:parties::\n',
    'review.rst': 'Review\n======\n\n.. raci:load::\n\n.. raci:findings::\n',
}

PAGES = {
    'sections': 'sections.html',
    'table': 'table.html',
    'filtered': 'table.html?shop.party=ben&shop.letter=R',
    'overview': 'overview.html',
    'review': 'review.html',
    'party': 'parties/ben.html',
    'filtered party': 'parties/ben.html?party.ben.text=door',
    'index': 'raci-activities.html',
}


def shop(folder: Path, **conf: object) -> Project:
    rules = dict.fromkeys(RULES, False)
    return new(folder, FILES, raci_party_pages='parties', raci_downloads=['csv', 'json'], raci_rules=rules, **conf)


@pytest.fixture(scope='module')
def site(tmp_path_factory: pytest.TempPathFactory) -> Result:
    result = shop(tmp_path_factory.mktemp('shop')).build()
    assert result.warnings == []
    return result


def heard(element: Element) -> str:
    """What is read aloud of an element: what is hidden from the eye, and not what is hidden from the ear."""
    parts: list[str] = []
    for child in element.children:
        if isinstance(child, str):
            parts.append(child)
        elif child.attributes.get('aria-hidden') != 'true' and 'headerlink' not in child.classes:
            parts.append(f' {heard(child)} ')
    return ' '.join(''.join(parts).split())


class TestStructure:
    def test_a_row_is_heard_as_its_activity_and_the_part_of_each_party_in_words(self, site: Result) -> None:
        [table] = page(site.out, 'table').all('table', cls='raci-table')
        rows = [[heard(cell) for cell in row.all('th', 'td')] for row in table.all('tr')]

        assert rows[0] == ['Activity', 'Big shops', 'Ann', 'Ben', 'Cat', 'Dan']
        assert rows[2] == ['Open the door Tags: keys', '', 'Responsible Accountable', 'Informed', 'no part', 'no part']

    def test_each_title_of_a_section_heads_a_body_of_its_own(self, site: Result) -> None:
        [table] = page(site.out, 'table').all('table', cls='raci-table')

        heads = [
            [heard(cell) for cell in body.all('th') if cell.attributes['scope'] == 'rowgroup']
            for body in table.all('tbody')
        ]
        assert heads == [['Morning'], ['Evening'], ['After work']]

    def test_every_table_is_in_a_region_that_the_keyboard_reaches_and_that_has_its_name(self, site: Result) -> None:
        names = []
        for name in ('sections', 'table', 'overview', 'review', 'parties/ben'):
            for box in page(site.out, name).all('div', cls='raci-scroll'):
                assert (box.attributes['role'], box.attributes['tabindex']) == ('region', '0')
                [caption] = box.all('caption')
                [named] = [
                    e for e in [caption, *caption.all('span')] if e.attributes.get('id', '').startswith('raci.table-')
                ]
                assert box.attributes['aria-labelledby'] == named.attributes['id']
                names.append(heard(named))
        assert names == [
            *('Shop: Morning', 'Shop: After work'),
            'Who does what',
            'Letters of each party in each matrix',
            *('Load: Shop', 'Findings'),
            'Shop',
        ]

    def test_no_two_tables_of_a_page_have_the_name_at_one_id(self, site: Result) -> None:
        ids = [caption.attributes['id'] for caption in page(site.out, 'sections').all('caption')]
        assert ids == ['raci.table-1', 'raci.table-2']

    def test_no_matrix_can_have_the_id_of_the_name_of_a_table(self, tmp_path: Path) -> None:
        files = {'table-1.raci.yaml': SHOP, 'index.rst': 'Shop\n====\n\n.. raci:: table-1\n'}
        text = new(tmp_path, files, raci_rules=dict.fromkeys(RULES, False)).build().text('index.html')
        ids = re.findall(r' id="([^"]+)"', text)
        assert 'raci-table-1' in ids
        assert sorted(ids) == sorted(set(ids))

    @pytest.mark.parametrize(('builder', 'name'), [('text', 'table.txt'), ('xml', 'table.xml'), ('latex', 'test.tex')])
    def test_words_for_the_ear_are_in_no_output_for_the_eye_alone(
        self, tmp_path: Path, builder: str, name: str
    ) -> None:
        out = shop(tmp_path).build(builder).out
        [path] = list(out.glob(name)) or [next(path for path in out.glob('*.tex') if 'sphinx' not in path.name)]
        text = path.read_text('utf-8')
        # A party page may well say that somebody "has no part in any activity".
        assert text.count('no part') == text.count('no part in')


@pytest.fixture(scope='module', params=THEMES)
def themed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The site in one theme."""
    project = shop(tmp_path_factory.mktemp(request.param), raci_filter=1, project='Shop', **THEMES[request.param])
    result = project.build_apart()
    assert result.warnings == []
    return result


OURS = {'include': [['.raci-scroll'], ['.raci-legend'], ['.raci-filter'], ['.indextable'], ['.domainindex-table']]}
"""What of a page is ours; the rest is the theme's."""
THEIRS = {(theme, 'index', 'color-contrast') for theme in ('sphinx_rtd_theme', 'sphinx_immaterial')}
"""The index is written by Sphinx, in the theme's colours."""


@pytest.mark.browser
class TestInABrowser:
    @pytest.mark.parametrize('scheme', ['light', 'dark'])
    def test_axe_finds_nothing(
        self, chromium: Browser, themed: Result, scheme: str, request: pytest.FixtureRequest
    ) -> None:
        theme = request.node.callspec.params['themed']
        axe, wrong, passed = Axe(), [], []
        for name, address in PAGES.items():
            for width in (360, 1280):
                with opened(chromium, themed, address, width, color_scheme=scheme) as page:
                    if '?' in address:
                        assert page.locator('.raci-filter details').get_attribute('open') is not None
                        assert page.locator('.raci-table tr[hidden]').count() > 0
                    there = [path for path in OURS['include'] if page.locator(path[0]).count()]
                    found = axe.run(page, {'include': there}).response
                passed.append(len(found['passes']))
                wrong += [
                    (name, width, one['id'], [node['html'] for node in one['nodes']])
                    for one in found['violations']
                    if (theme, name, one['id']) not in THEIRS
                ]
        print(f'axe: {min(passed)} to {max(passed)} rules passed on each of {len(passed)} pages')

        assert wrong == []
        assert min(passed) >= 5

    def test_the_head_and_the_activity_stay_in_view(self, chromium: Browser, themed: Result) -> None:
        question = """(() => {
            const box = document.querySelector('.raci-scroll');
            box.style.cssText = 'max-height: 120px; width: 150px';
            box.scrollTo(60, 60);
            const at = box.getBoundingClientRect();
            const of = path => box.querySelector(path).getBoundingClientRect();
            return {
                scrolled: [box.scrollLeft > 0, box.scrollTop > 0],
                head: of('thead th:nth-child(2)').top - at.top,
                row: of('tbody th[scope=row]').left - at.left,
            };
        })()"""
        [answer] = ask(chromium, themed, question, {'x': ('table.html', 1280)}).values()
        assert answer['scrolled'] == [True, True]
        assert abs(answer['head']) < 3
        assert abs(answer['row']) < 8

    def test_a_row_that_an_address_leads_to_is_not_below_the_heads(self, chromium: Browser, themed: Result) -> None:
        question = """['th#raci-shop\\\\.light', '#raci-shop\\\\.lamps', 'th#raci-shop\\\\.after'].map(path => {
            const box = document.querySelector('.raci-scroll');
            box.style.maxHeight = '180px';
            box.scrollTo(0, 0);
            const row = box.querySelector(path);
            row.scrollIntoView({behavior: 'instant'});
            const head = box.querySelector('thead th').getBoundingClientRect();
            return [box.scrollTop > 0, row.getBoundingClientRect().top - head.bottom > -1];
        })"""
        [answer] = ask(chromium, themed, question, {'x': ('anchors.html', 1280)}).values()
        assert answer == [[True, True]] * 3

    def test_a_browser_tells_a_screen_reader_what_a_row_says(self, chromium: Browser, site: Result) -> None:
        with opened(chromium, site, 'table.html') as page:
            rows = page.locator('.raci-table tr').all()
            tree = '\n'.join(row.aria_snapshot() for row in rows[:3])
            region = page.locator('.raci-scroll').aria_snapshot().splitlines()[0]

        assert region == '- region "Who does what":'
        assert tree + '\n' == SNAPSHOT

    def test_a_row_that_is_a_list_on_a_phone_is_still_a_row_for_a_screen_reader(
        self, chromium: Browser, site: Result
    ) -> None:
        with opened(chromium, site, 'table.html', 360) as page:
            tree = page.locator('.raci-table tbody tr').nth(1).aria_snapshot()
        assert tree.startswith(('- row ', "- 'row "))
        assert 'rowheader "Open the door Tags: keys"' in tree
        assert 'Ben: Informed' in tree
        assert 'Cat: no part' in tree

    def test_in_forced_colours_what_shades_say_is_said_by_lines(self, chromium: Browser, site: Result) -> None:
        style = """path => {
            const {borderTopWidth, backgroundImage} = getComputedStyle(document.querySelector(path));
            return [borderTopWidth, backgroundImage];
        }"""
        with opened(chromium, site, 'anchors.html#raci-shop.light', forced_colors='active') as page:
            assert page.evaluate(style, 'tr:has(:target) > td')[0] == '2px'
        with opened(chromium, site, 'review.html', forced_colors='active') as page:
            assert 'gradient' in page.evaluate(style, '.raci-share')[1]

    def test_nothing_moves(self, site: Result) -> None:
        for name in ('raci.css', 'raci.js'):
            assert not re.search('transition|animation|smooth|requestAnimationFrame', site.text(f'_static/{name}'))


SNAPSHOT = """\
- row "Activity Big shops Ann Ben Cat Dan":
  - columnheader "Activity"
  - columnheader "Big shops"
  - columnheader "Ann":
    - link "Ann":
      - /url: parties/ann.html#raci-party.ann
  - columnheader "Ben":
    - link "Ben":
      - /url: parties/ben.html#raci-party.ben
  - columnheader "Cat":
    - link "Cat":
      - /url: parties/cat.html#raci-party.cat
  - columnheader "Dan":
    - link "Dan":
      - /url: parties/dan.html#raci-party.dan
- row "Morning":
  - rowheader "Morning"
- 'row "Open the door Tags: keys Responsible Accountable Informed no part no part"':
  - 'rowheader "Open the door Tags: keys"':
    - text: Open the door
    - paragraph: "Tags: keys"
  - cell
  - cell "Responsible Accountable"
  - cell "Informed"
  - cell "no part"
  - cell "no part"
"""
"""The head, a title of a section, and an activity."""

"""Tables for everyone: the structure that is read aloud, the keyboard, and what axe-core finds in several themes."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path

import pytest
from conftest import Project, Result, new
from pages import Element, page
from test_browser import PROGRAM, THEMES, ask

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

PAGES = ('sections', 'table', 'overview', 'review', 'parties/ben', 'raci-activities')


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
        for name in PAGES[:-1]:
            for box in page(site.out, name).all('div', cls='raci-scroll'):
                assert (box.attributes['role'], box.attributes['tabindex']) == ('region', '0')
                [caption] = box.all('caption')
                assert box.attributes['aria-labelledby'] == caption.attributes['id']
                names.append(heard(caption))
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


ASKED = {'light': (), 'dark': ('--blink-settings=preferredColorScheme=0',)}


@pytest.mark.browser
@pytest.mark.skipif(not PROGRAM, reason='needs chromium or google-chrome on the PATH')
class TestInABrowser:
    @pytest.fixture(scope='class', params=THEMES)
    def themed(self, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Result:
        result = shop(tmp_path_factory.mktemp(request.param), html_theme=request.param).build()
        spec = importlib.util.find_spec('axe_core_python')
        assert spec is not None
        assert spec.origin is not None
        shutil.copy(Path(spec.origin).with_name('axe.min.js'), result.out)
        for path in result.out.rglob('*.html'):
            text = path.read_text('utf-8')
            root = '../' * (len(path.relative_to(result.out).parts) - 1)
            run = (
                "addEventListener('load', () => axe.run({include: [['.raci-scroll'], ['.raci-legend']]})"
                '.then(found => { window.found = found; }, error => { window.found = {error: String(error)}; }))'
            )
            scripts = f'<script src="{root}axe.min.js"></script><script>{run}</script>'
            path.write_text(text.replace('</head>', f'{scripts}</head>'), 'utf-8')
        return result

    @pytest.mark.parametrize('scheme', ASKED)
    def test_axe_finds_nothing(self, themed: Result, scheme: str) -> None:
        question = """({
            error: (window.found || {error: 'no answer'}).error || null,
            passes: (window.found?.passes || []).length,
            wrong: (window.found?.violations || []).map(one => [one.id, one.nodes.map(node => node.html)]),
        })"""
        pages = {
            f'{name}@{width}': (f'{name}.html', width)
            for name in PAGES
            if name != 'raci-activities'
            for width in (360, 1280)
        }
        answers = ask(themed, question, pages, *ASKED[scheme])

        assert len(answers) == len(pages)
        assert {name: answer['error'] for name, answer in answers.items()} == dict.fromkeys(answers)
        assert {name: answer['wrong'] for name, answer in answers.items()} == {name: [] for name in answers}
        rules = [answer['passes'] for answer in answers.values()]
        print(f'axe: {min(rules)} to {max(rules)} rules passed on each of {len(pages)} pages')
        assert min(rules) > 5

    def test_the_head_and_the_activity_stay_in_view(self, themed: Result) -> None:
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
        [answer] = ask(themed, question, {'x': ('table.html', 1280)}).values()
        assert answer['scrolled'] == [True, True]
        assert abs(answer['head']) < 3
        assert abs(answer['row']) < 8

    def test_a_row_that_an_address_leads_to_is_not_below_the_heads(self, themed: Result) -> None:
        question = """['th#raci-shop\\\\.light', '#raci-shop\\\\.lamps', 'th#raci-shop\\\\.after'].map(path => {
            const box = document.querySelector('.raci-scroll');
            box.style.maxHeight = '180px';
            box.scrollTo(0, 0);
            const row = box.querySelector(path);
            row.scrollIntoView({behavior: 'instant'});
            const head = box.querySelector('thead th').getBoundingClientRect();
            return [box.scrollTop > 0, row.getBoundingClientRect().top - head.bottom > -1];
        })"""
        [answer] = ask(themed, question, {'x': ('anchors.html', 1280)}).values()
        assert answer == [[True, True]] * 3

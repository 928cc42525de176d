"""The filter above tables, and the address of a row, as somebody uses them who has a keyboard and no mouse."""

from __future__ import annotations

import re

import pytest
from browser import PHONE, opened
from conftest import Project, Result, new
from playwright.sync_api import Browser, Page

from sphinxcontrib_raci.rules import RULES

pytestmark = pytest.mark.browser

BAKERY = """\
raci: 1
title: Bakery
parties: {ann: Ann, ben: Ben, cat: Cat}
activities:
  - {id: plan, name: Plan the day, who: {ann: A, cat: C}}
sections:
  - title: Night
    id: night
    sections:
      - title: Dough
        activities:
          - {id: mix, name: Mix the dough, who: {ann: A, ben: R}, tags: [dough, early]}
          - {id: rest, name: Let it rest, who: {ben: RA}, tags: [dough], note: An hour in the crèche.}
      - title: Oven
        id: oven
        activities:
          - {id: bake, name: Bake the bread, who: {ben: RA, cat: I}, tags: [early], formerly: [roast]}
  - title: Terms
    intro: Nothing is done here.
  - title: Day
    activities:
      - {id: sell, name: Sell the bread, who: {cat: RA, ann: I}}
"""
SILENT = dict.fromkeys(RULES, False)
FILES = {
    'bakery.raci.yaml': BAKERY,
    'index.rst': 'Bakery\n======\n\n.. toctree::\n   :glob:\n\n   *\n   parties/*\n',
    'sections.rst': 'Sections\n========\n\n.. raci:: bakery\n',
    'table.rst': 'Table\n=====\n\n.. raci:: bakery\n   :layout: table\n   :no-index:\n',
    'twice.rst': 'Twice\n=====\n\n.. raci:: bakery\n   :no-index:\n\n.. raci:: shop\n\n.. raci:load::\n',
    'same.rst': 'Same\n====\n\n.. raci:: bakery\n   :no-index:\n\n.. raci:: bakery\n   :no-index:\n   :layout: table\n',
    'note.rst': 'Note\n====\n\n.. note::\n\n   .. raci:: bakery\n      :no-index:\n',
    'letter.rst': 'Ben\n===\n\n.. raci:party:: ben\n   :by: letter\n   :matrices: bakery\n   :no-index:\n',
    'shop.raci.yaml': BAKERY.replace('title: Bakery', 'title: Shop'),
}


@pytest.fixture(scope='module')
def site(tmp_path_factory: pytest.TempPathFactory) -> Result:
    project = new(
        tmp_path_factory.mktemp('bakery'),
        FILES,
        html_theme='alabaster',
        raci_filter=1,
        raci_party_pages='parties',
        raci_rules=SILENT,
    )
    result = project.build()
    assert result.warnings == []
    return result


def names(page: Page) -> list[str]:
    """The activities that are seen, each by its last word, when the page has done what was asked of it."""
    page.evaluate('new Promise(done => setTimeout(() => requestAnimationFrame(done)))')
    cells = page.locator('.raci-scroll:visible tr:visible > th[scope=row]').all()
    return [cell.inner_text().splitlines()[0].rstrip('¶').split()[-1] for cell in cells]


def titles(page: Page) -> list[str]:
    """The titles of sections that are seen."""
    found = page.locator('.raci-section :is(h2, h3, h4):visible, tr:visible > th[scope=rowgroup]').all()
    return [title.inner_text().rstrip('¶') for title in found]


def count(page: Page) -> str:
    return page.locator('.raci-filter output').first.inner_text()


def query(page: Page) -> str:
    return page.url.partition('.html')[2]


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


class TestByKeyboard:
    def test_choose_type_go_back_reset(self, chromium: Browser, site: Result) -> None:
        with opened(chromium, site, 'sections.html') as page:
            assert names(page) == ['day', 'dough', 'rest', 'bread', 'bread']
            assert count(page) == '5 of 5 activities'

            page.locator('.raci-filter summary').focus()
            press(page, 'Enter', 'Tab')
            assert page.evaluate('document.activeElement.name') == 'bakery.party'
            page.keyboard.type('Ben')
            assert (names(page), query(page)) == (['dough', 'rest', 'bread'], '?bakery.party=ben')

            # The letters: R, then A.
            press(page, 'Tab', 'Tab', 'Space')
            assert page.evaluate('document.activeElement.value') == 'A'
            assert (names(page), query(page)) == (['rest', 'bread'], '?bakery.party=ben&bakery.letter=A')
            assert count(page) == '2 of 5 activities'

            # C, I, the tags, and then the search.
            press(page, 'Tab', 'Tab', 'Tab', 'Tab')
            page.keyboard.type('OVEN')
            assert (names(page), count(page)) == ([], '0 of 5 activities')
            press(page, 'Control+a')
            page.keyboard.type('Creche')
            assert names(page) == ['rest']
            assert query(page) == '?bakery.party=ben&bakery.letter=A&bakery.text=Creche'

            page.go_back()
            assert (names(page), query(page)) == (['dough', 'rest', 'bread'], '?bakery.party=ben')
            assert page.locator('select').first.input_value() == 'ben'
            page.go_forward()
            assert names(page) == ['rest']
            assert page.locator('input[type=search]').input_value() == 'Creche'

            page.locator('.raci-filter input[type=search]').focus()
            press(page, 'Tab', 'Enter')
            assert (names(page), query(page)) == (['day', 'dough', 'rest', 'bread', 'bread'], '')
            assert page.locator('.raci-filter button').is_hidden()

            page.go_back()
            assert names(page) == ['rest']

    def test_enter_in_the_search_leaves_the_page_as_it_is(self, chromium: Browser, site: Result) -> None:
        with opened(chromium, site, 'sections.html') as page:
            page.locator('summary').click()
            page.locator('input[type=search]').focus()
            page.keyboard.type('mix')
            press(page, 'Enter')

            assert names(page) == ['dough']
            assert page.evaluate('performance.getEntriesByType("navigation").length') == 1

    def test_what_has_the_focus_is_seen(self, chromium: Browser, site: Result) -> None:
        with opened(chromium, site, 'sections.html?bakery.party=ben') as page:
            page.locator('summary').focus()
            for _control in range(8):
                press(page, 'Tab')
                style = page.evaluate(
                    '(({outlineStyle, outlineWidth}) => [outlineStyle, outlineWidth])'
                    '(getComputedStyle(document.activeElement))'
                )
                assert style == ['solid', '2px']


class TestLinks:
    @pytest.mark.parametrize(
        ('asked', 'found'),
        [
            ('', ['day', 'dough', 'rest', 'bread', 'bread']),
            ('bakery.party=ann', ['day', 'dough', 'bread']),
            ('bakery.party=ann&bakery.letter=I', ['bread']),
            ('bakery.letter=C&bakery.letter=I', ['day', 'bread', 'bread']),
            ('bakery.tag=early', ['dough', 'bread']),
            ('bakery.tag=early&bakery.party=cat', ['bread']),
            ('bakery.text=bread+the', ['bread', 'bread']),
            ('bakery.text=CRÈCHE', ['rest']),
            ('bakery.party=nobody&bakery.tag=none&bakery.letter=Q&other.party=ben', 5),
            ('highlight=dough', 5),
        ],
    )
    @pytest.mark.parametrize('name', ['sections', 'table'])
    def test_an_address_says_what_is_shown(
        self, chromium: Browser, site: Result, name: str, asked: str, found: list[str] | int
    ) -> None:
        with opened(chromium, site, f'{name}.html?{asked}') as page:
            shown = names(page)
            assert (len(shown) if isinstance(found, int) else shown) == found
            assert page.locator('details').evaluate('all => all.open') == (len(shown) < 5)

    @pytest.mark.parametrize('name', ['sections', 'table'])
    def test_sections_fold_away_when_nothing_is_left_in_them(self, chromium: Browser, site: Result, name: str) -> None:
        # Text that belongs to no activity stays on the page; in a table it is a row.
        terms = ['Terms'] if name == 'sections' else []
        with opened(chromium, site, f'{name}.html?bakery.tag=dough') as page:
            assert titles(page) == ['Night', 'Dough', *terms]
        with opened(chromium, site, f'{name}.html?bakery.party=cat&bakery.letter=R') as page:
            assert titles(page) == [*terms, 'Day']
        with opened(chromium, site, f'{name}.html?bakery.text=nowhere') as page:
            assert titles(page) == terms

    @pytest.mark.parametrize('anchor', ['raci-bakery.bake', 'raci-bakery.roast', 'raci-bakery.oven'])
    def test_what_an_address_leads_to_is_shown_whatever_is_filtered(
        self, chromium: Browser, site: Result, anchor: str
    ) -> None:
        with opened(chromium, site, f'sections.html?bakery.party=ann#{anchor}') as page:
            assert names(page) == ['day', 'dough', 'rest', 'bread', 'bread']
            assert page.locator(f'[id="{anchor}"]').evaluate('it => it.getBoundingClientRect().top') < 800

    def test_a_place_that_is_shown_leaves_the_filter_as_it_is(self, chromium: Browser, site: Result) -> None:
        with opened(chromium, site, 'sections.html?bakery.party=ann#raci-bakery.mix') as page:
            assert names(page) == ['day', 'dough', 'bread']

    def test_a_click_on_a_link_to_a_hidden_row_shows_it(self, chromium: Browser, site: Result) -> None:
        with opened(chromium, site, 'sections.html?bakery.party=ann') as page:
            page.evaluate("location.hash = '#raci-bakery.rest'")
            page.wait_for_function("document.querySelectorAll('tr[hidden]').length === 0")
            row = page.locator('tr:has([id="raci-bakery.rest"]) > td').first
            assert row.evaluate('cell => getComputedStyle(cell).backgroundImage') != 'none'

    def test_two_matrices_of_a_page_are_filtered_apart_and_other_tables_not_at_all(
        self, chromium: Browser, site: Result
    ) -> None:
        with opened(chromium, site, 'twice.html?shop.tag=early') as page:
            assert names(page)[:5] == ['day', 'dough', 'rest', 'bread', 'bread']
            assert names(page)[5:7] == ['dough', 'bread']
            assert page.locator('.raci-scroll:has(.raci-share) tr[hidden]').count() == 0
            assert count(page) == '5 of 5 activities'
            page.locator('summary').first.click()
            page.locator('select').first.select_option('ben')
            assert query(page) == '?bakery.party=ben&shop.tag=early'

    def test_a_party_page_is_filtered_by_its_own_letters(self, chromium: Browser, site: Result) -> None:
        with opened(chromium, site, 'parties/cat.html?party.cat.letter=I') as page:
            assert names(page) == ['bread', 'bread']
            assert count(page) == '2 of 6 activities'
            assert page.locator('.raci-filter select').count() == 0


class TestWhatReviewsFound:
    def test_sections_without_activities_stay_as_long_as_nothing_is_filtered(
        self, chromium: Browser, site: Result
    ) -> None:
        with opened(chromium, site, 'table.html') as page:
            assert titles(page) == ['Night', 'Dough', 'Oven', 'Terms\n\nNothing is done here.', 'Day']
        with opened(chromium, site, 'table.html?bakery.tag=dough') as page:
            assert titles(page) == ['Night', 'Dough']

    def test_a_row_that_was_shown_whatever_is_filtered_stays(self, chromium: Browser, site: Result) -> None:
        with opened(chromium, site, 'sections.html?bakery.party=ann#raci-bakery.rest') as page:
            assert len(names(page)) == 5
            assert query(page) == '#raci-bakery.rest'
            page.locator('[id="raci-bakery.mix"] a.headerlink').focus()
            press(page, 'Enter')
            assert query(page) == '#raci-bakery.mix'
            assert len(page.locator('tr:visible > th[scope=row]').all()) == 5

    def test_the_same_matrix_twice_on_a_page_is_filtered_apart(self, chromium: Browser, site: Result) -> None:
        with opened(chromium, site, 'same.html') as page:
            for summary in page.locator('summary').all():
                summary.click()
            first, second = page.locator('select[name$=party]').all()
            first.select_option('ben')
            second.select_option('ann')
            assert query(page) == '?bakery.party=ben&bakery.2.party=ann'
            page.reload()
            assert names(page) == ['dough', 'rest', 'bread', 'day', 'dough', 'bread']

    def test_sections_fold_where_they_are_none_of_the_document(self, chromium: Browser, site: Result) -> None:
        with opened(chromium, site, 'note.html?bakery.tag=dough') as page:
            shown = [title.inner_text() for title in page.locator('.raci-section > .rubric:visible').all()]
            assert shown == ['Night', 'Dough', 'Terms']

    def test_an_activity_with_several_letters_counts_once(self, chromium: Browser, site: Result) -> None:
        with opened(chromium, site, 'letter.html?party.ben.letter=R') as page:
            assert len(names(page)) > 3
            assert count(page) == '3 of 3 activities'

    def test_after_a_reset_the_focus_is_at_the_filter(self, chromium: Browser, site: Result) -> None:
        with opened(chromium, site, 'sections.html?bakery.party=ben') as page:
            page.locator('.raci-filter button').focus()
            press(page, 'Enter')
            page.wait_for_function("document.activeElement.tagName === 'SUMMARY'")

    def test_a_word_that_was_touched_is_within_the_page(self, chromium: Browser, site: Result) -> None:
        with opened(chromium, site, 'parties/ben.html', 360, has_touch=True) as page:
            for letter in page.locator('.raci-letter:visible').all()[:6]:
                letter.dispatch_event('click')
                box = page.locator('.raci-told .raci-word').bounding_box()
                assert box is not None
                assert box['x'] >= 0
                assert box['x'] + box['width'] <= 360

    def test_the_filter_fits_a_phone_whatever_parties_are_called(self, chromium: Browser, project: Project) -> None:
        long = 'Managed service provider (operations team of the north-western region)'
        project.conf(html_theme='alabaster', raci_filter=1)
        source = BAKERY.replace('cat: Cat', f'cat: {long}')
        project.write({'bakery.raci.yaml': source, 'index.rst': 'Bakery\n======\n\n.. raci:: bakery\n'})
        with opened(chromium, project.build(), 'index.html?bakery.party=cat', PHONE) as page:
            assert page.evaluate('document.documentElement.scrollWidth') == PHONE

    def test_arrow_keys_in_a_table_do_not_leave_the_page(self, chromium: Browser, site: Result) -> None:
        with opened(chromium, site, 'sections.html') as page:
            page.evaluate("window.left = 0; document.addEventListener('keydown', () => { window.left += 1; })")
            page.locator('.raci-scroll').first.focus()
            press(page, 'ArrowRight', 'ArrowLeft')
            assert page.evaluate('window.left') == 0
            press(page, 'a')
            assert page.evaluate('window.left') == 1

    def test_columns_keep_their_proportions_where_styles_in_pages_are_forbidden(
        self, chromium: Browser, site: Result
    ) -> None:
        policy = '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src file:">'
        (site.out / 'plain.html').write_text(site.text('table.html').replace('<head>', f'<head>{policy}', 1), 'utf-8')
        with opened(chromium, site, 'plain.html') as page:
            widths = page.evaluate("[...document.querySelectorAll('.raci-table thead th')].map(e => e.offsetWidth)")
        assert widths[0] > 2 * widths[1]


class TestCopying:
    def test_the_link_beside_an_activity_copies_its_address_without_the_filter(
        self, chromium: Browser, site: Result
    ) -> None:
        with opened(
            chromium, site, 'sections.html?bakery.party=ben&theme=x', permissions=['clipboard-read', 'clipboard-write']
        ) as page:
            page.locator('[id="raci-bakery.mix"] a.headerlink').focus()
            press(page, 'Enter')
            page.wait_for_selector('.raci-said:has-text("Address copied")')

            copied = page.evaluate('navigator.clipboard.readText()')
            assert copied.endswith('/sections.html?theme=x#raci-bakery.mix')
            assert page.locator('.raci-said').get_attribute('role') == 'status'
            assert count(page) == '3 of 5 activities'
            assert page.url.endswith('#raci-bakery.mix')

    def test_where_nothing_can_be_copied_the_link_still_leads_to_the_row(self, chromium: Browser, site: Result) -> None:
        with opened(chromium, site, 'sections.html') as page:
            errors: list[object] = []
            page.on('pageerror', lambda error: errors.append(error))
            page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
            page.locator('[id="raci-bakery.mix"] a.headerlink').click()

            assert page.url.endswith('sections.html#raci-bakery.mix')
            assert page.locator('.raci-said').inner_text() == ''
            assert errors == []


def test_a_touched_letter_says_what_it_means(chromium: Browser, site: Result) -> None:
    with opened(chromium, site, 'sections.html', PHONE, has_touch=True) as page:
        word = page.locator('tr:has([id="raci-bakery.mix"]) .raci-letter .raci-word').first
        assert word.evaluate('it => it.getBoundingClientRect().width') <= 1
        page.locator('tr:has([id="raci-bakery.mix"]) .raci-letter').first.tap()
        assert word.evaluate('it => it.getBoundingClientRect().width') > 40
        assert word.inner_text() == 'Accountable'
        page.locator('h1').tap()
        assert word.evaluate('it => it.getBoundingClientRect().width') <= 1


class TestWithoutMuch:
    def test_without_scripts_the_page_is_complete_and_has_no_filter(self, chromium: Browser, site: Result) -> None:
        with opened(chromium, site, 'sections.html?bakery.party=ben', java_script_enabled=False) as page:
            assert page.locator('.raci-filter').is_hidden()
            assert page.locator('th[scope=row]:visible').count() == 5

    def test_nothing_stands_against_a_strict_content_security_policy(self, chromium: Browser, site: Result) -> None:
        text = site.text('sections.html')
        rules = "default-src 'none'; script-src file:; style-src file:"
        policy = f'<meta http-equiv="Content-Security-Policy" content="{rules}">'
        (site.out / 'strict.html').write_text(text.replace('<head>', f'<head>{policy}', 1), 'utf-8')
        with opened(chromium, site, 'strict.html?bakery.tag=early') as page:
            said: list[str] = []
            page.on('console', lambda message: said.append(message.text))
            page.reload()
            assert names(page) == ['dough', 'bread']
            page.locator('select').first.select_option('cat')
            assert names(page) == ['bread']
        ours = [line for line in said if 'raci' in line]
        assert ours == []

    def test_no_request_leaves_the_folder(self, chromium: Browser, site: Result) -> None:
        with opened(chromium, site, 'index.html') as page:
            asked: list[str] = []
            page.on('request', lambda request: asked.append(request.url))
            page.goto((site.out / 'sections.html').as_uri())
            page.locator('summary').click()
            page.locator('select').first.select_option('cat')
            assert [url for url in asked if not url.startswith('file:')] == []
            assert [url for url in asked if 'raci' in url and 'raci.js' not in url and 'raci.css' not in url] == []


class TestWhereThereIsAFilter:
    def test_from_ten_activities_on_or_as_the_directive_says(self, project: Project) -> None:
        rows = ''.join(f'  - {{id: a{number}, name: Row {number}, who: {{ann: RA}}}}\n' for number in range(9))
        head = 'raci: 1\ntitle: {}\nparties: {{ann: Ann}}\nactivities:\n'
        project.write(
            {
                'few.raci.yaml': head.format('Few') + rows,
                'more.raci.yaml': head.format('More') + rows + '  - {id: ten, name: Ten, who: {ann: RA}}\n',
                'index.rst': 'Index\n=====\n\n.. toctree::\n   :glob:\n\n   *\n',
                'few.rst': 'Few\n===\n\n.. raci:: few\n',
                'few-with.rst': 'Few\n===\n\n.. raci:: few\n   :filter:\n   :no-index:\n',
                'more.rst': 'More\n====\n\n.. raci:: more\n',
                'more-without.rst': 'More\n====\n\n.. raci:: more\n   :no-filter:\n   :no-index:\n',
                'party.rst': 'Ann\n===\n\n.. raci:party:: ann\n',
            }
        )
        pages = ('few', 'few-with', 'more', 'more-without', 'party')

        def filters() -> list[int]:
            out = project.build().out
            return [(out / f'{name}.html').read_text('utf-8').count('<form class="raci-filter"') for name in pages]

        assert filters() == [0, 1, 1, 0, 1]
        project.conf(raci_filter=0)
        assert filters() == [0, 1, 0, 0, 0]
        project.conf(raci_filter=3)
        assert filters() == [1, 1, 1, 0, 1]

    @pytest.mark.parametrize('builder', ['epub', 'htmlhelp', 'latex', 'text', 'xml', 'man', 'texinfo'])
    def test_no_output_has_one_that_runs_no_scripts(self, project: Project, builder: str) -> None:
        project.write(FILES).conf(raci_filter=1, raci_rules=SILENT, html_theme='basic', epub_theme='epub')
        result = project.build(builder)
        for path in result.out.rglob('*'):
            if path.is_file() and path.suffix in {'.html', '.xhtml', '.tex', '.txt', '.xml', '.texi', '.1'}:
                assert 'raci-filter' not in path.read_text('utf-8', errors='replace'), path.name


def test_what_a_page_gains_is_small_and_pages_without_a_matrix_gain_nothing(site: Result) -> None:
    style, script = ((site.out / '_static' / name).stat().st_size for name in ('raci.css', 'raci.js'))
    print(f'raci.css has {style} bytes, raci.js has {script}')
    assert script < 6_000
    assert style + script < 16_000
    assert 'raci.' not in re.sub(r'href="[^"]*\.html[^"]*"', '', site.text('search.html'))

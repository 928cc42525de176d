"""Whole sites as a browser shows them: nothing in a text runs, phones and dark themes are served, in several themes."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from browser import DARK, DESK, PHONE, THEMES, ask
from conftest import Project, Result
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

OWNED = "document.title = 'owned'; window.owned = true"
RUNS = {
    'script': f'<script>{OWNED}</script>',
    'picture': f'<img src=x onerror="{OWNED}">',
    'frame': f'<svg onload="{OWNED}"></svg><iframe srcdoc="<script>parent.owned=1</script>"></iframe>',
    'attribute': f'" onmouseover="{OWNED}" autofocus onfocus="{OWNED}" x="',
    'entities': '&lt;script&gt;window.owned = true&lt;/script&gt;',
    'end': f'</title></script></td></table><script>{OWNED}</script>',
}


# -- what is in a text -------------------------------------------------------------------------------------------------


@pytest.fixture(scope='module')
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A site whose texts would run, were they elements."""
    folder = tmp_path_factory.mktemp('hostile') / 'docs'
    folder.mkdir()
    project = Project(folder).conf(html_theme='alabaster', raci_party_pages='parties')
    for name, text in RUNS.items():
        activity = {
            'id': 'one',
            'name': text,
            'note': text,
            'who': {name: {'letters': 'R', 'note': text}, 'other': 'R'},
            'links': [{'text': text, 'url': 'https://example.org/'}],
            'tags': [text],
        }
        source = {
            'raci': '1',
            'title': text,
            'intro': text,
            'scheme': {'R': {'name': text, 'meaning': text}},
            'scopes': {'bare': text},
            'parties': {name: {'name': text, 'description': text}, 'other': 'Other'},
            'sections': [{'title': text, 'activities': [activity]}],
        }
        project.write({f'{name}.raci.json': json.dumps(source)})
        project.write({f'{name}.rst': f'Page\n====\n\n.. raci:: {name}\n\n:raci:activity:`{name}.one`\n'})
    toctree = '.. toctree::\n   :glob:\n\n   *\n   parties/*\n'
    project.write({'index.rst': f'Index\n=====\n\n.. raci:parties::\n\n{toctree}'})
    result = project.build()
    assert result.warnings == []
    return result


QUESTION = """{
    owned: window.owned === undefined ? null : String(window.owned),
    title: document.title,
    texts: [...document.querySelectorAll('.body :is(h1, h2, tbody th, code.xref)')].map(
        e => [...e.childNodes].filter(n => !n.matches?.('p, .headerlink')).map(n => n.textContent).join('').trim()
    ),
    explained: [...document.querySelectorAll('tbody abbr')].map(e => e.title),
    results: [...document.querySelectorAll('#search-results li a')].map(e => e.textContent),
    made: document.querySelectorAll('svg, iframe, [onload], [onerror], [onmouseover], [onfocus]').length,
}"""


@pytest.fixture(scope='module')
def answers(chromium: Browser, hostile: Result) -> dict[str, Any]:
    """What the browser found on each page."""
    pages = {name: f'{name}.html' for name in RUNS}
    pages |= {f'party-{name}': f'parties/{name}.html' for name in (*RUNS, 'other')}
    pages |= {'index': 'index.html', 'activities': 'raci-activities.html', 'search': 'search.html?q=owned'}
    return ask(chromium, hostile, QUESTION, {name: (address, DESK) for name, address in pages.items()})


def test_nothing_runs_that_stands_in_a_text(answers: dict[str, Any]) -> None:
    assert len(answers) == 2 * len(RUNS) + 4
    assert {name: answer['owned'] for name, answer in answers.items()} == dict.fromkeys(answers)
    assert [name for name, answer in answers.items() if answer['title'] == 'owned'] == []
    assert {name: answer['made'] for name, answer in answers.items()} == dict.fromkeys(answers, 0)


def test_search_had_found_some_of_them_when_nothing_had_run(answers: dict[str, Any]) -> None:
    # How often Sphinx escapes the titles of what it has found depends on its version.
    found = {html.unescape(html.unescape(text)) for text in answers['search']['results']}

    assert found & {html.unescape(text) for text in RUNS.values()}


@pytest.mark.parametrize('name', RUNS)
def test_the_browser_shows_the_text(answers: dict[str, Any], name: str) -> None:
    assert answers[name]['texts'] == ['Page', RUNS[name], RUNS[name]]
    assert answers[f'party-{name}']['texts'] == [RUNS[name], RUNS[name], RUNS[name]]
    assert answers['activities']['texts'].count(RUNS[name]) == 2
    assert set(answers[name]['explained']) == {RUNS[name]}


def test_the_browser_would_say_so_if_a_script_had_run(chromium: Browser, project: Project) -> None:
    project.write({'index.rst': f'Index\n=====\n\n.. raw:: html\n\n   {RUNS["picture"]}<svg></svg>\n'})

    answers = ask(chromium, project.build(), QUESTION, {'index': ('index.html', PHONE)})

    assert answers['index']['owned'] == 'true'
    assert answers['index']['title'] == 'owned'
    assert answers['index']['made'] == 2


# -- on a phone --------------------------------------------------------------------------------------------------------

LONG = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'


def matrix(title: str, parties: list[str], name: str, note: str, tag: str = 'support') -> str:
    letters = {f'p{index}': 'RACI'[index % 4] + 'RACI'[(index + 1) % 4] for index in range(len(parties))}
    activities = [
        {'id': f'a{index}', 'name': name, 'note': note, 'who': letters, 'tags': ['daily', tag]} for index in range(3)
    ]
    named = {f'p{index}': party for index, party in enumerate(parties)}
    sections = [{'title': f'{title}: a section', 'activities': activities}]
    return json.dumps({'raci': 1, 'title': title, 'parties': named, 'sections': sections})


MATRICES = {
    'two': matrix('Two', ['Customer', 'Cloud provider'], 'Give the personal details that the order needs', 'Soon.'),
    'eight': matrix('Eight', [f'Responsible team {number}' for number in range(8)], 'Watch over it', 'Always.'),
    'long': matrix('Long', ['Customer', LONG], f'Tell the {LONG} of {"x" * 300}', f'See {LONG}.', LONG),
}


@pytest.fixture(scope='module', params=THEMES)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A site in one theme."""
    folder = tmp_path_factory.mktemp('phone') / 'docs'
    folder.mkdir()
    parties = {f'p{index}': f'Team number {index}' for index in range(8)}
    values = {'project': 'Test', 'raci_party_pages': 'parties', 'raci_parties': parties}
    project = Project(folder).conf(**values, **THEMES[request.param])
    for name, source in MATRICES.items():
        project.write({f'{name}.raci.json': source, f'{name}.rst': f'Page\n====\n\n.. raci:: {name}\n'})
        table = f'Page\n====\n\n.. raci:: {name}\n   :layout: table\n   :no-index:\n   :caption: All of it\n'
        project.write({f'{name}-table.rst': table})
    contents = '.. toctree::\n   :glob:\n   :hidden:\n\n   *\n   parties/*\n'
    project.write({'index.rst': f'Index\n=====\n\n.. raci:parties::\n\n{contents}'})
    result = project.build_apart()
    assert result.warnings == []
    return result


MEASURE = """{
    page: document.documentElement.scrollWidth,
    boxes: [...document.querySelectorAll('.raci-scroll')].map(e => [e.scrollWidth, e.clientWidth]),
    overflow: [...document.querySelectorAll('.raci-scroll')].map(e => getComputedStyle(e).overflowX),
    borders: [...document.querySelectorAll('abbr.raci-letter')].map(e => getComputedStyle(e).borderTopWidth),
    colours: [...new Set(
        [...document.querySelectorAll('.raci-scroll abbr.raci-letter')].map(e => getComputedStyle(e).color)
    )],
}"""

PAGES = {name: f'{name}.html' for name in ('index', *MATRICES, *(f'{name}-table' for name in MATRICES))} | {
    'party': 'parties/p1.html'
}


@pytest.fixture(scope='module')
def on_a_phone(chromium: Browser, site: Result) -> dict[str, Any]:
    """How wide things are in a window as narrow as a phone."""
    return ask(chromium, site, MEASURE, {name: (address, PHONE) for name, address in PAGES.items()})


def test_a_page_does_not_scroll_sideways_on_a_phone(on_a_phone: dict[str, Any]) -> None:
    assert {name: answer['page'] for name, answer in on_a_phone.items()} == dict.fromkeys(PAGES, PHONE)


def test_a_table_too_wide_for_a_phone_scrolls_within_its_box(on_a_phone: dict[str, Any]) -> None:
    assert all(answer['overflow'] for answer in on_a_phone.values())
    assert {way for answer in on_a_phone.values() for way in answer['overflow']} == {'auto'}
    assert all(whole == box for whole, box in on_a_phone['two']['boxes'])
    assert all(whole > box for whole, box in on_a_phone['long']['boxes'])


def test_a_row_with_many_parties_can_be_read_on_a_phone_without_scrolling(on_a_phone: dict[str, Any]) -> None:
    for name in ('eight', 'eight-table', 'index'):
        assert all(whole == box for whole, box in on_a_phone[name]['boxes']), name


def test_letters_are_told_apart_by_what_they_are_and_not_by_colour(on_a_phone: dict[str, Any]) -> None:
    for name in MATRICES:
        assert len(on_a_phone[name]['colours']) == 1
        assert on_a_phone[name]['borders']
        assert all(float(width.removesuffix('px')) >= 0.5 for width in on_a_phone[name]['borders'])


def test_nothing_scrolls_sideways_on_a_desk(chromium: Browser, site: Result) -> None:
    answers = ask(chromium, site, MEASURE, {name: (address, DESK) for name, address in PAGES.items()})

    assert all(answer['page'] == DESK for answer in answers.values())
    assert all(whole == box for whole, box in answers['two']['boxes'] + answers['party']['boxes'])


# -- in the dark -------------------------------------------------------------------------------------------------------

CONTRAST = """[...document.querySelectorAll('.raci-scroll :is(th, td, .raci-letter, .raci-note, .raci-tag)')].map(
    element => {
        const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true})
        const paint = colour => { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1) }
        const seen = () => [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3)
        const behind = []
        for (let e = element; e; e = e.parentElement) behind.unshift(getComputedStyle(e).backgroundColor)
        paint('white')
        behind.forEach(paint)
        const back = seen()
        paint(getComputedStyle(element).color)
        const light = rgb => rgb.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0)
        const [low, high] = [light(back), light(seen())].sort((a, b) => a - b)
        return [(high + .05) / (low + .05), light(back)]
    })"""


@pytest.mark.parametrize('theme', THEMES)
def test_texts_of_tables_have_enough_contrast_in_light_and_dark(
    chromium: Browser, project: Project, theme: str
) -> None:
    project.conf(**THEMES[theme])
    project.write({'two.raci.json': MATRICES['two'], 'index.rst': 'Index\n=====\n\n.. raci:: two\n'})
    result = project.build_apart()

    for dark in (False, True):
        scheme = 'dark' if dark else 'light'
        [answer] = ask(chromium, result, CONTRAST, {'index': ('index.html', DESK)}, color_scheme=scheme).values()

        assert len(answer) > 20
        assert min(ratio for ratio, _ in answer) > 4.5
        assert all((light < 0.2) == (dark and theme in DARK) for _, light in answer)


# -- pictures of the example -------------------------------------------------------------------------------------------


def test_one_command_takes_pictures_of_every_page_of_the_example(tmp_path: Path) -> None:
    command = [sys.executable, str(Path(__file__).with_name('screenshots.py')), str(tmp_path), 'furo']
    subprocess.run(command, check=True, capture_output=True, timeout=300)

    names = {path.name for path in tmp_path.glob('*.png')}
    assert len(names) == 6 * 2 * 2
    assert 'filtered-desk-furo-light.png' in names, 'the picture of the README'
    assert names == set(re.findall('src="([^"]*)"', (tmp_path / 'index.html').read_text('utf-8')))

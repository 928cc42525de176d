"""How long a filter takes in the browser, beside what the browser takes to draw a frame.

``python benchmarks/filter.py [ROWS] [PARTIES]`` builds a page of one matrix (2,000 activities and 4 parties by
default), opens it in Chromium, and types, chooses and resets.  Times are in milliseconds: of the script, and from the
event to the next frame, layout and painting included.  It needs what the tests need, and Chromium.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1] / 'tests'))

from browser import opened, running
from conftest import Project

MEASURE = """async act => {
    const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    const form = document.querySelector('form.raci-filter');
    const [party] = form.querySelectorAll('select'), search = form.querySelector('[type=search]');
    const steps = {
        nothing() {},
        choose() { party.selectedIndex = 2; party.dispatchEvent(new Event('input', {bubbles: true})); },
        type() { search.value = 'number 7'; search.dispatchEvent(new Event('input', {bubbles: true})); },
        reset() { form.reset(); },
    };
    await frame();
    const start = performance.now();
    steps[act]();
    if (act === 'reset') await new Promise(done => setTimeout(done));
    const script = performance.now() - start;
    await frame();
    return [script, performance.now() - start, document.querySelectorAll('tr[hidden]').length];
}"""


def main(rows: int, parties: int) -> None:
    """Print what was measured."""
    activities = [
        {
            'id': f'a{index}',
            'name': f'Activity number {index} of a long list',
            'who': {f'p{party}': 'RACI'[(index + party) % 4] for party in range(parties) if (index + party) % 3},
        }
        for index in range(rows)
    ]
    named = {f'p{index}': f'Party {index}' for index in range(parties)}
    matrix = {'raci': 1, 'title': 'Long', 'parties': named, 'activities': activities}
    with TemporaryDirectory() as folder, running() as chromium:
        docs = Path(folder, 'docs')
        docs.mkdir()
        project = Project(docs).conf(html_theme='furo')
        project.write({'long.raci.json': json.dumps(matrix), 'index.rst': 'Long\n====\n\n.. raci:: long\n'})
        with opened(chromium, project.build_apart(), 'index.html') as page:
            page.evaluate(MEASURE, 'nothing')
            for act in ('nothing', 'choose', 'type', 'reset', 'choose', 'nothing'):
                script, whole, hidden = page.evaluate(MEASURE, act)
                print(f'{act:8} script {script:6.1f}  to the next frame {whole:6.1f}  rows hidden {hidden}')


if __name__ == '__main__':
    main(*([int(argument) for argument in sys.argv[1:]] + [2000, 4][len(sys.argv) - 1 :]))

"""Pages in a real browser: nothing in a name runs, and a phone shows a page without scrolling it sideways."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from conftest import MANDATORY, Project

BROWSER = next(filter(None, map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome'))), None)
FLAGS = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--allow-file-access-from-files',
    '--virtual-time-budget=5000',
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not MANDATORY and BROWSER is None, reason='needs Chromium on the PATH'),
]

SOURCE = """\
raci: 1
title: Storage
parties:
  customer: Customer
  provider: <img src=x onerror="top.ran = 1">
  telecommunications: Telecommunications
  auditors: Auditors
  support: Support
activities:
  - id: evil
    name: "</th><script>top.ran = 1</script>"
    who: {customer: RA, provider: I, telecommunications: C, auditors: RACI}
  - id: long
    name: Keep the supercalifragilisticexpialidociously-long-named-appliance-of-the-data-centre in working order
    note: "<svg onload='top.ran = 1'>"
    who: {customer: I, provider: RA}
"""

# The page stands in a frame as wide as a phone, and says what it looks like from inside.
FRAME = """\
<!DOCTYPE html>
<title>frame</title>
<iframe id="frame" src="%s" style="border: 0; width: %dpx; height: 800px"></iframe>
<pre id="answer"></pre>
<script>
addEventListener('load', () => {
  const page = document.getElementById('frame').contentDocument;
  const style = (name) => getComputedStyle(page.querySelector(name));
  document.getElementById('answer').textContent = JSON.stringify({
    ran: window.ran || 0,
    width: page.documentElement.scrollWidth,
    border: style('abbr.raci-letter').borderTopWidth,
    scroll: style('.raci-scroll').overflowX,
    link: style('tbody th .headerlink').visibility,
    images: page.images.length,
  });
});
</script>
"""


def look(page: Path, width: int) -> dict[str, Any]:
    """What a page looks like in a frame of this many pixels."""
    frame = page.with_name(f'frame-{width}.html')
    frame.write_text(FRAME % (page.name, width), 'utf-8')
    assert BROWSER is not None, 'Chromium is not installed'
    profile = page.parent / 'profile'
    command = [BROWSER, *FLAGS, f'--user-data-dir={profile}', '--dump-dom', frame.as_uri()]
    dom = subprocess.run(command, check=True, capture_output=True, text=True, timeout=90).stdout
    answer = re.search(r'<pre id="answer">(.+?)</pre>', dom)
    assert answer, dom
    return json.loads(unescape(answer[1]))  # type: ignore[no-any-return]


@pytest.fixture
def storage(project: Project) -> Path:
    project.write({'storage.raci.yaml': SOURCE, 'index.rst': 'Storage\n=======\n\n.. raci:: storage\n'})
    return project.build().out / 'index.html'


def test_nothing_in_a_name_or_note_runs(storage: Path) -> None:
    seen = look(storage, 1200)

    assert (seen['ran'], seen['images']) == (0, 0)


@pytest.mark.parametrize('width', [390, 768])
def test_the_page_never_scrolls_sideways_its_tables_may(storage: Path, width: int) -> None:
    seen = look(storage, width)

    assert seen['width'] <= width
    assert seen['scroll'] == 'auto'


def test_letters_are_framed_and_permalinks_hidden_until_they_are_wanted(storage: Path) -> None:
    seen = look(storage, 1200)

    assert seen['border'] == '1px'
    assert seen['link'] == 'hidden'

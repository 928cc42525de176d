"""Pictures of the pages of the example in all themes, light and dark, on a phone and on a desk.

``python tests/screenshots.py FOLDER [THEME ...]`` writes them into a folder, with a page ``index.html`` that shows them
side by side.  It needs what the tests need, and Chromium.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from browser import DARK, DESK, THEMES, opened, running
from conftest import Project, Result, copy_example

PAGES = {
    'matrix': 'services/kms.html',
    'filtered': 'services/kms.html?kms.party=provider&kms.letter=A',
    'overview': 'services/overview.html',
    'party': 'parties/provider.html',
    'review': 'services/review.html',
    'index': 'raci-activities.html',
}
SIZES = {'desk': (DESK, 1000), 'phone': (360, 1600)}


def site(theme: str, folder: Path) -> Result:
    """The example in a theme."""
    project = Project(copy_example(folder), conf=None)
    conf = dict(THEMES[theme])
    lines = [f'extensions += {conf.pop("extensions")[1:]!r}\n'] if 'extensions' in conf else []
    text = (project.folder / 'conf.py').read_text('utf-8')
    more = ''.join([*lines, *(f'{name} = {value!r}\n' for name, value in conf.items())])
    return project.write({'conf.py': text + more}).build_apart()


def main(target: Path, *themes: str) -> None:
    """Write all pictures, or those in some themes."""
    target.mkdir(parents=True, exist_ok=True)
    rows: dict[str, list[str]] = {}
    with TemporaryDirectory() as folder, running() as chromium:
        for theme in themes or THEMES:
            result = site(theme, Path(folder, theme))
            for scheme in ('light', 'dark') if theme in DARK else ('light',):
                for page, address in PAGES.items():
                    for name, (width, height) in SIZES.items():
                        clip = {'x': 0, 'y': 0, 'width': width, 'height': height}
                        file = f'{page}-{name}-{theme}-{scheme}.png'
                        with opened(chromium, result, address, width, color_scheme=scheme) as shown:
                            shown.screenshot(path=target / file, full_page=True, clip=clip)
                        rows.setdefault(f'{page}, {name}', []).append(file)
            print(theme, flush=True)
    parts = [
        f'<h2>{title}</h2>' + ''.join(f'<img src="{file}" alt="{file}" title="{file}">' for file in files)
        for title, files in rows.items()
    ]
    style = '<style>img {border: 1px solid; margin: 2px; max-height: 600px}</style>'
    target.joinpath('index.html').write_text(f'<!doctype html><meta charset="utf-8">{style}{"".join(parts)}', 'utf-8')


if __name__ == '__main__':
    main(Path(sys.argv[1]), *sys.argv[2:])

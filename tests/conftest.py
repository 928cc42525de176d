"""Small projects that tests write themselves, and builds of them."""

from __future__ import annotations

import gettext
import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment
from sphinx.builders.html import _assets
from sphinx.locale import translators
from sphinx.testing.util import SphinxTestApp

from sphinxcontrib_raci.rules import RULES

MANDATORY = bool(os.environ.get('RACI_TEST_EVERYTHING'))
"""Whether a test may not be skipped for want of a program: set where those programs are installed on purpose."""

ASKED_FOR = ('pdf', 'office', 'epub', 'browser', 'slow')
"""The marks of tests that run only then."""


def often(count: int) -> int:
    """How many examples of a law are tried: that many where everything is to be tested, otherwise a third of them."""
    return count if MANDATORY else count // 3


def killed(*_arguments: object) -> None:
    """In the place of a function: the build ends there."""
    raise KeyboardInterrupt


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what takes minutes or needs programs beside Python, unless everything is to be tested."""
    for item in items:
        left_out = [name for name in ASKED_FOR if item.get_closest_marker(name)]
        if left_out and not MANDATORY:
            item.add_marker(pytest.mark.skip(reason=f'{", ".join(left_out)}; set RACI_TEST_EVERYTHING to run it'))


KNOWN: dict[tuple[object, ...], Any] = {}
COMPILE = Environment.compile
SYNTAX = ('block_start_string', 'variable_start_string', 'trim_blocks', 'keep_trailing_newline', 'autoescape')


def compiled(environment: Environment, source: Any, name: Any = None, filename: Any = None, *more: Any) -> Any:
    """A template, compiled once: a third of the time of small builds would be spent on the same ones."""
    how = (type(environment), tuple(environment.extensions), *(getattr(environment, part) for part in SYNTAX))
    key = (how, source, name, filename, *more)
    if key not in KNOWN:
        KNOWN[key] = COMPILE(environment, source, name, filename, *more)
    return KNOWN[key]


Environment.compile = compiled  # type: ignore[method-assign]


EXAMPLE = Path(__file__).parents[1] / 'example_docs'
"""The manual, which is also the example."""

SILENT = dict.fromkeys(RULES, False)
"""What keeps the rules quiet: most tests are about something else, and give just the letters that they need."""

CONF = f"""\
extensions = ['sphinxcontrib_raci']
html_theme = 'basic'
show_warning_types = True
raci_rules = {SILENT!r}
"""

HOSTING = """\
raci: 1
title: Hosting
parties:
  customer: Customer
  provider: {name: Provider, description: Runs the machines}
sections:
  - title: Start
    activities:
      - id: order
        name: Place the order
        who: {customer: RA, provider: I}
  - title: Running
    id: running
    sections:
      - title: Incidents
        activities:
          - id: tickets
            name: Answer tickets
            who:
              customer: {letters: C, note: says what is broken}
              provider: RA
            note: Around the clock.
            tags: [support]
            links: [{text: Service hours, url: "https://example.org/hours"}]
            formerly: [mail]
"""


@dataclass
class Result:
    """What a build left behind."""

    app: SphinxTestApp | None
    out: Path
    read: list[str]
    written: list[str]
    warnings: list[str]

    def text(self, name: str) -> str:
        """The content of a file of the output."""
        return (self.out / name).read_text('utf-8')

    @property
    def search_index(self) -> dict[str, Any]:
        """What the search of an HTML site knows."""
        text = self.text('searchindex.js')
        return json.loads(text[text.index('{') : text.rindex('}') + 1])  # type: ignore[no-any-return]


class Project:
    """A folder of documents and sources that can be built, changed, and built again."""

    def __init__(self, folder: Path, conf: str | None = CONF) -> None:
        self.folder = folder
        if conf is not None:
            self.write({'conf.py': conf})

    def write(self, files: Mapping[str, str | bytes]) -> Project:
        """Write files; their folders are made."""
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def conf(self, **values: Any) -> Project:
        """Set configuration values, beside those that every project has."""
        lines = [f'{name} = {value!r}\n' for name, value in values.items()]
        return self.write({'conf.py': CONF + ''.join(lines)})

    def replace(self, name: str, old: str, new: str) -> Project:
        """Replace text in a file; it must be there."""
        path = self.folder / name
        content = path.read_text('utf-8')
        assert old in content, f'{old!r} is not in {name}'
        path.write_text(content.replace(old, new), 'utf-8')
        return self

    def build(self, builder: str = 'html', *, fresh: bool = False, out: str | None = None, **options: Any) -> Result:
        """Build.  ``fresh`` takes no notice of earlier builds; ``out`` names an output folder of its own."""
        place = self.folder.parent / 'build' / (out or builder)
        seen: dict[str, list[str]] = {'read': [], 'written': []}
        warnings = io.StringIO()
        _forget_files()
        app = SphinxTestApp(
            builder,
            srcdir=self.folder,
            builddir=place,
            freshenv=fresh,
            warning=warnings,
            status=io.StringIO(),
            **options,
        )
        try:
            app.connect('env-before-read-docs', lambda app, env, docnames: seen['read'].extend(docnames))
            app.connect('doctree-resolved', lambda app, doctree, docname: seen['written'].append(docname))
            app.build(force_all=fresh)
        finally:
            app.cleanup()
        text = re.sub(r'\x1b\[[0-9;]*m', '', warnings.getvalue())
        lines = [line for line in text.splitlines() if line.strip()]
        return Result(app, Path(app.outdir), sorted(seen['read']), sorted(seen['written']), lines)

    def build_apart(self) -> Result:
        """Build as HTML in a process of its own, for themes that leave processes behind."""
        out = self.folder.parent / 'build' / 'apart'
        command = [sys.executable, '-m', 'sphinx', '-q', '-E', str(self.folder), str(out)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | {'NO_COLOR': '1'})
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        return Result(None, out, [], [], lines)


def _forget_files() -> None:
    """Let stylesheets and catalogues be looked at anew: Sphinx thinks that a process makes one build."""
    gettext._translations.clear()  # type: ignore[attr-defined]
    translators.clear()
    if known := getattr(_assets, '_file_checksum_inner', None):
        known.cache_clear()


def new(folder: Path, files: dict[str, str], **conf: object) -> Project:
    """A project in a folder of its own."""
    place = folder / 'docs'
    place.mkdir(parents=True)
    return Project(place).conf(**conf).write(files)


def copy_example(folder: Path) -> Path:
    """A copy of the manual, with what it takes from elsewhere in the checkout; party pages are made anew there."""
    root = EXAMPLE.parent
    shutil.copytree(EXAMPLE, folder / 'example_docs', ignore=shutil.ignore_patterns('parties', '_build'))
    shutil.copytree(root / 'sphinxcontrib_raci/schema', folder / 'sphinxcontrib_raci/schema')
    shutil.copy(root / 'CHANGES.rst', folder)
    return folder / 'example_docs'


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project."""
    folder = tmp_path / 'docs'
    folder.mkdir()
    return Project(folder)


@pytest.fixture
def new_project(tmp_path: Path) -> Iterator[Callable[[str], Project]]:
    """Makes projects, each in a folder of its own."""

    def make(name: str) -> Project:
        folder = tmp_path / name / 'docs'
        folder.mkdir(parents=True)
        return Project(folder)

    return make


@pytest.fixture
def hosting(project: Project) -> Project:
    """A project with one matrix, shown on one page, and party pages."""
    project.conf(raci_party_pages='parties')
    return project.write(
        {
            'hosting.raci.yaml': HOSTING,
            'index.rst': 'Test\n====\n\n.. toctree::\n   :glob:\n\n   *\n   parties/*\n',
            'hosting.rst': 'Hosting page\n============\n\n.. raci:: hosting\n',
        }
    )


@pytest.fixture(scope='session')
def chromium() -> Iterator[Any]:
    """A browser."""
    from browser import running

    with running() as browser:
        yield browser

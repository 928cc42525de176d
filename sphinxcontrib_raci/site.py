"""``raci.json``: what the pages of a site say, for other systems to read; the JSON Schema of that file is beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from sphinx.application import Sphinx
from sphinx.util import logging

from sphinxcontrib_raci import files
from sphinxcontrib_raci.domain import RaciDomain, domain_of
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.model import Activity, Assignment, Matrix, Party
from sphinxcontrib_raci.outputs import Record, can_offer
from sphinxcontrib_raci.project import Project
from sphinxcontrib_raci.schemes import Letter
from sphinxcontrib_raci.views import MatrixQuery
from sphinxcontrib_raci.views.sections import titled
from sphinxcontrib_raci.views.waivers import Waived, waived_in
from sphinxcontrib_raci.writers.tree import Tree, Value

logger = logging.getLogger(__name__)

VERSION = 1
"""The version of the format."""

SCHEMA = Path(__file__).with_name('schema') / 'raci-site.schema.json'
_OURS = re.compile(rb'\{\s*"\$schema":\s*"raci-site\.schema\.json"')
_START = 200
"""So many bytes at the beginning of a file say whose it is."""


def on_build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Write the file, if the site shows a matrix; remove what an earlier build wrote under another name."""
    if exception is None and hasattr(app.env, 'all_docs') and can_offer(app.builder):
        folder, name = Path(app.outdir), str(app.config.raci_json)
        try:
            files.sweep(folder)
            _update(Site(app), folder, name)
        except OSError as error:
            why = error.strerror or error
            _warn(folder / (name or SCHEMA.name), _('this file cannot be written or removed: %s') % why)


def _update(site: Site, folder: Path, name: str) -> None:
    """Write the file, unless it is there and nothing has changed that it says."""
    app = site.app
    record = Record(app, 'site', folder, name, site.head(), app.builder.get_target_uri(app.config.root_doc))
    if not record.holds():
        done = _publish(site, folder, name)
        record.store(dict.fromkeys(done or ()), complete=done is not None)


def _publish(site: Site, folder: Path, name: str) -> list[str] | None:
    """The names of the files that are written; ``None`` where that of somebody else is in the way."""
    wanted, schema = folder / name, folder / SCHEMA.name
    shown = site.shown() if name else []
    other = bool(shown) and wanted.exists() and not _is_ours(wanted)
    if other:
        _warn(wanted, _('another file has this name, so it is not written; set raci_json to another name, or to none'))
        shown = []
    for path in folder.glob('*.json'):
        if _is_ours(path) and not (shown and path == wanted):
            path.unlink()
    if shown:
        files.write_pieces(wanted, (line.encode() for line in site.lines(shown)))
        files.write_atomically(schema, SCHEMA.read_bytes())
        return [name, SCHEMA.name]
    if schema.is_file() and _start(schema) == _start(SCHEMA):
        schema.unlink()
    return None if other else []


def _is_ours(path: Path) -> bool:
    try:
        return path.is_file() and bool(_OURS.match(_start(path)))
    except OSError:
        return False  # What cannot even be read was not written here.


def _start(path: Path) -> bytes:
    with path.open('rb') as file:
        return file.read(_START)


def _warn(path: Path, text: str) -> None:
    logger.warning('%s', text, location=f'{path}:', type='raci', subtype='page')


class Site:
    """What the pages of one build say, as a tree.  Nothing is in it that no ``raci`` directive of a page shows."""

    def __init__(self, app: Sphinx) -> None:
        self.app = app
        self.domain = domain_of(app.env)
        self.pages: dict[str, str] = {}

    @property
    def project(self) -> Project:
        """The matrices; they are read when they are asked for."""
        return self.domain.registry.project

    @cached_property
    def columns(self) -> dict[str, set[str]]:
        """The activities that pages show, each with the parties that stand beside it."""
        return _columns(self.domain)

    def shown(self) -> list[Matrix]:
        """The matrices that some page shows."""
        return [matrix for _id, matrix in sorted(self.project.matrices.items()) if self.has(matrix)]

    def head(self) -> Tree:
        """What the file says of itself."""
        config = self.app.config
        tree: Tree = {'$schema': SCHEMA.name, 'version': VERSION}
        more: Tree = {'project': config.project, 'release': config.release, 'language': config.language}
        return tree | _filled(more)

    def lines(self, matrices: list[Matrix]) -> Iterator[str]:
        """All of the file, piece by piece: it may be long.  Each activity is a line."""
        parties: Tree = {'parties': [self.party(party) for party in self.parties(matrices)]}
        yield from _opened(self.head() | parties, 'matrices')
        for number, matrix in enumerate(matrices):
            yield ',\n' if number else ''
            yield from _opened(self.matrix(matrix), 'activities')
            yield ',\n'.join(map(_dumped, self.activities(matrix)))
            yield ']}'
        yield '\n]}\n'

    def has(self, matrix: Matrix) -> bool:
        """Whether a page shows the matrix."""
        return ('matrix', matrix.id) in self.domain.found

    def parties(self, matrices: list[Matrix]) -> list[Party]:
        """The parties of these matrices as far as they are shown, in the order of the project."""
        shown = {party for matrix in matrices for party in self.ids(matrix)}
        return [party for party in self.project.parties.values() if party.id in shown]

    def ids(self, matrix: Matrix) -> list[str]:
        """The parties that are shown beside some activity of a matrix."""
        wanted = {party for activity in matrix.walk() for party in self.columns.get(f'{matrix.id}.{activity.id}', ())}
        return [party.id for party in matrix.parties if party.id in wanted]

    def party(self, party: Party) -> Tree:
        """A party, with the page that it may have."""
        url = self.url('party', party.id)
        return _filled({'id': party.id, 'name': party.name, 'description': party.description, 'url': url})

    def matrix(self, matrix: Matrix) -> Tree:
        """A matrix without its activities."""
        tree: Tree = {
            'id': matrix.id,
            'title': matrix.title,
            'revision': matrix.revision,
            'review-by': matrix.review_by,
            'url': self.url('matrix', matrix.id),
            'markup': 'rst' if matrix.markup else '',
            'unread': len(matrix.unread),
            'scheme': {'name': matrix.scheme.name, 'letters': [_letter(letter) for letter in matrix.scheme.letters]},
            'scopes': [{'id': ident, 'name': name} for ident, name in matrix.scopes],
        }
        return _filled(tree) | {'parties': list(self.ids(matrix))}

    def activities(self, matrix: Matrix) -> Iterator[Tree]:
        """The activities of a matrix that are shown."""
        waived = waived_in(self.project, matrix)
        for titles, activity in titled(matrix.root):
            if f'{matrix.id}.{activity.id}' in self.columns:
                yield self.activity(matrix, titles, activity, waived)

    def activity(self, matrix: Matrix, titles: tuple[str, ...], activity: Activity, waived: Waived) -> Tree:
        """An activity, with those of its parties that are shown."""
        name = f'{matrix.id}.{activity.id}'
        cells = zip(matrix.parties, activity.assignments, strict=True)
        who: Tree = {
            party.id: _cell(cell)
            for party, cell in cells
            if party.id in self.columns[name] and (cell.letters or cell.note)
        }
        tree: Tree = {
            'note': activity.note,
            'links': [{'text': link.text, 'url': link.url} for link in activity.links],
            'tags': list(activity.tags),
            'formerly': list(activity.formerly),
            'waive': {waiver.rule: waiver.reason for waiver, _title in waived.by_activity.get(activity.id, ())},
        }
        # That no scope applies is said; without the key, all of them do.
        scopes: Tree = {} if activity.scopes is None else {'scopes': list(activity.scopes)}
        always: Tree = {
            'id': activity.id,
            'name': activity.name,
            'url': self.url('activity', name),
            'section': list(titles),
            'who': who,
        }
        return always | _filled(tree) | scopes

    def url(self, kind: str, name: str) -> str:
        """The address of an object from the root of the site; empty where it stands nowhere."""
        found = self.domain.found.get((kind, name))
        if found is None:
            return ''
        if found.docname not in self.pages:
            self.pages[found.docname] = self.page(found.docname)
        return f'{self.pages[found.docname]}#{found.anchor}'

    def page(self, docname: str) -> str:
        """The address of a page from the root of the site."""
        page = self.app.builder.get_target_uri(docname)
        if '#' in page:
            # All documents are on one page, where anchors are what they are elsewhere.
            page = f'{self.app.config.root_doc}{self.app.builder.out_suffix}'  # type: ignore[attr-defined]
        # Some builders leave characters of the document's name as they are.
        return quote(page, safe='/%') or './'


def _columns(domain: RaciDomain) -> dict[str, set[str]]:
    """The activities that pages show, each with the parties that stand beside it."""
    found: dict[str, set[str]] = {}
    for _docname, shown in domain.all_shown():
        query = shown.query
        if isinstance(query, MatrixQuery) and (matrix := domain.registry.project.find(query.key)):
            parties = query.parties or [party.id for party in matrix.parties]
            for entry in shown.objects:
                if entry.kind == 'activity' and not entry.old:
                    found.setdefault(entry.name, set()).update(parties)
    return found


def _letter(letter: Letter) -> Tree:
    return _filled({'code': letter.code, 'name': letter.name, 'meaning': letter.meaning})


def _cell(cell: Assignment) -> Tree:
    note: Tree = {'note': cell.note} if cell.note else {}
    return {'letters': list(cell.letters), **note}


def _dumped(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)


def _opened(tree: Tree, key: str) -> Iterator[str]:
    """An object of JSON up to where the elements of one more list stand, the last of its keys."""
    entries = (f'{_dumped(name)}: {_dumped(value)}' for name, value in tree.items())
    yield '{' + ',\n'.join([*entries, f'{_dumped(key)}: [\n'])


def _filled(tree: Tree) -> Tree:
    """The tree without what is empty."""
    return {key: value for key, value in tree.items() if value}


def setup(app: Sphinx) -> None:
    """Register the file."""
    app.connect('build-finished', on_build_finished)

"""From the tree of a source to a :class:`~sphinxcontrib_raci.model.Matrix`."""

from __future__ import annotations

import re

from sphinxcontrib_raci.files import DEVICES
from sphinxcontrib_raci.model import Matrix, Party, Section
from sphinxcontrib_raci.settings import Settings
from sphinxcontrib_raci.sources.columns import Columns
from sphinxcontrib_raci.sources.fields import ID, Fields, Record, Values
from sphinxcontrib_raci.sources.ids import Ids, slug, stem
from sphinxcontrib_raci.sources.letters import Letters
from sphinxcontrib_raci.sources.method import Method
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.rows import Rows
from sphinxcontrib_raci.sources.tree import Broken, Mapping_, Node, Scalar, is_null
from sphinxcontrib_raci.wording import quoted

VERSIONS = ('1',)
"""The versions of the format that are known."""

NO_ID = 'the name of the file gives no id'
"""How that message begins."""

RESERVED = re.compile(rf'party|{DEVICES.pattern}')
"""What no matrix may have as its id: anchors of parties begin with the first, and files to download have its name."""


def read_matrix(top: Node | None, name: str, settings: Settings, problems: Problems) -> Matrix | None:
    """The matrix that a tree holds, as far as it is sound; ``None`` where there is nothing to show.

    ``name`` is the path of the source, ``settings`` are those of its project.
    """
    if isinstance(top, Mapping_):
        return _Reader(top, name, settings, problems).matrix()
    if top is None or is_null(top):
        problems.add(top, "nothing is in the file; a matrix begins with 'raci: 1'")
    elif not isinstance(top, Broken):
        problems.add(top, "the file must hold a mapping that begins with 'raci: 1'")
    return None


class _Reader:
    """Reads one source."""

    def __init__(self, top: Mapping_, name: str, settings: Settings, problems: Problems) -> None:
        self._top = top
        self._name = name
        self._problems = problems
        self._fields = Fields(problems)
        self._columns = Columns(self._fields, settings.parties)
        self._project = settings.parties
        self._letters = Letters(self._fields, settings.schemes)
        self._method = Method(self._fields, settings.rules)
        fields, columns = self._fields, self._columns
        self._record = Record(
            'a matrix',
            {
                'raci': self._version,
                'id': self._id,
                'title': fields.line,
                'intro': fields.paragraphs,
                'revision': fields.line,
                'review-by': fields.day,
                'scheme': self._letters.scheme,
                'letters': self._letters.letters,
                'parties': columns.parties,
                'scopes': columns.scopes,
                'markup': fields.choice(('rst', 'plain')),
                'rules': self._method.settings,
                'waive': self._method.waivers,
                # These need the parties and letters, which may stand below them.
                'sections': _later,
                'activities': _later,
                # What editors look for in JSON; in YAML they have a comment for it.
                '$schema': fields.line,
            },
            required=('raci', 'title', 'parties'),
        )

    def matrix(self) -> Matrix | None:
        """The matrix; ``None`` where it has neither title nor parties."""
        values = self._fields.record(self._top, self._record)
        parties: dict[str, Party] = values.get('parties', {})
        scopes: dict[str, tuple[str, str]] = values.get('scopes', {})
        scheme = self._letters.overridden(values.get('scheme', self._letters.default), values.get('letters', ()))
        rows = Rows(
            self._fields,
            Ids(self._top),
            scheme,
            {key: index for index, key in enumerate(parties)},
            {key: ident for key, (ident, _) in scopes.items()},
            self._method.waivers,
            self._project,
        )
        ident = values.get('id', '') or self._default_id()
        root = self._root(values, rows)
        if not parties and 'title' not in values.found:
            return None
        return Matrix(
            id=ident,
            title=values.get('title', ident),
            parties=tuple(parties.values()),
            root=root,
            path=self._name,
            revision=values.get('revision', ''),
            review_by=values.get('review-by', ''),
            scheme=scheme,
            scopes=tuple(scopes.values()),
            markup=values.get('markup', '') == 'rst',
            rules=values.get('rules', ()),
            unread=tuple(rows.unread),
            line=self._top.line,
        )

    def _root(self, values: Values, rows: Rows) -> Section:
        """What stands at the top, as a section without a title."""
        parts = {key: values.found[key] for key in values.found if key in ('sections', 'activities')}
        if not parts and not self._top.cut:
            self._problems.add(self._top, "a matrix has no 'sections' and no 'activities'; add one of them")
        # In the order of the source: of two equal ids, the first one stays.
        read = {
            key: (rows.sections(node, quoted(key)) if key == 'sections' else rows.activities(node, quoted(key))) or ()
            for key, node in parts.items()
        }
        rows.note_lost(self._top, self._record, top=True)
        return Section(
            title='',
            intro=values.get('intro', ''),
            activities=read.get('activities', ()),  # type: ignore[arg-type]
            sections=read.get('sections', ()),  # type: ignore[arg-type]
            waive=values.get('waive', ()),
            line=self._top.line,
        )

    def _version(self, node: Node, what: str) -> str | None:
        if not isinstance(node, Scalar):
            self._fields.wrong(node, what, f'the version of the format, {VERSIONS[-1]}')
        elif node.text in VERSIONS:
            return node.text
        else:
            known = ', '.join(VERSIONS)
            text = f'version {quoted(node.text)} of the format is not known; write {what[1:-1]}: {known}'
            self._problems.add(node, text)
        return None

    def _id(self, node: Node, what: str) -> str | None:
        ident = self._fields.identifier(node, what)
        if ident and RESERVED.fullmatch(ident):
            self._problems.add(node, f'{quoted(ident)} cannot be the id of a matrix; choose another')
            return None
        return ident

    def _default_id(self) -> str:
        """The id that the name of the file gives."""
        known = stem(self._name)
        if ID.fullmatch(known) and not RESERVED.fullmatch(known):
            return known
        if not any(key.text == 'id' for key, value in self._top.pairs if not is_null(value)) and not self._top.cut:
            text = f"{NO_ID}, as {quoted(known)} cannot be one; add 'id:' with lower-case letters"
            self._problems.add(self._top, text, 'meaning')
        ident = slug(known)
        return ident if ident and not RESERVED.fullmatch(ident) else 'matrix'


def _later(node: Node, what: str) -> Node:
    return node

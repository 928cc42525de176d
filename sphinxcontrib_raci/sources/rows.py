"""Reading sections and activities."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

from sphinxcontrib_raci.model import NO_PART, Activity, Assignment, Link, Section, Waiver
from sphinxcontrib_raci.schemes import Scheme, UnknownLetter, read_letters
from sphinxcontrib_raci.sources.fields import Fields, Record, Take
from sphinxcontrib_raci.sources.ids import Ids
from sphinxcontrib_raci.sources.tree import NULLS, Broken, Mapping_, Node, Scalar, Sequence, is_null
from sphinxcontrib_raci.wording import listed, quoted, squeezed

T = TypeVar('T')


class Rows:
    """Reads the rows of one source; ``unread`` gathers those that are left out, each with its name and line.

    ``columns`` says at which index each party stands, under the id that the source uses.  It is empty where no party
    could be read, and then no row can be read either.  ``project`` are the ids of the project's own parties.
    """

    def __init__(
        self,
        fields: Fields,
        ids: Ids,
        scheme: Scheme,
        columns: Mapping[str, int],
        scopes: Mapping[str, str],
        waivers: Take[tuple[Waiver, ...]],
        project: Collection[str],
    ) -> None:
        self.unread: list[tuple[str, int]] = []
        self._fields = fields
        self._problems = fields.problems
        self._ids = ids
        self._scheme = scheme
        self._columns = columns
        self._project = project
        self._scopes = scopes
        self._known: dict[str, Assignment] = {}
        self._shared: dict[tuple[tuple[str, ...], ...], tuple[Assignment, ...]] = {}
        self._cut = False
        self._link = Record('a link', {'text': fields.some, 'url': fields.url}, required=('text', 'url'))
        self._cell = Record('a cell', {'letters': self._letters, 'note': fields.line}, required=('letters',))
        self._activity = Record(
            'an activity',
            {
                'id': self._id,
                'name': fields.line,
                'who': self._who,
                'note': fields.line,
                'links': fields.list_of(self._take_link),
                'tags': fields.list_of(self._tag),
                'scopes': fields.list_of(self._scope),
                'formerly': fields.list_of(self._id),
                'waive': waivers,
            },
            required=('name', 'who'),
        )
        self._section = Record(
            'a section',
            {
                'id': self._id,
                'title': fields.line,
                'intro': fields.paragraphs,
                'waive': waivers,
                'sections': self.sections,
                'activities': self.activities,
            },
            required=('title',),
        )

    def sections(self, node: Node, what: str) -> tuple[Section, ...] | None:
        """Take a list of sections."""
        return self._list(node, what, self._take_section)

    def activities(self, node: Node, what: str) -> tuple[Activity, ...] | None:
        """Take a list of activities, without those that are not sound."""
        return self._list(node, what, self._take_activity)

    def note_lost(self, node: Mapping_, record: Record, *, top: bool = False) -> None:
        """Put into ``unread`` what is lost of a matrix or section and may hold rows, once for a cut-off source."""
        self.unread += [
            (key.text, key.line)
            for key, value in node.pairs
            if key.text not in record.takes and isinstance(value, Sequence) and _holds_rows(value)
        ]
        if (node.cut or (top and self._problems.stopped_at)) and not self._cut:
            self._cut = True
            # An unnamed row at the end says as much.
            if not (self.unread and self.unread[-1][0] == ''):
                self.unread.append(('', self._problems.broken_at or node.line))
        elif not {'sections', 'activities'}.isdisjoint(node.twice):
            self.unread.append(('', node.line))

    def _list(self, node: Node, what: str, take: Take[T]) -> tuple[T, ...] | None:
        found = self._fields.list_of(take)(node, what)
        if found is None:
            self.unread.append(('', node.line))
        return found

    def _take_section(self, node: Node, what: str) -> Section | None:
        if not isinstance(node, Mapping_):
            self._fields.wrong(node, what, "a mapping with 'title'")
            self.unread.append((_text(node), node.line))
            return None
        values = self._fields.record(node, self._section)
        self.note_lost(node, self._section)
        ident = values.get('id', '')
        return Section(
            title=values.get('title', ident or '…'),
            id=ident,
            intro=values.get('intro', ''),
            activities=values.get('activities', ()),
            sections=values.get('sections', ()),
            waive=values.get('waive', ()),
            line=node.line,
        )

    def _take_activity(self, node: Node, what: str) -> Activity | None:
        if not isinstance(node, Mapping_):
            self._fields.wrong(node, what, "a mapping with 'name' and 'who'")
            self.unread.append((_text(node), node.line))
            return None
        values = self._fields.record(node, self._activity)
        found = values.found
        explicit = found.get('id', '')
        ident = explicit or self._ids.derive(found.get('name', ''))
        if node.cut or 'name' not in found or 'who' not in found or 'who' in node.twice or 'name' in node.twice:
            self.unread.append((found.get('name') or explicit, node.line))
            return None
        return Activity(
            id=ident,
            name=found['name'],
            assignments=found['who'],
            line=node.line,
            column=node.column,
            note=found.get('note', ''),
            links=found.get('links', ()),
            tags=tuple(dict.fromkeys(found.get('tags', ()))),
            scopes=found.get('scopes'),
            formerly=found.get('formerly', ()),
            waive=found.get('waive', ()),
            derived=not explicit,
        )

    def _id(self, node: Node, what: str) -> str | None:
        """Take an id, new or old, that nothing before it has."""
        ident = self._fields.identifier(node, what)
        line = self._ids.claim(ident, node.line) if ident else 0
        if not line:
            return ident
        text = f'id {quoted(ident or "")} is here a second time, after line {line}; use each id once in a matrix'
        self._problems.add(node, text, 'meaning')
        return None

    def _who(self, node: Node, what: str) -> tuple[Assignment, ...] | None:
        """Take who does what: all of it, or nothing where any of it is in doubt."""
        pairs = self._fields.pairs(node, what)
        if pairs is None or not isinstance(node, Mapping_):
            return None
        cells = [NO_PART] * len(self._columns)
        sound = not node.cut and not node.twice and bool(cells)
        for key, value in pairs:
            cell = self._assignment(value, key)
            index = self._columns.get(key.text)
            if index is None:
                self._stranger(key)
            if cell is None or index is None:
                sound = False
            else:
                cells[index] = cell
        return self._row(tuple(cells)) if sound else None

    def _row(self, cells: tuple[Assignment, ...]) -> tuple[Assignment, ...]:
        """The same row for the same cells: a large source has few different ones."""
        if any(cell.note for cell in cells):
            return cells
        return self._shared.setdefault(tuple([cell.letters for cell in cells]), cells)

    def _stranger(self, key: Scalar) -> None:
        if self._columns:
            party, colon, _rest = key.text.partition(':')
            # What the project knows is hardly misspelt.
            hint = '' if key.text in self._project else self._problems.suggestion(key.text, self._columns)
            if colon and party in self._columns:
                hint = f'; a blank is missing after {quoted(party + colon)}'
            hint = hint or f"; it is not in 'parties', which are {listed(self._columns)}"
            self._problems.add(key, f'unknown party {quoted(key.text)}{hint}', 'meaning')

    def _assignment(self, node: Node, key: Scalar) -> Assignment | None:
        """Take one cell."""
        if isinstance(node, Scalar):
            if node.plain and node.text in NULLS:
                return NO_PART
            known = self._known.get(node.text)
            return known or self._plain(self._letters(node, ''), node.text)
        if not isinstance(node, Mapping_):
            return self._plain(self._letters(node, quoted(key.text)))
        values = self._fields.record(node, self._cell)
        if not values.sound:
            return None
        note = values.get('note', '')
        return Assignment(values.found['letters'], note) if note else self._plain(values.found['letters'])

    def _plain(self, letters: tuple[str, ...] | None, text: str | None = None) -> Assignment | None:
        """The assignment of these letters, without a note, kept for the same letters and for the same text."""
        if letters is None:
            return None
        assignment = self._known.setdefault(' '.join(letters), Assignment(letters)) if letters else NO_PART
        if text is not None:
            self._known[text] = assignment
        return assignment

    def _letters(self, node: Node, what: str) -> tuple[str, ...] | None:
        """Take letters: a text, or a list of texts."""
        if isinstance(node, Sequence):
            parts = [self._entry(entry, f'an entry of {what}') for entry in node.items]
            if node.cut or None in parts:
                return None
            return read_letters(' '.join(code for part in parts for code in part or ()), self._scheme)
        return self._entry(node, what)

    def _entry(self, node: Node, what: str) -> tuple[str, ...] | None:
        if not isinstance(node, Scalar) or is_null(node):
            self._fields.wrong(node, what, 'letters')
            return None
        try:
            return read_letters(node.text, self._scheme)
        except UnknownLetter as error:
            self._problems.add(node, self._no_letter(node.text, str(error)), 'meaning')
            return None

    def _no_letter(self, cell: str, rest: str) -> str:
        if rest.upper() == 'N/A':
            return "'N/A' may be the letters N and A, or no part; write 'N, A', or '-' in quotes for no part"
        # Letters of other alphabets may look like one of the scheme.
        numbers = ', '.join(f'U+{ord(char):04X}' for char in rest if char.isalpha() and not char.isascii())
        where = f' in {quoted(cell)}' if rest != cell.strip() else ''
        named = f'unknown letter {quoted(rest)}' + (f' ({numbers})' if numbers else '') + where
        return f'{named}; the letters of the scheme are {listed(self._scheme.codes)}'

    def _take_link(self, node: Node, what: str) -> Link | None:
        if not isinstance(node, Mapping_):
            self._fields.wrong(node, what, "a mapping with 'text' and 'url'")
            return None
        found = self._fields.record(node, self._link).found
        return Link(found['text'], found['url']) if len(found) == len(self._link.required) else None

    def _tag(self, node: Node, what: str) -> str | None:
        text = self._fields.some(node, what)
        if text and ',' in text:
            self._problems.add(node, f'tag {quoted(text)} holds a comma; write each tag as an entry of its own')
            return None
        return text

    def _scope(self, node: Node, what: str) -> str | None:
        if not isinstance(node, Scalar) or is_null(node):
            self._fields.wrong(node, what, 'the id of a scope')
            return None
        ident = self._scopes.get(node.text)
        if ident is None:
            hint = self._problems.suggestion(node.text, self._scopes)
            hint = hint or "; add it to the 'scopes' of the matrix"
            text = f'unknown scope {quoted(node.text)}{hint}'
            self._problems.add(node, text, 'meaning')
        return ident


def _text(node: Node) -> str:
    return '' if is_null(node) or not isinstance(node, Scalar | Broken) else squeezed(node.text)


def _holds_rows(node: Sequence) -> bool:
    return any(isinstance(item, Mapping_) for item in node.items)

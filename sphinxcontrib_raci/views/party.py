"""``.. raci:party::``: all that one party has a part in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sphinxcontrib_raci.content import (
    Block,
    Cell,
    Column,
    Group,
    Inline,
    Object,
    Paragraph,
    Prose,
    Ref,
    Row,
    Table,
    View,
)
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.model import Activity, Matrix, Party
from sphinxcontrib_raci.project import Project
from sphinxcontrib_raci.views import filters
from sphinxcontrib_raci.views.common import (
    CannotShow,
    count_letters,
    legends,
    letters_of,
    missing,
    text_of,
    unknown,
)
from sphinxcontrib_raci.views.downloads import offered_part
from sphinxcontrib_raci.views.overview import chosen_matrices, line_of
from sphinxcontrib_raci.views.waivers import Waived, waived_in


@dataclass(frozen=True, slots=True)
class _Found:
    """What a party has in one matrix: its column, the activities to list, and how many give it each letter."""

    matrix: Matrix
    column: int
    activities: list[Activity]
    counts: dict[str, int]
    waived: Waived

    def in_words(self) -> str:
        """``Responsible 12, Accountable 13``."""
        letters = self.matrix.scheme.letter
        return ', '.join(f'{letters(code).name} {count}' for code, count in self.counts.items())


@dataclass(frozen=True, slots=True)
class PartyQuery:
    """Show what a party has a part in, by matrix or by letter; only these letters, only these matrices.

    With ``split``, other pages list the activities: this one says how many there are in each matrix.
    """

    party: str
    by: Literal['matrix', 'letter'] = 'matrix'
    letters: tuple[str, ...] = ()
    matrices: tuple[str, ...] = ()
    filter_from: int = filters.NEVER
    downloads: tuple[str, ...] = ()
    split: bool = False

    def view(self, project: Project) -> View:
        """The totals as a sentence, then a group per matrix or letter with a table each.

        :raises CannotShow: where there is no such party, or no such matrix or letter was named.
        """
        party = project.parties.get(self.party)
        if party is None:
            raise CannotShow(unknown(_("unknown party '%s'"), self.party, project.parties))
        matrices = chosen_matrices(project, self.matrices)
        self.check_letters(matrices)
        found = [entry for matrix in matrices if (entry := self.find(project, matrix))]
        anchor = f'raci-party.{party.id}'
        names = _names(found)
        groups = self.groups(found, anchor, names)
        rows = 0 if self.split else sum(len(entry.activities) for entry in found)
        choice = filters.of_party(party, names, rows, self.filter_from)
        told = legends(entry.matrix for entry in found)
        lead = [Prose((party.description,))] if party.description else []
        gaps = missing(project, [one for one in matrices if one.column(party.id) is not None], self.matrices)
        files = offered_part(self) if found and not gaps else []
        total = Prose((self.totals(party, matrices, found),))
        blocks: list[Block] = [*gaps, *lead, total, *told, *files, *choice, *groups]
        objects = (Object('party', party.id, anchor, party.name), *self.places(found, anchor))
        needs = frozenset(entry.matrix.id for entry in found) | ({f'party {party.id}'} if self.split else set())
        return View(tuple(blocks), objects, anchor, bool(self.letters or self.matrices), needs)

    def groups(self, found: list[_Found], anchor: str, names: Mapping[str, list[str]]) -> list[Group] | list[Table]:
        """What comes after the lead: tables, or with ``split`` one that leads to those of other pages."""
        if self.split:
            return _overview(found, anchor, self.party)
        return _by_letter(found, anchor, self.letters, names) if self.by == 'letter' else _by_matrix(found, anchor)

    def check_letters(self, matrices: list[Matrix]) -> None:
        """Make sure that each letter asked for is one of the matrices' schemes.

        :raises CannotShow: otherwise.
        """
        known = dict.fromkeys(code for matrix in matrices for code in matrix.scheme.codes)
        for code in self.letters:
            if matrices and code not in known:
                raise CannotShow(_("unknown letter '%s'; known are: %s") % (code, ', '.join(known)))

    def find(self, project: Project, matrix: Matrix) -> _Found | None:
        """What the party has in this matrix, as far as it was asked for."""
        column = matrix.column(self.party)
        if column is None:
            return None
        wanted = [code for code in matrix.scheme.codes if not self.letters or code in self.letters]
        activities = [a for a in matrix.walk() if not set(wanted).isdisjoint(a.assignments[column].letters)]
        counts = count_letters(activities, column)
        listed = {code: counts[code] for code in wanted if counts[code]}
        waived = waived_in(project, matrix)
        return _Found(matrix, column, activities, listed, waived) if activities else None

    def totals(self, party: Party, matrices: list[Matrix], found: list[_Found]) -> str:
        """The sentence that a party page begins with."""
        values = {
            'party': party.name,
            'letters': ', '.join(self.letters),
            'part': sum(len(entry.activities) for entry in found),
            'total': sum(1 for matrix in matrices for _activity in matrix.walk()),
            'matrices': len(matrices),
        }
        if not found:
            none = _('%(party)s has no %(letters)s in any activity.') if self.letters else None
            return (none or _('%(party)s has no part in any activity.')) % values
        names: Counter[str] = Counter()
        for entry in found:
            names.update({entry.matrix.scheme.letter(code).name: count for code, count in entry.counts.items()})
        values['names'] = ', '.join(f'{name} {count}' for name, count in names.items())
        subject = _('%(party)s has %(letters)s') if self.letters else _('%(party)s has a part')
        share = _('in %(part)d of the %(total)d activities')
        if len(matrices) > 1:
            share = _('in %(part)d of the %(total)d activities of %(matrices)d matrices')
        return f'{subject} {share}: %(names)s.' % values

    def places(self, found: list[_Found], anchor: str) -> list[Object]:
        """Where on this page the activities of each matrix and letter are listed."""
        places = []
        for entry in () if self.split else found:
            for code in entry.counts:
                where = entry.matrix.id if self.by == 'matrix' else f'letter.{code.lower()}'
                places.append(Object('place', f'{self.party} {entry.matrix.id} {code}', f'{anchor}.{where}', ''))
        return places


def _by_matrix(found: list[_Found], anchor: str) -> list[Group]:
    groups = []
    for entry in found:
        matrix = entry.matrix
        link: Paragraph = (
            Ref('matrix', matrix.id, matrix.title),
            f': {entry.in_words()}',
        )
        columns = (Column(_('Activity'), 52), Column(_('Letters'), 14), Column(_('Other parties'), 34))
        table = Table(columns, tuple(_row(entry, activity) for activity in entry.activities), matrix.title)
        groups.append(Group(matrix.title, (Prose(link), table), f'{anchor}.{matrix.id}'))
    return groups


def _overview(found: list[_Found], anchor: str, party: str) -> list[Table]:
    """A row for each matrix, with the anchor that its part has where one page has all."""
    rows = []
    for entry in found:
        matrix = entry.matrix
        counts = line_of(
            Ref('place', f'{party} {matrix.id} {code}', f'{code}\N{NO-BREAK SPACE}{count}')
            for code, count in entry.counts.items()
        )
        link = Ref('place', f'{party} {matrix.id} {next(iter(entry.counts))}', matrix.title)
        number = str(len(entry.activities))
        rows.append((Cell(((link,),), (f'{anchor}.{matrix.id}',), 'row'), number, counts))
    columns = (Column(_('Matrix'), 50), Column(_('Activities'), 15), Column(_('Letters'), 35))
    return [Table(columns, tuple(rows), _('Letters in each matrix'))] if rows else []


def _names(found: list[_Found]) -> dict[str, list[str]]:
    """The names of each letter that is listed."""
    # One code may be the letter of several schemes, and mean another thing in each.
    names: dict[str, list[str]] = {}
    for entry in found:
        for code in entry.matrix.scheme.codes:
            known = names.setdefault(code, [])
            name = entry.matrix.scheme.letter(code).name
            known += [name] if code in entry.counts and name not in known else []
    return names


def _by_letter(
    found: list[_Found], anchor: str, wanted: tuple[str, ...], names: Mapping[str, list[str]]
) -> list[Group]:
    columns = (
        Column(_('Matrix'), 18),
        Column(_('Activity'), 40),
        Column(_('Letters'), 14),
        Column(_('Other parties'), 28),
    )
    groups = []
    for code in wanted or names:
        rows = tuple(
            (_matrix_cell(entry.matrix), *_row(entry, activity))
            for entry in found
            for activity in entry.activities
            if code in activity.assignments[entry.column].letters
        )
        if rows:
            title = f'{" / ".join(names[code])} ({code})'
            groups.append(Group(title, (Table(columns, rows, title),), f'{anchor}.letter.{code.lower()}'))
    return groups


def _matrix_cell(matrix: Matrix) -> Cell:
    return Cell(((Ref('matrix', matrix.id, matrix.title),),))


def _row(entry: _Found, activity: Activity) -> Row:
    matrix, column = entry.matrix, entry.column
    own = activity.assignments[column]
    name = Ref('activity', f'{matrix.id}.{activity.id}', text_of(matrix, activity.name, activity.line))
    paragraphs: list[Paragraph] = [(name,)]
    if own.note:
        paragraphs.append((text_of(matrix, own.note, activity.line),))
    paragraphs += entry.waived.notes(activity, own=False)
    return (
        Cell(tuple(paragraphs), (), 'row'),
        letters_of(matrix.scheme, own.letters),
        Cell((_others(matrix, column, activity),)),
    )


def _others(matrix: Matrix, column: int, activity: Activity) -> Paragraph:
    """Who else has which letters."""
    parts: list[Inline] = []
    for index, assignment in enumerate(activity.assignments):
        if index != column and assignment.letters:
            lead = f'{", " if parts else ""}{matrix.parties[index].name}\N{NO-BREAK SPACE}'
            parts += [lead, letters_of(matrix.scheme, assignment.letters)]
    return tuple(parts)

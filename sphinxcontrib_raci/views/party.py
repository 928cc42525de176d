"""``.. raci:party::``: all that one party has a part in."""

from __future__ import annotations

from collections import Counter
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
from sphinxcontrib_raci.schemes import Letter
from sphinxcontrib_raci.views.common import CannotShow, count_letters, letters_of, names_of_counts, text_of
from sphinxcontrib_raci.views.overview import chosen_matrices

Found = tuple[Matrix, int, list[Activity]]
"""A matrix, the party's column in it, and the activities to list."""


@dataclass(frozen=True, slots=True)
class PartyQuery:
    """Show what a party has a part in, by matrix or by letter; only these letters, only these matrices."""

    party: str
    by: Literal['matrix', 'letter'] = 'matrix'
    letters: tuple[str, ...] = ()
    matrices: tuple[str, ...] = ()

    def view(self, project: Project) -> View:
        """The totals as a sentence, then a group per matrix or letter with a table each.

        :raises CannotShow: where there is no such party, or no such matrix or letter was named.
        """
        party = project.parties.get(self.party)
        if party is None:
            known = ', '.join(project.parties)
            raise CannotShow(_("unknown party '%s'; known are: %s") % (self.party, known))
        matrices = chosen_matrices(project, self.matrices)
        self.check_letters(matrices)
        found = [entry for matrix in matrices if (entry := self.find(matrix))]
        anchor = f'raci-party.{party.id}'
        groups = _by_letter(found, anchor, self.letters) if self.by == 'letter' else _by_matrix(found, anchor)
        lead = [Prose((party.description,))] if party.description else []
        blocks: list[Block] = [*lead, Prose((_totals(party, matrices, found),)), *groups]
        objects = (Object('party', party.id, anchor, party.name), *self.places(found, anchor))
        needs = frozenset(matrix.id for matrix, _column, _activities in found)
        return View(tuple(blocks), objects, anchor, needs=needs)

    def check_letters(self, matrices: list[Matrix]) -> None:
        """Make sure that each letter asked for is one of the matrices' schemes.

        :raises CannotShow: otherwise.
        """
        known = dict.fromkeys(code for matrix in matrices for code in matrix.scheme.codes)
        for code in self.letters:
            if matrices and code not in known:
                raise CannotShow(_("unknown letter '%s'; known are: %s") % (code, ', '.join(known)))

    def find(self, matrix: Matrix) -> Found | None:
        """What the party has in this matrix, as far as it was asked for."""
        column = matrix.column(self.party)
        if column is None:
            return None
        wanted = set(self.letters or matrix.scheme.codes)
        activities = [activity for activity in matrix.walk() if wanted & set(activity.assignments[column].letters)]
        return (matrix, column, activities) if activities else None

    def places(self, found: list[Found], anchor: str) -> list[Object]:
        """Where on this page the activities of each matrix and letter are listed."""
        places = []
        for matrix, column, activities in found:
            for code in count_letters(activities, column):
                if not self.letters or code in self.letters:
                    where = matrix.id if self.by == 'matrix' else f'letter.{code.lower()}'
                    places.append(Object('place', f'{self.party} {matrix.id} {code}', f'{anchor}.{where}', ''))
        return places


def _totals(party: Party, matrices: list[Matrix], found: list[Found]) -> str:
    if not found:
        return _('%s has no part in any activity.') % party.name
    parts = sum(len(activities) for _matrix, _column, activities in found)
    total = sum(1 for matrix in matrices for _activity in matrix.walk())
    names: Counter[str] = Counter()
    for matrix, column, activities in found:
        counts = count_letters(activities, column)
        names.update({letter.name: counts[letter.code] for letter in matrix.scheme.letters if counts[letter.code]})
    listed = ', '.join(f'{name} {count}' for name, count in names.items())
    values = {'party': party.name, 'part': parts, 'total': total, 'matrices': len(matrices), 'letters': listed}
    if len(matrices) == 1:
        return _('%(party)s has a part in %(part)d of the %(total)d activities: %(letters)s.') % values
    return (
        _('%(party)s has a part in %(part)d of the %(total)d activities of %(matrices)d matrices: %(letters)s.')
        % values
    )


def _by_matrix(found: list[Found], anchor: str) -> list[Group]:
    groups = []
    for matrix, column, activities in found:
        link: Paragraph = (
            Ref('matrix', matrix.id, matrix.title),
            ': ' + names_of_counts(matrix.scheme, count_letters(activities, column)),
        )
        columns = (Column(_('Activity'), 54), Column(_('Part'), 12), Column(_('Others'), 34))
        table = Table(columns, tuple(_row(matrix, column, activity) for activity in activities))
        groups.append(Group(matrix.title, (Prose(link), table), f'{anchor}.{matrix.id}'))
    return groups


def _by_letter(found: list[Found], anchor: str, wanted: tuple[str, ...]) -> list[Group]:
    letters: dict[str, Letter] = {}
    for matrix, _column, _activities in found:
        letters.update({entry.code: entry for entry in matrix.scheme.letters if entry.code not in letters})
    columns = (
        Column(_('Matrix'), 18),
        Column(_('Activity'), 42),
        Column(_('Part'), 12),
        Column(_('Others'), 28),
    )
    groups = []
    for code in wanted or letters:
        rows = tuple(
            (Cell(((Ref('matrix', matrix.id, matrix.title),),)), *_row(matrix, column, activity))
            for matrix, column, activities in found
            for activity in activities
            if code in activity.assignments[column].letters
        )
        if rows:
            title = f'{letters[code].name} ({code})'
            groups.append(Group(title, (Table(columns, rows),), f'{anchor}.letter.{code.lower()}'))
    return groups


def _row(matrix: Matrix, column: int, activity: Activity) -> Row:
    own = activity.assignments[column]
    name = Ref('activity', f'{matrix.id}.{activity.id}', text_of(matrix, activity.name, activity.line))
    paragraphs: list[Paragraph] = [(name,)]
    if own.note:
        paragraphs.append((text_of(matrix, own.note, activity.line),))
    return (
        Cell(tuple(paragraphs), (), 'row'),
        letters_of(matrix.scheme, own),
        Cell((_others(matrix, column, activity),)),
    )


def _others(matrix: Matrix, column: int, activity: Activity) -> Paragraph:
    """Who else has which letters."""
    parts: list[Inline] = []
    for index, assignment in enumerate(activity.assignments):
        if index != column and assignment.letters:
            lead = f'{", " if parts else ""}{matrix.parties[index].name} '
            parts += [lead, letters_of(matrix.scheme, assignment)]
    return tuple(parts)

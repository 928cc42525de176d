"""``.. raci:parties::``: how much each party has in each matrix, or in each of its sections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from sphinxcontrib_raci.content import Block, Cell, Column, Inline, Letters, Prose, Ref, Row, Table, View
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.model import Activity, Matrix, Party
from sphinxcontrib_raci.project import Project
from sphinxcontrib_raci.views.common import (
    CannotShow,
    by_letters,
    count_letters,
    legends,
    missing,
    narrow_widths,
    unknown,
)


@dataclass(frozen=True, slots=True)
class OverviewQuery:
    """Show matrices or their sections (rows) by parties (columns), all of them or those named."""

    parties: tuple[str, ...] = ()
    matrices: tuple[str, ...] = ()
    by: Literal['matrix', 'section'] = 'matrix'

    def view(self, project: Project) -> View:
        """One table of counts per letter, each linked to where those activities are listed.

        By matrix, it ends with a row of totals; by section, cells are shaded by how much the party carries.

        :raises CannotShow: where a party or matrix that was named does not exist.
        """
        matrices = chosen_matrices(project, self.matrices)
        parties = [_party(project, name) for name in self.parties] or list(project.parties.values())
        gaps = missing(project, matrices, self.matrices)
        if not (matrices and parties):
            return View((*gaps, Prose((_('There is no matrix.'),))))
        lead: list[Block] = []
        if self.by == 'matrix':
            what, rows = _('Matrix'), tuple(_matrices(matrices, parties))
            label = _('Letters of each party in each matrix')
        else:
            what, rows = _('Section'), tuple(_sections(matrices, parties))
            label = _('Letters of each party in each section')
            told = _('The stronger the shade of a cell, the more of the activities the party answers for or does.')
            lead = [Prose((told,))]
        wide, narrow = narrow_widths(len(parties), 70)
        columns = (
            Column(what, wide),
            *(Column(Ref('party', party.id, party.name), narrow) for party in parties),
        )
        needs = frozenset(matrix.id for matrix in matrices) | {f'party {party.id}' for party in parties}
        return View(
            (*gaps, *legends(matrices), *lead, Table(columns, rows, label)),
            needs=needs,
        )


def chosen_matrices(project: Project, names: tuple[str, ...]) -> list[Matrix]:
    """The matrices of these names in that order, all of them where none is given.

    :raises CannotShow: where one does not exist.
    """
    for name in names:
        if name not in project.matrices:
            raise CannotShow(unknown(_("unknown matrix '%s'"), name, project.matrices))
    return project.in_order(names)


def _party(project: Project, name: str) -> Party:
    if name not in project.parties:
        raise CannotShow(unknown(_("unknown party '%s'"), name, project.parties))
    return project.parties[name]


def _matrices(matrices: list[Matrix], parties: list[Party]) -> Iterator[Row]:
    """A row for each matrix, and those of totals."""
    for matrix in matrices:
        head = Cell(((Ref('matrix', matrix.id, matrix.title),),), (), 'row')
        yield (head, *(_counts(matrix, party, list(matrix.walk())) for party in parties))
    if len(matrices) > 1:
        yield from _all(matrices, parties)


def _sections(matrices: list[Matrix], parties: list[Party]) -> Iterator[Row]:
    """A title for each matrix, and a row for each section in it that is in no other one."""
    for matrix in matrices:
        yield (Cell(((Ref('matrix', matrix.id, matrix.title),),), (), 'rowgroup', 1),)
        parts = [(_('Without a section'), list(matrix.root.activities))]
        parts += [(section.title, list(section.walk())) for section in matrix.root.sections]
        for title, activities in parts:
            if activities:
                number = _('Activities: %d') % len(activities)
                cells = (_counts(matrix, party, activities) for party in parties)
                heats = (_heat(matrix, party, activities) for party in parties)
                shaded = (replace(cell, heat=heat) for cell, heat in zip(cells, heats, strict=True))
                yield (Cell(((title,), (number,)), (), 'row'), *shaded)


def _counts(matrix: Matrix, party: Party, activities: list[Activity]) -> Cell:
    """How many of the activities give the party each letter."""
    column = matrix.column(party.id)
    counts = Counter[str]() if column is None else count_letters(activities, column)
    if not counts:
        return Cell(((Letters((), ()),),))
    return line_of(
        Ref('place', f'{party.id} {matrix.id} {code}', f'{code}\N{NO-BREAK SPACE}{counts[code]}')
        for code in matrix.scheme.codes
        if counts[code]
    )


def _heat(matrix: Matrix, party: Party, activities: list[Activity]) -> float:
    """The share of the activities, in per cent, that the party carries: it has the letter for that, or answers."""
    column = matrix.column(party.id)
    carrying = {matrix.scheme.accountable, matrix.scheme.responsible} - {''}
    if column is None:
        return 0.0
    return 100 * sum(not carrying.isdisjoint(a.assignments[column].letters) for a in activities) / len(activities)


def line_of(counts: Iterable[Inline]) -> Cell:
    """A cell with counts one after the other; a line may break between two of them."""
    return Cell((tuple(part for count in counts for part in (count, ', '))[:-1],))


def _all(matrices: list[Matrix], parties: list[Party]) -> Iterator[Row]:
    """A row of totals; one for each set of letters where they differ, as one letter may be two different things."""
    groups = by_letters(matrices)
    for group in groups:
        if len(groups) == 1:
            yield _totals(_('All'), group, parties)
        elif len(group) > 1:
            yield _totals(_('All with %s') % ', '.join(group[0].scheme.codes), group, parties)


def _totals(title: str, matrices: list[Matrix], parties: list[Party]) -> Row:
    cells = []
    for party in parties:
        total: Counter[str] = Counter()
        for matrix in matrices:
            column = matrix.column(party.id)
            if column is not None:
                total.update(count_letters(matrix.walk(), column))
        codes = matrices[0].scheme.codes
        cells.append(line_of(f'{code}\N{NO-BREAK SPACE}{total[code]}' for code in codes if total[code]))
    return (Cell(((title,),), (), 'row'), *cells)

"""``.. raci:parties::``: how much each party has in each matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sphinxcontrib_raci.content import Cell, Column, Inline, Prose, Ref, Row, Table, View
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.model import Matrix, Party
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
    """Show matrices (rows) by parties (columns), all of them or those named."""

    parties: tuple[str, ...] = ()
    matrices: tuple[str, ...] = ()

    def view(self, project: Project) -> View:
        """One table of counts per letter, each linked to where those activities are listed, and a row of totals.

        :raises CannotShow: where a party or matrix that was named does not exist.
        """
        matrices = chosen_matrices(project, self.matrices)
        parties = [_party(project, name) for name in self.parties] or list(project.parties.values())
        gaps = missing(project, matrices)
        if not (matrices and parties):
            return View((*gaps, Prose((_('There is no matrix.'),))))
        wide, narrow = narrow_widths(len(parties), 70)
        columns = (
            Column(_('Matrix'), wide),
            *(Column(Ref('party', party.id, party.name), narrow) for party in parties),
        )
        rows: list[Row] = [_row(matrix, parties) for matrix in matrices]
        if len(matrices) > 1:
            rows += _all(matrices, parties)
        needs = frozenset(matrix.id for matrix in matrices) | {f'party {party.id}' for party in parties}
        return View(
            (*gaps, *legends(matrices), Table(columns, tuple(rows), _('Letters of each party in each matrix'))),
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


def _row(matrix: Matrix, parties: list[Party]) -> Row:
    head = Cell(((Ref('matrix', matrix.id, matrix.title),),), (), 'row')
    return (head, *(_counts(matrix, party) for party in parties))


def _counts(matrix: Matrix, party: Party) -> Inline | Cell:
    column = matrix.column(party.id)
    if column is None:
        return ''
    counts = count_letters(matrix.walk(), column)
    return _line(
        Ref('place', f'{party.id} {matrix.id} {code}', f'{code}\N{NO-BREAK SPACE}{counts[code]}')
        for code in matrix.scheme.codes
        if counts[code]
    )


def _line(counts: Iterable[Inline]) -> Cell:
    """Counts one after the other; a line may break between two of them."""
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
        cells.append(_line(f'{code}\N{NO-BREAK SPACE}{total[code]}' for code in codes if total[code]))
    return (Cell(((title,),), (), 'row'), *cells)

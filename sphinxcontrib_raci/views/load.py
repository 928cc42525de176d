"""``.. raci:load::``: how much each party has of each letter, as counts and shares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sphinxcontrib_raci.content import Block, Cell, Column, Group, Prose, Ref, Row, Share, Table, View
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.model import Activity, Matrix
from sphinxcontrib_raci.project import Project
from sphinxcontrib_raci.views.common import (
    CannotShow,
    count_letters,
    legend,
    legends,
    letters_of,
    missing,
    narrow_widths,
    unknown,
)
from sphinxcontrib_raci.views.overview import chosen_matrices


@dataclass(frozen=True, slots=True)
class LoadQuery:
    """Show parties by letters for all matrices or those named, each as a whole or section by section."""

    matrices: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    by: Literal['matrix', 'section'] = 'matrix'

    def view(self, project: Project) -> View:
        """A table for each matrix, in a group of its own where there are several.

        :raises CannotShow: where there is no such matrix or party.
        """
        for party in self.parties:
            if party not in project.parties:
                raise CannotShow(unknown(_("unknown party '%s'"), party, project.parties))
        matrices = [matrix for matrix in chosen_matrices(project, self.matrices) if self.columns(matrix)]
        blocks: list[Block] = [*missing(project, matrices, self.matrices)]
        if not matrices:
            blocks.append(Prose((_('There is no matrix.'),)))
        else:
            blocks += legends(matrices) or [legend(matrices[0].scheme)]
        for matrix in matrices:
            table = self.table(matrix)
            if not table.rows:
                continue  # By section, of a matrix without any activity.
            blocks.append(Group(matrix.title, (table,)) if len(matrices) > 1 else table)
        needs = frozenset(f'party {party.id}' for matrix in matrices for party in matrix.parties)
        return View(tuple(blocks), needs=needs)

    def columns(self, matrix: Matrix) -> list[int]:
        """The columns of the parties to show."""
        if not self.parties:
            return list(range(len(matrix.parties)))
        found = [matrix.column(party) for party in self.parties]
        return [column for column in found if column is not None]

    def table(self, matrix: Matrix) -> Table:
        """The table of one matrix."""
        codes = matrix.scheme.codes
        wide, narrow = narrow_widths(len(codes) + 1, 80)
        heads = [Column(letters_of(matrix.scheme, (code,)), narrow) for code in codes]
        columns = (Column(_('Party'), wide), *heads, Column(_('No part'), narrow))
        return Table(columns, tuple(self.rows(matrix)), _('Load: %s') % matrix.title)

    def rows(self, matrix: Matrix) -> Iterator[Row]:
        """The rows of that table."""
        if self.by == 'matrix':
            yield from self.counts(matrix, list(matrix.walk()))
            return
        parts = [(_('Without a section'), list(matrix.root.activities))]
        parts += [(section.title, list(section.walk())) for section in matrix.root.sections]
        for title, activities in parts:
            if activities:
                yield (Cell(((title,),), (), 'rowgroup', 1),)
                yield from self.counts(matrix, activities)

    def counts(self, matrix: Matrix, activities: Sequence[Activity]) -> Iterator[Row]:
        """A row for each party: how many of these activities give it each letter, and how many none."""
        for column in self.columns(matrix):
            party = matrix.parties[column]
            counts = count_letters(activities, column)
            idle = sum(not activity.assignments[column].letters for activity in activities)
            numbers = [*(counts[code] for code in matrix.scheme.codes), idle]
            head = Cell(((Ref('party', party.id, party.name),),), (), 'row')
            yield (head, *(Share(number, len(activities)) for number in numbers))

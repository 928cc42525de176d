"""``.. raci:findings::``: what the rules find, and what is waived."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sphinxcontrib_raci.content import Block, Cell, Column, Inline, Mark, Paragraph, Prose, Ref, Row, Table, View
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.model import Matrix
from sphinxcontrib_raci.project import Project
from sphinxcontrib_raci.rules import Finding
from sphinxcontrib_raci.views.common import CannotShow, missing, text_of, unknown
from sphinxcontrib_raci.views.overview import chosen_matrices
from sphinxcontrib_raci.views.waivers import DAGGER


@dataclass(frozen=True, slots=True)
class FindingsQuery:
    """Show the findings in all matrices or those named, of all rules or those named; ``waived``: only the waivers."""

    matrices: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    waived: bool = False

    def view(self, project: Project) -> View:
        """A sentence that counts them, and a table; the sentence alone where there are none.

        :raises CannotShow: where there is no such matrix or rule.
        """
        for code in self.rules:
            if code not in project.settings.rules:
                raise CannotShow(unknown(_("unknown rule '%s'"), code, project.settings.rules))
        matrices = chosen_matrices(project, self.matrices)
        found = [(matrix, finding) for matrix in matrices for finding in self.chosen(project, matrix)]
        gaps = missing(project, matrices, self.matrices)
        rows = _waived_rows(project, found) if self.waived else [_row(matrix, finding) for matrix, finding in found]
        blocks: list[Block] = [*gaps, Prose((self.summary(found, len(rows), matrices, complete=not gaps),))]
        if rows:
            label = _('Exceptions') if self.waived else _('Findings')
            blocks.append(Table(_columns(self.waived), tuple(rows), label))
        return View(tuple(blocks), needs=frozenset(matrix.id for matrix, _finding in found))

    def chosen(self, project: Project, matrix: Matrix) -> Iterator[Finding]:
        """The findings in one matrix that were asked for, those that are not waived first."""
        found = project.findings.get(matrix.id, ())
        for finding in sorted(found, key=lambda finding: finding.waiver is not None):
            if (finding.waiver or not self.waived) and (not self.rules or finding.rule in self.rules):
                yield finding

    def summary(self, found: list[tuple[Matrix, Finding]], rows: int, matrices: list[Matrix], *, complete: bool) -> str:
        """The sentence, for a table of so many rows."""
        if not matrices:
            return _('There is no matrix.')
        if self.waived:
            return _('Exceptions: %d.') % rows if rows else _('There are no exceptions.')
        if found:
            waived = sum(finding.waiver is not None for _matrix, finding in found)
            return _('Findings: %d. Waived: %d.') % (len(found) - waived, waived)
        if self.rules:
            return _('These rules find nothing: %s. Matrices: %d.') % (', '.join(self.rules), len(matrices))
        if not complete:
            return _('The rules find nothing in what could be read. Matrices: %d.') % len(matrices)
        return _('All is well: the rules find nothing in any matrix. Matrices: %d.') % len(matrices)


def _columns(waived: bool) -> tuple[Column, ...]:
    titles = (_('Activity'), _('Exception'), _('Reason')) if waived else (_('Activity'), _('Rule'), _('Finding'))
    return tuple(Column(title, width) for title, width in zip(titles, (36, 22, 42), strict=True))


def _row(matrix: Matrix, finding: Finding) -> Row:
    text: list[Paragraph] = [(finding.text,)]
    if finding.waiver:
        text.append((Mark(DAGGER), ' ', _('Waived: '), finding.waiver.reason))
    return (_head(matrix, [finding]), finding.rule, Cell(tuple(text)))


def _waived_rows(project: Project, found: list[tuple[Matrix, Finding]]) -> list[Row]:
    """A row for each waiver, with all that it covers."""
    groups: dict[int, list[tuple[Matrix, Finding]]] = {}
    for matrix, finding in found:
        groups.setdefault(id(finding.waiver), []).append((matrix, finding))
    rows: list[Row] = []
    for covered in groups.values():
        matrix, first = covered[0]
        title = project.settings.rules[first.rule].titled(matrix.scheme)
        reason = first.waiver.reason if first.waiver else ''
        rows.append((_head(matrix, [finding for _matrix, finding in covered]), title, reason))
    return rows


def _head(matrix: Matrix, findings: list[Finding]) -> Cell:
    """What findings of one matrix are about, and the matrix."""
    paragraphs: list[Paragraph] = [(_subject(matrix, finding),) for finding in findings]
    if findings[0].activity or findings[0].party:
        paragraphs.append((Ref('matrix', matrix.id, matrix.title),))
    return Cell(tuple(paragraphs), (), 'row')


def _subject(matrix: Matrix, finding: Finding) -> Inline:
    """What a finding is about."""
    if activity := finding.activity:
        return Ref('activity', f'{matrix.id}.{activity.id}', text_of(matrix, activity.name, activity.line))
    if finding.party:
        return Ref('party', finding.party.id, finding.party.name)
    return Ref('matrix', matrix.id, matrix.title)

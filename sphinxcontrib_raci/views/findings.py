"""``.. raci:findings::``: what the rules find, and what is waived."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from sphinxcontrib_raci.content import Block, Cell, Column, Inline, Mark, Paragraph, Prose, Ref, Row, Table, View
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.model import Matrix
from sphinxcontrib_raci.project import Project
from sphinxcontrib_raci.rules import Finding
from sphinxcontrib_raci.views.common import CannotShow, missing, text_of
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
                raise CannotShow(_no_rule(project, code))
        matrices = chosen_matrices(project, self.matrices)
        found = [(matrix, finding) for matrix in matrices for finding in self.chosen(project, matrix)]
        blocks: list[Block] = [*missing(project, matrices), Prose((self.summary(found, matrices),))]
        if found:
            rows = tuple(_row(project, matrix, finding, self.waived) for matrix, finding in found)
            blocks.append(Table(_columns(self.waived), rows))
        return View(tuple(blocks), needs=frozenset(matrix.id for matrix, _finding in found))

    def chosen(self, project: Project, matrix: Matrix) -> Iterator[Finding]:
        """The findings in one matrix that were asked for, those that are not waived first."""
        found = project.findings.get(matrix.id, ())
        for finding in sorted(found, key=lambda finding: finding.waiver is not None):
            if (finding.waiver or not self.waived) and (not self.rules or finding.rule in self.rules):
                yield finding

    def summary(self, found: list[tuple[Matrix, Finding]], matrices: list[Matrix]) -> str:
        """The sentence."""
        waived = sum(finding.waiver is not None for _matrix, finding in found)
        values = {
            'found': len(found) - waived,
            'waived': waived,
            'matrices': len(matrices),
            'rules': ', '.join(self.rules),
        }
        if self.waived:
            return (_('Exceptions: %(waived)d.') if waived else _('There are no exceptions.')) % values
        if found:
            return _('Findings: %(found)d. Waived: %(waived)d.') % values
        if self.rules:
            return _('These rules find nothing: %(rules)s. Matrices: %(matrices)d.') % values
        return _('All is well: the rules find nothing in any matrix. Matrices: %(matrices)d.') % values


def _no_rule(project: Project, code: str) -> str:
    if near := get_close_matches(code, project.settings.rules, n=1):
        return _("unknown rule '%s'; did you mean '%s'?") % (code, near[0])
    return _("unknown rule '%s'; known are: %s") % (code, ', '.join(project.settings.rules))


def _columns(waived: bool) -> tuple[Column, ...]:
    titles = (_('Activity'), _('Exception'), _('Reason')) if waived else (_('Activity'), _('Rule'), _('Finding'))
    return tuple(Column(title, width) for title, width in zip(titles, (36, 22, 42), strict=True))


def _row(project: Project, matrix: Matrix, finding: Finding, waived: bool) -> Row:
    paragraphs: list[Paragraph] = [(_subject(matrix, finding),)]
    if finding.activity or finding.party:
        paragraphs.append((Ref('matrix', matrix.id, matrix.title),))
    head = Cell(tuple(paragraphs), (), 'row')
    if waived and finding.waiver:
        return (head, project.settings.rules[finding.rule].titled(matrix.scheme), finding.waiver.reason)
    text: list[Paragraph] = [(finding.text,)]
    if finding.waiver:
        text.append((Mark(DAGGER), _(' Waived: '), finding.waiver.reason))
    return (head, finding.rule, Cell(tuple(text)))


def _subject(matrix: Matrix, finding: Finding) -> Inline:
    """What a finding is about."""
    if activity := finding.activity:
        return Ref('activity', f'{matrix.id}.{activity.id}', text_of(matrix, activity.name, activity.line))
    if finding.party:
        return Ref('party', finding.party.id, finding.party.name)
    return Ref('matrix', matrix.id, matrix.title)

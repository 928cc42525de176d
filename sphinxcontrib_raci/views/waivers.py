"""What a page says of rules that are waived: a mark at each row, and a note with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sphinxcontrib_raci.content import Mark, Paragraph
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.model import Activity, Matrix, Section, Waiver
from sphinxcontrib_raci.project import Project
from sphinxcontrib_raci.rules import Finding


@dataclass(frozen=True)
class Waived:
    """The findings of a matrix that are waived, each with the title of its rule.

    Waivers that nothing needs are not told: they would say what is not so.
    """

    findings: tuple[tuple[Finding, str], ...]
    by_activity: dict[str, list[tuple[Waiver, str]]]
    marks: dict[int, str]
    """The mark of each waiver that is not an activity's own, by the identity of the waiver."""

    def marked(self, activity: Activity) -> list[Mark]:
        """The marks of an activity, each once: of its own waivers, and of those of its sections and matrix."""
        waivers = self.by_activity.get(activity.id, ())
        return [Mark(mark) for mark in dict.fromkeys(self._mark(waiver) for waiver, _title in waivers)]

    def notes(self, activity: Activity) -> list[Paragraph]:
        """What an activity says of its own waivers."""
        return [
            (Mark(self._mark(waiver)), _(' Exception (%s): ') % title, waiver.reason)
            for waiver, title in dict.fromkeys(self.by_activity.get(activity.id, ()))
            if id(waiver) not in self.marks
        ]

    def section(self, section: Section, shown: Iterable[Activity], *, whole: bool = True) -> list[Paragraph]:
        """What a section, or the matrix, says of its waivers, as far as they concern activities that are shown.

        Those that concern the matrix or its parties are left out where it is not shown as a ``whole``.
        """
        ids = {activity.id for activity in shown}
        notes: dict[Paragraph, None] = {}
        for finding, title in self.findings:
            waiver = finding.waiver
            if waiver is None or not any(waiver is entry for entry in section.waive):
                continue
            if finding.activity is None and whole:
                who = f'{title}: {finding.party.name}' if finding.party else title
                notes[_('Exception (%s): ') % who, waiver.reason] = None
            elif finding.activity and finding.activity.id in ids:
                lead = _(' Exception in rows with this mark (%s): ') % title
                notes[Mark(self._mark(waiver)), lead, waiver.reason] = None
        return list(notes)

    def _mark(self, waiver: Waiver) -> str:
        return self.marks.get(id(waiver), DAGGER)


DAGGER = '\N{DAGGER}'


def waived_in(project: Project, matrix: Matrix) -> Waived:
    """What is waived in a matrix."""
    found = [finding for finding in project.findings.get(matrix.id, ()) if finding.waiver]
    rules = project.settings.rules
    titled = tuple((finding, rules[finding.rule].titled(matrix.scheme)) for finding in found)
    by_activity: dict[str, list[tuple[Waiver, str]]] = {}
    for finding, title in titled:
        if finding.activity and finding.waiver:
            by_activity.setdefault(finding.activity.id, []).append((finding.waiver, title))
    # A note below its row needs no number; the others are told apart by one, in the order in which a page has them.
    needed = {id(waiver) for waivers in by_activity.values() for waiver, _title in waivers}
    wide = [id(waiver) for section in _sections(matrix.root) for waiver in section.waive if id(waiver) in needed]
    marks = {key: f'{DAGGER}{index}' for index, key in enumerate(wide, 1)}
    return Waived(titled, by_activity, marks)


def _sections(section: Section) -> Iterator[Section]:
    yield section
    for child in section.sections:
        yield from _sections(child)

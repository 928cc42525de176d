"""What a page says of rules that are waived: a mark at each row, and a note with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sphinxcontrib_raci.content import Mark, Paragraph
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.model import Activity, Matrix, Section, Waiver
from sphinxcontrib_raci.project import Project
from sphinxcontrib_raci.rules import Finding

DAGGER = '\N{DAGGER}'

Titled = tuple[Finding, str]
"""A finding with the title of its rule."""


@dataclass(frozen=True)
class Waived:
    """The findings of a matrix that are waived: by the id of the activity, and by the identity of the waiver.

    Waivers that nothing needs are not told: they would say what is not so.
    """

    by_activity: Mapping[str, list[tuple[Waiver, str]]]
    by_waiver: Mapping[int, list[Titled]]
    marks: Mapping[int, str]
    """The mark of each waiver that is not an activity's own."""

    def marked(self, activity: Activity) -> list[Mark]:
        """The marks of an activity, each once: of its own waivers, and of those of its sections and matrix."""
        waivers = self.by_activity.get(activity.id, ())
        return [Mark(mark) for mark in dict.fromkeys(self.marks.get(id(waiver), DAGGER) for waiver, _title in waivers)]

    def notes(self, activity: Activity, *, own: bool = True) -> list[Paragraph]:
        """What an activity says of its own waivers; of all that hold for it where it stands alone (not ``own``)."""
        return [
            (Mark(DAGGER), ' ', _('Exception (%s): ') % title, waiver.reason)
            for waiver, title in dict.fromkeys(self.by_activity.get(activity.id, ()))
            if not own or id(waiver) not in self.marks
        ]

    def section(self, section: Section, shown: Iterable[Activity], *, whole: bool = True) -> list[Paragraph]:
        """What a section, or the matrix, says of its waivers, as far as they concern activities that are shown.

        Those that concern the matrix or its parties are left out where it is not shown as a ``whole``.
        """
        found = [(waiver, entry) for waiver in section.waive for entry in self.by_waiver.get(id(waiver), ())]
        ids = {activity.id for activity in shown} if found else set()
        notes: dict[Paragraph, None] = {}
        for waiver, (finding, title) in found:
            if finding.activity is None and whole:
                who = f'{title}: {finding.party.name}' if finding.party else title
                notes[_('Exception (%s): ') % who, waiver.reason] = None
            elif finding.activity and finding.activity.id in ids:
                lead = _('Exception in rows with this mark (%s): ') % title
                notes[Mark(self.marks[id(waiver)]), ' ', lead, waiver.reason] = None
        return list(notes)


def waived_in(project: Project, matrix: Matrix) -> Waived:
    """What is waived in a matrix."""
    rules = project.settings.rules
    by_activity: dict[str, list[tuple[Waiver, str]]] = {}
    by_waiver: dict[int, list[Titled]] = {}
    for finding in project.findings.get(matrix.id, ()):
        if finding.waiver:
            title = rules[finding.rule].titled(matrix.scheme)
            by_waiver.setdefault(id(finding.waiver), []).append((finding, title))
            if finding.activity:
                by_activity.setdefault(finding.activity.id, []).append((finding.waiver, title))
    # A note below its row needs no number; the others are told apart by one, in the order in which a page has them.
    needed = {id(waiver) for waivers in by_activity.values() for waiver, _title in waivers}
    wide = [id(waiver) for section in _sections(matrix.root) for waiver in section.waive if id(waiver) in needed]
    return Waived(by_activity, by_waiver, {key: f'{DAGGER}{index}' for index, key in enumerate(wide, 1)})


def _sections(section: Section) -> Iterator[Section]:
    yield section
    for child in section.sections:
        yield from _sections(child)

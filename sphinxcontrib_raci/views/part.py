"""What a party has a part in, as rows and as records: the content of the files that its page offers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.model import Activity, Matrix
from sphinxcontrib_raci.project import Project
from sphinxcontrib_raci.schemes import joined
from sphinxcontrib_raci.views.overview import chosen_matrices
from sphinxcontrib_raci.views.party import PartyQuery
from sphinxcontrib_raci.views.sections import titled
from sphinxcontrib_raci.views.waivers import Waived
from sphinxcontrib_raci.writers.tree import Tree, Value


@dataclass(frozen=True, slots=True)
class Duty:
    """One activity in which the party has a part.

    ``party`` and ``matrix`` are ids, ``who`` and ``title`` the names.  ``words`` are the names of its letters, ``told``
    is the note meant for it, ``others`` has the name and the letters of each other party that has a part, after its id.
    """

    party: str
    who: str
    matrix: str
    title: str
    revision: str
    section: tuple[str, ...]
    id: str
    activity: str
    letters: tuple[str, ...]
    words: tuple[str, ...]
    told: str
    note: str
    exceptions: tuple[str, ...]
    others: tuple[tuple[str, str, tuple[str, ...]], ...]


Part = tuple[Duty, ...]


def part_of(query: PartyQuery, project: Project) -> Part:
    """All that the page of a party lists, matrix by matrix.

    :raises CannotShow: where a matrix that was named does not exist.
    """
    duties: list[Duty] = []
    for matrix in chosen_matrices(project, query.matrices):
        if found := query.find(project, matrix):
            listed = {activity.id for activity in found.activities}
            duties += (
                _duty(matrix, found.column, titles, activity, found.waived)
                for titles, activity in titled(matrix.root)
                if activity.id in listed
            )
    return tuple(duties)


def _duty(matrix: Matrix, column: int, titles: tuple[str, ...], activity: Activity, waived: Waived) -> Duty:
    own, party = activity.assignments[column], matrix.parties[column]
    others = zip(matrix.parties, activity.assignments, strict=True)
    return Duty(
        party.id,
        party.name,
        matrix.id,
        matrix.title,
        matrix.revision,
        titles,
        f'{matrix.id}.{activity.id}',
        activity.name,
        own.letters,
        tuple(matrix.scheme.letter(code).name for code in own.letters),
        own.note,
        activity.note,
        # Without the mark that leads to it.
        tuple(''.join(map(str, note[2:])) for note in waived.notes(activity, own=False)),
        tuple(
            (other.id, other.name, cell.letters)
            for index, (other, cell) in enumerate(others)
            if index != column and cell.letters
        ),
    )


def rows(part: Part) -> list[list[str]]:
    """A table, its head first."""
    return [list(_heads()), *(list(_cells(duty)) for duty in part)]


def _heads() -> Iterator[str]:
    yield from (_('Party'), _('Matrix'), _('Revision'), _('Section'), _('Id'), _('Activity'), _('Letters'))
    yield from (_('In words'), _('Note for the party'), _('Note'), _('Exceptions'), _('Other parties'))


def _cells(duty: Duty) -> Iterator[str]:
    yield from (duty.who, duty.title, duty.revision, ' > '.join(duty.section), duty.id, duty.activity)
    yield from (joined(duty.letters), ', '.join(duty.words), duty.told, duty.note, '\n'.join(duty.exceptions))
    yield '; '.join(f'{name}: {joined(letters)}' for _id, name, letters in duty.others)


def records(part: Part) -> list[Value]:
    """The same for JSON, without what is empty."""
    return [_record(duty) for duty in part]


def _record(duty: Duty) -> Tree:
    others: Value = {party: list(letters) for party, _name, letters in duty.others}
    record: Tree = {
        'party': duty.party,
        'matrix': duty.matrix,
        'title': duty.title,
        'revision': duty.revision,
        'section': list(duty.section),
        'id': duty.id,
        'activity': duty.activity,
        'letters': list(duty.letters),
        'words': list(duty.words),
        'party-note': duty.told,
        'note': duty.note,
        'exceptions': list(duty.exceptions),
        'others': others,
    }
    return {key: value for key, value in record.items() if value}

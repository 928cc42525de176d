"""Rules about parties, about a matrix as a whole, and about several matrices."""

from __future__ import annotations

from collections.abc import Iterator

from sphinxcontrib_raci.addresses import place_of
from sphinxcontrib_raci.model import Activity, Matrix
from sphinxcontrib_raci.rules.rule import Finding, Subject, named
from sphinxcontrib_raci.schemes import joined
from sphinxcontrib_raci.wording import quoted

FEWEST_PARTIES = 4
"""With fewer parties than this, one that answers for most of the activities is no surprise."""


def idle_party(subject: Subject) -> Iterator[Finding]:
    """A party without a letter."""
    matrix = subject.matrix
    for index, party in enumerate(matrix.parties if subject.rows else ()):
        if not any(activity.assignments[index].letters for activity, _counts in subject.rows):
            text = f'{quoted(party.name)} has no letter in any activity of {quoted(matrix.title)}; take it off the list'
            yield Finding(text, party=party)


def no_decision(subject: Subject) -> Iterator[Finding]:
    """A party that takes part, but never does anything and never answers for anything."""
    matrix, scheme = subject.matrix, subject.scheme
    wanted = [code for code in (scheme.accountable, scheme.responsible) if code]
    for index, party in enumerate(matrix.parties if wanted else ()):
        letters = {code for activity, _counts in subject.rows for code in activity.assignments[index].letters}
        if letters and letters.isdisjoint(wanted):
            has = ', '.join(named(scheme, code) for code in scheme.codes if code in letters)
            lacks = ' nor '.join(named(scheme, code) for code in wanted)
            neither = f'neither {lacks}' if len(wanted) > 1 else f'no {lacks}'
            yield Finding(
                f'{quoted(party.name)} has {neither} in any activity of {quoted(matrix.title)}, only {has}', party=party
            )


def overloaded(subject: Subject) -> Iterator[Finding]:
    """A party that is accountable for more than a share of the activities, in per cent."""
    matrix, code = subject.matrix, subject.scheme.accountable
    if len(matrix.parties) < FEWEST_PARTIES or not code:
        return
    for index, party in enumerate(matrix.parties):
        count = sum(code in activity.assignments[index].letters for activity, _counts in subject.rows)
        # In whole numbers: a share that is exactly the limit does not exceed it.
        if count * 100 > subject.number * len(subject.rows):
            yield Finding(
                f'{quoted(party.name)} has {named(subject.scheme, code)} in {count} of the {len(subject.rows)} '
                f'activities of {quoted(matrix.title)}, more than {subject.number} %',
                party=party,
            )


def duplicate_activity(subject: Subject) -> Iterator[Finding]:
    """A name that an earlier activity of the matrix has, or one of another matrix that has other letters."""
    first: dict[str, Activity] = {}
    for activity, _counts in subject.rows:
        name = activity.name.casefold()
        before = first.setdefault(name, activity)
        if before is not activity:
            place = place_of(subject.matrix, before.line)
            where = place.cell or (f'line {place.line}' if place.line else quoted(before.id))
            yield Finding(f'{quoted(activity.name)} is the name of the activity in {where} too', activity)
            continue
        # One place where it differs is enough: the name may stand in hundreds of matrices.
        if found := subject.build.elsewhere(subject.matrix, activity):
            matrix, other = found
            # No path: pages show this text, and are the same wherever they are built.
            where = f'{matrix.id}.{other.id} ({quoted(matrix.title)})'
            difference = _difference(subject.matrix, activity, matrix, other)
            yield Finding(f'{quoted(activity.name)} has other letters in {where}: {difference}', activity)


def _difference(matrix: Matrix, activity: Activity, other: Matrix, its: Activity) -> str:
    """How the parties that two matrices share take part in two activities, where that differs."""
    there = {party.id: cell.letters for party, cell in zip(other.parties, its.assignments, strict=True)}
    parts = [
        f'{party.name} {joined(cell.letters) or "-"} here, {joined(there[party.id]) or "-"} there'
        for party, cell in zip(matrix.parties, activity.assignments, strict=True)
        if there.get(party.id, cell.letters) != cell.letters
    ]
    return '; '.join(parts)


def review_overdue(subject: Subject) -> Iterator[Finding]:
    """The day by which somebody was to look at the matrix has passed."""
    matrix = subject.matrix
    if matrix.review_by and matrix.review_by < subject.build.today.isoformat():
        yield Finding(
            f'{quoted(matrix.title)} was to be reviewed by {matrix.review_by}; '
            "review it, and write another day for 'review-by'"
        )

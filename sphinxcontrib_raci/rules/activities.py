"""Rules about one activity at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sphinxcontrib_raci.rules.rule import Finding, Subject, letters_in, named
from sphinxcontrib_raci.schemes import Part, joined
from sphinxcontrib_raci.wording import counted, quoted

_MOST = {0: 'none', 1: 'one'}


def no_part(subject: Subject) -> Iterator[Finding]:
    """Nobody has any letter."""
    for activity, counts in subject.rows:
        if not counts:
            yield Finding(f'no party has a letter in {quoted(activity.name)}; say who does it', activity)


def nobody(part: Part) -> Callable[[Subject], Iterator[Finding]]:
    """A rule that fires where some have a letter, but not the one that somebody must have."""

    def find(subject: Subject) -> Iterator[Finding]:
        code = getattr(subject.scheme, part)
        if not code or not subject.scheme.letter(code).least:
            return
        # One letter for both is that of the party that answers.
        if part == 'responsible' and code == subject.scheme.accountable:
            return
        for activity, counts in subject.rows:
            if counts and code not in counts:
                yield Finding(
                    f'no party has {named(subject.scheme, code)} in {quoted(activity.name)} '
                    f'({letters_in(subject.matrix, activity)}); give it to one',
                    activity,
                )

    return find


def several_accountable(subject: Subject) -> Iterator[Finding]:
    """More parties are accountable than the scheme allows."""
    code = subject.scheme.accountable
    most = subject.scheme.letter(code).most if code else None
    return _more_than(subject, code, most) if most else iter(())


def several_responsible(subject: Subject) -> Iterator[Finding]:
    """More than one party does it, whatever the scheme allows."""
    code = subject.scheme.responsible
    return _more_than(subject, '' if code == subject.scheme.accountable else code, 1)


def many(part: Part) -> Callable[[Subject], Iterator[Finding]]:
    """A rule that fires where more parties have a letter than the number that is set."""

    def find(subject: Subject) -> Iterator[Finding]:
        return _more_than(subject, getattr(subject.scheme, part), subject.number)

    return find


def letter_count(subject: Subject) -> Iterator[Finding]:
    """A letter that the scheme wants more or less often, where no other rule says so."""
    scheme = subject.scheme
    for letter in scheme.letters:
        code, most = letter.code, letter.most
        if most is not None and code != scheme.accountable:
            yield from _more_than(subject, code, most)
        # Where nobody has it, there are rules of their own for the two letters that matter most.
        fewest = 1 if code in {scheme.accountable, scheme.responsible} else 0
        for activity, counts in subject.rows if letter.least > fewest else ():
            if counts and fewest <= counts.get(code, 0) < letter.least:
                yield Finding(
                    f'{_parties(counts.get(code, 0))} {named(scheme, code)} in {quoted(activity.name)} '
                    f'({letters_in(subject.matrix, activity)}); the scheme wants {letter.per_activity}',
                    activity,
                )


def contradictory_letters(subject: Subject) -> Iterator[Finding]:
    """Letters in one cell of which one includes the other."""
    scheme = subject.scheme
    pairs = [(letter, code) for letter in scheme.letters for code in letter.includes]
    for activity, counts in subject.rows:
        if not any(letter.code in counts and code in counts for letter, code in pairs):
            continue
        for party, cell in zip(subject.matrix.parties, activity.assignments, strict=True):
            found = [pair for pair in pairs if pair[0].code in cell.letters and pair[1] in cell.letters]
            # Where there are several in a cell, mending one shows the next.
            for letter, code in found[:1]:
                yield Finding(
                    f'{quoted(party.name)} has {joined(cell.letters)} in {quoted(activity.name)}: '
                    f'{named(scheme, letter.code)} goes without {named(scheme, code)}; leave one of the two',
                    activity,
                    party,
                )


def same_party(subject: Subject) -> Iterator[Finding]:
    """One party both does it and answers for it."""
    does, answers = subject.scheme.responsible, subject.scheme.accountable
    if not (does and answers) or does == answers:
        return
    for activity, counts in subject.rows:
        if does in counts and answers in counts:
            for party, cell in zip(subject.matrix.parties, activity.assignments, strict=True):
                if does in cell.letters and answers in cell.letters:
                    yield Finding(
                        f'{quoted(party.name)} has both {named(subject.scheme, does)} and '
                        f'{named(subject.scheme, answers)} in {quoted(activity.name)}; give one of them to another',
                        activity,
                        party,
                    )


def missing_id(subject: Subject) -> Iterator[Finding]:
    """An id that is made from the name."""
    for activity, _counts in subject.rows:
        if activity.derived:
            yield Finding(
                f'{quoted(activity.name)} has no id of its own, and links to it break when its name changes; '
                f"write 'id: {activity.id}'",
                activity,
            )


def _more_than(subject: Subject, code: str, most: int) -> Iterator[Finding]:
    """The activities in which more parties have a letter than ``most``."""
    for activity, counts in subject.rows if code else ():
        if counts.get(code, 0) > most:
            yield Finding(
                f'{_parties(counts[code])} {named(subject.scheme, code)} in {quoted(activity.name)} '
                f'({letters_in(subject.matrix, activity)}); leave it to {_MOST.get(most, f"{most} at most")}',
                activity,
            )


def _parties(number: int) -> str:
    return 'no party has' if not number else '1 party has' if number == 1 else f'{counted(number, "party")} have'

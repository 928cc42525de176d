"""Rules that a project adds: functions in its ``conf.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from traceback import extract_tb

from sphinxcontrib_raci.model import Activity, Matrix, Party
from sphinxcontrib_raci.rules.rule import Finding, Rule, Subject
from sphinxcontrib_raci.wording import FORBIDDEN, quoted, squeezed

Function = Callable[[Matrix], Iterable[Finding]]
"""What a project gives: it takes a matrix and gives a :class:`Finding` for each place where the rule does not hold."""


RESERVED = frozenset(
    [
        *['source', 'directive', 'duplicate', 'unshown', 'page', 'config'],
        *['syntax', 'structure', 'meaning', 'row', 'cell', 'read', 'fault'],
        *['lost', 'exists', 'write', 'derived', 'written', 'refused'],
        *['all', 'error', 'warning', 'info', 'never'],
    ]
)
"""Codes that mean something else, as subtypes of warnings, as codes of messages, or as words of the command."""

MOST = 10_000
"""So many findings a rule may have in one matrix: it might go on for ever."""

_WANTED = 'it must give objects of the class Finding: a text, and an activity and a party of the matrix or none'


def own_rule(code: str, function: Function) -> Rule:
    """The rule of a project's function; its title is the first line of the function's docstring, or else the code.

    A function that fails is reported as a finding: nobody should take silence for success.
    """
    told = getattr(function, '__doc__', None)
    title = _clean(told.strip().partition('\n')[0]).rstrip('.') if isinstance(told, str) else ''

    def find(subject: Subject) -> Iterator[Finding]:
        activities = {activity.id: activity for activity, _counts in subject.rows}
        parties = {party.id: party for party in subject.matrix.parties}
        try:
            found = function(subject.matrix) or ()
            for number, finding in enumerate([found] if isinstance(found, str | Finding) else found):
                if number == MOST:
                    yield _fault(f'the rule has more than {MOST:,} findings here; the rest is left out')
                    break
                yield _usable(finding, activities, parties)
        except (Exception, SystemExit) as error:  # A function of a user's may raise anything.
            yield _fault(f'the rule itself failed{_line_of(error)}: {type(error).__name__}: {error}')

    return Rule(code, (title or code.replace('-', ' ')).replace('%', '%%'), find, True)


def _usable(given: object, activities: Mapping[str, Activity], parties: Mapping[str, Party]) -> Finding:
    """A finding that is about the matrix itself, whatever the function gave: it may have made copies."""
    if isinstance(given, Finding) and isinstance(given.text, str) and _clean(given.text):
        activity = activities.get(given.activity.id) if isinstance(given.activity, Activity) else None
        party = parties.get(given.party.id) if isinstance(given.party, Party) else None
        if (activity is None) is (given.activity is None) and (party is None) is (given.party is None):
            return Finding(_clean(given.text), activity, party)
    return _fault(f'the rule gave {quoted(str(given))}; {_WANTED}')


def _fault(text: str) -> Finding:
    return Finding(_clean(text), fault=True)


def _clean(text: str) -> str:
    """The text as a message can hold it: on one line, and without what upsets a terminal or a writer."""
    return squeezed(FORBIDDEN.sub('\N{REPLACEMENT CHARACTER}', text))


def _line_of(error: BaseException) -> str:
    """Where in a rule an error arose: its last line that is not ours."""
    last = extract_tb(error.__traceback__)[-1]
    return '' if last.filename == __file__ else f' in line {last.lineno} of {Path(last.filename).name}'

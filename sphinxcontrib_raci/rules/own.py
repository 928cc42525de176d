"""Rules that a project adds: functions in its ``conf.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sphinxcontrib_raci.model import Activity, Matrix, Party
from sphinxcontrib_raci.rules.rule import Finding, Rule, Subject
from sphinxcontrib_raci.wording import quoted

Function = Callable[[Matrix], Iterable[Finding]]
"""What a project gives: it takes a matrix and gives a :class:`Finding` for each place where the rule does not hold."""


_WANTED = 'it must give objects of the class Finding, each with a text, and an activity and a party or none'


def own_rule(code: str, function: Function) -> Rule:
    """The rule of a project's function; its title is the first line of the function's docstring, or else the code.

    A function that fails is reported as a finding: nobody should take silence for success.
    """
    title = (function.__doc__ or '').strip().partition('\n')[0].rstrip('.') or code.replace('-', ' ')

    def find(subject: Subject) -> Iterator[Finding]:
        try:
            found = function(subject.matrix) or ()
            for finding in [found] if isinstance(found, str) else found:
                yield finding if _is_usable(finding) else Finding(f'the rule gave {quoted(str(finding))}; {_WANTED}')
        except Exception as error:  # A function of a user's may raise anything.
            yield Finding(f'the rule itself failed: {type(error).__name__}: {" ".join(str(error).split())}')

    return Rule(code, title.replace('%', '%%'), find, True)


def _is_usable(finding: object) -> bool:
    return (
        isinstance(finding, Finding)
        and isinstance(finding.text, str)
        and isinstance(finding.activity, Activity | None)
        and isinstance(finding.party, Party | None)
    )

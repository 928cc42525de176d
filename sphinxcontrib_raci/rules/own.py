"""Rules that a project adds: functions in its ``conf.py``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from traceback import extract_tb

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
        except (Exception, SystemExit) as error:  # A function of a user's may raise anything.
            where, said = _line_of(error), ' '.join(f'{type(error).__name__}: {error}'.split())
            yield Finding(f'the rule itself failed{where}: {said}')

    return Rule(code, title.replace('%', '%%'), find, True)


def _line_of(error: BaseException) -> str:
    """Where in a rule an error arose: its last line that is not ours."""
    last = extract_tb(error.__traceback__)[-1]
    return '' if last.filename == __file__ else f' in line {last.lineno} of {Path(last.filename).name}'


def _is_usable(finding: object) -> bool:
    return (
        isinstance(finding, Finding)
        and isinstance(finding.text, str)
        and bool(finding.text.strip())
        and isinstance(finding.activity, Activity | None)
        and isinstance(finding.party, Party | None)
    )

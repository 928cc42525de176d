"""What every format of output gets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sphinxcontrib_raci.model import Place, Problem
from sphinxcontrib_raci.rules import Finding, Rule


@dataclass(frozen=True, slots=True)
class Entry:
    """A problem of a source, or a finding; ``code`` is the kind of the one or the rule of the other.

    ``matrix``, ``activity`` and ``party`` are ids, as far as it is about one.  ``waived`` is the reason of the waiver.
    """

    place: Place
    level: str
    code: str
    text: str
    matrix: str = ''
    activity: str = ''
    party: str = ''
    waived: str = ''

    @classmethod
    def of_problem(cls, problem: Problem, matrix: str = '') -> Entry:
        """The entry of a problem, in a source from which this matrix was read."""
        return cls(problem.place, problem.level, problem.kind, problem.text, matrix)

    @classmethod
    def of_finding(cls, finding: Finding) -> Entry:
        """The entry of a finding."""
        return cls(
            finding.place,
            'warning',
            finding.rule,
            finding.text,
            finding.matrix,
            finding.activity.id if finding.activity else '',
            finding.party.id if finding.party else '',
            finding.waiver.reason if finding.waiver else '',
        )


@dataclass(frozen=True, slots=True)
class Report:
    """All entries, file by file, and the rules by code.  ``color`` says whether a terminal shows colours."""

    entries: tuple[Entry, ...]
    rules: Mapping[str, Rule]
    color: bool = False

    def open(self) -> Iterator[Entry]:
        """The entries that are not waived."""
        return (entry for entry in self.entries if not entry.waived)

"""Asking the rules: which are on in a matrix, what they find, and what is waived."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from sphinxcontrib_raci.addresses import place_of
from sphinxcontrib_raci.model import Activity, Matrix, Section, Waiver
from sphinxcontrib_raci.rules import UNUSED, Finding, Rule, Setting
from sphinxcontrib_raci.rules.rule import Build, Subject, rows_of
from sphinxcontrib_raci.settings import Settings
from sphinxcontrib_raci.wording import quoted


def today() -> date:
    """The day of the build: that of ``SOURCE_DATE_EPOCH``, where it is set, as for all that Sphinx dates."""
    given = os.environ.get('SOURCE_DATE_EPOCH', '')
    try:
        return datetime.fromtimestamp(int(given), UTC).date()
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(time.time()).date()


def check(
    matrices: Sequence[Matrix], settings: Settings, day: date, select: Collection[str] | None = None
) -> dict[str, tuple[Finding, ...]]:
    """What the rules find in each matrix, by its id: by place, and then in the order of the rules.

    Among them are findings that are waived, be the rule on or off: readers are told of waivers.  ``select`` has the
    codes of the only rules that are on, whatever the settings say.
    """
    build = Build(day, matrices)
    return {matrix.id: tuple(_Check(matrix, settings, build, select).run()) for matrix in matrices}


@dataclass
class _Check:
    """The check of one matrix."""

    matrix: Matrix
    settings: Settings
    build: Build
    select: Collection[str] | None
    used: set[int] = field(default_factory=set)
    """The waivers that something needs, by their identity: two may be equal."""
    wide: dict[str, bool] = field(default_factory=dict)
    """For each rule that finds something, whether all of it is about the matrix as a whole, or a party of it."""
    failed: set[str] = field(default_factory=set)
    """The rules that failed: whether their waivers are needed is not known."""

    def run(self) -> list[Finding]:
        matrix = self.matrix
        waivers = _Waivers(matrix)
        given = dict(matrix.rules)
        subject = Subject(matrix, self.build, rows=rows_of(matrix))
        found: list[Finding] = []
        for rule in self.settings.rules.values():
            setting = given.get(rule.code, self.settings.setting(rule))
            on = self.is_on(rule, setting)
            if (on or rule.code in waivers.codes) and not (rule.whole and matrix.unread):
                for finding in rule.find(replace(subject, number=rule.limit(setting))):
                    finding = self.completed(finding, rule, waivers)
                    if on or finding.waiver:
                        found.append(finding)
        if not matrix.unread:
            on = self.is_on(UNUSED, given.get(UNUSED.code, self.settings.setting(UNUSED)))
            found += [finding for finding in self.unused(waivers) if on or finding.waiver]
        return sorted(found, key=lambda finding: (finding.place.line, finding.place.column))

    def is_on(self, rule: Rule, setting: Setting) -> bool:
        return setting is not False if self.select is None else rule.code in self.select

    def completed(self, finding: Finding, rule: Rule, waivers: _Waivers) -> Finding:
        """A finding with all that the rule itself need not know."""
        about = finding.activity or finding.party or self.matrix
        column = 0 if isinstance(about, Matrix) else about.column
        waiver = None
        if finding.fault:
            self.failed.add(rule.code)
        else:
            self.wide[rule.code] = self.wide.get(rule.code, True) and finding.activity is None
            waiver = self.waiver(waivers.of(finding.activity), rule)
        place = place_of(self.matrix, about.line, column)
        return replace(finding, rule=rule.code, matrix=self.matrix.id, place=place, waiver=waiver)

    def waiver(self, chain: Sequence[Waiver], rule: Rule) -> Waiver | None:
        """The nearest waiver of a rule in a chain of them; all of them are needed."""
        those = [waiver for waiver in chain if waiver.rule == rule.code]
        self.used.update(map(id, those))
        return those[0] if those else None

    def unused(self, waivers: _Waivers) -> Iterator[Finding]:
        """The waivers of rules that do not fire there; the waivers of this rule are needed where there are any."""
        for about_itself in (False, True):
            for activity, waiver, chain in waivers.all:
                known = id(waiver) in self.used or waiver.rule in self.failed
                if known or (waiver.rule == UNUSED.code) is not about_itself:
                    continue
                text = f'{quoted(waiver.rule)} is waived, but nothing here breaks that rule; take the waiver away'
                if self.wide.get(waiver.rule):
                    about = 'but what it finds is about the matrix or a party; move the waiver to the matrix'
                    text = f'{quoted(waiver.rule)} is waived here, {about}'
                place = place_of(self.matrix, waiver.line, waiver.column)
                # A waiver does not excuse itself.
                why = None if about_itself else self.waiver(chain, UNUSED)
                yield Finding(text, activity, None, why, UNUSED.code, self.matrix.id, place)


class _Waivers:
    """The waivers of a matrix, and which of them hold for an activity."""

    def __init__(self, matrix: Matrix) -> None:
        self._root = matrix.root
        self._chains: dict[int, tuple[Waiver, ...]] = {}
        self.all: list[tuple[Activity | None, Waiver, Sequence[Waiver]]] = []
        """All waivers: each with its activity, where it has one, and with those that hold in its place."""
        self._walk(matrix.root, ())
        self.codes = frozenset(waiver.rule for _activity, waiver, _chain in self.all)

    def _walk(self, section: Section, outer: tuple[Waiver, ...]) -> None:
        chain = (*section.waive, *outer)
        self.all += [(None, waiver, chain) for waiver in section.waive]
        for activity in section.activities:
            if activity.waive or chain:
                own = self._chains[id(activity)] = (*activity.waive, *chain)
                self.all += [(activity, waiver, own) for waiver in activity.waive]
        for child in section.sections:
            self._walk(child, chain)

    def of(self, activity: Activity | None) -> Sequence[Waiver]:
        """The waivers that hold for an activity, the nearest first; those of the matrix for none."""
        return self._root.waive if activity is None else self._chains.get(id(activity), ())

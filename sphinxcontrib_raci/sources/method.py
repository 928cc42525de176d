"""What a source says of the rules of the method: settings and waivers."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sphinxcontrib_raci.model import Waiver
from sphinxcontrib_raci.rules import Rule, Setting
from sphinxcontrib_raci.sources.fields import Fields
from sphinxcontrib_raci.sources.tree import Node, Scalar, is_null
from sphinxcontrib_raci.wording import listed, quoted

CODE = re.compile(r'[a-z]+(-[a-z]+)*')
_CODE_HINT = "the code of a rule: lower-case letters and single hyphens between them, such as 'several-accountable'"
_TRUTH = {'true': True, 'True': True, 'TRUE': True, 'false': False, 'False': False, 'FALSE': False}
_NUMBER = re.compile('0|[1-9][0-9]{0,5}')


class Method:
    """The takes of ``rules`` and ``waive``; ``rules`` are those that are known, by their codes."""

    def __init__(self, fields: Fields, rules: Mapping[str, Rule]) -> None:
        self._fields = fields
        self._problems = fields.problems
        self._rules = rules

    def settings(self, node: Node, what: str) -> tuple[tuple[str, Setting], ...] | None:
        """Take the settings of rules."""
        pairs = self._fields.pairs(node, what)
        if pairs is None:
            return None
        found = []
        for key, value in pairs:
            setting = self._setting(key, value, what)
            if self._is_known(key, what) and setting is not None:
                found.append((key.text, setting))
        return tuple(found)

    def waivers(self, node: Node, what: str) -> tuple[Waiver, ...] | None:
        """Take the waivers of rules, each with its reason."""
        pairs = self._fields.pairs(node, what)
        if pairs is None:
            return None
        found: dict[str, Waiver] = {}
        for key, value in pairs:
            reason = self._fields.some(value, f'{quoted(key.text)} in {what}')
            if not self._is_known(key, what) or not reason:
                continue
            # A mapping has each key once, but a cell of a table may hold anything.
            if found.setdefault(key.text, waiver := Waiver(key.text, reason, key.line, key.column)) is not waiver:
                text = f'{quoted(key.text)} is waived twice here; write one reason'
                self._problems.add(key, text, 'meaning')
        return tuple(found.values())

    def _is_known(self, key: Scalar, what: str) -> bool:
        if not self._fields.key(key, what, CODE, _CODE_HINT):
            return False
        if key.text not in self._rules:
            hint = self._problems.suggestion(key.text, self._rules) or f'; the rules are {listed(self._rules)}'
            # Whoever checks sources without the conf.py that has the rule must not be led to another one.
            text = f'unknown rule {quoted(key.text)} in {what}{hint} (rules of your own: raci_rules in conf.py)'
            self._problems.add(key, text, 'meaning')
            return False
        return True

    def _setting(self, key: Scalar, node: Node, what: str) -> Setting | None:
        what = f'{quoted(key.text)} in {what}'
        if not isinstance(node, Scalar):
            self._fields.wrong(node, what, 'true, false or a whole number')
        elif is_null(node):
            return None
        elif node.text in _TRUTH:
            return _TRUTH[node.text]
        elif not _NUMBER.fullmatch(node.text):
            rule = self._rules.get(key.text)
            wanted = rule.why_not(None) if rule else 'true, false or a whole number'
            self._problems.add(node, f'{what} is {quoted(node.text)}; write {wanted}')
        elif (rule := self._rules.get(key.text)) and (wanted := rule.why_not(int(node.text))):
            self._problems.add(node, f'{what} is {quoted(node.text)}; write {wanted}', 'meaning')
        else:
            return int(node.text)
        return None

"""What a project says of all its matrices at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sphinxcontrib_raci.model import Party
from sphinxcontrib_raci.rules import RULES, Rule, Setting
from sphinxcontrib_raci.schemes import SCHEMES, Scheme


@dataclass(frozen=True, slots=True)
class Settings:
    """The parties, schemes and rules that the sources of a project may name, and how its rules are set."""

    parties: Mapping[str, Party] = field(default_factory=dict)
    schemes: Mapping[str, Scheme] = field(default_factory=lambda: SCHEMES)
    rules: Mapping[str, Rule] = field(default_factory=lambda: RULES)
    values: Mapping[str, Setting] = field(default_factory=dict)

    def setting(self, rule: Rule) -> Setting:
        """How a rule is set in the project."""
        return self.values.get(rule.code, rule.default)


NO_SETTINGS = Settings()
"""A project that says nothing."""

"""The settings with which files are read that may come from anywhere: every party and every rule is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from sphinxcontrib_raci.cli import configuration
from sphinxcontrib_raci.model import Party
from sphinxcontrib_raci.rules import RULES, Rule
from sphinxcontrib_raci.settings import Settings

T = TypeVar('T')


class _Everything(Mapping[str, T]):
    """Has an entry for every key that is asked for, and none that can be listed."""

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class _Anyone(_Everything[Party]):
    def __getitem__(self, ident: str) -> Party:
        return Party(ident, ident)


class _AnyRule(_Everything[Rule]):
    def __getitem__(self, code: str) -> Rule:
        return RULES.get(code) or Rule(code, code, lambda subject: (), number=0)


def anything(config: str | None) -> Settings:
    """The settings that know every party and rule, and the schemes of the configuration, as :func:`.load` finds it.

    What the letters of a cell are, no reader can tell without their scheme; all else can stay as it is written.

    :raises configuration.Wrong: where the configuration cannot be used.
    """
    return Settings(_Anyone(), configuration.load(config).settings.schemes, _AnyRule())

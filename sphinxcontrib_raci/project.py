"""All matrices of a project together, and what only shows when they are put side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sphinxcontrib_raci.addresses import place_of
from sphinxcontrib_raci.model import Matrix, Party, Problem
from sphinxcontrib_raci.rules import Finding
from sphinxcontrib_raci.rules.engine import check
from sphinxcontrib_raci.settings import NO_SETTINGS, Settings


@dataclass(frozen=True, slots=True)
class Project:
    """The matrices by id and by path of their source, and every party that takes part or is configured.

    ``broken`` has the paths of sources of which nothing could be read, ``findings`` what the rules found in each
    matrix, waived or not.
    """

    matrices: Mapping[str, Matrix]
    paths: Mapping[str, Matrix]
    parties: Mapping[str, Party]
    broken: tuple[str, ...] = ()
    settings: Settings = NO_SETTINGS
    findings: Mapping[str, tuple[Finding, ...]] = field(default_factory=dict)

    def rows(self, party: str) -> dict[str, int]:
        """In how many activities of each matrix a party has a part, in the order of the titles of the matrices."""
        counts = {matrix.id: _rows(matrix, party) for matrix in self.in_order()}
        return {ident: count for ident, count in counts.items() if count}

    def find(self, key: str) -> Matrix | None:
        """The matrix of this id, or of the source with this path."""
        return self.matrices.get(key) or self.paths.get(key)

    def in_order(self, only: Iterable[str] = ()) -> list[Matrix]:
        """The matrices in the order of their titles, or of ``only`` where that names some."""
        chosen = tuple(only)
        if chosen:
            return [self.matrices[key] for key in chosen if key in self.matrices]
        return sorted(self.matrices.values(), key=lambda matrix: (matrix.title.casefold(), matrix.id))


def _rows(matrix: Matrix, party: str) -> int:
    column = matrix.column(party)
    return 0 if column is None else sum(bool(activity.assignments[column].letters) for activity in matrix.walk())


def assemble(
    matrices: Iterable[Matrix],
    settings: Settings,
    broken: Iterable[str] = (),
    *,
    day: date,
    select: Collection[str] | None = None,
) -> tuple[Project, list[Problem]]:
    """Put matrices together, and ask the rules about them.

    The names of configured parties win over those of the sources.  ``day`` is the day for rules about dates; ``select``
    has the codes of the only rules that are on, ``None`` leaves that to the settings.

    :returns: the project, and a problem for each id that two sources use and each party that two sources name
        differently.
    """
    problems: list[Problem] = []
    by_id: dict[str, Matrix] = {}
    by_path: dict[str, Matrix] = {}
    known = dict(settings.parties)
    named_in: dict[str, Matrix] = {}
    for matrix in matrices:
        first = by_id.setdefault(matrix.id, matrix)
        by_path[matrix.path] = matrix
        if first is not matrix:
            problems.append(_same_id(matrix, first))
            continue
        for party in matrix.parties:
            if party.id not in known:
                known[party.id] = party
                named_in[party.id] = matrix
            elif party.id in named_in and known[party.id].name != party.name:
                problems.append(_other_name(matrix, party, known[party.id], named_in[party.id]))
    findings = check(list(by_id.values()), settings, day, select)
    return Project(by_id, by_path, known, tuple(broken), settings, findings), problems


def _same_id(matrix: Matrix, first: Matrix) -> Problem:
    text = f"the id '{matrix.id}' is already that of the matrix in {first.path}; give one of them another 'id'"
    return Problem(place_of(matrix, matrix.line), text, 'meaning')


def _other_name(matrix: Matrix, party: Party, known: Party, first: Matrix) -> Problem:
    text = (
        f"the party '{party.id}' is called '{party.name}' here and '{known.name}' in {first.path}; "
        'use one name, or set it in raci_parties'
    )
    return Problem(place_of(matrix, matrix.line), text, 'meaning')

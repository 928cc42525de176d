"""All matrices of a project together, and what only shows when they are put side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sphinxcontrib_raci.model import Matrix, Party, Place, Problem


@dataclass(frozen=True, slots=True)
class Project:
    """The matrices by id and by path of their source, and every party that takes part or is configured.

    ``broken`` has the paths of sources of which nothing could be read.
    """

    matrices: Mapping[str, Matrix]
    paths: Mapping[str, Matrix]
    parties: Mapping[str, Party]
    broken: tuple[str, ...] = ()

    def find(self, key: str) -> Matrix | None:
        """The matrix of this id, or of the source with this path."""
        return self.matrices.get(key) or self.paths.get(key)

    def in_order(self, only: Iterable[str] = ()) -> list[Matrix]:
        """The matrices in the order of their titles, or of ``only`` where that names some."""
        chosen = tuple(only)
        if chosen:
            return [self.matrices[key] for key in chosen if key in self.matrices]
        return sorted(self.matrices.values(), key=lambda matrix: (matrix.title.casefold(), matrix.id))


def assemble(
    matrices: Iterable[Matrix], parties: Mapping[str, Party], broken: Iterable[str] = ()
) -> tuple[Project, list[Problem]]:
    """Put matrices together.  ``parties`` are the configured ones; their names win over those of the sources.

    :returns: the project, and a problem for each id that two sources use and each party that two sources name
        differently.
    """
    problems: list[Problem] = []
    by_id: dict[str, Matrix] = {}
    by_path: dict[str, Matrix] = {}
    known = dict(parties)
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
    return Project(by_id, by_path, known, tuple(broken)), problems


def _same_id(matrix: Matrix, first: Matrix) -> Problem:
    text = f"the id '{matrix.id}' is already that of the matrix in {first.path}; give one of them another 'id'"
    return Problem(Place(matrix.path, matrix.line), text, 'meaning')


def _other_name(matrix: Matrix, party: Party, known: Party, first: Matrix) -> Problem:
    text = (
        f"the party '{party.id}' is called '{party.name}' here and '{known.name}' in {first.path}; "
        'use one name, or set it in raci_parties'
    )
    return Problem(Place(matrix.path, matrix.line), text, 'meaning')

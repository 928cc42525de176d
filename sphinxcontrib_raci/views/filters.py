"""What a reader can choose from to see fewer rows of a matrix or of a party's activities."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from sphinxcontrib_raci.content import Filter
from sphinxcontrib_raci.model import Activity, Matrix, Party

NEVER = 0
"""In place of a number of rows: no table has a filter."""


def of_matrix(matrix: Matrix, columns: Iterable[int], activities: Collection[Activity], least: int) -> list[Filter]:
    """The filter of the tables of a matrix, where they have so many rows; of these activities and party columns."""
    if not _is_wanted(least, len(activities)):
        return []
    parties = tuple((party.id, party.name) for party in (matrix.parties[index] for index in columns))
    letters = tuple((letter.code, letter.name) for letter in matrix.scheme.letters)
    tags = {tag for activity in activities for tag in activity.tags}
    return [
        Filter(matrix.id, matrix.title, parties, letters, tuple(sorted(tags, key=lambda tag: (tag.casefold(), tag))))
    ]


def of_party(party: Party, names: Mapping[str, Sequence[str]], rows: int, least: int) -> list[Filter]:
    """The filter of the tables about one party, where they have so many rows.

    ``names`` are the names of each letter in the matrices.
    """
    letters = tuple((code, ' / '.join(found)) for code, found in names.items() if found)
    # The last column has the other parties.
    return [Filter(f'party.{party.id}', party.name, (), letters, after=1)] if _is_wanted(least, rows) else []


def _is_wanted(least: int, rows: int) -> bool:
    return least != NEVER and rows >= least

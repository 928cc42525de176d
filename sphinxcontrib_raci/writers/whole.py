"""A matrix that leaves its project: all that it relies on there goes with it."""

from __future__ import annotations

from dataclasses import replace

from sphinxcontrib_raci.model import Matrix, Section

NAME = '-'
"""The name of the file as a writer is told it: no id is like that, so that each file gives the id of its matrix, and
keeps it when a browser or a reader gives the file another name."""


def whole(matrix: Matrix) -> Matrix:
    """The matrix with the names of its parties, and with ids that stay what they are on the pages."""
    parties = tuple(replace(party, named=True) for party in matrix.parties)
    return replace(matrix, parties=parties, root=_given(matrix.root))


def _given(section: Section) -> Section:
    activities = tuple(replace(activity, derived=False) for activity in section.activities)
    return replace(section, activities=activities, sections=tuple(map(_given, section.sections)))

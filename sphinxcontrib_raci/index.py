"""The index page of all activities."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sphinx.domains import Index, IndexEntry

from sphinxcontrib_raci.messages import _

if TYPE_CHECKING:
    from sphinxcontrib_raci.domain import RaciDomain


class Said:
    """A word of a class, in the language of the build that asks for it.

    It is a plain text whenever it is read: some builders write it with a library that knows nothing else.
    """

    def __init__(self, message: str) -> None:
        self.message = message

    def __get__(self, instance: object, owner: type) -> str:
        """The word."""
        return _(self.message)


class ActivityIndex(Index):
    """Every activity, under its matrix."""

    name = 'activities'
    localname = Said('Activities')
    shortname = Said('activities')
    domain: RaciDomain

    def generate(self, docnames: Iterable[str] | None = None) -> tuple[list[tuple[str, list[IndexEntry]]], bool]:
        """The matrices by the first character of their titles, each with its activities in the order of the source."""
        only = None if docnames is None else set(docnames)
        letters: dict[str, list[IndexEntry]] = {}
        for matrix, activities in self.domain.activities(only):
            first = matrix.title[:1].upper()
            # Sphinx writes it as it is, into attributes too, so it must be a letter or a digit.
            entries = letters.setdefault(first if first.isalnum() else '*', [])
            entries.append(IndexEntry(matrix.title, 1, matrix.docname, matrix.anchor, '', '', ''))
            entries += [IndexEntry(found.title, 2, found.docname, found.anchor, '', '', '') for found in activities]
        return sorted(letters.items()), False

"""The index page of all activities."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sphinx.domains import Domain, Index, IndexEntry

from sphinxcontrib_raci.messages import lazy

if TYPE_CHECKING:
    from sphinxcontrib_raci.domain import RaciDomain


class ActivityIndex(Index):
    """Every activity, under its matrix."""

    name = 'activities'
    localname = lazy('Activities')
    shortname = lazy('activities')
    domain: RaciDomain

    def __init__(self, domain: Domain) -> None:
        super().__init__(domain)
        # Some builders write them with a library that knows texts alone.
        self.localname, self.shortname = str(self.localname), str(self.shortname)  # type: ignore[misc]

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

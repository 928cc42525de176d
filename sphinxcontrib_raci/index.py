"""The index page of all activities."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sphinx.domains import Index, IndexEntry

from sphinxcontrib_raci.content import Found
from sphinxcontrib_raci.messages import _

if TYPE_CHECKING:
    from sphinxcontrib_raci.domain import RaciDomain


MOST = 5_000
"""So many activities the index lists: about as many as a page has room for that is still read."""


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
        """The matrices by the first character of their titles, each with its activities in the order of the source.

        Of very many activities, the matrices alone are listed: the index is one page.
        """
        members = self.domain.activities(None if docnames is None else set(docnames))
        matrices = {name: self.domain.found['matrix', name] for name in members}
        listed = sum(map(len, members.values())) <= MOST
        letters: dict[str, list[IndexEntry]] = {}
        for name, matrix in sorted(matrices.items(), key=lambda item: (item[1].title.casefold(), item[0])):
            first = matrix.title[:1].upper()
            # Sphinx writes it as it is, into attributes too, so it must be a letter or a digit.
            entries = letters.setdefault(first if first.isalnum() else '*', [])
            entries.append(_entry(matrix, 1))
            entries += [_entry(found, 2) for found in self.domain.in_order(name, members[name])] if listed else []
        return sorted(letters.items()), False


def _entry(found: Found, level: int) -> IndexEntry:
    return IndexEntry(found.title, level, found.docname, found.anchor, '', '', '')

"""The sections of a matrix: finding one, and what stands around it."""

from __future__ import annotations

from collections.abc import Iterator

from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.model import Activity, Matrix, Section
from sphinxcontrib_raci.views.common import CannotShow


def find_section(matrix: Matrix, wanted: str) -> tuple[int, ...]:
    """A section by its id, or by its title with as much of the path to it (``In use > Incidents``) as is needed.

    :returns: its number in the matrix, such as (3, 2).
    :raises CannotShow: where none or more than one fits.
    """
    path = [part.strip().casefold() for part in wanted.split('>')]
    sections = list(walk(matrix.root))
    found = [number for _titles, number, section in sections if section.id == wanted]
    found = found or [number for titles, number, _ in sections if [title.casefold() for title in titles] == path]
    found = found or [number for titles, number, _ in sections if [t.casefold() for t in titles[-len(path) :]] == path]
    if len(found) == 1:
        return found[0]
    known = ', '.join(f"'{' > '.join(titles)}'" for titles, _number, _section in sections)
    reason = _("more than one section '%s'") if found else _("unknown section '%s'")
    raise CannotShow(reason % wanted + _(" of the matrix '%s'; known are: %s") % (matrix.id, known))


def alone(root: Section, number: tuple[int, ...]) -> Section:
    """A section that holds only the one of this number; the root itself for no number."""
    section = root
    for index in number:
        section = section.sections[index - 1]
    return Section('', sections=(section,)) if number else root


def around(root: Section, number: tuple[int, ...]) -> list[Section]:
    """The matrix and the sections around the one of this number, from the outside in."""
    found = [root]
    for index in number[:-1]:
        found.append(found[-1].sections[index - 1])
    return found


def walk(
    section: Section, titles: tuple[str, ...] = (), number: tuple[int, ...] = ()
) -> Iterator[tuple[tuple[str, ...], tuple[int, ...], Section]]:
    """The sections below this one, each before those in it, with the titles that lead to it and its number."""
    for index, child in enumerate(section.sections, 1):
        yield (*titles, child.title), (*number, index), child
        yield from walk(child, (*titles, child.title), (*number, index))


def titled(root: Section) -> Iterator[tuple[tuple[str, ...], Activity]]:
    """All activities in the order of the source, each with the titles of the sections that it stands in."""
    yield from (((), activity) for activity in root.activities)
    for titles, _number, section in walk(root):
        yield from ((titles, activity) for activity in section.activities)

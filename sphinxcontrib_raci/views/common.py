"""Pieces that several views share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from functools import lru_cache

from sphinxcontrib_raci.content import Block, Bullets, Letters, Markup, Notice, Prose
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.model import Activity, Matrix
from sphinxcontrib_raci.project import Project
from sphinxcontrib_raci.schemes import Letter, Scheme
from sphinxcontrib_raci.wording import file_name, nearest, path_text

NARROW = 18
"""The share of a table's width, in per cent, that a column of letters has at most."""


class CannotShow(LookupError):
    """What was asked for is not there; the argument is a message for the author of the directive."""


def unknown(text: str, name: str, known: Iterable[str]) -> str:
    """The text about a name that does not exist, with what was probably meant or else with what is known."""
    names = list(known)
    if near := nearest(name, names):
        return text % name + _("; did you mean '%s'?") % near
    return text % name + _('; known are: %s') % (', '.join(names) or _('none'))


def text_of(matrix: Matrix, text: str, line: int) -> str | Markup:
    """A text of a matrix: as it stands, or as markup where the matrix says so."""
    return Markup(text, path_text(matrix.path), line) if matrix.markup else text


@lru_cache(maxsize=4096)
def letters_of(scheme: Scheme, codes: tuple[str, ...]) -> Letters:
    """The letters of a cell with their names.

    Equal ones are one object: tables have thousands of them.
    """
    return Letters(codes, tuple(scheme.letter(code).name for code in codes))


def narrow_widths(narrow: int, shared: int = 64) -> tuple[int, int]:
    """Shares of the width, in per cent, for one wide column and ``narrow`` equal ones beside it.

    The narrow ones take ``shared`` together at most.
    """
    each = min(NARROW, max(2, shared // max(1, narrow)))
    # Where there are very many, the shares add up to more than a hundred: they are proportions.
    return max(20, 100 - each * narrow), each


def prose(matrix: Matrix, text: str, line: int) -> list[Prose]:
    """The paragraphs of an intro."""
    return [Prose((text_of(matrix, part, line),)) for part in text.split('\n\n') if part]


def missing(project: Project, matrices: Iterable[Matrix], names: Collection[str]) -> list[Notice]:
    """A notice that names the sources of which something, or all, is missing on a page about several of them.

    Where the matrices were chosen by ``names``, what cannot be read at all is none of them.
    """
    items = [
        (_('%s: %d or more rows') % (matrix.title, len(matrix.unread)),) for matrix in matrices if matrix.unread
    ] + [(_('%s: everything') % file_name(path),) for path in project.broken if not names]
    if not items:
        return []
    lead = _('This page is not complete. These sources could not be read in full:')
    return [Notice((Prose((lead,)), Bullets(tuple(items))))]


def legend(scheme: Scheme) -> Bullets:
    """What the letters of a scheme mean, one item each."""
    return Bullets(
        tuple(
            (
                # Its name follows.
                Letters((letter.code,), ('',)),
                f' {letter.name}' + (f': {letter.meaning}' if letter.meaning else ''),
            )
            for letter in scheme.letters
        ),
        'legend',
    )


def by_letters(matrices: Iterable[Matrix]) -> list[list[Matrix]]:
    """The matrices whose letters have the same names and meanings, together."""
    groups: dict[tuple[Letter, ...], list[Matrix]] = {}
    for matrix in matrices:
        groups.setdefault(matrix.scheme.letters, []).append(matrix)
    return list(groups.values())


def legends(matrices: Iterable[Matrix]) -> list[Block]:
    """The legends of matrices whose letters differ, each with the titles of its matrices; none where they do not."""
    groups = by_letters(matrices)
    blocks: list[Block] = []
    for group in groups if len(groups) > 1 else ():
        titles = ', '.join(matrix.title for matrix in group)
        blocks += [Prose((_('Letters in %s:') % titles,)), legend(group[0].scheme)]
    return blocks


def count_letters(activities: Iterable[Activity], column: int) -> Counter[str]:
    """How many activities give each letter to the party in this column."""
    return Counter(code for activity in activities for code in activity.assignments[column].letters)

"""Whether a table fits a narrow page, such as a phone's, as far as one can tell before it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sphinxcontrib_raci.content import Cell, Inline, Letters, Share, Table

WIDE = 4
"""With more columns than so many, each is as wide as its longest word needs."""
ROOM = 22
"""So many characters, beside the first column, have room on a page of 360 pixels."""
_SPACE = 2
"""What parts two columns, in characters."""
_BREAKS = re.compile(r'[ \n-]')


def classes(table: Table) -> list[str]:
    """What the stylesheet has to know: ``raci-wide`` for many columns, ``raci-stacked`` for too many on a phone."""
    # Bars can be compared where they have the same room.
    wide = len(table.columns) > WIDE and not any(isinstance(row[-1], Share) for row in table.rows[-1:])
    return ['raci-wide'] * wide + ['raci-stacked'] * (len(table.columns) > WIDE or _is_too_wide(table))


def _is_too_wide(table: Table) -> bool:
    """Whether the columns after the first one, each as wide as its longest word, take more room than there is."""
    heads = [_longest([column.title]) for column in table.columns[1:]]
    if sum(heads) + _SPACE * len(heads) > ROOM:
        return True
    for row in table.rows:
        for index, cell in enumerate(row[1:]):
            heads[index] = max(heads[index], *(_longest(paragraph) for paragraph in _paragraphs(cell)))
    return sum(heads) + _SPACE * len(heads) > ROOM


def _paragraphs(cell: Inline | Cell) -> Iterable[Iterable[Inline]]:
    return (cell.paragraphs or [()]) if isinstance(cell, Cell) else [[cell]]


def _longest(paragraph: Iterable[Inline]) -> int:
    """The length of the longest word; letters are wider than others, and stand in frames."""
    text = ''.join(
        'WW' * len(part.codes) if isinstance(part, Letters) else str(getattr(part, 'text', part)) for part in paragraph
    )
    return max(map(len, _BREAKS.split(text)))

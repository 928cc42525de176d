"""A page of tables: what every format that is no tree is read into, before anyone asks what the tables mean.

A reader of such a format gives a :class:`Page`; :mod:`~sphinxcontrib_raci.sources.tables` makes a matrix of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sphinxcontrib_raci.sources.tree import Mapping_


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text without markup, its place, and what the markup said.

    ``text`` has line breaks where the cell has them.  ``strong`` says that all of the text is bold, or set as a title
    in another way.  ``links`` are those in the text, each with its words and its target.  A reference to a footnote
    stands in the text as ``[^label]``.
    """

    text: str
    line: int
    column: int
    strong: bool = False
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row, with the cells that the source really has: a row may be shorter or longer than others.

    ``title`` says that one cell is merged across the whole row, or that the format says otherwise that it is a title.
    """

    cells: tuple[Cell, ...]
    line: int
    title: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in order.

    ``head`` says whether the first one is known to be the head; otherwise it has to be found.  ``loose`` says that the
    rows stand alone in a text, and may belong to a table above that something ends.
    """

    rows: tuple[Row, ...]
    line: int
    head: bool = False
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A title of the page or of a part of it.  ``level`` counts from 1."""

    text: str
    level: int
    line: int
    column: int = 1


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph (``kind`` is ``text``), an entry of a list (``item``) or a comment that no reader sees (``comment``).

    ``text`` is without markup; line breaks of the source are blanks, except in a comment.
    """

    text: str
    line: int
    kind: str = 'text'


@dataclass(frozen=True, slots=True)
class Other:
    """Something that no matrix can hold, such as ``a block of code`` or ``an image``."""

    what: str
    line: int


Block = Table | Heading | Prose | Other


@dataclass(frozen=True, slots=True)
class Page:
    """All of a file, in order.

    ``front`` is what stands before the page as keys and values.  ``footnotes`` has the text of each footnote by its
    label.
    """

    blocks: tuple[Block, ...]
    front: Mapping_ | None = None
    footnotes: Mapping[str, str] = field(default_factory=dict)

"""What a page says, as plain data: the step between the model and docutils nodes.

A view (:mod:`sphinxcontrib_raci.views`) turns matrices into these records; :mod:`sphinxcontrib_raci.tables` turns them
into nodes.  They compare, print and pickle by value.  That is what lets a build find the documents that a change to a
source concerns (:func:`digest`), and what keeps a table cheap while it travels through Sphinx.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from sphinxcontrib_raci.packing import Packable
from sphinxcontrib_raci.schemes import joined


@dataclass(frozen=True, slots=True)
class Markup:
    """Inline reStructuredText of a source, with the place where it stands."""

    text: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Letters(Packable):
    """The letters of one cell, with the name of each; none where a party has no part."""

    codes: tuple[str, ...]
    names: tuple[str, ...]

    def __str__(self) -> str:
        """``RA``, or ``VS R`` where a code has more than one character."""
        return joined(self.codes)


@dataclass(frozen=True, slots=True)
class Ref(Packable):
    """A link to an object of the domain; plain text where no document holds that object.

    ``kind`` is ``matrix``, ``activity``, ``party``, or ``place``: where a page lists what a party has in a matrix under
    a letter, with the name ``party matrix letter``.
    """

    kind: str
    name: str
    text: str | Markup


@dataclass(frozen=True, slots=True)
class Url:
    """A link that an activity gives."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags of an activity."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """What leads from a row to a note about it."""

    text: str


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole: shown as a number, and where there is room for it as a bar."""

    number: int
    total: int

    def __str__(self) -> str:
        """``12 (27 %)``."""
        return f'{self.number} ({self.percent:.0f}\N{NO-BREAK SPACE}%)' if self.number else '0'

    @property
    def percent(self) -> float:
        """The share in per cent."""
        return 100 * self.number / self.total if self.total else 0.0


Inline = str | Markup | Letters | Ref | Url | Tags | Mark | Share
Paragraph = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Cell(Packable):
    """A cell with more to it than its text: several paragraphs, anchors, a heading's role.

    ``scope`` is that of HTML (``row``, ``col``, ``rowgroup``); a cell without is no heading.  ``level`` says how deep
    the section is that a ``rowgroup`` heads.  A cell with ``heat`` is shaded by so many per cent.
    """

    paragraphs: tuple[Paragraph, ...]
    anchors: tuple[str, ...] = ()
    scope: str = ''
    level: int = 0
    heat: float | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column and its share of the table's width."""

    title: Inline
    width: int


Row = tuple[Inline | Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table.  A row of one cell spans all columns.

    ``label`` is what the table is called where a reader cannot see what stands above it.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    label: str = ''


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reader may choose from to see fewer rows of the tables that follow; only where pages can do that.

    ``name`` tells it from others in addresses, ``title`` on the page.  ``parties`` (id and name) have the last columns
    of the tables, but for ``after`` more; where none are listed, one column has the letters.
    """

    name: str
    title: str
    parties: tuple[tuple[str, str], ...]
    letters: tuple[tuple[str, str], ...]
    tags: tuple[str, ...] = ()
    after: int = 0


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph."""

    content: Paragraph


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; ``kind`` becomes a class of HTML."""

    items: tuple[Paragraph, ...]
    kind: str = ''


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the reader of the page must be told before all else."""

    content: tuple[Prose | Bullets, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A titled part: a section of the document where one can stand, a rubric otherwise."""

    title: str
    blocks: tuple[Block, ...]
    anchor: str = ''
    number: str = ''


@dataclass(frozen=True, slots=True)
class Download:
    """A file that the reader may have: what it is called on the page, and the name of the file."""

    label: str
    name: str


@dataclass(frozen=True, slots=True)
class Downloads:
    """Files to have, in the outputs that can offer any; ``lead`` says what is in them."""

    lead: str
    files: tuple[Download, ...]


Block = Prose | Bullets | Notice | Downloads | Filter | Table | Group


class Object(NamedTuple):
    """What can be referred to: ``kind`` and ``name`` as in :class:`Ref`, the anchor, and the text of a link to it.

    ``old`` marks an activity's earlier id: it resolves, and is not listed.
    """

    kind: str
    name: str
    anchor: str
    title: str | Markup
    old: bool = False

    def titled(self, title: str) -> Object:
        """The object with a title of plain text."""
        return self._replace(title=title)


class Found(NamedTuple):
    """Where an object stands, and the text of a link to it."""

    docname: str
    anchor: str
    title: str
    old: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """All that one directive shows: its blocks, and the objects whose anchors stand among them.

    ``anchor`` is that of the whole.  ``partial`` says that only a part of a matrix is shown.  ``needs`` names what the
    tables link to: matrices by id, parties as ``party ID``.  ``foot`` is what pages of paper can say that it is.
    """

    blocks: tuple[Block, ...]
    objects: tuple[Object, ...] = ()
    anchor: str = ''
    partial: bool = False
    needs: frozenset[str] = frozenset()
    foot: str = ''

    def anchors(self) -> Iterator[str]:
        """The anchors of all groups and rows."""
        return _anchors(self.blocks)

    def files(self) -> tuple[str, ...]:
        """The names of the files that it offers."""
        return tuple(file.name for block in self.blocks if isinstance(block, Downloads) for file in block.files)


def _anchors(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Group):
            yield block.anchor
            yield from _anchors(block.blocks)
        elif isinstance(block, Table):
            for row in block.rows:
                yield from (anchor for cell in row if isinstance(cell, Cell) for anchor in cell.anchors)


def words_of(table: Table) -> Iterator[str]:
    """The texts that search is to find: names, notes and tags, and neither letters nor counts, nor what is parsed."""
    for row in (tuple(column.title for column in table.columns), *table.rows):
        for paragraph in (text for cell in row for text in (cell.paragraphs if isinstance(cell, Cell) else ((cell,),))):
            for part in paragraph:
                match part:
                    case (str() as text) | Ref(text=str() as text):
                        yield text
                    case Tags():
                        yield from part.names


def digest(view: View) -> str:
    """A short text that differs where two views differ."""
    # repr() depends on values alone; a pickle would also tell shared objects from equal ones.
    return blake2b(
        repr((view.blocks, view.objects, view.anchor, view.partial, sorted(view.needs), view.foot)).encode(),
        digest_size=16,
    ).hexdigest()

"""What a matrix needs on paper, where LaTeX puts it there: widths, turned headings, page breaks, badges of letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import ceil
from pathlib import Path
from textwrap import wrap
from unicodedata import east_asian_width

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from sphinxcontrib_raci.content import Block, Cell, Column, Group, Inline, Markup, Paragraph, Ref, Row, Table, Tags, Url

PACKAGE = Path(__file__).with_name('texinputs') / 'sphinxraci.sty'
"""The macros that are used here."""
PORTRAIT, LANDSCAPE = 4.5, 6.4
"""The width of text is about 450 points on A4, with Sphinx's margins: this many a per cent.  Letter is not narrower."""
PADDING = 12
"""What a cell loses of its width on both sides together, in points (twice ``\\tabcolsep``)."""
TURNED_PADDING, TURNED_LINE = 6, 11.5
"""The same in a table with turned headings, which is tighter, and the height of a line of such a heading."""
NARROW, WIDE = frozenset(".,:;!|()[]/-' fijlrtI"), frozenset('mwMW@%')
NARROW_CHARACTER, CHARACTER, CAPITAL, WIDE_CHARACTER = 3.3, 5.6, 7.3, 8.5
"""How wide characters are in headings, in points, at the least size of font that Sphinx offers."""
SMALL, TEXT = 0.9, 0.88
"""By how much characters are smaller in turned headings, and in the text of cells."""
TITLE, PROSE, TABLE, PAGE, PAGE_ACROSS = 3, 3, 4, 40, 28
"""Lines of a page: for a title, for a paragraph, for what is above and below the rows of a table, and in all."""
_HARD = re.compile(r'(?=\S*[\W\d_])\S{16,}|\S{50,}')
"""Words that LaTeX does not divide, or not often enough: they hold more than letters, or are very long."""
_PARTS = re.compile(r'(?:[^\W\d_]{1,50}|\d{1,8})[\W_]{0,4}|.')
"""What such a word is made of.  Letters are still left to LaTeX; it looks at no more than about 60 at a time."""


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Let documents load our macros, whatever else they load."""
    app.add_latex_package(PACKAGE.stem, 'footer' if config.raci_latex_footer else None)
    config.latex_additional_files = [*config.latex_additional_files, str(PACKAGE)]


# -- Headings --------------------------------------------------------------------------------------------------------


def turns(columns: Sequence[Column], per_cent: float = PORTRAIT) -> bool:
    """Whether the longest word of some heading is too long for its column, so that headings are better turned."""
    return any(_longest_word(column) > column.width * per_cent - PADDING for column in columns[1:])


def turned_height(columns: Sequence[Column], per_cent: float = PORTRAIT) -> int:
    """The height in points of turned headings: as many lines as fit the columns, and so long that all fit on them."""
    return max(ceil(_turned_height(column, per_cent)) for column in columns[1:])


def _turned_height(column: Column, per_cent: float) -> float:
    lines = max(1, int((column.width * per_cent - TURNED_PADDING) / TURNED_LINE))
    length, longest = _points(_text(column.title)), _longest_word(column)
    # Lines break at words: each but the last may be short by most of one.
    return SMALL * (length if lines == 1 else max(longest, length / lines + longest / 2)) + PADDING


def turn(heads: Iterable[nodes.Node], height: int) -> None:
    """Turn headings by a quarter."""
    for head in heads:
        assert isinstance(head, nodes.Element)
        for paragraph in head.findall(nodes.paragraph):
            paragraph.insert(0, nodes.raw('', rf'\begin{{raciturned}}{{{height}pt}}', format='latex'))
            paragraph.append(nodes.raw('', r'\end{raciturned}', format='latex'))


def _longest_word(column: Column) -> float:
    return max(map(_points, _text(column.title).split()), default=0)


def _points(text: str) -> float:
    """The width of a text in a heading, about."""
    return sum(map(_width, text))


def _width(character: str) -> float:
    if character in NARROW:
        return NARROW_CHARACTER
    if character in WIDE or east_asian_width(character) in 'WF':
        return WIDE_CHARACTER
    return CAPITAL if character.isupper() else CHARACTER


# -- Tables ----------------------------------------------------------------------------------------------------------


def set_up(table: nodes.table, turned: bool) -> list[nodes.Node]:
    """The table with text that is ragged and hyphenated; one with turned headings in a smaller font, and tighter."""
    name = 'raciturnedtable' if turned else 'racitable'
    caption = any(isinstance(child, nodes.title) for child in table.children)
    before = rf'\begin{{{name}}}' + ('' if caption else r'\racinocaption')
    return [nodes.raw('', before, format='latex'), table, nodes.raw('', rf'\end{{{name}}}', format='latex')]


def divided(text: str) -> list[nodes.Node]:
    """A text with places where a line may end in its words that would stick out of a column."""
    made: list[nodes.Node] = []
    start = 0
    for word in _HARD.finditer(text):
        ends = [word.start() + part.end() for part in _PARTS.finditer(word[0])]
        for end in ends[:-1]:
            macro = r'\racihyphen{}' if text[end - 1 : end + 1].isalpha() else r'\racibreak{}'
            made += [nodes.Text(text[start:end]), nodes.raw('', macro, format='latex')]
            start = end
    return [*made, nodes.Text(text[start:])]


def divide(node: nodes.Element) -> None:
    """Divide all texts in a node."""
    for text in list(node.findall(nodes.Text)):
        if _HARD.search(text) and not isinstance(text.parent, nodes.raw):
            text.parent.replace(text, divided(str(text)))


# -- Page breaks -----------------------------------------------------------------------------------------------------


def lines(blocks: Iterable[Block], per_cent: float = PORTRAIT) -> int:
    """So many lines of a page these blocks want at their start: to the first row of their first table, head included.

    That is as far as one can tell before they are set.
    """
    wanted = 0
    for block in blocks:
        if isinstance(block, Group):
            return min(PAGE, wanted + TITLE + lines(block.blocks, per_cent))
        if isinstance(block, Table):
            return min(PAGE, wanted + TABLE + _head_lines(block.columns, per_cent) + _first_lines(block, per_cent))
        wanted += PROSE
    return min(PAGE, wanted)


def _head_lines(columns: Sequence[Column], per_cent: float) -> int:
    if turns(columns, per_cent):
        return ceil(turned_height(columns, per_cent) / TURNED_LINE)
    return max(ceil(_points(_text(column.title)) / (column.width * per_cent - PADDING)) for column in columns)


def _first_lines(table: Table, per_cent: float) -> int:
    """The lines of the first activity, with the titles of sections before it."""
    wanted = 0
    for row in table.rows:
        paragraphs = row[0].paragraphs if isinstance(row[0], Cell) else ((row[0],),)
        wanted += _height(paragraphs, _first_width(row, table.columns, per_cent))
        if not heads_rows(row):
            break
    return wanted


def _first_width(row: Row, columns: Sequence[Column], per_cent: float) -> float:
    total = sum(column.width for column in columns)
    return (1 if len(row) == 1 else columns[0].width / total) * 100 * per_cent - PADDING


def _height(paragraphs: Iterable[Paragraph], width: float) -> int:
    """How many lines these paragraphs have in a cell of this width."""
    return sum(ceil(sum(_points(_text(part)) for part in text) * TEXT / width) for text in paragraphs)


def pieces(row: Row, columns: Sequence[Column], per_cent: float) -> list[Row]:
    """The row, or where it is higher than a page, rows that fit: LaTeX would let it run over the foot of the page."""
    cell, *others = row
    height = (PAGE if per_cent == PORTRAIT else PAGE_ACROSS) - _head_lines(columns, per_cent)
    width = _first_width(row, columns, per_cent)
    # The parsed markup of cells is taken in their order.
    if not isinstance(cell, Cell) or _height(cell.paragraphs, width) <= height or any(map(_is_rich, others)):
        return [row]
    parts: list[list[Paragraph]] = [[]]
    for number, paragraph in enumerate(cell.paragraphs):
        for text in _cut(paragraph, int(height * width / CHARACTER)):
            if parts[-1] and _height([*parts[-1], text], width) > height:
                # What is a note stays one.
                parts.append([()] if number else [])
            parts[-1].append(text)
    rows: list[Row] = [(replace(cell, paragraphs=tuple(parts[0])), *others)]
    return rows + [(Cell(tuple(part)), *([''] * len(others))) for part in parts[1:]]


def _is_rich(content: Inline | Cell) -> bool:
    texts = [part for text in content.paragraphs for part in text] if isinstance(content, Cell) else [content]
    return any(isinstance(part.text if isinstance(part, Ref) else part, (Markup, Url)) for part in texts)


def _cut(paragraph: Paragraph, most: int) -> list[Paragraph]:
    """The paragraph in several, where it has so long a text; markup stays whole."""
    made: list[Paragraph] = [()]
    for part in paragraph:
        first, *rest = (
            wrap(part, most, break_long_words=False) if isinstance(part, str) and len(part) > most else [part]
        )
        made[-1] += (first,)
        made += [(text,) for text in rest]
    return made


def heads_rows(row: Row) -> bool:
    """Whether a row is the title of the next ones."""
    return isinstance(row[0], Cell) and row[0].scope == 'rowgroup'


def _text(part: Inline) -> str:
    match part:
        case Ref() | Markup() | Url():
            return _text(part.text)
        case Tags():
            return ', '.join(part.names)
    return str(part)


class raci_latex(nodes.raw, nodes.Invisible):  # noqa: N801
    """LaTeX between blocks.

    It is invisible to docutils, which would else take the anchor of what follows for one of this node.  ``leads`` says
    that it belongs before the titles right above it; ``says`` is a text for the macro.
    """

    tagname = 'raw'


def room(wanted: int) -> raci_latex:
    """What keeps a title with the lines that it wants below it."""
    return raci_latex('', rf'\raciroom{{{wanted}}}', format='latex')


def framed(made: list[nodes.Node], blocks: Sequence[Block], landscape: bool, says: str = '') -> list[nodes.Node]:
    """The nodes of a directive with what goes before and after them.

    The title above begins a page with them: one of its own in landscape, else one with room for the first rows.
    Between marks, pages say at their foot what stands on them.
    """
    before: list[nodes.Node] = []
    after: list[nodes.Node] = []
    if says:
        before.append(raci_latex('', r'\racibegin', format='latex', says=says))
        after.append(raci_latex('', r'\raciend', format='latex'))
    if landscape:
        before.insert(0, raci_latex('', r'\begin{landscape}', format='latex', leads=True))
        after.append(raci_latex('', r'\end{landscape}', format='latex'))
    elif blocks and isinstance(blocks[0], (Table, Group)):
        leading = room(lines(blocks) + TITLE)
        leading['leads'] = True
        before.insert(0, leading)
    return [*before, *made, *after]


def lead(document: nodes.document) -> None:
    """Put what belongs before titles there."""
    for node in list(document.findall(raci_latex)):
        while node.get('leads') and _follows_title(node, document):
            title_of = node.parent
            title_of.remove(node)
            title_of.parent.insert(title_of.parent.index(title_of), node)


def _follows_title(node: raci_latex, document: nodes.document) -> bool:
    section = node.parent
    # The title of the whole stands on a page of its own, or is a part of its head.
    if not isinstance(section, nodes.section) or section.parent is document:
        return False
    before = section.children[: section.index(node)]
    return all(isinstance(sibling, (nodes.title, nodes.Invisible)) for sibling in before)


def badges(codes: Iterable[str]) -> str:
    """The letters of a cell, already escaped: a line may end between them."""
    return r'\raciletterskip{}'.join(rf'\raciletter{{{code}}}' for code in codes)

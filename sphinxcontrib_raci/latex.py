"""What a matrix needs where LaTeX sets it: turned headings, divided words, page breaks, badges of letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from unicodedata import category, east_asian_width

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from sphinxcontrib_raci import paper
from sphinxcontrib_raci.content import Block, Downloads, Filter, Group, Table

PACKAGE = Path(__file__).with_name('texinputs') / 'sphinxraci.sty'
"""The macros that are used here."""
_COUNT = re.compile('(\\S{1,15})\N{NO-BREAK SPACE}(\\d+)')
_LONG = re.compile(r'\S{16,}')
"""Words that may be longer than a line of a narrow column."""
_PARTS = re.compile(r'(?:[^\W\d_]{1,50}|\d{1,8})[\W_]{0,4}|.')
"""What is not to be divided in such a word, but by LaTeX, which hyphenates no more than about 60 letters at a time."""


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Let documents load our macros, whatever else they load."""
    app.add_latex_package(PACKAGE.stem, 'footer' if config.raci_latex_footer else None)
    config.latex_additional_files = [*config.latex_additional_files, str(PACKAGE)]


def turn(heads: Iterable[nodes.Node], height: int) -> None:
    """Turn headings by a quarter."""
    for head in heads:
        assert isinstance(head, nodes.Element)
        for paragraph in head.findall(nodes.paragraph):
            paragraph.insert(0, nodes.raw('', rf'\begin{{raciturned}}{{{height}pt}}', format='latex'))
            paragraph.append(nodes.raw('', r'\end{raciturned}', format='latex'))


def set_up(table: nodes.table, turned: bool) -> list[nodes.Node]:
    """The table with text that is ragged and hyphenated; one with turned headings in a smaller font, and tighter."""
    name = 'raciturnedtable' if turned else 'racitable'
    caption = any(isinstance(child, nodes.title) for child in table.children)
    before = rf'\begin{{{name}}}' + ('' if caption else r'\racinocaption')
    return [nodes.raw('', before, format='latex'), table, nodes.raw('', rf'\end{{{name}}}', format='latex')]


def divided(text: str) -> list[nodes.Node]:
    """A text with places where a line may end in its words that would stick out of a column.

    In a narrow column, each part of a list of counts has lines of its own.
    """
    if text == ', ':
        return [nodes.raw('', r'\racicomma{}', format='latex')]
    if count := _COUNT.fullmatch(text):
        return [nodes.Text(count[1]), nodes.raw('', r'\racitie{}', format='latex'), nodes.Text(count[2])]
    made: list[nodes.Node] = []
    start = 0
    for word in _LONG.finditer(text):
        if any(category(character) in {'Mn', 'Mc', 'Cf'} for character in word[0]):
            continue  # Its characters are shaped together.
        ends = [word.start() + part.end() for part in _PARTS.finditer(word[0])]
        for end in ends[:-1]:
            wide = east_asian_width(text[end - 1]) in 'WF'
            hyphen = not wide and text[end - 1 : end + 1].isalpha()
            macro = r'\racihyphen{}' if hyphen else r'\racibreak{}'
            made += [nodes.Text(text[start:end]), nodes.raw('', macro, format='latex')]
            start = end
    return [*made, nodes.Text(text[start:])]


def divide(node: nodes.Element) -> None:
    """Divide all texts in a node, but for what the writer takes as it stands: formulas, raw text, code with colours."""
    for text in list(node.findall(nodes.Text)):
        if _LONG.search(text) and not _is_verbatim(text.parent):
            text.parent.replace(text, divided(str(text)))


def _is_verbatim(node: nodes.Element) -> bool:
    if isinstance(node, (nodes.raw, nodes.math, nodes.math_block)) or 'language' in node:
        return True
    # Code has a node for each word.
    return isinstance(node.parent, nodes.TextElement) and _is_verbatim(node.parent)


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
    seen = [block for block in blocks if not isinstance(block, (Downloads, Filter))]
    before: list[nodes.Node] = []
    after: list[nodes.Node] = []
    if says:
        before.append(raci_latex('', r'\racibegin', format='latex', says=says))
        after.append(raci_latex('', r'\raciend', format='latex'))
    if landscape:
        before.insert(0, raci_latex('', r'\begin{landscape}', format='latex', leads=True))
        after.append(raci_latex('', r'\end{landscape}', format='latex'))
    elif seen and isinstance(seen[0], (Table, Group)):
        leading = room(paper.lines(seen) + paper.TITLE)
        leading['leads'] = True
        before.insert(0, leading)
    return [*before, *made, *after]


def lead(document: nodes.document) -> None:
    """Put what belongs before titles there."""
    for node in list(document.findall(raci_latex)):
        while node.get('leads') and _follows_title(node):
            title_of = node.parent
            title_of.remove(node)
            title_of.parent.insert(title_of.parent.index(title_of), node)


def _follows_title(node: raci_latex) -> bool:
    section = node.parent
    if not isinstance(section, nodes.section):
        return False
    before = section.children[: section.index(node)]
    return all(isinstance(sibling, (nodes.title, nodes.Invisible)) for sibling in before)


def leave_anchors(document: nodes.document, tables: Iterable[nodes.Element]) -> None:
    """Leave an anchor right before a table to the table.

    The writer does that itself, but not where something of ours stands between; then LaTeX would have it twice.
    """
    anchors = {ident for table in tables for ident in table['ids']}
    for target in list(document.findall(nodes.target)):
        if target.get('refid') in anchors:
            target.parent.remove(target)


def shade(heat: float) -> nodes.raw:
    """The grey of a cell that is shaded by so many per cent."""
    return nodes.raw('', rf'\cellcolor[gray]{{{1 - heat * 0.003:.2f}}}', format='latex')


def badges(codes: Iterable[str]) -> str:
    """The letters of a cell, already escaped: a line may end between them."""
    return r'\raciletterskip{}'.join(rf'\raciletter{{{code}}}' for code in codes)

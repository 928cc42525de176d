"""What a table with many columns needs to fit a page of paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes

from sphinxcontrib_raci.content import Column, Inline, Ref

POINTS = 4.5
"""The width of text on A4 paper, with Sphinx's margins, is about 450 points: this many a per cent."""
PADDING = 12
"""What a cell loses of its width on both sides together, in points (twice ``\\tabcolsep``)."""
CHARACTER = 6.3
"""The width of an average character of a heading, in points, at the least size of font that Sphinx offers."""


def turns(columns: Sequence[Column]) -> bool:
    """Whether the longest word of some heading is too long for its column, so that headings are better turned."""
    return any(_longest_word(column.title) * CHARACTER > column.width * POINTS - PADDING for column in columns[1:])


def turn(heads: Iterable[nodes.Node]) -> None:
    """Turn headings by a quarter, on as many lines as they need."""
    for head in heads:
        assert isinstance(head, nodes.Element)
        for paragraph in head.findall(nodes.paragraph):
            before = r'\rotatebox{90}{\begin{varwidth}{.25\textheight}\raggedright\strut '
            paragraph.insert(0, nodes.raw('', before, format='latex'))
            paragraph.append(nodes.raw('', r'\strut\end{varwidth}}', format='latex'))


def tightened(table: nodes.table) -> list[nodes.Node]:
    """The table in a smaller font and with less space between its columns."""
    before = nodes.raw('', r'\begingroup\small\setlength{\tabcolsep}{3pt}', format='latex')
    return [before, table, nodes.raw('', r'\endgroup', format='latex')]


def _longest_word(title: Inline) -> int:
    text = str(title.text) if isinstance(title, Ref) else str(title)
    return max(map(len, text.split()), default=0)

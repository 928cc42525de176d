"""Tables where every character has the same width: plain text, manual pages and Info.

The writers of these formats keep to the widths that a table gives its columns, and cut the words that do not fit.  So
each column gets what its longest word needs.  Where that is too much for one line, each row becomes an item of a list,
which names the parties that have a part in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from docutils import nodes
from docutils.utils import column_width
from sphinx.application import Sphinx
from sphinx.writers.manpage import ManualPageTranslator
from sphinx.writers.text import Table, TextTranslator, my_wrap

from sphinxcontrib_raci.nodes import raci_table

ROOMS = {'text': (78, 3), 'man': (66, 3), 'texinfo': (78, 5)}
"""The formats, with the width of a table and of what is between two columns.

A screen has 80 characters in a line; manual pages indent tables.
"""
LINKED = {'texinfo': ('matrix', 'activity')}
"""What the tables of a format link to; links of one letter would hide the letter."""
_FIRST, _LEAST = 20, 3
"""The narrowest first column, and the narrowest of the others."""
_REFERENCE = 14
"""What Info writes around the text of a link, as long as it can be."""


def laid_out(table: nodes.table, form: str) -> list[nodes.Node]:
    """What to write instead of a table: the same one with widths that suit it, or its rows as text."""
    before: list[nodes.Node] = [nodes.target('', '', ids=table['ids'])] if table['ids'] else []
    for title in [child for child in table.children if isinstance(child, nodes.title)]:
        # The writers take a caption for the title of a section.
        before.append(nodes.paragraph('', '', nodes.strong('', '', *title.children)))
        table.remove(title)
    widths = _widths(table, *ROOMS[form])
    if widths is None:
        return _apart([*before, *_listed(table)])
    for column, width in zip(table.findall(nodes.colspec), widths, strict=True):
        column['colwidth'] = width
    if form == 'man':
        _unspan(table)
    return _apart([*before, table])


def _apart(made: list[nodes.Node]) -> list[nodes.Node]:
    # Directly within a note, the writer of plain text does not part paragraphs.
    return [nodes.container('', *made)]


# -- widths ------------------------------------------------------------------------------------------------------------


def _widths(table: nodes.table, room: int, between: int) -> list[int] | None:
    """The widths of the columns, which fill the line; none where their words are too long for that."""
    rows = [_cells(row) for row in table.findall(nodes.row) if not _spans(row)]
    columns = [[_measured(entry) for entry in column] for column in zip(*rows, strict=True)]
    floors = [_FIRST, *(_LEAST for _column in columns[1:])]
    least = [max([floor, *(word for word, _whole in cells)]) for floor, cells in zip(floors, columns, strict=True)]
    # Heads are broken between words, whatever room there is: so columns of letters are as narrow as they can be.
    wanted = [max([low, *(whole for _word, whole in cells[1:])]) for low, cells in zip(least, columns, strict=True)]
    free = room - between * len(columns) - 1 - sum(least)
    if free < 0:
        return None
    missing = sum(wanted) - sum(least)
    share = min(1.0, free / missing) if missing else 0
    widths = [low + int((high - low) * share) for low, high in zip(least, wanted, strict=True)]
    # The tables of a matrix are equally wide, and have their letters at the same place.
    widths[0] += sum(least) + free - sum(widths)
    return widths


def _measured(entry: nodes.entry) -> tuple[int, int]:
    """The widths of the longest word and of the longest line of a cell."""
    lines = entry.astext().split('\n\n')
    # An address may be broken: few have one, and all would lose their table.
    words = [column_width(word) for line in lines for word in line.split(' ') if '://' not in word]
    # Info does not break a link.
    links = [
        column_width(link.astext()) + _REFERENCE for link in entry.findall(nodes.reference) if link.get('internal')
    ]
    return max([0, *words, *links]), max([*map(column_width, lines), *links])


def _cells(row: nodes.row) -> list[nodes.entry]:
    return cast('list[nodes.entry]', row.children)


def _spans(row: nodes.row) -> bool:
    return 'morecols' in _cells(row)[0]


def _unspan(table: nodes.table) -> None:
    """Give rows that span all columns as many cells as the others: manual pages know no spans."""
    columns = len(list(table.findall(nodes.colspec)))
    for row in filter(_spans, table.findall(nodes.row)):
        del _cells(row)[0]['morecols']
        row += [nodes.entry() for _column in range(columns - 1)]


# -- rows as text ------------------------------------------------------------------------------------------------------


def _listed(table: nodes.table) -> Iterator[nodes.Node]:
    """Each row as the text of its first cell, with what else it says below."""
    head, *rows = table.findall(nodes.row)
    names = [entry.astext() for entry in _cells(head)[1:]]
    for row in rows:
        first, *others = _cells(row)
        main, *notes = first.children
        if _spans(row):
            yield from [main, *notes]
            continue
        parts = _named(names, others)
        below = [*([nodes.paragraph('', '', *parts)] if parts else []), *notes]
        # Not a list of definitions: Info does not break the lines of what is defined.
        yield from [main, *([nodes.block_quote('', *below)] if below else [])]


def _named(names: list[str], entries: list[nodes.entry]) -> list[nodes.Node]:
    """The contents of cells on one line, each with the name of its column; nothing of empty ones."""
    parts: list[nodes.Node] = []
    for name, entry in zip(names, entries, strict=True):
        content = [node for paragraph in entry.children for node in (nodes.Text(' '), *paragraph.children)]
        if entry.astext():
            parts += [nodes.Text('; ')] if parts else []
            parts += [nodes.Text(f'{name}:'), *content]
    return parts


# -- writers -----------------------------------------------------------------------------------------------------------


class _TextTable(Table):
    """A table of plain text in which the notes of a cell begin lines of their own."""

    def rewrap(self) -> None:
        """Wrap each paragraph of a cell by itself."""
        super().rewrap()
        # A cell that spans columns is wrapped, and needs no wider ones.
        self.measured_widths = self.colwidth[:]
        for cell in self.cells:
            width = self.cell_width(cell, self.measured_widths)
            first, *notes = re.split(r'(?:\r?\n){2}', cell.text.rstrip())
            cell.wrapped = my_wrap(first, width)
            for note in notes:
                cell.wrapped += my_wrap(note, width, initial_indent='  ', subsequent_indent='  ')


def visit_raci_table_text(self: TextTranslator, node: raci_table) -> None:
    """As any table, but for the notes."""
    self.visit_table(node)
    self.table = _TextTable()


def depart_raci_table_text(self: TextTranslator, node: raci_table) -> None:
    """As begun."""
    self.depart_table(node)


def visit_raci_table_man(self: ManualPageTranslator, node: raci_table) -> None:
    """Narrow columns are ragged, and words stay whole."""
    self.ensure_eol()
    self.body.append('.nh\n.ad l\n')
    self.visit_table(node)


def depart_raci_table_man(self: ManualPageTranslator, node: raci_table) -> None:
    """The writer lets all columns be equally wide: put the widths in."""
    start = len(self.body)
    self.depart_table(node)
    lines = self.body[start:]
    form = next(index for index, line in enumerate(lines) if re.fullmatch(r'\|?l(\|l)*\|?\.\n', line))
    if lines[form].startswith('|'):
        # Before docutils 0.21, the sides are rules, which break at the end of a page; a box does not.
        lines[form - 1] = 'box center;\n'
        del lines[form + 1], lines[-2]
    widths = [column['colwidth'] for column in node.findall(nodes.colspec)]
    lines[form] = '|'.join(f'lw({width}n)' for width in widths) + '.\n'
    self.body[start:] = [*lines, '.ad\n.hy\n']


def setup(app: Sphinx) -> None:
    """Register how text and manual pages write our tables."""
    writers: dict[str, Any] = {
        'text': (visit_raci_table_text, depart_raci_table_text),
        'man': (visit_raci_table_man, depart_raci_table_man),
    }
    app.add_node(raci_table, override=True, **writers)

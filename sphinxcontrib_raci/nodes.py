"""The nodes that this extension adds, each a subclass of a standard one.

HTML and LaTeX have their own ways to write them (:mod:`sphinxcontrib_raci.visitors`); every other writer treats them as
the standard node: Sphinx's translators fall back along the class's ancestors.
"""

from __future__ import annotations

from math import ceil

from docutils import nodes

from sphinxcontrib_raci.content import Downloads, Letters, Mark, Share, Tags
from sphinxcontrib_raci.messages import _

ROW_FORMATS = {'html', 'latex'}
"""The formats that write a :class:`raci_row` by themselves; for all others each cell must be a node."""


class raci_pending_table(nodes.table):  # noqa: N801
    """A table on its way through Sphinx: its rows are plain data (``content``) until a post-transform expands them, or,
    in HTML, until it is written.

    Its children are the caption, if any, and what other transforms may want to see: the parsed markup and the links of
    its cells, in the order of the cells; then the ``words`` that search is to find.
    """

    tagname = 'table'


class raci_table(nodes.table):  # noqa: N801
    """A table that HTML puts into a box of its own, which scrolls where the page is too narrow or too low for it.

    ``name_id`` is the id of what names table and box: of its caption or, where it has none, of one with the ``label``
    that is not seen.
    """

    tagname = 'table'


class raci_section(nodes.section):  # noqa: N801
    """A section of a matrix; in HTML it is an element of its own in every theme, so that filters can hide it."""

    tagname = 'section'


class raci_filter(nodes.container):  # noqa: N801
    """The form by which readers filter tables.

    ``key`` is that of the tables, ``content`` a :class:`.Filter`, ``controls`` are the ids of what names the tables.
    """

    tagname = 'container'


class raci_heading(nodes.entry):  # noqa: N801
    """A cell that heads a row, a column or a group of rows (``scope``, as in HTML)."""

    tagname = 'entry'


class raci_cell(nodes.entry):  # noqa: N801
    """A cell that says itself which column it is in (``head``), for where a narrow page has no room for columns."""

    tagname = 'entry'


class raci_row(nodes.row):  # noqa: N801
    """A row that ends in plain cells: ``content`` has a paragraph of words and letters for each, and ``heads`` what
    they say of their columns.

    Most cells are such, and a node for each, with one for each word in it, is most of what a large table costs.
    """

    tagname = 'row'


class raci_rows(nodes.tbody):  # noqa: N801
    """Rows that are made when they are written (``rows`` yields one after the other), and then let go."""

    tagname = 'tbody'


class raci_title_row(nodes.row):  # noqa: N801
    """A row that is the title of the next ones, and stays on their page."""

    tagname = 'row'


class raci_letters(nodes.inline):  # noqa: N801
    """The letters of a cell, with their ``codes`` and their names (``explanations``)."""

    tagname = 'inline'


class raci_note(nodes.paragraph):  # noqa: N801
    """What a cell says beside its main text."""

    tagname = 'paragraph'


class raci_downloads(nodes.paragraph):  # noqa: N801
    """A line of files to have; outputs that cannot offer any are without it."""

    tagname = 'paragraph'


class raci_download(nodes.inline):  # noqa: N801
    """The name of a file (``filename``) as a page calls it, until it becomes a link."""

    tagname = 'inline'


def downloads_node(content: Downloads) -> raci_downloads:
    """The node of files to have."""
    line = raci_downloads('', nodes.Text(content.lead), classes=['raci-downloads'])
    for index, file in enumerate(content.files):
        line += [nodes.Text(', ')] if index else []
        line += raci_download('', file.label, filename=file.name)
    return line


def mark_node(content: Mark) -> nodes.inline:
    """The node of a mark."""
    return nodes.inline('', content.text, classes=['raci-mark'])


def share_node(content: Share) -> nodes.inline:
    """The node of a share: its number, with a class for each tenth, which the stylesheet makes a bar."""
    return nodes.inline('', str(content), classes=['raci-share', f'raci-part-{ceil(content.percent / 10)}'])


def letters_node(content: Letters) -> raci_letters:
    """The node of some letters."""
    return raci_letters('', str(content), codes=list(content.codes), explanations=list(content.names))


def tag_nodes(content: Tags) -> list[nodes.Node]:
    """The nodes of tags, with what leads to them."""
    made: list[nodes.Node] = [nodes.Text(_('Tags: '))]
    for index, name in enumerate(content.names):
        made += [nodes.Text(', ')] if index else []
        made.append(nodes.inline('', name, classes=['raci-tag']))
    return made

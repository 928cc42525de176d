"""The nodes that this extension adds, each a subclass of a standard one, and how HTML writes them.

Every other writer treats them as the standard node: Sphinx's translators fall back along the class's ancestors.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from sphinxcontrib_raci.content import Letters
from sphinxcontrib_raci.messages import _


class pending_table(nodes.table):  # noqa: N801
    """A table on its way through Sphinx: its rows are plain data (``content``) until a post-transform expands them.

    Its children are the caption, if any, and the parsed markup of its cells in the order in which the cells use it.
    """

    tagname = 'table'


class scrolling_table(nodes.table):  # noqa: N801
    """A table that HTML puts into a box of its own, which scrolls where the page is too narrow."""

    tagname = 'table'


class heading_cell(nodes.entry):  # noqa: N801
    """A cell that heads a row, a column or a group of rows (``scope``, as in HTML)."""

    tagname = 'entry'


class letters(nodes.inline):  # noqa: N801
    """The letters of a cell; ``content`` has their names."""

    tagname = 'inline'


class permalink(nodes.inline):  # noqa: N801
    """The link that shows on hover, to the cell that it stands in."""

    tagname = 'inline'


def letters_node(content: Letters) -> letters:
    """The node of some letters."""
    text = str(content)
    return letters(text, text, content=content)


@lru_cache(maxsize=1024)
def _letters_html(content: Letters) -> str:
    parts = (
        f'<abbr class="raci-letter raci-letter-{escape(code.lower())}" title="{escape(name)}">{escape(code)}</abbr>'
        for code, name in zip(content.codes, content.names, strict=True)
    )
    separator = ' ' if any(len(code) > 1 for code in content.codes) else ''
    return f'<span class="raci-letters">{separator.join(parts)}</span>'


def visit_letters_html(self: HTML5Translator, node: letters) -> None:
    """Each letter explains itself on hover."""
    self.body.append(_letters_html(node['content']))
    raise nodes.SkipNode


def visit_scrolling_table_html(self: HTML5Translator, node: scrolling_table) -> None:
    """The box first: it is what scrolls."""
    self.body.append('<div class="raci-scroll">')
    self.visit_table(node)


def depart_scrolling_table_html(self: HTML5Translator, node: scrolling_table) -> None:
    """Close the table and its box."""
    self.depart_table(node)
    self.body.append('</div>\n')


def visit_heading_cell_html(self: HTML5Translator, node: heading_cell) -> None:
    """A ``th`` that says what it heads."""
    attributes: dict[str, Any] = {'scope': node['scope']}
    if 'morecols' in node:
        attributes['colspan'] = node['morecols'] + 1
    # docutils counts the columns of a row to know which of them are stubs.
    node.parent.column += 1 + node.get('morecols', 0)  # type: ignore[union-attr]
    self.body.append(self.starttag(node, 'th', '', CLASS='head' if node['scope'] == 'col' else '', **attributes))


def depart_heading_cell_html(self: HTML5Translator, node: heading_cell) -> None:
    """Close the cell."""
    self.body.append('</th>\n')


def visit_permalink_html(self: HTML5Translator, node: permalink) -> None:
    """As Sphinx does for headings, and only where it does."""
    self.add_permalink_ref(node.parent, _('Link to this row'))
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the nodes."""
    app.add_node(letters, html=(visit_letters_html, None))
    app.add_node(permalink, html=(visit_permalink_html, None))
    app.add_node(scrolling_table, html=(visit_scrolling_table_html, depart_scrolling_table_html))
    app.add_node(heading_cell, html=(visit_heading_cell_html, depart_heading_cell_html))

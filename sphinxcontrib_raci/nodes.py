"""The nodes that this extension adds, each a subclass of a standard one, and how HTML and LaTeX write them.

Every other writer treats them as the standard node: Sphinx's translators fall back along the class's ancestors.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator
from sphinx.writers.latex import LaTeXTranslator

from sphinxcontrib_raci.content import Letters
from sphinxcontrib_raci.messages import _


class raci_pending_table(nodes.table):  # noqa: N801
    """A table on its way through Sphinx: its rows are plain data (``content``) until a post-transform expands them.

    Its children are the caption, if any, and the parsed markup of its cells in the order in which the cells use it.
    """

    tagname = 'table'


class raci_table(nodes.table):  # noqa: N801
    """A table that HTML puts into a box of its own, which scrolls where the page is too narrow."""

    tagname = 'table'


class raci_heading(nodes.entry):  # noqa: N801
    """A cell that heads a row, a column or a group of rows (``scope``, as in HTML)."""

    tagname = 'entry'


class raci_letters(nodes.inline):  # noqa: N801
    """The letters of a cell; ``content`` has their names."""

    tagname = 'inline'


class raci_note(nodes.paragraph):  # noqa: N801
    """What a cell says beside its main text."""

    tagname = 'paragraph'


class raci_permalink(nodes.inline):  # noqa: N801
    """The link that shows on hover, to the cell that it stands in."""

    tagname = 'inline'


def letters_node(content: Letters) -> raci_letters:
    """The node of some letters."""
    text = str(content)
    return raci_letters(text, text, content=content)


@lru_cache(maxsize=1024)
def _letters_html(content: Letters) -> str:
    parts = (
        f'<abbr class="raci-letter raci-letter-{escape(code.lower())}" title="{escape(name)}">{escape(code)}</abbr>'
        for code, name in zip(content.codes, content.names, strict=True)
    )
    separator = ' ' if any(len(code) > 1 for code in content.codes) else ''
    return f'<span class="raci-letters">{separator.join(parts)}</span>'


def visit_letters_html(self: HTML5Translator, node: raci_letters) -> None:
    """Each letter explains itself on hover."""
    self.body.append(_letters_html(node['content']))
    raise nodes.SkipNode


def visit_letters_latex(self: LaTeXTranslator, node: raci_letters) -> None:
    """Letters are what a reader looks for."""
    self.visit_strong(node)


def depart_letters_latex(self: LaTeXTranslator, node: raci_letters) -> None:
    """As begun."""
    self.depart_strong(node)


def visit_note_latex(self: LaTeXTranslator, node: raci_note) -> None:
    """In a smaller font."""
    self.visit_paragraph(node)
    self.body.append('{\\footnotesize ')


def depart_note_latex(self: LaTeXTranslator, node: raci_note) -> None:
    """The paragraph ends within the braces, so that its lines are as narrow as its font."""
    self.body.append('\\par}')
    self.depart_paragraph(node)


def visit_raci_table_html(self: HTML5Translator, node: raci_table) -> None:
    """The box first: it is what scrolls."""
    self.body.append('<div class="raci-scroll">')
    self.visit_table(node)


def depart_raci_table_html(self: HTML5Translator, node: raci_table) -> None:
    """Close the table and its box."""
    self.depart_table(node)
    self.body.append('</div>\n')


def visit_raci_heading_html(self: HTML5Translator, node: raci_heading) -> None:
    """A ``th`` that says what it heads."""
    attributes: dict[str, Any] = {'scope': node['scope']}
    if 'morecols' in node:
        attributes['colspan'] = node['morecols'] + 1
    # docutils counts the columns of a row to know which of them are stubs.
    node.parent.column += 1 + node.get('morecols', 0)  # type: ignore[union-attr]
    self.body.append(self.starttag(node, 'th', '', CLASS='head' if node['scope'] == 'col' else '', **attributes))


def depart_raci_heading_html(self: HTML5Translator, node: raci_heading) -> None:
    """Close the cell."""
    self.body.append('</th>\n')


def visit_permalink_html(self: HTML5Translator, node: raci_permalink) -> None:
    """As Sphinx does for headings, and only where it does."""
    self.add_permalink_ref(node.parent, _('Link to this row'))
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Register the nodes."""
    app.add_node(raci_letters, html=(visit_letters_html, None), latex=(visit_letters_latex, depart_letters_latex))
    app.add_node(raci_note, latex=(visit_note_latex, depart_note_latex))
    app.add_node(raci_permalink, html=(visit_permalink_html, None))
    app.add_node(raci_table, html=(visit_raci_table_html, depart_raci_table_html))
    app.add_node(raci_heading, html=(visit_raci_heading_html, depart_raci_heading_html))

"""The nodes that this extension adds, each a subclass of a standard one, and how HTML and LaTeX write them.

Every other writer treats them as the standard node: Sphinx's translators fall back along the class's ancestors.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from math import ceil
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator
from sphinx.writers.latex import LaTeXTranslator

from sphinxcontrib_raci import latex
from sphinxcontrib_raci.content import Letters, Mark, Share
from sphinxcontrib_raci.messages import _

ROW_FORMATS = {'html', 'latex'}
"""The formats that write a :class:`raci_row` by themselves; for all others each cell must be a node."""


class raci_pending_table(nodes.table):  # noqa: N801
    """A table on its way through Sphinx: its rows are plain data (``content``) until a post-transform expands them.

    Its children are the caption, if any, and what other transforms may want to see: the parsed markup and the links of
    its cells, in the order of the cells.
    """

    tagname = 'table'


class raci_table(nodes.table):  # noqa: N801
    """A table that HTML puts into a box of its own, which scrolls where the page is too narrow or too low for it.

    ``name_id`` is the id of what names table and box: of its caption or, where it has none, of one with the ``label``
    that is not seen.
    """

    tagname = 'table'


class raci_heading(nodes.entry):  # noqa: N801
    """A cell that heads a row, a column or a group of rows (``scope``, as in HTML)."""

    tagname = 'entry'


class raci_row(nodes.row):  # noqa: N801
    """A row that ends in plain cells: ``content`` has a paragraph of words and letters for each.

    Most cells are such, and a node for each, with one for each word in it, is most of what a large table costs.
    """

    tagname = 'row'


class raci_title_row(nodes.row):  # noqa: N801
    """A row that is the title of the next ones, and stays on their page."""

    tagname = 'row'


class raci_letters(nodes.inline):  # noqa: N801
    """The letters of a cell, with their ``codes`` and their names (``explanations``)."""

    tagname = 'inline'


class raci_note(nodes.paragraph):  # noqa: N801
    """What a cell says beside its main text."""

    tagname = 'paragraph'


def mark_node(content: Mark) -> nodes.inline:
    """The node of a mark."""
    return nodes.inline('', content.text, classes=['raci-mark'])


def share_node(content: Share) -> nodes.inline:
    """The node of a share: its number, with a class for each tenth, which the stylesheet makes a bar."""
    return nodes.inline('', str(content), classes=['raci-share', f'raci-share-{ceil(content.percent / 10)}'])


def letters_node(content: Letters) -> raci_letters:
    """The node of some letters."""
    return raci_letters('', str(content), codes=list(content.codes), explanations=list(content.names))


@lru_cache(maxsize=1024)
def _html_of(letters: Letters) -> str:
    """Each letter explains itself on hover; what cannot be seen there is for those who listen."""
    parted = '' if all(len(code) == 1 for code in letters.codes) else ' '
    text = parted.join(map(_letter, letters.codes, letters.names))
    return f'<span class="raci-letters">{text}</span>' if len(letters.codes) > 1 else text


def _html_of_cell(letters: Letters) -> str:
    # Not kept: it depends on the language of the build.
    return _html_of(letters) if letters.codes else hidden(_('no part'))


def _letter(code: str, name: str) -> str:
    start = f'<abbr class="raci-letter raci-letter-{escape(code.lower())}"'
    if not name:
        return f'{start}>{escape(code)}</abbr>'
    return f'{start} title="{escape(name)}"><span aria-hidden="true">{escape(code)}</span>{hidden(name)}</abbr>'


def hidden(text: str) -> str:
    """A text that is read aloud and not shown."""
    return f'<span class="raci-word">{escape(text)}</span>'


def visit_letters_html(self: HTML5Translator, node: raci_letters) -> None:
    """Each letter explains itself on hover."""
    self.body.append(_html_of_cell(Letters(tuple(node['codes']), tuple(node['explanations']))))
    raise nodes.SkipNode


def visit_letters_latex(self: LaTeXTranslator, node: raci_letters) -> None:
    """A badge for each letter."""
    self.body.append(latex.badges(map(self.encode, node['codes'])))
    raise nodes.SkipNode


def visit_raci_latex(self: LaTeXTranslator, node: latex.raci_latex) -> None:
    """As it stands, with its text as the argument."""
    says = f'{{{self.encode(node["says"])}}}' if 'says' in node else ''
    self.body.append(f'\n{node.astext()}{says}\n')
    raise nodes.SkipNode


def visit_note_latex(self: LaTeXTranslator, node: raci_note) -> None:
    """In a smaller font."""
    self.visit_paragraph(node)
    self.body.append('{\\footnotesize ')


def depart_note_latex(self: LaTeXTranslator, node: raci_note) -> None:
    """The paragraph ends within the braces, so that its lines are as narrow as its font."""
    self.body.append('\\par}')
    self.depart_paragraph(node)


def visit_raci_table_html(self: HTML5Translator, node: raci_table) -> None:
    """The box first: it is what scrolls, and who has no mouse moves to it with the keyboard."""
    named = f'aria-labelledby="{node["name_id"]}"'
    self.body.append(f'<div class="raci-scroll" role="region" tabindex="0" {named}>')
    self.visit_table(node)
    if not any(isinstance(child, nodes.title) for child in node.children):
        self.body.append(f'<caption class="raci-word" id="{node["name_id"]}">{escape(node["label"])}</caption>')


def depart_raci_table_html(self: HTML5Translator, node: raci_table) -> None:
    """Close the table and its box."""
    self.depart_table(node)
    self.body.append('</div>\n')


def visit_raci_heading_html(self: HTML5Translator, node: raci_heading) -> None:
    """A ``th`` that says what it heads, with a link to itself after its main text where it has an anchor."""
    attributes: dict[str, Any] = {'scope': node['scope']}
    if 'morecols' in node:
        attributes['colspan'] = node['morecols'] + 1
    # docutils counts the columns of a row to know which of them are stubs.
    node.parent.column += 1 + node.get('morecols', 0)  # type: ignore[union-attr]
    self.body.append(self.starttag(node, 'th', '', CLASS='head' if node['scope'] == 'col' else '', **attributes))
    notes = [child for child in node.children if isinstance(child, raci_note)]
    for child in node.children[: len(node.children) - len(notes)]:
        child.walkabout(self)
    self.add_permalink_ref(node, _('Link to this row'))
    for child in notes:
        child.walkabout(self)
    raise nodes.SkipChildren


def depart_raci_heading_html(self: HTML5Translator, node: raci_heading) -> None:
    """Close the cell."""
    self.body.append('</th>\n')


def visit_raci_row_html(self: HTML5Translator, node: raci_row) -> None:
    """A row, written at once."""
    self.visit_row(node)
    for child in node.children:
        child.walkabout(self)
    for paragraph in node['content']:
        parts = (escape(part, quote=False) if isinstance(part, str) else _html_of_cell(part) for part in paragraph)
        self.body.append(f'<td>{"".join(parts)}</td>\n')
    self.depart_row(node)
    raise nodes.SkipNode


def visit_raci_row_latex(self: LaTeXTranslator, node: raci_row) -> None:
    """A row, written at once."""
    self.visit_row(node)
    for child in node.children:
        child.walkabout(self)
    cell = nodes.entry()
    cell.parent = node
    for paragraph in node['content']:
        self.visit_entry(cell)
        # As in a paragraph: the first word can be hyphenated, and no command before runs into it.
        self.body += ['\n\\sphinxAtStartPar\n'] if paragraph and isinstance(paragraph[0], str) else []
        for part in paragraph:
            text = self.encode(part) if isinstance(part, str) else latex.badges(map(self.encode, part.codes))
            self.body.append(text)
        self.depart_entry(cell)
    self.depart_row(node)
    raise nodes.SkipNode


def depart_title_row_latex(self: LaTeXTranslator, node: raci_title_row) -> None:
    """The line below it, if any, is one that no page ends with."""
    self.depart_row(node)
    if self.body[-1] == r'\sphinxhline':
        self.body[-1] = r'\racirowend{}'


def setup(app: Sphinx) -> None:
    """Register the nodes."""
    app.add_node(raci_letters, html=(visit_letters_html, None), latex=(visit_letters_latex, None))
    app.add_node(raci_note, latex=(visit_note_latex, depart_note_latex))
    # As tables with a caption, they are numbered and can be referred to by their names.
    app.add_enumerable_node(raci_pending_table, 'table')
    app.add_enumerable_node(raci_table, 'table', html=(visit_raci_table_html, depart_raci_table_html))
    app.add_node(raci_row, html=(visit_raci_row_html, None), latex=(visit_raci_row_latex, None))
    app.add_node(raci_title_row, latex=(LaTeXTranslator.visit_row, depart_title_row_latex))
    app.add_node(latex.raci_latex, latex=(visit_raci_latex, None))
    app.add_node(raci_heading, html=(visit_raci_heading_html, depart_raci_heading_html))

"""How LaTeX writes our nodes."""

from __future__ import annotations

from docutils import nodes
from sphinx.writers.latex import LaTeXTranslator

from sphinxcontrib_raci import latex
from sphinxcontrib_raci.nodes import raci_letters, raci_note, raci_row, raci_title_row


def visit_letters(self: LaTeXTranslator, node: raci_letters) -> None:
    """A badge for each letter."""
    self.body.append(latex.badges(map(self.encode, node['codes'])))
    raise nodes.SkipNode


def visit_raci_latex(self: LaTeXTranslator, node: latex.raci_latex) -> None:
    """As it stands, with its text as the argument."""
    says = f'{{{self.encode(node["says"])}}}' if 'says' in node else ''
    self.body.append(f'\n{node.astext()}{says}\n')
    raise nodes.SkipNode


def visit_note(self: LaTeXTranslator, node: raci_note) -> None:
    """In a smaller font."""
    self.visit_paragraph(node)
    self.body.append('{\\footnotesize ')


def depart_note(self: LaTeXTranslator, node: raci_note) -> None:
    """The paragraph ends within the braces, so that its lines are as narrow as its font."""
    self.body.append('\\par}')
    self.depart_paragraph(node)


def visit_raci_row(self: LaTeXTranslator, node: raci_row) -> None:
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
            if isinstance(part, str):
                nodes.inline('', '', *latex.divided(part)).walkabout(self)
            else:
                self.body.append(latex.badges(map(self.encode, part.codes)))
        self.depart_entry(cell)
    self.depart_row(node)
    raise nodes.SkipNode


def depart_title_row(self: LaTeXTranslator, node: raci_title_row) -> None:
    """The line below it, if any, is one that no page ends with."""
    self.depart_row(node)
    last = node.next_node(descend=False, siblings=True) is None
    if not last and self.body[-1] == r'\sphinxhline':
        self.body[-1] = r'\racirowend{}'

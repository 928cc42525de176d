"""How HTML writes our nodes."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from typing import Any

from docutils import nodes
from jinja2 import Environment, PackageLoader
from sphinx.writers.html5 import HTML5Translator

from sphinxcontrib_raci.content import Letters
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.nodes import (
    raci_cell,
    raci_filter,
    raci_heading,
    raci_letters,
    raci_note,
    raci_pending_table,
    raci_row,
    raci_rows,
    raci_section,
    raci_table,
)
from sphinxcontrib_raci.tables import expanded

TEMPLATES = Environment(
    loader=PackageLoader('sphinxcontrib_raci', 'templates/raci'), autoescape=True, trim_blocks=True, lstrip_blocks=True
)
"""The templates of this package's HTML."""


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


def visit_letters(self: HTML5Translator, node: raci_letters) -> None:
    """Each letter explains itself on hover."""
    self.body.append(_html_of_cell(Letters(tuple(node['codes']), tuple(node['explanations']))))
    raise nodes.SkipNode


def visit_pending_table(self: HTML5Translator, node: raci_pending_table) -> None:
    """A table that is made just for that."""
    for made in expanded(node, self.builder):
        made.parent = node.parent
        made.walkabout(self)
        # Nodes know their parents, and such a circle stays, with all that it holds, until Python's collector runs.
        for part in list(made.findall(nodes.Element)):
            part.clear()
            part.attributes.clear()
    raise nodes.SkipNode


def visit_raci_table(self: HTML5Translator, node: raci_table) -> None:
    """The box first: it is what scrolls, and who has no mouse moves to it with the keyboard."""
    named = f'aria-labelledby="{node["name_id"]}"'
    copied = f'data-copied="{escape(_("Address copied"))}"'
    self.body.append(f'<div class="raci-scroll" role="region" tabindex="0" {named} {copied}>')
    self.visit_table(node)
    # Without the classes by which themes give their own looks to tables.
    self.body[-1] = re.sub('class="[^"]*"', f'class="{" ".join(node["classes"])}"', self.body[-1], count=1)
    if not any(isinstance(child, nodes.title) for child in node.children):
        self.body.append(f'<caption class="raci-word" id="{node["name_id"]}">{escape(node["label"])}</caption>')


def depart_raci_table(self: HTML5Translator, node: raci_table) -> None:
    """Close the table and its box."""
    self.depart_table(node)
    self.body.append('</div>\n')


def visit_filter(self: HTML5Translator, node: raci_filter) -> None:
    """The form; it shows itself only where it can do something."""
    self.body.append(
        TEMPLATES.get_template('filter.html').render(filter=node['content'], controls=node['controls'], _=_)
    )
    raise nodes.SkipNode


def visit_raci_section(self: HTML5Translator, node: raci_section) -> None:
    """A section, in a box where the theme makes none of it."""
    before = len(self.body)
    self.visit_section(node)
    node['boxed'] = not any('raci-section' in part for part in self.body[before:])
    if node['boxed']:
        self.body.append('<div class="raci-section">')


def depart_raci_section(self: HTML5Translator, node: raci_section) -> None:
    """Close section and box."""
    if node['boxed']:
        self.body.append('</div>')
    self.depart_section(node)


def visit_raci_heading(self: HTML5Translator, node: raci_heading) -> None:
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
    # Its sign says nothing to those who hear it.
    self.body[-1] = self.body[-1].replace('<a ', f'<a aria-label="{escape(_("Link to this row"))}" ', 1)
    for child in notes:
        child.walkabout(self)
    raise nodes.SkipChildren


def depart_raci_heading(self: HTML5Translator, node: raci_heading) -> None:
    """Close the cell."""
    self.body.append('</th>\n')


@lru_cache(maxsize=1024)
def _head(title: str) -> str:
    """The attribute by which a cell says which column it is in."""
    return f' data-head="{escape(title)}"' if title else ''


def visit_raci_cell(self: HTML5Translator, node: raci_cell) -> None:
    """A ``td`` that says which column it is in."""
    node.parent.column += 1  # type: ignore[union-attr]
    self.body.append(self.starttag(node, 'td', '').replace('<td', f'<td{_head(node["head"])}', 1))


def depart_raci_cell(self: HTML5Translator, node: raci_cell) -> None:
    """Close the cell."""
    self.body.append('</td>\n')


def visit_raci_row(self: HTML5Translator, node: raci_row) -> None:
    """A row, written at once."""
    self.visit_row(node)
    for child in node.children:
        child.walkabout(self)
    for paragraph, head in zip(node['content'], node['heads'], strict=True):
        parts = (escape(part, quote=False) if isinstance(part, str) else _html_of_cell(part) for part in paragraph)
        self.body.append(f'<td{_head(head)}>{"".join(parts)}</td>\n')
    self.depart_row(node)
    raise nodes.SkipNode


def visit_raci_rows(self: HTML5Translator, node: raci_rows) -> None:
    """Each row, made just for that."""
    self.visit_tbody(node)
    for row in node['rows']:
        row.parent = node
        row.walkabout(self)
    self.depart_tbody(node)
    raise nodes.SkipNode

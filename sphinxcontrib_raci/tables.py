"""Tables as plain data become docutils tables, when a document is about to be written.

That late, they cost no transform, no pickling and no garbage collection; writers, search and the XML builder see
ordinary tables all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from docutils import nodes
from sphinx.errors import NoUri
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode

from sphinxcontrib_raci import latex
from sphinxcontrib_raci.content import Cell, Inline, Letters, Markup, Paragraph, Ref, Row, Table, Tags, Url
from sphinxcontrib_raci.domain import RaciDomain
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.nodes import (
    letters_node,
    raci_heading,
    raci_note,
    raci_pending_table,
    raci_permalink,
    raci_table,
)


class ExpandTables(SphinxPostTransform):
    """Put the tables in place, before references are resolved (the markup in their cells may hold some)."""

    default_priority = 5

    def run(self, **kwargs: object) -> None:
        """Replace every table of the document that is still on its way."""
        domain = cast('RaciDomain', self.env.get_domain('raci'))
        for node in list(self.document.findall(raci_pending_table)):
            node.replace_self(_Expansion(domain, node).table())


class _Expansion:
    """One table on its way to nodes."""

    def __init__(self, domain: RaciDomain, node: raci_pending_table) -> None:
        self.domain = domain
        self.builder = domain.builder
        self.node = node
        self.content: Table = node['content']
        self.html = self.builder.format == 'html'
        self.titles = [child for child in node.children if isinstance(child, nodes.title)]
        self.markup: Iterator[nodes.Node] = iter([child for child in node.children if child not in self.titles])

    def table(self) -> list[nodes.Node]:
        columns = self.content.columns
        group = nodes.tgroup('', cols=len(columns))
        group += [nodes.colspec('', colwidth=column.width) for column in columns]
        heads = [Cell(((column.title,),), (), 'col') for column in columns]
        turned = self.builder.format == 'latex' and latex.turns(columns)
        head = self.row(tuple(heads))
        if turned:
            latex.turn(head.children[1:])
        group += nodes.thead('', head)
        group += nodes.tbody('', *map(self.row, self.content.rows))
        table = raci_table('', *self.titles, group, ids=self.node['ids'], names=self.node['names'])
        table['classes'] = ['raci-table', 'colwidths-given', *self.node['classes']]
        table.source, table.line = self.node.source, self.node.line
        return latex.tightened(table) if turned else [table]

    def row(self, row: Row) -> nodes.row:
        return nodes.row('', *(self.cell(cell, len(row) == 1) for cell in row))

    def cell(self, cell: Inline | Cell, spanning: bool) -> nodes.entry:
        if not isinstance(cell, Cell):
            return nodes.entry('', *self.inline(cell)) if cell else nodes.entry()
        entry = raci_heading('', scope=cell.scope) if cell.scope else nodes.entry()
        if spanning:
            entry['morecols'] = len(self.content.columns) - 1
        anchors = [anchor for anchor in cell.anchors if anchor not in self.node['without']]
        self.fill(entry, cell, anchors)
        return entry

    def fill(self, entry: nodes.entry, cell: Cell, anchors: list[str]) -> None:
        """Put anchors and paragraphs into an entry; the first paragraph is its main text, the others are notes."""
        first, *rest = [self.inlines(paragraph) for paragraph in cell.paragraphs] or [[]]
        if self.html:
            entry['ids'] += anchors
            # Sphinx's writer wants a reference within text.
            linked = any(isinstance(node, nodes.reference) for node in first)
            entry += [nodes.inline('', '', *first)] if linked else first
            if anchors:
                entry += raci_permalink()
        else:
            # Other writers make nothing of the ids of an entry, and want paragraphs: LaTeX hyphenates in nothing else.
            targets = [nodes.target('', '', ids=anchors)] if anchors else []
            text = [nodes.strong('', '', *first)] if cell.scope == 'rowgroup' else first
            entry += nodes.paragraph('', '', *targets, *text)
        entry += [raci_note('', '', *paragraph, classes=['raci-note']) for paragraph in rest]

    def inlines(self, paragraph: Paragraph) -> list[nodes.Node]:
        return [node for part in paragraph for node in self.inline(part)]

    def inline(self, part: Inline) -> list[nodes.Node]:
        match part:
            case str():
                return [nodes.Text(part)]
            case Letters():
                return [letters_node(part)]
            case Ref():
                return [self.reference(part)]
            case Markup():
                return [next(self.markup)]
            case Url():
                return [nodes.reference('', part.text, refuri=part.url, internal=False)]
            case Tags():
                return _tags(part)

    def reference(self, part: Ref) -> nodes.Node:
        """A link to where the object stands, or its text alone where it stands nowhere in this output."""
        text = next(self.markup) if isinstance(part.text, Markup) else nodes.Text(part.text)
        found = self.domain.locate(part.kind, part.name)
        if found is None:
            return text
        try:
            return make_refnode(self.builder, self.node['refdoc'], found.docname, found.anchor, text)
        except NoUri:
            return text


def _tags(part: Tags) -> list[nodes.Node]:
    made: list[nodes.Node] = [nodes.Text(_('Tags: '))]
    for index, name in enumerate(part.names):
        made += [nodes.Text(', ')] if index else []
        made.append(nodes.inline('', name, classes=['raci-tag']))
    return made

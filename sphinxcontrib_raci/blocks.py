"""Blocks become nodes while a document is read; tables stay plain data until :mod:`sphinxcontrib_raci.tables`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from docutils import nodes
from docutils.statemachine import StateMachine
from sphinx import addnodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from sphinxcontrib_raci import latex, paper
from sphinxcontrib_raci.content import (
    Block,
    Bullets,
    Cell,
    Downloads,
    Filter,
    Group,
    Inline,
    Letters,
    Mark,
    Markup,
    Notice,
    Object,
    Paragraph,
    Prose,
    Ref,
    Table,
    Url,
    View,
    words_of,
)
from sphinxcontrib_raci.links import is_full
from sphinxcontrib_raci.markup import MarkupReader
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.nodes import (
    downloads_node,
    letters_node,
    mark_node,
    raci_filter,
    raci_pending_table,
    raci_section,
)
from sphinxcontrib_raci.packing import packed

logger = logging.getLogger(__name__)
DEEPEST = 6
"""How many sections of a document may stand in each other, its own included: HTML has no more levels of headings."""
E = TypeVar('E', bound=nodes.Element)


def holds_sections(directive: SphinxDirective) -> bool:
    """Whether section titles may stand where the directive does."""
    machine = directive.state_machine
    if isinstance(machine.node, (nodes.document, nodes.section, addnodes.only)):
        return True
    # MyST's stand-in for a state machine says of every place that titles match.
    return isinstance(machine, StateMachine) and bool(machine.match_titles)


def _depth(directive: SphinxDirective) -> int:
    """How many sections of the document the directive stands in."""
    node: nodes.Node | None = directive.state_machine.node
    depth = 0
    while node is not None:
        depth += isinstance(node, nodes.section)
        node = node.parent
    return depth


class Renderer:
    """Makes the nodes of one directive.  ``without`` are anchors that it must leave out, as they stand elsewhere."""

    def __init__(self, directive: SphinxDirective, without: frozenset[str]) -> None:
        self.directive = directive
        self.document = directive.state.document
        self.without = without
        self.sections = holds_sections(directive)
        self.landscape = self.sections and 'landscape' in directive.options
        self.read = MarkupReader(self.document)
        self.titles: dict[Markup, str] = {}
        self.depth = _depth(directive)
        self.key = ''

    @property
    def per_cent(self) -> float:
        """How wide a hundredth of a table is on paper, in points."""
        return paper.LANDSCAPE if self.landscape else paper.PORTRAIT

    def blocks(self, blocks: Iterable[Block]) -> list[nodes.Node]:
        """The nodes of these blocks, in order."""
        return [node for block in blocks for node in self.block(block)]

    def block(self, block: Block) -> list[nodes.Node]:
        """The nodes of one block."""
        match block:
            case Prose():
                return [self.paragraph(block.content)]
            case Bullets():
                return [self.bullets(block)]
            case Notice():
                return [nodes.warning('', *self.blocks(block.content))]
            case Filter():
                return [self.filter(block)]
            case Table():
                return [self.table(block)]
            case Group():
                return self.group(block)
            case Downloads():
                return [self.as_written(downloads_node(block))]

    def on_paper(self, view: View, made: list[nodes.Node]) -> list[nodes.Node]:
        """The nodes of a view with what LaTeX needs around them."""
        if self.sections:
            return latex.framed(made, view.blocks, self.landscape, view.foot)
        if 'landscape' in self.directive.options:
            message = _(':landscape: has no effect here: a matrix within another element cannot begin a page')
            logger.warning(message, location=self.directive.get_location(), type='raci', subtype='directive')
        return made

    def target(self, anchor: str) -> list[nodes.Node]:
        """A target for an anchor, unless it is to be left out."""
        if not anchor or anchor in self.without:
            return []
        target = nodes.target('', '', ids=[anchor])
        self.document.ids.setdefault(anchor, target)
        return [target]

    def title_of(self, entry: Object) -> str:
        """The title of an object as plain text."""
        return self.titles[entry.title] if isinstance(entry.title, Markup) else entry.title

    def paragraph(self, content: Paragraph) -> nodes.paragraph:
        """A paragraph."""
        paragraph = nodes.paragraph('', '', *(node for part in content for node in self.inline(part)))
        return self.as_written(paragraph)

    def as_written(self, node: E) -> E:
        """Keep a text of a source as it is: catalogues hold it once for all pages, and quotes stay what they are."""
        self.directive.set_source_info(node)
        node['translatable'] = False
        node['support_smartquotes'] = False
        return node

    def bullets(self, block: Bullets) -> nodes.bullet_list:
        """A list."""
        items = (nodes.list_item('', self.paragraph(item)) for item in block.items)
        return nodes.bullet_list('', *items, bullet='*', classes=[f'raci-{block.kind}'] if block.kind else [])

    def filter(self, block: Filter) -> raci_filter:
        """The form that filters the tables which follow; it gets to know them when they have ids."""
        env = self.directive.env
        self.key = f'{env.docname} {env.new_serialno("raci-filter")}'
        return raci_filter('', key=self.key, content=block)

    def group(self, block: Group) -> list[nodes.Node]:
        """A titled part, as a section where one can stand."""
        text = ' '.join(filter(None, (block.number, block.title)))
        self.depth += 1
        inner = self.blocks(block.blocks)
        self.depth -= 1
        if not self.sections or self.depth >= DEEPEST:
            made = [*self.target(block.anchor), self.as_written(nodes.rubric('', text)), *inner]
            return [nodes.container('', *made, classes=['raci-section'])]
        section = raci_section('', self.as_written(nodes.title('', text)), *inner, classes=['raci-section'])
        # The number is not part of the name: a link to the section outlives a section put in before it.
        section['names'].append(nodes.fully_normalize_name(block.title))
        section['ids'] += [anchor for anchor in [block.anchor] if anchor and anchor not in self.without]
        self.directive.set_source_info(section)
        self.document.note_implicit_target(section, section)
        # On paper, a title stays with the first rows of its table.
        return [latex.room(paper.lines([block], self.per_cent)), section]

    def table(self, block: Table) -> raci_pending_table:
        """A table, still as data; the markup of its cells is parsed now, for Sphinx to see the roles in it."""
        table = raci_pending_table(
            '',
            content=packed(block),
            words=packed(' '.join(words_of(block))),
            without=self.without,
            refdoc=self.directive.env.docname,
            landscape=self.landscape,
        )
        self.directive.set_source_info(table)
        # A longtable repeats its head on each page, but cannot stand within another box.
        table['classes'] += ['longtable'] if self.sections else []
        if self.key:
            table['filter'] = self.key
        table += [self.parsed(part) for part in _to_parse(block)]
        return table

    def parsed(self, part: Markup | Url) -> nodes.inline:
        """A link, or a piece of markup, as the one node that stands for it among a table's children."""
        if isinstance(part, Url):
            # Where others lead depends on the page, and is known when it is written.
            link = nodes.reference('', part.text, refuri=part.url, internal=False) if is_full(part.url) else None
            parsed = nodes.inline('', '', link or nodes.Text(part.text))
            self.directive.set_source_info(parsed)
        else:
            parsed = self.read(part)
            # Messages about the text stand behind it, with the path of the source.
            said = (child for child in parsed.children if not isinstance(child, nodes.system_message))
            self.titles[part] = ''.join(child.astext() for child in said)
            # Substitutions, footnotes and the like are only looked up later, and then blamed on this place.
            for node in parsed.findall(nodes.Element):
                node.source, node.line = part.path, part.line
        # Not "translatable", not even False: Sphinx would take an inline node with that word for one of its own and
        # put its children in its place, and the cells of the table would get each other's text.
        parsed['support_smartquotes'] = False
        return parsed

    def inline(self, part: Inline) -> list[nodes.Node]:
        """The nodes of a piece of text."""
        match part:
            case str():
                return [nodes.Text(part)]
            case Letters():
                return [letters_node(part)]
            case Mark():
                return [mark_node(part)]
            case Markup():
                return list(self.read(part).children)
            case Ref():
                return [self.reference(part)]
        raise TypeError(part)

    def reference(self, part: Ref) -> addnodes.pending_xref:
        """A link that stays plain text where its object stands nowhere."""
        text = nodes.inline('', '', *self.inline(part.text))
        return addnodes.pending_xref(
            '',
            text,
            refdomain='raci',
            reftype=part.kind,
            reftarget=part.name,
            refdoc=self.directive.env.docname,
            refexplicit=True,
            refwarn=False,
            **{'raci-quiet': True},
        )


def _to_parse(table: Table) -> Iterator[Markup | Url]:
    """The markup and the links of a table's cells, in the order in which they are written."""
    for row in table.rows:
        for cell in row:
            parts = [part for line in cell.paragraphs for part in line] if isinstance(cell, Cell) else [cell]
            for part in parts:
                found = part.text if isinstance(part, Ref) else part
                if isinstance(found, (Markup, Url)):
                    yield found

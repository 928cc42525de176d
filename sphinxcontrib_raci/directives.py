"""The directives: options in, nodes out; here those of one matrix and of one party, and what all have in common."""

from __future__ import annotations

from collections.abc import Iterable
from posixpath import normpath
from typing import Any, ClassVar, cast

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from sphinxcontrib_raci.blocks import Renderer
from sphinxcontrib_raci.content import View, digest
from sphinxcontrib_raci.domain import SHOWN, RaciDomain, Shown, domain_of
from sphinxcontrib_raci.downloads import asked
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.nodes import raci_pending_table
from sphinxcontrib_raci.packing import packed
from sphinxcontrib_raci.project import Project
from sphinxcontrib_raci.sources import SUFFIXES
from sphinxcontrib_raci.views import (
    MatrixQuery,
    PartyQuery,
    Query,
)
from sphinxcontrib_raci.views.common import CannotShow
from sphinxcontrib_raci.views.filters import NEVER

logger = logging.getLogger(__name__)


def names(argument: str) -> tuple[str, ...]:
    """An option's list of names, separated by commas; each counts once."""
    found = dict.fromkeys(name.strip() for name in directives.unchanged_required(argument).split(','))
    if not all(found):
        raise ValueError('expected names separated by commas')
    return tuple(found)


def one_of(*choices: str) -> Any:
    """An option that takes one of some words."""
    return lambda argument: directives.choice(argument, choices)


class RaciDirective(SphinxDirective):
    """What all directives have in common: ask, note the answer, make its nodes."""

    subject = 'matrix'

    @property
    def domain(self) -> RaciDomain:
        """The domain of this build."""
        return domain_of(self.env)

    @property
    def project(self) -> Project:
        """The project's matrices."""
        return self.domain.registry.project

    def query(self) -> Query:
        """What the arguments and options ask for."""
        raise NotImplementedError

    def filter_from(self) -> int:
        """How many rows there must be for a filter above them."""
        if 'no-filter' in self.options:
            return NEVER
        return 1 if 'filter' in self.options else cast('int', self.config.raci_filter)

    def run(self) -> list[nodes.Node]:
        """The nodes of the answer, or a notice on the page and a warning where there is none."""
        query = self.query()
        try:
            view = query.view(self.project)
        except CannotShow as error:
            self.domain.note(self.env.docname, Shown(query, str(error), self.get_location()))
            logger.warning('%s', error, location=self.get_location(), type='raci', subtype='directive')
            what = ' '.join([self.subject, *(f"'{argument}'" for argument in self.arguments)])
            text = _('The %s cannot be shown here.') % what
            return [nodes.warning('', nodes.paragraph('', text))]
        return self.show(query, view)

    def show(self, query: Query, view: View) -> list[nodes.Node]:
        """The nodes of a view, with its anchors noted as far as this directive owns them."""
        renderer = Renderer(self, self.not_owned(view))
        made = [*renderer.target(view.anchor), *renderer.blocks(view.blocks)]
        self.caption(made)
        objects = (
            [] if 'no-index' in self.options else [entry.titled(renderer.title_of(entry)) for entry in view.objects]
        )
        shown = Shown(
            query,
            digest(view),
            self.get_location(),
            packed(objects) if objects else b'',
            view.partial,
            view.needs,
            view.files(),
        )
        self.domain.note(self.env.docname, shown)
        # Conditions around it are only known when all of the document is.
        first = next((node for node in made if isinstance(node, nodes.Element)), None)
        if first is None:
            # Of a matrix without rows, and without a legend, nothing may be left.
            first = nodes.comment()
            made.append(first)
        first[SHOWN] = len(self.domain.shown[self.env.docname]) - 1
        return renderer.on_paper(view, made)

    def toctree(self, folder: str, names: Iterable[str], missing: str) -> list[nodes.Node]:
        """A hidden toctree of the pages with these names, as that of ``autosummary``.

        They are in the folder that the option gives, or else in ``folder``; ``missing`` is the warning where none is.
        """
        given = self.options['toctree'].strip().rstrip('/')
        if given:
            folder = self.env.relfn2path(f'{given}/.')[0]
        pages = [normpath(f'{folder}/{name}') for name in names]
        found = [page for page in pages if page in self.env.found_docs]
        if given or found != pages:
            # Pages of the user's own, and those that could not be written, come and go as those of a glob toctree.
            self.env.glob_toctrees.add(self.env.docname)
        if not found:
            logger.warning(missing, folder, location=self.get_location(), type='raci', subtype='directive')
        tree = addnodes.toctree(
            parent=self.env.docname,
            entries=[(None, page) for page in found],
            includefiles=found,
            maxdepth=-1,
            caption=None,
            glob=False,
            hidden=True,
            includehidden=False,
            numbered=0,
            titlesonly=False,
        )
        return [nodes.compound('', tree, classes=['toctree-wrapper'])]

    def not_owned(self, view: View) -> frozenset[str]:
        """The anchors of a view that must not be written, as they are not wanted or stand in this document already."""
        anchors = {view.anchor, *(entry.anchor for entry in view.objects), *view.anchors()}
        if 'no-index' in self.options:
            return frozenset(anchors)
        before = cast('set[str]', self.env.temp_data.setdefault('raci_anchors', set()))
        # The title of the document may have made the same id: "RACI: hosting" does.
        there = anchors & (before | self.state.document.ids.keys())
        before |= anchors
        return frozenset(there)

    def caption(self, made: list[nodes.Node]) -> None:
        """Put caption, classes and name on the first table; classes on the others too."""
        tables = [table for node in made for table in node.findall(raci_pending_table)]
        for table in tables:
            table['classes'] += self.options.get('class', [])
        if tables and 'caption' in self.options:
            parsed, messages = self.parse_inline(self.options['caption'], lineno=self.lineno)
            title = nodes.title(self.options['caption'], '', *parsed)
            self.set_source_info(title)
            tables[0].insert(0, title)
            made += messages
        if tables:
            self.add_name(tables[0])


class Raci(RaciDirective):
    """``.. raci:: kms``: one matrix, named by its id or by the path of its source."""

    required_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[dict[str, Any]] = {
        'layout': one_of('sections', 'table'),
        'section': directives.unchanged_required,
        'parties': names,
        'tags': names,
        'caption': directives.unchanged_required,
        'numbered': directives.flag,
        'download': names,
        'landscape': directives.flag,
        'legend': directives.flag,
        'no-legend': directives.flag,
        'filter': directives.flag,
        'no-filter': directives.flag,
        'no-index': directives.flag,
        'class': directives.class_option,
        'name': directives.unchanged,
    }

    def query(self) -> Query:
        """The matrix and the choice of what to show of it."""
        options = self.options
        return MatrixQuery(
            key=self.key(),
            layout=options.get('layout', 'sections'),
            section=options.get('section', ''),
            parties=options.get('parties', ()),
            tags=options.get('tags', ()),
            numbered='numbered' in options,
            legend='legend' in options or (self.config.raci_legend and 'no-legend' not in options),
            filter_from=self.filter_from(),
            downloads=asked(self, {'section', 'parties', 'tags'}),
        )

    def key(self) -> str:
        """An id as it is; a path as other directives take it, made absolute, with slashes or backslashes in it."""
        argument = self.arguments[0]
        if argument.endswith(SUFFIXES):
            argument = argument.replace('\\', '/')
        if '/' in argument or argument.endswith(SUFFIXES):
            return self.env.relfn2path(argument)[1]
        return argument


class Party(RaciDirective):
    """``.. raci:party:: customer``: everything that one party has a part in."""

    subject = 'party'
    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {
        'toctree': directives.unchanged,
        'by': one_of('matrix', 'letter'),
        'letters': names,
        'matrices': names,
        'filter': directives.flag,
        'no-filter': directives.flag,
        'download': names,
        'no-index': directives.flag,
        'class': directives.class_option,
    }

    def query(self) -> Query:
        """The party and the choice of what to show of it."""
        return PartyQuery(
            self.arguments[0],
            self.options.get('by', 'matrix'),
            self.options.get('letters', ()),
            self.options.get('matrices', ()),
            self.filter_from(),
            asked(self, {'letters'}),
            'toctree' in self.options,
        )

    def show(self, query: Query, view: View) -> list[nodes.Node]:
        """The nodes of a view, and with ``:toctree:`` the pages about single matrices as a table of contents.

        A title that is the party's name is left as it is written.
        """
        name = self.project.parties[self.arguments[0]].name
        for title in self.state.document.findall(nodes.title):
            if title.astext() == name:
                title['support_smartquotes'] = False
                title['translatable'] = False
        made = super().show(query, view)
        if 'toctree' in self.options:
            rows = self.project.rows(self.arguments[0])
            wanted = [matrix for matrix in rows if matrix in self.options.get('matrices', rows)]
            missing = _("there is no page of a matrix for :toctree: in '%s'; see raci_party_rows in conf.py")
            made += self.toctree(self.env.docname, wanted, missing)
        return made

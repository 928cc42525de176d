"""The directives: options in, nodes out."""

from __future__ import annotations

from posixpath import normpath
from typing import Any, ClassVar, cast

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from sphinxcontrib_raci.blocks import Renderer
from sphinxcontrib_raci.content import View, digest
from sphinxcontrib_raci.domain import RaciDomain, Shown, domain_of
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.nodes import raci_pending_table
from sphinxcontrib_raci.project import Project
from sphinxcontrib_raci.sources import SUFFIXES
from sphinxcontrib_raci.views import (
    FindingsQuery,
    LegendQuery,
    LoadQuery,
    MatrixQuery,
    OverviewQuery,
    PartyQuery,
    Query,
)
from sphinxcontrib_raci.views.common import CannotShow

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
            ()
            if 'no-index' in self.options
            else tuple(entry.titled(renderer.title_of(entry)) for entry in view.objects)
        )
        shown = Shown(query, digest(view), self.get_location(), objects, view.partial, view.needs)
        self.domain.note(self.env.docname, shown)
        return renderer.on_paper(view, made)

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
        'landscape': directives.flag,
        'legend': directives.flag,
        'no-legend': directives.flag,
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
        )

    def key(self) -> str:
        """An id as it is; a path as other directives take it, made absolute."""
        argument = self.arguments[0]
        if '/' in argument or argument.endswith(SUFFIXES):
            return self.env.relfn2path(argument)[1]
        return argument


class Party(RaciDirective):
    """``.. raci:party:: customer``: everything that one party has a part in."""

    subject = 'party'
    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {
        'by': one_of('matrix', 'letter'),
        'letters': names,
        'matrices': names,
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
        )

    def show(self, query: Query, view: View) -> list[nodes.Node]:
        """The nodes of a view; a title that is the party's name is left as it is written."""
        name = self.project.parties[self.arguments[0]].name
        for title in self.state.document.findall(nodes.title):
            if title.astext() == name:
                title['support_smartquotes'] = False
                title['translatable'] = False
        return super().show(query, view)


class Parties(RaciDirective):
    """``.. raci:parties::``: matrices by parties, with counts."""

    subject = 'overview'
    option_spec: ClassVar[dict[str, Any]] = {
        'toctree': directives.unchanged,
        'parties': names,
        'matrices': names,
        'caption': directives.unchanged_required,
        'class': directives.class_option,
        'name': directives.unchanged,
    }

    def query(self) -> Query:
        """The parties and matrices to show."""
        return OverviewQuery(self.options.get('parties', ()), self.options.get('matrices', ()))

    def run(self) -> list[nodes.Node]:
        """The overview, and with ``:toctree:`` the party pages as entries of the table of contents."""
        return [*super().run(), *(self.toctree() if 'toctree' in self.options else [])]

    def toctree(self) -> list[nodes.Node]:
        """A hidden toctree of the party pages, as that of ``autosummary``."""
        wanted = self.options.get('parties') or self.project.parties
        pages = [normpath(f'{self.folder()}/{party}') for party in wanted]
        found = [page for page in pages if page in self.env.found_docs]
        if not found:
            logger.warning(
                _("there is no party page for :toctree: in '%s'; set raci_party_pages in conf.py"),
                self.folder(),
                location=self.get_location(),
                type='raci',
                subtype='directive',
            )
        return [nodes.compound('', _toctree(self.env.docname, found), classes=['toctree-wrapper'])]

    def folder(self) -> str:
        """Where the party pages are: the folder that the option names, by default that of ``raci_party_pages``."""
        if given := self.options['toctree'].strip().rstrip('/'):
            # Pages of the user's own come and go as those of a glob toctree.
            self.env.glob_toctrees.add(self.env.docname)
            return self.env.relfn2path(f'{given}/.')[0]
        return cast('str', self.config.raci_party_pages)


def _toctree(docname: str, pages: list[str]) -> addnodes.toctree:
    toctree = addnodes.toctree(parent=docname, entries=[(None, page) for page in pages], includefiles=pages)
    toctree.update_all_atts(
        {'maxdepth': -1, 'caption': None, 'glob': False, 'hidden': True, 'includehidden': False, 'numbered': 0}
    )
    toctree['titlesonly'] = False
    return toctree


class Legend(RaciDirective):
    """``.. raci:legend::``: what the letters mean, of a scheme, of a matrix, or of the whole project."""

    subject = 'legend'
    optional_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {}

    def query(self) -> Query:
        """The scheme or matrix."""
        return LegendQuery(*self.arguments)


class Findings(RaciDirective):
    """``.. raci:findings::``: what the rules find, and what is waived."""

    subject = 'table of findings'
    option_spec: ClassVar[dict[str, Any]] = {
        'matrix': names,
        'rule': names,
        'waived': directives.flag,
        'caption': directives.unchanged_required,
        'class': directives.class_option,
        'name': directives.unchanged,
    }

    def query(self) -> Query:
        """The matrices and rules to show."""
        options = self.options
        return FindingsQuery(options.get('matrix', ()), options.get('rule', ()), 'waived' in options)


class Load(RaciDirective):
    """``.. raci:load::``: parties by letters, with counts and shares."""

    subject = 'load'
    option_spec: ClassVar[dict[str, Any]] = {
        'matrices': names,
        'parties': names,
        'by': one_of('matrix', 'section'),
        'caption': directives.unchanged_required,
        'class': directives.class_option,
        'name': directives.unchanged,
    }

    def query(self) -> Query:
        """The matrices and parties to show."""
        options = self.options
        return LoadQuery(options.get('matrices', ()), options.get('parties', ()), options.get('by', 'matrix'))

"""The directives about many matrices at once: overview, legend, findings and load."""

from __future__ import annotations

from posixpath import normpath
from typing import Any, ClassVar, cast

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util import logging

from sphinxcontrib_raci.directives import RaciDirective, names, one_of
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.views import FindingsQuery, LegendQuery, LoadQuery, OverviewQuery, Query

logger = logging.getLogger(__name__)


class Parties(RaciDirective):
    """``.. raci:parties::``: matrices by parties, with counts."""

    subject = 'overview'
    option_spec: ClassVar[dict[str, Any]] = {
        'toctree': directives.unchanged,
        'parties': names,
        'matrices': names,
        'by': one_of('matrix', 'section'),
        'caption': directives.unchanged_required,
        'class': directives.class_option,
        'name': directives.unchanged,
    }

    def query(self) -> Query:
        """The parties and matrices to show."""
        options = self.options
        return OverviewQuery(options.get('parties', ()), options.get('matrices', ()), options.get('by', 'matrix'))

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

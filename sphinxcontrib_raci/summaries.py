"""The directives about many matrices at once: overview, legend, findings and load."""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from sphinxcontrib_raci.directives import RaciDirective, names, one_of
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.views import FindingsQuery, LegendQuery, LoadQuery, OverviewQuery, Query


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
        made = super().run()
        if 'toctree' in self.options:
            wanted = self.options.get('parties') or self.project.parties
            missing = _("there is no party page for :toctree: in '%s'; set raci_party_pages in conf.py")
            made += self.toctree(self.config.raci_party_pages, wanted, missing)
        return made


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

"""How our nodes are written where that of the standard node would not do."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.writers.latex import LaTeXTranslator

from sphinxcontrib_raci.latex import raci_latex
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
    raci_title_row,
)
from sphinxcontrib_raci.visitors import html, latex


def setup(app: Sphinx) -> None:
    """Register the nodes."""
    app.add_node(raci_letters, html=(html.visit_letters, None), latex=(latex.visit_letters, None))
    app.add_node(raci_note, latex=(latex.visit_note, latex.depart_note))
    # As tables with a caption, they are numbered and can be referred to by their names.
    app.add_enumerable_node(raci_pending_table, 'table', html=(html.visit_pending_table, None))  # type: ignore[arg-type]
    app.add_enumerable_node(raci_table, 'table', html=(html.visit_raci_table, html.depart_raci_table))
    app.add_node(raci_section, html=(html.visit_raci_section, html.depart_raci_section))
    app.add_node(raci_cell, html=(html.visit_raci_cell, html.depart_raci_cell))
    app.add_node(raci_filter, html=(html.visit_filter, None))
    app.add_node(raci_rows, html=(html.visit_raci_rows, None))
    app.add_node(raci_row, html=(html.visit_raci_row, None), latex=(latex.visit_raci_row, None))
    app.add_node(raci_title_row, latex=(LaTeXTranslator.visit_row, latex.depart_title_row))
    app.add_node(raci_latex, latex=(latex.visit_raci_latex, None))
    app.add_node(raci_heading, html=(html.visit_raci_heading, html.depart_raci_heading))

"""Responsibility matrices (RACI) for Sphinx: one source, permanent links, a page for every party."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__version__ = '0.1.0'


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register everything with Sphinx."""
    from sphinxcontrib_raci import (
        build,
        config,
        directives,
        downloads,
        interrupted,
        latex,
        messages,
        monospaced,
        site,
        summaries,
        visitors,
        written,
    )
    from sphinxcontrib_raci.domain import RaciDomain
    from sphinxcontrib_raci.tables import ExpandTables

    app.add_message_catalog(messages.CATALOG, messages.FOLDER)
    config.setup(app)
    visitors.setup(app)
    monospaced.setup(app)
    app.add_domain(RaciDomain)
    app.add_directive('raci', directives.Raci)
    app.add_directive_to_domain('raci', 'party', directives.Party)
    app.add_directive_to_domain('raci', 'parties', summaries.Parties)
    app.add_directive_to_domain('raci', 'legend', summaries.Legend)
    app.add_directive_to_domain('raci', 'findings', summaries.Findings)
    app.add_directive_to_domain('raci', 'load', summaries.Load)
    app.add_post_transform(ExpandTables)
    app.connect('config-inited', latex.on_config_inited)
    app.connect('builder-inited', build.on_builder_inited)
    app.connect('env-get-outdated', build.on_env_get_outdated)
    app.connect('env-updated', build.on_env_updated)
    app.connect('env-check-consistency', build.on_env_check_consistency)
    app.connect('build-finished', build.on_build_finished)
    interrupted.setup(app)
    written.setup(app)
    downloads.setup(app)
    site.setup(app)
    app.connect('warn-missing-reference', build.on_warn_missing_reference)
    app.connect('html-page-context', build.on_html_page_context)
    return {'version': __version__, 'env_version': 1, 'parallel_read_safe': True, 'parallel_write_safe': True}

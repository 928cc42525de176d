"""What happens when in a build: each handler is named after the event of Sphinx that it answers."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains import Domain
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from sphinxcontrib_raci import consistency, pages, registry
from sphinxcontrib_raci.content import digest
from sphinxcontrib_raci.domain import domain_of
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.project import Project
from sphinxcontrib_raci.views import Query
from sphinxcontrib_raci.views.common import CannotShow

logger = logging.getLogger(__name__)
STATIC = Path(__file__).with_name('static')
STYLESHEET, SCRIPT = 'raci.css', 'raci.js'
YOUNG = 100
"""So many collections of young objects may follow each other: some 400 pages."""


def on_builder_inited(app: Sphinx) -> None:
    """Read the sources and bring the party pages up to date, before Sphinx looks for documents."""
    domain = domain_of(app.env)
    domain.builder = app.builder
    domain.registry = registry.load(app)
    pages.update(app, domain.registry)
    if app.builder.format == 'html':
        # What the project itself has under these names wins: Sphinx copies it later.
        app.config.html_static_path.insert(0, str(STATIC))


def on_env_get_outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """The documents that would show something else now than when they were read.

    The answers are compared, not the times of files (``note_dependency``): a page is read again when what it shows has
    changed, and not when another section of its source has, or only the date of the file.
    """
    domain = domain_of(env)
    # Tables of contents from ``:toctree:`` name the pages that there are.
    lost = [name for name in domain.shown if not removed.isdisjoint(env.toctree_includes.get(name, ()))]
    # Where nothing is read, as after a change of a comment, the environment stays as it is, and only our notes know.
    compared = (domain.data['state'], domain.registry.fingerprint)
    notes = domain.registry.notes.now
    if domain.data['fingerprint'] == domain.registry.fingerprint or notes.get('compared') == compared:
        return lost
    domain.data['fingerprint'], notes['compared'] = domain.registry.fingerprint, compared
    project = domain.registry.project
    return lost + [
        docname
        for docname, entries in domain.shown.items()
        if any(_answer(shown.query, project) != shown.digest for shown in entries)
    ]


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> None:
    """Check what Sphinx has checked in builds that read something, where there is news without that."""
    domain = domain_of(env)
    domain.checked = not consistency.is_checked(domain)
    if domain.checked:
        consistency.check(domain)


def on_env_check_consistency(app: Sphinx, env: BuildEnvironment) -> None:
    """Keep what is known of the sources: the environment has just been stored."""
    domain_of(env).registry.notes.store()


def on_build_finished(app: Sphinx, exception: Exception | None) -> None:
    """The same for a build in which no document was read, and the environment stays as it is."""
    if exception is None and hasattr(app.env, 'all_docs'):
        domain_of(app.env).registry.notes.store()


def _answer(query: Query, project: Project) -> str:
    try:
        return digest(query.view(project))
    except CannotShow as error:
        return str(error)


def on_warn_missing_reference(app: Sphinx, domain: Domain | None, node: nodes.Element) -> bool | None:
    """Say what was probably meant by a reference of ours that leads nowhere."""
    if domain is None or domain.name != 'raci':
        return None
    ours, kind, name = domain_of(app.env), node['reftype'], node['reftarget']
    near = ours.suggestion(kind, name)
    if not near:
        return None
    message = _("raci:%s reference target not found: %s; did you mean '%s'?")
    logger.warning(message, kind, name, near, location=node, type='ref', subtype=kind)
    return True


def on_html_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load stylesheet and script on the pages that need them, and on no other."""
    # Rows that are no nodes give Python's collector little reason to run, though each page leaves circles for it.
    # A process beside others shares its memory with them, unless it is looked through.
    if gc.get_count()[2] > YOUNG and not app.builder.parallel_ok:
        gc.collect()
    shown = domain_of(app.env).shown
    # A single page holds all documents.
    if pagename in shown or (shown and app.builder.name == 'singlehtml'):
        app.add_css_file(STYLESHEET)
        # Pages that are part of something else, such as a book, run no scripts.
        if not getattr(app.builder, 'embedded', False):
            app.add_js_file(SCRIPT, loading_method='defer')

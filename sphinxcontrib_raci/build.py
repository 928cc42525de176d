"""What happens when in a build: each handler is named after the event of Sphinx that it answers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment

from sphinxcontrib_raci import pages, registry
from sphinxcontrib_raci.content import Found, digest
from sphinxcontrib_raci.domain import Key, RaciDomain
from sphinxcontrib_raci.project import Project
from sphinxcontrib_raci.views import Query
from sphinxcontrib_raci.views.common import CannotShow

STATIC = Path(__file__).with_name('static')
STYLESHEET = 'raci.css'


def domain_of(env: BuildEnvironment) -> RaciDomain:
    """The domain of an environment."""
    return cast('RaciDomain', env.get_domain('raci'))


def on_builder_inited(app: Sphinx) -> None:
    """Read the sources and bring the party pages up to date, before Sphinx looks for documents."""
    domain = domain_of(app.env)
    domain.builder = app.builder
    domain.registry = registry.load(app)
    before = [Path(app.env.doc2path(docname)) for docname in domain.party_pages()]
    pages.update(app, domain.registry.project.parties, before)
    if app.builder.format == 'html':
        app.config.html_static_path.append(str(STATIC))


def on_env_get_outdated(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """The documents that would show something else now than when they were read."""
    domain = domain_of(env)
    domain.before = dict(domain.found)
    domain.around = _around(env, app.builder)
    if domain.data['fingerprint'] == domain.registry.fingerprint:
        return []
    domain.data['fingerprint'] = domain.registry.fingerprint
    project = domain.registry.project
    return [
        docname
        for docname, entries in domain.shown.items()
        if any(_answer(shown.query, project) != shown.digest for shown in entries)
    ]


def _answer(query: Query, project: Project) -> str:
    try:
        return digest(query.view(project))
    except CannotShow as error:
        return str(error)


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The documents that only link to what has moved or changed its title, to be written again."""
    domain = domain_of(env)
    around = _around(env, app.builder)
    beside = {docname for docname in {*domain.around, *around} if domain.around.get(docname) != around.get(docname)}
    return sorted((beside | _linking(domain)) & env.all_docs.keys())


def _linking(domain: RaciDomain) -> set[str]:
    before, after = domain.before, domain.found
    if before == after:
        return set()
    keys = [key for key in {*before, *after} if before.get(key) != after.get(key)]
    names = {name for _kind, name in keys}
    moved = {_owner(key) for key in keys if _place(before, key) != _place(after, key)}
    referring = {docname for docname, targets in domain.references.items() if targets & names}
    linking = {docname for docname, shown in domain.all_shown() if shown.needs & moved}
    return referring | linking


def _around(env: BuildEnvironment, builder: Builder) -> dict[str, list[tuple[str, str]]]:
    """The documents before, after and above each one, with their titles, as HTML names them on every page.

    Sphinx does not write a page again when its neighbours change, and party pages come and go without anyone's doing.
    """
    if builder.format != 'html':
        return {}
    relations = env.collect_relations()
    titles = {docname: title.astext() for docname, title in env.titles.items()}
    around = {}
    for docname, (parent, *beside) in relations.items():
        names = [name or '' for name in beside]
        while parent:
            names.append(parent)
            parent = relations[parent][0]
        around[docname] = [(name, titles.get(name, '')) for name in names]
    return around


def _place(found: Mapping[Key, Found], key: Key) -> tuple[str, str] | None:
    return (found[key].docname, found[key].anchor) if key in found else None


def _owner(key: Key) -> str:
    """The matrix or party that an object belongs to, as :attr:`.View.needs` names it."""
    kind, name = key
    return f'party {name.split()[0]}' if kind in {'party', 'place'} else name.partition('.')[0]


def on_html_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """Load the stylesheet on the pages that need it, and on no other."""
    shown = domain_of(app.env).shown
    # A single page holds all documents.
    if pagename in shown or (shown and app.builder.name == 'singlehtml'):
        app.add_css_file(STYLESHEET)

"""What each output was written from, so that a document is written again when only something around it has changed.

A page says things that do not stand in its document: the titles and addresses of what it links to, the pages before and
after it.  Sphinx writes a page again when its document is read again, and in the build that reads it: with doctrees
shared by several builders, or after a build that was interrupted, pages would stay as they were.  So each output has a
record of the state in which it holds each document.  While a build writes there is no record, so that the one after a
build that was killed writes everything again, half-written pages and lists of all pages included.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from uuid import uuid4

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment

from sphinxcontrib_raci import files
from sphinxcontrib_raci.build import SCRIPT, STYLESHEET
from sphinxcontrib_raci.domain import RaciDomain, domain_of
from sphinxcontrib_raci.outputs import key_of


class Record:
    """The states in which an output holds the documents, and the state of the environment that they came from.

    ``now`` are the states that they have in this build, ``resolved`` the documents that it writes.  ``look`` differs
    where the look of our pages does.
    """

    def __init__(self, app: Sphinx) -> None:
        self.path = Path(app.doctreedir, f'raci-written-{key_of(app)}.pickle')
        self.environment: str
        self.states: dict[str, str]
        self.environment, self.states = files.load(self.path)
        self.now: dict[str, str] = {}
        self.resolved: set[str] = set()
        self.look = _look(app.builder)

    def begin(self, docname: str) -> None:
        """Note a document that is about to be written."""
        if not self.resolved:
            # What cannot be removed is no file, and nothing that was stored.
            with suppress(OSError):
                self.path.unlink()
        self.resolved.add(docname)

    def store(self, environment: str) -> None:
        """Keep the states of the documents that were written, and the old ones of the others that still exist."""
        states = self.now
        kept = {name: self.states[name] for name in states if name in self.states}
        new = kept | {name: states[name] for name in self.resolved if name in states}
        files.store(self.path, environment if new == states else '', new)


def on_builder_inited(app: Sphinx) -> None:
    """Look up what the output holds."""
    domain_of(app.env).record = Record(app)


def on_env_before_read_docs(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Note that the environment is about to become another."""
    if docnames:
        domain_of(env).data['state'] = uuid4().hex


def on_env_purge_doc(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """A document that goes changes the environment too."""
    domain_of(env).data['state'] = uuid4().hex


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The documents that the output holds in another state than theirs now."""
    domain = domain_of(env)
    record = domain.record
    if record.environment and record.environment == _environment(domain):
        record.now = record.states
        return []
    record.now = _states(domain, app.builder)
    return sorted(name for name, state in record.now.items() if record.states.get(name) != state)


def on_doctree_resolved(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Note a document that is about to be written."""
    domain_of(app.env).record.begin(docname)


def on_build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Note what the output holds now, unless something went wrong on the way."""
    if exception is None and hasattr(app.env, 'all_docs'):
        domain = domain_of(app.env)
        if domain.record.resolved:
            domain.record.store(_environment(domain))


def _environment(domain: RaciDomain) -> str:
    """A text that differs where anything does that pages are made of."""
    return f'{domain.data["state"]} {domain.record.look} {sorted(domain.builder.tags)}'


def _look(builder: Builder) -> str:
    """A text that differs where stylesheet or script do: Sphinx puts checksums of them into their addresses."""
    if builder.format != 'html':
        return ''
    # Folders, and files.
    given = [Path(builder.confdir, name) for name in reversed(builder.config.html_static_path)]
    paths = [
        next(file for path in given for file in (path, path / name) if file.name == name and file.is_file())
        for name in (STYLESHEET, SCRIPT)
    ]
    return blake2b(b''.join(path.read_bytes() for path in paths), digest_size=12).hexdigest()


def _states(domain: RaciDomain, builder: Builder) -> dict[str, str]:
    """For each document a text that differs where something differs that its page says."""
    around = _around(domain.env, builder)
    places = _places(domain)
    # Every page of HTML links to an index that has something in it.
    indexed = any(kind == 'activity' and not found.old for (kind, _name), found in domain.found.items())
    states = {}
    for docname in sorted(domain.env.all_docs):
        shown = domain.shown.get(docname, ())
        referred = sorted(domain.references.get(docname, ()))
        parts = (
            # Another builder may have read it, because of a change that its file does not show, as of a catalogue.
            domain.env.all_docs[docname],
            [domain.has(entry) for entry in shown],
            [domain.found.get((kind, name)) for name in referred for kind in domain.object_types],
            [places.get(need) for need in sorted({need for entry in shown for need in entry.needs})],
            around.get(docname),
            domain.record.look if shown else '',
            indexed,
        )
        states[docname] = blake2b(repr(parts).encode(), digest_size=12).hexdigest()
    return states


def _places(domain: RaciDomain) -> dict[str, str]:
    """For each matrix and party, as :attr:`.View.needs` names them, a text that differs where its objects moved."""
    places: dict[str, list[str]] = {}
    for (kind, name), found in domain.found.items():
        owner = f'party {name.split()[0]}' if kind in {'party', 'place'} else name.partition('.')[0]
        places.setdefault(owner, []).append(f'{kind} {name} {found.docname} {found.anchor}')
    return {owner: _digest(sorted(lines)) for owner, lines in places.items()}


def _digest(lines: Iterable[str]) -> str:
    return blake2b('\n'.join(lines).encode(), digest_size=12).hexdigest()


def _around(env: BuildEnvironment, builder: Builder) -> dict[str, list[tuple[str, str]]]:
    """The documents before, after and above each one, with their titles, as HTML names them on every page.

    Party pages come and go without anyone's doing, so that their neighbours would be out of date.
    """
    if builder.format != 'html':
        return {}
    try:
        relations = env.collect_relations()
    except RecursionError:
        return {}  # A circular toctree; Sphinx says so itself, later.
    titles = {docname: title.astext() for docname, title in env.titles.items()}
    around = {}
    for docname, (parent, *beside) in relations.items():
        names = [name or '' for name in beside]
        while parent:
            names.append(parent)
            parent = relations[parent][0]
        around[docname] = [(name, titles.get(name, '')) for name in names]
    return around


def setup(app: Sphinx) -> None:
    """Register the handlers."""
    app.connect('builder-inited', on_builder_inited)
    app.connect('env-before-read-docs', on_env_before_read_docs)
    app.connect('env-purge-doc', on_env_purge_doc)
    app.connect('env-updated', on_env_updated)
    app.connect('doctree-resolved', on_doctree_resolved)
    app.connect('build-finished', on_build_finished)

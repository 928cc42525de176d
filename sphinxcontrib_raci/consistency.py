"""What only shows when all documents have been read: what is shown twice, and what nowhere.

Sphinx has that checked in builds that read something.  It also depends on sources that no document shows, on documents
that are gone, and on conditions that hold in one output and not in another; so it is checked whenever any of that
differs from what was checked last.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING

from sphinx.util import logging

from sphinxcontrib_raci.content import Object
from sphinxcontrib_raci.messages import _

if TYPE_CHECKING:
    from sphinxcontrib_raci.domain import Key, RaciDomain, Shown

logger = logging.getLogger(__name__)


def is_checked(domain: RaciDomain) -> bool:
    """Whether a build has said already what there is to say."""
    state, holding = _subject(domain)
    known, checked = _checked(domain)
    return state == known and holding in checked


def check(domain: RaciDomain) -> None:
    """Warn of objects that are shown twice, and of matrices that no document shows; note that it has been done."""
    _warn_of_twice(domain)
    _warn_of_unshown(domain)
    state, holding = _subject(domain)
    known, checked = _checked(domain)
    domain.registry.notes.now['checked'] = state, {holding} | (checked if state == known else set())


def _checked(domain: RaciDomain) -> tuple[str, set[frozenset[str]]]:
    """The state that was checked last, with each of the sets of conditions that held."""
    return domain.registry.notes.now.get('checked', ('', set()))  # type: ignore[no-any-return]


def _subject(domain: RaciDomain) -> tuple[str, frozenset[str]]:
    """A text that differs where sources do or what documents show, and the conditions that hold in this output."""
    state = blake2b(domain.registry.fingerprint.encode(), digest_size=16)
    holding = set()
    for docname, entries in sorted(domain.shown.items()):
        for shown in entries:
            state.update(repr((docname, shown.location, shown.partial, shown.only)).encode() + shown.packed)
            holding |= {condition for condition in shown.only if domain.builder.tags.eval_condition(condition)}
    return state.hexdigest(), frozenset(holding)


def _warn_of_twice(domain: RaciDomain) -> None:
    owners: dict[Key, Shown] = {}
    for _docname, shown in domain.all_shown():
        objects = shown.objects
        twice = [entry for entry in objects if _clashes(entry, shown, owners)]
        if twice:
            first = owners[twice[0].kind, twice[0].name]
            logger.warning(
                _("the %s '%s' is shown twice, first at %s; add :no-index: to one of the two"),
                twice[0].kind,
                twice[0].name,
                first.location,
                location=shown.location,
                type='raci',
                subtype='duplicate',
            )
        for entry in objects:
            owners.setdefault((entry.kind, entry.name), shown)


def _clashes(entry: Object, shown: Shown, owners: Mapping[Key, Shown]) -> bool:
    owner = owners.get((entry.kind, entry.name))
    if owner is None or entry.kind == 'place':
        return False
    # Activities stand in one place, whether much or little is shown around them.
    return entry.kind == 'activity' or not (shown.partial or owner.partial)


def _warn_of_unshown(domain: RaciDomain) -> None:
    shown = (entry for entries in domain.shown.values() for one in entries for entry in one.objects)
    anywhere = {entry.name for entry in shown if entry.kind == 'matrix'}
    for matrix in domain.registry.project.matrices.values():
        if matrix.id not in anywhere:
            logger.warning(
                _(
                    "no document shows the matrix '%s' (:no-index: does not count): nothing can link to it; "
                    "add '.. raci:: %s'"
                ),
                matrix.id,
                matrix.id,
                location=f'{matrix.path}:{matrix.line}',
                type='raci',
                subtype='unshown',
            )

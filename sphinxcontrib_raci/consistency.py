"""What only shows when all documents have been read: what is shown twice, and what nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sphinx.util import logging

from sphinxcontrib_raci.content import Object
from sphinxcontrib_raci.messages import _

if TYPE_CHECKING:
    from sphinxcontrib_raci.domain import Key, RaciDomain, Shown

logger = logging.getLogger(__name__)


def check(domain: RaciDomain) -> None:
    """Warn of objects that are shown twice, and of matrices that no document shows."""
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
    _warn_of_unshown(domain)


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

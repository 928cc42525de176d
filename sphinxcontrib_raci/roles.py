"""The roles of the domain."""

from __future__ import annotations

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.roles import XRefRole


class RaciRole(XRefRole):
    """A reference whose text is the title of its object, unless it gives its own.

    With ``~``, the text is the last part of the name: ``tickets`` for ``kms.tickets``.
    """

    def __init__(self) -> None:
        super().__init__(innernodeclass=nodes.inline, warn_dangling=True)

    def process_link(
        self, env: BuildEnvironment, refnode: nodes.Element, has_explicit_title: bool, title: str, target: str
    ) -> tuple[str, str]:
        """Take the ``~`` off the target."""
        if not has_explicit_title and target.startswith('~'):
            # As a text of its own, it stays what it is where intersphinx makes the link too.
            refnode['refexplicit'] = True
            return target[1:].rpartition('.')[2], target[1:]
        return title, target

"""``.. raci:legend::``: what the letters mean."""

from __future__ import annotations

from dataclasses import dataclass

from sphinxcontrib_raci.content import Bullets, View
from sphinxcontrib_raci.messages import _
from sphinxcontrib_raci.project import Project
from sphinxcontrib_raci.schemes import RACI, Scheme
from sphinxcontrib_raci.views.common import CannotShow, legend, unknown


@dataclass(frozen=True, slots=True)
class LegendQuery:
    """Show the letters of a scheme or of a matrix, named by ``key``; without one, of all matrices of the project."""

    key: str = ''

    def view(self, project: Project) -> View:
        """One list, each letter with each of its meanings once.

        :raises CannotShow: where there is no such scheme or matrix.
        """
        return View((_merge([legend(scheme) for scheme in self.schemes(project)]),))

    def schemes(self, project: Project) -> list[Scheme]:
        """The schemes that the key stands for."""
        if not self.key:
            return [matrix.scheme for matrix in project.in_order()] or [project.settings.schemes[RACI.name]]
        if matrix := project.find(self.key):
            return [matrix.scheme]
        schemes = project.settings.schemes
        if self.key in schemes:
            return [schemes[self.key]]
        raise CannotShow(unknown(_("unknown scheme or matrix '%s'"), self.key, [*schemes, *project.matrices]))


def _merge(legends: list[Bullets]) -> Bullets:
    items = dict.fromkeys(item for entry in legends for item in entry.items)
    return Bullets(tuple(items), 'legend')

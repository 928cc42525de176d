"""The ``raci`` domain: what can be referred to, where it stands, and which documents a change concerns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.domains import Domain, Index, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

from sphinxcontrib_raci import consistency
from sphinxcontrib_raci.content import Found, Object
from sphinxcontrib_raci.index import ActivityIndex
from sphinxcontrib_raci.messages import lazy
from sphinxcontrib_raci.packing import unpacked
from sphinxcontrib_raci.registry import Registry
from sphinxcontrib_raci.roles import RaciRole
from sphinxcontrib_raci.views import Query
from sphinxcontrib_raci.wording import nearest

if TYPE_CHECKING:
    from sphinxcontrib_raci.written import Record


@dataclass(frozen=True, slots=True)
class Shown:
    """What one directive showed when its document was read, to be compared with what it would show now.

    ``packed`` are the objects whose anchors it owns, as bytes: builds hold those of all documents, and seldom look.
    ``location`` is that of the directive; ``files`` are the names of those that it offers; ``only`` are the conditions
    of the ``only`` directives around it.
    """

    query: Query
    digest: str
    location: str
    packed: bytes = b''
    partial: bool = False
    needs: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    @property
    def objects(self) -> list[Object]:
        """The objects, in their order on the page."""
        return unpacked(self.packed) if self.packed else []


SHOWN = 'raci-shown'
"""The attribute of a node that says which of the things that a document shows it begins."""
Key = tuple[str, str]
"""The kind and the name of an object."""
MOST_SEARCHED = 20_000
"""So many activities search offers one by one: 3 MB that a browser loads before it can search."""


class RaciDomain(Domain):
    """Matrices, activities and parties.

    ``registry``, ``builder``, ``record`` (what the output holds) and ``checked`` (whether this build has warned of what
    is shown twice or nowhere) are set for each build and never stored; the data that is stored belongs to documents,
    each entry to the one that it was read from, but for ``fingerprint`` (of the sources) and ``state`` (of all that is
    stored), which differ after a change.
    """

    name = 'raci'
    label = 'RACI'
    object_types: ClassVar[dict[str, ObjType]] = {
        'matrix': ObjType(lazy('matrix'), 'matrix'),
        'activity': ObjType(lazy('activity'), 'activity'),
        'party': ObjType(lazy('party'), 'party'),
    }
    roles: ClassVar[dict[str, Any]] = {'matrix': RaciRole(), 'activity': RaciRole(), 'party': RaciRole()}
    indices: ClassVar[list[type[Index]]] = [ActivityIndex]
    initial_data: ClassVar[dict[str, Any]] = {'shown': {}, 'references': {}, 'fingerprint': '', 'state': ''}
    data_version = 1
    registry: Registry
    builder: Builder
    record: Record
    checked = False

    # -- what documents show -------------------------------------------------------------------------------------------

    @property
    def shown(self) -> dict[str, list[Shown]]:
        """What the directives of each document showed."""
        return self.data['shown']  # type: ignore[no-any-return]

    @property
    def references(self) -> dict[str, set[str]]:
        """The names that each document refers to with a role."""
        return self.data['references']  # type: ignore[no-any-return]

    def note(self, docname: str, shown: Shown) -> None:
        """Keep what a directive showed."""
        self.shown.setdefault(docname, []).append(shown)
        self.forget_objects()

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Keep the names that a document refers to, by our roles or by those that any domain may answer."""
        names = {
            node['reftarget']
            for node in document.findall(addnodes.pending_xref)
            if node.get('refdomain') in {self.name, None, ''} and 'reftarget' in node
        }
        if names:
            self.references[docname] = names
        self._note_conditions(docname, document)

    def _note_conditions(self, docname: str, document: nodes.document) -> None:
        """Keep under which conditions the document shows what its directives showed."""
        for node in document.findall(nodes.Element):
            index = node.attributes.pop(SHOWN, None)
            outer: nodes.Element | None = node if index is not None else None
            conditions: list[str] = []
            while outer is not None:
                conditions += [outer['expr']] if isinstance(outer, addnodes.only) else []
                outer = outer.parent
            if conditions:
                self.shown[docname][index] = replace(self.shown[docname][index], only=tuple(conditions))

    def clear_doc(self, docname: str) -> None:
        """Forget a document."""
        self.shown.pop(docname, None)
        self.references.pop(docname, None)
        self.forget_objects()

    def merge_domaindata(self, docnames: Set[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read."""
        for docname in docnames:
            for table in ('shown', 'references'):
                if docname in otherdata[table]:
                    self.data[table][docname] = otherdata[table][docname]
        self.forget_objects()

    # -- where objects stand -------------------------------------------------------------------------------------------

    def forget_objects(self) -> None:
        """Let the next question look at the documents again."""
        self.__dict__.pop('_found', None)

    @property
    def found(self) -> Mapping[Key, Found]:
        """Every object with its place.

        Where several documents show an object, the first in the order of their names owns it; for a matrix, one that
        shows all of it goes before one that shows a part.
        """
        if '_found' not in self.__dict__:
            found: dict[Key, Found] = {}
            # The first one wins: those that show a whole matrix, each in the order of documents, and then the others.
            for docname, shown in sorted(self.all_shown(), key=lambda entry: entry[1].partial):
                for entry in shown.objects:
                    title = str(entry.title)
                    found.setdefault((entry.kind, entry.name), Found(docname, entry.anchor, title, entry.old))
            self.__dict__['_found'] = found
        return self.__dict__['_found']  # type: ignore[no-any-return]

    def all_shown(self) -> Iterator[tuple[str, Shown]]:
        """What every directive shows in this output, in an order that does not depend on the order of reading."""
        for docname in sorted(self.shown):
            for shown in self.shown[docname]:
                if self.has(shown):
                    yield docname, shown

    def has(self, shown: Shown) -> bool:
        """Whether this output has what a directive showed, whatever conditions are around it."""
        return all(self.builder.tags.eval_condition(condition) for condition in shown.only)

    def locate(self, kind: str, name: str) -> Found | None:
        """Where an object stands.

        A place is looked for on the page of the party first, then at the matrix.
        """
        if found := self.found.get((kind, name)):
            return found
        if kind == 'place':
            party, matrix, _letter = name.split()
            return self.found.get(('party', party)) or self.found.get(('matrix', matrix))
        return None

    def activities(self, docnames: Set[str] | None = None) -> dict[str, list[Found]]:
        """The activities that stand in these documents, by the ids of their matrices, in no order."""
        members: dict[str, list[Found]] = {}
        for (kind, name), found in self.found.items():
            if kind == 'activity' and not found.old and (docnames is None or found.docname in docnames):
                members.setdefault(name.partition('.')[0], []).append(found)
        return members

    def in_order(self, name: str, activities: list[Found]) -> list[Found]:
        """The activities of a matrix in the order of its source, whichever documents its parts stand in."""
        matrix = self.registry.project.find(name)
        ids = [activity.id for activity in matrix.walk()] if matrix else []
        order = {f'raci-{name}.{ident}': index for index, ident in enumerate(ids)}
        return sorted(activities, key=lambda found: order.get(found.anchor, len(order)))

    # -- references ----------------------------------------------------------------------------------------------------

    def resolve_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> nodes.reference | None:
        """A link to the object, ``None`` where there is none.

        What the pages of this extension refer to themselves stands unlinked then, and without a warning.
        """
        found = self.locate(typ, target)
        if found is None:
            return contnode if node.get('raci-quiet') else None  # type: ignore[return-value]
        if not node['refexplicit']:
            contnode = nodes.inline('', found.title, classes=contnode['classes'])
        return make_refnode(builder, fromdocname, found.docname, found.anchor, contnode, found.title)

    def resolve_any_xref(
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> list[tuple[str, nodes.reference]]:
        """Links for ``:any:``: one for each kind that has an object of this name."""
        return [
            (f'raci:{kind}', link)
            for kind in self.object_types
            if (link := self.resolve_xref(env, fromdocname, builder, kind, target, node, contnode)) is not None
        ]

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """All objects, for the inventory and for search; old ids and too many activities are in the inventory alone."""
        searched = sum(kind == 'activity' and not found.old for (kind, _name), found in self.found.items())
        for (kind, name), found in self.found.items():
            if kind in self.object_types:
                hidden = found.old or (kind == 'activity' and searched > MOST_SEARCHED)
                yield name, found.title, kind, found.docname, found.anchor, -1 if hidden else 1

    def suggestion(self, kind: str, name: str) -> str:
        """The name of this kind that is most like one that does not exist; empty where none is."""
        return nearest(name, (known for what, known in self.found if what == kind))

    def check_consistency(self) -> None:
        """Warn of what is shown twice, and of matrices that are not shown at all, unless this build has done so."""
        if not self.checked:
            consistency.check(self)


def domain_of(env: BuildEnvironment) -> RaciDomain:
    """The domain of an environment."""
    return cast('RaciDomain', env.get_domain('raci'))

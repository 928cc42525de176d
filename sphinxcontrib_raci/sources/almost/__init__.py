"""Trees of YAML and JSON that are almost ours: what other tools write, in our own shape."""

from __future__ import annotations

from collections.abc import Iterable

from sphinxcontrib_raci.sources.almost.records import are_flat, page_of
from sphinxcontrib_raci.sources.almost.who import NOTES, WORDS, Parties, Who, code_of, ignored
from sphinxcontrib_raci.sources.fields import ID
from sphinxcontrib_raci.sources.page import Page
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tree import Broken, Mapping_, Node, Scalar, Sequence, is_null
from sphinxcontrib_raci.wording import quoted, squeezed

GROUPS = ('sections', 'groups', 'categories', 'phases', 'areas', 'domains', 'workstreams')
ACTIVITIES = ('activities', 'tasks', 'items', 'rows', 'deliverables', 'processes', 'responsibilities')
ASSIGNMENTS = ('who', 'assignments', 'raci', 'roles', 'responsibilities', 'assigned', 'matrix')
PARTIES = ('parties', 'roles', 'stakeholders', 'teams', 'people', 'members', 'actors')

_TITLES = ('title', 'name', 'label', 'group')
_NAMES = ('name', 'title', 'task', 'activity', 'label', 'description')
_IDS = ('id', 'key', 'slug', 'code')
_INTROS = ('intro', 'description', 'summary')
_REVISIONS = ('revision', 'version', 'updated', 'date')
_OURS = ('scheme', 'letters', 'markup', 'scopes', 'rules', 'review-by', '$schema')


def from_almost(node: Node, problems: Problems) -> Mapping_ | Page | None:
    """The tree of our own format that a tree of another shape means.

    A list of flat records gives a page with one table.  Where the shape is not clear, ``None`` comes out, and one error
    says what was looked for.  Every record that cannot be used is reported, and so is every key.
    """
    if isinstance(node, Sequence) and node.items and are_flat(node.items):
        return page_of(node.items, problems)
    top = _top(node)
    if top is None:
        text = (
            "no matrix is found: looked for sections or groups with activities (such as 'sections', 'groups'; "
            "'activities', 'tasks'), each with a name and a mapping of parties to letters (such as 'who', "
            "'assignments'); a matrix begins with 'raci: 1'"
        )
        problems.add(node, text)
        return None
    records = _flat_records(top)
    return page_of(records, problems, top) if records else _Reader(problems).matrix(top)


def _flat_records(top: Mapping_) -> tuple[Node, ...]:
    """The activities, where they are flat records and nothing says which of their keys are parties."""
    found = _pick(top, ACTIVITIES)
    if found is None or _pick(top, (*GROUPS, *PARTIES)) or not isinstance(found[1], Sequence):
        return ()
    items = found[1].items
    known = any(_pick(item, (*WORDS, *ASSIGNMENTS)) for item in items if isinstance(item, Mapping_))
    return () if known or not are_flat(items) else items


def _top(node: Node) -> Mapping_ | None:
    """The mapping that holds groups or activities: the top, a list at the top, or the only thing in it."""
    if isinstance(node, Sequence) and any(isinstance(item, Mapping_) for item in node.items):
        groups = any(_pick(item, (*ACTIVITIES, *GROUPS)) for item in node.items if isinstance(item, Mapping_))
        key = Scalar('sections' if groups else 'activities', False, node.line, node.column)
        return Mapping_(((key, node),), node.line, node.column, node.cut)
    if not isinstance(node, Mapping_):
        return None
    if _holds(node):
        return node
    inner = [value for _, value in node.pairs if isinstance(value, Mapping_)]
    return inner[0] if len(inner) == len(node.pairs) == 1 and _holds(inner[0]) else None


def _holds(node: Mapping_) -> bool:
    return any(
        isinstance(value, Sequence | Mapping_)
        for key, value in node.pairs
        if key.text.lower() in (*GROUPS, *ACTIVITIES)
    )


def _pick(node: Mapping_, names: Iterable[str]) -> tuple[Scalar, Node] | None:
    """The pair whose key comes first among the names."""
    found = {key.text.lower(): (key, value) for key, value in reversed(node.pairs) if not is_null(value)}
    return next((found[name] for name in names if name in found), None)


class _Record:
    """A mapping of which one key after the other is used; ``pairs`` is what it becomes."""

    def __init__(self, node: Mapping_) -> None:
        self.node = node
        self.pairs: list[tuple[Scalar, Node]] = []
        self._left = {key.text: (key, value) for key, value in node.pairs}

    def use(self, names: Iterable[str], kind: type | tuple[type, ...] = Scalar) -> tuple[Scalar, Node] | None:
        """The first of the keys that has a value of this kind; it is used then."""
        left = Mapping_(tuple(pair for pair in self._left.values() if isinstance(pair[1], kind)), 0, 0)
        found = _pick(left, names)
        if found:
            del self._left[found[0].text]
        return found

    def put(self, name: str, found: tuple[Scalar, Node] | None) -> None:
        """Put a value below our own key."""
        if found:
            key, value = found
            self.pairs.append((Scalar(name, False, key.line, key.column), value))

    def left(self) -> list[tuple[Scalar, Node]]:
        """What nobody has used."""
        return [pair for pair in self._left.values() if not is_null(pair[1])]

    def drop(self, pairs: Iterable[tuple[Scalar, Node]]) -> None:
        """Use these pairs."""
        for key, _ in pairs:
            del self._left[key.text]

    def result(self, twice: str) -> Mapping_:
        """What it becomes.  Where a key is in the source twice, ``twice`` is the one in doubt."""
        node = self.node
        return Mapping_(tuple(self.pairs), node.line, node.column, node.cut, (twice,) if node.twice else ())


class _Reader:
    """Reads one tree."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._parties = Parties(problems)
        self._who = Who(self._parties, problems)

    def matrix(self, top: Mapping_) -> Mapping_:
        """The tree of our own format."""
        record = _Record(top)
        record.pairs.append((Scalar('raci', True, top.line, top.column), Scalar('1', True, top.line, top.column)))
        self._id(record)
        record.put('title', record.use(_TITLES))
        record.put('intro', record.use(_INTROS))
        record.put('revision', record.use(_REVISIONS))
        for name in _OURS:
            record.put(name, record.use((name,), (Scalar, Sequence, Mapping_)))
        legend = record.use(('legend',), Mapping_)
        if legend and isinstance(legend[1], Mapping_):
            self._who.codes.update(key.text for key, _ in legend[1].pairs)
            record.put('letters', legend)
        parties = record.use(PARTIES, (Sequence, Mapping_))
        if parties:
            self._parties.declare(parties[1])
        place = len(record.pairs)
        self._parts(record)
        node = self._parties.node(top)
        record.pairs.insert(place, (Scalar('parties', False, node.line, node.column), node))
        self._scheme(record, top)
        self._rest(record, rows=True)
        return record.result('sections')

    def _scheme(self, record: _Record, top: Mapping_) -> None:
        if 'S' in self._who.codes and not any(key.text == 'scheme' for key, _ in record.pairs):
            at = Scalar('scheme', True, top.line, top.column)
            record.pairs.insert(1, (at, Scalar('rasci', True, top.line, top.column)))
            self._problems.add(top, "the letter S is used, so the scheme is read as 'rasci'", 'read', 'info')

    def _parts(self, record: _Record) -> None:
        """Take the activities and the groups of a matrix or a group."""
        for name, names, take in (('activities', ACTIVITIES, self._activity), ('sections', GROUPS, self._group)):
            items: list[Node] = []
            first: tuple[Scalar, Node] | None = None
            while found := record.use(names, (Sequence, Mapping_)):
                first = first or found
                items += [take(item, key) for key, item in _entries(found[1])]
            if first:
                value = first[1]
                cut = isinstance(value, Sequence | Mapping_) and value.cut
                record.put(name, (first[0], Sequence(tuple(items), value.line, value.column, cut)))

    def _group(self, node: Node, key: Scalar | None) -> Mapping_ | Broken:
        """A section from a group: a mapping, or a list of activities below its title."""
        if isinstance(node, Sequence) and key:
            node = _activities(node)
        if not isinstance(node, Mapping_):
            return self._lose(node, 'a group must be a mapping with a title and activities')
        if key and not _holds(node) and node.pairs and all(isinstance(value, Mapping_) for _, value in node.pairs):
            # Activities by their ids or names.
            node = _activities(node)
        record = _Record(node)
        title = record.use(_TITLES)
        if key and title:
            self._given_id(record, key)
        else:
            self._id(record)
        record.put('title', title or ((key, key) if key else None))
        record.put('intro', record.use(_INTROS))
        self._parts(record)
        self._rest(record, rows=True)
        return record.result('activities')

    def _activity(self, node: Node, key: Scalar | None) -> Mapping_ | Broken:
        """An activity of our own format."""
        if not isinstance(node, Mapping_):
            return self._lose(node, 'it must be a mapping with a name and a mapping of parties to letters')
        record = _Record(node)
        name = record.use(_NAMES)
        if key and name:
            self._given_id(record, key)
        else:
            self._id(record)
        name = name or ((key, key) if key else None)
        if name is None or not squeezed(name[1].text if isinstance(name[1], Scalar) else ''):
            return self._lose(node, f"it has no name; add 'name' (also read: {', '.join(_NAMES[1:])})")
        record.put('name', name)
        notes = record.use(('description', *NOTES))
        record.put('note', notes)
        record.put('tags', record.use(('tags', 'labels'), Sequence))
        record.put('links', record.use(('links',), Sequence))
        who = self._assignments(record, bool(key))
        if who is None:
            text = "who does it is not clear; add 'who' with a mapping of parties to letters"
            return self._lose(node, f'{quoted(name[1].text if isinstance(name[1], Scalar) else "")}: {text}')
        record.put('who', who)
        self._rest(record)
        return record.result('who')

    def _assignments(self, record: _Record, bare: bool) -> tuple[Scalar, Node] | None:
        """Who does what: below a key of its own, or below keys that are parties or letters."""
        found = record.use(ASSIGNMENTS, (Sequence, Mapping_))
        if found:
            who = self._who.read(found[1])
            return (found[0], who) if who else None
        left = record.left()
        direct = [pair for pair in left if self._parties.knows(pair[0].text)]
        direct = direct or [pair for pair in left if pair[0].text.strip().lower() in WORDS]
        direct = direct or [pair for pair in left if code_of(pair[0].text)]
        # Below a name, what is not understood otherwise can only be parties.
        direct = direct or (left if bare and not self._parties.declared else [])
        if not direct:
            return None
        record.drop(direct)
        who = self._who.read(Mapping_(tuple(direct), record.node.line, record.node.column))
        return (direct[0][0], who) if who else None

    def _id(self, record: _Record) -> None:
        found = record.use(_IDS)
        if found and isinstance(found[1], Scalar):
            self._given_id(record, found[1])

    def _given_id(self, record: _Record, ident: Scalar) -> None:
        if ID.fullmatch(ident.text):
            record.put('id', (ident, Scalar(ident.text, False, ident.line, ident.column)))
            return
        text = f'{quoted(ident.text)} cannot be an id, so the id is derived from the name'
        self._problems.add(ident, text, 'read', 'info')

    def _rest(self, record: _Record, rows: bool = False) -> None:
        """Say what is left out, and which records are left out with it where it may hold some."""
        for key, value in record.left():
            ignored(key, self._problems)
            for item in value.items if rows and isinstance(value, Sequence) else ():
                if isinstance(item, Mapping_):
                    self._lose(item, f"it stands below {quoted(key.text)}, which is not understood; write 'activities'")

    def _lose(self, node: Node, why: str) -> Broken:
        self._problems.add(node, f'the record is left out: {why}', 'row')
        values = [value for _, value in node.pairs] if isinstance(node, Mapping_) else [node]
        return Broken(node.line, node.column, next((one.text for one in values if isinstance(one, Scalar)), ''))


def _activities(node: Mapping_ | Sequence) -> Mapping_:
    """A group that holds these activities."""
    pairs = ((Scalar('activities', False, node.line, node.column), node),)
    return Mapping_(pairs, node.line, node.column, node.cut)


def _entries(node: Node) -> list[tuple[Scalar | None, Node]]:
    """The entries of a list, or those of a mapping with their keys."""
    if isinstance(node, Mapping_):
        return list(node.pairs)
    return [(None, item) for item in node.items] if isinstance(node, Sequence) else []

"""Putting ids into a source without changing another byte of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from sphinxcontrib_raci.model import Activity, Matrix, Place, Problem, Reading, Section
from sphinxcontrib_raci.settings import Settings
from sphinxcontrib_raci.sources import read_bytes
from sphinxcontrib_raci.sources.jsonfile import read_json
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tree import Mapping_, Node, Scalar, Sequence, decode, is_null
from sphinxcontrib_raci.sources.yamlfile import read_yaml
from sphinxcontrib_raci.wording import quoted

_BOM = b'\xef\xbb\xbf'
_YAML_BREAK = re.compile('\r\n|[\r\n\x85\u2028\u2029]')
_JSON_BREAK = re.compile('\r\n|[\r\n]')
_PLAIN_BREAK = re.compile('\r\n|[\r\n]')
_BLANKS = re.compile('[ \t]*')
# What another reader of YAML would take for a number, a date or a truth value.
_NEEDS_QUOTES = re.compile('[0-9].*|true|false|yes|no|on|off|y|n|null')
_FILLER = re.compile('(?:[ \t\r\n\x85\u2028\u2029]|#[^\r\n\x85\u2028\u2029]*)*')
_WRITE_BY_HAND = "write the id by hand in place of what stands after 'id'"


class Refused(Exception):
    """The ids of a file cannot be written; the argument says why and what to do."""


@dataclass(frozen=True, slots=True)
class Insertion:
    """Text that comes before the character at ``offset``."""

    offset: int
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a file: its new bytes, the activities that got their ids in it, and what kept others from it."""

    data: bytes
    written: tuple[Activity, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """Insertions into the text of a file, before they are checked; ``encode`` makes bytes of a text."""

    text: str
    encode: Callable[[str], bytes]
    insertions: tuple[Insertion, ...]
    written: tuple[Activity, ...]
    problems: tuple[Problem, ...] = ()


def derived(matrix: Matrix) -> tuple[Activity, ...]:
    """The activities whose ids are only made from their names."""
    return tuple(activity for activity in matrix.walk() if activity.derived)


def insert_ids(data: bytes, name: str, reading: Reading, settings: Settings) -> Change:
    """The bytes of a source with the ids that were only derived.

    ``reading`` is what reading ``data`` under ``name`` with ``settings`` gave.

    :raises Refused: where nothing can be written.
    """
    matrix = reading.matrix
    if matrix is None:
        raise Refused('no matrix can be read here; mend the errors first')
    if any(problem.kind == 'syntax' for problem in reading.problems):
        raise Refused('the notation of the file has errors, so no place in it is certain; mend them first')
    why: Refused | None = None
    for draft in _drafts(data, name, matrix):
        try:
            new = checked(draft, data)
            after = read_bytes(new, name, settings)
            ids = {activity.id for activity in draft.written}
            _same(reading, after, ids)
        except Refused as error:
            why = why or error
        else:
            found = after.matrix.walk() if after.matrix else ()
            return Change(new, tuple(activity for activity in found if activity.id in ids), draft.problems)
    raise why or Refused('no place for ids was found; write them by hand')


def _drafts(data: bytes, name: str, matrix: Matrix) -> Iterator[Draft]:
    """The ways in which ids may go into a file, the best first."""
    suffix = name.lower().rpartition('.')[2]
    if suffix in ('yaml', 'yml', 'json'):
        yield _in_tree(data, name, matrix, suffix == 'json')
    elif suffix in ('csv', 'tsv'):
        from sphinxcontrib_raci.cli.insert_csv import drafts

        yield from islice(drafts(data, name, matrix), 30)
    else:
        raise Refused("ids are written into YAML, JSON and CSV only; convert the file first: 'sphinx-raci convert'")


def checked(draft: Draft, data: bytes) -> bytes:
    """The new bytes.

    :raises Refused: where they are not the old ones with something between.
    """
    new, old, start, end = [], [], 0, 0
    for insertion in sorted(draft.insertions, key=lambda insertion: insertion.offset):
        new += [draft.text[start : insertion.offset], insertion.text]
        old.append(draft.text[start : insertion.offset])
        start = insertion.offset
    end = len(draft.text)
    new.append(draft.text[start:end])
    old.append(draft.text[start:end])
    if draft.encode(''.join(old)) != data:
        raise Refused('the file cannot be kept as it is beside the ids; save it as UTF-8 and try again')
    return draft.encode(''.join(new))


def _same(before: Reading, after: Reading, written: set[str]) -> None:
    """Check that nothing but the origin of ids differs.

    :raises Refused: where something does.
    """
    if before.matrix is None or after.matrix is None or _bare(before.matrix) != _bare(after.matrix):
        raise Refused('with the ids the file would say something else than without them; write them by hand')
    missing = [activity for activity in derived(after.matrix) if activity.id in written]
    if missing:
        raise Refused(f'the id {quoted(missing[0].id)} would not be seen where it was put; write the ids by hand')
    if _counts(before) != _counts(after):
        raise Refused('with the ids the file would have other problems than without them; write them by hand')


def _counts(reading: Reading) -> Counter[tuple[str, str]]:
    return Counter((problem.kind, problem.level) for problem in reading.problems if problem.level != 'info')


def _bare(matrix: Matrix) -> Matrix:
    """The matrix without places, and without what says where ids come from."""
    unread = tuple((name, 0) for name, _ in matrix.unread)
    return replace(matrix, root=_bare_section(matrix.root), unread=unread, line=0)


def _bare_section(section: Section) -> Section:
    return replace(
        section,
        line=0,
        activities=tuple(replace(activity, line=0, column=0, derived=False) for activity in section.activities),
        sections=tuple(_bare_section(child) for child in section.sections),
    )


def _in_tree(data: bytes, name: str, matrix: Matrix, json: bool) -> Draft:
    """The insertions for YAML and JSON."""
    bom = _BOM if data.startswith(_BOM) else b''
    problems = Problems(name)
    text = decode(data, problems)
    tree = (read_json if json else read_yaml)(text, problems)
    where = _Text(text, _JSON_BREAK if json else _YAML_BREAK)
    rows = {(node.line, node.column): node for node in _mappings(tree)}
    insertions, written, left = [], [], []
    for activity in derived(matrix):
        row = rows.get((activity.line, activity.column))
        found = _insertion(where, row, activity.id) if row else _WRITE_BY_HAND
        if isinstance(found, Insertion):
            insertions.append(found)
            written.append(activity)
        else:
            place = Place(name, activity.line, activity.column)
            left.append(Problem(place, f'{quoted(activity.name)} gets no id; {found}', 'derived', 'warning'))
    return Draft(text, lambda new: bom + new.encode(), tuple(insertions), tuple(written), tuple(left))


def _mappings(tree: Node | None) -> Iterator[Mapping_]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping_):
            yield node
            waiting += [value for _, value in node.pairs]
        elif isinstance(node, Sequence):
            waiting += node.items


class _Text:
    """A text whose characters are found by line and column."""

    def __init__(self, text: str, line_break: re.Pattern[str]) -> None:
        self.text = text
        self._starts = [0, *(found.end() for found in line_break.finditer(text))]

    def offset(self, node: Node) -> int:
        """The place of a node, in characters."""
        return self._starts[node.line - 1] + node.column - 1

    def line_before(self, offset: int) -> str:
        """What stands before ``offset`` in its line."""
        return _YAML_BREAK.split(self.text[max(0, offset - 1000) : offset])[-1]

    def line_break(self, offset: int) -> str:
        """The line break that ends the line there, or another one of the text."""
        found = _PLAIN_BREAK.search(self.text, offset) or _PLAIN_BREAK.search(self.text)
        return found[0] if found else '\n'


def _insertion(where: _Text, row: Mapping_, ident: str) -> Insertion | str:
    """How an activity gets its id; or why not."""
    value = next((value for key, value in row.pairs if key.text == 'id'), None)
    if value is not None:
        return _after_colon(where, value, ident)
    offset = where.offset(row)
    if where.text[offset : offset + 1] == '{':
        return _in_braces(where, offset + 1, ident)
    return Insertion(offset, f'id: {_plain(ident)}{where.line_break(offset)}{" " * (row.column - 1)}')


def _after_colon(where: _Text, value: Node, ident: str) -> Insertion | str:
    """For an activity whose ``id:`` waits for a value."""
    if not is_null(value):
        return 'mend the id that it has'
    if not isinstance(value, Scalar) or value.text:
        return _WRITE_BY_HAND
    offset = where.offset(value)
    while where.text[offset - 1 : offset] in (' ', '\t'):
        offset -= 1
    if where.text[offset - 1 : offset] != ':':
        return _WRITE_BY_HAND
    return Insertion(offset, ' ' + _plain(ident))


def _in_braces(where: _Text, offset: int, ident: str) -> Insertion:
    """For an activity in braces; ``offset`` is behind the first one."""
    text = where.text
    inside = _end(_BLANKS, text, offset)
    first = _end(_FILLER, text, offset)
    pair = f'"id": "{ident}"' if text[first : first + 1] == '"' else f'id: {_plain(ident)}'
    before = where.line_before(first)
    if first > inside and not before.strip(' \t'):
        # The first key has a line of its own, and so has the id.
        return Insertion(first, f'{pair},{where.line_break(inside)}{before}')
    return Insertion(inside, f'{pair}, ')


def _end(pattern: re.Pattern[str], text: str, offset: int) -> int:
    found = pattern.match(text, offset)
    return found.end() if found else offset


def _plain(ident: str) -> str:
    return f'"{ident}"' if _NEEDS_QUOTES.fullmatch(ident) else ident

"""Flat records of JSON and YAML: a table whose head is their keys."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from sphinxcontrib_raci.sources.almost.who import ignored
from sphinxcontrib_raci.sources.page import Cell, Page, Row, Table
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tree import Mapping_, Node, Scalar, Sequence, is_null
from sphinxcontrib_raci.wording import quoted


def are_flat(items: tuple[Node, ...]) -> bool:
    """Whether a list holds records of texts, and nothing deeper in any of them."""
    records = [item for item in items if isinstance(item, Mapping_)]
    values = chain.from_iterable(record.pairs for record in records)
    return bool(records) and all(_is_text(value) for _, value in values)


def page_of(items: tuple[Node, ...], problems: Problems, top: Mapping_ | None = None) -> Page:
    """A page with one table: its head has the keys in the order in which they come first.

    A record without one of the keys has a blank cell there, which is reported; an entry that is no record is left out.
    ``top`` is what the records stand in: its texts come before the page.
    """
    front = _front(top, items, problems) if top else None
    records = list(_records(items, problems))
    keys: dict[str, Scalar] = {}
    for record in records:
        for key, _ in record.pairs:
            keys.setdefault(key.text, key)
    if not records:
        return Page((), front)
    first = records[0]
    head = Row(tuple(Cell(key.text, key.line, key.column) for key in keys.values()), first.line)
    rows = tuple(_row(record, keys, problems) for record in records)
    return Page((Table((head, *rows), first.line, head=True),), front)


def _front(top: Mapping_, items: tuple[Node, ...], problems: Problems) -> Mapping_ | None:
    pairs = tuple(pair for pair in top.pairs if isinstance(pair[1], Scalar))
    for key, value in top.pairs:
        if not isinstance(value, Scalar) and not (isinstance(value, Sequence) and value.items is items):
            ignored(key, problems)
    return Mapping_(pairs, top.line, top.column) if pairs else None


def _records(items: tuple[Node, ...], problems: Problems) -> Iterator[Mapping_]:
    for item in items:
        if not isinstance(item, Mapping_):
            problems.add(item, 'the record is left out: it must be a mapping, as the others are', 'row')
        elif item.cut or item.twice:
            problems.add(item, 'the record is left out: it is not whole, or has a key twice', 'row')
        else:
            yield item


def _row(record: Mapping_, keys: dict[str, Scalar], problems: Problems) -> Row:
    values = {key.text: value for key, value in record.pairs}
    missing = [key for key in keys if key not in values]
    if missing:
        text = f'the record has no {", ".join(map(quoted, missing))}; read as blank'
        problems.add(record, text, 'cell', 'warning')
    return Row(tuple(_cell(values.get(key), record) for key in keys), record.line)


def _cell(node: Node | None, record: Mapping_) -> Cell:
    if node is None:
        return Cell('', record.line, record.column)
    items = node.items if isinstance(node, Sequence) else (node,)
    texts = [item.text for item in items if isinstance(item, Scalar) and not is_null(item)]
    return Cell(', '.join(texts), node.line, node.column)


def _is_text(node: Node) -> bool:
    if isinstance(node, Sequence):
        return all(isinstance(item, Scalar) for item in node.items)
    return isinstance(node, Scalar)

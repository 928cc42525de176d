"""reStructuredText to a page, through docutils itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from docutils import nodes

from sphinxcontrib_raci.sources.front import unflatten
from sphinxcontrib_raci.sources.page import Block, Heading, Other, Page, Prose
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.rst.directives import Beside, Lost
from sphinxcontrib_raci.sources.rst.lines import Lines, lines_of
from sphinxcontrib_raci.sources.rst.parser import LONGEST, LONGEST_LINE, MOST_LINES, TooMuch, parse
from sphinxcontrib_raci.sources.rst.table import read_table
from sphinxcontrib_raci.sources.rst.text import elements, joined, seen, words
from sphinxcontrib_raci.sources.tree import Mapping_, Scalar
from sphinxcontrib_raci.wording import quoted

FORMAT_KEY = 'raci'
"""The key that our own keys and values begin with."""

_RULE = re.compile(r'([^\w\s])\1*\s*')
_BEFORE_FRONT = (nodes.title, nodes.comment, nodes.target, nodes.substitution_definition, nodes.system_message)
_ERROR, _WARNING = 3, 2


def read_rst(text: str, problems: Problems) -> Page | None:
    """The page that a reStructuredText file is; ``None`` where nothing of it can be read.

    What docutils finds wrong is reported, and each table that is lost because of it.
    """
    lines = lines_of(text)
    long = next((number for number, line in enumerate(lines.shown, start=1) if len(line) > LONGEST_LINE), 0)
    if long or len(text) > LONGEST or len(lines.shown) > MOST_LINES:
        line, file = f'{LONGEST_LINE:,} characters', f'{LONGEST:,} characters or {MOST_LINES:,} lines'
        what = f'the line has more than {line}' if long else f'the file has more than {file}'
        problems.add_at(long, 1 if long else 0, f'{what}; no page of a matrix has so many', 'syntax')
        return None
    try:
        document, heard = parse(text)
        page = _Reader(lines, problems).page(document)
    except RecursionError:
        message = 'lists, quotes or tables are nested too deeply to be read; use fewer levels'
        problems.add_at(0, 0, message, 'syntax')
        return None
    except TooMuch as error:
        what, line = error.args
        problems.add_at(line, 1, f'{what}; no page of a matrix has so many', 'syntax')
        return None
    # What docutils itself stumbles over (substitutions in a circle, for one) is of no type that could be named.
    except Exception as error:
        problems.add_at(0, 0, f'docutils cannot read the file: {quoted(str(error))}', 'syntax')
        return None
    for said in heard:
        _report(said, len(lines.shown), problems)
    return page


def _report(message: nodes.system_message, last: int, problems: Problems) -> None:
    """Pass on what docutils says, unless it is only a remark."""
    text = f'reStructuredText: {" ".join(message[0].astext().split())}' if len(message) else ''
    # Of what is missing at the end, docutils says that it is missing behind it.
    line = min(message.get('line') or 0, last)
    if message['level'] >= _ERROR:
        problems.add_at(line, 1, text, 'syntax')
    elif message['level'] == _WARNING:
        problems.add_at(line, 1, text, 'read', 'warning')


class _Reader:
    """Makes the blocks of a document, in order."""

    def __init__(self, lines: Lines, problems: Problems) -> None:
        self._lines = lines
        self._problems = problems
        self._blocks: list[Block] = []
        self._title_at = 0
        self._level = 0
        self._front: nodes.field_list | None = None
        self._takes: tuple[tuple[type | tuple[type, ...], Callable[[Any], None]], ...] = (
            (nodes.section, self._section),
            (nodes.table, self._table),
            (Lost, self._lost),
            (Beside, self._other),
            (nodes.comment, self._comment),
            ((nodes.bullet_list, nodes.enumerated_list), self._list),
            (nodes.definition_list, self._definitions),
            ((nodes.field_list, nodes.option_list), self._fields),
            ((nodes.image, nodes.figure), self._picture),
            ((nodes.literal_block, nodes.doctest_block, nodes.math_block), self._code),
            ((nodes.paragraph, nodes.line_block, nodes.rubric, nodes.attribution), self._prose),
            (_UNSEEN, self._nothing),
        )

    def page(self, document: nodes.document) -> Page:
        """All of a document."""
        self._front = _front(document)
        self._children(document)
        notes = {
            label.astext(): words(note, skip=nodes.label)
            for kind in (nodes.footnote, nodes.citation)
            for note in document.findall(kind)
            for label in elements(note)[:1]
            if isinstance(label, nodes.label) and isinstance(note, nodes.Element)
        }
        front = self._front_tree(self._front) if self._front is not None else None
        return Page(tuple(self._blocks), front, notes)

    def _children(self, node: nodes.Element) -> None:
        for child in elements(node):
            if child is not self._front:
                self._take(child)

    def _take(self, node: nodes.Element) -> None:
        for kinds, take in self._takes:
            if isinstance(node, kinds):
                take(node)
                return
        # A quote, or what frames text in another way.
        self._children(node)

    def _nothing(self, node: nodes.Element) -> None:
        """Take what no reader sees."""

    def _section(self, node: nodes.section) -> None:
        self._level += 1
        title = next(iter(node.findall(nodes.title)))
        line = self._title_line(title.rawsource, node.line or 0)
        shown = self._lines.shown[line - 1]
        column = self._lines.column(line, len(shown) - len(shown.lstrip()))
        self._blocks.append(Heading(words(title), self._level, line, column))
        self._children(node)
        self._level -= 1

    def _title_line(self, raw: str, near: int) -> int:
        """The line of the next title of these words: docutils gives that of the rule below it, if any."""
        for index in range(self._title_at, len(self._lines.shown) - 1):
            if self._lines.shown[index].strip() == raw.strip() and _RULE.fullmatch(self._lines.shown[index + 1]):
                self._title_at = index + 1
                return index + 1
        return max(near - 1, 1)

    def _table(self, node: nodes.table) -> None:
        table, others = read_table(node, self._lines)
        self._blocks += [table, *others]

    def _lost(self, node: Lost) -> None:
        text = (
            f'the rows of lines {node["first"]} to {node["last"]} are left out, as the table in them cannot be read; '
            'correct the table'
        )
        self._problems.add_at(node['first'], 1, text, 'row')

    def _other(self, node: Beside) -> None:
        if 'file' not in node:
            self._blocks.append(Other(node['what'], node['line']))
            return
        text = f'what stands in {quoted(node["file"])} is not read from here; convert that file itself'
        self._problems.add_at(node['line'], 1, text)

    def _comment(self, node: nodes.comment) -> None:
        line = node.line or 1
        # docutils counts to the line where it has read enough.
        while line > 1 and not self._lines.shown[line - 1].lstrip().startswith('..'):
            line -= 1
        self._blocks.append(Prose(node.astext(), line, 'comment'))

    def _list(self, node: nodes.Element) -> None:
        for item in elements(node):
            first, rest = elements(item)[:1], elements(item)[1:]
            if first and isinstance(first[0], nodes.paragraph):
                self._blocks.append(Prose(joined(first[0]), _line(item), 'item'))
            else:
                rest = elements(item)
            for child in rest:
                self._take(child)

    def _definitions(self, node: nodes.definition_list) -> None:
        for item in elements(node):
            terms = [joined(part) for part in elements(item) if not isinstance(part, nodes.definition)]
            body = [part for part in elements(item) if isinstance(part, nodes.definition)]
            self._pair(' : '.join(terms), body, _line(item))

    def _fields(self, node: nodes.Element) -> None:
        for item in elements(node):
            name, *body = elements(item)
            self._pair(joined(name), body, _line(item))

    def _pair(self, name: str, body: Sequence[nodes.Element], line: int) -> None:
        """Take a term and what is said of it: text in one entry, tables and the like after it."""
        parts = [part for node in body for part in elements(node)]
        text = [joined(part) for part in parts if isinstance(part, _TEXTS)]
        self._blocks.append(Prose(': '.join(part for part in (name, ' '.join(text)) if part), line, 'item'))
        for part in parts:
            if not isinstance(part, _TEXTS):
                self._take(part)

    def _picture(self, node: nodes.Element) -> None:
        self._blocks.append(Other('an image', _line(node)))

    def _code(self, node: nodes.Element) -> None:
        self._blocks.append(Other('a block of code', _line(node)))

    def _prose(self, node: nodes.Element) -> None:
        text = joined(node)
        if text:
            self._blocks.append(Prose(text, _line(node)))
        elif any(node.findall(nodes.image)):
            self._picture(node)

    def _front_tree(self, node: nodes.field_list) -> Mapping_:
        pairs = list(self._pairs(node))
        if pairs[0][0].text == FORMAT_KEY:
            return unflatten(pairs, self._problems)
        return self._flat(pairs)

    def _pairs(self, node: nodes.field_list) -> Iterator[tuple[Scalar, Scalar]]:
        for entry in elements(node):
            name, body = elements(entry)
            line = _line(entry)
            shown = self._lines.shown[line - 1]
            begin = shown.find(':') + 1
            text = '\n\n'.join(map(joined, seen(body)))
            start = shown.find(name.rawsource + ':') + len(name.rawsource) + 1
            value = len(shown) - len(shown[start:].lstrip()) if shown[start:].strip() else begin
            below = _line(body, line)
            # Nothing written is no value; all that is written is meant as it stands.
            yield (
                Scalar(name.astext().strip(), True, line, self._lines.column(line, begin)),
                Scalar(text, not text, below, self._lines.column(below, value)),
            )

    def _flat(self, pairs: list[tuple[Scalar, Scalar]]) -> Mapping_:
        """The fields as they are, each once."""
        found: dict[str, tuple[Scalar, Scalar]] = {}
        for key, value in pairs:
            first = found.setdefault(key.text, (key, value))[0]
            if first is not key:
                text = f'field {quoted(key.text)} is here a second time, after line {first.line}; it is left out'
                self._problems.add(key, text, 'read', 'warning')
        return Mapping_(tuple(found.values()), pairs[0][0].line, pairs[0][0].column)


_TEXTS = (nodes.paragraph, nodes.line_block)
_UNSEEN = (
    nodes.title,
    nodes.footnote,
    nodes.citation,
    nodes.label,
    nodes.target,
    nodes.substitution_definition,
    nodes.system_message,
    nodes.transition,
    nodes.pending,
    nodes.raw,
)


def _line(node: nodes.Node, default: int = 1) -> int:
    """The line of a node, or of the first thing in it that has one."""
    return next((part.line for part in node.findall() if part.line), default)


def _front(document: nodes.document) -> nodes.field_list | None:
    """The field list that stands before everything, or right after the title; our own one where there are both."""
    found = [_leading(document)]
    sections = [part for part in document.children if isinstance(part, nodes.section)]
    if sections and all(isinstance(part, (*_BEFORE_FRONT, nodes.section, nodes.field_list)) for part in document):
        found.append(_leading(sections[0]))
    lists = [entry for entry in found if entry is not None]
    ours = (entry for entry in lists if next(entry.findall(nodes.field_name)).astext().strip() == FORMAT_KEY)
    return next(ours, next(iter(lists), None))


def _leading(node: nodes.Element) -> nodes.field_list | None:
    """The field list that a node begins with, apart from what no reader sees."""
    first = next((part for part in node.children if not isinstance(part, _BEFORE_FRONT)), None)
    return first if isinstance(first, nodes.field_list) else None

"""Parsing reStructuredText with docutils, so that the place of every cell of a table stays known.

Nothing of the project that surrounds the text is needed or used: directives and roles that docutils does not know, such
as those of Sphinx, become what is left without knowing them, and no file is opened.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from docutils import frontend, nodes, statemachine
from docutils.parsers.rst import Parser, states
from docutils.transforms import references
from docutils.utils import new_document, unescape
from sphinx.util.docutils import CustomReSTDispatcher

from sphinxcontrib_raci.sources.rst.directives import Lost, block_lines, find_directive

LONGEST = 1_000_000
"""So many characters a file may have."""

MOST_LINES = 20_000
"""So many lines a file may have: docutils takes up to a seventh of a millisecond for one."""

LONGEST_LINE = 100_000
"""So many characters a line or a paragraph may have: what looks for markup in them takes too long."""

MOST_LOOKS = 20_000_000
"""So much the length of a text times its marks may be: docutils may look through all of it for the end of each."""

MOST_PARTS, REFERENCE = 30_000, 10
"""So many lists, items, fields and marked words a file may have; references and targets count as ten, as they cost."""

_SETTINGS = {
    'file_insertion_enabled': False,
    'raw_enabled': False,
    'halt_level': 6,
    'report_level': 5,
    'warning_stream': False,
    'line_length_limit': LONGEST_LINE,
    'syntax_highlight': 'none',
    'language_code': 'en',
}
_TRANSFORMS = (
    references.Substitutions,
    references.PropagateTargets,
    references.AnonymousHyperlinks,
    references.IndirectHyperlinks,
    references.Footnotes,
    references.ExternalTargets,
)
_REFERENCES = (
    nodes.reference,
    nodes.substitution_reference,
    nodes.footnote_reference,
    nodes.citation_reference,
    nodes.problematic,
)
# In a word, markup may begin and end with each of its characters.  What has a reason to be long is an address.
_LONG_WORD = re.compile(r'(?<!\S)(?!\S{0,20}?https?://[\w/.?=&%#~:+,;@!$()*-]{1,500}+\S{0,20}(?!\S))\S{300}')
_LITERAL_ROLES = frozenset({'', 'code', 'literal', 'math', 'kbd', 'samp', 'file', 'command', 'abbr'})
_TITLE = re.compile(r'(.+?)\s*(?<!\x00)<(.*?)>', re.DOTALL)


def parse(text: str) -> tuple[nodes.document, list[nodes.system_message]]:
    """The document that a text is, with its references resolved, and all that docutils says of it.

    Each ``entry`` has its true line and its text as written in ``rawsource``, each ``table`` and ``row`` its line.

    :raises RecursionError: where it is nested too deeply.
    :raises TooMuch: where reading it would take too long.
    """
    settings = frontend.get_default_settings(Parser)
    for name, value in _SETTINGS.items():
        setattr(settings, name, value)
    document = new_document('<text>', settings)
    heard: list[nodes.system_message] = []
    document.reporter.attach_observer(heard.append)
    _leave_messages_out(document)
    parser = Parser(inliner=_Budget().bound(states.Inliner()))
    parser.state_classes = _STATES
    with _Dispatcher():
        parser.parse(text, document)
    document.transformer.add_transforms(_TRANSFORMS)
    document.transformer.apply_transforms()
    return document, heard


def _leave_messages_out(document: nodes.document) -> None:
    """Only report that a name is there twice: beside each message, docutils looks at all that stands there anew."""
    # This method is missing in the types of docutils.
    report: Callable[..., None] = document.set_duplicate_name_id  # type: ignore[attr-defined]

    def report_alone(node: nodes.Element, ident: str, name: str, _beside: object, explicit: bool) -> None:
        report(node, ident, name, None, explicit)

    document.set_duplicate_name_id = report_alone  # type: ignore[attr-defined]


class TooMuch(Exception):
    """There is more in a text than any page of a matrix has; the arguments say of what, and in which line."""


class _Budget:
    """Counts the parts of one text while it is parsed."""

    def __init__(self) -> None:
        self._left = MOST_PARTS

    def spend(self, count: int, line: int) -> None:
        """Count some more, found in this line."""
        self._left -= count
        if self._left < 0:
            links = MOST_PARTS // REFERENCE
            raise TooMuch(
                f'the file has more than {MOST_PARTS:,} items and marked words, or {links:,} links and targets', line
            )

    def bound(self, inliner: states.Inliner) -> states.Inliner:
        """What finds the markup in paragraphs, and counts what it finds."""
        # Not a subclass: its patterns are made from what stands in its very class.
        unbounded = inliner.parse

        def parse(text: str, lineno: int, memo: Any, parent: Any) -> Any:
            if len(text) > LONGEST_LINE:
                raise TooMuch(f'the paragraph has more than {LONGEST_LINE:,} characters', lineno)
            if hint := _too_dear(text):
                memo.reporter.warning(f'in a text with so {hint}', line=lineno)
                return [nodes.Text(text)], []
            found, messages = unbounded(text, lineno, memo, parent)
            self.spend(sum(_cost(node) for node in found), lineno)
            return found, messages

        inliner.parse, inliner.budget = parse, self  # type: ignore[method-assign, attr-defined]
        return inliner


def _too_dear(text: str) -> str:
    """What is too much in a text for its markup to be looked for; empty where nothing is."""
    if sum(map(text.count, '`*|')) * len(text) > MOST_LOOKS:
        return 'many marks, no markup is looked for; divide it'
    if _LONG_WORD.search(text):
        return 'long a word, no markup is looked for; a word has less than 300 characters, an address less than 500'
    return ''


def _cost(node: nodes.Node) -> int:
    return REFERENCE if isinstance(node, _REFERENCES) else int(not isinstance(node, nodes.Text))


class _Machine(states.NestedStateMachine):
    """A machine for what stands in something else, such as each list: it makes a state when it comes to it.

    docutils makes all fifteen for each machine, which takes most of the time that a page of lists is read in.
    """

    def add_states(self, state_classes: Any) -> None:
        """Keep the classes, and the states that are made."""
        known = _CLASSES if state_classes is _STATES else {state.__name__: state for state in state_classes}
        self.states = _States(self, known)

    def run(  # type: ignore[override]
        self, input_lines: Any, input_offset: int, memo: Any, node: Any, match_titles: bool = True
    ) -> Any:
        """Parse what stands inside."""
        memo.inliner.budget.spend(1, input_offset + 1)
        return super().run(input_lines, input_offset, memo, node, match_titles)


class _States(dict[str, Any]):
    """The states of a machine by name, so far."""

    def __init__(self, machine: _Machine, classes: Mapping[str, type]) -> None:
        super().__init__()
        self._machine, self._classes = machine, classes

    def __missing__(self, name: str) -> Any:
        state = self[name] = self._classes[name](self._machine, self._machine.debug)
        # A machine that is to be started yet does this itself.
        if hasattr(self._machine, 'memo'):
            state.runtime_init()
        return state


class _State:
    """What is different in all states of docutils' parser."""

    nested_sm = _Machine
    # As docutils has it, but it takes no more time for a line than the line is long.
    simple_table_border_pat = re.compile('=++[ =]*+$')
    # Machines that wait here for their next use know their states, so ours must not wait among docutils' own.
    nested_sm_cache: list[Any] = []  # noqa: RUF012

    def __init__(self, state_machine: Any, debug: bool = False) -> None:
        super().__init__(state_machine, debug)  # type: ignore[call-arg]
        self.nested_sm_kwargs = {'state_classes': _STATES, 'initial_state': 'Body'}

    def table(self, isolate_function: Callable[[], Any], parser_class: Any) -> Any:
        """Parse a table, and note where it begins."""
        lines: list[int] = []

        def isolate() -> Any:
            block, messages, blank_finish = isolate_function()
            lines.extend(block_lines(block) if block else ())
            return block, messages, blank_finish

        nodelist, blank_finish = super().table(isolate, parser_class)  # type: ignore[misc]
        for node in nodelist:
            if isinstance(node, nodes.table):
                node.line = lines[0]
        return nodelist, blank_finish

    def build_table_row(self, rowdata: list[Any], tableline: int) -> nodes.row:
        """Build a row, and note its line and those of its cells."""
        blocks = [cell[3] for cell in rowdata if cell is not None]
        places = [_first(block) for block in blocks]
        row: nodes.row = super().build_table_row(rowdata, tableline)  # type: ignore[misc]
        for entry, (line, raw) in zip(row.children, places, strict=True):
            entry.line, entry.rawsource = line, raw  # type: ignore[attr-defined]
        tops = [block_lines(block)[0] for block in blocks if block]
        row.line = min(tops, default=None)
        return row

    def add_target(self, targetname: str, refuri: str, target: nodes.target, lineno: int) -> None:
        """Note what a name leads to; it costs as much as a reference."""
        self.memo.inliner.budget.spend(REFERENCE, lineno)  # type: ignore[attr-defined]
        super().add_target(targetname, refuri, target, lineno)  # type: ignore[misc]

    def list_item(self, indent: int) -> Any:
        """An item of a list, and its line, which docutils does not note before 0.22."""
        line = self._line()
        item, blank_finish = super().list_item(indent)  # type: ignore[misc]
        item.line = line
        return item, blank_finish

    def definition_list_item(self, termline: list[str]) -> Any:
        """An item of a list of definitions, and the line of its term, which docutils misses before 0.22."""
        line = self._line(-1)
        item, blank_finish = super().definition_list_item(termline)  # type: ignore[misc]
        item.line = line
        return item, blank_finish

    def _line(self, offset: int = 0) -> int | None:
        machine = self.state_machine  # type: ignore[attr-defined]
        line: int | None = machine.get_source_and_line(machine.abs_line_number() + offset)[1]
        return line

    def malformed_table(self, block: Any, detail: str = '', offset: int = 0) -> list[nodes.Node]:
        """Report a table that cannot be read, and say which lines are lost with it."""
        lines = block_lines(block)
        messages: list[nodes.Node] = super().malformed_table(block, detail, offset)  # type: ignore[misc]
        return [*messages, Lost(first=min(lines), last=max(lines))]


_STATES: tuple[type, ...] = tuple(type(state.__name__, (_State, state), {}) for state in states.state_classes)
_CLASSES = {state.__name__: state for state in _STATES}


def _first(block: statemachine.StringList) -> tuple[int | None, str]:
    """The line and the text of the first line that is not blank, or of the first one."""
    if not block:
        return None, ''
    index = next((index for index, text in enumerate(block) if text.strip()), 0)
    return block_lines(block)[index], block[index].strip()


class _Dispatcher(CustomReSTDispatcher):
    """Knows a few directives; all others, and all roles, become what is left without knowing them."""

    def directive(self, directive_name: str, language_module: ModuleType, document: nodes.document) -> Any:
        """The class for a directive, whatever its name."""
        return find_directive(directive_name), []

    def role(self, role_name: str, language_module: ModuleType, lineno: int, reporter: Any) -> Any:
        """The function for a role, whatever its name."""
        return _role, []


def _role(name: str, rawtext: str, text: str, *_: Any, **__: Any) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """The words of a role, without what they refer to."""
    kind = name.lower()
    title = None if kind in _LITERAL_ROLES else _TITLE.fullmatch(text)
    words = unescape(title[1] if title else text)
    if kind == 'strong':
        return [nodes.strong(rawtext, words)], []
    if kind not in _LITERAL_ROLES and not title:
        words = words.removeprefix('!')
        if words.startswith('~'):
            words = words[1:].rsplit('.', 1)[-1]
    return [nodes.inline(rawtext, words)], []

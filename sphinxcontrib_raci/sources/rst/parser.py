"""Parsing reStructuredText with docutils, so that the place of every cell of a table stays known.

Nothing of the project that surrounds the text is needed or used: directives and roles that docutils does not know, such
as those of Sphinx, become what is left without knowing them, and no file is opened.
"""

from __future__ import annotations

import re
from collections.abc import Callable
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

MOST_LINES = 40_000
"""So many lines a file may have."""

LONGEST_LINE = 100_000
"""Lines with more characters are refused: what looks for markup in them takes too long."""

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
_LITERAL_ROLES = frozenset({'', 'code', 'literal', 'math', 'kbd', 'samp', 'file', 'command', 'abbr'})
_TITLE = re.compile(r'(.+?)\s*(?<!\x00)<(.*?)>', re.DOTALL)


def parse(text: str) -> tuple[nodes.document, list[nodes.system_message]]:
    """The document that a text is, with its references resolved, and all that docutils says of it.

    Each ``entry`` has its true line and its text as written in ``rawsource``, each ``table`` and ``row`` its line.

    :raises RecursionError: where it is nested too deeply.
    """
    settings = frontend.get_default_settings(Parser)
    for name, value in _SETTINGS.items():
        setattr(settings, name, value)
    document = new_document('<text>', settings)
    heard: list[nodes.system_message] = []
    document.reporter.attach_observer(heard.append)
    parser = Parser()
    parser.state_classes = _STATES
    with _Dispatcher():
        parser.parse(text, document)
    document.transformer.add_transforms(_TRANSFORMS)
    document.transformer.apply_transforms()
    return document, heard


class _State:
    """What is different in all states of docutils' parser."""

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

"""YAML to a located tree.

Only the events of the parser are used, so that no value is ever made into anything but a text.
"""

from __future__ import annotations

from typing import Any

import yaml

from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tree import LINE_BREAK, Broken, Builder, Node, Scalar, Stop, clean
from sphinxcontrib_raci.wording import quoted

_HINTS = {
    'mapping values are not allowed': "a text that holds ': ' needs quotes around it",
    'that cannot start any token': 'a text that begins with this character needs quotes around it',
    "could not find expected ':'": "a key needs ': ' after it, and a text of several lines needs quotes or '|'",
    'did not find expected key': 'the keys of a mapping must start in the same column',
    'expected <block end>': 'the keys of a mapping must start in the same column',
    "expected '-' indicator": 'the entries of a list must start in the same column',
    "expected ',' or": 'a list or mapping in brackets is not closed',
    'sequence entries are not allowed': "a '-' that means no part needs quotes around it",
    'node content': "a value is missing; a '-' that means no part needs quotes around it",
    'unexpected end of stream': 'a quotation mark is not closed',
}


def read_yaml(text: str, problems: Problems) -> Node | None:
    """The tree of a YAML text, as far as it can be read; ``None`` where it holds nothing."""
    builder = Builder(problems)
    events = _Events(builder, problems, text)
    try:
        for event in yaml.parse(text, Loader=yaml.CLoader if yaml.__with_libyaml__ else yaml.SafeLoader):
            events.take(event)
    except Stop:
        problems.stopped_at = problems.broken_at
    except yaml.MarkedYAMLError as error:
        _report(error, text, problems, events.quoted)
        problems.stopped_at = problems.broken_at
        # After a line of the wrong indent, nobody knows whether it belongs to what ends before it.
        if isinstance(error, yaml.parser.ParserError):
            return builder.finish()
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # What PyYAML does not wrap: numbers of characters that do not exist, for instance.
        problems.add_at(*events.last, f'not YAML: {quoted(str(error))}', 'syntax')
        problems.stopped_at = problems.broken_at
    events.flush()
    return builder.finish()


class _Events:
    """Hands the events of the parser to the builder."""

    def __init__(self, builder: Builder, problems: Problems, text: str) -> None:
        self.builder = builder
        self.problems = problems
        self.last = (1, 1)
        self.quoted: tuple[Any, Any] | None = None
        self._text = text
        self._documents = 0
        self._ends = 0
        self._takers = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._start,
            yaml.SequenceStartEvent: self._start,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }

    def take(self, event: Any) -> None:
        """Deal with one event.

        :raises Stop: where nothing after it is to be read.
        """
        kind, mark = type(event), event.start_mark
        if kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._ends += 1
            # Brackets are certain, an indent is so only when something good follows.
            if mark.index == event.end_mark.index:
                return
        if self._ends:
            self.flush()
        taker = self._takers.get(kind)
        if taker:
            self.last = _place(mark, self._text)
            taker(event, *self.last)

    def flush(self) -> None:
        """Close what has ended."""
        for _ in range(self._ends):
            self.builder.close()
        self._ends = 0

    def _scalar(self, event: Any, line: int, column: int) -> None:
        text, style = event.value, event.style
        if style in ('"', "'"):
            self.quoted = event.start_mark, event.end_mark
        if style == '"':
            text = clean(text, line, column, self.problems)
        elif style != '|' and '\n' in text:
            # Here the parser has joined lines, and has left one line break of each blank line.
            text = text.replace('\n', '\n\n')
        bad = (event.tag or event.anchor) and self._decorated(event, line, column)
        self.builder.put(Broken(line, column) if bad else Scalar(text, not style, line, column))

    def _start(self, event: Any, line: int, column: int) -> None:
        cut = bool(event.tag or event.anchor) and self._decorated(event, line, column)
        self.builder.open(type(event) is yaml.MappingStartEvent, line, column, cut)

    def _alias(self, event: Any, line: int, column: int) -> None:
        text = f'alias {quoted("*" + event.anchor)}; write the value out where it is needed'
        self.problems.add_at(line, column, text, 'syntax')
        self.builder.put(Broken(line, column))

    def _document(self, event: Any, line: int, column: int) -> None:
        self._documents += 1
        if self._documents > 1:
            text = "a second document begins here; write each matrix into a file of its own, without '---' between"
            self.problems.add_at(line, column, text, 'syntax')
            raise Stop

    def _decorated(self, event: Any, line: int, column: int) -> bool:
        """Report an anchor or a tag; whether it makes the value another than the one that is written."""
        if event.anchor:
            text = f'anchor {quoted("&" + event.anchor)}; remove it, values are written out where they are needed'
            self.problems.add_at(line, column, text, 'syntax')
        if event.tag:
            text = f'tag {quoted(event.tag)}; remove it, every value is a text, a list or a mapping'
            self.problems.add_at(line, column, text, 'syntax')
        return bool(event.tag)


def _report(error: yaml.MarkedYAMLError, text: str, problems: Problems, last: tuple[Any, Any] | None) -> None:
    """Report what the parser says; ``last`` is where the last text in quotes begins and ends."""
    mark: Any = error.problem_mark or error.context_mark
    if error.context and 'simple key' in error.context and error.context_mark:
        # The parser gives up in the line after the key that lacks its colon.
        mark = error.context_mark
    line, column = _place(mark, text) if mark else (0, 0)
    said = ', '.join(part for part in (error.context, error.problem) if part)
    if error.context and error.context_mark is not None and error.context_mark.line + 1 != line:
        said = said.replace(error.context, f'{error.context} (line {error.context_mark.line + 1})', 1)
    hint = next((hint for part, hint in _HINTS.items() if part in said), '')
    if mark and text[mark.index : mark.index + 1] == '\t':
        hint = 'indent with spaces, not with tabs'
    if mark and last and last[0].line < last[1].line == mark.line:
        # A quotation mark that never closes takes all up to the next one, and what follows that makes no sense.
        place = f'line {last[0].line + 1}, column {last[0].column + 1}'
        hint = f'the text in quotes that begins in {place} ends only here; close it where it is to end'
    # The parser speaks of its own work; where there is a hint, that says it better.
    said = f'{error.problem}; {hint}' if hint and error.problem else said
    problems.add_at(line, column, f'not YAML: {said}', 'syntax')


def _place(mark: Any, text: str) -> tuple[int, int]:
    """The line and column of a mark; at the end of the text, where something was last written."""
    if mark.index < len(text):
        return mark.line + 1, mark.column + 1
    lines = LINE_BREAK.split(text.rstrip())
    return len(lines), len(lines[-1]) + 1

"""JSON to a located tree, the same that YAML gives."""

from __future__ import annotations

import json
import re

from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tree import Builder, Node, Scalar, Stop, clean
from sphinxcontrib_raci.wording import quoted

_TOKEN = re.compile(
    r"""
    (?P<string> "(?P<inside> [^"\\\n\r]*+ (?: \\(?: ["\\/bfnrt] | u[0-9A-Fa-f]{4} ) [^"\\\n\r]*+ )*+ )" )
  | (?P<mark> [\[\]{},:] )
  | (?P<plain> (?: -?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+ | true | false | null ) (?![\w.+-]) )
    """,
    re.VERBOSE,
)
_SPACE = re.compile(r'[ \t]*+')
_BREAK = re.compile(r'\r\n|[\r\n]')
_WORD = re.compile(r'[\w.+-]+|.', re.DOTALL)


def read_json(text: str, problems: Problems) -> Node | None:
    """The tree of a JSON text, as far as it can be read."""
    reader = _Reader(text, problems)
    try:
        reader.read()
    except Stop:
        problems.stopped_at = problems.broken_at
    return reader.builder.finish()


class _Reader:
    """Walks over the tokens.  ``expected`` is what may come next: one of the keys of ``_EXPECTED``."""

    def __init__(self, text: str, problems: Problems) -> None:
        self.builder = Builder(problems)
        self.problems = problems
        self.text = text
        self.position = 0
        self.line = 1
        self.line_start = 0
        self.expected = 'value'

    def read(self) -> None:
        """Read the whole text.

        :raises Stop: at the first thing that is not JSON.
        """
        while True:
            self._skip()
            if self.position >= len(self.text) and self.expected == 'end':
                return
            token = _TOKEN.match(self.text, self.position)
            if token is None:
                raise self._wrong()
            column = self.position - self.line_start + 1
            if token['mark']:
                self._mark(token['mark'], column)
            else:
                self._scalar(token, column)
            self.position = token.end()

    def _skip(self) -> None:
        while True:
            space = _SPACE.match(self.text, self.position)
            self.position = space.end() if space else self.position
            line_break = _BREAK.match(self.text, self.position)
            if line_break is None:
                return
            self.line += 1
            self.position = self.line_start = line_break.end()

    def _scalar(self, token: re.Match[str], column: int) -> None:
        inside: str | None = token['inside']
        if self.expected not in _SCALAR_MAY or (inside is None and self.expected in _KEY):
            raise self._wrong()
        if inside is not None and '\\' in inside:
            inside = clean(json.loads(token['string'], strict=False), self.line, column, self.problems)
        value = token['plain'] if inside is None else inside
        self.builder.put(Scalar(value, inside is None, self.line, column))
        self.expected = 'colon' if self.expected in _KEY else self._after()

    def _mark(self, mark: str, column: int) -> None:
        if mark not in _EXPECTED[self.expected][0]:
            raise self._wrong()
        if mark in '[{':
            self.builder.open(mark == '{', self.line, column)
            self.expected = 'first key' if mark == '{' else 'first entry'
        elif mark in ']}':
            self.builder.close()
            self.expected = self._after()
        elif mark == ':':
            self.expected = 'value'
        else:
            self.expected = 'key' if self.expected == 'after value' else 'entry'

    def _after(self) -> str:
        """What may come after a whole value."""
        innermost = self.builder.innermost
        if innermost is None:
            return 'end'
        return 'after value' if innermost[0] else 'after entry'

    def _wrong(self) -> Stop:
        """Report that something else than expected stands here."""
        wanted = _EXPECTED[self.expected][1]
        innermost = self.builder.innermost
        if self.position < len(self.text):
            word = _WORD.match(self.text, self.position)
            found = _unfinished(word[0] if word else '')
        elif innermost:
            found = (
                f'the file ends inside the {"mapping" if innermost[0] else "list"} that begins in line {innermost[1]}'
            )
        else:
            found = 'the file ends'
        column = self.position - self.line_start + 1
        self.problems.add_at(self.line, column, f'not JSON: {found}, where {wanted} belongs', 'syntax')
        return Stop()


_KEY = frozenset({'key', 'first key'})
_SCALAR_MAY = frozenset({'value', 'entry', 'first entry', 'key', 'first key'})
_EXPECTED = {
    'value': ('[{', 'a value'),
    'first entry': ('[{]', "a value or ']'"),
    'entry': ('[{', 'a value'),
    'first key': ('}', "a key in double quotes or '}'"),
    'key': ('', 'a key in double quotes'),
    'colon': (':', "':'"),
    'after value': (',}', "',' or '}'"),
    'after entry': (',]', "',' or ']'"),
    'end': ('', 'the end of the file'),
}


def _unfinished(word: str) -> str:
    if word == '"':
        return 'a text that is not closed, holds a line break or an unknown escape'
    return f'{quoted(word)} stands'

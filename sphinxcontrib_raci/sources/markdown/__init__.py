"""Markdown to a page of tables, on markdown-it-py.

Blocks and inline markup are that library's (CommonMark).  Rows of pipe tables are taken as they are written: its own
rule for tables, as GitHub's, fills up short rows, cuts long ones off and drops rows below a blank line.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from sphinxcontrib_raci.sources.markdown.rows import FENCE, cells_of, take_footnote, take_rows
from sphinxcontrib_raci.sources.page import Block, Cell, Heading, Other, Page, Prose, Row, Table
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tree import Mapping_
from sphinxcontrib_raci.sources.yamlfile import read_yaml
from sphinxcontrib_raci.wording import squeezed

LOWEST = 6
"""The level of the lowest heading."""

WIDEST = 1000
"""So many cells a row may have."""

LONGEST = 4_000_000
"""So many characters a page may have."""

MOST_LINES = 40_000
"""So many lines a page may have: each costs time, however short it is."""

LONGEST_LINE = 100_000
"""So many characters a line may have: looking for markup in longer ones takes too long."""

LONGEST_MARKED = 5_000
"""So many characters a paragraph or cell may have for emphasis in it to be seen."""

MOST_BRACKETS = 50
"""So many opening brackets a paragraph or cell may have for links in it to be seen."""

_FRONT = re.compile(r'---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)', re.DOTALL)
_YAML_ONLY = re.compile('[\x85\u2028\u2029]')
_MARKUP = re.compile(r'[\\`*_\[\]<>&!\n]')
_COMMENT = re.compile(r'<!--(.*?)-->', re.DOTALL)
_LINK_ATTRIBUTES = re.compile(r'(?<=\))\{:?\s*[.#][^{}]*\}')
_CALLOUT = re.compile(r'\[!\w+\]\s*')
_ATTRIBUTES = re.compile(r'\s*\{:?\s*[#.][^{}]*\}$')
# A title with a number, in bold; the entry of a legend, or a footnote, in a line of its own.
_TITLE = re.compile(r'\d+(?:\.\d+)+[.)]?\s+\S|\d+[.)]\s+\S')
_ENTRY = re.compile(r'\(?[A-Z]\)?\s*[:=\u2013\u2014-]\s|\(\d+\)|\[\d+\]|[*†‡§¹²³⁰⁴-⁹]+\s*\S')
_LINK_TAG = re.compile(r'<(?:a\s[^>]*?\bhref\s*=\s*["\']?([^"\'\s>]+)[^>]*|(/)a\s*)>', re.IGNORECASE)
_IMAGES = re.compile(r'(?:\s*!\[[^\]]*\]\([^()]*\)\s*)+')
_RAISED = str.maketrans('0123456789', '⁰¹²³⁴⁵⁶⁷⁸⁹')
_BREAK = re.compile(r'<br\s*/?>', re.IGNORECASE)
_STRONG_TAG = re.compile(r'<(/?)(?:b|strong)>', re.IGNORECASE)


def read_markdown(text: str, problems: Problems) -> Page | None:
    """The page in a text of Markdown; ``None``, after a message, where it is too large to be any page of a matrix.

    :raises ImportError: where markdown-it-py is not installed.
    """
    # What the parser does with line breaks itself, as places count lines.
    text = text.replace('\r\n', '\n').replace('\r', '\n')
    lines = text.split('\n')
    long = next((number for number, line in enumerate(lines, 1) if len(line) > LONGEST_LINE), 0)
    if long or len(text) > LONGEST or len(lines) > MOST_LINES:
        what = f'the file has more than {LONGEST:,} characters or {MOST_LINES:,} lines'
        what = f'the line has more than {LONGEST_LINE:,} characters' if long else what
        problems.add_at(long, 1 if long else 0, f'{what}; no page of a matrix has so many', 'syntax')
        return None
    front, body = _front(text, problems)
    return _Reader(body, problems).page(front)


def _front(text: str, problems: Problems) -> tuple[Mapping_ | None, str]:
    """The keys and values before the page, and the text with blank lines in their place."""
    match = _FRONT.match(text)
    if not match:
        return None, text
    # What ends a line for YAML only would move all places below it.
    inner = _YAML_ONLY.sub(' ', match[1] or '')
    found = Problems('')
    tree = read_yaml('\n' + inner, found)
    # Other tools' keys are their own matter.
    own = isinstance(tree, Mapping_) and any(key.text == 'raci' for key, _ in tree.pairs)
    for problem in found.result() if own else ():
        problems.add_at(problem.place.line, problem.place.column, problem.text, problem.kind)
    if inner.strip() and not own and (found.broken_at or not isinstance(tree, Mapping_)):
        tree = None
        problems.add_at(1, 1, 'what stands between the lines of --- cannot be read; it is left out', 'read', 'warning')
    return (tree if isinstance(tree, Mapping_) else None), '\n' * match[0].count('\n') + text[match.end() :]


class _Reader:
    """Reads one page."""

    def __init__(self, text: str, problems: Problems) -> None:
        self._text = text
        self._lines = text.split('\n')
        self._problems = problems
        self._env: dict[str, Any] = {}
        self._footnotes: dict[str, str] = {}
        # Deeper lists than this hold no tables, and a hostile page may have any depth.
        self._parser = MarkdownIt('commonmark', {'maxNesting': 50})
        self._parser.core.ruler.disable('inline')
        # Addresses are to stay as they are written.
        self._parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
        # What finds emphasis takes a time that grows with the square of the length.
        self._faster = MarkdownIt('commonmark').disable(['emphasis', 'balance_pairs'])
        self._faster.normalizeLink = self._parser.normalizeLink  # type: ignore[method-assign]
        # So does what finds links, with the number of brackets.
        self._fastest = MarkdownIt('commonmark').disable(['emphasis', 'balance_pairs', 'link', 'image'])
        ruler = self._parser.block.ruler
        interrupts = {'alt': ['paragraph', 'reference', 'blockquote', 'list']}
        ruler.before('fence', 'rows', take_rows, interrupts)  # type: ignore[arg-type]
        ruler.before('reference', 'footnote', take_footnote, interrupts)  # type: ignore[arg-type]

    def page(self, front: Mapping_ | None) -> Page | None:
        """The page, ``None`` where a table is too wide."""
        tokens = self._parser.parse(self._text, self._env)
        # Notes first: a cell may refer to one that stands below.
        for token in tokens:
            if token.type == 'footnote':
                self._footnotes[token.meta['label']] = squeezed(self._inline(token.content)[0])
        blocks = list(self._blocks(tokens))
        rows = (row for block in blocks if isinstance(block, Table) for row in block.rows)
        wide = next((row for row in rows if len(row.cells) > WIDEST), None)
        if wide:
            text = f'the row has {len(wide.cells):,} cells; a matrix may have {WIDEST:,}'
            self._problems.add_at(wide.line, 1, text, 'syntax')
            return None
        return Page(tuple(blocks), front, self._footnotes)

    def _blocks(self, tokens: Sequence[Token]) -> Iterator[Block]:
        items: list[bool] = []
        for index, token in enumerate(tokens):
            line = token.map[0] + 1 if token.map else 0
            if token.type == 'list_item_open':
                items.append(True)
            elif token.type == 'list_item_close':
                items.pop()
            elif token.type == 'heading_open':
                text = _ATTRIBUTES.sub('', squeezed(self._inline(tokens[index + 1].content)[0]))
                yield Heading(text, int(token.tag[1]), line)
            elif token.type == 'paragraph_open':
                kind = 'item' if items else 'text'
                # A star before a single line is the sign of a footnote rather than of a list.
                star = '* ' if _is_starred(tokens, index) else ''
                yield from self._paragraph(star + tokens[index + 1].content, line, 'line' if star else kind)
            elif token.type == 'rows':
                yield self._table(token)
            else:
                yield from self._other(token, line)

    def _paragraph(self, source: str, line: int, kind: str) -> Iterator[Block]:
        if _IMAGES.fullmatch(source):
            yield Other('an image', line)
            return
        text, strong, _ = self._inline(_CALLOUT.sub('', source, count=1) if source.startswith('[!') else source)
        lines = [one for one in text.split('\n') if one.strip()]
        if strong and len(lines) == 1 and _TITLE.match(text):
            # A line that only looks like a heading has its number for a level.
            yield Heading(squeezed(text), LOWEST, line)
        elif len(lines) > 1 and all(_ENTRY.match(one.strip()) for one in lines):
            yield from (Prose(squeezed(one), line + number, 'line') for number, one in enumerate(lines))
        elif text.strip() and not FENCE.fullmatch(source.strip()):
            yield Prose(squeezed(text), line, kind)

    def _other(self, token: Token, line: int) -> Iterator[Block]:
        if token.type == 'code_block' and (rows := _indented(token.content, line, self._lines)):
            yield Table(tuple(self._row(*row) for row in rows), line, loose=True)
        elif token.type in ('fence', 'code_block'):
            yield Other('a block of code', line)
        elif token.type == 'html_block':
            # What is not closed would be looked through from each place where a comment begins.
            closed, end, left = token.content.rpartition('-->')
            comments = _COMMENT.findall(closed + end)
            rest = _BREAK.sub('', _COMMENT.sub('', closed + end) + left).strip()
            yield from (Prose(html.unescape(comment.strip()), line, 'comment') for comment in comments)
            if rest:
                yield Other('a table in HTML' if '<table' in rest.lower() else 'HTML', line)

    def _table(self, token: Token) -> Table:
        lines = token.meta['lines']
        head = token.meta['head']
        rows = tuple(self._row(*line) for line in lines)
        if token.meta['delimiters'] not in (0, len(rows[0].cells)):
            text = (
                f'the head of the table has {len(rows[0].cells)} cells and the line of dashes below it '
                f'{token.meta["delimiters"]}; it is read, but most programs will not show it as a table'
            )
            self._problems.add_at(rows[0].line, 1, text, 'read', 'warning')
        return Table(rows, rows[0].line, head, loose=not head)

    def _row(self, number: int, indent: int, text: str) -> Row:
        return Row(tuple(self._cell(number, indent + start + 1, cell) for start, cell in cells_of(text)), number)

    def _cell(self, line: int, column: int, source: str) -> Cell:
        if not _MARKUP.search(source):
            return Cell(source, line, column)
        text, strong, links = self._inline(source)
        return Cell(text.strip(), line, column, strong, links)

    def _inline(self, source: str) -> tuple[str, bool, tuple[tuple[str, str], ...]]:
        """The text of inline markup, whether all of it is bold, and the links in it."""
        source = _LINK_ATTRIBUTES.sub('', source)
        out: list[str] = []
        links: list[tuple[str, str]] = []
        opened: list[tuple[int, str]] = []
        bold, plain = 0, False
        tokens = self._parser.parseInline(source, self._env)[0].children or []
        # The rule that makes children of inline tokens is off, so that tables need no tokens for their cells.
        if not tokens:
            parser = self._parser if len(source) <= LONGEST_MARKED else self._faster
            parser = parser if source.count('[') <= MOST_BRACKETS else self._fastest
            parser.inline.parse(source, parser, self._env, tokens)
        raised = False
        for token in tokens:
            bold += _bold(token)
            raised = _raised(token, raised)
            text = _text(token)
            text = text.translate(_RAISED) if raised and text.isdigit() else text
            plain |= bool(text.strip()) and not bold
            out.append(text)
            opens, href = _link(token)
            if opens:
                opened.append((len(out), href))
            elif opens is False and opened:
                start, href = opened.pop()
                links.append((squeezed(''.join(out[start:])), href))
        text = ''.join(out)
        return text, bool(text.strip()) and not plain, tuple(links)


def _indented(content: str, line: int, shown: Sequence[str]) -> list[tuple[int, int, str]]:
    """The rows of a table that was only meant to be set in: code to Markdown, but not to its author."""
    lines = content.rstrip('\n').split('\n')
    if not all(one.lstrip().startswith('|') for one in lines):
        return []
    # They may be set in by tabs, which are other columns for the parser.
    indents = (shown[line + number - 1].index('|') for number in range(len(lines)))
    return [(line + number, indent, lines[number].strip()) for number, indent in enumerate(indents)]


def _is_starred(tokens: Sequence[Token], index: int) -> bool:
    """Whether a paragraph is all of the only entry of a list with stars."""
    around = [token.type for token in tokens[max(index - 2, 0) : index + 5]]
    alone = ['bullet_list_open', 'list_item_open', 'paragraph_open', 'inline', 'paragraph_close', 'list_item_close']
    return around == [*alone, 'bullet_list_close'] and tokens[index - 1].markup == '*'


def _bold(token: Token) -> int:
    """By how much a token makes what follows more bold."""
    if token.type in ('strong_open', 'strong_close'):
        return 1 if token.type == 'strong_open' else -1
    tag = _STRONG_TAG.fullmatch(token.content) if token.type == 'html_inline' else None
    return 0 if not tag else -1 if tag[1] else 1


def _raised(token: Token, before: bool) -> bool:
    """Whether what follows a token is set higher, as the signs of footnotes are."""
    tag = token.content.lower() if token.type == 'html_inline' else ''
    return True if tag == '<sup>' else False if tag == '</sup>' else before


def _link(token: Token) -> tuple[bool | None, str]:
    """Whether a token begins (or ends) a link, and where this leads."""
    if token.type in ('link_open', 'link_close'):
        return token.type == 'link_open', str(token.attrGet('href') or '')
    tag = _LINK_TAG.fullmatch(token.content) if token.type == 'html_inline' else None
    return (None, '') if not tag else (not tag[2], html.unescape(tag[1] or ''))


def _text(token: Token) -> str:
    """The text of a token; of HTML, only line breaks."""
    if token.type in ('softbreak', 'hardbreak'):
        return '\n'
    if token.type == 'html_inline':
        return '\n' if _BREAK.fullmatch(token.content) else ''
    return token.content

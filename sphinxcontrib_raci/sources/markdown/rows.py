"""Rules for markdown-it's block parser: rows of tables as they are written, and footnotes."""

from __future__ import annotations

import itertools
import re

from markdown_it.rules_block import StateBlock

_DELIMITERS = re.compile(r'\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?')
_FOOTNOTE = re.compile(r'\[\^(?P<label>[^\]\s]+)\]:\s*(?P<text>.*)')
_PIPE = re.compile(r'(?<!\\)\|')
# What other programs take for marks of their own: attributes of a table, and the end of a block.
FENCE = re.compile(r'\{[:.#][^{}]*\}|:{3,}.*')


def cells_of(text: str) -> list[tuple[int, str]]:
    """The cells of a row, each with the offset of its text in the row."""
    pipes = [-1, *(pipe.start() for pipe in _PIPE.finditer(text)), len(text)]
    found = [(start + 1, text[start + 1 : end]) for start, end in itertools.pairwise(pipes)]
    if not found[0][1].strip() and text.startswith('|'):
        found.pop(0)
    if len(found) > 1 and not found[-1][1].strip():
        found.pop()
    return [(start + len(cell) - len(cell.lstrip()), cell.strip().replace('\\|', '|')) for start, cell in found]


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].rstrip()


def _starts(state: StateBlock, line: int, end: int) -> tuple[bool, bool]:
    """Whether rows begin in a line, and whether that line is the head of a table."""
    if state.sCount[line] < state.blkIndent or state.is_code_block(line):
        return False, False
    text = _line(state, line)
    if '|' not in text:
        return False, False
    below = _line(state, line + 1) if line + 1 < end else ''
    head = '|' in below and bool(_DELIMITERS.fullmatch(below)) and not _DELIMITERS.fullmatch(text)
    return head or (text.startswith('|') and len(text) > 1), head


def take_rows(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take the lines of a table: a rule for markdown-it's block parser."""
    begins, head = _starts(state, start, end)
    if not begins or silent:
        return begins
    lines = [start]
    delimiters = len(cells_of(_line(state, start + 1))) if head else 0
    line = start + 2 if head else start + 1
    while line < end and _goes_on(state, line, end):
        if not _DELIMITERS.fullmatch(_line(state, line)):
            lines.append(line)
        line += 1
    token = state.push('rows', '', 0)
    token.map = [start, line]
    indents = [(number, state.bMarks[number] + state.tShift[number]) for number in lines]
    starts = [state.src.rfind('\n', 0, offset) + 1 for _, offset in indents]
    token.meta = {
        'head': head,
        'delimiters': delimiters,
        'lines': [
            (number + 1, offset - begin, _line(state, number))
            for (number, offset), begin in zip(indents, starts, strict=True)
        ],
    }
    state.line = line
    return True


def _goes_on(state: StateBlock, line: int, end: int) -> bool:
    """Whether a line is one more row: as GitHub has it, anything that begins no other block."""
    text = _line(state, line)
    if not text or state.sCount[line] < state.blkIndent or state.is_code_block(line):
        return False
    if FENCE.fullmatch(text):
        return False
    names = state.md.block.ruler.getRules('blockquote')
    return '|' in text or not any(rule is not take_rows and rule(state, line, end, True) for rule in names)


def take_footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take a footnote, which CommonMark would take for a link: a rule for markdown-it's block parser."""
    match = _FOOTNOTE.match(_line(state, start))
    if not match or state.is_code_block(start):
        return False
    if silent:
        return True
    line = start + 1
    texts = [match['text']]
    while line < end and _line(state, line) and not _FOOTNOTE.match(_line(state, line)):
        texts.append(_line(state, line))
        line += 1
    token = state.push('footnote', '', 0)
    token.map = [start, line]
    token.content = ' '.join(texts)
    token.meta = {'label': match['label']}
    state.line = line
    return True

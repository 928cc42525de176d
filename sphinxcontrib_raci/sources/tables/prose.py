"""What stands beside the tables of a page: footnotes, what letters mean, and text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from sphinxcontrib_raci.sources.page import Block, Cell, Heading, Other, Page, Prose, Table
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.tables.activities import waived
from sphinxcontrib_raci.sources.tables.outline import Part
from sphinxcontrib_raci.sources.tree import Scalar
from sphinxcontrib_raci.wording import quoted

_NOTE = re.compile(
    r'(?:\((?P<a>\d{1,3}|[*†‡§]+)\)|\[(?P<b>\d{1,3})\]|(?P<c>[*†‡§]{1,3}|[¹²³⁰⁴-⁹]+)):?\s*(?P<text>\S.*)'
)
# Where many signs stand together, none of them but the first is where to begin.
_MARK = re.compile(r'\((?P<a>\d{1,3}|[*†‡§]++)\)|\[(?P<b>\d{1,3})\]|(?<![*†‡§¹²³⁰⁴-⁹])(?P<c>[*†‡§¹²³⁰⁴-⁹]++)\s*+$')


def _mark(match: re.Match[str]) -> str:
    return unicodedata.normalize('NFKC', match['a'] or match['b'] or match['c'])


def footnotes(page: Page) -> tuple[dict[str, str], set[Prose]]:
    """The text of each footnote by its mark, and the paragraphs that are one: a cell has the same mark."""
    marks = {
        _mark(match)
        for block in page.blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row.cells
        for match in _MARK.finditer(cell.text)
    }
    found = {f'^{label}': text for label, text in page.footnotes.items()}
    used = set()
    for block in page.blocks if marks else ():
        match = _NOTE.fullmatch(block.text) if isinstance(block, Prose) and block.kind != 'comment' else None
        if match and _mark(match) in marks:
            found.setdefault(_mark(match), match['text'])
            used.add(block)
    return found, used  # type: ignore[return-value]


class Texts:
    """Puts the text of a page where it belongs, as far as the source format has a place for it."""

    def __init__(self, root: Part, problems: Problems, own: bool) -> None:
        self._root = root
        self._problems = problems
        self._own = own
        self._held: list[tuple[Part, Prose, bool]] = []
        self._begun = False

    def table(self) -> None:
        """A table of the matrix begins here."""
        self._begun = True

    def add(self, part: Part, block: Prose) -> None:
        """A paragraph, an entry of a list or a comment in a section."""
        if block.kind == 'comment':
            self._comment(part, block)
        else:
            self._held.append((part, block, self._begun))

    def leave_out(self, block: Other) -> None:
        """Report what no matrix can hold."""
        level = 'warning' if 'table' in block.what else 'info'
        self._problems.add_at(block.line, 1, f'{block.what} is left out', 'read', level)

    def finish(self) -> None:
        """Give each section its text, once it is known which sections there are."""
        told: set[int] = set()
        # Where a page begins with an aim or an objective of its own, that is what the matrix is about.
        first = next((part for part, _, _ in self._held if part is not self._root), None)
        for part, block, late in self._held:
            kept = part if self._own or part is self._root or part.wanted() else None
            if kept is None and part is first and not late:
                kept = self._root
            if kept is not None:
                kept.intro.append(f'• {block.text}' if block.kind == 'item' else block.text)
            elif id(part) not in told:
                told.add(id(part))
                what = f'the text below {quoted(part.title)} is left out: no activity stands there'
                self._problems.add_at(block.line, 1, what, 'read', 'info')

    def _comment(self, part: Part, block: Prose) -> None:
        """Keep what our own writers put into a comment; the comments of others are nobody's business."""
        key, _, value = block.text.partition(':')
        if self._own and key.strip() == 'id':
            part.ident = Scalar(value.strip(), False, block.line, 1)
        elif self._own and key.strip() == 'waive':
            waive = waived([Cell(value.strip(), block.line, 1)])
            part.waive += waive.pairs if waive else ()


def text_of(blocks: Iterable[Block]) -> list[Prose]:
    """The paragraphs and entries of lists."""
    return [block for block in blocks if isinstance(block, Prose) and block.kind != 'comment']


def headings_of(blocks: Iterable[Block]) -> list[Heading]:
    """The headings."""
    return [block for block in blocks if isinstance(block, Heading)]

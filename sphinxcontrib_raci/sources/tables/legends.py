"""Finding what a page says that its letters mean: a table, a list or a sentence beside the matrix."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sphinxcontrib_raci.schemes import RACI, SCHEMES, Letter, Scheme
from sphinxcontrib_raci.sources.fields import squeezed
from sphinxcontrib_raci.sources.page import Prose, Row, Table
from sphinxcontrib_raci.sources.tables.cells import plain
from sphinxcontrib_raci.sources.vocabulary import key, letter_words

_SEPARATOR = r'\s*(?:[:=\-\u2013\u2014\u2192]|\bis\b)\s*'
_CODE = r'\W{0,2}(?P<code>[A-Z])\W{0,3}?'
_SHAPES = (
    # "R : carries it out", "(R) Responsible", "R (Responsible): carries it out", "R"
    re.compile(rf'\(?(?P<code>[A-Z])\)?\s*(?:\((?P<name>[^()]+)\))?(?:{_SEPARATOR}(?P<rest>.*))?', re.DOTALL),
    re.compile(r'\((?P<code>[A-Z])\)\s*(?P<rest>.*)', re.DOTALL),
    # "Responsible (R): carries it out"
    re.compile(rf'(?P<name>[^()]+?)\s*\((?P<code>[A-Z])\)(?:{_SEPARATOR}(?P<rest>.*))?', re.DOTALL),
)
_IN_SENTENCE = re.compile(r'\b(?P<code>[A-Z])\s*[=:\u2013-]\s*(?P<name>[^\W\d_][^\W\d_ /-]+)')
_LONGEST_NAME = 2
_NOTHING = frozenset({'-', '\N{EN DASH}', '\N{EM DASH}', 'N/A', 'BLANK', ''})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a page says of one letter, and in which line.  A code of ``''`` is the sign for no part."""

    code: str
    name: str
    meaning: str
    line: int


def in_table(table: Table) -> dict[Row, Meaning] | None:
    """The rows of a table that say what a letter means; ``None`` where the table is no legend."""
    if not table.rows or max(len(row.cells) for row in table.rows) > 4:
        return None
    found = {row: meaning for row in table.rows if (meaning := in_row(row))}
    codes = [meaning.code for meaning in found.values() if meaning.code]
    # The head may be one of them, as Markdown has no table without one.
    body = [row for row in table.rows[1:] if any(cell.text for cell in row.cells)]
    enough = len(set(codes)) >= 2 and len(set(codes)) == len(codes) and 2 * len(found) > len(body)
    return found if enough else None


def in_grid(table: Table) -> dict[Row, Meaning] | None:
    """The rows above or below a matrix in a sheet that say what a letter means; ``None`` where there are none."""
    short = (row for row in table.rows if len({cell.text for cell in row.cells if cell.text.strip()}) <= 3)
    found = {row: meaning for row in short if (meaning := in_row(row)) and (meaning.name or meaning.meaning)}
    codes = {meaning.code for meaning in found.values() if meaning.code}
    return found if len(codes) >= 2 and len(codes) == len(found) else None


def in_row(row: Row) -> Meaning | None:
    """What one row says of a letter."""
    texts = [plain(cell.text) for cell in row.cells if cell.text.strip()]
    if not texts:
        return None
    if texts[0].upper() in _NOTHING:
        return Meaning('', '', squeezed(' '.join(texts[1:])), row.line) if len(texts) > 1 else None
    found = in_text(texts[0], row.line)
    rest = texts[1:]
    if not found and len(texts) > 1 and re.fullmatch('[A-Z]', texts[1]):
        found, rest = Meaning(texts[1], texts[0], '', row.line), texts[2:]
    if not found and (code := letter_words(RACI).get(key(texts[0]))):
        found = Meaning(code, texts[0], '', row.line)
    if not found or any(re.fullmatch('[A-Z]', text) for text in rest):
        return None
    return _complete(found, [squeezed(text) for text in rest if text])


def _complete(found: Meaning, rest: list[str]) -> Meaning:
    name, meaning = found.name, found.meaning
    if rest and not name and (len(rest) > 1 or is_name(rest[0], found.code)):
        name = rest.pop(0)
    return Meaning(found.code, name, ' '.join(filter(None, (meaning, *rest))), found.line)


def in_text(text: str, line: int) -> Meaning | None:
    """What an entry of a list, or a cell, says of a letter."""
    text = squeezed(plain(text))
    for shape in _SHAPES:
        match = shape.fullmatch(text)
        if match:
            parts = match.groupdict()
            name, rest = parts.get('name') or '', parts.get('rest') or ''
            if len(name.split()) > _LONGEST_NAME + 1:
                continue
            if rest and not name and is_name(rest, parts['code']):
                name, rest = rest, ''
            return Meaning(parts['code'], squeezed(name), squeezed(rest), line)
    return None


def is_name(text: str, code: str) -> bool:
    """Whether a text is the name of a letter, and no sentence about it."""
    return len(text.split()) <= _LONGEST_NAME and text[:1].upper() == code and not text.endswith('.')


def in_prose(blocks: list[Prose]) -> dict[Prose, list[Meaning]]:
    """The entries of lists, and the sentences, that say what letters mean."""
    found: dict[Prose, list[Meaning]] = {}
    group: dict[Prose, list[Meaning]] = {}
    for block in blocks:
        single = in_text(block.text, block.line) if block.kind == 'item' else None
        several = [] if single else list(_in_sentence(block))
        if single and (single.name or single.meaning):
            group[block] = [single]
        else:
            found |= _distinct(group)
            group = {}
        if len(several) > 2:
            found[block] = several
    return found | _distinct(group)


def _distinct(group: dict[Prose, list[Meaning]]) -> dict[Prose, list[Meaning]]:
    codes = {meaning.code for meanings in group.values() for meaning in meanings}
    return group if len(codes) >= 2 and len(codes) == len(group) else {}


def _in_sentence(block: Prose) -> Iterator[Meaning]:
    for match in _IN_SENTENCE.finditer(block.text):
        if match['name'][0].upper() == match['code']:
            yield Meaning(match['code'], match['name'], '', block.line)


def fitting(meanings: list[Meaning]) -> list[Scheme]:
    """The schemes that have all letters that are explained, the commonest first, in the words of the page."""
    first = {one.code: one for one in reversed(meanings) if one.code}
    known = [scheme for scheme in SCHEMES.values() if first.keys() <= set(scheme.codes)]
    if known:
        return [_overridden(scheme, first) for scheme in known]
    codes = dict.fromkeys(one.code for one in meanings if one.code)
    letters = tuple(Letter(code, first[code].name or code, first[code].meaning) for code in codes)
    return [Scheme('own', letters)]


def _overridden(scheme: Scheme, meanings: Mapping[str, Meaning]) -> Scheme:
    """The scheme with the names and meanings that the page gives to its letters."""
    letters = []
    for old in scheme.letters:
        one = meanings.get(old.code)
        letters.append(Letter(old.code, one.name or old.name, one.meaning or old.meaning) if one else old)
    return Scheme(scheme.name, tuple(letters))

"""Finding what a page says that its letters mean: a table, a list or a sentence beside the matrix."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sphinxcontrib_raci.schemes import COMMON, OWN, RACI, Letter, Scheme
from sphinxcontrib_raci.sources.page import Prose, Row, Table
from sphinxcontrib_raci.sources.tables.cells import plain, undecorated
from sphinxcontrib_raci.sources.vocabulary import key, letter_words
from sphinxcontrib_raci.wording import squeezed

_SEPARATOR = r'\s*(?:-{1,3}|[:=\u2013\u2014\u2192]|\bis\b)\s*'
_CODE = r'\W{0,2}(?P<code>[A-Z])\W{0,3}?'
_SHAPES = (
    # "R : carries it out", "(R) Responsible", "R (Responsible): carries it out", "R"
    re.compile(rf'\(?(?P<code>[A-Z])\)?\s*(?:\((?P<name>[^()]+)\))?(?:{_SEPARATOR}(?P<rest>.*))?', re.DOTALL),
    re.compile(r'\((?P<code>[A-Z])\)\s*(?P<rest>.*)', re.DOTALL),
    # "Responsible (R): carries it out"
    re.compile(rf'(?P<name>[^()]+?)\s*\((?P<code>[A-Z])\)(?:{_SEPARATOR}(?P<rest>.*))?', re.DOTALL),
)
_IN_SENTENCE = re.compile(r'\b(?P<code>[A-Z])\s*[=:\u2013\u2014-]\s*(?P<name>[^\W\d_][^\W\d_ /-]+)')
_WORD = re.compile(rf'(?P<name>[^\W\d_][\w ]*?){_SEPARATOR}(?P<rest>\S.*)', re.DOTALL)
_NAME_FIRST = re.compile(r'(?P<name>\S+(?: \S+)?)(?:\s+[\u2013\u2014-]\s+|:\s+)(?P<rest>\S.*)', re.DOTALL)
_SEVERAL = re.compile(r'[A-Z](?:[\s/,&+|]*[A-Z]){1,4}')
_WORDS = {word: code for scheme in reversed(COMMON) for word, code in letter_words(scheme).items()}
_LONGEST_NAME = 2
_FAR = 50
_STEM = 4
_NOTHING = frozenset({'-', '\N{EN DASH}', '\N{EM DASH}', 'N/A', 'BLANK', ''})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a page says of one letter, and in which line.  A code of ``''`` is the sign for no part."""

    code: str
    name: str
    meaning: str
    line: int


Rows = dict[Row, tuple[Meaning, ...]]
"""The rows of a legend with what each explains: nothing for a sign for no part, and for several letters together."""


def in_table(table: Table, *, weak: bool = False) -> Rows | None:
    """The rows of a table that say what letters mean; ``None`` where the table is no legend.

    One that has neither R nor D may list anything: it is a legend only where ``weak`` says that none is to be expected.
    """
    if not table.rows or len(table.rows) > _FAR or max(len(row.cells) for row in table.rows) > 4:
        return _on_its_side(table)
    found = {row: meaning for row in table.rows if (meaning := in_row(row))}
    # The head may be one of them, as Markdown has no table without one.
    body = [row for row in table.rows[1:] if any(cell.text for cell in row.cells)]
    if not _are_enough(found, weak) or 2 * len(found) <= len(body):
        return _on_its_side(table)
    together = {row: () for row in body if row not in found and _explains_several(row)}
    return _by_row(found) | together


def _by_row(found: Mapping[Row, Meaning]) -> Rows:
    return {row: (meaning,) if meaning.code else () for row, meaning in found.items()}


def _are_enough(found: Mapping[Row, Meaning], weak: bool) -> bool:
    codes = [meaning.code for meaning in found.values() if meaning.code]
    return len(set(codes)) == len(codes) > 1 and (weak or not {'R', 'D'}.isdisjoint(codes))


def _explains_several(row: Row) -> bool:
    texts = [plain(cell.text) for cell in row.cells if cell.text.strip()]
    return len(texts) > 1 and bool(_SEVERAL.fullmatch(texts[0])) and not _SEVERAL.fullmatch(texts[1])


def _on_its_side(table: Table) -> Rows | None:
    """The rows of a legend whose head has the letters, with their names, and perhaps meanings, below."""
    rows = table.rows
    codes = [plain(cell.text) for cell in rows[0].cells] if 2 <= len(rows) <= 3 else []
    if len(codes) < 3 or len(set(codes)) < len(codes) or not all(re.fullmatch('[A-Z]', code) for code in codes):
        return None
    names = [squeezed(plain(cell.text)) for cell in rows[1].cells]
    if len(names) != len(codes) or not all(is_name(name, code) for name, code in zip(names, codes, strict=True)):
        return None
    meanings = [squeezed(plain(cell.text)) for cell in rows[2].cells] if len(rows) == 3 else []
    meanings += [''] * len(codes)
    found = (Meaning(code, names[index], meanings[index], rows[1].line) for index, code in enumerate(codes))
    return {**dict.fromkeys(rows, ()), rows[1]: tuple(found)}


def in_grid(table: Table) -> Rows | None:
    """The rows above or below a matrix in a sheet that say what letters mean; ``None`` where there are none."""
    # It stands above or below all else.
    rows = table.rows if len(table.rows) <= 2 * _FAR else (*table.rows[:_FAR], *table.rows[-_FAR:])
    rows = rows[1:] if table.head else rows
    short = (row for row in rows if len({cell.text for cell in row.cells if cell.text.strip()}) <= 3)
    found = {row: meaning for row in short if (meaning := in_row(row)) and (meaning.name or meaning.meaning)}
    codes = [meaning.code for meaning in found.values() if meaning.code]
    return _by_row(found) if _are_enough(found, weak=False) and len(codes) == len(found) else None


def in_row(row: Row) -> Meaning | None:
    """What one row says of a letter."""
    texts = [plain(cell.text) for cell in row.cells if cell.text.strip()]
    if not texts:
        return None
    if texts[0].upper() in _NOTHING:
        return Meaning('', '', squeezed(' '.join(texts[1:])), row.line) if len(texts) > 1 else None
    found = in_text(texts[0], row.line)
    rest = texts[1:]
    if not found and len(texts) > 1 and re.fullmatch('[A-Z]', texts[1]) and is_name(texts[0], texts[1]):
        found, rest = Meaning(texts[1], texts[0], '', row.line), texts[2:]
    if not found and (code := _WORDS.get(key(texts[0]))):
        found = Meaning(code, texts[0], '', row.line)
    if not found or any(re.fullmatch('[A-Z]', text) for text in rest):
        return None
    return _complete(found, [squeezed(text) for text in rest if text])


def _complete(found: Meaning, rest: list[str]) -> Meaning:
    name, meaning = found.name, found.meaning
    if not name and len(rest) == 1 and (parted := _parted(rest[0], found.code)):
        name, rest = parted[0], [parted[1]]
    if rest and not name and (len(rest) > 1 or is_name(rest[0], found.code)):
        name = rest.pop(0)
    return Meaning(found.code, name, ' '.join(filter(None, (meaning, *rest))), found.line)


def in_text(text: str, line: int) -> Meaning | None:
    """What an entry of a list, or a cell, says of a letter."""
    text = squeezed(undecorated(plain(text)))
    for shape in _SHAPES:
        match = shape.fullmatch(text)
        if match:
            parts = match.groupdict()
            name, rest = parts.get('name') or '', parts.get('rest') or ''
            if len(name.split()) > _LONGEST_NAME + 1:
                continue
            if rest and not name:
                name, rest = (rest, '') if is_name(rest, parts['code']) else _parted(rest, parts['code']) or ('', rest)
            return Meaning(parts['code'], squeezed(name), squeezed(rest), line)
    word = _WORD.fullmatch(text)
    if word and key(word['name']) in _WORDS:
        return Meaning(_WORDS[key(word['name'])], word['name'], word['rest'], line)
    return None


def _parted(text: str, code: str) -> tuple[str, str] | None:
    """The name and the meaning in ``Responsible - does it``."""
    match = _NAME_FIRST.fullmatch(text)
    return (match['name'], match['rest']) if match and is_name(match['name'], code) else None


def is_name(text: str, code: str) -> bool:
    """Whether a text is the name of a letter, and no sentence about it."""
    return len(text.split()) <= _LONGEST_NAME and text[:1] == code and not text.endswith(('.', ','))


def in_prose(blocks: list[Prose], *, weak: bool = False) -> dict[Prose, list[Meaning]]:
    """The entries of lists, and the sentences, that say what letters mean; ``weak`` as for tables."""
    found: dict[Prose, list[Meaning]] = {}
    group: dict[Prose, list[Meaning]] = {}
    for block in blocks:
        single = in_text(block.text, block.line) if block.kind in ('item', 'line') else None
        several = [] if single else list(_in_sentence(block))
        if single and (single.name or single.meaning):
            group[block] = [single]
        else:
            found |= _distinct(group, weak)
            group = {}
        if len(several) > 2:
            found[block] = several
    return found | _distinct(group, weak)


def _distinct(group: dict[Prose, list[Meaning]], weak: bool) -> dict[Prose, list[Meaning]]:
    codes = {meaning.code for meanings in group.values() for meaning in meanings}
    sure = weak or not {'R', 'D'}.isdisjoint(codes)
    return group if sure and len(codes) >= 2 and len(codes) == len(group) else {}


def _in_sentence(block: Prose) -> Iterator[Meaning]:
    for match in _IN_SENTENCE.finditer(block.text):
        if match['name'][0].upper() == match['code']:
            yield Meaning(match['code'], match['name'], '', block.line)


def fitting(meanings: list[Meaning], schemes: Mapping[str, Scheme]) -> list[Scheme]:
    """Those of the known schemes that have all letters that are explained, in the words of the page.

    The commonest come first.  Where none fits, there is one that has just these letters.
    """
    first: dict[str, Meaning] = {}
    for one in meanings:
        if one.code:
            first.setdefault(one.code, one)
    # A page that says nothing of its letters, or that has only those of a common scheme, means no rare one.
    common = [schemes[scheme.name] for scheme in COMMON]
    known = [scheme for scheme in common if first.keys() <= set(scheme.codes)]
    known = known or [one for one in schemes.values() if first.keys() <= set(one.codes) and _means(one, first)]
    return [_overridden(scheme, first) for scheme in known or [_own(first, schemes[RACI.name])]]


def _own(meanings: Mapping[str, Meaning], raci: Scheme) -> Scheme:
    """The scheme that a page explains: its own, or that of RACI with more letters, where it begins like that."""
    new = tuple(Letter(code, one.name or code, one.meaning) for code, one in meanings.items())
    if not _means(raci, {code: one for code, one in meanings.items() if code in raci.codes}):
        return Scheme(OWN, new)
    return replace(
        raci, name=OWN, letters=(*raci.letters, *(letter for letter in new if letter.code not in raci.codes))
    )


def _means(scheme: Scheme, meanings: Mapping[str, Meaning]) -> bool:
    """Whether the names that a page gives to letters are those of a scheme, at least in how they begin."""
    names = {letter.code: letter.name.casefold() for letter in scheme.letters}
    given = [(one.name.casefold(), names[code]) for code, one in meanings.items() if one.name]
    return bool(given) and all(name[:_STEM] == usual[:_STEM] for name, usual in given)


def _overridden(scheme: Scheme, meanings: Mapping[str, Meaning]) -> Scheme:
    """The scheme with the names and meanings that the page gives to its letters."""
    letters = []
    for old in scheme.letters:
        one = meanings.get(old.code)
        letters.append(replace(old, name=one.name or old.name, meaning=one.meaning or old.meaning) if one else old)
    return replace(scheme, letters=tuple(letters))

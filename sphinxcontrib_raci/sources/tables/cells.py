"""Reading one cell of a table: letters in every way in which people write them, and what stands beside them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sphinxcontrib_raci.schemes import NOTHING, Scheme
from sphinxcontrib_raci.sources.vocabulary import NO_PART, key, letter_words
from sphinxcontrib_raci.wording import squeezed

# Letters of other alphabets that look like a Latin one, from the confusables of Unicode (UTS #39).
_LOOK_ALIKE = str.maketrans(
    'АВЕЅІЈКМНОРСТХԚԜДаеѕіјорсхԛԝΑΒΕΙΚΜΝΟΡΤΧΖιο',
    'ABESIJKMHOPCTXQWDaesijopcxqwABEIKMNOPTXZio',
)
_NONE = frozenset(
    {*NOTHING, '.', '_', '/', '~', '\N{MINUS SIGN}', '\N{HYPHEN}', '\N{NON-BREAKING HYPHEN}', '\N{HORIZONTAL BAR}'}
)
_EMPHASIS = re.compile(r'(?<![\w*])(\*\*|__|\*|_|`)(?=\S)(.+?)(?<=\S)\1', re.DOTALL)
_TOKEN = re.compile(
    r"""
    (?P<gap>[\s/,;&+|／，、；＆＋｜]+)
    | \( (?P<note>(?:[^()]|\([^()]*\))*) \)
    | \[ (?P<label>\^?[^\]\[\s]+) \]
    | (?P<mark>[*†‡§¹²³⁰⁴-⁹]+)
    | (?P<word>[^\s/,;&+|／，、；＆＋｜()\[\]*†‡§¹²³⁰⁴-⁹]+)
    """,
    re.VERBOSE,
)
_WHOLE = re.compile(r'([^()]*?)\s*\((.*)\)', re.DOTALL)
LONGEST = 2_000
"""So many characters of a cell are looked at: what is longer holds no letters, and no more than one party."""


class NotLetters(ValueError):
    """A cell holds something that is no letter; the argument is that something."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a cell says: letters in the order of the scheme, the note beside them, and what was read as meant."""

    letters: tuple[str, ...] = ()
    note: str = ''
    meant: str = ''


class CellReader:
    """Reads cells of one page.

    ``footnotes`` has the text of each footnote by its mark.  ``own`` says that the page was written by this package:
    then a cell may hold a note alone.
    """

    def __init__(self, scheme: Scheme, footnotes: Mapping[str, str], own: bool = False) -> None:
        self._scheme = scheme
        self._own = own
        self._footnotes = footnotes
        # Our own writers write letters, and nothing in a cell of theirs is a word for one.
        self._words = {} if own else letter_words(scheme)
        self._codes = {code.upper(): code for code in scheme.codes}
        codes = sorted(map(re.escape, self._codes), key=len, reverse=True)
        self._run = re.compile(f'(?:{"|".join(codes)})+')
        self._one = re.compile('|'.join(codes))
        self._known: dict[str, Part | str] = {}

    @property
    def codes(self) -> tuple[str, ...]:
        """The letters that are known."""
        return self._scheme.codes

    def read(self, text: str) -> Part:
        """What the cell says.

        :raises NotLetters: where it holds anything but letters, words for them, and marks at them.
        """
        found = self._said(text)
        if isinstance(found, str):
            raise NotLetters(found)
        return found

    def _said(self, text: str) -> Part | str:
        """What a cell says, or what in it is no letter; kept, as a table has few different ones."""
        found = self._known.get(text)
        if found is None:
            try:
                found = self._read(text)
            except NotLetters as error:
                found = str(error)
            self._known[text] = found
        return found

    def is_part(self, text: str) -> bool:
        """Whether the cell says that a party has a part."""
        found = self._said(text)
        return isinstance(found, Part) and bool(found.letters)

    def is_none(self, text: str) -> bool:
        """Whether the cell says that a party has no part."""
        found = self._said(text)
        return isinstance(found, Part) and not found.letters

    def _read(self, text: str) -> Part:
        if len(text) > LONGEST:
            raise NotLetters(text)
        text = text.strip() if self._own else undecorated(plain(text))
        if self._is_none(text):
            return Part()
        word = self._words.get(key(text))
        if word:
            return Part((word,))
        try:
            return self._tokens(text)
        except NotLetters:
            # A note may hold brackets that do not match.
            whole = _WHOLE.fullmatch(text)
            if not whole or not (whole[1] or self._own) or (not self._own and self._run.fullmatch(whole[2])):
                raise
            part = self._tokens(whole[1])
            return Part(part.letters, '; '.join(filter(None, (part.note, squeezed(whole[2])))), part.meant)

    def _is_none(self, text: str) -> bool:
        folded = text.upper()
        if folded == 'N/A' and {'N', 'A'} <= self._codes.keys():
            raise NotLetters(text)  # It could mean either.
        return folded in _NONE or key(text) in NO_PART or (folded == 'NA' and 'N' not in self._codes)

    def _tokens(self, text: str) -> Part:
        found: dict[str, list[str]] = {}
        current: list[str] = []
        meant = []
        end = 0
        for token in _TOKEN.finditer(text):
            if token.start() != end:
                break
            end = token.end()
            kind, value = str(token.lastgroup), token[str(token.lastgroup)]
            if kind == 'word':
                codes, other = self._letters(value)
                current = []
                for code in codes:
                    current = found.setdefault(code, [])
                meant += [value] if other else []
            elif kind != 'gap':
                if not found:
                    raise NotLetters(token[0])
                current += self._note(value, found)
        if end != len(text) or (not found and text):
            raise NotLetters(text[end:] or text)
        letters = tuple(code for code in self._scheme.codes if code in found)
        return Part(letters, self._notes(found), ' '.join(meant))

    def _notes(self, found: Mapping[str, list[str]]) -> str:
        noted = {code: '; '.join(notes) for code, notes in found.items() if notes}
        alone = len(noted) == 1 and list(found)[-1] in noted
        return '; '.join(note if alone else f'{code}: {note}' for code, note in noted.items())

    def _note(self, value: str, found: Mapping[str, object]) -> Iterator[str]:
        text = squeezed(value)
        if not self._own and text and self._says_again(text, found):
            return
        if text:
            yield footnote(self._footnotes, text) or text

    def _says_again(self, text: str, found: Mapping[str, object]) -> bool:
        """Whether a text in brackets only says the letters before it once more.

        :raises NotLetters: where it says other letters: nobody knows what that means.
        """
        if self._words.get(key(text)) in found:
            return True
        # "(a)" is the sign of a footnote.
        if not (text.isupper() and self._run.fullmatch(text)):
            return False
        if not found.keys() >= set(self._one.findall(text)):
            raise NotLetters(f'({text})')
        return True

    def _letters(self, word: str) -> tuple[list[str], bool]:
        """The codes in a word, and whether it was written with letters of another alphabet."""
        word = word if self._own else word.removesuffix('.')
        code = self._words.get(key(word))
        if code:
            return [code], False
        if self._run.fullmatch(word.upper()):
            return [self._codes[one] for one in self._one.findall(word.upper())], False
        latin = unicodedata.normalize('NFKC', word).translate(_LOOK_ALIKE)
        if latin != word and self._run.fullmatch(latin.upper()):
            return [self._codes[one] for one in self._one.findall(latin.upper())], True
        raise NotLetters(word)


def footnote(notes: Mapping[str, str], mark: str) -> str:
    """The text of the footnote with a mark; ``[^1]`` and ``(1)`` are two where both are there."""
    mark = unicodedata.normalize('NFKC', mark)
    other = mark.removeprefix('^') if mark.startswith('^') else f'^{mark}'
    return notes.get(mark) or notes.get(other) or ''


def undecorated(text: str) -> str:
    """The text without emoji and other signs that only decorate it; as it is where nothing else would stay."""
    if text.isascii():
        return text
    bare = ''.join(char for char in text if not _is_sign(char)).strip()
    return bare or text


def _is_sign(char: str) -> bool:
    if char in '\N{ZERO WIDTH JOINER}\N{VARIATION SELECTOR-16}':
        return True
    # A letter in a circle is a letter.
    return unicodedata.category(char) in ('So', 'Sk') and not unicodedata.normalize('NFKC', char).isalpha()


def plain(text: str) -> str:
    """The text without signs of emphasis around it or around parts of it."""
    text = text.strip()
    # Looking for it takes a time that grows with the square of the length.
    for _ in range(3 if len(text) <= LONGEST else 0):
        shorter = _EMPHASIS.sub(r'\2', text)
        if shorter == text:
            break
        text = shorter
    return text

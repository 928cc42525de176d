"""Words for messages: names in quotes, numbers with nouns, lists that are not too long."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice
from pathlib import PurePath

LONGEST_NAME = 60
"""So many characters of a name are shown."""

FORBIDDEN = re.compile('[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]')
"""What no text may hold."""

_NO_NAME = re.compile(f'{FORBIDDEN.pattern[:-1]}\t\n\r\x85\u2028\u2029]')

# No-break and ideographic spaces are typography, not layout: they stay.
_SPACES = re.compile('[ \t\r\n\x85\u2028\u2029]+')
_LONGEST_LIST = 20
_NUMBER = re.compile('[0-9]+')


def squeezed(text: str) -> str:
    """The text on one line, with single spaces."""
    return ' '.join(text.split()) if text.isascii() else _SPACES.sub(' ', text).strip()


def path_text(path: str) -> str:
    """A path as a text: systems allow any bytes in names, and what no text on one line may hold is replaced."""
    return _NO_NAME.sub('\N{REPLACEMENT CHARACTER}', path)


def file_name(path: str) -> str:
    """The name of a file as a text."""
    return path_text(PurePath(path).name)


def counted(number: int, noun: str) -> str:
    """The number with the noun, this one in the plural where it has to be."""
    if number == 1:
        return f'{number} {noun}'
    return f'{number} {noun[:-1]}ies' if noun.endswith('ty') else f'{number} {noun}s'


def quoted(text: str) -> str:
    """The text in single quotes for a message: not too long, and on one line whatever it holds."""
    short = text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + '…'
    return "'" + ''.join(char if char.isprintable() else _escaped(char) for char in short) + "'"


def listed(words: Iterable[str]) -> str:
    """The words in single quotes, separated by commas; only the first where there are very many."""
    first = list(islice(words, _LONGEST_LIST + 1))
    rest = ', …' if len(first) > _LONGEST_LIST else ''
    return ', '.join(quoted(word) for word in first[:_LONGEST_LIST]) + rest


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that is most like one that is not known, and was probably meant; empty where none is.

    Names that differ in numbers alone are those of two things, and no slip.
    """
    without = _NUMBER.sub('0', name)
    likely = (one for one in known if one == name or _NUMBER.sub('0', one) != without)
    return next(iter(get_close_matches(name, likely, n=1)), '')


def _escaped(char: str) -> str:
    return char.encode('unicode_escape').decode('ascii')

"""The ids of one source: each belongs to one section or activity, whoever gave it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from sphinxcontrib_raci.sources.fields import ID
from sphinxcontrib_raci.sources.tree import Mapping_, Node, Scalar, Sequence

_LONGEST = 60
# Letters that are no letter with a mark.
_SPELT = str.maketrans(
    {
        'ß': 'ss',
        'ẞ': 'SS',
        'æ': 'ae',
        'Æ': 'AE',
        'œ': 'oe',
        'Œ': 'OE',
        'ø': 'o',
        'Ø': 'O',
        'ł': 'l',
        'Ł': 'L',
        'đ': 'd',
        'Đ': 'D',
        'ı': 'i',
    }
)
_NOT_IN_ID = re.compile('[^a-z0-9]+')


def slug(text: str) -> str:
    """An id made of a text: its ASCII letters and digits, cut at a word border; empty where it has none."""
    plain = unicodedata.normalize('NFKD', text.translate(_SPELT)).encode('ascii', 'ignore').decode('ascii').lower()
    whole = _NOT_IN_ID.sub('-', plain).strip('-')
    if len(whole) <= _LONGEST:
        return whole
    border = whole.rfind('-', 0, _LONGEST + 1)
    return whole[: border if border > 0 else _LONGEST]


def stem(name: str) -> str:
    """What the name of a file says before its first dot: the id of a matrix that gives none."""
    last = re.split(r'[\\/]', name)[-1].split('.', 1)[0]
    try:
        # In the locale C, Python does not take names of files for UTF-8; an id must not depend on that.
        return last.encode('utf-8', 'surrogateescape').decode('utf-8', 'replace')
    except UnicodeEncodeError:
        return last


class Free:
    """Makes ids that nothing else has: ``taken`` are those that must stay free for others."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = set(taken)
        self._counts: dict[str, int] = {}

    def __call__(self, wanted: str) -> str:
        """An id like the one wanted that nothing else has."""
        number = self._counts.get(wanted, 1)
        name = wanted if number == 1 else f'{wanted}-{number}'
        while name in self._taken:
            number += 1
            name = f'{wanted}-{number}'
        self._counts[wanted] = number
        self._taken.add(name)
        return name


class Ids:
    """Who has which id.  What is derived keeps clear of all that the source gives."""

    def __init__(self, top: Mapping_) -> None:
        self._lines: dict[str, int] = {}
        self._free = Free(_explicit(top))

    def claim(self, name: str, line: int) -> int:
        """Give an id to what stands in this line: 0, or the line of what has it already."""
        first = self._lines.get(name)
        if first is None:
            self._lines[name] = line
            return 0
        return first

    def derive(self, text: str) -> str:
        """An id for a text that nothing else has."""
        return self._free(slug(text) or 'activity')


def _explicit(top: Mapping_) -> Iterator[str]:
    """All ids that the sections and activities below ``top`` give, old ones included."""
    waiting: list[Node] = [top]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Sequence):
            waiting += node.items
        elif isinstance(node, Mapping_):
            for key, value in node.pairs:
                if key.text in ('sections', 'activities'):
                    waiting.append(value)
                elif key.text in ('id', 'formerly') and node is not top:
                    yield from _ids(value)


def _ids(node: Node) -> Iterator[str]:
    nodes = node.items if isinstance(node, Sequence) else (node,)
    yield from (entry.text for entry in nodes if isinstance(entry, Scalar) and ID.fullmatch(entry.text))

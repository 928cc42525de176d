"""CSV to a page with one table: separator and quotes are found out, every field keeps its place.

:func:`detect` and :func:`scan` also serve a tool that changes a file without touching another byte of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from sphinxcontrib_raci.sources.page import Cell, Page, Row, Table
from sphinxcontrib_raci.sources.problems import Problems
from sphinxcontrib_raci.sources.sheets.archive import MOST_COLUMNS, Refused, one_break, row_of
from sphinxcontrib_raci.sources.sheets.encodings import complaint, decoded, errors
from sphinxcontrib_raci.sources.tree import PLAIN_BREAK
from sphinxcontrib_raci.wording import FORBIDDEN

LONGEST_FIELD, MOST_FIELDS = 1_000_000, 300_000
"""So many characters a field and fields a file may have."""

_RECORD = 5
"""A record counts as so many fields more, as that is what it costs even if nothing is in it."""

SEPARATORS = '\t;|,'
"""What is looked for.  Of two that fit as well the first is taken: a comma also stands in prose and in numbers."""

_SAMPLE, _SAMPLE_RECORDS, _PROSE_MAY, _MOST_COMPLAINTS = 100_000, 100, 0.8, 1_000

_FORMULA = '[=+\\-@\t\r\n＝＋－＠]'
_RISKY = re.compile(f"'*+{_FORMULA}")
_GUARDED = re.compile(f"'++{_FORMULA}")
_SEP_LINE = re.compile(r'"?sep=([^"\r\n])"?(?:\r\n|[\r\n]|\Z)', re.IGNORECASE)
_OWN_LINE = re.compile('"?raci"?([\t;|,])"?1"?[\t;|,]*(?:[\r\n]|\\Z)')


def guarded(text: str) -> str:
    """The text with ``'`` in front where a spreadsheet would run it as a formula."""
    return "'" + text if _RISKY.match(text) else text


def unguarded(text: str) -> str:
    """The text that :func:`guarded` was given."""
    return text[1:] if _GUARDED.match(text) else text


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is written: its characters, and what parts them into fields.

    ``text`` is without the byte order mark ``bom``.  A byte that its encoding lacks is in it as half a surrogate pair,
    so that :meth:`encoded` gives it back.  ``separator`` is empty where there is only one column.  The records begin
    at the offset ``start``, after a line such as ``sep=;``.
    """

    text: str
    encoding: str
    bom: bytes
    separator: str
    start: int = 0

    def encoded(self, text: str) -> bytes:
        """A text as this file would hold it: for ``self.text`` the bytes of the file."""
        return self.bom + text.encode(self.encoding, errors(self.encoding))


class Field(NamedTuple):
    """One field: what it says, the offsets in the text where it begins and ends (quotes included), and its place.

    ``unclosed`` says that it begins with a quote that never closes, which is then a character of it.
    """

    text: str
    start: int
    end: int
    line: int
    column: int
    unclosed: bool = False


def read_csv(data: bytes, problems: Problems) -> Page | None:
    """The page that a CSV file holds: one table with all its records; ``None`` where it cannot be read."""
    layout = detect(data, problems)
    if layout is None:
        return None
    text = _complained(layout, problems)
    rows: list[Row] = []
    left = MOST_FIELDS
    try:
        for record in scan(text, layout.separator, layout.start):
            left -= len(record) + _RECORD
            if left < 0:
                raise Refused(
                    f'the file has too many rows, or more than {MOST_FIELDS:,} fields; split it', record[0].line
                )
            rows.append(_row(record, problems))
    except Refused as refused:
        problems.add_at(refused.line, refused.column, str(refused), 'syntax')
        return None
    return Page((Table(tuple(rows), rows[0].line if rows else 1),))


def _row(record: list[Field], problems: Problems) -> Row:
    for field in record:
        if field.unclosed:
            text = 'this quote (") never closes; it is read as an ordinary character, close it after the text'
            problems.add_at(field.line, field.column, text, 'syntax')
    cells = (Cell(one_break(unguarded(field.text)), field.line, field.column) for field in record)
    return row_of(cells, record[0].line)


def scan(text: str, separator: str, start: int = 0) -> Iterator[list[Field]]:
    """The records of a text from the offset ``start`` on, each with at least one field; an empty line has an empty one.

    :raises Refused: at a record with too many columns and at a field that is too long.
    """
    match = _pattern(separator).match
    position, line, line_start = start, _breaks(text, 0, start) + 1, start
    record: list[Field] = []
    # After a separator at the very end there is one more field.
    while position < len(text) or record:
        found = match(text, position)
        assert found is not None  # every text matches: a field may be empty
        field = _field(found, line, position - line_start + 1)
        record.append(field)
        _check(text, record, separator)
        position = found.end()
        if found['lines'] is not None:
            line += _breaks(text, field.start, field.end)
            line_start = _line_start(text, field.start, field.end)
        if separator and found['after'] == separator:
            continue
        yield record
        record = []
        line, line_start = line + 1, position


def _pattern(separator: str) -> re.Pattern[str]:
    """What one field looks like, with what follows it.

    The second form goes over lines.  Text after its closing quote says that this quote really opens another field, and
    that the first one stands alone: the rows between them must not be swallowed.
    """
    sep = re.escape(separator)
    blank = '[' + ' \t'.replace(separator or '\0', '') + ']'
    after = rf'{sep} | [\r\n] | \Z' if separator else r'[\r\n] | \Z'
    return re.compile(
        rf"""(?: "(?P<inside> [^"\r\n]*+ (?: "" [^"\r\n]*+ )*+ )" (?P<tail> [^{sep}\r\n]*+ )
              | "(?P<lines> [^"]*+ (?: "" [^"]*+ )*+ )" (?P<blank> {blank}*+ ) (?= {after} )
              | (?P<bare> [^{sep}\r\n]*+ )
             ) (?P<after> \r\n | {after} )""",
        re.VERBOSE,
    )


def _field(found: re.Match[str], line: int, column: int) -> Field:
    start, end = found.start(), found.start('after')
    inside, tail, lines, blank, bare, _after = found.groups()
    if bare is not None:
        return Field(bare, start, end, line, column, bare.startswith('"'))
    text, rest = (inside, tail) if lines is None else (lines, blank)
    text = text.replace('""', '"') + rest
    return Field(text, start, end, line, column)


def _check(text: str, record: list[Field], separator: str) -> None:
    field = record[-1]
    if len(field.text) > LONGEST_FIELD:
        words = f'a field of {len(field.text):,} characters; one may have {LONGEST_FIELD:,}'
        raise Refused(words, field.line, field.column)
    if len(record) > MOST_COLUMNS:
        line_break = PLAIN_BREAK.search(text, field.end)
        more = text.count(separator, field.end, line_break.start() if line_break else len(text))
        words = f'the row has {len(record) + more:,} columns; a matrix may have {MOST_COLUMNS:,}'
        raise Refused(words, record[0].line, record[0].column)


def _breaks(text: str, start: int, end: int) -> int:
    """How many line breaks stand between two offsets."""
    return text.count('\n', start, end) + text.count('\r', start, end) - text.count('\r\n', start, end)


def _line_start(text: str, start: int, end: int) -> int:
    """Where the line begins in which ``end`` stands, sought back to ``start``."""
    return max(text.rfind('\n', start, end), text.rfind('\r', start, end)) + 1


def detect(data: bytes, problems: Problems) -> Layout | None:
    """How a file is written; ``None``, after saying why, where it is no text."""
    try:
        bom, encoding, text = decoded(data, problems)
    except Refused as refused:
        problems.add_at(refused.line, refused.column, str(refused), 'syntax')
        return None
    named = _SEP_LINE.match(text)
    # What the first key of ours is parted from its value by, whatever stands in the texts below.
    own = _OWN_LINE.match(text)
    separator, start = (named[1], named.end()) if named else (own[1] if own else _separator(text), 0)
    return Layout(text, encoding, bom, separator, start)


def _complained(layout: Layout, problems: Problems) -> str:
    """The text with U+FFFD for each character that no text may hold; the first one of each line is reported."""
    text, line, position = layout.text, 1, 0
    for _ in range(_MOST_COMPLAINTS):
        found = FORBIDDEN.search(text, position)
        if found is None:
            break
        line += _breaks(text, position, found.start())
        column = found.start() - _line_start(text, position, found.start()) + 1
        problems.add_at(line, column, complaint(found[0], layout.encoding), 'syntax')
        position = line_break.start() if (line_break := PLAIN_BREAK.search(text, found.start())) else len(text)
    # In pieces: every match costs memory until all are replaced.
    pieces = (text[start : start + _SAMPLE] for start in range(0, len(text), _SAMPLE))
    return ''.join(FORBIDDEN.sub('\N{REPLACEMENT CHARACTER}', piece) for piece in pieces)


def _separator(text: str) -> str:
    """The separator that parts the first records into the same number of fields most often."""
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE:
        sample = sample[: _line_start(sample, 0, _SAMPLE)] or sample
    best = max(SEPARATORS, key=lambda separator: _fitness(sample, separator))
    return best if _fitness(sample, best) else ''


def _fitness(sample: str, separator: str) -> float:
    """How well a separator fits: the wider the records and the more of them agree, the better; 0 where it does not."""
    counts: list[int] = []
    prose = True
    try:
        for record in islice(scan(sample, separator), _SAMPLE_RECORDS):
            if any(field.text.strip() for field in record):
                counts.append(len(record))
                prose = prose and all(field.text.startswith(' ') for field in record[1:])
    except Refused:
        return MOST_COLUMNS
    wide = Counter(count for count in counts if count > 1)
    if not wide:
        return 0
    count, agreeing = max(wide.items(), key=lambda item: (item[1], item[0]))
    share = agreeing / len(counts)
    # In prose a blank follows every comma, and sentences differ in how many they have.
    return 0 if prose and share < _PROSE_MAY else share * share * (count - 1)

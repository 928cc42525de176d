"""The law of conservation: no row of a table is lost in silence, and nothing appears that was not there.

Each row of a table is in the matrix as an activity, as the title of a section or as what a letter means, or it is
named in exactly one problem of kind ``row``, at its line; never both, never neither.  Heads and lines of dashes aside.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import often
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sphinxcontrib_raci.model import Matrix, Reading, Section
from sphinxcontrib_raci.schemes import SCHEMES
from sphinxcontrib_raci.sources import read, read_bytes

CORPUS = Path(__file__).parents[2] / 'shared' / 'corpus'
PAGES = sorted(path for path in CORPUS.glob('*') if path.suffix in ('.md', '.csv') and path.name != 'README.md')
PARTIES = ('Gardener', 'Owner of the house', 'Neighbours', 'Dev/Ops', '🌱 Helpers')
VERBS = ('Dig', 'Sow the', 'Water all', 'Prune: the', 'Order (by post)', '1.2 Rake', 'Zäune', 'R and A of')
WRONG = ('Q', 'R?', 'maybe', 'RX', '7', 'ask Ann', '?')
NOTES = ('veto', 'in May only', 'as of 2031')
# Explaining a failure costs more than finding it.
QUICK = tuple(phase for phase in Phase if phase is not Phase.explain)
STANDARD = {letter for scheme in SCHEMES.values() for letter in scheme.letters}


# --- pages -----------------------------------------------------------------------------------------------------------


@dataclass
class Row:
    """A row as it is written.

    ``token`` is a word that stands nowhere else.  ``letters`` has what each party has, ``None`` where the row is none
    that a person would take for a clean activity.
    """

    cells: list[str]
    token: str = ''
    letters: dict[str, str] | None = None
    bare: bool = False


@dataclass
class Sheet:
    """A page under construction; ``rows`` has each row that counts, by its line."""

    markdown: bool
    lines: list[str] = field(default_factory=list)
    rows: dict[int, Row] = field(default_factory=dict)
    count: int = 0

    def token(self) -> str:
        self.count += 1
        return f'zq{self.count}'

    def line(self, text: str) -> None:
        self.lines.append(text)

    def row(self, row: Row) -> None:
        """A row of a table."""
        self.lines.append(self.written(row.cells, row.bare))
        if row.token:
            self.rows[len(self.lines)] = row

    def head(self, cells: list[str]) -> None:
        self.lines.append(self.written(cells))
        if self.markdown:
            self.lines.append('|' + '|'.join([':-:'] * len(cells)) + '|')

    def written(self, cells: list[str], bare: bool = False) -> str:
        if self.markdown:
            text = ' | '.join(cell.replace('|', '\\|') for cell in cells)
            return f'| {text}' if bare else f'| {text} |'
        buffer = io.StringIO()
        csv.writer(buffer, lineterminator='').writerow(cells)
        return buffer.getvalue()

    def heading(self, text: str, level: int) -> None:
        if self.markdown:
            self.lines += ['', f'{"#" * level} {text}', '']
        else:
            self.lines += ['']

    def text(self) -> str:
        return '\n'.join(self.lines) + '\n'


Draw = Callable[[st.SearchStrategy[object]], object]


class Writer:
    """Draws the parts of a page.  ``features`` says which kinds of mess may be in it."""

    def __init__(self, draw: Callable[..., object], sheet: Sheet, features: frozenset[str]) -> None:
        self.draw = draw
        self.sheet = sheet
        self.features = features

    def one(self, *choices: object) -> object:
        return self.draw(st.sampled_from(choices))

    def number(self, least: int, most: int) -> int:
        return int(str(self.draw(st.integers(least, most))))

    def maybe(self, feature: str) -> bool:
        return feature in self.features and bool(self.draw(st.booleans()))

    def name(self) -> tuple[str, str]:
        token = self.sheet.token()
        return f'{self.one(*VERBS)} {token}', token

    def cell(self, *, blank: bool = True) -> tuple[str, str]:
        """A cell and the letters in it, in the order of the scheme."""
        letters = self.draw(st.sets(st.sampled_from('RACI'), min_size=0 if blank else 1, max_size=2))
        ordered = ''.join(code for code in 'RACI' if code in letters)  # type: ignore[operator]
        if not ordered:
            return str(self.one('', '-', '–', 'N/A')), ''
        mixed = self.draw(st.permutations(ordered))
        text = str(self.one('', '/', ', ', ' & ', ' ')).join(mixed)  # type: ignore[arg-type]
        text = str(self.one('{}', '{}', '**{}**', '*{}*')).format(text)
        if self.maybe('marks'):
            text += f' ({self.one(*NOTES)})'
        return text, ordered

    def legend(self) -> None:
        names = {'R': 'Rules', 'A': 'Answers', 'C': 'Counsels', 'I': 'Inquires'}
        self.sheet.line('')
        columns = self.number(2, 3)
        self.sheet.head(['Letter', 'Name', 'Meaning'][:1] + ['Name', 'Meaning'][-columns + 1 :])
        for code, name in names.items():
            token = self.sheet.token()
            middle = [name] if columns == 3 else []
            self.sheet.row(Row([f'**{code}**' if self.maybe('marks') else code, *middle, f'means {token} here'], token))
        if self.maybe('blank'):
            self.sheet.row(Row(['-', *['none'] * (columns - 1)], self.sheet.token()))
        self.sheet.line('')

    def foreign(self) -> None:
        self.sheet.line('')
        self.sheet.head(['Tool', 'Place', 'Price'])
        for _ in range(self.number(1, 3)):
            name, token = self.name()
            self.sheet.row(Row([name, 'shed', '12 EUR'], token))
        self.sheet.line('')

    def wide(self, parties: list[str]) -> None:
        lead = ['Phase'] if self.maybe('columns') else []
        number = ['#'] if self.maybe('columns') else []
        after = ['Remarks'] if self.maybe('columns') else []
        head = [*number, *lead, 'Task', *parties, *after]
        self.sheet.line('')
        self.sheet.head(head)
        clean = self.number(2, 5)
        for index in range(clean):
            found = [self.cell(blank=index > 0) for _ in parties]
            name, token = self.name()
            before = [str(index + 1)] * len(number) + (['Spring'] if index == 0 else ['']) * len(lead)
            note = [f'see {self.sheet.token()}'] * len(after)
            cells = [*before, name, *(cell for cell, _ in found), *note]
            letters = dict(zip(parties, (letters for _, letters in found), strict=True))
            # With a number and no letters it may as well be a title.
            sure = any(letters.values()) or not name.startswith('1.2')
            self.sheet.row(Row(cells, token, letters if sure else None))
            if index and not lead and not number:
                self.mess(head, parties)

    def mess(self, head: list[str], parties: list[str]) -> None:
        """Perhaps something between two rows."""
        blanks = [''] * len(parties)
        name, token = self.name()
        if self.maybe('wrong'):
            self.sheet.row(Row([name, str(self.one(*WRONG)), *('R' for _ in parties[1:])], token))
        elif self.maybe('ragged'):
            kind = self.one('none', 'many', 'nameless')
            cells = {
                'none': [name],
                'many': [name, *['R'] * len(parties), 'A'],
                'nameless': ['', *['R'] * len(parties)],
            }
            self.sheet.row(Row(cells[str(kind)], token))
        elif self.maybe('short') and len(parties) > 1:
            row = Row([name, *['C'] * (len(parties) - 1)], token, dict.fromkeys(parties[:-1], 'C') | {parties[-1]: ''})
            self.sheet.row(row)
        elif self.maybe('groups') and self.sheet.markdown:
            self.sheet.row(Row([f'**{name}**', *blanks], token))
        elif self.maybe('blank') and self.sheet.markdown:
            self.sheet.row(Row(['', *blanks], token))
        elif self.maybe('again'):
            self.sheet.lines.append(self.sheet.written(head))
        elif self.maybe('split') and self.sheet.markdown:
            self.sheet.line('')
        else:
            self.sheet.count -= 1

    def lettered(self, parties: list[str]) -> None:
        """A table with a column for each letter."""
        self.sheet.line('')
        self.sheet.head(['Task', 'R', 'A', 'C', 'I'])
        names = [party for party in parties if '/' not in party]
        for _ in range(self.number(2, 4)):
            name, token = self.name()
            letters = {party: str(self.one('R', 'A', 'C', 'I')) for party in names}
            cells = [', '.join(party for party in names if letters[party] == code) for code in 'RACI']
            self.sheet.row(Row([name, *cells], token, letters))


@st.composite
def pages(draw: Callable[..., object], features: frozenset[str]) -> Sheet:
    """Messy pages."""
    sheet = Sheet('sheet' not in features)
    writer = Writer(draw, sheet, features)
    parties = list(draw(st.permutations(PARTIES)))[: writer.number(2, 4)]  # type: ignore[call-overload]
    if sheet.markdown:
        sheet.line('# Garden')
    if writer.maybe('legend'):
        writer.legend()
    numbered = writer.maybe('headings')
    for index in range(writer.number(1, 3)):
        if writer.maybe('headings') or numbered:
            number = f'{index + 1}. ' if numbered else ''
            sheet.heading(f'{number}Part {sheet.token()}', writer.number(2, 4))
        if writer.maybe('foreign'):
            writer.foreign()
        if writer.maybe('letters'):
            writer.lettered(parties)
        else:
            writer.wide(parties)
    return sheet


# --- the law ---------------------------------------------------------------------------------------------------------


def sections(section: Section) -> Iterator[Section]:
    for child in section.sections:
        yield child
        yield from sections(child)


def explained(matrix: Matrix) -> list[str]:
    """What the page says of letters."""
    known = {letter.meaning for letter in STANDARD} | {letter.name for letter in STANDARD}
    return [text for one in matrix.scheme.letters for text in (one.name, one.meaning) if text not in known]


def texts(matrix: Matrix) -> Iterator[str]:
    """All that a reader of the matrix can see, but for what is the scheme's own."""
    yield from (matrix.title, matrix.revision, matrix.root.intro, *(party.name for party in matrix.parties))
    yield from (text for text in explained(matrix))
    yield from (title for _, title in matrix.scopes)
    for section in sections(matrix.root):
        yield from (section.title, section.intro)
    for activity in matrix.walk():
        yield from (activity.name, activity.note, *activity.tags, *(link.text for link in activity.links))
        yield from (cell.note for cell in activity.assignments)


def places(matrix: Matrix) -> set[int]:
    """The lines of all activities and sections; a row may be one and name the other in a column."""
    return {one.line for one in matrix.walk()} | {one.line for one in sections(matrix.root)}


def words(text: str) -> set[str]:
    return set(re.findall(r'\w+', text))


def broken(reading: Reading, lines: dict[int, Row]) -> list[str]:
    """Where the law does not hold."""
    matrix = reading.matrix
    kept: set[int] = set()
    if matrix is not None:
        meant = words(' '.join(explained(matrix)))
        kept = places(matrix) | {line for line, row in lines.items() if row.token in meant}
    named = Counter(one.place.line for one in reading.problems if one.kind == 'row')
    return [
        f'line {line} is {"" if line in kept else "not "}in the matrix and named {named[line]} times: {row.cells}'
        for line, row in lines.items()
        if (line in kept) + named[line] != 1
    ]


def wrong_letters(matrix: Matrix, lines: dict[int, Row]) -> list[str]:
    """Where the letters of a clean row are not those that were written."""
    found = {one.line: one for one in matrix.walk()}
    names = [party.name for party in matrix.parties]
    wrong = []
    for line, row in lines.items():
        if row.letters is None:
            continue
        if line not in found:
            wrong.append(f'line {line} is no activity: {row.cells}')
            continue
        cells = found[line].assignments
        got = {name: ''.join(cell.letters) for name, cell in zip(names, cells, strict=True) if cell.letters}
        if got != {party: letters for party, letters in row.letters.items() if letters}:
            wrong.append(f'line {line} has {got}: {row.cells}')
    return wrong


KINDS = {
    'a clean page': '',
    'marks': 'marks',
    'headings': 'headings',
    'legends': 'legend blank',
    'wrong letters': 'wrong',
    'ragged rows': 'ragged short',
    'titles in tables': 'groups',
    'blank rows': 'blank',
    'heads again': 'again',
    'tables in parts': 'split',
    'foreign tables': 'foreign',
    'further columns': 'columns',
    'columns of letters': 'letters',
    'everything': 'marks headings legend wrong ragged short groups blank again split foreign columns letters',
    'a sheet': 'sheet',
    'a sheet with wrong letters': 'sheet wrong marks',
    'a sheet with ragged rows': 'sheet ragged short',
    'a sheet with a legend': 'sheet legend',
    'a sheet with foreign tables': 'sheet foreign',
    'a sheet with further columns': 'sheet columns',
    'a sheet with everything': 'sheet marks legend wrong ragged short again foreign columns letters',
}


@pytest.mark.parametrize('kind', KINDS)
@settings(max_examples=often(60), deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(data=st.data())
def test_each_row_is_kept_or_named(kind: str, data: st.DataObject) -> None:
    sheet = data.draw(pages(frozenset(KINDS[kind].split())))
    text = sheet.text()
    reading = read_bytes(text.encode(), 'garden.md' if sheet.markdown else 'garden.csv')
    assert not broken(reading, sheet.rows), text
    assert reading.matrix is not None, text
    assert not wrong_letters(reading.matrix, sheet.rows), text
    new = {word for one in texts(reading.matrix) for word in words(one)} - words(text) - {'garden'}
    assert not new, text


@pytest.mark.parametrize('kind', KINDS)
@settings(max_examples=often(20), deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(data=st.data())
def test_no_activity_appears_twice(kind: str, data: st.DataObject) -> None:
    sheet = data.draw(pages(frozenset(KINDS[kind].split())))
    reading = read_bytes(sheet.text().encode(), 'garden.md' if sheet.markdown else 'garden.csv')
    found = [
        token for one in (reading.matrix.walk() if reading.matrix else ()) for token in re.findall(r'zq\d+', one.name)
    ]
    assert sorted(found) == sorted(set(found))
    known = {row.token for row in sheet.rows.values()}
    assert set(found) <= known


# --- real pages ------------------------------------------------------------------------------------------------------

_DASHES = re.compile(r'\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*')


def rows_of_markdown(text: str) -> dict[int, str]:
    """Each line that is a row of a pipe table but no head, by its number."""
    found: dict[int, str] = {}
    lines = text.replace('\r\n', '\n').split('\n')
    fenced = False
    for index, line in enumerate(lines):
        fenced ^= line.strip().startswith('```')
        if fenced or not line.strip().startswith('|') or ('-' in line and _DASHES.fullmatch(line.strip())):
            continue
        below = lines[index + 1].strip() if index + 1 < len(lines) else ''
        if not ('|' in below and '-' in below and _DASHES.fullmatch(below)):
            found[index + 1] = line
    return found


def rows_of_csv(text: str) -> dict[int, str]:
    """Each record with something in it but the first, by the number of its line."""
    found, line = {}, 1
    reader = csv.reader(io.StringIO(text))
    for record in reader:
        if any(cell.strip() for cell in record):
            found[line] = ','.join(record)
        line = reader.line_num + 1
    return dict(list(found.items())[1:])


def bare(text: str) -> str:
    """The letters and digits of a text: words may be joined differently where markup stood between them."""
    return re.sub(r'\W|_', '', text)


@pytest.mark.skipif(not PAGES, reason='the pages are not there')
@pytest.mark.parametrize('path', PAGES, ids=lambda path: path.name)
def test_each_row_of_a_real_page_is_kept_or_named(path: Path) -> None:
    text = path.read_text('utf-8-sig')
    rows = rows_of_markdown(text) if path.suffix == '.md' else rows_of_csv(text)
    reading = read(path, name=path.name)
    assert reading.matrix is not None
    kept = places(reading.matrix)
    named = Counter(one.place.line for one in reading.problems if one.kind == 'row')
    meanings = [bare(one) for one in explained(reading.matrix)]
    wrong = []
    for line, row in rows.items():
        legend = line not in kept and not named[line] and any(one and one in bare(row) for one in meanings)
        if (line in kept) + named[line] + legend != 1:
            wrong.append(f'{line}: {line in kept}, named {named[line]} times: {row[:100]}')
    assert not wrong
    assert set(named) <= rows.keys()


@pytest.mark.skipif(not PAGES, reason='the pages are not there')
@pytest.mark.parametrize('path', PAGES, ids=lambda path: path.name)
def test_nothing_appears_that_a_real_page_does_not_say(path: Path) -> None:
    reading = read(path, name=path.name)
    assert reading.matrix is not None
    source = bare(path.read_text('utf-8-sig'))
    title = reading.matrix.title
    found = {word for text in texts(reading.matrix) if text != title for word in re.findall(r'[^\W_]+', text)}
    assert not {word for word in found if word not in source}

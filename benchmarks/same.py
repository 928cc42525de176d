"""Do the projects say the same?  Looks at html pages: every activity, its letters, its anchor, the links to it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from content import Activity, Content, Matrix

LETTERS = re.compile(r'\b[RACI]+\b')


@dataclass
class Row:
    """A row of a table or an item of a list: its text, the text of its cells, where its links lead."""

    text: str = ''
    cells: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


class Page(HTMLParser):
    """The rows and the ids of a page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.ids: Counter[str] = Counter()
        self.open: list[Row] = []
        self.silent = False  # words of the extension that nobody sees, for screen readers
        self.feed(path.read_text(encoding='utf-8'))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.ids.update(filter(None, [values.get('id')]))
        self.silent = values.get('class') == 'raci-word'
        if tag in ('tr', 'li'):
            self.open.append(Row())
        elif tag in ('td', 'th') and self.open:
            self.open[-1].cells.append('')
        elif tag == 'a' and self.open:
            self.open[-1].links.append(values.get('href') or '')

    def handle_endtag(self, tag: str) -> None:
        self.silent = False
        if tag in ('tr', 'li') and self.open:
            self.rows.append(self.open.pop())

    def handle_data(self, data: str) -> None:
        for row in self.open * (not self.silent):
            row.text += data
            if row.cells:
                row.cells[-1] += data


def key(anchor: str) -> str:
    """An anchor as it is in all projects alike."""
    return re.sub('[^a-z0-9]+', '-', anchor.lower()).removeprefix('raci-')


def differences(content: Content, output: Path) -> Iterator[str]:
    """All that the pages of a project do not say, or say twice, or say otherwise than the content."""
    pages = {matrix.id: Page(output / f'{matrix.id}.html') for matrix in content.matrices}
    for matrix in content.matrices:
        yield from matrix_differences(content, matrix, pages[matrix.id])
    for party in content.parties:
        yield from party_differences(content, party, output, pages)


def matrix_differences(content: Content, matrix: Matrix, page: Page) -> Iterator[str]:
    """Every activity has one row, with its letters in the cells of the parties, and one anchor."""
    activities = list(matrix.activities())
    meant = Counter((activity.name, letters_of(content, activity)) for activity in activities)
    said = Counter(shown(page, len(content.parties), {activity.name for activity in activities}))
    yield from (f'{matrix.id}: {row} is missing' for row in meant - said)
    yield from (f'{matrix.id}: {row} is too much' for row in said - meant)
    anchors = Counter(key(anchor) for anchor in page.ids.elements())
    for activity in activities:
        if (count := anchors[key(f'{matrix.id}-{activity.id}')]) != 1:
            yield f'{matrix.id}, {activity.id}: {count} anchors'


def letters_of(content: Content, activity: Activity) -> str:
    """The letters of all parties, in the order of the columns."""
    return '|'.join(activity.who[party].letters if party in activity.who else '' for party in content.parties)


def shown(page: Page, parties: int, names: set[str]) -> Iterator[tuple[str, str]]:
    """The activities in the rows of a page, each by its name and letters; the last cells are those of the parties."""
    for row in page.rows:
        cells = (cell.strip() for cell in row.cells[:-parties])
        if found := [name for cell in cells for name in names if cell.startswith(name)]:
            yield max(found, key=len), '|'.join(' '.join(LETTERS.findall(cell)) for cell in row.cells[-parties:])


def party_differences(content: Content, party: str, output: Path, pages: dict[str, Page]) -> Iterator[str]:
    """What a party has a part in stands once on its pages, as a link, with its letters and then those of the others."""
    rows = [row for path in party_pages(output, party) for row in Page(path).rows]
    linked = [(target, row) for row in rows for target in set(activity_links(row, pages))]
    said = {target: (row.text, LETTERS.findall(row.text)) for target, row in linked}
    meant = {
        key(f'{matrix.id}-{activity.id}'): (activity, own_first(activity, party))
        for matrix in content.matrices
        for activity in matrix.of(party)
    }
    if len(linked) != len(said) or said.keys() != meant.keys():
        yield f'{party}: {len(linked)} rows of {len(said)} activities instead of {len(meant)}'
    for target in said.keys() & meant.keys():
        (text, letters), (activity, parts) = said[target], meant[target]
        if activity.name not in text or letters != parts:
            yield f'{party}, {activity.name!r}: {letters} instead of {parts}'


def own_first(activity: Activity, party: str) -> list[str]:
    """The letters of a party, then those of the others."""
    return [part.letters for _, part in sorted(activity.who.items(), key=lambda item: item[0] != party)]


def party_pages(output: Path, party: str) -> list[Path]:
    """The page of a party, and those below it."""
    return [*output.glob(f'parties/{party}.html'), *output.glob(f'parties/{party}/**/*.html')]


def activity_links(row: Row, pages: dict[str, Page]) -> Iterator[str]:
    """The activities that the links of a row lead to, as far as there is something where they lead."""
    for link in row.links:
        path, _, fragment = link.partition('#')
        name = Path(path).stem
        if name in pages and pages[name].ids[fragment] and key(fragment).startswith(f'{name}-'):
            yield key(fragment)

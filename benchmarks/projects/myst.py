"""By hand in Markdown, with MyST-Parser: pipe tables, spans that links lead to, and lists of links."""

from collections.abc import Iterator

from content import Activity, Content, Matrix, count_letters

from .common import Files, conf, label, letters_and_note, others, party_label, totals

SETTINGS = """\
myst_enable_extensions = ['attrs_inline']
"""


def files(content: Content) -> Files:
    parties = [f'parties/{party}' for party in content.parties]
    yield conf('myst_parser', more=SETTINGS)
    yield 'index.md', [*title('Responsibilities'), *toctree(['overview', *(matrix.id for matrix in content.matrices)])]
    yield 'overview.md', [*title('Overview'), *overview_table(content), *toctree(parties)]
    for matrix in content.matrices:
        yield f'{matrix.id}.md', matrix_page(content, matrix)
    for party in content.parties:
        yield f'parties/{party}.md', party_page(content, party)


def title(text: str, level: int = 1) -> tuple[str, str]:
    return f'{"#" * level} {text}', ''


def toctree(names: list[str]) -> list[str]:
    """A table of contents of one level."""
    return ['```{toctree}', ':maxdepth: 1', '', *names, '```']


def row(*cells: str) -> str:
    return f'| {" | ".join(cells)} |'


def table_head(*titles: str) -> tuple[str, str]:
    return row(*titles), row(*['---'] * len(titles))


def matrix_page(content: Content, matrix: Matrix) -> Iterator[str]:
    """A document with a section and a table for each section of the matrix."""
    yield from title(matrix.title)
    for chapter in matrix.chapters:
        yield from title(chapter.title, 2)
        for section in chapter.sections:
            yield from title(section.title, 3)
            yield from table_head('Activity', *content.parties.values())
            for activity in section.activities:
                name = f'[{activity.name}]{{#{label(matrix, activity)}}} {activity.note}'.strip()
                yield row(name, *(letters_and_note(activity.who.get(party)) for party in content.parties))
            yield ''


def party_page(content: Content, party: str) -> Iterator[str]:
    """What one party takes part in: totals, then a list of links for each matrix."""
    yield from (*title(content.parties[party]), totals(content, party), '')
    for matrix in content.matrices:
        if activities := matrix.of(party):
            yield from (f'({party_label(party, matrix)})=', *title(matrix.title, 2))
            yield from (party_item(content, party, matrix, activity) for activity in activities)
            yield ''


def party_item(content: Content, party: str, matrix: Matrix, activity: Activity) -> str:
    """One activity on a party page: the link, the own letters and note, the letters of the others."""
    own, rest = activity.who[party], others(content, party, activity)
    text = f'* [{activity.name}](#{label(matrix, activity)}) **{own.letters}**'
    return text + (f', {own.note}' if own.note else '') + (f' ({rest})' if rest else '')


def overview_table(content: Content) -> Iterator[str]:
    """Matrices by parties; every count leads to the list that it counts."""
    yield from table_head('Matrix', *content.parties.values())
    for matrix in content.matrices:
        counts = (overview_counts(matrix, party) for party in content.parties)
        yield row(f'[{matrix.title}]({matrix.id}.md)', *counts)
    yield ''


def overview_counts(matrix: Matrix, party: str) -> str:
    """The counts of a party in a matrix, each of them a link."""
    counts = count_letters(matrix.of(party), party).items()
    return ', '.join(f'{letter} [{count}](#{party_label(party, matrix)})' for letter, count in counts)

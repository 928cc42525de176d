"""By hand in reStructuredText: tables, targets, and lists of references."""

from collections.abc import Iterator

from content import Activity, Content, Matrix, Part, count_letters

from .common import Files, conf, heading, index, label, others, overview, party_label, totals


def files(content: Content) -> Files:
    yield conf()
    yield index(content)
    yield overview(content, overview_table(content))
    for matrix in content.matrices:
        yield f'{matrix.id}.rst', matrix_page(content, matrix)
    for party in content.parties:
        yield f'parties/{party}.rst', party_page(content, party)


def matrix_page(content: Content, matrix: Matrix) -> Iterator[str]:
    """A document with a section and a table for each section of the matrix."""
    yield from heading(matrix.title)
    for chapter in matrix.chapters:
        yield from heading(chapter.title, 1)
        for section in chapter.sections:
            yield from heading(section.title, 2)
            yield from table_head(['Activity', *content.parties.values()], [60, *[20] * len(content.parties)])
            for activity in section.activities:
                yield from table_row(content, matrix, activity)
            yield ''


def table_head(titles: list[str], widths: list[int]) -> Iterator[str]:
    """The directive, its options and the head row."""
    yield from ('.. list-table::', '   :header-rows: 1', f'   :widths: {" ".join(map(str, widths))}', '')
    yield f'   * - {titles[0]}'
    yield from (f'     - {title}' for title in titles[1:])


def table_row(content: Content, matrix: Matrix, activity: Activity) -> Iterator[str]:
    """A row whose first cell holds the target that references lead to."""
    yield from (f'   * - .. _{label(matrix, activity)}:', '', f'       {activity.name}')
    if activity.note:
        yield from ('', f'       {activity.note}')
    for party in content.parties:
        yield from table_cell(activity.who.get(party))


def table_cell(part: Part | None) -> Iterator[str]:
    """The letters of a party, with its note in a paragraph of its own."""
    yield f'     - {part.letters}' if part else '     -'
    if part and part.note:
        yield from ('', f'       {part.note}')


def party_page(content: Content, party: str) -> Iterator[str]:
    """What one party takes part in: totals, then a list of references for each matrix."""
    yield from heading(content.parties[party])
    yield from (totals(content, party), '')
    for matrix in content.matrices:
        if activities := matrix.of(party):
            yield from (f'.. _{party_label(party, matrix)}:', '', *heading(matrix.title, 1))
            yield from (party_item(content, party, matrix, activity) for activity in activities)
            yield ''


def party_item(content: Content, party: str, matrix: Matrix, activity: Activity) -> str:
    """One activity on a party page: the reference, the own letters and note, the letters of the others."""
    own, rest = activity.who[party], others(content, party, activity)
    text = f'* :ref:`{activity.name} <{label(matrix, activity)}>` **{own.letters}**'
    return text + (f', {own.note}' if own.note else '') + (f' ({rest})' if rest else '')


def overview_table(content: Content) -> Iterator[str]:
    """Matrices by parties; every count leads to the list that it counts."""
    yield from table_head(['Matrix', *content.parties.values()], [40, *[20] * len(content.parties)])
    for matrix in content.matrices:
        yield f'   * - :doc:`{matrix.id}`'
        yield from (f'     - {overview_counts(matrix, party)}'.rstrip() for party in content.parties)
    yield ''


def overview_counts(matrix: Matrix, party: str) -> str:
    """The counts of a party in a matrix, each of them a reference."""
    counts = count_letters(matrix.of(party), party).items()
    return ', '.join(f'{letter} :ref:`{count} <{party_label(party, matrix)}>`' for letter, count in counts)

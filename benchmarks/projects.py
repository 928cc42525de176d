"""Write the Sphinx projects that the benchmark builds: one content, written in three ways."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from content import Activity, Content, Matrix, Part, count_letters

CONF = """\
project = 'Responsibilities'
copyright = 'the authors'
extensions = {extensions}
html_theme = 'basic'
html_sidebars = {{'**': ['localtoc.html']}}
html_copy_source = False
"""
RACI_CONF = "raci_party_pages = 'parties'\n"
UNDERLINES = '=-~'


def write_raci(folder: Path, content: Content) -> None:
    """With the extension: a source per matrix, and nothing by hand for the parties."""
    write(folder / 'conf.py', [CONF.format(extensions=['sphinxcontrib_raci']) + RACI_CONF])
    write(folder / 'index.rst', index_page(content))
    write(folder / 'overview.rst', [*heading('Overview'), '.. raci:parties::', '   :toctree:'])
    for matrix in content.matrices:
        write(folder / f'{matrix.id}.rst', [*heading(matrix.title), f'.. raci:: {matrix.id}'])
        write(folder / f'{matrix.id}.raci.yaml', raci_source(content, matrix))


def write_list_table(folder: Path, content: Content) -> None:
    """By hand: tables, targets, and lists of references."""
    write(folder / 'conf.py', [CONF.format(extensions=[])])
    write(folder / 'index.rst', index_page(content))
    write(folder / 'overview.rst', [*heading('Overview'), *overview_table(content), *party_toctree(content)])
    for matrix in content.matrices:
        write(folder / f'{matrix.id}.rst', matrix_page(content, matrix))
    for party in content.parties:
        write(folder / 'parties' / f'{party}.rst', party_page(content, party))


def write_bare(folder: Path, content: Content) -> None:
    """The same documents and titles without tables and lists: what Sphinx itself costs."""
    write(folder / 'conf.py', [CONF.format(extensions=[])])
    write(folder / 'index.rst', index_page(content))
    write(folder / 'overview.rst', [*heading('Overview'), *party_toctree(content)])
    for matrix in content.matrices:
        write(folder / f'{matrix.id}.rst', bare_page(matrix))
    for party, name in content.parties.items():
        write(folder / 'parties' / f'{party}.rst', heading(name))


WRITERS: dict[str, Callable[[Path, Content], None]] = {
    'raci': write_raci,
    'list-table': write_list_table,
    'bare': write_bare,
}


def write(path: Path, lines: Iterable[str]) -> None:
    """Write the lines of one file; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('\n'.join(lines) + '\n', encoding='utf-8')


# --- pages that are alike in all projects


def heading(title: str, level: int = 0) -> list[str]:
    """A title with its underline."""
    return [title, UNDERLINES[level] * len(title), '']


def toctree(names: Iterable[str]) -> list[str]:
    """A table of contents of one level."""
    return ['.. toctree::', '   :maxdepth: 1', '', *(f'   {name}' for name in names), '']


def index_page(content: Content) -> list[str]:
    """The first page of the project."""
    return [*heading('Responsibilities'), *toctree(['overview', *(matrix.id for matrix in content.matrices)])]


def party_toctree(content: Content) -> list[str]:
    """The table of contents of the party pages."""
    return toctree(f'parties/{party}' for party in content.parties)


def bare_page(matrix: Matrix) -> Iterator[str]:
    """The titles of a matrix, and one paragraph."""
    yield from heading(matrix.title)
    yield from ('Who does what for this service.', '')
    for chapter in matrix.chapters:
        yield from heading(chapter.title, 1)
        for section in chapter.sections:
            yield from heading(section.title, 2)


# --- sources of the extension


def raci_source(content: Content, matrix: Matrix) -> Iterator[str]:
    """A matrix in the source format of the extension."""
    yield from ('raci: 1', f'title: {matrix.title}', 'parties:')
    yield from (f'  {party}: {name}' for party, name in content.parties.items())
    yield 'sections:'
    for chapter in matrix.chapters:
        yield from (f'  - title: {chapter.title}', '    sections:')
        for section in chapter.sections:
            yield from (f'      - title: {section.title}', '        activities:')
            for activity in section.activities:
                yield from activity_source(activity)


def activity_source(activity: Activity) -> Iterator[str]:
    """One activity in the source format of the extension."""
    parts = (f'{party}: {part_source(part)}' for party, part in activity.who.items())
    yield f'          - id: {activity.id}'
    yield f'            name: {activity.name}'
    yield f'            who: {{{", ".join(parts)}}}'
    if activity.note:
        yield f'            note: {activity.note}'


def part_source(part: Part) -> str:
    """The letters of a party, with its note if there is one."""
    return f'{{letters: {part.letters}, note: {part.note}}}' if part.note else part.letters


# --- pages written by hand


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


def label(matrix: Matrix, activity: Activity) -> str:
    """The name of the target of an activity."""
    return f'raci-{matrix.id}.{activity.id}'


def party_label(party: str, matrix: Matrix) -> str:
    """The name of the target of a matrix on a party page."""
    return f'raci-party.{party}.{matrix.id}'


def party_page(content: Content, party: str) -> Iterator[str]:
    """What one party takes part in: totals, then a list of references for each matrix."""
    rows = [activity for matrix in content.matrices for activity in matrix.of(party)]
    yield from heading(content.parties[party])
    yield from (f'A part in {len(rows)} activities: {spell_counts(count_letters(rows, party))}.', '')
    for matrix in content.matrices:
        if activities := matrix.of(party):
            yield from (f'.. _{party_label(party, matrix)}:', '', *heading(matrix.title, 1))
            yield from (party_item(content, party, matrix, activity) for activity in activities)
            yield ''


def spell_counts(counts: dict[str, int]) -> str:
    """How often each letter stands, as text."""
    return ', '.join(f'{letter} {count}' for letter, count in counts.items())


def party_item(content: Content, party: str, matrix: Matrix, activity: Activity) -> str:
    """One activity on a party page: the reference, the own letters and note, the letters of the others."""
    own = activity.who[party]
    others = [f'{content.parties[name]} {part.letters}' for name, part in activity.who.items() if name != party]
    text = f'* :ref:`{activity.name} <{label(matrix, activity)}>` **{own.letters}**'
    return text + (f', {own.note}' if own.note else '') + (f' ({", ".join(others)})' if others else '')


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

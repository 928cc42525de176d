"""With Sphinx-Needs: a need per activity, and tables of needs by tag on the pages of the matrices and of the parties.

For speed, as its manual recommends: filters by tag alone, which it answers from an index; tables that are plain, not
interactive; fields without functions; needs that are hidden, so that the tables alone show them.  A hidden need leaves
no anchor in the page, so those that links lead to stand before the table of the section.
"""

from collections.abc import Iterator

from content import Activity, Content, Matrix

from .common import Files, conf, heading, index, letters_and_note, overview, totals

SETTINGS = """\
needs_types = [dict(directive='activity', title='Activity', prefix='', color='#ffffff', style='node')]
needs_id_regex = '^[a-z0-9-]+$'
needs_fields = {fields}
needs_table_style = 'table'
"""


def files(content: Content) -> Files:
    fields = {name: {'nullable': True, 'parse_dynamic_functions': False} for name in fields_of(content)}
    yield conf('sphinx_needs', more=SETTINGS.format(fields=fields))
    yield index(content)
    yield overview(content)
    for matrix in content.matrices:
        yield f'{matrix.id}.rst', matrix_page(content, matrix)
    for party, name in content.parties.items():
        others = (other for other in content.parties if other != party)
        page = [*heading(name), totals(content, party), '', *table(content, party, [party, *others])]
        yield f'parties/{party}.rst', page


def fields_of(content: Content) -> list[str]:
    """The fields of a need beside its title: the note, and the letters of each party."""
    return ['note', *content.parties]


def matrix_page(content: Content, matrix: Matrix) -> Iterator[str]:
    """A document with needs and a table of them for each section of the matrix."""
    yield from heading(matrix.title)
    for number, chapter in enumerate(matrix.chapters):
        yield from heading(chapter.title, 1)
        for serial, section in enumerate(chapter.sections):
            tag = f'{matrix.id}-{number}-{serial}'
            yield from heading(section.title, 2)
            for activity in section.activities:
                yield from need(content, matrix, activity, tag)
            yield from (f'.. _{need_id(matrix, activity)}:' for activity in section.activities)
            yield ''
            yield from table(content, tag, list(content.parties))


def need_id(matrix: Matrix, activity: Activity) -> str:
    return f'{matrix.id}-{activity.id}'


def need(content: Content, matrix: Matrix, activity: Activity, tag: str) -> Iterator[str]:
    """An activity; its tags are the section that it is in and the parties that take part in it."""
    yield f'.. activity:: {activity.name}'
    yield f'   :id: {need_id(matrix, activity)}'
    yield f'   :tags: {"; ".join([tag, *activity.who])}'
    yield '   :hide:'
    if activity.note:
        yield f'   :note: {activity.note}'
    yield from (f'   :{party}: {letters_and_note(part)}' for party, part in activity.who.items())
    yield ''


def table(content: Content, tag: str, parties: list[str]) -> Iterator[str]:
    """A table of the needs that have a tag, with a column for each party."""
    names = [f'{party} as "{content.parties[party]}"' for party in parties]
    columns = ['id', 'title as "Activity"', 'note', *names]
    yield from ('.. needtable::', f'   :filter: "{tag}" in tags', f'   :columns: {"; ".join(columns)}', '')

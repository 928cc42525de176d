"""With the extension: a source per matrix, and nothing by hand for the parties."""

from collections.abc import Iterator

from content import Activity, Content, Matrix, Part

from .common import Files, conf, heading, index


def files(content: Content) -> Files:
    yield conf('sphinxcontrib_raci', more="raci_party_pages = 'parties'\n")
    yield index(content)
    yield 'overview.rst', [*heading('Overview'), '.. raci:parties::', '   :toctree:']
    for matrix in content.matrices:
        yield f'{matrix.id}.rst', [*heading(matrix.title), f'.. raci:: {matrix.id}']
        yield f'{matrix.id}.raci.yaml', source(content, matrix)


def source(content: Content, matrix: Matrix) -> Iterator[str]:
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

"""The same documents and titles without tables and lists: what Sphinx itself costs."""

from collections.abc import Iterator

from content import Content, Matrix

from .common import Files, conf, heading, index, overview


def files(content: Content) -> Files:
    yield conf()
    yield index(content)
    yield overview(content)
    for matrix in content.matrices:
        yield f'{matrix.id}.rst', page(matrix)
    for party, name in content.parties.items():
        yield f'parties/{party}.rst', heading(name)


def page(matrix: Matrix) -> Iterator[str]:
    """The titles of a matrix, and one paragraph."""
    yield from heading(matrix.title)
    yield from ('Who does what for this service.', '')
    for chapter in matrix.chapters:
        yield from heading(chapter.title, 1)
        for section in chapter.sections:
            yield from heading(section.title, 2)

"""The same documents and titles without tables and lists: what Sphinx itself costs."""

from collections.abc import Iterator

from content import Content, Matrix

from .common import Files, conf, heading, index, overview, toctree

PARTY_ROWS = 5000
"""The default of raci_party_rows."""


def files(content: Content) -> Files:
    yield conf()
    yield index(content)
    yield overview(content)
    for matrix in content.matrices:
        yield f'{matrix.id}.rst', page(matrix)
    for party, name in content.parties.items():
        matrices = matrices_with_pages(content, party)
        names = [f'{party}/{matrix.id}' for matrix in matrices]
        yield f'parties/{party}.rst', [*heading(name), *(toctree(names) if names else ())]
        for matrix in matrices:
            yield f'parties/{party}/{matrix.id}.rst', heading(f'{name}: {matrix.title}')


def matrices_with_pages(content: Content, party: str) -> list[Matrix]:
    """The matrices for which the extension gives a party a page of its own."""
    found = [matrix for matrix in content.matrices if matrix.of(party)]
    return found if sum(len(matrix.of(party)) for matrix in found) > PARTY_ROWS else []


def page(matrix: Matrix) -> Iterator[str]:
    """The titles of a matrix, and one paragraph."""
    yield from heading(matrix.title)
    yield from ('Who does what for this service.', '')
    for chapter in matrix.chapters:
        yield from heading(chapter.title, 1)
        for section in chapter.sections:
            yield from heading(section.title, 2)

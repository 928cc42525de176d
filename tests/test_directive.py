"""``.. raci::``: what it shows, and how its options change that."""

from __future__ import annotations

from conftest import Project


def test_a_matrix_is_shown_with_its_sections_as_sections_of_the_document(hosting: Project) -> None:
    result = hosting.build()

    assert result.warnings == []
    page = result.text('hosting.html')
    assert '<h2>Start' in page
    assert '<h3>Incidents' in page
    assert 'id="raci-hosting.tickets"' in page
    assert 'id="raci-hosting.mail"' in page


def test_nothing_is_read_or_written_when_nothing_has_changed(hosting: Project) -> None:
    hosting.build()

    again = hosting.build()

    assert (again.read, again.written) == ([], [])

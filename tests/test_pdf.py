"""The manual as a PDF, compiled for real: everything is in it, nothing sticks out, every link leads somewhere.

Matrices with more parties, other engines and other paper are in ``test_pdf_engines.py``.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import EXAMPLE, Project, copy_example
from pypdf import PdfReader

from sphinxcontrib_raci import sources
from sphinxcontrib_raci.model import Section

pytestmark = pytest.mark.pdf


class Pdf:
    """A compiled document."""

    def __init__(self, folder: Path, name: str = '*.tex') -> None:
        """Compile the LaTeX in a folder as Sphinx's own makefile does, but without pausing for questions."""
        self.tex = next(folder.glob(name))
        command = ['latexmk', '-pdf', '-dvi-', '-ps-', '-interaction=nonstopmode', '-halt-on-error', self.tex.name]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
        self.path = self.tex.with_suffix('.pdf')
        self.log = self.tex.with_suffix('.log').read_text('utf-8', errors='replace')

    def text(self) -> str:
        """The letters of its text, cell by cell."""
        command = ['pdftotext', '-nopgbrk', str(self.path), '-']
        return squeeze(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    def aux(self) -> str:
        """What LaTeX noted of its labels."""
        return self.tex.with_suffix('.aux').read_text('utf-8')

    def overfull(self) -> list[float]:
        """By how many points boxes stick out."""
        return [float(points) for points in re.findall(r'Overfull \\hbox \(([\d.]+)pt too wide\)', self.log)]


def squeeze(text: str) -> str:
    """Text with nothing but its letters and digits: spaces, hyphens and line ends depend on the layout."""
    return re.sub(r'[\W_]+', '', text)


@pytest.fixture(scope='module')
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The LaTeX of the manual, and of the party page that is a document of its own."""
    result = Project(copy_example(tmp_path_factory.mktemp('manual')), conf=None).build('latex')
    # What a document links to and does not hold is no problem.
    assert result.warnings == []
    return result.out


@pytest.fixture(scope='module')
def manual(built: Path) -> Pdf:
    return Pdf(built, 'sphinxcontrib-raci.tex')


@pytest.fixture(scope='module')
def provider(built: Path) -> Pdf:
    return Pdf(built, 'provider.tex')


def test_every_activity_of_the_key_management_service_is_in_the_pdf(manual: Pdf) -> None:
    matrix = sources.read(EXAMPLE / 'services/kms.raci.yaml').matrix
    assert matrix is not None
    text = manual.text()

    missing = [activity.name for activity in matrix.walk() if squeeze(activity.name) not in text]

    assert len(list(matrix.walk())) == 31
    assert missing == []


def test_every_party_page_is_in_the_pdf(manual: Pdf) -> None:
    text = manual.text()

    for party in ('Customer', 'Cloud provider'):
        assert re.search(squeeze(party) + r'hasapartin\d+ofthe\d+activitiesof\d+matrices', text), party


def test_links_to_activities_lead_to_named_places_in_the_document(manual: Pdf) -> None:
    matrix = sources.read(EXAMPLE / 'services/kms.raci.yaml').matrix
    assert matrix is not None
    places = dict(re.findall(r'^\\newlabel\{[^}]*:(raci-[^}]*)\}\{.*\{([^{}]*)\}\{\}\}$', manual.aux(), re.MULTILINE))
    wanted = {places[f'raci-kms.{activity.id}'] for activity in matrix.walk()}
    reader = PdfReader(manual.path)

    linked = {str(name) for page in reader.pages for name in link_targets(page)}

    assert linked <= set(reader.named_destinations)
    assert len(wanted) == 31, 'each activity is a place of its own'
    assert wanted <= linked


def link_targets(page: object) -> list[str]:
    """The names of the places that the links of a page lead to."""
    annotations = page.get('/Annots') or []  # type: ignore[attr-defined]
    actions = [annotation.get_object().get('/A', {}) for annotation in annotations]
    return [action['/D'] for action in actions if action.get('/S') == '/GoTo']


def test_no_title_of_a_section_is_left_at_the_foot_of_a_page(manual: Pdf) -> None:
    matrix = sources.read(EXAMPLE / 'services/kms.raci.yaml').matrix
    assert matrix is not None
    titles = [f'{number} {section.title}' for number, section in numbered(matrix.root)]
    assert len(titles) > 20
    command = ['pdftotext', '-layout', str(manual.path), '-']
    pages = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split('\f')

    for title in titles:
        # Below a title on its page there is the head of a table, be it after the titles of sections around that.
        # The guide shows a piece of the matrix before.
        *_, below = [lines[lines.index(title) + 1 :] for page in pages if title in (lines := stripped(page))]
        rest = [line for line in below if line and line not in titles]
        assert rest, title
        assert rest[0].split() == ['Activity', 'Customer', 'Cloud', 'provider'], title


def numbered(section: Section, number: str = '') -> Iterator[tuple[str, Section]]:
    for index, child in enumerate(section.sections, 1):
        yield f'{number}{index}', child
        yield from numbered(child, f'{number}{index}.')


def stripped(page: str) -> list[str]:
    return [line.strip() for line in page.splitlines()]


def test_no_table_of_the_manual_sticks_out(manual: Pdf, provider: Pdf) -> None:
    assert [points for points in manual.overfull() + provider.overfull() if points > 1] == []


def test_a_party_page_is_a_document_of_its_own(provider: Pdf) -> None:
    text = provider.text()
    project = [sources.read(path).matrix for path in sorted((EXAMPLE / 'services').glob('*.raci.yaml'))]
    names = [
        activity.name
        for matrix in project
        if matrix is not None
        for activity in matrix.walk()
        if activity.assignments[matrix.column('provider') or 0].letters
    ]

    assert len(names) > 80
    assert [name for name in names if squeeze(name) not in text] == []
    # The places of activities are in another document.
    assert 'raci-kms.' not in provider.aux()
    linked = {name for page in PdfReader(provider.path).pages for name in link_targets(page)}
    assert linked <= set(PdfReader(provider.path).named_destinations)

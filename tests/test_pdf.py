"""The manual as a PDF, compiled for real: everything is in it, nothing sticks out, every link leads somewhere."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import EXAMPLE, MANDATORY, Project, copy_example
from pypdf import PdfReader

from sphinxcontrib_raci import sources
from sphinxcontrib_raci.model import Section

PROGRAMS = ('latexmk', 'pdflatex', 'pdftotext')
LONGEST = (
    'Operate the automatic systems that manage the network (their architecture, their implementation, the '
    'upkeep of software and hardware, for the private and the public networks that are rolled out, for the '
    'addresses of dedicated servers, for load balancers, gateways and the interconnection of data centres), '
    'and hand over, at the end of each quarter and whenever the supervising authority asks for it, a statement '
    'of their availability, of every change that was made to them and of all incidents, with cause, length, '
    'the customers affected, the measures taken at once and the measures planned, signed by the person who is '
    'accountable for the infrastructure as a whole in the region concerned'
)
PARTIES = [
    'Customer',
    'Infrastructure operations',
    'Security operations centre',
    'Telecommunications',
    'Service desk',
    'Compliance and internal audit',
    'Subcontractor',
    'Product management',
]

pytestmark = [
    pytest.mark.pdf,
    pytest.mark.skipif(
        not MANDATORY and not all(map(shutil.which, PROGRAMS)), reason=f'needs {", ".join(PROGRAMS)} on the PATH'
    ),
]


class Pdf:
    """A compiled document."""

    def __init__(self, folder: Path) -> None:
        """Compile the LaTeX in a folder as Sphinx's own makefile does, but without pausing for questions."""
        self.tex = next(folder.glob('*.tex'))
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
def manual(tmp_path_factory: pytest.TempPathFactory) -> Pdf:
    return Pdf(Project(copy_example(tmp_path_factory.mktemp('manual')), conf=None).build('latex').out)


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


def test_no_table_of_the_manual_sticks_out(manual: Pdf) -> None:
    assert [points for points in manual.overfull() if points > 5] == []


def wide_project(project: Project, latex: dict[str, str]) -> Project:
    lines = ['raci: 1', 'title: Wide', 'parties:']
    lines += [f'  p{index}: {name}' for index, name in enumerate(PARTIES)]
    lines += ['activities:']
    who = ', '.join(
        f'p{index}: {letters}' for index, letters in enumerate(['RACI', 'RA', 'C', 'CI', 'I', 'R', 'A', 'I'])
    )
    for index in range(60):
        name = LONGEST if index % 20 == 0 else f'Activity number {index} of a long list that runs over several pages'
        lines += [f'  - id: number-{index}', f'    name: "{name}"', f'    who: {{{who}}}']
    project.conf(raci_party_pages='parties', latex_elements=latex)
    return project.write(
        {
            'wide.raci.yaml': '\n'.join(lines),
            'index.rst': 'Wide\n====\n\n.. toctree::\n\n   page\n   overview\n',
            'page.rst': 'Page\n====\n\n.. raci:: wide\n',
            'overview.rst': 'Parties\n=======\n\n.. raci:parties::\n   :toctree:\n',
        }
    )


@pytest.mark.parametrize('paper', ['a4paper', 'letterpaper'])
def test_eight_parties_and_the_longest_activity_fit_the_page(project: Project, paper: str) -> None:
    wide_project(project, {'papersize': paper})

    pdf = Pdf(project.build('latex').out)

    assert [points for points in pdf.overfull() if points > 5] == []
    text = pdf.text()
    assert squeeze(LONGEST) in text
    # The head stands on each page of a table of 60 rows.
    assert text.count(squeeze('Telecommunications')) > 5

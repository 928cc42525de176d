"""Matrices of 2 to 14 parties as PDFs of each engine, class and paper: complete, within the margins, whole rows.

Each document is compiled once, and looked at by all tests.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import Project
from pypdf import PdfReader

from sphinxcontrib_raci import sources
from sphinxcontrib_raci.model import Matrix, Section

LATEXMK = {'pdflatex': '-pdf', 'xelatex': '-pdfxe', 'lualatex': '-pdflua'}
WORDS = (
    'operate the systems that manage the network and hand over a statement of their availability and of every change '
    'that was made to them at the end of each quarter to the authority that supervises the region concerned with cause '
    'length and the customers affected as well as the measures taken at once and the measures planned'
)
PARTIES = (
    'Customer',
    'Infrastructure operations',
    'Security operations centre',
    'Telecommunications',
    'Compliance and internal audit',
    'Service desk',
    'Subcontractor',
    'Product management',
    'Data protection officer',
    'Finance',
    'Legal department',
    'Site reliability engineering',
    'Works council',
    'Auditor',
)
HARD = (
    'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvorsitzendenvertretung',
    'customer_managed_encryption_key_rotation_policy_identifier_of_the_primary_region',
    'd41d8cd98f00b204e9800998ecf8427ed41d8cd98f00b204e9800998ecf8427e',
    'https://status.example.org/services/key-management/regions/north/incidents?since=2024-11-25',
)
SIZES = (2, 5, 9, 14)

pytestmark = pytest.mark.pdf


def source(size: int) -> str:
    """A matrix of so many parties: two pages or more, names of 300 characters, words that no pattern divides."""
    lines = ['raci: 1', f'title: Matrix of {size}', f'revision: 2024-11-{size:02}', 'parties:']
    lines += [f'  p{index}: {name}' for index, name in enumerate(PARTIES[:size])]
    lines.append('sections:')
    for number in range(12):
        title = f'Section {size}x{number}'
        lines += [f'  - title: {title}', '    sections:', f'      - title: Inner {title}', '        activities:']
        for index in range(4):
            lines += activity(size, number, index)
    return '\n'.join(lines) + '\n'


def activity(size: int, number: int, index: int) -> list[str]:
    mark = f'a{size}x{number}x{index}'
    name = f'Begin{mark} {[WORDS, HARD[number % len(HARD)], "and keep it so", WORDS[:90]][index]} end{mark}'
    letters = ['RACI', 'R', 'A', 'CI', '', 'I']
    who = ', '.join(f'p{party}: {letters[(party + index) % 6]}' for party in range(size))
    lines = [f'          - id: {mark}', f'            name: {name}', f'            who: {{{who}}}']
    return [*lines, f'            note: Note{mark} about {HARD[1]}'] if index == 2 else lines


LONG = ' '.join(f'longword{number}x' for number in range(900))
"""More than a page, even where nothing else is on it."""
LONG_SOURCE = f"""\
raci: 1
title: Long
parties: {{customer: Customer}}
activities:
  - {{id: first, name: "{LONG}", who: {{customer: RA}}}}
  - {{id: second, name: Name, who: {{customer: I}}, note: "Note {LONG}"}}
"""
SHORT_SOURCE = """\
raci: 1
title: The {0}
parties: {{customer: Customer}}
activities:
  - {{id: only, name: The only activity of {0}, who: {{customer: RA}}}}
"""

PAGES = {
    'index': 'All\n===\n\n.. toctree::\n   :glob:\n\n   m*\n   long\n   short\n   plain\n   counts\n',
    'short': 'Short\n=====\n\n.. raw:: latex\n\n   \\clearpage\n\n.. raci:: one\n\n.. raci:: two\n',
    'long': 'Long\n====\n\n.. raci:: long\n   :no-legend:\n',
    'm02': 'Two\n===\n\n.. raci:: m2\n   :no-legend:\n',
    'm05': 'Five\n====\n\n.. raci:: m5\n   :layout: table\n   :caption: Five parties\n',
    'm09': 'Nine\n====\n\nA lead.\n\n.. raci:: m9\n   :layout: table\n',
    'm14': 'Fourteen\n========\n\n.. raci:: m14\n',
    'm15': 'Across\n======\n\n.. raci:: m14\n   :landscape:\n   :no-index:\n   :section: Section 14x0\n',
    'counts': 'Counts\n======\n\n.. raci:parties::\n',
    'plain': 'Plain\n=====\n\nNo matrix here.\n',
}


STYLES = {'m02': 'colorrows', 'm05': 'booktabs nocolorrows', 'm14': 'borderless'}
"""Classes of tables, where the style of the project is another one; that of ``m09``."""


@dataclass
class Pdf:
    """A compiled document: the text of each page, with nothing but letters and digits."""

    path: Path
    log: str
    pages: list[str]

    def page_of(self, text: str) -> list[int]:
        """The pages that hold the text, whole."""
        return [number for number, page in enumerate(self.pages) if text in page]


def squeeze(text: str) -> str:
    """Spaces, hyphens and line ends depend on the layout."""
    return re.sub(r'[\W_]+', '', text)


def compiled(folder: Path, engine: str) -> Pdf:
    """Compile the LaTeX in a folder as Sphinx's own makefile does, but without pausing for questions."""
    tex = next(folder.glob('*.tex'))
    command = ['latexmk', LATEXMK[engine], '-interaction=nonstopmode', '-halt-on-error', tex.name]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors='replace', timeout=300)
    assert done.returncode == 0, done.stdout[-3000:]
    path = tex.with_suffix('.pdf')
    text = subprocess.run(['pdftotext', '-raw', str(path), '-'], check=True, capture_output=True, text=True).stdout
    log = tex.with_suffix('.log').read_text('utf-8', errors='replace')
    return Pdf(path, log, [squeeze(page) for page in text.split('\f')])


@pytest.fixture(
    scope='module',
    params=[
        ('pdflatex', 'a4paper', 'manual'),
        ('pdflatex', 'letterpaper', 'howto'),
        ('xelatex', 'letterpaper', 'manual'),
        ('lualatex', 'a4paper', 'howto'),
        ('pdflatex', 'a4paper', 'howto', 'standard'),
    ],
    ids='-'.join,
)
def pdf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pdf:
    engine, paper, theme, *style = request.param
    folder = tmp_path_factory.mktemp('engines') / 'docs'
    folder.mkdir()
    project = Project(folder).conf(
        latex_engine=engine,
        latex_elements={'papersize': paper},
        latex_documents=[('index', 'all.tex', 'All', 'Nobody', theme)],
        latex_domain_indices=False,
        raci_latex_footer=True,
        latex_table_style=style or ['booktabs', 'colorrows'],
    )
    project.write({f'm{size}.raci.yaml': source(size) for size in SIZES})
    project.write({f'{name}.raci.yaml': SHORT_SOURCE.format(name) for name in ('one', 'two')})
    project.write({f'{name}.rst': text for name, text in PAGES.items()} | {'long.raci.yaml': LONG_SOURCE})
    for name, classes in STYLES.items() if style else ():
        project.write({f'{name}.rst': PAGES[name] + f'   :class: {classes}\n'})
    built = project.build('latex')
    assert built.warnings == []
    return compiled(built.out, engine)


@pytest.fixture(scope='module')
def matrices(tmp_path_factory: pytest.TempPathFactory) -> list[Matrix]:
    folder = tmp_path_factory.mktemp('sources')
    found = []
    for size in SIZES:
        path = folder / f'm{size}.raci.yaml'
        path.write_text(source(size), 'utf-8')
        matrix = sources.read(path).matrix
        assert matrix is not None
        found.append(matrix)
    return found


def test_every_activity_is_there_whole_and_on_one_page(pdf: Pdf, matrices: list[Matrix]) -> None:
    """Rows are not broken across pages, and their notes stay with them."""
    names = [squeeze(activity.name) for matrix in matrices for activity in matrix.walk()]
    assert len(names) == 4 * 48

    broken = [name for name in names if not pdf.page_of(name)]

    assert broken == []
    for matrix in matrices:
        for activity in matrix.walk():
            if activity.note:
                # Some stand in an extract too.
                assert pdf.page_of(squeeze(activity.name)) == pdf.page_of(squeeze(activity.note)), activity.name


def test_a_row_that_is_higher_than_a_page_goes_on_on_the_next_one(pdf: Pdf) -> None:
    words = LONG.split()
    found = [word for page in pdf.pages for word in re.findall(r'longword\d+x', page)]

    assert found == [*words, *words]
    assert len([page for page in pdf.pages if 'longword' in page]) > 3


def test_nothing_sticks_out(pdf: Pdf) -> None:
    assert [float(points) for points in re.findall(r'Overfull \\hbox \(([\d.]+)pt too wide\)', pdf.log)] == []


def test_each_page_with_an_activity_has_the_head(pdf: Pdf, matrices: list[Matrix]) -> None:
    for matrix in matrices:
        heads = [squeeze(party.name) for party in matrix.parties]
        pages = {page for activity in matrix.walk() for page in pdf.page_of(squeeze(activity.name))}
        assert len(pages) > 1, matrix.id
        for page in pages:
            assert [head for head in heads if head not in pdf.pages[page]] == [], (matrix.id, page)


def titled(section: Section) -> Iterator[tuple[str, str]]:
    """Each title, with the name of the first activity below it."""
    for child in section.sections:
        yield child.title, next(iter(child.walk())).name
        yield from titled(child)


def test_a_title_stands_on_the_page_of_its_first_activity(pdf: Pdf, matrices: list[Matrix]) -> None:
    """Be it a heading, or a row of the table."""
    for matrix in matrices:
        for title, name in titled(matrix.root):
            [page, *_extract] = pdf.page_of(squeeze(name))
            before = pdf.pages[page].partition(squeeze(name))[0]
            assert squeeze(title) in before, title


def test_no_piece_of_a_table_is_empty(pdf: Pdf) -> None:
    """A head that is repeated stands above an activity."""
    for page in pdf.pages:
        for piece in page.split('continuedfrompreviouspage')[1:]:
            assert re.search('Begina|InnerSection|longword|Matrixof', piece.partition('continuesonnextpage')[0]), page


def test_only_a_table_with_a_caption_has_a_number_where_it_goes_on(pdf: Pdf) -> None:
    numbered, plain = (
        [page for page in pdf.pages if f'Inner{section}' in page and 'continuedfrompreviouspage' in page]
        for section in ('Section5x6', 'Section9x6')
    )

    assert all(re.search(r'Table\d+continuedfrom', page) for page in numbered)
    assert not any(re.search(r'Table\d*continuedfrom', page) for page in plain)
    assert numbered
    assert plain


def test_text_is_ragged_and_hyphenated(pdf: Pdf) -> None:
    [page] = pdf.page_of('Begina9x0x0')
    command = ['pdftotext', '-bbox-layout', '-f', str(page + 1), '-l', str(page + 1), str(pdf.path), '-']
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    row = text.partition('>Begina9x0x0<')[2].partition('>enda9x0x0<')[0]
    places = re.findall(r'<line xMin="([\d.]+)"[^>]*xMax="([\d.]+)"', row)
    *ends, _last = [round(float(end)) for start, end in places if start == places[0][0]]

    assert len(ends) > 4
    # Set flush, all lines but the last would end in the same place.
    assert len(set(ends)) > 3
    assert re.search('-</word>', text)


def test_the_foot_says_which_matrix_stands_on_the_page(pdf: Pdf, matrices: list[Matrix]) -> None:
    for number, page in enumerate(pdf.pages):
        for matrix in matrices:
            there = any(squeeze(activity.name) in page for activity in matrix.walk())
            foot = squeeze(f'{matrix.title}, revision {matrix.revision}')
            # The revision may stand on the page before.
            begins = page.count(squeeze(f'evision {matrix.revision}')) > 1
            assert (foot in page) == (there or begins), (matrix.id, number)


def test_the_foot_names_two_that_stand_on_the_same_page(pdf: Pdf) -> None:
    for page in pdf.page_of('Theonlyactivityofone') + pdf.page_of('Theonlyactivityoftwo'):
        assert 'TheoneThetwo' in pdf.pages[page]


def test_links_lead_to_places_of_the_document(pdf: Pdf) -> None:
    reader = PdfReader(pdf.path)
    annotations = [link.get_object().get('/A', {}) for page in reader.pages for link in page.get('/Annots') or []]
    linked = {str(action['/D']) for action in annotations if action.get('/S') == '/GoTo'}

    assert len(linked) > 20
    assert linked <= set(reader.named_destinations)


def test_the_matrix_in_landscape_lies_across_the_paper_with_its_title(pdf: Pdf) -> None:
    turned = [number for number, page in enumerate(PdfReader(pdf.path).pages) if page.get('/Rotate', 0) == 90]

    assert turned
    assert pdf.page_of('InnerSection14x0')[-1] in turned
    assert any('Across' in pdf.pages[number] for number in turned)
    assert turned == list(range(turned[0], turned[-1] + 1))
    assert not set(turned) & set(pdf.page_of('Nomatrixhere'))


def test_no_title_stands_in_a_piece_of_the_table_below_it_where_space_stretches(project: Project) -> None:
    """With so much stretch, a page could as well end before the title, when the table below is already being set."""
    rows = '\n'.join(
        f'  - {{id: a{index}, name: Row {index} {"of words " * 12}, who: {{a: RA}}}}' for index in range(12)
    )
    source = f'raci: 1\ntitle: Matrix\nparties: {{a: Customer}}\nactivities:\n{rows}\n'
    project.write({'index.rst': 'All\n===\n\n.. toctree::\n   :glob:\n\n   page*\n'})
    for number in range(12, 20):
        parts = [
            f'Part {index}\n-------\n\nText.' if index % 3 == 0 else '* One\n* Two' for index in range(number // 2)
        ]
        show = f'Who\n---\n\n.. raci:: m{number}\n   :no-legend:\n'
        page = '\n\n'.join([f'Page {number}\n=======', *parts, show])
        project.write({f'm{number}.raci.yaml': source, f'page{number}.rst': page})
    project.conf(
        latex_documents=[('index', 'all.tex', 'All', 'Nobody', 'manual')],
        latex_domain_indices=False,
        latex_elements={'preamble': r'\setlength{\parskip}{6pt plus 8pt}'},
    )

    pdf = compiled(project.build('latex').out, 'pdflatex')

    pieces = [piece for page in pdf.pages for piece in page.split('continuedfrompreviouspageActivityCustomer')[1:]]
    assert pieces
    assert [piece for piece in pieces if not piece.startswith('Row')] == []

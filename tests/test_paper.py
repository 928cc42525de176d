"""What is written for LaTeX, and for LaTeX alone: seen in the document that Sphinx writes, without compiling it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import HOSTING, Project

PAGE = 'Hosting\n=======\n\n.. raci:: hosting\n'


def build(project: Project, page: str, source: str = HOSTING, **conf: object) -> str:
    """The LaTeX of a document with this page in it."""
    project.conf(
        **{'latex_documents': [('index', 'all.tex', 'All', 'Nobody', 'howto')], 'latex_domain_indices': False, **conf}
    )
    project.write({'hosting.raci.yaml': source, 'page.rst': page, 'index.rst': 'All\n===\n\n.. toctree::\n\n   page\n'})
    result = project.build('latex')
    assert result.warnings == []
    return result.text('all.tex')


def test_each_letter_is_a_badge_and_a_line_may_end_between_two(project: Project) -> None:
    tex = build(project, PAGE)

    assert tex.count(r'\raciletter{R}\raciletterskip{}\raciletter{A}') == 2
    # In the legend too.
    assert r'\raciletter{C} Consulted' in tex


def test_what_the_foot_says_is_escaped(project: Project) -> None:
    tex = build(project, PAGE, HOSTING.replace('title: Hosting\n', 'title: "Costs #1 & more"\n'))

    assert r'\racibegin{Costs \#1 \& more}' in tex


def test_the_macros_come_with_the_document(project: Project) -> None:
    project.write({'own.sty': '\\endinput\n'})

    tex = build(project, PAGE, latex_additional_files=['own.sty'], latex_elements={'preamble': r'\usepackage{own}'})

    assert r'\usepackage{sphinxraci}' in tex
    out = project.folder.parent / 'build/latex/latex'
    assert {'sphinxraci.sty', 'own.sty'} <= {path.name for path in out.iterdir()}


@pytest.mark.parametrize('on', [False, True])
def test_the_foot_of_pages_is_an_option_of_the_package(project: Project, on: bool) -> None:
    tex = build(
        project, PAGE, HOSTING.replace('title: Hosting\n', 'title: Hosting\nrevision: "7"\n'), raci_latex_footer=on
    )

    assert (r'\usepackage[footer]{sphinxraci}' in tex) == on
    assert r'\racibegin{Hosting, revision 7}' in tex
    assert tex.index(r'\racibegin') < tex.index('Revision 7') < tex.rindex(r'\end{longtable}') < tex.index(r'\raciend')


def test_all_tables_of_a_matrix_have_the_same_column_widths(project: Project) -> None:
    tex = build(project, PAGE)

    widths = re.findall(r'\\begin\{longtable\}(.*)', tex)
    assert len(widths) == 2
    assert len(set(widths)) == 1
    assert r'\X{64}{100}' in widths[0]


# -- landscape ---------------------------------------------------------------------------------------------------------


def test_landscape_begins_before_the_heading_right_above(project: Project) -> None:
    tex = build(project, PAGE + '   :landscape:\n')

    inside = tex.partition(r'\begin{landscape}')[2].partition(r'\end{landscape}')[0]
    assert r'\section{Hosting}' in inside
    assert inside.count(r'\begin{longtable}') == 2
    assert inside.index(r'\racibegin') < inside.index(r'\raciend')


def test_text_above_the_matrix_stays_in_portrait_with_its_heading(project: Project) -> None:
    tex = build(project, 'Hosting\n=======\n\nA lead.\n\n.. raci:: hosting\n   :landscape:\n')

    assert tex.index(r'\section{Hosting}') < tex.index('A lead.') < tex.index(r'\begin{landscape}')


def test_the_title_of_the_whole_document_is_no_heading(project: Project) -> None:
    project.conf(latex_documents=[('index', 'all.tex', 'All', 'Nobody', 'howto')])
    project.write({'hosting.raci.yaml': HOSTING, 'index.rst': PAGE + '   :landscape:\n'})

    body = project.build('latex').text('all.tex').partition(r'\begin{document}')[2]

    assert body.index(r'\sphinxmaketitle') < body.index(r'\begin{landscape}') < body.index(r'\begin{longtable}')


def test_headings_have_more_room_in_landscape(project: Project) -> None:
    source = HOSTING.replace('{name: Provider,', '{name: Telecommunications,')

    assert r'\begin{raciturnedtable}' in build(project, PAGE, source)
    assert r'\begin{raciturnedtable}' not in build(project, PAGE + '   :landscape:\n', source)


def test_within_another_element_landscape_has_no_effect_and_that_is_said(project: Project) -> None:
    note = '.. note::\n\n   .. raci:: hosting\n      :landscape:\n'
    project.write({'hosting.raci.yaml': HOSTING, 'index.rst': f'T\n=\n\n{note}'})

    result = project.build('latex')

    [warning] = result.warnings
    assert 'index.rst:6: WARNING: :landscape: has no effect here' in warning
    assert warning.endswith('[raci.directive]')
    [tex] = result.out.glob('*.tex')
    assert r'\begin{landscape}' not in tex.read_text('utf-8')
    assert r'\racibegin' not in tex.read_text('utf-8')


@pytest.mark.parametrize('builder', ['html', 'text', 'man', 'texinfo', 'xml'])
def test_no_other_output_changes(project: Project, builder: str) -> None:
    project.conf(html_domain_indices=False, texinfo_domain_indices=False)
    project.write({'hosting.raci.yaml': HOSTING, 'index.rst': PAGE})
    before = shown(project.build(builder, out='before').out)

    project.write({'index.rst': PAGE + '   :landscape:\n'})

    assert shown(project.build(builder, out='after').out) == before


def shown(out: Path) -> dict[str, str]:
    """The pages of the output, without what is for LaTeX alone."""
    names = {'html': 'index.html', 'text': 'index.txt', 'man': '*.1', 'texinfo': '*.texi', 'xml': 'index.xml'}
    pages = [path for name in names.values() for path in out.glob(name)]
    assert pages
    for_latex = re.compile(r'<raw .*?</raw>\s*', re.DOTALL)
    return {path.name: for_latex.sub('', path.read_text('utf-8')) for path in pages}


# -- anchors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize('option', ['no-legend', 'landscape'])
def test_the_anchor_of_a_matrix_is_there_whatever_follows_it(project: Project, option: str) -> None:
    """What is for LaTeX alone comes first on the page then; docutils must not take the anchor for its own."""
    project.write({'hosting.raci.yaml': HOSTING, 'index.rst': f'T\n=\n\n.. raci:: hosting\n   :{option}:\n'})

    assert project.build('html').text('index.html').count('id="raci-hosting"') == 1


# -- words and rows ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ('word', 'written'),
    [
        ('infrastructure', 'infrastructure'),
        ('customer_managed_key_rotation', r'customer\_|managed\_|key\_|rotation'),
        ('https://example.org/hours/', 'https://|example.|org/|hours/'),
        ('d41d8cd98f00b204e9800998', 'd|41|d|8|cd|98|f|00|b|204|e|9800998'),
        ('x' * 60, 'x' * 50 + '*' + 'x' * 10),
    ],
    ids=['short', 'identifier', 'address', 'checksum', 'long'],
)
def test_words_that_latex_cannot_divide_are_divided(project: Project, word: str, written: str) -> None:
    tex = build(project, PAGE, HOSTING.replace('Place the order', f'Place {word} now'))

    [found] = re.findall(r'Place (.*) now', tex.partition(r'\begin{document}')[2])
    assert found.replace(r'\racibreak{}', '|').replace(r'\racihyphen{}', '*') == written


def test_a_title_row_is_kept_with_the_next_row(project: Project) -> None:
    tex = build(project, PAGE + '   :layout: table\n')

    rows = tex.partition(r'\sphinxtableatstartofbodyhook')[2].split('\\\\\n')
    kept = [bool(re.match(r'\\racirowend', after)) for after in rows[1:]]
    assert kept == [True, False, True, True, False]


def test_a_row_higher_than_a_page_becomes_several_rows(project: Project) -> None:
    source = HOSTING.replace('Around the clock.', 'word ' * 3000)

    tex = build(project, PAGE, source)

    table = tex.rpartition(r'\sphinxtableatstartofbodyhook')[2].partition(r'\sphinxbottomrule')[0]
    assert table.count('\\\\\n') > 4
    assert table.count('word') == 3000
    # Its letters and its anchor stand in the first of them.
    first, *rest = table.split('\\\\\n')
    assert 'raciletter' in first
    assert 'raci-hosting.tickets' in first
    assert not any('raciletter' in row or 'label' in row for row in rest)


@pytest.mark.parametrize('style', ['booktabs', 'borderless', 'standard', 'colorrows', 'nocolorrows'])
def test_styles_of_tables_are_those_of_sphinx(project: Project, style: str) -> None:
    macro = rf'\sphinxthistablewith{style}style'

    assert build(project, PAGE).count(macro) == 0
    assert build(project, f'{PAGE}   :class: {style}\n').count(macro) == 2

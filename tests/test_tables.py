"""How tables become a matrix: a specification by example, on small pages of our own.

Results are written as an outline: ``# title`` begins a section, ``- name: RA|I`` is an activity with the letters of
each party in the order of the matrix, a note of a cell in brackets.  In a page that holds a mistake the mark ``⟦``
stands where the problem must be reported, to the column.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from sphinxcontrib_raci.model import Assignment, Matrix, Party, Problem, Reading, Section
from sphinxcontrib_raci.schemes import SCHEMES
from sphinxcontrib_raci.settings import Settings
from sphinxcontrib_raci.sources import read_bytes

MARK = '⟦'
HEAD = '| Task | Ann | Bob |\n|---|---|---|\n'
SIMPLE = HEAD + '| Sow | R | A |\n'
MORE = HEAD + '| Reap | A | R |\n'


def read(text: str, name: str = 'x.md', parties: Mapping[str, Party] | None = None, **options: Any) -> Reading:
    return read_bytes(text.replace(MARK, '').encode(), name, Settings(parties or {}), **options)


def matrix(text: str, name: str = 'x.md', **options: Any) -> Matrix:
    found = read(text, name, **options)
    assert found.matrix is not None, found.problems
    return found.matrix


def assigned(cell: Assignment) -> str:
    return ''.join(cell.letters) + (f' ({cell.note})' if cell.note else '')


def outline(section: Section, indent: str = '') -> list[str]:
    rows = [f'{indent}- {one.name}: ' + '|'.join(map(assigned, one.assignments)) for one in section.activities]
    for child in section.sections:
        rows += [f'{indent}# {child.title}', *outline(child, indent + '  ')]
    return rows


def shown(text: str, name: str = 'x.md', **options: Any) -> list[str]:
    return outline(matrix(text, name, **options).root)


def parties(text: str, name: str = 'x.md', **options: Any) -> list[str]:
    return [party.name for party in matrix(text, name, **options).parties]


def legend(text: str, name: str = 'x.md') -> dict[str, tuple[str, str]]:
    """Name and meaning of those letters that the page explains."""
    known = {letter for scheme in SCHEMES.values() for letter in scheme.letters}
    letters = matrix(text, name).scheme.letters
    return {one.code: (one.name, one.meaning) for one in letters if one not in known}


def problems(text: str, name: str = 'x.md', **options: Any) -> list[Problem]:
    """All but the remark that a CSV file has no title."""
    return [one for one in read(text, name, **options).problems if 'no title was found' not in one.text]


def said(text: str, name: str = 'x.md', **options: Any) -> list[str]:
    return [f'{one.level} {one.kind} {one.place.line}' for one in problems(text, name, **options)]


def place(text: str) -> tuple[int, int]:
    """Line and column of the mark."""
    before = text[: text.index(MARK)]
    return before.count('\n') + 1, len(before) - before.rfind('\n')


def md(head: str, *rows: str) -> str:
    """A table of Markdown below a title."""
    lines = [head, '|'.join('---' for _ in head.split('|')), *rows]
    return '# Page\n\n' + ''.join(f'| {line} |\n' for line in lines)


# --- the page as a whole ---------------------------------------------------------------------------------------------


class TestFrontMatter:
    def test_title_and_date_are_taken(self) -> None:
        found = matrix('---\ntitle: Garden\nupdated: 2031-02-03\nweight: 5\n---\n' + SIMPLE)
        assert (found.title, found.revision) == ('Garden', '2031-02-03')

    def test_it_goes_before_the_heading(self) -> None:
        assert matrix('---\ntitle: Garden\n---\n# Other\n' + SIMPLE).title == 'Garden'

    def test_without_it_the_only_heading_above_all_others_is_the_title(self) -> None:
        found = matrix('# Garden\n\n' + SIMPLE)
        assert (found.title, found.revision, [one.title for one in found.root.sections]) == ('Garden', '', [])

    def test_without_any_the_name_of_the_file_is_taken_and_that_is_said(self) -> None:
        found = read(SIMPLE, 'garden.raci.md')
        assert found.matrix is not None
        assert found.matrix.title == 'garden'
        assert [(one.level, one.kind, one.place.line) for one in found.problems] == [('info', 'read', 0)]

    def test_lines_are_counted_from_the_top_of_the_file(self) -> None:
        page = f'---\ntitle: Garden\n---\n{HEAD}| Sow | R | A |\n| Reap | A | R |\n| Dig | R | {MARK}Q |\n'
        (problem,) = problems(page)
        assert (problem.place.line, problem.place.column) == place(page)

    @pytest.mark.parametrize('date', ['"2031-02-03"', "'2031-02-03'", '2031-02-03  # approved'])
    def test_the_date_stays_as_it_is_written(self, date: str) -> None:
        assert matrix(f'---\nupdated: {date}\n---\n{SIMPLE}').revision == '2031-02-03'

    @pytest.mark.parametrize('front', ['title: Garden: a page', 'title: "Garden', 'title: [Garden', '\ttitle: x'])
    def test_what_cannot_be_read_is_reported_and_nothing_half_read_is_used(self, front: str) -> None:
        page = f'---\n{front}\n---\n# Beds\n\n{SIMPLE}'
        assert matrix(page).title in ('Beds', 'Garden: a page')
        assert any(one.level == 'warning' and one.place.line <= 3 for one in problems(page))

    def test_an_empty_one_is_nothing(self) -> None:
        assert matrix(f'---\n---\n# Beds\n\n{SIMPLE}').title == 'Beds'


class TestHeadings:
    def test_numbers_give_the_tree_whatever_the_level_or_bold(self) -> None:
        page = f'# 1. Spring\n### 1.1 Beds\n{SIMPLE}## **1.2 Trees**\n{MORE}# 2) Autumn\n##### 2.1. Leaves\n{SIMPLE}'
        assert shown(page) == [
            '# Spring',
            '  # Beds',
            '    - Sow: R|A',
            '  # Trees',
            '    - Reap: A|R',
            '# Autumn',
            '  # Leaves',
            '    - Sow: R|A',
        ]

    def test_three_levels_may_stand_on_one(self) -> None:
        page = f'# Page\n## 1. Spring\n## 1.1. Beds\n## 1.1.1. Soil\n{SIMPLE}## 1.1.2. Seed\n{MORE}'
        tree = ['# Spring', '  # Beds', '    # Soil', '      - Sow: R|A', '    # Seed', '      - Reap: A|R']
        assert shown(page) == tree

    def test_a_number_that_stands_twice_gives_two_sections_and_is_reported(self) -> None:
        page = f'# Page\n## 1. Beds\n{SIMPLE}## 1. Trees\n{MORE}'
        assert shown(page) == ['# Beds', '  - Sow: R|A', '# Trees', '  - Reap: A|R']
        (problem,) = problems(page)
        assert (problem.level, problem.kind, problem.place.line) == ('info', 'read', 6)
        assert 'line 2' in problem.text

    def test_bare_numbers_count_where_they_stand_in_a_row(self) -> None:
        assert shown(f'# 1 Spring\n{SIMPLE}# 2 Autumn\n{MORE}')[::2] == ['# Spring', '# Autumn']

    def test_a_number_that_belongs_to_a_title_stays(self) -> None:
        assert shown(f'# Page\n## 5 beds\n{SIMPLE}## Trees\n{MORE}')[::2] == ['# 5 beds', '# Trees']

    def test_without_numbers_the_levels_give_the_tree(self) -> None:
        page = f'# Page\n## Spring\n### Beds\n{SIMPLE}## Autumn\n{MORE}'
        assert shown(page) == ['# Spring', '  # Beds', '    - Sow: R|A', '# Autumn', '  - Reap: A|R']

    def test_a_level_may_be_left_out(self) -> None:
        assert shown(f'# Page\n## Spring\n##### Beds\n{SIMPLE}')[:2] == ['# Spring', '  # Beds']

    def test_several_of_the_first_level_are_sections(self) -> None:
        assert shown(f'# Spring\n{SIMPLE}# Autumn\n{MORE}')[::2] == ['# Spring', '# Autumn']

    def test_one_without_a_number_among_numbered_ones_is_as_deep_as_its_like(self) -> None:
        page = f'# Page\n## 1. Spring\n### 1.1 Beds\n{SIMPLE}### 1.2 Trees\n{MORE}### Appendix\n{SIMPLE}'
        assert [row for row in shown(page) if '#' in row] == ['# Spring', '  # Beds', '  # Trees', '  # Appendix']

    def test_underlined_and_closed_ones_are_headings_too(self) -> None:
        page = f'Page\n====\n\nSpring\n------\n\n{SIMPLE}\n### Beds ###\n{MORE}'
        assert matrix(page).title == 'Page'
        assert shown(page) == ['# Spring', '  - Sow: R|A', '  # Beds', '    - Reap: A|R']

    def test_markup_in_a_title_goes(self) -> None:
        page = f'# Page\n## [Beds](https://e.org) and `soil` &amp; *more*\n{SIMPLE}'
        assert shown(page)[0] == '# Beds and soil & more'

    @pytest.mark.parametrize('title', ['## Beds {#beds}', '## Beds {#beds .wide}', '## Beds {: #beds}'])
    def test_an_anchor_is_no_part_of_a_title(self, title: str) -> None:
        assert shown(f'# Page\n{title}\n{SIMPLE}')[0] == '# Beds'

    def test_sections_without_activities_are_no_sections(self) -> None:
        page = f'# Page\n## Aim\nWhat it is for.\n\n## Beds\n{SIMPLE}\n## See also\nThe other page.\n'
        assert shown(page) == ['# Beds', '  - Sow: R|A']

    def test_text_below_a_heading_is_the_intro(self) -> None:
        (section,) = matrix(f'# Page\n## Beds\nDig\nfirst.\n\nThen sow.\n\n{SIMPLE}').root.sections
        assert section.intro == 'Dig first.\n\nThen sow.'

    def test_bold_lines_with_numbers_are_headings(self) -> None:
        page = f'# Page\n\n**1.1 Beds**\n\n{SIMPLE}\n**1.2 Trees**\n\n{MORE}'
        assert [row.strip() for row in shown(page)] == ['# Beds', '- Sow: R|A', '# Trees', '- Reap: A|R']


# --- what letters mean -----------------------------------------------------------------------------------------------

FOUR = {
    'R': ('Responsible', 'does it'),
    'A': ('Accountable', 'owns it'),
    'C': ('Consulted', 'is asked'),
    'I': ('Informed', 'is told'),
}
LEGENDS = {
    'one column': '| R : does it |\n|---|\n| A : owns it |\n| C : is asked |\n| I : is told |\n',
    'one column with a head': '| Roles |\n|---|\n| R : does it |\n| A : owns it |\n| C : is asked |\n| I : is told |\n',
    'brackets before the name': (
        '| (R) Responsible | does it |\n|---|---|\n| (A) Accountable | owns it |\n| (C) Consulted | is asked |\n'
        '| (I) Informed | is told |\n'
    ),
    'brackets after the name': (
        '| Role | Meaning |\n|---|---|\n| Responsible (R) | does it |\n| Accountable (A) | owns it |\n'
        '| Consulted (C) | is asked |\n| Informed (I) | is told |\n'
    ),
    'letter, name and description': (
        '| Letter | Name | Description |\n|---|---|---|\n| R | Responsible | does it |\n| A | Accountable | owns it |\n'
        '| C | Consulted | is asked |\n| I | Informed | is told |\n'
    ),
    'name, letter and description': (
        '| Name | Letter | Description |\n|---|---|---|\n| Responsible | R | does it |\n| Accountable | A | owns it |\n'
        '| Consulted | C | is asked |\n| Informed | I | is told |\n'
    ),
    'bold letters': (
        '| Letter | Name | Description |\n|:-:|---|---|\n| **R** | **Responsible** | does it |\n'
        '| **A** | Accountable | owns it |\n| `C` | Consulted | is asked |\n| *I* | Informed | is told |\n'
    ),
    'no head but the first letter': (
        '| R | Responsible | does it |\n|---|---|---|\n| A | Accountable | owns it |\n| C | Consulted | is asked |\n'
        '| I | Informed | is told |\n'
    ),
    'letter and text': (
        '| Letter | Meaning |\n|---|---|\n| R | does it |\n| A | owns it |\n| C | is asked |\n| I | is told |\n'
    ),
    'name and dash in one cell': (
        '| Letter | Meaning |\n|---|---|\n| R | **Responsible** – does it |\n| A | **Accountable** – owns it |\n'
        '| C | **Consulted** – is asked |\n| I | **Informed** – is told |\n'
    ),
    'list with name in brackets': (
        '- **R (Responsible)**: does it\n- **A (Accountable)**: owns it\n- **C (Consulted)**: is asked\n'
        '- **I (Informed)**: is told\n'
    ),
    'list with letter in brackets': (
        '* **Responsible (R)** – does it\n* **Accountable (A)** – owns it\n* **Consulted (C)** – is asked\n'
        '* **Informed (I)** – is told\n'
    ),
    'list with letter and name': (
        '- **R** - Responsible: does it\n- **A** - Accountable: owns it\n- **C** - Consulted: is asked\n'
        '- **I** - Informed: is told\n'
    ),
    'list of words': (
        '- **Responsible**: does it\n- **Accountable**: owns it\n- **Consulted**: is asked\n- **Informed**: is told\n'
    ),
    'lines of a paragraph': 'R: does it  \nA: owns it  \nC: is asked  \nI: is told\n',
}


class TestLegends:
    @pytest.mark.parametrize('shape', LEGENDS)
    def test_it_gives_meanings_and_no_activities(self, shape: str) -> None:
        page = f'# Page\n\n{LEGENDS[shape]}\n{SIMPLE}'
        assert shown(page) == ['- Sow: R|A']
        assert parties(page) == ['Ann', 'Bob']
        assert {code: meaning for code, (_, meaning) in legend(page).items()} == {
            code: meaning for code, (_, meaning) in FOUR.items()
        }
        assert not problems(page)

    @pytest.mark.parametrize('shape', LEGENDS)
    def test_names_are_those_of_the_page_or_the_common_ones(self, shape: str) -> None:
        found = legend(f'# Page\n\n{LEGENDS[shape]}\n{SIMPLE}')
        assert {code: name for code, (name, _) in found.items()} == {code: name for code, (name, _) in FOUR.items()}

    @pytest.mark.parametrize('shape', LEGENDS)
    def test_it_may_stand_below_the_matrix(self, shape: str) -> None:
        page = f'# Page\n\n{SIMPLE}\n## Legend\n\n{LEGENDS[shape]}'
        assert shown(page) == ['- Sow: R|A']
        assert legend(page).keys() == FOUR.keys()

    @pytest.mark.parametrize('shape', [shape for shape in LEGENDS if '\n|' in LEGENDS[shape]])
    def test_a_sheet_may_hold_it_above_the_table(self, shape: str) -> None:
        lines = [line for line in LEGENDS[shape].splitlines() if not re.fullmatch(r'[|:-]+', line)]
        sheet = ''.join(','.join(cell.strip(' *`') for cell in line.strip('|').split('|')) + '\n' for line in lines)
        page = f'{sheet}\nTask,Ann,Bob\nSow,R,A\nReap,A,R\n'
        assert shown(page, 'x.csv') == ['- Sow: R|A', '- Reap: A|R']
        assert legend(page, 'x.csv').keys() == FOUR.keys()

    def test_the_sign_for_no_part_is_no_letter(self) -> None:
        page = (
            '# Page\n\n| Letter | Meaning |\n|---|---|\n| R | Does it |\n| A | Owns it |\n| ⟦- | No part |\n\n' + SIMPLE
        )
        assert shown(page) == ['- Sow: R|A']
        (problem,) = problems(page)
        assert (problem.level, problem.kind) == ('info', 'row')
        assert (problem.place.line, problem.place.column) == place(page)

    def test_a_row_for_two_letters_is_no_activity(self) -> None:
        page = '# Page\n\n| Code | Meaning |\n|---|---|\n| R | Does it |\n| A | Owns it |\n| R/A | Both |\n\n' + SIMPLE
        assert shown(page) == ['- Sow: R|A']
        assert parties(page) == ['Ann', 'Bob']

    def test_one_that_lies_on_its_side_is_no_activity(self) -> None:
        page = (
            '# Page\n\n| R | A | C | I |\n|---|---|---|---|\n| Responsible | Accountable | Consulted | Informed |\n\n'
            + SIMPLE
        )
        assert shown(page) == ['- Sow: R|A']
        assert parties(page) == ['Ann', 'Bob']

    @pytest.mark.parametrize(
        'sentence',
        [
            'R = Macht, A = Anordnet, C = Chefberater, I = Interessiert',
            'R: Macht; A: Anordnet; C: Chefberater; I: Interessiert',
            '**Legend:** R=Macht, A=Anordnet, C=Chefberater, I=Interessiert.',
            '**R** = Macht, **A** = Anordnet, **C** = Chefberater, **I** = Interessiert',
            'R – Macht, A – Anordnet, C – Chefberater, I – Interessiert',
            'Key: R — Macht, A — Anordnet, C — Chefberater, I — Interessiert',
        ],
    )
    def test_a_sentence_may_say_it(self, sentence: str) -> None:
        page = f'# Seite\n\n{sentence.replace("Macht", "Rackert")}\n\n{SIMPLE}'
        names = {code: name for code, (name, _) in legend(page).items()}
        assert names == {'R': 'Rackert', 'A': 'Anordnet', 'C': 'Chefberater', 'I': 'Interessiert'}

    def test_a_code_for_two_letters_may_come_first(self) -> None:
        page = '# Page\n\n| Code | Meaning |\n|---|---|\n| A/R | Both |\n| R | Does it |\n| A | Owns it |\n\n' + SIMPLE
        assert shown(page) == ['- Sow: R|A']
        assert parties(page) == ['Ann', 'Bob']

    @pytest.mark.parametrize(
        'other',
        [
            '- A: the first bed\n- B: the second bed\n',
            '| Priority | Meaning |\n|---|---|\n| A | do it first |\n| B | do it later |\n',
            '| Grade | Price |\n|---|---|\n| A | 5 |\n| B | 4 |\n| C | 3 |\n',
        ],
    )
    def test_what_explains_other_letters_is_no_legend(self, other: str) -> None:
        page = f'# Page\n\n{other}\n{SIMPLE}'
        assert shown(page) == ['- Sow: R|A']
        assert matrix(page).scheme.name == 'raci'

    @pytest.mark.parametrize(
        'rows',
        [
            ['Sow | R | ', 'Reap | A | '],
            ['Sow | R | A', 'Reap | A | R'],
            ['Sow | R | RA', 'Reap | | C'],
            ['Sow | R | I', 'Reap | A | I', 'Mow | C | R', 'Dig | I | R'],
        ],
    )
    def test_a_small_matrix_is_no_legend(self, rows: list[str]) -> None:
        assert len(shown(md('Task | Ann | Bob', *rows))) == len(rows)
        assert not legend(md('Task | Ann | Bob', *rows))

    def test_a_matrix_of_one_party_is_no_legend(self) -> None:
        assert shown(md('Task | Ann', 'Sow | R', 'Reap | A', 'Mow | C')) == ['- Sow: R', '- Reap: A', '- Mow: C']

    def test_words_of_another_language_are_read_in_cells(self) -> None:
        page = (
            '# Página\n\n- R: Responsable\n- A: Aprobador\n- C: Consultado\n- I: Informado\n\n'
            '| Tarea | Cliente | Proveedor |\n|---|---|---|\n| Sembrar | Responsable | informado |\n'
            '| Cosechar | **Consultado** | Responsable, Aprobador |\n'
        )
        assert shown(page) == ['- Sembrar: R|I', '- Cosechar: C|RA']

    def test_a_scheme_of_its_own(self) -> None:
        page = (
            '# Seite\n\n| Kürzel | Name | Bedeutung |\n|---|---|---|\n| D | Durchführung | macht es |\n'
            '| V | Verantwortung | steht dafür ein |\n| M | Mitwirkung | hilft |\n\n'
            '| Aufgabe | Kunde | Anbieter |\n|---|---|---|\n| Säen | V/D | M |\n| Ernten | Mitwirkung | D V |\n'
        )
        assert shown(page) == ['- Säen: DV|M', '- Ernten: M|DV']
        assert [(one.code, one.name, one.meaning) for one in matrix(page).scheme.letters] == [
            ('D', 'Durchführung', 'macht es'),
            ('V', 'Verantwortung', 'steht dafür ein'),
            ('M', 'Mitwirkung', 'hilft'),
        ]

    @pytest.mark.parametrize(
        ('rows', 'name'),
        [
            (['Sow | R | A', 'Reap | C | I'], 'raci'),
            (['Sow | R | A', 'Reap | S | R', 'Mow | A | S'], 'rasci'),
            (['Sow | R | S', 'Reap | R | S'], 'rasci'),
            (['Sow | D | A', 'Reap | C | D'], 'daci'),
            (['Sow | A | C'], 'raci'),
        ],
    )
    def test_without_a_legend_the_letters_tell_the_scheme(self, rows: list[str], name: str) -> None:
        page = md('Task | Ann | Bob', *rows)
        assert matrix(page).scheme.name == name
        assert parties(page) == ['Ann', 'Bob']

    def test_a_wrong_letter_does_not_change_the_scheme(self) -> None:
        found = matrix(md('Task | Ann | Bob', 'Sow | R | A', 'Reap | A | Q', 'Mow | A | R'))
        assert found.scheme.name == 'raci'
        assert outline(found.root) == ['- Sow: R|A', '- Mow: A|R']


# --- which way a table lies ------------------------------------------------------------------------------------------

LAYOUTS = {
    'wide': 'Task,Ann,Bob\nSow,R,A\nReap,"C, I",RA\n',
    'wide with an unknown word': 'What we do,Ann,Bob\nSow,R,A\nReap,"C, I",RA\n',
    'wide with a blank corner': ',Ann,Bob\nSow,R,A\nReap,"C, I",RA\n',
    'wide below titles': 'Garden,,\nOur plan,,\nTask,Ann,Bob\nSow,R,A\nReap,"C, I",RA\n',
    'wide below a title and a blank': 'Garden\n\nTask,Ann,Bob\nSow,R,A\nReap,"C, I",RA\n',
    'long': 'activity,party,letters\nSow,Ann,R\nSow,Bob,A\nReap,Ann,"C, I"\nReap,Bob,RA\n',
    'long with blanks': 'Task,Role,RACI\nSow,Ann,R\n,Bob,A\nReap,Ann,C/I\n,Bob,R/A\n',
    'long in another order': 'party,letters,activity\nAnn,R,Sow\nBob,A,Sow\nAnn,"C, I",Reap\nBob,RA,Reap\n',
    'letters as columns': 'Task,R,A,C,I\nSow,Ann,Bob,,\nReap,Bob,Bob,Ann,Ann\n',
    'words as columns': 'Task,Responsible,Accountable,Consulted,Informed\nSow,Ann,Bob,-,-\nReap,Bob,Bob,Ann,Ann\n',
    'both as columns': (
        'Task,Responsible (R),Accountable (A),Consulted (C),Informed (I)\nSow,Ann,Bob,,\nReap,Bob,Bob,Ann,Ann\n'
    ),
    'parties as rows': 'Role,Sow,Reap\nAnn,R,"C, I"\nBob,A,RA\n',
}


@pytest.mark.parametrize('layout', LAYOUTS)
def test_all_layouts_say_the_same(layout: str) -> None:
    assert shown(LAYOUTS[layout], 'x.csv') == ['- Sow: R|A', '- Reap: CI|RA']
    assert parties(LAYOUTS[layout], 'x.csv') == ['Ann', 'Bob']
    assert not [one for one in problems(LAYOUTS[layout], 'x.csv') if one.level != 'info']


class TestLayouts:
    @pytest.mark.parametrize(
        'head',
        [
            'R | A | S | C | I',
            'Responsible | Accountable | Support | Consulted | Informed',
            'Responsible (R) | Accountable (A) | Supporting (S) | Consulted (C) | Informed (I)',
        ],
    )
    def test_columns_of_all_letters_of_another_scheme(self, head: str) -> None:
        page = md(f'Task | {head}', 'Sow | Ann | Bob | Pete | Dora | Eve')
        assert parties(page) == ['Ann', 'Bob', 'Pete', 'Dora', 'Eve']
        assert shown(page) == ['- Sow: R|A|S|C|I']

    def test_columns_of_letters_in_the_words_of_the_legend(self) -> None:
        legend_ = '- R : Responsable\n- A : Approbateur\n- C : Consulté\n- I : Informé\n\n'
        head = 'Activité | Responsable | Approbateur | Consulté | Informé'
        page = '# Page\n\n' + legend_ + md(head, 'Semer | Anne | Bob | Zoé | Luc').removeprefix('# Page\n\n')
        assert shown(page) == ['- Semer: R|A|C|I']

    def test_ticks_in_columns_of_letters_are_no_parties(self) -> None:
        found = read(md('Task | R | A | C | I', 'Sow | x | | | x', 'Reap | | x | | '))
        assert found.matrix is None or 'x' not in [party.name for party in found.matrix.parties]
        assert any(one.level == 'error' for one in found.problems)

    def test_several_parties_in_a_cell(self) -> None:
        page = md('Task | R | A | C | I', 'Sow | Ann, Bob | Cid | Dan; Eve | Fay<br>Gus', 'Reap | Cid | Ann | n/a | –')
        assert parties(page) == ['Ann', 'Bob', 'Cid', 'Dan', 'Eve', 'Fay', 'Gus']
        assert shown(page) == ['- Sow: R|R|A|C|C|I|I', '- Reap: A||R||||']

    def test_a_slash_parts_parties_that_are_known(self) -> None:
        page = md('Task | R | A | C | I', 'Sow | Ann/Bob | Cid | Dev/Ops | -', 'Reap | Ann | Bob | - | -')
        assert parties(page) == ['Ann', 'Bob', 'Cid', 'Dev/Ops']
        assert said(page) == ['info read 5', 'info read 5']

    def test_two_party_columns_that_end_in_a_letter_are_parties(self) -> None:
        page = md('Task | Customer (C) | Integrator (I)', 'Sow | R | A', 'Reap | A | R')
        assert shown(page) == ['- Sow: R|A', '- Reap: A|R']
        assert parties(page) == ['Customer (C)', 'Integrator (I)']

    @pytest.mark.parametrize('names', [['IA', 'CI'], ['Note', 'Key'], ['R&D', 'IT'], ['Id', 'Section'], ['C', 'A']])
    def test_parties_may_have_any_name(self, names: list[str]) -> None:
        page = md(f'Task | {" | ".join(names)} | Cid', 'Sow | R | A | C', 'Reap | A | RC | I')
        assert parties(page) == [*names, 'Cid']
        assert shown(page) == ['- Sow: R|A|C', '- Reap: A|RC|I']

    def test_the_head_may_stand_in_the_second_row(self) -> None:
        page = md('R/A/C/I: who does what | | ', '**Task** | **Ann** | **Bob**', 'Sow | R | A', 'Reap | A | R')
        assert parties(page) == ['Ann', 'Bob']
        assert shown(page) == ['- Sow: R|A', '- Reap: A|R']

    def test_markup_in_heads_goes(self) -> None:
        page = md('**Task** | [Ann](https://e.org) | **Bob**<br>of Oz | `Cid` | 🌱 Dan', 'Sow | R | A | C | I')
        assert parties(page) == ['Ann', 'Bob of Oz', 'Cid', '🌱 Dan']

    def test_a_head_of_two_rows(self) -> None:
        page = ',North,,South\nTask,Ann,Bob,Cid\nSow,R,A,C\nReap,A,R,I\n'
        assert shown(page, 'x.csv') == ['- Sow: R|A|C', '- Reap: A|R|I']

    def test_a_single_table_of_one_row(self) -> None:
        assert shown(SIMPLE) == ['- Sow: R|A']

    def test_a_table_without_pipes_at_its_ends(self) -> None:
        assert shown('# Page\n\nTask | Ann | Bob\n---|---|---\nSow | R | A\n') == ['- Sow: R|A']

    def test_a_table_without_a_line_of_dashes(self) -> None:
        assert shown('# Page\n\n| Task | Ann | Bob |\n| Sow | R | A |\n| Reap | A | R |\n') == [
            '- Sow: R|A',
            '- Reap: A|R',
        ]

    def test_tables_in_lists_and_quotes_count(self) -> None:
        page = (
            '# Page\n\n- Beds:\n\n  | Task | Ann | Bob |\n  |---|---|---|\n  | Sow | R | A |\n\n'
            '> | Task | Ann | Bob |\n> |---|---|---|\n> | Reap | A | R |\n'
        )
        assert shown(page) == ['- Sow: R|A', '- Reap: A|R']

    def test_tabs_line_ends_and_marks_of_order_do_not_matter(self) -> None:
        page = '|\tTask\t|\tAnn\t|\tBob\t|\r\n|\t---\t|\t---\t|\t---\t|\r\n|\tSow\t|\tR\t|\tA\t|'
        assert shown('\ufeff' + page) == ['- Sow: R|A']
        assert shown(page.replace('\r\n', '\r')) == ['- Sow: R|A']

    def test_a_table_in_a_block_of_code_is_none(self) -> None:
        page = f'# Page\n\n{SIMPLE}\n```\n{MORE}```\n'
        assert shown(page) == ['- Sow: R|A']
        assert said(page) == ['info read 7']

    def test_a_table_of_html_is_reported(self) -> None:
        page = f'# Page\n\n<table><tr><td>Reap</td></tr></table>\n\n{SIMPLE}'
        assert shown(page) == ['- Sow: R|A']
        assert said(page) == ['warning read 3']

    def test_a_foreign_table_between_two_others_of_a_sheet_changes_nothing(self) -> None:
        page = 'Task,Ann,Bob\nSow,R,R\n\nTool,Place,Price\nSpade,shed,12\n\nTask,Ann,Bob\nReap,A,R\n'
        assert shown(page, 'x.csv') == ['- Sow: R|R', '- Reap: A|R']
        assert 5 in [one.place.line for one in problems(page, 'x.csv') if one.kind == 'row']

    def test_a_foreign_table_is_reported_row_by_row(self) -> None:
        page = md('Task | Owner | Status', 'Sow | Ann | open', 'Reap | Bob | done') + '\n' + SIMPLE
        assert shown(page) == ['- Sow: R|A']
        assert said(page) == ['warning row 5', 'warning row 6']

    def test_a_page_without_a_matrix_says_what_was_looked_for(self) -> None:
        found = read(md('Task | Owner', 'Sow | Ann'))
        assert found.matrix is None
        assert {one.kind for one in found.problems} == {'structure', 'row'}
        assert any('column of activities' in one.text for one in found.problems)


class TestFurtherColumns:
    def test_ticks_are_scopes_and_that_is_said(self) -> None:
        page = md('Pots | Beds | Task | Ann', 'X | | Sow | R', ' | x | Reap | A', '✓ | ✓ | Mow | R')
        found = matrix(page)
        assert found.scopes == (('pots', 'Pots'), ('beds', 'Beds'))
        assert [one.scopes for one in found.walk()] == [('pots',), ('beds',), None]
        assert said(page) == ['info read 3', 'info read 3']

    def test_other_text_is_a_note_and_that_is_said(self) -> None:
        page = md('Task | Ann | Bob | Remarks | Tool', 'Sow | R | A | In March. | a spade', 'Reap | A | R | | ')
        found = matrix(page)
        assert [one.note.rstrip('.') for one in found.walk()] == ['In March. Tool: a spade', '']
        assert said(page) == ['info read 3', 'info read 3']

    def test_numbers_of_rows_are_dropped(self) -> None:
        page = md('# | Task | Ann', '1 | Sow | R', '2 | Reap | A')
        assert shown(page) == ['- Sow: R', '- Reap: A']
        assert all(one.derived and not one.note for one in matrix(page).walk())

    def test_ids_are_kept(self) -> None:
        page = (
            'id,section,activity,Ann,Bob,note,tags\nsow,Spring > Beds,Sow,R,A,In March,"a, b"\nreap,Autumn,Reap,A,R,,\n'
        )
        assert shown(page, 'x.csv') == ['# Spring', '  # Beds', '    - Sow: R|A', '# Autumn', '  - Reap: A|R']
        first, second = matrix(page, 'x.csv').walk()
        assert (first.id, first.derived, first.tags) == ('sow', False, ('a', 'b'))
        assert (second.id, second.note) == ('reap', '')

    def test_a_phase_goes_on_below_itself(self) -> None:
        page = md('Phase | Task | Ann', 'Spring | Sow | R', ' | Dig | R', 'Autumn | Reap | A', ' | Rake | A')
        assert shown(page) == ['# Spring', '  - Sow: R', '  - Dig: R', '# Autumn', '  - Reap: A', '  - Rake: A']

    def test_several_columns_of_sections(self) -> None:
        page = md(
            'Area | Phase | Task | Ann', 'Beds | Spring | Sow | R', ' | Autumn | Reap | A', 'Trees | Spring | Cut | R'
        )
        assert shown(page) == [
            '# Beds',
            '  # Spring',
            '    - Sow: R',
            '  # Autumn',
            '    - Reap: A',
            '# Trees',
            '  # Spring',
            '    - Cut: R',
        ]

    @pytest.mark.parametrize('wrong', ['Q', '?', 'R1', 'X'])
    def test_a_party_of_which_most_letters_are_wrong_is_no_note(self, wrong: str) -> None:
        """Letters that cannot be read are errors, and never end up in a text."""
        page = md('Task | Ann | Bob | Cid', f'Sow | R | {wrong} | A', f'Reap | A | {wrong} | R', 'Mow | A | R | I')
        found = read(page)
        assert not any(one.note for one in found.matrix.walk()) if found.matrix else True
        assert [one.place.line for one in found.problems if one.level == 'error' and one.kind == 'row'] == [5, 6]


class TestParts:
    """Sub-headings inside a table, and tables in parts."""

    def test_bold_rows_are_titles(self) -> None:
        page = md('Task | Ann | Bob', '**Spring** | | ', 'Sow | R | A', '**Autumn** |', 'Reap | A | R')
        assert shown(page) == ['# Spring', '  - Sow: R|A', '# Autumn', '  - Reap: A|R']

    def test_rows_without_letters_are_titles_where_the_first_is_one(self) -> None:
        page = md('Task | Ann | Bob', 'Spring | | ', 'Sow | R | A', 'Autumn | | ', 'Reap | A | R')
        assert shown(page) == ['# Spring', '  - Sow: R|A', '# Autumn', '  - Reap: A|R']

    def test_a_numbered_row_that_lost_its_letters_is_no_title(self) -> None:
        page = md('Task | Ann | Bob', '1.1 Sow | R | A', f'{MARK}1.2 Rake | | ', '1.3 Reap | A | R')
        assert not matrix(page).root.sections
        assert len(list(matrix(page).walk())) == 3
        assert place(page) in [(one.place.line, one.place.column) for one in problems(page)]

    def test_a_long_sheet_may_call_its_letters_raci(self) -> None:
        page = 'Task,Role,RACI\nSow,Ann,R\nSow,Bob,A\nReap,Ann,"C, I"\nReap,Bob,RA\n'
        assert shown(page, 'x.csv') == ['- Sow: R|A', '- Reap: CI|RA']

    def test_a_row_without_letters_is_no_title_where_it_is_counted_and_titles_are_not(self) -> None:
        page = md('No | Task | Ann | Bob', ' | Field | | ', '1 | Sow | R | A', '2 | Reap | | ', '3 | Dig | R | A')
        assert shown(page) == ['# Field', '  - Sow: R|A', '  - Reap: |', '  - Dig: R|A']
        assert "nobody has a part in activity 'Reap'" in problems(page)[-1].text

    def test_a_title_that_stands_in_each_cell(self) -> None:
        page = md('Task | Ann | Bob', '**Spring** | **Spring** | **Spring**', 'Sow | R | A', 'Reap | A | R')
        assert shown(page) == ['# Spring', '  - Sow: R|A', '  - Reap: A|R']

    @pytest.mark.parametrize('end', ['', 'Autumn | | \nReap | A | R'])
    def test_a_title_without_activities_may_be_an_activity_without_letters_and_is_reported(self, end: str) -> None:
        rows = ['Spring | | ', 'Sow | R | A', f'{MARK}Sweep all of the yard | | ', *filter(None, end.split('\n'))]
        page = md('Task | Ann | Bob', *rows)
        assert place(page) in [(one.place.line, one.place.column) for one in problems(page)]

    def test_a_comment_does_not_end_a_table(self) -> None:
        page = md('Task | Ann | Bob', 'Sow | R | A') + '<!-- autumn -->\n| Reap | A | R |\n'
        assert shown(page) == ['- Sow: R|A', '- Reap: A|R']

    def test_a_text_does_not_end_a_table(self) -> None:
        page = md('Task | Ann | Bob', 'Sow | R | A') + '\nIn autumn:\n\n| Reap | A | R |\n'
        assert shown(page) == ['- Sow: R|A', '- Reap: A|R']

    @pytest.mark.parametrize('line', ['{: .table .striped}', '{.table}', ':::', '---', '***', '</details>'])
    def test_marks_of_other_tools_right_below_a_table_are_no_rows(self, line: str) -> None:
        page = f'{md("Task | Ann | Bob", "Sow | R | A", "Reap | A | R")}{line}\n'
        assert shown(page) == ['- Sow: R|A', '- Reap: A|R']
        assert not [one for one in problems(page) if one.level == 'error']

    def test_otherwise_such_a_row_is_an_activity_and_reported(self) -> None:
        page = md('Task | Ann | Bob', 'Sow | R | A', f'{MARK}Mow | | ', 'Reap | A | R')
        assert shown(page) == ['- Sow: R|A', '- Mow: |', '- Reap: A|R']
        (problem,) = problems(page)
        assert (problem.level, problem.kind) == ('warning', 'cell')
        assert (problem.place.line, problem.place.column) == place(page)

    def test_titles_of_a_sheet(self) -> None:
        page = 'Task,Ann,Bob\nSpring,,\nSow,R,A\nAutumn,,\nReap,A,R\n'
        assert shown(page, 'x.csv') == ['# Spring', '  - Sow: R|A', '# Autumn', '  - Reap: A|R']

    def test_numbers_of_titles_are_dropped(self) -> None:
        page = md('Task | Ann | Bob', '**1. Spring** | | ', 'Sow | R | A', '**2. Autumn** | | ', 'Reap | A | R')
        assert shown(page)[::2] == ['# Spring', '# Autumn']

    @pytest.mark.parametrize(
        'rows',
        [['Reap | RA | R', 'Mow | I | A'], ['Reap | A | R', 'Mow | R | A'], ['Reap | A | R'], ['Reap | C | I']],
    )
    def test_a_blank_line_does_not_end_a_table(self, rows: list[str]) -> None:
        page = md('Task | Ann | Bob', 'Sow | R | A') + '\n' + ''.join(f'| {row} |\n' for row in rows)
        assert parties(page) == ['Ann', 'Bob']
        assert [row[2:] for row in shown(page)] == [
            'Sow: R|A',
            *(row.replace(' | ', ': ', 1).replace(' | ', '|') for row in rows),
        ]
        assert said(page) == ['warning read 7']

    def test_the_head_may_stand_in_the_table_again(self) -> None:
        page = md('Task | Ann | Bob', 'Sow | R | A', 'Task | Ann | Bob', 'Reap | A | R')
        assert shown(page) == ['- Sow: R|A', '- Reap: A|R']
        assert said(page) == ['info row 6']

    def test_a_head_that_stands_there_again_changes_no_column(self) -> None:
        page = md('Task | Ann | Bob | Cid', 'Sow | R | R | A', 'Reap | | | ', 'Task | Ann | Bob | Cid')
        assert shown(page)[0] == '- Sow: R|R|A'

    def test_the_line_of_dashes_may_stand_there_again(self) -> None:
        page = md('Task | Ann | Bob', 'Sow | R | A', 'Task | Ann | Bob', '--- | --- | ---', 'Reap | A | R')
        assert shown(page) == ['- Sow: R|A', '- Reap: A|R']
        page = md('Task | Ann | Bob', 'Sow | R | A', '--- | --- | ---', 'Reap | A | R')
        assert shown(page) == ['- Sow: R|A', '- Reap: A|R']

    def test_an_empty_row_is_named_and_loses_nothing(self) -> None:
        page = md('Task | Ann | Bob', 'Sow | R | A', ' | | ', 'Reap | A | R')
        assert shown(page) == ['- Sow: R|A', '- Reap: A|R']
        assert said(page) == ['info row 6']

    def test_titles_above_the_head_are_read_and_named(self) -> None:
        page = 'Garden\nUpdated,2031-02-03\nTask,Ann,Bob\nSow,R,A\nReap,A,R\n'
        found = matrix(page, 'x.csv')
        assert (found.title, found.revision) == ('Garden', '2031-02-03')
        assert said(page, 'x.csv') == ['info row 1', 'info row 2']

    def test_titles_may_stand_apart(self) -> None:
        page = 'Garden,,\nUpdated,2031-02-03,\n,,\nTask,Ann,Bob\nSow,R,A\nReap,A,R\n'
        found = matrix(page, 'x.csv')
        assert (found.title, found.revision) == ('Garden', '2031-02-03')

    def test_several_tables_in_a_sheet(self) -> None:
        page = 'Spring\nTask,Ann,Bob\nSow,R,A\n\nAutumn\nTask,Ann,Cid\nReap,A,R\n'
        assert shown(page, 'x.csv') == ['# Spring', '  - Sow: R|A|', '# Autumn', '  - Reap: A||R']
        assert parties(page, 'x.csv') == ['Ann', 'Bob', 'Cid']

    def test_tables_may_have_different_parties(self) -> None:
        page = '# Page\n## Beds\n' + SIMPLE + '## Trees\n| Task | Cid | Bob |\n|---|---|---|\n| Cut | R | A |\n'
        assert parties(page) == ['Ann', 'Bob', 'Cid']
        assert shown(page) == ['# Beds', '  - Sow: R|A|', '# Trees', '  - Cut: |A|R']

    def test_a_party_may_have_no_part_in_a_whole_table(self) -> None:
        page = '# Page\n## Beds\n' + SIMPLE + '## Trees\n' + HEAD + '| Cut | | R |\n| Mow | | A |\n'
        assert parties(page) == ['Ann', 'Bob']
        assert shown(page) == ['# Beds', '  - Sow: R|A', '# Trees', '  - Cut: |R', '  - Mow: |A']

    def test_the_corner_may_hold_the_title_of_a_section(self) -> None:
        page = '# Page\n\n| **1. Spring** | Ann | Bob |\n|---|---|---|\n| Sow | R | A |\n\n' + (
            '| **2. Autumn** | Ann | Bob |\n|---|---|---|\n| Reap | A | R |\n'
        )
        assert shown(page) == ['# Spring', '  - Sow: R|A', '# Autumn', '  - Reap: A|R']

    @pytest.mark.parametrize('footer', ['Last updated: 2031-02-03', '*Total: 1 row*'])
    def test_text_below_a_table_is_no_row(self, footer: str) -> None:
        page = f'# Page\n\n{SIMPLE}\n{footer}\n'
        assert shown(page) == ['- Sow: R|A']
        assert not [one for one in problems(page) if one.kind == 'row']

    def test_a_footer_of_a_sheet_changes_nothing_above_it(self) -> None:
        page = 'Task,Ann,Bob\nSow,R,A\n\nMade by a tool\nLast updated,2031-02-03\n'
        assert shown(page, 'x.csv') == ['- Sow: R|A']
        assert [one.place.line for one in problems(page, 'x.csv') if one.kind == 'row'] == [4, 5]


# --- cells -----------------------------------------------------------------------------------------------------------

SPELLINGS = {
    'R': ['R', 'r', ' R ', '**R**', '*R*', '_R_', '__R__', '***R***', '`R`', '**`R`**', 'Responsible', 'RESPONSIBLE'],
    'RA': [
        *('RA', 'AR', 'ra', 'aR', 'R/A', 'A / R', 'R,A', 'A, R', 'R;A', 'R; A', 'R&A', 'R & A', 'R+A', 'R + A', 'R A'),
        *('**R**/A', '**R** / *A*', '`R`, `A`', '**R/A**', 'Responsible, Accountable', 'accountable/responsible'),
    ],
    'CI': ['C/I', 'IC', 'C / I', 'Consulted / Informed', 'i+c', '**CI**'],
    'RACI': ['RACI', 'R/A/C/I', 'I, C, A, R', 'R A C I'],
    '': ['', '-', '–', '—', 'N/A', 'n/a', '.', '**-**', '`-`', 'N/a', '*n/a*'],
}
ALL = [(cell, letters) for letters, cells in SPELLINGS.items() for cell in cells]


def in_column(cell: str) -> str:
    """A cell among others that leave no doubt of what the column is."""
    return md('Task | Ann | Bob', 'Sow | R | A', 'Reap | A | R', 'Mow | C | I', f'Dig | {MARK}{cell} | I')


class TestCells:
    @pytest.mark.parametrize(('cell', 'letters'), ALL)
    def test_spellings_in_markdown(self, cell: str, letters: str) -> None:
        assert shown(in_column(cell))[3] == f'- Dig: {letters}|I'
        assert not problems(in_column(cell))

    @pytest.mark.parametrize(('cell', 'letters'), [*ALL, ('R|A', 'RA'), ('R | A', 'RA'), ('R\nA', 'RA')])
    def test_spellings_in_a_sheet(self, cell: str, letters: str) -> None:
        page = f'Task,Ann,Bob\nSow,R,A\nReap,A,R\nMow,C,I\nDig,"{cell}",I\n'
        assert shown(page, 'x.csv')[3] == f'- Dig: {letters}|I'
        assert not problems(page, 'x.csv')

    @pytest.mark.parametrize(
        ('cell', 'letters'),
        [
            ('R<br>', 'R'),
            ('R<br>A', 'RA'),
            ('R<br/>A', 'RA'),
            ('R<br />A', 'RA'),
            ('R&nbsp;', 'R'),
            ('R&nbsp;/&nbsp;A', 'RA'),
            ('R&amp;A', 'RA'),
            (r'R\|A', 'RA'),
            (r'R \| A', 'RA'),
            ('&ndash;', ''),
            ('&mdash;', ''),
            ('<b>R</b>', 'R'),
            ('<span style="x">R</span>', 'R'),
            ('[R](https://e.org)', 'R'),
            ('R <!-- agreed -->', 'R'),
        ],
    )
    def test_markup_of_markdown(self, cell: str, letters: str) -> None:
        assert shown(in_column(cell))[3] == f'- Dig: {letters}|I'

    @pytest.mark.parametrize(
        ('cell', 'expected'),
        [
            ('R (veto)', 'R (veto)'),
            ('R(veto)', 'R (veto)'),
            ('**R** (veto)', 'R (veto)'),
            ('R/A (in March)', 'RA (in March)'),
            ('R (in March), A', 'RA (R: in March)'),
            ('R (in March) / A (in May)', 'RA (R: in March; A: in May)'),
            ('R*', 'R (*)'),
            (r'R\*', 'R (*)'),
            ('R†', 'R (†)'),
            ('R (1)', 'R (1)'),
            ('R [1]', 'R (1)'),
            ('R (Responsible)', 'R'),
            ('Responsible (R)', 'R'),
            ('R (see [rules](https://e.org))', 'R (see rules)'),
            ('R (if A (the owner) is away)', 'R (if A (the owner) is away)'),
            (r'R\*, A\*\*', 'RA (R: *; A: **)'),
        ],
    )
    def test_marks_become_notes(self, cell: str, expected: str) -> None:
        assert shown(in_column(cell))[3] == f'- Dig: {expected}|I'

    @pytest.mark.parametrize(
        ('cell', 'letters', 'name'),
        [
            ('А', 'A', 'U+0410'),
            ('С', 'C', 'U+0421'),
            ('І', 'I', 'U+0406'),
            ('с', 'C', 'U+0441'),
            ('Α', 'A', 'U+0391'),
            ('Ｒ', 'R', 'U+FF32'),
            ('ｃ', 'C', 'U+FF43'),
            ('R/А', 'RA', 'U+0410'),
            ('RА', 'RA', 'U+0410'),
            ('**С**', 'C', 'U+0421'),
            ('Ｒ／Ａ', 'RA', 'U+FF32'),
        ],
    )
    def test_letters_that_look_alike_are_read_as_meant_and_reported(self, cell: str, letters: str, name: str) -> None:
        page = in_column(cell)
        assert shown(page)[3] == f'- Dig: {letters}|I'
        (problem,) = problems(page)
        assert (problem.level, problem.kind) == ('warning', 'cell')
        assert (problem.place.line, problem.place.column) == place(page)
        assert all(word in problem.text for word in (name, "'Dig'", "'Ann'"))

    @pytest.mark.parametrize(
        'cell', ['R?', 'Q', 'RX', 'R or A', 'tbd', '?', '2', 'R - lead', 'R1', 'C: maybe', 'ask Ann']
    )
    def test_anything_else_is_an_error_at_its_place(self, cell: str) -> None:
        page = in_column(cell)
        found = read(page)
        assert found.matrix is not None
        assert [one.name for one in found.matrix.walk()] == ['Sow', 'Reap', 'Mow']
        assert found.matrix.unread == (('Dig', 8),)
        (problem,) = found.problems
        assert (problem.level, problem.kind, problem.place.path) == ('error', 'row', 'x.md')
        assert (problem.place.line, problem.place.column) == place(page)
        assert all(word in problem.text for word in ("'Dig'", "'Ann'", cell.split()[0]))

    @pytest.mark.parametrize('cell', ['R (A)', 'A(R)'])
    def test_a_letter_in_brackets_is_never_lost_in_a_note(self, cell: str) -> None:
        page = in_column(cell)
        row = [one for one in shown(page) if 'Dig' in one]
        assert row in ([], ['- Dig: RA|I']) or problems(page)

    def test_several_errors_in_a_row_are_one_message(self) -> None:
        page = md('Task | Ann | Bob | Cid', 'Sow | R | A | C', 'Mow | A | R | I', f'Dig | {MARK}Q | R | tbd')
        (problem,) = problems(page)
        assert (problem.level, problem.kind) == ('error', 'row')
        assert (problem.place.line, problem.place.column) == place(page)
        assert all(word in problem.text for word in ("'Dig'", "'Q'", "'tbd'", "'Ann'", "'Cid'"))


class TestFootnotes:
    @pytest.mark.parametrize(
        ('cell', 'below'),
        [
            ('R[^1]', '[^1]: Only in May.'),
            ('R [^note]', '[^note]: Only in May.'),
            ('R (1)', '(1) Only in May.'),
            ('R(1)', '(1): Only in May.'),
            ('R [1]', '[1] Only in May.'),
            ('R¹', '¹ Only in May.'),
            (r'R\*', r'\* Only in May.'),
            (r'R \*\*', r'\*\* Only in May.'),
            ('R†', '† Only in May.'),
            ('R <sup>1</sup>', '<sup>1</sup> Only in May.'),
            ('R<sup>(1)</sup>', '<sup>(1)</sup> Only in May.'),
            ('R (1)', '*(1) Only in May.*'),
            ('R*', '*: Only in May.'),
        ],
    )
    def test_its_text_is_found_and_kept(self, cell: str, below: str) -> None:
        page = in_column(cell) + f'\n{below}\n'
        assert shown(page)[3] == '- Dig: R (Only in May.)|I'
        assert not matrix(page).root.intro

    def test_the_sign_may_stand_at_the_name(self) -> None:
        page = md('Task | Ann', 'Sow (1) | R', 'Reap[^2] | A') + '\n(1) Only in May.\n\n[^2]: Only in June.\n'
        assert [(one.name, one.note) for one in matrix(page).walk()] == [
            ('Sow', 'Only in May.'),
            ('Reap', 'Only in June.'),
        ]

    @pytest.mark.parametrize('end', ['\n', '  \n', '\\\n', '\n\n', '<br>\n'])
    def test_several_may_stand_below_one_another(self, end: str) -> None:
        page = md('Task | Ann', 'Sow | R (1)', 'Reap | A (2)') + f'\n(1) Only in May.{end}(2) Only in June.\n'
        assert shown(page) == ['- Sow: R (Only in May.)', '- Reap: A (Only in June.)']

    def test_without_a_text_the_sign_stays(self) -> None:
        assert shown(in_column('R (1)'))[3] == '- Dig: R (1)|I'


# --- rows that are not as they should be -----------------------------------------------------------------------------


class TestRagged:
    def test_a_row_that_lacks_a_cell_is_read_as_blank_and_reported(self) -> None:
        page = md('Task | Ann | Bob', 'Sow | R | A', f'{MARK}Dig | R')
        assert shown(page) == ['- Sow: R|A', '- Dig: R|']
        (problem,) = problems(page)
        assert (problem.level, problem.kind) == ('warning', 'cell')
        assert (problem.place.line, problem.place.column) == place(page)
        assert all(word in problem.text for word in ("'Dig'", "'Bob'"))

    @pytest.mark.parametrize('name', ['Dig', 'Dig and `rake`', '[Dig](https://e.org)'])
    def test_a_row_that_lacks_all_of_them_is_an_error(self, name: str) -> None:
        page = md('Task | Ann | Bob', 'Sow | R | A', f'{MARK}{name}')
        assert shown(page) == ['- Sow: R|A']
        (problem,) = problems(page)
        assert (problem.level, problem.kind) == ('error', 'row')
        assert (problem.place.line, problem.place.column) == place(page)
        assert 'Dig' in problem.text

    def test_a_row_with_too_many_cells_is_an_error(self) -> None:
        page = md('Task | Ann | Bob', 'Sow | R | A', f'Dig | R | A | {MARK}C')
        assert shown(page) == ['- Sow: R|A']
        (problem,) = problems(page)
        assert (problem.level, problem.kind) == ('error', 'row')
        assert (problem.place.line, problem.place.column) == place(page)
        assert all(word in problem.text for word in ("'Dig'", '4', '3'))

    def test_cells_with_nothing_in_them_are_not_too_many(self) -> None:
        page = 'Task,Ann,Bob,,\nSow,R,A,,\nReap,A,R,,\n'
        assert shown(page, 'x.csv') == ['- Sow: R|A', '- Reap: A|R']
        assert not problems(page, 'x.csv')

    def test_a_row_that_names_no_activity_is_an_error(self) -> None:
        page = md('Task | Ann | Bob', 'Sow | R | A', f' | {MARK}R | A')
        assert shown(page) == ['- Sow: R|A']
        (problem,) = problems(page)
        assert (problem.level, problem.kind) == ('error', 'row')
        assert (problem.place.line, problem.place.column) == place(page)

    @pytest.mark.parametrize('row', ['Dig,⟦Q,A', 'Dig,R,A,⟦C', ',⟦R,A', '⟦Dig'])
    def test_places_in_a_sheet(self, row: str) -> None:
        page = f'Task,Ann,Bob\nSow,R,A\n"Two\nlines",A,R\n{row}\nMow,A,R\nRake,R,A\n'
        (problem,) = problems(page, 'x.csv')
        assert (problem.level, problem.kind) == ('error', 'row')
        assert (problem.place.line, problem.place.column) == place(page)

    def test_a_total_is_an_error(self) -> None:
        page = md('# | Task | Ann | Bob', '1 | Sow | R | A', '2 | Reap | A | R', ' | Total | ⟦2 | 2')
        assert shown(page) == ['- Sow: R|A', '- Reap: A|R']
        problem = problems(page)[-1]
        assert (problem.level, problem.kind) == ('error', 'row')
        assert (problem.place.line, problem.place.column) == place(page)

    def test_an_activity_that_stands_twice_stays_twice(self) -> None:
        assert shown(md('Task | Ann', 'Sow | R', 'Sow | A')) == ['- Sow: R', '- Sow: A']

    def test_two_columns_with_one_name_are_an_error_and_lose_no_letter(self) -> None:
        page = md('Task | Ann | ⟦Ann', 'Sow | R | A')
        found = read(page)
        errors = [one for one in found.problems if one.level == 'error']
        assert place(page) in [(one.place.line, one.place.column) for one in errors]
        assert found.matrix is None or shown(page) in ([], ['- Sow: RA'])

    def test_long_tables_name_each_row_that_is_wrong(self) -> None:
        page = 'activity,party,letters\nSow,Ann,R\nSow,Bob,⟦Q\nReap,Ann,A\nReap,,R\nReap,Ann,C\n'
        assert said(page, 'x.csv') == ['error row 3', 'error row 5', 'error row 6']
        first = problems(page, 'x.csv')[0]
        assert (first.place.line, first.place.column) == place(page)


# --- parties and links -----------------------------------------------------------------------------------------------

PROJECT = {'provider': Party('provider', 'Cloud provider'), 'customer': Party('customer', 'Customer')}


class TestParties:
    def test_a_word_that_all_titles_share_goes_and_that_is_said(self) -> None:
        page = md('Task | Client Role | Provider Role', 'Sow | R | A', 'Reap | A | R')
        assert parties(page) == ['Client', 'Provider']
        assert said(page) == ['info read 3', 'info read 3']

    def test_it_stays_where_only_some_have_it(self) -> None:
        assert parties(md('Task | Client Role | Provider', 'Sow | R | A')) == ['Client Role', 'Provider']

    @pytest.mark.parametrize(
        'title', ['Cloud provider', 'CLOUD PROVIDER', 'provider', '**Cloud provider**', 'Provider']
    )
    def test_those_of_the_project_are_known_by_name_and_id(self, title: str) -> None:
        found = matrix(md(f'Task | {title} | Bob', 'Sow | R | A'), parties=PROJECT)
        assert [(party.id, party.name) for party in found.parties] == [('provider', 'Cloud provider'), ('bob', 'Bob')]

    def test_they_are_known_in_rows_and_in_cells_too(self) -> None:
        turned = md('| Sow | Reap', 'Provider | R | A', 'Customer | A | R')
        lettered = md('Task | R | A', 'Sow | cloud provider | Customer', 'Reap | Customer | Provider')
        for page in (turned, lettered):
            found = matrix(page, parties=PROJECT)
            assert [party.id for party in found.parties] == ['provider', 'customer']
            assert outline(found.root) == ['- Sow: R|A', '- Reap: A|R']

    def test_ids_are_made_of_names(self) -> None:
        found = matrix(md('Task | Équipe Été | R&D (EU) | 開発', 'Sow | R | A | C', 'Reap | A | R | I'))
        assert [party.name for party in found.parties] == ['Équipe Été', 'R&D (EU)', '開発']
        assert all(re.fullmatch('[a-z0-9]+(-[a-z0-9]+)*', party.id) for party in found.parties)


class TestLinks:
    def test_full_addresses_are_kept(self) -> None:
        page = md('Task | Ann', '[Sow](https://e.org/a) and [rake](https://e.org/b) | R')
        (one,) = matrix(page).walk()
        assert one.name == 'Sow and rake'
        assert [(link.text, link.url) for link in one.links] == [
            ('Sow', 'https://e.org/a'),
            ('rake', 'https://e.org/b'),
        ]

    @pytest.mark.parametrize('target', ['beds/sow.md', '/beds/sow', '#sow', '../sow'])
    def test_others_are_left_out_and_reported(self, target: str) -> None:
        page = md('Task | Ann', f'{MARK}[Sow]({target}) | R')
        (one,) = matrix(page).walk()
        assert (one.name, one.links) == ('Sow', ())
        (problem,) = problems(page)
        assert (problem.level, problem.kind) == ('warning', 'read')
        assert (problem.place.line, problem.place.column) == place(page)
        assert target in problem.text

    @pytest.mark.parametrize(
        ('target', 'url'),
        [('sow.md', 'https://e.org/g/sow.md'), ('/sow', 'https://e.org/sow'), ('#x', 'https://e.org/g/page#x')],
    )
    def test_an_address_of_the_page_completes_them(self, target: str, url: str) -> None:
        page = md('Task | Ann', f'[Sow]({target}) | R')
        (one,) = matrix(page, base_url='https://e.org/g/page').walk()
        assert [link.url for link in one.links] == [url]
        assert not problems(page, base_url='https://e.org/g/page')

    def test_a_link_in_a_column_of_notes(self) -> None:
        (one,) = matrix(md('Task | Ann | Note', 'Sow | R | See [rules](https://e.org)')).walk()
        assert one.note.rstrip('.') == 'See rules'
        assert [link.url for link in one.links] == ['https://e.org']

    @pytest.mark.parametrize(
        ('written', 'links'),
        [
            ('https://e.org', [('https://e.org', 'https://e.org')]),
            ('[a<br>b](https://e.org)', [('a b', 'https://e.org')]),
            ('[*x* y](https://e.org)<br>[z](mailto:d@e.org)', [('x y', 'https://e.org'), ('z', 'mailto:d@e.org')]),
            ('[x](https://e.org), [x](https://f.org)', [('x', 'https://e.org'), ('x', 'https://f.org')]),
            ('–', []),
        ],
    )
    def test_a_column_of_links(self, written: str, links: list[tuple[str, str]]) -> None:
        page = md('Task | Ann | Links', f'Sow | R | {written}')
        (one,) = matrix(page).walk()
        assert [(link.text, link.url) for link in one.links] == links
        assert not problems(page)

    def test_what_is_no_link_in_a_column_of_links_is_not_lost_in_silence(self) -> None:
        page = md('Task | Ann | Links', f'Sow | R | {MARK}See [rules](https://e.org) and [this](javascript:x)')
        (one,) = matrix(page).walk()
        assert [link.url for link in one.links] == ['https://e.org']
        (problem,) = problems(page)
        assert (problem.level, problem.kind) == ('warning', 'read')
        assert (problem.place.line, problem.place.column) == place(page)
        assert 'See' in problem.text
        assert 'javascript:x' in problem.text

    def test_a_link_in_html_is_not_lost_in_silence(self) -> None:
        page = md('Task | Ann', '<a href="https://e.org">Sow</a> | R')
        (one,) = matrix(page).walk()
        assert one.name == 'Sow'
        assert one.links or problems(page)


class TestTextOnly:
    PAGE = """\
Garden - Shared duties

Roles
R : Does it
A : Owns it
C : Is asked
I : Is told

1. Spring

Activity Owner Gardener
Dig over the beds RA I
Order the seed that the beds need I RA
Water the lawn RA
Mow C RA

2. Autumn

Activity Owner Gardener
Rake the leaves RA
Cut the hedge I RA
"""

    def test_it_is_refused_with_what_to_do_and_the_rows_that_cannot_be_assigned(self) -> None:
        for name in ('x.txt', 'x.md'):
            found = read(self.PAGE, name)
            assert found.matrix is None
            (problem,) = found.problems
            assert problem.level == 'error'
            assert '2 rows cannot be assigned' in problem.text
            assert [int(number) for number in re.findall(r' (\d+)(?=[,;. ]|$)', problem.text) if int(number) > 9] == [
                14,
                20,
            ]

    def test_a_text_with_a_table_is_read(self) -> None:
        assert shown(f'# Page\n\nR A C I\n\n{SIMPLE}', 'x.txt') == ['- Sow: R|A']

    def test_a_text_without_any_row_of_letters_is_no_matrix(self) -> None:
        found = read('Garden\n\nWe dig and we sow.\n', 'x.md')
        assert found.matrix is None
        assert [one.level for one in found.problems] == ['error']


def test_activities_may_be_called_like_letters() -> None:
    page = md('What | Ann | Bob', 'CI | R | A', 'QA | A | R', 'Deploy | R | I')
    assert shown(page) == ['- CI: R|A', '- QA: A|R', '- Deploy: R|I']


class TestOddPages:
    """Faults that were once read wrongly, each in its smallest form."""

    def test_a_second_head_with_a_title_in_its_corner(self) -> None:
        page = 'Phase 1,Ann,Bob\nSow,R,A\nPhase 2,Ann,Bob\nReap,A,R\n'
        assert shown(page, 'x.csv') == ['# Phase 1', '  - Sow: R|A', '# Phase 2', '  - Reap: A|R']

    def test_letters_in_a_row_are_no_head(self) -> None:
        assert shown('Our duties,Ann,Bob\nSow,R,A\nTotal,1,1\n', 'x.csv') == ['- Sow: R|A']

    def test_a_legend_beside_the_matrix(self) -> None:
        page = 'Task,Ann,Bob,,R,Responsible\nSow,A,R,,A,Accountable\nReap,I,R,,C,Consulted\nRake,R,A,,I,Informed\n'
        assert shown(page, 'x.csv') == ['- Sow: A|R', '- Reap: I|R', '- Rake: R|A']
        assert parties(page, 'x.csv') == ['Ann', 'Bob']

    @pytest.mark.parametrize('title', ['Status', 'RAG', 'Type', 'Priority'])
    def test_what_is_no_party_by_its_title(self, title: str) -> None:
        page = f'Task,Ann,Bob,{title}\nSow,R,A,R\nReap,A,R,A\n'
        assert parties(page, 'x.csv') == ['Ann', 'Bob']

    def test_a_column_of_letters_without_a_title_is_an_error(self) -> None:
        found = read(md('Task | Ann | Bob | ', 'Sow | R | A | C', 'Reap | A | R | '))
        assert [one.text for one in found.problems if one.kind == 'structure'] == [
            'the column has letters but no title; write the name of its party'
        ]
        assert [one.place.line for one in found.problems if one.kind == 'row'] == [5]

    def test_a_process_and_its_activities(self) -> None:
        page = md('Process | Activity | Ann | Bob', 'Hire | Post | R | A', 'Hire | Meet | A | R', 'Fire | Tell | R | A')
        assert shown(page) == ['# Hire', '  - Post: R|A', '  - Meet: A|R', '# Fire', '  - Tell: R|A']

    def test_a_title_may_hold_more_words(self) -> None:
        page = md('No | Deliverable or task | Ann | Bob', '1 | Sow | R | A', '2 | Reap | A | R')
        assert shown(page) == ['- Sow: R|A', '- Reap: A|R']

    def test_a_role_in_the_corner_is_no_proof(self) -> None:
        page = md('Role | Ann | Bob', 'Sow | A | R', 'Reap | A | R', 'Rake | A | R')
        assert shown(page) == ['- Sow: A|R', '- Reap: A|R', '- Rake: A|R']

    def test_a_column_for_two_letters(self) -> None:
        assert shown('Task,R/A,C,I\nSow,Ann,Bob,Cid\n', 'x.csv') == ['- Sow: RA|C|I']

    def test_two_kinds_of_footnotes(self) -> None:
        page = md('Task | Ann | Bob', 'Sow | R[^1] | A', 'Reap | R (1) | A') + '\n[^1]: All year.\n\n(1) In May.\n'
        assert shown(page) == ['- Sow: R (All year.)|A', '- Reap: R (In May.)|A']

    def test_a_row_that_is_set_in(self) -> None:
        page = '| Task | Ann |\n|---|---|\n| Sow | R |\n    | Reap | R |\n| Rake | R |\n'
        assert shown(page) == ['- Sow: R', '- Reap: R', '- Rake: R']

    def test_a_note_to_a_party_in_a_column_of_letters(self) -> None:
        page = 'Task,R,A,C,I\nSow,Ann (lead),Bob,,\nReap,Ann,Bob,Cid,\n'
        assert shown(page, 'x.csv') == ['- Sow: R (lead)|A|', '- Reap: R|A|C']

    def test_a_head_of_two_rows_with_a_merged_corner(self) -> None:
        page = 'Task,North,North,South\nTask,Ann,Bob,Cid\nSow,R,A,I\nReap,A,R,I\n'
        assert shown(page, 'x.csv') == ['- Sow: R|A|I', '- Reap: A|R|I']
        assert parties(page, 'x.csv') == ['Ann', 'Bob', 'Cid']

    def test_titles_with_numbers_in_a_column_of_their_own(self) -> None:
        page = 'No;Task;Ann;Bob\n1;Garden;;\n1.1;Sow;A;R\n2;House;;\n2.1;Heat;R;A\n'
        assert shown(page, 'x.csv') == ['# Garden', '  - Sow: A|R', '# House', '  - Heat: R|A']

    def test_signs_that_only_decorate(self) -> None:
        page = '- 🟢 **R** = Responsible\n- 🔴 **A** = Accountable\n\n' + md('Task | Ann | Bob', 'Sow | 🟢 R | 🔴 A')
        assert shown(page) == ['- Sow: R|A']

    @pytest.mark.parametrize('cell', ['--', '---', 'NA', 'n.a.', '_', '/', '∅'])
    def test_more_ways_to_say_nothing(self, cell: str) -> None:
        assert shown(md('Task | Ann | Bob | Cid', f'Sow | R | A | {cell}', 'Reap | A | R | I')) == [
            '- Sow: R|A|',
            '- Reap: A|R|I',
        ]

    @pytest.mark.parametrize('heading', ['1.Beds', '1) Beds', '1 - Beds', '1. Beds', '**1. Beds**'])
    def test_numbers_before_titles(self, heading: str) -> None:
        assert shown(f'## {heading}\n\n{SIMPLE}\n## 2. Trees\n\n{SIMPLE}')[0] == '# Beds'

    def test_a_title_above_numbered_headings_of_its_level(self) -> None:
        page = f'# Garden\n\n## 1. Beds\n\n{SIMPLE}\n# 2. Trees\n\n{SIMPLE}'
        assert matrix(page).title == 'Garden'
        assert [line for line in shown(page) if '#' in line] == ['# Beds', '# Trees']

    def test_marks_of_other_programs_are_no_text(self) -> None:
        page = '> [!primary]\n> Read this.\n\n' + md('Task | Ann', '[Sow](https://example.org/){.external} | R')
        found = matrix(page)
        assert (found.root.intro, next(found.walk()).name) == ('Read this.', 'Sow')

    def test_a_title_apart_from_the_first_of_several_tables(self) -> None:
        page = 'Garden\n\nTask,Ann,Bob\nSow,R,A\n\nTask,Ann,Bob\nReap,A,R\n'
        assert matrix(page, 'x.csv').title == 'Garden'
        assert shown(page, 'x.csv') == ['- Sow: R|A', '- Reap: A|R']

    def test_a_column_that_is_blank_here_and_holds_text_there_is_no_party(self) -> None:
        one = md('Task | Ann | Bob | System', 'Sow | R | A | the shed')
        two = '## Other\n\n| Task | Ann | Bob | System |\n|---|---|---|---|\n| Reap | A | R | |\n'
        assert parties(one + '\n' + two) == ['Ann', 'Bob']

    def test_rows_below_a_blank_row_of_a_sheet_belong_to_the_table_above(self) -> None:
        page = 'Task,Ann,Bob\nSow,R,A\n\nReap,A,R\n,,\nRake,I,R\n'
        assert shown(page, 'x.csv') == ['- Sow: R|A', '- Reap: A|R', '- Rake: I|R']

    def test_titles_that_would_become_one_stay_as_they_are(self) -> None:
        assert parties(md('Task | Client Role | Role Client', 'Sow | R | A')) == ['Client Role', 'Role Client']

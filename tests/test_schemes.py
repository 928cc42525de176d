"""Schemes: which there are, how their letters are read and checked, and how a project or a source makes its own."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sphinxcontrib_raci.model import Matrix
from sphinxcontrib_raci.options import settings_of
from sphinxcontrib_raci.rules.engine import check
from sphinxcontrib_raci.schemes import COMMON, PARTS, RACI, SCHEMES, Letter, Scheme, UnknownLetter, read_letters
from sphinxcontrib_raci.settings import NO_SETTINGS, Settings
from sphinxcontrib_raci.sources import read_bytes
from sphinxcontrib_raci.writers import write

DAY = date(2031, 3, 15)
SUFFIXES = {'yaml': '.yaml', 'json': '.json', 'csv': '.csv', 'markdown': '.md', 'rst': '.rst', 'xlsx': '.xlsx'}

LETTERS = {
    'raci': 'RACI',
    'arci': 'ARCI',
    'rasci': 'RASCI',
    'rasic': 'RASIC',
    'rasi': 'RASI',
    'raciq': 'RACIQ',
    'raci-vs': 'RACIVS',
    'cairo': 'CAIRO',
    'daci': 'DACI',
    'dci': 'DCI',
    'rapid': 'RAPID',
    'ratsi': 'RATSI',
    'paris': 'PARIS',
    'pacsi': 'PACSI',
    'drasci': 'DRASCI',
    'clam': 'CLAM',
}

# One row for each scheme in which nothing is wrong: a cell for each of five parties.
SOUND = {
    'raci': ('RA', 'C', 'C', 'I', ''),
    'arci': ('A', 'R', 'R', 'C', 'I'),
    'rasci': ('RA', 'R', 'S', 'C', 'I'),
    'rasic': ('A', 'R', 'S', 'I', 'C'),
    'rasi': ('A', 'R', 'S', 'S', 'I'),
    'raciq': ('RA', 'C', 'I', 'Q', 'Q'),
    'raci-vs': ('RA', 'C', 'I', 'V', 'S'),
    'cairo': ('AR', 'C', 'I', 'O', 'O'),
    'daci': ('D', 'A', 'C', 'C', 'I'),
    'dci': ('D', 'C', 'C', 'I', 'I'),
    'rapid': ('R', 'A', 'PI', 'P', 'D'),
    'ratsi': ('RA', 'T', 'T', 'S', 'I'),
    'paris': ('PA', 'P', 'R', 'I', 'S'),
    'pacsi': ('PA', 'P', 'C', 'S', 'I'),
    'drasci': ('D', 'RA', 'SC', 'R', 'I'),
    'clam': ('L', 'A', 'C', 'C', 'M'),
}


def source(scheme: str, *rows: tuple[str, ...], top: str = '') -> str:
    """A source with these cells; ``scheme`` is YAML, empty for none."""
    count = max(map(len, rows), default=1)
    parties = ', '.join(f'p{number}: Party {number}' for number in range(count))
    lines = ['raci: 1', 'title: Shop', f'parties: {{{parties}}}', *([f'scheme: {scheme}'] if scheme else []), top]
    for index, row in enumerate(rows):
        who = ', '.join(f'p{number}: "{cell}"' for number, cell in enumerate(row))
        lines.append(f'  - {{id: a{index}, name: Step {index}, who: {{{who}}}}}')
    lines.insert(len(lines) - len(rows), 'activities:')
    return '\n'.join(line for line in lines if line) + '\n'


def reading(text: str, project: Settings = NO_SETTINGS) -> tuple[Matrix, list[str]]:
    """The matrix of a source, and what is wrong in it: line, kind and text."""
    found = read_bytes(text.encode(), 'shop.raci.yaml', project)
    assert found.matrix is not None
    return found.matrix, [f'{problem.place.line} {problem.kind}: {problem.text}' for problem in found.problems]


def read(text: str, project: Settings = NO_SETTINGS) -> Matrix:
    """The matrix of a source in which nothing is wrong."""
    matrix, problems = reading(text, project)
    assert problems == []
    return matrix


def scheme_of(scheme: str, project: Settings = NO_SETTINGS, top: str = '') -> Scheme:
    """The scheme of a source that says this of it."""
    return read(source(scheme, ('',), top=top), project).scheme


def project(**schemes: Any) -> Settings:
    """A project with schemes of its own, in which nothing is wrong."""
    wrong: list[str] = []
    found = settings_of({'schemes': {name.replace('_', '-'): value for name, value in schemes.items()}}, wrong.append)
    assert wrong == []
    return found


def rules_in(scheme: str, row: tuple[str, ...], given: Settings = NO_SETTINGS) -> list[str]:
    """The codes of what is found in one row."""
    return [finding.rule for finding in check([read(source(scheme, row), given)], given, DAY)['shop']]


def without(letter: str, row: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(cell.replace(letter, '') for cell in row)


def added(letter: str, row: tuple[str, ...]) -> tuple[str, ...]:
    """The row with a letter in the first cell that does not have it."""
    index = next(index for index, cell in enumerate(row) if letter not in cell)
    return (*row[:index], row[index] + letter, *row[index + 1 :])


def test_these_schemes_are_known() -> None:
    assert set(SCHEMES) == set(LETTERS) == set(SOUND)
    assert all(scheme.name == name for name, scheme in SCHEMES.items())


@pytest.mark.parametrize('name', LETTERS)
class TestEachScheme:
    def test_its_letters_are_in_the_order_of_its_name(self, name: str) -> None:
        assert ''.join(SCHEMES[name].codes) == LETTERS[name]

    def test_each_letter_is_there_once_and_has_a_name_and_a_meaning(self, name: str) -> None:
        letters = SCHEMES[name].letters

        assert len({letter.code for letter in letters}) == len(letters)
        assert len({letter.name for letter in letters}) == len(letters)
        assert all(letter.name and letter.meaning for letter in letters)

    def test_letters_that_it_refers_to_are_its_own(self, name: str) -> None:
        scheme = SCHEMES[name]

        assert {getattr(scheme, part) for part in PARTS} <= {*scheme.codes, ''}
        for letter in scheme.letters:
            assert set(letter.includes) <= set(scheme.codes) - {letter.code}
            assert letter.most is None or letter.least <= letter.most
            # Of two letters one includes the other: else it could not be said which to leave.
            assert all(letter.code not in scheme.letter(code).includes for code in letter.includes)

    def test_somebody_answers_and_only_one_does(self, name: str) -> None:
        letter = SCHEMES[name].letter(SCHEMES[name].accountable)

        assert (letter.least, letter.most) == (1, 1)

    def test_a_source_may_name_it(self, name: str) -> None:
        matrix = read(source(name, SOUND[name]))

        assert matrix.scheme == SCHEMES[name]
        [activity] = matrix.walk()
        assert tuple(''.join(cell.letters) for cell in activity.assignments) == SOUND[name]

    def test_a_sound_row_has_no_finding(self, name: str) -> None:
        every = settings_of({'rules': {'contradictory-letters': True}}, pytest.fail)

        assert rules_in(name, SOUND[name], every) == []

    def test_a_row_without_its_accountable_letter(self, name: str) -> None:
        assert rules_in(name, without(SCHEMES[name].accountable, SOUND[name])) == ['no-accountable']

    def test_a_row_with_its_accountable_letter_twice(self, name: str) -> None:
        assert rules_in(name, added(SCHEMES[name].accountable, SOUND[name])) == ['several-accountable']

    def test_a_row_that_nobody_does(self, name: str) -> None:
        code = SCHEMES[name].responsible
        expected = ['no-responsible'] if code else []

        assert rules_in(name, without(code, SOUND[name]) if code else SOUND[name]) == expected

    def test_a_row_without_letters(self, name: str) -> None:
        assert rules_in(name, ('', '')) == ['no-part']

    def test_limits_of_its_other_letters(self, name: str) -> None:
        scheme = SCHEMES[name]
        for letter in scheme.letters:
            if letter.code == scheme.accountable:
                continue
            if letter.most is not None:
                assert rules_in(name, added(letter.code, SOUND[name])) == ['letter-count']
            else:
                assert rules_in(name, added(letter.code, added(letter.code, SOUND[name]))) == []
            if letter.least and letter.code != scheme.responsible:
                assert rules_in(name, without(letter.code, SOUND[name])) == ['letter-count']
            if not letter.least:
                assert rules_in(name, without(letter.code, SOUND[name])) == []

    def test_every_format_keeps_it(self, name: str) -> None:
        matrix = read(source(name, SOUND[name]))
        for form, suffix in SUFFIXES.items():
            again = read_bytes(write(matrix, form, f'shop.raci{suffix}'), f'shop.raci{suffix}')
            assert again.problems == ()
            assert again.matrix is not None
            assert again.matrix.scheme == SCHEMES[name]
            assert [activity.assignments for activity in again.matrix.walk()] == [
                activity.assignments for activity in matrix.walk()
            ]


def test_only_the_dci_scheme_says_nothing_of_who_does_it() -> None:
    assert [name for name, scheme in SCHEMES.items() if not scheme.responsible] == ['dci']


def test_some_are_known_without_being_named() -> None:
    assert [scheme.name for scheme in COMMON] == ['raci', 'rasci', 'daci']


def test_an_unknown_code_is_a_key_error() -> None:
    with pytest.raises(KeyError, match='X'):
        RACI.letter('X')


class TestCells:
    @pytest.mark.parametrize('name', LETTERS)
    def test_any_order_case_and_separator_reads_in_the_order_of_the_scheme(self, name: str) -> None:
        scheme = SCHEMES[name]
        for codes in permutations(scheme.codes, 3):
            expected = tuple(code for code in scheme.codes if code in codes)
            for separator in ('', '/', ', ', ' ', ';', ' & ', '+', '|', '\n'):
                assert read_letters(separator.join(codes), scheme) == expected
                assert read_letters(separator.join(codes).lower(), scheme) == expected

    def test_vs_is_two_letters(self) -> None:
        scheme = SCHEMES['raci-vs']

        assert read_letters('VS', scheme) == read_letters('sv', scheme) == read_letters('S/V', scheme) == ('V', 'S')

    @pytest.mark.parametrize('cell', ['', ' ', '-', '–', '—', 'n/a', 'N/A'])
    def test_no_part(self, cell: str) -> None:
        assert all(read_letters(cell, scheme) == () for scheme in SCHEMES.values())

    def test_a_letter_that_is_not_of_the_scheme_is_named(self) -> None:
        for cell, named in (('X', 'X'), ('RX', 'X'), ('R, nobody', 'nobody'), ('Q', 'Q'), ('R-A', '-')):
            with pytest.raises(UnknownLetter) as caught:
                read_letters(cell, RACI)
            assert str(caught.value) == named

    LONG = Scheme('own', tuple(map(Letter, ('R', 'A', 'RA', 'Vs'), 'abcd')))

    @pytest.mark.parametrize(
        ('cell', 'letters'),
        [
            ('RA', 'RA'),
            ('ra', 'RA'),
            ('R/A', 'R A'),
            ('AR', 'R A'),
            ('R A', 'R A'),
            ('RRA', 'R RA'),
            ('RAR', 'R RA'),
            ('RAA', 'A RA'),
            ('VS', 'Vs'),
            ('vsra', 'RA Vs'),
            ('RAvsR', 'R RA Vs'),
        ],
    )
    def test_longer_codes_win_over_single_ones(self, cell: str, letters: str) -> None:
        assert ' '.join(read_letters(cell, self.LONG)) == letters

    @pytest.mark.parametrize('cell', ['V', 'S', 'RAV', 'sv'])
    def test_part_of_a_code_is_no_letter(self, cell: str) -> None:
        with pytest.raises(UnknownLetter):
            read_letters(cell, self.LONG)

    def test_letters_that_could_be_a_word_for_no_part(self) -> None:
        both = Scheme('own', (Letter('N', 'n'), Letter('A', 'a')))
        one = Scheme('own', (Letter('N', 'n'),))

        with pytest.raises(UnknownLetter, match='n/a'):
            read_letters('n/a', both)
        assert read_letters('A N', both) == ('N', 'A')
        assert read_letters('N/A', one) == ()

    codes = st.lists(st.sampled_from(LONG.codes), max_size=4)

    @settings(max_examples=60, deadline=None)
    @given(codes, st.sampled_from(['/', ' ', ', ', '|']))
    def test_parted_codes_are_never_ambiguous(self, codes: list[str], separator: str) -> None:
        assert set(read_letters(separator.join(codes), self.LONG)) == set(codes)


class TestSchemesOfASource:
    def test_a_mapping_of_letters(self) -> None:
        scheme = scheme_of('{D: Does it, x: {name: Extra, meaning: Looks on}}')

        assert scheme == Scheme('own', (Letter('D', 'Does it'), Letter('x', 'Extra', 'Looks on')))
        assert [letter.per_activity for letter in scheme.letters] == ['0..*', '0..*']

    FULL = (
        '{letters: {D: {name: Does it, per-activity: 1..*, includes: "k, T"}, K: {name: Keeps it, per-activity: 1}, '
        'T: {name: Told, per-activity: 0..2}}, accountable: k, responsible: D, consulted: K, informed: t}'
    )

    def test_the_full_form(self) -> None:
        assert scheme_of(self.FULL) == Scheme(
            'own',
            (
                Letter('D', 'Does it', '', 1, None, ('K', 'T')),
                Letter('K', 'Keeps it', '', 1, 1),
                Letter('T', 'Told', '', 0, 2),
            ),
            *('K', 'D', 'K', 'T'),
        )

    @pytest.mark.parametrize(
        ('row', 'codes'),
        [
            (('D', 'K', 'T', 'T'), []),
            (('D', 'D', 'K'), []),
            (('D', 'T'), ['no-accountable']),
            (('K', 'T'), ['no-responsible']),
            (('DK', 'K'), ['several-accountable']),
            (('DK', 'T', 'T', 'T'), ['letter-count']),
            (('', '-'), ['no-part']),
        ],
    )
    def test_it_is_checked(self, row: tuple[str, ...], codes: list[str]) -> None:
        assert rules_in(self.FULL, row) == codes

    def test_letters_of_two_characters_are_read_and_checked(self) -> None:
        own = '{letters: {Do: {name: Does it, per-activity: 1..*}, OK: {name: Says yes, per-activity: 1}, D: Drafts}, '
        own += 'accountable: OK, responsible: Do}'
        matrix = read(source(own, ('dook', 'D'), ('D do', 'd/OK'), ('ok', 'OK')))

        assert [[cell.letters for cell in activity.assignments] for activity in matrix.walk()] == [
            [('Do', 'OK'), ('D',)],
            [('Do', 'D'), ('OK', 'D')],
            [('OK',), ('OK',)],
        ]
        assert [finding.text for finding in check([matrix], NO_SETTINGS, DAY)['shop']] == [
            "2 parties have OK (Says yes) in 'Step 2' (Party 0: OK, Party 1: OK); leave it to one",
            "no party has Do (Does it) in 'Step 2' (Party 0: OK, Party 1: OK); give it to one",
        ]

    def test_a_list_of_what_a_letter_includes(self) -> None:
        scheme = scheme_of('{A: {name: a, includes: [B, cc]}, B: {name: b, includes: [b, A]}, Cc: c}')

        assert [letter.includes for letter in scheme.letters] == [('B', 'Cc'), ('A',), ()]

    def test_it_extends_a_scheme_with_changed_and_new_letters(self) -> None:
        scheme = scheme_of(
            '{extends: raci, letters: {S: {name: Support, meaning: Helps, per-activity: "0..1", includes: I}, '
            'c: Asked, A: {meaning: Pays}, R: {includes: [S]}}}'
        )

        assert scheme.name == 'own'
        assert scheme.codes == ('R', 'A', 'C', 'I', 'S')
        assert [getattr(scheme, part) for part in PARTS] == ['A', 'R', 'C', 'I']
        assert scheme.letter('S') == Letter('S', 'Support', 'Helps', 0, 1, ('I',))
        assert scheme.letter('C') == Letter('C', 'Asked', RACI.letter('C').meaning, 0, None, ('I',))
        assert scheme.letter('A') == Letter('A', 'Accountable', 'Pays', 1, 1, ('I',))
        assert scheme.letter('R') == Letter('R', 'Responsible', RACI.letter('R').meaning, 1, None, ('S',))
        assert scheme.letter('I') == RACI.letter('I')

    def test_what_it_extends_may_have_other_limits_and_parts(self) -> None:
        letters = '{A: {per-activity: "0..2"}, X: {name: Extra, per-activity: "0..*"}}'
        own = f'{{extends: raci, letters: {letters}, responsible: X}}'

        assert rules_in(own, ('R', 'X', 'I')) == []
        assert rules_in(own, ('A', 'A', 'R')) == []
        assert rules_in(own, ('A', 'A', 'A')) == ['several-accountable', 'letter-count']

    def test_a_new_letter_with_a_part_has_the_usual_limits_of_that_part(self) -> None:
        scheme = scheme_of('{letters: {O: Owns, D: Does, B: Both}, accountable: O, responsible: D}')
        assert [letter.per_activity for letter in scheme.letters] == ['1', '1..*', '0..*']
        both = scheme_of(
            '{letters: {B: Both, C: {name: Checks, per-activity: "0..*"}}, accountable: b, responsible: b}'
        )
        assert [letter.per_activity for letter in both.letters] == ['1', '0..*']
        known = scheme_of('{extends: raci, letters: {C: Heard}, accountable: C}')
        assert known.letter('C').per_activity == '0..*', 'a letter that was there keeps what it had'

    def test_extending_alone_changes_nothing_but_the_name(self) -> None:
        scheme = scheme_of('{extends: daci}')

        assert scheme.letters == SCHEMES['daci'].letters
        assert scheme.name == 'own'

    def test_letters_of_the_source_override_names_and_meanings_in_addition(self) -> None:
        own = '{extends: raci, letters: {S: Support}}'

        scheme = scheme_of(own, top='letters: {s: {meaning: Helps}, A: Owner}')

        assert scheme.letter('S') == Letter('S', 'Support', 'Helps')
        assert (scheme.letter('A').name, scheme.letter('A').most) == ('Owner', 1)
        assert scheme_of('rapid', top='letters: {P: Doer}').letter('P').name == 'Doer'

    def test_letters_that_the_scheme_does_not_have_are_named(self) -> None:
        matrix, problems = reading(source('dci', ('D',), top='letters: {R: Doer}'))

        assert problems == ["5 meaning: letter 'R' is not in the scheme; its letters are 'D', 'C', 'I'"]
        assert matrix.scheme == SCHEMES['dci']

    @pytest.mark.parametrize(
        ('scheme', 'problem'),
        [
            ('racy', "4 meaning: 'scheme' is 'racy'; did you mean 'raci'?"),
            ('{extends: racy}', "4 meaning: 'extends' is 'racy'; did you mean 'raci'?"),
            ('{}', "4 structure: 'scheme' is empty; it needs at least one letter"),
            ('{letters: {}}', "4 structure: 'scheme' is empty; it needs at least one letter"),
            (
                '[R, A]',
                "4 structure: 'scheme' must be the name of a scheme, or a mapping of letters to names, not a list",
            ),
            ('{letters: [R, A]}', "4 structure: 'letters' must be a mapping ('key: value'), not a list"),
            (
                '{extends: raci, accountable: X}',
                "4 meaning: 'accountable' is 'X'; the letters of the scheme are 'R', 'A', 'C', 'I'",
            ),
            ('{R: {name: Doer, includes: X}}', "4 meaning: unknown letter 'X'; the letters of the scheme are 'R'"),
            ('{R: Doer, r: Does}', "4 meaning: letter 'r' is here twice, with capitals or without"),
        ],
    )
    def test_what_is_wrong_is_said_once_and_where(self, scheme: str, problem: str) -> None:
        _matrix, problems = reading(source(scheme, ('',)))

        assert problems == [problem]


class TestSchemesOfAProject:
    OURS = project(ours={'extends': 'raci', 'letters': {'S': {'name': 'Support', 'per-activity': '0..1'}}})

    def test_a_source_names_one(self) -> None:
        scheme = scheme_of('ours', self.OURS)

        assert (scheme.name, scheme.codes) == ('ours', ('R', 'A', 'C', 'I', 'S'))
        assert rules_in('ours', ('RA', 'S', 'S'), self.OURS) == ['letter-count']

    def test_a_source_extends_one(self) -> None:
        scheme = scheme_of('{extends: ours, letters: {T: Third}}', self.OURS)

        assert scheme.codes == ('R', 'A', 'C', 'I', 'S', 'T')
        assert scheme.letter('S').most == 1

    def test_a_source_that_names_none_has_raci(self) -> None:
        assert scheme_of('', self.OURS) == RACI

    def test_one_may_extend_another_before_it_and_be_another_name_for_it(self) -> None:
        given = project(first={'X': 'Extra'}, second={'extends': 'first', 'letters': {'Y': 'Yes'}}, third='second')

        assert given.schemes['second'].codes == given.schemes['third'].codes == ('X', 'Y')
        assert given.schemes['third'].name == 'third'

    def test_no_scheme_extends_one_after_it_nor_itself(self) -> None:
        wrong: list[str] = []
        given = settings_of({'schemes': {'one': {'extends': 'two'}, 'two': {'extends': 'two'}}}, wrong.append)

        assert [text.split(';')[0] for text in wrong] == [
            "raci_schemes['one']: 'extends' is 'two'",
            "raci_schemes['two']: 'extends' is 'two'",
        ]
        assert given.schemes == SCHEMES

    def test_numbers_and_lists_are_as_good_as_texts(self) -> None:
        given = project(ours={'A': {'name': 'Answers', 'per-activity': 1, 'includes': ['I']}, 'I': 'Informed'})

        assert given.schemes['ours'].letters == (Letter('A', 'Answers', '', 1, 1, ('I',)), Letter('I', 'Informed'))

    def test_it_may_say_anew_what_raci_is(self) -> None:
        given = project(
            raci={'extends': 'raci', 'letters': {'A': {'name': 'Owner', 'per-activity': '1..2'}, 'S': 'Sign'}}
        )

        scheme = scheme_of('', given)

        assert scheme == scheme_of('raci', given) == given.schemes['raci']
        assert (scheme.name, scheme.codes, scheme.letter('A').name) == ('raci', ('R', 'A', 'C', 'I', 'S'), 'Owner')
        assert rules_in('', ('RA', 'A', 'S'), given) == []
        assert rules_in('', ('RA', 'A', 'A'), given) == ['several-accountable']
        assert SCHEMES['raci'].letter('A').name == 'Accountable'

    @pytest.mark.parametrize('form', SUFFIXES)
    def test_every_format_keeps_it_even_where_the_project_is_not_known(self, form: str) -> None:
        matrix = read(source('ours', ('RA', 'S')), self.OURS)
        name = f'shop.raci{SUFFIXES[form]}'

        found = read_bytes(write(matrix, form, name), name)

        assert found.problems == ()
        assert found.matrix is not None
        assert (found.matrix.scheme.letters, found.matrix.scheme.accountable) == (matrix.scheme.letters, 'A')


OWN = (
    '{A: One, B: {name: Two, meaning: More}}',
    TestSchemesOfASource.FULL,
    '{extends: rapid, letters: {D: {per-activity: 0..3}, QQ: {name: Quality, includes: [R, P]}, I: Input from all}}',
    '{letters: {RA: One, R: Two, A: Three}, informed: RA, consulted: R}',
    '{extends: raci, letters: {R: {includes: []}}}',
    '{letters: {N: {name: None, per-activity: "12"}, A: {name: "{odd}, #", meaning: "- a: b | c"}}, responsible: N}',
)


@pytest.mark.parametrize('form', SUFFIXES)
@pytest.mark.parametrize('own', OWN)
def test_every_format_keeps_the_whole_of_a_scheme_of_a_source(own: str, form: str) -> None:
    codes = scheme_of(own).codes
    matrix = read(source(own, (codes[0], ''), ('', ', '.join(codes[:3])), (' '.join(codes[1:]), '-')))
    name = f'shop.raci{SUFFIXES[form]}'

    found = read_bytes(write(matrix, form, name), name)

    assert found.problems == ()
    assert found.matrix is not None
    assert found.matrix.scheme == matrix.scheme
    assert [activity.assignments for activity in found.matrix.walk()] == [
        activity.assignments for activity in matrix.walk()
    ]


@pytest.mark.parametrize('form', SUFFIXES)
def test_every_format_keeps_a_standard_scheme_in_other_words(form: str) -> None:
    matrix = read(source('clam', ('L', 'A'), top='letters: {L: {name: Head, meaning: Leads it}, M: Watches}'))
    name = f'shop.raci{SUFFIXES[form]}'

    found = read_bytes(write(matrix, form, name), name)

    assert found.matrix is not None
    assert found.matrix.scheme == matrix.scheme


class TestPagesInAProject:
    """A page that names no scheme has letters of the project's schemes, as a source in YAML has."""

    PAGE = b'# Shop\n\n| Activity | Ann | Ben |\n|---|---|---|\n| Buy | R | A |\n| Sell | RA | S |\n'

    def test_the_schemes_of_the_project_hold(self) -> None:
        schemes = {'raci': {'extends': 'raci', 'letters': {'S': 'Signs', 'A': 'Answers'}}}
        settings = settings_of({'schemes': schemes}, pytest.fail)

        matrix = read_bytes(self.PAGE, 'shop.raci.md', settings).matrix

        assert matrix is not None
        assert [(letter.code, letter.name) for letter in matrix.scheme.letters] == [
            ('R', 'Responsible'),
            ('A', 'Answers'),
            ('C', 'Consulted'),
            ('I', 'Informed'),
            ('S', 'Signs'),
        ]

    def test_without_them_those_that_are_common_do(self) -> None:
        matrix = read_bytes(self.PAGE, 'shop.raci.md').matrix

        assert matrix is not None
        assert matrix.scheme == SCHEMES['rasci']


def test_what_a_letter_includes_is_kept_in_the_order_of_the_scheme() -> None:
    scheme = scheme_of('{letters: {I: Inf, C: Con, R: {name: Res, includes: [C, I]}}}')
    assert scheme.letter('R').includes == ('I', 'C')

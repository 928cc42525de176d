"""Matrices as hypothesis makes them: everything that a source can say, with texts that look like markup."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from hypothesis import strategies as st

from sphinxcontrib_raci.model import NO_PART, Activity, Assignment, Link, Matrix, Party, Section, Waiver
from sphinxcontrib_raci.rules import RULES, Rule, Setting
from sphinxcontrib_raci.schemes import PARTS, RACI, SCHEMES, Letter, Scheme
from sphinxcontrib_raci.sources.ids import Free, slug
from sphinxcontrib_raci.sources.reader import RESERVED
from sphinxcontrib_raci.wording import squeezed

ODD = (
    *('no', 'Y', 'null', '~', '1.10', '2024-11-25', '0x1F', '12:30', '1e3', '-', '.', '...', '---', '<<', '=', '?'),
    *(
        '- a',
        'a: b',
        'a #b',
        '# a',
        'a #',
        ':',
        'a:',
        ': a',
        '::',
        'a::',
        '|',
        'a | b',
        '> a',
        '%a',
        '@a',
        '`a`',
        '"',
        "'",
    ),
    *(
        '*a*',
        '**a**',
        '_a_',
        'a_',
        '__a__',
        '[a](b)',
        '![a](b)',
        '[^1]',
        '[1]_',
        '<b>',
        '<!-- a -->',
        '-->',
        '&amp;',
        'R&D',
        '_x0041_',
        'a_x005F_x000d_',
    ),
    *(
        '\\',
        'a\\',
        '\\|',
        '\\\\',
        '{a}',
        '{{a}}',
        '$a$',
        '~~a~~',
        '1. a',
        '1)',
        'a) b',
        'A. b',
        '(a)=',
        '(i) a',
        '#. a',
    ),
    *(
        'a > b',
        '>',
        'a >',
        '\\> b',
        'a \\> b',
        '+++',
        ':::',
        '====',
        '.. a::',
        ':a: b',
        '--a',
        '-a b',
        '>>> a',
        '`a <b>`__',
    ),
    *('=1+1', '+1', '@x', "'=1", "'", '＝1', '#N/A', '_x0041_', 'http://example.org/a_b', 'a@example.org', 'mailto:a'),
    *(
        'no\u00a0break',
        'a \u00a0 b',
        '日本語',
        'e\u0301',
        '😀',
        '\ufeff',
        'a\ufeff',
        '\u200b',
        '\ufffd',
        'É',
        '• a',
        'Ж',
    ),
)
"""Texts that some format or tool might take for something else."""

WORDS = ('order', 'the', 'Keep', 'logs', 'of', 'each', 'service', 'region,', 'and', 'say so.')

_CHARACTERS = st.characters(exclude_categories=('Cs', 'Cc', 'Zl', 'Zp'), exclude_characters='\ufffe\uffff')


def lines() -> st.SearchStrategy[str]:
    """Texts of one line, as a reader gives them: never empty."""
    parts = st.one_of(st.sampled_from(WORDS), st.sampled_from(ODD), st.text(_CHARACTERS, max_size=6))
    return st.lists(parts, min_size=1, max_size=4).map(lambda found: squeezed(' '.join(found))).filter(bool)


def paragraphs() -> st.SearchStrategy[str]:
    """Texts of several paragraphs, or none."""
    return st.lists(lines() | st.just(' '.join(WORDS * 4)), max_size=3).map('\n\n'.join)


def maybe(texts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.just('') | texts


def idents() -> st.SearchStrategy[str]:
    odd = st.sampled_from(
        ('no', 'y', 'null', '1', '1e3', '2024-11-25', 'note', 'tags', 'intro', 'sections', 'customer')
    )
    return odd | st.from_regex('[a-z0-9]{1,4}(-[a-z0-9]{1,3})?', fullmatch=True)


def waivers() -> st.SearchStrategy[tuple[Waiver, ...]]:
    found = st.dictionaries(st.sampled_from(sorted(RULES)), lines(), max_size=2)
    return found.map(lambda reasons: tuple(Waiver(rule, reason) for rule, reason in reasons.items()))


def settings() -> st.SearchStrategy[tuple[tuple[str, Setting], ...]]:
    """Settings of rules, each one that its rule can have."""

    def setting(rule: Rule) -> st.SearchStrategy[tuple[str, Setting]]:
        number = st.nothing() if rule.number is None else st.integers(0, min(rule.most, 99))
        return st.tuples(st.just(rule.code), st.booleans() | number)

    rules = st.sampled_from(list(RULES.values())).flatmap(setting)
    return st.lists(rules, max_size=3, unique_by=lambda entry: entry[0]).map(tuple)


def letter_sets() -> st.SearchStrategy[Scheme]:
    """The standard schemes as they are, with other words, and schemes of a source's own."""
    codes = st.from_regex('[A-Za-z][A-Za-z0-9]{0,2}', fullmatch=True) | st.sampled_from(
        ('R', 'RA', 'A', 'N', 'no', 'y')
    )
    letters = st.builds(Letter, codes, lines(), maybe(lines()))
    own = st.lists(letters, min_size=1, max_size=4, unique_by=lambda letter: letter.code.upper()).flatmap(_scheme)
    standard = st.sampled_from(list(SCHEMES.values()))
    return st.one_of(st.just(RACI), standard, standard.flatmap(_reworded), own)


def _scheme(letters: list[Letter]) -> st.SearchStrategy[Scheme]:
    """A scheme of these letters, some with limits, some that include others, some known to rules."""
    codes = [letter.code for letter in letters]

    def limited(letter: Letter) -> st.SearchStrategy[Letter]:
        others = [code for code in codes if code != letter.code]
        includes = st.lists(st.sampled_from(others), unique=True).map(
            lambda found: tuple(code for code in codes if code in found)
        )
        limits = st.sampled_from([(0, None), (1, 1), (0, 1), (1, None), (2, 12)])
        return st.builds(
            lambda limit, included: replace(letter, least=limit[0], most=limit[1], includes=included),
            limits,
            includes if others else st.just(()),
        )

    parts = [st.just('') | st.sampled_from(codes) for _part in PARTS]
    return st.builds(
        lambda found, known: Scheme('own', found, *known), st.tuples(*map(limited, letters)), st.tuples(*parts)
    )


def _reworded(scheme: Scheme) -> st.SearchStrategy[Scheme]:
    letters = [
        st.builds(partial(replace, one), name=st.just(one.name) | lines(), meaning=st.just(one.meaning) | lines())
        for one in scheme.letters
    ]
    return st.tuples(*letters).map(lambda found: replace(scheme, letters=found))


@st.composite
def matrices(draw: Callable[[st.SearchStrategy[Any]], Any]) -> Matrix:
    """Whole matrices, in which the ids that are derived are those that a reader derives."""
    scheme = draw(letter_sets())
    ids = draw(st.lists(idents(), min_size=1, max_size=3, unique=True))
    scopes = tuple((ident, draw(lines())) for ident in draw(st.lists(idents(), max_size=2, unique=True)))
    return _derived(
        Matrix(
            id=draw(idents().filter(lambda ident: not RESERVED.fullmatch(ident))),
            title=draw(lines()),
            parties=tuple(Party(ident, draw(lines()), draw(maybe(lines()))) for ident in ids),
            root=_Drawer(draw, scheme, len(ids), [ident for ident, _ in scopes]).section(0),
            revision=draw(maybe(lines())),
            review_by=draw(maybe(st.dates().map(str))),
            scheme=scheme,
            scopes=scopes,
            markup=draw(st.booleans()),
            rules=draw(settings()),
        )
    )


class _Drawer:
    """Draws the rows of one matrix."""

    def __init__(
        self, draw: Callable[[st.SearchStrategy[Any]], Any], scheme: Scheme, parties: int, scopes: list[str]
    ) -> None:
        self.draw, self.parties = draw, parties
        self.scopes = st.none() | st.lists(st.sampled_from(scopes), unique=True).map(tuple) if scopes else st.none()
        sets = st.sets(st.sampled_from(scheme.codes), max_size=2)
        letters = sets.map(lambda found: tuple(code for code in scheme.codes if code in found))
        self.cells = st.builds(Assignment, letters, maybe(lines())) | st.just(NO_PART)
        self.used: set[str] = set()

    def ident(self) -> str:
        """An id that nothing else has, or none."""
        found = self.draw(st.just('') | idents())
        if found in self.used:
            return ''
        self.used.add(found)
        return str(found)

    def section(self, depth: int) -> Section:
        below = self.draw(st.integers(0, 0 if depth == 4 else 2))
        return Section(
            title=self.draw(lines()) if depth else '',
            id=self.ident() if depth else '',
            intro=self.draw(paragraphs()),
            activities=tuple(self.activity() for _ in range(self.draw(st.integers(0, 2)))),
            sections=tuple(self.section(depth + 1) for _ in range(below)),
            waive=self.draw(waivers()),
        )

    def activity(self) -> Activity:
        urls = st.sampled_from(
            (
                'https://example.org/',
                'mailto:a@example.org',
                'http://a/b_c_?d=*&amp;e|f#g',
                'terms/<1>.html?a|b#c',
                '../a_',
            )
        )
        tags = lines().filter(lambda tag: ',' not in tag)
        ident = self.ident()
        return Activity(
            id=ident,
            name=self.draw(lines()),
            assignments=tuple(self.draw(self.cells) for _ in range(self.parties)),
            note=self.draw(maybe(lines())),
            links=tuple(self.draw(st.lists(st.builds(Link, lines(), urls), max_size=2))),
            tags=tuple(self.draw(st.lists(tags, max_size=2, unique=True))),
            scopes=self.draw(self.scopes),
            formerly=tuple(filter(None, [self.ident(), self.ident()])),
            waive=self.draw(waivers()),
            derived=not ident,
        )


def _derived(matrix: Matrix) -> Matrix:
    used: set[str] = set()
    mapped(matrix.root, lambda one: used.update((one.id, *one.formerly)) or one, lambda one: used.add(one.id) or one)
    free = Free(used)

    def named(activity: Activity) -> Activity:
        return dataclasses.replace(activity, id=activity.id or free(slug(activity.name) or 'activity'))

    return dataclasses.replace(matrix, root=mapped(matrix.root, named))


def mapped(
    section: Section,
    activity: Callable[[Activity], Activity],
    part: Callable[[Section], Section] = lambda one: one,
) -> Section:
    """The section with something done to each of its activities and to each section, activities first."""
    activities = tuple(activity(one) for one in section.activities)
    sections = tuple(mapped(one, activity, part) for one in section.sections)
    return part(dataclasses.replace(section, activities=activities, sections=sections))


def unplaced(matrix: Matrix | None) -> Matrix | None:
    """The matrix without anything that says where it stands."""
    if matrix is None:
        return None

    def bare(entry: Any) -> Any:
        places = {'line': 0, 'column': 0} if isinstance(entry, Activity) else {'line': 0}
        return dataclasses.replace(entry, **places)

    return dataclasses.replace(matrix, root=mapped(matrix.root, bare, bare), path='', line=0)

"""How sources are read: a specification of the format by example.

In sources that hold a mistake the mark ``⟦`` stands where the problem must be reported, to the column.
"""

from __future__ import annotations

import json
import os
import re
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sphinxcontrib_raci.model import NO_PART, Assignment, Link, Matrix, Party, Place, Problem, Reading, Waiver
from sphinxcontrib_raci.schemes import RACI, SCHEMES, Letter
from sphinxcontrib_raci.settings import Settings
from sphinxcontrib_raci.sources import SUFFIXES, read, read_bytes

MARK = '⟦'
PROJECT = {'owner': Party('owner', 'Owner', 'has the data'), 'host': Party('host', 'Host')}

COMPLETE = """\
# A comment is no part of the matrix.
raci: 1
id: backup
title:   Backups and
  restores
intro: |
  What is kept, and
  for how long.

  Ask before you delete.
revision: 2031-02-01
review-by: 2032-02-01
scheme: rasci
letters:
  R: Doer
  a: {meaning: signs it off}
parties:
  owner: Data owner
  host: {name: Host, description: Has the racks}
  auditor:
scopes:
  disk: On disk
  tape: On tape
markup: rst
rules: {several-accountable: false, many-informed: 3, idle-party: TRUE}
waive:
  no-part: Still a draft
activities:
  - name: Choose what is kept
    who: {owner: RA}
sections:
  - id: daily
    title: Every day
    intro: >
      Done by
      machines.

      Seen by people.
    waive: {several-accountable: Two owners}
    activities:
      - id: rotate
        name: Rotate the media
        who:
          owner: {letters: i, note: gets   a mail}
          host: [R, a, S]
          auditor: '-'
        note: Not on Sundays
        links:
          - {text: How to, url: "https://example.org/how"}
          - {text: Ask, url: mailto:ops@example.org}
        tags: [media, Night shift, media]
        scopes: [tape]
        formerly: [swap, media-swap]
        waive: {several-responsible: Both may}
    sections:
      - title: Nights
        activities:
          - name: Rotate the media
            who: {host: A/R}
"""


def yaml_reading(text: str, name: str = 'backup.raci.yaml') -> Reading:
    return read_bytes(text.encode(), name, Settings(PROJECT))


def matrix_of(text: str) -> Matrix:
    """The matrix of a source with nothing wrong in it."""
    reading = yaml_reading(text)
    assert reading.problems == ()
    assert reading.matrix is not None
    return reading.matrix


def with_rows(*rows: str) -> str:
    return HEAD + ''.join(f'- {row}\n' for row in rows)


HEAD = 'raci: 1\ntitle: Backups\nparties: {owner: Owner, host: Host}\nactivities:\n'
ROW = '- {name: Sound, who: {owner: RA}}\n'


class TestWholeFormat:
    def test_head(self) -> None:
        matrix = read_bytes(
            COMPLETE.encode(), 'a/b.raci.yaml', Settings({'auditor': Party('auditor', 'Auditor', 'Looks')})
        ).matrix
        assert matrix is not None
        assert (matrix.id, matrix.title, matrix.path, matrix.line) == (
            'backup',
            'Backups and restores',
            'a/b.raci.yaml',
            2,
        )
        assert matrix.root.intro == 'What is kept, and for how long.\n\nAsk before you delete.'
        assert (matrix.revision, matrix.review_by, matrix.markup) == ('2031-02-01', '2032-02-01', True)
        assert matrix.parties == (
            Party('owner', 'Data owner'),
            Party('host', 'Host', 'Has the racks'),
            Party('auditor', 'Auditor', 'Looks'),
        )
        assert matrix.scopes == (('disk', 'On disk'), ('tape', 'On tape'))
        assert matrix.rules == (('several-accountable', False), ('many-informed', 3), ('idle-party', True))
        assert [type(value) for _, value in matrix.rules] == [bool, int, bool]
        assert matrix.root.waive == (Waiver('no-part', 'Still a draft'),)

    def test_letters(self) -> None:
        scheme = self.complete().scheme
        assert (scheme.name, scheme.codes) == ('rasci', ('R', 'A', 'S', 'C', 'I'))
        assert scheme.letter('R') == replace(SCHEMES['rasci'].letter('R'), name='Doer')
        assert scheme.letter('A') == replace(SCHEMES['rasci'].letter('A'), meaning='signs it off')

    def test_sections(self) -> None:
        matrix = self.complete()
        assert (matrix.root.title, matrix.root.id) == ('', '')
        (daily,) = matrix.root.sections
        assert (daily.id, daily.title, daily.line) == ('daily', 'Every day', 32)
        assert daily.intro == 'Done by machines.\n\nSeen by people.'
        assert daily.waive == (Waiver('several-accountable', 'Two owners'),)
        assert [(section.id, section.title) for section in daily.sections] == [('', 'Nights')]

    def test_activity(self) -> None:
        activity = self.complete().root.sections[0].activities[0]
        assert (activity.id, activity.name, activity.line) == ('rotate', 'Rotate the media', 41)
        assert activity.assignments == (Assignment(('I',), 'gets a mail'), Assignment(('R', 'A', 'S')), NO_PART)
        assert activity.note == 'Not on Sundays'
        assert activity.links == (Link('How to', 'https://example.org/how'), Link('Ask', 'mailto:ops@example.org'))
        assert activity.tags == ('media', 'Night shift')
        assert activity.scopes == ('tape',)
        assert activity.formerly == ('swap', 'media-swap')
        assert activity.waive == (Waiver('several-responsible', 'Both may'),)
        assert not activity.derived

    def test_what_is_left_out(self) -> None:
        activity = self.complete().root.activities[0]
        assert (activity.note, activity.links, activity.tags, activity.formerly, activity.waive) == ('', (), (), (), ())
        assert activity.scopes is None
        matrix = matrix_of(HEAD + ROW)
        assert (matrix.revision, matrix.review_by, matrix.scopes, matrix.rules) == ('', '', (), ())
        assert matrix.scheme is RACI
        assert not matrix.markup
        assert matrix.unread == ()

    def test_order_of_keys_does_not_matter(self) -> None:
        head, _, rows = with_rows('{name: Sound, who: {owner: D}}').partition('activities:')
        matrix = matrix_of('activities:' + rows + head + 'scheme: daci\n')
        assert next(matrix.walk()).assignments == (Assignment(('D',)), NO_PART)

    def test_the_same_in_json(self) -> None:
        plain = yaml.load(COMPLETE, Loader=yaml.BaseLoader)
        plain['parties']['auditor'] = None
        plain['sections'][0]['intro'] = 'Done by machines.\n\nSeen by people.'
        as_json = read_bytes(json.dumps(plain, indent=2).encode(), 'x.raci.yaml.raci.json', Settings(PROJECT))
        as_yaml = yaml_reading(COMPLETE, 'x.raci.yaml.raci.json')
        assert as_yaml.matrix is None, 'the name says how a file is read'
        assert without_lines(as_json.matrix) == without_lines(
            yaml_reading(COMPLETE, 'x.raci.yaml.raci.yaml').matrix
        ).replace('.raci.yaml.raci.yaml', '.raci.yaml.raci.json')

    def test_json_is_yaml_too(self) -> None:
        text = json.dumps(yaml.load(COMPLETE, Loader=yaml.BaseLoader), indent=1)
        in_json = read_bytes(text.encode(), 'x.raci.json')
        in_yaml = read_bytes(text.encode(), 'x.raci.yaml')
        assert str(in_json).replace('.json', '.yaml') == str(in_yaml)

    @staticmethod
    def complete() -> Matrix:
        matrix = yaml_reading(COMPLETE).matrix
        assert matrix is not None
        return matrix


def without_lines(matrix: Matrix | None) -> str:
    """All of a matrix except its lines."""
    return re.sub(r'(line|column)=\d+', '', repr(matrix))


class TestTexts:
    @pytest.mark.parametrize(
        'word', ['no', '1.10', '2031-11-25', '0x1F', '1e3', 'yes', 'True', '.inf', '007', '1_000', '12:30']
    )
    def test_every_scalar_is_what_is_written(self, word: str) -> None:
        matrix = matrix_of(HEAD.replace('Backups', word) + f'- {{name: {word}, who: {{}}, tags: [{word}]}}\n')
        (activity,) = matrix.walk()
        assert (matrix.title, activity.name, activity.tags) == (word, word, (word,))

    @pytest.mark.parametrize('number', ['1.10', '1e3', '-0', '12345678901234567890', 'true', 'false'])
    def test_in_json_too(self, number: str) -> None:
        text = f'{{"raci": 1, "title": {number}, "parties": ["owner"], "activities": []}}'
        reading = read_bytes(text.encode(), 'backup.raci.json', Settings(PROJECT))
        assert reading.problems == ()
        assert reading.matrix is not None
        assert reading.matrix.title == number

    @pytest.mark.parametrize('nothing', ['', '~', 'null', 'Null', 'NULL', '""', "'  '", '"\\n"'])
    def test_no_value_is_no_key(self, nothing: str) -> None:
        matrix = matrix_of(HEAD + f'- name: Sound\n  who: {{}}\n  note: {nothing}\nintro: {nothing}\n')
        assert (matrix.root.intro, next(matrix.walk()).note) == ('', '')

    def test_null_in_quotes_is_a_word(self) -> None:
        assert matrix_of(HEAD.replace('Backups', '"null"') + ROW).title == 'null'

    def test_white_space_is_one_space(self) -> None:
        assert matrix_of(HEAD.replace('Backups', '"  Two\\twords\\n\\nhere "') + ROW).title == 'Two words here'

    def test_typographic_spaces_stay(self) -> None:
        assert matrix_of(HEAD.replace('Backups', '"Qui\u202f? Ou\xa0: x"') + ROW).title == 'Qui\u202f? Ou\xa0: x'

    @pytest.mark.parametrize(
        'intro',
        [
            '|\n  One\n  line.\n\n\n  Two.\n',
            '>\n  One\n  line.\n\n  Two.\n',
            'One\n  line.\n\n  Two.\n',
            "'One\n  line.\n\n  Two.'\n",
            '"One\\nline.\\n \\nTwo."\n',
        ],
    )
    def test_blank_lines_part_paragraphs(self, intro: str) -> None:
        assert matrix_of(f'intro: {intro}{HEAD}{ROW}').root.intro == 'One line.\n\nTwo.'

    def test_any_script(self) -> None:
        matrix = matrix_of(
            'raci: 1\nid: x\ntitle: Ответственность 責任 🔑\nparties: {owner: Владелец}\nactivities: []\n'
        )
        assert (matrix.title, matrix.parties[0].name) == ('Ответственность 責任 🔑', 'Владелец')

    def test_json_escapes(self) -> None:
        text = '{"raci":\t1, "title": "a\\u0062\\/\\t\\ud83d\\udd11\\"", "parties": ["owner"], "activities": []}'
        reading = read_bytes(text.encode(), 'x.raci.json', Settings(PROJECT))
        assert reading.problems == ()
        assert reading.matrix is not None
        assert reading.matrix.title == 'ab/ \N{KEY}"'


class TestCells:
    @pytest.mark.parametrize(
        'cell', ['RA', 'AR', 'R/A', '"r, a"', 'r+a', '[R, A]', '[A, r]', '[RA]', '{letters: AR}', 'R A R']
    )
    def test_are_read_leniently(self, cell: str) -> None:
        (activity,) = matrix_of(with_rows(f'{{name: Sound, who: {{owner: {cell}}}}}')).walk()
        assert activity.assignments == (Assignment(('R', 'A')), NO_PART)

    @pytest.mark.parametrize('cell', ['', '~', 'null', '"-"', '–', 'N/A', 'n/a', '""', '[]', '{letters: "-"}', '["-"]'])
    def test_no_part(self, cell: str) -> None:
        (activity,) = matrix_of(with_rows(f'{{name: Sound, who: {{owner: {cell} }}}}')).walk()
        assert activity.assignments == (NO_PART, NO_PART)
        assert activity.assignments[0] is NO_PART

    def test_nobody_at_all(self) -> None:
        (activity,) = matrix_of(with_rows('{name: Sound, who: {}}')).walk()
        assert activity.assignments == (NO_PART, NO_PART)

    def test_a_note_alone(self) -> None:
        (activity,) = matrix_of(with_rows('{name: Sound, who: {host: {letters: "-", note: asks}}}')).walk()
        assert activity.assignments == (NO_PART, Assignment((), 'asks'))

    def test_equal_rows_are_one_object(self) -> None:
        first, second, third = matrix_of(
            with_rows(*['{name: x, who: {owner: RA}}'] * 2, '{name: x, who: {owner: A r}}')
        ).walk()
        assert first.assignments is second.assignments is third.assignments

    def test_notes_keep_to_their_rows(self) -> None:
        cells = ['{letters: R, note: one}', '{letters: R, note: two}', 'R']
        activities = matrix_of(with_rows(*(f'{{name: x, who: {{host: {cell}}}}}' for cell in cells))).walk()
        assert [activity.assignments[1].note for activity in activities] == ['one', 'two', '']

    def test_letters_of_your_own(self) -> None:
        scheme = 'scheme: {V: Vetoes, X1: {name: Executes, meaning: does it}}\n'
        matrix = matrix_of(scheme + with_rows('{name: Sound, who: {owner: x1V}}'))
        assert matrix.scheme.name == 'own'
        assert matrix.scheme.letters == (Letter('V', 'Vetoes'), Letter('X1', 'Executes', 'does it'))
        assert next(matrix.walk()).assignments[0].letters == ('V', 'X1')


class TestIds:
    def test_from_the_name_of_the_file(self) -> None:
        reading = yaml_reading(HEAD + ROW, 'some/where/key-store.eu.raci.yaml')
        assert reading.problems == ()
        assert reading.matrix is not None
        assert reading.matrix.id == 'key-store'

    @pytest.mark.parametrize(
        ('name', 'slug'), [('Key_Store', 'key-store'), ('鍵', 'matrix'), ('party', 'matrix'), ('', 'matrix')]
    )
    def test_where_the_name_of_the_file_gives_none(self, name: str, slug: str) -> None:
        reading = yaml_reading(HEAD + ROW, f'{name}.raci.yaml')
        assert [(str(problem.place), problem.kind) for problem in reading.problems] == [
            (f'{name}.raci.yaml:1:1', 'meaning')
        ]
        assert "add 'id:'" in reading.problems[0].text
        assert reading.matrix is not None
        assert reading.matrix.id == slug
        assert yaml_reading('id: x\n' + HEAD + ROW, f'{name}.raci.yaml').problems == ()

    @pytest.mark.parametrize(
        ('name', 'ident'),
        [
            ('Choose a region', 'choose-a-region'),
            ('Ça marche – déjà!', 'ca-marche-deja'),
            ('№ 5: "R&D"', 'no-5-r-d'),
            ('鍵', 'activity'),
            ('word ' * 20, '-'.join(['word'] * 12)),
            ('x' * 100, 'x' * 60),
            (f'{"a" * 30} {"b" * 29} c', f'{"a" * 30}-{"b" * 29}'),
            (f'{"a" * 30} {"b" * 30} c', 'a' * 30),
        ],
    )
    def test_from_the_name_of_the_activity(self, name: str, ident: str) -> None:
        (activity,) = matrix_of(with_rows(f'{{name: {json.dumps(name, ensure_ascii=False)}, who: {{}}}}')).walk()
        assert (activity.id, activity.derived) == (ident, True)

    def test_derived_ids_give_way_to_those_of_the_source(self) -> None:
        rows = ['{name: Sound, who: {}}'] * 3
        rows += ['{id: sound, name: x, who: {}}', '{id: y, name: y, who: {}, formerly: [sound-3]}']
        activities = list(matrix_of(with_rows(*rows)).walk())
        assert [activity.id for activity in activities] == ['sound-2', 'sound-4', 'sound-5', 'sound', 'y']
        assert [activity.derived for activity in activities] == [True, True, True, False, False]

    def test_a_second_owner_gets_another(self) -> None:
        reading = yaml_reading(with_rows('{id: a, name: One, who: {}}', '{id: a, name: Two, who: {}}'))
        assert reading.matrix is not None
        assert [activity.id for activity in reading.matrix.walk()] == ['a', 'two']

    def test_numbers_may_be_ids(self) -> None:
        assert matrix_of('id: 5\n' + HEAD + ROW).id == '5'


class TestParties:
    def test_of_the_project(self) -> None:
        matrix = matrix_of('raci: 1\ntitle: x\nparties: [host, owner]\nactivities: []\n')
        assert matrix.parties == (PROJECT['host'], PROJECT['owner'])

    def test_partly_of_the_project(self) -> None:
        matrix = matrix_of('raci: 1\ntitle: x\nparties: {owner: {description: here}, host: ~}\nactivities: []\n')
        assert matrix.parties == (Party('owner', 'Owner', 'here'), PROJECT['host'])

    def test_one_wrong_party_does_not_spoil_the_rows(self) -> None:
        reading = yaml_reading(
            'raci: 1\ntitle: x\nparties: {Owner: O, owner: o, b: [], c: }\n'
            'activities: [{name: x, who: {Owner: R, b: A}}]'
        )
        assert len(reading.problems) == 3
        assert reading.matrix is not None
        assert [party.id for party in reading.matrix.parties] == ['owner-2', 'owner', 'b', 'c']
        assert [len(cell.letters) for cell in next(reading.matrix.walk()).assignments] == [1, 0, 1, 0]


class Case(NamedTuple):
    """A source, what its only problem says, the rows that are shown all the same, and those that are called unread."""

    name: str
    source: str
    says: str
    rows: tuple[str, ...] = ('Sound',)
    unread: tuple[tuple[str, int], ...] = ()
    kind: str = 'structure'


def row(text: str) -> str:
    return HEAD + ROW + f'- {text}\n' + ROW.replace('Sound', 'Last')


def top(text: str) -> str:
    return text + '\n' + HEAD + ROW


BOTH = ('Sound', 'Last')
ALL = ('Sound', 'Bad', 'Last')
LOST = (('Bad', 6),)

CASES = [
    # the top
    Case('unknown key', top('⟦acitivities: []'), "unknown key 'acitivities'; did you mean 'activities'?"),
    Case('unlike any key', top('⟦zzz: []'), "unknown key 'zzz' (a matrix has 'raci', 'id', 'title'"),
    Case('no version', '⟦' + HEAD[8:] + ROW, "a matrix has no 'raci'; add it"),
    Case(
        'unknown version', (HEAD + ROW).replace('1', '⟦2', 1), "version '2' of the format is not known; write raci: 1"
    ),
    Case(
        'version is a list',
        (HEAD + ROW).replace('1', '⟦[1]', 1),
        "'raci' must be the version of the format, 1, not a list",
    ),
    Case('no title', '⟦' + (HEAD + ROW).replace('title: Backups\n', ''), "a matrix has no 'title'"),
    Case('empty title', (HEAD + ROW).replace('title: Backups', '⟦title: ""'), "'title' has no value"),
    Case('title is a mapping', (HEAD + ROW).replace('Backups', '⟦{a: b}'), "'title' must be a text, not a mapping"),
    Case('no rows', '⟦raci: 1\ntitle: x\nparties: {a: A}\nsections:', "no 'sections' and no 'activities'", ()),
    Case('rows are a text', HEAD[:-1] + ' ⟦none', "'activities' must be a list", (), (('', 4),)),
    Case('rows are a mapping', HEAD + '  ⟦a: b', "'activities' must be a list", (), (('', 5),)),
    Case('id in capitals', top('id: ⟦Backup'), "'id' is 'Backup'; write lower-case letters"),
    Case('id below zero', top('id: ⟦-5'), "'id' is '-5'"),
    Case('id with a point', top('id: ⟦1.5'), "'id' is '1.5'"),
    Case('reserved id', top('id: ⟦party'), "'party' cannot be the id of a matrix"),
    Case('id of a device', top('id: ⟦nul'), "'nul' cannot be the id of a matrix"),
    Case('intro is a list', top('intro: ⟦[a]'), "'intro' must be a text, not a list"),
    Case('no date', top('review-by: ⟦1.2.2031'), "'review-by' is '1.2.2031'; write a date such as"),
    Case('no such day', top('review-by: ⟦2031-02-30'), 'there is no such day', kind='meaning'),
    Case('unknown scheme', top('scheme: ⟦dacy'), "'scheme' is 'dacy'; did you mean 'daci'?", ('Sound',), (), 'meaning'),
    Case('scheme is a list', top('scheme: ⟦[R, A]'), "'scheme' must be the name of a scheme"),
    Case('empty scheme', top('scheme: ⟦{}'), "'scheme' is empty"),
    Case(
        'long code', top('scheme: {R: r, A: a, ⟦RACI: x}'), "key 'RACI' in 'scheme' is not possible; write one to three"
    ),
    Case('code twice', top('scheme: {R: r, A: a, ⟦r: x}'), "letter 'r' is here twice", kind='meaning'),
    Case('letter without a name', top('scheme: {R: r, A: ⟦{meaning: x}}'), "letter 'A' has no 'name'"),
    Case('unknown letter renamed', top('letters: {⟦Q: Questioned}'), "letter 'Q' is not in the scheme", kind='meaning'),
    Case('letters are a text', top('letters: ⟦RACI'), "'letters' must be a mapping"),
    Case('unknown markup', top('markup: ⟦md'), "'markup' is 'md'; write one of 'rst', 'plain'"),
    Case(
        'rule set to a word', top('rules: {many-informed: ⟦maybe}'), 'write true, false or a whole number up to 999,999'
    ),
    Case('rule set to a list', top('rules: {several-accountable: ⟦[]}'), 'must be true, false or a whole number'),
    Case('no code of a rule', top('rules: {⟦One: true}'), "key 'One' in 'rules' is not possible"),
    Case(
        'waived without a reason',
        top('waive: {several-accountable: ⟦""}'),
        "'several-accountable' in 'waive' has no text",
    ),
    Case('scope without a name', top('scopes: {disk: ⟦~}'), "scope 'disk' has no text"),
    Case('scope in capitals', top('scopes: {⟦Disk: On disk}'), "key 'Disk' in 'scopes' is not possible"),
    # parties
    Case('no parties', '⟦raci: 1\ntitle: x\n' + HEAD[-12:] + ROW, "no 'parties'", (), (('Sound', 4),)),
    Case('empty parties', 'raci: 1\ntitle: x\nparties: ⟦{}\nactivities: []', "'parties' is empty", ()),
    Case(
        'parties are a text',
        'raci: 1\ntitle: x\nparties: ⟦me\nactivities: []',
        "'parties' must be a mapping of ids",
        (),
    ),
    Case(
        'unknown to the project',
        'raci: 1\ntitle: x\nparties: [⟦hots]\nactivities: []',
        "did you mean 'host'?",
        (),
        kind='meaning',
    ),
    Case(
        'nameless',
        'raci: 1\ntitle: x\nparties: {⟦q: }\nactivities: []',
        "'q' is not in raci_parties; add it",
        (),
        kind='meaning',
    ),
    Case(
        'party twice', 'raci: 1\ntitle: x\nparties: [host, ⟦host]\nactivities: []', 'listed twice', (), kind='meaning'
    ),
    Case(
        'mapping in a list',
        'raci: 1\ntitle: x\nparties: [host, ⟦{a: A}]\nactivities: []',
        'must be the id of a party',
        (),
    ),
    Case('null in a list', 'raci: 1\ntitle: x\nparties: [host, ⟦~]\nactivities: []', 'not nothing', ()),
    Case(
        'misspelt key of a party',
        'raci: 1\ntitle: x\nparties: {a: {name: A, ⟦desc: x}}\nactivities: []',
        "unknown key 'desc'",
        (),
    ),
    # sections
    Case(
        'section is a text',
        top('sections: [⟦text]'),
        "must be a mapping with 'title', not a text",
        unread=(('text', 1),),
    ),
    Case('no title of a section', top('sections: [⟦{id: a}]'), "a section has no 'title'"),
    Case('null as a title', top('sections: [{⟦title: ~}]'), "'title' has no value; a section needs one"),
    Case('name of a section', top('sections: [{title: a, ⟦name: b}]'), "unknown key 'name'"),
    Case(
        'id used twice',
        top('sections: [{id: a, title: a},\n  {id: ⟦a, title: b}]'),
        'second time, after line 1',
        kind='meaning',
    ),
    # activities
    Case('activity is a list', row('⟦[Bad]'), "mapping with 'name' and 'who', not a list", BOTH, (('', 6),)),
    Case('activity is a text', row('⟦Bad'), "mapping with 'name' and 'who', not a text", BOTH, LOST),
    Case('activity is nothing', row('⟦~'), "mapping with 'name' and 'who', not nothing", BOTH, (('', 6),)),
    Case('no name', row('⟦{who: {}, id: bad}'), "an activity has no 'name'", BOTH, (('bad', 6),)),
    Case('name is a list', row('{who: {}, name: ⟦[x]}'), "'name' must be a text, not a list", BOTH, (('', 6),)),
    Case('no who', row('⟦{name: Bad}'), "an activity has no 'who'", BOTH, LOST),
    Case('who is empty', row('{name: Bad, ⟦who: }'), "'who' has no value", BOTH, LOST),
    Case('who is a text', row('{name: Bad, who: ⟦owner}'), "'who' must be a mapping", BOTH, LOST),
    Case('who is a list', row('{name: Bad, who: ⟦[owner]}'), "'who' must be a mapping", BOTH, LOST),
    Case(
        'unknown party',
        row('{name: Bad, who: {⟦hots: R}}'),
        "unknown party 'hots'; did you mean 'host'?",
        BOTH,
        LOST,
        'meaning',
    ),
    Case(
        'another party', row('{name: Bad, who: {⟦q: R}}'), "'parties', which are 'owner', 'host'", BOTH, LOST, 'meaning'
    ),
    Case(
        'no blank after the colon',
        row('{name: Bad, who: {⟦owner:R}}'),
        "unknown party 'owner:R'; a blank is missing after 'owner:'",
        BOTH,
        LOST,
        'meaning',
    ),
    Case(
        'unknown letter',
        row('{name: Bad, who: {owner: ⟦RX}}'),
        "unknown letter 'X' in 'RX'; the letters",
        BOTH,
        LOST,
        'meaning',
    ),
    Case('unknown letter in a list', row('{name: Bad, who: {owner: [R, ⟦X]}}'), "letter 'X'", BOTH, LOST, 'meaning'),
    Case('null as a word', row('{name: Bad, who: {owner: ⟦"null"}}'), "letter 'null'", BOTH, LOST, 'meaning'),
    Case(
        'a letter of another alphabet',
        row('{name: Bad, who: {owner: ⟦А}}'),
        "letter 'А' (U+0410); the letters",
        BOTH,
        LOST,
        'meaning',
    ),
    Case('null as a letter', row('{name: Bad, who: {owner: [R, ⟦"~"]}}'), "letter '~'", BOTH, LOST, 'meaning'),
    Case('tagged letters', row('{name: Bad, who: {owner: ⟦!x [R]}}'), "tag '!x'", BOTH, LOST, 'syntax'),
    Case('null among letters', row('{name: Bad, who: {owner: [R, ⟦~]}}'), 'must be letters, not nothing', BOTH, LOST),
    Case('cell without letters', row('{name: Bad, who: {owner: ⟦{note: x}}}'), "a cell has no 'letters'", BOTH, LOST),
    Case(
        'misspelt letters', row('{name: Bad, who: {owner: {letters: R, ⟦not: x}}}'), "did you mean 'note'?", BOTH, LOST
    ),
    Case(
        'cell in a cell',
        row('{name: Bad, who: {owner: {letters: ⟦{R: R}}}}'),
        'must be letters, not a mapping',
        BOTH,
        LOST,
    ),
    Case('misspelt key', row('{name: Bad, who: {}, ⟦tag: [x]}'), "unknown key 'tag'; did you mean 'tags'?", ALL),
    Case('id is a mapping', row('{name: Bad, who: {}, id: ⟦{}}'), "'id' must be a text, not a mapping", ALL),
    Case('id with a space', row('{name: Bad, who: {}, id: ⟦a b}'), "'id' is 'a b'", ALL),
    Case('note is a list', row('{name: Bad, who: {}, note: ⟦[x]}'), "'note' must be a text", ALL),
    Case('tags are a text', row('{name: Bad, who: {}, tags: ⟦x}'), "'tags' must be a list", ALL),
    Case('comma in a tag', row('{name: Bad, who: {}, tags: [⟦"x, y"]}'), "tag 'x, y' holds a comma", ALL),
    Case('link is a text', row('{name: Bad, who: {}, links: [⟦x]}'), "must be a mapping with 'text' and 'url'", ALL),
    Case('link without a text', row('{name: Bad, who: {}, links: [⟦{url: sla.html}]}'), "a link has no 'text'", ALL),
    Case(
        'no address', row('{name: Bad, who: {}, links: [{text: x, url: ⟦ftp://e.org}]}'), "'url' is 'ftp://e.org'", ALL
    ),
    Case(
        'address that runs',
        row('{name: Bad, who: {}, links: [{text: x, url: ⟦javascript:x}]}'),
        "starts with 'https://'",
        ALL,
    ),
    Case('unknown scope', row('{name: Bad, who: {}, scopes: [⟦x]}'), "unknown scope 'x'; add it", ALL, (), 'meaning'),
    Case('old id in capitals', row('{name: Bad, who: {}, formerly: [⟦X]}'), "an entry of 'formerly' is 'X'", ALL),
    Case(
        'old id twice', row('{name: Bad, who: {}, formerly: [x, ⟦x]}'), 'second time, after line 6', ALL, (), 'meaning'
    ),
    Case('old id is the id', row('{name: Bad, who: {}, id: x, formerly: [⟦x]}'), 'second time', ALL, (), 'meaning'),
    Case(
        'reason is a list',
        row('{name: Bad, who: {}, waive: {no-part: ⟦[]}}'),
        "'no-part' in 'waive' must be a text",
        ALL,
    ),
    # the notation
    Case(
        'party twice in who',
        row('{name: Bad, who: {owner: R, ⟦owner: A}}'),
        'second time, after line 6',
        BOTH,
        LOST,
        'syntax',
    ),
    Case(
        'who twice',
        row('{name: Bad, who: {owner: R}, ⟦who: {}}'),
        "key 'who' is here a second time",
        BOTH,
        LOST,
        'syntax',
    ),
    Case('note twice', row('{name: Bad, who: {}, note: a, ⟦note: b}'), "key 'note'", ALL, (), 'syntax'),
    Case('rows twice', HEAD + ROW + '⟦activities: []', 'second time, after line 4', ('Sound',), (('', 1),), 'syntax'),
    Case('alias', row('{name: Bad, who: ⟦*other}'), "alias '*other'; write the value out", BOTH, LOST, 'syntax'),
    Case('anchor', row('{name: Bad, who: ⟦&x {}}'), "anchor '&x'; remove it", ALL, (), 'syntax'),
    Case('tag', row('{name: Bad, who: {owner: ⟦!secret R}}'), "tag '!secret'; remove it", BOTH, LOST, 'syntax'),
    Case('tag of YAML', row('{name: Bad, who: {}, note: ⟦!!str 5}'), 'tag ', ALL, (), 'syntax'),
    Case('tagged mapping', row('{name: Bad, who: ⟦!x {owner: R}}'), "tag '!x'", BOTH, LOST, 'syntax'),
    Case(
        'merge key',
        row('{name: Bad, who: {⟦<<: {owner: R}}}'),
        "merge key '<<'; write the keys out",
        BOTH,
        LOST,
        'syntax',
    ),
    Case(
        'list as a key', row('{name: Bad, who: {⟦[owner]: R}}'), 'list or mapping used as a key', BOTH, LOST, 'syntax'
    ),
    Case(
        'second document',
        HEAD + ROW + '⟦---\nraci: 1\n',
        'a second document begins here',
        unread=(('', 6),),
        kind='syntax',
    ),
    Case(
        'rows under a key with a typo',
        'raci: 1\ntitle: x\nparties: {owner: Owner}\nsections: []\n⟦section: [{title: y}]\n',
        "unknown key 'section'; did you mean 'sections'?",
        (),
        (('section', 5),),
    ),
    Case(
        'rows under a key with a typo, in a section',
        HEAD.replace('activities:\n', 'sections:\n') + '- title: y\n  ⟦activites: [{name: x, who: {}}]\n',
        "unknown key 'activites'; did you mean 'activities'?",
        (),
        (('activites', 6),),
    ),
    Case(
        'bad escape',
        row(r'{name: ⟦"Bad\0", who: {}}'),
        'control character U+0000',
        ('Sound', 'Bad�', 'Last'),
        (),
        'syntax',
    ),
    Case('empty', '', 'nothing is in the file', ()),
    Case('comment only', '# later\n', 'nothing is in the file', ()),
    Case('null', '⟦~', 'nothing is in the file', ()),
    Case('list at the top', '⟦- raci: 1\n', 'must hold a mapping', ()),
    Case('text at the top', '⟦raci\n', 'must hold a mapping', ()),
]


def place_of(source: str) -> tuple[int, int]:
    """The line and column of the mark; nothing for a source without."""
    before, mark, _ = source.partition(MARK)
    return (before.count('\n') + 1, len(before) - before.rfind('\n')) if mark else (0, 0)


def names(reading: Reading) -> tuple[str, ...]:
    return tuple(activity.name for activity in reading.matrix.walk()) if reading.matrix else ()


@pytest.mark.parametrize('case', CASES, ids=[case.name for case in CASES])
def test_bad_source(case: Case) -> None:
    reading = yaml_reading(case.source.replace(MARK, ''))
    (problem,) = reading.problems
    assert case.says in problem.text
    assert problem.place == Place('backup.raci.yaml', *place_of(case.source))
    assert problem.kind == case.kind
    assert names(reading) == case.rows
    assert (reading.matrix.unread if reading.matrix else ()) == case.unread


def test_a_party_that_the_project_has_is_not_taken_for_a_slip() -> None:
    source = 'raci: 1\ntitle: x\nparties: [hots]\nactivities:\n- {name: Sow, who: {host: R}}\n'
    reading = read_bytes(source.encode(), 'x.raci.yaml', Settings({'host': Party('host', 'Host')}))
    assert [problem.text for problem in reading.problems] == [
        "party 'hots' is not in raci_parties; did you mean 'host'?",
        "unknown party 'host'; it is not in 'parties', which are 'hots'",
    ]


BROKEN = [
    Case(
        'no colon after a key',
        HEAD + ROW + '- id: a\n  ⟦name Bad\n  who: {}\n',
        "a key needs ': ' after it",
        unread=(('a', 6), ('', 7)),
    ),
    Case('cut off in a row', HEAD + ROW + '- {name: Bad, who: {owner: RA,⟦ ', '', unread=(*LOST, ('', 6))),
    Case('cut off in a text', HEAD + ROW + '- {name: "Bad⟦', 'a quotation mark is not closed', unread=(('', 6),)),
    Case(
        'quote that is closed by a later one',
        HEAD + ROW + '- name: "Bad\n  who: {}\n- name: "⟦Last"\n  who: {}\n',
        'the text in quotes that begins in line 6, column 9 ends only here; close it',
        unread=(('Bad who: {} - name:', 6), ('', 8)),
    ),
    Case('cut off in the parties', 'raci: 1\ntitle: x\nparties: {a: A,⟦ ', '', (), (('', 3),)),
    Case(
        'colon in a text',
        HEAD + ROW + '- name: Bad⟦: very\n  who: {}\n',
        'needs quotes around it',
        unread=(*LOST, ('', 6)),
    ),
    Case('tab', HEAD + ROW + '-\n⟦\tname: Bad\n', 'indent with spaces, not with tabs', unread=(('', 7),)),
    Case(
        'backtick',
        HEAD + ROW + '- {name: Bad, note: ⟦`x`}\n',
        'begins with this character needs quotes',
        unread=(('', 6),),
    ),
    Case(
        'dash for no part',
        HEAD + ROW + '- name: Bad\n  who:\n    owner: ⟦-\n',
        'no part needs quotes',
        unread=(*LOST, ('', 8)),
    ),
    Case(
        'unindented',
        HEAD + ROW + '- name: Bad\n  who: {}\n ⟦note: x\n' + ROW,
        'must start in the same column',
        unread=(*LOST, ('', 8)),
    ),
]


@pytest.mark.parametrize('case', BROKEN, ids=[case.name for case in BROKEN])
def test_source_that_is_no_yaml_from_somewhere_on(case: Case) -> None:
    reading = yaml_reading(case.source.replace(MARK, ''))
    (problem,) = reading.problems
    assert problem.text.startswith('not YAML: ')
    assert case.says in problem.text
    assert problem.place == Place('backup.raci.yaml', *place_of(case.source))
    assert problem.kind == 'syntax'
    assert names(reading) == case.rows
    assert reading.matrix is not None
    assert reading.matrix.unread == case.unread


JSON_HEAD = '{"raci": 1, "title": "Backups", "parties": ["owner"], "activities": [\n'
JSON_ROW = '{"name": "Sound", "who": {"owner": "RA"}}'
JSON_CASES = [
    Case(
        'cut off in a row',
        JSON_HEAD + JSON_ROW + ',\n{"name": "Bad", "who": {⟦',
        'ends inside the mapping that begins in line 3',
        unread=(('Bad', 3), ('', 3)),
    ),
    Case(
        'cut off in a list', JSON_HEAD + JSON_ROW + '⟦', 'ends inside the list that begins in line 1', unread=(('', 2),)
    ),
    Case('comma at the end', JSON_HEAD + JSON_ROW + ',⟦]}', "']' stands, where a value belongs", unread=(('', 2),)),
    Case('no comma', JSON_HEAD + JSON_ROW + '⟦{}]}', "where ',' or ']' belongs", unread=(('', 2),)),
    Case('no colon', JSON_HEAD + '{"name"⟦ "x"}]}'.replace('⟦ ', ' ⟦'), "where ':' belongs", (), (('', 2),)),
    Case('comment', JSON_HEAD + '⟦// no\n' + JSON_ROW + ']}', "'/' stands", (), (('', 2),)),
    Case('single quotes', JSON_HEAD + "{⟦'name': 1}]}", 'a key in double quotes', (), (('', 2),)),
    Case('number as a key', JSON_HEAD + '{⟦5: 1}]}', 'a key in double quotes', (), (('', 2),)),
    Case('not a number', JSON_HEAD + JSON_ROW + ',⟦NaN]}', "'NaN' stands", unread=(('', 2),)),
    Case('octal', JSON_HEAD + JSON_ROW + ',⟦010]}', "'010' stands", unread=(('', 2),)),
    Case('unknown escape', JSON_HEAD + JSON_ROW + r',⟦"\x"]}', 'an unknown escape', unread=(('', 2),)),
    Case('line break in a text', JSON_HEAD + JSON_ROW + ',⟦"a\n"]}', 'holds a line break', unread=(('', 2),)),
    Case(
        'more after the end', JSON_HEAD + JSON_ROW + ']}\r\n⟦{}', 'where the end of the file belongs', unread=(('', 3),)
    ),
    Case(
        'half a surrogate pair',
        JSON_HEAD + JSON_ROW.replace('"Sound"', r'⟦"So\ud800und"') + ']}',
        'pair U+D800',
        ('So�und',),
    ),
    Case(
        'control character',
        JSON_HEAD + JSON_ROW.replace('"Sound"', r'⟦"Sound\u0007"') + ']}',
        'character U+0007',
        ('Sound�',),
    ),
    Case(
        'key twice',
        JSON_HEAD + JSON_ROW + ',\r\n\t{"name": "Bad", "who": {}, ⟦"who": {}}]}',
        'second time, after line 3',
        unread=(('Bad', 3),),
    ),
    Case('nothing', '⟦', 'the file ends, where a value belongs', ()),
]


@pytest.mark.parametrize('case', JSON_CASES, ids=[case.name for case in JSON_CASES])
def test_source_that_is_no_json(case: Case) -> None:
    reading = read_bytes(case.source.replace(MARK, '').encode(), 'b.raci.json', Settings(PROJECT))
    (problem,) = reading.problems
    assert case.says in problem.text
    assert problem.place == Place('b.raci.json', *place_of(case.source))
    assert problem.kind == 'syntax'
    assert names(reading) == case.rows
    assert (reading.matrix.unread if reading.matrix else ()) == case.unread


def test_json_has_the_same_places_as_yaml() -> None:
    source = JSON_HEAD + JSON_ROW + ',\n {"name": "Bäd", "who": {"owner": "RX"}, "nots": "ü", "tags": "x"}]}'
    in_json = read_bytes(source.encode(), 'b.raci.json', Settings(PROJECT))
    assert [(problem.place.line, problem.place.column) for problem in in_json.problems] == [(3, 35), (3, 42), (3, 63)]
    assert str(read_bytes(source.encode(), 'b.raci.yaml', Settings(PROJECT))) == str(in_json).replace('.json', '.yaml')


def test_columns_count_characters() -> None:
    (problem,) = yaml_reading(HEAD + '- {name: "ÄÖ 🔑 責任", nte: x, who: {}}\n').problems
    assert str(problem.place) == 'backup.raci.yaml:5:21'


class TestAllProblemsAtOnce:
    SOURCE = (
        'raci: ⟦2\n⟦titel: Backups\nparties: {owner: ⟦[], ⟦Host: Host}\n'
        'sections:\n- ⟦text\n- title: ⟦[x]\n  activities:\n'
        '  - {name: a, who: {owner: ⟦X, ⟦nobody: R}, tags: ⟦x}\n'
        '  - ⟦{id: ⟦A, who: {owner: R}, formerly: [⟦B, ⟦C]}\n'
    )

    def test_in_the_order_of_the_source(self) -> None:
        problems = yaml_reading(self.SOURCE.replace(MARK, '')).problems
        lines = self.SOURCE.split('\n')
        expected = []
        for number, line in enumerate(lines, start=1):
            parts = line.split(MARK)
            expected += [(number, len(''.join(parts[:index])) + 1) for index in range(1, len(parts))]
        assert [(problem.place.line, problem.place.column) for problem in problems] == expected
        assert len(expected) == 13

    def test_a_hundred_and_a_number(self) -> None:
        problems = yaml_reading(with_rows(*['{name: x, who: {owner: X}}'] * 250)).problems
        assert len(problems) == 101
        assert {problem.text for problem in problems[:100]} == {problems[0].text}
        assert (problems[-1].place.line, problems[-1].text) == (105, '… and 150 more problems')

    def test_a_million(self) -> None:
        problems = yaml_reading(HEAD + '- x\n' * 100_000).problems
        assert (len(problems), problems[-1].text) == (101, '… and 99900 more problems')

    def test_messages_are_one_line_and_short(self) -> None:
        (problem,) = yaml_reading(top('"a\\n\\u202e\\x7f' + 'b' * 1000 + '": x')).problems[:1]
        (other,) = yaml_reading(top('"a\\n\\u202e' + 'b' * 1000 + '": x')).problems
        assert 'U+007F' in problem.text
        assert other.text.startswith(r"unknown key 'a\n\u202ebbb")
        assert len(other.text) < 300

    def test_nothing_of_use(self) -> None:
        assert yaml_reading('raci: 1\nactivities: []\n').matrix is None
        reading = yaml_reading('title: Backups\nactivities: [{name: Sound, who: {owner: R}}, {id: a}]\n')
        assert reading.matrix is not None
        assert (reading.matrix.title, reading.matrix.unread) == ('Backups', (('a', 2),))
        assert "does not begin with 'raci: 1'" in reading.problems[0].text


class TestBytes:
    def test_byte_order_mark_is_fine(self) -> None:
        data = b'\xef\xbb\xbf' + (HEAD + ROW).encode()
        assert read_bytes(data, 'x.raci.yaml') == read_bytes(data[3:], 'x.raci.yaml')
        for name in ('x.raci.yaml', 'x.raci.json'):
            problems = read_bytes(b'\xef\xbb\xbf{"raci": 2}', name).problems
            assert [str(problem.place) for problem in problems[-1:]] == [f'{name}:1:10']

    def test_windows_line_ends(self) -> None:
        text = COMPLETE.replace('\n', '\r\n')
        assert yaml_reading(text) == yaml_reading(COMPLETE)

    @pytest.mark.parametrize('encoding', ['utf-16', 'utf-16-le', 'utf-16-be', 'utf-32', 'utf-32-le'])
    def test_another_encoding(self, encoding: str) -> None:
        reading = read_bytes((HEAD + ROW).encode(encoding), 'x.raci.yaml')
        (problem,) = reading.problems
        assert reading.matrix is None
        assert (problem.place.line, problem.place.column) == (1, 1)
        assert 'save it as UTF-8' in problem.text

    def test_latin_1(self) -> None:
        reading = read_bytes(
            row('{name: Bad, who: {}, note: "é⟦ü"}').replace(MARK, '').encode('latin-1'), 'x.raci.yaml'
        )
        (problem,) = reading.problems
        assert (str(problem.place), problem.kind) == ('x.raci.yaml:6:31', 'syntax')
        assert 'byte 0xE9 is not UTF-8' in problem.text
        assert names(reading) == ALL

    @pytest.mark.parametrize(
        ('what', 'says'),
        [
            (b'\0', 'U+0000'),
            (b'\x07', 'U+0007'),
            (b'\x7f', 'U+007F'),
            (b'\xc2\x80', 'U+0080'),
            (b'\xef\xbf\xbe', 'U+FFFE'),
            (b'\xed\xa0\x80', 'byte 0xED is not UTF-8'),
            (b'\xc0\x80', 'byte 0xC0 is not UTF-8'),
            (b'\xf0\x9f', 'byte 0xF0 is not UTF-8'),
        ],
    )
    def test_what_no_text_may_hold(self, what: bytes, says: str) -> None:
        data = row('{name: Bad, who: {}, note: "ä⟦"}').encode().replace(MARK.encode(), what)
        reading = read_bytes(data, 'x.raci.yaml')
        (problem,) = reading.problems
        assert (str(problem.place), problem.kind) == ('x.raci.yaml:6:32', 'syntax')
        assert says in problem.text
        assert names(reading) == ALL


class TestFiles:
    def test_read(self, tmp_path: Path) -> None:
        path = tmp_path / 'backup.raci.yaml'
        path.write_text(COMPLETE, encoding='utf-8')
        assert read(path, settings=Settings(PROJECT), name='backup.raci.yaml') == yaml_reading(COMPLETE)
        assert read(path).matrix.path == str(path)  # type: ignore[union-attr]

    @pytest.mark.parametrize('suffix', ['.raci.yaml', '.raci.yml', '.raci.json'])
    def test_suffixes(self, tmp_path: Path, suffix: str) -> None:
        path = tmp_path / f'a{suffix}'
        path.write_text('{"raci": 1, "title": "\\/", "parties": ["host"], "activities": []}', encoding='utf-8')
        assert read(path, settings=Settings(PROJECT)).problems == ()

    def test_missing(self, tmp_path: Path) -> None:
        self.unreadable(tmp_path / 'no.raci.yaml', 'No such file')

    def test_directory(self, tmp_path: Path) -> None:
        (tmp_path / 'a.raci.yaml').mkdir()
        self.unreadable(tmp_path / 'a.raci.yaml', 'it is a directory')

    def test_link_to_itself(self, tmp_path: Path) -> None:
        path = tmp_path / 'a.raci.yaml'
        path.symlink_to(path)
        self.unreadable(path, '')

    def test_pipe(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / 'a.raci.yaml')
        self.unreadable(tmp_path / 'a.raci.yaml', 'no regular file')

    def test_no_permission(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / 'a.raci.yaml'
        path.touch()

        def refuse(*arguments: object) -> int:
            raise PermissionError(13, 'Permission denied')

        monkeypatch.setattr(os, 'open', refuse)
        self.unreadable(path, 'Permission denied')

    def test_impossible_name(self) -> None:
        self.unreadable(Path('a\0.raci.yaml'), 'null')

    @staticmethod
    def unreadable(path: Path, why: str) -> None:
        reading = read(path, name='x')
        assert reading.matrix is None
        (problem,) = reading.problems
        assert problem.place == Place('x')
        assert problem.text.startswith('the file cannot be read: ')
        assert why in problem.text


def laughs() -> str:
    lines = ['a: &a [x, x, x, x, x, x, x, x, x]']
    lines += [f'{b}: &{b} [{", ".join(["*" + a] * 9)}]' for a, b in zip('abcdefghijk', 'bcdefghijkl', strict=True)]
    return '\n'.join(lines)


class TestHostileSources:
    @pytest.mark.parametrize('unit', ['[', '{', '- ', 'a: ', '? ', '{"a":', '[{', '&a [', '!x {'])
    @pytest.mark.parametrize('suffix', ['yaml', 'json'])
    def test_ten_megabytes_of_nesting(self, unit: str, suffix: str) -> None:
        data = (unit * (10_000_000 // len(unit))).encode()
        tracemalloc.start()
        start = time.process_time()
        reading = read_bytes(data, f'x.raci.{suffix}')
        took = time.process_time() - start
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert took < 2
        assert peak < 60_000_000
        assert reading.problems
        assert reading.matrix is None

    def test_deep_but_not_too_deep(self) -> None:
        def nested(levels: int) -> str:
            sections = 'sections: []'
            for _ in range(levels):
                sections = f'sections: [{{title: x, {sections}}}]'
            return f'raci: 1\ntitle: x\nparties: [host]\n{sections}\n'

        assert matrix_of(nested(24)).root.sections
        (problem,) = yaml_reading(nested(25)).problems
        assert 'more than 50 levels' in problem.text
        assert problem.place.line == 4

    def test_billion_laughs(self) -> None:
        start = time.process_time()
        reading = yaml_reading(HEAD + ROW + laughs())
        assert time.process_time() - start < 1
        assert names(reading) == ('Sound',)
        assert len(reading.problems) == 101
        assert "anchor '&a'" in reading.problems[1].text

    @pytest.mark.parametrize(
        'data',
        [
            b'k: v\n' * 100_000,
            b''.join(b'k%d:\n' % number for number in range(50_000)),
            b'\xff\n' * 200_000,
            b'"' + b'\\n' * 500_000,
            b'{"a": "' + b'\\ud800' * 100_000 + b'"}',
            HEAD.encode() + b'- {name: x, who: {}}\n' * 20_000,
            HEAD.encode() + b'- {name: x, who: {owner: ' + b'X' * 1_000_000 + b'}}\n',
            b'raci: 1\ntitle: x\nactivities: []\nparties:\n' + b''.join(b'  P-%d: x\n' % n for n in range(30_000)),
            b'intro: "' + b'\\n ' * 500_000 + b'"',
            b'x' * 1_000_000,
            b'\t' * 1_000_000,
            b'9' * 1_000_000,
            b'rules: {a: ' + b'9' * 1_000_000 + b'}',
        ],
        ids=range(13),
    )
    @pytest.mark.parametrize('suffix', ['yaml', 'json'])
    def test_large_sources_take_time_in_proportion(self, data: bytes, suffix: str) -> None:
        start = time.process_time()
        reading = read_bytes(data, f'x.raci.{suffix}')
        assert time.process_time() - start < 8
        assert len(reading.problems) <= 101


class TestWithoutLibyaml:
    @pytest.fixture(autouse=True)
    def _python_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fast = {case.name: yaml_reading(case.source.replace(MARK, '')) for case in [*CASES, *BROKEN]}
        self.complete = yaml_reading(COMPLETE)
        monkeypatch.setattr(yaml, '__with_libyaml__', False)

        def unavailable(*_: Any) -> None:
            raise AssertionError

        monkeypatch.setattr(yaml, 'CLoader', unavailable)

    def test_the_same_reading(self) -> None:
        assert yaml_reading(COMPLETE) == self.complete
        for case in CASES:
            assert yaml_reading(case.source.replace(MARK, '')) == self.fast[case.name], case.name

    def test_the_same_rows_of_what_is_no_yaml(self) -> None:
        for case in BROKEN:
            reading, fast = yaml_reading(case.source.replace(MARK, '')), self.fast[case.name]
            assert reading.matrix == fast.matrix, case.name
            assert case.says in reading.problems[0].text, case.name

    def test_nesting(self) -> None:
        assert yaml_reading('[' * 100_000).problems


class TestNothingIsRaised:
    @settings(max_examples=300, deadline=None)
    @given(st.binary(max_size=300), st.sampled_from(SUFFIXES))
    @example(b'"\\ud800\\U00110000"', '.raci.yaml')
    def test_any_bytes(self, data: bytes, suffix: str) -> None:
        self.check(read_bytes(data, 'x' + suffix))

    @settings(max_examples=300, deadline=None)
    @given(
        st.text(alphabet=st.characters() | st.sampled_from('{}[]:,-?&*!|>%@`"\' \n\t#\\'), max_size=200),
        st.sampled_from(SUFFIXES),
    )
    def test_any_text(self, text: str, suffix: str) -> None:
        self.check(read_bytes(text.encode('utf-8', 'surrogatepass'), 'x' + suffix))

    @settings(max_examples=500, deadline=None)
    @given(st.data(), st.sampled_from(SUFFIXES), st.booleans())
    def test_a_good_source_cut_up(self, data: st.DataObject, suffix: str, python: bool) -> None:
        text = COMPLETE
        if suffix == '.raci.json':
            text = json.dumps(yaml.load(COMPLETE, Loader=yaml.BaseLoader), indent=1)
        for _ in range(data.draw(st.integers(1, 4))):
            start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
            end = min(end, start + 80)
            part = data.draw(st.sampled_from(['', text[start:end] * 2]) | st.text(max_size=5))
            text = text[:start] + part + text[end:]
        with pytest.MonkeyPatch.context() as patch:
            if python:
                patch.setattr(yaml, '__with_libyaml__', False)
            self.check(read_bytes(text.encode('utf-8', 'surrogatepass'), 'x' + suffix))

    @staticmethod
    def check(reading: Reading) -> None:
        problems = reading.problems
        assert problems or reading.matrix
        assert list(problems) == sorted(problems, key=lambda problem: (problem.place.line, problem.place.column))
        assert len(set(problems)) == len(problems)
        for problem in problems:
            assert isinstance(problem, Problem)
            assert problem.kind in {'syntax', 'structure', 'meaning', 'row', 'cell', 'read'}
            assert '\n' not in problem.text
            assert problem.text.isprintable()
        if reading.matrix:
            activities = list(reading.matrix.walk())
            assert all(len(activity.assignments) == len(reading.matrix.parties) for activity in activities)
            assert len({activity.id for activity in activities}) == len(activities)
            assert all(activity.name and activity.id for activity in activities)


@pytest.mark.parametrize('length', range(0, len(COMPLETE), 3))
def test_a_source_that_is_cut_off_loses_no_row_before(length: int) -> None:
    whole = list(TestWholeFormat.complete().walk())
    reading = yaml_reading(COMPLETE[:length])
    found = list(reading.matrix.walk()) if reading.matrix else []
    # What is cut off between two keys is still good YAML, so the last row may lack something.
    assert found[:-1] == whole[: max(len(found) - 1, 0)]
    second, third = COMPLETE.index('sections:'), COMPLETE.index('    sections:')
    assert len(found) >= (length >= second) + (length >= third)

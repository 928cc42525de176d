"""``sphinx-raci ids``: ids that are only derived are shown, and written without changing another byte of the file."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import often
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sphinxcontrib_raci.cli import main
from sphinxcontrib_raci.cli.insert import Draft, Insertion, Refused, checked, insert_ids
from sphinxcontrib_raci.model import Matrix, Reading, Section
from sphinxcontrib_raci.settings import NO_SETTINGS
from sphinxcontrib_raci.sources import read_bytes
from sphinxcontrib_raci.writers import write

TOP = 'raci: 1\ntitle: Backups\nparties: {owner: Owner, host: Host}\n'


def bare(matrix: Matrix | None) -> Matrix:
    """The matrix without places and without what says where ids come from."""
    assert matrix is not None

    def section(found: Section) -> Section:
        activities = tuple(replace(row, line=0, column=0, derived=False) for row in found.activities)
        return replace(found, line=0, activities=activities, sections=tuple(map(section, found.sections)))

    return replace(matrix, line=0, root=section(matrix.root), unread=())


def only_insertions(old: bytes, new: bytes) -> bool:
    """Whether the old bytes are in the new ones, in their order."""
    rest = iter(new)
    return all(byte in rest for byte in old)


def write_ids(path: Path, text: str | bytes) -> bytes:
    """The bytes of a file after ``ids --write``, which must have been able to write all ids."""
    data = text if isinstance(text, bytes) else text.encode()
    path.write_bytes(data)
    before = read_bytes(data, str(path))
    assert any(activity.derived for activity in before.matrix.walk()), before
    assert main(['ids', str(path), '--write']) == 0
    new = path.read_bytes()
    assert_only_ids(data, new, before, read_bytes(new, str(path)))
    return new


def assert_only_ids(old: bytes, new: bytes, before: Reading, after: Reading) -> None:
    assert only_insertions(old, new)
    assert bare(before.matrix) == bare(after.matrix)
    assert after.matrix is not None
    assert not [activity for activity in after.matrix.walk() if activity.derived]


def rows(text: str) -> str:
    return TOP + 'activities:\n' + text


YAML_STYLES = {
    'a mapping in a list': (
        '  - name: Try a restore\n    who: {owner: RA}\n',
        '  - id: try-a-restore\n    name: Try a restore\n    who: {owner: RA}\n',
    ),
    'a list that is not indented': (
        '- name: Try\n  who: {owner: RA}\n',
        '- id: try\n  name: Try\n  who: {owner: RA}\n',
    ),
    'another key first': (
        '  - who: {owner: RA}\n    name: Try\n',
        '  - id: try\n    who: {owner: RA}\n    name: Try\n',
    ),
    'the dash on a line of its own': (
        '  -\n    name: Try\n    who: {owner: RA}\n',
        '  -\n    id: try\n    name: Try\n    who: {owner: RA}\n',
    ),
    'a comment after the dash': (
        '  - # soon\n      name: Try\n      who: {owner: RA}\n',
        '  - # soon\n      id: try\n      name: Try\n      who: {owner: RA}\n',
    ),
    'comments between': (
        '  - name: Try  # a\n    # b\n    who: {owner: RA}\n',
        '  - id: try\n    name: Try  # a\n    # b\n    who: {owner: RA}\n',
    ),
    'a quoted key': (
        '  - "name": Try\n    who: {owner: RA}\n',
        '  - id: try\n    "name": Try\n    who: {owner: RA}\n',
    ),
    'a key with a question mark': (
        '  - ? name\n    : Try\n    who: {owner: RA}\n',
        '  - id: try\n    ? name\n    : Try\n    who: {owner: RA}\n',
    ),
    'braces': (
        '  - {name: Try, who: {owner: RA}}\n',
        '  - {id: try, name: Try, who: {owner: RA}}\n',
    ),
    'braces with blanks': (
        '  - { name: Try, who: {owner: RA} }\n',
        '  - { id: try, name: Try, who: {owner: RA} }\n',
    ),
    'braces over several lines': (
        '  - {\n      name: Try,\n      who: {owner: RA}\n    }\n',
        '  - {\n      id: try,\n      name: Try,\n      who: {owner: RA}\n    }\n',
    ),
    'braces with a comment': (
        '  - { # soon\n      name: Try, who: {owner: RA}}\n',
        '  - { # soon\n      id: try,\n      name: Try, who: {owner: RA}}\n',
    ),
    'braces with a question mark': (
        '  - {? name : Try, who: {owner: RA}}\n',
        '  - {id: try, ? name : Try, who: {owner: RA}}\n',
    ),
    'brackets and braces on one line': (
        '  [{name: Try, who: {owner: RA}}, {"name": Look, who: {owner: RA}}]\n',
        '  [{id: try, name: Try, who: {owner: RA}}, {"id": "look", "name": Look, who: {owner: RA}}]\n',
    ),
    'an id that waits for its value': (
        '  - name: Try\n    id:\n    who: {owner: RA}\n',
        '  - name: Try\n    id: try\n    who: {owner: RA}\n',
    ),
    'an id that waits, with a comment': (
        '  - id:   # later\n    name: Try\n    who: {owner: RA}\n',
        '  - id: try   # later\n    name: Try\n    who: {owner: RA}\n',
    ),
    'an id that waits in braces': (
        '  - {id: , name: Try, who: {owner: RA}}\n',
        '  - {id: try , name: Try, who: {owner: RA}}\n',
    ),
    'ids that exist stay': (
        '  - {id: a, name: Try, who: {owner: RA}}\n  - {name: Try, who: {owner: RA}}\n',
        '  - {id: a, name: Try, who: {owner: RA}}\n  - {id: try, name: Try, who: {owner: RA}}\n',
    ),
    'two of one name': (
        '- name: Try\n  who: {owner: RA}\n- name: Try\n  who: {owner: RA}\n',
        '- id: try\n  name: Try\n  who: {owner: RA}\n- id: try-2\n  name: Try\n  who: {owner: RA}\n',
    ),
    'what others would read as no text is quoted': (
        '- name: "Null"\n  who: {}\n- name: 2031-01-31\n  who: {}\n',
        '- id: "null"\n  name: "Null"\n  who: {}\n- id: "2031-01-31"\n  name: 2031-01-31\n  who: {}\n',
    ),
    'no line break at the end': (
        '- {who: {owner: RA}, name: Try}',
        '- {id: try, who: {owner: RA}, name: Try}',
    ),
}


@pytest.mark.parametrize(('old', 'new'), YAML_STYLES.values(), ids=YAML_STYLES)
def test_an_id_goes_where_a_person_would_put_it(tmp_path: Path, old: str, new: str) -> None:
    assert write_ids(tmp_path / 'backups.raci.yaml', rows(old)).decode() == rows(new)


def test_windows_line_breaks_and_the_byte_order_mark_stay(tmp_path: Path) -> None:
    text = '\ufeff' + rows('  - name: Try\n    who: {owner: RA}\n').replace('\n', '\r\n')
    new = write_ids(tmp_path / 'backups.raci.yaml', text)
    assert new.decode() == text.replace('- name', '- id: try\r\n    name')


def test_characters_of_any_plane_and_rare_line_breaks_come_before(tmp_path: Path) -> None:
    text = '# \U0001f5c4\tand\u2028# \x85# \u2029' + rows('  - name: "\U0001f600 Try"\n    who: {owner: RA}\n')
    new = write_ids(tmp_path / 'backups.raci.yaml', text)
    assert new.decode() == text.replace('- name', '- id: try\n    name')


def test_json_gets_a_pair_in_its_own_style(tmp_path: Path) -> None:
    text = """{
  "raci": 1, "title": "Backups", "parties": {"owner": "Owner"},
  "activities": [
    {
      "name": "Try \\ud83d\\ude00",
      "who": {"owner": "RA"}
    },
    {"name": "Look\u2028", "who": {}}
  ]
}
"""
    new = write_ids(tmp_path / 'backups.raci.json', text).decode()
    assert new == text.replace('{\n      "name"', '{\n      "id": "try",\n      "name"').replace(
        '{"name": "Look', '{"id": "look", "name": "Look'
    )


def test_without_write_the_file_stays_and_each_activity_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / 'backups.raci.yaml'
    path.write_text(rows('  - name: Try\n    who: {owner: RA}\n  - {id: look, name: Look, who: {}}\n'))
    before = path.read_bytes()
    assert main(['ids', str(path)]) == 1
    text = "warning: 'Try' has the id 'try' only by its name, and loses it with the name [derived]"
    assert capsys.readouterr().err.splitlines() == [f'{path}:5:5: {text}', '1 warning in 1 file']
    assert path.read_bytes() == before


def test_a_file_whose_ids_are_all_given_is_fine_and_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / 'backups.raci.yaml'
    path.write_text(rows('  - {id: look, name: Look, who: {}}\n'))
    os.utime(path, (1, 1))
    assert main(['ids', str(path)]) == 0
    assert main(['ids', str(path), '--write']) == 0
    assert path.stat().st_mtime == 1
    assert capsys.readouterr().err == 'no errors in 1 file\n' * 2


def test_parties_of_the_project_are_no_problem(tmp_path: Path) -> None:
    path = tmp_path / 'backups.raci.yaml'
    path.write_text('raci: 1\ntitle: B\nparties: [owner]\nactivities:\n- name: Try\n  who: {owner: R}\n')
    assert main(['ids', str(path), '--write']) == 0
    assert path.read_text().endswith('- id: try\n  name: Try\n  who: {owner: R}\n')


@pytest.mark.parametrize(
    ('row', 'said'),
    [
        ('id: ~\n    name: Try', 'write the id by hand'),
        ('id: null\n    name: Try', 'write the id by hand'),
        ('id: Not one\n    name: Try', 'mend the id that it has'),
        ('id: look\n    name: Try', 'mend the id that it has'),
    ],
)
def test_an_activity_that_cannot_get_its_id_is_named_and_the_others_get_theirs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], row: str, said: str
) -> None:
    path = tmp_path / 'backups.raci.yaml'
    good = '  - id: look\n    name: Look\n    who: {owner: R}\n  - name: Ask\n    who: {owner: R}\n'
    path.write_text(rows(f'{good}  - {row}\n    who: {{owner: RA}}\n'))
    before = path.read_text()
    assert main(['ids', str(path), '--write']) == 1
    assert path.read_text() == before.replace('- name: Ask', '- id: ask\n    name: Ask')
    assert f"{path}:10:5: warning: 'Try' gets no id; {said}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ('text', 'said'),
    [
        (rows('  - &a\n    name: Try\n    who: {owner: RA}\n'), 'the notation of the file has errors'),
        (rows('  - name: Try\n    who: {owner: RA}\n  - name: "Look\n'), 'the notation of the file has errors'),
        (rows('  - {name: Try, name: Look, who: {}}\n  - {name: A, who: {}}\n'), 'the notation of the file has errors'),
    ],
)
def test_a_file_in_which_no_place_is_certain_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    path = tmp_path / 'backups.raci.yaml'
    path.write_text(text)
    assert main(['ids', str(path), '--write']) == 1
    assert path.read_text() == text
    assert f'{path}: error: no ids are written: {said}' in capsys.readouterr().err


def test_an_error_elsewhere_is_told_and_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / 'backups.raci.yaml'
    path.write_text(rows('  - name: Try\n    who: {owner: RA}\n  - name: Look\n    who: {owner: Q}\n'))
    assert main(['ids', str(path), '--write']) == 1
    assert '- id: try\n    name: Try' in path.read_text()
    assert "unknown letter 'Q'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ('wrong', 'said'),
    [
        ('other', 'the file would say something else'),
        ('~', "the id 'try' would not be seen where it was put"),
        ('try\n    nonsense: 1', 'the file would have other problems'),
    ],
)
def test_what_would_change_more_than_ids_is_never_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, wrong: str, said: str
) -> None:
    path = tmp_path / 'backups.raci.yaml'
    path.write_text(rows('  - name: Try\n    who: {owner: RA}\n'))
    before = path.read_bytes()
    monkeypatch.setattr('sphinxcontrib_raci.cli.insert._plain', lambda ident: wrong)
    assert main(['ids', str(path), '--write']) == 1
    assert path.read_bytes() == before
    assert f'{path}: error: no ids are written: ' in (told := capsys.readouterr().err)
    assert said in told


def test_an_encoding_that_does_not_come_back_is_refused() -> None:
    draft = Draft('\u00e9', lambda text: text.encode('utf-8'), (Insertion(0, 'x'),), ())
    assert checked(draft, 'é'.encode()) == 'xé'.encode()
    with pytest.raises(Refused, match='save it as UTF-8'):
        checked(draft, 'é'.encode('latin-1'))


def test_the_mode_of_the_file_and_a_link_to_it_stay(tmp_path: Path) -> None:
    path, link = tmp_path / 'real.raci.yaml', tmp_path / 'backups.raci.yaml'
    path.touch(0o600)
    link.symlink_to(path)
    write_ids(link, rows('  - name: Try\n    who: {owner: RA}\n'))
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o600


# Names of which most give ids, and some hold what a careless tool would stumble over.
NAMES = st.sampled_from(
    ['Try', 'Look twice', 'Null', '42', 'Rotate: the media', '# no comment', '\U0001f5c4 Shelve', 'Größe', '{x}', 'Try']
)
GAPS = st.sampled_from(['', '', '  # note\twith tab', '\n# alone', '\n    # \U0001f600 \u2028# more', '\n', '\n\n \n'])
ROW_STYLES = st.sampled_from(['block', 'dash', 'flow', 'spaced', 'lines', 'question', 'waiting', 'given', 'late'])


def quoted(text: str, draw: Any) -> str:
    return f'"{text}"' if draw(st.booleans()) else f"'{text}'"


@st.composite
def yaml_files(draw: Any) -> bytes:
    """A whole source, in all the ways in which people write one."""

    def row(indent: str, number: int) -> str:
        name, gap, style = quoted(draw(NAMES), draw), draw(GAPS), draw(ROW_STYLES)
        later = draw(st.sampled_from(['', '  # later']))
        who = draw(st.sampled_from(['{owner: RA}', '{owner: r, host: "A/I"}', '{}']))
        inner = indent + '  '
        return {
            'block': f'{indent}- name: {name}{gap}\n{inner}who: {who}\n',
            'dash': f'{indent}-{gap}\n{inner} name: {name}\n{inner} who: {who}{gap}\n',
            'flow': f'{indent}- {{name: {name}, who: {who}}}{gap}\n',
            'spaced': f'{indent}- {{  who: {who}, "name": {name} }}\n',
            'lines': f'{indent}- {{ # c\tc\n{inner}  name: {name},\n{inner}  who: {who}\n{inner}}}\n',
            'question': f'{indent}- ? name\n{inner}: {name}{gap}\n{inner}who: {who}\n',
            'waiting': f'{indent}- who: {who}\n{inner}id:{later}\n{inner}name: {name}\n',
            'given': f'{indent}- id: given-{number}\n{inner}name: {name}\n{inner}who: {who}\n',
            'late': f'{indent}- who:\n{inner}    owner: {{letters: R, note: "{{"}}\n{inner}name: {name}\n',
        }[style]

    counter = iter(range(100))

    def rows_of(indent: str) -> str:
        return ''.join(row(indent, next(counter)) for _ in range(draw(st.integers(1, 4))))

    text = f'# \U0001f5c4\ttab{draw(GAPS)}\n{TOP}sections:\n'
    for number in range(draw(st.integers(1, 3))):
        indent = draw(st.sampled_from(['  ', '    ']))
        text += f'- title: Part {number}\n  activities:{draw(GAPS)}\n{rows_of(indent)}'
    text += f'activities:\n{draw(GAPS)}\n- name: Always\n  who: {{}}\n{rows_of("")}'
    text = text.rstrip('\n') if draw(st.booleans()) else text
    text = text.replace('\n', draw(st.sampled_from(['\n', '\r\n', '\r'])))
    return (draw(st.sampled_from(['', '\ufeff'])) + text).encode()


@settings(max_examples=often(200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=yaml_files())
def test_whatever_a_yaml_file_looks_like_only_ids_come_in(tmp_path: Path, data: bytes) -> None:
    write_ids(tmp_path / 'backups.raci.yaml', data)


@settings(max_examples=often(50), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=yaml_files())
def test_so_it_is_with_the_parser_that_is_not_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    monkeypatch.setattr('yaml.__with_libyaml__', False)
    write_ids(tmp_path / 'backups.raci.yaml', data)


HEAD_OF_CSV = 'raci,1\ntitle,Backups\nparties.owner,Owner\nparties.host,Host\n\n'
CSV_STYLES = {
    'a column of its own': (
        f'{HEAD_OF_CSV}activity,Owner,Host\nTry,RA,I\n"Look, twice",R,A\n',
        f'{HEAD_OF_CSV}id,activity,Owner,Host\ntry,Try,RA,I\nlook-twice,"Look, twice",R,A\n',
    ),
    'a column that waits': (
        'id,activity,Owner,Host\n,Try,RA,I\ngiven,Look,R,A\n"",Ask,R,A\n',
        'id,activity,Owner,Host\ntry,Try,RA,I\ngiven,Look,R,A\n"ask",Ask,R,A\n',
    ),
    'a column that waits at the end': (
        'activity;Owner;Host;id\nTry;RA;I\nLook;R;A;given\n',
        'activity;Owner;Host;id\nTry;RA;I;try\nLook;R;A;given\n',
    ),
    'sections and a text of two lines': (
        'section;activity;Owner;Host\nPart;"Try\nit";RA;I\nPart;Look;R;A\n',
        'id;section;activity;Owner;Host\ntry-it;Part;"Try\nit";RA;I\nlook;Part;Look;R;A\n',
    ),
    'windows line breaks': (
        'activity\tOwner\tHost\r\nTry\tRA\tI\r\n',
        'id\tactivity\tOwner\tHost\r\ntry\tTry\tRA\tI\r\n',
    ),
}


@pytest.mark.parametrize('encoding', ['utf-8', 'utf-8-sig', 'utf-16'])
@pytest.mark.parametrize(('old', 'new'), CSV_STYLES.values(), ids=CSV_STYLES)
def test_ids_go_into_a_column_of_csv(tmp_path: Path, old: str, new: str, encoding: str) -> None:
    path = tmp_path / 'backups.raci.csv'
    path.write_bytes(old.encode(encoding))
    before = read_bytes(old.encode(encoding), str(path))
    assert main(['ids', str(path), '--write']) == 0
    assert path.read_bytes() == new.encode(encoding)
    assert bare(before.matrix) == bare(read_bytes(path.read_bytes(), str(path)).matrix)


CSV_MORE = {
    'a page with title rows, blank rows and group rows': (
        '"Our duties",,\n\nTask;Owner;Host\nBefore;;\nTry;RA;I\n\nAfter;;\nLook;R;A\n',
        'try',
    ),
    'a line that names the separator': ('sep=|\nactivity|Owner|Host\nTry|RA|I\nLook|R|A\n', 'try'),
    'a long table': (
        'activity,party,letters\nTry,Owner,RA\nTry,Host,I\nLook,Owner,R\nLook,Host,A\n',
        'try',
    ),
    'a semicolon and a code page': ('activity;Owner;Host\nTry caf\u00e9;RA;I\nLook;R;A\n', 'try-cafe'),
}


@pytest.mark.parametrize(('old', 'ident'), CSV_MORE.values(), ids=CSV_MORE)
def test_ids_go_into_tables_as_people_make_them(tmp_path: Path, old: str, ident: str) -> None:
    encoding = 'utf-8' if old.isascii() else 'cp1252'
    new = write_ids(tmp_path / 'backups.raci.csv', old.encode(encoding)).decode(encoding)
    assert ident in re.split('[,;|\n]', new)


@settings(max_examples=often(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=yaml_files(), encoding=st.sampled_from(['utf-8', 'utf-16']))
def test_whatever_a_matrix_holds_its_csv_takes_ids(tmp_path: Path, data: bytes, encoding: str) -> None:
    matrix = read_bytes(data, 'backups.raci.yaml').matrix
    assert matrix is not None
    table = write(matrix, 'csv', 'backups.raci.csv').decode('utf-8-sig')
    write_ids(tmp_path / 'backups.raci.csv', table.encode(encoding))


def test_formats_that_cannot_hold_them_say_what_to_do() -> None:
    data = rows('  - name: Try\n    who: {owner: RA}\n').encode()
    with pytest.raises(Refused, match="convert the file first: 'sphinx-raci convert'"):
        insert_ids(data, 'backups.raci.xlsx', read_bytes(data, 'backups.raci.yaml'), NO_SETTINGS)


def test_ids_go_below_the_keys_and_values_of_our_own_table(tmp_path: Path) -> None:
    """One of the keys is called ``id``, too."""
    path = tmp_path / 'kms.raci.csv'
    path.write_text('raci,1\nid,keys\ntitle,Keys\nparties.c,C\n\nactivity,C\nMake them,R\n', 'utf-8')
    assert main(['ids', str(path), '--write']) == 0
    assert path.read_text('utf-8') == (
        'raci,1\nid,keys\ntitle,Keys\nparties.c,C\n\nid,activity,C\nmake-them,Make them,R\n'
    )

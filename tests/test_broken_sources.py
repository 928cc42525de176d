"""A build meets sources with something wrong in them: it says what and where, goes on, and shows what is sound."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import Project, Result
from pages import Element, parse

HEAD = """\
raci: 1
title: Broken
parties: {us: Us, them: Them}
activities:
  - {id: one, name: First row, who: {us: R, them: A}}
"""
JSON_HEAD = '{"raci": 1, "title": "Broken", "parties": {"us": "Us"},\n"activities": [\n'
JSON_ROW = '{"id": "one", "name": "First row", "who": {"us": "R"}}'
DEEP = 10_000_000


class Case(NamedTuple):
    """A source; the line and some words of each message; the rows shown all the same; those named as missing."""

    content: str | bytes
    messages: tuple[tuple[int, str], ...]
    rows: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    suffix: str = '.raci.yaml'


def row(text: str, line: int, words: str, *lost: str, shown: tuple[str, ...] = ()) -> Case:
    """A source whose second row is in line 6, with one thing wrong; ``shown`` are the rows beside the first."""
    return Case(f'{HEAD}  - {text}\n', ((line, words),), ('First row', *shown), lost)


def top(text: str, words: str) -> Case:
    """A source with something wrong in its last line, outside of its rows."""
    return Case(f'{HEAD}{text}\n', ((6, words),), ('First row',))


def nothing(content: str | bytes, line: int, words: str, suffix: str = '.raci.yaml') -> Case:
    """A source of which nothing can be shown."""
    return Case(content, ((line, words),), suffix=suffix)


GOOD_WHO = 'who: {us: R, them: A}'

CASES = {
    # Of another type than it should be.
    'row-is-a-text': row('Second row', 6, "must be a mapping with 'name' and 'who', not a text", 'Second row'),
    'row-is-a-list': row('[Second row]', 6, "must be a mapping with 'name' and 'who', not a list", ''),
    'row-is-nothing': row('', 6, "must be a mapping with 'name' and 'who', not nothing", ''),
    'name-is-a-list': row('{name: [a, b], ' + GOOD_WHO + '}', 6, "'name' must be a text, not a list", ''),
    'who-is-a-text': row('{id: two, name: Second, who: us}', 6, "'who' must be a mapping", 'Second'),
    'who-is-a-list': row('{id: two, name: Second, who: [us]}', 6, "'who' must be a mapping", 'Second'),
    'cell-is-a-list-of-lists': row('{name: Second, who: {us: [[R]]}}', 6, 'must be letters, not a list', 'Second'),
    'tags-are-a-text': row('{name: Second, tags: a, ' + GOOD_WHO + '}', 6, "'tags' must be a list", shown=('Second',)),
    'links-are-texts': row(
        '{name: Second, links: [x], ' + GOOD_WHO + '}', 6, "must be a mapping with 'text' and 'url'", shown=('Second',)
    ),
    'title-is-a-mapping': Case(
        HEAD.replace('title: Broken', 'title: {en: Broken}'),
        ((2, "'title' must be a text, not a mapping"),),
        ('First row',),
    ),
    'parties-are-a-text': Case(
        HEAD.replace('{us: Us, them: Them}', 'us'), ((3, "'parties' must be a mapping"),), (), ('First row',)
    ),
    'activities-are-a-text': Case(
        HEAD.partition('activities')[0] + 'activities: none\n', ((4, "'activities' must be a list"),), (), ('',)
    ),
    'sections-are-a-mapping': Case(
        HEAD + 'sections:\n  first: {title: First}\n', ((7, "'sections' must be a list"),), ('First row',), ('',)
    ),
    'section-is-a-text': Case(
        HEAD + 'sections:\n  - Daily work\n', ((7, "must be a mapping with 'title'"),), ('First row',), ('Daily work',)
    ),
    'top-is-a-list': nothing('- raci: 1\n', 1, "must hold a mapping that begins with 'raci: 1'"),
    'top-is-a-text': nothing('Who does what\n', 1, "must hold a mapping that begins with 'raci: 1'"),
    # Not known, or missing.
    'unknown-key': top('ttle: Broken', "unknown key 'ttle'; did you mean 'title'?"),
    'unknown-key-of-a-row': row(
        '{name: Second, nmae: x, ' + GOOD_WHO + '}', 6, "unknown key 'nmae'; did you mean 'name'?", shown=('Second',)
    ),
    'unknown-version': Case(
        HEAD.replace('raci: 1', 'raci: 2'), ((1, "version '2' of the format is not known"),), ('First row',)
    ),
    'no-version': Case(HEAD.partition('\n')[2], ((1, "a matrix has no 'raci'"),), ('First row',)),
    'no-title': Case(HEAD.replace('title: Broken\n', ''), ((1, "a matrix has no 'title'"),), ('First row',)),
    'no-parties': Case(
        HEAD.replace('parties: {us: Us, them: Them}\n', ''), ((1, "a matrix has no 'parties'"),), (), ('First row',)
    ),
    'no-rows': Case(HEAD.partition('activities')[0], ((1, "has no 'sections' and no 'activities'"),)),
    'no-name': row('{id: two, ' + GOOD_WHO + '}', 6, "an activity has no 'name'", 'two'),
    'no-who': row('{id: two, name: Second}', 6, "an activity has no 'who'", 'Second'),
    'no-title-of-a-section': Case(
        HEAD + 'sections:\n  - activities: [{name: Second, ' + GOOD_WHO + '}]\n',
        ((7, "a section has no 'title'"),),
        ('First row', 'Second'),
    ),
    'unknown-party': row('{name: Second, who: {thm: R}}', 6, "unknown party 'thm'; did you mean 'them'?", 'Second'),
    'unknown-party-of-the-project': Case(
        'raci: 1\ntitle: Broken\nparties: [staff]\nactivities:\n  - {name: First row, who: {staff: R}}\n',
        ((3, "party 'staff' is not in raci_parties"),),
        ('First row',),
    ),
    'unknown-letter': row('{name: Second, who: {us: RX}}', 6, "unknown letter 'X' in 'RX'", 'Second'),
    'letter-of-another-scheme': Case(
        f'{HEAD}  - {{name: Second, who: {{us: R, them: D}}}}\n',
        ((6, "unknown letter 'D'; the letters of the scheme are 'R', 'A', 'C', 'I'"),),
        ('First row',),
        ('Second',),
    ),
    'unknown-scheme': top('scheme: dacy', "'scheme' is 'dacy'; did you mean 'daci'?"),
    'unknown-markup': top('markup: html', "'markup' is 'html'"),
    'unknown-scope': row(
        '{name: Second, scopes: [bare], ' + GOOD_WHO + '}', 6, "unknown scope 'bare'", shown=('Second',)
    ),
    # Not as it should look.
    'id-with-capitals': row('{id: Two, name: Second, ' + GOOD_WHO + '}', 6, "'id' is 'Two'", shown=('Second',)),
    'id-that-is-reserved': Case(HEAD + 'id: party\n', ((6, "'party' cannot be the id of a matrix"),), ('First row',)),
    'no-such-day': top('review-by: "2025-02-30"', 'there is no such day'),
    'no-day': top('review-by: soon', "'review-by' is 'soon'"),
    'rule-with-a-text': top('rules: {several-accountable: maybe}', "'maybe'; write true or false"),
    'tag-with-a-comma': row(
        '{name: Second, tags: ["a, b"], ' + GOOD_WHO + '}', 6, "tag 'a, b' holds a comma", shown=('Second',)
    ),
    'link-that-runs-a-script': row(
        '{name: Second, links: [{text: x, url: "javascript:x"}], ' + GOOD_WHO + '}',
        6,
        "'url' is 'javascript:x'",
        shown=('Second',),
    ),
    'letters-without-one': Case(
        HEAD.replace('activities', 'scheme: {}\nactivities'),
        ((4, "'scheme' is empty"),),
        ('First row',),
    ),
    # Twice.
    'id-twice': row(
        '{id: one, name: Second, ' + GOOD_WHO + '}',
        6,
        "id 'one' is here a second time, after line 5",
        shown=('Second',),
    ),
    'old-id-twice': row(
        '{id: two, formerly: [one], name: Second, ' + GOOD_WHO + '}',
        6,
        "id 'one' is here a second time, after line 5",
        shown=('Second',),
    ),
    'key-twice': top('title: Again', "key 'title' is here a second time, after line 2"),
    'key-twice-in-a-row': row(
        '{name: Second, who: {us: R}, who: {us: A}}', 6, "key 'who' is here a second time", 'Second'
    ),
    'party-twice': Case(
        HEAD.replace('{us: Us, them: Them}', '{us: Us, us: Them}').replace(', them: A', ''),
        ((3, "key 'us' is here a second time"),),
        ('First row',),
    ),
    # What YAML can do and a source may not.
    'alias': Case(
        HEAD.replace('who: {us: R, them: A}', 'who: &who {us: R, them: A}') + '  - {name: Second, who: *who}\n',
        ((5, "anchor '&who'"), (6, "alias '*who'")),
        ('First row',),
        ('Second',),
    ),
    'merge-key': row('{name: Second, <<: {a: b}, ' + GOOD_WHO + '}', 6, "merge key '<<'", 'Second'),
    'tag-of-yaml': row('{name: !!python/object/apply:os.system ["false"], ' + GOOD_WHO + '}', 6, 'tag ', ''),
    'bomb': Case(
        HEAD
        + 'intro: &a0 [x, x]\n'
        + ''.join(f'rules{n}: &a{n} [{", ".join([f"*a{n - 1}"] * 5)}]\n' for n in range(1, 10)),
        ((6, "anchor '&a0'"), (7, "alias '*a0'"), (15, "alias '*a8'")),
        ('First row',),
    ),
    'second-document': Case(HEAD + '---\n' + HEAD, ((6, 'a second document begins here'),), ('First row',), ('',)),
    'key-that-is-a-list': row(
        '{name: Second, [a]: b, ' + GOOD_WHO + '}', 6, 'a list or mapping used as a key', 'Second'
    ),
    # No YAML from somewhere on.
    'cut-off-in-a-row': Case(
        HEAD + '  - {id: two, name: Second, who: {us: R', ((6, 'not YAML'),), ('First row',), ('Second', '')
    ),
    'cut-off-in-a-text': Case(HEAD + '  - {id: two, name: "Second', ((6, 'not YAML'),), ('First row',), ('',)),
    'colon-in-a-name': Case(
        HEAD + '  - id: two\n    name: Second: third\n    who: {us: R}\n',
        ((7, "a text that holds ': ' needs quotes around it"),),
        ('First row',),
        ('Second', ''),
    ),
    'tabs': Case(
        HEAD + '  - id: two\n\tname: Second\n', ((7, 'indent with spaces, not with tabs'),), ('First row',), ('',)
    ),
    'wrong-column': Case(HEAD + '  - id: two\n   name: Second\n', ((7, 'not YAML'),), ('First row',), ('two', '')),
    # Not a text.
    'nothing-at-all': nothing('', 0, 'nothing is in the file'),
    'only-a-comment': nothing('# Later.\n', 0, 'nothing is in the file'),
    'only-a-byte-order-mark': nothing(b'\xef\xbb\xbf', 0, 'nothing is in the file'),
    'utf-16': nothing(HEAD.encode('utf-16'), 1, 'save it as UTF-8'),
    'utf-16-without-a-mark': nothing(HEAD.encode('utf-16-le'), 1, 'save it as UTF-8'),
    'utf-32': nothing(HEAD.encode('utf-32'), 1, 'save it as UTF-8'),
    'latin-1': Case(
        f'{HEAD}  - {{name: Gr\xfc\xdfe, {GOOD_WHO}}}\n'.encode('latin-1'),
        ((6, 'byte 0xFC is not UTF-8'),),
        ('First row', 'Gr\ufffd\ufffde'),
    ),
    'nul-character': Case(
        f'{HEAD}  - {{name: Sec\0nd, {GOOD_WHO}}}\n', ((6, 'control character U+0000'),), ('First row', 'Sec\ufffdnd')
    ),
    'nul-as-an-escape': Case(
        f'{HEAD}  - {{name: "Sec\\0nd", {GOOD_WHO}}}\n',
        ((6, 'control character U+0000'),),
        ('First row', 'Sec\ufffdnd'),
    ),
    'half-a-surrogate-pair': Case(
        JSON_HEAD + JSON_ROW + ',\n{"name": "Sec\\ud800nd", "who": {"us": "R"}}]}',
        ((4, 'half a surrogate pair'),),
        ('First row', 'Sec\ufffdnd'),
        suffix='.raci.json',
    ),
    'picture': nothing(b'\x89PNG\r\n\x1a\n\0\0\0\rIHDR' + bytes(range(256)) * 40, 1, 'is not UTF-8'),
    'zeros': nothing(bytes(100_000), 1, 'save it as UTF-8'),
    # Very much of something.
    'deep-lists': nothing('[' * DEEP, 1, 'nested more than 50 levels'),
    'deep-blocks': nothing('- ' * (DEEP // 2), 1, 'nested more than 50 levels'),
    'deep-in-a-row': Case(
        HEAD + '  - {id: two, name: Second, who: ' + '{a: ' * 100_000,
        ((6, 'nested more than 50 levels'),),
        ('First row',),
        ('Second', ''),
    ),
    'deep-json': nothing('[' * DEEP, 1, 'nested more than 50 levels', '.raci.json'),
    'deep-json-mappings': nothing('{"a":' * (DEEP // 5), 1, 'nested more than 50 levels', '.raci.json'),
    # No JSON from somewhere on.
    'json-cut-off': Case(
        JSON_HEAD + JSON_ROW + ',\n{"id": "two", "name": "Second"',
        ((4, 'the file ends inside the mapping that begins in line 4'),),
        ('First row',),
        ('Second', ''),
        '.raci.json',
    ),
    'json-comma': Case(
        JSON_HEAD + JSON_ROW + ',\n]}',
        ((4, "not JSON: ']' stands, where a value belongs"),),
        ('First row',),
        ('',),
        '.raci.json',
    ),
    'json-comment': Case(
        JSON_HEAD + JSON_ROW + '\n// more\n]}', ((4, 'not JSON'),), ('First row',), ('',), '.raci.json'
    ),
    'json-key-twice': Case(
        JSON_HEAD + JSON_ROW + '],\n"title": "Again"}',
        ((4, "key 'title' is here a second time"),),
        ('First row',),
        (),
        '.raci.json',
    ),
    'json-quotes': nothing("{'raci': 1}", 1, "a key in double quotes or '}' belongs", '.raci.json'),
    'json-empty': nothing('', 1, 'not JSON: the file ends', '.raci.json'),
    'yaml-in-json': nothing(HEAD, 1, 'not JSON', '.raci.json'),
}


@pytest.fixture(scope='module')
def build(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A build of all of them, each with a document that shows it."""
    folder = tmp_path_factory.mktemp('broken') / 'docs'
    folder.mkdir()
    project = Project(folder)
    project.write({'index.rst': 'Index\n=====\n\n.. toctree::\n   :glob:\n\n   *\n'})
    for name, case in CASES.items():
        document = f'Page\n====\n\nBefore.\n\n.. raci:: {name}\n   :layout: table\n\nAfter.\n'
        project.write({f'{name}{case.suffix}': case.content, f'{name}.rst': document})
    return project.build()


def of(build: Result, name: str) -> list[str]:
    """The messages that are located in a file, from the line on."""
    start = f'{build.app.srcdir}/{name}:'
    return [warning.removeprefix(start) for warning in build.warnings if warning.startswith(start)]


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 40


@pytest.mark.parametrize('name', CASES)
def test_each_problem_is_reported_at_its_line(build: Result, name: str) -> None:
    case = CASES[name]
    messages = of(build, f'{name}{case.suffix}')

    for line, words in case.messages:
        place = rf'{line}:\d+: ' if line else ': '
        found = [message for message in messages if re.match(f'{place}WARNING: ', message) and words in message]
        assert found, messages
    assert all(message.endswith(' [raci.source]') for message in messages)
    assert all(re.match(r'(\d+:\d+)?: WARNING: \S', message) for message in messages)


MORE = ('picture', 'tag-of-yaml', 'bomb', 'deep-')
"""Where more than one thing may be said of what is wrong."""


@pytest.mark.parametrize('name', [name for name in CASES if not name.startswith(MORE)])
def test_nothing_is_said_twice(build: Result, name: str) -> None:
    assert len(of(build, f'{name}{CASES[name].suffix}')) == len(CASES[name].messages)


@pytest.mark.parametrize('name', CASES)
def test_what_is_sound_is_shown_and_what_is_missing_is_named(build: Result, name: str) -> None:
    case = CASES[name]
    page = parse(build.text(f'{name}.html'))

    texts = [paragraph.text for paragraph in page.all('p')]
    assert texts[0] == 'Before.'
    assert texts[-1] == 'After.'
    assert tuple(cells[0] for table in page.tables for cells in table[1:] if len(cells) > 1) == case.rows
    if case.rows or case.lost or name == 'no-rows':
        assert named_as_missing(page) == case.lost
    else:
        assert notices(page) == [f'The matrix ‘{name}’ cannot be shown here.']


@pytest.mark.parametrize('name', CASES)
def test_a_page_without_its_matrix_is_reported_at_its_directive(build: Result, name: str) -> None:
    case = CASES[name]

    messages = of(build, f'{name}.rst')

    if case.rows or case.lost or name == 'no-rows':
        assert messages == []
    else:
        text = f"the matrix '{name}{case.suffix}' could not be read; the messages of its source say why"
        assert messages == [f'6: WARNING: {text} [raci.directive]']


def named_as_missing(page: Element) -> tuple[str, ...]:
    """The rows that the notice of a page names, without their lines; nothing for those whose names are lost too."""
    items = [item.text for notice in page.all('div', cls='warning') for item in notice.all('li')]
    found = [re.fullmatch(r'(.+) \(line \d+\)|whatever stands from line \d+ on', item) for item in items]
    assert all(found), items
    return tuple((match[1] or '') for match in found if match)


def notices(page: Element) -> list[str]:
    """The texts of all notices of a page."""
    return [notice.all('p')[1].text for notice in page.all('div', cls='warning')]


def test_every_message_of_the_build_is_of_this_extension(build: Result) -> None:
    assert [line for line in build.warnings if not re.search(r'WARNING: .* \[raci\.(source|directive)\]$', line)] == []
    assert 'Traceback' not in '\n'.join(build.warnings)
    assert sorted(build.written) == sorted([*CASES, 'index'])


def test_the_rest_of_the_site_is_there(build: Result) -> None:
    links = [address for _, address in parse(build.text('index.html')).links]

    assert links == [f'{name}.html' for name in sorted(CASES)]
    assert (build.out / 'raci-activities.html').exists()
    assert (build.out / 'objects.inv').exists()


def test_a_second_build_says_nothing_again_about_what_has_not_changed(project: Project) -> None:
    source = CASES['unknown-letter'].content
    project.write({'m.raci.yaml': source, 'index.rst': 'Index\n=====\n\n.. raci:: m\n'})
    assert len(project.build().warnings) == 1

    again = project.build()

    assert (again.warnings, again.read) == ([], [])


def test_a_source_that_is_mended_is_shown_whole(project: Project) -> None:
    project.write({'m.raci.yaml': CASES['unknown-letter'].content, 'index.rst': 'Index\n=====\n\n.. raci:: m\n'})
    project.build()

    mended = project.replace('m.raci.yaml', 'RX', 'RC').build()

    assert mended.warnings == []
    page = parse(mended.text('index.html'))
    assert notices(page) == []
    assert page.tables == [[['Activity', 'Us', 'Them'], ['First row', 'R', 'A'], ['Second', 'RC', '']]]


def test_a_source_that_breaks_takes_its_rows_from_the_page(project: Project) -> None:
    project.write({'m.raci.yaml': HEAD, 'index.rst': 'Index\n=====\n\n.. raci:: m\n'})
    project.build()

    broken = project.write({'m.raci.yaml': b'\xff\xfe'}).build()

    assert len(broken.warnings) == 2
    assert notices(parse(broken.text('index.html'))) == ['The matrix ‘m’ cannot be shown here.']
    assert 'First row' not in broken.text('index.html')


def test_two_sources_with_one_id_are_reported_with_both_places_and_the_first_is_shown(project: Project) -> None:
    project.write(
        {
            'a/same.raci.yaml': HEAD,
            'b/same.raci.yaml': HEAD.replace('First row', 'Other row'),
            'index.rst': 'Index\n=====\n\n.. raci:: same\n',
        }
    )

    result = project.build()

    [warning] = result.warnings
    assert warning.startswith(f'{project.folder}/b/same.raci.yaml:1:')
    assert f"the id 'same' is already that of the matrix in {project.folder}/a/same.raci.yaml" in warning
    assert parse(result.text('index.html')).tables[0][1][0] == 'First row'


# -- what is no file, or none that can be read -------------------------------------------------------------------------


def shown(*names: str) -> str:
    return 'Index\n=====\n\n' + ''.join(f'.. raci:: {name}\n\n' for name in names) + 'After.\n'


def test_a_folder_with_the_name_of_a_source_is_none(project: Project) -> None:
    project.write({'folder.raci.yaml/note.txt': 'x', 'index.rst': shown('folder', 'folder.raci.yaml')})

    result = project.build()

    assert [re.sub('.*/index', 'index', line).partition(';')[0] for line in result.warnings] == [
        "index.rst:4: WARNING: unknown matrix 'folder'",
        "index.rst:6: WARNING: no source 'folder.raci.yaml'",
    ]
    assert all(line.endswith('[raci.directive]') for line in result.warnings)


def test_sources_are_found_in_a_folder_with_the_name_of_a_source(project: Project) -> None:
    project.write({'folder.raci.yaml/m.raci.yaml': HEAD, 'index.rst': shown('m', 'folder.raci.yaml/m.raci.yaml')})
    project.replace('index.rst', '.. raci:: m\n', '.. raci:: m\n   :no-index:\n')

    result = project.build()

    assert result.warnings == []
    assert len(parse(result.text('index.html')).tables) == 2


def test_a_missing_file_is_reported_with_what_there_is(project: Project) -> None:
    project.write({'m.raci.yaml': HEAD, 'index.rst': shown('m', 'gone.raci.yaml', 'gone')})

    result = project.build()

    assert [re.sub('.*/index', 'index', line) for line in result.warnings] == [
        "index.rst:6: WARNING: no source 'gone.raci.yaml'; known are: m.raci.yaml [raci.directive]",
        "index.rst:8: WARNING: unknown matrix 'gone'; known are: m [raci.directive]",
    ]


LINKS: dict[str, Callable[[Path], object]] = {
    'a link to itself': lambda path: path.symlink_to(path.name),
    'a link to nowhere': lambda path: path.symlink_to('nowhere'),
    'a link to a folder': lambda path: path.symlink_to('.'),
}


@pytest.mark.parametrize('kind', LINKS)
def test_a_link_that_leads_to_no_file_is_reported_and_the_rest_is_built(project: Project, kind: str) -> None:
    # Sphinx follows links to folders when it looks for documents, so this is a folder without any.
    project.write({'sources/m.raci.yaml': HEAD, 'index.rst': shown('m', 'loop')})
    LINKS[kind](project.folder / 'sources/loop.raci.yaml')

    result = project.build()

    assert [line for line in result.warnings if not line.endswith(('[raci.source]', '[raci.directive]'))] == []
    assert any(re.search(r'/index\.rst:6: WARNING: .*loop', line) for line in result.warnings)
    if kind != 'a link to a folder':
        assert any(
            re.search(r'/sources/loop\.raci\.yaml:: WARNING: the file cannot be read: ', line)
            for line in result.warnings
        )
    page = parse(result.text('index.html'))
    assert page.tables == [[['Activity', 'Us', 'Them'], ['First row', 'R', 'A']]]
    assert notices(page) == ['The matrix ‘loop’ cannot be shown here.']


def test_a_source_is_found_once_where_a_folder_links_to_the_one_above(project: Project) -> None:
    project.write({'sources/deep/m.raci.yaml': HEAD, 'index.rst': shown('m')})
    (project.folder / 'sources/deep/again').symlink_to('..')

    result = project.build()

    assert result.warnings == []
    assert len(parse(result.text('index.html')).tables) == 1


def test_a_source_that_may_not_be_read_is_reported(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.write({'m.raci.yaml': HEAD, 'secret.raci.yaml': HEAD, 'index.rst': shown('m', 'secret')})
    secret = project.folder / 'secret.raci.yaml'
    secret.chmod(0)
    if os.access(secret, os.R_OK):
        # This user may read everything; another one gets this.
        monkeypatch.setattr(os, 'open', refuse(secret, os.open))

    result = project.build()

    assert len(result.warnings) == 2
    assert f'{secret}:: WARNING: the file cannot be read: Permission denied [raci.source]' in result.warnings
    assert len(parse(result.text('index.html')).tables) == 1


def refuse(secret: Path, before: Callable[..., int]) -> Callable[..., int]:
    def open_others(path: Any, *arguments: Any, **more: Any) -> int:
        if os.fspath(path) == str(secret):
            raise PermissionError(errno.EACCES, 'Permission denied', str(path))
        return before(path, *arguments, **more)

    return open_others


@pytest.mark.skipif(not hasattr(os, 'mkfifo'), reason='there are no pipes here')
def test_a_pipe_does_not_stop_the_build(project: Project) -> None:
    project.write({'m.raci.yaml': HEAD, 'index.rst': shown('m', 'pipe')})
    os.mkfifo(project.folder / 'pipe.raci.yaml')

    # In a process of its own, as nothing else ends a wait for a pipe.
    command = [sys.executable, '-m', 'sphinx', '-q', str(project.folder), str(project.folder.parent / 'out')]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)

    assert re.search(r'/pipe\.raci\.yaml:: WARNING: the file cannot be read: it is no regular file', result.stderr)
    assert len(parse((project.folder.parent / 'out/index.html').read_text()).tables) == 1


@pytest.mark.parametrize('builder', ['html', 'latex', 'text', 'man', 'texinfo'])
def test_a_table_without_any_party_is_shown_in_every_output(project: Project, builder: str) -> None:
    source = 'raci: 1\ntitle: M\nparties: {}\nsections: [{title: Part, activities: [{name: Row, who: {}}]}]\n'
    project.conf(root_doc='index', man_pages=[('index', 'm', 'M', 'A', 1)])
    project.write({'m.raci.yaml': source, 'index.rst': 'Index\n=====\n\n.. raci:: m\n   :layout: table\n'})

    result = project.build(builder)

    # That there are no parties is reported at the source; the table has its titles all the same.
    assert [line for line in result.warnings if not line.endswith('[raci.source]')] == []
    assert any('Part' in path.read_text('utf-8', 'replace') for path in result.out.rglob('*') if path.is_file())

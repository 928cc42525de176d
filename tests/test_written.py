"""An output is brought up to date whatever happened since it was written: other builders, builds that broke off."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from typing import Any, cast

import pytest
from conftest import HOSTING, Project, Result, killed
from pages import parse
from sphinx.testing.util import SphinxTestApp
from trees import Tree, clean_build, differences

from sphinxcontrib_raci import build as build_module
from sphinxcontrib_raci import files
from sphinxcontrib_raci.project import Project as Matrices
from sphinxcontrib_raci.views import Query

ALL = ['hosting', 'index', 'parties/customer', 'parties/provider', 'prose']
"""The documents that show or name the activity; Sphinx adds those with a toctree in which they stand."""


@pytest.fixture
def shared(hosting: Project) -> Project:
    """A project with a document that refers to an activity, and whose builders share their doctrees."""
    return hosting.write({'prose.rst': 'Prose\n=====\n\nSee :raci:activity:`hosting.order`.\n'})


def build(project: Project, builder: str = 'html', **options: list[str]) -> Result:
    return project.build(builder, out='shared', **options)


def break_off(project: Project, event: str, docname: str) -> None:
    """Build and be interrupted when something is about to happen to a document."""
    builddir = project.folder.parent / 'build' / 'shared'
    app = SphinxTestApp('html', srcdir=project.folder, builddir=builddir, warning=io.StringIO(), status=io.StringIO())

    def stop(app: object, *arguments: object) -> None:
        if docname in arguments or event == 'env-updated':
            raise KeyboardInterrupt

    app.connect(event, stop)
    with pytest.raises(KeyboardInterrupt):
        app.build()
    app.cleanup()


def test_a_page_is_written_again_after_another_builder_has_read_its_document(shared: Project) -> None:
    build(shared)
    shared.replace('hosting.raci.yaml', 'Place the order', 'Send the order')
    build(shared, 'text')

    result = build(shared)

    assert result.read == []
    assert result.written == ALL
    assert parse(result.text('hosting.html')).row('raci-hosting.order')[0] == 'Send the order'
    assert 'See Send the order.' in parse(result.text('prose.html')).text


@pytest.mark.parametrize('builders', [('html', 'text'), ('text', 'html')])
def test_a_page_is_written_again_after_another_builder_has_read_its_translation(
    builders: tuple[str, str], shared: Project
) -> None:
    """Nothing on it is ours, and its own file is as old as it was."""
    shared.conf(raci_party_pages='parties', language='de').write({'own.rst': 'Own\n===\n'})
    catalogue = 'locales/de/LC_MESSAGES/own.po'
    for text in ('Eigenes', 'Unseres'):
        shared.write({catalogue: f'msgid "Own"\nmsgstr "{text}"\n'})
        for builder in builders:
            result = build(shared, builder)
            assert 'own' in result.written
            assert text in result.text(f'own.{"txt" if builder == "text" else builder}')
    assert result.read == []


def test_a_page_is_written_again_after_a_build_that_broke_off(shared: Project) -> None:
    build(shared)
    shared.replace('hosting.raci.yaml', 'Place the order', 'Send the order')
    break_off(shared, 'doctree-resolved', 'hosting')

    result = build(shared)

    assert result.read == []
    assert result.written == ALL


def test_a_page_that_was_half_written_when_a_build_broke_off_is_written_again(shared: Project) -> None:
    page = build(shared).out / 'hosting.html'
    # Our part of the page stays the same, and the page is newer than the document.
    shared.replace('hosting.rst', 'Hosting page', 'Hosting, the page')
    break_off(shared, 'html-page-context', 'index')
    assert 'Hosting, the page' in page.read_text('utf-8')
    page.write_text('<!DOCTYPE html>')

    result = build(shared)

    assert result.read == []
    assert 'Hosting, the page' in result.text('hosting.html')
    assert 'Hosting, the page' in result.text('searchindex.js')


def test_what_a_build_of_some_documents_left_out_is_written_by_the_next_one(shared: Project) -> None:
    build(shared)
    shared.replace('hosting.raci.yaml', 'Place the order', 'Send the order')
    builddir = shared.folder.parent / 'build' / 'shared'
    app = SphinxTestApp('html', srcdir=shared.folder, builddir=builddir, warning=io.StringIO(), status=io.StringIO())
    app.build(filenames=[shared.folder / 'hosting.rst'])
    app.cleanup()

    result = build(shared)

    assert result.written == [docname for docname in ALL if docname != 'hosting']


def test_nothing_is_written_when_nothing_has_changed_for_either_builder(shared: Project) -> None:
    for builder in ('html', 'text'):
        build(shared, builder)

    for builder in ('html', 'text'):
        result = build(shared, builder)
        assert (result.read, result.written) == ([], [])


def test_after_a_change_that_no_page_shows_the_pages_are_compared_once(
    shared: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[object] = []

    def counting(query: Query, project: Matrices) -> str:
        compared.append(query)
        return answer(query, project)

    answer = build_module._answer
    monkeypatch.setattr(build_module, '_answer', counting)
    build(shared)
    shared.replace('hosting.raci.yaml', 'raci: 1', '# A remark.\nraci: 1')

    numbers = []
    for _ in range(3):
        compared.clear()
        assert build(shared).written == []
        numbers.append(len(compared))

    assert numbers[0] > 1
    assert numbers[1:] == [0, 0]


def test_a_record_that_cannot_be_read_is_made_anew(shared: Project) -> None:
    before = build(shared)
    for record in (shared.folder.parent / 'build/shared/doctrees').glob('raci-*.pickle'):
        record.write_bytes(b'\x80\x05half a pick')

    result = build(shared)

    assert result.warnings == []
    assert result.text('hosting.html') == before.text('hosting.html')
    assert build(shared).written == []


def test_what_a_killed_build_has_read_is_read_again_even_if_its_change_is_taken_back(
    hosting: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosting.build('html', out='shared')
    hosting.replace('hosting.raci.yaml', 'Place the order', 'Send the order')
    with monkeypatch.context() as patch:
        patch.setattr('sphinxcontrib_raci.written.on_env_updated', killed)
        with pytest.raises(KeyboardInterrupt):
            hosting.build('html', out='shared')
    hosting.replace('hosting.raci.yaml', 'Send the order', 'Place the order')

    # It has not been written before, and comes from the same doctrees.
    text = hosting.build('text', out='shared').text('hosting.txt')

    assert 'Place the order' in text
    assert 'Send the order' not in text


@pytest.mark.parametrize('event', ['env-purge-doc', 'env-updated'])
def test_what_a_build_said_of_sources_before_it_was_killed_is_said_again(shared: Project, event: str) -> None:
    shared.conf(raci_rules={'no-accountable': True}, raci_party_pages='parties')
    build(shared)
    shared.replace('hosting.raci.yaml', 'customer: RA, provider: I', 'customer: R, provider: I')
    shared.replace('hosting.raci.yaml', 'note: Around', 'nota: Around')
    break_off(shared, event, 'hosting')

    result = build(shared)

    assert [line.rpartition(' ')[2] for line in result.warnings] == ['[raci.source]', '[raci.no-accountable]']
    assert build(shared).warnings == []


def test_what_a_build_that_reads_no_document_says_of_sources_is_said_once(shared: Project) -> None:
    shared.conf()
    build(shared)
    shared.write({'broken.raci.yaml': 'raci: 2'})

    result = build(shared)

    assert result.read == []
    assert [line for line in result.warnings if 'broken.raci.yaml' in line] == result.warnings != []
    assert build(shared).warnings == []


def test_text_is_written_again_when_a_tag_is_given_for_which_a_matrix_is_shown(shared: Project) -> None:
    only = '.. only:: inside\n\n   .. raci::'
    shared.write({'backup.raci.yaml': HOSTING, 'backup.rst': f'Backup\n======\n\n{only} backup\n'})
    shared.write({'again.rst': f'Again\n=====\n\n{only} hosting\n      :no-index:\n'})
    shared.write({'prose.rst': 'Prose\n=====\n\nSee :raci:activity:`backup.order`.\n'})
    without = Tree.of(build(shared, 'text').out)

    result = build(shared, 'text', tags=['inside'])

    assert result.read == []
    assert differences(result, clean_build(shared, 'text', tags=['inside'])[1]) == ''
    assert 'See *Place the order*.' in result.text('prose.txt')
    assert build(shared, 'text', tags=['inside']).written == []
    assert Tree.of(build(shared, 'text').out) == without


# -- what is checked when all documents have been read -----------------------------------------------------------------


@pytest.fixture
def bare(shared: Project) -> Project:
    """The project without party pages."""
    return shared.conf().write({'index.rst': 'Test\n====\n\n.. toctree::\n\n   hosting\n   prose\n'})


UNSHOWN = "no document shows the matrix 'backup'"


def test_a_matrix_that_is_added_and_not_shown_is_warned_about_once(bare: Project) -> None:
    build(bare)
    bare.write({'backup.raci.yaml': HOSTING})

    result = build(bare)

    assert result.read == []
    assert [line for line in result.warnings if UNSHOWN in line] == result.warnings != []
    assert build(bare).warnings == []


def test_a_matrix_whose_only_document_is_removed_is_warned_about(bare: Project) -> None:
    bare.write({'backup.raci.yaml': HOSTING, 'other.rst': ':orphan:\n\nOther\n=====\n\n.. raci:: backup\n'})
    build(bare)
    (bare.folder / 'other.rst').unlink()

    result = build(bare)

    assert result.read == []
    assert [UNSHOWN in line for line in result.warnings] == [True]
    assert build(bare).warnings == []


def test_what_is_shown_twice_where_a_tag_is_given_is_warned_about_in_builds_that_give_it(bare: Project) -> None:
    bare.write({'other.rst': ':orphan:\n\nOther\n=====\n\n.. only:: inside\n\n   .. raci:: hosting\n'})
    assert build(bare).warnings == []

    result = build(bare, tags=['inside'])

    assert result.read == []
    assert ['is shown twice' in line for line in result.warnings] == [True]
    assert build(bare, tags=['inside']).warnings == []
    assert build(bare).warnings == []


def test_what_is_shown_twice_in_another_output_is_warned_about_there(bare: Project) -> None:
    bare.write({'other.rst': ':orphan:\n\nOther\n=====\n\n.. only:: text\n\n   .. raci:: hosting\n'})
    assert build(bare).warnings == []

    assert ['is shown twice' in line for line in build(bare, 'text').warnings] == [True]
    assert build(bare).warnings == []
    assert build(bare, 'text').warnings == []


def test_what_is_wrong_is_said_again_when_something_is_read_as_sphinx_does(bare: Project) -> None:
    bare.write({'backup.raci.yaml': HOSTING})
    build(bare)
    bare.write({'prose.rst': 'Prose\n=====\n'})

    result = build(bare)

    assert result.read == ['prose']
    assert [UNSHOWN in line for line in result.warnings] == [True]


def test_what_was_checked_in_a_build_that_was_killed_is_said_again(bare: Project) -> None:
    build(bare)
    bare.write({'backup.raci.yaml': HOSTING, 'prose.rst': 'Prose\n=====\n'})
    break_off(bare, 'env-updated', '')

    assert [UNSHOWN in line for line in build(bare).warnings] == [True]


def unhappy() -> None:
    raise SystemExit(3)


class Ends:
    """What ends the program when it is read."""

    def __reduce__(self) -> tuple[Callable[[], None], tuple[()]]:
        """A function that is called for it."""
        return unhappy, ()


def flipped(data: bytes) -> bytes:
    """The same with one bit turned over in its middle."""
    at = len(data) // 2
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def with_key(entries: object) -> Callable[[bytes], bytes]:
    """Makes of what was kept the same key with other entries, as an older version may have kept them."""
    return lambda data: pickle.dumps((key_in(data), entries))


def signed(entries: object) -> Callable[[bytes], bytes]:
    """The same, written by this version."""
    return lambda data: files.dumped(key_in(data), cast('Any', entries))


def key_in(data: bytes) -> str:
    """The key of what was kept."""
    return str(pickle.loads(data[files.CHECKSUM :])[0])


KEPT = {'pages', 'sources', 'downloads', 'site', 'written', 'reading'}
HARMS: dict[str, Callable[[bytes], bytes]] = {
    'an empty list': with_key([]),
    'nothing': with_key(None),
    'another name': with_key({'x': 1}),
    'no key': lambda data: pickle.dumps((None, {'x': 1})),
    'the end': lambda data: pickle.dumps((key_in(data), {'x': Ends()})),
    'a flipped bit': flipped,
    'the end, signed': lambda data: files.dumped(key_in(data), {'x': Ends()}),
    'another name, signed': signed({'x': 1}),
    'no name, signed': signed({5: 1}),
    'all of it twice': lambda data: data * 2,
}


@pytest.mark.parametrize('harm', HARMS)
def test_what_is_kept_and_has_another_shape_is_made_anew(hosting: Project, harm: str) -> None:
    hosting.conf(raci_party_pages='parties', raci_downloads=['csv'])
    before = hosting.build()
    doctrees = hosting.folder.parent / 'build/html/doctrees'
    (doctrees / 'raci-reading.pickle').write_bytes(files.dumped('', {'hosting': None}))
    kept = list(doctrees.glob('raci-*.pickle'))
    assert {path.name.split('-')[1].removesuffix('.pickle') for path in kept} == KEPT
    for path in kept:
        path.write_bytes(HARMS[harm](path.read_bytes()))

    result = hosting.build()

    assert result.warnings == []
    for page in ('hosting.html', 'parties/customer.html', 'raci.json', '_downloads/raci/hosting.csv'):
        assert result.text(page) == before.text(page)
    assert hosting.build().written == []

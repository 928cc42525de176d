"""Readers meet what no person would write: the laws of ``fuzz_laws`` hold for it, and for all that was found before.

``python tests/fuzz.py`` does the same for as long as is wanted.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import fuzz_laws
import pytest
from fuzz_found import fault, smaller
from fuzz_inputs import READERS, SETTINGS, Reader
from fuzz_large import MEGABYTES, cost
from fuzz_laws import SECONDS, obeys
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_inputs import inputs

from sphinxcontrib_raci.model import Place, Problem, Reading
from sphinxcontrib_raci.sources import read_bytes

CASES = sorted((Path(__file__).parent / 'fuzz_cases').iterdir())
ENDS = {reader: Path(READERS[reader].file).suffix for reader in READERS}


def reader_of(path: Path) -> Reader:
    return READERS[path.name.partition('-')[0]]


@pytest.mark.parametrize('path', CASES, ids=lambda path: path.name)
def test_what_was_found_once_breaks_no_law(path: Path) -> None:
    obeys(reader_of(path), path.read_bytes(), every=True)


@pytest.mark.parametrize('reader', READERS.values(), ids=lambda reader: reader.name)
def test_what_fuzzing_starts_from_is_sound(reader: Reader) -> None:
    for seed in reader.seeds():
        matrix = obeys(reader, seed, every=True)
        assert matrix is not None or reader.name == 'config' or len(seed) < 100


@pytest.mark.parametrize('reader', READERS.values(), ids=lambda reader: reader.name)
@settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_changed_sources_break_no_law(reader: Reader, data: st.DataObject) -> None:
    obeys(reader, data.draw(inputs(reader)))


DIGESTS = """\
import hashlib, sys
from pathlib import Path
from fuzz_inputs import READERS, SETTINGS
from sphinxcontrib_raci.sources import read_bytes
for reader in READERS.values():
    found = [path.read_bytes() for path in sorted(Path('fuzz_cases').iterdir()) if path.name.startswith(reader.name)]
    for data in [*reader.seeds(), *found]:
        print(hashlib.md5(repr(read_bytes(data, reader.file, SETTINGS)).encode()).hexdigest())
"""


def test_reading_does_not_depend_on_the_order_of_sets() -> None:
    def digests(seed: str) -> str:
        environment = {'PYTHONHASHSEED': seed, 'PYTHONPATH': ':'.join(sys.path)}
        command = [sys.executable, '-c', DIGESTS]
        return subprocess.check_output(command, cwd=Path(__file__).parent, env=environment, text=True)

    first = digests('1')
    assert len(first.split()) > 20
    assert digests('2') == first


RICH_HEAD = b'raci: 1\ntitle: T\nparties: {us: Us}\nactivities:\n'
LARGE = {
    'rows of csv': ('csv', b'Task,Party,Letter\nSow,Ann,R\n', b'a,\n'),
    'empty rows of csv': ('csv', b'Task,Ann\nSow,R\n', b'\n'),
    'activities of csv': ('csv', b'Task,Ann\n', b'Sow and reap the fields,R\n'),
    'parties by letter in csv': ('csv', b'Task,R,A,C,I\n', b'Sow the large fields,Ann,Bo,,"Cyd,Dee"\n'),
    'activities of markdown': ('markdown', b'| Task | Ann |\n| --- | --- |\n', b'| Sow and reap the fields | R |\n'),
    'activities of yaml': ('yaml', RICH_HEAD, b'  - {name: Sow, who: {us: RA}}\n'),
    'rows of markdown': ('markdown', b'| Task | Ann |\n| --- | --- |\n| a | R |\n', b'Task>-\n'),
    'paragraphs of markdown': ('markdown', b'', b'a\n\n'),
    'entries of yaml': ('yaml', b'raci: 1\nactivities:\n', b'- a\n'),
    'paragraphs of reStructuredText': ('rst', b'', b'a\n\n'),
    'activities of json': (
        'json',
        b'{"raci": 1, "parties": ["us"], "activities": [',
        b'{"name": "Sow", "who": {"us": "RA"}},\n',
    ),
    'activities of other tools': ('almost', b'', b'- {Task: Sow and reap, Ann: R}\n'),
    'parties of front matter': ('front', b'---\nraci: 1\nparties:\n', b'  - {id: ann}\n'),
    'parts of a key of TOML': ('config', b'[tool.sphinxcontrib-raci]\nparties.', b'a.'),
    'parties of TOML': ('config', b'[tool.sphinxcontrib-raci]\nsources = [', b'"**",\n'),
}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != 'linux', reason='the units of memory differ elsewhere')
@pytest.mark.parametrize('name', LARGE)
def test_a_megabyte_takes_seconds_and_little_memory(name: str) -> None:
    reader, start, again = LARGE[name]

    took, peak, why = cost(READERS[reader], start + again * ((1_000_000 - len(start)) // len(again)))

    assert not why
    assert took < SECONDS
    assert peak < MEGABYTES


AGAIN = {
    'signs of footnotes in csv': ('csv', b'Task,Ann\nSow', b'*', b'x,R\n'),
    'brackets in csv': ('csv', b'Task,Ann\nSow', b'[', b'x,R\n'),
    'parties in csv': ('csv', b'Task\tR\tA\nSow\tAnn\tBo', b',', b' Dee\n'),
    'perhaps parties in csv': ('csv', b'Task,R,A\nSow,Ann,"Bo ', b'/', b'Dee"\n'),
    'signs in yaml of other tools': ('almost', b'- {Task:', b'*', b'Dig, Ann: R}\n'),
    'links in markdown': ('markdown', b'# T\n\n', b'![' * 400 + b'\n\n', b''),
    'comments in markdown': ('markdown', b'# T\n\n', b'<!--', b''),
    'blanks in markdown': ('markdown', b'Task | Ann\n--- | -', b' ', b'--\na | R\n'),
    'letters in markdown': ('markdown', b'Task Ann\n', b'R ', b'x\n'),
    'slashes in reStructuredText': ('rst', b'T\n=\n\nx ', b'/', b'b\n'),
    'hyphens in reStructuredText': ('rst', b'T\n=\n\n', b'a-', b'\n'),
    'borders in reStructuredText': ('rst', b'==  ==\n', b'=', b' Do  Who\n--  --\nA   R\n==  ==\n'),
    'signs in reStructuredText': ('rst', b'.. csv-table:: W', b'=', b'o\n\n   Do, Ann\n   Sow, R\n'),
    'lists in reStructuredText': ('rst', b'T\n=\n\n', b'* * * * * * * * * a\n', b''),
    'links in reStructuredText': ('rst', b'T\n=\n\n', b'`c <d>`_\n\n', b''),
    'targets in reStructuredText': ('rst', b'T\n=\n\n', b'.. _x:\n', b'\nA\n'),
    'open quotes in reStructuredText': ('rst', b'T\n=\n\n', b'`Sow * - ', b''),
    'roles in reStructuredText': ('rst', b'T\n=\n\n', b':a:`b` `c <d>`_ |e| [#]_\n', b''),
}


@pytest.mark.parametrize('name', AGAIN)
def test_what_is_there_again_and_again_takes_no_minutes(name: str) -> None:
    reader, start, again, end = AGAIN[name]
    # Longer lines of markup are refused.
    size = 300_000 if reader == 'csv' else 99_000
    data = start + again * (size // len(again)) + end

    begin = time.process_time()
    read_bytes(data, READERS[reader].file, SETTINGS)

    assert time.process_time() - begin < 2 * SECONDS


# -- the laws themselves -----------------------------------------------------------------------------------------------

SOUND = read_bytes(READERS['yaml'].seeds()[0], 'fuzz.raci.yaml', SETTINGS)
assert SOUND.matrix
BAD = Problem(Place('fuzz.raci.yaml', 9_999, 1), 'Behind the end.')
FAULTS: dict[str, tuple[Callable[..., Reading], str]] = {
    'nothing': (lambda *_: Reading(None), 'nothing says why'),
    'nowhere': (lambda *_: Reading(None, (BAD,)), 'behind the last'),
    'column': (lambda *_: Reading(None, (replace(BAD, place=Place('fuzz.raci.yaml', 1, 99)),)), 'behind the end'),
    'no line': (lambda *_: Reading(None, (replace(BAD, place=Place('fuzz.raci.yaml', 0, 1)),)), 'without a line'),
    'elsewhere': (lambda *_: Reading(None, (replace(BAD, place=Place('other')),)), 'another file'),
    'lines': (lambda *_: Reading(None, (replace(BAD, place=Place('fuzz.raci.yaml'), text='a\nb'),)), 'not one line'),
    'lost': (lambda data, *_: SOUND if data == b'x' else Reading(replace(SOUND.matrix, title='x')), 'something else'),
}
assert SOUND.problems == ()


@pytest.mark.parametrize('name', FAULTS)
def test_a_fault_of_a_reader_is_found(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    reading, words = FAULTS[name]
    monkeypatch.setattr(fuzz_laws, 'read_bytes', reading)

    with pytest.raises(AssertionError, match=words):
        obeys(READERS['yaml'], b'x')


def test_that_reading_depends_on_something_else_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = iter([SOUND, Reading(replace(SOUND.matrix, title='Other'))])
    monkeypatch.setattr(fuzz_laws, 'read_bytes', lambda *_: next(readings))

    with pytest.raises(AssertionError, match='gives something else'):
        obeys(READERS['yaml'], b'x')


def test_an_input_is_made_small() -> None:
    assert smaller(b'a' * 500 + b'xy' + b'b' * 500, lambda data: b'xy' in data) == b'xy'


def test_faults_are_told_apart_by_their_words_without_names_and_numbers() -> None:
    first, second = AssertionError("the line 3 of 'a' is bad"), AssertionError("the line 12 of 'b' is bad")
    assert fault(first) == fault(second) != fault(AssertionError('something else'))


@pytest.mark.parametrize('engine', ['atheris', 'hypothesis'])
def test_the_command_says_how_many_inputs_there_were_and_how_they_were_made(tmp_path: Path, engine: str) -> None:
    if engine == 'atheris':
        pytest.importorskip('atheris')
    command = [sys.executable, Path(__file__).parent / 'fuzz.py', 'config', '--seconds', '1', '--engine', engine]

    done = subprocess.run([*command, '--corpus', tmp_path], capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert ('made by hypothesis alone' in lines[0]) == (engine == 'hypothesis')
    assert [line for line in lines if line.startswith(f'config, {engine}: ')]
    assert 'config, large: ' in lines[-2]
    assert lines[-1] == f'0 faults; inputs are in {tmp_path}'

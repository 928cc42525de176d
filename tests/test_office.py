"""What a real spreadsheet program makes of the files that are written: LibreOffice opens them and runs nothing."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path

import pytest
from conftest import HOSTING

from sphinxcontrib_raci.model import Matrix
from sphinxcontrib_raci.sources import read_bytes
from sphinxcontrib_raci.writers import write
from sphinxcontrib_raci.writers.tables import grid

TEXTS = ('=1+1', '+1+1', '-1+1', '@SUM(1)', "'=1+1", '=HYPERLINK("https://example.org/")', '\uff1d1+1')
AS_CSV = 'csv:Text - txt - csv (StarCalc):44,34,76'
"""CSV with commas, quotes and UTF-8."""

pytestmark = pytest.mark.office


def matrix(*more: str) -> Matrix:
    """A matrix in which every kind of text is one that a spreadsheet would make something else of."""
    rows = ''.join(
        f'      - name: {json.dumps(text)}\n        who: {{provider: {{letters: RA, note: {json.dumps(text)}}}}}\n'
        f'        note: {json.dumps(text)}\n'
        for text in (*TEXTS, *more)
    )
    source = HOSTING.replace('title: Start', "title: '=1+1'").replace(
        '    activities:\n', f'    activities:\n{rows}', 1
    )
    found = read_bytes(source.encode(), 'hosting.raci.yaml')
    assert found.problems == ()
    assert found.matrix is not None
    return found.matrix


def converted(folder: Path, name: str, data: bytes, target: str, *options: str) -> Path:
    """What LibreOffice makes of a file."""
    source = folder / name
    source.write_bytes(data)
    profile = f'-env:UserInstallation=file://{folder}/profile'
    command = [
        'soffice',
        profile,
        '--headless',
        *options,
        '--convert-to',
        target,
        '--outdir',
        str(folder / 'out'),
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return next((folder / 'out').iterdir())


def rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding='utf-8', newline='') as file:
        return list(csv.reader(file))


def test_a_workbook_opens_with_the_texts_that_were_written(tmp_path: Path) -> None:
    path = converted(tmp_path, 'hosting.raci.xlsx', write(matrix('_x0041_'), 'xlsx', 'hosting.raci.xlsx'), AS_CSV)
    assert rows_of(path) == grid(matrix('_x0041_'))


def test_it_saves_a_workbook_that_reads_back_the_same(tmp_path: Path) -> None:
    path = converted(tmp_path, 'hosting.raci.xlsx', write(matrix(), 'xlsx', 'hosting.raci.xlsx'), 'xlsx')
    reading = read_bytes(path.read_bytes(), 'hosting.raci.xlsx')
    assert reading.problems == ()
    assert reading.matrix is not None
    assert write(reading.matrix, 'yaml', 'hosting.raci.yaml') == write(matrix(), 'yaml', 'hosting.raci.yaml')


def test_csv_opens_and_no_text_is_run(tmp_path: Path) -> None:
    data = write(matrix(), 'csv', 'hosting.raci.csv')
    # The window that asks takes UTF-8 from the mark at the start; without one, it has to be said.
    path = converted(tmp_path, 'hosting.raci.csv', data, AS_CSV, '--infilter=CSV:44,34,76')
    reading = read_bytes(path.read_bytes(), 'hosting.raci.csv')
    assert reading.matrix is not None
    assert write(reading.matrix, 'yaml', 'hosting.raci.yaml') == write(matrix(), 'yaml', 'hosting.raci.yaml')

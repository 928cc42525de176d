"""Files that are made to hurt: the command ends with a clear message, in seconds and in little memory.

Each one is given to the real command in a process of its own, which says what it took.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

SECONDS = 20
MEGABYTES = 500
MEASURED = """\
import re, sys, time
from pathlib import Path
from sphinxcontrib_raci.cli import main
start = time.process_time()
code = main(sys.argv[1:])
peak = int(re.search(r'VmHWM:\\s*(\\d+)', Path('/proc/self/status').read_text())[1]) // 1024
print(f'{code} {time.process_time() - start:.1f} {peak}')
"""
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>'
)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" '
    'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.'
    'openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
BILLION = (
    '<!DOCTYPE x [<!ENTITY a "lol">'
    + ''.join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + ']>'
)
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
ROW = '<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>'


def workbook(sheet: str, **more: str | bytes) -> bytes:
    """A workbook made by hand."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr('[Content_Types].xml', TYPES)
        archive.writestr('xl/workbook.xml', more.pop('xl/workbook.xml', BOOK))
        archive.writestr('xl/_rels/workbook.xml.rels', RELATIONS)
        archive.writestr('xl/worksheets/sheet1.xml', sheet)
        for name, content in more.items():
            archive.writestr(name, content)
    return data.getvalue()


def shared() -> bytes:
    """Two sheets, and one part for both: what is small in the file is large when it is read."""
    one = '<sheet name="One" sheetId="1" r:id="rId1"/>'
    book = BOOK.replace(one, one + one.replace('One', 'Two'))
    return workbook(SHEET.format(ROW.format('x')), **{'xl/workbook.xml': book.encode()})


def document() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, 'w') as archive:
        archive.writestr('word/document.xml', '<document/>')
    return data.getvalue()


def bomb() -> bytes:
    return workbook(SHEET.format(ROW.format(' ' * 400_000_000)))


CASES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    'a zip bomb': ('x.xlsx', bomb, 'when it is unpacked'),
    'entities that grow': ('x.xlsx', lambda: workbook(BILLION + SHEET.format(ROW.format('&j;'))), 'DOCTYPE'),
    'an external entity': ('x.xlsx', lambda: workbook(EXTERNAL + SHEET.format(ROW.format('&a;'))), 'DOCTYPE'),
    'a cell at the far end': (
        'x.xlsx',
        lambda: workbook(SHEET.format('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')),
        'sheet',
    ),
    'sheets that share a part': ('x.xlsx', shared, 'share one part'),
    'a workbook cut off': ('x.xlsx', lambda: workbook(SHEET.format(''))[:200], 'workbook'),
    'a line of 200 MB': ('x.csv', lambda: b'a,' * 100_000_000, 'MB'),
    'a field of 10 MB': ('x.csv', lambda: b'Activity,Ann\n' + b'a' * 10_000_000 + b',R\n', 'characters'),
    'a hundred thousand columns': ('x.csv', lambda: b'a,' * 100_000 + b'\n', 'columns'),
    'a hundred thousand columns in Markdown': ('x.md', lambda: b'|' + b'a|' * 100_000, 'characters'),
    'a document of a word processor': ('x.md', document, 'ZIP archive'),
    'a binary as Markdown': ('x.md', lambda: os.urandom(1000) + b'\0' * 1000, 'binary'),
    'a binary as reStructuredText': ('x.rst', lambda: b'\x7fELF' + b'\0' * 1000, 'binary'),
    'a binary as CSV': ('x.csv', lambda: b'\x89PNG\r\n\x1a\n\0\0\0\rIHDR' + bytes(range(256)) * 40, ''),
    'a binary as YAML': ('x.yaml', lambda: b'\x7fELF' + b'\0' * 1000, ''),
    'a picture as a workbook': ('x.xlsx', lambda: b'\x89PNG\r\n\x1a\n', 'workbook'),
    'a very long page': ('x.md', lambda: b'para *x*\n\n' * 2_000_000, 'characters'),
    'lists in lists': ('x.md', lambda: b'- ' * 30_000 + b'x\n', 'no table'),
    'quotes in quotes': ('x.md', lambda: b'> ' * 30_000 + b'x\n', 'no table'),
    'stars': ('x.md', lambda: b'*a ' * 30_000, 'no table'),
    'brackets': ('x.md', lambda: b'[a' * 49_000, 'no table'),
    'brackets in a cell': ('x.md', lambda: b'| Task | Ann |\n|---|---|\n| a | ' + b'(' * 50_000 + b' |\n', 'left out'),
    'stars in a cell': (
        'x.md',
        lambda: b'| Task | Ann |\n|---|---|\n| a | R |\n| b | ' + b'*R' * 40_000 + b' |\n',
        'left',
    ),
    'nesting in JSON': ('x.json', lambda: b'[' * 1_000_000, 'nested'),
    'nesting in YAML': ('x.yaml', lambda: b'[' * 1_000_000, 'nested'),
    'nesting in reStructuredText': ('x.rst', lambda: b''.join(b' ' * n + b'* x\n\n' for n in range(0, 900, 2)), ''),
    'front matter': ('x.md', lambda: b'---\n' + b'{a: ' * 100_000 + b'\n---\n', ''),
}


def run(*arguments: str) -> tuple[int, float, int, str]:
    """The exit code, the seconds and the megabytes that the command took, and what it said."""
    done = subprocess.run([sys.executable, '-c', MEASURED, *arguments], capture_output=True, text=True, timeout=120)
    assert done.stdout, done.stderr[-2000:]
    code, seconds, peak = done.stdout.splitlines()[-1].split()
    return int(code), float(seconds), int(peak), done.stderr


@pytest.mark.skipif(sys.platform != 'linux', reason='the units of memory differ elsewhere')
@pytest.mark.parametrize('name', CASES)
def test_a_hostile_file_gives_a_clear_error(tmp_path: Path, name: str) -> None:
    file, data, says = CASES[name]
    path = tmp_path / file
    path.write_bytes(data())
    code, seconds, peak, said = run('convert', str(path), '-o', str(tmp_path / 'out.raci.yaml'))
    assert 'Traceback' not in said
    assert says in said
    assert f'{path}' in said
    assert (code, (tmp_path / 'out.raci.yaml').exists()) == (1, name == 'stars in a cell')
    assert seconds < SECONDS
    assert peak < MEGABYTES


@pytest.mark.skipif(not hasattr(os, 'mkfifo'), reason='there are no pipes with names here')
def test_a_pipe_and_a_device_are_no_files(tmp_path: Path) -> None:
    pipe = tmp_path / 'x.raci.csv'
    os.mkfifo(pipe)
    code, seconds, _, said = run('convert', str(pipe))
    assert (code, 'no regular file' in said) == (1, True)
    device = tmp_path / 'y.csv'
    device.symlink_to('/dev/zero')
    code, seconds, _, said = run('convert', str(device))
    assert (code, 'no regular file' in said) == (1, True)
    assert seconds < SECONDS


def test_a_target_stays_whole_when_writing_fails(tmp_path: Path) -> None:
    """A folder stands where the new bytes would have to go first."""
    source = tmp_path / 'x.csv'
    source.write_text('Task,Ann\nSow,R\n')
    target = tmp_path / 'target.raci.yaml'
    target.write_text('old')
    code, *_, said = run('convert', str(source), '-o', str(target))
    assert (code, target.read_text()) == (1, 'old')
    assert '--force' in said
    code, *_ = run('convert', str(source), '-o', str(target), '--force')
    assert 'Sow' in target.read_text()

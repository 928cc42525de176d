"""What the manual says of the command and of tables is true: its examples are run, and its tables are tried out."""

from __future__ import annotations

import ast
import csv
import difflib
import io
import re
import shlex
import shutil
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from conftest import EXAMPLE, Project

import sphinxcontrib_raci
from sphinxcontrib_raci.cli import convert, main
from sphinxcontrib_raci.config import OPTIONS
from sphinxcontrib_raci.model import Activity, Matrix, Problem, Reading
from sphinxcontrib_raci.sources import FORMATS, SUFFIXES, read, read_bytes
from sphinxcontrib_raci.writers import write
from sphinxcontrib_raci.writers.lost import lost

GUIDE = EXAMPLE / 'guide'
MOVING = GUIDE / 'examples/moving'
FIRST, MENDED, MOVED = MOVING / 'file-storage.md', MOVING / 'mended/file-storage.md', MOVING / 'file-storage.raci.yaml'


# -- blocks of a page --------------------------------------------------------------------------------------------------


@dataclass
class Command:
    """A command as a page shows it, with the lines that it prints there."""

    text: str
    output: list[str] = field(default_factory=list)


def blocks(page: str) -> Iterator[tuple[str, str, str]]:
    """The blocks of code on a page: language, caption and content."""
    lines = (GUIDE / page).read_text('utf-8').splitlines()
    for index, line in enumerate(lines):
        match = re.fullmatch(r'( *)\.\. code-block:: (\S+)', line)
        if match:
            depth = len(match[1]) + 3
            inner = []
            for below in lines[index + 1 :]:
                if below and not below.startswith(' ' * depth):
                    break
                inner.append(below[depth:])
            caption = inner[0].removeprefix(':caption: ') if inner[0].startswith(':caption:') else ''
            yield match[2], caption, '\n'.join(inner[bool(caption) :]).strip('\n') + '\n'


def block(page: str, caption: str) -> str:
    """The block of this caption."""
    [found] = [content for _, name, content in blocks(page) if name == caption]
    return found


def commands(page: str) -> Iterator[Command]:
    """The commands that a page shows; a line that begins with blanks belongs to the one above."""
    for language, _, content in blocks(page):
        found: list[Command] = []
        for line in content.splitlines() if language == 'console' else ():
            if line.startswith('$ '):
                found.append(Command(line[2:]))
            elif line.startswith('    '):
                found[-1].output[-1] += ' ' + line.strip()
            else:
                found[-1].output.append(line)
        yield from found


class Shell:
    """Runs the commands of a page in a folder."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capfd = capfd
        monkeypatch.chdir(folder)

    def __call__(self, text: str) -> tuple[int, str]:
        """The exit code of a command and what it prints."""
        words = [name for word in shlex.split(text) for name in self._names(word)]
        target = words.pop() if '>' in words else ''
        self._capfd.readouterr()
        if words[0] == 'cat':
            return 0, Path(words[1]).read_text('utf-8')
        assert words[0] == 'sphinx-raci', text
        code = main([word for word in words[1:] if word != '>'])
        out, err = self._capfd.readouterr()
        if target:
            Path(target).write_text(out, 'utf-8')
        return code, err if target else out + err

    def _names(self, word: str) -> list[str]:
        found = [path.relative_to(self.folder).as_posix() for path in self.folder.glob(word)] if '*' in word else []
        return sorted(found) or [word]


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path, monkeypatch, capfd)


def assert_shown(command: Command, printed: str) -> None:
    """What a command prints is what the page shows, where it shows anything; ``…`` stands for any lines."""
    expected = ''.join('(?:.*\n)*?' if line == '…' else re.escape(line) + '\n' for line in command.output)
    if command.output and not re.fullmatch(expected, printed):
        assert printed.splitlines() == command.output


# -- Moving an existing page -------------------------------------------------------------------------------------------


def workbook(path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheets = {
        'File storage': [('Order the storage', 'RA', 'I'), ('Run the servers', '', 'RA')],
        'Mail': [('Open accounts', 'RA', 'I'), ('Filter mail', 'yes', 'RA')],
    }
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in [('Activity', 'Customer', 'Provider'), *rows]:
            sheet.append(row)
    book.save(path)


def test_the_page_is_moved_as_the_chapter_shows_it(shell: Shell) -> None:
    shutil.copy(FIRST, shell.folder)
    for folder in ('pages', 'en', 'fr'):
        (shell.folder / folder).mkdir()
        shutil.copy(MENDED, shell.folder / folder)
    workbook(shell.folder / 'services.xlsx')

    run = []
    for command in commands('moving.rst'):
        if '--force' in command.text:
            shutil.copy(MENDED, shell.folder)
        if command.text.startswith('sphinx-raci'):
            code, printed = shell(command.text)
            assert code == ('error:' in printed or 'warning:' in printed)
            assert_shown(command, printed)
            run.append(command)

    assert len(run) == 7
    assert sum(bool(command.output) for command in run) == 4
    assert (shell.folder / 'sources/file-storage.raci.yaml').exists()


def test_the_source_in_the_manual_is_the_converted_page_with_shared_parties(shell: Shell) -> None:
    shutil.copy(MENDED, shell.folder)
    shell('sphinx-raci convert file-storage.md -o file-storage.raci.yaml')
    shell('sphinx-raci ids file-storage.raci.yaml --write')

    text = (shell.folder / 'file-storage.raci.yaml').read_text('utf-8').replace('client:', 'customer:')
    [parties] = [content for language, _, content in blocks('moving.rst') if language == 'yaml']
    text, count = re.subn('parties:\n(?:  .*\n)+', parties, text)
    assert count == 1
    assert text == MOVED.read_text('utf-8')


def test_what_is_mended_is_shown() -> None:
    before, after = (path.read_text('utf-8').splitlines() for path in (FIRST, MENDED))
    name = FIRST.name
    names = (f'{name} (as it was)', f'{name} (mended)')
    diff = difflib.unified_diff(before, after, *names, n=1, lineterm='')
    assert (MOVING / 'mended.diff').read_text('utf-8') == '\n'.join(diff) + '\n'


def test_the_site_is_built_from_what_the_chapter_shows(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        caption.removeprefix('docs/'): content for _, caption, content in blocks('moving.rst') if caption
    }
    assert files.keys() == {'conf.py', 'file-storage.rst', 'overview.rst', 'index.rst'}
    folder = tmp_path / 'docs'
    folder.mkdir()

    result = Project(folder, conf=None).write(files | {MOVED.name: MOVED.read_bytes()}).build()

    assert result.warnings == []
    page = result.text('file-storage.html')
    matrix = moved()
    assert len(list(matrix.walk())) == 17
    for activity in matrix.walk():
        assert f'id="raci-file-storage.{activity.id}"' in page
    # The anchor that the chapter names.
    assert 'id="backups"' in page
    assert (result.out / 'parties/provider.html').exists()


def moved() -> Matrix:
    matrix = read_bytes(MENDED.read_bytes(), 'file-storage.raci.md').matrix
    assert matrix
    return matrix


def test_what_the_chapter_says_of_the_page_is_true() -> None:
    lines = FIRST.read_text('utf-8').splitlines()
    heads = [index for index, line in enumerate(lines) if line.startswith('| Activity |')]
    rows = [
        line for line in lines[lines.index('# 1. Before you start') : lines.index('# Contacts')] if line[:2] == '| '
    ]
    assert len(heads) == 5
    assert len(rows) - 2 * len(heads) == 17
    assert {line.split()[0] for line in lines if line.startswith('#')} == {'#'}
    assert '\N{CYRILLIC CAPITAL LETTER A}/R' in lines[56]

    activities = {activity.name: activity for activity in moved().walk()}
    assert activities['Keep each snapshot for 30 days'].note == 'A longer time can be ordered.'
    restore = activities['Restore the whole storage from a snapshot']
    assert [(cell.letters, cell.note) for cell in restore.assignments] == [(('A',), ''), (('R',), 'within a day')]
    assert moved().revision == '2026-03-16'
    assert moved().scheme.letter('R').meaning == 'does the work'


# -- The command -------------------------------------------------------------------------------------------------------


def test_the_page_of_the_command_shows_what_it_prints(shell: Shell) -> None:
    shutil.copy(MENDED, shell.folder / 'page.md')
    (shell.folder / 'docs').mkdir()
    shutil.copy(MOVED, shell.folder / 'docs')
    first = next(command for command in commands('command.rst') if command.text.startswith('cat '))
    (shell.folder / 'servers.raci.csv').write_text('\n'.join(first.output) + '\n', 'utf-8')

    shown = 0
    for command in commands('command.rst'):
        code, printed = shell(command.text)
        assert code == 0
        assert_shown(command, printed)
        shown += bool(command.output)

    assert shown == 3
    assert '"known-letters"' in (shell.folder / 'docs/raci.schema.json').read_text('utf-8')


@pytest.mark.parametrize('command', ['', 'convert', 'ids', 'schema', 'check'])
def test_every_option_is_explained(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    main([*command.split(), '--help'])
    options = set(re.findall(r'(?<![\w-])--?[a-z][a-z-]*', capsys.readouterr().out.partition('options:')[2]))
    text = (GUIDE / 'command.rst').read_text('utf-8')

    assert '--help' in options
    assert [option for option in options if not re.search(rf'(?<![\w-]){option}(?![\w-])', text)] == []


def test_every_format_and_ending_is_named() -> None:
    page = (GUIDE / 'command.rst').read_text('utf-8')
    assert [suffix for suffix in FORMATS if f'``{suffix}``' not in page] == []
    tables = (GUIDE / 'tables.rst').read_text('utf-8')
    assert [suffix for suffix in SUFFIXES if f'``{suffix}``' not in tables] == []
    configuration = (GUIDE / 'configuration.rst').read_text('utf-8')
    assert f':default: ``{OPTIONS[0].default!r}``' in configuration


@cache
def codes() -> dict[str, set[str]]:
    """The levels of each code, as the manual has them."""
    with (GUIDE / 'examples/codes.csv').open(encoding='utf-8', newline='') as file:
        rows = list(csv.DictReader(file))
    every = {'error', 'warning', 'info'}
    return {row['Code'].strip('`'): every if row['Level'] == 'any' else set(row['Level'].split(', ')) for row in rows}


DEEP = 'raci: 1\ntitle: Deep\nparties: {a: Aa}\n' + ''.join(
    f'{"    " * depth}sections:\n{"    " * depth}  - title: S{depth}\n' for depth in range(6)
)
DEEP += '    ' * 6 + 'activities: [{id: order, name: Order it, who: {a: RA}}]\n'
DRAFT = 'raci: 1\ntitle: Draft\nparties: {a: Aa}\nactivities:\n  - name: Order it\n    who: {a: RA}\n'

MESSAGES = {
    'row': 'convert first.md',
    'cell': 'convert first.md',
    'read': 'convert first.md',
    'structure': 'convert letter.txt',
    'meaning': 'convert wrong.raci.yaml',
    'syntax': 'convert missing.md',
    'lost': 'convert deep.raci.yaml --to markdown',
    'exists': 'convert first.md -o draft.raci.yaml',
    'write': 'convert first.md -o nowhere/first.raci.yaml',
    'derived': 'ids draft.raci.yaml',
    'written': 'ids draft.raci.yaml --write',
    'refused': 'ids first.md --write',
    'config': 'check draft.raci.yaml -c nowhere',
    'fault': 'convert first.md',
}
"""A command for each code."""


def drafts(shell: Shell) -> None:
    shutil.copy(FIRST, shell.folder / 'first.md')
    texts = {
        'letter.txt': 'Please order it.\n',
        'draft.raci.yaml': DRAFT,
        'wrong.raci.yaml': DRAFT.replace('RA', 'X'),
        'deep.raci.yaml': DEEP,
    }
    for name, text in texts.items():
        (shell.folder / name).write_text(text, 'utf-8')


@pytest.mark.parametrize('code', MESSAGES)
def test_a_message_has_the_form_the_code_and_the_level_that_are_listed(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    drafts(shell)
    if code == 'fault':
        monkeypatch.setattr(convert, 'run', lambda job, options: 1 // 0)

    status, printed = shell(f'sphinx-raci {MESSAGES[code]}')

    messages = re.findall(r'^\S+?(?::\d+:\d+)?: (error|warning|info): .+ \[([a-z]+)\]$', printed, re.MULTILINE)
    assert code in [kind for _, kind in messages]
    assert [(level, kind) for level, kind in messages if level not in codes()[kind]] == []
    assert bool(status) == any(level != 'info' for level, _ in messages)


def test_the_list_of_codes_is_complete() -> None:
    assert codes().keys() == MESSAGES.keys()

    places = {'Problem': 2, 'add': 2, 'add_at': 3}
    used = set()
    for path in Path(sphinxcontrib_raci.__file__).parent.rglob('*.py'):
        for node in ast.walk(ast.parse(path.read_text('utf-8'))):
            name = getattr(node, 'func', None)
            place = places.get(getattr(name, 'id', getattr(name, 'attr', '')))
            if isinstance(node, ast.Call) and place is not None and len(node.args) > place:
                kind = node.args[place]
                used |= {kind.value} if isinstance(kind, ast.Constant) else set()
    assert len(used) > 6
    assert used - codes().keys() == set()


# -- Matrices in tables: layouts ---------------------------------------------------------------------------------------


def reading(page: str, caption: str) -> Reading:
    """What reading a block of a page gives; its caption is the name of the file."""
    return read_bytes(block(page, caption).encode(), caption)


def matrix_of(found: Reading) -> Matrix:
    assert found.matrix, found.problems
    assert [problem for problem in found.problems if problem.level == 'error'] == []
    return found.matrix


def part(activity: Activity) -> tuple[str, list[str]]:
    return activity.name, [''.join(cell.letters) for cell in activity.assignments]


SERVERS = [('Order a server', ['RA', 'I']), ('Install the operating system', ['', 'RA'])]


@pytest.mark.parametrize('name', ['wide.csv', 'long.csv', 'letters.csv', 'turned.csv', 'rows.csv'])
def test_all_layouts_say_the_same(name: str) -> None:
    found = reading('tables.rst', name)
    assert [problem for problem in found.problems if problem.kind != 'read'] == []
    assert [party.name for party in matrix_of(found).parties] == ['Customer', 'Provider']
    assert [part(activity) for activity in matrix_of(found).walk()] == SERVERS


def test_rows_with_a_name_alone_are_titles() -> None:
    assert [section.title for section in matrix_of(reading('tables.rst', 'rows.csv')).root.sections] == [
        'Ordering',
        'In use',
    ]


def test_other_columns_become_what_is_shown() -> None:
    found = matrix_of(reading('tables.rst', 'columns.csv'))
    assert write(found, 'yaml', 'columns.raci.yaml').decode() == block('tables.rst', 'columns.raci.yaml')


def test_what_other_tools_write_is_read_with_a_warning() -> None:
    found = reading('tables.rst', 'other.yaml')
    assert [problem.level for problem in found.problems] == ['warning']
    assert [part(activity) for activity in matrix_of(found).walk()] == SERVERS[:1]


@pytest.mark.parametrize('name', ['backup.raci.csv', 'backup.raci.md', 'backup.rst'])
def test_tables_of_ours_are_written_as_shown_and_read_back(name: str) -> None:
    form = {'csv': 'csv', 'md': 'markdown', 'rst': 'rst'}[name.rpartition('.')[2]]
    source = matrix_of(read(GUIDE / 'examples/backup.raci.yaml'))
    assert write(source, form, name).decode() == block('tables.rst', name)
    assert lost(source, matrix_of(reading('tables.rst', name))) == []


def test_a_spreadsheet_has_the_sheets_that_are_named() -> None:
    from openpyxl import load_workbook

    source = matrix_of(read(GUIDE / 'examples/backup.raci.yaml'))
    book = load_workbook(io.BytesIO(write(source, 'xlsx', 'backup.raci.xlsx')))
    assert book.sheetnames == ['Activities', 'Legend', 'Matrix']
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {'s'}


# -- Matrices in tables: cells -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spelling:
    """A cell, and what the manual says of it; ``letters`` is ``None`` where it is an error."""

    cell: str
    letters: str | None
    note: str
    warned: bool
    below: str


def spellings() -> Iterator[Spelling]:
    with (GUIDE / 'examples/spellings.csv').open(encoding='utf-8', newline='') as file:
        rows = list(csv.reader(file))[1:]
    for written, letters, besides in rows:
        quoted = literals(besides)
        expected = None if 'error' in besides else ''.join(literals(letters))
        note = quoted[0] if 'the note' in besides else ''
        below = quoted[1] if 'where' in besides else ''
        characters = [chr(int(code, 16)) for code in re.findall(r'U\+([0-9A-F]{4})', written)]
        for cell in [*literals(written), *characters, *([''] if 'nothing' in written else [])]:
            yield Spelling(cell, expected, note, 'warning' in besides, below)


def literals(text: str) -> list[str]:
    """What stands in double backticks."""
    return re.findall(r'``(.+?)``(?!`)', text)


def as_markdown(spelling: Spelling) -> tuple[str, bytes]:
    cell = spelling.cell.replace('|', '\\|')
    text = f"""\
        # Services

        | Activity | Customer | Provider |
        | -------- | -------- | -------- |
        | Order it | {cell} | A |
        | Use it | R | A |

        {spelling.below}
        """
    return 'services.md', textwrap.dedent(text).encode()


def as_csv(spelling: Spelling) -> tuple[str, bytes]:
    file = io.StringIO()
    rows = [('Activity', 'Customer', 'Provider'), ('Order it', spelling.cell, 'A'), ('Use it', 'R', 'A')]
    csv.writer(file).writerows(rows)
    return 'services.csv', file.getvalue().encode()


def tried(spelling: Spelling, make: Callable[[Spelling], tuple[str, bytes]]) -> tuple[Activity | None, list[Problem]]:
    name, data = make(spelling)
    found = read_bytes(data, name)
    assert found.matrix
    first = next((activity for activity in found.matrix.walk() if activity.name == 'Order it'), None)
    return first, [problem for problem in found.problems if problem.level != 'info']


@pytest.mark.parametrize(
    ('spelling', 'make'),
    # A CSV file has no paragraphs.
    [(one, make) for one in spellings() for make in (as_csv, as_markdown) if make is as_markdown or not one.below],
    ids=lambda value: repr(value.cell) if isinstance(value, Spelling) else value.__name__,
)
def test_a_cell_is_read_as_the_manual_says(spelling: Spelling, make: Callable[[Spelling], tuple[str, bytes]]) -> None:
    activity, problems = tried(spelling, make)

    if spelling.letters is None:
        assert activity is None
        assert [(problem.kind, problem.level) for problem in problems] == [('row', 'error')]
        return
    assert activity
    assert ''.join(activity.assignments[0].letters) == spelling.letters
    assert activity.assignments[0].note == spelling.note
    assert [(problem.kind, problem.level) for problem in problems] == [('cell', 'warning')] * spelling.warned


def test_the_table_of_spellings_has_all_kinds() -> None:
    found = list(spellings())
    assert len(found) > 40
    assert {None, '', 'R', 'A', 'RA'} == {spelling.letters for spelling in found}
    assert '`R`' in {spelling.cell for spelling in found}


# -- Matrices in tables: what a format cannot hold ---------------------------------------------------------------------

FORMS = {'yaml': '.yaml', 'json': '.json', 'csv': '.csv', 'xlsx': '.xlsx', 'markdown': '.md', 'rst': '.rst'}


def kept(source: str, form: str) -> list[str]:
    """What writing a source in a format and reading it back loses."""
    matrix = matrix_of(read_bytes(source.encode(), 'x.raci.yaml'))
    name = f'x.raci{FORMS[form]}'
    return lost(matrix, read_bytes(write(matrix, form, name), name).matrix)


@pytest.mark.parametrize('form', FORMS)
@pytest.mark.parametrize(('length', 'loses'), [(32_767, False), (32_768, True)])
def test_only_a_spreadsheet_has_too_little_room_for_long_texts(form: str, length: int, loses: bool) -> None:
    source = f'{DRAFT}    note: {"x" * length}\n'
    assert bool(kept(source, form)) == (loses and form == 'xlsx')


@pytest.mark.parametrize('form', FORMS)
@pytest.mark.parametrize(('levels', 'loses'), [(5, False), (6, True), (20, True)])
def test_only_markdown_has_too_few_levels_of_sections(form: str, levels: int, loses: bool) -> None:
    opened = [f'{"    " * depth}sections:\n{"    " * depth}  - title: S{depth}\n' for depth in range(levels)]
    inside = '    ' * levels + 'activities: [{id: order, name: Order it, who: {a: RA}}]\n'
    source = ''.join(['raci: 1\ntitle: Deep\nparties: {a: Aa}\n', *opened, inside])
    assert bool(kept(source, form)) == (loses and form == 'markdown')


@pytest.mark.parametrize(('form', 'order'), [('yaml', ('two', 'one')), ('csv', ('one', 'two'))])
def test_columns_decide_the_order_of_scopes(form: str, order: tuple[str, ...]) -> None:
    source = DRAFT.replace('activities:', 'scopes: {one: One, two: Two, three: Three}\nactivities:')
    matrix = matrix_of(read_bytes(f'{source}    scopes: [two, one]\n'.encode(), 'x.raci.yaml'))
    name = f'x.raci{FORMS[form]}'
    [activity] = matrix_of(read_bytes(write(matrix, form, name), name)).walk()
    assert activity.scopes == order

"""``sphinx-raci check``: sources in, what is wrong with them out."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sphinxcontrib_raci.cli import configuration
from sphinxcontrib_raci.cli.configuration import Configuration
from sphinxcontrib_raci.cli.convert import Usage
from sphinxcontrib_raci.cli.outputs import FORMATS, Entry, Report
from sphinxcontrib_raci.cli.reading import read_all
from sphinxcontrib_raci.cli.reports import Reports, colored
from sphinxcontrib_raci.cli.saving import put_out, save
from sphinxcontrib_raci.model import Place, Problem, Reading
from sphinxcontrib_raci.project import assemble
from sphinxcontrib_raci.rules.engine import today
from sphinxcontrib_raci.settings import Settings
from sphinxcontrib_raci.wording import listed, nearest, quoted

SUMMARY = 'find what is wrong in matrices'
DESCRIPTION = """\
Checks matrices without a build of the documentation: whether they can be read
in full, and what the rules find in them. With folders, checks all sources in
them; without anything, those in the folder of -c, or in the current one.

examples:
  sphinx-raci check docs -c docs                   as a build with docs/conf.py
  sphinx-raci check kms.raci.yaml page.md
  sphinx-raci check --select no-accountable,no-responsible
  sphinx-raci check --format sarif -o matrices.sarif --fail-on error
"""
EPILOG = """\
Messages are the result and go to standard output, with the lines that they are
about. A last line with numbers goes to standard error.

Exit codes: 0 all is fine, 1 there is something that --fail-on names, 2 the
command or the configuration is not as it should be.
"""

_LEFT_OUT = tuple(start + name for name in ('.*', '_build', '_downloads') for start in ('', '**/'))
"""Hidden folders, and copies that builds make."""

_LEVELS = {'error': ('error',), 'warning': ('error', 'warning'), 'never': ()}
_ALL = 'all'


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rules count, and what makes the run a failure.

    ``select`` has the codes of the only rules that are on; ``None`` leaves that to the configuration.
    """

    select: frozenset[str] | None
    ignore: frozenset[str]
    levels: tuple[str, ...]
    codes: frozenset[str]

    def takes(self, code: str) -> bool:
        """Whether what this rule finds is to be reported."""
        return code not in self.ignore and (self.select is None or code in self.select)

    def fails(self, entry: Entry) -> bool:
        """Whether an entry makes the run a failure."""
        return not entry.waived and (entry.level in self.levels or entry.code in self.codes)


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Declare what can be given."""
    command.add_argument('paths', metavar='PATH', nargs='*', help='a source, or a folder with sources')
    command.add_argument(
        '--select', metavar='CODES', action='append', default=[], help="ask these rules alone; 'all' for all"
    )
    command.add_argument(
        '--ignore', metavar='CODES', action='append', default=[], help='leave out what these rules find'
    )
    command.add_argument(
        '--fail-on',
        metavar='WHAT',
        default='warning',
        help="what makes the exit code 1: 'error', 'warning' (the default), 'never', or codes of rules",
    )
    command.add_argument('--format', choices=FORMATS, default='text', help='how to write the result')
    command.add_argument('-o', '--output', metavar='FILE', help='the file to write instead of standard output')


def run(args: argparse.Namespace, reports: Reports) -> int:
    """Check what the arguments say; the number of files.

    :raises Usage: where the arguments do not say what can be done.
    :raises configuration.Wrong: where the configuration cannot be used.
    """
    configured = configuration.load(args.config)
    choice = _choice(args, configured.settings.rules)
    paths = files(args.paths or [str(configured.folder) if args.config else '.'], configured)
    _check_output(args.output, paths)
    readings = read_all(paths, configured.settings, lambda path: _progress(path, len(paths), reports))
    entries = tuple(_entries(paths, readings, configured.settings, choice))
    color = args.output is None and colored(sys.stdout)
    written = FORMATS[args.format](Report(entries, configured.settings.rules, color))
    _write(written, args)
    reports.count(entry.level for entry in entries if not entry.waived)
    reports.failed = any(choice.fails(entry) for entry in entries)
    if entries and not args.config and configured.folder is None:
        reports.extend(_unread(paths))
    return len(paths)


def _unread(paths: Iterable[str]) -> Iterator[Problem]:
    """A hint at the next ``conf.py`` above the files: nobody can know without being told whether it is theirs."""
    folders = {folder for path in paths for folder in Path(os.path.abspath(path)).parents}
    for folder in sorted(folders, key=lambda folder: len(folder.parts), reverse=True):
        if (folder / 'conf.py').is_file():
            conf = _shown(str(folder / 'conf.py'))
            yield Problem(
                Place(conf), f"its settings are not known here; to use them, add '-c {conf}'", 'config', 'info'
            )
            return


def _progress(path: str, total: int, reports: Reports) -> None:
    # In the log of a continuous integration, a line for each of a thousand files is no help.
    if reports.terminal:
        reports.start(path, total)


def _choice(args: argparse.Namespace, rules: Collection[str]) -> Choice:
    select = _codes('--select', args.select, rules) if args.select else None
    ignore = _codes('--ignore', args.ignore, rules) if args.ignore else frozenset()
    if args.fail_on in _LEVELS:
        return Choice(select, ignore, _LEVELS[args.fail_on], frozenset())
    for word in args.fail_on.split(','):
        if word.strip() in _LEVELS:
            raise Usage(f'{quoted(word.strip())} in --fail-on stands alone; codes of rules take in errors as well')
    codes = _codes('--fail-on', [args.fail_on], rules, (*_LEVELS, *rules))
    return Choice(select, ignore, _LEVELS['error'], codes)


def _codes(option: str, values: Iterable[str], rules: Collection[str], known: Collection[str] = ()) -> frozenset[str]:
    """The codes in the values of an option.

    :raises Usage: naming what is no code of a rule.
    """
    words = [word.strip() for value in values for word in value.split(',')]
    codes = [word for word in words if word]
    if not codes:
        raise Usage(f'{option} needs codes of rules, separated by commas; the rules are {listed(rules)}')
    for code in codes:
        if code not in rules and code != _ALL:
            near = nearest(code, known or (_ALL, *rules))
            hint = f'did you mean {quoted(near)}?' if near else f'the rules are {listed(rules)}'
            raise Usage(f'{quoted(code)} in {option} is no rule; {hint}')
    return frozenset(rules if _ALL in codes else codes)


def files(given: Sequence[str], configured: Configuration) -> list[str]:
    """The files to check, in order, each once, as messages call them.

    :raises Usage: where there is no such file or folder, or no source in it.
    """
    found: dict[str, str] = {}
    for path in given:
        if os.path.isdir(path):
            paths = _in_folder(path, configured)
            if not paths:
                raise Usage(
                    f'there is no source in {_called(path)}; name the files, or look at the patterns of sources'
                )
        elif os.path.lexists(path):
            paths = [path]
        else:
            raise Usage(f'there is no file or folder {quoted(path)}')
        for one in paths:
            found.setdefault(os.path.realpath(one), _shown(one))
    # As a build has them, wherever the command is run: of two with one id, the first one counts.
    return sorted(found.values(), key=lambda path: Path(os.path.abspath(path)))


def _called(folder: str) -> str:
    return 'the current folder' if folder == '.' else quoted(folder)


def _in_folder(given: str, configured: Configuration) -> list[str]:
    """The sources of the project that are in a folder; its patterns count from there where it lies elsewhere."""
    # Files alone are checked without waiting for Sphinx.
    from sphinxcontrib_raci.sourcefiles import find

    folder, base = Path(os.path.abspath(given)), configured.folder
    real = folder.resolve()

    def found_from(start: Path) -> list[Path]:
        paths = find(start, configured.sources, (*configured.excluded, *_LEFT_OUT))
        # Links may lead into the folder, or out of it.
        return [path for path in paths if path.is_relative_to(folder) or path.resolve().is_relative_to(real)]

    paths = found_from(base) if base else []
    if not paths and not (base and real.is_relative_to(base.resolve())):
        paths = found_from(folder)
    return [
        os.path.join(given, path.relative_to(folder)) if path.is_relative_to(folder) else str(path) for path in paths
    ]


def _shown(path: str) -> str:
    """The path from the current folder where it is in there, otherwise as it is given."""
    absolute, here = Path(os.path.abspath(path)), Path.cwd()
    return str(absolute.relative_to(here)) if absolute.is_relative_to(here) else os.path.normpath(path)


def _entries(paths: Sequence[str], readings: Sequence[Reading], settings: Settings, choice: Choice) -> list[Entry]:
    """All that is wrong, file by file and line by line."""
    project, problems = assemble(
        (reading.matrix for reading in readings if reading.matrix),
        settings,
        [path for path, reading in zip(paths, readings, strict=True) if reading.matrix is None],
        day=today(),
        select=choice.select,
    )
    found = [
        Entry.of_problem(problem, reading.matrix.id if reading.matrix else '')
        for reading in readings
        for problem in reading.problems
        if problem.level != 'info'
    ]
    found += [Entry.of_problem(problem, project.paths[problem.place.path].id) for problem in problems]
    found += [
        Entry.of_finding(finding)
        for findings in project.findings.values()
        for finding in findings
        if choice.takes(finding.rule)
    ]
    order = {path: number for number, path in enumerate(paths)}
    return sorted(found, key=lambda entry: (order[entry.place.path], *_position(entry.place)))


def _position(place: Place) -> tuple[int, int]:
    # Rows of several sheets do not compare; they come in order.
    return (0, 0) if place.cell else (place.line, place.column)


def _check_output(output: str | None, paths: Iterable[str]) -> None:
    """Refuse to write over a source.

    :raises Usage: where that would happen.
    """
    if output == '':
        raise Usage("'-o' needs a file")
    if output is not None and os.path.realpath(output) in map(os.path.realpath, paths):
        raise Usage(f"{quoted(output)} is one of the files to check; '-o' needs another file for the result")


def _write(text: str, args: argparse.Namespace) -> None:
    """Put the result where it belongs.

    :raises OSError: where standard output cannot be written.
    :raises configuration.Wrong: where the file cannot be written.
    """
    if args.output is None:
        # People read in the encoding of their terminal, programs in the one that their format has.
        encoding = (sys.stdout and sys.stdout.encoding) if args.format == 'text' else None
        put_out(text.encode(encoding or 'utf-8', 'backslashreplace'))
        return
    try:
        save(Path(args.output), text.encode('utf-8', 'backslashreplace'))
    except (OSError, ValueError) as error:
        why = f'the result cannot be written: {getattr(error, "strerror", None) or error}'
        raise configuration.Wrong([Problem(Place(args.output), why, 'write')]) from None

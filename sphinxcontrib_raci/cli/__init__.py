"""The command ``sphinx-raci``: arguments in, messages and exit codes out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sphinxcontrib_raci import __version__
from sphinxcontrib_raci.cli import check, completion, configuration, convert, insert
from sphinxcontrib_raci.cli.anything import anything
from sphinxcontrib_raci.cli.reports import Reports, fault
from sphinxcontrib_raci.cli.saving import put_out, save, silence
from sphinxcontrib_raci.files import read_regular
from sphinxcontrib_raci.model import Place, Problem, Reading
from sphinxcontrib_raci.settings import Settings
from sphinxcontrib_raci.sources import read, read_bytes
from sphinxcontrib_raci.wording import quoted
from sphinxcontrib_raci.writers import FORMATS

FINE, PROBLEMS, USAGE, INTERRUPTED = 0, 1, 2, 130

_DESCRIPTION = """\
Checks responsibility matrices (RACI), brings them from one format into another,
and helps to write them. Start with a page or a spreadsheet that you have:

  sphinx-raci convert services.xlsx -o services.raci.yaml
  sphinx-raci ids services.raci.yaml --write
  sphinx-raci check services.raci.yaml
"""
_CODES = """\
Messages go to standard error (those of check to standard output), one in each
line:
  file:line:column: level: text [code]

Exit codes: 0 all is fine, 1 there is an error or a warning, 2 the command was
not given as it should be.
"""
_CONVERT = """\
Reads matrices in any format that is known and writes them in another one. What
cannot be read, and what is read otherwise than it is written, is named with its
line: read the messages once, then look at the result.

examples:
  sphinx-raci convert page.md                      to standard output, as YAML
  sphinx-raci convert page.md -o page.raci.yaml
  sphinx-raci convert kms.raci.yaml -o kms.raci.xlsx
  sphinx-raci convert *.md -o sources/             a file for each page
  sphinx-raci convert book.xlsx -o sources/ --sheets matrices
  cat page.md | sphinx-raci convert - --from markdown
"""
_IDS = """\
Shows the activities whose ids are only made from their names: links to them
break when the name changes. With --write the ids are put into the file, and
nothing else in it is changed. For YAML, JSON and CSV.

examples:
  sphinx-raci ids kms.raci.yaml
  sphinx-raci ids sources/*.raci.yaml --write
"""
_SCHEMA = """\
Prints the JSON Schema of the source format, for editors that check and complete
YAML and JSON. With files, the schema also knows their parties and letters.

examples:
  sphinx-raci schema > raci.schema.json
  sphinx-raci schema sources/*.raci.yaml > raci.schema.json
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, those of the process where none are given; the exit code."""
    parser = _parser()
    try:
        args = parser.parse_args(argv)
        code = _run(args)
        if sys.stdout is not None:
            sys.stdout.flush()
    except SystemExit as end:  # argparse has said what there is to say
        return end.code if isinstance(end.code, int) else USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        silence()
        return PROBLEMS
    except OSError as error:
        silence()
        print(f'sphinx-raci: error: nothing more can be put out: {error.strerror or error}', file=sys.stderr)
        return PROBLEMS
    return code


def _run(args: argparse.Namespace) -> int:
    """The command that the arguments ask for."""
    with Reports(quiet=args.quiet) as reports:
        try:
            count: int = args.run(args, reports)
        except convert.Usage as error:
            args.parser.error(str(error))
        except configuration.Wrong as wrong:
            reports.extend(wrong.problems)
            return USAGE
        except BrokenPipeError:
            raise
        except Exception as error:
            reports.add(Problem(Place(reports.current or 'sphinx-raci'), fault(error), 'fault'))
            count = len(reports.files)
        return PROBLEMS if reports.summary(count) else FINE


def _convert(args: argparse.Namespace, reports: Reports) -> int:
    if args.output == '':
        raise convert.Usage("'-o' needs a file or a folder")
    options = convert.Options(
        sources=tuple(args.sources),
        output=args.output or '',
        to=args.to or '',
        from_=args.from_ or '',
        force=args.force,
        sheets=args.sheets,
        base_url=args.base_url,
        terminal=bool(sys.stdout and sys.stdout.isatty()),
        settings=anything(args.config),
    )
    plan = convert.plan(options)
    reports.extend(plan.problems)
    if not plan.problems:

        def run(number: int) -> None:
            done = convert.run(plan.jobs[number], options)
            reports.extend(done.problems)
            put_out(done.output)

        _each([job.name for job in plan.jobs], reports, run)
    return len(args.sources)


def _each(names: Sequence[str], reports: Reports, run: Callable[[int], None]) -> None:
    """Deal with each file; a fault that one of them brings to light does not keep the next from its turn."""
    for number, name in enumerate(names):
        reports.start(name, len(names))
        try:
            run(number)
        except BrokenPipeError:
            raise
        except Exception as error:
            reports.add(Problem(Place(name), fault(error), 'fault'))


def _ids(args: argparse.Namespace, reports: Reports) -> int:
    settings = anything(args.config)

    def run(number: int) -> None:
        name = args.files[number]
        reading = read(Path(name), settings=settings)
        # Of all that a reader tells, only errors concern the ids.
        reports.extend(problem for problem in reading.problems if problem.level == 'error')
        if args.write and reading.matrix and insert.derived(reading.matrix):
            _write_ids(name, settings, reports)
        elif reading.matrix:
            reports.extend(_derived(name, reading))

    _each(args.files, reports, run)
    return len(args.files)


def _derived(name: str, reading: Reading) -> Iterator[Problem]:
    for activity in insert.derived(reading.matrix) if reading.matrix else ():
        text = f'{quoted(activity.name)} has the id {quoted(activity.id)} only by its name, and loses it with the name'
        yield Problem(Place(name, activity.line, activity.column), text, 'derived', 'warning')


def _write_ids(name: str, settings: Settings, reports: Reports) -> None:
    path = Path(name)
    try:
        data = read_regular(path)
        change = insert.insert_ids(data, name, read_bytes(data, name, settings), settings)
        if read_regular(path) != data:
            raise insert.Refused('somebody else has changed the file meanwhile; run the command again')
        save(path, change.data)
    except insert.Refused as refused:
        reports.add(Problem(Place(name), f'no ids are written: {refused}', 'refused'))
    except OSError as error:
        reports.add(Problem(Place(name), f'the file cannot be written: {error.strerror or error}', 'write'))
    else:
        reports.extend(change.problems)
        for activity in change.written:
            text = f'{quoted(activity.name)} has the id {quoted(activity.id)} from now on'
            reports.add(Problem(Place(name, activity.line, activity.column), text, 'written', 'info'))


def _schema(args: argparse.Namespace, reports: Reports) -> int:
    if not args.files:
        put_out(completion.schema_text().encode())
        return 0
    settings = anything(args.config)
    matrices = []
    for name in args.files:
        reports.start(name, len(args.files))
        reading = read(Path(name), settings=settings)
        reports.extend(problem for problem in reading.problems if problem.level == 'error')
        if reading.matrix is not None:
            matrices.append(reading.matrix)
    if matrices:
        schema = completion.completed(matrices)
        put_out((json.dumps(schema, indent=2, ensure_ascii=False) + '\n').encode())
    return len(args.files)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog='sphinx-raci',
        description=_DESCRIPTION,
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('--version', action='version', version=f'sphinx-raci {__version__}')
    commands = parser.add_subparsers(title='commands', metavar='COMMAND', required=True)

    command = _command(commands, 'convert', 'bring a matrix from one format into another', _CONVERT, _convert)
    command.add_argument('sources', metavar='SOURCE', nargs='+', help="a file to read; '-' is standard input")
    command.add_argument(
        '-o', '--output', metavar='TARGET', help='the file, or the folder, to write; a folder ends in /'
    )
    command.add_argument('--to', choices=FORMATS, help="the format to write (otherwise TARGET's, or yaml)")
    command.add_argument('--from', dest='from_', choices=FORMATS, help='the format of standard input')
    command.add_argument('--force', action='store_true', help='overwrite what exists')
    command.add_argument(
        '--sheets',
        choices=('sections', 'matrices'),
        default='sections',
        help='what the sheets of a spreadsheet are: sections of one matrix (the default), or matrices of their own',
    )
    command.add_argument('--base-url', metavar='URL', default='', help='what links without a host are relative to')

    command = _command(commands, 'ids', 'show ids that are only derived, or write them into the file', _IDS, _ids)
    command.add_argument('files', metavar='FILE', nargs='+', help='a source')
    command.add_argument('--write', action='store_true', help='put the ids into the files')

    command = _command(commands, 'schema', 'print the JSON Schema of the source format', _SCHEMA, _schema)
    command.add_argument('files', metavar='FILE', nargs='*', help='a source whose parties and letters are completed')

    command = _command(commands, 'check', check.SUMMARY, check.DESCRIPTION, check.run, check.EPILOG)
    check.add_arguments(command)
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    summary: str,
    description: str,
    run: Callable[[argparse.Namespace, Reports], int],
    epilog: str = _CODES,
) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name,
        help=summary,
        description=description,
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument(
        '-c',
        '--config',
        metavar='FILE',
        help='a conf.py, its folder, or a pyproject.toml (by default the nearest that has our table)',
    )
    command.add_argument('-q', '--quiet', action='store_true', help='show errors and warnings only')
    command.set_defaults(run=run, parser=command)
    return command

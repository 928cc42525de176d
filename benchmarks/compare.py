"""Compare the cost of responsibility matrices: with the extension, written by hand, and without any.

Three Sphinx projects of the same content are written to a temporary folder and built in turn, each time from nothing
and in a fresh process. The medians of what the builds took are printed, with their ratios.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from content import make_content
from measure import BuildError, Results, measure_all
from projects import WRITERS
from report import comparison, machine, scaling, single_runs, write_rst


def positive(text: str) -> int:
    """A number of at least one, for argparse."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f'{text} is less than 1')
    return number


def sizes(text: str) -> list[int]:
    """Two numbers of activities or more, for argparse."""
    numbers = [positive(part) for part in text.split(',')]
    if len(set(numbers)) < 2:
        raise argparse.ArgumentTypeError('at least two different sizes are needed, as in 5000,20000')
    return numbers


def project_names(text: str) -> list[str]:
    """Names of projects, for argparse."""
    names = text.split(',')
    if unknown := [name for name in names if name not in WRITERS]:
        raise argparse.ArgumentTypeError(f'{unknown[0]!r} is not one of {", ".join(WRITERS)}')
    return names


def make_parser() -> argparse.ArgumentParser:
    """The options of the command."""
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add('--activities', type=positive, default=5000, metavar='N', help='rows of all matrices together (%(default)s)')
    add('--documents', type=positive, metavar='N', help='documents, each with one matrix (activities / 50)')
    add('--parties', type=positive, default=2, metavar='N', help='columns, and party pages (%(default)s)')
    add('--builders', type=lambda text: text.split(','), default=['html', 'latex'], metavar='LIST', help='html,latex')
    add('--projects', type=project_names, default=list(WRITERS), metavar='LIST', help=','.join(WRITERS))
    add('--runs', type=positive, default=3, metavar='N', help='builds of each project that count (%(default)s)')
    add('--jobs', type=positive, default=1, metavar='N', help='parallel processes of one build (%(default)s)')
    add('--scale', type=sizes, metavar='LIST', help='sizes, as 5000,20000: net cost per activity of the first project')
    add('--folder', type=Path, help='keep the projects in this folder (new or empty)')
    add('--rst', type=Path, metavar='FILE', help='write the tables to this file as well')
    return parser


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options, complete and fitting each other."""
    parser = make_parser()
    args = parser.parse_args(arguments)
    args.documents = args.documents or max(args.activities // 50, 1)
    if args.scale and ('bare' not in args.projects or args.projects[0] == 'bare'):
        parser.error('--scale compares the first of --projects with bare: both are needed')
    if args.folder and args.folder.exists() and any(args.folder.iterdir()):
        parser.error(f'{args.folder} is not empty')
    return args


@contextmanager
def work_folder(folder: Path | None) -> Iterator[Path]:
    """The folder that is asked for, or one that vanishes afterwards."""
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder.resolve()
    else:
        with tempfile.TemporaryDirectory(prefix='raci-benchmark-') as name:
            yield Path(name).resolve()


def write_projects(folder: Path, args: argparse.Namespace, names: Sequence[str], activities: int) -> dict[str, Path]:
    """Write some projects of one size; the number of activities per document is that of the options."""
    documents = max(args.documents * activities // args.activities, 1)
    content = make_content(activities, documents, args.parties)
    folders = {name: folder / f'{name}-{activities}' for name in names}
    for name, target in folders.items():
        WRITERS[name](target, content)
    return folders


def compare(folder: Path, args: argparse.Namespace) -> Iterator[str]:
    """Build all projects at the size asked for."""
    projects = write_projects(folder, args, args.projects, args.activities)
    for builder in args.builders:
        results = measure_all(projects, builder, args.runs, args.jobs)
        yield from comparison(builder, results)
        yield from single_runs(results)


def scale(folder: Path, args: argparse.Namespace) -> Iterator[str]:
    """Build the first project and the bare one at several sizes, all in turn."""
    names = (args.projects[0], 'bare')
    written = {size: write_projects(folder, args, names, size) for size in args.scale}
    projects = {f'{name} {size}': path for size, paths in written.items() for name, path in paths.items()}
    for builder in args.builders:
        results = measure_all(projects, builder, args.runs, args.jobs)
        by_size: dict[int, Results] = {size: {name: results[f'{name} {size}'] for name in names} for size in args.scale}
        yield from scaling(builder, names[0], by_size)
        yield from single_runs(results)


def describe(args: argparse.Namespace) -> Iterator[str]:
    """What was measured, and where."""
    yield f'{args.activities:,} activities in {args.documents:,} documents, {args.parties} parties,'
    yield f'medians of {args.runs} runs, ``-j {args.jobs}``.'
    yield from (machine(), '')


def report(folder: Path, args: argparse.Namespace) -> Iterator[str]:
    """All lines of the report, each as soon as it is known."""
    yield from describe(args)
    yield from compare(folder, args)
    if args.scale:
        yield from scale(folder, args)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write the report if that is asked for."""
    args = parse(arguments)
    lines = []
    try:
        with work_folder(args.folder) as folder:
            for line in report(folder, args):
                print(line, flush=True)
                lines.append(line)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    if args.rst:
        write_rst(args.rst, '\n'.join(lines))
    return 0


if __name__ == '__main__':
    sys.exit(main())

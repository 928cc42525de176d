"""Compare the cost of responsibility matrices: with the extension, with its peers, written by hand, and without any.

Sphinx projects of the same content are written to a temporary folder and built in turn, each time in a fresh process.
The medians of what the builds took are printed, with their ratios.  What is compared is installed into an environment
of its own, benchmarks/.venv.
"""

import argparse
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import environment
from content import Content, make_content, reworded
from measure import Build, BuildError, Sample, builds, measure
from projects import WRITERS, edit_project, write_project
from report import BARE, OURS, Report, machine, write_rst
from same import differences

SIZES = [1_000, 5_000, 20_000, 100_000]
SEVERAL_UP_TO = 5_000  # activities: larger sizes are built once
PEERS_UP_TO = 20_000  # activities: larger sizes are built with the extension and bare alone
WORDS = ('Revise', 'Refresh')  # an edit puts one of them, in turn, in the place of another word


def positive(text: str) -> int:
    """A number of at least one, for argparse."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f'{text} is less than 1')
    return number


def sizes(text: str) -> list[int]:
    """Numbers of activities, for argparse."""
    return sorted({positive(part) for part in text.split(',')})


def names_of(known: Sequence[str]) -> Callable[[str], list[str]]:
    """Some of the names that are known, in their order, for argparse."""

    def names(text: str) -> list[str]:
        wanted = text.split(',')
        if unknown := [name for name in wanted if name not in known]:
            raise argparse.ArgumentTypeError(f'{unknown[0]!r} is not one of {", ".join(known)}')
        return [name for name in known if name in wanted]

    return names


def make_parser() -> argparse.ArgumentParser:
    """The options of the command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add, kinds = parser.add_argument, list(builds(2))
    add('--quick', action='store_true', help='one run of 500 activities, unless told otherwise')
    add('--sizes', type=sizes, metavar='LIST', help=f'numbers of activities ({",".join(map(str, SIZES))})')
    add('--runs', type=positive, metavar='N', help=f'builds that count, of sizes up to {SEVERAL_UP_TO:,} (3)')
    add('--projects', type=names_of(list(WRITERS)), metavar='LIST', default=list(WRITERS), help=','.join(WRITERS))
    add(
        '--builds', type=names_of(kinds), metavar='LIST', default=kinds, help=f'html is always built: {",".join(kinds)}'
    )
    add('--jobs', type=positive, default=2, metavar='N', help='processes of the parallel build (%(default)s)')
    add('--limit', type=positive, default=600, metavar='S', help='seconds after which a build is ended (%(default)s)')
    add('--per-document', type=positive, default=50, metavar='N', help='activities in one document (%(default)s)')
    add('--parties', type=positive, default=2, metavar='N', help='columns, and party pages (%(default)s)')
    add('--folder', type=Path, help='keep the projects in this folder (new or empty)')
    add('--rst', type=Path, metavar='FILE', help='write the tables to this file as well')
    return parser


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The options, complete and fitting each other."""
    parser = make_parser()
    args = parser.parse_args(arguments)
    args.sizes = args.sizes or ([500] if args.quick else SIZES)
    args.runs = args.runs or (1 if args.quick else 3)
    args.kinds = [build for name, build in builds(args.jobs).items() if name in ['html', *args.builds]]
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


class Comparison:
    """Writes the projects, builds them in turn, and keeps what was measured."""

    def __init__(self, folder: Path, args: argparse.Namespace) -> None:
        self.folder, self.args = folder, args
        self.samples: dict[tuple[int, Build, str], list[Sample]] = {}
        self.late: set[tuple[str, Build]] = set()

    def content(self, size: int) -> Content:
        return make_content(size, max(size // self.args.per_document, 1), self.args.parties)

    def project(self, name: str, size: int) -> Path:
        return self.folder / f'{name}-{size}'

    def work(self, name: str) -> Path:
        """Where all builds of a project put what they make."""
        return self.folder / 'work' / name

    def check(self) -> None:
        """Build every project without counting, and once more after an edit, to see that all of them say the same."""
        size = min(self.args.sizes)
        known = builds(self.args.jobs)
        content = self.content(size)
        for name in self.args.projects:
            for build, meant in ((known['html'], content), (known['edit'], reworded(content, WORDS[-1]))):
                edit_project(name, self.project(name, size), meant)
                if self.build(build, name, size).late:
                    break
                if name != BARE and (found := list(differences(meant, self.work(name) / 'output'))):
                    raise BuildError('\n'.join([f'{name}, {build.title}, does not say what it should:', *found[:20]]))

    def measure(self, size: int) -> None:
        """Build all projects of one size, in turn."""
        names = [name for name in self.args.projects if size <= PEERS_UP_TO or name in (OURS, BARE)]
        content = self.content(size)
        for name in names:
            write_project(name, self.project(name, size), content)
        for run in range(self.args.runs if size <= SEVERAL_UP_TO else 1):
            edited = reworded(content, WORDS[run % len(WORDS)])
            for name in names:
                for build in self.args.kinds:
                    self.measure_one(build, name, size, edited)

    def measure_one(self, build: Build, name: str, size: int, edited: Content) -> None:
        """Build a project once, unless this or what it goes on from has taken too long before."""
        if {(name, build), (name, self.args.kinds[0])} & self.late:
            return
        if build.edit:
            edit_project(name, self.project(name, size), edited)
        sample = self.build(build, name, size)
        if sample.late:
            self.late.add((name, build))
        self.samples.setdefault((size, build, name), []).append(sample)

    def build(self, build: Build, name: str, size: int) -> Sample:
        """Build a project, and say how long that took."""
        sample = measure(build, self.project(name, size), self.work(name), self.args.limit)
        print(f'{size:,} activities, {name}, {build.title}: {sample.time:.1f} s', file=sys.stderr, flush=True)
        return sample


def describe(args: argparse.Namespace) -> Iterator[str]:
    """What was measured, where, and how."""
    yield f'``{shlex.join(["python", "benchmarks/compare.py", *sys.argv[1:]])}``'
    yield ''
    yield machine()
    yield from environment.versions()
    yield f'{args.per_document} activities in a document, {args.parties} parties.'
    yield f'Runs of each build up to {SEVERAL_UP_TO:,} activities: {args.runs}, above: 1; ended after {args.limit} s.'
    yield ''


def report(folder: Path, args: argparse.Namespace) -> Iterator[str]:
    """All lines of the report, each as soon as it is known."""
    yield from describe(args)
    comparison = Comparison(folder, args)
    comparison.check()
    for size in args.sizes:
        comparison.measure(size)
        if size in (known := Report(comparison.samples)).sizes:
            yield from known.of_size(size)
    yield from known.gains(args.kinds[0], [build for build in args.kinds if build.jobs > 1])
    if not {OURS, BARE} <= set(args.projects):
        return
    if later := [build for build in args.kinds if not build.fresh]:
        yield from known.again(later)
    if len(args.sizes) > 1:
        yield from known.scaling([build for build in args.kinds if build.fresh and build.jobs == 1])


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write the report if that is asked for."""
    args = parse(arguments)
    lines = []
    try:
        environment.prepare()
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

"""Whose time is it that an activity costs, and that it costs more where there are very many?

Builds the projects ``raci`` and ``bare`` of compare.py in both sizes under Python's profiler, and prints for each
package the microseconds that it adds to ``bare``, per activity::

   $ python benchmarks/profiled.py
   $ python benchmarks/profiled.py --sizes 5000,20000

What the standard library does counts for the package that calls it; packages with less than a hundredth of all are left
out.  The profiler makes all times two to three times as long: only their shares mean something.  The default takes a
quarter of an hour.
"""

import argparse
import pstats
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import environment
from content import make_content
from measure import BuildError
from projects import write_project
from report import BARE, OURS, simple_table

PER_DOCUMENT, PARTIES = 50, 2
CODE = """
import cProfile, gc, sys, time
from sphinx.cmd.build import main

profiler, spent, begun = cProfile.Profile(), 0.0, 0.0

def collected(phase, info):
    global spent, begun
    if phase == 'start':
        begun = time.perf_counter()
    else:
        spent += time.perf_counter() - begun

gc.callbacks.append(collected)
profiler.enable()
code = main(sys.argv[2:])
profiler.disable()
profiler.dump_stats(sys.argv[1])
print(spent, file=sys.stderr)
sys.exit(code)
"""
"""A build under the profiler; in its last line the seconds of the garbage collector, unknown to the profiler."""
COLLECTOR = '(of all of it: garbage collector)'
ALL = 'all'


def package(path: str) -> str:
    """The package that a file of Python belongs to; nothing for the standard library."""
    parts = Path(path).parts
    if 'sphinxcontrib_raci' in parts:
        return 'sphinxcontrib_raci'
    return parts[parts.index('site-packages') + 1] if 'site-packages' in parts else ''


def times(stats: pstats.Stats) -> Counter[str]:
    """The seconds of each package, with those of the standard library that it calls itself."""
    found: Counter[str] = Counter()
    for (path, _line, _name), (_calls, _all_calls, own, _cumulative, callers) in stats.stats.items():  # type: ignore[attr-defined]
        if package(path) or not callers:
            found[package(path)] += own
            continue
        # For each caller: how often, of which not nested, and the seconds that were its own.
        total = sum(caller[2] for caller in callers.values())
        for (caller, *_), (*_, seconds, _cumulative) in callers.items():
            found[package(caller)] += own * seconds / total if total else 0
    return found


def profiled(name: str, size: int, folder: Path) -> Counter[str]:
    """The seconds of each package in one build, and of all."""
    content = make_content(size, max(size // PER_DOCUMENT, 1), PARTIES)
    project, result = folder / f'{name}-{size}', folder / 'result'
    write_project(name, project, content)
    options = ['-q', '-W', '-j', '1', '-d', f'{project}-doctrees', str(project), f'{project}-html']
    command = [str(environment.PYTHON), '-c', CODE, str(result), *options]
    done = subprocess.run(command, env=environment.variables(), check=False, capture_output=True, text=True)
    if done.returncode:
        raise BuildError(done.stderr)
    found = times(pstats.Stats(str(result)))
    found[ALL] = found.total()
    found[COLLECTOR] = float(done.stderr.split()[-1])
    print(f'{size:,} activities, {name}: {found[ALL]:.0f} s', file=sys.stderr, flush=True)
    return found


def main() -> int:
    """Profile, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--sizes', default='5000,100000', metavar='A,B', help='two numbers of activities (%(default)s)')
    small, large = sorted(map(int, parser.parse_args().sizes.split(',')))
    environment.prepare()
    costs: dict[int, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as name:
        for size in (small, large):
            costs[size] = profiled(OURS, size, Path(name))
            costs[size].subtract(profiled(BARE, size, Path(name)))
    rows = []
    for who in costs[large]:
        each = [costs[size][who] / size * 1_000_000 for size in (small, large)]
        rows.append((who or 'standard library', *each, each[1] - each[0]))
    rows.sort(key=lambda row: (row[0] in (ALL, COLLECTOR), -row[3]))
    least = rows[-1][2] / 100
    body = [[who, *(f'{number:.0f}' for number in numbers)] for who, *numbers in rows if max(numbers) >= least]
    print('\n'.join(simple_table(['microseconds per activity', f'{small:,}', f'{large:,}', 'more'], body)))
    return 0


if __name__ == '__main__':
    sys.exit(main())

"""Build Sphinx projects in child processes and measure them."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

CHECKOUT = Path(__file__).resolve().parent.parent
MEGABYTE = 1_000_000
MAXRSS_UNIT = 1 if sys.platform == 'darwin' else 1024


class BuildError(Exception):
    """A build that did not end well; what it said is the argument."""


@dataclass(frozen=True)
class Sample:
    """What one build took: seconds and megabytes (1 MB = 1,000,000 bytes)."""

    time: float
    cpu: float
    memory: float
    doctrees: float
    environment: float
    output: float

    @property
    def pickles(self) -> float:
        """Doctrees and environment together."""
        return self.doctrees + self.environment


@dataclass(frozen=True)
class Measure:
    """One number of a sample, with its title and unit."""

    title: str
    unit: str
    of: Callable[[Sample], float]


MEASURES = (
    Measure('time', 's', lambda sample: sample.time),
    Measure('CPU time', 's', lambda sample: sample.cpu),
    Measure('peak memory', 'MB', lambda sample: sample.memory),
    Measure('doctrees', 'MB', lambda sample: sample.doctrees),
    Measure('environment', 'MB', lambda sample: sample.environment),
    Measure('doctrees + environment', 'MB', lambda sample: sample.pickles),
    Measure('output', 'MB', lambda sample: sample.output),
)

Results = dict[str, list[Sample]]


def middle(samples: list[Sample], measure: Measure) -> float:
    """The median of one measure over the runs of a project."""
    return median(measure.of(sample) for sample in samples)


def measure_all(projects: Mapping[str, Path], builder: str, runs: int, jobs: int) -> Results:
    """Build the projects in turn, after one build of each that does not count."""
    results: Results = {name: [] for name in projects}
    for run in range(runs + 1):
        for name, folder in projects.items():
            sample = measure_build(folder, builder, jobs)
            kind = f'run {run} of {runs}' if run else 'warm-up'
            print(f'{builder}, {kind}, {name}: {sample.time:.1f} s', file=sys.stderr, flush=True)
            if run:
                results[name].append(sample)
    return results


def measure_build(folder: Path, builder: str, jobs: int) -> Sample:
    """Build a project from nothing, in a fresh process and fresh folders."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as name:
        work = Path(name)
        log, output, doctrees = work / 'log', work / 'output', work / 'doctrees'
        options = ['-q', '-E', '-a', '-n', '-W', '--keep-going', '-T', '-j', str(jobs), '-d', str(doctrees)]
        command = [sys.executable, '-m', 'sphinx', '-b', builder, *options, str(folder), str(output)]
        seconds, usage = run(command, folder, log)
        return Sample(
            time=seconds,
            cpu=usage.ru_utime + usage.ru_stime,
            memory=usage.ru_maxrss * MAXRSS_UNIT / MEGABYTE,
            doctrees=size(doctrees, '*.doctree'),
            environment=size(doctrees, 'environment.pickle'),
            output=size(output, '*'),
        )


def run(command: list[str], folder: Path, log: Path) -> tuple[float, resource.struct_rusage]:
    """Run a command to its end: wall time and what the system counted; it has to end well."""
    with log.open('wb') as stream:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment(), stdout=stream, stderr=stream)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    text = log.read_text(encoding='utf-8', errors='replace')
    if process.returncode or 'ERROR: ' in text:
        raise BuildError(f'{" ".join(command)}\nended with exit code {process.returncode}\n{text}')
    return seconds, usage


def environment() -> dict[str, str]:
    """The variables of a build; the extension is that of this checkout."""
    path = os.pathsep.join(filter(None, [str(CHECKOUT), os.environ.get('PYTHONPATH')]))
    return {**os.environ, 'PYTHONPATH': path}


def size(folder: Path, pattern: str) -> float:
    """Megabytes of all files below a folder whose names fit a pattern."""
    return sum(path.stat().st_size for path in folder.rglob(pattern) if path.is_file()) / MEGABYTE

"""Run the builds of a project in child processes, and measure them."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import environment

MEGABYTE = 1_000_000
MAXRSS_UNIT = 1 if sys.platform == 'darwin' else 1024
EVERY = 0.25  # seconds between two looks at the memory of parallel processes


class BuildError(Exception):
    """A build that did not end well; what it said is the argument."""


@dataclass(frozen=True)
class Sample:
    """What one build took: seconds and megabytes (1 MB = 1,000,000 bytes); of one that took too long, the limit."""

    time: float
    late: bool = False
    cpu: float = 0
    memory: float = 0
    doctrees: float = 0
    environment: float = 0
    output: float = 0
    largest: float = 0
    written: int = 0


@dataclass(frozen=True)
class Measure:
    """One number of a sample, with its title and unit."""

    title: str
    unit: str
    of: Callable[[Sample], float]


TIME = Measure('time', 's', lambda sample: sample.time)
CPU = Measure('CPU time', 's', lambda sample: sample.cpu)
MEMORY = Measure('peak memory', 'MB', lambda sample: sample.memory)
DOCTREES = Measure('doctrees', 'MB', lambda sample: sample.doctrees)
ENVIRONMENT = Measure('environment', 'MB', lambda sample: sample.environment)
PICKLES = Measure('doctrees + environment', 'MB', lambda sample: sample.doctrees + sample.environment)
OUTPUT = Measure('output', 'MB', lambda sample: sample.output)
LARGEST = Measure('largest page', 'MB', lambda sample: sample.largest)
WRITTEN = Measure('pages written', '', lambda sample: sample.written)


@dataclass(frozen=True)
class Build:
    """A kind of build: from nothing, or after another one in the same folders."""

    title: str
    builder: str
    measures: tuple[Measure, ...]
    jobs: int = 1
    fresh: bool = True
    edit: bool = False


def builds(jobs: int) -> dict[str, Build]:
    """All kinds of builds, in the order in which they are made; the second and the third go on from the first."""
    return {
        'html': Build('html', 'html', (TIME, CPU, MEMORY, DOCTREES, ENVIRONMENT, PICKLES, OUTPUT, LARGEST)),
        'no-edit': Build('no edit', 'html', (TIME, CPU, WRITTEN), fresh=False),
        'edit': Build('one edit', 'html', (TIME, CPU, WRITTEN), fresh=False, edit=True),
        'parallel': Build(f'html -j {jobs}', 'html', (TIME, CPU, MEMORY), jobs=jobs),
        'latex': Build('latex', 'latex', (TIME, CPU, MEMORY, OUTPUT)),
    }


def measure(build: Build, project: Path, work: Path, limit: float) -> Sample:
    """Build a project in a fresh process, into a folder for such work; a build of its own from nothing."""
    if build.fresh:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
    output, doctrees = work / 'output', work / 'doctrees'
    options = ['-q', '-n', '-W', '--keep-going', '-T', '-j', str(build.jobs), '-d', str(doctrees)]
    command = [str(environment.PYTHON), '-m', 'sphinx', '-b', build.builder, *options, str(project), str(output)]
    begin = time.time_ns()
    seconds, usage, together = run(command, project, work / 'log', limit, watched=build.jobs > 1)
    if usage is None:
        return Sample(seconds, late=True)
    pages = [path.stat() for path in output.rglob('*.html')]
    return Sample(
        time=seconds,
        cpu=usage.ru_utime + usage.ru_stime,
        memory=max(together, usage.ru_maxrss * MAXRSS_UNIT) / MEGABYTE,
        doctrees=size(doctrees, '*.doctree'),
        environment=size(doctrees, '*') - size(doctrees, '*.doctree'),
        output=size(output, '*'),
        largest=max((page.st_size for page in pages), default=0) / MEGABYTE,
        written=sum(page.st_mtime_ns >= begin for page in pages),
    )


def run(
    command: list[str], folder: Path, log: Path, limit: float, *, watched: bool
) -> tuple[float, resource.struct_rusage | None, int]:
    """Run a command to its end, which has to be a good one: wall time, what the system counted, bytes of all processes.

    At the limit it is ended, and nothing was counted.  Memory of all processes is looked at only if that is asked for.
    """
    with log.open('wb') as stream:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment.variables(), stdout=stream, stderr=stream, start_new_session=True
        )
        watch = Watch(process.pid, start + limit, watched=watched)
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:  # nobody waits any more: Ctrl-C
            os.killpg(process.pid, signal.SIGKILL)
            raise
        seconds = time.perf_counter() - start
        watch.end()
    process.returncode = os.waitstatus_to_exitcode(status)
    if watch.late:
        return limit, None, 0
    text = log.read_text(encoding='utf-8', errors='replace')
    if process.returncode or 'ERROR: ' in text:
        raise BuildError(f'{" ".join(command)}\nended with exit code {process.returncode}\n{text}')
    return seconds, usage, watch.peak


class Watch(threading.Thread):
    """Looks at a process and its children until it ends, and ends it at a certain time."""

    def __init__(self, pid: int, until: float, *, watched: bool) -> None:
        super().__init__(daemon=True)
        self.pid, self.until, self.every = pid, until, EVERY if watched else None
        self.peak, self.late = 0, False
        self.ended = threading.Event()
        self.start()

    def run(self) -> None:
        left = self.until - time.perf_counter()
        while not self.ended.wait(min(left, self.every or left)):
            left = self.until - time.perf_counter()
            if left <= 0:
                self.late = True
                with suppress(ProcessLookupError):
                    os.killpg(self.pid, signal.SIGKILL)
                return
            self.peak = max(self.peak, memory(self.pid))

    def end(self) -> None:
        """The process is gone."""
        self.ended.set()
        self.join()


def memory(pid: int) -> int:
    """Bytes of a process and its children, where the system tells; a page that they share counts once."""
    folder = Path('/proc', str(pid))
    try:
        lines = (folder / 'smaps_rollup').read_text().splitlines()
        children = (folder / 'task' / str(pid) / 'children').read_text().split()
    except OSError:
        return 0
    own = sum(int(line.split()[1]) * 1024 for line in lines if line.startswith('Pss:'))
    return own + sum(memory(int(child)) for child in children)


def size(folder: Path, pattern: str) -> float:
    """Megabytes of all files below a folder whose names fit a pattern."""
    return sum(path.stat().st_size for path in folder.rglob(pattern) if path.is_file()) / MEGABYTE

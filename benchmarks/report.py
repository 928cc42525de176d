"""Tables of what was measured: plain text that is reStructuredText as well."""

import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

from measure import CPU, MEMORY, OUTPUT, PICKLES, TIME, Build, Measure, Sample

BEGIN, END = '.. results: begin', '.. results: end'
OURS, BARE = 'raci', 'bare'
SCALED = (TIME, CPU, MEMORY, PICKLES, OUTPUT)
FROM = 5_000  # activities: below, what one of them costs is lost in what a build costs

Samples = Mapping[tuple[int, Build, str], Sequence[Sample]]  # by size, build and project


def machine() -> str:
    """What the numbers come from."""
    info = Path('/proc/cpuinfo')
    lines = info.read_text(encoding='utf-8').splitlines() if info.exists() else []
    names = [line.partition(':')[2].strip() for line in lines if line.startswith('model name')]
    return ', '.join([f'{platform.system()} {platform.machine()}', f'{os.cpu_count()} CPUs', *names[:1]]) + '.'


def title(text: str) -> list[str]:
    return [text, '~' * len(text), '']


def simple_table(head: Sequence[str], body: Sequence[Sequence[str]]) -> list[str]:
    """A simple table of reStructuredText; all columns but the first are set right."""
    widths = [max(map(len, column)) for column in zip(head, *body, strict=True)]
    border = '  '.join('=' * width for width in widths)
    lines = [table_line(row, widths) for row in (head, *body)]
    return [border, lines[0], border, *lines[1:], border, '']


def table_line(row: Sequence[str], widths: Sequence[int]) -> str:
    """The cells of a row, side by side; an empty cell is a hyphen."""
    cells = [cell or '-' for cell in row]
    return '  '.join([cells[0].ljust(widths[0]), *map(str.rjust, cells[1:], widths[1:])])


class Report:
    """What was measured, as tables."""

    def __init__(self, samples: Samples) -> None:
        self.samples = samples
        self.sizes = sorted({size for size, _, _ in samples})
        self.builds = list(dict.fromkeys(build for _, build, _ in samples))

    def projects(self, size: int) -> list[str]:
        """The projects that were built at a size, in order."""
        return list(dict.fromkeys(project for other, _, project in self.samples if other == size))

    def late(self, size: int, build: Build, project: str) -> bool:
        """Did a build take so long that it was ended?"""
        return any(sample.late for sample in self.samples.get((size, build, project), ()))

    def middle(self, size: int, build: Build, project: str, measure: Measure) -> float | None:
        """The median of one measure, if there is one."""
        samples = self.samples.get((size, build, project))
        if not samples or self.late(size, build, project):
            return None
        return median(measure.of(sample) for sample in samples)

    def rows(self) -> Iterator[tuple[str, Build, Measure]]:
        """What there is to show of each size."""
        for build in self.builds:
            for measure in build.measures:
                yield f'{build.title}: {measure.title}' + f', {measure.unit}' * bool(measure.unit), build, measure

    def of_size(self, size: int) -> Iterator[str]:
        """All tables of one size."""
        projects = self.projects(size)
        yield from title(f'{size:,} activities')
        body = [
            [name, *(self.cell(size, build, measure, project) for project in projects)]
            for name, build, measure in self.rows()
        ]
        yield from simple_table(['medians', *projects], body)
        if runs := list(self.single_runs(size)):
            yield from (*runs, '')
        peers = [project for project in projects if project not in (OURS, BARE)]
        if OURS in projects and peers:
            yield from self.shares(size, peers)

    def cell(self, size: int, build: Build, measure: Measure, project: str) -> str:
        """A median as text."""
        if self.late(size, build, project):
            return f'> {self.samples[size, build, project][-1].time:.0f}' if measure is TIME else ''
        value = self.middle(size, build, project, measure)
        return text(value, 2 if measure.unit else 0)

    def single_runs(self, size: int) -> Iterator[str]:
        """The times that the medians were taken from, if they are more than one: how far they can be trusted."""
        for build in self.builds:
            runs = {project: self.samples.get((size, build, project), ()) for project in self.projects(size)}
            if max(map(len, runs.values())) > 1:
                times = (f'{name} {", ".join(f"{run.time:.1f}" for run in samples)}' for name, samples in runs.items())
                yield f'* {build.title}, times of the single runs, s: {"; ".join(times)}.'

    def shares(self, size: int, peers: list[str]) -> Iterator[str]:
        """What the extension takes, as a share of what each peer takes; of the first, also net of the bare project."""
        net = [f'{peers[0]}, net of {BARE}'] * (BARE in self.projects(size))
        body = []
        for name, build, measure in self.rows():
            ours, first, bare = (self.middle(size, build, project, measure) for project in (OURS, peers[0], BARE))
            shares = (self.share_of(size, build, measure, peer) for peer in peers)
            body.append([name, *shares, *(share(ours, first, bare or 0) for _ in net)])
        yield from simple_table([f'{OURS} / other', *peers, *net], body)

    def share_of(self, size: int, build: Build, measure: Measure, peer: str) -> str:
        """The share of one peer; of one that took too long, what it is less than."""
        ours = self.middle(size, build, OURS, measure)
        if measure is TIME and self.late(size, build, peer):
            return f'< {share(ours, self.samples[size, build, peer][-1].time)}' if ours else ''
        return share(ours, self.middle(size, build, peer, measure))

    def gains(self, single: Build, parallel: Sequence[Build]) -> Iterator[str]:
        """How many times as fast each project is built in parallel."""
        projects = self.projects(self.sizes[0])
        for build in parallel:
            body = [[f'{size:,} activities', *self.gains_of(size, single, build, projects)] for size in self.sizes]
            yield from title(f'What {build.title.removeprefix("html ")} gains')
            yield from simple_table([f'time of {single.title} / time of {build.title}', *projects], body)

    def gains_of(self, size: int, single: Build, parallel: Build, projects: list[str]) -> Iterator[str]:
        """The gains of all projects at one size."""
        for project in projects:
            yield share(self.middle(size, single, project, TIME), self.middle(size, parallel, project, TIME))

    def scaling(self, builds: Sequence[Build]) -> Iterator[str]:
        """What one activity costs net of the bare project, and how much that rises from the first size to the last."""
        several = [size for size in self.sizes if size >= FROM]
        sizes = several if len(several) > 1 else self.sizes
        yield from title(f'What one activity costs, net of {BARE}')
        for build in builds:
            body = [self.scaling_row(sizes, build, measure) for measure in SCALED]
            yield from simple_table([f'{build.title}, {OURS}', *(f'{size:,}' for size in sizes), 'rise'], body)

    def scaling_row(self, sizes: Sequence[int], build: Build, measure: Measure) -> list[str]:
        """One measure at each size."""
        nets = ((size, self.net(size, build, measure)) for size in sizes)
        costs = [None if net is None else net / size * 1000 for size, net in nets]
        unit = {'s': 'ms', 'MB': 'kB'}[measure.unit]
        return [f'{measure.title}, {unit}', *(text(cost, 3) for cost in costs), share(costs[-1], costs[0])]

    def again(self, builds: Sequence[Build]) -> Iterator[str]:
        """What it costs to build again, net of the bare project, at each size."""
        body = [
            [f'{build.title}: {measure.title}, s', *(text(self.net(size, build, measure), 2) for size in self.sizes)]
            for build in builds
            for measure in (TIME, CPU)
        ]
        yield from title(f'What it costs to build again, net of {BARE}')
        yield from simple_table([OURS, *(f'{size:,}' for size in self.sizes)], body)

    def net(self, size: int, build: Build, measure: Measure) -> float | None:
        """How much more one measure is than with the bare project."""
        ours, bare = (self.middle(size, build, project, measure) for project in (OURS, BARE))
        return None if ours is None or bare is None else ours - bare


def text(number: float | None, digits: int) -> str:
    """A number as text, if there is one."""
    return '' if number is None else f'{number:.{digits}f}'


def share(first: float | None, second: float | None, net: float = 0) -> str:
    """A ratio, or nothing where it would mean nothing."""
    if first is None or second is None or second <= net:
        return ''
    return text((first - net) / (second - net), 2)


def write_rst(path: Path, text: str) -> None:
    """Write the report to a file; if that has a marked place for it, only there."""
    old = path.read_text(encoding='utf-8') if path.exists() else ''
    before, begin, rest = old.partition(BEGIN)
    _, end, after = rest.partition(END)
    if begin and end:
        text = f'{before}{begin}\n\n{text}\n{end}{after}'
    path.write_text(text, encoding='utf-8')

"""Tables of what was measured: plain text that is reStructuredText as well."""

import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path

import docutils
import sphinx
from measure import MEASURES, Measure, Results, middle

BEGIN, END = '.. results: begin', '.. results: end'
Rows = Sequence[Sequence[str]]


def machine() -> str:
    """Where the numbers come from."""
    versions = f'Python {platform.python_version()}, Sphinx {sphinx.__version__}, docutils {docutils.__version__}'
    return f'{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs, {versions}.'


def simple_table(rows: Rows) -> list[str]:
    """A simple table of reStructuredText; the first row is its head, all columns but the first are set right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    border = '  '.join('=' * width for width in widths)
    head, *body = (table_line(row, widths) for row in rows)
    return [border, head, border, *body, border, '']


def table_line(row: Sequence[str], widths: Sequence[int]) -> str:
    """The cells of a row, side by side; an empty cell is a hyphen."""
    cells = [cell or '-' for cell in row]
    return '  '.join([cells[0].ljust(widths[0]), *map(str.rjust, cells[1:], widths[1:])])


def ratio(first: float, second: float) -> str:
    """A ratio, or nothing where it would mean nothing."""
    return f'{first / second:.2f}' if second > 0 else ''


def comparison(builder: str, results: Results) -> list[str]:
    """The medians of the projects beside each other, and their ratios."""
    ours, by_hand = 'raci' in results, 'list-table' in results
    head = [builder, *results]
    head += ['raci / list-table'] * (ours and by_hand) + ['net of bare'] * (ours and by_hand and 'bare' in results)
    return simple_table([head, *(comparison_row(measure, results) for measure in MEASURES)])


def comparison_row(measure: Measure, results: Results) -> list[str]:
    """One measure: the median of each project, the ratio, and the ratio without Sphinx's own share."""
    medians = {name: middle(samples, measure) for name, samples in results.items()}
    row = [f'{measure.title}, {measure.unit}', *(f'{value:.2f}' for value in medians.values())]
    ours, by_hand, bare = map(medians.get, ('raci', 'list-table', 'bare'))
    if ours is not None and by_hand is not None:
        row.append(ratio(ours, by_hand))
        if bare is not None:
            row.append(ratio(ours - bare, by_hand - bare))
    return row


def single_runs(results: Results) -> list[str]:
    """The times that the medians were taken from: how far they can be trusted."""
    runs = (f'{name} {", ".join(f"{sample.time:.1f}" for sample in runs)}' for name, runs in results.items())
    return [f'Times of the single runs, s: {"; ".join(runs)}.', '']


def scaling(builder: str, project: str, results: Mapping[int, Results]) -> list[str]:
    """What one activity of a project costs net of Sphinx's own share, at each size, and how much that rises."""
    head = [f'{builder}, {project}, net per activity', *(f'{size:,}' for size in results), 'rise']
    return simple_table([head, *(scaling_row(measure, project, results) for measure in MEASURES)])


def scaling_row(measure: Measure, project: str, results: Mapping[int, Results]) -> list[str]:
    """One measure at each size; the rise is that of the last size over the first."""
    costs = [
        (middle(sizes[project], measure) - middle(sizes['bare'], measure)) / size * 1000
        for size, sizes in results.items()
    ]
    unit = {'s': 'ms', 'MB': 'kB'}[measure.unit]
    return [f'{measure.title}, {unit}', *(f'{cost:.3f}' for cost in costs), ratio(costs[-1], costs[0])]


def write_rst(path: Path, text: str) -> None:
    """Write the report to a file; if that has a marked place for it, only there."""
    old = path.read_text(encoding='utf-8') if path.exists() else ''
    before, begin, rest = old.partition(BEGIN)
    _, end, after = rest.partition(END)
    if begin and end:
        text = f'{before}{begin}\n\n{text}\n{end}{after}'
    path.write_text(text, encoding='utf-8')

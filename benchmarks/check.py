"""How long does ``sphinx-raci check`` take?

Writes made-up sources to a temporary folder, checks that folder with the command of this checkout, and prints the
seconds that each run took from start to end::

   $ python benchmarks/check.py
   $ python benchmarks/check.py --files 200 --activities 500 --format sarif

By default 1,000 files of 50 activities; one activity in ten breaks a rule.  The goal is five seconds on two processors.
A first run, which warms up the file system, does not count.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

CHECKOUT = Path(__file__).resolve().parent.parent
VERBS = ('Order', 'Renew', 'Install', 'Upgrade', 'Monitor', 'Back up', 'Restore', 'Replace', 'Describe', 'Approve')
THINGS = ('the servers', 'the network', 'the accounts', 'the certificates', 'the logs', 'the licences')
LETTERS = ('customer: RA, provider: I', 'customer: I, provider: RA', 'customer: A, provider: R, auditor: C')


def source(number: int, activities: int) -> str:
    """A source in sections of ten activities."""
    rng = random.Random(number)
    lines = ['raci: 1', f'title: Service {number}', 'parties:']
    lines += ['  customer: Customer', '  provider: {name: Provider, description: Runs it}', '  auditor: Auditor']
    lines += ['sections:']
    for index in range(activities):
        if index % 10 == 0:
            lines += [f'  - title: Part {index // 10 + 1}', '    activities:']
        who = 'customer: RA, provider: RA' if index % 10 == 9 else rng.choice(LETTERS)
        name = f'{rng.choice(VERBS)} {rng.choice(THINGS)} as the contract says, step {index + 1}'
        lines += [f'      - id: step-{index + 1}', f'        name: {name}', f'        who: {{{who}}}']
        if rng.random() < 0.1:
            lines += ['        note: Within one working day of the request.']
    return '\n'.join(lines) + '\n'


def timed(folder: Path, fmt: str, expected: int) -> float:
    """The seconds of one run; it must find something."""
    path = os.pathsep.join(filter(None, [str(CHECKOUT), os.environ.get('PYTHONPATH')]))
    command = [sys.executable, '-m', 'sphinxcontrib_raci', 'check', '--format', fmt, '-o', '../result', '.']
    start = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, 'PYTHONPATH': path}, capture_output=True, check=False, text=True
    )
    seconds = time.perf_counter() - start
    if done.returncode != 1 or f'{expected} warning' not in done.stderr:
        sys.exit(f'the command did not find what it should:\n{done.stderr}')
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--files', type=int, default=1_000)
    parser.add_argument('--activities', type=int, default=50, help='in each file; ten at least')
    parser.add_argument('--runs', type=int, default=3)
    parser.add_argument('--format', default='text', choices=('text', 'json', 'sarif', 'github'))
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, 'sources')
        folder.mkdir()
        for number in range(args.files):
            text = source(number, args.activities)
            (folder / f'service-{number}.raci.yaml').write_text(text, encoding='utf-8')
        times = [timed(folder, args.format, args.files * (args.activities // 10)) for _run in range(args.runs + 1)][1:]
    print(f'{args.files:,} files of {args.activities} activities, {os.cpu_count()} processors: {median(times):.2f} s')
    print(f'single runs: {", ".join(f"{seconds:.2f}" for seconds in times)} s')


if __name__ == '__main__':
    main()

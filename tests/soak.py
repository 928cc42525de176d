"""Look for builds that leave other bytes than a clean one, for as long as you like.

``python tests/soak.py --steps 3000`` edits projects by chance and compares after each edit; ``--minutes`` ends it
earlier.  ``--kill 300`` kills so many builds instead and looks at what the next one leaves.  ``--seed`` repeats a run:
without it, the number is chosen by chance.  What is found is printed, and the command ends with 1.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from pathlib import Path
from random import Random

from conftest import Project
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from machine import Machine
from processes import Kills

RUN = 25
"""So many edits are made of one project, before the next begins anew."""


def edited(number: int) -> str:
    """Edit some projects, as the number says; what went wrong."""
    phases = [Phase.generate]
    how = settings(database=None, deadline=None, phases=phases, suppress_health_check=list(HealthCheck))
    machine = seed(number)(type(f'Machine{number}', (Machine,), {}))
    try:
        run_state_machine_as_test(machine, settings=settings(how, max_examples=4, stateful_step_count=RUN))
    except AssertionError as error:
        return '\n'.join([*traceback.format_exception_only(error), f'(--seed {number})'])
    return ''


def edit(steps: int, minutes: float, number: int) -> bool:
    """Edit projects; whether all was well."""
    start = time.monotonic()
    wrong = ''
    while Machine.steps < steps and time.monotonic() - start < 60 * minutes and not wrong:
        wrong = edited(number)
        print(f'seed {number}: {Machine.steps} edits in {time.monotonic() - start:.0f} s', flush=True)
        number += 1
    print(wrong)
    return not wrong


def kill(rounds: int, minutes: float, number: int) -> bool:
    """Kill builds; whether all was well."""
    start = time.monotonic()
    done = 0
    while done < rounds and time.monotonic() - start < 60 * minutes:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder, 'here', 'docs')
            place.mkdir(parents=True)
            kills = Kills(Project(place), Random(number))
            for _round in range(RUN):
                wrong = kills.round()
                done += 1
                if wrong:
                    print(f'{wrong}(--seed {number})')
                    return False
        print(
            f'seed {number}: {kills.killed} builds killed, {done} rounds in {time.monotonic() - start:.0f} s',
            flush=True,
        )
        number += 1
    return True


def main() -> int:
    """Run as the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--steps', type=int, default=3000, help='so many edits')
    parser.add_argument('--kill', type=int, default=0, help='so many rounds of builds that are killed, and no edits')
    parser.add_argument('--minutes', type=float, default=float('inf'), help='no longer than this')
    parser.add_argument('--seed', type=int, default=Random().randrange(10**6), help='what chance depends on')
    given = parser.parse_args()
    if given.kill:
        return 0 if kill(given.kill, given.minutes, given.seed) else 1
    return 0 if edit(given.steps, given.minutes, given.seed) else 1


if __name__ == '__main__':
    sys.exit(main())

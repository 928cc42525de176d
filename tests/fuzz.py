"""Give readers what no person would write, for as long as is wanted: ``python tests/fuzz.py all --seconds 600``.

With atheris (``pip install -e '.[fuzz,test]'``) inputs are led by which lines of the readers they reach; where it is
not installed, hypothesis makes them alone, and the command says so.  Of each fault one input is kept, made small, in
the folder that is named at the end; put it into ``tests/fuzz_cases``, where the tests find it, and mend the fault.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import nullcontext
from importlib.util import find_spec
from pathlib import Path
from random import Random

TESTS = Path(__file__).parent
sys.path[:0] = [str(TESTS), str(TESTS.parent)]
CHILD = '--in-this-process'
PACKAGE = 'sphinxcontrib_raci'
LONGEST = 8192
"""So many bytes an input has that is led by what it reaches; an archive has ten times as many."""
SHARE_OF_LARGE = 0.2

ATHERIS = find_spec('atheris') is not None
led = nullcontext()
# Nothing else: what is led is some three times slower, and the time of large inputs counts.
if ATHERIS and sys.argv[-2:] == [CHILD, 'atheris']:
    import atheris

    led = atheris.instrument_imports(include=[PACKAGE])
with led:
    from fuzz_found import Found
    from fuzz_inputs import KINDS, READERS, Edit, Reader, edited
    from fuzz_large import on_pages, with_large


# -- where inputs come from --------------------------------------------------------------------------------------------


def with_atheris(reader: Reader, found: Found, seconds: float, folder: Path) -> None:
    """Inputs that are led by what they reach.  This ends the process."""
    known = folder / f'{reader.name}-corpus'
    known.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(reader.seeds()):
        (known / f'seed-{number}').write_bytes(seed)
    words = folder / f'{reader.name}.dict'
    words.write_text(''.join(f'"{_escaped(token)}"\n' for token in reader.tokens))

    def change(data: bytes, most: int, seed: int) -> bytes:
        random = Random(seed)

        def mutated(part: bytes) -> bytes:
            if random.random() < 0.5:
                return bytes(atheris.Mutate(part, max(len(part) * 2, 64)))
            return edited(part, random_edits(reader, random))

        new = reader.changed(data, random.randrange(10**6), mutated)
        return new if len(new) <= most else data[:most]

    last = [time.monotonic()]

    def run(data: bytes) -> None:
        found.try_(data)
        if time.monotonic() > last[0] + 1:
            last[0] = time.monotonic()
            report(reader, found, folder)

    options = [
        f'-max_total_time={int(seconds)}',
        f'-max_len={LONGEST * (10 if reader.name == "xlsx" else 1)}',
        '-timeout=100',
        f'-dict={words}',
        f'-artifact_prefix={folder}/',
    ]
    options += ['-rss_limit_mb=0', '-verbosity=0', '-len_control=0', str(known)]
    atheris.Setup([sys.argv[0], *options], run, custom_mutator=change)
    atheris.Fuzz()


def _escaped(token: bytes) -> str:
    return ''.join(f'\\x{byte:02x}' for byte in token)


def random_edits(reader: Reader, random: Random) -> list[Edit]:
    """Some changes."""
    return [
        Edit(
            random.choice(KINDS),
            random.randrange(1001),
            random.choice((0, 0, 1, 4, 20, 100)),
            random.choice(reader.tokens),
        )
        for _ in range(random.randint(1, 5))
    ]


def with_hypothesis(reader: Reader, found: Found, seconds: float) -> None:
    """Inputs that hypothesis makes of the seeds."""
    from hypothesis import HealthCheck, given, seed, settings
    from hypothesis_inputs import inputs

    end = time.monotonic() + seconds
    number = time.time_ns()
    while time.monotonic() < end:
        number += 1

        @seed(number)
        @settings(max_examples=200, database=None, deadline=None, suppress_health_check=list(HealthCheck))
        @given(inputs(reader))
        def run(data: bytes) -> None:
            if time.monotonic() < end:
                found.try_(data)

        run()


# -- the command -------------------------------------------------------------------------------------------------------


def report(reader: Reader, found: Found, folder: Path) -> None:
    """Leave word of how far it is."""
    text = json.dumps([found.inputs, found.matrices, sorted(found.known)])
    (folder / f'{reader.name}.json').write_text(text)


def in_this_process(name: str, seconds: float, folder: Path, engine: str) -> None:
    """One way to get inputs for one reader."""
    reader = READERS[name]
    found = Found(reader, folder / 'found')
    if engine == 'atheris':
        with_atheris(reader, found, seconds, folder)
    elif engine == 'large':
        with_large(reader, found, seconds)
    elif engine == 'pages':
        on_pages(reader, found, folder)
    else:
        with_hypothesis(reader, found, seconds)
    report(reader, found, folder)


def engines(name: str, seconds: float, first: str) -> Iterator[tuple[str, float]]:
    """The ways to get inputs, and the time that each one has."""
    yield first, seconds * (1 - SHARE_OF_LARGE)
    yield 'large', seconds * SHARE_OF_LARGE
    if first == 'atheris' and name != 'config':
        yield 'pages', 0


def main() -> int:
    """Try the readers, and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        'readers', nargs='+', choices=[*READERS, 'all'], metavar=f'READER ({", ".join(READERS)} or all)'
    )
    parser.add_argument('--seconds', type=float, default=600, help='the time for each reader')
    parser.add_argument('--corpus', type=Path, help='the folder for inputs, kept for the next run')
    engine = 'atheris' if ATHERIS else 'hypothesis'
    parser.add_argument('--engine', choices=('atheris', 'hypothesis'), default=engine, help='what makes the inputs')
    parser.add_argument(CHILD, dest='child', help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        in_this_process(args.readers[0], args.seconds, args.corpus, args.child)
        return 0
    folder = args.corpus or Path(tempfile.mkdtemp(prefix='raci-fuzz-'))
    folder.mkdir(parents=True, exist_ok=True)
    if args.engine != 'atheris':
        why = '' if ATHERIS else 'atheris is not installed: '
        print(f'{why}inputs are made by hypothesis alone, and are not led by what they reach')
    names = READERS if 'all' in args.readers else args.readers
    faults = sum(run(name, args.seconds, folder, args.engine) for name in names)
    print(f'{faults} faults; inputs are in {folder}')
    return int(bool(faults))


def run(name: str, seconds: float, folder: Path, first: str) -> int:
    """Try one reader in processes of its own; how many faults there are."""
    faults = 0
    for engine, share in engines(name, seconds, first):
        state = folder / f'{name}.json'
        state.unlink(missing_ok=True)
        command = [sys.executable, __file__, name, '--seconds', str(share), '--corpus', str(folder), CHILD, engine]
        done = subprocess.run(command, capture_output=True, text=True, errors='replace')
        if not state.exists():
            print(done.stderr[-3000:])
            raise SystemExit(f'{name}: {engine} has failed')
        inputs, matrices, found = json.loads(state.read_text())
        # A process that is ended from outside, as for want of memory, is a fault too.
        faults += len(found) + (done.returncode != 0)
        print(
            f'{name}, {engine}: {inputs:,} inputs, {matrices:,} of them with a matrix, {len(found)} faults', flush=True
        )
        for text in found:
            print(f'    {text}')
        if done.returncode:
            print(done.stderr[-3000:])
    return faults


if __name__ == '__main__':
    sys.exit(main())

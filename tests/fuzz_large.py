"""What is too dear for each input: a megabyte in a process of its own, and pages of what was kept."""

from __future__ import annotations

import dataclasses
import gc
import json
import os
import tempfile
import time
from itertools import islice
from pathlib import Path
from random import Random
from string import punctuation, whitespace
from traceback import format_exception

from fuzz_found import Found, fault
from fuzz_inputs import SETTINGS, Reader
from fuzz_laws import SECONDS, configured

from sphinxcontrib_raci.sources import read_bytes
from sphinxcontrib_raci.writers import write

LARGE = 1_000_000
MEGABYTES = 500
CHARACTERS = f'{punctuation}{whitespace}aR1†¹–'
ON_PAGES = 60
"""So many matrices that were kept go through a build."""


def large(reader: Reader, random: Random) -> bytes:
    """An input of a megabyte, or of a tenth of it: something that is there again and again."""
    seed, size = random.choice(reader.seeds()), random.choice((LARGE, LARGE // 10, LARGE // 10))
    if reader.name == 'xlsx':
        return reader.changed(seed, random.randrange(1, 1000), lambda part: _grown(part, reader, random, size))
    return _grown(seed, reader, random, size)


def allowed(data: bytes) -> float:
    """The seconds that reading may take: five for a megabyte, three for a tenth, where quadratic costs show."""
    return SECONDS * max(len(data) / LARGE, 0.6)


def _grown(data: bytes, reader: Reader, random: Random, size: int) -> bytes:
    at = random.randrange(len(data) + 1)
    again = random.choice(
        (
            lambda: data[at : at + random.choice((1, 3, 10, 40, 200))],
            lambda: random.choice(CHARACTERS).encode(),
            lambda: random.choice(CHARACTERS).encode() + random.choice((b' ', b'a', b'\n')),
            lambda: random.choice(reader.tokens),
            lambda: random.choice(reader.tokens) + random.choice(reader.tokens),
            lambda: random.choice(reader.tokens) + b'\n' + random.choice(reader.tokens),
        )
    )()
    return (data[:at] + again * (size // max(len(again), 1) - 1) + data[at:])[:size]


def with_large(reader: Reader, found: Found, seconds: float) -> None:
    """Large inputs, each in a process of its own, of which time and memory are taken."""
    random = Random(time.time_ns())
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        data = large(reader, random)
        found.inputs += 1
        took, peak, why = cost(reader, data)
        if why or took > allowed(data) or peak > MEGABYTES:
            text = why or f'reading {len(data):,} bytes takes {took:.1f} seconds and {peak} MB'
            found.known.add(text)
            found.store(data, text)


def on_pages(reader: Reader, found: Found, folder: Path) -> None:
    """A documentation of what inputs that were kept hold, built as HTML, LaTeX and text."""
    from conftest import Project
    from pages import parse_whole

    paths = sorted((folder / f'{reader.name}-corpus').glob('*'))
    Random(0).shuffle(paths)
    readings = (read_bytes(path.read_bytes(), reader.file, SETTINGS) for path in paths)
    matrices = [reading.matrix for reading in islice((one for one in readings if one.matrix), ON_PAGES)]
    with tempfile.TemporaryDirectory() as place:
        project = Project(Path(place, 'docs')).conf(raci_party_pages='parties')
        project.write({'index.rst': 'Index\n=====\n\n.. toctree::\n   :glob:\n\n   m*\n   parties/*\n'})
        for number, matrix in enumerate(matrices):
            name = f'm{number}'
            source = write(dataclasses.replace(matrix, id=name), 'json', f'{name}.raci.json')
            page = f'Page\n====\n\n.. raci:: {name}\n   :layout: {("sections", "table")[number % 2]}\n   :filter:\n'
            project.write({f'{name}.raci.json': source, f'{name}.rst': page})
        found.inputs = found.matrices = len(matrices)
        try:
            for builder in ('html', 'latex', 'text'):
                result = project.build(builder)
                assert 'Traceback' not in '\n'.join(result.warnings), result.warnings
                for file in result.out.rglob('*.html'):
                    parse_whole(file.read_text('utf-8'))
        except Exception as error:
            found.known.add(fault(error))
            found.store(b'', ''.join(format_exception(error)))


def slowness() -> float:
    """How many times as long as a tenth of a second some ordinary work takes now.

    That is what it takes when nothing else is to be done, and twice as much where another process has the same core.
    """
    start = time.process_time()
    for number in range(60_000):
        json.loads(f'[{number}]')
    return 10 * (time.process_time() - start)


def cost(reader: Reader, data: bytes) -> tuple[float, int, str]:
    """The seconds and the megabytes that reading takes, and what else goes wrong.

    Seconds are those of a processor that has nothing else to do: what slows all work down now is taken out.
    """
    import resource  # There is none on Windows, where nobody asks for it.

    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (10 * SECONDS, 10 * SECONDS))
        # What the process had before is none of the costs, but Python would look through it now and then.
        gc.freeze()
        before, start, why = slowness(), time.process_time(), ''
        try:
            if reader.name == 'config':
                configured(data)
            else:
                read_bytes(data, reader.file, SETTINGS)
        except Exception as error:
            why = ''.join(format_exception(error))[-2000:]
        took = (time.process_time() - start) / max(1, (before + slowness()) / 2)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        os.write(send, json.dumps([took, peak, why]).encode())
        os._exit(0)
    os.close(send)
    with os.fdopen(receive, 'rb') as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return tuple(json.loads(answer)) if answer else (10.0 * SECONDS, 0, 'it does not end')

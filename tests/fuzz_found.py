"""Faults that fuzzing finds: of each one an input is kept, made small."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from traceback import extract_tb, format_exception

from fuzz_inputs import Reader
from fuzz_laws import obeys

PACKAGE = 'sphinxcontrib_raci'


class Found:
    """The faults that were found, one input of each, in a folder."""

    def __init__(self, reader: Reader, folder: Path) -> None:
        self.reader, self.folder = reader, folder
        self.known: set[str] = set()
        self.inputs = 0
        self.matrices = 0

    def try_(self, data: bytes) -> None:
        """Give an input to the reader; keep it where it brings a new fault to light."""
        self.inputs += 1
        try:
            self.matrices += obeys(self.reader, data) is not None
        except Exception as error:
            self.keep(data, error)

    def keep(self, data: bytes, error: Exception) -> None:
        """Make an input small that breaks a law, and keep it."""
        key = fault(error)
        if key in self.known:
            return
        self.known.add(key)
        data = smaller(data, lambda part: self.breaks(part, key))
        self.store(data, ''.join(format_exception(error)))

    def store(self, data: bytes, why: str) -> None:
        """Keep an input, and what it is that it breaks."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = blake2b(data, digest_size=4).hexdigest()
        suffix = Path(self.reader.file).suffix
        (self.folder / f'{self.reader.name}-{name}{suffix}').write_bytes(data)
        (self.folder / f'{self.reader.name}-{name}.txt').write_text(why, 'utf-8', 'backslashreplace')

    def breaks(self, data: bytes, key: str) -> bool:
        """Whether an input brings the same fault to light."""
        try:
            obeys(self.reader, data)
        except Exception as error:
            return fault(error) == key
        return False


def fault(error: Exception) -> str:
    """What tells one fault from another: a law by its words, an exception by its place."""
    frames = [frame for frame in extract_tb(error.__traceback__) if PACKAGE in frame.filename]
    place = f'{frames[-1].filename}:{frames[-1].lineno}' if frames else ''
    if isinstance(error, AssertionError) and not frames:
        # Without names and numbers, which differ from input to input.
        return re.sub(r"'[^']*'|\"[^\"]*\"|\d+|\S*/\S*", '…', str(error))[:80]
    return f'{type(error).__name__} {place}'


def smaller(data: bytes, still: Callable[[bytes], bool]) -> bytes:
    """What is left of an input after taking away what it does not need, within some seconds."""
    end = time.monotonic() + 10
    size = len(data) // 2
    while size and time.monotonic() < end:
        start = 0
        while start < len(data) and time.monotonic() < end:
            less = data[:start] + data[start + size :]
            if still(less):
                data = less
            else:
                start += size
        size //= 2
    return data

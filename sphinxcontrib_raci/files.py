"""Files of our own: nobody ever sees half of one, and one that cannot be read is one that is not there."""

from __future__ import annotations

import filecmp
import os
import pickle
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def write_atomically(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Put ``data`` into the file, folders included; a reader sees the old content or the new one.

    A file that holds it already is left alone.  Otherwise ``mode`` are the rights that the file gets.

    :raises OSError: where the file cannot be written.
    """
    write_pieces(path, (data,), mode)


def write_pieces(path: Path, pieces: Iterable[bytes], mode: int = 0o644) -> None:
    """As :func:`write_atomically`, for what is too long to be held as a whole.

    :raises OSError: where the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix='.raci-')
    try:
        with os.fdopen(handle, 'wb') as file:
            file.writelines(pieces)
        if path.is_file() and filecmp.cmp(name, path, shallow=False):
            os.unlink(name)
            return
        # mkstemp() makes files that only their owner may read; the next program may well be another user's.
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def load(path: Path) -> tuple[str, dict[str, Any]]:
    """The key and the entries that an earlier build stored there; empty ones where they cannot be read."""
    try:
        key, entries = pickle.loads(path.read_bytes())
    except Exception:  # For whatever reason: it can be made anew.
        return '', {}
    return key, entries


def store(path: Path, key: str, entries: Mapping[str, object]) -> None:
    """Keep entries for later builds, with a key that says what they belong to.

    :raises OSError: where the file cannot be written.
    """
    write_atomically(path, pickle.dumps((key, dict(entries)), pickle.HIGHEST_PROTOCOL))

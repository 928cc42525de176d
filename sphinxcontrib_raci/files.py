"""Files of our own: nobody ever sees half of one, and one that cannot be read is one that is not there."""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_atomically(path: Path, data: bytes, mode: int = 0o644, writer: str = '') -> None:
    """Put ``data`` into the file, folders included; a reader sees the old content or the new one.

    ``mode`` are the rights that the file gets, ``writer`` names who writes, for :func:`sweep`.

    :raises OSError: where the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix='.raci-', suffix=writer)
    try:
        with os.fdopen(handle, 'wb') as file:
            file.write(data)
        # mkstemp() makes files that only their owner may read; the next program may well be another user's.
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def sweep(folder: Path, writer: str = '') -> None:
    """Remove what is left in a folder of files that this writer was about to write when it was killed.

    :raises OSError: where one cannot be removed.
    """
    for path in folder.glob(f'.raci-*{writer}'):
        path.unlink(missing_ok=True)


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

"""Files: nobody ever sees half of one that is written here, and no pipe or device keeps a reader waiting."""

from __future__ import annotations

import errno
import filecmp
import os
import pickle
import re
import stat
import sys
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

LARGEST = 20_000_000
"""So many bytes of a file are of any use."""
DEVICES = re.compile(r'con|prn|aux|nul|com[0-9]|lpt[0-9]', re.IGNORECASE)
"""What no file or folder can be called on Windows, whatever follows after a dot."""
CHECKSUM = 16
"""So many bytes at the beginning of what is kept for later builds say whether the rest is as it was written."""


def read_regular(path: Path, most: int = LARGEST) -> bytes:
    """The bytes of a file; where it has more than ``most``, at least one more than that.

    :raises OSError: where it cannot be read, or is no regular file: a pipe or a device would never end.
    """
    _refuse_others(os.stat(path).st_mode)
    with open(path, 'rb', opener=_without_waiting) as file:
        # By now, it may be another one.
        status = os.fstat(file.fileno())
        _refuse_others(status.st_mode)
        data = file.read(min(status.st_size, most) + 1)
        # It may grow while it is read.
        return data if len(data) <= status.st_size else data + file.read(most + 1 - len(data))


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, 'O_NONBLOCK', 0))


def _refuse_others(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, 'it is a directory')
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, 'it is no regular file')


def write_atomically(
    path: Path, data: bytes, mode: int = 0o644, owner: tuple[int, int] | None = None, writer: str = ''
) -> None:
    """Put ``data`` into the file, folders included; a reader sees the old content or the new one.

    A file that holds it already is left alone.  Otherwise ``mode`` are the rights that the file gets, ``owner`` the ids
    of its user and group, where that is possible.  ``writer`` names who writes, for :func:`sweep`.

    :raises OSError: where the file cannot be written.
    """
    write_pieces(path, (data,), mode, owner, writer)


def write_pieces(
    path: Path,
    pieces: Iterable[bytes],
    mode: int = 0o644,
    owner: tuple[int, int] | None = None,
    writer: str = '',
) -> None:
    """As :func:`write_atomically`, for what is too long to be held as a whole.

    :raises OSError: where the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix='.raci-', suffix=writer)
    try:
        with os.fdopen(handle, 'wb') as file:
            file.writelines(pieces)
        if path.is_file() and filecmp.cmp(name, path, shallow=False):
            os.unlink(name)
            return
        if owner is not None:
            with suppress(OSError):
                os.chown(name, *owner)
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
        data = memoryview(read_regular(path, sys.maxsize))
        # A file that has changed may well be read, as something else.
        if data[:CHECKSUM] != _checksum(data[CHECKSUM:]):
            return '', {}
        key, entries = pickle.loads(data[CHECKSUM:])
    except (Exception, SystemExit):  # For whatever reason: it can be made anew.
        return '', {}
    sound = isinstance(key, str) and isinstance(entries, dict) and all(isinstance(name, str) for name in entries)
    return (key, entries) if sound else ('', {})


def dumped(key: str, entries: Mapping[str, object]) -> bytes:
    """What :func:`load` reads."""
    data = pickle.dumps((key, dict(entries)), pickle.HIGHEST_PROTOCOL)
    return _checksum(data) + data


def _checksum(data: bytes | memoryview) -> bytes:
    return blake2b(data, digest_size=CHECKSUM).digest()


def store(path: Path, key: str, entries: Mapping[str, object]) -> None:
    """Keep entries for later builds, with a key that says what they belong to.

    Where that is not possible, a warning says so, and there are none: out of date, they would be worse than that.
    """
    try:
        write_atomically(path, dumped(key, entries))
    except OSError as error:
        with suppress(OSError):
            path.unlink()
        _warn(path, error)


def _warn(path: Path, error: OSError) -> None:
    # The command writes files without waiting for Sphinx.
    from sphinx.util import logging

    from sphinxcontrib_raci.messages import _

    message = _('what the next build would take from this file cannot be kept, so it will take longer: %s')
    logger = logging.getLogger(__name__)
    logger.warning(message, error.strerror or error, location=f'{path}:', type='raci', subtype='page')

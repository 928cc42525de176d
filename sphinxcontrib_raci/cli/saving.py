"""Writing the files that a user names, and standard output."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

from sphinxcontrib_raci.files import write_atomically


def save(path: Path, data: bytes) -> None:
    """Write a file as a whole or not at all; a link stays one, and what may be done with the file stays so.

    :raises OSError: where the file cannot be written.
    """
    target = path.resolve()
    try:
        mode = stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mode = None
    if mode is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, 'the file may not be written', str(target))
    write_atomically(target, data, mode if mode is not None else 0o666 & ~_umask())


def put_out(data: bytes) -> None:
    """Write to standard output, just these bytes.

    :raises OSError: where that is not possible.
    """
    if data:
        if sys.stdout is None:
            raise OSError('standard output is closed')
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

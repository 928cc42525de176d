"""Writing the files that a user names, and standard output."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

from sphinxcontrib_raci.files import write_atomically


def save(path: Path, data: bytes) -> None:
    """Write a file as a whole or not at all; a link stays one, and whose the file is and what may be done with it too.

    :raises OSError: where the file cannot be written.
    """
    # Unlike resolve(), which has an error of its own for a link that leads to itself.
    target = Path(os.path.realpath(path))
    try:
        old = target.stat()
    except FileNotFoundError:
        write_atomically(target, data, 0o666 & ~_umask())
        return
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, 'it is write-protected', str(target))
    # Whoever runs the command as root, as in a container, must not take the file from its owner.
    owner = (old.st_uid, old.st_gid) if hasattr(os, 'chown') else None
    write_atomically(target, data, stat.S_IMODE(old.st_mode), owner)


def put_out(data: bytes) -> None:
    """Write to standard output, just these bytes.

    :raises OSError: where that is not possible.
    """
    if data:
        if sys.stdout is None:
            raise OSError('standard output is closed')
        try:
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except OSError:
            silence()
            raise


def silence() -> None:
    """Let what standard streams cannot take go nowhere: the interpreter would try it once more at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except OSError:
            os.dup2(nowhere, stream.fileno())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

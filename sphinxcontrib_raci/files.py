"""Writing files so that nobody ever sees half of one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, data: bytes) -> None:
    """Put ``data`` into the file, folders included; a reader sees the old content or the new one.

    :raises OSError: where the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix='.raci-')
    try:
        with os.fdopen(handle, 'wb') as file:
            file.write(data)
        # mkstemp() makes files that only their owner may read; the next program may well be another user's.
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise

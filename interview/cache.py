"""The cache: what can be made again is kept in a folder that may be emptied at any time.

One is believed only where nobody else could have put it, and one that cannot be written is not there the next time.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from interview.ownership import is_ours

MOST = 64 << 20  # bytes of one
ROOM = 64 << 20  # free bytes of a disk that are left to the person's own


def take(path: Path) -> bytes | None:
    """What was kept; None where there is nothing, or nothing that is surely our own."""
    try:
        return path.read_bytes() if path.is_file() and is_ours(path) and path.stat().st_size <= MOST else None
    except OSError:
        return None


def put(path: Path, data: bytes) -> None:
    """Keep `data`, whole or not at all, and not in the last room of a disk. Its folder is made where it is missing."""
    from shutil import disk_usage

    part = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        if disk_usage(next(filter(Path.exists, path.parents))).free < ROOM:
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not is_ours(path.parent):
            return
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink()

"""The ownership of files: what is believed unasked must be the person's own, and nobody else's to change."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def is_ours(path: Path) -> bool:
    """Is this file or folder our own, no link, and closed to others, and is every folder above it closed to them?"""
    if not hasattr(os, "getuid"):
        return True
    try:
        above = Path(os.path.realpath(path.parent))
        own = os.lstat(above / path.name)
        return is_closed(own) and own.st_uid == os.getuid() and all(map(leads_safely, (above, *above.parents)))
    except OSError:
        return False


def leads_safely(folder: Path) -> bool:
    """Nobody but us and root can put another file in the place of one in it."""
    found = os.lstat(folder)
    sticky = stat.S_ISDIR(found.st_mode) and bool(found.st_mode & stat.S_ISVTX)  # as /tmp: each moves only their own
    return found.st_uid in (0, os.getuid()) and (sticky or is_closed(found))


def is_closed(found: os.stat_result) -> bool:
    """No link, and not to be written by others; a group of the owner's own number is the owner's alone."""
    shared = stat.S_IWOTH if found.st_gid == os.getuid() else stat.S_IWOTH | stat.S_IWGRP
    return not stat.S_ISLNK(found.st_mode) and not found.st_mode & shared

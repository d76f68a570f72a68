"""Limits of a process's own: what it may map, and how much of it there is."""

from __future__ import annotations

import os
from pathlib import Path

RECENT = 2000  # characters of what one request printed


def lower(which: int, value: int) -> None:
    import resource

    _, hard = resource.getrlimit(which)
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (bound, bound))


def mapped() -> int:
    """Bytes of address space in use now, or a generous guess where /proc is missing. Ask before it is closed."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 2 << 30

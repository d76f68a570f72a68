"""The whole file: one that is written entirely or not at all, and one that grows; each is named when it cannot be."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """An OSError in here names `path`: a full disk says no name of its own."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def append(path: Path, data: bytes) -> None:
    """At once, for two processes may append; what is no file is not waited for. An OSError names it."""
    with naming(path):
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0), 0o600)
        with open(descriptor, "ab", buffering=0) as file:  # noqa: PTH123
            file.write(data)


def write_whole(path: Path, data: bytes) -> None:
    """`path` holds all of `data`, or what it held before; an OSError names it."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with naming(path):
            part.write_bytes(data)
            part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)

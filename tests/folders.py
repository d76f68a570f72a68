"""Folders that are in the way, without rights or nested too deep to be named; and one to start from."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from users import NOBODY

import interview
from interview.cli.world import shipped


@contextmanager
def folder_of_nobody() -> Iterator[Path]:
    """A folder of an ordinary user's, and this process that user for so long: root may enter everything."""
    with tempfile.TemporaryDirectory(prefix="interview-") as name:
        Path(name).chmod(0o777)
        if os.geteuid() != 0:
            yield Path(name)
            return
        os.seteuid(NOBODY)
        try:
            yield Path(name)
        finally:
            os.seteuid(0)


@contextmanager
def nested(place: Path, depth: int, *, name: str = "folder") -> Iterator[None]:
    """So many folders in one another below `place`; gone afterwards, for little else can remove them."""
    try:
        at = os.open(place, os.O_RDONLY)
        for _ in range(depth):
            os.mkdir(name, dir_fd=at)
            inner = os.open(name, os.O_RDONLY, dir_fd=at)
            os.close(at)
            at = inner
        os.close(at)
        yield
    finally:
        subprocess.run(["rm", "-rf", place / name], check=True)


def small_site(folder: Path) -> Path:
    """The package as it is, of its content one deck and one kata: for PYTHONPATH, where commands are run by the dozen
    and each would read all that we ship."""
    package = folder / "interview"
    shutil.copytree(Path(interview.__file__).parent, package, ignore=shutil.ignore_patterns("_content"))
    (package / "_content" / "questions").mkdir(parents=True)
    for name in ("dropout.yaml", "references.yaml"):
        shutil.copy(shipped() / "questions" / name, package / "_content" / "questions")
    shutil.copytree(shipped() / "katas" / "dropout", package / "_content" / "katas" / "dropout")
    return folder

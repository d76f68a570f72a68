"""The packs that a person added: packs.txt in their folder, the path of one a line. Blank lines and # are theirs."""

from __future__ import annotations

import errno
import os
from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path

from interview.content.reading.problem import Problem
from interview.errors import in_chinese
from interview.whole_file import append, write_whole

FILE = "packs.txt"
HEAD = b"# Written by `interview pack`: a folder with questions/ or katas/ a line."
MOST = 1 << 20  # bytes of it


def added(home: Path) -> tuple[Path, ...]:
    """Their folders, be they there or not; what cannot be read of the file is `complaints`'."""
    return tuple(dict.fromkeys(Path(said) for _, said in lines(home) if is_whole(said)))


def complaints(home: Path) -> Iterator[Problem]:
    path = home / FILE
    try:
        read(home)
    except OSError as error:
        yield Problem(path, 1, f"cannot be read: {error.strerror}; no pack of it is known",
                      f"读不了：{in_chinese(error)}；里面的题包都不算")  # fmt: skip
    for number, said in lines(home):
        if not is_whole(said):
            yield Problem(path, number, f"`{said[:100]}` is no path from the root on; take the line out",
                          f"`{said[:100]}` 不是从根目录开始的路径；请删掉这一行")  # fmt: skip


def add(home: Path, pack: Path) -> None:
    """After what is there: two may be added at once. An OSError names the file."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    append(home / FILE, (b"" if (home / FILE).exists() else HEAD) + b"\n" + os.fsencode(pack))


def remove(home: Path, pack: Path) -> None:
    """Every line of it; the others stay as they are."""
    kept = [line for line in read(home).split(b"\n") if os.fsdecode(line.strip()) != str(pack)]
    write_whole(home / FILE, b"\n".join(kept))


def lines(home: Path) -> Iterator[tuple[int, str]]:
    try:
        data = read(home)
    except OSError:
        return
    for number, line in enumerate(data.removeprefix(BOM_UTF8).split(b"\n"), 1):
        said = os.fsdecode(line.strip())
        if said and not said.startswith("#"):
            yield number, said


def is_whole(said: str) -> bool:
    return Path(said).is_absolute() and "\0" not in said


def read(home: Path) -> bytes:
    """Nothing where there is no such file; an OSError where it cannot be read."""
    path = home / FILE
    if not os.path.lexists(path):
        return b""
    from interview.content.reading.source import read_regular

    data = read_regular(path, MOST)
    if data is None or len(data) > MOST:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    return data

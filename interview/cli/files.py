"""Output files: none is written that is there already, and none by halves."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from interview.cli.world import whole_path
from interview.errors import UsageError, in_chinese


def write_new(path: Path, write: Callable[[Path], object], *, force: bool) -> Path:
    """`write` fills a file beside `path`, which then takes its place."""
    path = whole_path(path)
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file in it", f"{path} 是文件夹；请给出其中的文件名")
    if os.path.lexists(path) and not force:
        raise UsageError(
            f"{path} is there already and was left as it is; --force writes over it",
            f"{path} 已经存在，没有改动；要覆盖请加 --force",
        )
    if path.exists() and not path.is_file():
        raise UsageError(
            f"{path} is no file that could be written over; name another", f"{path} 不是可以覆盖的文件；请换一个名字"
        )
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        write(part)
        part.replace(path)
    except OSError as error:
        if error.filename not in (None, str(part), str(path)):
            raise  # it is about what was to be read
        raise UsageError(
            f"{path} cannot be written: {error.strerror or error}", f"{path} 写不了：{in_chinese(error)}"
        ) from None
    finally:
        part.unlink(missing_ok=True)
    return path

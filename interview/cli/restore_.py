"""Bring the history back from a backup. What is there now is moved aside, not deleted.

FILE is what `interview backup` wrote, or one of the daily copies of the log in backups/ in the user's folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interview.cli.world import World
from interview.errors import UsageError
from interview.practice.archive import restore
from interview.printable import printable_json


def command(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The backup.")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object that says what was restored.")] = False,
) -> None:
    world: World = ctx.obj
    if not file.is_file():
        raise UsageError(f"there is no file {file}")
    contents, aside = restore(file, world.home(), world.now())
    if as_json:
        kept = str(aside) if aside else None
        said = {"schema": 1, "made": contents.made, "events": contents.events, "files": contents.files, "kept": kept}
        print(printable_json(said))
        return
    if world.lang == "zh":
        print(f"已恢复 {contents.events} 条记录，{contents.files} 个文件。" + (f"原有数据在 {aside}" if aside else ""))
    else:
        old = f" What was there is in {aside}" if aside else ""
        print(f"Restored {contents.events} events and {contents.files} files.{old}")

"""Write the whole history to one file: the log, the attempts, decks of your own, the preferences."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interview.cli.files import write_new
from interview.cli.history import tell
from interview.cli.world import World
from interview.practice.exchange.archive import Contents, back_up
from interview.report.files import backup_json
from interview.report.line import as_line
from interview.text import Text


def command(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object that says what was written.")] = False,
) -> None:
    world: World = ctx.obj
    made: list[Contents] = []
    path = write_new(file, lambda part: made.append(back_up(world.home(), part, world.now())), force=force)
    contents = made[0]
    if contents.unread:
        rows = len(contents.unread)
        unread = Text(
            f"rows that cannot be read, kept in the backup as they are: {rows}", f"有 {rows} 行读不懂，已原样放进备份"
        )
        tell(unread.say(world.lang))
    if as_json:
        print(as_line(backup_json(path, contents)))
    else:
        events, files = contents.events, contents.files
        said = Text(f"{path}: {events} events, {files} files.", f"{path}：{events} 条记录，{files} 个文件。")
        print(said.say(world.lang))

"""Bring the history back from a backup. What is there now is moved aside, not deleted.

FILE is what `interview backup` wrote, or one of the daily copies of the log in backups/ in the user's folder. You are
asked first when it holds less than the history that is there.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from interview.cli.settings import load_settings
from interview.cli.world import World
from interview.errors import UsageError
from interview.practice.archive import Contents, restore
from interview.printable import printable_json

LESS = {
    "en": "It holds {held} events, the history that is there {there}",
    "zh": "备份中有 {held} 条记录，现有历史有 {there} 条",
}
UNREAD = {"en": "{n} of its events cannot be read", "zh": "备份中有 {n} 条记录无法读取"}
ASK = {"en": "What is there is moved aside. Restore?", "zh": "现有数据会移到一旁。要恢复吗？"}


def command(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The backup.")],
    force: Annotated[bool, typer.Option("--force", help="Do not ask, even if it holds less than is there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object that says what was restored.")] = False,
) -> None:
    world: World = ctx.obj
    if not file.is_file():
        raise UsageError(f"there is no file {file}")

    def agree(contents: Contents, there: int) -> None:
        if not force:
            ask(world, file, contents, there)

    contents, aside = restore(file, world.home(), world.now(), check_settings=load_settings, agree=agree)
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


def ask(world: World, file: Path, contents: Contents, there: int) -> None:
    """Return if the person agrees to have less; raise UsageError if not, or if there is nobody to ask."""
    reasons = [LESS[world.lang].format(held=contents.events, there=there)] if contents.events < there else []
    reasons += [UNREAD[world.lang].format(n=len(contents.unread))] if contents.unread else []
    sentence = ("；" if world.lang == "zh" else "; ").join(reasons)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(f"{file}: {sentence}; --force restores it all the same, and nothing was changed")
    print(f"{sentence}. {ASK[world.lang]} [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise UsageError(f"{file} was not restored; nothing was changed")

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

WORDS = {
    "less": (
        "it holds {held} events, and the history that is there {there}",
        "备份有 {held} 条记录，现有历史有 {there} 条",
    ),
    "unread": ("{n} of its events cannot be read", "备份中有 {n} 条记录无法解读"),
    "ask": ("What is there is moved aside, not deleted. Restore it?", "现有数据会移到一旁，不会删除。要恢复吗？"),
}


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
    keys = [*(["less"] if contents.events < there else []), *(["unread"] if contents.unread else [])]

    def reasons(*, zh: bool) -> str:
        said = [WORDS[key][zh].format(held=contents.events, there=there, n=len(contents.unread)) for key in keys]
        return ("；" if zh else "; ").join(said)

    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(f"{file}: {reasons(zh=False)}: --force restores it all the same; nothing was changed")
    zh = world.lang == "zh"
    print(f"{file}: {reasons(zh=zh)}\n{WORDS['ask'][zh]} [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise UsageError(f"{file} was not restored; nothing was changed")

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
from interview.practice.exchange.archive import restore
from interview.report.files import restore_json
from interview.report.line import as_line

WORDS = {
    "less": (
        "it holds {held} events, and the history that is there {there}",
        "备份有 {held} 条记录，现有历史有 {there} 条",
    ),
    "ask": ("What is there is moved aside, not deleted. Restore it?", "现有数据会移到一旁，不会删除。要恢复吗？"),
}


def command(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The backup.")],
    force: Annotated[
        bool, typer.Option("--force", help="Also less than is there, or rows that cannot be read.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object that says what was restored.")] = False,
) -> None:
    world: World = ctx.obj
    if not file.is_file():
        raise UsageError(f"there is no file {file}", f"没有文件 {file}")

    contents, aside = restore(
        file,
        world.home(),
        world.now(),
        check_settings=load_settings,
        agree=lambda held, there: ask(file, held.events, there, zh=world.lang == "zh"),
        force=force,
    )
    if as_json:
        print(as_line(restore_json(contents, aside)))
        return
    if world.lang == "zh":
        print(f"已恢复 {contents.events} 条记录，{contents.files} 个文件。" + (f"原有数据在 {aside}" if aside else ""))
    else:
        old = f" What was there is in {aside}" if aside else ""
        print(f"Restored {contents.events} events and {contents.files} files.{old}")


def ask(file: Path, held: int, there: int, *, zh: bool) -> None:
    """Return if the person agrees to have less; raise UsageError if not, or if there is nobody to ask."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        less, less_zh = (said.format(held=held, there=there) for said in WORDS["less"])
        raise UsageError(
            f"{file}: {less}: --force restores it all the same; nothing was changed",
            f"{file}：{less_zh}；仍要恢复请加 --force；什么都没有改动",
        )
    print(f"{file}: {WORDS['less'][zh].format(held=held, there=there)}", file=sys.stderr)
    print(f"{WORDS['ask'][zh]} [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise UsageError(f"{file} was not restored; nothing was changed", f"没有恢复 {file}；什么都没有改动")

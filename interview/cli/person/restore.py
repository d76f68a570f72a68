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
from interview.text import Text


class RestoreWords:
    restored = Text("Restored {events} events and {files} files.", "已恢复 {events} 条记录，{files} 个文件。")
    old = Text(" What was there is in {aside}", "原有数据在 {aside}")
    less = Text(
        "it holds {held} events, and the history that is there {there}",
        "备份有 {held} 条记录，现有历史有 {there} 条",
    )
    ask = Text("What is there is moved aside, not deleted. Restore it?", "现有数据会移到一旁，不会删除。要恢复吗？")


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
        agree=lambda held, there: ask(file, held.events, there, lang=world.lang),
        force=force,
    )
    if as_json:
        print(as_line(restore_json(contents, aside)))
        return
    old = RestoreWords.old.say(world.lang, aside=aside) if aside else ""
    print(RestoreWords.restored.say(world.lang, events=contents.events, files=contents.files) + old)


def ask(file: Path, held: int, there: int, *, lang: str) -> None:
    """Return if the person agrees to have less; raise UsageError if not, or if there is nobody to ask."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        less, less_zh = (RestoreWords.less.say(each, held=held, there=there) for each in ("en", "zh"))
        raise UsageError(
            f"{file}: {less}: --force restores it all the same; nothing was changed",
            f"{file}：{less_zh}；仍要恢复请加 --force；什么都没有改动",
        )
    print(f"{file}: {RestoreWords.less.say(lang, held=held, there=there)}", file=sys.stderr)
    print(f"{RestoreWords.ask.say(lang)} [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise UsageError(f"{file} was not restored; nothing was changed", f"没有恢复 {file}；什么都没有改动")

"""The ladder of hints, `kata NAME --hint [N]`."""

from __future__ import annotations

from pathlib import Path

from interview.cli.katas.note import warn, why_not
from interview.cli.world import World
from interview.content.katas.kata_file import load_kata
from interview.errors import UsageError
from interview.practice.kata.workspace import hints_seen, next_hint, remember_hint
from interview.terminal.screens.hints import hint_lines
from interview.text import Text

NOT_REMEMBERED = Text("the next --hint shows this one again: {why}", "下次 --hint 还会显示这一条：{why}")


def show_hint(world: World, folder: Path, number: int | None) -> int:
    """The rungs seen since the last pass and the next one; or one of those seen, which moves nothing."""
    kata = load_kata(folder)
    home, console = world.home(), world.console()
    if number is not None:
        seen = hints_seen(home, kata.id)
        if not 1 <= number <= min(seen, len(kata.hints)):
            raise UsageError(
                f"hint {number} of {kata.id} has not been shown yet ({seen} so far): --hint alone shows the next one",
                f"{kata.id} 的第 {number} 条提示还没有显示过（已显示 {seen} 条）：只用 --hint 看下一条",
            )
    rung = next_hint(home, kata) if number is None else number - 1
    for line in hint_lines(kata, rung + 1, world.lang, console.width, first=number or 1):
        console.print(line, soft_wrap=True)
    if number is None:
        try:
            remember_hint(home, kata, rung)
        except OSError as error:
            warn(world, NOT_REMEMBERED, why_not(error, world.lang))
    return 0

"""The task: which kata is meant, whether its suite may run, and the file that is handed out."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from interview.cli.katas.note import note_blank
from interview.cli.world import World, is_our_suite
from interview.content.catalog import find_kata, kata_names, spelt
from interview.errors import UsageError
from interview.practice.kata.workspace import default_file, hand_out
from interview.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from interview.content.katas.kata import Kata


class TaskWords:
    written = Text("{file} is written: fill it in, then", "已写出 {file}：填好之后运行")
    kept = Text(
        "{file} is there already and was left as it is. To grade it:", "{file} 已经存在，没有改动。要判分请运行"
    )
    level = Text("level {level} · {minutes} minutes", "难度 {level} · {minutes} 分钟")


def list_them(world: World) -> int:
    for name in kata_names(world.roots()):
        world.console().print(name)
    return 0


def locate(world: World, name: str) -> Path:
    folder = find_kata(world.roots(), spelt(name, kata_names(world.roots())))
    if folder is None:
        from interview.content.reading.problem import did_you_mean

        known = kata_names(world.roots())
        raise UsageError(
            f"there is no kata `{name}`{did_you_mean(name, known) or '; `interview list` shows all'}",
            f"没有手写题 `{name}`{did_you_mean(name, known, 'zh') or '；`interview list` 列出全部'}",
        )
    return folder


def agree_to(world: World, folder: Path, *, given: bool) -> Mapping[str, str] | None:
    """A hidden suite runs with the person's rights: one that is not ours is named and asked about once.

    The files that were agreed to, so that no others run; None for our own.
    """
    if is_our_suite(folder):
        return None
    from interview.cli.trust import agree_to_suite

    return agree_to_suite(world, folder, given=given)


def give(world: World, folder: Path, path: Path) -> int:
    from interview.content.katas.kata_file import load_kata

    kata = load_kata(folder)
    new = hand_out(kata, path, world.lang)
    if new:
        note_blank(world, kata.id)
    console = world.console()
    from interview.terminal.text.prose import prose

    for line in prose(kata.prompt.say(world.lang).strip(), console.width):
        console.print(line, soft_wrap=True)
    console.print()
    console.print(TaskWords.level.say(world.lang, level=kata.level, minutes=kata.minutes), style="dim")
    shown = path.name if path.parent == Path.cwd() else str(path)
    console.print((TaskWords.written if new else TaskWords.kept).say(world.lang, file=shown))
    extra = "" if path == default_file(kata.id) else f" --file {shlex.quote(shown)}"
    console.print(f"  interview kata {kata.id} --check{extra}", style="bold")
    return 0


def asked_checks(kata: Kata, names: Sequence[str]) -> tuple[str, ...]:
    """The checks of `--only`, by their ids, each once; a `-` will do for a `_`."""
    known = [each.id for each in kata.checks]
    asked = dict.fromkeys(spelt(name.replace("-", "_"), known) for name in names)
    for name in asked:
        if name not in known:
            from interview.content.reading.problem import did_you_mean, printable

            shown = printable(name)
            raise UsageError(
                f"{kata.id} has no check `{shown}`{did_you_mean(name, known) or '.'} It has: {', '.join(known)}",
                f"{kata.id} 没有检查 `{shown}`{did_you_mean(name, known, 'zh') or '。'}全部检查：{'、'.join(known)}",
            )
    return tuple(asked)


def check_seed(seed: str | None) -> None:
    if seed is not None and not (seed.isdecimal() and seed.isascii() and len(seed) < 20 and int(seed) < 1 << 63):
        raise UsageError(
            f"--seed is a number below 2**63, as a verdict prints it, not {seed!r}",
            f"--seed 是判分时显示的、小于 2**63 的数，不能是 {seed!r}",
        )

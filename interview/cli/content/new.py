"""Begin a kata or a deck: a skeleton that is whole and sound, with a mark at all that is still to be written.

It goes to katas/NAME, or questions/NAME.yaml, of the current folder, or of the pack that --in names; nothing that is
there is touched. `interview lint` of it lists what remains, line by line.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from interview.cli.completing import complete_what
from interview.cli.world import World, each_once, is_ours, shipped, whole_path
from interview.content.cards import skeleton as deck
from interview.content.catalog import deck_files, is_kata, kata_folders
from interview.content.katas import skeleton as kata
from interview.content.reading.problem import short
from interview.errors import UsageError
from interview.printable import printable_line
from interview.report.files import NewDeckJson, NewKataJson
from interview.report.line import as_line
from interview.text import Text


class What(StrEnum):
    KATA = "kata"
    DECK = "deck"


def command(
    ctx: typer.Context,
    what: Annotated[What, typer.Argument(help="What to begin.", autocompletion=complete_what)],
    name: Annotated[str, typer.Argument(help="Its name: a-z, 0-9 and `-`.")],
    within: Annotated[
        Path | None, typer.Option("--in", help="The pack: a folder that holds katas/ or questions/, or is to.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object that says what was written.")] = False,
) -> None:
    world: World = ctx.obj
    (kata if what is What.KATA else deck).check_name(name)
    room = "katas" if what is What.KATA else "questions"
    pack = pack_at(Path.cwd() if within is None else whole_path(within), room)
    refuse_taken(world, pack / room, name, *TAKEN[what])
    match what:
        case What.KATA:
            files = kata.write_skeleton(name, pack / room)
            made, told = pack / room / name, as_line(NewKataJson(name, pack / room / name, tuple(files)))
        case What.DECK:
            made = deck.write_skeleton(name, pack / room)
            files, told = [], as_line(NewDeckJson(name, made))
    if as_json:
        print(told)
        return
    for line in lines(world, pack, made, files):
        print(line)


def pack_at(folder: Path, room: str) -> Path:
    """The pack that a folder is, or whose `room` it is. Raises UsageError where nothing should go."""
    if is_kata(folder):
        raise UsageError(
            f"{short(folder)} is a kata's own folder; go to the pack, or name it with --in",
            f"{short(folder)} 是一道手写题的文件夹；请到题包里运行，或用 --in 指定题包",
        )
    pack = folder.parent if folder.name == room and not (folder / room).is_dir() else folder
    if not pack.is_dir() and (pack.exists() or not pack.parent.is_dir()):
        raise UsageError(f"there is no folder {short(pack)}", f"没有文件夹 {short(pack)}")
    if shipped().name == "_content" and pack.resolve().is_relative_to(shipped().resolve()):
        raise UsageError(
            f"{short(pack)} belongs to the installed package and goes with its next upgrade; name a folder of yours "
            "with --in",
            f"{short(pack)} 属于安装好的程序，升级时会被换掉；请用 --in 指定你自己的文件夹",
        )
    return pack


TAKEN: Mapping[What, tuple[Callable[[Path], Mapping[str, Path]], Text]] = {
    What.KATA: (kata_folders, Text("kata", "手写题")),
    What.DECK: (deck_files, Text("deck", "题库")),
}


def refuse_taken(world: World, place: Path, name: str, found: Callable[[Path], Mapping[str, Path]], what: Text) -> None:
    """A name is one kata's, or one deck's: with two, neither is found."""
    for root in world.roots():
        taken = found(root).get(name)
        if taken is not None and taken.parent.resolve() != place.resolve():
            raise UsageError(
                f"there is a {what.en} {name} already, {short(taken)}; choose another name",
                f"已经有{what.zh} {name} 了（{short(taken)}）；请换一个名字",
            )


def lines(world: World, pack: Path, made: Path, files: list[Path]) -> list[str]:
    lang, shown = world.lang, shlex.quote(short(made))
    names = "  ".join(printable_line(str(each.relative_to(made))) for each in files)
    lint = f"interview lint {shown}" + ("" if is_ours(made) else " --trust")
    said = [
        short(made),
        *([f"  {names}"] if names else []),
        Text(f"`{lint}` lists what remains.", f"`{lint}` 列出还要写的。").say(lang),
    ]
    if len(each_once(pack, *world.roots())) > len(world.roots()):
        add = f"interview pack add {shlex.quote(printable_line(str(pack)))}"
        found = Text(f"After `{add}` the other commands find it.", f"运行 `{add}` 之后，其他命令就能找到它。")
        said.append(found.say(lang))
    return said

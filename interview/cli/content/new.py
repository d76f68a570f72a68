"""Begin a kata: a skeleton that is whole and proved, with a mark at all that is still to be written.

It goes to katas/NAME of the current folder, or of the pack that --in names; nothing that is there is touched.
`interview lint katas/NAME` lists what remains, line by line.
"""

from __future__ import annotations

import shlex
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from interview.cli.world import World, each_once, is_ours, shipped, whole_path
from interview.content.catalog import is_kata, kata_folders
from interview.content.katas.skeleton import check_name, write_skeleton
from interview.content.reading.problem import short
from interview.errors import UsageError
from interview.printable import printable_line
from interview.report.files import NewJson
from interview.report.line import as_line
from interview.text import Text


class What(StrEnum):
    KATA = "kata"


def command(
    ctx: typer.Context,
    what: Annotated[What, typer.Argument(help="What to begin.")],  # noqa: ARG001  (there is one kind so far)
    name: Annotated[str, typer.Argument(help="Its name: a-z, 0-9 and `-`.")],
    within: Annotated[Path | None, typer.Option("--in", help="The pack: a folder that holds katas/, or is to.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object that says what was written.")] = False,
) -> None:
    world: World = ctx.obj
    check_name(name)
    pack = pack_at(Path.cwd() if within is None else whole_path(within))
    refuse_taken(world, pack, name)
    files = write_skeleton(name, pack / "katas")
    folder = pack / "katas" / name
    if as_json:
        print(as_line(NewJson(name, folder, tuple(files))))
        return
    for line in lines(world, pack, folder, files):
        print(line)


def pack_at(folder: Path) -> Path:
    """The pack that a folder is, or whose `katas/` it is. Raises UsageError where no kata should go."""
    if is_kata(folder):
        raise UsageError(
            f"{short(folder)} is a kata's own folder; go to the pack, or name it with --in",
            f"{short(folder)} 是一道手写题的文件夹；请到题包里运行，或用 --in 指定题包",
        )
    pack = folder.parent if folder.name == "katas" and not (folder / "katas").is_dir() else folder
    if not pack.is_dir() and (pack.exists() or not pack.parent.is_dir()):
        raise UsageError(f"there is no folder {short(pack)}", f"没有文件夹 {short(pack)}")
    if shipped().name == "_content" and pack.resolve().is_relative_to(shipped().resolve()):
        raise UsageError(
            f"{short(pack)} belongs to the installed package and goes with its next upgrade; name a folder of yours "
            "with --in",
            f"{short(pack)} 属于安装好的程序，升级时会被换掉；请用 --in 指定你自己的文件夹",
        )
    return pack


def refuse_taken(world: World, pack: Path, name: str) -> None:
    """A name is one kata's: with two, neither is found."""
    for root in world.roots():
        taken = kata_folders(root).get(name)
        if taken is not None and taken.parent.resolve() != (pack / "katas").resolve():
            raise UsageError(
                f"there is a kata {name} already, {short(taken)}; choose another name",
                f"已经有手写题 {name} 了（{short(taken)}）；请换一个名字",
            )


def lines(world: World, pack: Path, folder: Path, files: list[Path]) -> list[str]:
    lang, shown = world.lang, shlex.quote(short(folder))
    names = "  ".join(printable_line(str(each.relative_to(folder))) for each in files)
    lint = f"interview lint {shown}" + ("" if is_ours(folder) else " --trust")
    said = [
        f"{short(folder)}",
        f"  {names}",
        Text(f"`{lint}` lists what remains.", f"`{lint}` 列出还要写的。").say(lang),
    ]
    if pack not in each_once(*world.roots()) and len(each_once(pack, *world.roots())) > len(world.roots()):
        path = f"INTERVIEW_PATH={shlex.quote(printable_line(str(pack)))}"
        found = Text(f"With `{path}` `interview kata` finds it.", f"`{path}` 之后，`interview kata` 就能找到它。")
        said.append(found.say(lang))
    return said

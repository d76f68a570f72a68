"""Other people's decks and katas: add PATH, list, remove NAME.

A pack is a folder with questions/ or katas/, and is called as the folder is. Its path is kept in packs.txt in the
user's folder; the pack itself is left as it is. It brings code: adding it runs nothing, and the hidden suites of its
katas run only once you have read them and agreed, at the question or with --trust. What was answered of a pack that is
removed stays in the history, and counts again when it is added again.
"""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text as Styled

from interview.cli.completing import complete_deed, complete_pack
from interview.cli.console import size
from interview.cli.world import MISNAMED, World, trouble_with, whole_path
from interview.content.catalog import clashes, deck_files, entries, is_kata, kata_folders, real
from interview.content.packs import add, added, remove
from interview.content.reading.problem import did_you_mean
from interview.dataclass import dataclass
from interview.errors import UsageError, in_chinese
from interview.printable import printable_line
from interview.report.files import PackJson, PacksJson
from interview.report.line import as_line
from interview.terminal.text.words import several
from interview.terminal.text.wrap import wrap
from interview.text import LIST, Text

LONG = 200  # characters of a path in a sentence


class Deed(StrEnum):
    ADD = "add"
    LIST = "list"
    REMOVE = "remove"


class PackWords:
    holds = Text("{n_decks}, {n_katas}", "{decks} 个题库，{katas} 道手写题")
    by_path = Text("from INTERVIEW_PATH", "来自 INTERVIEW_PATH")
    none = Text(
        "No pack was added. `interview pack add PATH` adds a folder with questions/ or katas/.",
        "还没有添加题包。`interview pack add PATH` 添加一个含有 questions/ 或 katas/ 的文件夹。",
    )
    added = Text("Added {name}: {holds}", "已添加 {name}：{holds}")
    trust = Text(
        "Nothing of it was run. The hidden suites of its katas run with your rights, and only with your word: their "
        "files are named and asked about before the first time, and again when one changes (--trust says yes).",
        "还没有运行其中的任何代码。手写题的隐藏测试会以你的权限运行，要等你同意：第一次运行之前会列出文件来问，"
        "文件有改动时再问（加 --trust 表示同意）。",
    )
    lint = Text("`interview lint {path}` says whether it is sound.", "`interview lint {path}` 检查它有没有问题。")
    removed = Text(
        "Removed {name} ({path}). Its files were left alone, and what you answered of it stays in the history.",
        "已去掉 {name}（{path}）。它的文件没有改动，答题记录也都还在。",
    )


def command(
    ctx: typer.Context,
    deed: Annotated[Deed, typer.Argument(help="What to do: add, list or remove.", autocompletion=complete_deed)],
    pack: Annotated[
        str | None,
        typer.Argument(
            metavar="[PATH|NAME]",
            help="The folder to add, or the name of the pack to remove.",
            autocompletion=complete_pack,
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object with the packs.")] = False,
) -> None:
    world: World = ctx.obj
    said = done(world, deed, pack)
    if as_json:
        print(as_line(PacksJson(tuple(pack_json(world, each) for each in packs(world)))))
        return
    for line in said:
        print(line)


def done(world: World, deed: Deed, pack: str | None) -> list[str]:
    """What is to be said of it."""
    match deed, pack:
        case Deed.LIST, None:
            return listed(world)
        case Deed.LIST, _:
            raise UsageError("`pack list` takes no name; it shows all", "`pack list` 后面不写名字；它列出全部")
        case Deed.ADD, str(path):
            return add_pack(world, path)
        case Deed.ADD, _:
            raise UsageError("`pack add PATH`: say which folder", "`pack add PATH`：请写要添加的文件夹")
        case Deed.REMOVE, str(name):
            return remove_pack(world, name)
        case _:
            raise UsageError("`pack remove NAME`: say which; `interview pack list` shows them",
                             "`pack remove NAME`：请写名字；`interview pack list` 列出全部")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A pack that is named: by INTERVIEW_PATH, or as one that was added."""

    folder: Path
    by_path: bool

    @property
    def name(self) -> str:
        return name_of(self.folder)


def name_of(folder: Path) -> str:
    return folder.name or str(folder)


def packs(world: World) -> list[Named]:
    """Those added, then the others of INTERVIEW_PATH."""
    own = added(world.home())
    known = {real(each) for each in own}
    return [*(Named(each, by_path=False) for each in own),
            *(Named(each, by_path=True) for each in world.path_roots() if real(each) not in known)]  # fmt: skip


def listed(world: World) -> list[str]:
    found = packs(world)
    if not found:
        return [PackWords.none.say(world.lang)]
    said = []
    for each in found:
        trouble = trouble_of(each)
        by = [PackWords.by_path.say(world.lang)] if each.by_path else []
        what = trouble.say(world.lang) if trouble else holds(world, each.folder)
        said += [shown(each.name), f"  {shown(each.folder)}", f"  {' · '.join([what, *by])}"]
    return said


def trouble_of(pack: Named) -> Text | None:
    word = trouble_with(pack.folder)
    if word is None:
        try:
            deck_files(pack.folder), kata_folders(pack.folder)
        except OSError:
            word = "closed"
        else:
            return None
    path = shown(pack.folder)
    return Text(*(MISNAMED[word].say(lang, path=path) for lang in ("en", "zh")))


def holds(world: World, folder: Path) -> str:
    decks, katas = len(deck_files(folder)), len(kata_folders(folder))
    said = {"n_decks": several(decks, "decks"), "n_katas": several(katas, "katas")}
    return PackWords.holds.say(world.lang, decks=decks, katas=katas, **said)


def add_pack(world: World, named: str) -> list[str]:
    folder = Path(os.path.normpath(whole_path(named)))
    try:
        refuse_unfit(world, folder)
    except OSError as error:
        raise UsageError(f"{shown(folder)} may not be looked into: {error.strerror}",
                         f"没有权限查看 {shown(folder)}：{in_chinese(error)}") from None  # fmt: skip
    add(world.home(), folder)
    said = [PackWords.added.say(world.lang, name=shown(name_of(folder)), holds=holds(world, folder))]
    if kata_folders(folder):
        said += [line.plain for line in wrap(Styled(PackWords.trust.say(world.lang)), size()[0])]
    return [*said, PackWords.lint.say(world.lang, path=shown(folder))]


def refuse_unfit(world: World, folder: Path) -> None:
    """UsageError for what is no pack, is there already, or has a name that is taken."""
    path, name = shown(folder), name_of(folder)
    trouble = trouble_with(folder)
    inside = folder.parent if folder.name in ("questions", "katas") else folder.parents[1] if is_kata(folder) else None
    if trouble in (None, "empty") and inside is not None and not (folder / folder.name).is_dir():
        raise UsageError(f"{path} is part of a pack; add the whole, {shown(inside)}",
                         f"{path} 是题包的一部分；请添加整个题包 {shown(inside)}")  # fmt: skip
    if trouble:
        raise UsageError(*(MISNAMED[trouble].say(lang, path=path) for lang in ("en", "zh")))
    if "\n" in str(folder) or str(folder) != str(folder).strip():
        raise UsageError(f"{path}: a name that spaces or line ends begin or end cannot be kept; rename the folder",
                         f"{path}：名字里有换行，或首尾有空格，记不下来；请给文件夹改名")  # fmt: skip
    for each in (folder / "questions", folder / "katas"):
        entries(each)  # one that may not be looked into is no empty one
    if not deck_files(folder) and not kata_folders(folder):
        raise UsageError(f"{path} holds no deck (questions/NAME.yaml) and no kata (katas/NAME/kata.yaml) yet",
                         f"{path} 里还没有题库（questions/NAME.yaml）和手写题（katas/NAME/kata.yaml）")  # fmt: skip
    own = added(world.home())
    others = [each for each in world.roots() if each not in (*own, *world.path_roots())]
    if real(folder) in map(real, (*own, *others)):
        raise UsageError(f"{path} is there already; `interview list` shows what it holds",
                         f"{path} 已经在了；`interview list` 列出其中的内容")  # fmt: skip
    for each in own:
        if name_of(each) == name:
            raise UsageError(
                f"a pack {shown(name)} was added already, {shown(each)}: remove it, or give one folder another name",
                f"已经添加过题包 {shown(name)}（{shown(each)}）：请先去掉它，或给其中一个文件夹改名",
            )
    before = {(each.path, each.text) for each in clashes(world.roots())}
    fresh = [each for each in clashes((*world.roots(), folder)) if (each.path, each.text) not in before]
    for clash in fresh:
        more = Text(f" (and {len(fresh) - 1} more names)", f"（另有 {len(fresh) - 1} 个重名）")
        extra = more if len(fresh) > 1 else Text("", "")
        raise UsageError(clash.say("en") + extra.en, clash.say("zh") + extra.zh)


def remove_pack(world: World, name: str) -> list[str]:
    known = packs(world)
    named = [each for each in known if name in (each.name, str(each.folder))]
    if not named and os.sep in name:  # by its path
        named = [each for each in known if real(each.folder) == real(whole_path(name))]
    own = [each.folder for each in named if not each.by_path]
    if len(own) > 1:
        en, zh = (LIST.say(lang).join(map(shown, own)) for lang in ("en", "zh"))
        raise UsageError(f"several packs are called `{shown(name)}`; name one by its path: {en}",
                         f"有几个题包都叫 `{shown(name)}`；请写路径：{zh}")  # fmt: skip
    for folder in own:
        remove(world.home(), folder)
        return [PackWords.removed.say(world.lang, name=shown(name_of(folder)), path=shown(folder))]
    if named:
        path = shown(named[0].folder)
        raise UsageError(f"{path} comes from INTERVIEW_PATH; take it out there",
                         f"{path} 来自 INTERVIEW_PATH；请在那里去掉")  # fmt: skip
    names = [each.name for each in known if not each.by_path]
    raise UsageError(
        f"no pack `{shown(name)}` was added{did_you_mean(name, names) or '; `interview pack list` shows them'}",
        f"没有添加过题包 `{shown(name)}`{did_you_mean(name, names, 'zh') or '；`interview pack list` 列出全部'}",
    )


def pack_json(world: World, pack: Named) -> PackJson:
    trouble = trouble_of(pack)
    return PackJson(
        name=pack.name,
        folder=pack.folder,
        decks=() if trouble else tuple(deck_files(pack.folder)),
        katas=() if trouble else tuple(kata_folders(pack.folder)),
        by="INTERVIEW_PATH" if pack.by_path else "pack",
        trouble=trouble.say(world.lang) if trouble else None,
    )


def shown(what: str | Path) -> str:
    return printable_line(str(what), LONG)

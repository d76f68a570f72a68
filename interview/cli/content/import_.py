"""Read cards in from csv or json, merged by id into decks of your own.

They go to pack/questions/DECK.yaml in the user's folder (INTERVIEW_HOME), which is drilled and linted like any other
pack. A card that is there already is replaced if it differs, and the deck's file as it was is kept beside it; decks of
ours or of INTERVIEW_PATH are never written: give such cards a deck of their own with --deck NAME.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interview.cli.completing import complete_deck
from interview.cli.world import World
from interview.errors import UsageError
from interview.practice.exchange.importing import read_decks
from interview.practice.exchange.merging import Merge, merge, write
from interview.report.files import import_json
from interview.report.line import as_line
from interview.text import Text


def command(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A .csv or .json file, as `interview export` writes them.")],
    deck: Annotated[
        str | None, typer.Option("--deck", autocompletion=complete_deck, help="Call the file's deck so.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object that says what changed.")] = False,
) -> None:
    world: World = ctx.obj
    if not file.is_file():
        raise UsageError(f"there is no file {file}", f"没有文件 {file}")
    pack = world.own_pack()
    others = [root for root in world.roots() if root != pack]
    decks, merges = read_decks(file, name=deck), list[Merge]()
    for data in decks:
        merges.append(merge(data, pack, others, alone=lambda: not merges and next(decks, None) is None))
    kept = [write(each, world.now()) if each.writes and not dry_run else None for each in merges]
    if as_json:
        print(as_line(import_json(zip(merges, kept, strict=True), dry_run=dry_run)))
        return
    for each, before in zip(merges, kept, strict=True):
        for line in lines(each, before, world.lang, dry_run=dry_run):
            print(line)
    if any(each.writes for each in merges) and not dry_run:
        begin = f"interview quiz {merges[0].deck}" if len(merges) == 1 else "interview quiz"
        print(Text(f"`{begin}` drills them.", f"`{begin}` 开始学。").say(world.lang))


def lines(merged: Merge, kept: Path | None, lang: str, *, dry_run: bool) -> list[str]:
    """What happened to one deck; the cards that differ are named."""
    new, changed, same = len(merged.new), len(merged.changed), merged.same
    mode = Text(" (nothing was written)", "（只预演，未写入）").say(lang) if dry_run else ""
    first = Text(
        f"{merged.deck}: {new} new, {changed} changed, {same} the same{mode}  {merged.path}",
        f"{merged.deck}：新增 {new} 张，更新 {changed} 张，相同 {same} 张{mode}  {merged.path}",
    )
    named = Text("  changed ", "  更新 ").say(lang)
    before = Text(f"  the file as it was: {kept}", f"  原文件保留在 {kept}")
    changes = [f"{named}{merged.deck}/{name}" for name in merged.changed]
    return [first.say(lang), *changes, *([before.say(lang)] if kept else [])]

"""Write cards out for Anki, csv or json.

anki: an .apkg with a note a card; importing it again updates the notes. csv and json hold every field in both
languages, and what the history knows of each card; `interview import` reads them back.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from interview.cli.completing import complete_deck
from interview.cli.files import write_new
from interview.cli.quiz_ import unknown
from interview.cli.whole import Whole, whole
from interview.cli.world import World
from interview.content.catalog import deck_names, find_deck, references_in, spelt
from interview.content.deck import Deck, Reference
from interview.content.deck_file import load_deck
from interview.content.references import load_references
from interview.errors import UsageError
from interview.printable import printable_json


class Format(StrEnum):
    ANKI = "anki"
    CSV = "csv"
    JSON = "json"


def command(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file to write; `-` for csv and json: standard output.")],
    to: Annotated[Format, typer.Option("--to", help="The kind of file.")],
    deck: Annotated[
        list[str] | None, typer.Option("--deck", autocompletion=complete_deck, help="Only this deck; repeatable.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object that says what was written.")] = False,
) -> None:
    world: World = ctx.obj
    with whole(world) as all_:
        decks = named(world, all_, deck or [])
        if str(file) == "-":
            with suppress(AttributeError):  # as in a file, whatever the terminal's encoding
                sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
            print(text_of(all_, decks, to).removeprefix("\ufeff"), end="")
            return
        path = write_new(file, lambda part: write(world, all_, decks, part, to), force=force)
        tell(world, path, decks, to, as_json=as_json)


def named(world: World, all_: Whole, names: list[str]) -> list[Deck]:
    known = {deck.id: deck for deck in all_.decks}
    there = [*known, *deck_names(world.roots())]
    names = [spelt(name, there) for name in names]
    for name in names:
        if name not in known:
            if (path := find_deck(world.roots(), name)) is not None:
                load_deck(path)  # it is there: why it cannot be read is an error
            raise unknown("deck", name, list(known))
    return [known[name] for name in dict.fromkeys(names)] if names else list(known.values())


def write(world: World, all_: Whole, decks: list[Deck], part: Path, to: Format) -> None:
    if to is Format.ANKI:
        from interview.practice.anki import write_package

        write_package(part, decks, references(world), now=world.now().timestamp())
    else:
        part.write_text(text_of(all_, decks, to), "utf-8", newline="")


def text_of(all_: Whole, decks: list[Deck], to: Format) -> str:
    from interview.practice.portable import to_csv, to_json

    match to:
        case Format.CSV:
            return to_csv(decks, all_.memories)
        case Format.JSON:
            return to_json(decks, all_.memories)
        case Format.ANKI:
            raise UsageError(
                "an Anki package is no text: name a file instead of `-`", "Anki 包不是文本：请用文件名代替 `-`"
            )


def references(world: World) -> dict[str, Reference]:
    """The sources of all packs; a list that cannot be read is an error like a deck's."""
    found: dict[str, Reference] = {}
    for root in world.roots():
        for path in references_in(root / "questions"):
            found |= load_references(path)
    return found


def tell(world: World, path: Path, decks: list[Deck], to: Format, *, as_json: bool) -> None:
    cards = sum(len(deck.cards) for deck in decks)
    if as_json:
        said = {"schema": 1, "file": str(path), "to": to, "decks": [deck.id for deck in decks], "cards": cards}
        print(printable_json(said))
    elif world.lang == "zh":
        print(f"{path}：{len(decks)} 个题库，{cards} 张卡。")
    else:
        print(f"{path}: {len(decks)} decks, {cards} cards.")

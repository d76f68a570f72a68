"""Write cards out for Anki, csv or json.

anki: an .apkg with a note a card; importing it again updates the notes. csv and json hold every field in both
languages, and what the history knows of each card; `interview import` reads them back.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import field
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from interview.cli.completing import complete_deck
from interview.cli.drill.quiz import unknown
from interview.cli.files import write_new
from interview.cli.history import history
from interview.cli.world import World
from interview.content.cards.deck import Deck, Reference
from interview.content.cards.deck_file import read_deck
from interview.content.cards.references import load_references
from interview.content.catalog import deck_files, references_in, spelt
from interview.content.reading.field import Node
from interview.content.reading.problem import unsound
from interview.dataclass import dataclass
from interview.errors import ContentError, UsageError
from interview.practice.review.memories import remember
from interview.report.files import export_json
from interview.report.line import as_line
from interview.terminal.text.words import several
from interview.text import Text


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
    going = Going(named(world, deck or []), strict=bool(deck))
    if str(file) == "-":
        if to is Format.ANKI:
            raise UsageError(
                "an Anki package is no text: name a file instead of `-`", "Anki 包不是文本：请用文件名代替 `-`"
            )
        with suppress(AttributeError):  # as in a file, whatever the terminal's encoding
            sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        for number, piece in enumerate(text_of(world, going, to)):
            print(piece if number else piece.removeprefix("\ufeff"), end="")
    else:
        path = write_new(file, lambda part: write(world, going, part, to), force=force)
        tell(world, path, going, to, as_json=as_json)
    if going.problems:
        raise unsound(going.problems)


@dataclass(slots=True)
class Going:
    """The decks' files; and, as each is read in its turn, what was in it: one alone is kept at a time.

    `strict`: one that cannot be read is an error, for it was asked for by name.
    """

    paths: list[Path]
    strict: bool
    decks: list[str] = field(default_factory=list)
    cards: int = 0
    problems: list[ContentError] = field(default_factory=list)

    def read(self) -> Iterator[tuple[Deck, Node]]:
        """Each that can be read; why another cannot is noted."""
        for path in self.paths:
            try:
                deck, node = read_deck(path)
            except ContentError as error:
                if self.strict:
                    raise
                self.problems.append(error)
                continue
            self.decks.append(deck.id)
            self.cards += len(deck.cards)
            yield deck, node


def named(world: World, names: list[str]) -> list[Path]:
    """The files of these decks, or of all."""
    known = {name: path for root in world.roots() for name, path in deck_files(root).items()}
    names = [spelt(name, known) for name in names]
    for name in names:
        if name not in known:
            raise unknown("deck", name, list(known))
    return [known[name] for name in dict.fromkeys(names)] if names else list(known.values())


def write(world: World, going: Going, part: Path, to: Format) -> None:
    if to is Format.ANKI:
        from interview.practice.exchange.anki import write_package

        write_package(part, (deck for deck, _ in going.read()), references(world), now=world.now().timestamp())
    else:
        with part.open("w", encoding="utf-8", newline="") as out:
            out.writelines(text_of(world, going, to))


def text_of(world: World, going: Going, to: Format) -> Iterator[str]:
    from interview.content.cards.plain import plain
    from interview.practice.exchange.portable import to_csv, to_json

    decks = (plain(node) for _, node in going.read())
    with history(world) as store:
        rules = world.settings.rules
        yield from (to_csv if to is Format.CSV else to_json)(decks, lambda names: remember(store, names, rules))


def references(world: World) -> dict[str, Reference]:
    """The sources of all packs; a list that cannot be read is an error like a deck's."""
    found: dict[str, Reference] = {}
    for root in world.roots():
        for path in references_in(root / "questions"):
            found |= load_references(path)
    return found


def tell(world: World, path: Path, going: Going, to: Format, *, as_json: bool) -> None:
    decks, cards = going.decks, going.cards
    if as_json:
        print(as_line(export_json(path, to, decks, cards)))
    else:
        said = Text(
            f"{path}: {several(len(decks), 'decks')}, {several(cards, 'cards')}.",
            f"{path}：{len(decks)} 个题库，{cards} 张卡。",
        )
        print(said.say(world.lang))

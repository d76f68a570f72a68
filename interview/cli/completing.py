"""What the shell offers for a name half typed. It complains of nothing: what cannot be read is not offered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from interview.cli.world import World
from interview.content.catalog import deck_names, find_deck, kata_names

if TYPE_CHECKING:
    from interview.content.deck import Deck

Roots = tuple[Path, ...]


def complete_kata(incomplete: str) -> list[str]:
    return offered(incomplete, kata_names)


def complete_deck(incomplete: str) -> list[str]:
    return offered(incomplete, deck_names)


def complete_deck_or_card(incomplete: str) -> list[str]:
    """Decks; behind `deck/`, its cards."""
    return complete_card(incomplete) if "/" in incomplete else complete_deck(incomplete)


def complete_card(incomplete: str) -> list[str]:
    """Cards once a deck is named, decks before."""
    deck, slash, _ = incomplete.partition("/")
    if not slash:
        return [f"{name}/" for name in complete_deck(incomplete)]
    return offered(incomplete, lambda roots: (card.name for each in read(roots, [deck]) for card in each.cards))


def complete_tag(ctx: typer.Context, incomplete: str) -> list[str]:
    """The tags of the decks that are named before; of all, where none is."""
    named = [str(each).split("/")[0] for each in ctx.params.get("deck") or ()]

    def tags(roots: Roots) -> Iterable[str]:
        found = read(roots, named or deck_names(roots))
        return sorted({tag for deck in found for card in deck.cards for tag in card.tags})

    return offered(incomplete, tags)


def offered(incomplete: str, names: Callable[[Roots], Iterable[str]]) -> list[str]:
    try:
        return [name for name in names(World.here(lang=None, color=False).roots()) if name.startswith(incomplete)]
    except Exception:  # the person is in the middle of a line: whatever it is, the command itself will say it
        return []


def read(roots: Roots, names: Iterable[str]) -> Iterator[Deck]:
    from interview.content.shelf import Shelf
    from interview.errors import InterviewError

    shelf = Shelf(World.here(lang=None, color=False).home() / "cache")
    for name in names:
        try:
            path = find_deck(roots, name)
            if path is not None:
                yield shelf.load(path)
        except InterviewError:
            continue

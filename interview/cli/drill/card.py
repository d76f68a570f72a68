"""One card: its history, when it would come back, and why it is due.

--forget makes it new again, --suspend takes it out of the drill and --wake brings it back, --flag and --note write a
word of yours on it (an empty one takes it off); `interview undo` takes each of these back. --suspend and --wake take a
query as of `interview list` too, and do it to every card found: `interview card tag:lstm --suspend`.
"""

from __future__ import annotations

from typing import Annotated

import typer

from interview.cli.completing import complete_card
from interview.cli.drill.quiz import all_decks, unknown
from interview.cli.drill.reason import reason
from interview.cli.history import history
from interview.cli.world import World
from interview.content.cards.deck import Card
from interview.content.catalog import spelt
from interview.content.shelf import Shelf
from interview.errors import UsageError
from interview.log.record import Memory
from interview.practice.insight.listing import find_cards
from interview.practice.review.memories import remember, settle
from interview.practice.review.one_card import DEEDS, Deed, Done, act, look_up, written
from interview.report.card import card_json, deed_json
from interview.report.line import as_line
from interview.terminal.screens.one_card import render, told


def command(
    ctx: typer.Context,
    card: Annotated[
        list[str],
        typer.Argument(metavar="DECK/CARD", help="Or, to suspend and wake, a query.", autocompletion=complete_card),
    ],
    forget: Annotated[bool, typer.Option("--forget", help="New again, as if never asked.")] = False,
    suspend: Annotated[bool, typer.Option("--suspend", help="Not asked until it is woken.")] = False,
    wake: Annotated[bool, typer.Option("--wake", help="Asked again.")] = False,
    flag: Annotated[str | None, typer.Option(metavar="TEXT", help="Shown wherever the card is.")] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="Shown with the answer.")] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    world: World = ctx.obj
    given: dict[Done, bool] = {
        "forget": forget, "suspend": suspend, "wake": wake, "flag": flag is not None, "note": note is not None
    }  # fmt: skip
    asked = [what for what, is_given in given.items() if is_given]
    if len(asked) > 1:
        raise UsageError(
            f"--{asked[0]} and --{asked[1]} are two things: one at a time",
            f"--{asked[0]} 和 --{asked[1]} 是两件事：一次做一件",
        )
    cards = named(world, card, several=asked in (["suspend"], ["wake"]))
    if not asked:
        show(world, cards[0], as_json_=as_json_)
        return
    what = asked[0]
    do(world, cards, what, DEEDS.get(what) or written(what, flag or note or ""), as_json_=as_json_)


def named(world: World, words: list[str], *, several: bool) -> list[Card]:
    """The card of that name; else, where `several` may be meant, all that the words find."""
    decks = all_decks(world, Shelf(world.home() / "cache"))
    cards = {each.name: each for deck in decks.values() for each in deck.cards}
    exact = spelt(words[0], cards) if len(words) == 1 else ""
    if exact in cards:
        return [cards[exact]]
    query = " ".join(words)
    found = [each for deck in decks.values() for each in find_cards(deck, query)] if several and query.strip() else []
    if not found:
        raise unknown("card", query, list(cards))
    return found


def show(world: World, card: Card, *, as_json_: bool) -> None:
    today, rules = world.today(), world.settings.rules
    with history(world) as store:
        memory = remember(store, [card.name], rules).get(card.name) or Memory(card.name)
        one = look_up(card, memory, store.reviews([card.name]), today, rules)
    why = reason(world, one.memory.why) if one.memory.why else ""
    if as_json_:
        print(as_line(card_json(one)))
    else:
        console = world.console()
        console.print(render(one, why, today, lang=world.lang, width=console.width))


def do(world: World, cards: list[Card], what: Done, deed: Deed, *, as_json_: bool) -> None:
    rules = world.settings.rules
    names = [card.name for card in cards]
    with history(world, writes=True) as store:
        changed = act(store, remember(store, names, rules), cards, deed, world.now(), world.today(), rules)
        settle(store, [card.name for card in changed], rules)
    if as_json_:
        print(as_line(deed_json(what, len(cards), changed)))
        return
    console = world.console()
    for line in told(what, changed, len(cards), world.lang):
        console.print(line, soft_wrap=True)

"""The debrief after a pass: up to three of the kata's cards, there and then, in the quiz itself."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from interview.cli.world import World
from interview.errors import InterviewError
from interview.text import Text

if TYPE_CHECKING:
    from interview.content.cards.deck import Card
    from interview.content.katas.kata import Kata

ASK_ONE = Text(
    "One card asks about what you have just written. Enter: now; n: another time. ",
    "有一张卡片考的正是你刚写的内容。回车：现在答；n：下次再说。",
)
ASK = Text(
    "{n} cards ask about what you have just written. Enter: now; n: another time. ",
    "有 {n} 张卡片考的正是你刚写的内容。回车：现在答；n：下次再说。",
)


def debrief(world: World, kata: Kata) -> None:
    """Offer the cards, if there are some and somebody to answer. Who takes them goes on in the quiz, and does not come
    back: what is answered there is saved as ever, and its exit code is this command's.
    """
    if not world.has_keyboard() or os.environ.get("TERM") == "dumb":
        return
    names = [card.name for card in cards_to_ask(world, kata)]
    if not names:
        return
    console = world.console()
    console.print()
    console.print((ASK_ONE if len(names) == 1 else ASK).say(world.lang, n=len(names)), end="", soft_wrap=True)
    sys.stdout.flush()
    answer = sys.stdin.readline()
    if not answer:  # Ctrl-D
        console.print()
    if answer and not answer.strip():
        plain = [] if world.color else ["--no-color"]
        sys.stdout.flush()
        command = [sys.executable, "-P", "-m", "interview", *plain, "--lang", world.lang, "quiz", *names]
        os.execv(sys.executable, command)  # noqa: S606  (ourselves)


def cards_to_ask(world: World, kata: Kata) -> list[Card]:
    """None where a deck or the history cannot be read: the verdict stands, and other commands say why."""
    from interview.content.catalog import find_deck
    from interview.content.shelf import Shelf
    from interview.log.store import Store
    from interview.practice.kata.debrief import to_ask
    from interview.practice.review.memories import remember

    linked = dict.fromkeys(name for check in kata.checks for name in check.cards)
    shelf = Shelf(world.home() / "cache")
    found: list[Card] = []
    with suppress(InterviewError):
        for deck in dict.fromkeys(name.split("/")[0] for name in linked):
            if path := find_deck(world.roots(), deck):
                found += [card for card in shelf.deck(path).cards if card.name in linked]
        with Store.peek(world.home() / "history.db") as store:
            memories = remember(store, [card.name for card in found], world.settings.rules)
        return to_ask(found, memories, world.today())
    return []

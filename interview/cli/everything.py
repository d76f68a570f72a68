"""Everything: all decks and katas with the history, which the commands that look at everything begin with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from interview.cli.history import history
from interview.cli.settings import goal_of
from interview.cli.world import World
from interview.content.cards.deck import Card, Deck
from interview.content.reading.problem import unsound
from interview.content.shelf import Shelf
from interview.dataclass import dataclass
from interview.drill.hand import hands_of, minutes_spent
from interview.log.record import KataEvent, Memory
from interview.log.store import Store
from interview.practice.insight.listing import KataLine, list_katas
from interview.practice.insight.unlocked import Standing, standing
from interview.practice.review.memories import remember_day


@dataclass(frozen=True, slots=True)
class Everything:
    """`gone` are the minutes that today's katas took, as far as they are known."""

    decks: tuple[Deck, ...]
    katas: tuple[KataLine, ...]
    store: Store
    memories: dict[str, Memory]
    kata_events: tuple[KataEvent, ...]
    gone: float
    stands: Standing

    @property
    def cards(self) -> list[Card]:
        return [card for deck in self.decks for card in deck.cards]


@contextmanager
def everything(world: World) -> Iterator[Everything]:
    """What can be read is worked with; what cannot be read is told after that, as a ContentError."""
    shelf = shelf_of(world)
    decks, deck_problems = shelf.decks(world.roots())
    katas, kata_problems = shelf.katas(world.roots())
    with history(world) as store:
        cards = [card.name for deck in decks for card in deck.cards]
        today, settings = world.today(), world.settings
        memories = remember_day(store, cards, today, settings.rules)
        events = tuple(store.kata_events())
        hands = hands_of(events, settings.rules)
        stands = standing(decks, (kata.id for kata in katas), memories, events)
        lines = tuple(list_katas(katas, hands, today, goal=goal_of(settings, today), stands=stands))
        yield Everything(tuple(decks), lines, store, memories, events, minutes_spent(hands, today), stands)
    shelf.settle()
    if deck_problems or kata_problems:
        raise unsound((*deck_problems, *kata_problems))


def shelf_of(world: World) -> Shelf:
    """For looking, which makes no home."""
    return Shelf(world.home() / "cache" if world.home().is_dir() else None)

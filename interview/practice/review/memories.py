"""The memories: the log folded, replaying only what the derived table does not know yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from interview.drill.schedule import Rules, replay
from interview.log.record import CardEvent, Memory
from interview.log.store import Store


def remember(store: Store, cards: Iterable[str], rules: Rules) -> dict[str, Memory]:
    """The memory of every card that something happened to; a card that is not there is new."""
    memories, stale = store.kept(cards, rules=rules.name)
    return {**memories, **fold(store, stale, rules)} if stale else memories


def remember_day(store: Store, cards: Iterable[str], today: date, rules: Rules) -> dict[str, Memory]:
    """With the memories of all that was rated today: the day's limits are no deck's."""
    return remember(store, dict.fromkeys((*cards, *store.rated_on(today))), rules)


def fold(store: Store, cards: Iterable[str], rules: Rules) -> dict[str, Memory]:
    """Replayed from the log, whatever the derived table says."""
    events: dict[str, list[CardEvent]] = {card: [] for card in cards}
    for _, event in store.events(events):
        events[event.card].append(event)
    return {card: replay(card, happened, rules) for card, happened in events.items()}


def settle(store: Store, cards: Iterable[str], rules: Rules) -> None:
    """Bring the derived table up to date for the cards, so that the next start replays nothing."""
    _, stale = store.kept(cards, rules=rules.name)
    if stale:
        upto = store.last_numbers(stale)  # read first: what arrives meanwhile makes the row stale, not wrong
        folded = fold(store, stale, rules)
        doubtful = set(store.unread.values())  # read again each time, so that it is told each time
        known = {card: memory for card, memory in folded.items() if card not in doubtful}
        store.keep(known, upto=upto, rules=rules.name)

"""The one card as the history has it, and what a person does to cards outside a sitting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Literal

from interview.content.cards.deck import Card
from interview.dataclass import dataclass
from interview.drill.day import current, is_fresh
from interview.drill.schedule import Rules, follow, is_buried, is_due, is_leech, next_days, retrievability
from interview.errors import UsageError
from interview.log.record import CardEvent, Flag, Forget, Memory, Note, Rating, Review, Suspend
from interview.log.store import Store

CardState = Literal["new", "due", "later", "buried", "suspended"]
Done = Literal["forget", "suspend", "wake", "flag", "note"]
LONGEST = 500  # characters of a flag or a note


@dataclass(frozen=True, slots=True)
class OneCard:
    """`state`: new, due, later, buried or suspended. `coming` is the day of its return after each rating of today."""

    card: Card
    memory: Memory
    state: CardState
    leech: bool
    recall: float | None
    coming: dict[Rating, date]
    reviews: tuple[Review, ...]


def look_up(card: Card, memory: Memory, reviews: Sequence[Review], today: date, rules: Rules) -> OneCard:
    now = current(memory, card, today)
    return OneCard(
        card=card,
        memory=now,
        state=state_of(now, today),
        leech=is_leech(now),
        recall=None if now.is_new else retrievability(now, today, rules),
        coming=next_days(now, today, rules),
        reviews=tuple(reviews),
    )


def state_of(memory: Memory, today: date) -> CardState:
    if memory.suspended:
        return "suspended"
    if is_buried(memory, today):
        return "buried"
    if is_due(memory, today):
        return "due"
    return "new" if is_fresh(memory, today) else "later"


Deed = Callable[[str, datetime, date], CardEvent]
DEEDS: dict[Done, Deed] = {
    "forget": Forget,
    "suspend": lambda card, at, day: Suspend(card, at, day, on=True),
    "wake": lambda card, at, day: Suspend(card, at, day, on=False),
}


def written(what: str, text: str) -> Deed:
    """A flag or a note of that text."""
    if len(text) > LONGEST:
        raise UsageError(
            f"--{what} is too long: {len(text)} characters, and {LONGEST} fit",
            f"--{what} 太长：{len(text)} 个字符，最多 {LONGEST} 个",
        )
    kind = Flag if what == "flag" else Note
    return lambda card, at, day: kind(card, at, day, " ".join(text.split()))


def act(
    store: Store, memories: dict[str, Memory], cards: Sequence[Card], deed: Deed, at: datetime, day: date, rules: Rules
) -> list[Card]:
    """Note the deed for the cards that it changes anything about, all at once; those cards."""
    known = {card.name: memories.get(card.name) or Memory(card.name) for card in cards}
    events = {card.name: deed(card.name, at, day) for card in cards}
    changed = [card for card in cards if follow(known[card.name], events[card.name], rules) != known[card.name]]
    if changed:
        store.append(*(events[card.name] for card in changed))
    return changed

"""The summary of a sitting: how much was known, when it comes back, which topics are weak."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date

from interview.content.cards.deck import Card
from interview.dataclass import dataclass
from interview.drill.session import NOTHING_LEFT, Left, Session
from interview.log.record import Rating, Review

WEAKEST = 3  # topics named, at most


@dataclass(frozen=True, slots=True)
class Topic:
    """Of the cards with this tag (or, where there were several decks, of this deck), how many were known at once."""

    name: str
    known: int
    cards: int


@dataclass(frozen=True, slots=True)
class Summary:
    """`reviews` are ratings; `known` are cards, by the first of theirs. `comes` is how many cards come on which day."""

    reviews: int = 0
    cards: int = 0
    known: int = 0
    seconds: float = 0.0
    left: Left = NOTHING_LEFT
    comes: Mapping[date, int] = field(default_factory=dict)
    weak: tuple[Topic, ...] = ()


def summarise(session: Session, cards: Iterable[Card]) -> Summary:
    """`cards` are at least those that were asked."""
    first = {review.card: review for review in reversed(session.done)}
    dues = [session.memories[name].due for name in first] if not session.cram else []
    comes = [due for due in dues if due]
    return Summary(
        reviews=len(session.done),
        cards=len(first),
        known=sum(map(knew, first.values())),
        seconds=round(sum(review.seconds for review in session.done), 1),
        left=session.left,
        comes={day: comes.count(day) for day in sorted(set(comes))},
        weak=weakest(first, [card for card in cards if card.name in first]),
    )


def knew(review: Review) -> bool:
    """What the machine saw; where it cannot tell, what the person said."""
    return review.rating is not Rating.AGAIN if review.right is None else review.right


def weakest(first: Mapping[str, Review], cards: list[Card]) -> tuple[Topic, ...]:
    """The topics of which no more than half was known, most misses first."""
    several = len({card.deck for card in cards}) > 1
    asked: dict[str, list[bool]] = {}
    for card in cards:
        for name in dict.fromkeys((*card.tags, *((card.deck,) if several else ()))):
            asked.setdefault(name, []).append(knew(first[card.name]))
    topics = [Topic(name, sum(known), len(known)) for name, known in asked.items() if 2 * sum(known) <= len(known)]
    topics.sort(key=lambda topic: (topic.known - topic.cards, topic.cards))
    return tuple(topics[:WEAKEST])

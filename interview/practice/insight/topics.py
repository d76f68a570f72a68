"""The topics that are weakest: tags by the chance that their cards are recalled today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from interview.content.cards.deck import Card
from interview.dataclass import dataclass
from interview.drill.schedule import Rules, retrievability
from interview.log.record import Memory

ENOUGH = 3  # cards seen before a tag is judged


@dataclass(frozen=True, slots=True)
class Topic:
    """A tag: its cards seen, their mean predicted recall today, their lapses, the deck that holds most of them."""

    tag: str
    cards: int
    recall: float
    lapses: int
    deck: str


def weakest(
    cards: Sequence[Card], memories: Mapping[str, Memory], today: date, rules: Rules, *, most: int
) -> list[Topic]:
    """The tags least likely recalled, the weakest first."""
    seen = {card.name: memories[card.name] for card in cards if is_seen(memories.get(card.name))}
    recall = {name: retrievability(memory, today, rules) for name, memory in seen.items()}
    by_tag: dict[str, list[Card]] = {}
    for card in cards:
        for tag in card.tags if card.name in seen else ():
            by_tag.setdefault(tag, []).append(card)
    topics = [
        Topic(
            tag,
            len(tagged),
            sum(recall[card.name] for card in tagged) / len(tagged),
            sum(seen[card.name].lapses for card in tagged),
            Counter(card.deck for card in tagged).most_common(1)[0][0],
        )
        for tag, tagged in by_tag.items()
        if len(tagged) >= ENOUGH
    ]
    return sorted(topics, key=lambda topic: (topic.recall, -topic.lapses, topic.tag))[:most]


def is_seen(memory: Memory | None) -> bool:
    return memory is not None and not memory.is_new and not memory.suspended

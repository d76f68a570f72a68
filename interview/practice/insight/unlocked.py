"""The steps that are unlocked: a kata or a deck all of whose needs are met.

A kata meets a need once it was passed. A deck does once it is *known*: of half its must-know cards, or where it has
none, of half its cards, the last rating is Good or Easy. What is not installed holds nothing back. Locked is a word of
advice: every command takes what is locked as it takes the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from interview.content.cards.deck import Deck
from interview.content.reading.need import Kind, Step, meant
from interview.dataclass import dataclass
from interview.log.record import Attempt, KataEvent, Memory, Rating


@dataclass(frozen=True, slots=True)
class Standing:
    """The steps that are installed, and of these the ones met: katas passed, decks known."""

    steps: frozenset[Step]
    met: frozenset[Step]

    def lacks(self, kind: Kind, needs: Iterable[str]) -> tuple[Step, ...]:
        """What a step of this kind with these needs still waits for; unlocked is the one that waits for nothing."""
        found = (meant(each, kind, self.steps) for each in needs)
        return tuple(dict.fromkeys(each for each in found if each is not None and each not in self.met))


def standing(
    decks: Sequence[Deck], katas: Iterable[str], memories: Mapping[str, Memory], happened: Iterable[KataEvent]
) -> Standing:
    """`katas` are the names of those installed, `happened` is what the log says of katas."""
    steps = frozenset((*(Step("deck", deck.id) for deck in decks), *(Step("kata", name) for name in katas)))
    attempts = [event for event in happened if isinstance(event, Attempt)]
    passed = {Step("kata", attempt.kata) for attempt in attempts if attempt.status == "passed"}
    known = {Step("deck", deck.id) for deck in decks if is_known(deck, memories)}
    return Standing(steps, steps & (passed | known))


def is_known(deck: Deck, memories: Mapping[str, Memory]) -> bool:
    asked = [card for card in deck.cards if card.must_know] or deck.cards
    ratings = [memory.rating for card in asked if (memory := memories.get(card.name))]
    return 2 * sum(each is not None and each >= Rating.GOOD for each in ratings) >= max(1, len(asked))

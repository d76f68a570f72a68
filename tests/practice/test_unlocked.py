from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from decks import EVERY_KIND, write_deck

from interview.content.cards.deck import Deck
from interview.content.cards.deck_file import load_deck
from interview.content.reading.need import Step
from interview.log.record import Attempt, Memory, Rating
from interview.practice.insight.unlocked import Standing, is_known, standing

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PASSED = Step("kata", "softmax")
OPEN = Step("kata", "house")
KNOWN = Step("deck", "talk")
BOTH = Step("deck", "house")
STANDS = Standing(frozenset((PASSED, OPEN, KNOWN, BOTH)), frozenset((PASSED, KNOWN)))


@pytest.mark.parametrize(
    ("needs", "lacks"),
    [
        ((), ()),
        (("softmax", "talk"), ()),
        (("softmax", "house"), (OPEN,)),
        (("deck:house", "house", "kata:house"), (BOTH, OPEN)),
        (("gone", "deck:softmax"), ()),
    ],
)
def test_a_kata_is_unlocked_once_all_that_it_needs_is_met(needs: tuple[str, ...], lacks: tuple[Step, ...]) -> None:
    """A plain name is a kata's first, then a deck's; what is not installed holds nothing back; each is told once."""
    assert STANDS.lacks("kata", needs) == lacks


def test_a_plain_name_in_a_deck_is_a_deck_first() -> None:
    """The same name, read in a deck's file."""
    assert STANDS.lacks("deck", ("house", "softmax")) == (BOTH,)


def attempt(kata: str, status: str) -> Attempt:
    return Attempt(kata, NOW, NOW.date(), status, 1, "", 0.1)


def test_a_kata_stays_met_once_it_was_passed(tmp_path: Path) -> None:
    """A failure later calls for it again and locks nothing; a try that failed meets nothing; one that is gone is no
    step."""
    made = [attempt("a", "passed"), attempt("a", "failed"), attempt("b", "failed"), attempt("gone", "passed")]
    assert standing([], ["a", "b"], {}, made).met == {Step("kata", "a")}


def rated(deck: Deck, ratings: Mapping[str, Rating]) -> dict[str, Memory]:
    return {f"{deck.id}/{card}": Memory(f"{deck.id}/{card}", reviews=1, rating=each) for card, each in ratings.items()}


def test_a_deck_is_known_by_half_its_must_know_cards(tmp_path: Path) -> None:
    """One of the two is enough, and no number of others; Hard and Again are not."""
    cards = EVERY_KIND.replace("- id: ridge\n", "- id: ridge\n  must_know: true\n")
    deck = load_deck(write_deck(tmp_path, cards))
    others = dict.fromkeys(("strongest", "variance", "printed", "spot"), Rating.EASY)
    assert not is_known(deck, {})
    assert not is_known(deck, rated(deck, others))
    assert not is_known(deck, rated(deck, {"explain": Rating.HARD, "ridge": Rating.AGAIN}))
    assert is_known(deck, rated(deck, {"explain": Rating.GOOD, "ridge": Rating.AGAIN}))


def test_a_deck_without_must_know_cards_is_known_by_half_of_all(tmp_path: Path) -> None:
    """Three of six."""
    deck = load_deck(write_deck(tmp_path, EVERY_KIND.replace("  must_know: true\n", "")))
    names = [card.id for card in deck.cards]
    assert not is_known(deck, rated(deck, dict.fromkeys(names[:2], Rating.GOOD)))
    assert is_known(deck, rated(deck, dict.fromkeys(names[:3], Rating.GOOD)))

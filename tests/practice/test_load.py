"""What a day costs at one recall or another, lived ahead from the memories."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from reviewers import REVIEWERS, START, drilled
from simulate import cards as shipped_cards

from interview.content.cards.deck import Card
from interview.drill.schedule import DEFAULT, Rules, replay
from interview.log.record import Memory, Review
from interview.practice.insight.load import AIMS, DAYS, SAMPLE, loads

DAY = START + timedelta(days=40)


def minute(_: Card) -> float:
    return 60.0


def like(names: list[str]) -> list[Card]:
    card = next(iter(shipped_cards().values()))
    return [replace(card, deck=name.split("/")[0], id=name.split("/")[1], rev=1) for name in names]


def remembered(reviews: list[Review], before: date) -> dict[str, Memory]:
    names = dict.fromkeys(review.card for review in reviews)
    of = {name: [each for each in reviews if each.card == name and each.day < before] for name in names}
    return {name: replay(name, happened, DEFAULT) for name, happened in of.items() if happened}


@pytest.fixture(scope="module")
def lived() -> list[Review]:
    """Of someone as FSRS takes people to be, four new cards a day for longer than the month that is foreseen."""
    reviews = drilled(REVIEWERS["usual"], 2500, new=4)
    assert reviews[-1].day >= DAY + timedelta(days=DAYS)
    return reviews


def test_what_is_foreseen_comes_about(lived: list[Review]) -> None:
    """The month as it was lived, to a third: people say Again to new cards too, and luck is luck."""
    memories = remembered(lived, DAY)
    cards = like(list(dict.fromkeys(review.card for review in lived)))
    (own,) = (each for each in loads(cards, memories, DAY, DEFAULT, new=4, cost=minute) if each.own)
    came = sum(DAY <= review.day < DAY + timedelta(days=DAYS) for review in lived) / DAYS
    assert own.retention == DEFAULT.retention
    assert own.reviews == pytest.approx(came, rel=1 / 3)
    assert own.seconds == pytest.approx(60 * own.reviews)


def test_more_recall_costs_more(lived: list[Review]) -> None:
    """From one aim to the next, whatever the person has set; that is laid out among them, once."""
    memories = remembered(lived, DAY)
    cards = like(list(memories))
    for own in (0.9, 0.87, 0.7, 0.97):
        found = loads(cards, memories, DAY, Rules(retention=own), new=0, cost=minute)
        assert [each.retention for each in found] == sorted({*AIMS, own})
        assert [each.retention for each in found if each.own] == [own]
        assert [each.reviews for each in found] == sorted(each.reviews for each in found)
        assert found[0].reviews < found[-1].reviews


def test_what_costs_nothing(lived: list[Review]) -> None:
    """Suspended cards, new ones that are not begun, none at all. A new card is asked at least once."""
    memories = remembered(lived, DAY)
    cards = like(list(memories))
    away = {name: replace(memory, suspended=True) for name, memory in memories.items()}
    assert {each.reviews for each in loads(cards, away, DAY, DEFAULT, new=9, cost=minute)} == {0}
    assert {each.reviews for each in loads(cards, {}, DAY, DEFAULT, new=0, cost=minute)} == {0}
    assert {each.reviews for each in loads([], {}, DAY, DEFAULT, new=9, cost=minute)} == {0}
    assert all(each.reviews >= 2 for each in loads(cards[: 2 * DAYS], {}, DAY, DEFAULT, new=2, cost=minute))


def test_fuzz_changes_nothing_and_the_longest_interval_does(lived: list[Review]) -> None:
    """What varies evens out and is left out; an interval that may not be long is asked at its end."""
    memories = remembered(lived, DAY)
    cards = like(list(memories))
    usual = loads(cards, memories, DAY, DEFAULT, new=0, cost=minute)
    assert loads(cards, memories, DAY, Rules(fuzz=True), new=0, cost=minute) == usual
    daily = loads(cards, memories, DAY, Rules(longest=1), new=0, cost=minute)
    assert all(each.reviews >= len(cards) for each in daily)


def test_a_large_deck_is_lived_by_some(lived: list[Review]) -> None:
    """Twenty times the cards: no more than the sample is lived, and the load is about twenty times as much."""
    memories = remembered(lived, DAY)
    many = {f"{name}-{n}": replace(each, card=f"{name}-{n}") for name, each in memories.items() for n in range(20)}
    asked: list[str] = []

    def cost(card: Card) -> float:
        asked.append(card.name)
        return 60.0

    large = loads(like(list(many)), many, DAY, DEFAULT, new=0, cost=cost)
    assert len(many) > SAMPLE >= len(set(asked))
    small = loads(like(list(memories)), memories, DAY, DEFAULT, new=0, cost=minute)
    for one, other in zip(large, small, strict=True):
        assert one.reviews == pytest.approx(20 * other.reviews, rel=0.25)

"""Which card next, and what a rating does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from interview.content.cards.deck import Card
from interview.content.cards.deck_file import load_deck
from interview.drill.draw import draw
from interview.drill.schedule import DEFAULT, replay
from interview.drill.session import (
    GAP,
    Left,
    Limits,
    Response,
    Session,
    card_seed,
    follow_up,
    on_day,
    plan,
    rate,
    refresh,
    select,
    skip,
    take_back,
)
from interview.log.record import Due, Memory, Rating, Review, Suspend

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAY = date(2026, 11, 23)
NONE = Response()


@pytest.fixture(scope="module")
def cards() -> list[Card]:
    """Twelve: the six of the sample deck, and six more like them."""
    deck = load_deck(Path(__file__).parents[1] / "fixtures" / "drill" / "questions" / "sample.yaml")
    return [*deck.cards, *(replace(card, id=f"{card.id}-2", must_know=False) for card in deck.cards)]


def names(session: Session) -> list[str]:
    return [turn.card.name for turn in session.ahead]


def known(card: Card, rating: Rating, days_ago: int) -> Memory:
    return replay(card.name, [Review(card.name, card.rev, AT, DAY - timedelta(days=days_ago), rating)], DEFAULT)


def test_the_likeliest_forgotten_come_first_and_new_ones_last(cards: list[Card]) -> None:
    """Due cards by retrievability, then the new, must-know ones leading."""
    a, b, c = cards[2], cards[4], cards[5]
    memories = {
        card.name: known(card, rating, 30) for card, rating in ((a, Rating.EASY), (b, Rating.HARD), (c, Rating.GOOD))
    }
    planned = names(plan(cards, memories, DAY, Limits(), DEFAULT))
    assert planned[:3] == [b.name, c.name, a.name]
    assert planned[3] == "sample/peak"
    assert len(planned) == 12


def test_what_is_not_due_is_not_planned(cards: list[Card]) -> None:
    """A card answered yesterday with EASY is left in peace, unless one crams."""
    memories = {card.name: known(card, Rating.EASY, 1) for card in cards}
    assert names(plan(cards, memories, DAY, Limits(), DEFAULT)) == []
    assert len(names(plan(cards, memories, DAY, Limits(), DEFAULT, cram=True))) == 12


def test_a_called_card_leads(cards: list[Card]) -> None:
    """A failed kata's card is asked first, whatever its schedule says."""
    memories = {card.name: known(card, Rating.GOOD, 30) for card in cards}
    called = cards[7].name
    memories[called] = replay(called, [Review(called, 1, AT, DAY, Rating.EASY), Due(called, AT, DAY, "kata")], DEFAULT)
    assert names(plan(cards, memories, DAY, Limits(), DEFAULT))[0] == called


def test_a_changed_answer_is_asked_again(cards: list[Card]) -> None:
    """A higher `rev` than the one rated: what one knew is no longer the answer."""
    memories = {cards[0].name: known(cards[0], Rating.EASY, 1)}
    newer = replace(cards[0], rev=2)
    assert names(plan([newer], memories, DAY, Limits(), DEFAULT)) == [newer.name]
    session, review = rate(plan([newer], memories, DAY, Limits(), DEFAULT), Rating.GOOD, NONE, AT)
    assert review.rev == 2
    assert names(plan([newer], session.memories, DAY, Limits(), DEFAULT)) == []


def test_the_limits_are_a_days(cards: list[Card]) -> None:
    """Three new cards a day: a second sitting gets what the first one left; `-n` does not ask the day."""
    session = plan(cards, {}, DAY, Limits(new=3), DEFAULT)
    assert len(session.ahead) == 3
    session, _ = rate(session, Rating.EASY, NONE, AT)
    assert len(plan(cards, session.memories, DAY, Limits(new=3), DEFAULT).ahead) == 2
    assert len(plan(cards, session.memories, DAY, Limits(new=0, cards=7), DEFAULT).ahead) == 7


def test_suspended_cards_are_never_planned(cards: list[Card]) -> None:
    """Not when due, not when new, not when cramming."""
    memories = {card.name: replay(card.name, [Suspend(card.name, AT, DAY)], DEFAULT) for card in cards}
    for cram in (False, True):
        assert names(plan(cards, memories, DAY, Limits(cards=20), DEFAULT, cram=cram)) == []


def test_a_card_asked_for_by_name_is_asked(cards: list[Card]) -> None:
    """Due or not, suspended or not, and nothing else: it is how one wakes a suspended card."""
    memories = {card.name: known(card, Rating.EASY, 1) for card in cards}
    memories[cards[3].name] = replay(cards[3].name, [Suspend(cards[3].name, AT, DAY)], DEFAULT)
    wanted = [cards[3].name, cards[5].name]
    assert names(plan(cards, memories, DAY, Limits(), DEFAULT, wanted=wanted)) == wanted


def test_again_comes_back_after_a_few_others(cards: list[Card]) -> None:
    """Within the sitting, `GAP` cards later, with another draw; alone, at once."""
    session = plan(cards, {}, DAY, Limits(cards=10), DEFAULT)
    first = session.ahead[0]
    seed = card_seed(session, first)
    session, _ = rate(session, Rating.AGAIN, NONE, AT)
    assert names(session)[GAP] == first.card.name
    assert card_seed(session, session.ahead[GAP]) != seed
    alone = plan(cards[:1], {}, DAY, Limits(), DEFAULT)
    alone, _ = rate(alone, Rating.AGAIN, NONE, AT)
    assert names(alone) == [cards[0].name]
    alone, _ = rate(alone, Rating.GOOD, NONE, AT)
    assert alone.turn is None


def test_cram_changes_no_memory(cards: list[Card]) -> None:
    """The review says that it was practice; the memory is the one it was."""
    session = plan(cards, {}, DAY, Limits(), DEFAULT, cram=True)
    before = dict(session.memories)
    session, review = rate(session, Rating.GOOD, NONE, AT)
    assert review.cram
    assert session.memories == before


def test_the_memory_after_a_rating_is_the_logs(cards: list[Card]) -> None:
    """What the session believes is what a replay of its reviews would say."""
    session = plan(cards[:2], {}, DAY, Limits(), DEFAULT)
    events: dict[str, list[Review]] = {card.name: [] for card in cards[:2]}
    for rating in (Rating.AGAIN, Rating.HARD, Rating.GOOD):
        session, review = rate(session, rating, NONE, AT)
        events[review.card].append(review)
    assert dict(session.memories) == {name: replay(name, happened, DEFAULT) for name, happened in events.items()}


def test_what_is_left_counts_cards_by_kind(cards: list[Card]) -> None:
    """New, again, due: every rating moves it; a card that comes back is counted once, as again."""
    memories = {cards[0].name: known(cards[0], Rating.GOOD, 30)}
    session = plan(cards, memories, DAY, Limits(cards=4), DEFAULT)
    assert session.left == Left(new=3, again=0, due=1)
    session, _ = rate(session, Rating.AGAIN, NONE, AT)
    assert session.left == Left(new=3, again=1, due=0)
    session, _ = rate(session, Rating.GOOD, NONE, AT)
    assert session.left == Left(new=2, again=1, due=0)
    later = plan(cards, session.memories, DAY, Limits(cards=4), DEFAULT)
    assert later.left == Left(new=3, again=1, due=0)
    crammed = plan(cards, memories, DAY, Limits(cards=4), DEFAULT, cram=True)
    crammed, _ = rate(crammed, Rating.AGAIN, NONE, AT)
    assert crammed.left == Left(new=3, again=1, due=0)


def test_a_follow_up_is_next_and_deeper(cards: list[Card]) -> None:
    """It is asked at once, once, and its review records how deep it was."""
    session = plan(cards, {}, DAY, Limits(cards=5), DEFAULT)
    asked = cards[10]
    session = follow_up(session, [asked], 1)
    assert names(session)[0] == asked.name
    assert names(session).count(asked.name) == 1
    _, review = rate(session, Rating.GOOD, Response(followed=1), AT)
    assert review.depth == 2


def test_taking_back_asks_again_with_the_old_memory(cards: list[Card]) -> None:
    """After undo the card is the current one, its review gone, its memory as before."""
    session = plan(cards, {}, DAY, Limits(cards=5), DEFAULT)
    card = session.ahead[0].card
    before = session.memory(card)
    rated, _ = rate(session, Rating.EASY, NONE, AT)
    back = take_back(rated, card, before)
    assert names(back) == names(session)
    assert back.done == ()
    assert back.memory(card) == before


def test_the_day_turns_under_an_open_card(cards: list[Card]) -> None:
    """A terminal left open overnight rates for the new day; a clock set back does not undo the day."""
    session = plan(cards, {}, DAY, Limits(), DEFAULT)
    tomorrow = DAY + timedelta(days=1)
    assert on_day(session, tomorrow).today == tomorrow
    assert on_day(on_day(session, tomorrow), DAY).today == tomorrow
    _, review = rate(on_day(session, tomorrow), Rating.GOOD, NONE, AT)
    assert review.day == tomorrow


def test_skipping_drops_every_asking(cards: list[Card]) -> None:
    """A buried card does not come back as its own AGAIN."""
    session = plan(cards, {}, DAY, Limits(cards=5), DEFAULT)
    assert session.ahead[2].card.name not in names(skip(session, session.ahead[2].card.name))


def test_what_another_terminal_answered_is_not_asked(cards: list[Card]) -> None:
    """Cards rated elsewhere leave the queue; their memories are known here."""
    session = plan(cards, {}, DAY, Limits(cards=4), DEFAULT)
    elsewhere = {turn.card.name: known(turn.card, Rating.EASY, 0) for turn in session.ahead[:2]}
    fresh = refresh(session, elsewhere)
    assert names(fresh) == names(session)[2:]
    assert fresh.memory(session.ahead[0].card).reviews == 1


def test_the_same_seed_draws_the_same(cards: list[Card]) -> None:
    """Order and params come from the seed that the review keeps; other seeds bring other orders."""
    peak, variance = cards[0], cards[2]
    assert draw(peak, 7) == draw(peak, 7)
    orders = {tuple(option.id for option in draw(peak, seed).options) for seed in range(200)}
    assert len(orders) == 6
    assert {draw(variance, seed).params["p"] for seed in range(50)} == {0.1, 0.2}


def test_select_keeps_what_carries_all_tags_and_a_level(cards: list[Card]) -> None:
    """Tags narrow down together; levels are alternatives."""
    assert {card.id for card in select(cards, tags=["theory"], levels=[1, 4])} == {"holds", "why", "holds-2", "why-2"}
    assert select(cards, tags=["theory", "code"]) == []

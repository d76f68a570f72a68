"""What a sitting was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from interview.content.cards.deck import Card
from interview.content.cards.deck_file import load_deck
from interview.drill.schedule import DEFAULT
from interview.drill.session import Left, Limits, Response, Session, plan, rate
from interview.drill.summary import Summary, Topic, summarise
from interview.log.record import Rating
from interview.terminal.quiz.summary import farewell

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def cards() -> list[Card]:
    return list(load_deck(Path(__file__).parents[1] / "fixtures" / "drill" / "questions" / "sample.yaml").cards)


def answered(session: Session, *ratings: Rating, right: bool | None = None) -> Session:
    for rating in ratings:
        session, _ = rate(session, rating, Response(seconds=30, right=right), AT)
    return session


def test_what_was_known_at_once_counts_cards_by_their_first_rating(cards: list[Card]) -> None:
    """Again, then Good in the same sitting, is a card that was not known; what the machine saw goes first."""
    session = answered(plan(cards[:2], {}, DAY, Limits(), DEFAULT), Rating.AGAIN, Rating.GOOD, Rating.GOOD)
    said = summarise(session, cards)
    assert (said.reviews, said.cards, said.known, said.seconds) == (3, 2, 1, 90)
    assert said.left == Left()
    wrong = answered(plan(cards[:1], {}, DAY, Limits(), DEFAULT), Rating.GOOD, right=False)
    assert summarise(wrong, cards).known == 0


def test_when_the_cards_come_back(cards: list[Card]) -> None:
    """By day, the forgotten ones today; a crammed card moves no date."""
    session = answered(plan(cards, {}, DAY, Limits(), DEFAULT), Rating.AGAIN, Rating.GOOD, Rating.GOOD, Rating.EASY)
    comes = summarise(session, cards).comes
    assert list(comes.items()) == [(DAY, 1), (DAY + timedelta(days=2), 2), (DAY + timedelta(days=8), 1)]
    assert not summarise(answered(plan(cards, {}, DAY, Limits(), DEFAULT, cram=True), Rating.GOOD), cards).comes


def test_weak_topics_are_those_of_which_half_was_missed(cards: list[Card]) -> None:
    """By tag, the most misses first; of several decks, the decks are topics too."""
    tags = ["a b", "a b", "a", "c", "d", "d"]
    tagged = [replace(card, tags=tuple(each.split())) for card, each in zip(cards, tags, strict=True)]
    session = plan(tagged, {}, DAY, Limits(), DEFAULT)
    missed = {tagged[0].name, tagged[1].name, tagged[3].name}
    for _ in range(6):
        rating = Rating.AGAIN if session.ahead[0].card.name in missed else Rating.GOOD
        session, _ = rate(session, rating, Response(), AT)
    weak = summarise(session, tagged).weak
    assert set(weak) == {Topic("a", 1, 3), Topic("b", 0, 2), Topic("c", 0, 1)}
    assert weak[-1] == Topic("c", 0, 1)
    two = [replace(tagged[0], deck="other", tags=()), replace(tagged[2], tags=())]
    session = answered(plan(two, {}, DAY, Limits(), DEFAULT), Rating.AGAIN, Rating.AGAIN)
    assert {topic.name for topic in summarise(session, two).weak} == {"other", "sample"}


def test_it_is_said_in_both_languages_and_folds() -> None:
    """How many, how many at once, what is left, when they come, what is weak."""
    comes = {DAY: 1, DAY + timedelta(days=1): 2, DAY + timedelta(days=7): 3, DAY + timedelta(days=30): 4}
    summary = Summary(12, 11, 9, 540.0, Left(2, 1, 0), comes, (Topic("numerics", 0, 2),))
    text = " ".join(line.plain for line in farewell(summary, DAY, "en", 80))
    for said in (
        "12 answered in 9 min, 9 of 11 known at once. All saved.",
        "Left of this sitting: 2 new · 1 again · 0 due.",
        "1 today, 2 tomorrow, 3 within a week, 4 later, from 2026-12-23 on",
        "Weak: numerics (0 of 2).",
    ):
        assert said in text
    chinese = farewell(summary, DAY, "zh", 40)
    assert all(line.cell_len <= 40 for line in chinese)
    assert "11 张卡中 9 张一次答对" in "".join(line.plain for line in chinese)
    assert len(farewell(Summary(), DAY, "en", 80)) == 1

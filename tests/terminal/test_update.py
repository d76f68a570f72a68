"""What a key makes of a card, in each state: one meaning a key, whatever the kind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from interview.content.cards.deck import Card, Choice
from interview.content.cards.deck_file import load_deck
from interview.drill.draw import draw
from interview.log.record import Rating
from interview.terminal.quiz.model import TICKS, Asking, Mode, Rate, ask
from interview.terminal.quiz.update import ALWAYS, CONFIDENCE, press
from interview.terminal.text.words import WANTED, QuizWords

SAMPLE = load_deck(Path(__file__).parents[1] / "fixtures" / "drill" / "questions" / "sample.yaml").cards
PEAK = next(card for card in SAMPLE if card.id == "peak")
MANY = replace(PEAK, answer=replace(PEAK.answer, many=True))
KINDS = (*SAMPLE, MANY)


def after(card: Card, *keys: str) -> Asking:
    asking = ask(card, draw(card, 1))
    for key in keys:
        asking, _ = press(asking, key)
    return asking


def turned(card: Card) -> Asking:
    """The card right after the reveal, unanswered: an open line is left first."""
    return after(card, "esc", "space")


@pytest.mark.parametrize("card", KINDS, ids=lambda card: card.kind)
@pytest.mark.parametrize("rating", Rating)
def test_after_the_reveal_a_digit_rates_on_every_kind(card: Card, rating: Rating) -> None:
    """Space, 3 is Good for a hand that learned it elsewhere: on the rubric as on the back, and it ticks nothing."""
    shown = turned(card)
    asking, action = press(shown, str(int(rating)))
    assert action == Rate(rating)
    assert asking.ticks == shown.ticks
    asking, action = press(replace(shown, mode=Mode.BACK), str(int(rating)))
    assert action == Rate(rating)


@pytest.mark.parametrize("card", KINDS, ids=lambda card: card.kind)
def test_before_the_reveal_a_digit_rates_nothing(card: Card) -> None:
    """There it is the answer: of a choice, or the beginning of a number; else a sentence says when it rates."""
    for digit in "1234":
        front = after(card, "esc")
        asking, action = press(front, digit)
        assert action is None
        assert asking.answered or asking.picked or asking.mode is Mode.LINE or asking.notice


@pytest.mark.parametrize("card", SAMPLE, ids=lambda card: card.kind)
def test_a_letter_that_ticks_means_nothing_else(card: Card) -> None:
    """In no state is it a command, and no command of any state ticks."""
    assert not set(TICKS) & {*ALWAYS, *CONFIDENCE, *"htfyn?", *"0123456789"}
    for mode in (Mode.FRONT, Mode.BACK):
        asking = replace(turned(card), mode=mode)
        for letter in TICKS:
            after_it, action = press(asking, letter)
            assert action is None
            assert replace(after_it, notice=None) == asking


def test_letters_tick_and_untick_the_points_in_order() -> None:
    """The letter before a point, twice to take it back; a letter beyond the rubric ticks nothing."""
    why = next(card for card in SAMPLE if card.id == "why")
    assert after(why, "space", *TICKS[:2]).ticks == {0, 1}
    assert after(why, "space", TICKS[0], TICKS[1], TICKS[0]).ticks == {1}
    assert after(why, "space", TICKS[4]).ticks == frozenset()


def test_several_options_are_answered_by_space_as_by_enter() -> None:
    """What was picked is the answer: turning the card over does not drop it."""
    assert isinstance(MANY.answer, Choice)
    for key in ("space", "enter"):
        asking = after(MANY, "1", "2", key)
        assert asking.mode is Mode.BACK
        assert asking.judged.right is not None


CARDS = {card.id: card for card in SAMPLE} | {"many": MANY}


@pytest.mark.parametrize(
    ("card", "keys", "mode", "given", "right", "notice"),
    [
        ("peak", "1", Mode.BACK, "half", False, ""),
        ("peak", "9", Mode.FRONT, None, None, "option"),
        ("peak", "t", Mode.FRONT, None, None, "no_key"),
        ("peak", "y", Mode.FRONT, None, None, "no_key"),
        ("peak", "h", Mode.FRONT, None, None, ""),
        ("many", "12", Mode.FRONT, None, None, ""),
        ("many", "11 ", Mode.BACK, None, None, ""),
        ("many", "12 ", Mode.BACK, "half,flat", False, ""),
        ("holds", "y", Mode.TICKS, "yes", True, ""),
        ("holds", "n", Mode.BACK, "no", False, ""),
        ("holds", "1", Mode.FRONT, None, None, "too_early"),
        ("holds", "h", Mode.FRONT, None, None, "no_hint"),
        ("holds", "7", Mode.FRONT, None, None, "no_key"),
        ("variance", "two\n", Mode.LINE, None, None, "number"),
        ("variance", "7\n", Mode.BACK, "7", False, ""),
        ("variance", "\n", Mode.FRONT, None, None, ""),
        ("variance", "\n-7\n", Mode.BACK, "-7", False, ""),
        ("printed", "1\n", Mode.LINE, None, None, ""),
        ("printed", "1\n2\n", Mode.BACK, "1 | 2", False, ""),
        ("bug", "99\n", Mode.LINE, None, None, "line"),
        ("bug", "\nt", Mode.LINE, None, None, ""),
        ("why", "t", Mode.LINE, None, None, ""),
        ("why", "tso\n", Mode.TICKS, "so", None, ""),
        ("why", " ", Mode.TICKS, None, None, ""),
        ("why", "1", Mode.FRONT, None, None, "too_early"),
    ],
)
def test_what_a_front_makes_of_keys(
    card: str, keys: str, mode: Mode, given: str | None, right: bool | None, notice: str
) -> None:
    """Each way to answer, with the keys of the others: what is judged, where one is then, and what is said."""
    asking = after(CARDS[card], *({" ": "space", "\n": "enter"}.get(key, key) for key in keys))
    assert (asking.mode, asking.judged.given, asking.judged.right) == (mode, given, right)
    assert asking.notice == (WANTED.get(notice) or getattr(QuizWords, notice) if notice else None)

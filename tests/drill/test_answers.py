"""What an answer is worth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from interview.content.cards.deck import Card, NearMiss, Numeric, SpotBug, Tolerance, TrueFalse
from interview.content.cards.deck_file import load_deck
from interview.drill.answers import (
    NO,
    YES,
    Judged,
    check_line,
    is_right,
    judge,
    pre_tick,
    propose,
)
from interview.drill.draw import Drawn, draw
from interview.drill.numbers import read_lines, read_number, same_output
from interview.log.record import Confidence, Rating
from interview.text import Text

SAMPLE = Path(__file__).parents[1] / "fixtures" / "drill" / "questions" / "sample.yaml"


@pytest.fixture(scope="module")
def cards() -> dict[str, Card]:
    return {card.id: card for card in load_deck(SAMPLE).cards}


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("2.25", 2.25), ("1/3", 1 / 3), ("2e-3", 0.002), ("50%", 0.5), (" .5 ", 0.5), ("−3", -3.0), ("１.５", 1.5),
        ("1,024", 1024.0), ("2^10", 1024.0), ("sqrt(2)/2", 2**-0.5), ("≈0.37", 0.37), ("= 4", 4.0), ("007", 7.0),
        ("1e3", 1000.0), ("0", 0.0), ("-1/4", -0.25), ("12.5 %", 0.125),
    ],
)  # fmt: skip
def test_numbers_as_people_type_them(typed: str, value: float) -> None:
    """Fractions, powers of ten, per cent, full-width digits and a real minus sign are numbers."""
    assert read_number(typed) == pytest.approx(value)


@pytest.mark.parametrize("typed", ["", "two", "1/0", "__import__('os')", "nan", "inf", "1 2", "x", "9**9**9**9"])
def test_what_is_no_number(typed: str) -> None:
    """Words, code, infinities and two numbers at once are not one number."""
    assert read_number(typed) is None


def test_a_number_is_right_within_its_tolerance(cards: dict[str, Card]) -> None:
    """9 · 0.2/0.8 = 2.25, one per cent allowed."""
    drawn = Drawn((), {"p": 0.2})
    assert judge(cards["variance"], drawn, ["9/4"]).right
    assert judge(cards["variance"], drawn, ["2.27"]).right
    assert not judge(cards["variance"], drawn, ["2.28"]).right


def test_a_near_miss_names_its_mistake(cards: dict[str, Card]) -> None:
    """1.44 is 9 · 0.2 · 0.8: the form without the scale; any other wrong number is just wrong."""
    drawn = Drawn((), {"p": 0.2})
    assert judge(cards["variance"], drawn, ["1.44"]).mistake == "unscaled"
    assert judge(cards["variance"], drawn, ["7"]).mistake is None


def test_of_two_near_misses_the_nearest_is_named(cards: dict[str, Card]) -> None:
    """Two known mistakes may lead to values that the tolerance does not part."""
    card = cards["variance"]
    assert isinstance(card.answer, Numeric)
    (part,) = card.answer.parts
    misses = (NearMiss("10", "far"), NearMiss("10.1", "near"))
    wide = replace(part, near_misses=misses, within=Tolerance(absolute=0.5, relative=0.0))
    near = replace(card, answer=replace(card.answer, parts=(wide,)))
    assert judge(near, Drawn((), {"p": 0.2}), ["10.2"]).mistake == "near"


@pytest.mark.parametrize("said", ["3.5 | 4 2 1", "3.5|[4, 2, 1]"])
def test_printed_output_as_text_or_numbers(cards: dict[str, Card], said: str) -> None:
    """Spaces and brackets around bare numbers do not matter; the numbers and their order do."""
    assert judge(cards["printed"], Drawn((), {}), said.split("|")).right
    assert not judge(cards["printed"], Drawn((), {}), ["3.5", "1 2 4"]).right


@pytest.mark.parametrize(
    ("said", "prints", "same"),
    [
        (".5", "0.5000", True), ("tensor([0, 2])", "tensor([0., 2.])", True), ("0 2", "tensor([0., 2.])", True),
        ("True", "True", True), ("true", "True", False), ("3", "True 3", False), ("2", "3", False),
        ("torch.float32", "torch.float32", True), ("torch.float16", "torch.float32", False), ("1.001", "1", False),
        ("0.333", "0.3333", True), ("0.34", "0.3333", False), ("-0.5", "0.5", False),
    ],
)  # fmt: skip
def test_same_output(said: str, prints: str, same: bool) -> None:
    """Floats agree to a thousandth, integers exactly, words letter by letter."""
    assert same_output(said, prints) is same


def test_a_choice_is_judged_by_ids(cards: dict[str, Card]) -> None:
    """The picked option's own mistake is named; with several right, exactly those."""
    card, drawn = cards["peak"], draw(cards["peak"], 1)
    assert judge(card, drawn, ["half"]) == Judged("half", right=False, mistake="binomial-peak")
    assert judge(card, drawn, ["grows"]) == Judged("grows", right=True)
    assert not judge(card, drawn, ["grows", "flat"]).right
    assert not judge(card, drawn, []).right


@pytest.mark.parametrize("holds", [True, False])
def test_truth_is_judged(cards: dict[str, Card], holds: bool) -> None:
    """`yes` is right where it holds, `no` where it does not."""
    card = replace(cards["peak"], answer=TrueFalse(Text("a", "甲"), holds))
    assert judge(card, Drawn((), {}), [YES]) == Judged("yes", right=holds)
    assert judge(card, Drawn((), {}), [NO]) == Judged("no", right=not holds)


def test_a_line_that_cannot_be_an_answer_stays_open(cards: dict[str, Card]) -> None:
    """A slip of the finger is no wrong answer: letters for a number, line 9 of 3."""
    assert check_line(cards["variance"], "2.2r5")
    assert check_line(cards["bug"], "9")
    assert check_line(cards["bug"], "0")
    assert not check_line(cards["bug"], "3")
    assert not check_line(cards["why"], "anything")
    assert read_lines("第３行") == (3,)


def test_faulty_lines_are_found_in_part(cards: dict[str, Card]) -> None:
    """Of several, half is right but HARD, fewer is wrong but HARD, a sound line among them is wrong."""
    answer = cards["bug"].answer
    assert isinstance(answer, SpotBug)
    card = replace(cards["bug"], answer=replace(answer, lines=(1, 2, 3)))
    judged = {said: judge(card, Drawn((), {}), [said]) for said in ("1 2 3", "1, 3", "2", "1 2 4")}
    assert [each.right for each in judged.values()] == [True, True, False, False]
    assert [each.partly for each in judged.values()] == [False, True, True, False]
    assert propose(card, judged["2"], ticks=None, confidence=None) is Rating.HARD


def test_typed_points_arrive_ticked_in_either_language(cards: dict[str, Card]) -> None:
    """The rubric's words are looked for whatever the language and case of the answer."""
    rubric = cards["why"].rubric
    assert pre_tick(rubric, "An ENSEMBLE; units cannot co-adapt") == {0, 1}
    assert pre_tick(rubric, "相当于集成，还有一个惩罚项") == {0, 2}
    assert pre_tick(rubric, "no idea") == frozenset()


@pytest.mark.parametrize(
    ("word", "said", "found"),
    [
        ("rl", "stop early", False), ("rl", "in RL", True), ("regulari", "it regularises", True),
        ("biased", "unbiased", False), ("p/(1", "(p/(1−p))", True), ("集成", "相当于集成", True),
        ("io", "IO-bound", True),
    ],
)  # fmt: skip
def test_a_rubric_s_word_begins_a_word(cards: dict[str, Card], word: str, said: str, found: bool) -> None:
    """Stems count; letters within another word do not."""
    point = replace(cards["why"].rubric[0], any_of=(word,))
    assert pre_tick((point,), said) == ({0} if found else frozenset())


@pytest.mark.parametrize(
    ("ticks", "confidence", "rating"),
    [
        ({0, 1}, None, Rating.HARD),              # two of four, the one that matters missing
        ({0, 2}, None, Rating.GOOD),
        ({2}, None, Rating.HARD),
        ({0}, None, Rating.AGAIN),
        (set(), None, Rating.AGAIN),
        ({0, 1, 2, 3}, None, Rating.GOOD),
        ({0, 1, 2, 3}, Confidence.SURE, Rating.EASY),
        (None, None, Rating.AGAIN),               # turned over, nothing ticked
        (set(), Confidence.SURE, Rating.AGAIN),
    ],
)  # fmt: skip
def test_ticks_propose_a_rating(
    cards: dict[str, Card], ticks: set[int] | None, confidence: Confidence | None, rating: Rating
) -> None:
    """Half of the points and all that matter make GOOD."""
    given = None if ticks is None else frozenset(ticks)
    assert propose(cards["why"], Judged(), ticks=given, confidence=confidence) is rating


def test_what_was_wrong_proposes_again(cards: dict[str, Card]) -> None:
    """Right GOOD, wrong AGAIN, right by a guess or with a hint HARD, half of the parts HARD."""
    card = cards["peak"]
    assert propose(card, Judged(right=False), ticks=None, confidence=Confidence.SURE) is Rating.AGAIN
    assert propose(card, Judged(right=True), ticks=None, confidence=None) is Rating.GOOD
    assert propose(card, Judged(right=True), ticks=None, confidence=Confidence.UNSURE) is Rating.HARD
    assert propose(card, Judged(right=True), ticks=None, confidence=None, hinted=True) is Rating.HARD
    assert propose(card, Judged(right=False, partly=True), ticks=None, confidence=None) is Rating.HARD


@pytest.mark.parametrize("confidence", [None, *Confidence])
@pytest.mark.parametrize("hinted", [False, True])
def test_a_card_turned_over_unanswered_is_not_known(
    cards: dict[str, Card], confidence: Confidence | None, hinted: bool
) -> None:
    """Of every kind, however sure the person was: without an answer AGAIN is proposed."""
    for card in cards.values():
        for ticks in (None, frozenset[int]()):
            assert propose(card, Judged(), ticks=ticks, confidence=confidence, hinted=hinted) is Rating.AGAIN


def test_right_without_the_why_is_hard(cards: dict[str, Card]) -> None:
    """True/false can be guessed: the point that matters has to be said, and of others one."""
    no_must = replace(cards["holds"], rubric=tuple(replace(each, must=False) for each in cards["holds"].rubric))
    assert propose(no_must, Judged(right=True), ticks=frozenset(), confidence=None) is Rating.HARD
    assert propose(no_must, Judged(right=True), ticks=frozenset({1}), confidence=None) is Rating.GOOD
    assert propose(cards["holds"], Judged(right=True), ticks=frozenset({1}), confidence=None) is Rating.HARD
    assert propose(cards["holds"], Judged(right=True), ticks=frozenset({0}), confidence=None) is Rating.GOOD


def test_an_open_answer_is_right_when_what_matters_was_said(cards: dict[str, Card]) -> None:
    """For the calibration: musts and half of the points; unknown when nobody ticked."""
    assert is_right(cards["why"], Judged(), frozenset({0, 2})) is True
    assert is_right(cards["why"], Judged(), frozenset({0, 1})) is False
    assert is_right(cards["why"], Judged(), None) is None

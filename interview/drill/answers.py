"""The answer's worth: chosen, typed or ticked, against the card; and the rating that it suggests."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Literal

from interview.content.cards.deck import Card, Choice, Flip, Numeric, Open, Point, PredictOutput, SpotBug, TrueFalse
from interview.dataclass import dataclass
from interview.drill.draw import Drawn
from interview.drill.numbers import is_near, mistake_of, read_lines, read_number, right_value, same_output
from interview.log.record import Confidence, Rating

SEPARATOR = " | "  # between the parts of one answer, as stored
YES, NO = "yes", "no"


class Way(Enum):
    """How a card is answered; which keys a kind takes follows from it."""

    FREE = "free"  # in words of one's own, aloud or typed: its points are ticked
    PICKED = "picked"  # by the digit of an option
    SEVERAL = "several"  # by the digits of the right ones
    TRUTH = "truth"  # true or false
    TYPED = "typed"  # on a line, always
    TURNED = "turned"  # in one's head: it is turned over, and nobody sees what was meant


@dataclass(frozen=True, slots=True)
class Judged:
    """What the machine saw. `right` is None when nobody answered; `partly`: a part of it was right, or enough."""

    given: str | None = None
    right: bool | None = None
    mistake: str | None = None
    partly: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What was typed is no answer yet: the line stays open. `want` is `number` or `line`."""

    want: Literal["number", "line"]


def way(card: Card) -> Way:
    match card.answer:
        case Open():
            return Way.FREE
        case Choice(many=many):
            return Way.SEVERAL if many else Way.PICKED
        case TrueFalse():
            return Way.TRUTH
        case Numeric() | PredictOutput() | SpotBug():
            return Way.TYPED
        case Flip():
            return Way.TURNED


def seconds(card: Card) -> int:
    """How long an answer takes, as a guess."""
    match card.answer:
        case Open():
            return 75
        case Choice():
            return 30
        case Flip():
            return 20
        case TrueFalse():
            return 40
        case Numeric():
            return 60
        case PredictOutput() | SpotBug():
            return 45


def lines_wanted(card: Card) -> int:
    """How many lines a typed answer has: one a quantity, one a printed line."""
    match card.answer:
        case Numeric(parts=parts):
            return len(parts)
        case PredictOutput(prints=prints):
            return max(1, len(prints.rstrip().splitlines()))
        case Open() | Choice() | TrueFalse() | SpotBug() | Flip():
            return 1


def is_counted(card: Card) -> bool:
    """Is an answer of fewer lines none at all? A printed line too few is only wrong."""
    match card.answer:
        case Numeric():
            return True
        case Open() | Choice() | TrueFalse() | PredictOutput() | SpotBug() | Flip():
            return False


def check_line(card: Card, text: str) -> Unreadable | None:
    """Can this line be an answer at all? A slip of the finger costs nothing."""
    match card.answer:
        case Numeric():
            return Unreadable("number") if read_number(text) is None else None
        case SpotBug(code=code):
            lines = read_lines(text)
            known = lines is not None and set(lines) <= set(range(1, len(code.splitlines()) + 1))
            return None if known else Unreadable("line")
        case Open() | Choice() | TrueFalse() | PredictOutput() | Flip():
            return None


def judge(card: Card, drawn: Drawn, said: Sequence[str]) -> Judged:
    """What was said against the card: ids of options, `yes` or `no`, or lines. Free words are ticked, not judged."""
    given = SEPARATOR.join(entry.strip() for entry in said)
    match card.answer:
        case Open() | Flip():
            return Judged(given)
        case Choice():
            return judge_choice(card.answer, said)
        case TrueFalse(holds=holds):
            return Judged(given, right=(given == YES) == holds)
        case Numeric():
            return judge_numbers(card.answer, drawn, said, given)
        case PredictOutput(prints=prints):
            return Judged(given, right=same_output("\n".join(said), prints.rstrip()))
        case SpotBug(lines=lines):
            said_lines = set(read_lines(" ".join(said)) or ())
            found = said_lines <= set(lines) and len(said_lines)  # a sound line called faulty spoils it
            return Judged(given, right=2 * found >= len(lines), partly=0 < found < len(lines))


def judge_numbers(answer: Numeric, drawn: Drawn, entries: Sequence[str], given: str) -> Judged:
    good: list[bool] = []
    mistake: str | None = None
    for quantity, entry in zip(answer.parts, entries, strict=False):
        value = read_number(entry)
        right = value is not None and is_near(value, right_value(quantity, drawn.params), quantity.within)
        good.append(right)
        if value is not None and not right:
            mistake = mistake or mistake_of(quantity, value, drawn.params)
    right = len(good) == len(answer.parts) and all(good)
    return Judged(given, right=right, mistake=mistake, partly=not right and 2 * sum(good) >= len(answer.parts) > 1)


def judge_choice(answer: Choice, picked: Iterable[str]) -> Judged:
    """The picked option ids; with `many`, exactly the right ones."""
    chosen = [option for option in answer.options if option.id in set(picked)]
    right = {option.id for option in chosen} == {option.id for option in answer.options if option.right}
    wrong = next((option.mistake for option in chosen if option.mistake and not option.right), None)
    return Judged(",".join(option.id for option in chosen), right=right, mistake=None if right else wrong)


def pre_tick(rubric: Sequence[Point], text: str) -> frozenset[int]:
    """The points (from 0) whose words, of either language, stand in the typed answer."""
    said = plain(text)
    return frozenset(n for n, point in enumerate(rubric) if any(begins_in(plain(word), said) for word in point.any_of))


def begins_in(word: str, text: str) -> bool:
    """Does the text hold `word`, at the start of one of its own? Stems count, `rl` in `early` does not."""
    start = r"(?<![a-z0-9])" if word[:1].isascii() and word[:1].isalnum() else ""
    return re.search(start + re.escape(word), text) is not None


def plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def missed(rubric: Sequence[Point], ticks: frozenset[int]) -> tuple[Point, ...]:
    """The points that matter and were not said."""
    return tuple(point for n, point in enumerate(rubric) if point.must and n not in ticks)


def propose(
    card: Card,
    judged: Judged,
    *,
    ticks: frozenset[int] | None,
    confidence: Confidence | None,
    hinted: bool = False,
) -> Rating | None:
    """The rating that the answer suggests; the person decides. `ticks` is None when nobody ticked. A card that is
    merely turned over suggests none.

    Nothing answered is nothing known: AGAIN. A hint or a guess that happened to be right is HARD at best.
    """
    if way(card) is Way.TURNED:
        return None
    rating = rate_answer(card, judged, ticks)
    if rating > Rating.HARD and (hinted or (judged.right and confidence is Confidence.UNSURE)):
        return Rating.HARD
    if rating is Rating.GOOD and confidence is Confidence.SURE and ticks is not None and len(ticks) == len(card.rubric):
        return Rating.EASY if way(card) is Way.FREE else Rating.GOOD
    return rating


def rate_answer(card: Card, judged: Judged, ticks: frozenset[int] | None) -> Rating:
    if judged.right is False:
        return Rating.HARD if judged.partly else Rating.AGAIN
    free = way(card) is Way.FREE
    if judged.right is None and not (ticks and free):
        return Rating.AGAIN
    if ticks is None or not card.rubric:
        return Rating.HARD if judged.partly else Rating.GOOD
    half = 2 * len(ticks) >= len(card.rubric)
    if free and not half:
        return Rating.HARD if not missed(card.rubric, ticks) else Rating.AGAIN
    if not ticks or missed(card.rubric, ticks) or judged.partly:
        return Rating.HARD
    return Rating.GOOD


def is_right(card: Card, judged: Judged, ticks: frozenset[int] | None) -> bool | None:
    """Right or wrong, for the calibration; an open answer is right when it said what matters and half of the rest."""
    if judged.right is not None or way(card) is not Way.FREE or ticks is None:
        return judged.right
    return not missed(card.rubric, ticks) and 2 * len(ticks) >= len(card.rubric)

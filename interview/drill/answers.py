"""The answer's worth: chosen, typed or ticked, against the card; and the rating that it suggests."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from interview.content.cards.deck import Card, Choice, Numeric, Open, Point, PredictOutput, SpotBug, TrueFalse
from interview.dataclass import dataclass
from interview.drill.draw import Drawn
from interview.drill.numbers import is_near, mistake_of, read_lines, read_number, right_value, same_output
from interview.log.record import Confidence, Rating

SEPARATOR = " | "  # between the parts of one answer, as stored


@dataclass(frozen=True, slots=True)
class Judged:
    """What the machine saw. `right` is None when nobody answered; `partly`: a part of it was right, or enough."""

    given: str | None = None
    right: bool | None = None
    mistake: str | None = None
    partly: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What was typed is no answer yet: the line stays open. `want` is `number`, `line`, `option` or `yes_no`."""

    want: str


def lines_wanted(card: Card) -> int:
    """How many lines a typed answer has: one a quantity, one a printed line."""
    match card.answer:
        case Numeric(parts=parts):
            return len(parts)
        case PredictOutput(prints=prints):
            return max(1, len(prints.rstrip().splitlines()))
        case _:
            return 1


def is_typed(card: Card) -> bool:
    """Is the answer typed on a line, always?"""
    return isinstance(card.answer, Numeric | PredictOutput | SpotBug)


def check_line(card: Card, text: str) -> Unreadable | None:
    """Can this line be an answer at all? A slip of the finger costs nothing."""
    match card.answer:
        case Numeric() if read_number(text) is None:
            return Unreadable("number")
        case SpotBug(code=code):
            lines = read_lines(text)
            if lines is None or not set(lines) <= set(range(1, len(code.splitlines()) + 1)):
                return Unreadable("line")
        case _:
            pass
    return None


def judge_typed(card: Card, drawn: Drawn, entries: Sequence[str]) -> Judged:
    """The typed lines against the card. A free answer is never judged here: its points are ticked."""
    given = SEPARATOR.join(entry.strip() for entry in entries)
    match card.answer:
        case Numeric():
            return judge_numbers(card.answer, drawn, entries, given)
        case PredictOutput(prints=prints):
            said = "\n".join(entries)
            return Judged(given, right=same_output(said, prints.rstrip()))
        case SpotBug(lines=lines):
            said_lines = set(read_lines(" ".join(entries)) or ())
            found = said_lines <= set(lines) and len(said_lines)  # a sound line called faulty spoils it
            return Judged(given, right=2 * found >= len(lines), partly=0 < found < len(lines))
        case _:
            return Judged(given)


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


def judge_truth(answer: TrueFalse, said: bool) -> Judged:
    return Judged("yes" if said else "no", right=said == answer.holds)


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
) -> Rating:
    """The rating that the answer suggests; the person decides. `ticks` is None when nobody ticked.

    Nothing answered is nothing known: AGAIN. A hint or a guess that happened to be right is HARD at best.
    """
    rating = rate_answer(card, judged, ticks)
    if rating > Rating.HARD and (hinted or (judged.right and confidence is Confidence.UNSURE)):
        return Rating.HARD
    if rating is Rating.GOOD and confidence is Confidence.SURE and ticks is not None and len(ticks) == len(card.rubric):
        return Rating.EASY if isinstance(card.answer, Open) else Rating.GOOD
    return rating


def rate_answer(card: Card, judged: Judged, ticks: frozenset[int] | None) -> Rating:
    if judged.right is False:
        return Rating.HARD if judged.partly else Rating.AGAIN
    if judged.right is None and not (ticks and isinstance(card.answer, Open)):
        return Rating.AGAIN
    if ticks is None or not card.rubric:
        return Rating.HARD if judged.partly else Rating.GOOD
    half = 2 * len(ticks) >= len(card.rubric)
    if isinstance(card.answer, Open) and not half:
        return Rating.HARD if not missed(card.rubric, ticks) else Rating.AGAIN
    if not ticks or missed(card.rubric, ticks) or judged.partly:
        return Rating.HARD
    return Rating.GOOD


def is_right(card: Card, judged: Judged, ticks: frozenset[int] | None) -> bool | None:
    """Right or wrong, for the calibration; an open answer is right when it said what matters and half of the rest."""
    if judged.right is not None or not isinstance(card.answer, Open) or ticks is None:
        return judged.right
    return not missed(card.rubric, ticks) and 2 * len(ticks) >= len(card.rubric)

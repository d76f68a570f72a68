"""Answers from a file or a pipe instead of keys: for tests, for screen readers, for other programs.

One line an answer, for the cards in the order they are asked: an option's id or digit (`a,c` for several), `y`/`n`,
a number (`2 | 1/3` for parts), what is printed (` | ` between its lines), a line number, free text; `-` turns the card
over without an answer. A line that begins with `{` is JSON: `{"card": "deck/id", "answer": …, "why": "…",
"ticks": [1, 3], "confidence": "sure", "rating": 3, "hint": true}`, everything optional; with `card` it waits for that
card. Empty lines and lines that begin with `#` are skipped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from interview.content.deck import Card, Choice, Numeric, Open, PredictOutput, SpotBug, TrueFalse
from interview.drill.answers import check_line, judge_choice, judge_truth, judge_typed, lines_wanted, pre_tick
from interview.drill.draw import Drawn
from interview.errors import UsageError
from interview.printable import printable, printable_line
from interview.record import Confidence, Rating
from interview.terminal.asking import Asking, Mode, ask

YES = frozenset(("y", "yes", "true", "t", "对", "是"))
NO = frozenset(("n", "no", "false", "f", "错", "否"))
WANTS = {
    "number": "a number, such as 2.25, 1/3, 2e-3 or 50%",
    "line": "the number of a line of its code",
    "option": "the id or the digit of one of its options",
    "yes_no": "y or n",
}
FIELDS = frozenset(("card", "answer", "why", "ticks", "confidence", "rating", "hint"))


@dataclass(frozen=True, slots=True)
class Scripted:
    """One answer and where it stands, for complaints."""

    where: str
    card: str | None = None
    answer: tuple[str, ...] = ()
    why: str = ""
    ticks: frozenset[int] | None = None
    confidence: Confidence | None = None
    rating: Rating | None = None
    hint: bool = False


class Script:
    """The answers, read as they are needed."""

    def __init__(self, lines: Iterable[str], name: str) -> None:
        self._coming = read_script(lines, name)
        self._named: dict[str, list[Scripted]] = {}
        self._waiting: list[Scripted] = []

    def answer_to(self, card: Card) -> Scripted | None:
        """The answer named for the card, else the next one without a name; None when there is none left."""
        while True:
            if self._named.get(card.name):
                return self._named[card.name].pop(0)
            if self._waiting:
                return self._waiting.pop(0)
            scripted = next(self._coming, None)
            if scripted is None:
                return None
            if scripted.card is None:
                self._waiting.append(scripted)
            else:
                self._named.setdefault(scripted.card, []).append(scripted)

    def unused(self) -> list[str]:
        """The named answers whose card was never asked."""
        return [card for card, left in self._named.items() for _ in left]


def read_script(lines: Iterable[str], name: str) -> Iterator[Scripted]:
    for number, line in enumerate(lines, 1):
        text = line.strip()
        where = f"{name}:{number}"
        if text.startswith("{"):
            yield read_object(text, where)
        elif text and not text.startswith("#"):
            yield Scripted(where, answer=() if text == "-" else (printable_line(text),))


def read_object(text: str, where: str) -> Scripted:
    """One line's object. A field that is null is not there."""
    try:
        found = {key: value for key, value in json.loads(text).items() if value is not None}
    except json.JSONDecodeError as error:
        raise UsageError(f"{where}: not JSON: {error.msg} (column {error.colno})") from None
    except (ValueError, RecursionError):
        raise UsageError(f"{where}: not JSON that an answer could be: too long a number, or nested too deep") from None
    unknown = set(found) - FIELDS
    if unknown:
        raise UsageError(f"{where}: unknown `{min(unknown)}`; known: {', '.join(sorted(FIELDS))}")
    try:
        return Scripted(
            where,
            card=read_text(found["card"]) if "card" in found else None,
            answer=tuple(map(read_text, listed(found.get("answer", [])))),
            why=read_text(found.get("why", "")),
            ticks=frozenset(read_whole(each) - 1 for each in listed(found["ticks"])) if "ticks" in found else None,
            confidence=Confidence(found["confidence"]) if "confidence" in found else None,
            rating=read_rating(found["rating"]) if "rating" in found else None,
            hint=read_flag(found.get("hint", False)),
        )
    except ValueError as error:
        raise UsageError(f"{where}: {printable_line(str(error), 200)}") from None


def read_rating(value: Any) -> Rating:
    if isinstance(value, str) and value.upper() in Rating.__members__:
        return Rating[value.upper()]
    return Rating(read_whole(value))


def read_whole(value: Any) -> int:
    """A number as JSON has it, or in quotes."""
    if type(value) is int or (isinstance(value, str) and len(value) < 20 and value.isascii() and value.isdecimal()):
        return int(value)
    raise ValueError(f"{say_value(value)} is no whole number")


def read_flag(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError(f"{say_value(value)} is neither true nor false")
    return value


def read_text(value: Any) -> str:
    """Text; a number or a truth as one would type it."""
    if isinstance(value, bool):
        return "y" if value else "n"
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, int | float):
        return say_value(value)
    raise ValueError(f"{say_value(value)} is no text")


def say_value(value: Any) -> str:
    """As JSON writes it, cut short."""
    return printable_line(json.dumps(value, ensure_ascii=False), 60)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def answer(card: Card, drawn: Drawn, scripted: Scripted) -> Asking:
    """The card as it is after this answer; UsageError, with the line, where it can be no answer to this card."""
    asking = replace(ask(card, drawn), confidence=scripted.confidence, hinted=scripted.hint, mode=Mode.BACK)
    if scripted.answer:
        asking = given(asking, scripted)
    ticks = scripted.ticks
    if ticks is None and scripted.why:
        ticks = pre_tick(card.rubric, scripted.why)
    if ticks is None:
        return asking
    if not all(0 <= each < len(card.rubric) for each in ticks):
        raise UsageError(f"{scripted.where}: {card.name} has {len(card.rubric)} points to tick")
    return replace(asking, ticks=ticks, answered=True)


def given(asking: Asking, scripted: Scripted) -> Asking:
    card, said = asking.card, scripted.answer
    match card.answer:
        case Choice():
            picked = frozenset(option_id(asking, each, scripted) for each in split(said, ","))
            return replace(asking, picked=picked, judged=judge_choice(card.answer, picked), answered=True)
        case TrueFalse():
            word = said[0].strip().lower()
            if word not in YES | NO:
                raise wanted(card, "yes_no", scripted)
            return replace(asking, judged=judge_truth(card.answer, word in YES), answered=True)
        case Open():
            text = " ".join(said)
            return replace(
                asking,
                why=text,
                judged=judge_typed(card, asking.drawn, said),
                ticks=pre_tick(card.rubric, text),
                answered=True,
            )
        case Numeric() | PredictOutput() | SpotBug():
            entries = typed_entries(card, said)
            for entry in entries:
                unreadable = check_line(card, entry)
                if unreadable:
                    raise wanted(card, unreadable.want, scripted)
            return replace(asking, entries=entries, judged=judge_typed(card, asking.drawn, entries), answered=True)


def typed_entries(card: Card, said: tuple[str, ...]) -> tuple[str, ...]:
    if len(said) > 1 or lines_wanted(card) == 1:
        return said
    return tuple(each.strip() for each in said[0].replace("\n", "|").split("|"))


def split(said: tuple[str, ...], mark: str) -> list[str]:
    return [each.strip() for text in said for each in text.split(mark) if each.strip()]


def option_id(asking: Asking, word: str, scripted: Scripted) -> str:
    """An option by its id, or by its digit in the order shown."""
    ids = [option.id for option in asking.drawn.options]
    if word in ids:
        return word
    if word.isdecimal() and len(word) < 10 and 1 <= int(word) <= len(ids):
        return ids[int(word) - 1]
    raise wanted(asking.card, "option", scripted)


def wanted(card: Card, want: str, scripted: Scripted) -> UsageError:
    said = printable_line(" ".join(scripted.answer), 60)
    return UsageError(f"{scripted.where}: {card.name} wants {WANTS[want]}, not {said!r}")

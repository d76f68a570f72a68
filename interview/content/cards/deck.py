"""The deck as one value: cards, each with the answer of its kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from interview.dataclass import dataclass
from interview.text import Text

MOST_POINTS = 6  # of a rubric


@dataclass(frozen=True, slots=True)
class Point:
    """One gradable point of a rubric. `any_of` are the words, in both languages, that hint at it."""

    text: Text
    must: bool
    any_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    id: str
    text: Text


@dataclass(frozen=True, slots=True)
class Option:
    """One of a choice's answers, known by its id, shown in an order drawn per sitting."""

    id: str
    text: Text
    right: bool
    mistake: str | None


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a number may be off: absolutely, or relative to the right value."""

    absolute: float = 0.0
    relative: float = 0.0


@dataclass(frozen=True, slots=True)
class NearMiss:
    expr: str
    mistake: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number asked for. `expr` is arithmetic over the card's params (a constant is one too)."""

    ask: Text | None
    expr: str
    within: Tolerance
    near_misses: tuple[NearMiss, ...]


@dataclass(frozen=True, slots=True)
class Open:
    model_answer: Text


@dataclass(frozen=True, slots=True)
class Choice:
    options: tuple[Option, ...]
    many: bool


@dataclass(frozen=True, slots=True)
class TrueFalse:
    statement: Text
    holds: bool


@dataclass(frozen=True, slots=True)
class Numeric:
    """One quantity, or several parts. `params` maps a name to the values it is drawn from."""

    parts: tuple[Quantity, ...]
    params: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class PredictOutput:
    code: str
    prints: str


@dataclass(frozen=True, slots=True)
class SpotBug:
    """`lines` are the faulty ones, from 1. `shows` raises after `code` and passes after `fix`."""

    code: str
    lines: tuple[int, ...]
    fix: str
    shows: str


@dataclass(frozen=True, slots=True)
class Flip:
    """A question and what is on its back, rated by the person alone: in decks of one's own."""

    back: Text


Answer = Open | Choice | TrueFalse | Numeric | PredictOutput | SpotBug | Flip
Kind = Literal["open", "choice", "true_false", "numeric", "predict_output", "spot_bug", "flip"]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The interviewer's next question: a card (`deck/id`), or a free question with what to expect."""

    card: str | None
    ask: Text | None
    expect: Text | None


@dataclass(frozen=True, slots=True)
class Proof:
    """A snippet that lint runs. `prints` is what it must print; None when its asserts are the proof."""

    code: str
    prints: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """One question. Known elsewhere as `deck/id`; `rev` goes up when the right answer changes. A flip has level 0."""

    deck: str
    id: str
    rev: int
    level: int
    tags: tuple[str, ...]
    origin: tuple[str, ...]
    ask: Text | None
    answer: Answer
    reason: Text | None
    rubric: tuple[Point, ...]
    mistakes: tuple[Mistake, ...]
    follow_ups: tuple[FollowUp, ...]
    must_know: bool
    hint: Text | None
    kata: str | None
    refs: tuple[str, ...]
    proof: Proof | None
    line: int

    @property
    def name(self) -> str:
        return f"{self.deck}/{self.id}"

    @property
    def kind(self) -> Kind:
        """The word used in the YAML file."""
        match self.answer:
            case Open():
                return "open"
            case Choice():
                return "choice"
            case TrueFalse():
                return "true_false"
            case Numeric():
                return "numeric"
            case PredictOutput():
                return "predict_output"
            case SpotBug():
                return "spot_bug"
            case Flip():
                return "flip"

    @property
    def asks(self) -> tuple[Text, ...]:
        """What its kind asks beside `ask`."""
        match self.answer:
            case TrueFalse(statement=statement):
                return (statement,)
            case Numeric(parts=parts):
                return tuple(part.ask for part in parts if part.ask)
            case Open() | Choice() | PredictOutput() | SpotBug() | Flip():
                return ()

    @property
    def model_answer(self) -> Text | None:
        """The right answer, where it is in words."""
        match self.answer:
            case Open(model_answer=words) | Flip(back=words):
                return words
            case Choice() | TrueFalse() | Numeric() | PredictOutput() | SpotBug():
                return None

    @property
    def options(self) -> tuple[Option, ...]:
        """What is picked from."""
        match self.answer:
            case Choice(options=options):
                return options
            case Open() | TrueFalse() | Numeric() | PredictOutput() | SpotBug() | Flip():
                return ()

    @property
    def params(self) -> Mapping[str, tuple[float, ...]]:
        """What is drawn anew at each asking: a name, and the values that it is drawn from."""
        match self.answer:
            case Numeric(params=params):
                return params
            case Open() | Choice() | TrueFalse() | PredictOutput() | SpotBug() | Flip():
                return {}

    def needs(self, note: Text) -> bool:
        """Does it ask with one of the symbols that the deck's note explains?"""
        symbols = set(re.findall(r"\b[b-zB-HJ-Z]\b", note.en))
        asked = " ".join(text.en for text in (self.ask, *self.asks) if text)
        return not symbols or bool(symbols & set(re.findall(r"\b[a-zA-Z]\b", asked)))


@dataclass(frozen=True, slots=True)
class Reference:
    """A source as `questions/references.yaml` states it."""

    key: str
    authors: str
    title: str
    year: int
    where: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Deck:
    """`needs` are as the file writes them."""

    id: str
    title: Text
    note: Text | None
    cards: tuple[Card, ...]
    path: Path
    needs: tuple[str, ...] = ()

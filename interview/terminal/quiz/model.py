"""The model: one card being asked, a value, and what a key makes of it. No terminal, no clock, no store."""

from __future__ import annotations

from enum import Enum

from interview.content.cards.deck import Card
from interview.dataclass import dataclass
from interview.drill.answers import Judged, Way, is_right, propose, way
from interview.drill.draw import Drawn
from interview.drill.session import Response
from interview.log.record import Confidence, Rating
from interview.terminal.tui.line import Line
from interview.text import Text


class Mode(Enum):
    """One at a time, as in COMMANDS.md; HELP and FOLLOW lie over what they return to."""

    FRONT = "front"
    LINE = "line"
    TICKS = "ticks"
    BACK = "back"
    FOLLOW = "follow"
    HELP = "help"


class Do(Enum):
    """What a key asks of the sitting."""

    BURY = "bury"
    SUSPEND = "suspend"
    UNDO = "undo"
    EDIT = "edit"
    KATA = "kata"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Rate:
    rating: Rating


Action = Rate | Do
EMPTY = Line()
# Digits answer before the reveal and rate after it, so ticks are letters: those that no state of the quiz has as a key.
TICKS = "cvgmjr"
UNJUDGED = Judged()


@dataclass(frozen=True, slots=True)
class Asking:
    """`entries` are the lines typed so far, `why` the typed reason; `ticks` is None until the rubric was looked at.

    `under` is the mode that HELP or FOLLOW returns to. `taken` are the follow-ups to be asked (from 0), `told` those
    whose expected answer is shown; `sources` is whether they are unfolded.
    """

    card: Card
    drawn: Drawn
    typing: bool = False
    mode: Mode = Mode.FRONT
    under: Mode = Mode.FRONT
    line: Line = EMPTY
    entries: tuple[str, ...] = ()
    why: str = ""
    picked: frozenset[str] = frozenset()
    judged: Judged = UNJUDGED
    answered: bool = False
    ticks: frozenset[int] | None = None
    confidence: Confidence | None = None
    hinted: bool = False
    taken: tuple[int, ...] = ()
    told: frozenset[int] = frozenset()
    sources: bool = False
    notice: Text | None = None

    @property
    def assessed(self) -> frozenset[int] | None:
        """The ticks, if somebody answered: a card merely turned over is neither right nor wrong; it proposes Again."""
        return self.ticks if self.answered else None

    @property
    def proposed(self) -> Rating | None:
        return propose(self.card, self.judged, ticks=self.assessed, confidence=self.confidence, hinted=self.hinted)

    @property
    def right(self) -> bool | None:
        return is_right(self.card, self.judged, self.assessed)

    @property
    def revealed(self) -> bool:
        return Mode.BACK in (self.mode, self.under)

    @property
    def ratable(self) -> bool:
        return self.revealed or Mode.TICKS in (self.mode, self.under)


def tick_keys(card: Card) -> str:
    """The letters that tick its rubric, one a point."""
    return TICKS[: len(card.rubric)]


def respond(asking: Asking, seconds: float) -> Response:
    """All that this asking brought, for the review."""
    free = [n for n in asking.taken if asking.card.follow_ups[n].card is None]
    return Response(
        proposed=asking.proposed,
        confidence=asking.confidence,
        seconds=seconds,
        right=asking.right,
        given=asking.judged.given or asking.why or None,
        mistake=asking.judged.mistake,
        ticks=tuple(sorted(asking.ticks or ())),
        hinted=asking.hinted,
        followed=len(free),
    )


def ask(card: Card, drawn: Drawn, *, typing: bool = False) -> Asking:
    """The front. Where the answer is always typed, or everything is (`--type`), the line is open at once."""
    opened = way(card) is Way.TYPED or (typing and way(card) is Way.FREE)
    return Asking(card, drawn, typing=typing, mode=Mode.LINE if opened else Mode.FRONT)

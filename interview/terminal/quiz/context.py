"""The context of a screen: what it needs beside the card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from interview.content.cards.deck import Reference
from interview.content.cards.expression import fill
from interview.dataclass import dataclass
from interview.drill.session import NOTHING_LEFT, Left
from interview.log.record import Rating
from interview.terminal.quiz.model import Asking
from interview.text import Text as Words


@dataclass(frozen=True, slots=True)
class Showing:
    """`days` are the next dates, known once the back is shown."""

    lang: str
    width: int
    left: Left = NOTHING_LEFT
    kind: str = "new"  # which of those left the card is one of
    time: str = ""
    depth: int = 0
    cram: bool = False
    note: Words | None = None
    days: Mapping[Rating, int] = field(default_factory=dict)
    references: Mapping[str, Reference] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)  # what the cards that follow ask
    why: str = ""  # it came: `from the kata dropout: p = 1`
    flag: str = ""  # the person's own, and their note
    own_note: str = ""
    news: str = ""  # a sentence of the sitting: `Taken back: dropout/strongest-p`


def written(words: Words, asking: Asking, showing: Showing) -> str:
    """The text in the person's language, its `{{…}}` filled with what was drawn."""
    return fill(words.say(showing.lang), asking.drawn.params)

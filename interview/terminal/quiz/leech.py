"""The leech screen, of a card that keeps being forgotten."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from interview.content.cards.deck import Card
from interview.log.record import Memory, Rating, Review
from interview.terminal.quiz.key_hints import key_lines, name_of
from interview.terminal.text.prose import ACCENT, prose
from interview.terminal.text.words import say
from interview.terminal.text.wrap import wrap
from interview.terminal.tui.screen import View

STYLES = {Rating.AGAIN: "red", Rating.HARD: "yellow", Rating.GOOD: "green", Rating.EASY: "green"}


def leech_view(card: Card, memory: Memory, reviews: Sequence[Review], *, lang: str, width: int) -> View:
    """Its name, every rating with its day, what usually helps, and the keys for it."""
    lines = [Text.assemble(" ", (card.name, f"bold {ACCENT}")), Text()]
    lines += [*wrap(Text(say(lang, "leech", n=memory.lapses)), width, first=" ", rest=" "), Text()]
    for review in reviews[-12:]:
        name = say(lang, f"rating_{int(review.rating)}")
        lines.append(Text.assemble(f"   {review.day.isoformat()}  ", (name, STYLES[review.rating])))
    lines += [Text(), *prose(say(lang, "leech_advice"), width)]
    pairs = [("e", "edit"), ("!", "suspend"), ("s", "split"), ("Space", "back")]
    return View(lines, key_lines([(name_of(key, lang), say(lang, f"k_{word}")) for key, word in pairs], width))

"""The screens of a card that keeps being forgotten: twice, and too often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text

from interview.content.cards.deck import Card
from interview.log.record import Memory, Rating, Review
from interview.terminal.quiz.key_hints import in_words, key_lines
from interview.terminal.text.prose import ACCENT, prose
from interview.terminal.text.words import RATINGS, KeyWords, QuizWords
from interview.terminal.text.wrap import wrap
from interview.terminal.tui.screen import View

STYLES: Mapping[Rating, str] = {Rating.AGAIN: "red", Rating.HARD: "yellow", Rating.GOOD: "green", Rating.EASY: "green"}


def kata_view(card: Card, kata: str, *, lang: str, width: int) -> View:
    """Its name, the kata that practises it, and the keys."""
    lines = [Text.assemble(" ", (card.name, f"bold {ACCENT}")), Text()]
    lines += wrap(Text(QuizWords.twice.say(lang, kata=kata)), width, first=" ", rest=" ")
    return View(lines, key_lines(in_words([("k", KeyWords.kata), ("Space", KeyWords.back)], lang), width))


def leech_view(card: Card, memory: Memory, reviews: Sequence[Review], *, lang: str, width: int) -> View:
    """Its name, every rating with its day, what usually helps, and the keys for it."""
    lines = [Text.assemble(" ", (card.name, f"bold {ACCENT}")), Text()]
    lines += [*wrap(Text(QuizWords.leech.say(lang, n=memory.lapses)), width, first=" ", rest=" "), Text()]
    for review in reviews[-12:]:
        name = RATINGS[review.rating].say(lang)
        lines.append(Text.assemble(f"   {review.day.isoformat()}  ", (name, STYLES[review.rating])))
    lines += [Text(), *prose(QuizWords.leech_advice.say(lang), width)]
    pairs = [("e", KeyWords.edit), ("!", KeyWords.suspend), ("s", KeyWords.split), ("Space", KeyWords.back)]
    return View(lines, key_lines(in_words(pairs, lang), width))

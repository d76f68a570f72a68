"""The hints: the rungs of a kata's ladder that were asked for, the newest last."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from interview.content.katas.kata import Kata
from interview.terminal.screens.words import HintsWords
from interview.terminal.text.prose import prose


def hint_lines(kata: Kata, rungs: int, lang: str, width: int, *, first: int = 1) -> Iterator[Text]:
    """The rungs from `first` to `rungs`, from 1; and whether the next one gives everything away."""
    total = len(kata.hints)
    for n in range(first, rungs + 1):
        yield Text(" " + (HintsWords.last if n == total > 1 else HintsWords.hint).say(lang, n=n, total=total), "dim")
        yield from prose(kata.hints[n - 1].say(lang), width)
        yield Text()
    if rungs == total - 1:
        yield Text(" " + HintsWords.next_is_last.say(lang), "dim")
        yield Text()

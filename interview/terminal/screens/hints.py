"""The hints: the rungs of a kata's ladder that were asked for, the newest last."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from interview.content.katas.kata import Kata
from interview.terminal.text.prose import prose

WORDS = {
    "hint": ("Hint {n} of {total}", "提示 {n}/{total}"),
    "last": ("Hint {n} of {total}: the solution", "提示 {n}/{total}：解法"),
    "next_is_last": ("The next hint is the solution.", "下一条提示就是解法。"),
}  # fmt: skip


def say(lang: str, key: str, **values: object) -> str:
    return WORDS[key][lang == "zh"].format(**values)


def hint_lines(kata: Kata, rungs: int, lang: str, width: int, *, first: int = 1) -> Iterator[Text]:
    """The rungs from `first` to `rungs`, from 1; and whether the next one gives everything away."""
    total = len(kata.hints)
    for n in range(first, rungs + 1):
        yield Text(" " + say(lang, "last" if n == total > 1 else "hint", n=n, total=total), "dim")
        yield from prose(kata.hints[n - 1].say(lang), width)
        yield Text()
    if rungs == total - 1:
        yield Text(" " + say(lang, "next_is_last"), "dim")
        yield Text()

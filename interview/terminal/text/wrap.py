"""The wrap of text to a width in cells: Latin at spaces, Chinese between any two characters but punctuation."""

from __future__ import annotations

from functools import cache

from rich.cells import cell_len
from rich.text import Text

NOT_FIRST = frozenset("，。、；：？！）】》」』”’…—·,.;:?!)]}%〉")
JOINER = "\u2060"  # no line ends beside it
NOT_LAST = frozenset("（【《「『“‘([{〈$")


def wrap(text: Text, width: int, *, first: str = "", rest: str = "") -> list[Text]:
    """Lines of at most `width` cells; `first` and `rest` stand before the first line and the others."""
    room = max(4, width - max(cell_len(first), cell_len(rest)))
    lines: list[Text] = []
    for paragraph in text.split("\n", allow_blank=True):
        for start, end in folds(paragraph.plain, room):
            lines.append(Text.assemble(rest if lines else first, paragraph[start:end]))
    return lines or [Text(first)]


def folds(plain: str, room: int) -> list[tuple[int, int]]:
    """Where each line starts and ends; spaces at a fold belong to no line."""
    found: list[tuple[int, int]] = []
    start = 0
    while start < len(plain):
        end = fit(plain, start, room)
        stop = end
        while stop > start and plain[stop - 1] == " ":
            stop -= 1
        found.append((start, stop))
        start = end
        while start < len(plain) and plain[start] == " ":
            start += 1
    return found or [(0, 0)]


def fit(plain: str, start: int, room: int) -> int:
    """The end of the longest line from `start`: at the last place where it may break, or else where it must."""
    used, end = 0, start
    for end in range(start, len(plain)):
        used += cells(plain[end])
        if used > room and plain[end] != " ":
            break
    else:
        return len(plain)
    breaks = (at + 1 for at in range(end - 1, start - 1, -1) if may_break(plain, at))
    return next(breaks, max(end, start + 1))


@cache
def cells(character: str) -> int:
    """Asked of every character on a screen, at every key."""
    return cell_len(character)


def may_break(plain: str, at: int) -> bool:
    """May a line end after the character at `at`?"""
    here, there = plain[at], plain[at + 1 : at + 2]
    if not there:
        return True
    if here == " ":
        return there != " "
    if JOINER in (here, there):
        return False
    wide = cells(here) > 1 or cells(there) > 1
    return wide and there != " " and there not in NOT_FIRST and here not in NOT_LAST

"""Two texts beside each other where there is room for both, a line between them; else one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

from rich.text import Text

from interview.terminal.text.code import pieces
from interview.terminal.text.wrap import wrap

WIDE = 100  # columns from which two texts stand beside each other
BETWEEN = " │ "
NEAR = 3  # lines around a change that are shown


def half(width: int) -> int:
    return (width - len(BETWEEN)) // 2


def columns(left: Sequence[Text], right: Sequence[Text], width: int) -> Iterator[Text]:
    """Lines of at most `half(width)` cells, two in one."""
    for mine, theirs in zip_longest(left, right, fillvalue=Text()):
        yield Text.assemble(mine, " " * (half(width) - mine.cell_len), (BETWEEN, "dim"), theirs)


def compared(before: str, after: str, width: int) -> Iterator[Text]:
    """The lines of two files, those that belong together on one line; of long stretches that are alike, the ends."""
    old, new = before.expandtabs(4).splitlines(), after.expandtabs(4).splitlines()
    for number, group in enumerate(SequenceMatcher(None, old, new).get_grouped_opcodes(NEAR)):
        if number:
            yield Text("…", "dim")
        for kind, top, end, first, last in group:
            styles = ("", "") if kind == "equal" else ("red", "green")
            for mine, theirs in zip_longest(old[top:end], new[first:last], fillvalue=""):
                yield from columns(
                    pieces(Text(mine, styles[0]), half(width)), pieces(Text(theirs, styles[1]), half(width)), width
                )


def change_lines(lines: Sequence[str], width: int) -> Iterator[Text]:
    """A diff, its added and removed lines coloured."""
    for line in lines:
        style = "green" if line.startswith("+") else "red" if line.startswith("-") else ""
        yield from wrap(Text(line, style), width)

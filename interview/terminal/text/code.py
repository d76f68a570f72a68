"""The code: Python with a little colour by a few patterns. Pygments takes 40 ms to import before the first card."""

from __future__ import annotations

import keyword
import re
from collections.abc import Container

from rich.cells import cell_len
from rich.text import Text

PARTS = re.compile(
    r"(?P<comment>#[^\n]*)"
    r"|(?P<string>[rbfuRBFU]{0,2}(?:\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'))"
    r"|(?P<number>\b\d[\w.]*)"
    r"|(?P<name>(?<=def )\w+|(?<=class )\w+)"
    r"|(?P<word>\b[A-Za-z_]\w*)",
    re.DOTALL,
)
ON = "↳"  # what follows belongs to the line above
STYLES = {"comment": "dim", "string": "green", "number": "magenta", "name": "bold"}


def paint_code(code: str) -> Text:
    text = Text(code.rstrip("\n"))
    for match in PARTS.finditer(text.plain):
        kind = match.lastgroup or ""
        style = "cyan" if kind == "word" and keyword.iskeyword(match.group()) else STYLES.get(kind)
        if style:
            text.stylize(style, match.start(), match.end())
    return text


def code_lines(
    code: str,
    width: int,
    *,
    numbered: bool = False,
    marked: frozenset[int] = frozenset(),
    only: Container[int] | None = None,
    inward: int = 0,
) -> list[Text]:
    """The lines, with their numbers if asked; `marked` ones (from 1) stand out. A long line goes on below itself.

    With `only`, of the others no more than a `…` where some were left out.
    """
    lines: list[Text] = []
    digits = len(str(code.count("\n") + 1))
    for number, line in enumerate(paint_code(code.expandtabs(4)).split("\n", allow_blank=True), 1):
        if only is not None and number not in only:
            if not lines or lines[-1].plain.strip() != "…":
                lines.append(Text(f" {'…':>{digits}}", "dim"))
            continue
        lead = f"{'>' if number in marked else ' '}{number:>{digits}} " if numbered else " " * (3 + inward)
        head = Text(lead, "bold red" if number in marked else "dim")
        for n, piece in enumerate(pieces(line, max(8, width - len(lead)))):
            lines.append(Text.assemble(head if n == 0 else Text(f"{ON:>{len(lead) - 1}} ", "dim"), piece))
    return lines


def pieces(line: Text, room: int) -> list[Text]:
    """The line in pieces of at most `room` cells: cut after a space where there is one in the second half."""
    cuts, start = [], 0
    while (end := full(line.plain, start, room)) < len(line.plain):
        space = line.plain.rfind(" ", start + (end - start) // 2, end) + 1
        start = space or end
        cuts.append(start)
    return list(line.divide(cuts))


def full(plain: str, start: int, room: int) -> int:
    """Where the line that begins at `start` has no more room; one character at least is on it."""
    used = 0
    for at in range(start, len(plain)):
        used += cell_len(plain[at])
        if used > room and at > start:
            return at
    return len(plain)

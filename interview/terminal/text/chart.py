"""The charts: small pictures out of characters, counted in cells: bars, sparks, rows in columns."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from interview.terminal.text.wrap import wrap

ACCENT = "cyan"
LEVELS = "▁▂▃▄▅▆▇█"
EIGHTHS = " ▏▎▍▌▋▊▉█"
GAP = 2


def spark(values: Sequence[float], most: float | None = None) -> str:
    """One character a value; nothing at all is a blank."""
    top = most if most is not None else max(values, default=0)
    return "".join(
        " " if not value or not top else LEVELS[min(7, max(0, round(value / top * 8) - 1))] for value in values
    )


def bar(value: float, most: float, width: int) -> str:
    """A bar of at most `width` cells, to an eighth of a cell; something is never drawn as nothing."""
    eighths = round(value / most * width * 8) if most else 0
    if value and not eighths:
        eighths = 1
    return "█" * (eighths // 8) + (EIGHTHS[eighths % 8] if eighths % 8 else "")


def columns(rows: Sequence[Sequence[Text | str]], width: int, *, right: frozenset[int] = frozenset()) -> list[Text]:
    """Rows with their columns aligned; where it is too narrow, the first column is cut short, then the last ones go."""
    if not rows:
        return []
    cells = [[each if isinstance(each, Text) else Text(each) for each in row] for row in rows]
    sizes = [max(cell_len(row[n].plain) for row in cells) for n in range(len(cells[0]))]
    while len(sizes) > 2 and 1 + min(sizes[0], 12) + sum(GAP + size for size in sizes[1:]) > width:
        sizes.pop()
    sizes[0] = min(sizes[0], max(4, width - 1 - sum(GAP + size for size in sizes[1:])))
    return [line_of(row, sizes, width, right) for row in cells]


def line_of(row: Sequence[Text], sizes: Sequence[int], width: int, right: frozenset[int]) -> Text:
    line = Text(" ")
    for n, size in enumerate(sizes):
        cell = cut(row[n], size)
        pad = " " * (size - cell_len(cell.plain))
        line.append(" " * GAP if n else "").append_text(
            Text.assemble(pad, cell) if n in right else Text.assemble(cell, pad)
        )
    line.rstrip()
    return cut(line, width)


def cut(text: Text, width: int) -> Text:
    """At most so many cells, ending in `…` where something is missing."""
    if cell_len(text.plain) <= width:
        return text
    kept = len(set_cell_size(text.plain, max(0, width - 1)).rstrip())
    return Text.assemble(text[:kept], "…") if width > 1 else Text(set_cell_size(text.plain, width))


def labelled(pairs: Sequence[tuple[str, Text]], width: int) -> list[Text]:
    """`Label  text` lines, the texts in one column and folded there."""
    size = max((cell_len(label) for label, _ in pairs), default=0)
    lines: list[Text] = []
    for label, text in pairs:
        first = f" {label}{' ' * (size - cell_len(label) + GAP)}"
        folded = wrap(text, width, first=first, rest=" " * cell_len(first))
        folded[0].stylize("dim", 0, len(first))
        lines += folded
    return lines


def heading(text: str, tail: str = "", *, width: int) -> list[Text]:
    return wrap(Text.assemble((text, "bold"), (f"  {tail}" if tail else "", "dim")), width, first=" ", rest=" ")


def percent(share: float | None) -> str:
    return "–" if share is None else f"{round(100 * share)} %"


def towers(values: Sequence[int], height: int, step: int) -> list[str]:
    """The values as columns `step` cells apart, `height` lines high, to an eighth of a line."""
    most = max(values, default=0)
    eighths = [max(1, round(value / most * height * 8)) if value else 0 for value in values]
    lines = []
    for row in reversed(range(height)):
        fill = [min(8, max(0, each - 8 * row)) for each in eighths]
        lines.append("".join((" ▁▂▃▄▅▆▇█"[each]).ljust(step) for each in fill).rstrip())
    return lines

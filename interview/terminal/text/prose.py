"""The prose: a card's Markdown as folded lines: paragraphs, lists, tables, code, `$maths$`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from interview.content.cards.markdown import Block, Code, Entries, Entry, Heading, Table, blocks, spans
from interview.terminal.text.code import code_lines
from interview.terminal.text.maths import show
from interview.terminal.text.wrap import wrap

ACCENT = "cyan"
APART = 2  # cells that a formula on its own stands in
ALIGNED = re.compile(r"\\(?:begin|end)\{(?:aligned|align|gathered|gather|split)\*?\}")
LINE = re.compile(r"\\\\(?:\[[^\]]*\])?")


def prose(text: str, width: int, *, indent: str = " ") -> list[Text]:
    """The text folded to the width, a blank line between its blocks."""
    lines: list[Text] = []
    for block in blocks(text.strip("\n")):
        if lines:
            lines.append(Text())
        lines += show_block(block, width, indent)
    return lines


def show_block(block: Block, width: int, indent: str) -> list[Text]:
    match block:
        case Heading(text):
            return wrap(styled(inline(text), "bold"), width, first=indent, rest=indent)
        case Code(text, inward):
            return code_lines(text, width, inward=inward)
        case Table():
            return show_table(block, width, indent)
        case Entries(entries):
            return [line for entry in entries for line in show_entry(entry, width, indent)]


def show_entry(entry: Entry, width: int, indent: str) -> list[Text]:
    mark = "•" if entry.mark in ("-", "*") else entry.mark
    first = indent + " " * entry.indent + (f"{mark} " if mark else "")
    return wrap(inline(entry.text), width, first=first, rest=" " * cell_len(first))


def inline(text: str) -> Text:
    """Code, maths, strong and emphasis; everything else as it stands."""
    shown = Text()
    for kind, words in spans(text):
        match kind:
            case "code":
                shown.append(words, ACCENT)
            case "maths":
                formula = show(words)
                shown.append(formula.replace(" ", "\u00a0") if cell_len(formula) <= 30 else formula)
            case "display":
                shown = apart(shown, words)
            case "strong":
                shown.append_text(styled(inline(words), "bold"))
            case "em":
                shown.append_text(styled(inline(words), "italic"))
            case "text":
                shown.append(words.lstrip(" ") if shown.plain.endswith("\n") else words)
    shown.rstrip()
    return shown


def apart(before: Text, formula: str) -> Text:
    """After it a formula on lines of its own, one for each that it has."""
    before.rstrip()
    for line in LINE.split(ALIGNED.sub("", formula)):
        before.append(("\n" if before else "") + " " * APART + show(line.strip()))
    return before.append("\n")


def styled(text: Text, style: str) -> Text:
    text.stylize(style)
    return text


def show_table(table: Table, width: int, indent: str) -> list[Text]:
    """Columns aligned by cells; where they do not fit, each row as `head: value` lines."""
    head, body = list(map(inline, table.head)), [list(map(inline, row)) for row in table.body]
    sizes = [max(cell_len(row[n].plain) if n < len(row) else 0 for row in [head, *body]) for n in range(len(head))]
    if cell_len(indent) + sum(sizes) + 2 * len(sizes) <= width:
        return [Text.assemble(indent, *aligned(row, sizes)) for row in [styled_row(head), *body]]
    lines: list[Text] = []
    for row in body:
        for name, cell in zip(head, row, strict=False):
            lines += wrap(Text.assemble((name.plain, "bold"), ": ", cell), width, first=indent, rest=indent + "  ")
    return lines


def styled_row(row: list[Text]) -> list[Text]:
    return [styled(cell.copy(), "bold") for cell in row]


def aligned(row: list[Text], sizes: list[int]) -> Iterator[Text]:
    for cell, size in zip(row, sizes, strict=False):
        yield Text.assemble(cell, " " * (size - cell_len(cell.plain) + 2))

"""A card's Markdown as folded lines: paragraphs, lists, tables, code, `$maths$`. rich.markdown is 74 ms away."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import reduce

from rich.cells import cell_len
from rich.text import Text

from interview.terminal.code import code_lines
from interview.terminal.maths import show
from interview.terminal.wrap import wrap

ACCENT = "cyan"
SPANS = re.compile(
    r"(?<!`)`(?P<code>[^`\n]+)`|(?<![\\$])\$(?P<maths>[^$`\n]+)\$|\*\*(?P<strong>.+?)\*\*|(?<!\*)\*(?P<em>[^*\n]+)\*"
)
ITEM = re.compile(r"(\s*)([-*]|\d+[.)])\s+(.*)")


def prose(text: str, width: int, *, indent: str = " ") -> list[Text]:
    """The text folded to the width, a blank line between its blocks."""
    lines: list[Text] = []
    for block in blocks(text):
        if lines:
            lines.append(Text())
        lines += show_block(block, width, indent)
    return lines


def blocks(text: str) -> Iterator[list[str]]:
    """Runs of lines: a fence is one block whatever is in it."""
    block: list[str] = []
    fenced = False
    for line in text.strip("\n").split("\n"):
        if line.lstrip().startswith("```"):
            if not fenced and block:
                yield block
                block = []
            block.append(line)
            if fenced:
                yield block
                block = []
            fenced = not fenced
        elif fenced or line.strip():
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def show_block(block: list[str], width: int, indent: str) -> list[Text]:
    if block[0].lstrip().startswith("```"):
        return code_lines("\n".join(each for each in block[1:] if not each.lstrip().startswith("```")), width)
    if all(line.lstrip().startswith("|") for line in block):
        return show_table(block, width, indent)
    lines: list[Text] = []
    for lead, words in items(block):
        first = indent + lead
        lines += wrap(inline(words), width, first=first, rest=" " * cell_len(first))
    return lines


def items(block: list[str]) -> list[tuple[str, str]]:
    """Each list item, or the one paragraph, with what stands before it; its lines joined."""
    found: list[tuple[str, str]] = []
    for line in block:
        match = ITEM.fullmatch(line)
        if match:
            mark = "•" if match[2] in "-*" else match[2]
            found.append((f"{match[1]}{mark} ", match[3]))
        elif found:
            lead, words = found[-1]
            found[-1] = (lead, join(words, line.strip()))
        else:
            found.append(("", line.strip()))
    return found


def joined(lines: Iterable[str]) -> str:
    """The source lines of one paragraph as one line."""
    return reduce(join, (line.strip() for line in lines), "")


def join(before: str, after: str) -> str:
    """Two lines of the source as one: no space between two wide characters, none beside wide punctuation."""
    if not before or not after:
        return before + after
    wide = [each for each in (before[-1], after[0]) if cell_len(each) > 1]
    return before + ("" if len(wide) == 2 or any(map(is_punctuation, wide)) else " ") + after


def is_punctuation(each: str) -> bool:
    return unicodedata.category(each).startswith("P")


def inline(text: str) -> Text:
    """Code, maths, strong and emphasis; everything else as it stands."""
    shown, at = Text(), 0
    for match in SPANS.finditer(text):
        shown.append(text[at : match.start()])
        match match.lastgroup:
            case "code":
                shown.append(match["code"], ACCENT)
            case "maths":
                formula = show(match["maths"])
                shown.append(formula.replace(" ", "\u00a0") if cell_len(formula) <= 30 else formula)
            case "strong":
                shown.append_text(styled(inline(match["strong"]), "bold"))
            case _:
                shown.append_text(styled(inline(match["em"]), "italic"))
        at = match.end()
    shown.append(text[at:])
    return shown


def styled(text: Text, style: str) -> Text:
    text.stylize(style)
    return text


def show_table(block: list[str], width: int, indent: str) -> list[Text]:
    """Columns aligned by cells; where they do not fit, each row as `head: value` lines."""
    rows = [[inline(cell.strip()) for cell in line.strip().strip("|").split("|")] for line in block]
    head, body = rows[0], [row for row in rows[1:] if not all(re.fullmatch(r":?-+:?", cell.plain) for cell in row)]
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

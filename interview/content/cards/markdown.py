"""Markdown as blocks and spans: what the terminal and Anki's HTML both render.

A small part of Markdown, enough for cards, statements and hints: headings, paragraphs, lists, tables, code that is
fenced or indented by four, `$maths$`, strong and emphasis. markdown-it-py, which rich brings, costs three starts of
Python to import and three times as much to read a card; the tests hold this one against it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import reduce
from typing import Literal, get_args

from interview.dataclass import dataclass

SPANS = re.compile(
    r"(?<!`)`(?P<code>[^`\n]+)`|(?<![\\$])\$(?P<maths>[^$`\n]+)\$|\*\*(?P<strong>.+?)\*\*|(?<!\*)\*(?P<em>[^*\n]+)\*"
)
ITEM = re.compile(r"( *)([-*]|\d+[.)])( +)(.*)")
HEADING = re.compile(r" {0,3}#{1,6} +(.*?)(?: +#+)? *")
FENCE = re.compile(r" *(`{3,}|~{3,})")
RULE = re.compile(r":?-+:?")
Style = Literal["text", "code", "maths", "strong", "em"]
STYLES: dict[str | None, Style] = {each: each for each in get_args(Style)}
INDENTED = 4  # spaces that make code of a line outside a list


@dataclass(frozen=True, slots=True)
class Heading:
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A list's item, or a paragraph, whose `mark` is empty; its source lines are one line."""

    indent: int
    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class Entries:
    """Lines that stand together: a paragraph, a list, or a paragraph that leads to a list."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Lines as they are; `indent` is how far the item they belong to stands in."""

    text: str
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    head: tuple[str, ...]
    body: tuple[tuple[str, ...], ...]


Block = Heading | Entries | Code | Table


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a text, in order; whatever is no Markdown is a paragraph."""
    lines = [line.expandtabs(INDENTED) for line in text.split("\n")]
    at = content = 0  # where the text of the list we are in begins; 0 outside one
    while at < len(lines):
        line = lines[at]
        if not line.strip():
            at += 1
            continue
        indent = len(line) - len(line.lstrip())
        if not ITEM.fullmatch(line) and indent < content:
            content = 0
        if fence := FENCE.match(line):
            end = fence_end(lines, at, fence[1])
            yield Code(dedented(lines[at + 1 : end], indent), content)
            at = end + 1
        elif indent >= content + INDENTED:
            end = code_end(lines, at, content + INDENTED)
            yield Code(dedented(lines[at:end], content + INDENTED), content)
            at = end
        elif heading := HEADING.fullmatch(line):
            yield Heading(heading[1])
            at, content = at + 1, 0
        else:
            end = run_end(lines, at)
            run = lines[at:end]
            if all(each.lstrip().startswith("|") for each in run):
                yield table(run)
            else:
                found = entries(run)
                yield Entries(found)
                last = [match for each in run if (match := ITEM.fullmatch(each))]
                content = sum(len(last[-1][n]) for n in (1, 2, 3)) if last else content
            at = end


def fence_end(lines: list[str], start: int, mark: str) -> int:
    """The line of the closing fence, or the text's end."""
    for at in range(start + 1, len(lines)):
        line = lines[at].strip()
        if line and set(line) == {mark[0]} and len(line) >= len(mark):
            return at
    return len(lines)


def code_end(lines: list[str], start: int, indent: int) -> int:
    """After the last line that is indented so far; blank lines between such belong to the code."""
    end = start
    for at in range(start, len(lines)):
        if lines[at].strip():
            if len(lines[at]) - len(lines[at].lstrip()) < indent:
                break
            end = at + 1
    return end


def run_end(lines: list[str], start: int) -> int:
    """After the last of the lines that stand together: up to a blank one, a fence or a heading."""
    end = start + 1
    while end < len(lines) and lines[end].strip() and not FENCE.match(lines[end]) and not HEADING.fullmatch(lines[end]):
        end += 1
    return end


def dedented(lines: list[str], indent: int) -> str:
    """At most `indent` spaces off each line."""
    return "\n".join(each[min(indent, len(each) - len(each.lstrip())) :] for each in lines)


def entries(run: list[str]) -> tuple[Entry, ...]:
    found: list[Entry] = []
    for line in run:
        match = ITEM.fullmatch(line)
        if match:
            found.append(Entry(len(match[1]), match[2], match[4]))
        elif found:
            last = found.pop()
            found.append(Entry(last.indent, last.mark, join(last.text, line.strip())))
        else:
            found.append(Entry(len(line) - len(line.lstrip()), "", line.strip()))
    return tuple(found)


def table(run: list[str]) -> Table:
    head, *body = (tuple(cell.strip() for cell in line.strip().strip("|").split("|")) for line in run)
    return Table(head, tuple(row for row in body if not all(RULE.fullmatch(cell) for cell in row)))


def joined(lines: Iterable[str]) -> str:
    """The source lines of one paragraph as one line."""
    return reduce(join, (line.strip() for line in lines), "")


def join(before: str, after: str) -> str:
    """Two lines of the source as one: no space between two wide characters, none beside wide punctuation."""
    if not before or not after:
        return before + after
    wide = [each for each in (before[-1], after[0]) if unicodedata.east_asian_width(each) in "WF"]
    return before + ("" if len(wide) == 2 or any(map(is_punctuation, wide)) else " ") + after


def is_punctuation(each: str) -> bool:
    return unicodedata.category(each).startswith("P")


def spans(text: str) -> Iterator[tuple[Style, str]]:
    """Each run with its style; what strong or emphasised words hold is read as a text of its own."""
    at = 0
    for match in SPANS.finditer(text):
        if at < match.start():
            yield "text", text[at : match.start()]
        style = STYLES[match.lastgroup]
        yield style, match[style]
        at = match.end()
    if at < len(text):
        yield "text", text[at:]

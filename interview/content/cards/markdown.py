"""Markdown as blocks and spans: what the terminal and Anki's HTML both render.

A small part of Markdown, enough for cards, statements and hints: headings, paragraphs, lists, tables, code that is
fenced or indented by four, `$maths$`, strong and emphasis. markdown-it-py, which rich brings, costs three starts of
Python to import and three times as much to read a card; the tests hold this one against it.

What is none of it is literal: text that was never meant as Markdown stays as it is.

* A backslash before ASCII punctuation makes that literal, but in code and in maths.
* `$` is maths by pandoc's rule: nothing blank within the dollars, no digit after them. `$$` sets a formula apart.
* `*` is emphasis only against a word, and begins none after an operand: `2 * 3`, `a*b` and `x**2` are arithmetic.
* Two spaces or a backslash at a line's end break it there; else the lines of a paragraph are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, reduce
from typing import Literal

from interview.dataclass import dataclass

ITEM = re.compile(r"( *)([-*]|\d+[.)])( +)(.*)")
HEADING = re.compile(r" {0,3}#{1,6} +(.*?)(?: +#+)? *")
FENCE = re.compile(r" *(`{3,}|~{3,})")
RULE = re.compile(r":?-+:?")
BAR = re.compile(r"(?<!\\)\|")  # between two cells
Style = Literal["text", "code", "maths", "display", "strong", "em"]
INDENTED = 4  # spaces that make code of a line outside a list

SPECIAL = re.compile(r"\\|`+|\$+|\*+")
ESCAPE = r"\\[!-/:-@\[-`{-~]"
CODE = r"(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"
MATHS = r"\$(?![\s$])(?:\\.|[^\\$`])+?(?<!\s)\$(?!\d)"
HELD = rf"(?>{ESCAPE}|{CODE}|{MATHS}|[^*])"  # in what is emphasised: an asterisk in any of these ends nothing
# Against a word, and not after an operand, unless what is emphasised begins with a wide character: 用ReLU**之后**.
OPEN = r"(?:(?<![0-9A-Za-z_])(?=\*+[^\s/,;:!?)\]}|=])|(?=\*+[^ -~\s]))"
CLOSE = r"(?<=[^\s(\[{/|])"
STRONG = rf"{OPEN}\*\*((?:{HELD}|\*(?!\*(?!\*)))+?){CLOSE}\*\*(?!\*)"
EM = rf"{OPEN}\*(?!\*)((?:{HELD}|\*\*[^*]+\*\*)+?){CLOSE}\*(?!\*)"
DISPLAY = r"\$\$(?=[^$]*[^\s$])(?:\\.|[^\\$`])+\$\$"
LITERAL = re.compile(rf"{ESCAPE}|{CODE}")
# What may begin at a special character, the longest first.
RUNS: dict[str, tuple[tuple[Style, str], ...]] = {
    "\\": (("text", ESCAPE),),
    "`": (("code", CODE),),
    "$": (("display", DISPLAY), ("maths", MATHS)),
    "*": (("strong", STRONG), ("em", EM)),
}


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
            if is_table(run):
                yield table(run)
            else:
                found = entries(glued(run))
                yield Entries(found)
                listed = any(each.mark for each in found)
                last = [match for each in run if listed and (match := ITEM.fullmatch(each))]
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
    end = formula_end(lines, start) + 1
    while end < len(lines) and lines[end].strip() and not FENCE.match(lines[end]) and not HEADING.fullmatch(lines[end]):
        end = formula_end(lines, end) + 1
    return end


def formula_end(lines: list[str], at: int) -> int:
    """The line that ends the formula which this one begins and does not end; else this one."""
    if opens_formula(lines[at]):
        for later in range(at + 1, len(lines)):
            if not lines[later].strip() or FENCE.match(lines[later]):
                break
            if opens_formula(lines[later]):
                return later
    return at


def opens_formula(line: str) -> bool:
    return "$$" in line and LITERAL.sub("", line).count("$$") % 2 == 1


def glued(run: list[str]) -> list[str]:
    """The lines, those of one formula as one: what begins with `-` in it is no item."""
    found, at = [], 0
    while at < len(run):
        end = formula_end(run, at)
        found.append(" ".join([run[at], *(each.strip() for each in run[at + 1 : end + 1])]))
        at = end + 1
    return found


def dedented(lines: list[str], indent: int) -> str:
    """At most `indent` spaces off each line."""
    return "\n".join(each[min(indent, len(each) - len(each.lstrip())) :] for each in lines)


def entries(run: list[str]) -> tuple[Entry, ...]:
    found: list[Entry] = []
    for line in run:
        match = ITEM.fullmatch(line)
        if match and begins(match[2], found[-1] if found else None):
            found.append(Entry(len(match[1]), match[2], match[4]))
        elif found:
            last = found.pop()
            found.append(Entry(last.indent, last.mark, join(last.text, line.lstrip())))
        else:
            found.append(Entry(len(line) - len(line.lstrip()), "", line.lstrip()))
    return tuple(Entry(each.indent, each.mark, each.text.rstrip()) for each in found)


def begins(mark: str, before: Entry | None) -> bool:
    """Does the mark begin an item? In a paragraph, of numbers only 1 does: a year may come to stand there."""
    return before is None or bool(before.mark) or not mark[0].isdigit() or mark[:-1] == "1"


def is_table(run: list[str]) -> bool:
    """All lines begin with a bar, and the second is a rule: `|x| < 1` is none."""
    return (
        all(each.lstrip().startswith("|") for each in run) and len(run) > 1 and all(map(RULE.fullmatch, cells(run[1])))
    )


def cells(line: str) -> tuple[str, ...]:
    inner = line.strip().removeprefix("|")
    parts = BAR.split(inner)
    return tuple(each.strip().replace("\\|", "|") for each in (parts[:-1] if not parts[-1].strip() else parts))


def table(run: list[str]) -> Table:
    head, _, *body = map(cells, run)
    return Table(head, tuple(body))


def joined(lines: Iterable[str]) -> str:
    """The source lines of one paragraph as one line, wherever they break."""
    return reduce(join, (line.strip() for line in lines), "").replace("\n", " ")


def join(before: str, after: str) -> str:
    """Two lines of the source as one, parted where the first ends in two spaces or a backslash; else there is no space
    between two wide characters, none beside wide punctuation.
    """
    if not before or not after:
        return before + after
    escaping = (len(before) - len(before.rstrip("\\"))) % 2 == 1
    if escaping or before.endswith("  "):
        return f"{before[:-1] if escaping else before.rstrip()}\n{after}"
    before = before.rstrip()
    wide = [each for each in (before[-1], after[0]) if unicodedata.east_asian_width(each) in "WF"]
    return before + ("" if len(wide) == 2 or any(map(is_punctuation, wide)) else " ") + after


def is_punctuation(each: str) -> bool:
    return unicodedata.category(each).startswith("P")


def spans(text: str) -> Iterator[tuple[Style, str]]:
    """Each run with its style; what strong or emphasised words hold is read as a text of its own. A break is a newline
    in it.
    """
    literal, at = "", 0
    while special := SPECIAL.search(text, at):
        literal += text[at : special.start()]
        style, found = run_at(text, special)
        at = special.start() + len(found)
        words = bare(style, found)
        if style == "text":
            literal += words
        else:
            if literal:
                yield "text", literal
            literal = ""
            yield style, words
    literal += text[at:]
    if literal:
        yield "text", literal


def run_at(text: str, special: re.Match[str]) -> tuple[Style, str]:
    """The run that begins at the special characters, with its marks; they alone where none does."""
    for style, pattern in RUNS[special[0][0]]:
        if found := compiled(pattern).match(text, special.start()):
            return style, found[0]
    return "text", special[0]


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Late: before the first card there is no time for what it does not hold."""
    return re.compile(pattern, re.DOTALL)


def bare(style: Style, found: str) -> str:
    """What the marks hold; code that stands off from them, to begin or end in a backtick, does so by one space."""
    match style:
        case "text":
            return found[1:] if re.fullmatch(ESCAPE, found) else found
        case "code":
            ticks = len(found) - len(found.lstrip("`"))
            words = found[ticks:-ticks].replace("\n", " ")
            return words[1:-1] if words.strip() and words[0] == words[-1] == " " else words
        case "display" | "strong":
            return found[2:-2].strip()
        case "maths" | "em":
            return found[1:-1]

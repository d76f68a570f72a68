"""A card's Markdown as the HTML that Anki shows: code escaped, `$maths$` for MathJax."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

SPANS = re.compile(
    r"(?<!`)`(?P<code>[^`\n]+)`|(?<![\\$])\$(?P<maths>[^$\n]+)\$|\*\*(?P<strong>.+?)\*\*|(?<!\*)\*(?P<em>[^*\n]+)\*"
)
ITEM = re.compile(r"\s*([-*]|\d+[.)])\s+(.*)")
RULE = re.compile(r":?-+:?")
WIDE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef])")


def to_html(text: str) -> str:
    """Paragraphs, lists, tables and fenced code."""
    return "".join(block_html(block) for block in blocks(text.strip("\n")))


def blocks(text: str) -> Iterator[list[str]]:
    block: list[str] = []
    fenced = False
    for line in text.split("\n"):
        fence = line.lstrip().startswith("```")
        if (fence and not fenced) or not (fenced or line.strip()):
            if block:
                yield block
            block = []
        if fence or fenced or line.strip():
            block.append(line)
        if fence and fenced:
            yield block
            block = []
        fenced ^= fence
    if block:
        yield block


def block_html(block: list[str]) -> str:
    if block[0].lstrip().startswith("```"):
        return code("\n".join(line for line in block if not line.lstrip().startswith("```")))
    if all(line.lstrip().startswith("|") for line in block):
        return table(block)
    if ITEM.fullmatch(block[0]):
        return items(block)
    return f"<p>{inline(joined(block))}</p>"


def code(text: str) -> str:
    return f"<pre><code>{escape(text.rstrip(chr(10)), quote=False)}</code></pre>"


def items(block: list[str]) -> str:
    found: list[list[str]] = []
    numbered = block[0].lstrip()[0].isdecimal()
    for line in block:
        match = ITEM.fullmatch(line)
        if match:
            found.append([match[2]])
        else:
            found[-1].append(line)
    name = "ol" if numbered else "ul"
    return f"<{name}>" + "".join(f"<li>{inline(joined(each))}</li>" for each in found) + f"</{name}>"


def table(block: list[str]) -> str:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in block]
    body = [row for row in rows[1:] if not all(RULE.fullmatch(cell) for cell in row)]
    head = "".join(f"<th>{inline(cell)}</th>" for cell in rows[0])
    lines = "".join("<tr>" + "".join(f"<td>{inline(cell)}</td>" for cell in row) + "</tr>" for row in body)
    return f"<table><tr>{head}</tr>{lines}</table>"


def joined(lines: list[str]) -> str:
    """The lines of a paragraph as one: no space between two Chinese characters."""
    return WIDE.sub("", "\n".join(line.strip() for line in lines)).replace("\n", " ")


def inline(text: str) -> str:
    shown, at = "", 0
    for match in SPANS.finditer(text):
        shown += escape(text[at : match.start()], quote=False)
        match match.lastgroup:
            case "code":
                shown += f"<code>{escape(match['code'], quote=False)}</code>"
            case "maths":
                shown += rf"\({escape(match['maths'], quote=False)}\)"
            case "strong":
                shown += f"<b>{inline(match['strong'])}</b>"
            case _:
                shown += f"<i>{inline(match['em'])}</i>"
        at = match.end()
    return shown + escape(text[at:], quote=False)

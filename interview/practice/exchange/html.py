"""The HTML of a card's Markdown, as Anki shows it: code escaped, `$maths$` for MathJax."""

from __future__ import annotations

import re
from html import escape
from itertools import groupby

from interview.content.cards.markdown import Block, Code, Entries, Entry, Heading, Table, blocks, spans

ANKI = re.compile(r"\\(?=[(\[])|\[(?=/?(?:\$|latex\]|sound:))")


def to_html(text: str) -> str:
    """Headings, paragraphs, lists, tables and code."""
    return "".join(map(block_html, blocks(text.strip("\n"))))


def block_html(block: Block) -> str:
    match block:
        case Heading(text):
            return f"<p><b>{inline(text)}</b></p>"
        case Code(text):
            return code(text)
        case Table():
            return table(block)
        case Entries(entries):
            return "".join(listed(kind, list(each)) for kind, each in groupby(entries, key=list_kind))


def code(text: str) -> str:
    return f"<pre><code>{literal(text.rstrip(chr(10)))}</code></pre>"


def list_kind(entry: Entry) -> str:
    return {"": "p", "-": "ul", "*": "ul"}.get(entry.mark, "ol")


def listed(kind: str, entries: list[Entry]) -> str:
    if kind == "p":
        return "".join(f"<p>{inline(each.text)}</p>" for each in entries)
    return f"<{kind}>" + "".join(f"<li>{inline(each.text)}</li>" for each in entries) + f"</{kind}>"


def table(block: Table) -> str:
    head = "".join(f"<th>{inline(cell)}</th>" for cell in block.head)
    lines = "".join("<tr>" + "".join(f"<td>{inline(cell)}</td>" for cell in row) + "</tr>" for row in block.body)
    return f"<table><tr>{head}</tr>{lines}</table>"


def inline(text: str) -> str:
    shown = ""
    for kind, words in spans(text):
        match kind:
            case "code":
                shown += f"<code>{literal(words)}</code>"
            case "maths":
                shown += rf"\({literal(words)}\)"
            case "display":
                shown += rf"\[{literal(words)}\]"
            case "strong":
                shown += f"<b>{inline(words)}</b>"
            case "em":
                shown += f"<i>{inline(words)}</i>"
            case "text":
                shown += words_html(words)
    return shown


def literal(text: str) -> str:
    return escape(text, quote=False)


def words_html(text: str) -> str:
    """As it stands: nothing in it is maths, LaTeX or a sound to Anki; a break is one."""
    return ANKI.sub(r"\g<0><span></span>", literal(text)).replace("\n", "<br>")

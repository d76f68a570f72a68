"""The Markdown of cards, held against markdown-it-py: rich brings it, and it would keep the first card waiting."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from interview.cli.world import shipped
from interview.content.cards.expression import HOLE
from interview.content.cards.markdown import Code, Entries, Heading, Table, blocks, spans
from interview.content.reading.node import load_node

Runs = list[tuple[str, str]]  # style and text, without spaces: how lines join is ours
THEIRS = MarkdownIt("commonmark").enable("table")
# What is another dialect of purpose: drawn values are filled in before, `$maths$`, no emphasis by underscores.
OWN = (HOLE, re.compile(r"(?<![\\$])\$[^$`\n]+\$"), re.compile("_"))


def shared(text: str) -> str:
    for each in OWN:
        text = each.sub("x", text)
    return text.strip("\n")


def merged(runs: Runs) -> Runs:
    found: Runs = []
    for style, text in ((style, re.sub(r"\s", "", text)) for style, text in runs):
        if found and found[-1][0] == style:
            found[-1] = (style, found[-1][1] + text)
        elif text:
            found.append((style, text))
    return found


def our_runs(text: str, style: str = "") -> Runs:
    runs: Runs = []
    for kind, words in spans(text):
        if kind in ("strong", "em"):
            runs += our_runs(words, style + kind)
        else:
            runs.append((style + ("" if kind == "text" else kind), words))
    return merged(runs)


def ours(text: str) -> Iterator[tuple[str, Runs]]:
    for block in blocks(text):
        match block:
            case Heading(words):
                yield "heading", our_runs(words)
            case Code(words):
                yield "code", [("", words.rstrip())]
            case Table(head, body):
                yield from (("cell", our_runs(cell)) for row in (head, *body) for cell in row)
            case Entries(found):
                yield from (("item" if each.mark else "paragraph", our_runs(each.text)) for each in found)


def their_runs(tokens: list[Token]) -> Runs:
    runs: Runs = []
    styles: list[str] = []
    for each in tokens:
        if each.nesting == 1:
            styles.append(each.type.removesuffix("_open"))
        elif each.nesting == -1:
            styles.pop()
        else:
            runs.append(("".join(styles) + ("code" if each.type == "code_inline" else ""), each.content))
    return merged(runs)


def theirs(text: str) -> Iterator[tuple[str, Runs]]:
    tokens = THEIRS.parse(text)
    for n, token in enumerate(tokens):
        if token.type in ("fence", "code_block"):
            yield "code", [("", token.content.rstrip())]
        elif token.type == "inline":
            within = [each.type.removesuffix("_open") for each in tokens[max(0, n - 2) : n]]
            kinds = {"heading": "heading", "th": "cell", "td": "cell"}
            item = within == ["list_item", "paragraph"]
            yield kinds.get(within[-1], "item" if item else "paragraph"), their_runs(token.children or [])


def texts() -> Iterator[tuple[str, str]]:
    """Each text of the shipped decks and katas, in both languages, and where it stands."""
    for path in (*(shipped() / "questions").glob("*.yaml"), *(shipped() / "katas").glob("*/kata.yaml")):
        for each in load_node(path).walk():
            for lang in ("en", "zh"):
                text = each.get(lang)
                if text is not None and isinstance(text.value, str):
                    yield f"{path.name}:{text.line}", text.value
    for path in (shipped() / "katas").glob("*/prompt.*.md"):
        yield f"{path.parent.name}/{path.name}", path.read_text("utf-8")


def test_all_that_is_shipped_is_read_as_markdown_it_reads_it() -> None:
    """Whatever we write is CommonMark with tables, but for what `OWN` lists: both parsers see the same in it."""
    other = [where for where, text in texts() if list(ours(shared(text))) != list(theirs(shared(text)))]
    assert other == []


@pytest.mark.parametrize("text", ["# A\n\nb *c* **d `e`**", "- a\n- b\n\n      code", "|a|\n|-|\n|b|", "~~~\n*a*\n~~~"])
def test_the_comparison_sees_something(text: str) -> None:
    """Headings, emphasis within emphasis, lists, cells and code are told apart on both sides."""
    assert list(ours(text)) == list(theirs(text)) != [("paragraph", our_runs(text))]

"""The two languages of a text, each written for itself, with the same numbers, code and formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from interview.content.cards.expression import HOLE
from interview.content.cards.markdown import Code, Entries, Heading, Table, blocks, spans
from interview.text import Text

NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?")
KINDS = (Text("code", "代码"), Text("formula", "公式"), Text("value", "算式"), Text("number", "数字"))
WORDS = re.compile(r"\\(?:text|mathrm|operatorname)\{[^{}]*\}|\s+")


def differences(en: str, zh: str) -> Iterator[Text]:
    """Each difference as the begin of a sentence: `the number 0.2 stands in en only`."""
    for what, ours, theirs in zip(KINDS, parts(en), parts(zh), strict=True):
        for lang, only in (("en", ours - theirs), ("zh", theirs - ours)):
            for found in sorted(only):
                yield Text(f"the {what.en} {found} stands in `{lang}` only", f"{what.zh} {found} 只出现在 `{lang}` 里")


def parts(text: str) -> tuple[set[str], set[str], set[str], set[str]]:
    """Code, formulas, `{{values}}`, and the numbers of what is left."""
    values = {"{{" + said.strip() + "}}" for said in HOLE.findall(text)}
    code: set[str] = set()
    formulas: set[str] = set()
    numbers: set[str] = set()

    def read(words: str) -> None:
        for style, said in spans(words):
            match style:
                case "code":
                    code.add(f"`{said.strip()}`")
                case "maths" | "display":
                    formulas.add(f"${WORDS.sub('', said)}$")
                case "strong" | "em":
                    read(said)
                case "text":
                    numbers.update(found.replace(",", "") for found in NUMBER.findall(said))

    for block in blocks(HOLE.sub(" ", text)):
        match block:
            case Code(lines):
                code.update(bare for line in lines.split("\n") if (bare := line.split("#")[0].strip()))
            case Heading(words):
                read(words)
            case Table(head, body):
                for cell in chain(head, *body):
                    read(cell)
            case Entries(entries):
                for entry in entries:
                    read(entry.mark)
                    read(entry.text)
    return code, formulas, values, numbers

"""The two languages of a text, each written for itself, with the same numbers, code and formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator

from interview.content.cards.expression import HOLE
from interview.text import Text

FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$\n]+)\$", re.DOTALL)
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
    code: set[str] = set()
    formulas: set[str] = set()
    values: set[str] = set()

    def fenced(found: re.Match[str]) -> str:
        code.update(bare for line in found[1].split("\n") if (bare := line.split("#")[0].strip()))
        return " "

    def span(found: re.Match[str]) -> str:
        code.add(f"`{found[2].strip()}`")
        return " "

    def formula(found: re.Match[str]) -> str:
        formulas.add(f"${WORDS.sub('', found[1] or found[2])}$")
        return " "

    def hole(found: re.Match[str]) -> str:
        values.add("{{" + found[1].strip() + "}}")
        return " "

    rest = FORMULA.sub(formula, HOLE.sub(hole, SPAN.sub(span, FENCED.sub(fenced, text))))
    return code, formulas, values, {found.replace(",", "") for found in NUMBER.findall(rest)}

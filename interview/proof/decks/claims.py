"""The claims of a card that can be run, and what is said where one does not hold."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence

from interview.content.cards.deck import Quantity
from interview.content.cards.expression import evaluate
from interview.content.reading.problem import printable
from interview.dataclass import dataclass
from interview.drill.numbers import is_near
from interview.proof.decks.snippets import Outcome, Snippet
from interview.text import Text

# Seeds for the runs of one snippet: as it stands, then twice with everything that it draws changed.
DICE = ((1, 0), (2, 1_000_003), (3, 77))
NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Claim:
    """Snippets to run, and what their outcomes leave to complain about. `key` is the card's field."""

    key: str
    snippets: tuple[Snippet, ...]
    judge: Callable[[Sequence[Outcome]], Text | None]


def failure(outcome: Outcome) -> Text:
    en, zh = (printable(outcome.error.say(lang) if outcome.error else "", 200) for lang in ("en", "zh"))
    return Text(f"{en} (line {outcome.line} of it)", f"{zh}（第 {outcome.line} 行）") if outcome.line else Text(en, zh)


def lines_of(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().split("\n")]


def misprinted(outcomes: Sequence[Outcome], prints: str | None) -> Text | None:
    first = outcomes[0]
    if first.error:
        why = failure(first)
        return Text(f"the code fails: {why.en}", f"代码运行失败：{why.zh}")
    if prints is None:
        return None
    if lines_of(first.printed) != lines_of(prints):
        found, wanted = shown(first.printed), shown(prints)
        return Text(
            f"the code prints {found.en}, not {wanted.en}; mend `prints` or the code",
            f"代码打印的是{found.zh}，而不是{wanted.zh}；请改 `prints` 或代码",
        )
    other = next((each for each in outcomes if each.error or lines_of(each.printed) != lines_of(prints)), None)
    if other is None:
        return None
    came = failure(other) if other.error else shown(other.printed)
    return Text(
        f"the output depends on drawn numbers: with other seeds it is {came.en}; print what holds for every draw",
        f"输出取决于抽到的随机数：换个种子是{came.zh}；请打印每次都成立的东西",
    )


def unshown(outcomes: Sequence[Outcome]) -> Text | None:
    if outcomes[-1].stopped:
        why = failure(outcomes[-1])
        return Text(
            f"`shows` does not end on `code`: {why.en}; it must raise where the bug is",
            f"`shows` 在 `code` 上不结束：{why.zh}；有错的地方应该抛异常",
        )
    if all(outcome.error for outcome in outcomes):
        return None
    when, when_zh = ("with some seeds", "有些种子下") if any(outcome.error for outcome in outcomes) else ("at all", "")
    return Text(
        f"`shows` does not fail on `code` {when}; it must raise where the bug is",
        f"`shows` 在 `code` 上{when_zh}没有失败；有错的地方应该抛异常",
    )


def unmended(outcomes: Sequence[Outcome]) -> Text | None:
    failed = next((outcome for outcome in outcomes if outcome.error), None)
    if failed is None:
        return None
    why = failure(failed)
    return Text(f"`shows` fails on `fix`: {why.en}", f"`shows` 在 `fix` 上失败：{why.zh}")


def unproved(outcomes: Sequence[Outcome], parts: Sequence[Quantity], drawn: Sequence[dict[str, float]]) -> Text | None:
    for outcome, names in zip(outcomes, drawn, strict=True):
        where = at(names)
        if outcome.error:
            why = failure(outcome)
            return Text(f"the proof fails{where.en}: {why.en}", f"{where.zh}证明运行失败：{why.zh}")
        try:
            numbers = [float(word) for word in outcome.printed.split()]
        except ValueError:
            numbers = []
        if len(numbers) != len(parts):
            found = shown(outcome.printed)
            return Text(
                f"the proof prints {found.en}{where.en}; it must print {len(parts)} number(s), one a line",
                f"{where.zh}证明打印的是{found.zh}；应打印 {len(parts)} 个数，每行一个",
            )
        for number, part in zip(numbers, parts, strict=True):
            right = evaluate(part.expr, names)
            if not is_near(number, right, part.within):
                return Text(
                    f"the proof prints {number:.9g}{where.en}, the card says {right:.9g}; one of them is wrong",
                    f"{where.zh}证明打印 {number:.9g}，卡片写的是 {right:.9g}；其中一个不对",
                )
    return None


def shown(text: str) -> Text:
    """What was printed, in a sentence: in Chinese it keeps its distance from the word before."""
    if not text.strip():
        return Text("nothing", "空的")
    said = f"`{printable(text.rstrip().replace(chr(10), ' ⏎ '), 120)}`"
    return Text(said, f" {said}")


def at(drawn: Mapping[str, float]) -> Text:
    """Where the params stand: the end of an English sentence, the begin of a Chinese one."""
    named = ", ".join(f"{name} = {value:g}" for name, value in drawn.items())
    return Text(f" at {named}", f"{named} 时，") if named else NOTHING


def syntax_fault(code: str) -> Text | None:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        said = f"{getattr(error, 'msg', None) or error}"
        return Text(f"{said} (line {line} of the snippet)", f"{said}（代码第 {line} 行）") if line else Text(said, said)
    return None

"""The reading of a deck: what can be wrong with one that parses, told without running anything."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from itertools import combinations

from interview.content.cards.deck import Card, Choice, Deck, Numeric, Open, PredictOutput, Quantity, SpotBug, TrueFalse
from interview.content.cards.expression import draws, evaluate
from interview.content.reading.field import Node
from interview.content.reading.problem import Problem, nearest
from interview.dataclass import dataclass
from interview.proof.decks.bilingual import differences
from interview.text import Text

NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Known:
    """What a card may point at."""

    cards: frozenset[str]
    katas: frozenset[str]
    refs: frozenset[str]


def check_deck(deck: Deck, node: Node, known: Known) -> Iterator[Problem]:
    yield from check_languages(node)
    lines = key_lines(node)
    for card in deck.cards:
        for key, text in check_card(card, known):
            yield about(deck, card, lines[card.id].get(key, card.line), text)


def about(deck: Deck, card: Card, line: int, text: Text) -> Problem:
    return Problem(deck.path, line, f"`{card.id}`: {text.en}", f"`{card.id}`：{text.zh}")


def key_lines(node: Node) -> dict[str, dict[str, int]]:
    """By card and key: where it stands."""
    return {
        entry.value["id"].value: {key: each.line for key, each in entry.value.items()} for entry in card_nodes(node)
    }


def card_nodes(node: Node) -> list[Node]:
    cards = node.get("cards")
    found = cards.value if cards is not None and isinstance(cards.value, list) else []
    return [each for each in found if each.has("id") and isinstance(each.value["id"].value, str)]


def check_languages(node: Node) -> Iterator[Problem]:
    """Every `{en, zh}` of a file."""
    for each in node.walk():
        en, zh = each.get("en"), each.get("zh")
        if en and zh and isinstance(en.value, str) and isinstance(zh.value, str):
            for found in differences(en.value, zh.value):
                yield Problem(
                    each.path,
                    each.line,
                    f"{found.en}; the languages carry the same numbers, code and formulas",
                    f"{found.zh}；两种语言的数字、代码和公式要一致",
                )


def check_card(card: Card, known: Known) -> Iterator[tuple[str, Text]]:
    """(the key it stands under, what is wrong and what to do)"""
    if not card.refs:
        yield (
            "refs",
            Text(
                "no reference; add `refs: [key]`, a key of references.yaml",
                "没有参考文献；请写 `refs: [key]`，key 取自 references.yaml",
            ),
        )
    for ref in card.refs:
        if ref not in known.refs:
            near = hint(ref, known.refs)
            yield (
                "refs",
                Text(
                    f"the reference `{ref}` is not in references.yaml{near.en}; add it there",
                    f"references.yaml 里没有参考文献 `{ref}`{near.zh}；请加上",
                ),
            )
    for follow_up in card.follow_ups:
        if follow_up.card is not None and follow_up.card not in known.cards:
            said, near = follow_up.card, hint(follow_up.card, known.cards)
            yield "follow_ups", Text(f"the follow-up `{said}` is no card{near.en}", f"追问 `{said}` 不是卡片{near.zh}")
    if card.kata is not None and card.kata not in known.katas:
        near = hint(card.kata, known.katas)
        yield "kata", Text(f"there is no kata `{card.kata}`{near.en}", f"没有手写题 `{card.kata}`{near.zh}")
    mistakes = {mistake.id for mistake in card.mistakes}
    for key, mistake in pointed_at(card):
        if mistake not in mistakes:
            near = hint(mistake, mistakes)
            yield (
                key,
                Text(
                    f"the mistake `{mistake}` is not under `mistakes`{near.en}; write it there",
                    f"`mistakes` 里没有错误 `{mistake}`{near.zh}；请写上",
                ),
            )
    yield from check_answer(card)
    for key, code in snippets(card):
        fault = syntax_fault(code)
        if fault:
            yield key, Text(f"{key} is not Python: {fault.en}", f"{key} 不是 Python：{fault.zh}")


def pointed_at(card: Card) -> Iterator[tuple[str, str]]:
    match card.answer:
        case Choice(options):
            yield from (("choices", option.mistake) for option in options if option.mistake is not None)
        case Numeric(parts):
            key = "near_misses" if len(parts) == 1 else "parts"
            yield from ((key, miss.mistake) for part in parts for miss in part.near_misses)
        case Open() | TrueFalse() | PredictOutput() | SpotBug():
            pass


def check_answer(card: Card) -> Iterator[tuple[str, Text]]:
    match card.answer:
        case Choice(options, many):
            right = sum(option.right for option in options)
            if not many and right != 1:
                yield (
                    "choices",
                    Text(
                        f"{right} choices are `right: true`; mark exactly one, or say `many: true`",
                        f"有 {right} 个选项是 `right: true`；只能标一个，多选题请写 `many: true`",
                    ),
                )
            if many and right == 0:
                yield (
                    "choices",
                    Text("no choice is `right: true`; mark those that are", "没有选项是 `right: true`；请标出正确的"),
                )
        case Numeric(parts, params):
            for part in parts:
                for text in check_near_misses(part, params):
                    yield "near_misses", text
        case SpotBug(code, _, fix, _):
            if code.strip() == fix.strip():
                yield "fix", Text("`fix` is the same as `code`; mend it", "`fix` 和 `code` 一样；请改正")
        case Open() | TrueFalse() | PredictOutput():
            pass


def check_near_misses(part: Quantity, params: Mapping[str, tuple[float, ...]]) -> Iterator[Text]:
    """For every draw a near miss must stay clear of the right value, or a right answer may be told a mistake,
    and of the other near misses, or one mistake is told as another."""
    for miss in part.near_misses:
        for drawn in draws(params):
            right, wrong = evaluate(part.expr, drawn), evaluate(miss.expr, drawn)
            if abs(wrong - right) <= 2 * room(part, right):
                where = at(drawn)
                yield Text(
                    f"the near miss `{miss.mistake}` ({wrong:.6g}) is within twice the tolerance of the right value "
                    f"({right:.6g}){where.en}; choose other values or a smaller `within`",
                    f"{where.zh}典型错误 `{miss.mistake}` 的值 {wrong:.6g} 离正确值 {right:.6g} 不到两倍容差；"
                    "请换数值，或缩小 `within`",
                )
                break
    for one, other in combinations(part.near_misses, 2):
        for drawn in draws(params):
            value, same = evaluate(one.expr, drawn), evaluate(other.expr, drawn)
            if one.mistake != other.mistake and abs(value - same) <= room(part, value):
                where = at(drawn)
                yield Text(
                    f"the near misses `{one.mistake}` and `{other.mistake}` are both {value:.6g}{where.en}; "
                    "choose other values, or one mistake that explains both",
                    f"{where.zh}典型错误 `{one.mistake}` 和 `{other.mistake}` 都是 {value:.6g}；"
                    "请换数值，或用一个错误说明两者",
                )
                break


def room(part: Quantity, value: float) -> float:
    return max(part.within.absolute, part.within.relative * abs(value))


def at(drawn: Mapping[str, float]) -> Text:
    """Where the params stand: the end of an English sentence, the begin of a Chinese one."""
    named = ", ".join(f"{name} = {value:g}" for name, value in drawn.items())
    return Text(f" at {named}", f"{named} 时，") if named else NOTHING


def snippets(card: Card) -> Iterator[tuple[str, str]]:
    match card.answer:
        case PredictOutput(code):
            yield "code", code
        case SpotBug(code, _, fix, shows):
            yield from (("code", code), ("fix", fix), ("shows", shows))
        case Open() | Choice() | TrueFalse() | Numeric():
            pass
    if card.proof:
        yield "proof", card.proof.code


def syntax_fault(code: str) -> Text | None:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        said = f"{getattr(error, 'msg', None) or error}"
        return Text(f"{said} (line {line} of the snippet)", f"{said}（代码第 {line} 行）") if line else Text(said, said)
    return None


def hint(name: str, known: frozenset[str] | set[str]) -> Text:
    deck = name.split("/")[0] + "/" if "/" in name else ""
    near = nearest(name.removeprefix(deck), [each.removeprefix(deck) for each in known if each.startswith(deck)])
    return Text(f" (did you mean `{deck}{near}`?)", f"（是不是 `{deck}{near}`？）") if near else NOTHING

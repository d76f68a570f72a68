"""What can be wrong with a deck that reads well: told without running anything."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from interview.content.deck import Card, Choice, Deck, Numeric, Open, PredictOutput, Quantity, SpotBug, TrueFalse
from interview.content.expression import draws, evaluate
from interview.content.field import Node
from interview.content.problem import Problem, nearest
from interview.proof.bilingual import differences


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
            yield Problem(deck.path, lines[card.id].get(key, card.line), f"`{card.id}`: {text}")


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
                yield Problem(each.path, each.line, f"{found}; the languages carry the same numbers, code and formulas")


def check_card(card: Card, known: Known) -> Iterator[tuple[str, str]]:
    """(the key it stands under, what is wrong and what to do)"""
    if not card.refs:
        yield "refs", "no reference; add `refs: [key]`, a key of references.yaml"
    for ref in card.refs:
        if ref not in known.refs:
            yield "refs", f"the reference `{ref}` is not in references.yaml{hint(ref, known.refs)}; add it there"
    for follow_up in card.follow_ups:
        if follow_up.card is not None and follow_up.card not in known.cards:
            yield "follow_ups", f"the follow-up `{follow_up.card}` is no card{hint(follow_up.card, known.cards)}"
    if card.kata is not None and card.kata not in known.katas:
        yield "kata", f"there is no kata `{card.kata}`{hint(card.kata, known.katas)}"
    mistakes = {mistake.id for mistake in card.mistakes}
    for key, mistake in pointed_at(card):
        if mistake not in mistakes:
            yield key, f"the mistake `{mistake}` is not under `mistakes`{hint(mistake, mistakes)}; write it there"
    yield from check_answer(card)
    for key, code in snippets(card):
        fault = syntax_fault(code)
        if fault:
            yield key, f"{key} is not Python: {fault}"


def pointed_at(card: Card) -> Iterator[tuple[str, str]]:
    match card.answer:
        case Choice(options):
            yield from (("choices", option.mistake) for option in options if option.mistake is not None)
        case Numeric(parts):
            key = "near_misses" if len(parts) == 1 else "parts"
            yield from ((key, miss.mistake) for part in parts for miss in part.near_misses)
        case Open() | TrueFalse() | PredictOutput() | SpotBug():
            pass


def check_answer(card: Card) -> Iterator[tuple[str, str]]:
    match card.answer:
        case Choice(options, many):
            right = sum(option.right for option in options)
            if not many and right != 1:
                yield "choices", f"{right} choices are `right: true`; mark exactly one, or say `many: true`"
            if many and right == 0:
                yield "choices", "no choice is `right: true`; mark those that are"
        case Numeric(parts, params):
            for part in parts:
                for text in check_near_misses(part, params):
                    yield "near_misses", text
        case SpotBug(code, _, fix, _):
            if code.strip() == fix.strip():
                yield "fix", "`fix` is the same as `code`; mend it"
        case Open() | TrueFalse() | PredictOutput():
            pass


def check_near_misses(part: Quantity, params: Mapping[str, tuple[float, ...]]) -> Iterator[str]:
    """For every draw a near miss must stay clear of the right value, or a right answer may be told a mistake,
    and of the other near misses, or one mistake is told as another."""
    for miss in part.near_misses:
        for drawn in draws(params):
            right, wrong = evaluate(part.expr, drawn), evaluate(miss.expr, drawn)
            if abs(wrong - right) <= 2 * room(part, right):
                yield (
                    f"the near miss `{miss.mistake}` ({wrong:.6g}) is within twice the tolerance of the right value "
                    f"({right:.6g}){at(drawn)}; choose other values or a smaller `within`"
                )
                break
    for one, other in combinations(part.near_misses, 2):
        for drawn in draws(params):
            value, same = evaluate(one.expr, drawn), evaluate(other.expr, drawn)
            if one.mistake != other.mistake and abs(value - same) <= room(part, value):
                yield (
                    f"the near misses `{one.mistake}` and `{other.mistake}` are both {value:.6g}{at(drawn)}; "
                    "choose other values, or one mistake that explains both"
                )
                break


def room(part: Quantity, value: float) -> float:
    return max(part.within.absolute, part.within.relative * abs(value))


def at(drawn: Mapping[str, float]) -> str:
    named = ", ".join(f"{name} = {value:g}" for name, value in drawn.items())
    return f" at {named}" if named else ""


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


def syntax_fault(code: str) -> str | None:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        return f"{getattr(error, 'msg', None) or error}" + (f" (line {line} of the snippet)" if line else "")
    return None


def hint(name: str, known: frozenset[str] | set[str]) -> str:
    deck = name.split("/")[0] + "/" if "/" in name else ""
    near = nearest(name.removeprefix(deck), [each.removeprefix(deck) for each in known if each.startswith(deck)])
    return f" (did you mean `{deck}{near}`?)" if near else ""

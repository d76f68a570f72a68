"""The kinds under proof: of each, what can be wrong with its answer, what of it can be run, what makes it right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations, islice

from interview.content.cards.deck import (
    Card,
    Choice,
    Flip,
    Numeric,
    Open,
    PredictOutput,
    Proof,
    Quantity,
    SpotBug,
    TrueFalse,
)
from interview.content.cards.expression import draws, evaluate
from interview.proof.decks.claims import DICE, Claim, at, misprinted, syntax_fault, unmended, unproved, unshown
from interview.proof.decks.snippets import Snippet
from interview.text import Text

MOST_DRAWS = 24


def pointed_at(card: Card) -> Iterator[tuple[str, str]]:
    """The mistakes that its answer names, by the key they stand under."""
    match card.answer:
        case Choice(options):
            yield from (("choices", option.mistake) for option in options if option.mistake is not None)
        case Numeric(parts):
            key = "near_misses" if len(parts) == 1 else "parts"
            yield from ((key, miss.mistake) for part in parts for miss in part.near_misses)
        case Open() | TrueFalse() | PredictOutput() | SpotBug() | Flip():
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
        case Open() | TrueFalse() | PredictOutput() | Flip():
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


def snippets(card: Card) -> Iterator[tuple[str, str]]:
    """The code of its answer, by the key it stands under."""
    match card.answer:
        case PredictOutput(code):
            yield "code", code
        case SpotBug(code, _, fix, shows):
            yield from (("code", code), ("fix", fix), ("shows", shows))
        case Open() | Choice() | TrueFalse() | Numeric() | Flip():
            pass


def claims(card: Card) -> Iterator[Claim]:
    """Code that does not parse is the business of reading."""
    match card.answer:
        case PredictOutput(code, prints):
            runs = tuple(Snippet(code, seed=seed, shift=shift) for seed, shift in DICE)
            made = [Claim("prints", runs, lambda outcomes: misprinted(outcomes, prints))]
        case SpotBug(code, _, fix, shows):
            broken = tuple(Snippet(f"{code}\n{shows}", seed=seed) for seed, _ in DICE)
            mended = tuple(Snippet(f"{fix}\n{shows}", seed=seed) for seed, _ in DICE)
            made = [Claim("shows", broken, unshown), Claim("fix", mended, unmended)]
        case Open() | Choice() | TrueFalse() | Numeric() | Flip():
            made = []
    if not any(syntax_fault(code) for _, code in snippets(card)):
        yield from made
    if card.proof and not syntax_fault(card.proof.code):
        yield proof_claim(card, card.proof)


def proof_claim(card: Card, proof: Proof) -> Claim:
    match card.answer:
        case Numeric(parts, params):
            drawn = tuple(islice(draws(params), MOST_DRAWS))
            runs = tuple(Snippet(proof.code, names=integral(names)) for names in drawn)
            return Claim("proof", runs, lambda outcomes: unproved(outcomes, parts, drawn))
        case Open() | Choice() | TrueFalse() | PredictOutput() | SpotBug() | Flip():
            return Claim("proof", (Snippet(proof.code),), lambda outcomes: misprinted(outcomes, proof.prints))


def integral(names: Mapping[str, float]) -> dict[str, float]:
    """4.0 as 4: a shape is made of whole numbers."""
    return {name: int(value) if value.is_integer() else value for name, value in names.items()}


def right(card: Card) -> Iterator[str]:
    """What makes an answer right. An open card's is its rubric, which is judged by the person, as a flip's back is:
    nothing to compare.
    """
    match card.answer:
        case Choice(options):
            yield from sorted(option.id for option in options if option.right)
        case TrueFalse(_, holds):
            yield str(holds)
        case Numeric(parts, params):
            for part in parts:
                yield from (f"{drawn}: {evaluate(part.expr, drawn):.9g}" for drawn in draws(params))
        case PredictOutput(_, prints):
            yield from (line.rstrip() for line in prints.strip().split("\n"))
        case SpotBug(_, lines):
            yield from map(str, sorted(lines))
        case Open() | Flip():
            pass


def is_held(card: Card) -> bool:
    """Is an answer held against anything? Then it names its source; what a person notes for himself need not."""
    match card.answer:
        case Open() | Choice() | TrueFalse() | Numeric() | PredictOutput() | SpotBug():
            return True
        case Flip():
            return False

"""The claims of a card that can be run: what its code prints, that its bug shows, that its number is right."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path

from interview.content.cards.deck import Card, Deck, Numeric, PredictOutput, Proof, Quantity, SpotBug
from interview.content.cards.expression import draws, evaluate
from interview.content.reading.problem import Problem, printable
from interview.dataclass import dataclass
from interview.drill.numbers import is_near
from interview.proof.decks.reading import about, at, syntax_fault
from interview.proof.decks.run import Outcome, Snippet, run_all
from interview.proof.trust import Source, digest
from interview.text import Text

# Seeds for the runs of one snippet: as it stands, then twice with everything that it draws changed.
DICE = ((1, 0), (2, 1_000_003), (3, 77))
MOST_DRAWS = 24
SHOWN = 8  # cards named in a question
Lines = Mapping[Path, Mapping[str, Mapping[str, int]]]  # file, card, key


@dataclass(frozen=True, slots=True)
class Claim:
    """Snippets to run, and what their outcomes leave to complain about. `key` is the card's field."""

    key: str
    snippets: tuple[Snippet, ...]
    judge: Callable[[Sequence[Outcome]], Text | None]


def claims(card: Card) -> Iterator[Claim]:
    """Code that does not parse is the business of reading."""
    match card.answer:
        case PredictOutput(code, prints) if not syntax_fault(code):
            runs = tuple(Snippet(code, seed=seed, shift=shift) for seed, shift in DICE)
            yield Claim("prints", runs, lambda outcomes: misprinted(outcomes, prints))
        case SpotBug(code, _, fix, shows) if not any(map(syntax_fault, (code, fix, shows))):
            broken = tuple(Snippet(f"{code}\n{shows}", seed=seed) for seed, _ in DICE)
            mended = tuple(Snippet(f"{fix}\n{shows}", seed=seed) for seed, _ in DICE)
            yield Claim("shows", broken, unshown)
            yield Claim("fix", mended, unmended)
        case _:
            pass
    if card.proof and not syntax_fault(card.proof.code):
        yield proof_claim(card, card.proof)


def proof_claim(card: Card, proof: Proof) -> Claim:
    match card.answer:
        case Numeric(parts, params):
            drawn = tuple(islice(draws(params), MOST_DRAWS))
            runs = tuple(Snippet(proof.code, names=whole(names)) for names in drawn)
            return Claim("proof", runs, lambda outcomes: unproved(outcomes, parts, drawn))
        case _:
            return Claim("proof", (Snippet(proof.code),), lambda outcomes: misprinted(outcomes, proof.prints))


def whole(names: Mapping[str, float]) -> dict[str, float]:
    """4.0 as 4: a shape is made of whole numbers."""
    return {name: int(value) if value.is_integer() else value for name, value in names.items()}


def prove_claims(decks: Sequence[Deck], lines: Lines, tell: Callable[[int, int], None]) -> list[Problem]:
    """Run what every card claims. `tell(done, of)` hears of each snippet."""
    made = [(deck, card, claim) for deck in decks for card in deck.cards for claim in claims(card)]
    ended = 0

    def count() -> None:
        nonlocal ended
        ended += 1
        tell(ended, len(made))

    outcomes = run_all([claim.snippets for _, _, claim in made], count)
    problems = []
    for (deck, card, claim), ran in zip(made, outcomes, strict=True):
        text = claim.judge(ran)
        if text:
            line = lines[deck.path][card.id].get(claim.key, card.line)
            problems.append(about(deck, card, line, text))
    return problems


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


def deck_source(deck: Deck) -> Source | None:
    """What a deck would run, as it was read; None if it runs nothing. Its wording may change unasked."""
    made = {card.id: [asdict(snippet) for claim in claims(card) for snippet in claim.snippets] for card in deck.cards}
    parts = {card: json.dumps(snippets, sort_keys=True) for card, snippets in made.items() if snippets}
    if not parts:
        return None
    real = Path(os.path.realpath(deck.path))
    names = f"{real.name}: the code of {', '.join(list(parts)[:SHOWN])}{' …' if len(parts) > SHOWN else ''}"
    return Source(real, digest(real, *(f"{card} {code}" for card, code in parts.items())), (names,))

"""What a card claims that can be run: what its code prints, that its bug shows, that its number is right."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from interview.content.deck import Card, Deck, Numeric, PredictOutput, Proof, Quantity, SpotBug
from interview.content.expression import draws, evaluate
from interview.content.problem import Problem, printable
from interview.drill.numbers import is_near
from interview.proof.decks import syntax_fault
from interview.proof.run import Outcome, Snippet, run_all
from interview.proof.trust import Source, digest

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
    judge: Callable[[Sequence[Outcome]], str | None]


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
            problems.append(Problem(deck.path, line, f"`{card.id}`: {text}"))
    return problems


def failure(outcome: Outcome) -> str:
    where = f" (line {outcome.line} of it)" if outcome.line else ""
    return f"{printable(outcome.error or '', 200)}{where}"


def lines_of(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().split("\n")]


def misprinted(outcomes: Sequence[Outcome], prints: str | None) -> str | None:
    first = outcomes[0]
    if first.error:
        return f"the code fails: {failure(first)}"
    if prints is None:
        return None
    if lines_of(first.printed) != lines_of(prints):
        return f"the code prints {shown(first.printed)}, not {shown(prints)}; mend `prints` or the code"
    other = next((each for each in outcomes if each.error or lines_of(each.printed) != lines_of(prints)), None)
    if other is None:
        return None
    came = failure(other) if other.error else shown(other.printed)
    return f"the output depends on drawn numbers: with other seeds it is {came}; print what holds for every draw"


def unshown(outcomes: Sequence[Outcome]) -> str | None:
    if outcomes[-1].stopped:
        return f"`shows` does not end on `code`: {failure(outcomes[-1])}; it must raise where the bug is"
    if all(outcome.error for outcome in outcomes):
        return None
    sometimes = "with some seeds" if any(outcome.error for outcome in outcomes) else "at all"
    return f"`shows` does not fail on `code` {sometimes}; it must raise where the bug is"


def unmended(outcomes: Sequence[Outcome]) -> str | None:
    failed = next((outcome for outcome in outcomes if outcome.error), None)
    return f"`shows` fails on `fix`: {failure(failed)}" if failed else None


def unproved(outcomes: Sequence[Outcome], parts: Sequence[Quantity], drawn: Sequence[dict[str, float]]) -> str | None:
    for outcome, names in zip(outcomes, drawn, strict=True):
        at = f" at {', '.join(f'{name} = {value:g}' for name, value in names.items())}" if names else ""
        if outcome.error:
            return f"the proof fails{at}: {failure(outcome)}"
        try:
            numbers = [float(word) for word in outcome.printed.split()]
        except ValueError:
            numbers = []
        if len(numbers) != len(parts):
            return f"the proof prints {shown(outcome.printed)}{at}; it must print {len(parts)} number(s), one a line"
        for number, part in zip(numbers, parts, strict=True):
            right = evaluate(part.expr, names)
            if not is_near(number, right, part.within):
                return f"the proof prints {number:.9g}{at}, the card says {right:.9g}; one of them is wrong"
    return None


def shown(text: str) -> str:
    return f"`{printable(text.rstrip().replace(chr(10), ' ⏎ '), 120)}`" if text.strip() else "nothing"


def deck_source(deck: Deck) -> Source | None:
    """What a deck would run, as it was read; None if it runs nothing. Its wording may change unasked."""
    made = {card.id: [asdict(snippet) for claim in claims(card) for snippet in claim.snippets] for card in deck.cards}
    parts = {card: json.dumps(snippets, sort_keys=True) for card, snippets in made.items() if snippets}
    if not parts:
        return None
    real = Path(os.path.realpath(deck.path))
    names = f"{real.name}: the code of {', '.join(list(parts)[:SHOWN])}{' …' if len(parts) > SHOWN else ''}"
    return Source(real, digest(real, *(f"{card} {code}" for card, code in parts.items())), (names,))

"""The proof of what decks claim: it is run, once it is known whose code it is."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from interview.content.cards.deck import Deck
from interview.content.reading.problem import Problem
from interview.proof.decks.kinds import claims
from interview.proof.decks.reading import about
from interview.proof.decks.run import run_all
from interview.proof.trust import Source, digest

SHOWN = 8  # cards named in a question
Lines = Mapping[Path, Mapping[str, Mapping[str, int]]]  # file, card, key


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


def deck_source(deck: Deck) -> Source | None:
    """What a deck would run, as it was read; None if it runs nothing. Its wording may change unasked."""
    made = {card.id: [asdict(snippet) for claim in claims(card) for snippet in claim.snippets] for card in deck.cards}
    parts = {card: json.dumps(snippets, sort_keys=True) for card, snippets in made.items() if snippets}
    if not parts:
        return None
    real = Path(os.path.realpath(deck.path))
    names = f"{real.name}: the code of {', '.join(list(parts)[:SHOWN])}{' …' if len(parts) > SHOWN else ''}"
    return Source(real, digest(real, *(f"{card} {code}" for card, code in parts.items())), (names,))

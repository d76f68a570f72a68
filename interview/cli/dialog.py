"""The quiz without single keys: answers from a file or a pipe, plain lines or JSON out."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from interview.cli.world import World
from interview.content.deck import Deck
from interview.drill.draw import draw
from interview.drill.session import Response, Session, card_seed, rate
from interview.errors import StoreError, UsageError
from interview.practice.memories import settle
from interview.record import Rating, Review
from interview.store import Store
from interview.terminal.asking import Asking, ask
from interview.terminal.card import Showing, view
from interview.terminal.script import Script, answer
from interview.terminal.words import say


def run_script(
    world: World, store: Store, session: Session, decks: dict[str, Deck], *, answers: str, as_json: bool
) -> int:
    """Ask, read an answer, commit, go on; until the cards or the answers run out."""
    talking = answers == "-" and sys.stdin.isatty() and not as_json
    script = Script(lines_of(answers), "standard input" if answers == "-" else answers)
    touched: set[str] = set()
    while session.turn:
        turn = session.turn
        drawn = draw(turn.card, card_seed(session, turn))
        showing = Showing(lang=world.lang, width=80, position=session.position, note=decks[turn.card.deck].note)
        if talking:
            show(ask(turn.card, drawn), showing)
        started = time.monotonic()
        scripted = script.answer_to(turn.card)
        if scripted is None:
            break
        asking = answer(turn.card, drawn, scripted)
        response = Response(
            proposed=asking.proposed,
            confidence=asking.confidence,
            seconds=time.monotonic() - started if talking else 0.0,
            right=asking.right,
            given=asking.judged.given or asking.why or None,
            mistake=asking.judged.mistake,
            ticks=tuple(sorted(asking.ticks or ())),
            hinted=asking.hinted,
        )
        session, review = rate(session, scripted.rating or asking.proposed, response, world.now())
        store.append(review)
        touched.add(review.card)
        if as_json:
            print_review(review, session)
        elif talking:
            show(asking, showing)
        if not as_json:
            print(line_of(review, session, world.lang), flush=True)
    for card in script.unused():
        print(f"interview: {answers}: {card} was not asked", file=sys.stderr)
    finish(store, touched, session.today)
    if as_json:
        print_totals(session.done)
    return 0


def finish(store: Store, touched: set[str], today: date) -> None:
    """After the last answer: the derived table and the day's backup. Neither is worth a complaint of its own."""
    if not touched:
        return
    try:
        settle(store, touched)
        store.back_up(today)
    except (StoreError, OSError) as error:
        print(f"interview: no backup was made: {error}", file=sys.stderr)


def lines_of(answers: str) -> Iterator[str]:
    if answers == "-":
        yield from iter(sys.stdin.readline, "")
        return
    try:
        yield from Path(answers).read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--answers {answers}: {getattr(error, 'strerror', None) or 'not UTF-8 text'}") from None


def show(asking: Asking, showing: Showing) -> None:
    for line in view(asking, showing).body:
        print(line.plain)


def line_of(review: Review, session: Session, lang: str) -> str:
    """`✓ dropout/strongest-p  Good  2026-11-26`"""
    mark = {True: "✓", False: "✗", None: "·"}[review.right]
    due = due_of(review, session)
    return f"{mark} {review.card}  {say(lang, f'rating_{int(review.rating)}')}" + (f"  {due}" if due else "")


def due_of(review: Review, session: Session) -> str | None:
    memory = session.memories[review.card]
    return memory.due.isoformat() if memory.due and not review.cram else None


def print_review(review: Review, session: Session) -> None:
    said = {
        "schema": 1,
        "card": review.card,
        "rating": review.rating.name.lower(),
        "confidence": review.confidence,
        "seconds": review.seconds,
        "due": due_of(review, session),
        "at": review.at.isoformat(),
        "proposed": review.proposed.name.lower() if review.proposed else None,
        "right": review.right,
        "mistake": review.mistake,
        "given": review.given,
        "depth": review.depth,
        "cram": review.cram,
    }
    print(json.dumps(said, ensure_ascii=False), flush=True)


def print_totals(done: Sequence[Review]) -> None:
    ratings = {rating.name.lower(): sum(review.rating is rating for review in done) for rating in Rating}
    totals = {
        "reviews": len(done),
        "cards": len({review.card for review in done}),
        "right": sum(review.right is True for review in done),
        "seconds": round(sum(review.seconds for review in done), 1),
        **ratings,
    }
    print(json.dumps({"schema": 1, "totals": totals}), flush=True)

"""The quiz's lines where it is no screen: a line or a JSON object a review, the totals, and what follows the end."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict

from interview.cli.crash import refusal
from interview.drill.session import Session
from interview.drill.summary import Summary
from interview.errors import StoreError
from interview.log.record import Rating, Review
from interview.log.store import Store
from interview.practice.review.memories import settle
from interview.printable import printable_json
from interview.terminal.text.words import say


def finish(store: Store, touched: set[str], session: Session, lang: str) -> list[str]:
    """After the last answer: the derived table and the day's backup. Neither is worth a complaint of its own.

    Closes the store, and returns the cards whose rating is not in the history when one looks for it again.
    """
    try:
        if touched:
            settle(store, touched, session.rules)
            store.back_up(session.today)
    except (StoreError, OSError) as error:
        why = error.say(lang) if isinstance(error, StoreError) else refusal(error, lang)
        said = f"没有备份成：{why}" if lang == "zh" else f"no backup was made: {why}"
        print(f"interview: {said}", file=sys.stderr)
    return [event.card for event in store.lost() if isinstance(event, Review)]


def not_saved(cards: Sequence[str], why: StoreError | None = None) -> StoreError:
    names = list(dict.fromkeys(cards))
    en, zh = f"not saved: {', '.join(names)}", f"没有保存：{'、'.join(names)}"
    return StoreError(f"{en}; {why}", f"{zh}；{why.zh}") if why else StoreError(en, zh)


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
    print(printable_json(said), flush=True)


def print_totals(done: Sequence[Review], summary: Summary) -> None:
    ratings = {rating.name.lower(): sum(review.rating is rating for review in done) for rating in Rating}
    totals = {
        "reviews": summary.reviews,
        "cards": summary.cards,
        "right": sum(review.right is True for review in done),
        "seconds": summary.seconds,
        **ratings,
        "known": summary.known,
        "left": asdict(summary.left),
        "comes": [{"day": day.isoformat(), "cards": cards} for day, cards in summary.comes.items()],
        "weak": [asdict(topic) for topic in summary.weak],
    }
    print(printable_json({"schema": 1, "totals": totals}), flush=True)

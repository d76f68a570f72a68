"""The quiz's lines where it is no screen: a line or a JSON object a review, the totals, and what follows the end."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date

from interview.cli.crash import refusal
from interview.drill.session import Session
from interview.drill.summary import Summary
from interview.errors import StoreError
from interview.log.record import Review
from interview.log.store import Store
from interview.practice.review.memories import settle
from interview.report.line import as_line
from interview.report.sitting import quiz_json, review_json
from interview.terminal.text.words import RATINGS
from interview.text import Text


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
        said = Text(f"no backup was made: {why}", f"没有备份成：{why}").say(lang)
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
    return f"{mark} {review.card}  {RATINGS[review.rating].say(lang)}" + (f"  {due}" if due else "")


def due_of(review: Review, session: Session) -> date | None:
    return None if review.cram else session.memories[review.card].due


def print_review(review: Review, session: Session) -> None:
    print(as_line(review_json(review, due_of(review, session))), flush=True)


def print_totals(done: Sequence[Review], summary: Summary) -> None:
    print(as_line(quiz_json(done, summary)), flush=True)

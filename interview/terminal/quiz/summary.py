"""The summary of a sitting in words, for the screen that was there before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from rich.text import Text

from interview.drill.session import NOTHING_LEFT, Left
from interview.drill.summary import Summary
from interview.terminal.text.words import say
from interview.terminal.text.wrap import wrap


def farewell(
    summary: Summary, today: date, lang: str, width: int, *, news: str = "", unsaved: Sequence[str] = ()
) -> list[Text]:
    """`news` is what the last key came to, if no card was left to show it.

    `unsaved` are the cards whose rating was lost.
    """
    answered = say(lang, "answered", n=summary.reviews, time=spent(summary.seconds, lang))
    if summary.cards:
        answered += say(lang, "known", n=summary.known, total=summary.cards)
    saved = (
        say(lang, "not_saved", names=say(lang, "comma").join(dict.fromkeys(unsaved))) if unsaved else say(lang, "saved")
    )
    said = [news, answered + saved]
    if summary.left != NOTHING_LEFT:
        said.append(say(lang, "left", left=left_words(summary.left, lang)))
    if summary.comes:
        said.append(say(lang, "comes", days=coming(summary, today, lang)))
    if summary.weak:
        topics = [say(lang, "topic", name=each.name, known=each.known, total=each.cards) for each in summary.weak]
        said.append(say(lang, "weak", topics=say(lang, "comma").join(topics)))
    return [line for each in said if each for line in wrap(Text(each), width)]


def spent(seconds: float, lang: str) -> str:
    minutes = round(seconds / 60)
    return say(lang, "minutes", n=minutes) if minutes else say(lang, "seconds", n=round(seconds))


def left_words(left: Left, lang: str, *, cram: bool = False) -> str:
    """`5 new · 1 again · 6 due`; when cramming, nothing is due."""
    words = (("n_new", left.new), ("n_again", left.again), ("n_seen" if cram else "n_due", left.due))
    return " · ".join(say(lang, word, n=n) for word, n in words)


def coming(summary: Summary, today: date, lang: str) -> str:
    """`1 today, 3 tomorrow, 4 within a week, 2 later (from 2026-12-30)`."""
    week = today + timedelta(days=7)
    groups = {"today": 0, "tomorrow": 0, "within_week": 0, "later": 0}
    for day, cards in summary.comes.items():
        days = (day - today).days
        groups["today" if days <= 0 else "tomorrow" if days == 1 else "within_week" if day <= week else "later"] += (
            cards
        )
    first = min((day for day in summary.comes if day > week), default=week)
    said = [say(lang, word, n=n, day=first.isoformat()) for word, n in groups.items() if n]
    return say(lang, "comma").join(said)

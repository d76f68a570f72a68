"""The summary of a sitting in words, for the screen that was there before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from rich.text import Text

from interview.drill.session import NOTHING_LEFT, Left
from interview.drill.summary import Summary
from interview.terminal.text.words import QuizWords
from interview.terminal.text.wrap import wrap


def farewell(
    summary: Summary, today: date, lang: str, width: int, *, news: str = "", unsaved: Sequence[str] = ()
) -> list[Text]:
    """`news` is what the last key came to, if no card was left to show it.

    `unsaved` are the cards whose rating was lost.
    """
    answered = QuizWords.answered.say(lang, n=summary.reviews, time=spent(summary.seconds, lang))
    if summary.cards:
        answered += QuizWords.known.say(lang, n=summary.known, total=summary.cards)
    saved = (
        QuizWords.not_saved.say(lang, names=QuizWords.comma.say(lang).join(dict.fromkeys(unsaved)))
        if unsaved
        else QuizWords.saved.say(lang)
    )
    said = [news, answered + saved]
    if summary.left != NOTHING_LEFT:
        said.append(QuizWords.left.say(lang, left=left_words(summary.left, lang)))
    if summary.comes:
        said.append(QuizWords.comes.say(lang, days=coming(summary, today, lang)))
    if summary.weak:
        topics = [
            QuizWords.topic.say(lang, name=each.name, known=each.known, total=each.cards) for each in summary.weak
        ]
        said.append(QuizWords.weak.say(lang, topics=QuizWords.comma.say(lang).join(topics)))
    return [line for each in said if each for line in wrap(Text(each), width)]


def spent(seconds: float, lang: str) -> str:
    minutes = round(seconds / 60)
    return QuizWords.minutes.say(lang, n=minutes) if minutes else QuizWords.seconds.say(lang, n=round(seconds))


def left_words(left: Left, lang: str, *, cram: bool = False) -> str:
    """`5 new · 1 again · 6 due`; when cramming, nothing is due."""
    due = QuizWords.n_seen if cram else QuizWords.n_due
    words = ((QuizWords.n_new, left.new), (QuizWords.n_again, left.again), (due, left.due))
    return " · ".join(word.say(lang, n=n) for word, n in words)


def coming(summary: Summary, today: date, lang: str) -> str:
    """`1 today, 3 tomorrow, 4 within a week, 2 later (from 2026-12-30)`."""
    week = today + timedelta(days=7)
    groups = dict.fromkeys((QuizWords.today, QuizWords.tomorrow, QuizWords.within_week, QuizWords.later), 0)
    for day, cards in summary.comes.items():
        days = (day - today).days
        soon = QuizWords.today if days <= 0 else QuizWords.tomorrow
        later = QuizWords.within_week if day <= week else QuizWords.later
        groups[soon if days <= 1 else later] += cards
    first = min((day for day in summary.comes if day > week), default=week)
    said = [word.say(lang, n=n, day=first.isoformat()) for word, n in groups.items() if n]
    return QuizWords.comma.say(lang).join(said)

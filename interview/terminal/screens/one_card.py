"""The one card with its history, for a person and for a program."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rich.cells import cell_len
from rich.console import Group
from rich.text import Text

from interview.content.cards.deck import Card
from interview.log.record import Rating, Review
from interview.practice.review.one_card import Done, OneCard
from interview.printable import printable_line
from interview.terminal.quiz.leech import STYLES
from interview.terminal.screens.listing import question
from interview.terminal.screens.words import CARD_STATE, DONE, OneCardWords
from interview.terminal.text.prose import ACCENT
from interview.terminal.text.words import RATINGS, QuizWords
from interview.terminal.text.wrap import wrap
from interview.text import COMMA, LIST

LAST = 12  # ratings shown
NAMED = 10  # cards told by name


def told(what: Done, cards: Sequence[Card], found: int, lang: str) -> list[str]:
    """What was done, and how it is taken back."""
    if not cards:
        return [OneCardWords.nothing.say(lang, n=found)]
    names = LIST.say(lang).join(card.name for card in cards[:NAMED])
    names += OneCardWords.more.say(lang, n=len(cards) - NAMED) if len(cards) > NAMED else ""
    count = f" -n {len(cards)}" if len(cards) > 1 else ""
    return [DONE[what].say(lang, cards=names), OneCardWords.back.say(lang, n=count)]


def render(one: OneCard, why: str, today: date, *, lang: str, width: int) -> Group:
    memory = one.memory
    lines = [Text.assemble(" ", (one.card.name, f"bold {ACCENT}")), Text()]
    lines += wrap(question(one.card, lang), width, first=" ", rest=" ")
    lines.append(Text())
    day = memory.buried_until if one.state == "buried" else memory.due
    state = CARD_STATE[one.state].say(lang, day=day)
    facts = [COMMA.say(lang).join((state, why)) if why else state]
    if memory.reviews:
        facts.append(OneCardWords.seen.say(lang, n=memory.reviews, lapses=memory.lapses))
    if one.recall is not None:
        facts.append(OneCardWords.recall.say(lang, recall=one.recall))
    lines += [row for fact in facts for row in wrap(Text(fact), width, first=" ", rest="   ")]
    for words, text in ((OneCardWords.flag, memory.flag), (OneCardWords.note, memory.note)):
        if text:
            said = f"{words.say(lang)}{QuizWords.colon.say(lang)}{printable_line(text)}"
            lines += wrap(Text(said, "yellow"), width, first=" ", rest="   ")
    if one.reviews:
        lines += ["", *history(one.reviews, lang)]  # type: ignore[list-item]
    lines += [Text(), *coming(one, today, lang, width)]
    return Group(*lines)


def history(reviews: Sequence[Review], lang: str) -> list[Text]:
    """The last ratings, each with its day."""
    before = len(reviews) - LAST
    lines = [Text(f"   {OneCardWords.earlier.say(lang, n=before)}", "dim")] if before > 0 else []
    for review in reviews[-LAST:]:
        name = RATINGS[review.rating].say(lang)
        line = Text.assemble(f"   {review.day.isoformat()}  ", (name, STYLES[review.rating]))
        marks = [OneCardWords.cram.say(lang)] if review.cram else []
        marks += [OneCardWords.wrong.say(lang)] if review.right is False else []
        line.append("".join(f"  {mark}" for mark in marks), "dim")
        lines.append(line)
    return lines


def coming(one: OneCard, today: date, lang: str, width: int) -> list[Text]:
    lines = wrap(Text(OneCardWords.next.say(lang), "dim"), width, first=" ", rest=" ")
    names = {rating: f"{int(rating)} {RATINGS[rating].say(lang)}" for rating in Rating}
    size = max(map(cell_len, names.values()))
    for rating, day in one.coming.items():
        name = names[rating]
        said = QuizWords.again_in.say(lang) if day == today else day.isoformat()
        lines.append(Text.assemble("   ", (name, STYLES[rating]), " " * (size - cell_len(name) + 2), said))
    return lines

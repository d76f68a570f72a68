"""The one card with its history, for a person and for a program."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rich.cells import cell_len
from rich.console import Group
from rich.text import Text

from interview.content.cards.deck import Card
from interview.log.record import Rating, Review
from interview.practice.review.one_card import OneCard
from interview.printable import printable_line
from interview.terminal.quiz.leech import STYLES
from interview.terminal.screens.listing import question
from interview.terminal.text.prose import ACCENT
from interview.terminal.text.words import say as say_word
from interview.terminal.text.wrap import wrap

LAST = 12  # ratings shown
NAMED = 10  # cards told by name
SAID: dict[str, tuple[str, str]] = {
    "new": ("never asked", "还没学过"),
    "due": ("due now", "现在到期"),
    "later": ("comes on {day}", "{day} 到期"),
    "buried": ("put off until {day}", "推迟到 {day}"),
    "suspended": ("suspended: --wake brings it back", "已暂停：--wake 恢复"),
    "leech": ("forgotten {n} times", "忘记过 {n} 次"),
    "seen": ("asked {n} times, forgotten {lapses}", "答过 {n} 次，忘记 {lapses} 次"),
    "recall": ("{recall:.0%} likely recalled today", "今天约 {recall:.0%} 能答出"),
    "flag": ("Flag", "标记"),
    "note": ("Note", "笔记"),
    "next": ("Rated today, it comes back", "今天评分后的下次日期"),
    "cram": ("cram", "突击"),
    "wrong": ("said wrongly", "答错"),
    "earlier": ("and {n} before", "更早还有 {n} 次"),
    "nothing": ("Nothing to change: {n} found, all as asked for.", "没有要改的：找到 {n} 张，都已经是这样。"),
    "did_forget": ("New again: {cards}", "已重置为新卡：{cards}"),
    "did_suspend": ("Suspended: {cards}", "已暂停：{cards}"),
    "did_wake": ("Awake again: {cards}", "已恢复：{cards}"),
    "did_flag": ("Flagged: {cards}", "已标记：{cards}"),
    "did_note": ("Noted: {cards}", "已记下：{cards}"),
    "more": (" and {n} more", " 等，另有 {n} 张"),
    "back": ("`interview undo{n}` takes it back.", "`interview undo{n}` 可撤销。"),
}


def say(lang: str, key: str, **values: object) -> str:
    return SAID[key][lang == "zh"].format(**values)


def told(what: str, cards: Sequence[Card], found: int, lang: str) -> list[str]:
    """What was done, and how it is taken back."""
    if not cards:
        return [say(lang, "nothing", n=found)]
    names = ("、" if lang == "zh" else ", ").join(card.name for card in cards[:NAMED])
    names += say(lang, "more", n=len(cards) - NAMED) if len(cards) > NAMED else ""
    count = f" -n {len(cards)}" if len(cards) > 1 else ""
    return [say(lang, f"did_{what}", cards=names), say(lang, "back", n=count)]


def render(one: OneCard, why: str, today: date, *, lang: str, width: int) -> Group:
    memory = one.memory
    lines = [Text.assemble(" ", (one.card.name, f"bold {ACCENT}")), Text()]
    lines += wrap(question(one.card, lang), width, first=" ", rest=" ")
    lines.append(Text())
    day = memory.buried_until if one.state == "buried" else memory.due
    state = say(lang, one.state, day=day)
    facts = [f"{state}, {why}" if why and lang != "zh" else f"{state}，{why}" if why else state]
    if memory.reviews:
        facts.append(say(lang, "seen", n=memory.reviews, lapses=memory.lapses))
    if one.recall is not None:
        facts.append(say(lang, "recall", recall=one.recall))
    lines += [row for fact in facts for row in wrap(Text(fact), width, first=" ", rest="   ")]
    for key, text in (("flag", memory.flag), ("note", memory.note)):
        if text:
            said = f"{say(lang, key)}{say_word(lang, 'colon')}{printable_line(text)}"
            lines += wrap(Text(said, "yellow"), width, first=" ", rest="   ")
    if one.reviews:
        lines += ["", *history(one.reviews, lang)]  # type: ignore[list-item]
    lines += [Text(), *coming(one, today, lang, width)]
    return Group(*lines)


def history(reviews: Sequence[Review], lang: str) -> list[Text]:
    """The last ratings, each with its day."""
    before = len(reviews) - LAST
    lines = [Text(f"   {say(lang, 'earlier', n=before)}", "dim")] if before > 0 else []
    for review in reviews[-LAST:]:
        name = say_word(lang, f"rating_{int(review.rating)}")
        line = Text.assemble(f"   {review.day.isoformat()}  ", (name, STYLES[review.rating]))
        marks = [say(lang, "cram")] if review.cram else []
        marks += [say(lang, "wrong")] if review.right is False else []
        line.append("".join(f"  {mark}" for mark in marks), "dim")
        lines.append(line)
    return lines


def coming(one: OneCard, today: date, lang: str, width: int) -> list[Text]:
    lines = wrap(Text(say(lang, "next"), "dim"), width, first=" ", rest=" ")
    names = {rating: f"{int(rating)} {say_word(lang, f'rating_{int(rating)}')}" for rating in Rating}
    size = max(map(cell_len, names.values()))
    for rating, day in one.coming.items():
        name = names[rating]
        said = say_word(lang, "again_in") if day == today else day.isoformat()
        lines.append(Text.assemble("   ", (name, STYLES[rating]), " " * (size - cell_len(name) + 2), said))
    return lines

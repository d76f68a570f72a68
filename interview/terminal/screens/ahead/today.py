"""The agenda on a screen: each line with the command that does it."""

from __future__ import annotations

from math import ceil

from rich.cells import cell_len
from rich.console import Group
from rich.text import Text

from interview.content.roles import Role
from interview.practice.insight.listing import KataLine
from interview.practice.insight.today import Today
from interview.terminal.screens.ahead.plan import minutes_of
from interview.terminal.screens.words import KATA_TO_WRITE, TodayWords
from interview.terminal.text.chart import ACCENT, GAP, heading, percent
from interview.terminal.text.words import several
from interview.terminal.text.wrap import wrap
from interview.text import COMMA, LIST
from interview.text import Text as Words

SHOWN = 3  # katas, each on a line
Line = tuple[str, str, str]  # what it is, what is said, the command that does it


def count(lang: str, words: Words, n: int, **values: object) -> str:
    """What is said of `n` cards."""
    return words.say(lang, n=n, cards=several(n, "cards"), **values)


def render(today: Today, *, lang: str, width: int) -> Group:
    if not today.begun and not today.goal:
        return Group(*begin(lang, width))
    lines = [*heading(today.day.isoformat(), tail(today, lang), width=width), Text()]
    return Group(*lines, *laid_out(things(today, lang), width))


def begin(lang: str, width: int) -> list[Text]:
    """The empty first day."""
    first = [
        ("interview quiz dropout", TodayWords.quiz_first.say(lang)),
        ("interview kata dropout", TodayWords.kata_first.say(lang)),
        ("interview plan --date …", TodayWords.plan_first.say(lang)),
    ]
    lines = [*wrap(Text(TodayWords.first.say(lang)), width, first=" ", rest=" "), Text()]
    size = max(cell_len(command) for command, _ in first)
    beside = all(3 + size + GAP + cell_len(what) <= width for _, what in first)
    for command, what in first:
        shown = Text.assemble("   ", (command, ACCENT))
        if beside:
            lines.append(Text.assemble(shown, " " * (size - cell_len(command) + GAP), (what, "dim")))
        else:
            lines += [shown, *wrap(Text(what, "dim"), width, first="     ", rest="     ")]
    return lines


def tail(today: Today, lang: str) -> str:
    said = []
    if today.goal:
        days = today.goal.days(today.day)
        said.append((TodayWords.eve if days == 1 else TodayWords.interview).say(lang, days=days))
    if today.minutes:
        said.append(TodayWords.minutes.say(lang, minutes=today.minutes))
    return " · ".join(said)


def things(today: Today, lang: str) -> list[Line]:
    lines = in_plan(today, lang) if today.goal else by_deck(today, lang)
    if today.share.waiting:
        lines.append(("", TodayWords.waiting.say(lang, n=len(today.share.waiting)), ""))
    lines += kata_lines(today, lang)
    if today.weak:
        weak = today.weak
        said = count(lang, TodayWords.weakest, weak.cards, tag=weak.tag, recall=percent(weak.recall))
        lines.append((TodayWords.weak.say(lang), said, f"interview quiz {weak.deck} --tag {weak.tag} --cram"))
    if today.goal and today.goal.role:
        lines.append((TodayWords.role.say(lang), weighed(today.goal.role, lang), ""))
    if today.done:
        lines.append((TodayWords.done.say(lang), count(lang, TodayWords.n_done, today.done), ""))
    return lines


def weighed(role: Role, lang: str) -> str:
    if not role.weights:
        return TodayWords.weighs_same.say(lang, role=role.name)
    said = [TodayWords.weight.say(lang, topic=each.topic, weight=each.weight) for each in role.weights]
    return TodayWords.weighs.say(lang, role=role.name, topics=LIST.say(lang).join(said))


def in_plan(today: Today, lang: str) -> list[Line]:
    share = today.share
    if not share.cards:
        return [(TodayWords.share.say(lang), no_cards(today).say(lang), "")]
    said = count(
        lang, TodayWords.n_share, len(share.cards), minutes=minutes_of(share.seconds), due=today.due, new=share.new
    )
    return [(TodayWords.share.say(lang), said, quiz(today))]


def no_cards(today: Today) -> Words:
    """Why there is no card due to answer."""
    out_of_room = today.share.waiting or (today.goal and today.now and today.share.left)
    return TodayWords.no_room if out_of_room else TodayWords.none


def quiz(today: Today) -> str:
    """The command that asks these cards."""
    return f"interview quiz -m {ceil(today.share.seconds / 60)}" if today.limited else "interview quiz"


def by_deck(today: Today, lang: str) -> list[Line]:
    """What is due, then the new cards: one command brings both."""
    lines: list[Line] = [(TodayWords.due.say(lang), no_cards(today).say(lang), "")]
    if today.due:
        due = named([(deck.id, deck.due) for deck in today.decks], lang)
        minutes = minutes_of(today.share.seconds * today.due / len(today.share.cards))
        lines = [
            (
                TodayWords.due.say(lang),
                count(lang, TodayWords.n_due, today.due, minutes=minutes, decks=due),
                quiz(today),
            )
        ]
    if today.share.new:
        fresh = [(deck.id, deck.new) for deck in today.decks if deck.new]
        said = TodayWords.n_new.say(lang, n=today.share.new, decks=named(fresh, lang))
        lines.append((TodayWords.new.say(lang), said, "" if today.due else quiz(today)))
    return lines


def named(counts: list[tuple[str, int]], lang: str) -> str:
    return COMMA.say(lang).join(f"{name} {count}" for name, count in counts if count)


def kata_lines(today: Today, lang: str) -> list[Line]:
    """Those to write now, the first with its label; how many more are due."""
    lines = [("", told(kata, lang), f"interview kata {kata.id}") for kata in today.now[:SHOWN]]
    if not lines:
        lines = [("", none_to_write(today).say(lang), "")]
    more = today.katas_waiting + sum(kata.status == "due" for kata in today.now[SHOWN:])
    if more:
        lines.append(("", TodayWords.katas_waiting.say(lang, n=more, katas=several(more, "katas")), "interview list"))
    return [(TodayWords.kata.say(lang), *lines[0][1:]), *lines[1:]]


def told(kata: KataLine, lang: str) -> str:
    return KATA_TO_WRITE["failed" if kata.task.called else kata.status].say(lang, kata=kata.id, minutes=kata.minutes)


def none_to_write(today: Today) -> Words:
    if not today.katas:
        return TodayWords.kata_none
    return TodayWords.kata_late if today.limited or today.goal else TodayWords.kata_wait


def laid_out(lines: list[Line], width: int) -> list[Text]:
    """The command at the right of its line where there is room, else below it."""
    size = max(cell_len(label) for label, _, _ in lines)
    reach = max(cell_len(said) for _, said, _ in lines)
    beside = 1 + size + GAP + reach + GAP + max(cell_len(command) for _, _, command in lines) <= width
    shown: list[Text] = []
    for label, said, command in lines:
        lead = f" {label}{' ' * (size - cell_len(label) + GAP)}"
        rest = " " * cell_len(lead)
        if beside and command:
            text = Text.assemble(said, " " * (reach - cell_len(said) + GAP), (command, ACCENT))
            shown.append(Text.assemble((lead, "dim"), text))
            continue
        folded = wrap(Text(said), width, first=lead, rest=rest)
        folded[0].stylize("dim", 0, len(lead))
        shown += [*folded, *(wrap(Text(command, ACCENT), width, first=rest, rest=rest + "  ") if command else [])]
    return shown

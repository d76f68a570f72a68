"""The agenda on a screen: each line with the command that does it."""

from __future__ import annotations

from rich.cells import cell_len
from rich.console import Group
from rich.text import Text

from interview.practice.insight.today import Today
from interview.terminal.screens.plan import whole
from interview.terminal.text.chart import ACCENT, GAP, heading, percent
from interview.terminal.text.words import several
from interview.terminal.text.wrap import wrap

SAID: dict[str, tuple[str, str]] = {
    "first": ("Nothing here yet. Begin with either:", "还没有记录。任选一个开始："),
    "quiz_first": ("questions that come back in time", "抽认题，快忘时再来"),
    "kata_first": ("write it by hand; it is graded hard", "手写代码，严格判分"),
    "plan_first": ("with a date, the days are planned", "定了面试日期，就有每日计划"),
    "interview": ("interview in {days} days", "离面试 {days} 天"),
    "eve": ("the interview is tomorrow", "明天面试"),
    "minutes": ("{minutes:g} min", "{minutes:g} 分钟"),
    "due": ("Due", "到期"),
    "new": ("New", "新卡"),
    "n_due": ("{cards}, about {minutes} min: {decks}", "{n} 张，约 {minutes} 分钟：{decks}"),
    "n_new": ("{n} today: {decks}", "今天 {n} 张：{decks}"),
    "share": ("Today", "今天"),
    "n_share": (
        "{cards}, about {minutes} min: {due} due, {new} new",
        "{n} 张，约 {minutes} 分钟：到期 {due} 张，新卡 {new} 张",
    ),
    "waiting": ("also due, without room today: {n}", "另有 {n} 张到期但排不下"),
    "none": ("nothing is due", "没有到期的卡"),
    "kata": ("Kata", "手写题"),
    "kata_due": ("{kata}: failed since it was passed, {minutes} min", "{kata}：通过之后又错了，{minutes} 分钟"),
    "kata_tried": ("{kata}: not passed yet, {minutes} min", "{kata}：还没通过，{minutes} 分钟"),
    "kata_new": ("{kata}: new, {minutes} min", "{kata}：新题，{minutes} 分钟"),
    "kata_none": ("all passed", "全部通过"),
    "kata_late": ("none fits the minutes left", "剩下的时间不够写一道"),
    "weak": ("Weakest", "最弱"),
    "weakest": ("{tag}: {recall} recalled today, {cards}", "{tag}：今天约记得 {recall}，{n} 张"),
    "done": ("Done", "已答"),
    "n_done": ("{cards} today", "今天 {n} 张"),
}
Line = tuple[str, str, str]  # what it is, what is said, the command that does it


def say(lang: str, key: str, **values: object) -> str:
    return SAID[key][lang == "zh"].format(**values)


def count(lang: str, key: str, n: int, **values: object) -> str:
    """What is said of `n` cards."""
    return say(lang, key, n=n, cards=several(n, "cards"), **values)


def render(today: Today, *, lang: str, width: int) -> Group:
    if not today.begun and not today.goal:
        return Group(*begin(lang, width))
    lines = [*heading(today.day.isoformat(), tail(today, lang), width=width), Text()]
    return Group(*lines, *laid_out(things(today, lang), width))


def begin(lang: str, width: int) -> list[Text]:
    """The empty first day."""
    first = [
        ("interview quiz dropout", say(lang, "quiz_first")),
        ("interview kata dropout", say(lang, "kata_first")),
        ("interview plan --date …", say(lang, "plan_first")),
    ]
    lines = [*wrap(Text(say(lang, "first")), width, first=" ", rest=" "), Text()]
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
        said.append(say(lang, "eve" if days == 1 else "interview", days=days))
    if today.minutes:
        said.append(say(lang, "minutes", minutes=today.minutes))
    return " · ".join(said)


def things(today: Today, lang: str) -> list[Line]:
    lines = in_plan(today, lang) if today.goal else by_deck(today, lang)
    if today.share.waiting:
        lines.append(("", say(lang, "waiting", n=len(today.share.waiting)), ""))
    lines.append(kata_line(today, lang))
    if today.weak:
        weak = today.weak
        said = count(lang, "weakest", weak.cards, tag=weak.tag, recall=percent(weak.recall))
        lines.append((say(lang, "weak"), said, f"interview quiz {weak.deck} --tag {weak.tag} --cram"))
    if today.done:
        lines.append((say(lang, "done"), count(lang, "n_done", today.done), ""))
    return lines


def in_plan(today: Today, lang: str) -> list[Line]:
    share = today.share
    if not share.cards:
        return [(say(lang, "share"), say(lang, "none"), "")]
    said = count(lang, "n_share", len(share.cards), minutes=whole(share.seconds), due=today.due, new=share.new)
    return [(say(lang, "share"), said, "interview quiz")]


def by_deck(today: Today, lang: str) -> list[Line]:
    """What is due, then the new cards: one command brings both."""
    lines: list[Line] = [(say(lang, "due"), say(lang, "none"), "")]
    if today.due:
        due = named([(deck.id, deck.due) for deck in today.decks], lang)
        minutes = whole(today.share.seconds * today.due / len(today.share.cards))
        lines = [(say(lang, "due"), count(lang, "n_due", today.due, minutes=minutes, decks=due), "interview quiz")]
    if today.share.new:
        fresh = [(deck.id, deck.new) for deck in today.decks if deck.new]
        said = say(lang, "n_new", n=today.share.new, decks=named(fresh, lang))
        lines.append((say(lang, "new"), said, "" if today.due else "interview quiz"))
    return lines


def named(counts: list[tuple[str, int]], lang: str) -> str:
    return ("，" if lang == "zh" else ", ").join(f"{name} {count}" for name, count in counts if count)


def kata_line(today: Today, lang: str) -> Line:
    kata = today.kata
    if kata is None:
        return say(lang, "kata"), say(lang, "kata_late" if today.katas else "kata_none"), ""
    said = say(lang, f"kata_{kata.status}", kata=kata.id, minutes=kata.minutes)
    return say(lang, "kata"), said, f"interview kata {kata.id}"


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

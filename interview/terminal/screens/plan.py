"""The plan on a screen: the days left, what fits them, what does not."""

from __future__ import annotations

from rich.console import Group
from rich.text import Text

from interview.practice.insight.ahead import Road
from interview.terminal.text.chart import ACCENT, heading, labelled, spark
from interview.terminal.text.words import several
from interview.terminal.text.wrap import wrap

NAMED = 12  # cards named on the screen; --json names all
SAID: dict[str, tuple[str, str]] = {
    "title": ("Interview on {on}, in {days} days", "面试：{on}，还有 {days} 天"),
    "title_1": ("Interview on {on}: tomorrow", "面试：{on}，就在明天"),
    "minutes": ("{minutes:g} min a day", "每天 {minutes:g} 分钟"),
    "cards": ("Cards", "卡片"),
    "counts": ("{cards}, {begun} begun; {must} must-know", "{cards} 张，已学 {begun} 张；必会 {must} 张"),
    "today": ("Today", "今天"),
    "share": ("{cards}, {minutes} min ({new} new)", "{n} 张，约 {minutes} 分钟（新卡 {new} 张）"),
    "nothing": ("nothing left to do", "已经完成"),
    "load": ("Days", "每天"),
    "scale": ("up to {minutes} min, from today to the eve", "最多 {minutes} 分钟，从今天到前一天"),
    "fits": (
        "Everything fits: each card three times, the must-know ones once more in the last three days.",
        "都排得下：每张至少看三遍，必会的最后一遍在面试前三天之内。",
    ),
    "fits_few": (
        "Everything fits, each card as often as {days} days allow.",
        "都排得下：{days} 天里能看几遍就看几遍。",
    ),
    "short": ("{cards} will not fit", "有 {n} 张排不下"),
    "short_must": (", {n} of them must-know", "，其中 {n} 张必会"),
    "enough": ("; {minutes} min a day would do", "；每天 {minutes} 分钟就够"),
    "more": ("and {n} more", "等，另有 {n} 张"),
    "katas": ("Katas", "手写题"),
    "katas_left": (
        "{n} left, {minutes} min; the next: {kata} ({one} min)",
        "还剩 {n} 道，共 {minutes} 分钟；下一道：{kata}（{one} 分钟）",
    ),
    "katas_done": ("all passed", "全部通过"),
    "none": (
        "No interview date is set. `interview plan --date 2026-12-14 -m 40` sets one, with 40 minutes a day.",
        "还没有设面试日期。`interview plan --date 2026-12-14 -m 40` 设定日期，每天 40 分钟。",
    ),
    "past": (
        "The interview was on {on}. Set the next: `interview plan --date …`",
        "面试日期 {on} 已过。下一场：`interview plan --date …`",
    ),
}


def say(lang: str, key: str, **values: object) -> str:
    return SAID[key][lang == "zh"].format(**values)


def render(road: Road, *, lang: str, width: int) -> Group:
    on, days, minutes = road.goal.on, road.days, road.goal.minutes
    title = say(lang, "title_1" if days == 1 else "title", on=on, days=days)
    lines = heading(title, say(lang, "minutes", minutes=minutes), width=width)
    lines += [Text(), *labelled([*figures(road, lang, width), katas_left(road, lang)], width), Text()]
    return Group(*lines, *verdict(road, lang, width))


def figures(road: Road, lang: str, width: int) -> list[tuple[str, Text]]:
    loads = road.outlook.loads
    counts = say(lang, "counts", cards=road.cards, begun=road.begun, must=road.must_know)
    today = loads[0] if loads else None
    share = say(lang, "nothing")
    if today and today.cards:
        share = say(
            lang,
            "share",
            n=today.cards,
            cards=several(today.cards, "cards"),
            minutes=whole(today.seconds),
            new=today.new,
        )
    room = max(7, width - 12)
    folded = fold([load.seconds for load in loads], room)
    most = whole(max((load.seconds for load in loads), default=0))
    picture = Text.assemble((spark(folded).replace(" ", "·"), ACCENT), "  ", (say(lang, "scale", minutes=most), "dim"))
    return [
        (say(lang, "cards"), Text(counts)),
        (say(lang, "today"), Text(share)),
        (say(lang, "load"), picture),
    ]


def fold(values: list[float], room: int) -> list[float]:
    """At most `room` values: of several days, the fullest."""
    step = -(-len(values) // room) if values else 1
    return [max(values[at : at + step]) for at in range(0, len(values), step)]


def katas_left(road: Road, lang: str) -> tuple[str, Text]:
    if not road.katas:
        return say(lang, "katas"), Text(say(lang, "katas_done"), "green")
    first = road.katas[0]
    total = sum(kata.minutes for kata in road.katas)
    said = say(lang, "katas_left", n=len(road.katas), minutes=total, kata=first.id, one=first.minutes)
    return say(lang, "katas"), Text(said)


def verdict(road: Road, lang: str, width: int) -> list[Text]:
    """Does it fit? What does not is named."""
    short = road.outlook.short
    if not short:
        said = say(lang, "fits" if road.days >= 3 else "fits_few", days=road.days)
        return wrap(Text.assemble(("✓ ", "green"), said), width, first=" ", rest="   ")
    must = sum(each.card.must_know for each in short)
    said = say(lang, "short", n=len(short), cards=several(len(short), "cards")) + (
        say(lang, "short_must", n=must) if must else ""
    )
    if road.enough:
        said += say(lang, "enough", minutes=road.enough)
    lines = wrap(Text.assemble(("✗ ", "red"), said), width, first=" ", rest="   ")
    names = Text(("、" if lang == "zh" else ", ").join(each.card.name for each in short[:NAMED]), "dim")
    if len(short) > NAMED:
        names.append(" " + say(lang, "more", n=len(short) - NAMED))
    return [*lines, *wrap(names, width, first="   ", rest="   ")]


def whole(seconds: float) -> int:
    """Minutes; something is never none."""
    return max(1, round(seconds / 60)) if seconds else 0

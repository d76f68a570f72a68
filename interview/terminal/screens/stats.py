"""The stats in pictures; each part says what it counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from rich.console import Group
from rich.text import Text

from interview.practice.insight.history import AHEAD
from interview.practice.insight.stats import Stats
from interview.terminal.screens.calendar import show_calendar
from interview.terminal.text.chart import ACCENT, bar, columns, cut, heading, percent, spark, towers
from interview.terminal.text.words import several
from interview.terminal.text.wrap import wrap

SAID: dict[str, tuple[str, str]] = {
    "none": (
        "Nothing answered yet. `interview quiz dropout` begins; then look again.",
        "还没有答过题。先运行 `interview quiz dropout`，再来看。",
    ),
    "reviews": ("{n} reviews on {days} days", "{days} 天共答 {n} 次"),
    "streak": ("{n} days in a row", "连续 {n} 天"),
    "minutes": ("{n} min in all", "共 {n} 分钟"),
    "calendar": ("Calendar", "日历"),
    "forecast": ("Due in the next 30 days", "未来 30 天到期"),
    "forecast_sum": ("{cards}; most on {day}: {most}", "共 {n} 张；最多在 {day}：{most} 张"),
    "retention": ("Retention", "记忆保持率"),
    "retention_sum": ("the share recalled, and what was predicted", "实际记得的比例，与预测对照"),
    "days": ("{n} days", "{n} 天"),
    "true": ("recalled", "实际"),
    "predicted": ("predicted", "预测"),
    "of": ("reviews", "次数"),
    "weeks": ("week by week", "逐周"),
    "calibration": ("Calibration", "自信与结果"),
    "calibration_sum": ("how sure you said you were, and how often you were right", "答前的把握，与答对的比例"),
    "no_confidence": ("a, s, d before the reveal say how sure you are", "看答案前按 a、s、d 表示把握"),
    "unsure": ("unsure", "没把握"),
    "so-so": ("so-so", "一般"),
    "sure": ("sure", "有把握"),
    "sure_wrong": ("Sure and wrong: ", "有把握却答错："),
    "decks": ("Decks", "题库"),
    "cards": ("cards", "卡片"),
    "seen": ("seen", "学过"),
    "due": ("due", "到期"),
    "recall": ("recall today", "今天记得"),
    "kept": ("retention", "保持率"),
    "lapses": ("lapses", "遗忘"),
    "weak": ("Weakest tags", "最弱的标签"),
    "weak_sum": ("the chance of recall today", "今天记得的概率"),
    "katas": ("Katas", "手写题"),
    "status_new": ("new", "未做"),
    "status_tried": ("tried", "做过"),
    "status_passed": ("passed", "通过"),
    "status_due": ("due", "该重做"),
}
SHOWN = 6  # cards named where more may be meant
PASSES = 16  # the last attempts of a kata that are drawn


def say(lang: str, key: str, **values: object) -> str:
    return SAID[key][lang == "zh"].format(**values)


def render(stats: Stats, *, lang: str, width: int) -> Group:
    if not stats.reviews and not stats.katas:
        return Group(*wrap(Text(say(lang, "none")), width, first=" ", rest=" "))
    parts: list[Callable[[Stats, str, int], list[Text]]] = [
        head, calendar, forecast, retention, calibration, decks, weak, katas
    ]  # fmt: skip
    lines: list[Text] = []
    for part in parts:
        shown = part(stats, lang, width)
        lines += [*([Text()] if lines and shown else []), *shown]
    return Group(*lines)


def head(stats: Stats, lang: str, width: int) -> list[Text]:
    said = [say(lang, "reviews", n=stats.reviews, days=len(stats.days))]
    if stats.streak > 1:
        said.append(say(lang, "streak", n=stats.streak))
    if stats.seconds >= 60:
        said.append(say(lang, "minutes", n=round(stats.seconds / 60)))
    return wrap(Text(" · ".join([stats.today.isoformat(), *said])), width, first=" ", rest=" ")


def calendar(stats: Stats, lang: str, width: int) -> list[Text]:
    if not stats.days:
        return []
    title = heading(say(lang, "calendar"), width=width)
    return [*title, *show_calendar(stats.days, stats.today, lang=lang, width=width)]


def forecast(stats: Stats, lang: str, width: int) -> list[Text]:
    """A tower a day, and the dates of every week below."""
    most = max(stats.forecast)
    if not most:
        return []
    step = 2 if width >= 3 + 2 * AHEAD else 1
    day = (stats.today + timedelta(days=stats.forecast.index(most))).strftime("%m-%d")
    coming = sum(stats.forecast)
    said = say(lang, "forecast_sum", n=coming, cards=several(coming, "cards"), day=day, most=most)
    lines = heading(say(lang, "forecast"), said, width=width)
    lines += [Text(f"   {row}", ACCENT) for row in towers(stats.forecast, 4, step)]
    every = 7 if step == 2 else 14
    dates = ""
    for n in range(0, AHEAD - 2, every):
        dates = dates.ljust(n * step) + (stats.today + timedelta(days=n)).strftime("%m-%d")
    return [*lines, cut(Text(f"   {dates}", "dim"), width)]


def retention(stats: Stats, lang: str, width: int) -> list[Text]:
    if not any(each.reviews for each in stats.retention):
        return []
    rows: list[list[Text | str]] = [
        ["", *(Text(say(lang, "days", n=each.days), "dim") for each in stats.retention)],
        [say(lang, "true"), *(Text(percent(each.true), "bold") for each in stats.retention)],
        [say(lang, "predicted"), *(percent(each.predicted) for each in stats.retention)],
        [Text(say(lang, "of"), "dim"), *(Text(str(each.reviews), "dim") for each in stats.retention)],
    ]
    lines = heading(say(lang, "retention"), say(lang, "retention_sum"), width=width)
    lines += columns(rows, width, right=frozenset((1, 2, 3)))
    if sum(share is not None for share in stats.weeks) > 1:
        # drawn from 50 %: below that there are other worries
        drawn = spark([0 if share is None else max(0.06, 2 * share - 1) for share in stats.weeks], 1.0)
        weeks = Text.assemble((f" {say(lang, 'weeks')}  ", "dim"), (drawn.replace(" ", "·"), ACCENT))
        lines.append(cut(weeks, width))
    return lines


def calibration(stats: Stats, lang: str, width: int) -> list[Text]:
    if not stats.reviews:
        return []
    lines = heading(say(lang, "calibration"), say(lang, "calibration_sum"), width=width)
    said = [each for each in stats.calibration if each.total]
    if not said:
        return [*lines, *wrap(Text(say(lang, "no_confidence"), "dim"), width, first=" ", rest=" ")]
    rows: list[list[Text | str]] = [
        [say(lang, each.confidence), f"{percent(each.right / each.total)}", f"{each.right}/{each.total}",
         Text(bar(each.right, each.total, 20), "green")]
        for each in reversed(said)
    ]  # fmt: skip
    lines += columns(rows, width, right=frozenset((1, 2)))
    wrong = next((each.wrong for each in said if each.confidence == "sure"), ())
    if wrong:
        names = ("、" if lang == "zh" else ", ").join(wrong[:SHOWN]) + (" …" if len(wrong) > SHOWN else "")
        lines += wrap(Text.assemble((say(lang, "sure_wrong"), "red"), names), width, first=" ", rest="   ")
    return lines


def decks(stats: Stats, lang: str, width: int) -> list[Text]:
    if not stats.decks:
        return []
    names = ("due", "recall", "seen", "cards", "kept", "lapses")
    rows: list[list[Text | str]] = [[Text(say(lang, "decks"), "bold"), *(Text(say(lang, n), "dim") for n in names)]]
    for deck in stats.decks:
        figures = [str(deck.due), percent(deck.recall), str(deck.seen), str(deck.cards), percent(deck.retention)]
        rows.append([deck.id, *figures, str(deck.lapses)])
    return columns(rows, width, right=frozenset(range(1, 7)))


def weak(stats: Stats, lang: str, width: int) -> list[Text]:
    if not stats.weak:
        return []
    rows: list[list[Text | str]] = [
        [topic.tag, percent(topic.recall), str(topic.cards), Text(bar(topic.recall, 1, 20), ACCENT)]
        for topic in stats.weak
    ]
    title = heading(say(lang, "weak"), say(lang, "weak_sum"), width=width)
    return [*title, *columns(rows, width, right=frozenset((1, 2)))]


def katas(stats: Stats, lang: str, width: int) -> list[Text]:
    """One mark an attempt, the last ones."""
    if not stats.katas:
        return []
    rows: list[list[Text | str]] = []
    for kata in stats.katas:
        marks = Text()
        for passed in kata.passes[-PASSES:]:
            marks.append("✓" if passed else "✗", "green" if passed else "red")
        status = Text(say(lang, f"status_{kata.status}"), "green" if kata.status == "passed" else "")
        rows.append([kata.id, status, Text(kata.last.isoformat(), "dim"), marks])
    return [*heading(say(lang, "katas"), width=width), *columns(rows, width)]

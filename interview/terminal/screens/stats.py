"""The stats in pictures; each part says what it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from rich.cells import cell_len
from rich.console import Group
from rich.text import Text

from interview.practice.insight.fit import Fit
from interview.practice.insight.history import AHEAD
from interview.practice.insight.stats import Stats
from interview.terminal.screens.words import CONFIDENCE, KATA_STATUS, MONTH, WEEKDAYS, FitWords, StatsWords
from interview.terminal.text.chart import ACCENT, bar, columns, cut, heading, percent, spark, towers
from interview.terminal.text.words import several
from interview.terminal.text.wrap import wrap
from interview.text import LIST

SHOWN = 6  # cards named where more may be meant
PASSES = 16  # the last attempts of a kata that are drawn
SHADES = "·░▒▓█"
STYLES = ("dim", "green", "green", "green", "bold green")
LONGEST, SHORTEST = 27, 12  # weeks


def render(stats: Stats, *, lang: str, width: int) -> Group:
    if not stats.reviews and not stats.katas:
        return Group(*wrap(Text(StatsWords.none.say(lang)), width, first=" ", rest=" "))
    parts: list[Callable[[Stats, str, int], list[Text]]] = [
        head, calendar, forecast, retention, loads, calibration, decks, weak, katas
    ]  # fmt: skip
    lines: list[Text] = []
    for part in parts:
        shown = part(stats, lang, width)
        lines += [*([Text()] if lines and shown else []), *shown]
    return Group(*lines)


def render_fit(fit: Fit, *, default: bool, lang: str, width: int) -> Group:
    """The log loss of what is in use (`default`: of FSRS's own parameters) and of what was found."""
    said = FitWords.fitted.say(lang, reviews=fit.reviews, days=fit.days, held_days=fit.held_days, held=fit.held)
    before = (FitWords.default if default else FitWords.present).say(lang)
    rows: list[list[Text | str]] = [
        [before, f"{fit.before:.4f}"],
        [FitWords.found.say(lang), Text(f"{fit.after:.4f}", "green" if fit.better else "red")],
    ]
    return Group(*wrap(Text(said), width, first=" ", rest=" "), Text(), *columns(rows, width), Text())


def head(stats: Stats, lang: str, width: int) -> list[Text]:
    said = [StatsWords.reviews.say(lang, n=stats.reviews, days=len(stats.days))]
    if stats.streak > 1:
        said.append(StatsWords.streak.say(lang, n=stats.streak))
    if stats.seconds >= 60:
        said.append(StatsWords.minutes.say(lang, n=round(stats.seconds / 60)))
    return wrap(Text(" · ".join([stats.today.isoformat(), *said])), width, first=" ", rest=" ")


def calendar(stats: Stats, lang: str, width: int) -> list[Text]:
    if not stats.days:
        return []
    title = heading(StatsWords.calendar.say(lang), width=width)
    return [*title, *show_calendar(stats.days, stats.today, lang=lang, width=width)]


def forecast(stats: Stats, lang: str, width: int) -> list[Text]:
    """A tower a day, and the dates of every week below."""
    most = max(stats.forecast)
    if not most:
        return []
    step = 2 if width >= 3 + 2 * AHEAD else 1
    day = (stats.today + timedelta(days=stats.forecast.index(most))).strftime("%m-%d")
    coming = sum(stats.forecast)
    said = StatsWords.forecast_sum.say(lang, n=coming, cards=several(coming, "cards"), day=day, most=most)
    lines = heading(StatsWords.forecast.say(lang), said, width=width)
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
        ["", *(Text(StatsWords.days.say(lang, n=each.days), "dim") for each in stats.retention)],
        [StatsWords.true.say(lang), *(Text(percent(each.true), "bold") for each in stats.retention)],
        [StatsWords.predicted.say(lang), *(percent(each.predicted) for each in stats.retention)],
        [Text(StatsWords.of.say(lang), "dim"), *(Text(str(each.reviews), "dim") for each in stats.retention)],
    ]
    lines = heading(StatsWords.retention.say(lang), StatsWords.retention_sum.say(lang), width=width)
    lines += columns(rows, width, right=frozenset((1, 2, 3)))
    if sum(share is not None for share in stats.weeks) > 1:
        # drawn from 50 %: below that there are other worries
        drawn = spark([0 if share is None else max(0.06, 2 * share - 1) for share in stats.weeks], 1.0)
        weeks = Text.assemble((f" {StatsWords.weeks.say(lang)}  ", "dim"), (drawn.replace(" ", "·"), ACCENT))
        lines.append(cut(weeks, width))
    return lines


def loads(stats: Stats, lang: str, width: int) -> list[Text]:
    """What each share recalled would cost, the person's own named."""
    most = max((each.reviews for each in stats.loads), default=0)
    if not most:
        return []
    said = StatsWords
    rows: list[list[Text | str]] = [
        [Text(percent(each.retention), "bold" if each.own else ""), said.a_day.say(lang, n=rounded(each.reviews)),
         said.short_minutes.say(lang, n=max(1, round(each.seconds / 60))),
         Text(said.own.say(lang) if each.own else "", "dim"), Text(bar(each.reviews, most, 20), ACCENT)]
        for each in stats.loads
    ]  # fmt: skip
    lines = heading(said.loads.say(lang), said.loads_sum.say(lang), width=width)
    lines += columns(rows, width, right=frozenset((0, 1, 2)))
    return [*lines, *wrap(Text(said.set_it.say(lang, path="config.toml"), "dim"), width, first=" ", rest=" ")]


def rounded(number: float) -> str:
    return f"{number:.1f}" if number < 10 else f"{number:.0f}"


def calibration(stats: Stats, lang: str, width: int) -> list[Text]:
    if not stats.reviews:
        return []
    lines = heading(StatsWords.calibration.say(lang), StatsWords.calibration_sum.say(lang), width=width)
    said = [each for each in stats.calibration if each.total]
    if not said:
        return [*lines, *wrap(Text(StatsWords.no_confidence.say(lang), "dim"), width, first=" ", rest=" ")]
    rows: list[list[Text | str]] = [
        [CONFIDENCE[each.confidence].say(lang), f"{percent(each.right / each.total)}", f"{each.right}/{each.total}",
         Text(bar(each.right, each.total, 20), "green")]
        for each in reversed(said)
    ]  # fmt: skip
    lines += columns(rows, width, right=frozenset((1, 2)))
    wrong = next((each.wrong for each in said if each.confidence == "sure"), ())
    if wrong:
        names = LIST.say(lang).join(wrong[:SHOWN]) + (" …" if len(wrong) > SHOWN else "")
        lines += wrap(Text.assemble((StatsWords.sure_wrong.say(lang), "red"), names), width, first=" ", rest="   ")
    return lines


def decks(stats: Stats, lang: str, width: int) -> list[Text]:
    if not stats.decks:
        return []
    said = StatsWords
    names = (said.due, said.recall, said.seen, said.cards, said.kept, said.lapses)
    rows: list[list[Text | str]] = [
        [Text(StatsWords.decks.say(lang), "bold"), *(Text(name.say(lang), "dim") for name in names)]
    ]
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
    title = heading(StatsWords.weak.say(lang), StatsWords.weak_sum.say(lang), width=width)
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
        status = Text(KATA_STATUS[kata.status].say(lang), "green" if kata.status == "passed" else "")
        due = StatsWords.kata_due.say(lang, day=kata.due) if kata.due else ""
        rows.append([kata.id, status, Text(kata.last.isoformat(), "dim"), marks, Text(due, "dim")])
    return [*heading(StatsWords.katas.say(lang), width=width), *columns(rows, width)]


def show_calendar(days: Mapping[date, int], today: date, *, lang: str, width: int) -> list[Text]:
    """The weeks since the first answer, half a year at most; shades are quarters of the busiest day."""
    lead = 6
    monday = today - timedelta(days=today.weekday())
    wanted = 1 + (monday - min((day for day in days if day <= today), default=today)).days // 7 + 1
    weeks = min(max(SHORTEST, wanted), LONGEST, (width - lead) // 2)
    first = monday - timedelta(weeks=weeks - 1)
    most = max((count for day, count in days.items() if first <= day <= today), default=0)
    lines = [Text(" " * lead + months(first, weeks, lang), "dim")]
    for weekday, names in enumerate(WEEKDAYS):
        name = names.say(lang)
        line = Text(f" {name}{' ' * (lead - 1 - cell_len(name))}", "dim")
        for week in range(weeks):
            day = first + timedelta(weeks=week, days=weekday)
            if day <= today:
                shade = shade_of(days.get(day, 0), most)
                line.append(SHADES[shade], STYLES[shade]).append(" ")
        line.rstrip()
        lines.append(line)
    return lines


def shade_of(count: int, most: int) -> int:
    return 0 if not count else min(4, 1 + (count - 1) * 4 // most)


def months(first: date, weeks: int, lang: str) -> str:
    """Each month over the week that its first day is in, where it does not touch the one before."""
    line = ""
    for week in range(weeks):
        sunday = first + timedelta(weeks=week, days=6)
        if sunday.day <= 7 or (week == 0 and sunday.day <= 21):
            name = MONTH.say(lang, day=sunday)
            at = 2 * week
            if cell_len(line) <= max(0, at - 1) or not line:
                line += " " * (at - cell_len(line)) + name
    return line

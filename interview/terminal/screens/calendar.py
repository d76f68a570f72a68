"""The calendar: the last months, a square a day, a column a week, Monday first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from rich.cells import cell_len
from rich.text import Text

from interview.terminal.screens.words import MONTH, WEEKDAYS

SHADES = "·░▒▓█"
STYLES = ("dim", "green", "green", "green", "bold green")
LONGEST, SHORTEST = 27, 12  # weeks


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

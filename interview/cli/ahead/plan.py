"""Set or show the interview date, and what fits the days left.

With a date, intervals are drawn in so that each card is seen three times, the last time in the three days before, and
`interview quiz` asks the day's share of all decks within the minutes: must-know cards first, then the least known.
A role weighs the topics by how often a source says they are asked; its table and sources are in roles.toml.
All this is kept in plan.toml in the user's folder (date, minutes, role); the history knows nothing of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date as day
from typing import Annotated

import typer
from rich.text import Text

from interview.cli.completing import complete_role
from interview.cli.everything import everything
from interview.cli.settings import FAR, MOST_MINUTES, Settings, goal_of, save_plan
from interview.cli.world import World
from interview.content.reading.problem import did_you_mean, printable
from interview.content.roles import roles
from interview.drill.plan import MINUTES
from interview.errors import UsageError
from interview.practice.insight.ahead import look_ahead
from interview.report.ahead import NO_ROAD, plan_json
from interview.report.line import as_line
from interview.terminal.screens.ahead.plan import render
from interview.terminal.screens.words import PlanWords
from interview.terminal.text.wrap import wrap
from interview.text import Text as Words


def command(
    ctx: typer.Context,
    date: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The day of the interview.")] = None,
    minutes: Annotated[
        int | None, typer.Option("-m", min=1, max=MOST_MINUTES, help=f"Minutes a day; {MINUTES} if unsaid.")
    ] = None,
    role: Annotated[
        str | None,
        typer.Option(
            help="llm-inference, ml-engineer, research, recsys: it weighs the topics.", autocompletion=complete_role
        ),
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Forget the date, the minutes and the role.")] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    world: World = ctx.obj
    today, before = world.today(), world.settings
    settings = change(before, read_date(date, today), minutes, read_role(role), clear=clear)
    if settings != before:
        save_plan(world.home(), settings)
    goal = goal_of(settings, today)
    if goal is None:
        tell_none(world, settings, as_json=as_json_)
        return
    with everything(world) as all_:
        road = look_ahead(
            all_.store, all_.cards, all_.memories, all_.katas, goal=goal, today=today, rules=settings.rules,
            gone=all_.gone,
        )  # fmt: skip
        if as_json_:
            print(as_line(plan_json(road)))
        else:
            console = world.console()
            console.print(render(road, lang=world.lang, width=console.width))


def tell_none(world: World, settings: Settings, *, as_json: bool) -> None:
    """No date is set, or it has passed."""
    if as_json:
        print(as_line(NO_ROAD))
    else:
        console = world.console()
        words = PlanWords.past if settings.interview else PlanWords.none
        said = [words.say(world.lang, on=settings.interview)]
        said += [PlanWords.role_waits.say(world.lang, role=settings.role)] if settings.role else []
        console.print(*wrap(Text("\n".join(said)), console.width), sep="\n")


NAMED = Words("--date", "--date")


def read_date(text: str | None, today: day, what: Words = NAMED) -> day | None:
    """`what` is what it is called in a complaint."""
    if text is None:
        return None
    named = Words(f"{what.en} {text}", f"{what.zh} {text}")
    try:
        found = day.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{what.en} is a day such as 2026-12-14, not {text!r}",
            f"{what.zh} 是 2026-12-14 这样的日期，不能是 {text!r}",
        ) from None
    if found <= today:
        raise UsageError(f"{named.en} is not ahead: today is {today}", f"{named.zh} 不在将来：今天是 {today}")
    if found - today > FAR:
        raise UsageError(
            f"{named.en} is more than a hundred years ahead: today is {today}",
            f"{named.zh} 是一百年以后：今天是 {today}",
        )
    return found


def read_role(name: str | None) -> str | None:
    """A role that is known; `` for none at all."""
    known = roles()
    if not name or name in known:
        return name
    near = did_you_mean(name, known), did_you_mean(name, known, "zh")
    raise UsageError(
        f"there is no role `{printable(name)}`{near[0] or ': known are ' + ', '.join(known)}",
        f"没有 `{printable(name)}` 这个岗位{near[1] or '；可用的有 ' + '、'.join(known)}",
    )


def change(settings: Settings, date: day | None, minutes: int | None, role: str | None, *, clear: bool) -> Settings:
    if clear:
        if date or minutes or role is not None:
            raise UsageError("--clear goes alone", "--clear 只能单独用")
        return replace(settings, interview=None, minutes=None, role=None)
    if role is not None:
        settings = replace(settings, role=role or None)
    if date:
        settings = replace(settings, interview=date, minutes=settings.minutes or MINUTES)
    return replace(settings, minutes=minutes) if minutes else settings

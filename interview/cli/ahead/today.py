"""What to do now: cards due, katas due, the weakest topic; within the minutes.

The first time, at a terminal, three questions are put: the interview's date, the minutes a day, the role. Enter skips
one, and Ctrl-C leaves everything as it was.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from interview.cli.everything import everything
from interview.cli.settings import Settings, goal_of, limits_of
from interview.cli.world import DAY, World, finite
from interview.practice.insight.ahead import own_cost
from interview.practice.insight.path import look_along
from interview.practice.insight.today import Today, look_at
from interview.terminal.screens.ahead.today import render


def command(
    ctx: typer.Context,
    minutes: Annotated[
        float | None, typer.Option("-m", min=1, max=DAY, callback=finite, help="What fits so many minutes.")
    ] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    world: World = ctx.obj
    day = world.today()
    with everything(world) as all_:
        cost = own_cost(all_.store, all_.cards)

        def look(settings: Settings) -> Today:
            return look_at(
                all_.decks, all_.memories, all_.katas, day, goal=goal_of(settings, day), minutes=minutes,
                limits=limits_of(settings), cost=cost, gone=all_.gone, rules=settings.rules,
            )  # fmt: skip

        today = look(world.settings)
        if as_json_:
            from interview.report.ahead import today_json
            from interview.report.line import as_line

            print(as_line(today_json(today)))
            return
        if world.has_keyboard() and minutes is None and not today.begun and not all_.store.newest():
            from interview.cli.ahead.welcome import is_first_day, welcome

            if is_first_day(world):
                way = partial(look_along, all_.decks, all_.katas, all_.memories, all_.stands, day)
                today = look(welcome(world, way))
        console = world.console()
        console.print(render(today, lang=world.lang, width=console.width))

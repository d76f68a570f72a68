"""What to do now: cards due, katas due, the weakest topic; within the minutes."""

from __future__ import annotations

from typing import Annotated

import typer

from interview.cli.everything import everything
from interview.cli.settings import goal_of, limits_of
from interview.cli.world import DAY, World, finite
from interview.practice.insight.ahead import own_cost
from interview.practice.insight.today import look_at
from interview.terminal.screens.ahead.today import render


def command(
    ctx: typer.Context,
    minutes: Annotated[
        float | None, typer.Option("-m", min=1, max=DAY, callback=finite, help="What fits so many minutes.")
    ] = None,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    world: World = ctx.obj
    day, settings = world.today(), world.settings
    goal = goal_of(settings, day)
    with everything(world) as all_:
        cost, limits = own_cost(all_.store, all_.cards), limits_of(settings)
        today = look_at(
            all_.decks, all_.memories, all_.katas, day, goal=goal, minutes=minutes, limits=limits, cost=cost,
            gone=all_.gone,
            rules=settings.rules,
        )  # fmt: skip
        if as_json_:
            from interview.report.ahead import today_json
            from interview.report.line import as_line

            print(as_line(today_json(today)))
        else:
            console = world.console()
            console.print(render(today, lang=world.lang, width=console.width))

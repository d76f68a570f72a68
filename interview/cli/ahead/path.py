"""What needs what, what is passed, due, unlocked; and how far each topic has come.

A kata is unlocked once the katas that it needs were passed and the decks that it needs are known. A deck is known when
half its must-know cards (of all its cards, where none is) were last rated Good or Easy. Locked forbids nothing: it only
says what would come first.
"""

from __future__ import annotations

from typing import Annotated

import typer

from interview.cli.drill.goal import drawn_in
from interview.cli.everything import everything
from interview.cli.world import World
from interview.practice.insight.path import look_along
from interview.terminal.screens.ahead.path import render


def command(
    ctx: typer.Context,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    world: World = ctx.obj
    today = world.today()
    with everything(world) as all_:
        known = drawn_in(world, all_.cards, all_.memories, today)
        path = look_along(all_.decks, all_.katas, known, all_.stands, today)
        if as_json_:
            from interview.report.ahead import path_json
            from interview.report.line import as_line

            print(as_line(path_json(path)))
        else:
            console = world.console()
            console.print(render(path, lang=world.lang, width=console.width))

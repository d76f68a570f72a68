"""Is the content sound? Decks and katas, ours or yours: every problem as file:line, and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interview.cli.world import World
from interview.proof.lint import lock as write_locks
from interview.proof.lint import read
from interview.proof.scope import scope_of
from interview.terminal.lint import render_end, render_problem


def command(
    ctx: typer.Context,
    path: Annotated[Path | None, typer.Argument(help="A pack, a deck's file or a kata's folder.")] = None,
    runs: Annotated[int, typer.Option(min=1, help="How often accepted answers are judged, with fresh seeds.")] = 3,
    lock: Annotated[bool, typer.Option("--lock", help="Write questions/ids.lock from sound decks.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    world: World = ctx.obj
    scope = scope_of(path, world.roots())
    reading = read(scope)
    if lock:
        write_locks(scope, reading.decks)
        reading = read(scope)
    console = world.console()
    for problem in reading.problems:
        console.print(render_problem(problem), soft_wrap=True)
    cards = sum(len(deck.cards) for deck in reading.decks)
    console.print(render_end(reading.problems, cards=cards, katas=len(scope.katas)))
    raise typer.Exit(1 if reading.problems else 0)

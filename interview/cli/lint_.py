"""Is the content sound? Decks and katas, ours or yours: every problem as file:line, and what to do."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from interview.cli.trust import agree
from interview.cli.world import World, shipped
from interview.content.catalog import clashes
from interview.content.problem import Problem
from interview.grading.grader import Grader
from interview.printable import printable_json
from interview.proof.claims import brings_code, prove_claims
from interview.proof.lint import lock as write_locks
from interview.proof.lint import read
from interview.proof.prove import Row, prove_katas
from interview.proof.scope import scope_of
from interview.terminal.lint import as_json, render_end, render_problem, render_table
from interview.terminal.progress import Bar


def command(
    ctx: typer.Context,
    path: Annotated[Path | None, typer.Argument(help="A pack, a deck's file or a kata's folder.")] = None,
    runs: Annotated[int, typer.Option(min=1, help="How often accepted answers are judged, with fresh seeds.")] = 3,
    lock: Annotated[bool, typer.Option("--lock", help="Write questions/ids.lock from sound decks.")] = False,
    trust: Annotated[bool, typer.Option("--trust", help="Run the code of a pack without asking.")] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    world: World = ctx.obj
    scope = scope_of(path, world.roots())
    reading = read(scope)
    code = [deck.path for deck in reading.decks if brings_code(deck)]
    agree(world, [*code, *scope.katas], given=trust, ours=shipped())
    if lock:
        write_locks(scope, reading.decks)
        reading = read(scope)
    with Bar(world.console(err=True), "cards") as bar:
        claimed = prove_claims(reading.decks, reading.lines, bar)
    with Bar(world.console(err=True), "katas") as bar:
        rows, judged = prove_katas(reading.katas, reading.kata_lines, Grader, bar, runs=runs, jobs=os.cpu_count() or 1)
    clashing = clashes(world.roots()) if path is None else ()
    problems = sorted({*reading.problems, *clashing, *claimed, *judged})
    cards = sum(len(deck.cards) for deck in reading.decks)
    if as_json_:
        print(printable_json(as_json(problems, rows, cards=cards)))
    else:
        report(world.console(), problems, rows, cards=cards, katas=len(scope.katas))
    raise typer.Exit(1 if problems else 0)


def report(console: Console, problems: Sequence[Problem], rows: Sequence[Row], *, cards: int, katas: int) -> None:
    for problem in problems:
        console.print(render_problem(problem), soft_wrap=True)
    if rows:
        console.print(render_table(rows))
    console.print(render_end(problems, cards=cards, katas=katas))

"""Is the content sound? Decks and katas, ours or yours: every problem as file:line, and what to do.

A pack brings code: its proofs and hidden suites run only if you agree, at the question or with --trust. Exit code 1
when there are problems, else 2 when something was not proved for want of your word.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from interview.cli.trust import consent
from interview.cli.world import World, is_our_suite, is_ours
from interview.content.catalog import clashes
from interview.content.deck import Deck
from interview.content.kata import Kata
from interview.content.problem import Problem
from interview.errors import UsageError
from interview.grading.grader import Grader
from interview.printable import printable_json
from interview.proof.claims import deck_source, prove_claims
from interview.proof.lint import Reading, read
from interview.proof.lint import lock as write_locks
from interview.proof.prove import Row, prove_katas
from interview.proof.scope import scope_of
from interview.proof.trust import kata_source
from interview.terminal.lint import as_json, render_end, render_problem, render_table
from interview.terminal.progress import Bar

MOST_RUNS = 1_000


def command(
    ctx: typer.Context,
    path: Annotated[Path | None, typer.Argument(help="A pack, a deck's file or a kata's folder.")] = None,
    runs: Annotated[
        int, typer.Option(min=1, max=MOST_RUNS, help="How often accepted answers are judged, with fresh seeds.")
    ] = 3,
    mutants: Annotated[
        bool, typer.Option("--mutants", help="Try every change of a single node of each reference as well.")
    ] = False,
    lock: Annotated[bool, typer.Option("--lock", help="Write questions/ids.lock from sound decks.")] = False,
    trust: Annotated[bool, typer.Option("--trust", help="Run the code of a pack without asking.")] = False,
    as_json_: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    world: World = ctx.obj
    scope = scope_of(path, world.roots())
    reading = read(scope)
    if lock:
        write_locks(scope, reading.decks)
        reading = read(scope)
    decks, katas, unproved = agreed(world, reading, given=trust)
    with Bar(world.console(err=True), "卡片" if world.lang == "zh" else "cards") as bar:
        claimed = prove_claims(decks, reading.lines, bar)
    with Bar(world.console(err=True), "手写题" if world.lang == "zh" else "katas") as bar:
        rows, judged = prove_katas(katas, reading.kata_lines, Grader, bar, runs=runs, jobs=os.cpu_count() or 1,
                                   mechanical=mutants)  # fmt: skip
    clashing = clashes(world.roots()) if path is None else ()
    problems = sorted({*reading.problems, *clashing, *claimed, *judged})
    cards = sum(len(deck.cards) for deck in reading.decks)
    if as_json_:
        print(printable_json(as_json(problems, rows, unproved, cards=cards)))
    else:
        report(world, problems, rows, cards=cards, katas=len(scope.katas), proved=not unproved)
    for reason in dict.fromkeys(unproved.values()):
        print(
            f"interview: {'没有验证：' if world.lang == 'zh' else 'not proved: '}{reason.say(world.lang)}",
            file=sys.stderr,
        )
    raise typer.Exit(1 if problems else 2 if unproved else 0)


def agreed(world: World, reading: Reading, *, given: bool) -> tuple[list[Deck], list[Kata], dict[Path, UsageError]]:
    """The decks and katas whose code may run, and by its path why each other may not."""
    decks = [(deck, None if is_ours(deck.path) else deck_source(deck)) for deck in reading.decks]
    katas = [(kata, None if is_our_suite(kata.folder) else kata_source(kata.folder)) for kata in reading.katas]
    asked = [source for _, source in (*decks, *katas) if source]
    refused = {} if given else consent(world, asked)
    return (
        [deck for deck, source in decks if source not in refused],
        [replace(kata, agreed=source.files if source else None) for kata, source in katas if source not in refused],
        {source.path: reason for source, reason in refused.items()},
    )


def report(
    world: World, problems: Sequence[Problem], rows: Sequence[Row], *, cards: int, katas: int, proved: bool
) -> None:
    console, lang = world.console(), world.lang
    for problem in problems:
        console.print(render_problem(problem, lang), soft_wrap=True)
    if rows:
        console.print(render_table(rows, lang))
    console.print(render_end(problems, lang, cards=cards, katas=katas, proved=proved))

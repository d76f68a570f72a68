"""Hand out a task, or grade your answer with --check.

`interview kata NAME` writes ./NAME.py with the task and an empty function, and never writes over a file that is
there. Fill it in, then `interview kata NAME --check` grades it with a hidden test suite. No NAME: the kata that is
due, else the next.

`--solution` shows your file beside one of our answers once that is earned: by a pass, or by three different tries and
ten minutes. `--attempts` lists your own; `--again` keeps your file among them and hands out a blank one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interview.cli.completing import complete_check, complete_kata, complete_style
from interview.cli.katas.flags import HAND_OUT, deed_of
from interview.cli.katas.task import Tools, agree_to, give, locate, offer
from interview.cli.world import World, whole_path
from interview.errors import UsageError
from interview.practice.kata.workspace import default_file


def command(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(help="The kata.", autocompletion=complete_kata)] = None,
    number: Annotated[int | None, typer.Argument(metavar="[N]", help="With --hint or --attempts: which one.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Grade your file.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="With --check: again at every save.")] = False,
    file: Annotated[Path | None, typer.Option("--file", help="Your file, if it is not ./NAME.py.")] = None,
    hint: Annotated[bool, typer.Option("--hint", help="The hints shown so far and the next one.")] = False,
    solution: Annotated[
        bool, typer.Option("--solution", help="Your file beside the nearest of our answers, once it is earned.")
    ] = False,
    style: Annotated[
        str | None,
        typer.Option("--style", help="With --solution: another of our answers.", autocompletion=complete_style),
    ] = None,
    give_up: Annotated[
        bool, typer.Option("--give-up", help="The solution now; the kata comes back in two days.")
    ] = False,
    attempts: Annotated[bool, typer.Option("--attempts", help="Your attempts; with N, one of them.")] = False,
    diff: Annotated[
        tuple[str, str] | None, typer.Option("--diff", metavar="A B", help="Compare two attempts; `file` is yours now.")
    ] = None,
    restore: Annotated[
        int | None, typer.Option("--restore", metavar="N", min=1, help="Write an attempt into a new file.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Keep your file as an attempt, and begin with a blank one.")
    ] = False,
    seed: Annotated[str | None, typer.Option("--seed", help="Repeat a run exactly: the seed it printed.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every failed check in full.")] = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="Judge only this check; repeatable. No attempt.", autocompletion=complete_check),
    ] = None,
    calls: Annotated[bool, typer.Option("-v", help="List the calls of the checks that failed.")] = False,
    plain: Annotated[bool, typer.Option("--plain", help="For an editor: FILE:LINE:COLUMN: error.")] = False,
    repl: Annotated[bool, typer.Option("--repl", help="Python at the call that failed, line by line.")] = False,
    no_debrief: Annotated[bool, typer.Option("--no-debrief", help="Ask none of its cards after a pass.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
    open_: Annotated[bool, typer.Option("--open", help="Open your file in VISUAL or EDITOR, at the line.")] = False,
    editor: Annotated[
        str | None, typer.Option("--editor", help="vscode: write its tasks file; vim, nvim: show its line.")
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="en or zh.")] = None,
    trust: Annotated[bool, typer.Option("--trust", help="Run a foreign pack's hidden suite without asking.")] = False,
) -> int:
    world: World = ctx.obj.speaking(lang)
    if name is None:
        if deed_of(ctx) != HAND_OUT:
            raise UsageError(
                "say which kata: `interview list` shows all", "请指明哪一道手写题；`interview list` 列出全部"
            )
        return offer(world, file, Tools(open_, editor))
    folder = locate(world, name)
    path = whole_path(file or default_file(name))
    match deed_of(ctx):
        case "--check" if watch:
            from interview.cli.katas.watch import watch_file

            agreed = agree_to(world, folder, given=trust)
            return watch_file(world, folder, path, agreed, only=tuple(only or ()), plain=plain, debrief=not no_debrief)
        case "--check":
            from interview.cli.katas.check import Look, grade_file

            agreed = agree_to(world, folder, given=trust)
            look = Look(everything, as_json, plain, calls, open_, debrief=not no_debrief)
            return grade_file(world, folder, path, agreed, seed=seed, only=tuple(only or ()), look=look)
        case "--repl":
            from interview.cli.katas.repl import open_repl

            agreed = agree_to(world, folder, given=trust)
            return open_repl(world, folder, path, agreed, seed=seed, only=tuple(only or ()))
        case "--hint":
            from interview.cli.katas.task import show_hint

            return show_hint(world, folder, number)
        case "--solution" | "--give-up":
            from interview.cli.katas.solution import show_solution

            return show_solution(world, folder, path, style=style, give_up=give_up, as_json=as_json)
        case "--attempts":
            from interview.cli.katas.attempts import show_attempts

            return show_attempts(world, folder, number, as_json=as_json)
        case "--diff":
            from interview.cli.katas.attempts import show_difference

            return show_difference(world, folder, path, diff or ("", ""), as_json=as_json)
        case "--restore":
            from interview.cli.katas.attempts import restore_one

            return restore_one(world, folder, file, restore or 0, as_json=as_json)
        case "--again":
            from interview.cli.katas.attempts import begin_anew

            return begin_anew(world, folder, path, as_json=as_json)
        case _:
            return give(world, folder, path, Tools(open_, editor))

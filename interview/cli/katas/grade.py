"""Judge many submissions of one kata: files, and all .py files below folders (--pattern takes others).

Passed over are hidden files and folders, __pycache__ and virtual environments. A link is followed only within the
folder that was named; a file that cannot be judged does not end the batch.

Standard output gets one line a submission as it is done (one JSON object with --json); the person's history is not
touched. Exit code 0 when every file was judged, whatever the verdicts.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated

import typer

from interview.cli.completing import complete_kata
from interview.cli.katas.task import agree_to, check_seed, locate
from interview.cli.world import World
from interview.errors import JudgeError
from interview.grading.sandbox import lockdown
from interview.grading.verdict import Status, Verdict
from interview.practice.kata.batch import Task, close_stations, grade_many, load_once
from interview.practice.kata.finding import PATTERN, find_submissions
from interview.report.line import as_line
from interview.report.verdict import verdict_json
from interview.terminal.screens.grade import aside, line, table
from interview.terminal.tui.progress import Bar

MOST_JOBS = 1_000
FEW = 3  # submissions for which it is not worth starting another judge


def command(
    ctx: typer.Context,
    kata: Annotated[str, typer.Argument(help="The kata.", autocompletion=complete_kata)],
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, or folders of them.")],
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, max=MOST_JOBS, help="How many at once; up to one per core.")
    ] = None,
    trust: Annotated[
        bool, typer.Option("--trust-submissions", help="Go on where this machine lacks layers of the sandbox.")
    ] = False,
    pattern: Annotated[
        str, typer.Option(metavar="GLOB", help="Which files of a folder: '*.py', 'hw1/*.py', 'answer.*'.")
    ] = PATTERN,
    seed: Annotated[str | None, typer.Option(help="The same seed for every submission, to repeat a run.")] = None,
    trust_kata: Annotated[bool, typer.Option("--trust", help="Run a foreign pack's suite without asking.")] = False,
    to_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> int:
    world: World = ctx.obj
    check_seed(seed)
    folder = locate(world, kata)
    agreed = agree_to(world, folder, given=trust_kata)
    found = find_submissions(paths, pattern)
    refuse_open_doors(trust)
    load_once(folder)  # a kata that cannot be read is told before anything is judged
    tasks = [Task(folder, file, seed, world.roots(), within, agreed) for file, within in found.files]
    verdicts = []
    most = os.cpu_count() or 1
    pool = ThreadPoolExecutor(min(jobs or min(most, -(-len(tasks) // FEW)), len(tasks)))
    try:
        with Bar(world.console(err=True), kata) as bar:
            for verdict in grade_many(tasks, pool):
                verdicts.append(verdict)
                bar.clear()
                typer.echo(said(verdict, world.lang, to_json=to_json))  # flushes: each line is there when it is done
                bar(len(verdicts), len(tasks))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        close_stations()
    console = world.console(err=True)
    if not to_json:
        console.print(table(verdicts, world.lang))
    if found.passed_over:
        console.print(aside(found.passed_over, world.lang), soft_wrap=True)
    return exit_code(verdicts)


def said(verdict: Verdict, lang: str, *, to_json: bool) -> str:
    return as_line(verdict_json(verdict, lang=lang, attempt=None)) if to_json else line(verdict, lang)


def refuse_open_doors(trust: bool) -> None:
    """A stranger's files are not run where the kernel's layers are missing, unless they are trusted."""
    missing = lockdown.unsupported()
    if missing and not trust:
        raise JudgeError(
            f"this machine lacks {' and '.join(missing)} of the sandbox, so a hostile submission could do harm;"
            " if you trust them all, add --trust-submissions",
            f"这台机器缺少沙箱的 {'、'.join(missing)}，恶意的提交可能造成破坏；"
            "如果这些文件你都信任，请加 --trust-submissions",
        )


def exit_code(verdicts: list[Verdict]) -> int:
    return 4 if any(each.status is Status.BROKEN for each in verdicts) else 0

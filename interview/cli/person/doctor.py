"""Is this machine sound? Which layers of the sandbox hold here, the folders, the history file, torch.

Ends 1 when something needs you. --fix puts what can be read of a damaged history, and what its newest backup has
beyond that, into a new file; the damaged one is kept. A history that is in use, read-only or newer is left alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interview.cli.world import World
from interview.errors import InterviewError
from interview.grading.client import Grader
from interview.grading.messages.events import Probed
from interview.proof.doctor import Report, examine, unreadable
from interview.proof.mending import Mended, look_at, mend
from interview.report.doctor import doctor_json
from interview.report.line import as_line
from interview.text import Text


def command(
    ctx: typer.Context,
    fix: Annotated[bool, typer.Option("--fix", help="Mend a damaged history, with its newest backup.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> int:
    world: World = ctx.obj
    history = world.home() / "history.db"
    mended = mend(history, world.now()) if fix and look_at(history).mendable else None
    roots, needs = content(world)
    report = examine(world.home(), roots, lambda: probe(roots), [*needs, *settings_amiss(world)])
    if as_json:
        print(as_line(doctor_json(report, world.lang, mended)))
    else:
        show(world, report, mended)
    return 1 if report.needs else 0


def content(world: World) -> tuple[tuple[Path, ...], list[Text]]:
    """The roots; where the home may not be entered those that are named, and why there are no others."""
    try:
        return world.roots(), []
    except OSError as error:
        return world.named_roots(), [unreadable(world.own_pack(), error)]


def settings_amiss(world: World) -> list[Text]:
    """Why the commands that go by the person's settings would end at once, if they would."""
    from interview.cli.settings import load_settings

    try:
        load_settings(world.home())
    except InterviewError as error:
        return [error.text]
    return []


def probe(roots: tuple[Path, ...]) -> Probed:
    with Grader(roots) as grader:
        return grader.probe()


def show(world: World, report: Report, mended: Mended | None) -> None:
    from interview.terminal.screens.doctor import mended_line, render

    console = world.console()
    for line in render(report, lang=world.lang, width=console.width):
        console.print(line, soft_wrap=True)
    if mended is not None:
        console.print(mended_line(mended, world.lang), soft_wrap=True)

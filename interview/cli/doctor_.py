"""Is this machine sound? Which layers of the sandbox hold here, the folders, the history file, torch.

Ends 1 when something needs you. --fix puts the newest sound backup in the place of a history that cannot be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from interview.cli.world import World
from interview.grading.grader import Grader
from interview.printable import printable_json
from interview.proof.doctor import Report, examine, mend


def command(
    ctx: typer.Context,
    fix: Annotated[bool, typer.Option("--fix", help="Restore a damaged history from its newest backup.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> int:
    world: World = ctx.obj
    report = examine(world.home(), world.roots(), lambda: probe(world.roots()))
    restored = None
    if fix and report.events is None:
        restored, _ = mend(report.history)
        report = examine(world.home(), world.roots(), lambda: probe(world.roots()))
    if as_json:
        print(printable_json(to_json(report, world.lang, restored)))
    else:
        show(world, report, restored)
    return 1 if report.needs else 0


def probe(roots: tuple[Path, ...]) -> Mapping[str, Any]:
    with Grader(roots) as grader:
        return grader.probe()


def show(world: World, report: Report, restored: Path | None) -> None:
    from interview.terminal.doctor import render

    console = world.console()
    for line in render(report, lang=world.lang, width=console.width):
        console.print(line, soft_wrap=True)
    if restored is not None:
        said = "已从备份恢复：{}" if world.lang == "zh" else "Restored from {}; the damaged file lies beside it."
        console.print(said.format(restored.name))


def to_json(report: Report, lang: str, restored: Path | None) -> dict[str, Any]:
    return {
        "schema": 1,
        "layers": dict(report.layers),
        "torch": report.torch,
        "python": report.python,
        "system": report.system,
        "home": str(report.home),
        "history": {
            "path": str(report.history),
            "events": report.events,
            "backups": [str(each) for each in report.backups],
        },
        "roots": [str(each) for each in report.roots],
        "notes": [each.say(lang) for each in report.notes],
        "needs": [each.say(lang) for each in report.needs],
        "restored": str(restored) if restored else None,
    }

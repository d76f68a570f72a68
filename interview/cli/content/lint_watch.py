"""The lint watch, `lint --watch KATA`: the kata is proved at every save, and one amid a proof begins it anew.

Plain lines, below those of the proof before: what was wrong stays in sight, and an editor's terminal can follow them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from interview.cli.katas.note import why_not
from interview.cli.output import complain
from interview.cli.world import World
from interview.content.katas.library import folders
from interview.errors import ContentError, UsageError
from interview.grading.agreed import files_of
from interview.practice.kata.watch import QUIET, Stamp, stamp_of
from interview.proof.findings import Findings
from interview.proof.scope import Scope
from interview.text import Text

TICK = 0.1  # seconds between two looks at the folder
WAITING = Text("proved again at each save; Ctrl-C ends", "每次保存都会重新验证；按 Ctrl-C 结束")
Stamps = dict[str, Stamp | None]


class Saved(Exception):
    """The kata has changed while it was proved."""


class Watched:
    """The folders that a proof of the kata reads, as they were when the last one began."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seen: Stamps = {}

    def settle(self) -> None:
        """Until they have stood still for a moment; a proof begins now."""
        while (seen := stamps(self.folder)) != self.seen:
            self.seen = seen
            time.sleep(QUIET)

    def wait(self) -> None:
        while stamps(self.folder) == self.seen:
            time.sleep(TICK)

    def heed(self) -> None:
        """Asked in the middle of a proof: Saved, if it is not worth its end."""
        if stamps(self.folder) != self.seen:
            raise Saved


def watch_kata(
    world: World,
    scope: Scope,
    prove: Callable[[Callable[[], None]], Findings],
    report: Callable[[World, Findings], None],
) -> NoReturn:
    """Until Ctrl-C. `prove` makes one proof and calls what it is given every now and then; `report` prints it."""
    if len(scope.katas) != 1 or scope.decks or scope.references:
        raise UsageError(
            "--watch proves one kata: give its folder, `interview lint --watch katas/NAME`",
            "--watch 只验证一道手写题：请给出它的文件夹，`interview lint --watch katas/NAME`",
        )
    (folder,) = scope.katas
    console, watched, first = world.console(), Watched(folder), True
    while True:
        watched.settle()
        console.print(f"── {world.now():%H:%M:%S} {folder.name}", style="dim")
        sys.stdout.flush()
        try:
            found = prove(watched.heed)
        except Saved:
            continue
        except Exception as error:  # what cannot be read or judged now can be mended, and is proved then
            complain(why_not(error, world.lang))
        else:
            for refusal in found.unproved.values():
                if first:
                    raise refusal
                complain(refusal.say(world.lang))
            report(world, found)
        first = False
        console.print(WAITING.say(world.lang), style="dim")
        sys.stdout.flush()
        watched.wait()


def stamps(folder: Path) -> Stamps:
    """Each file of the kata, and of the kata that lends its suite; nothing of what cannot be looked into."""
    try:
        return {name: stamp_of(Path(name)) for each in folders(folder) for name in files_of(each)}
    except (ContentError, OSError):
        return {}

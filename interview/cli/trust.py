"""Asking, once, before a pack's own code runs."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from interview.cli.world import World
from interview.content.problem import short
from interview.errors import UsageError
from interview.proof.trust import Pack, is_trusted, packs_of, trust


def agree(world: World, sources: Iterable[Path], *, given: bool, ours: Path) -> None:
    """Return if the code of `sources` (decks, katas' folders) may run; raise UsageError if not. `given`: by a flag."""
    for pack in packs_of(sources, ours=ours):
        if not given and not is_trusted(pack, world.home()):
            ask(pack)
            trust(pack, world.home())


def ask(pack: Pack) -> None:
    what = ", ".join(each.name for each in pack.sources)
    sentence = f"{short(pack.path)} brings code that runs with your rights ({what})"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(f"{sentence}: read it, then say --trust")
    print(f"{sentence}.\nHave you read it, and may it run? It is asked again when a file changes. [y/N] ",
          end="", file=sys.stderr, flush=True)  # fmt: skip
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise UsageError(f"{short(pack.path)} was not run")

"""The question of trust, put once before a pack's own code runs."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from interview.cli.world import World
from interview.content.reading.problem import short
from interview.errors import UsageError
from interview.printable import printable_line
from interview.text import Text

if TYPE_CHECKING:
    from interview.proof.trust import Source

SHOWN = 40  # files of a pack that a question lists


class TrustWords:
    brings = Text("{name} brings code that runs with your rights:", "{name} 自带代码，会以你的权限运行：")
    again = Text(": what you agreed to before is asked again", "：以前同意过的也会再问")
    more = Text("and {n} more", "另有 {n} 个")
    question = Text(
        "Have you read it, and may it run? It is asked again when a file changes. [y/N]",
        "读过这些代码了吗？可以运行吗？文件有改动时会再问一次。[y/N]",
    )


def agree_to_suite(world: World, folder: Path, *, given: bool) -> Mapping[str, str]:
    """The files of a kata that is not ours, as the person agreed to run them. `given`: by a flag.

    UsageError if they may not run.
    """
    from interview.proof.trust import kata_source

    source = kata_source(folder)
    if not given:
        for refusal in consent(world, [source]).values():
            raise refusal
    return source.files


def consent(world: World, sources: Iterable[Source]) -> dict[Source, UsageError]:
    """Ask for what was not agreed to before, once a pack; those that may not run, each with the reason."""
    from interview.proof.trust import remember, remembered

    known = remembered(world.home())
    packs: dict[Path, list[Source]] = {}
    for source in dict.fromkeys(sources):
        if source.digest not in known.digests:
            packs.setdefault(source.pack, []).append(source)
    if packs and known.trouble:
        aside(known.trouble.say(world.lang) + TrustWords.again.say(world.lang))
    refused: dict[Source, UsageError] = {}
    for pack, brought in packs.items():
        refusal = ask(world, pack, brought)
        if refusal:
            refused |= dict.fromkeys(brought, refusal)
        elif trouble := remember(brought, world.home()):
            aside(trouble.say(world.lang))
    return refused


def ask(world: World, pack: Path, brought: list[Source]) -> UsageError | None:
    """None if the person agrees, else why it is not run."""
    name = printable_line(short(pack))
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        what = [printable_line(each.path.name) for each in brought]
        return UsageError(
            f"{name} brings code that runs with your rights ({', '.join(what)}): read it, then say --trust",
            f"{name} 自带代码，会以你的权限运行（{'、'.join(what)}）：先读过，再加上 --trust",
        )
    parts = [part for each in brought for part in each.parts]
    aside(TrustWords.brings.say(world.lang, name=name))
    for part in parts[:SHOWN]:
        aside(f"  {printable_line(part)}")
    if len(parts) > SHOWN:
        aside(f"  {TrustWords.more.say(world.lang, n=len(parts) - SHOWN)}")
    print(TrustWords.question.say(world.lang), end=" ", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() in ("y", "yes"):
        return None
    return UsageError(f"{name} was not run", f"没有运行 {name} 的代码")


def aside(line: str) -> None:
    print(line, file=sys.stderr)

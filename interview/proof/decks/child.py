"""The process that runs snippets: it imports what they share, computes nothing itself, and forks one child for each.

A line in is a Snippet, a line out is its Outcome, or a Fault of ours.
A snippet runs with a worker's rights and no more (grading.sandbox), whoever wrote it: it computes and prints.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import random
import select
import sys
import time
import traceback
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from interview.grading.kernel import limits
from interview.grading.kernel.ending import kill, reap_strays
from interview.grading.sandbox import lockdown
from interview.grading.sandbox.ground import lay
from interview.proof.decks.snippets import Fault, Outcome, Ready, Snippet, decode, encode
from interview.text import Text

MOST_OUTPUT = 1 << 16
MEMORY = 2 << 30  # above what the idle process maps


def main() -> None:
    requests, answers = sys.stdin, os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    laying = lay(())
    ready = Ready()
    for name in sys.argv[1:]:  # once, for all the forks
        try:
            importlib.import_module(name)
        except ImportError as error:
            if name == "torch":
                ready = Ready(lacking=str(error))
    ground = replace(laying.ground(), namespaces=())  # they would be one for all
    print(encode(ready), file=answers, end="", flush=True)
    for line in requests:
        snippet = decode(line)
        assert isinstance(snippet, Snippet)
        print(encode(run(snippet, ground)), file=answers, end="", flush=True)


def run(snippet: Snippet, ground: lockdown.Ground) -> Outcome | Fault:
    """Fork, read what it prints until it ends or its time is over, and say how it ended."""
    printed, told = os.pipe(), os.pipe()
    parent, child = os.getpid(), os.fork()
    if child == 0:
        perform(snippet, ground, printed[1], told[1], parent)
    os.close(printed[1])
    os.close(told[1])
    texts, in_time = drain((printed[0], told[0]), until=time.monotonic() + snippet.seconds)
    kill(child)
    os.waitpid(child, 0)
    reap_strays()
    if in_time is None:  # whoever asked has gone
        sys.exit()
    text = texts[0].decode("utf-8", "replace")
    if not in_time:
        limit = snippet.seconds
        return Outcome(text, Text(f"it did not end within {limit:g} s", f"{limit:g} 秒内没有结束"), stopped=True)
    if len(texts[0]) >= MOST_OUTPUT:
        most = MOST_OUTPUT >> 10
        return Outcome(text, Text(f"it printed more than {most} KiB", f"打印超过 {most} KiB"), stopped=True)
    with contextlib.suppress(ValueError):
        match decode(texts[1]):
            case Outcome() as outcome:
                return replace(outcome, printed=text)
            case Fault() as fault:
                return fault
            case Snippet() | Ready():  # its own word, in our place
                pass
    return Outcome(text, Text("its process ended on the way", "进程中途结束了"), stopped=True)


def drain(pipes: tuple[int, int], *, until: float) -> tuple[tuple[bytes, bytes], bool | None]:
    """What came out of each pipe, and whether the second one, which ends with the run, was closed in time.

    None instead if standard input ends first: nothing else can come from there now.
    """
    texts = {pipe: bytearray() for pipe in pipes}
    open_ = set(pipes)
    in_time: bool | None = True
    while open_ and len(texts[pipes[0]]) < MOST_OUTPUT:
        ready, _, _ = select.select([0, *open_], [], [], max(0.0, until - time.monotonic()))
        if not ready or 0 in ready:
            in_time = None if ready else False
            break
        for pipe in ready:
            chunk = os.read(pipe, MOST_OUTPUT)
            texts[pipe] += chunk
            if not chunk:
                open_.discard(pipe)
    for pipe in pipes:
        os.close(pipe)
    return (bytes(texts[pipes[0]]), bytes(texts[pipes[1]])), in_time


def perform(snippet: Snippet, ground: lockdown.Ground, printed: int, told: int, parent: int) -> None:
    """In the fork; never returns."""
    ending: Outcome | Fault = Outcome("", Text("it raised what cannot be told", "抛出的异常无法表述"))
    baseline, nothing = limits.mapped(), os.open(os.devnull, os.O_WRONLY)
    try:
        seed(snippet.seed, snippet.shift)
        lockdown.apply(ground, output=printed, keep=(told, nothing), parent=parent)
        os.dup2(nothing, 2)  # what it is warned of is not what it prints
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        lockdown.limit(baseline=baseline, memory_mib=MEMORY >> 20, seconds=snippet.seconds)
        ending = execute(snippet.code, snippet.names)
    except lockdown.LockdownFailed as error:
        ending = Fault(error.unlocked.said)
    finally:
        os.write(told, encode(ending).encode())
        os._exit(0)


def seed(number: int, shift: int) -> None:
    """Fix the dice. With a `shift` the snippet's own seeds are moved too: what it draws changes, its logic does not."""
    random.seed(number)
    if "torch" in sys.modules:
        seed_torch(number, shift)
    if shift:
        seed_python = random.seed
        random.seed = lambda a=None, version=2: seed_python(a + shift if isinstance(a, int) else a, version)


def seed_torch(number: int, shift: int) -> None:
    import torch

    torch.manual_seed(number)
    if not shift:
        return
    seeded = torch.manual_seed

    class Generator(torch.Generator):
        def manual_seed(self, seed: int) -> Any:
            return super().manual_seed(seed + shift)

    def manual_seed(seed: int) -> Any:
        return seeded(seed + shift)

    torch.manual_seed = torch.random.manual_seed = manual_seed
    torch.Generator = Generator  # type: ignore[misc]


def execute(code: str, names: Mapping[str, float]) -> Outcome:
    """What is printed is read elsewhere."""
    try:
        exec(compile(code, "<snippet>", "exec"), {"__name__": "__main__", **names})  # noqa: S102  (what lint is for)
    except SystemExit as error:
        code = repr(error.code)
        return Outcome("", Text(f"it exits with {code}", f"以 {code} 退出") if error.code else None)
    except BaseException as error:
        lines = [each.lineno for each in traceback.extract_tb(error.__traceback__) if each.filename == "<snippet>"]
        said = (str(error).strip().splitlines() or [""])[0][:200]
        raised = f"{type(error).__name__}{': ' if said else ''}{said}"
        return Outcome("", Text(raised, raised), lines[-1] if lines else None)
    return Outcome("", None)


if __name__ == "__main__":
    main()

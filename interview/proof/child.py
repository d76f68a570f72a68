"""The process that runs snippets: it imports torch, computes nothing itself, and forks one child for each.

Started as a plain script (`python -I child.py`), with the standard library and torch only. A line of JSON in is a
snippet, a line of JSON out is its Outcome. The snippets are of our own content or of a pack that the person trusts:
the limits here are against accidents, not against attacks.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import random
import resource
import select
import signal
import sys
import time
import traceback
from typing import Any

MOST_OUTPUT = 1 << 16
MEMORY = 4 << 30  # above what the idle process maps


def main() -> None:
    requests, answers = sys.stdin, os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    try:
        import torch  # noqa: F401  (imported once, for all the forks)

        for name in sys.argv[1:]:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
        hello: dict[str, Any] = {"ready": True}
    except ImportError as error:
        hello = {"ready": False, "error": str(error)}
    print(json.dumps(hello), file=answers, flush=True)
    for line in requests:
        print(json.dumps(run(json.loads(line))), file=answers, flush=True)


def run(snippet: dict[str, Any]) -> dict[str, Any]:
    """Fork, read what it prints until it ends or its time is over, and say how it ended."""
    printed, told = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        os.close(printed[0])
        os.close(told[0])
        perform(snippet, printed[1], told[1])
    os.close(printed[1])
    os.close(told[1])
    texts, in_time = drain((printed[0], told[0]), until=time.monotonic() + snippet["seconds"])
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    outcome: dict[str, Any] = {"printed": texts[0].decode("utf-8", "replace"), "error": None, "line": None}
    if not in_time:
        return outcome | {"error": f"it did not end within {snippet['seconds']:g} s"}
    if len(texts[0]) >= MOST_OUTPUT:
        return outcome | {"error": f"it printed more than {MOST_OUTPUT >> 10} KiB"}
    with contextlib.suppress(ValueError):
        outcome["error"] = "its process ended on the way"
        outcome.update(json.loads(texts[1]))
    return outcome


def drain(pipes: tuple[int, int], *, until: float) -> tuple[tuple[bytes, bytes], bool]:
    """What came out of each pipe, and whether the second one, which ends with the run, was closed in time."""
    texts = {pipe: bytearray() for pipe in pipes}
    open_ = set(pipes)
    while open_ and len(texts[pipes[0]]) < MOST_OUTPUT:
        ready, _, _ = select.select(list(open_), [], [], max(0.0, until - time.monotonic()))
        if not ready:
            break
        for pipe in ready:
            chunk = os.read(pipe, MOST_OUTPUT)
            texts[pipe] += chunk
            if not chunk:
                open_.discard(pipe)
    in_time = not open_ or len(texts[pipes[0]]) >= MOST_OUTPUT
    for pipe in pipes:
        os.close(pipe)
    return (bytes(texts[pipes[0]]), bytes(texts[pipes[1]])), in_time


def perform(snippet: dict[str, Any], printed: int, told: int) -> None:
    """In the fork; never returns."""
    ending: dict[str, Any] = {"error": "it raised what cannot be told"}
    try:
        os.setsid()
        os.dup2(printed, 1)
        sys.stdin, sys.stdout = open(os.devnull), open(1, "w", encoding="utf-8", closefd=False)  # noqa: PTH123, SIM115
        limit(snippet["seconds"])
        seed(snippet["seed"], snippet["shift"])
        ending = execute(snippet["code"], snippet["names"])
        sys.stdout.flush()
    finally:
        os.write(told, json.dumps(ending).encode())
        os._exit(0)


def limit(seconds: float) -> None:
    with open("/proc/self/statm") as file:  # noqa: PTH123
        mapped = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (mapped + MEMORY, mapped + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 2, int(seconds) + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (16 << 20, 16 << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def seed(number: int, shift: int) -> None:
    """Fix the dice. With a `shift` the snippet's own seeds are moved too: what it draws changes, its logic does not."""
    import torch

    random.seed(number)
    torch.manual_seed(number)
    if not shift:
        return
    seed_torch, seed_python = torch.manual_seed, random.seed

    class Generator(torch.Generator):
        def manual_seed(self, seed: int) -> Any:
            return super().manual_seed(seed + shift)

    def manual_seed(seed: int) -> Any:
        return seed_torch(seed + shift)

    torch.manual_seed = torch.random.manual_seed = manual_seed
    torch.Generator = Generator  # type: ignore[misc]
    random.seed = lambda a=None, version=2: seed_python(a + shift if isinstance(a, int) else a, version)


def execute(code: str, names: dict[str, float]) -> dict[str, Any]:
    try:
        exec(compile(code, "<snippet>", "exec"), {"__name__": "__main__", **names})  # noqa: S102  (what lint is for)
    except SystemExit as error:
        return {"error": None if not error.code else f"it exits with {error.code!r}"}
    except BaseException as error:
        lines = [each.lineno for each in traceback.extract_tb(error.__traceback__) if each.filename == "<snippet>"]
        said = (str(error).strip().splitlines() or [""])[0][:200]
        return {"error": f"{type(error).__name__}{': ' if said else ''}{said}", "line": lines[-1] if lines else None}
    return {"error": None}


if __name__ == "__main__":
    main()

"""Snippets run in parallel, each in a fresh process; this one never imports torch."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from interview.errors import JudgeError

CHILD = Path(__file__).with_name("child.py")
# What torch imports at a first use, in 0.8 s: once for all the forks, where a snippet has the word.
LATE = {"optim": "torch._dynamo", "checkpoint": "torch._dynamo"}
KEPT = ("PATH", "HOME", "LD_LIBRARY_PATH", "LANG", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Snippet:
    """`names` are predefined. With a `shift` the snippet's own seeds are moved by it."""

    code: str
    names: Mapping[str, float] = field(default_factory=dict)
    seed: int = 1
    shift: int = 0
    seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """`error` is None after a clean end, and a sentence otherwise; `line` is the snippet's."""

    printed: str
    error: str | None
    line: int | None


def run_all(snippets: Sequence[Snippet], tell: Callable[[], None], *, jobs: int | None = None) -> list[Outcome]:
    """One outcome a snippet, in their order. `tell` is called in this thread after each."""
    waiting: queue.SimpleQueue[tuple[int, Snippet]] = queue.SimpleQueue()
    for pair in enumerate(snippets):
        waiting.put(pair)
    done: queue.SimpleQueue[tuple[int, Outcome] | Exception] = queue.SimpleQueue()
    shared = {module for snippet in snippets for word, module in LATE.items() if word in snippet.code}
    children = [start(shared) for _ in range(min(jobs or os.cpu_count() or 1, 4, len(snippets)))]
    threads = [threading.Thread(target=serve, args=(each, waiting, done), daemon=True) for each in children]
    outcomes: dict[int, Outcome] = {}
    try:
        for thread in threads:
            thread.start()
        while len(outcomes) < len(snippets):
            match done.get():
                case Exception() as error:
                    raise error
                case number, outcome:
                    outcomes[number] = outcome
                    tell()
    finally:
        for child in children:
            stop(child)
        for thread in threads:
            thread.join(timeout=5)
    return [outcomes[number] for number in range(len(snippets))]


def start(shared: Iterable[str]) -> subprocess.Popen[str]:
    env = {name: os.environ[name] for name in KEPT if name in os.environ}
    return subprocess.Popen(  # noqa: S603  (ourselves)
        [sys.executable, "-I", str(CHILD), *shared],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=env | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        cwd="/",
        encoding="utf-8",
        start_new_session=True,  # Ctrl-C is ours to hear
    )


def stop(child: subprocess.Popen[str]) -> None:
    child.kill()
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe:
            pipe.close()


def serve(
    child: subprocess.Popen[str],
    waiting: queue.SimpleQueue[tuple[int, Snippet]],
    done: queue.SimpleQueue[tuple[int, Outcome] | Exception],
) -> None:
    """Feed one child until nothing waits."""
    assert child.stdin
    assert child.stdout
    try:
        hello = json.loads(child.stdout.readline() or '{"ready": false, "error": "its process ended"}')
        if not hello["ready"]:
            done.put(JudgeError(f"torch cannot be imported ({hello['error']}): install it (`pip install torch`)"))
        while hello["ready"]:
            number, snippet = waiting.get_nowait()
            child.stdin.write(json.dumps(asdict(snippet)) + "\n")
            child.stdin.flush()
            done.put((number, Outcome(**json.loads(child.stdout.readline()))))
    except queue.Empty:
        return
    except (OSError, ValueError):  # the child is gone: ended by us, or by the machine
        done.put(JudgeError("the process that runs the snippets ended; is there enough memory? Try again"))

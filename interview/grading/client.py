"""The client: the command line's side of judging, without torch. It starts a zygote, sends submissions, returns
verdicts.
"""

from __future__ import annotations

import contextlib
import os
import queue
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from interview.content.katas.kata import Kata, standing_on
from interview.errors import JudgeError, in_chinese
from interview.grading.deadlines import CLIENT, CLIENT_SPAWNING, CLOSING, of_call
from interview.grading.kernel.forking import started
from interview.grading.messages.codec import decode, encode
from interview.grading.messages.events import End, Event, Probed
from interview.grading.messages.requests import (
    Bounds,
    Cancel,
    Judge,
    Probe,
    Rehearse,
    Request,
    Submitted,
    Suite,
    Warm,
)
from interview.grading.mistakes import known_mistakes
from interview.grading.stub import parameters
from interview.grading.verdict import WHOLE, Extent, Status, Verdict, conclude

PACKAGE_PARENT = Path(__file__).resolve().parent.parent.parent
START = """
import sys, gc
gc.disable()
sys.path.append(sys.argv.pop(1))
from pathlib import Path
from interview.grading.sandbox.ground import lay
laying = lay(tuple(map(Path, sys.argv[1:])))
import warnings
warnings.filterwarnings("ignore", message="Failed to initialize NumPy")
from interview.grading.processes.linking import link_ahead
link_ahead()
import torch
from interview.grading.processes.zygote import main
gc.freeze()
gc.enable()
main(laying)
"""
SPAWNED = """
import sys
sys.path.append(sys.argv.pop(1))
from interview.grading.processes.spawned import main
main()
"""
FORKS = sys.platform == "linux"  # elsewhere a process with threads and frameworks in it cannot be forked safely
PASSED_ON = ("LD_LIBRARY_PATH", "PATH", "LANG", "LC_ALL")


class ZygoteLost(Exception):
    """The zygote died or fell silent: our fault, or an attack that got out. Try another."""


class Grader:
    """A running zygote. Use as a context manager; every process of it is gone afterwards.

    Raises JudgeError where the machine has no process or thread left for it.
    """

    def __init__(self, barred: tuple[Path, ...] = (), *, forks: bool = FORKS) -> None:
        environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        environment |= {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        command = [sys.executable, "-I", "-c", START if forks else SPAWNED, str(PACKAGE_PARENT), *map(str, barred)]
        self.errors: Any = open_log()
        try:
            self.process = started(lambda: subprocess.Popen(  # noqa: S603
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, env=environment,
                start_new_session=True, cwd=PACKAGE_PARENT,  # ours may be gone by now, and torch does not load in none
            ))  # fmt: skip
        except OSError as error:
            self.errors.close()
            at = f" ({error.filename})" if error.filename else ""
            raise JudgeError(
                f"the judge cannot be started: {error.strerror or error}{at}",
                f"判题进程无法启动：{in_chinese(error)}{at}",
            ) from None
        self.forks = forks
        self.limit = CLIENT if forks else CLIENT_SPAWNING
        self.told: tuple[Kata, str] | None = None  # the kata at hand, and its mistakes as they are sent
        self.lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self.pumping = threading.Thread(target=self.pump, daemon=True)
        try:
            started(self.pumping.start)
        except RuntimeError as error:
            self.kill()
            self.process.communicate()
            self.errors.close()
            raise JudgeError(f"the judge cannot be started: {error}", f"判题进程无法启动：{error}") from None

    def __enter__(self) -> Grader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def warm(self, kata: Kata) -> None:
        """Let the zygote collect the kata's suite before the first submission is there."""
        self.send(Warm(suite_of(kata)))

    def grade(
        self, kata: Kata, source: str, *, file: Path, seed: str | None = None, one_failure: bool = False,
        extent: Extent = WHOLE,
    ) -> Verdict:  # fmt: skip
        """One submission's verdict. Raises ZygoteLost when the zygote does not survive it.

        With `one_failure` nothing is reached after the first check that fails, no mistake is looked for, and a call
        that hangs is given up sooner: for the many of which no more is asked.
        """
        seed = seed or str(secrets.randbits(63))
        submitted = replace(
            self.submitted(kata, source, file, seed, one_failure),
            judged=standing_on(kata.checks, extent.asked), calls=extent.calls,
            enough=extent.enough,
        )  # fmt: skip
        return self.judged(Judge(submitted), kata, file, extent)

    def rehearse(self, kata: Kata, source: str, *, file: Path, seed: str) -> Verdict | None:
        """`grade` with `one_failure` at a fraction of its price, for a source that is as trusted as the suite: it runs
        in the judge, and so a pass there is not yet one. None where it comes to no verdict."""
        if not self.forks:
            return None
        verdict = self.judged(Rehearse(self.submitted(kata, source, file, seed, one_failure=True)), kata, file)
        return None if verdict.status is Status.BROKEN else verdict

    def judged(self, request: Judge | Rehearse, kata: Kata, file: Path, extent: Extent = WHOLE) -> Verdict:
        submitted, start = request.submitted, time.monotonic()
        self.send(request)
        events = list(self.events(start + self.limit.of(kata.limits.seconds)))
        seconds = time.monotonic() - start
        return conclude(
            kata, events, source=submitted.source, file=file, seed=submitted.seed, seconds=seconds, asked=extent.asked
        )

    def submitted(self, kata: Kata, source: str, file: Path, seed: str, one_failure: bool) -> Submitted:
        seconds = kata.limits.seconds
        bounds = Bounds(seconds, of_call(seconds, one_failure=one_failure), kata.limits.memory_mib)
        return Submitted(
            suite_of(kata), source, file.name, seed,
            checks=tuple(each.id for each in kata.checks), provides=tuple(kata.provides),
            forbidden=tuple(kata.forbidden),
            parameters=tuple((name, tuple(given)) for name, given in parameters(kata.stub).items()),
            bounds=bounds, one_failure=one_failure, mistakes="" if one_failure else self.mistakes(kata),
        )  # fmt: skip

    def mistakes(self, kata: Kata) -> str:
        """For the diagnosis of what fails; read once."""
        if self.told is None or self.told[0] is not kata:
            known = known_mistakes(kata)
            self.told = kata, encode(known).decode() if known else ""
        return self.told[1]

    def cancel(self) -> None:
        """End the submission that another thread is waiting for: its verdict comes at once, and means nothing.

        Where processes are spawned the run goes on to its end.
        """
        self.send(Cancel())

    def probe(self) -> Probed:
        self.send(Probe())
        probed = decode(self.line(time.monotonic() + self.limit.of()))
        assert isinstance(probed, Probed)
        return probed

    def send(self, request: Request) -> None:
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(encode(request))
            self.process.stdin.flush()
        except OSError:
            raise ZygoteLost(self.last_words()) from None

    def events(self, deadline: float) -> Iterator[Event | End]:
        """The events of one submission, its `End` the last."""
        while True:
            event = decode(self.line(deadline))
            assert isinstance(event, Event | End)
            yield event
            if isinstance(event, End):
                return

    def pump(self) -> None:
        """Every line that the zygote writes, and an empty one when it has ended. A thread, for pipes cannot be waited
        for everywhere."""
        assert self.process.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            for line in self.process.stdout:
                self.lines.put(line)
        self.lines.put(b"")

    def line(self, deadline: float) -> bytes:
        try:
            line = self.lines.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            line = b""
        if not line.endswith(b"\n"):
            raise ZygoteLost(self.last_words())
        return line

    def last_words(self) -> str:
        """What the zygote wrote to standard error, for the report of a fault of ours."""
        with contextlib.suppress(OSError, ValueError):
            self.errors.seek(0)
            return str(self.errors.read(4000).decode("utf-8", "replace")).strip()
        return ""

    def dismiss(self) -> None:
        """Let the zygote end, and all it forked, while there is something else to do before `close`."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError):
            self.process.stdin.close()

    def close(self) -> None:
        """Closing its input ends the zygote and all it forked; killing is for one that does not hear."""
        assert self.process.stdout is not None
        self.dismiss()
        # Until its output has ended: to wait for the process itself is to look at a clock.
        self.pumping.join(timeout=CLOSING.of())
        try:
            self.process.wait(timeout=CLOSING.of())
        except subprocess.TimeoutExpired:
            self.kill()
            self.process.wait()
        self.pumping.join(timeout=CLOSING.of())
        if not self.pumping.is_alive():  # else it holds the pipe's lock, and closing would wait for it
            self.process.stdout.close()
        self.errors.close()

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, 9)
        self.process.kill()


def suite_of(kata: Kata) -> Suite:
    real = Path(os.path.realpath(kata.hidden.parent)) / kata.hidden.name
    return Suite(str(real), None if kata.agreed is None else tuple(kata.agreed.items()))


def open_log() -> Any:
    """A file without a name: in memory where that is possible, for a full disk is no reason for no verdict."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("errors"), "w+b", buffering=0)
    import tempfile

    return tempfile.TemporaryFile()

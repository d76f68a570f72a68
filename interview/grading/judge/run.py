"""One submission before a hidden suite, in the trusted process. The verdict is what is seen here."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
import torch

from interview.grading import limits
from interview.grading.agreed import NotAgreed
from interview.grading.checks.expect import Finding, Flawed, Mistake, Unmet, Unseen, Wrong
from interview.grading.judge.diagnosis import Failed, diagnosed
from interview.grading.judge.events import UNSEEN, found, lived, say
from interview.grading.solution.deadline import Patience
from interview.grading.solution.errors import ForbiddenCall, SubmissionError, SuiteLate, WorkerGone, WorkerLate
from interview.grading.solution.line import Line, Tape, Wire
from interview.grading.solution.remote import Solution
from interview.grading.wire import frames
from interview.grading.wire.values import Handle
from interview.printable import printable

MEMORY = 4 << 30  # bytes that answers may make a judge take; then it raises MemoryError, and the machine lives
LAST_SECONDS = 2.0  # beyond all patience, for an answer that keeps the judge itself busy


class Run:
    """One submission before one suite."""

    def __init__(self, line: Line, request: dict[str, Any], patience: Patience) -> None:
        self.request = request
        self.patience = patience
        self.line = line
        self.shared: dict[str, Handle] = {}  # modules of the suite's own in the worker, by their source
        self.solution = self.meet(int(request["seed"]), self.line)
        self.process = os.getpid()
        self.failed: list[tuple[Failed, bool]] = []  # whether the suite has named the mistake itself
        self.stopped = False
        self.gone = False
        self.late = False
        self.last = 3 * request["seconds"] + LAST_SECONDS  # seconds until the judge gives up, whoever is late

    @classmethod
    def over(cls, sock: socket.socket, request: dict[str, Any]) -> Run:
        """The run of a submission that a worker holds."""
        patience = Patience(request["pid"], request["seconds"])
        return cls(Wire(sock, seconds=request["call_seconds"], patience=patience), request, patience)

    def meet(self, seed: int, line: Line) -> Solution:
        return Solution(line, seed=seed, names=self.request["parameters"], shared=self.shared)

    def begin(self) -> bool:
        """The worker's word on its layers, spoken before it knows the submission; then the submission is loaded."""
        assert isinstance(self.line, Wire)
        hello, _ = frames.receive(self.line.sock, deadline=time.monotonic() + 30)
        if "failed" in hello:
            say({"event": "unlocked", "text": printable(str(hello["failed"]), 2000)})
            return False
        say({"event": "layers", "held": hello["held"], "missing": hello["missing"]})
        load = {"source": self.request["source"], "file": self.request["file"], "forbid": self.request["forbidden"],
                "memory_mib": self.request["memory_mib"], "seconds": self.request["seconds"]}  # fmt: skip
        try:
            names = self.solution._request("import", op="load", **load)["value"]
        except frames.WireError as error:
            say({"event": "crashed", "text": str(error), "line": None, "type": "WireError"})
            return False
        except SubmissionError as error:
            say({"event": "crashed", "text": str(error), "line": error.line, "type": error.type})
            return False
        except WorkerLate:
            say({"event": "late", "text": "import", **self.limit()})
            return False
        except WorkerGone:
            self.gone = True
            say({"event": "gone", "text": "import"})
            return False
        told = {each for each in names if isinstance(each, str)} if isinstance(names, list) else set()
        lacking = [each for each in self.request["provides"] if each not in told]
        if lacking:
            say({"event": "crashed", "type": "lacks", "text": ", ".join(lacking), "line": None})
        return not lacking

    def checks(self, items: list[Any]) -> None:
        for index, item in enumerate(items):
            if self.stopped:
                return
            name = item.name.removeprefix("test_")
            seed = check_seed(self.request["seed"], name)
            forbidden = self.solution.forbidden
            tape = Tape(self.line)
            self.solution = self.meet(seed, tape)
            self.solution.forbidden = forbidden
            torch.default_generator.manual_seed(seed)
            following = items[index + 1] if index + 1 < len(items) else None
            plain = is_plain(item)
            event = self.tell(name, called(item, self.solution) if plain else phases(item, following))
            if plain and event.get("outcome") == "failed" and event["event"] == "check":
                self.failed.append((Failed(name, item.obj, seed, tape), bool({"mistake", "ready_made"} & event.keys())))
            if event["outcome"] == "failed" and self.request["one_failure"]:
                say({"event": "enough"})
                return
        if not self.stopped:
            self.diagnose()

    def diagnose(self) -> None:
        """Look for the mistake behind the first check that failed, where its suite has not named it."""
        if self.failed and not self.failed[0][1] and self.request.get("known"):
            failed = [each for each, _ in self.failed]
            found = diagnosed(self.request["known"], self.request["parameters"], failed)
            for check, mistakes in found["told"]:
                say({"event": "diagnosed", "id": check, "mistakes": mistakes})
            if found["alike"]:
                say({"event": "alike", "mistakes": found["alike"]})

    def tell(self, name: str, seen: dict[str, BaseException | None]) -> dict[str, Any]:
        """One check's outcome. It has passed only if setup, call and teardown each came back without an exception."""
        if os.getpid() != self.process:  # a fork of the suite's own: one judge is enough
            os._exit(0)
        error = next((each for each in seen.values() if each is not None), None)
        event: dict[str, Any] = {"event": "check", "id": name, "call": self.solution.call, "outcome": "failed"}
        match error:
            case None if list(seen) == ["setup", "call", "teardown"]:
                event |= lived(self.solution.places)
            case SuiteLate():
                self.stopped = True
                event |= {"event": "late", "text": str(error), "suite_line": error.line, "seconds": self.last}
            case WorkerLate() | WorkerGone():
                self.stopped = True
                self.gone = isinstance(error, WorkerGone)
                event["event"] = "gone" if self.gone else "late"
                event |= {"text": str(error)} | ({} if self.gone else self.limit())
            case NotAgreed():
                event |= {"event": "broken", "suite": error.said}
            case Flawed():
                at = f"{self.request['hidden']}:{error.line}: "
                event |= {"event": "broken", "suite": [at + error.en, at + error.zh]}
            case Unseen():
                event |= UNSEEN
            case Unmet():
                event |= {"outcome": "unmet", "en": error.en, "zh": error.zh} | found(error)
            case Mistake():
                event |= {"mistake": error.id} | found(error)
            case Wrong():
                event |= {"en": error.en, "zh": error.zh} | found(error)
            case Finding():
                event |= found(error)
            case ForbiddenCall():
                event |= {"ready_made": error.text, "line": error.line}
            case SubmissionError():
                event |= {"raised": str(error), "type": error.type, "line": error.line}
            case AssertionError():
                event |= {"en": str(error), "zh": str(error)}
            case None:
                event |= {"event": "broken", "text": f"{name}: pytest did not run it"}
            case _ if seen.get("setup") is not None:
                event |= {"event": "broken", "text": f"{name}: {type(error).__name__}: {error}"}
            case _:
                # A suite that stumbles over what came back: no right answer makes it (lint proves that).
                event |= {"stumbled": printable(f"{type(error).__name__}: {error}", 300)}
        if event["outcome"] == "failed":
            event["printed"] = self.solution.printed
        say(event)
        return event

    def limit(self) -> dict[str, Any]:
        """Which limit has been passed, the run's or that of a call; the worker is still at the line it was at."""
        self.late = True
        whole = time.monotonic() >= self.patience.end
        return {"whole": whole, "seconds": self.request["seconds" if whole else "call_seconds"]}


def is_plain(item: Any) -> bool:
    """Is it a function of `solution` alone, without marks or parameters? Then pytest has nothing to set up for it."""
    return item.fixturenames == ["solution"] and next(item.iter_markers(), None) is None


def called(item: Any, solution: Solution) -> dict[str, BaseException | None]:
    """What `phases` would see of a plain item, at a fifth of its cost."""
    error: BaseException | None = None
    try:
        returned = item.obj(solution)
        if returned is not None:  # of a coroutine or a generator not a line has run
            error = TypeError("a check returned something")
    except BaseException as raised:
        error = let_go(raised)
    return {"setup": None, "call": error, "teardown": None}


def let_go(error: BaseException) -> BaseException:
    """An exception without its frames: they hold what came back, in a circle, and nobody collects here."""
    error.__traceback__ = error.__context__ = None
    return error


def phases(item: pytest.Item, following: pytest.Item | None) -> dict[str, BaseException | None]:
    """Run one item through pytest's own setup, call and teardown: what each raised, None for nothing.

    Not through its whole protocol, whose reports nobody reads here: they take as long as a check.
    """
    seen: dict[str, BaseException | None] = {}
    hook = item.ihook
    runs: dict[str, Callable[[], object]] = {
        "setup": lambda: hook.pytest_runtest_setup(item=item),
        "call": lambda: hook.pytest_runtest_call(item=item),
        "teardown": lambda: hook.pytest_runtest_teardown(item=item, nextitem=following),
    }
    for phase, run in runs.items():
        if phase == "call" and seen["setup"] is not None:
            continue
        try:
            run()
            seen[phase] = None
        except BaseException as error:  # `skip` and `exit` of pytest are no Exceptions, and no pass
            seen[phase] = let_go(error)
    return seen


def bound(seconds: float, suite: str) -> None:
    """An answer may be long to decode or to compare, and a suite may not end. The judge gives up as for a late answer,
    or by MemoryError."""
    import resource

    def late(_: int, frame: FrameType | None) -> None:
        line = line_in(frame, suite)
        raise WorkerLate if line is None else SuiteLate(line)

    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    limits.lower(resource.RLIMIT_AS, limits.mapped() + MEMORY)


def line_in(frame: FrameType | None, suite: str) -> int | None:
    """The line of the suite that this frame is at or was called from; None within what serves the submission."""
    while frame is not None and frame.f_code.co_filename != suite:
        if frame.f_globals.get("__name__", "").startswith("interview.grading."):
            return None
        frame = frame.f_back
    return frame.f_lineno if frame is not None else None


def check_seed(run_seed: str, check: str) -> int:
    """SHA-256(run seed : check), as 63 bits."""
    return int.from_bytes(hashlib.sha256(f"{run_seed}:{check}".encode()).digest()[:8]) >> 1

"""The run: one submission before a hidden suite, in the trusted process. The verdict is what is seen here."""

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

from interview.grading.agreed import NotAgreed
from interview.grading.checks.expect import Finding, Flawed, Mistake, Unmet, Unseen, Wrong
from interview.grading.deadlines import HELLO, JUDGE
from interview.grading.judge.diagnosis import Failed, diagnosed
from interview.grading.judge.events import UNSEEN, lived, measured, say
from interview.grading.kernel import limits
from interview.grading.messages.codec import greeted_with
from interview.grading.messages.events import (
    Alike,
    At,
    Broken,
    CheckDone,
    Enough,
    Gone,
    Lacks,
    Late,
    Layers,
    NotLoaded,
    Stop,
    SuiteBroken,
    SuiteLate,
)
from interview.grading.messages.findings import (
    Failure,
    PremiseFailed,
    Raised,
    ReadyMade,
    Recognised,
    Refuted,
    Unusable,
)
from interview.grading.messages.findings import Finding as Found
from interview.grading.messages.requests import Submitted
from interview.grading.solution.deadline import Deadline
from interview.grading.solution.diary import Diary
from interview.grading.solution.errors import ForbiddenCall, SubmissionError, SuiteAtWork, WorkerGone, WorkerLate
from interview.grading.solution.line import Line, Tape, Wire
from interview.grading.solution.remote import Solution
from interview.grading.wire import frames
from interview.grading.wire.answers import Returned
from interview.grading.wire.requests import Load
from interview.grading.wire.values import Handle
from interview.printable import printable
from interview.text import Text

MEMORY = 4 << 30  # bytes that answers may make a judge take; then it raises MemoryError, and the machine lives


class Run:
    """One submission before one suite."""

    def __init__(self, line: Line, submitted: Submitted, deadline: Deadline) -> None:
        self.submitted = submitted
        self.deadline = deadline
        self.line = line
        self.names = {name: list(parameters) for name, parameters in submitted.parameters}
        self.shared: dict[str, Handle] = {}  # modules of the suite's own in the worker, by their source
        self.solution = self.meet(int(submitted.seed), self.line)
        self.process = os.getpid()
        self.failed: list[tuple[Failed, bool]] = []  # whether the suite has named the mistake itself
        self.asked_early = False  # for the mistake, before all checks were made
        self.stopped = False
        self.gone = False
        self.late = False
        self.last = JUDGE.of(submitted.bounds.seconds)  # seconds until the judge gives up, whoever is late

    @classmethod
    def over(cls, sock: socket.socket, submitted: Submitted, pid: int) -> Run:
        """The run of a submission that a worker holds."""
        deadline = Deadline(pid, submitted.bounds.seconds)
        return cls(Wire(sock, seconds=submitted.bounds.call_seconds, deadline=deadline), submitted, deadline)

    def meet(self, seed: int, line: Line) -> Solution:
        return Solution(line, seed=seed, names=self.names, shared=self.shared)

    def greet(self) -> bool:
        """The worker's word on its layers, spoken before it knows the submission."""
        assert isinstance(self.line, Wire)
        hello, _ = frames.receive(self.line.sock, deadline=time.monotonic() + HELLO.of())
        greeted = greeted_with(hello)
        say(greeted)
        return isinstance(greeted, Layers)

    def bound(self) -> None:
        bound(self.last, self.submitted.suite.hidden)

    def load(self) -> bool:
        ours = self.submitted
        load = Load(ours.source, ours.file, list(ours.forbidden), ours.bounds.memory_mib, ours.bounds.seconds)
        try:
            names = self.solution._request("import", load, Returned).value
        except frames.WireError as error:
            say(NotLoaded("WireError", str(error), None))
            return False
        except SubmissionError as error:
            say(NotLoaded(error.type, str(error), error.line))
            return False
        except WorkerLate:
            say(self.too_late(At("import")))
            return False
        except WorkerGone as error:
            self.gone = True
            say(Gone(At("import"), str(error) or "import"))
            return False
        told = {each for each in names if isinstance(each, str)} if isinstance(names, list) else set()
        lacking = tuple(each for each in ours.provides if each not in told)
        if lacking:
            say(Lacks(lacking))
        return not lacking

    def checks(self, items: list[Any]) -> None:
        for index, item in enumerate(items):
            if self.stopped:
                return
            name = item.name.removeprefix("test_")
            seed = check_seed(self.submitted.seed, name)
            forbidden = self.solution.forbidden
            tape = Tape(self.line)
            self.solution = self.meet(seed, tape)
            self.solution.diary = Diary() if self.submitted.calls else None
            self.solution.forbidden = forbidden
            torch.default_generator.manual_seed(seed)
            following = items[index + 1] if index + 1 < len(items) else None
            plain = is_plain(item)
            found = self.tell(name, called(item, self.solution) if plain else phases(item, following))
            if plain and isinstance(found, Failure):
                named = isinstance(found, Recognised | ReadyMade)
                self.failed.append((Failed(name, item.obj, seed, tape), named))
            if (self.submitted.one_failure and isinstance(found, Failure | Stop)) or self.is_settled():
                say(Enough())
                return
        if not self.stopped:
            self.diagnose()

    def is_settled(self) -> bool:
        """Have all checks failed of which it is `enough`, and is the mistake told that would be told in the end?

        It is where the suite itself has named it at the first check that failed, and where one known mistake alone
        gives that check's answers and they are no crash: what fails later has no say in that (see Diagnosis).
        """
        enough = set(self.submitted.enough)
        if not enough or self.asked_early or not enough <= {each.check for each, _ in self.failed}:
            return False
        first, named = self.failed[0]
        if named or first.crash():
            return named
        self.asked_early = True
        left, _ = signal.setitimer(signal.ITIMER_REAL, 0)
        found = diagnosed(self.submitted.mistakes, self.names, [first]).explained
        if len(found) == 1 and found[0].check == first.check and len(found[0].mistakes) == 1:
            say(found[0])
            return True
        signal.setitimer(signal.ITIMER_REAL, left)
        return False

    def diagnose(self) -> None:
        """Look for the mistake behind the first check that failed, where its suite has not named it."""
        if self.failed and not self.failed[0][1] and self.submitted.mistakes:
            signal.setitimer(signal.ITIMER_REAL, 0)  # it has a limit of its own, and what was seen stays seen
            found = diagnosed(self.submitted.mistakes, self.names, [each for each, _ in self.failed])
            for each in found.explained:
                say(each)
            if found.alike:
                say(Alike(found.alike))

    def tell(self, name: str, seen: dict[str, BaseException | None]) -> Found | Stop:
        """One check's outcome. It has passed only if setup, call and teardown each came back without an exception."""
        if os.getpid() != self.process:  # a fork of the suite's own: one judge is enough
            os._exit(0)
        found = self.outcome(name, seen)
        if isinstance(found, Stop):
            say(found)
        else:
            solution = self.solution
            printed = solution.printed if isinstance(found, Failure) else ""
            calls, left_out = solution.diary.told() if solution.diary else ((), 0)
            say(CheckDone(name, solution.call, found, printed, solution.made, calls, left_out))
        return found

    def outcome(self, name: str, seen: dict[str, BaseException | None]) -> Found | Stop:
        error = next((each for each in seen.values() if each is not None), None)
        at = At(self.solution.call, name, self.solution.made)
        match error:
            case None if list(seen) == ["setup", "call", "teardown"]:
                return lived(self.solution.places)
            case None:
                return Broken(Text(f"{name}: pytest did not run it", f"{name}：pytest 没有运行它"), at)
            case WorkerLate() | WorkerGone():
                return self.halt(error, at)
            case NotAgreed():
                return SuiteBroken(error.said, at)
            case Flawed():
                place = f"{self.submitted.suite.hidden}:{error.line}: "
                return SuiteBroken(Text(place + error.en, place + error.zh), at)
            case Unseen():
                return UNSEEN
            case Unmet():
                return PremiseFailed(Text(error.en, error.zh), measured(error))
            case Mistake():
                return Recognised(error.id, measured(error))
            case Wrong():
                return Refuted(Text(error.en, error.zh), measured(error))
            case Finding():
                return Refuted(Text("", ""), measured(error))
            case ForbiddenCall():
                return ReadyMade(error.text, error.line)
            case SubmissionError():
                return Raised(str(error), error.type, error.line)
            case AssertionError():
                return Refuted(Text(str(error), str(error)))
            case _ if seen.get("setup") is not None:
                why = f"{name}: {type(error).__name__}: {error}"
                return Broken(Text(why, why), at)
            case _:
                # A suite that stumbles over what came back: no right answer makes it (lint proves that).
                return Unusable(printable(f"{type(error).__name__}: {error}", 300))

    def halt(self, error: WorkerLate | WorkerGone, at: At) -> Stop:
        """Nothing more is asked of this submission."""
        self.stopped = True
        match error:
            case SuiteAtWork():
                return SuiteLate(at, self.last, error.line)
            case WorkerLate():
                return self.too_late(at)
            case WorkerGone():
                self.gone = True
                return Gone(at, str(error))

    def too_late(self, at: At) -> Late:
        """Which limit has been passed, the run's or that of a call; the worker is still at the line it was at."""
        self.late = True
        whole, bounds = time.monotonic() >= self.deadline.end, self.submitted.bounds
        return Late(at, bounds.seconds if whole else bounds.call_seconds, whole)


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
        raise WorkerLate if line is None else SuiteAtWork(line)

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

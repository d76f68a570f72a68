"""The trusted process: pytest with the hidden suite. The verdict is what our own plugin saw.

A bench is one pytest session per kata that collects the suite once and then waits; each submission is judged by a
child forked from it. So the suite is in memory before the submission is, a second verdict pays for no collection,
and whatever a judge does to itself dies with it.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from interview.grading import lockdown, wire
from interview.grading.codec import printable
from interview.grading.faults import ForbiddenCall, SubmissionError, WorkerGone, WorkerLate
from interview.grading.patience import Patience
from interview.grading.placement import share_processor
from interview.grading.proxy import Solution
from interview.grading.suite import Bar, Finding, Mask, Mistake, Unseen, Words, Wrong

OPTIONS = [
    "-c", os.devnull, "--noconftest", "--import-mode=importlib", "--assert=plain", "-p", "no:cacheprovider",
    "-p", "no:terminal", "-p", "no:junitxml", "-p", "no:doctest", "-p", "no:unittest", "-p", "no:faulthandler",
    "-p", "no:logging", "-p", "no:capture", "-p", "no:pastebin", "-p", "no:stepwise", "-p", "no:debugging",
    "-p", "no:setuponly", "-p", "no:setupplan", "-p", "no:recwarn", "-p", "no:threadexception",
    "-p", "no:unraisableexception", "-p", "no:warnings", "-p", "no:legacypath", "-p", "no:monkeypatch",
    "-p", "no:tmpdir",
]  # fmt: skip


GONE = 10  # exit code of a judge whose worker ended by itself
TEXT_LIMIT = 4000  # characters of any text in an event
MEMORY = 4 << 30  # bytes that answers may make a judge take; then it raises MemoryError, and the machine lives
LAST_SECONDS = 2.0  # beyond all patience, for an answer that keeps the judge itself busy


def say(event: dict[str, Any]) -> None:
    """One event, one line, to the grader. Whatever text a submission got into it is made printable here."""
    os.write(1, json.dumps(plain(event)).encode() + b"\n")


def plain(value: Any) -> Any:
    match value:
        case str():
            return printable(value, TEXT_LIMIT)
        case dict():
            return {str(key): plain(each) for key, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
        case None | bool() | int() | float():
            return value
        case _:
            return printable(str(value), TEXT_LIMIT)


class Bench:
    """A pytest plugin that holds a collected suite and judges on request.

    Requests arrive on `control` as one JSON line with two descriptors: the worker's socket and the events' pipe.
    """

    def __init__(self, control: socket.socket) -> None:
        self.control = control
        self.errors: list[str] = []
        self.run: Run | None = None

    @pytest.fixture
    def solution(self) -> Solution:
        assert self.run is not None
        return self.run.solution

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.errors.append(str(report.longrepr)[-2000:])

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        names = [item.name.removeprefix("test_") for item in session.items]
        places = [item.location for item in session.items]  # found once and kept by each item, not in each judge
        reply(self.control, {"collected": names[: len(places)], "errors": self.errors})
        for request, sock in requests(self.control):
            reading, writing = os.pipe()
            pid = os.fork()
            if not pid:
                code = 1
                try:
                    os.close(reading)
                    code = self.judge(session, request, sock)
                    os.write(writing, bytes([code]))
                finally:
                    os._exit(code)
            os.close(writing)
            sock.close()
            said = os.read(reading, 1)  # its last act. That its memory goes is not worth waiting for
            os.close(reading)
            if said:
                reply(self.control, {"judged": said[0]})
            _, status = os.waitpid(pid, 0)
            if not said:
                reply(self.control, {"judged": os.waitstatus_to_exitcode(status)})
        return True

    def judge(self, session: pytest.Session, request: dict[str, Any], sock: socket.socket) -> int:
        """In the child: run every item and tell what was seen. Returns what it ends with, and raises nothing."""
        code = 1
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            gc.disable()  # a judge is short-lived, and a collection would copy the zygote's pages
            share_processor(request["pid"])
            self.run = Run(sock, request)
            bound(3 * request["seconds"] + LAST_SECONDS)
            if self.run.begin():
                items = {item.name.removeprefix("test_"): item for item in session.items}
                self.run.checks([items[each] for each in request["checks"] if each in items])
            say({"event": "judged", "forbidden": self.run.solution.forbidden})
            code = GONE if self.run.gone else 0
        except WorkerLate:  # the alarm of `bound` rang between two checks
            say({"event": "late", "text": "the judging"})
            code = 0
        except BaseException as error:
            say({"event": "broken", "text": f"{type(error).__name__}: {error}"})
        return code


class Once(Bench):
    """The bench of one submission, where nothing is forked: it collects, meets the worker, judges and ends."""

    def __init__(self, request: dict[str, Any], meet: Callable[[], socket.socket]) -> None:
        self.errors = []
        self.run = None
        self.request, self.meet = request, meet

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        names = [item.name.removeprefix("test_") for item in session.items]
        if self.errors or set(names) != set(self.request["checks"]):
            say({"event": "broken", "text": "; ".join(self.errors) or "kata.yaml and hidden.py disagree"})
            os._exit(0)
        os._exit(self.judge(session, self.request, self.meet()))


class Run:
    """One submission before one suite."""

    def __init__(self, sock: socket.socket, request: dict[str, Any]) -> None:
        self.request = request
        self.sock = sock
        self.patience = Patience(request["pid"], request["seconds"])
        self.solution = self.meet(int(request["seed"]))
        self.stopped = False
        self.gone = False

    def meet(self, seed: int) -> Solution:
        seconds = self.request["call_seconds"]
        return Solution(self.sock, seed=seed, names=self.request["parameters"], seconds=seconds, patience=self.patience)

    def begin(self) -> bool:
        """The worker's word on its layers, spoken before it knows the submission; then the submission is loaded."""
        hello, _ = wire.receive(self.sock, deadline=time.monotonic() + 30)
        if "failed" in hello:
            say({"event": "unlocked", "text": printable(str(hello["failed"]))})
            return False
        say({"event": "layers", "held": hello["held"], "missing": hello["missing"]})
        load = {"source": self.request["source"], "file": self.request["file"], "forbid": self.request["forbidden"],
                "memory_mib": self.request["memory_mib"], "seconds": self.request["seconds"]}  # fmt: skip
        try:
            names = self.solution._request("import", op="load", **load)["value"]
        except wire.WireError as error:
            say({"event": "crashed", "text": str(error), "line": None, "type": "WireError"})
            return False
        except SubmissionError as error:
            say({"event": "crashed", "text": str(error), "line": error.line, "type": error.type})
            return False
        except WorkerLate:
            say({"event": "late", "text": "import"})
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

    def checks(self, items: list[pytest.Item]) -> None:
        for index, item in enumerate(items):
            if self.stopped:
                return
            name = item.name.removeprefix("test_")
            seed = check_seed(self.request["seed"], name)
            forbidden = self.solution.forbidden
            self.solution = self.meet(seed)
            self.solution.forbidden = forbidden
            torch.default_generator.manual_seed(seed)
            following = items[index + 1] if index + 1 < len(items) else None
            self.tell(name, phases(item, following))

    def tell(self, name: str, seen: dict[str, BaseException | None]) -> None:
        """One check's outcome. It has passed only if setup, call and teardown each came back without an exception."""
        error = next((each for each in seen.values() if each is not None), None)
        event: dict[str, Any] = {"event": "check", "id": name, "call": self.solution.call, "outcome": "failed"}
        match error:
            case None if list(seen) == ["setup", "call", "teardown"]:
                event["outcome"] = "passed"
            case WorkerLate() | WorkerGone():
                self.stopped = True
                self.gone = isinstance(error, WorkerGone)
                event["event"] = "late" if isinstance(error, WorkerLate) else "gone"
                event["text"] = str(error)
            case Unseen():
                event["outcome"] = "unseen"
            case Mistake():
                event |= {"mistake": error.id, "numbers": error.numbers} | found(error)
            case Wrong():
                event |= {"en": error.en, "zh": error.zh} | found(error)
            case Finding():
                event |= found(error)
            case ForbiddenCall():
                event |= {"ready_made": error.text, "line": error.line}
            case SubmissionError():
                event |= {"raised": str(error), "line": error.line}
            case AssertionError():
                event |= {"en": str(error), "zh": str(error)}
            case None:
                event |= {"event": "broken", "text": f"{name}: pytest did not run it"}
            case _ if seen.get("setup") is not None:
                event |= {"event": "broken", "text": f"{name}: {type(error).__name__}: {error}"}
            case _:
                # A suite that stumbles over what came back: no right answer makes it (lint proves that).
                event |= {"stumbled": printable(f"{type(error).__name__}: {error}", 300)}
        say(event)


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
            # Its frames hold what came back and, by their callers, `seen`: a circle, and nobody collects here.
            error.__traceback__ = error.__context__ = None
            seen[phase] = error
    return seen


def bound(seconds: float) -> None:
    """An answer may be long to decode or to compare. The judge gives up as for a late one, or by MemoryError."""
    import resource

    def late(*_: object) -> None:
        raise WorkerLate

    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    lockdown.lower(resource.RLIMIT_AS, lockdown.mapped() + MEMORY)


def found(finding: Finding) -> dict[str, Any]:
    match finding.picture:
        case Mask(yours, expected):
            picture: Any = {"mask": [list(yours), list(expected)]}
        case Bar(got, low, high):
            picture = {"bar": [got, low, high]}
        case None:
            picture = None
    return {"got": said(finding.got), "expected": said(finding.expected), "picture": picture}


def said(value: str | Words | None) -> str | list[str] | None:
    return [value.en, value.zh] if isinstance(value, Words) else value


def check_seed(run_seed: str, check: str) -> int:
    """SHA-256(run seed : check), as 63 bits."""
    return int.from_bytes(hashlib.sha256(f"{run_seed}:{check}".encode()).digest()[:8]) >> 1


def requests(control: socket.socket) -> Iterator[tuple[dict[str, Any], socket.socket]]:
    """Each request and the worker's socket that came with it, until the zygote hangs up."""
    while True:
        data, descriptors, _, _ = socket.recv_fds(control, 8, 1)
        if not data:
            return
        size = int.from_bytes(data)
        text = bytearray()
        while len(text) < size:
            text += control.recv(size - len(text))
        yield json.loads(text), socket.socket(fileno=descriptors[0])


def reply(control: socket.socket, message: dict[str, Any]) -> None:
    control.sendall(json.dumps(message).encode() + b"\n")


def hold(control: socket.socket, hidden: str) -> None:
    """A bench's whole life. Never returns: it ends when the zygote hangs up."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        bench = Bench(control)
        code = collect(bench, hidden)
        reply(control, {"collected": [], "errors": bench.errors or [f"pytest ended with {code}"]})
    finally:
        sys.stdout.flush()
        os._exit(0)


def judge_once(request: dict[str, Any], meet: Callable[[], socket.socket]) -> None:
    """A judge's whole life where nothing is forked. `meet` connects to the worker. Never returns."""
    try:
        bench = Once(request, meet)
        code = collect(bench, request["hidden"])
        say({"event": "broken", "text": "; ".join(bench.errors) or f"pytest ended with {code}"})
    finally:
        os._exit(1)


def collect(bench: Bench, hidden: str) -> int:
    """Run pytest on the hidden suite with our plugin and nobody else's."""
    for name in [each for each in os.environ if each.startswith("PYTEST")]:
        del os.environ[name]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.chdir(Path(hidden).anchor)
    return int(pytest.main([*OPTIONS, f"--rootdir={Path(hidden).parent}", hidden], plugins=[bench]))

"""The judge session: the trusted process, pytest with a hidden suite and our own plugin, which lends it to judges.

There is one for each kata. It collects the suite once and then waits; each submission is judged by a child forked from
it. So the suite is in memory before the submission is, a second verdict pays for no collection, and whatever a judge
does to itself dies with it.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
import socket
import sys
import traceback
import types
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from interview.errors import in_chinese
from interview.grading.agreed import NotAgreed, guard, read_suite
from interview.grading.checks.expect import SUITE
from interview.grading.judge import events
from interview.grading.judge.events import say
from interview.grading.judge.rehearsal import Overlong, Rehearsal
from interview.grading.judge.repl import ReplRun
from interview.grading.judge.run import MEMORY, Run
from interview.grading.kernel import limits
from interview.grading.kernel.affinity import share_processor
from interview.grading.kernel.forking import end_with, fork
from interview.grading.messages.channel import Channel
from interview.grading.messages.events import At, Broken, Judged, Late, SuiteBroken
from interview.grading.messages.orders import Collected, JudgeEnded, JudgeWorker, ReplWorker
from interview.grading.messages.requests import Rehearse, Suite
from interview.grading.solution.errors import WorkerLate
from interview.grading.solution.remote import Solution
from interview.text import Text

OPTIONS = [
    "-c", os.devnull, "--noconftest", "--import-mode=importlib", "--assert=plain", "-p", "no:cacheprovider",
    "-p", "no:terminal", "-p", "no:junitxml", "-p", "no:doctest", "-p", "no:unittest", "-p", "no:faulthandler",
    "-p", "no:logging", "-p", "no:capture", "-p", "no:pastebin", "-p", "no:stepwise", "-p", "no:debugging",
    "-p", "no:setuponly", "-p", "no:setupplan", "-p", "no:recwarn", "-p", "no:threadexception",
    "-p", "no:unraisableexception", "-p", "no:warnings", "-p", "no:legacypath", "-p", "no:monkeypatch",
    "-p", "no:tmpdir",
]  # fmt: skip

Lent = JudgeWorker | Rehearse | ReplWorker
GONE, LATE = 10, 11  # exit codes of a judge whose worker ended by itself, or was still at work past its time
DISAGREE = Text("kata.yaml and hidden.py disagree", "kata.yaml 和 hidden.py 不一致")


class SuiteModule(pytest.Module):
    """A hidden suite, compiled from the very text that was read: from no bytecode, and as a part of no package."""

    source = b""
    agreed: Mapping[str, str] | None = None
    errors: list[Text]

    def _getobj(self) -> types.ModuleType:
        process = os.getpid()
        module = types.ModuleType(SUITE)
        module.__file__ = str(self.path)
        sys.modules[SUITE] = module
        try:
            if self.agreed is not None:
                guard(self.path.parent, self.agreed)
            exec(compile(self.source, str(self.path), "exec", dont_inherit=True), module.__dict__)  # noqa: S102
        except BaseException as error:  # also what would end or skip the session
            self.errors.append(error.said if isinstance(error, NotAgreed) else misloaded(self.path, error))
            raise self.CollectError from None
        finally:
            if os.getpid() != process:  # a fork of the suite's own: one session is enough
                os._exit(0)
        return module


def misloaded(path: Path, error: BaseException) -> Text:
    """`/katas/x/hidden.py:3: NameError: name 'y' is not defined`"""
    lines = [each.lineno for each in traceback.extract_tb(error.__traceback__) if each.filename == str(path)]
    line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else 1
    what = error.msg if isinstance(error, SyntaxError) else str(error)
    return in_its_words(f"{path}:{line or 1}: {type(error).__name__}{': ' if what else ''}{what}")


def in_its_words(text: str) -> Text:
    """What Python or pytest says is the same in both languages."""
    return Text(text, text)


class JudgeSession:
    """A pytest plugin that holds a collected suite and judges on request. A worker's socket comes with its request."""

    def __init__(self, control: Channel | None, agreed: Mapping[str, str] | None) -> None:
        self.control = control
        self.source = b""
        self.agreed = agreed
        self.errors: list[Text] = []
        self.run: Run | None = None

    @pytest.fixture
    def solution(self) -> Solution:
        assert self.run is not None
        return self.run.solution

    def pytest_collect_directory(self, path: Path, parent: pytest.Collector) -> pytest.Collector:
        """A folder and never a package: no `__init__.py` is run."""
        return pytest.Dir.from_parent(parent, path=path)

    def pytest_pycollect_makemodule(self, module_path: Path, parent: pytest.Collector) -> SuiteModule:
        suite: SuiteModule = SuiteModule.from_parent(parent, path=module_path)
        suite.source, suite.agreed, suite.errors = self.source, self.agreed, self.errors
        return suite

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed and not self.errors:
            self.errors.append(in_its_words(str(report.longrepr)[-2000:]))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        names = [item.name.removeprefix("test_") for item in session.items]
        places = [item.location for item in session.items]  # found once and kept by each item, not in each judge
        assert self.control is not None
        self.control.send(Collected(tuple(names[: len(places)]), tuple(self.errors)))
        while (request := self.control.receive()) is not None:
            assert isinstance(request, Lent)
            self.lend(session, request, self.control)
        return True

    def lend(self, session: pytest.Session, request: Lent, control: Channel) -> None:
        """Fork a judge, and tell the code that it ends with."""
        socks = [socket.socket(fileno=each) for each in control.descriptors]
        control.descriptors.clear()
        reading, writing = os.pipe()
        ours, pid = os.getpid(), fork()
        if not pid:
            code = 1
            try:
                end_with(ours)
                os.close(reading)
                code = self.judge(session, request, socks)
                os.write(writing, bytes([code]))
            finally:
                os._exit(code)
        os.close(writing)
        for sock in socks:
            sock.close()
        said = os.read(reading, 1)  # its last act. That its memory goes is not worth waiting for
        os.close(reading)
        if said:
            control.send(JudgeEnded(said[0]))
        _, status = os.waitpid(pid, 0)
        if not said:
            control.send(JudgeEnded(os.waitstatus_to_exitcode(status)))

    def judge(self, session: pytest.Session, request: Lent, socks: list[socket.socket]) -> int:
        """In the child: run every item and tell what was seen. Returns what it ends with, and raises nothing."""
        code, submitted = 1, request.submitted
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            gc.disable()  # a judge is short-lived, and a collection would copy the zygote's pages
            self.run = begun(request, socks)
            if self.run.greet():
                self.run.bound()
                if self.run.load():
                    items = {item.name.removeprefix("test_"): item for item in session.items}
                    judged = submitted.judged or submitted.checks
                    self.run.checks([items[each] for each in judged if each in items])
            say(Judged(tuple(self.run.solution.forbidden)))
            code = GONE if self.run.gone else LATE if self.run.late else 0
        except (WorkerLate, Overlong):  # the alarm of `bound` rang between two checks, or a mutant's own
            say(Late(At("the judging")))
            code = 0
        except BaseException as error:
            why = f"{type(error).__name__}: {error}"
            say(Broken(Text(why, why)))
        return code


def begun(request: Lent, socks: list[socket.socket]) -> Run:
    match request:
        case Rehearse(submitted):
            return Rehearsal(submitted)
        case JudgeWorker(submitted, pid):
            share_processor(pid)
            return Run.over(socks[0], submitted, pid)
        case ReplWorker():
            return ReplRun.on(request, *socks)


class Once(JudgeSession):
    """The session of one submission, where nothing is forked: it collects, meets the worker, judges and ends."""

    def __init__(self, request: JudgeWorker, meet: Callable[[], socket.socket]) -> None:
        super().__init__(None, agreed_of(request.submitted.suite))
        self.request, self.meet = request, meet

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        names = [item.name.removeprefix("test_") for item in session.items]
        if self.errors or set(names) != set(self.request.submitted.checks):
            say(SuiteBroken([*self.errors, DISAGREE][0]))
            os._exit(0)
        os._exit(self.judge(session, self.request, [self.meet()]))


def agreed_of(suite: Suite) -> Mapping[str, str] | None:
    return None if suite.agreed is None else dict(suite.agreed)


def hold(control: socket.socket, suite: Suite) -> None:
    """A session's whole life. Never returns: it ends when the zygote hangs up."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        channel = Channel(control)
        session = JudgeSession(channel, agreed_of(suite))
        code = collect(session, suite.hidden)
        channel.send(Collected((), tuple(session.errors or [ended(code)])))
    finally:
        sys.stdout.flush()
        os._exit(0)


def judge_once(request: JudgeWorker, meet: Callable[[], socket.socket]) -> None:
    """A judge's whole life where nothing is forked. `meet` connects to the worker. Never returns."""
    try:
        session = Once(request, meet)
        code = collect(session, request.submitted.suite.hidden)
        say(SuiteBroken([*session.errors, ended(code)][0]))
    finally:
        os._exit(1)


def unread(hidden: str, error: OSError) -> Text:
    return Text(f"{hidden}:1: cannot be read: {error.strerror}", f"{hidden}:1: 读不了：{in_chinese(error)}")


def ended(code: int) -> Text:
    return Text(f"pytest ended with {code}", f"pytest 以 {code} 结束")


def collect(session: JudgeSession, hidden: str) -> int:
    """Run pytest on the hidden suite with our plugin and nobody else's."""
    try:
        session.source = read_suite(Path(hidden), session.agreed)
    except (OSError, NotAgreed) as error:
        session.errors.append(error.said if isinstance(error, NotAgreed) else unread(hidden, error))
        return 1
    for name in [each for each in os.environ if each.startswith("PYTEST")]:
        del os.environ[name]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.chdir(Path(hidden).anchor)
    sys.dont_write_bytecode, sys.pycache_prefix = True, os.devnull  # nor is any read: nothing lies below a device
    limits.lower(resource.RLIMIT_AS, limits.mapped() + MEMORY)  # a judge counts anew
    events.part_from_output()
    folder = Path(hidden).parent  # nothing above it is looked through: pytest lists every folder that it goes into
    return int(pytest.main([*OPTIONS, f"--rootdir={folder}", f"--confcutdir={folder}", hidden], plugins=[session]))

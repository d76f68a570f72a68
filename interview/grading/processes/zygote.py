"""The zygote: the process that has torch imported and forks, a worker and a judge for each submission.

It computes nothing: after one parallel operation here its children would hang. A spare worker is forked and locked
down by the worker pool, which knows neither this nor any earlier submission, and the next verdict need not wait for it.
Requests come on standard input, events leave on standard output.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
import select
import signal
import socket
import time
from pathlib import Path
from typing import Any

import torch

from interview.dataclass import dataclass
from interview.grading.deadlines import HELLO, LOADING, STACK, ZYGOTE
from interview.grading.judge.events import say
from interview.grading.judge.session import DISAGREE, GONE, LATE, hold
from interview.grading.kernel.affinity import keep_memory
from interview.grading.kernel.ending import children, kill, reap_strays
from interview.grading.kernel.forking import end_with, fork
from interview.grading.messages.channel import CHUNK, Channel
from interview.grading.messages.codec import Inbox, Message, probed
from interview.grading.messages.events import Broken, End, Ended, Probed, SuiteBroken
from interview.grading.messages.orders import Collected, JudgeEnded, JudgeWorker, ReplWorker
from interview.grading.messages.requests import (
    Cancel,
    Judge,
    Probe,
    Rehearse,
    Repl,
    Request,
    Submitted,
    Suite,
    Typed,
    Warm,
)
from interview.grading.processes.worker_pool import Spare, WorkerPool
from interview.grading.sandbox import lockdown
from interview.grading.sandbox.ground import Laying
from interview.grading.sandbox.threads import crowded
from interview.grading.wire import frames
from interview.printable import printable
from interview.text import Text

GLANCE = 0.05  # seconds between looks at a worker's threads
STACK_PAUSE, STACK_LIMIT = 0.01, 1 << 16  # between looks at the stack of a late worker; bytes of it
PROCESSES = 50  # that a suite may have at once, itself among them
OUTPUT_SHOWN = 4000  # characters of what a submission printed


@dataclass(slots=True)
class SessionProcess:
    pid: int
    control: Channel
    stamp: tuple[int, int]
    collected: Collected | None = None
    bred: bool = False  # it had more processes than a suite may have, and was ended


class Zygote:
    def __init__(self, ground: lockdown.Ground) -> None:
        self.sessions: dict[str, SessionProcess] = {}
        self.inbox = Inbox()
        self.ground = ground
        self.pool = WorkerPool(ground)
        self.typed: Channel | None = None  # where the lines of a REPL go

    def serve(self) -> None:
        while (request := self.request()) is not None:
            match request:
                case Warm(suite):
                    self.session(suite)
                case Judge(submitted):
                    say(self.judged(submitted))
                case Rehearse(submitted):
                    say(self.rehearsed(submitted))
                case Repl():
                    say(self.repl(request))
                case Probe():
                    say(self.tried())
                case Cancel() | Typed():  # of a run that had ended by itself
                    pass

    def request(self) -> Request | None:
        """The next request, or None when the client has gone."""
        while (message := self.inbox.take()) is None:
            if not self.more_input():
                return None
        assert isinstance(message, Request)
        return message

    def tried(self) -> Probed:
        """What a worker of this machine gives up, in its own words, and torch's version."""
        spare = self.pool.spare()
        hello, _ = frames.receive(spare.sock, deadline=time.monotonic() + HELLO.of())
        spare.sock.close()
        self.finish(spare, patient=False)
        return probed(torch.__version__, hello, lacking=self.ground.lacking, granted=self.ground.granted)

    # one submission

    def judged(self, submitted: Submitted) -> End:
        """Judge one submission; the last event tells how the worker ended and what it printed."""
        session = self.session(submitted.suite)
        if unfit := self.unfit(session, submitted):
            return End(fault=unfit)
        spare = self.pool.spare()
        session.control.send(JudgeWorker(submitted, spare.pid), [spare.sock.fileno()])
        spare.sock.close()
        done = self.wait(session, ZYGOTE.of(submitted.bounds.seconds), watched=spare.pid)
        code = done.code if isinstance(done, JudgeEnded) else None
        line = line_in(asked(spare), submitted.file) if code == LATE else None
        ended, printed = self.finish(spare, patient=code == GONE, last=code in (GONE, LATE))
        return End(ended, printed, line, self.fault(session, submitted.suite, code))

    def fault(self, session: SessionProcess, suite: Suite, code: int | None) -> Broken | SuiteBroken | None:
        """What a judge's end says of itself, and not of the submission."""
        if code in (0, GONE, LATE):
            return None
        if code is not None:
            return Broken(Text(f"the judge ended with {code}", f"判题进程以 {code} 结束"))
        self.drop(suite.hidden)
        if session.bred:
            return SuiteBroken(too_many(suite.hidden))
        return Broken(Text("the judge did not come to an end", "判题进程没有结束"))

    def unfit(self, session: SessionProcess, submitted: Submitted) -> SuiteBroken | None:
        """Why the suite can judge nothing; None where it can."""
        hidden, collected = submitted.suite.hidden, self.collected(session, submitted.suite)
        missing = sorted(set(submitted.checks) ^ set(collected.checks))
        if not collected.errors and not missing:
            return None
        disagree = Text(f"{DISAGREE.en} on {', '.join(missing)}", f"{DISAGREE.zh}：{'、'.join(missing)}")
        said = [*collected.errors, disagree][0]
        at = f"{hidden}:1: "
        return SuiteBroken(Text(*(each if hidden in each else at + each for each in (said.en, said.zh))))

    def rehearsed(self, submitted: Submitted) -> End:
        """What a mutant of ours comes to in the judge itself: no worker is spent on it."""
        session = self.session(submitted.suite)
        if unfit := self.unfit(session, submitted):
            return End(fault=unfit)
        session.control.send(Rehearse(submitted))
        done = self.wait(session, ZYGOTE.of(submitted.bounds.seconds))
        if done is None:
            self.drop(submitted.suite.hidden)
        return End() if done == JudgeEnded(0) else End(fault=Broken(Text("no rehearsal", "没有试演")))

    def repl(self, asked: Repl) -> End:
        """A REPL's whole life: until its worker is lost, or the client goes."""
        session = self.session(asked.submitted.suite)
        if unfit := self.unfit(session, asked.submitted):
            return End(fault=unfit)
        spare = self.pool.spare()
        ours, theirs = socket.socketpair()
        session.control.send(ReplWorker(asked, spare.pid), [spare.sock.fileno(), theirs.fileno()])
        spare.sock.close()
        theirs.close()
        self.typed = Channel(ours)
        try:
            done = self.wait(session, math.inf, watched=spare.pid)
        finally:
            self.typed.close()
            self.typed = None
        code = done.code if isinstance(done, JudgeEnded) else None
        ended, _ = self.finish(spare, patient=code == GONE)
        return End(ended, fault=self.fault(session, asked.submitted.suite, code))

    def pass_on(self) -> None:
        """The lines that were typed, to the judge that waits for them."""
        while self.typed is not None and (message := self.inbox.take()) is not None:
            if isinstance(message, Typed):
                with contextlib.suppress(OSError):  # it has just ended, and says so
                    self.typed.send(message)

    def wait(self, session: SessionProcess, seconds: float, *, watched: int | None = None) -> Message | None:
        """The session's next message; None when it is too late, or when session or client have gone.

        A `watched` worker that is crowded with threads is killed, and a session that breeds processes.
        """
        end, control = time.monotonic() + seconds, session.control
        while (message := control.inbox.take()) is None:
            waiting: list[Any] = [control.sock, 0]
            ready, _, _ = select.select(waiting, [], [], min(GLANCE, max(0.0, end - time.monotonic())))
            if watched is not None and crowded(watched):
                kill(watched)
            if self.breeds(session):
                session.bred = True
                self.end(session)
                return None
            if 0 in ready and not self.more_input():
                self.close()
            if watched is not None and self.inbox.strike(Cancel()):  # nothing else is sent before the end
                kill(watched)  # the judge finds it gone, and ends
            self.pass_on()
            if control.sock in ready:
                if not control.read():
                    return None
            elif time.monotonic() > end:
                return None
        return message

    def breeds(self, session: SessionProcess) -> bool:
        """Has the suite more processes than anybody needs, those among them whose parent has ended?"""
        return len(family([session.pid, *self.strays()], PROCESSES)) > PROCESSES

    def strays(self) -> list[int]:
        known = {self.pool.pid, self.ground.keeper, *(each.pid for each in self.sessions.values())}
        return [pid for pid in children(os.getpid()) if pid not in known]

    def more_input(self) -> bool:
        chunk = os.read(0, CHUNK)
        self.inbox.put(chunk)
        return bool(chunk)

    def finish(self, spare: Spare, *, patient: bool, last: bool = False) -> tuple[Ended, str]:
        """End the worker; how it had ended by itself, if it had, and what it printed: first, or `last`."""
        ended = self.pool.finish(spare, patient=patient)
        size = os.fstat(spare.output).st_size if spare.printed is None else spare.printed
        start = max(0, size - OUTPUT_SHOWN) if last else 0
        text = os.pread(spare.output, min(size - start, 4 * OUTPUT_SHOWN), start).decode("utf-8", "replace")
        os.close(spare.output)
        return ended, printable(text[:OUTPUT_SHOWN])

    # sessions

    def session(self, suite: Suite) -> SessionProcess:
        """The session of a suite: the one that waits, or a new one if the file has changed since."""
        hidden = suite.hidden
        stamp = stamp_of(hidden)
        known = self.sessions.get(hidden)
        if known is not None and known.stamp == stamp:
            return known
        self.drop(hidden)
        ours, theirs = socket.socketpair()
        zygote, pid = os.getpid(), fork()
        if not pid:
            os.setpgid(0, 0)  # all that a suite forks is of one group with it, and can be ended at once
            end_with(zygote)
            ours.close()
            self.pool.let_go()
            hold(theirs, suite)
        theirs.close()
        self.sessions[hidden] = SessionProcess(pid, Channel(ours), stamp)
        return self.sessions[hidden]

    def collected(self, session: SessionProcess, suite: Suite) -> Collected:
        """What the suite holds. One that does not load is not tried again until its file changes."""
        if session.collected is None:
            end = time.monotonic() + LOADING.of()
            said = self.wait(session, LOADING.of())
            held = said if isinstance(said, Collected) else Collected((), (unloaded(session, suite.hidden, end),))
            session.collected = held
            if held.errors:
                self.end(session)
        return session.collected

    def end(self, session: SessionProcess) -> None:
        """Kill a session and all that it forked; its number stays taken until it is dropped."""
        kill(session.pid)
        with contextlib.suppress(ChildProcessError):
            os.waitid(os.P_PID, session.pid, os.WEXITED | os.WNOWAIT)
        reap_strays((self.pool.pid, self.ground.keeper, session.pid, *(each.pid for each in self.sessions.values())))

    def drop(self, hidden: str) -> None:
        session = self.sessions.pop(hidden, None)
        if session is not None:
            session.control.close()
            self.end(session)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(session.pid, 0)

    def close(self) -> None:
        """Everything ends with us."""
        for hidden in list(self.sessions):
            self.drop(hidden)
        self.pool.close()
        reap_strays()
        os._exit(0)


def asked(spare: Spare) -> str:
    """The stack of a worker that is still at work. It was told to write it at this signal, behind what it printed."""
    spare.printed = os.fstat(spare.output).st_size
    with contextlib.suppress(ProcessLookupError):
        os.kill(spare.pid, signal.SIGUSR1)
    seen = spare.printed
    last = time.monotonic() + STACK.of()
    while time.monotonic() < last:
        time.sleep(STACK_PAUSE)
        size = os.fstat(spare.output).st_size
        if size == seen > spare.printed:
            break
        seen = size
    return os.pread(spare.output, STACK_LIMIT, spare.printed).decode("utf-8", "replace")


def line_in(stack: str, file: str) -> int | None:
    """The innermost line of the submission's own file; the stack's innermost frame comes first."""
    name = file.encode("ascii", "backslashreplace").decode()
    found = re.search(rf'File "{re.escape(name)}", line (\d{{1,7}})\b', stack)
    return int(found[1]) if found else None


def stamp_of(hidden: str) -> tuple[int, int]:
    """What tells one state of a file from the next. One that is not there is the session's to tell."""
    try:
        status = Path(hidden).stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


def unloaded(session: SessionProcess, hidden: str, end: float) -> Text:
    """Why a session did not say what it holds."""
    if session.bred:
        return too_many(hidden)
    if time.monotonic() >= end:
        return Text(
            f"{hidden}:1: it was not loaded within {LOADING.of():g} s", f"{hidden}:1: {LOADING.of():g} 秒内没有载入完"
        )
    return Text(f"{hidden}:1: its process ended while it was loaded", f"{hidden}:1: 载入时进程结束了")


def too_many(hidden: str) -> Text:
    return Text(
        f"{hidden}:1: it started more than {PROCESSES} processes, and was ended with them",
        f"{hidden}:1: 它启动了超过 {PROCESSES} 个进程，已连同它们一起结束",
    )


def family(pids: list[int], most: int) -> list[int]:
    """These processes and their children's children, or somewhat more than `most` of them."""
    found = list(pids)
    for pid in found:
        if len(found) > most:
            break
        found += children(pid)
    return found


def main(laying: Laying) -> None:
    """Entry of `python -I`, where the ground of the workers is being laid."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    keep_memory()
    zygote = Zygote(laying.ground())
    zygote.serve()
    zygote.close()

"""The process that has torch imported and forks: a worker and a judge for each submission.

It computes nothing: after one parallel operation here its children would hang. A spare worker is forked and locked
down by the nursery, which knows neither this nor any earlier submission, and the next verdict need not wait for it.
Requests come as JSON lines on standard input, events leave as JSON lines on standard output.
"""

from __future__ import annotations

import contextlib
import json
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
from interview.grading.affinity import keep_memory
from interview.grading.ending import children, kill, reap_strays
from interview.grading.forking import end_with, fork
from interview.grading.judge.events import say
from interview.grading.judge.session import DISAGREE, GONE, LATE, hold
from interview.grading.processes.worker_pool import Nursery, Spare
from interview.grading.sandbox import lockdown
from interview.grading.sandbox.ground import Laying
from interview.grading.sandbox.threads import crowded
from interview.grading.wire import frames
from interview.printable import printable

GLANCE = 0.05  # seconds between looks at a worker's threads
STACK_LOOKS, STACK_PAUSE, STACK_LIMIT = 20, 0.01, 1 << 16  # for the stack of a late worker: 0.2 s, 64 KiB
GRACE = 20.0  # seconds beyond a run's limit before the judge itself is given up
CANCEL = b'{"op": "cancel"}\n'
LOADING = 30.0  # seconds for a suite to be loaded: the slowest of ours takes one
PROCESSES = 50  # that a suite may have at once, itself among them
OUTPUT_SHOWN = 4000  # characters of what a submission printed


@dataclass(slots=True)
class BenchProcess:
    pid: int
    control: socket.socket
    stamp: tuple[int, int]
    collected: dict[str, Any] | None = None
    bred: bool = False  # it had more processes than a suite may have, and was ended


class Zygote:
    def __init__(self, ground: lockdown.Ground) -> None:
        self.benches: dict[str, BenchProcess] = {}
        self.input = b""
        self.ground = ground
        self.nursery = Nursery(ground)

    def serve(self) -> None:
        while (line := self.read_line()) is not None:
            request = json.loads(line)
            if request["op"] == "cancel":  # of a run that had ended by itself
                continue
            if request["op"] == "warm":
                self.bench(request)
                continue
            if request["op"] == "probe":
                say(self.probed())
                continue
            start = time.monotonic()
            say(self.judged(request) | {"seconds": time.monotonic() - start})

    def read_line(self) -> bytes | None:
        """The next request, or None when the grader has gone."""
        while b"\n" not in self.input:
            chunk = os.read(0, 1 << 16)
            if not chunk:
                return None
            self.input += chunk
        line, _, self.input = self.input.partition(b"\n")
        return line

    def probed(self) -> dict[str, Any]:
        """What a worker of this machine gives up, in its own words, and torch's version."""
        spare = self.nursery.spare()
        hello, _ = frames.receive(spare.sock, deadline=time.monotonic() + 30)
        spare.sock.close()
        self.finish(spare, patient=False)
        lacking = {"lacking": self.ground.lacking, "granted": self.ground.granted}
        return {"event": "end", "torch": torch.__version__, **lacking, **hello}

    # one submission

    def judged(self, request: dict[str, Any]) -> dict[str, Any]:
        """Judge one submission; the last event tells how the worker ended and what it printed."""
        bench = self.bench(request)
        if unfit := self.unfit(bench, request):
            return unfit
        if request["op"] == "rehearse":
            return self.rehearsed(bench, request)
        spare = self.nursery.spare()
        self.hand_over(bench, request | {"pid": spare.pid}, spare.sock)
        spare.sock.close()
        done = self.wait(bench, request["seconds"] + GRACE + 3 * request["seconds"], watched=spare.pid)
        code = done.get("judged") if done is not None else None
        if code == LATE:
            stack = asked(spare)
            ended = self.finish(spare, patient=False, last=True) | {"line": line_in(stack, request["file"])}
        else:
            ended = self.finish(spare, patient=code == GONE, last=code == GONE)
        if done is None:
            self.drop(request["hidden"])
            broken = {"broken": "the judge did not come to an end"}
            ended |= {"suite": too_many(request["hidden"])} if bench.bred else broken
        elif code not in (0, GONE, LATE):
            ended["broken"] = f"the judge ended with {code}"
        return {"event": "end", **ended}

    def unfit(self, bench: BenchProcess, request: dict[str, Any]) -> dict[str, Any] | None:
        """Why the suite can judge nothing; None where it can."""
        collected = self.collected(bench, request["hidden"])
        missing = sorted(set(request["checks"]) ^ set(collected["collected"]))
        if not collected["errors"] and not missing:
            return None
        disagree = [f"{DISAGREE[0]} on {', '.join(missing)}", f"{DISAGREE[1]}：{'、'.join(missing)}"]
        said = [*collected["errors"], disagree][0]
        both = [said, said] if isinstance(said, str) else said
        at = f"{request['hidden']}:1: "
        return {"event": "end", "suite": [each if request["hidden"] in each else at + each for each in both]}

    def rehearsed(self, bench: BenchProcess, request: dict[str, Any]) -> dict[str, Any]:
        """What a mutant of ours comes to in the judge itself: no worker is spent on it."""
        self.hand_over(bench, request)
        done = self.wait(bench, request["seconds"] + GRACE)
        if done is None:
            self.drop(request["hidden"])
        return {"event": "end"} if done and not done["judged"] else {"event": "end", "broken": "no rehearsal"}

    def hand_over(self, bench: BenchProcess, request: dict[str, Any], sock: socket.socket | None = None) -> None:
        text = json.dumps(request).encode()
        socket.send_fds(bench.control, [len(text).to_bytes(8)], [sock.fileno()] if sock else [])
        bench.control.sendall(text)

    def wait(self, bench: BenchProcess, seconds: float, *, watched: int | None = None) -> dict[str, Any] | None:
        """The bench's next line; None when it is too late, or when bench or grader have gone.

        A `watched` worker that is crowded with threads is killed, and a bench that breeds processes.
        """
        end, text = time.monotonic() + seconds, b""
        while b"\n" not in text:
            waiting: list[Any] = [bench.control, 0]
            ready, _, _ = select.select(waiting, [], [], min(GLANCE, max(0.0, end - time.monotonic())))
            if watched is not None and crowded(watched):
                kill(watched)
            if self.breeds(bench):
                bench.bred = True
                self.end(bench)
                return None
            if 0 in ready and not self.more_input():
                self.close()
            if watched is not None and self.cancelled():
                kill(watched)  # the judge finds it gone, and ends
            if bench.control in ready:
                chunk = bench.control.recv(1 << 16)
                if not chunk:
                    return None
                text += chunk
            elif time.monotonic() > end:
                return None
        message: dict[str, Any] = json.loads(text)
        return message

    def breeds(self, bench: BenchProcess) -> bool:
        """Has the suite more processes than anybody needs, those among them whose parent has ended?"""
        return len(family([bench.pid, *self.strays()], PROCESSES)) > PROCESSES

    def strays(self) -> list[int]:
        known = {self.nursery.pid, self.ground.keeper, *(each.pid for each in self.benches.values())}
        return [pid for pid in children(os.getpid()) if pid not in known]

    def more_input(self) -> bool:
        chunk = os.read(0, 1 << 16)
        self.input += chunk
        return bool(chunk)

    def cancelled(self) -> bool:
        """Has the grader taken back the request at hand? It sends nothing else before its end."""
        if CANCEL not in self.input:
            return False
        self.input = self.input.replace(CANCEL, b"", 1)
        return True

    def finish(self, spare: Spare, *, patient: bool, last: bool = False) -> dict[str, Any]:
        """End the worker; how it had ended by itself, if it had, and what it printed: first, or `last`."""
        ended = self.nursery.finish(spare, patient=patient)
        size = os.fstat(spare.output).st_size if spare.printed is None else spare.printed
        start = max(0, size - OUTPUT_SHOWN) if last else 0
        text = os.pread(spare.output, min(size - start, 4 * OUTPUT_SHOWN), start).decode("utf-8", "replace")
        os.close(spare.output)
        return {**ended, "printed": printable(text[:OUTPUT_SHOWN])}

    # benches

    def bench(self, request: dict[str, Any]) -> BenchProcess:
        """The bench of a suite: the one that waits, or a new one if the file has changed since."""
        hidden = request["hidden"]
        stamp = stamp_of(hidden)
        known = self.benches.get(hidden)
        if known is not None and known.stamp == stamp:
            return known
        self.drop(hidden)
        ours, theirs = socket.socketpair()
        zygote, pid = os.getpid(), fork()
        if not pid:
            os.setpgid(0, 0)  # all that a suite forks is of one group with it, and can be ended at once
            end_with(zygote)
            ours.close()
            self.nursery.let_go()
            hold(theirs, hidden, request["agreed"])
        theirs.close()
        self.benches[hidden] = BenchProcess(pid, ours, stamp)
        return self.benches[hidden]

    def collected(self, bench: BenchProcess, hidden: str) -> dict[str, Any]:
        """What the suite holds. One that does not load is not tried again until its file changes."""
        if bench.collected is None:
            end = time.monotonic() + LOADING
            bench.collected = self.wait(bench, LOADING) or {"collected": [], "errors": [unloaded(bench, hidden, end)]}
            if bench.collected["errors"]:
                self.end(bench)
        return bench.collected

    def end(self, bench: BenchProcess) -> None:
        """Kill a bench and all that it forked; its number stays taken until it is dropped."""
        kill(bench.pid)
        with contextlib.suppress(ChildProcessError):
            os.waitid(os.P_PID, bench.pid, os.WEXITED | os.WNOWAIT)
        reap_strays((self.nursery.pid, self.ground.keeper, bench.pid, *(each.pid for each in self.benches.values())))

    def drop(self, hidden: str) -> None:
        bench = self.benches.pop(hidden, None)
        if bench is not None:
            bench.control.close()
            self.end(bench)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(bench.pid, 0)

    def close(self) -> None:
        """Everything ends with us."""
        for hidden in list(self.benches):
            self.drop(hidden)
        self.nursery.close()
        reap_strays()
        os._exit(0)


def asked(spare: Spare) -> str:
    """The stack of a worker that is still at work. It was told to write it at this signal, behind what it printed."""
    spare.printed = os.fstat(spare.output).st_size
    with contextlib.suppress(ProcessLookupError):
        os.kill(spare.pid, signal.SIGUSR1)
    seen = spare.printed
    for _ in range(STACK_LOOKS):
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
    """What tells one state of a file from the next. One that is not there is the bench's to tell."""
    try:
        status = Path(hidden).stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


def unloaded(bench: BenchProcess, hidden: str, end: float) -> list[str]:
    """Why a bench did not say what it holds, in both languages."""
    if bench.bred:
        return too_many(hidden)
    if time.monotonic() >= end:
        return [f"{hidden}:1: it was not loaded within {LOADING:g} s", f"{hidden}:1: {LOADING:g} 秒内没有载入完"]
    return [f"{hidden}:1: its process ended while it was loaded", f"{hidden}:1: 载入时进程结束了"]


def too_many(hidden: str) -> list[str]:
    en = f"{hidden}:1: it started more than {PROCESSES} processes, and was ended with them"
    return [en, f"{hidden}:1: 它启动了超过 {PROCESSES} 个进程，已连同它们一起结束"]


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

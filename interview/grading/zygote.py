"""The process that has torch imported and forks: a worker and a judge for each submission.

It computes nothing: after one parallel operation here its children would hang. A spare worker is forked and locked
down before a request is read, so it knows neither the kata nor the seed of its run, and the next verdict need not
wait for it. Requests come as JSON lines on standard input, events leave as JSON lines on standard output.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import select
import signal
import socket
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from interview.grading import judge, lockdown, wire, worker

PR_SET_CHILD_SUBREAPER = 36
GRACE = 20.0  # seconds beyond a run's limit before the judge itself is given up
OUTPUT_SHOWN = 4000  # characters of what a submission printed


@dataclass(slots=True)
class Spare:
    """A worker that is locked down and waiting. `sock` is the judge's end; `output` takes what it prints."""

    pid: int
    sock: socket.socket
    output: int


@dataclass(slots=True)
class BenchProcess:
    pid: int
    control: socket.socket
    stamp: tuple[int, int]
    collected: dict[str, Any] | None = None


class Zygote:
    def __init__(self, barred: tuple[Path, ...]) -> None:
        self.barred = barred
        self.benches: dict[str, BenchProcess] = {}
        self.input = b""
        become_subreaper()
        self.spare: Spare | None = self.fork_worker()

    def serve(self) -> None:
        while (line := self.read_line()) is not None:
            request = json.loads(line)
            if request["op"] == "warm":
                self.bench(request["hidden"])
                continue
            if request["op"] == "probe":
                judge.say(self.probed())
                continue
            start = time.monotonic()
            judge.say(self.judged(request) | {"seconds": time.monotonic() - start})
            if self.spare is None:
                self.spare = self.fork_worker()

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
        spare, self.spare = self.spare or self.fork_worker(), None
        hello, _ = wire.receive(spare.sock, deadline=time.monotonic() + 30)
        spare.sock.close()
        self.finish(spare, patient=False)
        self.spare = self.fork_worker()
        return {"event": "end", "torch": torch.__version__, **hello}

    # one submission

    def judged(self, request: dict[str, Any]) -> dict[str, Any]:
        """Judge one submission; the last event tells how the worker ended and what it printed."""
        bench = self.bench(request["hidden"])
        collected = self.collected(bench)
        if collected["errors"] or set(collected["collected"]) != set(request["checks"]):
            self.drop(request["hidden"])
            missing = sorted(set(request["checks"]) ^ set(collected["collected"]))
            text = "; ".join(collected["errors"]) or f"kata.yaml and hidden.py disagree on {', '.join(missing)}"
            return {"event": "end", "broken": text}
        spare, self.spare = self.spare, None
        if spare is None:
            spare = self.fork_worker()
        self.hand_over(bench, request | {"pid": spare.pid}, spare.sock)
        spare.sock.close()
        done = self.wait(bench, request["seconds"] + GRACE + 3 * request["seconds"])
        ended = self.finish(spare, patient=done is not None and done.get("judged") == judge.GONE)
        if done is None:
            self.drop(request["hidden"])
            ended["broken"] = "the judge did not come to an end"
        elif done.get("judged") not in (0, judge.GONE):
            ended["broken"] = f"the judge ended with {done.get('judged')}"
        return {"event": "end", **ended}

    def hand_over(self, bench: BenchProcess, request: dict[str, Any], sock: socket.socket) -> None:
        text = json.dumps(request).encode()
        socket.send_fds(bench.control, [len(text).to_bytes(8)], [sock.fileno()])
        bench.control.sendall(text)

    def wait(self, bench: BenchProcess, seconds: float) -> dict[str, Any] | None:
        """The bench's next line; None when it is too late, or when bench or grader have gone."""
        end, text = time.monotonic() + seconds, b""
        while b"\n" not in text:
            waiting: list[Any] = [bench.control, 0]
            ready, _, _ = select.select(waiting, [], [], max(0.0, end - time.monotonic()))
            if 0 in ready and not self.more_input():
                self.close()
            if bench.control in ready:
                chunk = bench.control.recv(1 << 16)
                if not chunk:
                    return None
                text += chunk
            elif not ready:
                return None
        message: dict[str, Any] = json.loads(text)
        return message

    def more_input(self) -> bool:
        chunk = os.read(0, 1 << 16)
        self.input += chunk
        return bool(chunk)

    def finish(self, spare: Spare, *, patient: bool) -> dict[str, Any]:
        """End the worker and whatever it left behind; how it had ended by itself, if it had.

        `patient`: it hung up, so it is about to end by itself, and how is worth a moment.
        """
        pid, status = os.waitpid(spare.pid, os.WNOHANG)
        end = time.monotonic() + 1.0
        while not pid and patient and time.monotonic() < end:
            time.sleep(0.005)
            pid, status = os.waitpid(spare.pid, os.WNOHANG)
        if not pid:
            kill(spare.pid)
            os.waitpid(spare.pid, 0)
            ended: dict[str, Any] = {"signal": None, "code": None}
        else:
            code = os.waitstatus_to_exitcode(status)
            ended = {"signal": signal_name(-code) if code < 0 else None, "code": code if code >= 0 else None}
        self.reap_strays()
        text = os.pread(spare.output, OUTPUT_SHOWN * 4, 0).decode("utf-8", "replace")[:OUTPUT_SHOWN]
        os.close(spare.output)
        return {**ended, "printed": wire.printable(text, OUTPUT_SHOWN)}

    def reap_strays(self) -> None:
        """Children we did not fork were re-parented to us: a submission's leftovers."""
        ours = {bench.pid for bench in self.benches.values()}
        for _ in range(100):
            strays = [pid for pid in children() if pid not in ours]
            if not strays:
                return
            for pid in strays:
                kill(pid)
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(pid, 0)

    # forks

    def fork_worker(self) -> Spare:
        ours, theirs = socket.socketpair()
        output = os.memfd_create("output") if hasattr(os, "memfd_create") else temporary()
        files = lockdown.landlock(self.barred)
        parent = os.getpid()
        pid = os.fork()
        if not pid:
            ours.close()
            worker.main(theirs, files, output=output, parent=parent)
        theirs.close()
        if files is not None:
            files.rules.close()
        return Spare(pid, ours, output)

    def bench(self, hidden: str) -> BenchProcess:
        """The bench of a suite: the one that waits, or a new one if the file has changed since."""
        status = Path(hidden).stat()
        stamp = (status.st_mtime_ns, status.st_size)
        known = self.benches.get(hidden)
        if known is not None and known.stamp == stamp:
            return known
        self.drop(hidden)
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if not pid:
            ours.close()
            if self.spare is not None:
                self.spare.sock.close()
            judge.hold(theirs, hidden)
        theirs.close()
        self.benches[hidden] = BenchProcess(pid, ours, stamp)
        return self.benches[hidden]

    def collected(self, bench: BenchProcess) -> dict[str, Any]:
        if bench.collected is None:
            bench.collected = self.wait(bench, 60.0) or {
                "collected": [],
                "errors": ["the suite could not be collected"],
            }
        return bench.collected

    def drop(self, hidden: str) -> None:
        bench = self.benches.pop(hidden, None)
        if bench is not None:
            bench.control.close()
            kill(bench.pid)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(bench.pid, 0)

    def close(self) -> None:
        """Everything ends with us."""
        if self.spare is not None:
            kill(self.spare.pid)
        for hidden in list(self.benches):
            self.drop(hidden)
        self.benches = {}
        self.reap_strays()
        os._exit(0)


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def children() -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()]
    except OSError:
        return []


def signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def temporary() -> int:
    import tempfile

    with tempfile.TemporaryFile(buffering=0) as file:
        return os.dup(file.fileno())


def become_subreaper() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def main() -> None:
    """Entry of `python -I`; arguments: the folders that workers must not read."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()
    zygote = Zygote(tuple(Path(each) for each in sys.argv[1:]))
    zygote.serve()
    zygote.close()

"""The spawned processes: the zygote's work where none can be forked safely (macOS). Worker and judge are new.

The same requests on standard input, the same events on standard output, the same frames between worker and judge, over
a loopback connection opened with a token. Slower by two imports of torch for each submission, and without the kernel's
layers. Tried on Linux only.
"""

from __future__ import annotations

import hmac
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from interview.dataclass import dataclass
from interview.grading.deadlines import COORDINATOR, HELLO, PATIENT, TORCH
from interview.grading.messages.codec import decode, encode, greeting, probed
from interview.grading.messages.events import Broken, End, Ended, Probed
from interview.grading.messages.orders import JudgeWorker
from interview.grading.messages.requests import (
    Cancel,
    Judge,
    Probe,
    Rehearse,
    Repl,
    Request,
    Submitted,
    Typed,
    Warm,
)
from interview.printable import printable
from interview.text import Text

PACKAGE_PARENT = str(Path(__file__).resolve().parents[3])
START = """
import sys
sys.path.append(sys.argv.pop(1))
import warnings
warnings.filterwarnings("ignore", message="Failed to initialize NumPy")
from interview.grading.processes.spawned import {entry}
{entry}()
"""
OUTPUT_SHOWN = 4000  # characters of what a submission printed


def main() -> None:
    """Entry of the coordinator: a request a line, until standard input ends."""
    for line in sys.stdin.buffer:
        request = decode(line)
        assert isinstance(request, Request)
        match request:
            case Judge(submitted):
                say(judged(submitted))
            case Probe():
                say(tried())
            case Warm() | Rehearse() | Cancel() | Repl() | Typed():  # nothing is kept here, nor ended early
                pass


def say(event: End | Probed) -> None:
    sys.stdout.buffer.write(encode(event))
    sys.stdout.buffer.flush()


def judged(submitted: Submitted) -> End:
    """One submission: a worker that listens, a judge that connects; both are gone afterwards."""
    with tempfile.TemporaryFile() as output:
        worker, meeting = start_worker(output)
        try:
            code = run_judge(JudgeWorker(submitted, worker.pid), meeting)
            ended = how_ended(worker, patient=code == 10)
        finally:
            worker.kill()
            worker.wait()
        output.seek(0)
        printed = output.read(4 * OUTPUT_SHOWN).decode("utf-8", "replace")[:OUTPUT_SHOWN]
    fault = None if code in (0, 10, 11) else Broken(Text(f"the judge ended with {code}", f"判题进程以 {code} 结束"))
    return End(ended, printable(printed), fault=fault)


def tried() -> Probed:
    from importlib.metadata import version

    with tempfile.TemporaryFile() as output:
        worker, meeting = start_worker(output)
        try:
            from interview.grading.wire import frames

            hello, _ = frames.receive(meet(meeting), deadline=time.monotonic() + TORCH.of())
        finally:
            worker.kill()
            worker.wait()
    return probed(version("torch"), hello)


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where and with which word a worker is met."""

    port: int
    token: str


def start_worker(output: Any) -> tuple[subprocess.Popen[bytes], Meeting]:
    token = secrets.token_hex(32)
    process = subprocess.Popen(  # noqa: S603
        command("work"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output, start_new_session=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(token.encode() + b"\n")
    process.stdin.close()
    port = process.stdout.readline()
    process.stdout.close()
    return process, Meeting(int(port), token)


def run_judge(request: JudgeWorker, meeting: Meeting) -> int | None:
    """The judge's exit code; None when it had to be ended. Its events go where ours do."""
    judge = subprocess.Popen(command("hold", str(meeting.port)), stdin=subprocess.PIPE)  # noqa: S603
    limit = COORDINATOR.of(request.submitted.bounds.seconds)
    try:
        judge.communicate(meeting.token.encode() + b"\n" + encode(request), timeout=limit)
    except subprocess.TimeoutExpired:
        judge.kill()
        judge.wait()
        return None
    return judge.returncode


def command(entry: str, *arguments: str) -> list[str]:
    return [sys.executable, "-I", "-c", START.format(entry=entry), PACKAGE_PARENT, *arguments]


def how_ended(worker: subprocess.Popen[bytes], *, patient: bool) -> Ended:
    """How the worker ended by itself, if it did; when it hung up, that is worth a moment."""
    try:
        code = worker.wait(timeout=PATIENT.of() if patient else 0.01)
    except subprocess.TimeoutExpired:
        return Ended()
    return Ended(signal=f"signal {-code}") if code < 0 else Ended(code=code)


def meet(meeting: Meeting) -> socket.socket:
    """The judge's end: connect to the worker and say the token."""
    sock = socket.create_connection(("127.0.0.1", meeting.port), timeout=TORCH.of())
    sock.sendall(meeting.token.encode())
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def work() -> None:
    """Entry of a worker: torch first, then one connection that knows the token, then no more rights than needed."""
    from interview.grading.kernel import limits
    from interview.grading.sandbox import lockdown
    from interview.grading.sandbox.worker import serve
    from interview.grading.wire import frames

    token = sys.stdin.buffer.readline().strip()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        os.write(1, f"{listener.getsockname()[1]}\n".encode())
        listener.settimeout(TORCH.of())
        sock, _ = listener.accept()
    sock.settimeout(TORCH.of())
    said = bytes(frames.read(sock, len(token), time.monotonic() + TORCH.of()))
    if not hmac.compare_digest(said, token):
        os._exit(1)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    layers = lockdown.apply_portable(keep=(sock.fileno(),))
    frames.send(sock, greeting(layers), [], deadline=time.monotonic() + HELLO.of())
    serve(sock, limits.mapped())
    os._exit(0)


def hold() -> None:
    """Entry of a judge: collect the suite, meet the worker, judge once."""
    from interview.grading.judge import session

    token, line = sys.stdin.buffer.readline().strip(), sys.stdin.buffer.readline()
    request = decode(line)
    assert isinstance(request, JudgeWorker)
    session.judge_once(request, lambda: meet(Meeting(int(sys.argv[1]), token.decode())))

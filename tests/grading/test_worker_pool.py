"""How a worker's end is seen, and that nobody waits for one that only pretends to be ending."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from judging import grading

from interview.grading.messages.events import Ended
from interview.grading.processes.worker_pool import READY, how_ended
from interview.grading.sandbox.threads import THREADS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="nothing is forked elsewhere")

CROWD = f"""
import threading, time
threading.stack_size(65536)
for _ in range({THREADS + 20}):
    threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
print(flush=True)
time.sleep(20)
"""


@contextmanager
def child(source: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("source", "ended"),
    [
        ("raise SystemExit(3)", Ended(code=3)),
        ("import os; os.kill(os.getpid(), 9)", Ended(signal="SIGKILL")),
    ],
)
def test_one_that_has_ended_keeps_its_number(source: str, ended: Ended) -> None:
    """How it ended is told, and until it is reaped a signal to its number reaches nobody else."""
    with child(source) as process:
        assert how_ended(process.pid, patient=True) == ended
        os.kill(process.pid, 0)
        assert how_ended(process.pid, patient=False) == ended


def test_one_that_lives_is_not_waited_for_unless_it_is_about_to_end() -> None:
    """None, at once."""
    with child("import time; time.sleep(20)") as process:
        start = time.monotonic()
        assert how_ended(process.pid, patient=False) is None
        assert time.monotonic() - start < 0.5


def test_a_crowd_is_not_waited_for() -> None:
    """A worker that hung up and makes threads instead of ending gets no second for it."""
    with child(CROWD) as process:
        assert process.stdout is not None
        process.stdout.readline()
        start = time.monotonic()
        assert how_ended(process.pid, patient=True) is None
        assert time.monotonic() - start < 0.5


def family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in family(int(child)))]


def test_where_memory_is_short_the_worker_goes_first() -> None:
    """The kernel is told so of each worker, and of nobody else."""
    ours = Path("/proc/self/oom_score_adj").read_text()
    with grading() as grader:
        grader.probe()
        marks = []
        for _ in range(100):  # the next spare worker is still being locked down
            marks = [Path(f"/proc/{each}/oom_score_adj").read_text() for each in family(grader.process.pid)]
            if marks.count("1000\n") == READY:
                break
            time.sleep(0.1)
    assert sorted(marks) == sorted(["1000\n"] * READY + [ours] * (len(marks) - READY))

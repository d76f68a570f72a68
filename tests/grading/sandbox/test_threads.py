"""A worker's threads are counted before they start; and a machine with too many processes changes no verdict."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from judging import dropout, grading, submission
from users import NOBODY, PARENT, as_user, ordinary

from interview.grading.client import Grader
from interview.grading.sandbox.seccomp import can_ask
from interview.grading.sandbox.threads import THREADS
from interview.grading.verdict import Status

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="threads are counted by Linux only")

SLEEPERS = """
import threading
wait = threading.Event()
threading.stack_size(65536)
threads = [threading.Thread(target=wait.wait, daemon=True) for _ in range({count})]
"""
RIGHT = submission("reference").read_text()


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with grading() as grader:
        yield grader


def judged(grader: Grader, source: str) -> tuple[str, str]:
    verdict = grader.grade(dropout(), source, file=Path("threads.py"))
    return verdict.status, str(verdict.reason)


def test_threads_are_no_crime(grader: Grader) -> None:
    """As many as are allowed, at once and one after the other."""
    source = SLEEPERS.format(count=THREADS - 1) + (
        "for each in threads: each.start()\nwait.set()\nfor each in threads: each.join()\n"
        "for _ in range(100):\n    t = threading.Thread(target=print); t.start(); t.join()\n"
    )
    assert judged(grader, source + RIGHT)[0] == Status.PASSED


@pytest.mark.skipif(not can_ask(), reason="this kernel cannot ask")
def test_one_thread_too_many_is_refused(grader: Grader) -> None:
    """It is not killed for it: it hears what a full machine says, and the file may go on."""
    source = SLEEPERS.format(count=THREADS) + (
        "for each in threads[:-1]: each.start()\n"
        "try:\n    threads[-1].start()\n    raise SystemError('started')\nexcept RuntimeError:\n    pass\n"
        "wait.set()\nfor each in threads[:-1]: each.join()\nthreads[-1].start()\n"
    )
    assert judged(grader, source + RIGHT)[0] == Status.PASSED


@pytest.mark.skipif(not can_ask(), reason="this kernel cannot ask")
def test_a_flood_from_many_threads_ends_at_the_limit(grader: Grader) -> None:
    """Threads that start threads, all at once: what is counted is what there is."""
    source = f"""
import threading
wait, started = threading.Event(), []
threading.stack_size(65536)
def flood():
    for _ in range(200):
        try:
            thread = threading.Thread(target=wait.wait, daemon=True)
            thread.start()
            started.append(thread)
        except RuntimeError:
            pass
floods = [threading.Thread(target=flood) for _ in range(8)]
for each in floods: each.start()
for each in floods: each.join()
assert {THREADS // 2} < len(started) <= {THREADS}, len(started)
wait.set()
"""
    assert judged(grader, source + RIGHT) == (Status.PASSED, "None")


# The zygote and all that it forked may have no more processes, for two seconds of a judging.
CROWDED = """
import resource, sys, threading, time
sys.path[:0] = [sys.argv[1], sys.argv[2]]
from judging import dropout, grading, submission

def family(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [pid, *(each for child in file.read().split() for each in family(int(child)))]

def allow(processes):
    for each in found:
        resource.prlimit(each, resource.RLIMIT_NPROC, (processes, resource.getrlimit(resource.RLIMIT_NPROC)[1]))

with grading() as grader:
    path = submission("reference")
    print(grader.grade(dropout(), path.read_text(), file=path).status)
    time.sleep(1)
    found = family(grader.process.pid)
    allow(1)
    later = threading.Timer(2, allow, (resource.getrlimit(resource.RLIMIT_NPROC)[0],))
    later.start()
    print(grader.grade(dropout(), path.read_text(), file=path).status, later.finished.is_set())
"""


@pytest.mark.slow
@ordinary
def test_a_judge_that_finds_no_room_is_forked_later() -> None:
    """With too many processes of one user, which are not the submission's, it waits, and the verdict is the same."""
    words = [sys.executable, "-c", CROWDED, str(PARENT), str(Path(__file__).parents[2])]
    done = subprocess.run(
        as_user(NOBODY, words), capture_output=True, text=True, timeout=300, check=False, cwd="/",
        env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert done.stdout.split() == ["passed", "passed", "True"], done.stderr[-2000:]

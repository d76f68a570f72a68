"""A hidden suite that is broken in any way is told with its path, costs no attempt, and leaves nothing behind."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from judging import grade, grading, small_kata

from interview.content.katas.kata import Kata, Limits
from interview.grading.client import Grader
from interview.grading.kernel.ending import children
from interview.grading.verdict import Status, Verdict

CHECK = """
def test_a(solution):
    made = solution.f(1.0)
    {0}
    assert made == 1.0
"""
RIGHT = "def f(x):\n    return x\n"


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with grading() as grader:
        yield grader


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Kata:
    """A suite that nothing is wrong with, and that waits beside all the others."""
    return kata_with(tmp_path_factory.mktemp("sound") / "sound", SOUND)


def judged(grader: Grader, folder: Path, hidden: str | bytes, **changes: object) -> Verdict:
    return grade(grader, kata_with(folder, hidden, **changes), RIGHT)


def kata_with(folder: Path, hidden: str | bytes, **changes: object) -> Kata:
    kata = small_kata(folder, CHECK.format(""), **changes)
    kata.hidden.write_bytes(hidden if isinstance(hidden, bytes) else hidden.encode())
    return kata


def reason(verdict: Verdict) -> str:
    return verdict.reason.en if verdict.reason else ""


SOUND = CHECK.format("")
HASTY = Limits(0.5, 512)


@pytest.mark.parametrize(
    ("hidden", "said"),
    [
        ("import sys; sys.exit(0)" + SOUND, "hidden.py:1: SystemExit: 0"),
        ("import os; os._exit(0)" + SOUND, "hidden.py:1: its process ended while it was loaded"),
        ("import os; os.kill(os.getpid(), 9)" + SOUND, "hidden.py:1: its process ended while it was loaded"),
        ("\nx = bytearray(64 << 30)" + SOUND, "hidden.py:2: MemoryError"),
        ("x = []\nwhile True: x.append(bytes(1 << 24))" + SOUND, "hidden.py:2: MemoryError"),
        ("def f(:" + SOUND, "hidden.py:1: SyntaxError"),
        ("x = 1\nraise KeyboardInterrupt" + SOUND, "hidden.py:2: KeyboardInterrupt"),
        ("import pytest; pytest.skip('no', allow_module_level=True)" + SOUND, "hidden.py:1: Skipped: no"),
        ("import pytest; pytest.exit('no')" + SOUND, "hidden.py:1: Exit: no"),
        ("def g(): g()\ng()" + SOUND, "hidden.py:1: RecursionError"),
        ("import nothing_like_it" + SOUND, "hidden.py:1: ModuleNotFoundError"),
        ("import os; os.closerange(0, 200)" + SOUND, "hidden.py:1: its process ended while it was loaded"),
        (b"\xff\xfe", "hidden.py:1: SyntaxError"),
        (b"x = 1\x00", "hidden.py:1: "),
        ("", "hidden.py:1: kata.yaml and hidden.py disagree on a"),
        (SOUND + "\ndef test_b(solution): pass", "hidden.py:1: kata.yaml and hidden.py disagree on b"),
    ],
)
def test_a_suite_that_does_not_load_is_told(
    grader: Grader, sound: Kata, tmp_path: Path, hidden: str | bytes, said: str
) -> None:
    """No verdict (exit 4), with file, line and what it was. The zygote judges on."""
    verdict = judged(grader, tmp_path / "mine", hidden)
    assert verdict.status is Status.BROKEN
    assert f"{tmp_path / 'mine'}/{said}" in reason(verdict), reason(verdict)
    assert grade(grader, sound, RIGHT).status is Status.PASSED


@pytest.mark.parametrize("made", [lambda path: path.unlink(), lambda path: (path.unlink(), path.mkdir()),
                                  lambda path: (path.unlink(), os.mkfifo(path)),
                                  lambda path: (path.unlink(), path.symlink_to(path))])  # fmt: skip
def test_a_suite_that_is_no_file_is_told(grader: Grader, tmp_path: Path, made: object) -> None:
    """Missing, a folder, a pipe, a link to itself: no verdict, at once."""
    kata = kata_with(tmp_path / "mine", SOUND)
    made(kata.hidden)  # type: ignore[operator]
    verdict = grade(grader, kata, RIGHT)
    assert verdict.status is Status.BROKEN
    assert str(kata.hidden) in reason(verdict), reason(verdict)


def test_nothing_above_a_suite_is_looked_through(grader: Grader, tmp_path: Path) -> None:
    """A kata may lie among thousands of folders: what collects its suite lists none but its own."""
    kata = kata_with(tmp_path / "among" / "mine", SOUND)
    above = tmp_path / "among"
    os.utime(above, (0, 0))  # the next listing moves the first of them
    assert grade(grader, kata, RIGHT).status is Status.PASSED
    assert above.stat().st_atime == 0


@pytest.mark.parametrize(
    "line",
    [
        "print('x' * 100_000)",
        "import os; os.write(1, b'{}\\nnoise\\n')",
        "import sys; sys.stdin.read(); input if False else None",
        "import sys; print('x' * 100_000, file=sys.stderr)",
        "import subprocess; subprocess.run(['echo', 'noise'])",
        "import os; os.fork()",
    ],
)
def test_what_a_suite_prints_reads_and_forks_is_its_own(grader: Grader, sound: Kata, tmp_path: Path, line: str) -> None:
    """Nothing of it reaches the verdict's channel, or takes a request from it: while loading, and in a check."""
    assert judged(grader, tmp_path / "loading", line + SOUND).status is Status.PASSED
    assert judged(grader, tmp_path / "checking", CHECK.format(line)).status is Status.PASSED
    assert grade(grader, sound, RIGHT).status is Status.PASSED


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("import os; os._exit(0)", Status.BROKEN),
        ("import os; os.kill(os.getpid(), 9)", Status.BROKEN),
        ("bytearray(64 << 30)", Status.FAILED),
        ("import sys; sys.exit(0)", Status.FAILED),
        ("import pytest; pytest.exit('no')", Status.FAILED),
        ("yield", Status.BROKEN),
    ],
)
def test_a_check_that_breaks_is_no_pass(grader: Grader, sound: Kata, tmp_path: Path, line: str, status: Status) -> None:
    """Whatever it does to its own process, and it comes to an end."""
    assert judged(grader, tmp_path / "mine", CHECK.format(line), limits=HASTY).status is status
    assert grade(grader, sound, RIGHT).status is Status.PASSED


BOMBS = [  # some more processes than a suite may have, for half a minute, should nothing end them
    "import os, time\n    for _ in range(6): os.fork()\n    time.sleep(30)",
    "import os, time\n    for _ in range(70): os.fork() or time.sleep(30)\n    time.sleep(30)",
    "import os, time\n    for _ in range(6): os.fork() and os.fork() and os._exit(0)\n    time.sleep(30)",
    "import os, time\n    for _ in range(6): os.fork() or os.setpgid(0, 0)\n    time.sleep(30)",
    "import subprocess, time\n    for _ in range(70): subprocess.Popen(['sleep', '30'])\n    time.sleep(30)",
]


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.parametrize("place", ["if True:\n    {}" + SOUND, CHECK], ids=["loading", "checking"])
def test_a_suite_that_breeds_is_ended_and_named(
    grader: Grader, sound: Kata, tmp_path: Path, bomb: str, place: str
) -> None:
    """With all that it started, and soon: not the machine's end, and not the submission's fault."""
    before = len(children(grader.process.pid))
    verdict = judged(grader, tmp_path / "mine", place.format(bomb))
    assert verdict.status is Status.BROKEN
    assert f"{tmp_path / 'mine'}/hidden.py:1: it started more than 50 processes" in reason(verdict), reason(verdict)
    assert len(children(grader.process.pid)) <= before + 1  # its number is kept until its file changes
    assert grade(grader, sound, RIGHT).status is Status.PASSED


@pytest.mark.parametrize("loop", ["while True: pass", "while True: made.equal(made) if False else len([])",
                                  "import time; time.sleep(99)", "g()"])  # fmt: skip
def test_a_suite_that_loops_in_a_check_is_named(grader: Grader, tmp_path: Path, loop: str) -> None:
    """The answer had come; the line of the suite is told, and the submission is not accused of it."""
    helper = "def g():\n    while True: pass\n" if loop == "g()" else "\n\n"
    kata = kata_with(tmp_path / "mine", helper + CHECK.format(loop), limits=HASTY)
    verdict = grade(grader, kata, RIGHT)
    assert verdict.status is Status.TIMEOUT
    line = 2 if loop == "g()" else 6
    assert f"the hidden suite itself (hidden.py:{line}) was still at work" in reason(verdict), reason(verdict)
    assert verdict.reason.zh.count(f"hidden.py:{line}") == 1  # type: ignore[union-attr]


def test_an_answer_that_keeps_the_judge_at_work_is_no_fault_of_the_suite(grader: Grader, tmp_path: Path) -> None:
    """What the submission does is not told as the suite's."""
    kata = kata_with(tmp_path / "mine", SOUND, limits=HASTY)
    verdict = grade(grader, kata, "def f(x):\n    while True: pass\n")
    assert verdict.status is Status.TIMEOUT
    assert "suite" not in reason(verdict)


def test_a_suite_that_did_not_load_is_tried_again_when_it_changes(grader: Grader, tmp_path: Path) -> None:
    """And not before: a batch does not wait for it again and again."""
    mark = tmp_path / "loaded"
    kata = kata_with(tmp_path / "mine", f"open({str(mark)!r}, 'a').write('x')\nraise ValueError" + SOUND)
    assert [grade(grader, kata, RIGHT).status for _ in range(3)] == [Status.BROKEN] * 3
    assert mark.read_text() == "x"
    kata.hidden.write_text(SOUND)
    assert grade(grader, kata, RIGHT).status is Status.PASSED


def test_what_a_broken_suite_leaves_behind_is_ended(grader: Grader, tmp_path: Path) -> None:
    """A child that sleeps for an hour in a session of its own dies with the suite that did not load."""
    pid = tmp_path / "pid"
    child = f"import os, time\nif os.fork() == 0:\n    os.setsid(); open({str(pid)!r}, 'w').write(str(os.getpid()))\n"
    hidden = f"{child}    time.sleep(3600)\nwhile not os.path.exists({str(pid)!r}): pass\nraise ValueError"
    assert judged(grader, tmp_path / "mine", hidden + SOUND).status is Status.BROKEN
    limit = time.monotonic() + 10
    while Path(f"/proc/{pid.read_text()}").exists() and time.monotonic() < limit:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid.read_text()}").exists()


QUIET = "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())\n"
FOR_EVER = [
    QUIET + "while True: time.sleep(3600)\n",
    QUIET + "while True: print('x' * 1000, flush=True); time.sleep(0.01)\n",
]


@pytest.mark.slow
def test_a_suite_that_loads_for_ever_is_given_up(tmp_path: Path) -> None:
    """After half a minute of the clock, once: whether it takes no processor's time or never falls silent.

    Both are waited for at once, each by a zygote of its own, and neither hears a signal that can be blocked.
    """

    def given_up(number: int) -> list[Verdict]:
        kata = kata_with(tmp_path / f"mine-{number}", FOR_EVER[number] + SOUND)
        with grading() as grader:
            return [grade(grader, kata, RIGHT) for _ in range(20)]

    with ThreadPoolExecutor() as threads:
        for verdicts in threads.map(given_up, range(len(FOR_EVER))):
            assert {each.status for each in verdicts} == {Status.BROKEN}
            assert all("was not loaded within 30 s" in reason(each) for each in verdicts)

"""What the command line's side of judging needs to start a zygote, and no more."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest
from users import PARENT

from interview.grading.kernel.forking import started


def test_the_command_line_imports_no_torch() -> None:
    """It would wait a second for what only the zygote needs."""
    code = (
        "import sys; import interview.grading.client, interview.grading.sandbox.lockdown, "
        "interview.grading.sandbox.ground, interview.practice.kata.batch, "
        "interview.cli.katas.kata, interview.cli.katas.grade, interview.cli.person.doctor; "
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is forked, and nothing linked ahead")
def test_torch_is_linked_ahead_and_no_thread_is_left() -> None:
    """The zygote forks: a thread would be a half-dead one in each child. And the import finds what was linked."""
    code = """
import sys, warnings
from pathlib import Path
from interview.grading.processes.linking import link_ahead
link_ahead()
def linked():
    return {line.split()[-1] for line in open("/proc/self/maps") if "libtorch_cpu" in line}
before = linked()
print(len(list(Path("/proc/self/task").iterdir())), "torch" in sys.modules, len(before))
warnings.simplefilter("ignore")
import torch
print(linked() == before, int(torch.ones(3).sum()))
"""
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1 False 1\nTrue 3\n"


def test_without_torch_there_is_nothing_to_link(tmp_path: Path) -> None:
    """Whatever is missing is left to the import itself, which says so."""
    (tmp_path / "interview").symlink_to(PARENT / "interview")  # in a wheel's place torch lies beside it
    code = "import sys; sys.path = [each for each in sys.path if 'site-packages' not in each]; sys.path.append({!r}); "
    code = (
        code.format(str(tmp_path))
        + "from interview.grading.processes.linking import link_ahead; link_ahead(); import torch"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False)
    assert "ModuleNotFoundError: No module named 'torch'" in done.stderr


def test_what_finds_no_room_is_tried_again() -> None:
    """Too many processes, too little memory, no thread to be had: the next one ends it."""
    answers: list[Exception | int] = [
        OSError(errno.EAGAIN, ""), OSError(errno.ENOMEM, ""), RuntimeError("can't start new thread"), 7,
    ]  # fmt: skip

    def start() -> int:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    assert started(start) == 7


def test_what_cannot_be_is_not_tried_again() -> None:
    """A program that is not there stays away."""
    with pytest.raises(FileNotFoundError):
        started(lambda: subprocess.Popen(["/nowhere"]))

"""What the command line's side of judging needs to start a zygote, and no more."""

from __future__ import annotations

import errno
import subprocess
import sys

import pytest

from interview.grading.starting import started


def test_the_command_line_imports_no_torch() -> None:
    """It would wait a second for what only the zygote needs."""
    code = (
        "import sys; import interview.grading.grader, interview.grading.lockdown, interview.grading.ground, "
        "interview.practice.batch, interview.cli.kata_, interview.cli.grade_, interview.cli.doctor_; "
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


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

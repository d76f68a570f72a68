"""The REPL: lines of Python in a worker, among the person's own functions and one call's arguments."""

from __future__ import annotations

import codeop
import sys
import traceback
from collections.abc import Callable
from types import CodeType
from typing import Any

import torch

from interview.grading.answering.operations import NAME, Answering
from interview.grading.messages.events import Said
from interview.grading.wire.repl import LINES, LONGEST, WIDEST, Enter

HERE = "<repl>"
UNREADABLE = (SyntaxError, OverflowError, ValueError, RecursionError, MemoryError)


class Paper:
    """A text stream that keeps what is shown of it, and counts the lines that are not."""

    encoding, errors = "utf-8", "replace"

    def __init__(self) -> None:
        self.text = ""
        self.lines = self.left_out = 0

    def write(self, text: str) -> int:
        room = LONGEST - len(self.text) if self.lines < LINES else 0
        self.text += text[:room]
        self.lines += text.count("\n")
        self.left_out += text.count("\n", room)
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def said(self) -> tuple[tuple[str, ...], int]:
        lines = self.text.removesuffix("\n").split("\n") if self.text else []
        shown = [each if len(each) <= WIDEST else each[:WIDEST] + "…" for each in lines[:LINES]]
        return tuple(shown), self.left_out + len(lines) - len(shown)


class Repl:
    """`torch`, what the file defines, the arguments by their names and as `args` and `kwargs`, and `call()`, which
    makes the call once more: with arguments of its own, at its seed."""

    def __init__(self, answering: Answering, enter: Enter) -> None:
        self.answering, self.enter = answering, enter
        self.begun: list[str] = []
        self.compiled = codeop.CommandCompiler()
        self.names: dict[str, Any] = {"__name__": "repl", "__builtins__": __builtins__, "torch": torch}
        args, kwargs = fresh(enter.args), fresh(enter.kwargs)
        self.names |= {"args": args, "kwargs": kwargs, **dict(zip(enter.names, args, strict=False)), **kwargs}
        if enter.target and enter.target[0] is not None:
            self.names["instance"] = enter.target[0]
        self.names |= {name: value for name, value in vars(answering.module).items() if not name.startswith("__")}
        self.names["call"] = self.call

    def call(self) -> Any:
        """The call as the judge made it."""
        enter, grad = self.enter, torch.is_grad_enabled()
        if not enter.target:
            raise LookupError("the check made no call")
        function = self.answering.find(enter.target)
        self.answering.reset(seed=enter.seed, other=enter.other, grad=enter.grad)
        try:
            with self.answering.scratch:
                return function(*fresh(enter.args), **fresh(enter.kwargs))
        finally:
            torch.set_grad_enabled(grad)

    def type(self, line: str, *, anew: bool) -> Said:
        """What one more line comes to."""
        if anew:
            self.begun.clear()
        paper = Paper()
        before = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = paper
        try:
            left, raised, more = None, False, False
            for source in self.sources(line):
                left, raised, more = self.run(source)
                if left is not None or raised:
                    break
        finally:
            sys.stdout, sys.stderr = before
        return Said(*paper.said(), more, raised, left)

    def sources(self, line: str) -> list[str]:
        """A block that was begun ends where a line begins at the margin, as in a file: what is pasted has no blank
        lines in the places where a REPL wants them."""
        block = "\n".join(self.begun)
        if block and line[:1].strip() and self.is_whole(block + "\n") and not self.reads_on(f"{block}\n{line}"):
            return [block + "\n", line]
        return [f"{block}\n{line}" if self.begun else line]

    def is_whole(self, source: str) -> bool:
        try:
            return codeop.compile_command(source, HERE, "single") is not None
        except UNREADABLE:
            return False

    def reads_on(self, source: str) -> bool:
        try:
            codeop.compile_command(source, HERE, "single")
        except UNREADABLE:
            return False
        return True

    def run(self, source: str) -> tuple[int | None, bool, bool]:
        """The exit code if it leaves, whether it raised, whether it wants more."""
        self.begun.clear()
        code: CodeType | None
        try:
            code = self.compiled(source, HERE, "single")
            if code is None:
                self.begun = source.split("\n")
                return None, False, True
            exec(code, self.names)  # noqa: S102  (this is what a REPL is for)
        except SystemExit as error:
            if not through_file(error):
                return (error.code if isinstance(error.code, int) else 0 if error.code is None else 1), False, False
            report(error)
        except BaseException as error:
            report(error)
        else:
            return None, False, False
        return None, True, False


def through_file(error: BaseException) -> bool:
    """Did it come from the person's file, and not from the REPL itself?"""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__") == NAME:
            return True
        trace = trace.tb_next
    return False


def report(error: BaseException) -> None:
    """As Python tells it, without the frames that are ours."""
    say: Callable[[str], object] = sys.stderr.write
    try:
        frames = [each for each in traceback.extract_tb(error.__traceback__) if each.filename not in OURS]
        if frames:
            say("Traceback (most recent call last):\n" + "".join(traceback.format_list(frames)))
        say("".join(traceback.format_exception_only(error)))
    except BaseException as other:  # its own text raises
        say(f"{type(error).__name__}, whose text cannot be had: {type(other).__name__}\n")


OURS = (__file__, codeop.__file__)


def fresh(value: Any) -> Any:
    """A copy whose tensors share nothing with the original's; what is no plain value stays as it is."""
    match value:
        case torch.Tensor():
            return value.detach().clone().requires_grad_(value.requires_grad)
        case list():
            return [fresh(each) for each in value]
        case tuple():
            return tuple(fresh(each) for each in value)
        case dict():
            return {key: fresh(each) for key, each in value.items()}
        case _:
            return value

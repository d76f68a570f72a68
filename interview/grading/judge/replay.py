"""The replay: a replica of a known mistake, in the judge's memory, answers a check as the mistake would over the wire.

A check is run once more on it, with the check's own seed, and each answer is held against what came back from the
person's file. It stops at the first that differs, and so costs little.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any

import torch

from interview.grading.answering.operations import NAME, Answering, Chunks
from interview.grading.judge.alike import alike
from interview.grading.solution.line import Frame, Reply, Tape
from interview.grading.wire.answers import Given, Header
from interview.grading.wire.requests import answered_by, is_build


def joined(chunks: Chunks) -> memoryview:
    return memoryview(b"".join(chunks))


class Differs(BaseException):
    """The replica's answer is another one than the submission's. A BaseException: no hidden suite may catch it."""


class Spent(BaseException):
    """The budget of a diagnosis is."""


class Replica(Answering):
    """A mistake's source, run in this process. Generators and modes of its own are put in place around each answer."""

    def __init__(self, code: CodeType) -> None:
        super().__init__()
        self.state = torch.default_generator.get_state()
        self.reply: Reply | None = None
        with self.own():
            sys.modules[NAME] = self.module
            self.reset(seed=0, other=0, grad=True)
            exec(code, vars(self.module))  # noqa: S102  (ours, or agreed to)

    @contextmanager
    def own(self) -> Iterator[None]:
        """Its generator and its modes inside, the check's own ones again afterwards."""
        check, grad = torch.default_generator.get_state(), torch.is_grad_enabled()
        torch.default_generator.set_state(self.state)
        try:
            yield
        finally:
            self.state = torch.default_generator.get_state()
            torch.default_generator.set_state(check)
            torch.set_grad_enabled(grad)
            torch.set_default_dtype(torch.float32)

    def asked(self, question: Header, chunks: Chunks) -> tuple[Any, memoryview]:
        assert self.reply is not None
        header, answered = self.reply(question, joined(chunks))
        return header, joined(answered)


def replica_of(source: str) -> Replica:
    """Raises what the source raises."""
    return Replica(compile(source, "replica.py", "exec", dont_inherit=True))


class Within:
    """A line to a replica."""

    def __init__(self, replica: Replica) -> None:
        self.replica = replica

    def exchange(self, header: Header, payload: Chunks, reply: Reply) -> Frame:
        self.replica.reply = reply
        with self.replica.own():
            answer, chunks = self.replica.answer(header, joined(payload))
        return answer, joined(chunks)


class Held(Within):
    """Its answers are held against a tape. `met` of its frames were as they are there."""

    def __init__(self, replica: Replica, tape: Tape, spend: Callable[[], None]) -> None:
        super().__init__(replica)
        self.tape, self.spend, self.met = tape, spend, 0

    def exchange(self, header: Header, payload: Chunks, reply: Reply) -> Frame:
        self.spend()
        kind = answered_by(header)

        def asked(question: Header, chunk: memoryview) -> tuple[Any, Chunks]:
            self.hold((question, chunk), kind)
            return reply(question, chunk)

        frame = super().exchange(header, payload, asked)
        if not is_build(header):
            self.hold(frame, kind)
        return frame

    def hold(self, frame: Frame, kind: type[Given]) -> None:
        if self.met == len(self.tape.frames) or not alike(self.tape.frames[self.met], frame, kind):
            raise Differs
        self.met += 1

"""The line between a suite's `solution` and what answers it: over the wire to a worker, and on tape."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import field
from typing import Any, Protocol

from interview.dataclass import dataclass
from interview.grading.deadlines import FRAME
from interview.grading.solution.deadline import Deadline
from interview.grading.solution.errors import Lie, WorkerGone, WorkerLate
from interview.grading.wire import frames
from interview.grading.wire.answers import Header, is_question
from interview.grading.wire.requests import is_build

CALLBACKS = 10_000  # questions a submission may ask during one call
TAPE_LIMIT = 32 << 20  # bytes of answers that are kept of one check

Chunks = list[bytes | memoryview]
Frame = tuple[Header, memoryview]
Reply = Callable[[Header, memoryview], tuple[Any, Chunks]]


class Line(Protocol):
    def exchange(self, header: Header, payload: Chunks, reply: Reply) -> Frame:
        """The answer to a request; `reply` answers the questions that a submission asks meanwhile."""
        ...


class Wire:
    """The line to a worker. Raises WorkerGone, WorkerLate, Lie."""

    def __init__(self, sock: socket.socket, *, seconds: float, deadline: Deadline) -> None:
        self.sock = sock
        self.seconds = seconds  # for one call
        self.run = deadline

    def exchange(self, header: Header, payload: Chunks, reply: Reply) -> Frame:
        deadline = self.run.of_call(self.seconds)
        self.send(header, payload, deadline)
        for _ in range(CALLBACKS):
            answer, chunk = self.receive(deadline)
            if not isinstance(answer, dict):
                raise Lie("TypeError", "the answer is not an object", None)
            if not is_question(answer):
                return answer, chunk
            self.send(*reply(answer, chunk), deadline)
        raise Lie("RuntimeError", f"it asked more than {CALLBACKS} questions", None)

    def send(self, header: Any, payload: Chunks, deadline: float) -> None:
        try:
            frames.send(self.sock, header, payload, deadline=deadline)
        except frames.Gone:
            raise WorkerGone from None
        except frames.Late:
            raise WorkerLate from None

    def receive(self, deadline: float) -> tuple[Any, memoryview]:
        try:
            begun = self.begun(deadline)
            return frames.receive(self.sock, deadline=max(deadline, time.monotonic() + FRAME.of()), begun=begun)
        except frames.Gone:
            raise WorkerGone from None
        except frames.Late:
            raise WorkerLate from None
        except frames.WireError as error:
            raise WorkerGone(str(error)) from None

    def begun(self, deadline: float) -> bytes:
        """The beginning of an answer, however long the worker was kept waiting for a processor."""
        while True:
            try:
                return frames.begin(self.sock, deadline)
            except frames.Late:
                extended = self.run.extend(deadline)
                if extended is None:
                    raise
                deadline = extended


@dataclass(slots=True)
class Tape:
    """A line, and what came back over it: answers and questions, in their order. `full`: there was more to keep."""

    line: Line
    frames: list[Frame] = field(default_factory=list)
    size: int = 0
    full: bool = False

    def exchange(self, header: Header, payload: Chunks, reply: Reply) -> Frame:
        def noted(question: Header, chunk: memoryview) -> tuple[Any, Chunks]:
            self.note((question, chunk))
            return reply(question, chunk)

        frame = self.line.exchange(header, payload, noted)
        if not is_build(header):
            self.note(frame)
        return frame

    def note(self, frame: Frame) -> None:
        self.size += len(frame[1])
        self.full |= self.size > TAPE_LIMIT
        if self.full:
            self.frames.clear()
        else:
            self.frames.append(frame)

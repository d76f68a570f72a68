"""The REPL's judge: it runs one check up to one call, and hands the worker over with that call's arguments.

The call is not made. What the suite expects of it stays here: from then on only lines that the person types go to the
worker, and what they print comes back.
"""

from __future__ import annotations

import resource
import socket
from collections.abc import Callable
from typing import Any

import torch

from interview.grading.deadlines import LINE
from interview.grading.judge.events import say
from interview.grading.judge.run import MEMORY, Run, called, check_seed, is_plain, phases
from interview.grading.kernel import limits
from interview.grading.messages.channel import Channel
from interview.grading.messages.events import At, Gone, Late, Opened, Which
from interview.grading.messages.orders import ReplWorker
from interview.grading.messages.requests import Submitted, Typed
from interview.grading.solution.deadline import Deadline
from interview.grading.solution.errors import SubmissionError, WorkerGone, WorkerLate
from interview.grading.solution.journey import Journey
from interview.grading.solution.line import Chunks, Line, Wire
from interview.grading.solution.remote import Remote, Solution
from interview.grading.wire import frames
from interview.grading.wire.repl import Enter, enter_header, said_of
from interview.grading.wire.values import Callback, Encoder


class Reached(BaseException):
    """The call is about to be made. A BaseException: no hidden suite may catch it."""


class Until(Solution):
    """A solution whose check ends before one call."""

    _which: Which = (0, 0)
    _callbacks: dict[int, Callable[..., Any]]

    def _embark(self, target: list[Any], shown: str, given: Any) -> Journey:
        journey = super()._embark(target, shown, given)
        if self._journeys == self._which[0]:
            journey.at = min(self._which[1], len(journey.calls) - 1)
            self._last = shown, *journey.calls[journey.at][:2]
            raise Reached
        return journey

    def _enter(self) -> tuple[dict[str, Any], Chunks]:
        """The frame that opens a REPL on the last call."""
        journey = self._journey
        self._callbacks = {}
        encoder = Encoder(self._sent)
        args, kwargs, seed, other = journey.calls[journey.at] if journey.calls else ((), {}, 0, 0)
        names = self._names.get(journey.shown, [])
        enter = Enter(names, journey.target, args, kwargs, seed, other, journey.grad)
        return enter_header(enter, encoder), encoder.payload

    def _sent(self, value: Any) -> Any:
        if isinstance(value, Remote):
            return value._handle()
        self._callbacks[len(self._callbacks)] = value
        return Callback(len(self._callbacks) - 1)

    def _answered(self, question: dict[str, Any], chunk: memoryview) -> tuple[Any, Chunks]:
        return self._reply(question, chunk, self._callbacks, "the REPL")


class ReplRun(Run):
    """One submission, one check of it, and whoever types."""

    solution: Until

    def __init__(self, line: Line, submitted: Submitted, deadline: Deadline) -> None:
        super().__init__(line, submitted, deadline)
        self.which: Which = (1, 0)
        self.typed: Channel | None = None
        self.pid = 0

    @classmethod
    def on(cls, request: ReplWorker, sock: socket.socket, typed: socket.socket) -> ReplRun:
        submitted = request.submitted
        deadline = Deadline(request.pid, submitted.bounds.seconds)
        run = cls(Wire(sock, seconds=submitted.bounds.call_seconds, deadline=deadline), submitted, deadline)
        run.which, run.typed, run.pid = request.repl.which, Channel(typed), request.pid
        return run

    def meet(self, seed: int, line: Line) -> Until:
        return Until(line, seed=seed, names=self.names, shared=self.shared)

    def bound(self) -> None:
        """In memory alone: a person may think for as long as they like."""
        limits.lower(resource.RLIMIT_AS, limits.mapped() + MEMORY)

    def checks(self, items: list[Any]) -> None:
        for item in items:
            self.open(item)

    def open(self, item: Any) -> None:
        seed = check_seed(self.submitted.seed, item.name.removeprefix("test_"))
        self.solution = self.meet(seed, self.line)
        self.solution._which = self.which
        torch.default_generator.manual_seed(seed)
        seen = called(item, self.solution) if is_plain(item) else phases(item, None)
        lost = next((each for each in seen.values() if isinstance(each, WorkerGone | WorkerLate)), None)
        try:
            if lost is not None:
                raise lost
            header, chunks = self.solution._enter()
            said_of(self.answered(header, chunks))  # the two sides take turns
            say(Opened(self.solution.call))
            self.converse()
        except WorkerLate:
            self.late = True
            say(Late(At(self.solution.call), LINE.of()))
        except (WorkerGone, frames.Gone, frames.WireError, SubmissionError) as error:
            self.gone = True
            say(Gone(At(self.solution.call), str(error)))

    def converse(self) -> None:
        """Line by line, each with its own time, until the client goes."""
        assert self.typed is not None
        while isinstance(typed := self.typed.receive(), Typed):
            say(said_of(self.answered({"line": typed.line, "anew": typed.anew}, [])))

    def answered(self, header: dict[str, Any], chunks: Chunks) -> dict[str, Any]:
        assert isinstance(self.line, Wire)
        wire = Wire(self.line.sock, seconds=LINE.of(), deadline=Deadline(self.pid, LINE.of()))
        return wire.exchange(header, chunks, self.solution._answered)[0]

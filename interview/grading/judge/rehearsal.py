"""The rehearsal: one of our own mechanical mutants before its suite, in the judge's memory and without a worker.

Of thousands of them it is asked only whether anything catches them. One that is caught here is caught; of one that is
not, and that nobody has listed as equivalent, a real judging decides.
"""

from __future__ import annotations

import os
import signal

from interview.grading.answering.operations import describe
from interview.grading.judge.events import say
from interview.grading.judge.replay import Within, replica_of
from interview.grading.judge.run import Run
from interview.grading.messages.events import NotLoaded
from interview.grading.messages.requests import Submitted
from interview.grading.solution.deadline import Deadline


class Overlong(BaseException):
    """Its processor time is up. A BaseException: no mutant may catch it."""


class Rehearsal(Run):
    """A run whose submission lives here, and has `call_seconds` of processor time for everything. Raises Overlong."""

    def __init__(self, submitted: Submitted) -> None:
        def up(*_: object) -> None:
            raise Overlong

        signal.signal(signal.SIGPROF, up)
        signal.setitimer(signal.ITIMER_PROF, submitted.bounds.call_seconds)
        self.crash: NotLoaded | None = None
        try:
            replica = replica_of(submitted.source)
        except Exception as error:
            told = describe(error)
            self.crash = NotLoaded(told.type, told.text, told.line)
            replica = replica_of("")
        super().__init__(Within(replica), submitted, Deadline(os.getpid(), submitted.bounds.seconds))

    def greet(self) -> bool:
        return True  # there is no worker

    def load(self) -> bool:
        if self.crash:
            say(self.crash)
        return not self.crash

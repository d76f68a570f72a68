"""The diary: the calls of a check and what came back, in a few words, for who asks to see them."""

from __future__ import annotations

from collections import deque
from typing import Any

from interview.grading.messages.events import FIRST_CALLS, LAST_CALLS, Called
from interview.grading.solution.errors import SubmissionError
from interview.grading.solution.format import show_value


class Diary:
    """The first calls and the last ones. Written at once: a suite may change what it sent or what it got."""

    def __init__(self) -> None:
        self.first: list[Called] = []
        self.last: deque[Called] = deque(maxlen=LAST_CALLS)
        self.count = 0

    def note(self, call: str, came: Any) -> None:
        self.count += 1
        said = f"raised {came}" if isinstance(came, SubmissionError) else show_value(came)
        (self.first if len(self.first) < FIRST_CALLS else self.last).append(Called(call, said))

    def told(self) -> tuple[tuple[Called, ...], int]:
        """Those that are kept, and how many are left out between them."""
        kept = (*self.first, *self.last)
        return kept, self.count - len(kept)

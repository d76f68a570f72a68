"""The deadline of a run, on a machine that is not its own."""

from __future__ import annotations

import time
from pathlib import Path

from interview.grading.deadlines import STRETCHED
from interview.grading.solution.errors import WorkerLate


class Deadline:
    """The time a run has left, not counting what worker and judge stood ready to run but were not given a processor.

    So that a crowded machine changes no verdict: Linux tells that time in /proc/PID/schedstat. At most threefold.
    `end` is on the monotonic clock.
    """

    def __init__(self, pid: int, seconds: float) -> None:
        self.paths = [Path(f"/proc/{each}/schedstat") for each in (pid, "self")]
        self.end = time.monotonic() + seconds
        self.last = self.end - seconds + STRETCHED.of(seconds)
        self.waited = self.read()

    def read(self) -> float:
        try:
            return sum(int(each.read_text().split()[1]) for each in self.paths) / 1e9
        except (OSError, ValueError, IndexError):
            return 0.0

    def extend(self, deadline: float) -> float | None:
        """A deadline that has passed, moved by what they were kept waiting; None when they were not."""
        waited = self.read()
        more, self.waited = min(waited - self.waited, self.last - self.end), waited
        if more < 0.05:
            return None
        self.end += more
        return deadline + more

    def of_call(self, seconds: float) -> float:
        """When a call of at most so many seconds has to be over. Raises WorkerLate when the run is."""
        while time.monotonic() >= self.end:
            if self.extend(self.end) is None:
                raise WorkerLate
        return min(time.monotonic() + seconds, self.end)

"""The deadlines: every limit of time of a verdict, and within which other it must lie.

Whoever gives up says less than the one it waited for: a call's limit names the call, the client's nothing. So the inner
one has to pass first, on any machine.
"""

from __future__ import annotations

from interview.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """So many `seconds`, and `runs` times the limit of the kata's run. Those within one other follow one another."""

    what: str
    seconds: float = 0.0
    runs: float = 0.0
    within: tuple[Limit, ...] = ()

    def of(self, run: float = 0.0) -> float:
        return self.seconds + self.runs * run


CLIENT = Limit("the zygote is given up", 120.0, runs=4)
CLIENT_SPAWNING = Limit("the coordinator is given up, where processes are spawned", 360.0, runs=4)
CLIENT_LINE = Limit("the zygote is given up by who waits for what a line comes to", 180.0)
LINE = Limit("a line at the REPL: time enough to train something small", 10.0, within=(CLIENT_LINE,))
TYPING = Limit("all that is typed at one REPL computes", 3600.0)
CLOSING = Limit("a zygote that was told to end is killed", 3.0)

ZYGOTE = Limit("a judge is given up", 40.0, runs=4, within=(CLIENT,))
LOADING = Limit("a suite is loaded: the slowest of ours takes one", 30.0, within=(CLIENT,))
PATIENT = Limit("a worker that hung up ends", 1.0, within=(CLIENT, CLIENT_SPAWNING))
STACK = Limit("a late worker writes its stack", 0.2, within=(CLIENT,))

COORDINATOR = Limit("a judge is given up that imports torch first", 160.0, runs=4, within=(CLIENT_SPAWNING,))
TORCH = Limit("a process imports torch", 120.0, within=(COORDINATOR, CLIENT_SPAWNING))

FORK = Limit("a process or thread is tried again, where there are too many", 20.0, within=(ZYGOTE, CLIENT))
HELLO = Limit("a worker says which layers hold", 10.0, within=(ZYGOTE, COORDINATOR))
JUDGE = Limit("an answer or a suite may keep the judge itself busy", 2.0, runs=3, within=(ZYGOTE, COORDINATOR))
DIAGNOSIS = Limit("a diagnosis is given up, on whatever machine", 4.0, within=(ZYGOTE, COORDINATOR))
DIAGNOSIS_CPU = Limit("a diagnosis computes", 0.4, within=(DIAGNOSIS,))

STRETCHED = Limit("a run on a machine that is not its own", runs=3, within=(JUDGE,))
FRAME = Limit("the rest of a frame that has begun to arrive", 2.0, within=(JUDGE,))
WORKER_CPU = Limit("a worker computes before the kernel ends it: a run that is late is told as late", 2.0, runs=1)
RUN = Limit("a run", runs=1, within=(STRETCHED, WORKER_CPU))

CALL_SHARE, LEAST_SHARE, CALL_SECONDS = 0.6, 0.3, 6.0  # of a run, for a single call; enough for any
HASTE = 2.0  # seconds of a call where one failure is enough


def of_call(run: float, *, one_failure: bool = False) -> float:
    """Within a run. A slow answer may need much of it, an endless loop not so much."""
    if one_failure:
        return min(HASTE, run)
    return min(CALL_SHARE * run, max(CALL_SECONDS, LEAST_SHARE * run))

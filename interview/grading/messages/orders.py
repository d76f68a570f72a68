"""The orders: what a zygote and the processes that it forks say to each other."""

from __future__ import annotations

from interview.dataclass import dataclass
from interview.grading.messages.events import Explained, Unlocked
from interview.grading.messages.requests import Repl, Submitted
from interview.text import Text


@dataclass(frozen=True, slots=True)
class JudgeWorker:
    """A submission's worker: its socket comes with it."""

    submitted: Submitted
    pid: int


@dataclass(frozen=True, slots=True)
class ReplWorker:
    """A REPL's worker: its socket comes with it, and one over which the lines come."""

    repl: Repl
    pid: int

    @property
    def submitted(self) -> Submitted:
        return self.repl.submitted


@dataclass(frozen=True, slots=True)
class Collected:
    """What a suite holds, or why it does not load."""

    checks: tuple[str, ...]
    errors: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class JudgeEnded:
    code: int


# zygote ⇄ who lays the workers' ground


@dataclass(frozen=True, slots=True)
class Kept:
    """The process that keeps the namespaces."""

    keeper: int


@dataclass(frozen=True, slots=True)
class Laid:
    """Why a layer `failed`, and why namespaces are `lacking` though they were `granted`; the Landlock rules, if there
    are any, and the namespaces come with it."""

    landlock: bool
    failed: Unlocked | None
    lacking: Text | None
    granted: bool


# judge ⇄ diagnosis


@dataclass(frozen=True, slots=True)
class Diagnosed:
    explained: tuple[Explained, ...] = ()
    alike: tuple[str, ...] = ()


# zygote ⇄ worker pool


@dataclass(frozen=True, slots=True)
class Fork:
    """One worker more."""


@dataclass(frozen=True, slots=True)
class Forked:
    """A worker; its socket and its output come with it."""

    pid: int


@dataclass(frozen=True, slots=True)
class Finish:
    """End a worker, and all it left. `patient`: it hung up, and how it ends is worth a moment."""

    pid: int
    patient: bool


Order = Fork | Finish

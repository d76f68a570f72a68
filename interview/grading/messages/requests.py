"""The requests: what a client asks a zygote."""

from __future__ import annotations

from interview.dataclass import dataclass

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Suite:
    """Where a hidden suite lies, by its folder's real name, and what of it may be read where it is not ours: paths and
    digests."""

    hidden: str
    agreed: Pairs | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a run may take: seconds of it and of one call, and memory."""

    seconds: float
    call_seconds: float
    memory_mib: int


@dataclass(frozen=True, slots=True)
class Submitted:
    """A submission, and all that its judging is told. `parameters` are the names of the stub's arguments, by function.

    `mistakes` is a line itself (`Mistakes`), read if a check fails; empty where none are looked for. `judged` are the
    checks to be run, all where there are none; `calls`: each call of a check is told. `enough`: no more is reached
    once these checks have failed and the mistake is told that the rest would not change.
    """

    suite: Suite
    source: str
    file: str
    seed: str
    checks: tuple[str, ...]
    provides: tuple[str, ...]
    forbidden: tuple[str, ...]
    parameters: tuple[tuple[str, tuple[str, ...]], ...]
    bounds: Bounds
    one_failure: bool = False
    mistakes: str = ""
    judged: tuple[str, ...] = ()
    calls: bool = False
    enough: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Warm:
    """Collect a suite before the first submission is there."""

    suite: Suite


@dataclass(frozen=True, slots=True)
class Judge:
    submitted: Submitted


@dataclass(frozen=True, slots=True)
class Rehearse:
    """Judge in the judge itself, without a worker."""

    submitted: Submitted


@dataclass(frozen=True, slots=True)
class Probe:
    """What does a worker give up here?"""


@dataclass(frozen=True, slots=True)
class Cancel:
    """End the submission at hand."""


@dataclass(frozen=True, slots=True)
class Repl:
    """Open a REPL on a call of the one check that is `judged`: see `Which` in the events."""

    submitted: Submitted
    which: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Typed:
    """A line at the REPL. `anew`: what was begun before it is dropped."""

    line: str
    anew: bool = False


Request = Warm | Judge | Rehearse | Probe | Cancel | Repl | Typed


@dataclass(frozen=True, slots=True)
class Way:
    """One way to make a mistake: old and new text of a base."""

    base: str
    edits: Pairs


@dataclass(frozen=True, slots=True)
class KnownMistake:
    """`texts` are whole files that make it."""

    id: str
    caught_by: tuple[str, ...]
    ways: tuple[Way, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mistakes:
    """`bases` are right answers, by their file's name."""

    bases: Pairs
    mistakes: tuple[KnownMistake, ...]

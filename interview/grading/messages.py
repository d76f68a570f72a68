"""The messages: requests, events and orders between client, zygote, worker pool, judge session and judge.

A message is a frozen value, and a line: `{"Late": [at, 0.5, true]}`, the type's name and its fields in their order. No
other JSON object is in it, so a mapping goes as pairs. Its ends are of one version and all trusted. What judge and
worker say to each other is no message: one of them is not believed (`wire`).
"""

from __future__ import annotations

import json
from collections import deque
from typing import Any, get_args

from interview.dataclass import dataclass
from interview.text import Text

Pairs = tuple[tuple[str, str], ...]
Fact = bool | int | float | str | Text | None


# client → zygote


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

    `mistakes` is a line itself (`Mistakes`), read if a check fails; empty where none are looked for.
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


Request = Warm | Judge | Rehearse | Probe | Cancel


# the known mistakes of a kata


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


# what a check comes to


@dataclass(frozen=True, slots=True)
class MaskPicture:
    yours: tuple[str, ...]
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BarPicture:
    got: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a check measured. `facts` are what a mistake's sentence may name."""

    got: Text | None = None
    expected: Text | None = None
    picture: MaskPicture | BarPicture | None = None
    facts: tuple[tuple[str, Fact], ...] = ()


NO_EVIDENCE = Evidence()


@dataclass(frozen=True, slots=True)
class Passed:
    pass


@dataclass(frozen=True, slots=True)
class NothingSeen:
    """No pass, and no failure."""

    said: Text


@dataclass(frozen=True, slots=True)
class PremiseFailed:
    said: Text
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Recognised:
    """The suite itself has named the mistake."""

    mistake: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Refuted:
    said: Text
    evidence: Evidence = NO_EVIDENCE


@dataclass(frozen=True, slots=True)
class ReadyMade:
    """It called a function that is to be written."""

    text: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Raised:
    text: str
    type: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Unusable:
    """The suite stumbled over what came back."""

    text: str


Failure = Recognised | Refuted | ReadyMade | Raised | Unusable
Finding = Passed | NothingSeen | PremiseFailed | Failure


# judge → client: events, in their order


@dataclass(frozen=True, slots=True)
class Layers:
    held: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckDone:
    """`call` is the last one made. `printed`: by the calls of a check that failed."""

    check: str
    call: str
    finding: Finding
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Enough:
    """One failure was asked for, and is there."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A known mistake, or two together, give all the answers of a check that failed."""

    check: str
    mistakes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Known mistakes between which nothing decides."""

    mistakes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """The judge has come to its end."""

    forbidden: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class At:
    """Where a run stopped: in a call, of a check or (None) before and between them."""

    call: str
    check: str | None = None


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A layer of the sandbox could not be applied."""

    text: str


@dataclass(frozen=True, slots=True)
class NotLoaded:
    type: str
    text: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Lacks:
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Late:
    """`seconds` is the limit that was passed, of the `whole` run or of a call."""

    at: At
    seconds: float | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class SuiteLate:
    """All time is up, and the suite is at work, at this line of it."""

    at: At
    seconds: float
    line: int


@dataclass(frozen=True, slots=True)
class Gone:
    """The worker has ended. `text`: what it broke of the wire's rules, if it did."""

    at: At
    text: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """A fault of ours."""

    text: str
    at: At = At("")


@dataclass(frozen=True, slots=True)
class SuiteBroken:
    said: Text
    at: At = At("")


Stop = Unlocked | NotLoaded | Lacks | Late | SuiteLate | Gone | Broken | SuiteBroken
Event = Layers | CheckDone | Enough | Explained | Alike | Judged | Stop


# zygote → client: the answer


@dataclass(frozen=True, slots=True)
class Ended:
    """How a worker has ended by itself, if it has."""

    signal: str | None = None
    code: int | None = None


@dataclass(frozen=True, slots=True)
class End:
    """The last event of a submission. `line` is where it was when its time was over."""

    ended: Ended = Ended()
    printed: str = ""
    line: int | None = None
    fault: Broken | SuiteBroken | None = None


@dataclass(frozen=True, slots=True)
class Probed:
    """The layers, or why one `failed`; why a further one is `lacking`, though it was `granted`."""

    torch: str
    held: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    failed: str | None = None
    lacking: str | None = None
    granted: bool = False


# zygote ⇄ judge session


@dataclass(frozen=True, slots=True)
class JudgeWorker:
    """A submission's worker: its socket comes with it."""

    submitted: Submitted
    pid: int


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
    failed: str
    lacking: str
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
Inner = JudgeWorker | Collected | JudgeEnded | Mistakes | Diagnosed | Order | Forked | Ended | Kept | Laid
Message = Request | Event | End | Probed | Inner
PARTS = (Suite, Bounds, Submitted, Way, KnownMistake, MaskPicture, BarPicture, Evidence, At, Text, *get_args(Finding))
KINDS: dict[str, Any] = {each.__name__: each for each in (*get_args(Message), *PARTS)}


def encode(message: Message) -> bytes:
    return json.dumps(message, default=named, check_circular=False).encode() + b"\n"


def named(value: Any) -> dict[str, list[Any]]:
    return {type(value).__name__: [getattr(value, each) for each in value.__match_args__]}


def decode(line: bytes | str) -> Message:
    message: Message = json.loads(line, object_hook=revived)
    return message


def revived(found: dict[str, list[Any]]) -> Any:
    ((name, fields),) = found.items()
    return KINDS[name](*map(settled, fields))


def settled(value: Any) -> Any:
    return tuple(map(settled, value)) if isinstance(value, list) else value


def greeting(layers: Layers | Unlocked) -> dict[str, list[Any]]:
    """A worker's first word, before it knows the submission, as the header of a frame."""
    return named(layers)


def greeted_with(header: Any) -> Layers | Unlocked:
    said = revived(header)
    assert isinstance(said, Layers | Unlocked)
    return said


def probed(torch: str, header: Any, *, lacking: str | None = None, granted: bool = False) -> Probed:
    """What a worker's first word comes to."""
    match greeted_with(header):
        case Layers(held, missing):
            return Probed(torch, held, missing, None, lacking, granted)
        case Unlocked(text):
            return Probed(torch, failed=text)


class Inbox:
    """Messages as their bytes come, however they are cut."""

    def __init__(self) -> None:
        self.lines: deque[bytes] = deque()
        self.rest = b""

    def put(self, chunk: bytes) -> None:
        *lines, self.rest = (self.rest + chunk).split(b"\n")
        self.lines.extend(lines)

    def take(self) -> Message | None:
        return decode(self.lines.popleft()) if self.lines else None

    def strike(self, message: Message) -> bool:
        """Take this one out of turn, if it has come."""
        line = encode(message).rstrip()
        if line not in self.lines:
            return False
        self.lines.remove(line)
        return True

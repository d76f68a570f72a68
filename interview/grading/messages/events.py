"""The events: what a judge tells the client, in their order; and the zygote's answer, which is the last."""

from __future__ import annotations

from interview.dataclass import dataclass
from interview.grading.messages.findings import Finding
from interview.text import Text


@dataclass(frozen=True, slots=True)
class Layers:
    held: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Called:
    """A call as it is shown, and what came back, in a few words."""

    call: str
    came: str


FIRST_CALLS, LAST_CALLS = 12, 3  # of a check, that are told
Which = tuple[int, int]  # a call of a check: its journey, from 1, and which of the journey's


@dataclass(frozen=True, slots=True)
class CheckDone:
    """`call` is the last one made, the one at `made`. `printed`: by the calls of a check that failed. `calls` are told
    where they were asked for, but for some `left_out` from their middle."""

    check: str
    call: str
    finding: Finding
    printed: str = ""
    made: Which = (0, 0)
    calls: tuple[Called, ...] = ()
    left_out: int = 0


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
    """Where a run stopped: in a call, of a check or (None) before and between them. `made`: see CheckDone."""

    call: str
    check: str | None = None
    made: Which = (0, 0)


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A layer of the sandbox could not be applied."""

    layer: str
    why: Text

    @property
    def said(self) -> Text:
        return Text(f"{self.layer}: {self.why.en}", f"{self.layer}：{self.why.zh}")


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

    said: Text
    at: At = At("")


@dataclass(frozen=True, slots=True)
class SuiteBroken:
    said: Text
    at: At = At("")


@dataclass(frozen=True, slots=True)
class Opened:
    """A REPL is open, on this call as it is shown."""

    call: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a line at the REPL came to: what it printed, but for some lines `left_out`; whether it wants `more` lines,
    has `raised`, or has `left` with an exit code."""

    lines: tuple[str, ...] = ()
    left_out: int = 0
    more: bool = False
    raised: bool = False
    left: int | None = None


Stop = Unlocked | NotLoaded | Lacks | Late | SuiteLate | Gone | Broken | SuiteBroken
Event = Layers | CheckDone | Enough | Explained | Alike | Judged | Opened | Said | Stop


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
    failed: Unlocked | None = None
    lacking: Text | None = None
    granted: bool = False

"""The findings: what a check comes to."""

from __future__ import annotations

from interview.dataclass import dataclass
from interview.text import Text

Fact = bool | int | float | str | Text | None


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

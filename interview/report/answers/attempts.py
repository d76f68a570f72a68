"""The attempts at a kata, for a program."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from interview.content.katas.kata import Kata
from interview.dataclass import dataclass
from interview.drill.attempts import Kept
from interview.practice.kata.attempts import Copy, State, mistake_of
from interview.report.fields import Count, File, Matches, Measure, Number


@dataclass(frozen=True, slots=True)
class KnownMistakeJson:
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class KeptJson:
    """One file that was checked, as it was last judged, or put aside. `checked`: how often; `at`: first.

    `gave_up`: after it the solution was asked for before it was earned; `seen`: it was checked after that.
    `status` is a verdict's, or `unchecked`; `minutes` those since it was handed out, null where nobody knows. `copy` is
    null where it is gone.
    """

    number: Number
    at: datetime
    status: str
    passed: Count
    total: Count
    failed: tuple[str, ...]
    mistake: KnownMistakeJson | None
    minutes: Measure | None
    hints: Count
    gave_up: bool
    seen: bool
    checked: Count
    sha256: Annotated[str, Matches("^[0-9a-f]{64}$")]
    copy: File | None
    changed: bool


@dataclass(frozen=True, slots=True)
class AttemptsJson:
    """`kata NAME --attempts --json`, the newest last."""

    kata: str
    attempts: tuple[KeptJson, ...]


@dataclass(frozen=True, slots=True)
class AttemptJson:
    """`kata NAME --attempts N --json`. `source` is null where the copy is gone."""

    kata: str
    attempt: KeptJson
    source: str | None


@dataclass(frozen=True, slots=True)
class DifferenceJson:
    """`kata NAME --diff A B --json`: the lines of a unified diff without its head; none where there is none."""

    kata: str
    a: str
    b: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RestoredJson:
    """`kata NAME --restore N --json`: the new file."""

    kata: str
    number: Number
    file: File


@dataclass(frozen=True, slots=True)
class AgainJson:
    """`kata NAME --again --json`: the blank file, and the number of the attempt that was in its place, if any was."""

    kata: str
    file: File
    number: Number | None


def attempts_json(kata: Kata, attempts: Iterable[tuple[Kept, Copy]], lang: str) -> AttemptsJson:
    return AttemptsJson(kata.id, tuple(kept_json(kata, kept, copy, lang) for kept, copy in attempts))


def attempt_json(kata: Kata, kept: Kept, copy: Copy, lang: str) -> AttemptJson:
    return AttemptJson(kata.id, kept_json(kata, kept, copy, lang), None if copy.state is State.MISSING else copy.source)


def kept_json(kata: Kata, kept: Kept, copy: Copy, lang: str) -> KeptJson:
    last = kept.last
    mistake = mistake_of(kata, kept)
    return KeptJson(
        number=kept.number,
        at=kept.at,
        status=last.status if last else "unchecked",
        passed=last.passed if last else 0,
        total=last.total if last else 0,
        failed=last.failed if last else (),
        mistake=KnownMistakeJson(last.mistake, mistake.say(lang)) if last and last.mistake and mistake else None,
        minutes=None if kept.minutes is None else round(kept.minutes, 2),
        hints=last.hints if last else 0,
        gave_up=kept.gave_up,
        seen=kept.seen,
        checked=kept.times,
        sha256=kept.sha256,
        copy=copy.path if copy.state is not State.MISSING else None,
        changed=copy.state is State.CHANGED,
    )

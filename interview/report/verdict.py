"""A verdict, for a program."""

from __future__ import annotations

import os
from typing import Annotated

from interview.dataclass import dataclass
from interview.grading.verdict import CheckResult, Outcome, Status, Told, Verdict
from interview.report.fields import Absolute, CardName, Layer, Matches, Measure, Number


@dataclass(frozen=True, slots=True)
class CalledJson:
    """A call as a verdict shows it, and what came back in a few words."""

    call: str
    came: str


@dataclass(frozen=True, slots=True)
class CheckJson:
    """One check of a hidden suite; `name` is its id. `calls` with -v: of a check that failed or was asked for, its
    first and last ones."""

    name: str
    outcome: Outcome
    title: str
    message: str | None
    call: str | None
    got: str | None
    expected: str | None
    line: Number | None = None
    calls: tuple[CalledJson, ...] = ()


@dataclass(frozen=True, slots=True)
class MistakeJson:
    """The known mistake that was recognised."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class VerdictJson:
    """`kata NAME --check --json`: one object; `grade … --json`: one a line, in the order of completion.

    `only` are the checks that were asked for, none where all were.
    """

    kata: str
    status: Status
    seed: Annotated[str, Matches("^[0-9]*$")]
    file: Annotated[str, Absolute]  # in UTF-8, for a name may be any bytes
    sha256: Annotated[str, Matches("^[0-9a-f]{64}$")]
    seconds: Measure
    layers: tuple[Layer, ...]
    missing_layers: tuple[Layer, ...]
    attempt: Number | None
    checks: tuple[CheckJson, ...]
    mistake: MistakeJson | None
    cards: tuple[CardName, ...]
    forbidden: tuple[str, ...]
    only: tuple[str, ...] = ()


def verdict_json(verdict: Verdict, *, lang: str, attempt: int | None) -> VerdictJson:
    return VerdictJson(
        kata=verdict.kata,
        status=verdict.status,
        seed=verdict.seed,
        file=os.fsencode(verdict.file.absolute()).decode("utf-8", "replace"),
        sha256=verdict.sha256,
        seconds=round(verdict.seconds, 6),
        layers=verdict.layers,
        missing_layers=verdict.missing_layers,
        attempt=attempt,
        checks=tuple(check_json(each, verdict, lang) for each in verdict.checks),
        mistake=mistake_json(verdict.mistake, lang) if verdict.mistake else None,
        cards=verdict.cards,
        forbidden=verdict.forbidden,
        only=verdict.asked,
    )


def mistake_json(mistake: Told, lang: str) -> MistakeJson:
    return MistakeJson(mistake.id, mistake.text.say(lang))


def check_json(result: CheckResult, verdict: Verdict, lang: str) -> CheckJson:
    """With the line at which the whole run stopped, where this check tells why."""
    told = result.check.id in verdict.asked or result.outcome is Outcome.FAILED
    stopped = verdict.line if verdict.reason is not None and result.message == verdict.reason else None
    return CheckJson(
        name=result.check.id,
        outcome=result.outcome,
        title=result.check.title.say(lang),
        message=result.message.say(lang) if result.message else None,
        call=result.call or None,
        got=result.got.say(lang) if result.got else None,
        expected=result.expected.say(lang) if result.expected else None,
        line=result.line or stopped,
        calls=tuple(CalledJson(each.call, each.came) for each in (result.calls if told else ())),
    )

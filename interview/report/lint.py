"""Lint's findings, for a program. Its sentences are English, whatever the person's language."""

from __future__ import annotations

from typing import Annotated

from interview.dataclass import dataclass
from interview.proof.findings import Findings
from interview.proof.katas.prove import Row
from interview.report.fields import Count, Measure, Number


@dataclass(frozen=True, slots=True)
class ProblemJson:
    file: str
    line: Number
    text: str


@dataclass(frozen=True, slots=True)
class UnprovedJson:
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class LintedDeckJson:
    file: str
    remembered: bool


@dataclass(frozen=True, slots=True)
class ProvedKataJson:
    kata: str
    checks: Count
    accepted: Count
    accepted_of: Count
    caught: Count
    caught_of: Count
    mutants: Count
    mutants_of: Count
    equivalent: Count
    seconds: Measure
    verdict: Measure
    remembered: bool


@dataclass(frozen=True, slots=True)
class LintJson:
    """`lint --json`."""

    problems: tuple[ProblemJson, ...]
    unproved: tuple[UnprovedJson, ...]
    cards: Count
    decks: Annotated[
        tuple[LintedDeckJson, ...],
        "The decks looked at. `remembered`: the code of its cards was proved before and has not changed since.",
    ]
    katas: Annotated[
        tuple[ProvedKataJson, ...],
        "What was proved of each. `mutants` are caught or, as kata.yaml says, `equivalent`; none were tried where "
        "`mutants_of` is 0. `remembered`: it was proved before and has not changed since; `seconds` are those of that "
        "proof.",
    ]


def lint_json(found: Findings) -> LintJson:
    return LintJson(
        problems=tuple(ProblemJson(str(each.path), each.line, each.text) for each in found.problems),
        unproved=tuple(UnprovedJson(str(path), str(reason)) for path, reason in found.unproved.items()),
        cards=found.cards,
        decks=tuple(LintedDeckJson(str(path), remembered=known) for path, known in found.decks.items()),
        katas=tuple(map(proved_json, found.rows)),
    )


def proved_json(row: Row) -> ProvedKataJson:
    return ProvedKataJson(
        kata=row.kata,
        checks=row.checks,
        accepted=row.accepted,
        accepted_of=row.accepted_of,
        caught=row.caught,
        caught_of=row.caught_of,
        mutants=row.mutants,
        mutants_of=row.mutants_of,
        equivalent=row.equivalent,
        seconds=row.seconds,
        verdict=row.verdict,
        remembered=row.remembered,
    )

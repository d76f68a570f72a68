"""The solution, for a program."""

from __future__ import annotations

from pathlib import Path

from interview.content.katas.kata import Kata
from interview.dataclass import dataclass
from interview.practice.answers.earning import Owed
from interview.practice.answers.solution import Answer, Shown
from interview.report.fields import Count, File, Measure


@dataclass(frozen=True, slots=True)
class StyleJson:
    """One of our right answers; `name` is what --style takes."""

    name: str
    title: str
    why: str | None
    cost: str | None
    source: str


@dataclass(frozen=True, slots=True)
class FollowUpJson:
    ask: str
    answer: str | None


@dataclass(frozen=True, slots=True)
class SolutionJson:
    """`kata NAME --solution --json`, and with --give-up. Not earned: exit code 1, `owed` says what is missing, and
    nothing is shown. `alike` is the share of the two syntax trees that is the same, null where yours is no Python."""

    kata: str
    earned: bool
    given_up: bool
    tries_owed: Count
    minutes_owed: Count
    file: File
    own: str | None
    note: str | None
    shown: StyleJson | None
    alike: Measure | None
    others: tuple[StyleJson, ...]
    next: tuple[FollowUpJson, ...]


def owed_json(kata: Kata, path: Path, owed: Owed) -> SolutionJson:
    return SolutionJson(kata.id, False, False, owed.tries, owed.minutes, path, None, None, None, None, (), ())


def solution_json(shown: Shown, path: Path, *, lang: str, given_up: bool) -> SolutionJson:
    pair = shown.pair
    return SolutionJson(
        kata=shown.kata.id,
        earned=True,
        given_up=given_up,
        tries_owed=0,
        minutes_owed=0,
        file=path,
        own=shown.own or None,
        note=shown.note or None,
        shown=style_json(pair.answer, lang),
        alike=round(pair.alike.share, 4) if pair.alike else None,
        others=tuple(style_json(each, lang) for each in shown.answers if each is not pair.answer),
        next=tuple(
            FollowUpJson(each.ask.say(lang), each.answer.say(lang) if each.answer else None)
            for each in shown.kata.after
        ),
    )


def style_json(answer: Answer, lang: str) -> StyleJson:
    said = answer.style
    return StyleJson(
        name=answer.name,
        title=answer.title.say(lang),
        why=said.why.say(lang) if said else None,
        cost=said.cost.say(lang) if said and said.cost else None,
        source=answer.source,
    )

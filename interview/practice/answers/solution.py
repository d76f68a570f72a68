"""The solution: our right answers as values, and the one that is nearest to a person's own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from interview.content.katas.kata import Kata, Style
from interview.content.katas.mutants import REFERENCE
from interview.content.reading.problem import Problem, UnsoundError
from interview.content.reading.source import read_source
from interview.dataclass import dataclass
from interview.practice.answers.likeness import Form, distance, form_of
from interview.text import Text

HEAD = re.compile(r"""\s*[rR]?(\"{3}|'{3}).*?\1""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Answer:
    """One of our right answers. `name` is its file's without `.py`; `style` says what there is to say of it, if
    anything is written."""

    name: str
    source: str
    style: Style | None

    @property
    def title(self) -> Text:
        words = self.name.replace("_", " ")
        return self.style.title if self.style else Text(words, words)


@dataclass(frozen=True, slots=True)
class Beside:
    """The answer that stands beside a person's file. `alike` is None where there is nothing to compare."""

    answer: Answer
    alike: Alike | None = None


@dataclass(frozen=True, slots=True)
class Alike:
    """Two forms, and the share of them that is the same, from 0 to 1."""

    own: Form
    ours: Form
    share: float


@dataclass(frozen=True, slots=True)
class Shown:
    """What a solution shows. `own` is the person's file without the task, `note` why it is not compared or not there;
    `asked`: this answer was asked for, and need not be the nearest."""

    kata: Kata
    file: str
    own: str
    note: str
    pair: Beside
    answers: Sequence[Answer]
    asked: bool


def answers_of(kata: Kata) -> tuple[Answer, ...]:
    """The reference first, the others as `styles` orders them; what it leaves out comes last, by name."""
    styles = {style.file: style for style in kata.styles}
    places = {name: place for place, name in enumerate(styles)}
    paths = sorted(
        kata.accepted, key=lambda path: (path.name != REFERENCE, places.get(path.name, len(places)), path.name)
    )
    if not paths:
        raise UnsoundError([Problem(kata.folder / "kata.yaml", 1, "there is no accepted answer", "没有正确解答")])
    return tuple(Answer(path.stem, read_source(path), styles.get(path.name)) for path in paths)


def beside(answers: Sequence[Answer], own: Form | None, provides: Sequence[str], name: str | None = None) -> Beside:
    """The answer of that name; else the nearest, or the first where nothing is to compare."""
    asked = [each for each in answers if each.name == name] or answers
    if own is None:
        return Beside(asked[0])
    forms = ((each, form_of(each.source, provides)) for each in asked)
    pairs = [Beside(each, Alike(own, ours, share_of(own, ours))) for each, ours in forms if ours]
    return max(pairs, key=lambda pair: pair.alike.share if pair.alike else 0.0, default=Beside(asked[0]))


def share_of(one: Form, other: Form) -> float:
    """For its length and the other's: a short answer is not near to a long file only because there is little of it."""
    most = len(one.line) + len(other.line)
    return 1.0 - distance(one.line, other.line) / most if most else 1.0


def without_task(source: str) -> str:
    """A file without the docstring at its head: the task, as it was handed out."""
    head = HEAD.match(source)
    return source[head.end() :].strip("\n") if head else source.strip("\n")

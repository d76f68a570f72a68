"""The solution: our right answers as values, and the one that is nearest to a person's own."""

from __future__ import annotations

import re
from collections.abc import Sequence

from interview.content.katas.kata import Kata, Style
from interview.content.katas.mutants import REFERENCE
from interview.content.reading.problem import Problem, UnsoundError
from interview.content.reading.source import read_source
from interview.dataclass import dataclass
from interview.practice.kata.likeness import Form, distance, form_of
from interview.text import Text

HEAD = re.compile(r"""\s*[rR]?(\"{3}|'{3}).*?\1""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Answer:
    """One of our right answers. `name` is its file's without `.py`; `style` says what there is to say of it, if
    anything is written."""

    name: str
    source: str
    form: Form | None
    style: Style | None

    @property
    def title(self) -> Text:
        words = self.name.replace("_", " ")
        return self.style.title if self.style else Text(words, words)


@dataclass(frozen=True, slots=True)
class Beside:
    """The answer that stands beside a person's file, and the share of their trees that is the same, from 0 to 1.

    `own` and `alike` are None where the file is no Python, or none is there.
    """

    answer: Answer
    own: Form | None = None
    alike: float | None = None


def answers_of(kata: Kata) -> tuple[Answer, ...]:
    """The reference first, the others by name."""
    styles = {style.file: style for style in kata.styles}
    paths = sorted(kata.accepted, key=lambda path: (path.name != REFERENCE, path.name))
    if not paths:
        raise UnsoundError([Problem(kata.folder / "kata.yaml", 1, "there is no accepted answer", "没有正确解答")])
    sources = [(path, read_source(path)) for path in paths]
    return tuple(
        Answer(path.stem, source, form_of(source, kata.provides), styles.get(path.name)) for path, source in sources
    )


def beside(answers: Sequence[Answer], own: Form | None, name: str | None = None) -> Beside:
    """The answer of that name; else the nearest, or the first where nothing is to compare."""
    asked = [each for each in answers if each.name == name] or answers
    pairs = [Beside(each, own, alike(own, each.form)) for each in asked if own and each.form]
    return max(pairs, key=lambda pair: pair.alike or 0.0, default=Beside(asked[0], own))


def without_task(source: str) -> str:
    """A file without the docstring at its head: the task, as it was handed out."""
    head = HEAD.match(source)
    return source[head.end() :].strip("\n") if head else source.strip("\n")


def alike(one: Form, other: Form) -> float:
    """For its length and the other's: a short answer is not near to a long file only because there is little of it."""
    most = len(one.line) + len(other.line)
    return 1.0 - distance(one.line, other.line) / most if most else 1.0

"""The mutants of right answers: a known mistake is an edit of one, and its source is built from both.

An edit replaces a text that stands exactly once in its base. Of a text of several lines the later ones are written
relative to the line in which it begins, and so are those that take its place: neither shows how deep the place is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

from interview.dataclass import dataclass
from interview.errors import ContentError

REFERENCE = "reference.py"
INDENT = re.compile(r"^ *", re.MULTILINE)
CODE_SHOWN = 60  # characters of an edit in a complaint


@dataclass(frozen=True, slots=True)
class Edit:
    """`old`, which stands once in the base, becomes `new`. `line` is that of kata.yaml."""

    old: str
    new: str
    line: int = 1


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to make a mistake: edits of one right answer, by its file's name."""

    edits: tuple[Edit, ...]
    base: str = REFERENCE


@dataclass(frozen=True, slots=True)
class Span:
    """Where an edit's text stands in a source, and what takes its place."""

    start: int
    end: int
    new: str


class MisfitError(ContentError):
    """An edit that cannot be made: its text is nowhere, or more than once, or where another edit is."""

    def __init__(self, en: str, zh: str, line: int) -> None:
        super().__init__(en, zh)
        self.line = line


def mutant(source: str, edits: Iterable[Edit], base: str = REFERENCE) -> str:
    """The source with its edits made. Raises MisfitError."""
    edits = tuple(edits)
    spans = [span(source, edit, base) for edit in edits]
    ordered = sorted(zip(spans, edits, strict=True), key=lambda pair: pair[0].start)
    for (one, _), (other, edit) in pairwise(ordered):
        if one.end > other.start:
            raise MisfitError(
                f"two edits of one mistake touch the same place of {base}; write them as one",
                f"同一个错误有两处修改落在 {base} 的同一位置；请合成一处",
                edit.line,
            )
    for each in reversed([span for span, _ in ordered]):  # from the end on, so that no place moves
        source = source[: each.start] + each.new + source[each.end :]
    return source


def compatible(source: str, one: Iterable[Edit], other: Iterable[Edit]) -> str | None:
    """Both mistakes in one file; None where they touch the same place."""
    try:
        return mutant(source, (*one, *other))
    except MisfitError:
        return None


def span(source: str, edit: Edit, base: str) -> Span:
    found = [Span(start, start + len(old), laid(edit.new, indent)) for start, old, indent in places(source, edit.old)]
    shown = " ".join(edit.old.split())
    shown = shown if len(shown) <= CODE_SHOWN else f"{shown[:CODE_SHOWN]}…"
    if not found:
        raise MisfitError(
            f"`{shown}` is not in {base}; `old` is copied from there", f"{base} 里没有 `{shown}`；`old` 要从那里照抄",
            edit.line,
        )  # fmt: skip
    if len(found) > 1:
        raise MisfitError(
            f"`{shown}` stands {len(found)} times in {base}; add to `old` what is beside it until it is unique",
            f"`{shown}` 在 {base} 里出现了 {len(found)} 次；请把旁边的代码也写进 `old`，直到只有一处",
            edit.line,
        )
    return found[0]


def places(source: str, old: str) -> list[tuple[int, str, str]]:
    """Each place where the text stands: start, the very text, and the indentation of its first line."""
    found = []
    for indent in sorted({each.group() for each in INDENT.finditer(source)}) if "\n" in old else [None]:
        text = old if indent is None else laid(old, indent)
        start = source.find(text)
        while start >= 0:
            own = indent_at(source, start)
            if indent is None or own == indent:
                found.append((start, text, own))
            start = source.find(text, start + 1)
    return found


def laid(text: str, indent: str) -> str:
    """The lines after the first, as deep as the place is."""
    first, *rest = text.split("\n")
    return "\n".join([first, *(f"{indent}{each}" if each else "" for each in rest)])


def indent_at(source: str, place: int) -> str:
    line = source[source.rfind("\n", 0, place) + 1 :]
    return line[: len(line) - len(line.lstrip(" "))]


def built(variant: Variant, bases: Mapping[str, str]) -> str:
    """A variant's source. Raises MisfitError; an unknown base is one too."""
    line = variant.edits[0].line
    if variant.base not in bases:
        raise MisfitError(
            f"there is no accepted answer {variant.base}", f"submissions/accepted/ 里没有 {variant.base}", line
        )
    return mutant(bases[variant.base], variant.edits, variant.base)

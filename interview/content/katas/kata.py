"""The kata: its folder as one value."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from interview.content.katas.mutants import REFERENCE, Variant
from interview.dataclass import dataclass
from interview.text import Text


@dataclass(frozen=True, slots=True)
class Limits:
    """Wall-clock seconds for one run of the suite; memory in MiB above the idle worker's."""

    seconds: float
    memory_mib: int


@dataclass(frozen=True, slots=True)
class Check:
    """One test function of the hidden suite: `id` is its name without `test_`."""

    id: str
    title: Text
    rule: Text
    after: str | None
    cards: tuple[str, ...]


def standing_on(checks: Sequence[Check], asked: Collection[str]) -> tuple[str, ...]:
    """The checks that are asked for, and those that they come after and mean nothing without; in their order."""
    after = {each.id: each.after for each in checks}
    found: set[str] = set()
    for each in asked:
        at: str | None = each
        while at in after and at not in found:
            found.add(at)
            at = after[at]
    return tuple(each.id for each in checks if each.id in found)


@dataclass(frozen=True, slots=True)
class KataMistake:
    """A known misconception. `text` has placeholders that the hidden suite's measurements fill.

    `variants` are the ways to make it that are edits of a right answer; a file of its id is one more.
    """

    id: str
    caught_by: tuple[str, ...]
    text: Text
    variants: tuple[Variant, ...] = ()


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A mechanical mutant that is as right as its base: how its line reads, and why that changes nothing."""

    becomes: str
    why: str
    line: int
    was: str | None = None  # how it reads in the base, where mutants of several lines read alike

    def is_of(self, before: str, after: str) -> bool:
        """Is it this mutant, a line before and after its change?"""
        return after == self.becomes and self.was in (None, before)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What an interviewer asks next. `answer` is None where one paragraph says both."""

    ask: Text
    answer: Text | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """The way of one accepted answer: what it does better or pays, and what it costs in memory, passes, digits."""

    file: str
    title: Text
    why: Text
    cost: Text | None
    line: int


@dataclass(frozen=True, slots=True)
class Kata:
    """`agreed` is for a kata of others: the files of its folder and their SHA-256, as the person agreed to run them.

    `lender` is the folder of the kata whose hidden suite judges this one too; `needs` are as kata.yaml writes them.
    """

    id: str
    title: Text
    level: int
    minutes: int
    limits: Limits
    provides: tuple[str, ...]
    forbidden: tuple[str, ...]
    hints: tuple[Text, ...]
    checks: tuple[Check, ...]
    mistakes: tuple[KataMistake, ...]
    after: tuple[FollowUp, ...]
    prompt: Text
    stub: str
    folder: Path
    agreed: Mapping[str, str] | None = None
    equivalents: tuple[Equivalent, ...] = ()
    lender: Path | None = None
    needs: tuple[str, ...] = ()
    styles: tuple[Style, ...] = ()

    @property
    def hidden(self) -> Path:
        return (self.lender or self.folder) / "hidden.py"

    @property
    def accepted(self) -> tuple[Path, ...]:
        return tuple(sorted((self.folder / "submissions" / "accepted").glob("*.py")))

    @property
    def reference(self) -> Path:
        return self.folder / "submissions" / "accepted" / REFERENCE

    @property
    def wrong_files(self) -> tuple[Path, ...]:
        """The wrong answers that are files of their own: a mistake that is no small edit."""
        return tuple(sorted((self.folder / "submissions" / "wrong_answer").glob("*.py")))

    @property
    def wrong_answers(self) -> int:
        """How many there are: the files, and the variants of each mistake."""
        return len(self.wrong_files) + sum(len(each.variants) for each in self.mistakes)


def mistake_of(wrong_answer: Path) -> str:
    """Which mistake a file makes: `ID.py`, or `ID__VARIANT.py` where one can be made in several ways."""
    return wrong_answer.stem.partition("__")[0]

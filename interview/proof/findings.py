"""The findings of one run of lint."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from interview.content.reading.problem import Problem
from interview.dataclass import dataclass
from interview.errors import UsageError
from interview.proof.katas.prove import Row


@dataclass(frozen=True, slots=True)
class Findings:
    """`decks`: was it proved before, and not again? `unproved`: why something was not proved at all."""

    problems: tuple[Problem, ...]
    rows: tuple[Row, ...]
    decks: Mapping[Path, bool]
    cards: int
    katas: int
    unproved: Mapping[Path, UsageError]

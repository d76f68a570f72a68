"""Fields of a report: the types that its values have, each with what schema.json says of it beyond the type.

`Annotated[Count, "…"]` describes one field. A field with a default is left out of the object where it has that value.
"""

from __future__ import annotations

from enum import Enum, IntEnum
from pathlib import Path
from typing import Annotated

from interview.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Least:
    minimum: int


@dataclass(frozen=True, slots=True)
class Matches:
    pattern: str


@dataclass(frozen=True, slots=True)
class Exactly:
    items: int


class Among:
    """One of these words; as keys of a mapping: all of them."""

    def __init__(self, *words: str) -> None:
        self.words = words


Count = Annotated[int, Least(0)]
Number = Annotated[int, Least(1)]
Measure = Annotated[float, Least(0)]
CardName = Annotated[str, Matches("^[a-z0-9][a-z0-9_-]*/[a-z0-9][a-z0-9_-]*$")]
Day = Matches(r"^\d{4}-\d{2}-\d{2}$")
Moment = Matches(r"^\d{4}-\d{2}-\d{2}T.*([+-]\d{2}:\d{2})$")
Absolute = Matches("^(/|[A-Za-z]:)")
File = Annotated[Path, Absolute]
Layer = Annotated[
    str,
    Among(
        "session", "output", "descriptors", "environment", "limits", "namespaces", "files", "capabilities", "orphan",
        "calls",
    ),
]  # fmt: skip
KataStatus = Annotated[str, Among("new", "tried", "passed", "due")]


def word(member: Enum) -> str:
    """How JSON names it: a rating by its name, whatever has a word by that."""
    return member.name.lower() if isinstance(member, IntEnum) else str(member.value)

"""The roles that a person may prepare for: how each weighs the topics, and the source of each weight (roles.toml)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from interview.dataclass import dataclass
from interview.text import Text

FILE = Path(__file__).with_name("roles.toml")


@dataclass(frozen=True, slots=True)
class Weight:
    topic: str
    weight: float
    source: str


@dataclass(frozen=True, slots=True)
class Role:
    """`weights` are those that differ from 1; none where no source says how often what is asked."""

    name: str
    title: Text
    weights: tuple[Weight, ...]

    def weight(self, deck: str) -> float:
        return next((each.weight for each in self.weights if each.topic == deck), 1.0)


@cache
def roles() -> Mapping[str, Role]:
    import tomllib

    return {name: role(name, table) for name, table in tomllib.loads(FILE.read_text(encoding="utf-8")).items()}


def role(name: str, table: Mapping[str, object]) -> Role:
    match table:
        case {"en": str(en), "zh": str(zh), **rest}:
            weighs = rest.get("weighs", [])
            assert isinstance(weighs, list)
            weights = (Weight(each["topic"], float(each["weight"]), each["source"]) for each in weighs)
            return Role(name, Text(en, zh), tuple(weights))
        case _:
            raise TypeError(f"{FILE}: {name}")

"""The need: what a deck or a kata asks for first, as its `needs` names it.

`softmax` is one of the same kind, or where there is none, of the other; `kata:softmax` and `deck:softmax` say which.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, get_args

from interview.content.reading.field import ID, Node, entry_of
from interview.content.reading.problem import printable
from interview.dataclass import dataclass

Kind = Literal["kata", "deck"]
KINDS: tuple[Kind, ...] = get_args(Kind)
KEY = "needs"


@dataclass(frozen=True, slots=True)
class Step:
    """A deck or a kata as a step of the path."""

    kind: Kind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


def parse_needs(node: Node) -> tuple[str, ...]:
    """As they are written; whether there is such a thing is not asked here, for a pack may come without its base."""
    return tuple(filter(None, (parse_need(each) for each in node.items(KEY, required=False))))


def parse_need(node: Node) -> str:
    said = node.as_string(entry_of(KEY))
    kind, colon, name = said.rpartition(":")
    if said.strip() and not (ID.fullmatch(name) and (kind in KINDS if colon else True)):
        shown = printable(said)
        node.complain(
            f"an entry of `{KEY}` is `{shown}`; write the name of a deck or a kata, or `kata:NAME`, `deck:NAME`",
            f"`{KEY}` 里的一项是 `{shown}`；请写题库或手写题的名字，或写成 `kata:NAME`、`deck:NAME`",
        )
        return ""
    return said.strip()


def candidates(need: str, kind: Kind) -> tuple[Step, ...]:
    """What a need of a step of this kind may mean, the likelier first."""
    said, _, name = need.rpartition(":")
    other: Kind = "deck" if kind == "kata" else "kata"
    return tuple(Step(each, name) for each in (kind, other) if said in ("", each))


def meant(need: str, kind: Kind, known: Collection[Step]) -> Step | None:
    """The step that a need of a step of this kind means; None where nothing of that name is known."""
    return next((each for each in candidates(need, kind) if each in known), None)

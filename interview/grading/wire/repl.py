"""The REPL's frames: a call that a REPL is opened on, the lines typed there, and what they come to.

Opening it is the last thing that a judge asks of a worker; from then on only lines and answers go over the wire.
"""

from __future__ import annotations

from typing import Any

from interview.dataclass import dataclass
from interview.grading.messages.events import Said
from interview.grading.wire.frames import WireError
from interview.grading.wire.values import Decoder, Encoder

OP = "repl"
LINES, WIDEST, LONGEST = 400, 1000, 40_000  # of what one line prints: lines, characters of one, characters of all


@dataclass(frozen=True, slots=True)
class Enter:
    """A call, as a request has it (see `Call`), and the names of its positional arguments. No call: no target."""

    names: list[str]
    target: list[Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    seed: int
    other: int
    grad: bool


def enter_header(enter: Enter, encoder: Encoder) -> dict[str, Any]:
    return {"op": OP, **{name: encoder.encode(getattr(enter, name)) for name in Enter.__match_args__}}


def entered(header: dict[str, Any], decoder: Decoder) -> Enter:
    return Enter(*(decoder.decode(header[name]) for name in Enter.__match_args__))


def said_header(said: Said) -> dict[str, Any]:
    return {str(name): getattr(said, name) for name in Said.__match_args__} | {"lines": list(said.lines)}


def said_of(header: dict[str, Any]) -> Said:
    """An answer, which is the submission's word: of the right kinds and sizes, or WireError."""
    match tuple(header.get(name) for name in Said.__match_args__):
        case [list(lines), int(left_out), bool(more), bool(raised), int() | None as left] if are_texts(lines):
            return Said(tuple(each[: WIDEST + 1] for each in lines[: LINES + 1]), left_out, more, raised, left)
        case _:
            raise WireError("an answer at the REPL cannot be read")


def are_texts(lines: list[Any]) -> bool:
    return all(isinstance(each, str) for each in lines)

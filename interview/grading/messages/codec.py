"""The codec: a message is a line, `{"Late": [at, 0.5, true]}`, the type's name and its fields in their order.

No other JSON object is in it, so a mapping goes as pairs. Both ends are of one version, and trusted.
"""

from __future__ import annotations

import json
from collections import deque
from typing import Any, get_args

from interview.grading.messages.events import At, Called, End, Ended, Event, Layers, Probed, Unlocked
from interview.grading.messages.findings import BarPicture, Evidence, Finding, MaskPicture
from interview.grading.messages.orders import (
    Collected,
    Diagnosed,
    Forked,
    JudgeEnded,
    JudgeWorker,
    Kept,
    Laid,
    Order,
    ReplWorker,
)
from interview.grading.messages.requests import Bounds, KnownMistake, Mistakes, Request, Submitted, Suite, Way
from interview.text import Text

Inner = JudgeWorker | ReplWorker | Collected | JudgeEnded | Mistakes | Diagnosed | Order | Forked | Ended | Kept | Laid
Message = Request | Event | End | Probed | Inner
PARTS = (
    Suite,
    Bounds,
    Submitted,
    Way,
    KnownMistake,
    MaskPicture,
    BarPicture,
    Evidence,
    At,
    Called,
    Text,
    *get_args(Finding),
)
KINDS: dict[str, Any] = {each.__name__: each for each in (*get_args(Message), *PARTS)}


def encode(message: Message) -> bytes:
    return json.dumps(message, default=named, check_circular=False).encode() + b"\n"


def named(value: Any) -> dict[str, list[Any]]:
    return {type(value).__name__: [getattr(value, each) for each in value.__match_args__]}


def decode(line: bytes | str) -> Message:
    message: Message = json.loads(line, object_hook=revived)
    return message


def revived(found: dict[str, list[Any]]) -> Any:
    ((name, fields),) = found.items()
    return KINDS[name](*map(settled, fields))


def settled(value: Any) -> Any:
    return tuple(map(settled, value)) if isinstance(value, list) else value


def greeting(layers: Layers | Unlocked) -> dict[str, list[Any]]:
    """A worker's first word, before it knows the submission, as the header of a frame."""
    return named(layers)


def greeted_with(header: Any) -> Layers | Unlocked:
    said = revived(header)
    assert isinstance(said, Layers | Unlocked)
    return said


def probed(torch: str, header: Any, *, lacking: Text | None = None, granted: bool = False) -> Probed:
    """What a worker's first word comes to."""
    match greeted_with(header):
        case Layers(held, missing):
            return Probed(torch, held, missing, None, lacking, granted)
        case Unlocked() as failed:
            return Probed(torch, failed=failed)


class Inbox:
    """Messages as their bytes come, however they are cut."""

    def __init__(self) -> None:
        self.lines: deque[bytes] = deque()
        self.rest = b""

    def put(self, chunk: bytes) -> None:
        *lines, self.rest = (self.rest + chunk).split(b"\n")
        self.lines.extend(lines)

    def take(self) -> Message | None:
        return decode(self.lines.popleft()) if self.lines else None

    def strike(self, message: Message) -> bool:
        """Take this one out of turn, if it has come."""
        line = encode(message).rstrip()
        if line not in self.lines:
            return False
        self.lines.remove(line)
        return True

"""The requests: what a judge asks a worker. In a frame's header each is an object: `{"op": "get", "target": […]}`.

They are the judge's word, and the worker's to follow. What a worker answers is the submission's word: see `answers`.
"""

from __future__ import annotations

from dataclasses import dataclass  # compiled here, and not once more in each fork
from typing import Any

from interview.grading.wire.answers import Given, Lived, Repeated, Returned, Several
from interview.grading.wire.values import Decoder, Encoder


@dataclass(frozen=True, slots=True)
class Load:
    """Become a submission. Said once, and first."""

    source: str
    file: str
    forbid: list[str]
    memory_mib: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Build:
    """Make a module of the suite's own."""

    source: str
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """`target` is a path: an object or None for the submission, and names. `seed` is torch's, `other` that of `random`
    and numpy. `posed`: with tensors that pose as living on another device."""

    target: list[Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    seed: int
    other: int
    grad: bool = True
    posed: bool = False


@dataclass(frozen=True, slots=True)
class Calls:
    """Several of one target: arguments and seeds of each."""

    target: list[Any]
    calls: list[tuple[tuple[Any, ...], dict[str, Any], int, int]]
    grad: bool = True


@dataclass(frozen=True, slots=True)
class Arguments:
    """Those of the last calls, as they are now."""


@dataclass(frozen=True, slots=True)
class After:
    """The same, and then what the same calls return with the very same objects."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the next to draw from the global generator draws."""

    count: int


@dataclass(frozen=True, slots=True)
class Backward:
    graph: int
    grads: list[Any]


@dataclass(frozen=True, slots=True)
class Get:
    target: list[Any]


@dataclass(frozen=True, slots=True)
class Has:
    target: list[Any]


@dataclass(frozen=True, slots=True)
class Set:
    target: list[Any]
    value: Any


@dataclass(frozen=True, slots=True)
class Fill:
    """Set these of an object that has them all; answered by the name of the first that it lacks, None for none."""

    target: list[Any]
    values: dict[str, Any]


Request = Call | Calls | Arguments | After | Numbers | Backward | Get | Has | Set | Fill | Build | Load
KINDS: dict[str, Any] = {
    "load": Load, "build": Build, "call": Call, "calls": Calls, "arguments": Arguments, "after": After,
    "numbers": Numbers, "backward": Backward, "get": Get, "has": Has, "set": Set, "fill": Fill,
}  # fmt: skip
NAMES = {kind: name for name, kind in KINDS.items()}


def header_of(request: Request, encoder: Encoder, freed: list[int]) -> dict[str, Any]:
    """`freed`: graphs that nobody asks for any more."""
    header: dict[str, Any] = {"op": NAMES[type(request)]}
    for name in request.__match_args__:
        header[name] = encoder.encode(getattr(request, name))
    if freed:
        header["free"] = freed
    return header


def is_build(header: dict[str, Any]) -> bool:
    """Is it the suite's own module that is built? Checks share it, so that only one of them asks."""
    return KINDS[header["op"]] is Build


def answered_by(header: dict[str, Any]) -> type[Given]:
    """The kind of the answer to it."""
    kind = KINDS[header["op"]]
    if kind is Call:
        return Lived if header["posed"] else Returned
    return Several if kind is Calls else Repeated if kind is After else Returned


def request_of(header: dict[str, Any], decoder: Decoder) -> tuple[Request, list[int]]:
    kind = KINDS[header["op"]]
    request: Request = kind(*(decoder.decode(header[name]) for name in kind.__match_args__))
    return request, header.get("free", [])

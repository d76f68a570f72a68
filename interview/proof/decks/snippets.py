"""The snippet and what comes of it, as lint and the process that runs it say them to each other: a line each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, field

from interview.dataclass import dataclass
from interview.text import Text


@dataclass(frozen=True, slots=True)
class Snippet:
    """`names` are predefined. With a `shift` the snippet's own seeds are moved by it."""

    code: str
    names: Mapping[str, float] = field(default_factory=dict)
    seed: int = 1
    shift: int = 0
    seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """`error` is None after a clean end, and a sentence otherwise; `line` is the snippet's.

    `stopped`: it did not end by itself.
    """

    printed: str
    error: Text | None
    line: int | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """Of ours: a layer of the sandbox could not be applied."""

    why: Text


@dataclass(frozen=True, slots=True)
class Ready:
    """The process's first word; `lacking` is why torch is not there, where a snippet needs it."""

    lacking: str | None = None


Said = Snippet | Outcome | Fault | Ready
KINDS = {kind.__name__: kind for kind in (Snippet, Outcome, Fault, Ready)}


def encode(said: Said) -> str:
    return json.dumps([type(said).__name__, asdict(said)]) + "\n"


def decode(line: str | bytes) -> Said:
    """Raises ValueError for what is no such line."""
    try:
        name, fields = json.loads(line)
        texts = {each: Text(**fields[each]) for each in ("error", "why") if fields.get(each)}
        said: Said = KINDS[name](**fields | texts)
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(str(error)) from None
    return said

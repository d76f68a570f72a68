"""What a judge says of a submission: one JSON object a line, to the grader."""

from __future__ import annotations

import json
import os
from typing import Any

from interview.grading.suite import Bar, Finding, Mask, Words
from interview.printable import printable

TEXT_LIMIT = 4000  # characters of any text in an event
channel = 1  # the descriptor that events leave by


def say(event: dict[str, Any]) -> None:
    """One event, one line, to the grader. Whatever text a submission got into it is made printable here."""
    os.write(channel, json.dumps(plain(event)).encode() + b"\n")


def part_from_output() -> None:
    """What a suite prints is no event, and what it reads no request: both go nowhere from here on."""
    global channel  # noqa: PLW0603  (a process has one)
    channel = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)


def plain(value: Any) -> Any:
    match value:
        case str():
            return printable(value, TEXT_LIMIT)
        case dict():
            return {str(key): plain(each) for key, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
        case None | bool() | int() | float():
            return value
        case _:
            return printable(str(value), TEXT_LIMIT)


def found(finding: Finding) -> dict[str, Any]:
    match finding.picture:
        case Mask(yours, expected):
            picture: Any = {"mask": [list(yours), list(expected)]}
        case Bar(got, low, high):
            picture = {"bar": [got, low, high]}
        case None:
            picture = None
    return {"got": said(finding.got), "expected": said(finding.expected), "picture": picture}


def said(value: Any) -> Any:
    """A phrase as a pair, English and Chinese; anything else as it is."""
    return [value.en, value.zh] if isinstance(value, Words) else value

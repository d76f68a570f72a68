"""What a judge says of a submission: one JSON object a line, to the grader."""

from __future__ import annotations

import json
import os
from typing import Any

from interview.grading.checks.expect import Bar, Finding, Mask, Words
from interview.grading.solution.remote import Place
from interview.printable import printable

TEXT_LIMIT = 4000  # characters of any text in an event
channel = 1  # the descriptor that events leave by
UNSEEN = {
    "outcome": "unseen",
    "en": "the calls raised, so there was nothing to see",
    "zh": "调用抛出异常，无从判断",
}
LIVED = {  # where a result lived that was to live elsewhere, in both languages; a suite may know more of it
    "here": (
        "with its input on another device the result stayed on the CPU",
        "输入在另一个 device 上时，结果留在了 CPU 上",
    ),
    "mixed": (
        "with its input on another device a CPU tensor met it",
        "输入在另一个 device 上时，CPU 上的 tensor 与它混用了",
    ),
    "refused": (
        "with its input on another device, and not on the CPU, it raised {text}",
        "输入在另一个 device 上时（在 CPU 上则不会）抛出了 {text}",
    ),
    "differs": (
        "with its input on another device, and the same seed, the result is another one than on the CPU",
        "输入在另一个 device 上时，种子相同，结果却与 CPU 上的不同",
    ),
}


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


def lived(places: list[Place]) -> dict[str, Any]:
    """The outcome of a check that found nothing wrong: where it asked for the device, each answer says `elsewhere`."""
    odd = [each for each in places if each.name != "elsewhere"]
    for each in odd:
        if each.name in LIVED:
            en, zh = (sentence.format(text=each.text) for sentence in LIVED[each.name])
            return {"en": en, "zh": zh}
    if not odd:
        return {"outcome": "passed"}
    text = odd[0].text
    en, zh = (f" ({text})", f"（{text}）") if text else ("", "")
    return {
        "outcome": "unseen",
        "en": f"not seen: what happens on another device could not be tried here{en}",
        "zh": f"没有看到：另一个 device 上的行为在这里无法模拟{zh}",
    }


def found(finding: Finding) -> dict[str, Any]:
    match finding.picture:
        case Mask(yours, expected):
            picture: Any = {"mask": [list(yours), list(expected)]}
        case Bar(got, low, high):
            picture = {"bar": [got, low, high]}
        case None:
            picture = None
    numbers = {key: said(value) for key, value in finding.numbers.items()}
    return {"got": said(finding.got), "expected": said(finding.expected), "picture": picture, "numbers": numbers}


def said(value: Any) -> Any:
    """A phrase as a pair, English and Chinese; anything else as it is."""
    return [value.en, value.zh] if isinstance(value, Words) else value

"""The events: what a judge says of a submission, to the client."""

from __future__ import annotations

import os
from typing import Any

from interview.grading.checks import expect
from interview.grading.messages.codec import KINDS, encode
from interview.grading.messages.events import End, Event, Probed
from interview.grading.messages.findings import (
    BarPicture,
    Evidence,
    Finding,
    MaskPicture,
    NothingSeen,
    Passed,
    Refuted,
)
from interview.grading.solution.remote import Place
from interview.printable import printable
from interview.text import Text

TEXT_LIMIT = 4000  # characters of any text in an event
channel = 1  # the descriptor that events leave by
UNSEEN = NothingSeen(Text("the calls raised, so there was nothing to see", "调用抛出异常，无从判断"))
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


def say(event: Event | End | Probed) -> None:
    """One event, one line, to the client. Whatever text a submission got into it is made printable here."""
    os.write(channel, encode(plain(event)))


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
        case list() | tuple():
            return tuple(map(plain, value))
        case None | bool() | int() | float():
            return value
        case _ if type(value).__name__ in KINDS:
            return type(value)(*(plain(getattr(value, each)) for each in value.__match_args__))
        case _:
            return printable(str(value), TEXT_LIMIT)


def lived(places: list[Place]) -> Finding:
    """Of a check that found nothing wrong: where it asked for the device, each answer says `elsewhere`."""
    odd = [each for each in places if each.name != "elsewhere"]
    for each in odd:
        if each.name in LIVED:
            en, zh = (sentence.format(text=each.text) for sentence in LIVED[each.name])
            return Refuted(Text(en, zh))
    if not odd:
        return Passed()
    text = odd[0].text
    en, zh = (f" ({text})", f"（{text}）") if text else ("", "")
    return NothingSeen(
        Text(
            f"not seen: what happens on another device could not be tried here{en}",
            f"没有看到：另一个 device 上的行为在这里无法模拟{zh}",
        )
    )


def measured(finding: expect.Finding) -> Evidence:
    picture: MaskPicture | BarPicture | None
    match finding.picture:
        case expect.Mask(yours, expected):
            picture = MaskPicture(yours, expected)
        case expect.Bar(got, low, high):
            picture = BarPicture(got, low, high)
        case None:
            picture = None
    facts = tuple(finding.numbers.items())
    return Evidence(phrase(finding.got), phrase(finding.expected), picture, facts)


def phrase(value: str | Text | None) -> Text | None:
    """A value is the same in both languages; a phrase comes in each."""
    return Text(value, value) if isinstance(value, str) else value

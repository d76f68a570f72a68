"""The kept form of a deck: JSON for the shelf, each value checked against the type that its field is declared with.

A dataclass is the list of its fields' values, in order; an answer says its kind first. Whoever can write such a file
can write a wrong deck, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, get_args

from interview.content.cards import deck as decks
from interview.content.cards.deck import Answer, Deck

Read = Callable[[Any], Any]
PLAIN = {each.__name__: each for each in (str, int, float, bool)}
ANSWERS = {each.__name__: each for each in get_args(Answer)}


def lay_down(value: Any) -> Any:
    """A deck, or a part of one, in JSON's own types."""
    if is_dataclass(value):
        laid = [lay_down(getattr(value, each.name)) for each in fields(value)]
        name = type(value).__name__
        return [name, laid] if name in ANSWERS else laid
    if isinstance(value, tuple):
        return [lay_down(each) for each in value]
    if isinstance(value, Mapping):
        return {key: lay_down(each) for key, each in value.items()}
    return str(value) if isinstance(value, Path) else value


def take_up(laid: Any) -> Deck:
    """The deck that was laid down; ValueError or TypeError for anything else."""
    deck = reader("Deck")(laid)
    assert isinstance(deck, Deck)
    return deck


@cache
def reader(declared: str) -> Read:
    """What reads a value of this type, as the dataclasses write it: `Text | None`, `tuple[Card, ...]`."""
    if declared in PLAIN:
        return plain(PLAIN[declared])
    if declared == "Path":
        return lambda laid: Path(reader("str")(laid))
    if declared == "Answer":
        return answer
    if declared.endswith(" | None"):
        inner = reader(declared.removesuffix(" | None"))
        return lambda laid: None if laid is None else inner(laid)
    if declared.startswith("tuple["):
        return several(reader(declared.removeprefix("tuple[").removesuffix(", ...]")))
    if declared.startswith("Mapping[str, "):
        return by_name(reader(declared.removeprefix("Mapping[str, ").removesuffix("]")))
    return reader_of(getattr(decks, declared))


def plain(kind: type) -> Read:
    return lambda laid: laid if type(laid) is kind else refuse(laid)


def several(inner: Read) -> Read:
    return lambda laid: tuple(map(inner, listed(laid)))


def by_name(inner: Read) -> Read:
    return lambda laid: {name: inner(each) for name, each in (laid if type(laid) is dict else refuse(laid)).items()}


def reader_of(kind: type) -> Read:
    declared = [str(each.type) for each in fields(kind)]
    if all(each in PLAIN for each in declared):  # at once: most of a deck is `Text`
        types = [PLAIN[each] for each in declared]
        return lambda laid: kind(*laid) if list(map(type, listed(laid))) == types else refuse(laid)
    parts = [reader(each) for each in declared]
    return lambda laid: kind(*[read(each) for read, each in zip(parts, listed(laid), strict=True)])


def answer(laid: Any) -> Any:
    name, values = listed(laid)
    return whole_answer(name)(values)


@cache
def whole_answer(name: str) -> Read:
    return reader_of(ANSWERS[name])


def listed(laid: Any) -> list[Any]:
    return laid if type(laid) is list else refuse(laid)


def refuse(laid: Any) -> NoReturn:
    raise TypeError(laid)

"""The kept form of what was read: JSON for the shelf, each value checked against the type its field is declared with.

A dataclass is the list of its fields' values, in order; one of a union says its kind first. Whoever can write such a
file can write a wrong deck, and nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, NoReturn, TypeVar, get_args

T = TypeVar("T")
Read = Callable[[Any], Any]
PLAIN = {each.__name__: each for each in (str, int, float, bool)}


def lay_down(value: Any) -> Any:
    """A value of such types, or a part of one, in JSON's own types."""
    if is_dataclass(value):
        laid = [lay_down(getattr(value, each.name)) for each in fields(value)]
        kind = type(value)
        return [kind.__name__, laid] if kind in alternatives(kind.__module__) else laid
    if isinstance(value, tuple):
        return [lay_down(each) for each in value]
    if isinstance(value, Mapping):
        return {key: lay_down(each) for key, each in value.items()}
    return str(value) if isinstance(value, Path) else value


def take_up(kind: type[T], laid: Any) -> T:
    """The value that was laid down; ValueError, TypeError or KeyError for anything else."""
    hashable: type = kind
    value = reader_of(hashable)(laid)
    assert isinstance(value, kind)
    return value


@cache
def alternatives(module: str) -> frozenset[type]:
    """What is one of several kinds there: `Answer = Open | Choice`."""
    unions = [each for each in vars(sys.modules[module]).values() if isinstance(each, UnionType)]
    return frozenset(kind for each in unions for kind in get_args(each))


@cache
def reader(declared: str, module: str) -> Read:
    """What reads a value of this type, as the dataclasses of the module write it: `Text | None`, `tuple[Card, ...]`."""
    if declared in PLAIN:
        return plain(PLAIN[declared])
    if declared == "Path":
        text = plain(str)
        return lambda laid: Path(text(laid))
    if declared.endswith(" | None"):
        inner = reader(declared.removesuffix(" | None"), module)
        return lambda laid: None if laid is None else inner(laid)
    if declared.startswith("tuple["):
        return several(reader(declared.removeprefix("tuple[").removesuffix(", ...]"), module))
    if declared.startswith("Mapping[str, "):
        return by_name(reader(declared.removeprefix("Mapping[str, ").removesuffix("]"), module))
    named = getattr(sys.modules[module], declared)
    return one_of(get_args(named)) if isinstance(named, UnionType) else reader_of(named)


def plain(kind: type) -> Read:
    return lambda laid: laid if type(laid) is kind else refuse(laid)


def several(inner: Read) -> Read:
    return lambda laid: tuple(map(inner, listed(laid)))


def by_name(inner: Read) -> Read:
    return lambda laid: {name: inner(each) for name, each in (laid if type(laid) is dict else refuse(laid)).items()}


def one_of(kinds: tuple[type, ...]) -> Read:
    named = {each.__name__: each for each in kinds}

    def read(laid: Any) -> Any:
        name, values = listed(laid)
        return reader_of(named[name])(values)

    return read


@cache
def reader_of(kind: type) -> Read:
    declared = [str(each.type) for each in fields(kind)]
    if all(each in PLAIN for each in declared):  # at once: most of a deck is `Text`
        types = [PLAIN[each] for each in declared]
        return lambda laid: kind(*laid) if list(map(type, listed(laid))) == types else refuse(laid)
    parts = [reader(each, kind.__module__) for each in declared]
    return lambda laid: kind(*[read(each) for read, each in zip(parts, listed(laid), strict=True)])


def listed(laid: Any) -> list[Any]:
    return laid if type(laid) is list else refuse(laid)


def refuse(laid: Any) -> NoReturn:
    raise TypeError(laid)

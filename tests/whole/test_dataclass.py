"""Our `dataclass` makes what that of the standard library makes, sooner."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, asdict, field, replace
from typing import Any

import pytest

from interview import dataclass as ours

MAKERS = {"ours": ours.dataclass, "standard": dataclasses.dataclass}


def made(maker: Callable[..., Any]) -> tuple[Any, Any]:
    @maker(frozen=True, slots=True)
    class Point:
        x: int
        y: int = 2
        labels: dict[str, int] = field(default_factory=dict)
        place: str = field(default="", compare=False)

        def sum(self) -> int:
            return self.x + self.y

        def __str__(self) -> str:
            return f"({self.x}, {self.y})"

    @maker(frozen=True, slots=True)
    class Nothing:
        """Nothing at all."""

    return Point, Nothing


def outcome(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except Exception as error:
        return type(error), str(error)


TRIED: dict[str, Callable[[Any, Any], Any]] = {
    "by place": lambda point, nothing: repr(point(1, 3, {"a": 1}, "b")),
    "by name": lambda point, nothing: repr(point(y=3, x=1)),
    "defaults": lambda point, nothing: (repr(point(1)), point(1).labels is point(1).labels),
    "one missing": lambda point, nothing: point(),
    "one too many": lambda point, nothing: point(1, 2, {}, "", 5),
    "an unknown one": lambda point, nothing: point(1, z=2),
    "twice": lambda point, nothing: point(1, x=2),
    "equal": lambda point, nothing: (
        point(1) == point(1),
        point(1) == point(2),
        point(1) != point(1),
        point(1, 2, {}, "a") == point(1, 2, {}, "b"),
    ),
    "another kind": lambda point, nothing: (point(1) == (1, 2), nothing() == point(1), nothing() == nothing()),
    "hash": lambda point, nothing: (hash(nothing()) == hash(nothing()), len({nothing(), nothing()})),
    "unhashable": lambda point, nothing: hash(point(1)),
    "assigned": lambda point, nothing: setattr(point(1), "x", 2),
    "deleted": lambda point, nothing: delattr(point(1), "x"),
    "no dictionary": lambda point, nothing: hasattr(point(1), "__dict__"),
    "replaced": lambda point, nothing: repr(replace(point(1), y=5)),
    "as a dictionary": lambda point, nothing: asdict(point(1, labels={"a": 1})),
    "copied": lambda point, nothing: (copy.copy(point(1)) == point(1), copy.deepcopy(point(1, labels={"a": 1})).labels),
    "own methods": lambda point, nothing: (point(1).sum(), str(point(1))),
    "matched": lambda point, nothing: (point.__match_args__, nothing.__match_args__),
    "doc": lambda point, nothing: nothing.__doc__,
}


@pytest.mark.parametrize("tried", TRIED)
def test_it_is_like_the_standard_one(tried: str) -> None:
    """What is made, told, compared and refused."""
    said = {name: outcome(lambda: TRIED[tried](*made(maker))) for name, maker in MAKERS.items()}  # noqa: B023
    assert said["ours"] == said["standard"]


def test_the_first_and_the_second_of_a_kind_are_alike() -> None:
    """The method that makes them is compiled for the first one."""
    point, _ = made(ours.dataclass)
    first = point(1, labels={})
    assert first == point(1)
    assert "put(" not in repr(first)


def test_other_options_are_the_standard_ones() -> None:
    """A class that may be changed, or that has an order."""

    @ours.dataclass(slots=True)
    class Counter:
        n: int = 0

    @ours.dataclass(frozen=True, slots=True, order=True)
    class Line:
        n: int

    counter = Counter()
    counter.n += 1
    assert counter == Counter(1)
    assert Line(1) < Line(2)
    with pytest.raises(FrozenInstanceError):
        Line(1).n = 2  # type: ignore[misc]


def test_a_value_survives_a_pickle() -> None:
    """Of a class that can be found by its name."""
    from interview.log.record import Bury, Rating, Review

    for kind in (Bury, Review):
        value = kind(*range(len(dataclasses.fields(kind))))
        assert pickle.loads(pickle.dumps(value)) == value
    assert Rating(1) in Rating

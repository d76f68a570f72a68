"""What waits is shared out among threads: in order of its numbers, to its end, and out of any trouble."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

from interview.proof.side_by_side import side_by_side


class Bench:
    """Hands that double what they are given. Some wait at a number until they are freed, or break at it."""

    def __init__(self, *, waits: int | None = None, breaks: int | None = None) -> None:
        self.waits, self.breaks = waits, breaks
        self.entered, self.left = 0, 0
        self.freed = threading.Event()

    @contextmanager
    def hand(self) -> Iterator[Callable[[int], int]]:
        self.entered += 1
        try:
            yield self.double
        finally:
            self.left += 1

    def double(self, number: int) -> int:
        if number == self.waits:
            self.freed.wait()
        if number == self.breaks:
            raise ZeroDivisionError(number)
        return 2 * number


@pytest.mark.parametrize("hands", [1, 3, 30])
def test_each_is_done_once_whoever_does_it(hands: int) -> None:
    """More hands than work, or fewer: each number comes once, and every hand has left."""
    bench = Bench()
    done = dict(filter(None, side_by_side(range(20), [bench.hand() for _ in range(hands)], bench.freed.set)))
    assert done == {number: 2 * number for number in range(20)}
    assert bench.entered == bench.left == hands


def test_what_a_hand_raises_is_raised_here_and_frees_the_others() -> None:
    """One waits for good, another breaks: it is stopped, and nothing is left running."""
    bench, before = Bench(waits=0, breaks=5), threading.active_count()
    with pytest.raises(ZeroDivisionError, match="5"):
        list(side_by_side(range(20), [bench.hand() for _ in range(2)], bench.freed.set))
    assert bench.freed.is_set()
    assert bench.left == 2
    assert threading.active_count() == before


def test_whoever_leaves_early_leaves_nothing_running() -> None:
    """As by Ctrl-C between two results: what waits is not begun, and what is at work is freed."""
    bench, before = Bench(waits=1), threading.active_count()
    with closing(side_by_side(range(100_000), [bench.hand() for _ in range(2)], bench.freed.set)) as coming:
        assert next(coming) is not None
    assert bench.left == 2
    assert threading.active_count() == before


def test_a_pause_without_any_is_told() -> None:
    """So that whoever waits can say how far it is."""
    bench = Bench(waits=0)
    with closing(side_by_side([0], [bench.hand()], bench.freed.set, pause=0.01)) as coming:
        assert next(coming) is None
        bench.freed.set()
        assert [each for each in coming if each] == [(0, 0)]


def test_without_work_nothing_is_waited_for() -> None:
    """Nothing is given: hands are let go at once."""
    bench = Bench()
    assert list(side_by_side([], [bench.hand()], bench.freed.set)) == []
    assert bench.freed.is_set()

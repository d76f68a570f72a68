"""Side by side: what waits is shared out among hands, each at work in a thread of its own."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")
Hand = AbstractContextManager[Callable[[Given], Made]]


def side_by_side(
    given: Sequence[Given],
    hands: Sequence[Hand[Given, Made]],
    stop: Callable[[], object],
    *,
    pause: float | None = None,
) -> Generator[tuple[int, Made] | None, None, None]:
    """The number of each that was given and what it came to, as they are done; None after a `pause` without any.

    A hand is entered in its thread, and takes the next that waits. What it raises is raised here, where a bug looks
    like one. `stop` is called at the end, in time or before it: it must free the hands that are still at something.
    Whoever may leave early closes what is returned.
    """
    waiting: queue.SimpleQueue[tuple[int, Given]] = queue.SimpleQueue()
    for pair in enumerate(given):
        waiting.put(pair)
    done: queue.SimpleQueue[tuple[int, Made] | Exception] = queue.SimpleQueue()
    over = threading.Event()

    def work(hand: Hand[Given, Made]) -> None:
        try:
            with hand as make:
                while not over.is_set() and not waiting.empty():
                    try:
                        number, one = waiting.get_nowait()
                    except queue.Empty:
                        return
                    done.put((number, make(one)))
        except Exception as error:
            done.put(error)

    threads = [threading.Thread(target=work, args=(each,), daemon=True) for each in hands]
    left = len(given)
    try:
        for thread in threads:
            thread.start()
        while left:
            try:
                found = done.get(timeout=pause)
            except queue.Empty:
                yield None
                continue
            if isinstance(found, Exception):
                raise found
            left -= 1
            yield found
    finally:
        over.set()
        stop()
        for thread in threads:
            if thread.ident is not None:
                thread.join()

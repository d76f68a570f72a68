"""The history as a command has it: in the person's folder, and what of it could not be read told at the end."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from interview.cli.world import World
from interview.log.store import Store
from interview.text import Text


class HistoryWords:
    damaged = Text(
        "{path} is damaged{missing}; `interview doctor` says what is left of it",
        "{path} 已损坏{missing}；`interview doctor` 说明还剩下什么",
    )
    missing = Text("; rows that could not be read: {n} or more", "；至少 {n} 行读不出来")
    passed_over = Text(
        "{path}: rows passed over, for they could not be read: {n}; `interview doctor` says which",
        "{path}：跳过了 {n} 行读不懂的记录；`interview doctor` 说明是哪些",
    )


@contextmanager
def history(world: World, *, writes: bool = False) -> Iterator[Store]:
    """To look at, which leaves no trace; or, if the command `writes`, created where there is none."""
    path = world.home() / "history.db"
    with (Store.open if writes else Store.peek)(path) as store:
        store.note_strangers()
        yield store
    if store.damage:
        missing = HistoryWords.missing.say(world.lang, n=store.missing) if store.missing else ""
        tell(HistoryWords.damaged.say(world.lang, path=path, missing=missing))
    if store.unread:
        tell(HistoryWords.passed_over.say(world.lang, path=path, n=len(store.unread)))


def tell(sentence: str) -> None:
    print(f"interview: {sentence}", file=sys.stderr)

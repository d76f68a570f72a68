"""The history as a command has it: in the person's folder, and what of it could not be read told at the end."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from interview.cli.world import World
from interview.log.store import Store


@contextmanager
def history(world: World, *, writes: bool = False) -> Iterator[Store]:
    """To look at, which leaves no trace; or, if the command `writes`, created where there is none."""
    path = world.home() / "history.db"
    with (Store.open if writes else Store.peek)(path) as store:
        store.note_strangers()
        yield store
    if store.damage:
        missing = f"; rows that could not be read: {store.missing} or more" if store.missing else ""
        if world.lang == "zh":
            missing = f"；至少 {store.missing} 行读不出来" if store.missing else ""
            tell(f"{path} 已损坏{missing}；`interview doctor` 说明还剩下什么")
        else:
            tell(f"{path} is damaged{missing}; `interview doctor` says what is left of it")
    if store.unread:
        number = len(store.unread)
        if world.lang == "zh":
            tell(f"{path}：跳过了 {number} 行读不懂的记录；`interview doctor` 说明是哪些")
        else:
            tell(f"{path}: rows passed over, for they could not be read: {number}; `interview doctor` says which")


def tell(sentence: str) -> None:
    print(f"interview: {sentence}", file=sys.stderr)

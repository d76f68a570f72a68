"""The horizon: how far an interval may reach when there is an interview to be ready for.

Until its date a card is wanted at least `LOOKS` times, the last time within the `FINAL` days before it. FSRS stays free
to ask sooner. Nothing of this is kept: another date is another fold.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zlib import crc32

from interview.log.record import Memory

LOOKS = 3
FINAL = 3


def toward(memory: Memory, until: date) -> Memory:
    """The memory with its due day drawn in for the interview on `until`, now and after each rating to come."""
    if memory.last is None or memory.due is None:
        return replace(memory, until=until)
    by = latest(memory.card, memory.reviews, memory.last, until)
    return replace(memory, until=until, due=memory.due if by is None else min(memory.due, by))


def latest(card: str, reviews: int, last: date, until: date) -> date | None:
    """The day by which the card is wanted again; None when the schedule may decide alone.

    The first two looks lie halfway from here to the last one, and the last ones are spread over two of the final
    days, so that the eve is left for what did not fit.
    """
    eve = until - timedelta(days=1)
    wanted = max(0, LOOKS - reviews)
    if last >= until - timedelta(days=FINAL):
        return last + timedelta(days=1) if wanted and last < eve else None
    final = until - timedelta(days=FINAL - crc32(card.encode()) % min(2, FINAL))
    return last + timedelta(days=max(1, (final - last).days // max(1, wanted)))

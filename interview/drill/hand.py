"""The hand: what the log says of one kata, folded. Its outcomes are scheduled as a card's ratings are.

A sitting begins with a hand-out, or with the first check of a file that has not passed before, on a day after the last
outcome. It ends with a pass or a give-up. A hand-out begins another one, but for what was checked on the same day:
that still counts. Without a hand-out a file that has passed before is no recall, whatever the verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal

from interview.dataclass import dataclass
from interview.drill.schedule import Rules, is_due, recall, urgency
from interview.log.record import Attempt, GiveUp, HandOut, KataEvent, Memory, Rating

FEW = 3  # files checked until the pass, for GOOD
RETURNS = 2  # days after a give-up
PASSED = "passed"  # an attempt's status


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a sitting ended: after how many files, how many minutes from the hand-out, if that was on the same day."""

    day: date
    rating: Rating
    tries: int
    minutes: float | None


@dataclass(frozen=True, slots=True)
class Hand:
    """`memory` is that of a card: its due day is the kata's. `tried` are the files of the sitting that is open, begun
    on the day `begun`; `known` are those that ever passed. `failing`: the last check did not pass.
    """

    memory: Memory
    begun: date | None = None
    handed: datetime | None = None
    tried: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()
    failing: bool = False
    outcomes: tuple[Outcome, ...] = ()


def hands_of(events: Iterable[KataEvent], rules: Rules) -> dict[str, Hand]:
    """The hand of every kata that something happened to, after all of it, in the log's order."""
    hands: dict[str, Hand] = {}
    for event in events:
        hands[event.kata] = follow(hands.get(event.kata) or Hand(Memory(event.kata)), event, rules)
    return hands


def follow(hand: Hand, event: KataEvent, rules: Rules) -> Hand:
    """The hand after one more event."""
    match event:
        case HandOut(at=at, day=day):
            return replace(hand, begun=day, handed=at, tried=hand.tried if hand.begun == day else ())
        case GiveUp():
            return replace(conclude(hand, event, Rating.AGAIN, rules), failing=False)
        case Attempt(status=status, sha256=sha256):
            counts = is_recall(hand, event)
            if status != PASSED:
                return replace(begin(hand, event) if counts else hand, failing=True)
            after = conclude(begin(hand, event), event, rating_of(begin(hand, event), event), rules) if counts else hand
            return replace(after, failing=False, known=after.known | {sha256})


def is_recall(hand: Hand, attempt: Attempt) -> bool:
    """Does the check of this file belong to a sitting?"""
    if hand.begun is not None and hand.handed is not None:
        return True
    later = hand.memory.last is None or hand.memory.last < attempt.day
    return attempt.sha256 not in hand.known and (hand.begun is not None or later)


def begin(hand: Hand, attempt: Attempt) -> Hand:
    """With the file checked in the sitting, which this check may open."""
    return replace(hand, begun=hand.begun or attempt.day, tried=tuple(dict.fromkeys((*hand.tried, attempt.sha256))))


def rating_of(hand: Hand, attempt: Attempt) -> Rating:
    """Of a pass: by the files that it took, and whether there were hints."""
    if attempt.hints or len(hand.tried) > FEW:
        return Rating.HARD
    return Rating.EASY if len(hand.tried) == 1 else Rating.GOOD


def conclude(hand: Hand, event: Attempt | GiveUp, rating: Rating, rules: Rules) -> Hand:
    """The sitting is over."""
    spent = minutes_between(hand.handed, event.at) if hand.begun == event.day else None
    outcome = Outcome(event.day, rating, len(hand.tried), spent)
    return replace(
        hand,
        memory=graded(hand.memory, rating, event.day, rules),
        begun=None,
        handed=None,
        tried=(),
        outcomes=(*hand.outcomes, outcome),
    )


def graded(memory: Memory, rating: Rating, day: date, rules: Rules) -> Memory:
    """As a card is recalled; but of one day only a worse outcome than the last moves anything, for what was written or
    read that day is still in mind. And who gives up has seen the solution: it is wanted when that has faded.
    """
    if memory.rating is not None and memory.last is not None and day <= memory.last and rating >= memory.rating:
        return memory
    after = recall(memory, rating, day, rules)
    if rating is not Rating.AGAIN or after.last is None:
        return after
    return replace(after, due=after.last + timedelta(days=RETURNS))


def minutes_between(handed: datetime | None, at: datetime) -> float | None:
    """None where nobody knows: nothing was handed out, or the clock was set back."""
    return (at - handed).total_seconds() / 60 if handed is not None and at >= handed else None


def is_old_answer(hand: Hand, sha256: str) -> bool:
    """Has this file passed before, so that checking it shows nothing of what is remembered?"""
    return hand.handed is None and sha256 in hand.known


KataStatus = Literal["new", "tried", "passed", "due"]


def status_of(hand: Hand, today: date) -> KataStatus:
    """`new`, `tried`, `passed`, or `due`: its day has come, or a check failed since it passed."""
    if not (hand.known or hand.tried or hand.outcomes or hand.failing):
        return "new"
    if is_due(hand.memory, today) or (hand.known and hand.failing):
        return "due"
    given_up = hand.memory.rating is Rating.AGAIN
    return "passed" if hand.known and not given_up else "tried"


def minutes_wanted(hand: Hand, minutes: int) -> int:
    """What the kata costs this person: the median of the passes that are known, as far as it can be believed."""
    known = [each.minutes for each in hand.outcomes if each.minutes is not None and each.rating is not Rating.AGAIN]
    if not known:
        return minutes
    from statistics import median  # late: it brings fractions and decimals, and most commands ask for no minutes

    return max(1, round(min(3 * minutes, max(0.2 * minutes, median(known)))))


@dataclass(frozen=True, slots=True)
class Task:
    """A kata as a day's work: the seconds that it takes, and the memory of it as the plan has it.

    `done`: it has passed once, and was not given up since. `called`: a check failed since it passed.
    """

    kata: str
    seconds: float
    memory: Memory
    done: bool
    called: bool


def to_write(tasks: Sequence[Task], today: date) -> tuple[list[Task], list[Task]]:
    """What is due, the likeliest forgotten first; and what was never passed, in the order given. What was given up
    waits for its day.
    """
    due = [task for task in tasks if is_wanted(task, today)]
    fresh = [task for task in tasks if not task.done and task.memory.due is None and task not in due]
    return sorted(due, key=lambda task: -urgency(task.memory, today)), fresh


def is_wanted(task: Task, today: date) -> bool:
    return task.called or is_due(task.memory, today)


def written(task: Task, day: date, rules: Rules) -> Task:
    """The task once it was written on that day, and went well."""
    return replace(task, memory=graded(task.memory, Rating.GOOD, day, rules), done=True, called=False)


def minutes_spent(hands: Mapping[str, Hand], today: date) -> float:
    """Today's minutes at katas that ended, as far as they are known."""
    ended = (each for hand in hands.values() for each in hand.outcomes if each.day == today)
    return sum(each.minutes or 0.0 for each in ended)

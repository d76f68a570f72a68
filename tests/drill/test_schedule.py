"""Days, memories, and when a card comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.drill.schedule import (
    BOUNDS,
    DEFAULT,
    LEECH,
    STABLEST,
    Rules,
    aimed_at,
    is_due,
    is_leech,
    local_day,
    preview,
    recall,
    replay,
    retrievability,
    urgency,
)
from interview.log.record import Bury, Due, Memory, Rating, Review, Suspend

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAY = date(2026, 11, 23)
NEW = Memory("d/a")


def later(days: int) -> date:
    return DAY + timedelta(days=days)


def review(rating: Rating, day: date = DAY, *, cram: bool = False) -> Review:
    return Review("d/a", 1, AT, day, rating, cram=cram)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-23T03:59:59", "2026-11-22"),
        ("2026-11-23T04:00:00", "2026-11-23"),
        ("2026-11-23T23:59:00", "2026-11-23"),
    ],
)
def test_the_day_turns_at_four(moment: str, day: str) -> None:
    """What one answers at night belongs to the evening before."""
    assert local_day(datetime.fromisoformat(moment).replace(tzinfo=UTC), DEFAULT) == date.fromisoformat(day)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Shanghai", "Pacific/Kiritimati"])
def test_the_day_is_the_wall_clocks(zone: str) -> None:
    """Four on the wall, in any zone, also on the days when the clock jumps (2026-03-29, 2026-10-25, 2026-11-01)."""
    for day in (date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 1), date(2026, 3, 8)):
        turn = datetime(day.year, day.month, day.day, 4, tzinfo=ZoneInfo(zone))
        assert local_day(turn, DEFAULT) == day
        assert local_day(turn.replace(hour=3, minute=59), DEFAULT) == day - timedelta(days=1)


def test_daylight_saving_moves_no_date() -> None:
    """The same ratings on the same local days give the same dates, whatever the offsets were."""
    days = [date(2026, 10, 24), date(2026, 10, 26), date(2026, 11, 2)]
    berlin = [datetime(d.year, d.month, d.day, 5, tzinfo=ZoneInfo("Europe/Berlin")) for d in days]
    shanghai = [datetime(d.year, d.month, d.day, 23, tzinfo=ZoneInfo("Asia/Shanghai")) for d in days]
    dues = [
        replay("d/a", [Review("d/a", 1, at, local_day(at, DEFAULT), Rating.GOOD) for at in moments], DEFAULT).due
        for moments in (berlin, shanghai)
    ]
    assert dues[0] == dues[1]


def test_intervals_are_whole_days_and_grow_with_the_rating() -> None:
    """HARD < GOOD < EASY; AGAIN stays with us today."""
    days = preview(NEW, DAY, DEFAULT)
    assert days[Rating.AGAIN] == 0
    assert 1 <= days[Rating.HARD] < days[Rating.GOOD] < days[Rating.EASY]


def test_fuzz_is_off() -> None:
    """The date on the button is the date that comes, every time."""
    memory = replay(
        "d/a", [review(Rating.GOOD), review(Rating.GOOD, later(3)), review(Rating.GOOD, later(20))], DEFAULT
    )
    assert {preview(memory, later(70), DEFAULT)[Rating.GOOD] for _ in range(20)} == {
        preview(memory, later(70), DEFAULT)[Rating.GOOD]
    }
    due = recall(memory, Rating.GOOD, later(70), DEFAULT).due
    assert due == later(70) + timedelta(days=preview(memory, later(70), DEFAULT)[Rating.GOOD])


def test_again_is_due_at_once_and_until_it_is_known() -> None:
    """A card forgotten today comes back in this sitting, or in the next one if the person left."""
    memory = recall(NEW, Rating.AGAIN, DAY, DEFAULT)
    assert is_due(memory, DAY)
    assert not is_due(recall(memory, Rating.GOOD, DAY, DEFAULT), DAY)


@given(
    rated=st.lists(st.tuples(st.sampled_from(list(Rating)), st.integers(1, 60)), max_size=6),
    name=st.sampled_from([f"d/{n}" for n in range(40)]),
    longest=st.sampled_from([1, 2, 5, 30, 36500]),
)
def test_fuzz_keeps_the_order_of_the_ratings(rated: list[tuple[Rating, int]], name: str, longest: int) -> None:
    """A better rating never comes back sooner, nor any rating later than the longest interval or far from its day; the
    date on the button is the date that comes.
    """
    rules, day, memory = Rules(fuzz=True, longest=longest), DAY, Memory(name)
    for rating, gap in rated:
        memory, day = recall(memory, rating, day, rules), day + timedelta(days=gap)
    days, plain = preview(memory, day, rules), preview(memory, day, replace(rules, fuzz=False))
    assert [days[rating] for rating in Rating] == sorted(days.values())
    for rating in Rating:
        assert days[rating] <= longest or days[rating] == plain[rating]
        assert abs(days[rating] - plain[rating]) <= 2 + 0.15 * plain[rating]
    due = recall(memory, Rating.EASY, day, rules).due
    assert due == day + timedelta(days=days[Rating.EASY])


def test_rules_are_a_value() -> None:
    """Two folds side by side, each by its own rules: neither knows of the other."""
    events = [review(Rating.GOOD), review(Rating.GOOD, later(3))]
    strict, loose = Rules(retention=0.97), Rules(retention=0.8)
    one, other = replay("d/a", events, strict), replay("d/a", events, loose)
    assert one.due is not None
    assert other.due is not None
    assert one.due < other.due
    assert replay("d/a", events, strict) == one
    early = datetime(2026, 3, 1, 3, tzinfo=UTC)
    assert local_day(early, Rules(day_starts=2)) == date(2026, 3, 1)
    assert local_day(early, DEFAULT) == date(2026, 2, 28)


def test_a_clock_that_goes_back_changes_nothing_answered() -> None:
    """A review dated before the last one counts for the last one's day: no negative interval, no earlier due date."""
    events = [review(Rating.GOOD, later(10)), review(Rating.GOOD, later(2))]
    assert replay("d/a", events, DEFAULT) == replay(
        "d/a", [review(Rating.GOOD, later(10)), review(Rating.GOOD, later(10))], DEFAULT
    )
    assert retrievability(replay("d/a", events, DEFAULT), DAY, DEFAULT) == 1.0


def test_cram_moves_nothing() -> None:
    """Practice is logged, and the schedule does not know of it."""
    plain = replay("d/a", [review(Rating.GOOD)], DEFAULT)
    assert replay("d/a", [review(Rating.GOOD), review(Rating.AGAIN, later(1), cram=True)], DEFAULT) == plain


def test_a_buried_card_sleeps_till_its_day() -> None:
    """Bury hides a due card until tomorrow, not longer."""
    memory = replay("d/a", [review(Rating.AGAIN), Bury("d/a", AT, DAY, later(1))], DEFAULT)
    assert not is_due(memory, DAY)
    assert is_due(memory, later(1))


def test_a_suspended_card_sleeps_until_woken() -> None:
    """Suspend hides it whatever happens; a later `on=False` wakes it."""
    events = [review(Rating.AGAIN), Suspend("d/a", AT, DAY), Due("d/a", AT, later(3), "kata")]
    assert not is_due(replay("d/a", events, DEFAULT), later(400))
    assert is_due(replay("d/a", [*events, Suspend("d/a", AT, later(4), on=False)], DEFAULT), later(4))


def test_due_now_calls_a_card_until_it_is_rated() -> None:
    """A failed kata makes its card due, buried or not, once."""
    memory = replay(
        "d/a", [review(Rating.EASY), Bury("d/a", AT, DAY, later(1)), Due("d/a", AT, DAY, "kata dropout")], DEFAULT
    )
    assert is_due(memory, DAY)
    assert not is_due(recall(memory, Rating.GOOD, DAY, DEFAULT), DAY)


def test_five_lapses_make_a_leech() -> None:
    """A lapse is a forgetting of what was known; a second AGAIN on the same day is the same one."""
    events = []
    for n in range(LEECH):
        assert not is_leech(replay("d/a", events, DEFAULT))
        events += [
            review(Rating.GOOD, later(4 * n)),
            review(Rating.AGAIN, later(4 * n + 2)),
            review(Rating.AGAIN, later(4 * n + 2)),
        ]
    assert replay("d/a", events, DEFAULT).lapses == LEECH
    assert is_leech(replay("d/a", events, DEFAULT))


@given(
    st.tuples(st.floats(0.1, 500), st.integers(0, 400)),
    st.tuples(st.floats(0.1, 500), st.integers(0, 400)),
)
def test_urgency_orders_as_retrievability_does(one: tuple[float, int], two: tuple[float, int]) -> None:
    """The likelier forgotten is the more urgent, for all stabilities and ages."""
    a, b = (Memory("d/x", reviews=1, stability=s, last=DAY - timedelta(days=age)) for s, age in (one, two))
    if urgency(a, DAY) > urgency(b, DAY):
        assert retrievability(a, DAY, DEFAULT) <= retrievability(b, DAY, DEFAULT)


@given(st.lists(st.tuples(st.sampled_from(list(Rating)), st.integers(-5, 40)), min_size=1, max_size=25))
def test_a_replay_is_a_fold(history: list[tuple[Rating, int]]) -> None:
    """For any history: replaying all of it, or continuing from the middle, comes to the same; dates never precede."""
    day, events = DAY, []
    for rating, step in history:
        day += timedelta(days=step)
        events.append(review(rating, day))
    half = replay("d/a", events[: len(events) // 2], DEFAULT)
    for event in events[len(events) // 2 :]:
        from interview.drill.schedule import follow

        half = follow(half, event, DEFAULT)
    whole = replay("d/a", events, DEFAULT)
    assert whole == half
    assert whole.due is not None
    assert whole.last is not None
    assert whole.due >= whole.last >= DAY - timedelta(days=5)
    assert whole.stability > 0


def test_the_bounds_are_those_of_fsrs() -> None:
    """Asked without it, for a setting is read before any card is on the screen."""
    from fsrs import scheduler

    assert tuple(zip(scheduler.LOWER_BOUNDS_PARAMETERS, scheduler.UPPER_BOUNDS_PARAMETERS, strict=True)) == BOUNDS


PARAMETERS = st.tuples(*(st.floats(least, most) for least, most in BOUNDS))
RULES = st.builds(Rules, st.floats(0.7, 0.99), st.integers(1, 36500), parameters=st.just(()) | PARAMETERS)
ANSWERS = st.lists(st.tuples(st.sampled_from(Rating), st.integers(0, 500)), min_size=1, max_size=12)


def answered(answers: list[tuple[Rating, int]], rules: Rules) -> Memory:
    memory, day = NEW, DAY
    for rating, after in answers:
        day += timedelta(days=after)
        memory = recall(memory, rating, day, rules)
    return memory


@given(ANSWERS, RULES, st.floats(0.7, 0.99))
def test_another_aim_is_another_day_for_the_same_memory(
    answers: list[tuple[Rating, int]], rules: Rules, aim: float
) -> None:
    """`aimed_at` has the card back when FSRS itself would have, had that recall been aimed at all along."""
    other = replace(rules, retention=aim)
    assert aimed_at(answered(answers, rules), other) == answered(answers, other)


@given(ANSWERS, RULES)
def test_whatever_parameters_are_given(answers: list[tuple[Rating, int]], rules: Rules) -> None:
    """Within the bounds every history has a day, a chance, and a stability that can be kept."""
    memory = answered(answers * 12, rules)
    assert 0 < memory.stability <= STABLEST
    assert 1 <= memory.difficulty <= 10
    assert memory.due
    assert 0 <= retrievability(memory, memory.due, rules) <= 1


@given(PARAMETERS, PARAMETERS)
def test_parameters_are_in_the_name_of_the_rules(one: tuple[float, ...], two: tuple[float, ...]) -> None:
    """What was folded by others is never taken for what these would give; FSRS's own have the name they always had."""
    assert (Rules(parameters=one).name == Rules(parameters=two).name) == (one == two)
    assert Rules(parameters=one).name != Rules().name == "fsrs-6 default 0.9 days 36500, why, flags"
    assert Rules(parameters=one).name != Rules(0.8, parameters=one).name

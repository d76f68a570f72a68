"""A row is read as it was written, or told to say nothing we know; nothing in it makes anything else happen."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.log.record import (
    NAMES,
    WORDS,
    Event,
    Memory,
    Rating,
    Review,
    pack,
    pack_memory,
    sealed,
    unpack,
    unpack_memory,
)

AT, DAY = "2026-11-23T09:30:00+00:00", "2026-11-23"
SOUND = (AT, DAY, "review", "dropout/a", '{"rev": 1, "rating": 3}')
MINE = Review("dropout/a", 1, datetime(2026, 11, 23, 9, 30, tzinfo=UTC), date(2026, 11, 23), Rating.GOOD)


def test_a_row_is_read_as_it_was_written() -> None:
    """The plain case, and a field that a later interview added, which is dropped."""
    assert unpack(*SOUND) == MINE
    assert unpack(*SOUND[:4], '{"rev": 1, "rating": 3, "mood": ["new"]}') == MINE
    assert pack(MINE) == ("review", "dropout/a", {"rev": 1, "rating": 3})


@pytest.mark.parametrize(
    "row",
    [
        ("2026-11-23T09:30:00", *SOUND[1:]),
        ("yesterday", *SOUND[1:]),
        ("0001-01-01T00:00:00+00:00", *SOUND[1:]),
        ("9999-12-31T23:59:59-12:00", *SOUND[1:]),
        (AT, "0001-01-01", *SOUND[2:]),
        (AT, "9999-12-31", *SOUND[2:]),
        (AT, "", *SOUND[2:]),
        (AT, DAY, "dance", *SOUND[3:]),
        (AT, DAY, "review", "dropout", SOUND[4]),
        (AT, DAY, "review", "dropout/a/b", SOUND[4]),
        (AT, DAY, "review", "dropout/\x1b[31mred", SOUND[4]),
        (AT, DAY, "review", "../../etc", SOUND[4]),
        (AT, DAY, "attempt", "a/b", '{"status": "passed", "seed": 1, "sha256": "", "seconds": 1}'),
        (AT, DAY, "attempt", "a", '{"status": "passed", "seed": 1, "sha256": "", "seconds": 1, "passed": -1}'),
        (AT, DAY, "hand-out", "a/b", "{}"),
        (AT, DAY, "give-up", "", "{}"),
        (AT, DAY, "bury", "dropout/a", '{"until": "tomorrow"}'),
        (AT, DAY, "suspend", "dropout/a", '{"on": 1}'),
        (AT, DAY, "undo", "dropout/a", "{}"),
        (AT, DAY, "undo", "dropout/a", '{"of": "3"}'),
        (None, *SOUND[1:]),
        (*SOUND[:4], b"{}"),
    ],
)
def test_a_row_that_cannot_be_ours(row: tuple[str, str, str, str, str]) -> None:
    """No offset, no year of a person's life, no name, no word, no field of its kind: ValueError, never another."""
    with pytest.raises(ValueError):
        unpack(*row)


@pytest.mark.parametrize(
    "detail",
    [
        "", "{", "[]", "null", "3", '"rev"', "{}", '{"rev": 1}', '{"rating": 3}',
        '{"rev": 1, "rating": 99}', '{"rev": 1, "rating": 0}', '{"rev": 1, "rating": true}',
        '{"rev": 1, "rating": 3.0}', '{"rev": 1, "rating": "3"}', '{"rev": null, "rating": 3}',
        '{"rev": -1, "rating": 3}', '{"rev": 1e9, "rating": 3}', '{"rev": [1], "rating": 3}',
        '{"rev": 1, "rating": 3, "seconds": NaN}', '{"rev": 1, "rating": 3, "seconds": Infinity}',
        '{"rev": 1, "rating": 3, "seconds": 1e999}', '{"rev": 1, "rating": 3, "seconds": -1}',
        '{"rev": 1, "rating": 3, "seconds": "1"}', '{"rev": 1, "rating": 3, "seconds": 1e300}',
        '{"rev": 1, "rating": 3, "ticks": 1}', '{"rev": 1, "rating": 3, "ticks": ["a"]}',
        '{"rev": 1, "rating": 3, "given": 7}', '{"rev": 1, "rating": 3, "right": "yes"}',
        '{"rev": 1, "rating": 3, "confidence": "certain"}', '{"rev": 1, "rating": 3, "confidence": []}',
        '{"rev": 1, "rating": 3, "seed": ' + "9" * 30 + "}", '{"rev": 1, "rating": 3, "seed": ' + "9" * 6000 + "}",
        '{"rev": 1, "rating": 3, "given": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"rev": 1, "rating": 3, "at": "x"}{',
    ],
)  # fmt: skip
def test_a_detail_of_another_shape(detail: str) -> None:
    """Every field has its type and its bounds: what is beyond them would surface far away, in a sum or a screen."""
    with pytest.raises(ValueError):
        unpack(*SOUND[:4], detail)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["rev", "rating", "of", "seconds"]), inner),
    max_leaves=5,
)


@given(anything, st.sampled_from(["review", "bury", "suspend", "due", "undo", "attempt", "x"]), st.text())
def test_whatever_is_in_a_row(detail: object, word: str, about: str) -> None:
    """It is an event or a ValueError."""
    for name in ("dropout/a", "dropout", about):
        try:
            unpack(AT, DAY, word, name, json.dumps(detail))
        except ValueError:
            continue


@pytest.mark.parametrize(
    "state", ["", "[]", "{", '{"due": 7}', '{"stability": NaN}', '{"nonsense": 1}', '{"rating": 9}']
)
def test_a_memory_that_cannot_be_ours(state: str) -> None:
    """A kept memory is derived: what cannot be read is replayed."""
    with pytest.raises(ValueError):
        unpack_memory("dropout/a", state)


@pytest.mark.parametrize("bit", range(8))
def test_a_bit_that_turned_is_seen(bit: int) -> None:
    """Anywhere in a row's text: it says what was written, or nothing; a row without a sum says what it did."""
    event = replace(MINE, seconds=3.4, given="1/3", seed=17)
    word, about, detail = pack(event)
    said = (event.at.isoformat(), event.day.isoformat(), word, about)
    plain = json.dumps(detail)
    whole = (*said, sealed(*said, plain))
    assert unpack(*whole) == unpack(*said, plain) == event
    seen = 0
    for column, text in enumerate(whole):
        for at in range(len(text)):
            turned = [*whole]
            turned[column] = text[:at] + chr(ord(text[at]) ^ 1 << bit) + text[at + 1 :]
            try:
                assert unpack(*turned) == event
            except ValueError:
                seen += 1
    assert seen > sum(map(len, whole)) - 20  # of the sum itself its name may be hit


def test_a_memory_comes_back() -> None:
    """Every field survives, also one that is added later."""
    of_type = {"int": 2, "float": 1.5, "bool": True, "str | None": "x", "date | None": date(2026, 11, 23)}
    values = {each.name: of_type.get(str(each.type), Rating.HARD) for each in fields(Memory) if each.name != "card"}
    memory = Memory("d/a", **values)  # type: ignore[arg-type]
    assert unpack_memory("d/a", json.dumps(pack_memory(memory))) == memory


@pytest.mark.parametrize("kind", WORDS.values(), ids=WORDS.keys())
def test_every_field_of_an_event_is_read(kind: type[Event]) -> None:
    """One without a reader would be dropped without a word."""
    assert NAMES[kind] == {each.name for each in fields(kind)} - {"card", "kata", "at", "day"}

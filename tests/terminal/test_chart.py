from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.text import Text

from interview.terminal.screens.stats import show_calendar
from interview.terminal.text.chart import bar, columns, cut, labelled, spark, towers

TODAY = date(2026, 11, 23)


@given(st.lists(st.floats(0, 1e6), max_size=40))
def test_a_spark_has_a_character_for_each_value(values: list[float]) -> None:
    """Nothing is a blank, something never is."""
    drawn = spark(values)
    assert len(drawn) == len(values)
    assert all((value == 0) == (each == " ") for value, each in zip(values, drawn, strict=True))


@given(st.integers(0, 500), st.integers(1, 500), st.integers(4, 40))
def test_a_bar_never_leaves_its_room(value: int, most: int, width: int) -> None:
    """A share drawn to an eighth of a cell; something is never drawn as nothing."""
    drawn = bar(min(value, most), most, width)
    assert cell_len(drawn) <= width
    assert bool(drawn) == bool(min(value, most))


def test_towers_stand_on_the_ground() -> None:
    """The largest fills the height, a small one is seen, nothing is a gap."""
    assert towers([4, 0, 1], 2, 2) == ["█", "█   ▄"]


@given(st.lists(st.tuples(st.text("ab题库", max_size=30), st.integers(0, 10**6)), min_size=1), st.integers(40, 200))
def test_columns_are_aligned_by_cells(rows: list[tuple[str, int]], width: int) -> None:
    """Whatever is Chinese and whatever is not: no line is too wide, and the numbers end in one column."""
    lines = columns([[name, str(number)] for name, number in rows], width, right=frozenset((1,)))
    assert len({cell_len(line.plain) for line in lines}) == 1
    assert cell_len(lines[0].plain) <= width


@given(st.text("ab题库…", max_size=60), st.integers(1, 40))
def test_what_is_cut_fits_and_says_so(text: str, width: int) -> None:
    """At most so many cells; what was shortened ends in `…`."""
    shown = cut(Text(text), width).plain
    assert cell_len(shown) <= width
    assert shown == text or width == 1 or shown.endswith("…")


def test_labels_stand_before_folded_text() -> None:
    """The texts begin in one column, counted in cells, and their folds too."""
    lines = labelled([("今天", Text("one two three four")), ("x", Text("five"))], 20)
    assert [line.plain for line in lines] == [" 今天  one two three", "       four", " x     five"]


@pytest.mark.parametrize(("lang", "monday"), [("en", " Mon"), ("zh", " 一")])
def test_a_day_has_its_place_in_the_calendar(lang: str, monday: str) -> None:
    """Seven rows; today, a Monday, is the last of the first row; the busiest day is the darkest."""
    days = {TODAY: 9, TODAY - timedelta(days=7): 1}
    lines = [line.plain for line in show_calendar(days, TODAY, lang=lang, width=80)]
    assert len(lines) == 8
    assert lines[1].startswith(monday)
    assert lines[1].endswith("░ █")
    assert all(set(line[6:]) <= set("· ") for line in lines[2:])


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_calendar_fits(width: int) -> None:
    """However long the history, as many weeks as there is room for."""
    days = {TODAY - timedelta(days=n): 1 for n in range(2000)}
    assert all(cell_len(line.plain) <= width for line in show_calendar(days, TODAY, lang="zh", width=width))

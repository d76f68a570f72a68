"""What is where on a terminal of some size."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from rich.text import Text

from interview.terminal.tui.screen import END, FRESH, View, frame


def rows(name: str, most: int) -> st.SearchStrategy[list[Text]]:
    return st.integers(0, most).map(lambda count: [Text(f"{name}{n}") for n in range(count)])


@example([Text("body0")], [], [], [], [Text("line0")], 0, 1, 0, 0)
@given(
    rows("body", 60), rows("foot", 6), rows("news", 8), rows("pinned", 3), rows("line", 12),
    st.integers(0, 11), st.integers(1, 50), st.integers(-1, 70), st.integers(0, 40),
)  # fmt: skip
def test_every_frame_is_as_high_as_the_terminal_and_keeps_what_must_be_seen(
    body: list[Text], foot: list[Text], news: list[Text], pinned: list[Text], line: list[Text],
    row: int, height: int, top: int, start: int,
) -> None:  # fmt: skip
    """At any height and scroll: the news' and the keys' first rows, and the row with the cursor, which is inside."""
    cursor = (min(row, len(line) - 1), 3) if line else None
    made = frame(View(body, foot, news, pinned, line, cursor, min(start, len(body))), 40, height, top)
    assert len(made.lines) == height
    assert 0 <= made.cursor[0] < height
    seen = [each.plain.split("  ")[0].strip() for each in made.lines]
    if height >= 3:
        assert not foot or "foot0" in seen
        assert not news or "news0" in seen
    if cursor and height >= len(foot) + len(news) + 4:
        assert seen[made.cursor[0]] == f"line{cursor[0]}"


@given(rows("body", 60), rows("pinned", 2), st.integers(8, 30))
def test_every_line_of_the_body_can_be_scrolled_to(body: list[Text], pinned: list[Text], height: int) -> None:
    """From the first to the last, whatever is pinned above it; it begins where it wants to."""
    view = View(body, [Text("keys")], (), pinned, start=len(body) // 2)
    seen = {each.plain.split("  ")[0] for top in range(len(body) + 1) for each in frame(view, 40, height, top).lines}
    assert {each.plain for each in body} <= seen
    opened = [each.plain.split("  ")[0] for each in frame(view, 40, height, FRESH).lines]
    assert not body or f"body{len(body) // 2}" in opened
    assert not body or f"body{len(body) - 1}" in [
        each.plain.split("  ")[0] for each in frame(view, 40, height, END).lines
    ]

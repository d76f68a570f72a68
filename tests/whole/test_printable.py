"""Text that reaches a terminal holds nothing that a terminal obeys."""

import unicodedata

import pytest

from interview.printable import printable, printable_line

OBEYED = [
    "\x1b[31m",
    "\x1b]0;title\x07",
    "\x9b31m",
    "\r",
    "\x08",
    "\x7f",
    "\u202e",
    "\u2066",
    "\u200f",
    "\ud800",
    "\u2028",
]


@pytest.mark.parametrize("text", OBEYED, ids=ascii)
def test_what_a_terminal_obeys_is_replaced(text):
    """Escapes, returns, overrides of direction and halves of a pair never come out."""
    shown = printable(f"a{text}b")
    assert shown.startswith("a\N{REPLACEMENT CHARACTER}")
    assert not any(unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") for each in shown)
    shown.encode("utf-8")


def test_text_that_people_write_stays():
    """Chinese, full-width spaces, joined emoji, tabs and newlines are text."""
    text = "丢弃\u3000概率\u00a0p\n\t👩\u200d🔬 café"
    assert printable(text) == text


def test_a_line_stays_a_line():
    """A name that holds an end of line cannot forge a second line of a report."""
    assert "\n" not in printable_line("a\nb: passed\tc")


def test_long_text_is_cut():
    """The limit counts characters, and the cut is visible."""
    assert printable("x" * 50, 10) == "x" * 10 + "…"

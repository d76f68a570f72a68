"""The key hints: the keys that the last line names, in each state."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len

from interview.content.cards.deck_file import load_deck
from interview.drill.draw import draw
from interview.log.record import Rating
from interview.terminal.quiz.context import Showing
from interview.terminal.quiz.key_hints import after, foot, keys
from interview.terminal.quiz.model import Asking, Mode, ask
from interview.terminal.quiz.update import press
from interview.terminal.text.words import QuizWords

SAMPLE = load_deck(Path(__file__).parents[1] / "fixtures" / "drill" / "questions" / "sample.yaml").cards
PEAK = next(card for card in SAMPLE if card.id == "peak")
CARDS = {card.id: card for card in SAMPLE} | {"many": replace(PEAK, answer=replace(PEAK.answer, many=True))}
UNHEARD = (QuizWords.no_key, QuizWords.too_early)
PRESSED = {"Enter": "enter", "Esc": "esc", "Space": "space", "1–3": "1", "↑ ↓": ""}


def at(card: str, *pressed: str) -> Asking:
    asking = ask(CARDS[card], draw(CARDS[card], 1))
    for key in pressed:
        asking, _ = press(asking, key)
    return asking


def named(asking: Asking, lang: str = "en") -> list[str]:
    return [key for key, _ in keys(asking, Showing(lang, 80)) if key]


@pytest.mark.parametrize(
    ("card", "pressed", "hints"),
    [
        ("peak", (), "1–3 Space a s d h b u ? q"),
        ("peak", ("h",), "1–3 Space a s d b u ? q"),
        ("many", (), "1–3 Space a s d h b u ? q"),
        ("many", ("1",), "1–3 Enter a s d h b u ? q"),
        ("holds", (), "y n Space a s d b u ? q"),
        ("holds", ("y",), "c v t Enter ? q"),
        ("why", (), "Space t a s d b u ? q"),
        ("why", ("space",), "c v g m t Enter ? q"),
        ("why", ("space", "t"), "Enter Esc"),
        ("variance", (), "Enter Esc a s d b q"),
        ("variance", ("esc",), "t Space a s d b u ? q"),
        ("bug", ("esc", "space"), "o u b ? q"),
        ("peak", ("space",), "f o u b ? q"),
        ("peak", ("space", "f", "f"), "Space"),
        ("peak", ("?",), "↑ ↓ Space"),
    ],
)
def test_the_keys_of_a_state(card: str, pressed: tuple[str, ...], hints: str) -> None:
    """Those that answer first, then what helps, then what leaves; none for what the card has not."""
    assert " ".join(named(at(card, *pressed))) == hints


@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize("pressed", [(), ("esc",), ("1",), ("y",), ("space",), ("esc", "space"), ("?",)])
def test_a_key_that_is_named_is_heard(card: str, pressed: tuple[str, ...]) -> None:
    """Every key of the line does something where it stands."""
    asking = at(card, *pressed)
    for hint in named(asking):
        for key in [PRESSED[hint]] if hint in PRESSED else hint.split(" "):
            later, action = press(asking, key)
            assert not key or action or (later != asking and later.notice not in UNHEARD), key


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [20, 33, 40, 80])
@pytest.mark.parametrize("mode", [Mode.FRONT, Mode.TICKS, Mode.BACK, Mode.LINE])
def test_the_keys_fold_between_each_other(lang: str, width: int, mode: Mode) -> None:
    """No line is wider than the terminal but for a single key, and every key is there with its word."""
    asking = replace(at("peak", "a"), mode=mode)
    showing = Showing(lang, width, days={rating: 400 * int(rating) for rating in Rating})
    lines = [line.plain for line in foot(asking, showing)]
    assert all(cell_len(line) <= width or " · " not in line.strip() for line in lines)
    told = " ".join(lines)
    found = [told.find(word) for pair in keys(asking, showing) for word in pair if word]
    assert -1 not in found


@pytest.mark.parametrize(
    ("days", "en", "zh"),
    [
        (0, "<10 min", "<10 分钟"), (1, "1 d", "1 天"), (59, "59 d", "59 天"), (60, "2 mo", "2 个月"),
        (76, "2.5 mo", "2.5 个月"), (364, "12 mo", "12 个月"), (365, "1 y", "1 年"), (450, "1.2 y", "1.2 年"),
    ],
)  # fmt: skip
def test_an_interval_is_said_shortly(days: int, en: str, zh: str) -> None:
    """Days below two months, months below a year, then years, to a tenth."""
    assert (after(days, "en"), after(days, "zh")) == (en, zh)

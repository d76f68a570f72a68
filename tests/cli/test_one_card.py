"""`interview card`: one card's history, and what a person does to cards outside a sitting."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from decks import EVERY_KIND, write_deck, write_kata
from rich.cells import cell_len

from interview.cli.drill.card import complete_card
from interview.cli.main import main
from interview.drill.schedule import DEFAULT
from interview.log.record import Due, Rating, Review
from interview.log.store import Store
from interview.practice.review.memories import fold, remember, settle

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def pack(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A deck and a kata; one card forgotten five times, and one that the kata calls for."""
    write_deck(tmp_path / "pack", EVERY_KIND)
    write_kata(tmp_path / "pack")
    monkeypatch.setenv("INTERVIEW_PATH", str(tmp_path / "pack"))
    monkeypatch.setenv("INTERVIEW_NOW", NOW.isoformat())
    monkeypatch.setenv("INTERVIEW_LANG", "en")
    with Store.open(home / "history.db") as store:
        for ago in range(20, 0, -2):
            at = NOW - timedelta(days=ago)
            rating = Rating.GOOD if ago % 4 == 0 else Rating.AGAIN
            store.append(Review("mine/ridge", 1, at, at.date(), rating, seconds=5))
        at = NOW - timedelta(days=1)
        store.append(Review("mine/spot", 1, at, at.date(), Rating.EASY))
        store.append(Due("mine/spot", NOW, NOW.date(), "kata double: doubles"))


def told(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main([*args, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


def asked(capsys: pytest.CaptureFixture[str], tmp_path: Path, *args: str) -> set[str]:
    """The cards that a quiz brings."""
    (tmp_path / "answers").write_text("-\n" * 40)
    capsys.readouterr()
    assert main(["quiz", *args, "--answers", str(tmp_path / "answers"), "--json"]) == 0
    return {json.loads(line)["card"] for line in capsys.readouterr().out.splitlines()[:-1]}


def test_its_history_and_why_it_is_due(capsys: pytest.CaptureFixture[str]) -> None:
    """What called for it, every rating, and the day of its return after each rating given now."""
    card = told(capsys, "card", "mine/spot")
    assert (card["state"], card["why"]) == ("due", "kata double: doubles")
    assert [each["rating"] for each in card["reviews"]] == ["easy"]
    days = list(card["next"].values())
    assert days[0] == "2026-03-01"
    assert days == sorted(days)
    assert main(["card", "mine/spot"]) == 0
    assert "due now, from the kata double: value" in capsys.readouterr().out


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("columns", [40, 80])
def test_every_width_holds_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, lang: str, columns: int
) -> None:
    """A long flag, a long history: no line is wider than the terminal, in both languages."""
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["card", "mine/ridge", "--flag", "ask again " * 20]) == 0
    capsys.readouterr()
    assert main(["--lang", lang, "card", "mine/ridge"]) == 0
    assert max(cell_len(line) for line in capsys.readouterr().out.splitlines()) <= columns


def test_a_forgotten_card_is_new_again(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Neither due nor a leech; its ratings stay in the log, undo brings all of it back."""
    before = told(capsys, "card", "mine/ridge")
    assert before["leech"]
    assert told(capsys, "card", "mine/ridge", "--forget")["cards"] == ["mine/ridge"]
    after = told(capsys, "card", "mine/ridge")
    assert (after["state"], after["leech"], len(after["reviews"])) == ("new", False, len(before["reviews"]))
    assert told(capsys, "undo")["undone"][0]["card"] == "mine/ridge"
    assert told(capsys, "card", "mine/ridge") == before


def test_a_suspended_card_is_never_asked(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """By name or by query, due or called for or new; woken it comes as before."""
    due = told(capsys, "list")["due"]
    found = told(capsys, "card", "deck:mine", "tag:theory", "--suspend")
    assert found["found"] == len(found["cards"]) == 4
    assert not set(found["cards"]) & asked(capsys, tmp_path, "mine", "-n", "20")
    assert not told(capsys, "card", "deck:mine", "tag:theory", "--suspend")["cards"]
    listed = told(capsys, "list", "--suspended")
    assert [card["id"] for card in listed["cards"]] == found["cards"]
    assert told(capsys, "card", "deck:mine", "tag:theory", "--wake")["cards"] == found["cards"]
    assert told(capsys, "list", "--suspended")["cards"] == []
    assert due >= 1


def test_leeches_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Those forgotten again and again, and no other."""
    assert [card["id"] for card in told(capsys, "list", "--leeches")["cards"]] == ["mine/ridge"]


def test_a_flag_is_shown_and_taken_off(capsys: pytest.CaptureFixture[str]) -> None:
    """In the list and on the card; an empty one takes it off. What a terminal obeys does not reach it."""
    assert main(["card", "mine/spot", "--flag", "ask \x1b[31mAnna"]) == 0
    assert main(["list", "spot"]) == 0
    out = capsys.readouterr().out
    assert "⚑ ask" in out
    assert "\x1b[31m" not in out
    told(capsys, "card", "mine/spot", "--note", "p/(1-p)")
    card = told(capsys, "card", "mine/spot")
    assert (card["flag"], card["note"]) == ("ask \x1b[31mAnna", "p/(1-p)")
    told(capsys, "card", "mine/spot", "--flag", "")
    assert told(capsys, "card", "mine/spot")["flag"] is None


def test_the_derived_table_is_what_the_log_says(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    """Forgotten, flagged and suspended cards too."""
    told(capsys, "card", "mine/ridge", "--forget")
    told(capsys, "card", "mine/spot", "--flag", "hm")
    told(capsys, "card", "mine/spot", "--suspend")
    names = ["mine/ridge", "mine/spot"]
    with Store.open(home / "history.db") as store:
        settle(store, names, DEFAULT)
        assert remember(store, names, DEFAULT) == fold(store, names, DEFAULT)


def test_what_is_done_travels_in_a_backup(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Backed up here, restored elsewhere: the card is as it was left."""
    for option in (["--forget"], ["--flag", "hm"], ["--note", "see the paper"], ["--suspend"]):
        told(capsys, "card", "mine/ridge", *option)
    before = told(capsys, "card", "mine/ridge")
    told(capsys, "backup", str(tmp_path / "all.zip"))
    monkeypatch.setenv("INTERVIEW_HOME", str(tmp_path / "elsewhere"))
    told(capsys, "restore", str(tmp_path / "all.zip"))
    assert told(capsys, "card", "mine/ridge") == before


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("mine/rigde",), "did you mean `mine/ridge`"),
        (("mine/ridge", "--suspend", "--forget"), "one at a time"),
        (("tag:theory", "--forget"), "no card named"),
        (("tag:nothing", "--suspend"), "no card named"),
        (("mine/ridge", "--flag", "x" * 600), "500 fit"),
    ],
)
def test_what_is_refused(capsys: pytest.CaptureFixture[str], args: tuple[str, ...], said: str) -> None:
    """A sentence, code 2, and nothing noted."""
    assert main(["card", *args]) == 2
    assert said in capsys.readouterr().err


def test_completion_knows_the_cards() -> None:
    """Decks first, then the cards of the deck."""
    assert "mine/" in complete_card("mi")
    assert complete_card("mine/s") == ["mine/strongest", "mine/spot"]

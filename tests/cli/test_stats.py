from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from decks import EVERY_KIND, write_deck, write_kata
from rich.cells import cell_len

from interview.cli.main import main
from interview.log.record import Attempt, Confidence, Rating, Review, Undo
from interview.log.store import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "pack"
    write_deck(folder, EVERY_KIND)
    write_kata(folder)
    monkeypatch.setenv("INTERVIEW_PATH", str(folder))
    monkeypatch.setenv("INTERVIEW_NOW", NOW.isoformat())
    monkeypatch.setenv("INTERVIEW_LANG", "en")
    return folder


@pytest.fixture
def history(pack: Path, home: Path) -> None:
    """Four cards on three days, some forgotten; one review crammed, one taken back, one of a card that is gone."""
    with Store.open(home / "history.db") as store:
        for n, name in enumerate(("strongest", "variance", "printed", "ridge")):
            for ago in (20, 9, 1):
                at = NOW - timedelta(days=ago)
                rating = Rating.AGAIN if (n + ago) % 4 == 0 else Rating.GOOD
                sure = Confidence.SURE if n % 2 else Confidence.UNSURE
                store.append(Review(f"mine/{name}", 1, at, at.date(), rating, confidence=sure, seconds=30))
        store.append(Review("mine/spot", 1, NOW, NOW.date(), Rating.GOOD, cram=True))
        number = store.append(Review("mine/explain", 1, NOW, NOW.date(), Rating.GOOD))
        store.append(Undo("mine/explain", NOW, NOW.date(), number))
        store.append(Review("gone/card", 1, NOW, NOW.date(), Rating.GOOD))
        for text, status in (("aa", "failed"), ("bb", "passed")):
            store.append(Attempt("double", NOW, NOW.date(), status, 1, text, 0.1))


def told(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["stats", *args, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["schema"] == 1
    return found


def test_reviews_are_the_ratings_that_count(history: None, capsys: pytest.CaptureFixture[str]) -> None:
    """Twelve and the one of a card that is gone; neither what was taken back nor cramming."""
    found = told(capsys)
    assert found["reviews"] == 13
    assert found["days"]["2026-03-01"] == 1
    assert found["calibration"]["sure"]["total"] == 6
    assert [each["id"] for each in found["decks"]] == ["mine"]
    assert found["katas"] == [
        {"id": "double", "status": "passed", "passes": [False, True], "last": "2026-03-01", "due": "2026-03-03"}
    ]
    assert len(found["forecast"]) == 30


def test_one_deck_alone(history: None, capsys: pytest.CaptureFixture[str]) -> None:
    """`stats DECK` counts that deck's reviews; katas belong to none."""
    found = told(capsys, "mine")
    assert (found["deck"], found["reviews"], found["katas"]) == ("mine", 12, [])
    assert main(["stats", "mien"]) == 2
    assert "did you mean `mine`" in capsys.readouterr().err


def test_nothing_yet_says_how_to_begin(pack: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No empty pictures, and no trace of having looked."""
    assert main(["stats"]) == 0
    assert "interview quiz dropout" in capsys.readouterr().out
    assert told(capsys)["reviews"] == 0
    assert not home.exists()


def test_every_picture_is_there(history: None, capsys: pytest.CaptureFixture[str]) -> None:
    """Calendar, forecast, retention, calibration, decks, tags, katas: each under its name, in both languages."""
    assert main(["stats"]) == 0
    out = capsys.readouterr().out
    for word in ("Calendar", "Due in the next 30 days", "Retention", "Calibration", "Decks", "Weakest tags", "✗✓"):
        assert word in out
    assert "Sure and wrong: mine/variance" in out or "Sure and wrong: mine/ridge" in out
    assert main(["--lang", "zh", "stats"]) == 0
    out = capsys.readouterr().out
    for word in ("日历", "未来 30 天到期", "记忆保持率", "自信与结果", "题库", "最弱的标签", "手写题"):
        assert word in out


@pytest.mark.parametrize("columns", [40, 57, 80, 120, 200])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_width_holds_it(
    history: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int, lang: str
) -> None:
    """From 40 columns to 200, in both languages, no line is wider than the terminal."""
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["--lang", lang, "stats"]) == 0
    assert max(cell_len(line) for line in capsys.readouterr().out.splitlines()) <= columns


def test_colour_is_only_for_terminals(
    history: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Plain in a pipe; coloured where a terminal is; NO_COLOR takes the colours away again."""
    assert main(["stats"]) == 0
    assert "\x1b" not in capsys.readouterr().out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert main(["stats"]) == 0
    assert "\x1b[36m" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    assert main(["stats"]) == 0
    assert "\x1b[36m" not in capsys.readouterr().out

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from decks import EVERY_KIND, write_deck, write_kata
from rich.cells import cell_len

from interview.cli.main import main
from interview.log.record import Attempt, Due, Rating, Review
from interview.log.store import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KINDS = ("strongest", "variance", "printed", "spot", "explain", "ridge")


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack of one deck and one kata, on INTERVIEW_PATH."""
    folder = tmp_path / "pack"
    write_deck(folder, EVERY_KIND)
    write_kata(folder)
    monkeypatch.setenv("INTERVIEW_PATH", str(folder))
    monkeypatch.setenv("INTERVIEW_NOW", NOW.isoformat())
    monkeypatch.setenv("INTERVIEW_LANG", "en")
    return folder


@pytest.fixture
def history(pack: Path, home: Path) -> None:
    """Five of six cards seen ten days ago, two of them forgotten; the kata tried."""
    at = NOW - timedelta(days=10)
    with Store.open(home / "history.db") as store:
        for name in KINDS[:5]:
            rating = Rating.AGAIN if name in KINDS[:2] else Rating.GOOD
            store.append(Review(f"mine/{name}", 1, at, at.date(), rating, seconds=30))
        store.append(Attempt("double", NOW, NOW.date(), "failed", 1, "", 0.1, ("doubles",)))


def told(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["today", *args, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["schema"] == 1
    return found


@pytest.mark.parametrize(("lang", "words"), [("en", "Begin with either"), ("zh", "任选一个开始")])
def test_the_empty_first_day_says_how_to_begin(
    pack: Path, home: Path, capsys: pytest.CaptureFixture[str], lang: str, words: str
) -> None:
    """`interview` alone, with nothing done yet: the two commands, and no trace left."""
    assert main(["--lang", lang]) == 0
    out = capsys.readouterr().out
    assert words in out
    assert "interview quiz dropout" in out
    assert "interview kata dropout" in out
    assert not home.exists()


def test_what_is_due_is_counted_per_deck(history: None, capsys: pytest.CaptureFixture[str]) -> None:
    """Five due, the day's ten new ones of all decks, the kata that was tried, and the tag least recalled."""
    found = told(capsys)
    assert [(deck["id"], deck["due"]) for deck in found["decks"] if deck["due"]] == [("mine", 5)]
    assert found["due"] == 5
    assert found["new"] == sum(deck["new"] for deck in found["decks"]) == 10
    assert found["kata"] == "double"
    assert found["weakest"]["tag"] == "theory"
    assert found["interview"] is None
    assert main([]) == 0
    out = capsys.readouterr().out
    assert "mine 5" in out
    assert "interview quiz mine --tag theory --cram" in out


def test_only_what_fits_the_minutes_is_offered(history: None, capsys: pytest.CaptureFixture[str]) -> None:
    """Two minutes: a part of the cards, must-know first; the rest is counted; a kata of three minutes does not fit."""
    found = told(capsys, "-m", "2")
    assert found["cards"][0] == "mine/explain"
    assert found["seconds"] <= 120
    assert found["waiting"]
    assert found["kata"] is None
    assert len(told(capsys, "-m", "60")["cards"]) == 15


def test_a_card_called_for_is_due(pack: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a failed kata called for counts, though its day has not come."""
    with Store.open(home / "history.db") as store:
        store.append(Review("mine/ridge", 1, NOW, NOW.date(), Rating.EASY))
        store.append(Due("mine/ridge", NOW, NOW.date(), "kata double: doubles"))
    assert told(capsys)["due"] == 1


def test_a_date_makes_it_the_day_s_share(history: None, capsys: pytest.CaptureFixture[str]) -> None:
    """With an interview ahead: how many days, and what the plan has for today, new cards of all decks among it."""
    assert main(["plan", "--date", "2026-03-15", "-m", "10"]) == 0
    found = told(capsys)
    assert found["interview"] == {"date": "2026-03-15", "days": 14}
    assert found["minutes"] == 10
    assert found["seconds"] <= 600
    assert main([]) == 0
    assert "interview in 14 days" in capsys.readouterr().out


@pytest.mark.parametrize("columns", [40, 80, 200])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_width_holds_it(
    history: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int, lang: str
) -> None:
    """From 40 columns to 200, in both languages, no line is wider than the terminal."""
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["--lang", lang, "today", "-m", "1"]) == 0
    assert max(cell_len(line) for line in capsys.readouterr().out.splitlines()) <= columns


def test_a_broken_deck_is_told_after_the_rest(history: None, pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What can be read is shown; the file and the line of the rest, and code 5."""
    (pack / "questions" / "broken.yaml").write_text("deck: broken\n", encoding="utf-8")
    assert main(["today"]) == 5
    said = capsys.readouterr()
    assert "mine 5" in said.out
    assert "broken.yaml:1: `title` is missing" in said.err


def test_today_imports_nothing_heavy(pack: Path) -> None:
    """Plain `interview` starts without torch, numpy, pytest, genanki or pydantic."""
    heavy = "{'torch', 'numpy', 'pytest', 'pydantic', 'genanki'}"
    code = f"import sys; from interview.cli.main import main; main([]); sys.exit(str({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "set()"

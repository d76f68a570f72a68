"""A kata on the schedule, through the commands: what is due is offered from a blank file; the old one is no recall."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from decks import write_kata

from interview.cli.main import main
from interview.cli.world import shipped
from interview.log.file import INSERT
from interview.log.record import Attempt, GiveUp, HandOut, Rating, Review
from interview.log.store import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
INTERVIEW = Path(sys.executable).with_name("interview")
SOFTMAX = (shipped() / "katas" / "softmax" / "submissions" / "accepted" / "reference.py").read_text("utf-8")
SHA = hashlib.sha256(SOFTMAX.encode()).hexdigest()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, a month after the events that the tests write."""
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setenv("INTERVIEW_LANG", "en")
    monkeypatch.setenv("INTERVIEW_NOW", (NOW + timedelta(days=30)).isoformat())
    return place


def note(home: Path, *events: Any) -> None:
    with Store.open(home / "history.db") as store:
        store.append(*events)


def passed(kata: str, at: datetime = NOW, sha256: str = SHA) -> Attempt:
    return Attempt(kata, at, at.date(), "passed", 1, sha256, 0.1)


def katas(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    capsys.readouterr()
    assert main(["list", "--json"]) == 0
    return {each["id"]: each["status"] for each in json.loads(capsys.readouterr().out)["katas"]}


def test_kata_alone_hands_out_the_next_one(home: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With nothing due, the easiest that is unlocked, once; the hand-out is in the history."""
    assert main(["kata"]) == 0
    assert "Next: dropout" in capsys.readouterr().out
    assert (folder / "dropout.py").exists()
    with Store.peek(home / "history.db") as store:
        assert [(type(each), each.kata) for each in store.kata_events()] == [(HandOut, "dropout")]
    assert main(["kata"]) == 0
    assert "left as it is" in capsys.readouterr().out
    with Store.peek(home / "history.db") as store:
        assert len(store.kata_events()) == 1


def test_kata_alone_hands_out_what_is_due(home: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is due leads, the likeliest forgotten first, with how many more are; given up yesterday is not due."""
    yesterday = NOW + timedelta(days=29)
    hard = Attempt("softmax", NOW, NOW.date(), "passed", 1, SHA, 0.1, hints=3)
    note(home, passed("layernorm"), hard, GiveUp("adamw", yesterday, yesterday.date()))
    assert katas(capsys) | {"layernorm": "due", "softmax": "due", "adamw": "tried"} == katas(capsys)
    capsys.readouterr()
    assert main(["--lang", "zh", "kata"]) == 0
    said = capsys.readouterr().out
    assert "到期：softmax" in said
    assert "另有 1 道到期" in said
    assert (folder / "softmax.py").exists()


def test_which_kata_is_to_be_checked_must_be_said(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    """Alone, `kata` only hands out; nothing is written for a deed that lacks its kata."""
    assert main(["kata", "--check"]) == 2
    assert "which kata" in capsys.readouterr().err
    assert not list(folder.iterdir())


def test_all_passed_is_said_with_the_day_of_the_next(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing due and nothing left: a sentence, and the day that the first comes back."""
    write_kata(tmp_path / "pack")
    monkeypatch.setenv("INTERVIEW_PATH", str(tmp_path / "pack"))
    monkeypatch.setenv("INTERVIEW_NOW", NOW.isoformat())
    note(home, *(passed(name) for name in katas(capsys)))
    capsys.readouterr()
    assert main(["kata"]) == 0
    assert "comes back on 2026-03-09" in capsys.readouterr().out


def test_the_old_answer_to_a_kata_that_is_due_is_left_and_is_no_recall(
    home: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The hand-out names --again; checking it gives its verdict, says that it moved nothing, and it stays due. From a
    blank file the same text is a recall."""
    path = folder / "softmax.py"
    path.write_text(SOFTMAX, "utf-8")
    note(home, passed("softmax"))
    assert main(["kata", "softmax"]) == 0
    assert "interview kata softmax --again" in capsys.readouterr().out
    assert path.read_text("utf-8") == SOFTMAX
    checked = run("kata", "softmax", "--check")
    assert checked.returncode == 0
    assert "no recall" in checked.stderr
    assert katas(capsys)["softmax"] == "due"
    path.unlink()
    assert main(["kata", "softmax"]) == 0
    path.write_text(SOFTMAX, "utf-8")
    checked = run("kata", "softmax", "--check")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert katas(capsys)["softmax"] == "passed"


def run(*args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([INTERVIEW, *args], capture_output=True, text=True, timeout=120, check=False)


def test_a_file_of_one_s_own_is_graded_though_the_kata_is_due(
    home: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only what passed before is sent away: what is being written is not."""
    (folder / "softmax.py").write_text("import torch\n", "utf-8")
    note(home, passed("softmax"))
    assert main(["kata", "softmax"]) == 0
    assert "--check" in capsys.readouterr().out


def test_undo_leaves_a_kata_s_verdict(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A verdict is what the judge saw, a give-up what was read: neither is taken back, the rating before them is."""
    day = NOW.date()
    note(home, Review("dropout/strongest-p", 1, NOW, day, Rating.GOOD), passed("softmax"), GiveUp("adamw", NOW, day))
    assert main(["undo"]) == 0
    assert "dropout/strongest-p" in capsys.readouterr().out
    with Store.peek(home / "history.db") as store:
        assert [each.kata for each in store.kata_events()] == ["softmax", "adamw"]


def test_an_old_history_reads_as_before(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Rows from before hand-outs were noted and checks counted: the same statuses, and a schedule from the verdicts."""
    Store.open(home / "history.db").close()
    moment, day = NOW.isoformat(), NOW.date().isoformat()
    rows = [
        ("softmax", '{"status": "failed", "seed": 5, "sha256": "aa", "seconds": 0.4, "failed": ["shift"]}'),
        ("softmax", '{"status": "passed", "seed": 5, "sha256": "bb", "seconds": 0.4}'),
        ("adamw", '{"status": "crashed", "seed": 5, "sha256": "cc", "seconds": 0.4, "mood": "new to us"}'),
    ]
    db = sqlite3.connect(home / "history.db")
    db.executemany(INSERT, [(None, moment, day, "attempt", kata, detail) for kata, detail in rows])
    db.commit()
    db.close()
    found = katas(capsys)
    assert (found["softmax"], found["adamw"], found["dropout"]) == ("due", "tried", "new")
    assert main(["stats", "--json"]) == 0
    told = {each["id"]: each for each in json.loads(capsys.readouterr().out)["katas"]}
    assert told["softmax"]["passes"] == [False, True]
    assert told["softmax"]["due"] == "2026-03-03"
    assert main(["doctor", "--json"]) in (0, 1)
    assert "passed over" not in capsys.readouterr().err


def test_today_offers_katas_within_the_minutes(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A kata that is due comes within the minutes, at this person's pace, and the cards have what is left of them."""
    handed = HandOut("softmax", NOW, NOW.date())
    note(home, handed, passed("softmax", NOW + timedelta(minutes=8)))
    told = {}
    for minutes in ("20", "7"):
        capsys.readouterr()
        assert main(["today", "-m", minutes, "--json"]) == 0
        told[minutes] = json.loads(capsys.readouterr().out)
    assert told["20"]["write"] == ["softmax"] == [told["20"]["kata"]]
    assert next(each["minutes"] for each in told["20"]["katas"] if each["id"] == "softmax") == 8
    assert told["20"]["seconds"] <= 12 * 60
    assert told["7"]["write"] == []
    assert main(["today", "-m", "7"]) == 0
    assert "1 kata" in capsys.readouterr().out


def test_the_plan_counts_katas_into_the_days(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No day holds more than its minutes, cards and katas together; the katas that will not fit are named."""
    assert main(["plan", "--date", "2026-04-10", "-m", "20", "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert max(each["seconds"] for each in plan["load"]) <= 20 * 60
    assert sum(each["katas"] for each in plan["load"]) > 0
    assert plan["short_katas"]
    assert plan["fits"] is False
    assert main(["plan"]) == 0
    assert "katas will not fit" in " ".join(capsys.readouterr().out.split())

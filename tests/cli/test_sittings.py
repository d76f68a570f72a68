"""A kata on the schedule, through the commands: what is due is offered from a blank file; the old one is no recall."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from decks import EVERY_KIND, write_deck, write_kata
from screens import Quiz

from interview.cli.main import main
from interview.cli.world import shipped
from interview.content.cards.deck_file import load_deck
from interview.content.katas.kata_file import load_kata
from interview.drill.schedule import DEFAULT, recall
from interview.log.file import INSERT
from interview.log.record import Attempt, GiveUp, HandOut, Memory, Rating, Review
from interview.log.store import Store
from interview.practice.kata.debrief import to_ask

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


@pytest.fixture
def on_screen(folder: Path) -> Iterator[Callable[..., Quiz]]:
    """`interview ARGS` on a terminal, beside a right answer to softmax."""
    started: list[Quiz] = []
    (folder / "softmax.py").write_text(SOFTMAX, "utf-8")

    def start(*args: str, lang: str = "en") -> Quiz:
        started.append(Quiz(*args, cwd=folder, rows=60, env={"INTERVIEW_PATH": "", "INTERVIEW_LANG": lang}))
        return started[-1]

    yield start
    for each in started:
        each.close()


def reviews(home: Path) -> list[Review]:
    with Store.peek(home / "history.db") as store:
        return store.reviews()


def test_a_pass_asks_its_cards_there_and_then(on_screen: Callable[..., Quiz], home: Path) -> None:
    """Three of its cards at most, in the quiz; Ctrl-C saves what was answered; none is asked twice on a day."""
    quiz = on_screen("kata", "softmax", "--check")
    quiz.until("3 cards ask about", seconds=60)
    quiz.press("enter")
    quiz.until("3 new · 0 again · 0 due")
    quiz.press("esc", "space")
    quiz.until("Space")
    quiz.press("3")
    quiz.until("2 new")
    assert quiz.leave("ctrl-c") == 130
    assert quiz.restored
    asked = [each.card for each in reviews(home)]
    assert len(asked) == 1
    linked = {name for check in load_kata(shipped() / "katas" / "softmax").checks for name in check.cards}
    assert set(asked) <= linked
    again = on_screen("kata", "softmax", "--check", lang="zh")
    again.until("考的正是你刚写的内容", seconds=60)
    assert again.leave("n", "enter") == 0
    assert len(reviews(home)) == 1


def test_who_leaves_the_debrief_has_passed_all_the_same(on_screen: Callable[..., Quiz], home: Path) -> None:
    """Ctrl-D at the offer ends with the verdict's code, Ctrl-C with that of an interrupt; the attempt is noted."""
    for key, code in (("ctrl-d", 0), ("ctrl-c", 130)):
        quiz = on_screen("kata", "softmax", "--check")
        quiz.until("cards ask about", seconds=60)
        assert quiz.leave(key) == code
        assert quiz.restored
    with Store.peek(home / "history.db") as store:
        assert [each.status for each in store.attempts()] == ["passed", "passed"]
    assert reviews(home) == []


@pytest.mark.parametrize("flags", [("--no-debrief",), ("--json",), ("--plain",)])
def test_nobody_is_asked_who_did_not_want_to_be(on_screen: Callable[..., Quiz], flags: tuple[str, ...]) -> None:
    """With the flag, for a program, for an editor: the verdict, and the end."""
    quiz = on_screen("kata", "softmax", "--check", *flags)
    assert quiz.leave(seconds=60) == 0
    assert "ask about" not in quiz.text


def test_the_watch_says_too_that_the_old_answer_is_no_recall(on_screen: Callable[..., Quiz], home: Path) -> None:
    """Judged as ever, and told; what is left with q after a pass asks its cards as a single check does."""
    note(home, passed("softmax"))
    quiz = on_screen("kata", "softmax", "--check", "--watch")
    quiz.until("All 12 checks passed", "softmax stays due", seconds=60)
    quiz.press("q")
    quiz.until("3 cards ask about")
    assert quiz.leave("n", "enter") == 0
    assert quiz.restored


def test_nobody_is_asked_without_a_terminal(folder: Path) -> None:
    """In a pipe a pass ends as ever."""
    (folder / "softmax.py").write_text(SOFTMAX, "utf-8")
    done = run("kata", "softmax", "--check")
    assert (done.returncode, "ask about" in done.stdout) == (0, False)


def test_the_debrief_asks_what_is_due_first_and_nothing_put_away(tmp_path: Path) -> None:
    """Due, then never seen, then the likeliest forgotten; three at most; what slept, or was answered today, is left."""
    cards = list(load_deck(write_deck(tmp_path, EVERY_KIND)).cards)
    today = NOW.date()

    def rated(name: str, rating: Rating, ago: int) -> Memory:
        return recall(Memory(name, rev=1), rating, today - timedelta(days=ago), DEFAULT)

    memories = {
        "mine/strongest": rated("mine/strongest", Rating.EASY, 2),
        "mine/variance": rated("mine/variance", Rating.GOOD, 90),
        "mine/printed": rated("mine/printed", Rating.GOOD, 0),
        "mine/spot": Memory("mine/spot", suspended=True),
    }
    assert [card.id for card in to_ask(cards, memories, today)] == ["variance", "explain", "ridge"]
    assert [card.id for card in to_ask(cards[:4], memories, today)] == ["variance", "strongest"]
    assert to_ask([], {}, today) == []

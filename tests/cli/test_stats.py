from __future__ import annotations

import json
import os
import pty
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from decks import EVERY_KIND, write_deck, write_kata
from reviewers import REVIEWERS, drilled
from rich.cells import cell_len

from interview.cli.main import main
from interview.cli.settings import load_settings
from interview.log.record import Attempt, Confidence, Rating, Review, Undo
from interview.log.store import Store
from interview.practice.review.memories import fold, remember, settle

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


# What recall costs, and parameters of one's own


def test_each_aim_says_what_it_costs(history: None, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """80 to 95 %, and the person's own among them; on the screen in both languages."""
    assert [each["retention"] for each in told(capsys)["aims"]] == [0.8, 0.85, 0.9, 0.95]
    (home / "config.toml").write_text("[quiz]\nretention = 0.92\n")
    aims = told(capsys)["aims"]
    assert [each["retention"] for each in aims] == [0.8, 0.85, 0.9, 0.92, 0.95]
    assert [each["retention"] for each in aims if each["own"]] == [0.92]
    assert aims[-1]["reviews"] > 0 < aims[-1]["seconds"]
    for lang, said, own in (("en", "Recall aimed at", "yours"), ("zh", "目标记忆率", "当前")):
        assert main(["--lang", lang, "stats"]) == 0
        shown = capsys.readouterr().out
        assert said in shown
        (line,) = (line for line in shown.splitlines() if own in line)
        assert line.lstrip().startswith("92 %")


@pytest.fixture
def strong(pack: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The history of someone whose memory is better than FSRS takes it to be."""
    reviews = drilled(REVIEWERS["strong"], 2000)
    with Store.open(home / "history.db") as store:
        store.append(*reviews)
    monkeypatch.setenv("INTERVIEW_NOW", f"{reviews[-1].day}T20:00")
    return home


def tree(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in home.iterdir() if path.name in ("config.toml", "fsrs.toml")}


def test_a_fit_is_kept_only_when_told_to(strong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal it is shown and no more; `--yes` keeps it beside the person's own settings, which stay as
    they are; the schedule is then the fold of the same log by them; `--clear` goes back.
    """
    (strong / "config.toml").write_text("# mine\n[quiz]\nretention = 0.85  # less\n")
    before = tree(strong)
    assert main(["stats", "--fit"]) == 0
    said = capsys.readouterr().out
    assert "2000 reviews" in said
    assert "--yes" in said
    assert tree(strong) == before
    with Store.peek(strong / "history.db") as store:
        rows = store.rows()
    usual = load_settings(strong).rules
    assert main(["stats", "--fit", "--yes"]) == 0
    assert str(strong / "fsrs.toml") in capsys.readouterr().out.replace("\n", "")
    fitted = load_settings(strong).rules
    assert fitted == replace(usual, parameters=fitted.parameters) != usual
    assert {name: text for name, text in tree(strong).items() if name != "fsrs.toml"} == before
    with Store.open(strong / "history.db") as store:
        names = store.cards()
        for rules in (usual, fitted, usual):
            settle(store, names, rules)
            assert remember(store, names, rules) == fold(store, names, rules)
        assert fold(store, names, usual) != fold(store, names, fitted)
        assert store.rows() == rows
    assert main(["stats", "--fit", "--clear"]) == 0
    assert load_settings(strong).rules == usual
    assert tree(strong) == before


def test_what_is_no_better_is_not_kept(strong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same parameters fitted again, with all the consent there is: code 1, and the file as it was."""
    assert main(["stats", "--fit", "--yes"]) == 0
    before = tree(strong)
    capsys.readouterr()
    assert main(["stats", "--fit", "--yes"]) == 1
    assert "nothing was kept" in capsys.readouterr().out
    assert main(["stats", "--fit", "--yes", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["better"], found["kept"]) == (False, False)
    assert tree(strong) == before


@pytest.mark.parametrize(("answer", "kept"), [("y", True), ("YES", True), ("n", False), ("", False), ("maybe", False)])
def test_the_person_is_asked(strong: Path, answer: str, kept: bool) -> None:
    """At a terminal, and only `y` or `yes` is a yes."""
    code, shown = typed(["stats", "--fit"], f"{answer}\n")
    assert code == 0
    assert "[y/N]" in shown
    assert (strong / "fsrs.toml").exists() is kept
    assert ("Kept in" in shown) is kept


def test_nothing_is_kept_after_ctrl_c(strong: Path) -> None:
    """At the question: code 130."""
    code, _ = typed(["stats", "--fit"], "\x03")
    assert code == 130
    assert not (strong / "fsrs.toml").exists()


def typed(args: list[str], keys: str) -> tuple[int, str]:
    """The command on a terminal, where the keys are typed at its question."""
    process, terminal = pty.fork()
    if not process:
        os.execv(sys.executable, [sys.executable, "-m", "interview", *args])
    shown = b""
    try:
        while chunk := os.read(terminal, 1 << 12):
            asked = b"[y/N]" in shown
            shown += chunk
            if b"[y/N]" in shown and not asked:
                os.write(terminal, keys.encode())
    except OSError:
        pass
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), shown.decode()


@pytest.mark.parametrize(("reviews", "missing"), [(0, 400), (399, 1)])
def test_a_fit_of_too_few(
    pack: Path, home: Path, capsys: pytest.CaptureFixture[str], reviews: int, missing: int
) -> None:
    """What is missing is told in both languages; code 1."""
    if reviews:
        with Store.open(home / "history.db") as store:
            store.append(*drilled(REVIEWERS["strong"], reviews))
    for lang, said in (("en", f"{missing} more"), ("zh", f"还差 {missing} 次")):
        assert main(["--lang", lang, "stats", "--fit", "--yes"]) == 1
        assert said in capsys.readouterr().err
    assert not (home / "fsrs.toml").exists()


@pytest.mark.parametrize("args", [["--yes"], ["--clear"], ["--fit", "--yes", "--clear"], ["mine", "--fit"]])
def test_what_goes_with_a_fit(pack: Path, args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A deck has no parameters of its own."""
    assert main(["stats", *args]) == 2
    assert "--" in capsys.readouterr().err

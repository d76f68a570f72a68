"""`kata --attempts`, `--diff`, `--restore`, `--again`: a person's own tries, none of which is ever lost."""

from __future__ import annotations

import json
import os
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attempted import attempt, hand_out
from rich.cells import cell_len
from screens import INTERVIEW
from users import smallest_files as full_disk

from interview.cli.main import main
from interview.cli.world import shipped
from interview.content.katas.kata_file import load_kata
from interview.drill.attempts import attempts_of
from interview.log.store import Store
from interview.practice.kata.watch import stamp_of
from interview.practice.kata.workspace import sheet

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
KATA = load_kata(shipped() / "katas" / "dropout")
LINE = "import torch\n\n\ndef dropout(x, p=0.5, training=True):\n    return {}\n"
FIVE = [LINE.format(each) for each in ("x", "x * p", "x / (1 - p)", "x * (1 - p)", "torch.where(x > p, x, 0.0)")]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in English."""
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setenv("INTERVIEW_LANG", "en")
    monkeypatch.setenv("INTERVIEW_NOW", "2026-11-23T11:30:00+00:00")
    return place


@pytest.fixture
def five(home: Path) -> list[Path]:
    """Five attempts, the second checked twice; their copies."""
    hand_out(home, "dropout", AT)
    said: list[dict[str, Any]] = [
        {"passed": 12, "total": 20, "failed": ("survivors", "rate"), "mistake": "never_drops"},
        {"passed": 14, "total": 20, "failed": ("rate",), "hints": 1},
        {"status": "crashed"},
        {"passed": 19, "total": 20, "failed": ("dtypes",), "hints": 2, "mistake": "promoted"},
        {"passed": 20, "total": 20, "hints": 2, "status": "passed"},
    ]
    copies = []
    for n, (source, more) in enumerate(zip(FIVE, said, strict=True)):
        copies.append(attempt(home, "dropout", source, AT + timedelta(minutes=4 * n + 3), **more))
        if n == 1:
            attempt(home, "dropout", source, AT + timedelta(minutes=8), **more)
    return copies


def asked(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["kata", "dropout", *args, "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_all_of_them_are_listed(five: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    """The newest last: when, checks passed, the mistake named or what failed, minutes, hints, how often checked."""
    assert main(["kata", "dropout", "--attempts"]) == 0
    shown = capsys.readouterr().out
    order = [shown.index(each) for each in ("✗ 12/20", "✗ 14/20", "✗ crashed", "✗ 19/20", "✓ 20/20")]
    assert order == sorted(order)
    assert all(each in shown for each in ("3 min", "checked 2 times", "1 hint ", "failed: rate", "5 attempts"))
    found = asked(capsys, "--attempts")["attempts"]
    assert [(each["number"], each["passed"], each["checked"], each["minutes"], each["hints"]) for each in found] == [
        (1, 12, 1, 3, 0), (2, 14, 2, 7, 1), (3, 0, 1, 11, 0), (4, 19, 1, 15, 2), (5, 20, 1, 19, 2),
    ]  # fmt: skip
    assert found[3]["mistake"]["id"] == "promoted"


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("args", [["--attempts"], ["--attempts", "4"], ["--diff", "1", "5"]])
def test_the_screens_fit(
    args: list[str], lang: str, width: int, five: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """No line is wider, and none is coloured where there is no terminal."""
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["--lang", lang, "kata", "dropout", *args]) == 0
    shown = capsys.readouterr().out
    assert max(map(cell_len, shown.splitlines())) <= width
    assert "\x1b" not in shown


def test_one_is_shown_with_its_verdict(five: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    """The rules that it broke, the mistake, and the file as it was judged."""
    assert main(["kata", "dropout", "--attempts", "1"]) == 0
    shown = capsys.readouterr().out
    assert shown.count("✗") == 3
    assert "return x" in shown
    assert asked(capsys, "--attempts", "5")["source"] == FIVE[4]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--attempts", "6"], "no attempt 6: there are 5"),
        (["--attempts", "0"], "no attempt 0"),
        (["--diff", "1", "9"], "no attempt 9"),
        (["--diff", "1", "x"], "not `x`"),
        (["--diff", "1", "１"], "--diff compares numbers"),
        (["--diff", "1", "9" * 99], "--diff compares numbers"),
        (["--diff", "1", "file"], "there is no"),
        (["--restore", "6"], "no attempt 6"),
        (["--attempts", "--restore", "1"], "--attempts and --restore do not go together"),
        (["--again", "--solution"], "--again and --solution do not go together"),
        (["--diff", "1", "2", "--check"], "--diff and --check do not go together"),
        (["--solution", "--give-up"], "--solution and --give-up do not go together"),
        (["--style", "where"], "--style goes with --solution or --give-up"),
        (["--restore", "1", "--all"], "--all goes with --check"),
    ],
)
def test_what_is_not_there_or_does_not_go_together(
    args: list[str], said: str, five: list[Path], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Code 2, a sentence that names both; nothing is written."""
    assert main(["kata", "dropout", *args]) == 2
    assert said in capsys.readouterr().err
    assert list(folder.iterdir()) == []


def test_two_are_compared(
    five: list[Path], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a diff, beside each other from 100 columns; `file` is the present one, Windows line ends are no difference."""
    (folder / "dropout.py").write_bytes(FIVE[1].replace("\n", "\r\n").encode())
    assert asked(capsys, "--diff", "2", "file")["lines"] == []
    assert main(["kata", "dropout", "--diff", "1", "file"]) == 0
    shown = capsys.readouterr().out
    assert "-    return x\n" in shown
    assert "+    return x * p\n" in shown
    monkeypatch.setenv("COLUMNS", "100")
    assert main(["kata", "dropout", "--diff", "1", "2"]) == 0
    (line,) = [each for each in capsys.readouterr().out.splitlines() if "return" in each]
    assert line.split("│")[0].strip() == "return x"
    assert line.split("│")[1].strip() == "return x * p"


def test_one_is_written_into_a_new_file(five: list[Path], folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`./NAME.N.py` or what --file names; what is there is left as it is."""
    assert main(["kata", "dropout", "--restore", "2"]) == 0
    assert (folder / "dropout.2.py").read_text() == FIVE[1]
    (folder / "dropout.3.py").write_text("# mine\n")
    (folder / "dropout.4.py").symlink_to("nowhere")
    for number in ("2", "3", "4"):
        assert main(["kata", "dropout", "--restore", number]) == 2
        assert "left as it is" in capsys.readouterr().err
    assert (folder / "dropout.3.py").read_text() == "# mine\n"
    assert not (folder / "nowhere").exists()
    assert asked(capsys, "--restore", "3", "--file", "other.py")["file"] == str(folder / "other.py")
    assert main(["kata", "dropout", "--restore", "3", "--file", "no/such/folder.py"]) == 2


def test_a_copy_that_is_gone_or_was_changed_is_told(
    five: list[Path], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the list, and where it is asked for; the verdicts stay, a changed one is given as it is."""
    five[0].unlink()
    five[1].write_text("# changed\n")
    five[2].write_bytes(b"\xff\xfe")
    assert main(["kata", "dropout", "--attempts"]) == 0
    shown = capsys.readouterr().out
    assert (shown.count("its copy is gone"), shown.count("its copy was changed")) == (1, 2)
    for number in (1, 3):
        assert main(["kata", "dropout", "--restore", str(number)]) == 5
        assert str(five[number - 1]) in capsys.readouterr().err
        assert not (folder / f"dropout.{number}.py").exists()
    assert main(["kata", "dropout", "--attempts", "1"]) == 0
    assert main(["kata", "dropout", "--restore", "2"]) == 0
    assert "changed since it was judged" in capsys.readouterr().err
    assert (folder / "dropout.2.py").read_text() == "# changed\n"
    found = asked(capsys, "--attempts")["attempts"]
    assert [(each["copy"] is None, each["changed"]) for each in found[:4]] == [
        (True, False), (False, True), (False, True), (False, False),
    ]  # fmt: skip


def test_again_keeps_the_file_and_hands_out_a_blank_one(
    five: list[Path], folder: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was never checked is an attempt now; what was is the one it was; a blank file stays one."""
    path = folder / "dropout.py"
    assert asked(capsys, "--again")["number"] is None  # there was none
    blank = path.read_text()
    assert blank == sheet(KATA, "en")
    path.write_text("# half done\n")
    assert asked(capsys, "--again")["number"] == 6
    assert asked(capsys, "--again")["number"] is None  # it was blank still
    assert path.read_text() == blank
    path.write_text("# another\n")
    attempt(home, "dropout", "# another\n", AT + timedelta(hours=2))
    assert asked(capsys, "--again")["number"] == 7
    assert asked(capsys, "--attempts", "6")["source"] == "# half done\n"
    assert [each["status"] for each in asked(capsys, "--attempts")["attempts"]][5:] == ["unchecked", "failed"]


def test_again_means_the_file_that_a_link_leads_to(
    folder: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The link stays one."""
    (folder / "elsewhere.py").write_text("# mine\n")
    (folder / "dropout.py").symlink_to("elsewhere.py")
    assert asked(capsys, "--again")["number"] == 1
    assert (folder / "dropout.py").is_symlink()
    assert (folder / "elsewhere.py").read_text() == sheet(KATA, "en")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (Path.mkdir, "folder"),
        (lambda path: path.write_bytes(b"\xff"), "UTF-8"),
        (lambda path: path.write_bytes(b"#" * (50 << 20)), "1 MiB"),
        (os.mkfifo, "pipe"),
    ],
)
def test_again_leaves_what_it_cannot_keep(
    make: Any, said: str, folder: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder, another code, a huge file, a pipe: a sentence, and all is as it was."""
    path = folder / "dropout.py"
    make(path)
    before = stamp_of(path)
    assert main(["kata", "dropout", "--again"]) == 2
    assert said in capsys.readouterr().err
    assert stamp_of(path) == before
    assert list(folder.iterdir()) == [path]


def test_again_on_a_full_disk_loses_nothing(folder: Path, home: Path) -> None:
    """The copy or the history cannot be written: the file is where it was, and nothing of ours beside it."""
    path = folder / "dropout.py"
    path.write_text("# mine\n")
    with Store.open(home / "history.db"):
        pass
    done = subprocess.run(
        [INTERVIEW, "kata", "dropout", "--again"], capture_output=True, text=True, preexec_fn=full_disk, check=False
    )
    assert (done.returncode, path.read_text()) != (0, sheet(KATA, "en"))
    assert path.read_text() == "# mine\n"
    assert list(folder.iterdir()) == [path]
    assert "Traceback" not in done.stderr


def test_again_may_end_at_any_moment(folder: Path, home: Path) -> None:
    """Killed after more and more time: what was in the file is there, or among the attempts; never in neither. And in
    the end there is one attempt a file."""
    path = folder / "dropout.py"
    begun = time.monotonic()
    path.write_text("# 0\n")
    subprocess.run([INTERVIEW, "kata", "dropout", "--again"], check=True, capture_output=True)
    whole = time.monotonic() - begun
    written = ["# 0\n"]
    for n in range(1, 13):
        mine = f"# {n}\n"
        path.write_text(mine)
        written.append(mine)
        process = subprocess.Popen([INTERVIEW, "kata", "dropout", "--again"], stdout=subprocess.DEVNULL)
        time.sleep(whole * (0.3 + n * 0.06))
        process.kill()
        process.wait()
        assert path.read_text() in (mine, sheet(KATA, "en"))
        assert path.read_text() == mine or mine in kept(home)
    subprocess.run([INTERVIEW, "kata", "dropout", "--again"], check=True, capture_output=True)
    assert set(kept(home)) <= set(written)
    assert len(kept(home)) == len(set(kept(home)))


def kept(home: Path) -> list[str]:
    with Store.peek(home / "history.db") as store:
        found = attempts_of(store.kata_events("dropout"))
    return [Path(each.copy).read_text() for each in found if each.copy]


def test_a_pass_is_told_with_its_minutes(
    folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """This time, last time, and what an interviewer gives; of a file that nobody handed out nothing is said."""
    right = (shipped() / "katas/dropout/submissions/accepted/where.py").read_text()
    (folder / "dropout.py").write_text(right)
    assert main(["kata", "dropout", "--check"]) == 0
    assert "this time" not in capsys.readouterr().out
    hand_out(home, "dropout", AT)
    attempt(home, "dropout", FIVE[4], AT + timedelta(minutes=14), "passed")
    hand_out(home, "dropout", AT + timedelta(minutes=111))
    assert main(["kata", "dropout", "--check"]) == 0
    assert "9 min this time · 14 min last time · an interviewer gives 10 min" in capsys.readouterr().out


def test_a_full_disk_takes_no_verdict_away(folder: Path, home: Path) -> None:
    """The attempt cannot be kept: the verdict is shown, and a sentence says so."""
    (folder / "dropout.py").write_text("import torch\n\n\ndef dropout(x, p=0.5, training=True):\n    return x +\n")
    with Store.open(home / "history.db"):
        pass
    done = subprocess.run(
        [INTERVIEW, "kata", "dropout", "--check", "--plain"],
        capture_output=True, text=True, preexec_fn=full_disk, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "not noted" in done.stderr

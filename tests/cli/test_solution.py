"""`kata --solution` and `--give-up`: what is owed, ours beside one's own, and what an interviewer asks next."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from attempted import attempt, attempts
from decks import write_kata
from rich.cells import cell_len
from screens import INTERVIEW, Terminal
from users import smallest_files as full_disk

from interview.cli.main import main
from interview.cli.world import shipped
from interview.content.katas.kata_file import load_kata
from interview.log.record import GiveUp
from interview.log.store import Store
from interview.practice.kata.workspace import sheet

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
KATAS = {name: load_kata(shipped() / "katas" / name) for name in ("dropout", "softmax")}
LOOP = """
def softmax(x, dim=-1):
    rows = []
    for row in x.movedim(dim, -1):
        top = max(row)
        rows.append([(each - top).exp() for each in row])
    return rows


def log_softmax(x, dim=-1):
    return softmax(x, dim).log()
"""
TRIES = [LOOP, LOOP.replace("max(row)", "row[0]"), LOOP.replace("- top", "+ top")]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in English, an hour after the first attempt."""
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setenv("INTERVIEW_LANG", "en")
    monkeypatch.setenv("INTERVIEW_NOW", "2026-11-23T10:30:00+00:00")
    return place


def asked(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = main(["kata", *args, "--json"])
    (line,) = capsys.readouterr().out.splitlines()
    return code, json.loads(line)


def test_what_is_owed_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1, so many tries and minutes, in a sentence and as JSON; nothing of ours is shown."""
    assert main(["kata", "softmax", "--solution"]) == 1
    said = capsys.readouterr()
    assert (said.out, "3 more different tries and 10 more minutes" in said.err) == ("", True)
    attempts(home, "softmax", TRIES[:2], AT)
    code, report = asked(capsys, "softmax", "--solution")
    assert (code, report["earned"], report["tries_owed"], report["minutes_owed"]) == (1, False, 1, 0)
    assert (report["shown"], report["others"], report["next"]) == (None, [], [])
    attempt(home, "softmax", TRIES[2], AT)
    assert asked(capsys, "softmax", "--solution")[0] == 0


def test_giving_up_is_noted_once_a_sitting(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The kata comes back in two days, and the solution stays open; after a pass there is nothing to give up."""
    code, report = asked(capsys, "softmax", "--give-up")
    assert (code, report["given_up"], report["shown"]["name"]) == (0, True, "reference")
    assert asked(capsys, "softmax", "--solution")[0] == 0
    attempt(home, "dropout", "x = 1\n", AT, "passed")
    assert main(["kata", "dropout", "--give-up"]) == 0
    assert "nothing to give up" in capsys.readouterr().out
    with Store.peek(home / "history.db") as store:
        assert [each.kata for each in store.kata_events() if isinstance(each, GiveUp)] == ["softmax"]


def test_a_history_that_cannot_be_written_takes_no_solution_away(home: Path) -> None:
    """On a full disk giving up shows it, and a sentence says that it was not noted."""
    with Store.open(home / "history.db"):
        pass
    done = subprocess.run(
        [INTERVIEW, "kata", "softmax", "--give-up"], capture_output=True, text=True, preexec_fn=full_disk, check=False
    )
    assert (done.returncode, "reference.py" in done.stdout) == (0, True)
    assert "that you gave up was not noted" in done.stderr


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kata", ["softmax", "dropout"])
def test_the_screen_fits(
    kata: str, lang: str, width: int, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No line is wider, no escape is written without a terminal, and everything to be said is there: each way by its
    title and cost, each question with its answer, in the one language."""
    (folder / f"{kata}.py").write_text(sheet(KATAS[kata], lang) + "\n\nx = '丢弃' * 30  # a long line, " + "y" * 90)
    monkeypatch.setenv("COLUMNS", str(width))
    assert main(["--lang", lang, "kata", kata, "--give-up"]) == 0
    shown = capsys.readouterr().out
    assert max(map(cell_len, shown.splitlines())) <= width
    assert "\x1b" not in shown
    together = "".join(shown.split())
    for style in KATAS[kata].styles:
        for said in filter(None, (style.title, style.cost)):
            assert "".join(said.say(lang).replace("`", "").split()) in together
    for each in KATAS[kata].after:
        assert each.answer
        for said in (each.ask, each.answer):
            assert "".join(said.say(lang).replace("`", "").split())[:20] in together


def test_the_other_ways_come_in_the_order_of_styles(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a reader gains most from first, as kata.yaml has it, and not by the name of the file."""
    report = asked(capsys, "softmax", "--give-up")[1]
    named = [report["shown"]["name"], *(each["name"] for each in report["others"])]
    assert named == [style.file.removesuffix(".py") for style in KATAS["softmax"].styles]
    assert named[1:] != sorted(named[1:])


def test_ours_alone_has_the_whole_width(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a file of the person's nothing stands beside it, so no line is broken that fits."""
    monkeypatch.setenv("COLUMNS", "120")
    assert main(["kata", "softmax", "--give-up"]) == 0
    shown = capsys.readouterr().out
    longest = max(KATAS["softmax"].reference.read_text().splitlines(), key=len)
    assert 60 < len(longest) < 110
    assert longest in shown


def test_ones_own_file_stands_beside_the_nearest(
    home: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From 100 columns in two columns, the task left out; a style that is asked for instead of the nearest; one that
    is not there is told before anything is given up."""
    near = (shipped() / "katas/softmax/submissions/accepted/exp2.py").read_text()
    (folder / "softmax.py").write_text(f'"""The task."""\n{near.replace("z", "shifted")}')
    monkeypatch.setenv("COLUMNS", "100")
    assert main(["kata", "softmax", "--solution", "--style", "exp3"]) == 2
    assert "did you mean `exp2`?" in capsys.readouterr().err
    attempt(home, "softmax", "x = 1\n", AT, "passed")
    assert main(["kata", "softmax", "--solution"]) == 0
    shown = capsys.readouterr().out
    assert "the two are the same" in shown
    assert "The task" not in shown
    (line,) = [each for each in shown.splitlines() if each.count("math.log2(math.e)") == 2 and "def" not in each][:1]
    assert "│" in line
    code, report = asked(capsys, "softmax", "--solution", "--style", "running")
    assert (code, report["shown"]["name"]) == (0, "running")
    assert 0 < report["alike"] < 1


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: None, "there is no"),
        (Path.mkdir, "folder"),
        (lambda path: path.symlink_to("nowhere"), "no"),
        (lambda path: path.write_bytes(b"x = '\xff'\n"), "UTF-8"),
        (lambda path: path.write_bytes(b"#" * (50 << 20)), "1 MiB"),
        (lambda path: path.write_text("def softmax(:\n"), "no Python"),
        (lambda path: path.write_text("x = 1\n" * 40_000), "far longer"),
        (lambda path: path.write_text(KATAS["softmax"].stub), "as it was handed out"),
    ],
)
def test_without_a_file_that_can_be_compared_ours_is_shown(
    make: Any, said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Gone, a folder, a dead link, another code, huge, no Python, far too long, the stub: the reference and a
    sentence; nothing is written."""
    path = folder / "softmax.py"
    make(path)
    assert main(["kata", "softmax", "--give-up"]) == 0
    shown = capsys.readouterr().out
    assert said in shown
    assert "reference.py" in shown
    assert list(folder.iterdir()) == ([path] if path.exists() or path.is_symlink() else [])


def test_windows_line_ends_and_a_mark_are_no_difference(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What an editor wrote is read as every other file of the person's."""
    source = (shipped() / "katas/softmax/submissions/accepted/exp2.py").read_text()
    (folder / "softmax.py").write_bytes(b"\xef\xbb\xbf" + source.replace("\n", "\r\n").encode())
    assert asked(capsys, "softmax", "--give-up")[1]["alike"] == 1


def test_what_a_file_holds_obeys_nobody(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An escape in it is shown as a replacement character."""
    (folder / "softmax.py").write_text("x = 1  # \x1b[2J\x1b]0;mine\x07\n")
    assert main(["kata", "softmax", "--give-up"]) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_a_kata_without_styles_names_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In words; a paragraph under `after` that says question and answer stands alone. A pack's suite is not run for
    it, so nothing is asked."""
    kata = write_kata(tmp_path / "pack")
    (kata / "submissions/accepted/by_two.py").write_text("def double(x):\n    return 2 * x\n")
    yaml = kata / "kata.yaml"
    yaml.write_text(yaml.read_text() + "after:\n  - {en: Why? Because., zh: 为什么？因为。}\n")
    monkeypatch.setenv("INTERVIEW_PATH", str(tmp_path / "pack"))
    assert main(["kata", "double", "--give-up"]) == 0
    shown = capsys.readouterr().out
    assert "by two" in shown
    assert "Why? Because." in shown


def test_answers_open_one_by_one(folder: Path, home: Path) -> None:
    """Enter opens the next, q leaves; the terminal is as it was. Ctrl-C ends it with its own code."""
    attempt(home, "softmax", "x = 1\n", AT, "passed")
    for keys, code in ((("q", "enter"), 0), (("ctrl-c",), 130), (("ctrl-d",), 0)):
        screen = Terminal([INTERVIEW, "kata", "softmax", "--solution"], cwd=folder, rows=60)
        try:
            screen.until("1. What does it cost?", "q Enter: leave", seconds=30)
            assert "FlashAttention is built on it" not in screen.text
            screen.press("enter")
            screen.until("FlashAttention is built on it", "2. Is x")
            assert "Subtracting the maximum" not in screen.text
            screen.press(*keys)
            assert screen.process.wait(10) == code
        finally:
            screen.close()


def test_it_needs_no_torch(folder: Path, home: Path) -> None:
    """A person's file is read, not run."""
    (folder / "softmax.py").write_text("import torch\nraise SystemExit\n")
    attempt(home, "softmax", "x = 1\n", AT, "passed")
    probe = (
        "import sys; from interview.cli.main import main; main(sys.argv[1:]);"
        "print([each for each in ('torch', 'pytest', 'numpy') if each in sys.modules])"
    )
    for deed in ("--solution", "--attempts"):
        done = subprocess.run(
            [sys.executable, "-c", probe, "kata", "softmax", deed], capture_output=True, text=True, check=True
        )
        assert done.stdout.splitlines()[-1] == "[]"

"""A bar is on standard error for who watches, and takes no line of standard output from whom it is meant for."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from decks import NUMERIC, SPOT, write_deck
from judging import submission
from terminals import ENDED, PROGRAM, all_on_terminals, drain, on_terminals

from interview.log.record import Rating, Review
from interview.log.store import Store
from interview.terminal.tui.progress import picture

# The real commands, but for a bar that is shown from its first step on. Each in a fork of a process that has imported
# all of them, for that takes longer than most of them to run; after each a line of this program's, on both ends.
FILES = 3


@pytest.fixture
def homework(tmp_path: Path) -> Path:
    return answers(tmp_path / "homework")


def answers(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for n in range(FILES):
        (folder / f"answer_{n}.py").write_bytes(submission("where").read_bytes() + f"# {n}\n".encode())
    return folder


def grading(homework: Path) -> list[str]:
    return ["grade", "dropout", str(homework), "--jobs", "1"]


def refusing(homework: Path) -> list[str]:
    """Of files of which the verdict needs no judge."""
    for path in homework.iterdir():
        path.write_bytes(b"\xff")
    return grading(homework)


def linting(homework: Path) -> list[str]:
    """Of a deck with two problems and claims to prove."""
    write_deck(homework.parent / "pack", NUMERIC.replace("within: {abs: 0.001}", "within: {abs: 0.1}") + SPOT)
    return ["lint", str(homework.parent / "pack"), "--trust", "--fresh"]


def counting(homework: Path) -> list[str]:
    """Of a history of two reviews."""
    first = datetime(2026, 3, 1, tzinfo=UTC)
    with Store.open(Path(os.environ["INTERVIEW_HOME"]) / "history.db") as store:
        for day in range(2):
            at = first + timedelta(days=day)
            store.append(Review("dropout/why-it-helps", 1, at, at.date(), Rating.GOOD))
    return ["stats"]


def checking(homework: Path) -> list[str]:
    """A file that needs no judge."""
    (homework / "x.py").write_bytes(b"\xff")
    return ["kata", "dropout", "--check", "--file", str(homework / "x.py")]


COMMANDS = [refusing, linting, counting, checking]
DRAWN = "[━─]|judging"


Heard = tuple[int, str, str]


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Heard, Heard]]:
    """Each command, with and without --json, heard with pipes on both ends, and with a terminal as error output."""
    commands: dict[str, list[str]] = {}
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("progress")
        patch.setenv("INTERVIEW_HOME", str(folder / "home"))
        for each in COMMANDS:
            args = each(answers(folder / each.__name__ / "homework"))
            commands |= {each.__name__: args, f"{each.__name__} --json": [*args, "--json"]}
        shutil.copytree(folder / "home", folder / "as it was")
        both = [
            all_on_terminals(list(commands.values()), out=False, err=err, INTERVIEW_HOME=str(folder / home))
            for err, home in ((False, "home"), (True, "as it was"))
        ]
    return dict(zip(commands, zip(*both, strict=True), strict=True))


@pytest.mark.parametrize("command", [each.__name__ + more for each in COMMANDS for more in ("", " --json")])
def test_a_bar_takes_no_line_of_a_pipe(command: str, pairs: dict[str, tuple[Heard, Heard]]) -> None:
    """With a terminal on 2 and a pipe on 1, the pipe gets every line that it gets without a terminal, and no control
    character; the bar was drawn on the terminal and has left it."""
    (code, plain, quiet), (watched_code, piped, bar) = pairs[command]
    assert (watched_code, measure(piped)) == (code, measure(plain))
    assert plain.strip()
    assert "\x1b" not in piped
    assert "\r" not in piped
    assert re.search(DRAWN, bar)
    assert not re.search(DRAWN, re.split("\r\x1b\\[K|\r *\r", bar)[-1])
    assert "\x1b" not in quiet


def measure(text: str) -> list[str]:
    """The lines without what differs from run to run: seconds and seeds."""
    lines = []
    for each in text.splitlines():
        try:
            value = json.loads(each)
        except ValueError:
            lines.append(each)
            continue
        for noise in ("seed", "seconds", "checks", "attempt"):
            value.pop(noise, None)
        lines.append(json.dumps(value))
    return lines


def test_lines_and_bar_on_one_terminal(homework: Path) -> None:
    """Each line stands on a line of its own, though the bar is drawn between them."""
    import pyte

    ours, theirs = pty.openpty()
    received = [b""]
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, json.dumps([[*refusing(homework), "--json"]])], stdin=subprocess.DEVNULL,
        stdout=theirs, stderr=theirs,
        env={**os.environ, "TERM": "xterm-256color", "INTERVIEW_LANG": "en", "COLUMNS": "80"},
    ) as process:  # fmt: skip
        os.close(theirs)
        drain(ours, received, 0)
        assert process.wait(10) == 0
    os.close(ours)
    assert "━".encode() in received[0]
    screen = pyte.HistoryScreen(20_000, 60)
    pyte.ByteStream(screen).feed(received[0])
    lines = [each.rstrip() for each in screen.display if each.strip() and not ENDED.match(each.strip() + "\n")]
    assert not any("━" in each for each in lines)
    assert sorted(Path(json.loads(each)["file"]).name for each in lines) == [f"answer_{n}.py" for n in range(FILES)]


def test_a_terminal_for_the_lines_and_a_file_for_the_rest(homework: Path) -> None:
    """The file gets the table and no bar."""
    code, lines, table = on_terminals(grading(homework), out=True, err=False)
    assert code == 0
    assert lines.count("✓") == FILES
    assert "verdict" in table
    assert "━" not in table
    assert "\x1b" not in table


def test_a_bar_fits_its_line() -> None:
    """What is drawn is never wider than the line, and says at the end how much is done and what is left."""
    for width in (10, 20, 39, 80, 200):
        assert len(picture("dropout", 12, 24, seconds=8.0, width=width)) <= width
    assert picture("dropout", 12, 24, seconds=8.0, width=39).endswith(" 12/24 0:08")
    assert picture("dropout", 0, 0, seconds=8.0, width=80).endswith(" 0/0 0:00")

"""Standard output and standard error: nothing a terminal obeys, in any encoding, onto any disk."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from interview.cli.console import PlainSpoken, number
from interview.cli.main import main
from interview.cli.output import Outlet, outlet

INTERVIEW = Path(sys.executable).with_name("interview")
FULL = Path("/dev/full")
READING = [
    ["list"],
    ["today", "--json"],
    ["plan"],
    ["undo"],
    ["--version"],
    ["quiz", "--help"],
    ["export", "--to", "csv", "-"],
]


def interview(*args: str, redirect: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """The command, through a shell that redirects its streams."""
    line = f'exec "$0" "$@" {redirect}'
    return subprocess.run(
        ["sh", "-c", line, INTERVIEW, *args],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "INTERVIEW_LANG": "en", **env},
        check=False,
        timeout=60,
    )


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full")
@pytest.mark.parametrize("args", READING, ids=" ".join)
def test_output_onto_a_full_disk_is_told_once(args: list[str]) -> None:
    """Not a bug of ours, not silence: one sentence, code 5, and nothing more at the interpreter's end."""
    done = interview(*args, redirect="> /dev/full")
    assert done.returncode == 5
    assert done.stderr.count("\n") == 1
    assert "standard output: No space left on device" in done.stderr


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full")
@pytest.mark.parametrize("args", [["kata", "dropout", "--hint"]], ids=" ".join)
def test_a_note_onto_a_full_disk_names_its_file(args: list[str], home: Path) -> None:
    """The hint is shown; what could not be written, and where, is told."""
    log = home / "attempts" / "dropout" / "hints.log"
    log.parent.mkdir(parents=True)
    log.symlink_to(FULL)
    done = interview(*args)
    assert done.returncode == 0
    assert "mean" in done.stdout
    assert f"{log}: No space left on device" in done.stderr


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full")
def test_complaints_onto_a_full_disk_change_no_code() -> None:
    """Nobody can be told that nobody can be told; the exit code still can."""
    assert interview("quiz", "nonesuch", redirect="2> /dev/full").returncode == 2
    assert interview("list", redirect="> /dev/full 2>&1").returncode == 5


@pytest.mark.parametrize("args", READING, ids=" ".join)
def test_closed_descriptors_are_nowhere(args: list[str], home: Path) -> None:
    """No file that is opened later becomes standard output; nothing is said, and nothing breaks."""
    done = interview(*args, redirect="<&- >&- 2>&-")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert interview("quiz", "nonesuch", redirect="<&- >&- 2>&-").returncode == 2


def test_a_reader_that_leaves_is_no_fault() -> None:
    """`interview export - | head -1`: no complaint, no traceback at the interpreter's end."""
    command = [INTERVIEW, "export", "--to", "json", "-"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(1) == b"{"
        process.stdout.close()
        assert (process.stderr.read(), process.wait(30)) == (b"", 0)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk", "utf-16"])
def test_any_encoding_will_do(encoding: str) -> None:
    """What it lacks comes out escaped: never a UnicodeEncodeError."""
    for args in (["--lang", "zh", "list"], ["--lang", "zh", "kata", "dropout", "--hint"]):
        done = subprocess.run(
            [INTERVIEW, *args], capture_output=True, env={**os.environ, "PYTHONIOENCODING": encoding}, check=False
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.decode(encoding)


def test_the_c_locale_will_do() -> None:
    """Python's old way there: ASCII, and strict about it."""
    done = interview("--lang", "zh", "today", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 0
    assert "\\u" in done.stdout


def test_json_is_the_same_json_in_any_encoding() -> None:
    """A program behind an ASCII pipe reads the values that one behind UTF-8 reads."""
    plain = json.loads(interview("--lang", "zh", "list", "--json").stdout)
    assert json.loads(interview("--lang", "zh", "list", "--json", PYTHONIOENCODING="ascii").stdout) == plain
    assert interview("export", "--to", "csv", "-", PYTHONIOENCODING="ascii").stdout.isascii() is False


@pytest.mark.parametrize("text", ["\x1b[31m", "\x07", "\x9b", "\u202e", "\ud800", "\r"], ids=ascii)
def test_an_outlet_lets_nothing_through(text: str) -> None:
    """Whoever writes, and by whichever method; the bytes below are no way around."""
    written = io.StringIO()
    door = outlet(written, "standard output")
    print(f"a{text}b", file=door)
    door.writelines([text])
    assert written.getvalue() == "a\ufffdb\n\ufffd" if len(text) == 1 else "\x1b" not in written.getvalue()
    assert not hasattr(door, "buffer")
    assert outlet(door, "again") is door


def test_styles_are_rich_s_and_text_is_text() -> None:
    """The console colours; what it is given to show cannot."""
    written = io.StringIO()
    console = PlainSpoken(file=written, force_terminal=True, width=60, highlight=False, color_system="standard")
    console.print("a\x1b[31mb", style="green")
    assert written.getvalue() == "\x1b[32ma\ufffd[31mb\x1b[0m\n"


@pytest.mark.parametrize("columns", ["0", "1", "-5", "²", "99999999999999999999", "x", ""])
def test_any_number_of_columns(
    columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """COLUMNS is anybody's: neither a crash nor a line of a million cells."""
    monkeypatch.setenv("COLUMNS", columns)
    assert main(["stats"]) == 0
    assert main(["list"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 500
    assert number("80") == 80


def test_an_outlet_names_itself() -> None:
    """What the system refuses says which of the two it was."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as file:
        door = Outlet(file, "standard output")
        door.write("x")
        with pytest.raises(BrokenPipeError, match="standard output"):
            door.flush()
        door.silence()

"""The command line's edge: what the system refuses is a sentence, what ends a command has its code."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from interview.cli.crash import refusal
from interview.cli.main import main
from interview.cli.world import World
from interview.errors import UsageError

INTERVIEW = Path(sys.executable).with_name("interview")


def start(*args: str, **more: object) -> subprocess.Popen[str]:
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
        [INTERVIEW, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more
    )


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_with_its_code_and_no_traceback(sent: signal.Signals, code: int) -> None:
    """At any moment, the imports included. Before Python reaches us it is Python's to say."""
    for after in (0.15, 0.3, None):
        with start("lint", "--runs", "50", "katas/dropout", cwd=Path(__file__).parents[2]) as process:
            if after is None:
                wait_for_children(process.pid)  # our code runs by then, on however busy a machine
            else:
                time.sleep(after)
            process.send_signal(sent)
            _, said = process.communicate(timeout=60)
        before_us = after is not None and process.returncode == 1 and "KeyboardInterrupt" in said
        assert process.returncode in (code, -sent) or before_us, said
        assert "interview/" not in said or "Traceback" not in said
    assert process.returncode == code


def wait_for_children(pid: int) -> None:
    """Until any thread of the process has started another."""
    limit = time.monotonic() + 60
    while not any(each.read_text() for each in Path(f"/proc/{pid}/task").glob("*/children")):
        assert time.monotonic() < limit
        time.sleep(0.02)


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    """What needs the current folder says so; what does not, works."""
    gone = tmp_path / "gone"
    gone.mkdir()

    def leave() -> None:
        os.chdir(gone)
        gone.rmdir()

    with start("kata", "dropout", preexec_fn=leave) as process:
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (5, "interview: the current folder is no longer there: go to one that is\n")
    gone.mkdir()
    with start("list", preexec_fn=leave) as process:
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, "")


@pytest.mark.parametrize("target", ["{}/a/b", "{}/file/b", "{}/" + "n" * 300])
def test_a_home_that_cannot_be_made(target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below a file, or with a name too long: a sentence with the path, and code 5."""
    (tmp_path / "a").write_text("")
    (tmp_path / "file").write_text("")
    home = target.format(tmp_path)
    done = subprocess.run(
        [INTERVIEW, "plan", "-m", "30"],
        capture_output=True,
        text=True,
        env={**os.environ, "INTERVIEW_HOME": home},
        check=False,
    )
    assert done.returncode == 5, done
    assert str(tmp_path) in done.stderr
    assert "bug" not in done.stderr


@pytest.mark.parametrize("name", ["INTERVIEW_HOME", "INTERVIEW_PATH"])
def test_a_home_of_nobody(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`~nobody-at-all` is no folder."""
    monkeypatch.setenv(name, "~nobody-at-all/x")
    assert main(["list"]) == 2
    assert "~nobody-at-all/x: no such home" in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become nobody")
def test_no_home_at_all() -> None:
    """No HOME, and no such person in the system's list: said, rather than a folder named `~`."""
    program = (
        "import os, platformdirs\n"
        "from interview.cli.world import World\n"
        "for name in ('HOME', 'INTERVIEW_HOME', 'XDG_DATA_HOME'): os.environ.pop(name, None)\n"
        "os.setuid(54321)\n"
        "print(World('en', color=False).home())\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "UsageError" in done.stderr, done
    assert "set INTERVIEW_HOME" in done.stderr


@pytest.mark.parametrize("now", ["0001-01-01", "1969-12-31", "9999-12-31T23:59", "0001-01-01T00:00+14:00", "soon", " "])
def test_a_clock_shows_our_years(now: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere days overflow; 1970 is what a machine without a battery shows."""
    monkeypatch.setenv("INTERVIEW_NOW", now)
    with pytest.raises(UsageError, match="INTERVIEW_NOW"):
        World("en", color=False).now()
    monkeypatch.setenv("INTERVIEW_NOW", "1970-01-02")
    assert World("en", color=False).now().year == 1970


def test_a_refusal_says_path_cause_and_cure() -> None:
    """The system's own words, and what to do where that is known."""
    with pytest.raises(OSError, match="Not a directory") as found:
        Path("/dev/null/x").read_text()
    assert refusal(found.value) == "/dev/null/x: Not a directory"
    full = OSError(errno.ENOSPC, "No space left on device", "f")
    assert refusal(full) == "f: No space left on device; free some space, and try again"
    assert "UTF-8" in refusal(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"))
    assert refusal(OSError("said by hand")) == "said by hand"


def test_a_bug_is_logged_wherever_there_is_room() -> None:
    """To a file of its own; to the terminal where no file can be written. Odd characters stop neither."""
    program = (
        "import resource, sys\n"
        "from interview.cli.crash import log_crash\n"
        "if 'full' in sys.argv: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "try: raise ValueError('\\udc80 odd')\n"
        "except ValueError: print(ascii(log_crash()))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    log = Path(done.stdout.strip().strip("'").removeprefix("a bug of ours; the traceback is in "))
    assert "odd" in log.read_text()
    log.unlink()
    full = subprocess.run([sys.executable, "-c", program, "full"], capture_output=True, text=True, check=True)
    assert "could be written to no file" in full.stdout
    assert "odd" in full.stdout


def test_taking_back_ends_with_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    """A large number asks the log no more often than there is something to take back."""
    assert main(["undo", "-n", "10000"]) == 0
    assert "Nothing" in capsys.readouterr().out

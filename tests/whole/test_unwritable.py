"""A home that cannot be written, by rights or for want of room: what only reads works, and nothing is left behind."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from decks import EVERY_KIND, write_deck
from folders import small_site
from users import NOBODY, as_user, ordinary

from interview.log.record import Rating, Review
from interview.log.store import Store
from interview.practice.exchange.archive import back_up

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
READS = [
    ["today"], ["stats", "mine"], ["list"], ["plan"], ["export", "--deck", "mine", "--to", "csv", "-"],
    ["backup", "{out}/all.zip"],
]  # fmt: skip
WRITES = [["undo"], ["quiz", "mine", "--cram", "--answers", "{out}/answers"], ["restore", "{out}/sound.zip", "--force"]]
# All in one process, for an interpreter takes longer to start than any of them to run.
PROGRAM = """
import json, sys
from interview.cli.main import main
print("codes", json.dumps([main(command) for command in json.loads(sys.argv[1])]))
"""


@pytest.fixture(scope="module")
def site() -> Iterator[Path]:
    """The package for anybody, of its content a little."""
    with tempfile.TemporaryDirectory(prefix="interview-") as name:
        Path(name).chmod(0o755)
        yield small_site(Path(name))


@pytest.fixture
def place(site: Path) -> Iterator[Path]:
    """A folder that anybody may enter: a deck, a home with a history of 20 reviews, a place to write to."""
    with tempfile.TemporaryDirectory(prefix="interview-") as name:
        place = Path(name)
        place.chmod(0o755)
        write_deck(place / "pack", EVERY_KIND)
        cards = ("strongest", "variance", "printed", "ridge")
        with Store.open(place / "home" / "history.db") as store:
            store.append(
                *(
                    Review(f"mine/{cards[n % 4]}", 1, AT + timedelta(minutes=n), AT.date(), Rating.GOOD)
                    for n in range(20)
                )
            )
        (place / "site").symlink_to(site)
        (place / "out").mkdir()
        (place / "out").chmod(0o777)
        (place / "out" / "answers").write_text("grows\n")
        back_up(place / "home", place / "out" / "sound.zip", AT)
        yield place


def environment(place: Path) -> dict[str, str]:
    named = {"HOME": "home", "PATH": "pack"}
    ours = {f"INTERVIEW_{name}": str(place / folder) for name, folder in named.items()}
    return {
        **os.environ,
        **ours,
        "PYTHONPATH": str(place / "site"),
        "INTERVIEW_LANG": "en",
        "INTERVIEW_NOW": "2026-11-23T12:00:00+00:00",
    }


def run(place: Path, commands: list[list[str]], *before: str, user: int | None = None) -> tuple[list[int], str]:
    """Their exit codes, and all that was said to standard error. `before`: a shell to run it below."""
    filled = [[each.format(out=place / "out") for each in command] for command in commands]
    done = subprocess.run(
        [*before, *as_user(user, [sys.executable, "-c", PROGRAM, json.dumps(filled)])],
        capture_output=True, text=True, env=environment(place), cwd=place / "out", timeout=300, check=False,
    )  # fmt: skip
    last = done.stdout.splitlines()[-1:] or [done.stderr]
    assert last[0].startswith("codes "), done.stderr
    codes: list[int] = json.loads(last[0].removeprefix("codes "))
    return codes, done.stderr


def with_wal(home: Path) -> None:
    """A quiz was killed: its last rating is in the -wal."""
    pid = os.fork()
    if not pid:
        Store.open(home / "history.db").append(Review("mine/ridge", 1, AT, AT.date(), Rating.AGAIN))
        os._exit(0)
    os.waitpid(pid, 0)
    assert (home / "history.db-wal").stat().st_size


def tree(folder: Path) -> dict[str, bytes]:
    """But for its cache, which may be emptied and filled at any time."""
    found = (each for each in folder.rglob("*") if each.is_file() and folder / "cache" not in each.parents)
    return {str(each.relative_to(folder)): each.read_bytes() for each in found}


def given(home: Path, *, folder: int, file: int, user: int = NOBODY) -> None:
    """To the user, with these modes."""
    for each in (home, *home.rglob("*")):
        os.chown(each, user, user)
        each.chmod(folder if each.is_dir() else file)


CLOSED: dict[str, Callable[[Path], object]] = {
    "its folder and file are read-only": lambda home: given(home, folder=0o555, file=0o444),
    "its folder is read-only": lambda home: given(home, folder=0o555, file=0o644),
    "its file is read-only": lambda home: given(home, folder=0o755, file=0o444),
    "it is somebody else's": lambda home: given(home, folder=0o755, file=0o644, user=0),
}


@ordinary
@pytest.mark.parametrize("close", CLOSED.keys())
@pytest.mark.parametrize("killed", [False, True], ids=["closed", "killed"])
def test_what_only_reads_works(place: Path, close: str, *, killed: bool) -> None:
    """Whatever cannot be written, with or without a -wal: every answer is given, the home is as it was."""
    if killed:
        with_wal(place / "home")
    CLOSED[close](place / "home")
    before = tree(place / "home")
    codes, told = run(place, READS, user=NOBODY)
    assert (codes, told) == ([0] * len(READS), "")
    assert tree(place / "home") == before
    with zipfile.ZipFile(place / "out" / "all.zip") as archive:
        assert json.loads(archive.read("backup.json"))["events"] == 20 + killed


@ordinary
def test_what_writes_says_what_to_do(place: Path) -> None:
    """Code 5 and a sentence each, nothing changed."""
    CLOSED["it is somebody else's"](place / "home")
    before = tree(place / "home")
    codes, told = run(place, WRITES, user=NOBODY)
    assert codes == [5] * len(WRITES)
    assert told.count("INTERVIEW_HOME") == 2
    assert "cannot be written" in told
    assert tree(place / "home") == before


@ordinary
def test_a_home_that_may_not_be_entered(place: Path) -> None:
    """Not an empty history: a sentence with its path."""
    given(place / "home", folder=0o000, file=0o000)
    codes, told = run(place, [["today"], ["undo"]], user=NOBODY)
    assert codes == [5, 5]
    assert told.count(f"{place}/home") == 2
    (place / "home").chmod(0o755)
    codes, told = run(place, [["today"], ["undo"]], user=NOBODY)
    assert codes == [5, 5]
    assert told.count("history.db cannot be read") == 2


@ordinary
def test_doctor_reports_of_what_it_may_not_enter(place: Path) -> None:
    """Home and pack: which they are, and everything else all the same; the judge needs neither of them."""
    for each in (place / "home", place / "pack"):
        given(each, folder=0o000, file=0o000)
    done = subprocess.run(
        as_user(NOBODY, [sys.executable, "-m", "interview", "doctor", "--json"]),
        capture_output=True, text=True, env=environment(place), cwd=place / "out", timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert set(report["layers"].values()) == {"held"}
    assert report["history"]["state"] == "unusable"
    needs = "\n".join(report["needs"])
    for each in ("home", "home/pack", "pack"):
        assert f"{place / each} cannot be read: Permission denied" in needs
    assert f"{place / 'pack'} may not be looked into" in done.stderr


# Disks, each mounted where only the command sees it

MOUNT = """
set -e
cp -r "$1" "$1.kept"; mount -t tmpfs -o size="$2" none "$1"; cp -r "$1.kept"/. "$1"
[ "$3" = full ] && { dd if=/dev/zero of="$1/filler" bs=4096 2>/dev/null || true; }
[ "$3" = closed ] && mount -o remount,ro "$1"
shift 3; "$@"; ls -A "$INTERVIEW_HOME" "$INTERVIEW_HOME/backups" "$INTERVIEW_HOME/cache" >&2 2>/dev/null || true
"""
mounts = pytest.mark.skipif(
    os.getuid() != 0
    or not shutil.which("unshare")
    or subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], check=False).returncode != 0,
    reason="no disk can be mounted here",
)


def disk(place: Path, size: str, state: str) -> list[str]:
    return ["unshare", "-m", "sh", "-c", MOUNT, "sh", str(place / "home"), size, state]


@mounts
def test_a_read_only_disk(place: Path) -> None:
    """Root may write everything, but not there."""
    with_wal(place / "home")
    codes, told = run(place, [*READS, *WRITES], *disk(place, "1m", "closed"))
    assert codes == [0] * len(READS) + [5] * len(WRITES)
    assert told.count("interview: ") == len(WRITES)


@mounts
@pytest.mark.parametrize("killed", [False, True], ids=["closed", "killed"])
def test_a_full_disk(place: Path, *, killed: bool) -> None:
    """What reads works, and takes no room that is left for its copies; what writes says so; no half of anything."""
    if killed:
        with_wal(place / "home")
    codes, told = run(place, [*READS, *WRITES], *disk(place, "200k", "full"))
    assert codes[: len(READS)] == [0] * len(READS)
    assert set(codes[len(READS) :]) <= ({0, 5} if killed else {5})  # a -wal that is written back leaves some room
    left = told.splitlines()[-20:]
    assert {"filler", "history.db"} <= set(left)
    assert not [
        each for each in left
        if ".part" in each or ".new" in each or each.endswith(".json") or each.startswith((".restoring", "replaced"))
    ]  # fmt: skip


@mounts
def test_a_full_disk_begins_no_history(place: Path) -> None:
    """The first quiz of all: a sentence, and not a byte."""
    shutil.rmtree(place / "home")
    (place / "home").mkdir()
    codes, told = run(place, [WRITES[1], ["today"]], *disk(place, "64k", "full"))
    assert codes == [5, 0]
    assert told.splitlines()[-1] == "filler"


@mounts
@pytest.mark.parametrize("size", ["72k", "120k", "160k"])
def test_a_disk_that_fills_on_the_way(place: Path, size: str) -> None:
    """Wherever it gives out (the answer, the derived table, the day's copy, a restore): saved or told, and no half."""
    (place / "out" / "answers").write_text("-\n" * 30)
    codes, told = run(place, WRITES[1:], *disk(place, size, "filling"))
    assert set(codes) <= {0, 5}
    assert codes[0] == 0 or "no room" in told
    left = told.splitlines()[-20:]
    assert not [each for each in left if ".part" in each or ".new" in each or each.startswith(".restoring")]

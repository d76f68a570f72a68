"""What the system refuses, whatever it is and whichever command meets it: a sentence with the path, never a bug."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from decks import TRUE_FALSE, write_deck

from interview.cli.files import write_new
from interview.cli.main import main
from interview.errors import UsageError
from interview.whole_file import write_whole

CAPABILITIES = (1, 2)  # root's to read and write whatever the permissions
DRIVER = """
import contextlib, io, json, sys
from interview.cli.main import main
for args in json.loads(sys.argv[1]):
    out, err, sys.stdin = io.StringIO(), io.StringIO(), io.TextIOWrapper(io.BytesIO(b'{"rating": 3}'))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(args)
    sys.stdout.write(json.dumps([args, code, err.getvalue()]) + "\\n")
"""
COMMANDS = [
    ["today"],
    ["list"],
    ["stats"],
    ["plan"],
    ["plan", "--date", "2026-12-14"],
    ["quiz", "mine", "--answers", "-"],
    ["undo"],
    ["kata", "dropout", "--hint"],
    ["kata", "dropout"],
    ["new", "kata", "mine"],
    ["export", "--to", "csv", "x.csv"],
    ["export", "--to", "anki", "x.apkg"],
    ["import", "deck.json"],
    ["backup", "x.zip"],
]


def unprivileged() -> None:
    """In a child that is about to become another program: permissions hold for root too."""
    for each in CAPABILITIES:
        ctypes.CDLL(None).prctl(24, each, 0, 0, 0)


def smallest_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def small_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))


def few_files() -> None:
    resource.setrlimit(resource.RLIMIT_NOFILE, (5, 5))


def nothing(_: Path) -> None:
    pass


def closed(name: str, mode: int = 0) -> Callable[[Path], None]:
    return lambda root: (root / name).chmod(mode)


def a_file(name: str) -> Callable[[Path], None]:
    def put(root: Path) -> None:
        (root / name).rename(root / "aside")
        (root / name).write_text("")

    return put


REFUSALS: dict[str, tuple[Callable[[Path], None], Callable[[], None]]] = {
    "home closed": (closed("home"), unprivileged),
    "home read-only": (closed("home", 0o500), unprivileged),
    "history closed": (closed("home/history.db"), unprivileged),
    "config closed": (closed("home/config.toml"), unprivileged),
    "plan closed": (closed("home/plan.toml"), unprivileged),
    "attempts closed": (closed("home/attempts"), unprivileged),
    "pack closed": (closed("home/pack"), unprivileged),
    "decks closed": (closed("home/pack/questions"), unprivileged),
    "deck closed": (closed("home/pack/questions/mine.yaml"), unprivileged),
    "folder read-only": (closed("here", 0o500), unprivileged),
    "home a file": (a_file("home"), unprivileged),
    "pack a file": (a_file("home/pack"), unprivileged),
    "attempts a file": (a_file("home/attempts"), unprivileged),
    "no room at all": (nothing, smallest_files),
    "no room": (nothing, small_files),
    "no descriptors": (nothing, few_files),
}


@pytest.fixture
def place(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with something of everything, and a current folder."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("INTERVIEW_NOW", "2026-03-01T12:00")
    monkeypatch.setenv("INTERVIEW_LANG", "en")
    write_deck(home / "pack", TRUE_FALSE)
    (here / "answers").write_text('{"rating": 3}\n')
    assert main(["quiz", "mine", "--answers", "answers"]) == 0
    assert main(["kata", "dropout", "--hint"]) == 0
    assert main(["plan", "--date", "2026-12-01"]) == 0
    assert main(["export", "--to", "json", "--deck", "mine", "deck.json"]) == 0
    (here / "deck.json").write_text((here / "deck.json").read_text().replace('"mine"', '"other"'))
    (home / "config.toml").write_text("")
    return tmp_path


@pytest.mark.parametrize("what", REFUSALS)
def test_what_the_system_refuses_is_a_sentence(what: str, place: Path) -> None:
    """Every command goes on without it, or ends with 2 or 5 and says which file, in a line."""
    refuse, before = REFUSALS[what]
    refuse(place)
    try:
        done = subprocess.run(
            [sys.executable, "-c", DRIVER, json.dumps(COMMANDS)],
            capture_output=True, text=True, preexec_fn=before, timeout=120, check=False,
        )  # fmt: skip
    finally:
        for path in (place / "home", place / "here", place / "home" / "pack", place / "home" / "attempts"):
            if path.is_dir():
                path.chmod(0o700)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(results) == len(COMMANDS), done.stderr
    for args, code, said in results:
        assert code in (0, 2, 5), (args, said)
        assert "bug" not in said
        named = (
            str(place),
            "ulimit",
            "temporary directory",
            "no deck named `mine`" if "a file" in what else str(place),
        )
        assert code == 0 or any(each in said for each in named), (args, code, said)
        lines = said.splitlines()  # one for each deck that it could not read
        assert len(lines) <= 2 or all(".yaml:1: " in each for each in lines), (args, said)
    assert not list(place.rglob("*.part"))
    assert what != "attempts closed" or ["backup", "x.zip"] in [args for args, code, _ in results if code == 5]


def test_a_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    """A full disk in the middle of it: the old content, no part of the new one, and the name in the complaint."""
    path = tmp_path / "file"
    path.write_text("old")
    program = (
        "import resource, sys; from pathlib import Path; from interview.whole_file import write_whole\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5, 5))\n"
        "write_whole(Path(sys.argv[1]), b'new and long')\n"
    )
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=False)
    assert done.stderr.rstrip().endswith(f"'{path}'")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    write_whole(path, b"new and long")
    assert path.read_text() == "new and long"


def test_a_new_file_takes_the_place_of_nothing_else(tmp_path: Path) -> None:
    """Neither of a dangling link, nor, by force, of a device or a pipe."""
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="is there already"):
        write_new(link, lambda part: part.write_text("x"), force=False)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="no file"):
        write_new(tmp_path / "pipe", lambda part: part.write_text("x"), force=True)
    with pytest.raises(UsageError, match="no file"):
        write_new(Path("/dev/null"), lambda part: part.write_text("x"), force=True)


def test_what_is_in_the_way_is_named(tmp_path: Path) -> None:
    """The file that was to be read is not told as the one that was to be written."""
    with pytest.raises(FileNotFoundError, match="gone"):
        write_new(tmp_path / "new", lambda _: (tmp_path / "gone").read_bytes(), force=False)

    def full(_: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(UsageError, match=f"{tmp_path}/new cannot be written: No space"):
        write_new(tmp_path / "new", full, force=False)

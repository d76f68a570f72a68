"""What the system refuses, whatever it is and whichever command meets it: a sentence with the path, never a bug."""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from decks import TRUE_FALSE, write_deck
from folders import small_site
from reviewers import USUAL
from users import unprivileged

from interview.cli.files import write_new
from interview.cli.main import main
from interview.cli.settings import save_parameters
from interview.errors import UsageError
from interview.whole_file import write_whole

# Every place in a fork of its own, for an interpreter takes longer to start than many of them to run.
DRIVER = """
import contextlib, io, json, os, pkgutil, resource, sys
from importlib import import_module
import interview.cli, interview.drill, interview.practice, interview.terminal
for room in (interview.cli, interview.drill, interview.practice, interview.terminal):
    for each in pkgutil.walk_packages(room.__path__, room.__name__ + "."):
        import_module(each.name)
import genanki
from interview.cli.main import main
places, commands = json.loads(sys.argv[1])
for place, most in places:
    if not (pid := os.fork()):
        os.chdir(f"{place}/here")
        os.environ["INTERVIEW_HOME"] = f"{place}/home"
        if most is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        for args in commands:
            out, err, sys.stdin = io.StringIO(), io.StringIO(), io.TextIOWrapper(io.BytesIO(b'{"rating": 3}'))
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = main(args)
            sys.stdout.write(json.dumps([place, args, code, err.getvalue()]) + "\\n")
        sys.exit()
    os.waitpid(pid, 0)
"""
COMMANDS = [
    ["today"],
    ["path"],
    ["list"],
    ["stats"],
    ["stats", "--fit"],
    ["stats", "--fit", "--clear"],
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


REFUSALS: dict[str, Callable[[Path], None]] = {
    "home closed": closed("home"),
    "home read-only": closed("home", 0o500),
    "history closed": closed("home/history.db"),
    "config closed": closed("home/config.toml"),
    "plan closed": closed("home/plan.toml"),
    "parameters closed": closed("home/fsrs.toml"),
    "attempts closed": closed("home/attempts"),
    "pack closed": closed("home/pack"),
    "decks closed": closed("home/pack/questions"),
    "deck closed": closed("home/pack/questions/mine.yaml"),
    "folder read-only": closed("here", 0o500),
    "home a file": a_file("home"),
    "pack a file": a_file("home/pack"),
    "attempts a file": a_file("home/attempts"),
    "no room at all": nothing,
    "no room": nothing,
    "no descriptors": nothing,
}
ROOM = {"no room at all": 0, "no room": 8192}  # bytes of a file
Result = tuple[list[str], int, str]


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with something of everything, and a current folder."""
    place = tmp_path_factory.mktemp("furnished")
    home, here = place / "home", place / "here"
    here.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        patch.setenv("INTERVIEW_HOME", str(home))
        patch.setenv("INTERVIEW_NOW", "2026-03-01T12:00")
        write_deck(home / "pack", TRUE_FALSE)
        (here / "answers").write_text('{"rating": 3}\n')
        assert main(["quiz", "mine", "--answers", "answers"]) == 0
        assert main(["kata", "dropout", "--hint"]) == 0
        assert main(["plan", "--date", "2026-12-01"]) == 0
        save_parameters(home, USUAL, "fitted")
        assert main(["export", "--to", "json", "--deck", "mine", "deck.json"]) == 0
    (here / "deck.json").write_text((here / "deck.json").read_text().replace('"mine"', '"other"'))
    (home / "config.toml").write_text("")
    return place


@pytest.fixture(scope="module")
def results(furnished: Path) -> dict[str, list[Result]]:
    """What became of each command in each place, a copy of the same."""
    site = small_site(furnished.parent / "site")
    places = {what: furnished.parent / what for what in REFUSALS}
    for what, place in places.items():
        shutil.copytree(furnished, place)
        REFUSALS[what](place)
    found: dict[str, list[Result]] = {what: [] for what in REFUSALS}
    try:
        for before, of in ((few_files, ["no descriptors"]), (unprivileged, [*REFUSALS][:-1])):
            given = [(str(places[what]), ROOM.get(what)) for what in of]
            done = subprocess.run(
                [sys.executable, "-c", DRIVER, json.dumps([given, COMMANDS])], capture_output=True, text=True,
                env={**os.environ, "INTERVIEW_NOW": "2026-03-01T12:00", "INTERVIEW_LANG": "en",
                     "PYTHONPATH": str(site)},
                preexec_fn=before, timeout=300, check=False,
            )  # fmt: skip
            for line in done.stdout.splitlines():
                place, *result = json.loads(line)
                found[Path(place).name].append(tuple(result))
            assert all(len(found[what]) == len(COMMANDS) for what in of), done.stderr
    finally:
        for place in places.values():
            for path in (place / "home", place / "here", place / "home" / "pack", place / "home" / "attempts"):
                if path.is_dir():
                    path.chmod(0o700)
    return found


@pytest.mark.parametrize("what", REFUSALS)
def test_what_the_system_refuses_is_a_sentence(what: str, results: dict[str, list[Result]], furnished: Path) -> None:
    """Every command goes on without it, or ends with 2 or 5 and says which file, in a line."""
    place = furnished.parent / what
    for args, code, said in results[what]:
        unfit = args == ["stats", "--fit"] and code == 1  # too few reviews: what is asked for was looked at
        assert code in (0, 2, 5) or unfit, (args, said)
        assert "bug" not in said
        named = (
            str(place),
            "ulimit",
            "temporary directory",
            "no deck named `mine`" if "a file" in what else str(place),
        )
        assert code == 0 or unfit or any(each in said for each in named), (args, code, said)
        lines = said.splitlines()  # one for each deck that it could not read
        assert len(lines) <= 2 or all(".yaml:1: " in each for each in lines), (args, said)
    assert not list(place.rglob("*.part"))
    assert any(code for _, code, _ in results[what])  # it was refused indeed
    assert what != "attempts closed" or ["backup", "x.zip"] in [args for args, code, _ in results[what] if code == 5]


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

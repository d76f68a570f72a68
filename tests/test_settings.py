"""Preferences are the person's to write: what is wrong in them is told with its line, and nothing rewrites them."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from interview.cli.main import main
from interview.cli.settings import Settings, load_settings, save_plan
from interview.errors import ContentError

MINE = '# mine\n[quiz]\nnew = 3   # few\n\n[editor]\ntheme = "dark"\n\n[plan]\ndate = 2026-12-14\nminutes = 25\n'


@pytest.fixture(autouse=True)
def now(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir()
    monkeypatch.setenv("INTERVIEW_NOW", "2026-11-23T12:00")
    monkeypatch.setenv("INTERVIEW_LANG", "en")


def test_nothing_there_is_the_defaults(home: Path) -> None:
    """Neither file need exist, nor say anything."""
    assert load_settings(home / "none") == load_settings(home) == Settings()
    for name in ("config.toml", "plan.toml"):
        (home / name).write_text("")
    assert load_settings(home) == Settings()


def test_a_plan_keeps_its_own_file(home: Path) -> None:
    """The plan of config.toml counts until there is another; comments and tables that are not ours stay."""
    path = home / "config.toml"
    path.write_text(MINE)
    assert load_settings(home) == Settings(new=3, interview=date(2026, 12, 14), minutes=25)
    assert main(["plan", "--date", "2026-12-20"]) == 0
    assert load_settings(home) == Settings(new=3, interview=date(2026, 12, 20), minutes=25)
    assert main(["plan", "-m", "40"]) == 0
    assert load_settings(home) == Settings(new=3, interview=date(2026, 12, 20), minutes=40)
    assert main(["plan", "--clear"]) == 0
    assert load_settings(home) == Settings(new=3)
    assert path.read_text() == MINE


WRONG = {
    "a table that is a number": ("config.toml", "\nquiz = 3\n", 2, "`quiz` is a table"),
    "a table that is text": ("config.toml", 'plan = "x"', 1, "`plan` is a table"),
    "a table that is a list": ("config.toml", "[[quiz]]\nnew = 1", 1, "`quiz` is a table"),
    "text": ("config.toml", "[quiz]\n# new\nnew = 'lots'", 3, "`new` is a whole number"),
    "a truth": ("config.toml", "[quiz]\nnew = true", 2, "`new` is a whole number"),
    "a fraction": ("config.toml", "quiz.reviews = 1e400", 1, "`reviews` is a whole number"),
    "below zero": ("config.toml", "[quiz]\nreviews = -1", 2, "`reviews` is a whole number"),
    "huge": ("config.toml", f"[quiz]\nnew = {'9' * 400}", 2, "`new` is a whole number"),
    "huger": ("config.toml", f"[quiz]\nnew = 0x{'f' * 5000}", 2, "`new` is a whole number"),
    "hugest": ("config.toml", f"[quiz]\nnew = {'9' * 5000}", 1, "not TOML"),
    "a moment": ("config.toml", "[plan]\ndate = 2026-12-14T09:00:00", 2, "`date` is a day"),
    "a moment with its offset": ("plan.toml", "date = 2026-12-14T09:00:00Z", 1, "`date` is a day"),
    "a time": ("plan.toml", "date = 09:00:00", 1, "`date` is a day"),
    "a day in quotes": ("plan.toml", '# x\ndate = "2026-12-14"', 2, "`date` is a day"),
    "year 1": ("plan.toml", "date = 0001-01-01", 1, "`date` is a day"),
    "year 9999": ("plan.toml", "date = 9999-12-31", 1, "`date` is a day"),
    "no minutes": ("plan.toml", "minutes = 0", 1, "`minutes` is a whole number from 1 to 480"),
    "no TOML": ("config.toml", "[quiz]\nnew = lots", 2, "not TOML"),
    "twice": ("config.toml", "a = 1\na = 2", 2, "not TOML"),
    "deep": ("config.toml", f"x = {'[' * 100_000}", 1, "nested too deep"),
    "bytes": ("config.toml", b"# \n\xff", 2, "not UTF-8"),
    "an escape": ("config.toml", "# \x1b[31m", 1, "control character"),
    "large": ("config.toml", b"#" * (3 << 20), 1, "larger than"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=list(WRONG))
def test_what_is_wrong_is_told_with_its_line(
    wrong: tuple[str, str | bytes, int, str], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Code 5 from each command that asks for it, the file as it was."""
    name, content, line, said = wrong
    path = home / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    before = path.read_bytes()
    for args in (["plan"], ["today"], ["list"], ["quiz", "dropout", "--answers", "/dev/null"], ["plan", "-m", "30"]):
        assert main(args) == 5, args
        told = capsys.readouterr().err
        assert f"{path}:{line}: " in told
        assert said in told
    assert path.read_bytes() == before


@pytest.mark.parametrize("kind", ["folder", "pipe", "dangling link", "device"])
def test_what_is_no_file_is_told(kind: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And not waited for."""
    path = home / "config.toml"
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "dangling link":
            path.symlink_to("nowhere")
        case _:
            path.symlink_to("/dev/zero")
    assert main(["today"]) == 5
    assert f"{path}:1: cannot be read" in capsys.readouterr().err


def test_a_day_out_of_reach_is_no_plan(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Ten years are laid out day by day; a thousand would take the night. --clear still forgets it."""
    assert main(["plan", "--date", "2036-11-30"]) == 2
    assert "more than ten years" in capsys.readouterr().err
    (home / "plan.toml").write_text("date = 2936-11-30\n")
    assert main(["today"]) == 5
    assert "plan --clear" in capsys.readouterr().err
    assert main(["plan", "--clear"]) == 0
    assert main(["today"]) == 0


def test_a_plan_that_cannot_be_written_leaves_the_old_one(home: Path) -> None:
    """Whatever stands in the way, no part of a file stays, and the complaint names the file."""
    save_plan(home, Settings(minutes=20))
    before = (home / "plan.toml").read_text()
    (home / f"plan.toml.{os.getpid()}").mkdir()
    with pytest.raises(OSError, match=r"plan\.toml'"):
        save_plan(home, Settings(minutes=30))
    assert (home / "plan.toml").read_text() == before


def test_a_broken_file_is_named_before_anything_is_asked(home: Path) -> None:
    """No settings, no default in their place."""
    (home / "plan.toml").write_text("[")
    with pytest.raises(ContentError):
        load_settings(home)

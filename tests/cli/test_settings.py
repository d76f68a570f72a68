"""Preferences are the person's to write: what is wrong in them is told with its line, and nothing rewrites them."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime
from itertools import cycle
from pathlib import Path

import pytest
from reviewers import REVIEWERS, USUAL

from interview.cli.main import main
from interview.cli.settings import Settings, load_settings, save_parameters, save_plan
from interview.drill.schedule import BOUNDS, DEFAULT
from interview.errors import ContentError
from interview.log.record import Rating, Review
from interview.log.store import Store
from interview.practice.review.memories import settle

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


FORMS = {
    "comments and keys of others": MINE.encode(),
    "a byte-order mark": b"\xef\xbb\xbf" + MINE.encode(),
    "line ends of Windows": MINE.replace("\n", "\r\n").encode(),
    "no end of its last line": MINE.rstrip("\n").encode(),
    "inline tables": b"plan = {date = 2026-12-14, minutes = 25} # both\nquiz = {new=3}\n[zz]\na=1\n",
    "dotted keys, blank lines and tabs": b"\n\nplan.date=2026-12-14\nplan.minutes\t=\t25\nquiz.new = 3\n\n\n",
}  # fmt: skip
WRITERS = (
    ["plan", "--date", "2026-12-20"], ["plan", "-m", "40"], ["plan", "--role", "llm"], ["plan", "--clear"], ["undo"],
)  # fmt: skip


@pytest.mark.parametrize(
    ("form", "kind"),
    list(zip(FORMS, cycle(["its own", "read-only", "a link", "a link to one read-only"]), strict=False)),
)
def test_no_command_writes_to_what_a_person_wrote(
    form: str,
    kind: str,
    home: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Byte for byte, with its rights, its time and its link: whatever is set, and by whatever command."""
    real = path = home / "config.toml"
    if "link" in kind:
        real = tmp_path / "dotfiles.toml"
        path.symlink_to(real)
    real.write_bytes(FORMS[form])
    real.chmod(0o400 if "read-only" in kind else 0o640)
    assert load_settings(home) == Settings(new=3, interview=date(2026, 12, 14), minutes=25)
    before = path.lstat(), real.stat(), path.is_symlink()
    for args in WRITERS:
        assert main(args) in (0, 1, 2), capsys.readouterr().err
        assert real.read_bytes() == FORMS[form], args
        assert (path.is_symlink(), path.lstat().st_ino) == (before[2], before[0].st_ino), args
        now = real.stat()
        assert (now.st_mtime_ns, now.st_mode) == (before[1].st_mtime_ns, before[1].st_mode), args


def instead(n: int, value: object) -> str:
    """The usual parameters with another at that place."""
    return f"[{', '.join(map(str, [*USUAL[:n], value, *USUAL[n + 1 :]]))}]"


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
    "no recall aimed at": ("config.toml", "[quiz]\nretention = 0", 2, "`retention` is a number from 0.7 to 0.99"),
    "all recalled": ("config.toml", "[quiz]\nretention = 1.0", 2, "`retention` is a number from 0.7 to 0.99"),
    "a recall in per cent": ("config.toml", "[quiz]\nretention = '90 %'", 2, "`retention` is a number"),
    "a recall of nan": ("config.toml", "[quiz]\nretention = nan", 2, "`retention` is a number"),
    "no parameters": ("fsrs.toml", "", 1, "`parameters` is a list of 21 numbers, and here are 0"),
    "parameters as text": ("fsrs.toml", "# x\nparameters = '0.2, 1.3'", 2, "a list of 21 numbers, and here are 0"),
    "parameters of FSRS-5": ("fsrs.toml", f"parameters = {[*USUAL[:19]]}", 1, "and here are 19"),
    "a parameter too many": ("fsrs.toml", f"parameters = {[*USUAL, 0.5]}", 1, "and here are 22"),
    "a parameter of nan": ("fsrs.toml", f"\nparameters = {instead(4, 'nan')}", 2, "number 5 of `parameters`"),
    "a parameter of inf": ("fsrs.toml", f"parameters = {instead(0, 'inf')}", 1, "number 1 of `parameters`"),
    "a parameter below": ("fsrs.toml", f"parameters = {instead(20, '-0.1')}", 1, "is one from 0.1 to 0.8"),
    "a parameter above": ("fsrs.toml", f"parameters = {instead(16, 9)}", 1, "number 17 of `parameters`"),
    "a parameter of text": ("fsrs.toml", f"parameters = {instead(2, chr(34) * 2)}", 1, "number 3 of `parameters`"),
    "a parameter of truth": ("fsrs.toml", f"parameters = {instead(2, 'true')}", 1, "number 3 of `parameters`"),
    "parameters in a table": ("fsrs.toml", f"[fsrs]\nparameters = {[*USUAL]}", 2, "`parameters` is a list"),
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


def test_doctor_tells_settings_that_stop_everything(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All is not well where every quiz would end at once."""
    (home / "config.toml").write_text("[quiz]\nnew = lots")
    assert main(["--lang", "zh", "doctor", "--json"]) == 1
    (need,) = json.loads(capsys.readouterr().out)["needs"]
    assert need.startswith(f"{home / 'config.toml'}:2: ")
    assert "TOML" in need


def test_a_day_out_of_reach_is_no_plan(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A hundred years are laid out day by day; a thousand would take the night. --clear still forgets it."""
    assert main(["plan", "--date", "2136-11-30"]) == 2
    assert "more than a hundred years" in capsys.readouterr().err
    (home / "plan.toml").write_text("date = 2936-11-30\n")
    assert main(["today"]) == 5
    assert "plan --clear" in capsys.readouterr().err
    assert main(["plan", "--clear"]) == 0
    assert main(["today"]) == 0


def test_a_plan_that_cannot_be_written_leaves_the_old_one(home: Path) -> None:
    """Whatever stands in the way, no part of a file stays, and the complaint names the file."""
    save_plan(home, Settings(minutes=20))
    before = (home / "plan.toml").read_text()
    (home / f"plan.toml.{os.getpid()}.part").mkdir()
    with pytest.raises(OSError, match=r"plan\.toml'"):
        save_plan(home, Settings(minutes=30))
    assert (home / "plan.toml").read_text() == before


def test_a_broken_file_is_named_before_anything_is_asked(home: Path) -> None:
    """No settings, no default in their place."""
    (home / "plan.toml").write_text("[")
    with pytest.raises(ContentError):
        load_settings(home)


def write(home: Path, text: str) -> None:
    (home / "config.toml").write_text(text)


def answer(home: Path, tmp_path: Path, *names: str) -> None:
    """Each card answered Good, twice, ten days apart."""
    with Store.open(home / "history.db") as store:
        for day in (date(2026, 11, 1), date(2026, 11, 11)):
            at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
            store.append(*(Review(name, 1, at, day, Rating.GOOD) for name in names))


def due_day(capsys: pytest.CaptureFixture[str], name: str) -> str:
    capsys.readouterr()
    assert main(["card", name, "--json"]) == 0
    found: str = json.loads(capsys.readouterr().out)["due"]
    return found


def test_a_setting_changes_the_schedule_by_replaying_the_log(
    home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Also for what the derived table knows already; the default brings the old dates back, the log is untouched."""
    name = "dropout/strongest-p"
    answer(home, tmp_path, name)
    with Store.open(home / "history.db") as store:
        settle(store, [name], DEFAULT)
        before = store.rows()
    usual = due_day(capsys, name)
    write(home, "[quiz]\nretention = 0.97\n")
    assert due_day(capsys, name) < usual
    write(home, "[quiz]\nretention = 0.8\n")
    assert due_day(capsys, name) > usual
    write(home, "[quiz]\nlongest = 5\n")
    assert due_day(capsys, name) == "2026-11-16"
    write(home, "")
    assert due_day(capsys, name) == usual
    save_parameters(home, REVIEWERS["strong"], "mine")
    assert due_day(capsys, name) > usual
    assert main(["stats", "--fit", "--clear"]) == 0
    assert due_day(capsys, name) == usual
    with Store.peek(home / "history.db") as store:
        assert store.rows() == before


def test_fuzz_is_the_same_each_time(home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Cards learned together come apart, near their day; a second look says the same; without it they stay together."""
    names = [f"dropout/{each}" for each in ("strongest-p", "choose-p", "l1-or-l2", "derive-ridge", "count-masks")]
    answer(home, tmp_path, *names)
    (usual,) = {due_day(capsys, name) for name in names}
    write(home, "[quiz]\nfuzz = true\n")
    days = [due_day(capsys, name) for name in names]
    assert len(set(days)) > 1
    assert all(abs((date.fromisoformat(day) - date.fromisoformat(usual)).days) <= 8 for day in days)
    assert [due_day(capsys, name) for name in names] == days


def test_the_day_starts_when_one_says(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """At three in the morning it is yesterday by default, and today for who gets up at two."""
    monkeypatch.setenv("INTERVIEW_NOW", "2026-11-23T03:00")
    for text, day in ("", "2026-11-22"), ("[quiz]\nday_starts = 2", "2026-11-23"):
        write(home, text)
        capsys.readouterr()
        assert main(["today", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["day"] == day


def test_a_deck_has_limits_of_its_own(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At most so many new cards of it a day, within those of the day; another deck takes what it leaves."""
    write(home, "[quiz]\nnew = 8\n[deck.dropout]\nnew = 1\n[deck.attention]\nnew = 0\n")
    assert main(["today", "--json"]) == 0
    decks = {deck["id"]: deck["new"] for deck in json.loads(capsys.readouterr().out)["decks"]}
    assert decks["dropout"] == 1
    assert "attention" not in decks
    assert sum(decks.values()) == 8


def test_a_deck_s_limit_holds_under_a_plan(home: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The plan's minutes take the place of the day's limits, not of a deck's: today, list, plan and the quiz agree."""
    write(home, "[deck.dropout]\nnew = 1\n[deck.attention]\nnew = 0\n")
    (home / "plan.toml").write_text("date = 2026-12-14\nminutes = 200\n")
    assert main(["today", "--json"]) == 0
    today = json.loads(capsys.readouterr().out)
    decks = {deck["id"]: deck["new"] for deck in today["decks"]}
    assert decks["dropout"] == 1
    assert "attention" not in decks
    assert main(["plan", "--json"]) == 0
    assert sorted(json.loads(capsys.readouterr().out)["today"]["cards"]) == sorted(today["cards"])
    (tmp_path / "answers").write_text('{"rating": 3}\n' * 400)
    assert main(["quiz", "--answers", str(tmp_path / "answers"), "--json"]) == 0
    asked = [json.loads(line).get("card") for line in capsys.readouterr().out.splitlines()[:-1]]
    assert asked == today["cards"]
    assert main(["quiz", "dropout", "--answers", str(tmp_path / "answers"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["totals"]["cards"] == 0


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[quiz]\nnew = 3\nretenton = 0.9\n", 3, "did you mean `retention`"),
        ("# new\n[deck.dropout]\nnwe = 1\n", 3, "did you mean `new`"),
        ("[qiuz]\nnew = 3\n", 1, "did you mean `quiz`"),
        ("[quiz]\nnew = 3\ncolour = 'red'\n", 3, "known are new, reviews, retention, longest, fuzz, day_starts"),
    ],
)
def test_a_mistyped_key_is_told_once_and_passed_over(
    home: Path, capsys: pytest.CaptureFixture[str], text: str, line: int, said: str
) -> None:
    """With its line and the nearest key; the command goes on."""
    write(home, text)
    assert main(["list"]) == 0
    err = capsys.readouterr().err
    assert err.count(f"config.toml:{line}: ") == 1
    assert said in err


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[deck.a]\nnew = 1\n[quiz]\nnew = 'x'\n", 4, "`new` is a whole number"),
        ("[quiz]\nnew = 1\n[deck.a]\nnew = -1\n", 4, "`new` is a whole number"),
        ("[quiz]\nretention = 90\n", 2, "`retention` is a number from 0.7 to 0.99"),
        ("[quiz]\nretention = nan\n", 2, "`retention` is a number"),
        ("[quiz]\nfuzz = 1\n", 2, "`fuzz` is true or false"),
        ("[quiz]\nlongest = 0\n", 2, "`longest` is a whole number from 1"),
        ("[quiz]\nday_starts = 24\n", 2, "`day_starts` is a whole number from 0 to 23"),
        ("[deck]\ndropout = 3\n", 2, "`dropout` is a table"),
    ],
)
def test_a_wrong_value_is_told_in_its_own_table(
    home: Path, capsys: pytest.CaptureFixture[str], text: str, line: int, said: str
) -> None:
    """The line is that of the key, not of one of the same name elsewhere."""
    write(home, text)
    assert main(["list"]) == 5
    err = capsys.readouterr().err
    assert f"config.toml:{line}: " in err
    assert said in err


def test_a_hand_is_graded_whatever_the_settings_say(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A kata does not wait for a preference: it is told, and the default holds."""
    monkeypatch.chdir(tmp_path)
    write(home, "[quiz]\nfuzz = 'yes'\n")
    assert main(["kata", "dropout"]) == 0
    assert "`fuzz` is true or false" in capsys.readouterr().err


def test_parameters_are_read_as_they_were_written(home: Path) -> None:
    """Every digit; and whole numbers, as a person may write them."""
    for each in (*REVIEWERS.values(), tuple(least for least, _ in BOUNDS), tuple(most for _, most in BOUNDS)):
        save_parameters(home, each, "mine")
        assert load_settings(home).rules.parameters == each
    (home / "fsrs.toml").write_text(f"parameters = {instead(4, 7)}")
    assert load_settings(home).rules.parameters[4] == 7.0


def test_a_key_beside_the_parameters_is_told(home: Path) -> None:
    """It says nothing to us."""
    (home / "fsrs.toml").write_text(f"parameters = {[*USUAL]}\nparameter = 3\n")
    (problem,) = load_settings(home).unknown
    assert "did you mean `parameters`" in problem.text

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from decks import EVERY_KIND, write_deck, write_kata
from screens import INTERVIEW
from users import unprivileged

from interview.cli.main import main
from interview.content.packs import FILE
from interview.log.record import Rating, Review
from interview.log.store import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Say:
    monkeypatch.setenv("INTERVIEW_LANG", "en")

    def run(*args: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(list(args))
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "theirs"
    write_deck(folder, EVERY_KIND)
    write_kata(folder)
    return folder


def named(say: Say) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(say("pack", "list", "--json")[1])["packs"]
    return found


def test_a_pack_that_was_added_is_found(pack: Path, home: Path, say: Say) -> None:
    """By list, quiz and kata as ours are; told what it holds, and on whose word its code runs."""
    code, out, _ = say("pack", "add", str(pack))
    assert code == 0
    assert "Added theirs: 1 deck, 1 kata" in out
    assert "only with your word" in " ".join(out.split())
    assert max(map(len, out.splitlines()[1:-1])) <= 80
    assert "mine" in say("list")[1]
    assert say("quiz", "mine", "--answers", "-")[2].count("no deck") == 0
    assert named(say) == [
        {"name": "theirs", "folder": str(pack), "decks": ["mine"], "katas": ["double"], "by": "pack", "trouble": None}
    ]


def test_adding_runs_nothing_and_agrees_to_nothing(pack: Path, home: Path, say: Say) -> None:
    """Its hidden suite still waits for the person's word: exit code 2 without a terminal."""
    (pack / "katas" / "double" / "hidden.py").write_text("raise SystemExit(9)\n", "utf-8")
    assert say("pack", "add", str(pack))[0] == 0
    assert not (home / "trusted.txt").exists()
    (pack / "double.py").write_text("def double(x):\n    return x + x\n", "utf-8")
    code, _, err = say("kata", "double", "--check", "--file", str(pack / "double.py"))
    assert code == 2
    assert "--trust" in err


def test_a_pack_is_named_as_one_types_it(pack: Path, home: Path, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """Relative, with `..` and a slash at its end: kept from the root on, and the same from anywhere."""
    monkeypatch.chdir(pack / "katas")
    assert say("pack", "add", "../")[0] == 0
    monkeypatch.chdir(home)
    assert [each["folder"] for each in named(say)] == [str(pack)]


def test_removed_it_is_gone_and_nothing_else_is(pack: Path, home: Path, say: Say) -> None:
    """Its folder, other lines and the person's own comment are left; a second time there is no such pack."""
    write_deck(pack.parent / "more", EVERY_KIND, name="others")
    say("pack", "add", str(pack))
    with (home / FILE).open("a") as file:
        file.write("\n# mine\n")
    say("pack", "add", str(pack.parent / "more"))
    before = sorted(pack.rglob("*"))
    assert say("pack", "remove", "theirs")[0] == 0
    assert sorted(pack.rglob("*")) == before
    assert [each["name"] for each in named(say)] == ["more"]
    assert "# mine" in (home / FILE).read_text()
    assert say("pack", "remove", "theirs")[0] == 2


def test_what_was_answered_outlives_the_pack(pack: Path, home: Path, say: Say) -> None:
    """Removed and added again, its reviews count as before."""
    say("pack", "add", str(pack))
    with Store.open(home / "history.db") as store:
        store.append(Review("mine/ridge", 1, NOW, NOW.date(), Rating.GOOD))
    seen = say("card", "mine/ridge", "--json")[1]
    say("pack", "remove", "theirs")
    assert say("card", "mine/ridge")[0] == 2
    say("pack", "add", str(pack))
    assert say("card", "mine/ridge", "--json")[1] == seen


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("nowhere", "there is no folder"),
        ("file", "is a file; name the folder"),
        ("nothing", "holds neither questions/ nor katas/"),
        ("hollow", "holds no deck (questions/NAME.yaml) and no kata"),
        ("theirs/katas", "is part of a pack; add the whole"),
        ("theirs/questions", "is part of a pack; add the whole"),
        ("theirs/katas/double", "is part of a pack; add the whole"),
        ("elsewhere/theirs", "a pack theirs was added already"),
        ("same-deck", "the deck `mine` is also"),
        ("other-name", "is there already"),
        ("loop", "there is no folder"),
        ("~nobody-of-that-name", "no such home folder"),
        ("", "holds neither"),
        ("theirs/../theirs", "is there already"),
        ("ends-in-a-space ", "rename the folder"),
    ],
)
def test_what_is_no_pack_is_refused_and_nothing_is_written(
    pack: Path, home: Path, say: Say, monkeypatch: pytest.MonkeyPatch, named: str, said: str
) -> None:
    """A sentence, exit code 2, and the file as it was."""
    around = pack.parent
    monkeypatch.chdir(around)
    (around / "file").write_text("")
    (around / "nothing").mkdir()
    (around / "hollow" / "katas").mkdir(parents=True)
    (around / "other-name").symlink_to(pack)
    (around / "loop").symlink_to(around / "loop")
    write_deck(around / "elsewhere" / "theirs", EVERY_KIND, name="another")
    write_deck(around / "same-deck", EVERY_KIND)
    write_deck(around / "ends-in-a-space ", EVERY_KIND, name="spaced")
    say("pack", "add", str(pack))
    before = (home / FILE).read_bytes()
    code, out, err = say("pack", "add", named)
    assert (code, out) == (2, "")
    assert said in err
    assert (home / FILE).read_bytes() == before


def test_ours_and_what_was_imported_are_there_anyway(home: Path, say: Say) -> None:
    """The checkout that the program runs from, and the pack of `import`."""
    write_deck(home / "pack", EVERY_KIND)
    for folder in (Path(__file__).parents[2], home / "pack"):
        code, _, err = say("pack", "add", str(folder))
        assert code == 2
        assert "is there already" in err


def test_a_pack_of_the_variable_may_be_added_for_good(pack: Path, say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one pack then; what the variable alone names is removed there."""
    monkeypatch.setenv("INTERVIEW_PATH", str(pack))
    assert [each["by"] for each in named(say)] == ["INTERVIEW_PATH"]
    assert "comes from INTERVIEW_PATH" in say("pack", "remove", "theirs")[2]
    assert say("pack", "add", str(pack))[0] == 0
    assert [each["by"] for each in named(say)] == ["pack"]
    assert say("list")[1].count("mine") == 1


def test_a_folder_that_vanished_is_told_and_can_be_removed(pack: Path, home: Path, say: Say) -> None:
    """Every command goes on without it and says how to be rid of it."""
    say("pack", "add", str(pack))
    pack.rename(pack.with_name("moved"))
    code, out, err = say("list")
    assert code == 0
    assert "dropout" in out
    assert f"there is no folder {pack}; `interview pack remove theirs` takes it out" in err
    assert say("pack", "remove", "theirs")[0] == 0
    assert say("list")[2] == ""


def test_what_one_writes_into_the_file_oneself_is_told_by_its_line(home: Path, say: Say) -> None:
    """A relative path means something else from everywhere."""
    home.mkdir()
    (home / FILE).write_text("# mine\n\ntheirs\n")
    code, _, err = say("list")
    assert code == 0
    assert f"{home / FILE}:3: `theirs` is no path from the root on" in err


def test_a_folder_that_may_not_be_looked_into_is_listed(pack: Path, home: Path, say: Say) -> None:
    """So that one sees which it is, and can remove it; permissions hold for root too in this child."""
    say("pack", "add", str(pack))
    (pack / "questions").chmod(0)
    done = [
        subprocess.run([INTERVIEW, "pack", *args], capture_output=True, text=True, preexec_fn=unprivileged, check=False)
        for args in (["list"], ["add", str(pack / "questions")], ["remove", "theirs"])
    ]
    (pack / "questions").chmod(0o755)
    assert [each.returncode for each in done] == [0, 2, 0]
    assert "may not be looked into" in done[0].stdout


def test_one_of_two_names_is_removed_by_its_path(pack: Path, home: Path, say: Say) -> None:
    """Written by hand, with an editor's byte-order mark and line ends: a name alone says nothing."""
    other = pack.parent / "elsewhere" / "theirs"
    write_deck(other, EVERY_KIND, name="another")
    home.mkdir()
    (home / FILE).write_bytes(b"\xef\xbb\xbf# mine\r\n" + f"{pack}\r\n{other}\r\n".encode())
    assert len(named(say)) == 2
    code, _, err = say("pack", "remove", "theirs")
    assert code == 2
    assert str(pack) in err
    assert str(other) in err
    assert say("pack", "remove", str(other))[0] == 0
    assert [each["folder"] for each in named(say)] == [str(pack)]


def test_a_file_that_is_no_file_is_told(pack: Path, home: Path, say: Say) -> None:
    """A folder at its place: the other commands go on, and adding says what is in the way."""
    (home / FILE).mkdir(parents=True)
    code, _, err = say("list")
    assert code == 0
    assert f"{home / FILE}:1: cannot be read" in err
    code, _, err = say("pack", "add", str(pack))
    assert code == 5
    assert str(home / FILE) in err


def test_a_home_that_cannot_be_written_is_told(pack: Path, home: Path) -> None:
    """Exit code 5 with the file's name; permissions hold for root too in this child."""
    home.mkdir(mode=0o500)
    done = subprocess.run(
        [INTERVIEW, "pack", "add", str(pack)], capture_output=True, text=True, preexec_fn=unprivileged, check=False
    )
    assert done.returncode == 5
    assert FILE in done.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["add"], "say which folder"),
        (["remove"], "say which"),
        (["list", "theirs"], "takes no name"),
        (["remove", "thiers"], "did you mean `theirs`?"),
        (["drop", "theirs"], "drop"),
        ([], "deed"),
    ],
)
def test_a_command_that_is_not_whole_says_what_is_missing(pack: Path, say: Say, args: list[str], said: str) -> None:
    """Exit code 2."""
    say("pack", "add", str(pack))
    code, _, err = say("pack", *args)
    assert code == 2
    assert said in err.lower()


def test_a_name_with_escapes_is_shown_as_text(pack: Path, say: Say) -> None:
    """A folder may be called anything."""
    evil = pack.rename(pack.with_name("e\x1b[31mvil"))
    assert say("pack", "add", str(evil))[0] == 0
    assert all("\x1b" not in text for _, *texts in (say("pack", "list"), say("pack", "remove", "x")) for text in texts)
    assert say("pack", "remove", evil.name)[0] == 0


def test_a_path_that_is_no_text_is_kept(pack: Path, say: Say) -> None:
    """Bytes that are no UTF-8."""
    odd = Path(os.fsdecode(os.fsencode(pack.parent) + b"/\xff\xfe"))
    pack.rename(odd)
    assert say("pack", "add", str(odd))[0] == 0
    assert "mine" in say("list")[1]
    assert say("pack", "remove", odd.name)[0] == 0

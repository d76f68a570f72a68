"""`interview new`: a whole kata or deck or nothing, and lint says what its author still has to write."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from judging import grading
from screens import INTERVIEW
from users import smallest_files, unprivileged

from interview.cli.main import main
from interview.cli.world import shipped
from interview.content.cards.deck_file import load_deck
from interview.content.katas.kata_file import load_kata
from interview.content.katas.skeleton import FOLDER, MARK, check_name, skeleton
from interview.errors import UsageError
from interview.proof.decks.prove import prove_claims
from interview.proof.katas.prove import prove_katas
from interview.proof.lint import read
from interview.proof.scope import scope_of


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "pack"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def write_all(folder: Path) -> int:
    """Every mark taken off, as by an author who writes what it asks for; how many there were."""
    count = 0
    for path in folder.rglob("*.*"):
        text, found = re.subn("TO WRITE: ?|待写：", "", path.read_text())
        path.write_text(text)
        count += found
    return count


def test_lint_names_all_that_remains_and_nothing_else(pack: Path) -> None:
    """Each mark at its file and line, in both languages; once they are written, reading finds nothing."""
    assert main(["new", "kata", "rms-norm"]) == 0
    folder = pack / "katas" / "rms-norm"
    problems = read(scope_of(folder, ())).problems
    marked = {
        (path, number)
        for path in folder.rglob("*.*")
        for number, line in enumerate(path.read_text().split("\n"), 1)
        if MARK.search(line)
    }
    assert {(each.path, each.line) for each in problems} == marked
    assert all(each.text.startswith("still to be written: ") and each.zh.startswith("还没写：") for each in problems)
    places = {each.path.name for each in problems}
    assert places == {"prompt.en.md", "prompt.zh.md", "stub.py", "reference.py", "hidden.py", "kata.yaml"}
    assert write_all(folder) == len(marked)
    assert read(scope_of(folder, ())).problems == ()


def test_it_is_proved_once_it_is_written(pack: Path) -> None:
    """By the judge, with every change of a single node, nothing to say; before that the same proof holds."""
    folder = pack / "katas" / "half-wave"
    assert main(["new", "kata", "half-wave"]) == 0
    with grading() as judge:
        for written in (False, True):
            if written:
                write_all(folder)
            found = read(scope_of(folder, ()))
            (proof,) = prove_katas(found.katas, found.kata_lines, lambda: nullcontext(judge), lambda done, of: None,
                                   runs=1, jobs=1, mechanical=True)  # fmt: skip
            assert (bool(found.problems), proof.problems) == (not written, ())
            row = proof.row
            assert (row.checks, row.accepted, row.accepted_of, row.caught, row.caught_of) == (8, 1, 1, 8, 8)
            assert (row.mutants, row.equivalent, row.mutants_of) == (4, 1, 5)


def test_a_mark_anywhere_is_seen(pack: Path) -> None:
    """In a prompt, a comment, a docstring, a wrong answer: whatever its author copied on."""
    assert main(["new", "kata", "mine"]) == 0
    folder = pack / "katas" / "mine"
    write_all(folder)
    wrong = folder / "submissions" / "wrong_answer" / "slope_everywhere.py"
    wrong.parent.mkdir()
    wrong.write_text("def mine(x, negative_slope=0.01):\n    # TO WRITE: this\n    return x * 0.01\n")
    assert [(each.path, each.line) for each in read(scope_of(folder, ())).problems] == [(wrong, 2)]


@pytest.mark.parametrize("name", ["a", "rms_norm", "x2", "on", "no", "null", "match", "e1", "a" * 100])
def test_every_name_that_is_taken_makes_a_kata(name: str, pack: Path) -> None:
    """Also those that YAML reads as a truth value, and those that Python knows as a soft keyword."""
    assert main(["new", "kata", name]) == 0
    assert load_kata(pack / "katas" / name).id == name


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("RMSNorm", "say `rmsnorm`"),
        ("rms norm", "say `rms-norm`"),
        ("../up", "say `up`"),
        ("a/b", "a-z, 0-9"),
        ("", "a-z, 0-9"),
        (".", "a-z, 0-9"),
        ("-x", "a-z, 0-9"),
        ("归一化", "a-z, 0-9"),
        ("e\x1b[31m\n", "a-z, 0-9"),
        ("a\n", "a-z, 0-9"),
        ("2d-conv", "no name of a function"),
        ("lambda", "no name of a function"),
        ("random", "would hide the module"),
        ("torch", "would hide the module"),
        ("a" * 101, "at most 100"),
    ],
)
def test_a_bad_name_is_told(name: str, said: str, pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In a sentence of either language that says what a name is, without the terminal's own characters; exit 2."""
    with pytest.raises(UsageError) as refused:
        check_name(name)
    assert said in str(refused.value)
    assert re.search("[\u4e00-\u9fff]", refused.value.zh)
    assert "\x1b" not in str(refused.value) + refused.value.zh
    assert main(["new", "kata", "--", name]) == 2
    assert said in capsys.readouterr().err
    assert list(pack.iterdir()) == []


@pytest.mark.parametrize("there", ["folder", "empty", "file", "link"])
def test_what_is_there_is_left_as_it_is(there: str, pack: Path) -> None:
    """A folder, an empty one, a file, a link that leads nowhere: exit 2, and not a byte of it changed."""
    place = pack / "katas" / "mine"
    place.parent.mkdir()
    match there:
        case "folder":
            place.mkdir()
            (place / "kata.yaml").write_text("mine")
        case "empty":
            place.mkdir()
        case "file":
            place.write_text("mine")
        case _:
            place.symlink_to("nowhere")
    before = sorted((str(each), each.lstat().st_mtime_ns) for each in (place.parent, *place.parent.rglob("*")))
    assert main(["new", "kata", "mine"]) == 2
    assert before == sorted((str(each), each.lstat().st_mtime_ns) for each in (place.parent, *place.parent.rglob("*")))


def test_where_it_goes(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The current folder's `katas/`, from within it too; a pack that is named, a new one as well. Nowhere else."""
    assert main(["new", "kata", "one"]) == 0
    os.chdir(pack / "katas")
    assert main(["new", "kata", "two"]) == 0
    assert main(["new", "kata", "three", "--in", str(tmp_path / "other")]) == 0
    assert main(["new", "kata", "four", "--in", str(tmp_path / "other" / "katas")]) == 0
    assert {each.name for each in (pack / "katas").iterdir()} == {"one", "two"}
    assert {each.name for each in (tmp_path / "other" / "katas").iterdir()} == {"three", "four"}
    capsys.readouterr()
    for place, said in ((pack / "katas" / "one", "a kata's own folder"), (tmp_path / "no" / "such", "no folder"),
                        (pack / "katas" / "one" / "stub.py", "no folder")):  # fmt: skip
        assert main(["new", "kata", "five", "--in", str(place)]) == 2
        assert said in capsys.readouterr().err


def test_a_name_that_another_kata_has(pack: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Ours, or one of a pack that is named: with two of a name neither would be found."""
    assert main(["new", "kata", "dropout"]) == 2
    monkeypatch.setenv("INTERVIEW_PATH", str(tmp_path / "other"))
    assert main(["new", "kata", "mine", "--in", str(tmp_path / "other")]) == 0
    assert main(["new", "kata", "mine"]) == 2
    assert list(pack.iterdir()) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_it_says(
    lang: str, pack: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the kata is, the command that goes on, and how it is found, unless it is; `--json` says it to programs."""
    assert main(["--lang", lang, "new", "kata", "mine"]) == 0
    said = capsys.readouterr().out
    assert "interview lint katas/mine --trust" in said
    assert f"interview pack add {pack}" in said
    monkeypatch.setenv("INTERVIEW_PATH", str(pack))
    assert main(["--lang", lang, "new", "kata", "other"]) == 0
    assert "pack add" not in capsys.readouterr().out
    assert main(["--lang", lang, "new", "kata", "third", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["folder"] == str(pack / "katas" / "third")
    assert sorted(map(Path, told["files"])) == sorted(each for each in (pack / "katas" / "third").rglob("*.*"))


@pytest.mark.parametrize(
    ("folder", "before"), [(0o555, unprivileged), (0o755, smallest_files)], ids=["closed", "no room"]
)
def test_a_folder_that_cannot_be_written(folder: int, before: Callable[[], None], pack: Path) -> None:
    """By rights, or for want of room at its first byte: exit 2, and no part of a kata, nor a folder made for it."""
    pack.chmod(folder)
    done = subprocess.run([INTERVIEW, "new", "kata", "mine"], capture_output=True, text=True, timeout=60, check=False,
                          preexec_fn=before)  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "katas/mine cannot be written" in done.stderr
    assert list(pack.iterdir()) == []


def test_the_skeleton_is_ours_alone() -> None:
    """Nothing of it is called as the template is, and its files are those of a kata."""
    made = skeleton("rms-norm")
    assert set(map(str, made)) >= {"kata.yaml", "prompt.en.md", "hidden.py", "submissions/accepted/reference.py"}
    assert not any("new-kata" in text or "new_kata" in text for text in made.values())
    assert sorted(each.name for each in FOLDER.iterdir() if each.suffix) == sorted(
        str(each) for each in made if len(each.parts) == 1
    )


def test_lint_names_all_that_remains_of_a_deck(pack: Path) -> None:
    """Each mark at its line, and nothing else; once they are written, it is sound, and its proof holds."""
    assert main(["new", "deck", "activations"]) == 0
    path = pack / "questions" / "activations.yaml"
    problems = read(scope_of(path, (shipped(),))).problems
    marked = [n for n, line in enumerate(path.read_text("utf-8").split("\n"), 1) if MARK.search(line)]
    assert [each.line for each in problems] == marked
    assert all(each.text.startswith("still to be written: ") and each.zh.startswith("还没写：") for each in problems)
    assert write_all(pack / "questions") == len(marked)
    found = read(scope_of(path, (shipped(),)))
    assert found.problems == ()
    assert prove_claims(found.decks, found.lines, lambda done, of: None) == []
    assert load_deck(path).id == "activations"


def test_where_a_deck_goes(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a kata does, to `questions/`: told with the command that goes on; `--json` says it to programs."""
    assert main(["new", "deck", "one"]) == 0
    out = capsys.readouterr().out
    assert "interview lint questions/one.yaml --trust" in out
    assert f"interview pack add {pack}" in out
    os.chdir(pack / "questions")
    assert main(["new", "deck", "two", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {"schema": 1, "deck": "two", "file": str(pack / "questions" / "two.yaml")}
    assert main(["new", "deck", "three", "--in", str(tmp_path / "other")]) == 0
    assert {each.name for each in (pack / "questions").iterdir()} == {"one.yaml", "two.yaml"}
    assert (tmp_path / "other" / "questions" / "three.yaml").is_file()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["Bad"], "no name of a deck"),
        (["a/b"], "no name of a deck"),
        (["../up"], "no name of a deck"),
        (["-x"], ""),
        ([""], "no name of a deck"),
        (["题"], "no name of a deck"),
        ([101 * "a"], "101 characters"),
        (["references"], "holds references"),
        (["refs-mine"], "holds references"),
        (["dropout"], "there is a deck dropout already"),
        (["there"], "is there already and was left as it is"),
        (["link"], "is there already and was left as it is"),
        (["new", "--in", "no/such"], "there is no folder"),
        (["new", "--in", "questions/there.yaml"], "there is no folder"),
    ],
)
def test_a_deck_that_cannot_be_begun(
    pack: Path, capsys: pytest.CaptureFixture[str], args: list[str], said: str
) -> None:
    """Names that are none, or taken, files and links that are there, folders that are not: exit 2, and nothing new."""
    (pack / "questions").mkdir()
    (pack / "questions" / "there.yaml").write_text("mine")
    (pack / "questions" / "link.yaml").symlink_to(pack / "nowhere")
    before = {each: each.lstat().st_mtime_ns for each in pack.rglob("*")}
    assert main(["new", "deck", *args]) == 2
    assert said in capsys.readouterr().err
    assert {each: each.lstat().st_mtime_ns for each in pack.rglob("*")} == before
    assert (pack / "questions" / "there.yaml").read_text() == "mine"


@pytest.mark.parametrize(
    ("folder", "before"), [(0o555, unprivileged), (0o755, smallest_files)], ids=["closed", "no room"]
)
def test_a_deck_is_written_whole_or_not_at_all(folder: int, before: Callable[[], None], pack: Path) -> None:
    """By rights, or for want of room at its first byte: exit 2, and no folder made for it."""
    pack.chmod(folder)
    done = subprocess.run([INTERVIEW, "new", "deck", "mine"], capture_output=True, text=True, timeout=60, check=False,
                          cwd=pack, preexec_fn=before)  # fmt: skip
    pack.chmod(0o755)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert list(pack.iterdir()) == []

"""Proofs kept: a second lint of what has not changed judges nothing, and nothing that is kept changes a verdict."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from decks import KATA, NUMERIC, SPOT, write_deck, write_kata
from screens import INTERVIEW

from interview.cli.main import main
from interview.proof.katas.proofs import PACKAGE, Proofs, Took, code

TRACE = "from pathlib import Path\nwith Path({!r}).open('a') as file:\n    file.write('x')\n"
Lint = Callable[..., dict[str, Any]]


@pytest.fixture
def lint(capsys: pytest.CaptureFixture[str]) -> Lint:
    def run(path: Path, *more: str) -> dict[str, Any]:
        code = main(["lint", str(path), "--trust", "--json", "--runs", "1", *more])
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert code == (1 if found["problems"] else 0)
        return found

    return run


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound pack of a kata and a deck, whose hidden suite leaves a trace of each time that it is loaded."""
    pack = tmp_path_factory.mktemp("traced")
    write_deck(pack, SPOT)
    head = "".join(f"        {line}\n" for line in TRACE.format(str(pack.parent / "trace")).splitlines())
    write_kata(pack, hidden_py=head + KATA["hidden.py"])
    return pack


@pytest.fixture(scope="module")
def proved(traced: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The home of who has proved it once, with its mutants, by the real command; and what was said."""
    home = traced.parent / "proved"
    command = [INTERVIEW, "lint", traced, "--trust", "--json", "--runs", "1", "--mutants"]
    env = {**os.environ, "INTERVIEW_HOME": str(home)}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    yield home, json.loads(done.stdout)
    shutil.rmtree(home)


@pytest.fixture
def remembering(proved: tuple[Path, dict[str, Any]], home: Path) -> dict[str, Any]:
    """A home of that state for this test, and what was said when it was proved."""
    shutil.copytree(proved[0], home)
    return proved[1]


def loaded(traced: Path) -> int:
    """How often the suite has been loaded."""
    return len((traced.parent / "trace").read_text())


def known(found: dict[str, Any]) -> list[bool]:
    return [each["remembered"] for each in (*found["decks"], *found["katas"])]


def notes(home: Path) -> list[Path]:
    return sorted((home / "cache" / "proofs").iterdir())


def test_what_has_not_changed_is_not_judged_again(traced: Path, remembering: dict[str, Any], lint: Lint) -> None:
    """A deck and a kata: the same line, remembered, and the suite is not even loaded."""
    before = loaded(traced)
    again = lint(traced, "--mutants")
    assert (known(remembering), known(again)) == ([False, False], [True, True])
    assert again["katas"] == [{**remembering["katas"][0], "remembered": True}]
    assert again["katas"][0]["mutants"] == again["katas"][0]["mutants_of"] > 0
    assert loaded(traced) == before > 0


def test_other_options_are_another_proof(tmp_path: Path, lint: Lint) -> None:
    """More runs, mutants: what was proved without is proved anew; `--fresh` proves anew and keeps it."""
    deck = write_deck(tmp_path, SPOT)
    asked: list[list[str]] = [[], ["--runs", "2"], ["--mutants"]]
    assert [known(lint(deck, *more)) for more in (*asked, *asked)] == [[False]] * 3 + [[True]] * 3
    assert known(lint(deck, "--fresh")) == [False]
    assert known(lint(deck)) == [True]


def test_a_person_is_told_that_it_was_remembered(
    traced: Path, remembering: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """In the kata's line and beneath the table, in both languages."""
    command = ["lint", str(traced), "--trust", "--runs", "1", "--mutants"]
    assert main(command) == 0
    table, said, end = capsys.readouterr().out.rstrip().split("\n")[-3:]
    assert "remembered" in table
    assert said == "remembered: 1 deck and 1 kata, unchanged since proved; --fresh proves anew"
    assert end == "sound: 1 card, 1 kata"
    assert main(["--lang", "zh", *command]) == 0
    table, said, _ = capsys.readouterr().out.rstrip().split("\n")[-3:]
    assert "沿用" in table
    assert said.startswith("1 个题库、1 道手写题自上次验证后没有改动")


def test_only_a_sound_proof_is_kept(tmp_path: Path, lint: Lint, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was wrong leaves nothing, and is run and told again as often as it is asked; nothing was remembered."""
    write_kata(tmp_path, reference_py=KATA["submissions/accepted/reference.py"].replace("x + x", "x + x + 1"))
    deck = write_deck(tmp_path, SPOT.replace("double(3) == 6", "double(2) == 4"))
    first = lint(tmp_path)
    assert [Path(each["file"]).name for each in first["problems"]] == ["reference.py", "mine.yaml"]
    assert known(first) == [False, False]
    assert not (home / "cache" / "proofs").exists()
    second = lint(deck)
    assert second["problems"] == [each for each in first["problems"] if each["file"] == str(deck)]
    assert known(second) == [False]
    assert main(["lint", str(deck), "--trust"]) == 1
    assert "remembered" not in capsys.readouterr().out


def test_leave_is_asked_all_the_same(
    traced: Path, remembering: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """A proof that is kept is no word of the person's: without --trust a pack stays unproved."""
    assert main(["lint", str(traced), "--runs", "1", "--mutants", "--json"]) == 2
    found = json.loads(capsys.readouterr().out)
    assert (found["katas"], len(found["unproved"])) == ([], 2)


def spoilt(note: Path, how: str) -> None:
    key, *_ = json.loads(note.read_bytes())
    odd = {
        "empty": b"", "cut": note.read_bytes()[:40], "bytes": b"\xff\xfe\0", "deep": b"[" * 100_000,
        "other": json.dumps(["0" * 64, 1.0, 1.0, 0]).encode(), "nan": json.dumps([key, float("nan"), 1.0, 0]).encode(),
        "negative": json.dumps([key, -1.0, 1.0, 0]).encode(), "words": json.dumps([key, "much", 1.0, 0]).encode(),
        "huge": json.dumps([key, 1.0, 1.0, float("inf")]).encode(), "more": json.dumps([key, 1.0, 1.0, 1, 1]).encode(),
        "object": b'{"key": 1}', "number": b"7",
    }  # fmt: skip
    if how in odd:
        note.write_bytes(odd[how])
    elif how == "writable":
        note.chmod(0o666)
    else:
        kept = note.rename(note.with_suffix(".kept"))
        makers: dict[str, Callable[[], object]] = {
            "folder": note.mkdir, "pipe": lambda: os.mkfifo(note), "link": lambda: note.symlink_to(kept),
            "dangling": lambda: note.symlink_to(note.with_suffix(".none")), "loop": lambda: note.symlink_to(note),
        }  # fmt: skip
        makers[how]()


@pytest.fixture(scope="module")
def noted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Proofs]:
    """A kata, and a folder for notes of its proof."""
    folder = tmp_path_factory.mktemp("noted")
    kata, proofs = write_kata(folder), Proofs(folder / "proofs")
    proofs.begin([kata])
    return kata, proofs


@pytest.mark.parametrize(
    "how",
    ["empty", "cut", "bytes", "deep", "other", "nan", "negative", "words", "huge", "more", "object", "number",
     "writable", "folder", "pipe", "link", "dangling", "loop"],
)  # fmt: skip
def test_an_odd_note_is_none(noted: tuple[Path, Proofs], how: str) -> None:
    """Broken, forged by chance, another's to write, no file at all: nothing is remembered and nothing stops."""
    kata, proofs = noted
    assert proofs.folder
    shutil.rmtree(proofs.folder, ignore_errors=True)
    proofs.keep(kata, Took(2.0, 0.5))
    assert proofs.kept(kata) == Took(2.0, 0.5)
    (note,) = proofs.folder.iterdir()
    spoilt(note, how)
    assert proofs.kept(kata) is None
    proofs.keep(kata, Took(3.0, 0.5))
    assert proofs.kept(kata) == (None if how == "folder" else Took(3.0, 0.5))


def test_a_cache_that_cannot_be_is_no_fault(tmp_path: Path, lint: Lint, home: Path) -> None:
    """A file in the place of its folder: lint proves, and says nothing of it; one that is there again is used."""
    deck = write_deck(tmp_path, SPOT)
    home.mkdir()
    (home / "cache").write_text("no folder")
    assert lint(deck)["problems"] == []
    assert known(lint(deck)) == [False]
    (home / "cache").unlink()
    lint(deck)
    assert known(lint(deck)) == [True]


@pytest.mark.parametrize("file", [*KATA, "helper.py"])
def test_a_proof_depends_on_each_file(tmp_path: Path, file: str) -> None:
    """A changed one, one that is new, one that is gone."""
    kata = write_kata(tmp_path)
    proofs = Proofs(None)
    (kata / file).touch()
    before = proofs.key(kata)
    (kata / file).write_bytes((kata / file).read_bytes() + b"# more\n")
    changed = proofs.key(kata)
    (kata / file).unlink()
    assert len({before, changed, proofs.key(kata)}) == 3


def test_a_proof_depends_on_the_suite_that_is_lent(tmp_path: Path) -> None:
    """What judges lies in another kata's folder."""
    lender = write_kata(tmp_path)
    kata = write_kata(tmp_path / "other", kata_yaml="suite: lender\n").rename(tmp_path / "katas" / "borrower")
    lender = lender.rename(tmp_path / "katas" / "lender")
    before = Proofs(None).key(kata)
    (lender / "hidden.py").write_text("changed")
    assert Proofs(None).key(kata) != before is not None


def test_a_proof_depends_on_the_code_that_judges() -> None:
    """Every module of ours that a process of lint's loads, and the sentences beside them."""
    script = "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[1])\n"
    script += "import interview.proof.katas.prove, interview.proof.decks.prove, interview.proof.decks.child\n"
    script += "import interview.grading.processes.zygote, interview.grading.processes.spawned\n"
    script += "import interview.grading.judge.session, interview.grading.sandbox.worker\n"
    script += "print(*(each.__file__ for name, each in sys.modules.items() if name.split('.')[0] == 'interview'))"
    done = subprocess.run([sys.executable, "-c", script, PACKAGE.parent], capture_output=True, text=True, check=True)
    files = {line.split(" ")[0] for line in code()}
    loaded = set(done.stdout.split())
    assert len(loaded) > 30
    assert loaded <= files
    assert {str(each) for each in (PACKAGE / "grading" / "checks").rglob("*.yaml")} <= files


def test_a_proof_depends_on_what_is_installed(tmp_path: Path) -> None:
    """One package more, or another version of it, is another ground to stand on."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from interview.proof.katas.proofs import ground; print(ground())"
    )

    def found() -> str:
        command = [sys.executable, "-c", script, PACKAGE.parent]
        env = {**os.environ, "PYTHONPATH": str(tmp_path)}
        return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout

    grounds = [found()]
    (tmp_path / "more.dist-info").mkdir()
    for version in ("1.0", "1.1"):
        (tmp_path / "more.dist-info" / "METADATA").write_text(f"Name: more\nVersion: {version}\n")
        grounds.append(found())
    assert len(set(grounds)) == 3
    assert found() == grounds[-1]


def test_what_changes_on_the_way_is_not_kept(tmp_path: Path) -> None:
    """A save after reading began: what was judged is not what is there."""
    kata = write_kata(tmp_path)
    proofs = Proofs(tmp_path / "proofs")
    proofs.begin([kata])
    (kata / "stub.py").write_text("def double(x):\n    return None\n")
    proofs.keep(kata, Took())
    proofs.begin([kata])
    assert proofs.kept(kata) is None
    proofs.keep(kata, Took())
    assert proofs.kept(kata) == Took()
    (kata / "stub.py").write_text(KATA["stub.py"])
    assert proofs.kept(kata) is None


def test_two_lints_at_once(tmp_path: Path, home: Path) -> None:
    """Both are right, and what they keep is whole."""
    for name in ("one", "two", "three"):
        write_deck(tmp_path, SPOT + NUMERIC, name=name)
    command = [INTERVIEW, "lint", tmp_path / "questions", "--trust"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for each in both:
        assert "sound: 6 cards, 0 katas" in each.communicate(timeout=120)[0]
        assert each.returncode == 0
    assert len(notes(home)) == 3
    third = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "remembered: 3 decks" in third.stdout

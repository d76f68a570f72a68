"""Proofs kept: a second lint of what has not changed judges nothing, and nothing that is kept changes a verdict."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from decks import KATA, PREDICT, write_deck, write_kata
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


def traced(folder: Path, **changed: str) -> tuple[Path, Callable[[], int]]:
    """A sound pack of a kata and a deck, and how often its hidden suite has been loaded."""
    pack, trace = folder / "pack", folder / "trace"
    write_deck(pack, PREDICT)
    source = changed.pop("hidden_py", KATA["hidden.py"])
    head = "".join(f"        {line}\n" for line in TRACE.format(str(trace)).splitlines())
    write_kata(pack, hidden_py=head + source, **changed)
    return pack, lambda: len(trace.read_text()) if trace.exists() else 0


def known(found: dict[str, Any]) -> list[bool]:
    return [each["remembered"] for each in (*found["decks"], *found["katas"])]


def notes(home: Path) -> list[Path]:
    return sorted((home / "cache" / "proofs").iterdir())


def test_what_has_not_changed_is_not_judged_again(tmp_path: Path, lint: Lint) -> None:
    """A deck and a kata: the same line, remembered, and the suite is not even loaded; `--fresh` proves anew, other
    options are another proof."""
    pack, loaded = traced(tmp_path)
    first = lint(pack)
    before = loaded()
    second = lint(pack)
    assert (known(first), known(second)) == ([False, False], [True, True])
    assert second["katas"] == [{**first["katas"][0], "remembered": True}]
    assert loaded() == before > 0
    assert known(lint(pack, "--runs", "2"))[1:] == [False]
    assert known(lint(pack, "--mutants"))[1:] == [False]
    again = lint(pack, "--mutants")["katas"][0]
    assert again["remembered"]
    assert again["mutants"] == again["mutants_of"] > 0
    before = loaded()
    assert known(lint(pack, "--fresh")) == [False, False]
    assert loaded() > before
    assert known(lint(pack)) == [True, True]


def test_a_person_is_told_that_it_was_remembered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the kata's line and beneath the table, in both languages."""
    pack, _ = traced(tmp_path)
    main(["lint", str(pack), "--trust"])
    assert "remembered" not in capsys.readouterr().out
    assert main(["lint", str(pack), "--trust"]) == 0
    table, said, end = capsys.readouterr().out.rstrip().split("\n")[-3:]
    assert "remembered" in table
    assert said == "remembered: 1 deck and 1 kata, unchanged since proved; --fresh proves anew"
    assert end == "sound: 1 card, 1 kata"
    assert main(["--lang", "zh", "lint", str(pack), "--trust"]) == 0
    table, said, _ = capsys.readouterr().out.rstrip().split("\n")[-3:]
    assert "沿用" in table
    assert said.startswith("1 个题库、1 道手写题自上次验证后没有改动")


def test_only_a_sound_proof_is_kept(tmp_path: Path, lint: Lint, home: Path) -> None:
    """What was wrong is judged and told again, as often as it is asked."""
    wrong = KATA["submissions/accepted/reference.py"].replace("x + x", "x + x + 1")
    pack, loaded = traced(tmp_path, reference_py=wrong)
    write_deck(pack, PREDICT.replace('prints: "3"', 'prints: "4"'))
    first, before = lint(pack), loaded()
    second = lint(pack)
    assert len(first["problems"]) == 2
    assert [each["text"].split("; seed")[0] for each in first["problems"]] == [
        each["text"].split("; seed")[0] for each in second["problems"]
    ]
    assert known(second) == [False, False]
    assert loaded() > before
    assert not (home / "cache" / "proofs").exists()


def test_leave_is_asked_all_the_same(tmp_path: Path, lint: Lint, capsys: pytest.CaptureFixture[str]) -> None:
    """A proof that is kept is no word of the person's: without --trust a pack stays unproved."""
    pack, _ = traced(tmp_path)
    lint(pack)
    assert main(["lint", str(pack), "--json"]) == 2
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


@pytest.mark.parametrize(
    "how",
    ["empty", "cut", "bytes", "deep", "other", "nan", "negative", "words", "huge", "more", "object", "number",
     "writable", "folder", "pipe", "link", "dangling", "loop"],
)  # fmt: skip
def test_an_odd_note_is_none(tmp_path: Path, how: str) -> None:
    """Broken, forged by chance, another's to write, no file at all: nothing is remembered and nothing stops."""
    kata = write_kata(tmp_path)
    proofs = Proofs(tmp_path / "proofs")
    proofs.begin([kata])
    proofs.keep(kata, Took(2.0, 0.5))
    assert proofs.kept(kata) == Took(2.0, 0.5)
    (note,) = (tmp_path / "proofs").iterdir()
    spoilt(note, how)
    assert proofs.kept(kata) is None
    proofs.keep(kata, Took(3.0, 0.5))
    assert proofs.kept(kata) == (None if how == "folder" else Took(3.0, 0.5))


def test_a_cache_that_cannot_be_is_no_fault(tmp_path: Path, lint: Lint, home: Path) -> None:
    """A file in the place of its folder: lint proves, and says nothing of it; one that is there again is used."""
    pack, _ = traced(tmp_path)
    home.mkdir()
    (home / "cache").write_text("no folder")
    assert lint(pack)["problems"] == []
    assert known(lint(pack)) == [False, False]
    (home / "cache").unlink()
    lint(pack)
    assert known(lint(pack)) == [True, True]


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
    script += "import interview.proof.katas.prove, interview.proof.decks.claims, interview.proof.decks.child\n"
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
    pack, _ = traced(tmp_path)
    command = [INTERVIEW, "lint", pack, "--trust", "--runs", "1"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    for each in both:
        assert "sound: 1 card, 1 kata" in each.communicate(timeout=120)[0]
        assert each.returncode == 0
    assert len(notes(home)) == 2
    third = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "remembered: 1 deck and 1 kata" in third.stdout

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from decks import CHOICE, write_deck, write_kata

from interview.cli.main import main
from interview.content.catalog import clashes, deck_names, find_deck, find_kata, kata_names
from interview.content.reading.problem import short
from interview.content.shelf import Shelf
from interview.errors import ContentError


def test_names_come_in_the_order_of_the_roots(tmp_path: Path) -> None:
    """Ours first, then the packs; references are no deck."""
    first, second = tmp_path / "ours", tmp_path / "theirs"
    write_deck(first, CHOICE, name="zeta")
    write_deck(second, CHOICE, name="alpha")
    write_kata(second)
    assert deck_names([first, second, tmp_path / "none"]) == ["zeta", "alpha"]
    assert kata_names([first, second]) == ["double"]


def test_finding_one_deck_reads_no_other(tmp_path: Path) -> None:
    """A broken deck does not keep one from drilling another."""
    sound = write_deck(tmp_path, CHOICE)
    (tmp_path / "questions" / "broken.yaml").write_bytes(b"\xff")
    assert find_deck([tmp_path], "mine") == sound
    assert find_deck([tmp_path], "none") is None
    assert find_kata([tmp_path], "none") is None


def test_one_name_in_two_packs_is_refused(tmp_path: Path) -> None:
    """Cards are known by `deck/id`, so the person must rename one; both places are named."""
    first, second = tmp_path / "ours", tmp_path / "theirs"
    write_deck(first, CHOICE)
    other = write_deck(second, CHOICE)
    with pytest.raises(ContentError, match="rename one of them"):
        find_deck([first, second], "mine")
    assert [problem.path for problem in clashes([first, second])] == [other]
    assert find_deck([first, first], "mine")


def test_all_decks_that_can_be_read_are(tmp_path: Path) -> None:
    """A list shows the sound ones, and why the others are missing."""
    write_deck(tmp_path, CHOICE)
    (tmp_path / "questions" / "broken.yaml").write_bytes(b"\xff")
    decks, errors = Shelf(None).decks([tmp_path])
    assert [deck.id for deck in decks] == ["mine"]
    assert "not UTF-8" in str(errors[0])


def test_reading_content_imports_nothing_heavy() -> None:
    """The first card waits for YAML, not for torch, numpy, pytest, pydantic or rich."""
    heavy = "{'torch', 'numpy', 'pytest', 'pydantic', 'rich'}"
    code = f"import sys, interview.content.catalog; sys.exit(', '.join({heavy} & set(sys.modules)) or 0)"
    subprocess.run([sys.executable, "-c", code], check=True)


def to_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def to_itself(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def to_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def emptied(path: Path) -> None:
    path.write_text("")


SPOILT = [
    (spoil, name)
    for name in ("kata.yaml", "stub.py", "prompt.zh.md")
    for spoil in (Path.unlink, to_folder, to_pipe, to_itself, emptied)
]


def test_a_kata_that_is_broken_on_disk_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever is wrong with a file of it: code 5 and its path, and lint's code 1; nothing is waited for.

    What judges reads the same, before or while its processes start: a lost file and a pipe show that.
    """
    monkeypatch.setenv("INTERVIEW_PATH", str(tmp_path / "pack"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "double.py").write_text("def double(x):\n    return x + x\n")
    broken = []
    for n, (spoil, name) in enumerate(SPOILT):
        kata = write_kata(tmp_path / "pack").rename(tmp_path / "pack" / "katas" / f"double{n}")
        spoil(kata / name)
        broken.append(short(kata / name))
    for n, path in enumerate(broken):
        judging = [
            ["kata", f"double{n}", "--check", "--file", "double.py", "--trust"],
            ["grade", f"double{n}", "double.py", "--trust"],
        ]
        for args in (["kata", f"double{n}"], *(judging if SPOILT[n][0] in (Path.unlink, to_pipe) else [])):
            assert main(args) == 5, args
            assert path in capsys.readouterr().err
    assert main(["lint", "pack"]) == 1
    said = capsys.readouterr()
    assert [path for path in broken if path not in said.out + said.err] == []


def test_a_kata_that_is_a_file_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Code 5 and its path; to lint no content was named."""
    kata = write_kata(tmp_path / "pack")
    shutil.rmtree(kata)
    kata.write_text("")
    monkeypatch.setenv("INTERVIEW_PATH", str(tmp_path / "pack"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "double.py").write_text("def double(x):\n    return x + x\n")
    for args, code in (
        (["kata", "double"], 5),
        (["kata", "double", "--check", "--trust"], 5),
        (["grade", "double", "double.py", "--trust"], 5),
        (["lint", "pack/katas/double"], 2),
    ):
        assert main(args) == code, args
        assert short(kata) in capsys.readouterr().err


def test_names_that_cannot_be_typed_are_not_offered(tmp_path: Path) -> None:
    """No name with an escape, a newline or bytes that are no UTF-8 is a deck's or a kata's to be picked."""
    for name in (b"d\xff", b"a\nb", b"e\x1b[31m"):
        write_kata(tmp_path).rename(os.fsdecode(os.fsencode(tmp_path / "katas") + b"/" + name))
        write_deck(tmp_path, CHOICE).rename(os.fsdecode(os.fsencode(tmp_path / "questions") + b"/" + name + b".yaml"))
    assert kata_names([tmp_path]) == []
    assert deck_names([tmp_path]) == []
    for name in ("../katas", "a/b", "", ".", "d\udcff"):
        assert find_kata([tmp_path], name) in (None, tmp_path / "katas" / name)
        assert name == "d\udcff" or find_kata([tmp_path], name) is None


def test_a_pack_with_two_names_is_one(tmp_path: Path) -> None:
    """By a link, a pack clashes with itself in nothing."""
    write_kata(tmp_path / "pack")
    write_deck(tmp_path / "pack", CHOICE)
    (tmp_path / "link").symlink_to("pack")
    roots = [tmp_path / "pack", tmp_path / "link"]
    assert list(clashes(roots)) == []
    assert find_kata(roots, "double") == tmp_path / "pack" / "katas" / "double"

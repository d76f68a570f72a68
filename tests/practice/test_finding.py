"""What a batch finds in the folders and files that were named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from folders import folder_of_nobody, nested

from interview.errors import UsageError
from interview.practice.kata.finding import Found, find_submissions


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """`homework` with three submissions, one in a folder, beside a folder that is no homework; the current folder."""
    monkeypatch.chdir(tmp_path)
    fill("homework/a.py", "homework/inner/b.py", "homework/c.py", "homework/notes.txt", "private/key.py")
    return tmp_path / "homework"


def fill(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("x = 1\n")


def names(found: Found) -> list[str]:
    return [os.path.relpath(path) for path, _ in found.files]


def aside(found: Found) -> list[str]:
    return [os.path.relpath(path) for path in found.passed_over]


ALL = ["homework/a.py", "homework/c.py", "homework/inner/b.py"]


def test_each_once_and_in_order(place: Path) -> None:
    """However often and by whatever name a file is named, and always in the same order."""
    assert names(find_submissions([Path("homework")])) == ALL
    spelt = [Path("homework/c.py"), place / "c.py", Path("homework/inner/../c.py"), Path("homework/inner/.."), place]
    assert names(find_submissions(spelt)) == ["homework/c.py", "homework/a.py", "homework/inner/b.py"]


def test_what_nobody_wrote_as_a_submission(place: Path) -> None:
    """Hidden files and folders, caches, virtual environments and links to folders are passed over, and counted."""
    fill("homework/.git/hook.py", "homework/inner/__pycache__/b.py", "homework/._a.py", "homework/.DS_Store",
         "homework/env/pyvenv.cfg", "homework/env/lib/site.py", "homework/conda/conda-meta/x.py")  # fmt: skip
    (place / ".#a.py").symlink_to("someone@host.123")  # an editor's lock
    (place / "loop").symlink_to(".")
    found = find_submissions([Path("homework")])
    assert names(found) == ALL
    assert aside(found) == [f"homework/{each}" for each in (".#a.py", "._a.py", ".git", "conda", "env",
                                                           "inner/__pycache__", "loop")]  # fmt: skip


def test_a_folder_that_was_named_is_meant(place: Path) -> None:
    """Hidden or an environment: whoever names it wants its files."""
    fill("homework/.late/d.py", "homework/env/pyvenv.cfg", "homework/env/e.py")
    assert names(find_submissions([Path("homework/.late"), Path("homework/env")])) == [
        "homework/.late/d.py", "homework/env/e.py",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("a.*", ["homework/a.py"]),
        ("*.txt", ["homework/notes.txt"]),
        ("inner/*.py", ["homework/inner/b.py"]),
        ("[ab].py", ["homework/a.py", "homework/inner/b.py"]),
        ("*", [*ALL[:2], "homework/inner/b.py", "homework/notes.txt"]),
        (".*.py", ["homework/.d.py"]),
    ],
)
def test_patterns(place: Path, pattern: str, wanted: list[str]) -> None:
    """Of the name, or of its last folders too; hidden files where the pattern begins with a dot."""
    fill("homework/.d.py")
    assert names(find_submissions([Path("homework")], pattern)) == wanted


def test_nothing_found(place: Path) -> None:
    """The pattern is named; an impossible one is refused, and so is a path that is not there."""
    with pytest.raises(UsageError, match=r"matches \*\.ipynb; --pattern"):
        find_submissions([Path("homework")], "*.ipynb")
    fill("empty/__pycache__/x.py")
    with pytest.raises(UsageError, match=r"\(1 hidden or in caches passed over\)"):
        find_submissions([Path("empty")])
    for pattern in ("", "."):
        with pytest.raises(UsageError, match="--pattern is"):
            find_submissions([Path("homework")], pattern)
    for path in ("homework/nowhere", "homework/a.py/x"):
        with pytest.raises(UsageError, match="there is no"):
            find_submissions([Path("homework"), Path(path)])


def test_whatever_has_the_name_is_found(place: Path) -> None:
    """A pipe, a dangling link, an empty folder: no file, and told so; a folder with submissions in it is just that."""
    os.mkfifo(place / "pipe.py")
    (place / "dangling.py").symlink_to("nowhere")
    (place / "out.py").symlink_to("../private")
    (place / "empty.py").mkdir()
    fill("homework/full.py/d.py")
    found = names(find_submissions([Path("homework")]))
    assert set(found) - set(ALL) == {
        f"homework/{each}" for each in ("pipe.py", "dangling.py", "out.py", "empty.py", "full.py/d.py")
    }


def test_folders_that_cannot_be_entered() -> None:
    """Each is found as itself, once, whichever right is missing; so is one too deep to be named."""
    with folder_of_nobody() as folder:
        for mode in (0o000, 0o400, 0o100):
            (folder / f"{mode:o}").mkdir()
            (folder / f"{mode:o}" / "x.py").write_text("")
            (folder / f"{mode:o}").chmod(mode)
        found = find_submissions([folder])
        assert [path.name for path, _ in found.files] == ["0", "100", "400"]
        for each in folder.iterdir():
            each.chmod(0o700)


def test_very_deep_folders(place: Path) -> None:
    """Nested beyond what a path can name, and beyond what Python can recurse: one entry says so, the rest is found."""
    with nested(place, 1200):
        found = names(find_submissions([Path("homework")]))
    assert set(ALL) < set(found)
    assert len(found) == len(ALL) + 1


def test_names_of_any_bytes(place: Path) -> None:
    """Not UTF-8, ends of lines, escapes, as long as may be."""
    strange = [b"\xff\xfe.py", b"a\nb.py", b"\x1b[31m.py", b"n" * 252 + b".py", "中文.py".encode()]
    for name in strange:
        (place / os.fsdecode(name)).write_text("")
    found = {os.fsencode(path.name) for path, _ in find_submissions([Path("homework")]).files}
    assert found >= set(strange)


def within(found: Found) -> dict[str, str]:
    return {os.path.relpath(path): os.path.relpath(folder) for path, folder in found.files}


def test_what_a_reading_must_not_leave(place: Path) -> None:
    """The folder that was named, or the one that holds the file that was named."""
    (place / "link.py").symlink_to("a.py")
    assert within(find_submissions([Path("homework")]))["homework/inner/b.py"] == "homework"
    assert within(find_submissions([Path("homework/inner/b.py")])) == {"homework/inner/b.py": "homework/inner"}
    assert within(find_submissions([Path("homework/link.py")])) == {"homework/link.py": "homework"}


def test_links_among_many(place: Path) -> None:
    """A shell's `homework/*` names links too: one that leads out of homework is not entered, whatever stands behind it;
    alone, a link to a folder is that folder."""
    (place / "way").symlink_to("../private")
    named = sorted(place.iterdir())
    found = within(find_submissions(named))
    assert found["homework/way"] == "homework"
    assert "homework/way/key.py" not in found
    found = within(find_submissions([*named[:2], place / "way" / "key.py"]))
    assert found["homework/way/key.py"] == "homework"
    assert names(find_submissions([place / "way"])) == ["homework/way/key.py"]

"""Without colour no escape is written; a number beyond its bounds, and a name half typed, end at once."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from decks import CHOICE, NUMERIC, write_deck
from screens import INTERVIEW, Terminal
from terminals import all_on_terminals, on_terminals

from interview.cli.main import main

SAMPLE = Path(__file__).parents[1] / "fixtures" / "drill"
COMMANDS = [
    (), ("today",), ("path",), ("list",), ("list", "mask"), ("stats",), ("plan", "--date", "2027-01-15"), ("undo",),
    ("new", "kata", "mine"), ("new", "kata", "Mine"),
    ("lint", "pack", "--trust"), ("export", "--to", "json", "-"), ("backup", "a.zip"), ("kata", "dropout"),
    ("kata", "dropout", "--hint"), ("kata", "dropout", "--check", "--file", "bytes.py"),
    ("grade", "dropout", "bytes.py"), ("card", "dropout/strongest-p"),
    ("card", "dropout/nosuch"), ("--lang", "zh", "list"), ("--lang", "zh", "card", "dropout/strongest-p"),
    ("quiz", "attention", "--answers", "answers"), ("--help",), ("quiz", "--help"), ("nosuch",), ("quiz", "--nosuch"),
]  # fmt: skip


JUDGED = [("grade", "dropout", "wrong.py"), ("kata", "dropout", "--check", "--file", "wrong.py"), ("doctor",)]


# The variable becomes what the option is in one place, which is before none of these; rich itself heeds it too.
BY_VARIABLE = [(), ("list",), ("stats",), ("lint", "pack", "--trust"), ("grade", "dropout", "bytes.py"), ("--help",),
               ("nosuch",), ("quiz", "--nosuch")]  # fmt: skip


def furnish(folder: Path) -> Path:
    write_deck(folder / "pack", NUMERIC.replace("within: {abs: 0.001}", "within: {abs: 0.1}"))
    (folder / "bytes.py").write_bytes(b"\xff")
    (folder / "wrong.py").write_text("def dropout(x, p=0.5, training=True):\n    print(x)\n    return x\n")
    (folder / "answers").write_text("-\n")
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INTERVIEW_NOW", "2026-11-23T12:00:00+00:00")
    return furnish(tmp_path)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, ...], list[str]]:
    """What each command says on a terminal: all by the option, some by the variable."""
    found: dict[tuple[str, ...], list[str]] = {}
    for before, commands, more in ((["--no-color"], [*COMMANDS, *JUDGED], {}), ([], BY_VARIABLE, {"NO_COLOR": "1"})):
        with pytest.MonkeyPatch.context() as patch:
            folder = furnish(tmp_path_factory.mktemp("plain"))
            patch.chdir(folder)
            env = {"INTERVIEW_HOME": str(folder / "home"), "INTERVIEW_NOW": "2026-11-23T12:00:00+00:00", **more}
            ends = all_on_terminals([[*before, *each] for each in commands], out=True, err=True, **env)
        for each, (_, out, err) in zip(commands, ends, strict=True):
            found.setdefault(each, []).append(out + err)
    return found


@pytest.mark.parametrize("args", [*COMMANDS, *JUDGED], ids=" ".join)
def test_without_colour_no_escape_is_written(args: tuple[str, ...], said: dict[tuple[str, ...], list[str]]) -> None:
    """On terminals on both ends, bars and all: neither colour nor bold, nor an erased line."""
    assert len(said[args]) == 1 + (args in BY_VARIABLE)
    for each in said[args]:
        assert each.strip()
        assert "\x1b" not in each


def coloured(terminal: Terminal) -> set[str]:
    """The characters on its screen that are not as a terminal writes them by itself."""
    plain = terminal.screen.default_char
    cells = [each for line in terminal.screen.buffer.values() for each in line.values()]
    return {each.data for each in cells if each._replace(data=" ") != plain._replace(data=" ")}


QUIZ = ("quiz", "dropout"), (("", "?"), ("?", "back"), ("?", "reveal"), (" ", "Good"))
WATCH = ("kata", "dropout", "--check", "--watch", "--file", "wrong.py"), (("", "✗"), ("h", "1"))


@pytest.mark.parametrize(
    ("args", "steps", "by"),
    [(*QUIZ, "--no-color"), (*QUIZ, "NO_COLOR"), (*QUIZ, ""), (*WATCH, "NO_COLOR"), (*WATCH, "")],
    ids=["quiz --no-color", "quiz NO_COLOR", "quiz", "watch NO_COLOR", "watch"],
)
def test_a_screen_without_colour_only_moves_the_cursor(
    args: tuple[str, ...], steps: tuple[tuple[str, str], ...], by: str, here: Path
) -> None:
    """A painted screen is nothing without places; no character on it is coloured or bold. With colour, some are."""
    before = ["--no-color"] if by == "--no-color" else []
    env = {"NO_COLOR": "1"} if by == "NO_COLOR" else {}
    terminal, seen = Terminal([INTERVIEW, *before, *args], env=env, cwd=here), set[str]()
    try:
        for key, then in steps:
            terminal.press(*key)
            terminal.until(then, seconds=60)
            seen |= coloured(terminal)
    finally:
        terminal.close()
    assert bool(seen) == (by == ""), seen


@pytest.mark.usefixtures("here")
def test_an_empty_no_color_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As no-color.org has it: only a value counts."""
    monkeypatch.setenv("NO_COLOR", "")
    assert "\x1b[" in on_terminals(["list"], out=True, err=True)[1]


@pytest.mark.parametrize(
    "args",
    [
        "undo -n 0", "undo -n -1", "undo -n 99999999999999999999", "undo -n 10001", "plan --date 9999-12-31",
        "plan --date 2026-11-22", "plan -m 0", "plan -m 1e9", "quiz -m nan", "quiz -m inf", "quiz -m -1",
        "quiz -m 1e308",
        "quiz -n 0", "quiz -n 99999999999999999999", "quiz --seed -1", "quiz --seed 99999999999999999999",
        "quiz --level 9", "quiz --level 0-3", "today -m nan", "today -m 1e308", "lint --runs 0",
        "lint --runs 1000000000",
        "grade dropout bytes.py --jobs 0", "grade dropout bytes.py --jobs 1000000000",
        "grade dropout bytes.py --seed -1", "kata dropout --check --seed 9999999999999999999999",
    ],
)  # fmt: skip
def test_a_number_out_of_bounds_ends_with_a_sentence(args: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2, and the number or its bounds named, before anything is begun."""
    assert main(args.split()) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("interview: ")
    assert not (here / "home").exists()


SHELLS = ["bash", "zsh", "fish"]


Offer = Callable[[str, str], str]


@pytest.fixture
def offered(capsys: pytest.CaptureFixture[str]) -> Offer:
    """What a shell's own script would be given for the line so far; nothing else may be said."""

    def ask(shell: str, line: str) -> str:
        variables = {
            "_INTERVIEW_COMPLETE": f"complete_{shell}", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" ")),
            "_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args",
            "_TYPER_COMPLETE_WORD_TO_COMPLETE": "",
        }  # fmt: skip
        with pytest.MonkeyPatch.context() as patch:
            for name, value in variables.items():
                patch.setenv(name, value)
            with suppress(SystemExit):
                main([])
        said = capsys.readouterr()
        assert said.err == ""
        return said.out

    return ask


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("interview kata drop", "dropout"), ("interview grade drop", "dropout"), ("interview quiz sam", "sample"),
        ("interview quiz sample/ho", "sample/holds"), ("interview card sample/ho", "sample/holds"),
        ("interview card sam", "sample/"), ("interview quiz sample --tag ", "regularization"),
        ("interview quiz --tag att", "attention"), ("interview export --deck sa", "sample"),
        ("interview stats sa", "sample"),
    ],
)  # fmt: skip
def test_a_shell_completes_names(
    shell: str, line: str, name: str, offered: Offer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Katas, decks, cards behind their deck, tags: in every shell."""
    monkeypatch.setenv("INTERVIEW_PATH", str(SAMPLE))
    assert name in offered(shell, line)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("line", ["interview quiz mine/", "interview quiz --tag ", "interview quiz nosuch/"])
def test_completion_complains_of_nothing(
    shell: str, line: str, offered: Offer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deck that cannot be read, a damaged history, a home that is not known: the command itself will say it."""
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "mine.yaml").write_text("deck: mine\ncards: 3\n\x1b")
    monkeypatch.setenv("INTERVIEW_PATH", str(tmp_path))
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "history.db").write_bytes(b"no database")
    assert "mine/" not in offered(shell, line)
    monkeypatch.setenv("INTERVIEW_HOME", "~nobody-of-that-name/x")
    assert "mine/" not in offered(shell, line)


@cache
def bash_script() -> str:
    return subprocess.run([INTERVIEW, "--show-completion", "bash"], capture_output=True, text=True, check=True).stdout


def completed_by_bash(*words: str) -> list[str]:
    """What bash itself, by the script that we give it, would put into the line."""
    program = 'eval "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _interview_completion interview;'
    path = f"{INTERVIEW.parent}{os.pathsep}{os.environ['PATH']}"
    said = subprocess.run(
        ["bash", "-c", program + " printf '%s\\n' \"${COMPREPLY[@]}\"", "bash", bash_script(), "interview", *words],
        env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert said.stderr == ""
    return said.stdout.splitlines()


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash here")
def test_bash_is_offered_nothing_that_it_would_obey(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tags are quoted as the line has them so far; files whose names no deck can have are not offered."""
    card = CHOICE.replace("tags: [theory]", 'tags: ["batch norm", "it\'s", "$(touch x)", "归一化", "a\\"b"]')
    assert card != CHOICE
    write_deck(tmp_path, card)
    for name in ("my deck", "$(touch x)", "-n", "a;b", "`id`", "mine2"):
        (tmp_path / "questions" / f"{name}.yaml").write_text("deck: x\n")
    monkeypatch.setenv("INTERVIEW_PATH", str(tmp_path))
    names = completed_by_bash("quiz", "")
    assert {"mine", "mine2"} <= set(names)
    assert all(name.replace("-", "").replace("_", "").isalnum() for name in names)
    assert completed_by_bash("quiz", "mine/s") == ["mine/strongest"]
    tags = [r"\$\(touch\ x\)", r"a\"b", r"batch\ norm", r"it\'s", "归一化"]
    assert completed_by_bash("quiz", "mine", "--tag", "") == tags
    assert completed_by_bash("quiz", "mine", "--tag", "ba") == [r"batch\ norm"]
    assert completed_by_bash("quiz", "mine", "--tag", r"batch\ n") == [r"batch\ norm"]
    assert completed_by_bash("quiz", "mine", "--tag", '"batch n') == ["batch norm"]
    assert completed_by_bash("quiz", "mine", "--tag", '"') == ["batch norm", "it's", "归一化"]
    assert completed_by_bash("quiz", "mine", "--tag", "'") == ["$(touch x)", 'a"b', "batch norm", "归一化"]
    assert not (tmp_path / "x").exists()

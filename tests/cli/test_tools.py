"""One's own tools: the editor at a line, links in the terminal, VS Code's tasks, Vim's `:make`."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rich.text import Text
from screens import Terminal

from interview.cli.katas.plain import BEGINS, ENDS
from interview.cli.katas.task import VIM
from interview.cli.main import main
from interview.cli.tools.editor import editor_at
from interview.cli.tools.links import knows_links, linked
from interview.cli.tools.vscode import task

INTERVIEW = Path(sys.executable).with_name("interview")
FILE = Path("/tmp/dropout.py")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, in English, without an editor of the person at the keyboard."""
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setenv("INTERVIEW_LANG", "en")
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    return place


@pytest.mark.parametrize(
    ("set_to", "command"),
    [
        ("vim", ["vim", "+12", str(FILE)]),
        ("/usr/local/bin/nvim -u NONE", ["/usr/local/bin/nvim", "-u", "NONE", "+12", str(FILE)]),
        ("emacs -nw", ["emacs", "-nw", "+12", str(FILE)]),
        ("code --wait", ["code", "--wait", "-g", f"{FILE}:12"]),
        ("subl -w", ["subl", "-w", f"{FILE}:12"]),
        ("hx", ["hx", f"{FILE}:12"]),
        ("'/opt/my editor/zed'", ["/opt/my editor/zed", f"{FILE}:12"]),
        ("pycharm", ["pycharm", "--line", "12", str(FILE)]),
        ("ed", ["ed", str(FILE)]),
        ("  ", ["vi", "+12", str(FILE)]),
    ],
)
def test_each_editor_is_told_the_line_its_own_way(
    set_to: str, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By EDITOR, split as a shell does; one that is not known gets the file alone."""
    monkeypatch.setenv("EDITOR", set_to)
    assert editor_at(FILE, 12) == command


def test_visual_goes_before_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    """As everywhere."""
    monkeypatch.setenv("EDITOR", "nano")
    monkeypatch.setenv("VISUAL", "vim")
    assert editor_at(FILE, 1)[0] == "vim"


def program(folder: Path, name: str, code: int = 0) -> Path:
    """An editor that writes down how it was called."""
    path = folder / name
    path.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {folder}/called\nexit {code}\n', "utf-8")
    path.chmod(0o755)
    return path


def test_open_hands_out_and_opens_where_something_is_to_be_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--open`: at the line of the stub's `raise`. With --check, of a file as it was handed out, the same."""
    monkeypatch.setenv("VISUAL", str(program(tmp_path, "code")))
    for args, code in ((["--open"], 0), (["--check", "--open"], 1)):
        assert main(["kata", "dropout", *args]) == code
        lines = (folder / "dropout.py").read_text("utf-8").split("\n")
        at = 1 + next(n for n, line in enumerate(lines) if "raise NotImplementedError" in line)
        assert (tmp_path / "called").read_text() == f"-g\n{folder / 'dropout.py'}:{at}\n"
        (tmp_path / "called").unlink()


@pytest.mark.parametrize(
    ("named", "code", "said"),
    [
        ("/nonexistent/code", 2, "cannot be started"),
        ("nvim", 2, "needs a terminal"),
        ("'open", 5, "left open"),
        ("failing", 1, "ended with 3"),
    ],
)
def test_an_editor_that_does_not_open_is_a_sentence(
    named: str, code: int, said: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Missing, failing, misquoted, or without the terminal it needs. The task is handed out all the same."""
    named = str(program(tmp_path, "failing", 3)) if named == "failing" else named
    monkeypatch.setenv("EDITOR", named)
    assert main(["kata", "dropout", "--open"]) == code
    assert said in capsys.readouterr().err
    assert (folder / "dropout.py").exists()


def test_an_editor_in_the_terminal(folder: Path, tmp_path: Path) -> None:
    """On a terminal it has it."""
    terminal = Terminal(
        [INTERVIEW, "kata", "dropout", "--open"], cwd=folder, env={"EDITOR": str(program(tmp_path, "vim"))}
    )
    try:
        assert terminal.leave(seconds=60) == 0
        assert (tmp_path / "called").read_text().endswith(f"{folder / 'dropout.py'}\n")
    finally:
        terminal.close()


@pytest.mark.parametrize(
    ("variables", "known"),
    [
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "6003"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "4205"}, False),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"TERM": "xterm-256color", "WT_SESSION": "x"}, True),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "dumb", "KONSOLE_VERSION": "220400"}, False),
        ({"TERM": "tmux-256color", "VTE_VERSION": "6003"}, False),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux,1,0"}, False),
        ({"TERM": "xterm-kitty", "STY": "1.pts"}, False),
        ({"TERM": "xterm-256color", "FORCE_HYPERLINK": "1"}, True),
        ({"TERM": "xterm-kitty", "FORCE_HYPERLINK": "0"}, False),
    ],
)
def test_links_where_the_terminal_knows_them(
    variables: dict[str, str], known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what terminals say of themselves; never in a pipe or without colour, whatever they say."""
    names = ("TERM", "VTE_VERSION", "TERM_PROGRAM", "WT_SESSION", "KONSOLE_VERSION", "TMUX", "STY", "CI",
             "KITTY_WINDOW_ID", "DOMTERM", "FORCE_HYPERLINK")  # fmt: skip
    for name in names:
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert knows_links(terminal=True, color=True) is known
    assert not knows_links(terminal=False, color=True)
    assert not knows_links(terminal=True, color=False) or "FORCE_HYPERLINK" in variables


def test_a_link_is_a_style_and_no_text() -> None:
    """The columns stay what they are, the address holds nothing that a terminal obeys, and only the file's own name is
    linked."""
    path = Path("/tmp/a b\x1b/dropout.py")
    line = linked(Text("✗ dropout.py:12: in my_dropout.py:3: 中文"), path)
    assert line.plain == "✗ dropout.py:12: in my_dropout.py:3: 中文"
    ((start, end, style),) = line.spans
    assert line.plain[start:end] == "dropout.py:12"
    assert re.fullmatch(r"file://[\w.-]+/tmp/a%20b%1B/dropout\.py#12", str(style).removeprefix("link "))


@pytest.mark.parametrize(
    ("variables", "links"), [({"TERM": "xterm-kitty"}, True), ({"TERM": "xterm-kitty", "NO_COLOR": "1"}, False)]
)
def test_links_of_a_verdict(folder: Path, variables: dict[str, str], links: bool) -> None:
    """A crash names its line, as a link where the terminal knows them."""
    (folder / "dropout.py").write_text("import torch\n\ndef dropout(x:\n", "utf-8")
    env = {"TMUX": "", "STY": "", "CI": "", "INTERVIEW_PATH": "", **variables}
    terminal = Terminal([INTERVIEW, "kata", "dropout", "--check"], cwd=folder, env=env)
    try:
        assert terminal.leave(seconds=120) == 1
        assert "dropout.py:3" in terminal.text
        assert (b"\x1b]8;" in terminal.received) is links
    finally:
        terminal.close()


def test_tasks_are_written_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--editor vscode` writes the tasks file where none is; one that is there is left, and what to add is printed."""
    path = folder / ".vscode" / "tasks.json"
    assert main(["kata", "dropout", "--editor", "vscode"]) == 0
    assert json.loads(path.read_text("utf-8"))["tasks"] == [task()]
    assert main(["kata", "dropout", "--editor", "vscode"]) == 0
    assert "as we would write it" in capsys.readouterr().out
    path.write_text("// mine\n{}\n", "utf-8")
    assert main(["kata", "dropout", "--editor", "vscode"]) == 0
    assert path.read_text("utf-8") == "// mine\n{}\n"
    out = capsys.readouterr().out
    assert json.loads(out[out.index("\n{") :]) == task()


def test_tasks_that_cannot_be_written_are_a_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file in the folder's place."""
    (folder / ".vscode").write_text("", "utf-8")
    assert main(["kata", "dropout", "--editor", "vscode"]) == 2
    assert "tasks.json" in capsys.readouterr().err


def test_an_unknown_editor_hands_out_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The names that are known are said, before anything is written."""
    assert main(["kata", "dropout", "--editor", "word"]) == 2
    assert "vscode, vim, nvim" in capsys.readouterr().err
    assert not list(folder.iterdir())


def test_the_matcher_reads_our_lines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The task's patterns find file, line, column, severity and message in what --plain prints, and its begin and end
    lines; the sum is no problem. A file's name leads to its kata, with `_` for `-`."""
    matcher = task()["problemMatcher"]
    assert re.match(matcher["background"]["beginsPattern"], BEGINS.format(kata="dropout"))
    assert re.match(matcher["background"]["endsPattern"], ENDS.format(kata="dropout"))
    main(["kata", "drop-path"])
    capsys.readouterr()
    for lang in ("en", "zh"):
        main(["kata", "drop_path", "--check", "--plain", "--lang", lang])
        found, summed = capsys.readouterr().out.splitlines()
        match = re.fullmatch(matcher["pattern"]["regexp"], found)
        assert match is not None
        assert match[matcher["pattern"]["file"]] == "drop_path.py"
        assert (folder / "drop_path.py").read_text("utf-8").split("\n")[int(match[2]) - 1].strip().startswith("raise")
        assert not re.fullmatch(matcher["pattern"]["regexp"], summed)


def test_make_in_vim(folder: Path) -> None:
    """With the line that `--editor vim` shows, `:make` jumps to where something is to be written."""
    if shutil.which("vim") is None:
        pytest.skip("no vim here")
    main(["kata", "drop-path"])
    (folder / "vimrc").write_text(f"set nocompatible\n{VIM}\nfiletype on\n", "utf-8")
    found = "map(getqflist(), {_, e -> [bufname(e.bufnr), e.lnum, e.col, e.valid]})"
    script = ["edit drop_path.py", "silent make", f"call writefile([json_encode({found})], 'found.json')", "qa!"]
    command = ["vim", "-u", "vimrc", "-i", "NONE", "-es", *(word for each in script for word in ("-c", each))]
    env = {**os.environ, "PATH": f"{INTERVIEW.parent}:{os.environ['PATH']}"}
    subprocess.run(command, env=env, timeout=120, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    (name, line, column, valid), *rest = json.loads(Path("found.json").read_text("utf-8"))
    assert (name, column, valid) == ("drop_path.py", 5, 1)
    assert (folder / "drop_path.py").read_text("utf-8").split("\n")[line - 1].strip().startswith("raise")
    assert all(each[3] == 0 for each in rest)

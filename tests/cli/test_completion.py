"""What a shell offers for a line half typed: read from the commands' own source, before typer is imported."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from judging import dropout
from screens import FIXTURES as DRILL
from screens import Terminal

from interview.cli.main import Commands, app
from interview.cli.tools.commands import COMMANDS
from interview.cli.tools.completion import offered, split
from interview.cli.tools.declared import declared
from interview.content.packs import add

INTERVIEW = Path(sys.executable).with_name("interview")
FIXTURES = DRILL / "questions"
CHECKS = [each.id for each in dropout().checks]


def as_typer_has_it(command: Any) -> dict[str, tuple[set[str], int, bool]]:
    """Its parameters, each with flags, how many words a flag takes, whether it may come again."""
    found = {}
    for each in command.get_params(typer.Context(command)):
        option = each.param_type_name == "option"
        flags = {*each.opts, *each.secondary_opts} if option else set()
        values = 0 if option and each.is_flag else each.nargs if each.nargs > 0 else 1
        found[each.name] = flags, values, bool(getattr(each, "multiple", False) or each.nargs == -1)
    return found


@pytest.mark.parametrize("name", [None, *COMMANDS])
def test_what_is_read_is_what_typer_makes_of_it(name: str | None) -> None:
    """Every flag, how many words follow it, and whether it may be said again: as the command itself has them."""
    command = typer.main.get_command(app) if name is None else Commands().get_command(None, name)
    wanted = as_typer_has_it(command)
    flags = {flag for each in declared(name) for flag in each.flags}
    assert flags >= {flag for each in wanted.values() for flag in each[0]}
    for each in declared(name):
        if each.name != "help":
            assert (set(each.flags), each.values, each.many) == wanted[each.name], each.name


@pytest.mark.parametrize(
    ("before", "word", "found"),
    [
        ([], "ka", ["kata"]),
        (["--lang", "zh", "--no-color"], "ka", ["kata"]),
        ([], "--no", ["--no-color"]),
        (["kata"], "dropout-m", ["dropout-module"]),
        (["plan", "--role"], "ml", ["ml-engineer"]),
        (["pack"], "", ["add", "list", "remove"]),
        (["pack", "add"], "", []),
        (["new"], "", ["kata", "deck"]),
        (["kata", "dropout"], "--pl", ["--plain"]),
        (["kata", "dropout", "--check", "--only"], "own", ["own_coin"]),
        (["kata", "--only", "own_coin", "dropout", "--only"], "", CHECKS),
        (["kata", "dropout", "--check"], "--chec", []),  # said already
        (["kata", "dropout", "--only", "rate"], "--onl", ["--only"]),  # may be said again
        (["kata", "dropout", "--file"], "", []),  # any file
        (["kata", "dropout", "--diff", "1"], "", []),
        (["kata", "dropout", "--", "--check"], "--", []),
        (["quiz"], "dropout/what-is", ["dropout/what-is-dropout"]),
        (["quiz", "optimizers"], "dropout/what-is", ["dropout/what-is-dropout"]),  # several decks
        (["quiz", "dropout", "--tag"], "ens", ["ensemble"]),
        (["card"], "opt", ["optimizers/"]),
        (["nosuch"], "", []),
        (["kata", "nosuch", "--only"], "", []),
    ],
)
def test_what_is_offered(before: list[str], word: str, found: list[str]) -> None:
    """Commands, flags, and the values of what the line is at; nothing where any word may stand."""
    assert offered(before, word) == found


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("interview kata drop", ["interview", "kata", "drop"]),
        ("interview quiz 'a b' c", ["interview", "quiz", "a b", "c"]),
        ("interview quiz --tag 'a b", ["interview", "quiz", "--tag", "a b"]),
        ("interview quiz # x", ["interview", "quiz", "#", "x"]),
        ("", []),
    ],
)
def test_a_line_is_split_as_the_shell_does(line: str, words: list[str]) -> None:
    """Quotes hold words together, and may still be open."""
    assert split(line) == words


def test_names_are_those_of_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A deck's names are kept, and asked for anew once its file has changed."""
    pack = tmp_path / "pack"
    (pack / "questions").mkdir(parents=True)
    monkeypatch.setenv("INTERVIEW_PATH", str(pack))
    deck = pack / "questions" / "mine.yaml"
    sample = (FIXTURES / "sample.yaml").read_text("utf-8").replace("deck: sample", "deck: mine")
    (pack / "questions" / "references.yaml").write_bytes((FIXTURES / "references.yaml").read_bytes())
    deck.write_text(sample, "utf-8")
    for _ in range(2):
        assert offered(["card"], "mine/hol") == ["mine/holds"]
    deck.write_text(sample.replace("id: holds", "id: holding"), "utf-8")
    assert offered(["card"], "mine/hol") == ["mine/holding"]


def test_a_pack_to_remove_is_one_that_was_added(home: Path, tmp_path: Path) -> None:
    """By its name; none where none was."""
    assert offered(["pack", "remove"], "") == []
    add(home, tmp_path / "theirs")
    assert offered(["pack", "remove"], "th") == ["theirs"]


@pytest.mark.parametrize(
    "line", ["interview kata drop", "interview kata dropout --only ow", "interview quiz dropout/w"]
)
def test_nothing_dear_is_imported_at_a_tab(line: str) -> None:
    """Neither typer nor rich, and once names are kept no YAML either."""
    env = {**os.environ, "_INTERVIEW_COMPLETE": "complete_fish", "_TYPER_COMPLETE_ARGS": line}
    probe = (
        "import sys; from interview.__main__ import run; run();"
        "print({'typer', 'rich', 'yaml', 'torch', 'sqlite3', 'fsrs'} & set(sys.modules))"
    )
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", probe], env=env, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()"
    assert len(done.stdout.splitlines()) > 1


def script(shell: str, folder: Path) -> Path:
    """What `interview --show-completion` prints for this shell."""
    env = {**os.environ, "_INTERVIEW_COMPLETE": f"source_{shell}"}
    done = subprocess.run([INTERVIEW], env=env, capture_output=True, text=True, check=True)
    path = folder / f"completion.{shell}"
    path.write_text(done.stdout, "utf-8")
    return path


SHELLS = {
    "bash": ["bash", "--norc", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "-i"],
}
BEGIN = {"bash": "source {}", "zsh": "autoload -Uz compinit; compinit -u -D; source {}", "fish": "source {}"}


@pytest.mark.parametrize("shell", SHELLS)
def test_in_a_real_shell(shell: str, tmp_path: Path) -> None:
    """With the script that we print, at a Tab: a kata, a check of it, a flag."""
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    env = {"PATH": f"{INTERVIEW.parent}:{os.environ['PATH']}", "HOME": str(tmp_path), "INTERVIEW_PATH": ""}
    terminal = Terminal(SHELLS[shell], columns=200, env=env, cwd=tmp_path)
    try:
        terminal.press(BEGIN[shell].format(script(shell, tmp_path)), "enter", "echo rea''dy", "enter")
        terminal.until("ready", seconds=30)
        terminal.press("interview kata vanilla-d\t")
        terminal.until("kata vanilla-dropout", seconds=30)
        terminal.press(" --only from_s\t")
        terminal.until("--only from_scratch", seconds=30)
        terminal.press(" --chec\t")
        terminal.until("--check", seconds=30)
    finally:
        terminal.close()

"""Other programs in the quiz's terminal: an editor, a kata; stopped, interrupted, told to end, pasted at."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from screens import FIXTURES, INTERVIEW, Quiz, Terminal

from interview.log.record import Review
from interview.log.store import Store

BASH = shutil.which("bash")
SEED = ("--seed", "1")
EDITOR = """\
import os, signal, sys, termios, tty
before = termios.tcgetattr(0)
tty.setcbreak(0)
signal.signal(signal.SIGINT, lambda *_: print("INTERRUPTED", flush=True))
signal.signal(signal.SIGCONT, lambda *_: print("AGAIN", flush=True))
print("EDITING", os.getpid(), "NOW", flush=True)
while (key := os.read(0, 1)) != b"x":
    print(f"<{key.decode()}>", flush=True)
termios.tcsetattr(0, termios.TCSADRAIN, before)
print("noise of the editor", flush=True)
"""
Open = Callable[..., Terminal]


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """An editor: Ctrl-C is a key of its, x ends it."""
    path = tmp_path / "editor"
    path.write_text(f"#!{sys.executable}\n{EDITOR}")
    path.chmod(0o755)
    return path


@pytest.fixture
def terminals(program: Path, tmp_path: Path) -> Iterator[Open]:
    """Terminals that are closed, whatever happens; the editor is the one above, the folder an empty one."""
    opened: list[Terminal] = []
    here = tmp_path / "here"
    here.mkdir()

    def begin(*command: str | Path, **options: object) -> Terminal:
        env = {"VISUAL": str(program), "PS1": "$ ", "HISTFILE": str(tmp_path / "bash_history")}
        opened.append(Terminal(command, env=env, cwd=here, **options))  # type: ignore[arg-type]
        return opened[-1]

    yield begin
    for terminal in opened:
        terminal.close()


@pytest.fixture
def quiz(terminals: Open) -> Terminal:
    """One card answered, the next one on the screen."""
    quiz = terminals(INTERVIEW, "quiz", "sample", *SEED)
    quiz.until("6 new", "1–3 answer")
    quiz.press("space", "3")
    quiz.until("5 new", "identity")
    return quiz


@pytest.fixture
def kata(terminals: Open) -> Terminal:
    """At the prompt after `k`."""
    quiz = terminals(INTERVIEW, "quiz", "sample", *SEED, rows=80)
    quiz.until("6 new", "1–3 answer")
    quiz.press("k")
    quiz.until("Enter goes on.", seconds=30)
    return quiz


def reviews(home: Path) -> list[Review]:
    with Store.peek(home / "history.db") as store:
        return store.reviews()


def pid_of(terminal: Terminal) -> int:
    """The editor's; it has the terminal."""
    found = re.search(r"EDITING (\d+) NOW", terminal.until("EDITING", "NOW"))
    assert found
    return int(found[1])


def is_gone(pid: int) -> bool:
    for _ in range(300):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


def test_ctrl_c_in_the_editor_is_the_editors(quiz: Terminal, home: Path) -> None:
    """The quiz does not hear of it, and goes on when the editor ends."""
    quiz.press("e")
    quiz.until("EDITING")
    quiz.press("ctrl-c")
    quiz.until("INTERRUPTED")
    quiz.press("x")
    quiz.until("5 new", "identity")
    assert quiz.leave("q") == 0
    assert quiz.restored


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_told_to_end_while_the_editor_has_the_terminal(quiz: Terminal, home: Path, number: int, code: int) -> None:
    """The editor is ended, what was answered is kept, the terminal is as it was, the exit code says why."""
    quiz.press("e")
    editor = pid_of(quiz)
    quiz.process.send_signal(number)
    assert quiz.leave() == code
    assert is_gone(editor)
    assert quiz.restored
    assert "1 answered" in quiz.text
    assert [each.card for each in reviews(home)] == ["sample/peak"]


def test_what_was_typed_for_the_editor_is_no_key(quiz: Terminal, home: Path) -> None:
    """Keys that the editor did not read any more are not ratings of the card below it."""
    quiz.press("space")
    quiz.until("Space Again")
    quiz.press("e")
    quiz.until("EDITING")
    quiz.press("x" + "3\r" * 40)
    quiz.until("5 new", "identity", "Space Again")
    assert quiz.leave("q") == 0
    assert len(reviews(home)) == 1


def test_an_editor_that_fails_is_told(quiz: Terminal, program: Path) -> None:
    """Its code stands above the keys; so does that it is not there."""
    program.write_text("#!/bin/sh\nexit 3\n")
    quiz.press("e")
    quiz.until("ended with", "identity")
    assert "with code 3." in " ".join(quiz.text.split())  # it folds where the folder's name has it fold
    program.unlink()
    quiz.press("e")
    quiz.until("set VISUAL or EDITOR", "identity")


@pytest.fixture
def shell(terminals: Open) -> Terminal:
    """A shell with jobs, in it the quiz, in it the editor."""
    if BASH is None:
        pytest.skip("no bash here")
    shell = terminals(BASH, "--norc", "--noprofile", "-i")
    shell.until("$")
    shell.press(f"{INTERVIEW} quiz sample --seed 1\r")
    shell.until("6 new", "1–3 answer")
    shell.press("e")
    shell.until("EDITING")
    return shell


def test_ctrl_z_in_the_editor_stops_the_job_and_fg_goes_on_in_it(shell: Terminal) -> None:
    """As in every program that has an editor: the shell, then `fg`, then the editor where it was."""
    for _ in range(2):
        shell.press("ctrl-z")
        shell.until("Stopped")
        shell.press("stty -a | grep -c ' icanon'; echo LOOK$((1 + 1))ED\r")
        shell.until("LOOK2ED")
        shell.press("clear; fg\r")
        shell.until("AGAIN")
        shell.press("y")
        shell.until("<y>")
        shell.press("\x1b")
    shell.press("x")
    shell.until("6 new", "1–3 answer")
    shell.press("q")
    shell.until("0 answered")
    shell.press("echo LEFT$((1 + 1))\r")
    shell.until("LEFT2")


def test_a_stopped_editor_in_the_background_waits(shell: Terminal) -> None:
    """`bg` cannot give it the terminal: it stops again, and the shell keeps its own."""
    shell.press("ctrl-z")
    shell.until("Stopped")
    shell.press("bg\r", "echo STILL$((1 + 1))\r")
    shell.until("STILL2")
    shell.press("clear; fg\r")
    shell.until("AGAIN")
    shell.press("x")
    shell.until("6 new", "1–3 answer")


def test_a_stopped_job_can_be_killed(shell: Terminal) -> None:
    """`kill %1` ends the editor and the quiz, and the shell's terminal is the shell's."""
    editor = pid_of(shell)
    shell.press("ctrl-z")
    shell.until("Stopped")
    shell.press("kill %1\r")
    assert is_gone(editor)
    shell.press("clear; jobs; echo LEFT$((1 + 1))\r")
    shell.until("LEFT2")


def test_a_stopped_quiz_can_be_killed(terminals: Open) -> None:
    """The same without an editor: it does not wait for the terminal to say goodbye."""
    if BASH is None:
        pytest.skip("no bash here")
    shell = terminals(BASH, "--norc", "--noprofile", "-i")
    shell.press(f"{INTERVIEW} quiz sample --seed 1\r")
    shell.until("6 new", "1–3 answer")
    shell.press("ctrl-z")
    shell.until("Stopped")
    shell.press("kill %1\r", "clear; wait; jobs; echo LEFT$((1 + 1))\r")
    shell.until("LEFT2")


@pytest.mark.parametrize(("key", "code"), [("ctrl-d", 0), ("ctrl-c", 130)])
def test_the_end_of_the_input_at_the_prompt_is_the_end(kata: Terminal, home: Path, key: str, code: int) -> None:
    """Ctrl-D leaves as `q` does, Ctrl-C as it does everywhere: saved, with the totals, the terminal restored."""
    assert kata.leave(key) == code
    assert "0 answered" in kata.text
    assert kata.restored


def test_sigterm_at_the_prompt(kata: Terminal) -> None:
    """As anywhere."""
    kata.process.send_signal(signal.SIGTERM)
    assert kata.leave() == 143
    assert kata.restored


@pytest.mark.parametrize("pasted", ["3\n" * 974, "\x1b[200~" + "3\n" * 974 + "\x1b[201~", "\n\n3\n" * 300])
def test_what_is_pasted_at_the_prompt_is_no_rating(kata: Terminal, home: Path, pasted: str) -> None:
    """Marked as a paste it is nothing; unmarked, its first Enter goes on and the rest is nothing."""
    for at in range(0, len(pasted), 1000):
        kata.press(pasted[at : at + 1000])
        time.sleep(0.02)
    if pasted.startswith("\x1b"):
        kata.press("enter")
    kata.until("6 new", "1–3 answer")
    assert kata.leave("q") == 0
    assert not (home / "history.db").exists() or reviews(home) == []


def test_a_paste_is_no_command_in_any_state(quiz: Terminal, home: Path) -> None:
    """On the front, the rubric and the back, cut where a slow line cuts it."""
    for keys in ((), ("y",), ("enter",)):
        quiz.press(*keys, "\x1b[200~3\n3")
        time.sleep(0.3)
        quiz.press("\nq!b\x1b[20")
        time.sleep(0.3)
        quiz.press("1~")
    quiz.until("Space Hard", "5 new")
    assert quiz.leave("q") == 0
    assert len(reviews(home)) == 1


def test_json_stays_json_through_the_editor_and_the_kata(terminals: Open, tmp_path: Path, home: Path) -> None:
    """What the other programs say goes to the terminal."""
    out = tmp_path / "out.jsonl"
    with out.open("wb") as file:
        quiz = terminals(INTERVIEW, "quiz", "sample", "--json", *SEED, rows=80, output=file.fileno())
    quiz.until("6 new", "1–3 answer")
    quiz.press("e")
    quiz.until("EDITING")
    quiz.press("x")
    quiz.until("6 new", "1–3 answer")
    quiz.press("k")
    quiz.until("Enter goes on.", seconds=30)
    quiz.press("enter")
    quiz.until("6 new", "1–3 answer")
    quiz.press("space", "3")
    quiz.until("5 new")
    assert quiz.leave("q") == 0
    review, totals = map(json.loads, out.read_text("utf-8").splitlines())
    assert review["card"] == "sample/peak"
    assert totals["totals"]["left"] == {"new": 5, "again": 0, "due": 0}


def test_ctrl_s_is_a_key(quiz: Terminal) -> None:
    """It freezes nothing; the way out gives it back to the terminal."""
    quiz.press("ctrl-s")
    quiz.until("That key does nothing here")
    quiz.press("space")
    quiz.until("Space Again")
    assert quiz.leave("q") == 0
    assert quiz.restored


def test_the_deck_taken_away_in_the_editor_is_told(terminals: Open, tmp_path: Path, program: Path) -> None:
    """The card stays as it was."""
    root = tmp_path / "pack"
    shutil.copytree(FIXTURES, root)
    deck = root / "questions" / "sample.yaml"
    deck.rename(deck.with_name("mine.yaml"))
    deck = deck.with_name("mine.yaml")
    deck.write_text(deck.read_text("utf-8").replace("deck: sample", "deck: mine"), "utf-8")
    program.write_text(f"#!/bin/sh\nrm {deck}\n")
    quiz = Quiz("quiz", "mine", *SEED, env={"INTERVIEW_PATH": str(root), "VISUAL": str(program)})
    try:
        quiz.until("6 new")
        quiz.press("e")
        quiz.until("cannot be read now", "6 new")
    finally:
        quiz.close()

"""The history under an open quiz: moved, deleted, restored, on a full disk. What is told to be saved is saved."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from screens import Quiz, environment

from interview.log.store import Store

INTERVIEW = Path(sys.executable).with_name("interview")
SEED = ("--seed", "1")
Harm = Callable[[Path], Path]


@pytest.fixture
def quiz(home: Path) -> Iterator[Quiz]:
    """One card answered, the second on the screen."""
    sitting = Quiz("quiz", "sample", *SEED)
    answer(sitting, "6 new")
    sitting.until("5 new")
    yield sitting
    sitting.close()


def answer(sitting: Quiz, card: str) -> None:
    sitting.until(card)
    sitting.press("space")
    sitting.until("Space Again")
    sitting.press("3")


def said(sitting: Quiz) -> str:
    """The screen without its spaces: a line may be cut anywhere."""
    return "".join(sitting.text.split())


def reviews(path: Path) -> list[str]:
    with Store.peek(path) as store:
        return [each.card for each in store.reviews()]


def deleted(home: Path) -> Path:
    shutil.rmtree(home)
    return home


def moved(home: Path) -> Path:
    return home.rename(home.with_name("elsewhere"))


def restored(home: Path) -> Path:
    backup = home.with_name("empty.zip")
    for command in (["backup", backup], ["restore", backup, "--force"]):
        where = str(home.with_name("empty")) if command[0] == "backup" else str(home)
        subprocess.run([INTERVIEW, *command], env=environment(INTERVIEW_HOME=where), check=True, capture_output=True)
    return next(home.glob("replaced-*"))


@pytest.mark.parametrize("harm", [deleted, moved, restored])
def test_the_next_rating_is_not_written(quiz: Quiz, home: Path, harm: Harm) -> None:
    """The card stays and says why; at the end both ratings are named, for neither is where one looks; code 5."""
    where = harm(home)
    answer(quiz, "5 new")
    quiz.until("meanwhile")
    assert "5 new" in quiz.text
    assert quiz.leave("q") == 5
    assert "Notsaved:sample/peak,sample/holds." in said(quiz)
    assert "All saved" not in quiz.text
    assert reviews(home / "history.db") == []
    if harm is not deleted:
        assert reviews(where / "history.db") == ["sample/peak"]


@pytest.mark.parametrize("harm", [deleted, moved, restored])
def test_leaving_says_what_is_no_longer_there(quiz: Quiz, home: Path, harm: Harm) -> None:
    """Nothing more was rated: what was saved once is looked for again before it is called saved."""
    harm(home)
    assert quiz.leave("q") == 5
    assert "Notsaved:sample/peak." in said(quiz)
    assert "All saved" not in quiz.text


def test_brought_back_the_same_key_saves(quiz: Quiz, home: Path) -> None:
    """As with a lock that goes away."""
    where = moved(home)
    answer(quiz, "5 new")
    quiz.until("meanwhile")
    where.rename(home)
    quiz.press("3")
    quiz.until("4 new")
    assert quiz.leave("ctrl-c") == 130
    assert "All saved" in quiz.text
    assert reviews(home / "history.db") == ["sample/peak", "sample/holds"]


def test_two_quizzes_and_a_restore(quiz: Quiz, home: Path) -> None:
    """Both notice, and neither takes anything from the history that was restored."""
    other = Quiz("quiz", "sample", *SEED, "--cram")
    try:
        answer(other, "1 seen before")
        other.until("0 seen before")
        aside = restored(home)
        for sitting in (quiz, other):
            answer(sitting, "5 new")
            sitting.until("meanwhile")
            assert sitting.leave("q") == 5
            assert "Not saved" in sitting.text
    finally:
        other.close()
    assert reviews(home / "history.db") == []
    assert reviews(aside / "history.db") == ["sample/peak", "sample/peak"]


def test_answers_from_a_pipe_into_a_history_that_goes(home: Path) -> None:
    """Between two answers the home is deleted: code 5, and both cards are named."""
    sitting = subprocess.Popen(
        [INTERVIEW, "quiz", "sample", "--answers", "-", *SEED],
        stdin=-1, stdout=-1, stderr=-1, text=True, env=environment(), bufsize=1,
    )  # fmt: skip
    assert sitting.stdin is not None
    assert sitting.stdout is not None
    sitting.stdin.write("grows\n")
    assert "sample/peak" in sitting.stdout.readline()
    shutil.rmtree(home)
    _, told = sitting.communicate("n\n")
    assert sitting.returncode == 5
    assert "not saved: sample/peak, sample/holds" in told
    assert not home.exists()

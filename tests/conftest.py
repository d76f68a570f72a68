"""What every test stands on: a person of its own, and no leftovers of the person at the keyboard."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent / "fixtures"
LONGEST = (  # they begin, where files are dealt out to several processes: else one of them is the last, and alone
    "tests/grading/sandbox/test_attacks.py",
    "tests/grading/sandbox/test_readable.py",
    "tests/cli/test_kata.py",
    "tests/grading/test_judge_session.py",
    "tests/terminal/test_quiz.py",
    "tests/proof/test_lint.py",
    "tests/grading/checks/test_yes_to_everything.py",
    "tests/terminal/test_card.py",
    "tests/proof/test_trust.py",
    "tests/grading/checks/test_protocol.py",
    "tests/proof/test_lint_watch.py",
    "tests/cli/test_restore.py",
    "tests/whole/test_hostile.py",
    "tests/grading/test_graders.py",
    "tests/proof/test_proofs.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    turns = {name: turn for turn, name in enumerate(LONGEST)}
    items.sort(key=lambda each: turns.get(each.nodeid.partition("::")[0], len(turns)))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """INTERVIEW_HOME in a temporary folder, and no other INTERVIEW_ variable: no test touches a person's history."""
    for name in list(os.environ):
        if name.startswith("INTERVIEW_") or name == "NO_COLOR":
            monkeypatch.delenv(name)
    folder = tmp_path / "home"
    monkeypatch.setenv("INTERVIEW_HOME", str(folder))
    return folder

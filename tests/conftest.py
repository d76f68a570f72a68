"""What every test stands on: a person of its own, and no leftovers of the person at the keyboard."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """INTERVIEW_HOME in a temporary folder, and no other INTERVIEW_ variable: no test touches a person's history."""
    for name in list(os.environ):
        if name.startswith("INTERVIEW_") or name == "NO_COLOR":
            monkeypatch.delenv(name)
    folder = tmp_path / "home"
    monkeypatch.setenv("INTERVIEW_HOME", str(folder))
    return folder

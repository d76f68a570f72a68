"""The README says what is so: its commands, its table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from interview.cli.world import shipped
from interview.content.kata_file import load_kata

README = Path(__file__).resolve().parent.parent / "README.md"
pytestmark = pytest.mark.skipif(not README.exists(), reason="the wheel is tested away from the README")


def test_the_two_commands_word_for_word() -> None:
    """Each is enough on a fresh machine, and is what packaging.md fixed."""
    text = README.read_text("utf-8")
    for command in (
        "python3 -m venv .venv && .venv/bin/pip install -e . && .venv/bin/interview quiz dropout",
        "python3 -m venv .venv && .venv/bin/pip install -e '.[dev]' && .venv/bin/python -m pytest",
    ):
        assert command in text


def test_the_table_is_of_these_katas() -> None:
    """Every kata stands in the table with the number of its checks and submissions, all of them accepted and caught."""
    rows = re.findall(r"\| `([\w-]+)` \| (\d+) \| (\d+) of (\d+) \| (\d+) of (\d+) \|", README.read_text("utf-8"))
    katas = [load_kata(each) for each in sorted((shipped() / "katas").iterdir()) if (each / "kata.yaml").exists()]
    expected = [
        (each.id, len(each.checks), *[len(each.accepted)] * 2, *[len(each.wrong_answers)] * 2) for each in katas
    ]
    assert sorted((name, *map(int, numbers)) for name, *numbers in rows) == expected

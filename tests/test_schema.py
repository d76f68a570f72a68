"""Every `--json` output against the one schema that is shipped, through the real commands."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from decks import write_kata
from judging import submission

import interview

SCHEMA = json.loads((Path(interview.__file__).parent / "schema.json").read_text("utf-8"))
INTERVIEW = Path(sys.executable).with_name("interview")


def outputs(*args: str | Path) -> list[dict[str, Any]]:
    done = subprocess.run([INTERVIEW, *args], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def valid(value: dict[str, Any], name: str) -> None:
    jsonschema.Draft202012Validator({**SCHEMA, "anyOf": [{"$ref": f"#/$defs/{name}"}]}).validate(value)


def test_the_schema_is_one() -> None:
    """It is a JSON Schema of its own draft, and refuses what no command says."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        valid({"schema": 1}, "verdict")


@pytest.fixture
def answered(tmp_path: Path) -> list[dict[str, Any]]:
    """Three cards answered from a file."""
    answers = tmp_path / "answers.txt"
    answers.write_text('-\n{"confidence": "sure", "rating": 3}\n-\n')
    return outputs("quiz", "dropout", "-n", "3", "--json", "--answers", answers)


def test_the_drill(answered: list[dict[str, Any]], tmp_path: Path) -> None:
    """quiz, list, today, stats, plan and undo, with a history and without."""
    *reviews, totals = answered
    assert len(reviews) == 3
    for review in reviews:
        valid(review, "review")
    valid(totals, "quiz")
    for name, args in {
        "list": [],
        "today": ["-m", "20"],
        "stats": [],
        "plan": ["--date", (date.today() + timedelta(days=30)).isoformat(), "-m", "30"],
        "undo": ["-n", "2"],
        "card": ["dropout/strongest-p"],
    }.items():
        (value,) = outputs(name, *args, "--json")
        valid(value, name)


def test_what_is_done_to_cards() -> None:
    """card with each of its options, and the lists that show it."""
    for option in (["--suspend"], ["--wake"], ["--flag", "ask them"], ["--note", "p/(1-p)"], ["--forget"]):
        (value,) = outputs("card", "dropout/strongest-p", *option, "--json")
        valid(value, "deed")
    (value,) = outputs("card", "tag:rnn", "--suspend", "--json")
    valid(value, "deed")
    for name, args in {"card": ["dropout/strongest-p"], "list": ["--suspended"]}.items():
        (value,) = outputs(name, *args, "--json")
        valid(value, name)


def test_the_drill_before_the_first_day() -> None:
    """The same commands on an empty history."""
    for name in ("list", "today", "stats", "plan", "undo"):
        (value,) = outputs(name, "--json")
        valid(value, name)


def test_in_and_out(answered: list[dict[str, Any]], tmp_path: Path) -> None:
    """export, import, backup and restore."""
    assert answered
    cards, archive = tmp_path / "cards.json", tmp_path / "all.zip"
    for name, args in {
        "export": ["--to", "json", cards],
        "import": [cards, "--dry-run"],
        "backup": [archive],
        "restore": [archive],
    }.items():
        (value,) = outputs(name, *args, "--json")
        valid(value, name)


def test_verdicts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """kata --check for one; grade for a pass, a failure and a crash at once."""
    here = tmp_path / "here"  # apart from the home, where the attempts are
    here.mkdir()
    monkeypatch.chdir(here)
    for name in ("where", "scale_missing"):
        (here / f"{name}.py").write_bytes(submission(name).read_bytes())
    (value,) = outputs("kata", "dropout", "--check", "--json", "--file", "scale_missing.py")
    valid(value, "verdict")
    (here / "crash.py").write_text("def dropout(x:\n")
    values = outputs("grade", "dropout", here, "--json")
    assert len(values) == 3
    for value in values:
        valid(value, "verdict")


def test_new(tmp_path: Path) -> None:
    """new: what was written, and where."""
    (value,) = outputs("new", "kata", "mine", "--in", tmp_path / "pack", "--json")
    valid(value, "new")


def test_lint_and_doctor(tmp_path: Path) -> None:
    """lint of a pack with problems, and of a kata, doctor of this machine."""
    pack = tmp_path / "pack" / "questions"
    pack.mkdir(parents=True)
    (pack / "mine.yaml").write_text("deck: mine\ntitle: {en: Mine, zh: 我的}\ncards: []\nx: 1\n")
    kata = write_kata(tmp_path / "pack")
    for path, more in ((tmp_path / "pack", ()), (kata, ("--trust", "--mutants"))):
        (value,) = outputs("lint", path, *more, "--json")
        valid(value, "lint")
        assert bool(value["problems"] or value["unproved"]) is not bool(more)
    assert value["katas"]
    (value,) = outputs("doctor", "--json")
    valid(value, "doctor")

"""Every `--json` output against the one schema that is shipped, through the real commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from attempted import attempt
from decks import CHOICE, write_deck, write_kata
from judging import submission
from reviewers import REVIEWERS, drilled

import interview
from interview.cli.main import main
from interview.grading.sandbox.lockdown import FURTHER, LAYERS
from interview.log.store import Store
from interview.report import schema

FILE = Path(interview.__file__).parent / "schema.json"
SCHEMA = json.loads(FILE.read_text("utf-8"))
Outputs = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def outputs(capsys: pytest.CaptureFixture[str]) -> Outputs:
    def run(*args: str | Path) -> list[dict[str, Any]]:
        main([*map(str, args)])
        said = capsys.readouterr()
        assert said.out, said.err
        return [json.loads(line) for line in said.out.splitlines()]

    return run


@cache
def validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator({**SCHEMA, "anyOf": [{"$ref": f"#/$defs/{name}"}]})


def valid(value: dict[str, Any], name: str) -> None:
    validator(name).validate(value)


def test_the_schema_is_one() -> None:
    """It is a JSON Schema of its own draft, and refuses what no command says."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        valid({"schema": 1}, "verdict")


def test_the_schema_is_what_the_reports_say() -> None:
    """The shipped file is made from the reports' types: `python -m interview.report.schema` writes it."""
    assert FILE.read_text("utf-8") == schema.text()


def test_every_layer_of_the_sandbox_is_in_the_schema() -> None:
    """A layer that is added to the sandbox is added to the contract."""
    assert set(SCHEMA["$defs"]["doctor"]["properties"]["layers"]["required"]) == {*LAYERS, *FURTHER}


@pytest.fixture
def answered(tmp_path: Path, outputs: Outputs) -> list[dict[str, Any]]:
    """Three cards answered from a file."""
    answers = tmp_path / "answers.txt"
    answers.write_text('-\n{"confidence": "sure", "rating": 3}\n-\n')
    return outputs("quiz", "dropout", "-n", "3", "--json", "--answers", answers)


def test_the_drill(answered: list[dict[str, Any]], outputs: Outputs, tmp_path: Path) -> None:
    """quiz, list, today, stats, plan and undo, with a history and without."""
    *reviews, totals = answered
    assert len(reviews) == 3
    for review in reviews:
        valid(review, "review")
    valid(totals, "quiz")
    answers = tmp_path / "answers.txt"
    review, *_ = outputs("quiz", "dropout", "--cram", "-n", "1", "--json", "--answers", answers)
    valid(review, "review")
    assert review["due"] is None
    for name, args in {
        "list": [],
        "today": ["-m", "20"],
        "path": [],
        "stats": [],
        "plan": ["--date", (date.today() + timedelta(days=30)).isoformat(), "-m", "30"],
        "undo": ["-n", "2"],
        "card": ["dropout/strongest-p"],
    }.items():
        (value,) = outputs(name, *args, "--json")
        valid(value, name)


def test_a_fit(outputs: Outputs, home: Path) -> None:
    """Too few reviews, one that is shown, one that is kept, the way back, and back from nothing."""
    lived = drilled(REVIEWERS["strong"], 2000)
    (few,) = outputs("stats", "--fit", "--json")
    with Store.open(home / "history.db") as store:
        store.append(*lived)
    seen = [few, *(outputs("stats", "--fit", *more, "--json")[0] for more in ([], ["--yes"], ["--clear"], ["--clear"]))]
    for each in seen:
        valid(each, "fit")
    assert (few["missing"], seen[1]["kept"], seen[2]["kept"]) == (400, False, True)
    assert [each["cleared"] for each in seen[3:]] == [True, False]


def test_what_is_done_to_cards(outputs: Outputs) -> None:
    """card with each of its options, and the lists that show it."""
    for option in (["--suspend"], ["--wake"], ["--flag", "ask them"], ["--note", "p/(1-p)"], ["--forget"]):
        (value,) = outputs("card", "dropout/strongest-p", *option, "--json")
        valid(value, "deed")
    (value,) = outputs("card", "tag:rnn", "--suspend", "--json")
    valid(value, "deed")
    for name, args in {"card": ["dropout/strongest-p"], "list": ["--suspended"]}.items():
        (value,) = outputs(name, *args, "--json")
        valid(value, name)


def test_the_drill_before_the_first_day(outputs: Outputs) -> None:
    """The same commands on an empty history."""
    for name in ("list", "today", "path", "stats", "plan", "undo"):
        (value,) = outputs(name, "--json")
        valid(value, name)


def test_packs(outputs: Outputs, tmp_path: Path) -> None:
    """pack add, list and remove, one whose folder is gone too."""
    write_deck(tmp_path / "theirs", CHOICE, name="another")
    for args in (["add", tmp_path / "theirs"], ["list"]):
        (value,) = outputs("pack", *args, "--json")
        valid(value, "pack")
    (tmp_path / "theirs").rename(tmp_path / "gone")
    for args in (["list"], ["remove", "theirs"]):
        (value,) = outputs("pack", *args, "--json")
        valid(value, "pack")


def test_in_and_out(answered: list[dict[str, Any]], outputs: Outputs, tmp_path: Path) -> None:
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


def test_the_answers_of_a_kata(outputs: Outputs, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """kata --solution, owed and shown, --give-up, --attempts, --diff, --restore, --again."""
    at = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    for name, args in {
        "again": ["--again"],
        "solution": ["--solution"],
        "attempts": ["--attempts"],
    }.items():
        (value,) = outputs("kata", "dropout", *args, "--json")
        valid(value, name)
    attempt(home, "dropout", "x = 1\n", at, mistake="never_drops", passed=3, total=20, failed=("rate",))
    attempt(home, "dropout", "x = 2\n", at + timedelta(minutes=1), "crashed").unlink()
    Path("dropout.py").write_text("x = 3\n", "utf-8")
    for name, args in {
        "again": ["--again"],
        "attempts": ["--attempts"],
        "attempt": ["--attempts", "2"],
        "difference": ["--diff", "1", "file"],
        "restored": ["--restore", "1"],
        "solution": ["--give-up"],
    }.items():
        (value,) = outputs("kata", "dropout", *args, "--json")
        valid(value, name)


def test_verdicts(outputs: Outputs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """kata --check for one that needs no judge; grade for a pass, a failure and a crash at once."""
    here = tmp_path / "here"  # apart from the home, where the attempts are
    here.mkdir()
    monkeypatch.chdir(here)
    for name in ("where", "scale_missing"):
        (here / f"{name}.py").write_bytes(submission(name).read_bytes())
    Path("bytes").write_bytes(b"\xff")
    (value,) = outputs("kata", "dropout", "--check", "--json", "--file", "bytes")
    valid(value, "verdict")
    assert value["attempt"] == 1
    (here / "crash.py").write_text("def dropout(x:\n")
    values = outputs("grade", "dropout", here, "--json")
    assert len(values) == 3
    for value in values:
        valid(value, "verdict")


def test_new(outputs: Outputs, tmp_path: Path) -> None:
    """new: what was written, and where."""
    (value,) = outputs("new", "kata", "mine", "--in", tmp_path / "pack", "--json")
    valid(value, "new")


def test_lint_and_doctor(outputs: Outputs, tmp_path: Path) -> None:
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

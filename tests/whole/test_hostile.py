"""Text that would steer a terminal, planted wherever text comes from, and every command run over it.

The rule: no byte of C0 but newline and tab, no C1, no bidirectional control on either stream, and none of it is a bug
of ours. Whether the command works with the rest or refuses the whole is its own affair.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from decks import EVERY_KIND, HEAD, write_deck
from judging import DROPOUT

from interview.cli.main import main
from interview.log.record import Rating, Review
from interview.log.store import Store
from interview.printable import unprintable

EVIL = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\u2066\r\x7f\u2028"
NAME = "e\x1b[31m\x07\u202e\nvil"
SPELT = EVERY_KIND.replace('en: "', r'en: "\e]0;owned\a\u202e').replace('zh: "', r'zh: "\x9b31m')
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

COMMANDS = [
    [],
    ["today"],
    ["today", "--json"],
    ["list"],
    ["list", "e"],
    ["list", "--json"],
    ["stats"],
    ["stats", "--json"],
    ["stats", "mine"],
    ["plan"],
    ["plan", "--date", "2026-03-20", "--json"],
    ["plan", "--date", "2026-03-20"],
    ["quiz"],
    ["quiz", "mine"],
    ["quiz", "spelt"],
    ["quiz", "raw"],
    ["quiz", NAME],
    ["quiz", "mine", "--answers", "answers.txt"],
    ["quiz", "mine", "--answers", "answers.txt", "--json"],
    ["quiz", "mine/explain", "--answers", "answers.json"],
    ["kata"],
    ["kata", "evil"],
    ["kata", NAME],
    ["kata", "raw", "--hint"],
    ["new", "kata", NAME],
    ["new", "kata", "mine", "--in", NAME],
    ["new", "deck", NAME],
    ["new", "deck", "fresh", "--in", NAME],
    ["path"],
    ["path", "--json"],
    ["pack", "add", f"../pack{NAME}"],
    ["pack", "add", NAME],
    ["pack", "remove", NAME],
    ["pack", "list"],
    ["pack", "list", "--json"],
    ["kata", "dropout", "--file", f"{NAME}/dropout.py"],
    ["kata", "dropout", "--file", f"{NAME}.py"],
    ["kata", "dropout", "--hint"],
    ["grade", NAME, "."],
    ["grade", "dropout", f"{NAME}.gone"],
    ["undo", "-n", "9"],
    ["undo", "-n", "9", "--json"],
    ["export", "--to", "csv", "-"],
    ["export", "--to", "json", "-"],
    ["export", "--to", "csv", f"{NAME}.csv"],
    ["export", "--to", "json", f"{NAME}.json", "--json"],
    ["export", "--to", "anki", f"{NAME}.apkg"],
    ["export", "--to", "csv", f"{NAME}/x.csv"],
    ["export", "--to", "csv", "x.csv", "--deck", NAME],
    ["import", "evil.csv"],
    ["import", "evil.json"],
    ["import", f"{NAME}.csv"],
    ["import", "sound.json", "--deck", NAME],
    ["import", "sound.json", "--dry-run"],
    ["import", "sound.json"],
    ["backup", f"{NAME}.zip"],
    ["backup", f"{NAME}.zip", "--json"],
    ["restore", "evil.csv"],
    ["restore", f"{NAME}.zip"],
]
OPTIONS = [
    [EVIL],
    ["--lang", EVIL, "today"],
    [f"--{NAME}"],
    ["quiz", "--level", EVIL],
    ["quiz", "--tag", EVIL],
    ["quiz", "--answers", NAME],
    ["quiz", "mine/" + EVIL],
    ["quiz", "-n", EVIL],
    ["kata", "dropout", "--check", "--seed", EVIL],
    ["plan", "--date", EVIL],
    ["plan", "--role", EVIL],
    ["stats", EVIL],
    ["list", EVIL],
    ["export", "--to", EVIL, "x"],
    ["import", EVIL],
    ["lint", NAME],
    *[[each, f"--{EVIL}"] for each in ("today", "quiz", "kata", "grade", "lint", "doctor", "backup", "restore")],
]


def clean(text: str) -> None:
    found = unprintable().search(text)
    assert found is None, f"{found.group()!a} in {text[max(0, found.start() - 200) : found.end() + 200]!a}"


def plant_pack(root: Path) -> Path:
    """Decks and katas whose texts, escapes, names and files are hostile; one of each is sound."""
    write_deck(root, EVERY_KIND)
    questions = root / "questions"
    (questions / "spelt.yaml").write_text(HEAD.format(name="spelt") + re.sub("(?m)^", "  ", SPELT), "utf-8")
    (questions / "raw.yaml").write_text(HEAD.format(name=EVIL.replace("\r", "")) + EVIL, "utf-8")
    shutil.copy(questions / "mine.yaml", questions / f"{NAME}.yaml")
    (questions / f"refs-{NAME}.yaml").write_text(r'key: {title: "\e[31m"}', "utf-8")
    for name, text in (("evil", r"\e[2J\u202e"), ("raw", EVIL), (NAME, "x")):
        folder = root / "katas" / name
        shutil.copytree(DROPOUT, folder, ignore=shutil.ignore_patterns("submissions", "__pycache__"))
        told = (folder / "kata.yaml").read_text("utf-8")
        (folder / "kata.yaml").write_text(f'{EVIL if text == EVIL else ""}title: {{en: "{text}"}}\n{told}', "utf-8")
        (folder / "prompt.en.md").write_text(EVIL, "utf-8")
        (folder / "stub.py").write_text(f"# {EVIL}\n", "utf-8")
    return root


def plant_history(home: Path) -> None:
    """Two sound ratings, and rows as only another program writes them."""
    evil = json.dumps(EVIL)
    with Store.open(home / "history.db") as store:
        store.append(Review("mine/explain", 1, NOW, date(2026, 3, 1), Rating.AGAIN, given=EVIL, mistake=EVIL))
        store.append(Review("gone/card", 1, NOW, date(2026, 2, 1), Rating.GOOD))
    with sqlite3.connect(home / "history.db") as db:
        insert = "insert into log (at, day, what, about, detail) values (?, ?, ?, ?, ?)"
        at, day = NOW.isoformat(), "2026-03-01"
        db.execute(insert, (at, day, "review", f"mine/{EVIL}", '{"rev": 1, "rating": 3}'))
        db.execute(insert, (at, day, "review", f"{EVIL}/x", '{"rev": 1, "rating": 3, "confidence": "sure"}'))
        db.execute(insert, (at, day, "due", "mine/explain", f'{{"why": {evil}}}'))
        db.execute(insert, (at, day, "attempt", "dropout", f'{{"status": {evil}, "seed": 1, "sha256": {evil},'
                            f' "seconds": 1, "mistake": {evil}, "failed": [{evil}], "cards": [{evil}]}}'))  # fmt: skip
        db.execute(insert, (at, day, "attempt", EVIL, '{"status": "passed", "seed": 1, "sha256": "", "seconds": 1}'))
    db.close()


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A current folder, a home and a pack, hostile all three; what was read of our own content is remembered."""
    root = tmp_path_factory.mktemp("planted")
    here, home = root / f"here{NAME}", root / f"home{NAME}"
    here.mkdir()
    plant_pack(root / f"pack{NAME}")
    plant_history(home)
    (here / "answers.txt").write_text(f"{EVIL}\n-\n", "utf-8")
    (here / "answers.json").write_text(json.dumps({"card": "mine/explain", "answer": EVIL, "why": EVIL}) + "\n")
    (here / "evil.csv").write_text(f"deck,id,kind,{EVIL}\n", "utf-8")
    deck = {"deck": "d", "title": {"en": EVIL, "zh": EVIL}, EVIL: EVIL, "cards": [{"id": EVIL, "kind": EVIL}]}
    (here / "evil.json").write_text(json.dumps(deck))
    (here / f"{NAME}.csv").write_text("deck,id,kind\n", "utf-8")
    sound = {"id": "one", "rev": 1, "kind": "true_false", "level": 1, "tags": ["t"], "holds": True}
    texts = {name: {"en": "x", "zh": "甲"} for name in ("statement", "answer")}
    cards = [{**sound, **texts, "rubric": [{"en": "x", "zh": "甲"}]}]
    (here / "sound.json").write_text(json.dumps({"deck": "d", "title": {"en": "T", "zh": "题"}, "cards": cards}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INTERVIEW_HOME", str(home))
        main(["list", "--json"])
    return root


@pytest.fixture
def place(planted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy for this test alone: its current folder."""
    shutil.copytree(planted, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path / f"here{NAME}")
    monkeypatch.setenv("INTERVIEW_HOME", str(tmp_path / f"home{NAME}"))
    monkeypatch.setenv("INTERVIEW_PATH", str(tmp_path / f"pack{NAME}"))
    monkeypatch.setenv("INTERVIEW_NOW", NOW.isoformat())
    monkeypatch.setenv("NO_COLOR", "1")
    return tmp_path / f"here{NAME}"


@pytest.mark.parametrize("args", [*COMMANDS, *OPTIONS], ids=lambda args: ascii(" ".join(args))[:60])
def test_no_command_says_what_a_terminal_obeys(
    args: list[str], place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever it is given, and wherever it looks; in either language."""
    monkeypatch.setenv("INTERVIEW_LANG", "zh" if len("".join(args)) % 2 else "en")
    code = main(args)
    said = capsys.readouterr()
    assert code in (0, 1, 2, 4, 5), said.err
    clean(said.out)
    clean(said.err)
    if "--json" in args and code == 0:
        assert [json.loads(line) for line in said.out.splitlines()]


def test_json_says_the_very_name(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Printable, and loss-free: a program finds the file."""
    assert main(["backup", f"{NAME}.zip", "--json"]) == 0
    assert Path(json.loads(capsys.readouterr().out)["file"]) == place / f"{NAME}.zip"
    assert (place / f"{NAME}.zip").exists()


@pytest.mark.parametrize("variable", ["INTERVIEW_LANG", "INTERVIEW_NOW", "INTERVIEW_HOME", "INTERVIEW_PATH", "COLUMNS"])
def test_no_variable_is_a_way_through(
    variable: str, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The environment is anybody's."""
    monkeypatch.setenv(variable, EVIL)
    for args in (["today"], ["plan", "--date", "2026-03-20"], ["quiz", "nonesuch"]):
        assert main(args) in (0, 2, 5)
    said = capsys.readouterr()
    clean(said.out + said.err)


@pytest.mark.parametrize(
    "text", [f"[quiz]\nnew = '{EVIL}'", r'quiz.new = "\u001b[31m\u202E"', EVIL, 'plan.date = "\\u001b"']
)
def test_preferences_are_no_way_through(
    text: str, place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What `config.toml` says wrongly is told."""
    home = Path(os.environ["INTERVIEW_HOME"])
    (home / "config.toml").write_text(text, "utf-8")
    assert main(["today"]) != 3
    said = capsys.readouterr()
    clean(said.out + said.err)


def test_what_is_judged_is_no_way_through(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A submission's name, prints, errors and values; the sandbox, the suite of the pack, the machine's report."""
    source = f"print({EVIL!r})\nclass {'E' * 3}(Exception): pass\ndef dropout(*a, **k):\n    raise EEE({EVIL!r})\n"
    (place / f"{NAME}.py").write_text(source, "utf-8")
    (place / f"raw{NAME}.py").write_bytes(f"{EVIL}\0".encode())  # its verdict needs no judge
    (place / "answers").mkdir()
    shutil.copy(place / f"{NAME}.py", place / "answers" / f"{NAME}.py")
    (place / "answers" / "parse.py").write_text(f"def dropout(: '{EVIL}'\n", "utf-8")
    for args in (
        ["kata", "dropout", "--check", "--file", f"{NAME}.py"],
        ["kata", "dropout", "--check", "--json", "--file", f"raw{NAME}.py"],
        ["grade", "dropout", "answers"],
        ["lint", os.environ["INTERVIEW_PATH"]],
        ["lint", os.environ["INTERVIEW_PATH"], "--json"],
        ["doctor"],
        ["doctor", "--json"],
    ):
        code = main(args)
        said = capsys.readouterr()
        assert code in (0, 1, 2, 5), (args, said)
        clean(said.out)
        clean(said.err)

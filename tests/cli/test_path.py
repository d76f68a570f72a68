from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from decks import EVERY_KIND, write_deck, write_kata
from rich.cells import cell_len

from interview.cli.main import main
from interview.content.reading.need import Step
from interview.log.record import Attempt, Due, Rating, Review
from interview.log.store import Store
from interview.practice.insight.path import depths_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def kata(pack: Path, name: str, needs: str = "[]") -> None:
    made = write_kata(pack / "making")
    (pack / "katas").mkdir(parents=True, exist_ok=True)
    made = made.rename(pack / "katas" / name)
    path = made / "kata.yaml"
    path.write_text(path.read_text("utf-8").replace("kata: double\n", f"kata: {name}\nneeds: {needs}\n", 1), "utf-8")


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A house on the ground, its roof, which needs a deck too, and a shed whose need is not installed."""
    folder = tmp_path / "pack"
    write_deck(folder, EVERY_KIND)
    for name, needs in {"ground": "[]", "house": "[ground]", "roof": "[mine, house]", "shed": "[wood]"}.items():
        kata(folder, name, needs)
    monkeypatch.setenv("INTERVIEW_PATH", str(folder))
    monkeypatch.setenv("INTERVIEW_NOW", NOW.isoformat())
    monkeypatch.setenv("INTERVIEW_LANG", "en")
    return folder


def attempt(kata: str, status: str) -> Attempt:
    return Attempt(kata, NOW, NOW.date(), status, 1, "", 0.1, () if status == "passed" else ("doubles",))


def told(capsys: pytest.CaptureFixture[str]) -> tuple[dict[str, Any], Mapping[str, dict[str, Any]]]:
    """The whole object, and its steps by name."""
    capsys.readouterr()
    assert main(["path", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    return found, {f"{each['kind']}:{each['id']}": each for each in found["steps"]}


def test_an_empty_history_has_its_doors_open(pack: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What needs nothing is unlocked, the rest says what it waits for; what is not installed locks nothing. No trace is
    left.
    """
    _, steps = told(capsys)
    ours = {name: steps[name]["state"] for name in ("kata:ground", "kata:house", "kata:roof", "kata:shed", "deck:mine")}
    assert ours == {
        "kata:ground": "unlocked", "kata:house": "locked", "kata:roof": "locked", "kata:shed": "unlocked",
        "deck:mine": "unlocked",
    }  # fmt: skip
    assert steps["kata:roof"]["lacks"] == steps["kata:roof"]["needs"] == ["deck:mine", "kata:house"]
    assert (steps["kata:shed"]["needs"], steps["kata:shed"]["absent"]) == ([], ["wood"])
    assert not home.exists()


def test_a_half_filled_history(pack: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Passed, due after a failure, tried, a deck known by its must-know card; what they meet is unlocked."""
    at = NOW - timedelta(days=1)
    with Store.open(home / "history.db") as store:
        for name, status in (("ground", "passed"), ("ground", "failed"), ("house", "failed")):
            store.append(attempt(name, status))
        store.append(Review("mine/explain", 1, at, at.date(), Rating.GOOD))
        store.append(Review("mine/ridge", 1, at, at.date(), Rating.AGAIN))
        store.append(Due("mine/spot", at, at.date(), "kata"))
    found, steps = told(capsys)
    assert (steps["kata:ground"]["state"], steps["kata:ground"]["met"]) == ("due", True)
    assert not steps["kata:house"]["met"]
    assert (steps["kata:house"]["state"], steps["kata:house"]["lacks"]) == ("tried", [])
    assert (steps["kata:roof"]["state"], steps["kata:roof"]["lacks"]) == ("locked", ["kata:house"])
    assert (steps["deck:mine"]["state"], steps["deck:mine"]["due"]) == ("known", 2)
    (topic,) = (each for each in found["topics"] if each["deck"] == "mine")
    assert topic == {"deck": "mine", "right": 1, "total": 6, "level": 1}
    assert found["next"] == "ground"


def test_each_stands_below_the_deepest_of_its_needs(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Once in the tree, whatever else it needs."""
    assert main(["path"]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = next(n for n, line in enumerate(lines) if " ground " in line)
    assert [line.strip().split("  ")[0] for line in lines[at : at + 3]][1:] == ["└─ · house", "└─ · roof"]
    assert sum(" roof " in line for line in lines) == 1
    assert any("wood: not installed" in line for line in lines)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("columns", [40, 80])
def test_it_fits_the_terminal(
    pack: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, lang: str, columns: int
) -> None:
    """No line is wider, names of a hundred characters and twelve steps one below the other folded too; no escapes."""
    kata(pack, "a" + 98 * "b" + "c")
    for n in range(12):
        kata(pack, f"rung-{n}-of-a-ladder", f"[rung-{n - 1}-of-a-ladder]" if n else "[]")
    monkeypatch.setenv("COLUMNS", str(columns))
    assert main(["--lang", lang, "path"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(cell_len, lines)) <= columns
    assert not any("\x1b" in line for line in lines)
    assert "".join(line.strip(" │") for line in lines).count(98 * "b") >= 1


def test_a_circle_is_drawn_all_the_same(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Lint refuses it; who has it sees each once, locked, and the command ends."""
    for name, needs in {"hen": "[egg]", "egg": "[hen]", "chick": "[egg]", "self": "[self]"}.items():
        kata(pack, name, needs)
    found, steps = told(capsys)
    assert [steps[f"kata:{name}"]["state"] for name in ("hen", "egg", "chick")] == ["locked"] * 3
    assert len(steps) == len(found["steps"])


def test_depths_count_the_longest_way() -> None:
    """Two ways down: the longer one; a circle, and what is above it, on the ground."""
    a, b, c, hen, egg = (Step("kata", each) for each in ("a", "b", "c", "hen", "egg"))
    assert depths_of({c: [a, b], b: [a], a: [], hen: [egg], egg: [hen, c]}) == {a: 0, b: 1, c: 2, hen: 0, egg: 0}


def test_what_cannot_be_read_is_told_after_the_rest(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 5 with its file and line; the tree is shown without it."""
    (pack / "katas" / "house" / "kata.yaml").write_text("kata: [", "utf-8")
    assert main(["path"]) == 5
    said = capsys.readouterr()
    assert " ground " in said.out
    assert "house/kata.yaml:2:" in said.err


def test_the_path_imports_nothing_heavy(pack: Path) -> None:
    """No torch, pytest or numpy; for a person no report, and no verdict either."""
    heavy = {"torch", "pytest", "numpy", "interview.grading.verdict", "interview.report.ahead", "statistics"}
    code = f"import sys; from interview.cli.main import main; main(['path']); sys.exit(str({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == "set()"

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from decks import EVERY_KIND, write_deck

from interview.cli.content.export import references
from interview.cli.drill.host import Beyond
from interview.cli.main import main
from interview.cli.world import World
from interview.content.shelf import Shelf
from interview.errors import ContentError
from interview.log.record import Rating, Review
from interview.log.store import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "pack"
    write_deck(folder, EVERY_KIND)
    monkeypatch.setenv("INTERVIEW_PATH", str(folder))
    monkeypatch.setenv("INTERVIEW_NOW", NOW.isoformat())
    monkeypatch.setenv("INTERVIEW_LANG", "en")
    return folder


def notes(path: Path, folder: Path) -> list[tuple[str, str, list[str], str]]:
    """The notes of an .apkg as Anki's own database has them: guid, model, fields, tags."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        database = archive.extract("collection.anki2", folder)
    db = sqlite3.connect(database)
    rows = db.execute("select guid, mid, flds, tags from notes order by flds").fetchall()
    assert db.execute("select count(*) from cards").fetchone()[0] == len(rows)
    db.close()
    return [(guid, mid, fields.split("\x1f"), tags) for guid, mid, fields, tags in rows]


@pytest.mark.filterwarnings("error")
def test_anki_has_a_note_a_card_in_both_languages(pack: Path, tmp_path: Path) -> None:
    """Read back with zipfile and sqlite3: fields, tags, code escaped in <pre>, no dollar left of any formula."""
    target = tmp_path / "out.apkg"
    assert main(["export", "--to", "anki", "--deck", "mine", str(target)]) == 0
    found = {fields[0]: (fields, tags) for _, _, fields, tags in notes(target, tmp_path)}
    assert len(found) == 6
    fields, tags = found["mine/printed"]
    assert "<pre><code>import torch\n" in fields[1]
    assert "输出什么" in fields[3]
    assert "三个" in fields[4]
    assert {"code", "interview::mine", "level::2", "predict_output"} <= set(tags.split())
    assert "must-know" in found["mine/explain"][1].split()
    assert "A. Someone 2000. On it. A journal" in found["mine/explain"][0][2]
    assert "x is 3, p is 0.1." in found["mine/variance"][0][1]
    assert "<b>1</b>" in found["mine/variance"][0][2]


def test_the_shipped_decks_show_maths_as_anki_does(tmp_path: Path) -> None:
    r"""Every formula is \( \), in every field; none keeps its dollars, none sits inside code."""
    target = tmp_path / "out.apkg"
    assert main(["export", "--to", "anki", str(target)]) == 0
    fields = [field for _, _, all_, _ in notes(target, tmp_path) for field in all_]
    assert sum(r"\(" in field for field in fields) > 40
    outside = [re.sub(r"<pre>.*?</pre>|<code>.*?</code>", "", field, flags=re.DOTALL) for field in fields]
    assert not [field for field in outside if re.search(r"(?<!\\)\$[^$]*\$", field)]


def test_a_second_export_updates_the_first(pack: Path, tmp_path: Path) -> None:
    """The guid and the model depend on the card's name alone: a mended text is the same note to Anki."""
    first, second = tmp_path / "a.apkg", tmp_path / "b.apkg"
    assert main(["export", "--to", "anki", "--deck", "mine", str(first)]) == 0
    write_deck(pack, EVERY_KIND.replace("How strong", "Just how strong"))
    assert main(["export", "--to", "anki", "--deck", "mine", str(second)]) == 0
    before, after = notes(first, tmp_path / "1"), notes(second, tmp_path / "2")
    assert {fields[0]: (guid, model) for guid, model, fields, _ in before} == {
        fields[0]: (guid, model) for guid, model, fields, _ in after
    }
    assert before != after


def test_csv_opens_in_a_spreadsheet(pack: Path, tmp_path: Path, home: Path) -> None:
    """A byte-order mark, a row a card, both languages, and what the history knows."""
    with Store.open(home / "history.db") as store:
        store.append(Review("mine/ridge", 1, NOW, NOW.date(), Rating.GOOD))
    target = tmp_path / "out.csv"
    assert main(["export", "--to", "csv", "--deck", "mine", str(target)]) == 0
    raw = target.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""))}
    assert rows["strongest"]["ask_zh"] == "在 `p` 处多强？"
    assert rows["explain"]["must_know"] == "true"
    assert (rows["ridge"]["reviews"], rows["ridge"]["last"]) == ("1", "2026-03-01")
    assert rows["strongest"]["due"] == ""
    assert json.loads(rows["strongest"]["more"])["choices"][0]["right"] is True


def test_json_holds_everything(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`-` is standard output: one object, with every field of the deck's file."""
    assert main(["export", "--to", "json", "--deck", "mine", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == 1
    assert [card["id"] for card in found["decks"][0]["cards"]] == [
        "strongest", "variance", "printed", "spot", "explain", "ridge"
    ]  # fmt: skip
    assert found["decks"][0]["cards"][1]["params"]["p"] == [0.1, 0.2]


def test_no_file_is_written_over(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is there stays, with code 2; --force writes over it, and leaves no part behind."""
    target = tmp_path / "out" / "deck.csv"
    target.parent.mkdir()
    target.write_text("mine")
    assert main(["export", "--to", "csv", str(target)]) == 2
    assert "--force" in capsys.readouterr().err
    assert target.read_text() == "mine"
    assert main(["export", "--to", "csv", "--force", "--json", str(target)]) == 0
    assert json.loads(capsys.readouterr().out)["file"] == str(target)
    assert list(target.parent.iterdir()) == [target]


def test_a_broken_deck_is_told_after_the_rest(pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What can be read is exported; the file and line of what cannot, and code 5."""
    (pack / "questions" / "broken.yaml").write_text("deck: broken\n", encoding="utf-8")
    assert main(["export", "--to", "csv", str(tmp_path / "a.csv")]) == 5
    assert "broken.yaml:1:" in capsys.readouterr().err
    assert (tmp_path / "a.csv").exists()


@pytest.mark.parametrize(
    "args", [("--to", "csv", "--deck", "miné", "x.csv"), ("--to", "xls", "x"), ("--to", "anki", "-"), ("x.csv",)]
)
def test_a_mistyped_export_is_usage(
    pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...]
) -> None:
    """Code 2, and no file."""
    monkeypatch.chdir(tmp_path)
    assert main(["export", *args]) == 2
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.parametrize("name", ["mine", "MINE"])
def test_a_named_deck_that_cannot_be_read_is_told_as_such(
    pack: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """It is there: its own problem is told, by file and line, not that there is no such deck."""
    (pack / "questions" / "mine.yaml").write_text("deck: mine\ncards: 3\n")
    assert main(["export", "--deck", name, "--to", "csv", str(tmp_path / "out.csv")]) == 5
    said = capsys.readouterr().err
    assert f"{pack}/questions/mine.yaml:" in said
    assert "no deck named" not in said
    assert not (tmp_path / "out.csv").exists()


def test_every_list_of_references_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder of any name, whatever part of the list a file holds; one that cannot be read is an error."""
    pack = tmp_path / "pack [a-b]*?"
    write_deck(pack, EVERY_KIND)
    entry = "{key}: {{authors: A, title: T, year: 2014, where: W}}\n"
    for key in ("references", "refs-[x]"):
        (pack / "questions" / f"{key}.yaml").write_text(entry.format(key=key.replace("[", "").replace("]", "")))
    monkeypatch.setenv("INTERVIEW_PATH", str(pack))
    world = World(lang="en", color=False)
    assert {"references", "refs-x"} <= references(world).keys()
    assert Beyond(world, Shelf(tmp_path / "home"), as_json=False).references() == references(world)
    (pack / "questions" / "refs-y.yaml").write_text("[")
    with pytest.raises(ContentError, match=r"refs-y\.yaml"):
        references(world)

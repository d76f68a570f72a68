from __future__ import annotations

import csv
import json
import re
import tracemalloc
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from decks import EVERY_KIND, OPEN, line_of, write_deck

from interview.cli.main import main
from interview.content.cards.deck_file import load_deck, read_deck
from interview.content.cards.plain import plain
from interview.practice.exchange.importing import read_decks
from interview.practice.exchange.merging import merge, write
from interview.practice.exchange.portable import to_csv, to_json

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_NOW", NOW.isoformat())
    monkeypatch.setenv("INTERVIEW_LANG", "en")


@pytest.fixture(params=["csv", "json"])
def exported(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A deck of every kind, exported; its pack is no longer there."""
    write_deck(tmp_path / "pack", EVERY_KIND)
    target = tmp_path / f"deck.{request.param}"
    monkeypatch.setenv("INTERVIEW_PATH", str(tmp_path / "pack"))
    assert main(["export", "--to", request.param, "--deck", "mine", str(target)]) == 0
    monkeypatch.delenv("INTERVIEW_PATH")
    return target


def told(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["import", *args, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == 1
    decks: list[dict[str, Any]] = found["decks"]
    return decks[0]


def test_what_was_exported_comes_back_whole(
    exported: Path, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every field of every kind, and the deck is drilled like any other."""
    assert main(["import", str(exported)]) == 0
    ours, theirs = load_deck(home / "pack/questions/mine.yaml"), load_deck(tmp_path / "pack/questions/mine.yaml")
    assert [repr(card).split(", line=")[0] for card in ours.cards] == [
        repr(card).split(", line=")[0] for card in theirs.cards
    ]
    assert (ours.title, ours.note) == (theirs.title, theirs.note)
    capsys.readouterr()
    assert main(["list", "--json"]) == 0
    assert "mine" in [deck["id"] for deck in json.loads(capsys.readouterr().out)["decks"]]


FORMULAS = [
    "=1+1", "+1", "-1", "@SUM(A1)", "＝1", " =1", "'=1", "''-x", "- a\n- b", "'", "'quoted'", "plain", "1-2",
    "a;=1+1", "a; =1+1", "a;'=1", "a;\n=1", "a;;=1;+2", 'a;"=1+1";b', 'a;" =1', "a;'\" '=1", "a\n\n  @b", "a\t=1",
    "; -1", "';=1", "a;,=1", "a,=1", "x;'", ";",
]  # fmt: skip


def begins_a_formula(cell: str) -> bool:
    return cell.lstrip(' "').startswith(("=", "+", "-", "@", "＝"))


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_is_a_formula_and_none_is_changed(
    cell: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a spreadsheet would run is exported as text, and imported as what it was."""
    deck = EVERY_KIND.replace('ask: {en: "Why?"', f"ask: {{en: {json.dumps(cell)}")
    assert deck != EVERY_KIND
    write_deck(tmp_path / "pack", deck)
    target = tmp_path / "deck.csv"
    with monkeypatch.context() as there:
        there.setenv("INTERVIEW_PATH", str(tmp_path / "pack"))
        assert main(["export", "--to", "csv", "--deck", "mine", str(target)]) == 0
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert not [cell for row in rows for cell in row if begins_a_formula(cell)]
    for delimiter in (";", "\t"):
        with target.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, delimiter=delimiter))
        assert not [cell for row in rows for cell in row if begins_a_formula(cell)]
    parts = re.split(r"[;\t\n]", target.read_text(encoding="utf-8-sig"))  # by a reader that knows of no quotes
    assert not [part for part in parts if begins_a_formula(part)]
    assert main(["import", str(target)]) == 0
    ours, theirs = load_deck(home / "pack/questions/mine.yaml"), load_deck(tmp_path / "pack/questions/mine.yaml")
    assert [card.ask for card in ours.cards] == [card.ask for card in theirs.cards]


def test_a_dry_run_writes_nothing(exported: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It says what would change."""
    assert len(told(capsys, str(exported), "--dry-run")["new"]) == 6
    assert not (home / "pack").exists()


def test_a_second_import_changes_only_what_differs(
    exported: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Merged by id: the changed card is replaced and named, the file as it was is kept, own additions stay."""
    assert main(["import", str(exported)]) == 0
    path = home / "pack/questions/mine.yaml"
    assert told(capsys, str(exported))["same"] == 6
    extra = EVERY_KIND.split("- id:")[1].replace("strongest", "extra", 1)
    path.write_text(path.read_text() + "  - id:" + extra.replace("\n", "\n  "))
    before = path.read_text()
    exported.write_text(exported.read_text().replace("It grows.", "It always grows."))
    found = told(capsys, str(exported))
    assert (found["new"], found["changed"], found["same"]) == ([], ["strongest"], 5)
    assert Path(found["kept"]).read_text() == before
    deck = load_deck(path)
    assert [card.id for card in deck.cards][-1] == "extra"
    assert deck.cards[0].reason is not None
    assert deck.cards[0].reason.en == "It always grows."


def test_a_deck_of_another_pack_is_left_alone(
    exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its file is not ours to write: code 2 and the way out, --deck; nothing at all when nothing differs."""
    monkeypatch.setenv("INTERVIEW_PATH", str(tmp_path / "pack"))
    assert told(capsys, str(exported))["same"] == 6
    exported.write_text(exported.read_text().replace("It grows.", "It always grows."))
    assert main(["import", str(exported)]) == 2
    assert "--deck NAME" in capsys.readouterr().err
    assert told(capsys, str(exported), "--deck", "own")["new"]


def test_a_complaint_names_file_and_line(exported: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Code 5, where it stands, and nothing is written."""
    text = exported.read_text().replace("true_false", "true_or_false")
    exported.write_text(text)
    line = line_of(exported, "true_or_false")
    assert main(["import", str(exported)]) == 5
    assert f"{exported}:{line}: `kind` is `true_or_false`" in capsys.readouterr().err
    assert not (home / "pack").exists()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "deck,id,kind\nmine,x,open,y\n", "a.csv:2: more cells than the head has"),
        ("a.csv", "deck,id,kind,colour\n", "a.csv:1: unknown column `colour`"),
        ("a.csv", "id,kind\nx,open\n", "a.csv:1: the column `deck` is missing"),
        ("a.csv", "deck,id,kind\n", "a.csv:1: no row but the head"),
        ("a.csv", 'deck,id,kind,more\nmine,x,open,"{""a"" 1}"\n', "a.csv:2: not JSON: `:` belongs after `a`"),
        ("a.csv", 'deck,id,kind\n\nmine,x,"open\n', "a.csv:3: not csv"),
        ("a.csv", 'deck,id,kind,ask_en\nmine,x,open,"a\nb"\nmine,y,riddle,c\n', "a.csv:4: `kind` is `riddle`"),
        ("a.csv", "deck,id,kind\n../../etc,x,open\n", "a.csv:2: `deck` is `../../etc`"),
        ("a.json", '{"schema": 2, "decks": []}', "a.json:1: written by a newer interview"),
        ("a.json", '{"decks": [\n{"deck": "d"}]}', "a.json:2: `cards` is missing"),
        ("a.json", "[1]", "a.json:1: a deck is an object"),
        ("a.json", "\x00", "a.json:1: the control character"),
        ("a.json", '{"deck": "d", "title": {"en":\n"\\u001b]0;x\\u0007"}}', "a.json:2: the control character"),
        ("a.csv", 'deck,id,kind,more\nmine,x,open,"{""a"": ""\\u202e""}"\n', "a.csv:2: `more`: the control character"),
        (
            "a.csv",
            'deck,id,kind,more\nmine,x,open,"{""a"": 1, ""a"": 2}"\n',
            "a.csv:2: `more`: `a` stands here a second",
        ),
        ("a.csv", "deck,id,kind\nmine,x\x1b[31m,open\n", "a.csv:2: the control character"),
    ],
)
def test_what_cannot_be_read_is_told(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    name: str, text: str, said: str,
) -> None:  # fmt: skip
    """Each with its file and line, code 5, and nothing written."""
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(text)
    assert main(["import", name]) == 5
    assert said in capsys.readouterr().err
    assert not (home / "pack").exists()


@pytest.mark.parametrize("name", ["gone.csv", "deck.apkg", "."])
def test_only_csv_and_json_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Anything else is usage, code 2."""
    monkeypatch.chdir(tmp_path)
    Path("deck.apkg").write_bytes(b"PK")
    assert main(["import", name]) == 2


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_export_of_any_size_imports_again(
    form: str, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Several decks with notes, together larger than a deck's file may be: all of it comes back as it was."""
    pack, said = tmp_path / "pack", "x" * 15_000
    names = [f"deck{n}" for n in range(3)]
    for name in names:
        cards = "".join(open_card(n, said) for n in range(60))
        path = write_deck(pack, cards, name=name)
        noted = path.read_text("utf-8").replace("cards:\n", 'note: {en: "By hand.", zh: "手写。"}\ncards:\n', 1)
        path.write_text(noted, "utf-8")
    monkeypatch.setenv("INTERVIEW_PATH", str(pack))
    wanted = [each for name in names for each in ("--deck", name)]
    target = tmp_path / f"all.{form}"
    assert main(["export", "--to", form, *wanted, str(target)]) == 0
    assert target.stat().st_size > 2 << 20
    monkeypatch.delenv("INTERVIEW_PATH")
    assert main(["import", str(target)]) == 0
    assert "`interview quiz` drills them" in capsys.readouterr().out
    for name in names:
        ours, theirs = load_deck(home / f"pack/questions/{name}.yaml"), load_deck(pack / f"questions/{name}.yaml")
        assert (ours.title, ours.note) == (theirs.title, theirs.note)
        assert ours.note is not None
        assert [(card.name, card.ask, card.answer) for card in ours.cards] == [
            (card.name, card.ask, card.answer) for card in theirs.cards
        ]


def open_card(n: int, said: str) -> str:
    return OPEN.replace("id: explain", f"id: c{n}", 1).replace('"Why?"', f'"{n} {said}"', 1)


WORDY = [
    "`x = {\"a\": 1}  # 注释`",
    "```python\nfor i in range(3):\n\tprint(i)\n\n    # two  spaces\n```",
    "$\\frac{p}{1-p}$ and \\(\\sqrt{2}\\), \\\\ and \\n",
    '"双引号" 'r"and 'single' and “弯引号”、「直角」",
    "a; b; c", "; ", "x" * 19_990, "字" * 19_990, "- no\n- yes", "# head\n\n> quote", "trail  \nmore",
    "%TAG", "---", "…", "null", "1e-3", "é\u0301 🙂 \u00a0", "a: b", "{a}", "[x", "&a *b !c", "last\n", "\n first",
]  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "json"])
@pytest.mark.parametrize("said", WORDY, ids=range(len(WORDY)))
def test_whatever_a_card_says_comes_back_as_it_was(form: str, said: str, tmp_path: Path) -> None:
    """Code, formulas, Chinese, quotes, lists of odd words, the longest texts: read, exported, read, merged, read."""
    path = write_deck(tmp_path / "pack", EVERY_KIND)
    data = plain(read_deck(path)[1])
    for card in data["cards"]:
        card["tags"] = [said, "theory"]
        card["answer" if "answer" in card else "model_answer"] = {"en": said, "zh": f"甲{said}乙"}
    data["note"] = {"en": said, "zh": said}
    data["needs"] = ["softmax", "deck:dropout"]
    if not said.strip():
        return
    target = tmp_path / f"deck.{form}"
    pieces = (to_csv if form == "csv" else to_json)([deepcopy(data)], lambda _: {})
    target.write_text("".join(pieces), "utf-8", newline="")
    (found,) = read_decks(target)
    assert found == data
    merged = merge(found, tmp_path / "own", [], alone=lambda: True)
    write(merged, NOW)
    assert plain(read_deck(merged.path)[1]) == data


def deck_json(cards: list[dict[str, Any]], name: str = "mine") -> dict[str, Any]:
    return {"deck": name, "title": {"en": "A deck", "zh": "题库"}, "cards": cards}


def card_json(n: int, said: str = "Because.") -> dict[str, Any]:
    points = [{"en": f"{m}.", "zh": f"{m}。"} for m in range(3)]
    both = {"en": said, "zh": said}
    return {"id": f"c{n}", "rev": 1, "kind": "open", "level": 1, "tags": ["t"], "ask": {"en": "Why?", "zh": "为什么？"},
            "rubric": points, "model_answer": both}  # fmt: skip


def test_what_is_imported_can_be_read_again(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four megabytes of long answers are one deck, which drills, and exports and imports like any other."""
    target = tmp_path / "long.json"
    target.write_text(json.dumps(deck_json([card_json(n, "字" * 9_000) for n in range(80)])))
    assert len(told(capsys, str(target))["new"]) == 80
    assert (home / "pack/questions/mine.yaml").stat().st_size > 2 << 20
    assert len(load_deck(home / "pack/questions/mine.yaml").cards) == 80
    for form in ("csv", "json"):
        again = tmp_path / f"again.{form}"
        assert main(["export", "--to", form, "--deck", "mine", str(again)]) == 0
        assert told(capsys, str(again))["same"] == 80


def test_more_than_a_deck_holds_is_refused_before_anything_is_written(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Too many cards in the file, too many with those there, too much text: said with what to do, and all stays."""
    target, path = tmp_path / "a.json", home / "pack/questions/mine.yaml"
    target.write_text(json.dumps(deck_json([card_json(n) for n in range(2001)])))
    assert main(["import", str(target)]) == 5
    assert "a.json:1: `cards` has 2001 entries; 2000 are the most that are read; give the others another deck" in (
        capsys.readouterr().err
    )
    assert not path.exists()
    target.write_text(json.dumps(deck_json([card_json(n) for n in range(5)])))
    assert main(["import", str(target)]) == 0
    before = path.read_bytes()
    for cards, why in (
        ([card_json(n + 5) for n in range(1996)], "2000 are the most"),
        ([card_json(n + 5, "x" * 19_000) for n in range(500)], "larger than 16 MiB; split it into several decks"),
    ):
        target.write_text(json.dumps({"decks": [deck_json([card_json(0)], "other"), deck_json(cards)]}))
        capsys.readouterr()
        assert main(["import", str(target)]) == 2
        assert "the deck `mine` would not be read again with these cards" in (said := capsys.readouterr().err)
        assert why in said
        assert path.read_bytes() == before
        assert not path.with_name("other.yaml").exists()


def test_the_decks_of_a_file_are_told_apart(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """More than a few hundred are read; one that stands there twice is refused; --deck is for one alone."""
    target = tmp_path / "a.json"
    target.write_text(json.dumps({"schema": 1, "decks": [deck_json([card_json(0)], f"d{n}") for n in range(300)]}))
    assert main(["import", str(target), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["decks"]) == 300
    assert main(["import", str(target), "--deck", "own"]) == 2
    assert "--deck names one deck" in capsys.readouterr().err
    target.write_text(json.dumps({"decks": [deck_json([card_json(0)], "twice"), deck_json([card_json(1)], "twice")]}))
    assert main(["import", str(target)]) == 5
    assert "the deck `twice` stands here a second time" in capsys.readouterr().err
    target.write_text('{"decks": []}')
    assert main(["import", str(target)]) == 5
    assert "there is no deck in it" in capsys.readouterr().err


def test_an_export_keeps_one_deck_at_a_time(tmp_path: Path) -> None:
    """Ten decks take no more memory than two; nor does reading them, beyond the text itself."""
    cards = [card_json(n, "x" * 300) for n in range(80)]

    def peak(count: int) -> tuple[int, int, int]:
        decks = (deck_json(deepcopy(cards), f"d{n}") for n in range(count))
        target = tmp_path / f"{count}.json"
        tracemalloc.start()
        with target.open("w") as out:
            out.writelines(to_json(decks, lambda _: {}))
        wrote = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        for _ in read_decks(target):
            pass
        read = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return wrote, read, target.stat().st_size

    two, ten = peak(2), peak(10)
    assert ten[0] < 1.2 * two[0]
    assert ten[1] - two[1] < 4 * (ten[2] - two[2])

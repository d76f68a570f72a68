from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from decks import EVERY_KIND, OPEN, write_deck, write_kata

from interview.cli.main import main
from interview.cli.world import shipped
from interview.content.cards.deck_file import load_deck
from interview.content.shelf import Shelf
from interview.log.record import Attempt, Due, Rating, Review
from interview.log.store import Store
from interview.practice.insight.listing import find_cards, list_decks
from interview.terminal.screens.listing import question

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack of one deck and one kata, on INTERVIEW_PATH."""
    folder = tmp_path / "pack"
    write_deck(folder, EVERY_KIND)
    write_kata(folder)
    monkeypatch.setenv("INTERVIEW_PATH", str(folder))
    monkeypatch.setenv("INTERVIEW_NOW", NOW.isoformat())
    monkeypatch.setenv("INTERVIEW_LANG", "en")
    return folder


def listed(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    assert main(["list", *args, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_a_new_person_has_only_new_cards(pack: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """New cards are not due, a kata never tried is new, and listing leaves no trace."""
    found = listed(capsys)
    assert found["schema"] == 1
    assert {"id": "mine", "cards": 6, "new": 6, "due": 0} in found["decks"]
    assert {"id": "double", "status": "new"} in found["katas"]
    assert not home.exists()


def test_the_history_is_told(pack: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A rated card is no longer new, one called for is due, a failed attempt is a try."""
    day = NOW.date()
    with Store.open(home / "history.db") as store:
        store.append(Review("mine/strongest", 1, NOW, day, Rating.GOOD), Review("mine/ridge", 1, NOW, day, Rating.GOOD))
        store.append(Due("mine/ridge", NOW, day, "kata double: doubles"))
        store.append(Attempt("double", NOW, day, "failed", 1, "", 0.1, ("doubles",)))
    found = listed(capsys)
    assert {"id": "mine", "cards": 6, "new": 4, "due": 1} in found["decks"]
    assert {"id": "double", "status": "tried"} in found["katas"]


@pytest.mark.parametrize(
    ("words", "cards"), [("求了平方", 1), ("squares", 1), ("theory", 4), ("CODE printed", 1), ("q1", 1)]
)
def test_a_query_looks_into_both_languages(
    pack: Path, capsys: pytest.CaptureFixture[str], words: str, cards: int
) -> None:
    """Ids, tags, origins and texts, whatever the case; every word must be found."""
    mine = [deck for deck in listed(capsys, *words.split())["decks"] if deck["id"] == "mine"]
    assert [deck["cards"] for deck in mine] == [cards]


def test_a_person_sees_titles_in_their_language(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--lang zh` says the titles and the heads in Chinese."""
    assert main(["--lang", "zh", "list"]) == 0
    out = capsys.readouterr().out
    assert "题库" in out
    assert "加倍" in out
    assert main(["list", "nothing-is-called-this"]) == 0
    assert capsys.readouterr().out == "nothing found\n"


def test_a_question_is_listed_whole_and_rendered(tmp_path: Path) -> None:
    """Every line of what is asked, its maths and code as a card shows them, not as they are written."""
    asked = '{en: "One `x`.\\nIs it $\\\\lambda - \\\\frac{1}{p}$?", zh: "`x`：$\\\\lambda - \\\\frac{1}{p}$？"}'
    deck = load_deck(write_deck(tmp_path, OPEN.replace('{en: "Why?", zh: "为什么？"}', asked)))
    assert question(deck.cards[0], "en").plain.replace("\u00a0", " ") == "One x. Is it λ − 1/p?"


def test_a_question_of_several_lines_is_one_as_its_language_writes_it() -> None:
    """Lines of the file are joined as everywhere: in Chinese without a space, and none follows its punctuation."""
    decks, _ = Shelf(None).decks([shipped()])
    asked = {card.name: question(card, "zh").plain for deck in decks for card in deck.cards}
    assert {
        name: said for name, said in asked.items() if re.search("[\u3000-\u9fff！-～] +[\u3000-\u9fff！-～]", said)
    } == {}


def test_what_the_parts_of_a_card_ask_is_listed_and_found(tmp_path: Path) -> None:
    """A card whose quantities are asked for one by one is more than what they have in common."""
    parts = "  ask: {en: Two numbers., zh: 两个数。}\n  parts:\n" + "".join(
        f"    - {{ask: {{en: And the {word}?, zh: {zh}呢？}}, value: 1.0, within: {{abs: 0.1}}}}\n"
        for word, zh in (("mean", "均值"), ("variance", "方差"))
    )
    text = (
        "- id: two\n  rev: 1\n  kind: numeric\n  level: 1\n  tags: [x]\n" + parts + "  answer: {en: So., zh: 如此。}\n"
    )
    deck = load_deck(write_deck(tmp_path, text))
    assert question(deck.cards[0], "en").plain == "Two numbers. And the mean? And the variance?"
    assert question(deck.cards[0], "zh").plain == "两个数。均值呢？方差呢？"
    assert find_cards(deck, "variance") == list(deck.cards)


def test_a_broken_deck_hides_no_other(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What can be read is listed; the exit code and standard error tell of the rest."""
    (pack / "questions" / "broken.yaml").write_text("deck: broken\n", encoding="utf-8")
    assert main(["list"]) == 5
    said = capsys.readouterr()
    assert "mine" in said.out
    assert "broken.yaml:1: `title` is missing" in said.err


def test_listing_imports_nothing_heavy(pack: Path) -> None:
    """`list` starts without torch, numpy, pytest or pydantic."""
    heavy = "{'torch', 'numpy', 'pytest', 'pydantic'}"
    code = f"import sys; from interview.cli.main import main; main(['list']); sys.exit(str({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "set()"


def test_a_higher_rev_is_due(tmp_path: Path) -> None:
    """A card whose right answer changed since it was rated calls for a review."""
    deck = load_deck(write_deck(tmp_path, EVERY_KIND.replace("rev: 1", "rev: 2", 1)))
    from interview.drill.schedule import DEFAULT, replay

    memory = replay("mine/strongest", [Review("mine/strongest", 1, NOW, NOW.date(), Rating.EASY)], DEFAULT)
    line = list_decks([deck], {"mine/strongest": memory}, date(2026, 3, 2))[0]
    assert (line.new, line.due) == (5, 1)

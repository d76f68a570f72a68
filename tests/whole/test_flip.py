"""A card of three lines: a question and its answer in one language, in a deck of one's own, through every command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from decks import CHOICE, FLIP, OPEN, write_deck

from interview.cli.main import main
from interview.content.cards.deck import Card, Flip
from interview.content.cards.deck_file import load_deck
from interview.drill.answers import Way, way
from interview.drill.draw import Drawn
from interview.errors import ContentError
from interview.log.record import Rating
from interview.practice.exchange.anki import sides, tags
from interview.proof.lint import read
from interview.proof.scope import scope_of
from interview.terminal.quiz.context import Showing
from interview.terminal.quiz.model import Asking, Mode, Rate, ask
from interview.terminal.quiz.update import press
from interview.terminal.quiz.view import view
from interview.text import Text

DRAWN = Drawn((), {})
MINE = """\
deck: mine
title: What I keep forgetting
cards:
- id: relu
  ask: What is ReLU?
  answer: |
    It is $\\max(0, x)$.
    It costs $2, not $3, and 2 * 3 * 4 == 24.

    $$x^2$$
- id: softmax
  kind: flip
  tags: [theory, nlp]
  hint: Think of exponents.
  ask: {en: What is softmax?, zh: 什么是 softmax？}
  answer: {en: Normalised exponents., zh: 归一化的指数。}
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's pack with one deck of flips."""
    path = tmp_path / "pack" / "questions" / "mine.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(MINE, "utf-8")
    monkeypatch.setenv("INTERVIEW_PATH", str(tmp_path / "pack"))
    monkeypatch.setenv("INTERVIEW_NOW", "2026-03-01T12:00")
    monkeypatch.setenv("INTERVIEW_LANG", "en")
    monkeypatch.chdir(tmp_path)
    return path


def told(capsys: pytest.CaptureFixture[str], *args: str, code: int = 0) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert main([*args]) == code
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def complaints(tmp_path: Path, card: str) -> list[str]:
    with pytest.raises(ContentError) as error:
        load_deck(write_deck(tmp_path, card))
    return str(error.value).splitlines()


def test_three_lines_are_a_card(mine: Path) -> None:
    """No kind, no level, no revision; a text of one language is said in either, one of two in its own."""
    relu, softmax = load_deck(mine).cards
    assert (relu.kind, relu.level, relu.rev, relu.tags, relu.rubric) == ("flip", 0, 1, (), ())
    assert relu.ask == Text("What is ReLU?", "What is ReLU?")
    assert relu.model_answer is not None
    assert relu.reason is None
    assert (softmax.kind, softmax.tags) == ("flip", ("theory", "nlp"))
    assert softmax.hint == Text("Think of exponents.", "Think of exponents.")
    assert softmax.answer == Flip(Text("Normalised exponents.", "归一化的指数。"))
    assert load_deck(mine).title.zh == "What I keep forgetting"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("  kind: flip\n  level: 2\n", "unknown key `level`"),
        ("  kind: flip\n  rubric: [{en: One., zh: 其一。}]\n", "unknown key `rubric`"),
        ("  level: 2\n", "`kind` is missing"),
        ("  choices: []\n", "`kind` is missing"),
        ("  kind: flop\n", "`kind` is `flop`; it is one of"),
    ],
)
def test_what_a_flip_has_none_of(tmp_path: Path, more: str, said: str) -> None:
    """A level, a rubric; and what has anything of another kind says which it is."""
    assert any(said in line for line in complaints(tmp_path, FLIP + more))


@pytest.mark.parametrize("key", ["id", "ask", "answer"])
def test_what_a_flip_must_have(tmp_path: Path, key: str) -> None:
    """Its three lines."""
    card = "\n".join(line for line in FLIP.splitlines() if f"{key}:" not in line) + "\n"
    card = card if card.startswith("- ") else "- tags: [x]\n" + card
    assert any(f"`{key}` is missing" in line for line in complaints(tmp_path, card))


def test_other_kinds_may_be_in_one_language(tmp_path: Path) -> None:
    """In a deck of one's own, texts and points alike; an option and a mistake have keys of their own."""
    card = (
        OPEN.replace('{en: "Why?", zh: "为什么？"}', '"Why?"')
        .replace('- {en: "Two.", zh: "其二。"}', '- "Two."')
        .replace('{en: "Because.", zh: "因为。"}', '"Because."')
        .replace("    - strongest\n", "")
        .replace('{en: "And then?", zh: "然后呢？"}', '"And then?"')
    )
    (found,) = load_deck(write_deck(tmp_path, card)).cards
    assert found.ask == Text("Why?", "Why?")
    assert found.rubric[1].text == Text("Two.", "Two.")
    assert found.model_answer == Text("Because.", "Because.")
    assert found.follow_ups[0].ask == Text("And then?", "And then?")
    assert complaints(tmp_path, CHOICE.replace('{id: half, en: "It peaks.", zh: "有峰值。", mistake: peak}', "peaks"))


def test_nothing_is_proposed(mine: Path) -> None:
    """Space turns it over; then only 1 to 4 rate it, and the screen says so. There is no line to type on."""
    card = load_deck(mine).cards[0]
    assert way(card) is Way.TURNED
    assert ask(card, DRAWN, typing=True).mode is Mode.FRONT
    asking, _ = press(ask(card, DRAWN), "t")
    assert asking.mode is Mode.FRONT
    back, action = press(asking, "space")
    assert (back.mode, action, back.proposed, back.right) == (Mode.BACK, None, None, None)
    for key in ("space", "enter"):
        still, action = press(back, key)
        assert (still.mode, action) == (Mode.BACK, None)
        assert "1 to 4" in still.notice.en  # type: ignore[union-attr]
    for digit, rating in zip("1234", Rating, strict=True):
        assert press(back, digit)[1] == Rate(rating)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_screen_shows_it_in_every_language(mine: Path, lang: str) -> None:
    """Front and back, text as it was meant, without a level; a card of both languages in the one asked for."""
    relu, softmax = load_deck(mine).cards
    assert [line for line in shown(relu, lang) if "level" in line or "难度" in line] == []
    assert " What is ReLU?" in shown(relu, lang)
    back = shown(relu, lang, "space")
    assert " It is max(0, x). It costs $2, not $3, and 2 * 3 * 4 == 24." in back
    assert "   x²" in back
    assert ("1–4 rate" if lang == "en" else "1–4 评分") in "\n".join(back)
    assert ("Normalised" in "\n".join(shown(softmax, lang, "space"))) is (lang == "en")


def shown(card: Card, lang: str, *keys: str) -> list[str]:
    asking: Asking = ask(card, DRAWN)
    for key in keys:
        asking, _ = press(asking, key)
    screen = view(asking, Showing(lang=lang, width=80))
    return [line.plain.replace("\u00a0", " ").rstrip() for line in (*screen.body, *screen.foot)]


def test_a_sitting_from_a_file(mine: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line is its rating, or an object has it; anything else is refused with its line, for nobody else can tell."""
    answers = mine.parent / "answers"
    answers.write_text('3\n{"rating": 1, "answer": "exponents"}\n')
    *reviews, _ = told(capsys, "quiz", "mine", "--answers", str(answers), "--json")
    assert [(each["card"], each["rating"], each["proposed"], each["right"]) for each in reviews] == [
        ("mine/relu", "good", None, None), ("mine/softmax", "again", None, None),
    ]  # fmt: skip
    assert reviews[1]["given"] == "exponents"
    assert reviews[0]["given"] is None
    for wrong in ("-", "5", "max(0, x)", '{"answer": "x"}'):
        answers.write_text(f"# mine\n{wrong}\n")
        assert main(["quiz", "mine", "--cram", "--answers", str(answers)]) == 2
        assert "answers:2: " in (said := capsys.readouterr().err)
        assert "rating from 1 to 4" in said


def test_it_is_listed_searched_scheduled_and_planned(
    mine: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As any other card, before it was answered and after."""
    (listed,) = told(capsys, "list", "exponents", "--json")
    assert [each["id"] for each in listed["cards"]] == ["mine/softmax"]
    home.mkdir()
    (home / "config.toml").write_text("[quiz]\nnew = 1000\n")
    (today,) = told(capsys, "today", "--json")
    assert [each for each in today["decks"] if each["id"] == "mine"] == [{"id": "mine", "due": 0, "new": 2}]
    (plan,) = told(capsys, "plan", "--date", "2026-03-20", "--json")
    assert "mine/relu" in [*plan["today"]["cards"], *plan["today"]["waiting"], *(e["card"] for e in plan["short"])]
    (mine.parent / "answers").write_text("3\n4\n")
    told(capsys, "quiz", "mine", "-n", "2", "--answers", str(mine.parent / "answers"), "--json")
    (card,) = told(capsys, "card", "mine/relu", "--json")
    assert card["due"] > "2026-03-01"
    assert main(["quiz", "mine", "--level", "1-5", "--answers", "/dev/null"]) == 2


def decks(capsys: pytest.CaptureFixture[str], form: str) -> Any:
    (found,) = told(capsys, "import", f"deck.{form}", "--json")
    return [(each["id"], each["new"], each["changed"], each["same"]) for each in found["decks"]]


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_round_trip_loses_nothing(
    mine: Path,
    home: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    form: str,
) -> None:
    """What was exported is the same when it comes back, and nothing where it is there already."""
    there = load_deck(mine)
    assert main(["export", "--to", form, "--deck", "mine", f"deck.{form}"]) == 0
    assert decks(capsys, form) == [("mine", [], [], 2)]
    monkeypatch.delenv("INTERVIEW_PATH")
    assert decks(capsys, form) == [("mine", ["relu", "softmax"], [], 0)]
    back = load_deck(home / "pack" / "questions" / "mine.yaml")
    assert back.title == there.title
    for one, other in zip(back.cards, there.cards, strict=True):
        assert (one.ask, one.answer, one.tags, one.hint, one.rev, one.kind) == (
            other.ask, other.answer, other.tags, other.hint, other.rev, other.kind,
        )  # fmt: skip


def test_anki_gets_one_language_once(mine: Path) -> None:
    """What says the same in both languages is not shown twice; no level is a tag."""
    deck = load_deck(mine)
    relu, softmax = (sides(card, deck, {}) for card in deck.cards)
    assert relu[0] == "<p>What is ReLU?</p>"
    assert relu[2:] == ["", ""]
    assert softmax[2] == "<p>什么是 softmax？</p>"
    assert tags(deck.cards[1]) == ["interview::mine", "flip", "theory", "nlp"]


def test_lint_lets_a_person_and_not_us(mine: Path) -> None:
    """A person's deck is sound; ours would not: a flip holds nothing against an answer, a text is in one language."""
    scope = scope_of(mine, ())
    assert read(scope).problems == ()
    problems = [each.text for each in read(scope, lambda _: True).problems]
    assert sum("a flip is for decks of one's own" in each for each in problems) == 2
    assert sum("a text in one language" in each for each in problems) == 4

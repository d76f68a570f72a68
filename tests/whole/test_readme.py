"""The README says what is so: its commands, its table."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from interview.cli.world import shipped
from interview.content.cards.deck_file import load_deck
from interview.content.cards.references import load_references
from interview.content.katas.kata import Kata
from interview.content.katas.kata_file import load_kata
from interview.drill.draw import draw
from interview.drill.schedule import DEFAULT, preview
from interview.drill.session import Left
from interview.log.record import Memory
from interview.proof.katas.submissions import mechanical_mutants
from interview.terminal.quiz.context import Showing
from interview.terminal.quiz.kinds import asked
from interview.terminal.quiz.model import ask
from interview.terminal.quiz.update import press
from interview.terminal.quiz.view import view
from interview.terminal.tui.screen import frame

README = Path(__file__).resolve().parents[2] / "README.md"
pytestmark = pytest.mark.skipif(not README.exists(), reason="the wheel is tested away from the README")


def test_the_two_commands_word_for_word() -> None:
    """Each is enough on a fresh machine: whoever changes one has tried it on one."""
    text = README.read_text("utf-8")
    for command in (
        "python3 -m venv .venv && .venv/bin/pip install -e . && .venv/bin/interview quiz dropout",
        "python3 -m venv .venv && .venv/bin/pip install -e '.[dev]' && .venv/bin/python -m pytest",
    ):
        assert command in text


def katas() -> list[Kata]:
    return [load_kata(each) for each in sorted((shipped() / "katas").iterdir()) if (each / "kata.yaml").exists()]


def test_the_table_is_of_these_katas() -> None:
    """Every kata stands in the table with the number of its checks and submissions, all of them accepted and caught."""
    rows = re.findall(r"\| `([\w-]+)` \| (\d+) \| (\d+) of (\d+) \| (\d+) of (\d+) \|", README.read_text("utf-8"))
    expected = [(each.id, len(each.checks), *[len(each.accepted)] * 2, *[each.wrong_answers] * 2) for each in katas()]
    assert sorted((name, *map(int, numbers)) for name, *numbers in rows) == expected


def test_every_mutant_is_caught_or_equivalent() -> None:
    """The table's mutants are as many as lint makes, and those that pass are listed in kata.yaml, each entry for one at
    least."""
    cell = r"\| `([\w-]+)` .*\| (\d+) of (\d+)(?:, (\d+) equivalent)? \| [\d.]+ s \|"
    rows = {name: [int(each or 0) for each in rest] for name, *rest in re.findall(cell, README.read_text("utf-8"))}
    for kata in katas():
        caught, of, same = rows[kata.id]
        changes = [each.change for each in mechanical_mutants(kata) if each.change]
        listed = [any(each.is_of(change.before, change.after) for each in kata.equivalents) for change in changes]
        assert caught + same == of == len(changes), kata.id
        assert len(kata.equivalents) <= same <= sum(listed), kata.id


def test_the_screens_are_those_of_the_quiz() -> None:
    """Line by line, `…` for what is left out: the front with `a` pressed, and the back after the first option."""
    deck = load_deck(shipped() / "questions" / "dropout.yaml")
    cards = {card.id: card for card in deck.cards}
    card = cards["strongest-p"]
    front, _ = press(ask(card, draw(card, 1)), "a")
    back, _ = press(front, "1")
    references = load_references(shipped() / "questions" / "references.yaml")
    names = {name: asked(cards[name.split("/")[1]], "en", {}) for each in card.follow_ups if (name := each.card)}
    showing = Showing("en", 80, Left(7, 1, 2), time="4 min", note=deck.note, references=references, names=names,
                      days=preview(Memory(card.name), date(2026, 11, 23), DEFAULT))  # fmt: skip
    blocks = re.findall(r"```\n(.*?)```", README.read_text("utf-8").split("## The quiz")[1], re.DOTALL)
    for asking, block in zip((front, back), blocks, strict=False):
        shown = view(asking, showing)
        lines = iter(line.plain.rstrip().replace("\u00a0", " ") for line in frame(shown, 80, 99, 0).lines)
        for line in block.rstrip().split("\n"):
            assert line.strip() == "…" or line in lines, line

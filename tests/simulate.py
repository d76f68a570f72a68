"""The days up to an interview, lived through the real command line: `python tests/simulate.py [MINUTES] [DAYS]`.

Every day is one `interview quiz --answers FILE --json` at that day's INTERVIEW_NOW, answered by a person who says
AGAIN to one card in twelve; what was asked is read from the JSON lines.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import StringIO
from pathlib import Path
from zlib import crc32

import pytest

from interview.cli.main import main
from interview.cli.world import shipped
from interview.content.cards.deck import Card
from interview.content.shelf import Shelf
from interview.drill.answers import seconds as guessed

START = date(2026, 11, 23)


@dataclass(frozen=True)
class Day:
    """What one day's quiz asked, in order."""

    day: date
    left: int
    asked: tuple[str, ...]


def run(*args: str, home: Path, day: date, env: Mapping[str, str] | None = None) -> str:
    now = datetime.combine(day, time(20), datetime.now().astimezone().tzinfo).isoformat()
    world = {"INTERVIEW_HOME": str(home), "INTERVIEW_NOW": now, **(env or {})}
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()) as out:
        for name in [each for each in os.environ if each.startswith("INTERVIEW_")]:
            patch.delenv(name)
        for name, value in world.items():
            patch.setenv(name, value)
        code = main(list(args))
    assert code == 0, out.getvalue()
    return out.getvalue()


def answers(day: date) -> str:
    """More ratings than a day can ask: mostly GOOD, now and then AGAIN, HARD or EASY."""
    ratings = [(1, 2, 4, *(3,) * 9)[crc32(f"{day}{n}".encode()) % 12] for n in range(400)]
    return "".join(json.dumps({"rating": rating}) + "\n" for rating in ratings)


def live(home: Path, *, days: int, minutes: int, env: Mapping[str, str] | None = None) -> list[Day]:
    """Set the date, then a quiz a day until its eve."""
    goal = START + timedelta(days=days)
    run("plan", "--date", goal.isoformat(), "-m", str(minutes), home=home, day=START, env=env)
    lived = []
    for n in range(days):
        day = START + timedelta(days=n)
        script = home / "answers"
        script.write_text(answers(day))
        said = run("quiz", "--answers", str(script), "--seed", "1", "--json", home=home, day=day, env=env)
        asked = tuple(line["card"] for line in map(json.loads, said.splitlines()) if "card" in line)
        lived.append(Day(day, days - n, asked))
    return lived


def looks(lived: list[Day]) -> dict[str, list[date]]:
    """The days on which each card was seen."""
    seen: dict[str, list[date]] = defaultdict(list)
    for each in lived:
        for card in dict.fromkeys(each.asked):
            seen[card].append(each.day)
    return seen


def cards() -> dict[str, Card]:
    """The shipped ones."""
    decks, _ = Shelf(None).decks([shipped()])
    return {card.name: card for deck in decks for card in deck.cards}


def must_know() -> set[str]:
    return {name for name, card in cards().items() if card.must_know}


def table(lived: list[Day], must: set[str]) -> str:
    seen: dict[str, int] = defaultdict(int)
    seconds = {name: guessed(card) for name, card in cards().items()}
    rows = ["day         left  asked  cards  new  must-know  min  must-know seen 1× 2× 3×"]
    for each in lived:
        today = set(each.asked)
        new = sum(not seen[card] for card in today)
        for card in today:
            seen[card] += 1
        counts = [sum(seen[card] >= times for card in must) for times in (1, 2, 3)]
        minutes = sum(seconds.get(card, 60) for card in each.asked) / 60
        rows.append(
            f"{each.day}  {each.left:4}  {len(each.asked):5}  {len(today):5}  {new:3}  {len(today & must):9}"
            f"  {minutes:3.0f}  {'':14} {counts[0]:2} {counts[1]:2} {counts[2]:2}"
        )
    days = looks(lived)
    goal = lived[-1].day + timedelta(days=1)
    fewest = min(len(days[card]) for card in must)
    oldest = max((goal - days[card][-1]).days if days[card] else 99 for card in must)
    rows.append(
        f"{len(must)} must-know cards: each seen on {fewest} days or more, the last at most {oldest} days before."
    )
    others = [days[card] for card in days if card not in must]
    thrice = sum(len(each) >= 3 for each in others)
    rows.append(f"{len(others)} other cards begun: {thrice} seen on three days or more.")
    return "\n".join(rows)


if __name__ == "__main__":
    chosen = [int(each) for each in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        print(table(live(home, minutes=chosen[0] if chosen else 25, days=(chosen[1:] or [21])[0]), must_know()))

"""How long until the first card is on the screen, in units of `python -c pass`, with logs of 10,000 and 100,000.

python tests/bench/first_card.py [DECK]
"""

from __future__ import annotations

import os
import pty
import select
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from interview.content.cards.deck_file import load_deck
from interview.content.catalog import find_deck
from interview.drill.schedule import DEFAULT
from interview.log.record import Rating, Review
from interview.log.store import Store
from interview.practice.review.memories import settle

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or every start compiles us anew, which none does once installed
ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests" / "fixtures" / "drill"
RUNS = 15


def main(deck: str) -> None:
    print("lower quartiles, each run beside one of `python -c pass`")
    with tempfile.TemporaryDirectory() as folder:
        bare, first = side_by_side(start_python, lambda: first_card(str(Path(folder) / str(time.monotonic_ns())), deck))
        print(f"an empty home: first card {told(first, bare)}")
    for reviews in (0, 10_000, 100_000):
        with tempfile.TemporaryDirectory() as folder:
            fill(Path(folder), deck, reviews)
            key = key_to_screen(folder, deck)  # lives long enough to keep the parsed deck, as any sitting does
            bare, first = side_by_side(start_python, lambda: first_card(folder, deck))
            print(f"{reviews:>7,} reviews: first card {told(first, bare)}; a key {1000 * key:4.1f} ms")


def told(first: float, bare: float) -> str:
    return f"{1000 * first:5.1f} ms, pass {1000 * bare:4.1f} ms: {first / bare:4.1f} x"


def key_to_screen(home: str, deck: str) -> float:
    """Seconds from a key to the whole next screen, in the middle of a sitting: reveal, rate, reveal, rate…"""
    with Shown(home, deck) as shown:
        time.sleep(0.5)
        taken = []
        for key in b"\x1b", b" ", b" ", b"4", b"\x1b", b" ", b" ", b"4", b"\x1b", b" ", b" ", b"4":
            started = time.perf_counter()
            os.write(shown.terminal, key)
            shown.until(b"\x1b[?25h")
            if key != b"\x1b":  # Esc waits for the rest of a sequence by design
                taken.append(time.perf_counter() - started)
            time.sleep(0.1)
        return statistics.median(taken)


def start_python() -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return time.perf_counter() - started


def side_by_side(*acts: Callable[[], float]) -> list[float]:
    """Taken in turn, so that a busy machine is as busy for all of them."""
    times: list[list[float]] = [[] for _ in acts]
    for run in range(RUNS + 1):
        for act, taken in zip(acts, times, strict=True):
            seconds = act()
            if run:  # the first warms the caches
                taken.append(seconds)
    return [statistics.quantiles(taken, n=4)[0] for taken in times]


def first_card(home: str, deck: str) -> float:
    """Seconds until a quiz in a pseudo-terminal shows the line of keys, the last to be painted."""
    started = time.perf_counter()
    with Shown(home, deck):
        return time.perf_counter() - started


class Shown:
    """A quiz whose first card is on the screen."""

    def __init__(self, home: str, deck: str) -> None:
        mine = {"INTERVIEW_HOME": home, "INTERVIEW_PATH": str(FIXTURES), "INTERVIEW_LANG": "en", "TERM": "xterm"}
        command = Path(sys.executable).with_name("interview")
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.execve(command, ["interview", "quiz", deck], {**os.environ, **mine})
        self.until(b"save and leave")

    def until(self, wanted: bytes) -> None:
        seen = b""
        while wanted not in seen and select.select([self.terminal], [], [], 20)[0]:
            seen += os.read(self.terminal, 65536)

    def __enter__(self) -> Shown:
        return self

    def __exit__(self, *_: object) -> None:
        os.kill(self.child, 9)
        os.waitpid(self.child, 0)
        os.close(self.terminal)


def fill(home: Path, deck: str, reviews: int) -> None:
    """A history of that many reviews: over this deck's cards and enough others, ending some weeks ago."""
    path = find_deck((ROOT, FIXTURES), deck)
    assert path is not None
    mine = [card.name for card in load_deck(path).cards]
    cards = [*mine, *(f"other/card-{n}" for n in range(max(0, reviews // 40)))][: max(1, reviews // 20)] or mine
    day, at = date(2024, 1, 1), datetime(2024, 1, 1, 12, tzinfo=UTC)
    events = [
        Review(
            cards[n % len(cards)],
            1,
            at + timedelta(hours=n // 20),
            day + timedelta(days=n // 480),
            Rating.GOOD,
            seconds=9.0,
        )
        for n in range(reviews)
    ]
    with Store.open(home / "history.db") as store:
        if events:
            store.append(*events)
            settle(store, store.cards(), DEFAULT)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "sample")

"""One count of the day, whatever asks for it."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from decks import EVERY_KIND, write_deck, write_kata
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from interview.cli.main import main
from interview.content.cards.deck import Card, Deck
from interview.content.cards.deck_file import load_deck
from interview.drill.day import Limits, day_of, mixed
from interview.drill.schedule import DEFAULT, replay
from interview.drill.session import plan
from interview.log.record import Bury, CardEvent, Due, Event, Forget, Memory, Rating, Review, Suspend
from interview.log.store import Store
from interview.practice.insight.listing import list_decks
from interview.practice.insight.stats import tell
from interview.practice.insight.today import look_at

TODAY = date(2026, 3, 1)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
KINDS = ("strongest", "variance", "printed", "spot", "explain", "ridge")
NAMES = ("mine", "yours", "theirs")
CARDS = tuple(f"{deck}/{kind}" for deck in NAMES for kind in KINDS)


def write_decks(folder: Path) -> list[Path]:
    return [write_deck(folder, EVERY_KIND, name=name) for name in NAMES]


@pytest.fixture(scope="module")
def decks() -> list[Deck]:
    with tempfile.TemporaryDirectory() as folder:
        return [load_deck(path) for path in write_decks(Path(folder))]


def event(card: str, days_ago: int, what: str) -> CardEvent:
    at, day = NOW - timedelta(days=days_ago), TODAY - timedelta(days=days_ago)
    match what:
        case "bury":
            return Bury(card, at, day, day + timedelta(days=1))
        case "suspend" | "wake":
            return Suspend(card, at, day, on=what == "suspend")
        case "due":
            return Due(card, at, day, "kata double: doubles")
        case "forget":
            return Forget(card, at, day)
        case _:
            return Review(card, 1, at, day, Rating[what.upper()])


DAYS = st.integers(0, 30)
events = st.builds(
    event,
    st.sampled_from(CARDS),
    DAYS,
    st.sampled_from(["again", "hard", "good", "easy", "bury", "suspend", "wake", "due", "due"]),
)
histories = st.lists(events, max_size=60).map(lambda all_: sorted(all_, key=lambda each: each.day))


def fold(history: list[CardEvent]) -> dict[str, Memory]:
    found: dict[str, list[CardEvent]] = {}
    for each in history:
        found.setdefault(each.card, []).append(each)
    return {card: replay(card, happened, DEFAULT) for card, happened in found.items()}


def free(_: Card) -> float:
    return 1.0


@settings(max_examples=60, deadline=None)
@given(history=histories, new=st.integers(0, 8), reviews=st.integers(0, 12))
def test_today_list_stats_and_quiz_agree(decks: list[Deck], history: list[CardEvent], new: int, reviews: int) -> None:
    """What is due and what the day begins is one number, whatever happened, and whoever is asked."""
    memories, limits = fold(history), Limits(new, reviews)
    cards = [card for deck in decks for card in deck.cards]
    today = look_at(decks, memories, [], TODAY, goal=None, minutes=None, limits=limits, cost=free, rules=DEFAULT)
    lines = list_decks(decks, memories, TODAY)
    stats = tell(decks, [], memories, [], [], TODAY, DEFAULT)
    session = plan(cards, memories, TODAY, limits, DEFAULT, across=True)

    assert today.share.due == sum(line.due for line in lines) == sum(deck.due for deck in stats.decks)
    assert stats.forecast[0] == today.share.due
    assert [turn.card.name for turn in session.ahead] == [card.name for card in today.share.cards]
    assert len(today.share.cards) + len(today.share.waiting) == today.share.due + today.share.new
    for line in lines:
        states = [memories.get(card.name) or Memory(card.name) for card in line.cards]
        away = sum(memory.suspended or (memory.buried_until or TODAY) > TODAY for memory in states)
        assert line.due + line.new + away <= len(line.cards)


@settings(max_examples=40, deadline=None)
@given(history=histories, new=st.integers(0, 8), answered=st.integers(1, 10))
def test_a_second_sitting_goes_on_where_the_first_was_left(
    decks: list[Deck], history: list[CardEvent], new: int, answered: int
) -> None:
    """After some answers of today the rest is the same cards, in the same order, whatever deck they are of."""
    cards = [card for deck in decks for card in deck.cards]
    first = [turn.card.name for turn in plan(cards, fold(history), TODAY, Limits(new), DEFAULT, across=True).ahead]
    done: list[CardEvent] = [Review(name, 1, NOW, TODAY, Rating.GOOD) for name in first[:answered]]
    second = plan(cards, fold([*history, *done]), TODAY, Limits(new), DEFAULT, across=True)
    assert [turn.card.name for turn in second.ahead] == first[answered:]


def test_the_limit_is_one_for_all_decks(decks: list[Deck]) -> None:
    """What another deck began today counts; so does a card that was called for before it was ever seen."""
    mine = decks[0].cards
    others = fold([event(f"yours/{kind}", 0, "good") for kind in KINDS[:3]])
    assert len(day_of(mine, others, TODAY, Limits(5)).new) == 2
    called = fold([event("mine/ridge", 0, "due")])
    day = day_of(mine, called, TODAY, Limits(5))
    assert [card.name for card in day.due] == ["mine/ridge"]
    assert len(day.new) == 4
    assert "mine/ridge" not in {card.name for card in day.fresh}


def test_what_was_forgotten_today_has_had_its_place(decks: list[Deck]) -> None:
    """A sitting left early: the card said AGAIN comes in the next one too, though the day's reviews are used up."""
    cards = decks[0].cards
    old = [event(card.name, 9, "again") for card in cards[:4]]
    memories = fold([*old, event(cards[0].name, 0, "again"), event(cards[1].name, 0, "good")])
    for limits in (Limits(0, 2), Limits(0, 9, decks={"mine": (0, 2)})):
        assert [card.name for card in day_of(cards, memories, TODAY, limits).reviews] == [cards[0].name]


def test_decks_are_mixed_anew_each_day(decks: list[Deck]) -> None:
    """No deck comes in one piece, and another day has another order."""
    cards = [card for deck in decks for card in deck.cards]
    orders = [[card.name for card in mixed(cards, {}, TODAY + timedelta(days=n))] for n in range(5)]
    assert len({tuple(order) for order in orders}) == 5
    for order in orders:
        runs = 1 + sum(a.split("/")[0] != b.split("/")[0] for a, b in pairwise(order))
        assert runs > len(NAMES)


# The commands themselves


@pytest.fixture
def world(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Three decks and a kata; what it is given is appended to the history."""
    write_decks(tmp_path / "pack")
    write_kata(tmp_path / "pack")
    monkeypatch.setenv("INTERVIEW_PATH", str(tmp_path / "pack"))
    monkeypatch.setenv("INTERVIEW_NOW", NOW.isoformat())
    monkeypatch.setenv("INTERVIEW_LANG", "en")

    def happen(*happened: Event) -> None:
        with Store.open(home / "history.db") as store:
            store.append(*happened)

    return happen


def told(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main([*args, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


def test_cards_called_for_are_due_in_a_deck_never_begun(
    world: Callable[..., None], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """A check failed on the first day: its cards are due in every command, and the quiz brings them first."""
    world(*(event(f"mine/{kind}", 0, "due") for kind in KINDS[:2]), event("yours/spot", 0, "due"))
    today, listed, stats = (told(capsys, name) for name in ("today", "list", "stats"))
    assert today["due"] == listed["due"] == stats["due"] == 3
    assert today["new"] == listed["new"] == stats["new"] == 7
    assert {deck["id"]: deck["due"] for deck in listed["decks"] if deck["due"]} == {"mine": 2, "yours": 1}
    assert {deck["id"]: deck["due"] for deck in stats["decks"]} == {"mine": 2, "yours": 1}
    assert {*today["cards"][:3]} == {"mine/strongest", "mine/variance", "yours/spot"}
    (tmp_path / "answers").write_text("-\n" * 3)
    assert main(["quiz", "--answers", str(tmp_path / "answers"), "--json"]) == 0
    asked = [json.loads(line)["card"] for line in capsys.readouterr().out.splitlines()[:3]]
    assert asked == today["cards"][:3]
    assert main([]) == 0
    assert "nothing is due" not in capsys.readouterr().out


def test_what_was_begun_today_counts_in_every_deck(
    world: Callable[..., None], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Eight begun in two decks leave two of the third, and then none."""
    world(*(event(card, 0, "good") for card in CARDS[:8]))
    assert told(capsys, "today")["new"] == 2
    (tmp_path / "answers").write_text("-\n" * 9)
    totals = told(capsys, "quiz", "theirs", "--answers", str(tmp_path / "answers"))["totals"]
    assert totals["cards"] == 2
    assert told(capsys, "today")["new"] == 0


@pytest.mark.parametrize(("lang", "said"), [("en", "from the kata double: value"), ("zh", "来自手写题 double：数值")])
def test_a_card_says_why_it_came(world: Callable[..., None], lang: str, said: str) -> None:
    """The kata and its failed check by title; what cannot be looked up is said as the log has it."""
    from interview.cli.drill.reason import reason
    from interview.cli.world import World

    here = World(lang, color=False)
    assert reason(here, "kata double: doubles").casefold() == said.casefold()
    assert "gone: some_check" in reason(here, "kata gone: some_check").replace("：", ": ")
    assert reason(here, "because") == "because"


@pytest.mark.parametrize("name", ["MINE", "Mine/Ridge", "mine/RIDGE"])
def test_names_are_found_whatever_their_case(
    world: Callable[..., None], capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str
) -> None:
    """Decks and cards of the quiz, and the deck of stats and export."""
    (tmp_path / "answers").write_text("-\n")
    assert main(["quiz", name, "--answers", str(tmp_path / "answers"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["card"].startswith("mine/")
    deck = name.split("/")[0]
    assert told(capsys, "stats", deck)["deck"] == "mine"
    assert told(capsys, "export", "--to", "csv", "--deck", deck, str(tmp_path / "out.csv"))["decks"] == ["mine"]
    assert main(["kata", "DOUBLE", "--file", str(tmp_path / "mine.py")]) == 0


@pytest.mark.parametrize(("named", "said"), [("gone", "no folder"), ("file", "is a file"), ("empty", "neither")])
def test_a_mistyped_path_is_told_once(
    world: Callable[..., None],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    named: str,
    said: str,
) -> None:
    """It names the variable and what is wrong, and the command goes on with the other packs."""
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    wrong = tmp_path / named
    monkeypatch.setenv("INTERVIEW_PATH", f"{tmp_path / 'pack'}:{wrong}:{wrong}")
    assert main(["list"]) == 0
    out, err = capsys.readouterr()
    assert "mine" in out
    assert err.count("INTERVIEW_PATH") == 1
    assert said in err
    assert str(wrong) in err


def lapses(card: str, days_ago: int) -> list[CardEvent]:
    """Known and forgotten five times: a leech."""
    return [event(card, days_ago + 2 * n, what) for n in range(5, 0, -1) for what in ("good", "again")]


def begun_anew(card: str, days_ago: int) -> list[CardEvent]:
    return [event(card, days_ago, "good"), event(card, days_ago, "forget")]


lives = st.lists(
    st.one_of(
        events.map(lambda each: [each]),
        st.builds(lapses, st.sampled_from(CARDS), st.integers(0, 9)),
        st.builds(
            lambda card, ago: [event(card, ago, "good"), event(card, ago, "forget")], st.sampled_from(CARDS), DAYS
        ),
    ),
    max_size=25,
).map(lambda many: sorted((each for some in many for each in some), key=lambda each: each.day))
LIMITS = st.integers(0, 6)


@st.composite
def configs(draw: st.DrawFn) -> str:
    """Limits of the day, of decks; the recall aimed at, fuzz."""
    fuzz = draw(st.sampled_from(["true", "false"]))
    lines = [f"[quiz]\nnew = {draw(LIMITS)}\nreviews = {draw(st.integers(0, 30))}\nfuzz = {fuzz}"]
    lines += [f"retention = {draw(st.sampled_from([0.8, 0.9, 0.97]))}"]
    lines += [f"[deck.{deck}]\nnew = {draw(LIMITS)}\nreviews = {draw(LIMITS)}" for deck in NAMES if draw(st.booleans())]
    return "\n".join(lines)


LIVED = given(
    history=lives,
    config=configs(),
    goal=st.none() | st.tuples(st.integers(1, 25), st.integers(1, 60)),
    lang=st.sampled_from(["en", "zh"]),
    late=st.booleans(),
    left=st.integers(0, 12),
)
RARELY = {
    "deadline": None,
    "derandomize": True,
    "suppress_health_check": list(HealthCheck),
    "phases": (Phase.generate,),
}


@settings(max_examples=1, **RARELY)  # slow ones below
@LIVED
def test_every_command_says_the_same_and_the_quiz_brings_it(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str], **lived: Any
) -> None:
    """Lived through the real commands, with and without an interview ahead, before four in the morning and by day:
    `interview`, today, list, stats, plan and their --json have one count of what is due and new; the quiz asks just
    those cards, goes on when it was left, without an interview date with just the rest, and then nothing is left for
    the day.
    """
    live(tmp_path_factory.mktemp("lived"), capsys, **lived)


@pytest.mark.slow
@settings(max_examples=5, **RARELY)
@LIVED
def test_so_in_many_lives(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str], **lived: Any
) -> None:
    """The same, often."""
    live(tmp_path_factory.mktemp("lived"), capsys, **lived)


def live(
    folder: Path, capsys: pytest.CaptureFixture[str], history: list[CardEvent], config: str,
    goal: tuple[int, int] | None, lang: str, late: bool, left: int,
) -> None:  # fmt: skip
    home = folder / "home"
    home.mkdir()
    write_decks(folder / "pack")
    (home / "config.toml").write_text(config)
    if goal:
        on = TODAY + timedelta(days=goal[0])
        (home / "plan.toml").write_text(f"date = {on.isoformat()}\nminutes = {goal[1]}\n")
    if history:
        with Store.open(home / "history.db") as store:
            store.append(*history)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INTERVIEW_HOME", str(home))
        patch.setenv("INTERVIEW_PATH", str(folder / "pack"))
        patch.setenv("INTERVIEW_NOW", (NOW + timedelta(hours=15 if late else 0)).isoformat())
        patch.setenv("INTERVIEW_LANG", lang)
        today = agreed(capsys, goal)
        answered = asked(capsys, folder, left)
        assert answered == today["cards"][:left]
        rest = agreed(capsys, goal)
        assert goal or rest["cards"] == today["cards"][left:]  # the minutes left of a plan may hold other cards
        assert asked(capsys, folder, 200) == rest["cards"]
        assert goal or agreed(capsys, goal)["cards"] == []


def agreed(capsys: pytest.CaptureFixture[str], goal: tuple[int, int] | None) -> dict[str, Any]:
    """What `today --json` says, once all others say it too."""
    today, listed, stats = (told(capsys, name) for name in ("today", "list", "stats"))
    assert today["due"] == listed["due"] == stats["due"] == stats["forecast"][0]
    assert today["new"] == listed["new"] == stats["new"]
    assert sum(deck["due"] for deck in listed["decks"]) == sum(deck["due"] for deck in stats["decks"]) == today["due"]
    assert len(today["cards"]) + len(today["waiting"]) == today["due"] + today["new"]
    assert sum(deck["due"] + deck["new"] for deck in today["decks"]) == len(today["cards"])
    if goal:
        planned = told(capsys, "plan")
        assert sorted(planned["today"]["cards"]) == sorted(today["cards"])
        assert planned["load"][0]["cards"] == len(today["cards"])
        assert planned["load"][0]["new"] == today["new"]
    screens = []
    for args in ([], ["today"]):
        assert main(args) == 0
        screens.append(capsys.readouterr().out)
    assert screens[0] == screens[1]
    chosen = sum(deck["due"] for deck in today["decks"])
    if goal and today["cards"]:
        assert re.search(rf"\b{len(today['cards'])} (cards?, about|张，约)", screens[0])
    elif not goal and chosen:
        assert re.search(rf"\b{chosen} (cards?, about|张，约)", screens[0])
    if today["new"] and not goal and today["begun"]:
        assert re.search(rf"\b{today['new']} today: |今天 {today['new']} 张：", screens[0])
    if today["waiting"]:
        assert re.search(rf"{len(today['waiting'])} 张到期|without room today: {len(today['waiting'])}", screens[0])
    return today


def asked(capsys: pytest.CaptureFixture[str], folder: Path, most: int) -> list[str]:
    """The cards that the quiz asks, each answered Good."""
    (folder / "answers").write_text('{"rating": 3}\n' * most)
    capsys.readouterr()
    assert main(["quiz", "--answers", str(folder / "answers"), "--json"]) == 0
    return [json.loads(line)["card"] for line in capsys.readouterr().out.splitlines()[:-1]]

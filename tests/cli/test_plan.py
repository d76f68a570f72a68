from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from decks import EVERY_KIND, OPEN, write_deck
from hypothesis import given
from hypothesis import strategies as st
from simulate import live, looks, must_know, table

from interview.cli.main import main
from interview.content.cards.deck import Card
from interview.content.cards.deck_file import load_deck
from interview.content.roles import roles
from interview.drill.horizon import FINAL, latest, toward
from interview.drill.plan import Goal, aim, choose, foresee
from interview.drill.schedule import DEFAULT, recall
from interview.log.record import Memory, Rating

DAY = date(2026, 11, 23)
ON = date(2026, 12, 14)


def minute(_: Card) -> float:
    return 60.0


@pytest.fixture
def cards(tmp_path: Path) -> list[Card]:
    """Six cards, one of them must-know."""
    return list(load_deck(write_deck(tmp_path, EVERY_KIND)).cards)


# Intervals


@given(st.integers(1, 9), st.integers(0, 400), st.text("abc/-", min_size=1))
def test_the_next_look_lies_before_the_interview(reviews: int, ago: int, card: str) -> None:
    """Whatever was seen whenever: the next look is after the last one, and before the day."""
    last = ON - timedelta(days=1 + ago)
    by = latest(card, reviews, last, ON)
    assert by is None or last < by < ON


@given(st.integers(0, 60), st.text("abc/-", min_size=1))
def test_a_card_always_answered_well_is_seen_three_times_and_at_the_end(lead: int, card: str) -> None:
    """Begun four days ahead or more, each look on the last possible day: three looks, the last in the final days."""
    last, reviews = ON - timedelta(days=4 + lead), 1
    while (by := latest(card, reviews, last, ON)) is not None:
        last, reviews = by, reviews + 1
    assert reviews >= 3
    assert (ON - last).days <= FINAL


def test_the_schedule_may_ask_sooner_and_never_later() -> None:
    """EASY would come back in 8 days or more; a date five days off draws it in, a hard card stays where it is."""
    easy = recall(Memory("a/b"), Rating.EASY, DAY, DEFAULT)
    assert easy.due is not None
    assert easy.due > DAY + timedelta(days=5)
    drawn = toward(easy, DAY + timedelta(days=5))
    assert drawn.due is not None
    assert drawn.due < DAY + timedelta(days=5)
    again = recall(Memory("a/b"), Rating.AGAIN, DAY, DEFAULT)
    assert toward(again, ON).due == again.due == DAY


def test_a_rating_towards_a_date_is_drawn_in_at_once() -> None:
    """The button's next date is the one that the plan means."""
    memory = recall(Memory("a/b", until=DAY + timedelta(days=4)), Rating.EASY, DAY, DEFAULT)
    assert memory.due is not None
    assert memory.due < DAY + timedelta(days=4)


# A day


def test_must_know_comes_first_and_the_minutes_are_kept(cards: list[Card]) -> None:
    """Two minutes hold two cards of a minute: the must-know one leads."""
    goal = Goal(ON, minutes=2)
    share = choose(cards, aim(cards, {}, goal, DAY), DAY, goal, minute)
    assert share.chosen[0].id == "explain"
    assert len(share.chosen) == 2
    assert len(share.waiting) == 4
    assert share.seconds == 120


def test_the_least_known_is_asked_before_the_others(cards: list[Card]) -> None:
    """Of two cards due, the one likelier forgotten."""
    known = {
        card.name: recall(Memory(card.name), Rating.HARD if card.id == "ridge" else Rating.EASY, DAY, DEFAULT)
        for card in cards
        if not card.must_know
    }
    goal = Goal(DAY + timedelta(days=12), minutes=1, new=0)
    day = DAY + timedelta(days=11)
    share = choose(cards[:4] + cards[5:], aim(cards, known, goal, day), day, goal, minute)
    assert [card.id for card in share.chosen] == ["ridge"]


def test_what_was_answered_today_is_taken_off_the_minutes(cards: list[Card]) -> None:
    """A second sitting of the day has what the first one left."""
    goal = Goal(ON, minutes=3)
    known = {"mine/explain": recall(Memory("mine/explain"), Rating.GOOD, DAY, DEFAULT)}
    share = choose(cards, aim(cards, known, goal, DAY), DAY, goal, minute)
    assert len(share.chosen) == 2


def test_what_will_not_fit_is_named(cards: list[Card]) -> None:
    """A minute a day for six cards and four days: the must-know card is ready, others are short."""
    goal = Goal(DAY + timedelta(days=4), minutes=1)
    outlook = foresee(cards, aim(cards, {}, goal, DAY), DAY, goal, minute, DEFAULT)
    assert outlook.short
    assert "explain" not in [each.card.id for each in outlook.short]
    assert not foresee(cards, aim(cards, {}, Goal(ON), DAY), DAY, Goal(ON), minute, DEFAULT).short


def test_a_deck_s_limit_holds_under_a_plan(cards: list[Card]) -> None:
    """Whatever the minutes, a deck begins and repeats no more than it may a day, on any day until the interview."""
    goal = Goal(ON, minutes=400, new=10, decks={"mine": (2, 1), "other": (0, 0)})
    share = choose(cards, aim(cards, {}, goal, DAY), DAY, goal, minute)
    assert len(share.chosen) == 2
    known = {card.name: recall(Memory(card.name), Rating.AGAIN, DAY - timedelta(days=1), DEFAULT) for card in cards[:4]}
    share = choose(cards, aim(cards, known, goal, DAY), DAY, goal, minute)
    assert sorted(card.name not in known for card in share.chosen) == [
        False,
        True,
        True,
    ]
    begun = {**known, cards[5].name: recall(Memory(cards[5].name), Rating.GOOD, DAY, DEFAULT)}
    share = choose(cards, aim(cards, begun, goal, DAY), DAY, goal, minute)
    assert sum(card.name not in begun for card in share.chosen) == 1
    for load in foresee(cards, aim(cards, {}, goal, DAY), DAY, goal, minute, DEFAULT).loads:
        assert load.new <= 2
        assert load.cards - load.new <= 1


# The command


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_NOW", f"{DAY}T12:00")
    monkeypatch.setenv("INTERVIEW_LANG", "en")


def shown(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    assert found["schema"] == 1
    return found


def test_the_date_is_set_and_shown(now: None, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`plan --date D -m N` keeps both; `plan` shows them; --clear forgets them. Showing leaves no trace."""
    assert main(["plan", "--json"]) == 0
    assert shown(capsys)["date"] is None
    assert not home.exists()
    assert main(["plan", "--date", "2026-12-14", "-m", "25", "--json"]) == 0
    assert main(["plan"]) == 0
    out = capsys.readouterr().out
    assert "2026-12-14, in 21 days  25 min a day" in out
    assert main(["plan", "--clear", "--json"]) == 0
    assert shown(capsys)["date"] is None


def test_the_chinese_screen_folds_to_forty_columns(
    now: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line is wider than the terminal, counted in cells."""
    from rich.cells import cell_len

    monkeypatch.setenv("COLUMNS", "40")
    assert main(["--lang", "zh", "plan", "--date", "2026-12-14", "-m", "5"]) == 0
    out = capsys.readouterr().out
    assert "还有 21 天" in out
    assert "排不下" in out
    assert max(cell_len(line) for line in out.splitlines()) <= 40


@pytest.mark.parametrize("date", ["14.12.2026", "2026-11-23", "2025-01-01"])
def test_only_a_day_ahead_is_a_date(now: None, home: Path, date: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Anything else is code 2, and nothing is kept."""
    assert main(["plan", "--date", date]) == 2
    assert date in capsys.readouterr().err
    assert not home.exists()


def test_a_date_gone_by_changes_nothing(
    now: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the day itself and after it, plan says so, and the quiz goes by its schedule."""
    assert main(["plan", "--date", "2026-12-14"]) == 0
    monkeypatch.setenv("INTERVIEW_NOW", "2026-12-14T09:00")
    capsys.readouterr()
    assert main(["plan"]) == 0
    assert "was on 2026-12-14" in capsys.readouterr().out
    assert main(["quiz", "--json", "--answers", "/dev/null"]) == 0
    assert '"reviews": 0' in capsys.readouterr().out


def test_a_day_s_share_done_is_said(
    now: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the day's minutes used up, the quiz says so and how to take more; -n takes them."""
    write_deck(tmp_path / "pack", EVERY_KIND)
    monkeypatch.setenv("INTERVIEW_PATH", str(tmp_path / "pack"))
    script = tmp_path / "answers"
    script.write_text('{"rating": 3}\n' * 40)
    assert main(["plan", "--date", "2026-12-14", "-m", "3"]) == 0
    assert main(["quiz", "mine", "--answers", str(script)]) == 0
    capsys.readouterr()
    assert main(["quiz", "mine", "--answers", str(script)]) == 0
    assert "Today's share (3 minutes) is done" in capsys.readouterr().out
    assert main(["quiz", "mine", "-n", "1", "--answers", str(script)]) == 0
    assert "mine/" in capsys.readouterr().out


def test_twenty_one_days_bring_every_must_know_card_to_the_day(tmp_path: Path) -> None:
    """Lived through the real command line, 20 minutes a day, now and then AGAIN: three looks each, the last near."""
    lived = live(tmp_path / "home", days=21, minutes=20)
    seen, must = looks(lived), must_know()
    assert len(must) >= 16
    assert min(len(seen[card]) for card in must) >= 3, table(lived, must)
    goal = lived[-1].day + timedelta(days=1)
    assert max((goal - seen[card][-1]).days for card in must) <= 3, table(lived, must)


def test_a_late_start_still_shows_every_must_know_card(tmp_path: Path) -> None:
    """Five days ahead with one must-know card: it is seen three times all the same."""
    pack = tmp_path / "pack"
    write_deck(pack, OPEN.replace("  kata: double\n", "").replace("    - strongest\n", ""))
    lived = live(tmp_path / "home", days=5, minutes=240, env={"INTERVIEW_PATH": str(pack)})
    assert len(looks(lived)["mine/explain"]) >= 3


def test_list_and_stats_count_as_the_quiz_does(
    now: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A card drawn in for the interview is due everywhere; without the date it is due nowhere."""
    write_deck(tmp_path / "pack", EVERY_KIND)
    monkeypatch.setenv("INTERVIEW_PATH", str(tmp_path / "pack"))
    script = tmp_path / "answers"
    script.write_text('{"rating": 4}\n' * 40)
    assert main(["quiz", "mine", "--answers", str(script)]) == 0
    monkeypatch.setenv("INTERVIEW_NOW", "2026-11-25T12:00")
    due = []
    for args in (["plan", "--date", "2026-11-28"], ["plan", "--clear"]):
        assert main(args) == 0
        capsys.readouterr()
        assert main(["list", "--json"]) == 0
        listed = json.loads(capsys.readouterr().out)["decks"]
        assert main(["stats", "mine", "--json"]) == 0
        due.append((next(deck["due"] for deck in listed if deck["id"] == "mine"),
                    json.loads(capsys.readouterr().out)["forecast"][0]))  # fmt: skip
    assert due == [(6, 6), (0, 0)]


# A role


def two_decks(tmp_path: Path) -> list[Card]:
    """Six cards each of optimizers, which ml-engineer weighs twice, and of a deck that no role names."""
    decks = [load_deck(write_deck(tmp_path / name, EVERY_KIND, name=name)) for name in ("mine", "optimizers")]
    return [card for deck in decks for card in deck.cards]


def test_a_role_has_the_heavier_topic_begun_first(tmp_path: Path) -> None:
    """Of new cards with room for few: must-know ones before all others, then those of the topic that weighs more."""
    cards = two_decks(tmp_path)
    plain = Goal(ON, minutes=4)
    memories = aim(cards, {}, plain, DAY)
    first = [card.name for card in choose(cards, memories, DAY, plain, minute).chosen]
    assert first[:2] == ["mine/explain", "optimizers/explain"]
    assert {name.split("/")[0] for name in first[2:]} == {"mine"}
    weighed = choose(cards, memories, DAY, replace(plain, role=roles()["ml-engineer"]), minute).chosen
    assert [card.deck for card in weighed] == ["optimizers", "mine", "optimizers", "optimizers"]
    assert sum(card.must_know for card in weighed[:2]) == 2


def test_a_role_has_the_heavier_topic_repeated_first(tmp_path: Path) -> None:
    """Of two cards as long ago, that one; one that is three times as long ago leads all the same."""
    cards = [card for card in two_decks(tmp_path) if card.id in ("ridge", "spot")]
    goal = Goal(ON, minutes=1, role=roles()["ml-engineer"])

    def seen(card: Card, ago: int) -> Memory:
        return replace(recall(Memory(card.name), Rating.GOOD, DAY - timedelta(days=ago), DEFAULT), due=DAY)

    same = {card.name: seen(card, 10) for card in cards}
    assert {card.deck for card in choose(cards, same, DAY, replace(goal, minutes=2), minute).chosen} == {"optimizers"}
    older = {card.name: seen(card, 30 if card.name == "mine/ridge" else 10) for card in cards}
    assert [card.name for card in choose(cards, older, DAY, goal, minute).chosen] == ["mine/ridge"]


def test_a_role_without_weights_changes_nothing(tmp_path: Path) -> None:
    """No source, no weight."""
    cards = two_decks(tmp_path)
    goal = Goal(ON, minutes=5)
    memories = aim(cards, {}, goal, DAY)
    weighed = choose(cards, memories, DAY, replace(goal, role=roles()["recsys"]), minute)
    assert weighed == choose(cards, memories, DAY, goal, minute)


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_NOW", "2026-11-23T12:00:00+00:00")
    monkeypatch.setenv("INTERVIEW_LANG", "en")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_help_names_every_role(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    """They are names to be typed."""
    assert main(["--lang", lang, "plan", "--help"]) == 0
    said = "".join(capsys.readouterr().out.split())
    assert all(name in said for name in roles())


def test_a_role_is_kept_told_and_cleared(spoken: None, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before a date is set, beside one, in `today`; `--clear` takes it with the date, an empty one alone."""
    assert main(["plan", "--role", "llm-inference"]) == 0
    assert "weighs the topics once a date is set" in " ".join(capsys.readouterr().out.split())
    assert main(["plan", "--date", "2026-12-14", "-m", "20"]) == 0
    assert "llm-inference: attention 2 (TorchCode" in " ".join(capsys.readouterr().out.split())
    assert main(["today"]) == 0
    assert "llm-inference: attention counts 2" in capsys.readouterr().out
    for command in ("plan", "today"):
        assert main([command, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)["role"]
        assert (told["name"], told["weights"][0]["topic"], told["weights"][0]["weight"]) == (
            "llm-inference",
            "attention",
            2,
        )
    assert main(["plan", "--role", ""]) == 0
    assert "role" not in (home / "plan.toml").read_text()
    assert "2026-12-14" in (home / "plan.toml").read_text()
    assert main(["plan", "--role", "research"]) == 0
    assert "no source says" in " ".join(capsys.readouterr().out.split())
    assert main(["plan", "--clear"]) == 0
    assert "research" not in (home / "plan.toml").read_text()


@pytest.mark.parametrize(
    ("name", "said"),
    [("ml-enginer", "did you mean `ml-engineer`"), ("chef", "known are llm-inference"), ("\x1b[2J", "no role")],
)
def test_an_unknown_role_is_refused(
    spoken: None, home: Path, capsys: pytest.CaptureFixture[str], name: str, said: str
) -> None:
    """With the nearest, or all of them; nothing is written."""
    assert main(["plan", "--role", name]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "\x1b" not in err
    assert not home.exists()


@pytest.mark.parametrize("line", ['role = "chef"', "role = 3", 'role = ["research"]', "role = 2026-12-14"])
def test_a_role_that_one_writes_oneself_is_read_as_strictly(
    spoken: None, home: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    """Exit code 5 with its line."""
    home.mkdir()
    (home / "config.toml").write_text(f"[plan]\n{line}\n")
    assert main(["today"]) == 5
    assert "config.toml:2: `role` is one of llm-inference" in capsys.readouterr().err

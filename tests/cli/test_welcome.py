from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from decks import EVERY_KIND, write_deck
from rich.cells import cell_len
from screens import INTERVIEW, Terminal, environment

from interview.cli.main import main
from interview.content.reading.need import Step
from interview.content.roles import Role, Weight, roles
from interview.log.record import Rating, Review
from interview.log.store import Store
from interview.practice.insight.path import Path as Way
from interview.practice.insight.path import Place, Progress, State, first_step
from interview.text import Text

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
Start = Callable[..., Terminal]
DATE, MINUTES, ROLE = "When is the interview?", "How many minutes a day?", "For which role?"
SECONDS = 60  # a loaded machine


@pytest.fixture
def start(home: Path, tmp_path: Path) -> Iterator[Start]:
    opened: list[Terminal] = []

    def run(*args: str, columns: int = 80, **env: str) -> Terminal:
        env = {"INTERVIEW_PATH": "", "INTERVIEW_NOW": NOW.isoformat(), **env}
        opened.append(Terminal([INTERVIEW, *args], columns=columns, rows=40, env=env, cwd=tmp_path))
        return opened[-1]

    yield run
    for each in opened:
        each.close()


def reply(screen: Terminal, question: str, *keys: str) -> None:
    screen.wait(lambda: screen.text.rstrip().split("\n")[-1].startswith(question), seconds=SECONDS)
    assert question in screen.text
    screen.press(*keys, "enter")


def test_three_answers_are_kept_as_plan_keeps_them(start: Start, home: Path) -> None:
    """A date, minutes, a role by its number; then a step, and the day's share. They are not asked again."""
    screen = start()
    reply(screen, DATE, "2026-12-14")
    reply(screen, MINUTES, "25")
    reply(screen, ROLE, "1")
    text = screen.until("First step: `interview kata softmax`", "interview in 14 days · 25 min", seconds=SECONDS)
    assert "attention weighs most for llm-inference" in text
    assert screen.leave(seconds=SECONDS) == 0
    by_plan = (home / "plan.toml").read_bytes()
    (home / "plan.toml").unlink()
    assert main(["plan", "--date", "2026-12-14", "-m", "25", "--role", "llm-inference"]) == 0
    assert (home / "plan.toml").read_bytes() == by_plan
    again = start()
    assert again.leave(seconds=SECONDS) == 0
    assert DATE not in again.text


def test_what_is_skipped_stays_unset_and_is_not_asked_again(start: Start, home: Path) -> None:
    """Three times Enter: the first screen, and the next time only that."""
    screen = start("today")
    for question in (DATE, MINUTES, ROLE):
        reply(screen, question)
    screen.until("First step: `interview quiz dropout`", "Begin with either", seconds=SECONDS)
    assert screen.leave(seconds=SECONDS) == 0
    assert json.loads(subprocess.run([INTERVIEW, "plan", "--json"], capture_output=True, env=environment(), check=True)
                      .stdout)["date"] is None  # fmt: skip
    again = start()
    assert again.leave(seconds=SECONDS) == 0
    assert DATE not in again.text
    assert "Begin with either" in again.text


def test_a_bad_answer_is_asked_for_again_with_its_reason(start: Start, home: Path) -> None:
    """A past day, no day, no number, too many minutes, a role that is none; escapes and bytes that are no text."""
    screen = start()
    for bad, said in (("tomorrow", "the date is a day such as 2026-12-14"), ("2020-01-01", "is not ahead"),
                      ("9999-12-31", "a hundred years"), ("\x16\x1b[2J", "is a day such as")):  # fmt: skip
        reply(screen, DATE, bad)
        screen.until(said, seconds=SECONDS)
    reply(screen, DATE)
    for bad in ("lots", "0", "481", "2.5", "-3", "٣"):
        reply(screen, MINUTES, bad)
        screen.until("a whole number from 1 to 480", seconds=SECONDS)
    reply(screen, MINUTES, " 30 ")
    for bad, said in (("ml-enginer", "did you mean `ml-engineer`"), ("0", "no role `0`"), ("5", "no role `5`")):
        reply(screen, ROLE, bad)
        screen.until(said, seconds=SECONDS)
    reply(screen, ROLE, "Research")
    assert screen.leave(seconds=SECONDS) == 0
    assert (home / "plan.toml").read_text().split("\n")[1:] == ["minutes = 30", 'role = "research"', ""]


@pytest.mark.parametrize("answered", [0, 1, 2])
def test_ctrl_c_leaves_everything_as_it_was(start: Start, home: Path, answered: int) -> None:
    """At each of the three: exit code 130, no folder made, the terminal as before; the next time it is asked again."""
    screen = start()
    for question, said in ((DATE, "2026-12-14"), (MINUTES, "20"))[:answered]:
        reply(screen, question, said)
    screen.until((DATE, MINUTES, ROLE)[answered], seconds=SECONDS)
    assert screen.leave("ctrl-c", seconds=SECONDS) == 130
    assert not home.exists()
    assert screen.restored
    start().until(DATE, seconds=SECONDS)


def test_ctrl_d_ends_the_questions_and_keeps_nothing(start: Start, home: Path) -> None:
    """The first screen is shown all the same."""
    screen = start()
    reply(screen, DATE, "2026-12-14")
    screen.until(MINUTES, seconds=SECONDS)
    assert screen.leave("ctrl-d", seconds=SECONDS) == 0
    assert "Begin with either" in screen.text
    assert not home.exists()


@pytest.mark.parametrize(
    ("config", "asked"), [("", True), ("# mine\n[quiz]\nnew = 5\n", True), ("[plan]\nminutes = 20\n", False)]
)
def test_a_plan_of_ones_own_is_not_asked_for(start: Start, home: Path, config: str, asked: bool) -> None:
    """config.toml with a [plan] counts as one; without, it is asked, and the file stays as it is, comments and all."""
    home.mkdir()
    (home / "config.toml").write_text(config)
    screen = start()
    if asked:
        for question in (DATE, MINUTES, ROLE):
            reply(screen, question, *(["15"] if question == MINUTES else []))
    assert screen.leave(seconds=SECONDS) == 0
    assert (DATE in screen.text) is asked
    assert (home / "config.toml").read_text() == config


def test_who_has_a_history_is_not_asked(start: Start, home: Path) -> None:
    """One review is one."""
    with Store.open(home / "history.db") as store:
        store.append(Review("dropout/inplace", 1, NOW, NOW.date(), Rating.GOOD))
    screen = start()
    assert screen.leave(seconds=SECONDS) == 0
    assert DATE not in screen.text


@pytest.mark.parametrize("args", [["today", "--json"], ["today", "-m", "20"], ["list"], ["path"], ["plan"]])
def test_nothing_else_asks(start: Start, home: Path, args: list[str]) -> None:
    """Nor does `today` for a program, or for minutes that were named."""
    screen = start(*args)
    assert screen.leave(seconds=SECONDS) == 0
    assert DATE not in screen.text
    assert not home.exists()


def test_without_a_terminal_nothing_is_asked(home: Path) -> None:
    """A pipe on either end: the first screen, at once."""
    done = subprocess.run([INTERVIEW], input=b"2026-12-14\n", capture_output=True, env=environment(), check=True)
    assert b"Begin with either" in done.stdout
    assert not home.exists()


def test_a_home_that_cannot_be_written_is_told(start: Start, home: Path) -> None:
    """Where no folder can be made: said, and the day is shown with the answers all the same."""
    screen = start(INTERVIEW_HOME="/proc/nowhere")
    reply(screen, DATE, "2026-12-14")
    reply(screen, MINUTES)
    reply(screen, ROLE)
    screen.until("cannot be written", "interview in 14 days", seconds=SECONDS)
    assert screen.leave(seconds=SECONDS) == 0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_fits_forty_columns(start: Start, lang: str) -> None:
    """Both languages, a refusal too."""
    screen = start(columns=40, INTERVIEW_LANG=lang)
    question = DATE if lang == "en" else "哪天面试？"
    reply(screen, question, "2020-01-01")
    screen.until("2026-11-30", seconds=SECONDS)  # in the refusal
    reply(screen, question)
    screen.until(MINUTES if lang == "en" else "每天多少分钟？", seconds=SECONDS)
    lines = screen.received.decode().replace(" 2020-01-01\r\n", "\r\n").split("\r\n")  # what is typed may fold
    assert max(map(cell_len, lines)) <= 40
    assert screen.leave("ctrl-c", seconds=SECONDS) == 130


# The first step


def place(kind: str, name: str, *lacks: Step) -> Place:
    state = State.LOCKED if lacks else State.UNLOCKED
    return Place(Step(kind, name), Text(name, name), state, 0, lacks, lacks, ())  # type: ignore[arg-type]


HEAVY = Role("heavy", Text("", ""), (Weight("attention", 2, ""), Weight("decoding", 3, "")))


def test_the_first_step_leads_to_what_weighs_most() -> None:
    """The heaviest topic that is there, or what it waits for; without weights the largest open deck, else a kata."""
    softmax, exp = Step("kata", "softmax"), Step("kata", "exp")
    places = (
        place("kata", "exp"),
        place("kata", "softmax", exp),
        place("deck", "attention", softmax),
        place("deck", "d"),
    )
    assert first_step(Way(places, (), None), HEAVY) == (exp, "attention")
    assert first_step(Way((*places, place("deck", "decoding")), (), None), HEAVY) == (
        Step("deck", "decoding"),
        "decoding",
    )
    sizes = (Progress("small", 0, 5, None), Progress("d", 0, 50, None), Progress("attention", 0, 99, None))
    for role in (None, roles()["recsys"]):
        assert first_step(Way((place("deck", "small"), *places), sizes, None), role) == (Step("deck", "d"), None)
    assert first_step(Way(places[:1], (), None), HEAVY) == (exp, None)
    assert first_step(Way((), (), None), HEAVY) == (None, None)


def test_a_circle_ends_somewhere() -> None:
    """Lint refuses it; who has it gets a step of it."""
    hen, egg = Step("kata", "hen"), Step("kata", "egg")
    places = (place("kata", "hen", egg), place("kata", "egg", hen), place("deck", "attention", hen))
    assert first_step(Way(places, (), None), HEAVY)[0] in (hen, egg)


def test_a_pack_may_be_all_there_is(start: Start, tmp_path: Path) -> None:
    """The questions do not depend on what is installed."""
    write_deck(tmp_path / "pack", EVERY_KIND)
    screen = start(INTERVIEW_PATH=str(tmp_path / "pack"))
    for question in (DATE, MINUTES, ROLE):
        reply(screen, question)
    screen.until("First step:", seconds=SECONDS)

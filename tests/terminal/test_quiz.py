"""The quiz as a person and as a program meet it: a real terminal, a real history."""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from decks import CHOICE, write_deck
from screens import FIXTURES, INTERVIEW, Quiz, Terminal, environment

from interview.log.file import backups
from interview.log.record import Bury, Confidence, Due, Rating, Review, Suspend
from interview.log.store import Store

Start = Callable[..., Quiz]
KNOWN = {"rating": 3}
SEED = ("--seed", "1")  # peak: half, flat, grows; variance: p = 0.2


@pytest.fixture
def start() -> Iterator[Start]:
    """Quizzes that are ended, whatever happens."""
    quizzes: list[Quiz] = []

    def begin(*args: str, **options: object) -> Quiz:
        quizzes.append(Quiz("quiz", *args, **options))  # type: ignore[arg-type]
        return quizzes[-1]

    yield begin
    for quiz in quizzes:
        quiz.close()


def reviews(home: Path) -> list[Review]:
    with Store.peek(home / "history.db") as store:
        return store.reviews()


def run(*args: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """`interview ARGS` without a terminal."""
    return subprocess.run(
        [INTERVIEW, *args], input=stdin, capture_output=True, text=True, env=environment(**env), timeout=20, check=False
    )


def answered(*lines: object, args: tuple[str, ...] = (), **env: str) -> list[dict[str, object]]:
    """The JSON objects of a scripted quiz over the sample deck."""
    text = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
    done = run("quiz", "sample", "--answers", "-", "--json", *SEED, *args, stdin=text, **env)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


# At the terminal


def unfolded(quiz: Quiz) -> str:
    """The screen without the folds of its lines: where they fall depends on the name of the folder."""
    return " ".join(quiz.text.split())


def test_all_six_kinds_in_one_sitting(start: Start, home: Path) -> None:
    """Each kind is answered by its own keys, and each review is on disk before the next card is shown."""
    quiz = start("sample", *SEED)
    quiz.until("6 new", "1 It peaks at one half.", "1–3 answer")
    quiz.press("d", "3")
    quiz.until("✓ 3 It grows", "you were sure: right", "Wager", "3 Good", "Space Good")
    quiz.press("space")
    quiz.until("5 new", "identity", "y true")
    assert [each.card for each in reviews(home)] == ["sample/peak"]
    quiz.press("y")
    quiz.until("And why?", "c [ ] the scale is applied while training   must", "→ Hard")
    quiz.press("c")
    quiz.until("c [x]", "1 of 2 → Good")
    quiz.press("enter")
    quiz.until("Space Good")
    quiz.press("enter")
    quiz.until("4 new", "with p = 0.2", "Enter answer · Esc leave the line · then: a s d how sure")
    quiz.press("1.44", "enter")
    quiz.until("✗ 1.44", "expected 2.25", "Your mistake: That is the form without the scale.", "Space Again")
    quiz.press("2")
    quiz.until("3 new", "(2 lines)", "Enter next line")
    quiz.press("3.5", "enter")
    quiz.until("> 3.5")
    quiz.press("4 2 1", "enter")
    quiz.until("✓ 3.5 | 4 2 1")
    quiz.press("4")
    quiz.until("2 new", "3     return [a * m / p")
    quiz.press("3", "enter")
    quiz.until("And why?", "✓ 3")
    quiz.press("c", "enter")
    quiz.until("+     return [a * m / (1 - p)")
    quiz.press("3")
    quiz.until("1 new", "Why does dropout reduce", "t type")
    quiz.press("t", "an ensemble, and a penalty", "enter")
    quiz.until("You wrote: an ensemble, and a penalty", "c [x]", "g [x]", "2 of 4 → Good")
    quiz.press("enter")
    quiz.until("A strong answer")
    assert quiz.leave("space") == 0
    assert "6 answered" in quiz.text
    kept = reviews(home)
    assert [each.rating.name for each in kept] == ["GOOD", "GOOD", "HARD", "EASY", "GOOD", "GOOD"]
    assert kept[0].confidence is Confidence.SURE
    assert [each.right for each in kept] == [True, True, False, True, True, True]
    assert kept[2].mistake == "unscaled"
    assert kept[2].proposed is Rating.AGAIN
    assert quiz.restored


@pytest.mark.parametrize("card", ["peak", "holds", "variance", "printed", "bug", "why"])
def test_a_card_merely_turned_over_is_never_known(start: Start, home: Path, card: str) -> None:
    """Space, Enter, Space on every kind, a line left by Esc first: nothing was answered, so Again is proposed."""
    quiz = start(f"sample/{card}", *SEED)
    quiz.until("1 new")
    if card in ("variance", "printed", "bug"):
        quiz.press("esc")
        quiz.until("Space reveal")
    quiz.press("space")
    if card == "why":
        quiz.until("nothing ticked yet → Again")
        quiz.press("enter")
    quiz.until("Space Again")
    quiz.press("space")
    quiz.until("Space reveal" if card in ("peak", "holds", "why") else "Esc leave the line")
    quiz.leave("ctrl-c")
    assert [(each.rating, each.proposed, each.right) for each in reviews(home)] == [(Rating.AGAIN, Rating.AGAIN, None)]


def test_the_next_dates_stand_on_the_buttons_and_come_true(start: Start, home: Path) -> None:
    """The button says 2 d; two days later, and not before, the card is due."""
    now = "2026-11-23T12:00:00+00:00"
    quiz = start("sample", *SEED, env={"INTERVIEW_NOW": now})
    quiz.press("space")
    quiz.until("1 Again <10 min   2 Hard 1 d   3 Good 2 d   4 Easy 8 d")
    quiz.press("3")
    quiz.until("5 new")
    assert quiz.leave("q") == 0
    for moment, due in ("2026-11-25T03:59:00+00:00", 0), ("2026-11-25T04:01:00+00:00", 1):
        assert json.loads(run("list", "--json", INTERVIEW_NOW=moment).stdout)["due"] == due
        totals = json.loads(run("quiz", "--answers", "-", "--json", stdin="", INTERVIEW_NOW=moment).stdout)["totals"]
        assert (totals["reviews"], totals["left"]["due"]) == (0, due)


def test_leaving_and_coming_back_goes_on(start: Start, home: Path) -> None:
    """q saves; the next sitting begins with what is left."""
    quiz = start("sample", *SEED)
    quiz.press("space", "3")
    quiz.until("5 new")
    assert quiz.leave("q") == 0
    again = start("sample", *SEED)
    again.until("5 new", "identity")
    assert len(reviews(home)) == 1


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGKILL, -9), (None, 130)]
)
def test_whatever_ends_it_nothing_answered_is_lost(
    start: Start, home: Path, number: signal.Signals | None, code: int
) -> None:
    """Terminated, hung up, killed outright or Ctrl-C: the review is in the file, and the terminal is as it was."""
    quiz = start("sample", *SEED)
    quiz.press("space", "3")
    quiz.until("5 new")
    if number is None:
        quiz.press("ctrl-c")
    else:
        quiz.process.send_signal(number)
    assert quiz.leave() == code
    quiz.wait(lambda: quiz.restored, seconds=3)
    assert quiz.restored
    assert [each.card for each in reviews(home)] == ["sample/peak"]
    assert start("sample", *SEED).until("5 new")


def test_a_closed_window_saves_and_ends(start: Start, home: Path) -> None:
    """Nobody is there to read a complaint: the review is kept, the program gone."""
    quiz = start("sample", *SEED)
    quiz.press("space", "3")
    quiz.until("5 new")
    os.close(quiz.end)
    os.close(quiz.terminal)
    quiz.terminal, quiz.end = os.open(os.devnull, os.O_RDONLY), os.open(os.devnull, os.O_RDONLY)
    assert quiz.process.wait(5) == 129
    assert [each.card for each in reviews(home)] == ["sample/peak"]


def test_a_terminal_that_cannot_be_painted_is_told(start: Start) -> None:
    """TERM=dumb: the way to answer line by line."""
    quiz = start("sample", env={"TERM": "dumb"})
    assert quiz.leave() == 2
    assert "--answers -" in quiz.text


def test_line_by_line_at_a_terminal(start: Start, home: Path) -> None:
    """For a screen reader: the question in plain lines, an answer on a line, the back in plain lines."""
    quiz = start("sample", "--answers", "-", *SEED, rows=60)
    quiz.until("3 It grows without bound")
    quiz.press("3\n")
    quiz.until("✓ sample/peak  Good", "identity")
    assert quiz.leave("\x04") == 0
    assert len(reviews(home)) == 1


def test_the_linked_kata_opens_beside_the_quiz(start: Start, tmp_path: Path) -> None:
    """`k` hands the kata out in the same terminal; Enter comes back to the card."""
    here = tmp_path / "work"
    here.mkdir()
    quiz = start("sample", *SEED, rows=80, cwd=here)
    quiz.until("6 new")
    quiz.press("k")
    quiz.until("Enter goes on.")
    quiz.press("enter")
    quiz.until("1–3 answer", "penalty")
    quiz.leave("q")


def test_again_returns_within_the_sitting(start: Start, home: Path) -> None:
    """Forgotten now, asked again now, with another draw."""
    quiz = start("sample", "-n", "1", *SEED)
    quiz.press("space", "1")
    quiz.until("0 new · 1 again · 0 due", "1–3 answer")
    quiz.press("space")
    quiz.until("Space Again")
    assert quiz.leave("3") == 0
    first, second = reviews(home)
    assert first.card == second.card
    assert first.seed != second.seed


def test_undo_takes_back_here_and_across_restarts(start: Start, home: Path) -> None:
    """`u` goes back over this sitting, then over the last one; each card is asked again."""
    quiz = start("sample", *SEED)
    quiz.press("space", "3")
    quiz.until("5 new")
    quiz.press("space", "3")
    quiz.until("4 new")
    quiz.leave("esc", "q")
    quiz = start("sample", *SEED)
    quiz.until("4 new")
    quiz.press("esc", "u")
    quiz.until("Taken back: sample/holds", "identity")
    quiz.press("u")
    quiz.until("Taken back: sample/peak", "one half")
    quiz.press("u")
    quiz.until("Nothing to take back.")
    quiz.leave("q")
    assert reviews(home) == []


def test_interview_undo_from_the_shell(home: Path) -> None:
    """`interview undo -n 2` takes back the last two, names them, and says when there is nothing left."""
    answered("grows", "y", "2.25")
    said = run("undo", "-n", "2")
    assert said.returncode == 0
    assert said.stdout.index("sample/variance") < said.stdout.index("sample/holds")
    assert [each.card for each in reviews(home)] == ["sample/peak"]
    assert json.loads(run("undo", "--json").stdout)["undone"][0]["card"] == "sample/peak"
    assert "Nothing to take back" in run("undo").stdout


def test_bury_and_suspend_put_a_card_away(start: Start, home: Path) -> None:
    """Buried till tomorrow, suspended until undone; neither is a review."""
    now = "2026-11-23T12:00:00+00:00"
    quiz = start("sample", *SEED, env={"INTERVIEW_NOW": now})
    quiz.until("6 new")
    quiz.press("b")
    quiz.until("5 new", "identity")
    quiz.press("!")
    quiz.until("4 new", "variance")
    quiz.leave("esc", "q")
    assert reviews(home) == []
    with Store.open(home / "history.db") as store:
        assert [type(event) for _, event in store.events()] == [Bury, Suspend]
    tomorrow = start("sample", *SEED, env={"INTERVIEW_NOW": "2026-11-24T12:00:00+00:00"})
    tomorrow.until("5 new", "penalty")


def test_a_card_by_its_name_and_waking_it(start: Start, home: Path) -> None:
    """`quiz sample/holds` asks that card; `!` on a suspended one wakes it."""
    for count in (1, 2):
        quiz = start("sample/holds", *SEED)
        quiz.until("1 new", "identity")
        assert quiz.leave("!") == 0
        with Store.open(home / "history.db") as store:
            assert [event.on for _, event in store.events() if isinstance(event, Suspend)] == [True, False][:count]
    assert "did you mean `sample/holds`" in run("quiz", "sample/hold").stderr


def test_how_sure_one_was_stands_beside_the_verdict(start: Start) -> None:
    """On one line with what was answered, at the right edge."""
    quiz = start("sample/variance", *SEED)
    quiz.until("p = 0.2")
    quiz.press("esc", "d", "t", "1.44", "enter")
    quiz.until("you were sure: wrong", "Your mistake")
    line = next(each for each in quiz.text.splitlines() if "✗" in each)
    assert line.split() == ["✗", "1.44", "you", "were", "sure:", "wrong"]
    assert len(line) == 79


def test_a_hint_is_shown_and_costs(start: Start, home: Path) -> None:
    """After a hint, right is HARD."""
    quiz = start("sample", *SEED)
    quiz.press("h")
    quiz.until("Hint Ridge regression.")
    quiz.press("3")
    quiz.until("Space Hard")
    quiz.press("space")
    quiz.until("5 new")
    quiz.leave("q")
    assert [(each.rating, each.hinted) for each in reviews(home)] == [(Rating.HARD, True)]


def test_follow_ups_are_taken_at_once(start: Start, home: Path) -> None:
    """A card is asked next, one deeper; a free question shows what was hoped for."""
    quiz = start("sample", *SEED)
    quiz.press("3")
    quiz.until("Follow-up: One line is wrong.   f: take it")
    quiz.press("f")
    quiz.until("asked next")
    quiz.press("f")
    quiz.until("What if the inputs are correlated?", "Space reveal")
    quiz.press("space")
    quiz.until("What they want to hear", "own feature's scale")
    quiz.press("space")
    quiz.until("Space Good")
    quiz.press("space")
    quiz.until("follow-up, 1 deep", "One line is wrong.")
    quiz.press("3", "enter", "c", "enter", "space")
    quiz.until("identity")
    quiz.leave("q")
    assert [(each.card, each.depth) for each in reviews(home)] == [("sample/peak", 1), ("sample/bug", 1)]


def test_a_follow_up_is_named_as_it_will_be_asked(start: Start, own: Path) -> None:
    """The whole question, its parameters drawn: the numbers on the back are those of the card that comes."""
    deck = own / "questions" / "mine.yaml"
    deck.write_text(deck.read_text("utf-8").replace("      - bug\n", "      - variance\n"), "utf-8")
    quiz = start("mine/peak", *SEED, env={"INTERVIEW_PATH": str(own)})
    quiz.press("space", "f")
    named = quiz.until("asked next", "The variance")
    said = re.search(r"Follow-up: (.*?)   asked next", " ".join(named.split("\n")))
    assert said
    quiz.press("space")
    asked = " ".join(quiz.until("1 deep").split())
    assert "p = 0." in asked
    assert " ".join(said[1].split()) in asked


def test_a_card_failed_twice_in_a_row_offers_its_kata(start: Start, home: Path, tmp_path: Path) -> None:
    """Not at the first Again, nor at the third: at the second, whichever sitting the first was in. `k` hands the kata
    out, Space goes on."""
    here = tmp_path / "work"
    here.mkdir()
    at = datetime(2026, 10, 1, 12, tzinfo=UTC)
    with Store.open(home / "history.db") as store:
        store.append(Review("sample/peak", 1, at, at.date(), Rating.GOOD))
        store.append(Review("sample/peak", 1, at, at.date(), Rating.AGAIN, cram=True))
    quiz = start("sample/peak", *SEED, rows=80, cwd=here)
    quiz.press("space", "1")
    quiz.until("0 new · 1 again", "penalty")
    assert "twice in a row" not in quiz.text
    quiz.press("space", "1")
    quiz.until("twice in a row", "dropout is about it", "k write the kata")
    quiz.press("k")
    quiz.until("Enter goes on.")
    quiz.press("enter")
    quiz.until("0 new · 1 again", "penalty")
    assert (here / "dropout.py").exists()
    quiz.press("space", "1")
    quiz.until("0 new · 1 again", "1–3 answer")
    assert quiz.leave("q") == 0
    assert [each.rating for each in reviews(home) if not each.cram][-3:] == [Rating.AGAIN] * 3


def test_a_leech_shows_its_history_and_is_offered_a_way_out(start: Start, home: Path) -> None:
    """At the fifth lapse: when it was forgotten, and edit, suspend, split."""
    day = date(2026, 10, 1)
    with Store.open(home / "history.db") as store:
        for n in range(5):
            at = datetime(2026, 10, 1, 12, tzinfo=UTC) + timedelta(days=3 * n)
            store.append(Review("sample/peak", 1, at, day + timedelta(days=3 * n), Rating.GOOD))
            if n < 4:
                store.append(Review("sample/peak", 1, at, day + timedelta(days=3 * n + 2), Rating.AGAIN))
    quiz = start("sample", *SEED)
    quiz.until("5 new · 0 again · 1 due", "penalty")
    quiz.press("space", "1")
    quiz.until("Forgotten 5 times", "2026-10-03  Again", "! suspend", "s split it")
    quiz.press("!")
    quiz.until("identity")
    quiz.leave("q")
    with Store.open(home / "history.db") as store:
        last = store.last_action()
    assert last is not None
    assert isinstance(last[1], Suspend)


def test_a_line_keeps_letters_and_esc_leaves_it(start: Start) -> None:
    """While a line is open `q` is a letter; what cannot be a number stays open and says so."""
    quiz = start("sample", "--tag", "theory", "--level", "2", *SEED)
    quiz.until("with p = 0.2")
    quiz.press("q2", "enter")
    quiz.until("> q2", "Not a number")
    quiz.press("esc")
    quiz.until("Space reveal")
    assert quiz.leave("q") == 0


def test_wide_characters_and_pastes_in_the_line(start: Start) -> None:
    """A pasted answer is text, its newline included; Chinese is edited by characters."""
    quiz = start("sample", "--level", "4", "--type", *SEED)
    quiz.until("Why does dropout")
    quiz.press("集成法", "backspace", "\x1b[200~ q\nensemble\x1b[201~")
    quiz.until("> 集成 q ensemble")
    assert quiz.screen.cursor.x == len(" > ") + 2 * 2 + len(" q ensemble")
    quiz.press("enter")
    quiz.until("c [x]")


def test_the_screen_folds_and_follows_the_window(start: Start) -> None:
    """40 columns show it all; widened while the card is open, it is drawn anew; the keys stay on the last line."""
    quiz = start("sample", *SEED, columns=40, rows=24)
    quiz.until("It peaks at one half.", "save and leave")
    assert all(len(line) <= 40 for line in quiz.text.splitlines())
    quiz.resize(100, 20)
    quiz.until("How does the strength of the implied penalty depend on p?")
    assert quiz.screen.display[19].strip().endswith("q save and leave")


def test_a_wide_window_keeps_lines_that_can_be_read(start: Start) -> None:
    """At 200 columns no line of a card is longer than a hundred."""
    quiz = start("sample/peak", *SEED, columns=200)
    quiz.until("It peaks")
    quiz.press("3")
    quiz.until("Wager", "Space Good")
    assert max(len(line) for line in quiz.text.splitlines()) <= 100


def test_chinese_is_written_not_translated(start: Start) -> None:
    """The zh screen: its own words, its own keys, every line within the window."""
    quiz = start("sample", *SEED, env={"INTERVIEW_LANG": "zh"}, columns=60)
    quiz.until("新 6 · 重来 0 · 到期 0", "在二分之一处最大。", "空格 看答案")
    quiz.press("3")
    quiz.until("常见误解", "良好 2 天", "空格 良好")
    quiz.press("space", "space", "space")
    quiz.until("p = 0.2", "Enter 作答 · Esc 离开输入行 · 之后：a s d 把握")


def test_a_long_card_scrolls(start: Start) -> None:
    """On ten rows the keys stay; the arrows bring the rest."""
    quiz = start("sample", *SEED, rows=10)
    quiz.press("3")
    quiz.until("Space Good")
    seen = quiz.text
    quiz.press("down", "down")
    quiz.wait(lambda: quiz.text != seen, seconds=2)
    assert quiz.text != seen
    assert "save and leave" in quiz.text


def test_help_lists_every_key_and_any_key_returns(start: Start) -> None:
    """? lies over the card, and goes away."""
    quiz = start("sample", *SEED)
    quiz.press("?")
    quiz.until("bury: not before tomorrow", "Ctrl-C")
    quiz.press("x")
    quiz.until("1–3 answer")


def test_two_quizzes_at_once(start: Start, home: Path) -> None:
    """What the other terminal answered is not asked here a second time; nothing is lost or locked."""
    one = start("sample", *SEED)
    two = start("sample", *SEED)
    one.until("6 new")
    two.until("6 new")
    two.press("space", "4")
    two.until("5 new", "identity")
    two.press("space", "4")
    two.until("4 new")
    one.press("space", "3")
    one.until("with p = 0.2")
    assert sorted(each.card for each in reviews(home)) == ["sample/holds", "sample/peak", "sample/peak"]


def test_a_locked_history_keeps_the_card_and_says_so(start: Start, home: Path) -> None:
    """If the rating cannot be written it was not given: the same key works once the lock is gone."""
    quiz = start("sample", *SEED)
    quiz.press("space")
    quiz.until("Space Again")
    other = sqlite3.connect(home / "history.db", isolation_level=None)
    other.execute("begin immediate")
    quiz.press("3")
    quiz.wait(lambda: "in use by another program" in unfolded(quiz))
    assert "in use by another program" in unfolded(quiz)
    assert "6 new" in quiz.text
    other.execute("rollback")
    quiz.press("3")
    quiz.until("5 new")
    assert len(reviews(home)) == 1


@pytest.mark.parametrize("columns", [40, 80])
def test_what_a_key_came_to_is_seen_wherever_a_long_back_is_scrolled(
    start: Start, home: Path, tmp_path: Path, columns: int
) -> None:
    """Above the keys, on 24 rows: nothing to take back, no kata, a history that cannot be written, a dead key."""
    write_deck(tmp_path, CHOICE.replace("It grows.", "It grows and grows and grows. " * 60))
    quiz = start("mine", columns=columns, rows=24, env={"INTERVIEW_PATH": str(tmp_path)})
    quiz.until("How strong")
    quiz.press("space")
    quiz.until("Space Again")
    for scroll in ((), ("down",) * 3, ("\x1b[6~",) * 20):
        quiz.press(*scroll, "u")
        quiz.until("Nothing to take back.", "How strong", "save and leave")
        quiz.press("k")
        quiz.until("This card has no kata.", "How strong")
        quiz.press("\x1b[5~")
        quiz.until("This card has no kata.")
        quiz.press("y")
        quiz.until("That key does nothing here")
    other = sqlite3.connect(home / "history.db", isolation_level=None)
    other.execute("begin immediate")
    quiz.press("3")
    quiz.wait(lambda: "in use by another program" in unfolded(quiz))
    assert "in use by another program" in unfolded(quiz)
    assert "save and leave" in quiz.text
    other.execute("rollback")
    assert quiz.leave("3") == 0


def test_a_buried_or_suspended_card_is_named(start: Start) -> None:
    """The next card says where the last one went, and how to have it back."""
    quiz = start("sample", *SEED)
    quiz.until("6 new")
    quiz.press("b")
    quiz.until("Not before tomorrow: sample/peak. u takes it back.")
    quiz.press("!")
    quiz.until("Suspended: sample/holds. u takes it back.")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A pack of one's own, to be edited."""
    root = tmp_path / "pack"
    shutil.copytree(FIXTURES, root)
    (root / "questions" / "sample.yaml").rename(root / "questions" / "mine.yaml")
    deck = root / "questions" / "mine.yaml"
    deck.write_text(deck.read_text("utf-8").replace("deck: sample", "deck: mine"), "utf-8")
    return root


def editor(tmp_path: Path, old: str, new: str) -> str:
    """An editor that replaces one text and records how it was called."""
    program = tmp_path / "vi"
    program.write_text(
        f"#!{sys.executable}\nimport sys, pathlib\npath = pathlib.Path(sys.argv[-1])\n"
        f"path.write_text(path.read_text('utf-8').replace({old!r}, {new!r}), 'utf-8')\n"
        f"pathlib.Path({str(tmp_path / 'called')!r}).write_text(' '.join(sys.argv[1:]))\n"
    )
    program.chmod(0o755)
    return str(program)


def test_the_editor_opens_at_the_card_and_the_card_is_read_again(start: Start, own: Path, tmp_path: Path) -> None:
    """`e`: mended text is on the screen at once, the card not answered yet."""
    program = editor(tmp_path, "It peaks at one half.", "It peaks somewhere.")
    quiz = start("mine", *SEED, env={"INTERVIEW_PATH": str(own), "VISUAL": program})
    quiz.until("It peaks at one half.")
    quiz.press("e")
    quiz.until("It peaks somewhere.")
    assert (tmp_path / "called").read_text().startswith("+7 ")


def test_a_deck_broken_in_the_editor_leaves_the_card(start: Start, own: Path, tmp_path: Path) -> None:
    """The complaint, with file and line, on the card as it was."""
    program = editor(tmp_path, "    kind: choice", "    kind: chioce")
    quiz = start("mine", *SEED, env={"INTERVIEW_PATH": str(own), "VISUAL": program})
    quiz.until("It peaks at one half.")
    quiz.press("e")
    quiz.until("cannot be read now", "chioce", "It peaks at one half.")


def test_a_missing_editor_is_a_sentence(start: Start) -> None:
    """No traceback over a card."""
    quiz = start("sample", *SEED, env={"VISUAL": "/nonexistent/editor"})
    quiz.until("6 new")
    quiz.press("e")
    quiz.until("set VISUAL or EDITOR", "6 new")


def test_an_editor_of_blanks_is_none(start: Start, own: Path, tmp_path: Path) -> None:
    """The other variable counts."""
    program = editor(tmp_path, "It peaks at one half.", "It peaks somewhere.")
    quiz = start("mine", *SEED, env={"INTERVIEW_PATH": str(own), "VISUAL": "  ", "EDITOR": program})
    quiz.until("It peaks at one half.")
    quiz.press("e")
    quiz.until("It peaks somewhere.")


@pytest.mark.parametrize("named", ["'vi", 'vi "', "''", "vi\\"])
def test_an_editor_that_is_no_command_is_a_sentence(named: str, start: Start) -> None:
    """An unbalanced quote, an empty word."""
    quiz = start("sample", *SEED, env={"VISUAL": "", "EDITOR": named})
    quiz.until("6 new")
    quiz.press("e")
    quiz.until("EDITOR", "6 new")
    assert quiz.leave("q") == 0


def test_a_deck_that_is_gone_cannot_be_edited(start: Start, own: Path) -> None:
    """Its card stays as it was read, and can be answered."""
    quiz = start("mine", *SEED, env={"INTERVIEW_PATH": str(own), "EDITOR": "true"})
    quiz.until("6 new")
    shutil.rmtree(own)
    quiz.press("e")
    quiz.until("no longer there", "6 new")


def test_a_terminal_that_goes_away_in_the_editor_is_no_bug(home: Path, tmp_path: Path) -> None:
    """The window is closed: the quiz ends with 129, whatever was answered is saved, and no crash is logged."""
    program = tmp_path / "wait"
    program.write_text(f"#!/bin/sh\ntrap '' HUP\ntouch {tmp_path}/began\nsleep 1\n")
    program.chmod(0o755)
    logs = tmp_path / "logs"
    logs.mkdir()
    quiz = Quiz("quiz", "sample", *SEED, env={"VISUAL": str(program), "TMPDIR": str(logs)})
    try:
        quiz.until("6 new")
        quiz.press("e")
        quiz.wait((tmp_path / "began").exists)
        os.close(quiz.end)
        os.close(quiz.terminal)
        assert quiz.process.wait(20) == 129
        assert list(logs.iterdir()) == []
    finally:
        quiz.process.kill()
        quiz.process.wait()


# Without a terminal


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_terminal_gets_its_own_encoding(encoding: str, lang: str, start: Start) -> None:
    """Not a byte of UTF-8 on a terminal of another encoding; what it lacks is as wide, and the frame stays whole."""
    quiz = start(env={"PYTHONIOENCODING": encoding, "INTERVIEW_LANG": lang})
    quiz.wait(lambda: b"?25h" in quiz.received)
    quiz.leave("enter", "esc", "q", "q")
    shown = quiz.received.decode(encoding)  # else a UnicodeDecodeError
    assert "\ufffd" not in shown
    if encoding == "ascii":
        assert "?" in shown if lang == "zh" else " . " in shown
    else:
        assert " · " in shown or encoding == "gbk"
        assert not re.search("[ÂâãäåæçèéïÃ][\x80-\xbf]", shown)  # UTF-8, taken for Latin


def test_without_a_terminal_it_names_the_flag_in_time(home: Path) -> None:
    """Exit code 2, of two seconds of processor time at most, naming --answers; nothing is created."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = run("quiz", "sample")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 2  # however busy the machine is
    assert done.returncode == 2
    assert "--answers" in done.stderr
    assert done.stdout == ""
    assert not home.exists()


def test_a_mistyped_deck_gets_the_nearest(home: Path) -> None:
    """`sampel` → did you mean `sample`?"""
    done = run("quiz", "sampel")
    assert done.returncode == 2
    assert "did you mean `sample`" in done.stderr


def test_a_tag_that_no_card_has(home: Path) -> None:
    """The tags and levels that there are."""
    done = run("quiz", "sample", "--tag", "cod")
    assert done.returncode == 2
    assert "the tags: code, regularization, theory; the levels: 1, 2, 3, 4" in done.stderr
    assert run("quiz", "sample", "--level", "7").returncode == 2


def test_a_broken_deck_is_named_by_file_and_line(own: Path) -> None:
    """Exit code 5, `file:line`, no traceback."""
    deck = own / "questions" / "mine.yaml"
    deck.write_text(deck.read_text("utf-8").replace("kind: choice", "kind: chioce"), "utf-8")
    done = run("quiz", "mine", INTERVIEW_PATH=str(own))
    assert done.returncode == 5
    assert f"{deck}:9:" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0" + b"\0" * 84, b"no database"])
def test_a_history_that_cannot_be_used_is_left_alone(home: Path, content: bytes) -> None:
    """Exit code 5, advice, the same bytes."""
    home.mkdir()
    (home / "history.db").write_bytes(content)
    done = run("quiz", "sample", "--answers", "-")
    assert done.returncode == 5
    assert "doctor --fix" in done.stderr
    assert (home / "history.db").read_bytes() == content


def test_answers_from_a_pipe(home: Path) -> None:
    """One object a review, one with totals, in the order asked; the mistakes named."""
    *said, totals = answered("grows", "n", "1.44", "3.5 | 4 2 1", "2", "an ensemble, a penalty")
    assert [each["right"] for each in said] == [True, False, False, True, False, True]
    assert [each["rating"] for each in said] == ["good", "again", "again", "good", "again", "good"]
    assert said[2]["mistake"] == "unscaled"
    assert all(each["schema"] == 1 for each in said)
    assert totals["totals"]["reviews"] == 6  # type: ignore[index]
    assert len(reviews(home)) == 6


def test_named_answers_wait_for_their_card(home: Path) -> None:
    """JSON lines: by card, with confidence, ticks and the person's own rating."""
    *said, _ = answered(
        {"card": "sample/why", "answer": "x", "ticks": [1, 2, 3, 4], "confidence": "sure"},
        {"card": "sample/peak", "answer": "half", "rating": "hard", "confidence": "unsure"},
        *["-"] * 4,
    )
    assert (said[0]["card"], said[0]["rating"]) == ("sample/peak", "hard")
    assert (said[5]["card"], said[5]["rating"], said[5]["confidence"]) == ("sample/why", "easy", "sure")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("banana", "wants the id or the digit"),
        ("grows,flat", "wants one option"),
        ('{"card": "sample/peak", "anwser": 1}', "unknown key `anwser`; did you mean `answer`?"),
        ('{"card":', "not JSON"),
        ('{"answer": "grows", "rating": 9}', "`rating` is `9`; write 1 to 4"),
        ('{"answer": "grows", "ticks": [4]}', "points to tick"),
    ],
)
def test_a_wrong_answer_file_is_named_by_line(tmp_path: Path, home: Path, line: str, said: str) -> None:
    """Exit code 2, `file:line`; what came before it is kept."""
    path = tmp_path / "answers.txt"
    path.write_text(f"# a comment\n\n{line}\n")
    done = run("quiz", "sample", "--answers", str(path), *SEED)
    assert done.returncode == 2, done.stderr
    assert f"{path}:3" in done.stderr
    assert said in done.stderr


def test_a_missing_answer_file_is_a_sentence(home: Path) -> None:
    """Exit code 2; no history is made for it... and no traceback."""
    done = run("quiz", "sample", "--answers", "/nonexistent")
    assert done.returncode == 2
    assert "No such file" in done.stderr


def test_cram_moves_no_date(home: Path) -> None:
    """A deck with nothing due offers --cram; crammed, every card comes and the due dates stay."""
    answered(*[KNOWN] * 6)
    nothing = run("quiz", "sample")
    assert nothing.returncode == 0
    assert "--cram" in nothing.stdout
    *said, _ = answered(*[KNOWN] * 6, args=("--cram",))
    assert len(said) == 6
    assert {each["due"] for each in said} == {None}
    assert "--cram" in run("quiz", "sample").stdout


def test_a_failed_kata_makes_its_card_due_now(home: Path) -> None:
    """The `due` event is honoured, and its card leads."""
    answered(*[KNOWN] * 6)
    now = datetime.now(UTC)
    with Store.open(home / "history.db") as store:
        store.append(Due("sample/bug", now, now.date(), "kata dropout: rate"))
    *said, _ = answered("3")
    assert [each["card"] for each in said] == ["sample/bug"]


def test_limits_come_from_the_config_file(home: Path) -> None:
    """[quiz] new = 2: two new cards a day, and the message says how to take more; a broken file is named."""
    home.mkdir()
    (home / "config.toml").write_text("[quiz]\nnew = 2\n")
    *said, _ = answered(*[KNOWN] * 6)
    assert len(said) == 2
    assert "-n 5" in run("quiz", "sample").stdout
    *said, _ = answered(*[KNOWN] * 6, args=("-n", "3"))
    assert len(said) == 3
    (home / "config.toml").write_text("[quiz]\nnew = lots\n")
    done = run("quiz", "sample", "--answers", "-")
    assert done.returncode == 5
    assert "config.toml:2" in done.stderr


def test_a_day_is_backed_up_once_something_was_answered(home: Path) -> None:
    """One copy beside the log, whole."""
    answered("grows")
    assert len(backups(home / "history.db")) == 1
    assert not list(home.glob("*.part"))


@pytest.mark.parametrize(
    "command", [("quiz", "sample", "--answers", os.devnull), ("kata", "dropout"), ("list",)], ids=lambda args: args[0]
)
def test_a_light_command_imports_nothing_heavy(command: tuple[str, ...], tmp_path: Path) -> None:
    """The real process of `quiz`, of handing out a kata, of `list`: no torch, numpy, pytest or pydantic."""
    program = [sys.executable, "-X", "importtime", "-m", "interview", *command]
    done = subprocess.run(program, capture_output=True, text=True, env=environment(), cwd=tmp_path, check=True)
    imported = set(re.findall(r"\|\s*([\w.]+)$", done.stderr, re.MULTILINE))
    assert "interview.cli.main" in imported
    assert not imported & {"torch", "numpy", "pytest", "pydantic"}


def test_the_first_card_imports_nothing_heavy() -> None:
    """No torch, numpy, pytest, pydantic; FSRS and rich.console only after the first paint."""
    program = (
        "import sys, interview.cli.main, interview.cli.drill.quiz, interview.cli.drill.host;"
        "import interview.terminal.quiz.loop;"
        "print(sorted({'torch', 'numpy', 'pytest', 'pydantic', 'fsrs', 'rich.console', 'rich.markdown', 'pygments',"
        " 'platformdirs'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


FIRST_CARD = """
cache dataclass errors ownership printable text whole_file
cli cli.completing cli.drill.host cli.history cli.main cli.output cli.settings cli.tools
cli.tools.commands cli.world
content content.cards content.cards.deck content.cards.expression content.cards.markdown
content.catalog content.packs content.reading content.reading.kept content.reading.problem
content.shelf
drill drill.answers drill.day drill.draw drill.horizon drill.numbers drill.schedule drill.session drill.summary
log log.file log.place log.record log.store log.wal
practice practice.review practice.review.ledger practice.review.memories
terminal terminal.quiz terminal.quiz.back terminal.quiz.context terminal.quiz.key_hints terminal.quiz.leech
terminal.quiz.kinds terminal.quiz.loop terminal.quiz.model terminal.quiz.summary terminal.quiz.ticks
terminal.quiz.update terminal.quiz.view terminal.text terminal.text.code terminal.text.maths terminal.text.prose
terminal.text.words terminal.text.wrap terminal.tui terminal.tui.decode terminal.tui.foreground terminal.tui.keys
terminal.tui.line terminal.tui.screen terminal.tui.signals
"""


def test_the_first_card_imports_what_is_listed_here() -> None:
    """Each module of ours that is imported before the first card is on the screen costs every sitting its time: one
    more is written down here, with a measurement (tests/bench/first_card.py), or imported later."""
    program = [sys.executable, "-X", "importtime", "-m", "interview", "quiz", "sample"]
    first_screen(program)  # reads the deck, and keeps the copy that any later sitting begins with
    imported = set(re.findall(rb"\|\s*interview\.([\w.]+)\r", first_screen(program)))
    assert {name.decode() for name in imported} == set(FIRST_CARD.split())  # and the command, found by its name


def first_screen(program: list[str]) -> bytes:
    """All that the program writes until the line of keys."""
    terminal = Terminal(program, rows=60)
    try:
        terminal.wait(lambda: b"save and leave" in terminal.received, seconds=30)
        before, found, _ = terminal.received.partition(b"save and leave")
        assert found
        terminal.leave("q")
    finally:
        terminal.close()
    return before


def test_nothing_but_json_on_standard_output(home: Path) -> None:
    """Each line parses; a deck with nothing due is one object of totals."""
    answered(*[KNOWN] * 6)
    done = run("quiz", "sample", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["totals"]["reviews"] == 0
    assert os.environ["INTERVIEW_HOME"] == str(home)

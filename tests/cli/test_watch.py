from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from judging import dropout, submission
from screens import Quiz

from interview.drill.attempts import attempts_of
from interview.grading.verdict import Outcome, Status, Verdict, blank
from interview.log.store import Store
from interview.practice.kata.attempts import difference
from interview.practice.kata.submission import Submission
from interview.practice.kata.watch import ABSENT, QUIET, SECOND, Watched, compare, half_written, stamp_of

KATA = dropout()


def in_place(path: Path, text: str) -> None:
    """VS Code: truncate and write."""
    path.write_text(text)


def by_rename(path: Path, text: str) -> None:
    """vim and others: write a new file and rename it over the old."""
    new = path.with_suffix(".new")
    new.write_text(text)
    new.replace(path)


def by_backup(path: Path, text: str) -> None:
    """emacs: move the old one aside, write a new one."""
    path.rename(path.with_suffix(".py~"))
    path.write_text(text)


@pytest.mark.parametrize("save", [in_place, by_rename, by_backup])
def test_one_save_one_submission(tmp_path: Path, save: Callable[[Path, str], None]) -> None:
    """However an editor saves, new content is told exactly once, and unchanged content not at all."""
    path = tmp_path / "f.py"
    path.write_text("a = 1\n")
    watched, clock = Watched(path), 100.0
    found = []

    def wait() -> None:
        nonlocal clock
        for _ in range(40):
            clock += 0.015
            found.append(watched.look(clock))

    wait()
    save(path, "a = 2\n")
    os.utime(path, ns=(1, 1))
    wait()
    save(path, "a = 2\n")
    os.utime(path, ns=(2, 2))
    wait()
    assert [each.source for each in found if isinstance(each, Submission)] == ["a = 1\n", "a = 2\n"]


def test_a_file_in_the_middle_of_a_save(tmp_path: Path) -> None:
    """While the file changes, or is missing for an instant, nothing is told."""
    path = tmp_path / "f.py"
    path.write_text("a = 1\n")
    watched = Watched(path)
    watched.look(0.0)
    assert watched.look(QUIET / 2) is None
    assert isinstance(watched.look(QUIET * 2), Submission)
    path.unlink()
    assert watched.look(1.0) is None
    assert watched.look(1.0 + ABSENT / 2) is None
    path.write_text("a = 1\n")
    assert watched.look(1.0 + ABSENT) is None


def test_trouble_is_told_once(tmp_path: Path) -> None:
    """Vanished, a folder, a pipe, too large, not UTF-8: a sentence, once, and the watch goes on."""
    path = tmp_path / "f.py"
    watched, clock = Watched(path), 0.0

    def next_word() -> object:
        nonlocal clock
        said = []
        for _ in range(60):
            clock += 0.01
            said.append(watched.look(clock))
        told = [each for each in said if each is not None]
        assert len(told) == 1
        return told[0]

    assert "there is no" in str(next_word())
    path.mkdir()
    assert "is a folder" in str(next_word())
    path.rmdir()
    os.mkfifo(path)
    assert "a named pipe" in str(next_word())
    path.unlink()
    path.write_bytes(b"x = 1\n" * (50 * 2**20 // 6))
    large = next_word()
    assert isinstance(large, Submission)
    assert large.trouble is not None
    path.write_bytes(b"\xff")
    trouble = next_word()
    assert isinstance(trouble, Submission)
    assert trouble.trouble is not None
    path.write_text("fine = 1\n")
    fine = next_word()
    assert isinstance(fine, Submission)
    assert fine.trouble is None


def verdict(*failing: str) -> Verdict:
    from dataclasses import replace

    plain = blank(KATA, Status.FAILED, source="", file=Path("x.py"))
    checks = tuple(
        replace(each, outcome=Outcome.FAILED if each.check.id in failing else Outcome.PASSED) for each in plain.checks
    )
    return replace(plain, checks=checks)


def test_what_a_save_changed() -> None:
    """Fixed passes now and did not; broken did and does not; still failed both times."""
    change = compare(verdict("rate", "shapes"), verdict("shapes", "device"))
    assert [each.check.id for each in change.fixed] == ["rate"]
    assert [each.check.id for each in change.broken] == ["device"]
    assert [each.check.id for each in change.still] == ["shapes"]


def test_difference_is_of_lines() -> None:
    """Only what changed, with a line around it."""
    assert "+b = 3" in difference("a = 1\nb = 2\n", "a = 1\nb = 3\n")
    assert difference("a\n", "a\n") == []


@pytest.fixture
def screen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Quiz]]:
    started: list[Quiz] = []
    monkeypatch.chdir(tmp_path)

    def start(rows: int = 40, lang: str = "en") -> Quiz:
        env = {"INTERVIEW_PATH": "", "INTERVIEW_LANG": lang}
        started.append(Quiz("kata", "dropout", "--check", "--watch", rows=rows, env=env))
        return started[-1]

    yield start
    for each in started:
        each.close()


def test_watch_on_a_terminal(tmp_path: Path, screen: Callable[..., Quiz]) -> None:
    """A save is judged, what it fixed is said, a vanished file is a sentence, q leaves with the last verdict's code."""
    path = tmp_path / "dropout.py"
    path.write_bytes(submission("shared_over_batch").read_bytes())
    watch = screen()
    watch.until("The same columns are dropped in every row", seconds=60)
    by_rename(path, submission("where").read_text())
    watch.until("All 20 checks passed", seconds=20)
    assert "fixed" in watch.text
    path.unlink()
    watch.until("there is no", seconds=10)
    path.write_bytes(submission("promoted").read_bytes())
    watch.until("19 of 20", seconds=20)
    assert watch.leave("q") == 1
    assert watch.restored


def test_watch_without_a_history(tmp_path: Path, home: Path, screen: Callable[..., Quiz]) -> None:
    """Where nothing can be noted the verdict is on the screen, and that it was not noted; a hint is shown as well."""
    home.touch()
    path = tmp_path / "dropout.py"
    path.write_bytes(submission("where").read_bytes())
    watch = screen()
    watch.until("All 20 checks passed", "this attempt was not noted", seconds=60)
    watch.press("h")
    watch.until("Hint 1 of 3", "shows this one again", seconds=10)
    by_rename(path, "x = 1\n")
    watch.until("lacks `dropout`", "this attempt was not noted", seconds=20)
    assert watch.leave("q") == 1
    assert watch.restored


def test_the_solution_once_it_is_earned(tmp_path: Path, screen: Callable[..., Quiz]) -> None:
    """`s` says what is owed; after a pass ours stands beside the file as it is, and a second `s` takes it away."""
    path = tmp_path / "dropout.py"
    path.write_bytes(submission("promoted").read_bytes())
    watch = screen()
    watch.until("19 of 20", seconds=60)
    watch.press("s")
    watch.until("not earned yet", "2 more different tries")
    by_rename(path, submission("where").read_text())
    watch.until("All 20 checks passed", seconds=20)
    watch.press("s")
    watch.until("ours: where.py", "the two are the same")
    watch.press("s")
    watch.wait(lambda: "ours: where.py" not in watch.text)
    assert "ours: where.py" not in watch.text
    watch.press("q")
    watch.until("another time")
    assert watch.leave("n", "enter") == 0


def test_two_watches_of_one_file_make_one_attempt(tmp_path: Path, screen: Callable[..., Quiz], home: Path) -> None:
    """Both judge it and note it: the same content is one attempt, with one copy."""
    path = tmp_path / "dropout.py"
    path.write_bytes(submission("promoted").read_bytes())
    watches = [screen(), screen()]
    for each in watches:
        each.until("19 of 20", "attempt 1", seconds=60)
    for each in watches:
        assert each.leave("q") == 1
    with Store.peek(home / "history.db") as store:
        (kept,) = attempts_of(store.kata_events("dropout"))
    assert (kept.times, len(list((home / "attempts" / "dropout").glob("*.py")))) == (2, 1)


def attempts(home: Path) -> list[str]:
    with Store.peek(home / "history.db") as store:
        return [each.status for each in store.attempts("dropout")]


def test_a_newer_save_ends_the_run_under_way(tmp_path: Path, screen: Callable[..., Quiz], home: Path) -> None:
    """An endless loop does not hold back its mend; the old verdict says at once that it is old; no attempt is made of
    what is not there any more. An editor that writes in two pieces, or truncates first, is waited for."""
    path = tmp_path / "dropout.py"
    path.write_bytes(submission("promoted").read_bytes())
    watch = screen(lang="zh")
    watch.until("19 / 20", seconds=60)
    path.write_text("def dropout(x, p=0.5, training=True):\n    while True:\n        pass\n")
    watch.until("正在判题")
    assert "19 / 20" in watch.text
    path.write_bytes(submission("where").read_bytes())
    watch.until("20 项检查全部通过", seconds=60)
    whole = submission("promoted").read_text()
    for piece in ("", whole[:-30], whole):
        path.write_text(piece)
        watch.wait(lambda: False, seconds=0.2)
    watch.until("19 / 20", seconds=60)
    watch.leave("q")
    assert attempts(home) == ["failed", "passed", "failed"]


def test_a_save_that_leaves_size_and_time_is_seen(tmp_path: Path) -> None:
    """Tools that put the old time back change the inode's own time; a clock too coarse for both is outlived."""
    path = tmp_path / "f.py"
    path.write_text("a = 1\n")
    before = path.stat()
    watched = Watched(path)
    watched.look(0.0)
    assert isinstance(watched.look(0.1), Submission)
    path.write_text("a = 2\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert watched.look(0.2) is None
    assert isinstance(watched.look(0.3), Submission)
    path.write_text("a = 3\n")
    watched.stamp = stamp_of(path)
    assert watched.look(0.3 + SECOND / 2) is None
    assert isinstance(watched.look(0.3 + SECOND), Submission)


@pytest.mark.parametrize(
    ("source", "before", "half"),
    [
        ("", "x = 1\n", True), ("\n", "", True), ("x = 1\ny =", "x = 1\ny = 2\n", True), ("f(1,\n", "a\n", True),
        ("x = 1\n", "x = 1\ny = 2\n", True), ('x = """\n', "", True), ("x = 2\n", "x = 1\n", False),
        ("x = 2", "x = 1", False), ("x = 1\n", "x = 1\n", False), ("x = = 1\n", "a\n", False),
    ],
)  # fmt: skip
def test_what_looks_half_written(source: str, before: str, half: bool) -> None:
    """Nothing, an end within a line or a bracket, the beginning of what was there; a mere error is none."""
    assert half_written(source, before) is half


def test_the_last_line_says_what_the_screen_can(tmp_path: Path, screen: Callable[..., Quiz]) -> None:
    """On 24 rows: scrolling is named when there is something below, `a` shows every failed check, no flag of another
    command is advertised; prints and the cards now due are there."""
    path = tmp_path / "dropout.py"
    path.write_text("def dropout(x, p=0.5, training=True):\n    print('seen', p)\n    return x + 1\n")
    watch = screen(rows=24)
    watch.until("scroll", seconds=60)
    seen = watch.text
    missing = {"a shows them", "These calls printed", "Now due:"}
    for _ in range(60):
        missing -= {each for each in missing if each in " ".join(watch.text.split())}  # it may be wrapped
        if not missing:
            break
        watch.press("down")
        watch.wait(lambda before=watch.text: watch.text != before)  # type: ignore[misc]
        seen += watch.text
    assert not missing
    assert "--all" not in seen
    watch.press("a")
    watch.until("scroll", "fewer checks")  # the last line may be folded
    watch.press("h")
    watch.until("Hint 1 of 3")
    watch.press("h")
    watch.until("Hint 2 of 3", "The next hint is the solution")
    watch.leave("q")

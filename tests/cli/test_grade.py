from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from folders import nested
from judging import DROPOUT, submission

from interview.cli.main import main
from interview.cli.world import shipped
from interview.grading.client import Grader
from interview.grading.verdict import Status
from interview.practice.kata.batch import STATIONS, Task, close_stations, grade_many, grade_path
from interview.report.line import as_line
from interview.report.verdict import verdict_json

INTERVIEW = Path(sys.executable).with_name("interview")
NAMES = ("where", "scale_missing", "only_one_accepted", "promoted")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four submissions, one in a folder of its own, and a file that is none."""
    place = tmp_path / "homework"
    (place / "inner").mkdir(parents=True)
    hand_in(place)
    return place


def hand_in(place: Path) -> None:
    for name in NAMES:
        target = place / "inner" if name == "promoted" else place
        (target / f"{name}.py").write_bytes(submission(name).read_bytes())
    (place / "notes.txt").write_text("not Python")


@pytest.fixture(scope="module")
def homework(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four submissions, one in a folder of its own, files that are no answer, and good ones with odd names."""
    place = tmp_path_factory.mktemp("all") / "homework"
    (place / "inner").mkdir(parents=True)
    hand_in(place)
    for name, (content, _) in NO_ANSWERS.items():
        (place / name).write_bytes(content) if isinstance(content, bytes) else content(place / name)
    for name in GOOD_NAMES:
        (place / os.fsdecode(name)).write_bytes(submission("where").read_bytes())
    return place


@pytest.fixture(scope="module")
def graded(homework: Path, tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[bytes]:
    """Its one grading by one judge as JSON: in a current folder that is gone, with a folder that nobody can enter."""
    shell = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"'
    command = [INTERVIEW, "grade", "dropout", homework, "--json", "--jobs", "1", "--seed", "9"]
    with nested(homework / "inner", 30, name="n" * 200):
        return subprocess.run(
            ["sh", "-c", shell, "sh", *command], cwd=tmp_path_factory.mktemp("cwd"), capture_output=True, timeout=300,
            check=False,
        )  # fmt: skip


@pytest.fixture(scope="module")
def verdicts(homework: Path, graded: subprocess.CompletedProcess[bytes]) -> dict[str, dict[str, Any]]:
    """By the file's path below the homework."""
    lines = map(json.loads, graded.stdout.splitlines())
    return {each["file"].removeprefix(f"{homework}/"): each for each in lines}


def test_one_object_a_line(verdicts: dict[str, dict[str, Any]]) -> None:
    """Every file below the folder gets one JSON object on its own line, wherever one stands."""
    assert {Path(name).stem: verdicts[name]["status"] for name in verdicts if Path(name).stem in NAMES} == {
        name: "passed" if name == "where" else "failed" for name in NAMES
    }
    assert "inner/promoted.py" in verdicts
    assert verdicts["scale_missing.py"]["mistake"]["id"] == "scale_missing"
    assert all(each["attempt"] is None for each in verdicts.values())
    assert "notes.txt" not in verdicts


def test_a_file_never_ends_the_batch(
    verdicts: dict[str, dict[str, Any]], graded: subprocess.CompletedProcess[bytes]
) -> None:
    """One line for each file, whatever it is and whatever it is called; no secret in any; the good ones pass."""
    assert b"TOKEN" not in graded.stdout + graded.stderr
    assert b"\x1b" not in graded.stdout
    shown = {name.decode(errors="replace") for name in GOOD_NAMES}
    ours = {f"{'inner/' * (name == 'promoted')}{name}.py" for name in NAMES}
    unentered = set(verdicts) - {*NO_ANSWERS, *shown, *ours}
    assert len(graded.stdout.splitlines()) == len(verdicts) == len({*NO_ANSWERS, *shown, *ours}) + 1
    for name, (_, said) in NO_ANSWERS.items():
        assert verdicts[name]["status"] == "crashed", name
        assert said in verdicts[name]["checks"][0]["message"], name
    assert {verdicts[name]["status"] for name in shown} == {"passed"}
    assert [verdicts[name]["status"] for name in unentered] == ["broken"]


def test_what_could_not_be_read_is_code_4(graded: subprocess.CompletedProcess[bytes]) -> None:
    """A folder that nobody can enter, here for its depth, has a line; the rest is judged."""
    assert graded.returncode == 4


def test_the_same_as_lines(
    homework: Path, home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --json a line a file, whatever its name, and a table; the code is 0 whatever the verdicts, and the
    person's own history is left alone."""
    assert main(["grade", "dropout", str(homework), "--jobs", "1"]) == 0
    said = capfd.readouterr()
    lines = said.out.splitlines()
    assert len(lines) == len(NO_ANSWERS) + len(GOOD_NAMES) + len(NAMES)
    assert sum(each.startswith("✓") for each in lines) == len(GOOD_NAMES) + 1
    assert all(each.isprintable() for each in lines)
    assert f"✓ {homework / 'where.py'}  passed  20/20" in lines
    assert "passed" in said.err
    assert not (home / "history.db").exists()


def test_jobs_change_no_verdict(homework: Path, verdicts: dict[str, dict[str, Any]]) -> None:
    """The seam: the same tasks over a pool of processes. With a seed, two judges say what one said, check for check."""
    tasks = [Task(DROPOUT, homework / name, "9", (shipped(),)) for name in ("where.py", "scale_missing.py")]
    with ProcessPoolExecutor(2) as pool:
        found = {
            each.file.name: json.loads(as_line(verdict_json(each, lang="en", attempt=None)))
            for each in grade_many(tasks, pool)
        }
        for _ in range(2):
            pool.submit(close_stations).result()
    assert len(found) == 2
    for name, each in found.items():
        assert (each["status"], each["checks"]) == (verdicts[name]["status"], verdicts[name]["checks"])


@pytest.fixture(scope="module")
def warm() -> Iterator[None]:
    """This process's judge is kept from test to test."""
    yield
    close_stations()


def test_a_dead_zygote_is_replaced(folder: Path, warm: None) -> None:
    """A zygote that dies between two submissions costs neither of them its verdict."""
    task = Task(DROPOUT, folder / "where.py", "3", (shipped(),))
    assert grade_path(task).status is Status.PASSED
    os.kill(lent().process.pid, signal.SIGKILL)
    assert grade_path(task).status is Status.PASSED


def test_a_zygote_that_lost_a_part_is_replaced(folder: Path, warm: None) -> None:
    """One whose own helpers were killed reaches no verdict any more: the file at hand gets its verdict from another."""
    task = Task(DROPOUT, folder / "where.py", "3", (shipped(),))
    assert grade_path(task).status is Status.PASSED
    first = lent()
    for each in children(first.process.pid):
        os.kill(each, signal.SIGKILL)
    assert grade_path(task).status is Status.PASSED
    assert lent() is not first


def lent() -> Grader:
    """The grader that this thread's file was judged by."""
    assert STATIONS.graders is not None
    assert STATIONS.graders.grader is not None
    return STATIONS.graders.grader


def children(parent: int) -> list[int]:
    """The processes below a process."""
    below = [int(each) for each in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
    return [*below, *(inner for each in below for inner in children(each))]


class Frail(Executor):
    """Does the first task, loses the second, and takes no third."""

    def __init__(self) -> None:
        self.taken = 0

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.taken += 1
        done: Future[Any] = Future()
        match self.taken:
            case 1:
                done.set_result(function(*args, **kwargs))
            case 2:
                done.set_exception(ValueError("lost"))
            case _:
                raise RuntimeError("can't start new thread")
        return done


def test_a_pool_that_breaks(folder: Path, warm: None) -> None:
    """What it lost, or never took, is told of each file, with the fault; what it did stands."""
    tasks = [Task(DROPOUT, folder / name, "3", (shipped(),)) for name in ("where.py", "scale_missing.py", "x.py")]
    verdicts = {each.file.name: each for each in grade_many(tasks, Frail())}
    assert {name: each.status for name, each in verdicts.items()} == {
        "where.py": Status.PASSED, "scale_missing.py": Status.BROKEN, "x.py": Status.BROKEN,
    }  # fmt: skip
    assert "ValueError: lost" in str(verdicts["scale_missing.py"].reason)
    assert "can't start new thread" in str(verdicts["x.py"].reason)


def test_a_file_of_the_kata_is_no_submission(tmp_path: Path, warm: None) -> None:
    """By a hard link as little as by a link; who grades in the kata's own folder means its files."""
    own = DROPOUT / "submissions" / "accepted" / "where.py"
    try:
        os.link(own, tmp_path / "x.py")
    except OSError:
        pytest.skip("the temporary folder is on another disk")
    found = grade_path(Task(DROPOUT, tmp_path / "x.py", "3", (shipped(),)))
    assert (found.status, found.passed) == (Status.CRASHED, 0)
    assert "of the kata itself" in str(found.reason)
    assert grade_path(Task(DROPOUT, own, "3", (shipped(),))).status is Status.PASSED


def test_a_suite_that_is_broken_is_told_soon(tmp_path: Path, warm: None) -> None:
    """Where it is the kata's fault, not every file is judged by zygotes of its own."""
    kata = tmp_path / "katas" / "dropout"
    shutil.copytree(DROPOUT, kata, ignore=shutil.ignore_patterns("submissions"))
    (kata / "hidden.py").write_text("1 / 0\n")
    used = set()
    try:
        for n in range(6):
            file = tmp_path / f"{n}.py"
            file.write_text(f"x = {n}\n")
            assert grade_path(Task(kata, file, "3", (shipped(),))).status is Status.BROKEN
            assert STATIONS.graders is not None
            used.add(STATIONS.graders.grader)
    finally:
        close_stations()  # with what it counted
    assert len(used - {None}) == 1


def test_a_missing_layer_refuses(
    unreadable: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the kernel lacks a layer a stranger's files are refused with code 4, unless they are trusted."""
    monkeypatch.setattr("interview.grading.sandbox.lockdown.unsupported", lambda: ["files"])
    assert main(["grade", "dropout", str(unreadable)]) == 4
    assert "--trust-submissions" in capsys.readouterr().err
    assert main(["grade", "dropout", str(unreadable), "--trust-submissions"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 5


def test_ctrl_c_ends_it_all(folder: Path) -> None:
    """An interrupt in the middle ends with 130 within seconds and leaves no process."""
    for n in range(40):
        shutil.copy(folder / "where.py", folder / f"copy_{n}.py")
    command = [INTERVIEW, "grade", "dropout", folder, "--json", "--jobs", "1"]

    def hears() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever started us in the background has it ignored

    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True, preexec_fn=hears) as process:  # noqa: PLW1509
        assert process.stdout is not None
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) == 130


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_link_to_ours(path: Path) -> None:
    path.symlink_to(submission("where"))


def make_link_to_a_secret(path: Path) -> None:
    secret = path.parent.parent / "env"
    secret.write_text("TOKEN_1234\n")
    path.symlink_to(secret)


def make_dangling_link(path: Path) -> None:
    path.symlink_to("nowhere.py")


def make_huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


# Files that are no answer, each with the word that its verdict says: none of them may keep another from its own.
NO_ANSWERS: dict[str, tuple[bytes | Callable[[Path], None], str]] = {
    "undefined.py": (b"# coding: undefined\nx = 1\n", "declared as undefined"),
    "surrogates.py": (b"# coding: unicode_escape\nx = 1 # \\ud800\n", "declared as unicode_escape"),
    "surrogate_bytes.py": (b"x = '\xed\xa0\x80'\n", "not UTF-8"),
    "latin.py": (b"# \xe9t\xe9\n", "not UTF-8"),
    "null.py": (b"x = 1\0", "null bytes"),
    "pipe.py": (make_pipe, "a named pipe"),
    "folder.py": (lambda path: path.mkdir(), "a folder"),
    "ours.py": (make_link_to_ours, "a link out of"),
    "secret.py": (make_link_to_a_secret, "a link out of"),
    "dangling.py": (make_dangling_link, "leads nowhere"),
    "huge.py": (make_huge, "larger than 1 MiB"),
    "parens.py": (b"(" * 900_000, "does not load"),
    "minus.py": (b"x = " + b"-" * 15_000 + b"1\n", "does not load"),
    "plus.py": (b"x = " + b"1+" * 400_000 + b"1\n", "does not load"),
    "digits.py": (b"x = " + b"9" * 900_000 + b"\n", "does not load"),
    "leaves.py": (b"import os\nos._exit(0)\n", "its process ended"),
    "empty.py": (b"", "it is empty"),
}
GOOD_NAMES = (b"a\nb.py", b"\xff\xfe.py", b"\x1b[31m.py", "\u202e中文.py".encode(), b"n" * 252 + b".py", b"-x.py")


def test_a_judge_that_cannot_be_started(folder: Path) -> None:
    """Every file is told so, and the code is 4."""
    program = (
        "import sys; from interview.cli.main import main; sys.executable = '/nowhere/python';"
        "sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "grade", "dropout", folder, "--jobs", "2"],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 4
    lines = done.stdout.splitlines()
    assert len(lines) == 4
    assert all("not judged" in each and "/nowhere/python" in each for each in lines)


@pytest.fixture
def unreadable(tmp_path: Path) -> Path:
    """Five files that need no judge."""
    place = tmp_path / "unreadable"
    place.mkdir()
    for n in range(5):
        (place / f"{n}.py").write_bytes(b"\xff")
    return place


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_disk_that_is_full(unreadable: Path, more: list[str]) -> None:
    """Lines that cannot be written are no success: a sentence once, and code 5."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [INTERVIEW, "grade", "dropout", unreadable, *more], stdout=full, stderr=subprocess.PIPE, text=True,
            check=False, timeout=120,
        )  # fmt: skip
    assert done.returncode == 5
    assert done.stderr.count("No space left") == 1
    assert "Traceback" not in done.stderr


def test_a_reader_that_left(unreadable: Path) -> None:
    """`grade … | head -1` ends quietly."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [INTERVIEW, "grade", "dropout", unreadable], stdout=writer, stderr=subprocess.PIPE, text=True, check=False,
        timeout=120,
    )  # fmt: skip
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


def test_pattern(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Which files of a folder; what is passed over is said on standard error; nothing found is code 2."""
    (folder / ".git").mkdir()
    for each in folder.rglob("*.py"):
        each.write_bytes(b"\xff")  # needs no judge
    assert main(["grade", "dropout", str(folder), "--pattern", "where.*"]) == 0
    said = capfd.readouterr()
    assert len(said.out.splitlines()) == 1
    assert "1 passed over" in said.err
    assert main(["--lang", "zh", "grade", "dropout", str(folder), "--pattern", "inner/*.py"]) == 0
    said = capfd.readouterr()
    assert "promoted.py" in said.out
    assert "跳过 1 项" in said.err
    assert main(["grade", "dropout", str(folder), "--pattern", "*.ipynb"]) == 2
    assert "*.ipynb" in capfd.readouterr().err

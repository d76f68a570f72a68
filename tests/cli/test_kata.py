"""`interview kata` as a person and as a program meet it: hand out, check, hint; the real command, the real judge."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from decks import KATA, write_kata
from judging import DROPOUT, submission
from screens import Quiz

from interview.cli.main import main
from interview.log.record import Due
from interview.log.store import Store

INTERVIEW = Path(sys.executable).with_name("interview")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, in English."""
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setenv("INTERVIEW_LANG", "en")
    return place


def run(*args: str, **more: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([INTERVIEW, *args], capture_output=True, text=True, timeout=120, check=False, **more)


def check_json(*args: str) -> tuple[int, dict[str, Any]]:
    done = run("kata", "dropout", "--check", "--json", *args)
    assert done.stdout.count("\n") == 1, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_hands_out_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The file holds the task and the stub, loads, and is never written over."""
    assert main(["kata", "dropout"]) == 0
    path = folder / "dropout.py"
    text = path.read_text("utf-8")
    compile(text, "dropout.py", "exec")
    assert "NotImplementedError" in text
    path.write_text("# mine\n", "utf-8")
    capsys.readouterr()
    assert main(["kata", "dropout"]) == 0
    assert path.read_text("utf-8") == "# mine\n"
    assert "left as it is" in capsys.readouterr().out


def test_hand_out_in_chinese_and_elsewhere(folder: Path) -> None:
    """`--lang zh` writes the Chinese task, `--file` names the place."""
    assert main(["kata", "dropout", "--lang", "zh", "--file", "mine.py"]) == 0
    assert "丢弃" in (folder / "mine.py").read_text("utf-8")


def test_names_become_files(folder: Path) -> None:
    """`-` in a kata's name becomes `_` in the file's."""
    assert main(["kata", "vanilla-dropout"]) == 0
    assert (folder / "vanilla_dropout.py").exists()


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["kata", "dropuot"], "did you mean `dropout`"),
        (["kata", "dropout", "--check"], "hand the task out first"),
        (["kata", "dropout", "--check", "--file", "."], "folder"),
        (["kata", "dropout", "--check", "--seed", "x"], "--seed"),
        (["kata", "dropout", "--json"], "--check"),
        (["kata", "dropout", "--lang", "fr"], "en or zh"),
        (["kata", "dropout", "--check", "--watch"], "no terminal"),
        (["kata", "dropout", "--check", "--hint"], "--check and --hint do not go together"),
        (["kata", "dropout", "--check", "--watch", "--seed", "1"], "--watch and --seed do not go together"),
        (["kata", "dropout", "--hint", "--all"], "--all goes with --check"),
        (["kata", "dropout", "2"], "the number goes with --hint"),
    ],
)
def test_usage(args: list[str], word: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be done ends with code 2 and says what to do."""
    assert main(args) == 2
    assert word in capsys.readouterr().err


def test_untouched_without_torch(folder: Path) -> None:
    """The stub as handed out, comments and layout aside, is answered without importing torch; it is no attempt."""
    main(["kata", "dropout"])
    path = folder / "dropout.py"
    path.write_text("# I begin tomorrow\n" + path.read_text("utf-8"), "utf-8")
    probe = (
        "import sys; from interview.cli.main import main; code = main(sys.argv[1:]);"
        "print(code, 'torch' in sys.modules, 'pytest' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe, "kata", "dropout", "--check"], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "1 False False"
    code, verdict = check_json()
    assert (code, verdict["status"], verdict["attempt"]) == (1, "untouched", None)


def test_a_pass(folder: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A right answer: code 0, every check passed, what an interviewer asks next, an attempt with a copy. On a terminal
    a line says that it judges, long before the verdict, and is gone with it. Who then tries again later is shown the
    first hint first."""
    main(["kata", "dropout", "--hint"])
    main(["kata", "dropout", "--hint"])
    (folder / "dropout.py").write_bytes(submission("where").read_bytes())
    screen = Quiz("kata", "dropout", "--check", "--no-debrief", cwd=folder, env={"INTERVIEW_PATH": ""})
    try:
        screen.until("dropout: judging")
        screen.until("All 20 checks passed", "What an interviewer asks next", seconds=60)
        assert "judging" not in screen.text
        assert screen.leave() == 0
    finally:
        screen.close()
    capsys.readouterr()
    assert main(["kata", "dropout", "--hint"]) == 0
    assert "Hint 2" not in capsys.readouterr().out
    code, verdict = check_json()
    assert (code, verdict["status"], verdict["attempt"], verdict["mistake"]) == (0, "passed", 1, None)  # the same file
    assert {each["outcome"] for each in verdict["checks"]} == {"passed"}
    with Store.peek(home / "history.db") as store:
        attempts = store.attempts("dropout")
    assert [(each.status, each.passed, each.total, each.hints) for each in attempts] == [
        ("passed", 20, 20, 2),
        ("passed", 20, 20, 1),
    ]
    assert Path(str(attempts[0].copy)).read_bytes() == submission("where").read_bytes()


def test_one_check_is_no_attempt(folder: Path, home: Path) -> None:
    """`--only`: the check that is named, and what it stands on; right or wrong, no attempt and no card due for it. -v
    lists its calls. A name that is none is code 2."""
    path = folder / "dropout.py"
    path.write_bytes(submission("where").read_bytes())
    code, verdict = check_json("--only", "own-coin", "-v")
    assert (code, verdict["status"], verdict["attempt"], verdict["only"]) == (0, "partial", None, ["own_coin"])
    outcomes = {each["name"]: each["outcome"] for each in verdict["checks"]}
    assert outcomes["own_coin"] == outcomes["rate"] == "passed"
    assert outcomes["device"] == "not_reached"
    calls = {each["name"]: each.get("calls", []) for each in verdict["checks"]}
    assert calls["own_coin"][0]["call"].startswith("dropout(x, p=")
    assert calls["own_coin"][0]["came"].startswith("tensor")
    assert calls["rate"] == []
    path.write_bytes(submission("shared_over_batch").read_bytes())
    done = run("kata", "dropout", "--check", "--only", "own_coin")
    assert done.returncode == 1
    assert "no attempt" in done.stdout
    assert "Now due" not in done.stdout
    done = run("kata", "dropout", "--check", "--only", "own_coi")
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean `own_coin`" in done.stderr
    with Store.peek(home / "history.db") as store:
        assert not store.attempts("dropout")


def test_plain_lines_and_codes(folder: Path) -> None:
    """`--plain`: a line for each thing found and one for the sum, without colour; the exit code is as ever."""
    path = folder / "dropout.py"
    path.write_text("import torch\n\n\ndef dropout(x, p=0.5, training=True):\n    return x / 0\n", "utf-8")
    done = run("kata", "dropout", "--check", "--plain", env={**os.environ, "FORCE_COLOR": "1"})
    *found, summed = done.stdout.splitlines()
    assert done.returncode == 1
    assert all(re.match(r"dropout\.py:\d+:\d+: error: \S", each) for each in found)
    assert summed.startswith("dropout: ")
    path.write_text("def dropout(x:\n", "utf-8")
    done = run("kata", "dropout", "--check", "--plain")
    assert done.stdout.startswith("dropout.py:1:1: error: ")


def test_plain_watch_begins_and_ends(folder: Path) -> None:
    """`--watch --plain` reads no key and needs no terminal: each judging stands between a begin and an end line, in
    whatever language, and Ctrl-C ends it with 130. Two watches on one file do not disturb each other."""
    path = folder / "dropout.py"
    path.write_bytes(submission("scale_missing").read_bytes())
    watching = [
        subprocess.Popen(
            [INTERVIEW, "--lang", lang, "kata", "dropout", "--check", "--watch", "--plain"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for lang in ("en", "zh")
    ]  # fmt: skip
    for each in watching:
        first = judging_in(each)
        assert first[0].startswith("dropout.py:")
        assert ": error: " in first[0]
    by_rename(path, submission("where").read_text())
    assert [judging_in(each)[-1].split(",")[0].split("，")[0] for each in watching] == [
        "dropout: 20 of 20 checks passed", "dropout：通过 20/20 项检查",
    ]  # fmt: skip
    path.unlink()
    for each in watching:
        assert judging_in(each) == []
        each.send_signal(signal.SIGINT)
        _, told = each.communicate(timeout=60)
        assert "dropout.py" in told
        assert each.returncode == 130


def judging_in(watch: subprocess.Popen[str]) -> list[str]:
    """The lines of its next judging."""
    assert watch.stdout is not None
    assert watch.stdout.readline() == "[interview] begin dropout\n"
    lines = []
    while (line := watch.stdout.readline()) != "[interview] end dropout\n":
        assert line
        lines.append(line.rstrip("\n"))
    return lines


def by_rename(path: Path, source: str) -> None:
    """As most editors save."""
    beside = path.with_name("beside")
    beside.write_text(source, "utf-8")
    beside.replace(path)


def test_a_mistake_is_named_and_its_cards_come_back(folder: Path, home: Path) -> None:
    """A wrong answer: code 1, the mistake in a sentence with its numbers, in the language asked for; its cards due.
    `--seed` replays the run."""
    (folder / "dropout.py").write_bytes(submission("scale_missing").read_bytes())
    code, verdict = check_json("--lang", "zh", "--seed", "12345")
    assert (code, verdict["status"]) == (1, "failed")
    assert verdict["mistake"]["id"] == "scale_missing"
    assert re.search(r"0\.[67]\d", verdict["mistake"]["text"])  # the mean that was measured, not the one expected
    assert "缩放" in verdict["mistake"]["text"]
    assert "dropout/mean-and-variance" in verdict["cards"]
    with Store.peek(home / "history.db") as store:
        due = [event for _, event in store.events() if isinstance(event, Due)]
    assert {each.card for each in due} == set(verdict["cards"])
    again = check_json("--lang", "zh", "--seed", "12345")[1]  # the same numbers in the same message
    assert (again["seed"], again["checks"]) == ("12345", verdict["checks"])


BAD_FILES: dict[str, tuple[bytes, str]] = {
    "does not parse": (b"def dropout(x:\n", "crashed"),
    "lacks the function": (b"import torch\n", "crashed"),
    "not UTF-8": (b"# \xff\xfe\n", "crashed"),
    "null bytes": (b"def dropout(x): pass\0", "crashed"),
    "raises at import": (b"1/0\n", "crashed"),
    "exits": (b"import os\nos._exit(0)\n", "crashed"),
    "segfaults": (b"import ctypes\nctypes.string_at(0)\n", "crashed"),
    "prints ten megabytes": (b"print('x' * 10_000_000)\ndef dropout(x, p=.5, training=True):\n    return x\n", "failed"),  # noqa: E501
    "wants 400 GB": (
        b"import torch\ndef dropout(x, p=.5, training=True):\n    return torch.empty(100 * 2**30)\n", "failed"),
}  # fmt: skip


NOTES = (
    "import torch\n\n\ndef dropout(x, p=0.5, training=True):\n    assert 1 <= p <= 1\n    if p == 1:\n"
    "        return torch.zeros_like(x)\n    if p == 0:\n        return x\n    mask = (torch.rand(x.shape) > p).float()\n"  # noqa: E501
    "    return mask * x / (1 - p)\n"
)
START = "def dropout(x: torch.Tensor, p: float = 0.5, training: bool = True) -> torch.Tensor:\n"


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """All that `kata --check` would say of many files, from one judge."""
    place = tmp_path_factory.mktemp("bad")
    for name, (source, _) in BAD_FILES.items():
        (place / f"{name}.py").write_bytes(source)
    (place / "notes.py").write_text(NOTES)
    done = run("grade", "dropout", str(place), "--json", "--jobs", "1")
    assert not left_behind()
    return {Path(each["file"]).stem: each for each in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files(verdicts: dict[str, dict[str, Any]], name: str) -> None:
    """Each way a file can be no answer has its verdict and a sentence; nothing is left running."""
    assert verdicts[name]["status"] == BAD_FILES[name][1]
    assert any(each["message"] for each in verdicts[name]["checks"])


def test_a_bad_file_is_code_1(folder: Path) -> None:
    """One that takes its own process down too; nothing is left running."""
    (folder / "dropout.py").write_bytes(BAD_FILES["segfaults"][0])
    code, verdict = check_json()
    assert (code, verdict["status"]) == (1, "crashed")
    assert not left_behind()


def test_the_notes_function(verdicts: dict[str, dict[str, Any]]) -> None:
    """The classic notes' own function is told what is wrong with it: its assert."""
    assert verdicts["notes"]["mistake"]["id"] == "only_one_accepted"


@pytest.mark.parametrize(
    ("line", "lang", "said"),
    [
        ("int('elsewhere')", "en", "not seen: what happens on another device"),
        ("raise NotImplementedError('the CPU only')", "zh", "抛出了 NotImplementedError: the CPU only"),
    ],
)
def test_a_device_that_was_not_followed_or_not_seen(folder: Path, line: str, lang: str, said: str) -> None:
    """Where all else passes, the one check that does not is shown with its reason. Code 1."""
    source = submission("reference").read_text("utf-8")
    assert START in source
    (folder / "dropout.py").write_text(source.replace(START, f"{START}    if x.is_cuda:\n        {line}\n"), "utf-8")
    done = run("kata", "dropout", "--check", "--lang", lang)
    assert done.returncode == 1, done.stdout
    assert said in " ".join(done.stdout.split())
    assert "19" in done.stdout.splitlines()[0]


def test_a_loop_ends_at_its_limit(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An endless loop is a timeout, by the limit of its kata, and nothing goes on running."""
    write_kata(folder / "pack", kata_yaml=KATA["kata.yaml"].replace("seconds: 10", "seconds: 2"))
    monkeypatch.setenv("INTERVIEW_PATH", str(folder / "pack"))
    (folder / "double.py").write_text("def double(x):\n    while True: pass\n")
    done = run("kata", "double", "--check", "--json", "--trust")
    assert (done.returncode, json.loads(done.stdout)["status"]) == (1, "timeout")
    assert not left_behind()


def left_behind() -> list[str]:
    """Processes of a zygote that are still there."""
    time.sleep(0.1)
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            line = (each / "cmdline").read_bytes()
        except OSError:
            continue
        if b"interview.grading.processes.zygote" in line and os.getsid(int(each.name)) != 0 and parent(each) == 1:
            found.append(line.decode())
    return found


def parent(process: Path) -> int:
    return int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])


def test_hints_climb(capsys: pytest.CaptureFixture[str]) -> None:
    """Each --hint shows the rungs seen and the next, the last said to be the solution; a number shows one of them."""
    assert main(["kata", "dropout", "--hint", "1"]) == 2
    for n in (1, 2, 3, 3):
        capsys.readouterr()
        assert main(["kata", "dropout", "--hint"]) == 0
        out = capsys.readouterr().out
        assert [line.strip() for line in out.split("\n") if "Hint " in line] == [
            f"Hint {each} of 3" + (": the solution" if each == 3 else "") for each in range(1, n + 1)
        ]
        assert ("The next hint is the solution." in out) is (n == 2)
    assert main(["kata", "dropout", "--hint", "2"]) == 0
    out = capsys.readouterr().out
    assert "Hint 2 of 3" in out
    assert "Hint 1 of 3" not in out
    for n in ("0", "4", "-1"):
        assert main(["kata", "dropout", "--hint", n]) == 2
    assert main(["kata", "dropout", "2"]) == 2


def test_printed_commands_are_quoted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A command that is shown can be pasted, whatever the file is called."""
    main(["kata", "dropout", "--file", "my own $file.py"])
    assert "--check --file 'my own $file.py'" in capsys.readouterr().out


def test_hints_survive_their_log(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A log that is no text is counted all the same; where none can be written the hint is shown, and that is said."""
    log = home / "attempts" / "dropout" / "hints.log"
    log.parent.mkdir(parents=True)
    log.write_bytes(b"\xff\n")
    assert main(["kata", "dropout", "--hint"]) == 0
    assert "Hint 2 of 3" in capsys.readouterr().out
    log.unlink()
    log.parent.rmdir()
    log.parent.touch()
    for _ in range(2):
        assert main(["kata", "dropout", "--hint"]) == 0
        said = capsys.readouterr()
        assert "Hint 1 of 3" in said.out
        assert "shows this one again" in said.err


@contextmanager
def home_is_a_file(home: Path) -> Iterator[None]:
    home.touch()
    yield


@contextmanager
def history_is_damaged(home: Path) -> Iterator[None]:
    home.mkdir()
    (home / "history.db").write_bytes(b"no database " * 100)
    yield


@contextmanager
def history_is_locked(home: Path) -> Iterator[None]:
    Store.open(home / "history.db").close()
    other = sqlite3.connect(home / "history.db", isolation_level=None)
    other.execute("begin immediate")
    try:
        yield
    finally:
        other.close()


@contextmanager
def attempts_are_a_file(home: Path) -> Iterator[None]:
    home.mkdir()
    (home / "attempts").touch()
    yield


@contextmanager
def disk_is(home: Path, *mount: str) -> Iterator[None]:
    home.mkdir()
    if subprocess.run(["mount", *mount, home], capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", home], check=True)


@contextmanager
def disk_is_full(home: Path) -> Iterator[None]:
    with disk_is(home, "-t", "tmpfs", "-o", "size=16k", "none"):
        yield


@contextmanager
def disk_is_read_only(home: Path) -> Iterator[None]:
    with disk_is(home, "-t", "tmpfs", "-o", "ro", "none"):
        yield


Fault = Callable[[Path], AbstractContextManager[None]]
FAULTS = [home_is_a_file, history_is_damaged, history_is_locked, attempts_are_a_file, disk_is_full, disk_is_read_only]


def test_a_full_disk_hands_out_nothing(tmp_path: Path) -> None:
    """Rather than half a task, which the next time would be taken for the person's own file."""
    with disk_is(tmp_path / "disk", "-t", "tmpfs", "-o", "size=8k", "none"):
        (tmp_path / "disk" / "filler").write_bytes(b"x" * 4096)
        (tmp_path / "disk" / "more").write_bytes(b"x" * 4096)
        done = run("kata", "dropout", "--file", str(tmp_path / "disk" / "mine.py"))
        assert not (tmp_path / "disk" / "mine.py").exists()
    assert done.returncode == 2
    assert "No space left" in done.stderr


@pytest.mark.parametrize("fault", FAULTS)
def test_a_verdict_needs_no_history(folder: Path, home: Path, fault: Fault) -> None:
    """Where it cannot be noted it is shown all the same, with the code that it has; then a sentence says why not."""
    (folder / "dropout.py").write_bytes(b"# \xff\n")
    with fault(home):
        done = run("kata", "dropout", "--check")
        code, verdict = check_json()
    assert done.returncode == code == 1
    assert "not UTF-8" in done.stdout
    assert (verdict["status"], verdict["attempt"]) == ("crashed", None)
    said = done.stderr.splitlines()
    assert len(said) == 1
    assert said[0].startswith("interview: this attempt was not noted, and no card is due for it: ")
    assert str(home) in said[0]
    assert not list(folder.parent.glob("home/**/*.part"))


def test_a_pass_needs_no_history(folder: Path, home: Path) -> None:
    """The code of a pass stays 0, and the sentence is in the language asked for."""
    (folder / "dropout.py").write_bytes(submission("where").read_bytes())
    with home_is_a_file(home):
        done = run("kata", "dropout", "--check", "--lang", "zh")
    assert done.returncode == 0
    assert "这次作答没有记录" in done.stderr


def test_shown_before_it_is_noted(folder: Path, home: Path) -> None:
    """The verdict is on the screen while another program still holds the history, and nothing is in it yet."""
    (folder / "dropout.py").write_bytes(b"# \xff\n")
    command = [INTERVIEW, "kata", "dropout", "--check"]
    with ExitStack() as held:
        held.enter_context(history_is_locked(home))
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            assert process.stdout is not None
            assert any("not UTF-8" in line for line in process.stdout)
            with Store.peek(home / "history.db") as store:
                assert not store.attempts()
            held.close()
            process.stdout.read()
    assert process.returncode == 1


def test_an_attempt_whose_reader_left_is_an_attempt(folder: Path, home: Path) -> None:
    """`--check | head -1` is noted as any other, and so is one that no disk had room to show."""
    (folder / "dropout.py").write_bytes(b"# \xff\n")
    reader, writer = os.pipe()
    os.close(reader)
    for out in (writer, os.open("/dev/full", os.O_WRONLY)):
        subprocess.run([INTERVIEW, "kata", "dropout", "--check"], stdout=out, stderr=subprocess.DEVNULL, check=False)
        os.close(out)
    with Store.peek(home / "history.db") as store:
        assert len(store.attempts("dropout")) == 2


@pytest.mark.parametrize("watch", [[], ["--json"]])
def test_no_file_to_check(folder: Path, watch: list[str]) -> None:
    """A pipe, a device, a folder, a loop: code 2 and a sentence with the path, at once."""
    os.mkfifo(folder / "pipe.py")
    (folder / "loop.py").symlink_to("loop.py")
    (folder / "zero.py").symlink_to("/dev/zero")
    for name, said in (("pipe.py", "a named pipe"), ("zero.py", "a device"), (".", "a folder"), ("loop.py", "links")):
        done = run("kata", "dropout", "--check", "--file", name, *watch)
        assert done.returncode == 2
        assert said in done.stderr
        assert not done.stdout


def test_a_link_that_leads_nowhere(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """To hand the task out again would help nobody: something is there. It says what the link leads to."""
    (folder / "dropout.py").symlink_to("moved.py")
    assert main(["kata", "dropout", "--check"]) == 2
    said = capsys.readouterr().err
    assert "a link to moved.py" in said
    assert "hand the task out" not in said


def test_a_file_that_is_no_text_names_its_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """FILE:LINE, for a person and for an editor; Windows' line ends are no trouble and count as one."""
    path = folder / "dropout.py"
    path.write_bytes(b"# one\r\n# two\r\n# \xff\r\n")
    assert main(["kata", "dropout", "--check"]) == 1
    assert "dropout.py:3: " in capsys.readouterr().out
    assert main(["kata", "dropout", "--check", "--plain"]) == 1
    assert capsys.readouterr().out.startswith("dropout.py:3:1: error: ")


def test_windows_line_ends_are_judged(folder: Path) -> None:
    """A right answer with them passes, and is told its lines as the editor counts them."""
    source = submission("where").read_text("utf-8")
    (folder / "dropout.py").write_bytes(source.replace("\n", "\r\n").encode())
    assert run("kata", "dropout", "--check", "--plain").stdout.startswith("dropout: 20 of 20")


def test_a_broken_kata(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A kata that cannot be read ends with code 5 and names file and line."""
    pack = tmp_path / "pack" / "katas" / "mine"
    pack.mkdir(parents=True)
    (pack / "kata.yaml").write_text("kata: mine\n\tlevel: 2\n")
    monkeypatch.setenv("INTERVIEW_PATH", str(tmp_path / "pack"))
    assert main(["kata", "mine"]) == 5
    assert "kata.yaml:2" in capsys.readouterr().err


def test_a_foreign_suite_is_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """A pack of one's own brings code: without a terminal its suite does not run unless --trust is said."""
    copy = tmp_path / "pack" / "katas" / "dropout2"
    copy.mkdir(parents=True)
    for name in ("prompt.en.md", "prompt.zh.md", "stub.py", "hidden.py"):
        (copy / name).write_bytes((DROPOUT / name).read_bytes())
    (copy / "kata.yaml").write_text(
        (DROPOUT / "kata.yaml").read_text("utf-8").replace("kata: dropout", "kata: dropout2")
    )
    monkeypatch.setenv("INTERVIEW_PATH", str(tmp_path / "pack"))
    (folder / "dropout2.py").write_bytes(submission("where").read_bytes())
    refused = run("kata", "dropout2", "--check", stdin=subprocess.DEVNULL)
    assert refused.returncode == 2
    assert "--trust" in refused.stderr
    assert run("kata", "dropout2", "--check", "--trust", stdin=subprocess.DEVNULL).returncode == 0


def test_a_judge_that_cannot_be_started_is_no_verdict(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No process to be had is nobody's wrong answer: code 4, a sentence, no attempt."""
    (folder / "dropout.py").write_bytes(submission("where").read_bytes())
    monkeypatch.setattr(sys, "executable", str(folder / "no-python"))
    assert main(["kata", "dropout", "--check"]) == 4
    assert "the judge cannot be started" in capsys.readouterr().err


def test_a_pass_is_noted_whatever_the_hints_are(folder: Path, home: Path) -> None:
    """The log of hints cannot be written: the attempt is in the history all the same."""
    main(["kata", "dropout", "--hint"])
    (home / "attempts" / "dropout" / "hints.log").unlink()
    (home / "attempts" / "dropout" / "hints.log").mkdir()
    (folder / "dropout.py").write_bytes(submission("where").read_bytes())
    assert main(["kata", "dropout", "--check"]) == 0
    with Store.peek(home / "history.db") as store:
        assert [each.status for each in store.attempts("dropout")] == ["passed"]

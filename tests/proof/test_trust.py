"""A pack's code: named and asked about before it runs, and no other than that runs."""

from __future__ import annotations

import os
import py_compile
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import dedent, indent

import pytest
from decks import CHOICE, KATA, SPOT, write_deck, write_kata
from judging import grading
from screens import Quiz

import interview
from interview.cli.main import main
from interview.cli.world import is_our_suite, is_ours, shipped
from interview.content.katas.kata_file import load_kata
from interview.grading.client import Grader
from interview.grading.verdict import Status, Verdict
from interview.proof.trust import kata_source

Say = Callable[..., "Said"]
RIGHT = "def double(x):\n    return x + x\n"
HIDDEN = dedent(KATA["hidden.py"])


@dataclass(frozen=True, slots=True)
class Said:
    """A command's exit code, and what it said."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def ran(tmp_path: Path) -> Path:
    """A file that only foreign code makes."""
    return tmp_path / "ran"


@pytest.fixture
def evil(ran: Path) -> str:
    """A line of foreign code."""
    return f"open({str(ran)!r}, 'a').close()\n"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    write_kata(folder)
    return folder


@pytest.fixture
def suite(pack: Path) -> Path:
    return pack / "katas" / "double" / "hidden.py"


@pytest.fixture
def say(tmp_path: Path, pack: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Say:
    """`interview …` in a folder with a right answer, without a terminal."""
    monkeypatch.setenv("INTERVIEW_PATH", str(pack))
    monkeypatch.setenv("INTERVIEW_LANG", "en")
    monkeypatch.setenv("COLUMNS", "400")  # a long path stays on its line
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    Path("double.py").write_text(RIGHT)
    Path("stub.py").write_text(dedent(KATA["stub.py"]))
    Path("bytes.py").write_bytes(b"\xff")

    def run(*args: str | Path) -> Said:
        code = main([*map(str, args)])
        return Said(code, *capsys.readouterr())

    return run


@pytest.fixture
def ask(tmp_path: Path, say: Say) -> Iterator[Callable[..., Quiz]]:
    """The same on a terminal."""
    opened: list[Quiz] = []

    def start(*args: str | Path, **env: str) -> Quiz:
        given = {"INTERVIEW_PATH": os.environ["INTERVIEW_PATH"], **env}
        opened.append(Quiz(*map(str, args), env=given, cwd=tmp_path / "work", columns=300))
        return opened[-1]

    yield start
    for each in opened:
        each.close()


@pytest.fixture(scope="module")
def judge() -> Iterator[Grader]:
    with grading() as grader:
        yield grader


def judged(judge: Grader, suite: Path) -> Verdict:
    """On a right answer, by a suite of which all that there is now was agreed to."""
    kata = replace(load_kata(suite.parent), agreed=kata_source(suite.parent).files)
    return judge.grade(kata, RIGHT, file=Path("double.py"))


def unjudged(judge: Grader, suite: Path) -> str:
    """Why there is no verdict."""
    verdict = judged(judge, suite)
    assert verdict.status is Status.BROKEN, verdict
    assert verdict.reason
    return verdict.reason.en


CHECK = ("kata", "double", "--check")
UNTOUCHED = (*CHECK, "--file", "stub.py")  # the question is the same, and the verdict, code 1, needs no judge
GRADE = ("grade", "double", "double.py")


# -- whose code it is


def test_only_the_shipped_content_is_ours(tmp_path: Path) -> None:
    """By the real path: not what `..` leads to, what lies beside it in a checkout, or what a link leads out to."""
    ours = shipped()
    dropout = ours / "katas" / "dropout"
    assert is_our_suite(dropout)
    assert is_our_suite(ours / "questions" / ".." / "katas" / "dropout")
    link = tmp_path / "link"
    link.symlink_to(ours)
    assert is_our_suite(link / "katas" / "dropout")
    for path in (
        ours,
        ours / "mine",
        ours / "katas.old" / "x",
        ours / "katas" / ".." / "mine" / "katas" / "x",
        tmp_path,
    ):
        assert not is_ours(path)
        assert not is_our_suite(path)


def test_in_our_own_tree(tmp_path: Path, evil: str, ran: Path) -> None:
    """In a copy of the package: a suite is ours and compiled from its text, whatever bytecode lies beside it. A kata,
    or a suite, that is a link to elsewhere is not ours, and asked about."""
    package = tmp_path / "site" / "interview"
    shutil.copytree(Path(interview.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__", "_content"))
    (package / "_content" / "questions").mkdir(parents=True)
    kata = write_kata(package / "_content")
    plant(kata / "hidden.py", evil, f"__pycache__/hidden.{sys.implementation.cache_tag}.pyc")
    (kata / "__init__.py").write_text(evil)
    (kata / "conftest.py").write_text(evil)
    (tmp_path / "hidden.py").write_text(evil + HIDDEN)
    shutil.copytree(kata, tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "hidden.py").write_text(evil + HIDDEN)
    (tmp_path / "double.py").write_text(RIGHT)
    env = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}

    def check() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-m", "interview", *CHECK]
        return subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, timeout=100, check=False)

    done = check()
    assert done.returncode == 0, done
    (kata / "hidden.py").unlink()
    (kata / "hidden.py").symlink_to(tmp_path / "hidden.py")
    assert check().returncode == 2
    shutil.rmtree(kata)
    kata.symlink_to(tmp_path / "elsewhere")
    assert check().returncode == 2
    assert not ran.exists()


@pytest.mark.parametrize("command", [CHECK, GRADE, ("lint",)])
@pytest.mark.parametrize("path", ["{ours}/../{ours.name}/../{away}", "{ours}/katas/../../{away}", "{link}"])
def test_no_name_of_a_pack_makes_it_ours(
    tmp_path: Path, pack: Path, suite: Path, say: Say, evil: str, ran: Path, monkeypatch: pytest.MonkeyPatch,
    path: str, command: tuple[str, ...],
) -> None:  # fmt: skip
    """However INTERVIEW_PATH writes it, without trust nothing of it runs: exit 2, and the flag is named."""
    suite.write_text(evil + HIDDEN)
    write_deck(
        pack,
        SPOT.replace(
            "def double(x):\n        return x * x", evil.strip() + "\n    def double(x):\n        return x * x", 1
        ),
    )
    (tmp_path / "link").symlink_to(pack)
    away = os.path.relpath(pack, shipped().parent)
    monkeypatch.setenv("INTERVIEW_PATH", path.format(ours=shipped(), away=away, link=tmp_path / "link"))
    said = say(*command, *([os.environ["INTERVIEW_PATH"]] if command == ("lint",) else []))
    assert said.returncode == 2, said
    assert "--trust" in said.stderr
    assert not ran.exists()


# -- the question


def test_a_question_shows_what_would_run_and_is_asked_once(suite: Path, ask: Callable[..., Quiz], say: Say) -> None:
    """Every file of the kata, its answers too, for a diagnosis runs them again; `y` is remembered for every command, a
    changed file asks again."""
    (suite.parent / "helper.py").write_text("")
    quiz = ask(*CHECK)
    quiz.until("brings code", "double/hidden.py", "double/helper.py", "accepted/reference.py", "[y/N]")
    assert quiz.leave("y", "enter", seconds=100) == 0
    assert say(*UNTOUCHED).returncode == 1
    assert say("grade", "double", "bytes.py").returncode == 0
    for name in ("helper.py", "hidden.py", "other.py"):
        (suite.parent / name).write_text(HIDDEN + "# changed\n")
        quiz = ask(*UNTOUCHED)
        quiz.until("[y/N]")
        assert quiz.leave("y", "enter") == 1


def test_no_is_no(ask: Callable[..., Quiz], suite: Path, evil: str, ran: Path) -> None:
    """Anything but yes, also an end of input and Ctrl-C; and it is asked again the next time."""
    suite.write_text(evil + HIDDEN)
    for keys, code in ((("n", "enter"), 2), (("enter",), 2), (("\x04",), 2), (("ctrl-c",), 130)):
        quiz = ask(*CHECK)
        quiz.until("[y/N]")
        assert quiz.leave(*keys, seconds=60) == code
    assert not ran.exists()


def test_the_question_speaks_chinese(ask: Callable[..., Quiz]) -> None:
    """It is the person's language that is read before a yes."""
    ask(*CHECK, INTERVIEW_LANG="zh").until("可以运行吗")


def test_two_names_of_a_pack_are_asked_about_once(
    tmp_path: Path, pack: Path, ask: Callable[..., Quiz], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named twice, by a link and with `..`: one pack, one question, and no clash with itself."""
    (tmp_path / "link").symlink_to(pack)
    names = (pack, tmp_path / "link", pack / ".." / "pack", pack)
    monkeypatch.setenv("INTERVIEW_PATH", os.pathsep.join(map(str, names)))
    quiz = ask(*UNTOUCHED)
    quiz.until("[y/N]")
    assert quiz.leave("y", "enter") == 1
    assert quiz.text.count("[y/N]") == 1


# -- what was agreed to is what runs


def test_a_suite_swapped_after_the_question_is_refused(
    ask: Callable[..., Quiz], suite: Path, evil: str, ran: Path
) -> None:
    """The judge compares the bytes that it compiles: no verdict (exit 4), a sentence, and not a line of it has run."""
    quiz = ask(*CHECK)
    quiz.until("[y/N]")
    suite.write_text(evil + HIDDEN)
    assert quiz.leave("y", "enter", seconds=100) == 4
    assert "has changed since you agreed to run it" in quiz.text.replace("\n", " ")
    assert not ran.exists()


def test_of_a_deck_the_code_is_agreed_to(pack: Path, ask: Callable[..., Quiz], evil: str, ran: Path) -> None:
    """Lint runs the code that it has read and shown, not what lies there by now; the wording may change unasked."""
    deck = write_deck(pack, SPOT)
    quiz = ask("lint", deck)
    quiz.until("the code of spot", "[y/N]")
    swapped = SPOT.replace("  code: |\n", f"  code: |\n{indent(evil, '    ')}")
    write_deck(pack, swapped)
    assert quiz.leave("y", "enter", seconds=100) == 0
    assert not ran.exists()
    again = ask("lint", deck)
    again.until("[y/N]")
    assert again.leave("n", "enter") == 2
    assert not ran.exists()
    write_deck(pack, SPOT.replace("Which line?", "Which one?"))
    again = ask("lint", deck)
    assert again.leave(seconds=100) == 0
    assert "[y/N]" not in again.text


LATER = """\
import sys, pathlib
here = pathlib.Path(__file__).parent
{first}


def test_doubles(solution):
    \"\"\"Exactly twice.\"\"\"
    {then}
    assert solution.double(3.0) == 6.0
"""


@pytest.mark.parametrize(
    ("lies", "first", "then"),
    [
        ("katas/double/helper.py", "sys.path.insert(0, str(here))", "import helper"),
        ("katas/double/deep/helper.py", "sys.path.insert(0, str(here / 'deep'))", "import helper"),
        ("katas/double/helper.txt", "", "exec((here / 'helper.txt').read_text())"),
        ("katas/double/helper.py", "from importlib.util import *; s = spec_from_file_location('h', here / 'helper.py')",
         "s.loader.exec_module(module_from_spec(s))"),
    ],
)  # fmt: skip
def test_what_a_suite_reads_is_what_was_agreed_to(
    pack: Path, suite: Path, judge: Grader, evil: str, ran: Path, lies: str, first: str, then: str
) -> None:
    """A file beside the suite is compared when it is opened, however late; here the suite itself changes it."""
    helper = pack / lies
    helper.parent.mkdir(exist_ok=True)
    helper.write_text("fine = 1\n")
    swap = f"import subprocess; subprocess.run(['cp', {str(pack / 'evil')!r}, {str(helper)!r}], check=True); {then}"
    (pack / "evil").write_text(evil)
    suite.write_text(LATER.format(first=first, then=swap))
    assert "has changed since you agreed" in unjudged(judge, suite)
    assert not ran.exists()


@pytest.mark.parametrize(
    "lies",
    [
        "lib/helper.py",
        "katas/helper.py",
        "katas/double/__pycache__/helper.py",
        "katas/double/.deep/helper.py",
    ],
)
def test_what_lies_outside_the_agreement_is_not_read(
    pack: Path, suite: Path, judge: Grader, evil: str, ran: Path, lies: str
) -> None:
    """Code of the pack that the question did not show: no verdict, and the sentence names the file."""
    (pack / lies).parent.mkdir(exist_ok=True, parents=True)
    (pack / lies).write_text(evil)
    suite.write_text(
        LATER.format(first=f"sys.path.insert(0, {str((pack / lies).parent)!r})\nimport helper", then="pass")
    )
    assert "helper.py was not agreed to" in unjudged(judge, suite)
    assert not ran.exists()


@pytest.mark.parametrize("lies", ["a.json", "data/a.csv", "katas/a.txt", "katas/other/a", "questions/a.yaml"])
@pytest.mark.parametrize("when", ["first", "then"], ids=["loading", "checking"])
def test_data_outside_the_agreement_is_not_read_either(
    pack: Path, suite: Path, judge: Grader, lies: str, when: str
) -> None:
    """What no fingerprint covers decides no verdict, whatever its name ends with."""
    (pack / lies).parent.mkdir(exist_ok=True, parents=True)
    (pack / lies).write_text("6.0")
    suite.write_text(LATER.format(**{"first": "", "then": "", when: f"open({str(pack / lies)!r}).read()"}))
    assert f"{pack / lies} was not agreed to" in unjudged(judge, suite)


def test_an_agreed_link_that_is_turned_is_not_followed(
    tmp_path: Path, suite: Path, judge: Grader, evil: str, ran: Path
) -> None:
    """A link to a file outside is agreed to with what it leads to; led elsewhere, it is not read."""
    (tmp_path / "good.py").write_text("")
    (tmp_path / "bad.py").write_text(evil)
    link = suite.parent / "helper.py"
    link.symlink_to(tmp_path / "good.py")
    first = "sys.path.insert(0, str(here))"
    suite.write_text(LATER.format(first=first, then="import helper"))
    assert judged(judge, suite).status is Status.PASSED
    turn = f"import os; os.unlink(here / 'helper.py'); os.symlink({str(tmp_path / 'bad.py')!r}, here / 'helper.py')"
    suite.write_text(LATER.format(first=first, then=f"{turn}; import helper"))
    assert "was not agreed to" in unjudged(judge, suite)
    assert not ran.exists()


# -- bytecode


def plant(source: Path, code: str, target: str) -> None:
    """Bytecode of other code, with the size and time of `source`, where Python looks for it."""
    state = source.stat()
    other = source.with_name("other.txt")
    padded = code + "#" * (state.st_size - len(code) - 1) + "\n"
    assert len(padded) == state.st_size
    other.write_text(padded)
    os.utime(other, ns=(state.st_atime_ns, state.st_mtime_ns))
    py_compile.compile(str(other), cfile=str(source.parent / target), dfile=str(source), doraise=True)
    other.unlink()


def test_bytecode_is_neither_read_nor_written(pack: Path, suite: Path, say: Say, evil: str, ran: Path) -> None:
    """A planted .pyc that matches its source in size and time is not run; none is left in the pack."""
    helper = suite.parent / "helper.py"
    helper.write_text("#" * 600 + "\n")
    suite.write_text(
        f"import pathlib, sys\nsys.path.insert(0, str(pathlib.Path(__file__).parent))\nimport helper\n{HIDDEN}"
    )
    tag = sys.implementation.cache_tag
    plant(suite, evil, f"__pycache__/hidden.{tag}.pyc")
    plant(helper, evil, f"__pycache__/helper.{tag}.pyc")
    (pack / "katas" / "__init__.py").write_text(evil)
    planted = sorted(pack.rglob("*.pyc"))
    said = say("lint", pack, "--trust", "--runs", "1")
    assert said.returncode == 0, said
    assert not ran.exists()
    assert sorted(pack.rglob("*.pyc")) == planted


# -- without trust, and what is remembered


def test_without_trust_lint_tells_what_reading_can(pack: Path, say: Say, suite: Path, evil: str, ran: Path) -> None:
    """Exit 1 with the problems of structure, 2 without any; either way it says what was not proved. Nothing runs."""
    suite.write_text(evil + HIDDEN)
    write_deck(pack, SPOT)
    sound = say("lint", pack)
    assert sound.returncode == 2
    assert "not proved: " in sound.stderr
    assert "mine.yaml, double" in sound.stderr
    assert "sound as far as reading can tell: 1 card, 1 kata" in sound.stdout
    write_deck(pack, SPOT + CHOICE.replace("level: 3", "level: 9"))
    faulty = say("lint", pack)
    assert faulty.returncode == 1
    assert "`level` is `9`" in faulty.stdout
    assert "not proved: " in faulty.stderr
    assert not ran.exists()


def test_what_cannot_be_believed_trusts_nothing(home: Path, ask: Callable[..., Quiz], say: Say) -> None:
    """A list of agreements that others may write, that is a folder, or full of anything else: asked again, no crash."""
    quiz = ask(*UNTOUCHED)
    quiz.until("[y/N]")
    assert quiz.leave("y", "enter") == 1
    kept = home / "trusted.txt"
    kept.chmod(0o666)
    said = say(*UNTOUCHED)
    assert said.returncode == 2
    assert "only you can write" in said.stderr
    kept.chmod(0o600)
    for folder in (home, home.parent):  # whoever may write there can put another file in its place
        before = folder.stat().st_mode
        folder.chmod(0o777)
        said = say(*UNTOUCHED)
        assert said.returncode == 2
        assert "only you can write" in said.stderr
        folder.chmod(before)
    assert say(*UNTOUCHED).returncode == 1
    kept.unlink()
    for spoil in (lambda: kept.write_bytes(b"\xff\x00" * 5000), kept.mkdir):
        spoil()
        assert say(*UNTOUCHED).returncode == 2
        quiz = ask(*UNTOUCHED)
        quiz.until("[y/N]")
        assert quiz.leave("y", "enter") == 1
        if kept.is_file():
            assert say(*UNTOUCHED).returncode == 1
            kept.unlink()
    assert "cannot be written" in quiz.text


def test_many_that_agree_at_once_lose_nothing(tmp_path: Path, home: Path) -> None:
    """Each answer is a line that is appended at once, after one that was left unfinished too."""
    home.mkdir()
    (home / "trusted.txt").write_text("0" * 40)
    (home / "trusted.txt").chmod(0o600)
    code = """if True:
        import sys
        from pathlib import Path
        from interview.proof.trust import Source, digest, remember, remembered
        home, pack = map(Path, sys.argv[1:])
        for n in range(200):
            remember([Source(pack, digest(pack, str(n)), ())], home)
        print(len(remembered(home).digests))
    """
    writers = [
        subprocess.Popen([sys.executable, "-c", code, home, f"/pack{n}"], stdout=subprocess.PIPE) for n in range(3)
    ]
    assert max(int(each.communicate(timeout=60)[0]) for each in writers) == 600

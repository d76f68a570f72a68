"""Hostile submissions before the real judge. Each file of `attacks/` says in its head which outcome it must have.

    # must: crashed | failed | timeout      one of these, and never passed or broken
    # with: raw, right                      parts of `attacks/shared` put before it; `right` lets an attack that
                                            gets through go on and pass, so that it is seen
    # seconds: 1                            the run's limit, where it is meant to hang
    # after: right                          the same zygote has judged a right submission before, whose text it seeks
    # twice: yes                            judged twice by the same zygote
    # source: "(" * 5000                    the source itself, where it is too long to be kept

After each: no process, file, shared memory or descriptor is left, and no secret is in the verdict.
"""

from __future__ import annotations

import ast
import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from interview.cli.world import shipped
from interview.content.kata import Limits
from interview.content.kata_file import load_kata
from interview.grading.grader import Grader, ZygoteLost
from interview.grading.verdict import Verdict

ROOT = shipped()  # beside the package in a checkout, inside it in the wheel
FOLDER = Path(__file__).parent / "attacks"
MARK = Path("/tmp/interview-attack-marker")  # the attacks know this path
TOKEN = "ATTACK-TOKEN-7f3a"
SECONDS = 6.0
ODD = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

ATTACKS = sorted(FOLDER.glob("*.py"))
QUICK = {
    "exit_on_import", "sys_exit_in_call", "pytest_skip", "equal_to_everything", "printed_pass", "frame_huge_length",
    "reference_from_frames", "reference_from_content", "reference_by_loader", "reference_by_metadata",
    "reference_by_resources", "reference_compiled", "reference_from_git", "threads_sixty_five", "fork_by_every_route",
    "memory_of_others", "endless_call", "double_fork", "token_in_error", "history_deleted", "tcp",
}  # fmt: skip

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox's layers are those of Linux")


@dataclass(frozen=True, slots=True)
class Attack:
    must: frozenset[str]
    source: str
    seconds: float
    after: bool
    twice: bool


def parse(path: Path) -> Attack:
    text = path.read_text(encoding="utf-8")
    head = dict(re.findall(r"^# (must|with|seconds|after|twice|source): (.+)$", text, flags=re.MULTILINE))
    shared = [each.strip() for each in head.get("with", "").split(",") if each.strip()]
    parts = [(FOLDER / "shared" / f"{each}.py").read_text(encoding="utf-8") for each in shared]
    return Attack(
        must=frozenset(head["must"].split("|")),
        source=grown(head["source"]) if "source" in head else "\n".join([*parts, text]),
        seconds=float(head.get("seconds", SECONDS)),
        after="after" in head,
        twice="twice" in head,
    )


def grown(expression: str) -> str:
    value = eval(compile(ast.parse(expression, mode="eval"), "head", "eval"), {"chr": chr})
    assert isinstance(value, str)
    return value


class Stage:
    """A machine with something to steal and to break, and one zygote for all attacks that leave it alive."""

    def __init__(self) -> None:
        self.badge = f"badge-{uuid.uuid4().hex}"
        self.grader: Grader | None = None
        self.standing: tuple[Any, ...] = ()
        shutil.rmtree(MARK, ignore_errors=True)
        (MARK / "home").mkdir(parents=True)
        (MARK / "home" / "history.db").write_text(f"{TOKEN} history")
        (MARK / "home" / ".netrc").write_text(f"{TOKEN} netrc")
        (MARK / "victim.txt").write_text(f"{TOKEN} victim")
        (MARK / "victim.txt").chmod(0o600)
        shutil.copytree(ROOT / "katas" / "dropout", MARK / "dropout")
        with (MARK / "dropout" / "hidden.py").open("a") as hidden:
            hidden.write(f'\nSECRET = "{TOKEN} hidden"\n')
        # Its compiled copy would be written beside the suite by the first judge.
        self.kata = load_kata(MARK / "dropout")
        self.environment = {
            "HOME": str(MARK / "home"), "INTERVIEW_SECRET": f"{TOKEN} environment",
            "PATH": f"{os.environ['PATH']}:/{self.badge}",
        }  # fmt: skip

    def open(self) -> Grader:
        if self.grader is None:
            before = dict(os.environ)
            os.environ.update(self.environment)
            try:
                self.grader = Grader((MARK / "dropout",))
            finally:
                os.environ.clear()
                os.environ.update(before)
            self.right()
            self.standing = self.rest()[2:]
        return self.grader

    def right(self) -> None:
        """Judge a right submission, of a size that ends in the heap, with a mark that a thief can look for."""
        source = (ROOT / "katas/dropout/submissions/accepted/reference.py").read_text()
        text = "# STOLEN-MARK-\n" + source + "\n# and padding" * 50
        verdict = self.open().grade(self.kata, text, file=MARK / "right.py")
        assert verdict.status == "passed", verdict

    def close(self) -> None:
        if self.grader is not None:
            self.grader.close()
            self.grader = None

    def judge(self, attack: Attack) -> Verdict:
        kata = dataclasses.replace(self.kata, limits=Limits(attack.seconds, self.kata.limits.memory_mib))
        return self.open().grade(kata, attack.source, file=MARK / "attack.py")

    def state(self) -> tuple[Any, ...]:
        """What must be as it was: files, shared memory, the zygote's descriptors, and how many processes there are."""
        assert self.grader is not None
        files = sorted(
            (str(each), each.stat().st_mode, each.stat().st_uid, each.stat().st_mtime_ns, content(each))
            for each in MARK.rglob("*") if "__pycache__" not in each.parts
        )  # fmt: skip
        descriptors = len(os.listdir(f"/proc/{self.grader.process.pid}/fd"))  # noqa: PTH208
        return files, sorted(os.listdir("/dev/shm")), descriptors, len(self.processes())  # noqa: PTH208

    def rest(self) -> tuple[Any, ...]:
        """The state, once it stands still: the next worker is forked after a verdict."""
        state = self.state()
        for _ in range(100):
            time.sleep(0.03)
            before, state = state, self.state()
            if before == state and self.standing in ((), state[2:]):
                break
        return state

    def processes(self) -> list[int]:
        """Every process that was started by our zygote, whoever its parent is now: the badge is in its environment."""
        found = []
        for each in Path("/proc").iterdir():
            try:
                if each.name.isdigit() and self.badge.encode() in (each / "environ").read_bytes():
                    found.append(int(each.name))
            except OSError:
                continue
        return found


def content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() and path.name != "hidden.py" else b""


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    stage = Stage()
    try:
        yield stage
    finally:
        stage.close()
        left = settle(lambda: len(stage.processes()), 0)
        shutil.rmtree(MARK, ignore_errors=True)
        assert left == 0


def settle(measure: Any, wanted: Any, seconds: float = 3.0) -> Any:
    """What is measured, once it is as wanted or the time is up: the next spare worker is forked after a verdict."""
    end = time.monotonic() + seconds
    while (got := measure()) != wanted and time.monotonic() < end:
        time.sleep(0.02)
    return got


def text_of(verdict: Verdict) -> str:
    return json.dumps(dataclasses.asdict(verdict), default=str, ensure_ascii=False)


def params() -> list[Any]:
    marks = pytest.mark.slow
    return [
        pytest.param(each, id=each.stem, marks=() if each.stem in QUICK else (marks,))
        for each in ATTACKS
    ]  # fmt: skip


@pytest.mark.parametrize("path", params())
def test_no_attack_passes_hangs_or_leaves_anything(path: Path, stage: Stage) -> None:
    """The outcome its head asks for, in time, and the machine as it was."""
    attack = parse(path)
    stage.open()
    if attack.after:
        stage.right()
    settled = stage.rest()
    start = time.monotonic()
    try:
        verdicts = [stage.judge(attack) for _ in range(2 if attack.twice else 1)]
    except ZygoteLost:
        stage.close()
        raise
    seconds = time.monotonic() - start
    for verdict in verdicts:
        assert verdict.status in attack.must, (verdict.status, verdict.reason, [e.outcome for e in verdict.checks])
        assert verdict.missing_layers == ()
        text = text_of(verdict)
        assert TOKEN not in text
        assert len(text) < 200_000
        assert ODD.search(json.loads(json.dumps(text)).replace("\\n", "")) is None
        for value in strings(dataclasses.asdict(verdict)):
            assert ODD.search(value) is None, ascii(value[:200])
    assert seconds < len(verdicts) * (3 * attack.seconds + 6)
    assert settle(stage.state, settled) == settled
    assert settled[2:] == stage.standing


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from strings(each)


def test_there_are_enough_attacks() -> None:
    """The corpus holds more than two hundred, each with the outcome it must have."""
    assert len(ATTACKS) > 200
    assert all(parse(each).must <= {"crashed", "failed", "timeout"} for each in ATTACKS)


SAMPLE = (
    "exit_on_import", "printed_pass", "escapes_in_error", "escapes_in_call_error", "escapes_printed",
    "parser_broken", "parser_broken_by_attributes", "parser_broken_by_sums", "null_byte", "frame_escapes_in_type",
    "token_in_error", "frame_surrogates", "source_of_two_megabytes", "segfault", "ready_made_hidden",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", [each for each in SAMPLE if (FOLDER / f"{each}.py").exists()])
@pytest.mark.parametrize("as_json", [True, False], ids=["json", "screen"])
def test_the_command_line_says_so(name: str, tmp_path: Path, as_json: bool) -> None:
    """`interview kata dropout --check` ends with 1 and prints JSON or plain text: no escape of the stranger's."""
    attack = parse(FOLDER / f"{name}.py")
    folder = tmp_path / "[red]x[/red]\x1b[2J"
    folder.mkdir(parents=True)
    file = folder / "[bold]dropout\x1b]0;owned\x07\udcff.py"  # and a byte that is not UTF-8
    file.write_text(attack.source, encoding="utf-8", errors="surrogatepass")
    command = [sys.executable, "-m", "interview", "kata", "dropout", "--check", "--file", str(file)]
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(tmp_path), "INTERVIEW_HOME": str(tmp_path / "home"), "LANG": "C.UTF-8",
        "SECRET": TOKEN, "NO_COLOR": "1",
    }  # fmt: skip
    done = subprocess.run(
        [*command, *(["--json"] if as_json else [])],
        capture_output=True,
        env=environment,
        cwd=ROOT,
        timeout=90,
        check=False,
    )
    out = done.stdout.decode()
    assert done.returncode == 1, (done.returncode, out[-500:], done.stderr.decode()[-2000:])
    assert TOKEN not in out
    if as_json:
        verdict = json.loads(out)
        assert verdict["status"] in attack.must
        out = "".join(strings({key: value for key, value in verdict.items() if key != "file"}))
    assert ODD.search(out) is None, ascii(ODD.search(out))


YES = {
    "true": "def NAME(*args, **kwargs):\n    return True\n",
    "nothing": "def NAME(*args, **kwargs):\n    return None\n",
    "argument": "def NAME(*args, **kwargs):\n    return args[0] if args else None\n",
    "refusal": "def NAME(*args, **kwargs):\n    raise ValueError('no')\n",
    "agreement": """
class Agreement:
    def __init__(self, *args, **kwargs): pass
    def __getattr__(self, name): return Agreement()
    def __getitem__(self, key): return Agreement()
    def __call__(self, *args, **kwargs): return True
    def __bool__(self): return True
    def __eq__(self, other): return True
    __hash__ = object.__hash__
NAME = Agreement
""",
}


@pytest.fixture(scope="module")
def any_grader() -> Iterator[Grader]:
    with Grader((ROOT / "katas",)) as grader:
        yield grader


@pytest.mark.slow
@pytest.mark.parametrize("answer", YES)
@pytest.mark.parametrize(
    "folder", sorted(each.parent for each in ROOT.glob("katas/*/kata.yaml")), ids=lambda each: each.name
)
def test_no_kata_is_passed_by_a_yes(folder: Path, answer: str, any_grader: Grader) -> None:
    """An object whose every attribute is a function that says yes stays in the worker; its word is no evidence.

    A suite that asked a result's own methods (`y.equal(x)`) would believe it.
    """
    kata = load_kata(folder)
    source = "".join(YES[answer].replace("NAME", name) for name in kata.provides)
    verdict = any_grader.grade(kata, source, file=folder / "yes.py")
    assert verdict.status in ("failed", "crashed", "timeout"), verdict.reason
    known = [each.check.id for each in verdict.checks if each.outcome == "passed"]
    assert len(known) <= len(verdict.checks) / 2, known

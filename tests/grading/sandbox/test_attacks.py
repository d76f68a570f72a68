"""Hostile submissions before the real judge. Each file of `attacks/` says in its head which outcome it must have.

    # must: crashed | failed | timeout      one of these, and never passed or broken
    # with: raw, right                      parts of `attacks/shared` put before it; `right` lets an attack that
                                            gets through go on and pass, so that it is seen
    # seconds: 1                            the run's limit, where it is meant to hang
    # after: right                          the same zygote has judged a right submission before, whose text it seeks
    # twice: yes                            judged twice by the same zygote
    # source: "(" * 5000                    the source itself, where it is too long to be kept

All are judged by one warm zygote, as whoever runs the tests; after each no process, file, shared memory or descriptor
is left, and no secret is in the verdict. Those that the kernel decides, who may differ by user, are judged once more in
batches of `interview grade` as nobody; from a wheel, those that look for its content.
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
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from users import NOBODY, as_user, reachable

from interview.cli.world import shipped
from interview.content.katas.kata import Limits
from interview.content.katas.kata_file import load_kata
from interview.grading.client import Grader, ZygoteLost
from interview.grading.sandbox import lockdown
from interview.grading.verdict import Verdict

ROOT = shipped()  # beside the package in a checkout, inside it in the wheel
FOLDER = Path(__file__).parents[2] / "attacks"
MARKER = "interview-attack-marker"  # what the attacks call the folder in /tmp that is theirs to break
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
    frames: bool


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
        frames="frames" in shared,
    )


def grown(expression: str) -> str:
    value = eval(compile(ast.parse(expression, mode="eval"), "head", "eval"), {"chr": chr})
    assert isinstance(value, str)
    return value


class Scene:
    """A folder of this run's own, with what there is to steal and to break, and a badge that marks its processes."""

    def __init__(self) -> None:
        self.badge = f"badge-{uuid.uuid4().hex}"
        self.mark = mark = Path(tempfile.mkdtemp(prefix="interview-attack-"))
        mark.chmod(0o755)
        (mark / "home").mkdir()
        (mark / "home" / "history.db").write_text(f"{TOKEN} history")
        (mark / "home" / ".netrc").write_text(f"{TOKEN} netrc")
        (mark / "victim.txt").write_text(f"{TOKEN} victim")
        (mark / "victim.txt").chmod(0o600)
        self.environment = {
            "HOME": str(mark / "home"), "INTERVIEW_SECRET": f"{TOKEN} environment",
            "PATH": f"{os.environ['PATH']}:/{self.badge}",
        }  # fmt: skip

    def kata(self, name: str, seconds: float) -> Path:
        """A copy of `dropout` with this limit, and a secret in its hidden suite."""
        folder = self.mark / "katas" / name
        shutil.copytree(ROOT / "katas" / "dropout", folder)
        text = (folder / "kata.yaml").read_text(encoding="utf-8").replace("kata: dropout\n", f"kata: {name}\n")
        (folder / "kata.yaml").write_text(text.replace("{seconds: 20,", f"{{seconds: {seconds:g},"), encoding="utf-8")
        with (folder / "hidden.py").open("a") as hidden:
            hidden.write(f'\nSECRET = "{TOKEN} hidden"\n')
        return folder

    def own(self, text: str) -> str:
        """The attack, on this run's folder instead of the one that it names."""
        return text.replace(f"/tmp/{MARKER}", str(self.mark)).replace(MARKER, self.mark.name)

    def files(self) -> list[tuple[Any, ...]]:
        return sorted(
            (str(each), each.lstat().st_mode, each.lstat().st_uid, each.lstat().st_mtime_ns, content(each))
            for each in self.mark.rglob("*") if "__pycache__" not in each.parts
        )  # fmt: skip

    def processes(self) -> list[int]:
        """Every process that was started for us, whoever its parent is now: the badge is in its environment."""
        found = []
        for each in Path("/proc").iterdir():
            try:
                if each.name.isdigit() and self.badge.encode() in (each / "environ").read_bytes():
                    found.append(int(each.name))
            except OSError:
                continue
        return found

    def leave(self) -> None:
        """Every process is gone, and then the folder."""
        left = settle(lambda: len(self.processes()), 0)
        shutil.rmtree(self.mark, ignore_errors=True)
        assert left == 0


def right() -> str:
    """A right submission, of a size that ends in the heap, with a mark that a thief can look for."""
    source = (ROOT / "katas/dropout/submissions/accepted/reference.py").read_text(encoding="utf-8")
    return "# STOLEN-MARK-\n" + source + "\n# and padding" * 50


def shared_memory() -> list[str]:
    return sorted(os.listdir("/dev/shm"))  # noqa: PTH208


class Stage:
    """A scene, and one zygote for all attacks that leave it alive."""

    def __init__(self) -> None:
        self.scene = Scene()
        self.grader: Grader | None = None
        self.standing: tuple[Any, ...] = ()
        self.before: tuple[Any, ...] = ()
        # Its compiled copy would be written beside the suite by the first judge.
        self.kata = load_kata(self.scene.kata("dropout", 20))

    def open(self) -> Grader:
        if self.grader is None:
            before = dict(os.environ)
            os.environ.update(self.scene.environment)
            try:
                self.grader = Grader((self.scene.mark,))
            finally:
                os.environ.clear()
                os.environ.update(before)
            self.right()
            self.standing = ()
            self.before = self.rest()
            self.standing = self.before[2:]
        return self.grader

    def right(self) -> None:
        verdict = self.open().grade(self.kata, right(), file=self.scene.mark / "right.py")
        assert verdict.status == "passed", verdict

    def close(self) -> None:
        if self.grader is not None:
            self.grader.close()
            self.grader = None

    def judge(self, attack: Attack) -> Verdict:
        kata = dataclasses.replace(self.kata, limits=Limits(attack.seconds, self.kata.limits.memory_mib))
        return self.open().grade(kata, self.scene.own(attack.source), file=self.scene.mark / "attack.py")

    def state(self) -> tuple[Any, ...]:
        """What must be as it was: files, shared memory, the zygote's descriptors, and how many processes there are."""
        assert self.grader is not None
        descriptors = len(os.listdir(f"/proc/{self.grader.process.pid}/fd"))  # noqa: PTH208
        return self.scene.files(), shared_memory(), descriptors, len(self.scene.processes())

    def rest(self) -> tuple[Any, ...]:
        """The state, once it stands still: the next worker is forked after a verdict."""
        state = self.state()
        for _ in range(100):
            time.sleep(0.03)
            before, state = state, self.state()
            if before == state and self.standing in ((), state[2:]):
                break
        return state


def content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() and path.name != "hidden.py" else b""


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    stage = Stage()
    try:
        yield stage
    finally:
        stage.close()
        stage.scene.leave()


def settle(measure: Any, wanted: Any, seconds: float = 30.0) -> Any:
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
    """The outcome its head asks for, before the grader gives its zygote up, and the machine as it was."""
    attack = parse(path)
    stage.open()
    if attack.after:
        stage.right()
    settled = stage.before
    try:
        verdicts = [stage.judge(attack) for _ in range(2 if attack.twice else 1)]
    except ZygoteLost:
        stage.close()
        raise
    for verdict in verdicts:
        assert verdict.status in attack.must, (verdict.status, verdict.reason, [e.outcome for e in verdict.checks])
        assert verdict.missing_layers == ()
        text = text_of(verdict)
        assert TOKEN not in text
        assert len(text) < 200_000
        assert ODD.search(json.loads(json.dumps(text)).replace("\\n", "")) is None
        for value in strings(dataclasses.asdict(verdict)):
            assert ODD.search(value) is None, ascii(value[:200])
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


FOLDER_NAME = "[red]x[/red]\x1b[2J"  # no good names for a screen; the file's has a byte that is not UTF-8 too
FILE_NAME = "[bold]{}\x1b]0;owned\x07\udcff.py"


SAMPLE = (
    "printed_pass", "escapes_in_error", "escapes_in_call_error", "escapes_printed", "parser_broken", "null_byte",
    "frame_escapes_in_type", "token_in_error", "frame_surrogates",
)  # fmt: skip
THIEVES = ("reference_", "hidden_", "ready_made", "module_cache", "import_hooks")  # they look for what we ship


def differs(name: str, attack: Attack) -> bool:
    """May it become of this one what became of it before the zygote of a root in a checkout?

    The frames of a socket are read by the judge, whoever runs it; of those, what a screen may get is a sample.
    """
    return name.startswith(THIEVES) if ROOT.name == "_content" else name in SAMPLE or not attack.frames


class Corpus:
    """The attacks as files, by the kata whose limit they need; INTERVIEW_PATH leads to it and to what they may steal.

    The first of all is a right submission, and then come those who look for its text: one zygote judges them in turn.
    """

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.wanted: dict[str, dict[str, frozenset[str]]] = {"dropout": {}, "hurried": {}}
        scene.kata("hurried", 2)
        self.put("dropout", "0-right", right(), frozenset({"passed"}))
        for path in ATTACKS:
            attack = parse(path)
            if not differs(path.stem, attack):
                continue
            kata = "dropout" if attack.seconds >= SECONDS else "hurried"
            for copy in range(2 if attack.twice else 1):
                self.put(kata, f"{2 - attack.after}-{path.stem}-{copy}", attack.source, attack.must)

    def folder(self, kata: str) -> Path:
        return self.scene.mark / "given" / kata / FOLDER_NAME

    def put(self, kata: str, name: str, source: str, must: frozenset[str]) -> None:
        self.folder(kata).mkdir(parents=True, exist_ok=True)
        file = self.folder(kata) / FILE_NAME.format(name)
        file.write_text(self.scene.own(source), encoding="utf-8", errors="surrogatepass")
        self.wanted[kata][name] = must

    def belongs_to(self, user: int | None) -> None:
        """No mode of a file is in the way of an attack: what holds is the sandbox."""
        if user is not None:
            for each in (self.scene.mark, *self.scene.mark.rglob("*")):
                os.chown(each, user, user, follow_symlinks=False)

    def interview(self, user: int | None, *words: str) -> subprocess.CompletedProcess[bytes]:
        with tempfile.TemporaryDirectory(prefix="interview-attack-home-") as home:
            Path(home).chmod(0o777)
            environment = {
                **self.scene.environment, "INTERVIEW_HOME": home, "INTERVIEW_PATH": str(self.scene.mark),
                "LANG": "C.UTF-8", "NO_COLOR": "1",
            }  # fmt: skip
            command = as_user(user, [sys.executable, "-m", "interview", *words])
            return subprocess.run(command, capture_output=True, env=environment, cwd=ROOT, timeout=500, check=False)


@pytest.fixture
def corpus() -> Iterator[Corpus]:
    scene = Scene()
    try:
        yield Corpus(scene)
    finally:
        scene.leave()


@pytest.mark.slow
def test_attacks_in_batches(corpus: Corpus) -> None:
    """`interview grade` by nobody, where one can be had, from a checkout or a wheel: as asked, nothing left."""
    user = NOBODY if reachable() else None
    corpus.belongs_to(user)
    settled = corpus.scene.files(), shared_memory()
    amiss = {}
    for kata, wanted in ((kata, wanted) for kata, wanted in corpus.wanted.items() if wanted):
        done = corpus.interview(user, "grade", kata, "--trust", "--json", "--jobs", "1", str(corpus.folder(kata)))
        assert done.returncode == 0, done.stderr.decode()[-2000:]
        out = done.stdout.decode()
        assert TOKEN not in out + done.stderr.decode()
        verdicts = [json.loads(line) for line in out.splitlines()]
        assert len(verdicts) == len(wanted)
        for verdict in verdicts:
            name = next(each for each in wanted if f"]{each}\\" in ascii(verdict["file"]))
            said = {key: value for key, value in verdict.items() if key != "file"}
            odd = [ascii(each) for each in strings(said) if ODD.search(each)]
            layers = set(verdict["layers"]) - set(lockdown.FURTHER)
            ran = layers == set(lockdown.LAYERS) or not layers  # none where the file was refused unread
            if verdict["status"] not in wanted[name] or odd or not ran or verdict["missing_layers"]:
                amiss[name] = verdict["status"], odd, verdict["layers"], verdict["missing_layers"]
    assert amiss == {}
    assert settle(corpus.scene.processes, []) == []
    assert (corpus.scene.files(), shared_memory()) == settled


@pytest.mark.slow
def test_a_screen_gets_plain_text(corpus: Corpus) -> None:
    """`kata --check` and `grade` say with 1 and 0 what became of it, and no escape of the stranger's gets through.

    A batch has a line for each; a check of one is a screen of its own: for an import that fails, and for a call.
    """
    files = [next(corpus.folder("dropout").glob(f"*-{each}-0*")) for each in SAMPLE]
    for file in files[1:3]:
        assert ODD.search(plain(corpus.interview(None, "kata", "dropout", "--check", "--file", str(file)), 1)) is None
    assert ODD.search(plain(corpus.interview(None, "grade", "dropout", *map(str, files)), 0)) is None


def plain(done: subprocess.CompletedProcess[bytes], code: int) -> str:
    out = done.stdout.decode()
    assert done.returncode == code, (done.returncode, out[-500:], done.stderr.decode()[-2000:])
    assert TOKEN not in out
    return out

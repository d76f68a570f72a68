"""The run of snippets, in parallel, each in a fresh process; this one never imports torch."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from interview.errors import JudgeError
from interview.proof.decks.snippets import Fault, Outcome, Ready, Snippet, decode, encode
from interview.proof.side_by_side import side_by_side
from interview.text import Text

START = """
import sys
sys.path.append(sys.argv.pop(1))
import warnings
warnings.filterwarnings("ignore", message="Failed to initialize NumPy")
from interview.proof.decks.child import main
main()
"""
PACKAGE_PARENT = Path(__file__).resolve().parents[3]
# What is imported once for all the forks, where a snippet has the words: torch, and what it imports at a first use.
SHARED = {
    ("torch",): "torch",
    ("torch", "optim"): "torch._dynamo",
    ("torch", "checkpoint"): "torch._dynamo",
}
# One thread each; and parts of torch, imported late, want a folder that exists.
QUIET = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "TORCHINDUCTOR_CACHE_DIR": "/"}
KEPT = ("PATH", "HOME", "LD_LIBRARY_PATH", "LANG", "TMPDIR")
MOST, FEW = 4, 20  # processes; groups for which it is not worth starting another
PATIENCE = 5  # snippets that may fail to end before no more are tried
LEAVING = 3.0  # seconds for a child to end by itself


Group = Sequence[Snippet]


def run_all(
    groups: Sequence[Group], tell: Callable[[], None], *, jobs: int | None = None, patience: int = PATIENCE
) -> list[list[Outcome]]:
    """One outcome a snippet, in their order. `tell` is called in this thread after each group.

    When a snippet has to be stopped, the rest of its group is not run: each gets the same outcome. After `patience`
    such groups no more are tried: else a deck that never ends takes hours.
    """
    codes = [each.code for group in groups for each in group]
    shared = [module for words, module in SHARED.items() if any(all(map(code.count, words)) for code in codes)]
    most = jobs or min(os.cpu_count() or 1, MOST, -(-len(groups) // FEW))
    children = [start(shared) for _ in range(min(most, len(groups)))]
    too_many = threading.Event()
    hands = [feeding(each, too_many, patience) for each in children]
    outcomes: dict[int, list[Outcome]] = {}
    overdue = 0
    with closing(side_by_side(groups, hands, lambda: stop(children))) as coming:
        for number, found in filter(None, coming):
            outcomes[number] = found
            overdue += found[-1].stopped
            if overdue >= patience:
                too_many.set()
            tell()
    return [outcomes[number] for number in range(len(groups))]


def start(shared: Iterable[str]) -> subprocess.Popen[str]:
    env = {name: os.environ[name] for name in KEPT if name in os.environ}
    return subprocess.Popen(  # noqa: S603  (ourselves)
        [sys.executable, "-I", "-c", START, str(PACKAGE_PARENT), *shared],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=env | QUIET,
        cwd="/",
        encoding="utf-8",
        start_new_session=True,  # Ctrl-C is ours to hear
    )


def stop(children: Iterable[subprocess.Popen[str]]) -> None:
    """The end of its input ends a child and what it runs; killing is for one that does not hear."""
    for child in children:
        assert child.stdin
        with suppress(OSError):
            child.stdin.close()
    for child in children:
        try:
            child.wait(LEAVING)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


@contextmanager
def feeding(
    child: subprocess.Popen[str], too_many: threading.Event, patience: int
) -> Iterator[Callable[[Group], list[Outcome]]]:
    """One child, which runs a group after the other; none is run once there were `too_many` that do not end."""
    assert child.stdin
    assert child.stdout
    stdin, stdout = child.stdin, child.stdout

    def run(group: Group) -> list[Outcome]:
        if too_many.is_set():
            return [not_run(patience)] * len(group)
        outcomes: list[Outcome] = []
        for snippet in group:
            if not (outcomes and outcomes[-1].stopped):
                stdin.write(encode(snippet))
                stdin.flush()
                outcomes.append(heard(stdout.readline()))
        return outcomes + outcomes[-1:] * (len(group) - len(outcomes))

    try:
        greeted(stdout.readline())
        yield run
    except (OSError, ValueError):  # the child is gone: ended by us, or by the machine
        raise JudgeError(
            "the process that runs the snippets ended; is there enough memory? Try again",
            "运行代码的进程结束了；内存够吗？请再试一次",
        ) from None
    finally:
        stdout.close()


def greeted(line: str) -> None:
    """Its first word. Raises where torch is not there, or the child."""
    ready = decode(line) if line else None
    lacking = ready.lacking if isinstance(ready, Ready) else None
    if ready is None or lacking:
        why, why_zh = (lacking, lacking) if lacking else ("its process ended", "它的进程结束了")
        raise JudgeError(
            f"torch cannot be imported ({why}): install it (`pip install torch`)",
            f"导入不了 torch（{why_zh}）：请安装（`pip install torch`）",
        )


def not_run(patience: int) -> Outcome:
    error = Text(
        f"it was not run, after {patience} that did not end: mend those first",
        f"没有运行：前面已有 {patience} 段没有结束，请先改好那些",
    )
    return Outcome("", error, None, stopped=True)


def heard(line: str) -> Outcome:
    match decode(line):
        case Outcome() as outcome:
            return outcome
        case Fault(why):
            raise JudgeError(
                f"a layer of the sandbox could not be applied ({why.en}); `interview doctor` looks for the cause",
                f"沙箱有一层无法启用（{why.zh}）；`interview doctor` 会查找原因",
            )
        case other:
            raise ValueError(str(other))

"""`kata NAME --repl`: a REPL at the failing call, in a worker that is locked down as ever."""

from __future__ import annotations

import subprocess
import sys
import termios
import types
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from judging import DROPOUT, submission
from screens import Terminal

from interview.grading.answering.operations import NAME, Answering
from interview.grading.answering.repl import Repl
from interview.grading.messages.events import Said
from interview.grading.wire.frames import WireError
from interview.grading.wire.repl import LINES, LONGEST, WIDEST, Enter, said_header, said_of

INTERVIEW = Path(sys.executable).with_name("interview")
FILE = """
import sys, torch
torch.manual_seed(3)

def f(x, p=0.5):
    x.add_(1)
    return x * torch.rand(x.shape)

def leaves():
    sys.exit(4)

def fails():
    raise ValueError("mine")
"""


@pytest.fixture
def repl() -> Repl:
    """A REPL on `f(x, 0.25)`, in this process."""
    answering = Answering()
    answering.module = types.ModuleType(NAME)
    exec(compile(FILE, "mine.py", "exec"), vars(answering.module))
    x = torch.arange(4.0, requires_grad=False)
    return Repl(answering, Enter(["x", "p"], [None, "f"], (x, 0.25), {}, seed=7, other=8, grad=True))


def typed(repl: Repl, *lines: str) -> list[str]:
    """What the lines print, one after the other."""
    return [each for line in lines for each in repl.type(line, anew=False).lines]


def test_names_are_those_of_the_call(repl: Repl) -> None:
    """The arguments by their names and together, the file's own, torch."""
    assert typed(repl, "x", "p, args[0] is x, kwargs", "f.__name__, torch.__name__") == [
        "tensor([0., 1., 2., 3.])", "(0.25, True, {})", "('f', 'torch')",
    ]  # fmt: skip


def test_the_call_repeats_itself(repl: Repl) -> None:
    """`call()` gives the same each time, whatever it or the person did to the arguments and the generator before."""
    torch.manual_seed(7)
    wanted = (torch.arange(4.0) + 1) * torch.rand(4)
    assert typed(repl, "_ = x.zero_(), torch.rand(9)", "a = call(); b = call()", "(a == b).all()") == ["tensor(True)"]
    assert torch.equal(repl.names["a"], wanted)


def test_blocks_as_typed_and_as_pasted(repl: Repl) -> None:
    """A block ends with an empty line, as at any REPL, or where a line begins at the margin, as in a file."""
    assert repl.type("def g(a):", anew=False) == Said(more=True)
    assert repl.type("    return a + 1", anew=False).more
    assert not repl.type("", anew=False).more
    assert typed(repl, "g(1)") == ["2"]
    assert typed(repl, "if p:", "    a = 1", "else:", "    a = 2", "a") == ["1"]
    assert typed(repl, 's = """one', "two", '"""', "s") == ["'one\\ntwo\\n'"]
    assert repl.type("(1,", anew=False).more
    assert typed(repl, "2)") == ["(1, 2)"]


def test_what_was_begun_can_be_dropped(repl: Repl) -> None:
    """Ctrl-C at a block: the next line is the first of another."""
    assert repl.type("def g(:", anew=False).raised
    assert repl.type("for i in x:", anew=False).more
    assert repl.type("1 + 1", anew=True).lines == ("2",)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("fails()", 'File "mine.py", line 13, in fails'),
        ("leaves()", "SystemExit: 4"),  # the file leaves, not the person
        ("1 +", "SyntaxError"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("(" * 5000, ""),
        ("\0", ""),
        ("raise type('E', (Exception,), {'__str__': lambda self: 1 / 0})", "E"),
    ],
)
def test_what_raises_is_told_and_it_goes_on(repl: Repl, line: str, said: str) -> None:
    """With the person's own lines and none of ours; names stay."""
    repl.type("kept = 5", anew=False)
    heard = repl.type(line, anew=False)
    if not heard.more:
        assert heard.raised
        assert heard.left is None
        assert said in "\n".join(heard.lines)
        assert "answering" not in "\n".join(heard.lines)
    assert repl.type("kept", anew=True).lines == ("5",)


@pytest.mark.parametrize(
    ("line", "code"), [("exit()", 0), ("quit()", 0), ("import sys; sys.exit(3)", 3), ("exit('x')", 1)]
)
def test_leaving(repl: Repl, line: str, code: int) -> None:
    """`exit` leaves with its code."""
    stdin = sys.stdin
    try:
        assert repl.type(line, anew=False).left == code
    finally:
        sys.stdin = stdin


@pytest.mark.parametrize(
    "line", ["print('line\\n' * 10 ** 6)", "print('x' * 10 ** 6)", "[print(i) for i in range(10 ** 5)] and None"]
)
def test_output_is_bounded_and_counted(repl: Repl, line: str) -> None:
    """A million lines are cut, and it is said how many."""
    said = repl.type(line, anew=False)
    assert len(said.lines) <= LINES
    assert sum(map(len, said.lines)) <= LONGEST + LINES
    assert all(len(each) <= WIDEST + 1 for each in said.lines)
    printed = 10**6 if "line" in line else 10**5
    assert "10 ** 6)" in line or len(said.lines) + said.left_out == printed


@pytest.mark.parametrize(
    "forged",
    [{"lines": "x"}, {"lines": [1]}, {"left_out": "1"}, {"more": 1}, {"left": "0"}, {"raised": None}, {"lines": None}],
)
def test_a_forged_answer_is_refused(forged: dict[str, object]) -> None:
    """What a worker says at a REPL is the submission's word: of the right kinds, or no answer."""
    good = said_header(Said(("a",), 0, False, False, None))
    assert said_of(good) == Said(("a",), 0, False, False, None)
    with pytest.raises(WireError):
        said_of(good | forged)


def piped(
    folder: Path, lines: Sequence[str], *args: str, file: str = "shared_over_batch"
) -> subprocess.CompletedProcess[str]:
    (folder / "dropout.py").write_bytes(submission(file).read_bytes())
    return subprocess.run(
        [INTERVIEW, "kata", "dropout", "--repl", *args], input="\n".join(lines) + "\n", capture_output=True, text=True,
        timeout=300, check=False, cwd=folder,
    )  # fmt: skip


PROBES = {
    "reads the suite": f"open({str(DROPOUT / 'hidden.py')!r}).read()",
    "reads an answer": f"open({str(DROPOUT / 'submissions/accepted/reference.py')!r}).read()",
    "finds the suite in memory": "import gc; 1 / any('test_rate' in o for o in gc.get_objects() if type(o) is dict)",
    "finds what is expected": "import sys; sys.modules['hidden']",
    "starts a program": "import subprocess; subprocess.run(['true'])",
    "opens a socket": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "writes a file": "open('/tmp/written', 'w')",
}


def test_the_repl_is_locked_down(tmp_path: Path) -> None:
    """What is typed runs behind the same locks as the file: neither suite nor answers can be read, nothing written or
    started. It sees the failing call, and a line that raises is code 1. No attempt is made of it."""
    lines = ["x.shape == args[0].shape, training", *PROBES.values(), "'still here'"]
    done = piped(tmp_path, lines, "--only", "own_coin")
    assert done.stdout.startswith("(True, True)\n"), done.stderr
    assert done.stdout.count("Traceback") == len(PROBES), done.stdout
    assert done.stdout.endswith("'still here'\n")
    assert done.returncode == 1
    assert done.stderr == ""
    assert not list((tmp_path / "home").rglob("*.py"))


def test_what_ends_the_worker_costs_the_names(tmp_path: Path) -> None:
    """A process that ends, or a call that does: a sentence, and it goes on at the same call."""
    done = piped(
        tmp_path, ["kept = 1", "import os; os._exit(3)", "'kept' in dir(), x.shape == args[0].shape", "exit(0)"]
    )
    assert done.stdout == "(False, True)\n", done.stderr
    assert "exit 3" in done.stderr
    assert done.returncode == 0


def test_by_hand(tmp_path: Path) -> None:
    """On a terminal: the call is shown, a loop ends with Ctrl-C and it goes on, Ctrl-D leaves with 0."""
    (tmp_path / "dropout.py").write_bytes(submission("scale_missing").read_bytes())
    screen = Terminal(
        [INTERVIEW, "kata", "dropout", "--repl"], cwd=tmp_path, env={"INTERVIEW_PATH": "", "TERM": "dumb"}
    )
    try:
        screen.until("call() makes", ">>>", seconds=120)
        screen.press("while True: pass", "enter", "enter")
        screen.wait(lambda: bool(termios.tcgetattr(screen.end)[3] & termios.ICANON), seconds=30)  # no line is read
        screen.press("ctrl-c")
        screen.until("interrupted", seconds=60)
        screen.press("6 * 7", "enter")
        screen.until("42", seconds=60)
        assert screen.leave("ctrl-d", seconds=60) == 0
    finally:
        screen.close()

"""The protocol between a hidden suite and a submission, one example a feature: read it as its documentation."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from judging import grade, grading, mistake, result_of, small_kata

from interview.content.katas.kata import Limits
from interview.grading.client import Grader
from interview.grading.verdict import Outcome, Status, Verdict
from interview.text import Text

HEAD = """
import pytest, torch
from interview.grading.solution.remote import Keywords
from interview.grading.checks.expect import (
    Bar, Mask, Mistake, Unseen, Words, Wrong, expect, expect_equal, expect_raises, expect_tensor
)
"""


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with grading() as warm:
        yield warm


def passes(grader: Grader, folder: Path, hidden: str, source: str, **changes: object) -> None:
    """The suite passes; if not, the failure says which check and why."""
    verdict = grade(grader, small_kata(folder, HEAD + hidden, **changes), source)
    failed = {each.check.id: (each.message, each.got) for each in verdict.checks if each.outcome is not Outcome.PASSED}
    assert verdict.status is Status.PASSED, (failed, verdict.reason)


def test_values_cross(grader: Grader, tmp_path: Path) -> None:
    """Numbers, text, bytes, None, nested containers and keywords go there and come back equal, types included."""
    passes(grader, tmp_path / "values", """
def test_echo(solution):
    for value in (None, True, 3, -2.5, float("inf"), "é\\n", b"\\x00\\xff", [1, [2.0]], (1, (2,)),
                  {"a": 1, 2: [3]}, 1 + 2j):
        back = solution.f(value)
        assert back == value and type(back) is type(value), (back, value)
    assert solution.f(x=[]) == []
    assert solution.f(torch.float16) is torch.float16
""", "def f(x): return x")  # fmt: skip


def test_tensors_cross(grader: Grader, tmp_path: Path) -> None:
    """Every dtype, 0-d, empty and strided tensors, bit by bit; the submission sees the strides of a view."""
    passes(grader, tmp_path / "tensors", """
def test_dtypes(solution):
    for dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.int8, torch.int64, torch.bool,
                  torch.complex64):
        x = (torch.arange(6) % 4).reshape(2, 3).to(dtype)
        y = solution.f(x)
        assert y.dtype is dtype and torch.equal(y, x)

def test_shapes(solution):
    for x in (torch.tensor(1.5), torch.empty(0, 3), torch.randn(1, 2, 1, 3)):
        expect_equal(solution.f(x), x)

def test_views(solution):
    x = torch.arange(12.0).reshape(3, 4).t()[::2]
    expect_equal(solution.f(x), x)
    assert solution.strides(x) == list(x.stride())
    assert solution.strides(torch.ones(1, 3).expand(4, 3)) == [0, 1]
""", "def f(x): return x\ndef strides(x): return list(x.stride())")  # fmt: skip


def test_gradients_flow(grader: Grader, tmp_path: Path) -> None:
    """`backward` in the suite runs the submission's own graph, for several inputs, outputs and parameters."""
    passes(grader, tmp_path / "gradients", """
def test_inputs(solution):
    a, b = torch.randn(3, requires_grad=True), torch.randn(3, requires_grad=True)
    p, q = solution.f(a, b)
    (p.sum() + 2 * q.sum()).backward()
    expect_equal(a.grad, b.detach() + 2)
    expect_equal(b.grad, a.detach())

def test_nothing_flows(solution):
    assert not solution.cut(torch.randn(3, requires_grad=True)).requires_grad

def test_parameters(solution):
    layer = solution.Scale(2)
    x = torch.randn(5, 2)
    (layer(x) * 3).sum().backward()
    expect_equal(layer.weight.grad.value(), 3 * x.sum(0), rtol=1e-5, atol=1e-5)
    layer.weight.set(torch.zeros(2))
    expect_equal(layer(x), torch.zeros(5, 2))

def test_no_grad(solution):
    with torch.no_grad():
        p, q = solution.f(torch.randn(3, requires_grad=True), torch.randn(3))
    assert not p.requires_grad
""", """
import torch
def f(a, b=None): return a * b, a
def cut(x): return x.detach()
class Scale(torch.nn.Module):
    def __init__(self, n):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(n))
    def forward(self, x): return x * self.weight
""")  # fmt: skip


def test_objects_stay(grader: Grader, tmp_path: Path) -> None:
    """A class is made and kept by handle; methods, modes, state and attributes are reached by name."""
    passes(grader, tmp_path / "objects", """
def test_modes(solution):
    layer = solution.Layer(0.5)
    assert layer.training.value() is True
    layer.eval()
    assert layer.training.value() is False
    layer.p.set(0.25)
    assert layer.p.value() == 0.25
    assert list(layer.state_dict()) == ["inner.weight", "inner.bias"]
    assert layer.inner.weight.value().shape == (2, 3)
    assert not layer.nothing.exists()
    assert layer.steps[1].value() == 5
    assert layer.inner.fill({"weight": torch.ones(2, 3), "bias": None}) is None
    assert layer.inner.weight.value().sum() == 6 and layer.inner.bias.value() is None
    assert layer.inner.fill({"weight": torch.zeros(2, 3), "scale": 1.0, "bias": 2.0}) == "scale"
    assert layer.inner.weight.value().sum() == 0 and layer.inner.bias.value() is None and not layer.inner.scale.exists()

def test_an_object_is_an_argument(solution):
    layer = solution.Layer(0.1)
    assert solution.f(layer) == 0.1
""", """
import torch
class Layer(torch.nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p, self.steps = p, [4, 5]
        self.inner = torch.nn.Linear(3, 2)
def f(layer): return layer.p
""")  # fmt: skip


def test_helpers_and_callbacks(grader: Grader, tmp_path: Path) -> None:
    """The suite sends source to be built in the worker, and answers a function that it passes."""
    passes(grader, tmp_path / "helpers", """
def test_helper(solution):
    helper = solution.build("def double(x): return 2 * x\\ndef through(x): return submission.f(x, double)")
    assert helper.through(4) == 8

def test_callback(solution):
    seen = []
    def judge_side(x):
        seen.append(x.tolist())
        return x + 1
    expect_equal(solution.f(torch.ones(2), judge_side), torch.full((2,), 2.0))
    assert seen == [[1.0, 1.0]]
""", "def f(x, g): return g(x)")  # fmt: skip


def test_several_calls_in_one_journey(grader: Grader, tmp_path: Path) -> None:
    """Each is as if it came alone: its seed, its gradient, its exception, what it changed, how it is shown."""
    passes(grader, tmp_path / "each", """
def test_values(solution):
    assert list(solution.f.each([(1,), (torch.tensor(2.0),)])) == [2, torch.tensor(4.0)]
    assert list(solution.f.each([([5],), (Keywords(a=[6]),)])) == [[5, 5], [6, 6]]
    assert solution.call.startswith("f(") and "a=[6]" in solution.call, solution.call

def test_seeds(solution):
    a, b = solution.draw.each([(), ()])
    assert a != b
    with solution.seeded(5):
        a, b = solution.draw.each([(), ()])
        assert a == b == solution.draw()

def test_gradients(solution):
    x, y = torch.ones(3, requires_grad=True), torch.ones(2, requires_grad=True)
    first, second = solution.f.each([(x,), (y,)])
    (first.sum() + 3 * second.sum()).backward()
    expect_equal(x.grad, torch.full((3,), 2.0))
    expect_equal(y.grad, torch.full((2,), 6.0))
    with torch.no_grad():
        assert not next(solution.f.each([(x,)])).requires_grad

def test_what_was_seen(solution):
    seen = []
    for _ in solution.clear.each([(torch.ones(2), False), (torch.ones(3), True), (torch.zeros(0), False)]):
        seen.append((solution.changed, solution.call.split("    ")[1]))
    assert [changed for changed, _ in seen] == [[], [0], []]
    assert seen[1][1].endswith("(3,) float32")

def test_exceptions(solution):
    told = list(solution.positive.each([(1,), (-1,), (2,)], catch=(ValueError,)))
    assert told[0] == 1 and isinstance(told[1], ValueError) and told[2] == 2
    came = []
    with pytest.raises(ValueError):
        for each in solution.positive.each([(1,), (-1,), (2,)]):
            came.append(each)
    assert came == [1] and "-1" in solution.call
    with pytest.raises(ValueError):
        list(solution.positive.each([(-1,)], catch=(KeyError,)))

def test_a_result_written_over(solution):
    a, b = solution.again.each([(1,), (2,)])
    assert (a.item(), b.item()) == (1, 2)

def test_methods(solution):
    thing = solution.Counter()
    assert list(thing.count.each([(), (), ()])) == [1, 2, 3]
""", """
import torch
def f(a): return a + a if isinstance(a, list) else 2 * a
def draw(): return torch.rand(()).item()
def clear(a, now):
    if now: a.zero_()
def positive(n):
    if n < 0: raise ValueError(n)
    return n
buffer = torch.zeros(1)
def again(n): return buffer.fill_(n)
class Counter:
    n = 0
    def count(self):
        self.n += 1
        return self.n
""")  # fmt: skip


def test_what_is_seen_on_the_way(grader: Grader, tmp_path: Path) -> None:
    """Arguments changed in place, seeds, a generator that was reseeded, used or put back."""
    passes(grader, tmp_path / "seen", """
def test_changed(solution):
    solution.f(torch.ones(3), torch.ones(3))
    assert solution.changed == [1]
    expect_equal(solution.arguments()[1], torch.zeros(3))
    solution.f([torch.ones(2)], {"b": torch.ones(1), "c": torch.ones(4)})
    assert solution.changed == [1, 2]
    solution.same(torch.ones(3), torch.full((2,), float("nan")), None)
    assert solution.changed == []

def test_seeds(solution):
    assert solution.draw() != solution.draw()
    with solution.seeded(5):
        a, b = solution.draw(), solution.draw()
    assert a == b

def test_generator(solution):
    for name, reseeded, drew in (("draw", False, True), ("same", False, False), ("reseed", True, True),
                                 ("put_back", False, False), ("many", False, True)):
        getattr(solution, name)()
        assert (solution.reseeded, solution.drew) == (reseeded, drew), name
""", """
import torch, random
def f(a, b):
    for each in b.values() if isinstance(b, dict) else [b]: each.zero_()
def same(*args): return args
def draw(): return (torch.rand(()).item(), random.random())
def reseed(): torch.manual_seed(0)
def put_back():
    state = torch.get_rng_state()
    torch.rand(7)
    torch.set_rng_state(state)
def many(): torch.rand(100_000, dtype=torch.float64)
""")  # fmt: skip


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("return x * torch.rand(x.shape)", "mixed"),
        ("return x * torch.rand(x.shape, device=x.device) + torch.zeros_like(x)[0] + torch.tensor(2.0)", "elsewhere"),
        ("return torch.rand(x.shape)", "here"),
        ("return x.cpu()", "here"),
        ("if type(x) is not torch.Tensor: raise TypeError\n    return x", "elsewhere"),
        ("assert not x.is_cuda\n    return x", "refused"),
        ("return {'cpu': x}[x.device.type]", "refused"),
        ("return x if x.device.type == 'cpu' else x * 2", "differs"),
        ("return x if x.is_cpu else None", "differs"),
        ("return torch.tensor(x.numpy()) if x.is_cuda else x", "refused"),
        ("return (x if x.is_cpu else x.to_sparse()).sum()", "unknown"),
    ],
)
def test_where_a_result_lives(grader: Grader, tmp_path: Path, body: str, place: str) -> None:
    """The suite is told; and whatever it makes of it, the check is a pass where the answer is `elsewhere`, and else is
    not: `unknown` says that nothing was seen, any other what was."""
    kata = small_kata(tmp_path / "place", HEAD + f"""
def test_device(solution):
    assert solution.device_of("f", torch.ones(3)) == {place!r}
""")  # fmt: skip
    result = result_of(grade(grader, kata, f"import torch\ndef f(x):\n    {body}\n"), "device")
    outcomes = {"elsewhere": Outcome.PASSED, "unknown": Outcome.NOT_REACHED}
    assert result.outcome is outcomes.get(place, Outcome.FAILED), result
    if place != "elsewhere":
        assert result.message is not None
        assert "another device" in result.message.en
        assert "另一个 device" in result.message.zh


def test_a_call_that_raises_anywhere_is_no_matter_of_the_device(grader: Grader, tmp_path: Path) -> None:
    """An exception that comes on the CPU too arrives as itself."""
    passes(grader, tmp_path / "faulty", """
def test_device(solution):
    with pytest.raises(KeyError):
        solution.device_of("f", torch.ones(3))
""", "def f(x): raise KeyError")  # fmt: skip


def test_what_torch_runs_by_itself_is_tried_on_meta(grader: Grader, tmp_path: Path) -> None:
    """TorchScript is beyond a pose: right code is seen on torch's own second device, wrong code is not accused."""
    kata = small_kata(tmp_path / "script", HEAD + """
def test_right(solution):
    assert solution.device_of("right", torch.ones(3)) == "elsewhere"

def test_wrong(solution):
    assert solution.device_of("wrong", torch.ones(3)) == "unknown"
""", provides=("right", "wrong"), limits=Limits(30.0, 1024))  # fmt: skip
    source = """
    import torch
    @torch.jit.script
    def right(x): return x * torch.rand(x.shape, device=x.device)
    @torch.jit.script
    def wrong(x): return x * torch.rand(x.shape)
    """
    verdict = grade(grader, kata, source)
    assert [each.outcome for each in verdict.checks] == [Outcome.PASSED, Outcome.NOT_REACHED]


def test_parts_of_torch_can_be_imported_late(grader: Grader, tmp_path: Path) -> None:
    """Checkpointing brings in torch's compiler, which wants a folder for its caches: there is none, and it loads.

    Its thousand modules take seconds on a busy machine, and how many is not the question.
    """
    passes(grader, tmp_path / "late", """
def test_gradient(solution):
    x = torch.randn(3, requires_grad=True)
    solution.f(x).sum().backward()
    expect_equal(x.grad, 2 * x.detach())
""", """
from torch.utils.checkpoint import checkpoint
def f(x): return checkpoint(lambda a: a * a, x, use_reentrant=False)
""", limits=Limits(60.0, 512))  # fmt: skip


def test_exceptions_arrive_as_themselves(grader: Grader, tmp_path: Path) -> None:
    """`pytest.raises(ValueError)` works; what would end or skip a test arrives as an ordinary failure."""
    kata = small_kata(tmp_path / "raises", HEAD + """
def test_value_error(solution):
    with pytest.raises(ValueError, match="no"):
        solution.f("value")
    expect_raises((ValueError, AssertionError), solution.f, "assert")

def test_exit(solution):
    solution.f("exit")

def test_interrupt(solution):
    solution.f("interrupt")

def test_skip(solution):
    solution.f("skip")
""")  # fmt: skip
    source = """
    import sys
    def f(how):
        if how == "value": raise ValueError("no")
        if how == "assert": assert False
        if how == "exit": sys.exit(0)
        if how == "interrupt": raise KeyboardInterrupt
        import unittest
        raise unittest.SkipTest("me")
    """
    verdict = grade(grader, kata, source)
    assert [each.outcome.value for each in verdict.checks] == ["passed", "failed", "failed", "failed"]
    assert verdict.status is Status.FAILED


def test_a_skip_is_not_a_pass(grader: Grader, tmp_path: Path) -> None:
    """Should a suite skip or expect a failure, the check has not passed: only a clean call passes."""
    hidden = (
        HEAD
        + """
def test_skips(solution):
    pytest.skip("later")

@pytest.mark.xfail
def test_expected(solution):
    assert False
"""
    )
    verdict = grade(grader, small_kata(tmp_path / "skip", hidden), "def f(x): return x")
    assert verdict.status is not Status.PASSED
    assert not verdict.passed


def test_findings_are_told(grader: Grader, tmp_path: Path) -> None:
    """A Mistake fills its sentence with numbers; a Wrong carries got, expected and a picture; Unseen is no pass."""
    hidden = (
        HEAD
        + """
def test_known(solution):
    raise Mistake("twice", factor=solution.f(1), what=Words("large", "大"), got=2, expected=1)

def test_other(solution):
    expect_tensor(solution.f(1))

def test_drawn(solution):
    expect(False, "en", "zh", picture=lambda: Bar(0.2, 0.4, 0.6))

def test_said(solution):
    expect(False, "en", "zh", got=Words("none", "没有"))

def test_unseen(solution):
    raise Unseen
"""
    )
    kata = small_kata(tmp_path / "told", hidden, mistakes=(mistake("twice", "it is {factor:.1f} times too {what}"),))
    verdict = grade(grader, kata, "def f(x): return 2.0")
    assert verdict.mistake is not None
    assert verdict.mistake.text == Text("it is 2.0 times too large", "it is 2.0 times too 大")
    other = result_of(verdict, "other")
    assert (other.got, other.expected) == (Text("2", "2"), Text("Tensor", "Tensor"))
    assert result_of(verdict, "said").got == Text("none", "没有")
    assert result_of(verdict, "unseen").outcome is Outcome.NOT_REACHED
    assert result_of(verdict, "drawn").picture is not None


def test_a_broken_suite_is_our_fault(grader: Grader, tmp_path: Path) -> None:
    """A suite that does not load, or whose tests are not those of kata.yaml, gives no verdict."""
    kata = small_kata(tmp_path / "broken", "import nothing_like_it\ndef test_a(solution):\n    pass\n")
    assert grade(grader, kata, "def f(x): return x").status is Status.BROKEN


def test_a_seed_repeats_a_run(grader: Grader, tmp_path: Path) -> None:
    """The same seed gives the same inputs and the same draws; another one does not."""
    hidden = (
        HEAD
        + """
def test_shows(solution):
    expect(False, "", "", got=f"{torch.rand(()).item()} {solution.f(0)}")
"""
    )
    kata = small_kata(tmp_path / "seed", hidden)
    source = "import torch\ndef f(x): return torch.rand(()).item()"
    runs = [result_of(grade(grader, kata, source, seed=each), "shows").got for each in ("7", "7", "8")]
    assert runs[0] == runs[1] != runs[2]


def test_one_submission_knows_nothing_of_another(grader: Grader, tmp_path: Path) -> None:
    """What a submission leaves in its process is gone with it."""
    kata = small_kata(tmp_path / "fresh", HEAD + "def test_new(solution):\n    assert solution.f(0) == 1\n")
    source = "import sys\nsys.modules.setdefault('left', []).append(1)\ndef f(x): return len(sys.modules['left'])"
    assert [grade(grader, kata, source).status for _ in range(2)] == [Status.PASSED] * 2


@pytest.mark.slow
def test_spawned_processes_speak_it_too(tmp_path: Path) -> None:
    """Where nothing can be forked the same protocol runs over spawned processes: values, gradients, crashes, limits."""
    hidden = (
        HEAD
        + """
def test_values(solution):
    x = torch.randn(3, requires_grad=True)
    y = solution.f(x)
    y.sum().backward()
    expect_equal(x.grad, torch.full((3,), 2.0))

def test_raises(solution):
    expect_raises(ValueError, solution.f, None)
"""
    )
    kata = small_kata(tmp_path / "spawned", hidden)
    right = "def f(x):\n    if x is None: raise ValueError\n    return 2 * x"
    with Grader(forks=False) as spawning:
        passed = grade(spawning, kata, right)
        assert passed.status is Status.PASSED, passed.reason
        assert "files" in passed.missing_layers
        crashed = grade(spawning, kata, "import os\ndef f(x):\n    if x is None: os._exit(0)\n    return 3 * x")
        assert crashed.status is Status.CRASHED
        assert result_of(crashed, "values").outcome == "failed"
        assert grade(spawning, kata, "def f(x):\n    while True: pass").status is Status.TIMEOUT
        assert spawning.probe().missing


def test_an_alarm_between_two_checks_is_no_fault_of_ours(grader: Grader, tmp_path: Path) -> None:
    """The judge's own limit may ring where no check runs: the submission is late all the same."""
    kata = small_kata(tmp_path / "k", """
import signal, time
class Slow:
    def __iter__(self):
        time.sleep(2)
def test_rings(solution):
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    solution._last = Slow()  # read when the check is told
""")  # fmt: skip
    assert grade(grader, kata, "def f(x):\n    return x\n").status is Status.TIMEOUT


def test_what_a_failed_check_saw_is_let_go(grader: Grader, tmp_path: Path) -> None:
    """An exception's frames hold what came back; a check's must not stay for the next ones to pay for."""
    kata = small_kata(tmp_path / "k", """
import gc, torch
from interview.grading.checks.expect import Wrong
class Seen:
    alive = 0
    def __init__(self): Seen.alive += 1
    def __del__(self): Seen.alive -= 1
def inner():
    seen = Seen()
    raise ValueError
def test_first(solution):
    try:
        inner()
    except ValueError:
        raise Wrong("a", "b") from None
def test_second(solution):
    seen = Seen()
    assert False
def test_third(solution):
    assert not gc.isenabled() and Seen.alive == 0, Seen.alive
""")  # fmt: skip
    verdict = grade(grader, kata, "def f(x):\n    return x\n")
    assert result_of(verdict, "third").outcome is Outcome.PASSED


@pytest.mark.parametrize("number", ["10**4000", "-5", "True", "0"])
def test_the_number_of_a_line_is_one(grader: Grader, tmp_path: Path, number: str) -> None:
    """The submission says at which line it raised: what cannot be a line's number is not told."""
    kata = small_kata(tmp_path / "k", "def test_call(solution):\n    solution.f(1)\n")
    source = f"def f(x):\n    error = SyntaxError('no')\n    error.lineno = {number}\n    raise error\n"
    assert result_of(grade(grader, kata, source), "call").line is None


def test_a_check_that_never_ran_is_no_pass(grader: Grader, tmp_path: Path) -> None:
    """A suite's slip: of a check that returns something not a line may have run."""
    kata = small_kata(tmp_path / "k", """
def test_call(solution):
    return (assertion for assertion in [solution.f(1)])
""")  # fmt: skip
    assert grade(grader, kata, "def f(x):\n    return x\n").status is not Status.PASSED


def test_a_run_taken_back_ends_at_once(grader: Grader, tmp_path: Path) -> None:
    """An endless loop is ended by `cancel`, a word too late is passed over, and the next run is whole."""
    kata = small_kata(
        tmp_path / "loop", "def test_f(solution):\n    assert solution.f(1) == 2\n", limits=Limits(600.0, 512)
    )
    started = threading.Event()

    def loop() -> Verdict:
        started.set()
        return grade(grader, kata, "def f(x):\n    while True: pass\n")

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(loop)
        started.wait()
        time.sleep(1.0)
        grader.cancel()
        assert running.result(timeout=60).status is not Status.PASSED
    grader.cancel()
    assert grade(grader, kata, "def f(x):\n    return 2 * x\n").status is Status.PASSED

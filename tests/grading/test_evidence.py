"""What the judge can tell by itself from values that came back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from judging import grade, grading, result_of, small_kata

torch = pytest.importorskip("torch")

from interview.grading.client import Grader  # noqa: E402
from interview.grading.solution.evidence import drawn, same_results, written  # noqa: E402
from interview.grading.verdict import Outcome  # noqa: E402

SEED = 123456789012345
DRAWS: dict[str, Callable[[], Any]] = {
    "rand": lambda: torch.rand(1200),
    "rand in float64": lambda: torch.rand(1201, dtype=torch.float64),
    "rand in half": lambda: torch.rand(77, dtype=torch.float16),
    "randn": lambda: torch.randn(1200),
    "a few of randn": lambda: torch.randn(5),
    "bernoulli": lambda: torch.bernoulli(torch.full((90,), 0.5)),
    "bernoulli in place": lambda: torch.empty(90).bernoulli_(0.5),
    "randperm": lambda: torch.randperm(99),
    "randint": lambda: torch.randint(5, (99,)),
    "multinomial": lambda: torch.multinomial(torch.ones(5), 3, replacement=True),
    "poisson": lambda: torch.poisson(torch.full((50,), 3.0)),
    "exponential": lambda: torch.empty(33).exponential_(),
    "very many": lambda: torch.rand(700_000),
}


@pytest.mark.parametrize("name", DRAWS)
def test_a_generator_is_found_again(name: str) -> None:
    """However it was drawn from, its next numbers stand further on in the stream of its seed."""
    torch.manual_seed(SEED)
    DRAWS[name]()
    assert (drawn(SEED, torch.rand(8)) or 0) > 0


def test_one_that_stands_still_or_is_elsewhere() -> None:
    """Nothing drawn, or put back: none. Seeded anew, by a constant or by a draw: nowhere."""
    torch.manual_seed(SEED)
    assert drawn(SEED, torch.rand(8)) == 0
    torch.manual_seed(SEED)
    torch.manual_seed(int(torch.randint(1 << 60, ())))
    assert drawn(SEED, torch.rand(8)) is None


X = torch.tensor([1.0, float("nan"), 0.0])
CHANGES: dict[str, Any] = {
    "a value": torch.tensor([1.5, float("nan"), 0.0]),
    "the sign of a zero": torch.tensor([1.0, float("nan"), -0.0]),
    "the dtype": X.double(),
    "an axis more": X[None],
    "no tensor any more": None,
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_written_is_told_by_its_number(name: str) -> None:
    """Nested arguments are counted one by one; every bit, the shape and the dtype count."""
    sent = ((torch.ones(2), [X]), {"other": torch.zeros(1)})
    assert written(sent, ((torch.ones(2), [X.clone()]), {"other": torch.zeros(1)})) == []
    assert written(sent, ((torch.ones(2), [CHANGES[name]]), {"other": torch.zeros(1)}))[0] == 1


def test_a_view_is_compared_by_its_elements() -> None:
    assert written([X.expand(4, 3)], [X.repeat(4, 1)]) == []


def test_results_agree_but_for_rounding() -> None:
    """What an order of additions may change is no difference; what other inputs change is."""
    a = torch.randn(50)
    assert same_results((a, {"n": 3, "x": 0.1}), (a * (1 + 1e-6), {"n": 3, "x": 0.1 + 1e-9}))
    assert same_results([X, None], [X.clone(), None])
    for b in (a + 1, a.double(), a[:1], None, a > 0):
        assert not same_results(a, b)
    assert not same_results((1, 2), [1, 2])
    assert not same_results({"n": 3}, {"m": 3})


# before the real judge


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with grading() as warm:
        yield warm


def outcome(grader: Grader, folder: Path, hidden: str, source: str) -> Outcome:
    return result_of(grade(grader, small_kata(folder, "import torch\n" + hidden), source), "it").outcome


CLEAN = """
from interview.grading.sandbox import worker as w
from interview.grading.wire.answers import Returned
import torch
call, clean = w.Worker.call, []
def kept(self, asked):
    clean.append([[each.clone() for each in asked.args], dict(asked.kwargs)])
    return call(self, asked)
w.Worker.call = kept
w.Worker.do_arguments = lambda self: Returned(clean[-len(self.made):])
"""
UNTOUCHED = """
def test_it(solution):
    solution.f(torch.ones(3))
    assert not solution.changed
    for _ in solution.f.each([(torch.ones(2),), (torch.ones(4),)]):
        assert not solution.changed
"""


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("return 2 * x", True),
        ("return x * torch.rand(x.shape)", True),
        ("global n; n += 1; return x * n", True),  # another result each time is no evidence
        ("return x.add_(1)", False),
        ("y = 2 * x; x.zero_(); return y", False),
        ("y = x * torch.rand(x.shape); x.fill_(7); return y", False),
    ],
)
def test_a_clean_copy_of_an_argument_does_not_help(grader: Grader, tmp_path: Path, body: str, kept: bool) -> None:
    """The same objects once more, at the same seed: what was written into them shows in the result."""
    source = f"{CLEAN}n = 0\ndef f(x):\n    {body}\n"
    assert (outcome(grader, tmp_path / "kept", UNTOUCHED, source) is Outcome.PASSED) is kept


def test_flags_of_the_worker_are_not_read(grader: Grader, tmp_path: Path) -> None:
    """An answer may hold anything beside its value."""
    source = """
    import torch, sys
    from interview.grading.sandbox import worker as w
    answer = w.Worker.answer
    def flagged(self, header, payload):
        told, chunks = answer(self, header, payload)
        return told | {"changed": [], "reseeded": False, "drew": True}, chunks
    w.Worker.answer = flagged
    def f(x):
        x.zero_()
        torch.manual_seed(3)
    """
    hidden = (
        "def test_it(solution):\n    solution.f(torch.ones(3))\n    assert solution.changed and solution.reseeded\n"
    )
    assert outcome(grader, tmp_path / "flags", hidden, source) is Outcome.PASSED


def test_asking_changes_nothing(grader: Grader, tmp_path: Path) -> None:
    """What is asked of a call leaves the next one as it would have been, and itself answers the same twice."""
    hidden = """
def test_it(solution):
    def three(ask):
        found = []
        for seed in (1, 2, 3):
            with solution.seeded(seed):
                found.append(solution.f(torch.ones(4)))
            if ask:
                assert not solution.changed and solution.drew and not solution.reseeded
                assert not solution.changed and solution.drew and not solution.reseeded
        return found
    assert all(torch.equal(a, b) for a, b in zip(three(False), three(True)))
"""
    source = "import torch\ndef f(x): return x * torch.rand(4)\n"
    assert outcome(grader, tmp_path / "asked", hidden, source) is Outcome.PASSED

"""The deadlines: each lies within those that its row names, and none stands anywhere else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from interview.grading import deadlines
from interview.grading.deadlines import Limit, of_call

TABLE = {name: each for name, each in vars(deadlines).items() if isinstance(each, Limit)}
RUNS = [0.1, 0.5, 1.0, 5.0, 10.0, 60.0, 600.0]  # seconds of a kata's limit
GRADING = Path(deadlines.__file__).parent
WAITS = {"timeout", "deadline", "seconds"}


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("name", TABLE)
def test_what_lies_within_a_limit_ends_before_it(name: str, run: float) -> None:
    """One after another, each to its very end: then the outer one has not passed, and who knows most has spoken."""
    outer = TABLE[name]
    inner = [each for each in TABLE.values() if outer in each.within]
    assert sum(each.of(run) for each in inner) <= outer.of(run), [each.what for each in inner]


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("one_failure", [False, True])
def test_a_call_lies_within_its_run(run: float, one_failure: bool) -> None:
    """Else a call would never be told as the one that took too long."""
    assert 0 < of_call(run, one_failure=one_failure) <= deadlines.RUN.of(run)


def test_each_limit_lies_within_another_or_is_the_last() -> None:
    """A limit that nothing bounds from outside is the client's, or the kernel's."""
    last = {name for name, each in TABLE.items() if not each.within}
    assert last == {"CLIENT", "CLIENT_SPAWNING", "CLIENT_LINE", "TYPING", "CLOSING", "WORKER_CPU"}


@pytest.mark.parametrize("path", sorted(GRADING.rglob("*.py")), ids=lambda path: path.name)
def test_no_limit_stands_outside_the_table(path: Path) -> None:
    """A number of seconds that is added to the clock, or waited for, is a row of the table."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and "monotonic()" in ast.unparse(node.left):
            found += [each for each in ast.walk(node.right) if isinstance(each, ast.Constant)]
        if isinstance(node, ast.keyword) and node.arg in WAITS and isinstance(node.value, ast.Constant):
            found += [node.value] if isinstance(node.value.value, int | float) and node.value.value >= 0.05 else []
    assert not [(each.lineno, each.value) for each in found]

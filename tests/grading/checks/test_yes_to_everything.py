"""Answers that say yes to whatever they are asked, before the suite of every kata that is shipped."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from judging import grading

from interview.cli.world import shipped
from interview.content.katas.kata_file import load_kata
from interview.grading.client import Grader

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

EACH = {"dropout", "dropout-module", "bpe"}  # before a function, a module and one of no family: every answer


def asked() -> list[tuple[Path, str]]:
    """Before each kata the two that answer most: what is handed in, and an object that agrees to everything."""
    folders = sorted(each.parent for each in shipped().glob("katas/*/kata.yaml"))
    return [
        (folder, answer) for folder in folders for answer in (YES if folder.name in EACH else ("argument", "agreement"))
    ]


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    with grading() as grader:
        yield grader


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "answer"), asked(), ids=lambda each: getattr(each, "name", each))
def test_no_kata_is_passed_by_a_yes(folder: Path, answer: str, grader: Grader) -> None:
    """An object whose every attribute is a function that says yes stays in the worker; its word is no evidence.

    A suite that asked a result's own methods (`y.equal(x)`) would believe it.
    """
    kata = load_kata(folder)
    source = "".join(YES[answer].replace("NAME", name) for name in kata.provides)
    verdict = grader.grade(kata, source, file=folder / "yes.py")
    assert verdict.status in ("failed", "crashed", "timeout"), verdict.reason
    known = [each.check.id for each in verdict.checks if each.outcome == "passed"]
    assert len(known) <= len(verdict.checks) / 2, known

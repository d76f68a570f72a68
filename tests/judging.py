"""One warm zygote for many tests, and submissions as text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from textwrap import dedent

from interview.cli.world import shipped
from interview.content.katas.kata import Check, Kata, KataMistake, Limits
from interview.content.katas.kata_file import load_kata
from interview.grading.client import Grader
from interview.grading.verdict import CheckResult, Verdict
from interview.proof.katas.submissions import right_answers, wrong_answers
from interview.text import Text

DROPOUT = shipped() / "katas" / "dropout"


def dropout() -> Kata:
    return load_kata(DROPOUT)


@cache
def submission(name: str) -> Path:
    """A shipped submission of `dropout` as a file, by its stem or by the mistake it makes."""
    path = Path(mkdtemp(prefix="submission")) / f"{name}.py"
    path.write_text(shipped_source("dropout", name), encoding="utf-8")
    return path


def shipped_source(kata: str, name: str) -> str:
    """A right answer by its file's stem, or the first wrong one by the mistake it makes."""
    found = load_kata(shipped() / "katas" / kata)
    right = {each.path.stem: each.source for each in right_answers(found)}
    return right.get(name) or next(each.source for each in wrong_answers(found) if each.mistake == name)


@contextmanager
def grading() -> Iterator[Grader]:
    with Grader((shipped(),)) as grader:
        yield grader


def small_kata(
    folder: Path, hidden: str, *, stub: str = "def f(x):\n    raise NotImplementedError\n", **changes: object
) -> Kata:
    """A kata of the test's own: one check for each `def test_…` of its hidden suite."""
    folder.mkdir(parents=True, exist_ok=True)
    source = dedent(hidden)
    (folder / "hidden.py").write_text(source, encoding="utf-8")
    names = [
        line.split("(")[0].removeprefix("def test_") for line in source.splitlines() if line.startswith("def test_")
    ]
    said = Text("a rule", "规则")
    kata = Kata(
        id=folder.name,
        title=said,
        level=1,
        minutes=5,
        limits=Limits(3.0, 512),
        provides=("f",),
        forbidden=(),
        hints=(said,),
        checks=tuple(Check(name, Text(name, name), said, None, ()) for name in names),
        mistakes=(),
        after=(),
        prompt=said,
        stub=stub,
        folder=folder,
    )
    return replace(kata, **changes)  # type: ignore[arg-type]


def mistake(name: str, en: str) -> KataMistake:
    return KataMistake(name, (), Text(en, en))


def grade(grader: Grader, kata: Kata, source: str, *, seed: str | None = None) -> Verdict:
    return grader.grade(kata, dedent(source), file=Path("f.py"), seed=seed)


def result_of(verdict: Verdict, check: str) -> CheckResult:
    return next(each for each in verdict.checks if each.check.id == check)

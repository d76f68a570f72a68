"""The submissions of a kata's own: its stub, the right answers, and the wrong ones, files or edits of right ones."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from interview.content.katas.kata import Kata, KataMistake, mistake_of
from interview.content.katas.mutants import MisfitError, Variant, built
from interview.content.reading.problem import Problem, UnsoundError
from interview.content.reading.source import read_source
from interview.dataclass import dataclass
from interview.proof.decks.claims import syntax_fault
from interview.proof.katas.mechanical import Change, changes
from interview.text import Text


@dataclass(frozen=True, slots=True)
class Submission:
    """One to be judged. `path` and `line` say where it is to be mended; `mistake` is what a wrong one makes."""

    source: str
    path: Path
    line: int = 1
    mistake: str | None = None
    change: Change | None = None  # that makes it a mechanical mutant

    @property
    def name(self) -> Path:
        """What a report of it may call its file."""
        return self.path.with_name(f"{self.mistake}.py") if self.path.suffix == ".yaml" else self.path


def stub(kata: Kata) -> Submission:
    return Submission(kata.stub, kata.folder / "stub.py")


def right_answers(kata: Kata) -> list[Submission]:
    """Those that can be read; the others are the business of reading."""
    return [Submission(source, path) for path, source in readable(kata.accepted)]


def wrong_answers(kata: Kata) -> list[Submission]:
    """All that can be read or built."""
    files = [Submission(source, path, mistake=mistake_of(path)) for path, source in readable(kata.wrong_files)]
    return files + [each for each in mutants(kata) if isinstance(each, Submission)]


def mechanical_mutants(kata: Kata) -> Iterator[Submission]:
    """Every change of a single node of the reference, and of one right answer in another style."""
    found = {path: source for path, source in readable(kata.accepted) if not syntax_fault(source)}
    for path in (kata.reference, farthest(found, kata.reference)):
        if path in found:
            yield from (Submission(each.source, path, each.line, change=each) for each in changes(found[path]))


def farthest(answers: Mapping[Path, str], reference: Path) -> Path | None:
    """The right answer that is least like the reference in how it is built, whatever it calls its things.

    What such a one does in steps of its own, the reference leaves to a call or does not do: its mutants are others. One
    that loops where the reference does not comes last: its mutants hang, or are slow, and there are many.
    """
    built = {path: construction(source) for path, source in answers.items()}
    if reference not in built:
        return None

    def distance(path: Path) -> tuple[bool, float]:
        return not loops(built[path]) <= loops(built[reference]), likeness(built[path], built[reference])

    return min(sorted(built.keys() - {reference}), key=distance, default=None)


def loops(built: Counter[tuple[str, str]]) -> set[str]:
    return {child for _, child in built} & {"For", "While"}


def construction(source: str) -> Counter[tuple[str, str]]:
    """How often a node of one kind stands right under one of another."""
    return Counter(
        (type(node).__name__, type(child).__name__)
        for node in ast.walk(ast.parse(source))
        for child in ast.iter_child_nodes(node)
    )


def likeness(one: Counter[tuple[str, str]], other: Counter[tuple[str, str]]) -> float:
    """Of all their nodes, the share that both have (Dice's coefficient)."""
    return 2 * (one & other).total() / max(1, one.total() + other.total())


def idle_equivalents(kata: Kata) -> Iterator[Problem]:
    """Entries under `equivalent` that no mechanical mutant reads like, or mutants of several lines."""
    found = [each.change for each in mechanical_mutants(kata) if each.change] if kata.equivalents else []
    for each in kata.equivalents:
        lines = {change.before for change in found if each.is_of(change.before, change.after)}
        if not lines:
            yield Problem(
                kata.folder / "kata.yaml",
                each.line,
                f"no mechanical mutant reads `{each.becomes}`; copy the line from lint, or drop it",
                f"没有哪个变异读作 `{each.becomes}`；请从 lint 的输出照抄，或去掉这一条",
            )
        elif len(lines) > 1:
            yield Problem(
                kata.folder / "kata.yaml",
                each.line,
                f"mutants of {len(lines)} lines read `{each.becomes}`; add `was:`, the line that becomes so",
                f"有 {len(lines)} 行的变异都读作 `{each.becomes}`；请加上 `was:`，写明原来是哪一行",
            )


def mutants(kata: Kata) -> Iterator[Submission | Problem]:
    """What each edit of kata.yaml makes, or why it makes nothing."""
    bases = {path.name: source for path, source in readable(kata.accepted)}
    seen = {
        meaning: Text(f"the right answer {name}", f"正确解答 {name}")
        for name, source in bases.items()
        if (meaning := parsed(source))
    }
    for mistake in kata.mistakes:
        for variant in mistake.variants:
            yield from made(kata, mistake, variant, bases, seen)


def made(
    kata: Kata, mistake: KataMistake, variant: Variant, bases: dict[str, str], seen: dict[str, Text]
) -> Iterator[Submission | Problem]:
    yaml, line = kata.folder / "kata.yaml", variant.edits[0].line
    try:
        source = built(variant, bases)
    except MisfitError as error:
        yield Problem(yaml, error.line, f"`{mistake.id}`: {error.say('en')}", f"`{mistake.id}`：{error.say('zh')}")
        return
    fault = syntax_fault(source)
    if fault:
        yield Problem(yaml, line, f"`{mistake.id}`: with the edit it is no Python: {fault.en}",
                      f"`{mistake.id}`：改过之后不是合法的 Python：{fault.zh}")  # fmt: skip
        return
    meaning = parsed(source) or source
    twin = seen.get(meaning)
    if twin:
        yield Problem(yaml, line, f"`{mistake.id}`: with the edit it is the same as {twin.en}",
                      f"`{mistake.id}`：改过之后与{twin.zh}相同")  # fmt: skip
        return
    seen[meaning] = Text(f"`{mistake.id}`", f" `{mistake.id}` ")
    yield Submission(source, yaml, line, mistake.id)


def readable(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    for path in paths:
        try:
            yield path, read_source(path)
        except UnsoundError:
            continue


def parsed(source: str) -> str | None:
    """Its syntax tree as text, where two sources mean the same; docstrings do not count. None if it has none."""
    if syntax_fault(source):
        return None
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr) and is_text(body[0].value):
            node.body = body[1:]  # type: ignore[attr-defined]
    try:
        return ast.dump(tree)
    except RecursionError:  # thousands of `elif`: the parser makes no nesting of them, the tree does
        return None


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)

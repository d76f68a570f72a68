"""The kinds of cards: where they are known, and that mypy names a place that was forgotten."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from interview.content.cards.deck import Answer, Kind

ROOT = Path(__file__).parents[2]
KINDS = {each.__name__ for each in get_args(Answer)}
WORDS = set(get_args(Kind))


def sources() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / "interview").rglob("*.py")):
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))


def kinds_named(tree: ast.AST) -> set[str]:
    """The kinds that a piece of code imports, defines or speaks of."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.alias(name=name) | ast.ClassDef(name=name) | ast.Attribute(attr=name):
                found.add(name)
    return found & KINDS


def silent(tree: ast.AST) -> list[int]:
    """The lines that tell kinds, or ways to answer, apart without mypy noticing that one is missing."""
    found = []
    for node in ast.walk(tree):
        match node:
            case ast.Match(cases=cases) if any(tells_apart(case.pattern) for case in cases):
                found += [case.pattern.lineno for case in cases if takes_all(case.pattern)]
            case ast.Call(func=ast.Name(id="isinstance"), args=[_, kinds]) if kinds_named(kinds):
                found.append(node.lineno)
            case ast.Compare(left=ast.Attribute(attr="kind") | ast.Name(id="kind"), comparators=[right]) if words(
                right
            ):
                found.append(node.lineno)
    return found


def tells_apart(pattern: ast.pattern) -> bool:
    ways = (each for each in ast.walk(pattern) if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Name))
    return bool(kinds_named(pattern)) or bool(words(pattern)) or any(each.value.id == "Way" for each in ways)


def takes_all(pattern: ast.pattern) -> bool:
    """`_`, a bare name, or a sequence of such."""
    match pattern:
        case ast.MatchAs(pattern=None):
            return True
        case ast.MatchSequence(patterns=patterns):
            return all(map(takes_all, patterns))
        case _:
            return False


def words(node: ast.AST) -> set[str]:
    return {each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and each.value in WORDS}


def test_a_kind_is_known_in_no_other_files_than_those_listed() -> None:
    """CONTRIBUTING lists what a new kind touches: six modules, each of which names every kind there is."""
    told = (ROOT / ".github/CONTRIBUTING.md").read_text("utf-8").split("## A new kind of card\n")[1].split("\n## ")[0]
    listed = set(re.findall(r"interview/[\w/]+\.py", told))
    named = {path: found for path, tree in sources() if (found := kinds_named(tree))}
    assert set(named) == listed
    assert {path: KINDS - found for path, found in named.items() if found != KINDS} == {}


def test_a_kind_that_is_forgotten_is_an_error_of_types() -> None:
    """No wildcard where kinds are told apart, and no `isinstance`: mypy then names each place that lacks one."""
    tree = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "exhaustive-match" in tree["tool"]["mypy"]["enable_error_code"]
    assert [f"{path}:{line}" for path, tree in sources() if "/grading/" not in path for line in silent(tree)] == []


@pytest.mark.parametrize(
    "source",
    [
        "match card.answer:\n    case Choice():\n        pass\n    case _:\n        pass",
        "match card.answer:\n    case Open() | Choice():\n        pass\n    case other:\n        pass",
        "match key, card.answer:\n    case 'y', TrueFalse():\n        pass\n    case _, _:\n        pass",
        "match way(card):\n    case Way.FREE:\n        pass\n    case _:\n        pass",
        "match kind:\n    case 'numeric':\n        pass\n    case _:\n        pass",
        "free = isinstance(card.answer, Open)",
        "typed = isinstance(card.answer, Numeric | SpotBug)",
        "least = 3 if card.kind == 'open' else 1",
        "told = kind in ('open', 'true_false')",
    ],
)
def test_a_silent_place_is_seen(source: str) -> None:
    """What passes mypy with a kind missing: each way to write it that the code once had."""
    assert silent(ast.parse(source))

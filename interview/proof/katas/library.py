"""The library of checks as a suite uses it, told from its syntax trees: torch is not imported for it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from interview.content.katas.library import FOLDER
from interview.content.reading.source import read_source
from interview.dataclass import dataclass

PUBLIC = "interview.grading.checks"  # what a suite may import of ours
GIVEN = ("picture",)  # what a finding may carry beside what fills its sentence
SCALED = ("p", "ratio", "mean")  # what an entry of a table of wrong scales is told with


@dataclass(frozen=True, slots=True)
class Library:
    """`rules`: the docstrings of its checks, by their names. `raised`: what may fill each mistake's sentence: which
    check measures what, the judge proves. None where that cannot be told by reading. `public`: its modules, and what
    each one's `__all__` says, with their full names."""

    rules: Mapping[str, str]
    raised: Mapping[str, frozenset[str] | None]
    public: frozenset[str]


@cache
def read_library() -> Library:
    rules: dict[str, str] = {}
    raised: dict[str, frozenset[str] | None] = {}
    modules = {module_of(path): ast.parse(read_source(path)) for path in sorted(FOLDER.rglob("*.py"))}
    trees = list(modules.values())
    shared = {name: keys for tree in trees for name, keys in dicts(tree.body)}
    for tree in trees:
        functions = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)]
        for function in functions:
            if any(getattr(each, "id", "") == "check" for each in function.decorator_list):
                rules[function.name] = ast.get_docstring(function) or ""
        scopes: list[ast.Module | ast.FunctionDef] = [tree, *functions]
        for scope in scopes:
            known = shared | dict(dicts(scope.body))
            for name, given in (found for call in within(scope) if (found := raises(call, known))):
                before = raised.get(name, given)
                raised[name] = before | given if before is not None and given is not None else None
    public = {f"{module}.{name}" for module, tree in modules.items() for name in exported(tree)}
    return Library(rules, raised, frozenset(public | set(modules)))


def module_of(path: Path) -> str:
    """Its full name: `interview.grading.checks.expect`."""
    parts = (PUBLIC, *path.relative_to(FOLDER).with_suffix("").parts)
    return ".".join(parts).removesuffix(".__init__")


def exported(tree: ast.Module) -> Iterator[str]:
    """The names in its `__all__`."""
    for each in tree.body:
        match each:
            case ast.Assign(targets=[ast.Name(id="__all__")], value=ast.List(elts=names)):
                yield from (str(name.value) for name in names if isinstance(name, ast.Constant))
            case _:
                pass


def within(scope: ast.Module | ast.FunctionDef) -> Iterator[ast.Call]:
    """The calls of a function, or of a module outside of its functions."""
    rest: list[ast.AST] = list(scope.body)
    while rest:
        each = rest.pop()
        if isinstance(each, ast.FunctionDef):
            continue
        if isinstance(each, ast.Call):
            yield each
        rest.extend(ast.iter_child_nodes(each))


def dicts(body: Iterable[ast.stmt]) -> Iterator[tuple[str, frozenset[str]]]:
    """The names of dictionaries that are written out, and their keys."""
    for each in (inner for stmt in body for inner in ast.walk(stmt)):
        match each:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(keys=keys)):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Dict(keys=keys)):
                pass
            case _:
                continue
        yield (
            name,
            frozenset(each.value for each in keys if isinstance(each, ast.Constant) and isinstance(each.value, str)),
        )


def raises(call: ast.Call, known: Mapping[str, frozenset[str]]) -> tuple[str, frozenset[str] | None] | None:
    """The mistake that `Mistake("id", number=…)` names, and its numbers: also those of a `**said` that is written out,
    and of a table, `Scaled("id", scale)`. None for numbers that cannot be told."""
    maker = getattr(call.func, "id", getattr(call.func, "attr", ""))
    name = getattr(call.args[0], "value", None) if call.args else None
    if maker not in ("Mistake", "Scaled") or not isinstance(name, str):
        return None
    given = set(SCALED) if maker == "Scaled" else set()
    for each in call.keywords:
        if each.arg is not None:
            given.add(each.arg)
        elif isinstance(each.value, ast.Name) and each.value.id in known:
            given |= known[each.value.id]
        elif getattr(getattr(each.value, "func", None), "id", "") != "rate_found":  # that gives what every finding has
            return name, None
    return name, frozenset(given - set(GIVEN))


def lent(node: ast.stmt) -> tuple[str, str] | None:
    """`test_rate = family.rate()`: the test's name and the check's."""
    match node:
        case ast.Assign(targets=[ast.Name(id=test)], value=ast.Call(func=ast.Name() | ast.Attribute() as made)):
            return (test, getattr(made, "attr", getattr(made, "id", ""))) if test.startswith("test_") else None
        case _:
            return None

"""What can be wrong with a kata's folder: told from its texts and syntax trees, without running anything."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from interview.content.field import Node
from interview.content.kata import Kata
from interview.content.kata_file import survey_kata
from interview.content.node import load_node
from interview.content.problem import Problem, UnsoundError
from interview.content.source import read_source
from interview.proof.bilingual import differences
from interview.proof.decks import check_languages, hint, syntax_fault


@dataclass(frozen=True, slots=True)
class KataReading:
    """`kata` is None when it cannot be proved; `lines` are those of `check ID` and `mistake ID` in kata.yaml."""

    kata: Kata | None
    problems: tuple[Problem, ...]
    lines: Mapping[str, int]


def read_kata(folder: Path, cards: frozenset[str]) -> KataReading:
    try:
        node = load_node(folder / "kata.yaml")
    except UnsoundError as error:
        return KataReading(None, error.problems, {})
    kata = survey_kata(node, folder)
    if not isinstance(node.value, dict):
        return KataReading(None, tuple(node.problems), {})
    in_suite = list(check_suite(kata, node))
    problems = [
        *node.problems, *check_languages(node), *check_prompt(kata), *check_links(kata, node, cards), *in_suite,
        *check_submissions(kata, node),
    ]  # fmt: skip
    lines = {f"check {each.id}": entry_line(node, "checks", each.id) for each in kata.checks}
    return KataReading(None if node.problems or in_suite else kata, tuple(problems), lines)


def entry_line(node: Node, key: str, name: str | None = None) -> int:
    """The line of the entry of `key` that has this id; of the key itself without one."""
    field = node.get(key)
    if field is None:
        return node.line
    entries = field.value if isinstance(field.value, list) else []
    named = (each.line for each in entries if (each.get("id") or each).value == name)
    return next(named, field.line)


def check_prompt(kata: Kata) -> Iterator[Problem]:
    for found in differences(kata.prompt.en, kata.prompt.zh):
        text = f"{found.replace('`en`', 'prompt.en.md').replace('`zh`', 'prompt.zh.md')}; both carry the same ones"
        yield Problem(kata.folder / "prompt.zh.md", 1, text)


def check_links(kata: Kata, node: Node, cards: frozenset[str]) -> Iterator[Problem]:
    yaml = kata.folder / "kata.yaml"
    ids = [check.id for check in kata.checks]
    if kata.hints and len(kata.hints) != 3:
        yield Problem(yaml, entry_line(node, "hints"), "write three hints: the idea, its shape, almost there")
    for number, check in enumerate(kata.checks):
        line = entry_line(node, "checks", check.id)
        for card in check.cards:
            if card not in cards:
                yield Problem(yaml, line, f"`{check.id}`: there is no card `{card}`{hint(card, cards)}")
        if check.after is not None and check.after not in ids[:number]:
            text = f"`{check.id}`: `after_check` names `{check.after}`, which is no check before this one"
            yield Problem(yaml, line, text)
    for mistake in kata.mistakes:
        line = entry_line(node, "mistakes", mistake.id)
        for name in mistake.caught_by:
            if name not in ids:
                yield Problem(yaml, line, f"`{mistake.id}`: there is no check `{name}`{hint(name, set(ids))}")
        holes = {lang: set(placeholders(text)) for lang, text in (("en", mistake.text.en), ("zh", mistake.text.zh))}
        if holes["en"] != holes["zh"]:
            yield Problem(yaml, line, f"`{mistake.id}`: the placeholders differ between the languages")


def placeholders(text: str) -> Iterator[str]:
    """`std` in `yours was {std:.2f}`."""
    try:
        for _, name, _, _ in string.Formatter().parse(text):
            if name is not None:
                yield name
    except ValueError:
        yield "a brace that is not closed"


@dataclass(frozen=True, slots=True)
class Suite:
    """What `hidden.py` says by its syntax tree: its checks, and the mistakes it raises with their measurements."""

    checks: Mapping[str, ast.FunctionDef]
    repeated: tuple[ast.FunctionDef, ...]
    mistakes: Mapping[str, tuple[int, frozenset[str] | None]]


def read_suite(tree: ast.Module) -> Suite:
    checks: dict[str, ast.FunctionDef] = {}
    again = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            if node.name in checks:
                again.append(node)
            checks[node.name] = node
    mistakes: dict[str, tuple[int, frozenset[str] | None]] = {}
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) == "Mistake":
            name = getattr(call.args[0], "value", None) if call.args else None
            if isinstance(name, str):
                given = [each.arg for each in call.keywords if each.arg not in ("got", "expected", "picture")]
                names = None if None in given else frozenset(each for each in given if each)
                mistakes.setdefault(name, (call.lineno, names))
    return Suite(checks, tuple(again), mistakes)


def check_suite(kata: Kata, node: Node) -> Iterator[Problem]:
    hidden, yaml = kata.hidden, kata.folder / "kata.yaml"
    try:
        source = read_source(hidden)
    except UnsoundError as error:
        yield from error.problems
        return
    fault = syntax_fault(source)
    if fault:
        yield Problem(hidden, 1, f"not Python: {fault}")
        return
    suite = read_suite(ast.parse(source))
    ids = {check.id for check in kata.checks}
    found = {name.removeprefix("test_") for name in suite.checks}
    for name in sorted(ids - found):
        yield Problem(yaml, entry_line(node, "checks", name), f"the check `{name}` has no `test_{name}` in hidden.py")
    for name, function in suite.checks.items():
        if name.removeprefix("test_") not in ids:
            text = f"`{name}` is not under `checks` of kata.yaml{hint(name[5:], ids)}"
            yield Problem(hidden, function.lineno, text)
        if not ast.get_docstring(function):
            yield Problem(hidden, function.lineno, f"`{name}` has no docstring; state its rule, argue its tolerance")
    for function in suite.repeated:
        yield Problem(hidden, function.lineno, f"`{function.name}` is defined twice; the first never runs, rename one")
    yield from check_raised(kata, node, suite)


def check_raised(kata: Kata, node: Node, suite: Suite) -> Iterator[Problem]:
    yaml = kata.folder / "kata.yaml"
    known = {mistake.id: mistake for mistake in kata.mistakes}
    for name, (line, given) in suite.mistakes.items():
        if name not in known:
            yield Problem(kata.hidden, line, f"the mistake `{name}` is not in kata.yaml{hint(name, set(known))}")
            continue
        for missing in sorted(set(placeholders(known[name].text.en)) - given) if given is not None else ():
            text = f"`{name}`: nothing fills {{{missing}}}; hidden.py passes {', '.join(sorted(given or ())) or 'none'}"
            yield Problem(yaml, entry_line(node, "mistakes", name), text)


def check_submissions(kata: Kata, node: Node) -> Iterator[Problem]:
    yaml = kata.folder / "kata.yaml"
    ids, files = {mistake.id for mistake in kata.mistakes}, {path.stem: path for path in kata.wrong_answers}
    for name in sorted(ids - set(files)):
        text = f"the mistake `{name}` has no submissions/wrong_answer/{name}.py; write it"
        yield Problem(yaml, entry_line(node, "mistakes", name), text)
    for name in sorted(set(files) - ids):
        text = f"`{name}` is not under `mistakes` of kata.yaml{hint(name, ids)}; write its sentence"
        yield Problem(files[name], 1, text)
    if kata.folder / "submissions" / "accepted" / "reference.py" not in kata.accepted:
        yield Problem(yaml, 1, "submissions/accepted/reference.py is missing; write the reference")
    for path in (kata.folder / "stub.py", *kata.accepted, *kata.wrong_answers):
        yield from check_source(path, kata.provides)


def check_source(path: Path, provides: tuple[str, ...]) -> Iterator[Problem]:
    try:
        source = read_source(path)
    except UnsoundError as error:
        yield from error.problems
        return
    fault = syntax_fault(source)
    if fault:
        yield Problem(path, 1, f"not Python: {fault}")
        return
    if path.name == "stub.py":
        made = {getattr(each, "name", None) for each in ast.parse(source).body}
        for name in provides:
            if name not in made:
                yield Problem(path, 1, f"`{name}` is under `provides` and not defined here; hand out its signature")

"""The hidden suite before lint: what can be wrong with it, told from its syntax tree beside kata.yaml."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path

from interview.content.katas.kata import Kata, KataMistake
from interview.content.katas.library import written
from interview.content.reading.field import Node
from interview.content.reading.problem import Problem, UnsoundError
from interview.content.reading.source import read_source
from interview.dataclass import dataclass
from interview.proof.decks.claims import syntax_fault
from interview.proof.decks.reading import hint
from interview.proof.katas.library import PUBLIC, lent, raises, read_library
from interview.text import Text

SAID = ("got", "expected")
OURS = "interview"
OF_TUPLES = ("_asdict", "_field_defaults", "_fields", "_make", "_replace")  # named ones have these in public
PROSE = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,}\b")  # two words in a row: no value, and no code


@dataclass(frozen=True, slots=True)
class Suite:
    """What `hidden.py` says by its syntax tree: its checks, and the mistakes it raises with their measurements."""

    checks: Mapping[str, ast.FunctionDef | ast.Assign]
    repeated: tuple[tuple[int, str], ...]
    mistakes: Mapping[str, tuple[int, frozenset[str] | None]]
    english: tuple[tuple[int, str], ...]


def read_suite(tree: ast.Module) -> Suite:
    checks: dict[str, ast.FunctionDef | ast.Assign] = {}
    again = []
    for node in tree.body:
        name = test_of(node)
        if name and isinstance(node, ast.FunctionDef | ast.Assign):
            if name in checks:
                again.append((node.lineno, name))
            checks[name] = node
    mistakes: dict[str, tuple[int, frozenset[str] | None]] = {}
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and (found := raises(call, {})):
            mistakes.setdefault(found[0], (call.lineno, found[1]))
    return Suite(checks, tuple(again), mistakes, tuple(english_phrases(tree)))


def test_of(node: ast.stmt) -> str | None:
    """The name of the check that a statement makes: a function, or one that the library lends."""
    if isinstance(node, ast.FunctionDef):
        return node.name if node.name.startswith("test_") else None
    found = lent(node)
    return found[0] if found else None


def rule_of(node: ast.FunctionDef | ast.Assign) -> str | None:
    """Its docstring, or that of the library's check."""
    if isinstance(node, ast.FunctionDef):
        return ast.get_docstring(node)
    found = lent(node)
    return read_library().rules.get(found[1]) if found else None


def private_imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """What is imported of ours and is not public: line, and its full name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            within = f"{node.module}." if isinstance(node, ast.ImportFrom) and node.module else ""
            for name in (f"{within}{each.name}".removesuffix(".*") for each in node.names):
                if f"{name}.".startswith(f"{OURS}.") and name not in read_library().public:
                    yield node.lineno, name


def private_attributes(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """What is reached into that is not the suite's own: `solution._request`, line and name."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="self" | "cls")):
                pass
            case ast.Attribute(attr=name) if name.startswith("_") and not name.endswith("__") and name not in OF_TUPLES:
                yield node.lineno, name
            case _:
                pass


def english_phrases(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """What a finding says in words, as `got` or `expected`, and not in both languages: line and phrase."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in SAID:
            yield from phrases(node.value)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value in SAID:
                    yield from phrases(value)


def phrases(node: ast.AST) -> Iterator[tuple[int, str]]:
    rest = [node]  # a stack of our own: a sum of a thousand terms is a thousand deep
    while rest:
        each = rest.pop()
        if isinstance(each, ast.Call) and getattr(each.func, "id", "") == "Words":
            continue
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and PROSE.search(each.value):
            yield each.lineno, each.value.strip()
        if not isinstance(each, ast.FormattedValue):
            rest.extend(reversed(list(ast.iter_child_nodes(each))))


def tree_of(path: Path) -> ast.Module | list[Problem]:
    """A file of Python, or why it is none."""
    try:
        source = read_source(path)
    except UnsoundError as error:
        return list(error.problems)
    fault = syntax_fault(source)
    return [Problem(path, 1, f"not Python: {fault.en}", f"不是 Python：{fault.zh}")] if fault else ast.parse(source)


def check_suite(kata: Kata, node: Node) -> Iterator[Problem]:
    hidden, yaml = kata.hidden, kata.folder / "kata.yaml"
    tree = tree_of(hidden)
    if isinstance(tree, list):
        yield from tree
        return
    suite = read_suite(tree)
    ids = {check.id for check in kata.checks}
    found = {name.removeprefix("test_") for name in suite.checks}
    for name in sorted(ids - found):
        yield Problem(
            yaml,
            entry_line(node, "checks", name),
            f"the check `{name}` has no `test_{name}` in hidden.py",
            f"检查 `{name}` 在 hidden.py 里没有 `test_{name}`",
        )
    for name, function in suite.checks.items():
        if name.removeprefix("test_") not in ids:
            near = hint(name[5:], ids)
            yield Problem(
                hidden,
                function.lineno,
                f"`{name}` is not under `checks` of kata.yaml{near.en}",
                f"kata.yaml 的 `checks` 里没有 `{name}`{near.zh}",
            )
        if not rule_of(function):
            yield ruleless(name, function, hidden)
    for line, phrase in suite.english:
        yield Problem(
            hidden,
            line,
            f"`{phrase}` is said in English only; write Words(en, zh)",
            f"`{phrase}` 只有英文；请写 Words(en, zh)",
        )
    yield from foreign(hidden, tree)
    for line, name in private_attributes(tree):
        yield Problem(
            hidden,
            line,
            f"`{name}` is private; say it with what `{PUBLIC}` gives",
            f"`{name}` 是私有的；请用 `{PUBLIC}` 提供的写法",
        )
    yield from check_helpers(kata)
    for line, name in suite.repeated:
        yield Problem(
            hidden,
            line,
            f"`{name}` is defined twice; the first never runs, rename one",
            f"`{name}` 定义了两次，前一个永远不会运行；请给其中一个改名",
        )
    yield from check_raised(kata, node, suite)


def check_helpers(kata: Kata) -> Iterator[Problem]:
    """The files beside the suite, which run beside the submission."""
    for path in sorted(kata.hidden.parent.glob("*.py")):
        if path.name in ("hidden.py", "stub.py"):
            continue
        tree = tree_of(path)
        yield from tree if isinstance(tree, list) else foreign(path, tree)


def foreign(path: Path, tree: ast.Module) -> Iterator[Problem]:
    for line, name in private_imports(tree):
        yield Problem(
            path,
            line,
            f"`{name}` is not public; import what an `__all__` of `{PUBLIC}` names",
            f"`{name}` 不对外公开；只能导入 `{PUBLIC}` 各模块 `__all__` 里的名字",
        )


def check_raised(kata: Kata, node: Node, suite: Suite) -> Iterator[Problem]:
    yaml = kata.folder / "kata.yaml"
    known = {mistake.id: mistake for mistake in kata.mistakes}
    for name, (line, given) in suite.mistakes.items():
        if name not in known:
            near = hint(name, set(known))
            yield Problem(
                kata.hidden,
                line,
                f"the mistake `{name}` is not in kata.yaml{near.en}",
                f"kata.yaml 里没有错误 `{name}`{near.zh}",
            )
            continue
        yield from unfilled(known[name], given, Text("hidden.py", "hidden.py "), yaml, node)
    for name in sorted(set(known) - set(suite.mistakes) - own_mistakes(node)):  # its own sentences the judge proves
        if name in read_library().raised:
            yield from unfilled(known[name], read_library().raised[name], Text("the library", "检查库"), yaml, node)


def own_mistakes(node: Node) -> set[str]:
    """Those that kata.yaml writes itself: each is proved here. What a library brings may be proved elsewhere."""
    ids = (getattr(each.get("id"), "value", None) for each in written(node, "mistakes"))
    return {each for each in ids if isinstance(each, str)}


def ruleless(name: str, function: ast.FunctionDef | ast.Assign, hidden: Path) -> Problem:
    """A check without a docstring, or one that the library does not have."""
    found = lent(function)
    if found is None:
        en = f"`{name}` has no docstring; state its rule, argue its tolerance"
        return Problem(hidden, function.lineno, en, f"`{name}` 没有 docstring；请写明规则，并说明容差的理由")
    near = hint(found[1], set(read_library().rules))
    en, zh = f"`{name}` is no check of the library{near.en}", f"检查库里没有 `{name}` 所用的检查{near.zh}"
    return Problem(hidden, function.lineno, en, zh)


def unfilled(
    mistake: KataMistake, given: frozenset[str] | None, who: Text, yaml: Path, node: Node
) -> Iterator[Problem]:
    """Placeholders of its sentence that nobody measures."""
    for missing in sorted(set(placeholders(mistake.text.en)) - given) if given is not None else ():
        passed = sorted(given or ())
        yield Problem(
            yaml,
            entry_line(node, "mistakes", mistake.id),
            f"`{mistake.id}`: nothing fills {{{missing}}}; {who.en} passes {', '.join(passed) or 'none'}",
            f"`{mistake.id}`：{{{missing}}} 没有值可填；{who.zh}传的是：{'、'.join(passed) or '什么也没有'}",
        )


def placeholders(text: str) -> Iterator[str]:
    """`std` in `yours was {std:.2f}`."""
    try:
        for _, name, _, _ in string.Formatter().parse(text):
            if name is not None:
                yield name
    except ValueError:
        yield "a brace that is not closed"


def entry_line(node: Node, key: str, name: str | None = None) -> int:
    """The line of the entry of `key` that has this id; of the key itself without one."""
    field = node.get(key)
    if field is None:
        return node.line
    entries = field.value if isinstance(field.value, list) else []
    named = (each.line for each in entries if (each.get("id") or each).value == name)
    return next(named, field.line)

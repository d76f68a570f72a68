"""The likeness of two answers: the distance between their syntax trees, whatever their names, comments and types.

A tree is written as a line of labels, a node's own before those below it, with the number of entries of each list, so
that different trees are different lines. The distance is how many labels have to be deleted and inserted to make one
line of the other. Names that a file gives itself are numbered in the order in which they come up; what it calls by
name elsewhere, and constants, stay.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence

from interview.dataclass import dataclass

LONGEST = 150_000  # characters of a file that is parsed: 2,000 lines, and more than an answer ever is
NOTHING = "-"  # where something may stand and does not: `x[1:]` is not `x[:1]`
STATEMENTS = frozenset(kind.__name__ for kind in ast.stmt.__subclasses__())
LOOPS = frozenset(("For", "AsyncFor", "While", "comprehension"))
UNSAID = frozenset(("annotation", "returns", "type_comment", "type_ignores", "ctx", "kind", "simple"))


@dataclass(frozen=True, slots=True)
class Form:
    """A file as it counts: its line of labels, and how many statements and loops it has."""

    line: tuple[str, ...]
    statements: int
    loops: int


def form_of(source: str, provides: Sequence[str]) -> Form | None:
    """None where the file is no Python, or far longer than an answer. `provides` are names that mean something."""
    if len(source) > LONGEST:
        return None
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    bare(tree)
    order = {name: place for place, name in enumerate(provides)}
    tree.body.sort(key=lambda each: order.get(getattr(each, "name", ""), len(order)))
    own = {name for each in tree.body for name in bound(each)}.difference(provides)
    line: list[str] = []
    try:
        write(tree, Names(own), line)
    except RecursionError:
        return None
    kinds = [label.split(" ", 1)[0] for label in line]
    return Form(tuple(line), sum(each in STATEMENTS for each in kinds), sum(each in LOOPS for each in kinds))


def bare(tree: ast.Module) -> None:
    """Without docstrings, imports, and declarations that declare a type alone."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [each for each in body if not says_nothing(each)]  # type: ignore[attr-defined]


def says_nothing(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant()) | ast.Import() | ast.ImportFrom() | ast.Pass():
            return True
        case _:
            return False


class Names:
    """The names of one function within those around it, each numbered when it first comes up."""

    def __init__(self, own: Collection[str], outer: Names | None = None) -> None:
        self.own, self.outer = own, outer
        self.level: int = outer.level + 1 if outer else 0
        self.numbers: dict[str, int] = {}

    def number(self, name: str) -> str:
        if name in self.own:
            return f"{self.level}.{self.numbers.setdefault(name, len(self.numbers))}"
        return self.outer.number(name) if self.outer else name


def bound(node: ast.AST) -> Iterator[str]:
    """What a statement or a function gives a name to, the inside of functions and classes left out."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
            return
        case ast.Lambda():
            return
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.ExceptHandler(name=str(name)):
            yield name
        case _:
            pass
    for each in ast.iter_child_nodes(node):
        yield from bound(each)


def write(node: ast.AST, names: Names, line: list[str]) -> None:
    match node:
        case ast.Name(id=name) | ast.arg(arg=name):
            line.append(f"{type(node).__name__} {names.number(name)}")
            return
        case ast.Constant(value=value):
            line.append(f"{type(value).__name__} {value!r}")
            return
        case ast.FunctionDef(args=args) | ast.AsyncFunctionDef(args=args) | ast.Lambda(args=args):
            line.append(f"{type(node).__name__} {names.number(getattr(node, 'name', ''))}")
            names = Names({*parameters(args), *inner(node)}, names)
        case ast.ClassDef(name=name):
            line.append(f"ClassDef {names.number(name)}")
        case ast.AnnAssign(target=target, value=ast.AST() as value):
            write(ast.Assign([target], value), names, line)
            return
        case _:
            line.append(type(node).__name__)
    named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    for field in node._fields:
        if field not in UNSAID and not (named and field == "name"):
            write_field(field, getattr(node, field, None), names, line)


def write_field(field: str, value: object, names: Names, line: list[str]) -> None:
    match value:
        case ast.AST():
            write(value, names, line)
        case []:
            pass
        case list():
            line.append(f"{field} {len(value)}")
            for each in value:
                write_field(field, each, names, line)
        case None:
            line.append(NOTHING)
        case _:
            line.append(f"{field} {names.number(value) if field == 'name' and isinstance(value, str) else value}")


def parameters(args: ast.arguments) -> Iterator[str]:
    for each in (*args.posonlyargs, *args.args, args.vararg, *args.kwonlyargs, args.kwarg):
        if each is not None:
            yield each.arg


def inner(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Iterator[str]:
    body = function.body if isinstance(function.body, list) else [function.body]
    for each in body:
        yield from bound(each)


def distance(one: Sequence[str], other: Sequence[str]) -> int:
    """How many labels to delete and insert, at the least: what the longest common subsequence leaves over.

    A bit for each label of the shorter line, all of them moved at once by one addition (Hyyrö 2004): an answer against
    a file of 2,000 lines takes a few hundredths of a second.
    """
    short, long = sorted((one, other), key=len)
    places: dict[str, int] = {}
    for place, label in enumerate(short):
        places[label] = places.get(label, 0) | 1 << place
    every = (1 << len(short)) - 1
    rest = every
    for place_bits in filter(None, map(places.get, long)):
        met = rest & place_bits
        rest = (rest + met | rest - met) & every
    common = len(short) - rest.bit_count()
    return len(short) + len(long) - 2 * common

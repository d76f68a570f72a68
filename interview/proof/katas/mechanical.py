"""The mechanical mutants: every change of a single node of a right answer, by rule and not by thought.

A suite that lets one in does not ask for what that node does, or the change makes no difference: such a one is listed
in kata.yaml, with a reason (`equivalent`). The operators are those of DeMillo, Lipton and Sayward, "Hints on Test Data
Selection" (1978), as far as Python has them: arithmetic, comparison, connective, constant, argument, statement, branch.
"""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO

from interview.dataclass import dataclass

ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult,
}  # fmt: skip
COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
DELETED = (ast.Assign, ast.AugAssign, ast.Expr, ast.Raise, ast.Assert, ast.Break, ast.Continue)


@dataclass(frozen=True, slots=True)
class Change:
    """`before` and `after` are the line of the source in which the change begins, as code: without its indentation and
    what is noted beside it."""

    source: str
    line: int
    before: str
    after: str


def branches(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """The test of an `if`, taken always and never."""
    if isinstance(node, ast.If):
        yield from ((node.test, said) for said in ("True", "False"))


def changes(source: str) -> Iterator[Change]:
    """Each mutant once, in the order of the source. Docstrings and annotations are left alone."""
    tree = ast.parse(source)
    seen = {ast.dump(tree)}
    for node in walk(tree):
        for where, new in (*((node, new) for new in replacements(node)), *branches(node)):
            change = made(source, where, new)
            meaning = ast.dump(ast.parse(change.source)) if parses(change.source) else None
            if meaning is not None and meaning not in seen:
                seen.add(meaning)
                yield change


def walk(tree: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """Every expression and statement that does something."""
    for field, value in ast.iter_fields(tree):
        if field in ("annotation", "returns", "type_params", "decorator_list"):
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.expr | ast.stmt) and not is_docstring(each):
                yield each
            if isinstance(each, ast.AST) and not is_docstring(each):
                yield from walk(each)


def is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def replacements(node: ast.expr | ast.stmt) -> Iterator[str]:
    """What may stand in its place, as source."""
    match node:
        case ast.BinOp(left, op, right) if type(op) in ARITHMETIC:
            yield text(ast.BinOp(left, ARITHMETIC[type(op)](), right))
        case ast.AugAssign(target, op, value):
            if type(op) in ARITHMETIC:
                yield text(ast.AugAssign(target, ARITHMETIC[type(op)](), value))
            yield "pass"
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield text(operand)
        case ast.Compare(left, ops, comparators):
            for n, compared in enumerate(ops):
                other: list[ast.cmpop] = [*ops[:n], COMPARED[type(compared)](), *ops[n + 1 :]]
                yield text(ast.Compare(left, other, comparators))
        case ast.BoolOp(connective, values):
            yield text(ast.BoolOp(ast.Or() if isinstance(connective, ast.And) else ast.And(), values))
        case ast.Constant(value=bool() as value):
            yield str(not value)
        case ast.Constant(value=int() | float() as number):
            yield repr(number + 1)
            if isinstance(number, float) and number:
                yield repr(number * 10)
        case ast.Call(func, args, keywords):
            for n in range(len(keywords)):
                yield text(ast.Call(func, args, [*keywords[:n], *keywords[n + 1 :]]))
        case ast.IfExp(_, body, orelse):
            yield text(body)
            yield text(orelse)
        case _:
            if isinstance(node, DELETED):
                yield "pass"


def text(node: ast.expr | ast.stmt) -> str:
    """In parentheses where something may stand beside it."""
    said = ast.unparse(ast.fix_missing_locations(node))
    loose = isinstance(node, ast.BinOp | ast.UnaryOp | ast.Compare | ast.BoolOp | ast.IfExp | ast.Lambda)
    return f"({said})" if loose else said


def made(source: str, node: ast.expr | ast.stmt, new: str) -> Change:
    start = place(source, node.lineno, node.col_offset)
    end = place(source, node.end_lineno or node.lineno, node.end_col_offset or 0)
    changed = source[:start] + new + source[end:]
    line = node.lineno
    return Change(changed, line, code_of(source, line), code_of(changed, line))


def code_of(source: str, line: int) -> str:
    """A line without its comment."""
    found = source.splitlines()[line - 1]
    if "#" in found:
        with suppress(tokenize.TokenError, SyntaxError):
            for each in tokenize.generate_tokens(StringIO(source).readline):
                if each.type == tokenize.COMMENT and each.start[0] == line:
                    found = found[: each.start[1]]
    return found.strip()


def place(source: str, line: int, column: int) -> int:
    """The index of a node's end: columns count bytes."""
    lines = source.splitlines(keepends=True)
    return sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())


def parses(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True

"""Arithmetic over a card's parameters: `x**2 * p/(1-p)`. Read by Python's parser, computed by us, never by `eval`."""

from __future__ import annotations

import ast
import itertools
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

LONG = 300
HOLE = re.compile(r"\{\{([^{}\n]*)\}\}")
LARGEST = math.log(2.0) * 1024  # of a float, as its logarithm


class ExpressionError(ValueError):
    """Not such arithmetic, or no finite value; the sentence says why."""


def comb(n: float, k: float) -> float:
    if not (k >= 0 and 0 <= n <= 100_000 and n == int(n) and k == int(k)):
        raise ExpressionError(f"comb({n:g}, {k:g}): both are whole numbers, from 0")
    less = min(k, n - k)
    if less > 0 and less * math.log(n / less) > LARGEST:  # no more than the result's: the exact one may take a minute
        raise OverflowError
    return float(math.comb(int(n), int(k)))


FUNCTIONS: Mapping[str, tuple[int, Callable[..., float]]] = {
    "sqrt": (1, math.sqrt),
    "log": (1, math.log),
    "exp": (1, math.exp),
    "abs": (1, abs),
    "comb": (2, comb),
}
OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: math.pow,
}


def evaluate(expr: str, params: Mapping[str, float]) -> float:
    """`evaluate("p/(1-p)", {"p": 0.2}) == 0.25`"""
    if len(expr) > LONG:
        raise ExpressionError(f"longer than {LONG} characters; split the question into parts")
    written = expr.strip().replace("−", "-").replace("×", "*").replace("÷", "/")
    try:
        value = compute(parse(written), params)
    except (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError, ZeroDivisionError) as error:
        if isinstance(error, ExpressionError):
            raise
        where = ", ".join(f"{name} = {number:g}" for name, number in params.items())
        at = f" at {where}" if where and not isinstance(error, SyntaxError) else ""
        raise ExpressionError(f"`{expr}` has no value{at}: {reason(error)}") from None
    if not math.isfinite(value):
        raise ExpressionError(f"`{expr}` is not finite")
    return value


@lru_cache(maxsize=4096)
def parse(written: str) -> ast.expr:
    return ast.parse(written, mode="eval").body


def reason(error: BaseException) -> str:
    match error:
        case ZeroDivisionError():
            return "it divides by zero"
        case OverflowError():
            return "it is too large"
        case SyntaxError():
            return "it is not arithmetic (+ - * / ** ( ) sqrt log exp comb abs)"
        case _:
            return str(error) or "it is nested too deeply"


def compute(node: ast.expr, params: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return float(number)
        case ast.Name(id=name):
            if name not in params:
                known = ", ".join(params) or "this card has no params"
                raise ExpressionError(f"`{name}` is no parameter; known: {known}")
            return params[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -compute(operand, params)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return compute(operand, params)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return OPERATORS[type(op)](compute(left, params), compute(right, params))
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
            count, function = FUNCTIONS[name]
            if len(arguments) != count:
                raise ExpressionError(f"{name} takes {count} argument{'s' if count > 1 else ''}")
            return function(*(compute(each, params) for each in arguments))
        case _:
            raise ExpressionError("only numbers, params, + - * / ** ( ) and sqrt log exp comb abs are read here")


def fill(text: str, params: Mapping[str, float]) -> str:
    """`{{expr}}` replaced by its value, to six significant digits. A card without params is left as it is."""
    return HOLE.sub(lambda hole: f"{evaluate(hole[1], params):.6g}", text) if params else text


def draws(params: Mapping[str, Sequence[float]]) -> Iterator[dict[str, float]]:
    """Every combination of the values that the params may take."""
    for values in itertools.product(*params.values()):
        yield dict(zip(params, values, strict=True))

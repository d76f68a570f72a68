"""Arithmetic over a card's parameters: `x**2 * p/(1-p)`. Read by Python's parser, computed by us, never by `eval`."""

from __future__ import annotations

import ast
import itertools
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from interview.text import Text

LONG = 300
ARITHMETIC = "+ - * / ** ( ) sqrt log exp comb abs"
HOLE = re.compile(r"\{\{([^{}\n]*)\}\}")
LARGEST = math.log(2.0) * 1024  # of a float, as its logarithm


class ExpressionError(ValueError):
    """Not such arithmetic, or no finite value; the sentence says why, in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


def comb(n: float, k: float) -> float:
    if not (k >= 0 and 0 <= n <= 100_000 and n == int(n) and k == int(k)):
        said = f"comb({n:g}, {k:g})"
        raise ExpressionError(f"{said}: both are whole numbers, from 0", f"{said}：两个都要是不小于 0 的整数")
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
        raise ExpressionError(
            f"longer than {LONG} characters; split the question into parts", f"超过 {LONG} 个字符；请把题目拆成几问"
        )
    written = expr.strip().replace("−", "-").replace("×", "*").replace("÷", "/")
    try:
        value = compute(parse(written), params)
    except (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError, ZeroDivisionError) as error:
        if isinstance(error, ExpressionError):
            raise
        where = ", ".join(f"{name} = {number:g}" for name, number in params.items())
        known, why = where and not isinstance(error, SyntaxError), reason(error)
        at, at_zh = (f" at {where}", f"在 {where} 时") if known else ("", "")
        raise ExpressionError(f"`{expr}` has no value{at}: {why.en}", f"`{expr}` {at_zh}算不出值：{why.zh}") from None
    if not math.isfinite(value):
        raise ExpressionError(f"`{expr}` is not finite", f"`{expr}` 不是有限的数")
    return value


@lru_cache(maxsize=4096)
def parse(written: str) -> ast.expr:
    return ast.parse(written, mode="eval").body


def reason(error: BaseException) -> Text:
    match error:
        case ZeroDivisionError():
            return Text("it divides by zero", "除以零")
        case OverflowError():
            return Text("it is too large", "太大了")
        case SyntaxError():
            return Text(f"it is not arithmetic ({ARITHMETIC})", f"不是算式（{ARITHMETIC}）")
        case ValueError():
            return Text("it is no real number", "不是实数")
        case _:
            return Text("it is nested too deeply", "嵌套太深")


def compute(node: ast.expr, params: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return float(number)
        case ast.Name(id=name):
            if name not in params:
                raise ExpressionError(
                    f"`{name}` is no parameter; known: {', '.join(params) or 'this card has no params'}",
                    f"`{name}` 不是参数；可用：{'、'.join(params) or '这张卡没有 params'}",
                )
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
                raise ExpressionError(
                    f"{name} takes {count} argument{'s' if count > 1 else ''}", f"{name} 要 {count} 个参数"
                )
            return function(*(compute(each, params) for each in arguments))
        case _:
            raise ExpressionError(
                "only numbers, params, + - * / ** ( ) and sqrt log exp comb abs are read here",
                f"这里只能用数字、params 和 {ARITHMETIC}",
            )


def fill(text: str, params: Mapping[str, float]) -> str:
    """`{{expr}}` replaced by its value, to six significant digits. A card without params is left as it is."""
    return HOLE.sub(lambda hole: f"{evaluate(hole[1], params):.6g}", text) if params else text


def draws(params: Mapping[str, Sequence[float]]) -> Iterator[dict[str, float]]:
    """Every combination of the values that the params may take."""
    for values in itertools.product(*params.values()):
        yield dict(zip(params, values, strict=True))

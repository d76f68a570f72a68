"""The answer of a card as a file has it: each kind's own fields, what it asks of the common ones, how it is read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import islice
from typing import get_args

from interview.content.cards.deck import (
    Answer,
    Choice,
    Flip,
    Kind,
    NearMiss,
    Numeric,
    Open,
    Option,
    PredictOutput,
    Quantity,
    SpotBug,
    Tolerance,
    TrueFalse,
)
from interview.content.cards.expression import FUNCTIONS, ExpressionError, draws, evaluate
from interview.content.reading.field import Node, entry_of, named
from interview.dataclass import dataclass
from interview.text import Text

QUANTITY = ("value", "expr", "within", "near_misses")
KINDS: tuple[Kind, ...] = get_args(Kind)
MANY_DRAWS = 2_000


@dataclass(frozen=True, slots=True)
class Form:
    """A kind's own fields. `points` are how many a rubric has at least; a kind that is `told` by one must have it.

    `asks`: the question may stand in its own fields; `reasons`: `answer` may not be left out; `computes`: its proof
    prints the very numbers, and has no `prints`; `graded`: it has a level, a revision, and what an answer is held
    against.
    """

    fields: tuple[str, ...]
    points: int = 1
    told: bool = False
    asks: bool = False
    reasons: bool = True
    computes: bool = False
    graded: bool = True


def form_of(kind: Kind) -> Form:
    match kind:
        case "open":
            return Form(("model_answer",), points=3, told=True, reasons=False)
        case "choice":
            return Form(("choices", "many"))
        case "true_false":
            return Form(("statement", "holds"), told=True, asks=True)
        case "numeric":
            return Form(("params", "parts", *QUANTITY), computes=True)
        case "predict_output":
            return Form(("code", "prints"))
        case "spot_bug":
            return Form(("code", "lines", "fix", "shows"), told=True)
        case "flip":
            return Form((), reasons=False, graded=False)


def parse_answer(node: Node, kind: Kind) -> Answer:
    match kind:
        case "open":
            return Open(node.words("model_answer"))
        case "choice":
            return Choice(parse_options(node), node.flag("many"))
        case "true_false":
            return TrueFalse(node.words("statement"), node.flag("holds", default=None))
        case "numeric":
            return parse_numeric(node)
        case "predict_output":
            return PredictOutput(node.string("code"), node.string("prints"))
        case "spot_bug":
            return parse_spot_bug(node)
        case "flip":
            return Flip(node.words("answer"))


def parse_options(node: Node) -> tuple[Option, ...]:
    entries = node.items("choices")
    if 0 < len(entries) < 3:
        node.complain(
            f"`choices` has {len(entries)}; it needs three or more",
            f"`choices` 只有 {len(entries)} 个；至少要三个",
            at=node.get("choices"),
        )
    seen: set[str] = set()
    options = []
    for entry in entries:
        entry.unknown("id", "en", "zh", "right", "mistake")
        name = entry.id("id")
        if name and name in seen:
            entry.complain(f"the choice id `{name}` is used twice", f"选项编号 `{name}` 用了两次")
        seen.add(name)
        mistake = entry.id("mistake") if entry.has("mistake") else None
        options.append(Option(name, entry.as_text(Text("a choice", "选项")), entry.flag("right"), mistake))
    return tuple(options)


def parse_spot_bug(node: Node) -> SpotBug:
    code = node.string("code")
    last = len(code.rstrip().split("\n"))
    lines = tuple(each.as_integer(entry_of("lines"), least=1, most=last) for each in node.items("lines"))
    return SpotBug(code, lines, node.string("fix"), node.string("shows"))


def parse_numeric(node: Node) -> Numeric:
    params = parse_params(node)
    if not node.has("parts"):
        return Numeric((parse_quantity(node, params),), params)
    for key in QUANTITY:
        if node.has(key):
            node.complain(
                f"`{key}` stands beside `parts`; move it into a part",
                f"`{key}` 和 `parts` 并列；请移到某一问里面",
                at=node.get(key),
            )
    parts = []
    for part in node.items("parts"):
        if part.is_mapping(Text("a part", "一问")):
            part.unknown("ask", *QUANTITY)
            part.need("ask")
            parts.append(parse_quantity(part, params))
    return Numeric(tuple(parts), params)


def cost(node: Node) -> int:
    """How many values a numeric card computes, about: each formula and `{{…}}`, for each draw of its params."""
    params = node.get("params")
    if params is None or not isinstance(params.value, dict):
        return 0
    draws = math.prod(len(each.value) for each in params.value.values() if isinstance(each.value, list))
    texts = (each.value for each in node.walk() if isinstance(each.value, str))
    formulas = sum(each.has("expr") for each in node.walk()) + sum(text.count("{{") for text in texts)
    return formulas * (draws if draws <= MANY_DRAWS else 1)


def parse_params(node: Node) -> dict[str, tuple[float, ...]]:
    entry = node.get("params")
    if entry is None or not entry.is_mapping(named("params")):
        return {}
    params = {}
    for name, values in entry.value.items():
        if not (name.isidentifier() and name.isascii()) or name in FUNCTIONS or "__" in name:
            values.complain(
                f"`{name[:40]}` cannot name a parameter; use letters", f"`{name[:40]}` 不能作参数名；请用字母"
            )
        what = Text(f"a value of `{name[:40]}`", f"`{name[:40]}` 的一个值")
        found = tuple(each.as_number(what) for each in entry.items(name))
        params[name] = found or (1.0,)
    if math.prod(len(values) for values in params.values()) > MANY_DRAWS:
        entry.complain(
            f"more than {MANY_DRAWS} combinations of params; give fewer values",
            f"params 的组合超过 {MANY_DRAWS} 种；请少给几个值",
        )
        return {name: values[:1] for name, values in params.items()}
    return params


def parse_quantity(node: Node, params: Mapping[str, tuple[float, ...]]) -> Quantity:
    ask = node.words("ask") if node.has("ask") and not node.has("kind") else None
    misses = []
    for entry in node.items("near_misses", required=False):
        if entry.is_mapping(entry_of("near_misses")):
            entry.unknown("expr", "value", "mistake")
            misses.append(NearMiss(parse_formula(entry, params), entry.id("mistake")))
    return Quantity(ask, parse_formula(node, params), parse_tolerance(node), tuple(misses))


def parse_formula(node: Node, params: Mapping[str, tuple[float, ...]]) -> str:
    """`value` or `expr`, one of them, with a value for every draw of the params."""
    value, expr = node.get("value"), node.get("expr")
    if (value is None) == (expr is None):
        node.complain(
            "give either `value` (a number) or `expr` (arithmetic over the params)",
            "`value`（一个数）和 `expr`（用 params 的算式）要写一个，也只写一个",
        )
        return "0"
    if value is not None:
        return repr(value.as_number(named("value")))
    assert expr is not None
    if not isinstance(expr.value, str) or not expr.value.strip():
        looks = expr.looks()
        expr.complain(
            f"`expr` is {looks.en}; write arithmetic such as x**2 * p/(1-p)",
            f"`expr` 是{looks.zh}；请写算式，如 x**2 * p/(1-p)",
        )
        return "0"
    try:
        for drawn in islice(draws(params), MANY_DRAWS):
            evaluate(expr.value, drawn)
    except ExpressionError as error:
        expr.complain(f"`expr`: {error}", f"`expr`：{error.zh}")
        return "0"
    return expr.value


def parse_tolerance(node: Node) -> Tolerance:
    within = node.need("within")
    if within is None or not within.is_mapping(named("within")):
        return Tolerance()
    within.unknown("abs", "rel")
    if not within.value:
        within.complain(
            "`within` is empty; write {abs: 0.001} or {rel: 0.01}", "`within` 是空的；请写 {abs: 0.001} 或 {rel: 0.01}"
        )
    absolute = within.number("abs") if within.has("abs") else 0.0
    relative = within.number("rel") if within.has("rel") else 0.0
    if min(absolute, relative) < 0 or (within.value and absolute == relative == 0.0):
        within.complain(
            "`within` leaves no room; write a tolerance above 0, such as {abs: 1.0e-9}",
            "`within` 没有留误差；请写大于 0 的容差，如 {abs: 1.0e-9}",
        )
    return Tolerance(absolute, relative)

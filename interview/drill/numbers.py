"""Numbers as people type them, and whether they are right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from math import isclose

from interview.content.cards.deck import Quantity, Tolerance
from interview.content.cards.expression import ExpressionError, evaluate

GROUPED = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
NUMBER = re.compile(r"(?<![\w.])[-+−]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?!\w)")
SLACK = 1e-9  # what floating point may lose on the way


def read_number(text: str) -> float | None:
    """`1/3`, `2e-3`, `50%`, `1,024`, `sqrt(2)/2`, `2^10`, `≈ .25`; None when it is no number."""
    written = unicodedata.normalize("NFKC", text).strip().lstrip("=≈~ ").rstrip("。 ")
    written = GROUPED.sub("", written).replace("^", "**").replace("√", "sqrt")
    scale = 0.01 if written.endswith("%") else 1.0
    written = written.removesuffix("%").strip()
    if re.fullmatch(r"[-+−]?[\d.]+", written):
        written = re.sub(r"^([-+]?)0+(?=\d)", r"\1", written)  # 007 is no Python number
    try:
        return evaluate(written, {}) * scale
    except ExpressionError:
        return None


def is_near(value: float, right: float, within: Tolerance) -> bool:
    allowed = max(within.absolute, within.relative * abs(right), SLACK * abs(right), 1e-12)
    return abs(value - right) <= allowed * (1 + SLACK)


def right_value(quantity: Quantity, params: Mapping[str, float]) -> float:
    return evaluate(quantity.expr, params)


def mistake_of(quantity: Quantity, value: float, params: Mapping[str, float]) -> str | None:
    """The known mistake that leads to this value, if there is one: of several within reach the nearest."""
    led = [(evaluate(miss.expr, params), miss.mistake) for miss in quantity.near_misses]
    near = [(abs(value - there), mistake) for there, mistake in led if is_near(value, there, quantity.within)]
    return min(near, key=lambda each: each[0])[1] if near else None


def same_output(said: str, prints: str) -> bool:
    """Equal as text, whatever the spacing; or the same text around equal numbers (`.5` for `0.5000`).

    Where numbers are all that is printed (`tensor([0., 2.])`), the bare numbers (`0 2`) will do.
    """
    if said.split() == prints.split():
        return True
    mine, expected = NUMBER.findall(said), NUMBER.findall(prints)
    if len(mine) != len(expected) or not expected or not all(map(same_number, mine, expected)):
        return False
    around = [re.sub(r"\s|[.,]$", "", NUMBER.sub("#", each)) for each in (said, prints)]
    return around[0] == around[1] or (not frame(said) and not frame(prints))


def frame(text: str) -> str:
    """What is left beside numbers, brackets and `tensor`."""
    return re.sub(r"tensor|[\s\[\](),;|]", "", NUMBER.sub("", text))


def same_number(said: str, printed: str) -> bool:
    said, printed = (each.replace("−", "-") for each in (said, printed))
    if re.fullmatch(r"[-+]?\d+", printed):
        return float(said) == float(printed)
    return isclose(float(said), float(printed), rel_tol=1e-3, abs_tol=1e-12)


def read_lines(text: str) -> tuple[int, ...] | None:
    """Line numbers, however they are separated: `3`, `3, 5`, `3 5`; None when there are none, or none of any file."""
    found = re.findall(r"\d+", unicodedata.normalize("NFKC", text))
    return tuple(sorted({int(each) for each in found})) if found and max(map(len, found)) < 10 else None

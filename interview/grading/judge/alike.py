"""Likeness: do two answers say the same, what a submission gave and what a known mistake gives to the same request?

Values agree within what another order of additions may cost, refusals with refusals, shapes, dtypes and the wish for a
gradient exactly. Which number an object has on its side, and what was printed, says nothing.
"""

from __future__ import annotations

import re
from typing import Any

import torch

from interview.grading.solution.errors import OF_ASSERT
from interview.grading.solution.line import Frame
from interview.grading.wire.frames import WireError
from interview.grading.wire.values import Decoder, Opaque

OBJECT = Opaque("an object")
UNTOLD = ("graph", "printed", "text")  # of an answer: housekeeping, and words
REFUSALS = ("ValueError", "AssertionError")
LOOSE = 1e-4  # relative, to a value and to the mean of all
ROUNDED = {torch.float16: 1e-2, torch.bfloat16: 4e-2}
VARYING = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|-?\d[\d.e+-]*")  # of an exception's words: names, numbers


def alike(one: Frame, other: Frame) -> bool:
    """Two frames. Those whose bytes are equal are; one that cannot be read is like none."""
    a, b = ({key: each for key, each in header.items() if key not in UNTOLD} for header, _ in (one, other))
    if a == b and one[1] == other[1]:
        return True
    if a.keys() != b.keys():
        return False
    try:
        left, right = (Decoder(payload, lambda _: OBJECT) for payload in (one[1], other[1]))
        return all(agree(left.decode(a[key]), right.decode(b[key])) for key in a)
    except (WireError, RuntimeError, ValueError, OverflowError):
        return False


def agree(a: Any, b: Any) -> bool:
    """Two decoded values."""
    if isinstance(a, torch.Tensor):
        return isinstance(b, torch.Tensor) and near(a, b)
    if type(a) is not type(b):
        return False
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(agree, a, b))
    if isinstance(a, dict):
        if "bases" in a and "bases" in b:
            return same_trouble(a, b)
        return told(a).keys() == told(b).keys() and all(agree(a[key], b[key]) for key in told(a))
    if isinstance(a, float):
        return near(torch.tensor(a, dtype=torch.float64), torch.tensor(b, dtype=torch.float64))
    return bool(a == b)


def told(answer: dict[Any, Any]) -> dict[Any, Any]:
    return {key: each for key, each in answer.items() if key not in UNTOLD}


def near(a: torch.Tensor, b: torch.Tensor) -> bool:
    """The same shape, dtype and wish for a gradient; NaN with NaN, infinity with infinity."""
    if (a.shape, a.dtype, a.requires_grad) != (b.shape, b.dtype, b.requires_grad):
        return False
    a, b = a.detach(), b.detach()
    if torch.equal(a, b) or not a.numel():
        return True
    if not (a.is_floating_point() or a.is_complex()):
        return False
    rate = ROUNDED.get(a.dtype, LOOSE)
    wide = torch.complex128 if a.is_complex() else torch.float64
    a, b = a.to(wide), b.to(wide)
    finite = a.isfinite() & b.isfinite()
    size = b.abs().where(finite, 0.0)
    scale = size.sum() / finite.sum().clamp(min=1)
    close = finite & ((a - b).abs() <= rate * (size + scale))
    return bool((close | (a == b) | (a.isnan() & b.isnan())).all())


def same_trouble(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Two described exceptions: both refuse, or both have the same kind and the same words."""
    if is_refusal(a) or is_refusal(b):
        return is_refusal(a) and is_refusal(b)
    return words(a) == words(b)


def is_refusal(described: dict[str, Any]) -> bool:
    bases = described.get("bases")
    if not isinstance(bases, list) or (bases == OF_ASSERT and described.get("own") is False):
        return False
    return any(each in bases for each in REFUSALS)


def words(described: dict[str, Any]) -> tuple[str, str]:
    return str(described.get("type")), VARYING.sub("#", str(described.get("text"))[:200])

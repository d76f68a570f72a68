"""Likeness: do two answers say the same, what a submission gave and what a known mistake gives to the same request?

Values agree within what another order of additions may cost, refusals with refusals, shapes, dtypes and the wish for a
gradient exactly. Which number an object has on its side, and what was printed, says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, get_args

import torch

from interview.grading.solution.errors import is_torchs_assertion
from interview.grading.solution.line import Frame
from interview.grading.wire.answers import (
    Given,
    Lived,
    Question,
    Raised,
    Repeated,
    Returned,
    Several,
    answer_of,
    besides_of,
    is_question,
    question_of,
)
from interview.grading.wire.frames import WireError
from interview.grading.wire.values import Decoder, Opaque

Said = Given | Raised | Question
SAID = get_args(Said)
OBJECT = Opaque("an object")
UNTOLD = ("graph", "printed", "text")  # of an answer: housekeeping, and words
REFUSALS = ("ValueError", "AssertionError")
LOOSE = 1e-4  # relative, to a value and to the mean of all
ROUNDED = {torch.float16: 1e-2, torch.bfloat16: 4e-2}
VARYING = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`|-?\d[\d.e+-]*")  # of an exception's words: names, numbers


def alike(one: Frame, other: Frame, kind: type[Given]) -> bool:
    """Two frames, answers of this kind or questions: equal bytes are, and what cannot be read is like nothing."""
    a, b = ({key: each for key, each in header.items() if key not in UNTOLD} for header, _ in (one, other))
    if a == b and one[1] == other[1]:
        return True
    try:
        return agree(read(one, kind), read(other, kind))
    except (WireError, RuntimeError, ValueError, OverflowError):
        return False


def read(frame: Frame, kind: type[Given]) -> tuple[Sequence[str], Said]:
    header, payload = frame
    decoder = Decoder(payload, lambda _: OBJECT)
    if is_question(header):
        return (), question_of(header, decoder)
    return besides_of(header).forbidden, answer_of(header, decoder, kind)


def told(said: Said) -> tuple[Any, ...]:
    """What of it counts."""
    match said:
        case Returned(value, live, _):
            return value, live
        case Lived(value, _, result):
            return value, result
        case Several(value):
            return (value,)
        case Repeated(arguments, value):
            return arguments, value
        case Question(number, args, kwargs):
            return number, args, kwargs
        case Raised():
            return ("refused",) if is_refusal(said) else words(said)


def agree(a: Any, b: Any) -> bool:
    """Two decoded values."""
    if isinstance(a, torch.Tensor):
        return isinstance(b, torch.Tensor) and near(a, b)
    if type(a) is not type(b):
        return False
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(agree, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(agree(a[key], b[key]) for key in a)
    if isinstance(a, SAID):
        return agree(told(a), told(b))
    if isinstance(a, float):
        return near(torch.tensor(a, dtype=torch.float64), torch.tensor(b, dtype=torch.float64))
    return bool(a == b)


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


def is_refusal(raised: Raised) -> bool:
    return not is_torchs_assertion(raised) and any(each in raised.bases for each in REFUSALS)


def words(raised: Raised) -> tuple[str, str]:
    return raised.type, VARYING.sub("#", raised.text[:200])

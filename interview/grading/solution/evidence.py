"""Evidence: what the judge can tell by itself from values that came back, what was written into and how far a generator
went.

A worker is in the submission's hands, so no flag of its is believed. Values can be made up too, but only as a function
that does what is asked would have made them; see "What cannot be seen from outside" in SECURITY.md.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

import torch

from interview.grading.wire.values import raw, tensors

NUMBERS = 8  # drawn to find the generator by: that they stand anywhere else by chance has probability below 1e-50
FIRST, FURTHEST = 1 << 12, 1 << 20  # numbers of its stream that are looked through first, and in all
LOOSE = 1e-3  # a result that strays further came from other inputs, not from another order of additions


def written(sent: Any, after: Any) -> list[int]:
    """Which tensors among the arguments are not what was sent, by their number: another shape, dtype or bit."""
    pairs = zip_longest(tensors(sent), tensors(after))
    return [n for n, (a, b) in enumerate(pairs) if a is None or b is None or not same_bits(a, b)]


def same_bits(a: torch.Tensor, b: torch.Tensor) -> bool:
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    return raw(a.detach().contiguous()) == raw(b.detach().contiguous())


def same_results(a: Any, b: Any) -> bool:
    """Do two calls agree, but for rounding? Objects that stayed in the worker say nothing."""
    if isinstance(a, torch.Tensor):
        return isinstance(b, torch.Tensor) and close(a.detach(), b.detach())
    if isinstance(a, tuple | list):
        return type(a) is type(b) and len(a) == len(b) and all(map(same_results, a, b))
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(same_results(a[key], b[key]) for key in a)
    if isinstance(a, float) and isinstance(b, float):
        return close(torch.tensor(a), torch.tensor(b))
    if isinstance(a, str | bytes | int | complex | None):
        return bool(a == b)
    return type(a) is type(b)


def close(a: torch.Tensor, b: torch.Tensor) -> bool:
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    if not (a.is_floating_point() or a.is_complex()):
        return torch.equal(a, b)
    if torch.equal(a, b) or not a.numel():
        return True
    wide = torch.complex128 if a.is_complex() else torch.float64
    a, b = a.to(wide), b.to(wide)
    size = b[b.isfinite()].abs()
    return torch.allclose(a, b, rtol=LOOSE, atol=LOOSE * float(size.max()) if size.numel() else 0.0, equal_nan=True)


def drawn(seed: int, numbers: torch.Tensor) -> int | None:
    """How many numbers of `seed`'s stream were drawn before these; None if they stand nowhere in it."""
    generator = torch.Generator().manual_seed(seed)
    stream, before, size = torch.empty(0), 0, FIRST
    while before < FURTHEST:
        stream = torch.cat([stream, torch.rand(size, generator=generator)])
        for start in (stream[: 1 - NUMBERS] == numbers[0]).nonzero().flatten().tolist():
            if torch.equal(stream[start : start + NUMBERS], numbers):
                return before + int(start)
        before += len(stream) - NUMBERS + 1
        stream, size = stream[1 - NUMBERS :], min(4 * size, 1 << 20)
    return None

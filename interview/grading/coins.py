"""What the suites of the dropout family share: inputs with which a mask can be read off, and what is asked of a mask.

A mask is a boolean tensor, True where kept; `p` is the probability of a drop. Each `expect_*` spends at most ALPHA of
false alarm, all its tests together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch

from interview.grading.statistics import ALPHA, each_rate_holds, rate_holds, rate_interval
from interview.grading.suite import Bar, Mask, Words, Wrong, expect

ULP4 = 4 * 2.0**-23
REPEATS = (64, 100, 128, 200, 256, 400, 500, 512, 1000, 1024, 2000, 2048, 4096, 5000, 8192, 10000)


def signed(*shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """Values of both signs between 0.5 and 2 in magnitude: no zeros, so that a zero is a drop."""
    u = torch.rand(shape).mul_(3).sub_(1.5)
    return u.add_(torch.full_like(u, 0.5).copysign_(u)).to(dtype)


def same(a: torch.Tensor, b: torch.Tensor, tol: float = ULP4) -> torch.Tensor:
    """Element by element: equal up to a relative tolerance."""
    return (a - b).abs() <= tol * b.abs()


def rate_found(zeros: int, n: int, p: float) -> dict[str, Any]:
    """A measured rate beside the interval it had to fall in, as `got`, `expected` and `picture` of a finding."""
    low, high = rate_interval(n, p)
    return {"got": f"{zeros / n:.4f}", "expected": f"{low:.4f} … {high:.4f}", "picture": Bar(zeros / n, low, high)}


def even_sums(mask: torch.Tensor, p: float) -> bool:
    """Has every row and every column of a 2-d mask a likely number of drops?"""
    share = ALPHA / 2
    return all(each_rate_holds(mask.sum(axis).tolist(), mask.shape[axis], 1 - p, share) is None for axis in (0, 1))


def pair_classes(n: int, lag: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The pairs (i, i+lag) of n coins in two classes, as boolean masks over i, so that within a class no coin stands
    in two pairs. Pairs that overlap are not independent; within each class they are, and a rate can be tested there.
    """
    pairs = max(0, n - lag)
    first = (torch.arange(2 * lag) < lag).repeat(pairs // (2 * lag) + 1)[:pairs]
    return first, ~first


def differing_pairs(flat: torch.Tensor, lag: int) -> list[tuple[int, int]]:
    """Of each class of pairs that is not empty: how many of its pairs differ, and how many it has."""
    differ = flat[:-lag] != flat[lag:]
    counts = [(int((differ & each).sum()), int(each.sum())) for each in pair_classes(len(flat), lag)]
    return [(count, pairs) for count, pairs in counts if pairs]


def expect_pairs(differ: int, pairs: int, p: float, alpha: float, en: str, zh: str,
                 picture: Callable[[], Mask] | None = None) -> None:  # fmt: skip
    """Independent coins differ at rate 2p(1-p)."""
    rate = 2 * p * (1 - p)
    share = differ / pairs
    got, expected = Words(f"{share:.3f} differ", f"有 {share:.3f} 不同"), f"{rate:.3f}"
    expect(rate_holds(differ, pairs, rate, alpha), en, zh, got=got, expected=expected, picture=picture)


def expect_lags(flat: torch.Tensor, p: float, lags: Sequence[int], *, en: str = "elements", zh: str = "元素",
                picture: Callable[[], Mask] | None = None) -> None:  # fmt: skip
    """Coins some lag apart are independent. `en` and `zh` say whose coins they are."""
    for lag in lags:
        sentence = f"{en} {lag} apart are not independent", f"相距 {lag} 的{zh}不独立"
        for differ, pairs in differing_pairs(flat, lag):
            expect_pairs(differ, pairs, p, ALPHA / (2 * len(lags)), *sentence, picture)


def expect_independent(mask: torch.Tensor, p: float) -> None:
    """A 2-d mask has a coin for each element: nothing clusters along an axis, no lag repeats and no mirror shows it."""
    n, flat = mask.numel(), mask.flatten()

    def picture() -> Mask:
        return Mask.of(mask, p)

    if not even_sums(mask, p):
        raise Wrong("the drops cluster along an axis", "丢弃沿某一维聚集", picture=picture())
    columns = mask.shape[1]
    expect_lags(flat, p, sorted({1, 2, 31, columns, 2 * columns, n // 2}), picture=picture)
    mirrored = int((flat != flat.flip(0))[: n // 2].sum())
    expect_pairs(mirrored, n // 2, p, ALPHA, "the mask mirrors itself", "掩码前后对称", picture)


def expect_no_repeats(flat: torch.Tensor, p: float) -> None:
    """A large mask is no small one laid side by side: halves of blocks of 2·lag are disjoint pairs, so independent."""
    for lag in REPEATS:
        blocks = flat[: flat.numel() // (2 * lag) * 2 * lag].reshape(-1, 2, lag)
        differ, pairs = int((blocks[:, 0] != blocks[:, 1]).sum()), blocks.numel() // 2
        sentence = f"elements {lag} apart are not independent", f"相距 {lag} 的元素不独立"
        expect_pairs(differ, pairs, p, ALPHA / len(REPEATS), *sentence)

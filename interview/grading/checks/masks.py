"""Masks: inputs with which a mask can be read off, and what is asked of a mask.

A mask is a boolean tensor, True where kept; `p` is the probability of a drop. Each `expect_*` spends at most ALPHA of
false alarm, all its tests together.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import torch

from interview.grading.checks.expect import Bar, Mask, Words, Wrong, expect
from interview.grading.checks.statistics import ALPHA, each_rate_holds, rate_holds, rate_interval, tail_rate

__all__ = [
    "NEAR_ONE",
    "NEXT_TO_NOTHING",
    "TINY",
    "ULP4",
    "differing_pairs",
    "even_sums",
    "expect_binomial",
    "expect_calls_independent",
    "expect_even_rates",
    "expect_independent",
    "expect_lags",
    "expect_new_masks",
    "expect_no_repeats",
    "expect_not_moved",
    "expect_pairs",
    "rate_found",
    "same",
    "signed",
]

ULP4 = 4 * 2.0**-23
HALF = torch.tensor(0.5)
TINY, NEAR_ONE, NEXT_TO_NOTHING = 0.00096, 0.9981, 2e-7
MOVED, FEW = 80, 27  # coins that agree by no chance, and so many of them in one pair of three
REPEATS = (64, 100, 128, 200, 256, 400, 500, 512, 1000, 1024, 2000, 2048, 4096, 5000, 8192, 10000)


def signed(*shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """Values of both signs between 0.5 and 2 in magnitude: no zeros, so that a zero is a drop."""
    u = torch.empty(shape).uniform_(-1.5, 1.5)
    u += torch.copysign(HALF, u)
    return u if dtype is torch.float32 else u.to(dtype)


def same(a: torch.Tensor, b: torch.Tensor, tol: float = ULP4) -> torch.Tensor:
    """Element by element: equal up to a relative tolerance."""
    return (a - b).abs() <= tol * b.abs()


def rate_found(zeros: int, n: int, p: float) -> dict[str, Any]:
    """A measured rate beside the interval it had to fall in, as `got`, `expected` and `picture` of a finding."""
    low, high = rate_interval(n, p)
    return {"got": f"{zeros / n:.4f}", "expected": f"{low:.4f} … {high:.4f}", "picture": Bar(zeros / n, low, high)}


def expect_even_rates(mask: torch.Tensor, p: float) -> None:
    """No half of the rows of a 2-d mask, and no second row or column, is dropped at a rate of its own.

    With 20,000 coins one off by 0.06 is missed with probability below 1e-6, with 40,000 one off by 0.04.
    """
    top = mask.shape[0] // 2
    parts = (mask[:top], mask[top:], mask[::2], mask[1::2], mask[:, ::2], mask[:, 1::2])
    for part in parts:
        n = part.numel()
        zeros = n - int(part.sum())
        if not rate_holds(zeros, n, p, ALPHA / len(parts)):
            raise Wrong("the drop rate depends on the position", "丢弃率随位置而变", **rate_found(zeros, n, p))


def even_sums(mask: torch.Tensor, p: float) -> bool:
    """Has every row and every column of a 2-d mask a likely number of drops?"""
    share = ALPHA / 2
    return all(each_rate_holds(mask.sum(axis).tolist(), mask.shape[axis], 1 - p, share) is None for axis in (0, 1))


def differing_pairs(flat: torch.Tensor, lag: int) -> list[tuple[int, int]]:
    """The pairs (i, i+lag) of coins in two classes, by the parity of i // lag: how many pairs of each differ, and how
    many it has. Pairs that overlap are not independent; within a class no coin stands in two, and they are.
    """
    differ = flat[:-lag] != flat[lag:]
    pairs = len(differ)
    whole = pairs // (2 * lag) * 2 * lag
    rest = min(lag, pairs - whole)
    even = int(differ[:whole].view(-1, 2, lag)[:, 0].sum()) + int(differ[whole : whole + rest].sum())
    evens = whole // 2 + rest
    counts = [(even, evens), (int(differ.sum()) - even, pairs - evens)]
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


def expect_independent(mask: torch.Tensor, p: float, *, en: str = "elements", zh: str = "元素") -> None:
    """A 2-d mask has a coin for each element: nothing clusters along an axis, no lag repeats and no mirror shows it.

    `en` and `zh` say whose coins they are.
    """
    n, flat = mask.numel(), mask.flatten()

    def picture() -> Mask:
        return Mask.of(mask, p)

    if not even_sums(mask, p):
        raise Wrong(f"the coins of {en} cluster along an axis", f"{zh}的抽样结果沿某一维聚集", picture=picture())
    columns = mask.shape[1]
    expect_lags(flat, p, sorted({1, 2, 31, columns, 2 * columns, n // 2}), en=en, zh=zh, picture=picture)
    mirrored = int((flat != flat.flip(0))[: n // 2].sum())
    expect_pairs(mirrored, n // 2, p, ALPHA, "the mask mirrors itself", "掩码前后对称", picture)


def expect_no_repeats(flat: torch.Tensor, p: float, *, en: str = "elements", zh: str = "元素") -> None:
    """A large mask is no small one laid side by side: halves of blocks of 2·lag are disjoint pairs, so independent."""
    for lag in REPEATS:
        blocks = flat[: flat.numel() // (2 * lag) * 2 * lag].reshape(-1, 2, lag)
        differ, pairs = int((blocks[:, 0] != blocks[:, 1]).sum()), blocks.numel() // 2
        if not pairs:
            return
        sentence = f"{en} {lag} apart are not independent", f"相距 {lag} 的{zh}不独立"
        expect_pairs(differ, pairs, p, ALPHA / len(REPEATS), *sentence)


def expect_calls_independent(masks: Sequence[torch.Tensor], p: float) -> None:
    """Every pair of calls differs at rate 2p(1-p), and none's coins are those of the one before, moved."""
    for a, b in itertools.combinations(masks, 2):
        expect_pairs(int((a != b).sum()), a.numel(), p, ALPHA, "two calls are not independent", "两次调用不独立")
    expect_not_moved(masks)


def expect_not_moved(masks: Sequence[torch.Tensor]) -> None:
    """Where a call puts the generator back and lets it go on for less than it drew, the next one's coins are its own,
    some places further on. Told by MOVED coins or more that all agree, at p = 0.3 with probability below 1e-16.
    """
    coins = [bytes(each.flatten().tolist()) for each in masks[:4]]
    places = coins[0].find(coins[1][:FEW], 1)
    while places > 0:
        length = min(MOVED, len(coins[0]) - places)
        pairs = list(itertools.pairwise(coins))
        moved = all(after.startswith(before[places : places + length]) for before, after in pairs)
        if moved and length * len(pairs) >= MOVED:
            raise Wrong(
                f"a call drops what the one before dropped, {places} elements on: the generator is partly put back",
                f"每次调用的丢弃位置就是上一次的错开 {places} 个元素：生成器被部分恢复了原状",
            )
        places = coins[0].find(coins[1][:FEW], places + 1)


def expect_new_masks(masks: torch.Tensor) -> None:
    """Masks at p = 1/2, each a row: none is drawn twice, neighbours differ at rate 1/2, also when one is moved, and no
    element is dropped at a rate of its own.

    Of 200 masks over 60 elements two are alike with probability 200²/2 · 2^-60 < 1e-13; out of a thousand prepared
    ones 200 calls draw none twice with probability below 1e-8.
    """
    calls, n = masks.shape
    count = len({tuple(each) for each in masks.tolist()})
    expect(
        count == calls,
        f"{calls} calls on {n} elements have {count} different masks",
        f"对 {n} 个元素调用 {calls} 次，只有 {count} 种不同的掩码",
        got=count,
        expected=calls,
    )
    differ = masks[::2] != masks[1::2]
    expect(
        each_rate_holds(masks.sum(0).tolist(), calls, 0.5) is None
        and rate_holds(int(differ.sum()), differ.numel(), 0.5),
        f"the masks of {calls} calls are not independent",
        f"{calls} 次调用的掩码不独立",
    )
    expect_not_moved(list(masks[:4]))


def expect_binomial(counts: Sequence[int], n: int, p: float) -> None:
    """Counts kept of n: how often one strays from its mean by more than 2.5 has an exactly known rate."""
    strays = sum(abs(each - n * (1 - p)) > 2.5 for each in counts)
    rate = tail_rate(n, 1 - p, 2.5)
    expect(
        rate_holds(strays, len(counts), rate),
        "the counts vary more or less than those of independent coins",
        "保留个数的波动与独立抽样不符",
        got=f"{strays / len(counts):.3f}",
        expected=f"{rate:.3f}",
    )

"""Statistics: how far a right answer may stray. Bounds proved for every n, so that a fair coin is never called unfair.

Each test takes α, an upper bound on the chance that it turns a right answer away. A suite spends at most 1e-9 in all:
up to a hundred tests at the default ALPHA. A rate wrong by d is missed with at most the chance that an honest count
at the wrong rate falls inside the interval, which the same bound makes small once n·KL is a few times ln(2/α).
No scipy, no torch: counts in, answers out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = [
    "ALPHA",
    "calls_never_alike",
    "chi_square_interval",
    "distance_to",
    "dkw_bound",
    "each_rate_holds",
    "kl",
    "most_likely_count",
    "normal_cdf",
    "normal_sum_bound",
    "pmf",
    "rate_holds",
    "rate_interval",
    "tail_rate",
    "weighted_sum_bound",
]

ALPHA = 1e-11


def kl(a: float, b: float) -> float:
    """KL divergence in nats between coins with rates a and b: a·ln(a/b) + (1−a)·ln((1−a)/(1−b))."""
    if b in (0.0, 1.0):
        return 0.0 if a == b else math.inf
    left = a * math.log(a / b) if a > 0 else 0.0
    right = (1 - a) * math.log((1 - a) / (1 - b)) if a < 1 else 0.0
    return left + right


def rate_holds(count: int, n: int, rate: float, alpha: float = ALPHA) -> bool:
    """May `count` of `n` independent coins come from `rate`?

    Chernoff: P(K/n ≥ a) ≤ exp(−n·KL(a‖q)) for a ≥ q, and likewise below, so n·KL(K/n‖q) > ln(2/α) has probability at
    most α (Chernoff 1952; Boucheron, Lugosi, Massart 2013, §2.2).
    """
    return n * kl(count / n, rate) <= math.log(2 / alpha) if n else True


def rate_interval(n: int, rate: float, alpha: float = ALPHA) -> tuple[float, float]:
    """The rates that `rate_holds` accepts, as shown to a person: (lowest, highest)."""
    if not n:
        return 0.0, 1.0  # no coin, no evidence
    bound = math.log(2 / alpha) / n

    def edge(inside: float, outside: float) -> float:
        for _ in range(60):
            middle = (inside + outside) / 2
            inside, outside = (middle, outside) if kl(middle, rate) <= bound else (inside, middle)
        return inside

    return edge(rate, 0.0), edge(rate, 1.0)


def each_rate_holds(counts: Sequence[int], n: int, rate: float, alpha: float = ALPHA) -> int | None:
    """The first of several counts, each of n coins, that `rate` does not explain; α is shared among them all."""
    share = alpha / max(len(counts), 1)
    return next((index for index, count in enumerate(counts) if not rate_holds(count, n, rate, share)), None)


def weighted_sum_bound(sum_of_squares: float, alpha: float = ALPHA) -> float:
    """|Σ aᵢ(mᵢ − q)| for independent coins mᵢ stays below this; `sum_of_squares` is Σ aᵢ².

    Hoeffding 1963, theorem 2: P(|S| ≥ t) ≤ 2·exp(−2t²/Σaᵢ²).
    """
    return math.sqrt(sum_of_squares * math.log(2 / alpha) / 2)


def normal_sum_bound(variance: float, alpha: float = ALPHA) -> float:
    """|S| for S normal with mean 0 and that variance stays below this: P(|S| ≥ t) ≤ 2·exp(−t²/2σ²)."""
    return math.sqrt(2 * variance * math.log(2 / alpha))


def chi_square_interval(n: int, alpha: float = ALPHA) -> tuple[float, float]:
    """Σ zᵢ² of n independent standard normals falls in this interval.

    Laurent and Massart 2000, lemma 1: P(X ≥ n + 2√(nt) + 2t) ≤ e^−t and P(X ≤ n − 2√(nt)) ≤ e^−t, here t = ln(2/α).
    """
    t = math.log(2 / alpha)
    return max(0.0, n - 2 * math.sqrt(n * t)), n + 2 * math.sqrt(n * t) + 2 * t


def dkw_bound(n: int, alpha: float = ALPHA) -> float:
    """sup|Fₙ − F| of n independent draws stays below this: P(sup > ε) ≤ 2·exp(−2nε²) (Massart 1990)."""
    if not n:
        return math.inf
    return math.sqrt(math.log(2 / alpha) / (2 * n))


def distance_to(sorted_cdf: Sequence[float]) -> float:
    """sup|Fₙ − F| from F's values at the sorted draws: the Kolmogorov-Smirnov statistic."""
    n = len(sorted_cdf)
    return max((max((i + 1) / n - f, f - i / n) for i, f in enumerate(sorted_cdf)), default=0.0)


def normal_cdf(z: float) -> float:
    """P(Z <= z) of a standard normal."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


def most_likely_count(n: int, rate: float) -> float:
    """The probability of the likeliest number of heads among n coins, exactly (its mode is ⌊(n+1)·rate⌋)."""
    if rate in (0.0, 1.0):
        return 1.0
    return pmf(min(n, math.floor((n + 1) * rate)), n, rate)


def calls_never_alike(n: int, rate: float, alpha: float = ALPHA) -> int:
    """How many calls of n coins must be made so that all have the same count with probability at most α.

    Given the first count, each later one equals it with probability at most that of the likeliest count.
    """
    alike = most_likely_count(n, rate)
    if alike >= 1:
        raise ValueError("a certain count is always the same")
    return 1 + math.ceil(math.log(alpha) / math.log(alike))


def tail_rate(n: int, rate: float, distance: float) -> float:
    """P(|K − n·rate| > distance) for K of n independent coins, exactly."""
    return sum(pmf(k, n, rate) for k in range(n + 1) if abs(k - n * rate) > distance)


def pmf(k: int, n: int, rate: float) -> float:
    """The probability of exactly k of n coins, for a rate strictly between 0 and 1."""
    log = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(log + k * math.log(rate) + (n - k) * math.log1p(-rate))

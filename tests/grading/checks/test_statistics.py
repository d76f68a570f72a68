from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.grading.checks import statistics as s

RATES = st.floats(0.01, 0.99)


def binomial_tail(n: int, rate: float, accepted: list[bool]) -> float:
    """The exact probability that a count is not accepted."""
    return sum(s.pmf(k, n, rate) for k in range(n + 1) if not accepted[k])


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.3, 0.5, 0.8, 0.97])
@pytest.mark.parametrize("n", [1, 7, 48, 300])
@pytest.mark.parametrize("alpha", [1e-2, 1e-5])
def test_rate_keeps_its_promise(rate: float, n: int, alpha: float) -> None:
    """The exact chance that a right rate is refused is at most alpha, for every n."""
    accepted = [s.rate_holds(k, n, rate, alpha) for k in range(n + 1)]
    assert binomial_tail(n, rate, accepted) <= alpha


@pytest.mark.parametrize(("n", "rate"), [(86800, 0.3), (44000, 0.1), (67600, 0.8), (99200, 0.5)])
def test_rates_off_by_two_hundredths_are_seen(n: int, rate: float) -> None:
    """A rate off by 0.02 falls inside the interval with probability below 1e-6 at the sizes that `dropout` draws."""
    low, high = s.rate_interval(n, rate)
    assert n * s.kl(high, rate + 0.02) > math.log(1e6)
    assert n * s.kl(low, rate - 0.02) > math.log(1e6)


@given(RATES, st.integers(1, 100_000))
def test_interval_is_where_rates_hold(rate: float, n: int) -> None:
    """The interval that is shown is the one that is tested."""
    low, high = s.rate_interval(n, rate)
    assert 0 <= low <= rate <= high <= 1
    for k in (math.ceil(low * n + 1e-6), math.floor(high * n - 1e-6)):
        if low * n < k < high * n:
            assert s.rate_holds(k, n, rate)


def test_each_rate_shares_alpha() -> None:
    """Among many counts the first bad one is named; good ones are not."""
    assert s.each_rate_holds([24, 25, 23], 48, 0.5) is None
    assert s.each_rate_holds([24, 48, 0], 48, 0.5) == 1


def test_weighted_sums_stay_in_their_bound() -> None:
    """Hoeffding's bound at alpha = 0.05 is broken in at most a twentieth of 2,000 draws (the bound is loose)."""
    dice = random.Random(3)
    weights = [0.5 + dice.random() for _ in range(50)]
    bound = s.weighted_sum_bound(sum(a * a for a in weights), 0.05)
    broken = sum(abs(sum(a * ((dice.random() < 0.3) - 0.3) for a in weights)) > bound for _ in range(2000))
    assert broken <= 100


def test_normal_bounds_stay() -> None:
    """Sums, squares and distribution functions of normal draws stay in their bounds at alpha = 0.05."""
    dice = random.Random(4)
    outside = {"sum": 0, "square": 0, "dkw": 0}
    low, high = s.chi_square_interval(40, 0.05)
    for _ in range(1000):
        z = sorted(dice.gauss(0, 1) for _ in range(40))
        outside["sum"] += abs(sum(z)) > s.normal_sum_bound(40, 0.05)
        outside["square"] += not low <= sum(each * each for each in z) <= high
        outside["dkw"] += s.distance_to([s.normal_cdf(each) for each in z]) > s.dkw_bound(40, 0.05)
    assert max(outside.values()) <= 50
    assert s.distance_to([s.normal_cdf(each + 3) for each in z]) > s.dkw_bound(40, 0.05)


def test_never_alike() -> None:
    """The likeliest count of 48 fair coins has probability C(48, 24)/2^48; thirteen calls alike are below 1e-11."""
    assert s.most_likely_count(48, 0.5) == pytest.approx(math.comb(48, 24) / 2**48)
    calls = s.calls_never_alike(48, 0.5)
    assert s.most_likely_count(48, 0.5) ** (calls - 1) <= s.ALPHA
    with pytest.raises(ValueError, match="certain"):
        s.calls_never_alike(48, 1.0)


def test_tail_rate_is_exact() -> None:
    """P(|K - 2| > 1) for four fair coins is P(0) + P(4) = 1/8."""
    assert s.tail_rate(4, 0.5, 1.0) == pytest.approx(1 / 8)


def test_no_coin_is_no_evidence() -> None:
    """Nothing was drawn: every rate holds, every interval is whole, and no bound is passed."""
    assert s.rate_holds(0, 0, 0.3)
    assert s.rate_interval(0, 0.3) == (0.0, 1.0)
    assert s.each_rate_holds([], 10, 0.3) is None
    assert s.dkw_bound(0) == math.inf
    assert s.distance_to([]) == 0.0
    assert s.chi_square_interval(0)[0] == 0.0
    assert s.weighted_sum_bound(0.0) == 0.0


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_a_certain_coin_holds_exactly(rate: float) -> None:
    """A rate of 0 or 1 explains its own count and no other, however few the coins."""
    sure = int(rate) * 7
    assert s.rate_holds(sure, 7, rate)
    assert not s.rate_holds(abs(sure - 1), 7, rate)
    low, high = s.rate_interval(7, rate)
    assert low == pytest.approx(rate)
    assert high == pytest.approx(rate)
    assert s.most_likely_count(7, rate) == 1.0

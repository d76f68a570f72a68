"""What the suites of the dropout family share."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from interview.grading import coins
from interview.grading.suite import Wrong, refuses


@given(st.integers(2, 300), st.integers(1, 60))
def test_pairs_are_disjoint(n: int, lag: int) -> None:
    """Within a class no coin stands in two pairs, and the classes together hold every pair."""
    classes = [each.nonzero().flatten().tolist() for each in coins.pair_classes(n, lag)]
    for starts in classes:
        members = [each for i in starts for each in (i, i + lag)]
        assert len(members) == len(set(members))
    assert sorted(i for starts in classes for i in starts) == list(range(max(0, n - lag)))


@given(st.integers(2, 200), st.integers(1, 60), st.randoms())
def test_differing_pairs_are_counted(n: int, lag: int, random: object) -> None:
    flat = torch.rand(n) < 0.5
    counts = [0, 0], [0, 0]
    for i in range(n - lag):
        counts[(i // lag) % 2][1] += 1
        counts[(i // lag) % 2][0] += int(flat[i] != flat[i + lag])
    assert coins.differing_pairs(flat, lag) == [(differ, pairs) for differ, pairs in counts if pairs]


def drawn(*shape: int, p: float = 0.4) -> torch.Tensor:
    return torch.rand(shape) >= p


def neighbours_copied(mask: torch.Tensor) -> torch.Tensor:
    flat = mask.flatten().clone()
    copied = torch.rand(flat.numel() - 1) < 0.1
    flat[1:][copied] = flat[:-1][copied]
    return flat.reshape(mask.shape)


FAULTS = {
    "rows alike": lambda mask: mask[:1].expand_as(mask),
    "columns alike": lambda mask: mask[:, :1].expand_as(mask),
    "one in ten copies its neighbour": neighbours_copied,
    "two halves alike": lambda mask: mask[:100].repeat(2, 1),
    "mirrored": lambda mask: torch.cat([mask[:100], mask[:100].flip(0, 1)]),
}


def test_independent_coins_are_accepted() -> None:
    torch.manual_seed(0)
    for _ in range(20):
        coins.expect_independent(drawn(200, 200), 0.4)
        coins.expect_no_repeats(drawn(40_000), 0.4)


@pytest.mark.parametrize("fault", FAULTS)
def test_dependent_coins_are_caught(fault: str) -> None:
    torch.manual_seed(0)
    for _ in range(5):
        with pytest.raises(Wrong):
            coins.expect_independent(FAULTS[fault](drawn(200, 200)), 0.4)


def test_a_tiled_mask_is_caught() -> None:
    torch.manual_seed(0)
    with pytest.raises(Wrong, match="apart"):
        coins.expect_no_repeats(drawn(500).repeat(80), 0.4)


def test_signed_has_both_signs_and_no_zero() -> None:
    x = coins.signed(100, 100, dtype=torch.float16)
    assert x.dtype is torch.float16
    assert 0.5 <= float(x.abs().min()) <= float(x.abs().max()) <= 2
    assert 0.4 < float((x > 0).float().mean()) < 0.6


def test_refuses_knows_a_refusal_from_a_fault() -> None:
    def call(kind: type[Exception] | None) -> None:
        if kind is not None:
            raise kind

    assert refuses(call, ValueError)
    assert refuses(call, AssertionError)
    assert not refuses(call, None)
    with pytest.raises(TypeError):
        refuses(call, TypeError)

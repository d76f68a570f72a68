"""What the suites of the dropout family share."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from interview.grading.checks import masks
from interview.grading.checks.expect import Wrong, refuses


@given(st.integers(2, 200), st.integers(1, 60), st.randoms())
def test_differing_pairs_are_counted(n: int, lag: int, random: object) -> None:
    """Every pair is in one class, and within a class no coin stands in two."""
    flat = torch.rand(n) < 0.5
    counts, members = ([0, 0], [0, 0]), ([], [])  # type: ignore[var-annotated]
    for i in range(n - lag):
        kind = (i // lag) % 2
        counts[kind][1] += 1
        counts[kind][0] += int(flat[i] != flat[i + lag])
        members[kind].extend((i, i + lag))
    assert all(len(each) == len(set(each)) for each in members)
    assert masks.differing_pairs(flat, lag) == [(differ, pairs) for differ, pairs in counts if pairs]


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
        masks.expect_independent(drawn(200, 200), 0.4)
        masks.expect_no_repeats(drawn(40_000), 0.4)


@pytest.mark.parametrize("fault", FAULTS)
def test_dependent_coins_are_caught(fault: str) -> None:
    torch.manual_seed(0)
    for _ in range(5):
        with pytest.raises(Wrong):
            masks.expect_independent(FAULTS[fault](drawn(200, 200)), 0.4)


def test_a_tiled_mask_is_caught() -> None:
    torch.manual_seed(0)
    with pytest.raises(Wrong, match="apart"):
        masks.expect_no_repeats(drawn(500).repeat(80), 0.4)


def test_signed_has_both_signs_and_no_zero() -> None:
    x = masks.signed(100, 100, dtype=torch.float16)
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


def test_an_honest_mask_passes_each() -> None:
    torch.manual_seed(0)
    masks.expect_even_rates(drawn(100, 200), 0.4)
    masks.expect_calls_independent([drawn(40, 50) for _ in range(4)], 0.4)
    masks.expect_new_masks(drawn(200, 60, p=0.5))
    masks.expect_binomial(drawn(250, 48, p=0.5).sum(1).tolist(), 48, 0.5)


def test_rates_that_follow_the_position_are_caught() -> None:
    torch.manual_seed(0)
    mask = torch.cat([drawn(100, 200, p=0.3), drawn(100, 200, p=0.5)])
    with pytest.raises(Wrong, match="position"):
        masks.expect_even_rates(mask, 0.4)


def test_masks_of_a_supply_are_caught() -> None:
    torch.manual_seed(0)
    with pytest.raises(Wrong, match="different masks"):
        masks.expect_new_masks(drawn(50, 60, p=0.5).repeat(4, 1))
    with pytest.raises(Wrong, match="not independent"):
        masks.expect_new_masks(drawn(200, 60, p=0.2))
    mask = drawn(40, 50)
    with pytest.raises(Wrong, match="two calls"):
        masks.expect_calls_independent([mask, drawn(40, 50), mask], 0.4)


@pytest.mark.parametrize("places", [1, 7, 30, 700, 1900])
def test_masks_moved_by_a_generator_put_back_are_caught(places: int) -> None:
    """Each call draws n coins and leaves the generator a few further on: the next one's coins are its own, moved."""
    torch.manual_seed(0)
    stream = drawn(2 * places + 2000, p=0.3)
    with pytest.raises(Wrong, match="put back"):
        masks.expect_calls_independent([stream[places * n :][:2000].reshape(40, 50) for n in range(3)], 0.3)
    if places > 30:
        return  # further than a small mask reaches
    stream = drawn(200 * places + 60, p=0.5)
    with pytest.raises(Wrong, match="put back"):
        masks.expect_new_masks(torch.stack([stream[places * n : places * n + 60] for n in range(200)]))


def test_counts_that_vary_too_little_are_caught() -> None:
    with pytest.raises(Wrong, match="vary"):
        masks.expect_binomial([23, 24, 25] * 80, 48, 0.5)

"""What the suites of the dropout family share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from interview.grading.checks import masks
from interview.grading.checks.expect import Words, Wrong, refuses


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


class Shown:
    """As much of a Solution as the checks of a mask look at: the call shown, and seeds."""

    call = ""

    @contextmanager
    def seeded(self, seed: int, other: int) -> Iterator[None]:
        torch.manual_seed(seed)
        yield


def dropping(mask: Callable[[torch.Tensor, float], torch.Tensor], shown: Shown | None = None) -> masks.Forward:
    """A dropout without its scale, with that mask, that says what was called."""

    def forward(x: torch.Tensor, p: float) -> torch.Tensor:
        if shown is not None:
            shown.call = f"dropout({x.dtype}, {p})"
        return torch.where(mask(x, p), x, 0)

    return forward


def honest(x: torch.Tensor, p: float) -> torch.Tensor:
    return torch.rand(x.shape) >= p


def half(x: torch.Tensor, p: float) -> torch.Tensor:
    steps = {torch.bfloat16: 256, torch.float16: 2048}.get(x.dtype, 2**24)
    return (torch.rand(x.shape) * steps).floor() / steps >= p


def by_rows(x: torch.Tensor, p: float) -> torch.Tensor:
    return (torch.rand(x.shape[:1], dtype=x.dtype) >= p).reshape(-1, *[1] * (x.dim() - 1)).expand_as(x)


def by_value(x: torch.Tensor, p: float) -> torch.Tensor:
    return (x * 7919).remainder(1) >= p


def anything(x: torch.Tensor, y: torch.Tensor, p: float) -> None:
    pass


def test_an_honest_mask_passes_each() -> None:
    torch.manual_seed(0)
    shown = Shown()
    forward = dropping(honest, shown)
    assert masks.extreme_off(shown, forward, anything) is None
    masks.expect_own_coins(forward)
    masks.expect_even_rates(drawn(100, 200), 0.4)
    masks.expect_rate(6000, 20_000, 0.3)
    masks.expect_calls_independent([drawn(40, 50) for _ in range(4)], 0.4)
    masks.expect_new_masks(drawn(200, 60, p=0.5))
    masks.expect_binomial(drawn(250, 48, p=0.5).sum(1).tolist(), 48, 0.5)
    x = masks.signed(100, 120)
    assert masks.expect_blind(lambda: masks.stray_groups(x, forward(x, 0.3) != 0, 0.3), 0.3) is None


@pytest.mark.parametrize(
    "mask", [lambda x, p: honest(x, 1 - p), lambda x, p: honest(x, round(p, 2))], ids=["1-p", "rounded"]
)
def test_an_extreme_rate_is_told_at_its_call(mask: Callable[[torch.Tensor, float], torch.Tensor]) -> None:
    torch.manual_seed(0)
    shown = Shown()
    off = masks.extreme_off(shown, dropping(mask, shown), anything)
    assert off is not None
    assert (off.p, off.n) == (masks.TINY, 160 * 180)
    assert shown.call == f"dropout(torch.float32, {masks.TINY})"
    assert str(off.zeros) in off.wrong().en
    assert str(off.zeros) in off.wrong().zh


def test_coins_drawn_in_half_precision_are_left_open() -> None:
    torch.manual_seed(0)
    shown = Shown()
    assert masks.extreme_off(shown, dropping(half, shown), anything) is None


@pytest.mark.parametrize("mask", [by_rows, by_value])
def test_shared_coins_are_caught(mask: Callable[[torch.Tensor, float], torch.Tensor]) -> None:
    torch.manual_seed(0)
    with pytest.raises(Wrong):
        masks.expect_own_coins(dropping(mask))


def test_a_mask_that_looks_at_the_data_is_named() -> None:
    torch.manual_seed(0)
    x = masks.signed(100, 120)

    def measure() -> dict[str, float]:
        return masks.stray_groups(x, torch.rand(x.shape) >= torch.where(x > 0, 0.4, 0.2), 0.3)

    looks = masks.expect_blind(measure, 0.3)
    assert looks is not None
    assert looks["group"] == Words("positive", "x > 0")
    assert looks["share"] == pytest.approx(0.4, abs=0.03)
    calls = iter([{"small": 0.4}, {}])
    with pytest.raises(Wrong, match="small"):
        masks.expect_blind(lambda: next(calls), 0.3)


def test_rates_that_follow_the_position_are_caught() -> None:
    torch.manual_seed(0)
    mask = torch.cat([drawn(100, 200, p=0.3), drawn(100, 200, p=0.5)])
    with pytest.raises(Wrong, match="position"):
        masks.expect_even_rates(mask, 0.4)
    with pytest.raises(Wrong, match="share"):
        masks.expect_rate(7000, 20_000, 0.3)


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


def test_memory_is_told_from_another_source() -> None:
    x, other = masks.signed(30, 40), torch.Generator().manual_seed(1)
    masks.expect_no_memory(Shown(), dropping(lambda x, p: torch.rand(x.shape, generator=other) >= p), x)
    with pytest.raises(Wrong, match="calls before"):
        masks.expect_no_memory(Shown(), dropping(honest), x)

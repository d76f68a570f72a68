"""The rates, how often something is dropped: by p, and with p next to 0 and to 1."""

from __future__ import annotations

import torch

from interview.grading.checks.callers import beside
from interview.grading.checks.check import check
from interview.grading.checks.dropout_family.base import ALL_ZEROS, Base, Scale
from interview.grading.checks.expect import Mistake, Words, Wrong, expect_equal
from interview.grading.checks.masks import (
    NEAR_ONE,
    NEXT_TO_NOTHING,
    TINY,
    expect_even_rates,
    expect_no_repeats,
    rate_found,
)  # fmt: skip
from interview.grading.checks.solution import Solution
from interview.grading.checks.statistics import normal_cdf, rate_holds
from interview.grading.checks.units import ELEMENT

__all__ = ["Rates"]


STEPS = (1 / 256, 0.01)  # that coins come in where they are bytes or hundredths


class Rates(Base):
    """The checks of this module."""

    @check
    def rate(self, solution: Solution) -> None:
        """The share of what is dropped is p. Chernoff's bound: with 40,000 coins a rate off by 0.02 at p = 0.1 is
        missed with probability below 1e-6, with 12,000 one off by 0.05; where a third of them are looked at first, at
        p = 0.1 and 0.8, below 1e-5.

        The same in each half of the rows and in every second row and column. At p = 0.5 a coarse test will do: own_coin
        looks closer at p = 0.4. A large input is scaled like a small one, and its mask is no small one repeated.
        """
        side = self.side
        sizes = {0.3: (side, side), 0.1: (side - 10, side), 0.8: (side, side), 0.5: (40, 60)}
        masks: dict[float, torch.Tensor] = {}
        calls: dict[float, str] = {}
        large: list[tuple[torch.Tensor, torch.Tensor]] = []
        few = {p: rows // 3 if p in (0.1, 0.8) else rows for p, (rows, _) in sizes.items()}
        for p, drawn, call in self.glances(solution, [(p, few[p], *size) for p, size in sizes.items()]):
            masks[p], calls[p] = self.laid(drawn, sizes[p][1]), call
            large = large or drawn
        counts = {p: (mask.numel() - int(mask.sum()), mask.numel()) for p, mask in masks.items()}
        off = [p for p, (zeros, n) in counts.items() if not rate_holds(zeros, n, p)]
        solution.call = calls[0.3]
        self.expect_unshared(self.laid(large[:1], side), 0.3)  # a rate says nothing of coins that are shared
        if off:
            self.expect_no_call_alike(solution)
            self.name_the_rate(counts)
            solution.call = calls[off[0]]
            self.expect_rate(*counts[off[0]], off[0])
        for p, mask in masks.items():
            solution.call = calls[p]
            expect_even_rates(mask, p)
        solution.call = calls[0.3]
        expect_no_repeats(masks[0.3].flatten(), 0.3, **self.noun())
        self.expect_scaled_alike(solution, large)

    def name_the_rate(self, counts: dict[float, tuple[int, int]]) -> None:
        """The known wrong rates, each only if it explains every p."""

        def explained(rate: Scale) -> bool:
            return all(rate_holds(zeros, n, rate(p)) for p, (zeros, n) in counts.items())

        zeros, n = counts[0.3]
        if explained(lambda p: 1 - p):
            raise Mistake("keeps_with_p", p=0.3, share=zeros / n, **rate_found(zeros, n, 0.3))
        if explained(normal_cdf):
            raise Mistake("normal_draws", p=0.3, share=zeros / n, **rate_found(zeros, n, 0.3))

    def expect_rate(self, zeros: int, n: int, p: float) -> None:
        """Of n units about n·p are dropped."""
        if not rate_holds(zeros, n, p):
            many, share = self.unit.many, f"{zeros / n:.4f}"
            en, zh = (
                f"the share of dropped {many.en} is {share}, not {p}",
                f"被丢弃的{many.zh}比例是 {share}，而不是 {p}",
            )
            raise Wrong(en, zh, **rate_found(zeros, n, p))

    def expect_scaled_alike(self, solution: Solution, large: list[tuple[torch.Tensor, torch.Tensor]]) -> None:
        """Where a small input is scaled as it should be, a large one is too."""
        off = next(((x, y) for x, y in large if not self.right(y, x, 0.3)), None)
        if off is None:
            return
        with beside(solution):
            x = self.lay(20, 20)
            small = self.right(self.forward(solution, x, 0.3), x, 0.3)
        if small:  # else survivors tells
            x, y = off
            expect_equal(y, self.want(y != 0, x, 0.3), rtol=self.exact)

    @check
    def extreme_p(self, solution: Solution) -> None:
        """p next to 0 and to 1 counts, and is scaled.

        Inputs are float32, for coins drawn in half precision have too few bits. At p = 0.00096 none of 28,800 dropped,
        at 0.9981 none of 14,400 kept has probability 2e-12 for a right answer, and so at 0.004 and 0.996 of 7,000. A
        third of these is looked at first: about nine are dropped, or kept. At 2e-7 it is half: one dropped is too many.
        """
        extremes = [(TINY, (160, 180), 53), (NEAR_ONE, (120, 120), 40), (NEXT_TO_NOTHING, (222, 222), 111)]
        if self.unit is not ELEMENT:
            extremes = [(0.004, (70, 100), 23), (0.996, (70, 100), 23)] if self.frugal else extremes[:2]
        for p, (rows, columns), few in extremes:
            drawn = self.glance(solution, p, few, rows, columns)
            mask = self.laid(drawn, columns)
            zeros, n = mask.numel() - int(mask.sum()), mask.numel()
            if p > 0.5:
                for x, y in drawn:
                    expect_equal(y, self.want(y != 0, x, p), rtol=self.exact)
            if rate_holds(zeros, n, p):
                continue
            with beside(solution):
                again = self.sheet(solution, p, rows, columns)
                step = [each for each in STEPS if all(rate_holds(int((~one).sum()), n, each) for one in (mask, again))]
                once_more = bool(step) or bool(again.all()) if p < 0.5 else not again.any()
                usual = once_more and self.fair_elsewhere(solution)
            if p < 0.5 and zeros == 0 and usual:
                raise Mistake("tiny_p_lost", p=p, n=n, **rate_found(zeros, n, p))
            if p < 0.5 and step and usual:
                raise Mistake("rounds_p", p=p, share=zeros / n, **rate_found(zeros, n, p))
            if p > 0.5 and zeros == n and usual:
                kept = f"{n * (1 - p):.0f}"
                expected = Words(f"about {kept} kept", f"约保留 {kept} 个")
                raise Mistake("near_one_is_one", p=p, n=n, got=ALL_ZEROS, expected=expected)
            many = self.unit.many
            en, zh = (
                f"at p = {p:g} {zeros} of {n} {many.en} are dropped",
                f"p = {p:g} 时 {n} 个{many.zh}中丢弃了 {zeros} 个",
            )
            raise Wrong(en, zh, **rate_found(zeros, n, p))

    def fair_elsewhere(self, solution: Solution) -> bool:
        """At p = 0.4 each unit has its coin, and the rate holds, in each of eight calls: shared coins are few."""
        masks = [self.sheet(solution, 0.4, 100, 100 if self.unit.axes is None else 40) for _ in range(8)]
        right = all(self.fair(each, 0.4) and rate_holds(int(each.sum()), each.numel(), 0.6) for each in masks)
        if right and self.unit.axes is None:
            try:
                expect_no_repeats(torch.cat(masks[:2]).flatten(), 0.4)
            except Wrong:
                return False
        return right

"""Whose coin it is: one for each unit, and no fixed number of them."""

from __future__ import annotations

import torch

from interview.grading.checks.check import check
from interview.grading.checks.dropout_family.base import GLANCE, Base
from interview.grading.checks.expect import Mistake, Words, expect, suppose
from interview.grading.checks.masks import expect_binomial, expect_independent, expect_lags
from interview.grading.checks.solution import Solution
from interview.grading.checks.statistics import calls_never_alike, rate_holds
from interview.grading.checks.units import ELEMENT

__all__ = ["Coins"]

P = 0.4
FEW_CALLS = 40  # that are looked at first
RANKS = ((6, 7, 8, 9), (12, 13, 15), (4, 3, 5, 4, 3), (600,))


class Coins(Base):
    """The checks of this module."""

    @check
    def own_coin(self, solution: Solution) -> None:
        """Every unit has its own coin: no axis shares a mask, and lags do not repeat one.

        All rows (or columns) of a sheet alike has probability below 2^-1000. The lags compare disjoint pairs, which are
        independent: they differ at rate 2p(1-p). Where one coin in ten copies its neighbour the pairs differ at 0.432
        instead of 0.48: with 40,000 coins missed with probability below 1e-9. Elements have their own in one, three,
        four and five axes, and in an x of equal values, as well.
        """
        self.expect_no_call_alike(solution)
        mask = self.sheet(solution, P, *((60, 50) if self.unit.flat else (self.side, self.side)))  # flat: of one call
        kept, n = int(mask.sum()), mask.numel()
        suppose(
            0 < kept < n, "there are no coins to compare: all is kept, or all dropped", "全部保留或全部丢弃，无从比较",
            got=Words(f"{kept} of {n} kept", f"{n} 个中保留了 {kept} 个"), expected=f"≈ {1 - P:.0%}",
        )  # fmt: skip
        self.expect_unshared(mask, P)
        expect_independent(mask, self.rate_of(mask, P), **self.noun())
        self.suppose_rate(mask, P)
        if self.unit is ELEMENT:
            self.expect_at_every_rank(solution)
            self.expect_for_equal_values(solution)
        elif not self.unit.flat:
            wide = self.sheet(solution, P, 24, 280)
            self.expect_unshared(wide, P)
            expect_lags(wide.flatten(), P, (16, 32, 64, 128, 256), **self.noun())

    def expect_at_every_rank(self, solution: Solution) -> None:
        """Along no axis are all slices alike: below 1e-130 for a right answer."""
        calls = [(self.draw(*shape), P, True) for shape in RANKS]
        for (x, _, _), y in zip(calls, self.forwards(solution, calls), strict=True):
            cube, rank = y != 0, x.dim()
            shared = [axis for axis in range(rank) if bool((cube == cube.narrow(axis, 0, 1)).all())]
            if shared == [2, 3]:
                raise Mistake("whole_maps", rank=rank)
            if shared:
                raise Mistake("shared_at_some_rank", rank=rank, axis=shared[0])
            if rank in (3, 4):
                expect_independent(cube.flatten(0, -3).flatten(1), P)

    def expect_for_equal_values(self, solution: Solution) -> None:
        """1600 ones have coins of their own."""
        ones = int((self.forward(solution, torch.ones(40, 40), P) != 0).sum())
        got = Words(f"{ones} of 1600 ones kept", f"1600 个 1 中保留了 {ones} 个")
        expect(
            rate_holds(ones, 1600, 1 - P),
            "of equal values another share is kept",
            "取值都相等时，保留的比例不对",
            got=got,
            expected="≈ 960",
        )

    @check
    def count_varies(self, solution: Solution) -> None:
        """The number of drops is binomial, not fixed, in a call and in a row, and may be none or all.

        Small calls all have the same count with probability below ALPHA; over 250 rows of 48, how often a count strays
        from its mean by more than 2.5 has an exactly known rate. Of two units at p = 0.5 both are dropped in a quarter
        of the calls, and neither in another: in none of 100 with probability 0.75^100 < 4e-13 (see expect_all_or_none).
        So one that always stays shows, and so does a redraw.
        """
        p, n = 0.5, 48
        sheet = self.sheet(solution, p, 250, n)
        rows, call = sheet.sum(1).tolist(), solution.call
        if len(set(rows)) == 1 and bool((sheet != sheet[:1]).any()):
            raise Mistake("exact_rows", kept=rows[0], n=n, rows=250)
        calls = calls_never_alike(n, p)
        masks = self.many(solution, self.lay(6, 8), p, calls)
        counts = masks.sum(1).tolist()
        if len(set(counts)) == 1:
            kept = counts[0]
            many = self.unit.many
            suppose(
                0 < kept < n, f"{kept} of {n} {many.en} are kept in each of {calls} calls",
                f"连续 {calls} 次调用都保留了 {n} 个{many.zh}中的 {kept} 个",
            )  # fmt: skip
            suppose(bool((masks != masks[0]).any()), "each call has the same mask", "每次调用的掩码都相同")
            raise Mistake("exact_count", kept=kept, n=n, calls=calls)
        self.suppose_rate(sheet, p)
        self.expect_all_or_none(solution)
        if self.unit.axes is not None:
            self.expect_alone(solution)
        solution.call = call
        expect_binomial(rows, n, p)

    def expect_all_or_none(self, solution: Solution) -> None:
        """Of two units both are dropped, and neither, as often as they should be.

        A share of either in 100 calls is turned away with probability below 5e-13 for a right answer, and these are
        made where one of FEW_CALLS strays. A share that is 0 always strays there; one that the 100 find with a
        probability of one half strays with 0.98.
        """
        p, tries = 0.5, 100
        two = self.two_units(solution, p, tries)
        if two is None:
            return
        share = p * p
        both = int((two == 0).sum())
        if not both and not rate_holds(0, tries, share) and bool((two == 2).any()):
            self.suppose_usual(solution, p)  # else what looks kept may be no survivor
            got = Words("never all of them dropped", "从未全部丢弃")
            expected = Words(f"about {tries * share:.0f} of {tries}", f"{tries} 次中约 {tries * share:.0f} 次")
            raise Mistake("keeps_at_least_one", n=2, p=p, calls=tries, share=share, got=got, expected=expected)
        many = self.unit.many
        for en, zh, times, rate in (
            ("both of 2 {many} are", "都被丢弃", both, share),
            ("neither of 2 {many} is", "都保留", int((two == 2).sum()), (1 - p) ** 2),
        ):
            expect(
                rate_holds(times, tries, rate),
                f"{en.format(many=many.en)} dropped in {times} of {tries} calls",
                f"{tries} 次调用中，2 个{many.zh}{zh}的有 {times} 次",
                got=f"{times / tries:.3f}", expected=f"{rate:.3f}",
            )  # fmt: skip

    def two_units(self, solution: Solution, p: float, tries: int) -> torch.Tensor | None:
        """How many of two units are kept in each of so many calls; None where fewer are as they may be."""

        def kept(times: int) -> torch.Tensor:
            return self.many(solution, self.lay(1, 2), p, times).sum(1)

        few = kept(FEW_CALLS)
        shares = ((0, p * p), (2, (1 - p) ** 2))
        if all(rate_holds(int((few == count).sum()), FEW_CALLS, share, GLANCE) for count, share in shares):
            return None
        return kept(tries)

    def expect_alone(self, solution: Solution) -> None:
        """One unit alone is dropped at rate p, here that of count_varies, which holds for many.

        Of 300 calls, made where the share of 100 strays: a rate of p², as after a redraw, is let through by these with
        probability below 0.01, by the 300 with 0.05.
        """
        p = 0.5

        def lost(times: int) -> int:
            return int((~self.many(solution, self.lay(1, 1), p, times)).sum())

        if rate_holds(lost(100), 100, p, GLANCE):
            return
        found, many = lost(300), self.unit.many
        en, zh = (
            f"alone in x, {found} of 300 {many.en} are dropped",
            f"x 中只有一个{many.zh}时，300 次中丢弃了 {found} 次",
        )
        expect(rate_holds(found, 300, p), en, zh, got=f"{found / 300:.3f}", expected=f"{p}")

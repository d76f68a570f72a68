"""The values that come out: whole units, their scale, and nothing that depends on the values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from interview.grading.checks.check import check
from interview.grading.checks.dropout_family.base import ALL_ZEROS, Base
from interview.grading.checks.expect import Mask, Mistake, Words, Wrong, expect, expect_equal
from interview.grading.checks.masks import same
from interview.grading.checks.solution import Solution
from interview.grading.checks.statistics import rate_holds, weighted_sum_bound

__all__ = ["Values"]

SETTINGS = (0.3, 0.8, 0.1, 0.97)
TELLING = (0.3, 0.8)  # a wrong scale is named if it explains both
GROUPS = {"small": "|x| < 1.25", "large": "|x| >= 1.25", "positive": "x > 0", "negative": "x < 0"}
Seen = dict[float, tuple[torch.Tensor, torch.Tensor]]  # x and y, by p


class Values(Base):
    """The checks of this module."""

    @check
    def whole(
        self,
        solution: Solution,
        shapes: Sequence[tuple[float, tuple[int, ...]]],
        patterns: Mapping[tuple[int, ...], str],
    ) -> None:
        """A unit is zero everywhere or nowhere. What shares a coin instead is told by its own pattern: `patterns` names
        the mistake of a mask that depends on these axes only, {(0, 3): "channels_last_axis"}. `shapes`: p, shape of x.
        """
        calls = [(self.draw(*shape), p, True) for p, shape in shapes]
        for (_, p, _), y in zip(calls, self.forwards(solution, calls), strict=True):
            alive = y != 0
            if self.unit.whole(alive):
                continue
            picture = Mask.of((alive[0] if alive.dim() > 3 else alive).flatten(1), p)
            for axes, name in patterns.items():
                if max(axes) < alive.dim() and depends_only_on(alive, axes):
                    raise Mistake(name, p=p, axis=axes[-1], picture=picture)
            others = tuple(range(1, alive.dim()))
            if rate_holds(int(alive.sum()), alive.numel(), 1 - p) and not depends_only_on(alive, others):
                raise Mistake("element_wise", p=p, picture=picture)
            many = self.unit.many
            raise Wrong(
                f"{many.en} are neither dropped nor kept whole", f"有的{many.zh}既没有整个丢弃，也没有整个保留",
                got=Words("zeros in some of their elements", "只有部分元素为零"), picture=picture,
            )  # fmt: skip

    @check
    def survivors(self, solution: Solution) -> None:
        """Each element is exactly 0, or x scaled as it should be.

        2,009 units, so that no count of survivors makes a wrong scale right; at p = 0.97 none survives with probability
        below 1e-26. A wrong scale is named if it explains every survivor at p = 0.3 and at p = 0.8.
        """
        seen: Seen = {}
        calls: dict[float, str] = {}
        tried = [(self.lay(41, 49), p, True) for p in SETTINGS]
        for (x, p, _), y in zip(tried, self.forwards(solution, tried), strict=True):
            seen[p], calls[p] = (x, y), solution.call
        off = [p for p, (x, y) in seen.items() if not (y != 0).any() or not self.right(y, x, p)]
        if not off:
            return
        if set(TELLING) <= set(off):
            solution.call = calls[0.3]
            self.name_the_scale(seen)
        if off == [0.97]:
            solution.call = calls[0.97]
            x, y = seen[0.97]
            ratio = float((y / x)[y != 0].median()) if (y != 0).any() else 0.0
            if 0 < ratio < self.scale(0.97) and same(y, x * ratio, self.exact)[y != 0].all():
                raise Mistake(
                    "scale_capped",
                    p=0.97,
                    ratio=ratio,
                    got=f"y/x = {ratio:.4g}",
                    expected=f"y/x = {self.scale(0.97):.4g}",
                )
        if any(not (seen[p][1] != 0).any() for p in off):  # of coins that are shared there are few
            self.expect_no_call_alike(solution)
            solution.call = calls[0.3]
            self.expect_unshared(self.coins(seen[0.3][1]).reshape(41, 49), 0.3)
        for p in off:
            solution.call = calls[p]
            x, y = seen[p]
            expect(
                (y != 0).any(),
                f"nothing survives at p = {p}",
                f"p = {p} 时没有任何{self.unit.many.zh}保留",
                got=ALL_ZEROS,
            )
            expect_equal(torch.where(y != 0, y, 0), self.want(y != 0, x, p), rtol=self.exact)

    def name_the_scale(self, seen: Seen) -> None:
        """The known wrong scales."""
        both = [(p, *seen[p]) for p in TELLING]
        if any(bool((y != 0).all()) or not bool((y != 0).any()) for _, _, y in both):
            return  # nothing is dropped, or everything: no matter of scale
        x, y = seen[0.3]
        alive = y != 0
        mean, ratio = float(y.abs().mean() / x.abs().mean()), float((y / x)[alive].median())
        said: dict[str, Any] = {"p": 0.3, "got": f"y/x = {ratio:.4g}", "expected": f"y/x = {self.scale(0.3):.4g}"}
        for each in self.wrong_scales:
            if not all(same(y, x * each.scale(p), self.exact)[y != 0].all() for p, x, y in both):
                continue
            if each.id == "scale_one_over_p" and all(self.kept_with(p, y) for p, _, y in both):
                raise Mistake("p_is_keep", kept=float(self.coins(seen[0.3][1]).float().mean()), **said)
            raise Mistake(each.id, ratio=each.scale(0.3), mean=mean, **said)
        whole = [same(y, x * (y.numel() / (y != 0).sum()), self.exact)[y != 0].all() for _, x, y in both]
        if all(whole) or self.per_row(both):
            raise Mistake("renormalised", ratio=ratio, **said)
        if all(same(y, torch.full_like(y, self.scale(p)))[y != 0].all() or (y[y != 0] == 1).all() for p, _, y in both):
            values = sorted(set(y.flatten().tolist()))
            got, expected = Words(f"values {values}", f"取值 {values}"), Words("x times these", "x 乘以这些值")
            raise Mistake("returns_the_mask", got=got, expected=expected)

    def kept_with(self, p: float, y: torch.Tensor) -> bool:
        """May as many coins of y be kept as should be dropped?"""
        coins = self.coins(y)
        return rate_holds(int(coins.sum()), coins.numel(), p)

    def per_row(self, both: Sequence[tuple[float, torch.Tensor, torch.Tensor]]) -> bool:
        """Is what is kept of each row scaled by their number over the number kept?"""
        if self.unit.flat:
            return False
        for _, x, y in both:
            alive = (y != 0).flatten(2) if y.dim() > 2 else y != 0
            kept = alive.float().flatten(1).mean(1).clamp(min=1e-6).reshape(-1, *[1] * (y.dim() - 1))
            if not same(y, x / kept, self.exact)[y != 0].all():
                return False
        return True

    @check
    def expectation(self, solution: Solution) -> None:
        """The mean of y is that of x in eval, also among the large, the small, the positive and the negative values.

        Σ aᵢ(mᵢ − q) over independent coins is bounded by Hoeffding with aᵢ the scaled xᵢ; the groups catch a mask that
        looks at the data: the rate is right over all, and off in the same group, the same way, in both of two calls.
        """
        for p, apart in ((0.3, False), (0.7, True)):
            strays = self.strays(solution, p, apart=apart)
            if not strays:
                continue
            with_call = solution.call
            again = self.strays(solution, p, apart=apart)
            solution.call = with_call
            for name, share in strays.items():
                if (share - p) * (again.get(name, p) - p) > 0:
                    got = Words(f"{share:.3f} of the {name} ones dropped", f"{GROUPS[name]} 的丢弃了 {share:.3f}")
                    group = Words(name, GROUPS[name])
                    raise Mistake("looks_at_the_data", group=group, p=p, share=share, got=got, expected=f"{p}")
            name, share = next(iter(strays.items()))
            en, zh = f"{share:.1%} of the {name} values were dropped", f"{GROUPS[name]} 的值被丢弃了 {share:.1%}"
            raise Wrong(en, zh, got=f"{share:.3f}", expected=f"{p}")

    def strays(self, solution: Solution, p: float, *, apart: bool) -> dict[str, float]:
        """The groups of values that are dropped at another rate than p, when the rate over all, or over the others, is
        p. `apart`: they differ by a factor of 200.
        """
        x = self.lay(100, 120 if self.unit.axes is None else 30)
        if apart or self.unit.axes is not None:  # all of a unit belong to one group
            like = self.unit.coins(x)
            size = torch.where(torch.rand(like.shape) < 0.5, 20.0, 0.1) * torch.where(
                torch.rand(like.shape) < 0.5, 1.0, -1.0
            )
            x = x.abs() * self.unit.over(size, x)
        y = self.forward(solution, x, p)
        first, kept = self.unit.coins(x), self.coins(y)
        n = kept.numel()
        groups = {
            "small": first.abs() < 1.25,
            "large": first.abs() >= 1.25,
            "positive": first > 0,
            "negative": first < 0,
        }

        def holds(group: torch.Tensor) -> bool:
            return rate_holds(int((kept & group).sum()), int(group.sum()), 1 - p)

        every = rate_holds(int(kept.sum()), n, 1 - p)
        strays = {
            name: float((~kept)[group].float().mean())
            for name, group in groups.items()
            if not holds(group) and (every or holds(~group))
        }
        if not strays and every:
            self.expect_mean(x, y, p)
        return strays

    def expect_mean(self, x: torch.Tensor, y: torch.Tensor, p: float) -> None:
        """The mean of |y| is that of |x|, times the scale and the probability of keeping."""
        per_unit = x.numel() // self.unit.coins(x).numel()
        wide, mean = x.double() * self.scale(p), self.scale(p) * (1 - p)
        bound = weighted_sum_bound(per_unit * wide.square().sum().item())
        off = float(((y.double() - x.double() * mean) * x.double().sign()).sum())
        a, b = float(y.abs().mean()), float(x.abs().mean()) * mean
        expect(
            abs(off) <= bound, f"the mean of |y| is {a:.3f}, not {b:.3f}", f"|y| 的均值是 {a:.3f}，而不是 {b:.3f}",
            got=f"{a:.4f}", expected=f"{b:.4f} ± {bound / x.numel():.4f}",
        )  # fmt: skip


def depends_only_on(alive: torch.Tensor, axes: tuple[int, ...]) -> bool:
    """Is the mask the same along every other axis?"""
    first = alive
    for axis in range(alive.dim()):
        if axis not in axes:
            first = first.narrow(axis, 0, 1)
    return bool((alive == first).all())

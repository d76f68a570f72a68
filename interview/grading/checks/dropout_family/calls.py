"""From call to call: new masks, out of torch's global generator, which goes on."""

from __future__ import annotations

import itertools
from typing import Any

import torch

from interview.grading.checks.callers import beside, worker
from interview.grading.checks.check import check
from interview.grading.checks.dropout_family.base import Base
from interview.grading.checks.expect import Mask, Mistake, Words, Wrong, expect, suppose
from interview.grading.checks.masks import expect_calls_independent, expect_new_masks
from interview.grading.checks.solution import Solution
from interview.grading.checks.statistics import rate_holds

__all__ = ["Calls"]

WHAT = {
    "training": ("a call in training", "训练时的调用"),
    "eval": ("a call in eval", "eval 时的调用"),
    "backward": ("backward", "backward"),
}


class Calls(Base):
    """The checks of this module."""

    @check
    def fresh_mask(self, solution: Solution) -> None:
        """Each call draws anew: every pair of three differs at rate 2p(1-p), each made where the last one left off, and
        so does one more from another seed, by which a mask that is always the same is told from a generator put back.

        Then 200 masks, or `supply`, over 60 units at p = 0.5: two are alike with probability 200²/2 · 2^-60 < 1e-13;
        out of a thousand prepared ones 200 calls draw none twice with probability below 1e-8. They are drawn under
        no_grad, for a mask kept there is as stale. A supply is told only where units differ as independent ones do.
        """
        p, x = 0.3, self.lay(40, 50)
        masks = self.many(solution, x, p, 3)
        reseeded, drew, call = solution.reseeded, solution.drew, solution.call
        suppose(
            bool((~masks).any(1).all()), "nothing is dropped", "什么都没有丢弃",
            got=Words("0 of 2000", "2000 个中 0 个"), expected=Words("about 600", "约 600 个"),
        )  # fmt: skip
        others = self.many(solution, x, p, 1)
        solution.call = call
        if bool(masks.any()) and any(torch.equal(a, b) for a, b in itertools.combinations(masks, 2)):
            pictures = [Mask.of(each.reshape(40, 50), p).yours for each in masks[:2]]
            said: dict[str, Any] = {
                "got": Words("two calls, one mask", "两次调用，同一个掩码"),
                "picture": Mask(*pictures),
            }
            if reseeded:
                raise Mistake("reseeds", **said)
            if not torch.equal(masks[0], others[0]) and not drew:
                raise Mistake("generator_put_back", **said)
            raise Mistake("same_mask_again", **said)
        self.suppose_rate(masks, p)
        expect_calls_independent([*masks, *others], p)
        with torch.no_grad():
            small = self.many(solution, self.lay(6, 10), 0.5, self.supply)
        self.expect_no_supply(small)
        expect_new_masks(small)

    def expect_no_supply(self, small: torch.Tensor) -> None:
        """The masks of so many calls are no few that come again and again."""
        calls = len(small)
        count = len({tuple(each) for each in small.tolist()})
        if not 1 < count < calls:
            return
        latest = int((small[1:] == small[:-1]).all(1).sum())  # a mask that stays for some calls is no supply
        mixed = all(abs(float((small[:, lag:] != small[:, :-lag]).float().mean()) - 0.5) < 0.12 for lag in range(1, 31))
        if mixed and latest < 0.6 * (calls - count):
            got = Words(f"{count} different masks in {calls} calls", f"{calls} 次调用，{count} 种不同的掩码")
            raise Mistake("few_masks", count=count, calls=calls, got=got, expected=f"{calls}")

    @check
    def generator(self, solution: Solution) -> None:
        """The coins come from torch's global generator: its seed decides them, and it is neither reseeded nor put back,
        by a call in training, one in eval or backward. An object that stood before the seed was set follows it too.
        """
        x = self.lay(30, 40)
        with solution.seeded(7, other=1):
            first = self.forward(solution, x, 0.4)
            reseeded, drew, call = solution.reseeded, solution.drew, solution.call
        if reseeded:
            got = Words("the generator has left the stream of its seed", "生成器离开了原种子的随机序列")
            raise Mistake("reseeds", got=got)
        with solution.seeded(8, other=1):
            third = self.forward(solution, x, 0.4)
        self.expect_drawn(first)
        with solution.seeded(7, other=2):
            second = self.forward(solution, x, 0.4)
        if not torch.equal(first, second) or torch.equal(first, third) or not self.standing_follows(solution, x):
            solution.call = call
            self.expect_no_memory(solution, x)
            raise Mistake("other_generator")
        if not drew:
            solution.call = call
            got = Words("the generator's state is the same after the call", "调用之后生成器的状态没有变")
            raise Mistake("generator_put_back", got=got)
        with beside(solution):
            rewound = worker(solution, self.call).rewinds(self.lay(8, 9), 0.4)
        expect(isinstance(rewound, list), "what the generator did cannot be read", "读不到生成器的状态")
        for each in rewound:
            en, zh = WHAT.get(each, ("a call", "调用"))
            raise Mistake("rewound_later", what=Words(en, zh))

    def expect_drawn(self, y: torch.Tensor) -> None:
        """Something is dropped of 1200 elements at p = 0.4."""
        got, expected = Words("0 of 1200", "1200 个中 0 个"), Words("about 480 of 1200", "1200 个中约 480 个")
        suppose((y == 0).any(), "nothing is dropped", "什么都没有丢弃", got=got, expected=expected)

    def standing_follows(self, solution: Solution, x: torch.Tensor) -> bool:
        """An object that stood before the seed was set draws by it as well."""
        if not self.call.stands:
            return True
        layer = self.call.standing(solution, 0.4)
        layer(x)
        with solution.seeded(7):
            return torch.equal(layer(x), layer(x))

    def expect_no_memory(self, solution: Solution, x: torch.Tensor) -> None:
        """Masks of one seed that differ as independent ones do (p = 0.4, each pair of four) come from another source;
        otherwise calls remember each other.
        """
        masks = []
        with beside(solution):
            for other in range(4):
                with solution.seeded(7, other=other):
                    masks.append(self.coins(self.forward(solution, x, 0.4)).flatten())
        rate = self.rate_of(torch.stack(masks), 0.4)
        for a, b in itertools.combinations(masks, 2):
            differ, n = int((a != b).sum()), a.numel()
            if not rate_holds(differ, n, 2 * rate * (1 - rate)):
                raise Wrong(
                    "at the same seed the coins depend on the calls before", "种子相同时，抽样结果还取决于之前的调用",
                    got=Words(f"{differ / n:.3f} differ", f"{differ / n:.3f} 不同"), expected="0",
                )  # fmt: skip

"""Masks: inputs with which a mask can be read off, and what is asked of a mask.

A mask is a boolean tensor, True where kept; `p` is the probability of a drop. Each `expect_*` spends at most ALPHA of
false alarm, all its tests together.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from interview.dataclass import dataclass
from interview.grading.checks.expect import Bar, Mask, Mistake, Words, Wrong, expect, expect_tensor
from interview.grading.checks.statistics import ALPHA, each_rate_holds, rate_holds, rate_interval, tail_rate
from interview.grading.proxy import Solution
from interview.grading.showing import shape_of

__all__ = [
    "NEAR_ONE",
    "NEXT_TO_NOTHING",
    "TINY",
    "ULP4",
    "Extreme",
    "Forward",
    "differing_pairs",
    "even_sums",
    "expect_binomial",
    "expect_blind",
    "expect_calls_independent",
    "expect_even_rates",
    "expect_gradient_elsewhere",
    "expect_independent",
    "expect_lags",
    "expect_new_masks",
    "expect_no_memory",
    "expect_no_repeats",
    "expect_not_moved",
    "expect_own_coins",
    "expect_pairs",
    "expect_rate",
    "extreme_off",
    "helper",
    "kept_ones",
    "many_masks",
    "rate_found",
    "same",
    "signed",
    "stray_groups",
    "told",
]

Forward = Callable[[torch.Tensor, float], torch.Tensor]  # one call in training: x and p to an output of x's shape

ULP4 = 4 * 2.0**-23
HALF = torch.tensor(0.5)
TINY, NEAR_ONE, NEXT_TO_NOTHING = 0.00096, 0.9981, 2e-7
EXTREMES = ((TINY, (160, 180)), (NEAR_ONE, (120, 120)), (NEXT_TO_NOTHING, (222, 222)))  # p, shape
GROUPS = {"small": "|x| < 1.25", "large": "|x| >= 1.25", "positive": "x > 0", "negative": "x < 0"}
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


def expect_rate(zeros: int, n: int, p: float) -> None:
    """Of n elements about n·p are dropped."""
    if not rate_holds(zeros, n, p):
        share = f"{zeros / n:.4f}"
        en, zh = f"the share of dropped elements is {share}, not {p}", f"被丢弃的比例是 {share}，而不是 {p}"
        raise Wrong(en, zh, **rate_found(zeros, n, p))


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


def kept_ones(forward: Forward) -> int:
    """How many of 1600 equal values are kept at p = 0.4: 960 are expected."""
    return int((forward(torch.ones(40, 40), 0.4) != 0).sum())


def expect_own_coins(forward: Forward) -> None:
    """Every element of a 3-d, 4-d and 5-d input has its own coin at p = 0.4, and so have 1600 equal values.

    That all slices along an axis are alike has probability below 1e-130.
    """
    p = 0.4
    for shape in ((6, 7, 8, 9), (12, 13, 15), (4, 3, 5, 4, 3)):
        cube = forward(signed(*shape), p) != 0
        for axis in range(len(shape)):
            expect(
                (cube != cube.narrow(axis, 0, 1)).any(),
                f"the mask is shared over axis {axis} of a {len(shape)}-d input",
                f"{len(shape)} 维输入的第 {axis} 维共用同一个掩码",
            )
        if len(shape) < 5:
            expect_independent(cube.flatten(0, -3).flatten(1), p)
    ones = kept_ones(forward)
    expect(
        rate_holds(ones, 1600, 0.6),
        "equal values share a coin",
        "相等的值共用同一次抽样",
        got=Words(f"{ones} of 1600 ones kept", f"1600 个 1 中保留了 {ones} 个"),
        expected="≈ 960",
    )


@dataclass(frozen=True, slots=True)
class Extreme:
    """A call at an extreme p that dropped `zeros` of n elements, too few or too many; once more it dropped `again`."""

    p: float
    zeros: int
    n: int
    again: int

    def wrong(self) -> Wrong:
        """What is said of a rate that no p explains: how many of how many are dropped."""
        en = f"at p = {self.p:g} {self.zeros} of {self.n} elements are dropped"
        zh = f"p = {self.p:g} 时 {self.n} 个元素中丢弃了 {self.zeros} 个"
        return Wrong(en, zh, **rate_found(self.zeros, self.n, self.p))


def extreme_off(
    solution: Solution, forward: Forward, expect_values: Callable[[torch.Tensor, torch.Tensor, float], None]
) -> Extreme | None:
    """The first call of EXTREMES whose drop rate is off, which `solution.call` then is. `expect_values(x, y, p)` looks
    at what each returned.

    Inputs are float32: coins drawn in half precision have too few bits for such p, and the contract leaves them open.
    At p = 0.00096 none of 28,800 dropped, at 0.9981 none of 14,400 kept has probability 2e-12 for a right answer.
    """
    for p, shape in EXTREMES:
        x = signed(*shape)
        y = forward(x, p)
        zeros, n = int((y == 0).sum()), y.numel()
        expect_values(x, y, p)
        if not rate_holds(zeros, n, p):
            call = solution.call
            again = int((forward(signed(*shape), p) == 0).sum())
            solution.call = call
            return Extreme(p, zeros, n, again)
    return None


def stray_groups(x: torch.Tensor, mask: torch.Tensor, p: float) -> dict[str, float]:
    """The groups of values of a signed x dropped at another rate than p, when the rate over all is p: their shares."""
    if not rate_holds(int(mask.sum()), x.numel(), 1 - p):
        return {}
    groups = {"small": x.abs() < 1.25, "large": x.abs() >= 1.25, "positive": x > 0, "negative": x < 0}
    return {
        name: float((~mask)[group].float().mean())
        for name, group in groups.items()
        if not rate_holds(int((mask & group).sum()), int(group.sum()), 1 - p)
    }


def expect_blind(measure: Callable[[], Mapping[str, float]], p: float) -> dict[str, Any] | None:
    """No group of values strays in a call; `measure` makes one and returns `stray_groups`. Where one does, and strays
    the same way in a second call, the mask looks at the data: the numbers of that mistake.
    """
    strays = measure()
    if not strays:
        return None
    again = measure()
    for name, share in strays.items():
        if (share - p) * (again.get(name, p) - p) > 0:
            got = Words(f"{share:.3f} of the {name} ones dropped", f"{GROUPS[name]} 的值丢弃了 {share:.3f}")
            return {"group": Words(name, GROUPS[name]), "p": p, "share": share, "got": got, "expected": f"{p}"}
    name, share = next(iter(strays.items()))
    en, zh = f"{share:.1%} of the {name} values were dropped", f"{GROUPS[name]} 的值被丢弃了 {share:.1%}"
    raise Wrong(en, zh, got=f"{share:.3f}", expected=f"{p}")


def helper(call: str) -> str:
    """The source of a helper that makes many calls on the submission's side, for a small one costs less than its
    journey: `several(x, p, times)` is what they return, `masks(x, p, times)` where that is not zero. `call` is an
    expression of `x`, a copy for each, and `p`.
    """
    return f"""
import torch

def several(x, p, times):
    return list(again(lambda x: {call}, x, times))

def masks(x, p, times):
    return torch.stack([y != 0 for y in again(lambda x: {call}, x, times)])
"""


def told(solution: Solution, source: str, shown: str, name: str, *args: Any) -> Any:
    """What `name` of a helper with that source returns. It is shown as `shown`, the submission's own calls in it."""
    try:
        return getattr(solution.build(source), name)(*args)
    finally:
        solution.call = shown


def many_masks(solution: Solution, source: str, shown: str, x: torch.Tensor, p: float, times: int) -> torch.Tensor:
    """The masks of as many calls, stacked: `masks(x, p, times)` of a helper with that source makes them. `shown` is
    one of the calls.
    """
    shown = f"{shown} × {times}    x: {shape_of(x)}"
    masks = told(solution, source, shown, "masks", x, p, times)
    return expect_tensor(masks, shape=(times, *x.shape), dtype=torch.bool)


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


ELSEWHERE = """
def elsewhere(x, g, p, apart):
    loud, quiet = {loud}, {quiet}
    x = x.clone().requires_grad_()
    h = (x * 1.0).t()
    quiet(h)
    a = loud(h)
    first = a.detach().clone()
    b = loud(h)
    total = h + a * 1.0 + b * 1.0 if apart else h + a + b
    (total * g.t()).sum().backward()
    return first.t(), b.detach().t(), x.grad
"""


def expect_gradient_elsewhere(
    solution: Solution, name: str, p: float, *, loud: str, quiet: str, scale: float, tol: float
) -> None:
    """Beside a skip connection, twice from the same tensor, which is a transpose, as the upstream gradient is: two
    masks (equal with probability 0.58^1200), and the gradients add up, within `tol`.

    `loud` and `quiet` are expressions of p: functions of h, in training, where what is kept is scaled by `scale`, and
    in eval. If the gradients add up only where the upstream one goes nowhere else, backward has changed it.
    """
    x, g = signed(30, 40), signed(30, 40)
    shown = f"h = x.t(); h + {name}(h) + {name}(h)    x: (30, 40) float32"

    def adds_up(*, apart: bool) -> bool:
        source = ELSEWHERE.format(loud=loud, quiet=quiet)
        a, b, grad = told(solution, source, shown, "elsewhere", x, g, p, apart)
        a, b = (expect_tensor(each, shape=x.shape) != 0 for each in (a, b))
        if torch.equal(a, b) and a.any():
            raise Mistake(
                "same_mask_again", got=Words("two calls with one x, one mask", "同一个 x 调用两次，同一个掩码")
            )
        return bool(same(expect_tensor(grad, shape=x.shape), g * (1 + scale * (a.float() + b)), tol).all())

    if adds_up(apart=False):
        return
    if adds_up(apart=True):
        raise Mistake("changes_upstream")
    raise Wrong("where x is used elsewhere too, its gradient is not right", "x 在别处也被用到时，它的梯度不对")


def expect_no_memory(solution: Solution, forward: Forward, x: torch.Tensor) -> None:
    """Masks of one seed that differ as independent ones do (p = 0.4, each pair of four) come from another source;
    otherwise calls remember each other.
    """
    masks = []
    for other in range(4):
        with solution.seeded(7, other=other):
            masks.append(forward(x, 0.4) != 0)
    for a, b in itertools.combinations(masks, 2):
        differ = int((a != b).sum())
        share = f"{differ / x.numel():.3f}"
        expect(
            rate_holds(differ, x.numel(), 2 * 0.4 * 0.6),
            "at the same seed the mask depends on the calls before",
            "种子相同时，掩码还取决于之前的调用",
            got=Words(f"{share} differ", f"{share} 不同"),
            expected="0",
        )

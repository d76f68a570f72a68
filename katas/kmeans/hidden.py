"""Checks for `kmeans(x, k, iterations=100, generator=None)`.

Seeds are seen with `iterations=0`. Their distribution is compared with the exact one of k-means++ (Chernoff, ALPHA = 1e-11
each, fewer than thirty such tests, so a right answer is turned away with probability below 1e-9 a run); small calls are
made beside the submission (worker_side.py), many in one journey.

Lloyd's part begins at known seeds, of a few points: calls without iterations are made until a generator draws them. What
comes back then depends on neither the draw nor the order of the centers, and is compared with `lloyd` in float64, on data
where no point ever is near a border: rounding decides nothing. Where the prompt leaves room (what counts as "far" while
centers move, when an empty cluster is filled) the data are chosen so that every reading ends in the same clusters.
"""

import bisect
import math
from pathlib import Path
from typing import Any, NamedTuple

import torch

from interview.grading.checks import statistics
from interview.grading.checks.expect import REFUSALS, Mistake, Unseen, Words, expect, expect_tensor, name_of
from interview.grading.checks.generic import (
    expect_contiguous_alike,
    expect_dtype,
    expect_on_device,
    expect_spelled,
    expect_untouched,
)
from interview.grading.checks.solution import SubmissionError, shown_as

NAMES = ("x", "k", "iterations", "generator")
WORKER = Path(__file__).with_name("worker_side.py").read_text(encoding="utf-8")
TRIES = 500  # of a seeding that comes one time in twenty, or oftener: none has it with probability below 1e-11

# From seeds (one of the first hundred, −2.15, 5.7) the middle cluster loses its points to both sides after one iteration.
# 5.7 then lies farthest from its center, 2.0 from the old one and 2.5 from the new mean; 5 % of all seedings begin so.
# Two outliers are farthest from the mean of all points, but not from their own center: 0.25 in OUT; in ASLANT 1.18, while
# the absolute differences add up to 2.65.
LEFT = [round(-4.14 + 0.002 * n, 3) for n in range(100)]
LOSES = [*LEFT, -2.15, 1.77, 2.15, 3.23, 5.7]
OUT = torch.tensor([*LOSES, 20.0, 20.5])[:, None]
ASLANT = torch.cat([torch.tensor([*LOSES, 20.0, 20.0])[:, None], torch.zeros(len(LOSES) + 2, 5)], 1)
ASLANT[-2:, 1:] = torch.tensor([[0.53], [-0.53]])
FILLED = torch.tensor([(sum(LEFT) - 2.15) / 101, (1.77 + 2.15 + 3.23) / 3, 5.7, 20.0])

POINTS = Words("points of x", "x 中的点")
A_THIRD = Words("each point in a third", "每个点各占三分之一")
OTHER_SEEDS = Words(
    "the same generator, another global seed: other seeds", "generator 相同、全局种子不同，抽到的种子就不同"
)


class Start(NamedTuple):
    """Points, and as many of them as there are clusters: the seeds that are waited for."""

    x: torch.Tensor
    seeds: torch.Tensor


# Found by search. Two clusters need four iterations from here, with points that are there more than once.
LONG_WAY = ([[-2.3, 1.5], [0.3, -1.5], [2.4, 1.7], [1.6, -0.7], [-2.3, 1.5], [-2.3, 1.5], [3.5, 1.9], [3.5, 1.9], [3.5, 1.9],
             [-0.6, -3.0], [0.3, -1.5], [0.3, -1.5], [0.3, -1.5], [1.6, -0.8], [-1.8, -2.9], [-2.5, -1.9]], [0, 1])  # fmt: skip
# Two clusters that swap points and stay as large as they were, and go on.
SWAPS = ([[2.9, 0.7], [2.0, -0.1], [-0.7, -3.9], [-1.7, 4.0], [-3.1, -1.2], [-2.6, -1.9], [-1.3, -0.4], [2.4, -1.0],
          [-1.9, 0.1], [1.9, 1.5]], [2, 3])  # fmt: skip


def start(points, at, scale=1.0, dtype=torch.float32):
    """In another order, mirrored, shifted a little: nothing that k-means sees."""
    x = torch.tensor(points, dtype=torch.float64)
    x = (x * (1 - 2 * torch.randint(2, (2,))) + torch.rand(2)) * scale
    return Start(x[torch.randperm(len(x))].to(dtype), x[at].to(dtype))


def number():
    return int(torch.randint(1 << 40, ()))


def shown(x, k, says="", times=1):
    again = f" × {times}" if times > 1 else ""
    return f"kmeans(x, {k}{says}){again}    x: {tuple(x.shape)} {name_of(x.dtype)}"


def said(iterations):
    return "" if iterations is None else f", iterations={iterations}"


def ask(solution, name, x, k, *args, says="", times=1):
    """A function of worker_side."""
    with shown_as(solution, shown(x, k, says, times)):
        return getattr(solution.shared(WORKER), name)(x, k, *args)


def pair(value, x, k):
    """(centers, labels) of the right shapes and dtypes."""
    good = isinstance(value, list | tuple) and len(value) == 2 and all(isinstance(each, torch.Tensor) for each in value)
    expect(
        good,
        "kmeans returns (centers, labels)",
        "kmeans 应返回 (centers, labels)",
        got=value,
        expected="(centers, labels)",
    )
    centers, labels = value
    if tuple(centers.shape) == (len(x),) and tuple(labels.shape) == (k, x.shape[1]):
        raise Mistake("labels_first", got="(labels, centers)", expected="(centers, labels)")
    expect_dtype(centers, x.dtype, torch.Size((k, x.shape[1])))
    if labels.dtype is not torch.int64:
        raise Mistake("labels_dtype", came=name_of(labels.dtype), got=labels.dtype, expected="torch.int64")
    expect_tensor(labels, shape=(len(x),), dtype=torch.int64)
    expect(
        bool(((labels >= 0) & (labels < k)).all()),
        "a label is not in 0 … k−1",
        "有标签不在 0 … k−1 内",
        got=labels,
        expected=f"0 … {k - 1}",
    )
    return centers.detach(), labels


def runs(solution, calls):
    """(centers, labels) of each (x, k, iterations, seed), in one journey. Where one raises they are made one by one, to
    say which."""
    try:
        values = solution.shared(WORKER).several([list(each) for each in calls])
    except SubmissionError:
        values = [None] * len(calls)
    for (x, k, iterations, seed), value in zip(calls, values, strict=True):
        if value is None:
            value = ask(solution, "run", x, k, iterations, seed, says=said(iterations))
        solution.call = shown(x, k, said(iterations))
        yield pair(value, x, k)


def from_seeds(solution, problem, *iterations):
    """(centers, labels) after each number of iterations from the seeds of a problem; nothing if they are never drawn,
    which is for the checks of the seeds to tell."""
    x, seeds = problem
    k, named = len(seeds), said(iterations[-1])
    with shown_as(solution, shown(x, k, named)):
        return solution.shared(WORKER).waited(x, seeds, list(iterations), TRIES, number())


def agree_from_seeds(solution, asked):
    """From each problem's seeds, after each number of iterations, the centers are those of Lloyd's path, and labels go with
    them. `asked`: problem, facts, and numbers of iterations."""
    came = []
    for problem, facts, *iterations in asked:
        values = from_seeds(solution, problem, *iterations)
        if not values:
            raise Unseen
        came.append((problem, facts, iterations, values))
    for (x, seeds), facts, iterations, values in came:
        path = lloyd(x, seeds)
        for each, value in zip(iterations, values, strict=True):
            solution.call = shown(x, len(seeds), said(each))
            got, want = pair(value, x, len(seeds)), path[min(each, len(path) - 1)]
            if not same(x, got, want):
                off(got, want, **facts)


def squares(x, centers):
    return ((x.double()[:, None] - centers.double()) ** 2).sum(2)


def agree(x, centers, labels):
    """Is each point's center its nearest, up to rounding?"""
    d = squares(x, centers)
    own = d.gather(1, labels[:, None]).squeeze(1)
    scale = float(x.double().abs().max()) ** 2 + 1e-300
    return own <= d.min(1).values + 1e-4 * scale


def lloyd(x, seeds):
    """Lloyd's path from these seeds, (centers, labels) after 0, 1, … iterations until no label changes, in float64."""
    x, centers, path = x.double(), seeds.double(), []
    while True:
        labels = squares(x, centers).argmin(1)
        path.append((centers, labels))
        if len(path) > 1 and torch.equal(labels, path[-2][1]):
            return path
        centers = torch.stack([x[labels == j].mean(0) for j in range(len(seeds))])


def same(x, got, want, tol=1e-4):
    """The same centers in some order, and the labels that go with them."""
    centers, given = got
    d, order = ((centers.double()[:, None] - want[0]) ** 2).sum(2).min(1)
    close = float(d.max()) <= (tol * float(x.abs().max())) ** 2 and len(set(order.tolist())) == len(order)
    return close and torch.equal(order[given], want[1])


def off(got, want, **facts):
    d, near = squares(got[0], want[0]).sqrt().min(1)
    at = int(d.argmax())
    if float(d[at]) < 1e-3 * float(want[0].abs().max()):
        expect(
            False, "the labels are not those of the centers", "标签与中心不一致", got=got[1], expected=want[1], **facts
        )
    expect(False, f"center {at} is {float(d[at]):.3g} from the one it should be", f"第 {at} 个中心与应有的位置相差 {float(d[at]):.3g}",
           got=got[0][at], expected=want[0][near[at]], **facts)  # fmt: skip


def cloud(n=50, d=2, dtype=torch.float32):
    return (torch.rand(n, d, dtype=torch.float64) * 2 - 1).to(dtype)


def test_interface(solution):
    """(centers, labels), by position and by name; the global generator is the default."""
    x = cloud(20, 3)
    value, call = solution.kmeans(x, 4), solution.call
    seed, ways = number(), []
    for way, says in (("placed", ", 5, g"), ("named", ", iterations=5, generator=g")):
        with solution.seeded(7):  # what else it may draw from begins alike
            ways.append(expect_spelled(lambda way=way, says=says: ask(solution, way, x, 4, 5, seed, says=says), NAMES))
    solution.call, again = call, solution.call
    pair(value, x, 4)
    solution.call = again
    (centers, labels), (other, others) = (pair(each, x, 4) for each in ways)
    expect(torch.equal(centers, other) and torch.equal(labels, others), "by name the arguments give another result than by position",
           "按名字与按位置传参的结果不同", got=other, expected=centers)  # fmt: skip


def test_input_untouched(solution):
    """x holds the same bits afterwards. (Also when a cluster is filled: see `alone`.)

    So many clusters that no two calls return the same by chance, whatever they draw from.
    """
    calls = [(cloud(50, 2), 12, 100), (cloud(50, 2), 12, 0), (cloud(50, 2, torch.float64), 12, 10)]
    expect_untouched(solution, [(x.dtype, lambda call=(x, *rest): solution.kmeans(*call)) for x, *rest in calls])


def test_range_of_k(solution):
    """k < 1 and k > n are refused; 1 and n are not."""
    x = cloud(6, 2)
    ks = (3, 1, 6, 0, -1, 7, 20)
    answers = solution.kmeans.each([(x, k) for k in ks], catch=(SubmissionError,))
    came = [(k, each, solution.call) for k, each in zip(ks, answers, strict=True)]
    refused = [each for each in came[:3] if isinstance(each[1], Exception)]
    for k, error, solution.call in refused:
        if not isinstance(error, REFUSALS):
            raise error
        if len(refused) == 1 and k == 6:
            raise Mistake("n_refused", got=Words("k = n = 6 rejected", "k = n = 6 被拒绝"))
        expect(False, f"k = {k} of 6 points was rejected", f"6 个点时 k = {k} 被拒绝", got=str(error))
    for k, each, solution.call in came[3:]:
        if not isinstance(each, REFUSALS):
            got = str(each) if isinstance(each, Exception) else Words("accepted", "没有报错")
            raise Mistake("no_check_of_k", k=k, got=got, expected="ValueError")


def test_dtypes(solution):
    """float32 and float64 come back as they went in, labels are int64."""
    for _ in runs(
        solution, [(cloud(20, 3, dtype), 3, n, number()) for dtype in (torch.float32, torch.float64) for n in (0, 10)]
    ):
        pass


def test_labels_agree(solution):
    """Each point's center is its nearest, also when the iterations ended before the labels settled."""
    calls = [(cloud(120, 2), 6, iterations, number()) for iterations in (0, 1, 1, 2, 2, 3, 100)]
    for (x, _, iterations, _), (centers, labels) in zip(calls, runs(solution, calls), strict=True):
        good = agree(x, centers, labels)
        if not bool(good.all()):
            wrong = int((~good).sum())
            if iterations in (1, 2, 3):
                raise Mistake(
                    "stale_labels",
                    iterations=iterations,
                    wrong=wrong,
                    got=Words(f"{wrong} of 120 points have a nearer center", f"120 个点中有 {wrong} 个离别的中心更近"),
                )
            expect(False, f"{wrong} of 120 points have a nearer center than their own", f"120 个点中有 {wrong} 个离别的中心更近",
                   got=Words(f"{wrong} points, iterations={iterations}", f"{wrong} 个点，iterations={iterations}"), expected="0")  # fmt: skip


def test_seeds_are_points(solution):
    """Without iterations the centers are k different points of x, on a small scale too: D² is not padded.

    The middles of three far heaps are no points either: who returns them has moved the centers.

    25 points, and no more: beyond that torch.cdist multiplies matrices, and the D of a seed is then a rounding, not 0.
    """
    x, far = cloud(25, 2), cloud(24, 2) + 100 * torch.eye(3, 2).repeat_interleave(8, 0)
    problems = [(x, k, 0, number()) for k in (1, 3, 8)] + [(x * 0.02, 25, 0, number()), (far, 3, 0, number())]
    found = [(*each, solution.call) for each in runs(solution, problems)]
    middles = far.reshape(3, 8, 2).mean(1)
    moved = float(squares(middles, found[-1][0]).min(1).values.max()) < 1e-6
    for (x, k, _, _), (centers, _, solution.call) in zip(problems, found, strict=True):
        d, at = squares(x, centers).min(0)
        if float(d.max()) > 1e-10:
            if moved:
                raise Mistake("iterates_at_zero", got=centers, expected=POINTS)
            if float(d.max()) < 1e-6:
                raise Mistake("rounds_the_centers", off=f"{float(d.max().sqrt()):.1g}", got=centers, expected=POINTS)
            raise Mistake(
                "seeds_not_points",
                got=Words(
                    f"a seed {float(d.max().sqrt()):.3g} from the nearest point",
                    f"有种子与最近的点相距 {float(d.max().sqrt()):.3g}",
                ),
                expected=POINTS,
            )
        different = len(set(at.tolist()))
        if different < k:
            got = Words(f"{different} different seeds", f"{different} 个不同的种子")
            raise Mistake("seed_drawn_twice", k=k, count=different, got=got, expected=f"{k}")


def test_generator(solution):
    """All draws come from the generator given, or from torch's global one; neither is reseeded, and each call draws anew.

    Four seeds of 300 points agree by chance with probability below 1e-8 (D² favours some points), twice in a row below 1e-16.
    """
    x = cloud(300, 2)
    one, two = ask(solution, "seeds", x, 4, 2, number(), says=", iterations=0, generator=g", times=2)
    if torch.equal(one, two):
        got = Words("two calls with one generator, the same seeds", "同一个 generator，两次调用种子相同")
        raise Mistake("generator_reseeded", got=got)
    own = number()
    drawn = []
    for seed, other in ((7, 1), (8, 2)):
        with solution.seeded(seed, other=other):
            drawn.append(ask(solution, "run", x, 4, 0, own, says=", iterations=0, generator=g")[0])
            reseeded = solution.reseeded
        if reseeded:
            raise Mistake(
                "reseeds", got=Words("the generator has left the stream of its seed", "生成器离开了原种子的随机序列")
            )
    if not torch.equal(*drawn):
        raise Mistake("generator_ignored", got=OTHER_SEEDS, expected=Words("the same", "相同"))
    if torch.equal(drawn[0], ask(solution, "run", x, 4, 0, own + 1, says=", iterations=0, generator=g")[0]):
        got = Words("another generator, the same seeds", "换了 generator，种子却相同")
        raise Mistake("generator_ignored", got=got, expected=Words("other ones", "不同"))
    with solution.seeded(7, other=1):
        first, _ = pair(solution.kmeans(x, 4, 0), x, 4)
        reseeded = solution.reseeded
    if reseeded:
        raise Mistake(
            "reseeds", got=Words("the generator has left the stream of its seed", "生成器离开了原种子的随机序列")
        )
    with solution.seeded(7, other=2):
        second, _ = pair(solution.kmeans(x, 4, 0), x, 4)
    with solution.seeded(8, other=1):
        third, _ = pair(solution.kmeans(x, 4, 0), x, 4)
    if not torch.equal(first, second) or torch.equal(first, third):
        raise Mistake("other_source")
    one, two = ask(solution, "seeds", x, 4, 2, None, says=", iterations=0", times=2)
    if torch.equal(one, two):
        raise Mistake("global_stands_still")


def first_seeds(solution, x, times):
    drawn = ask(solution, "seeds", x, 1, times, number(), says=", iterations=0", times=times)
    return squares(drawn.reshape(times, x.shape[1]), x).argmin(1).bincount(minlength=len(x)).tolist()


def test_first_seed(solution):
    """The first seed is each of three points in a third of the calls.

    Where one of them is fewer than 4 or more than 17 of 30 calls, one time in thirty, 100 more are made, and only these
    are tested, with Chernoff's bound; a point never drawn is always seen: (2/3)^100 < ALPHA/6.
    """
    x = torch.tensor([[0.0, 1.0], [9.0, 4.0], [0.5, 0.0]])
    counts = first_seeds(solution, x, 30)
    if min(counts) >= 4 and max(counts) <= 17:
        return
    counts = first_seeds(solution, x, 100)
    if max(counts) == 100:
        index, call = counts.index(100), solution.call
        others = runs(solution, [(x, 1, 0, number()) for _ in range(13)])
        if all(torch.equal(centers[0], x[index]) for centers, _ in others):  # other generators: by chance 3^-13
            solution.call = call
            raise Mistake(
                "first_seed_fixed",
                index=index,
                got=Words(f"point {index} in each of 100 calls", f"100 次调用都是第 {index} 个点"),
                expected=A_THIRD,
            )
        solution.call = call
    bad = statistics.each_rate_holds(counts, 100, 1 / 3)
    expect(
        bad is None,
        "the first seed is not drawn uniformly",
        "第一个种子不是均匀抽取的",
        got=Words(f"{counts} of 100", f"100 次中各 {counts} 次"),
        expected=A_THIRD,
    )


def share(x, far, power, norm=2.0):
    """P(one of two seeds is the point `far`), when the second is drawn with probability D^power/ΣD^power."""
    d = torch.cdist(x.double(), x.double(), p=norm, compute_mode="donot_use_mm_for_euclid_dist")
    weights = torch.where(d > 0, d**power, torch.zeros_like(d))
    second = weights[:, far] / weights.sum(1)
    second[far] = 1.0
    return float(second.mean())


def far_out(n, radius, d):
    """n points around the origin in no order, one of them, at the index returned, `radius` away."""
    x = torch.randn(n, d)
    x = x / x.norm(dim=1, keepdim=True) * (0.5 + torch.rand(n, 1))
    at = int(torch.randint(n // 4, 3 * n // 4, ()))
    x[at] = torch.tensor([radius] + [0.0] * (d - 1))  # along an axis, where |dx| + |dy| + … is smallest
    return x, at


def shared(solution, n, radius, d, times):
    x, at = far_out(n, radius, d)
    drawn = ask(solution, "seeds", x, 2, times, number(), says=", iterations=0", times=times)
    expect(
        bool((drawn != drawn[:1]).any()),
        f"{times} calls in a row drew the same two seeds",
        f"连续 {times} 次调用抽到了同样的两个种子",
    )
    count = int((squares(drawn.reshape(2 * times, d), x[at : at + 1]).reshape(times, 2).min(1).values < 1e-6).sum())
    return x, at, count


def test_squared_distances(solution):
    """The second seed is drawn with D²: a point 14 away from 100 others is among two seeds about every second time.

    It would be every tenth time with D, every sixth with sums of absolute differences, hardly ever uniformly, nearly
    always with D⁴ or the farthest point: of 60 calls all these are more than 8 away from what D² gives, with a miss below
    1e-6, or 1e-3 for absolute differences. Only where 60 calls are that far away, one time in thirty, 250 more are made, and only these are tested, with
    Chernoff's bound. Which fault it was is asked of other data too, where D² gives about a tenth.
    """
    times = 60
    x, at, count = shared(solution, 101, 14.0, 10, times)
    rate = share(x, at, 2)
    if abs(count - rate * times) <= 8:
        return
    times = 250
    x, at, count = shared(solution, 101, 14.0, 10, times)
    rate = share(x, at, 2)
    if statistics.rate_holds(count, times, rate):
        return
    said = {
        "share": count / times,
        "right": rate,
        "got": Words(f"{count} of {times}", f"{times} 次中 {count} 次"),
        "expected": Words(f"about {rate * times:.0f}", f"约 {rate * times:.0f} 次"),
    }
    call = solution.call
    first, again = (x, at, count), [shared(solution, 61, 4.0, 2, 200), shared(solution, 61, 9.0, 2, 200)]
    solution.call = call
    if count == times and again[1][2] == 200:
        raise Mistake("farthest_point", **said)
    misses = {
        mistake: sum(
            n * statistics.kl(seen / n, share(data, place, *kind))
            for (data, place, seen), n in zip([first, *again], (times, 200, 200), strict=True)
        )
        for mistake, kind in (
            ("uniform_seeds", (0,)),
            ("distance_not_squared", (1,)),
            ("squared_twice", (4,)),
            ("manhattan_seeds", (2, 1.0)),
        )
    }  # in nats: how far the counts are from each known fault's rates
    mistake = min(misses, key=misses.__getitem__)
    if misses[mistake] < 16:
        raise Mistake(mistake, **said)
    if count > rate * times:
        expect_single_draw(solution)
        solution.call = call
    expect(False, f"a far point is among two seeds in {count} of {times} calls", f"{times} 次中有 {count} 次抽到了远处的点",
           got=said["got"], expected=said["expected"])  # fmt: skip


NEAR, FAR, AWAY, DRAWN = 24, 10, 2.2, 8  # simplex: so many points at distance 1 from the middle, so many farther away


def simplex():
    """Points on axes of their own: each pair of a kind is equally far apart. The last FAR ones lie farther out."""
    return torch.diag(torch.tensor([1.0] * NEAR + [AWAY] * FAR))


def far_seeds():
    """P(0, 1, … of DRAWN seeds are far ones) for k-means++ on `simplex`, exactly: all that counts is how many are of which kind."""
    near, mixed, far = 2.0, 1 + AWAY**2, 2 * AWAY**2  # D² between two of a kind, and of different kinds
    chances = {(1, 0): NEAR / (NEAR + FAR), (0, 1): FAR / (NEAR + FAR)}
    for _ in range(DRAWN - 1):
        further = dict.fromkeys([*((a + 1, b) for a, b in chances), *((a, b + 1) for a, b in chances)], 0.0)
        for (a, b), chance in chances.items():
            weights = (NEAR - a) * (near if a else mixed), (FAR - b) * (mixed if a else far)
            further[a + 1, b] += chance * weights[0] / sum(weights)
            further[a, b + 1] += chance * weights[1] / sum(weights)
        chances = further
    return [chances.get((DRAWN - b, b), 0.0) for b in range(DRAWN + 1)]


FAR_SEEDS = far_seeds()
FAR_MEAN = sum(n * each for n, each in enumerate(FAR_SEEDS))


def sum_holds(total, calls, alpha=statistics.ALPHA):
    """May `total` be the sum of so many independent draws from FAR_SEEDS?

    Chernoff: P(S ≥ t) ≤ M(λ)^calls · exp(−λt) for each λ > 0, where M is the generating function of one draw's moments;
    likewise below with λ < 0. Any λ gives a bound; the best of some is taken.
    """
    sign = 1 if total > calls * FAR_MEAN else -1
    bounds = (
        calls * math.log(math.fsum(p * math.exp(sign * n * size / 50) for n, p in enumerate(FAR_SEEDS))) - sign * total * size / 50
        for size in range(1, 150)
    )  # fmt: skip
    return min(0.0, *bounds) > math.log(alpha / 2)


def far_counts(solution, calls):
    x = simplex()
    order = torch.randperm(len(x))
    drawn = ask(solution, "seeds", x[order], DRAWN, calls, number(), says=", iterations=0", times=calls)
    return int((drawn.abs().amax(2) > 1.5).sum())


def test_single_draw(solution):
    """Each further seed is one draw, not the best of several candidates: of 8 seeds on a simplex 3.9 are far ones.

    With the best of four candidates (as many as common libraries take for k = 8) it would be 6.4, with the best of two
    5.2. Only where ten calls have more than 45 or fewer than 32, one time in ten, 80 more are made, and only these are
    tested; their mean then differs from 3.86 by more than 0.9, which the best of two does too.
    """
    if 32 <= far_counts(solution, 10) <= 45:
        return
    expect_single_draw(solution)


def expect_single_draw(solution):
    """Of 80 calls the far seeds are as many as k-means++ draws."""
    calls = 80
    total = far_counts(solution, calls)
    if sum_holds(total, calls):
        return
    got = Words(f"{total / calls:.2f} of {DRAWN} seeds", f"{DRAWN} 个种子中 {total / calls:.2f} 个")
    said: dict[str, Any] = {"got": got, "expected": f"{FAR_MEAN:.2f}"}
    if total > calls * FAR_MEAN:
        raise Mistake("far_too_often", mean=total / calls, right=FAR_MEAN, **said)
    expect(
        False,
        f"of {DRAWN} seeds {total / calls:.2f} lie far out instead of {FAR_MEAN:.2f}",
        f"{DRAWN} 个种子中平均有 {total / calls:.2f} 个在外侧，应为 {FAR_MEAN:.2f}",
        **said,
    )


GROUPS, GROUP_CALLS = 10, 6


def test_nearest_seed(solution):
    """D is measured to the nearest seed so far: of ten tight groups each gets one of ten seeds.

    Within a group D² is below 1e-6 (1e-4 where it comes from a difference of squares), across at least 80: of six calls
    three miss a group with probability below 1e-11. Measured to any few of the seeds, a call finds all ten with
    probability below 1e-2.
    """
    middles = torch.tensor([[10.0 * (n % 4) - 15, 10.0 * (n // 4) - 10] for n in range(GROUPS)]) + torch.rand(GROUPS, 2)
    x = (middles[:, None] + torch.randn(GROUPS, 3, 2) * 1e-4).reshape(-1, 2)
    x = x[torch.randperm(len(x))]
    drawn = ask(solution, "seeds", x, GROUPS, GROUP_CALLS, None, says=", iterations=0", times=GROUP_CALLS)
    at = squares(drawn.reshape(-1, 2), middles).argmin(1).reshape(GROUP_CALLS, GROUPS)
    missed = sum(len(set(each)) < GROUPS for each in at.tolist())
    if missed > 2:
        raise Mistake(
            "not_the_nearest",
            missed=missed,
            calls=GROUP_CALLS,
            groups=GROUPS,
            got=Words(
                f"{missed} of {GROUP_CALLS} calls left a group without a seed",
                f"{GROUP_CALLS} 次调用中有 {missed} 次漏掉了一组",
            ),
            expected=Words("none", "没有"),
        )


def test_one_iteration(solution):
    """One iteration moves each seed to the mean of the points nearest to it; a point that is there twice counts twice."""
    agree_from_seeds(solution, [(start(*LONG_WAY), {}, 1), (start(*SWAPS), {}, 1)])


def cascade(steps=125, heavy=150, left=4):
    """Points on a line of which one changes hands in each iteration: from `left` points at 0, a heavy heap at 1, two seeds.

    Each of the points between stands halfway between two successive borders; a fixed point of that rule, found by repetition.
    """
    x = [0.0] * left + [1 - (n + 3) ** -0.5 for n in range(steps)]
    for _ in range(60):
        total, sums = sum(x) + heavy, [0.0]
        for each in x:
            sums.append(sums[-1] + each)
        borders = [0.3] + [(sums[j] / j + (total - sums[j]) / (len(x) + heavy - j)) / 2 for j in range(1, len(x) + 1)]
        x[left:] = [((borders[n - 1] if n > left else 0.3) + borders[n]) / 2 for n in range(left, len(x))]
    return x + [1.0] * heavy


CASCADE = cascade()
SUMS = [math.fsum(CASCADE[:n]) for n in range(len(CASCADE) + 1)]


def slide(seeds):
    """Lloyd's path on CASCADE from two seeds, (mean, mean) after each iteration."""
    path, border = [], sum(seeds) / 2
    at = bisect.bisect(CASCADE, border)
    while True:
        path.append((SUMS[at] / at, (SUMS[-1] - SUMS[at]) / (len(CASCADE) - at)))
        next_ = bisect.bisect(CASCADE, sum(path[-1]) / 2)
        if next_ == at:
            return path
        at = next_


def test_lloyd(solution):
    """Two iterations, and as many as it takes: also on small data and large data, where a fixed tolerance would stop too
    soon or never, and on a path on which clusters swap points."""
    agree_from_seeds(solution, [
        (start(*LONG_WAY), {"scale": "1"}, 2, 100), (start(*LONG_WAY, scale=1e-7), {"scale": "1e-07"}, 2, 100),
        (start(*SWAPS, scale=1e3, dtype=torch.float64), {"scale": "1000"}, 2, 100),
    ])  # fmt: skip


def test_default_iterations(solution):
    """A path of more than 110 steps is cut short by the default, after 100 iterations."""
    problem, path = Start(torch.tensor(CASCADE)[:, None], torch.tensor([[0.0], [1.0]])), slide([0.0, 1.0])
    steps = torch.tensor(path, dtype=torch.float64)

    def off(iterations):
        """How far from each step of the path the centers are."""
        values = from_seeds(solution, problem, iterations)
        if not values:
            raise Unseen
        got = pair(values[0], problem.x, 2)[0].double().flatten()
        return got, (steps - got).abs().amax(1)

    got, strays = off(None)
    if strays[99] > 2e-5:
        call, made = solution.call, int(strays.argmin()) + 1
        given = off(100)[1]
        solution.call = call
        if strays.min() < 2e-5 and given[99] < 2e-5:
            iterations = Words(f"{made} iterations", f"{made} 次迭代")
            raise Mistake("not_a_hundred", made=made, got=iterations, expected="100")
        expect(False, "on a path of more than 110 iterations the centers are not those after 100", "在 110 次以上迭代的路径上，中心不是第 100 次之后的位置",
               got=got, expected=steps[99])  # fmt: skip


def test_stops(solution):
    """Once no label changes it ends: 200 iterations cost no more function calls than 10 (the count is exact, not a time)."""
    x = torch.cat([cloud(10, 2) + 5, cloud(10, 2) - 5])
    short, long = ask(solution, "work", x, 2, (10, 200), number(), says=", iterations=200")
    if long > 5 * short:
        raise Mistake(
            "never_stops",
            short=short,
            long=long,
            got=Words(f"{long} function calls with iterations=200", f"iterations=200 时函数调用 {long} 次"),
            expected=Words(f"{short}, as with 10", f"{short} 次，与 iterations=10 一样"),
        )


def emptied(solution, x, outliers, finds):
    """Centers and labels of runs in which a cluster loses all its points, as worker_side found; None if there were none.

    None of 600 seedings begins so with probability below 1e-14.
    """
    good = [[each, -2.15, 5.7, far] for each in LEFT for far in outliers]
    try:
        value = solution.shared(WORKER).emptied(x, good, 600, finds, number())
    finally:
        solution.call = f"kmeans(x, 4, 50)    x: {tuple(x.shape)} float32"
    if isinstance(value, str):
        raise Mistake("empty_crashes", got=value)
    return value or None


def test_empty_cluster(solution):
    """A cluster that lost its points takes the farthest one: three such runs, found among the seedings of one data set.

    A point taken at random is 5.7 in all three with probability 106^-3 < 1e-6.
    """
    found = emptied(solution, ASLANT, (20.0,), 3)
    if found is None:
        return  # never seeded so: the seeding's checks say more
    centers, labels = found
    filled = [round(each, 3) for each in FILLED.tolist()]
    expected = Words(f"{filled} in some order", f"{filled}，顺序不限")
    first = centers[..., 0].sort(1).values
    if not bool(centers.isfinite().all()):
        raise Mistake("empty_is_nan", got=first[0], expected=Words("four finite centers", "四个有限的中心"))
    used = [len(each.unique()) for each in labels]
    if min(used) < 4:
        raise Mistake(
            "stays_empty", count=sum(each < 4 for each in used), total=len(used), got=first[0], expected=expected
        )
    near = ((first - FILLED).abs() < 1e-3).all(1)
    if bool(near.all()):
        return
    got = first[int((~near).nonzero()[0])]
    settled = all(
        float((ASLANT[own == j].mean(0) - each[j]).abs().max()) < 1e-4
        for each, own in zip(centers, labels, strict=True)
        for j in range(4)
    )
    expect(settled, "the centers are not the means of their points", "中心不是所属点的均值", got=got)
    if bool(((first[:, 2:] - 20.0).abs() < 1e-3).all()):
        closer = emptied(solution, OUT, (20.0, 20.5), 2)
        if closer and bool(((closer[0][..., 0].sort(1).values[:, 2:] - OUT[-2:, 0]).abs() < 1e-3).all()):
            raise Mistake("farthest_of_all", got=got, expected=expected)
        solution.call = f"kmeans(x, 4, 50)    x: {tuple(ASLANT.shape)} float32"
        expect(closer is None, "an empty cluster took a point 1.18 from its center though another was 2.0 away from its own",
               "空簇取走了一个到其所属簇中心 1.18 的点，而另有一个点的这个距离是 2.0", got=got, expected=expected)  # fmt: skip
    raise Mistake("not_the_farthest", count=int((~near).sum()), total=len(used), got=got, expected=expected)


def test_twins(solution):
    """Fewer different points than k: no error, finite centers that are points, each point at its own.

    Once every point coincides with a seed the generator still decides: ten such draws among six points agree by chance
    with probability 6^-10 < 2e-8.
    """
    data = (([1.0, 1.0, 1.0, 1.0], 3), ([0.0, 5.0, 0.0, 5.0, 0.0], 4), ([2.0, 2.0], 2), ([0.0] * 6, 6))
    slope = torch.tensor([1.0, -2.0])
    calls = [(torch.tensor(each)[:, None] * slope, k, n, number()) for each, k in data for n in (0, 1, 100)]
    results = runs(solution, calls)
    for x, k, _, _ in calls:
        try:
            centers, labels = next(results)
        except SubmissionError as error:
            count = len(x.unique(dim=0))
            raise Mistake("twins_crash", k=k, count=count, got=str(error), expected="(centers, labels)") from None
        still, empty = int(centers.isnan().any(1).sum()), k - len(x.unique(dim=0))
        if 0 < still < empty:
            raise Mistake("two_at_once", empty=empty, still=still, got=centers, expected=POINTS)
        en, zh = "a center is not finite", "有中心不是有限值"
        expect(bool(centers.isfinite().all()), en, zh, got=centers, expected=POINTS)
        own = squares(x, centers).gather(1, labels[:, None])
        expect(
            float(own.max()) < 1e-6,
            "a point is away from its center",
            "有点不在自己的中心上",
            got=centers,
            expected=POINTS,
        )
    x, seed, drawn = torch.arange(6.0).repeat(3)[:, None], number(), []
    for each in (7, 8):
        with solution.seeded(each):
            drawn.append(ask(solution, "run", x, 16, 0, seed, says=", iterations=0, generator=g")[0])
    if not torch.equal(*drawn):
        raise Mistake("twins_from_global", got=OTHER_SEEDS, expected=Words("the same", "相同"))


def test_alone(solution):
    """With a point twice and k = n a cluster begins empty; it takes a twin, not a point that is alone.

    With two points twice two begin empty, or with one three times: each takes a point of its own, and what the first one
    left behind may be alone by then.
    """
    twice = torch.arange(14.0).remainder(13)[:, None]
    expect_untouched(solution, [(twice.dtype, lambda: solution.kmeans(twice, 14, 10))])
    data = (
        [20.0, 10.0, 0.0, 0.0],
        [0.0, 0.0, 10.0, 20.0],
        [0.0, 0.0, 5.0, 5.0],
        [0.0, 7.0, -9.0, 7.0, 3.0],
        [5.0, -6.0, 3.0, 3.0],
        [3.0, 8.0, 3.0, 3.0],
        [2.0, 9.0, 2.0, 9.0, 2.0, 9.0],
    )
    calls = [(torch.tensor(each)[:, None], len(each), iterations, number()) for each in data for iterations in (1, 50)]
    for (x, k, _, seed), (centers, labels) in zip(calls, runs(solution, calls), strict=True):
        d = squares(x, centers)
        if bool(centers.isnan().any()) or float(d.min(1).values.max()) > 1e-6:
            call = solution.call
            who_lost(next(runs(solution, [(x, k, 0, seed)]))[0], centers, call, solution, x)
        expect(float(d.gather(1, labels[:, None]).max()) < 1e-6, "a point is away from its center", "有点不在自己的中心上",
               got=labels, expected=Words("the nearest centers", "最近的中心"))  # fmt: skip


def who_lost(seeds, centers, call, solution, x):
    """A center that was the only one at its point lost it; the others, seeds at one point, began without points."""
    solution.call = call
    twins = (squares(seeds, seeds) < 1e-6).sum(1) > 1
    lost, found = centers.isnan().any(1), {"got": centers.flatten(), "expected": str(x.flatten().tolist())}
    if bool((lost & ~twins).any()):
        raise Mistake("takes_one_alone", **found)
    empty, still = len(x) - len(x.unique(dim=0)), int(lost.sum())
    if 0 < still < empty:
        raise Mistake("two_at_once", empty=empty, still=still, **found)
    expect(not still, "a cluster that began empty stayed empty", "一开始就空的簇一直空着", **found)
    expect(False, "a point has no center of its own, though k = n", "k = n 时有点没有自己的中心", **found)


def test_ends(solution):
    """k = 1 gives the mean, k = n every point its own cluster, one point itself.

    A point that is no seed is all eight seeds by chance below 1e-7.
    """
    x = cloud(9, 3)
    pairs = [(x, 1, iterations, seed) for seed in (number() for _ in range(8)) for iterations in (0, 100)]
    found = [
        (*each, solution.call) for each in runs(solution, [*pairs, (x, 9, 100, number()), (x[:1], 1, 100, number())])
    ]
    drawn, told = ([centers for centers, *_ in found[n:16:2]] for n in (0, 1))
    centers, labels, solution.call = found[1]
    if all(map(torch.equal, drawn, told)) and float((centers - x.mean(0)).abs().max()) > 1e-5:
        raise Mistake("mean_of_all", got=centers, expected=x.mean(0))
    expect(float((centers.double() - x.double().mean(0)).abs().max()) < 1e-5 and not labels.any(), "with k = 1 the center is not the mean",
           "k = 1 时中心不是均值", got=centers, expected=x.mean(0))  # fmt: skip
    centers, labels, solution.call = found[16]
    expect(len(labels.unique()) == 9 and float(squares(x, centers).gather(1, labels[:, None]).max()) < 1e-9, "with k = n a point shares its cluster",
           "k = n 时有点与别的点同簇", got=labels, expected=Words("nine different labels", "九个不同的标签"))  # fmt: skip
    centers, labels, solution.call = found[17]
    en, zh = "one point is not its own center", "只有一个点时，中心不是它自己"
    expect(float((centers - x[:1]).abs().max()) < 1e-6, en, zh, got=centers, expected=x[:1])


def heaps():
    """5003 points in three far heaps of 2503, 1500 and 1000, in no order, and the heap of each."""
    at = torch.cat([torch.zeros(2503), torch.ones(1500), torch.full((1000,), 2.0)]).long()[torch.randperm(5003)]
    return torch.tensor([[0.0, 300.0], [400.0, 0.0], [-400.0, -300.0]])[at] + torch.randn(5003, 2) * 0.01, at


def test_shapes(solution):
    """One dimension, many dimensions, points that are not contiguous; and thousands of points.

    Three heaps that each get a seed (not so in a call with probability 1e-6, in two calls 1e-12) are three clusters.
    """
    data = (
        ("d = 1", "d = 1", cloud(30, 1)),
        ("d = 20", "d = 20", cloud(30, 20)),
        ("a transpose", "x = y.t()", cloud(3, 30).t()),
        ("a slice", "x = y[::2, 1:4]", cloud(60, 6)[::2, 1:4]),
        ("n = 2", "n = 2", cloud(2, 2)),
    )
    found = [
        (*each, expect_contiguous_alike(solution, lambda x: solution.kmeans(x, 2), each[2]), solution.call)
        for each in data
    ]
    for name, zh, x, value, solution.call in found:
        centers, labels = pair(value, x, 2)
        expect(
            bool(agree(x, centers, labels).all()), f"the labels are wrong for {name}", f"{zh} 时标签不对", got=labels
        )
        means = torch.stack([x[labels == j].double().mean(0) for j in range(2)])
        expect(
            float((means - centers.double()).abs().max()) < 1e-4,
            f"the centers are not the means for {name}",
            f"{zh} 时中心不是均值",
            got=centers,
        )
    x, at = heaps()
    want = torch.stack([x[at == j].double().mean(0) for j in range(3)]), at
    if not any(same(x, next(runs(solution, [(x, 3, 10, number())])), want, tol=2e-6) for _ in range(2)):
        expect(False, "three far heaps of 5003 points together are not the three clusters", "5003 个点分成相距很远的三堆，得到的却不是这三个簇")  # fmt: skip


def test_device(solution):
    """Everything is made where x lives: seen with a tensor that poses as living on another device."""
    expect_on_device(lambda: solution.device_of("kmeans", cloud(20, 2), 3))

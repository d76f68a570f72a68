"""Checks for `kmeans(x, k, iterations=100, generator=None)`.

Seeds are seen with `iterations=0`. Their distribution is compared with the exact one of k-means++ (Chernoff, ALPHA = 1e-11
each, fewer than thirty such tests, so a right answer is turned away with probability below 1e-9 a run); about 500 small
calls are made, so that a plain Python loop is judged in time. Lloyd's part is compared with `lloyd` in float64, started
from the very seeds that the submission returns at the same seed of the generator, on data where no point ever is near a
border: rounding decides nothing, and the order of the centers is free. Where the prompt leaves room (what counts as "far"
while centers move, when an empty cluster is filled) the data are chosen so that every reading ends in the same clusters.
"""

import torch

from interview.grading import statistics
from interview.grading.faults import SubmissionError
from interview.grading.suite import Mistake, expect, expect_tensor

HELPER = '''
import sys

import torch


def run(x, k, iterations, seed):
    return submission.kmeans(x, k, iterations=iterations, generator=torch.Generator().manual_seed(seed))


def default(x, k, seed):
    return submission.kmeans(x, k, generator=torch.Generator().manual_seed(seed))


def seeds(x, k, times, seed=None):
    """The centers of `times` calls without iterations, from one generator (None: torch's global one)."""
    generator = None if seed is None else torch.Generator().manual_seed(seed)
    return torch.stack([submission.kmeans(x.clone(), k, 0, generator)[0] for _ in range(times)])


def ways(x, k, iterations, seed):
    """By position and by name."""
    a = submission.kmeans(x.clone(), k, iterations, torch.Generator().manual_seed(seed))
    b = submission.kmeans(x=x.clone(), k=k, iterations=iterations, generator=torch.Generator().manual_seed(seed))
    return [*a, *b]




def work(x, k, iterations, seed):
    """How many function calls Python makes on the way."""
    count = 0

    def seen(frame, event, argument):
        nonlocal count
        count += 1

    generator = torch.Generator().manual_seed(seed)
    sys.setprofile(seen)
    try:
        submission.kmeans(x, k, iterations, generator)
    finally:
        sys.setprofile(None)
    return count


def emptied(x, good, tries, finds, seed):
    """Runs to the end from seeds among `good` (sorted values of a 1-d problem): centers, labels and how many were found."""
    found, k = [], len(good[0])
    for n in range(tries):
        own = torch.Generator().manual_seed(seed + n)
        start = submission.kmeans(x.clone(), k, 0, own)[0]
        values = sorted(round(each, 3) for each in start.flatten().tolist())
        if values in good:
            found.append(submission.kmeans(x.clone(), k, 50, torch.Generator().manual_seed(seed + n)))
            if len(found) == finds:
                break
    return [torch.stack([a for a, _ in found]), torch.stack([b for _, b in found])] if found else []
'''

# From seeds (one of the first eight, −2.15, 5.7) the middle cluster loses its points to both sides after one iteration.
# 5.7 then lies farthest from its center, whether that is the old one or the new mean; 6 % of all seedings begin so.
LOSES = [-4.56, -4.35, -4.31, -4.19, -4.11, -3.88, -3.86, -3.57, -2.15, 1.77, 2.15, 3.23, 5.7]
GOOD = [[each, -2.15, 5.7] for each in LOSES[:8]]
# With two points far out, close together, the same happens; these are farthest from the mean of all, but not from their own center.
OUTLIERS = [20.0, 20.5]
GOOD_WITH_OUTLIERS = [[each, -2.15, 5.7, far] for each in LOSES[:8] for far in OUTLIERS]


def bench(solution):
    if "bench" not in vars(solution):
        solution.bench = solution.build(HELPER)
    return solution.bench


def ask(solution, name, x, k, *args, says=""):
    try:
        return getattr(bench(solution), name)(x, k, *args)
    finally:
        solution.call = f"kmeans(x, {k}{says})    x: {tuple(x.shape)} {str(x.dtype).removeprefix('torch.')}"


def number():
    return int(torch.randint(1 << 40, ()))


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
    expect_tensor(centers, shape=(k, x.shape[1]))
    expect_tensor(labels, shape=(len(x),))
    if labels.dtype is not torch.int64:
        raise Mistake(
            "labels_dtype", came=str(labels.dtype).removeprefix("torch."), got=labels.dtype, expected="torch.int64"
        )
    expect(
        bool(((labels >= 0) & (labels < k)).all()),
        "a label is not in 0 … k−1",
        "有标签不在 0 … k−1 内",
        got=labels,
        expected=f"0 … {k - 1}",
    )
    return centers.detach(), labels


def run(solution, x, k, iterations=100, seed=None):
    seed = number() if seed is None else seed
    return pair(ask(solution, "run", x, k, iterations, seed, says=f", iterations={iterations}"), x, k)


def squares(x, centers):
    return ((x.double()[:, None] - centers.double()) ** 2).sum(2)


def agree(x, centers, labels):
    """Is each point's center its nearest, up to rounding?"""
    d = squares(x, centers)
    own = d.gather(1, labels[:, None]).squeeze(1)
    scale = float(x.double().abs().max()) ** 2 + 1e-300
    return own <= d.min(1).values + 1e-4 * scale


def lloyd(x, seeds, iterations, middle="mean"):
    """Centers and labels after so many iterations from these seeds; None where a point came near a border, or a cluster lost all."""
    x, centers, labels = x.double(), seeds.double(), None
    scale = float(x.abs().max()) ** 2
    for n in range(iterations + 1):
        d = squares(x, centers)
        low = d.topk(2, largest=False).values
        if float((low[:, 1] - low[:, 0]).min()) < 2e-4 * scale:
            return None
        new = d.argmin(1)
        if len(new.unique()) < len(centers):
            return None
        if n == iterations or (labels is not None and torch.equal(new, labels)):
            return centers, new, n
        labels = new
        centers = torch.stack([getattr(x[labels == j], middle)(0) if middle == "mean" else x[labels == j].median(0).values
                               for j in range(len(centers))])  # fmt: skip
    return None


def same(x, got, want, tol=1e-4, labels=True):
    """The same centers in some order, and the labels that go with them (unless `labels` is false)."""
    centers, given = got
    d = ((centers.double()[:, None] - want[0]) ** 2).sum(2).sqrt()
    order = d.argmin(1)
    close = bool((d.min(1).values <= tol * float(x.double().abs().max())).all()) and len(order.unique()) == len(order)
    return close and (not labels or torch.equal(order[given], want[1]))


def cloud(n=50, d=2, dtype=torch.float32):
    return (torch.rand(n, d, dtype=torch.float64) * 2 - 1).to(dtype)


def started(solution, x, k, wanted, tries=12):
    """A generator's seed, the seeds it gives and Lloyd's path from them, on data where that path is far from every border."""
    for _ in range(tries):
        seed = number()
        centers, _ = run(solution, x, k, 0, seed)
        path = lloyd(x, centers, 100)
        if path is not None and path[2] >= wanted:
            return seed, centers
    return None


def test_interface(solution):
    """(centers, labels), by position and by name, 100 iterations and the global generator by default."""
    x = cloud(20, 3)
    value = pair(solution.kmeans(x, 4), x, 4)
    expect(
        value[0].is_floating_point(),
        "the centers are not floating point",
        "centers 不是浮点数",
        got=value[0].dtype,
        expected=x.dtype,
    )
    a, b, c, d = ask(solution, "ways", x, 3, 5, number(), says=", 5, generator)")
    expect(torch.equal(a, c) and torch.equal(b, d), "by name the arguments give another result than by position",
           "按名字与按位置传参的结果不同", got=c, expected=a)  # fmt: skip


def refuses(solution, x, k):
    try:
        solution.kmeans(x, k)
    except (ValueError, AssertionError):
        return True
    return False


def test_range_of_k(solution):
    """k < 1 and k > n are refused; 1 and n are not."""
    x = cloud(6, 2)
    refused = [k for k in (3, 1, 6) if refuses(solution, x, k)]
    if refused == [6]:
        raise Mistake("n_refused", got="k = n = 6 refused")
    expect(
        not refused,
        f"k = {refused and refused[0]} of 6 points was refused",
        f"6 个点时 k = {refused and refused[0]} 被拒绝",
    )
    let_in = []
    for k in (0, -1, 7, 20):
        try:
            if not refuses(solution, x, k):
                let_in.append(k)
        except SubmissionError as error:
            raise Mistake("no_check_of_k", k=k, got=str(error), expected="ValueError") from None
    if let_in:
        raise Mistake("no_check_of_k", k=let_in[0], got="accepted", expected="ValueError")


def test_seeds_are_points(solution):
    """Without iterations the centers are k different points of x."""
    x = cloud(30, 2)
    for k in (1, 3, 8, 30):
        centers, _ = run(solution, x, k, 0)
        d = squares(x, centers)
        at = d.argmin(0)
        if not bool((d.min(0).values < 1e-10).all()):
            raise Mistake(
                "seeds_not_points",
                got=f"a seed {float(d.min(0).values.max().sqrt()):.3g} from the nearest point",
                expected="points of x",
            )
        if len(at.unique()) < k:
            raise Mistake(
                "seed_drawn_twice",
                k=k,
                count=len(at.unique()),
                got=f"{len(at.unique())} different seeds",
                expected=f"{k}",
            )


def test_first_seed(solution):
    """The first seed is each of five points in a fifth of 130 calls."""
    x = torch.tensor([[0.0, 1.0], [3.0, -1.0], [-2.0, 0.5], [9.0, 4.0], [0.5, 0.0]])
    drawn = ask(solution, "seeds", x, 1, 130, number(), says=", iterations=0), 130 times")
    counts = squares(drawn.reshape(130, 2), x).argmin(1).bincount(minlength=5).tolist()
    if max(counts) == 130:
        index = counts.index(130)
        if all(
            torch.equal(run(solution, x, 1, 0)[0][0], x[index]) for _ in range(8)
        ):  # other generators: by chance 5^-8
            raise Mistake(
                "first_seed_fixed",
                index=index,
                got=f"point {index} in each of 130 calls",
                expected="each point in a fifth",
            )
    bad = statistics.each_rate_holds(counts, 130, 0.2)
    expect(
        bad is None,
        "the first seed is not drawn uniformly",
        "第一个种子不是均匀抽取的",
        got=f"{counts} of 130",
        expected="each point in a fifth",
    )


def share(x, far, power, norm=2.0):
    """P(one of two seeds is the point `far`), when the second is drawn with probability D^power/ΣD^power."""
    d = squares(x, x).sqrt() if norm == 2.0 else (x.double()[:, None] - x.double()).abs().sum(2)
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
    drawn = ask(solution, "seeds", x, 2, times, number(), says=f", iterations=0), {times} times")
    expect(
        bool((drawn != drawn[:1]).any()),
        f"{times} calls in a row drew the same two seeds",
        f"连续 {times} 次调用抽到了同样的两个种子",
    )
    count = int((squares(drawn.reshape(2 * times, d), x[at : at + 1]).reshape(times, 2).min(1).values < 1e-6).sum())
    return x, at, count


def test_squared_distances(solution):
    """The second seed is drawn with D²: a point 13 away from 100 others is among two seeds about every second time.

    It would be every tenth time with D, every fiftieth uniformly, nearly always with D⁴ or the farthest point: 200 calls
    tell these apart with a miss below 1e-7.
    """
    times = 200
    x, at, count = shared(solution, 101, 13.0, 10, times)
    rate = share(x, at, 2)
    if statistics.rate_holds(count, times, rate):
        return
    other, place, again = shared(solution, 61, 9.0, 2, times)
    said = {
        "share": count / times,
        "right": rate,
        "got": f"{count} of {times}",
        "expected": f"about {rate * times:.0f}",
    }
    if count == times and again == times:
        raise Mistake("farthest_point", **said)
    misses = {
        mistake: times
        * (statistics.kl(count / times, share(x, at, *kind)) + statistics.kl(again / times, share(other, place, *kind)))
        for mistake, kind in (
            ("uniform_seeds", (0,)),
            ("distance_not_squared", (1,)),
            ("squared_twice", (4,)),
            ("manhattan_seeds", (2, 1.0)),
        )
    }  # in nats: how far both counts are from each known fault's rates
    mistake = min(misses, key=misses.__getitem__)
    if misses[mistake] < 12:
        raise Mistake(mistake, **said)
    expect(False, f"a far point is among two seeds in {count} of {times} calls", f"{times} 次中有 {count} 次抽到了远处的点",
           got=f"{count} of {times}", expected=f"about {rate * times:.0f}")  # fmt: skip


def test_nearest_seed(solution):
    """D is measured to the nearest seed so far: of three tight groups each gets a seed.

    Within a group D² is below 1e-5, across at least 100; three calls of 40 miss a group with probability below 1e-11.
    """
    x = torch.cat([torch.randn(8, 2) * 1e-3 + torch.tensor(each) for each in ([0.0, 0.0], [10.0, 0.0], [-3.0, 12.0])])
    x = x[torch.randperm(24)]
    drawn = ask(solution, "seeds", x, 3, 40, None, says=", iterations=0), 40 times")
    d = squares(drawn.reshape(120, 2), torch.tensor([[0.0, 0.0], [10.0, 0.0], [-3.0, 12.0]])).argmin(1).reshape(40, 3)
    missed = sum(len(set(each)) < 3 for each in d.tolist())
    if missed > 2:
        raise Mistake(
            "not_the_nearest", missed=missed, got=f"{missed} of 40 calls left a group without a seed", expected="none"
        )


def test_generator(solution):
    """All draws come from the generator given, or from torch's global one; neither is reseeded, and each call draws anew.

    Eight seeds of 64 points agree by chance with probability below 1e-9, twice in a row below 1e-18.
    """
    x = cloud(64, 2)
    one, two = ask(solution, "seeds", x, 8, 2, number(), says=", iterations=0, generator=g), twice")
    if torch.equal(one, two):
        raise Mistake("generator_reseeded", got="two calls with one generator drew the same seeds")
    own = number()
    drawn = []
    for seed, other in ((7, 1), (8, 2)):
        with solution.seeded(seed, other=other):
            drawn.append(ask(solution, "run", x, 8, 0, own, says=", iterations=0, generator=g)")[0])
            reseeded = solution.reseeded
        if reseeded:
            raise Mistake("reseeds", got="torch.initial_seed() changed")
    if not torch.equal(*drawn):
        raise Mistake(
            "generator_ignored", got="the same generator, another global seed: other seeds", expected="the same"
        )
    if torch.equal(drawn[0], ask(solution, "run", x, 8, 0, own + 1)[0]):
        raise Mistake("generator_ignored", got="another generator, the same seeds", expected="other ones")
    with solution.seeded(7, other=1):
        first, _ = pair(solution.kmeans(x, 8, 0), x, 8)
        reseeded = solution.reseeded
    if reseeded:
        raise Mistake("reseeds", got="torch.initial_seed() changed")
    with solution.seeded(7, other=2):
        second, _ = pair(solution.kmeans(x, 8, 0), x, 8)
    with solution.seeded(8, other=1):
        third, _ = pair(solution.kmeans(x, 8, 0), x, 8)
    if not torch.equal(first, second) or torch.equal(first, third):
        raise Mistake("other_source", got="torch.manual_seed does not decide the seeds")


def test_one_iteration(solution):
    """One iteration moves each seed to the mean of the points nearest to it."""
    for k in (3, 5):
        x = cloud()
        found = started(solution, x, k, 1)
        if found is None:
            continue
        got = run(solution, x, k, 1, found[0])
        want = lloyd(x, found[1], 1)
        if want is not None and not same(x, got, want, labels=False):
            medians = lloyd(x, found[1], 1, "median")
            if medians is not None and same(x, got, medians, labels=False):
                raise Mistake("medians", got=got[0][0], expected=want[0][0])
            expect(not same(x, got, lloyd(x, found[1], 0), labels=False), "after one iteration the centers are still the seeds",
                   "一次迭代之后中心仍是种子")  # fmt: skip
            expect_centers(got, want)


def expect_centers(got, want):
    d = ((got[0].double()[:, None] - want[0]) ** 2).sum(2).sqrt().min(1).values
    at = int(d.argmax())
    expect(False, f"center {at} is {float(d[at]):.3g} from the one it should be", f"第 {at} 个中心与应有的位置相差 {float(d[at]):.3g}",
           got=got[0][at], expected=want[0][((want[0] - got[0][at].double()) ** 2).sum(1).argmin()])  # fmt: skip


def test_lloyd(solution):
    """Two iterations, and as many as it takes: small data and large data, where a fixed tolerance would stop too soon or never."""
    measured = False
    for k, size, dtype in ((4, 1.0, torch.float32), (3, 1e-3, torch.float32), (4, 1e3, torch.float64)):
        x = cloud(dtype=dtype) * size
        found = started(solution, x, k, 5, tries=12 if size < 1 else 40)
        if found is None:
            continue
        measured = measured or size >= 1  # only then is a fault on small data one of its size
        two, end = lloyd(x, found[1], 2), lloyd(x, found[1], 100)
        got_two = run(solution, x, k, 2, found[0])
        if not same(x, got_two, two):
            one, three = lloyd(x, found[1], 1), lloyd(x, found[1], 3)
            if size >= 1 and three is not None and same(x, got_two, three):
                raise Mistake("one_iteration_too_many", got="three iterations with iterations=2")
            if size >= 1 and one is not None and same(x, got_two, one):
                raise Mistake("one_iteration_too_few", got="one iteration with iterations=2")
            if same(x, got_two, end):
                raise Mistake("iterations_ignored", got="with iterations=2 it went on to the end")
        got = pair(ask(solution, "default", x, k, found[0]), x, k)
        if not same(x, got, end):
            if measured and size < 1 and agree(x, *got).all():
                raise Mistake("stops_too_soon", scale=f"{size:g}", got=got[0][0], expected=end[0][0])
            expect_centers(got, end)
        if not same(x, got_two, two):
            if measured and size < 1:
                raise Mistake("stops_too_soon", scale=f"{size:g}", got=got_two[0][0], expected=two[0][0])
            expect_centers(got_two, two)


def test_labels_agree(solution):
    """Each point's center is its nearest, also when the iterations ended before the labels settled."""
    for iterations in (0, 1, 2, 3, 100):
        for _ in range(2 if iterations in (1, 2) else 1):
            x = cloud(120, 2)
            centers, labels = run(solution, x, 6, iterations)
            good = agree(x, centers, labels)
            if not bool(good.all()):
                wrong = int((~good).sum())
                if iterations in (1, 2, 3):
                    raise Mistake(
                        "stale_labels",
                        iterations=iterations,
                        wrong=wrong,
                        got=f"{wrong} of 120 points have a nearer center",
                    )
                expect(False, f"{wrong} of 120 points have a nearer center than their own", f"120 个点中有 {wrong} 个离别的中心更近",
                       got=f"{wrong} points, iterations={iterations}", expected="0")  # fmt: skip


def test_stops(solution):
    """Once no label changes it ends: 200 iterations cost no more function calls than 10 (the count is exact, not a time)."""
    x = torch.cat([cloud(10, 2) + 5, cloud(10, 2) - 5])
    seed = number()
    short = ask(solution, "work", x, 2, 10, seed, says=", iterations=10)")
    long = ask(solution, "work", x, 2, 200, seed, says=", iterations=200)")
    if long > 5 * short:
        raise Mistake(
            "never_stops",
            short=short,
            long=long,
            got=f"{long} function calls with iterations=200",
            expected=f"{short}, as with 10",
        )


def test_empty_cluster(solution):
    """A cluster that lost its points takes the farthest one; seven such runs, found among the seedings of one data set, and three of another."""
    x = torch.tensor(LOSES)[:, None]
    try:
        value = bench(solution).emptied(x, GOOD, 600, 7, number())
    except SubmissionError as error:
        raise Mistake("empty_crashes", got=str(error)) from None
    finally:
        solution.call = "kmeans(x, 3, 50)    x: (13, 1) float32"
    if not value:
        return  # never seeded so: the seeding's checks say more
    centers, labels = value
    if not bool(centers.isfinite().all()):
        raise Mistake("empty_is_nan", got=centers[0], expected="three finite centers")
    used = [len(each.unique()) for each in labels]
    if min(used) < 3:
        raise Mistake(
            "stays_empty",
            count=sum(each < 3 for each in used),
            total=len(used),
            got=centers[0],
            expected="[-3.887, 2.383, 5.7] in some order",
        )
    want = torch.tensor([-3.8866667, 2.3833333, 5.7])
    near = ((centers.squeeze(2).sort(1).values - want).abs() < 1e-3).all(1)
    if not bool(near.all()):
        wrong = int((~near).sum())
        settled = all(
            float((x[own == j].mean() - each[j]).abs()) < 1e-4
            for each, own in zip(centers, labels, strict=True)
            for j in range(3)
        )
        expect(
            settled,
            "the centers are not the means of their points",
            "中心不是所属点的均值",
            got=centers[int((~near).nonzero()[0])].flatten(),
        )
        raise Mistake(
            "not_the_farthest",
            count=wrong,
            total=len(used),
            got=centers[int((~near).nonzero()[0])].flatten(),
            expected="[-3.887, 2.383, 5.7] in some order",
        )
    x = torch.tensor(LOSES + OUTLIERS)[:, None]
    value = bench(solution).emptied(x, GOOD_WITH_OUTLIERS, 600, 3, number())
    solution.call = "kmeans(x, 4, 50)    x: (15, 1) float32"
    if not value:
        return
    centers = value[0].squeeze(2).sort(1).values
    said = {"got": centers[0], "expected": "[-3.887, 2.383, 5.7, 20.25] in some order"}
    if bool(((centers[:, 2:] - torch.tensor(OUTLIERS)).abs() < 1e-3).all()):
        raise Mistake("farthest_of_all", **said)
    good = (centers - torch.tensor([-3.8866667, 2.3833333, 5.7, 20.25])).abs() < 1e-3
    expect(
        bool(good.all()),
        "an empty cluster did not take the point farthest from its own center",
        "空簇取走的不是离自己的中心最远的点",
        **said,
    )


def test_alone(solution):
    """With a point twice and k = n a cluster begins empty; it takes a twin, not a point that is alone."""
    for values in ([20.0, 10.0, 0.0, 0.0], [0.0, 0.0, 10.0, 20.0], [0.0, 7.0, -9.0, 7.0, 3.0], [5.0, -6.0, 3.0, 3.0]):
        x = torch.tensor(values)[:, None]
        for iterations in (1, 1, 2, 50):
            centers, labels = run(solution, x, len(values), iterations)
            if bool(centers.isnan().any()) or float(squares(x, centers).gather(1, labels[:, None]).max()) > 1e-6:
                raise Mistake("takes_one_alone", got=centers.flatten(), expected=str(values))


def test_twins(solution):
    """Fewer different points than k: no error, finite centers that are points, each point at its own."""
    for values, k in (([1.0, 1.0, 1.0, 1.0], 3), ([0.0, 5.0, 0.0, 5.0, 0.0], 4), ([2.0, 2.0], 2), ([0.0] * 6, 6)):
        x = torch.tensor(values)[:, None] * torch.tensor([1.0, -2.0])
        for iterations in (0, 100):
            try:
                centers, labels = run(solution, x, k, iterations)
            except SubmissionError as error:
                raise Mistake(
                    "twins_crash", k=k, count=len(set(values)), got=str(error), expected="(centers, labels)"
                ) from None
            expect(
                bool(centers.isfinite().all()),
                "a center is not finite",
                "有中心不是有限值",
                got=centers,
                expected="points of x",
            )
            own = squares(x, centers).gather(1, labels[:, None])
            expect(
                float(own.max()) < 1e-6,
                "a point is away from its center",
                "有点不在自己的中心上",
                got=centers,
                expected="points of x",
            )


def test_ends(solution):
    """k = 1 gives the mean, k = n every point its own cluster, one point itself."""
    x = cloud(9, 3)
    centers, labels = run(solution, x, 1)
    if bool((squares(x, centers) < 1e-10).any()):
        raise Mistake("mean_of_all", got=centers, expected=x.mean(0))
    expect(float((centers.double() - x.double().mean(0)).abs().max()) < 1e-5 and not labels.any(), "with k = 1 the center is not the mean",
           "k = 1 时中心不是均值", got=centers, expected=x.mean(0))  # fmt: skip
    centers, labels = run(solution, x, 9)
    expect(len(labels.unique()) == 9 and float(squares(x, centers).gather(1, labels[:, None]).max()) < 1e-9, "with k = n a point shares its cluster",
           "k = n 时有点与别的点同簇", got=labels, expected="nine different labels")  # fmt: skip
    centers, labels = run(solution, x[:1], 1)
    expect(
        float((centers - x[:1]).abs().max()) < 1e-6,
        "one point is not its own center",
        "只有一个点时，中心不是它自己",
        got=centers,
        expected=x[:1],
    )


def test_dtypes(solution):
    """float32 and float64 come back as they went in, labels are int64."""
    for dtype in (torch.float32, torch.float64):
        for iterations in (0, 10):
            centers, _ = run(solution, cloud(20, 3, dtype), 3, iterations)
            if centers.dtype is not dtype:
                came, went = (str(each).removeprefix("torch.") for each in (centers.dtype, dtype))
                raise Mistake("dtype_changed", came=came, went=went, got=came, expected=went)


def test_shapes(solution):
    """One dimension, many dimensions, and points that are not contiguous."""
    for name, x in (
        ("d = 1", cloud(30, 1)),
        ("d = 20", cloud(30, 20)),
        ("a transpose", cloud(3, 30).t()),
        ("a slice", cloud(60, 6)[::2, 1:4]),
        ("n = 2", cloud(2, 2)),
    ):
        try:
            centers, labels = run(solution, x, 2)
        except SubmissionError as error:
            if error.type == "RuntimeError" and "view size is not compatible" in error.text:
                raise Mistake("needs_contiguous", got=str(error)) from None
            raise
        expect(
            bool(agree(x, centers, labels).all()), f"the labels are wrong for {name}", f"{name} 时标签不对", got=labels
        )
        means = torch.stack([x[labels == j].double().mean(0) for j in range(2)])
        expect(
            float((means - centers.double()).abs().max()) < 1e-4,
            f"the centers are not the means for {name}",
            f"{name} 时中心不是均值",
            got=centers,
        )


def test_input_untouched(solution):
    """x holds the same bits afterwards, also when a cluster is filled."""
    for x, k, iterations in (
        (cloud(20, 2), 3, 100),
        (cloud(20, 2), 3, 0),
        (torch.tensor([[0.0], [0.0], [4.0]]), 3, 10),
    ):
        solution.kmeans(x, k, iterations)
        if solution.changed:
            raise Mistake("changes_the_input", iterations=iterations)


def test_device(solution):
    """Everything is made where x lives: seen with a tensor that poses as living on another device."""
    match solution.device_of("kmeans", cloud(20, 2), 3):
        case "mixed":
            raise Mistake("made_on_cpu", got="a CPU tensor met x on another device")
        case "here":
            raise Mistake("made_on_cpu", got="the result stayed on the CPU")

"""Checks for `LockedDropout(p=0.5)` and `embedding_dropout(weight, ids, p=0.1, training=True)`.

Each statistical test spends at most ALPHA = 1e-11 of false alarm, and there are fewer than a hundred of them. About 160,000
coins are drawn in all, so that a plain Python loop is judged in time. A named fault is missed with probability below
1e-6: rates by Chernoff at sizes where the known wrong rate (1-p for p) lies many intervals away, shared masks by
hundreds of coins that would have to agree. Inputs have both signs and no zeros; p is rarely one half.
"""

import itertools

import torch

from interview.grading.checks import statistics
from interview.grading.checks.expect import (
    REFUSALS,
    Bar,
    Mask,
    Mistake,
    Unseen,
    Words,
    expect,
    expect_equal,
    expect_tensor,
    name_of,
)
from interview.grading.checks.masks import ULP4, expect_lags, same, signed
from interview.grading.checks.solution import ForbiddenCall, SubmissionError

TOLERANCE = {
    torch.float16: 1e-2,
    torch.bfloat16: 4e-2,
    torch.float32: ULP4,
    torch.float64: ULP4,
}  # a mask scaled in float32 is fine
OUTSIDE = (-0.1, 1.1, -3.0, 2.0)
GROUPS = {
    "small": "|x| 均值 < 1.25",
    "large": "|x| 均值 >= 1.25",
    "positive": "x[:, 0] > 0",
    "negative": "x[:, 0] < 0",
    "zero": "x[:, 0] = 0",
}


HELPER = """
import torch


def masks(x, p, times):
    return torch.stack([y[:, 0] != 0 for y in again(submission.LockedDropout(p), x, times)])


def words(weight, ids, p, times):
    found = again(lambda each: submission.embedding_dropout(each, ids.clone(), p, True), weight, times)
    return torch.stack([y[..., 0] != 0 for y in found])


def forward(x, p=None, training=True):
    module = submission.LockedDropout() if p is None else submission.LockedDropout(p)
    module.train(training)
    return module(x)


def two(x, p, q):
    a, b = submission.LockedDropout(p), submission.LockedDropout(q)
    return [each(x.clone())[:, 0] != 0 for each in (a, b, a, b)]


def outputs(calls):
    found = []
    for x, weight, ids, p, training in calls:
        module = submission.LockedDropout(p)
        module.train(training)
        found += [module(x), submission.embedding_dropout(weight, ids, p, training)]
    return found
"""


def bench(solution):
    if "bench" not in vars(solution):
        solution.bench = solution.build(HELPER)
    return solution.bench


def masks(solution, x, p, times):
    """Which cells survive each of so many forwards of one module; made in the worker, for a small call costs less than its journey."""
    try:
        found = bench(solution).masks(x, p, times)
    finally:
        solution.call = f"LockedDropout({p})(x) × {times}    x: {tuple(x.shape)} float32"
    return expect_tensor(found, shape=(times, x.shape[0], x.shape[2]), dtype=torch.bool)


def words(solution, weight, ids, p, times):
    try:
        found = bench(solution).words(weight, ids, p, times)
    finally:
        solution.call = f"embedding_dropout(weight, ids, {p}, True) × {times}    weight: {tuple(weight.shape)} float32"
    return expect_tensor(found, shape=(times, *ids.shape), dtype=torch.bool)


def layer(solution, *args, **named):
    """A module that the report shows with its own arguments."""
    module = solution.LockedDropout(*args, **named)
    module._shown = solution.call
    solution._names[module._shown] = solution._names[f"{module._shown}.eval()"] = ["x"]
    return module


def switch(module, training):
    """train() or eval()."""
    module.train(training)
    module._shown = module._shown.removesuffix(".eval()") + ("" if training else ".eval()")


def forwards(solution, calls):
    """What modules made for (x), (x, p) or (x, p, training) return, in one journey; an exception that refuses p too."""
    for (x, *rest), y in zip(calls, bench(solution).forward.each(calls, catch=REFUSALS), strict=True):
        p, training = (*rest, *("", True)[len(rest) :])
        shown = f"p={p:.6g}" if rest else ""
        solution.call = (
            f"LockedDropout({shown}){'' if training else '.eval()'}(x)    x: {tuple(x.shape)} {name_of(x.dtype)}"
        )
        yield y


def lock(solution, x, p):
    return expect_tensor(layer(solution, p)(x), shape=x.shape)


def embed(solution, weight, ids, p, training=True):
    return expect_tensor(solution.embedding_dropout(weight, ids, p, training), shape=(*ids.shape, weight.shape[1]))


def kept(module, b, c, t=2):
    """Which (sample, feature) cells survive one forward, read at the first step."""
    return expect_tensor(module(signed(b, t, c)), shape=(b, t, c))[:, 0] != 0


def kept_types(solution, v, p):
    """Which of v word types survive one call, read from a single look-up of each."""
    return embed(solution, signed(v, 2), torch.arange(v), p)[:, 0] != 0


def test_from_scratch(solution):
    """No ready-made dropout is called, in training or in eval, whether or not its refusal is caught."""
    raised = 0
    for training in (True, False):
        for call in ("locked", "embedding"):
            try:
                if call == "locked":
                    module = layer(solution, 0.3)
                    switch(module, training)
                    module(signed(2, 3, 4))
                else:
                    solution.embedding_dropout(signed(5, 3), torch.arange(5), 0.3, training)
            except Exception as error:
                if isinstance(error, ForbiddenCall) or solution.forbidden:
                    raise Mistake("ready_made", name=solution.forbidden[0]) from None
                raised += 1  # any other exception is the next check's to tell
                continue
            if solution.forbidden:
                raise Mistake("ready_made", name=solution.forbidden[0])
    if raised == 4:
        raise Unseen


def test_interface(solution):
    """Positional and keyword arguments, the defaults p = 0.5, p = 0.1 and training = True, the right shapes.

    The scale of what is left tells which p was used; something is left with probability 1 - 2^-180, and of 200 word
    types at p = 0.7 some are dropped with probability 1 - 0.3^200.
    """
    x, weight, ids = signed(3, 4, 5), signed(7, 3), torch.tensor([[1, 6, 2], [0, 1, 1]])
    for module in (layer(solution), layer(solution, 0.3), layer(solution, p=0.3)):
        expect_tensor(module(x), shape=x.shape, dtype=x.dtype)
    for y in (
        solution.embedding_dropout(weight, ids),
        solution.embedding_dropout(weight, ids, 0.2, True),
        solution.embedding_dropout(weight=weight, ids=ids, p=0.2, training=False),
    ):
        expect_tensor(y, shape=(2, 3, 3), dtype=weight.dtype)
    x, weight, ids = signed(9, 2, 20), signed(200, 40), torch.arange(200)
    silent = (solution.embedding_dropout(weight, ids, 0.7) == 0).any()
    shown = solution.call
    told = (solution.embedding_dropout(weight, ids, 0.7, True) == 0).any()
    if not bool(silent) and bool(told):
        solution.call = shown
        raise Mistake("eval_by_default", expected=Words("as with training=True", "与 training=True 一样"))
    both = (
        ("LockedDropout", 0.5, x, forwards(solution, [(x,), (x, 0.5)] * 3)),
        ("embedding_dropout", 0.1, weight, solution.embedding_dropout.each([(weight, ids), (weight, ids, 0.1)] * 3)),
    )
    for name, default, source, outputs in both:
        scales, shown = [], []
        for y in outputs:
            if isinstance(y, REFUSALS):
                raise y
            scales.append(scale_of(y, source))
            shown.append(solution.call)
        used, given = scales[:2]
        steady = all(abs(each - used) < 1e-4 for each in scales[::2]) and all(
            abs(each - given) < 1e-4 for each in scales[1::2]
        )
        solution.call = shown[0]
        if steady and abs(given - 1 / (1 - default)) < 1e-4 and used > 1 and abs(used - given) > 1e-2:
            raise Mistake(
                "other_default",
                name=name,
                used=1 - 1 / used,
                default=default,
                got=Words(f"scaled by {used:.4g}", f"缩放 {used:.4g} 倍"),
                expected=f"{given:.4g}",
            )
        expect(
            not steady or abs(used - given) < 1e-4,
            f"{name} without p is not as with p = {default}",
            f"{name} 不传 p 时与 p = {default} 不同",
            got=Words(f"scaled by {used:.4g}", f"缩放 {used:.4g} 倍"),
            expected=f"{given:.4g}",
        )


def scale_of(y, x):
    """y/x where something is left: for a right answer 1/(1-p), which gives p away without counting."""
    y = expect_tensor(y, shape=x.shape)
    return float((y / x)[y != 0].median()) if bool((y != 0).any()) else 0.0


def test_range_of_p(solution):
    """p in [0, 1] is accepted, its ends included; anything else is refused, NaN too, in training and in eval."""
    x, weight, ids = signed(2, 3, 4), signed(5, 3), torch.arange(5)
    not_a_number = float("nan")
    tried = [(p, True) for p in (0.3, 0.0, 1.0)]
    tried += [(p, training) for training in (True, False) for p in (*OUTSIDE, not_a_number)]
    for name, outcomes in (
        ("LockedDropout", forwards(solution, [(x, *each) for each in tried])),
        (
            "embedding_dropout",
            solution.embedding_dropout.each([(weight, ids, *each) for each in tried], catch=REFUSALS),
        ),
    ):
        taken, shown = {}, {}
        for (p, training), outcome in zip(tried, outcomes, strict=True):
            if 0 <= p <= 1 and isinstance(outcome, REFUSALS):
                raise outcome
            taken[p, training], shown[p, training] = not isinstance(outcome, REFUSALS), solution.call
        accepted = {training: [p for p in OUTSIDE if taken[p, training]] for training in (True, False)}
        nan = {training: taken[not_a_number, training] for training in (True, False)}
        if accepted[True] and accepted[False] and nan[True]:
            solution.call = shown[accepted[True][0], True]
            raise Mistake("no_range_check", name=name, p=accepted[True][0])
        if accepted[False] and not accepted[True] and not nan[True]:
            solution.call = shown[accepted[False][0], False]
            raise Mistake("checked_in_training_only", name=name, p=accepted[False][0])
        if nan[True] and not accepted[True] and not accepted[False]:
            solution.call = shown[not_a_number, True]
            raise Mistake("nan_accepted", name=name)
        for training, p in itertools.product((True, False), (*OUTSIDE, not_a_number)):
            solution.call = shown[p, training]
            expect(
                not taken[p, training],
                f"{name} accepts p = {p:.6g}",
                f"{name} 没有拒绝 p = {p:.6g}",
                expected="ValueError",
            )


def test_ends(solution):
    """p = 0 keeps all, with a gradient of one; p = 1 gives zeros, with a gradient that exists and is zero."""
    ids = torch.tensor([0, 3, 3, 1])

    def locked(x, p):
        return layer(solution, p)(x)

    def looked_up(weight, p):
        return solution.embedding_dropout(weight, ids, p, True)

    for name, call, shape in (("LockedDropout", locked, (3, 4, 5)), ("embedding_dropout", looked_up, (6, 5))):
        x = signed(*shape).requires_grad_()
        want = x.detach() if call is locked else x.detach()[ids]
        y = expect_tensor(call(x, 0.0), shape=want.shape, dtype=x.dtype)
        expect_equal(y, want)
        expect(y.requires_grad, f"{name}: no gradient flows at p = 0", f"{name}：p = 0 时没有梯度")
        y.sum().backward()
        counts = (
            torch.ones(shape) if call is locked else torch.bincount(ids, minlength=6).float()[:, None].expand(shape)
        )
        expect_equal(x.grad, counts)
        x.grad = None
        y = expect_tensor(call(x, 1.0), shape=want.shape, dtype=x.dtype)
        if y.isnan().any():
            raise Mistake("nan_at_one", name=name, count=int(y.isnan().sum()), total=y.numel(), got="nan", expected="0")
        expect_equal(y.abs(), torch.zeros_like(want))
        if not y.requires_grad:
            raise Mistake("detached_at_one", name=name, got="requires_grad=False", expected="requires_grad=True")
        y.sum().backward()
        expect_equal(x.grad.abs(), torch.zeros(shape))


def test_eval(solution):
    """In eval the values come back bit by bit, whatever p and the generator; after train() the module drops again."""
    for p in (0.3, 1.0):
        x, weight, ids = (
            signed(6, 5, 20).requires_grad_(),
            signed(200, 8).requires_grad_(),
            torch.randint(0, 200, (15, 20)),
        )
        module = layer(solution, p)
        switch(module, False)
        for name, given, call, want in (
            ("LockedDropout", x, lambda: module(x), x.detach()),
            (
                "embedding_dropout",
                weight,
                lambda: solution.embedding_dropout(weight, ids, p, False),
                weight.detach()[ids],
            ),
        ):
            y = expect_tensor(call(), shape=want.shape, dtype=want.dtype)
            if p < 1 and bool(same(y, want * (1 - p)).all()):
                raise Mistake(
                    "eval_scaled",
                    name=name,
                    p=p,
                    ratio=1 - p,
                    got=Words(f"{1 - p:g} of the input", f"输入的 {1 - p:g} 倍"),
                    expected=Words("the input", "输入本身"),
                )
            if bool((y == 0).any()) and bool(
                ((y == 0) | same(y, want) | (p < 1) * same(y, want / max(1 - p, 0.1))).all()
            ):
                raise Mistake(
                    "drops_in_eval",
                    name=name,
                    p=p,
                    share=float((y == 0).float().mean()),
                    got=Words("zeros", "出现了零"),
                    expected=Words("none", "没有"),
                )
            expect_equal(y, want)
            with solution.seeded(3):
                expect_equal(call(), want)
            expect(y.requires_grad, f"{name}: no gradient flows in eval", f"{name}：eval 时没有梯度")
            y.sum().backward()
            expect_equal(
                given.grad,
                torch.ones_like(x)
                if given is x
                else torch.bincount(ids.flatten(), minlength=200).float()[:, None].expand(200, 8),
            )
        switch(module, True)
        expect(
            bool((module(x).nan_to_num(0.0) == 0).any()),  # NaN is 0/0 or 0 · inf: dropped as well
            "after eval() and train() nothing is dropped any more",
            "eval() 再 train() 之后不再丢弃",
        )
    x, weight, ids = (
        signed(60, 1, 60),
        signed(200, 64),
        torch.arange(200),
    )  # all kept at 1/2: below 2^-60 even for shared masks
    module = layer(solution, 0.5)
    for name, call in (
        ("LockedDropout", lambda: module(x)),
        ("embedding_dropout", lambda: solution.embedding_dropout(weight, ids, 0.5, True)),
    ):
        loud = bool((call() == 0).any())
        with torch.no_grad():
            if loud and not bool((call() == 0).any()):
                raise Mistake("no_grad_taken_for_eval", name=name)


def test_locked(solution):
    """A feature of a sample is dropped at all T steps or at none: 30 x 16 cells over 9 steps, every one; 60 over 300."""
    for p, (b, t, c) in ((0.3, (30, 9, 16)), (0.7, (7, 30, 11)), (0.5, (2, 300, 30))):
        alive = lock(solution, signed(b, t, c), p) != 0
        if bool((alive == alive[:, :1]).all()):
            continue
        if bool((alive == alive[:1]).all()):
            raise Mistake("time_first", picture=Mask.of(alive[0], p))
        differ = int((alive[:, 1:] != alive[:, :-1])[:, ::2].sum())
        total = alive[:, 1:][:, ::2].numel()
        if statistics.rate_holds(differ, total, 2 * p * (1 - p)):
            raise Mistake(
                "mask_per_step",
                p=p,
                share=differ / total,
                got=Words(
                    f"{differ / total:.2f} of the features change from step to step",
                    f"{differ / total:.2f} 的特征在相邻步之间不同",
                ),
                expected="0",
                picture=Mask.of(alive[0], p),
            )
        expect(False, "the mask changes within a sequence", "掩码在序列中途变了", picture=lambda: Mask.of(alive[0], p))


def test_survivors(solution):
    """Each element is exactly 0 or x/(1-p), within 4 ulp; in the module and in the look-up."""
    seen, shown = {"LockedDropout": {}, "embedding_dropout": {}}, {}
    for p in (0.3, 0.8, 0.1):
        x, weight, ids = signed(20, 3, 30), signed(300, 4), torch.randperm(300)
        seen["LockedDropout"][p] = x, lock(solution, x, p)
        shown["LockedDropout", p] = solution.call
        seen["embedding_dropout"][p] = weight[ids], embed(solution, weight, ids, p)
        shown["embedding_dropout", p] = solution.call
    scales = {
        "scale_missing": lambda p, y: 1.0,
        "scale_times_keep": lambda p, y: 1 - p,
        "scale_one_over_p": lambda p, y: 1 / p,
        "scaled_twice": lambda p, y: 1 / (1 - p) ** 2,
        "renormalised": lambda p, y: y.numel() / int((y != 0).sum().clamp(min=1)),
    }
    for name, results in seen.items():
        if all(bool(same(y, x / (1 - p))[y != 0].all()) and bool((y != 0).any()) for p, (x, y) in results.items()):
            continue
        ratio = {p: float((y / x)[y != 0].median()) if bool((y != 0).any()) else 0.0 for p, (x, y) in results.items()}
        for id_, scale in scales.items():
            if all(
                bool((y != 0).any() and (y == 0).any()) and bool(same(y, x * scale(p, y))[y != 0].all())
                for p, (x, y) in results.items()
            ):
                rates = (
                    all(
                        statistics.rate_holds(int((y != 0).sum()) // y.shape[-1], y.numel() // y.shape[-1], p)
                        for p, (x, y) in results.items()
                    )
                    if name == "embedding_dropout"
                    else all(
                        statistics.rate_holds(int((y[:, 0] != 0).sum()), y[:, 0].numel(), p)
                        for p, (x, y) in results.items()
                    )
                )
                if id_ == "scale_one_over_p" and rates:
                    id_ = "p_is_keep"
                solution.call = shown[name, 0.3]
                raise Mistake(
                    id_,
                    name=name,
                    p=0.3,
                    ratio=ratio[0.3],
                    got=f"y/x = {ratio[0.3]:.4g}",
                    expected=f"y/x = {1 / 0.7:.4g}",
                )
        for p, (x, y) in results.items():
            solution.call = shown[name, p]
            expect(bool((y != 0).any()), f"{name}: nothing survives at p = {p}", f"{name}：p = {p} 时没有任何元素保留")
            expect_equal(y, torch.where(y != 0, x / (1 - p), 0), rtol=ULP4)


def test_rate(solution):
    """The share of dropped cells is p: Chernoff's bound, in which p and 1-p lie many intervals apart.

    At p = 0.004 none of 7,000 is dropped with probability 7e-13, 150 with less: p is not rounded to percents.
    """
    sizes = {0.3: (60, 120), 0.1: (50, 100), 0.8: (50, 100)}
    tell_rate(
        solution,
        "LockedDropout",
        lambda p: (int((~kept(layer(solution, p), *sizes[p])).sum()), sizes[p][0] * sizes[p][1]),
    )
    tell_small(
        solution,
        "LockedDropout",
        int((~kept(layer(solution, 0.004), 70, 100)).sum()),
        lambda: masks(solution, signed(40, 2, 50), 0.004, 150),
    )


def tell_small(solution, name, drops, more):
    """7,000 coins at p = 0.004; if none fell so, 150 calls `more`, lest a few shared coins are taken for a lost p."""
    about, shown = Words("about 28", "约 28 个"), solution.call
    lost = drops == 0 and bool(more().all())
    solution.call = shown
    if lost:
        got = Words("0 of 7000 dropped", "7000 个中丢弃 0 个")
        raise Mistake("small_p_lost", name=name, got=got, expected=about)
    expect(0 < drops < 150, f"{name}: at p = 0.004 the share dropped is {drops / 7000:.4f}",
           f"{name}：p = 0.004 时丢弃的比例是 {drops / 7000:.4f}", got=Words(f"{drops} of 7000", f"7000 个中 {drops} 个"), expected=about)  # fmt: skip


def tell_rate(solution, name, count):
    """`count` gives (drops, coins) of one call at p."""
    counts, shown = {}, {}
    for p in (0.3, 0.1, 0.8):
        counts[p] = count(p)
        shown[p] = solution.call
    off = [p for p, (zeros, n) in counts.items() if not statistics.rate_holds(zeros, n, p)]
    if not off:
        return
    p = off[0]
    solution.call = shown[p]
    zeros, n = counts[p]
    low, high = statistics.rate_interval(n, p)
    said = {"got": f"{zeros / n:.4f}", "expected": f"{low:.4f} … {high:.4f}", "picture": Bar(zeros / n, low, high)}
    if all(statistics.rate_holds(count - zeros, count, each) for each, (zeros, count) in counts.items()):
        raise Mistake("keeps_with_p", name=name, p=p, share=zeros / n, **said)
    expect(
        False,
        f"{name}: the share dropped is {zeros / n:.4f}, not {p}",
        f"{name}：丢弃的比例是 {zeros / n:.4f}，而不是 {p}",
        **said,
    )


def test_data(solution):
    """The mask does not depend on x: cells with large or small, positive or negative values are dropped alike, twice."""
    p = 0.4
    strays = []
    for zeros in (False, False, True, True):
        if len(strays) % 2 and not strays[-1]:
            strays.append({})  # nothing to see again
            continue
        x = signed(80, 3, 100)
        if zeros:
            x[:, 0] *= torch.rand(80, 100) < 0.5  # zero at the first step; the mask is read at the second
        strays.append(stray_groups(lock(solution, x, p)[:, 1] != 0, x, p))
    strays = strays[:2] if strays[0] else strays[2:]
    for name in set(strays[0]) & set(strays[1]):
        raise Mistake(
            "looks_at_the_data",
            group=Words(name, GROUPS[name]),
            p=p,
            share=strays[0][name],
            got=Words(
                f"{strays[0][name]:.3f} of the {name} ones dropped",
                f"{GROUPS[name]} 的值丢弃了 {strays[0][name]:.3f}",
            ),
            expected=f"{p}",
        )
    expect(not strays[0], "the rate differs between groups of values", "不同取值的丢弃率不同")


def stray_groups(alive, x, p):
    plain = x[:, 0] != 0
    if not statistics.rate_holds(int((alive & plain).sum()), int(plain.sum()), 1 - p):
        return {}  # told by the check of the rate
    steady = statistics.rate_holds(int(alive.sum()), alive.numel(), 1 - p)
    if steady and statistics.each_rate_holds(alive.sum(1).tolist(), alive.shape[1], 1 - p) is not None:
        return {}  # told by the check of the coins
    size = x.abs().mean(1)
    groups = {"small": size < 1.25, "large": size >= 1.25, "positive": x[:, 0] > 0, "negative": x[:, 0] < 0}
    groups = {name: group & plain for name, group in groups.items()} | {"zero": ~plain}
    return {
        name: float((~alive)[group].float().mean())
        for name, group in groups.items()
        if not statistics.rate_holds(int((alive & group).sum()), int(group.sum()), 1 - p)
    }


def test_own_coin(solution):
    """Every (sample, feature) has its own coin. 30 x 200 coins: rows or columns all alike has probability below 2^-1000.

    So with one sample, one step or one feature, and with as many samples as steps: there neighbours among samples, and
    among features, are compared over 20 calls, 240 disjoint pairs or more; a shared coin would never differ.
    """
    p = 0.4
    mask = kept(layer(solution, p), 30, 200)
    mixed = bool(mask.any()) and not bool(mask.all())
    if mixed and bool((mask == mask[:1]).all()):
        raise Mistake("shared_over_batch", picture=Mask.of(mask, p))
    if mixed and bool((mask == mask[:, :1]).all()):
        raise Mistake("shared_over_features", picture=Mask.of(mask, p))
    for sums, length in ((mask.sum(1), 200), (mask.sum(0), 30)):
        expect(
            statistics.each_rate_holds(sums.tolist(), length, 1 - p) is None,
            "the drops cluster along an axis",
            "丢弃沿某一维聚集",
            picture=lambda: Mask.of(mask, p),
        )
    expect_lags(mask.flatten(), p, (1, 31, 200, 3000), en="coins", zh="抽样", picture=lambda: Mask.of(mask, p))
    expect(
        statistics.each_rate_holds((mask[::2] != mask[1::2]).sum(1).tolist(), 200, 2 * p * (1 - p)) is None,
        "the masks of two samples are not independent",
        "两个样本的掩码不独立",
        picture=lambda: Mask.of(mask, p),
    )
    for b, t, c in ((1, 3, 24), (24, 3, 1), (12, 1, 12), (12, 12, 12)):
        many = masks(solution, signed(b, t, c), p, 20)
        mixed, pairs = 0 < int(many.sum()) < many.numel(), []
        for first, second in ((many[:, :-1:2], many[:, 1::2]), (many[..., :-1:2], many[..., 1::2])):
            differ = int((first != second).sum())
            if first.numel() and differ == 0 and mixed:
                raise Mistake(
                    "shared_in_a_shape",
                    shape=str((b, t, c)),
                    got=Words("neighbours never differ", "相邻两个从不相异"),
                    expected=Words("0.48 differ", "有 0.48 不同"),
                )
            pairs.append((differ, first.numel()))
        share = float((~many).float().mean())
        expect(statistics.rate_holds(int((~many).sum()), many.numel(), p), f"the drop rate is off for x of shape {(b, t, c)}",
               f"x 的形状为 {(b, t, c)} 时丢弃率不对", got=f"{share:.3f}", expected=f"{p}")  # fmt: skip
        for differ, n in pairs:
            expect(
                statistics.rate_holds(differ, n, 2 * p * (1 - p)),
                f"neighbours in x of shape {(b, t, c)} are not independent",
                f"x 的形状为 {(b, t, c)} 时相邻位置不独立",
            )


def test_fresh_mask(solution):
    """Each forward and each call draws anew, on one module and on another: pairs differ at rate 2p(1-p).

    Two modules of different p in turn draw each with its own: 1200 coins tell 0.3 from 0.8, and pairs of the two
    differ at rate p(1-q) + q(1-p).
    """
    p, q, x = 0.3, 0.8, signed(30, 2, 40)
    module, weight, ids = layer(solution, p), signed(1200, 2), torch.arange(1200)
    for name, call in (
        ("LockedDropout", lambda: module(x)[:, 0] != 0),
        ("embedding_dropout", lambda: solution.embedding_dropout(weight, ids, p, True)[:, 0] != 0),
    ):
        masks = [call() for _ in range(3)] + ([kept(layer(solution, p), 30, 40)] if name == "LockedDropout" else [])
        mixed = all(0 < int(each.sum()) < each.numel() for each in masks)
        if mixed and any(torch.equal(a, b) for a, b in itertools.combinations(masks, 2)):
            raise Mistake("same_mask_again", name=name, got=Words("two calls, one mask", "两次调用，同一个掩码"))
        for a, b in itertools.combinations(masks, 2):
            differ, n = int((a != b).sum()), a.numel()
            expect(
                statistics.rate_holds(differ, n, 2 * p * (1 - p)),
                f"{name}: two calls are not independent",
                f"{name}：两次调用不独立",
                got=Words(f"{differ / n:.3f} differ", f"有 {differ / n:.3f} 不同"),
                expected=f"{2 * p * (1 - p):.3f}",
            )

    try:
        a, b, again, _ = bench(solution).two(x, p, q)
    finally:
        solution.call = (
            "a, b = LockedDropout(0.3), LockedDropout(0.8); a(x), b(x), a(x), b(x)    x: (30, 2, 40) float32"
        )
    drops = [int((~each).sum()) for each in (a, again)]
    share = drops[0] / a.numel()
    if all(statistics.rate_holds(each, a.numel(), q) for each in drops):
        raise Mistake("p_of_another", p=p, q=q, share=share, got=f"{share:.3f}", expected=f"{p}")
    expect(
        all(statistics.rate_holds(each, a.numel(), p) for each in drops),
        "two modules in turn: the first does not drop at its own rate",
        "两个模块轮流调用时，第一个的丢弃率不对",
        got=f"{share:.3f}",
        expected=f"{p}",
    )
    for other, rate in ((b, p * (1 - q) + q * (1 - p)), (again, 2 * p * (1 - p))):
        expect(
            statistics.rate_holds(int((a != other).sum()), a.numel(), rate),
            "two modules in turn do not draw independently",
            "两个模块轮流调用时，抽样不独立",
        )


def test_count_varies(solution):
    """The number of drops is binomial, in a call and in a row, and no single cell or word is spared, or doomed.

    Over 45 calls of 48 coins at one half: some coin always the same has probability below 48 · 2^-44 < 3e-12, and
    all counts alike far less.
    """
    p, n, calls = 0.5, 48, 45
    for name, call in (
        ("LockedDropout", lambda: masks(solution, signed(6, 1, 8), p, calls)),
        ("embedding_dropout", lambda: words(solution, signed(n, 2), torch.arange(n), p, calls)),
    ):
        found = call().reshape(calls, n)
        expect(
            not bool((found == found[:1]).all()),
            f"{name}: {calls} calls in a row used one mask",
            f"{name}：连续 {calls} 次调用用了同一个掩码",
        )
        counts = set(found.sum(1).tolist())
        if len(counts) == 1 and 0 < min(counts) < n:
            raise Mistake("exact_count", name=name, kept=counts.pop(), n=n, calls=calls)
        often = found.sum(0)
        fixed = ((often == 0) | (often == calls)).nonzero().flatten().tolist()
        drops, others = int((calls - often).sum()), calls * (n - len(fixed))
        spared = 0 < len(fixed) < n // 4 and bool((often[fixed] == calls).all())
        if name == "embedding_dropout" and spared and statistics.rate_holds(drops, others, p):
            raise Mistake(
                "word_spared",
                word=fixed[0],
                calls=calls,
                got=Words("never dropped", "从未丢弃"),
                expected=Words("dropped about every second time", "约一半的调用中丢弃"),
            )
        expect(
            not fixed,
            f"{name}: a coin fell the same way in each of {calls} calls",
            f"{name}：有的位置在 {calls} 次调用中结果都一样",
            got=Words(f"place {fixed[:1]}", f"位置 {fixed[:1]}"),
        )
    rows = kept(layer(solution, p), 200, 48)
    for sums in (rows.sum(1).tolist(), rows.reshape(48, 200).t().sum(1).tolist()):
        expect(len(set(sums)) > 1, "every sample keeps the same number of features", "每个样本保留的特征数都一样")
    strays = sum(abs(each - 24) > 2.5 for each in rows.sum(1).tolist())
    expect(
        statistics.rate_holds(strays, 200, statistics.tail_rate(n, 0.5, 2.5)),
        "the counts vary more or less than those of independent coins",
        "保留个数的波动与独立抽样不符",
        got=f"{strays / 200:.3f}",
        expected=f"{statistics.tail_rate(n, 0.5, 2.5):.3f}",
    )


def test_generator(solution):
    """torch's global generator, and nothing else, decides the masks, and it is not reseeded.

    Told by name only where the seed changes nothing, or where two masks of one seed differ as independent ones of this
    p do, 500 coins or more: with a p that has changed between the calls the same draws give nearly the same mask.
    """
    x, weight, ids = signed(20, 2, 30), signed(500, 2), torch.arange(500)
    module = layer(solution, 0.4)
    for name, call in (
        ("LockedDropout", lambda: module(x)),
        ("embedding_dropout", lambda: solution.embedding_dropout(weight, ids, 0.4, True)),
    ):
        results = []
        for seed, other in ((7, 1), (7, 2), (8, 1)):
            with solution.seeded(seed, other=other):
                results.append(call())
                if solution.reseeded:
                    raise Mistake(
                        "reseeds",
                        name=name,
                        got=Words("the generator has left the stream of its seed", "生成器离开了原种子的随机序列"),
                    )
        drew = solution.drew
        expect(
            any(bool((each == 0).any()) for each in results),
            f"{name} drops nothing at p = 0.4",
            f"p = 0.4 时 {name} 什么都不丢",
        )
        alive = [each[..., 0] != 0 if each.dim() == 2 else each[:, 0] != 0 for each in results]
        differ, n = int((alive[0] != alive[1]).sum()), alive[0].numel()
        rates = all(statistics.rate_holds(int((~each).sum()), n, 0.4) for each in alive)
        blind = torch.equal(results[0], results[2])
        if blind or (rates and statistics.rate_holds(differ, n, 0.48)):
            raise Mistake("other_generator", name=name)
        expect(
            torch.equal(results[0], results[1]),
            f"{name}: with the same seed a second call gives another result",
            f"{name}：种子相同，第二次调用的结果却不同",
        )
        expect(
            drew,
            "the generator stands where it stood before the call, so the next call draws the same",
            "调用之后生成器仍停在调用前的位置，下一次调用会抽到同样的随机数",
        )


def test_gradient(solution):
    """dL/dx is mask/(1-p) times the upstream gradient, with the mask of this forward, within 4 ulp."""
    for p in (0.3, 0.8):
        x, g = signed(12, 5, 20).requires_grad_(), signed(12, 5, 20)
        y = lock(solution, x, p)
        if not y.requires_grad:
            raise Mistake("no_gradient", got="requires_grad=False", expected="requires_grad=True")
        (y * g).sum().backward()
        want = torch.where(y.detach() != 0, g / (1 - p), 0)
        alive = y.detach() != 0
        if not bool(same(x.grad, want).all()) and bool(same(x.grad, torch.where(alive, g, 0)).all()):
            raise Mistake(
                "gradient_unscaled",
                got=f"grad/g = {float((x.grad / g)[alive].median()):.4g}",
                expected=f"{1 / (1 - p):.4g}",
            )
        if not bool(same(x.grad, want).all()) and bool(same(x.grad, g).all()):
            raise Mistake("straight_through", got="grad = g", expected="g · mask/(1-p)")
        expect_equal(x.grad, want, rtol=ULP4)


def test_word_types(solution):
    """All occurrences of a word type share one fate, in every dimension, in every sample of the call.

    40 types in 12 samples of 30 tokens: each type occurs about nine times, in several samples.
    """
    p, v = 0.4, 40
    for d, shape in ((6, (12, 30)), (2, (3, 4, 30))):
        weight, ids = signed(v, d), torch.randint(0, v, shape)
        y = embed(solution, weight, ids, p)
        ratio = (y / weight[ids])[y != 0]
        expect(
            bool(same(ratio, ratio.median()).all()) if ratio.numel() else True,
            "not every place holds its word's row of weight, scaled",
            "有的位置不是该词在 weight 中的行（乘以系数）",
        )
        alive = (y != 0).reshape(12, 30, d)
        ids = ids.reshape(12, 30)
        if bool((alive == alive[:1, :1]).all()) and not bool(alive.all() or (~alive).all()):
            raise Mistake("whole_dimensions", picture=Mask.of(alive[0], p))
        if not bool((alive == alive[..., :1]).all()):
            raise Mistake("single_entries", picture=Mask.of(alive[0], p))
        alive = alive[..., 0]
        everywhere = agree(alive.flatten(), ids.flatten(), v)
        if everywhere:
            continue
        if all(agree(alive[n], ids[n], v) for n in range(12)):
            raise Mistake("fate_per_sample", picture=Mask.of(alive, p))
        if all(agree(alive[:, n], ids[:, n], v) for n in range(30)):
            expect(
                False,
                "a word shares its fate only within a column of ids",
                "同一个词只在 ids 的同一列内一起丢弃或保留",
                picture=lambda: Mask.of(alive, p),
            )
        raise Mistake("fate_per_token", picture=Mask.of(alive, p))


def agree(alive, ids, v):
    """Is each type kept at all its places or at none?"""
    total, kept_ = torch.bincount(ids, minlength=v), torch.bincount(ids, weights=alive.double(), minlength=v)
    return bool(((kept_ == 0) | (kept_ == total)).all())


def test_type_coins(solution):
    """Each type has its own coin with rate p, whatever its id, its place and how often it occurs."""
    sizes = {0.3: 4000, 0.1: 3000, 0.8: 3000}
    tell_rate(solution, "embedding_dropout", lambda p: (int((~kept_types(solution, sizes[p], p)).sum()), sizes[p]))
    p = 0.4
    mask = kept_types(solution, 1600, p)
    expect_lags(mask, p, (1, 2, 64, 100, 128, 256, 512, 800, 1000), en="coins", zh="抽样")
    drops = int((~kept_types(solution, 7000, 0.004)).sum())
    tell_small(
        solution, "embedding_dropout", drops, lambda: words(solution, signed(50, 2), torch.arange(50), 0.004, 150)
    )  # none: 7e-13
    often, total, dropped = torch.arange(200), 0, 0
    # 2,400 types, of which the rare occur once and the frequent thirty times
    texts = [torch.cat([often, often[:100].repeat(29)])[torch.randperm(3100)] for _ in range(12)]
    calls = [(signed(200, 1), ids, p, True) for ids in texts]
    for ids, y in zip(texts, solution.embedding_dropout.each(calls), strict=True):
        there = expect_tensor(y, shape=(3100, 1)).flatten() != 0
        hits = torch.bincount(ids, weights=there.double(), minlength=200) == 0
        dropped, total = dropped + int(hits[:100].sum()), total + 100
    expect(
        statistics.rate_holds(dropped, total, p),
        "frequent words are dropped at another rate",
        "高频词的丢弃率不同",
        got=f"{dropped / total:.3f}",
        expected=f"{p}",
    )


def test_embedding_gradient(solution):
    """The gradient of a row of weight is the sum over its occurrences of the upstream one, times mask/(1-p).

    At p = 1e-7 every row is kept but with probability 5e-6, the first and the last but with 2e-7: no id is special.
    """
    for p, ids in ((0.3, torch.randint(0, 40, (6, 20))), (1e-7, torch.arange(120).remainder(50).view(6, 20))):
        weight, g = signed(50, 4).requires_grad_(), signed(6, 20, 4)
        y = embed(solution, weight, ids, p)
        if not y.requires_grad:
            raise Mistake("weight_without_gradient", got="requires_grad=False", expected="requires_grad=True")
        (y * g).sum().backward()
        upstream = torch.where(y.detach() != 0, g / (1 - p), 0).reshape(-1, 4)
        want = torch.zeros(50, 4).index_add_(0, ids.flatten(), upstream)
        gone = ((weight.grad == 0) & (want.abs() > 1e-4)).all(1).nonzero().flatten().tolist()
        if len(gone) == 1 and gone[0] in (0, 49) and bool(same(weight.grad, want, 1e-4)[1:-1].all()):
            raise Mistake("word_without_gradient", word=gone[0], words=50, got="0", expected="mask/(1-p) · Σ g")
        expect_equal(weight.grad, want, atol=1e-4)


def test_dtypes(solution):
    """float16, bfloat16, float32 and float64 come back as they went in, training or not, with the right values."""
    ids = torch.arange(120).reshape(6, 20)
    kinds = [
        (dtype, p, training)
        for dtype in TOLERANCE
        for p, training in ((0.3, True), (0.3, False), (0.0, True), (1.0, True))
    ]
    calls = [
        [signed(8, 3, 20, dtype=dtype), signed(120, 3, dtype=dtype), ids, p, training] for dtype, p, training in kinds
    ]
    try:
        results = iter(bench(solution).outputs(calls))
    except SubmissionError:  # one by one, to say which
        for call in calls:
            try:
                bench(solution).outputs([call])
            finally:
                solution.call = f"p = {call[3]}, training={call[4]}    x, weight: {name_of(call[0].dtype)}"
        raise
    for dtype, p, training in kinds:
        x, weight, tol = calls[0][0], calls[0][1], TOLERANCE[dtype]
        calls = calls[1:]
        for name, source in (("LockedDropout", x), ("embedding_dropout", weight[ids])):
            y = next(results)
            solution.call = f"{name}, p = {p}, training={training}    {name_of(dtype)}"
            y = expect_tensor(y, shape=source.shape)
            if y.dtype is not dtype and y.dtype is torch.float32 and training and p == 0.3:
                raise Mistake(
                    "float_mask",
                    name=name,
                    went=name_of(dtype),
                    came=name_of(y.dtype),
                    got=name_of(y.dtype),
                    expected=name_of(dtype),
                )
            expect_tensor(y, dtype=dtype)
            want = source.double() / (1 - p) if training and p < 1 else source.double() * (p < 1)
            expect_equal(y.double(), torch.where(y != 0, want, 0) if training else want, rtol=tol if training else 0.0)
            expect(
                p == 0.0 or not training or bool((y == 0).any()),
                f"{name} drops nothing in this dtype",
                f"{name} 在该 dtype 下什么都不丢",
            )


def test_shapes(solution):
    """One sample, step or feature, another shape at each forward, views; ids of any rank, a transposed weight.

    Huge and tiny values are scaled like others. Of 100 words six are looked up: a coin that two share never differs,
    which in 60 calls has probability 1e-17.
    """
    p = 0.4
    module = layer(solution, p)
    inputs = [signed(*shape) for shape in ((1, 5, 7), (4, 1, 7), (4, 5, 1), (1, 1, 1), (5, 5, 5), (4, 5, 7), (4, 9, 7))]
    inputs += [
        signed(6, 4, 9).transpose(0, 1),
        signed(9, 6, 4).permute(1, 2, 0),
        signed(8, 9, 10)[::2, 1:7, 3:],
        signed(1, 1, 30).expand(20, 4, 30),
        signed(3, 4, 5) * 1e30,
        signed(3, 4, 5) * 1e-30,
    ]
    for x, y in zip(inputs, module.each([(x,) for x in inputs], catch=(RuntimeError,)), strict=True):
        if isinstance(y, RuntimeError):
            if x.is_contiguous() or not any(word in str(y) for word in ("stride", "contiguous")):
                raise y
            module(x.contiguous())
            expected = Words("as for x.contiguous()", "与 x.contiguous() 一样")
            raise Mistake("contiguous_only", shape=str(tuple(x.shape)), got="RuntimeError", expected=expected)
        expect_tensor(y, shape=x.shape, dtype=x.dtype)
        expect(
            bool(((y == 0) | same(y, x / (1 - p))).all()),
            f"wrong values for an input of shape {tuple(x.shape)}",
            f"形状为 {tuple(x.shape)} 的输入结果不对",
        )
        expect(
            bool(((y != 0) == (y != 0)[:, :1]).all()) if x.shape[1] else True,
            "the mask changes within a sequence",
            "掩码在序列中途变了",
        )
    cells = masks(solution, signed(3, 4, 5), p, 40)
    expect(
        statistics.rate_holds(int((~cells).sum()), 600, p),
        "the drop rate is off in small inputs",
        "小输入的丢弃率不对",
    )
    cells = masks(solution, signed(1, 2, 1), 0.7, 80)
    expect(
        statistics.rate_holds(int((~cells).sum()), 80, 0.7), "a single feature is dropped at another rate", "只有一个特征时丢弃率不对",
        got=Words(f"{int((~cells).sum())} of 80", f"80 次中 {int((~cells).sum())} 次"), expected=Words("about 56", "约 56 次"),
    )  # fmt: skip
    pairs = (
        (signed(9, 4), torch.tensor(3)),
        (signed(9, 4), torch.tensor([2])),
        (signed(1, 3), torch.zeros(2, 2, dtype=torch.int64)),
        (signed(9, 1), torch.randint(0, 9, (2, 3, 4))),
        (signed(4, 9).t(), torch.randint(0, 9, (7, 5)).t()),
        (signed(9, 4) * 1e30, torch.arange(9)),
    )
    calls = [(*each, p, training) for each in pairs for training in (True, False)]
    for (weight, ids, _, training), y in zip(calls, solution.embedding_dropout.each(calls), strict=True):
        want = weight[ids]
        if not training:
            expect_equal(y, want)
            continue
        expect_tensor(y, shape=want.shape)
        expect(
            bool(((y == 0) | same(y, want / (1 - p))).all()),
            f"wrong values for ids of shape {tuple(ids.shape)}",
            f"ids 形状为 {tuple(ids.shape)} 时结果不对",
        )
    ids = torch.tensor([95, 5, 4, 94, 60, 77])
    few = words(solution, signed(100, 2), ids, p, 60).view(60, 3, 2).permute(1, 2, 0)
    for first, second, (one, other) in zip(*few.unbind(1), ids.view(3, 2).tolist(), strict=True):
        if bool((first == second).all()) and 0 < int(first.sum()) < 60:
            raise Mistake(
                "words_share_a_coin",
                one=one,
                other=other,
                got=Words("never differ", "从不相异"),
                expected=Words("0.48 differ", "有 0.48 不同"),
            )
        expect(
            statistics.rate_holds(int((first != second).sum()), 60, 2 * p * (1 - p)),
            "two words share their coin when few words are looked up in a long weight",
            "weight 很长而只查几个词时，两个词共用一次抽样",
        )
    for v, word in ((3, 1), (1, 0)):
        alone = words(solution, signed(v, 2), torch.tensor([word]), 0.7, 80)
        expect(
            statistics.rate_holds(int((~alone).sum()), 80, 0.7),
            "a single word is dropped at another rate",
            "单独一个词时丢弃率不对",
            got=Words(f"{int((~alone).sum())} of 80", f"80 次中 {int((~alone).sum())} 次"),
            expected=Words("about 56", "约 56 次"),
        )


def test_inputs_untouched(solution):
    """x, weight and ids hold the same bits after the call, whatever p and the mode."""
    for p, training in ((0.5, True), (1.0, True), (0.0, True), (0.5, False)):
        module = layer(solution, p)
        switch(module, training)
        module(signed(6, 3, 8))
        if solution.changed:
            raise Mistake("changes_x", p=p)
        solution.embedding_dropout(signed(20, 3), torch.randint(0, 20, (4, 5)), p, training)
        if 0 in solution.changed:
            raise Mistake("writes_the_weight", p=p)
        expect(not solution.changed, "ids were changed", "ids 被修改了")


def test_device(solution):
    """The masks are made where the inputs live: seen with tensors that pose as living on another device."""
    for training in (True, False):
        module = layer(solution, 0.5)
        switch(module, training)
        for name, *given in (
            ("LockedDropout", module, signed(4, 3, 5)),
            ("embedding_dropout", "embedding_dropout", signed(9, 3), torch.arange(9), 0.5, training),
        ):
            where = solution.device_of(*given)
            if where in ("mixed", "here"):
                raise Mistake(
                    "mask_on_cpu",
                    name=name,
                    got=Words("a CPU mask met a tensor on another device", "CPU 上的掩码遇到了另一个 device 上的张量")
                    if where == "mixed"
                    else Words("the result stayed on the CPU", "结果留在了 CPU 上"),
                )

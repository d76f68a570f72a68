"""Checks for the module `Dropout(p=0.5, inplace=False)`.

Each statistical test spends at most ALPHA = 1e-11 of false alarm; the suite has fewer than ninety of them, so a right
answer is turned away with probability below 1e-9 a run. About 200,000 coins are drawn in all, so that a plain Python
loop is judged within its ten seconds. Inputs have both signs, no zeros and no repeated value. Values are exact up to
the order of a product and a division: 1e-5 in float32.
"""

import itertools

import torch

from interview.grading import statistics
from interview.grading.coins import even_sums, expect_independent, expect_lags, expect_no_repeats, rate_found, signed
from interview.grading.faults import ForbiddenCall, SubmissionError
from interview.grading.suite import Mask, Mistake, expect, expect_equal, expect_tensor

NEAR = 1e-5
HALF = {torch.float16: 1e-2, torch.bfloat16: 4e-2, torch.float32: NEAR, torch.float64: 1e-6}
NAN = float("nan")
TINY = 0.0008

HELPER = """
import torch
from torch import nn

def several(x, p, count):
    one = submission.Dropout(p)
    found = [one(x.clone()).clone() for _ in range(count)]
    return found + [submission.Dropout(p)(x.clone())]

def inferred(x, p):
    with torch.inference_mode():
        y = submission.Dropout(p)(x.clone())
    return y.clone()

def facts(x, p):
    layer = submission.Dropout(p)
    if not isinstance(layer, nn.Module):
        return {"module": False}
    if "_modules" not in vars(layer):
        return {"module": True, "started": False}
    names = lambda: [[name for name, _ in layer.named_parameters()], list(layer.state_dict())]
    before = names()
    layer(x)
    return {"module": True, "started": True, "before": before, "after": names()}

def many(x, p, count):
    layer = submission.Dropout(p)
    return torch.stack([layer(x.clone()).detach().clone() for _ in range(count)])

def refusals(x, ps):
    found = {}
    for p in ps:
        for training in (True, False):
            try:
                layer = submission.Dropout(p)
                layer.train(training)
                layer(x.clone())
            except (ValueError, AssertionError):
                found[str(p), training] = True
            else:
                found[str(p), training] = False
    return found

def quiet(x, ps):
    found = []
    for p in ps:
        layer = submission.Dropout(p)
        layer.eval()
        first = layer(x)
        found.append((first, layer(x)))
    return found

def into(x, p, training=True):
    layer = submission.Dropout(p, inplace=True)
    layer.train(training)
    return layer(x), x

def into_cases(cases):
    return [into(x, p) for p, x in cases]

def into_each(xs, p):
    layer = submission.Dropout(p, inplace=True)
    return [(layer(x), x) for x in xs]

def both_modes(xs, p):
    layer, quiet = submission.Dropout(p), submission.Dropout(p)
    quiet.eval()
    return [(layer(x.clone() if x.is_contiguous() else x).clone(), quiet(x)) for x in xs]

def of_a_dtype(x, whole, p):
    quiet = submission.Dropout(p)
    quiet.eval()
    return [submission.Dropout(p)(x), quiet(x), submission.Dropout(0.0)(whole), submission.Dropout(1.0)(x)]

def into_again(x, z, p):
    layer = submission.Dropout(p, inplace=True)
    return layer(x).clone(), layer(z).clone()

def has_forward():
    layer = submission.Dropout(0.25)
    return getattr(layer.forward, "__func__", layer.forward) is not nn.Module.forward

def after_another(x, z, p):
    layer = submission.Dropout(p)
    layer(z)
    return layer(x)

def modes(x, p, inplace):
    layer = submission.Dropout(p, inplace)
    net = nn.Sequential(nn.Sequential(layer))
    at_first = layer(x.clone()).clone()
    net.eval()
    in_eval = net(x.clone()).clone()
    net.train()
    again = net(x.clone()).clone()
    net.train(False)
    return at_first, in_eval, again, layer(x.clone())

def chained(p):
    layer = submission.Dropout(p)
    return [layer.eval() is layer, layer.train() is layer, layer.train(False) is layer]

def through(x, p, inplace):
    h = x * 1
    return submission.Dropout(p, inplace)(h), h

def results(x, p):
    layer = submission.Dropout(p)
    y = layer(x)
    kept = y.clone()
    layer(-x)
    return kept, y

def in_mode(x, p, training, inplace):
    return submission.Dropout(p, inplace).train(training)(x)

submission.in_mode_of_the_judge = in_mode
"""


def same(a, b, tol=NEAR):
    """Element by element: equal up to a relative tolerance."""
    return (a - b).abs() <= tol * b.abs()


def forward(solution, x, p):
    """One call of a new layer in training mode."""
    return expect_tensor(told(solution, f"Dropout({p})(x)", "in_mode", x, p, True, False), shape=x.shape)


def in_eval(solution, p, **more):
    """A new layer in eval mode."""
    layer = solution.Dropout(p, **more)
    layer.eval()
    return layer


def kept(solution, p, *shape):
    """Which elements of a signed input survive one call in training mode."""
    return forward(solution, signed(*shape), p) != 0


def helper_of(solution):
    """HELPER, built once a run."""
    if "helper_of_the_suite" not in vars(solution):
        vars(solution)["helper_of_the_suite"] = solution.build(HELPER)
    return vars(solution)["helper_of_the_suite"]


def told(solution, shown, name, *args):
    """What a helper returns; the call is shown as a person would write it, also where it raises."""
    try:
        return getattr(helper_of(solution), name)(*args)
    finally:
        solution.call = shown


def own_coins(alive, p):
    """No row and no column of a 2-d mask is shared by all or has an unlikely number of drops."""
    return not (alive == alive[:1]).all() and not (alive == alive[:, :1]).all() and even_sums(alive, p)


def gradient_of(x):
    expect(x.grad is not None, "x has no gradient", "x 没有梯度", got="x.grad is None")
    return x.grad


def test_from_scratch(solution):
    """No ready-made dropout is called, in training or in eval, whether or not its refusal is caught."""
    for layer in (
        lambda: solution.Dropout(0.3),
        lambda: in_eval(solution, 0.3),
        lambda: solution.Dropout(0.3, inplace=True),
    ):
        try:
            layer()(signed(3, 4))
        except SubmissionError as error:
            if isinstance(error, ForbiddenCall) or solution.forbidden:
                raise Mistake("ready_made", name=solution.forbidden[0]) from None
        if solution.forbidden:
            raise Mistake("ready_made", name=solution.forbidden[0])


def test_interface(solution):
    """A module with p = 0.5 and inplace = False by default; it drops in training mode, the mode it starts in.

    2,000 coins: all kept with probability below 0.75^2000; the default p is told by its rate and its scale. A layer that
    has only a `__call__` lacks the `forward` that is asked for.
    """
    x = signed(40, 50)
    facts = helper_of(solution).facts(x, 0.3)
    solution.call = "Dropout(0.3)"
    expect(facts["module"], "Dropout is not a torch.nn.Module", "Dropout 不是 torch.nn.Module")
    if not facts["started"]:
        raise Mistake("no_super_init", got="no _modules, no training")
    for layer in (solution.Dropout(0.25), solution.Dropout(p=0.25, inplace=False)):
        y = expect_tensor(layer(x), shape=x.shape, dtype=x.dtype)
        if torch.equal(y, x):
            wanting = solution.Dropout(0.25)(x.clone().requires_grad_())
            if not torch.equal(wanting, x):
                raise Mistake("asks_requires_grad", got="y == x unless x.requires_grad")
            raise Mistake("never_drops", got="y == x in training mode", expected="about a quarter of x dropped")
    solution.Dropout(0.25, False)(x)
    if told(solution, "Dropout(0.25).forward", "has_forward") is False:
        raise Mistake("no_forward", got="nn.Module's own forward, which raises", expected="forward(x)")
    y = expect_tensor(solution.Dropout()(x), shape=x.shape, dtype=x.dtype)
    share = float((y == 0).float().mean())
    expect(
        statistics.rate_holds(int((y == 0).sum()), y.numel(), 0.5),
        f"Dropout() drops a share of {share:.3f}, not 0.5",
        f"Dropout() 丢弃了 {share:.3f}，而不是 0.5",
        got=f"{share:.3f}",
        expected="0.5",
    )


def test_range_of_p(solution):
    """p in [0, 1] is accepted, its ends included; anything else is refused, NaN too, at construction or at forward."""
    outside = (-0.1, 1.1, -3.0, 2.0)
    ps = (0.3, 0.0, 1.0, *outside, NAN)
    found = told(
        solution, "Dropout(p)(x) for p in (0.3, 0.0, 1.0, -0.1, 1.1, -3.0, 2.0, nan)", "refusals", signed(4, 5), ps
    )
    refused = {each: found[each] is True for each in itertools.product(map(str, ps), (True, False))}
    for p, training in itertools.product((0.3, 0.0, 1.0), (True, False)):
        if refused[str(p), training]:
            if p in (0.0, 1.0) and not refused["0.3", training]:
                raise Mistake("ends_refused", p=p)
            expect(False, f"p = {p} was refused", f"p = {p} 被拒绝")
    accepted = {training: [p for p in outside if not refused[str(p), training]] for training in (True, False)}
    nan = {training: not refused["nan", training] for training in (True, False)}
    every = list(outside)
    if accepted == {True: every, False: every} and nan[True] and nan[False]:
        raise Mistake("no_range_check", p=outside[0])
    if nan[True] and nan[False] and not accepted[True] and not accepted[False]:
        raise Mistake("nan_accepted")
    if not accepted[True] and not nan[True] and accepted[False] == every and nan[False]:
        raise Mistake("checked_in_training_only", p=outside[0])
    for training in (True, False):
        wrong = [*accepted[training], *([NAN] if nan[training] else [])]
        expect(
            not wrong,
            f"p = {wrong and wrong[0]} was accepted",
            f"p = {wrong and wrong[0]} 没有报错",
            expected="ValueError",
        )


def test_eval(solution):
    """In eval mode the output is x, bit by bit, each time and for every p, and the gradient is one."""
    x, ps = signed(24, 31), (0.3, 0.8, 0.0, 1.0)
    shown = f"m = Dropout(p).eval(); m(x); m(x), for p in {ps}"
    for p, (y, again) in zip(ps, told(solution, shown, "quiet", x, ps), strict=True):
        expect_tensor(y, shape=x.shape)
        zeros = int((y == 0).sum())
        if p in (0.3, 0.8) and zeros and statistics.rate_holds(zeros, y.numel(), p):
            raise Mistake("drops_in_eval", p=p, share=zeros / y.numel(), got="zeros", expected="x")
        if p in (0.3, 0.8) and same(y, x * (1 - p)).all():
            raise Mistake("eval_times_keep", p=p, ratio=1 - p, got=f"y/x = {1 - p:.4g}", expected="y/x = 1")
        expect_equal(y, x)
        expect_equal(again, x)
    x = signed(24, 31).requires_grad_()
    y = in_eval(solution, 0.4)(x)
    expect(
        y.requires_grad,
        "no gradient flows in eval",
        "eval 时没有梯度",
        got="requires_grad=False",
        expected="requires_grad=True",
    )
    y.sum().backward()
    expect_equal(x.grad, torch.ones_like(x))


def test_modes(solution):
    """train() and eval() of a container reach the layer, at once and as often as one likes, with inplace=True too.

    744 coins at 0.4 keep everything with probability 0.6^744.
    """
    for inplace in (False, True):
        x = signed(24, 31)
        shown = "net = Sequential(Sequential(Dropout(0.4))); net.eval(); net(x); net.train(); net(x)"
        shown = shown.replace("0.4", "0.4, inplace=True") if inplace else shown
        at_first, evaluated, again, last = told(solution, shown, "modes", x, 0.4, inplace)
        quiet = [torch.equal(evaluated, x), torch.equal(last, x)]
        loud = [not torch.equal(at_first, x), not torch.equal(again, x)]
        if loud == [True, True] and quiet == [False, False] and not inplace:
            raise Mistake("own_flag", got="still dropping after net.eval()", expected="x")
        expect(
            all(loud) and all(quiet),
            "the layer does not follow the mode of the module that holds it",
            "该层没有跟随外层 module 的模式",
            got=f"dropped: {at_first_words(loud, quiet)}",
            expected="at first, not in eval, again, not in eval",
        )


def at_first_words(loud, quiet):
    words = ("at first", "in eval", "again", "in eval again")
    dropped = (loud[0], not quiet[0], loud[1], not quiet[1])
    return ", ".join(word for word, each in zip(words, dropped, strict=True) if each) or "never"


def test_returns_itself(solution):
    """train() and eval() return the layer, as `model = Dropout().eval()` needs."""
    chained = helper_of(solution).chained(0.4)
    solution.call = "Dropout(0.4).eval(), .train(), .train(False)"
    if not all(chained):
        raise Mistake("train_returns_nothing", got=f"{chained}", expected="the layer itself")


def test_no_grad(solution):
    """Under no_grad and inference_mode a layer in training mode drops and scales, one in eval mode does not; 600 coins
    at 0.4 are all kept with probability below 1e-130. With inplace=True it writes into x there as well.
    """
    x = signed(20, 30)
    with torch.no_grad():
        y = expect_tensor(solution.Dropout(0.4)(x), shape=x.shape)
        if torch.equal(y, x):
            raise Mistake("asks_grad_mode", got="y == x under no_grad", expected="about 40% dropped")
        expect_equal(in_eval(solution, 0.4)(x), x)
    dropped = int((y == 0).sum())
    expect(
        statistics.rate_holds(dropped, x.numel(), 0.4),
        "the drop rate is off under no_grad",
        "no_grad 下的丢弃率不对",
        got=f"{dropped / x.numel():.3f}",
        expected="0.4",
    )
    inferred = expect_tensor(told(solution, "with torch.inference_mode(): Dropout(0.4)(x)", "inferred", x, 0.4))
    if torch.equal(inferred, x):
        raise Mistake("asks_inference_mode", got="y == x under inference_mode", expected="about 40% dropped")
    for each, where in ((y, "no_grad"), (inferred, "inference_mode")):
        expect_equal(each, torch.where(each != 0, x / 0.6, 0), rtol=NEAR)
        expect(
            own_coins(each != 0, 0.4), f"under {where} elements share a coin", f"{where} 中各元素没有独立抽样",
            picture=lambda each=each: Mask.of(each != 0, 0.4),
        )  # fmt: skip
    with torch.no_grad():
        y, after = told(solution, "with torch.no_grad(): Dropout(0.4, inplace=True)(x)", "into", x, 0.4)
    expect_equal(after, y)


def test_nothing_stored(solution):
    """No parameters, an empty state_dict, before and after a call."""
    facts = helper_of(solution).facts(signed(4, 5), 0.3)
    solution.call = "Dropout(0.3).state_dict(), .parameters()"
    parameters, state = facts["before"]
    if parameters:
        raise Mistake("p_is_a_parameter", name=parameters[0], got=f"parameters {parameters}", expected="none")
    if state:
        raise Mistake("buffer_in_state", name=state[0], got=f"state_dict {state}", expected="{}")
    parameters, state = facts["after"]
    if state:
        raise Mistake("mask_in_state", name=state[0], got=f"state_dict {state} after a call", expected="{}")
    expect(not parameters, "a call adds a parameter", "调用之后多出了参数", got=f"{parameters}")


def test_survivors(solution):
    """Each element is 0 or x/(1-p). A wrong scale is named if it holds at p = 0.3 and at 0.8."""
    seen = {}
    for p in (0.3, 0.8, 0.1, 0.97):  # 2,000 coins at 0.97: none survives with probability 0.97^2000 < 1e-26
        x = signed(40, 50)
        y = forward(solution, x, p)
        seen[p] = x, y, y != 0
        expect((y != 0).any(), f"nothing survives at p = {p}", f"p = {p} 时没有任何元素保留", got="all zeros")

    def explained(scale):
        return all(same(y, x * scale(p, alive))[alive].all() for p, (x, y, alive) in seen.items() if p in (0.3, 0.8))

    x, y, alive = seen[0.3]
    said = {"p": 0.3, "got": f"y/x = {float((y / x)[alive].median()):.4g}", "expected": f"y/x = {1 / 0.7:.4g}"}
    if explained(lambda p, alive: 1.0):
        raise Mistake("scale_missing", mean=0.7, **said)
    if explained(lambda p, alive: 1 / p):
        raise Mistake("scale_one_over_p", ratio=1 / 0.3, **said)
    if explained(lambda p, alive: 1 / (1 - p) ** 2):
        raise Mistake("scaled_twice", ratio=1 / 0.49, **said)
    if explained(lambda p, alive: alive.numel() / alive.sum()) and not explained(lambda p, alive: 1 / (1 - p)):
        raise Mistake("renormalised", ratio=float(alive.numel() / alive.sum()), **said)
    x, y, alive = seen[0.97]
    ratio = float((y / x)[alive].median())
    if explained(lambda p, alive: 1 / (1 - p)) and same(y, x * ratio)[alive].all() and ratio < 33:
        raise Mistake("scale_capped", p=0.97, ratio=ratio, got=f"y/x = {ratio:.4g}", expected=f"y/x = {1 / 0.03:.4g}")
    for p, (x, y, alive) in seen.items():
        expect_equal(torch.where(alive, y, 0), torch.where(alive, x / (1 - p), 0), rtol=NEAR)


def test_rate(solution):
    """The share of zeros is p. Chernoff's bound: with 20,000 coins a rate off by 0.04 is missed below 1e-6.

    At p = 0.0008 about 28 of 35,000 are dropped, none with probability 1e-12: a p rounded to hundredths drops none.
    """
    counts = {}
    for p, rows in ((0.3, 100), (0.1, 100), (0.8, 100), (TINY, 175)):
        counts[p] = int((~kept(solution, p, rows, 200)).sum()), rows * 200
    off = [p for p, (zeros, n) in counts.items() if not statistics.rate_holds(zeros, n, p)]
    if not off:
        return
    if all(statistics.rate_holds(n - zeros, n, p) for p, (zeros, n) in counts.items()):
        raise Mistake("p_is_keep", p=0.3, share=counts[0.3][0] / counts[0.3][1], **rate_found(*counts[0.3], 0.3))
    if all(statistics.rate_holds(zeros, n, statistics.normal_cdf(p)) for p, (zeros, n) in counts.items()):
        raise Mistake("normal_draws", p=0.3, share=counts[0.3][0] / counts[0.3][1], **rate_found(*counts[0.3], 0.3))
    if off == [TINY] and counts[TINY][0] == 0 and never_dropped(solution):
        raise Mistake("tiny_p_lost", p=TINY, n=counts[TINY][1], **rate_found(*counts[TINY], TINY))
    p = off[0]
    expect(
        False,
        f"the share of dropped elements is {counts[p][0] / counts[p][1]:.4f}, not {p}",
        f"被丢弃的比例是 {counts[p][0] / counts[p][1]:.4f}，而不是 {p}",
        **rate_found(*counts[p], p),
    )


def never_dropped(solution):
    """Nor is anything dropped in 200 calls of 175 elements, which no mask that repeats itself within a call explains."""
    shown = f"Dropout({TINY})(x), again and again"
    return own_coins(kept(solution, 0.3, 100, 100), 0.3) and told(solution, shown, "many", signed(175), TINY, 200).all()


def test_own_coin(solution):
    """Every element has its own coin: no axis shares a mask, and lags do not repeat one.

    64 x 48 coins: all rows (or columns) alike has probability below 2^-1000. The lags compare disjoint pairs, which
    are independent: they differ at rate 2p(1-p). The mirrored pairs (i, n-1-i) are disjoint as well.
    """
    p = 0.4
    mask = kept(solution, p, 64, 48)
    if bool((mask == mask[:1]).all()):
        raise Mistake("shared_over_batch", got="every row has the same mask", picture=Mask.of(mask, p))
    if bool((mask == mask[:, :1]).all()):
        raise Mistake("shared_over_features", got="every row is kept or dropped whole", picture=Mask.of(mask, p))
    expect_independent(mask, p)
    for shape in ((6, 7, 8, 9), (10, 12, 14), (4, 5, 3, 6, 7)):
        cube, rank = kept(solution, p, *shape), len(shape)
        for axis in range(rank):
            if (cube == cube.narrow(axis, 0, 1)).all():
                raise Mistake(
                    "shared_at_some_rank", rank=rank, axis=axis, got=f"shape {shape}: alike along axis {axis}"
                )
        if rank == 4:
            expect_independent(cube.reshape(42, 72), p)
    large = kept(solution, p, 600, 40)
    expect(
        not (large == large[:1]).all(),
        "600 rows share one mask",
        "600 行共用同一个掩码",
        picture=lambda: Mask.of(large, p),
    )
    expect_no_repeats(large.flatten(), p)
    expect_lags(large.flatten(), p, (16384,))


def test_blind_to_x(solution):
    """The mask does not look at x: small, large, positive and negative values are dropped alike.

    The rate within a group is Chernoff-tested; the mistake is told when the same group strays in each of two calls.
    """
    p = 0.3
    x = signed(100, 120) * torch.where(torch.rand(100, 120) < 0.5, 20.0, 0.1)
    strays = [stray_groups(solution, x, p) for _ in range(2)]
    for name, seen in strays[0].items():
        if (seen - p) * (strays[1].get(name, p) - p) > 0:
            raise Mistake(
                "looks_at_the_data",
                group=name,
                p=p,
                share=seen,
                got=f"{seen:.3f} of the {name} ones dropped",
                expected=f"{p}",
            )
    for name, seen in strays[0].items():
        expect(
            False,
            f"a share of {seen:.3f} of the {name} values was dropped",
            f"{name} 组的值被丢弃了 {seen:.3f}",
            got=f"{seen:.3f}",
            expected=f"{p}",
        )


def stray_groups(solution, x, p):
    """The groups of values dropped at another rate than p, when that over all or over the others is p."""
    alive = forward(solution, x, p) != 0
    groups = {"small": x.abs() < 1.25, "large": x.abs() >= 1.25, "positive": x > 0, "negative": x < 0}

    def holds(group):
        return statistics.rate_holds(int((alive & group).sum()), int(group.sum()), 1 - p)

    return {name: float((~alive)[group].float().mean()) for name, group in groups.items()
            if not holds(group) and (holds(~group) or holds(x != 0))}  # fmt: skip


def test_fresh_mask(solution):
    """Each call draws anew: three of one object and one of another, every pair differs at rate 2p(1-p).

    A mask that is always the same, one that goes with the seed alone (the generator is put back after the draw) and a
    generator that is seeded inside are told apart by a second run from another seed.
    """
    p, x = 0.3, signed(40, 50)
    helper = helper_of(solution)
    masks = [expect_tensor(y, shape=x.shape) != 0 for y in helper.several(x, p, 3)]
    reseeded = solution.reseeded
    others = [y != 0 for y in helper.several(x, p, 1)]
    solution.call = f"Dropout({p})(x), again and again"
    if any(torch.equal(a, b) for a, b in itertools.combinations(masks, 2)):
        said = {"got": "two calls, one mask", "picture": Mask(*(Mask.of(each, p).yours for each in masks[:2]))}
        if reseeded:
            raise Mistake("reseeds", **said)
        if all(torch.equal(masks[0], each) for each in masks):
            if torch.equal(masks[0], others[0]):
                raise Mistake("same_mask_again", **said)
            raise Mistake("generator_put_back", **said)
        if all(torch.equal(masks[0], each) for each in masks[:3]):  # the other object has its own
            raise Mistake("same_mask_again", **said)
    for a, b in itertools.combinations([*masks, *others], 2):
        differ, n = int((a != b).sum()), a.numel()
        expect(
            statistics.rate_holds(differ, n, 2 * p * (1 - p)),
            "two calls are not independent",
            "两次调用不独立",
            got=f"{differ / n:.3f} differ",
            expected=f"{2 * p * (1 - p):.3f}",
        )


def test_count_varies(solution):
    """The number of drops is binomial, not fixed, in a call and in a row.

    Small calls all have the same count with probability below ALPHA; over 250 rows, how often a count strays from
    its mean by more than 0.7 standard deviations has an exactly known rate.
    """
    p, n = 0.5, 48
    calls = statistics.calls_never_alike(n, p)
    masks = list(told(solution, f"Dropout({p})(x), again and again", "many", signed(6, 8), p, calls) != 0)
    counts = [int(mask.sum()) for mask in masks]
    expect(
        any(not torch.equal(masks[0], mask) for mask in masks), "every call has the same mask", "每次调用的掩码都相同"
    )
    if len(set(counts)) == 1:
        raise Mistake(
            "exact_count", kept=counts[0], n=n, calls=calls, got=f"{counts[0]} of {n} in each of {calls} calls"
        )
    rows = kept(solution, p, 250, 48).sum(1).tolist()
    expect(len(set(rows)) > 1, f"every row keeps exactly {rows[0]} of 48", f"每一行都恰好保留 48 个中的 {rows[0]} 个")
    if (
        told(solution, "Dropout(0.8)(x), again and again", "many", signed(2), 0.8, 30).any(1).all()
    ):  # a right answer: 0.36^30 < 1e-13
        raise Mistake(
            "keeps_at_least_one", p=0.8, calls=30, got="never both of 2 dropped", expected="both in 64 of 100 calls"
        )
    strays = sum(abs(each - n * (1 - p)) > 2.5 for each in rows)
    rate = statistics.tail_rate(n, 1 - p, 2.5)
    expect(
        statistics.rate_holds(strays, len(rows), rate),
        "the counts vary more or less than those of independent coins",
        "保留个数的波动与独立抽样不符",
        got=f"{strays / len(rows):.3f}",
        expected=f"{rate:.3f}",
    )


def test_two_layers(solution):
    """Two layers keep their own p, mode and inplace. A rate of 0.2 against 0.7 is told in 2,000 coins; so is eval."""
    x = signed(40, 50)
    one, two = solution.Dropout(0.2), solution.Dropout(0.7)
    rates = [int((expect_tensor(layer(x), shape=x.shape) == 0).sum()) for layer in (one, two)]
    if statistics.rate_holds(rates[0], x.numel(), 0.7) and statistics.rate_holds(rates[1], x.numel(), 0.7):
        raise Mistake(
            "p_shared_by_layers", share=rates[0] / x.numel(), got=f"{rates[0] / x.numel():.3f} dropped", expected="0.2"
        )
    for count, p in zip(rates, (0.2, 0.7), strict=True):
        expect(
            statistics.rate_holds(count, x.numel(), p),
            "the drop rate is off beside another layer",
            "与另一个层并存时丢弃率不对",
            got=f"{count / x.numel():.3f}",
            expected=f"{p}",
        )
    one, two = solution.Dropout(0.2), solution.Dropout(0.7, inplace=True)
    one(x)
    expect(
        not solution.changed,
        "inplace=True of one layer makes another write into its input",
        "一个层的 inplace=True 让另一个层也改写了输入",
    )
    two.eval()
    expect_equal(two(x), x)
    expect(not torch.equal(one(x), x), "eval() of one layer stills another", "对一个层调用 eval() 影响了另一个层")


def test_generator(solution):
    """The coins come from torch's global generator: its seed alone decides them, and it is not reseeded."""
    x, old = signed(30, 40), solution.Dropout(0.4)
    ys = []
    for seed, other in ((7, 1), (7, 2), (8, 1)):
        with solution.seeded(seed, other=other):
            layer = solution.Dropout(0.4)
            ys.append(layer(x))
        if solution.reseeded:
            raise Mistake("reseeds", got="torch.initial_seed() changed")
    with solution.seeded(7):
        twice = [old(x), old(x)]  # of a layer that stood before the seed was set
    if not torch.equal(ys[0], ys[1]) or torch.equal(ys[0], ys[2]) or not torch.equal(*twice):
        raise Mistake("other_generator", got="torch.manual_seed does not decide the mask")


def test_gradient(solution):
    """dL/dx is mask/(1-p) times the upstream gradient, with this call's own mask, not that of the call before."""
    for p in (0.3, 0.8):
        x, g = signed(40, 50).requires_grad_(), signed(40, 50)
        shown = f"m = Dropout({p}); m(z); m(x)"
        y = told(solution, shown, "after_another", x, signed(40, 50).requires_grad_(), p)
        if not y.requires_grad:
            raise Mistake("no_gradient", got="requires_grad=False", expected="requires_grad=True")
        alive = y.detach() != 0
        expect(
            statistics.rate_holds(int(alive.sum()), x.numel(), 1 - p),
            "the drop rate is off where x needs a gradient",
            "x 需要梯度时丢弃率不对",
            got=f"{float((~alive).float().mean()):.3f}",
            expected=f"{p}",
        )
        (y * g).sum().backward()
        expect(x.grad is not None, "x has no gradient", "x 没有梯度")
        if same(x.grad, g).all():
            raise Mistake("straight_through", p=p, got="grad = upstream", expected="mask/(1-p) times it")
        if same(x.grad, torch.where(alive, g, 0)).all():
            raise Mistake("gradient_unscaled", p=p, got="grad/g = 1 where kept", expected=f"{1 / (1 - p):.4g}")
        expect_equal(x.grad, torch.where(alive, g / (1 - p), 0), rtol=NEAR)


def test_ends_of_p(solution):
    """p = 1 gives zeros whose gradient exists and is zero, not NaN; p = 0 keeps all, with gradient one."""
    x = signed(13, 17).requires_grad_()
    y = expect_tensor(solution.Dropout(1.0)(x), shape=x.shape, dtype=x.dtype)
    if y.isnan().any():
        raise Mistake("nan_at_one", count=int(y.isnan().sum()), total=y.numel(), got="nan", expected="0")
    expect_equal(y.abs(), torch.zeros_like(x))
    if not y.requires_grad:
        raise Mistake("detached_at_one", got="requires_grad=False", expected="requires_grad=True")
    y.sum().backward()
    if gradient_of(x).isnan().any():
        raise Mistake("nan_gradient_at_one", got="nan", expected="0")
    expect_equal(gradient_of(x).abs(), torch.zeros_like(x))
    x = signed(13, 17).requires_grad_()
    y = solution.Dropout(0.0)(x)
    expect_equal(y, x, rtol=NEAR)
    expect(
        y.requires_grad,
        "no gradient flows at p = 0",
        "p = 0 时没有梯度",
        got="requires_grad=False",
        expected="requires_grad=True",
    )
    y.sum().backward()
    expect_equal(x.grad, torch.ones_like(x), rtol=NEAR)


def test_inplace(solution):
    """With inplace=True the result stands in x too, in training mode, also in float16 and in a view; eval leaves x.

    The masks are as independent in place as elsewhere: 64 x 48 coins by rows, columns, lags and from call to call.
    """
    cases = [(p, signed(30, 40)) for p in (0.3, 0.8, 1.0, 0.0)]
    cases += [(0.3, signed(30, 40, dtype=torch.float16)), (0.3, signed(40, 30).t()), (0.3, signed(40, 60)[::2, 5:25])]
    shown = "Dropout(p, inplace=True)(x), for several p and x"
    for (p, x), (y, after) in zip(cases, told(solution, shown, "into_cases", cases), strict=True):
        expect_tensor(y, shape=x.shape, dtype=x.dtype)
        if torch.equal(after, x) and p != 0.0:
            if not x.is_contiguous():  # the contiguous ones came first
                raise Mistake("inplace_on_a_copy", p=p, got="x as before", expected="the result in x")
            raise Mistake("inplace_ignored", p=p, got="x as before", expected="the result in x")
        alive = y != 0
        if (
            p in (0.3, 0.8)
            and not torch.equal(after, y)
            and same(after.float(), torch.where(alive, x, 0).float(), 1e-2).all()
        ):
            raise Mistake("inplace_unscaled", p=p, got="x holds the kept values unscaled", expected=f"x/{1 - p:g}")
        expect_equal(after, y)
        tol = HALF[x.dtype]
        expect_equal(y.double(), torch.where(alive, x.double() / (1 - p) if p < 1 else x.double() * 0, 0), rtol=tol)
        if p in (0.3, 0.8) and ((alive == alive[:1]).all() or (alive == alive[:, :1]).all()):
            raise Mistake("inplace_shared", p=p, got="rows or columns alike", picture=Mask.of(alive, p))
        expect(
            statistics.rate_holds(int(alive.sum()), x.numel(), 1 - p),
            "the drop rate is off in place",
            "inplace 时丢弃率不对",
            got=f"{float((~alive).float().mean()):.3f}",
            expected=f"{p}",
        )
        if p in (0.3, 0.8):
            expect(
                own_coins(alive, p), "in place elements share a coin", "inplace 时各元素没有独立抽样",
                picture=lambda alive=alive, p=p: Mask.of(alive, p),
            )  # fmt: skip
    masks = [each != 0 for each in told(solution, "m = Dropout(0.4, inplace=True); m(x); m(z)", "into_again",
                                        signed(64, 48), signed(64, 48), 0.4)]  # fmt: skip
    expect_independent(masks[0], 0.4)
    differ = int((masks[0] != masks[1]).sum())
    expect(
        statistics.rate_holds(differ, 64 * 48, 2 * 0.4 * 0.6), "two calls in place are not independent",
        "inplace 时两次调用不独立", got=f"{differ / (64 * 48):.3f} differ", expected="0.480",
    )  # fmt: skip
    shapes = ((4, 5), (4, 5), (), (1,), (9,), (2, 3, 4, 5), (0, 3))
    xs = [signed(*shape) for shape in shapes]
    found = told(solution, "m = Dropout(0.4, inplace=True); m(x), for x of several shapes", "into_each", xs, 0.4)
    for n, (shape, x, (y, after)) in enumerate(zip(shapes, xs, found, strict=True)):
        expect_tensor(y, shape=shape)
        if x.numel() and torch.equal(after, x):  # kept or dropped, every value changes
            raise Mistake(
                "inplace_once" if n == 1 else "inplace_some_shapes",
                shape=str(shape),
                got="x as before",
                expected="the result in x",
            )
        expect_equal(after, y)
    for p in (0.3, 1.0):
        x = signed(20, 30)
        y, after = told(solution, f"Dropout({p}, inplace=True).eval()(x)", "into", x, p, False)
        expect_equal(y, x)
        expect_equal(after, x)
    y = expect_tensor(solution.Dropout(0.3, True)(x), shape=x.shape)
    expect_equal(solution.arguments()[0], y)


def test_inplace_gradient(solution):
    """With inplace=True, on the result h of another operation, the gradient is the same mask/(1-p), and h is written."""
    helper = helper_of(solution)
    for p in (0.3, 1.0):
        x, g = signed(30, 40).requires_grad_(), signed(30, 40)
        y, h = helper.through(x, p, True)
        solution.call = f"h = x * 1; Dropout({p}, inplace=True)(h)"
        if not y.requires_grad:
            raise Mistake("inplace_detached", got="requires_grad=False", expected="requires_grad=True")
        if p < 1 and torch.equal(h.detach(), x.detach()):
            raise Mistake("inplace_without_grad_only", p=p, got="h as before", expected="the result in h")
        expect_equal(h.detach(), y.detach())
        alive = y.detach() != 0
        (y * g).sum().backward()
        expect(x.grad is not None, "x has no gradient", "x 没有梯度")
        if same(x.grad, g).all():
            raise Mistake("inplace_behind_autograd", p=p, got="grad = upstream", expected="mask/(1-p) times it")
        expect_equal(x.grad, torch.where(alive, g / (1 - p), 0), rtol=NEAR)


def test_results_stand(solution):
    """What was returned is still there after the next call."""
    before, after = helper_of(solution).results(signed(20, 30), 0.3)
    solution.call = "y = m(x); m(-x)"
    if not torch.equal(before, after):
        raise Mistake("overwrites_its_result", got="another tensor after the next call", expected="the same values")


def test_dtypes(solution):
    """float16, bfloat16, float32 and float64 come back as they went in, training or not, with the right values.

    At p = 0 `> p` drops where the draw is 0: once in 2^9 elements of bfloat16, of 12,000 at least one but for 1e-10.

    A draw in bfloat16 is exactly 0 once in 2^9, so at p = 1e-6 it drops about 29 of 15,000; six are too many for the
    bound, and fewer than six come with probability below 1e-7.
    """
    for dtype, tol in HALF.items():
        p, x = 0.3, signed(30, 40, dtype=dtype)
        whole = signed(*((100, 120) if dtype is torch.bfloat16 else (20, 30)), dtype=dtype)
        shown = f"Dropout(p)(x), x of {str(dtype).removeprefix('torch.')}, for p in (0.3, 0.0, 1.0)"
        y, evaluated, none, every = told(solution, shown, "of_a_dtype", x, whole, p)
        for p_, value in ((p, y), (p, evaluated), (0.0, none), (1.0, every)):
            expect_tensor(value)
            if dtype in (torch.float16, torch.bfloat16) and value.dtype is torch.float32:
                went = str(dtype).removeprefix("torch.")
                raise Mistake("promoted", went=went, p=p_, got="float32", expected=went)
            expect_tensor(value, dtype=dtype)
        expect_equal(evaluated, x)
        expect_equal(none, whole, rtol=tol)
        expect(not every.any(), "p = 1 does not give zeros in this dtype", "该 dtype 下 p = 1 时结果不为零")
        alive = y != 0
        expect_equal(y.double(), torch.where(alive, x.double() / (1 - p), 0), rtol=tol)
        expect(
            statistics.rate_holds(int(alive.sum()), x.numel(), 1 - p),
            "the drop rate is off in this dtype",
            "该 dtype 下的丢弃率不对",
            got=f"{float((~alive).float().mean()):.3f}",
            expected=f"{p}",
        )
        expect(own_coins(alive, p), "in this dtype elements share a coin", "该 dtype 下各元素没有独立抽样")

    p, n = 1e-6, 15_000

    def lost(dtype):
        return int((forward(solution, signed(100, 150, dtype=dtype), p) == 0).sum())

    count = lost(torch.bfloat16)
    if statistics.rate_holds(count, n, p):
        return
    if statistics.rate_holds(lost(torch.float32), n, p):
        raise Mistake("half_coins", count=count, n=n, p=p, mean=n * p, got=f"{count} of {n}")
    expect(
        False, f"at p = {p:g} {count} of {n} were dropped", f"p = {p:g} 时 {n} 个中丢弃了 {count} 个",
        got=f"{count}", expected="hardly one",
    )  # fmt: skip


def test_shapes(solution):
    """0-d, empty, one element, 1-d, 4-d and non-contiguous inputs, in training and in eval."""
    p = 0.4
    shown = f"Dropout({p})(x), x of several shapes, in training and in eval"
    first = [signed(*shape) for shape in ((1,), (0,), (3, 0, 2), (9,), (2, 3, 4, 5), (1, 1, 1))]
    views = [signed(30, 20).t(), signed(40, 30)[::2, 5:25], signed(1, 40).expand(25, 40)]
    found = [*zip(first, told(solution, shown, "both_modes", first, p), strict=True)]
    x = signed()
    try:
        found.append((x, told(solution, f"Dropout({p})(x), x of shape ()", "both_modes", [x], p)[0]))
    except ForbiddenCall:
        raise
    except SubmissionError as error:  # the one element of shape (1,) went well before
        raise Mistake("zero_d_refused", got=str(error), expected="a 0-d tensor") from None
    for x, (trained, evaluated) in found:
        shape = tuple(x.shape)
        for y, right in ((trained, lambda y, x=x: (y == 0) | same(y, x / (1 - p))), (evaluated, x.eq)):
            expect_tensor(y, shape=shape, dtype=x.dtype)
            expect(right(y).all(), f"wrong values for an input of shape {shape}", f"形状为 {shape} 的输入结果不对")
    scalars = set(
        told(solution, f"Dropout({p})(x), again and again", "many", torch.tensor(1.5), p, 56).tolist()
    )  # all alike: 2 · 0.6^56 < 1e-11
    expect(
        len(scalars) == 2,
        "a 0-d input is never dropped, or always",
        "0-d 输入总是保留或总是丢弃",
        got=f"{sorted(scalars)}",
        expected="0 and 2.5",
    )
    shown = f"Dropout({p})(x), x not contiguous, in training and in eval"
    for x, (y, evaluated) in zip(views, told(solution, shown, "both_modes", views, p), strict=True):
        expect_tensor(y, shape=x.shape)
        alive = y != 0
        expect_equal(y, torch.where(alive, x / (1 - p), 0), rtol=NEAR)
        expect(
            statistics.rate_holds(int(alive.sum()), x.numel(), 1 - p),
            "wrong drop rate for a non-contiguous input",
            "非连续输入的丢弃率不对",
        )
        expect(own_coins(alive, p), "elements of a non-contiguous input share a coin", "非连续输入的各元素没有独立抽样")
        expect_equal(evaluated, x)


def test_input_untouched(solution):
    """Without inplace, x holds the same bits after the call, whatever p and the mode."""
    for p, layer in ((0.5, solution.Dropout(0.5)), (1.0, solution.Dropout(1.0, inplace=False)),
                     (0.0, solution.Dropout(0.0)),
                     (0.5, in_eval(solution, 0.5))):  # fmt: skip
        layer(signed(12, 15))
        if solution.changed:
            raise Mistake("changes_the_input", p=p)


def test_device(solution):
    """The mask is made where x lives: seen with a tensor that poses as living on another device."""
    helper_of(solution)
    for training, inplace in ((True, False), (False, False), (True, True)):
        if solution.device_of("in_mode_of_the_judge", signed(12, 15), 0.5, training, inplace) in ("mixed", "here"):
            raise Mistake("mask_on_cpu", got="a CPU mask met x on another device")

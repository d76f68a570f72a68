"""Checks for the module `Dropout(p=0.5, inplace=False)`.

Each statistical test spends at most ALPHA = 1e-11 of false alarm; the suite has fewer than ninety of them, so a right
answer is turned away with probability below 1e-9 a run. About 200,000 coins are drawn in all, so that a plain Python
loop is judged within its twenty seconds. Inputs have both signs, no zeros and no repeated value. Values are exact up to
the order of a product and a division: 1e-5 in float32.
"""

import itertools

import torch

from interview.grading.checks import statistics
from interview.grading.checks.expect import Mask, Mistake, Unseen, Words, expect, expect_equal, expect_tensor
from interview.grading.checks.masks import (
    even_sums,
    expect_calls_independent,
    expect_gradient_elsewhere,
    expect_independent,
    expect_lags,
    expect_no_repeats,
    rate_found,
    signed,
)
from interview.grading.checks.solution import ForbiddenCall, SubmissionError, shape_of

NEAR = 1e-5
HALF = {torch.float16: 1e-2, torch.bfloat16: 4e-2, torch.float32: NEAR, torch.float64: 1e-6}
NAN = float("nan")
TINY = 0.0008
GROUPS = {"small": "|x| < 1.25", "large": "|x| >= 1.25", "positive": "x > 0", "negative": "x < 0"}
UPSTREAM = {
    "got": Words("grad = upstream", "grad 等于上游梯度"),
    "expected": Words("mask/(1-p) times it", "上游梯度乘以 mask/(1-p)"),
}

HELPER = """
import torch
from torch import nn

def several(x, p, count):
    one = submission.Dropout(p)
    found = [y.clone() for y in again(one, x, count)]
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
    layer.eval()
    layer(x)
    return {"module": True, "started": True, "before": before, "after": names()}

def many(x, p, count):
    return torch.stack([y.detach().clone() for y in again(submission.Dropout(p), x, count)])

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

def accepted_in_place(x, ps):
    found = []
    for p in ps:
        try:
            submission.Dropout(p, inplace=True)(x.clone())
        except (ValueError, AssertionError):
            continue
        found.append(p)
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
    shown = f"Dropout({p})(x)    x: {shape_of(x)}"
    return expect_tensor(told(solution, shown, "in_mode", x, p, True, False), shape=x.shape)


def made(solution, *args, **more):
    """A new layer, whose calls are shown as `Dropout(0.3)(x)`."""
    layer = solution.Dropout(*args, **more)
    if hasattr(layer, "_shown"):
        layer._shown = solution.call
    return layer


def stilled(layer):
    layer.eval()
    layer._shown += ".eval()"
    return layer


def in_eval(solution, p, **more):
    """A new layer in eval mode."""
    return stilled(made(solution, p, **more))


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
    expect(x.grad is not None, "x has no gradient", "x 没有梯度", got=Words("x.grad is None", "x.grad 为 None"))
    return x.grad


def test_from_scratch(solution):
    """No ready-made dropout is called, in training or in eval, whether or not its refusal is caught."""
    seen = False
    for layer in (
        lambda: made(solution, 0.3),
        lambda: in_eval(solution, 0.3),
        lambda: made(solution, 0.3, inplace=True),
    ):
        try:
            layer()(signed(3, 4))
            seen = True
        except SubmissionError as error:
            if isinstance(error, ForbiddenCall) or solution.forbidden:
                raise Mistake("ready_made", name=solution.forbidden[0]) from None
        if solution.forbidden:
            raise Mistake("ready_made", name=solution.forbidden[0])
    if not seen:
        raise Unseen


def test_interface(solution):
    """A module with p = 0.5 and inplace = False by default; it drops in training mode, the mode it starts in.

    2,000 coins: all kept with probability below 0.75^2000; the default p is told by its rate and its scale. A layer that
    has only a `__call__` lacks the `forward` that is asked for.
    """
    x = signed(40, 50)
    facts = told(solution, "Dropout(0.3)", "facts", x, 0.3)
    expect(facts["module"], "Dropout is not a torch.nn.Module", "Dropout 不是 torch.nn.Module")
    if not facts["started"]:
        raise Mistake("no_super_init", got=Words("no _modules, no training", "没有 _modules，也没有 training"))
    for layer in (made(solution, 0.25), made(solution, p=0.25, inplace=False)):
        y = expect_tensor(layer(x), shape=x.shape, dtype=x.dtype)
        if torch.equal(y, x):
            call = solution.call
            wanting = solution.Dropout(0.25)(x.clone().requires_grad_())
            solution.call = call
            if not torch.equal(wanting, x):
                got = Words("y == x unless x.requires_grad", "x.requires_grad 为假时 y == x")
                raise Mistake("asks_requires_grad", got=got)
            got = Words("y == x in training mode", "训练模式下 y == x")
            raise Mistake("never_drops", got=got, expected=Words("about a quarter of x dropped", "x 约四分之一被丢弃"))
    made(solution, 0.25, False)(x)
    if told(solution, "Dropout(0.25).forward", "has_forward") is False:
        got = Words("nn.Module's own forward, which raises", "nn.Module 自带的 forward，调用就报错")
        raise Mistake("no_forward", got=got, expected="forward(x)")
    y = expect_tensor(made(solution)(x), shape=x.shape, dtype=x.dtype)
    share = float((y == 0).float().mean())
    expect(
        statistics.rate_holds(int((y == 0).sum()), y.numel(), 0.5),
        f"Dropout() drops {share:.1%}, not 50%",
        f"Dropout() 丢弃了 {share:.3f}，而不是 0.5",
        got=f"{share:.3f}",
        expected="0.5",
    )


def test_range_of_p(solution):
    """p in [0, 1] is accepted, its ends included; anything else is refused, NaN too, at construction or at forward; in place too,
    and what lies a millionth outside.
    """
    outside = (-0.1, 1.1, -3.0, 2.0)
    ps = (0.3, 0.0, 1.0, *outside, NAN)
    found = told(solution, f"Dropout(p)(x)    p: {', '.join(map(str, ps))}", "refusals", signed(4, 5), ps)

    def show(p, training):
        solution.call = f"Dropout({p}){'' if training else '.eval()'}(x)"

    refused = {each: found[each] is True for each in itertools.product(map(str, ps), (True, False))}
    for p, training in itertools.product((0.3, 0.0, 1.0), (True, False)):
        if refused[str(p), training]:
            show(p, training)
            if p in (0.0, 1.0) and not refused["0.3", training]:
                raise Mistake("ends_refused", p=p)
            expect(False, f"p = {p} was rejected", f"p = {p} 被拒绝")
    accepted = {training: [p for p in outside if not refused[str(p), training]] for training in (True, False)}
    nan = {training: not refused["nan", training] for training in (True, False)}
    every = list(outside)
    if accepted == {True: every, False: every} and nan[True] and nan[False]:
        show(outside[0], True)
        raise Mistake("no_range_check", p=outside[0])
    if nan[True] and nan[False] and not accepted[True] and not accepted[False]:
        show(NAN, True)
        raise Mistake("nan_accepted")
    if not accepted[True] and not nan[True] and accepted[False] == every and nan[False]:
        show(outside[0], False)
        raise Mistake("checked_in_training_only", p=outside[0])
    for training in (True, False):
        wrong = [*accepted[training], *([NAN] if nan[training] else [])]
        if wrong:
            show(wrong[0], training)
        expect(
            not wrong,
            f"p = {wrong and wrong[0]} was accepted",
            f"p = {wrong and wrong[0]} 没有报错",
            expected="ValueError",
        )
    beyond = (-0.1, 1.1, -1e-6, 1.000001, float("inf"), -float("inf"), NAN)
    shown = f"Dropout(p, inplace=True)(x)    p: {', '.join(map(str, beyond))}"
    wrong = told(solution, shown, "accepted_in_place", signed(4, 5), beyond)
    if wrong:
        solution.call = f"Dropout({wrong[0]}, inplace=True)(x)"
    expect(
        not wrong,
        f"p = {wrong and wrong[0]} was accepted",
        f"p = {wrong and wrong[0]} 没有报错",
        expected="ValueError",
    )


def test_eval(solution):
    """In eval mode the output is x, bit by bit, each time and for every p, and the gradient is one."""
    x, ps = signed(24, 31), (0.3, 0.8, 0.0, 1.0)
    shown = f"m = Dropout(p).eval(); m(x); m(x)    p: {', '.join(map(str, ps))}"
    for p, (y, again) in zip(ps, told(solution, shown, "quiet", x, ps), strict=True):
        solution.call = f"m = Dropout({p}).eval(); m(x); m(x)    x: {shape_of(x)}"
        expect_tensor(y, shape=x.shape)
        zeros = int((y == 0).sum())
        if p in (0.3, 0.8) and zeros and statistics.rate_holds(zeros, y.numel(), p):
            share = zeros / y.numel()
            raise Mistake("drops_in_eval", p=p, share=share, got=Words("zeros", "出现了零"), expected="x")
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
            got = Words("still dropping after net.eval()", "net.eval() 之后仍在丢弃")
            raise Mistake("own_flag", got=got, expected="x")
        expect(
            all(loud) and all(quiet),
            "the layer does not follow the mode of the module that holds it",
            "该层没有跟随外层 module 的模式",
            got=when_dropped((loud[0], not quiet[0], loud[1], not quiet[1])),
            expected=when_dropped((True, False, True, False)),
        )


def when_dropped(dropped):
    """In which of the four calls something was dropped."""
    times = (("at first", "一开始"), ("in eval", "eval 时"), ("again", "再次训练时"), ("in eval again", "再次 eval 时"))
    said = [each for each, yes in zip(times, dropped, strict=True) if yes]
    if not said:
        return Words("dropped: never", "从未丢弃")
    en, zh = zip(*said, strict=True)
    return Words(f"dropped: {', '.join(en)}", f"有丢弃：{'、'.join(zh)}")


def test_returns_itself(solution):
    """train() and eval() return the layer, as `model = Dropout().eval()` needs."""
    chained = told(solution, "Dropout(0.4).eval(), .train(), .train(False)", "chained", 0.4)
    if not all(chained):
        raise Mistake("train_returns_nothing", got=f"{chained}", expected=Words("the layer itself", "该层本身"))


def test_no_grad(solution):
    """Under no_grad and inference_mode a layer in training mode drops and scales, one in eval mode does not; 600 coins
    at 0.4 are all kept with probability below 1e-130. With inplace=True it writes into x there as well.
    """
    x, expected = signed(20, 30), Words("about 40% dropped", "约 40% 被丢弃")
    calls = {each: f"with torch.{each}(): Dropout(0.4)(x)" for each in ("no_grad", "inference_mode")}
    with torch.no_grad():
        y = expect_tensor(made(solution, 0.4)(x), shape=x.shape)
        if torch.equal(y, x):
            solution.call = calls["no_grad"]
            got = Words("y == x under no_grad", "no_grad 中 y == x")
            raise Mistake("asks_grad_mode", got=got, expected=expected)
        expect_equal(in_eval(solution, 0.4)(x), x)
    solution.call = calls["no_grad"]
    dropped = int((y == 0).sum())
    expect(
        statistics.rate_holds(dropped, x.numel(), 0.4),
        "the drop rate is off under no_grad",
        "no_grad 下的丢弃率不对",
        got=f"{dropped / x.numel():.3f}",
        expected="0.4",
    )
    inferred = expect_tensor(told(solution, calls["inference_mode"], "inferred", x, 0.4))
    if torch.equal(inferred, x):
        got = Words("y == x under inference_mode", "inference_mode 中 y == x")
        raise Mistake("asks_inference_mode", got=got, expected=expected)
    for each, where in ((y, "no_grad"), (inferred, "inference_mode")):
        solution.call = calls[where]
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
    facts = told(solution, "Dropout(0.3).state_dict(), .parameters()", "facts", signed(4, 5), 0.3)
    parameters, state = facts["before"]
    if parameters:
        got = Words(f"parameters {parameters}", f"参数 {parameters}")
        raise Mistake("p_is_a_parameter", name=parameters[0], got=got, expected=Words("none", "无"))
    if state:
        raise Mistake("buffer_in_state", name=state[0], got=f"state_dict {state}", expected="{}")
    parameters, state = facts["after"]
    if state:
        got = Words(f"state_dict {state} after a call", f"调用之后 state_dict {state}")
        raise Mistake("mask_in_state", name=state[0], got=got, expected="{}")
    expect(not parameters, "a call adds a parameter", "调用之后多出了参数", got=f"{parameters}")


def test_survivors(solution):
    """Each element is 0 or x/(1-p). A wrong scale is named if it holds at p = 0.3 and at 0.8."""
    seen, calls = {}, {}
    for p in (0.3, 0.8, 0.1, 0.97):  # 2,000 coins at 0.97: none survives with probability 0.97^2000 < 1e-26
        x = signed(40, 50)
        y = forward(solution, x, p)
        seen[p], calls[p] = (x, y, y != 0), solution.call
        got = Words("all zeros", "全零")
        expect((y != 0).any(), f"nothing survives at p = {p}", f"p = {p} 时没有任何元素保留", got=got)

    def explained(scale):
        return all(same(y, x * scale(p, alive))[alive].all() for p, (x, y, alive) in seen.items() if p in (0.3, 0.8))

    x, y, alive = seen[0.3]
    said = {"p": 0.3, "got": f"y/x = {float((y / x)[alive].median()):.4g}", "expected": f"y/x = {1 / 0.7:.4g}"}
    solution.call = calls[0.3]
    if explained(lambda p, alive: 1.0):
        raise Mistake("scale_missing", mean=float(alive.float().mean()), **said)
    if explained(lambda p, alive: 1 / p) and statistics.rate_holds(int(alive.sum()), alive.numel(), 0.7):
        raise Mistake("scale_one_over_p", ratio=1 / 0.3, **said)
    if explained(lambda p, alive: 1 / (1 - p) ** 2):
        raise Mistake("scaled_twice", ratio=1 / 0.49, **said)
    if explained(lambda p, alive: alive.numel() / alive.sum()) and not explained(lambda p, alive: 1 / (1 - p)):
        raise Mistake("renormalised", ratio=float(alive.numel() / alive.sum()), **said)
    x, y, alive = seen[0.97]
    solution.call = calls[0.97]
    ratio = float((y / x)[alive].median())
    if explained(lambda p, alive: 1 / (1 - p)) and same(y, x * ratio)[alive].all() and ratio < 33:
        raise Mistake("scale_capped", p=0.97, ratio=ratio, got=f"y/x = {ratio:.4g}", expected=f"y/x = {1 / 0.03:.4g}")
    for p, (x, y, alive) in seen.items():
        solution.call = calls[p]
        expect_equal(torch.where(alive, y, 0), torch.where(alive, x / (1 - p), 0), rtol=NEAR)


def test_rate(solution):
    """The share of zeros is p. Chernoff's bound: with 20,000 coins a rate off by 0.04 is missed below 1e-6.

    At p = 0.0008 about 28 of 35,000 are dropped, none with probability 1e-12: a p rounded to hundredths drops none.
    """
    counts, calls = {}, {}
    for p, rows in ((0.3, 100), (0.1, 100), (0.8, 100), (TINY, 175)):
        counts[p] = int((~kept(solution, p, rows, 200)).sum()), rows * 200
        calls[p] = solution.call
    off = [p for p, (zeros, n) in counts.items() if not statistics.rate_holds(zeros, n, p)]
    if not off:
        return
    solution.call = calls[0.3]
    if all(statistics.rate_holds(n - zeros, n, p) for p, (zeros, n) in counts.items()):
        raise Mistake("p_is_keep", p=0.3, share=counts[0.3][0] / counts[0.3][1], **rate_found(*counts[0.3], 0.3))
    if all(statistics.rate_holds(zeros, n, statistics.normal_cdf(p)) for p, (zeros, n) in counts.items()):
        raise Mistake("normal_draws", p=0.3, share=counts[0.3][0] / counts[0.3][1], **rate_found(*counts[0.3], 0.3))
    if off == [TINY] and counts[TINY][0] == 0 and never_dropped(solution):
        solution.call = calls[TINY]
        raise Mistake("tiny_p_lost", p=TINY, n=counts[TINY][1], **rate_found(*counts[TINY], TINY))
    p = off[0]
    solution.call = calls[p]
    expect(
        False,
        f"the share of dropped elements is {counts[p][0] / counts[p][1]:.4f}, not {p}",
        f"被丢弃的比例是 {counts[p][0] / counts[p][1]:.4f}，而不是 {p}",
        **rate_found(*counts[p], p),
    )


def never_dropped(solution):
    """Nor is anything dropped in 200 calls of 175 elements, which no mask that repeats itself within a call explains."""
    shown = f"Dropout({TINY})(x) × 200"
    return own_coins(kept(solution, 0.3, 100, 100), 0.3) and told(solution, shown, "many", signed(175), TINY, 200).all()


def test_own_coin(solution):
    """Every element has its own coin: no axis shares a mask, and lags do not repeat one.

    64 x 48 coins: all rows (or columns) alike has probability below 2^-1000. The lags compare disjoint pairs, which
    are independent: they differ at rate 2p(1-p). The mirrored pairs (i, n-1-i) are disjoint as well.
    """
    p = 0.4
    mask = kept(solution, p, 64, 48)
    if bool(mask.all()):
        raise Unseen  # nothing is zero, so there are no coins to compare: told by the values and the rate
    if bool((mask == mask[:1]).all()):
        raise Mistake("shared_over_batch", picture=Mask.of(mask, p))
    if bool((mask == mask[:, :1]).all()):
        raise Mistake("shared_over_features", picture=Mask.of(mask, p))
    expect_independent(mask, p)
    for shape in ((6, 7, 8, 9), (10, 12, 14), (4, 5, 3, 6, 7), (600,)):
        cube, rank = kept(solution, p, *shape), len(shape)
        for axis in range(rank):
            if (cube == cube.narrow(axis, 0, 1)).all():
                raise Mistake("shared_at_some_rank", rank=rank, axis=axis)
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
                group=Words(name, GROUPS[name]),
                p=p,
                share=seen,
                got=Words(f"{seen:.3f} of the {name} ones dropped", f"{GROUPS[name]} 的值丢弃了 {seen:.3f}"),
                expected=f"{p}",
            )
    for name, seen in strays[0].items():
        expect(
            False,
            f"{seen:.1%} of the {name} values were dropped",
            f"{GROUPS[name]} 的值被丢弃了 {seen:.3f}",
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
    shown = f"m = Dropout({p}); m(x); m(x); m(x)    x: {shape_of(x)}"
    masks = [expect_tensor(y, shape=x.shape) != 0 for y in told(solution, shown, "several", x, p, 3)]
    reseeded = solution.reseeded
    others = [y != 0 for y in told(solution, shown, "several", x, p, 1)]
    if all(bool(each.all()) for each in masks):
        raise Unseen
    if any(torch.equal(a, b) for a, b in itertools.combinations(masks, 2)):
        picture = Mask(*(Mask.of(each, p).yours for each in masks[:2]))
        said = {"got": Words("two calls, one mask", "两次调用，同一个掩码"), "picture": picture}
        if reseeded:
            raise Mistake("reseeds", **said)
        if all(torch.equal(masks[0], each) for each in masks):
            if torch.equal(masks[0], others[0]):
                raise Mistake("same_mask_again", **said)
            raise Mistake("generator_put_back", **said)
        if all(torch.equal(masks[0], each) for each in masks[:3]):  # the other object has its own
            raise Mistake("same_mask_again", **said)
    expect_calls_independent([*masks, *others], p)


def test_count_varies(solution):
    """The number of drops is binomial, not fixed, in a call and in a row.

    Small calls all have the same count with probability below ALPHA; over 250 rows, how often a count strays from
    its mean by more than 0.7 standard deviations has an exactly known rate.
    """
    p, n = 0.5, 48
    calls = statistics.calls_never_alike(n, p)
    masks = list(told(solution, f"Dropout({p})(x) × {calls}    x: (6, 8) float32", "many", signed(6, 8), p, calls) != 0)
    counts = [int(mask.sum()) for mask in masks]
    expect(
        any(not torch.equal(masks[0], mask) for mask in masks), "every call has the same mask", "每次调用的掩码都相同"
    )
    if len(set(counts)) == 1:
        raise Mistake("exact_count", kept=counts[0], n=n, calls=calls)
    rows = kept(solution, p, 250, 48).sum(1).tolist()
    expect(len(set(rows)) > 1, f"every row keeps exactly {rows[0]} of 48", f"每一行都恰好保留 48 个中的 {rows[0]} 个")
    call = solution.call
    pairs = told(solution, "Dropout(0.8)(x) × 30    x: (2,) float32", "many", signed(2), 0.8, 30)
    if pairs.any(1).all():  # a right answer: 0.36^30 < 1e-13
        raise Mistake(
            "keeps_at_least_one",
            p=0.8,
            calls=30,
            got=Words("never both of 2 dropped", "从未同时丢弃 2 个"),
            expected=Words("both in 64 of 100 calls", "100 次调用中 64 次同时丢弃"),
        )
    solution.call = call
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
    one, two = made(solution, 0.2), made(solution, 0.7)
    rates = [int((expect_tensor(layer(x), shape=x.shape) == 0).sum()) for layer in (one, two)]
    solution.call = "a = Dropout(0.2); b = Dropout(0.7); a(x); b(x)"
    if statistics.rate_holds(rates[0], x.numel(), 0.7) and statistics.rate_holds(rates[1], x.numel(), 0.7):
        share = rates[0] / x.numel()
        got = Words(f"{share:.3f} dropped", f"丢弃了 {share:.3f}")
        raise Mistake("p_shared_by_layers", share=share, got=got, expected="0.2")
    for count, p in zip(rates, (0.2, 0.7), strict=True):
        expect(
            statistics.rate_holds(count, x.numel(), p),
            "the drop rate is off beside another layer",
            "与另一个层并存时丢弃率不对",
            got=f"{count / x.numel():.3f}",
            expected=f"{p}",
        )
    one, two = made(solution, 0.2), made(solution, 0.7, inplace=True)
    one(x)
    expect(
        not solution.changed,
        "inplace=True of one layer makes another write into its input",
        "一个层的 inplace=True 让另一个层也改写了输入",
    )
    expect_equal(stilled(two)(x), x)
    expect(not torch.equal(one(x), x), "eval() of one layer stills another", "对一个层调用 eval() 影响了另一个层")


def test_generator(solution):
    """The coins come from torch's global generator: its seed alone decides them, and it is not reseeded."""
    x, old = signed(30, 40), made(solution, 0.4)
    ys = []
    for seed, other in ((7, 1), (7, 2), (8, 1)):
        with solution.seeded(seed, other=other):
            layer = made(solution, 0.4)
            ys.append(layer(x))
        if solution.reseeded:
            raise Mistake(
                "reseeds", got=Words("the generator has left the stream of its seed", "生成器离开了原种子的随机序列")
            )
    with solution.seeded(7):
        twice = [old(x), old(x)]  # of a layer that stood before the seed was set
    if not torch.equal(ys[0], ys[1]) or torch.equal(ys[0], ys[2]) or not torch.equal(*twice):
        raise Mistake("other_generator")


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
            raise Mistake("straight_through", p=p, **UPSTREAM)
        if same(x.grad, torch.where(alive, g, 0)).all():
            got = Words("grad/g = 1 where kept", "保留处 grad/g = 1")
            raise Mistake("gradient_unscaled", p=p, got=got, expected=f"{1 / (1 - p):.4g}")
        expect_equal(x.grad, torch.where(alive, g / (1 - p), 0), rtol=NEAR)
    expect_gradient_elsewhere(
        solution, "layer", 0.3, loud="submission.Dropout(p)", quiet="lambda h: None", scale=1 / 0.7, tol=NEAR
    )


def test_ends_of_p(solution):
    """p = 1 gives zeros whose gradient exists and is zero, not NaN; p = 0 keeps all, with gradient one."""
    x = signed(13, 17).requires_grad_()
    y = expect_tensor(made(solution, 1.0)(x), shape=x.shape, dtype=x.dtype)
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
    y = made(solution, 0.0)(x)
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
    cases += [(0.3, signed(30, 40, dtype=dtype)) for dtype in (torch.float16, torch.bfloat16, torch.float64)]
    cases += [(0.3, signed(40, 30).t()), (0.3, signed(40, 60)[::2, 5:25])]
    shown = "Dropout(p, inplace=True)(x)    p: 0.3, 0.8, 1.0, 0.0"
    for (p, x), (y, after) in zip(cases, told(solution, shown, "into_cases", cases), strict=True):
        strided = "" if x.is_contiguous() else f"  x.stride(): {x.stride()}"
        solution.call = f"Dropout({p}, inplace=True)(x)    x: {shape_of(x)}{strided}"
        expect_tensor(y, shape=x.shape, dtype=x.dtype)
        if torch.equal(after, x) and p != 0.0:
            if not x.is_contiguous():  # the contiguous ones came first
                raise Mistake("inplace_on_a_copy", p=p)
            raise Mistake("inplace_ignored", p=p)
        alive = y != 0
        if (
            p in (0.3, 0.8)
            and not torch.equal(after, y)
            and same(after.float(), torch.where(alive, x, 0).float(), 1e-2).all()
        ):
            got = Words("x holds the kept values unscaled", "x 中保留的值没有缩放")
            raise Mistake("inplace_unscaled", p=p, got=got, expected=f"x/{1 - p:g}")
        expect_equal(after, y)
        tol = HALF[x.dtype]
        expect_equal(y.double(), torch.where(alive, x.double() / (1 - p) if p < 1 else x.double() * 0, 0), rtol=tol)
        if p in (0.3, 0.8) and ((alive == alive[:1]).all() or (alive == alive[:, :1]).all()):
            raise Mistake("inplace_shared", p=p, picture=Mask.of(alive, p))
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
        "inplace 时两次调用不独立",
        got=Words(f"{differ / (64 * 48):.3f} differ", f"有 {differ / (64 * 48):.3f} 不同"), expected="0.480",
    )  # fmt: skip
    shapes = ((4, 5), (4, 5), (), (1,), (9,), (2, 3, 4, 5), (0, 3))
    xs = [signed(*shape) for shape in shapes]
    shown = f"m = Dropout(0.4, inplace=True); m(x); …    x: {', '.join(map(str, shapes))}"
    found = told(solution, shown, "into_each", xs, 0.4)
    for n, (shape, x, (y, after)) in enumerate(zip(shapes, xs, found, strict=True)):
        solution.call = f"m = Dropout(0.4, inplace=True); {'…; ' if n else ''}m(x)    x: {shape_of(x)}"
        expect_tensor(y, shape=shape)
        if x.numel() and torch.equal(after, x):  # kept or dropped, every value changes
            raise Mistake("inplace_once" if n == 1 else "inplace_some_shapes", shape=str(shape))
        expect_equal(after, y)
    for p in (0.3, 1.0):
        x = signed(20, 30)
        y, after = told(solution, f"Dropout({p}, inplace=True).eval()(x)", "into", x, p, False)
        expect_equal(y, x)
        expect_equal(after, x)
    y = expect_tensor(made(solution, 0.3, True)(x), shape=x.shape)
    expect_equal(solution.arguments()[0], y)


def test_inplace_gradient(solution):
    """With inplace=True, on the result h of another operation, the gradient is the same mask/(1-p), and h is written."""
    for p in (0.3, 0.8, 1.0):
        x, g = signed(30, 40).requires_grad_(), signed(30, 40)
        y, h = told(solution, f"h = x * 1; Dropout({p}, inplace=True)(h)", "through", x, p, True)
        if not y.requires_grad:
            raise Mistake("inplace_detached", got="requires_grad=False", expected="requires_grad=True")
        if p < 1 and torch.equal(h.detach(), x.detach()):
            raise Mistake("inplace_without_grad_only", p=p)
        expect_equal(h.detach(), y.detach())
        alive = y.detach() != 0
        (y * g).sum().backward()
        expect(x.grad is not None, "x has no gradient", "x 没有梯度")
        if same(x.grad, g).all():
            raise Mistake("inplace_behind_autograd", p=p, **UPSTREAM)
        expect_equal(x.grad, torch.where(alive, g / (1 - p), 0), rtol=NEAR)


def test_results_stand(solution):
    """What was returned is still there after the next call."""
    before, after = told(solution, "m = Dropout(0.3); y = m(x); m(-x)", "results", signed(20, 30), 0.3)
    if not torch.equal(before, after):
        raise Mistake("overwrites_its_result")


def test_dtypes(solution):
    """float16, bfloat16, float32 and float64 come back as they went in, training or not, with the right values; a
    gradient flows in each. Some bfloat16 values are of a size that float16 has not.

    At p = 0 `> p` drops where the draw is 0: once in 2^9 elements of bfloat16, of 12,000 at least one but for 1e-10.
    """
    for dtype, tol in HALF.items():
        p, x, g = 0.3, signed(30, 40, dtype=dtype), signed(30, 40, dtype=dtype)
        if dtype is torch.bfloat16:
            x[:10] *= 2.0**40
        whole = signed(*((100, 120) if dtype is torch.bfloat16 else (20, 30)), dtype=dtype)
        shown = f"Dropout(p)(x)    p: {p}, 0.0, 1.0  x: {shape_of(x)}"
        y, evaluated, none, every = told(solution, shown, "of_a_dtype", x.requires_grad_(), whole, p)
        in_training, still = f"Dropout({p})(x)    x: {shape_of(x)}", f"Dropout({p}).eval()(x)    x: {shape_of(x)}"
        at_zero, at_one = f"Dropout(0.0)(x)    x: {shape_of(whole)}", f"Dropout(1.0)(x)    x: {shape_of(x)}"
        for p_, value, call in ((p, y, in_training), (p, evaluated, still), (0.0, none, at_zero), (1.0, every, at_one)):
            solution.call = call
            expect_tensor(value)
            if dtype in (torch.float16, torch.bfloat16) and value.dtype is torch.float32:
                went = str(dtype).removeprefix("torch.")
                raise Mistake("promoted", went=went, p=p_, got="float32", expected=went)
            expect_tensor(value, dtype=dtype)
        solution.call = still
        expect_equal(evaluated, x)
        solution.call = at_zero
        expect_equal(none, whole, rtol=tol)
        solution.call = at_one
        expect(not every.any(), "p = 1 does not give zeros in this dtype", "该 dtype 下 p = 1 时结果不为零")
        solution.call = in_training
        if not y.requires_grad:
            raise Mistake("no_gradient", got="requires_grad=False", expected="requires_grad=True")
        (y * g).sum().backward()
        alive = y.detach() != 0
        expect_equal(y.detach().double(), torch.where(alive, x.detach().double() / (1 - p), 0), rtol=tol)
        expect_equal(gradient_of(x).double(), torch.where(alive, g.double() / (1 - p), 0), rtol=tol)
        expect(
            statistics.rate_holds(int(alive.sum()), x.numel(), 1 - p),
            "the drop rate is off in this dtype",
            "该 dtype 下的丢弃率不对",
            got=f"{float((~alive).float().mean()):.3f}",
            expected=f"{p}",
        )
        expect(own_coins(alive, p), "in this dtype elements share a coin", "该 dtype 下各元素没有独立抽样")


def test_shapes(solution):
    """0-d, empty, one element, 1-d, 4-d and non-contiguous inputs, in training and in eval."""
    p = 0.4
    first = [signed(*shape) for shape in ((1,), (0,), (3, 0, 2), (9,), (2, 3, 4, 5), (1, 1, 1))]
    views = [signed(30, 20).t(), signed(40, 30)[::2, 5:25], signed(1, 40).expand(25, 40)]
    shown = f"Dropout({p})(x)    x: {', '.join(str(tuple(x.shape)) for x in first)}"
    found = [*zip(first, told(solution, shown, "both_modes", first, p), strict=True)]
    x = signed()
    try:
        found.append((x, told(solution, f"Dropout({p})(x)    x: {shape_of(x)}", "both_modes", [x], p)[0]))
    except ForbiddenCall:
        raise
    except SubmissionError as error:  # the one element of shape (1,) went well before
        raise Mistake("zero_d_refused", got=str(error), expected=Words("a 0-d tensor", "0-d tensor")) from None
    for x, (trained, evaluated) in found:
        shape = tuple(x.shape)
        for y, right, still in (
            (trained, lambda y, x=x: (y == 0) | same(y, x / (1 - p)), ""),
            (evaluated, x.eq, ".eval()"),
        ):
            solution.call = f"Dropout({p}){still}(x)    x: {shape_of(x)}"
            expect_tensor(y, shape=shape, dtype=x.dtype)
            expect(right(y).all(), f"wrong values for an input of shape {shape}", f"形状为 {shape} 的输入结果不对")
    shown = f"Dropout({p})(x) × 56    x: () float32"
    scalars = set(told(solution, shown, "many", torch.tensor(1.5), p, 56).tolist())  # all alike: 2 · 0.6^56 < 1e-11
    expect(
        len(scalars) == 2,
        "a 0-d input is never dropped, or always",
        "0-d 输入总是保留或总是丢弃",
        got=f"{sorted(scalars)}",
        expected=Words("0 and 2.5", "0 和 2.5"),
    )
    shown = f"Dropout({p})(x)    x.stride(): {', '.join(str(x.stride()) for x in views)}"
    for x, (y, evaluated) in zip(views, told(solution, shown, "both_modes", views, p), strict=True):
        solution.call = f"Dropout({p})(x)    x: {shape_of(x)}  x.stride(): {x.stride()}"
        expect_tensor(y, shape=x.shape)
        alive = y != 0
        expect_equal(y, torch.where(alive, x / (1 - p), 0), rtol=NEAR)
        expect(
            statistics.rate_holds(int(alive.sum()), x.numel(), 1 - p),
            "wrong drop rate for a non-contiguous input",
            "非连续输入的丢弃率不对",
        )
        expect(own_coins(alive, p), "elements of a non-contiguous input share a coin", "非连续输入的各元素没有独立抽样")
        solution.call = solution.call.replace("(x)", ".eval()(x)", 1)
        expect_equal(evaluated, x)


def test_input_untouched(solution):
    """Without inplace, x holds the same bits after the call, whatever p and the mode."""
    for p, layer in ((0.5, made(solution, 0.5)), (1.0, made(solution, 1.0, inplace=False)),
                     (0.0, made(solution, 0.0)),
                     (0.5, in_eval(solution, 0.5))):  # fmt: skip
        layer(signed(12, 15))
        if solution.changed:
            raise Mistake("changes_the_input", p=p)


def test_device(solution):
    """The mask is made where x lives: seen with a tensor that poses as living on another device."""
    helper_of(solution)
    for p, training, inplace in (
        (0.5, True, False), (0.5, False, False), (0.5, True, True), (1.0, True, False), (0.0, True, False)
    ):  # fmt: skip
        try:
            found = solution.device_of("in_mode_of_the_judge", signed(12, 15), p, training, inplace)
        finally:
            solution.call = f"Dropout({p}, inplace={inplace}){'' if training else '.eval()'}(x)"
        if found in ("mixed", "here"):
            got = Words("a CPU mask met x on another device", "CPU 上的掩码遇到了另一个 device 上的 x")
            raise Mistake("mask_on_cpu", got=got)

"""Checks for the module `Dropout(p=0.5, inplace=False)`: those of the family, a coin an element; and what is asked of a
module, of its modes and of `inplace`.

Values are exact up to the order of a product and a division: 1e-5 in float32.
"""

from pathlib import Path

import torch

from interview.grading.checks.callers import Module
from interview.grading.checks.dropout_family import Family
from interview.grading.checks.expect import Mask, Mistake, Words, expect, expect_equal, expect_tensor, suppose
from interview.grading.checks.masks import expect_independent, expect_pairs, same, signed
from interview.grading.checks.solution import shape_of
from interview.grading.checks.statistics import ALPHA, rate_holds

NEAR = 1e-5
TOLERANCE = {torch.float16: 1e-2, torch.bfloat16: 4e-2, torch.float32: NEAR, torch.float64: NEAR}
IN_PLACE = ((4, 5), (4, 5), (), (1,), (9,), (2, 3, 4, 5), (0, 3))
TIMES = (("at first", "一开始"), ("in eval", "eval 时"), ("again", "再次训练时"), ("in eval again", "再次 eval 时"))
UPSTREAM = Words("grad = upstream", "grad 等于上游梯度")
SIDE = Path(__file__).with_name("worker_side.py").read_text(encoding="utf-8")

layer = Family(call=Module("Dropout"), exact=NEAR)
in_place = Family(call=Module("Dropout", options=", inplace=True"), exact=NEAR)


def told(solution, shown, name, *args):
    """What a function beside the submission returns; the call is shown as a person would write it."""
    try:
        return getattr(solution.shared(SIDE), name)(*args)
    finally:
        solution.call = shown


test_from_scratch = layer.from_scratch(also=(lambda solution: solution.Dropout(0.3, inplace=True)(signed(3, 4)),))


def test_module(solution):
    """It is a module, set up by super().__init__(), with a `forward` of its own."""
    facts = told(solution, "Dropout(0.3)", "facts", signed(4, 5), 0.3)
    expect(facts["module"], "Dropout is not a torch.nn.Module", "Dropout 不是 torch.nn.Module")
    if not facts["started"]:
        raise Mistake("no_super_init", got=Words("no _modules, no training", "没有 _modules，也没有 training"))
    if not facts["forward"]:
        got = Words("nn.Module's own forward, which raises", "nn.Module 自带的 forward，调用就报错")
        raise Mistake("no_forward", got=got, expected="forward(x)")


def test_range_of_p(solution):
    """Every p in [0, 1] is accepted, its ends included, and every other one refused, NaN too, at construction or at
    forward: in training, in eval and in place.
    """
    layer.range_of_p()(solution)
    in_place.range_of_p()(solution)


test_interface = layer.interface()
test_input_untouched = layer.input_untouched()
test_eval_identity = layer.eval_identity()
test_eval_repeats = layer.eval_repeats()


def test_modes(solution):
    """train() and eval() of a container reach the layer, at once and as often as one likes, with inplace=True too.

    744 coins at 0.4 keep everything with probability 0.6^744.
    """
    for inplace in (False, True):
        x, made = signed(24, 31), "Dropout(0.4, inplace=True)" if inplace else "Dropout(0.4)"
        shown = f"net = Sequential(Sequential({made})); net.eval(); net(x); net.train(); net(x)"
        dropped = [not torch.equal(each, x) for each in told(solution, shown, "modes", x, 0.4, inplace)]
        if all(dropped) and not inplace:
            raise Mistake("own_flag", got=Words("still dropping after net.eval()", "net.eval() 之后仍在丢弃"),
                          expected="x")  # fmt: skip
        expect(
            dropped == [True, False, True, False],
            "the layer does not follow the mode of the module that holds it", "该层没有跟随外层 module 的模式",
            got=when_dropped(dropped), expected=when_dropped((True, False, True, False)),
        )  # fmt: skip


def when_dropped(dropped):
    """In which of the four calls something was dropped."""
    said = [each for each, yes in zip(TIMES, dropped, strict=True) if yes]
    if not said:
        return Words("dropped: never", "从未丢弃")
    en, zh = zip(*said, strict=True)
    return Words(f"dropped: {', '.join(en)}", f"有丢弃：{'、'.join(zh)}")


def test_returns_itself(solution):
    """train() and eval() return the layer, as `model = Dropout().eval()` needs."""
    chained = told(solution, "Dropout(0.4).eval(), .train(), .train(False)", "chained", 0.4)
    if not all(chained):
        raise Mistake("train_returns_nothing", got=f"{chained}", expected=Words("the layer itself", "该层本身"))


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


test_survivors = layer.survivors()
test_rate = layer.rate()
test_extreme_p = layer.extreme_p()
test_expectation = layer.expectation()
test_own_coin = layer.own_coin()
test_fresh_mask = layer.fresh_mask()


def test_two_layers(solution):
    """Two layers keep their own p, mode and inplace. A rate of 0.2 against 0.7 is told in 2,000 coins; so is eval."""
    x = signed(40, 50)
    one, two = solution.Dropout(0.2), solution.Dropout(0.7)
    rates = [int((expect_tensor(each(x), shape=x.shape) == 0).sum()) for each in (one, two)]
    solution.call = "a = Dropout(0.2); b = Dropout(0.7); a(x); b(x)"
    if all(rate_holds(count, x.numel(), 0.7) for count in rates):
        share = rates[0] / x.numel()
        raise Mistake("p_shared_by_layers", share=share, got=Words(f"{share:.3f} dropped", f"丢弃了 {share:.3f}"),
                      expected="0.2")  # fmt: skip
    for count, p in zip(rates, (0.2, 0.7), strict=True):
        if not rate_holds(count, x.numel(), p):
            layer.suppose_usual(solution, p)
        expect(rate_holds(count, x.numel(), p), "the drop rate is off beside another layer",
               "与另一个层并存时丢弃率不对", got=f"{count / x.numel():.3f}", expected=f"{p}")  # fmt: skip
    one, two = solution.Dropout(0.2), solution.Dropout(0.7, inplace=True)
    y = one(x)
    solution.call = "a = Dropout(0.2); b = Dropout(0.7, inplace=True); a(x)"
    expect(not solution.changed, "inplace=True of one layer makes another write into its input",
           "一个层的 inplace=True 让另一个层也改写了输入")  # fmt: skip
    two.eval()
    still, y = two(x), one(x)
    solution.call = "a = Dropout(0.2); b = Dropout(0.7, inplace=True); b.eval(); b(x); a(x)"
    expect_equal(still, x)
    expect(not torch.equal(y, x), "eval() of one layer stills another", "对一个层调用 eval() 影响了另一个层")


def test_no_grad(solution):
    """Under no_grad and inference_mode a layer in training mode drops and scales; 600 coins at 0.4 are all kept with
    probability below 1e-130. With inplace=True it writes into x there as well.
    """
    x = signed(20, 30)
    with torch.no_grad():
        quiet = layer.forward(solution, x, 0.4)
    shown = "with torch.inference_mode(): Dropout(0.4)(x)"
    inferred = expect_tensor(told(solution, shown, "inferred", x, 0.4), shape=x.shape)
    if torch.equal(inferred, x):
        got = Words("y == x under inference_mode", "inference_mode 中 y == x")
        raise Mistake("asks_inference_mode", got=got, expected=Words("about 40% dropped", "约 40% 被丢弃"))
    for y, where in ((quiet, "no_grad"), (inferred, "inference_mode")):
        solution.call = f"with torch.{where}(): Dropout(0.4)(x)"
        if not rate_holds(int((y == 0).sum()), x.numel(), 0.4):
            layer.suppose_usual(solution, 0.4)
        expect_values(y, x, 0.4, Words(f"under {where}", f"{where} 中"), NEAR)
    with torch.no_grad():
        y, after = told(solution, "with torch.no_grad(): Dropout(0.4, inplace=True)(x)", "into", x, 0.4, True)
    if torch.equal(after, x):
        _, usual = told(solution, solution.call, "into", x, 0.4, True)
        suppose(not torch.equal(usual, x), "with inplace=True x is as it was here too", "inplace=True 平时也不改写 x")
    expect_equal(after, y)


def expect_values(y, x, p, where, tol):
    """Dropped at rate p, each by its own coin, and scaled."""
    alive = y != 0
    want = torch.where(alive, x.double() * (1 / (1 - p) if p < 1 else 0), 0)
    expect_equal(y.double(), want, rtol=tol)
    dropped, n = int((~alive).sum()), x.numel()
    expect(rate_holds(dropped, n, p), f"the drop rate is off {where.en}", f"{where.zh}丢弃率不对",
           got=f"{dropped / n:.3f}", expected=f"{p}")  # fmt: skip
    if 0 < p < 1:
        picture = Mask.of(alive, p)
        expect(
            layer.fair(alive, p), f"elements share a coin {where.en}", f"{where.zh}各元素没有独立抽样", picture=picture
        )


test_count_varies = layer.count_varies()
test_generator = layer.generator()
test_gradient = layer.gradient()
test_p_zero = layer.p_zero()
test_p_one = layer.p_one()


test_dtypes = layer.dtypes()
test_shapes = layer.shapes()


def test_inplace(solution):
    """With inplace=True the result stands in x too, in training mode, also in float16 and in a view; eval leaves x.

    The masks are as independent in place as elsewhere: 64 x 48 coins by rows, columns, lags and from call to call.
    """
    cases = [(signed(30, 40), p) for p in (0.3, 0.8, 1.0, 0.0)]
    cases += [(signed(30, 40, dtype=dtype), 0.3) for dtype in (torch.float16, torch.bfloat16, torch.float64)]
    cases += [(signed(40, 30).t(), 0.3), (signed(40, 60)[::2, 5:25], 0.3)]
    asked = [(x, p, True) for x, p in cases]
    for (x, p), (y, after) in zip(cases, solution.shared(SIDE).into.each(asked), strict=True):
        strided = "" if x.is_contiguous() else f"  x.stride(): {x.stride()}"
        solution.call = f"Dropout({p}, inplace=True)(x)    x: {shape_of(x)}{strided}"
        expect_tensor(y, shape=x.shape, dtype=x.dtype)
        if torch.equal(after, x) and p:  # the contiguous ones come first
            raise Mistake("inplace_ignored" if x.is_contiguous() else "inplace_on_a_copy", p=p)
        alive = y != 0
        if p in (0.3, 0.8) and not torch.equal(after, y) and same(after, torch.where(alive, x, 0), 1e-2).all():
            got = Words("x holds the kept values unscaled", "x 中保留的值没有缩放")
            raise Mistake("inplace_unscaled", p=p, got=got, expected=f"x/{1 - p:g}")
        expect_equal(after, y)
        if p in (0.3, 0.8) and ((alive == alive[:1]).all() or (alive == alive[:, :1]).all()):
            raise Mistake("inplace_shared", p=p, picture=Mask.of(alive, p))
        expect_values(y, x, p, Words("in place", "inplace 时"), TOLERANCE[x.dtype])
    xs = [signed(64, 48) for _ in range(2)]
    first, second = (
        y != 0 for y, _ in told(solution, "m = Dropout(0.4, inplace=True); m(x); m(z)", "into_each", xs, 0.4)
    )
    expect_independent(first, 0.4)
    expect_pairs(int((first != second).sum()), first.numel(), 0.4, ALPHA, "two calls in place are not independent",
                 "inplace 时两次调用不独立")  # fmt: skip
    xs = [signed(*shape) for shape in IN_PLACE]
    found = told(solution, "m = Dropout(0.4, inplace=True); m(x); …", "into_each", xs, 0.4)
    for n, (x, (y, after)) in enumerate(zip(xs, found, strict=True)):
        solution.call = f"m = Dropout(0.4, inplace=True); {'…; ' if n else ''}m(x)    x: {shape_of(x)}"
        expect_tensor(y, shape=x.shape)
        if x.numel() and torch.equal(after, x):  # kept or dropped, every value changes
            raise Mistake("inplace_once" if n == 1 else "inplace_some_shapes", shape=str(tuple(x.shape)))
        expect_equal(after, y)
    for p in (0.3, 1.0):
        x = signed(20, 30)
        for each in told(solution, f"Dropout({p}, inplace=True).eval()(x)", "into", x, p, False):
            expect_equal(each, x)
    y = expect_tensor(solution.Dropout(0.3, True)(signed(20, 30)))
    expect_equal(solution.arguments()[0], y)


def test_inplace_gradient(solution):
    """With inplace=True, on the result h of another operation, the gradient is the same mask/(1-p), and h is written."""
    fresh = signed(30, 40)
    written = told(solution, "Dropout(0.3, inplace=True)(x)", "into", fresh, 0.3, True)[1]
    suppose(not torch.equal(written, fresh), "without a gradient x is as it was too", "没有梯度时也不改写 x")
    for p in (0.3, 0.8, 1.0):
        x, g = signed(30, 40).requires_grad_(), signed(30, 40)
        y, h = told(solution, f"h = x * 1; Dropout({p}, inplace=True)(h)", "through", x, p)
        if not y.requires_grad:
            raise Mistake("inplace_detached", got="requires_grad=False", expected="requires_grad=True")
        if p < 1 and torch.equal(h.detach(), x.detach()):
            raise Mistake("inplace_without_grad_only", p=p)
        expect_equal(h.detach(), y.detach())
        alive = y.detach() != 0
        (y * g).sum().backward()
        expect(x.grad is not None, "x has no gradient", "x 没有梯度")
        if same(x.grad, g).all():
            raise Mistake("inplace_behind_autograd", p=p, got=UPSTREAM,
                          expected=Words("mask/(1-p) times it", "上游梯度乘以 mask/(1-p)"))  # fmt: skip
        expect_equal(x.grad, torch.where(alive, g / (1 - p), 0), rtol=NEAR)


def test_results_stand(solution):
    """What was returned is still there after the next call."""
    before, after = told(solution, "m = Dropout(0.3); y = m(x); m(-x)", "results", signed(20, 30), 0.3)
    if not torch.equal(before, after):
        raise Mistake("overwrites_its_result")


def test_device(solution):
    """The mask is made where x lives, in place too: seen with a tensor that poses as living on another device."""
    layer.device()(solution)
    in_place.device()(solution)

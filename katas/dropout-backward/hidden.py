"""Checks for `ManualDropout`: those of the family, a coin an element, its `backward` tied to what `forward` returned; and
what is asked of an object that remembers between the two.

Values are exact up to the order of a product and a division: 1e-5 in float32.
"""

import itertools
from functools import partial
from pathlib import Path

import torch

from interview.grading.checks import masks
from interview.grading.checks.callers import Helper, worker
from interview.grading.checks.dropout_family import Family
from interview.grading.checks.expect import (
    Mistake,
    Unseen,
    Words,
    expect,
    expect_equal,
    expect_tensor,
    name_of,
    suppose,
)
from interview.grading.checks.masks import signed
from interview.grading.checks.solution import ForbiddenCall, SubmissionError
from interview.grading.checks.statistics import rate_holds

NEAR = 1e-5
SAME_GRADIENT = Words("the same gradient", "同样的梯度")
SHAPES = ((1,), (), (0,), (3, 0, 2), (9,), (2, 3, 4, 5), (1, 1, 1), (2, 1, 3, 1, 2, 2))
VIEWS = {
    ("a transpose", "转置的输入"): lambda: signed(30, 20).t(),
    ("a slice", "切片的输入"): lambda: signed(40, 30)[::2, 5:25],
    ("an expanded row", "expand 得到的输入"): lambda: signed(1, 40).expand(25, 40),
}
UPSTREAM = (lambda: signed(20, 30), lambda: signed(20, 20).t(), lambda: signed(1, 40).expand(25, 40))

same = partial(masks.same, tol=NEAR)


def through(alive, g, p):
    """The gradient that the mask `alive` gives."""
    return torch.where(alive, g / (1 - p), 0)


class Tied(torch.autograd.Function):
    """What a forward returned, with the gradient that the same object's backward gives."""

    @staticmethod
    def forward(ctx, _, y, backward):
        ctx.backward = backward
        return y.clone()

    @staticmethod
    def backward(ctx, g):
        return ctx.backward(g), None, None


def expect_kept_dtype(grad, g, p):
    """A gradient has the dtype of grad_out."""
    came, went = name_of(grad.dtype), name_of(g.dtype)
    if came != went:
        raise Mistake("promoted", came=came, went=went, p=p, got=came, expected=went)


class ByHand(Helper):
    """An object a call; where x needs a gradient in training, its backward gives it."""

    def each(self, solution, calls, *, catch=()):
        for wanted, some in itertools.groupby(calls, key=lambda call: call[0].requires_grad):
            if not wanted:
                yield from super().each(solution, list(some), catch=catch)
                continue
            for x, p, training in some:
                yield self.tied(solution, x, p, training)

    def tied(self, solution, x, p, training):
        one = solution.ManualDropout(p)
        y = expect_tensor(one.forward(x.detach(), training), shape=x.shape)
        solution.call = self.shown(p, training=training)

        def backward(g):
            grad = expect_tensor(one.backward(g), shape=g.shape)
            solution.call = f"m = ManualDropout({p}); m.forward(x); m.backward(grad_out)"
            expect_kept_dtype(grad, g, p)
            return grad

        return Tied.apply(x, y, backward if training else torch.clone)  # of eval another check asks, after gradient

    def standing(self, solution, p):
        one = solution.ManualDropout(p)
        return lambda x: one.forward(x, True)


class Manual(Family):
    """The family's gradient is the one of backward, which has mistakes of its own."""

    def name_the_gradient(self, grad, g, alive, y, x, p):
        ratio = f"grad/grad_out = {float((grad / g)[alive].median()):.4g}"
        said = {"p": p, "got": Words(f"{ratio} where kept", f"保留处 {ratio}"), "expected": f"{1 / (1 - p):.4g}"}
        if same(grad, g / (1 - p)).all():
            raise Mistake("mask_forgotten", **said)
        if same(grad, through(alive, g, p) / (1 - p)).all():
            raise Mistake("gradient_scaled_twice", ratio=1 / (1 - p) ** 2, **said)
        if same(grad, torch.where(alive, g * (1 - p), 0)).all():
            raise Mistake("divided_instead", ratio=1 - p, **said)
        if same(grad, through(~alive, g, p)).all():
            raise Mistake("inverted_mask", **said)
        if same(grad, through(alive, g * x, p)).all():
            raise Mistake("times_the_output", **said)
        super().name_the_gradient(grad, g, alive, y, x, p)

    def expect_mask_of_the_call(self, solution):
        """An object has the mask of its latest forward, by the statement."""

    def expect_sum(self, solution):
        """There is no graph in which x could be used elsewhere too."""


FORWARD = "ManualDropout({p}).forward(x, training={training})"
HAND = ByHand(
    Path(__file__).with_name("worker_side.py"), FORWARD, "ManualDropout(p)", ("p", "x", "training"), stands=True
)
manual = Manual(call=HAND, p=None, exact=NEAR)


def told(solution, shown, name, *args):
    """What a function beside the submission returns; the call is shown as a person would write it."""
    try:
        return getattr(worker(solution, HAND), name)(*args)
    finally:
        solution.call = shown


def test_from_scratch(solution):
    """No ready-made dropout is called, in training or in eval, whether or not its refusal is caught."""
    came = tried(solution)
    named = [each for each in solution.forbidden if "dropout" in each.lower()]
    if named:
        raise Mistake("ready_made", name=named[0])
    if "forward" not in came:
        raise Unseen


def test_without_autograd(solution):
    """The gradient is computed by hand: torch.autograd and Tensor.backward are not called."""
    came = tried(solution)
    named = [each for each in solution.forbidden if "dropout" not in each.lower()]
    if named:
        name = (
            named[0].replace("torch.grad", "torch.autograd.grad").replace("torch.backward", "torch.autograd.backward")
        )
        raise Mistake("uses_autograd", name=name)
    if "backward" not in came:
        raise Unseen


def tried(solution):
    """One round in training and one in eval: what came back. What raises is told by the checks that look at it."""
    x, g, came = signed(3, 4), signed(3, 4), set()
    for training in (True, False):
        try:
            layer = solution.ManualDropout(0.3)
            layer.forward(x, training)
            came.add("forward")
            layer.backward(g)
            came.add("backward")
        except SubmissionError:
            continue
    return came


INTERFACE = manual.interface()


def test_interface(solution):
    """Positional and keyword arguments, training = True by default, tensors of the input's shape and dtype."""
    INTERFACE(solution)
    x, g = signed(20, 20), signed(20, 20)
    layer = solution.ManualDropout(0.25)
    layer.forward(x)
    expect_tensor(layer.backward(grad_out=g), shape=g.shape, dtype=g.dtype)


test_range_of_p = manual.range_of_p()
test_input_untouched = manual.input_untouched()


def test_grad_out_untouched(solution):
    """backward leaves grad_out as it was, whatever p, the mode and the dtype."""
    modes = [(p, training, torch.float32) for p, training in ((0.5, True), (1.0, True), (0.0, True), (0.5, False))]
    for p, training, dtype in (*modes, (0.5, True, torch.float64), (0.5, True, torch.float16)):
        layer = solution.ManualDropout(p)
        try:
            layer.forward(signed(12, 15, dtype=dtype), training)
            layer.backward(signed(12, 15, dtype=dtype))
        except ForbiddenCall:
            raise
        except SubmissionError:  # another check's to tell
            continue
        if solution.changed:
            raise Mistake("changes_grad_out", p=p)


test_eval_identity = manual.eval_identity()
test_eval_repeats = manual.eval_repeats()
test_survivors = manual.survivors()
test_rate = manual.rate()
test_extreme_p = manual.extreme_p()
test_expectation = manual.expectation()
test_own_coin = manual.own_coin()
test_fresh_mask = manual.fresh_mask()
test_count_varies = manual.count_varies()
test_generator = manual.generator()


def test_zeros_in_x(solution):
    """Where x is 0 the gradient is that of any element: g/(1-p) with probability 1-p, else 0. 2,000 coins."""
    p, x, g = 0.4, signed(50, 80), signed(50, 80)
    x[:, ::2] = 0.0
    layer = solution.ManualDropout(p)
    alive = expect_tensor(layer.forward(x, True), shape=x.shape) != 0
    grad = expect_tensor(layer.backward(g), shape=g.shape)
    usual = bool(same(grad, through(alive, g, p))[:, 1::2].all())
    suppose(usual, "elsewhere the gradient is not right either", "x 不为 0 处的梯度也不对")
    at = grad[:, ::2]
    if at.isnan().any():
        expected = Words("0 or grad_out/(1-p)", "0 或 grad_out/(1-p)")
        raise Mistake("divides_by_x", count=int(at.isnan().sum()), got="nan", expected=expected)
    share = float((at != 0).float().mean())
    if share in (0.0, 1.0):
        got = Words(f"{share:.0%} have a gradient", f"{share:.0%} 有梯度")
        raise Mistake("mask_from_the_output", p=p, share=share, got=got, expected="60%")
    right = bool(((at == 0) | same(at, g[:, ::2] / (1 - p))).all()) and rate_holds(int((at != 0).sum()), 2000, 1 - p)
    expect(right, "where x is 0 the gradient is not right", "x 为 0 处的梯度不对", got=f"{share:.3f}", expected="0.6")


GRADIENT = manual.gradient()


def test_gradient(solution):
    """backward gives grad_out·mask/(1-p), with the forward's mask; also of a grad_out with zeros and large values."""
    GRADIENT(solution)
    x, g = signed(40, 50), signed(40, 50) * torch.linspace(-1000.0, 1000.0, 50)
    g[::3] = 0.0
    layer = solution.ManualDropout(0.1)
    alive = expect_tensor(layer.forward(x, True), shape=x.shape) != 0
    expect_equal(layer.backward(g), through(alive, g, 0.1), rtol=NEAR)


def test_latest_forward(solution):
    """The gradient belongs to the latest forward: of two in training, of one after eval, of one with another shape, of
    one under no_grad."""
    p, layer = 0.4, solution.ManualDropout(0.4)
    x, g, wide, up = signed(20, 30), signed(20, 30), signed(3, 4, 50), signed(3, 4, 50)
    first = layer.forward(x, True) != 0
    second = layer.forward(x, True) != 0
    grad = expect_tensor(layer.backward(g), shape=g.shape)
    if same(grad, through(first, g, p)).all() and not torch.equal(first, second):
        got = Words("the mask of the forward before", "前一次 forward 的掩码")
        raise Mistake("first_mask_kept", got=got, expected=Words("that of the latest", "最近一次的掩码"))
    expect_equal(grad, through(second, g, p), rtol=NEAR)
    third = layer.forward(-x, True) != 0
    expect_equal(layer.backward(g), through(third, g, p), rtol=NEAR)
    for grad_mode in (True, False):
        with torch.set_grad_enabled(grad_mode):
            fourth = layer.forward(wide, True) != 0
            expect_equal(layer.backward(up), through(fourth, up, p), rtol=NEAR)
    layer.forward(x, False)
    fifth = layer.forward(x, True) != 0
    grad = expect_tensor(layer.backward(g), shape=g.shape)
    if same(grad, g).all():
        raise Mistake("eval_sticks", got="grad_out", expected=Words("mask/(1-p) times it", "grad_out 乘以 mask/(1-p)"))
    expect_equal(grad, through(fifth, g, p), rtol=NEAR)


def test_second_backward(solution):
    """A second backward, with the same grad_out, gives the same gradient or raises."""
    p, layer = 0.4, solution.ManualDropout(0.4)
    x, g = signed(20, 30), signed(20, 30)
    older, want = (through(layer.forward(x, True) != 0, g, p) for _ in range(2))
    layer.backward(g)
    for _ in range(2):
        try:
            again = layer.backward(g)
        except ForbiddenCall:
            raise
        except SubmissionError:
            return
        expect_tensor(again, shape=g.shape)
        times = float((again / want)[want != 0].median())
        got = Words(f"{times:.4g} times the first", f"第一次的 {times:.4g} 倍")
        if same(again, older).all():
            got = Words("the gradient of the forward before", "更早一次 forward 的梯度")
            raise Mistake("pops_an_older_one", got=got, expected=SAME_GRADIENT)
        if same(again, want * g).all():
            got = Words("grad_out twice in the product", "grad_out 乘了两次")
            raise Mistake("mask_overwritten", got=got, expected=SAME_GRADIENT)
        if same(again, want / (1 - p)).all():
            raise Mistake("scale_grows", ratio=1 / (1 - p), p=p, got=got, expected=SAME_GRADIENT)
        if same(again, want * 2).all():
            raise Mistake("accumulates", got=got, expected=SAME_GRADIENT)
        expect_equal(again, want, rtol=NEAR)


def test_eval_backward(solution):
    """After a forward in eval the gradient is grad_out, a second one too (or it raises), also if a forward in training
    went before.
    """
    for p in (0.3, 0.8, 1.0):
        x, g = signed(20, 30), signed(20, 30)
        layer = solution.ManualDropout(p)
        layer.forward(x, False)
        try:
            grad = expect_tensor(layer.backward(g), shape=g.shape)
        except ForbiddenCall:
            raise
        except SubmissionError as error:
            raise Mistake("no_backward_in_eval", got=str(error), expected="grad_out") from None
        if p < 1 and same(grad, g / (1 - p)).all():
            got = f"grad/grad_out = {1 / (1 - p):.4g}"
            raise Mistake("eval_gradient_scaled", ratio=1 / (1 - p), p=p, got=got, expected="1")
        expect_equal(grad, g, rtol=NEAR)
        try:
            twice = layer.backward(g)
        except ForbiddenCall:
            raise
        except SubmissionError:
            pass
        else:
            expect_equal(twice, g, rtol=NEAR)
        if p == 1.0:
            continue
        alive = layer.forward(x, True) != 0
        layer.forward(x, False)
        grad = expect_tensor(layer.backward(g), shape=g.shape)
        if same(grad, through(alive, g, p)).all():
            stale = Words("the mask of the forward in training", "训练时那次 forward 的掩码")
            raise Mistake("stale_after_eval", p=p, got=stale, expected="grad_out")
        expect_equal(grad, g, rtol=NEAR)


def test_two_objects(solution):
    """Two objects do not share a mask: the backward of the first follows its own forward, and p is its own."""
    x, g = signed(20, 30), signed(20, 30)
    for p, q in ((0.3, 0.6), (0.4, 0.4)):
        one, two = solution.ManualDropout(p), solution.ManualDropout(q)
        alive, other = one.forward(x, True) != 0, two.forward(x, True) != 0
        grad = expect_tensor(one.backward(g), shape=g.shape)
        if same(grad, through(other, g, q)).all() or same(grad, through(other, g, p)).all():
            got = Words("the mask of the other object", "另一个对象的掩码")
            raise Mistake("shared_by_objects", got=got, expected=Words("its own", "自己的掩码"))
        expect_equal(grad, through(alive, g, p), rtol=NEAR)
        expect_equal(two.backward(g), through(other, g, q), rtol=NEAR)


def test_results_stand(solution):
    """What forward and backward returned is still there after the next forward and backward."""
    shown = "y = m.forward(x); grad = m.backward(g); m.forward(-x); m.backward(-g)"
    then, now = told(solution, shown, "later", signed(20, 30), signed(20, 30), 0.3)
    for name, before, after in zip(("forward", "backward"), then, now, strict=True):
        if not torch.equal(before, after):
            got = Words("another tensor after the next call", "下一次调用之后变了")
            raise Mistake("overwrites_its_result", name=name, got=got, expected=Words("the same values", "值不变"))


test_p_zero = manual.p_zero()
test_p_one = manual.p_one()
DTYPES = manual.dtypes()


def test_dtypes(solution):
    """float16, bfloat16, float32 and float64 come back as they went in, with the right values, from forward and from
    backward, in eval too; in each the rate is p."""
    DTYPES(solution)
    for dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64):
        g, layer = signed(4, 5, dtype=dtype), solution.ManualDropout(0.3)
        layer.forward(signed(4, 5, dtype=dtype), False)
        grad = expect_tensor(layer.backward(g), shape=g.shape)
        expect_kept_dtype(grad, g, 0.3)
        expect_equal(grad, g)


FORMS = manual.shapes(SHAPES, VIEWS)


def test_shapes(solution):
    """0-d, empty, one element, 1-d, 4-d, 6-d and non-contiguous tensors, forward and backward, in training and eval."""
    FORMS(solution)
    p = 0.4
    pairs = [(signed(*shape), signed(*shape)) for shape in SHAPES]
    pairs += [(x(), g()) for x, g in zip(VIEWS.values(), UPSTREAM, strict=True)]
    for training in (True, False):
        calls = [(x, g, p, training) for x, g in pairs]
        for (x, g, *_), (y, grad) in zip(calls, worker(solution, HAND).both_ways.each(calls), strict=True):
            shown = f"m.forward(x, {training}); m.backward(grad_out)    x: {tuple(x.shape)}"
            solution.call = f"m = ManualDropout({p}); {shown}"
            want = through(expect_tensor(y, shape=x.shape) != 0, g, p) if training else g
            expect_equal(grad, want, rtol=NEAR)


def test_device(solution):
    """The mask is made where x lives: seen with tensors that pose as living on another device, forward and backward."""
    for p, training in ((0.5, True), (0.5, False), (1.0, True), (0.0, True)):
        shown, x, g = f"m.forward(x, {training}); m.backward(grad_out)", signed(12, 15), signed(12, 15)
        try:
            place = solution.device_of(worker(solution, HAND).both_ways, x, g, p, training)
        finally:
            solution.call = f"m = ManualDropout({p}); {shown}    x: (12, 15) float32"
        if place in ("mixed", "here"):
            got = Words("a CPU mask met x on another device", "CPU 上的掩码遇到了另一个 device 上的 x")
            raise Mistake("mask_on_cpu", got=got)

"""Checks for `AdamW`: parameters live beside the submission (worker_side.py), gradients are sent, and the values after
each step come back.

The truth is the recursion in float64. A right float32 answer strays by a few roundings a step: 3e-4 of the way gone so
far and 4e-6 of the value are allowed, which is far more. Settings are exaggerated (large lr, eps and decay, small
betas), so that each known mistake moves the values by per cents.
"""

from pathlib import Path
from typing import Any, NamedTuple

import torch

from interview.grading.checks.expect import Mistake, Words, expect, expect_tensor, name_of
from interview.grading.checks.generic import (
    Attempt,
    expect_contiguous_alike,
    expect_from_scratch,
    expect_on_device,
    expect_range,
    expect_spelled,
)
from interview.grading.checks.solution import SubmissionError, shown_as

WORKER = Path(__file__).with_name("worker_side.py").read_text(encoding="utf-8")
STILL = {"weight_decay": 0.0}
FIRST = [STILL | {"lr": 0.3, "eps": 0.2, "betas": (0.6, 0.8)}, STILL | {"lr": 0.1, "eps": 0.5, "betas": (0.3, 0.95)}]
USUAL = {"lr": 0.1, "betas": (0.6, 0.8), "eps": 1e-3, "weight_decay": 0.1}
HALF = {torch.float16: 1e-2, torch.bfloat16: 4e-2}
LEAF = "[torch.tensor(…, requires_grad=True)]"


def signed(*shape, dtype=torch.float32):
    """Values of both signs between 0.5 and 2 in magnitude."""
    return ((torch.rand(shape) * 1.5 + 0.5) * ((torch.rand(shape) < 0.5) * 2 - 1)).to(dtype)


def gradients(count, *shape):
    """`count` gradients of one parameter, whose sizes change from step to step, stacked."""
    size = torch.tensor([(1.0, 0.3, 2.0, 0.1, 1.5)[n % 5] for n in range(count)])
    return signed(count, *shape) * size.reshape(-1, *[1] * len(shape))


def truth(start, grads, given=None, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
    """The values after each step, in float64, stacked."""
    p, (b1, b2) = start.double(), betas
    m = v = torch.zeros_like(p)
    t, path = 0, []
    for n, g in enumerate(grads.double()):
        if given is None or given[n]:
            t += 1
            m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
            p = p - lr * (m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + eps) + weight_decay * p)
        path.append(p)
    return torch.stack(path)


class Way(NamedTuple):
    """The values that one parameter had after each step, from where and by which gradients, and the call as shown."""

    came: Any
    start: torch.Tensor
    grads: torch.Tensor
    given: list[bool] | None
    setting: dict[str, Any]
    call: str

    def wanted(self):
        return truth(self.start, self.grads, self.given, **self.setting)

    def wrong(self):
        """Where a value is not within rounding of the truth: a part of the way gone so far, and of the value itself."""
        want, start, tol = self.wanted(), self.start.double(), HALF.get(self.start.dtype)
        way = (want - torch.cat([start[None], want[:-1]])).abs().cumsum(0)
        bound = (tol or 3e-4) * way + (tol / 2 if tol else 4e-6) * (want.abs() + start.abs()) + 1e-9
        return ~((self.came.double() - want).abs() <= bound)

    def right(self):
        return not bool(self.wrong().any())


def agree(solution, *runs):
    """Each parameter of every run goes the right way: its dtype, its shape, and each value."""
    for way in (ways := [way for run in runs for way in run]):
        solution.call, went, came = way.call, way.start.dtype, expect_tensor(way.came)
        if came.dtype is not went:
            is_, was = name_of(came.dtype), name_of(went)
            raise Mistake("dtype_changed", went=was, came=is_, got=is_, expected=was)
        expect_tensor(came, shape=way.grads.shape)
    for way in ways:
        if not way.right():
            solution.call, (step, *where) = way.call, way.wrong().nonzero()[0].tolist()
            value, want, start, n = (
                *(float(each[(step, *where)]) for each in (way.came, way.wanted())),
                float(way.start[tuple(where)]),
                step + 1,
            )
            expect(False, f"after step {n} a parameter that began at {start:.4g} is {value:.6g}",
                   f"第 {n} 步之后，初值为 {start:.4g} 的参数是 {value:.6g}", expected=f"{want:.6g}",
                   got=Words(f"θ = {value:.6g} after step {n}", f"第 {n} 步之后 θ = {value:.6g}"),
                   moved=value - start, right=want - start, lr=way.setting.get("lr", 1e-3))  # fmt: skip


def told(setting):
    return ", ".join(f"{name}={value:g}" if isinstance(value, float) else f"{name}={value}"
                     for name, value in setting.items())  # fmt: skip


def ask(solution, call, name, *args, **given):
    """A function of worker_side.py; `call` is what is shown."""
    with shown_as(solution, call):
        return getattr(solution.shared(WORKER), name)(*args, **given)


def follow(solution, starts, grads, given=None, early=None, *, setting, says="step()", params="params", **how):
    """One run: the way of each parameter."""
    call = f"AdamW({params}, {told(setting)}); {says} × {len(grads[0])}"
    came = ask(solution, call, "steps", list(starts), list(grads), given, early, **how, **setting)
    expect(isinstance(came, list) and len(came) == len(starts), "the parameters cannot be read", "读不到参数")
    return [Way(came[k], starts[k], grads[k], given and given[k], setting, call) for k in range(len(starts))]


def test_from_scratch(solution):
    """No optimizer of torch.optim is made and no fused kernel called, whether or not its refusal is caught."""
    expect_from_scratch(solution, lambda: ask(solution, "AdamW(params); step()", "one_step", signed(3), signed(3)))


def test_interface(solution):
    """Positional and keyword arguments; step() moves the given leaf itself, against the gradient, outside autograd."""
    start, grad, given = signed(4, 3), signed(4, 3), {"lr": 0.5, "betas": (0.8, 0.9), "eps": 0.7, "weight_decay": 0.25}
    plain, place, spelled = (f"AdamW({each}); step()" for each in (
        f"params, {told(FIRST[0])}", "params, 0.5, (0.8, 0.9), 0.7, 0.25", f"params=params, {told(given)}"))  # fmt: skip
    *_, placed, _ = ask(solution, place, "one_step", start, grad, *given.values())
    named = expect_spelled(lambda: ask(solution, spelled, "by_name", start, grad, **given), ("params", *given))
    needs, is_leaf, _, value, _ = ask(solution, plain, "one_step", start, grad, **FIRST[0])
    solution.call = plain
    expect(not torch.equal(value, start), "the tensors given did not move", "传入的张量没有变化")
    expect(value.isfinite().all(), "after step() a value is not finite", "step() 之后有值不是有限值", got=value)
    expect(needs and is_leaf, "after step() the parameter no longer is a leaf that requires a gradient",
           "step() 之后参数不再是需要梯度的叶子张量", got=f"requires_grad={needs}, is_leaf={is_leaf}",
           expected="requires_grad=True, is_leaf=True")  # fmt: skip
    if bool(((value - start) * grad > 0).all()):
        got = Words("every value moved with its gradient", "所有值都顺着梯度移动")
        raise Mistake("climbs", got=got, expected=Words("against it", "逆着梯度"))
    solution.call = spelled
    expect(bool(((placed - named).abs() <= 1e-6 * named.abs()).all()),
           "by position the arguments mean something else than by name: lr, betas, eps, weight_decay",
           "按位置传参与按名字传参的结果不同；顺序应为 lr、betas、eps、weight_decay", got=placed, expected=named)  # fmt: skip


def test_hyper_parameters(solution):
    """Negative lr, eps, weight_decay and betas outside [0, 1) are refused, at the latest by the first step; zeros are not."""
    zeros = [{"lr": 0.0}, {"eps": 0.0}, STILL, *({"betas": each} for each in ((0.0, 0.5), (0.5, 0.0), (0.0, 0.0)))]
    legal = [*zeros, {"lr": 2.0}, {"weight_decay": 3.0}, {"eps": 1.5}, {"betas": (0.999, 0.9)}]
    betas = ((-0.1, 0.9), (0.9, -0.1), (1.5, 0.9), (0.9, 1.5), (1.0, 0.9), (0.9, 1.0))
    illegal = [{"lr": -0.1}, {"eps": -1e-8}, {"weight_decay": -0.01}, *({"betas": each} for each in betas)]
    came = solution.shared(WORKER).accepts.each([(each,) for each in legal + illegal], catch=(Exception,))
    tried = [Attempt(told(each), f"AdamW(params, {told(each)}); step()", outcome)
             for each, outcome in zip(legal + illegal, came, strict=True)]  # fmt: skip
    expect_range(solution, tried[: len(legal)], tried[len(legal) :], zeros=len(zeros))


def test_gradient_untouched(solution):
    """step() leaves .grad as it was, with a decay and without."""
    came = []
    for setting in (USUAL, USUAL | STILL):
        grad, call = signed(3, 4), f"AdamW(params, {told(setting)}); step()"
        came.append((call, grad, ask(solution, call, "one_step", signed(3, 4), grad, **setting)[-1]))
    for solution.call, grad, after in came:
        if not isinstance(after, torch.Tensor) or not torch.equal(after, grad):
            expected = Words("the gradient as it was before step()", "step() 之前的梯度")
            raise Mistake("changes_the_gradient", got=after, expected=expected)


def test_first_step(solution):
    """After one step without decay a parameter has moved by lr·g/(|g| + eps): the corrections cancel (1 − β)."""
    agree(solution, *(follow(solution, [signed(5, 4)], [gradients(1, 5, 4)], setting=setting) for setting in FIRST))


def test_moments(solution):
    """Fourteen steps with gradients of changing size, without decay.

    The third setting has an lr of many digits, an eps below the default, and gradients large and as small as that default;
    its parameters begin at zero, so that float32 shows each digit of the way.
    """
    fine = STILL | {"lr": 1.3549e-3, "eps": 1e-10, "betas": (0.9, 0.99)}
    sizes = [gradients(14, 4, 3) * size for size in (1e3, 1e-3, 1e-8)]
    runs = [follow(solution, [signed(4, 3)], [gradients(14, 4, 3)], setting=setting) for setting in FIRST]
    agree(solution, *runs, follow(solution, [torch.zeros(4, 3)] * 3, sizes, setting=fine))


def test_decay(solution):
    """Twelve steps with a large decay, on a matrix and a vector: decoupled, times lr, of the value before the step."""
    settings = [USUAL | {"lr": 0.2, "weight_decay": 0.6}, USUAL | {"weight_decay": 0.25}]
    starts, grads = [signed(4, 3), signed(6) * 5], [gradients(12, 4, 3), gradients(12, 6)]
    agree(solution, *(follow(solution, starts, grads, setting=setting) for setting in settings))


def test_own_state(solution):
    """Three parameters, two of one shape and value, each follow their own recursion; so do two optimizers stepped in turn,
    and one made for a tensor that had an optimizer before: it begins with m = v = t = 0. Nothing decays here: what exempts
    vectors from the decay treats a matrix and a vector differently, and shares no state."""
    setting, twin, first, second = USUAL | STILL, signed(2, 3), signed(4), signed(4)
    lone, pushes, grads = [signed(3, 5)], [gradients(5, 3, 5)], gradients(6, 4)
    once, again = (follow(solution, lone, pushes, setting=setting) for _ in range(2))
    three = [gradients(8, 2, 3), gradients(8, 2, 3), gradients(8, 5)]
    run = follow(solution, [twin, twin.clone(), signed(5)], three, setting=setting)
    one = f"a = AdamW([p], {told(setting)})"
    together, anew = (
        f"{one}; b = AdamW([q], …); (a.step(); b.step()) × 6",
        f"{one}; a.step() × 6; c = AdamW([p], …); c.step() × 6",
    )
    ways = ask(solution, together, "in_turn", first, second, grads, **setting)
    if once[0].right() and not again[0].right():
        solution.call = again[0].call
        got = Words("the first optimizer is right, a second one like it is not", "第一个优化器对，照样再建一个就错了")
        raise Mistake("state_on_the_class", got=got)
    starts, calls = (first, second, ways[0][-1]), (together, together, anew)
    agree(solution, once, again, run, [Way(ways[k], starts[k], grads, None, setting, calls[k]) for k in range(3)])


def test_defaults(solution):
    """Without an argument a run is that of its default, at settings where any other value moves it by per cents:
    no eps and no decay for lr, an eps that lets nothing but the decay through, gradients that are as small as eps."""
    own, push, many = signed(4).double(), torch.ones(1, 4).double(), gradients(30, 4).double()
    probes = [("lr", 1e-3, push, STILL | {"eps": 0.0}), ("weight_decay", 0.01, push, {"lr": 0.5, "eps": 1e9}),
              ("eps", 1e-8, push * 1e-7, STILL | {"lr": 1.0}), ("betas", (0.9, 0.999), many, STILL | {"lr": 0.05, "eps": 1e-3})]  # fmt: skip
    came = [(name, right, *(follow(solution, [own], [grads], setting=each)[0] for each in (setting, setting | {name: right})))
            for name, right, grads, setting in probes]  # fmt: skip
    for name, right, plain, spelled in came:
        if not plain.right() and spelled.right():
            value = solution.shared(WORKER).default_of(name)  # as the signature says, if that does what was seen
            solution.call = plain.call
            expect(value is not None and plain._replace(setting=plain.setting | {name: value}).right(),
                   f"without {name} the step is not that of {name}={right}", f"不传 {name} 时，与 {name}={right} 的结果不同")  # fmt: skip
            raise Mistake(
                "wrong_default",
                name=name,
                value=f"{value}",
                right=f"{right}",
                got=f"{name} = {value}",
                expected=f"{right}",
            )
    agree(solution, *([plain, spelled] for *_, plain, spelled in came))


def test_no_gradient(solution):
    """Without a gradient nothing moves, and the count is left unchanged: early, late, in the middle, and for all at once."""
    given = [[True, True, True, True, False, True, True, True], [False, False, False, True, False, True, True, True],
             [True, True, False, False, False, True, False, True]]  # fmt: skip
    starts, grads = [signed(3), signed(3), signed(2, 2)], [gradients(8, 3), gradients(8, 3), gradients(8, 2, 2)]
    try:
        agree(solution, follow(solution, starts, grads, given, setting=USUAL | {"weight_decay": 0.3}))
    except SubmissionError as error:
        if "NoneType" in error.text:  # whatever was done with it
            raise Mistake("none_crashes", got=str(error)) from None
        raise


def test_zero_gradient(solution):
    """A gradient of zeros is a gradient: momentum goes on, the moments fade, the decay applies, the count rises."""
    setting, grads, zeros = USUAL | {"weight_decay": 0.3}, gradients(8, 4), torch.zeros(6, 2, 2)
    grads[2:5] = 0
    agree(solution, *(follow(solution, [signed(*each.shape[1:])], [each], setting=setting) for each in (grads, zeros)))


def test_iterators(solution):
    """`params` may be a generator: it is read once, and every step reaches every parameter, a plain leaf tensor too."""
    starts, grads = [signed(3), signed(2, 2)], [gradients(5, 3), gradients(5, 2, 2)]
    agree(solution, follow(solution, starts, grads, setting=USUAL, iterator=True, params="(p for p in params)"),
          follow(solution, starts[:1], grads[:1], setting=USUAL, plain=True, params=LEAF))  # fmt: skip


def test_zero_grad(solution):
    """Every gradient is None or zeros afterwards, before a step and after one; values and state stay as they were."""
    came = [(call, *ask(solution, call, "zeroed", "step" in call)) for call in ("zero_grad()", "step(); zero_grad()")]
    run = follow(solution, [signed(3)], [gradients(5, 3)], setting=USUAL, between=True, says="(step(); zero_grad())")
    for solution.call, after, moved in came:
        left = sum(isinstance(each, torch.Tensor) and bool(each.any()) for each in after)
        if left:
            raise Mistake("gradients_left", count=left, total=3)
        expect(not moved, "zero_grad() moved the parameters", "zero_grad() 改动了参数")
    agree(solution, run)


def test_gradient_read(solution):
    """Each step reads .grad anew and keeps no hold of it: neither one that is refilled in place, nor the one that was there
    when the optimizer was made."""
    start, grads, early = [signed(3, 2)], [gradients(6, 3, 2)], signed(3, 2)
    runs = [follow(solution, start, grads, setting=USUAL),
            follow(solution, start, grads, setting=USUAL, reuse=True, says="(p.grad.copy_(g); step())"),
            follow(solution, start, grads, None, early, setting=USUAL, params="[p]  # p.grad = g0", says="(p.grad = g; step())")]  # fmt: skip
    agree(solution, *runs)


def test_training_loop(solution):
    """zero_grad, backward, step, over and over on a small regression, with the gradients that autograd computed."""
    _, _, recording, _, _ = ask(solution, "AdamW(params); step()", "one_step", signed(3), signed(3))
    expect(
        recording, "after step() autograd is off", "step() 之后 autograd 处于关闭状态", got="is_grad_enabled() = False"
    )
    setting, starts = USUAL | {"lr": 0.05, "eps": 1e-6}, (signed(3, 2), signed(2))
    loop = f"AdamW(params, {told(setting)}); (zero_grad(); backward(); step()) × 6"
    w, b, *seen = ask(solution, loop, "training", *starts, signed(10, 3), signed(10, 2), 6, **setting)
    agree(solution, [Way(*each, None, setting, loop) for each in zip((w, b), starts, seen, strict=True)])


def test_dtypes(solution):
    """float16, bfloat16, float32 and float64 parameters keep their dtype, and two large steps land where they should."""
    setting = USUAL | {"lr": 0.25, "betas": (0.5, 0.75)}
    agree(solution, *(follow(solution, [signed(4, 3, dtype=each)], [signed(2, 4, 3, dtype=each)], setting=setting)
                      for each in (*HALF, torch.float32, torch.float64)))  # fmt: skip


def test_shapes(solution):
    """0-d, one element, empty, 4-d; a parameter that is not contiguous, and one whose gradient is not."""
    shapes, grads = ((), (1,), (0,), (2, 1, 3, 2), (7,)), gradients(4, 3, 4)

    def turned(w):
        return follow(
            solution, [w], [grads], setting=USUAL, params="[p]" if w.is_contiguous() else "[nn.Parameter(w.t())]"
        )

    agree(solution, follow(solution, [signed(*each) for each in shapes], [gradients(4, *each) for each in shapes], setting=USUAL),
          expect_contiguous_alike(solution, turned, signed(4, 3).t()),
          follow(solution, [signed(4, 3)], [grads.transpose(1, 2)], setting=USUAL, says="(p.grad = g.t(); step())"))  # fmt: skip


def test_device(solution):
    """The state is made where the parameter lives: seen with two that pose as living on another device, one of them
    without a gradient."""

    def place():
        with shown_as(solution, "AdamW(params); step()"):
            return solution.device_of(solution.shared(WORKER).two_steps, signed(4, 3), signed(4, 3))

    expect_on_device(place)

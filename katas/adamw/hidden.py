"""Checks for `AdamW`: parameters live in the worker, gradients are sent, and the values after each step come back.

They are compared with the recursion written out in float64 (`recursion`), within a tolerance that lets a float32
computation through: 3e-4 of the way gone, 4e-6 of the value. No randomness is asked of the submission, so the suite
has no false alarm but rounding. Settings are exaggerated (large lr, eps and decay, small betas) so that each known
fault moves the values by per cents; a mistake is named only where the recursion with that one fault explains what
came back in two settings.
"""

import itertools
from typing import Any, NamedTuple

import torch

from interview.grading.checks.expect import Mistake, Unseen, Words, expect
from interview.grading.checks.solution import ForbiddenCall, SubmissionError

HELPER = '''
import torch


def leaf(value):
    return torch.nn.Parameter(value.detach().clone())


def steps(params, grads, given=None, reuse=False, iterator=False, between=False, **setting):
    """The values of each parameter after each step; gradients are new tensors, or (reuse) the same ones refilled."""
    leaves = [leaf(each) for each in params]
    optimizer = submission.AdamW((each for each in leaves) if iterator else list(leaves), **setting)
    return walk(optimizer, leaves, grads, given, reuse, between)


def walk(optimizer, leaves, grads, given=None, reuse=False, between=False):
    path = [[] for _ in leaves]
    for n in range(len(grads[0])):
        for k, (each, grad) in enumerate(zip(leaves, grads)):
            if given is not None and not given[k][n]:
                each.grad = None
            elif reuse and each.grad is not None:
                each.grad.copy_(grad[n])
            else:
                each.grad = grad[n].clone()
        if n:
            with unwatched():
                optimizer.step()
        else:
            optimizer.step()
        for values, each in zip(path, leaves):
            values.append(each.detach().clone())
        if any(values[-1].dtype is not grad.dtype for values, grad in zip(path, grads)):
            break  # the next gradient could not be assigned
        if between:
            optimizer.zero_grad()
    return [torch.stack(values) for values in path]


def leaves_left(value, grad, **setting):
    """After a step: (dtype, requires_grad, is_leaf), the value, the gradient, and did step() leave the grad mode on."""
    own = leaf(value)
    own.grad = grad.clone()
    optimizer = submission.AdamW([own], **setting)
    optimizer.step()
    return [own.requires_grad, own.is_leaf], own.detach().clone(), own.grad


def both_ways(value, grad):
    a, b = leaf(value), leaf(value)
    a.grad, b.grad = grad.clone(), grad.clone()
    submission.AdamW([a], 0.5, (0.8, 0.9), 0.7, 0.25).step()
    submission.AdamW(params=[b], lr=0.5, betas=(0.8, 0.9), eps=0.7, weight_decay=0.25).step()
    return [a.detach().clone(), b.detach().clone()]


def accepted(**setting):
    own = leaf(torch.tensor([1.0, -2.0]))
    optimizer = submission.AdamW([own], **setting)
    own.grad = torch.tensor([0.5, 1.0])
    optimizer.step()


def two_optimizers(first, second, grads, **setting):
    """Two optimizers, stepped in turn, then a third one for the first tensor, made anew: the paths of all."""
    a, b = leaf(first), leaf(second)
    one, two = submission.AdamW([a], **setting), submission.AdamW([b], **setting)
    paths = [], []
    for grad in grads:
        for own, optimizer, path in ((a, one, paths[0]), (b, two, paths[1])):
            own.grad = grad.clone()
            optimizer.step()
            path.append(own.detach().clone())
    a.grad = None
    third = walk(submission.AdamW([a], **setting), [a], [grads])
    return [torch.stack(each) for each in paths] + third


def zeroed(count, reads):
    """The gradients after zero_grad, with one parameter that has none, and whether values stayed."""
    leaves = [leaf(torch.full(((2, 3), (4,), (), (2, 1, 2))[n], float(n + 1))) for n in range(count)]
    optimizer = submission.AdamW(each for each in leaves)
    for n, each in enumerate(leaves):
        each.grad = torch.full_like(each, 3.0) if n != 1 else None
    if reads:
        optimizer.step()
    before = [each.detach().clone() for each in leaves]
    optimizer.zero_grad()
    moved = any(not torch.equal(each, was) for each, was in zip(leaves, before))
    return [each.grad for each in leaves], moved


def training(weight, bias, x, target, rounds, **setting):
    """A linear regression: real backward passes, zero_grad between. Values and gradients at each step."""
    w, b = leaf(weight), leaf(bias)
    optimizer = submission.AdamW([w, b], **setting)
    path, seen = ([], []), ([], [])
    for _ in range(rounds):
        optimizer.zero_grad()
        loss = ((x @ w + b - target) ** 2).mean()
        loss.backward()
        for own, grads in zip((w, b), seen):
            grads.append(own.grad.clone())
        optimizer.step()
        for own, values in zip((w, b), path):
            values.append(own.detach().clone())
    return [torch.stack(each) for each in (*path, *seen)]


def posing(value, grad):
    """The value after a step of a parameter that poses as living on another device."""
    own = value.detach().clone().requires_grad_()
    own.grad = grad.clone()
    optimizer = submission.AdamW([own])
    optimizer.step()
    optimizer.step()
    return own.detach()


def grad_mode(value, grad):
    """Is autograd on after a step?"""
    own = leaf(value)
    own.grad = grad.clone()
    submission.AdamW([own]).step()
    return torch.is_grad_enabled()


def plain(start, grads, early, **setting):
    """A leaf that is a plain tensor, no nn.Parameter; with `early` it has that gradient when the optimizer is made."""
    own = start.detach().clone().requires_grad_()
    own.grad = early
    optimizer = submission.AdamW([own], **setting)
    return walk(optimizer, [own], [grads])


def transposed(value, grads, **setting):
    """A parameter that is not contiguous, and one whose gradient is not."""
    own = torch.nn.Parameter(value.clone().t())
    other = leaf(value.t().contiguous())
    optimizer = submission.AdamW([own, other], **setting)
    paths = [], []
    for grad in grads:
        own.grad = grad.t().contiguous()
        other.grad = grad.clone().t()
        optimizer.step()
        for each, path in zip((own, other), paths):
            path.append(each.detach().clone().contiguous())
    return [torch.stack(each) for each in paths]
'''

LEAST, MOST = 0.5, 2.0
FIRST = ({"lr": 0.3, "eps": 0.2, "betas": (0.6, 0.8)}, {"lr": 0.1, "eps": 0.5, "betas": (0.3, 0.95)})
DECAY = ({"lr": 0.2, "weight_decay": 0.6}, {"lr": 0.1, "weight_decay": 0.25})
HALF = {torch.float16: 1e-2, torch.bfloat16: 4e-2, torch.float32: 3e-4, torch.float64: 3e-4}


def signed(*shape, dtype=torch.float32):
    """Values of both signs between 0.5 and 2 in magnitude."""
    magnitude = torch.rand(shape) * (MOST - LEAST) + LEAST
    return (magnitude * ((torch.rand(shape) < 0.5) * 2 - 1)).to(dtype)


def gradients(count, *shape, dtype=torch.float32):
    """`count` gradients of one parameter, whose sizes change from step to step, stacked."""
    size = torch.tensor([(1.0, 0.3, 2.0, 0.1, 1.5)[n % 5] for n in range(count)])
    return signed(count, *shape, dtype=torch.float32).mul(size.reshape(-1, *[1] * len(shape))).to(dtype)


def recursion(start, grads, given=None, *, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01, fault=None):
    """The values after each step, in float64, stacked; with `fault` the one thing that a known mistake does instead."""
    p, (b1, b2) = start.double(), betas
    if fault == "lr_rounded":
        lr = round(lr, 3)
    if fault == "eps_has_a_floor":
        eps = max(eps, 1e-8)
    if fault == "betas_swapped":
        b1, b2 = b2, b1
    if fault == "beta_is_the_new_share":
        b1, b2 = 1 - b1, 1 - b2
    m = v = top = torch.zeros_like(p)
    t, path = 0, []
    for n, g in enumerate(grads.double()):
        if fault == "counts_missing":
            t += 1
        if given is not None and not given[n]:
            if fault == "none_as_zero":
                g = torch.zeros_like(p)
            else:
                if fault == "decays_without_gradient":
                    p = p - lr * weight_decay * p
                if fault == "forgets_when_skipped":
                    t, m, v = 0, torch.zeros_like(p), torch.zeros_like(p)
                path.append(p)
                continue
        if fault == "zero_gradient_skipped" and not g.any():
            path.append(p)
            continue
        if fault != "counts_missing":
            t += 1
        if fault == "clips_the_gradient":
            g = g.clamp(-10, 10)
        steps = {"counts_ahead": t + 1, "count_stands_still": 1}.get(fault, t)
        if fault == "l2_in_gradient":
            g = g + weight_decay * p
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * (g.abs() if fault == "square_forgotten" else g * g)
        if fault == "first_moment_not_averaged":
            m = m + b1 * g
        c1, c2 = 1 - b1**steps, 1 - b2**steps
        if fault == "one_beta_in_both_corrections":
            c2 = 1 - b1**steps
        if fault in ("no_bias_correction", "first_moment_uncorrected"):
            c1 = 1.0
        if fault in ("no_bias_correction", "second_moment_uncorrected"):
            c2 = 1.0
        up, down = m / c1, v / c2
        if fault == "stores_the_corrected":
            m, v = up, down
        if fault == "keeps_the_maximum":
            top = down = torch.maximum(top, down)
        if fault == "decay_in_the_numerator":
            up = up + weight_decay * p
        root = down if fault == "root_forgotten" else (down + eps).sqrt() if fault == "eps_inside_root" else down.sqrt()
        if fault == "eps_before_correction":
            root = (v.sqrt() + eps) / c2**0.5 - eps
        move = up / (root if fault == "eps_inside_root" else root + eps)
        if fault == "eps_ignored":
            move = up / root
        sign = -1 if fault == "climbs" else 1
        match fault:
            case "decay_after_step":
                p = (p - lr * move) * (1 - lr * weight_decay)
            case "decay_without_lr":
                p = p - lr * move - weight_decay * p
            case "decay_grows":
                p = p - lr * move + lr * weight_decay * p
            case "decay_ignored" | "l2_in_gradient" | "decay_in_the_numerator":
                p = p - lr * move
            case _ if fault == "vectors_not_decayed" and p.dim() < 2:
                p = p - lr * move
            case _:
                p = p - sign * lr * move - lr * weight_decay * p
        path.append(p)
    return torch.stack(path)


def near(got, want, start, tol=3e-4):
    """Where each value is within rounding of the one wanted: `tol` of the way gone so far, and of the value itself."""
    before = torch.cat([start.double()[None], want[:-1]])
    way = (want - before).abs().cumsum(0)
    size = want.abs() + start.double().abs()
    value = 4e-6 if tol < 1e-3 else tol / 2
    return (got.double() - want).abs() <= tol * way + value * size + 1e-9


class Path(NamedTuple):
    """The values of one parameter after each step, from where and with what, and the run as the report shows it."""

    got: torch.Tensor
    start: torch.Tensor
    grads: torch.Tensor
    given: list[bool] | None
    setting: dict[str, Any]
    call: str


def explains(found, fault):
    return all(bool(near(got, recursion(start, grads, given, fault=fault, **setting), start).all())
               for got, start, grads, given, setting, _ in found)  # fmt: skip


def judge(solution, found, *faults, tol=3e-4):
    """Every path is the right one; else the known fault that explains them all, else the first value that differs."""
    worst = None
    for got, start, grads, given, setting, solution.call in found:
        want = recursion(start, grads, given, **setting)
        expect(got.shape == want.shape, "a parameter's shape changed", "参数的形状变了", got=f"{tuple(got.shape[1:])}",
               expected=f"{tuple(start.shape)}")  # fmt: skip
        close = near(got, want, start, tol)
        if not bool(close.all()):
            at = tuple((~close).nonzero()[0].tolist())
            worst = worst or (at, float(got[at]), float(want[at]), float(start[at[1:]]), setting, solution.call)
    if worst is None:
        return
    at, got, want, start, setting, solution.call = worst
    step, moved = at[0] + 1, got - start
    after = Words(f"θ = {got:.6g} after step {step}", f"第 {step} 步之后 θ = {got:.6g}")
    fault = next((each for each in faults if explains(found, each)), None)
    if fault is not None:
        raise Mistake(fault, step=step, moved=moved, right=want - start, lr=setting.get("lr", 1e-3), got=after,
                      expected=f"{want:.6g}")  # fmt: skip
    expect(False, f"after step {step} a parameter that began at {start:.4g} is {got:.6g}",
           f"第 {step} 步之后，初值为 {start:.4g} 的参数是 {got:.6g}", got=after, expected=f"{want:.6g}")  # fmt: skip


def told(setting):
    return ", ".join(
        f"{name}={value:g}" if isinstance(value, float) else f"{name}={value}" for name, value in setting.items()
    )


def made(setting=None, params="params"):
    return f"AdamW({params}{', ' + told(setting) if setting else ''})"


def ask(solution, name, *args, says="step()", setting=None, params="params", **extra):
    """Run a helper in the worker; the report shows the constructor's call."""
    if "bench" not in vars(solution):
        solution.bench = solution.build(HELPER)  # once a check
    try:
        return getattr(solution.bench, name)(*args, **extra, **(setting or {}))
    finally:
        solution.call = f"{made(setting, params)}; {says}"


def follow(solution, starts, grads, given=None, *, setting, says="step()", **extra):
    """The path of each parameter of one run."""
    says = f"{says} × {len(grads[0])}"
    paths = ask(solution, "steps", list(starts), list(grads), given, says=says, setting=setting, **extra)
    expect(isinstance(paths, list) and len(paths) == len(starts) and all(isinstance(each, torch.Tensor) for each in paths),
           "the parameters cannot be read", "读不到参数")  # fmt: skip
    for path, start in zip(paths, starts, strict=True):
        if path.dtype is not start.dtype:
            came, went = (str(each).removeprefix("torch.") for each in (path.dtype, start.dtype))
            raise Mistake("dtype_changed", came=came, went=went, got=came, expected=went)
    return [
        Path(paths[k], starts[k], grads[k], None if given is None else given[k], setting, solution.call)
        for k in range(len(starts))
    ]


def test_from_scratch(solution):
    """No optimizer of torch.optim is made and no fused kernel called, whether or not its refusal is caught."""
    try:
        ask(solution, "leaves_left", signed(3), signed(3))
    except Exception as error:
        if isinstance(error, ForbiddenCall) or solution.forbidden:
            raise Mistake("ready_made", name=solution.forbidden[0]) from None
        raise Unseen from None  # any other exception is the next check's to tell
    if solution.forbidden:
        raise Mistake("ready_made", name=solution.forbidden[0])


def test_interface(solution):
    """Positional and keyword arguments; step() moves the given leaf itself, against the gradient, outside autograd."""
    start, grad = signed(4, 3), signed(4, 3)
    setting = {"lr": 0.1, "betas": (0.8, 0.9), "eps": 1e-6, "weight_decay": 0.0}
    try:
        (needs, is_leaf), value, _ = ask(solution, "leaves_left", start, grad, setting=setting)
    except SubmissionError as error:
        if error.type == "RuntimeError" and "leaf Variable" in error.text and "in-place" in error.text:
            raise Mistake("inside_autograd", got=str(error)) from None
        raise
    if torch.equal(value, start):
        raise Mistake("parameters_replaced")
    expect(needs and is_leaf, "after step() the parameter no longer is a leaf that requires a gradient",
           "step() 之后参数不再是需要梯度的叶子张量", got=f"requires_grad={needs}, is_leaf={is_leaf}",
           expected="requires_grad=True, is_leaf=True")  # fmt: skip
    if bool(((value - start) * grad > 0).all()):
        got = Words("every value moved with its gradient", "所有值都顺着梯度移动")
        raise Mistake("climbs", got=got, expected=Words("against it", "逆着梯度"))
    place, name = "params, 0.5, (0.8, 0.9), 0.7, 0.25", "AdamW(params=params, lr=0.5, …); step()"
    by_place, by_name = ask(solution, "both_ways", start, grad, says=name, params=place)
    if not bool(((by_place - by_name).abs() <= 1e-6 * by_name.abs()).all()):
        expect(False, "by position the arguments mean something else than by name: lr, betas, eps, weight_decay",
               "按位置传参与按名字传参的结果不同；顺序应为 lr、betas、eps、weight_decay", got=by_place, expected=by_name)  # fmt: skip


def refused(solution, **setting):
    try:
        ask(solution, "accepted", setting=setting)
    except ForbiddenCall:
        raise
    except (ValueError, AssertionError):
        return True
    return False


def test_hyper_parameters(solution):
    """Negative lr, eps, weight_decay and betas outside [0, 1) are refused, at the latest by the first step; zeros are not."""
    fine = [{"lr": 0.0}, {"eps": 0.0}, {"weight_decay": 0.0}, {"betas": (0.0, 0.5)}, {"betas": (0.5, 0.0)}, {"lr": 2.0},
            {"weight_decay": 3.0}, {"eps": 1.5}, {"betas": (0.999, 0.9)}, {"betas": (0.0, 0.0)}]  # fmt: skip
    zero = next((told(each) for each in fine if refused(solution, **each)), None)  # the last one asked
    if zero is not None:
        expect("0" in zero.split("=")[1] and "2" not in zero and "3" not in zero and "1.5" not in zero and "0.999" not in zero,
               f"{zero} was rejected", f"{zero} 被拒绝了")  # fmt: skip
        raise Mistake("zero_refused", setting=zero)
    bad = [{"lr": -0.1}, {"eps": -1e-8}, {"weight_decay": -0.01}, {"betas": (-0.1, 0.9)}, {"betas": (0.9, -0.1)},
           {"betas": (1.5, 0.9)}, {"betas": (0.9, 1.5)}]  # fmt: skip
    ends = [{"betas": (1.0, 0.9)}, {"betas": (0.9, 1.0)}]
    bad_in, ends_in = ([each for each in those if not refused(solution, **each)] for those in (bad, ends))
    if bad_in or ends_in:
        solution.call = f"{made((bad_in + ends_in)[0])}; step()"
    let_in = [told(each) for each in bad_in + ends_in]
    if len(bad_in) == len(bad):
        raise Mistake("no_validation", setting=let_in[0])
    if not bad_in and ends_in:
        raise Mistake("beta_one_accepted", setting=let_in[0])
    expect(not let_in, f"{let_in and let_in[0]} was accepted", f"{let_in and let_in[0]} 没有报错", got=", ".join(let_in),
           expected="ValueError")  # fmt: skip


def test_first_step(solution):
    """After one step without decay a parameter has moved by lr·g/(|g| + eps): the corrections cancel (1 − β)."""
    found = []
    for setting in FIRST:
        setting = setting | {"weight_decay": 0.0}
        try:
            found += follow(solution, [signed(5, 4)], [gradients(1, 5, 4)], setting=setting)
        except SubmissionError as error:
            if isinstance(error, ZeroDivisionError):
                raise Mistake("counts_from_zero", got=str(error)) from None
            raise
    if all(bool((~each[0].isfinite()).all()) for each in found):
        raise Mistake("counts_from_zero", got="nan", expected=Words("finite values", "有限值"))
    judge(solution, found, "no_bias_correction", "first_moment_uncorrected", "second_moment_uncorrected", "eps_inside_root", "root_forgotten",
          "eps_before_correction", "eps_ignored", "counts_ahead", "square_forgotten", "climbs")  # fmt: skip


def test_moments(solution):
    """Fourteen steps with gradients of changing size, without decay, against the recursion in float64.

    The third setting has an lr of many digits, an eps below the default, and gradients large and as small as that default;
    its parameters begin at zero, so that float32 shows each digit of the way.
    """
    found = []
    for setting in (*FIRST, {"lr": 1.3549e-3, "eps": 1e-10, "betas": (0.9, 0.99)}):
        small = setting["eps"] < 1e-3
        starts = [torch.zeros(4, 3) if small else signed(4, 3) for _ in range(1 + 2 * small)]
        sizes = (1e3, 1e-3, 1e-8) if small else (1.0,)  # no gradient is too large or too small
        grads = [gradients(14, 4, 3) * size for size in sizes]
        found += follow(solution, starts, grads, setting=setting | {"weight_decay": 0.0})
    judge(solution, found, "betas_swapped", "beta_is_the_new_share", "stores_the_corrected", "count_stands_still", "keeps_the_maximum",
          "one_beta_in_both_corrections", "no_bias_correction", "eps_inside_root", "clips_the_gradient",
          "lr_rounded", "eps_has_a_floor")  # fmt: skip


def test_decay(solution):
    """Twelve steps with a large decay, on a matrix and a vector: decoupled, times lr, of the value before the step."""
    found = []
    for setting in DECAY:
        setting = setting | {"betas": (0.6, 0.8), "eps": 1e-3}
        found += follow(
            solution, [signed(4, 3), signed(6) * 5], [gradients(12, 4, 3), gradients(12, 6)], setting=setting
        )
    judge(solution, found, "l2_in_gradient", "decay_without_lr", "decay_after_step", "decay_grows", "decay_ignored", "decay_in_the_numerator",
          "vectors_not_decayed")  # fmt: skip


def test_own_state(solution):
    """Three parameters, two of one shape and value, each follow their own recursion; so do two optimizers stepped in turn,
    and one made for a tensor that had an optimizer before: it begins with m = v = t = 0. Nothing decays here: what exempts
    vectors from the decay treats a matrix and a vector differently, and shares no state."""
    setting = {"lr": 0.1, "betas": (0.6, 0.8), "eps": 1e-3, "weight_decay": 0.0}
    lone, pushes = [signed(3, 5)], [gradients(5, 3, 5)]
    once, again = follow(solution, lone, pushes, setting=setting), follow(solution, lone, pushes, setting=setting)
    if explains(once, None) and not explains(again, None):
        got = Words("the first optimizer is right, a second one like it is not", "第一个优化器对，照样再建一个就错了")
        raise Mistake("state_on_the_class", got=got)
    judge(solution, once)
    twin = signed(2, 3)
    starts, grads = [twin, twin.clone(), signed(5)], [gradients(8, 2, 3), gradients(8, 2, 3), gradients(8, 5)]
    found = follow(solution, starts, grads, setting=setting)
    if not explains(found, None):
        if explains([found[0]], None) or not explains(found[2:], None):
            counted = [each[0] for each in found]
            wrong = [
                counting(start, grad, setting, first=k + 1, stride=3)
                for k, (start, grad) in enumerate(zip(starts, grads, strict=True))
            ]
            if all(bool(near(got, want, start).all()) for got, want, start in zip(counted, wrong, starts, strict=True)):
                raise Mistake(
                    "counts_parameters",
                    steps=8,
                    count=24,
                    got=Words("t = 1, 4, 7, … for the first parameter", "第一个参数的 t = 1, 4, 7, …"),
                    expected="t = 1, 2, 3, …",
                )
        lone = follow(solution, starts[1:2], grads[1:2], setting=setting)
        if explains(lone, None):
            got = Words("right when alone, wrong beside another parameter", "单独一个参数时对，和另一个参数一起就错")
            raise Mistake("shared_state", got=got)
    judge(solution, found)
    first, second, pushes = signed(4), signed(4), gradients(6, 4)
    together = f"a = {made(setting, '[p]')}; b = AdamW([q], …); (a.step(); b.step()) × 6"
    try:
        paths = ask(solution, "two_optimizers", first, second, pushes, setting=setting)
    finally:
        solution.call = together
    *paths, anew = paths
    pairs = [
        Path(path, start, pushes, None, setting, together) for path, start in zip(paths, (first, second), strict=True)
    ]
    if not explains(pairs, None) and explains(follow(solution, [second], [pushes], setting=setting), None):
        solution.call = together
        got = Words("right when alone, wrong beside a second optimizer", "单独一个优化器时对，有第二个时就错")
        raise Mistake("state_on_the_class", got=got)
    judge(solution, pairs)
    again = f"a = {made(setting, '[p]')}; a.step() × 6; c = {made(setting, '[p]')}; c.step() × 6"
    third = [Path(anew, paths[0][-1], pushes, None, setting, again)]
    if not explains(third, None) and explains(follow(solution, [paths[0][-1]], [pushes], setting=setting), None):
        solution.call = again
        got = Words(
            "right for a new tensor, wrong for one that had an optimizer before",
            "新张量上对，之前有过优化器的张量上就错",
        )
        raise Mistake("state_outlives_the_optimizer", got=got)
    judge(solution, third)


def counting(start, grads, setting, *, first, stride):
    """The path when the step count is raised once for every parameter, not once a step."""
    p, (b1, b2) = start.double(), setting["betas"]
    m = v = torch.zeros_like(p)
    path = []
    for n, g in enumerate(grads.double()):
        t = first + n * stride
        m, v = b1 * m + (1 - b1) * g, b2 * v + (1 - b2) * g * g
        move = m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + setting["eps"])
        p = p - setting["lr"] * (move + setting["weight_decay"] * p)
        path.append(p)
    return torch.stack(path)


def test_defaults(solution):
    """Each default is measured on its own, and then against the same run with the right value given."""
    own = torch.tensor([1.0, -2.0, 0.5, 1.5], dtype=torch.float64)
    push, tiny = torch.ones(1, 4, dtype=torch.float64), torch.full((1, 4), 1e-7, dtype=torch.float64)

    def moved(grads, setting):
        return float((1 - follow(solution, [own], [grads], setting=setting)[0][0][-1] / own).mean())

    def slid(grads, setting):
        return float((own - follow(solution, [own], [grads], setting=setting)[0][0][-1]).mean())

    measure(solution, "lr", 1e-3, lambda given: slid(push, {"eps": 0.0, "weight_decay": 0.0} | given))
    measure(solution, "weight_decay", 0.01, lambda given: moved(push, {"lr": 0.5, "eps": 1e9} | given) / 0.5)
    measure(
        solution,
        "eps",
        1e-8,
        lambda given: 1e-7 * (1 / (slid(tiny, {"lr": 1.0, "weight_decay": 0.0} | given) or float("nan")) - 1),
    )
    setting = {"lr": 0.05, "eps": 1e-3, "weight_decay": 0.0}
    found = follow(solution, [signed(3, 2)], [gradients(30, 3, 2)], setting=setting)
    if not explains(found, None):
        ((got, start, grads, *_),) = found
        rounded = (0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999)
        betas = next((pair for pair in itertools.product(rounded, rounded)
                      if bool(near(got, recursion(start, grads, betas=pair, **setting), start).all())), None)  # fmt: skip
        if betas is not None:
            raise Mistake("wrong_default", name="betas", value=f"{betas}", right="(0.9, 0.999)")
    judge(solution, found)


def measure(solution, name, right, run):
    """Within 3 %: far more than rounding, far less than any other round number."""
    value = run({})
    if abs(value / right - 1) < 0.03:
        return
    by_default = solution.call
    explained = value == value and abs(run({name: right}) / right - 1) < 0.03
    solution.call = by_default
    if explained:
        raise Mistake("wrong_default", name=name, value=f"{value:.2g}", right=f"{right:g}", got=f"{name} = {value:.4g}",
                      expected=f"{right:g}")  # fmt: skip
    expect(False, f"with the default {name} the step is not the right one", f"{name} 取默认值时这一步不对", got=f"{name} = {value:.4g}",
           expected=f"{right:g}")  # fmt: skip


def test_no_gradient(solution):
    """Without a gradient nothing moves, and the count is left unchanged: early, late, in the middle, and for all at once."""
    setting = {"lr": 0.1, "betas": (0.6, 0.8), "eps": 1e-3, "weight_decay": 0.3}
    given = [[True, True, True, True, False, True, True, True], [False, False, False, True, False, True, True, True],
             [True, True, False, False, False, True, False, True]]  # fmt: skip
    starts, grads = [signed(3), signed(3), signed(2, 2)], [gradients(8, 3), gradients(8, 3), gradients(8, 2, 2)]
    try:
        found = follow(solution, starts, grads, given, setting=setting)
    except SubmissionError as error:
        if "NoneType" in error.text:
            raise Mistake("none_crashes", got=str(error)) from None
        raise
    judge(solution, found, "counts_missing", "decays_without_gradient", "none_as_zero", "forgets_when_skipped")


def test_zero_gradient(solution):
    """A gradient of zeros is a gradient: momentum goes on, the moments fade, the decay applies, the count rises."""
    setting = {"lr": 0.1, "betas": (0.6, 0.8), "eps": 1e-3, "weight_decay": 0.3}
    grads = gradients(8, 4)
    grads[2:5] = 0
    never = torch.zeros(6, 2, 2)
    found = follow(solution, [signed(4)], [grads], setting=setting) + follow(
        solution, [signed(2, 2)], [never], setting=setting
    )
    judge(solution, found, "zero_gradient_skipped")


def test_iterators(solution):
    """`params` may be a generator: it is read once, and every step reaches every parameter, a plain leaf tensor too."""
    setting = {"lr": 0.1, "betas": (0.6, 0.8), "eps": 1e-3, "weight_decay": 0.1}
    starts, grads = [signed(3), signed(2, 2)], [gradients(5, 3), gradients(5, 2, 2)]
    found = follow(solution, starts, grads, setting=setting, iterator=True, params="(p for p in params)")
    stuck = [bool((each[0][-1] == each[0][0]).all()) for each in found]
    if all(stuck):
        got = Words("no value changes after the first step", "第一步之后数值不再变化")
        raise Mistake("iterator_used_up", got=got)
    judge(solution, found)
    leaf = "[torch.tensor(…, requires_grad=True)]"
    (path,) = ask(solution, "plain", starts[0], grads[0], None, says="step() × 5", setting=setting, params=leaf)
    if bool((path == starts[0]).all()):
        got = Words("the tensor never moved", "张量始终没有变化")
        expected = Words("as an nn.Parameter", "与 nn.Parameter 一样")
        raise Mistake("plain_leaf_ignored", got=got, expected=expected)
    judge(solution, [Path(path, starts[0], grads[0], None, setting, solution.call)])


def test_zero_grad(solution):
    """Every gradient is None or zeros afterwards, before a step and after one; values and state stay as they were."""
    for reads in (False, True):
        grads, moved = ask(solution, "zeroed", 4, reads, says="step(); zero_grad()" if reads else "zero_grad()")
        left = [each for each in grads if isinstance(each, torch.Tensor) and bool(each.any())]
        if left:
            raise Mistake("gradients_left", count=len(left), total=3)
        expect(not moved, "zero_grad() moved the parameters", "zero_grad() 改动了参数")
    setting = {"lr": 0.1, "betas": (0.6, 0.8), "eps": 1e-3, "weight_decay": 0.1}
    starts, grads = [signed(3)], [gradients(5, 3)]
    found = follow(solution, starts, grads, setting=setting, between=True, says="(step(); zero_grad())")
    path = found[0].got
    expect(not bool((path[1:] == path[0]).all()), "after zero_grad() the parameters given no longer move",
           "zero_grad() 之后，传入的参数不再变化", got=Words("no step after the first moves them", "第一步之后再没有变化"))  # fmt: skip
    if not explains(found, None) and explains(follow(solution, starts, grads, setting=setting), None):
        solution.call = found[0].call
        got = Words(
            "right without zero_grad() between the steps, wrong with it", "两步之间不调用 zero_grad() 就对，调用就错"
        )
        raise Mistake("zero_grad_forgets_state", got=got)
    judge(solution, found)


def test_gradient_untouched(solution):
    """step() leaves .grad as it was, and keeps no hold of it: refilling the same tensor in place changes nothing.

    Nor is the gradient kept that was there when the optimizer was made.
    """
    grad = signed(3, 4)
    _, _, after = ask(solution, "leaves_left", signed(3, 4), grad, setting={"weight_decay": 0.5})
    if not isinstance(after, torch.Tensor) or not torch.equal(after, grad):
        expected = Words("the gradient as it was before step()", "step() 之前的梯度")
        raise Mistake("changes_the_gradient", got=after, expected=expected)
    setting = {"lr": 0.1, "betas": (0.6, 0.8), "eps": 1e-3, "weight_decay": 0.1}
    starts, grads = [signed(3, 2)], [gradients(6, 3, 2)]
    found = follow(solution, starts, grads, setting=setting, reuse=True, says="(p.grad.copy_(g); step())")
    if not explains(found, None) and explains(follow(solution, starts, grads, setting=setting), None):
        solution.call = found[0].call
        got = Words(
            "right with a new gradient tensor each step, wrong with one refilled in place",
            "每步用新的梯度张量就对，原地改写同一个就错",
        )
        raise Mistake("keeps_the_gradient", got=got)
    judge(solution, found)
    early = signed(3, 2)
    begun = f"p.grad = g0; {made(setting, '[p]')}; (p.grad = g; step()) × 6"
    try:
        (path,) = ask(solution, "plain", starts[0], grads[0], early, setting=setting)
    finally:
        solution.call = begun
    own = Path(path, starts[0], grads[0], None, setting, begun)
    if not explains([own], None) and explains([own._replace(grads=early.expand(6, 3, 2))], None):
        raise Mistake("gradient_of_the_start", got=Words("every step uses g0", "每一步用的都是 g0"))
    judge(solution, [own])


def test_training_loop(solution):
    """zero_grad, backward, step, over and over on a small regression, with the gradients that autograd computed."""
    setting = {"lr": 0.05, "betas": (0.8, 0.9), "eps": 1e-6, "weight_decay": 0.1}
    weight, bias, x = signed(3, 2), signed(2), signed(10, 3)
    try:
        values = ask(
            solution,
            "training",
            weight,
            bias,
            x,
            signed(10, 2),
            6,
            says="(zero_grad(); backward(); step()) × 6",
            setting=setting,
        )
    except SubmissionError as error:
        cut = error.type == "RuntimeError" and "does not require grad" in error.text
        loop = solution.call
        turned_off = cut and not ask(solution, "grad_mode", signed(3), signed(3))
        solution.call = loop
        if turned_off:
            raise Mistake("turns_autograd_off", got=str(error)) from None
        raise
    w, b, gw, gb = values
    loop = solution.call
    judge(solution, [Path(w, weight, gw, None, setting, loop), Path(b, bias, gb, None, setting, loop)])


def test_dtypes(solution):
    """float16, bfloat16, float32 and float64 parameters keep their dtype, and two large steps land where they should."""
    setting = {"lr": 0.25, "betas": (0.5, 0.75), "eps": 1e-3, "weight_decay": 0.1}
    for dtype, tol in HALF.items():
        start, grads = signed(4, 3, dtype=dtype), signed(2, 4, 3, dtype=dtype)
        judge(solution, follow(solution, [start], [grads], setting=setting), tol=tol)


def test_shapes(solution):
    """0-d, one element, empty, 4-d; a parameter that is not contiguous, and one whose gradient is not."""
    setting = {"lr": 0.1, "betas": (0.6, 0.8), "eps": 1e-3, "weight_decay": 0.2}
    shapes = ((), (1,), (0,), (2, 1, 3, 2), (7,))
    starts, pushes = [signed(*each) for each in shapes], [gradients(4, *each) for each in shapes]
    judge(solution, follow(solution, starts, pushes, setting=setting))
    start, grads = signed(4, 3), gradients(4, 4, 3)
    try:
        own, other = ask(
            solution, "transposed", start, grads, says="step() × 4", setting=setting, params="[nn.Parameter(w.t()), p]"
        )
    except SubmissionError as error:
        if error.type == "RuntimeError" and "view size is not compatible" in error.text:
            raise Mistake("needs_contiguous", got=str(error)) from None
        raise
    turned = grads.transpose(1, 2).contiguous()
    judge(solution, [Path(each, start.t(), turned, None, setting, solution.call) for each in (own, other)])


def test_device(solution):
    """The state is made where the parameter lives: seen with one that poses as living on another device."""
    if solution.device_of(solution.build(HELPER).posing, signed(4, 3), signed(4, 3)) == "mixed":
        solution.call = "AdamW(params); step()"
        got = Words("a CPU tensor met a parameter on another device", "CPU 上的张量遇到了另一个 device 上的参数")
        raise Mistake("state_on_cpu", got=got)

"""Checks for `causal_attention(q, k, v, key_padding_mask=None)`.

Nothing here is random but the inputs. The truth is the formula in float64, its gradients by autograd. A right float32
answer strays by a few 1e-6 where scores are moderate; 1e-4 is allowed. B, H, L and D are all different, so that a
confusion of axes shows.
"""

import math

import torch

from interview.grading.checks.expect import Mistake, Words, expect, expect_equal, expect_tensor, name_of
from interview.grading.checks.generic import expect_from_scratch, expect_on_device, expect_spelled
from interview.grading.checks.oracle import Case, Function

NAMES = ("q", "k", "v", "key_padding_mask")
DTYPES = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
EMPTY = torch.tensor(
    [[True, True, False, False, False, False], [True] * 6, [False] * 6]
)  # two queries see nothing, six, none


def truth(q, padding=None, *, k, v):
    """The formula in float64; a query that sees nothing gives zeros."""
    seen = torch.ones(q.shape[2], q.shape[2], dtype=torch.bool).tril()
    if padding is not None:
        seen = seen & ~padding[:, None, None, :]
    nothing = ~seen.any(-1, keepdim=True)
    scores = (q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])).masked_fill(~seen, -math.inf)
    return scores.masked_fill(nothing, 0.0).softmax(-1).masked_fill(nothing, 0.0) @ v


attention = Function("causal_attention", truth, first="q")


def draw(b=2, h=3, length=7, d=16, dtype=torch.float32):
    """q and k with scores of spread one, v with a mean that is not zero."""
    return tuple(torch.randn(b, h, length, d).to(dtype) + shift for shift in (0.0, 0.0, 0.5))


def case(qkv, *padding, **more):
    q, k, v = qkv
    return Case(q, padding, parameters={"k": k, "v": v}, **more)


def right_padding(b, length):
    """Each sample ends with some padding, of its own length; the first position is never padded."""
    mask = torch.zeros(b, length, dtype=torch.bool)
    for n in range(b):
        mask[n, length - 1 - 2 * (n % 2) :] = True
    return mask


def scattered(b, length):
    """Padding in the middle, elsewhere in each sample; the first position is never padded."""
    mask = torch.zeros(b, length, dtype=torch.bool)
    for n in range(b):
        mask[n, [1 + n, length // 2 + n % 2]] = True
    return mask


def test_from_scratch(solution):
    """No ready-made attention is called, with padding or without, whether or not its refusal is caught."""
    calls = [lambda given=given: solution.causal_attention(*draw(), *given) for given in ((), (right_padding(2, 7),))]
    expect_from_scratch(solution, *calls)


def test_interface(solution):
    """Positional and keyword arguments, no mask by default; a tensor like q."""
    q, k, v = draw()
    none = torch.zeros(2, 7, dtype=torch.bool)
    came = [(y, solution.call) for y in (
        solution.causal_attention(q, k, v), solution.causal_attention(q, k, v, None), solution.causal_attention(q, k, v, none),
        expect_spelled(lambda: solution.causal_attention(q=q, k=k, v=v, key_padding_mask=None), NAMES))]  # fmt: skip
    for y, solution.call in came:
        expect_tensor(y, shape=q.shape, dtype=q.dtype)
    for y, solution.call in came[1::2]:
        expect_equal(y, came[0][0], atol=1e-5, rtol=1e-5)


def test_inputs_untouched(solution):
    """q, k, v and the mask hold the same bits after the call."""
    for dtype in (torch.float32, torch.float64):
        for padding in ((), (right_padding(2, 7),), (torch.ones(2, 7, dtype=torch.bool),)):
            solution.causal_attention(*draw(dtype=dtype), *padding)
            if solution.changed:
                changed = [NAMES[n] for n in solution.changed if n < 4]
                raise Mistake(
                    "changes_the_input", dtype=name_of(dtype), name=Words(", ".join(changed), "、".join(changed))
                )


def test_causal(solution):
    """Query i sees the keys j <= i and no other: the first gives v[0] itself, whatever the scale."""
    came = [(v, solution.causal_attention(q, k, v), solution.call) for q, k, v in (draw(), draw(d=5), draw(length=2))]
    for v, y, solution.call in came:
        first = expect_tensor(y, shape=v.shape)[:, :, 0]
        expect(torch.allclose(first, v[:, :, 0], rtol=1e-4, atol=1e-4), "the first query sees only itself, and should give v[0]",
               "第一个 query 只能看到自己，应输出 v[0]", got=first[0, 0, :4], expected=v[0, 0, 0, :4])  # fmt: skip


def test_scale(solution):
    """The scores are divided by √D, for several D: other scales give other weights."""
    sizes = ((3, 7, 16), (2, 6, 5), (4, 9, 64), (2, 5, 1))
    attention.agrees(solution, [case(draw(2, *each), facts={"d": each[2]}) for each in sizes])


def test_values(solution):
    """The weights are a softmax over the keys, for each sample and head by itself, and they weigh v.

    The first query's one weight is exactly 1: six units of the last place are allowed. A query, a key and a value of
    zeros are like any other, and keys that are alike share the weight.
    """
    plain = [draw(*each) for each in ((2, 3, 7, 16), (3, 2, 5, 4), (1, 4, 12, 8))]
    cases = [case(each) for each in plain]
    for name, at in (("q", 2), ("k", 1), ("v", 3)):
        given = dict(zip("qkv", draw(2, 3, 6, 4), strict=True))
        given[name][:, :, at] = 0
        cases.append(case(given.values(), facts={"name": name}))
    q, k, v = draw(2, 3, 6, 4)
    k[:, :, 2] = k[:, :, 0]
    came = attention.agrees(solution, [*cases, case((q, k, v))])
    for (q, k, v), y in zip(plain, came, strict=False):
        solution.call = solution.shown("causal_attention", q, k, v)
        alone, given = y[:, :, 0].detach().double(), v[:, :, 0].double()
        extra = (given / alone - 1)[given.abs() > 0.1]  # 0 but for a few roundings: the weight of one key is e/e
        low, high, mean = (float(each(extra)) for each in (torch.amin, torch.amax, torch.mean))
        if low > 3e-6 and high < 1.1 * low + 1e-6:
            raise Mistake("sum_enlarged", extra=mean, got=f"v[0] / {1 + mean:.7f}")
        expect_equal(alone, given, atol=6e-8, rtol=6 * 2.0**-23)


def test_no_leak(solution):
    """Other queries, keys and values after position i change nothing up to i: within rounding, at every i."""
    came, given = [], draw(length=9)
    for padding in ((), (right_padding(2, 9),)):
        before = expect_tensor(solution.causal_attention(*given, *padding), shape=given[0].shape)
        for i in (0, 3, 7):
            others = [each.clone() for each in given]
            for other, spread, mean in zip(others, (1, 3, 10), (0, 1, 50), strict=True):
                other[:, :, i + 1 :] = spread * torch.randn_like(other[:, :, i + 1 :]) + mean
            after = expect_tensor(solution.causal_attention(*others, *padding), shape=before.shape)
            far = torch.where(after.isnan() & before.isnan(), 0.0, after - before)[
                :, :, : i + 1
            ]  # NaN is told where it is due
            came.append((i, padding, float(far.abs().max()), solution.call))
    for i, padding, moved, solution.call in came:
        expect(moved <= 1e-4 or not padding, f"with padding, what comes after position {i} changed the result up to it",
               f"传入 padding 时，位置 {i} 之后的内容改变了它之前的结果", got=f"{moved:.3g}", expected="0")  # fmt: skip
        if not moved <= 1e-4:
            raise Mistake(
                "future_leaks", i=i, moved=moved, got=Words(f"moved by {moved:.3g}", f"变动 {moved:.3g}"), expected="0"
            )


def test_padding(solution):
    """True means padding: such keys are not attended to, in each sample its own, on top of the causal rule. What lies
    in them is of no account, and where there is no padding the mask changes nothing."""
    masks = (right_padding(2, 8), scattered(3, 10), right_padding(3, 6), torch.zeros(2, 5, dtype=torch.bool))
    cases = [case(draw(each.shape[0], 2, each.shape[1], 8), each) for each in masks]
    (q, k, v), hidden = draw(3, 2, 10, 8), masks[1][:, None, :, None]
    cases.append(case((q, torch.where(hidden, k * 5 - 2, k), torch.where(hidden, v * -9 + 30, v)), masks[1]))
    attention.agrees(solution, cases)


def test_nothing_to_attend(solution):
    """Padding at the start leaves queries with nothing: exactly zeros; a sample that is all padding is zero throughout."""
    (y,) = attention.agrees(solution, [case(draw(3, 2, 6, 8), EMPTY)])
    empty = y[((~EMPTY).cumsum(1) == 0)[:, None].expand(3, 2, 6)]
    expect(bool((empty == 0).all()), "a query that may attend to nothing does not give zeros",
           "一个 key 都看不到的 query 没有输出零", got=f"{float(empty.abs().max()):.3g}", expected="0")  # fmt: skip


def test_one_position(solution):
    """A sequence of one position gives v, or zeros where that position is padding."""
    attention.agrees(solution, [case(draw(3, 2, 1, 4), torch.tensor([[True], [False], [True]]))])


def test_gradient(solution):
    """The gradients of q, k and v are those of the formula, with and without padding; padded keys get none.

    One of the three may want a gradient alone, two keys may be alike, and another call may come between the two passes.
    """
    masks = (right_padding(2, 6), scattered(2, 6))
    alone = [case(draw(1, 2, 4, 3), trained=(each,)) for each in NAMES[:3]]
    q, k, v = draw(2, 3, 6, 8)
    k[:, :, 2] = k[:, :, 0]
    cases = [*(case(draw(2, 3, 6, 8), each) for each in masks), *alone]
    came = attention.agrees_in_gradients(solution, cases, tol=1e-3)
    for mask, found in zip(masks, came, strict=False):
        for name in ("k", "v"):
            expect(bool((found[name][mask[:, None].expand(2, 3, 6)].abs() <= 1e-6).all()), f"padding gets a gradient in {name}",
                   f"{name} 的 padding 处有梯度")  # fmt: skip
    attention.agrees_in_gradients(solution, [case((q, k, v))], tol=1e-3, between=True)


def test_finite_gradients(solution):
    """Where a query may attend to nothing the gradients are finite, and zero for its own q; the others' are right."""
    attention.agrees_in_gradients(solution, [case(draw(3, 2, 6, 8), EMPTY)], tol=1e-3)


def test_large_scores(solution):
    """Scores of 30,000 either way: the softmax does not overflow, and a hidden key never wins, however the scores lie.

    The scores are a·b_j/√D with b_j at least 500/a apart, so the weights are one-hot to the last bit. D is 4, so the
    products stay within float16 whether q or the product is scaled. Then rows whose maxima lie far apart, and far below
    that of a hidden key. Beside scores of 30,000 apart by about one, where float32 rounds to 0.004, the weights are
    asked to a tenth.
    """
    order, cases = torch.tensor([-60.0, -58.0, -59.0, -57.0, -61.0, -56.0]), []
    mask = torch.tensor([[False, True, False, False, False, False]])

    def scores(queries, keys, dtype, *padding):
        q, k, v = draw(1, 2, 6, 4)
        q[:], k[:] = 0, 0
        q[..., 0], k[..., 0] = queries, keys
        facts = {"top": 30_000, "went": name_of(dtype)}
        return case([each.to(dtype) for each in (q, k, v)], *padding, facts=facts)

    for sign, padding in ((1.0, ()), (-1.0, ()), (1.0, (mask,))):
        keys = torch.cat(
            [order[:-1], torch.tensor([60.0 * sign])]
        )  # the highest score, and only the last query may see it
        dtypes = (torch.float32, torch.float16, torch.bfloat16) if sign > 0 else (torch.float32,)
        cases += [scores(1000.0 * sign, keys, dtype, *padding) for dtype in dtypes]
    cases.append(scores(torch.tensor([0.0, 1000, 0, 1000, 0, 1000]), order, torch.float32))
    attention.agrees(solution, cases)
    q, k, v = draw(1, 2, 6, 4)
    q[..., 0], k[..., 0] = 1000.0, 60.0
    attention.agrees(solution, [case((q, k, v), facts={"top": 30_000})], tol=0.1)


def test_dtypes(solution):
    """Each floating dtype comes back as it went in, with and without padding, as accurate as it allows (float64: as float32).

    In bfloat16 v may be a million, and q too. Gradients are asked for with five times the bound of the values: they round more often.
    """
    cases, zeros, gradients, everything = [], [], [], torch.ones(2, 7, dtype=torch.bool)
    for dtype in DTYPES:
        facts = {"went": name_of(dtype)}
        given = [each.clamp(-2, 2) for each in draw(dtype=dtype)]
        cases += [case(given, *padding, facts=facts) for padding in ((), (right_padding(2, 7),))]
        zeros.append(case(given, everything, facts=facts))
        gradients.append(case(given, g=(torch.rand(2, 3, 7, 16) - 0.5).to(dtype), facts=facts))
    q, k, v = (each.clamp(-2, 2) for each in draw(dtype=torch.bfloat16))
    cases.append(case((q * 2.0**17, k * 2.0**-17, (v.abs() + 0.5) * 2.0**20), facts={"went": "bfloat16"}))
    came = attention.agrees(solution, cases + zeros)
    for one, y in zip(zeros, came[len(cases) :], strict=True):
        solution.call = solution.shown("causal_attention", one.x, *one.parameters.values(), *one.args)
        expect_equal(y.abs(), torch.zeros_like(y))
    attention.agrees_in_gradients(solution, gradients, tol=5e-4)


def test_shapes(solution):
    """One position, one sample, one head, D = 1, square cases, 80 positions; heads split from (B, L, H, D), sliced and
    expanded inputs."""
    shapes = ((1, 1, 1, 4), (2, 3, 1, 8), (1, 1, 5, 1), (4, 4, 4, 4), (3, 1, 2, 6), (1, 2, 30, 3), (1, 1, 80, 2))
    cases = [case(draw(*each), *padding) for each in shapes for padding in ((), (torch.rand(each[0], each[2]) < 0.3,))]
    fused = torch.randn(2, 6, 3, 3, 8)
    views = ([each.transpose(1, 2) for each in fused.unbind(2)], [each[:, :, ::2, 2:7] for each in draw(2, 2, 12, 9)],
             [draw(2, 1, 5, 4)[0].expand(2, 3, 5, 4)] * 3)  # fmt: skip
    cases += [case(each, right_padding(4, 2 * each[0].shape[2])[::2, ::2]) for each in views]
    attention.agrees(solution, cases)


def test_device(solution):
    """The causal mask is made where q lives: seen with tensors that pose as living on another device.

    Their lengths were not seen before, so that a mask kept from an earlier call is not taken for one made on the CPU.
    """
    given = ((*draw(length=11),), (*draw(length=13), right_padding(2, 13)))
    expect_on_device(*(lambda each=each: solution.device_of("causal_attention", *each) for each in given))

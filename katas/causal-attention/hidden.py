"""Checks for `causal_attention(q, k, v, key_padding_mask=None)`.

Nothing here is random but the inputs. The truth is the formula in float64, its gradients by autograd. A right float32
answer strays by a few 1e-6 where scores are moderate; 1e-4 is allowed. B, H, L and D are all different, so that a
confusion of axes shows. A mistake is named only when its own formula reproduces what came back, with two head sizes.
"""

import math

import torch

from interview.grading.checks.expect import Mistake, Unseen, Words, expect, expect_equal, expect_tensor, name_of
from interview.grading.checks.solution import ForbiddenCall, SubmissionError

TOL = 1e-4
NEG = -math.inf
NO_GRADIENT = Words("none, or all zeros", "没有，或全为零")
WEIGHT_0 = Words("weight 0", "权重 0")
QKV = Words("q, k, v", "q、k、v")


def draw(b=2, h=3, length=7, d=16, dtype=torch.float32):
    """q and k with scores of spread one, v with a mean that is not zero."""
    return tuple(torch.randn(b, h, length, d).to(dtype) + shift for shift in (0.0, 0.0, 0.5))


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


def causal(length, diagonal=0):
    return torch.ones(length, length, dtype=torch.bool).tril(diagonal)


def truth(q, k, v, padding=None, *, scale=None, seen=None):
    """The formula in float64; a query that sees nothing gives zeros."""
    q, k, v = q.double(), k.double(), v.double()
    seen = causal(q.shape[2]) if seen is None else seen
    if padding is not None:
        seen = seen & ~padding[:, None, None, :]
    scores = q @ k.transpose(-2, -1) * (1 / math.sqrt(q.shape[-1]) if scale is None else scale)
    nothing = ~seen.any(-1, keepdim=True)
    scores = scores.masked_fill(~seen, NEG).masked_fill(nothing, 0.0)
    return scores.softmax(-1).masked_fill(nothing, 0.0) @ v


def alike(got, want, tol=TOL):
    got, want = got.detach().double(), want.detach().double()
    return bool(((got - want).abs() <= tol * (1 + want.abs())).all())


def moved_by(distance):
    return Words(f"moved by {distance:.3g}", f"变动 {distance:.3g}")


def not_finite(y):
    count = int((~y.isfinite()).sum())
    return Words(f"{count} of {y.numel()} not finite", f"{y.numel()} 个值中有 {count} 个不是有限值")


def call(solution, q, k, v, *padding):
    try:
        y = solution.causal_attention(q, k, v, *padding)
    except SubmissionError as error:
        if q.dtype is torch.float16 and "without overflow" in error.text:  # torch's words for a number that is no Half
            raise Mistake("fill_beyond_half", got=str(error), expected="-inf") from None
        raise
    return expect_tensor(y, shape=q.shape)


def test_from_scratch(solution):
    """No ready-made attention is called, with padding or without, whether or not its refusal is caught."""
    q, k, v = draw()
    for padding in ((), (right_padding(2, 7),)):
        try:
            solution.causal_attention(q, k, v, *padding)
        except Exception as error:
            if isinstance(error, ForbiddenCall) or solution.forbidden:
                raise Mistake("ready_made", name=solution.forbidden[0]) from None
            raise Unseen from None  # any other exception is the next check's to tell
        if solution.forbidden:
            raise Mistake("ready_made", name=solution.forbidden[0])


def test_interface(solution):
    """Positional and keyword arguments, no mask by default; without any padding the mask changes nothing."""
    q, k, v = draw()
    none = torch.zeros(2, 7, dtype=torch.bool)
    try:
        plain = expect_tensor(solution.causal_attention(q, k, v), shape=q.shape, dtype=q.dtype)
    except TypeError as error:
        if "missing" not in str(error):
            raise
        shown = solution.call
        call(solution, q, k, v, none)
        solution.call = shown
        got = Words("TypeError without key_padding_mask", "不传 key_padding_mask 时 TypeError")
        raise Mistake("mask_required", got=got, expected=Words("None by default", "默认为 None")) from None
    calls = []

    def noted(y):
        calls.append(solution.call)
        return expect_tensor(y, shape=q.shape)

    results = [
        noted(solution.causal_attention(q, k, v, None)),
        noted(solution.causal_attention(q=q, k=k, v=v, key_padding_mask=None)),
    ]
    masked = [
        noted(solution.causal_attention(q, k, v, none)),
        noted(solution.causal_attention(q, k, v, key_padding_mask=none)),
    ]
    for y, solution.call in zip(results, calls[:2], strict=True):
        expect_equal(y, plain, atol=1e-5, rtol=1e-5)
    if alike(plain, truth(q, k, v)) and all(
        alike(y, truth(q, k, v, seen=torch.ones(7, 7, dtype=torch.bool))) for y in masked
    ):
        return  # the causal rule is lost with padding: told by its own check
    if bool((masked[0] == 0).all()) or bool(masked[0].isnan().all()):
        return  # True read as attended: told by the check of the padding
    for y, solution.call in zip(masked, calls[2:], strict=True):
        expect_equal(y, plain, atol=1e-5, rtol=1e-5)


def test_causal(solution):
    """Query i sees the keys j <= i and no other: the first gives v[0] itself, the others the softmax over what they see."""
    got, calls = {}, {}
    for d in (16, 5):
        q, k, v = draw(d=d)
        got[d] = (q, k, v), call(solution, q, k, v)
        calls[d] = solution.call
    everything = torch.ones(7, 7, dtype=torch.bool)

    def zeros_for_scores(q, k, v):
        scores = (q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])) * causal(7)
        return scores.softmax(-1) @ v

    def weights_cut(q, k, v):
        return ((q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])).softmax(-1) * causal(7)) @ v

    known = {
        "sees_the_future": lambda q, k, v: truth(q, k, v, seen=everything),
        "one_ahead": lambda q, k, v: truth(q, k, v, seen=causal(7, 1)),
        "not_itself": lambda q, k, v: truth(q, k, v, seen=causal(7, -1)),
        "turned_round": lambda q, k, v: truth(q, k, v, seen=causal(7).t()),
        "scores_times_zero": zeros_for_scores,
        "mask_after_softmax": weights_cut,
    }
    for id_, formula in known.items():
        skip = 1 if id_ == "not_itself" else 0  # the first query then sees nothing, whatever comes of it
        if all(alike(y[:, :, skip:], formula(*given)[:, :, skip:]) for given, y in got.values()):
            (q, k, v), y = got[16]
            solution.call = calls[16]
            raise Mistake(
                id_,
                got=f"query {skip}: {float(y[0, 0, skip, 0]):.4f}",
                expected=f"{float(truth(q, k, v)[0, 0, skip, 0]):.4f}",
            )
    for d, ((q, k, v), y) in got.items():
        solution.call = calls[d]
        expect(
            alike(y[:, :, 0], v[:, :, 0]),
            "the first query sees only itself, and should give v[0]",
            "第一个 query 只能看到自己，应输出 v[0]",
            got=y[0, 0, 0, :4],
            expected=v[0, 0, 0, :4],
        )


def test_scale(solution):
    """The scores are divided by √D, for several D: other scales give other weights."""
    got, calls = {}, {}
    for h, length, d in ((3, 7, 16), (2, 6, 5), (4, 9, 64), (2, 5, 1)):
        q, k, v = draw(h=h, length=length, d=d)
        got[h, length, d] = (q, k, v), call(solution, q, k, v)
        calls[h, length, d] = solution.call
    known = {
        "scale_missing": lambda h, length, d: 1.0,
        "scale_by_d": lambda h, length, d: 1 / d,
        "scale_by_the_model": lambda h, length, d: 1 / math.sqrt(h * d),
        "scale_by_the_length": lambda h, length, d: 1 / math.sqrt(length),
        "scale_inverted": lambda h, length, d: math.sqrt(d),
        "scaled_twice": lambda h, length, d: 1 / d**0.75,
    }
    bad = [sizes for sizes, (given, y) in got.items() if not alike(y, truth(*given))]
    if not bad:
        return
    (q, k, v), y = got[bad[0]]
    solution.call = calls[bad[0]]
    for id_, scale in known.items():
        if all(alike(y, truth(*given, scale=scale(*sizes)), 5e-4) for sizes, (given, y) in got.items()):
            d, found, wanted = bad[0][2], f"{scale(*bad[0]):.4g}", f"{1 / math.sqrt(bad[0][2]):.4g}"
            raise Mistake(
                id_,
                d=d,
                scale=scale(*bad[0]),
                got=Words(f"scores times {found}", f"分数乘以 {found}"),
                expected=Words(f"times {wanted} (D = {d})", f"乘以 {wanted}（D = {d}）"),
            )
    expect_equal(y.double(), truth(q, k, v), atol=TOL, rtol=TOL)


def test_values(solution):
    """The weights are a softmax over the keys, for each sample and head by itself, and they weigh v.

    The first query's one weight is exactly 1: six units of the last place are allowed. A query, a key and a value of
    zeros are like any other.
    """
    for b, h, length, d in ((2, 3, 7, 16), (3, 2, 5, 4), (1, 4, 12, 8)):
        q, k, v = draw(b, h, length, d)
        y, want = call(solution, q, k, v), truth(q, k, v)
        scores = (q @ k.transpose(-2, -1) / math.sqrt(d)).double().masked_fill(~causal(length), NEG)
        said = {"got": f"{float(y[0, -1, -1, 0]):.4f}", "expected": f"{float(want[0, -1, -1, 0]):.4f}"}
        if alike(y, scores.softmax(-2) @ v.double()):
            raise Mistake("softmax_over_queries", **said)
        if alike(y, scores.exp() @ v.double()):
            raise Mistake("not_normalised", **said)
        if alike(y, scores.softmax(-1) @ k.double()):
            raise Mistake("weighs_the_keys", **said)
        expect_equal(y.double(), want, atol=TOL, rtol=TOL)
        alone, given = y[:, :, 0].detach().double(), v[:, :, 0].double()
        extra = (given / alone - 1)[given.abs() > 0.1]  # 0 but for a few roundings: the weight of one key is e/e
        if extra.numel() and float(extra.amin()) > 3e-6 and float(extra.amax()) < 1.1 * float(extra.amin()) + 1e-6:
            raise Mistake("sum_enlarged", extra=float(extra.mean()), got=f"v[0] / {1 + float(extra.mean()):.7f}")
        expect_equal(alone, given, atol=6e-8, rtol=6 * 2.0**-23)
    q, k, v = draw(2, 3, 6, 4)
    q[:, :, 2], k[:, :, 1], v[:, :, 3] = 0, 0, 0
    y, want = call(solution, q, k, v), truth(q, k, v)
    for name, j in (("k", 1), ("v", 3)):
        hidden = torch.zeros(2, 6, dtype=torch.bool)
        hidden[:, j] = True
        if not alike(y, want) and alike(y, truth(q, k, v, hidden)):
            raise Mistake("zeros_taken_for_padding", name=name, got=WEIGHT_0)
    rest = [0, 1, 3, 4, 5]
    if bool((y[:, :, 2] == 0).all()) and alike(y[:, :, rest], want[:, :, rest]):
        raise Mistake("zero_scores_taken_for_none", got="0", expected=f"{float(want[0, 0, 2, 0]):.4f}")
    expect_equal(y.double(), want, atol=TOL, rtol=TOL)


def test_no_leak(solution):
    """Other keys and values after position i change nothing up to i: within rounding, at every i."""
    q, k, v = draw(length=9)
    for padding in ((), (right_padding(2, 9),)):
        before = call(solution, q, k, v, *padding)
        for i in (0, 3, 7):
            later_k, later_v = k.clone(), v.clone()
            later_k[:, :, i + 1 :] = 3 * torch.randn_like(k[:, :, i + 1 :]) + 1
            later_v[:, :, i + 1 :] = 10 * torch.randn_like(v[:, :, i + 1 :]) + 50
            later_q = q.clone()
            later_q[:, :, i + 1 :] = torch.randn_like(q[:, :, i + 1 :])
            after = call(solution, later_q, later_k, later_v, *padding)
            moved = float((after - before)[:, :, : i + 1].abs().max())
            if moved > 1e-3 and alike(before, truth(q, k, v, *padding), 1e-2):
                raise Mistake("future_leaks", i=i, moved=moved, got=moved_by(moved), expected="0")
            expect(
                moved <= TOL,
                f"what comes after position {i} changed the result up to it",
                f"位置 {i} 之后的内容改变了它之前的结果",
                got=moved_by(moved),
                expected="0",
            )


def test_padding(solution):
    """True means padding: such keys are not attended to, in each sample its own, on top of the causal rule."""
    got, calls = {}, {}
    for b, length, mask in ((2, 8, right_padding(2, 8)), (3, 10, scattered(3, 10)), (3, 6, right_padding(3, 6))):
        q, k, v = draw(b, 2, length, 8)
        got[b, length] = (q, k, v, mask), call(solution, q, k, v, mask)
        calls[b, length] = solution.call
    ones = {length: torch.ones(length, length, dtype=torch.bool) for _, length in got}
    rows = {sizes: given[3] for sizes, (given, _) in got.items()}

    def first_mask(q, k, v, mask):
        return truth(q, k, v, mask[:1].expand_as(mask))

    def queries(q, k, v, mask):
        return truth(q, k, v).masked_fill(mask[:, None, :, None], 0.0)

    def queries_hidden(q, k, v, mask):
        return truth(q, k, v, seen=causal(q.shape[2]) & ~mask[:, None, :, None])

    known = {
        "padding_ignored": lambda q, k, v, mask: truth(q, k, v),
        "mask_inverted": lambda q, k, v, mask: truth(q, k, v, ~mask),
        "causal_rule_lost": lambda q, k, v, mask: truth(q, k, v, mask, seen=ones[q.shape[2]]),
        "first_mask_for_all": first_mask,
        "masks_queries": queries,
        "masks_queries ": queries_hidden,
        "padded_queries_zeroed": lambda q, k, v, mask: truth(q, k, v, mask).masked_fill(mask[:, None, :, None], 0.0),
    }
    zeroed = all(bool((y.transpose(1, 2)[given[3]].abs() <= TOL).all()) for given, y in got.values())
    if not zeroed:
        del known["padded_queries_zeroed"]
    for id_, formula in known.items():
        if all(explains(y, formula(*given), rows[sizes]) for sizes, (given, y) in got.items()):
            (q, k, v, mask), y = got[2, 8]
            off = (y.double() - truth(q, k, v, mask)).abs().nan_to_num(9.0)
            where = tuple((off > TOL).nonzero()[0].tolist()) if bool((off > TOL).any()) else None
            if where is not None:
                solution.call = calls[2, 8]
                raise Mistake(
                    id_.strip(), got=f"{float(y[where]):.4f}", expected=f"{float(truth(q, k, v, mask)[where]):.4f}"
                )
    for sizes, ((q, k, v, mask), y) in got.items():
        solution.call = calls[sizes]
        expect_equal(y.double(), truth(q, k, v, mask), atol=TOL, rtol=TOL)
    (q, k, v, mask), y = got[3, 10]
    hidden = mask[:, None, :, None]
    again = call(solution, q, torch.where(hidden, k * 5 - 2, k), torch.where(hidden, v * -9 + 30, v), mask)
    expect_equal(again, y, atol=TOL, rtol=TOL)


def explains(y, want, mask):
    """Does a formula explain y, leaving aside the rows where it sees nothing (zeros, which may be NaN or a mean)?"""
    nothing = (want == 0).all(-1, keepdim=True)
    if not bool((~nothing).any()):
        return False
    near = ((y.double() - want).abs() <= TOL * (1 + want.abs())) | nothing
    return bool(near.all())


def test_nothing_to_attend(solution):
    """Padding at the start leaves queries with nothing: exactly zeros; a sample that is all padding is zero throughout."""
    q, k, v = draw(3, 2, 6, 8)
    mask = torch.zeros(3, 6, dtype=torch.bool)
    mask[0, :2] = mask[1, :] = True
    y = call(solution, q, k, v, mask)
    alone = torch.stack(
        [torch.tensor([True, True] + [False] * 4), torch.ones(6, dtype=torch.bool), torch.zeros(6, dtype=torch.bool)]
    )
    empty = y[alone[:, None, :].expand(3, 2, 6)]
    if bool(empty.isnan().any()):
        raise Mistake("nan_when_masked", got="nan", expected="0")
    everywhere, so_far = v.mean(2, keepdim=True).expand_as(v), v.cumsum(2) / torch.arange(1, 7).reshape(6, 1)
    lonely = alone[:, None, :, None].expand_as(y)
    for mean in (everywhere, so_far):
        if bool(((y - mean).abs() <= TOL * (1 + mean.abs()))[lonely].all()):
            raise Mistake("mean_when_masked", got=f"{float(empty[0, 0]):.4f}", expected="0")
    scores = (q @ k.transpose(-2, -1) / math.sqrt(8)).masked_fill(~causal(6), NEG).softmax(-1) @ v
    expect(
        not bool(((y - scores).abs() <= TOL)[lonely].all()),
        "queries that see only padding attend to it",
        "只看得到 padding 的 query 关注了 padding",
        got=f"{float(empty[0, 0]):.4f}",
        expected="0",
    )
    expect(
        bool((empty == 0).all()),
        "a query that may attend to nothing does not give zeros",
        "一个 key 都看不到的 query 没有输出零",
        got=f"{float(empty.abs().max()):.3g}",
        expected="0",
    )
    expect_equal(y.double(), truth(q, k, v, mask), atol=TOL, rtol=TOL)


def test_one_position(solution):
    """A sequence of one position gives v, or zeros where that position is padding."""
    q, k, v = draw(3, 2, 1, 4)
    mask = torch.tensor([[True], [False], [True]])
    y = call(solution, q, k, v, mask)
    if bool((y == v).all()):
        raise Mistake("one_position_unmasked", got=f"{float(y[0, 0, 0, 0]):.4f}", expected="0")
    expect_equal(y.double(), truth(q, k, v, mask), atol=TOL, rtol=TOL)


def test_gradient(solution):
    """The gradients of q, k and v are those of the formula, with and without padding; padded keys get exactly none.

    One of the three may want a gradient alone.
    """
    for mask in (None, right_padding(2, 6), scattered(2, 6)):
        given = [each.requires_grad_() for each in draw(2, 3, 6, 8)]
        g = torch.randn(2, 3, 6, 8)
        y = call(solution, *given, *(() if mask is None else (mask,)))
        if not y.requires_grad:
            raise Mistake("no_gradient", name=QKV, got="requires_grad=False", expected="requires_grad=True")
        (y * g).sum().backward()
        wide = [each.detach().double().requires_grad_() for each in given]
        (truth(*wide, mask) * g.double()).sum().backward()
        for name, each, want in zip("qkv", given, wide, strict=True):
            if each.grad is None or bool((each.grad == 0).all()):
                expected = f"{float(want.grad[0, 0, 1, 0]):.4f} …"
                raise Mistake("no_gradient", name=name, got=NO_GRADIENT, expected=expected)
        for name, each, want in zip("qkv", given, wide, strict=True):
            expect_equal(each.grad.double(), want.grad, atol=TOL, rtol=1e-3)
            if mask is not None and name != "q":
                expect(
                    bool((each.grad[mask[:, None, :].expand(2, 3, 6)] == 0).all()),
                    f"padding gets a gradient in {name}",
                    f"{name} 的 padding 处有梯度",
                )
    for index, name in enumerate("qkv"):
        given, g = draw(1, 2, 4, 3), torch.randn(1, 2, 4, 3)
        wide = [each.double() for each in given]
        leaf, copy = given[index].requires_grad_(), wide[index].requires_grad_()
        y = call(solution, *given)
        if y.requires_grad:
            (y * g).sum().backward()
        if leaf.grad is None or bool((leaf.grad == 0).all()):
            raise Mistake("alone_without_gradient", name=name, got=NO_GRADIENT)
        (truth(*wide) * g.double()).sum().backward()
        expect_equal(leaf.grad.double(), copy.grad, atol=TOL, rtol=1e-3)


def test_finite_gradients(solution):
    """Where a query may attend to nothing the gradients are finite, and zero for its own q; the others' are right."""
    given = [each.requires_grad_() for each in draw(3, 2, 6, 8)]
    mask = torch.zeros(3, 6, dtype=torch.bool)
    mask[0, :2] = mask[1, :] = True
    g = torch.randn(3, 2, 6, 8)
    y = call(solution, *given, mask)
    if not y.requires_grad:
        shown = solution.call
        if call(solution, *given, right_padding(3, 6)).requires_grad:
            solution.call = shown
            expected = Words("as where every query sees a key", "与每个 query 都看得到 key 时一样")
            raise Mistake("cut_when_masked", got="requires_grad=False", expected=expected)
        return  # told by the check of the gradient
    (y * g).sum().backward()
    for name, each in zip("qkv", given, strict=True):
        if each.grad is not None and not bool(each.grad.isfinite().all()):
            count, total = int((~each.grad.isfinite()).sum()), each.grad.numel()
            if bool(y.isfinite().all()):
                expected = Words("finite", "有限值")
                raise Mistake("nan_gradient", name=name, count=count, total=total, got="nan", expected=expected)
            expect(
                False,
                f"the gradient of {name} is not finite",
                f"{name} 的梯度不是有限值",
                got=Words(f"{count} of {total}", f"{total} 个中有 {count} 个"),
            )
    wide = [each.detach().double().requires_grad_() for each in given]
    (truth(*wide, mask) * g.double()).sum().backward()
    for each, want in zip(given, wide, strict=True):
        expect_equal(each.grad.double(), want.grad, atol=TOL, rtol=1e-3)


def test_large_scores(solution):
    """Scores of 30,000 either way: the softmax does not overflow, and a hidden key never wins, however the scores lie.

    The scores are a·b_j/√D with b_j at least 500/a apart, so the weights are one-hot to the last bit. D is 4, so the
    products stay within float16 whether q or the product is scaled. Beside scores of 30,000 apart by about one, where
    float32 rounds to 0.004, the weights are asked to a tenth.
    """
    d, length = 4, 6
    order = torch.tensor([-60.0, -58.0, -59.0, -57.0, -61.0, -56.0])
    for sign, hide in ((1.0, False), (-1.0, False), (1.0, True)):
        q, k, v = torch.zeros(1, 2, length, d), torch.zeros(1, 2, length, d), torch.randn(1, 2, length, d)
        q[..., 0], k[..., 0] = 1000.0 * sign, order
        k[:, :, -1, 0] = 60.0 * sign  # the highest score of all, and only the last query may see it
        mask = torch.zeros(1, length, dtype=torch.bool)
        mask[:, 1] = hide
        y, want = call(solution, q, k, v, *((mask,) if hide else ())), truth(q, k, v, mask)
        if not bool(y.isfinite().all()):
            why_not_finite(solution, not_finite(y))
        seen, scores = causal(length) & ~mask[:, None, None, :], q @ k.transpose(-2, -1) / math.sqrt(d)
        for fill in (100, 1000, 10_000) if not alike(y, want) else ():
            for filled in (scores.masked_fill(~seen, -fill), scores - fill * (~seen).float()):
                if alike(y, filled.softmax(-1) @ v):
                    got = Words("a hidden key was attended to", "关注了被屏蔽的 key")
                    raise Mistake("weak_fill", top=30_000, got=got, expected=WEIGHT_0)
        expect_equal(y.double(), want, atol=TOL, rtol=TOL)
        for dtype in (torch.float16, torch.bfloat16) if sign > 0 else ():
            q, k, v = q.to(dtype), k.to(dtype), v.to(dtype)
            y, want = call(solution, q, k, v, *((mask,) if hide else ())), truth(q, k, v, mask)
            if alike(y, scores.masked_fill(~seen, -10_000).softmax(-1) @ v.float(), 4e-2) and not alike(y, want, 4e-2):
                got = Words("a hidden key won", "被屏蔽的 key 胜出")
                raise Mistake("weak_fill_in_half", went=name_of(dtype), got=got, expected=WEIGHT_0)
            expect_equal(y.double(), want, atol=4e-2, rtol=4e-2)
    q, k, v = draw(1, 2, length, d)
    q[..., 0], k[..., 0] = 1000.0, 60.0
    expect_equal(call(solution, q, k, v).double(), truth(q, k, v), atol=0.1, rtol=0.1)


def why_not_finite(solution, got):
    """Which maximum was subtracted: none (equal scores overflow too), one for all rows, or a hidden key's."""
    v, shown = torch.randn(1, 2, 2, 4), solution.call

    def lost(queries, keys):
        q, k = torch.zeros(1, 2, 2, 4), torch.zeros(1, 2, 2, 4)
        q[..., 0], k[..., 0] = torch.tensor(queries), torch.tensor(keys)
        y = call(solution, q, k, v)
        solution.call = shown
        return not bool(y.isfinite().all())

    if lost([1000.0, 1000.0], [60.0, 60.0]):
        raise Mistake("overflows", top=30_000, got=got)
    if lost([0.0, 1000.0], [60.0, 60.0]):
        raise Mistake("one_maximum_for_all", got=got)
    if lost([1000.0, 1000.0], [0.0, 60.0]):
        raise Mistake("maximum_of_a_hidden_key", got=got)
    expect(False, "scores near 30,000 do not give finite results", "分数到 30,000 左右时结果不是有限值", got=got)


def test_dtypes(solution):
    """Each floating dtype comes back as it went in, with and without padding, as accurate as it allows (float64: as float32).

    In bfloat16 v may be a million, and q too. Gradients are asked for with five times the bound of the values: they round more often.
    """
    for dtype, tol in ((torch.float16, 1e-2), (torch.bfloat16, 4e-2), (torch.float32, TOL), (torch.float64, TOL)):
        q, k, v = (each.clamp(-2, 2) for each in draw(dtype=dtype))
        for mask in (None, right_padding(2, 7)):
            y = call(solution, q, k, v, *(() if mask is None else (mask,)))
            if y.dtype is not dtype:
                raise Mistake(
                    "dtype_lost",
                    went=name_of(dtype),
                    came=name_of(y.dtype),
                    got=name_of(y.dtype),
                    expected=name_of(dtype),
                )
            expect_equal(y.double(), truth(q, k, v, mask), atol=2 * tol, rtol=tol)
        mask = torch.ones(2, 7, dtype=torch.bool)
        expect_equal(call(solution, q, k, v, mask).abs(), torch.zeros_like(q))
        if dtype is torch.bfloat16:
            large = v * 2.0**20
            y = call(solution, q * 2.0**17, k * 2.0**-17, large)
            if not bool(y.isfinite().all()):
                raise Mistake("bfloat16_through_float16", got=not_finite(y))
            expect_equal(y.double(), truth(q, k, large), atol=2 * tol * 2.0**20, rtol=tol)
        given = [each.detach().requires_grad_() for each in (q, k, v)]
        g = (torch.rand(q.shape) - 0.5).to(dtype)
        y = call(solution, *given)
        if not y.requires_grad:
            shown = solution.call
            if call(solution, *(each.float().requires_grad_() for each in (q, k, v))).requires_grad:
                solution.call = shown
                raise Mistake("no_gradient_in_half", went=name_of(dtype), name=QKV, got="requires_grad=False")
            continue  # told by the check of the gradient
        expect_equal(y.detach().double(), truth(q, k, v), atol=2 * tol, rtol=tol)
        (y * g).sum().backward()
        wide = [each.detach().double().requires_grad_() for each in given]
        (truth(*wide) * g.double()).sum().backward()
        for name, each, want in zip("qkv", given, wide, strict=True):
            if (each.grad is None or bool((each.grad == 0).all())) and dtype in (torch.float16, torch.bfloat16):
                raise Mistake("no_gradient_in_half", went=name_of(dtype), name=name, got=NO_GRADIENT)
            expect_equal(each.grad.double(), want.grad, atol=5 * tol, rtol=5 * tol)


def test_shapes(solution):
    """One position, one sample, one head, D = 1, square cases; heads split from (B, L, H, D), sliced and expanded inputs."""
    for b, h, length, d in ((1, 1, 1, 4), (2, 3, 1, 8), (1, 1, 5, 1), (4, 4, 4, 4), (3, 1, 2, 6), (1, 2, 30, 3)):
        q, k, v = draw(b, h, length, d)
        for mask in (None, torch.rand(b, length) < 0.3):
            expect_equal(
                call(solution, q, k, v, *(() if mask is None else (mask,))).double(),
                truth(q, k, v, mask),
                atol=TOL,
                rtol=TOL,
            )
    q, k, v = draw(1, 1, 80, 2)
    mask, seen = right_padding(1, 80), torch.ones(80, 80, dtype=torch.bool)
    seen[:64, :64] = causal(64)
    y = call(solution, q, k, v, mask)
    if alike(y, truth(q, k, v, mask, seen=seen)):
        got = Words("position 0 sees position 64", "位置 0 看到了位置 64")
        raise Mistake("mask_of_fixed_size", size=64, got=got)
    expect_equal(y.double(), truth(q, k, v, mask), atol=TOL, rtol=TOL)
    fused = torch.randn(2, 6, 3, 3, 8)
    views = (
        [each.transpose(1, 2) for each in fused.unbind(2)],
        [each[:, :, ::2, 2:7] for each in draw(2, 2, 12, 9)],
        [draw(2, 1, 5, 4)[0].expand(2, 3, 5, 4)] * 3,
    )
    for q, k, v in views:
        mask = right_padding(4, 2 * q.shape[2])[::2, ::2]
        try:
            y = call(solution, q, k, v, mask)
        except SubmissionError as error:
            if not any(word in str(error) for word in ("stride", "contiguous")):
                raise
            shown = solution.call
            call(solution, q.contiguous(), k.contiguous(), v.contiguous(), mask.contiguous())
            solution.call = shown
            expected = Words("as for contiguous inputs", "与连续输入一样")
            raise Mistake("contiguous_only", got="RuntimeError", expected=expected) from None
        expect_equal(y.double(), truth(q, k, v, mask), atol=TOL, rtol=TOL)


def test_inputs_untouched(solution):
    """q, k, v and the mask hold the same bits after the call."""
    for dtype in (torch.float32, torch.float64):
        q, k, v = draw(dtype=dtype)
        for padding in ((), (right_padding(2, 7),), (torch.ones(2, 7, dtype=torch.bool),)):
            solution.causal_attention(q, k, v, *padding)
            if solution.changed:
                names = ("q", "k", "v", "key_padding_mask")
                changed = [names[n] for n in solution.changed if n < 4]
                raise Mistake("changes_an_input", name=Words(", ".join(changed), "、".join(changed)))


def test_device(solution):
    """The causal mask is made where q lives: seen with tensors that pose as living on another device.

    Their lengths were not seen before, so that a mask kept from an earlier call is not taken for one made on the CPU.
    """
    for length, padding in ((11, ()), (13, (right_padding(2, 13),))):
        q, k, v = draw(length=length)
        match solution.device_of("causal_attention", q, k, v, *padding):
            case "mixed":
                got = Words("a CPU mask met scores on another device", "CPU 上的掩码遇到了另一个 device 上的分数")
                raise Mistake("mask_on_cpu", got=got)
            case "here":
                raise Mistake("mask_on_cpu", got=Words("the result stayed on the CPU", "结果留在了 CPU 上"))

"""Checks for `attention(q, k, v, *, attn_mask=None, is_causal=False, dropout_p=0.0, training=True)`.

With v the identity the output *is* the matrix of dropped weights, so each weight is seen. Each statistical test spends
at most ALPHA = 1e-11 of false alarm; there are fewer than ninety-five of them, so a right answer is turned away with
probability below 1e-9 a run. About 285,000 weights are drawn in all, for the sake of plain Python loops.
"""

import itertools
import math

import torch

from interview.grading.checks import statistics
from interview.grading.checks.expect import (
    Bar,
    Mask,
    Mistake,
    Unseen,
    Words,
    expect,
    expect_equal,
    expect_tensor,
    turned_away,
)
from interview.grading.checks.masks import expect_lags, rate_found
from interview.grading.checks.solution import ForbiddenCall, Keywords, SubmissionError

CLOSE = {"rtol": 1e-4, "atol": 2e-5}  # float32 against our float64: errors are near 1e-6, the named faults above 1e-2
HALF = {torch.float16: 1e-2, torch.bfloat16: 4e-2, torch.float64: 1e-4}
CPU = {
    "mixed": Words("a CPU tensor met q on another device", "CPU 上的张量遇到了另一个 device 上的 q"),
    "here": Words("the result stayed on the CPU", "结果留在了 CPU 上"),
}


def draw(b, h, length, s, d, spread=1.0):
    return torch.randn(b, h, length, d) * spread, torch.randn(b, h, s, d) * spread, torch.randn(b, h, s, d)


def scores(q, k):
    return q.double() @ k.double().transpose(-2, -1) / math.sqrt(q.shape[-1])


def weights(q, k, allowed=None):
    """The right weights in float64; rows that may attend to nothing are zeros."""
    s = scores(q, k)
    if allowed is None:
        return torch.softmax(s, -1)
    return torch.softmax(s.masked_fill(~allowed, -math.inf), -1).masked_fill(~allowed, 0.0)


def close(a, b, tol=1e-4):
    return a.shape == b.shape and bool(((a.double() - b.double()).abs() <= 2e-5 + tol * b.double().abs()).all())


def triangle(n):
    return torch.ones(n, n, dtype=torch.bool).tril()


def shown_weights(b, h, length, s, spread=1.0, dtype=torch.float32):
    """q, k and a v that is the identity."""
    q, k, _ = draw(b, h, length, s, s, spread)
    return q.to(dtype), k.to(dtype), torch.eye(s, dtype=dtype).expand(b, h, s, s).contiguous()


def probe(solution, b, h, length, s, p, *, dtype=torch.float32, spread=1.0, allowed=None, **options):
    """One call in training with v = I. Returns the weights as dropped, the right ones, and which are kept."""
    q, k, v = shown_weights(b, h, length, s, spread, dtype)
    y = expect_tensor(solution.attention(q, k, v, dropout_p=p, **options), shape=(b, h, length, s)).double()
    w = weights(q, k, allowed)
    return y, w, y.abs() > 1e-3 * w


def kept(solution, b, h, length, s, p):
    return probe(solution, b, h, length, s, p)[2]


def kept_each(solution, length, s, p, times):
    """`kept` with B = H = 1, as often."""
    calls = [(*shown_weights(1, 1, length, s), Keywords(dropout_p=p)) for _ in range(times)]
    for (q, k, _, _), y in zip(calls, solution.attention.each(calls), strict=True):
        yield expect_tensor(y, shape=(1, 1, length, s)).double().abs() > 1e-3 * weights(q, k)


COLUMNS = [0, 64, 100, 128, 200, 256, 500, 512, 1000, 1024]  # their differences hold the usual sizes of a block


def far_keys(solution):
    """The mask (44, 10) of ten of 1100 keys at p = 0.45: v is zero at the others and shows these."""
    q, k, v = draw(1, 1, 44, 1100, 10)
    v.zero_()
    v[0, 0, COLUMNS] = torch.eye(10)
    y = expect_tensor(solution.attention(q, k, v, dropout_p=0.45), shape=q.shape)
    return y[0, 0].abs() > 1e-3 * weights(q, k)[0, 0][:, COLUMNS]


def alike(rows):
    """The first two rows of a 2-d mask that are equal, and whether they hold both kept and dropped; or None."""
    seen = {}
    for index, row in enumerate(rows.tolist()):
        first = seen.setdefault(tuple(row), index)
        if first != index:
            return first, index, 0 < sum(row) < len(row)
    return None


def test_from_scratch(solution):
    """No ready-made dropout or attention is called, in training or in eval, whether or not its refusal is caught."""
    q, k, v = draw(1, 2, 3, 4, 5)
    mask = torch.ones(3, 4, dtype=torch.bool)
    for options in ({"training": True}, {"training": False}, {"attn_mask": mask}, {"dropout_p": 0.0}):
        try:
            solution.attention(q, k, v, **{"dropout_p": 0.3, **options})
        except Exception as error:
            if isinstance(error, ForbiddenCall) or solution.forbidden:
                raise Mistake("ready_made", name=solution.forbidden[0]) from None
            raise Unseen from None  # any other exception is the next check's to tell
        if solution.forbidden:
            raise Mistake("ready_made", name=solution.forbidden[0])


def test_interface(solution):
    """Keyword names and defaults: dropout_p = 0, training = True. 2 · 512 coins at 1/2 all kept: below 2^-1000."""
    q, k, v = draw(2, 2, 16, 8, 5)
    first, second = (expect_tensor(solution.attention(q, k, v), shape=q.shape, dtype=q.dtype) for _ in range(2))
    if not close(first, second):
        call = solution.call
        told = [solution.attention(q, k, v, dropout_p=0.0) for _ in range(2)]
        solution.call = call
        expect(close(*told), "even with dropout_p=0.0 two calls differ", "即使 dropout_p=0.0，两次调用也不同")
        raise Mistake("drops_by_default")
    said = solution.attention(q=q, k=k, v=v, attn_mask=None, is_causal=False, dropout_p=0.0, training=True)
    expect_equal(said, first, **CLOSE)
    plain = solution.attention(q, k, v, dropout_p=0.5)
    call = solution.call
    if close(plain, first):
        told = solution.attention(q, k, v, dropout_p=0.5, training=True)
        if close(told, first):
            raise Mistake("never_drops")
        solution.call = call
        raise Mistake("eval_by_default")
    with torch.no_grad():
        y = expect_tensor(solution.attention(q, k, v, dropout_p=0.5), shape=q.shape)
    if close(y, first):
        raise Mistake("needs_grad")
    expect(
        not close(y, 2 * first),
        "under torch.no_grad() nothing is dropped",
        "在 torch.no_grad() 下什么都没有丢弃",
    )


def test_plain(solution):
    """With p = 0, and in eval, the result is softmax(q kᵀ/√D) v, for all kinds of sizes and layouts."""
    sizes = (
        (2, 3, 5, 7, 4),
        (1, 1, 4, 4, 9),
        (3, 2, 6, 5, 16),
        (1, 2, 1, 6, 3),
        (2, 1, 3, 1, 8),
        (1, 1, 1, 1, 1),
        (2, 1, 3, 4, 1),
    )
    cases = [draw(*size) for size in sizes]
    q, k, v = draw(2, 5, 3, 6, 8)
    cases.append(
        (q.transpose(1, 2), *(each.transpose(1, 2)[:, :, :4] for each in draw(2, 6, 1, 3, 8)[1:]))
    )  # heads swapped in
    q, k, v = draw(2, 1, 5, 6, 8)
    cases.append((torch.randn(2, 4, 5, 8), k.expand(2, 4, 6, 8), v.expand(2, 4, 6, 8)))  # one key head for four
    got = [(solution.attention(*case), case, solution.call) for case in cases]
    wrong = [
        (y, case)
        for y, case, _ in got
        if not (isinstance(y, torch.Tensor) and close(y, weights(*case[:2]) @ case[2].double()))
    ]
    if wrong:
        solution.call = got[0][-1]
        wide = [(y, case) for y, case, _ in got if isinstance(y, torch.Tensor) and y.shape == case[0].shape]
        for name, change in (
            ("no_sqrt_d", lambda s, d: s * math.sqrt(d)),
            ("divides_by_d", lambda s, d: s / math.sqrt(d)),
            ("sqrt_of_length", lambda s, d: s * math.sqrt(d / s.shape[-1])),
        ):
            if all(
                close(y, torch.softmax(change(scores(q, k), q.shape[-1]), -1) @ v.double()) for y, (q, k, v) in wide
            ):
                raise Mistake(name, **shown(got))
        if all(close(y, torch.softmax(scores(q, k), -2) @ v.double()) for y, (q, k, v) in wide):
            raise Mistake("softmax_over_queries", **shown(got))
    for y, (q, k, v), call in got:
        solution.call = call
        expect_equal(y, (weights(q, k) @ v.double()).float(), **CLOSE)


def shown(got):
    y, (q, k, v), _ = got[0]
    first = f"{float(y.flatten()[0]):.4f}"
    return {
        "got": Words(f"{first} first", f"第一个值 {first}"),
        "expected": f"{float((weights(q, k) @ v.double()).flatten()[0]):.4f}",
    }


def masks(b, h, length, s):
    """Boolean masks of the shapes that broadcast; each row has a True and a False."""
    for shape in ((b, h, length, s), (length, s), (b, 1, 1, s), (1, h, 1, s), (b, 1, length, s), (h, length, s), (s,)):
        mask = torch.rand(shape) < 0.5
        mask[..., 0], mask[..., 1] = True, False
        yield mask.flip(-1)


def test_mask(solution):
    """True may attend, False may not, for every broadcastable shape, and the rest of the row still sums to one."""
    b, h, length, s, d = 3, 3, 5, 6, 4
    q, k, v = draw(b, h, length, s, d)
    raw = scores(q, k)
    got = [(solution.attention(q, k, v, attn_mask=mask), mask, solution.call) for mask in masks(b, h, length, s)]
    seen = [(y, mask, call) for y, mask, call in got if isinstance(y, torch.Tensor) and y.shape == q.shape]
    if any(not close(y, weights(q, k, mask) @ v.double()) for y, mask, _ in seen):
        wrong = {
            "mask_inverted": lambda mask: weights(q, k, ~mask),
            "mask_after_softmax": lambda mask: weights(q, k) * mask,
            "scores_times_mask": lambda mask: torch.softmax(raw * mask, -1),
            "mask_as_bias": lambda mask: torch.softmax(raw + mask.double(), -1),
            "mask_ignored": lambda mask: weights(q, k),
        }
        for name, formula in wrong.items():
            if all(close(y, formula(mask) @ v.double()) for y, mask, _ in seen):
                _, mask, solution.call = seen[0]
                shape = tuple(mask.shape)
                raise Mistake(name, got=Words(f"attn_mask of shape {shape}", f"attn_mask 的形状为 {shape}"))
        for y, mask, call in seen:
            if mask.dim() == 3 and close(y, weights(q, k, mask.unsqueeze(1)) @ v.double()):
                solution.call = call
                read = Words("a mask of shape (3, L, S) was read as (3, 1, L, S)",
                             "形状为 (3, L, S) 的 mask 被当成了 (3, 1, L, S)")  # fmt: skip
                raise Mistake("three_d_as_batch", got=read, expected="(1, 3, L, S)")
    for y, mask, call in got:
        solution.call = call
        expect_equal(y, (weights(q, k, mask) @ v.double()).float(), **CLOSE)
    several = draw(4, 2, 4, 6, 3)  # B = L: a mask (L, S) is one for each query, not one for each sample
    for wide in (True, False):
        mask = torch.rand(4, 6) < 0.5
        mask[:, 0], mask[:, 1] = wide, not wide
        y = expect_tensor(solution.attention(*several, attn_mask=mask), shape=several[0].shape)
        want = weights(*several[:2], mask) @ several[2].double()
        if not close(y, want) and close(y, weights(*several[:2], mask[:, None, None, :]) @ several[2].double()):
            read = Words("a mask (4, 6) with B = L = 4 was read as (B, S)",
                         "B = L = 4 时，(4, 6) 的 mask 被当成了 (B, S)")  # fmt: skip
            raise Mistake("two_d_as_padding", got=read, expected="(L, S)")
        expect_equal(y, want.float(), **CLOSE)
    far = torch.zeros(b, h, s, d)
    far[..., 2, :] = 1e3  # what is masked adds nothing, however large its value
    hide = torch.ones(s, dtype=torch.bool)
    hide[2] = False
    expect_equal(solution.attention(q, k, far, attn_mask=hide).abs(), torch.zeros_like(q), atol=1e-6)
    low, keys = torch.zeros(1, 1, 2, 4), torch.zeros(1, 1, 4, 4)
    low[..., 0], keys[..., 0] = 8.0, torch.tensor([-10.0, 10.0, -9.9, -10.1])  # scores near -40, the hidden one's is 40
    hide = torch.tensor([True, False, True, True])
    y = expect_tensor(solution.attention(low, keys, torch.eye(4)[None, None], attn_mask=hide), shape=low.shape)
    if bool((y[..., 1] > 1e-3).all()):
        most = float(y[..., 1].max())
        raise Mistake("weak_fill", share=most, got=f"{most:.3g}", expected="0")
    expect_equal(y, weights(low, keys, hide).float(), rtol=1e-3, atol=2e-5)


def test_causal(solution):
    """Query i sees the keys 0 … i; a mask given too also applies; in eval as well."""
    b, h, n, d = 2, 2, 7, 5
    q, k, v = draw(b, h, n, n, d)
    y = expect_tensor(solution.attention(q, k, v, is_causal=True), shape=q.shape)
    lower, wide = triangle(n), v.double()
    if not close(y, weights(q, k, lower) @ wide):
        full = torch.ones(n, n, dtype=torch.bool)
        for name, allowed, rows in (
            ("causal_upper", full.triu(), slice(None)),
            ("blind_to_itself", full.tril(-1), slice(1, None)),
            ("sees_the_next", full.tril(1), slice(None)),
            ("causal_ignored", full, slice(None)),
        ):
            if close(y[:, :, rows], (weights(q, k, allowed) @ wide)[:, :, rows]):
                raise Mistake(name, got="is_causal=True, L = S = 7")
    expect_equal(y, (weights(q, k, lower) @ wide).float(), **CLOSE)
    for short in (1, 2, 3):
        few = draw(b, h, short, short, d)
        y = expect_tensor(solution.attention(*few, is_causal=True), shape=few[0].shape)
        want = weights(*few[:2], triangle(short)) @ few[2].double()
        if not close(y, want) and close(y, weights(*few[:2]) @ few[2].double()):
            raise Mistake("short_not_causal", n=short)
        expect_equal(y, want.float(), **CLOSE)
    for mask in (torch.rand(b, h, n, n) < 0.6, torch.rand(b, 1, 1, n) < 0.6):
        mask[..., 0] = True
        mask[..., 1] = False
        for training in (True, False):
            y = expect_tensor(
                solution.attention(q, k, v, attn_mask=mask, is_causal=True, training=training), shape=q.shape
            )
            if close(y, weights(q, k, lower) @ wide) or close(y, weights(q, k, mask) @ wide):
                which = "is_causal" if close(y, weights(q, k, lower) @ wide) else "attn_mask"
                raise Mistake("one_mask_only", which=which)
            expect_equal(y, (weights(q, k, mask & lower) @ wide).float(), **CLOSE)


def test_empty_row(solution):
    """A query that may attend to nothing gives zeros; the others are right; no gradient is NaN."""
    b, h, n, d = 2, 2, 6, 4
    mask = torch.rand(b, h, n, n) < 0.7
    mask[..., 2] = True
    mask[0, 1, 3] = mask[1, 0, 0] = False
    late = torch.ones(n, dtype=torch.bool)
    late[:2] = False  # with is_causal the first two queries see nothing
    for given, causal, p in ((mask, False, 0.0), (late, True, 0.0), (mask, False, 0.4)):
        q, k, v = (each.requires_grad_() for each in draw(b, h, n, n, d))
        allowed = (given & triangle(n) if causal else given).expand(b, h, n, n)
        y = expect_tensor(solution.attention(q, k, v, attn_mask=given, is_causal=causal, dropout_p=p), shape=q.shape)
        empty = ~allowed.any(-1)
        if y[empty].isnan().any():
            raise Mistake("nan_rows", got="nan", expected="0")
        mean = v.detach().mean(-2, keepdim=True).expand_as(y)
        if p == 0.0 and close(y.detach()[empty], mean[empty]):
            raise Mistake("uniform_rows", got=Words("the mean of all values", "所有 value 的均值"), expected="0")
        expect_equal(y[empty].abs(), torch.zeros_like(y[empty]), atol=1e-6)
        if p == 0.0:
            expect_equal(y, (weights(q, k, allowed) @ v.double()).float(), **CLOSE)
        (y * torch.randn_like(q)).sum().backward()
        for name, leaf in (("q", q), ("k", k), ("v", v)):
            expect(leaf.grad is not None, f"{name} has no gradient", f"{name} 没有梯度")
            if leaf.grad.isnan().any():
                raise Mistake(
                    "nan_gradient",
                    name=name,
                    count=int(leaf.grad.isnan().sum()),
                    total=leaf.numel(),
                    got="nan",
                    expected=Words("finite", "有限值"),
                )
        expect_equal(q.grad[empty].abs(), torch.zeros_like(q.grad[empty]), atol=1e-6)


def test_range_of_p(solution):
    """dropout_p in [0, 1] is accepted, its ends included; anything else is refused, NaN too, in training and in eval."""
    q, k, v = draw(1, 1, 2, 3, 4)
    outside, not_a_number, taken, calls = (-0.1, 1.1, -3.0, 2.0), float("nan"), {}, {}
    tried = list(itertools.product((0.3, 0.0, 1.0, *outside, not_a_number), (True, False)))
    asked = [(q, k, v, Keywords(dropout_p=p, training=training)) for p, training in tried]
    for (p, training), away in zip(tried, turned_away(solution.attention, asked), strict=True):
        expect(not (away and 0 <= p <= 1), f"p={p} was rejected", f"p={p} 被拒绝")
        taken[p, training], calls[p, training] = not away, solution.call
    accepted = {training: [p for p in outside if taken[p, training]] for training in (True, False)}
    nan = {training: taken[not_a_number, training] for training in (True, False)}
    if accepted[True] and accepted[False] and nan[True]:
        solution.call = calls[accepted[True][0], True]
        raise Mistake("no_range_check", p=accepted[True][0])
    if (accepted[False] or nan[False]) and not accepted[True] and not nan[True]:
        p = accepted[False][0] if accepted[False] else not_a_number
        solution.call = calls[p, False]
        raise Mistake("checked_in_training_only", p=p)
    if nan[True] and not accepted[True] and not accepted[False]:
        solution.call = calls[not_a_number, True]
        raise Mistake("nan_accepted")
    for training, p in itertools.product((True, False), (*outside, not_a_number)):
        solution.call = calls[p, training]
        expect(not taken[p, training], f"p = {p} was accepted", f"p = {p} 没有报错", expected="ValueError")


def test_eval(solution):
    """With training=False nothing is dropped or scaled, whatever p is, and the result repeats."""
    q, k, v = draw(2, 3, 9, 8, 6)
    want = weights(q, k) @ v.double()
    for p in (0.3, 0.8, 1.0):
        y = expect_tensor(solution.attention(q, k, v, dropout_p=p, training=False), shape=q.shape, dtype=q.dtype)
        again = solution.attention(q, k, v, dropout_p=p, training=False)
        if p < 1 and not close(y, again):
            raise Mistake("drops_in_eval", p=p, got=Words("two calls in eval differ", "eval 时两次调用不同"))
        for name, ratio in (("eval_scaled", 1 - p), ("eval_scaled", 1 / (1 - p))) if p < 1 else ():
            if not close(y, want) and close(y, want * ratio):
                times = Words(f"{ratio:.3g} times the attention", f"正确值的 {ratio:.3g} 倍")
                raise Mistake(name, ratio=ratio, p=p, got=times, expected=Words("the attention", "正确值"))
        expect_equal(y, want.float(), **CLOSE)
        expect_equal(again, want.float(), **CLOSE)


def test_on_the_weights(solution):
    """What is dropped are the weights after softmax: two equal columns of v stay equal, and weights become exactly zero.

    288 weights are judged twice over; at p = 0.3 all kept, or a shared pattern by chance, has probability below 1e-40.
    """
    b, h, length, s, p = 2, 3, 12, 8, 0.3
    q, k, _ = draw(b, h, length, s, 2 * s)
    eye = torch.eye(s)
    v = torch.cat((eye, eye), -1).expand(b, h, s, 2 * s).contiguous()
    y = expect_tensor(solution.attention(q, k, v, dropout_p=p), shape=q.shape).double()
    left, right, w = y[..., :s], y[..., s:], weights(q, k)
    if close(left, right) and scores_dropped(left, scores(q, k), p):
        mean = f"{float(left.sum(-1).mean()):.3f}"
        raise Mistake(
            "drops_scores",
            least=float(left.min()),
            got=Words(f"no weight is zero, rows sum to {mean}", f"没有权重为零，行和为 {mean}"),
            expected=Words("about three in ten weights are zero", "约三成的权重为零"),
        )
    if not close(left, right):
        ratio = y / torch.cat((w, w), -1)
        zero = ratio.abs() < 1e-6
        scale = float(ratio[~zero].median()) if (~zero).any() else 0.0
        if bool((zero | ((ratio - scale).abs() < 1e-3 * scale)).all()):
            if bool((zero == zero[:, :, :1]).all()):
                raise Mistake("drops_values")
            got = Words("equal columns of v gave different results", "v 的两列相同，结果却不同")
            raise Mistake("drops_the_output", got=got)
    expect(close(left, right), "two equal columns of v gave different results", "v 的两列相同，结果却不同")
    alive, least = left.abs() > 1e-3 * w, f"{float(left.min()):.2g}"
    expect(
        (~alive).any(),
        "no weight is zero in training",
        "训练时没有一个权重为零",
        got=Words(f"the least weight is {least}", f"最小的权重为 {least}"),
    )


def scores_dropped(y, s, p):
    """Are these softmax(mask · scores · c) for c = 1 or 1/(1-p)? Each log weight is then a row's constant, or that + c·s."""
    if not bool((y > 0).all()) or not close(y.sum(-1), torch.ones(y.shape[:-1])):
        return False
    log = y.log()
    for c in (1.0, 1 / (1 - p)):
        fits = torch.zeros(y.shape[:-1], dtype=torch.bool)
        for base in (log[..., :1], log[..., :1] - c * s[..., :1]):
            off = torch.minimum((log - base).abs(), (log - base - c * s).abs())
            fits |= (off < 1e-4).all(-1)
        if bool(fits.all()) and not close(y, torch.softmax(s, -1)):
            return True
    return False


def test_survivors(solution):
    """Each weight is exactly 0 or w/(1-p), w being the weight after mask and softmax; what is masked stays zero."""
    n = 16
    mask = torch.rand(2, 3, n, n) < 0.7
    mask[..., 0] = True
    masked = {"attn_mask": mask, "is_causal": True, "allowed": mask & triangle(n)}
    seen, calls = {}, {}
    for p, length, options in ((0.3, 20, {}), (0.8, 40, {}), (0.2, n, masked)):
        seen[p] = probe(solution, 2, 3, length, n, p, **options)
        calls[p] = solution.call

    def explained(
        formula,
    ):  # a row of -inf alone, which dropping keys before the softmax can leave, counts as zeros here
        return all(close(seen[p][0].nan_to_num(0.0), formula(p, *seen[p][1:]), 1e-3) for p in (0.3, 0.8))

    y, w, alive = seen[0.3]
    ratio = float((y / w)[alive].median()) if alive.any() else 0.0
    said = {"p": 0.3, "got": f"y/w = {ratio:.4g}", "expected": f"y/w = {1 / 0.7:.4g}"}
    solution.call = calls[0.3]
    if alive.any() and not explained(lambda p, w, alive: w * alive / (1 - p)):
        if explained(lambda p, w, alive: w * alive):
            raise Mistake("scale_missing", mean=float(y.sum(-1).mean()), **said)
        if explained(lambda p, w, alive: w * alive / p):
            if all(statistics.rate_holds(int(seen[p][2].sum()), seen[p][2].numel(), p) for p in (0.3, 0.8)):
                raise Mistake("p_is_keep", kept=float(alive.double().mean()), **said)
            raise Mistake("scale_one_over_p", ratio=ratio, **said)
        if explained(lambda p, w, alive: w * alive / (1 - p) ** 2):
            raise Mistake("scaled_twice", ratio=ratio, **said)
        if explained(lambda p, w, alive: w * alive / (w * alive).sum(-1, keepdim=True).clamp_min(1e-12)):
            apart = f"{float((w * alive).sum(-1).std() / 0.7):.2f}"
            raise Mistake(
                "renormalised",
                got=Words("each row sums to 1", "每行之和都是 1"),
                expected=Words(f"row sums {apart} apart", f"行和波动 {apart}"),
            )
    for p, (y, w, alive) in seen.items():
        solution.call = calls[p]
        expect(alive.any(), f"nothing survives at p = {p}", f"p = {p} 时没有任何权重保留")
        expect_equal(y, torch.where(alive, w / (1 - p), 0.0), rtol=1e-3, atol=1e-6)


def test_rate(solution):
    """The share of dropped weights is p. Chernoff's bound: at p = 0.3 a rate off by 0.03 is missed with probability below 1e-6."""
    sizes = {0.3: (4, 6, 80, 25), 0.1: (3, 4, 40, 25), 0.8: (3, 5, 40, 25)}
    off, counts, calls = [], {}, {}
    for p, size in sizes.items():
        mask = kept(solution, *size, p)
        calls[p] = solution.call
        counts[p] = int((~mask).sum()), mask.numel()
        if not statistics.rate_holds(*counts[p], p):
            off.append(p)
    if not off:
        return
    p = 0.3 if 0.3 in off else off[0]
    solution.call = calls[p]
    zeros, n = counts[p]
    low, high = statistics.rate_interval(n, p)
    said = {"got": f"{zeros / n:.4f}", "expected": f"{low:.4f} … {high:.4f}", "picture": Bar(zeros / n, low, high)}
    if all(statistics.rate_holds(n - zeros, n, p) for p, (zeros, n) in counts.items()):
        raise Mistake("keeps_with_p", p=p, share=zeros / n, **said)
    expect(
        False,
        f"the share of dropped weights is {zeros / n:.4f}, not {p}",
        f"被丢弃的权重比例是 {zeros / n:.4f}，而不是 {p}",
        **said,
    )


def test_own_coin(solution):
    """Every weight has its own coin: none is shared over batch, heads, queries or keys, and no lag repeats one.

    15,360 coins at p = 0.4: an axis all alike by chance has probability below 2^-700. Pairs at a lag, taken disjoint, are
    independent and differ at rate 2q(1-q). Blocks of 2 x 2 coins keep an odd number at rate (1 - (1-2q)⁴)/2, which coins
    made from one number a row and one a column, independent in pairs, do not: 3840 blocks miss 0.38 for 0.499 with probability below 1e-9. Of 300 samples, or queries, two with the
    same 60 coins have probability below 44850 · 0.52^60 < 1e-12; of ten keys among 1100, below 45 · 0.505^44 < 1e-11.
    """
    p = 0.4
    mask = kept(solution, 8, 10, 12, 16, p)
    whole = solution.call
    names = ("shared_over_batch", "shared_over_heads", "shared_over_queries", "whole_rows")
    for axis, name in enumerate(names):
        if bool((mask == mask.narrow(axis, 0, 1)).all()):
            got = Words(
                f"the mask repeats along axis {axis} of (B, H, L, S)", f"掩码沿 (B, H, L, S) 的第 {axis} 维重复"
            )
            raise Mistake(name, got=got, picture=Mask.of(mask[0, 0], p))
    if bool((mask[..., 1:, :-1] == mask[..., :-1, 1:]).all()) or bool((mask[..., 1:, 1:] == mask[..., :-1, :-1]).all()):
        raise Mistake("mask_slides", picture=Mask.of(mask[0, 0], p))
    for axis in range(4):
        sums = mask.movedim(axis, 0).flatten(1).sum(1).tolist()
        bad = statistics.each_rate_holds(sums, mask.numel() // mask.shape[axis], 1 - p)
        expect(
            bad is None,
            f"the drops cluster along axis {axis}",
            f"丢弃沿第 {axis} 维聚集",
            picture=lambda: Mask.of(mask[0, 0], p),
        )
    rate = (1 - (1 - 2 * p) ** 4) / 2
    for axes in itertools.combinations(range(4), 2):
        plane = mask.movedim(axes, (-2, -1))
        plane = plane[..., : plane.shape[-2] // 2 * 2, : plane.shape[-1] // 2 * 2]
        odd = plane[..., ::2, ::2] ^ plane[..., 1::2, ::2] ^ plane[..., ::2, 1::2] ^ plane[..., 1::2, 1::2]
        share = float(odd.double().mean())
        if not statistics.rate_holds(int(odd.sum()), odd.numel(), rate):
            name = ", ".join("BHLS"[each] for each in axes)
            got = Words(f"{share:.3f} of the 2 x 2 blocks of ({name}) are odd",
                        f"({name}) 的 2 x 2 小块中 {share:.3f} 为奇数")  # fmt: skip
            raise Mistake("coins_recycled", p=p, share=share, want=rate, got=got, expected=f"{rate:.3f}")
    for axis, n, rows, call in (
        ("B", 300, kept(solution, 300, 1, 6, 10, p).flatten(1), solution.call),
        ("L", 300, kept(solution, 1, 6, 300, 10, p).movedim(2, 0).flatten(1), solution.call),
        ("S", 1100, far_keys(solution).t(), solution.call),
    ):
        solution.call = call
        pair = alike(rows)
        if pair:
            first, second = (COLUMNS[each] if axis == "S" else each for each in pair[:2])
            got = Words(f"places {first} and {second} along {axis} are dropped alike",
                        f"沿 {axis} 的第 {first} 与第 {second} 处丢弃得一样")  # fmt: skip
            said = {"got": got, "expected": Words("a coin each", "各抽各的")}
            gap = pair[1] - pair[0]
            if pair[2] and (axis == "S" or torch.equal(rows[:-gap], rows[gap:])):
                raise Mistake("mask_tiled", axis=axis, n=n, first=first, second=second, **said)
            expect(False, f"two places along {axis} have the same mask", f"沿 {axis} 有两处的掩码相同", **said)
    solution.call = whole
    lags = (1, 2, 3, 15, 16, 17, 32, 48, 176, 191, 192, 193, 208, 384, 576, 1920, 3840, 7680)
    expect_lags(mask.flatten(), p, lags, en="weights", zh="权重", picture=lambda: Mask.of(mask[0, 0], p))


def test_extreme_p(solution):
    """The share of dropped weights is p where it is close to 0 or to 1, too.

    At p = 0.001 none of 42,000 weights is dropped with probability below 1e-18; 1/256, p rounded up to a byte, is
    missed with probability below 1e-8 (exact binomial tail). At 0.998 none of 14,000 is kept with probability below 1e-12.
    """
    for p, size in ((0.001, (4, 5, 70, 30)), (0.998, (2, 5, 70, 20))):
        mask = kept(solution, *size, p)
        zeros, n = int((~mask).sum()), mask.numel()
        if statistics.rate_holds(zeros, n, p):
            continue
        said = rate_found(zeros, n, p)
        if p < 0.5 and zeros == 0:
            raise Mistake("tiny_p_ignored", p=p, n=n, **said)
        if p > 0.5 and zeros == n:
            raise Mistake("near_one_is_one", p=p, n=n, **said)
        if p < 0.5 and any(statistics.rate_holds(zeros, n, step) for step in (1 / 256, 0.01)):
            raise Mistake("rounds_p", p=p, share=zeros / n, **said)
        expect(
            False,
            f"the share of dropped weights is {zeros / n:.4f}, not {p}",
            f"被丢弃的权重比例是 {zeros / n:.4f}，而不是 {p}",
            **said,
        )


def test_blind(solution):
    """The coins do not look at what they drop: small or large weights, any place, the last one left in a row.

    A group off in one call might be chance (1e-11), so each is tested as it comes; with two keys and p = 0.8 a row
    loses both at rate 0.64.
    """
    p = 0.3
    _, w, alive = probe(solution, 4, 4, 20, 20, p)
    large = w > w.median(-1, keepdim=True).values
    drops = [int((~alive & group).sum()) for group in (~large, large)]
    sizes = [int(group.sum()) for group in (~large, large)]
    level = any(statistics.rate_holds(drops[i], sizes[i], drops[1 - i] / sizes[1 - i]) for i in (0, 1))
    for name, zh, count, n in (("small", "较小的", drops[0], sizes[0]), ("large", "较大的", drops[1], sizes[1])):
        if not statistics.rate_holds(count, n, p):
            share = count / n
            expect(
                not level,
                f"the share of dropped weights is {share:.3f}, not {p}",
                f"被丢弃的权重比例是 {share:.3f}，而不是 {p}",
            )
            got = Words(f"{share:.3f} of the {name} ones dropped", f"{zh}权重丢弃了 {share:.3f}")
            raise Mistake("looks_at_the_weights", group=Words(name, zh), share=share, p=p, got=got, expected=f"{p}")
    upper = triangle(20).t() & ~torch.eye(20, dtype=torch.bool)
    differ = (alive != alive.transpose(-2, -1))[:, :, upper]
    if not bool(differ.any()):
        raise Mistake("mirrored", got=Words("(i, j) and (j, i) never differ", "(i, j) 与 (j, i) 从不相异"),
                      expected=Words("0.42 differ", "有 0.42 不同"))  # fmt: skip
    expect(
        statistics.rate_holds(int(differ.sum()), differ.numel(), 2 * p * (1 - p)),
        "the coins of (i, j) and (j, i) are not independent",
        "(i, j) 与 (j, i) 不是独立抽样",
    )
    here = torch.eye(20, dtype=torch.bool)
    first = torch.zeros(20, 20, dtype=torch.bool)
    first[:, 0] = True
    places = {
        ("diagonal", "对角线"): here,
        ("first key", "第一个 key"): first,
        ("last key", "最后一个 key"): first.flip(-1),
        ("above the diagonal", "对角线以上"): ~triangle(20),
        ("below it", "对角线及以下"): triangle(20),
        ("largest of its row", "每行最大的权重"): w == w.amax(-1, keepdim=True),
    }
    for (name, zh), group in places.items():
        group = group.expand_as(alive)
        count, n = int((~alive & group).sum()), int(group.sum())
        expect(
            statistics.rate_holds(count, n, p),
            f"at this place ({name}) {count / n:.3f} are dropped, not {p}",
            f"在这个位置（{zh}）丢弃了 {count / n:.3f}，而不是 {p}",
            got=f"{count / n:.3f}",
            expected=f"{p}",
        )
    whole = solution.call
    alive = probe(solution, 2, 4, 20, 20, p, is_causal=True, allowed=triangle(20))[2]
    own = int((~alive)[:, :, here].sum())
    if own == 0 and bool((~alive)[:, :, triangle(20) & ~here].any()):
        got = Words("0 of 160 on the diagonal", "对角线上 160 个中 0 个")
        raise Mistake("itself_spared", p=p, got=got, expected=Words("about 48", "约 48 个"))
    expect(
        statistics.rate_holds(own, 160, p),
        "with is_causal a query's weight on itself is dropped at another rate",
        "is_causal 时，query 对自己的权重丢弃率不对",
        got=f"{own / 160:.3f}",
        expected=f"{p}",
    )
    solution.call = whole
    p = 0.8
    alive = kept(solution, 4, 8, 40, 2, p)
    empty, rows = int((~alive).all(-1).sum()), alive.numel() // 2
    if empty == 0:
        about = f"{0.64 * rows:.0f}"
        got = Words(f"0 of {rows} rows are empty", f"{rows} 行中有 0 行全空")
        raise Mistake("row_never_empty", rows=rows, got=got, expected=Words(f"about {about}", f"约 {about}"))
    expect(
        statistics.rate_holds(empty, rows, p * p),
        "rows are not emptied at the rate of independent coins",
        "整行被丢空的比例与独立抽样不符",
        got=f"{empty / rows:.3f}",
        expected=f"{p * p:.3f}",
    )
    alone = kept(solution, 3, 5, 80, 1, 0.3)  # a single key may be dropped too
    expect(
        statistics.rate_holds(int((~alone).sum()), alone.numel(), 0.3),
        "a single key is dropped at another rate",
        "只有一个 key 时丢弃率不对",
        got=f"{float((~alone).double().mean()):.3f}",
        expected="0.3",
    )


def test_fresh_mask(solution):
    """Each call draws anew: every pair of three calls differs at rate 2q(1-q)."""
    p = 0.3
    both = [kept(solution, 2, 2, 20, 16, p) for _ in range(3)]
    q, k, v = draw(1, 1, 3, 4, 4)
    call = solution.call
    if any(torch.equal(a, b) for a, b in itertools.combinations(both, 2)):
        with solution.seeded(11):
            solution.attention(q, k, v, dropout_p=p)
            reseeded = solution.reseeded
        solution.call = call
        raise Mistake(
            "reseeds" if reseeded else "same_mask_again",
            got=Words("two calls, one mask", "两次调用，同样的掩码"),
            picture=Mask(*(Mask.of(each[0, 0], p).yours for each in both[:2])),
        )
    for a, b in itertools.combinations(both, 2):
        differ, n = int((a != b).sum()), a.numel()
        expect(
            statistics.rate_holds(differ, n, 2 * p * (1 - p)),
            "two calls are not independent",
            "两次调用不独立",
            got=Words(f"{differ / n:.3f} differ", f"有 {differ / n:.3f} 不同"),
            expected=f"{2 * p * (1 - p):.3f}",
        )


def test_count_varies(solution):
    """The number of drops is binomial, not fixed, in a call and in a row.

    Small calls all have the same count with probability below ALPHA; over 250 rows, how often a count strays from
    its mean by more than 2.5 has an exactly known rate.
    """
    p, n = 0.5, 48
    calls = statistics.calls_never_alike(n, p)
    counts = [int(mask.sum()) for mask in kept_each(solution, 6, 8, p, calls)]
    expect(counts[0] not in (0, n) or len(set(counts)) > 1, f"all of {calls} calls with B = H = 1 keep {counts[0]} of {n}",
           f"B = H = 1 时 {calls} 次调用都保留了 {n} 个中的 {counts[0]} 个")  # fmt: skip
    if len(set(counts)) == 1:
        raise Mistake("exact_count", kept=counts[0], n=n, calls=calls)
    rows = kept(solution, 1, 5, 50, 48, p).sum(-1).flatten().tolist()
    expect(len(set(rows)) > 1, f"every row keeps exactly {rows[0]} of 48", f"每一行都恰好保留 48 个中的 {rows[0]} 个")
    strays = sum(abs(each - n * (1 - p)) > 2.5 for each in rows)
    rate = statistics.tail_rate(n, 1 - p, 2.5)
    expect(
        statistics.rate_holds(strays, len(rows), rate),
        "the counts vary more or less than those of independent coins",
        "保留个数的波动与独立抽样不符",
        got=f"{strays / len(rows):.3f}",
        expected=f"{rate:.3f}",
    )


def test_generator(solution):
    """The coins come from torch's global generator: its seed decides them, nothing else does, and it is not reseeded."""
    q, k, v = draw(2, 2, 20, 16, 6)
    with solution.seeded(7, other=1):
        first = solution.attention(q, k, v, dropout_p=0.4)
        reseeded, drew = solution.reseeded, solution.drew
        drawn = drew
    if reseeded:
        raise Mistake(
            "reseeds", got=Words("the generator has left the stream of its seed", "生成器离开了原种子的随机序列")
        )
    with solution.seeded(7, other=2):
        second = solution.attention(q, k, v, dropout_p=0.4)
        drawn |= solution.drew
    with solution.seeded(8, other=1):
        third = solution.attention(q, k, v, dropout_p=0.4)
        drawn |= solution.drew
    if not close(first, second) or close(first, third):
        if not drawn:
            raise Mistake("other_generator")
        got = Words("another mask at the same seed", "同一个种子，掩码不同")
        expect(False, "the seed does not decide the mask alone", "掩码不只由种子决定", got=got)
    expect(
        drew,
        "the generator stands where it stood before the call, so the next call draws the same",
        "调用之后生成器仍停在调用前的位置，下一次调用会抽到同样的随机数",
    )


def test_p_one(solution):
    """p = 1 gives zeros; backward works, and what it gives is zero. No NaN from 0 · 1/0."""
    q, k, v = (each.requires_grad_() for each in draw(2, 2, 5, 6, 4))
    y = expect_tensor(solution.attention(q, k, v, dropout_p=1.0), shape=q.shape, dtype=q.dtype)
    if y.isnan().any():
        raise Mistake("nan_at_one", count=int(y.isnan().sum()), total=y.numel(), got="nan", expected="0")
    expect_equal(y.abs(), torch.zeros_like(q))
    if not y.requires_grad:
        raise Mistake("detached_at_one", got="requires_grad=False", expected="requires_grad=True")
    y.sum().backward()
    for leaf in (q, k, v):
        if leaf.grad is None:
            continue  # no path at all is as good as a zero
        if leaf.grad.isnan().any():
            raise Mistake("nan_gradient_at_one", got="nan", expected="0")
        expect_equal(leaf.grad.abs(), torch.zeros_like(leaf))


def test_gradient(solution):
    """The gradients of q, k and v are those of the dropped weights with this call's mask, with causal, at p = 0, in eval.

    One of the three may want a gradient alone.
    """
    n = 12
    for p, causal, training in ((0.3, False, True), (0.6, True, True), (0.0, False, True), (0.0, True, False)):
        q, k, _ = (each.requires_grad_() for each in draw(2, 2, n, n, n))
        v = torch.eye(n).expand(2, 2, n, n).contiguous().requires_grad_()
        g = torch.randn(2, 2, n, n)
        y = expect_tensor(solution.attention(q, k, v, dropout_p=p, is_causal=causal, training=training), shape=q.shape)
        expect(
            y.requires_grad,
            "the output has no gradient",
            "输出没有梯度",
            got="requires_grad=False",
            expected="requires_grad=True",
        )
        (y * g).sum().backward()
        copies = [each.detach().double().requires_grad_() for each in (q, k, v)]
        w = weights(*copies[:2], triangle(n) if causal else None)
        alive = y.detach().abs() > 1e-3 * w.detach()
        ((w * alive / (1 - p)) @ copies[2] * g).sum().backward()
        missing = [name for name, leaf in zip("qkv", (q, k, v), strict=True) if leaf.grad is None]
        if missing == ["q", "k"] or missing == []:
            dead = missing or all(bool((each.grad == 0).all()) for each in (q, k))
            if dead and not training:
                raise Mistake("detached_in_eval")
            if dead:
                raise Mistake("weights_detached")
        expect(not missing, f"no gradient reaches {missing}", f"梯度没有传到 {missing}")
        if p == 0.3:
            want = [each.grad for each in copies]
            through = [each.detach().double().requires_grad_() for each in (q, k)]
            (weights(*through) @ v.detach().double() * g).sum().backward()
            if (
                not close(q.grad, want[0], 1e-3)
                and close(q.grad, through[0].grad, 1e-3)
                and close(k.grad, through[1].grad, 1e-3)
            ):
                raise Mistake("straight_through")
        for leaf, copy in zip((q, k, v), copies, strict=True):
            expect_equal(leaf.grad, copy.grad.float(), rtol=1e-3, atol=1e-4)
    for index, name in enumerate("qkv"):
        inputs = [each.clone() for each in draw(1, 2, 4, 5, 3)]
        copies = [each.double() for each in inputs]
        leaf, copy = inputs[index].requires_grad_(), copies[index].requires_grad_()
        g = torch.randn(1, 2, 4, 3)
        y = expect_tensor(solution.attention(*inputs), shape=g.shape)
        if y.requires_grad:
            (y * g).sum().backward()
        if leaf.grad is None or bool((leaf.grad == 0).all()):
            raise Mistake("alone_without_gradient", name=name, got=Words("none", "没有"))
        (weights(*copies[:2]) @ copies[2] * g).sum().backward()
        expect_equal(leaf.grad, copy.grad.float(), rtol=1e-3, atol=1e-4)


def answers(solution, calls):
    try:
        return list(solution.attention.each(calls))
    except SubmissionError as error:
        if "without overflow" in error.text:  # torch's words for a number that is no Half
            raise Mistake("fill_beyond_half", got=str(error), expected="-inf") from None
        raise


def test_dtypes(solution):
    """float16, bfloat16 and float64 come back as they went in, in training and in eval, with the right values."""
    mask = torch.ones(10, 8, dtype=torch.bool)
    mask[:, 3] = False
    for dtype, tol in HALF.items():
        name = str(dtype).removeprefix("torch.")
        modes = ((0.3, True), (0.3, False), (0.0, True), (1.0, True))
        calls = [
            (*shown_weights(2, 3, 10, 8, 0.6, dtype), Keywords(attn_mask=mask, dropout_p=p, training=training))
            for p, training in modes
        ]
        for (p, training), (q, k, _, _), y in zip(modes, calls, answers(solution, calls), strict=True):
            expect_tensor(y, shape=q.shape)
            if y.dtype is torch.float32:
                raise Mistake("float32_out", went=name, got="float32", expected=name)
            expect_tensor(y, dtype=dtype)
            w, y = weights(q, k, mask), y.double()
            alive = y.abs() > 1e-3 * w if training and p else torch.ones_like(w, dtype=torch.bool)
            if p == 1.0:
                expect_equal(y.abs(), torch.zeros_like(y))
            else:
                expect_equal(y, torch.where(alive, w / (1 - p * training), 0.0), rtol=tol, atol=tol / 50)
            if training and p == 0.3:
                seen = alive[..., mask[0]]
                expect(
                    statistics.rate_holds(int((~seen).sum()), seen.numel(), p),
                    f"the drop rate is off in {name}",
                    f"{name} 下的丢弃率不对",
                    got=f"{float((~seen).double().mean()):.3f}",
                    expected=f"{p}",
                )


def test_input_untouched(solution):
    """q, k, v and the mask hold the same bits after the call."""
    n = 6
    for p, training, causal, masked in (
        (0.4, True, False, False),
        (0.4, True, True, True),
        (0.0, False, True, True),
        (1.0, True, False, True),
    ):
        mask = torch.rand(2, 2, n, n) < 0.7
        solution.attention(
            *draw(2, 2, n, n, 4), attn_mask=mask if masked else None, is_causal=causal, dropout_p=p, training=training
        )
        if 3 in solution.changed:
            raise Mistake("changes_the_mask")
        if solution.changed:
            raise Mistake("changes_the_input", name="qkv"[min(solution.changed[0], 2)])


def test_device(solution):
    """Whatever is made is made where q lives: seen with tensors that pose as living on another device.

    No other check has these sizes, so that no mask kept from an earlier call is met.
    """
    n = 7
    q, k, v = draw(2, 3, n, n, 5)
    mask = torch.rand(2, 3, n, n) < 0.7
    for training in (True, False):
        where = solution.device_of("attention", q, k, v, training=training)
        expect(
            where not in ("mixed", "here"),
            "even without masks something is made on the CPU",
            "不带任何 mask 时也有张量建在 CPU 上",
            got=CPU.get(where),
        )
        for name, options in (
            ("mask_on_cpu", {"dropout_p": 0.5}),
            ("causal_on_cpu", {"is_causal": True}),
            ("causal_on_cpu", {"is_causal": True, "attn_mask": mask}),
        ):
            where = solution.device_of("attention", q, k, v, training=training, **options)
            if where in ("mixed", "here"):
                raise Mistake(name, got=CPU[where])

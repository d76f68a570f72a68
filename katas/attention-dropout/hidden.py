"""Checks for `attention(q, k, v, *, attn_mask=None, is_causal=False, dropout_p=0.0, training=True)`: attention itself beside
a truth in float64, and those of the family, a coin a weight.

With v the identity the output *is* the matrix of dropped weights, so each weight is seen. A sheet of coins has a row
for each head of each sample, and its columns are the queries by the keys.
"""

import itertools
import math
from pathlib import Path
from typing import Any

import torch

from interview.grading.checks.callers import Helper
from interview.grading.checks.dropout_family import Family, Reading
from interview.grading.checks.expect import Mask, Mistake, Words, expect, expect_equal, expect_tensor
from interview.grading.checks.generic import expect_dtype
from interview.grading.checks.solution import Keywords, SubmissionError
from interview.grading.checks.statistics import rate_holds
from interview.grading.checks.units import Unit

NEAR = 1e-4  # float32 against float64: errors are near 1e-6
HALF = {torch.float16: 1e-2, torch.bfloat16: 4e-2, torch.float64: NEAR}
COARSE = {torch.float16: ((0.0, 40), (0.02, 40), (0.97, 40)), torch.bfloat16: ((0.0, 80), (0.02, 40), (0.97, 40))}
NAMES = ("q", "k", "v", "attn_mask", "is_causal", "dropout_p", "training")
SIZES = (
    (2, 3, 5, 7, 4),
    (1, 1, 4, 4, 9),
    (3, 2, 6, 5, 16),
    (1, 2, 1, 6, 3),
    (2, 1, 3, 1, 8),
    (1, 1, 1, 1, 1),
    (2, 1, 3, 4, 1),
)
AXES = ("shared_over_batch", "shared_over_heads", "shared_over_queries", "whole_rows")
COLUMNS = [0, 64, 100, 128, 200, 256, 500, 512, 1000, 1024]  # their differences hold the usual sizes of a block
CPU = {
    "mixed": Words("a CPU tensor met q on another device", "CPU 上的张量遇到了另一个 device 上的 q"),
    "here": Words("the result stayed on the CPU", "结果留在了 CPU 上"),
}


def sides(n):
    """n as a product of two numbers, the lesser first and as near to each other as may be."""
    less = next(each for each in range(math.isqrt(n), 0, -1) if n % each == 0)
    return less, n // less


class Shown(Reading):
    """Weights as attention shows them, rounded: as near as that x is x, and 0 is 0."""

    def lay(self, unit, rows, columns, dtype):  # noqa: ARG002
        return torch.softmax(torch.randn(*sides(rows), *sides(columns)) * 0.6, -1).to(dtype)

    def read(self, x, y, p):  # noqa: ARG002
        y = expect_tensor(y, shape=x.shape)
        y = torch.where(y.abs() <= 1e-3 * x, 0, y)
        return torch.where((y - x).abs() <= NEAR * x, x, y) if x.dtype.itemsize > 2 else y


class Weights(Family):
    """The family, which knows of a sheet what its rows and columns are made of."""

    def expect_unshared(self, mask, p):
        """Along no axis of (B, H, L, S) are all alike, and no query has the mask of its neighbour, moved by a key."""
        cube = mask.reshape(*sides(mask.shape[0]), *sides(mask.shape[1]))
        if not bool(mask.any()) or bool(mask.all()):
            return
        for axis, name in enumerate(AXES):
            if cube.shape[axis] > 1 and bool((cube == cube.narrow(axis, 0, 1)).all()):
                got = Words(
                    f"the mask repeats along axis {axis} of (B, H, L, S)", f"掩码沿 (B, H, L, S) 的第 {axis} 维重复"
                )
                raise Mistake(name, got=got, picture=Mask.of(cube[0, 0], p))
        for step in (slice(None, -1), slice(1, None)):
            other = slice(1, None) if step.start is None else slice(None, -1)
            if min(cube.shape[2:]) > 1 and bool((cube[..., 1:, step] == cube[..., :-1, other]).all()):
                raise Mistake("mask_slides", picture=Mask.of(cube[0, 0], p))
        super().expect_unshared(mask, p)

    def per_row(self, both):
        """Has each row been made to sum to one? A row that lost all its keys before the softmax is NaN."""
        for _, x, y in both:
            y = y.nan_to_num(0.0)
            kept = x * (y != 0)
            if not bool(((y - kept / kept.sum(-1, keepdim=True).clamp_min(1e-12)).abs() <= 1e-3 * y.abs()).all()):
                return False
        return True


weights = Weights(
    call=Helper(
        Path(__file__).with_name("worker_side.py"),
        "attention(q, k, v, dropout_p={p}, training={training})",
        "attention(q, k, v)",
        NAMES,
    ),
    unit=Unit(Words("weights", "权重"), None),
    reading=Shown(),
    p=0.0,
    exact=NEAR,
    empty=False,
    side=90,
    supply=60,
)


def draw(b, h, length, s, d):
    return torch.randn(b, h, length, d), torch.randn(b, h, s, d), torch.randn(b, h, s, d)


def shown_weights(b, h, length, s, dtype=torch.float32):
    """q, k and a v that is the identity."""
    q, k, _ = draw(b, h, length, s, s)
    return (q * 0.6).to(dtype), k.to(dtype), torch.eye(s, dtype=dtype).expand(b, h, s, s).contiguous()


def truth(q, k, allowed=None):
    """The right weights in float64; rows that may attend to nothing are zeros."""
    scores = q.double() @ k.double().transpose(-2, -1) / math.sqrt(q.shape[-1])
    if allowed is None:
        return torch.softmax(scores, -1)
    return torch.softmax(scores.masked_fill(~allowed, -math.inf), -1).masked_fill(~allowed, 0.0)


def triangle(n):
    return torch.ones(n, n, dtype=torch.bool).tril()


def agrees(solution, *cases, **facts):
    """Each case, (q, k, v), what is allowed and the options, gives the attention of what is allowed."""
    came = list(solution.attention.each([(*given, Keywords(**options)) for given, _, options in cases]))
    for (given, allowed, options), y in zip(cases, came, strict=True):
        solution.call = solution.shown("attention", *given, **options)
        want = truth(given[0], given[1], allowed) @ given[2].double()
        expect_equal(expect_tensor(y, dtype=given[0].dtype), want.float(), rtol=NEAR, atol=2e-5, facts=facts)


def close(a, b, tol=NEAR):
    return a.shape == b.shape and bool(((a.double() - b.double()).abs() <= 2e-5 + tol * b.double().abs()).all())


def probe(solution, b, h, length, s, p, allowed=None, **options):
    """One call in training with v = I. The weights as dropped, the right ones, and which are kept."""
    q, k, v = shown_weights(b, h, length, s)
    y = expect_tensor(solution.attention(q, k, v, dropout_p=p, **options), shape=(b, h, length, s)).double()
    w = truth(q, k, allowed)
    return y, w, y.abs() > 1e-3 * w


def expect_share(drops, n, p, en, zh):
    """Of n weights p are dropped."""
    expect(rate_holds(drops, n, p), en, zh, got=f"{drops / n:.3f}", expected=f"{p}")


test_from_scratch = weights.from_scratch(
    also=(
        lambda solution: solution.attention(*draw(1, 2, 3, 4, 5), attn_mask=torch.rand(3, 4) < 2, dropout_p=0.3),
        lambda solution: solution.attention(*draw(1, 2, 3, 3, 5), is_causal=True),
    )
)
test_interface = weights.interface()  # first, for p goes by its name alone
test_range_of_p = weights.range_of_p()


def test_input_untouched(solution):
    """q, k, v and the mask hold the same bits after the call."""
    n = 6
    for p, training, causal, masked in (
        (0.4, True, False, False), (0.4, True, True, True), (0.0, False, True, True), (1.0, True, False, True),
    ):  # fmt: skip
        mask = torch.rand(2, 2, n, n) < 0.7
        options = {"attn_mask": mask if masked else None, "is_causal": causal, "dropout_p": p, "training": training}
        solution.attention(*draw(2, 2, n, n, 4), **options)
        if 3 in solution.changed:
            raise Mistake("changes_the_mask")
        if solution.changed:
            raise Mistake("changes_the_input", name="qkv"[min(solution.changed[0], 2)])


def test_plain(solution):
    """With p = 0 the result is softmax(q kᵀ/√D) v, for all kinds of sizes and layouts."""
    q, k, v = draw(2, 5, 3, 6, 8)
    swapped = (
        q.transpose(1, 2),
        *(each.transpose(1, 2)[:, :, :4] for each in draw(2, 6, 1, 3, 8)[1:]),
    )  # heads swapped in
    q, k, v = draw(2, 1, 5, 6, 8)
    one_key = torch.randn(2, 4, 5, 8), k.expand(2, 4, 6, 8), v.expand(2, 4, 6, 8)  # one key head for four
    agrees(solution, *((given, None, {}) for given in (*(draw(*size) for size in SIZES), swapped, one_key)))


def test_mask(solution):
    """True may attend, False may not, for every broadcastable shape, and the rest of the row still sums to one."""
    b, h, length, s = 3, 3, 5, 6
    cases, given = [], draw(b, h, length, s, 4)
    for shape in ((b, h, length, s), (length, s), (b, 1, 1, s), (1, h, 1, s), (b, 1, length, s), (h, length, s), (s,)):
        mask = torch.rand(shape) < 0.5
        mask[..., 0], mask[..., 1] = True, False
        cases.append((given, mask.flip(-1), {"attn_mask": mask.flip(-1)}))
    for wide in (True, False):  # B = L: a mask (L, S) is one for each query, not one for each sample
        mask = torch.rand(4, 6) < 0.5
        mask[:, 0], mask[:, 1] = wide, not wide
        cases.append((draw(4, 2, 4, 6, 3), mask, {"attn_mask": mask}))
    far, hide = torch.zeros(b, h, s, 4), torch.arange(s) != 2
    far[..., 2, :] = 1e3  # what is masked adds nothing, however large its value
    cases.append(((*given[:2], far), hide, {"attn_mask": hide}))
    low, keys = torch.zeros(1, 1, 2, 4), torch.zeros(1, 1, 4, 4)
    low[..., 0], keys[..., 0] = 8.0, torch.tensor([-10.0, 10.0, -9.9, -10.1])  # scores near -40, the hidden one's is 40
    hide = torch.tensor([True, False, True, True])
    agrees(solution, *cases, ((low, keys, torch.eye(4)[None, None]), hide, {"attn_mask": hide}))


def test_causal(solution):
    """Query i sees the keys 0 … i; a mask given too also applies; in eval as well."""
    b, h, n, d = 2, 2, 7, 5
    cases: list[Any] = [(draw(b, h, n, n, d), triangle(n), {"is_causal": True}) for n in (7, 1, 2, 3)]
    for mask in (torch.rand(b, h, n, n) < 0.6, torch.rand(b, 1, 1, n) < 0.6):
        mask[..., 0], mask[..., 1] = True, False
        for training in (True, False):
            options = {"attn_mask": mask, "is_causal": True, "training": training}
            cases.append((draw(b, h, n, n, d), mask & triangle(n), options))
    agrees(solution, *cases)


def test_empty_row(solution):
    """A query that may attend to nothing gives zeros; the others are right; no gradient is NaN."""
    b, h, n, d = 2, 2, 6, 4
    mask = torch.rand(b, h, n, n) < 0.7
    mask[..., 2] = True
    mask[0, 1, 3] = mask[1, 0, 0] = False
    late = torch.arange(n) > 1  # with is_causal the first two queries see nothing
    cases: list[Any] = [(draw(b, h, n, n, d), mask, {"attn_mask": mask})]
    cases += [(draw(b, h, n, n, d), late & triangle(n), {"attn_mask": late, "is_causal": True})]
    agrees(solution, *cases)
    expect_zeros(solution, cases)
    expect_zeros(solution, [(draw(b, h, n, n, d), mask, {"attn_mask": mask, "dropout_p": 0.4})])


def expect_zeros(solution, cases):
    """For a query that may attend to nothing; and no gradient is NaN, that of such a query is zero."""
    seen = []
    for given, allowed, options in cases:
        for each in given:
            each.requires_grad_()
        y = expect_tensor(solution.attention(*given, **options), shape=given[0].shape)
        if y.requires_grad:
            (y * torch.randn_like(y)).sum().backward()
        seen.append((given, ~allowed.expand(*y.shape[:3], allowed.shape[-1]).any(-1), y, solution.call))
    for (q, k, v), empty, y, solution.call in seen:
        expect_equal(y[empty].abs(), torch.zeros_like(y[empty]), atol=1e-6)
        for name, leaf in (("q", q), ("k", k), ("v", v)):
            bad = int(leaf.grad.isnan().sum()) if leaf.grad is not None else 0
            expect(not bad, f"{bad} gradients of {name} are NaN", f"{name} 的梯度中有 {bad} 个是 NaN",
                   got="nan", expected=Words("finite", "有限值"))  # fmt: skip
        if q.grad is not None:
            expect_equal(q.grad[empty].abs(), torch.zeros_like(q.grad[empty]), atol=1e-6)


def test_eval(solution):
    """With training=False nothing is dropped or scaled, whatever p is, and the result repeats."""
    given = draw(2, 3, 9, 8, 6)
    asked = [(*given, Keywords(dropout_p=p, training=False)) for p in (0.3, 0.3, 0.8, 1.0)]
    first, again, *_ = (expect_tensor(y, shape=given[0].shape) for y in solution.attention.each(asked))
    if not close(first, again):
        solution.call = solution.shown("attention", *given, dropout_p=0.3, training=False)
        raise Mistake("drops_in_eval", p=0.3, got=Words("two calls in eval differ", "eval 时两次调用不同"))
    agrees(solution, *((given, None, {"dropout_p": p, "training": False}) for p in (0.3, 0.8, 1.0)))


def test_on_the_weights(solution):
    """What is dropped are the weights after softmax: two equal columns of v stay equal, and weights become exactly zero.

    288 weights are judged twice over; at p = 0.3 all kept, or a shared pattern by chance, has probability below 1e-40.
    """
    b, h, length, s, p = 2, 3, 12, 8, 0.3
    q, k, _ = draw(b, h, length, s, 2 * s)
    v = torch.cat((torch.eye(s), torch.eye(s)), -1).expand(b, h, s, 2 * s).contiguous()
    y = expect_tensor(solution.attention(q, k, v, dropout_p=p), shape=q.shape).double()
    left, right, w = y[..., :s], y[..., s:], truth(q, k)
    if not close(left, right):
        ratio = y / torch.cat((w, w), -1)
        zero = ratio.abs() < 1e-6
        scale = float(ratio[~zero].median()) if (~zero).any() else 0.0
        if bool((zero | ((ratio - scale).abs() < 1e-3 * scale)).all()):
            if bool((zero == zero[:, :, :1]).all()):
                raise Mistake("drops_values")
            raise Mistake(
                "drops_the_output", got=Words("equal columns of v gave different results", "v 的两列相同，结果却不同")
            )
    expect(close(left, right), "two equal columns of v gave different results", "v 的两列相同，结果却不同")
    if scores_dropped(left, q, k, p):
        mean = f"{float(left.sum(-1).mean()):.3f}"
        got = Words(f"no weight is zero, rows sum to {mean}", f"没有权重为零，行和为 {mean}")
        expected = Words("about three in ten weights are zero", "约三成的权重为零")
        raise Mistake("drops_scores", least=float(left.min()), got=got, expected=expected)
    least = f"{float(left.min()):.2g}"
    got = Words(f"the least weight is {least}", f"最小的权重为 {least}")
    expect((left.abs() <= 1e-3 * w).any(), "no weight is zero in training", "训练时没有一个权重为零", got=got)


def scores_dropped(y, q, k, p):
    """Are these softmax(mask · scores · c) for c = 1 or 1/(1-p)? Each log weight is then a row's constant, or that + c·s."""
    s = q.double() @ k.double().transpose(-2, -1) / math.sqrt(q.shape[-1])
    if not bool((y > 0).all()) or not close(y.sum(-1), torch.ones(y.shape[:-1])) or close(y, torch.softmax(s, -1)):
        return False
    log, right = y.log(), []
    for c in (1.0, 1 / (1 - p)):
        fits = torch.zeros(y.shape[:-1], dtype=torch.bool)
        for base in (log[..., :1], log[..., :1] - c * s[..., :1]):
            off = torch.minimum((log - base).abs(), (log - base - c * s).abs())
            fits |= (off < 1e-4).all(-1)
        right.append(bool(fits.all()))
    return any(right)


def test_survivors(solution):
    """Each weight is exactly 0 or w/(1-p), w being the weight after mask and softmax; what is masked stays zero."""
    weights.survivors()(solution)
    mask = torch.rand(2, 3, 16, 16) < 0.7
    mask[..., 0] = True
    allowed = mask & triangle(16)
    y, w, alive = probe(solution, 2, 3, 16, 16, 0.2, allowed, attn_mask=mask, is_causal=True)
    expect_equal(y, torch.where(alive, w / 0.8, 0.0), rtol=1e-3, atol=1e-6)


test_rate = weights.rate()


def test_own_coin(solution):
    """Every weight has its own coin: none is shared over batch, heads, queries or keys, and no lag repeats one.

    Blocks of 2 x 2 coins keep an odd number at rate (1 - (1-2p)⁴)/2, which coins made from one number a row and one a
    column, independent in pairs, do not: 3,840 blocks miss 0.38 for 0.499 with probability below 1e-9. Of 300 samples,
    or queries, two with the same 60 coins have probability below 44850 · 0.52^60 < 1e-12; of ten keys among 1100, below
    45 · 0.505^44 < 1e-11.
    """
    p = 0.4
    mask = probe(solution, 8, 10, 12, 16, p)[2]
    weights.expect_unshared(mask.reshape(80, 192), p)
    weights.suppose_rate(mask, p)
    rate = (1 - (1 - 2 * p) ** 4) / 2
    for axes in itertools.combinations(range(4), 2):
        plane = mask.movedim(axes, (-2, -1))
        plane = plane[..., : plane.shape[-2] // 2 * 2, : plane.shape[-1] // 2 * 2]
        odd = plane[..., ::2, ::2] ^ plane[..., 1::2, ::2] ^ plane[..., ::2, 1::2] ^ plane[..., 1::2, 1::2]
        share, name = float(odd.double().mean()), ", ".join("BHLS"[each] for each in axes)
        if not rate_holds(int(odd.sum()), odd.numel(), rate):
            got = Words(
                f"{share:.3f} of the 2 x 2 blocks of ({name}) are odd", f"({name}) 的 2 x 2 小块中 {share:.3f} 为奇数"
            )
            raise Mistake("coins_recycled", p=p, share=share, want=rate, got=got, expected=f"{rate:.3f}")
    weights.own_coin()(solution)
    for axis, masks in (
        ("B", lambda: probe(solution, 300, 1, 6, 10, p)[2].flatten(1)),
        ("L", lambda: probe(solution, 1, 6, 300, 10, p)[2].movedim(2, 0).flatten(1)),
        ("S", lambda: far_keys(solution).t()),
    ):
        expect_unlike(axis, masks())


def far_keys(solution):
    """The mask (44, 10) of ten of 1100 keys at p = 0.45: v is zero at the others and shows these."""
    q, k, v = draw(1, 1, 44, 1100, 10)
    v.zero_()
    v[0, 0, COLUMNS] = torch.eye(10)
    y = expect_tensor(solution.attention(q, k, v, dropout_p=0.45), shape=q.shape)
    return y[0, 0].abs() > 1e-3 * truth(q, k)[0, 0][:, COLUMNS]


def expect_unlike(axis, rows):
    """No two rows of a mask are equal."""
    seen = dict[tuple[bool, ...], int]()
    for index, row in enumerate(rows.tolist()):
        first = seen.setdefault(tuple(row), index)
        if first == index:
            continue
        gap, places = index - first, COLUMNS if axis == "S" else range(len(rows))
        got = Words(f"places {places[first]} and {places[index]} along {axis} are dropped alike",
                    f"沿 {axis} 的第 {places[first]} 与第 {places[index]} 处丢弃得一样")  # fmt: skip
        expected, n = Words("a coin each", "各抽各的"), 1100 if axis == "S" else len(rows)
        if 0 < sum(row) < len(row) and (axis == "S" or torch.equal(rows[:-gap], rows[gap:])):
            raise Mistake("mask_tiled", axis=axis, n=n, first=places[first], second=places[index],
                          got=got, expected=expected)  # fmt: skip
        expect(False, f"two places along {axis} have the same mask", f"沿 {axis} 有两处的掩码相同",
               got=got, expected=expected)  # fmt: skip


def test_blind(solution):
    """The coins do not look at what they drop: small or large weights, any place, the last one left in a row.

    A group off in one call might be chance (1e-11), so each is tested as it comes; with two keys and p = 0.8 a row
    loses both at rate 0.64.
    """
    p, n = 0.3, 20
    _, w, alive = probe(solution, 4, 4, n, n, p)
    large = w > w.median(-1, keepdim=True).values
    drops, sizes = zip(*((int((~alive & group).sum()), int(group.sum())) for group in (~large, large)), strict=True)
    level = any(rate_holds(drops[i], sizes[i], drops[1 - i] / sizes[1 - i]) for i in (0, 1))
    for name, zh, count, size in (("small", "较小的", drops[0], sizes[0]), ("large", "较大的", drops[1], sizes[1])):
        if level:
            expect_share(count, size, p, f"the share of dropped weights is not {p}", f"被丢弃的权重比例不是 {p}")
        elif not rate_holds(count, size, p):
            got = Words(f"{count / size:.3f} of the {name} ones dropped", f"{zh}权重丢弃了 {count / size:.3f}")
            raise Mistake(
                "looks_at_the_weights", group=Words(name, zh), share=count / size, p=p, got=got, expected=f"{p}"
            )
    differ = (alive != alive.transpose(-2, -1))[:, :, ~triangle(n)]
    if not bool(differ.any()):
        raise Mistake("mirrored", got=Words("(i, j) and (j, i) never differ", "(i, j) 与 (j, i) 从不相异"),
                      expected=Words("0.42 differ", "有 0.42 不同"))  # fmt: skip
    expect_share(int(differ.sum()), differ.numel(), 2 * p * (1 - p), "the coins of (i, j) and (j, i) are not independent",
                 "(i, j) 与 (j, i) 不是独立抽样")  # fmt: skip
    here, first = torch.eye(n, dtype=torch.bool), (torch.arange(n) == 0).expand(n, n)
    for (name, zh), group in {
        ("diagonal", "对角线"): here,
        ("first key", "第一个 key"): first,
        ("last key", "最后一个 key"): first.flip(-1),
        ("above the diagonal", "对角线以上"): ~triangle(n),
        ("largest of its row", "每行最大的权重"): w == w.amax(-1, keepdim=True),
    }.items():
        group = group.expand_as(alive)
        expect_share(int((~alive & group).sum()), int(group.sum()), p, f"another rate at this place ({name})",
                     f"这个位置（{zh}）的丢弃率不对")  # fmt: skip
    whole = solution.call
    alive = probe(solution, 2, 4, n, n, p, triangle(n), is_causal=True)[2]
    own = int((~alive)[:, :, here].sum())
    if own == 0 and bool((~alive)[:, :, triangle(n) & ~here].any()):
        got = Words("0 of 160 on the diagonal", "对角线上 160 个中 0 个")
        raise Mistake("itself_spared", p=p, got=got, expected=Words("about 48", "约 48 个"))
    expect_share(own, 160, p, "with is_causal a query's weight on itself is dropped at another rate",
                 "is_causal 时，query 对自己的权重丢弃率不对")  # fmt: skip
    solution.call = whole
    gone = ~probe(solution, 4, 8, 40, 2, 0.8)[2]
    empty, rows = int(gone.all(-1).sum()), gone.numel() // 2
    if empty == 0 and gone.any():
        weights.suppose_usual(solution, 0.8)
        got = Words(f"0 of {rows} rows are empty", f"{rows} 行中有 0 行全空")
        about = f"{0.64 * rows:.0f}"
        raise Mistake("row_never_empty", rows=rows, got=got, expected=Words(f"about {about}", f"约 {about}"))
    expect_share(
        empty, rows, 0.64, "rows are not emptied at the rate of independent coins", "整行被丢空的比例与独立抽样不符"
    )
    alone = ~probe(solution, 3, 5, 80, 1, 0.3)[2]  # a single key may be dropped too
    expect_share(
        int(alone.sum()), alone.numel(), 0.3, "a single key is dropped at another rate", "只有一个 key 时丢弃率不对"
    )


test_extreme_p = weights.extreme_p()
test_fresh_mask = weights.fresh_mask()
test_count_varies = weights.count_varies()
test_generator = weights.generator()


def test_p_one(solution):
    """p = 1 gives zeros; backward works, and what it gives is zero. No NaN from 0 · 1/0."""
    given = [each.requires_grad_() for each in draw(2, 2, 5, 6, 4)]
    try:
        y = expect_tensor(solution.attention(*given, dropout_p=1.0), shape=given[0].shape, dtype=given[0].dtype)
    except ZeroDivisionError as error:
        raise Mistake("divides_by_zero", p=1.0, got=str(error)) from None
    if y.isnan().any():
        raise Mistake("nan_at_one", count=int(y.isnan().sum()), total=y.numel(), got="nan", expected="0")
    expect_equal(y.abs(), torch.zeros_like(y))
    if not y.requires_grad:
        raise Mistake("detached_at_one", got="requires_grad=False", expected="requires_grad=True")
    y.sum().backward()
    for leaf in given:
        if leaf.grad is not None and leaf.grad.isnan().any():  # no path at all is as good as a zero
            raise Mistake("nan_gradient_at_one", got="nan", expected="0")
        if leaf.grad is not None:
            expect_equal(leaf.grad.abs(), torch.zeros_like(leaf))


def test_gradient(solution):
    """The gradients of q, k and v are those of the dropped weights with this call's mask, with causal, at p = 0, in eval.

    One of the three may want a gradient alone. What is not random is asked first.
    """
    still = [((0.0, False, True), "qkv"), ((0.0, True, False), "qkv"), *(((0.0, False, True), name) for name in "qkv")]
    expect_gradients(solution, still)
    expect_gradients(solution, [((0.3, False, True), "qkv"), ((0.6, True, True), "qkv")])


def expect_gradients(solution, cases):
    """Of each case, p, is_causal, training and who wants a gradient, the gradients are those of its mask."""
    n, seen = 12, []
    for (p, causal, training), names in cases:
        q, k, _ = draw(2, 2, n, n, n)
        given = {"q": q, "k": k, "v": torch.eye(n).expand(2, 2, n, n).contiguous()}
        for name in names:
            given[name].requires_grad_()
        g, options = torch.randn(2, 2, n, n), {"dropout_p": p, "is_causal": causal, "training": training}
        y = expect_tensor(solution.attention(*given.values(), **options), shape=g.shape)
        if y.requires_grad:
            (y * g).sum().backward()
        seen.append((given, names, g, y.detach(), p, triangle(n) if causal else None, solution.call))
    for given, names, g, y, p, allowed, solution.call in seen:
        copies = {name: each.detach().double().requires_grad_() for name, each in given.items()}
        w = truth(copies["q"], copies["k"], allowed)
        alive = y.abs() > 1e-3 * w.detach()
        ((w * alive / (1 - p)) @ copies["v"] * g).sum().backward()
        if p == 0.3:
            expect_masked(given, copies, g)
        for name in names:
            grad = given[name].grad
            if names == name and (grad is None or not grad.any()):
                raise Mistake("alone_without_gradient", name=name, got=Words("none", "没有"))
            expect(grad is not None, f"no gradient reaches {name}", f"梯度没有传到 {name}")
            expect_equal(grad, copies[name].grad.float(), rtol=1e-3, atol=NEAR)


def expect_masked(given, copies, g):
    """The gradients of q and k are not those of the weights before they were dropped."""
    q, k = (given[name].detach().double().requires_grad_() for name in "qk")
    (truth(q, k) @ given["v"].detach().double() * g).sum().backward()
    plain = all(
        each is not None and close(each, want.grad, 1e-3) for each, want in ((given["q"].grad, q), (given["k"].grad, k))
    )
    if plain and not close(given["q"].grad, copies["q"].grad, 1e-3):
        raise Mistake("straight_through")


def test_dtypes(solution):
    """float16, bfloat16 and float64 come back as they went in, in training and in eval, with the right values. In half
    precision the rate is p at 0, 0.02 and 0.97 too, but for a step of the dtype.
    """
    mask = (torch.arange(8) != 3).expand(10, 8).contiguous()
    modes = ((0.3, True), (0.3, False), (0.0, True), (1.0, True))
    for dtype, tol in HALF.items():
        calls = [(*shown_weights(2, 3, 10, 8, dtype), Keywords(attn_mask=mask, dropout_p=p, training=training))
                 for p, training in modes]  # fmt: skip
        came = [expect_dtype(y, dtype, torch.Size((2, 3, 10, 8))).double() for y in answers(solution, calls)]
        for p, rows in COARSE.get(dtype, ()):
            weights.expect_fine_coins(solution, weights.sheet(solution, p, rows, 50, dtype), p, rows, dtype)
        for (p, training), (q, k, v, options), y in zip(modes, calls, came, strict=True):
            solution.call = solution.shown("attention", q, k, v, **options)
            w = truth(q, k, mask)
            alive = y.abs() > 1e-3 * w if training and p else torch.ones_like(w, dtype=torch.bool)
            want = torch.where(alive, w / (1 - p * training), 0.0) if p < 1 else torch.zeros_like(y)
            expect_equal(y.abs(), want, rtol=tol, atol=tol / 50 if p < 1 else 0.0)


def answers(solution, calls):
    try:
        return list(solution.attention.each(calls))
    except SubmissionError as error:
        if "without overflow" in error.text:  # torch's words for a number that is no Half
            raise Mistake("fill_beyond_half", got=str(error), expected="-inf") from None
        raise


def test_device(solution):
    """Whatever is made is made where q lives: seen with tensors that pose as living on another device."""
    n = 7
    given, mask = draw(2, 3, n, n, 5), torch.rand(2, 3, n, n) < 0.7
    for training in (True, False):
        where = solution.device_of("attention", *given, training=training)
        expect(where not in CPU, "even without masks something is made on the CPU", "不带任何 mask 时也有张量建在 CPU 上",
               got=CPU.get(where))  # fmt: skip
        for name, options in (
            ("mask_on_cpu", {"dropout_p": 0.5}),
            ("causal_on_cpu", {"is_causal": True}),
            ("causal_on_cpu", {"is_causal": True, "attn_mask": mask}),
        ):
            where = solution.device_of("attention", *given, training=training, **options)
            if where in CPU:
                raise Mistake(name, got=CPU[where])

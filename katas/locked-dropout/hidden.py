"""Checks for `LockedDropout(p=0.5)` and `embedding_dropout(weight, ids, p=0.1, training=True)`: those of the family for
each, a coin a (sample, feature) in one, a coin a row of weight in the other; and what is asked of steps, of words that
occur more than once, and of a module that stands.
"""

from pathlib import Path
from typing import Any

import torch

from interview.grading.checks.callers import Helper, Module, worker
from interview.grading.checks.check import Together
from interview.grading.checks.dropout_family import Family
from interview.grading.checks.expect import Mask, Mistake, Words, Wrong, expect, expect_equal, expect_tensor
from interview.grading.checks.masks import expect_lags, same, signed
from interview.grading.checks.statistics import rate_holds
from interview.grading.checks.units import Unit

CELL = Unit(Words("cells", "单元"), (0, 2), rank=3)
TYPE = Unit(Words("word types", "词型"), (0,), flat=True, most=4000, rank=2)
LOOK_UP = Helper(
    Path(__file__).with_name("worker_side.py"),
    "embedding_dropout(weight, ids, p={p}, training={training})",
    "embedding_dropout(weight, ids)",
    names=("weight", "ids", "p", "training"),
)

locked = Family(call=Module("LockedDropout", names=("p",)), unit=CELL, empty=False, side=70, frugal=True)
table = Family(call=LOOK_UP, unit=TYPE, p=0.1, empty=False, side=50, frugal=True)
both = Together(locked, table)

SEQUENCES = ((0.3, (30, 9, 16)), (0.7, (7, 30, 11)), (0.5, (2, 300, 30)))
SHAPES = ((1, 5, 70), (40, 1, 7), (40, 5, 1), (1, 1, 1), (12, 12, 12), (4, 5, 7), (4, 9, 40))
VIEWS = {
    ("a (T, B, C) transposed", "(T, B, C) 的转置"): lambda: signed(6, 12, 9).transpose(0, 1),
    ("a permuted input", "permute 得到的输入"): lambda: signed(9, 12, 10).permute(1, 2, 0),
    ("a slice", "切片的输入"): lambda: signed(20, 9, 30)[::2, 1:7, 3:],
    ("an expanded sample", "expand 得到的样本"): lambda: signed(1, 1, 30).expand(20, 4, 30),
    ("an expanded sequence", "expand 得到的序列"): lambda: signed(20, 1, 30).expand(20, 4, 30),
    ("huge values", "很大的值"): lambda: signed(3, 4, 5) * 1e30,
    ("tiny values", "很小的值"): lambda: signed(3, 4, 5) * 1e-30,
}
TABLES = ((300, 1), (1, 3), (120, 9))
TABLE_VIEWS = {
    ("a transposed weight", "转置的 weight"): lambda: signed(4, 150).t(),
    ("a sliced weight", "切片的 weight"): lambda: signed(240, 9)[::2, 3:],
}

test_from_scratch = both.from_scratch()
test_interface = both.interface()
test_range_of_p = both.range_of_p()
test_input_untouched = both.input_untouched()
test_eval_identity = both.eval_identity()
test_eval_repeats = locked.eval_repeats()
test_whole = locked.whole(SEQUENCES, {(1, 2): "time_first"})


def test_word_types(solution):
    """All occurrences of a word type share one fate, in every dimension and in every sample of the call; what is kept
    is its row of weight, scaled alike. ids keep their values and their shape, of any rank, and eval looks rows up.

    40 types in 12 samples of 30 tokens: each type occurs about nine times, in several samples.
    """
    p, v = 0.4, 40
    for d, shape in ((6, (12, 30)), (2, (3, 4, 30))):
        weight, ids = signed(v, d), torch.randint(0, v, shape)
        y = expect_tensor(solution.embedding_dropout(weight, ids, p, True), shape=(*shape, d))
        expect(not solution.changed, "an argument was changed in place", "入参被就地修改了")
        ratio = (y / weight[ids])[y != 0]
        alike = not ratio.numel() or bool(same(ratio, ratio.median()).all())
        expect(alike, "not every place holds its word's row, scaled", "有的位置不是该词在 weight 中的行（乘以系数）")
        expect_one_fate((y != 0).reshape(12, 30, d), ids.reshape(12, 30), p)
    forms = [
        (signed(9, 4), torch.tensor(3)),
        (signed(9, 4), torch.tensor([2])),
        (signed(1, 3), torch.zeros(2, 2, dtype=torch.int64)),
        (signed(9, 1), torch.randint(0, 9, (2, 3, 4))),
        (signed(4, 9).t(), torch.randint(0, 9, (7, 5)).t()),
    ]
    came = solution.embedding_dropout.each([(*each, p, training) for each in forms for training in (False, True)])
    for weight, ids in forms:
        expect_equal(next(came), weight[ids])
        y = expect_tensor(next(came), shape=weight[ids].shape, dtype=weight.dtype)
        right = (y == 0) | same(y, weight[ids] * float((y / weight[ids]).max()))
        place = str(tuple(ids.shape))
        expect(bool(right.all()), f"wrong values for ids of shape {place}", f"ids 形状为 {place} 时结果不对")


def expect_one_fate(alive, ids, p):
    """Is each type kept at all its places, or at none?"""
    if bool((alive == alive[:1, :1]).all()) and not bool(alive.all() or (~alive).all()):
        raise Mistake("whole_dimensions", picture=Mask.of(alive[0], p))
    if not bool((alive == alive[..., :1]).all()):
        raise Mistake("single_entries", picture=Mask.of(alive[0], p))
    alive = alive[..., 0]
    if agree(alive, ids):
        return
    if all(agree(alive[n], ids[n]) for n in range(12)):
        raise Mistake("fate_per_sample", picture=Mask.of(alive, p))
    if all(agree(alive[:, n], ids[:, n]) for n in range(30)):
        raise Wrong("a word shares its fate only within a column of ids", "同一个词只在 ids 的同一列内一起丢弃或保留")
    raise Mistake("fate_per_token", picture=Mask.of(alive, p))


def agree(alive, ids):
    total, kept = torch.bincount(ids.flatten()), torch.bincount(ids.flatten(), weights=alive.flatten().double())
    return bool(((kept == 0) | (kept == total)).all())


test_survivors = both.survivors()
test_rate = both.rate()
test_extreme_p = both.extreme_p()
test_expectation = locked.expectation()


def test_zero_steps(solution):
    """A cell that is 0 at its first step, or at its last, is dropped as any other: 2,000 cells, read where they are
    not 0; half of them have a zero there."""
    p = 0.4
    for step in (0, -1):
        x, holes = signed(40, 3, 50), torch.rand(40, 50) < 0.5
        x[:, step] = torch.where(holes, 0.0, x[:, step])
        kept = locked.forward(solution, x, p)[:, 1] != 0
        lost, n = int((~kept & holes).sum()), int(holes.sum())
        others = rate_holds(int((~kept & ~holes).sum()), int((~holes).sum()), p)
        if others and not rate_holds(lost, n, p):
            raise Mistake("reads_a_step", share=lost / n, p=p, got=f"{lost / n:.3f}", expected=f"{p}")


test_own_coin = locked.own_coin()
test_fresh_mask = locked.fresh_mask()


def test_every_shape(solution):
    """With one sample, one step or one feature, and with as many samples as steps, each cell has its own coin; and so
    has each of six words out of a hundred.

    Neighbours among samples, and among features, are compared over 12 calls, 144 disjoint pairs or more; two words over
    60. A shared coin would never differ.
    """
    p = 0.4
    for b, t, c in ((1, 3, 24), (24, 3, 1), (12, 1, 12), (12, 12, 12)):
        many = locked.many(solution, signed(b, t, c), p, 12).reshape(12, b, c)
        lost, n = int((~many).sum()), many.numel()
        for first, second in ((many[:, :-1:2], many[:, 1::2]), (many[..., :-1:2], many[..., 1::2])):
            differ, pairs = int((first != second).sum()), first.numel()
            if pairs and not differ and 0 < lost < n:
                raise Mistake("shared_in_a_shape", shape=str((b, t, c)), **NEVER)
            right = rate_holds(differ, pairs, 2 * p * (1 - p)) and rate_holds(lost, n, p)
            expect(right, f"the coins for x of shape {(b, t, c)} are not right", f"x 的形状为 {(b, t, c)} 时抽样不对",
                   got=f"{lost / n:.3f}", expected=f"{p}")  # fmt: skip
    ids = torch.tensor([95, 5, 4, 94, 60, 77])
    few = looked_up(solution, signed(100, 2), ids, p, 60)
    for n in (0, 2, 4):
        differ, kept = int((few[:, n] != few[:, n + 1]).sum()), int(few[:, n].sum())
        if not differ and 0 < kept < 60:
            raise Mistake("words_share_a_coin", one=int(ids[n]), other=int(ids[n + 1]), **NEVER)
        right = rate_holds(differ, 60, 2 * p * (1 - p)) and rate_holds(kept, 60, 1 - p)
        expect(
            right,
            "few words of a long weight are not dropped on their own",
            "weight 很长而只查几个词时，各词没有独立抽样",
        )


NEVER: dict[str, Any] = {"got": Words("never differ", "从不相异"), "expected": Words("0.48 differ", "有 0.48 不同")}


def looked_up(solution, weight, ids, p, times):
    """Which of ids are kept in each of so many calls."""
    try:
        found = worker(solution, LOOK_UP).words(weight, ids, p, times)
    finally:
        solution.call = f"{LOOK_UP.shown(p)} × {times}    weight: {tuple(weight.shape)} float32"
    return expect_tensor(found, shape=(times, *ids.shape, weight.shape[1]))[..., 0] != 0


def test_type_coins(solution):
    """Each word type has its own coin, drawn anew in each call, and dropped as often if it is frequent, and whatever its id.

    Over 45 calls at one half a coin that always falls the same way has probability below 48 · 2^-44 < 3e-12, and two
    calls are alike with 45²/2 · 2^-48 < 4e-12.
    """
    found = looked_up(solution, signed(48, 2), torch.arange(48), 0.5, 45)
    counts, often = found.sum(1), found.sum(0)
    if bool((counts % 48 == 0).all()) and len(set(counts.tolist())) > 1:
        raise Mistake("whole_batch", calls=45, n=48)
    different = len({tuple(each) for each in found.tolist()})
    expect(
        different == 45, "calls repeat the mask of another", "有的调用重复了别的调用的掩码", got=different, expected=45
    )
    if len(set(counts.tolist())) == 1:
        raise Mistake("exact_words", kept=int(counts[0]), n=48, calls=45)
    spared = (often == 45).nonzero().flatten().tolist()
    if 0 < len(spared) < 12 and not bool((often == 0).any()):
        raise Mistake("word_spared", word=spared[0], calls=45, got=Words("never dropped", "从未丢弃"), expected="≈ 50%")
    p, each = 0.4, torch.arange(200)
    coins = table.sheet(solution, p, 40, 40).flatten()
    expect_lags(coins, p, (1, 2, 64, 100, 128, 256, 512, 800, 1000), en="words", zh="词")
    texts = [torch.cat([each, each[:100].repeat(9)])[torch.randperm(1100)] for _ in range(6)]
    calls, dropped = [(signed(200, 1), ids, p, True) for ids in texts], 0
    for ids, y in zip(texts, solution.embedding_dropout.each(calls), strict=True):
        there = expect_tensor(y, shape=(1100, 1)).flatten() != 0
        dropped += int((torch.bincount(ids, weights=there.double()) == 0)[:100].sum())
    expect(rate_holds(dropped, 600, p), "frequent words are dropped at another rate", "高频词的丢弃率不同",
           got=f"{dropped / 600:.3f}", expected=f"{p}")  # fmt: skip


def test_modes(solution):
    """One module goes from eval to training and back, over x of one shape and of another; of two modules in turn each
    keeps its own p. 1,200 cells tell 0.3 from 0.8."""
    xs, p, q = [signed(30, 2, 40), signed(9, 5, 50)], 0.3, 0.8
    came = beside_the_suite(solution, "m.eval(); m(x); m.train(); m(x); m.eval(); m(x)", "modes", xs, p)
    for n, (x, y) in enumerate(zip(xs * 3, came, strict=True)):
        y = expect_tensor(y, shape=x.shape)
        if n in (2, 3):
            if torch.equal(y, x):
                raise Mistake("stays_in_eval", p=p, got="m(x) == x")
            right = locked.right(y, x, p) and rate_holds(int((y[:, 0] == 0).sum()), y[:, 0].numel(), p)
            expect(right, "after train() a module does not drop as it should", "train() 之后丢弃得不对")
        else:
            expect_equal(y, x)
    came = beside_the_suite(solution, "b = LockedDropout(0.8); m(x); b(x); m(x)", "two", xs[0], p, q)
    first, other, again = (expect_tensor(y, shape=xs[0].shape)[:, 0] != 0 for y in came)
    lost, n = [int((~each).sum()) for each in (first, other, again)], first.numel()
    said: dict[str, Any] = {"got": f"{lost[0] / n:.3f}", "expected": f"{p}"}
    if rate_holds(lost[0], n, q) and rate_holds(lost[2], n, q):
        raise Mistake("p_of_another", p=p, q=q, share=lost[0] / n, **said)
    right = all(rate_holds(each, n, rate) for each, rate in zip(lost, (p, q, p), strict=True))
    expect(right, "two modules in turn do not each keep their own p", "两个模块轮流调用时，没有各用各的 p", **said)
    for one, two, rate in ((first, other, p * (1 - q) + q * (1 - p)), (first, again, 2 * p * (1 - p))):
        apart = rate_holds(int((one != two).sum()), n, rate)
        expect(apart, "two modules in turn do not draw independently", "两个模块轮流调用时，抽样不独立")


def beside_the_suite(solution, shown, name, x, *args):
    """What a function of `worker_side.py` returns."""
    try:
        return getattr(worker(solution, LOOK_UP), name)(x, *args)
    finally:
        solution.call = f"m = LockedDropout(0.3); {shown}"


test_count_varies = locked.count_varies()
test_generator = both.generator()


def test_embedding_gradient(solution):
    """The gradient of a row of weight is the sum over its occurrences of the upstream one, times mask/(1-p).

    At p = 1e-7 every row is kept but with probability 5e-6, the first and the last but with 2e-7: no id is special.
    """
    for p, ids in ((0.3, torch.randint(0, 40, (6, 20))), (1e-7, torch.arange(120).remainder(50).view(6, 20))):
        weight, g = signed(50, 4), signed(6, 20, 4)
        weight[::2, 1:] = 0.0  # what is 0 has a gradient like any other
        weight.requires_grad_()
        y = expect_tensor(solution.embedding_dropout(weight, ids, p, True), shape=g.shape)
        if not y.requires_grad:
            raise Mistake("weight_without_gradient", got="requires_grad=False", expected="requires_grad=True")
        (y * g).sum().backward()
        upstream = torch.where(y.detach()[..., :1] != 0, g / (1 - p), 0).reshape(-1, 4)
        want = torch.zeros(50, 4).index_add_(0, ids.flatten(), upstream)
        gone = ((weight.grad == 0) & (want.abs() > 1e-4)).all(1).nonzero().flatten().tolist()
        if len(gone) == 1 and gone[0] in (0, 49) and bool(same(weight.grad, want, 1e-4)[1:-1].all()):
            raise Mistake("word_without_gradient", word=gone[0], words=50, got="0", expected="mask/(1-p) · Σ g")
        expect_equal(weight.grad, want, atol=1e-4)


test_gradient = locked.gradient()
test_p_zero = both.p_zero()
test_p_one = both.p_one()
DTYPES = locked.dtypes()
SHAPES_OF_X, SHAPES_OF_WEIGHT = locked.shapes(SHAPES, VIEWS), table.shapes(TABLES, TABLE_VIEWS)


def test_dtypes(solution):
    """float16, bfloat16, float32 and float64 come back as they went in, training or not, with the right values, and p is
    the rate in each; so from a weight of that dtype, for which 120 words are looked up."""
    DTYPES(solution)
    dtypes, ways = (
        (torch.float16, torch.bfloat16, torch.float32, torch.float64),
        ((0.3, True), (0.3, False), (0.0, True), (1.0, True)),
    )
    calls = [(table.lay(12, 10, dtype), *way) for dtype in dtypes for way in ways]
    for (x, p, training), y in zip(calls, table.forwards(solution, calls), strict=True):
        table.expect_dtype(y, x.dtype, p)
        want = table.want(y != 0, x.double(), p) if training and p < 1 else x.double() * (p < 1 or not training)
        expect_equal(y.double(), want, rtol=table.tolerance(x.dtype) if p == 0.3 and training else 0.0)


def test_shapes(solution):
    """One sample, step or feature, views, and values huge or tiny; a weight of one column or row, or transposed."""
    SHAPES_OF_X(solution)
    SHAPES_OF_WEIGHT(solution)


test_device = both.device()

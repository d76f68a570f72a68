"""The base that the checks of the family are made of: one kata's parameters, its calls, and sheets of its coins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch

from interview.dataclass import dataclass
from interview.grading.checks.callers import Call, Caller, beside, worker
from interview.grading.checks.expect import Mask, Mistake, Words, expect, expect_tensor, suppose
from interview.grading.checks.masks import ULP4, even_sums, same, signed
from interview.grading.checks.solution import Solution, shape_of
from interview.grading.checks.statistics import rate_holds
from interview.grading.checks.units import CHANNEL, ELEMENT, Unit

__all__ = ["GLANCE", "HALVES", "Base", "Reading", "Scale", "Scaled", "inverted", "unscaled"]

Scale = Callable[[float], float]  # of p
Drawn = list[tuple[torch.Tensor, torch.Tensor]]  # x and y of calls
ALL_ZEROS = Words("all zeros", "全零")
LIVE: dict[str, Any] = {"got": "requires_grad=False", "expected": "requires_grad=True"}
TIMES = {torch.float16: 1e-2, torch.bfloat16: 4e-2}  # relative, of a product in that dtype
FEW = 30  # coins of one side
GLANCE = 0.05  # the share of right answers, at most, of which a second and larger sheet is drawn
LAGS = (16, 32, 64, 100, 128, 256, 500, 512, 1000, 1024)
VIEW = "view size is not compatible"  # of a tensor that is not contiguous, torch says
HALVES = {torch.float16: 2.0**-10, torch.bfloat16: 2.0**-7}  # a step of the dtype below 1


def inverted(p: float) -> float:
    """1/(1-p), the scale of what is kept."""
    return 1 / (1 - p)


def unscaled(_: float) -> float:
    """1."""
    return 1.0


@dataclass(frozen=True, slots=True)
class Scaled:
    """A known wrong scale. The sentence of `id` gets `p`, `ratio` (the scale) and `mean` (of y over that of x)."""

    id: str
    scale: Scale


IN_TRAINING = (
    Scaled("scale_missing", unscaled),
    Scaled("scale_times_keep", lambda p: 1 - p),
    Scaled("scale_one_over_p", lambda p: 1 / p),
    Scaled("scaled_twice", lambda p: 1 / (1 - p) ** 2),
)
IN_EVAL = (Scaled("eval_times_keep", lambda p: 1 - p), Scaled("eval_divided", inverted))


class Reading:
    """How a kata's coins are read off what a call in training gave, by default from zeros. Another kata has its own:

        class Weights(Reading):  # attention with v = I shows them, and rounding may leave a trace of a dropped one
            def read(self, x, y, p):
                y = expect_tensor(y, shape=x.shape)
                return torch.where(y.abs() > 1e-3 * x, y, 0)

    x and y are what the `Caller` takes and gives: it may make the submission's arguments of x. A kata without drops may
    read a coin off a continuous draw, kept where that draw's distribution function is at least p. In eval, and in
    gradients, nothing is read: y has x's shape there.
    """

    def draw(self, *shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
        """An x of that shape, none of whose values looks dropped when it is kept."""
        return signed(*shape, dtype=dtype)

    def lay(self, unit: Unit, rows: int, columns: int, dtype: torch.dtype) -> torch.Tensor:
        """An x of rows x columns units, no zeros in it, from which `unit.coins` takes them row by row."""
        return self.draw(*unit.shape(rows, columns), dtype=dtype)

    def read(self, x: torch.Tensor, y: Any, p: float) -> torch.Tensor:  # noqa: ARG002  (others ask for p)
        """What came back for x, as x with holes: of x's shape, 0 where dropped, x times the family's scale where kept.

        Wrong or Mistake where y cannot be read.
        """
        return expect_tensor(y, shape=x.shape)


class Read(torch.autograd.Function):
    """y as it is read, with the gradient of y."""

    @staticmethod
    def forward(_: Any, *given: torch.Tensor) -> torch.Tensor:
        return given[1].clone()

    @staticmethod
    def backward(_: Any, *grads: torch.Tensor) -> tuple[torch.Tensor, None]:
        return grads[0], None


@dataclass(frozen=True, kw_only=True)
class Base:
    """One kata of the family.

    `reading`: how the coins are read off what came back. `p`: the default, None where there is none. `scale`: of what
    is kept in training. `still`: of everything in eval. `wrong_*`: scales that are known mistakes. `exact`: relative,
    of values in float32: 4 ulp, for x/(1-p) and x·(1/(1-p)) differ by one; `at_zero`: where p is 0, by default not at
    all where `exact` is 4 ulp. `empty`: is an x without elements asked about? `side`: of the largest sheet of coins,
    less where a right answer may loop over units. `frugal`: it may take long for each: fewer coins where p is extreme
    or x in half precision. `supply`: small calls whose masks are all to be different, less where a call is dear.
    `closed`: is p = 1 allowed, or is the range [0, 1)?
    """

    call: Caller
    unit: Unit = ELEMENT
    reading: Reading = Reading()
    p: float | None = 0.5
    scale: Scale = inverted
    still: Scale = unscaled
    wrong_scales: Sequence[Scaled] = IN_TRAINING
    wrong_evals: Sequence[Scaled] = IN_EVAL
    exact: float = ULP4
    at_zero: float | None = None
    empty: bool = True
    side: int = 200
    frugal: bool = False
    supply: int = 200
    closed: bool = True

    @property
    def upper(self) -> float:
        """A p at the end of the range."""
        return 1.0 if self.closed else 0.99

    @property
    def range(self) -> str:
        """What is asked of p, as Python says it."""
        return "0 <= p <= 1" if self.closed else "0 <= p < 1"

    # calls

    def forwards(self, solution: Solution, calls: Sequence[Call]) -> Iterator[torch.Tensor]:
        """What each call returned: a floating-point tensor of x's shape."""
        for (x, p, training), y in zip(calls, self.call.each(solution, calls), strict=True):
            yield self.seen(x, y, p) if training else expect_tensor(y, shape=x.shape)

    def forward(self, solution: Solution, x: torch.Tensor, p: float, *, training: bool = True) -> torch.Tensor:
        """What one call returned."""
        return next(self.forwards(solution, [(x, p, training)]))

    def many(self, solution: Solution, x: torch.Tensor, p: float, times: int) -> torch.Tensor:
        """The coins of as many calls in training, a row for each; made on the worker's side."""
        try:
            results = worker(solution, self.call).results(x, p, times)
        finally:
            solution.call = f"{self.call.shown(p)} × {times}    x: {shape_of(x)}"
        found = expect_tensor(results)
        expect(len(found) == times, f"{len(found)} results of {times} calls", f"{times} 次调用得到 {len(found)} 个结果")
        rows_are_units = x.dim() > 0 and 0 in (self.unit.axes or (0,))
        if rows_are_units and found.shape == (times, *x.shape):  # as below, the calls' rows one below the other
            ys, xs = found.flatten(0, 1), x.detach().expand(times, *x.shape).flatten(0, 1)
            return self.coins(self.seen(xs, ys, p)).reshape(times, -1)
        return torch.stack([self.coins(self.seen(x, each, p)).flatten() for each in found])

    def seen(self, x: torch.Tensor, y: Any, p: float) -> torch.Tensor:
        """What came back for x in training, as the kata reads it; it belongs to the graph of y."""
        values = y.detach() if isinstance(y, torch.Tensor) else y
        found = self.reading.read(x.detach(), values, p)
        if not isinstance(y, torch.Tensor) or not y.requires_grad or found.shape != y.shape:
            return found
        read: torch.Tensor = y if found is values else Read.apply(y, found)
        return read

    # coins

    def draw(self, *shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
        """An x of that shape whose coins can be read."""
        return self.reading.draw(*shape, dtype=dtype)

    def lay(self, rows: int, columns: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
        """An x whose coins form a sheet."""
        return self.reading.lay(self.unit, rows, columns, dtype)

    def coins(self, y: torch.Tensor) -> torch.Tensor:
        """Which units are kept: True."""
        return self.unit.coins(y.detach() != 0)

    def drawn(self, solution: Solution, p: float, rows: int, columns: int, dtype: torch.dtype = torch.float32) -> Drawn:
        """x and y of a sheet, in as few calls as its unit allows; `solution.call` is the last of them."""
        xs = self.laid_out(rows, columns, dtype)
        found = list(zip(xs, self.forwards(solution, [(x, p, True) for x in xs]), strict=True))
        self.suppose_told(found, p)
        return found

    def suppose_told(self, drawn: Drawn, p: float) -> None:
        """The premise of all that goes by a sheet's coins: what came back tells them. For a kata whose own may not."""

    def laid_out(self, rows: int, columns: int, dtype: torch.dtype = torch.float32) -> list[torch.Tensor]:
        """The x of a sheet, as many as its unit asks for."""
        step = max(1, min(rows, self.unit.most // columns))
        return [self.lay(min(step, rows - start), columns, dtype) for start in range(0, rows, step)]

    def sheet(
        self, solution: Solution, p: float, rows: int, columns: int, dtype: torch.dtype = torch.float32
    ) -> torch.Tensor:
        """The coins of rows x columns units, True where kept."""
        return self.laid(self.drawn(solution, p, rows, columns, dtype), columns)

    def glance(self, solution: Solution, p: float, few: int, rows: int, columns: int) -> Drawn:
        """x and y of a sheet of `few` rows where p may be its drop rate, otherwise of a new one of all `rows`.

        Nothing is turned away for the small sheet's rate, so a right answer is no oftener than by the large one alone;
        it draws that one time in twenty at most. A third of the coins leads there what the large sheet would tell.
        """
        ((_, drawn, _),) = self.glances(solution, [(p, few, rows, columns)])
        return drawn

    def glances(
        self, solution: Solution, sheets: Sequence[tuple[float, int, int, int]]
    ) -> list[tuple[float, Drawn, str]]:
        """Of each p, few, rows and columns its `glance`, and the last of its calls; they are made in one journey."""
        xs = [self.laid_out(few, columns) for _, few, _, columns in sheets]
        came = self.forwards(
            solution, [(x, sheet[0], True) for sheet, some in zip(sheets, xs, strict=True) for x in some]
        )
        found = []
        for (p, *_), some in zip(sheets, xs, strict=True):
            drawn = [(x, next(came)) for x in some]
            self.suppose_told(drawn, p)
            found.append((p, drawn, solution.call))
        for n, (p, few, rows, columns) in enumerate(sheets):
            if few < rows:
                mask = self.laid(found[n][1], columns)
                if not rate_holds(int((~mask).sum()), mask.numel(), p, GLANCE):
                    found[n] = p, self.drawn(solution, p, rows, columns), solution.call
        return found

    def laid(self, drawn: Drawn, columns: int) -> torch.Tensor:
        """The sheet of what was drawn."""
        masks = [self.coins(y).reshape(-1, columns) for _, y in drawn]
        return masks[0] if len(masks) == 1 else torch.cat(masks)

    def fair(self, mask: torch.Tensor, p: float) -> bool:
        """Has each unit of a sheet its own coin, as far as rows and columns tell? Then a rate says much about p."""
        alike = bool((mask == mask[:1]).all()) or (not self.unit.flat and bool((mask == mask[:, :1]).all()))
        fixed = len(set(mask.sum(1).tolist())) == 1 or len(set(mask.sum(0).tolist())) == 1
        return not alike and not fixed and even_sums(mask, p)

    def rate_of(self, mask: torch.Tensor, p: float) -> float:
        """p where it may be the mask's drop rate, otherwise the measured one: what is asked of independence holds for
        any.
        """
        zeros, n = mask.numel() - int(mask.sum()), mask.numel()
        return p if rate_holds(zeros, n, p) else zeros / n

    def suppose_rate(self, mask: torch.Tensor, p: float) -> None:
        """The premise of what goes by p: it is the drop rate."""
        suppose(
            self.rate_of(mask, p) == p, "the drop rate is another, so this cannot be told", "丢弃率不是 p，无从判断",
            got=share_of(1 - float(mask.float().mean())), expected=share_of(p),
        )  # fmt: skip

    def suppose_usual(self, solution: Solution, p: float) -> None:
        """The premise: of a usual input values and drop rate are right."""
        with beside(solution):
            x = self.lay(50, 40)
            y = self.forward(solution, x, p)
        en, zh = "of a usual input the values are not right either", "普通输入的结果也不对"
        suppose(self.right(y, x, p), en, zh)
        self.suppose_rate(self.coins(y), p)

    def expect_unshared(self, mask: torch.Tensor, p: float) -> None:
        """Not all rows of a sheet are alike, nor all columns; and not all coins some lag apart, in a row or in all."""
        if not FEW < int(mask.sum()) < mask.numel() - FEW:
            return  # so few are alike by chance
        if not self.unit.flat and bool((mask == mask[:1]).all()):
            raise Mistake("shared_over_batch", picture=Mask.of(mask, p))
        if not self.unit.flat and bool((mask == mask[:, :1]).all()):
            picture = Mask.of(mask, p)
            if self.unit is CHANNEL:
                raise Mistake("whole_samples", picture=picture)
            raise Mistake("shared_over_features", picture=picture)
        for coins in (mask, mask.flatten()):
            for lag in LAGS:
                if lag + 16 <= coins.shape[-1] and bool((coins[..., lag:] == coins[..., :-lag]).all()):
                    raise Mistake("coins_repeated", lag=lag, n=mask.numel())

    def expect_no_call_alike(self, solution: Solution) -> None:
        """Not every call keeps all of its units or none: that 60 calls do has probability below 0.6^2900. Asked where
        rows and columns cannot tell.
        """
        if not self.unit.flat:
            return
        calls = self.many(solution, self.lay(1, 50), 0.4, 60)
        if bool(calls.any()) and not bool(calls.all()) and bool((calls == calls[:, :1]).all()):
            raise Mistake("whole_batch", calls=60, n=50)

    # values

    @property
    def unchanged(self) -> float:
        """How far, relative, a value at p = 0 may stray."""
        if self.at_zero is not None:
            return self.at_zero
        return 0.0 if self.exact < 1e-6 else self.exact

    def want(self, alive: torch.Tensor, x: torch.Tensor, p: float) -> torch.Tensor:
        """y where `alive` is the mask of x's elements."""
        return torch.where(alive, x * self.scale(p), 0)

    def right(self, y: torch.Tensor, x: torch.Tensor, p: float) -> bool:
        """Is each element dropped, or kept and scaled?"""
        return bool(((y == 0) | same(y, x * self.scale(p), self.exact)).all())

    def tolerance(self, dtype: torch.dtype) -> float:
        """Relative: a factor made in float32 will do for float64 too."""
        return TIMES.get(dtype, max(self.exact, 1e-6) if dtype is torch.float64 and self.exact > ULP4 else self.exact)

    def noun(self) -> dict[str, Any]:
        """What a coin belongs to, in the plural of each language."""
        return {"en": self.unit.many.en, "zh": self.unit.many.zh}


def expect_live(y: torch.Tensor, en: str, zh: str) -> None:
    """It belongs to the graph."""
    expect(y.requires_grad, en, zh, **LIVE)


def gradient_of(x: torch.Tensor) -> torch.Tensor:
    """x.grad, or Wrong where there is none."""
    expect(x.grad is not None, "x has no gradient", "x 没有梯度", got=Words("x.grad is None", "x.grad 为 None"))
    assert x.grad is not None
    return x.grad


def share_of(p: float) -> Words:
    return Words(f"about {p:.0%} dropped", f"约 {p:.0%} 被丢弃")

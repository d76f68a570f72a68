"""Expectations: what a hidden suite says. A known mistake with its numbers, or what came back beside what was expected.

`Mistake` names a misconception of `kata.yaml`; `Wrong` is every other failure. Both carry `got` and `expected`, short
texts or values, and may carry a picture. The `expect_*` helpers raise `Wrong`; a suite that recognises the mistake
behind the failure raises `Mistake` before it asks them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from traceback import walk_stack, walk_tb
from types import MappingProxyType
from typing import Any, Literal

import torch

from interview.dataclass import dataclass
from interview.grading.solution.errors import ForbiddenCall, SubmissionError
from interview.grading.solution.format import shape_of, show_value
from interview.grading.solution.remote import Remote
from interview.grading.wire.values import Opaque
from interview.text import Text

__all__ = [
    "REFUSALS",
    "Bar",
    "Finding",
    "Flawed",
    "Kind",
    "Mask",
    "Mistake",
    "Picture",
    "Unmet",
    "Unseen",
    "Words",
    "Wrong",
    "expect",
    "expect_equal",
    "expect_raises",
    "expect_some",
    "expect_tensor",
    "kind_of",
    "name_of",
    "refuses",
    "suppose",
    "turned_away",
]

SUITE = "hidden_suite"  # its name as a module
PICTURE_ROWS, PICTURE_COLUMNS = 12, 24  # two side by side fit eighty columns

Kind = Literal["floating-point", "complex", "integer", "boolean"]
KINDS: dict[Kind, str] = {"floating-point": "浮点", "complex": "复数", "integer": "整数", "boolean": "布尔"}
WIDE: dict[Kind, torch.dtype] = {  # where values of a kind are compared: none of them is rounded there
    "floating-point": torch.float64, "complex": torch.complex128, "integer": torch.int64, "boolean": torch.bool,
}  # fmt: skip


Words = Text  # what was got or expected, where it is said in words: `got=Words("two calls, one mask", "…")`


@dataclass(frozen=True, slots=True)
class Mask:
    """A mask to be drawn as half-blocks, beside one as it should look. Rows of `1` (kept) and `0`."""

    yours: tuple[str, ...]
    expected: tuple[str, ...]

    @classmethod
    def of(cls, yours: torch.Tensor, p: float) -> Mask:
        """The upper left of a 2-d boolean mask (True = kept), and independent coins with drop probability `p`."""
        part = yours[:PICTURE_ROWS, :PICTURE_COLUMNS]
        return cls(rows(part), rows(torch.rand(part.shape) >= p))


@dataclass(frozen=True, slots=True)
class Bar:
    """A measured rate against the interval it had to fall in, each in [0, 1]."""

    got: float
    low: float
    high: float


Picture = Mask | Bar


def rows(mask: torch.Tensor) -> tuple[str, ...]:
    return tuple("".join("1" if each else "0" for each in row) for row in mask.tolist())


Fact = float | str | Words
Facts = Mapping[str, Fact]
NO_FACTS: Facts = MappingProxyType({})


class Finding(AssertionError):
    """A check failed, and this is what it measured. `numbers` are facts that a mistake's sentence may use by name,
    beside `got` and `expected`."""

    def __init__(
        self, *, got: Any = None, expected: Any = None, picture: Picture | None = None, **numbers: Fact
    ) -> None:
        super().__init__()
        self.got = None if got is None else in_words(got)
        self.expected = None if expected is None else in_words(expected)
        self.picture = picture
        self.numbers: dict[str, Fact] = dict(numbers)
        for key, each in (("got", self.got), ("expected", self.expected)):
            if each is not None:
                self.numbers.setdefault(key, each)


class Unseen(AssertionError):
    """The submission raised before there was anything to see: no pass, and another check's to tell."""


class Flawed(Exception):
    """The suite is wrong, whatever was submitted: a truth that raises, a table without cases. There is no verdict then.

    `line` is the suite's: where `error` was raised in it, or where it called what found the flaw.
    """

    def __init__(self, en: str, zh: str, error: Exception | None = None) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh
        raised = list(walk_tb(error.__traceback__))[::-1] if error else []
        lines = [line for frame, line in (*raised, *walk_stack(None)) if frame.f_globals.get("__name__") == SUITE]
        self.line = lines[0] if lines else 1


def expect_some(cases: Sequence[object]) -> None:
    """A table without cases passes whatever is submitted."""
    if not cases:
        raise Flawed("there is no case in this table, so nothing is asked", "这张用例表是空的，什么也没有检查")


class Mistake(Finding):
    """A known one: `id` in `kata.yaml`, whose sentence the numbers fill."""

    def __init__(self, id_: str, *, got: Any = None, expected: Any = None, picture: Picture | None = None,
                 **numbers: Fact) -> None:  # fmt: skip
        super().__init__(got=got, expected=expected, picture=picture, **numbers)
        self.id = id_


class Wrong(Finding):
    """Any other failure, in a sentence of each language."""

    def __init__(
        self,
        en: str,
        zh: str,
        *,
        got: Any = None,
        expected: Any = None,
        picture: Picture | None = None,
        facts: Facts = NO_FACTS,
    ) -> None:
        super().__init__(got=got, expected=expected, picture=picture)
        self.numbers |= facts
        self.en, self.zh = en, zh

    def __str__(self) -> str:
        return self.en


class Unmet(Wrong):
    """What a check presupposes does not hold, so that nothing it measures would mean what it says. It is not reached,
    and says nothing, where another check failed; where none did this is told, for a verdict never fails in silence."""


def in_words(value: Any) -> str | Words:
    return value if isinstance(value, str | Words) else show_value(value, 200)


def expect(
    condition: object,
    en: str,
    zh: str,
    *,
    got: Any = None,
    expected: Any = None,
    picture: Picture | Callable[[], Picture] | None = None,
    **facts: Fact,
) -> None:
    """Raise Wrong unless the condition holds. A picture may be a function, drawn only when it is needed. `facts` are
    what the sentence of a known mistake may tell."""
    if not condition:
        drawn = picture() if callable(picture) else picture
        raise Wrong(en, zh, got=got, expected=expected, picture=drawn, facts=facts)


def suppose(condition: object, en: str, zh: str, *, got: Any = None, expected: Any = None) -> None:
    """Raise Unmet unless the condition holds: the premise of what the check asks next."""
    if not condition:
        raise Unmet(en, zh, got=got, expected=expected)


def expect_tensor(
    value: Any,
    *,
    shape: tuple[int, ...] | torch.Size | None = None,
    dtype: torch.dtype | None = None,
    kind: Kind = "floating-point",
) -> torch.Tensor:
    """A tensor of that shape and dtype, or Wrong. Where no dtype is asked, it must be of the kind all the same: real
    numbers, unless said otherwise. So whatever a suite converts it to later, no part of the answer is lost unseen."""
    if not isinstance(value, torch.Tensor):
        came = (
            value.type
            if isinstance(value, Opaque)
            else value._kind
            if isinstance(value, Remote)
            else type(value).__name__
        )
        raise Wrong(f"a tensor was expected, a {came} came back", f"应返回 tensor，实际返回了 {came}",
                    got=value, expected="Tensor")  # fmt: skip
    if shape is not None and tuple(value.shape) != tuple(shape):
        raise Wrong("the shape is not right", "形状不对", got=shape_of(value), expected=f"{tuple(shape)}")
    if dtype is not None and value.dtype is not dtype:
        raise Wrong("the dtype is not right", "dtype 不对", got=name_of(value.dtype), expected=name_of(dtype))
    if dtype is None and kind_of(value.dtype) != kind:
        raise Wrong(f"a {kind} tensor was expected", f"应返回{KINDS[kind]} tensor", got=name_of(value.dtype),
                    expected=Words(kind, KINDS[kind]))  # fmt: skip
    return value


def kind_of(dtype: torch.dtype) -> Kind:
    """What its values are: from one kind to another a conversion loses something, or makes something up."""
    if dtype.is_complex:
        return "complex"
    if dtype.is_floating_point:
        return "floating-point"
    return "boolean" if dtype is torch.bool else "integer"


def name_of(dtype: torch.dtype) -> str:
    """`float32` for `torch.float32`."""
    return str(dtype).removeprefix("torch.")


def expect_equal(
    got: Any,
    want: torch.Tensor,
    *,
    atol: float = 0.0,
    rtol: float = 0.0,
    dtype: bool = True,
    facts: Facts = NO_FACTS,
) -> None:
    """Same shape and dtype, and every element within atol + rtol·|want|, exactly by default. NaN equals NaN, -0 is 0.

    Without `dtype` float64 may be compared with float32; a complex, an integer or a boolean answer is none of these.
    """
    value = expect_tensor(got, shape=want.shape, dtype=want.dtype if dtype else None, kind=kind_of(want.dtype)).detach()
    if value.dtype is want.dtype and torch.equal(value, want):
        return
    wide = WIDE[kind_of(want.dtype)]
    a, b = value.to(wide), want.detach().to(wide)
    same = (a == b) | (a.isnan() & b.isnan())
    if atol or rtol:
        same |= b.isfinite() & ((a - b).abs() <= atol + rtol * b.abs())
    if bool(same.all()):
        return
    wrong = ~same
    where = tuple(wrong.nonzero()[0].tolist())
    count = int(wrong.sum())
    place = f"[{', '.join(map(str, where))}]" if where else ""
    raise Wrong(
        f"{count} of {want.numel()} values differ, the first at {place or 'the only element'}",
        f"{want.numel()} 个值中有 {count} 个不同，第一处在 {place or '唯一的元素'}",
        got=show_value(value[where] if where else value), expected=show_value(want[where] if where else want),
        facts=facts,
    )  # fmt: skip


def expect_raises(
    kinds: type[Exception] | tuple[type[Exception], ...], call: Callable[..., Any], *args: Any, **kwargs: Any
) -> None:
    """The call is refused with one of `kinds`."""
    allowed = kinds if isinstance(kinds, tuple) else (kinds,)
    wanted = " / ".join(each.__name__ for each in allowed)
    try:
        value = call(*args, **kwargs)
    except ForbiddenCall:
        raise
    except SubmissionError as error:
        if isinstance(error, allowed):
            return
        raise Wrong(
            f"it raised, but not {wanted}", f"抛出了异常，但不是 {wanted}", got=str(error), expected=wanted
        ) from None
    raise Wrong(f"it was accepted; {wanted} was expected", f"没有报错；应当抛出 {wanted}", got=value, expected=wanted)


REFUSALS = (ValueError, AssertionError)


def refuses(call: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
    """Does the call raise ValueError or AssertionError? A forbidden call, and any other exception, goes on its way."""
    try:
        call(*args, **kwargs)
    except ForbiddenCall:
        raise
    except REFUSALS:
        return True
    return False


def turned_away(function: Remote, calls: Sequence[tuple[Any, ...]]) -> Iterator[bool]:
    """`refuses` for each of several calls, made in one journey."""
    for each in function.each(calls, catch=REFUSALS):
        yield isinstance(each, REFUSALS)

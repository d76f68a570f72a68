"""Generic checks, of every kata whatever it is about: from scratch, arguments left alone, dtypes, layouts, the device.

Each function takes the calls to be looked at as functions without arguments, so that a class, a function or a module
is all the same, and raises the mistake by its shared id. The sentences are in `generic.yaml`; a kata may write its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import torch

from interview.grading.checks.expect import (
    REFUSALS,
    Mistake,
    Unseen,
    Words,
    Wrong,
    expect,
    expect_some,
    expect_tensor,
    name_of,
)
from interview.grading.checks.solution import ForbiddenCall, Solution, SubmissionError

__all__ = ["Attempt", "expect_contiguous_alike", "expect_default", "expect_dtype", "expect_from_scratch",
           "expect_on_device", "expect_range", "expect_spelled", "expect_untouched"]  # fmt: skip

Asking = Callable[[], Any]
UNKNOWN = re.compile(r"keyword argument '(\w+)'")


def expect_from_scratch(solution: Solution, *calls: Asking) -> None:
    """No ready-made function is called, whether or not its refusal is caught; another exception is not told here."""
    expect_some(calls)
    for call in calls:
        try:
            call()
        except Exception as error:
            if not (isinstance(error, ForbiddenCall) or solution.forbidden):
                raise Unseen from None
        if solution.forbidden:
            raise Mistake("ready_made", name=solution.forbidden[0])


def expect_spelled(call: Asking, names: Sequence[str]) -> Any:
    """What a call returns that passes its arguments by keyword. A name of the statement, of `names`, that it does not
    know is a mistake with a name, and so is a device that this machine does not have."""
    try:
        return call()
    except ForbiddenCall:
        raise
    except SubmissionError as error:
        if "cuda" in error.text.lower():
            raise Mistake(
                "cuda_by_name", got=str(error), expected=Words("the device of x", "x 所在的 device")
            ) from None
        unknown = UNKNOWN.search(error.text)
        if error.type == "TypeError" and unknown and unknown[1] in names:
            name = error.text.partition("(")[0].removesuffix(".__init__")
            raise Mistake("other_names", name=name, ours=unknown[1], names=", ".join(names), got=str(error)) from None
        raise


def expect_untouched(solution: Solution, calls: Iterable[tuple[torch.dtype, Asking]], *, name: str = "") -> None:
    """The arguments hold the same bits after each call. `dtype`, and the function's `name`, are told."""
    asked = []
    for dtype, call in calls:
        asked.append(dtype)
        call()
        if solution.changed:
            raise Mistake("changes_the_input", dtype=name_of(dtype), name=name)
    expect_some(asked)


def expect_dtype(value: Any, dtype: torch.dtype, shape: torch.Size) -> torch.Tensor:
    """A tensor of that shape and dtype; a floating-point one that is wider or narrower is a mistake with a name."""
    found = expect_tensor(value, shape=shape)
    if found.dtype is not dtype and found.dtype.is_floating_point:
        wider = found.dtype.itemsize > dtype.itemsize or (found.dtype, dtype) == (torch.bfloat16, torch.float16)
        went, came = name_of(dtype), name_of(found.dtype)
        raise Mistake("promoted" if wider else "narrowed", went=went, came=came, got=came, expected=went)
    return expect_tensor(value, shape=shape, dtype=dtype)


def expect_contiguous_alike(solution: Solution, call: Callable[[torch.Tensor], Any], x: torch.Tensor) -> Any:
    """What the call returns for a non-contiguous x. To raise there, and not for a copy, is a mistake with a name."""
    try:
        return call(x)
    except SubmissionError as error:
        shown = solution.call
        try:
            call(x.contiguous())
        except SubmissionError:
            raise error from None
        finally:
            solution.call = shown
        expected = Words("as for x.contiguous()", "与 x.contiguous() 一样")
        raise Mistake("contiguous_only", shape=str(tuple(x.shape)), got=str(error), expected=expected) from None


def expect_default(
    solution: Solution, plain: Any, spelled: Any, name: str, value: object, shown: str, *, of: str = ""
) -> None:
    """Two results, without the argument and with its default given, are the same; `shown` is the call without,
    `of` the function's name."""
    if not torch.allclose(expect_tensor(plain), expect_tensor(spelled), rtol=1e-5, atol=1e-6, equal_nan=True):
        solution.call = shown
        raise Mistake("other_default", name=name, default=str(value), of=of,
                      got=plain, expected=Words(f"as with {name}={value}", f"与 {name}={value} 时一样"))  # fmt: skip


class Attempt(NamedTuple):
    """A setting in words, the call as it is shown, and what came of it: an exception, or anything else."""

    said: str
    call: str
    came: Any


def expect_range(solution: Solution, legal: Sequence[Attempt], illegal: Sequence[Attempt], zeros: int) -> None:
    """Legal settings are taken, the first `zeros` of which hold a zero; illegal ones are refused."""
    for n, (said, solution.call, came) in enumerate(legal):
        if not isinstance(came, Exception):
            continue
        if not isinstance(came, REFUSALS):
            raise came
        if n < zeros:
            raise Mistake("zero_refused", setting=said, got=str(came))
        raise Wrong(f"{said} was rejected", f"{said} 被拒绝了", got=str(came))
    for said, solution.call, came in illegal:
        expect(
            isinstance(came, Exception), f"{said} was accepted", f"{said} 没有报错", expected="ValueError", setting=said
        )
    for said, solution.call, came in illegal:
        if not isinstance(came, REFUSALS):
            raise Mistake("refused_otherwise", setting=said, type=came.type, got=str(came), expected="ValueError")


def expect_on_device(*places: Callable[[], str]) -> None:
    """What a call makes lives where its arguments live. Each of `places` asks `solution.device_of` and sets the call
    that is shown; what it answers beside `here` and `mixed` is weighed by the judge."""
    expect_some(places)
    for place in places:
        match place():
            case "mixed":
                got = Words("a CPU tensor met x on another device", "CPU 上的张量遇到了另一个 device 上的 x")
                raise Mistake("made_on_cpu", got=got)
            case "here":
                raise Mistake("made_on_cpu", got=Words("the result stayed on the CPU", "结果留在了 CPU 上"))
            case _:
                pass

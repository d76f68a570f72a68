"""What a hidden suite accepts as equal, and what it never does: nothing of an answer is lost in a conversion."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from typing import Any  # noqa: E402

from interview.grading.checks.expect import Wrong, expect_equal, expect_tensor  # noqa: E402
from interview.grading.wire.values import Opaque  # noqa: E402

X = torch.tensor([[1.0, -2.0, 0.0], [3.0, float("nan"), float("inf")]])
NOT_X = {
    "complex": torch.complex(X, torch.full_like(X, 99.0)),
    "complex, without an imaginary part": torch.complex(X, torch.zeros_like(X)),
    "integers": X.nan_to_num(0, 9).long(),
    "booleans": X != 0,
    "another value": torch.where(X == 3.0, 3.5, X),
    "a number for NaN": X.nan_to_num(0.0),
    "one more axis": X[None],
    "a row that broadcasts": X[:1],
    "a list": X.tolist(),
    "nothing": None,
    "what could not cross": Opaque("cpu tensor of torch.quint8, torch.strided"),
}
AS_X = {
    "itself": X,
    "a copy": X.clone(),
    "other strides": X.t().contiguous().t(),
    "one that needs a gradient": X.clone().requires_grad_(),
    "negative zeros": torch.where(X == 0, -0.0, X),
}


@pytest.mark.parametrize("exact", [True, False], ids=["dtype", "any dtype"])
@pytest.mark.parametrize("name", NOT_X)
def test_no_other_answer_is_equal(name: str, exact: bool) -> None:
    """Complex numbers, integers and truth values are no real numbers, be their values what they may."""
    with pytest.raises(Wrong) as wrong:
        expect_equal(NOT_X[name], X, dtype=exact)
    assert wrong.value.en
    assert wrong.value.zh


@pytest.mark.parametrize("name", AS_X)
def test_the_same_values_are_equal(name: str) -> None:
    expect_equal(AS_X[name], X)


def test_the_dtype_counts_unless_it_does_not() -> None:
    """Real numbers of another precision are another answer only where the dtype is asked for."""
    expect_equal(X.double(), X, dtype=False)
    with pytest.raises(Wrong, match="dtype"):
        expect_equal(X.double(), X)


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (torch.tensor([2**53 + 1]), torch.tensor([2**53])),
        (torch.tensor([-1]), torch.tensor([255], dtype=torch.uint8)),
        (torch.tensor([True]), torch.tensor([1])),
        (torch.tensor([1.0]), torch.tensor([True])),
        (torch.tensor([1]), torch.tensor([1 + 0j])),
        (torch.tensor([1 + 1j]), torch.tensor([1 + 2j])),
        (torch.tensor([1.0]), torch.tensor(1.0)),
    ],
    ids=[
        "a large integer",
        "one that wraps",
        "True for 1",
        "1.0 for True",
        "1 for 1+0j",
        "another part",
        "(1,) for ()",
    ],
)
def test_no_conversion_makes_them_equal(got: Any, want: Any) -> None:
    """Values are compared where none of their kind is rounded, and only with their kind."""
    with pytest.raises(Wrong):
        expect_equal(got, want, dtype=False)


def test_a_tensor_is_of_real_numbers_unless_said_otherwise() -> None:
    """`expect_tensor` alone, as suites use it before they convert: the kind is asked for without a word."""
    assert expect_tensor(X.half()).dtype is torch.float16
    for value in (X + 0j, X.nan_to_num(0, 9).int(), X != 0):
        with pytest.raises(Wrong, match="floating-point"):
            expect_tensor(value, shape=X.shape)
    assert expect_tensor(X != 0, kind="boolean").dtype is torch.bool
    assert expect_tensor(torch.arange(3), kind="integer").dtype is torch.int64
    assert expect_tensor(X != 0, dtype=torch.bool).dtype is torch.bool

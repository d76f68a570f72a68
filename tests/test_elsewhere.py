"""Forbidden functions seen however they are reached, and devices without a second device."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import torch

from torch.nn import functional as F  # noqa: N812

from interview.grading.elsewhere import Elsewhere, Mixed, Pose, pose
from interview.grading.forbidden import Forbidden, FromScratch, guard_classes

DROPOUTS = ("torch.nn.functional.*dropout*", "torch.nn.*Dropout*", "torch.*dropout*")
ALIAS = F.dropout
WAYS = {
    "functional": F.dropout,
    "alias": ALIAS,
    "module": torch.nn.Dropout(0.5),
    "a subclass": type("Mine", (torch.nn.Dropout,), {})(),
    "torch.dropout": lambda x: torch.dropout(x, 0.5, True),
    "in place": lambda x: torch.dropout_(x, 0.5, True),
    "native": lambda x: torch.native_dropout(x, 0.5, True),
    "ops": lambda x: torch.ops.aten.dropout(x, 0.5, True),
    "an overload": lambda x: torch.ops.aten.native_dropout.default(x, 0.5, True),
    "_C": lambda x: torch._C._VariableFunctions.dropout(x, 0.5, True),
    "_VF": lambda x: torch._VF.dropout(x, 0.5, True),
    "a string": lambda x: getattr(F, "alpha_" + "dropout")(x, 0.5, True),
    "features": lambda x: F.dropout2d(x[None, None], 0.5),
    "sequential": torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.Dropout()),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_is_seen(way: str) -> None:
    """The ready-made function raises with a sentence and is remembered, whichever way leads to it."""
    mode = FromScratch(DROPOUTS)
    with pytest.raises(Forbidden, match="ready-made"), mode:
        WAYS[way](torch.ones(3, 3))
    assert mode.called


def test_the_rest_is_not() -> None:
    """Layers may be made and asked for by isinstance; what is not named goes through."""
    mode = FromScratch(DROPOUTS)
    with mode:
        layer = torch.nn.Dropout(0.5)
        assert isinstance(layer, torch.nn.modules.dropout._DropoutNd)
        torch.nn.Linear(3, 3)(torch.rand(2, 3).bernoulli_())
    assert not mode.called


def test_optimizers_are_refused_when_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function mode does not see an optimizer's steps: its construction is refused; the base class may be used."""
    before = {name: value.__init__ for name, value in vars(torch.optim).items() if isinstance(value, type)}
    mode = FromScratch(("torch.optim.*",))
    functions = {
        name: getattr(__import__(f"torch.optim.{name}", fromlist=[name]), name) for name in ("adamw", "adam", "sgd")
    }
    try:
        guard_classes(("torch.optim.*",), mode)
        with pytest.raises(Forbidden):
            torch.optim.AdamW([torch.nn.Parameter(torch.ones(2))])
        assert mode.called == ["torch.optim.AdamW"]
    finally:
        for name, init in before.items():
            getattr(torch.optim, name).__init__ = init
        for name, function in functions.items():
            setattr(__import__(f"torch.optim.{name}", fromlist=[name]), name, function)


def in_context(x: torch.Tensor) -> torch.Tensor:
    with torch.device(x.device):
        return x * torch.rand(3)


def set_at(x: Any, index: Any, value: Any) -> Any:
    y = x.clone()
    y[index] = value
    return y


RIGHT = {
    "rand with device": lambda x: x * (torch.rand(x.shape, device=x.device) > 0.5),
    "rand_like": lambda x: torch.where(torch.rand_like(x) > 0.5, x, 0.0),
    "new_empty": lambda x: x * x.new_empty(x.shape).bernoulli_(0.5),
    "drawn here, moved": lambda x: x * torch.rand(x.shape).to(x.device),
    "moved to a tensor": lambda x: x * torch.rand(x.shape).to(x),
    "type_as": lambda x: x * torch.rand(x.shape).type_as(x),
    "a list of numbers": lambda x: x * torch.tensor([1.0, 0.0, 1.0], device=x.device),
    "a 0-d number of the CPU": lambda x: x * torch.tensor(2.0),
    "an index of the CPU": lambda x: x[torch.tensor([True, False, True])],
    "set by an index of the CPU": lambda x: set_at(x, torch.tensor([True, False, True]), 0.0),
    "put by an index of the CPU": lambda x: x.index_put((torch.tensor([0]),), x[:1]),
    "set to a 0-d number of the CPU": lambda x: set_at(x, slice(1), torch.tensor(0.0)),
    "with torch.device": in_context,
}
MIXING = {
    "rand": lambda x: x * torch.rand(x.shape),
    "bernoulli": lambda x: torch.where(torch.bernoulli(torch.full(x.shape, 0.5)) > 0, x, torch.zeros_like(x)),
    "ones": lambda x: x + torch.ones(3),
    "set to values of the CPU": lambda x: set_at(x, slice(None), torch.ones(3)),
}


@pytest.mark.parametrize("name", RIGHT)
def test_right_devices_stay_right(name: str) -> None:
    """What follows x to its device is not accused."""
    with Pose():
        value = RIGHT[name](pose(torch.ones(3)))
    assert isinstance(value, Elsewhere)


@pytest.mark.parametrize("name", MIXING)
def test_mixing_raises(name: str) -> None:
    """A tensor that was made on the CPU and meets x raises as torch does."""
    with pytest.raises(Mixed, match="same device"), Pose():
        MIXING[name](pose(torch.ones(3)))


def test_a_result_left_here() -> None:
    """A result made without x's device does not pose as living there."""
    with Pose():
        assert not isinstance(torch.rand(3), Elsewhere)

"""Forbidden functions seen however they are reached, and devices without a second device."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import torch

from torch.nn import functional as F  # noqa: N812

from interview.grading.answering.fake_device import Mixed, OnlyHere, Pose
from interview.grading.answering.from_scratch import Forbidden, FromScratch, guard_classes

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


def test_a_long_call_is_watched_to_its_end() -> None:
    """Idle operations before it do not hide a ready-made function."""
    mode, x = FromScratch(DROPOUTS), torch.ones(3)

    def call() -> None:
        for _ in range(5000):
            x.neg()
        torch.nn.functional.dropout(x)

    with pytest.raises(Forbidden), mode:
        call()
    assert mode.called == ["torch.nn.functional.dropout"]


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


class Masked(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:
        mask = (torch.rand_like(x) > 0.5).to(x.dtype)
        ctx.save_for_backward(mask)
        return x * mask

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> torch.Tensor:
        return grads[0] * ctx.saved_tensors[0]


def gradient(x: torch.Tensor) -> Any:
    y = Masked.apply(x.requires_grad_())  # type: ignore[no-untyped-call]
    y.sum().backward()
    return x.grad


def rows(x: torch.Tensor, **device: Any) -> Any:
    return torch.vmap(lambda each: each * torch.rand((), **device), randomness="different")(x)


def with_generator(x: torch.Tensor) -> torch.Tensor:
    generator = torch.Generator(device=x.device).manual_seed(1)
    assert isinstance(generator, torch.Generator)
    assert isinstance(torch.default_generator, torch.Generator)
    return x * torch.rand(x.shape, device=x.device, generator=generator)


def moved_and_used(x: torch.Tensor) -> torch.Tensor:
    mask = torch.rand(x.shape)
    mask.to(x.device)
    return x * mask


RIGHT = {
    "rand with device": lambda x: x * (torch.rand(x.shape, device=x.device) > 0.5),
    "rand_like": lambda x: torch.where(torch.rand_like(x) > 0.5, x, 0.0),
    "new_empty": lambda x: x * x.new_empty(x.shape).bernoulli_(0.5),
    "drawn here, moved": lambda x: x * torch.rand(x.shape).to(x.device),
    "moved by keyword": lambda x: x * torch.rand(x.shape).to(device=x.device),
    "moved by cuda()": lambda x: x * (torch.rand(x.shape).cuda() if x.is_cuda else torch.rand(x.shape)),
    "a module moved by cuda()": lambda x: torch.nn.Linear(3, 2).cuda().forward(x),
    "moved to a tensor": lambda x: x * torch.rand(x.shape).to(x),
    "type_as": lambda x: x * torch.rand(x.shape).type_as(x),
    "type as a text": lambda x: x * torch.rand(x.shape).type(x.type()),
    "a list of numbers": lambda x: x * torch.tensor([1.0, 0.0, 1.0], device=x.device),
    "a 0-d number of the CPU": lambda x: x * torch.tensor(2.0),
    "an index of the CPU": lambda x: x[torch.tensor([True, False, True])],
    "set by an index of the CPU": lambda x: set_at(x, torch.tensor([True, False, True]), 0.0),
    "put by an index of the CPU": lambda x: x.index_put((torch.tensor([0]),), x[:1]),
    "set to a 0-d number of the CPU": lambda x: set_at(x, slice(1), torch.tensor(0.0)),
    "with torch.device": in_context,
    "there and back": lambda x: (x.cpu() * torch.rand(x.shape)).to(x.device),
    "a parameter made of it": lambda x: torch.nn.Parameter(x) * x,
    "a module moved there": lambda x: torch.nn.Linear(3, 2).to(x.device)(x),
    "its own class": lambda x: x if type(x) is torch.Tensor else torch.rand(3),
    "through vmap": lambda x: rows(x, device=x.device),
    "a gradient": gradient,
    "a generator": with_generator,
    "as files of another age": lambda x: x * torch.cuda.FloatTensor(x.size()).uniform_(),
    "by the number of the device": lambda x: x * torch.rand(x.shape, device=x.get_device()),
}
MIXING = {
    "rand": lambda x: x * torch.rand(x.shape),
    "bernoulli": lambda x: torch.where(torch.bernoulli(torch.full(x.shape, 0.5)) > 0, x, torch.zeros_like(x)),
    "ones": lambda x: x + torch.ones(3),
    "set to values of the CPU": lambda x: set_at(x, slice(None), torch.ones(3)),
    "a module left here": torch.nn.Linear(3, 2),
    "moved, and not the one that is used": moved_and_used,
    "through vmap": rows,
    "fetched, then mixed": lambda x: x + x.cpu(),
    "a gradient set": lambda x: setattr(x, "grad", torch.ones(3)),
}
HERE = {
    "drawn": lambda x: torch.rand(3),
    "fetched": lambda x: x.cpu(),
    "shaped like x": lambda x: torch.rand(1).expand_as(x),
}


def lives(name: str, ways: dict[str, Any]) -> bool:
    """Does what comes back live elsewhere?"""
    pose, x = Pose(), torch.ones(3)
    with pose.struck(x):
        value = ways[name](x)
    return pose.has(value)


@pytest.mark.parametrize("name", RIGHT)
def test_right_devices_stay_right(name: str) -> None:
    """What follows x to its device is not accused."""
    assert lives(name, RIGHT)


@pytest.mark.parametrize("name", MIXING)
def test_mixing_raises(name: str) -> None:
    """A tensor that was made on the CPU and meets x raises as torch does."""
    with pytest.raises(Mixed, match="same device"):
        lives(name, MIXING)


@pytest.mark.parametrize("name", HERE)
def test_a_result_left_here(name: str) -> None:
    """A result made without x's device, or fetched from there, does not live there."""
    assert not lives(name, HERE)


def test_what_x_says_of_itself() -> None:
    """Every way to ask for the device has the same answer, and numpy is refused as torch refuses it."""
    pose, x = Pose(), torch.ones(3)
    with pose.struck(x):
        assert (x.device.type, x.is_cuda, x.is_cpu, x.get_device(), x.type()) == (
            "cuda", True, False, 0, "torch.cuda.FloatTensor",
        )  # fmt: skip
        assert x.detach().t().view(3).is_cuda
        with pytest.raises(OnlyHere, match="can't convert"):
            x.numpy()


def test_the_parameters_of_a_module_pose_with_it() -> None:
    """A module that was handed over lives elsewhere as a whole; what its forward makes without asking does not."""
    layer, x = torch.nn.BatchNorm1d(3), torch.ones(2, 3)
    pose = Pose()
    with pose.struck(layer, x):
        assert pose.has(layer(x))
        assert layer.weight.is_cuda


def test_nothing_is_left_of_a_pose() -> None:
    """Afterwards torch is as it was, whether or not the call raised."""
    before, x = (torch.Generator, torch.cuda.FloatTensor), torch.ones(3)
    with pytest.raises(ZeroDivisionError), Pose().struck(x):
        raise ZeroDivisionError
    assert (torch.Generator, torch.cuda.FloatTensor) == before
    assert x.device.type == "cpu"

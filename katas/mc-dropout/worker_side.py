"""The worker's side of the suite: models, and what a call leaves behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import nn

submission: Any  # the worker gives it

Flags = list[bool]  # which modules are in training, in the order of `modules()`


class LoudInTraining(nn.Module):
    """Not a dropout: adds 100 in training."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + 100 if self.training else x


class DropPath(LoudInTraining):
    """Called like a dropout, with a p as they have."""

    p = 0.5


class Recurrent(nn.Module):
    """Drops in training, between its layers."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.LSTM(4, 4, num_layers=2, dropout=0.5, batch_first=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        out: torch.Tensor = self.inner(x[:, None])[0][:, 0]
        return out


class Leaky(nn.Sequential):
    """Random in training."""

    def __init__(self) -> None:
        super().__init__(nn.RReLU(0.1, 0.9))


class Shift(nn.Module):
    def __init__(self, by: float) -> None:
        super().__init__()
        self.by = by

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.by


class Broken(Exception):
    """An error of the model's own."""


class Breaks(nn.Module):
    """Raises at the nth pass from the last `arm`, be it of a copy."""

    left = 0
    error: ClassVar[type[Exception]] = RuntimeError

    @classmethod
    def arm(cls, n: int, error: type[Exception]) -> None:
        Breaks.left, Breaks.error = n, error

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        Breaks.left -= 1
        if Breaks.left == 0:
            raise Breaks.error("this model breaks")
        return x


def plain(training: bool) -> nn.Module:
    return nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 3)).train(training)


def dropper(p: float, training: bool = False, kind: str = "Dropout") -> nn.Module:
    return nn.Sequential(nn.Identity(), getattr(nn, kind)(p)).train(training)


def bare(p: float) -> nn.Module:
    return nn.Dropout(p).eval()


def inner(p: float) -> nn.Module:
    return nn.Sequential(nn.Identity(), nn.Sequential(nn.Identity(), nn.Sequential(nn.Dropout(p)))).eval()


def shifted(p: float, by: float) -> nn.Module:
    return nn.Sequential(nn.Dropout(p), Shift(by)).eval()


def to_frames(p: float) -> nn.Module:
    """(B, 6) to (B, 3, 2)."""
    return nn.Sequential(nn.Dropout(p), nn.Unflatten(1, (3, 2))).eval()


def to_numbers(p: float, dtype: str = "float32") -> nn.Module:
    """(B, 6) to (B,)."""
    return nn.Sequential(nn.Dropout(p), nn.Linear(6, 1), nn.Flatten(0)).to(getattr(torch, dtype)).eval()


def normed(training: bool) -> nn.Module:
    model = nn.Sequential(nn.BatchNorm1d(4), nn.Dropout(0.0), nn.Sequential(nn.BatchNorm1d(4)))
    for norm in (each for each in model.modules() if isinstance(each, nn.BatchNorm1d)):
        norm.running_mean, norm.running_var = torch.randn(4), torch.rand(4) + 0.5
    return model.train(training)


def beside(kind: str, training: bool) -> nn.Module:
    """A module of this kind beside a dropout that drops nothing."""
    return nn.Sequential(globals()[kind](), nn.Dropout(0.0)).train(training)


def mixed(breaks: bool = False) -> nn.Module:
    return nn.Sequential(
        nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Dropout(0.3),
        nn.Sequential(nn.AlphaDropout(0.2), nn.Sequential(nn.Dropout(0.5), nn.LayerNorm(6))), nn.Linear(6, 2),
        Breaks() if breaks else nn.Identity(), nn.Dropout(0.1),
    )  # fmt: skip


def sharing() -> nn.Module:
    """A dropout layer in two blocks: root, first block, dropout, second block."""
    drop = nn.Dropout(0.3)
    return nn.Sequential(nn.Sequential(drop), nn.Sequential(drop))


def modes(model: nn.Module) -> Flags:
    return [each.training for each in model.modules()]


def set_modes(model: nn.Module, flags: Flags) -> nn.Module:
    for each, flag in zip(model.modules(), flags, strict=True):
        each.training = flag
    return model


def state(model: nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in model.state_dict().items()}


def moved(model: nn.Module, before: Mapping[str, torch.Tensor]) -> list[str]:
    return [name for name, value in model.state_dict().items() if not torch.equal(before[name], value)]


def made(calls: Sequence[Sequence[Any]]) -> list[nn.Module]:
    """Models, each by its function's name and arguments."""
    return [globals()[name](*args) for name, *args in calls]


def in_eval(models: Sequence[nn.Module], x: torch.Tensor) -> list[torch.Tensor]:
    """What each gives for x in eval, and all of them as they were."""
    found = []
    for model in models:
        flags = modes(model)
        with torch.no_grad():
            found.append(model.eval()(x))
        set_modes(model, flags)
    return found


def asked(model: nn.Module, x: torch.Tensor, samples: int = 3) -> Any:
    return submission.mc_dropout_predict(model, x, samples)


def broken(x: torch.Tensor, flags: Flags, at: int = 1, error: type[Exception] = RuntimeError) -> tuple[Flags, str]:
    """The modes after a call whose `at`-th pass raises, and what came: `passed on`, `returned`, or another error."""
    model = set_modes(mixed(breaks=True), flags)
    Breaks.arm(at, error)
    try:
        asked(model, x)
    except Exception as raised:
        return modes(model), "passed on" if type(raised) is error else type(raised).__name__
    return modes(model), "returned"


def varying(model: nn.Module, x: torch.Tensor) -> bool:
    """Do passes differ?"""
    return bool(asked(model, x, 12)[1].max() > 1e-3)


def idle(xs: Mapping[str, torch.Tensor]) -> list[str]:
    """The kinds of dropout that drop nothing of the x for them."""
    return [kind for kind, x in xs.items() if not varying(dropper(0.5, kind=kind), x)]


def normalised(x: torch.Tensor, training: bool) -> tuple[torch.Tensor, torch.Tensor, list[str]]:
    """Batch norm in eval, the mean of a call, and what that moved."""
    model = normed(training)
    (want,), before = in_eval([model], x), state(model)
    return want, asked(model, x)[0], moved(model, before)


def modes_after(x: torch.Tensor, flags: Sequence[Flags]) -> list[list[tuple[str, bool]]]:
    """For each mixture of before, the modules that a call leaves in another mode, and in which: of `mixed`, or of
    `sharing` where there are four."""
    found = []
    for each in flags:
        model = set_modes(mixed() if len(each) > 4 else sharing(), each)
        asked(model, x)
        off = [
            (type(one).__name__, one.training)
            for one, flag in zip(model.modules(), each, strict=True)
            if one.training != flag
        ]
        found.append(off)
    return found


def modes_after_errors(x: torch.Tensor, cases: Sequence[tuple[Flags, int, bool]]) -> list[tuple[Flags, str]]:
    """`broken` for each mixture, pass, and whether the error is the model's own type."""
    return [broken(x, flags, at, Broken if own else RuntimeError) for flags, at, own in cases]


def grad_modes(x: torch.Tensor) -> tuple[bool, bool, bool, bool]:
    """Do the results ask for a gradient, whether or not x does? Are gradients on after a call, after one under no_grad,
    and after one that raised?"""
    wanting = any(each.requires_grad for given in (x, x.clone().requires_grad_()) for each in asked(mixed(), given))
    after = torch.is_grad_enabled()
    with torch.set_grad_enabled(False):
        asked(mixed(), x)
        quiet = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    broken(x, modes(mixed()))
    return wanting, after, quiet, torch.is_grad_enabled()


def left_behind(x: torch.Tensor, training: bool) -> dict[str, Any]:
    """What a call changes of the model and of an x that asks for a gradient."""
    model = mixed().train(training)
    x = x.clone().requires_grad_()
    for each in model.parameters():
        each.grad = torch.ones_like(each)
    before, wanted = state(model), [each.requires_grad for each in model.parameters()]
    asked(model, x)
    wants = [each.requires_grad for each in model.parameters()]
    quiet = dropper(0.5)
    asked(quiet, x)
    return {
        "moved": moved(model, before),
        "frozen": not any(wants),
        "wants": wants == wanted,
        "grads": all(each.grad is not None and bool((each.grad == 1).all()) for each in model.parameters()),
        "hooks": sum(
            len(held) for each in model.modules() for name, held in vars(each).items() if name[-5:] == "hooks"
        ),
        "x_wants": x.requires_grad,
        "still": torch.equal(in_eval([quiet], x)[0], x),
    }


def twice(x: torch.Tensor) -> tuple[bool, bool]:
    """Does a second call give the means of the first? And a third one, after another number was drawn?"""
    model = dropper(0.5)
    first, second = asked(model, x)[0], asked(model, x)[0]
    torch.rand(1)
    return torch.equal(first, second), torch.equal(first, asked(model, x)[0])


def rewinds(x: torch.Tensor) -> bool:
    """Does the generator stand after a call where it stood before an earlier one? In between somebody else draws."""
    earlier: list[torch.Tensor] = []
    for _ in range(3):
        before = torch.default_generator.get_state()
        torch.rand(3)
        asked(dropper(0.5), x)
        if any(torch.equal(torch.default_generator.get_state(), each) for each in earlier):
            return True
        earlier += [before, torch.default_generator.get_state()]
    return False

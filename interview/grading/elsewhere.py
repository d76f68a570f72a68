"""Is everything made on x's device? Seen without a second device, and without the 0.8 s of a first `meta` tensor.

A tensor of class `Elsewhere` poses as living on another device: it says so when asked, what is derived from it or
made with `device=x.device` lives there too, and mixing it with a tensor that stayed on the CPU raises as torch does.
Only that mixing, or a result left on the CPU, counts as evidence; any other trouble is the pose's own fault.
"""

from __future__ import annotations

from typing import Any

import torch
from torch.overrides import TorchFunctionMode
from torch.utils import _device

from interview.grading.codec import tensors

DEVICE = torch.device("cuda:0")


class Mixed(RuntimeError):
    """A tensor of the CPU met one that lives elsewhere."""

    def __init__(self, operation: str) -> None:
        super().__init__(
            "Expected all tensors to be on the same device, but found at least two devices,"
            f" {DEVICE} and cpu! ({operation})"
        )


class Elsewhere(torch.Tensor):
    """A CPU tensor that poses as one on DEVICE. Operations are watched by `Pose`."""

    __torch_function__ = torch._C._disabled_torch_function_impl  # type: ignore[assignment]


def pose(value: torch.Tensor) -> torch.Tensor:
    return value.as_subclass(Elsewhere)


class Pose(TorchFunctionMode):
    """While active, DEVICE exists: factories accept it, conversions reach it, and mixing raises Mixed."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        name = getattr(func, "__name__", str(func))
        if func is torch.device:
            return func(*args, **kwargs)
        if makes_there(func, kwargs):
            kwargs["device"] = DEVICE
        if func in ASKED:
            return ASKED[func] if isinstance(args[0], Elsewhere) else func(*args, **kwargs)
        if name == "__get__":
            return self.attribute(func, args)
        goes = destination(name, args, kwargs)
        args, kwargs = here(args), here(kwargs)
        if goes is None:
            goes = self.stays(name, args, kwargs)
        elif name == "to" and any(isinstance(each, torch.Tensor) for each in args[1:]):
            kwargs_other = [each for each in args[1:] if not isinstance(each, torch.Tensor)]
            args = (args[0], next(each.dtype for each in args[1:] if isinstance(each, torch.Tensor)), *kwargs_other)
        result = func(*args, **kwargs)
        return settle(result, elsewhere=goes)

    def attribute(self, func: Any, args: Any) -> Any:
        if getattr(func, "__self__", None) is torch.Tensor.device:
            return DEVICE if isinstance(args[0], Elsewhere) else func(*args)
        if getattr(func, "__self__", None) is torch.Tensor.is_cuda:
            return isinstance(args[0], Elsewhere)
        return settle(func(*args), elsewhere=isinstance(args[0], Elsewhere))

    def stays(self, name: str, args: Any, kwargs: Any) -> bool:
        """Does the result live elsewhere? Raises Mixed as torch would: 0-d CPU numbers and CPU indices may join."""
        indexed = name in ("__getitem__", "__setitem__", "index_put_", "index_put")
        met = tensors((args[0], args[2:]) if indexed else (args, kwargs))  # an index may lie on the CPU
        away = [each for each in met if isinstance(each, Elsewhere)]
        near = [each for each in met if not isinstance(each, Elsewhere) and each.dim() > 0]
        if away and near and name not in ("__eq__", "copy_"):
            raise Mixed(name)
        if name == "copy_":
            return isinstance(args[0], Elsewhere)
        return bool(away)


ASKED: dict[Any, Any] = {torch.Tensor.get_device: 0}


def destination(name: str, args: Any, kwargs: Any) -> bool | None:
    """Where a factory or a conversion was told to put its result; None when nothing was said."""
    if name == "cpu":
        return False
    if name == "cuda":
        return True
    if kwargs.get("device") is not None:
        return is_there(kwargs["device"])
    if name in ("to", "type_as"):
        for each in args[1:]:
            if isinstance(each, torch.Tensor):
                return isinstance(each, Elsewhere)
            if isinstance(each, torch.device | str):
                return is_there(each)
    return None


def makes_there(func: Any, kwargs: dict[str, Any]) -> bool:
    """A factory inside `with torch.device(x.device)`: torch adds the device below every other mode, after us."""
    default = _device.CURRENT_DEVICE
    if default is None or default.type != DEVICE.type or kwargs.get("device") is not None:
        return False
    return func in _device._device_constructors()


def is_there(device: Any) -> bool:
    return torch.device(device).type == DEVICE.type


def here(values: Any) -> Any:
    """The same arguments with DEVICE read as the CPU, where everything really is."""
    if isinstance(values, dict):
        return {key: here(each) for key, each in values.items()}
    if type(values) in (tuple, list):
        return type(values)(here(each) for each in values)
    if isinstance(values, torch.device) and values.type == DEVICE.type:
        return torch.device("cpu")
    if isinstance(values, str) and values.split(":")[0] == DEVICE.type:
        return "cpu"
    return values


def settle(result: Any, *, elsewhere: bool) -> Any:
    if isinstance(result, torch.Tensor):
        if elsewhere != isinstance(result, Elsewhere):
            return result.as_subclass(Elsewhere if elsewhere else torch.Tensor)
        return result
    if type(result) in (tuple, list) or type(result).__module__ == "torch.return_types":  # x.max(dim) gives the latter
        return type(result)([settle(each, elsewhere=elsewhere) for each in result])
    return result

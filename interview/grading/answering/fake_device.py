"""The fake device: is everything made on x's device? Seen without a second one, and without the 0.8 s of a first `meta`
tensor.

While a `Pose` is active a device exists that is none: tensors whose memory it knows live there. They say so when
asked, what is derived from them or made with `device=x.device` lives there too, and mixing them with a tensor that
stayed on the CPU raises as torch does. Memory, not the Python object, is what lives somewhere: so a view, a parameter
made of a tensor, one that comes back out of autograd or vmap is where it was. Their class is what it was, too.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import torch
from torch.overrides import TorchFunctionMode
from torch.utils import _device

from interview.grading.wire.values import tensors

DEVICE = torch.device("cuda:0")
ASKED = {"is_cuda": (True, False), "is_cpu": (False, True)}  # an attribute there, and here
FREE = ("__eq__", "expand_as", "view_as", "reshape_as", "_has_compatible_shallow_copy_type")  # these mix nothing
LEGACY = ("Float", "Double", "Half", "BFloat16", "Long", "Int", "Short", "Char", "Byte", "Bool")  # torch.cuda.…Tensor


class Mixed(RuntimeError):
    """A tensor of the CPU met one that lives elsewhere."""

    def __init__(self, operation: str) -> None:
        super().__init__(
            "Expected all tensors to be on the same device, but found at least two devices,"
            f" {DEVICE} and cpu! ({operation})"
        )


class OnlyHere(TypeError):
    """What is asked of a tensor that lives elsewhere can be done on the CPU only."""

    def __init__(self) -> None:
        super().__init__(
            f"can't convert {DEVICE} device type tensor to numpy."
            " Use Tensor.cpu() to copy the tensor to host memory first."
        )


class Pose(TorchFunctionMode):
    """While active, DEVICE exists: factories accept it, conversions reach it, and mixing raises Mixed."""

    def __init__(self) -> None:
        super().__init__()
        self.there: dict[int, Any] = {}  # memories that live elsewhere, by their address; kept, so that none comes back

    def put(self, value: torch.Tensor) -> None:
        """It lives elsewhere from now on, and so does whatever shares its memory."""
        memory = memory_of(value)
        self.there[memory._cdata] = memory

    def has(self, value: torch.Tensor) -> bool:
        return memory_of(value)._cdata in self.there

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        name = getattr(func, "__name__", str(func))
        if func is torch.device or name == "_parse_to":  # nothing but a device, and where `Module.to` reads it
            return func(*args, **kwargs)
        if name in ("__get__", "__set__"):
            return self.attribute(func, name, args)
        if makes_there(func, kwargs) or type(kwargs.get("device")) is int:
            kwargs["device"] = DEVICE
        if name in ("numpy", "__array__", "__dlpack__") and self.has(args[0]) and not kwargs.get("force"):
            raise OnlyHere
        if name == "get_device":
            return 0 if self.has(args[0]) else -1
        if name == "type" and len(args) == 1 and not kwargs:
            said: str = func(*args)
            return said.replace("torch.", "torch.cuda.") if self.has(args[0]) else said
        if name == "cuda":
            return self.settle(args[0].clone(), there=True, given=())
        goes = self.destination(name, args, kwargs)
        goes = self.stays(name, args, kwargs) if goes is None else goes
        return self.settle(func(*here(args), **here(kwargs)), there=goes, given=(args, kwargs))

    def attribute(self, func: Any, name: str, args: Any) -> Any:
        asked = getattr(getattr(func, "__self__", None), "__name__", "")
        if name == "__set__":
            if asked == "grad" and isinstance(args[1], torch.Tensor) and self.has(args[0]) != self.has(args[1]):
                raise Mixed("grad")
            return func(*args)
        if asked == "device":
            return DEVICE if self.has(args[0]) else func(*args)
        if asked in ASKED:
            return ASKED[asked][0 if self.has(args[0]) else 1]
        return self.settle(func(*args), there=self.has(args[0]), given=())

    def destination(self, name: str, args: Any, kwargs: Any) -> bool | None:
        """Where a factory or a conversion was told to put its result; None when nothing was said."""
        if name == "cpu":
            return False
        if kwargs.get("device") is not None:
            return is_there(kwargs["device"])
        if name in ("to", "type_as", "type"):
            for each in (*args[1:], *kwargs.values()):
                if isinstance(each, torch.Tensor):
                    return self.has(each)
                if isinstance(each, torch.device) or (isinstance(each, str) and not each.startswith("torch.")):
                    return is_there(each)
                if isinstance(each, str):
                    return each.startswith("torch.cuda.")
        return None

    def stays(self, name: str, args: Any, kwargs: Any) -> bool:
        """Does the result live elsewhere? Raises Mixed as torch would: 0-d CPU numbers and CPU indices may join, and
        gradients on their way back, of which no one said where they were made."""
        indexed = name in ("__getitem__", "__setitem__", "index_put_", "index_put")
        met = tensors((args[0], args[2:]) if indexed else (args, kwargs))  # an index may lie on the CPU
        away = [each for each in met if self.has(each)]
        near = [each for each in met if unwrapped(each).dim() > 0 and not self.has(each)]
        if name == "copy_" or name in FREE:
            return self.has(args[0])
        if away and near and torch._C._current_autograd_node() is None:
            raise Mixed(name)
        return bool(away)

    def settle(self, result: Any, *, there: bool, given: Any) -> Any:
        """The result, where it belongs. One that is its own source (`x.to(x.device)` does nothing, here) is copied."""
        if isinstance(result, torch.Tensor):
            if there == self.has(result):
                return result
            if not there or any(memory_of(each)._cdata == memory_of(result)._cdata for each in tensors(given)):
                result = result.clone()
            if there:
                self.put(result)
            return result
        if type(result) in (tuple, list) or type(result).__module__ == "torch.return_types":  # x.max(dim): the latter
            return type(result)([self.settle(each, there=there, given=given) for each in result])
        return result

    @contextlib.contextmanager
    def struck(self, *values: Any) -> Iterator[None]:
        """The pose held, with the tensors in `values` elsewhere, modules and their parameters too."""
        for each in values:
            for tensor in [*tensors(each), *state(each)]:
                self.put(tensor)
        real = {(torch.cuda, f"{each}Tensor"): getattr(torch.cuda, f"{each}Tensor") for each in LEGACY}
        real[torch, "Generator"] = torch.Generator
        for (module, name), value in real.items():
            setattr(module, name, Generator if value is torch.Generator else self.maker(getattr(torch, name)))
        try:
            with self:
                yield
        finally:
            for (module, name), value in real.items():
                setattr(module, name, value)

    def maker(self, kind: Any) -> Any:
        """`torch.cuda.FloatTensor` and its like, as files of another age call them."""
        return lambda *args: self.settle(kind(*args), there=True, given=args)


class AnyGenerator(type(torch._C.Generator)):  # type: ignore[misc]
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, torch._C.Generator)


class Generator(torch._C.Generator, metaclass=AnyGenerator):
    """Stands in for `torch.Generator`: one for DEVICE is one of the CPU."""

    def __new__(cls, device: Any = "cpu") -> Any:
        return super().__new__(cls, here(device))  # type: ignore[call-arg]


def unwrapped(value: torch.Tensor) -> torch.Tensor:
    """The tensor itself, where vmap has wrapped it."""
    while torch._C._functorch.is_functorch_wrapped_tensor(value):
        value = torch._C._functorch.get_unwrapped(value)
    return value


def memory_of(value: torch.Tensor) -> Any:
    """The memory that a tensor lies in. A sparse one has none: no pose then."""
    return unwrapped(value).untyped_storage()


def state(value: Any) -> list[torch.Tensor]:
    """Parameters and buffers of the modules among some values, or of the module whose method one is."""
    if isinstance(value, tuple | list):
        return [tensor for each in value for tensor in state(each)]
    if isinstance(value, dict):
        return state(list(value.values()))
    owner = value if isinstance(value, torch.nn.Module) else getattr(value, "__self__", None)
    return [*owner.parameters(), *owner.buffers()] if isinstance(owner, torch.nn.Module) else []


def works_on_meta(function: Any, args: Any, kwargs: Any) -> bool:
    """Does it leave nothing on the CPU where its tensors are on torch's own device without values? A second look, for
    the first operation there imports half of torch; and a weaker one: what wants to know a value raises."""
    try:
        value = function(*on_meta(args), **on_meta(kwargs))
    except Exception:
        return False
    return all(each.is_meta for each in tensors(value))


def on_meta(values: Any) -> Any:
    if isinstance(values, torch.Tensor):
        return values.to("meta")
    if isinstance(values, dict):
        return {key: on_meta(each) for key, each in values.items()}
    if type(values) in (tuple, list):
        return type(values)(on_meta(each) for each in values)
    return values


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
    if isinstance(values, str) and values.startswith("torch.cuda."):
        return values.replace("torch.cuda.", "torch.")
    return values

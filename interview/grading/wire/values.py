"""Values as frames say them: plain numbers, text, containers and tensors, and references to what stays where it is.

What is read is rebuilt as fresh plain values, whatever was sent. The sender's classes never cross.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from typing import Any

import torch

from interview.dataclass import dataclass
from interview.grading.wire.frames import PAYLOAD_LIMIT, SMALL, WireError
from interview.printable import printable

TENSOR_LIMIT = 1 << 14  # tensors in one frame
PAIR_LIMIT = 10_000  # entries of one dictionary: keys with equal hashes take the square of it
NAME_LIMIT = 100  # characters of a type's name
DEPTH_LIMIT = 48  # nested containers
DIMENSION_LIMIT = 32
PLAIN = frozenset((type(None), bool, int, float, str))
BOOLEANS = bytes([0] + [1] * 255)  # any byte may come: only 0 and 1 are booleans

DTYPES = {
    str(each).removeprefix("torch."): each
    for each in (
        torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64, torch.complex128,
        torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.bool,
    )
}  # fmt: skip
NAMES = {dtype: name for name, dtype in DTYPES.items()}
TENSOR_BODIES = ((str, list, int, bool), (str, list, int, bool, list))  # dtype, shape, offset, requires_grad, strides


@dataclass(frozen=True, slots=True)
class Handle:
    """An object that stays where it is: the other side knows it by its number and the name of its type."""

    number: int
    type: str


@dataclass(frozen=True, slots=True)
class Callback:
    """A function that stays on the judge's side; the worker calls it by sending a frame."""

    number: int


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value that cannot cross. Only the name of its type is known."""

    type: str


Keep = Callable[[Any], Any]


class Encoder:
    """Turns values into a header's JSON and appends tensor bytes to `payload`.

    `keep` is asked about values that cannot cross; it returns a Handle, a Callback or an Opaque in their place.
    """

    def __init__(self, keep: Keep) -> None:
        self.keep = keep
        self.payload: list[bytes | memoryview] = []
        self.offset = 0

    def encode(self, value: Any, depth: int = 0) -> Any:
        kind = type(value)
        if kind in PLAIN:
            return value
        if kind is torch.Tensor:
            return self.tensor(value)
        if depth > DEPTH_LIMIT:
            raise WireError(f"a value is nested more than {DEPTH_LIMIT} deep")
        inner = depth + 1
        if kind is list:
            return [self.encode(each, inner) for each in value]
        if kind is tuple:
            return {"t": [self.encode(each, inner) for each in value]}
        if kind is dict:
            return {"d": [[self.encode(key, inner), self.encode(each, inner)] for key, each in value.items()]}
        return self.rarer(value, inner)

    def rarer(self, value: Any, depth: int) -> Any:
        """Values of the other kinds, and those of a subclass, which cross as what they are made of."""
        match value:
            case str():
                return str.__str__(value)
            case int():
                return int(value)
            case float():
                return float(value)
            case bytes():
                return {"b": value.decode("latin-1")}
            case torch.Tensor():
                return self.tensor(value)
            case torch.Size():
                return {"t": list(value)}
            case tuple():
                return self.encode(tuple(value), depth)
            case list():
                return self.encode(list(value), depth)
            case dict():
                return self.encode(dict(value.items()), depth)
            case torch.dtype() if value in NAMES:
                return {"y": NAMES[value]}
            case complex():
                return {"c": [value.real, value.imag]}
            case Handle():
                return {"h": [value.number, value.type]}
            case Callback():
                return {"k": value.number}
            case Opaque():
                return {"o": value.type}
            case _:
                return self.encode(self.keep(value), depth)

    def tensor(self, value: torch.Tensor) -> Any:
        needs_gradient = bool(value.requires_grad)
        plain = value if type(value) is torch.Tensor and not needs_gradient else value.detach()
        name = NAMES.get(plain.dtype)
        if name is None or plain.layout is not torch.strided or not plain.is_cpu:
            return {"o": f"{plain.device.type} tensor of {plain.dtype}, {plain.layout}"}
        if has_no_memory(plain):
            return {"o": "tensor without memory of its own"}
        if plain.is_conj() or plain.is_neg():
            plain = plain.resolve_conj().resolve_neg()
        body = [name, list(plain.shape), self.offset, needs_gradient]
        if plain.is_contiguous() or plain.numel() == 0:
            self.append(plain.contiguous())
            return {"x": body}
        # A view is sent as the stretch of memory it lies in, so that the other side sees the same strides.
        span = 1 + sum((size - 1) * stride for size, stride in zip(plain.shape, plain.stride(), strict=True))
        self.append(plain.as_strided((span,), (1,)))
        return {"x": [*body, list(plain.stride())]}

    def append(self, flat: torch.Tensor) -> None:
        """The bytes of a contiguous tensor; many of them are sent from where they lie."""
        size = flat.nbytes
        self.payload.append(lent(flat, size) if size > SMALL else raw(flat))
        self.offset += size


def has_no_memory(plain: torch.Tensor) -> bool:
    """Is it nested, freed, or one that only wraps another (a fake, a batched one)? There are no bytes to be read."""
    try:
        return plain.is_nested or (plain.data_ptr() == 0 and plain.numel() > 0)
    except RuntimeError:
        return True


def raw(flat: torch.Tensor) -> bytes:
    """A copy of the bytes of a contiguous tensor, without numpy."""
    size = flat.nbytes
    return ctypes.string_at(flat.data_ptr(), size) if size else b""


def lent(flat: torch.Tensor, size: int) -> memoryview:
    """The same bytes in place, and the tensor stays alive with them."""
    memory: Any = (ctypes.c_ubyte * size).from_address(flat.data_ptr())
    memory.owner = flat
    return memoryview(memory).cast("B")


class Decoder:
    """Rebuilds values from a header's JSON and its payload.

    `revive` turns a Handle or Callback into what it stands for. Each tensor gets memory of its own. `gives`: one that
    fills a large payload takes that as its memory; otherwise all are copied.
    """

    def __init__(self, payload: memoryview, revive: Keep, *, gives: bool = False) -> None:
        self.payload = payload
        self.revive = revive
        self.gives = gives and len(payload) > SMALL
        self.tensors = 0
        self.bytes = 0  # of all tensors, each counted as it would be copied: they may share their bytes, or repeat them

    def decode(self, node: Any, depth: int = 0) -> Any:
        kind = type(node)
        if kind in PLAIN:
            return node
        if depth > 2 * DEPTH_LIMIT:
            raise WireError("a value is nested too deep")
        if kind is list:
            return [self.decode(each, depth + 1) for each in node]
        if kind is not dict or len(node) != 1:
            raise WireError("a frame holds a value of no known kind")
        ((tag, body),) = node.items()
        if tag == "x" and type(body) is list:
            try:
                return self.tensor(body)
            except (RuntimeError, ValueError, OverflowError):  # sizes whose product no number of torch's holds
                raise WireError("a tensor's header is malformed") from None
        if tag == "t" and type(body) is list:
            return tuple([self.decode(each, depth + 1) for each in body])
        if tag == "d" and type(body) is list:
            return self.dictionary(body, depth + 1)
        return self.rarer(tag, body)

    def rarer(self, tag: str, body: Any) -> Any:
        match tag, body:
            case "b", str(text):
                return text.encode("latin-1", "replace")
            case "y", str(name) if name in DTYPES:
                return DTYPES[name]
            case "c", [int() | float() as real, int() | float() as imaginary]:
                try:
                    return complex(real, imaginary)
                except OverflowError:
                    raise WireError("a number is too large") from None
            case "h", [int(number), str(kind)]:
                return self.revive(Handle(number, printable(kind, NAME_LIMIT)))
            case "k", int(number):
                return self.revive(Callback(number))
            case "o", str(kind):
                return Opaque(printable(kind, NAME_LIMIT))
            case _:
                raise WireError("a frame holds a value of no known kind")

    def dictionary(self, pairs: list[Any], depth: int) -> dict[Any, Any]:
        if len(pairs) > PAIR_LIMIT:
            raise WireError(f"a dictionary of more than {PAIR_LIMIT} entries")
        try:
            return {self.decode(key, depth): self.decode(value, depth) for key, value in pairs}
        except (TypeError, ValueError):
            raise WireError("a frame holds a dictionary with keys that cannot be keys") from None

    def tensor(self, body: list[Any]) -> torch.Tensor:
        kinds = tuple(map(type, body))
        if kinds not in TENSOR_BODIES:
            raise WireError("a tensor's header is malformed")
        name, shape, offset, requires_grad, stride = (*body, None)[:5]
        dtype = DTYPES.get(name)
        if dtype is None or len(shape) > DIMENSION_LIMIT or not are_sizes(shape):
            raise WireError("a tensor's header is malformed")
        count = math.prod(shape)
        self.tensors += 1
        # An empty one may be summed over, and then counts like a full one.
        self.bytes += (count or math.prod([each or 1 for each in shape])) * dtype.itemsize
        if self.tensors > TENSOR_LIMIT or self.bytes > PAYLOAD_LIMIT:
            raise WireError("the tensors of a frame are too large to be judged")
        if stride is not None:
            if len(stride) != len(shape) or not count or not are_sizes(stride):
                raise WireError("a tensor's strides are malformed")
            count = 1 + sum((size - 1) * step for size, step in zip(shape, stride, strict=True))
        flat = self.flat(dtype, offset, count * dtype.itemsize)
        value = (flat if shape == [count] else flat.view(shape)) if stride is None else flat.as_strided(shape, stride)
        return value.requires_grad_() if requires_grad and dtype.is_floating_point else value

    def flat(self, dtype: torch.dtype, offset: int, size: int) -> torch.Tensor:
        if offset < 0 or offset + size > len(self.payload):
            raise WireError("a tensor reaches past its frame")
        if not size:
            return torch.empty(0, dtype=dtype)
        if self.gives and size == len(self.payload) and dtype is not torch.bool:
            self.gives = False
            return torch.frombuffer(self.payload, dtype=dtype)
        own = bytearray(self.payload[offset : offset + size])
        if dtype is torch.bool:
            own = own.translate(BOOLEANS)
        return torch.frombuffer(own, dtype=dtype)


def are_sizes(values: list[Any]) -> bool:
    return all(type(each) is int and 0 <= each < 1 << 40 for each in values)


def tensors(values: Any) -> list[torch.Tensor]:
    """The tensors among nested arguments or results, in an order that both sides know."""
    if isinstance(values, torch.Tensor):
        return [values]
    if isinstance(values, dict):
        values = values.values()
    elif not isinstance(values, tuple | list):
        return []
    found = []
    for each in values:
        found += tensors(each)
    return found

"""Frames between judge and worker: a JSON header and raw tensor bytes. No pickle in either direction.

A frame is two big-endian 32-bit lengths, the header and the payload. Every length is checked before anything is
allocated, one deadline covers the whole frame however slowly it drips, and what is read is rebuilt as fresh plain
values: numbers, text, containers, tensors. The sender's classes never cross.
"""

from __future__ import annotations

import ctypes
import json
import math
import select
import socket
import struct
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import torch

HEADER_LIMIT = 1 << 20  # bytes; long lists of tokens travel here too, so more than the 64 KiB a tensor's header needs
PAYLOAD_LIMIT = 128 << 20  # bytes of tensors in one frame
TENSOR_LIMIT = 1 << 14  # tensors in one frame
PAIR_LIMIT = 10_000  # entries of one dictionary: keys with equal hashes take the square of it
NAME_LIMIT = 100  # characters of a type's name
DEPTH_LIMIT = 48  # nested containers
DIMENSION_LIMIT = 32
LENGTHS = struct.Struct("!II")

DTYPES = {
    str(each).removeprefix("torch."): each
    for each in (
        torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.complex64, torch.complex128,
        torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.bool,
    )
}  # fmt: skip
NAMES = {dtype: name for name, dtype in DTYPES.items()}


class WireError(Exception):
    """A frame that breaks the rules: too large, malformed, or of a kind that does not cross."""


class Gone(Exception):
    """The other end has closed the connection."""


class Late(Exception):
    """The deadline passed before the frame was complete."""


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


def send(sock: socket.socket, header: Any, payload: Iterable[bytes], *, deadline: float) -> None:
    """Write one frame. Raises Gone, Late, or WireError when it is too large to be read at the other end."""
    text = json.dumps(header, separators=(",", ":")).encode()
    chunks = list(payload)
    size = sum(map(len, chunks))
    if len(text) > HEADER_LIMIT or size > PAYLOAD_LIMIT:
        raise WireError(f"a value of {len(text) + size} bytes is too large to be judged")
    for chunk in (LENGTHS.pack(len(text), size) + text, *chunks):
        write(sock, chunk, deadline)


def write(sock: socket.socket, chunk: bytes, deadline: float) -> None:
    try:
        sock.settimeout(left(deadline))
        sock.sendall(chunk)
    except TimeoutError:
        raise Late from None
    except OSError as error:
        raise Gone from error


def receive(sock: socket.socket, *, deadline: float) -> tuple[Any, memoryview]:
    """Read one frame: the parsed header and its payload, not yet decoded."""
    header_size, payload_size = LENGTHS.unpack(read(sock, LENGTHS.size, deadline))
    if header_size > HEADER_LIMIT or payload_size > PAYLOAD_LIMIT:
        raise WireError(f"a frame announces {header_size + payload_size} bytes")
    text = read(sock, header_size, deadline)
    payload = read(sock, payload_size, deadline)
    try:
        return json.loads(bytes(text)), payload
    except (ValueError, RecursionError):
        raise WireError("a frame's header is not JSON") from None


def readable(sock: socket.socket, deadline: float) -> bool:
    """Wait until something arrives (or the other end hangs up); False when the deadline comes first."""
    ready, _, _ = select.select([sock], [], [], max(0.0, deadline - time.monotonic()))
    return bool(ready)


def read(sock: socket.socket, size: int, deadline: float) -> memoryview:
    buffer = memoryview(bytearray(size))
    filled = 0
    while filled < size:
        try:
            sock.settimeout(left(deadline))
            count = sock.recv_into(buffer[filled:])
        except TimeoutError:
            raise Late from None
        except OSError as error:
            raise Gone from error
        if not count:
            raise Gone
        filled += count
    return buffer


def left(deadline: float) -> float:
    """Seconds until the deadline on the monotonic clock; a timeout of zero would mean 'do not block'."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise Late
    return seconds


class Encoder:
    """Turns values into a header's JSON and appends tensor bytes to `payload`.

    `keep` is asked about values that cannot cross; it returns a Handle, a Callback or an Opaque in their place.
    """

    def __init__(self, keep: Keep) -> None:
        self.keep = keep
        self.payload: list[bytes] = []
        self.offset = 0

    def encode(self, value: Any, depth: int = 0) -> Any:
        if depth > DEPTH_LIMIT:
            raise WireError(f"a value is nested more than {DEPTH_LIMIT} deep")
        inner = depth + 1
        match value:
            case None | bool() | str():
                return value
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
                return {"t": [self.encode(each, inner) for each in value]}
            case list():
                return [self.encode(each, inner) for each in value]
            case dict():
                pairs = [[self.encode(key, inner), self.encode(each, inner)] for key, each in value.items()]
                return {"d": pairs}
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
                return self.encode(self.keep(value), inner)

    def tensor(self, value: torch.Tensor) -> Any:
        plain = value.detach()
        if plain.dtype not in NAMES or plain.layout is not torch.strided or plain.device.type != "cpu":
            return {"o": f"{plain.device.type} tensor of {plain.dtype}, {plain.layout}"}
        plain = plain.resolve_conj().resolve_neg()
        body = [NAMES[plain.dtype], list(plain.shape), self.offset, bool(value.requires_grad)]
        if plain.is_contiguous() or plain.numel() == 0:
            self.append(raw(plain.contiguous()))
            return {"x": body}
        # A view is sent as the stretch of memory it lies in, so that the other side sees the same strides.
        span = 1 + sum((size - 1) * stride for size, stride in zip(plain.shape, plain.stride(), strict=True))
        self.append(raw(plain.as_strided((span,), (1,))))
        return {"x": [*body, list(plain.stride())]}

    def append(self, chunk: bytes) -> None:
        self.payload.append(chunk)
        self.offset += len(chunk)


def raw(flat: torch.Tensor) -> bytes:
    """The bytes of a contiguous tensor, without numpy."""
    size = flat.numel() * flat.element_size()
    return ctypes.string_at(flat.data_ptr(), size) if size else b""


class Decoder:
    """Rebuilds values from a header's JSON and its payload.

    `revive` turns a Handle or Callback into what it stands for.
    """

    def __init__(self, payload: memoryview, revive: Keep) -> None:
        self.payload = payload
        self.revive = revive
        self.tensors = 0
        self.bytes = 0  # of all tensors, each counted as it would be copied: they may share their bytes, or repeat them

    def decode(self, node: Any, depth: int = 0) -> Any:
        if depth > 2 * DEPTH_LIMIT:
            raise WireError("a value is nested too deep")
        inner = depth + 1
        match node:
            case None | bool() | int() | float() | str():
                return node
            case list():
                return [self.decode(each, inner) for each in node]
            case {"b": str(text)}:
                return text.encode("latin-1", "replace")
            case {"t": list(items)}:
                return tuple(self.decode(each, inner) for each in items)
            case {"d": list(pairs)}:
                return self.dictionary(pairs, inner)
            case {"x": list(body)}:
                try:
                    return self.tensor(body)
                except (RuntimeError, ValueError, OverflowError):  # sizes whose product no number of torch's holds
                    raise WireError("a tensor's header is malformed") from None
            case {"y": str(name)} if name in DTYPES:
                return DTYPES[name]
            case {"c": [int() | float() as real, int() | float() as imaginary]}:
                try:
                    return complex(real, imaginary)
                except OverflowError:
                    raise WireError("a number is too large") from None
            case {"h": [int(number), str(kind)]}:
                return self.revive(Handle(number, printable(kind, NAME_LIMIT)))
            case {"k": int(number)}:
                return self.revive(Callback(number))
            case {"o": str(kind)}:
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
        match body:
            case [str(name), list(shape), int(offset), bool(requires_grad)]:
                stride = None
            case [str(name), list(shape), int(offset), bool(requires_grad), list(stride)]:
                pass
            case _:
                raise WireError("a tensor's header is malformed")
        if name not in DTYPES or len(shape) > DIMENSION_LIMIT or not all(is_size(each) for each in shape):
            raise WireError("a tensor's header is malformed")
        count = math.prod(shape)
        self.tensors += 1
        self.bytes += math.prod(max(1, each) for each in shape) * DTYPES[name].itemsize  # an empty one may be summed
        if self.tensors > TENSOR_LIMIT or self.bytes > PAYLOAD_LIMIT:
            raise WireError("the tensors of a frame are too large to be judged")
        if stride is not None:
            if len(stride) != len(shape) or not count or not all(is_size(each) for each in stride):
                raise WireError("a tensor's strides are malformed")
            count = 1 + sum((size - 1) * step for size, step in zip(shape, stride, strict=True))
        flat = self.flat(DTYPES[name], offset, count)
        value = flat.reshape(shape) if stride is None else flat.as_strided(shape, stride)
        return value.requires_grad_() if requires_grad and value.is_floating_point() else value

    def flat(self, dtype: torch.dtype, offset: int, count: int) -> torch.Tensor:
        size = count * dtype.itemsize
        if offset < 0 or offset + size > len(self.payload):
            raise WireError("a tensor reaches past its frame")
        if not count:
            return torch.empty(0, dtype=dtype)
        own = bytearray(self.payload[offset : offset + size])
        if dtype is torch.bool:  # any byte may come: only 0 and 1 are booleans
            return torch.frombuffer(own, dtype=torch.uint8) != 0
        return torch.frombuffer(own, dtype=dtype)


def is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 40


def printable(text: str, limit: int = 2000) -> str:
    """Text from the other side, made safe to show: no terminal escapes, no end of line but `\\n`, capped."""
    if len(text) <= limit and text.isprintable():
        return text
    safe = "".join(each if each.isprintable() or each == "\n" else "\N{REPLACEMENT CHARACTER}" for each in text[:limit])
    return safe + ("…" if len(text) > limit else "")

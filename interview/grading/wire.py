"""Frames between judge and worker: a JSON header and raw bytes. No pickle in either direction.

A frame is two big-endian 32-bit lengths, the header and the payload. Every length is checked before anything is
allocated, and one deadline covers the whole frame however slowly it drips. What a frame says is `codec`'s to know.
"""

from __future__ import annotations

import json
import select
import socket
import struct
import time
from collections.abc import Sequence
from typing import Any

HEADER_LIMIT = 1 << 20  # bytes; long lists of tokens travel here too, so more than the 64 KiB a tensor's header needs
PAYLOAD_LIMIT = 128 << 20  # bytes of tensors in one frame
SMALL = 1 << 15  # bytes of a payload that travels in one piece with its header: one system call, one awakening
LENGTHS = struct.Struct("!II")

dumped = json.JSONEncoder(separators=(",", ":")).encode


class WireError(Exception):
    """A frame that breaks the rules: too large, malformed, or of a kind that does not cross."""


class Gone(Exception):
    """The other end has closed the connection."""


class Late(Exception):
    """The deadline passed before the frame was complete."""


def send(sock: socket.socket, header: Any, payload: Sequence[bytes | memoryview], *, deadline: float) -> None:
    """Write one frame. Raises Gone, Late, or WireError when it is too large to be read at the other end."""
    text = dumped(header).encode()
    size = sum(map(len, payload))
    if len(text) > HEADER_LIMIT or size > PAYLOAD_LIMIT:
        raise WireError(f"a value of {len(text) + size} bytes is too large to be judged")
    first = LENGTHS.pack(len(text), size) + text
    chunks = (b"".join((first, *payload)),) if size <= SMALL else (first, *payload)
    try:
        for chunk in chunks:
            sock.settimeout(left(deadline))
            sock.sendall(chunk)
    except TimeoutError:
        raise Late from None
    except OSError as error:
        raise Gone from error


def receive(sock: socket.socket, *, deadline: float) -> tuple[Any, memoryview]:
    """Read one frame: the parsed header and its payload, not yet decoded. A large payload has a buffer to itself."""
    header_size, payload_size = LENGTHS.unpack(read(sock, LENGTHS.size, deadline))
    if header_size > HEADER_LIMIT or payload_size > PAYLOAD_LIMIT:
        raise WireError(f"a frame announces {header_size + payload_size} bytes")
    if payload_size <= SMALL:
        both = read(sock, header_size + payload_size, deadline)
        text, payload = both[:header_size], both[header_size:]
    else:
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

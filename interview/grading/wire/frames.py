"""Frames between judge and worker: a JSON header and raw bytes. No pickle in either direction.

A frame is two big-endian 32-bit lengths, the header and the payload. Every length is checked before anything is
allocated, and one deadline covers the whole frame however slowly it drips. What a frame says is `codec`'s to know.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import Sequence
from typing import Any

HEADER_LIMIT = 1 << 20  # bytes; long lists of tokens travel here too, so more than the 64 KiB a tensor's header needs
PAYLOAD_LIMIT = 128 << 20  # bytes of tensors in one frame
SMALL = 1 << 15  # bytes of a payload that travels in one piece with its header: one system call, one awakening
FIRST = SMALL + (1 << 12)  # bytes asked for at first: most frames come whole
LENGTHS = struct.Struct("!II")

dumped = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode  # the codec's trees have no circles
parsed = json.JSONDecoder().raw_decode


class WireError(Exception):
    """A frame that breaks the rules: too large, malformed, or of a kind that does not cross."""


class Gone(Exception):
    """The other end has closed the connection."""


class Late(Exception):
    """The deadline passed before the frame was complete."""


def send(
    sock: socket.socket, header: Any, payload: Sequence[bytes | memoryview], *, deadline: float | None = None
) -> None:
    """Write one frame, by the deadline if there is one. Raises Gone, Late, or WireError when it is too large to be
    read at the other end.
    """
    text = dumped(header).encode()
    size = sum(map(len, payload))
    if len(text) > HEADER_LIMIT or size > PAYLOAD_LIMIT:
        raise WireError(f"a value of {len(text) + size} bytes is too large to be judged")
    first = LENGTHS.pack(len(text), size) + text
    chunks = (b"".join((first, *payload)),) if size <= SMALL else (first, *payload)
    try:
        for chunk in chunks:
            if deadline is not None:
                sock.settimeout(left(deadline))
            sock.sendall(chunk)
    except TimeoutError:
        raise Late from None
    except OSError as error:
        raise Gone from error


def receive(sock: socket.socket, *, deadline: float | None = None, begun: bytes = b"") -> tuple[Any, memoryview]:
    """Read one frame, of which `begun` has come already: the parsed header and its payload, not yet decoded.

    The two sides take turns, so nothing may follow a frame. A large payload has a buffer to itself.
    """
    data = begun
    while len(data) < LENGTHS.size:
        data += begin(sock, deadline)
    header_size, payload_size = LENGTHS.unpack_from(data)
    if header_size > HEADER_LIMIT or payload_size > PAYLOAD_LIMIT:
        raise WireError(f"a frame announces {header_size + payload_size} bytes")
    start = LENGTHS.size + header_size
    if len(data) < start:
        data += read(sock, start - len(data), deadline)
    if len(data) > start + payload_size:
        raise WireError("something follows a frame")
    payload = memoryview(data)[start:]
    if len(payload) < payload_size or payload_size > SMALL:
        payload = read(sock, payload_size, deadline, payload)
    try:
        text = data[LENGTHS.size : start].decode()
        header, end = parsed(text)
    except (ValueError, RecursionError):
        raise WireError("a frame's header is not JSON") from None
    if end != len(text):
        raise WireError("a frame's header is not JSON")
    return header, payload


def begin(sock: socket.socket, deadline: float | None) -> bytes:
    """What comes first, at least one byte: most frames come whole."""
    try:
        if deadline is not None:
            sock.settimeout(left(deadline))
        data = sock.recv(FIRST)
    except TimeoutError:
        raise Late from None
    except OSError as error:
        raise Gone from error
    if not data:
        raise Gone
    return data


def read(sock: socket.socket, size: int, deadline: float | None, begun: bytes | memoryview = b"") -> memoryview:
    """So many bytes in a buffer of their own, of which some have come already."""
    buffer = memoryview(bytearray(size))
    filled = len(begun)
    buffer[:filled] = begun
    while filled < size:
        try:
            if deadline is not None:
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

"""The write-ahead log: does it add up? What does not, SQLite takes for its end, and deletes when it closes.

The format is that of sqlite.org/fileformat2.html#walformat.
"""

from __future__ import annotations

import struct

HEAD, FRAME = 32, 24  # bytes before the frames, and before the page in each
Sum = tuple[int, int]


def is_wal(data: bytes) -> bool:
    """Empty, or with a head that adds up."""
    if not data:
        return True
    magic, form, *_ = struct.unpack_from(">II", data.ljust(HEAD, b"\0"))
    known = len(data) >= HEAD and magic & ~1 == 0x377F0682 and form == 3007000
    return known and added(data[:24], (0, 0), magic) == struct.unpack_from(">II", data, 24)


def is_broken(data: bytes) -> bool:
    """Does a whole transaction follow one that does not add up? The last may be torn: nobody was told it is saved."""
    if len(data) <= HEAD:
        return False
    magic, _, size = struct.unpack_from(">III", data)
    salts, total = data[16:24], struct.unpack_from(">II", data, 24)
    commits, sound = 0, True
    for at in range(HEAD, len(data) - FRAME - size + 1, FRAME + size):
        page, length = struct.unpack_from(">II", data, at)
        if data[at + 8 : at + 16] != salts:  # of an earlier round, or spoilt
            sound = False
            continue
        if sound:
            total = added(data[at : at + 8], total, magic)
            total = added(data[at + FRAME : at + FRAME + size], total, magic)
            sound = total == struct.unpack_from(">II", data, at + 16)
        commits += not sound and page > 0 and length > 0
    return commits > 1


def added(data: bytes, total: Sum, magic: int) -> Sum:
    s0, s1 = total
    words = struct.unpack(f"{'>' if magic & 1 else '<'}{len(data) // 4}I", data)
    for x, y in zip(words[::2], words[1::2], strict=True):
        s0 = s0 + x + s1 & 0xFFFFFFFF
        s1 = s1 + y + s0 & 0xFFFFFFFF
    return s0, s1

"""The zip, read as a stranger's: stored or deflated files only, each exactly as long as it says, none on another.

`zipfile` reads a whole directory of a million entries into memory, and unpacks what an entry holds before it has
compared it with what the entry says.
"""

from __future__ import annotations

import os
import stat
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from interview.dataclass import dataclass

END, ENTRY, LOCAL = struct.Struct("<4s4H2LH"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s5H3L2H")
STORED, DEFLATED = 0, 8
LONG = 1000  # bytes of a name
CHUNK = 64 << 10
LOCKED = 0x0001 | 0x0040 | 0x2000  # encrypted, its names or its contents
UTF8 = 0x0800


class Unsound(Exception):
    """What is wrong with the file, in a few words."""


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    method: int
    crc: int
    packed: int
    size: int
    at: int  # where its own header begins


def entries_of(source: Path, *, most: int) -> list[Entry]:
    """The directory of the zip, in the order of the file; Unsound unless each entry has a place of its own in it."""
    try:
        with source.open("rb") as file:
            start, count = read_end(file)
            if count > most:
                raise Unsound(f"{count} entries are too many")
            file.seek(start)
            entries = sorted((read_listed(file) for _ in range(count)), key=lambda entry: entry.at)
            if file.tell() != file.seek(0, os.SEEK_END) - END.size:
                raise Unsound("its directory is not as long as it says")
            if not entries:
                raise Unsound("it holds nothing")
            ends = [body_of(file, entry) + entry.packed for entry in entries]
            starts = [*(entry.at for entry in entries[1:]), start]
            if any(end > after for end, after in zip(ends, starts, strict=True)):
                raise Unsound("its entries overlap")
    except (OSError, struct.error, UnicodeDecodeError) as error:
        raise Unsound(str(error)) from None
    return entries


def read_end(file: BinaryIO) -> tuple[int, int]:
    """Where the directory starts, and how many entries it has."""
    length = file.seek(0, os.SEEK_END)
    if length < END.size:
        raise Unsound("it is cut short")
    file.seek(length - END.size)
    mark, disk, first, here, count, size, start, comment = END.unpack(file.read(END.size))
    if mark != b"PK\5\6" or comment or disk or first or here != count or start + size != length - END.size:
        raise Unsound("it does not end as a zip of one part does")
    return start, count


def read_listed(file: BinaryIO) -> Entry:
    mark, _, _, flags, method, _, _, crc, packed, size, name, extra, comment, disk, _, mode, at = ENTRY.unpack(
        file.read(ENTRY.size)
    )
    if mark != b"PK\1\2" or disk or name > LONG:
        raise Unsound("its directory cannot be read")
    entry = Entry(file.read(name).decode("utf-8" if flags & UTF8 else "cp437"), method, crc, packed, size, at)
    file.seek(extra + comment, os.SEEK_CUR)
    if flags & LOCKED or method not in (STORED, DEFLATED) or 0xFFFFFFFF in (packed, size, at):
        raise Unsound(f"{entry.name!r} is packed in a way that no backup of ours is")
    if stat.S_IFMT(mode >> 16) not in (0, stat.S_IFREG):
        raise Unsound(f"{entry.name!r} is no file")
    return entry


def body_of(file: BinaryIO, entry: Entry) -> int:
    """Where its bytes begin."""
    file.seek(entry.at)
    mark, _, flags, method, _, _, _, _, _, name, extra = LOCAL.unpack(file.read(LOCAL.size))
    said = file.read(name).decode("utf-8" if flags & UTF8 else "cp437")
    if mark != b"PK\3\4" or said != entry.name or method != entry.method or flags & LOCKED:
        raise Unsound(f"{entry.name!r} is not where the directory says")
    return entry.at + LOCAL.size + int(name) + int(extra)


def read_entry(source: Path, entry: Entry) -> Iterator[bytes]:
    """Its contents in pieces; Unsound as soon as they are not what the directory says."""
    crc = total = 0
    try:
        with source.open("rb") as file:
            file.seek(body_of(file, entry))
            for piece in unpacked(file, entry):
                crc, total = zlib.crc32(piece, crc), total + len(piece)
                if total > entry.size:
                    break
                yield piece
    except (OSError, struct.error, UnicodeDecodeError, zlib.error) as error:
        raise Unsound(f"{entry.name!r}: {error}") from None
    if (total, crc) != (entry.size, entry.crc):
        raise Unsound(f"{entry.name!r} is not what the directory says")


def unpacked(file: BinaryIO, entry: Entry) -> Iterator[bytes]:
    left, inflate = entry.packed, zlib.decompressobj(-zlib.MAX_WBITS)
    while left and (piece := file.read(min(left, CHUNK))):
        left -= len(piece)
        if entry.method == STORED:
            yield piece
        while entry.method == DEFLATED and piece:
            yield inflate.decompress(piece, CHUNK)
            if inflate.eof and (inflate.unused_data or left):
                raise Unsound(f"{entry.name!r} ends before it says")
            piece = inflate.unconsumed_tail
    while entry.method == DEFLATED and not inflate.eof:
        piece = inflate.decompress(b"", CHUNK)
        if not piece:
            raise Unsound(f"{entry.name!r} is cut short")
        yield piece

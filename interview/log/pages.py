"""The pages of the log, read without SQLite: the rows that are left of a file which it refuses.

A row is appended once and never changed, so a page that holds rows of the log holds true ones, wherever it lies: in
the file, in the -wal, reached by the tree or cut off from it. The format is that of sqlite.org/fileformat2.html.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from interview.errors import StoreError, in_chinese
from interview.log.file import LAST, MAGIC, Row, beside, first_bytes

SIZE = 4096  # of a page, where the file does not say
LEAF, OTHERS = 13, (2, 5, 10)  # kinds of pages
LONG = 1 << 20  # bytes of a row; no rating comes near
TEXTS = 5


def read_rows(path: Path) -> dict[int, Row]:
    """Every row that some page still holds, by its number, in order."""
    head = first_bytes(path, 100)
    said = int.from_bytes(head[16:18], "big") if head.startswith(MAGIC) else 0
    sizes = {SIZE, *([said] if said >= 512 and said & (said - 1) == 0 else [])}
    try:
        found: dict[int, Row] = max((Pages(path, size).rows() for size in sorted(sizes)), key=len)
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}", f"{path} 读不了：{in_chinese(error)}") from None
    return dict(sorted(found.items()))


class Pages:
    """The pages of a file, then those of its -wal."""

    def __init__(self, path: Path, size: int) -> None:
        self.size = size
        self.places: list[tuple[Path, int]] = []  # where each page lies, in the order they were written
        self.last: dict[int, int] = {}  # the latest place of the page of that number
        self._note(path, start=0, header=0)
        wal, _ = beside(path)
        if wal.is_file():
            self._note(wal, start=32, header=24)

    def _note(self, path: Path, *, start: int, header: int) -> None:
        with path.open("rb") as file:
            step = self.size + header
            for n, at in enumerate(range(start, path.stat().st_size - header, step)):
                file.seek(at)
                number = int.from_bytes(file.read(4), "big") if header else n + 1
                self.last[number] = len(self.places)
                self.places.append((path, at + header))

    def rows(self) -> dict[int, Row]:
        return {row[0]: row for place in range(len(self.places)) for row in in_order(self._leaf(place))}

    def _bytes(self, place: int) -> bytes:
        path, at = self.places[place]
        with path.open("rb") as file:
            file.seek(at)
            return file.read(self.size)

    def _leaf(self, place: int) -> Iterator[tuple[int, Row]]:
        """The rows of a page with their places in it; a cell that makes no sense is passed over."""
        page = self._bytes(place)
        at = 100 if place == 0 and page.startswith(MAGIC) else 0
        if len(page) < at + 8 or page[at] in OTHERS:
            return
        count = min(int.from_bytes(page[at + 3 : at + 5], "big"), (len(page) - at - 8) // 2)
        for n, cell in enumerate(struct.unpack_from(f">{count}H", page, at + 8)):
            try:
                row = self._row(page, cell)
            except (IndexError, KeyError, ValueError):
                continue
            if row:
                yield n, row

    def _row(self, page: bytes, at: int) -> Row | None:
        length, at = varint(page, at)
        number, at = varint(page, at)
        if not 0 < length <= LONG or not 0 < number < LAST:
            return None
        record = self._payload(page, at, length)
        end, at = varint(record, 0)
        kinds = []
        while at < end:
            kind, at = varint(record, at)
            kinds.append(kind)
        if at != end or len(kinds) != 1 + TEXTS or kinds[0] or any(kind < 13 or kind % 2 == 0 for kind in kinds[1:]):
            return None  # not of the log: its number is kept outside the record, and all the rest is text
        texts = []
        for kind in kinds[1:]:
            width = (kind - 13) // 2
            texts.append(record[at : at + width].decode("utf-8", "replace"))
            at += width
        return (number, texts[0], texts[1], texts[2], texts[3], texts[4]) if at == length else None

    def _payload(self, page: bytes, at: int, length: int) -> bytes:
        """The record, its overflow pages included."""
        most, least = self.size - 35, (self.size - 12) * 32 // 255 - 23
        here = length
        if length > most:
            here = least + (length - least) % (self.size - 4)
            here = here if here <= most else least
        parts, left = [page[at : at + here]], length - here
        following = page[at + here : at + here + 4]
        while left > 0:
            page = self._bytes(self.last[int.from_bytes(following, "big")])
            following, part = page[:4], page[4 : 4 + left]
            parts.append(part)
            left -= len(part) or left
        record = b"".join(parts)
        if len(record) != length:
            raise ValueError(length)
        return record


def varint(data: bytes, at: int) -> tuple[int, int]:
    """The number at that place, and the place behind it."""
    value = 0
    for _ in range(8):
        byte = data[at]
        at += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at
    return value << 8 | data[at], at + 1


def in_order(cells: Iterator[tuple[int, Row]]) -> Iterator[Row]:
    """The rows whose number can be right: in a page they rise, mostly by one; a damaged number steps out of line."""
    found = list(cells)
    steps = Counter(row[0] - n for n, row in found)
    steady = [row[0] for n, row in found if steps[row[0] - n] > 1]
    last = 0
    for n, row in found:
        if steps[row[0] - n] > 1 or not steady or fits(row[0], last, steady):
            last = max(last, row[0])
            yield row


def fits(number: int, last: int, steady: list[int]) -> bool:
    """Does it lie between the row before it and the next one in line?"""
    return last < number < next((each for each in steady if each > last), number + 1)

"""The decoder: bytes from a terminal as keys, each its character or a name: `enter`, `esc`, `left`, `ctrl-u`."""

from __future__ import annotations

from interview.dataclass import dataclass

PASTE_STARTS, PASTE_ENDS = b"\x1b[200~", b"\x1b[201~"
LARGEST = 64  # bytes: a sequence longer than this is nobody's key
STRINGS = (b"]", b"P", b"X", b"^", b"_")  # what a terminal answers when asked about its colours and the like
STRING_ENDS = (b"\x07", b"\x1b\\")
LARGEST_STRING = 4096
NAMED = {0x0D: "enter", 0x0A: "enter", 0x09: "tab", 0x7F: "backspace", 0x08: "backspace", 0x20: "space"}
SEQUENCES = {
    b"A": "up", b"B": "down", b"C": "right", b"D": "left", b"H": "home", b"F": "end", b"M": "enter",
    b"1~": "home", b"7~": "home", b"4~": "end", b"8~": "end", b"3~": "delete", b"5~": "pgup", b"6~": "pgdn",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paste:
    """Text that arrived at once: never keys."""

    text: str


Press = str | Paste


def decode(data: bytes, *, complete: bool) -> tuple[list[Press], bytes]:
    """The keys in the bytes, and the bytes that need more to follow. `complete`: nothing more is coming."""
    found: list[Press] = []
    while data:
        press, size = first(data, complete=complete)
        if size == 0:
            break
        if press is not None:
            found.append(press)
        data = data[size:]
    return found, data


def first(data: bytes, *, complete: bool) -> tuple[Press | None, int]:
    """The first key and how many bytes it took; 0: wait for more. A key we do not know is None."""
    head = data[0]
    if head == 0x1B:
        return escape(data, complete=complete)
    if head in NAMED:
        return NAMED[head], 1
    if head < 0x20:
        return f"ctrl-{chr(head + 0x60)}", 1
    if head < 0x80:
        return chr(head), 1
    return character(data, complete=complete)


def character(data: bytes, *, complete: bool) -> tuple[Press | None, int]:
    head = data[0]
    size = 2 if 0xC2 <= head < 0xE0 else 3 if 0xE0 <= head < 0xF0 else 4 if 0xF0 <= head < 0xF5 else 1
    if len(data) < size and not complete:
        return None, 0
    try:
        return data[:size].decode(), size
    except UnicodeDecodeError:
        return None, 1


def escape(data: bytes, *, complete: bool) -> tuple[Press | None, int]:
    if data.startswith(PASTE_STARTS):
        end = data.find(PASTE_ENDS)
        if end < 0:
            return (Paste(data[6:].decode(errors="replace")), len(data)) if complete else (None, 0)
        return Paste(data[6:end].decode(errors="replace").replace("\r", "\n")), end + len(PASTE_ENDS)
    if len(data) == 1:
        return ("esc", 1) if complete else (None, 0)
    if data[1:2] in STRINGS:
        ends = [at + len(mark) for mark in STRING_ENDS if (at := data.find(mark, 2)) >= 0]
        return None, min(ends) if ends else len(data) if complete or len(data) >= LARGEST_STRING else 0
    if data[1:2] not in (b"[", b"O"):
        return "esc", 1
    start = 3 if data.startswith(b"\x1b[[") else 2  # the Linux console's F1 is `[[A`
    for at in range(start, min(len(data), LARGEST)):
        if 0x40 <= data[at] <= 0x7E:
            return SEQUENCES.get(data[2 : at + 1]), at + 1
    return None, len(data) if complete or len(data) >= LARGEST else 0

"""The line being typed: a value, and what a key makes of it."""

from __future__ import annotations

import unicodedata

from rich.cells import cell_len

from interview.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """`at` counts characters, not cells; it never stands inside a character and its combining marks."""

    text: str = ""
    at: int = 0

    @property
    def cells(self) -> int:
        """How many cells stand before the cursor."""
        return cell_len(self.text[: self.at])


def insert(line: Line, text: str) -> Line:
    """The text at the cursor; what would break the line or the screen becomes a space."""
    clean = "".join(each if each.isprintable() or is_mark(each) else " " for each in text.expandtabs(4))
    return Line(line.text[: line.at] + clean + line.text[line.at :], line.at + len(clean))


def edit(line: Line, key: str) -> Line:
    """The line after an editing key; any other key leaves it as it is."""
    text, at = line.text, line.at
    match key:
        case "backspace":
            start = before(text, at)
            return Line(text[:start] + text[at:], start)
        case "delete" | "ctrl-d":
            return Line(text[:at] + text[after(text, at) :], at)
        case "left" | "ctrl-b":
            return Line(text, before(text, at))
        case "right" | "ctrl-f":
            return Line(text, after(text, at))
        case "home" | "ctrl-a":
            return Line(text, 0)
        case "end" | "ctrl-e":
            return Line(text, len(text))
        case "ctrl-u":
            return Line(text[at:], 0)
        case "ctrl-k":
            return Line(text[:at], at)
        case "ctrl-w":
            kept = text[:at].rstrip()
            start = kept.rfind(" ") + 1
            return Line(text[:start] + text[at:], start)
        case _:
            return line


def is_mark(each: str) -> bool:
    """Drawn onto the character before it: a combining mark, a joiner, a variation selector."""
    return bool(unicodedata.combining(each)) or each in "\u200d\ufe0e\ufe0f"


def before(text: str, at: int) -> int:
    at = max(0, at - 1)
    while at > 0 and is_mark(text[at]):
        at -= 1
    return at


def after(text: str, at: int) -> int:
    at = min(len(text), at + 1)
    while at < len(text) and is_mark(text[at]):
        at += 1
    return at

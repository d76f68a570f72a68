"""The text of a content file, or a complaint that says why it is none."""

from __future__ import annotations

import re
from pathlib import Path

from interview.content.problem import Problem, UnsoundError

HUGE = 2 << 20
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0080-\u0084\u0086-\u009f\ud800-\udfff\ufffe\uffff]")


def read_source(path: Path) -> str:
    """UTF-8, with `\\n` at the end of its lines."""
    try:
        with path.open("rb") as file:
            raw = file.read(HUGE + 1)
    except OSError as error:
        raise refuse(path, 1, f"cannot be read: {error.strerror}; check the path and its permissions") from None
    if len(raw) > HUGE:
        raise refuse(path, 1, f"larger than {HUGE >> 20} MiB; split it into several decks")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise refuse(path, line, "not UTF-8 text; save the file as UTF-8") from None
    found = CONTROL.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise refuse(path, line, f"the control character {found.group()!a}: a binary file? Save it as plain text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def refuse(path: Path, line: int, text: str) -> UnsoundError:
    return UnsoundError([Problem(path, line, text)])

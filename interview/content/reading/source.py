"""The source of a content file, or a problem that says why it is none."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from interview.content.reading.problem import Problem, UnsoundError
from interview.errors import in_chinese
from interview.printable import unprintable

HUGE = 2 << 20  # bytes of a file
HUGE_DECK = 16 << 20  # of a deck's: two thousand cards as long as ours


def read_source(path: Path, most: int = HUGE) -> str:
    """UTF-8, with `\\n` at the end of its lines."""
    try:
        raw = read_regular(path, most)
    except OSError as error:
        raise refuse(
            path,
            1,
            f"cannot be read: {error.strerror}; check the path and its permissions",
            f"读不了：{in_chinese(error)}；请检查路径和权限",
        ) from None
    if raw is None:
        raise refuse(
            path, 1, "cannot be read: it is no file; put the text itself there", "读不了：不是文件；请把正文放在这里"
        )
    refuse_larger(len(raw), path, most)
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise refuse(
            path, line, "not UTF-8 text; save the file as UTF-8", "不是 UTF-8 文本；请把文件存成 UTF-8"
        ) from None
    found = unprintable().search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        raise refuse(
            path,
            line,
            f"the control character {found.group()!a}: a binary file? Save it as plain text",
            f"含有控制字符 {found.group()!a}：是二进制文件吗？请存成纯文本",
        )
    return text


def digest(source: str) -> str:
    """By which a source is known again: a submission, its copy, the same file checked twice."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()


def refuse_larger(size: int, path: Path, most: int = HUGE) -> None:
    if size > most:
        raise refuse(
            path,
            1,
            f"larger than {most >> 20} MiB; split it into several {'decks' if most == HUGE_DECK else 'files'}",
            f"超过 {most >> 20} MiB；请拆成几个{'题库' if most == HUGE_DECK else '文件'}",
        )


def read_regular(path: Path, most: int = HUGE) -> bytes | None:
    """The file's bytes, `most` and one more. None for a pipe or a device: it is not waited for."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        return None
    with os.fdopen(handle, "rb") as file:
        return file.read(most + 1)


def refuse(path: Path, line: int, text: str, zh: str) -> UnsoundError:
    return UnsoundError([Problem(path, line, text, zh)])

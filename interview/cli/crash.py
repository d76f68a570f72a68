"""The crash log: our own bugs with their trace, and what the system refuses as a sentence."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback

from interview.errors import in_chinese

RIGHTS = ("check its permissions", "请检查它的权限")
ROOM = ("free some space, and try again", "请腾出一些空间再试")
CLOSE = ("close some programs, and try again", "请关掉一些程序再试")
ADVICE = {
    errno.EACCES: RIGHTS,
    errno.EPERM: RIGHTS,
    errno.EROFS: ("this disk cannot be written", "这块磁盘是只读的"),
    errno.ENOSPC: ROOM,
    errno.EDQUOT: ROOM,
    errno.ENAMETOOLONG: ("take a shorter name", "请换一个短一些的名字"),
    errno.EMFILE: ("raise `ulimit -n`", "请调大 `ulimit -n`"),
    errno.ENFILE: CLOSE,
    errno.EAGAIN: CLOSE,
    errno.EIO: ("the disk or the terminal does not answer", "磁盘或终端没有响应"),
}


def log_crash(lang: str = "en") -> str:
    """Write the traceback being handled to a file of its own, for the person to send us; where it is."""
    told = f"{sys.argv}\n{sys.version}\n{traceback.format_exc()}"
    zh = lang == "zh"
    try:
        handle, name = tempfile.mkstemp(prefix="interview-crash-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(told)
    except OSError as error:
        if zh:
            return f"这是我们的错误；错误记录写不进任何文件（{in_chinese(error)}）：\n{told}"
        return f"a bug of ours; the traceback could be written to no file ({error.strerror}):\n{told}"
    return f"这是我们的错误；错误记录在 {name}" if zh else f"a bug of ours; the traceback is in {name}"


def refusal(error: OSError | UnicodeError | MemoryError, lang: str = "en") -> str:
    """Which path, what the system says, and what to do."""
    zh = lang == "zh"
    if isinstance(error, MemoryError):
        return "内存不够了：请关掉一些程序再试" if zh else "there is no memory left: close some programs, and try again"
    if isinstance(error, UnicodeError):
        if zh:
            return "有文件或名字不是应有的文本：请存成 UTF-8"
        return f"a file or a name is not the text it should be ({error}): save it as UTF-8"
    if error.filename is None and not folder_is_there():
        return "当前文件夹已经不在了：请换一个" if zh else "the current folder is no longer there: go to one that is"
    where = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
    said = f"系统拒绝了：{where}{in_chinese(error)}" if zh else f"{where}{error.strerror or error}"
    advice = ADVICE.get(error.errno or 0)
    return said + (f"{'；' if zh else '; '}{advice[zh]}" if advice else "")


def folder_is_there() -> bool:
    try:
        os.getcwd()  # noqa: PTH109
    except OSError:
        return False
    return True

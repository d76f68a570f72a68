"""The crash log: our own bugs with their trace, and what the system refuses as a sentence."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback

from interview.errors import in_chinese
from interview.text import Text

RIGHTS = Text("check its permissions", "请检查它的权限")
ROOM = Text("free some space, and try again", "请腾出一些空间再试")
CLOSE = Text("close some programs, and try again", "请关掉一些程序再试")
ADVICE = {
    errno.EACCES: RIGHTS,
    errno.EPERM: RIGHTS,
    errno.EROFS: Text("this disk cannot be written", "这块磁盘是只读的"),
    errno.ENOSPC: ROOM,
    errno.EDQUOT: ROOM,
    errno.ENAMETOOLONG: Text("take a shorter name", "请换一个短一些的名字"),
    errno.EMFILE: Text("raise `ulimit -n`", "请调大 `ulimit -n`"),
    errno.ENFILE: CLOSE,
    errno.EAGAIN: CLOSE,
    errno.EIO: Text("the disk or the terminal does not answer", "磁盘或终端没有响应"),
}


def log_crash(lang: str = "en") -> str:
    """Write the traceback being handled to a file of its own, for the person to send us; where it is."""
    told = f"{sys.argv}\n{sys.version}\n{traceback.format_exc()}"
    try:
        handle, name = tempfile.mkstemp(prefix="interview-crash-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(told)
    except OSError as error:
        return Text(
            f"a bug of ours; the traceback could be written to no file ({error.strerror}):\n{told}",
            f"这是我们的错误；错误记录写不进任何文件（{in_chinese(error)}）：\n{told}",
        ).say(lang)
    return Text(f"a bug of ours; the traceback is in {name}", f"这是我们的错误；错误记录在 {name}").say(lang)


def refusal(error: OSError | UnicodeError | MemoryError, lang: str = "en") -> str:
    """Which path, what the system says, and what to do."""
    return refused(error).say(lang)


def refused(error: OSError | UnicodeError | MemoryError) -> Text:
    if isinstance(error, MemoryError):
        return Text("there is no memory left: close some programs, and try again", "内存不够了：请关掉一些程序再试")
    if isinstance(error, UnicodeError):
        return Text(
            f"a file or a name is not the text it should be ({error}): save it as UTF-8",
            "有文件或名字不是应有的文本：请存成 UTF-8",
        )
    if error.filename is None and not folder_is_there():
        return Text("the current folder is no longer there: go to one that is", "当前文件夹已经不在了：请换一个")
    where = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
    said = Text(f"{where}{error.strerror or error}", f"系统拒绝了：{where}{in_chinese(error)}")
    advice = ADVICE.get(error.errno or 0)
    return Text(f"{said.en}; {advice.en}", f"{said.zh}；{advice.zh}") if advice else said


def folder_is_there() -> bool:
    try:
        os.getcwd()  # noqa: PTH109
    except OSError:
        return False
    return True

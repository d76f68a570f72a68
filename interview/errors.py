"""The errors that a person can act on: each is a sentence that says what to do.

Raise one where the most is known; only the command line's edge catches it and turns `code` into the exit code
(COMMANDS.md). Anything else that escapes is a bug of ours and looks like one.
"""

from __future__ import annotations

import errno

from interview.text import Text

SYSTEM = {  # what the system says, by its number
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限",
    errno.EPERM: "不允许",
    errno.EISDIR: "这是文件夹",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "已经存在",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "超出磁盘配额",
    errno.EROFS: "磁盘是只读的",
    errno.EFBIG: "文件太大",
    errno.EIO: "读写出错",
    errno.ELOOP: "链接绕成了圈",
    errno.ENAMETOOLONG: "名字太长",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "系统打开的文件太多",
    errno.EAGAIN: "资源暂时不足",
    errno.ENOMEM: "内存不足",
    errno.EBUSY: "正被占用",
    errno.ETXTBSY: "正被占用",
    errno.EPIPE: "管道已断开",
    errno.ENXIO: "没有这个设备",
    errno.EINVAL: "参数不合法",
    errno.EXDEV: "不在同一块磁盘上",
    errno.ESTALE: "网络文件已失效",
}


def in_chinese(error: OSError) -> str:
    """Why the system refused; in its own words where they are rare."""
    return SYSTEM.get(error.errno or 0) or error.strerror or str(error)


class InterviewError(Exception):
    """Something the person can mend, said in both languages. `code` is the exit code of the command."""

    code = 1

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh

    @property
    def text(self) -> Text:
        return Text(str(self), self.zh)

    def say(self, lang: str) -> str:
        return self.text.say(lang)


class UsageError(InterviewError):
    """An unknown name, a missing file, a prompt without a terminal."""

    code = 2


class JudgeError(InterviewError):
    """No verdict could be reached, and it is not the submission's fault."""

    code = 4


class ContentError(InterviewError):
    """A deck or a kata that cannot be read: `file:line: what, and what to do`."""

    code = 5


class StoreError(InterviewError):
    """The history cannot be used: newer, damaged, read-only or locked."""

    code = 5


class Damaged(StoreError):
    """The file itself is unsound, by `what`, in both languages: only then may another take its place."""

    def __init__(self, en: str, zh: str, what: tuple[str, str]) -> None:
        super().__init__(en, zh)
        self.what = what


class Unwritable(StoreError):
    """It can be read, perhaps, and not written: rights, a read-only disk, no room."""

"""The submission as it was read: UTF-8 text of a regular file, and not too much of it.

The person's own file may be anything that leads to one. A stranger's may not: no link is followed out of the folder
that was given, nothing but a regular file is opened, and no codec of the file's choosing is looked up.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Container
from pathlib import Path

from interview.dataclass import dataclass
from interview.errors import UsageError, in_chinese
from interview.printable import printable_line
from interview.text import Text

SOURCE_LIMIT = 1 << 20  # bytes of a submission
NO_LINK = getattr(os, "O_NOFOLLOW", 0)
READ = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_CLOEXEC", "O_NONBLOCK", "O_NOCTTY", "O_BINARY"))
ENTER = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0) | NO_LINK
FOLDER = Text("it is a folder", "它是文件夹")
LEADS_NOWHERE = Text("it is a link that leads nowhere", "它是失效的链接")
KINDS = (
    (stat.S_ISLNK, LEADS_NOWHERE),
    (stat.S_ISDIR, FOLDER),
    (stat.S_ISFIFO, Text("it is a named pipe", "它是命名管道")),
    (stat.S_ISSOCK, Text("it is a socket", "它是套接字")),
    (stat.S_ISCHR, Text("it is a device", "它是设备文件")),
    (stat.S_ISBLK, Text("it is a device", "它是设备文件")),
)
NO_REGULAR = Text("it is no regular file", "它不是普通文件")
COOKIE = re.compile(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
NO_CODE = re.compile(rb"[ \t\f]*(#|$)")
UTF_8 = re.compile(r"utf-?8(-.*)?|u8|utf|cp65001|(us-)?ascii")  # ASCII is UTF-8 too
OTHER_MARKS = (
    (BOM_UTF32_LE, "UTF-32"),  # before UTF-16: it begins with the same two bytes
    (BOM_UTF32_BE, "UTF-32"),
    (BOM_UTF16_LE, "UTF-16"),
    (BOM_UTF16_BE, "UTF-16"),
)
LEADS_OUT = Text(
    "it is a link out of the folder that was given, and was not followed; name what it leads to, if you mean that",
    "它是指向所给文件夹之外的链接，没有跟随；如果确实要判那个文件，请直接给出它的路径",
)
OURS = Text("it is a file of the kata itself, under another name", "它就是题目自带的文件，只是换了名字")
TOO_LARGE = Text("it is larger than 1 MiB; is this the file you meant?", "文件超过 1 MiB，是不是选错了文件？")
NULL_BYTES = Text("it holds null bytes: it is not Python text", "文件含有空字节，不是 Python 源码")


@dataclass(frozen=True, slots=True)
class Submission:
    """A file as it was read: its text, or in `trouble` the reason why it is none, and the line where that is known."""

    path: Path
    source: str
    trouble: Text | None = None
    line: int | None = None


class NoFileError(Exception):
    """What was named is no regular file, and `why` says what it is instead: the fault of who made it."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


class UnreadError(Exception):
    """A file that may be sound and could not be read."""

    def __init__(self, error: OSError) -> None:
        super().__init__(error)
        self.why = Text(f"it cannot be read: {error.strerror or error}", f"无法读取：{in_chinese(error)}")


def read_submission(path: Path) -> Submission:
    """The person's own file. What is missing or no file is theirs to mend; an unreadable text is in trouble."""
    try:
        return decode(path, contents(path)[0])
    except FileNotFoundError:
        if os.path.islink(path):  # noqa: PTH114  (which never raises)
            raise leads_nowhere(path) from None
        raise UsageError(
            f"there is no {path}: hand the task out first (without --check), or name your file with --file",
            f"没有 {path}：先领题（不加 --check），或用 --file 指定你的文件",
        ) from None
    except NoFileError as error:
        raise UsageError(
            f"{path} is no file: {error}; name your file with --file",
            f"{path} 不是文件：{error.why.zh}；请用 --file 指定你的文件",
        ) from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", f"{path} 读不了：{in_chinese(error)}") from None


def leads_nowhere(path: Path) -> UsageError:
    """To hand the task out would not help: something is there."""
    target = printable_line(os.readlink(path), 200)  # noqa: PTH115
    return UsageError(
        f"{path} is a link to {target}, and there is nothing: take the link away, or name your file with --file",
        f"{path} 是指向 {target} 的链接，而那里什么也没有：请删掉这个链接，或用 --file 指定你的文件",
    )


def read_within(folder: Path, path: Path, *, ours: Container[tuple[int, int]] = ()) -> Submission:
    """A stranger's file, reached without leaving `folder`; `ours` are the device and inode of files that are none of
    theirs. Raises UnreadError where nobody can tell what it holds."""
    try:
        data, status = contents_within(folder, path)
    except NoFileError as error:
        if error.why is FOLDER and not may_enter(path):
            raise UnreadError(PermissionError(errno.EACCES, os.strerror(errno.EACCES))) from None
        return Submission(path, "", error.why)
    except OSError as error:
        if isinstance(error, FileNotFoundError) and os.path.islink(path):  # noqa: PTH114  (which never raises)
            return Submission(path, "", LEADS_NOWHERE)
        raise UnreadError(error) from None
    if (status.st_dev, status.st_ino) in ours:
        return Submission(path, "", OURS)
    return decode(path, data)


def contents_within(folder: Path, path: Path) -> tuple[bytes, os.stat_result]:
    """The path is resolved first, and then walked again from the folder without following any link: what is put in its
    place in the meantime is not followed either."""
    root, real = Path(os.path.realpath(folder)), Path(os.path.realpath(path))
    if not real.is_relative_to(root):
        raise NoFileError(LEADS_OUT)
    *folders, name = real.relative_to(root).parts or (".",)
    at = os.open(root, ENTER)
    try:
        for each in folders:
            inner = os.open(each, ENTER, dir_fd=at)
            os.close(at)
            at = inner
        return contents(name, at=at)
    finally:
        os.close(at)


def contents(path: Path | str, *, at: int | None = None) -> tuple[bytes, os.stat_result]:
    """A regular file's first bytes, one more than are allowed at most. In the open folder `at` no link is followed.

    Looked at before it is opened: a pipe would wait, a device could act. And after: it may have been replaced.
    """
    refuse_special(os.stat(path, dir_fd=at, follow_symlinks=at is None))
    with open(os.open(path, READ if at is None else READ | NO_LINK, dir_fd=at), "rb") as file:  # noqa: PTH123
        status = os.fstat(file.fileno())
        refuse_special(status)
        return file.read(SOURCE_LIMIT + 1), status


def may_enter(folder: Path) -> bool:
    return os.access(folder, os.R_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids)


def refuse_special(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise NoFileError(next((why for test, why in KINDS if test(status.st_mode)), NO_REGULAR))


def decode(path: Path, data: bytes) -> Submission:
    if len(data) > SOURCE_LIMIT:
        return Submission(path, "", TOO_LARGE)
    codec = declared(data)
    if codec is not None:
        return Submission(path, "", codec)
    try:
        source = data.removeprefix(BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Submission(
            path,
            "",
            Text(
                f"it is not UTF-8 text (line {line}); save it as UTF-8",
                f"它不是 UTF-8 文本（第 {line} 行）；请以 UTF-8 保存",
            ),
            line,
        )
    if "\0" in source:
        return Submission(path, "", NULL_BYTES)
    return Submission(path, source.replace("\r\n", "\n").replace("\r", "\n"))


def declared(data: bytes) -> Text | None:
    """A complaint about a file that says it is in another code than UTF-8: by its first bytes, or as PEP 263 has it."""
    mark = next((name for mark, name in OTHER_MARKS if data.startswith(mark)), None)
    if mark is not None:
        return Text(f"it is saved as {mark}; save it as UTF-8", f"它以 {mark} 保存；请以 UTF-8 保存")
    first, second, *_ = [*re.split(rb"\r\n|\r|\n", data.removeprefix(BOM_UTF8), maxsplit=2), b""]
    found = COOKIE.match(first) or (COOKIE.match(second) if NO_CODE.match(first) else None)
    if found is None:
        return None
    name = found.group(1).decode("ascii")
    if UTF_8.fullmatch(name.lower().replace("_", "-")):
        return None
    return Text(
        f"it is declared as {name[:40]}, and only UTF-8 is read: save it as UTF-8 and delete its coding line",
        f"文件声明的编码是 {name[:40]}，而这里只读 UTF-8：请以 UTF-8 保存，并删去声明编码的那一行",
    )

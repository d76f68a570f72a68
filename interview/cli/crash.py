"""What no command expected: the log of our own bugs, and what the system refuses as a sentence."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import traceback

ADVICE = {
    errno.EACCES: "check its permissions",
    errno.EPERM: "check its permissions",
    errno.EROFS: "this disk cannot be written",
    errno.ENOSPC: "free some space, and try again",
    errno.EDQUOT: "free some space, and try again",
    errno.ENAMETOOLONG: "take a shorter name",
    errno.EMFILE: "raise `ulimit -n`",
    errno.ENFILE: "close some programs, and try again",
    errno.EAGAIN: "close some programs, and try again",
    errno.EIO: "the disk or the terminal does not answer",
}


def log_crash() -> str:
    """Write the traceback being handled to a file of its own, for the person to send us; where it is."""
    told = f"{sys.argv}\n{sys.version}\n{traceback.format_exc()}"
    try:
        handle, name = tempfile.mkstemp(prefix="interview-crash-", suffix=".log")
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(told)
    except OSError as error:
        return f"could be written to no file ({error.strerror}):\n{told}"
    return f"is in {name}"


def refusal(error: OSError | UnicodeError | MemoryError) -> str:
    """Which path, what the system says, and what to do."""
    if isinstance(error, MemoryError):
        return "there is no memory left: close some programs, and try again"
    if isinstance(error, UnicodeError):
        return f"a file or a name is not the text it should be ({error}): save it as UTF-8"
    if error.filename is None and not folder_is_there():
        return "the current folder is no longer there: go to one that is"
    where = "" if error.filename is None else f"{os.fsdecode(error.filename)}: "
    advice = ADVICE.get(error.errno or 0)
    return f"{where}{error.strerror or error}" + (f"; {advice}" if advice else "")


def folder_is_there() -> bool:
    try:
        os.getcwd()  # noqa: PTH109
    except OSError:
        return False
    return True
